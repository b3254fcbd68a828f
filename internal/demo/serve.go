package demo

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"askwell/internal/demo/world"
	"askwell/internal/message"
	"askwell/internal/store"
)

// quickly is the configuration of Serve: days are minutes, and every hour is a working hour.
const quickly = `
[owner]
name = "Ada Example"
address = "ada@example.org"
field = "data journalism"
about = "I teach maths and am looking into data journalism."
weekly_goal = 3

[schedule]
digest = "*/2 * * * *"
update_request = "*/10 * * * *"
nudge_after = ["2m", "2m"]
silent_after = "3m"
prep_before = ["2m", "30s"]
outcome_after = "15s"
check_in_every = "5m"
talk_length = "1m"

[sending]
days = "mon-sun"
hours = "00:00-24:00"
notice = "20s"
gap = "0s"
apart = "0s"
`

// service is a demo in real time, in which somebody plays the owner.
type service struct {
	*house
	tl     *timeline
	people *troupe

	ctx    context.Context //nolint:containedctx // it lives within one call of Serve
	busy   sync.WaitGroup  // people who are about to answer
	mu     sync.Mutex
	failed error
	over   bool
}

// Serve keeps the servers on loopback until ctx ends, with askwell at work in a mailbox that anybody at this machine can
// log in to with what is printed, and people who answer within a minute.
func Serve(ctx context.Context, o Options) error { return serve(ctx, o, 40*time.Second) }

// serve is Serve with people who take at most so long to answer.
func serve(ctx context.Context, o Options, patience time.Duration) (err error) {
	dir, err := folder(o.Dir)
	if err != nil {
		return err
	}
	password, err := newPassword()
	if err != nil {
		return err
	}
	s := &service{ctx: ctx}
	// The zone is left to the machine: times of day mean what the player's clock says.
	s.house, err = build(ctx, plan{dir: dir, password: password, settings: quickly, now: time.Now, listen: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if s.tl, err = s.timeline(o, s.cfg.Location()); err != nil {
		return err
	}
	s.gather(patience)
	defer s.finish()
	if err := s.prepare(ctx); err != nil {
		return err
	}
	out := s.tl.out
	s.tl.out = o.Out
	s.greet(password)
	s.tl.out = out
	err = s.e.Run(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	s.tl.say(plain, "")
	s.tl.say(plain, "Everything has ended. The folder stays: %s", s.dir)
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(err, s.failed, s.tl.err)
}

func newPassword() (string, error) {
	var b [10]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("draw a password: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])), nil
}

// gather lets the people hear what leaves.
func (s *service) gather(patience time.Duration) {
	parts := cast()
	for i := range parts {
		parts[i].bounces, parts[i].delayed = plainBounce(s.w, parts[i]), false
	}
	s.people = newTroupe(append(parts, recommended()...))
	s.people.servers, s.people.zone, s.people.now, s.people.quick = s.w, s.cfg.Location(), time.Now, patience
	s.people.told = func(from, to, what string) { s.tl.mail(time.Now(), from, to, what) }
	s.people.later = s.later
	s.people.stranger = func(address string) part {
		return part{name: address, address: address, does: stranger()}
	}
	s.w.OnMail(s.leaves)
}

// plainBounce makes mail to a part bounce for good where it does.
func plainBounce(w *world.World, p part) string {
	if p.bounces != "" && !p.delayed {
		bounce(w, p)
	}
	return p.bounces
}

// stranger is what anybody does whom the player invents.
func stranger() []reaction {
	return []reaction{
		{to: anAsk, times: [2]string{"", ""}, says: "Hello Ada,\n\nI do not know whether we have met, but yes: {a} or {b}?"},
		ok(),
	}
}

// later does something in real time, unless everything ends before.
func (s *service) later(at time.Time, do func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.busy.Go(func() {
		timer := time.NewTimer(time.Until(at))
		defer timer.Stop()
		select {
		case <-s.ctx.Done():
			return
		case <-timer.C:
		}
		if err := do(); err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.failed = errors.Join(s.failed, err)
		}
	})
}

// finish waits for everybody to notice that it is over.
func (s *service) finish() {
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	s.busy.Wait()
}

// leaves is told of each mail to somebody who has no mailbox here.
func (s *service) leaves(d world.Delivery) {
	m := message.Parse(d.Raw)
	if kind := s.kindOf(s.ctx, d.At, m.MessageID); kind != "" {
		s.tl.mail(d.At, "askwell", s.people.name(d.To), summary(kind, m))
	} else {
		text, _ := m.Text()
		s.tl.mail(d.At, ownerFirst, s.people.name(d.To), "by hand: "+quoted(text))
	}
	s.people.hear(d)
}

// prepare fills askwell with people, and has it write its welcome.
func (s *service) prepare(ctx context.Context) error {
	for _, p := range cast() {
		if _, err := s.e.Do(ctx, time.Now(), []string{"add", fmt.Sprintf("%s <%s>, %s", p.name, p.address, p.known)}); err != nil {
			return fmt.Errorf("add %s: %w", p.name, err)
		}
	}
	return s.mb.Update(ctx, time.Now().In(s.e.Location()), func(tx *store.Tx) error { return s.e.Welcome(tx) })
}

// greet says how to get in.
func (s *service) greet(password string) {
	say := func(format string, args ...any) { s.tl.say(plain, format, args...) }
	port := func(address string) string {
		_, p, err := net.SplitHostPort(address)
		if err != nil {
			return address
		}
		return p
	}
	s.tl.say(bold, "You are %s. Log in with your mail program:", ownerName)
	say("")
	say("  address   %s", ownerAddress)
	say("  user      %s", ownerAddress)
	say("  password  %s", password)
	say("  host      127.0.0.1")
	say("  IMAP      port %s with TLS, or port %s with STARTTLS", port(s.w.IMAPAddr()), port(s.w.IMAPPlainAddr()))
	say("  SMTP      port %s with TLS, or port %s with STARTTLS", port(s.w.SMTPAddr()), port(s.w.SMTPPlainAddr()))
	say("  CA file   %s", filepath.Join(s.dir, "ca.pem"))
	say("")
	say("The servers listen on this machine only, and no mail leaves it. Answer the")
	say("welcome in your inbox, or write to yourself: ask Bob. Nobody is real, everybody")
	say("answers within a minute, also those whom you invent. A nudge comes after two,")
	say("and a digest every two where there is something to say.")
	say("")
	say("From another terminal: askwell --config %s list", filepath.Join(s.dir, "askwell.toml"))
	say("Ctrl-C ends it.")
	say("")
}
