package engine

import (
	"errors"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/reading"
	"askwell/internal/store"
)

// takeReport takes a delivery report in, if it is about a mail of ours.
func (e *Engine) takeReport(tx *store.Tx, seen store.Seen, u reading.Reading) error {
	if u.Kind != reading.KindBounce {
		return nil
	}
	for _, b := range u.Bounces {
		id, err := e.bouncedContact(tx, b)
		if err != nil {
			return err
		}
		if id == 0 {
			continue
		}
		seen.Contact, seen.Kind = id, string(u.Kind)
		isNew, err := tx.AddSeen(seen)
		if err != nil || !isNew {
			return err
		}
		if _, err := tx.Contact(id); errors.Is(err, store.ErrNone) {
			continue
		} else if err != nil {
			return err
		}
		ev, err := e.bounced(tx, id, b)
		if err != nil {
			return err
		}
		if err := e.settleNamed(tx, seen.MessageID, []message.MessageID{ev.MessageID}); err != nil {
			return err
		}
		if err := e.act(tx, "mail "+string(seen.MessageID)).fact(id, ev); err != nil {
			return err
		}
	}
	return nil
}

// cameBack is the mail of ours that a report names, or store.ErrNone. A server that gave it another Message-ID names that one,
// and the header that it returns may tell.
func cameBack(tx *store.Tx, b reading.Bounce) (store.Mail, error) {
	for _, id := range []message.MessageID{trueID(b.MessageID), ownID(b.Original)} {
		row, err := tx.MailByMessageID(id)
		if errors.Is(err, store.ErrNone) || err == nil && row.ToOwner {
			continue
		}
		return row, err
	}
	return store.Mail{}, store.ErrNone
}

// bounced is what a report means for a contact. One that names a mail of ours is about the address that mail went to, even
// where it was forwarded and came back from behind it.
func (e *Engine) bounced(tx *store.Tx, id contact.ID, b reading.Bounce) (contact.Bounced, error) {
	ev := contact.Bounced{Recipient: b.Recipient, Status: b.Status, Permanent: b.Permanent}
	row, err := cameBack(tx, b)
	switch {
	case errors.Is(err, store.ErrNone):
		return ev, nil
	case err != nil:
		return ev, err
	case row.Contact == id:
		ev.Recipient, ev.MessageID = row.Address, row.MessageID
	}
	return ev, nil
}

// bouncedContact is whose mail came back: the report names a mail of ours, or it names none, but an address that was written
// to in the last ten days.
func (e *Engine) bouncedContact(tx *store.Tx, b reading.Bounce) (contact.ID, error) {
	row, err := cameBack(tx, b)
	if err == nil {
		return row.Contact, nil
	}
	if !errors.Is(err, store.ErrNone) || b.MessageID != "" {
		return 0, ignoreNone(err)
	}
	id, err := tx.ByAddress(b.Recipient)
	if err != nil || id == 0 {
		return 0, err
	}
	c, err := tx.Contact(id)
	if err != nil || tx.Now.Sub(c.LastMail) > 10*24*time.Hour {
		return 0, err
	}
	return id, nil
}

func ignoreNone(err error) error {
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	return err
}

// settleNamed ends the doubt about each mail that an answer or a report names: so it did arrive. Nobody can name one that
// did not, for its identifiers are unguessable, and each stands in that mail alone.
func (e *Engine) settleNamed(tx *store.Tx, by message.MessageID, ids []message.MessageID) error {
	for _, id := range ids {
		if id == "" {
			continue
		}
		row, err := tx.MailByMessageID(id)
		if errors.Is(err, store.ErrNone) || err == nil && (row.ToOwner || row.State != store.InDoubt) {
			continue
		}
		if err != nil {
			return err
		}
		if err := e.arrived(tx, row, "mail "+string(by)); err != nil {
			return err
		}
	}
	return nil
}

// arrived ends the doubt about a mail. The contact may not doubt any more, after an opt-out: the row ends its doubt all the
// same. It is an act of its own: what the mail that told of it was taken for can be taken back, that ours arrived cannot.
func (e *Engine) arrived(tx *store.Tx, row store.Mail, cause string) error {
	if err := tx.Finish(row.ID, store.Sent, cause); err != nil {
		return err
	}
	return e.act(tx, cause).fact(row.Contact, contact.Settled{MessageID: row.MessageID, Sent: true})
}
