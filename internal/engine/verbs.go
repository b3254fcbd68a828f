package engine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// skipFor is how long a contact that was skipped is not suggested again.
const skipFor = 30

// carryOut turns one line into events. A *contact.Refusal is for the owner; any other error is ours.
func (s *session) carryOut(a *act, l command.Line, id contact.ID, item store.Item, r *result) error {
	if slices.Contains([]command.Verb{command.VerbHold, command.VerbNo, command.VerbYes, command.VerbEdit}, l.Verb) {
		if err := s.leaving(id, item.Outbox); err != nil {
			return err
		}
	}
	switch l.Verb {
	case command.VerbAsk, command.VerbAdd:
		return s.askOrAdd(a, l, id, r)
	case command.VerbRefer:
		return s.refer(a, l, id, r)
	case command.VerbTalk:
		return s.talk(a, l, id, r)
	case command.VerbPick:
		return s.pick(a, l, id, r)
	case command.VerbMet:
		return s.met(a, l, id, r)
	case command.VerbUpdate:
		return s.simple(a, id, contact.UpdateGiven{Text: l.Rest}, r, "your news goes to %s")
	case command.VerbNoShow:
		return s.simple(a, id, contact.NoShow{}, r, "the talk with %s did not take place; find a new time with `talk`")
	case command.VerbCancel:
		return s.simple(a, id, contact.TalkCancelled{}, r, "the talk with %s is off")
	case command.VerbDeclined:
		return s.simple(a, id, contact.DeclineTold{}, r, "%s said no; nothing more is sent")
	case command.VerbStop:
		return s.simple(a, id, contact.StopTold{}, r, "%s opted out: askwell never writes to them again")
	case command.VerbThanks:
		return s.simple(a, id, contact.ThanksWorded{Text: l.Rest}, r, "your sentence is kept for the thank-you to %s")
	case command.VerbNote:
		if strings.TrimSpace(l.Rest) == "" {
			return refusal("`note` needs something to remember")
		}
		return s.simple(a, id, contact.Noted{Text: l.Rest}, r, "noted about %s")
	case command.VerbHold:
		return s.simple(a, id, contact.Held{}, r, "what was planned for %s is stopped")
	case command.VerbNo:
		return s.no(a, id, item, r)
	case command.VerbYes:
		return s.yes(a, id, item, r)
	case command.VerbEdit:
		return s.simple(a, id, contact.Edited{Text: l.Rest}, r, "the words of the mail to %s are replaced")
	case command.VerbSnooze:
		return s.snooze(a, l, id, r)
	case command.VerbSkip:
		return s.simple(a, id, contact.Skipped{Until: worktime.DateOf(s.tx.Now).AddDays(skipFor), What: item.What}, r, "%s: not now")
	case command.VerbSet:
		return s.set(a, l, id, r)
	case command.VerbAddress:
		return s.address(a, l, id, r)
	case command.VerbSent:
		return s.simple(a, id, contact.Settled{Sent: true}, r, "the mail to %s counts as sent")
	case command.VerbResend:
		return s.simple(a, id, contact.Settled{}, r, "the mail to %s is sent again, the same one")
	case command.VerbClose:
		return s.simple(a, id, contact.ClosedByOwner{}, r, "%s is closed; `reopen` takes them up again")
	case command.VerbReopen:
		return s.simple(a, id, contact.Reopened{}, r, "%s is open again")
	case command.VerbForget:
		return s.forget(a, id, r)
	case command.VerbUndo:
		return s.undo(a, l, r)
	case command.VerbList, command.VerbShow, command.VerbDigest, command.VerbHelp:
		return s.answer(l, id, r)
	}
	return refusal("`%s` is not known here", l.Verb)
}

// leaving refuses what comes too late: the mail that a number means has left, or one to this contact leaves right now.
func (s *session) leaving(id contact.ID, outbox int64) error {
	rows, err := s.tx.MailsOf(id)
	if err != nil {
		return err
	}
	for _, m := range rows {
		switch {
		case m.ToOwner:
		case m.State == store.Sending && (outbox == 0 || m.ID == outbox):
			return refusal("the %s to %s leaves right now; see in a minute", kindWords(m.Kind), m.Address)
		case m.ID == outbox && (m.State == store.Sent || m.State == store.InDoubt):
			return refusal("the %s to %s has left already", kindWords(m.Kind), m.Address)
		}
	}
	return nil
}

// simple applies one event and says so.
func (s *session) simple(a *act, id contact.ID, ev contact.Event, r *result, said string) error {
	c, err := a.apply(id, ev)
	if err != nil {
		return err
	}
	r.say(sentence(fmt.Sprintf(said, c.Name)))
	return nil
}

// askOrAdd asks a contact, or adds a person, and asks them.
func (s *session) askOrAdd(a *act, l command.Line, id contact.ID, r *result) error {
	if l.Person != nil {
		var err error
		if id, err = s.addPerson(a, *l.Person, 0, r); err != nil {
			return err
		}
	}
	r.about = id
	if l.Verb == command.VerbAdd {
		return nil
	}
	return s.simple(a, id, contact.AskWished{}, r, "%s gets the ask")
}

// addPerson makes a contact of somebody described, or finds the one that is there.
func (s *session) addPerson(a *act, p command.Person, referrer contact.ID, r *result) (contact.ID, error) {
	if p.Address != "" {
		if err := s.e.mayAdd(s.tx, p.Address); err != nil {
			return 0, err
		}
		id, err := s.tx.ByAddress(p.Address)
		if err != nil {
			return 0, err
		}
		if id != 0 {
			c, err := s.tx.Contact(id)
			if err != nil {
				return 0, err
			}
			if l := r.line.Verb; l != command.VerbAsk {
				return 0, refusal("%s is there already, as %s (%s)", p.Address, c.Name, c.Stage)
			}
			return id, nil
		}
	}
	if p.Via != "" && referrer == 0 {
		found, err := s.named(p.Via)
		if err != nil {
			return 0, err
		}
		if len(found) != 1 {
			return 0, refusal("%q, who is to have referred %s, fits %d contacts; add them first, or leave `via` out", p.Via, p.Name, len(found))
		}
		referrer = found[0].ID
	}
	name := p.Name
	if name == "" {
		name = string(p.Address)
	}
	person := contact.Person{
		Name: name, Closeness: contact.Closeness(p.Closeness), Role: p.Role, Organisation: p.Organisation, Field: p.Field, ReferredBy: referrer,
	}
	if p.Address != "" {
		person.Addresses = []message.Address{p.Address}
	}
	if referrer != 0 && person.Closeness == "" {
		person.Closeness = contact.Referred
	}
	id, err := s.tx.NextContactID()
	if err != nil {
		return 0, err
	}
	c, err := a.apply(id, contact.Added{Person: person})
	if err != nil {
		return 0, err
	}
	what := string(c.Closeness)
	if work := roleAt(c); work != "" {
		what += ", " + work
	}
	if c.Address() == "" {
		r.say(fmt.Sprintf("%s is added (%s), without an address: `address %s ADDRESS` gives one.", c.Name, what, c.Name))
		return id, nil
	}
	r.say(fmt.Sprintf("%s <%s> is added (%s).", c.Name, c.Address(), what))
	return id, nil
}

// mayAdd refuses addresses that must not be written to.
func (e *Engine) mayAdd(tx *store.Tx, addr message.Address) error {
	barred, err := tx.Barred(e.barHash(addr))
	if err != nil {
		return err
	}
	if barred {
		return refusal("%s opted out: askwell never writes to them", addr)
	}
	for _, own := range append(e.ownerAddresses(), e.cfg.Mailbox.Address) {
		if own.Plain() == addr.Plain() {
			return refusal("%s is your own address", addr)
		}
	}
	return nil
}

func (s *session) refer(a *act, l command.Line, id contact.ID, r *result) error {
	if l.Person == nil {
		return refusal("`refer` needs a name and an address: refer WHO NAME <ADDRESS>")
	}
	referrer, err := s.tx.Contact(id)
	if err != nil {
		return err
	}
	who, err := s.addPerson(a, *l.Person, id, r)
	if err != nil {
		return err
	}
	if _, err := a.apply(id, contact.Recommended{Who: who, Called: l.Person.Name}); err != nil {
		return err
	}
	r.say(fmt.Sprintf("Recommended by %s. Ask with `ask %s`.", referrer.Name, l.Person.Address))
	return nil
}

func (s *session) talk(a *act, l command.Line, id contact.ID, r *result) error {
	if l.When == nil {
		return refusal("`talk` needs a time, such as: talk WHO tue 3pm at Zoom")
	}
	if l.When.DayOnly || l.When.Vague {
		return refusal("%q says no hour; write for example: talk WHO %s 15:00", l.When.Phrase, l.When.Phrase)
	}
	return s.fix(a, id, l.When.Start, l.When.End, l.Place, r)
}

func (s *session) fix(a *act, id contact.ID, start, end time.Time, place string, r *result) error {
	e := s.e
	if !end.After(start) {
		end = e.cal.Add(start.In(e.loc), e.cfg.Schedule.TalkLength)
	}
	uid, err := e.messageID()
	if err != nil {
		return err
	}
	c, err := a.apply(id, contact.TalkFixed{Start: start.In(e.loc), End: end.In(e.loc), Zone: e.loc.String(), Place: place, UID: string(uid)})
	if err != nil {
		return err
	}
	said := fmt.Sprintf("%s: talk %s", c.Name, e.when(start, end, s.tx.Now))
	if place != "" {
		said += ", " + place
	}
	r.say(said + ".")
	clash, err := s.tx.Talks(start.Add(-12*time.Hour), end)
	if err != nil {
		return err
	}
	for _, o := range clash {
		if o.ID != id && o.Talk.End.After(start) && o.Talk.Start.Before(end) {
			r.say(fmt.Sprintf("Mind: the talk with %s is at %s.", o.Name, e.when(o.Talk.Start, o.Talk.End, s.tx.Now)))
		}
	}
	if !start.After(s.tx.Now) {
		r.say("That is in the past, so nobody is written to. How did it go? `met` tells.")
	}
	return nil
}

func (s *session) pick(a *act, l command.Line, id contact.ID, r *result) error {
	c, err := s.tx.Contact(id)
	if err != nil {
		return err
	}
	if c.Stage == contact.Scheduled && c.Talk != nil && (c.Answer == nil || len(c.Answer.Times) == 0) {
		return refusal("the talk with %s is fixed already, %s; `talk WHO WHEN` moves it", c.Name, s.e.when(c.Talk.Start, c.Talk.End, s.tx.Now))
	}
	if c.Answer == nil || len(c.Answer.Times) == 0 {
		return refusal("%s proposed no times that wait for you; write `talk WHO WHEN`", c.Name)
	}
	i := -1
	if len(l.Pick) == 1 {
		i = int(strings.ToLower(l.Pick)[0]) - 'a'
	}
	if i < 0 || i >= len(c.Answer.Times) {
		return refusal("%s proposed %d times, a to %c", c.Name, len(c.Answer.Times), 'a'+rune(len(c.Answer.Times))-1)
	}
	t := c.Answer.Times[i]
	if !t.Start.After(s.tx.Now) {
		return refusal("that time has passed; write `talk WHO WHEN` with a new one")
	}
	end := t.End
	// "between 2 and 4" is a span to choose from: the talk is at its beginning.
	if end.Sub(t.Start) > time.Hour {
		end = time.Time{}
	}
	return s.fix(a, id, t.Start, end, cmp.Or(l.Place, t.Place), r)
}

func (s *session) met(a *act, l command.Line, id contact.ID, r *result) error {
	o := readOutcome(l.Rest)
	c, err := a.apply(id, contact.OutcomeTold{Notes: o.notes, Advice: o.advice, Thanks: o.thanks})
	if err != nil {
		return err
	}
	said := c.Name + ": met."
	if n := len(strings.Fields(o.notes)); n > 0 {
		said = fmt.Sprintf("%s: met, notes kept (%d words).", c.Name, n)
	}
	r.say(said)
	if o.advice != "" {
		r.say("Their advice: " + o.advice)
	}
	if o.thanks != "" {
		r.say("You thank them for: " + o.thanks)
	}
	for _, p := range o.people {
		if known, err := s.tx.ByAddress(p.Address); err != nil || known != 0 {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := s.addPerson(a, command.Person{Name: p.Name, Address: p.Address}, id, r); err != nil {
			var refused *contact.Refusal
			if !errors.As(err, &refused) {
				return err
			}
			r.say(sentence(refused.Why))
			continue
		}
		r.say(fmt.Sprintf("Recommended by %s. Ask with `ask %s`.", c.Name, p.Address))
	}
	return nil
}

func (s *session) snooze(a *act, l command.Line, id contact.ID, r *result) error {
	if l.When == nil {
		return refusal("`snooze` needs a day, such as 2w, friday, 1 feb")
	}
	day := worktime.DateOf(l.When.Start.In(s.e.loc))
	if !worktime.DateOf(s.tx.Now).Before(day) {
		// "in 2 hours" still means: not today.
		day = worktime.DateOf(s.tx.Now).AddDays(1)
	}
	return s.simple(a, id, contact.Snoozed{Until: day}, r, "%s rests until "+day.In(s.e.loc).Format("Mon 2 January")+"")
}

func (s *session) set(a *act, l command.Line, id contact.ID, r *result) error {
	ev := contact.Corrected{Field: l.Field, Value: l.Value}
	if l.Field == "referred_by" && l.Value != "" {
		found, err := s.named(l.Value)
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return refusal("%q fits %d contacts", l.Value, len(found))
		}
		ev.Ref = found[0].ID
	}
	return s.simple(a, id, ev, r, "%s: "+strings.ReplaceAll(l.Field+" is "+l.Value, "%", "%%"))
}

func (s *session) address(a *act, l command.Line, id contact.ID, r *result) error {
	addr, err := message.ParseAddress(l.Value)
	if err != nil {
		return refusal("%q is no address", l.Value)
	}
	if err := s.e.mayAdd(s.tx, addr); err != nil {
		return err
	}
	other, err := s.tx.ByAddress(addr)
	if err != nil {
		return err
	}
	if other != 0 && other != id {
		c, err := s.tx.Contact(other)
		if err != nil {
			return err
		}
		return refusal("%s is the address of %s", addr, c.Name)
	}
	return s.simple(a, id, contact.Readdressed{Address: addr}, r, "%s is written to at "+strings.ReplaceAll(string(addr), "%", "%%")+" from now on")
}

// yes lets a mail leave, or settles what askwell could not decide.
func (s *session) yes(a *act, id contact.ID, item store.Item, r *result) error {
	uncertain, err := uncertainReply(s.tx, id)
	if err != nil {
		return err
	}
	if uncertain != nil && (item.What == "match" || item.What == "") {
		return s.e.confirmMatch(a, *uncertain, r)
	}
	return s.simple(a, id, contact.Approved{}, r, "yes for %s")
}

func (s *session) no(a *act, id contact.ID, item store.Item, r *result) error {
	uncertain, err := uncertainReply(s.tx, id)
	if err != nil {
		return err
	}
	if uncertain != nil && (item.What == "match" || item.What == "") {
		r.say("That mail is left alone.")
		r.changed = true
		return s.tx.SetSeen(uncertain.Key, "done", "other", 0)
	}
	return s.simple(a, id, contact.Refused{}, r, "the mail to %s is stopped. If they said no, write `declined`")
}

// uncertainReply is the mail that looks like the contact's and waits for a word.
func uncertainReply(tx *store.Tx, id contact.ID) (*store.Seen, error) {
	for _, state := range []string{"uncertain", "told"} {
		found, err := tx.SeenIn(state, 200)
		if err != nil {
			return nil, err
		}
		for i := range found {
			if found[i].Contact == id && found[i].Kind == "reply" {
				return &found[i], nil
			}
		}
	}
	return nil, nil //nolint:nilnil // none is no error
}

func (s *session) forget(a *act, id contact.ID, r *result) error {
	c, err := s.tx.Contact(id)
	if err != nil {
		return err
	}
	for _, m := range c.Doubts {
		return refusal("a mail to %s is in doubt (%s); settle it first with `sent` or `resend`", c.Name, m.Kind)
	}
	if err := s.leaving(id, 0); err != nil {
		return err
	}
	if err := s.tx.Forget(id); err != nil {
		return err
	}
	// What stays is that somebody had these numbers: used again, they would mean somebody else in old mails and referrals.
	if _, err := a.write(id, eventForget, "{}"); err != nil {
		return err
	}
	r.changed = true
	r.say("Everything about this contact is erased. This cannot be taken back.")
	return nil
}

func (s *session) undo(a *act, l command.Line, r *result) error {
	target := int64(l.N)
	var err error
	switch {
	case l.N == 0:
		if target, err = s.tx.LastAct("command "); err != nil {
			return err
		}
		if target == 0 {
			return refusal("there is nothing to take back")
		}
	case len(s.items) > 0: // in a fresh mail, as the buttons open one, the number is the change's own
		item, ok := s.items[l.N]
		if !ok || item.Act == 0 {
			return refusal("the mail that you answered has no number %d that can be taken back", l.N)
		}
		target = item.Act
	default:
		if target, err = s.tx.ActOf(target); err != nil {
			return err
		}
		if target == 0 {
			return refusal("there is no change with the number %d; `askwell history` shows them", l.N)
		}
	}
	records, err := s.tx.Act(target)
	if err != nil {
		return err
	}
	left, err := a.undo(target)
	if err != nil {
		return err
	}
	r.say("Taken back: " + s.describe(records) + ".")
	for _, m := range left {
		r.say(fmt.Sprintf("The %s to %s had left already and cannot be unsent.", kindWords(m.Kind), m.Address))
	}
	if len(records) > 0 {
		r.about = records[0].Contact
	}
	return nil
}

// describe names what was done, and to whom.
func (s *session) describe(records []store.Record) string {
	var what []string
	for _, r := range records {
		name := strings.ReplaceAll(r.Name, "_", " ")
		if c, err := s.tx.Contact(r.Contact); err == nil {
			name += " (" + c.Name + ")"
		}
		what = append(what, name)
	}
	return strings.Join(what, ", ")
}

// updateAll brings the owner's news to everybody whose check-in is due: those whom the request listed, where it is
// answered, else all.
func (s *session) updateAll(l command.Line) result {
	r := result{line: l}
	if strings.TrimSpace(l.Rest) == "" {
		r.say("`update` needs your news.")
		return r
	}
	due, err := s.tx.CheckInsDue(500)
	if err != nil {
		s.err = err
		return r
	}
	a := s.e.act(s.tx, s.cause)
	var names []string
	for _, c := range due {
		if s.prompt == "update_request" && !s.listed(c.ID) {
			continue
		}
		_, err := a.apply(c.ID, contact.UpdateGiven{Text: l.Rest})
		var refused *contact.Refusal
		switch {
		case errors.As(err, &refused):
			continue
		case err != nil:
			s.err = err
			return r
		}
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		r.say("Nobody's check-in is due, so your news went to nobody. Write it again when the next update request comes.")
		return r
	}
	r.done, r.changed, r.act, r.planned = true, true, a.seq, a.planned
	r.say(fmt.Sprintf("Your news goes to %d: %s.", len(names), strings.Join(names, ", ")))
	return r
}

func (s *session) listed(id contact.ID) bool {
	for _, i := range s.items {
		if i.Contact == id {
			return true
		}
	}
	return false
}
