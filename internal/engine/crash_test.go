package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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
	steps   int // points that were come by in turns that ended
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
	m := &mortal{rig: &rig{t: t, owner: "ada@example.org"}, more: more, dir: t.TempDir(), order: func() order { return order{} }}
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
	if m.child == nil {
		m.begin()
	}
	o := m.order()
	o.Now = m.now
	m.must(json.NewEncoder(m.orders).Encode(o))
	var r report
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
		return
	}
	m.steps += r.Steps
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

// story is an ask, a nudge, an answer with times, a confirmation, an outcome and a thank-you.
func (m *mortal) story() {
	m.t.Helper()
	first := func(n int) func() bool { return func() bool { return len(m.to(jane)) >= n } }
	m.says("ask Jane Doe <" + jane + ">, friend, product manager at Acme")
	m.await("ask", 5*day, first(1))
	ask := m.to(jane)[0]
	m.await("nudge", 20*day, first(2))
	m.await("sent nudge", 5*day, func() bool { return strings.Count(m.events(jane), "sent") == 2 })
	m.replied(jane, ask, "Gladly! Would Friday week at 3pm work for you?\n\nJane")
	m.await("times", 5*day, func() bool { return len(m.toOwner("times")) == 1 })
	m.replied(m.owner, m.toOwner("times")[0], "pick a")
	m.await("confirmation", 5*day, first(3))
	m.await("question", 25*day, func() bool { return len(m.toOwner("outcome")) == 1 })
	m.says("jane met: wonderful talk\nthanks jane: Your story made me laugh.")
	m.await("thank-you", 10*day, first(4))
	m.await("rest", 10*day, func() bool { return strings.Count(m.events(jane), "sent") == 4 })
	m.pass(2 * day)
	m.end()
	m.ledger()
}

const (
	mortalMore = "[review]\nthank_you = \"send\"\n"
	day        = 24 * time.Hour
)

var (
	sendKinds = []string{"receipt", "ask", "nudge", "confirm", "thank_you", "digest"}
	// safe are the points before the mark and after the record: whatever dies there is tried again.
	safe = []point{atClaimed, beforeMail, afterRcpt, beforeMark, afterRecord}
	// doubtful are those between them: only the owner can know.
	doubtful = []point{afterMark, beforeDot, afterDot, onAccepted, beforeRecord}
	filing   = []point{atFiling, beforeAppend, inAppend, onAppended, afterAppend}
	reading  = []point{atMessage, atFetch, atFetched, atTaken}
	plain    = []point{atTurn, atRead, atLooked, atPlanning, atRest}
)

// group is a story with the deaths in it; each comes once.
type group struct {
	name  string
	kills []kill
	// plain deaths come now and then, so many times.
	plain []point
	times int
}

func across(points []point, kinds ...string) (all []kill) {
	for _, p := range points {
		for _, k := range kinds {
			all = append(all, kill{p, k})
		}
	}
	return all
}

func groups() (all []group) {
	contacts := []string{"ask", "nudge", "confirm", "thank_you"}
	ingest := append(across(reading, "reply", "command in sent"), across([]point{atMessage, atTaken}, "copy", "ours")...)
	ingest = append(ingest, across([]point{atReached, atCursor}, "INBOX", "Sent", "Junk")...)
	if long() {
		for _, p := range slices.Concat(safe, doubtful) {
			all = append(all, group{name: string(p), kills: across([]point{p}, sendKinds...)})
		}
		for _, p := range filing {
			all = append(all, group{name: string(p), kills: across([]point{p}, contacts...)})
		}
		for _, k := range ingest {
			all = append(all, group{name: k.String(), kills: []kill{k}})
		}
		for _, p := range plain {
			all = append(all, group{name: string(p), plain: []point{p}, times: 8})
		}
		return all
	}
	for turn := range 3 {
		g := group{name: fmt.Sprintf("from the mark to the record, %d of 3", turn+1), times: 1}
		for i, p := range doubtful {
			g.kills = append(g.kills, kill{p, sendKinds[(i+2*turn)%len(sendKinds)]})
		}
		all = append(all, g)
	}
	// A copy that was made is found, and not made again: two of the points cannot follow each other.
	filed := append(across(filing[:3], "ask"), kill{onAppended, "ask"}, kill{afterAppend, "nudge"}, kill{inAppend, "confirm"}, kill{onAppended, "confirm"}, kill{afterAppend, "thank_you"})
	return append(all, group{name: "before the mark, after the record, filing", kills: append(across(safe, "confirm", "receipt"), filed...), times: 1},
		group{name: "ingest", kills: ingest, plain: plain, times: 1})
}

// TestCrashMatrix kills the daemon at every step of the outbox and of ingest, lets a new one run to quiet, and compares
// the ledger of each recipient.
func TestCrashMatrix(t *testing.T) {
	t.Parallel()
	undisturbed := newMortal(t, mortalMore)
	undisturbed.story()
	want := undisturbed.events(jane)
	for _, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			m := newMortal(t, mortalMore)
			left, days := slices.Clone(g.kills), map[point]int{}
			seen := 0
			var last time.Time
			m.order = func() (o order) {
				for _, k := range m.died[seen:] {
					left = slices.DeleteFunc(left, func(l kill) bool { return l == k })
					if slices.Contains(g.plain, k.At) {
						days[k.At]++
						last = m.now
					}
				}
				seen = len(m.died)
				o.Kills = slices.Clone(left)
				if m.now.Sub(last) < 5*time.Hour {
					return o
				}
				for _, p := range g.plain {
					if days[p] < g.times {
						o.Kills = append(o.Kills, kill{At: p})
					}
				}
				return o
			}
			m.story()
			_ = m.order()
			if len(left) > 0 {
				t.Errorf("never came to die of %v", left)
			}
			for _, p := range g.plain {
				if days[p] == 0 {
					t.Errorf("never came to die of %s", p)
				}
			}
			if got := m.events(jane); got != want {
				t.Errorf("the journal is\n%s\nwithout deaths it is\n%s", got, want)
			}
			t.Logf("%d deaths, %d turns, %d questions; %v", len(m.died), m.turns, m.settled, m.died)
		})
	}
}

// TestRandomKills is a busy month with deaths at any point; in the long form, ten of them.
func TestRandomKills(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("ASKWELL_SEED"); s != "" {
		if _, err := fmt.Sscan(s, &seed); err != nil {
			t.Fatal(err)
		}
	}
	months := 1
	if long() {
		months = 10
	}
	for i := range months {
		t.Run(fmt.Sprint("month ", i+1), func(t *testing.T) {
			t.Parallel()
			defer func() {
				if t.Failed() {
					t.Logf("ASKWELL_SEED=%d", seed)
				}
			}()
			randomKills(t, 30, rand.New(rand.NewPCG(seed, uint64(i))))
		})
	}
}

func randomKills(t *testing.T, deaths int, chance *rand.Rand) {
	m := newMortal(t, mortalMore)
	left, before, seen := 0, m.steps, 0
	m.order = func() order {
		if len(m.died) >= deaths {
			return order{}
		}
		left -= m.steps - before
		before = m.steps
		if left < 1 || len(m.died) > seen {
			left = 1 + chance.IntN(2*1800/deaths)
		}
		seen = len(m.died)
		return order{Steps: left}
	}
	m.month(func() bool { return len(m.died) < deaths })
	m.end()
	t.Logf("%d deaths, %d turns, %d points, %d questions, %d mails", len(m.died), m.turns, m.steps, m.settled, len(m.sent()))
	if len(m.died) != deaths {
		t.Errorf("%d deaths, want %d", len(m.died), deaths)
	}
}

// month is a dozen contacts who answer, decline or say nothing; longer where there is more to come.
func (m *mortal) month(more func() bool) {
	m.t.Helper()
	people := make([]string, 12)
	answered, done := map[string]int{}, map[message.MessageID]bool{}
	for i := range people {
		people[i] = fmt.Sprintf("p%d@example.com", i)
	}
	for i := range 3 {
		var lines []string
		for j := 4 * i; j < 4*i+4; j++ {
			lines = append(lines, fmt.Sprintf("ask Person%c Example <%s>, friend", 'A'+j, people[j]))
		}
		m.says(strings.Join(lines, "\n"))
	}
	for end, last := m.now.AddDate(0, 0, 31), m.now.AddDate(0, 0, 90); m.now.Before(end) || more() && m.now.Before(last); {
		m.step()
		m.settle()
		for i, p := range people {
			mails := m.to(p)
			if len(mails) == 0 || answered[p] > 0 {
				continue
			}
			words := ""
			switch {
			case i%4 == 0:
				words = "Gladly! Would Friday week at 3pm work for you?"
			case i%4 == 1:
				words = "Thank you, but no. I really don't have time for this."
			case i%4 == 2 && len(mails) > 1:
				words = "Sorry for the silence! Yes, call me."
			}
			if words != "" {
				answered[p]++
				m.replied(p, mails[0], words)
			}
		}
		for kind, words := range map[string]string{"times": "pick a", "outcome": "A wonderful talk, I learned a lot."} {
			for _, d := range m.toOwner(kind) {
				if !done[d.MessageID] {
					done[d.MessageID] = true
					m.replied(m.owner, d, words)
				}
			}
		}
	}
	m.pass(3 * day)
	m.ledger()
	for i, p := range people {
		events := m.events(p)
		n := strings.Count(" "+events+" ", " reply ")
		if want := answered[p]; n != want {
			m.t.Errorf("%s wrote %d answers, %d were recorded: %s", p, want, n, events)
		}
		if strings.Count(events, "added") != 1 || strings.Count(" "+events+" ", " ask ") != 1 {
			m.t.Errorf("the command about %s was not obeyed once: %s", p, events)
		}
		if want := [4]int{3, 1, 2, 3}[i%4]; len(m.to(p)) != want {
			m.t.Errorf("%s got %d mails, want %d: %s", p, len(m.to(p)), want, events)
		}
	}
}

// A death within the very first reading does not make the next one go back to what was there before askwell was.
func TestDeathInTheFirstReading(t *testing.T) {
	t.Parallel()
	for _, k := range []kill{{atCursor, "INBOX"}, {atReached, "Sent"}, {atCursor, "Junk"}, {atLooked, ""}} {
		m := unborn(t, "")
		old := m.fresh(m.owner, m.owner, "", "ask Old Friend <old@example.com>, friend")
		m.must(m.pen.SendAs(m.owner, old))
		m.set(m.now.Add(48 * time.Hour))
		m.order = func() order { return order{Kills: []kill{k}} }
		m.step()
		m.order = func() order { return order{} }
		if len(m.died) != 1 {
			t.Fatalf("it did not die of %s", k)
		}
		m.pass(day)
		m.end()
		if n := len(m.to("old@example.com")) + len(m.toOwner("receipt")); n > 0 {
			t.Errorf("%s: %d mails because of a command from before askwell was", k, n)
		}
	}
}
