package engine

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/reading"
	"askwell/internal/store"
)

// Newcomer is somebody from an address book. Via is the name of whoever recommended them.
type Newcomer struct {
	contact.Person
	Via, Note string
}

// Added is what became of a list of newcomers.
type Added struct {
	New, Known int
	Left       []string // who was left out, and why
}

// errDry ends a trial: nothing of it is kept.
var errDry = errors.New("trial")

// Add makes contacts of newcomers in one act, so that one undo takes all of them back. Who is there already, by address
// or by name and organisation, is not changed. With dry nothing is kept.
func (e *Engine) Add(ctx context.Context, now time.Time, list []Newcomer, dry bool) (done Added, err error) {
	err = e.store.Update(ctx, now.In(e.loc), func(tx *store.Tx) error {
		s := &session{e: e, tx: tx}
		if done, err = s.newcomers(e.act(tx, "command line"), list); err != nil {
			return err
		}
		if dry {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return done, err
}

// newcomers adds a list within one act.
func (s *session) newcomers(a *act, list []Newcomer) (done Added, err error) {
	for _, n := range list {
		known, err := s.newcomer(a, n)
		var refused *contact.Refusal
		switch {
		case errors.As(err, &refused):
			done.Left = append(done.Left, fmt.Sprintf("%s: %s", n.Name, refused.Why))
		case err != nil:
			return done, err
		case known == "":
			done.New++
		default:
			done.Known++
		}
	}
	return done, nil
}

// attached imports the address books that the owner's mail carries, each a line of the receipt.
func (s *session) attached(m *message.Message) (out []result) {
	if s.e.readPeople == nil {
		return nil
	}
	m.Walk(func(p *message.Part) bool {
		if s.err != nil || !isAddressBook(p) {
			return s.err == nil
		}
		r := result{line: command.Line{Text: cmp.Or(p.Filename, "the attached address book")}}
		list, left, err := s.e.readPeople(r.line.Text, bytes.NewReader(p.Body))
		if err != nil {
			r.say(sentence(err.Error()))
			out = append(out, r)
			return false
		}
		a := s.e.act(s.tx, s.cause)
		done, err := s.newcomers(a, list)
		if err != nil {
			s.err = err
			return false
		}
		r.done, r.changed, r.act = true, a.seq != 0, a.seq
		r.say(fmt.Sprintf("%d new, %d known already, %d left out.", done.New, done.Known, len(done.Left)+len(left)))
		for i, why := range append(left, done.Left...) {
			if i == 10 {
				r.say("and more")
				break
			}
			r.say(sentence(why))
		}
		out = append(out, r)
		return false
	})
	return out
}

// invited sets the talks that calendar objects in the owner's mail name a contact of, each a line of the receipt.
func (s *session) invited(m *message.Message) (out []result) {
	m.Walk(func(p *message.Part) bool {
		if s.err != nil || len(out) > 0 || p.MediaType != "text/calendar" && !strings.EqualFold(path.Ext(p.Filename), ".ics") {
			return s.err == nil
		}
		k, people, ok := reading.ReadInvitation(p.Body, s.e.loc)
		r := result{line: command.Line{Text: cmp.Or(p.Filename, "the attached invitation")}}
		if !ok || k.Start.IsZero() {
			r.say("No event with a time is in it.")
			out = append(out, r)
			return false
		}
		for _, addr := range people {
			id, err := s.tx.ByAddress(addr)
			if err != nil {
				s.err = err
				return false
			}
			if id == 0 {
				continue
			}
			r.about = id
			a := s.e.act(s.tx, s.cause)
			err = s.fix(a, id, k.Start, k.End, k.Location, &r)
			var refused *contact.Refusal
			switch {
			case errors.As(err, &refused):
				r.say(sentence(refused.Why))
			case err != nil:
				s.err = err
			default:
				r.done, r.changed, r.act, r.planned = true, a.seq != 0, a.seq, a.planned
			}
			out = append(out, r)
			return false
		}
		r.say("None of the people in it is a contact; `add NAME <ADDRESS>` makes one.")
		out = append(out, r)
		return false
	})
	return out
}

// isAddressBook tells by name or type whether a part is one.
func isAddressBook(p *message.Part) bool {
	switch strings.ToLower(path.Ext(p.Filename)) {
	case ".vcf", ".vcard", ".csv":
		return len(p.Body) > 0
	}
	switch p.MediaType {
	case "text/vcard", "text/x-vcard", "text/csv":
		return p.Disposition == "attachment" && len(p.Body) > 0
	}
	return false
}

// newcomer adds one; known tells by what somebody was recognised.
func (s *session) newcomer(a *act, n Newcomer) (known string, err error) {
	p := n.Person
	for _, addr := range p.Addresses {
		if err := s.e.mayAdd(s.tx, addr); err != nil {
			return "", err
		}
		id, err := s.tx.ByAddress(addr)
		if err != nil {
			return "", err
		}
		if id != 0 {
			return "address", nil
		}
	}
	same, err := s.tx.Called(p.Name, 20)
	if err != nil {
		return "", err
	}
	for _, c := range same {
		if c.Name == p.Name && c.Organisation == p.Organisation && (len(p.Addresses) == 0 || len(c.Addresses) == 0) {
			return "name", nil
		}
	}
	if n.Via != "" {
		found, err := s.named(n.Via)
		if err != nil {
			return "", err
		}
		if len(found) == 1 {
			p.ReferredBy = found[0].ID
		}
	}
	id, err := s.tx.NextContactID()
	if err != nil {
		return "", err
	}
	if _, err := a.apply(id, contact.Added{Person: p}); err != nil {
		return "", err
	}
	if n.Note != "" {
		_, err = a.apply(id, contact.Noted{Text: n.Note})
	}
	return "", err
}
