package contact

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Step is what e, happening at now, does to c: the new contact and what follows.
// c is unchanged. The only error is a *Refusal, and then the contact returned is c.
func Step(c Contact, e Event, now time.Time) (Contact, []Effect, error) {
	s := step{c: c.clone(), now: now}
	if err := s.take(e); err != nil {
		return c, nil, err
	}
	return s.c, s.effects, nil
}

// step is one application of an event: the contact being made, and its effects.
type step struct {
	c       Contact
	now     time.Time
	effects []Effect
}

func (s *step) take(e Event) error {
	switch e := e.(type) {
	case Added:
		return s.added(e)
	case AskWished:
		return s.ask()
	case Held:
		return s.hold("held by the owner")
	case Refused:
		return s.hold("refused by the owner")
	case Approved:
		return s.approve()
	case Edited:
		return s.edit(e)
	case TalkFixed:
		return s.fixTalk(e)
	case OutcomeTold:
		return s.outcome(e)
	case NoShow:
		return s.noShow()
	case TalkCancelled:
		return s.cancelTalk()
	case DeclineTold:
		return s.decline()
	case StopTold:
		s.optOut()
	case ThanksWorded:
		return s.wordThanks(e)
	case Noted:
		s.c.Notes = append(s.c.Notes, Note{At: s.now, Text: e.Text})
	case Snoozed:
		return s.snooze(e)
	case Skipped:
		return s.skip(e)
	case Corrected:
		return s.correct(e)
	case Readdressed:
		return s.readdress(e)
	case Settled:
		return s.settle(e)
	case ClosedByOwner:
		return s.close()
	case Reopened:
		return s.reopen()
	case UpdateGiven:
		return s.update(e)
	case NudgeDue:
		return s.nudge(e)
	case SilenceDue:
		return s.silence()
	case PrepDue:
		return s.prep(e)
	case OutcomeDue:
		return s.askOutcome()
	case Sent:
		s.sent(e)
	case SendRefused:
		s.sendRefused(e)
	case SendDoubted:
		s.c.Pending = without(s.c.Pending, e.Kind)
		s.c.Doubts = append(s.c.Doubts, Doubt(e))
		s.withdraw("another mail is in doubt")
	case MailMissed:
		s.missed(e)
	case Replied:
		s.replied(e)
	case AutoReplied:
		s.autoReplied(e)
	case Bounced:
		s.bounced(e)
	case OwnerWrote:
		s.ownerWrote(e)
	case Invited:
		s.invited(e)
	case Recommended:
		if e.Called != "" {
			s.c.Notes = append(s.c.Notes, Note{At: s.now, Text: "recommended " + e.Called})
		}
	case ReferralMet:
		s.referralMet(e)
	}
	return nil
}

func (s *step) do(e Effect) { s.effects = append(s.effects, e) }

func refuse(format string, args ...any) error { return &Refusal{Why: fmt.Sprintf(format, args...)} }

// plan asks for a mail and remembers that it waits.
func (s *step) plan(p Plan) {
	if !s.c.Waits(p.Kind) {
		s.c.Pending = append(s.c.Pending, p.Kind)
	}
	if p.Kind == Confirm && s.c.Talk != nil {
		s.c.Talk.Unsent = false
	}
	s.do(p)
}

// withdraw takes back what waits; without kinds, all of it.
func (s *step) withdraw(why string, kinds ...Kind) {
	if len(kinds) == 0 {
		kinds = slices.Clone(s.c.Pending)
	}
	kinds = slices.DeleteFunc(kinds, func(k Kind) bool { return !s.c.Waits(k) })
	if len(kinds) == 0 {
		return
	}
	s.c.Pending = without(s.c.Pending, kinds...)
	if slices.Contains(kinds, ThankYou) && s.c.Stage == Met {
		s.c.ThanksDue = true
	}
	if slices.Contains(kinds, Confirm) && s.c.Talk != nil {
		s.c.Talk.Unsent = true
	}
	s.do(Withdraw{Kinds: kinds, Why: why})
}

func without(all []Kind, gone ...Kind) []Kind {
	all = slices.DeleteFunc(slices.Clone(all), func(k Kind) bool { return slices.Contains(gone, k) })
	if len(all) == 0 {
		return nil
	}
	return all
}

// barred refuses whatever would lead to a mail to somebody who must not be written to.
func (s *step) barred() error {
	switch {
	case s.c.Stage == OptedOut:
		return refuse("%s opted out on %s: askwell never writes to them. "+
			"If that was misread from a mail, `undo` takes it back", s.c.Name, s.c.OptedOutAt.Format("2 January 2006"))
	case s.c.Stage == Unreachable:
		return refuse("mail to %s comes back; give another address with `address`", s.c.Name)
	case s.c.Address() == "":
		return refuse("%s has no address; give one with `address`", s.c.Name)
	case len(s.c.Doubts) > 0:
		return refuse("a mail to %s is in doubt; settle it first with `sent` or `resend`", s.c.Name)
	}
	return nil
}

// ended is true where only `reopen` leads on.
func (s *step) ended() error {
	switch s.c.Stage {
	case OptedOut:
		return s.barred()
	case Declined, Closed:
		return refuse("%s is %s; `reopen` takes them up again", s.c.Name, s.c.Stage)
	default:
		return nil
	}
}

// leave moves to a stage that ends the automatic mail, and withdraws what waits.
func (s *step) leave(to Stage, why string) {
	if s.c.Stage != to {
		s.c.Before = s.c.Stage
	}
	s.withdraw(why)
	s.c.Stage = to
	s.c.ThanksDue = false
}

// dropTalk forgets the talk. Whoever was invited is told, where told is set and it lies ahead.
func (s *step) dropTalk(tell bool) {
	t := s.c.Talk
	s.c.Talk = nil
	if t == nil {
		return
	}
	waiting := s.c.Waits(Confirm)
	s.withdraw("the talk was called off", Confirm)
	if tell && t.Confirmed && !waiting && s.now.Before(t.End) && s.barred() == nil {
		gone := *t
		gone.Sequence++
		s.plan(Plan{Kind: Confirm, Named: true, Method: "CANCEL", Talk: &gone})
	}
}

func shorten(text string, most int) string {
	text = strings.TrimSpace(text)
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return text
}

// Check reports what must never be true of a contact, whatever happened.
func Check(c Contact) error {
	switch {
	case c.ID == 0:
		return fmt.Errorf("check contact: no number")
	case !slices.Contains(Stages(), c.Stage):
		return fmt.Errorf("check contact %d: no stage %q", c.ID, c.Stage)
	case c.Stage == Scheduled && c.Talk == nil:
		return fmt.Errorf("check contact %d: scheduled without a talk", c.ID)
	case c.Stage == OptedOut && len(c.Pending) > 0:
		return fmt.Errorf("check contact %d: opted out, and %s is planned", c.ID, c.Pending[0])
	case c.Nudges > MaxNudges:
		return fmt.Errorf("check contact %d: %d nudges", c.ID, c.Nudges)
	case c.Waits(Nudge) && !c.AnsweredAt.IsZero():
		return fmt.Errorf("check contact %d: a nudge is planned after an answer", c.ID)
	case len(c.Doubts) > 0 && len(c.Pending) > 0:
		return fmt.Errorf("check contact %d: a mail is planned while another is in doubt", c.ID)
	}
	return nil
}
