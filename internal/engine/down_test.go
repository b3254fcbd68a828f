package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// ours counts the mails of askwell to the owner, by kind.
func (r *rig) ours() map[string]int {
	r.t.Helper()
	n := map[string]int{}
	for _, raw := range r.stored(r.owner, "INBOX", 0) {
		if k := message.ParseHeader(raw).Header.Get("X-Askwell"); k != "" {
			n[k]++
		}
	}
	return n
}

// troubles are what status complains of.
func (r *rig) troubles() string {
	r.t.Helper()
	r.turn() // as the daemon does every minute
	s, err := r.e.Status(context.Background(), r.now)
	r.must(err)
	if s.OK != (len(s.Trouble) == 0) {
		r.t.Errorf("status is %v with %q", s.OK, s.Trouble)
	}
	return strings.Join(s.Trouble, "; ")
}

// The submission server is away for three days: it is not hammered, status says so, and when it is back each contact gets one
// mail, the owner one digest, which says all that the others would have said, and one mail about the outage.
func TestSubmissionIsDownForDays(t *testing.T) {
	r := onWorld(t, "", start())
	tries := 0
	r.must(r.e.Release(t.Context(), r.now))
	r.e = r.daemon("counting", sender(func(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
		tries++
		return r.out.Send(ctx, from, to, raw, mark)
	}))
	r.writes("", "ask Bob Roe <bob@example.com>, friend")
	r.pass(2 * time.Hour)
	bob := r.got("bob@example.com", 1)
	before := r.ours()
	r.pen.Fault(world.Fault{At: world.SMTPConnect, Drop: true})
	r.pen.HangUp()
	down := r.now
	tries = 0
	for i := range 10 {
		r.writes("", fmt.Sprintf("ask Jane%d Doe <jane%d@example.com>, friend", i, i))
	}
	r.pass(10 * time.Minute)
	if tries > 5 {
		t.Errorf("%d tries in ten minutes with twenty mails waiting", tries)
	}
	r.replies("bob@example.com", bob, "No, I do not want to talk about it.") // told of once, in a digest that does not leave
	r.pass(3 * 24 * time.Hour)
	if most := 3 * 24 * 60 / 5; tries > most+10 || tries < most/2 {
		t.Errorf("%d tries in three days", tries)
	}
	if got := r.troubles(); !strings.Contains(got, "since "+down.Format("2006-01-02T15")) {
		t.Errorf("status says %q", got)
	}
	r.pen.Heal()
	r.pass(30 * time.Minute)
	if n := r.ours()["digest"] - before["digest"]; n != 1 {
		t.Errorf("%d digests when it is back, want 1", n)
	}
	r.has("the digest", r.lastText("digest"), "Bob Roe declined")
	if n := r.ours()["receipt"] - before["receipt"]; n != 10 {
		t.Errorf("%d receipts, want 10", n)
	}
	r.pass(24 * time.Hour)
	for i := range 10 {
		r.got(fmt.Sprintf("jane%d@example.com", i), 1)
	}
	r.got("bob@example.com", 1)
	if n := r.ours()["trouble"]; n != 1 {
		t.Errorf("%d mails about the outage, want 1: that it is over", n)
	}
	r.has("the trouble mail", r.lastText("trouble"), "Mail can be sent again", "It was out of order from")
	if got := r.troubles(); got != "" {
		t.Errorf("afterwards status says %q", got)
	}
}

// A mail that the server drops the connection at keeps no other from leaving.
func TestOneMailBreaksTheConnection(t *testing.T) {
	r := onWorld(t, "", start())
	r.pen.Fault(world.Fault{At: world.SMTPRcpt, Address: "jane0@example.com", Drop: true})
	for i := range 4 {
		r.writes("", fmt.Sprintf("ask Jane%d Doe <jane%d@example.com>, friend", i, i))
	}
	r.pass(24 * time.Hour)
	for i := 1; i < 4; i++ {
		r.got(fmt.Sprintf("jane%d@example.com", i), 1)
	}
	r.pen.Heal()
	r.pass(24 * time.Hour)
	r.got("jane0@example.com", 1)
}

// A prep sheet that could not leave before the talk does not leave after it; the question how it went does.
func TestPrepComesTooLate(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes! Tomorrow at 15:00?")
	r.writes("", "jane talk tomorrow 15:00")
	r.pass(time.Hour)
	before := r.ours()
	r.pen.Fault(world.Fault{At: world.SMTPConnect, Drop: true})
	r.pen.HangUp()
	r.pass(2 * 24 * time.Hour)
	r.pen.Heal()
	r.pass(time.Hour)
	after := r.ours()
	if after["prep"] != before["prep"] || after["outcome"] != 1 {
		t.Errorf("before the outage %v, after it %v", before, after)
	}
}

// The server refuses a digest for good. No mail tells of it, and no loop comes of it: status does, and the next digest that
// gets through, which tells what the refused one would have told as well.
func TestRefusedDigest(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "No, I do not want to talk about it.")
	before := r.ours()
	sent := len(r.pen.Sent())
	refuse := world.Fault{At: world.SMTPDot, Address: r.owner, Code: 554, Status: "5.7.1", Text: "this looks like spam"}
	r.pen.Fault(refuse)
	r.pass(4 * 24 * time.Hour) // three digests: Tuesday to Thursday, and the nudges of nobody
	if got := r.troubles(); !strings.Contains(got, "the mail to you of") || !strings.Contains(got, "this looks like spam") {
		t.Errorf("status says %q", got)
	}
	if got := r.ours(); got["digest"] != before["digest"] || got["trouble"] != 0 {
		t.Errorf("the owner got %v", got)
	}
	failed := r.inState(store.Failed)
	if n := len(failed); n == 0 || n > 5 {
		t.Errorf("%d mails failed, want one for each digest", n)
	}
	for _, m := range failed {
		if m.Kind != "digest" {
			t.Errorf("a %s was tried", m.Kind)
		}
	}
	r.pen.Heal()
	r.pass(4 * 24 * time.Hour)
	r.has("the first digest", textOf(r.ofKind("digest")[before["digest"]]), "Jane Doe declined", "was refused by your mail server: this looks like spam")
	if got := r.troubles(); got != "" {
		t.Errorf("afterwards status says %q", got)
	}
	if got := r.ours(); got["trouble"] != 0 {
		t.Errorf("the owner got %v", got)
	}
	for _, d := range r.pen.Sent()[sent:] {
		if d.To != r.owner {
			t.Errorf("%s got a mail", d.To)
		}
	}
	r.stage(jane, contact.Declined)
}
