package engine

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"askwell/internal/store"
)

// Run takes turns until ctx ends: when something is due, when the mailbox tells of mail, and when
// another process changed the store. It leaves no goroutine behind.
func (e *Engine) Run(ctx context.Context) error {
	if err := e.hold(ctx, time.Now().In(e.loc)); err != nil {
		return err
	}
	if err := e.takeLease(ctx, time.Now().In(e.loc)); err != nil {
		return err
	}
	if err := e.firstStart(ctx, time.Now().In(e.loc)); err != nil {
		return err
	}
	// Read before the first turn: what is written from here on is seen by a turn, or changes the version.
	version, err := e.store.Store().Version(ctx)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return e.box.Watch(ctx, e.Kick) })
	g.Go(func() error { return e.watchStore(ctx, version) })
	g.Go(func() error { return e.turns(ctx) })
	err = g.Wait()
	// The lease is given back even though ctx has ended.
	release, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if rerr := e.Release(release, time.Now().In(e.loc)); err == nil || errors.Is(err, context.Canceled) {
		return rerr
	}
	return err
}

// SettingWelcome is "off" where no welcome is wanted, and "on" once it was queued.
const SettingWelcome = "welcome"

// firstStart queues the welcome where a daemon starts on a store that never had one: not everybody begins with init.
func (e *Engine) firstStart(ctx context.Context, now time.Time) error {
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		if known, err := tx.Setting(SettingWelcome); err != nil || known != "" {
			return err
		}
		if err := e.Welcome(tx); err != nil {
			return err
		}
		return tx.Set(SettingWelcome, "on")
	})
}

// turns is the loop: a failed turn is told once, tried again with growing distance, and told when it is over.
func (e *Engine) turns(ctx context.Context) error {
	failed := 0
	for {
		next, err := e.Turn(ctx, time.Now())
		wait := min(time.Until(next), poll)
		var held *HeldError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &held):
			return err
		case err != nil:
			if failed == 0 {
				e.log.ErrorContext(ctx, "turn failed", slog.Any("error", err))
			}
			failed++
			wait = min(time.Second<<min(failed, 6), poll)
		case failed > 0:
			e.log.InfoContext(ctx, "turns work again", slog.Any("failed", failed))
			failed = 0
		}
		timer := time.NewTimer(max(wait, 0))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		case <-e.kick:
			timer.Stop()
		}
	}
}

// watchStore kicks when another process wrote to the store: SQLite has no other way to tell.
func (e *Engine) watchStore(ctx context.Context, last int64) error {
	ticker := time.NewTicker(e.lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		v, err := e.store.Store().Version(ctx)
		if err != nil {
			continue // the turns tell of a store that cannot be read
		}
		if v != last {
			e.Kick()
		}
		last = v
	}
}
