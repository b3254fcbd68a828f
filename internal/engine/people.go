package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"askwell/internal/contact"
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
		a := e.act(tx, "command line")
		for _, n := range list {
			why, err := s.newcomer(a, n)
			var refused *contact.Refusal
			switch {
			case errors.As(err, &refused):
				done.Left = append(done.Left, fmt.Sprintf("%s: %s", n.Name, refused.Why))
			case err != nil:
				return err
			case why == "":
				done.New++
			default:
				done.Known++
			}
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
	same, err := s.tx.ByName(p.Name, 20)
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
