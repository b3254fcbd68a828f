package engine_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
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
	pa, pb, pc, pd = "a@example.com", "b@example.com", "c@example.com", "d@example.com"
	noGap          = "[sending]\nhours = \"00:00-24:00\"\ndays = \"mon-sun\"\nholidays = []\n"
)

// four is a rig whose asks to four people are due, one a while after the other, and a daemon that sends them with send.
func four(t *testing.T, apart time.Duration, send func(offered) smtpout.Outcome) (r *rig, turn func(ctx context.Context) error) {
	t.Helper()
	r = onWorld(t, noGap+"gap = \"0s\"\n", start())
	for _, who := range []string{"Ann Example <" + pa + ">, friend", "Ben Example <" + pb + ">, friend", "Cy Poe <" + pc + ">, friend", "Dana Fox <" + pd + ">, friend"} {
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

// Once the server is known to be there, the next mail is claimed while one is offered, and one is marked only when the
// result of the one before is stored.
func TestNextIsClaimedAhead(t *testing.T) {
	var order []string
	r, turn := four(t, 0, func(o offered) smtpout.Outcome {
		order = append(order, string(o.to))
		if got := o.r.askOf(string(o.to)); got.State != store.Sending || got.Marked || got.Raw == nil {
			t.Errorf("%s is offered when it is %s, marked %v, with %d bytes", o.to, got.State, got.Marked, len(got.Raw))
		}
		after := map[message.Address]string{pb: pc, pc: pd}[o.to]
		if after != "" {
			o.r.becomes(after, store.Sending)
		}
		o.r.must(o.mark())
		if !o.r.askOf(string(o.to)).Marked {
			t.Errorf("%s is not marked", o.to)
		}
		ahead := 0
		for _, p := range []string{pa, pb, pc, pd} {
			switch m := o.r.askOf(p); {
			case slices.Contains(order[:len(order)-1], p):
				if m.State != store.Sent {
					t.Errorf("%s is marked while the ask to %s is %s", o.to, p, m.State)
				}
			case p != string(o.to) && m.State == store.Sending:
				ahead++
			}
		}
		if want := min(len(after), 1); ahead != want {
			t.Errorf("%d are claimed ahead of %s, want %d", ahead, o.to, want)
		}
		return accepted()
	})
	r.must(turn(t.Context()))
	if !slices.Equal(order, []string{pa, pb, pc, pd}) {
		t.Errorf("offered %q", order)
	}
	for _, p := range order {
		if m := r.askOf(p); m.State != store.Sent || m.Attempts != 1 {
			t.Errorf("the ask to %s is %s after %d attempts", p, m.State, m.Attempts)
		}
	}
}

// What was claimed ahead and cannot leave waits as if nothing had been.
func TestClaimAheadIsGivenBack(t *testing.T) {
	for name, test := range map[string]struct {
		end    smtpout.Outcome
		stop   bool // askwell is told to end while the server thinks
		second store.State
	}{
		"no server":    {end: smtpout.Outcome{Result: smtpout.Retry, Err: errors.New("gone")}, second: store.Queued},
		"login":        {end: smtpout.Outcome{Result: smtpout.Retry, Code: 535, Auth: true, Err: errors.New("who are you?")}, second: store.Queued},
		"askwell ends": {end: accepted(), stop: true, second: store.Sent},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			offers := 0
			r, turn := four(t, 0, func(o offered) smtpout.Outcome {
				offers++
				if o.to == pa {
					o.r.must(o.mark())
					return accepted()
				}
				o.r.becomes(pc, store.Sending)
				if test.stop {
					o.r.must(o.mark())
					cancel()
				}
				return test.end
			})
			due := r.askOf(pc)
			if err := turn(ctx); err != nil && !test.stop {
				t.Fatal(err)
			}
			if m := r.askOf(pb); offers != 2 || m.State != test.second {
				t.Errorf("%d offers, the second is %s, want %s", offers, m.State, test.second)
			}
			m := r.askOf(pc)
			if m.State != store.Queued || m.Attempts != 0 || m.Raw != nil || !m.LeavesAt.Equal(due.LeavesAt) || !m.ClaimedAt.IsZero() {
				t.Errorf("the third is %s after %d attempts, leaves %s (was %s), with %d bytes", m.State, m.Attempts, m.LeavesAt, due.LeavesAt, len(m.Raw))
			}
		})
	}
}

// Before the server has answered once in a turn nothing is claimed ahead.
func TestNothingIsClaimedAheadOfNoServer(t *testing.T) {
	r, turn := four(t, 0, func(offered) smtpout.Outcome {
		return smtpout.Outcome{Result: smtpout.Retry, Err: errors.New("connection refused")}
	})
	r.must(turn(t.Context()))
	if m := r.askOf(pa); m.State != store.Queued || m.Attempts != 1 {
		t.Errorf("the first is %s after %d attempts", m.State, m.Attempts)
	}
	for _, p := range []string{pb, pc, pd} {
		if m := r.askOf(p); m.State != store.Queued || m.Look != "" {
			t.Errorf("the ask to %s is %s, justified by %q", p, m.State, m.Look)
		}
	}
}

// A doubt about one keeps nobody else from getting theirs.
func TestDoubtAndRefusalBeforeAnother(t *testing.T) {
	r, turn := four(t, 0, func(o offered) smtpout.Outcome {
		o.r.must(o.mark())
		switch o.to {
		case pb:
			return smtpout.Outcome{Result: smtpout.Unknown, Err: errors.New("lost at the dot")}
		case pc:
			return smtpout.Outcome{Result: smtpout.Rejected, Code: 554, Err: errors.New("no")}
		}
		return accepted()
	})
	r.must(turn(t.Context()))
	for p, want := range map[string]store.State{pa: store.Sent, pb: store.InDoubt, pc: store.Failed, pd: store.Sent} {
		if m := r.askOf(p); m.State != want {
			t.Errorf("the ask to %s is %s, want %s", p, m.State, want)
		}
	}
}

// No text leaves while the result of the mail before could not be stored; it is stored when that is possible again.
func TestResultThatCannotBeStored(t *testing.T) {
	texts := map[message.Address]int{}
	var spoil func(query string)
	r, turn := four(t, 0, func(o offered) smtpout.Outcome {
		if err := o.mark(); err != nil {
			return smtpout.Outcome{Result: smtpout.Retry, Err: err}
		}
		texts[o.to]++
		if o.to == pb {
			spoil(`UPDATE contacts SET state = '{' || state WHERE name = 'Ben Example'`)
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
	if m := r.askOf(pb); m.State != store.Sending || !m.Marked {
		t.Errorf("the second is %s", m.State)
	}
	if m := r.askOf(pc); m.State != store.Queued || texts[pc] != 0 {
		t.Errorf("the third is %s, and its text left %d times", m.State, texts[pc])
	}
	spoil(`UPDATE contacts SET state = substr(state, 2) WHERE name = 'Ben Example'`)
	r.now = r.now.Add(2 * time.Minute)
	r.must(turn(t.Context()))
	for _, p := range []string{pa, pb, pc, pd} {
		if m := r.askOf(p); m.State != store.Sent || texts[message.Address(p)] != 1 {
			t.Errorf("the ask to %s is %s, its text left %d times", p, m.State, texts[message.Address(p)])
		}
	}
}

// Where mails must keep a distance, the second is not looked at before the first has left, and then it waits.
func TestGapIsKept(t *testing.T) {
	var left []message.Address
	r, turn := four(t, 5*time.Minute, func(o offered) smtpout.Outcome {
		left = append(left, o.to)
		for range 20 { // what might be claimed ahead has its time
			for _, p := range []string{pb, pc, pd} {
				if m := o.r.askOf(p); m.State != store.Queued || m.LeavesAt.After(o.r.now) {
					t.Fatalf("the ask to %s is %s, leaves %s", p, m.State, m.LeavesAt)
				}
			}
		}
		o.r.must(o.mark())
		return accepted()
	})
	r.must(r.mb.Update(t.Context(), r.now, func(tx *store.Tx) error { // the owner's mail goes first, and keeps no distance
		_, err := tx.PlanMail(store.Mail{
			Key: "own", ToOwner: true, Kind: "receipt", State: store.Queued, Review: "send", Address: "ada@example.org", Subject: "Done", Body: "Done.",
			MessageID: "own@example.org", DueAt: start(), LeavesAt: start().Add(-time.Minute),
		})
		return err
	}))
	r.cfg.Sending.Gap = configure(t, r.owner, "localhost:993", "localhost:465", noGap+"gap = \"3m\"\n").Sending.Gap
	r.must(turn(t.Context()))
	if !slices.Equal(left, []message.Address{"ada@example.org", pa}) {
		t.Errorf("left: %q", left)
	}
	for _, p := range []string{pb, pc, pd} {
		if m := r.askOf(p); m.LeavesAt.Sub(r.now) < 3*time.Minute {
			t.Errorf("the ask to %s leaves %s later", p, m.LeavesAt.Sub(r.now))
		}
	}
}

// A second mail to the same person is not looked at before the first is known to have left; then it is no longer wanted.
func TestNothingIsClaimedAheadForTheSamePerson(t *testing.T) {
	left := map[message.Address]int{}
	r, turn := four(t, 0, func(o offered) smtpout.Outcome {
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
		m, err := tx.Mail(rows[3].ID) // to the last, so that nobody comes in between
		if err != nil {
			return err
		}
		m.Key, m.MessageID = "another", "another@example.org"
		second, err = tx.PlanMail(m)
		return err
	}))
	r.must(turn(t.Context()))
	if left[pa] != 1 || left[pb] != 1 || left[pc] != 1 || left[pd] != 1 {
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

// A server that thinks for a minute lets the look grow old: what was claimed ahead is given back, and leaves after a new one.
func TestClaimAheadWithAnOldLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left []message.Address
		r, turn := four(t, 0, func(o offered) smtpout.Outcome {
			left = append(left, o.to)
			o.r.must(o.mark())
			if o.to == pb {
				if m := o.r.askOf(pc); m.State != store.Sending {
					t.Errorf("the third is %s", m.State)
				}
				<-time.After(time.Minute)
			}
			return accepted()
		})
		r.must(turn(t.Context()))
		if m := r.askOf(pc); !slices.Equal(left, []message.Address{pa, pb}) || m.State != store.Queued || m.Attempts != 0 {
			t.Errorf("left: %q, the third is %s", left, m.State)
		}
		r.now = r.now.Add(time.Minute)
		r.must(turn(t.Context()))
		if m := r.askOf(pc); m.State != store.Sent || !strings.Contains(m.Look, r.now.Format(time.RFC3339)) {
			t.Errorf("the third is %s, justified by %s", m.State, m.Look)
		}
	})
}
