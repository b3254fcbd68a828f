package store

import (
	"fmt"
	"time"

	"askwell/internal/contact"
)

// Record is one line of the journal. Records of one command share Act, which is the Seq of the first.
type Record struct {
	Seq     int64
	Act     int64
	Contact contact.ID
	At      time.Time
	Name    string
	Detail  string
	Cause   string
	Undone  int64 // the Seq that took it back, or 0
}

const eventColumns = `seq, act, contact_id, at, name, detail, cause, undone_by`

func (t *Tx) scanRecord(scan func(...any) error) (Record, error) {
	var r Record
	var at int64
	err := scan(&r.Seq, &r.Act, &r.Contact, &at, &r.Name, &r.Detail, &r.Cause, &r.Undone)
	r.At = t.moment(at)
	return r, err
}

// NextSeq is the number that the next record gets.
func (t *Tx) NextSeq() (int64, error) {
	var seq int64
	if err := t.row(`SELECT COALESCE(MAX(seq), 0) + 1 FROM events WHERE mailbox_id = $1`, t.mb).Scan(&seq); err != nil {
		return 0, fmt.Errorf("number event: %w", err)
	}
	return seq, nil
}

// AddRecord appends to the journal. Seq must come from NextSeq; Act 0 means Seq.
func (t *Tx) AddRecord(r Record) error {
	if r.Act == 0 {
		r.Act = r.Seq
	}
	_, err := t.exec(`INSERT INTO events (mailbox_id, `+eventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.mb, r.Seq, r.Act, r.Contact, millis(t.Now), r.Name, r.Detail, r.Cause, r.Undone)
	return wrap("record event "+r.Name, err)
}

// Journal reads the whole journal of a contact in order.
func (t *Tx) Journal(id contact.ID) ([]Record, error) {
	found, err := all(t, t.scanRecord, `SELECT `+eventColumns+` FROM events WHERE mailbox_id = $1 AND contact_id = $2 ORDER BY seq`, t.mb, id)
	return found, wrap("read journal", err)
}

// History reads the newest records of every contact, newest first.
func (t *Tx) History(limit int) ([]Record, error) {
	found, err := all(t, t.scanRecord, `SELECT `+eventColumns+` FROM events WHERE mailbox_id = $1 ORDER BY seq DESC LIMIT $2`, t.mb, limit)
	return found, wrap("read history", err)
}

// Act reads the records of one command.
func (t *Tx) Act(act int64) ([]Record, error) {
	found, err := all(t, t.scanRecord, `SELECT `+eventColumns+` FROM events WHERE mailbox_id = $1 AND act = $2 ORDER BY seq`, t.mb, act)
	return found, wrap("read act", err)
}

// ActOf is the act that the record seq belongs to; 0 where there is no such record.
func (t *Tx) ActOf(seq int64) (int64, error) {
	act, _, err := one[int64](t.row(`SELECT act FROM events WHERE mailbox_id = $1 AND seq = $2`, t.mb, seq))
	return act, wrap("find act", err)
}

// LastAct is the newest act with this prefix of cause that was not undone; 0 where there is none.
func (t *Tx) LastAct(prefixes ...string) (int64, error) {
	var newest int64
	for _, p := range prefixes {
		act, _, err := one[int64](t.row(`SELECT act FROM events WHERE mailbox_id = $1 AND undone_by = 0 AND name <> 'undo'
			AND substr(cause, 1, $2) = $3 ORDER BY seq DESC LIMIT 1`, t.mb, len(p), p))
		if err != nil {
			return 0, wrap("find last act", err)
		}
		newest = max(newest, act)
	}
	return newest, nil
}

// MarkUndone notes which record took these back.
func (t *Tx) MarkUndone(seqs []int64, by int64) error {
	for _, seq := range seqs {
		if _, err := t.exec(`UPDATE events SET undone_by = $1 WHERE mailbox_id = $2 AND seq = $3`, by, t.mb, seq); err != nil {
			return wrap("mark undone", err)
		}
	}
	return nil
}

// CountEvents counts the events of a name since a time, those undone left out.
func (t *Tx) CountEvents(name string, since time.Time) (int, error) {
	n, _, err := one[int](t.row(`SELECT COUNT(*) FROM events WHERE mailbox_id = $1 AND name = $2 AND at >= $3 AND undone_by = 0`,
		t.mb, name, millis(since)))
	return n, wrap("count events", err)
}

// EventsNamed reads the newest events of a name since a time, those undone left out.
func (t *Tx) EventsNamed(name string, since time.Time, limit int) ([]Record, error) {
	found, err := all(t, t.scanRecord, `SELECT `+eventColumns+` FROM events WHERE mailbox_id = $1 AND name = $2 AND at >= $3
		AND undone_by = 0 ORDER BY at DESC LIMIT $4`, t.mb, name, millis(since), limit)
	return found, wrap("read events", err)
}
