package engine

import (
	"context"
	"fmt"
	"time"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
)

// Status is how askwell does.
type Status struct {
	OK       bool                  `json:"ok"`
	Mailbox  message.Address       `json:"mailbox"`
	LastRead time.Time             `json:"last_read,omitzero"`
	LastSent time.Time             `json:"last_sent,omitzero"`
	Holder   string                `json:"holder,omitempty"`
	Stages   map[contact.Stage]int `json:"stages,omitempty"`
	Outbox   map[store.State]int   `json:"outbox,omitempty"`
	Trouble  []string              `json:"trouble,omitempty"`
}

// silence is how long a daemon may be heard of by nobody; it renews its lease every minute, and reads the mailbox.
const silence = 5 * time.Minute

// Status looks at the store alone, and at its disk. It is not OK when an incident is open, when the store could not be
// written, or when a daemon began its work and is not at it any more.
func (e *Engine) Status(ctx context.Context, now time.Time) (s Status, err error) {
	now = now.In(e.loc)
	s.Mailbox = e.cfg.Mailbox.Address
	err = e.store.View(ctx, now, func(tx *store.Tx) error {
		read, err := tx.Setting("last_read")
		if err != nil {
			return err
		}
		if t, err := time.Parse(time.RFC3339, read); err == nil {
			s.LastRead = t
		}
		if s.LastSent, err = tx.LastSent(false); err != nil {
			return err
		}
		l, err := tx.Lease()
		if err != nil {
			return err
		}
		if now.Before(l.Until) {
			s.Holder = l.Holder
		}
		if s.Stages, err = tx.Stages(); err != nil {
			return err
		}
		if s.Outbox, err = tx.States(); err != nil {
			return err
		}
		incidents, err := tx.Incidents()
		if err != nil {
			return err
		}
		failing := 0
		for _, i := range incidents {
			if i.Works {
				continue
			}
			failing++
			s.Trouble = append(s.Trouble, fmt.Sprintf("since %s: %s", i.Since.Format(time.RFC3339), i.Detail))
		}
		if n := s.Outbox[store.InDoubt]; n > 0 {
			s.Trouble = append(s.Trouble, fmt.Sprintf("%d mails are in doubt; the digest asks for each: `sent` or `resend`", n))
		}
		if s.Holder != "" && !s.LastRead.IsZero() && now.Sub(s.LastRead) > silence && failing == 0 {
			s.Trouble = append(s.Trouble, "the daemon has not read the mailbox since "+s.LastRead.Format(time.RFC3339))
		}
		// One that ends in order gives its lease back.
		if heard := l.Until.Add(-leaseFor); l.Holder != "" && now.Sub(heard) > silence {
			s.Trouble = append(s.Trouble, fmt.Sprintf("the daemon (%s) has not been heard of since %s: it was killed, hangs, or cannot write the store; its log tells",
				l.Holder, heard.Format(time.RFC3339)))
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	// A daemon that cannot write cannot write this down, either.
	if err := e.store.Store().Room(); err != nil {
		s.Trouble = append(s.Trouble, err.Error())
	}
	s.OK = len(s.Trouble) == 0
	return s, err
}

// Location is the owner's zone.
func (e *Engine) Location() *time.Location { return e.loc }

// Find is the one contact that who names: a number, a name or an address.
func (e *Engine) Find(ctx context.Context, now time.Time, who string) (id contact.ID, err error) {
	err = e.store.View(ctx, now.In(e.loc), func(tx *store.Tx) error {
		id, err = e.find(tx, who)
		return err
	})
	return id, err
}

func (e *Engine) find(tx *store.Tx, who string) (contact.ID, error) {
	s := &session{e: e, tx: tx}
	line, err := command.ParseArgs([]string{string(command.VerbShow), who}, command.Options{Now: tx.Now, Zone: e.loc, Known: s.known})
	if err != nil {
		return 0, err
	}
	if len(line.Who) != 1 {
		return 0, refusal("one contact is needed, not %q", who)
	}
	id, _, err := s.resolve(line.Who[0])
	return id, err
}
