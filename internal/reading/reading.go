package reading

import (
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// Kind is what sort of message it is.
type Kind string

// The kinds of messages.
const (
	KindReply     Kind = "reply"      // a person wrote it
	KindAutoReply Kind = "auto_reply" // a machine answered for a person
	KindBounce    Kind = "bounce"     // a mail could not be delivered, or is late
	KindCalendar  Kind = "calendar"   // an invitation, or the answer to one
	KindOwner     Kind = "owner"      // From is an address of the owner's; proves nothing
	KindOther     Kind = "other"      // receipts, reports, lists, bulk mail
)

// Intent is what the person who replied wants.
type Intent string

// The intents of a reply.
const (
	IntentYes      Intent = "yes"
	IntentTimes    Intent = "times" // yes, and when
	IntentQuestion Intent = "question"
	IntentLater    Intent = "later"
	IntentNo       Intent = "no"
	IntentReferral Intent = "referral" // somebody else should be asked
	IntentStop     Intent = "stop"     // does not want to be written to
	IntentUnclear  Intent = "unclear"  // a person has to read it
)

// Reading is what a message says, and why we think so.
type Reading struct {
	Kind     Kind      `json:"kind,omitempty"`
	Intent   Intent    `json:"intent,omitempty"` // replies only
	Why      []string  `json:"why,omitempty"`
	Text     string    `json:"text,omitempty"` // what the sender newly wrote
	Times    []Time    `json:"times,omitempty"`
	People   []Person  `json:"people,omitempty"`
	Later    *Later    `json:"later,omitempty"`
	Auto     *Auto     `json:"auto,omitempty"`
	Bounces  []Bounce  `json:"bounces,omitempty"`
	Calendar *Calendar `json:"calendar,omitempty"`
	Cut      []Cut     `json:"-"` // what of the text was left out
}

// Time is a time that was proposed.
type Time struct {
	Start   time.Time `json:"start"` // midnight if DayOnly
	End     time.Time `json:"end,omitzero"`
	Phrase  string    `json:"phrase"`
	DayOnly bool      `json:"-"`
}

// Person is somebody who was named.
type Person struct {
	Name    string          `json:"name,omitempty"`
	Address message.Address `json:"address,omitempty"`
}

// Later is when to come back to somebody.
type Later struct {
	Until worktime.Date `json:"until,omitzero"` // the day to come back
}

// Reasons of an automatic answer.
const (
	AutoVacation    = "vacation"    // away for a while
	AutoLeave       = "leave"       // parental or other long leave
	AutoLeft        = "left"        // does not work there any more
	AutoTicket      = "ticket"      // a help desk took note
	AutoUnmonitored = "unmonitored" // nobody reads this mailbox
	AutoChallenge   = "challenge"   // wants proof that the sender is a person
	AutoStanding    = "standing"    // a notice that is always sent
)

// Auto says what a machine answered.
type Auto struct {
	Until  worktime.Date `json:"until,omitzero"` // the last day away
	Reason string        `json:"reason,omitempty"`
}

// Bounce is what a delivery report says about one recipient.
type Bounce struct {
	Recipient message.Address   `json:"recipient,omitempty"`
	Status    string            `json:"status,omitempty"` // RFC 3463
	Permanent bool              `json:"permanent"`        // the address will not work later either
	MessageID message.MessageID `json:"message_id,omitempty"`
	// Original is the header of the mail that came back; nil where the report does not hold it.
	Original *message.Message `json:"-"`
}

// Calendar is an invitation or the answer to one.
type Calendar struct {
	Method   string    `json:"method,omitempty"` // REQUEST, REPLY, COUNTER, CANCEL, …
	UID      string    `json:"uid,omitempty"`
	Sequence int       `json:"sequence"`
	Start    time.Time `json:"start,omitzero"`
	End      time.Time `json:"end,omitzero"`
	Summary  string    `json:"summary,omitempty"`
	Location string    `json:"location,omitempty"`
	PartStat string    `json:"partstat,omitempty"` // of the one who answers: ACCEPTED, …
}

// Options is what the reader has to know beside the message.
type Options struct {
	Now   time.Time         // what "Tuesday" means; default: the message's Date
	Zone  *time.Location    // the writer's; default: the offset of the Date header
	Owner []message.Address // whose mailbox it is
}
