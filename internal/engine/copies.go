package engine

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"askwell/internal/contact"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/store"
)

// Each mail to a contact has one copy in Sent. Some servers file it themselves, soon or late; for the others we do. Which
// kind a server is, it shows: where a copy turns up that we did not make, it files; where none does, it does not. What it
// was taken for only says how long a copy is waited for before one is made, so that being wrong once, after a change,
// costs a wait or a second copy, and is noticed by it.

const (
	// settingFiles is what is known of the server: filesItself, filesNothing or, as long as nothing is, "".
	settingFiles = "server files"
	filesItself  = "itself"
	filesNothing = "nothing"
	// settingAppending is the mail of which we make a copy at this moment. A crash leaves it, and nothing is learned from
	// that copy.
	settingAppending = "appending"
)

// fileAfter is how long a server gets to file the copy in Sent by itself.
func fileAfter(known string) time.Duration {
	switch known {
	case filesItself:
		return time.Hour
	case filesNothing:
		return 20 * time.Second
	}
	return 2 * time.Minute
}

// seenOwn notes a mail of ours where the server shows it: a copy in Sent proves that it was taken, and tells its Message-ID.
func (e *Engine) seenOwn(tx *store.Tx, h imapin.Header, m *message.Message, r route) error {
	row := r.mail
	if !r.filed || row.ID == 0 {
		return nil
	}
	switch {
	case row.ToOwner:
	case row.State == store.InDoubt:
		if err := e.arrived(tx, row, "seen in Sent"); err != nil {
			return err
		}
	case row.State == store.Planned, row.State == store.Queued:
		// It has left, and this store does not know: it is a backup from before.
		left, err := tx.FoundSent(row.ID, h.Raw)
		if err != nil || !left {
			return err
		}
		if err := e.act(tx, "seen in Sent").fact(row.Contact, contact.Sent{
			Kind: contact.Kind(row.Kind), Subject: message.BaseSubject(row.Subject), MessageID: row.MessageID,
		}); err != nil {
			return err
		}
	case row.State != store.Sent:
		return nil
	}
	id, err := used(tx, row, m.MessageID)
	if err != nil {
		return err
	}
	others, err := tx.AddCopy(store.Copy{Mail: row.ID, Folder: h.Folder, UIDValidity: h.UIDValidity, UID: h.UID, MessageID: id})
	if err != nil || row.ToOwner {
		return err
	}
	if err := e.learnFiling(tx, row, others); err != nil {
		return err
	}
	return tx.Filed(row.ID)
}

// used is the Message-ID that a copy of a mail bears, if the mail can be known by it: not where it is another message's.
func used(tx *store.Tx, row store.Mail, id message.MessageID) (message.MessageID, error) {
	other, err := tx.MailByMessageID(id)
	switch {
	case err == nil && other.ID != row.ID:
		return "", nil
	case err != nil && !errors.Is(err, store.ErrNone):
		return "", err
	}
	seen, err := tx.SeenByID(id)
	if err != nil || len(seen) > 0 {
		return "", err
	}
	return id, nil
}

// learnFiling takes note that the server files copies itself: one was there before we made any, or there is one too many.
func (e *Engine) learnFiling(tx *store.Tx, row store.Mail, others int) error {
	appending, err := tx.Setting(settingAppending)
	if err != nil || row.Filed && others == 0 || appending == strconv.FormatInt(row.ID, 10) {
		return err
	}
	return tx.Set(settingFiles, filesItself)
}

// file puts the copy of what was sent into Sent, where the server does not do that itself.
func (e *Engine) file(ctx context.Context, now time.Time) error {
	if e.cfg.Mailbox.SaveSent == "never" || !e.look.at.Equal(now) {
		return nil
	}
	var rows []store.Mail
	var known string
	if err := e.store.View(ctx, now, func(tx *store.Tx) (err error) {
		if known, err = tx.Setting(settingFiles); err != nil {
			return err
		}
		rows, err = tx.Unfiled(batch)
		return err
	}); err != nil {
		return err
	}
	for _, m := range rows {
		if e.cfg.Mailbox.SaveSent == "auto" && now.Sub(m.SentAt) < fileAfter(known) {
			continue
		}
		if err := e.fileOne(ctx, now, m, known); err != nil {
			e.log.WarnContext(ctx, "copy in Sent not made; tried again later", slog.Any("id", m.ID), slog.Any("error", err))
			return nil // the mail has left; its copy is made in a later turn
		}
	}
	return nil
}

// fileOne makes the copy of one mail, if it is not there by now.
func (e *Engine) fileOne(ctx context.Context, now time.Time, m store.Mail, known string) error {
	there, err := e.box.FindSent(ctx, string(m.MessageID), m.ClaimedAt)
	if err != nil {
		return err
	}
	late := context.WithoutCancel(ctx)
	if there {
		return e.store.Update(late, now, func(tx *store.Tx) error {
			if err := e.learnFiling(tx, m, 0); err != nil {
				return err
			}
			return tx.Filed(m.ID)
		})
	}
	if err := e.store.Update(late, now, func(tx *store.Tx) error {
		return tx.Set(settingAppending, strconv.FormatInt(m.ID, 10))
	}); err != nil {
		return err
	}
	if err := e.box.Append(ctx, m.Raw, m.SentAt); err != nil {
		return err
	}
	return e.store.Update(late, now, func(tx *store.Tx) error {
		if known == filesItself {
			known = "" // it no longer does, or it failed once: the next mail tells
		} else {
			known = filesNothing
		}
		if err := tx.Set(settingFiles, known); err != nil {
			return err
		}
		if err := tx.Set(settingAppending, ""); err != nil {
			return err
		}
		return tx.Filed(m.ID)
	})
}

// nextFiling is when a copy in Sent is to be made; zero where none is.
func (e *Engine) nextFiling(tx *store.Tx) (time.Time, error) {
	if e.cfg.Mailbox.SaveSent == "never" {
		return time.Time{}, nil
	}
	rows, err := tx.Unfiled(1)
	if err != nil || len(rows) == 0 {
		return time.Time{}, err
	}
	at := rows[0].SentAt
	if e.cfg.Mailbox.SaveSent == "auto" {
		known, err := tx.Setting(settingFiles)
		if err != nil {
			return time.Time{}, err
		}
		at = at.Add(fileAfter(known))
	}
	if !at.After(tx.Now) { // it could not be made just now
		at = tx.Now.Add(poll)
	}
	return at, nil
}
