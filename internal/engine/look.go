package engine

import (
	"context"
	"time"

	"askwell/internal/imapin"
	"askwell/internal/store"
)

// ingest reads what is new in every watched folder to its end.
func (e *Engine) ingest(ctx context.Context, now time.Time) error {
	var cursors []imapin.Cursor
	var since time.Time
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		known, err := tx.Cursors()
		if err != nil {
			return err
		}
		for _, c := range known {
			cursors = append(cursors, imapin.Cursor(c))
		}
		at, err := tx.Setting("last_read")
		if err != nil {
			return err
		}
		if at == "" {
			return nil // the first reading did not come to its end: no folder is read back to before askwell was
		}
		// A folder whose UIDVALIDITY changed, or every folder once a backup was restored, is read again from the last
		// complete reading on.
		if since, err = time.Parse(time.RFC3339, at); err != nil {
			since = now.AddDate(0, 0, -30)
		}
		return nil
	}); err != nil {
		return err
	}
	began := time.Now()
	look, err := e.box.Read(ctx, cursors, since, &visitor{e: e, now: now})
	if err != nil {
		return err
	}
	e.look = lastLook{at: now, real: began, look: look}
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		if err := noteUnread(tx, look); err != nil {
			return err
		}
		return tx.Set("last_read", now.Format(time.RFC3339))
	})
}

// visitor takes each new message into the store together with the cursor behind it.
type visitor struct {
	e   *Engine
	now time.Time
}

// Reached stores how far a folder was read.
func (v *visitor) Reached(ctx context.Context, c imapin.Cursor) error {
	return v.e.store.Update(ctx, v.now, func(tx *store.Tx) error { return tx.SetCursor(store.Cursor(c)) })
}
