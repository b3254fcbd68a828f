package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/store"
)

const day = 24 * time.Hour

// long runs the long forms of the tests that kill and cut.
func long() bool { return os.Getenv("ASKWELL_LONG") != "" }

// mortal is a rig whose daemon is another process, which can be killed. The servers and the clock live here.
type mortal struct {
	*rig
	more  string
	dir   string
	clock atomic.Pointer[time.Time]

	// order says what the next turn may die of.
	order   func() order
	died    []kill
	seen    map[kill]bool // every point that some turn came by and outlived
	steps   int           // points that were come by in turns that ended
	turns   int
	lives   int
	child   *exec.Cmd
	errors  bytes.Buffer
	orders  *os.File
	reports *json.Decoder
	ends    []*os.File

	got     []delivery
	digests int // that were read for doubts
	settled int // doubts that the owner ended
	written int // commands
}

func newMortal(t *testing.T, more string) *mortal {
	t.Helper()
	m := unborn(t, more)
	m.step() // the first reading starts at the present end
	return m
}

// unborn is one that has not taken a turn.
func unborn(t *testing.T, more string) *mortal {
	t.Helper()
	m := &mortal{
		rig: &rig{t: t, owner: "ada@example.org"}, more: more, dir: t.TempDir(), seen: map[kill]bool{}, order: func() order { return order{} },
	}
	m.set(start())
	w, err := world.New(world.Options{Now: func() time.Time { return *m.clock.Load() }})
	m.must(err)
	t.Cleanup(func() {
		m.end()
		_ = w.Close()
	})
	m.must(w.AddMailbox(m.owner, mailtest.Password))
	m.must(w.Listen())
	m.must(w.CAFile(filepath.Join(m.dir, "ca.pem")))
	m.pen = w
	return m
}

func (m *mortal) set(t time.Time) {
	m.now = t
	m.clock.Store(&t)
}

// begin starts a new daemon.
func (m *mortal) begin() {
	m.t.Helper()
	m.lives++
	about, err := json.Marshal(childhood{
		Owner: m.owner, IMAP: m.pen.IMAPAddr(), SMTP: m.pen.SMTPAddr(), CA: filepath.Join(m.dir, "ca.pem"),
		Store: filepath.Join(m.dir, "askwell.db"), Holder: fmt.Sprintf("life %d", m.lives), More: m.more,
	})
	m.must(err)
	theirs, orders, err := os.Pipe()
	m.must(err)
	reports, theirEnd, err := os.Pipe()
	m.must(err)
	m.errors.Reset()
	m.child = exec.Command(os.Args[0], "-test.run=^TestCrashChild$", "-test.timeout=20m")
	m.child.Env = append(os.Environ(), childEnv+"="+string(about), "GORACE=atexit_sleep_ms=0")
	m.child.ExtraFiles = []*os.File{theirs, theirEnd}
	m.child.Stdout, m.child.Stderr = &m.errors, &m.errors
	m.must(m.child.Start())
	_, _ = theirs.Close(), theirEnd.Close()
	m.orders, m.reports, m.ends = orders, json.NewDecoder(reports), []*os.File{orders, reports}
}

// end lets the daemon end in order, or takes note of its death.
func (m *mortal) end() {
	if m.child == nil {
		return
	}
	_ = m.ends[0].Close()
	_ = m.child.Wait()
	_ = m.ends[1].Close()
	if said := m.errors.String(); strings.Contains(said, "DATA RACE") || strings.Contains(said, "panic:") {
		m.t.Error(said)
	}
	m.child = nil
}

// step takes one turn, and goes on to when the next is wanted; after a death the next turn is a new process's.
func (m *mortal) step() {
	m.t.Helper()
	r := m.obeys(nil)
	if r.Died != nil {
		return
	}
	if r.Err != "" && !r.Held {
		m.t.Fatalf("a turn failed: %s", r.Err)
	}
	if r.Unread {
		m.t.Fatal("the mailbox could not be read, or mail not be sent")
	}
	if r.Next.After(m.now) {
		m.set(r.Next)
	}
}

// does is a command of the command line, given again where askwell was killed over it; then it may be refused.
func (m *mortal) does(words ...string) {
	m.t.Helper()
	killed := false
	for {
		r := m.obeys(words)
		if r.Died == nil {
			if r.Err != "" && !killed {
				m.t.Fatalf("%s: %s", words, r.Err)
			}
			return
		}
		killed = true
	}
}

// obeys has the daemon take a turn, or do a command, and see to it if it died.
func (m *mortal) obeys(words []string) (r report) {
	m.t.Helper()
	if m.child == nil {
		m.begin()
	}
	o := m.order()
	o.Now, o.Do = m.now, words
	m.must(json.NewEncoder(m.orders).Encode(o))
	if err := m.reports.Decode(&r); err != nil {
		m.end()
		m.t.Fatalf("the daemon ended by itself: %v\n%s", err, m.errors.String())
	}
	m.turns++
	if r.Died != nil {
		child := m.child
		m.end()
		if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
			m.t.Fatalf("the daemon was to be killed: %s", child.ProcessState)
		}
		m.died = append(m.died, *r.Died)
		return r
	}
	m.steps += r.Steps
	for _, k := range r.News {
		m.seen[k] = true
	}
	return r
}

// creep takes one turn to its end, dying at each of its steps in turn.
func (m *mortal) creep() {
	m.t.Helper()
	before := m.order
	defer func() { m.order = before }()
	for steps := 1; ; {
		m.order = func() order { return order{Steps: steps} }
		r := m.obeys(nil)
		switch {
		case r.Died != nil:
			steps++
			continue
		case r.Err != "" && !r.Held:
			m.t.Fatalf("a turn failed: %s", r.Err)
		case r.Next.After(m.now):
			m.set(r.Next)
		}
		if !r.Held {
			return
		}
	}
}

// await takes turns until it holds.
func (m *mortal) await(what string, most time.Duration, holds func() bool) {
	m.t.Helper()
	for end := m.now.Add(most); !holds(); {
		if m.now.After(end) {
			m.t.Fatalf("no %s until %s\n%s", what, m.now, m.state())
		}
		m.step()
		m.settle()
	}
}

func (m *mortal) pass(d time.Duration) {
	m.t.Helper()
	end := m.now.Add(d)
	m.await("end of the time", 100*d, func() bool { return !m.now.Before(end) })
}

// look reads the store while the daemon waits.
func (m *mortal) look(f func(tx *store.Tx) error) {
	m.t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(m.dir, "askwell.db"))
	m.must(err)
	defer func() { _ = s.Close() }()
	mb, err := s.Mailbox(ctx, m.owner)
	m.must(err)
	m.must(mb.View(ctx, m.now, f))
}

func (m *mortal) rows() (all []store.Mail) {
	m.t.Helper()
	m.look(func(tx *store.Tx) (err error) {
		all, err = tx.Mails(100_000)
		return err
	})
	return all
}

func (m *mortal) state() string {
	var b strings.Builder
	for _, r := range m.rows() {
		if !r.ToOwner {
			fmt.Fprintf(&b, "%s %s %s planned %s leaves %s: %s\n", r.Address, r.Kind, r.State, r.PlannedAt, r.LeavesAt, r.Why)
		}
	}
	fmt.Fprintf(&b, "deaths: %v", m.died)
	return b.String()
}

// says is a command mail of the owner's.
func (m *mortal) says(words string) {
	m.t.Helper()
	m.written++
	m.must(m.pen.SendAs(m.owner, m.fresh(m.owner, m.owner, "", words)))
}

// delivery is one with its header read.
type delivery struct {
	world.Delivery
	*message.Message
}

// sent is the ledger.
func (m *mortal) sent() []delivery {
	for _, d := range m.pen.Sent()[len(m.got):] {
		m.got = append(m.got, delivery{d, message.ParseHeader(d.Raw)})
	}
	return m.got
}

// toOwner are the mails of a kind that the owner got, each Message-ID once.
func (m *mortal) toOwner(kind string) (out []delivery) {
	seen := map[message.MessageID]bool{}
	for _, d := range m.sent() {
		if d.Delivery.To == m.owner && d.Header.Get("X-Askwell") == kind && !seen[d.MessageID] {
			seen[d.MessageID] = true
			out = append(out, d)
		}
	}
	return out
}

// to are the mails that a contact got.
func (m *mortal) to(address string) (out []delivery) {
	for _, d := range m.sent() {
		if d.Delivery.To == address {
			out = append(out, d)
		}
	}
	return out
}

func (m *mortal) arrived(id message.MessageID) bool {
	return slices.ContainsFunc(m.sent(), func(d delivery) bool { return d.MessageID == id })
}

// replied is the owner's or a contact's answer in the thread.
func (m *mortal) replied(from string, to delivery, words string) {
	m.t.Helper()
	if from == m.owner {
		m.written++
		m.must(m.pen.SendAs(m.owner, m.pen.Answer(mail.Address{Name: "Ada Example", Address: m.owner}, to.Delivery.Raw, words)))
		return
	}
	m.must(m.pen.Inject(m.owner, "", m.pen.Answer(mail.Address{Address: from}, to.Delivery.Raw, words)))
}

// settle is the owner reading each digest: a doubt in it is answered by what the recipient says.
func (m *mortal) settle() {
	m.t.Helper()
	all := m.toOwner("digest")
	if len(all) == m.digests {
		return
	}
	m.digests = len(all)
	text := textOf(all[len(all)-1].Delivery.Raw)
	if !strings.Contains(text, "nobody knows whether") {
		return
	}
	var lines []string
	m.look(func(tx *store.Tx) error {
		rows, err := tx.InState(store.InDoubt, 100)
		asked := map[contact.ID]bool{}
		for _, r := range rows {
			c, err := tx.Contact(r.Contact)
			if err != nil {
				return err
			}
			if n := strings.Count(text, c.Name+": nobody knows whether the"); n != 1 {
				m.t.Errorf("the digest asks %d times whether the %s to %s arrived, want once", n, r.Kind, c.Name)
			}
			if asked[r.Contact] {
				continue
			}
			asked[r.Contact] = true
			word := "resend"
			if m.arrived(r.MessageID) {
				word = "sent"
			}
			lines = append(lines, word+" "+string(r.Address))
		}
		return err
	})
	if len(lines) > 0 {
		m.settled += len(lines)
		m.says(strings.Join(lines, "\n"))
	}
}

// ledger compares what everybody got with what was due.
func (m *mortal) ledger() {
	m.t.Helper()
	got, copies, ownerGot := map[message.MessageID][]byte{}, map[message.MessageID]int{}, map[message.MessageID][]byte{}
	for _, d := range m.sent() {
		raw := d.Delivery.Raw
		if d.Delivery.To != m.owner {
			if got[d.MessageID] != nil {
				m.t.Errorf("%s got %q twice", d.Delivery.To, d.Subject)
			}
			got[d.MessageID] = raw
			continue
		}
		if first := ownerGot[d.MessageID]; first != nil && !bytes.Equal(first, raw) {
			m.t.Errorf("the owner got two different mails (%s) under one Message-ID", d.Header.Get("X-Askwell"))
		}
		ownerGot[d.MessageID] = raw
	}
	for _, raw := range m.pen.Messages(m.owner, "Sent") {
		id := message.ParseHeader(raw).MessageID
		copies[id]++
		if sent := got[id]; sent != nil && !bytes.Equal(sent, raw) {
			m.t.Errorf("the copy in Sent of %s is another mail:\n%s", id, raw)
		}
	}
	type ask struct {
		contact contact.ID
		kind    string
	}
	due := map[ask]int{}
	for _, r := range m.rows() {
		switch {
		case r.State == store.Sending || r.State == store.InDoubt || r.State == store.Failed:
			m.t.Errorf("the %s to %s is %s: %s", r.Kind, r.Address, r.State, r.Why)
		case r.State == store.Sent && r.ToOwner:
			if ownerGot[r.MessageID] == nil {
				m.t.Errorf("the owner never got the %s of %s", r.Kind, r.PlannedAt)
			}
		case r.State == store.Sent:
			if got[r.MessageID] == nil {
				m.t.Errorf("%s never got the %s", r.Address, r.Kind)
			}
			if copies[r.MessageID] != 1 {
				m.t.Errorf("the %s to %s has %d copies in Sent, want one", r.Kind, r.Address, copies[r.MessageID])
			}
			due[ask{r.Contact, r.Kind}]++
			delete(got, r.MessageID)
		case !r.ToOwner && got[r.MessageID] != nil:
			m.t.Errorf("%s got the %s although it is %s", r.Address, r.Kind, r.State)
		}
	}
	for a, n := range due {
		if most := map[string]int{"nudge": 2, "confirm": 9}[a.kind]; n > max(most, 1) {
			m.t.Errorf("contact %d got %d mails of kind %s", a.contact, n, a.kind)
		}
	}
	for id := range got {
		m.t.Errorf("somebody got a mail that the outbox does not know as sent: %s", id)
	}
	if n := len(m.toOwner("receipt")); n != m.written {
		m.t.Errorf("%d receipts for %d commands", n, m.written)
	}
}

// events are the names in a contact's journal, without what a doubt brings in.
func (m *mortal) events(address string) string {
	m.t.Helper()
	var names []string
	m.look(func(tx *store.Tx) error {
		id, err := tx.ByAddress(message.Address(address))
		if err != nil {
			return err
		}
		all, err := tx.Journal(id)
		for _, r := range all {
			if r.Name == "in_doubt" {
				continue
			}
			if r.Name == "settled" { // as sent, or to be sent again, whose own event follows
				if !strings.Contains(r.Detail, `true`) {
					continue
				}
				r.Name = "sent"
			}
			names = append(names, r.Name)
		}
		return err
	})
	return strings.Join(names, " ")
}
