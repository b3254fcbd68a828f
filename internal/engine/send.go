package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// A mail has three records: the claim with its final bytes, before the server hears of it; the mark, when the server has
// said 354 and before it gets the text; and the result, when it has answered. Each is a synced commit of its own. Where
// several mails leave in one turn, the disk works while the server does: the next mail is claimed while the server thinks
// about the text of the one before, whose result is stored while the server agrees to the next. The order that carries the
// promise stays: no mark is stored before the result of the mail before is, so that a crash leaves one mail in doubt at
// most, and behind it one that was claimed and never begun.

const (
	// batch is how many mails one turn sends before it looks at everything again.
	batch = 20
	// turnLimit is how long a turn may have taken when it claims another mail: its look grows old.
	turnLimit = 30 * time.Second
)

// send sends what may leave; more tells that something is left for the next turn.
func (e *Engine) send(ctx context.Context, now time.Time) (more bool, err error) {
	if e.paused(now) > 0 {
		return false, nil
	}
	d := &departure{e: e, now: now}
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		d.ready, err = tx.Ready(10 * batch)
		return err
	}); err != nil {
		return false, err
	}
	var gone *smtpout.Outcome
	if gone, err = d.run(ctx); err != nil {
		return false, err
	}
	ctx = context.WithoutCancel(ctx)
	if d.reached {
		if gone == nil {
			e.tries, e.tryAgain = 0, time.Time{}
		}
		if err := e.mended(ctx, now, aboutSending); err != nil {
			return false, err
		}
	}
	if gone != nil {
		return false, e.trouble(ctx, now, aboutSending, gone.Err, gone.Auth || gone.TLS)
	}
	return d.more, nil
}

// departure is what one turn sends.
type departure struct {
	e       *Engine
	now     time.Time
	ready   []store.Mail // whose hour has come, not looked at yet
	claimed int
	leaves  time.Time // when the mail that was claimed last was to leave
	more    bool      // some are left for the next turn
	reached bool      // the server answered
}

// run sends one mail after the other. gone is the result of one for which no server was there: the others need not find
// that out one by one.
func (d *departure) run(ctx context.Context) (gone *smtpout.Outcome, err error) {
	e := d.e
	m, ok, err := d.next(ctx, nil)
	stored := func() error { return nil } // waits until the result of the mail before is stored
	for ok && err == nil {
		mail := m
		var unmarked error
		follows, claimed := false, func() error { return nil }
		o := e.out.Send(ctx, e.cfg.Mailbox.Address, []message.Address{mail.Address}, mail.Raw, func() error {
			if unmarked = stored(); unmarked != nil {
				return unmarked
			}
			unmarked = e.store.Update(context.WithoutCancel(ctx), d.now, func(tx *store.Tx) error { return tx.Mark(mail.ID, mail.Epoch) })
			if unmarked == nil {
				claimed = beside(func() (err error) {
					m, follows, err = d.next(ctx, &mail)
					return err
				})
			}
			return unmarked
		})
		err = errors.Join(stored(), claimed())
		stop := unmarked != nil || ctx.Err() != nil // the server is not to blame
		switch {
		case stop:
			if broken(unmarked) {
				err = errors.Join(err, fmt.Errorf("mark mail %d as being sent: %w", mail.ID, unmarked))
			}
		case o.Down || o.Auth || o.TLS || o.Result == smtpout.Retry && (o.Code == 0 || o.Code == 421):
			gone = &o
			e.pause(d.now)
		default:
			d.reached = true
		}
		if follows && (err != nil || gone != nil || stop || !m.ToOwner && !e.look.young(d.now)) {
			// There is nobody to send to, or the look has grown old.
			err = errors.Join(err, d.unclaim(ctx, m))
			follows = false
		}
		record := func() error { return e.record(ctx, d.now, mail, o) }
		if follows {
			stored = beside(record)
			continue
		}
		stored = func() error { return nil }
		if err = errors.Join(err, record()); err == nil && gone == nil && !stop {
			m, ok, err = d.next(ctx, nil)
		} else {
			ok = false
		}
	}
	return gone, err
}

// maxPause is the longest that a server is left alone which was not there.
const maxPause = 5 * time.Minute

// pause leaves the submission server alone for a while: with twenty mails waiting it is tried once, not twenty times, and at
// growing distances.
func (e *Engine) pause(now time.Time) {
	e.tryAgain = now.Add(min(backoff(e.tries), maxPause))
	e.tries++
}

// paused is how long it is still left alone.
func (e *Engine) paused(now time.Time) time.Duration {
	if wait := e.tryAgain.Sub(now); wait > 0 && wait <= maxPause { // more: the clock was set back
		return wait
	}
	return 0
}

// beside runs f, and returns what waits for its end and tells its error.
func beside(f func() error) (wait func() error) {
	done := make(chan struct{})
	var err error
	go func() {
		defer close(done)
		err = f()
	}()
	return func() error {
		<-done
		return err
	}
}

// next claims the next mail that may leave. While the answer to another is awaited, that is only one for which nothing
// hangs on this answer.
func (d *departure) next(ctx context.Context, under *store.Mail) (m store.Mail, claimed bool, err error) {
	for len(d.ready) > 0 {
		if ctx.Err() != nil {
			return m, false, ctx.Err()
		}
		if d.claimed >= batch || time.Since(d.e.turnAt) > turnLimit {
			d.more = true
			return m, false, nil
		}
		if m = d.ready[0]; under != nil && !d.e.independent(*under, m) {
			return m, false, nil
		}
		d.ready = d.ready[1:]
		// Fail closed: what was not looked for since it became due waits for a turn that could.
		if !m.ToOwner && !d.e.look.fresh(m, d.now) {
			continue
		}
		leaves := m.LeavesAt
		if m, claimed, err = d.e.claim(ctx, d.now, m); err != nil {
			d.e.recovered = false // nobody knows whether it is stored
			return m, false, err
		}
		if claimed {
			d.claimed++
			d.leaves = leaves
			d.e.log.DebugContext(ctx, "mail claimed", slog.Any("id", m.ID), slog.Any("kind", m.Kind), slog.Bool("ahead", under != nil))
			return m, true, nil
		}
	}
	return m, false, nil
}

// independent tells whether m may be claimed before it is known what becomes of under: one of them is the owner's own, or
// they go to different people and need keep no distance.
func (e *Engine) independent(under, m store.Mail) bool {
	if under.ToOwner || m.ToOwner {
		return true
	}
	return under.Contact != m.Contact && (e.cfg.Sending.Gap.IsZero() || m.Kind == string(contact.Confirm))
}

// unclaim gives back a mail that no server has heard of.
func (d *departure) unclaim(ctx context.Context, m store.Mail) error {
	d.more = true
	err := d.e.store.Update(context.WithoutCancel(ctx), d.now, func(tx *store.Tx) error { return tx.Unclaim(m.ID, m.Epoch, d.leaves) })
	if err != nil {
		d.e.recovered = false // the next turn queues it
	}
	return err
}

// claim looks at the row once more, against its rules, and fixes its bytes.
func (e *Engine) claim(ctx context.Context, now time.Time, m store.Mail) (store.Mail, bool, error) {
	claimed := false
	err := e.store.Update(ctx, now, func(tx *store.Tx) error {
		var err error
		if m, err = tx.Mail(m.ID); err != nil || m.State != store.Queued {
			return err
		}
		if !m.ToOwner {
			if wait, err := e.mustWait(tx, m); err != nil || wait {
				return err
			}
		}
		raw := m.Raw
		if raw == nil {
			if raw, err = e.compose(tx, m); err != nil {
				// Bytes that cannot be made never will be: this is said, and nothing else waits for it.
				return e.unsendable(tx, m, err)
			}
		}
		m, err = tx.Claim(m.ID, e.epoch, raw, e.look.justify(), now.Add(backoff(m.Attempts)))
		claimed = err == nil
		return err
	})
	if errors.Is(err, store.ErrLost) {
		return m, false, nil
	}
	return m, claimed, err
}

// record stores what a server said of a mail, whatever ends meanwhile.
func (e *Engine) record(ctx context.Context, now time.Time, m store.Mail, o smtpout.Outcome) error {
	ctx = context.WithoutCancel(ctx)
	if err := e.store.Update(ctx, now, func(tx *store.Tx) error { return e.result(tx, m, o) }); err != nil {
		e.unrecorded = append(e.unrecorded, answered{m, o})
		return fmt.Errorf("record the sending of mail %d: %w", m.ID, err)
	}
	e.log.InfoContext(ctx, "mail handed over", slog.Any("id", m.ID), slog.Any("kind", m.Kind), slog.Any("address", m.Address), slog.Any("result", o.Result), slog.Any("code", o.Code))
	return nil
}

// answered is what a server said of a mail.
type answered struct {
	mail   store.Mail
	result smtpout.Outcome
}

// recordLate records what a full disk or a locked store kept from being recorded when it was known.
func (e *Engine) recordLate(ctx context.Context, now time.Time) error {
	for len(e.unrecorded) > 0 {
		late := e.unrecorded[0]
		if err := e.store.Update(ctx, now, func(tx *store.Tx) error { return e.result(tx, late.mail, late.result) }); err != nil {
			return fmt.Errorf("record the sending of mail %d: %w", late.mail.ID, err)
		}
		e.unrecorded = e.unrecorded[1:]
	}
	return nil
}

// backoff is the distance to the next attempt: a minute, doubled, an hour at most.
func backoff(attempts int) time.Duration {
	return min(time.Minute<<min(attempts, 6), time.Hour)
}
