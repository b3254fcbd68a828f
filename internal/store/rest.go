package store

import (
	"context"
	"fmt"
	"os"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// Item is a numbered line of a mail to the owner: what a number in a reply means.
type Item struct {
	Mail    message.MessageID
	N       int
	Contact contact.ID
	Outbox  int64
	Act     int64 // what `undo N` takes back
	What    string
}

// AddItem stores one.
func (t *Tx) AddItem(i Item) error {
	_, err := t.exec(`INSERT INTO items (mailbox_id, message_id, n, contact_id, outbox_id, act, what) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (mailbox_id, message_id, n) DO NOTHING`, t.mb, string(i.Mail), i.N, i.Contact, i.Outbox, i.Act, i.What)
	return wrap("store item", err)
}

// Items reads the numbered lines of a mail.
func (t *Tx) Items(mail message.MessageID) ([]Item, error) {
	found, err := all(t, func(scan func(...any) error) (Item, error) {
		i := Item{Mail: mail}
		return i, scan(&i.N, &i.Contact, &i.Outbox, &i.Act, &i.What)
	}, `SELECT n, contact_id, outbox_id, act, what FROM items WHERE mailbox_id = $1 AND message_id = $2 ORDER BY n`, t.mb, string(mail))
	return found, wrap("read items", err)
}

// Cursor is how far a folder was read.
type Cursor struct {
	Folder               string
	UIDValidity, LastUID uint32
}

// Cursors reads them all.
func (t *Tx) Cursors() ([]Cursor, error) {
	found, err := all(t, func(scan func(...any) error) (Cursor, error) {
		var c Cursor
		return c, scan(&c.Folder, &c.UIDValidity, &c.LastUID)
	}, `SELECT folder, uidvalidity, last_uid FROM cursors WHERE mailbox_id = $1 ORDER BY folder`, t.mb)
	return found, wrap("read cursors", err)
}

// SetCursor stores how far a folder was read; within one UIDVALIDITY it never goes back.
func (t *Tx) SetCursor(c Cursor) error {
	_, err := t.exec(`INSERT INTO cursors (mailbox_id, folder, uidvalidity, last_uid) VALUES ($1, $2, $3, $4)
		ON CONFLICT (mailbox_id, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid
		WHERE cursors.uidvalidity <> excluded.uidvalidity OR cursors.last_uid < excluded.last_uid`, t.mb, c.Folder, c.UIDValidity, c.LastUID)
	return wrap("store cursor", err)
}

// Lease is who runs the daemon of this mailbox. Every change of holder raises the epoch.
type Lease struct {
	Holder string
	Epoch  int64
	Until  time.Time
}

// Lease reads it; the zero Lease where nobody ever held it.
func (t *Tx) Lease() (Lease, error) {
	found, err := all(t, func(scan func(...any) error) (Lease, error) {
		var l Lease
		var until int64
		err := scan(&l.Holder, &l.Epoch, &until)
		l.Until = t.moment(until)
		return l, err
	}, `SELECT holder, epoch, until FROM leases WHERE mailbox_id = $1`, t.mb)
	if err != nil || len(found) == 0 {
		return Lease{}, wrap("read lease", err)
	}
	return found[0], nil
}

// skew is how far the clocks of two machines may be apart that share a store.
const skew = 15 * time.Minute

// TakeLease takes or renews the lease for holder; ok is false where somebody else holds it.
func (t *Tx) TakeLease(holder string, until time.Time) (l Lease, ok bool, err error) {
	l, err = t.Lease()
	if err != nil {
		return l, false, err
	}
	if l.Holder != holder {
		// A lease that ends further ahead than any is given was written under a wrong clock. Two that took each other's in
		// turn would still send nothing twice: every claim and every mark checks the epoch.
		if l.Holder != "" && t.Now.Before(l.Until) && l.Until.Sub(until) < skew {
			return l, false, nil
		}
		l.Epoch++
	}
	l.Holder, l.Until = holder, until
	_, err = t.exec(`INSERT INTO leases (mailbox_id, holder, epoch, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (mailbox_id) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch, until = excluded.until`,
		t.mb, l.Holder, l.Epoch, millis(l.Until))
	return l, err == nil, wrap("take lease", err)
}

// DropLease gives it back, if holder holds it.
func (t *Tx) DropLease(holder string) error {
	_, err := t.exec(`UPDATE leases SET holder = '', until = 0 WHERE mailbox_id = $1 AND holder = $2`, t.mb, holder)
	return wrap("drop lease", err)
}

// Bar keeps the hash of an address that must never be written to again.
func (t *Tx) Bar(hash string) error {
	_, err := t.exec(`INSERT INTO bars (mailbox_id, hash) VALUES ($1, $2) ON CONFLICT (mailbox_id, hash) DO NOTHING`, t.mb, hash)
	return wrap("bar address", err)
}

// Unbar forgets it, because the opt-out was undone.
func (t *Tx) Unbar(hash string) error {
	_, err := t.exec(`DELETE FROM bars WHERE mailbox_id = $1 AND hash = $2`, t.mb, hash)
	return wrap("unbar address", err)
}

// Barred reports whether the hash is kept.
func (t *Tx) Barred(hash string) (bool, error) {
	_, ok, err := one[int](t.row(`SELECT 1 FROM bars WHERE mailbox_id = $1 AND hash = $2`, t.mb, hash))
	return ok, wrap("look up bar", err)
}

// Setting reads a value that askwell keeps for itself; "" where it has none.
func (t *Tx) Setting(name string) (string, error) {
	v, _, err := one[string](t.row(`SELECT value FROM settings WHERE mailbox_id = $1 AND name = $2`, t.mb, name))
	return v, wrap("read setting "+name, err)
}

// Set keeps a value.
func (t *Tx) Set(name, value string) error {
	_, err := t.exec(`INSERT INTO settings (mailbox_id, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (mailbox_id, name) DO UPDATE SET value = excluded.value WHERE settings.value <> excluded.value`, t.mb, name, value)
	return wrap("keep setting "+name, err)
}

// Backup writes a complete copy of the store to a file that must not exist. The daemon may go on meanwhile. Where it does
// not succeed no file is left, which could be taken for a backup.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the backup: %w", err)
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	if _, err := s.db.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		if faultOf(err) == Full {
			return fmt.Errorf("make the backup %s: its disk is full: %w", path, err)
		}
		return fmt.Errorf("make the backup %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("make the backup %s: %w", path, err)
	}
	return nil
}
