package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/store"
)

// A server with all mail in one folder, as Gmail is: that one is watched in place of the inbox, and Sent beside it.
func TestAllMail(t *testing.T) {
	t.Parallel()
	const jane, bob = "jane@contacts.test", "bob@contacts.test"
	lab := mailtest.Start(t, mailtest.Options{Users: []string{jane, bob}, AllMail: true, ToFolder: true, Dovecot: "imap_capability = +X-GM-EXT-1"})
	r := onThisLab(t, lab, mailtest.Owner, "", start())
	notes := func(want int) {
		t.Helper()
		r.turn()
		if n := len(r.contact(jane).Notes); n != want {
			t.Errorf("%d notes were taken, want %d", n, want)
		}
	}

	// A command lies in Sent, in the inbox and, both, in All Mail: it is obeyed once.
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.stage(jane, contact.Asking)
	if n := len(r.ofKind("receipt")); n != 1 {
		t.Errorf("%d receipts", n)
	}
	r.pass(2 * time.Hour)
	r.got(jane, 1)

	// What a server filed that was submitted to it bears its lines; it is in Sent, and that is enough.
	submitted := func(subject, words string) []byte {
		return append([]byte("Return-Path: <"+r.owner+">\r\nReceived: from [192.0.2.7] by smtp.lab.test with ESMTPSA id x1; Mon, 02 Jan 2023 10:00:00 +0000\r\n"),
			r.fresh(r.owner, r.owner, subject, words)...)
	}
	lab.File(r.owner, "Sent", submitted("", "note jane: from a phone"), imap.FlagSeen)
	notes(1)

	// The same in the inbox, and so in All Mail, proves nothing, even without any line of a server.
	lab.File(r.owner, "INBOX", submitted("forged 1", "note jane: forged"))
	lab.File(r.owner, "INBOX", r.fresh(r.owner, r.owner, "forged 2", "note jane: forged"))
	lab.Deliver("eve@elsewhere.test", r.owner, r.fresh(r.owner, r.owner, "forged 3", "note jane: forged"))
	// Nor does what anybody can send to a folder.
	lab.Deliver("eve@elsewhere.test", "owner+Sent@lab.test", r.fresh(r.owner, r.owner, "forged 4", "note jane: forged"))
	lab.Await(r.owner, "Virtual/All", 9)
	// What is being written is neither a command nor a mail.
	lab.File(r.owner, "Drafts", r.fresh(r.owner, r.owner, "draft", "note jane: half a thought"), imap.FlagDraft)
	lab.File(r.owner, "Drafts", r.byHand(jane), imap.FlagDraft)
	// And a mail by hand that only says so is none.
	lab.File(r.owner, "INBOX", r.byHand(jane))
	notes(1)
	if n := r.count(jane, "owner_wrote"); n != 0 {
		t.Errorf("%d mails by hand were seen", n)
	}
	r.pass(24 * time.Hour)
	notes(1)
	text := r.lastText("digest")
	r.has("the digest", text, "forged 1", "forged 2", "forged 3", "forged 4")
	if strings.Contains(text, "draft") {
		t.Errorf("the digest tells of a draft:\n%s", text)
	}

	// An answer is seen, and one in Junk; a mail by hand is seen in Sent.
	lab.File(r.owner, "Sent", r.byHand(jane), imap.FlagSeen)
	r.turn()
	if n := r.count(jane, "owner_wrote"); n != 1 {
		t.Errorf("%d mails by hand were seen, want 1", n)
	}
	r.replies(jane, r.got(jane, 1), "Gladly! Would Thursday at 3pm work for you?")
	r.stage(jane, contact.Talking)
	r.answers(r.last("times"), "pick a")
	r.stage(jane, contact.Scheduled)
	r.writes("", "ask Bob Roe <"+bob+">, friend")
	r.pass(26 * time.Hour)
	r.junk(bob, r.pen.Answer(person(bob), r.got(bob, 1), "Yes, of course."))
	r.turn()
	r.stage(bob, contact.Talking)
	for _, who := range []string{jane, bob} {
		for _, raw := range r.gotten(who, 1) {
			id := message.ParseHeader(raw).MessageID
			if n := len(r.await(r.owner, "Sent", 1, func(m *message.Message) bool { return m.MessageID == id })); n != 1 {
				t.Errorf("%d copies in Sent of a mail to %s", n, who)
			}
		}
	}
}

// Sent is the owner's own only as long as nobody else gets anything into it: what was delivered there commands nothing, however
// it came there.
func TestSentThatAnybodyReaches(t *testing.T) {
	t.Parallel()
	lab := mailtest.Start(t, mailtest.Options{ToFolder: true})
	r := onThisLab(t, lab, mailtest.Owner, "", start())
	r.does("add", "Jane Doe <"+jane+">")
	forged := func() []byte {
		return r.fresh(r.owner, r.owner, fmt.Sprintf("forged %d", r.letters+1), "note jane: forged")
	}
	lab.Deliver("eve@elsewhere.test", "owner+Sent@lab.test", forged())
	// Delivered to two at once, it does not tell to whom.
	lab.DeliverAll("eve@elsewhere.test", []string{"owner+Sent@lab.test", "owner+sent@lab.test", r.owner}, forged())
	lab.DeliverAll("", []string{"owner+Sent@lab.test", r.owner}, forged())
	raw := lab.Await(r.owner, "Sent", 3)
	for _, raw := range raw[1:] {
		if m := message.ParseHeader(raw); m.Header.Has("Delivered-To") {
			t.Errorf("it has a Delivered-To; this test wants one without\n%s", raw)
		}
	}
	lab.Await(r.owner, "INBOX", 2)
	// And by a filter that takes every mail from oneself for sent.
	lab.File(r.owner, "Sent", append([]byte("Return-Path: <eve@elsewhere.test>\r\nReceived: from eve by mx\r\n"), forged()...))
	r.turn()
	r.pass(time.Hour)
	if n := len(r.contact(jane).Notes); n != 0 {
		t.Errorf("%d forged commands were obeyed", n)
	}
	lab.File(r.owner, "Sent", append([]byte("Received: from [192.0.2.7] by smtp.lab.test with ESMTPSA id x1\r\n"), r.fresh(r.owner, r.owner, "", "note jane: mine")...))
	r.turn()
	if n := len(r.contact(jane).Notes); n != 1 {
		t.Errorf("%d notes were taken, want that of the mail which the server filed", n)
	}
}

// Where there is all mail and nothing for sent mail, a forged copy of ours lies beside the real one: it teaches nothing.
func TestForgedCopyInAllMail(t *testing.T) {
	r := onWorld(t, "save_sent = \"never\"\n", start())
	e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: allMail{r.box}, Sender: r.out, Holder: "test"})
	r.must(err)
	r.e = e
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(2 * time.Hour)
	ask := r.got(jane, 1)
	id := message.Parse(ask).MessageID
	renamed := func(to string) []byte { // as a server files it that rewrites, and as Jane can, who has it
		return []byte(strings.Replace(string(ask), "Message-ID: <"+string(id)+">", "Message-ID: <"+to+">", 1))
	}
	r.must(r.pen.Inject(r.owner, "", append([]byte("Delivered-To: "+r.owner+"\r\n"), renamed("forged@evil.example")...)))
	r.turn()
	r.must(r.pen.Inject(r.owner, "", r.names("eve@evil.example", "forged@evil.example", "coffee", "Stop writing to me.")))
	r.turn()
	r.stage(jane, contact.Asked)
	r.must(r.pen.File(r.owner, "Sent", renamed("used@mx.example")))
	r.turn()
	r.must(r.pen.Inject(r.owner, "", r.names("jd@private.example", "used@mx.example", "coffee", "Yes, gladly.")))
	r.turn()
	r.stage(jane, contact.Talking)
}

// A doubt ends by the copy in All Mail where there is no Sent, and not by what was brought there in the owner's name.
func TestDoubtIsSettledInAllMail(t *testing.T) {
	r := onWorld(t, "save_sent = \"never\"\n", start())
	e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: allMail{r.box}, Sender: r.out, Holder: "test"})
	r.must(err)
	r.e = e
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pen.Fault(world.Fault{At: world.SMTPDot, Address: jane, Drop: true, Accept: true, Times: 1})
	r.pass(3 * time.Hour)
	row := r.outbox(jane)[0]
	r.must(r.pen.Inject(r.owner, "", append([]byte("Delivered-To: "+r.owner+"\r\n"), r.got(jane, 1)...)))
	r.turn()
	if s := r.stateOf(row); s != store.InDoubt {
		t.Errorf("the ask is %s", s)
	}
	r.must(r.pen.File(r.owner, "Sent", r.got(jane, 1)))
	r.turn()
	r.settled(row, contact.Asked)
}
