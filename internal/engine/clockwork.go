package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/render"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

var twoWorkingDays = mustDuration("2wd")

func mustDuration(s string) worktime.Duration {
	d, err := worktime.ParseDuration(s)
	if err != nil {
		return worktime.Duration{}
	}
	return d
}

// dueAtOnce is how many contacts one transaction moves along.
const dueAtOnce = 100

// due takes to each contact what time alone brings.
func (e *Engine) due(ctx context.Context, now time.Time) error {
	if err := e.reindex(ctx, now); err != nil {
		return err
	}
	for range 1000 {
		n, err := e.dueBy(ctx, now, now)
		if err != nil || n < dueAtOnce {
			return err
		}
	}
	return nil
}

// dueBy takes the events that come by until, at now.
func (e *Engine) dueBy(ctx context.Context, now, until time.Time) (n int, err error) {
	// Asking first spares a write on most turns.
	var some bool
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		next, err := tx.NextDue()
		some = !next.IsZero() && !next.After(until)
		return err
	}); err != nil || !some {
		return 0, err
	}
	err = e.store.Update(ctx, now, func(tx *store.Tx) error {
		found, err := tx.Due(until, dueAtOnce)
		if err != nil {
			return err
		}
		for _, c := range found {
			ev, at, ok := contact.Due(c.Contact, e.policy, now)
			if !ok || at.After(until) {
				// The row says otherwise than the contact: the contact is right.
				if err := tx.SaveContact(c.Contact, c.Version, e.index(c.Contact, now)); err != nil {
					return err
				}
				continue
			}
			if _, nudge := ev.(contact.NudgeDue); at.After(now) && !nudge {
				continue
			}
			n++
			_, err := e.act(tx, "timer").apply(c.ID, ev)
			var refused *contact.Refusal
			if errors.As(err, &refused) {
				// It no longer fits; the row is set right, so that it does not come again.
				x := e.index(c.Contact, now)
				x.Next = time.Time{}
				err = tx.SaveContact(c.Contact, c.Version, x)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// reindex works out anew what is due when the owner's waiting times have changed.
func (e *Engine) reindex(ctx context.Context, now time.Time) error {
	s := e.cfg.Schedule
	print := fmt.Sprint(s.NudgeAfter, s.SilentAfter, s.PrepBefore, s.OutcomeAfter, s.CheckInEvery, e.cfg.Sending.Days, e.cfg.Sending.Holidays, e.loc)
	var known string
	if err := e.store.View(ctx, now, func(tx *store.Tx) (err error) {
		known, err = tx.Setting("policy")
		return err
	}); err != nil || known == print {
		return err
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		if known != "" {
			all, err := tx.Contacts()
			if err != nil {
				return err
			}
			for _, c := range all {
				if err := tx.SaveContact(c.Contact, c.Version, e.index(c.Contact, now)); err != nil {
					return err
				}
			}
		}
		return tx.Set("policy", print)
	})
}

// crons are the two mails that come by cron.
func (e *Engine) crons() map[string]worktime.Cron {
	return map[string]worktime.Cron{"digest": e.cfg.Schedule.Digest, "update_request": e.cfg.Schedule.UpdateRequest}
}

// lastRun is when a cron last ran; the first time it is asked, now.
func (e *Engine) lastRun(tx *store.Tx, name string) (time.Time, error) {
	at, err := tx.Setting("cron " + name)
	if err != nil {
		return time.Time{}, err
	}
	last, err := time.Parse(time.RFC3339Nano, at)
	if err != nil || last.After(tx.Now) { // never, or the clock was set back
		return tx.Now, tx.Set("cron "+name, tx.Now.Format(time.RFC3339Nano))
	}
	return last.In(e.loc), nil
}

func (e *Engine) nextCron(tx *store.Tx) (time.Time, error) {
	var first time.Time
	for name, cron := range e.crons() {
		last, err := e.lastRun(tx, name)
		if err != nil {
			return first, err
		}
		if at, ok := cron.Next(last); ok && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first, nil
}

// clockwork runs what cron asks for: once, however many hours were missed.
func (e *Engine) clockwork(ctx context.Context, now time.Time) error {
	var run []string
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		for name, cron := range e.crons() {
			at, err := tx.Setting("cron " + name)
			if err != nil {
				return err
			}
			last, err := time.Parse(time.RFC3339Nano, at)
			if err != nil || last.After(now) {
				run = append(run, name)
			} else if at, ok := cron.Next(last.In(e.loc)); ok && !at.After(now) {
				run = append(run, name)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, name := range run {
		if err := e.runCron(ctx, now, name); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) runCron(ctx context.Context, now time.Time, name string) error {
	if name == "digest" {
		if err := e.planAhead(ctx, now); err != nil {
			return err
		}
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		last, err := e.lastRun(tx, name)
		if err != nil {
			return err
		}
		at, ok := e.crons()[name].Next(last)
		if !ok || at.After(now) {
			return nil
		}
		if err := tx.Set("cron "+name, now.Format(time.RFC3339Nano)); err != nil {
			return err
		}
		if name == "digest" {
			if err := e.supersede(tx); err != nil {
				return err
			}
			l, empty, err := e.digest(tx)
			if err != nil || empty {
				return err
			}
			key := now.Format(time.RFC3339Nano)
			if err := l.tell("digest " + key); err != nil {
				return err
			}
			return l.post("digest", key, 0)
		}
		return e.updateRequest(tx)
	})
}

// planAhead plans the nudges that come due before the next digest, so that this one can announce them.
func (e *Engine) planAhead(ctx context.Context, now time.Time) error {
	if e.cfg.Review.Nudge == config.Send {
		return nil
	}
	next, ok := e.cfg.Schedule.Digest.Next(now)
	if !ok {
		return nil
	}
	if most := now.AddDate(0, 0, 4); next.After(most) {
		next = most
	}
	_, err := e.dueBy(ctx, now, next)
	return err
}

// updateRequest asks for the owner's news, for those whose check-in is due.
func (e *Engine) updateRequest(tx *store.Tx) error {
	due, err := tx.CheckInsDue(60)
	if err != nil || len(due) == 0 {
		return err
	}
	l := e.letter(tx)
	l.page.Subject = "How is your search going? " + plural(len(due), "One person", "people") + " would like to know"
	l.page.Lead = []string{
		"Two or three sentences are enough: what happened, what you are doing next. Just answer this mail with them.",
		"Each of these people then gets your news in a mail of their own, one by one, in their working hours:",
	}
	s := render.Section{Title: "Stay in touch", Hint: "leave one out: 1 skip"}
	for _, c := range due {
		n := l.number(store.Item{Contact: c.ID, What: "check_in"})
		text := c.Name
		if work := roleAt(c.Contact); work != "" {
			text += ", " + work
		}
		if c.Talk != nil {
			text += ", you talked " + e.day(c.Talk.Start, tx.Now)
		}
		s.Items = append(s.Items, render.Item{N: n, Text: text, Replies: buttons(relabel(l.answers(n, c.Contact, "skip"), "Leave out"))})
	}
	l.page.Sections = []render.Section{s}
	l.page.Foot = []string{"If you do not answer, nobody gets anything."}
	return l.post("update_request", tx.Now.Format(time.RFC3339Nano), 0)
}
