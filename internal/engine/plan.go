package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// plan writes a mail to a contact: words, recipient, thread and Message-ID are fixed here, so that
// what the owner is shown is what leaves.
func (a *act) plan(c contact.Contact, seq int64, p contact.Plan) error {
	mail, err := a.e.write(a.tx, c, p)
	var w *wordless
	if errors.As(err, &w) {
		err = a.e.noteFailure(a.tx, aboutTemplates, w.Error(), true)
	}
	if err != nil {
		return err
	}
	mail.Key = fmt.Sprintf("%d/%d/%s", c.ID, seq, p.Kind)
	mail.Seq = seq
	review := a.e.review(p)
	mail.Review = string(review)
	due := a.tx.Now
	if p.LeavesAt.After(due) {
		due = p.LeavesAt
	}
	mail.DueAt = due
	mail.State, mail.LeavesAt, err = a.e.hour(a.tx, c, mail)
	if err != nil {
		return err
	}
	id, err := a.tx.PlanMail(mail)
	if err != nil {
		return err
	}
	a.planned = append(a.planned, id)
	return nil
}

// review is how a mail is let go: what the owner asked for by name needs no notice beyond what is configured.
func (e *Engine) review(p contact.Plan) config.Review {
	r := config.Announce
	switch p.Kind {
	case contact.Confirm:
		return config.Send
	case contact.Ask:
		r = e.cfg.Review.Ask
	case contact.Nudge:
		r = e.cfg.Review.Nudge
	case contact.ThankYou:
		r = e.cfg.Review.ThankYou
	case contact.CheckIn:
		r = e.cfg.Review.CheckIn
	case contact.ReferrerThanks:
	}
	if p.Named && p.Kind != contact.Ask {
		return config.Send
	}
	return r
}

// hour is the state in which a mail waits, and when it leaves or, before its notice, is expected to.
func (e *Engine) hour(tx *store.Tx, c contact.Contact, m store.Mail) (store.State, time.Time, error) {
	at := m.DueAt
	if at.Before(tx.Now) {
		at = tx.Now
	}
	state := store.Queued
	switch {
	case m.Review == string(config.Approve), unwritten(m):
		state = store.Planned
	case m.Review == string(config.Announce):
		told := tx.Now
		if m.NoticedAt.IsZero() {
			state = store.Planned
		} else {
			told = m.NoticedAt
		}
		if notice := e.cal.Add(told.In(e.loc), e.cfg.Sending.Notice); notice.After(at) {
			at = notice
		}
	}
	at, err := e.slot(tx, c, contact.Kind(m.Kind), at, m.ID)
	return state, at, err
}

// slot is the first hour from at on in which a mail of this kind may leave: in the recipient's working hours, a gap
// away from every other mail, within the day's number. Only a confirmation leaves at once.
func (e *Engine) slot(tx *store.Tx, c contact.Contact, kind contact.Kind, at time.Time, id int64) (time.Time, error) {
	if kind == contact.Confirm {
		return at, nil
	}
	loc := c.Location(e.loc)
	// Never two mails on one day to somebody who did not just write.
	got := c.LastMail
	if c.HandAt.After(got) {
		got = c.HandAt
	}
	if !got.IsZero() && !c.LastTouch.After(got) {
		if apart := e.cal.Add(got.In(loc), e.cfg.Sending.Apart); apart.After(at) {
			at = apart
		}
	}
	gap := e.cal.Add(at, e.cfg.Sending.Gap).Sub(at)
	for range 1000 {
		at = e.window.Next(at.In(loc))
		day := worktime.DateOf(at.In(e.loc))
		begin, end := day.In(e.loc), day.AddDays(1).In(e.loc)
		full, err := tx.Full(begin, end, id, e.cfg.Sending.PerDay)
		if err != nil {
			return at, err
		}
		if full {
			at = end
			continue
		}
		reach := gap
		if kind == contact.CheckIn {
			reach = gap * checkInsApart
		}
		if reach <= 0 {
			return at, nil // no distance is to be kept
		}
		near, err := tx.Near(at.Add(-reach), at.Add(reach), id)
		if err != nil {
			return at, err
		}
		clash, step := time.Time{}, gap
		for _, t := range near {
			apart := gap
			if kind == contact.CheckIn && t.Kind == string(contact.CheckIn) {
				apart = gap * checkInsApart
			}
			if d := t.At.Sub(at); d > -apart && d < apart && t.At.After(clash) {
				clash, step = t.At, apart
			}
		}
		if clash.IsZero() {
			return at, nil
		}
		at = clash.Add(step + jitter(gap, c.ID, clash))
	}
	return at, nil
}

// checkInsApart is how many gaps lie between two check-ins: with news for nine people in one hour, three of whom may sit
// together, it would look like the circular that it is not.
const checkInsApart = 40

// jitter is up to half a gap, the same for the same contact and hour, so that a turn can be repeated.
func jitter(gap time.Duration, id contact.ID, t time.Time) time.Duration {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d", id, t.UnixMilli()))
	return gap / 2 * time.Duration(sum[0]) / 256
}

// write makes the words. Where the template gives none the error is a wordless, and the rest of the mail is there.
func (e *Engine) write(tx *store.Tx, c contact.Contact, p contact.Plan) (store.Mail, error) {
	view, err := e.view(tx, c)
	if err != nil {
		return store.Mail{}, err
	}
	view.Update, view.Met = p.Update, p.About
	view.Number = c.NudgeSlot + 1
	if p.Talk != nil {
		view.Talk = e.talkView(c, *p.Talk, p.Method)
	}
	mail, werr := e.set.Contact(templateFor(c, p.Kind, view), view)
	id, err := e.markedID(tx, c.Address(), p.Kind)
	if err != nil {
		return store.Mail{}, err
	}
	m := store.Mail{
		Contact: c.ID, Kind: string(p.Kind), Address: c.Address(), Subject: mail.Subject, Body: mail.Text,
		MessageID: id, References: c.Thread.References, Method: p.Method,
	}
	switch {
	case p.Kind == contact.Ask:
		m.References = nil // an ask begins a thread; one to a new address does not answer the one that came back
	case c.Thread.Subject != "":
		m.Subject = message.ReplySubject(c.Thread.Subject)
	}
	if p.Text != "" {
		m.Body = signed(p.Text, e.cfg.Owner.Name)
	}
	if p.Talk != nil {
		m.Calendar, err = e.invitation(c, *p.Talk, p.Method, tx.Now)
	}
	if err == nil && werr != nil && unwritten(m) {
		err = &wordless{werr}
	}
	return m, err
}

// signed ends the owner's own words for a mail with the owner's name: a name below a command was taken for a signature, and
// a mail without one ends in the air.
func signed(text, owner string) string {
	text = strings.TrimSpace(text)
	last := strings.Trim(text[strings.LastIndexByte(text, '\n')+1:], " ,.!–-")
	if !strings.EqualFold(last, owner) && !strings.EqualFold(last, firstName(owner)) {
		text += "\n\n" + firstName(owner)
	}
	return text + "\n"
}

func templateFor(c contact.Contact, k contact.Kind, v render.ContactView) string {
	switch k {
	case contact.Ask:
		switch {
		case v.Referrer != "":
			return "ask_referred"
		case c.Closeness == contact.Close:
			return "ask_close"
		}
		return "ask_known"
	case contact.Nudge:
		if v.Number > 1 {
			return "nudge_2"
		}
		return "nudge_1"
	case contact.Confirm, contact.ThankYou, contact.CheckIn, contact.ReferrerThanks:
	}
	return string(k)
}

// view is what a template knows of a contact.
func (e *Engine) view(tx *store.Tx, c contact.Contact) (render.ContactView, error) {
	o := e.cfg.Owner
	v := render.ContactView{
		Name: c.Name, First: c.First(), Owner: o.Name, OwnerFirst: firstName(o.Name), OwnerAddress: string(e.cfg.Mailbox.Address),
		Field: cmp.Or(c.Field, o.Field), About: o.About, Role: c.Role, Organisation: c.Organisation, Words: c.Thanks,
	}
	if n := len(c.Advice); n > 0 {
		v.Advice = c.Advice[n-1].Text
	}
	if c.ReferredBy != 0 {
		r, err := tx.Contact(c.ReferredBy)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return v, err
		}
		v.Referrer, v.ReferrerFirst = r.Name, r.First()
	}
	if c.Talk != nil && c.Talk.End.Before(tx.Now) {
		v.Spoke = "in " + c.Talk.End.In(e.loc).Format("January")
		if days := tx.Now.Sub(c.Talk.End).Hours() / 24; days > 330 {
			v.Spoke += " " + c.Talk.End.In(e.loc).Format("2006")
		}
	}
	return v, nil
}

func firstName(name string) string { return contact.Contact{Name: name}.First() }

// talkView words a talk's time in the contact's zone, and in the owner's where it differs.
func (e *Engine) talkView(c contact.Contact, t contact.Talk, method string) *render.TalkView {
	when := spell(t.Start, t.End, c.Location(e.loc))
	if c.Timezone == "" {
		when = spell(t.Start, t.End, e.loc)
	}
	return &render.TalkView{When: when, Place: t.Place, Moved: t.Sequence > 0, Cancelled: method == "CANCEL"}
}

// spell writes a time out, with its zone, as a person reads it.
func spell(start, end time.Time, loc *time.Location) string {
	s, f := start.In(loc), end.In(loc)
	text := s.Format("Monday 2 January, 15:04")
	if end.After(start) {
		text += f.Format("–15:04")
	}
	return text + " " + zoneName(s, loc)
}

func zoneName(t time.Time, loc *time.Location) string {
	name := loc.String()
	if _, city, ok := strings.Cut(name, "/"); ok {
		return "(" + strings.ReplaceAll(city[strings.LastIndex(city, "/")+1:], "_", " ") + " time)"
	}
	return "(" + t.Format("MST") + ")"
}

// barHash is how an address that must not be written to is remembered when everything else is forgotten.
func (e *Engine) barHash(addr message.Address) string {
	sum := sha256.Sum256([]byte("askwell bar\x00" + string(e.cfg.Mailbox.Address.Key()) + "\x00" + string(addr.Key())))
	return hex.EncodeToString(sum[:])
}

// approve lets go what waits for a yes, or for its notice.
func (a *act) approve(c contact.Contact, f contact.Approve) error {
	rows, err := a.tx.MailsOf(c.ID)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if m.ToOwner || m.State != store.Planned || !hasKind(f.Kinds, m.Kind) || unwritten(m) {
			continue
		}
		at := m.DueAt
		if at.Before(a.tx.Now) {
			at = a.tx.Now
		}
		if at, err = a.e.slot(a.tx, c, contact.Kind(m.Kind), at, m.ID); err != nil {
			return err
		}
		if err := a.tx.Move(m.ID, store.Queued, at); err != nil {
			return err
		}
		if err := a.tx.Notice(m.ID); err != nil {
			return err
		}
		a.planned = append(a.planned, m.ID)
	}
	return nil
}

// resend queues the same bytes again, by the owner's word.
func (a *act) resend(c contact.Contact, f contact.Resend) error {
	m, err := a.tx.MailByMessageID(f.MessageID)
	if err != nil {
		return err
	}
	at, err := a.e.slot(a.tx, c, contact.Kind(m.Kind), a.tx.Now, m.ID)
	if err != nil {
		return err
	}
	a.planned = append(a.planned, m.ID)
	return a.tx.Requeue(m.ID, at, "sent again by the owner's word")
}

// restore brings back a mail whose withdrawal was undone; one that needs a notice needs a new one.
func (a *act) restore(c contact.Contact, m store.Mail) error {
	m.NoticedAt = time.Time{}
	state, at, err := a.e.hour(a.tx, c, m)
	if err != nil {
		return err
	}
	if err := a.tx.Restore(m.ID, state, at); err != nil {
		return err
	}
	a.planned = append(a.planned, m.ID)
	return a.tx.ForgetNotice(m.ID)
}

// notice notes that the owner was told of a mail at tx.Now: from now on the notice runs.
func (e *Engine) notice(tx *store.Tx, id int64) error {
	m, err := tx.Mail(id)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil || m.State != store.Planned || m.Review != string(config.Announce) || !m.NoticedAt.IsZero() || unwritten(m) {
		return err
	}
	c, err := tx.Contact(m.Contact)
	if err != nil {
		return err
	}
	if err := tx.Notice(id); err != nil {
		return err
	}
	m.NoticedAt = tx.Now
	state, at, err := e.hour(tx, c.Contact, m)
	if err != nil {
		return err
	}
	return tx.Move(id, state, at)
}
