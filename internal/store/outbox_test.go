package store

import (
	"testing"
	"time"
)

// held is a mailbox whose lease this daemon has.
func held(t *testing.T, mb *Mailbox) (epoch int64) {
	t.Helper()
	update(t, mb, func(tx *Tx) error {
		l, _, err := tx.TakeLease("one", now.Add(time.Hour))
		epoch = l.Epoch
		return err
	})
	return epoch
}

// A claim of which no server has heard can be taken back, and nothing else can.
func TestUnclaim(t *testing.T) {
	_, mb := open(t)
	epoch := held(t, mb)
	id := queued(t, mb, "k")
	do := func(f func(tx *Tx) error) (m Mail) {
		t.Helper()
		update(t, mb, func(tx *Tx) (err error) {
			if err = f(tx); err == nil {
				m, err = tx.Mail(id)
			}
			return err
		})
		return m
	}
	claim := func(tx *Tx) error {
		_, err := tx.Claim(id, epoch, []byte("bytes"), "look", now.Add(time.Minute))
		return err
	}
	unclaim := func(tx *Tx) error { return tx.Unclaim(id, epoch, now) }
	do(claim)
	if m := do(unclaim); m.State != Queued || m.Attempts != 0 || m.Raw != nil || !m.ClaimedAt.IsZero() || !m.LeavesAt.Equal(now) {
		t.Errorf("given back: %+v", m)
	}
	// What a server was offered keeps its bytes.
	do(claim)
	do(func(tx *Tx) error { return tx.Requeue(id, now, "later") })
	do(claim)
	if m := do(unclaim); m.State != Queued || m.Attempts != 1 || string(m.Raw) != "bytes" || m.ClaimedAt.IsZero() {
		t.Errorf("given back after a try: %+v", m)
	}
	do(claim)
	if m := do(func(tx *Tx) error { return tx.Unclaim(id, epoch+1, now) }); m.State != Sending {
		t.Errorf("another daemon's claim was taken back: %s", m.State)
	}
	do(func(tx *Tx) error { return tx.Mark(id, epoch) })
	if m := do(unclaim); m.State != Sending || !m.Marked {
		t.Errorf("a mail that may have left is %s", m.State)
	}
}

// What has left is a neighbour at the time at which it left, whatever its next try would have been; what waits, at its hour.
func TestNeighbours(t *testing.T) {
	_, mb := open(t)
	epoch := held(t, mb)
	left, waits, asks := queued(t, mb, "left"), queued(t, mb, "waits"), queued(t, mb, "asks")
	update(t, mb, func(tx *Tx) error {
		if _, err := tx.Claim(left, epoch, []byte("bytes"), "", now.Add(time.Hour)); err != nil {
			return err
		}
		if err := tx.Finish(left, Sent, ""); err != nil {
			return err
		}
		return tx.Move(waits, Queued, now.Add(10*time.Minute))
	})
	for _, test := range []struct {
		from, until time.Duration
		near, most  int
	}{
		{-time.Minute, time.Minute, 1, 1},
		{-time.Minute, 11 * time.Minute, 2, 2},
		{time.Minute, 11 * time.Minute, 1, 1},
		{time.Minute, 10 * time.Minute, 0, 0},
		{59 * time.Minute, 61 * time.Minute, 0, 0},
	} {
		update(t, mb, func(tx *Tx) error {
			near, err := tx.Near(now.Add(test.from), now.Add(test.until), asks)
			if err != nil {
				return err
			}
			if len(near) != test.near {
				t.Errorf("from %s until %s: %v", test.from, test.until, near)
			}
			for most := 1; most <= 3; most++ {
				full, err := tx.Full(now.Add(test.from), now.Add(test.until), asks, most)
				if err != nil {
					return err
				}
				if full != (test.most >= most) {
					t.Errorf("from %s until %s: full with %d is %v", test.from, test.until, most, full)
				}
			}
			return nil
		})
	}
	update(t, mb, func(tx *Tx) error { // it is full from its first moment on
		full, err := tx.Full(now.Add(10*time.Minute), now.Add(time.Hour), asks, 1)
		if !full {
			t.Error("the first moment does not count")
		}
		return err
	})
}
