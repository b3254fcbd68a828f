package engine_test

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/store"
)

// to tells mail to an address.
func mailTo(address string) func(*message.Message) bool {
	return func(m *message.Message) bool { return len(m.To) > 0 && string(m.To[0].Address) == address }
}

// outbox are the rows to an address, oldest first.
func (r *rig) outbox(address string) (rows []store.Mail) {
	r.t.Helper()
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
		rows = r.outboxIn(tx, address)
		return nil
	}))
	return rows
}

func (r *rig) outboxIn(tx *store.Tx, address string) (rows []store.Mail) {
	r.t.Helper()
	all, err := tx.Mails(1000)
	r.must(err)
	for _, m := range all {
		if string(m.Address) == address {
			rows = append(rows, m)
		}
	}
	return rows
}

// names is an answer that names a Message-ID in In-Reply-To and nothing else, from anywhere.
func (r *rig) names(from string, id message.MessageID, subject, words string) []byte {
	return mailtest.Text(from, r.owner, subject, words, "In-Reply-To: <"+string(id)+">")
}

// TestServersThatRewrite are servers that give a mail a new Message-ID when it is submitted: what answers it still finds its
// contact, and nobody else.
func TestServersThatRewrite(t *testing.T) {
	for name, test := range map[string]struct {
		mailtest.Options
		learns bool // the copy in Sent bears the new Message-ID
	}{
		"a new Message-ID":                      {Options: mailtest.Options{Rewrite: mailtest.NewMessageID}},
		"a new Message-ID, filed by the server": {Options: mailtest.Options{Rewrite: mailtest.NewMessageID, FileSent: true}, learns: true},
		"a new Message-ID, no References, filed by the server": {
			Options: mailtest.Options{Rewrite: mailtest.NewMessageID + "\n" + mailtest.NoReferences, FileSent: true}, learns: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const jane, bob, nobody = "jane@contacts.test", "bob@contacts.test", "nobody@contacts.test"
			test.Users = []string{jane, bob}
			r := onThisLab(t, mailtest.Start(t, test.Options), mailtest.Owner, "[sending]\ngap = \"0s\"\n", start())
			// Both leave in one turn, under one subject and one Date.
			r.writes("", "ask Jane Doe <"+jane+">, friend\nask Bob Roe <"+bob+">, friend\nask Cy Poe <"+nobody+">, friend")
			r.pass(2 * time.Hour)
			asks := map[string]*message.Message{}
			for _, who := range []string{jane, bob} {
				asks[who] = message.Parse(r.got(who, 1))
				if row := r.outbox(who)[0]; asks[who].MessageID == row.MessageID || row.State != store.Sent {
					t.Fatalf("the ask to %s left as %s, %s", who, row.MessageID, row.State)
				}
			}
			if asks[jane].Subject != asks[bob].Subject || !asks[jane].Date.Equal(asks[bob].Date) {
				t.Fatal("the two asks can be told apart by subject and Date")
			}
			for _, who := range []string{jane, bob, nobody} {
				r.await(r.owner, "Sent", 1, mailTo(who))
			}
			r.await(r.owner, "INBOX", 1, func(m *message.Message) bool {
				return strings.Contains(m.Header.Get("Content-Type"), "multipart/report")
			})
			r.pass(time.Hour)
			r.stage(nobody, contact.Unreachable)

			// Jane answers from elsewhere, under another subject.
			if test.learns {
				r.deliver("jd@private.test", r.owner, r.names("jd@private.test", asks[jane].MessageID, "coffee", "Yes, gladly."))
			} else {
				raw := mailtest.Text("jd@private.test", r.owner, "coffee", "Yes, gladly.",
					"In-Reply-To: <"+string(asks[jane].MessageID)+">", "References: "+asks[jane].Header.Get("References")+" <"+string(asks[jane].MessageID)+">")
				r.deliver("jd@private.test", r.owner, raw)
			}
			r.turn()
			r.stage(jane, contact.Talking)
			r.stage(bob, contact.Asked)

			// The nudge to Bob answers what Bob has.
			r.pass(14 * 24 * time.Hour)
			nudge := message.Parse(r.got(bob, 2))
			row := r.outbox(bob)[1]
			if test.learns && strings.Contains(test.Rewrite, "References") == false && !slices.Equal(nudge.InReplyTo, []message.MessageID{asks[bob].MessageID}) {
				t.Errorf("the nudge answers %v, Bob has %s", nudge.InReplyTo, asks[bob].MessageID)
			}
			if !strings.Contains(test.Rewrite, "References") && (len(nudge.References) == 0 || len(asks[bob].References) == 0 || nudge.References[0] != asks[bob].References[0]) {
				t.Errorf("the nudge refers to %v, the ask to %v: no program shows them together", nudge.References, asks[bob].References)
			}
			if nudge.MessageID == row.MessageID {
				t.Error("the nudge kept its Message-ID")
			}
			r.await(r.owner, "Sent", 2, mailTo(bob))
			r.pass(2 * time.Hour)
			if test.learns {
				r.deliver("br@private.test", r.owner, r.names("br@private.test", nudge.MessageID, "coffee", "Sorry, I was away. Yes!"))
			} else {
				raw := mailtest.Text("br@private.test", r.owner, "coffee", "Sorry, I was away. Yes!",
					"In-Reply-To: <"+string(nudge.MessageID)+">", "References: "+nudge.Header.Get("References")+" <"+string(nudge.MessageID)+">")
				r.deliver("br@private.test", r.owner, raw)
			}
			r.turn()
			r.stage(bob, contact.Talking)
			r.pass(30 * 24 * time.Hour)
			r.got(jane, 1)
			r.got(bob, 2)
			for who, want := range map[string]int{jane: 1, bob: 2, nobody: 1} {
				if n := len(r.await(r.owner, "Sent", 0, mailTo(who))); n != want {
					t.Errorf("%d copies of the mails to %s lie in Sent, want %d", n, who, want)
				}
			}
		})
	}
}

// wroteByHand counts the mails by hand in a contact's journal.
func (r *rig) count(address, event string) (n int) {
	r.t.Helper()
	id := r.contact(address).ID
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
		records, err := tx.Journal(id)
		for _, rec := range records {
			if rec.Name == event {
				n++
			}
		}
		return err
	}))
	return n
}

// What the owner writes by hand in a thread of ours refers to what we referred to: it is no copy of ours for that.
func TestByHandInTheThread(t *testing.T) {
	ids := func(list ...message.MessageID) string {
		var all []string
		for _, id := range list {
			all = append(all, "<"+string(id)+">")
		}
		return strings.Join(all, " ")
	}
	for name, write := range map[string]func(ask *message.Message) []string{
		"after their answer": func(ask *message.Message) []string {
			return []string{"In-Reply-To: <answer@example.com>", "References: " + ids(append(slices.Clone(ask.References), ask.MessageID, "answer@example.com")...)}
		},
		"after our own mail": func(ask *message.Message) []string {
			return []string{"In-Reply-To: " + ids(ask.MessageID), "References: " + ids(append(slices.Clone(ask.References), ask.MessageID)...)}
		},
		"by a program that copies References": func(ask *message.Message) []string {
			return []string{"In-Reply-To: " + ids(ask.MessageID), "References: " + ids(ask.References...)}
		},
		"by a program that knows only In-Reply-To": func(ask *message.Message) []string {
			return []string{"In-Reply-To: " + ids(ask.MessageID)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, raw := asked(t, "")
			ask := message.Parse(raw)
			hand := mailtest.Text(r.owner, jane, "Re: "+ask.Subject, "One more thing.", write(ask)...)
			r.must(r.pen.File(r.owner, "Sent", hand))
			r.turn()
			if n := r.count(jane, "owner_wrote"); n != 1 {
				t.Errorf("%d mails by hand were seen", n)
			}
		})
	}
}

// A copy of ours without any identifier of ours is known by what it is, to the second; a mail by hand is not taken for it.
func TestCopyWithoutIdentifiers(t *testing.T) {
	for name, test := range map[string]struct {
		change func(string) string
		byHand int
	}{
		"the copy":          {func(s string) string { return s }, 0},
		"a second later":    {func(s string) string { return strings.Replace(s, ":00 +", ":01 +", 1) }, 1},
		"another subject":   {func(s string) string { return strings.Replace(s, "Subject: ", "Subject: Fwd: ", 1) }, 1},
		"to two people":     {func(s string) string { return strings.Replace(s, "To: ", "To: bob@example.com, ", 1) }, 1},
		"answers something": {func(s string) string { return "In-Reply-To: <x@example.com>\r\n" + s }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "save_sent = \"never\"\n", start())
			r.writes("", "ask Jane Doe <"+jane+">, friend")
			r.pass(2 * time.Hour)
			raw := string(r.got(jane, 1))
			for _, field := range []string{"Message-ID: ", "References: "} {
				i := strings.Index(raw, field)
				end := i + strings.Index(raw[i:], "\r\n") + 2
				raw = raw[:i] + raw[end:]
			}
			r.must(r.pen.File(r.owner, "Sent", []byte("Message-ID: <used@mx.example>\r\n"+test.change(raw))))
			r.turn()
			if n := r.count(jane, "owner_wrote"); n != test.byHand {
				t.Errorf("%d mails by hand were seen, want %d", n, test.byHand)
			}
			r.deliver("jd@private.example", r.owner, r.names("jd@private.example", "used@mx.example", "coffee", "Yes, gladly."))
			r.turn()
			r.stage(jane, contact.Talking) // a mail by hand is answered as well
			if n := r.contact(jane).Thread.References; test.byHand == 0 && slices.Contains(n, "used@mx.example") {
				t.Errorf("the thread is %v", n)
			}
		})
	}
}

// Outlook.com keeps the Message-ID that it takes away in a field of its own.
func TestCopyThatTellsItsOldMessageID(t *testing.T) {
	r := onWorld(t, "save_sent = \"never\"\n", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(2 * time.Hour)
	id := message.Parse(r.got(jane, 1)).MessageID
	r.must(r.pen.File(r.owner, "Sent", mailtest.Text(r.owner, jane, "as they please", "x", "X-Microsoft-Original-Message-ID: <"+string(id)+">")))
	used := message.Parse(r.stored(r.owner, "Sent", 0)[1]).MessageID
	r.turn()
	if n := r.count(jane, "owner_wrote"); n != 0 {
		t.Errorf("%d mails by hand were seen", n)
	}
	r.deliver("jd@private.example", r.owner, r.names("jd@private.example", used, "coffee", "Yes, gladly."))
	r.turn()
	r.stage(jane, contact.Talking)
}

// What the owner answers to a mail of ours is understood under its new Message-ID, too. It proves the owner where it names what
// we drew ourselves; where the server leaves nothing of that, Sent does.
func TestOwnerAnswersUnderANewMessageID(t *testing.T) {
	const jane, bob = "jane@contacts.test", "bob@contacts.test"
	for name, test := range map[string]struct {
		mailtest.Options
		proves bool
	}{
		"References stay": {mailtest.Options{Rewrite: mailtest.NewMessageID}, true},
		"nothing stays":   {mailtest.Options{Rewrite: mailtest.NewMessageID + "\n" + mailtest.NoReferences, FileSent: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Users = []string{jane, bob}
			r := onThisLab(t, mailtest.Start(t, test.Options), mailtest.Owner, "", start())
			r.does("add", "Jane Doe <"+jane+">")
			r.does("add", "Bob Roe <"+bob+">")
			r.must(second(r.e.SendDigest(context.Background(), r.now)))
			r.turn()
			digest := r.last("digest")
			if row := r.outbox(r.owner)[0]; message.Parse(digest).MessageID == row.MessageID {
				t.Fatal("the digest kept its Message-ID")
			}
			r.turn()
			r.answers(digest, numberOf(t, digest, "Jane Doe")+" ask")
			r.stage(jane, contact.Asking)
			r.has("the receipt", r.lastText("receipt"), "Jane Doe gets the ask")
			// From a program that keeps no copy in Sent.
			answer := r.pen.Answer(mail.Address{Name: "Ada Example", Address: r.owner}, digest, numberOf(t, digest, "Bob Roe")+" ask")
			r.deliver(r.owner, r.owner, answer)
			r.turn()
			if test.proves {
				r.stage(bob, contact.Asking)
			} else {
				r.stage(bob, contact.New)
			}
		})
	}
}
