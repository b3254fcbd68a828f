package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// sender is one whose way of sending a test decides.
type sender func(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome

func (s sender) Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
	return s(ctx, from, to, raw, mark)
}

// daemon is another daemon on the rig's store and servers.
func (r *rig) daemon(holder string, out engine.Sender) *engine.Engine {
	r.t.Helper()
	e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: out, Holder: holder})
	r.must(err)
	return e
}

// leaves goes on to the minute in which the ask to Jane leaves.
func leaves(t *testing.T) *rig {
	t.Helper()
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	at := r.queued(contact.Ask)
	if at.IsZero() {
		t.Fatal("the ask does not leave")
	}
	r.until(at.Add(-time.Second))
	r.now = at
	return r
}

// A daemon that slept while another one took over and died sorts out what that one left.
func TestWhatAnotherDaemonLeftIsSortedOut(t *testing.T) {
	for name, marked := range map[string]bool{"before the mark": false, "after the mark": true} {
		t.Run(name, func(t *testing.T) {
			r := leaves(t)
			ctx := context.Background()
			sleeps := r.now
			// Two minutes later another daemon holds the mailbox, claims the ask and dies.
			r.now = sleeps.Add(2 * time.Minute)
			died := errors.New("killed")
			func() {
				defer func() { _ = recover() }()
				_, _ = r.daemon("another", sender(func(_ context.Context, _ message.Address, _ []message.Address, _ []byte, mark func() error) smtpout.Outcome {
					if marked {
						r.must(mark())
					}
					panic(died)
				})).Turn(ctx, r.now)
			}()
			if n := len(r.inState(store.Sending)); n != 1 {
				t.Fatalf("%d mails are being sent, want 1", n)
			}
			r.now = r.now.Add(2 * time.Minute)
			r.pass(24 * time.Hour)
			if n := len(r.inState(store.Sending)); n != 0 {
				t.Errorf("%d mails are being sent for ever", n)
			}
			if marked {
				r.has("the digest", r.lastText("digest"), "nobody knows whether the ask arrived")
				return
			}
			r.got(jane, 1)
		})
	}
}

func (r *rig) inState(s store.State) (all []store.Mail) {
	r.t.Helper()
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) (err error) {
		all, err = tx.InState(s, 100)
		return err
	}))
	return all
}
