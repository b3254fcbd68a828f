package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/reading"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// concern is whom a message is about, as its header tells.
type concern int

const (
	nobody    concern = iota // neither a contact nor the owner's commands: nothing of it is kept
	own                      // a mail of our own, as the server filed or delivered it
	forgotten                // a mail of our own to a contact, of which the store, a backup, knows nothing
	byHand                   // the owner's own mail to contacts
	theirs                   // a contact's mail
	report                   // perhaps a bounce of a mail of ours: its body tells
	lookalike                // it looks like a contact's: the owner is asked
	inName                   // in the owner's name; obeyed only with a proof
)

// route is what is to be done with a message.
type route struct {
	concern  concern
	contacts []contact.ID
	thread   bool
	answers  []message.MessageID // theirs: what it answers, as conversation has it
	proof    proof
	mail     store.Mail   // ours: the outbox row, where it is known which
	filed    bool         // ours: it lies where only the owner and the server put mail
	kind     contact.Kind // forgotten: which mail it was
}

// Message takes one new message in: nothing of it is kept unless it concerns a contact or the owner's commands.
func (v *visitor) Message(ctx context.Context, h imapin.Header, fetch func(context.Context, int64) ([]byte, error)) error {
	head := message.ParseHeader(h.Raw)
	var r route
	if err := v.e.store.View(ctx, v.now, func(tx *store.Tx) (err error) {
		r, err = v.e.route(tx, h, head)
		return err
	}); err != nil {
		return err
	}
	if r.concern == nobody {
		return nil
	}
	var raw []byte
	if r.concern != own {
		var err error
		raw, err = fetch(ctx, bodyLimit)
		if errors.Is(err, imapin.ErrUnreadable) {
			return v.e.store.Update(ctx, v.now, func(tx *store.Tx) error { return v.e.takeUnread(tx, h, head, r) })
		}
		if err != nil {
			return err
		}
	}
	return v.e.store.Update(ctx, v.now, func(tx *store.Tx) error {
		if err := v.e.take(tx, h, head, raw, r); err != nil {
			return err
		}
		return tx.SetCursor(store.Cursor{Folder: h.Folder, UIDValidity: h.UIDValidity, LastUID: h.UID})
	})
}

// route decides by the header alone.
func (e *Engine) route(tx *store.Tx, h imapin.Header, m *message.Message) (route, error) {
	if len(m.From) > 0 && e.isOwner(m.From) {
		return e.routeOwner(tx, h, m)
	}
	if h.Role == imapin.RoleSent {
		return route{}, nil
	}
	answers, err := conversation(tx, m)
	if err != nil {
		return route{}, err
	}
	id, toThem, err := tx.Whose(answers)
	if err != nil {
		return route{}, err
	}
	if id != 0 {
		return e.routeThread(tx, m, answers, id, toThem)
	}
	for _, p := range slices.Concat(m.From, m.Sender, m.ReplyTo) {
		if id, err = tx.ByAddress(p.Address); err != nil {
			return route{}, err
		}
		if id != 0 {
			return route{concern: theirs, contacts: []contact.ID{id}, answers: answers}, nil
		}
	}
	if mayBeReport(m) {
		return route{concern: report}, nil
	}
	return e.looksLike(tx, m)
}

// routeThread is for mail in a conversation with the contact id. It is its writer's answer, where the writer is another
// contact: two who were written to in one mail each answer for themselves. toThem tells that it answers a mail which went to
// id alone; then that one is spoken for, too.
func (e *Engine) routeThread(tx *store.Tx, m *message.Message, answers []message.MessageID, id contact.ID, toThem bool) (route, error) {
	r := route{concern: theirs, contacts: []contact.ID{id}, thread: true, answers: answers}
	for _, p := range m.From {
		writer, err := tx.ByAddress(p.Address)
		if err != nil {
			return route{}, err
		}
		if writer == 0 || writer == id {
			continue
		}
		w, err := tx.Contact(writer)
		if err != nil {
			return route{}, err
		}
		r.contacts = []contact.ID{writer}
		r.thread = slices.ContainsFunc(answers, func(id message.MessageID) bool { return slices.Contains(w.Thread.References, id) })
		if toThem {
			r.contacts = append(r.contacts, id)
		}
		break
	}
	return r, nil
}

// routeOwner is for mail in the owner's name.
func (e *Engine) routeOwner(tx *store.Tx, h imapin.Header, m *message.Message) (route, error) {
	if h.Draft {
		return route{}, nil // All Mail holds what is being written, too
	}
	mine, err := e.filedByOwner(tx, h, m)
	if err != nil {
		return route{}, err
	}
	row, err := ours(tx, m)
	if err == nil {
		return route{concern: own, mail: row, filed: mine}, nil
	}
	if !errors.Is(err, store.ErrNone) {
		return route{}, err
	}
	people := recipients(m)
	if mine {
		var to []contact.ID
		for _, p := range people {
			id, err := tx.ByAddress(p.Address)
			if err != nil {
				return route{}, err
			}
			if id != 0 && !slices.Contains(to, id) {
				to = append(to, id)
			}
		}
		if len(to) > 0 {
			return e.routeFiled(tx, m, people, to)
		}
	}
	if !e.toOwnerAlone(people) {
		return route{}, nil
	}
	if mine {
		if row, err := renamedToOwner(tx, m); err != nil || row.ID != 0 {
			return route{concern: own, mail: row, filed: true}, err
		}
	}
	if isAutomatic(m.Header) {
		return route{}, nil
	}
	p, err := e.prove(tx, h, m)
	return route{concern: inName, proof: p}, err
}

// routeFiled is for mail to contacts that the owner, or a daemon in the owner's name, has sent.
func (e *Engine) routeFiled(tx *store.Tx, m *message.Message, people []message.Person, to []contact.ID) (route, error) {
	row, alike, err := renamed(tx, to, m)
	if err != nil || alike || row.ID != 0 {
		return route{concern: own, mail: row, filed: true}, err
	}
	if len(people) == 1 {
		for _, id := range []message.MessageID{m.MessageID, ownID(m)} {
			k, err := e.marked(tx, id, people[0].Address)
			if err != nil || k != "" {
				return route{concern: forgotten, contacts: to, kind: k}, err
			}
		}
	}
	return route{concern: byHand, contacts: to}, nil
}

// filedByOwner reports whether a mail in the owner's name is one that the owner sent: it lies in Sent. In All Mail without a
// Sent beside it what came from outside lies among it, and a From line proves nothing.
func (e *Engine) filedByOwner(tx *store.Tx, h imapin.Header, m *message.Message) (bool, error) {
	if h.Role != imapin.RoleAll {
		return h.Role == imapin.RoleSent, nil
	}
	// What a program submits may bear Received lines there; the fields of a delivery it does not.
	if !delivered(m.Header) && !m.Header.Has("Authentication-Results") {
		return true, nil
	}
	server, err := e.authserv(tx)
	if err != nil {
		return false, err
	}
	passed, _ := vouched(m, server)
	return passed, nil
}

func recipients(m *message.Message) []message.Person {
	people := slices.Concat(m.To, m.Cc)
	if bcc := m.Header.Get("Bcc"); bcc != "" {
		for part := range strings.SplitSeq(bcc, ",") {
			if i := strings.LastIndexByte(part, '<'); i >= 0 {
				part = strings.TrimRight(part[i+1:], "> ")
			}
			if a, err := message.ParseAddress(strings.TrimSpace(part)); err == nil {
				people = append(people, message.Person{Address: a})
			}
		}
	}
	return people
}

// looksLike finds the contact whom an answer from elsewhere may be from: our subject, and their name.
func (e *Engine) looksLike(tx *store.Tx, m *message.Message) (route, error) {
	base := message.BaseSubject(m.Subject)
	if base == "" || base == m.Subject || len(m.From) == 0 || isAutomatic(m.Header) {
		return route{}, nil
	}
	if m.From[0].Name != "" {
		found, err := tx.Called(m.From[0].Name, 2)
		if err != nil {
			return route{}, err
		}
		if len(found) == 1 && found[0].Thread.Subject != "" && strings.EqualFold(found[0].Thread.Subject, base) {
			return route{concern: lookalike, contacts: []contact.ID{found[0].ID}}, nil
		}
	}
	// No name helps: whoever was asked under this subject last, and has not answered.
	found, err := tx.AskedUnder(base, 20)
	if err != nil {
		return route{}, err
	}
	for _, id := range found {
		c, err := tx.Contact(id)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return route{}, err
		}
		if c.Stage == contact.Asked || c.Stage == contact.Silent {
			return route{concern: lookalike, contacts: []contact.ID{id}}, nil
		}
	}
	return route{}, nil
}

// mayBeReport reports whether the header looks like that of a delivery report, of any make.
func mayBeReport(m *message.Message) bool {
	if strings.Contains(strings.ToLower(m.Header.Get("Content-Type")), "multipart/report") || m.Header.Has("X-Failed-Recipients") ||
		strings.TrimSpace(m.Header.Get("Return-Path")) == "<>" {
		return true
	}
	for _, p := range m.From {
		local := strings.ToLower(p.Address.Local())
		if slices.ContainsFunc([]string{"mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "microsoftexchange", "bounce"},
			func(s string) bool { return strings.HasPrefix(local, s) }) {
			return true
		}
	}
	return false
}

// isAutomatic reports mail that must never be answered nor obeyed: RFC 3834, section 2, and the fields that came before it.
func isAutomatic(h message.Header) bool {
	if auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted"))); auto != "" && !strings.HasPrefix(auto, "no") {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "bulk", "list", "junk", "auto_reply":
		return true
	}
	return h.Has("List-Id") || h.Has("List-Unsubscribe") || h.Has("X-Askwell") || strings.TrimSpace(h.Get("Return-Path")) == "<>"
}

// take stores a message with what it does.
func (e *Engine) take(tx *store.Tx, h imapin.Header, head *message.Message, raw []byte, r route) error {
	if r.concern == own {
		return e.seenOwn(tx, h, head, r)
	}
	m := message.Parse(raw)
	seen := store.Seen{
		Key: m.Key(), MessageID: m.MessageID, Folder: h.Folder, UIDValidity: h.UIDValidity, UID: h.UID, State: "done",
		Sender: sender(m), Subject: m.Subject, Raw: raw,
	}
	if r.concern == inName {
		return e.takeOwner(tx, seen, m, r.proof)
	}
	if r.concern == byHand {
		return e.takeByHand(tx, seen, m, r.contacts)
	}
	if r.concern == forgotten {
		return e.takeForgotten(tx, seen, m, r)
	}
	var c store.Versioned
	if len(r.contacts) > 0 {
		var err error
		if c, err = tx.Contact(r.contacts[0]); errors.Is(err, store.ErrNone) {
			return nil // they were taken back or forgotten meanwhile
		}
		if err != nil {
			return err
		}
	}
	u := e.understand(tx, c.Contact, m)
	if r.concern == report {
		return e.takeReport(tx, seen, u)
	}
	seen.Contact, seen.Kind = c.ID, string(u.Kind)
	if r.concern == lookalike {
		if u.Kind != reading.KindReply {
			return nil
		}
		seen.State = "uncertain"
		_, err := tx.AddSeen(seen)
		return err
	}
	isNew, err := tx.AddSeen(seen)
	if err != nil || !isNew {
		return err
	}
	if err := e.settleNamed(tx, m.MessageID, r.answers); err != nil {
		return err
	}
	a := e.act(tx, "mail "+string(m.MessageID))
	// What arrived before our mail left is no answer to it, unless it is in the thread.
	if !r.thread && !h.InternalDate.IsZero() && h.InternalDate.Before(c.LastMail.Add(-10*time.Minute)) {
		return nil
	}
	ev, err := e.event(tx, c.Contact, m, u, r.thread)
	if err != nil || ev == nil {
		return err
	}
	if err := a.fact(c.ID, ev); err != nil {
		return err
	}
	said, ok := ev.(contact.Replied)
	for _, other := range r.contacts[1:] {
		if !ok {
			break // that the writer is away says nothing of somebody else
		}
		// Somebody else answered a mail that went to this one: what it means is the owner's to tell.
		said.Intent, said.From, said.Thread, said.Times, said.People, said.Later = "unclear", "", true, nil, nil, worktime.Date{}
		if err := a.fact(other, said); err != nil {
			return err
		}
	}
	return nil
}

// understand reads a message with what is known of its writer.
func (e *Engine) understand(tx *store.Tx, c contact.Contact, m *message.Message) reading.Reading {
	o := reading.Options{Now: tx.Now, Owner: e.ownerAddresses()}
	_, theirs := m.Date.Zone()
	_, owners := m.Date.In(e.loc).Zone()
	switch {
	case c.Timezone != "":
		o.Zone = c.Location(e.loc)
	case !m.Date.IsZero() && (theirs == owners || theirs == 0):
		// An offset knows nothing of summer time; who shares the owner's is taken to share the zone. And an offset of zero
		// says nothing: whole mail systems stamp UTC wherever their people are.
		o.Zone = e.loc
	}
	return reading.Understand(m, o)
}

func sender(m *message.Message) message.Address {
	if len(m.From) == 0 {
		return ""
	}
	return m.From[0].Address
}

// event is what a reading means for a contact; nil where it means nothing.
func (e *Engine) event(tx *store.Tx, c contact.Contact, m *message.Message, u reading.Reading, thread bool) (contact.Event, error) {
	switch u.Kind {
	case reading.KindReply:
		ev := contact.Replied{
			Intent: string(u.Intent), Text: u.Text, MessageID: m.MessageID, From: sender(m), Thread: thread,
			People: people(u.People),
		}
		if len(m.From) > 0 && !writes(c, m.From[0]) {
			// Somebody else whom they took into the conversation: no other address of theirs, but somebody to talk to.
			ev.From = ""
			if m.From[0].Name != "" {
				ev.People = append([]message.Person{m.From[0]}, ev.People...)
			}
		}
		for _, t := range u.Times {
			if t.Start.After(tx.Now) && !t.DayOnly {
				ev.Times = append(ev.Times, contact.Slot{Start: t.Start, End: t.End, Phrase: t.Phrase})
			}
		}
		if u.Later != nil {
			ev.Later = u.Later.Until
		}
		return ev, nil
	case reading.KindAutoReply:
		ev := contact.AutoReplied{People: people(u.People)}
		loc := c.Location(e.loc)
		// Two working days after the return; a week where no date is named.
		ev.Resume = tx.Now.In(loc).AddDate(0, 0, 7)
		if u.Auto != nil {
			ev.Until, ev.Reason = u.Auto.Until, u.Auto.Reason
			if !ev.Until.IsZero() {
				ev.Resume = e.cal.Add(ev.Until.AddDays(1).In(loc).Add(9*time.Hour), twoWorkingDays)
			}
		}
		return ev, nil
	case reading.KindBounce:
		for _, b := range u.Bounces {
			ev, err := e.bounced(tx, c.ID, b)
			if err != nil || ev.MessageID != "" || c.Has(b.Recipient) || b.Recipient == "" {
				return ev, err
			}
		}
	case reading.KindCalendar:
		if k := u.Calendar; k != nil {
			return contact.Invited{
				Method: strings.ToUpper(k.Method), UID: k.UID, Sequence: k.Sequence, Start: k.Start, End: k.End,
				Location: k.Location, PartStat: k.PartStat, MessageID: m.MessageID,
			}, nil
		}
	case reading.KindOwner, reading.KindOther:
	}
	return nil, nil //nolint:nilnil // none is no error
}

// writes reports whether p may be the contact at another address: by its name, or where it has none.
func writes(c contact.Contact, p message.Person) bool {
	if c.Has(p.Address) || strings.TrimSpace(p.Name) == "" {
		return true
	}
	theirs, name := strings.Fields(strings.ToLower(c.Name)), strings.Fields(strings.ToLower(strings.ReplaceAll(p.Name, ",", "")))
	return nameFits(name, theirs) || nameFits(theirs, name) || len(name) == 2 && nameFits([]string{name[1], name[0]}, theirs)
}

func people(in []reading.Person) []message.Person {
	var out []message.Person
	for _, p := range in {
		out = append(out, message.Person{Name: p.Name, Address: p.Address})
	}
	return out
}

// takeForgotten takes note of a mail of ours that the store knows nothing of: it counts as sent.
func (e *Engine) takeForgotten(tx *store.Tx, seen store.Seen, m *message.Message, r route) error {
	seen.Kind, seen.Contact, seen.Raw = "copy", r.contacts[0], nil
	isNew, err := tx.AddSeen(seen)
	if err != nil || !isNew {
		return err
	}
	return e.act(tx, "seen in Sent").fact(r.contacts[0], contact.Sent{
		Kind: r.kind, Subject: message.BaseSubject(m.Subject), MessageID: m.MessageID,
	})
}

// takeByHand takes in what the owner wrote to contacts by hand.
func (e *Engine) takeByHand(tx *store.Tx, seen store.Seen, m *message.Message, to []contact.ID) error {
	seen.Kind, seen.Contact, seen.Raw = "owner", to[0], nil
	isNew, err := tx.AddSeen(seen)
	if err != nil || !isNew {
		return err
	}
	for _, id := range to {
		if err := e.act(tx, "mail "+string(m.MessageID)).fact(id, contact.OwnerWrote{
			MessageID: m.MessageID, Subject: message.BaseSubject(m.Subject),
		}); err != nil {
			return err
		}
	}
	return nil
}
