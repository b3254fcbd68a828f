package engine_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

const (
	crowdAddress = "people@contacts.test"
	crowdMore    = "[sending]\nhours = \"00:00-24:00\"\ndays = \"mon-sun\"\ngap = \"0s\"\nholidays = []\nper_day = 1000\n"
)

// TestFaultSessions lets a proxy spoil the connections to real servers, one after the other, while mail is due and answers
// arrive, and compares the ledger in the end.
func TestFaultSessions(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("ASKWELL_SEED"); s != "" {
		if _, err := fmt.Sscan(s, &seed); err != nil {
			t.Fatal(err)
		}
	}
	labs, each := 2, 20
	if long() {
		labs, each = 4, 250
	}
	for i := range labs {
		t.Run(fmt.Sprint("lab ", i+1), func(t *testing.T) {
			t.Parallel()
			defer func() {
				if t.Failed() {
					t.Logf("ASKWELL_SEED=%d", seed)
				}
			}()
			newSpoiled(t, rand.New(rand.NewPCG(seed, uint64(i)))).sessions(each)
		})
	}
}

// spoiled is a rig on real servers behind two proxies.
type spoiled struct {
	*rig
	lab        *mailtest.Lab
	chance     *rand.Rand
	imap, smtp *mailtest.Wire
	struck     map[string]int
	replies    map[string]int
	failed     int // turns
}

func newSpoiled(t *testing.T, chance *rand.Rand) *spoiled {
	lab := mailtest.Start(t, mailtest.Options{Users: []string{crowdAddress}})
	s := &spoiled{
		rig: &rig{t: t, now: start(), owner: mailtest.Owner}, lab: lab, chance: chance,
		imap: mailtest.Proxy(t, lab.IMAPS), smtp: mailtest.Proxy(t, lab.Submissions), struck: map[string]int{}, replies: map[string]int{},
	}
	pen, err := world.New(world.Options{})
	s.must(err)
	t.Cleanup(func() { _ = pen.Close() })
	s.pen = pen
	imapHost, imapPort := split(t, s.imap.Addr())
	smtpHost, smtpPort := split(t, s.smtp.Addr())
	s.build(configure(t, s.owner, s.imap.Addr(), s.smtp.Addr(), crowdMore),
		imapin.Config{Host: imapHost, Port: imapPort, TLS: true, TLSConfig: lab.TLSConfig()},
		smtpout.Config{Host: smtpHost, Port: smtpPort, TLS: true, TLSConfig: lab.TLSConfig(), Timeouts: smtpout.Timeouts{
			Dial: time.Second, Command: 400 * time.Millisecond, Login: 500 * time.Millisecond, Text: 400 * time.Millisecond, Dot: 500 * time.Millisecond,
		}})
	return s
}

// words are what the two protocols say, per direction; the last ones are where it hurts.
var words = map[string][2][]string{
	"smtp": {
		{"EHLO", "AUTH", "MAIL", "RCPT", "DATA", "Subject:", "Content-", "QUIT"},
		{"220", "250", "235", "354", "queued", "queued", "queued"},
	},
	"imap": {
		{"NOOP", "LIST", "EXAMINE", "SEARCH", "FETCH", "APPEND", "APPEND"},
		{"OK", "CAPABILITY", "EXISTS", "SEARCH", "FETCH", "BODY", "APPENDUID", "APPENDUID"},
	},
}

var actions = []struct {
	do   mailtest.Action
	name string
}{
	{mailtest.Cut, "cut"}, {mailtest.Reset, "reset"}, {mailtest.HalfOpen, "half-open"}, {mailtest.Stall, "stall"}, {mailtest.Drip, "drip"}, {mailtest.Garble, "garble"},
}

// spoil sets what happens to the next connections.
func (s *spoiled) spoil() string {
	name, wire := "smtp", s.smtp
	if s.chance.IntN(2) == 0 {
		name, wire = "imap", s.imap
	}
	a := actions[s.chance.IntN(len(actions))]
	rule := mailtest.Rule{Do: a.do, Dir: mailtest.Direction(s.chance.IntN(2))}
	if a.do == mailtest.Drip {
		rule.For = 100 * time.Microsecond
	}
	wire.Inside(nil, nil)
	// Nobody spoils single bytes inside TLS: that would be another mail, not a fault.
	if a.do == mailtest.Garble || s.chance.IntN(3) == 0 {
		rule.Bytes = 1 + s.chance.IntN(6000)
	} else {
		wire.Inside(s.lab.ServerTLS(), s.lab.TLSConfig())
		all := words[name][rule.Dir]
		rule.Match, rule.First = all[s.chance.IntN(len(all))], s.chance.IntN(2) == 0
	}
	wire.Set(rule)
	s.struck[name+" "+a.name]++
	return fmt.Sprintf("%s %s %+v", name, a.name, rule)
}

func (s *spoiled) heal() {
	for _, w := range []*mailtest.Wire{s.imap, s.smtp} {
		w.Set()
		w.Inside(nil, nil)
		w.CutAll()
	}
}

// try takes a turn for which there is little time.
func (s *spoiled) try(most time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	if _, err := s.e.Turn(ctx, s.now); err != nil {
		if ctx.Err() == nil {
			s.t.Fatalf("a turn failed: %v", err)
		}
		s.failed++
	}
	s.now = s.now.Add(time.Minute)
}

func plusAddress(i int) string { return fmt.Sprintf("people+%d@contacts.test", i) }

func (s *spoiled) does(words ...string) {
	s.t.Helper()
	done, err := s.e.Do(context.Background(), s.now, words)
	if err != nil {
		s.t.Fatalf("%v: %v (%v)", words, err, done)
	}
}

func (s *spoiled) sessions(n int) {
	began := time.Now()
	for i := range n {
		s.heal()
		s.does("ask", fmt.Sprintf("Person%d Example <%s>, friend", i, plusAddress(i)))
		if i%3 == 2 {
			s.answer(plusAddress(s.chance.IntN(i)))
		}
		s.spoil()
		s.try(600 * time.Millisecond)
		s.try(600 * time.Millisecond)
		s.heal()
		s.try(time.Minute)
	}
	// An hour later everything that was put off has been tried again.
	for range 4 {
		s.now = s.now.Add(30 * time.Minute)
		s.try(time.Minute)
	}
	asked := s.doubts()
	for range 3 {
		s.now = s.now.Add(time.Minute)
		s.try(time.Minute)
	}
	s.quiet()
	s.ledger(n)
	s.t.Logf("%d sessions in %s, %d turns cut short, %d questions, %d answers: %v", n, time.Since(began).Round(time.Second), s.failed, asked, len(s.replies), s.struck)
}

// answer is what somebody writes who got the ask, once.
func (s *spoiled) answer(from string) {
	if s.replies[from] > 0 {
		return
	}
	for _, row := range s.mails() {
		if string(row.Address) == from && row.State == store.Sent {
			s.replies[from]++
			s.lab.Deliver(from, s.owner, s.pen.Answer(mail.Address{Address: from}, row.Raw, "Yes, gladly. Call me."))
		}
	}
}

func (s *spoiled) mails() (all []store.Mail) {
	s.must(s.mb.View(context.Background(), s.now, func(tx *store.Tx) (err error) {
		all, err = tx.Mails(100_000)
		return err
	}))
	return all
}

// quiet waits until Postfix has nothing under way.
func (s *spoiled) quiet() {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		left := 0
		for _, queue := range []string{"incoming", "active", "maildrop", "deferred"} {
			_ = filepath.WalkDir(filepath.Join(s.lab.Dir, "spool", queue), func(_ string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					left++
				}
				return nil
			})
		}
		if left == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-s.t.Context().Done():
			return
		}
	}
}

// crowd is what lies in the contacts' mailbox, by Message-ID.
func (s *spoiled) crowd() map[message.MessageID]int {
	got := map[message.MessageID]int{}
	for _, raw := range s.lab.Messages(crowdAddress, "INBOX") {
		got[message.ParseHeader(raw).MessageID]++
	}
	return got
}

// doubts are told apart by the recipients, and answered by the owner; each was asked once.
func (s *spoiled) doubts() int {
	s.quiet()
	got := s.crowd()
	digest, err := s.e.Digest(context.Background(), s.now)
	s.must(err)
	n := 0
	for _, row := range s.mails() {
		if row.State != store.InDoubt {
			continue
		}
		n++
		c := s.contact(string(row.Address))
		if len(c.Doubts) != 1 || len(c.Needs(s.now)) == 0 || c.Needs(s.now)[0] != contact.NeedSettle {
			s.t.Errorf("the ask to %s is in doubt, and nobody is asked: %+v", row.Address, c.Doubts)
		}
		if asked := strings.Count(digest.Text, c.Name+": nobody knows whether the ask arrived"); asked > 1 {
			s.t.Errorf("the digest asks %d times whether the ask to %s arrived", asked, c.Name)
		}
		word := "resend"
		if got[row.MessageID] > 0 {
			word = "sent"
		}
		s.does(word, string(row.Address))
	}
	if asked := strings.Count(digest.Text, "nobody knows whether"); n > 0 && asked == 0 {
		s.t.Errorf("%d mails are in doubt, and the digest does not ask:\n%s", n, digest.Text)
	}
	return n
}

func (s *spoiled) ledger(n int) {
	got, copies, due := s.crowd(), map[message.MessageID]int{}, 0
	for _, raw := range s.lab.Messages(s.owner, "Sent") {
		copies[message.ParseHeader(raw).MessageID]++
	}
	for _, row := range s.mails() {
		if row.ToOwner {
			continue
		}
		due++
		if row.Kind != "ask" || row.State != store.Sent {
			s.t.Errorf("the %s to %s is %s: %s", row.Kind, row.Address, row.State, row.Why)
		}
		if got[row.MessageID] != 1 {
			s.t.Errorf("%s got the ask %d times, want once", row.Address, got[row.MessageID])
		}
		if copies[row.MessageID] != 1 {
			s.t.Errorf("the ask to %s has %d copies in Sent, want one", row.Address, copies[row.MessageID])
		}
		delete(got, row.MessageID)
	}
	if due != n || len(got) > 0 {
		s.t.Errorf("%d asks were due, want %d; %d mails are unknown", due, n, len(got))
	}
	for from := range s.replies {
		recorded := 0
		s.must(s.mb.View(context.Background(), s.now, func(tx *store.Tx) error {
			id, err := tx.ByAddress(message.Address(from))
			if err != nil {
				return err
			}
			all, err := tx.Journal(id)
			for _, e := range all {
				if e.Name == "reply" {
					recorded++
				}
			}
			return err
		}))
		if recorded != 1 {
			s.t.Errorf("the answer of %s was recorded %d times, want once", from, recorded)
		}
	}
}
