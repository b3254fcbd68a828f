package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"
)

// Options of a World; the zero value is good.
type Options struct {
	// Now stamps Received lines, INTERNALDATE and deliveries. Default: time.Now.
	Now func() time.Time
	// Logger gets what the servers find odd. Default: nothing is logged.
	Logger *slog.Logger
}

// A Delivery is one message accepted for one recipient.
type Delivery struct {
	From string // envelope sender, "" for a bounce
	To   string // envelope recipient, as it was given
	Raw  []byte // as it was submitted
	At   time.Time
}

// World is a set of mailboxes with the servers in front of them. All methods
// may be called at any time by any goroutine.
type World struct {
	now  func() time.Time
	log  *slog.Logger
	cert *authority

	imap  *imapserver.Server
	smtp  *smtp.Server
	doors []*door
	open  *tracker // connections and sessions, for Close
	stop  chan struct{}

	mu     sync.Mutex
	boxes  map[string]*box
	rules  map[string]rule
	faults []*Fault
	ledger []Delivery
	onMail func(Delivery)
	serial int
	closed bool
}

// New makes a World without mailboxes and starts its servers, which can be
// reached by DialIMAP and DialSMTP at once. Close it.
func New(o Options) (*World, error) {
	ca, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	w := &World{
		now:   o.Now,
		log:   cmp.Or(o.Logger, slog.New(slog.DiscardHandler)),
		cert:  ca,
		open:  newTracker(),
		stop:  make(chan struct{}),
		boxes: map[string]*box{},
		rules: map[string]rule{},
	}
	if w.now == nil {
		w.now = time.Now
	}
	w.imap = w.newIMAP()
	w.smtp = w.newSMTP()
	w.openDoors()
	return w, nil
}

// AddMailbox makes a mailbox with the folders a mail provider makes: INBOX,
// Sent, Junk, Drafts, Trash and Archive. The address is also the user name.
func (w *World) AddMailbox(address, password string) error {
	key := strings.ToLower(address)
	if local, domain, ok := strings.Cut(key, "@"); !ok || local == "" || domain == "" || strings.Contains(local, "+") {
		return fmt.Errorf("add mailbox %q: not a plain address", address)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.boxes[key] != nil {
		return fmt.Errorf("add mailbox %s: there is one already", address)
	}
	b, err := newBox(key, password)
	if err != nil {
		return fmt.Errorf("add mailbox %s: %w", address, err)
	}
	w.boxes[key] = b
	return nil
}

// SetToken makes the mailbox accept this OAuth2 access token (XOAUTH2 and
// OAUTHBEARER) and, if it is not empty, nothing else.
func (w *World) SetToken(address, token string) error {
	b, err := w.box(address)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token = token
	return nil
}

// SetPassword changes the password of a mailbox, as a provider or owner does.
func (w *World) SetPassword(address, password string) error {
	b, err := w.box(address)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.password = password
	return nil
}

// OnMail sets the function that plays everybody who has no mailbox here. It is
// called after a message was accepted for such an address and before the client
// is told, without any lock held: it may use the World.
func (w *World) OnMail(f func(d Delivery)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onMail = f
}

// Messages returns what lies in a folder, oldest first; nil if there is no such
// folder.
func (w *World) Messages(address, folder string) [][]byte {
	b, err := w.box(address)
	if err != nil {
		return nil
	}
	return b.messages(folder)
}

// Flags returns the flags of each message in a folder, in the order of Messages,
// each sorted and in lower case: `\seen`, `\answered`.
func (w *World) Flags(address, folder string) [][]string {
	b, err := w.box(address)
	if err != nil {
		return nil
	}
	return b.flags(folder)
}

// Folders returns the names of the folders of a mailbox, sorted.
func (w *World) Folders(address string) []string {
	b, err := w.box(address)
	if err != nil {
		return nil
	}
	return b.names()
}

// Renumber gives a folder a new UIDVALIDITY and its messages new UIDs, as a
// restored server does, and ends the IMAP connections.
func (w *World) Renumber(address, folder string) error {
	b, err := w.box(address)
	if err != nil {
		return err
	}
	if err := b.renumber(folder); err != nil {
		return fmt.Errorf("renumber %s: %w", folder, err)
	}
	w.HangUp()
	return nil
}

// Sent returns every message that was accepted from a submitter, once for each
// recipient, in the order of acceptance.
func (w *World) Sent() []Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ledger)
}

// HangUp ends every open connection, without a word.
func (w *World) HangUp() { w.open.closeAll() }

// Close ends both servers and waits until nothing of them runs.
func (w *World) Close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	w.mu.Unlock()

	close(w.stop)
	var errs []error
	for _, d := range w.doors {
		if err := d.close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	w.open.closeAll()
	w.open.wait()
	// Waits for its connections' goroutines; that its listeners are closed already
	// is no error of ours.
	_ = w.smtp.Shutdown(context.Background())
	return errors.Join(errs...)
}

func (w *World) box(address string) (*box, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.boxes[plain(address)]; b != nil {
		return b, nil
	}
	return nil, fmt.Errorf("find mailbox %s: there is none", address)
}

// plain is the key under which a mailbox is found: lower case, no +detail.
func plain(address string) string {
	local, domain, ok := strings.Cut(strings.ToLower(address), "@")
	if !ok {
		return strings.ToLower(address)
	}
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

// pause waits, unless the World is closed first.
func (w *World) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-w.stop:
	}
}
