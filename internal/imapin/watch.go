package imapin

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	firstWait = time.Second
	maxWait   = 5 * time.Minute
	loginWait = time.Minute     // the least after a refused login: providers lock accounts
	calmAfter = 5 * time.Minute // a connection that lived so long was a good one
)

// Watch calls kick, which must not block, whenever something may have come: when the server tells of it, when a
// connection was made anew, and every Config.Poll in any case. It returns when ctx ends, with its error, and leaves
// nothing behind.
func (m *Mailbox) Watch(ctx context.Context, kick func()) error {
	told := make(chan struct{}, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.listen(ctx, func() {
			select {
			case told <- struct{}{}:
			default:
			}
		})
	}()
	defer func() { <-done }()
	poll := time.NewTicker(m.cfg.Poll)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
		case <-told:
		}
		kick()
	}
}

// listen keeps a connection that idles, for as long as ctx lasts.
func (m *Mailbox) listen(ctx context.Context, tell func()) {
	log := m.cfg.Logger
	wait, failures := firstWait, 0
	for ctx.Err() == nil {
		begun := time.Now()
		err := m.idle(ctx, tell, func() {
			if failures > 0 {
				log.InfoContext(ctx, "watching the mailbox again", slog.String("server", m.addr()), slog.Int("failures", failures))
				failures = 0
			}
		})
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errNoIdle) {
			log.InfoContext(ctx, "the server does not tell of new mail, polling", slog.String("server", m.addr()))
			<-ctx.Done()
			return
		}
		if time.Since(begun) >= calmAfter {
			wait = firstWait
		}
		if failures++; failures == 1 {
			log.WarnContext(ctx, "watching the mailbox failed, trying again", slog.String("server", m.addr()), slog.Any("error", err))
		} else {
			log.DebugContext(ctx, "watching the mailbox failed, trying again", slog.String("server", m.addr()), slog.Any("error", err))
		}
		pause := wait
		if known := (*Error)(nil); errors.As(err, &known) && (known.Auth || known.TLS) {
			pause = max(pause, loginWait)
		}
		sleep(ctx, pause/2+rand.N(pause)) //nolint:gosec // jitter
		wait = min(2*wait, maxWait)
	}
}

var errNoIdle = errors.New("the server has no IDLE")

// idle connects, opens the inbox and idles until something breaks or ctx ends.
func (m *Mailbox) idle(ctx context.Context, tell, calm func()) error {
	s, err := m.dial(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if ctx.Err() != nil {
			s.drop()
			return
		}
		s.logout(2 * time.Second)
	}()
	if !s.caps.Has(imap.CapIdle) {
		return errNoIdle
	}
	if err := s.list(ctx, false); err != nil {
		return m.fail("list the folders", err)
	}
	folders, err := watch(s.found, nil)
	if err != nil {
		return m.fail("find the inbox", err)
	}
	in := slices.IndexFunc(folders, func(w watched) bool { return w.role == RoleInbox || w.role == RoleAll })
	if _, err := s.examine(ctx, folders[in].name); err != nil { // there always is one
		return m.fail("open the inbox", err)
	}
	calm()
	tell() // for what came while nobody watched
	for {
		if err := s.idleOnce(ctx, m.cfg.IdleFor, tell); err != nil {
			return m.fail("wait for mail", err)
		}
	}
}

// idleOnce idles for at most d. The client would renew it after 28 minutes, when home routers have long forgotten the
// connection.
func (s *session) idleOnce(ctx context.Context, d time.Duration, tell func()) error {
	cmd, err := call(ctx, s, commandLimit, func(c *imapclient.Client) (*imapclient.IdleCommand, error) { return c.Idle() })
	if err != nil {
		return err
	}
	renew := time.NewTimer(d)
	defer renew.Stop()
	for open := true; open; {
		select {
		case <-s.told:
			tell()
		case <-renew.C:
			open = false
		case <-s.c.Closed():
			open = false
		case <-ctx.Done():
			s.dead = true // which the deferred drop of the socket makes true
			return ctx.Err()
		}
	}
	return s.do(ctx, 30*time.Second, func(*imapclient.Client) error {
		if err := cmd.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	})
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
