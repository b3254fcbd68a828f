package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/store"
)

// ending is something after which no nudge leaves.
type ending struct {
	name  string
	event string // that withdraws it
	stage contact.Stage
	does  func(r *rig, jane string, ask []byte)
}

func endings() []ending {
	return []ending{
		{"an answer in the thread", "reply", contact.Talking, func(r *rig, jane string, ask []byte) {
			r.deliver(jane, r.owner, r.pen.Answer(person(jane), ask, "Yes, of course. When?"))
		}},
		{"an answer in Junk", "reply", contact.Talking, func(r *rig, jane string, ask []byte) {
			r.junk(jane, r.pen.Answer(person(jane), ask, "Yes, of course. When?"))
		}},
		{"an answer from another address", "reply", contact.Talking, func(r *rig, _ string, ask []byte) {
			r.deliver("jd@private.test", r.owner, r.pen.Answer(person("jd@private.test"), ask, "Yes, of course. When?"))
		}},
		{"a mail in a new thread", "reply", contact.Talking, func(r *rig, jane string, _ []byte) {
			r.deliver(jane, r.owner, r.fresh(jane, r.owner, "Your question", "Happy to help, call me."))
		}},
		{"the owner's own mail", "owner_wrote", contact.Asked, func(r *rig, jane string, _ []byte) {
			r.submit(r.owner, r.fresh(r.owner, jane, "me again", "Hi Jane, forget the mail, I'll call you."))
		}},
		{"a bounce", "bounce", contact.Unreachable, func(r *rig, jane string, ask []byte) {
			r.deliver("", r.owner, bounceOf(jane, string(message.Parse(ask).MessageID)))
		}},
		{"an absence", "auto_reply", contact.Asked, func(r *rig, jane string, ask []byte) {
			back := r.now.AddDate(0, 0, 20).Format("2 January 2006")
			raw := r.pen.Answer(person(jane), ask, "I am out of the office until "+back+".")
			r.deliver(jane, r.owner, append([]byte("Auto-Submitted: auto-replied\r\n"), raw...))
		}},
		{"a stage corrected", "declined", contact.Declined, func(r *rig, _ string, _ []byte) {
			r.submit(r.owner, r.fresh(r.owner, r.owner, "", "jane declined"))
		}},
		{"a correction on the command line", "close", contact.Closed, func(r *rig, _ string, _ []byte) { r.does("close", "jane") }},
	}
}

// TestNoNudgeAfter is every way in which an answer may come, and what else speaks against a nudge: none is followed by one.
func TestNoNudgeAfter(t *testing.T) {
	for _, e := range endings() {
		t.Run(e.name, func(t *testing.T) { noNudge(t, onWorld(t, "", start()), jane, e, 24*time.Hour) })
	}
}

// soon lets the nudge follow the next day, to be quick on real servers.
const soon = "[schedule]\nnudge_after = [\"2h\", \"7wd\"]\n"

func TestNoNudgeAfterOnDovecotAndPostfix(t *testing.T) {
	t.Parallel()
	all := endings()
	var users []string
	for i := range all {
		users = append(users, fmt.Sprintf("owner%d@lab.test", i), fmt.Sprintf("jane%d@contacts.test", i))
	}
	lab := mailtest.Start(t, mailtest.Options{Users: users, ToFolder: true})
	for i, e := range all {
		t.Run(e.name, func(t *testing.T) {
			noNudge(t, onThisLab(t, lab, users[2*i], soon, start()), users[2*i+1], e, time.Hour)
		})
	}
}

// nudgeDue asks Jane and goes on to the minute in which the nudge may leave.
func (r *rig) nudgeDue(jane string) (ask []byte) {
	r.t.Helper()
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(2 * time.Hour)
	ask = r.got(jane, 1)
	for range 60 {
		next := r.turn()
		if leaves := r.queued(contact.Nudge); !leaves.IsZero() && !next.Before(leaves) {
			r.now = leaves
			return ask
		}
		r.now = next
	}
	r.t.Fatal("no nudge was queued")
	return nil
}

func noNudge(t *testing.T, r *rig, jane string, e ending, after time.Duration) {
	ask := r.nudgeDue(jane)
	e.does(r, jane, ask)
	left := 1
	if e.event == "owner_wrote" {
		left = 2
	}
	r.turn()
	r.withdrawnBy(jane, e.event)
	r.stage(jane, e.stage)
	r.pass(after)
	r.got(jane, left)
	if !r.queued(contact.Nudge).IsZero() {
		t.Error("a nudge waits")
	}
}

// withdrawnBy holds that the nudge was withdrawn by that very event, in its transaction.
func (r *rig) withdrawnBy(jane, event string) {
	r.t.Helper()
	rows := r.outbox(jane)
	last := rows[len(rows)-1]
	if seq := r.seqOf(jane, event); last.Kind != string(contact.Nudge) || last.State != store.Withdrawn || last.GoneBy != seq {
		r.t.Errorf("the %s is %s by event %d (%s), want withdrawn by %d", last.Kind, last.State, last.GoneBy, last.Why, seq)
	}
}

// What an answer withdraws goes with it or not at all: where it cannot be written, the answer is not taken in either, nothing
// leaves, and the next reading takes both.
func TestWithdrawnWithTheAnswer(t *testing.T) {
	r := onWorld(t, "", start())
	ask := r.nudgeDue(jane)
	db, err := sql.Open("sqlite", "file:"+r.mb.Store().Path()+"?_pragma=busy_timeout(5000)")
	r.must(err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Exec(`CREATE TRIGGER full BEFORE UPDATE OF state ON outbox WHEN NEW.state = 'withdrawn' BEGIN SELECT RAISE(ABORT, 'disk is full'); END`)
	r.must(err)
	r.replies(jane, ask, "Yes, of course. When?")
	if n := r.count(jane, "reply"); n != 0 {
		t.Error("the answer was recorded without what it withdraws")
	}
	r.pass(3 * time.Hour)
	r.got(jane, 1)
	_, err = db.Exec(`DROP TRIGGER full`)
	r.must(err)
	r.turn()
	r.withdrawnBy(jane, "reply")
	r.pass(24 * time.Hour)
	r.got(jane, 1)
}

// A mail from elsewhere under our subject may be an answer: the owner is asked, and until then no nudge leaves.
func TestNudgeHeldWhileTheOwnerIsAsked(t *testing.T) {
	t.Parallel()
	const owners, janes = "owner%d@lab.test", "jane%d@contacts.test"
	var users []string
	for i := range 2 {
		users = append(users, fmt.Sprintf(owners, i), fmt.Sprintf(janes, i))
	}
	lab := mailtest.Start(t, mailtest.Options{Users: users})
	for i, word := range []string{"yes", "no"} {
		t.Run(word, func(t *testing.T) {
			r, jane := onThisLab(t, lab, users[2*i], soon, start()), users[2*i+1]
			ask := message.Parse(r.nudgeDue(jane))
			r.deliver("jd@private.test", r.owner, r.fresh("jd@private.test", r.owner, "Re: "+ask.Subject, "Happy to help, call me."))
			r.pass(30 * time.Hour)
			r.got(jane, 1)
			digest := r.last("digest")
			r.has("the digest", textOf(digest), "A mail from jd@private.test looks like an answer of Jane Doe. Is it?")
			r.answers(digest, numberOf(t, digest, "looks like an answer")+" "+word)
			r.pass(24 * time.Hour)
			if word == "yes" {
				r.stage(jane, contact.Talking)
				r.withdrawnBy(jane, "reply")
				r.got(jane, 1)
			} else {
				r.got(jane, 2)
			}
		})
	}
}

// The mailbox cannot be reached while the answer arrives and the nudge becomes due: nothing leaves until it was read, and then
// there is nothing to leave.
func TestNoNudgeAfterAnAnswerThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	const jane = "jane@contacts.test"
	r := onThisLab(t, mailtest.Start(t, mailtest.Options{Users: []string{jane}}), mailtest.Owner, soon, start())
	ask := r.nudgeDue(jane)
	r.imap.Down()
	r.deliver(jane, r.owner, r.pen.Answer(person(jane), ask, "Yes, of course. When?"))
	for range 30 {
		r.turn()
		r.now = r.now.Add(time.Minute)
	}
	if r.queued(contact.Nudge).IsZero() {
		t.Error("the nudge does not wait")
	}
	r.got(jane, 1)
	r.imap.Up()
	r.turn()
	r.stage(jane, contact.Talking)
	r.withdrawnBy(jane, "reply")
	r.pass(24 * time.Hour)
	r.got(jane, 1)
	r.has("the mails of trouble", strings.Join(strings.Split(r.subjects(), "; "), "\n"),
		"trouble: Your mailbox cannot be read", "trouble: Your mailbox can be read again")
}

// A nudge that was claimed when the answer came has not left: its bytes are there, and it is withdrawn all the same.
func TestNoNudgeAfterAClaim(t *testing.T) {
	t.Parallel()
	users := []string{"owner0@lab.test", "jane0@contacts.test", "owner1@lab.test", "jane1@contacts.test"}
	lab := mailtest.Start(t, mailtest.Options{Users: users})
	for i, test := range []struct {
		name  string
		claim func(r *rig, jane string)
	}{
		{"and a server that hung up", func(r *rig, _ string) {
			r.smtp.CutAll()
			r.smtp.Inside(lab.ServerTLS(), lab.TLSConfig())
			r.smtp.Set(mailtest.Rule{Match: "MAIL FROM", First: true, Do: mailtest.Cut})
			r.turn()
			r.smtp.Set()
			r.smtp.Inside(nil, nil)
		}},
		{"and a crash", func(r *rig, jane string) {
			r.must(r.mb.Update(context.Background(), r.now, func(tx *store.Tx) error {
				l, err := tx.Lease()
				if err != nil {
					return err
				}
				rows := r.outboxIn(tx, jane)
				_, err = tx.Claim(rows[len(rows)-1].ID, l.Epoch, []byte("Subject: x\r\n\r\nx\r\n"), "", r.now)
				return err
			}))
			r.restart()
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, jane := onThisLab(t, lab, users[2*i], soon, start()), users[2*i+1]
			ask := r.nudgeDue(jane)
			test.claim(r, jane)
			rows := r.outbox(jane)
			if last := rows[len(rows)-1]; last.Attempts != 1 || len(last.Raw) == 0 || last.State == store.Sent {
				t.Fatalf("the nudge was not claimed: %s, %d attempts", last.State, last.Attempts)
			}
			r.deliver(jane, r.owner, r.pen.Answer(person(jane), ask, "Yes, of course. When?"))
			r.now = r.now.Add(2 * time.Minute)
			r.turn()
			r.stage(jane, contact.Talking)
			r.withdrawnBy(jane, "reply")
			r.pass(24 * time.Hour)
			r.got(jane, 1)
		})
	}
}
