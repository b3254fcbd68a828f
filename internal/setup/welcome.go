package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/render"
	"askwell/internal/store"
	"askwell/templates"
)

// welcomeLimit is how long Init waits for the welcome to leave; `askwell run` sends it if need be.
const welcomeLimit = time.Minute

// start opens the store, sends the welcome, and says how it goes on.
func (s *setting) start(ctx context.Context) error {
	c, err := config.Load(s.path, s.Env)
	if err != nil {
		return err
	}
	set, err := render.Load(templates.FS, c.Templates.Dir)
	if err != nil {
		return fmt.Errorf("load templates: %w", err)
	}
	st, err := store.Open(ctx, c.StorePath())
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	s.say("Store:   %s", st.Path())
	if s.Flags.NoWelcome {
		if err := unwanted(ctx, c, st); err != nil {
			return err
		}
	} else if err := s.welcome(ctx, c, set, st); err != nil {
		return err
	}
	return s.farewell(c, set)
}

// unwanted keeps the daemon from sending a welcome at its first start.
func unwanted(ctx context.Context, c *config.Config, st *store.Store) error {
	mb, err := st.Mailbox(ctx, string(c.Mailbox.Address.Key()))
	if err != nil {
		return err
	}
	return mb.Update(ctx, time.Now(), func(tx *store.Tx) error { return tx.Set(engine.SettingWelcome, "off") })
}

// welcome queues the welcome and takes a turn or two, so that it leaves.
func (s *setting) welcome(ctx context.Context, c *config.Config, set *render.Set, st *store.Store) error {
	mb, err := st.Mailbox(ctx, string(c.Mailbox.Address.Key()))
	if err != nil {
		return err
	}
	l := link{log: s.Logger, trust: s.trust, dial: s.Dial, password: c.Password}
	box, out := l.mailbox(c), l.sender(c)
	defer func() { _ = box.Close() }()
	defer func() { _ = out.Close() }()
	e, err := engine.New(engine.Options{
		Config: c, Store: mb, Templates: set, Mailbox: box, Sender: out, Logger: s.Logger, Holder: holder(),
	})
	if err != nil {
		return err
	}
	now := time.Now().In(c.Location())
	sent, lived, err := queue(ctx, mb, e, now)
	if err != nil {
		return err
	}
	switch {
	case sent:
		return nil // it came long ago
	case lived:
		// There are contacts, and mails of theirs may be due. To send them is what `run` is for.
		s.say("The welcome will be sent by `askwell run`.")
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, welcomeLimit)
	defer cancel()
	var trouble error
	for range 2 {
		if _, trouble = e.Turn(limited, time.Now()); trouble != nil {
			break
		}
		if sent, err = welcomed(ctx, mb, now); err != nil || sent {
			break
		}
	}
	var held *engine.HeldError
	if !errors.As(trouble, &held) {
		if rerr := e.Release(context.WithoutCancel(ctx), time.Now()); err == nil {
			err = rerr
		}
	}
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case sent:
		s.say("\nA welcome is on its way to %s: it says what to reply.", c.Owner.Address)
	case trouble != nil:
		s.say("\nThe welcome could not be sent yet: %v. `askwell run` will try again.", trouble)
	default:
		s.say("\nThe welcome could not be sent yet; `askwell run` will try again, and `askwell status` says why.")
	}
	return nil
}

// queue queues the welcome, once for ever. sent: it left already. lived: the store has contacts.
func queue(ctx context.Context, mb *store.Mailbox, e *engine.Engine, now time.Time) (sent, lived bool, err error) {
	err = mb.Update(ctx, now, func(tx *store.Tx) error {
		stages, err := tx.Stages()
		if err != nil {
			return err
		}
		for _, n := range stages {
			lived = lived || n > 0
		}
		n, err := tx.CountSent(true, "welcome", time.Time{})
		if sent = n > 0; err != nil || sent {
			return err
		}
		return e.Welcome(tx)
	})
	return sent, lived, err
}

func welcomed(ctx context.Context, mb *store.Mailbox, now time.Time) (sent bool, err error) {
	err = mb.View(ctx, now, func(tx *store.Tx) error {
		n, err := tx.CountSent(true, "welcome", time.Time{})
		sent = n > 0
		return err
	})
	return sent, err
}

// holder names this process for the lease.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return fmt.Sprintf("askwell init on %s, process %d", host, os.Getpid())
}

// farewell shows an ask as it would leave, and what comes next.
func (s *setting) farewell(c *config.Config, set *render.Set) error {
	mail, err := set.Contact("ask_close", render.ContactView{
		Name: "Jane Doe", First: "Jane", Owner: c.Owner.Name, OwnerFirst: contact.Contact{Name: c.Owner.Name}.First(),
		OwnerAddress: string(c.Mailbox.Address), Field: c.Owner.Field, About: c.Owner.About,
	})
	if err != nil {
		return err
	}
	s.say("\nAn ask to a friend, Jane Doe, would leave like this:\n")
	s.say("  | Subject: %s\n  |", mail.Subject)
	for line := range strings.Lines(mail.Text) {
		s.say("%s", strings.TrimRight("  | "+line, " \n"))
	}
	with := ""
	if same, err := filepath.Abs(config.DefaultPath(s.Env)); err != nil || same != s.path {
		with = " --config " + s.path
	}
	s.say("\nWhat to do next:")
	s.say("  askwell run%s       reads and sends, for as long as it runs", with)
	s.say("  askwell doctor%s    says whether all is well; with --send it mails you", with)
	s.say("Then answer the welcome in your mail program, such as: ask Jane Doe <jane@example.org>, friend")
	return nil
}
