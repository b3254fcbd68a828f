package contact

import (
	"cmp"
	"slices"
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

func (s *step) added(e Added) error {
	if s.c.Stage != "" {
		return refuse("%s is there already", s.c.Name)
	}
	p := e.Person
	s.c = Contact{
		ID: s.c.ID, Name: p.Name, Addresses: slices.Clone(p.Addresses),
		Closeness: cmp.Or(p.Closeness, Known), Role: p.Role, Organisation: p.Organisation,
		Field: p.Field, Timezone: p.Timezone, ReferredBy: p.ReferredBy, Stage: New,
	}
	if len(p.Addresses) == 0 {
		s.c.Trouble = "no address"
	}
	return nil
}

func (s *step) ask() error {
	if err := s.barred(); err != nil {
		return err
	}
	switch s.c.Stage {
	case New:
	case Talking:
		if len(s.c.Thread.References) > 0 || !s.c.LastMail.IsZero() {
			return refuse("%s was asked and has answered", s.c.Name)
		}
	case Asking:
		return refuse("the ask to %s is planned already", s.c.Name)
	case Asked:
		return refuse("%s was asked already and has not answered yet", s.c.Name)
	case Scheduled, Met, InTouch:
		return refuse("%s has answered already (%s)", s.c.Name, s.c.Stage)
	default:
		return refuse("%s is %s; `reopen` first", s.c.Name, s.c.Stage)
	}
	s.c.Stage = Asking
	s.c.Answer = nil
	s.c.Trouble = ""
	s.c.SnoozedUntil = worktime.Date{}
	s.plan(Plan{Kind: Ask, Named: true})
	return nil
}

func (s *step) hold(why string) error {
	if len(s.c.Pending) == 0 {
		return refuse("nothing is planned for %s", s.c.Name)
	}
	if s.c.Waits(Nudge) {
		// The owner stopped this nudge; the waiting time runs anew towards the next.
		s.c.NudgeSlot++
		s.c.WaitFrom = s.now
	}
	if s.c.Waits(CheckIn) {
		s.c.CheckInAt = s.now
	}
	s.withdraw(why)
	if s.c.Stage == Asking {
		s.c.Stage = New
	}
	return nil
}

func (s *step) approve() error {
	if err := s.barred(); err != nil && (s.c.Stage != OptedOut || !s.c.WroteSince) {
		return err
	}
	switch {
	case s.c.Stage == OptedOut:
		s.reopenOptedOut()
	case s.c.Stage == Scheduled && s.c.Talk != nil && s.c.Talk.Unsent && s.now.Before(s.c.Talk.Start):
		copied := *s.c.Talk
		s.plan(Plan{Kind: Confirm, Named: true, Method: "REQUEST", Talk: &copied})
	case len(s.c.Pending) > 0:
		s.do(Approve{Kinds: slices.Clone(s.c.Pending)})
	case s.c.ThanksDue && s.c.Stage == Met:
		s.c.ThanksDue = false
		s.c.Answer = nil
		s.plan(Plan{Kind: ThankYou, Named: true})
	default:
		return refuse("nothing waits for a yes for %s", s.c.Name)
	}
	return nil
}

func (s *step) edit(e Edited) error {
	if err := s.barred(); err != nil {
		return err
	}
	if e.Text == "" {
		return refuse("`edit` needs the new words")
	}
	i := slices.IndexFunc(s.c.Pending, func(k Kind) bool { return k != Confirm })
	switch {
	case i >= 0:
		kind := s.c.Pending[i]
		s.withdraw("replaced by the owner's words", kind)
		s.c.ThanksDue = false
		s.plan(Plan{Kind: kind, Text: e.Text})
	case s.c.ThanksDue && s.c.Stage == Met:
		s.c.ThanksDue = false
		s.plan(Plan{Kind: ThankYou, Text: e.Text})
	default:
		return refuse("nothing is planned for %s whose words could be replaced", s.c.Name)
	}
	return nil
}

func (s *step) fixTalk(e TalkFixed) error {
	if err := s.ended(); err != nil {
		return err
	}
	if !e.End.After(e.Start) {
		return refuse("the talk with %s ends before it begins", s.c.Name)
	}
	ahead, reachable := e.Start.After(s.now), s.barred() == nil
	talk := Talk{UID: e.UID, Start: e.Start, End: e.End, Zone: e.Zone, Place: e.Place}
	if old := s.c.Talk; old != nil && s.c.Stage == Scheduled {
		// A moved talk keeps its UID, and its SEQUENCE grows (RFC 5546, 2.1.4).
		talk.UID, talk.Sequence, talk.Confirmed = old.UID, old.Sequence+1, old.Confirmed
		talk.Place = cmp.Or(talk.Place, old.Place)
	}
	s.withdraw("a time is fixed")
	s.c.Stage, s.c.Talk, s.c.Answer, s.c.Trouble = Scheduled, &talk, nil, ""
	s.c.SnoozedUntil = worktime.Date{}
	s.c.ThanksDue = false
	switch {
	case ahead && reachable:
		copied := talk
		s.plan(Plan{Kind: Confirm, Named: true, Method: "REQUEST", Talk: &copied})
	case ahead:
		s.c.Talk.Unsent = true
	}
	return nil
}

func (s *step) outcome(e OutcomeTold) error {
	if err := s.ended(); err != nil {
		return err
	}
	if e.Notes != "" {
		s.c.Notes = append(s.c.Notes, Note{At: s.now, Text: e.Notes})
	}
	if e.Advice != "" {
		s.c.Advice = append(s.c.Advice, Note{At: s.now, Text: e.Advice})
	}
	s.c.Thanks = cmp.Or(e.Thanks, s.c.Thanks)
	if s.c.Stage == Met || s.c.Stage == InTouch {
		if e.Notes == "" && e.Advice == "" && e.Thanks == "" {
			return refuse("%s is %s already; write what to add after `met`", s.c.Name, s.c.Stage)
		}
		if e.Thanks != "" {
			return s.wordThanks(ThanksWorded{Text: e.Thanks})
		}
		return nil
	}
	s.withdraw("the talk took place")
	// The outcome may be told again after it was taken back: nobody is thanked twice for one talk.
	thanked := !s.c.ThankedAt.IsZero() && (s.c.Talk == nil || s.c.ThankedAt.After(s.c.Talk.End))
	if s.c.Talk == nil {
		s.c.Talk = &Talk{Start: s.now, End: s.now, Prompted: true}
	}
	s.c.Talk.Prompted = true
	s.c.Answer, s.c.Trouble = nil, ""
	s.c.LastTouch = s.now
	if s.c.Talk.End.Before(s.now) {
		s.c.LastTouch = s.c.Talk.End
	}
	unreachable := s.c.Stage == Unreachable
	s.c.Stage = Met
	switch {
	case thanked:
		s.c.Stage = InTouch
	case !unreachable && s.barred() == nil:
		s.plan(Plan{Kind: ThankYou})
	default:
		s.c.ThanksDue = true
	}
	if s.c.ReferredBy != 0 {
		s.do(Tell{To: s.c.ReferredBy, Event: ReferralMet{Who: s.c.ID, Called: s.c.Name}})
	}
	return nil
}

func (s *step) noShow() error {
	if s.c.Stage != Scheduled {
		return refuse("no talk with %s is fixed", s.c.Name)
	}
	s.dropTalk(false)
	s.c.Stage = Talking
	s.c.Answer = &Answer{At: s.now, Intent: "noshow", Text: "The talk did not take place; find a new time."}
	return nil
}

func (s *step) cancelTalk() error {
	if s.c.Stage != Scheduled {
		return refuse("no talk with %s is fixed", s.c.Name)
	}
	s.dropTalk(true)
	s.c.Stage = Talking
	s.c.Answer = nil
	return nil
}

func (s *step) decline() error {
	if s.c.Stage == OptedOut {
		return s.barred()
	}
	if s.c.Stage == Declined {
		return refuse("%s is declined already", s.c.Name)
	}
	s.dropTalk(s.c.Stage == Scheduled)
	waits := s.c.Waits(Confirm)
	if waits { // the cancellation still has to reach them
		s.c.Pending = without(s.c.Pending, Confirm)
	}
	s.leave(Declined, "they said no")
	if waits {
		s.c.Pending = append(s.c.Pending, Confirm)
	}
	s.c.Answer, s.c.Trouble = nil, ""
	return nil
}

func (s *step) optOut() {
	s.c.Talk = nil
	if s.c.Stage != OptedOut {
		s.c.OptedOutAt = s.now
	}
	s.leave(OptedOut, "they asked not to be written to")
	s.c.Answer, s.c.Trouble, s.c.WroteSince = nil, "", false
	s.c.Doubts = nil
}

func (s *step) wordThanks(e ThanksWorded) error {
	if e.Text == "" {
		return refuse("`thanks` needs your sentence")
	}
	if err := s.ended(); err != nil {
		return err
	}
	s.c.Thanks = e.Text
	switch s.c.Stage {
	case Met:
		if err := s.barred(); err != nil {
			return err
		}
		s.withdraw("reworded by the owner", ThankYou)
		s.c.ThanksDue = false
		s.plan(Plan{Kind: ThankYou})
	case InTouch:
		return refuse("the thank-you to %s has left already; `note` keeps your words", s.c.Name)
	default:
	}
	return nil
}

func (s *step) snooze(e Snoozed) error {
	if err := s.ended(); err != nil {
		return err
	}
	if !worktime.DateOf(s.now).Before(e.Until) {
		return refuse("a day to come is needed to snooze %s", s.c.Name)
	}
	s.c.SnoozedUntil = e.Until
	s.withdraw("snoozed by the owner", Nudge, CheckIn, Ask)
	if s.c.Stage == Asking {
		s.c.Stage = New
	}
	return nil
}

func (s *step) skip(e Skipped) error {
	about := func(needs ...Need) bool {
		return e.What == "" || slices.Contains(needs, Need(e.What))
	}
	switch {
	case len(s.c.Pending) > 0 && (e.What == "" || e.What == "mail"):
		return s.hold("skipped by the owner")
	case s.c.Answer != nil && about(NeedAnswer, NeedTimes):
		s.c.Answer = nil
	case s.c.Trouble != "" && about(NeedTrouble):
		s.c.Trouble = ""
	case s.c.Stage == InTouch:
		s.c.CheckInAt = s.now
	case s.c.Stage == New:
		s.c.SnoozedUntil = e.Until
	case s.c.Stage == Met && s.c.ThanksDue:
		s.c.ThanksDue = false
		s.c.Stage = InTouch
	default:
		return refuse("there is nothing to skip for %s", s.c.Name)
	}
	return nil
}

func (s *step) correct(e Corrected) error {
	switch e.Field {
	case "name":
		if e.Value == "" {
			return refuse("a name cannot be empty")
		}
		s.c.Name = e.Value
	case "role":
		s.c.Role = e.Value
	case "organisation":
		s.c.Organisation = e.Value
	case "field":
		s.c.Field = e.Value
	case "timezone":
		if e.Value != "" {
			if _, err := worktime.ParseZone(e.Value); err != nil {
				return refuse("%q is no time zone; write one like Europe/Berlin", e.Value)
			}
		}
		s.c.Timezone = e.Value
	case "closeness":
		if Closeness(e.Value).Rank() > 3 {
			return refuse("closeness is close, known, referred or cold, not %q", e.Value)
		}
		s.c.Closeness = Closeness(e.Value)
	case "referred_by":
		if e.Ref == s.c.ID {
			return refuse("%s cannot have referred themselves", s.c.Name)
		}
		s.c.ReferredBy = e.Ref
	default:
		return refuse("there is no field %q; there are name, role, organisation, field, timezone, closeness, referred_by", e.Field)
	}
	return nil
}

func (s *step) readdress(e Readdressed) error {
	if s.c.Stage == OptedOut {
		return s.barred()
	}
	old := s.c.Addresses
	s.c.Addresses = append([]message.Address{e.Address},
		slices.DeleteFunc(slices.Clone(old), func(a message.Address) bool { return a.Key() == e.Address.Key() })...)
	s.c.Trouble = ""
	if s.c.Stage == Unreachable {
		// Who was met or talked with goes on from there: nobody is asked again.
		s.c.Stage = New
		switch s.c.Before {
		case Talking, Scheduled, Met, InTouch:
			s.c.Stage = s.c.Before
			s.c.ThanksDue = s.c.Stage == Met
		case New, Asking, Asked, Declined, Silent, Unreachable, OptedOut, Closed:
			if !s.c.AnsweredAt.IsZero() {
				s.c.Stage = Talking
			}
		}
		if s.c.Stage == Scheduled && s.c.Talk == nil {
			s.c.Stage = Talking
		}
	} else if len(old) > 0 && old[0].Key() != e.Address.Key() && len(s.c.Pending) > 0 {
		// What waits was written to the old address; it is planned anew with the new one.
		kinds := slices.Clone(s.c.Pending)
		s.withdraw("the address changed")
		for _, k := range kinds {
			if k == Confirm && s.c.Talk != nil {
				copied := *s.c.Talk
				s.plan(Plan{Kind: Confirm, Named: true, Method: "REQUEST", Talk: &copied})
			} else if k != Confirm && k != CheckIn && k != ReferrerThanks {
				s.plan(Plan{Kind: k, Named: k == Ask})
			}
		}
		s.c.ThanksDue = false
	}
	return nil
}

func (s *step) settle(e Settled) error {
	i := slices.IndexFunc(s.c.Doubts, func(d Doubt) bool { return e.MessageID == "" || d.MessageID == e.MessageID })
	if i < 0 {
		return refuse("no mail to %s is in doubt", s.c.Name)
	}
	d := s.c.Doubts[i]
	if !e.Sent && !s.c.AnsweredAt.IsZero() && (d.Kind == Ask || d.Kind == Nudge) {
		return refuse("%s has answered meanwhile, so the %s is not sent again; `sent` settles it", s.c.Name, d.Kind)
	}
	s.c.Doubts = slices.Delete(s.c.Doubts, i, i+1)
	if len(s.c.Doubts) == 0 {
		s.c.Doubts = nil
	}
	if e.Sent {
		s.do(Settle{MessageID: d.MessageID})
		s.sent(Sent(d))
		return nil
	}
	if err := s.barred(); err != nil {
		return err
	}
	s.c.Pending = append(s.c.Pending, d.Kind)
	s.do(Resend{MessageID: d.MessageID})
	return nil
}

func (s *step) close() error {
	if s.c.Stage == OptedOut {
		return s.barred()
	}
	if s.c.Stage == Closed {
		return refuse("%s is closed already", s.c.Name)
	}
	s.leave(Closed, "closed by the owner")
	s.c.Answer, s.c.Trouble = nil, ""
	return nil
}

func (s *step) reopen() error {
	switch s.c.Stage {
	case OptedOut:
		if !s.c.WroteSince {
			return s.barred()
		}
		s.reopenOptedOut()
	case Declined, Silent:
		// Who has answered goes on talking; who never did may be asked again.
		s.c.Stage = New
		if !s.c.AnsweredAt.IsZero() {
			s.c.Stage = Talking
		}
	case Closed:
		s.c.Stage = cmp.Or(s.c.Before, New)
		if s.c.Stage == Asking || s.c.Stage == Closed {
			s.c.Stage = New
		}
		if s.c.Stage == Scheduled && s.c.Talk == nil {
			s.c.Stage = Talking
		}
		s.c.ThanksDue = s.c.Stage == Met
	default:
		return refuse("%s is %s; there is nothing to reopen", s.c.Name, s.c.Stage)
	}
	s.c.WaitFrom = s.now
	return nil
}

// reopenOptedOut takes up somebody who wrote again of their own accord, confirmed by the owner.
func (s *step) reopenOptedOut() {
	s.c.Stage = Talking
	s.c.WroteSince = false
}

func (s *step) update(e UpdateGiven) error {
	if err := s.barred(); err != nil {
		return err
	}
	if s.c.Stage != InTouch {
		return refuse("%s is %s: a check-in goes to people who were met and thanked", s.c.Name, s.c.Stage)
	}
	s.withdraw("newer news", CheckIn)
	s.plan(Plan{Kind: CheckIn, Update: e.Text})
	return nil
}

func (s *step) nudge(e NudgeDue) error {
	if s.c.Stage != Asked || !s.c.AnsweredAt.IsZero() || s.c.NudgeSlot >= MaxNudges || s.c.Nudges >= MaxNudges ||
		len(s.c.Pending) > 0 || s.barred() != nil {
		return refuse("no nudge fits %s", s.c.Name)
	}
	s.plan(Plan{Kind: Nudge, LeavesAt: e.LeavesAt})
	return nil
}

func (s *step) silence() error {
	if s.c.Stage != Asked || len(s.c.Pending) > 0 {
		return refuse("%s is not waiting", s.c.Name)
	}
	s.c.Stage = Silent
	return nil
}

func (s *step) prep(e PrepDue) error {
	if s.c.Stage != Scheduled || s.c.Talk == nil || e.Index < s.c.Talk.Prepped {
		return refuse("no prep sheet fits %s", s.c.Name)
	}
	s.c.Talk.Prepped = e.Index + 1
	if !s.now.After(s.c.Talk.Start) {
		what := "prep"
		if e.Index > 0 {
			what = "prep_short"
		}
		s.do(Prompt{What: what})
	}
	return nil
}

func (s *step) askOutcome() error {
	if s.c.Stage != Scheduled || s.c.Talk == nil || s.c.Talk.Prompted {
		return refuse("no outcome is due for %s", s.c.Name)
	}
	s.c.Talk.Prompted = true
	s.do(Prompt{What: "outcome"})
	return nil
}

// waitedSince is when the wait for an answer began: an absence does not count.
func (c Contact) waitedSince() time.Time {
	if c.NotBefore.After(c.WaitFrom) {
		return c.NotBefore
	}
	return c.WaitFrom
}
