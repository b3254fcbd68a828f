package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// act is one cause (a mail, a command, a timer, the result of a sending) and everything it does,
// within one transaction. Undo takes a whole act back.
type act struct {
	e     *Engine
	tx    *store.Tx
	cause string
	seq   int64 // of its first record, once there is one

	planned   []int64 // outbox rows
	withdrawn []int64
	depth     int
}

func (e *Engine) act(tx *store.Tx, cause string) *act { return &act{e: e, tx: tx, cause: cause} }

// apply takes an event to a contact: Step, the journal, and what the effects ask for.
// A *contact.Refusal is returned as it is, with nothing stored.
func (a *act) apply(id contact.ID, ev contact.Event) (contact.Contact, error) {
	old, err := a.tx.Contact(id)
	if err != nil && !(errors.Is(err, store.ErrNone) && isAdded(ev)) {
		return contact.Contact{}, err
	}
	old.ID = id
	c, effects, err := contact.Step(old.Contact, ev, a.tx.Now)
	if err != nil {
		return old.Contact, err
	}
	if err := contact.Check(c); err != nil {
		// A fault of ours. One event is refused; a mail or a timer that failed for ever would stop all the others.
		return old.Contact, refusal("%s does not fit %s any more (%v)", ev.Name(), old.Name, err)
	}
	seq, err := a.record(id, ev)
	if err != nil {
		return c, err
	}
	if err := a.save(c, old.Version); err != nil {
		return c, err
	}
	if err := a.guard(old.Contact, c); err != nil {
		return c, err
	}
	for _, effect := range effects {
		if err := a.carry(c, seq, effect); err != nil {
			return c, fmt.Errorf("carry out %s for contact %d: %w", ev.Name(), id, err)
		}
	}
	return c, nil
}

// fact applies what has happened anyway. Where it no longer fits, or the contact is gone, the message or the row of the
// outbox still tells of it: one mail must not keep all the others from being read.
func (a *act) fact(id contact.ID, ev contact.Event) error {
	_, err := a.apply(id, ev)
	var refused *contact.Refusal
	if errors.As(err, &refused) || errors.Is(err, store.ErrNone) {
		a.e.log.WarnContext(a.tx.Context(), "event passed over", slog.Any("contact", id), slog.String("event", ev.Name()), slog.Any("error", err))
		return nil
	}
	return err
}

func isAdded(ev contact.Event) bool {
	_, ok := ev.(contact.Added)
	return ok
}

func (a *act) record(id contact.ID, ev contact.Event) (int64, error) {
	detail, err := contact.Encode(ev)
	if err != nil {
		return 0, err
	}
	return a.write(id, ev.Name(), string(detail))
}

func (a *act) write(id contact.ID, name, detail string) (int64, error) {
	seq, err := a.tx.NextSeq()
	if err != nil {
		return 0, err
	}
	if a.seq == 0 {
		a.seq = seq
	}
	return seq, a.tx.AddRecord(store.Record{Seq: seq, Act: a.seq, Contact: id, Name: name, Detail: detail, Cause: a.cause})
}

// save stores the contact with what the indexes need to know of it.
func (a *act) save(c contact.Contact, version int64) error {
	if err := contact.Check(c); err != nil {
		return err
	}
	return a.tx.SaveContact(c, version, a.e.index(c, a.tx.Now))
}

func (e *Engine) index(c contact.Contact, now time.Time) store.Index {
	var x store.Index
	if _, at, ok := contact.Due(c, e.policy, now); ok {
		x.Next = at
	}
	if at, ok := contact.CheckInDue(c, e.policy); ok {
		x.CheckIn = at
	}
	rest := time.Time{}
	if !c.SnoozedUntil.IsZero() {
		rest = c.SnoozedUntil.In(c.Location(e.loc))
		x.Rest = rest
	}
	x.Needs = needsFrom(c, now, rest)
	return x
}

// needsFrom is since when, or from when on, the contact needs the owner.
func needsFrom(c contact.Contact, now, rest time.Time) time.Time {
	if len(c.Needs(now)) > 0 {
		return now
	}
	var from time.Time
	for _, t := range []time.Time{rest, talkEnd(c)} {
		if t.After(now) && len(c.Needs(t)) > 0 && (from.IsZero() || t.Before(from)) {
			from = t
		}
	}
	return from
}

func talkEnd(c contact.Contact) time.Time {
	if c.Talk == nil {
		return time.Time{}
	}
	return c.Talk.End
}

// guard keeps the list of barred addresses in step with the stage: an opt-out outlives the contact. It holds for the
// addresses from which they write later, too.
func (a *act) guard(old, c contact.Contact) error {
	was, is := old.Stage == contact.OptedOut, c.Stage == contact.OptedOut
	if !was && !is {
		return nil
	}
	f := a.tx.Unbar
	if is {
		f = a.tx.Bar
	}
	for _, addr := range slices.Concat(old.Addresses, c.Addresses) {
		if err := f(a.e.barHash(addr)); err != nil {
			return err
		}
	}
	return nil
}

func (a *act) carry(c contact.Contact, seq int64, effect contact.Effect) error {
	switch f := effect.(type) {
	case contact.Plan:
		return a.plan(c, seq, f)
	case contact.Withdraw:
		return a.withdraw(c.ID, seq, f)
	case contact.Approve:
		return a.approve(c, f)
	case contact.Resend:
		return a.resend(c, f)
	case contact.Settle:
		m, err := a.tx.MailByMessageID(f.MessageID)
		if err != nil {
			return err
		}
		return a.tx.Finish(m.ID, store.Sent, "settled by the owner")
	case contact.Prompt:
		return a.e.prompt(a.tx, c, seq, f.What)
	case contact.Tell:
		if a.depth > 3 {
			return nil
		}
		a.depth++
		defer func() { a.depth-- }()
		_, err := a.apply(f.To, f.Event)
		var refusal *contact.Refusal
		if errors.As(err, &refusal) || errors.Is(err, store.ErrNone) {
			return nil // they were forgotten, or it no longer fits
		}
		return err
	}
	return nil
}

func (a *act) withdraw(id contact.ID, seq int64, w contact.Withdraw) error {
	rows, err := a.tx.MailsOf(id)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if m.ToOwner || m.State != store.Planned && m.State != store.Queued || !hasKind(w.Kinds, m.Kind) {
			continue
		}
		if err := a.tx.Withdraw(m.ID, seq, w.Why); err != nil {
			return err
		}
		a.withdrawn = append(a.withdrawn, m.ID)
	}
	return nil
}

func hasKind(kinds []contact.Kind, kind string) bool {
	for _, k := range kinds {
		if string(k) == kind {
			return true
		}
	}
	return len(kinds) == 0
}

// eventForget is the journal's record that somebody was erased; it tells nothing of them.
const eventForget = "forget"

// undone is the journal's record of an undo.
type undone struct {
	Act  int64   `json:"act"`
	Left []int64 `json:"left,omitempty"` // mails that had left already
}

// undo takes an act back: every contact it touched is folded anew from its journal without it.
// It returns the mails that had left already, which nothing can unsend.
func (a *act) undo(target int64) (left []store.Mail, err error) {
	records, err := a.tx.Act(target)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, refusal("there is nothing with the number %d to take back", target)
	}
	for _, r := range records {
		switch {
		case r.Undone != 0:
			return nil, refusal("that was taken back already")
		case r.Name == eventForget:
			return nil, refusal("who was erased cannot be brought back; what was before can be taken back by its number in `history`")
		case !undoable(r.Name):
			return nil, refusal("a mail that has left cannot be taken back; what follows from it, you can correct")
		}
	}
	if a.tx.Now.Sub(records[0].At) > undoAge {
		return nil, refusal("that is more than 30 days ago; what it did is in `history`")
	}
	touched := map[contact.ID]bool{}
	var order []contact.ID
	var planned, gone []store.Mail
	for _, r := range records {
		if !touched[r.Contact] {
			touched[r.Contact] = true
			order = append(order, r.Contact)
		}
		if r.Name == "undo" {
			return nil, refusal("an undo cannot be undone; give the command again")
		}
		p, err := a.tx.PlannedBy(r.Seq)
		if err != nil {
			return nil, err
		}
		w, err := a.tx.WithdrawnBy(r.Seq)
		if err != nil {
			return nil, err
		}
		planned, gone = append(planned, p...), append(gone, w...)
	}
	var ids []int64
	for _, m := range planned {
		if !m.ToOwner && (m.State == store.Sending || m.State == store.Sent || m.State == store.InDoubt) {
			left = append(left, m)
			ids = append(ids, m.ID)
		}
	}
	detail, err := json.Marshal(undone{Act: target, Left: ids})
	if err != nil {
		return nil, fmt.Errorf("encode undo: %w", err)
	}
	var by int64
	var seqs []int64
	for _, r := range records {
		keep, err := a.stays(r)
		if err != nil {
			return nil, err
		}
		if !keep {
			seqs = append(seqs, r.Seq)
		}
	}
	if len(seqs) == 0 {
		return nil, refusal("they were written to already and stay; `close` or `forget` ends it")
	}
	for _, id := range order {
		if by, err = a.write(id, "undo", string(detail)); err != nil {
			return nil, err
		}
	}
	if err := a.tx.MarkUndone(seqs, by); err != nil {
		return nil, err
	}
	for _, id := range order {
		if err := a.refold(id, by, gone); err != nil {
			return nil, err
		}
	}
	return left, a.stillWrote(records)
}

// undoable reports whether an event of this name can be taken back: not that a mail has left, or may have.
func undoable(name string) bool {
	switch name {
	case contact.Sent{}.Name(), contact.SendDoubted{}.Name(), contact.SendRefused{}.Name(), contact.Settled{}.Name():
		return false
	}
	return true
}

// stays reports whether a record outlives the undo of its act: the adding of somebody who was written to. Their answer must
// find them.
func (a *act) stays(r store.Record) (bool, error) {
	if r.Name != (contact.Added{}).Name() {
		return false, nil
	}
	rows, err := a.tx.MailsOf(r.Contact)
	for _, m := range rows {
		if !m.ToOwner && (m.State == store.Sending || m.State == store.Sent || m.State == store.InDoubt) {
			return true, err
		}
	}
	return false, err
}

// stillWrote keeps what an undo of a misread answer leaves true: they have answered, so nothing goes to them by itself.
func (a *act) stillWrote(records []store.Record) error {
	for _, r := range records {
		if r.Name != (contact.Replied{}).Name() || !strings.HasPrefix(r.Cause, "mail ") {
			continue // the owner's own word that a mail was theirs can be taken back whole
		}
		ev, err := contact.Decode(r.Name, []byte(r.Detail))
		if err != nil {
			return err
		}
		if e, ok := ev.(contact.Replied); ok {
			e.Intent, e.Times, e.Later = "unclear", nil, worktime.Date{}
			if err := a.e.act(a.tx, "undo").fact(r.Contact, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// refold makes the contact what its journal says, and the outbox agree with it.
func (a *act) refold(id contact.ID, by int64, gone []store.Mail) error {
	old, err := a.tx.Contact(id)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	journal, err := a.journal(id)
	if err != nil {
		return err
	}
	c := contact.Fold(id, journal)
	rows, err := a.tx.MailsOf(id)
	if err != nil {
		return err
	}
	waits := map[string]bool{}
	for i := len(rows) - 1; i >= 0; i-- {
		m := rows[i]
		if m.ToOwner || m.State != store.Planned && m.State != store.Queued {
			continue
		}
		if c.Waits(contact.Kind(m.Kind)) && !waits[m.Kind] && !plannedByUndone(journal, m.Seq) {
			waits[m.Kind] = true
			continue
		}
		if err := a.tx.Withdraw(m.ID, by, "taken back by the owner"); err != nil {
			return err
		}
		a.withdrawn = append(a.withdrawn, m.ID)
	}
	for _, m := range gone {
		if m.Contact != id || m.ToOwner || !c.Waits(contact.Kind(m.Kind)) || waits[m.Kind] {
			continue
		}
		waits[m.Kind] = true
		if err := a.restore(c, m); err != nil {
			return err
		}
	}
	// What the journal takes for waiting and no row stands for is given up.
	for _, k := range append([]contact.Kind(nil), c.Pending...) {
		if !waits[string(k)] {
			c, _, _ = contact.Step(c, contact.MailMissed{Kind: k}, a.tx.Now)
			// An act of its own: the next undo looks for commands, and must not find this.
			if _, err := a.e.act(a.tx, "undo").record(id, contact.MailMissed{Kind: k, Why: "undo"}); err != nil {
				return err
			}
		}
	}
	if c.Stage == "" {
		return a.tx.DropContact(id)
	}
	if err := a.save(c, old.Version); err != nil {
		return err
	}
	return a.guard(old.Contact, c)
}

func plannedByUndone(journal []contact.Entry, seq int64) bool {
	for _, e := range journal {
		if e.Seq == seq {
			return false
		}
	}
	return true
}

// journal reads what counts of a contact's journal.
func (a *act) journal(id contact.ID) ([]contact.Entry, error) {
	records, err := a.tx.Journal(id)
	if err != nil {
		return nil, err
	}
	return Entries(records)
}

// Entries decodes the records that count: what was undone, and the undoing, do not.
func Entries(records []store.Record) ([]contact.Entry, error) {
	var journal []contact.Entry
	for _, r := range records {
		if r.Undone != 0 || r.Name == "undo" || r.Name == eventForget {
			continue
		}
		ev, err := contact.Decode(r.Name, []byte(r.Detail))
		if err != nil {
			return nil, fmt.Errorf("read journal at %d: %w", r.Seq, err)
		}
		journal = append(journal, contact.Entry{Seq: r.Seq, At: r.At, Event: ev})
	}
	return journal, nil
}

func refusal(format string, args ...any) error {
	return &contact.Refusal{Why: fmt.Sprintf(format, args...)}
}
