package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

const bob = "bob@example.com"

// does gives a command on the command line.
func (r *rig) does(words ...string) []string {
	r.t.Helper()
	done, err := r.e.Do(context.Background(), r.now, words)
	r.must(err)
	var said []string
	for _, d := range done {
		said = append(said, d.Lines...)
	}
	return said
}

// seqOf is the newest record of a name in a contact's journal.
func (r *rig) seqOf(address, name string) (seq int64) {
	r.t.Helper()
	id := r.contact(address).ID
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
		records, err := tx.Journal(id)
		for _, rec := range records {
			if rec.Name == name {
				seq = rec.Seq
			}
		}
		return err
	}))
	if seq == 0 {
		r.t.Fatalf("no %s in the journal of %s", name, address)
	}
	return seq
}

// readable fails where the mailbox could not be read to its end.
func (r *rig) readable() {
	r.t.Helper()
	r.turn() // as the daemon does every minute
	s, err := r.e.Status(context.Background(), r.now)
	r.must(err)
	if len(s.Trouble) > 0 {
		r.t.Errorf("trouble: %v", s.Trouble)
	}
}

func (r *rig) byHand(to ...string) []byte {
	r.t.Helper()
	r.letters++
	var people []message.Person
	for _, a := range to {
		people = append(people, message.Person{Address: message.Address(a)})
	}
	raw, err := message.Compose(message.Draft{
		From: message.Person{Name: "Ada Example", Address: message.Address(r.owner)}, To: people, Subject: "By hand",
		Date: r.now, MessageID: message.MessageID(fmt.Sprintf("hand-%d@fresh.example", r.letters)), Text: "Shall we all meet?",
	})
	r.must(err)
	return raw
}

// An undo of the command that added and asked somebody keeps them once the ask has left: their answer must find them.
func TestUndoOfAnAddingThatHasLeft(t *testing.T) {
	r, ask := asked(t, "")
	receipt := r.last("receipt")
	r.answers(receipt, "undo "+numberOfUndo(t, receipt))
	r.has("the receipt", r.lastText("receipt"), "had left already")
	r.replies(jane, ask, "Yes, gladly. When?")
	r.readable()
	r.stage(jane, contact.Talking)
}

func numberOfUndo(t *testing.T, raw []byte) string {
	t.Helper()
	for w := range strings.FieldsSeq(strings.ReplaceAll(textOf(raw), "undo ", "undo_")) {
		if n, ok := strings.CutPrefix(w, "undo_"); ok {
			return strings.Trim(n, ".,·)")
		}
	}
	t.Fatalf("nothing can be undone:\n%s", textOf(raw))
	return ""
}

// A number of an old mail may mean somebody who is gone: that is said, and everything else goes on.
func TestNumberOfSomebodyGone(t *testing.T) {
	r := onWorld(t, "", start())
	r.does("add", "Jane Doe <"+jane+">")
	r.must(second(r.e.SendDigest(context.Background(), r.now)))
	r.turn()
	digest := r.last("digest")
	n := numberOf(t, digest, "Jane Doe")
	r.does("undo")
	r.answers(digest, n+" ask")
	r.readable()
	r.has("the receipt", r.lastText("receipt"), "no longer")
	// What they write in a thread that is known concerns nobody any more.
	r.writes("", "add Bob Roe <"+bob+">")
	r.stage(bob, contact.New)
}

func second[T any](_ T, err error) error { return err }

// A mail of theirs that was kept, and then they were taken back: what answers it stops nothing.
func TestConversationOfSomebodyGone(t *testing.T) {
	r := onWorld(t, "", start())
	r.does("add", "Jane Doe <"+jane+">")
	hello := r.fresh(jane, r.owner, "Hello", "How are you?")
	r.deliver(jane, r.owner, hello)
	r.turn()
	r.does("undo")
	r.replies("jane.private@example.net", hello, "Did you get this?")
	r.readable()
}

// An opt-out ends a doubt; the copy that then turns up in Sent stops nothing.
func TestDoubtThatAnOptOutEnded(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pen.Fault(world.Fault{At: world.SMTPDot, Address: jane, Drop: true, Accept: true, Times: 1})
	r.pass(3 * time.Hour)
	sent := r.got(jane, 1)
	r.does("stop", "jane")
	r.must(r.pen.File(r.owner, "Sent", sent))
	r.turn()
	r.readable()
	r.stage(jane, contact.OptedOut)
}

// A nudge in doubt is not sent again to somebody who has answered meanwhile.
func TestResendAfterAnAnswer(t *testing.T) {
	r, ask := asked(t, "")
	r.pen.Fault(world.Fault{At: world.SMTPDot, Address: jane, Drop: true, Accept: false, Times: 1})
	r.pass(12 * 24 * time.Hour)
	if len(r.contact(jane).Doubts) != 1 {
		t.Fatal("no nudge is in doubt")
	}
	r.replies(jane, ask, "Yes, gladly. When?")
	r.writes("", "resend jane")
	r.has("the receipt", r.lastText("receipt"), "has answered")
	r.pass(5 * 24 * time.Hour)
	r.got(jane, 1)
	r.writes("", "sent jane")
	if len(r.contact(jane).Doubts) != 0 {
		t.Error("the doubt is not settled")
	}
	r.readable()
}

// Of two who got one mail by hand, each answers for themselves.
func TestAnAnswerBelongsToItsWriter(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend\nask Bob Roe <"+bob+">, friend")
	r.pass(3 * time.Hour)
	r.stage(bob, contact.Asked)
	hand := r.byHand(jane, bob)
	r.submit(r.owner, hand)
	r.turn()
	r.replies(bob, hand, "Gladly! Call me any time.")
	r.stage(bob, contact.Talking)
	r.stage(jane, contact.Asked)
	if r.contact(jane).Has(bob) {
		t.Error("Bob's address became Jane's")
	}
}

// Somebody whom a contact took into the thread answers there: their address is not the contact's, and they can be added.
func TestAReferralInCopyIsNoAlias(t *testing.T) {
	r, ask := asked(t, "")
	raw := r.pen.Answer(mail.Address{Name: "Dana Fox", Address: "dana@example.net"}, ask, "Hi, Jane passed this on to me. Happy to talk!")
	r.deliver("dana@example.net", r.owner, raw)
	r.turn()
	r.stage(jane, contact.Talking)
	r.writes("", "jane refer Dana Fox <dana@example.net>")
	r.has("the receipt", r.lastText("receipt"), "Dana Fox <dana@example.net> is added")
	// The same person at another address is an alias.
	raw = r.pen.Answer(mail.Address{Name: "Jane Doe", Address: "jd@private.example"}, ask, "It is me. Tomorrow?")
	r.deliver("jd@private.example", r.owner, raw)
	r.turn()
	if !r.contact(jane).Has("jd@private.example") {
		t.Error("Jane's own other address is not hers")
	}
}

// After the restore of a backup the copy in Sent tells that a mail has left.
func TestRestoredBackupSendsNothingTwice(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	path := t.TempDir() + "/backup.db"
	r.must(r.mb.Store().Backup(context.Background(), path))
	r.pass(3 * time.Hour)
	r.got(jane, 1)
	s, err := store.Open(context.Background(), path)
	r.must(err)
	t.Cleanup(func() { _ = s.Close() })
	r.mb, err = s.Mailbox(context.Background(), r.owner)
	r.must(err)
	r.restart()
	r.pass(48 * time.Hour)
	r.got(jane, 1)
	r.stage(jane, contact.Asked)
}

// stalled is a server that takes a mail while another daemon takes the mailbox over.
type stalled struct {
	real  engine.Sender
	meanw func()
}

func (s *stalled) Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
	o := s.real.Send(ctx, from, to, raw, mark)
	if s.meanw != nil && len(to) == 1 && to[0] == jane {
		f := s.meanw
		s.meanw = nil
		f()
	}
	return o
}

// The lease may end while a server thinks: what the first daemon learns then is recorded, and changes nothing of the other's.
func TestAnswerAfterTheLeaseWasLost(t *testing.T) {
	r := onWorld(t, "", start())
	out := &stalled{real: r.out}
	first, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: out, Holder: "test"})
	r.must(err)
	r.e = first
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	other, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: r.out, Holder: "second"})
	r.must(err)
	out.meanw = func() {
		r.now = r.now.Add(10 * time.Minute)
		_, err := other.Turn(context.Background(), r.now)
		r.must(err)
		if len(r.contact(jane).Doubts) != 1 {
			t.Error("the second daemon does not doubt")
		}
	}
	for range 20 {
		next, err := first.Turn(context.Background(), r.now)
		if err != nil || out.meanw == nil {
			break
		}
		r.now = next
	}
	r.e = other
	if d := r.contact(jane).Doubts; len(d) != 0 {
		t.Errorf("in doubt although the server has said yes: %v", d)
	}
	r.stage(jane, contact.Asked)
	r.pass(48 * time.Hour)
	r.got(jane, 1)
}

// A result that cannot be written at once is written later; the mail does not stay between the states.
func TestResultThatCannotBeRecorded(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	db, err := sql.Open("sqlite", "file:"+r.mb.Store().Path()+"?_pragma=busy_timeout(5000)")
	r.must(err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Exec(`CREATE TRIGGER full BEFORE UPDATE OF sent_at ON outbox WHEN NEW.state = 'sent' AND NEW.to_owner = 0
		BEGIN SELECT RAISE(ABORT, 'disk is full'); END`)
	r.must(err)
	failed := false
	for range 100 {
		next, err := r.e.Turn(context.Background(), r.now)
		if err != nil {
			failed = true
			break
		}
		r.now = next
	}
	if !failed {
		t.Fatal("nothing failed")
	}
	_, err = db.Exec(`DROP TRIGGER full`)
	r.must(err)
	r.pass(time.Hour)
	r.stage(jane, contact.Asked)
	r.pass(24 * time.Hour)
	r.got(jane, 1)
}

// An opt-out that was misread is taken back, and still they have answered: no nudge follows.
func TestUndoOfAMisreadAnswer(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Please stop emailing me and do not contact me again.")
	r.stage(jane, contact.OptedOut)
	r.does("undo", fmt.Sprint(r.seqOf(jane, "reply")))
	r.stage(jane, contact.Talking)
	r.pass(30 * 24 * time.Hour)
	r.got(jane, 1)
	// Nothing bars the address any more.
	r.does("forget", "jane")
	r.writes("", "add Jane Doe <"+jane+">")
	r.has("the receipt", r.lastText("receipt"), "is added")
}

// What has left cannot be taken back, and an undo of an undo does not hide what came before.
func TestUndoOfWhatHasLeft(t *testing.T) {
	r, _ := asked(t, "")
	if said := strings.Join(r.does("undo", fmt.Sprint(r.seqOf(jane, "sent"))), " "); !strings.Contains(said, "left") {
		t.Errorf("undo of a sending says %q", said)
	}
	r.stage(jane, contact.Asked)
	r.does("note", "jane", "first")
	r.does("add", "Bob Roe <"+bob+">")
	r.does("ask", "bob")
	r.does("undo")
	r.stage(bob, contact.New)
	r.does("undo")
	r.does("undo")
	if n := r.contact(jane).Notes; len(n) != 0 {
		t.Errorf("the third undo did not reach the note: %v", n)
	}
}

// An opt-out bars every address, also the one from which they write later.
func TestOptOutBarsAliases(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Please stop emailing me and do not contact me again.")
	raw := r.pen.Answer(mail.Address{Name: "Jane Doe", Address: "jane@home.example"}, ask, "And delete my data, please.")
	r.deliver("jane@home.example", r.owner, raw)
	r.turn()
	r.writes("", "forget jane")
	r.writes("", "ask Jane Doe <jane@home.example>")
	r.has("the receipt", r.lastText("receipt"), "opted out: askwell never writes to them")
}

// A clock that was once wrong must not lock the mailbox for years.
func TestLeaseOfAClockThatWasWrong(t *testing.T) {
	r := onWorld(t, "", start())
	_, err := r.e.Turn(context.Background(), r.now.AddDate(4, 0, 0))
	r.must(err)
	other, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: r.out, Holder: "second"})
	r.must(err)
	if _, err := other.Turn(context.Background(), r.now.Add(time.Minute)); err != nil {
		t.Error(err)
	}
}

// A confirmation that was withdrawn because they wrote is told of, and one word sends it.
func TestConfirmationThatDidNotLeave(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes, gladly. When?")
	r.pen.Fault(world.Fault{At: world.SMTPConnect, Drop: true})
	r.pen.HangUp()
	r.writes("", "talk jane in 3 days 15:00")
	r.stage(jane, contact.Scheduled)
	r.replies(jane, ask, "By the way, do you know our new office?")
	r.pen.Heal()
	r.pass(26 * time.Hour)
	r.got(jane, 1)
	digest := r.last("digest")
	r.has("the digest", textOf(digest), "confirmation", "yes")
	r.answers(digest, numberOf(t, digest, "Jane Doe")+" yes")
	r.pass(time.Minute)
	r.has("the confirmation", string(r.got(jane, 2)), "METHOD:REQUEST")
}

// A report that a stranger can forge does not cancel a talk with somebody who has answered.
func TestForgedBounce(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes, gladly. When?")
	r.writes("", "talk jane in 3 days 15:00")
	r.pass(time.Hour)
	r.deliver("", r.owner, bounceOf(jane, ""))
	r.turn()
	r.stage(jane, contact.Scheduled)
	if r.contact(jane).Talk == nil {
		t.Error("the talk is gone")
	}
}

// A mail that was forwarded and bounced there names another recipient and our Message-ID.
func TestBounceBehindAForward(t *testing.T) {
	r, ask := asked(t, "")
	r.deliver("", r.owner, bounceOf("jd1977@inner.example", string(message.Parse(ask).MessageID)))
	r.turn()
	r.stage(jane, contact.Unreachable)
}

// bounceOf is a delivery report (RFC 3464).
func bounceOf(recipient, id string) []byte {
	original := "From: ada@example.org\r\nTo: " + recipient + "\r\nSubject: x\r\n"
	if id != "" {
		original += "Message-ID: <" + id + ">\r\n"
	}
	return []byte(strings.ReplaceAll(`Return-Path: <>
From: MAILER-DAEMON@mx.example
To: ada@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-`+recipient+`@mx.example>
Date: Mon, 02 Jan 2023 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered: user unknown.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; `+recipient+`
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

`+strings.ReplaceAll(original, "\r\n", "\n")+`
--b--
`, "\n", "\r\n"))
}

// Who was met goes on from there with a new address: nobody is asked a second time.
func TestNewAddressOfSomebodyMet(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes, gladly. When?")
	r.writes("", "met jane: a good talk")
	r.pen.Reject(jane, 550, "5.1.1", "no such user")
	r.pass(4 * 24 * time.Hour)
	r.stage(jane, contact.Unreachable)
	r.writes("", "address jane: jane@elsewhere.example")
	r.stage("jane@elsewhere.example", contact.Met)
	if !r.contact("jane@elsewhere.example").ThanksDue {
		t.Error("the thank-you is forgotten")
	}
}

// The numbers of somebody forgotten never mean anybody else.
func TestForgottenNumbersAreNotUsedAgain(t *testing.T) {
	r := onWorld(t, "", start())
	r.does("add", "Jane Doe <"+jane+">")
	r.does("add", "Zoe Last <zoe@example.com>")
	zoe := r.contact("zoe@example.com").ID
	r.does("add", "Dana Fox <dana@example.com>, via Zoe Last")
	dana := r.contact("dana@example.com").ID
	r.does("forget", "dana")
	r.does("forget", "zoe")
	r.does("add", "Bob Roe <"+bob+">")
	if id := r.contact(bob).ID; id == zoe || id == dana {
		t.Errorf("number %d is used again", id)
	}
	if said := strings.Join(r.does("undo"), " "); !strings.Contains(said, "Taken back") {
		t.Errorf("undo says %q", said)
	}
	if said := strings.Join(r.does("undo"), " "); !strings.Contains(said, "erased") {
		t.Errorf("undo of a forget says %q", said)
	}
}

// A server that says "later" to one mail for days is told of; the mail does not wait for ever.
func TestLaterForDays(t *testing.T) {
	r := onWorld(t, "", start())
	r.pen.Reject(jane, 450, "4.2.2", "mailbox full")
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(10 * 24 * time.Hour)
	r.stage(jane, contact.New)
	r.has("the digest", r.lastText("digest"), "Jane Doe", "could not be sent", "mailbox full")
}

// hold by the number of a mail that has left stops nothing else, and says so.
func TestHoldOfWhatHasLeft(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	receipt := r.last("receipt")
	r.pass(3 * time.Hour)
	r.got(jane, 1)
	r.answers(receipt, "1 hold")
	r.has("the receipt", r.lastText("receipt"), "has left")
}

// An outcome that was taken back and told again does not thank twice.
func TestThanksOnce(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes, gladly. When?")
	r.writes("", "met jane: a good talk")
	receipt := r.last("receipt")
	r.pass(3 * 24 * time.Hour)
	r.got(jane, 2)
	r.answers(receipt, "undo "+numberOfUndo(t, receipt))
	r.writes("", "met jane: a very good talk")
	r.pass(4 * 24 * time.Hour)
	r.got(jane, 2)
	r.stage(jane, contact.InTouch)
}

// A name that cannot be greeted is no reason to stop everything.
func TestNameWithoutAFirstName(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask x4711@example.com, friend")
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(30 * 24 * time.Hour)
	r.readable()
	for _, raw := range append(r.gotten("x4711@example.com", 3), r.gotten(jane, 3)...) {
		if strings.Contains(textOf(raw), "Hi ,") {
			t.Errorf("greets nobody:\n%s", textOf(raw))
		}
	}
	if n := len(r.gotten(jane, 3)); n != 3 {
		t.Errorf("Jane got %d mails", n)
	}
}

// allMail is a server with All Mail in place of INBOX and Sent.
type allMail struct{ engine.Mailbox }

func (a allMail) Read(ctx context.Context, from []imapin.Cursor, since time.Time, v imapin.Visitor) (imapin.Look, error) {
	return a.Mailbox.Read(ctx, from, since, allVisitor{v})
}

type allVisitor struct{ imapin.Visitor }

func (a allVisitor) Message(ctx context.Context, h imapin.Header, fetch func(context.Context, int64) ([]byte, error)) error {
	if h.Role != imapin.RoleJunk {
		h.Role = imapin.RoleAll
	}
	return a.Visitor.Message(ctx, h, fetch)
}

// In All Mail a mail from outside lies beside what the owner sent: its From line proves nothing there either.
func TestForgedMailByHandInAllMail(t *testing.T) {
	r := onWorld(t, "", start())
	e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: allMail{r.box}, Sender: r.out, Holder: "test"})
	r.must(err)
	r.e = e
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.stage(jane, contact.Asking)
	forged := append([]byte("Delivered-To: ada@example.org\r\nReceived: from evil.example by mx.example.org; Mon, 02 Jan 2023 10:00:00 +0000\r\n"), r.byHand(jane)...)
	r.must(r.pen.Inject(r.owner, "", forged))
	r.turn()
	r.stage(jane, contact.Asking)
	r.submit(r.owner, r.byHand(jane))
	r.turn()
	r.stage(jane, contact.New)
}

// A person gets no second mail on the day on which the owner wrote by hand.
func TestOneMailADayWithThoseByHand(t *testing.T) {
	r, ask := asked(t, "")
	r.writes("", "add Dana Fox <dana@example.com>, via Jane Doe")
	r.replies(jane, ask, "Yes, gladly. When?")
	r.pass(48 * time.Hour)
	r.submit(r.owner, r.byHand(jane))
	r.turn()
	hand := r.now
	r.writes("", "dana met: she was great")
	r.pass(6 * 24 * time.Hour)
	all := r.gotten(jane, 3)
	if len(all) != 3 {
		t.Fatalf("Jane got %d mails, want the ask, the one by hand and the thanks for Dana", len(all))
	}
	if d := message.Parse(all[2]).Date; d.Sub(hand) < 24*time.Hour {
		t.Errorf("the thanks for Dana left %s after the mail by hand", d.Sub(hand))
	}
}

// The answer that a counted mail of the same moment gets does not stop the count of receipts.
func TestReceiptLimit(t *testing.T) {
	r := onWorld(t, "", start())
	r.does("add", "Jane Doe <"+jane+">")
	for i := range 14 {
		r.writes("", fmt.Sprintf("note jane: note %d", i))
	}
	if n := len(r.ofKind("receipt")); n != 10 {
		t.Errorf("%d receipts in an hour", n)
	}
	r.writes("", "met jane: we talked")
	r.pass(2 * time.Hour)
	if n := len(r.gotten(jane, 0)); n != 0 {
		t.Error("a thank-you left that no mail has listed")
	}
	r.pass(48 * time.Hour)
	r.got(jane, 1)
}

// A notice counts from when the server has taken the mail that gives it.
func TestNoticeIsGivenWhenItsMailHasLeft(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "add Jane Doe <"+jane+">")
	r.pass(time.Hour)
	r.pen.Fault(world.Fault{At: world.SMTPRcpt, Address: r.owner, Code: 450})
	r.writes("", "met jane: we talked")
	r.pass(5 * time.Hour)
	if n := len(r.gotten(jane, 0)); n != 0 {
		t.Fatal("a thank-you left before its notice")
	}
	r.pen.Heal()
	r.pass(3 * time.Hour)
	r.got(jane, 1)
	receipt := message.Parse(r.last("receipt"))
	if d := message.Parse(r.got(jane, 1)).Date.Sub(receipt.Date); d < 4*time.Hour {
		t.Errorf("the thank-you left %s after the receipt was written", d)
	}
}

// What waits for a yes waits for ever, and leaves with one.
func TestApprove(t *testing.T) {
	r := onWorld(t, "[review]\nask = \"approve\"\nthank_you = \"approve\"\n", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(5 * 24 * time.Hour)
	if n := len(r.gotten(jane, 0)); n != 0 {
		t.Fatal("it left without a yes")
	}
	digest := r.last("digest")
	r.answers(digest, numberOf(t, digest, "Jane Doe")+" yes")
	r.pass(72 * time.Hour)
	r.got(jane, 1)
}

// A contact whose display name is the owner's is a contact.
func TestOwnersNamesake(t *testing.T) {
	r, ask := asked(t, "")
	raw := r.pen.Answer(mail.Address{Name: "Ada Example", Address: jane}, ask, "ask Mallory <mallory@example.net>")
	r.deliver(jane, r.owner, raw)
	r.turn()
	r.stage(jane, contact.Talking)
	r.pass(5 * 24 * time.Hour)
	if n := len(r.gotten("mallory@example.net", 0)); n != 0 {
		t.Error("a contact commanded")
	}
}

// The copy in Sent may be filed long after the one in the inbox, and the other way round: it is obeyed once.
func TestCommandObeyedOnceInAnyOrder(t *testing.T) {
	for name, order := range map[string][]string{"inbox first": {"", "Sent"}, "sent first": {"Sent", ""}} {
		for _, wait := range []time.Duration{0, time.Minute, time.Hour, 30 * time.Hour} {
			t.Run(fmt.Sprint(name, " ", wait), func(t *testing.T) {
				r := onWorld(t, "", start())
				r.does("add", "Jane Doe <"+jane+">")
				raw := r.fresh(r.owner, r.owner, "", "note jane: once")
				for _, folder := range order {
					if folder == "" {
						r.must(r.pen.Inject(r.owner, "", raw))
					} else {
						r.must(r.pen.File(r.owner, folder, raw))
					}
					r.turn()
					r.pass(wait)
				}
				r.pass(time.Hour)
				if n := len(r.contact(jane).Notes); n != 1 {
					t.Errorf("obeyed %d times", n)
				}
			})
		}
	}
}

// A daemon on a store that never had a welcome sends it, once; where it is not wanted, never.
func TestWelcomeOnTheFirstStart(t *testing.T) {
	for name, want := range map[string]int{"": 1, "off": 0} {
		t.Run("welcome "+name, func(t *testing.T) {
			r := onWorld(t, "", start())
			ctx := context.Background()
			r.must(r.mb.Update(ctx, r.now, func(tx *store.Tx) error { return tx.Set(engine.SettingWelcome, name) }))
			r.must(engine.FirstStartForTest(r.e, ctx, r.now))
			r.must(engine.FirstStartForTest(r.e, ctx, r.now))
			r.turn()
			if n := len(r.ofKind("welcome")); n != want {
				t.Errorf("%d welcomes, want %d", n, want)
			}
		})
	}
}
