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
// said 354 and before it gets the text; and the result, when it has answered. Each is on the disk before what follows it.
// Where several mails leave in one turn, the disk works while the server does: while one is offered, the result of the one
// before is stored, and the next is claimed in the same transaction. The mark waits for that, so that a crash leaves one
// mail in doubt at most, and beside it one that was claimed and never begun.

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
	more    bool // some are left for the next turn
	reached bool // the server answered
}

// run sends one mail after the other. gone is the result of one for which no server was there: the others need not find
// that out one by one.
func (d *departure) run(ctx context.Context) (gone *smtpout.Outcome, err error) {
	e := d.e
	var before *answered // whose result is not stored yet
	next := d.advance(ctx, nil, nil)
	for next.claimed {
		mail, prior, wait := next.mail, before, func() {}
		before, next = nil, advanced{}
		if d.reached { // nothing is claimed ahead of a server that may not be there
			wait = beside(func() { next = d.advance(ctx, prior, &mail) })
		}
		var unmarked error
		o := e.out.Send(ctx, e.cfg.Mailbox.Address, []message.Address{mail.Address}, mail.Raw, func() error {
			wait()
			if unmarked = next.unstored; unmarked == nil {
				unmarked = e.store.Update(context.WithoutCancel(ctx), d.now, func(tx *store.Tx) error { return tx.Mark(mail.ID, mail.Epoch) })
			}
			return unmarked
		})
		wait()
		switch {
		case unmarked != nil || ctx.Err() != nil: // the server is not to blame
			if broken(unmarked) && next.unstored == nil {
				err = fmt.Errorf("mark mail %d as being sent: %w", mail.ID, unmarked)
			}
		case o.Down || o.Auth || o.TLS || o.Result == smtpout.Retry && (o.Code == 0 || o.Code == 421):
			gone = &o
			e.pause(d.now)
		default:
			d.reached = true
		}
		switch stop := gone != nil || unmarked != nil || next.err() != nil || ctx.Err() != nil; {
		case next.claimed && !stop && (next.mail.ToOwner || e.look.young(d.now)):
			before = &answered{mail, o}
		case next.claimed: // the look has grown old, or nothing leaves any more
			err = errors.Join(err, d.unclaim(ctx, next))
			fallthrough
		case stop:
			return gone, errors.Join(next.err(), err, e.record(ctx, d.now, answered{mail, o}), ctx.Err())
		default:
			next = d.advance(ctx, &answered{mail, o}, nil)
		}
	}
	return nil, errors.Join(next.err(), ctx.Err())
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

// beside runs f, and returns what waits for its end.
func beside(f func()) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	return func() { <-done }
}

// advanced is what advance has done.
type advanced struct {
	mail     store.Mail // that was claimed
	claimed  bool
	leaves   time.Time // when it was to leave
	unstored error     // the result of the mail before is not stored
	failed   error     // another could not be claimed
}

func (a advanced) err() error { return errors.Join(a.unstored, a.failed) }

// advance stores the result of the mail before, if there is one, and claims the next that may leave. While under is being
// offered, that is only one for which nothing hangs on what becomes of it.
func (d *departure) advance(ctx context.Context, before *answered, under *store.Mail) (a advanced) {
	e := d.e
	if before == nil && (len(d.ready) == 0 || under != nil && !e.independent(*under, d.ready[0])) {
		return a
	}
	a.failed = e.store.Update(context.WithoutCancel(ctx), d.now, func(tx *store.Tx) (err error) {
		if before != nil {
			if err := e.result(tx, before.mail, before.result); err != nil {
				return err
			}
		}
		a.mail, a.leaves, a.claimed, err = d.next(ctx, tx, under)
		return err
	})
	switch {
	case a.failed != nil:
		a.claimed = false
		e.recovered = false // nobody knows whether the claim is stored
		if before != nil {
			a.unstored = e.record(ctx, d.now, *before)
		}
		return a
	case before != nil:
		e.told(ctx, *before)
	}
	if a.claimed {
		d.claimed++
		e.log.DebugContext(ctx, "mail claimed", slog.Any("id", a.mail.ID), slog.Any("kind", a.mail.Kind), slog.Bool("ahead", under != nil))
	}
	return a
}

// next claims the next mail that may leave.
func (d *departure) next(ctx context.Context, tx *store.Tx, under *store.Mail) (m store.Mail, leaves time.Time, claimed bool, err error) {
	for len(d.ready) > 0 && ctx.Err() == nil {
		if d.claimed >= batch || time.Since(d.e.turnAt) > turnLimit {
			d.more = true
			break
		}
		if m = d.ready[0]; under != nil && !d.e.independent(*under, m) {
			break
		}
		d.ready = d.ready[1:]
		// Fail closed: what was not looked for since it became due waits for a turn that could.
		if !m.ToOwner && !d.e.look.fresh(m, d.now) {
			continue
		}
		leaves = m.LeavesAt
		if m, claimed, err = d.e.claim(tx, m.ID); claimed || err != nil {
			break
		}
	}
	return m, leaves, claimed, err
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
func (d *departure) unclaim(ctx context.Context, a advanced) error {
	d.more = true
	err := d.e.store.Update(context.WithoutCancel(ctx), d.now, func(tx *store.Tx) error { return tx.Unclaim(a.mail.ID, a.mail.Epoch, a.leaves) })
	if err != nil {
		d.e.recovered = false // the next turn queues it
	}
	return err
}

// claim looks at a row once more, against its rules, and fixes its bytes.
func (e *Engine) claim(tx *store.Tx, id int64) (m store.Mail, claimed bool, err error) {
	if m, err = tx.Mail(id); err != nil || m.State != store.Queued {
		return m, false, err
	}
	if !m.ToOwner {
		if wait, err := e.mustWait(tx, m); err != nil || wait {
			return m, false, err
		}
	} else if late, err := e.tooLate(tx, m); err != nil {
		return m, false, err
	} else if late {
		return m, false, tx.Withdraw(m.ID, 0, "it came too late")
	}
	raw := m.Raw
	if raw == nil {
		if raw, err = e.compose(tx, m); err != nil {
			// Bytes that cannot be made never will be: this is said, and nothing else waits for it.
			return m, false, e.unsendable(tx, m, err)
		}
	}
	m, err = tx.Claim(m.ID, e.epoch, raw, e.look.justify(), tx.Now.Add(backoff(m.Attempts)))
	if errors.Is(err, store.ErrLost) {
		return m, false, nil
	}
	return m, err == nil, err
}

// record stores what a server said of a mail, whatever ends meanwhile.
func (e *Engine) record(ctx context.Context, now time.Time, a answered) error {
	ctx = context.WithoutCancel(ctx)
	if err := e.store.Update(ctx, now, func(tx *store.Tx) error { return e.result(tx, a.mail, a.result) }); err != nil {
		e.unrecorded = append(e.unrecorded, a)
		return fmt.Errorf("record the sending of mail %d: %w", a.mail.ID, err)
	}
	e.told(ctx, a)
	return nil
}

// told logs a result that is stored.
func (e *Engine) told(ctx context.Context, a answered) {
	e.log.InfoContext(ctx, "mail handed over", slog.Any("id", a.mail.ID), slog.Any("kind", a.mail.Kind), slog.Any("address", a.mail.Address),
		slog.Any("result", a.result.Result), slog.Any("code", a.result.Code))
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
