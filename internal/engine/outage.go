package engine

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// A store that cannot be written can hold neither the incident nor the mail that tells of it. The incident is then kept here,
// and the mail is sent without a record: to the owner a mail may be sent again, and this one always is the same bytes under
// the same Message-ID. It leaves at most once an incident and process, so that nothing can make a loop of it: whether it
// left is known here, and what a restart forgets, a restart has to outlast the patience again to tell once more. Contacts
// get nothing: a mail to them is claimed in the store or not at all.

// outage is the incident of the store while the store cannot hold it.
type outage struct {
	store.Incident
	raw []byte // the mail that tells of it, once it was made
}

// broken reports whether an error is one of a store that cannot be used.
func broken(err error) bool {
	var b *store.BrokenError
	return errors.As(err, &b)
}

// storeFails notes that a turn failed because of the store, and tells the owner once it lasts.
func (e *Engine) storeFails(ctx context.Context, now time.Time, cause error) {
	var b *store.BrokenError
	if !errors.As(cause, &b) {
		return
	}
	if e.down == nil {
		e.down = &outage{}
		// What was told before a restart, or before a good moment, need not be told again.
		_ = e.store.View(ctx, now, func(tx *store.Tx) (err error) {
			e.down.Incident, err = tx.Incident(aboutStore)
			return err
		})
	}
	// A full disk may empty itself; what else is wrong with a store waits for somebody.
	onlyOwner := b.Fault != store.Full && b.Fault != store.Locked
	e.down.Incident = failed(e.down.Incident, aboutStore, b.Error(), onlyOwner, now)
	if e.down.Count == 1 {
		e.log.ErrorContext(ctx, "trouble", slog.String("name", aboutStore), slog.Any("error", b))
	}
	if mustTell(e.down.Incident, now) && e.paused(now) == 0 {
		e.tellOutage(ctx, now)
	}
	// A small record may find room where a large one did not.
	_ = e.store.Update(ctx, now, func(tx *store.Tx) error { return tx.SaveIncident(e.down.Incident) })
}

// tellOutage mails to the owner past the store.
func (e *Engine) tellOutage(ctx context.Context, now time.Time) {
	raw, err := e.outageMail(now)
	if err != nil {
		e.log.ErrorContext(ctx, "the mail about the store cannot be written", slog.Any("error", err))
		e.down.Told = now
		return
	}
	o := e.out.Send(ctx, e.cfg.Mailbox.Address, []message.Address{e.cfg.Owner.Address}, raw, nil)
	e.log.InfoContext(ctx, "the owner was told of the store", slog.Any("result", o.Result), slog.Any("code", o.Code))
	if o.Result != smtpout.Retry {
		e.down.Told = now
		return
	}
	e.pause(now)
}

func (e *Engine) outageMail(now time.Time) ([]byte, error) {
	if e.down.raw != nil {
		return e.down.raw, nil
	}
	l := e.letter(nil)
	l.incident(e.down.Incident, now)
	mail, err := e.set.Owner("trouble", l.page)
	if err != nil {
		return nil, err
	}
	id, err := e.messageID()
	if err != nil {
		return nil, err
	}
	e.down.raw, err = e.toOwner(store.Mail{
		Kind: "trouble", Address: e.cfg.Owner.Address, Subject: mail.Subject, Body: mail.Text, HTML: mail.HTML, MessageID: id,
	}, now)
	return e.down.raw, err
}

// storeWorks notes that a whole turn was recorded.
func (e *Engine) storeWorks(ctx context.Context, now time.Time) error {
	if e.down != nil {
		if err := e.store.Update(ctx, now, func(tx *store.Tx) error { return tx.SaveIncident(e.down.Incident) }); err != nil {
			return err
		}
		e.down = nil
	}
	return e.mended(ctx, now, aboutStore)
}
