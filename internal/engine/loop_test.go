package engine_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// Two owners, each with an askwell, ask each other, and neither says a word for two months. The first ask is a mail of a
// person to the other askwell, which so withdraws its own; no machine answers the other, and what passes is that ask and its
// two nudges.
func TestTwoAskwells(t *testing.T) {
	r := onWorld(t, "", start())
	const bob = "bob@example.org"
	r.must(r.pen.AddMailbox(bob, mailtest.Password))
	cfg := configure(t, bob, "localhost:993", "localhost:465", "")
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "bob.db"))
	r.must(err)
	mb, err := s.Mailbox(context.Background(), bob)
	r.must(err)
	password := func(context.Context) (string, error) { return mailtest.Password, nil }
	box := imapin.New(imapin.Config{Host: "localhost", Port: "993", TLS: true, TLSConfig: r.pen.TLSConfig(), Dial: r.pen.DialIMAP, Username: bob, Password: password})
	out := smtpout.New(smtpout.Config{Host: "localhost", Port: "465", TLS: true, TLSConfig: r.pen.TLSConfig(), Dial: r.pen.DialSMTP, Username: bob, Password: password})
	other, err := engine.New(engine.Options{Config: cfg, Store: mb, Templates: r.set, Mailbox: box, Sender: out, Holder: "bob"})
	r.must(err)
	t.Cleanup(func() {
		_ = box.Close()
		_ = out.Close()
		_ = s.Close()
	})
	r.must(second(other.Turn(context.Background(), r.now)))
	r.must(second(other.Do(context.Background(), r.now, []string{"ask", "Ada Example <" + r.owner + ">, friend"})))
	r.writes("", "ask Bob Roe <"+bob+">, friend")

	end := r.now.AddDate(0, 0, 60)
	for steps := 0; r.now.Before(end); steps++ {
		if steps > 20000 {
			t.Fatalf("they do not come to rest at %s", r.now)
		}
		mine := r.turn()
		theirs, err := other.Turn(context.Background(), r.now)
		r.must(err)
		next := mine
		if theirs.Before(next) {
			next = theirs
		}
		if least := r.now.Add(time.Second); next.Before(least) {
			next = least
		}
		r.now = next
	}
	between := map[string]int{}
	for _, d := range r.pen.Sent() {
		if d.From != d.To {
			between[d.From+" to "+d.To]++
		}
	}
	if first, back := between[r.owner+" to "+bob], between[bob+" to "+r.owner]; first+back < 1 || first > 3 || back > 3 || first > 0 && back > 0 {
		t.Errorf("they wrote to each other: %v", between)
	}
}
