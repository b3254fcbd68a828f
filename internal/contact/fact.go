package contact

import (
	"slices"
	"strings"

	"askwell/internal/message"
)

func (s *step) sent(e Sent) {
	s.c.Pending = without(s.c.Pending, e.Kind)
	s.c.LastMail = s.now
	if e.Kind == Ask && e.Subject != "" {
		s.c.Thread = Thread{Subject: e.Subject}
	} else if e.Subject != "" && s.c.Thread.Subject == "" {
		s.c.Thread.Subject = e.Subject
	}
	s.refer(e.MessageID)
	switch e.Kind {
	case Ask:
		if s.c.Stage == Asking || s.c.Stage == New {
			s.c.Stage = Asked
		}
		s.c.WaitFrom = s.now
	case Nudge:
		s.c.Nudges++
		s.c.NudgeSlot = max(s.c.NudgeSlot+1, s.c.Nudges)
		s.c.WaitFrom = s.now
	case ThankYou:
		if s.c.Stage == Met {
			s.c.Stage = InTouch
			s.c.ThanksDue = false
		}
		s.c.CheckInAt, s.c.ThankedAt = s.now, s.now
	case CheckIn:
		s.c.CheckInAt = s.now
	case Confirm:
		if s.c.Talk != nil {
			s.c.Talk.Confirmed, s.c.Talk.Unsent = true, false
		}
	case ReferrerThanks:
	}
}

// refer makes id what the next mail of the thread answers.
func (s *step) refer(id message.MessageID) {
	if id == "" || slices.Contains(s.c.Thread.References, id) {
		return
	}
	refs := append(s.c.Thread.References, id)
	if len(refs) > 30 { // the first names the thread, the last what is answered
		refs = append(refs[:1], refs[len(refs)-29:]...)
	}
	s.c.Thread.References = refs
}

func (s *step) sendRefused(e SendRefused) {
	s.c.Pending = without(s.c.Pending, e.Kind)
	why := strings.TrimSpace(e.Status + " " + shorten(e.Text, 200))
	if e.Recipient {
		switch {
		case s.c.Stage == Scheduled && s.c.Talk != nil:
			s.c.Talk.Unsent = s.c.Talk.Unsent || e.Kind == Confirm
		case s.c.Stage != OptedOut:
			s.leave(Unreachable, "the address does not exist")
		}
		s.c.Trouble = "the address " + string(s.c.Address()) + " was refused: " + why
		return
	}
	s.c.Trouble = "the " + string(e.Kind) + " could not be sent: " + why
	switch {
	case e.Kind == Confirm && s.c.Talk != nil:
		s.c.Talk.Unsent = true
	case e.Kind == Ask && s.c.Stage == Asking:
		s.c.Stage = New
	case e.Kind == Nudge:
		s.c.NudgeSlot++
		s.c.WaitFrom = s.now
	case e.Kind == ThankYou && s.c.Stage == Met:
		s.c.ThanksDue = true
	}
}

// missed is a planned mail whose time went by while askwell could not send.
func (s *step) missed(e MailMissed) {
	s.c.Pending = without(s.c.Pending, e.Kind)
	if e.Kind == Ask && s.c.Stage == Asking {
		s.c.Stage = New
	}
	if e.Kind == ThankYou && s.c.Stage == Met {
		s.c.ThanksDue = true
	}
	if e.Kind == Confirm && s.c.Talk != nil {
		s.c.Talk.Unsent = true
	}
}

func (s *step) replied(e Replied) {
	s.withdraw("they wrote")
	if e.Thread {
		s.refer(e.MessageID)
	}
	if e.From != "" && !s.c.Has(e.From) && e.Thread {
		s.c.Addresses = append(s.c.Addresses, e.From)
	}
	s.c.LastTouch = s.now
	if s.c.Stage == OptedOut {
		s.c.WroteSince = true
		return
	}
	if s.c.Stage == New && !e.Thread {
		// A friend's mail about something else: nothing was asked, so nothing is answered.
		return
	}
	if s.c.AnsweredAt.IsZero() {
		s.c.AnsweredAt = s.now
	}
	answer := &Answer{
		From: e.From,
		At:   s.now, Intent: e.Intent, Text: shorten(e.Text, 500),
		Times: slices.Clone(e.Times), People: slices.Clone(e.People), MessageID: e.MessageID,
	}
	before := s.c.Stage
	switch {
	case e.Intent == "stop":
		s.optOut()
		return
	case e.Intent == "no" && (before == Asking || before == Asked || before == Talking || before == Silent):
		s.leave(Declined, "they said no")
		s.c.Answer = nil
		return
	}
	if before == Scheduled && e.Intent == "yes" && len(e.Times) == 0 {
		return // "see you then": a courtesy, nothing to do
	}
	s.c.Answer = answer
	switch before {
	case New, Asking, Asked, Silent, Unreachable:
		s.c.Stage = Talking
		s.c.Trouble = ""
	case Declined:
		if e.Intent == "yes" || e.Intent == "times" {
			s.c.Stage = Talking
		}
	case Talking, Scheduled, Met, InTouch, Closed, OptedOut:
	}
	if e.Intent == "later" && !e.Later.IsZero() && s.c.Stage == Talking {
		s.c.SnoozedUntil = e.Later
	}
	if len(e.Times) > 0 && (s.c.Stage == Talking || s.c.Stage == Scheduled) {
		s.do(Prompt{What: "times"})
	}
}

func (s *step) autoReplied(e AutoReplied) {
	s.withdraw("an automatic answer says they are away", Nudge)
	if e.Resume.After(s.c.NotBefore) {
		s.c.NotBefore = e.Resume
	}
	if e.Reason == "left" && s.c.Stage != OptedOut {
		s.c.Trouble = "an automatic answer says that they left"
		if len(e.People) > 0 {
			p := e.People[0]
			s.c.Trouble += "; it names " + strings.TrimSpace(p.Name+" "+string(p.Address))
		}
	}
}

func (s *step) bounced(e Bounced) {
	if !e.Permanent {
		s.c.Trouble = strings.TrimSpace("a mail is delayed or came back for now: " + e.Status)
		return
	}
	if e.Recipient != "" && e.Recipient.Key() != s.c.Address().Key() {
		return // an address that is no longer written to
	}
	came := strings.TrimSpace("mail to " + string(s.c.Address()) + " came back: " + e.Status)
	switch s.c.Stage {
	case OptedOut, Closed, Declined:
		return
	case Scheduled:
		s.c.Trouble = came // the talk takes place all the same
		return
	default:
	}
	if e.MessageID == "" && !s.c.AnsweredAt.IsZero() {
		s.c.Trouble = came // anybody could have written this report, and they have answered from there
		return
	}
	s.leave(Unreachable, "the address does not exist")
	s.c.Answer = nil
	s.c.Trouble = came
}

func (s *step) ownerWrote(e OwnerWrote) {
	s.withdraw("you wrote to them by hand")
	s.refer(e.MessageID)
	s.c.WaitFrom, s.c.LastTouch, s.c.CheckInAt, s.c.HandAt = s.now, s.now, s.now, s.now
	s.c.Answer = nil
	switch s.c.Stage {
	case Asking:
		s.c.Stage = New
		s.c.Trouble = "the ask was withdrawn, for you wrote by hand; `ask` sends it all the same"
	case Met:
		// What the owner writes after a talk is the thank-you.
		s.c.Stage = InTouch
		s.c.ThanksDue = false
	default:
	}
}

func (s *step) invited(e Invited) {
	switch e.Method {
	case "REPLY":
		s.answeredInvitation(e)
	case "CANCEL":
		if s.c.Stage == Scheduled && s.c.Talk != nil && (e.UID == "" || e.UID == s.c.Talk.UID || !e.Start.IsZero() && e.Start.Equal(s.c.Talk.Start)) {
			s.withdraw("they called the talk off")
			s.c.Talk = nil
			s.c.Stage = Talking
			s.c.Answer = &Answer{At: s.now, Intent: "cancel", Text: "Their calendar called the talk off.", MessageID: e.MessageID}
			s.c.LastTouch = s.now
		}
	case "REQUEST", "COUNTER", "PUBLISH":
		if e.Start.IsZero() {
			return
		}
		s.replied(Replied{
			Intent: "times", Text: "Their calendar proposes a time.", MessageID: e.MessageID, Thread: true,
			Times: []Slot{{Start: e.Start, End: e.End, Place: e.Location}},
		})
	}
}

func (s *step) answeredInvitation(e Invited) {
	if s.c.Talk == nil || s.c.Stage != Scheduled || e.UID != s.c.Talk.UID {
		return
	}
	s.c.Talk.PartStat = strings.ToUpper(e.PartStat)
	s.c.LastTouch = s.now
	if s.c.Talk.PartStat == "DECLINED" {
		s.c.Answer = &Answer{At: s.now, Intent: "question", Text: "Their calendar declined the invitation.", MessageID: e.MessageID}
	}
}

func (s *step) referralMet(e ReferralMet) {
	if slices.Contains(s.c.ReferralsMet, e.Who) {
		return
	}
	s.c.ReferralsMet = append(s.c.ReferralsMet, e.Who)
	if s.ended() != nil || s.barred() != nil {
		return
	}
	switch s.c.Stage {
	case Met, InTouch, Talking:
		s.plan(Plan{Kind: ReferrerThanks, About: e.Called})
	default:
	}
}
