package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// Seen is a message of the mailbox that concerns a contact or the owner's commands.
type Seen struct {
	Key         string
	MessageID   message.MessageID
	Folder      string
	UIDValidity uint32
	UID         uint32
	At          time.Time
	Contact     contact.ID
	Kind        string
	// State is done; waiting (a mail in the owner's name that may yet turn up in Sent); unproved (it claims to be the
	// owner and nothing proves it); uncertain (it looks like a contact's, and the owner must tell); told (of the last two).
	State     string
	WaitUntil time.Time
	Sender    message.Address
	Subject   string
	Raw       []byte
}

const seenColumns = `message_key, message_id, folder, uidvalidity, uid, at, contact_id, kind, state, wait_until, sender, subject, raw`

func (t *Tx) scanSeen(scan func(...any) error) (Seen, error) {
	var s Seen
	var at, wait int64
	err := scan(&s.Key, &s.MessageID, &s.Folder, &s.UIDValidity, &s.UID, &at, &s.Contact, &s.Kind, &s.State, &wait, &s.Sender, &s.Subject, &s.Raw)
	s.At, s.WaitUntil = t.moment(at), t.moment(wait)
	return s, err
}

// AddSeen notes a message; false where it was noted before.
func (t *Tx) AddSeen(s Seen) (bool, error) {
	n, err := t.exec(`INSERT INTO messages (mailbox_id, `+seenColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (mailbox_id, message_key) DO NOTHING`,
		t.mb, s.Key, string(s.MessageID), s.Folder, s.UIDValidity, s.UID, millis(t.Now), s.Contact, s.Kind, s.State, millis(s.WaitUntil),
		string(s.Sender), s.Subject, s.Raw)
	return n > 0, wrap("note message", err)
}

// SetSeen gives a noted message another state, kind and contact.
func (t *Tx) SetSeen(key, state, kind string, id contact.ID) error {
	_, err := t.exec(`UPDATE messages SET state = $1, kind = $2, contact_id = $3, wait_until = 0 WHERE mailbox_id = $4 AND message_key = $5`,
		state, kind, id, t.mb, key)
	return wrap("settle message", err)
}

// SeenByID reads the noted messages with a Message-ID.
func (t *Tx) SeenByID(id message.MessageID) ([]Seen, error) {
	if id == "" {
		return nil, nil
	}
	found, err := all(t, t.scanSeen, `SELECT `+seenColumns+` FROM messages WHERE mailbox_id = $1 AND message_id = $2 ORDER BY at`, t.mb, string(id))
	return found, wrap("find message", err)
}

// SeenByKey reads one noted message, or ErrNone.
func (t *Tx) SeenByKey(key string) (Seen, error) {
	s, err := t.scanSeen(t.row(`SELECT `+seenColumns+` FROM messages WHERE mailbox_id = $1 AND message_key = $2`, t.mb, key).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("load message: %w", ErrNone)
	}
	return s, wrap("load message", err)
}

// SeenIn reads the noted messages of a state other than done, oldest first.
func (t *Tx) SeenIn(state string, limit int) ([]Seen, error) {
	found, err := all(t, t.scanSeen, `SELECT `+seenColumns+` FROM messages WHERE mailbox_id = $1 AND state = $2 AND state <> 'done'
		ORDER BY at, message_key LIMIT $3`, t.mb, state, limit)
	return found, wrap("read messages", err)
}

// Whose finds the contact of a conversation by any Message-ID of it; 0 where it is nobody's. toThem tells that the ID found
// is that of a mail of ours, which went to nobody else.
func (t *Tx) Whose(ids []message.MessageID) (who contact.ID, toThem bool, err error) {
	for _, id := range ids {
		m, err := t.MailByMessageID(id)
		switch {
		case err == nil && !m.ToOwner && m.Contact != 0:
			return m.Contact, true, nil
		case err != nil && !errors.Is(err, ErrNone):
			return 0, false, err
		}
		who, ok, err := one[contact.ID](t.row(`SELECT contact_id FROM messages
			WHERE mailbox_id = $1 AND message_id = $2 AND state = 'done' AND contact_id > 0 ORDER BY at LIMIT 1`, t.mb, string(id)))
		if err != nil {
			return 0, false, wrap("find conversation", err)
		}
		if ok {
			return who, false, nil
		}
	}
	return 0, false, nil
}

// NextWaiting is when the next waiting message is given up; zero where none waits.
func (t *Tx) NextWaiting() (time.Time, error) {
	ms, _, err := one[int64](t.row(`SELECT wait_until FROM messages WHERE mailbox_id = $1 AND state = 'waiting' AND state <> 'done'
		ORDER BY wait_until LIMIT 1`, t.mb))
	return t.moment(ms), wrap("read what waits", err)
}
