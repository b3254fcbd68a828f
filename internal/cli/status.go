package cli

import (
	"fmt"
	"time"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/store"
)

type statusCmd struct{}

// Run says how askwell does, and fails when something is wrong.
func (*statusCmd) Run(a *app) error {
	return a.withEngine(func(e *engine.Engine, mb *store.Mailbox) error {
		s, err := e.Status(a.ctx, time.Now())
		if err != nil {
			return err
		}
		if a.json {
			if err := a.print(s); err != nil {
				return err
			}
		} else {
			a.tell(s)
		}
		if !s.OK {
			return errSilent
		}
		return nil
	})
}

func (a *app) tell(s engine.Status) {
	say := func(what string, t time.Time) {
		if t.IsZero() {
			fmt.Fprintf(a.out, "%-10s never\n", what)
			return
		}
		fmt.Fprintf(a.out, "%-10s %s\n", what, t.Format("Mon 2 Jan 15:04:05"))
	}
	fmt.Fprintf(a.out, "%-10s %s\n", "mailbox", s.Mailbox)
	if s.Holder == "" {
		fmt.Fprintf(a.out, "%-10s nobody runs the daemon; `askwell run` starts it\n", "holder")
	} else {
		fmt.Fprintf(a.out, "%-10s %s\n", "holder", s.Holder)
	}
	say("last read", s.LastRead)
	say("last sent", s.LastSent)
	for _, stage := range contact.Stages() {
		if n := s.Stages[stage]; n > 0 {
			fmt.Fprintf(a.out, "%-10s %d %s\n", "contacts", n, stage)
		}
	}
	for _, state := range []store.State{store.Planned, store.Queued, store.Sending, store.Sent, store.Failed, store.InDoubt, store.Withdrawn} {
		if n := s.Outbox[state]; n > 0 {
			fmt.Fprintf(a.out, "%-10s %d %s\n", "outbox", n, state)
		}
	}
	for _, t := range s.Trouble {
		fmt.Fprintf(a.out, "%-10s %s\n", "trouble", t)
	}
}
