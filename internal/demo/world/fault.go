package world

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Point is where in a conversation a Fault strikes.
type Point string

// The points of the submission server, in the order of a conversation, then
// those of the IMAP server.
const (
	SMTPConnect Point = "smtp connect" // Drop refuses the connection
	SMTPHello   Point = "smtp hello"   // at EHLO; with Code, the answer to it
	SMTPAuth    Point = "smtp auth"
	SMTPMail    Point = "smtp mail"
	SMTPRcpt    Point = "smtp rcpt"
	SMTPData    Point = "smtp data" // Drop: the connection ends at DATA, before 354
	SMTPText    Point = "smtp text" // Drop: the connection ends after 354, inside the text
	SMTPDot     Point = "smtp dot"  // the text and its dot have come, the answer is due

	IMAPConnect  Point = "imap connect"  // Drop refuses the connection
	IMAPGreeting Point = "imap greeting" // Text: BYE with it
	IMAPLogin    Point = "imap login"
	IMAPList     Point = "imap list"
	IMAPSelect   Point = "imap select"
	IMAPSearch   Point = "imap search"
	IMAPFetch    Point = "imap fetch"
	IMAPAppend   Point = "imap append"
	IMAPCreate   Point = "imap create"
	IMAPIdle     Point = "imap idle"
)

// A Fault makes a server fail. Exactly the things that are set happen, in this
// order: it waits for Delay, it keeps the message (Accept), and then hangs up
// (Drop) or answers with a refusal (Code, Status, Text), or else goes on as if
// nothing had been.
type Fault struct {
	At      Point
	Skip    int    // let this many pass first
	Times   int    // then strike so often; 0 means for ever
	Address string // only for this recipient (SMTPRcpt, SMTPDot) or this mailbox (IMAP, after login)

	Delay  time.Duration
	Drop   bool   // hang up; over IMAP with Text: after BYE
	Accept bool   // with Drop or Code at SMTPDot and IMAPAppend: the message is kept before
	Silent bool   // at IMAPIdle: IDLE is accepted, and nothing is ever told
	Code   int    // SMTP reply, 4yz or 5yz; over IMAP anything but 0 means NO
	Status string // enhanced status code ("4.7.1"); over IMAP the response code ("UNAVAILABLE")
	Text   string
}

func (f *Fault) refuses() bool         { return f.Code != 0 || f.Text != "" }
func (f *Fault) text(or string) string { return cmp.Or(f.Text, or) }

// Fault adds one. Several at one point strike one after the other.
func (w *World) Fault(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Times == 0 {
		f.Times = -1
	}
	w.faults = append(w.faults, &f)
}

// Heal removes all faults at the given points; without any, all faults.
func (w *World) Heal(at ...Point) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = slices.DeleteFunc(w.faults, func(f *Fault) bool {
		return len(at) == 0 || slices.Contains(at, f.At)
	})
}

// fault takes the fault that strikes now, if any.
func (w *World) fault(at Point, who string) (Fault, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.findFault(at, who)
	if f == nil {
		return Fault{}, false
	}
	if f.Skip > 0 {
		f.Skip--
		return Fault{}, false
	}
	if f.Times > 0 {
		if f.Times--; f.Times == 0 {
			w.faults = slices.DeleteFunc(w.faults, func(g *Fault) bool { return g == f })
		}
	}
	return *f, true
}

func (w *World) findFault(at Point, who string) *Fault {
	for _, f := range w.faults {
		if f.At == at && (f.Address == "" || strings.EqualFold(f.Address, who)) {
			return f
		}
	}
	return nil
}
