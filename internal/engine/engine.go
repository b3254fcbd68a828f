package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/smtpout"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// Mailbox is the owner's mailbox, as the engine sees it.
type Mailbox interface {
	Read(ctx context.Context, from []imapin.Cursor, since time.Time, v imapin.Visitor) (imapin.Look, error)
	Append(ctx context.Context, raw []byte, date time.Time) error
	FindSent(ctx context.Context, messageID string, since time.Time) (bool, error)
	Watch(ctx context.Context, kick func()) error
}

// Sender hands one finished message to the submission server.
type Sender interface {
	Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome
}

const (
	// leaseFor is how long a daemon holds its mailbox without renewing.
	leaseFor = 90 * time.Second
	// poll is the longest time between two turns: Junk and Sent have no IDLE of their own.
	poll = time.Minute
	// ownerWait is how long a mail in the owner's name may take to turn up in Sent.
	ownerWait = 2 * time.Minute
	// tokenAge is how long an answer to one of our mails proves the owner.
	tokenAge = 30 * 24 * time.Hour
	// undoAge is how long a command can be taken back.
	undoAge = 30 * 24 * time.Hour
	// freshFor is how old a look at the mailbox may be when a mail is claimed.
	freshFor = time.Minute
	// receiptsPerHour bounds what askwell answers.
	receiptsPerHour = 10
	// bodyLimit is how much of one message is read.
	bodyLimit = 1 << 20
)

// Options is what an Engine works with. Config, Store and Templates are needed; Mailbox and Sender
// only by Turn and Run, not by the command line.
type Options struct {
	Config    *config.Config
	Store     *store.Mailbox
	Templates *render.Set
	Mailbox   Mailbox
	Sender    Sender
	Logger    *slog.Logger
	Holder    string    // who runs this daemon, for the lease; host and process
	Random    io.Reader // tokens and Message-IDs; default crypto/rand
	// ReadPeople reads an address book attached to the owner's mail: who is in it, and what was left out and why. Without
	// it nothing is imported by mail.
	ReadPeople func(name string, r io.Reader) (list []Newcomer, left []string, err error)
	// LookEvery is how often Run asks the store whether a command line has changed it; default 500 ms.
	LookEvery time.Duration
}

// Engine does the work of one mailbox. Turn and Run must not run at the same time.
type Engine struct {
	cfg    *config.Config
	store  *store.Mailbox
	set    *render.Set
	stamp  string // of the owner's templates, as they were last read
	wrong  error  // what is wrong with them
	box    Mailbox
	out    Sender
	log    *slog.Logger
	holder string
	random io.Reader

	lookEvery  time.Duration
	readPeople func(name string, r io.Reader) ([]Newcomer, []string, error)

	loc    *time.Location
	cal    *worktime.Calendar
	window *worktime.Window
	policy contact.Policy
	kick   chan struct{}

	epoch      int64      // of the lease, once taken
	recovered  bool       // what a crash left was sorted out
	unrecorded []answered // what servers said and the store could not take yet
	look       lastLook   // the newest complete reading
	down       *outage    // the store cannot be used
	tryAgain   time.Time  // when the submission server is tried again
	tries      int        // how often it was not there in succession
	turnAt     time.Time  // the real time at which the turn began, to see how long it takes
}

// New checks what it needs and makes an Engine.
func New(o Options) (*Engine, error) {
	if o.Config == nil || o.Store == nil || o.Templates == nil {
		return nil, errors.New("make engine: configuration, store and templates are needed")
	}
	c := o.Config
	e := &Engine{
		cfg: c, store: o.Store, set: o.Templates, box: o.Mailbox, out: o.Sender,
		log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler)), holder: cmp.Or(o.Holder, "askwell"),
		random: o.Random, loc: c.Location(), cal: c.Calendar(), window: c.Window(),
		kick: make(chan struct{}, 1), lookEvery: cmp.Or(o.LookEvery, 500*time.Millisecond), readPeople: o.ReadPeople,
	}
	if e.random == nil {
		e.random = rand.Reader
	}
	e.policy = contact.Policy{
		Calendar: e.cal, Location: e.loc, NudgeAfter: c.Schedule.NudgeAfter, SilentAfter: c.Schedule.SilentAfter,
		PrepBefore: c.Schedule.PrepBefore, OutcomeAfter: c.Schedule.OutcomeAfter, CheckInEvery: c.Schedule.CheckInEvery,
	}
	return e, nil
}

// Kick makes Run take a turn now.
func (e *Engine) Kick() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// HeldError tells that another daemon runs this mailbox. Until is when its lease ends; zero where it is known to be alive.
type HeldError struct {
	Holder string
	Until  time.Time
}

func (h *HeldError) Error() string {
	who := h.Holder
	if !h.Until.IsZero() {
		who += " (if that one is gone, its lease ends " + h.Until.Format("15:04:05") + ")"
	}
	return fmt.Sprintf("another askwell runs this mailbox: %s; stop it first, or use the other commands, which work beside it", who)
}

// Turn does everything that is due at now and says when it wants to be called again. An error is one of ours, or of the
// store: what cannot be recorded is not done.
func (e *Engine) Turn(ctx context.Context, now time.Time) (time.Time, error) {
	now = now.In(e.loc).Truncate(time.Millisecond)
	e.turnAt = time.Now()
	next, err := e.turn(ctx, now)
	if ctx.Err() != nil {
		return next, err
	}
	if broken(err) {
		e.storeFails(ctx, now, err)
	} else if err == nil {
		err = e.storeWorks(ctx, now)
	}
	return next, err
}

func (e *Engine) turn(ctx context.Context, now time.Time) (time.Time, error) {
	if err := e.takeLease(ctx, now); err != nil {
		return now.Add(leaseFor / 3), err
	}
	if err := e.recordLate(ctx, now); err != nil {
		return now.Add(poll), err
	}
	if !e.recovered {
		if err := e.recover(ctx, now); err != nil {
			return now.Add(poll), err
		}
		e.recovered = true
	}
	if err := e.words(ctx, now); err != nil {
		return now.Add(poll), err
	}
	if err := e.ingest(ctx, now); err != nil {
		if ctx.Err() != nil {
			return now, ctx.Err()
		}
		if broken(err) {
			return now.Add(poll), err
		}
		var read *imapin.Error
		onlyOwner := errors.As(err, &read) && (read.Auth || read.TLS)
		if err := e.trouble(ctx, now, aboutMailbox, err, onlyOwner); err != nil {
			return now.Add(poll), err
		}
	} else if err := e.mended(ctx, now, aboutMailbox); err != nil {
		return now.Add(poll), err
	}
	for _, work := range []func(context.Context, time.Time) error{e.settleWaiting, e.due, e.clockwork, e.endTrouble} {
		if err := work(ctx, now); err != nil {
			return now.Add(poll), err
		}
	}
	more, err := e.send(ctx, now)
	if err != nil {
		return now.Add(poll), err
	}
	if err := e.file(ctx, now); err != nil {
		return now.Add(poll), err
	}
	if more {
		return now, nil
	}
	return e.next(ctx, now)
}

// next is when something will be due; far ahead where nothing is.
func (e *Engine) next(ctx context.Context, now time.Time) (time.Time, error) {
	at := now.AddDate(0, 1, 0)
	err := e.store.View(ctx, now, func(tx *store.Tx) error {
		for _, ask := range []func() (time.Time, error){
			tx.NextDue, tx.NextLeaves, tx.NextWaiting, func() (time.Time, error) { return nextTrouble(tx) }, func() (time.Time, error) { return e.nextCron(tx) }, func() (time.Time, error) { return e.nextFiling(tx) },
		} {
			t, err := ask()
			if err != nil {
				return err
			}
			if !t.IsZero() && t.Before(at) {
				at = t
			}
		}
		return nil
	})
	if !at.After(now) {
		// Something is due that could not be done now: without a look at the mailbox nothing leaves.
		at = now.Add(time.Second)
		if !e.look.at.Equal(now) {
			at = now.Add(poll)
		}
		if pause := e.paused(now); pause > 0 {
			at = latest(at, now.Add(pause))
		}
	}
	return at, err
}

func (e *Engine) takeLease(ctx context.Context, now time.Time) error {
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		l, ok, err := tx.TakeLease(e.holder, now.Add(leaseFor))
		if err != nil {
			return err
		}
		if !ok {
			return &HeldError{Holder: l.Holder, Until: l.Until}
		}
		if l.Epoch != e.epoch {
			e.recovered = false // somebody else may have held it meanwhile, and have died
		}
		e.epoch = l.Epoch
		return nil
	})
}

// hold locks the mailbox against every other process of this machine, and ends the lease of one that has died: nobody has
// to wait after a crash.
func (e *Engine) hold(ctx context.Context, now time.Time) error {
	dead, err := e.store.Hold(e.holder)
	if errors.Is(err, store.ErrHeld) {
		var l store.Lease
		if err := e.store.View(ctx, now, func(tx *store.Tx) (err error) {
			l, err = tx.Lease()
			return err
		}); err != nil {
			return err
		}
		return &HeldError{Holder: cmp.Or(l.Holder, "it is just starting, or ending")}
	}
	if err != nil || dead == "" {
		return err
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error { return tx.DropLease(dead) })
}

// Release gives the mailbox back, so that another daemon can start at once.
func (e *Engine) Release(ctx context.Context, now time.Time) error {
	return e.store.Update(ctx, now, func(tx *store.Tx) error { return tx.DropLease(e.holder) })
}

// token is 128 random bits.
func (e *Engine) token() (t [16]byte, err error) {
	if _, err = io.ReadFull(e.random, t[:]); err != nil {
		return t, fmt.Errorf("draw random bits: %w", err)
	}
	return t, nil
}

func (e *Engine) messageID() (message.MessageID, error) {
	t, err := e.token()
	if err != nil {
		return "", err
	}
	return message.NewMessageID(t, e.cfg.Mailbox.Address.Domain()), nil
}
