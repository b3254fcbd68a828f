package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// State is where a row of the outbox stands.
type State string

// planned waits for a notice or a yes; queued for its hour; sending was claimed. The other four are final,
// but that in_doubt can be settled.
const (
	Planned   State = "planned"
	Queued    State = "queued"
	Sending   State = "sending"
	Sent      State = "sent"
	Failed    State = "failed"
	InDoubt   State = "in_doubt"
	Withdrawn State = "withdrawn"
)

// Mail is a row of the outbox. Address, Subject, Body, MessageID and References are fixed when it is planned.
type Mail struct {
	ID         int64
	Key        string // equal keys are one mail: planning it again does nothing
	Contact    contact.ID
	ToOwner    bool
	Kind       string
	State      State
	Review     string
	Address    message.Address
	Subject    string
	MessageID  message.MessageID
	References []message.MessageID
	Body, HTML string
	Calendar   string
	Method     string
	PlannedAt  time.Time
	DueAt      time.Time // when it became, or becomes, due by its own rule
	LeavesAt   time.Time
	NoticedAt  time.Time // when the owner was told of it
	ClaimedAt  time.Time
	Marked     bool // the server has said 354
	Epoch      int64
	Attempts   int
	SentAt     time.Time
	Filed      bool // the copy in Sent is there, or is not wanted
	Seq        int64
	GoneBy     int64 // the event that withdrew it
	Look       string
	Why        string
	Raw        []byte
}

const mailColumns = `outbox_id, row_key, contact_id, to_owner, kind, state, review, address, subject, message_id, reference_ids,
	body, html, calendar, method, planned_at, due_at, leaves_at, noticed_at, claimed_at, marked, epoch, attempts, sent_at, filed,
	seq, gone_by, look, why, raw`

func (t *Tx) scanMail(scan func(...any) error) (Mail, error) {
	var m Mail
	var refs string
	var planned, due, leaves, noticed, claimed, sent int64
	err := scan(&m.ID, &m.Key, &m.Contact, &m.ToOwner, &m.Kind, &m.State, &m.Review, &m.Address, &m.Subject, &m.MessageID, &refs,
		&m.Body, &m.HTML, &m.Calendar, &m.Method, &planned, &due, &leaves, &noticed, &claimed, &m.Marked, &m.Epoch, &m.Attempts,
		&sent, &m.Filed, &m.Seq, &m.GoneBy, &m.Look, &m.Why, &m.Raw)
	for r := range strings.FieldsSeq(refs) {
		m.References = append(m.References, message.MessageID(r))
	}
	m.PlannedAt, m.DueAt, m.LeavesAt = t.moment(planned), t.moment(due), t.moment(leaves)
	m.NoticedAt, m.ClaimedAt, m.SentAt = t.moment(noticed), t.moment(claimed), t.moment(sent)
	return m, err
}

// PlanMail adds a row in state planned or queued and returns its number. A row with this key is left as it is.
func (t *Tx) PlanMail(m Mail) (int64, error) {
	refs := make([]string, len(m.References))
	for i, r := range m.References {
		refs[i] = string(r)
	}
	id, ok, err := one[int64](t.row(`INSERT INTO outbox (mailbox_id, `+mailColumns+`)
		SELECT $1, COALESCE((SELECT MAX(outbox_id) FROM outbox WHERE mailbox_id = $1), 0) + 1,
			$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, 0, 0, 0, 0, $20, $21, 0, '', $22, NULL
		WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE mailbox_id = $1 AND row_key = $2)
		RETURNING outbox_id`,
		t.mb, m.Key, m.Contact, flag(m.ToOwner), m.Kind, string(m.State), m.Review, string(m.Address), m.Subject, string(m.MessageID),
		strings.Join(refs, " "), m.Body, m.HTML, m.Calendar, m.Method, millis(t.Now), millis(m.DueAt), millis(m.LeavesAt),
		millis(m.NoticedAt), flag(m.Filed), m.Seq, m.Why))
	if err != nil || ok {
		return id, wrap("plan mail", err)
	}
	id, _, err = one[int64](t.row(`SELECT outbox_id FROM outbox WHERE mailbox_id = $1 AND row_key = $2`, t.mb, m.Key))
	return id, wrap("plan mail", err)
}

// Mail reads one row, or ErrNone.
func (t *Tx) Mail(id int64) (Mail, error) {
	return t.mail(`outbox_id = $2`, id)
}

// MailByMessageID reads the row with this Message-ID, its own or one that a server gave it, or ErrNone.
func (t *Tx) MailByMessageID(id message.MessageID) (Mail, error) {
	m, err := t.mail(`message_id = $2`, string(id))
	if !errors.Is(err, ErrNone) || id == "" {
		return m, err
	}
	return t.mail(`outbox_id = (SELECT outbox_id FROM copies WHERE mailbox_id = $1 AND message_id = $2 AND message_id <> '' LIMIT 1)`, string(id))
}

// MailByKey reads the row with this key, or ErrNone.
func (t *Tx) MailByKey(key string) (Mail, error) {
	return t.mail(`row_key = $2`, key)
}

func (t *Tx) mail(where string, arg any) (Mail, error) {
	m, err := t.scanMail(t.row(`SELECT `+mailColumns+` FROM outbox WHERE mailbox_id = $1 AND `+where, t.mb, arg).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return m, fmt.Errorf("load mail: %w", ErrNone)
	}
	return m, wrap("load mail", err)
}

func (t *Tx) mails(what, where string, args ...any) ([]Mail, error) {
	found, err := all(t, t.scanMail, `SELECT `+mailColumns+` FROM outbox WHERE mailbox_id = $1 AND `+where, append([]any{t.mb}, args...)...)
	return found, wrap(what, err)
}

// Ready reads the queued rows whose hour has come: of each what it takes to choose, ID, Contact, ToOwner, Kind, LeavesAt.
func (t *Tx) Ready(limit int) ([]Mail, error) {
	found, err := all(t, func(scan func(...any) error) (m Mail, err error) {
		var leaves int64
		err = scan(&m.ID, &m.Contact, &m.ToOwner, &m.Kind, &leaves)
		m.LeavesAt = t.moment(leaves)
		return m, err
	}, `SELECT outbox_id, contact_id, to_owner, kind, leaves_at FROM outbox
		WHERE mailbox_id = $1 AND state = 'queued' AND leaves_at <= $2 ORDER BY leaves_at, outbox_id LIMIT $3`, t.mb, millis(t.Now), limit)
	return found, wrap("read what may leave", err)
}

// NextLeaves is when the next queued row's hour comes; zero where none is queued.
func (t *Tx) NextLeaves() (time.Time, error) {
	ms, _, err := one[int64](t.row(`SELECT leaves_at FROM outbox WHERE mailbox_id = $1 AND state = 'queued' ORDER BY leaves_at LIMIT 1`, t.mb))
	return t.moment(ms), wrap("read what leaves next", err)
}

// Waiting reads what is planned or queued for contacts, the first to leave first.
func (t *Tx) Waiting(limit int) ([]Mail, error) {
	a, err := t.mails("read what is planned", `state = 'planned' AND to_owner = 0 ORDER BY leaves_at, outbox_id LIMIT $2`, limit)
	if err != nil {
		return nil, err
	}
	b, err := t.mails("read what is queued", `state = 'queued' AND to_owner = 0 ORDER BY leaves_at, outbox_id LIMIT $2`, limit)
	return append(a, b...), err
}

// Unwritten reads the planned mails to contacts that have no words yet.
func (t *Tx) Unwritten(limit int) ([]Mail, error) {
	return t.mails("read what is not written", `state = 'planned' AND to_owner = 0 AND (subject = '' OR body = '') ORDER BY leaves_at, outbox_id LIMIT $2`, limit)
}

// Write gives a planned mail its words.
func (t *Tx) Write(id int64, subject, body string, s State, leaves time.Time) error {
	_, err := t.exec(`UPDATE outbox SET subject = $1, body = $2, state = $3, leaves_at = $4
		WHERE mailbox_id = $5 AND outbox_id = $6 AND state = 'planned' AND raw IS NULL`, subject, body, string(s), millis(leaves), t.mb, id)
	return wrap("write mail", err)
}

// OwnerWaiting reads the mails of a kind to the owner that have not left.
func (t *Tx) OwnerWaiting(kind string, limit int) ([]Mail, error) {
	return t.mails("read what waits for the owner", `to_owner = 1 AND state = 'queued' AND kind = $2 ORDER BY leaves_at, outbox_id LIMIT $3`, kind, limit)
}

// MailsOf reads every row about a contact in the order of planning.
func (t *Tx) MailsOf(id contact.ID) ([]Mail, error) {
	return t.mails("read mails of contact", `contact_id = $2 ORDER BY outbox_id`, id)
}

// Mails reads the newest rows, oldest first.
func (t *Tx) Mails(limit int) ([]Mail, error) {
	return t.mails("read the outbox", `outbox_id > (SELECT COALESCE(MAX(outbox_id), 0) - $2 FROM outbox WHERE mailbox_id = $3) ORDER BY outbox_id`, limit, t.mb)
}

// InState reads the rows of one state.
func (t *Tx) InState(s State, limit int) ([]Mail, error) {
	return t.mails("read the outbox", `state = $2 ORDER BY leaves_at, outbox_id LIMIT $3`, string(s), limit)
}

// AskedUnder finds who was asked under a subject, the newest first.
func (t *Tx) AskedUnder(subject string, limit int) ([]contact.ID, error) {
	found, err := all(t, func(scan func(...any) error) (id contact.ID, err error) {
		return id, scan(&id)
	}, `SELECT contact_id FROM outbox WHERE mailbox_id = $1 AND kind = 'ask' AND subject = $2 AND state = 'sent'
		ORDER BY outbox_id DESC LIMIT $3`, t.mb, subject, limit)
	return found, wrap("find who was asked", err)
}

// States counts the rows of each state.
func (t *Tx) States() (map[State]int, error) {
	type count struct {
		s State
		n int
	}
	counts, err := all(t, func(scan func(...any) error) (count, error) {
		var c count
		return c, scan(&c.s, &c.n)
	}, `SELECT state, COUNT(*) FROM outbox WHERE mailbox_id = $1 GROUP BY state`, t.mb)
	states := map[State]int{}
	for _, c := range counts {
		states[c.s] = c.n
	}
	return states, wrap("count the outbox", err)
}

// Withdraw takes a row back that has not left; by is the event that did it.
func (t *Tx) Withdraw(id, by int64, why string) error {
	_, err := t.exec(`UPDATE outbox SET state = 'withdrawn', gone_by = $1, why = $2
		WHERE mailbox_id = $3 AND outbox_id = $4 AND state IN ('planned', 'queued')`, by, why, t.mb, id)
	return wrap("withdraw mail", err)
}

// Restore brings back what the event by withdrew, because that event was undone.
func (t *Tx) Restore(id int64, s State, leaves time.Time) error {
	_, err := t.exec(`UPDATE outbox SET state = $1, gone_by = 0, why = '', leaves_at = $2
		WHERE mailbox_id = $3 AND outbox_id = $4 AND state = 'withdrawn'`, string(s), millis(leaves), t.mb, id)
	return wrap("restore mail", err)
}

// WithdrawnBy reads the rows that an event withdrew.
func (t *Tx) WithdrawnBy(seq int64) ([]Mail, error) {
	return t.mails("read what was withdrawn", `state = 'withdrawn' AND gone_by = $2 ORDER BY outbox_id`, seq)
}

// PlannedBy reads the rows that an event planned.
func (t *Tx) PlannedBy(seq int64) ([]Mail, error) {
	return t.mails("read what was planned", `seq = $2 ORDER BY outbox_id`, seq)
}

// Move gives a waiting row another state or hour.
func (t *Tx) Move(id int64, s State, leaves time.Time) error {
	_, err := t.exec(`UPDATE outbox SET state = $1, leaves_at = $2
		WHERE mailbox_id = $3 AND outbox_id = $4 AND state IN ('planned', 'queued')`, string(s), millis(leaves), t.mb, id)
	return wrap("move mail", err)
}

// Notice notes that the owner was told of a row at Now.
func (t *Tx) Notice(id int64) error {
	_, err := t.exec(`UPDATE outbox SET noticed_at = $1 WHERE mailbox_id = $2 AND outbox_id = $3 AND noticed_at = 0`, millis(t.Now), t.mb, id)
	return wrap("note notice", err)
}

// ForgetNotice makes a row wait for a new notice.
func (t *Tx) ForgetNotice(id int64) error {
	_, err := t.exec(`UPDATE outbox SET noticed_at = 0 WHERE mailbox_id = $1 AND outbox_id = $2`, t.mb, id)
	return wrap("forget notice", err)
}

// ErrLost tells that a claim failed: the row is no longer queued, or another daemon holds the lease.
var ErrLost = errors.New("the mail is no longer ours to send")

// Claim takes a queued row for sending: it fixes the bytes, counts the attempt and stores the next time, before
// anything is dialled. A row that has bytes keeps them, so every retry sends the same.
func (t *Tx) Claim(id, epoch int64, raw []byte, look string, retry time.Time) (Mail, error) {
	m, err := t.scanMail(t.row(`UPDATE outbox SET state = 'sending', attempts = attempts + 1, marked = 0, epoch = $1, look = $2,
			claimed_at = CASE WHEN raw IS NULL THEN $3 ELSE claimed_at END, raw = COALESCE(raw, $4), leaves_at = $5
		WHERE mailbox_id = $6 AND outbox_id = $7 AND state = 'queued'
			AND EXISTS (SELECT 1 FROM leases WHERE mailbox_id = $6 AND epoch = $1)
		RETURNING `+mailColumns, epoch, look, millis(t.Now), raw, millis(retry), t.mb, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return m, fmt.Errorf("claim mail %d: %w", id, ErrLost)
	}
	return m, wrap("claim mail", err)
}

// Unclaim takes back a claim of which no server has heard: the row waits again as it did, and where this was its first
// claim it gets its bytes anew.
func (t *Tx) Unclaim(id, epoch int64, leaves time.Time) error {
	_, err := t.exec(`UPDATE outbox SET state = 'queued', leaves_at = $1, attempts = attempts - 1,
			raw = CASE WHEN attempts > 1 THEN raw END, claimed_at = CASE WHEN attempts > 1 THEN claimed_at ELSE 0 END
		WHERE mailbox_id = $2 AND outbox_id = $3 AND state = 'sending' AND marked = 0 AND epoch = $4`, millis(leaves), t.mb, id, epoch)
	return wrap("take back claim", err)
}

// Mark notes that the server has said 354: from here on the mail may have arrived.
func (t *Tx) Mark(id, epoch int64) error {
	n, err := t.exec(`UPDATE outbox SET marked = 1 WHERE mailbox_id = $1 AND outbox_id = $2 AND state = 'sending' AND epoch = $3
		AND EXISTS (SELECT 1 FROM leases WHERE mailbox_id = $1 AND epoch = $3)`, t.mb, id, epoch)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return wrap("mark mail", err)
}

// Finish records the result of a sending.
func (t *Tx) Finish(id int64, s State, why string) error {
	var sent int64
	if s == Sent {
		sent = millis(t.Now)
	}
	_, err := t.exec(`UPDATE outbox SET state = $1, why = $2, sent_at = $3
		WHERE mailbox_id = $4 AND outbox_id = $5 AND state IN ('sending', 'in_doubt')`, string(s), why, sent, t.mb, id)
	return wrap("record result of sending", err)
}

// Requeue puts a claimed or doubtful row back for another try with the same bytes.
func (t *Tx) Requeue(id int64, leaves time.Time, why string) error {
	_, err := t.exec(`UPDATE outbox SET state = 'queued', marked = 0, why = $1, leaves_at = $2
		WHERE mailbox_id = $3 AND outbox_id = $4 AND state IN ('sending', 'in_doubt')`, why, millis(leaves), t.mb, id)
	return wrap("queue mail again", err)
}

// FoundSent records that a row which waits has left, as its copy in Sent tells; false where it does not wait.
func (t *Tx) FoundSent(id int64, raw []byte) (bool, error) {
	n, err := t.exec(`UPDATE outbox SET state = 'sent', why = 'found in Sent', sent_at = $1, filed = 1, raw = COALESCE(raw, $2),
			claimed_at = CASE WHEN claimed_at = 0 THEN $3 ELSE claimed_at END
		WHERE mailbox_id = $4 AND outbox_id = $5 AND state IN ('planned', 'queued')`, millis(t.Now), raw, millis(t.Now), t.mb, id)
	return n > 0, wrap("record what was found in Sent", err)
}

// Filed notes that the copy in Sent is there, or not wanted.
func (t *Tx) Filed(id int64) error {
	_, err := t.exec(`UPDATE outbox SET filed = 1 WHERE mailbox_id = $1 AND outbox_id = $2`, t.mb, id)
	return wrap("note copy in Sent", err)
}

// Unfiled reads the sent rows whose copy in Sent is still to be made.
func (t *Tx) Unfiled(limit int) ([]Mail, error) {
	return t.mails("read what is to be filed", `state = 'sent' AND filed = 0 ORDER BY outbox_id LIMIT $2`, limit)
}

// Neighbour is a mail that leaves or left at about the same time.
type Neighbour struct {
	At   time.Time
	Kind string
}

// Near reads the mails to contacts that leave or left in the open interval (from, until), but for the row not;
// confirmations are left out.
func (t *Tx) Near(from, until time.Time, not int64) ([]Neighbour, error) {
	found, err := all(t, func(scan func(...any) error) (Neighbour, error) {
		var n Neighbour
		var ms int64
		err := scan(&ms, &n.Kind)
		n.At = t.moment(ms)
		return n, err
		// Not "sent_at > $2": SQLite would compare that with the index's own "sent_at > 0", and prepare the statement anew
		// for every value.
	}, `SELECT sent_at, kind FROM outbox
		WHERE mailbox_id = $1 AND to_owner = 0 AND sent_at >= $2 AND sent_at < $3 AND sent_at > 0 AND outbox_id <> $4 AND kind <> 'confirm'
		UNION ALL
		SELECT leaves_at, kind FROM outbox
		WHERE mailbox_id = $5 AND to_owner = 0 AND leaves_at >= $6 AND leaves_at < $7 AND outbox_id <> $8 AND kind <> 'confirm'
			AND state IN ('planned', 'queued', 'sending', 'in_doubt')`,
		t.mb, millis(from)+1, millis(until), not, t.mb, millis(from)+1, millis(until), not)
	return found, wrap("read the neighbours", err)
}

// SentToOwner reads the mails to the owner that left in [from, until).
func (t *Tx) SentToOwner(from, until time.Time, limit int) ([]Mail, error) {
	return t.mails("read mails to the owner", `to_owner = 1 AND sent_at >= $2 AND sent_at < $3 AND sent_at > 0 ORDER BY sent_at LIMIT $4`,
		millis(from), millis(until), limit)
}

// Full reports whether most mails to contacts leave or left in [from, until), without the row not; confirmations do not
// count.
func (t *Tx) Full(from, until time.Time, not int64, most int) (bool, error) {
	last, _, err := one[int](t.row(`SELECT COALESCE(MAX(outbox_id), 0) FROM outbox WHERE mailbox_id = $1`, t.mb))
	if err != nil || last <= most { // there are not so many
		return false, wrap("count the mails of a day", err)
	}
	left, _, err := one[int](t.row(`SELECT COUNT(*) FROM outbox WHERE mailbox_id = $1 AND to_owner = 0 AND sent_at >= $2 AND sent_at < $3
		AND sent_at > 0 AND outbox_id <> $4 AND kind <> 'confirm'`, t.mb, millis(from), millis(until), not))
	if err != nil || left >= most {
		return err == nil, wrap("count the mails of a day", err)
	}
	waiting, _, err := one[int](t.row(`SELECT COUNT(*) FROM outbox WHERE mailbox_id = $1 AND to_owner = 0 AND leaves_at >= $2 AND leaves_at < $3
		AND outbox_id <> $4 AND kind <> 'confirm' AND state IN ('planned', 'queued', 'sending', 'in_doubt')`, t.mb, millis(from), millis(until), not))
	return left+waiting >= most, wrap("count the mails of a day", err)
}

// LastSent is when the last mail left, to contacts or to anybody.
func (t *Tx) LastSent(contactsOnly bool) (time.Time, error) {
	most := 1
	if contactsOnly {
		most = 0
	}
	var last int64
	for owner := 0; owner <= most; owner++ {
		ms, _, err := one[int64](t.row(`SELECT sent_at FROM outbox WHERE mailbox_id = $1 AND to_owner = $2 AND sent_at > 0
			ORDER BY sent_at DESC LIMIT 1`, t.mb, owner))
		if err != nil {
			return time.Time{}, wrap("read last sent", err)
		}
		last = max(last, ms)
	}
	return t.moment(last), nil
}

// CountSent counts the mails of a kind ("": every kind) that left for contacts, or for the owner, since a time.
func (t *Tx) CountSent(toOwner bool, kind string, since time.Time) (int, error) {
	n, _, err := one[int](t.row(`SELECT COUNT(*) FROM outbox WHERE mailbox_id = $1 AND to_owner = $2 AND sent_at >= $3 AND sent_at > 0
		AND ($4 = '' OR kind = $5)`, t.mb, flag(toOwner), millis(since), kind, kind))
	return n, wrap("count sent", err)
}

// CountPlanned counts the mails of a kind that were planned for the owner since a time.
func (t *Tx) CountPlanned(kind string, since time.Time) (int, error) {
	n, _, err := one[int](t.row(`SELECT COUNT(*) FROM outbox WHERE mailbox_id = $1 AND to_owner = 1 AND leaves_at >= $2 AND kind = $3
		AND planned_at >= $4`, t.mb, millis(since), kind, millis(since)))
	return n, wrap("count planned", err)
}
