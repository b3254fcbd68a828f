package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"askwell/internal/contact"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/store"
)

// Where the answer to the dot gets lost.
var (
	answerLost = mailtest.Rule{Dir: mailtest.ToClient, Match: "queued as", First: true, Do: mailtest.Cut} // the server has it
	dotLost    = mailtest.Rule{Dir: mailtest.ToServer, Match: ".", Whole: true, First: true, Do: mailtest.Cut}
)

// doubtful takes a turn in which something leaves, and nobody learns whether it arrived.
func (r *rig) doubtful(address string, rule mailtest.Rule) store.Mail {
	r.t.Helper()
	r.smtp.CutAll()
	r.smtp.Inside(r.lab.ServerTLS(), r.lab.TLSConfig())
	r.smtp.Set(rule)
	r.turn()
	r.smtp.Set()
	r.smtp.Inside(nil, nil)
	rows := r.outbox(address)
	last := rows[len(rows)-1]
	if last.State != store.InDoubt {
		r.t.Fatalf("the %s to %s is %s, want in doubt", last.Kind, address, last.State)
	}
	return last
}

// askedInDoubt asks somebody of whom then nobody knows whether it arrived.
func (r *rig) askedInDoubt(address string, rule mailtest.Rule) store.Mail {
	r.t.Helper()
	r.writes("", "ask Jane Doe <"+address+">, friend")
	for r.now.Before(r.outbox(address)[0].LeavesAt) {
		r.now = r.turn()
	}
	return r.doubtful(address, rule)
}

func (r *rig) stateOf(row store.Mail) store.State {
	r.t.Helper()
	for _, m := range r.outbox(string(row.Address)) {
		if m.ID == row.ID {
			return m.State
		}
	}
	return ""
}

// settled holds that a doubt is at an end, that nothing else left, and that the wait for an answer goes on as after any ask.
func (r *rig) settled(row store.Mail, stage contact.Stage) {
	r.t.Helper()
	if s := r.stateOf(row); s != store.Sent {
		r.t.Errorf("the %s is %s, want sent", row.Kind, s)
	}
	if d := r.contact(string(row.Address)).Doubts; len(d) != 0 {
		r.t.Errorf("still in doubt: %v", d)
	}
	r.stage(string(row.Address), stage)
}

// TestDoubtIsSettled is every way in which a doubt ends, on real servers.
func TestDoubtIsSettled(t *testing.T) {
	t.Parallel()
	type test struct {
		name string
		lost mailtest.Rule
		ends func(r *rig, jane string, row store.Mail)
		want contact.Stage
	}
	tests := []test{
		{"by the owner: it arrived", answerLost, func(r *rig, _ string, _ store.Mail) { r.writes("", "sent jane") }, contact.Asked},
		{"by the owner: it did not", dotLost, func(r *rig, _ string, _ store.Mail) {
			r.writes("", "resend jane")
			r.pass(time.Hour)
		}, contact.Asked},
		{"by an answer", answerLost, func(r *rig, jane string, _ store.Mail) {
			r.deliver(jane, r.owner, r.pen.Answer(person(jane), r.got(jane, 1), "Yes, gladly."))
		}, contact.Talking},
		{"by an answer from elsewhere", answerLost, func(r *rig, jane string, row store.Mail) {
			r.deliver("jd@private.test", r.owner, r.names("jd@private.test", row.MessageID, "coffee", "Yes, gladly."))
		}, contact.Talking},
		{"by an automatic answer", answerLost, func(r *rig, jane string, row store.Mail) {
			raw := mailtest.Text(jane, r.owner, "Away", "I am out of the office.", "Auto-Submitted: auto-replied", "In-Reply-To: <"+string(row.MessageID)+">")
			r.deliver(jane, r.owner, raw)
		}, contact.Asked},
		{"by its copy in Sent", answerLost, func(r *rig, jane string, _ store.Mail) {
			r.lab.File(r.owner, "Sent", r.got(jane, 1)) // as a server files it that took its time
		}, contact.Asked},
	}
	var users []string
	for i := range tests {
		users = append(users, fmt.Sprintf("owner%d@lab.test", i), fmt.Sprintf("jane%d@contacts.test", i))
	}
	lab := mailtest.Start(t, mailtest.Options{Users: append(users, "last@lab.test")})
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, jane := onThisLab(t, lab, users[2*i], "", start()), users[2*i+1]
			row := r.askedInDoubt(jane, test.lost)
			r.must(second(r.e.SendDigest(context.Background(), r.now)))
			r.turn()
			r.has("the digest", r.lastText("digest"), "Jane Doe: nobody knows whether the ask arrived; the server took it in full but never answered", "sent", "resend")
			test.ends(r, jane, row)
			r.turn()
			r.settled(row, test.want)
			if got := message.ParseHeader(r.got(jane, 1)); got.MessageID != row.MessageID {
				t.Errorf("Jane got %s, want %s", got.MessageID, row.MessageID)
			}
			if refs := r.contact(jane).Thread.References; len(refs) == 0 || refs[0] != row.MessageID {
				t.Errorf("the thread is %v", refs)
			}
		})
	}
	t.Run("by a bounce", func(t *testing.T) {
		r := onThisLab(t, lab, "last@lab.test", "", start())
		row := r.askedInDoubt("nobody@contacts.test", answerLost)
		r.await(r.owner, "INBOX", 1, func(m *message.Message) bool {
			return strings.Contains(m.Header.Get("Content-Type"), "multipart/report")
		})
		r.turn()
		r.settled(row, contact.Unreachable)
	})
}

// TestDoubtIsSettledByACopy are servers that file what they took, under the Message-ID that they gave it.
func TestDoubtIsSettledByACopy(t *testing.T) {
	const jane = "jane@contacts.test"
	for name, o := range map[string]mailtest.Options{
		"filed by the server":                 {FileSent: true},
		"under a new Message-ID":              {FileSent: true, Rewrite: mailtest.NewMessageID},
		"under a new one, without References": {FileSent: true, Rewrite: mailtest.NewMessageID + "\n" + mailtest.NoReferences},
		"beside all mail":                     {FileSent: true, Rewrite: mailtest.NewMessageID, AllMail: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.Users = []string{jane}
			r := onThisLab(t, mailtest.Start(t, o), mailtest.Owner, "", start())
			row := r.askedInDoubt(jane, answerLost)
			r.await(r.owner, "Sent", 1, mailTo(jane))
			r.turn()
			r.settled(row, contact.Asked)
			r.pass(3 * time.Hour)
			if n := len(r.await(r.owner, "Sent", 1, mailTo(jane))); n != 1 {
				t.Errorf("%d copies in Sent", n)
			}
			r.got(jane, 1)
		})
	}
}

// TestDoubtIsNotSettledByALookalike: what only looks as if the mail had arrived is recorded, and settles nothing.
func TestDoubtIsNotSettledByALookalike(t *testing.T) {
	t.Parallel()
	const jane = "jane@contacts.test"
	r := onThisLab(t, mailtest.Start(t, mailtest.Options{Users: []string{jane}, ToFolder: true}), mailtest.Owner, soon, start())
	ask := r.nudgeDue(jane)
	id, subject := message.Parse(ask).MessageID, "Re: "+message.Parse(ask).Subject
	nudge := r.doubtful(jane, dotLost)
	copied := strings.ReplaceAll(string(nudge.Raw), string(nudge.MessageID), "guess@lab.test")
	copied = strings.ReplaceAll(copied, strings.SplitN(string(nudge.MessageID), "@", 2)[0], "guess")
	for name, look := range map[string]func(){
		"a bounce of the ask":         func() { r.deliver("", r.owner, bounceOf("other@contacts.test", string(id))) },
		"a bounce of an unknown mail": func() { r.deliver("", r.owner, bounceOf(jane, "guess@lab.test")) },
		"a stranger under our subject": func() {
			r.deliver("eve@elsewhere.test", r.owner, r.fresh("eve@elsewhere.test", r.owner, subject, "I got it."))
		},
		"a stranger who answers the ask": func() {
			r.deliver("eve@elsewhere.test", r.owner, r.names("eve@elsewhere.test", id, subject, "I got it."))
		},
		"a copy in the inbox, other identifiers": func() { r.deliver("eve@elsewhere.test", r.owner, []byte(copied)) },
		"an answer to the ask":                   func() { r.deliver(jane, r.owner, r.pen.Answer(person(jane), ask, "I got your reminder.")) },
		"a mail in a new thread":                 func() { r.deliver(jane, r.owner, r.fresh(jane, r.owner, "Your reminder", "I got it.")) },
	} {
		look()
		r.turn()
		if s := r.stateOf(nudge); s != store.InDoubt || len(r.contact(jane).Doubts) != 1 {
			t.Errorf("%s: the nudge is %s, doubts %v", name, s, r.contact(jane).Doubts)
		}
	}
	r.must(second(r.e.SendDigest(context.Background(), r.now)))
	r.turn()
	r.has("the digest", r.lastText("digest"), "Jane Doe: nobody knows whether the nudge arrived")
	r.got(jane, 1)
	r.writes("", "sent jane")
	r.settled(nudge, r.contact(jane).Stage)
}

// TestWhatJustifiedASending: the row keeps what was read before it left, and that is what was there.
func TestWhatJustifiedASending(t *testing.T) {
	t.Parallel()
	const jane = "jane@contacts.test"
	r := onThisLab(t, mailtest.Start(t, mailtest.Options{Users: []string{jane}, ToFolder: true}), mailtest.Owner, soon, start())
	r.junk("eve@elsewhere.test", r.fresh("eve@elsewhere.test", r.owner, "Buy this", "Cheap watches"))
	r.nudgeDue(jane)
	r.last("digest") // it is there
	r.turn()
	rows := r.outbox(jane)
	nudge := rows[len(rows)-1]
	if nudge.State != store.Sent {
		t.Fatalf("the nudge is %s", nudge.State)
	}
	var look struct {
		At      time.Time
		Folders []struct {
			Folder           string
			UIDValidity, UID uint32
		}
	}
	r.must(json.Unmarshal([]byte(nudge.Look), &look))
	if !look.At.Equal(r.now) || look.At.Before(nudge.DueAt) {
		t.Errorf("it was due at %s, the look is of %s", nudge.DueAt, look.At)
	}
	c := r.lab.Login(r.owner, nil)
	defer c.Close()
	var names []string
	for _, f := range look.Folders {
		names = append(names, f.Folder)
		box, err := c.Select(f.Folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		r.must(err)
		if f.UIDValidity != box.UIDValidity || imap.UID(f.UID) != box.UIDNext-1 || f.UID == 0 {
			t.Errorf("%s was read to %d of %d; there is %d of %d", f.Folder, f.UID, f.UIDValidity, box.UIDNext-1, box.UIDValidity)
		}
	}
	if fmt.Sprint(names) != "[Sent INBOX Junk]" {
		t.Errorf("%v were read", names)
	}
}
