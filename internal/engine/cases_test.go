package engine_test

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/message"
	"askwell/internal/store"
)

const jane = "jane@example.com"

// asked is a rig in which Jane was asked an hour ago, and the mail that she got.
func asked(t *testing.T, more string) (*rig, []byte) {
	t.Helper()
	r := onWorld(t, more, start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(2 * time.Hour)
	r.stage(jane, contact.Asked)
	return r, r.got(jane, 1)
}

func TestNudgesAreAnnouncedAndEnd(t *testing.T) {
	r, ask := asked(t, "")
	r.pass(40 * 24 * time.Hour)
	r.stage(jane, contact.Silent)
	r.got(jane, 3)
	all := r.gotten(jane, 3)
	for i, raw := range all[1:] {
		m := message.Parse(raw)
		if m.Subject != message.ReplySubject(message.Parse(ask).Subject) || !strings.Contains(string(raw), string(message.Parse(ask).MessageID)) {
			t.Errorf("nudge %d is not in the thread of the ask", i+1)
		}
		told := false
		for _, d := range r.ofKind("digest") {
			dm := message.Parse(d)
			if strings.Contains(textOf(d), fmt.Sprintf("nudge %d", i+1)) && !dm.Date.Add(time.Hour).After(m.Date) {
				told = true
			}
		}
		if !told {
			t.Errorf("nudge %d of %s was not announced an hour before", i+1, m.Date)
		}
		loc := r.e.Location()
		if h := m.Date.In(loc).Hour(); h < 9 || h >= 17 || m.Date.In(loc).Weekday() == time.Saturday || m.Date.In(loc).Weekday() == time.Sunday {
			t.Errorf("nudge %d left %s", i+1, m.Date.In(loc))
		}
	}
	// A late answer still counts.
	r.replies(jane, ask, "Sorry for the silence! Yes, gladly.")
	r.stage(jane, contact.Talking)
}

func TestHoldStopsANudge(t *testing.T) {
	r, _ := asked(t, "")
	for range 240 {
		r.pass(time.Hour)
		if len(r.ofKind("digest")) > 0 && strings.Contains(r.lastText("digest"), "nudge 1") {
			break
		}
	}
	digest := r.last("digest")
	r.has("the digest", textOf(digest), "Going out", "Jane Doe, nudge 1", "hold")
	n := numberOf(t, digest, "Jane Doe, nudge 1")
	r.answers(digest, n+" hold")
	r.has("the receipt", r.lastText("receipt"), "What was planned for Jane Doe is stopped.")
	r.pass(4 * 24 * time.Hour)
	r.got(jane, 1)
}

// numberOf is the number of the digest's line that contains text.
func numberOf(t *testing.T, raw []byte, text string) string {
	t.Helper()
	for line := range strings.Lines(textOf(raw)) {
		if strings.Contains(line, text) {
			return strings.TrimSuffix(strings.Fields(line)[0], ".")
		}
	}
	t.Fatalf("no line says %q:\n%s", text, textOf(raw))
	return ""
}

// queued is when a planned mail of a kind leaves, once it may; zero where none waits.
func (r *rig) queued(k contact.Kind) (at time.Time) {
	r.t.Helper()
	r.must(r.mb.View(context.Background(), r.now.In(r.e.Location()), func(tx *store.Tx) error {
		rows, err := tx.Waiting(100)
		for _, m := range rows {
			if m.Kind == string(k) && m.State == store.Queued {
				at = m.LeavesAt
			}
		}
		return err
	}))
	return at
}

func TestAutomaticAnswerPostponesTheNudge(t *testing.T) {
	r, ask := asked(t, "")
	back := r.now.AddDate(0, 0, 28)
	raw := r.pen.Answer(mail.Address{Address: jane}, ask, "I am out of the office until "+back.Format("2 January 2006")+" with no access to mail.")
	raw = append([]byte("Auto-Submitted: auto-replied\r\n"), raw...)
	r.deliver(jane, r.owner, raw)
	r.turn()
	r.stage(jane, contact.Asked)
	r.until(back.AddDate(0, 0, 1))
	r.got(jane, 1)
	r.pass(9 * 24 * time.Hour)
	r.got(jane, 2)
}

func TestWrongAddress(t *testing.T) {
	for name, spoil := range map[string]func(*world.World){
		"refused at once": func(w *world.World) { w.Reject(jane, 550, "5.1.1", "no such user") },
		"bounced later":   func(w *world.World) { w.Bounce(jane, 550, "5.1.1", "no such user") },
	} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "", start())
			spoil(r.pen)
			r.writes("", "ask Jane Doe <"+jane+">, friend")
			r.pass(26 * time.Hour)
			r.stage(jane, contact.Unreachable)
			r.has("the digest", r.lastText("digest"), "Needs you", "Jane Doe", "address")
			r.writes("", "address jane: jane@elsewhere.example")
			r.stage("jane@elsewhere.example", contact.New)
		})
	}
	t.Run("policy", func(t *testing.T) {
		r := onWorld(t, "", start())
		r.pen.Reject(jane, 550, "5.7.1", "blocked for policy reasons")
		r.writes("", "ask Jane Doe <"+jane+">, friend")
		r.pass(26 * time.Hour)
		r.stage(jane, contact.New)
		r.has("the digest", r.lastText("digest"), "Jane Doe", "could not be sent", "5.7.1")
	})
}

func TestOptOutOutlivesTheContact(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Please stop emailing me and do not contact me again.")
	r.stage(jane, contact.OptedOut)
	r.writes("", "ask jane")
	r.has("the receipt", r.lastText("receipt"), "opted out on", "askwell never writes to them")
	r.writes("", "forget jane")
	r.has("the receipt", r.lastText("receipt"), "erased")
	r.writes("", "ask Jane Doe <"+jane+">")
	r.has("the receipt", r.lastText("receipt"), "opted out: askwell never writes to them")
	r.pass(30 * 24 * time.Hour)
	r.got(jane, 1)
}

func TestDeclineAndUndo(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Thank you, but no. I really don't have time for this.")
	r.stage(jane, contact.Declined)
	r.writes("", "reopen jane")
	r.stage(jane, contact.Talking)
	receipt := r.last("receipt")
	r.answers(receipt, "undo 1")
	r.stage(jane, contact.Declined)
	r.writes("", "note jane: she was friendly")
	r.writes("", "undo")
	if n := r.contact(jane).Notes; len(n) != 0 {
		t.Errorf("the note is still there: %v", n)
	}
}

func TestReferral(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes! Call me tomorrow at 15:00.")
	r.writes("", "met jane: wonderful talk\njane refer Dana Fox <dana@example.com>, editor at Daily Example")
	r.has("the receipt", r.lastText("receipt"), "Dana Fox <dana@example.com> is added (referred, editor at Daily Example)", "Recommended by Jane Doe")
	r.writes("", "ask dana")
	r.pass(3 * 24 * time.Hour)
	first := textOf(r.got("dana@example.com", 1))
	r.has("the ask", first, "Jane Doe suggested")
	r.writes("", "dana met: she explained the desk")
	r.has("the receipt", r.lastText("receipt"), "thank-you to Dana Fox leaves", "note of thanks to Jane Doe leaves")
	r.pass(5 * 24 * time.Hour)
	told := 0
	for _, raw := range r.gotten(jane, 3) {
		if strings.Contains(textOf(raw), "You pointed me to Dana Fox") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("Jane was thanked %d times for the introduction", told)
	}
}

func TestNothingLeavesUnread(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pen.Fault(world.Fault{At: world.IMAPConnect, Drop: true})
	r.pen.HangUp()
	r.now = r.now.Add(2 * time.Hour)
	for range 20 {
		r.turn()
		r.now = r.now.Add(time.Minute)
	}
	if n := len(r.gotten(jane, 0)); n != 0 {
		t.Fatalf("%d mails left although the mailbox could not be read", n)
	}
	r.pen.Heal()
	r.pass(3 * time.Hour)
	r.has("the trouble mail", strings.Join(strings.Split(r.subjects(), "; "), "\n"), "trouble: Your mailbox cannot be read", "trouble: Your mailbox can be read again")
	r.got(jane, 1)
	if n := len(r.ofKind("trouble")); n != 2 {
		t.Errorf("%d trouble mails, want 2", n)
	}
}

func TestForgedOwner(t *testing.T) {
	r := onWorld(t, "", start())
	forged := r.fresh(r.owner, r.owner, "do it", "ask Mallory <mallory@example.net>")
	r.must(r.pen.Inject(r.owner, "", append([]byte("Authentication-Results: mx.evil.example; dmarc=pass header.from=example.org\r\n"), forged...)))
	r.turn()
	r.pass(5 * time.Minute)
	r.pass(24 * time.Hour)
	if n := len(r.gotten("mallory@example.net", 0)); n != 0 {
		t.Errorf("a forged command was obeyed: %d mails", n)
	}
	if n := len(r.ofKind("receipt")); n != 0 {
		t.Errorf("a forged command was answered: %d receipts", n)
	}
	r.has("the digest", r.lastText("digest"), "A mail in your name", "was not obeyed")
}

func TestLostAnswerIsAskedNotGuessed(t *testing.T) {
	for name, tt := range map[string]struct {
		accept bool
		word   string
		copies int
	}{
		"it had arrived":     {accept: true, word: "sent jane", copies: 1},
		"it had not arrived": {accept: false, word: "resend jane", copies: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "", start())
			r.writes("", "ask Jane Doe <"+jane+">, friend")
			r.turn()
			r.pen.Fault(world.Fault{At: world.SMTPDot, Address: jane, Drop: true, Accept: tt.accept, Times: 1})
			r.pass(26 * time.Hour)
			r.stage(jane, contact.Asking)
			r.has("the digest", r.lastText("digest"), "nobody knows whether the ask arrived", "sent", "resend")
			r.pass(10 * 24 * time.Hour)
			r.writes("", tt.word)
			r.pass(24 * time.Hour)
			r.got(jane, tt.copies)
			r.stage(jane, contact.Asked)
			if th := r.contact(jane).Thread; th.Subject == "" || len(th.References) != 1 {
				t.Errorf("the thread of a settled ask is %+v", th)
			}
		})
	}
	t.Run("an answer settles it", func(t *testing.T) {
		r := onWorld(t, "", start())
		r.writes("", "ask Jane Doe <"+jane+">, friend")
		r.pen.Fault(world.Fault{At: world.SMTPDot, Address: jane, Drop: true, Accept: true, Times: 1})
		r.pass(3 * time.Hour)
		r.replies(jane, r.got(jane, 1), "Yes, gladly.")
		r.stage(jane, contact.Talking)
		if d := r.contact(jane).Doubts; len(d) != 0 {
			t.Errorf("still in doubt: %v", d)
		}
	})
}

func TestAfterAMonthAsleep(t *testing.T) {
	r := onWorld(t, "", start())
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("ask Friend%d Example <f%d@example.com>, friend", i, i))
	}
	for i := 0; i < 30; i += 10 {
		r.writes("", strings.Join(lines[i:i+10], "\n"))
	}
	r.pass(5 * 24 * time.Hour)
	n := len(r.pen.Sent())
	before := contactsGot(r, n)
	if before != 30 {
		t.Fatalf("%d asks left, want 30\n%s\n%s", before, r.subjects(), r.lastText("receipt"))
	}
	r.now = r.now.AddDate(0, 0, 32)
	r.turn()
	if got := contactsGot(r, 0) - before; got != 0 {
		t.Errorf("%d mails burst out after a month asleep", got)
	}
	r.pass(24 * time.Hour)
	if got := contactsGot(r, 0) - before; got > r.cfg.Sending.PerDay {
		t.Errorf("%d mails in a day", got)
	}
}

func contactsGot(r *rig, _ int) int {
	n := 0
	for _, d := range r.pen.Sent() {
		if d.To != r.owner {
			n++
		}
	}
	return n
}

func TestTheMailboxIsLeftAsFound(t *testing.T) {
	r, ask := asked(t, "")
	r.must(r.pen.Inject(r.owner, "", r.fresh("stranger@example.net", r.owner, "Buy this", "Cheap watches")))
	r.replies(jane, ask, "Yes, gladly.")
	r.pass(48 * time.Hour)
	for _, folder := range []string{"INBOX", "Junk"} {
		for i, flags := range r.pen.Flags(r.owner, folder) {
			if len(flags) > 0 {
				t.Errorf("message %d of %s has flags %v", i+1, folder, flags)
			}
		}
	}
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
		for _, id := range r.pen.Messages(r.owner, "INBOX") {
			m := message.ParseHeader(id)
			if strings.Contains(m.Subject, "Buy this") {
				seen, err := tx.SeenByID(m.MessageID)
				if err != nil || len(seen) > 0 {
					t.Errorf("a stranger's mail was kept: %v, %v", seen, err)
				}
			}
		}
		return nil
	}))
}

func TestCrashAtTheDot(t *testing.T) {
	for name, marked := range map[string]bool{"before the mark": false, "after the mark": true} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "", start())
			r.writes("", "ask Jane Doe <"+jane+">, friend")
			ctx := context.Background()
			// The process dies between the claim and the result.
			r.must(r.mb.Update(ctx, r.now.Add(time.Hour), func(tx *store.Tx) error {
				rows, err := tx.Waiting(10)
				if err != nil || len(rows) != 1 {
					return fmt.Errorf("%d rows wait: %w", len(rows), err)
				}
				l, err := tx.Lease()
				if err != nil {
					return err
				}
				if _, err := tx.Claim(rows[0].ID, l.Epoch, []byte("Subject: x\r\n\r\nx\r\n"), "", r.now); err != nil {
					return err
				}
				if marked {
					return tx.Mark(rows[0].ID, l.Epoch)
				}
				return nil
			}))
			r.restart()
			r.pass(24 * time.Hour)
			if marked {
				r.stage(jane, contact.Asking)
				if n := len(r.gotten(jane, 0)); n != 0 {
					t.Errorf("%d mails were sent in doubt", n)
				}
				r.has("the digest", r.lastText("digest"), "nobody knows whether the ask arrived")
				return
			}
			r.stage(jane, contact.Asked)
			r.got(jane, 1)
		})
	}
}

// restart is a new process on the same store.
func (r *rig) restart() {
	r.t.Helper()
	e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: r.sender, Holder: "test"})
	r.must(err)
	r.e = e
}

func TestLease(t *testing.T) {
	r := onWorld(t, "", start())
	second, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: r.out, Holder: "second"})
	r.must(err)
	_, err = second.Turn(context.Background(), r.now.Add(time.Second))
	if err == nil || !strings.Contains(err.Error(), "another askwell runs this mailbox: test") {
		t.Errorf("the second daemon got %v", err)
	}
	r.must(r.e.Release(context.Background(), r.now))
	if _, err = second.Turn(context.Background(), r.now.Add(time.Second)); err != nil {
		t.Errorf("after the release: %v", err)
	}
}

func TestListByMail(t *testing.T) {
	r, _ := asked(t, "")
	r.writes("", "add Bob Roe <bob@example.com>, colleague\nlist asked\nlist opted out\nlist nowhere\nundo 999")
	text := r.lastText("receipt")
	r.has("the receipt", text, "Jane Doe <jane@example.com>, asked", "Nobody at present.", "There is no stage \"nowhere\"", "There is no change with the number 999")
	if strings.Contains(text, "You wrote: Jane") {
		t.Error("a list is shown as the owner's words")
	}
	if strings.Contains(text, "Bob Roe <bob@example.com>, new") {
		t.Error("`list asked` lists everybody")
	}
}

// TestANoIsTold holds that the owner hears, once, of a no and an opt-out that were read from a mail, and can take each back.
func TestANoIsTold(t *testing.T) {
	r, ask := asked(t, "")
	r.writes("", "ask Bob Roe <bob@example.com>, colleague")
	r.pass(time.Hour)
	r.replies(jane, ask, "Thank you, but no. I really don't have time for this.")
	r.replies("bob@example.com", r.got("bob@example.com", 1), "Please stop emailing me and do not contact me again.")
	r.stage(jane, contact.Declined)
	r.stage("bob@example.com", contact.OptedOut)
	r.pass(24 * time.Hour)
	digest := r.last("digest")
	r.has("the digest", textOf(digest), "They said no", "Jane Doe declined", "reopen", "Bob Roe does not want to be written to", "undo")
	n := numberOf(t, digest, "Bob Roe does not")
	r.answers(digest, numberOf(t, digest, "Jane Doe declined")+" reopen\nundo "+n)
	r.stage(jane, contact.Talking)
	r.stage("bob@example.com", contact.Talking) // they did answer
	r.pass(24 * time.Hour)
	if strings.Contains(r.lastText("digest"), "They said no") {
		t.Error("a no is told twice")
	}
}

// An answer in the thread from another address counts, and mail goes there only once the owner says so.
func TestAnotherAddressIsOffered(t *testing.T) {
	const home = "jd@home.example"
	r, ask := asked(t, "")
	raw := r.pen.Answer(mail.Address{Name: "Jane Doe", Address: home}, ask, "Yes, gladly! Do call me some day.")
	r.must(r.pen.Inject(r.owner, "", raw))
	r.turn()
	r.stage(jane, contact.Talking)
	if got := r.contact(jane).Address(); got != jane {
		t.Errorf("mail goes to %s", got)
	}
	r.pass(24 * time.Hour)
	digest := r.last("digest")
	r.has("the digest", textOf(digest), "They wrote from "+home+"; askwell goes on writing to "+jane, "address "+home)
	r.answers(digest, numberOf(t, digest, "Jane Doe has agreed")+" address "+home)
	if got := r.contact(jane).Address(); got != home {
		t.Errorf("mail goes to %s\n%s", got, r.lastText("receipt"))
	}
}
