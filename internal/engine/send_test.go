package engine_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// offered is one mail as the sender of a test gets it.
type offered struct {
	r    *rig
	to   message.Address
	mark func() error
}

// askOf is the row of a contact's ask.
func (r *rig) askOf(to string) (m store.Mail) {
	r.t.Helper()
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
		id, err := tx.ByAddress(message.Address(to))
		if err != nil {
			return err
		}
		all, err := tx.MailsOf(id)
		if err == nil && len(all) > 0 {
			m = all[0]
		}
		return err
	}))
	return m
}

// becomes waits until the ask to somebody is in a state: what is claimed ahead is claimed beside the sender.
func (r *rig) becomes(to string, s store.State) {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); r.askOf(to).State != s; {
		if time.Now().After(end) {
			r.t.Fatalf("the ask to %s is %s, want %s", to, r.askOf(to).State, s)
		}
	}
}

const (
	pa, pb, pc = "a@example.com", "b@example.com", "c@example.com"
	noGap      = "[sending]\nhours = \"00:00-24:00\"\ndays = \"mon-sun\"\nholidays = []\n"
)

// three is a rig whose asks to three people are due, one a while after the other, and a daemon that sends them with send.
func three(t *testing.T, apart time.Duration, send func(offered) smtpout.Outcome) (r *rig, turn func(ctx context.Context) error) {
	t.Helper()
	r = onWorld(t, noGap+"gap = \"0s\"\n", start())
	for _, who := range []string{"Ann Example <" + pa + ">, friend", "Ben Example <" + pb + ">, friend", "Cy Poe <" + pc + ">, friend"} {
		_, err := r.e.Do(context.Background(), r.now, []string{"ask", who})
		r.must(err)
		r.now = r.now.Add(apart)
	}
	r.must(r.e.Release(context.Background(), r.now))
	e := r.daemon("under test", sender(func(_ context.Context, _ message.Address, to []message.Address, _ []byte, mark func() error) smtpout.Outcome {
		return send(offered{r, to[0], mark})
	}))
	return r, func(ctx context.Context) error {
		_, err := e.Turn(ctx, r.now)
		return err
	}
}

func accepted() smtpout.Outcome { return smtpout.Outcome{Result: smtpout.Accepted, Code: 250} }

// The next mail is claimed while the server thinks about the one before, and is marked only when the result of that one is
// stored.
func TestNextIsClaimedAhead(t *testing.T) {
	var order []string
	r, turn := three(t, 0, func(o offered) smtpout.Outcome {
		order = append(order, string(o.to))
		if got := o.r.askOf(string(o.to)); got.State != store.Sending || got.Marked || got.Raw == nil {
			t.Errorf("%s is offered when it is %s, marked %v, with %d bytes", o.to, got.State, got.Marked, len(got.Raw))
		}
		o.r.must(o.mark())
		if !o.r.askOf(string(o.to)).Marked {
			t.Errorf("%s is not marked", o.to)
		}
		switch o.to {
		case pa:
			o.r.becomes(pb, store.Sending)
			if got := o.r.askOf(pc).State; got != store.Queued {
				t.Errorf("two are claimed ahead: %s is %s", pc, got)
			}
		case pb:
			if got := o.r.askOf(pa).State; got != store.Sent {
				t.Errorf("%s is marked while %s is %s", pb, pa, got)
			}
			o.r.becomes(pc, store.Sending)
		}
		return accepted()
	})
	r.must(turn(t.Context()))
	if !slices.Equal(order, []string{pa, pb, pc}) {
		t.Errorf("offered %q", order)
	}
	for _, p := range []string{pa, pb, pc} {
		if m := r.askOf(p); m.State != store.Sent || m.Attempts != 1 {
			t.Errorf("the ask to %s is %s after %d attempts", p, m.State, m.Attempts)
		}
	}
}

// What was claimed ahead and cannot leave waits as if nothing had been.
func TestClaimAheadIsGivenBack(t *testing.T) {
	for name, test := range map[string]struct {
		end   smtpout.Outcome
		stop  bool // askwell is told to end while the server thinks
		first store.State
	}{
		"no server":    {end: smtpout.Outcome{Result: smtpout.Retry, Err: errors.New("gone")}, first: store.Queued},
		"login":        {end: smtpout.Outcome{Result: smtpout.Retry, Code: 535, Auth: true, Err: errors.New("who are you?")}, first: store.Queued},
		"askwell ends": {end: accepted(), stop: true, first: store.Sent},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			offers := 0
			r, turn := three(t, 0, func(o offered) smtpout.Outcome {
				offers++
				o.r.must(o.mark())
				o.r.becomes(pb, store.Sending)
				if test.stop {
					cancel()
				}
				return test.end
			})
			due := r.askOf(pb)
			if err := turn(ctx); err != nil && !test.stop {
				t.Fatal(err)
			}
			if m := r.askOf(pa); offers != 1 || m.State != test.first {
				t.Errorf("%d offers, the first is %s, want %s", offers, m.State, test.first)
			}
			m := r.askOf(pb)
			if m.State != store.Queued || m.Attempts != 0 || m.Raw != nil || !m.LeavesAt.Equal(due.LeavesAt) || !m.ClaimedAt.IsZero() {
				t.Errorf("the second is %s after %d attempts, leaves %s (was %s), with %d bytes", m.State, m.Attempts, m.LeavesAt, due.LeavesAt, len(m.Raw))
			}
		})
	}
}

// A doubt about one keeps nobody else from getting theirs.
func TestDoubtAndRefusalBeforeAnother(t *testing.T) {
	r, turn := three(t, 0, func(o offered) smtpout.Outcome {
		o.r.must(o.mark())
		switch o.to {
		case pa:
			o.r.becomes(pb, store.Sending)
			return smtpout.Outcome{Result: smtpout.Unknown, Err: errors.New("lost at the dot")}
		case pb:
			o.r.becomes(pc, store.Sending)
			return smtpout.Outcome{Result: smtpout.Rejected, Code: 554, Err: errors.New("no")}
		}
		return accepted()
	})
	r.must(turn(t.Context()))
	for p, want := range map[string]store.State{pa: store.InDoubt, pb: store.Failed, pc: store.Sent} {
		if m := r.askOf(p); m.State != want {
			t.Errorf("the ask to %s is %s, want %s", p, m.State, want)
		}
	}
}

// No text leaves while the result of the mail before could not be stored; it is stored when that is possible again.
func TestResultThatCannotBeStored(t *testing.T) {
	texts := map[message.Address]int{}
	var spoil func(query string)
	r, turn := three(t, 0, func(o offered) smtpout.Outcome {
		if err := o.mark(); err != nil {
			return smtpout.Outcome{Result: smtpout.Retry, Err: err}
		}
		texts[o.to]++
		if o.to == pa {
			o.r.becomes(pb, store.Sending)
			spoil(`UPDATE contacts SET state = '{' || state WHERE name = 'Ann Example'`)
		}
		return accepted()
	})
	spoil = func(query string) {
		db, err := sql.Open("sqlite", "file:"+r.mb.Store().Path())
		r.must(err)
		defer func() { _ = db.Close() }()
		_, err = db.ExecContext(context.Background(), query)
		r.must(err)
	}
	if err := turn(t.Context()); err == nil || !strings.Contains(err.Error(), "record the sending") {
		t.Errorf("the turn says %v", err)
	}
	if m := r.askOf(pa); m.State != store.Sending || !m.Marked {
		t.Errorf("the first is %s", m.State)
	}
	if m := r.askOf(pb); m.State != store.Queued || texts[pb] != 0 {
		t.Errorf("the second is %s, and its text left %d times", m.State, texts[pb])
	}
	spoil(`UPDATE contacts SET state = substr(state, 2) WHERE name = 'Ann Example'`)
	r.now = r.now.Add(2 * time.Minute)
	r.must(turn(t.Context()))
	for _, p := range []string{pa, pb, pc} {
		if m := r.askOf(p); m.State != store.Sent || texts[message.Address(p)] != 1 {
			t.Errorf("the ask to %s is %s, its text left %d times", p, m.State, texts[message.Address(p)])
		}
	}
}

// Where mails must keep a distance, the second is not looked at before the first has left, and then it waits.
func TestGapIsKept(t *testing.T) {
	var left []message.Address
	r, turn := three(t, 5*time.Minute, func(o offered) smtpout.Outcome {
		o.r.must(o.mark())
		left = append(left, o.to)
		for range 20 { // what might be claimed ahead has its time
			for _, p := range []string{pb, pc} {
				if m := o.r.askOf(p); m.State != store.Queued || m.LeavesAt.After(o.r.now) {
					t.Fatalf("the ask to %s is %s, leaves %s", p, m.State, m.LeavesAt)
				}
			}
		}
		return accepted()
	})
	r.cfg.Sending.Gap = configure(t, r.owner, "localhost:993", "localhost:465", noGap+"gap = \"3m\"\n").Sending.Gap
	r.must(turn(t.Context()))
	if !slices.Equal(left, []message.Address{pa}) {
		t.Errorf("left: %q", left)
	}
	for _, p := range []string{pb, pc} {
		if m := r.askOf(p); m.LeavesAt.Sub(r.now) < 3*time.Minute {
			t.Errorf("the ask to %s leaves %s later", p, m.LeavesAt.Sub(r.now))
		}
	}
}

// A second mail to the same person is not looked at before the first is known to have left; then it is no longer wanted.
func TestNothingIsClaimedAheadForTheSamePerson(t *testing.T) {
	left := map[message.Address]int{}
	r, turn := three(t, 0, func(o offered) smtpout.Outcome {
		o.r.must(o.mark())
		left[o.to]++
		return accepted()
	})
	var second int64
	r.must(r.mb.Update(t.Context(), r.now, func(tx *store.Tx) error {
		rows, err := tx.Ready(10)
		if err != nil {
			return err
		}
		m, err := tx.Mail(rows[2].ID) // to the last, so that nobody comes in between
		if err != nil {
			return err
		}
		m.Key, m.MessageID = "another", "another@example.org"
		second, err = tx.PlanMail(m)
		return err
	}))
	r.must(turn(t.Context()))
	if left[pa] != 1 || left[pb] != 1 || left[pc] != 1 {
		t.Errorf("left: %v", left)
	}
	r.must(r.mb.View(t.Context(), r.now, func(tx *store.Tx) error {
		m, err := tx.Mail(second)
		if m.State != store.Withdrawn {
			t.Errorf("the second is %s", m.State)
		}
		return err
	}))
}
