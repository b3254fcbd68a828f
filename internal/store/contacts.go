package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// ErrNone tells that there is no such row.
var ErrNone = errors.New("no such row")

// ErrStale tells that a contact changed since it was read.
var ErrStale = errors.New("the contact changed meanwhile")

// Index is what a contact's row says beside its state, so that nobody has to read all contacts to find one.
type Index struct {
	Next    time.Time // when time alone brings the next event
	Needs   time.Time // since when it needs the owner
	CheckIn time.Time // when the next check-in is due
	Rest    time.Time // not to be suggested before
}

const contactColumns = `contact_id, version, state`

// Versioned is a contact and the version it was read at.
type Versioned struct {
	contact.Contact
	Version int64
}

func scanContact(scan func(...any) error) (Versioned, error) {
	var v Versioned
	var state string
	var id int64
	if err := scan(&id, &v.Version, &state); err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(state), &v.Contact); err != nil {
		return v, fmt.Errorf("read contact %d: %w", id, err)
	}
	return v, nil
}

// Contact reads one contact, or ErrNone.
func (t *Tx) Contact(id contact.ID) (Versioned, error) {
	v, err := scanContact(t.row(`SELECT `+contactColumns+` FROM contacts WHERE mailbox_id = $1 AND contact_id = $2`, t.mb, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fmt.Errorf("load contact %d: %w", id, ErrNone)
	}
	return v, err
}

// NextContactID is the number of the next contact. A number is never used again, for the journal keeps it.
func (t *Tx) NextContactID() (contact.ID, error) {
	var id contact.ID
	err := t.row(`SELECT 1 + MAX(
		COALESCE((SELECT MAX(contact_id) FROM contacts WHERE mailbox_id = $1), 0),
		COALESCE((SELECT MAX(contact_id) FROM events WHERE mailbox_id = $2), 0))`, t.mb, t.mb).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("number contact: %w", err)
	}
	return id, nil
}

// SaveContact stores c, that was read at version (0: it is new), or returns ErrStale.
func (t *Tx) SaveContact(c contact.Contact, version int64, x Index) error {
	state, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("save contact %d: %w", c.ID, err)
	}
	var talk int64
	if c.Talk != nil && c.Stage == contact.Scheduled {
		talk = millis(c.Talk.Start)
	}
	if err := t.countStage(c.ID, -1); err != nil {
		return err
	}
	n, err := t.exec(`INSERT INTO contacts (mailbox_id, contact_id, version, name, name_key, stage, rank, state,
			next_at, needs_from, check_in_at, rest_until, talk_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (mailbox_id, contact_id) DO UPDATE SET version = excluded.version, name = excluded.name,
			name_key = excluded.name_key, stage = excluded.stage, rank = excluded.rank, state = excluded.state,
			next_at = excluded.next_at, needs_from = excluded.needs_from, check_in_at = excluded.check_in_at,
			rest_until = excluded.rest_until, talk_at = excluded.talk_at
		WHERE contacts.version = excluded.version - 1`,
		t.mb, c.ID, version+1, c.Name, nameKey(c.Name), string(c.Stage), c.Closeness.Rank(), string(state),
		millis(x.Next), millis(x.Needs), millis(x.CheckIn), millis(x.Rest), talk)
	if err != nil {
		return fmt.Errorf("save contact %d: %w", c.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("save contact %d: %w", c.ID, ErrStale)
	}
	if err := t.countStage(c.ID, +1); err != nil {
		return err
	}
	return t.saveAddresses(c)
}

// countStage adds d to the count of the stage that the contact's row holds now, if there is one.
func (t *Tx) countStage(id contact.ID, d int) error {
	_, err := t.exec(`INSERT INTO stage_counts (mailbox_id, stage, n)
		SELECT mailbox_id, stage, $1 FROM contacts WHERE mailbox_id = $2 AND contact_id = $3
		ON CONFLICT (mailbox_id, stage) DO UPDATE SET n = stage_counts.n + $4`, max(d, 0), t.mb, id, d)
	if err != nil {
		return fmt.Errorf("count stage of contact %d: %w", id, err)
	}
	return nil
}

func (t *Tx) saveAddresses(c contact.Contact) error {
	if _, err := t.exec(`DELETE FROM addresses WHERE mailbox_id = $1 AND contact_id = $2`, t.mb, c.ID); err != nil {
		return fmt.Errorf("save addresses of contact %d: %w", c.ID, err)
	}
	for _, a := range c.Addresses {
		// An address that another contact has stays with that one.
		if _, err := t.exec(`INSERT INTO addresses (mailbox_id, address, contact_id) VALUES ($1, $2, $3)
			ON CONFLICT (mailbox_id, address) DO NOTHING`, t.mb, string(a.Key()), c.ID); err != nil {
			return fmt.Errorf("save addresses of contact %d: %w", c.ID, err)
		}
	}
	return nil
}

// DropContact removes the row of a contact whose adding was undone; the journal stays.
func (t *Tx) DropContact(id contact.ID) error {
	if err := t.countStage(id, -1); err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM addresses WHERE mailbox_id = $1 AND contact_id = $2`,
		`DELETE FROM contacts WHERE mailbox_id = $1 AND contact_id = $2`,
	} {
		if _, err := t.exec(q, t.mb, id); err != nil {
			return fmt.Errorf("drop contact %d: %w", id, err)
		}
	}
	return nil
}

// Forget erases everything that is known of a contact: row, journal, messages, mails, items.
func (t *Tx) Forget(id contact.ID) error {
	if err := t.DropContact(id); err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM events WHERE mailbox_id = $1 AND contact_id = $2`,
		`DELETE FROM messages WHERE mailbox_id = $1 AND contact_id = $2`,
		`DELETE FROM items WHERE mailbox_id = $1 AND contact_id = $2`,
		`DELETE FROM copies WHERE mailbox_id = $1 AND outbox_id IN (SELECT outbox_id FROM outbox WHERE mailbox_id = $1 AND contact_id = $2)`,
		`DELETE FROM outbox WHERE mailbox_id = $1 AND contact_id = $2`,
	} {
		if _, err := t.exec(q, t.mb, id); err != nil {
			return fmt.Errorf("forget contact %d: %w", id, err)
		}
	}
	return nil
}

// ByAddress finds whose address a is; 0 where it is nobody's.
func (t *Tx) ByAddress(a message.Address) (contact.ID, error) {
	id, _, err := one[contact.ID](t.row(`SELECT contact_id FROM addresses WHERE mailbox_id = $1 AND address = $2`, t.mb, string(a.Key())))
	if err != nil {
		return 0, fmt.Errorf("find address: %w", err)
	}
	return id, nil
}

// Called finds contacts of exactly this name, blind to case and accents, at most limit.
func (t *Tx) Called(name string, limit int) ([]Versioned, error) {
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND name_key = $2 ORDER BY contact_id LIMIT $3`, t.mb, nameKey(name), limit)
	return found, wrap("find name", err)
}

func nameKey(name string) string { return message.FoldName(name) }

// ByName finds contacts with words in their name that begin with these, in this order, at most limit. It may read every
// name: it is for what the owner wrote, not for what strangers send.
func (t *Tx) ByName(words []string, limit int) ([]Versioned, error) {
	var like strings.Builder
	like.WriteString("%")
	for _, w := range words {
		like.WriteString(" " + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(nameKey(w)) + "%")
	}
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND ' ' || name_key LIKE $2 ESCAPE '\' ORDER BY contact_id LIMIT $3`, t.mb, like.String(), limit)
	return found, wrap("find name", err)
}

// Contacts reads all contacts of these stages (none: every stage), closest first within the order of numbers.
func (t *Tx) Contacts(stages ...contact.Stage) ([]Versioned, error) {
	if len(stages) == 0 {
		found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts WHERE mailbox_id = $1 ORDER BY contact_id`, t.mb)
		return found, wrap("list contacts", err)
	}
	var found []Versioned
	for _, s := range stages {
		part, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
			WHERE mailbox_id = $1 AND stage = $2 ORDER BY rank, contact_id`, t.mb, string(s))
		if err != nil {
			return nil, wrap("list contacts", err)
		}
		found = append(found, part...)
	}
	return found, nil
}

// Due reads the contacts whose next event has come by until, the longest overdue first.
func (t *Tx) Due(until time.Time, limit int) ([]Versioned, error) {
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND next_at > 0 AND next_at <= $2 ORDER BY next_at, contact_id LIMIT $3`, t.mb, millis(until), limit)
	return found, wrap("read what is due", err)
}

// NextDue is when the next event comes; zero where nothing is to come.
func (t *Tx) NextDue() (time.Time, error) {
	ms, _, err := one[int64](t.row(`SELECT next_at FROM contacts WHERE mailbox_id = $1 AND next_at > 0 ORDER BY next_at LIMIT 1`, t.mb))
	return t.moment(ms), wrap("read what is due next", err)
}

// Needing reads the contacts that need the owner at Now, the longest waiting first.
func (t *Tx) Needing(limit int) ([]Versioned, error) {
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND needs_from > 0 AND needs_from <= $2 ORDER BY needs_from, contact_id LIMIT $3`, t.mb, millis(t.Now), limit)
	return found, wrap("read who needs the owner", err)
}

// CountNeeding counts what Needing would read without a limit.
func (t *Tx) CountNeeding() (int, error) {
	n, _, err := one[int](t.row(`SELECT COUNT(*) FROM contacts WHERE mailbox_id = $1 AND needs_from > 0 AND needs_from <= $2`, t.mb, millis(t.Now)))
	return n, wrap("count who needs the owner", err)
}

// CheckInsDue reads the contacts whose check-in is due at Now.
func (t *Tx) CheckInsDue(limit int) ([]Versioned, error) {
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND check_in_at > 0 AND check_in_at <= $2 ORDER BY check_in_at, contact_id LIMIT $3`, t.mb, millis(t.Now), limit)
	return found, wrap("read whose check-in is due", err)
}

// ToAsk reads whom to ask next: new contacts that do not rest, closest first.
func (t *Tx) ToAsk(limit int) ([]Versioned, error) {
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND stage = 'new' AND rest_until <= $2 ORDER BY rank, contact_id LIMIT $3`, t.mb, millis(t.Now), limit)
	return found, wrap("read whom to ask", err)
}

// Talks reads the contacts whose talk begins in [from, until).
func (t *Tx) Talks(from, until time.Time) ([]Versioned, error) {
	found, err := all(t, scanContact, `SELECT `+contactColumns+` FROM contacts
		WHERE mailbox_id = $1 AND talk_at >= $2 AND talk_at < $3 AND talk_at > 0 ORDER BY talk_at, contact_id`, t.mb, millis(from), millis(until))
	return found, wrap("read the talks", err)
}

// Stages counts the contacts of each stage.
func (t *Tx) Stages() (map[contact.Stage]int, error) {
	type count struct {
		stage string
		n     int
	}
	counts, err := all(t, func(scan func(...any) error) (count, error) {
		var c count
		return c, scan(&c.stage, &c.n)
	}, `SELECT stage, n FROM stage_counts WHERE mailbox_id = $1 AND n > 0`, t.mb)
	if err != nil {
		return nil, wrap("count the stages", err)
	}
	stages := map[contact.Stage]int{}
	for _, c := range counts {
		stages[contact.Stage(c.stage)] = c.n
	}
	return stages, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
