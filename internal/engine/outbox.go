package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

const (
	// overdueAfter is how late a mail may leave by its old plan. What is later, because askwell or the computer did not
	// run, is planned anew.
	overdueAfter = 2 * time.Hour
	// giveUpAfter is how long a mail is tried that the server puts off (RFC 5321, 4.5.4.1). Where no server answers at all,
	// nothing is given up: that is an incident, and not this mail's.
	giveUpAfter = 5 * 24 * time.Hour
)

// lastLook is the newest reading of every watched folder to its end.
type lastLook struct {
	at   time.Time // the turn's now
	real time.Time // the real time at which the reading began
	look imapin.Look
}

// justify is what an outbox row keeps of the look that let it leave.
func (l lastLook) justify() string {
	type folder struct {
		Folder      string `json:"folder"`
		UIDValidity uint32 `json:"uidvalidity"`
		UID         uint32 `json:"uid"`
	}
	seen := struct {
		At      time.Time `json:"at"`
		Folders []folder  `json:"folders"`
	}{At: l.at}
	for _, f := range l.look.Folders {
		seen.Folders = append(seen.Folders, folder{f.Name, f.UIDValidity, f.HighestUID})
	}
	b, err := json.Marshal(seen)
	if err != nil {
		return "{}"
	}
	return string(b)
}

// fresh reports whether the mailbox was looked at after m became due and less than a minute before now.
func (l lastLook) fresh(m store.Mail, now time.Time) bool {
	return !l.at.IsZero() && !l.at.Before(m.LeavesAt) && l.young(now)
}

// young reports whether the look is less than a minute old.
func (l lastLook) young(now time.Time) bool {
	return now.Sub(l.at) < freshFor && time.Since(l.real) < freshFor
}

// recover sorts out what a crash left: claimed and not marked goes back into the queue with the same bytes; marked may
// have arrived, so that is asked, not guessed. Mail to the owner may come twice, under the same Message-ID.
func (e *Engine) recover(ctx context.Context, now time.Time) error {
	again, doubts := 0, 0
	for more := true; more; {
		if err := e.store.Update(ctx, now, func(tx *store.Tx) error {
			// Every backup has the key by which mails of ours are known.
			if _, err := e.markKey(tx); err != nil {
				return err
			}
			rows, err := tx.InState(store.Sending, dueAtOnce)
			if err != nil {
				return err
			}
			more = len(rows) == dueAtOnce
			for _, m := range rows {
				if !m.Marked || m.ToOwner {
					again++
					err = tx.Requeue(m.ID, now, "askwell stopped before the server was given the text")
				} else {
					doubts++
					err = e.doubt(tx, m, "askwell was stopped while the server took it")
				}
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	e.log.InfoContext(ctx, "ready", slog.Int("queued_again", again), slog.Int("in_doubt", doubts))
	return nil
}

// doubt records that nobody knows whether m arrived.
func (e *Engine) doubt(tx *store.Tx, m store.Mail, why string) error {
	if err := tx.Finish(m.ID, store.InDoubt, why); err != nil {
		return err
	}
	if m.Contact == 0 || m.ToOwner {
		return nil
	}
	return e.act(tx, "send").fact(m.Contact, contact.SendDoubted{
		Kind: contact.Kind(m.Kind), Subject: message.BaseSubject(m.Subject), MessageID: m.MessageID,
	})
}

// mustWait moves a mail whose hour has gone by, or that another mail has come too near to.
func (e *Engine) mustWait(tx *store.Tx, m store.Mail) (bool, error) {
	c, err := tx.Contact(m.Contact)
	if errors.Is(err, store.ErrNone) || err == nil && !c.Waits(contact.Kind(m.Kind)) {
		return true, tx.Withdraw(m.ID, 0, "it is no longer wanted")
	}
	if err != nil {
		return true, err
	}
	if m.Raw == nil && unwritten(m) {
		return true, tx.Move(m.ID, store.Planned, m.LeavesAt)
	}
	if m.Kind != string(contact.Confirm) && m.Raw == nil && tx.Now.Sub(m.LeavesAt) > overdueAfter && m.Review == string(config.Announce) {
		// Planned for a time when askwell did not run: the owner is told anew.
		if err := tx.ForgetNotice(m.ID); err != nil {
			return true, err
		}
		m.NoticedAt = time.Time{}
		state, at, err := e.hour(tx, c.Contact, m)
		if err != nil {
			return true, err
		}
		return true, tx.Move(m.ID, state, at)
	}
	if m.Kind == string(contact.Nudge) {
		// They may have answered: the owner is asked, and until then nobody is reminded.
		open, err := uncertainReply(tx, c.ID)
		if err != nil {
			return true, err
		}
		if open != nil {
			return true, tx.Move(m.ID, store.Queued, tx.Now.Add(time.Hour))
		}
	}
	at, err := e.slot(tx, c.Contact, contact.Kind(m.Kind), tx.Now, m.ID)
	if err != nil {
		return true, err
	}
	if at.After(tx.Now) {
		return true, tx.Move(m.ID, store.Queued, at)
	}
	return false, nil
}

// compose makes the final bytes; Date is the transaction's Now.
func (e *Engine) compose(tx *store.Tx, m store.Mail) ([]byte, error) {
	if m.ToOwner {
		return e.toOwner(m, tx.Now)
	}
	d := message.Draft{
		From: message.Person{Name: e.cfg.Owner.Name, Address: e.cfg.Mailbox.Address}, To: []message.Person{{Address: m.Address}},
		Subject: m.Subject, Date: tx.Now, MessageID: m.MessageID, Text: m.Body, HTML: m.HTML,
	}
	var err error
	if d.References, d.InReplyTo, err = references(tx, m); err != nil {
		return nil, err
	}
	if m.Calendar != "" {
		d.Calendar, d.Method = []byte(m.Calendar), m.Method
	}
	c, err := tx.Contact(m.Contact)
	if err != nil {
		return nil, err
	}
	if c.Name != string(m.Address) {
		d.To[0].Name = c.Name
	}
	return message.Compose(d)
}

// toOwner makes the final bytes of a mail to the owner.
func (e *Engine) toOwner(m store.Mail, now time.Time) ([]byte, error) {
	return message.Compose(message.Draft{
		From: message.Person{Name: "askwell", Address: e.cfg.Mailbox.Address}, To: []message.Person{{Name: e.cfg.Owner.Name, Address: m.Address}},
		Subject: m.Subject, Date: now, MessageID: m.MessageID, Text: m.Body, HTML: m.HTML, AutoSubmitted: true,
		References: []message.MessageID{byname(m.MessageID, true)}, Header: []message.Field{{Name: "X-Askwell", Value: m.Kind}},
	})
}

// unsendable ends a mail that cannot be put into bytes.
func (e *Engine) unsendable(tx *store.Tx, m store.Mail, cause error) error {
	m, err := tx.Claim(m.ID, e.epoch, []byte{}, "", tx.Now)
	if err != nil {
		return err
	}
	return e.result(tx, m, smtpout.Outcome{Result: smtpout.Rejected, Text: "the mail could not be written: " + cause.Error(), Err: cause})
}

// result records what became of a claimed mail, and tells the contact.
func (e *Engine) result(tx *store.Tx, m store.Mail, o smtpout.Outcome) error {
	said := o.Text
	if said == "" && o.Err != nil {
		said = o.Err.Error()
	}
	kind := contact.Kind(m.Kind)
	row, err := tx.Mail(m.ID)
	switch {
	case errors.Is(err, store.ErrNone):
		return nil // forgotten meanwhile
	case err != nil:
		return err
	case row.MessageID != m.MessageID || row.Epoch != m.Epoch || row.Attempts != m.Attempts:
		return nil // the lease was lost, and another daemon has this mail in hand
	case row.State == store.InDoubt && o.Result == smtpout.Accepted:
		// The lease was lost while the server thought, and the other daemon could only doubt.
		if err := tx.Finish(m.ID, store.Sent, ""); err != nil {
			return err
		}
		return e.act(tx, "send").fact(m.Contact, contact.Settled{MessageID: m.MessageID, Sent: true})
	case row.State != store.Sending:
		return nil
	}
	switch o.Result {
	case smtpout.Accepted:
		if err := tx.Finish(m.ID, store.Sent, ""); err != nil {
			return err
		}
		return e.accepted(tx, m)
	case smtpout.Unknown:
		if m.ToOwner {
			return tx.Requeue(m.ID, tx.Now.Add(backoff(m.Attempts)), said)
		}
		if o.Code != 0 {
			return e.doubt(tx, m, fmt.Sprintf("the server took it in full and went away (%d %s)", o.Code, said))
		}
		return e.doubt(tx, m, "the server took it in full but never answered")
	case smtpout.Rejected:
		if err := tx.Finish(m.ID, store.Failed, said); err != nil {
			return err
		}
		if m.ToOwner {
			if err := e.untell(tx, m); err != nil {
				return err
			}
			return e.noteFailure(tx, aboutLetters, e.refusedLetter(m, said), false)
		}
		return e.act(tx, "send").fact(m.Contact, contact.SendRefused{Kind: kind, Recipient: o.Recipient && badAddress(o), Status: o.Status, Text: said})
	default:
		if o.Down { // this mail is not to blame, and leaves as soon as the server is there
			return tx.Requeue(m.ID, tx.Now.Add(min(backoff(m.Attempts), e.paused(tx.Now))), said)
		}
		if !m.ToOwner && o.Code != 0 && tx.Now.Sub(m.ClaimedAt) > giveUpAfter {
			if err := tx.Finish(m.ID, store.Failed, said); err != nil {
				return err
			}
			return e.act(tx, "send").fact(m.Contact, contact.SendRefused{Kind: kind, Status: o.Status, Text: "tried for days: " + said})
		}
		return tx.Requeue(m.ID, tx.Now.Add(backoff(m.Attempts)), said)
	}
}

// badAddress tells an address that does not exist from a policy that refuses this mail (RFC 3463, 3.2).
func badAddress(o smtpout.Outcome) bool {
	switch o.Status {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4":
		return true
	case "":
		return o.Code == 550 || o.Code == 551 || o.Code == 553
	}
	return false
}

// accepted is what follows when a mail has left.
func (e *Engine) accepted(tx *store.Tx, m store.Mail) error {
	if !m.ToOwner {
		return e.act(tx, "send").fact(m.Contact, contact.Sent{Kind: contact.Kind(m.Kind), Subject: message.BaseSubject(m.Subject), MessageID: m.MessageID})
	}
	if err := tx.Filed(m.ID); err != nil {
		return err
	}
	if m.Kind == "digest" { // which lists what was refused before
		if err := e.noteSuccess(tx, aboutLetters); err != nil {
			return err
		}
	}
	// What this mail listed, the owner now knows of.
	items, err := tx.Items(m.MessageID)
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Outbox != 0 {
			if err := e.notice(tx, i.Outbox); err != nil {
				return err
			}
		}
	}
	return nil
}
