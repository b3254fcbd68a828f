package store

import "askwell/internal/message"

// Copy is where a mail of ours lies in the mailbox, and the Message-ID that it bears there: not its own, where a server gave
// it another.
type Copy struct {
	Mail             int64
	Folder           string
	UIDValidity, UID uint32
	MessageID        message.MessageID // "" where that is nothing to find the mail by
}

// AddCopy notes a copy. It tells how many others of the mail lie in the same folder.
func (t *Tx) AddCopy(c Copy) (others int, err error) {
	if _, err := t.exec(`INSERT INTO copies (mailbox_id, outbox_id, folder, uidvalidity, uid, message_id) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (mailbox_id, outbox_id, folder, uidvalidity, uid) DO NOTHING`,
		t.mb, c.Mail, c.Folder, c.UIDValidity, c.UID, string(c.MessageID)); err != nil {
		return 0, wrap("note copy", err)
	}
	others, _, err = one[int](t.row(`SELECT COUNT(*) FROM copies
		WHERE mailbox_id = $1 AND outbox_id = $2 AND folder = $3 AND uidvalidity = $4 AND uid <> $5`,
		t.mb, c.Mail, c.Folder, c.UIDValidity, c.UID))
	return others, wrap("count copies", err)
}

// UsedID is the Message-ID under which the recipient has a mail of ours: another than its own, where a copy bears one.
func (t *Tx) UsedID(m Mail) (message.MessageID, error) {
	id, ok, err := one[message.MessageID](t.row(`SELECT message_id FROM copies
		WHERE mailbox_id = $1 AND outbox_id = $2 AND message_id NOT IN ('', $3) ORDER BY uidvalidity, uid LIMIT 1`,
		t.mb, m.ID, string(m.MessageID)))
	if err != nil || !ok {
		return m.MessageID, wrap("read Message-ID used", err)
	}
	return id, nil
}
