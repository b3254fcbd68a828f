package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"askwell/internal/contact"
	"askwell/internal/render"
	"askwell/internal/store"
	"askwell/templates"
)

// The owner may change templates while the daemon runs. What is planned keeps its words. A mail whose template is wrong just
// then is planned all the same, for what asked for it must not be lost, but without words: it waits until they can be
// written. The words of the template that stood there before, or of the built-in one, would not be the owner's.

// wordless is why a mail could be planned and not be written.
type wordless struct{ err error }

func (w *wordless) Error() string { return w.err.Error() }
func (w *wordless) Unwrap() error { return w.err }

// unwritten reports whether a mail waits for its words.
func unwritten(m store.Mail) bool { return !m.ToOwner && (m.Subject == "" || m.Body == "") }

// words reads the owner's templates again where they were changed, notes what is wrong with them, and writes what waits for
// them.
func (e *Engine) words(ctx context.Context, now time.Time) error {
	if dir := e.cfg.Templates.Dir; dir != "" {
		if stamp := render.Stamp(dir); stamp != e.stamp {
			set, err := render.Reload(templates.FS, dir)
			if e.stamp != "" {
				e.log.InfoContext(ctx, "templates read again", slog.Bool("sound", err == nil))
			}
			e.set, e.wrong, e.stamp = set, err, stamp
		}
	}
	if e.wrong != nil {
		return e.trouble(ctx, now, aboutTemplates, e.wrong, true)
	}
	var waiting []store.Mail
	var known store.Incident
	if err := e.store.View(ctx, now, func(tx *store.Tx) (err error) {
		if known, err = tx.Incident(aboutTemplates); err != nil {
			return err
		}
		waiting, err = tx.Unwritten(dueAtOnce)
		return err
	}); err != nil || len(waiting) == 0 && (known.Works || known.Since.IsZero()) {
		return err
	}
	for _, m := range waiting {
		err := e.store.Update(ctx, now, func(tx *store.Tx) error { return e.rewrite(tx, m.ID) })
		var w *wordless
		if errors.As(err, &w) {
			return e.trouble(ctx, now, aboutTemplates, w, true)
		}
		if err != nil {
			return err
		}
	}
	return e.mended(ctx, now, aboutTemplates)
}

// rewrite gives a mail the words that it waits for.
func (e *Engine) rewrite(tx *store.Tx, id int64) error {
	m, err := tx.Mail(id)
	if err != nil || m.State != store.Planned || !unwritten(m) {
		return err
	}
	c, err := tx.Contact(m.Contact)
	if errors.Is(err, store.ErrNone) || err == nil && !c.Waits(contact.Kind(m.Kind)) {
		return tx.Withdraw(m.ID, 0, "it is no longer wanted")
	}
	if err != nil {
		return err
	}
	p, err := planOf(tx, m)
	if err != nil {
		return err
	}
	written, err := e.write(tx, c.Contact, p)
	if err != nil {
		return err
	}
	m.Subject, m.Body = written.Subject, written.Body
	if m.State, m.LeavesAt, err = e.hour(tx, c.Contact, m); err != nil {
		return err
	}
	return tx.Write(m.ID, m.Subject, m.Body, m.State, m.LeavesAt)
}

// planOf is what asked for a mail: the step from which it was planned, taken again.
func planOf(tx *store.Tx, m store.Mail) (contact.Plan, error) {
	records, err := tx.Journal(m.Contact)
	if err != nil {
		return contact.Plan{}, err
	}
	journal, err := Entries(records)
	if err != nil {
		return contact.Plan{}, err
	}
	for i, entry := range journal {
		if entry.Seq != m.Seq {
			continue
		}
		_, effects, err := contact.Step(contact.Fold(m.Contact, journal[:i]), entry.Event, entry.At)
		if err != nil {
			return contact.Plan{}, fmt.Errorf("take the step of mail %d again: %w", m.ID, err)
		}
		for _, effect := range effects {
			if p, ok := effect.(contact.Plan); ok && string(p.Kind) == m.Kind {
				return p, nil
			}
		}
	}
	return contact.Plan{}, fmt.Errorf("find what asked for mail %d: event %d planned none", m.ID, m.Seq)
}
