package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/render"
	"askwell/internal/store"
)

// Done is what became of a command given on the command line.
type Done struct {
	OK    bool
	About contact.ID
	Lines []string
}

// Do does one command of the owner's language, as words of a command line. What it prints counts as the notice of the
// mails that it lists.
func (e *Engine) Do(ctx context.Context, now time.Time, words []string) (done []Done, err error) {
	now = now.In(e.loc)
	err = e.store.Update(ctx, now, func(tx *store.Tx) error {
		s := &session{e: e, tx: tx, cause: "command line"}
		line, err := command.ParseArgs(words, command.Options{Now: tx.Now, Zone: e.loc, Known: s.known})
		if err != nil {
			return err
		}
		results := s.run([]command.Line{line})
		if s.err != nil {
			return s.err
		}
		for _, r := range results {
			d := Done{OK: r.done, About: r.about, Lines: r.said}
			for _, near := range r.line.Nearest {
				d.Lines = append(d.Lines, "Did you mean: "+near)
			}
			for _, id := range r.planned {
				if err := e.notice(tx, id); err != nil {
					return err
				}
				m, err := tx.Mail(id)
				if errors.Is(err, store.ErrNone) || err == nil && m.State != store.Planned && m.State != store.Queued {
					continue
				}
				if err != nil {
					return err
				}
				c, err := tx.Contact(m.Contact)
				if err != nil {
					return err
				}
				d.Lines = append(d.Lines, (&letter{e: e, tx: tx}).leavesLine(m, c.Contact))
			}
			if r.act != 0 {
				d.Lines = append(d.Lines, fmt.Sprintf("Take it back with: undo %d", r.act))
			}
			for _, x := range r.extra {
				d.Lines = append(d.Lines, append([]string{x.title}, x.lines...)...)
			}
			done = append(done, d)
		}
		return nil
	})
	return done, err
}

// Digest is the digest as it stands at now, as text; "" where there is nothing to say. It is not sent.
func (e *Engine) Digest(ctx context.Context, now time.Time) (mail render.Mail, err error) {
	now = now.In(e.loc)
	err = e.store.View(ctx, now, func(tx *store.Tx) error {
		l, _, err := e.digest(tx)
		if err != nil || len(l.page.Sections) == 0 {
			return err
		}
		mail, err = e.set.Owner("digest", l.page)
		return err
	})
	return mail, err
}

// SendDigest queues the digest as it stands at now; false where there is nothing to say.
func (e *Engine) SendDigest(ctx context.Context, now time.Time) (sent bool, err error) {
	now = now.In(e.loc)
	err = e.store.Update(ctx, now, func(tx *store.Tx) error {
		l, _, err := e.digest(tx)
		if err != nil || len(l.page.Sections) == 0 {
			return err
		}
		sent = true
		return l.post("digest", "asked "+tx.Now.Format(time.RFC3339Nano), 0)
	})
	return sent, err
}

// Preview is a mail of a kind to a contact exactly as it would leave now: the finished bytes. The one that waits, where
// there is one.
func (e *Engine) Preview(ctx context.Context, now time.Time, kind string, who string) (raw []byte, err error) {
	now = now.In(e.loc)
	k := contact.Kind(strings.ReplaceAll(kind, "-", "_"))
	err = e.store.View(ctx, now, func(tx *store.Tx) error {
		id, err := e.find(tx, who)
		if err != nil {
			return err
		}
		c, err := tx.Contact(id)
		if err != nil {
			return err
		}
		rows, err := tx.MailsOf(id)
		if err != nil {
			return err
		}
		for _, m := range rows {
			if !m.ToOwner && m.Kind == string(k) && (m.State == store.Planned || m.State == store.Queued) {
				raw, err = e.compose(tx, m)
				return err
			}
		}
		p := contact.Plan{Kind: k, Update: "(your news)", About: "(whom you met)"}
		switch k {
		case contact.Ask, contact.Nudge, contact.ThankYou, contact.CheckIn, contact.ReferrerThanks:
		case contact.Confirm:
			p.Talk, p.Method = c.Talk, "REQUEST"
			if p.Talk == nil {
				return refusal("no talk with %s is fixed", c.Name)
			}
		default:
			return refusal("there is no mail %q; there are ask, nudge, confirm, thank_you, check_in, referrer_thanks", kind)
		}
		m, err := e.write(tx, c.Contact, p)
		if err != nil {
			return err
		}
		raw, err = e.compose(tx, m)
		return err
	})
	return raw, err
}

// Next is what comes next for a contact, for people to read: a mail that waits, or what time brings.
func (e *Engine) Next(c contact.Contact, waiting []store.Mail, now time.Time) (kind string, at time.Time) {
	for _, m := range waiting {
		if m.Contact == c.ID && !m.ToOwner && (at.IsZero() || m.LeavesAt.Before(at)) {
			kind, at = m.Kind, m.LeavesAt
		}
	}
	if kind != "" {
		return kind, at
	}
	if ev, t, ok := contact.Due(c, e.policy, now.In(e.loc)); ok {
		return strings.TrimSuffix(ev.Name(), "_due"), t
	}
	if t, ok := contact.CheckInDue(c, e.policy); ok {
		return "check_in", t
	}
	return "", time.Time{}
}
