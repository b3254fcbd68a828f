package contact

import (
	"slices"
	"strings"
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// ID numbers a contact within one mailbox, from 1.
type ID int64

// Stage is where a contact stands; PRODUCT's table of stages names what leaves each.
type Stage string

// The stages, in the order in which a contact usually passes them.
const (
	New         Stage = "new"
	Asking      Stage = "asking"
	Asked       Stage = "asked"
	Talking     Stage = "talking"
	Scheduled   Stage = "scheduled"
	Met         Stage = "met"
	InTouch     Stage = "in_touch"
	Declined    Stage = "declined"
	Silent      Stage = "silent"
	Unreachable Stage = "unreachable"
	OptedOut    Stage = "opted_out"
	Closed      Stage = "closed"
)

// Stages lists every stage once.
func Stages() []Stage {
	return []Stage{
		New, Asking, Asked, Talking, Scheduled, Met, InTouch,
		Declined, Silent, Unreachable, OptedOut, Closed,
	}
}

// Closeness is how near the owner is to a contact: the order in which to ask.
type Closeness string

// The four degrees, closest first.
const (
	Close    Closeness = "close"
	Known    Closeness = "known"
	Referred Closeness = "referred"
	Cold     Closeness = "cold"
)

// Rank orders by whom to ask first: closest first, referrals before cold.
func (c Closeness) Rank() int {
	if i := slices.Index([]Closeness{Close, Known, Referred, Cold}, c); i >= 0 {
		return i
	}
	return 4
}

// Kind is a kind of mail to a contact.
type Kind string

// The mails a contact can get.
const (
	Ask            Kind = "ask"
	Nudge          Kind = "nudge"
	Confirm        Kind = "confirm"
	ThankYou       Kind = "thank_you"
	CheckIn        Kind = "check_in"
	ReferrerThanks Kind = "referrer_thanks"
)

// MaxNudges is how many nudges a person gets in a life.
const MaxNudges = 2

// Contact is a person to talk to. It is a value: Step never changes the one it was given.
type Contact struct {
	ID           ID                `json:"id"`
	Name         string            `json:"name"`
	Addresses    []message.Address `json:"addresses,omitempty"` // the first is written to
	Closeness    Closeness         `json:"closeness"`
	Role         string            `json:"role,omitempty"`
	Organisation string            `json:"organisation,omitempty"`
	Field        string            `json:"field,omitempty"`
	Timezone     string            `json:"timezone,omitempty"`
	ReferredBy   ID                `json:"referred_by,omitempty"`

	Stage        Stage         `json:"stage"`
	Before       Stage         `json:"before,omitempty"` // what `reopen` goes back to
	SnoozedUntil worktime.Date `json:"snoozed_until,omitzero"`

	Nudges     int       `json:"nudges,omitempty"`      // sent, in a life
	NudgeSlot  int       `json:"nudge_slot,omitempty"`  // sent or stopped by the owner
	WaitFrom   time.Time `json:"wait_from,omitzero"`    // every waiting time counts from here
	NotBefore  time.Time `json:"not_before,omitzero"`   // an absence moves the next nudge here
	AnsweredAt time.Time `json:"answered_at,omitzero"`  // first human answer ever
	Pending    []Kind    `json:"pending,omitempty"`     // planned, not yet left
	Doubts     []Doubt   `json:"doubts,omitempty"`      // mails whose fate is unknown
	LastMail   time.Time `json:"last_mail,omitzero"`    // when a mail of ours last left
	HandAt     time.Time `json:"hand_at,omitzero"`      // when the owner last wrote to them by hand
	LastTouch  time.Time `json:"last_contact,omitzero"` // last real contact, either way
	CheckInAt  time.Time `json:"check_in_from,omitzero"`

	Talk    *Talk   `json:"talk,omitempty"`
	Answer  *Answer `json:"answer,omitempty"` // what they wrote and the owner has not dealt with
	Thread  Thread  `json:"thread,omitzero"`
	Notes   []Note  `json:"notes,omitempty"`
	Advice  []Note  `json:"advice,omitempty"`
	Thanks  string  `json:"thanks,omitempty"` // the owner's own sentence for the thank-you
	Trouble string  `json:"trouble,omitempty"`

	ThankedAt time.Time `json:"thanked_at,omitzero"` // when the last thank-you left

	// ThanksDue is set while the thank-you was stopped or withdrawn and not replaced.
	ThanksDue  bool      `json:"thanks_due,omitempty"`
	OptedOutAt time.Time `json:"opted_out_at,omitzero"`
	// WroteSince is set when somebody who opted out has written again: only then can the owner reopen.
	WroteSince bool `json:"wrote_since,omitempty"`
	// ReferralsMet are the people this contact recommended and who were met; each is told once.
	ReferralsMet []ID `json:"referrals_met,omitempty"`
}

// Talk is the informational interview: a time, and a place or link.
type Talk struct {
	UID       string    `json:"uid"`
	Sequence  int       `json:"sequence,omitempty"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Zone      string    `json:"zone,omitempty"` // the zone it was agreed in
	Place     string    `json:"place,omitempty"`
	Prepped   int       `json:"prepped,omitempty"`  // prep sheets sent or skipped
	Prompted  bool      `json:"prompted,omitempty"` // "How did it go?" was asked
	Confirmed bool      `json:"confirmed,omitempty"`
	Unsent    bool      `json:"unsent,omitempty"`   // no mail tells them of this time, and none waits
	PartStat  string    `json:"partstat,omitempty"` // RFC 5545, 3.2.12, from their calendar
}

// Slot is a time somebody proposed.
type Slot struct {
	Start  time.Time `json:"start"`
	End    time.Time `json:"end,omitzero"`
	Phrase string    `json:"phrase,omitempty"`
	Place  string    `json:"place,omitempty"`
}

// Answer is what a contact wrote and waits for the owner.
type Answer struct {
	At        time.Time         `json:"at"`
	From      message.Address   `json:"from,omitempty"`
	Intent    string            `json:"intent,omitempty"`
	Text      string            `json:"text,omitempty"` // shortened
	Times     []Slot            `json:"times,omitempty"`
	People    []message.Person  `json:"people,omitempty"`
	MessageID message.MessageID `json:"message_id,omitempty"`
}

// Thread is the conversation that every later mail to this contact joins.
type Thread struct {
	Subject    string              `json:"subject,omitempty"` // without "Re:"
	References []message.MessageID `json:"references,omitempty"`
}

// Last is the Message-ID that the next mail answers, or "".
func (t Thread) Last() message.MessageID {
	if len(t.References) == 0 {
		return ""
	}
	return t.References[len(t.References)-1]
}

// Note is one thing remembered.
type Note struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Doubt is a mail of which nobody knows whether it arrived.
type Doubt struct {
	Kind      Kind              `json:"kind"`
	Subject   string            `json:"subject,omitempty"`
	MessageID message.MessageID `json:"message_id"`
}

// Address is where mail to this contact goes, or "".
func (c Contact) Address() message.Address {
	if len(c.Addresses) == 0 {
		return ""
	}
	return c.Addresses[0]
}

// Has reports whether a is one of the contact's addresses.
func (c Contact) Has(a message.Address) bool {
	return slices.ContainsFunc(c.Addresses, func(b message.Address) bool { return a.Key() == b.Key() })
}

// First is the name to greet with, or "" if none can be told.
func (c Contact) First() string {
	name := strings.TrimSpace(c.Name)
	if _, after, ok := strings.Cut(name, ","); ok { // "Doe, Jane"
		name = strings.TrimSpace(after)
	}
	words := strings.Fields(name)
	for len(words) > 1 && strings.HasSuffix(words[0], ".") { // "Dr. Jane Doe", "J. Doe"
		words = words[1:]
	}
	if len(words) == 0 || strings.ContainsAny(words[0], "@<>{}/\\0123456789") {
		return ""
	}
	return words[0]
}

// Location is the contact's zone where known, else fallback.
func (c Contact) Location(fallback *time.Location) *time.Location {
	if c.Timezone == "" {
		return fallback
	}
	if loc, err := worktime.ParseZone(c.Timezone); err == nil {
		return loc
	}
	return fallback
}

// Waits reports whether a mail of kind k is planned and has not left.
func (c Contact) Waits(k Kind) bool { return slices.Contains(c.Pending, k) }

// Snoozed reports whether the contact rests on the civil day of now.
func (c Contact) Snoozed(now time.Time) bool {
	return !c.SnoozedUntil.IsZero() && worktime.DateOf(now).Before(c.SnoozedUntil)
}

// Need is something only the owner can do.
type Need string

// The needs, in the order in which the digest shows them.
const (
	NeedSettle  Need = "settle"  // a mail whose fate is unknown
	NeedOutcome Need = "outcome" // the talk is over: how did it go?
	NeedTimes   Need = "times"   // they propose times: which one?
	NeedAnswer  Need = "answer"  // they wrote, and wait for the owner
	NeedConfirm Need = "confirm" // the confirmation did not leave
	NeedThanks  Need = "thanks"  // the thank-you was stopped and not replaced
	NeedAddress Need = "address" // mail to them comes back for good, or there is no address
	NeedReopen  Need = "reopen"  // they opted out, and have written again
	NeedTrouble Need = "trouble" // a mail could not be sent
)

// Needs lists what only the owner can do for this contact at now.
func (c Contact) Needs(now time.Time) []Need {
	var needs []Need
	if len(c.Doubts) > 0 {
		needs = append(needs, NeedSettle)
	}
	if c.Stage == Scheduled && c.Talk != nil && !now.Before(c.Talk.End) {
		needs = append(needs, NeedOutcome)
	}
	if c.WroteSince && c.Stage == OptedOut {
		needs = append(needs, NeedReopen)
	}
	if c.Answer != nil && c.Stage != OptedOut && !c.Snoozed(now) {
		if len(c.Answer.Times) > 0 {
			needs = append(needs, NeedTimes)
		} else {
			needs = append(needs, NeedAnswer)
		}
	}
	if c.Stage == Scheduled && c.Talk != nil && c.Talk.Unsent && now.Before(c.Talk.Start) {
		needs = append(needs, NeedConfirm)
	}
	if c.Stage == Met && c.ThanksDue {
		needs = append(needs, NeedThanks)
	}
	if c.Stage == Unreachable {
		needs = append(needs, NeedAddress)
	}
	if c.Trouble != "" && c.Stage != Unreachable {
		needs = append(needs, NeedTrouble)
	}
	return needs
}

// clone copies what Step may change in place.
func (c Contact) clone() Contact {
	c.Addresses = slices.Clone(c.Addresses)
	c.Pending = slices.Clone(c.Pending)
	c.Doubts = slices.Clone(c.Doubts)
	c.Notes = slices.Clone(c.Notes)
	c.Advice = slices.Clone(c.Advice)
	c.ReferralsMet = slices.Clone(c.ReferralsMet)
	c.Thread.References = slices.Clone(c.Thread.References)
	if c.Talk != nil {
		t := *c.Talk
		c.Talk = &t
	}
	if c.Answer != nil {
		a := *c.Answer
		c.Answer = &a
	}
	return c
}

// Valid reports whether s is a stage.
func (s Stage) Valid() bool { return slices.Contains(Stages(), s) }
