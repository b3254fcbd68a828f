package reading

import (
	"strings"
	"time"

	"askwell/internal/message"
)

// understanding is one message while it is judged.
type understanding struct {
	m    *message.Message
	o    Options
	r    Reading
	body string // newly written text, bounded
	flat string // folded, in one line
	scan *scanner
	cued []sentence // those that put the talk off
}

// Understand says what a message is and what it wants. It never fails: what cannot
// be told is KindReply with IntentUnclear, for a person to read.
func Understand(m *message.Message, o Options) Reading {
	u := &understanding{m: m, o: o}
	u.clock()
	if u.report() {
		return u.done()
	}
	kept, cut := NewTextOf(m)
	u.r.Text, u.r.Cut = kept, cut
	u.body = cutRunes(kept, maxJudged)
	u.flat = flatten(u.body)
	switch {
	case u.ownerWrote():
	case u.calendar():
	case u.automatic():
	case u.bulk():
	default:
		u.decide(KindReply, "no sign of a machine")
		u.judge()
		u.judgeForwarded()
	}
	return u.done()
}

// judgeForwarded judges the mail passed on as well, where what was written above it
// leaves open what the answer is ("Dana can help, see below").
func (u *understanding) judgeForwarded() {
	if u.r.Intent != IntentUnclear {
		return
	}
	for _, c := range u.r.Cut {
		if c.Reason != cutForwarded {
			continue
		}
		own := *u
		u.body = cutRunes(u.r.Text+"\n\n"+c.Text, maxJudged)
		u.flat, u.scan, u.cued = flatten(u.body), nil, nil
		u.r.Times, u.r.People, u.r.Later, u.r.Why = nil, nil, nil, append([]string(nil), u.r.Why[:1]...)
		u.judge()
		if u.r.Intent == IntentUnclear || u.r.Intent == IntentStop || u.r.Intent == IntentNo { // whose no?
			*u = own
			return
		}
		u.why("that stands in the mail passed on")
		return
	}
}

// clock fixes now and the writer's zone.
func (u *understanding) clock() {
	sent := u.m.Date
	if sent.IsZero() {
		sent = u.m.Received()
	}
	if u.o.Now.IsZero() {
		u.o.Now = sent
	}
	if u.o.Zone == nil {
		u.o.Zone = time.UTC
		if !sent.IsZero() {
			u.o.Zone = sent.Location()
		}
	}
}

func (u *understanding) decide(k Kind, why string) bool {
	u.r.Kind = k
	u.why(why)
	return true
}

func (u *understanding) why(words string) { u.r.Why = append(u.r.Why, words) }

func (u *understanding) done() Reading {
	if u.r.Text == "" && u.r.Kind != KindReply && u.r.Kind != KindCalendar && u.r.Kind != KindAutoReply {
		text, _ := u.m.Text()
		u.r.Text = strings.TrimSpace(cutRunes(text, 16<<10))
	}
	if u.r.Kind == KindReply && u.r.Text == "" { // perhaps it was there, and could not be read
		for _, p := range u.m.Problems {
			if strings.Contains(p, "not read") || strings.Contains(p, "cannot be read") {
				u.why(p)
			}
		}
	}
	return u.r
}

// times reads all times of the newly written text, once.
func (u *understanding) scanned() *scanner {
	if u.scan == nil && u.o.Now.IsZero() { // no day means anything
		u.scan = newScanner("", u.o.Now, u.o.Zone)
	}
	if u.scan == nil {
		u.scan = newScanner(u.body, u.o.Now, u.o.Zone)
	}
	return u.scan
}

func (u *understanding) own(a message.Address) bool {
	for _, o := range u.o.Owner {
		if o.Key() == a.Key() {
			return true
		}
	}
	return false
}

func (u *understanding) ownerWrote() bool {
	for _, p := range u.m.From {
		if u.own(p.Address) {
			return u.decide(KindOwner, "From is an address of the owner's (which proves nothing)")
		}
	}
	return false
}

// bulk judges lists and mass mail. A reply through somebody's own list address is
// list mail as well: whom it answers cannot be told.
func (u *understanding) bulk() bool {
	h := u.m.Header
	switch {
	case h.Has("List-Id") || h.Has("List-Post") || h.Has("Mailing-List") || h.Has("X-Mailing-List") || h.Has("X-BeenThere") || h.Has("X-ML-Name") || h.Has("X-MLServer"):
		return u.decide(KindOther, "it came over a mailing list (List-Id)")
	case (h.Has("List-Unsubscribe") || h.Has("X-Campaign-Id") || h.Has("X-CampaignID") || h.Has("Feedback-ID")) && len(u.m.ThreadIDs()) == 0:
		return u.decide(KindOther, "mass mail: it can be unsubscribed from and answers nothing")
	}
	switch p := strings.ToLower(strings.TrimSpace(h.Get("Precedence"))); p {
	case "bulk", "list", "junk":
		if len(u.m.ThreadIDs()) == 0 || p == "list" {
			return u.decide(KindOther, "Precedence: "+p)
		}
	}
	if v := autoSubmitted(h); v == "auto-generated" {
		return u.decide(KindOther, "a machine sent it of its own accord (Auto-Submitted: auto-generated, RFC 3834)")
	}
	if noReplyAddress(u.m) && !u.engaged() {
		return u.decide(KindOther, "a notification: nobody reads the address it came from")
	}
	if u.fromDaemon() && len(u.m.From) > 0 {
		return u.decide(KindOther, "a mail system wrote it")
	}
	return false
}

// flatten folds a text into one line without doubled white space.
func flatten(s string) string { return strings.Join(strings.Fields(fold(s)), " ") }
