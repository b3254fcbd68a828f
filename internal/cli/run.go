package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"askwell/internal/config"
	"askwell/internal/engine"
	"askwell/internal/setup"
	"askwell/internal/store"
)

// grace is how long the daemon gets to end: a mail whose text the server has taken waits for the answer. A mail that
// is still unanswered then is in doubt at the next start, and asked for.
const grace = 9 * time.Second

type runCmd struct{}

// Run runs the daemon until SIGINT or SIGTERM; the second signal ends it at once.
func (*runCmd) Run(a *app) error {
	cfg, set, err := a.load()
	if err != nil {
		return err
	}
	log := a.logger(slog.LevelInfo)
	box, err := setup.Mailbox(cfg, log)
	if err != nil {
		return err
	}
	defer func() { _ = box.Close() }()
	out, err := setup.Sender(cfg, log)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	// A secret that cannot be read is a wrong configuration, and is said before anything starts.
	if _, err := cfg.Password(a.ctx); err != nil {
		return config.Errors{{File: cfg.File, Key: "mailbox", Problem: err.Error()}}
	}
	s, err := store.Open(a.ctx, cfg.StorePath())
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	// Better no daemon than one that meets the damage in the middle of its work.
	if err := s.Check(a.ctx); err != nil {
		return err
	}
	mb, err := s.Mailbox(a.ctx, string(cfg.Mailbox.Address.Key()))
	if err != nil {
		return err
	}
	e, err := engine.New(engine.Options{
		Config: cfg, Store: mb, Templates: set, Mailbox: box, Sender: out, Logger: log, Holder: holder(),
		ReadPeople: readPeople,
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(a.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	log.InfoContext(ctx, "askwell runs", slog.Any("mailbox", cfg.Mailbox.Address), slog.String("store", s.Path()))
	select {
	case err = <-ended:
	case <-ctx.Done():
		stop()
		select {
		case err = <-ended:
		case <-time.After(grace):
			return fmt.Errorf("a mail was still waiting for the server's answer; whether it arrived is asked at the next start")
		}
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// holder names this process for the lease.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return fmt.Sprintf("%s, process %d, since %s", host, os.Getpid(), time.Now().Format("2006-01-02 15:04:05.000"))
}
