package contact

import (
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// Event is something that happened to one contact. The set is closed: a case
// missing from a switch over it is a lint error.
//
//sumtype:decl
type Event interface {
	// Name is the event's name in the journal, in history and in the documentation.
	Name() string
	event()
}

// What the owner wishes. Each may be refused.
type (
	// Added makes the contact.
	Added struct {
		Person Person `json:"person"`
	}
	// AskWished approves the ask.
	AskWished struct{}
	// Held stops what is planned.
	Held struct{}
	// Refused is the answer "no" to a mail that waits for a yes.
	Refused struct{}
	// Approved lets a mail leave that waits for a yes, or plans one anew that was withdrawn.
	Approved struct{}
	// Edited replaces the words of the planned mail.
	Edited struct {
		Text string `json:"text"`
	}
	// TalkFixed gives the talk its time, or moves it. Quiet tells that nobody need be written to.
	TalkFixed struct {
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		Zone  string    `json:"zone,omitempty"`
		Place string    `json:"place,omitempty"`
		UID   string    `json:"uid"`
	}
	// OutcomeTold is the owner's report: the talk took place.
	OutcomeTold struct {
		Notes  string `json:"notes,omitempty"`
		Advice string `json:"advice,omitempty"`
		Thanks string `json:"thanks,omitempty"`
	}
	// NoShow tells that the talk did not take place.
	NoShow struct{}
	// TalkCancelled calls the talk off.
	TalkCancelled struct{}
	// DeclineTold tells that they said no.
	DeclineTold struct{}
	// StopTold tells that they do not want to be written to.
	StopTold struct{}
	// ThanksWorded is the owner's own sentence for the thank-you.
	ThanksWorded struct {
		Text string `json:"text"`
	}
	// Noted remembers something.
	Noted struct {
		Text string `json:"text"`
	}
	// Snoozed lets the contact rest until a day.
	Snoozed struct {
		Until worktime.Date `json:"until"`
	}
	// Skipped means not now: the next offer comes on the day Until. What is the thing that was skipped, where the owner
	// answered a line about one: "mail", or a Need.
	Skipped struct {
		Until worktime.Date `json:"until"`
		What  string        `json:"what,omitempty"`
	}
	// Corrected sets one field.
	Corrected struct {
		Field string `json:"field"`
		Value string `json:"value"`
		Ref   ID     `json:"ref,omitempty"` // referred_by
	}
	// Readdressed gives a new address, written to from now on.
	Readdressed struct {
		Address message.Address `json:"address"`
	}
	// Settled ends a doubt: the mail was sent, or is to be sent again.
	Settled struct {
		MessageID message.MessageID `json:"message_id"`
		Sent      bool              `json:"sent"`
	}
	// ClosedByOwner ends the contact.
	ClosedByOwner struct{}
	// Reopened takes up a contact that had ended.
	Reopened struct{}
	// UpdateGiven brings the owner's news to somebody whose check-in is due.
	UpdateGiven struct {
		Text string `json:"text"`
	}
)

// What time brings. Each does nothing where it no longer fits.
type (
	// NudgeDue tells that the waiting time before a nudge is over. LeavesAt is when it should leave.
	NudgeDue struct {
		LeavesAt time.Time `json:"leaves_at"`
	}
	// SilenceDue tells that the last waiting time is over.
	SilenceDue struct{}
	// PrepDue asks for the prep sheet number Index.
	PrepDue struct {
		Index int `json:"index"`
	}
	// OutcomeDue asks how it went.
	OutcomeDue struct{}
)

// What the world did. These are always recorded.
type (
	// Sent tells that a mail of ours was accepted by the server.
	Sent struct {
		Kind      Kind              `json:"kind"`
		Subject   string            `json:"subject,omitempty"`
		MessageID message.MessageID `json:"message_id"`
	}
	// SendRefused tells that the server refused a mail for good.
	SendRefused struct {
		Kind      Kind   `json:"kind"`
		Recipient bool   `json:"recipient,omitempty"` // it is the address that does not exist
		Status    string `json:"status,omitempty"`
		Text      string `json:"text,omitempty"`
	}
	// SendDoubted tells that nobody knows whether a mail arrived.
	SendDoubted struct {
		Kind      Kind              `json:"kind"`
		Subject   string            `json:"subject,omitempty"`
		MessageID message.MessageID `json:"message_id"`
	}
	// MailMissed tells that a planned mail was withdrawn because its time had gone.
	MailMissed struct {
		Kind Kind   `json:"kind"`
		Why  string `json:"why,omitempty"`
	}
	// Replied is a mail by their own hand.
	Replied struct {
		Intent    string            `json:"intent"`
		Text      string            `json:"text,omitempty"`
		Times     []Slot            `json:"times,omitempty"`
		People    []message.Person  `json:"people,omitempty"`
		Later     worktime.Date     `json:"later,omitzero"`
		MessageID message.MessageID `json:"message_id,omitempty"`
		From      message.Address   `json:"from,omitempty"`
		Thread    bool              `json:"thread,omitempty"` // it answers a mail of ours
	}
	// AutoReplied is an automatic answer. Resume is the earliest time of the next nudge.
	AutoReplied struct {
		Until  worktime.Date    `json:"until,omitzero"`
		Reason string           `json:"reason,omitempty"`
		Resume time.Time        `json:"resume,omitzero"`
		People []message.Person `json:"people,omitempty"`
	}
	// Bounced tells that a mail came back.
	Bounced struct {
		Recipient message.Address   `json:"recipient,omitempty"`
		Status    string            `json:"status,omitempty"`
		Permanent bool              `json:"permanent,omitempty"`
		MessageID message.MessageID `json:"message_id,omitempty"`
	}
	// OwnerWrote is the owner's own mail to the contact, seen in Sent.
	OwnerWrote struct {
		MessageID message.MessageID `json:"message_id,omitempty"`
		Subject   string            `json:"subject,omitempty"`
	}
	// Invited is what their calendar sent (RFC 5546).
	Invited struct {
		Method    string            `json:"method"`
		UID       string            `json:"uid,omitempty"`
		Sequence  int               `json:"sequence,omitempty"`
		Start     time.Time         `json:"start,omitzero"`
		End       time.Time         `json:"end,omitzero"`
		Location  string            `json:"location,omitempty"`
		PartStat  string            `json:"partstat,omitempty"`
		MessageID message.MessageID `json:"message_id,omitempty"`
	}
	// Recommended tells that this contact named somebody.
	Recommended struct {
		Who    ID     `json:"who,omitempty"`
		Called string `json:"name,omitempty"`
	}
	// ReferralMet tells that somebody this contact recommended was met.
	ReferralMet struct {
		Who    ID     `json:"who"`
		Called string `json:"name"`
	}
)

func (Added) event()         {}
func (AskWished) event()     {}
func (Held) event()          {}
func (Refused) event()       {}
func (Approved) event()      {}
func (Edited) event()        {}
func (TalkFixed) event()     {}
func (OutcomeTold) event()   {}
func (NoShow) event()        {}
func (TalkCancelled) event() {}
func (DeclineTold) event()   {}
func (StopTold) event()      {}
func (ThanksWorded) event()  {}
func (Noted) event()         {}
func (Snoozed) event()       {}
func (Skipped) event()       {}
func (Corrected) event()     {}
func (Readdressed) event()   {}
func (Settled) event()       {}
func (ClosedByOwner) event() {}
func (Reopened) event()      {}
func (UpdateGiven) event()   {}
func (NudgeDue) event()      {}
func (SilenceDue) event()    {}
func (PrepDue) event()       {}
func (OutcomeDue) event()    {}
func (Sent) event()          {}
func (SendRefused) event()   {}
func (SendDoubted) event()   {}
func (MailMissed) event()    {}
func (Replied) event()       {}
func (AutoReplied) event()   {}
func (Bounced) event()       {}
func (OwnerWrote) event()    {}
func (Invited) event()       {}
func (Recommended) event()   {}
func (ReferralMet) event()   {}

// Person is what is known of somebody when they are added.
type Person struct {
	Name         string            `json:"name"`
	Addresses    []message.Address `json:"addresses,omitempty"`
	Closeness    Closeness         `json:"closeness"`
	Role         string            `json:"role,omitempty"`
	Organisation string            `json:"organisation,omitempty"`
	Field        string            `json:"field,omitempty"`
	Timezone     string            `json:"timezone,omitempty"`
	ReferredBy   ID                `json:"referred_by,omitempty"`
}

// The names are part of the store: never change one.
func (Added) Name() string         { return "added" }
func (AskWished) Name() string     { return "ask" }
func (Held) Name() string          { return "hold" }
func (Refused) Name() string       { return "no" }
func (Approved) Name() string      { return "yes" }
func (Edited) Name() string        { return "edit" }
func (TalkFixed) Name() string     { return "talk" }
func (OutcomeTold) Name() string   { return "met" }
func (NoShow) Name() string        { return "noshow" }
func (TalkCancelled) Name() string { return "cancel" }
func (DeclineTold) Name() string   { return "declined" }
func (StopTold) Name() string      { return "stop" }
func (ThanksWorded) Name() string  { return "thanks" }
func (Noted) Name() string         { return "note" }
func (Snoozed) Name() string       { return "snooze" }
func (Skipped) Name() string       { return "skip" }
func (Corrected) Name() string     { return "set" }
func (Readdressed) Name() string   { return "address" }
func (Settled) Name() string       { return "settled" }
func (ClosedByOwner) Name() string { return "close" }
func (Reopened) Name() string      { return "reopen" }
func (UpdateGiven) Name() string   { return "update" }
func (NudgeDue) Name() string      { return "nudge_due" }
func (SilenceDue) Name() string    { return "silence_due" }
func (PrepDue) Name() string       { return "prep_due" }
func (OutcomeDue) Name() string    { return "outcome_due" }
func (Sent) Name() string          { return "sent" }
func (SendRefused) Name() string   { return "send_refused" }
func (SendDoubted) Name() string   { return "in_doubt" }
func (MailMissed) Name() string    { return "missed" }
func (Replied) Name() string       { return "reply" }
func (AutoReplied) Name() string   { return "auto_reply" }
func (Bounced) Name() string       { return "bounce" }
func (OwnerWrote) Name() string    { return "owner_wrote" }
func (Invited) Name() string       { return "calendar" }
func (Recommended) Name() string   { return "refer" }
func (ReferralMet) Name() string   { return "referral_met" }

// Effect is something to be done after the commit.
//
//sumtype:decl
type Effect interface{ effect() }

type (
	// Plan asks for a mail to the contact. Named: the owner asked for it by name.
	Plan struct {
		Kind     Kind
		Named    bool
		Text     string    // replaces the template's words
		Update   string    // the owner's news, for a check-in
		About    string    // whom the owner met, for referrer_thanks
		Method   string    // REQUEST or CANCEL, for confirm
		Talk     *Talk     // for confirm
		LeavesAt time.Time // not before; zero: as soon as the rules allow
	}
	// Withdraw takes back the planned mails of these kinds; none means all.
	Withdraw struct {
		Kinds []Kind
		Why   string
	}
	// Approve lets what waits for a yes leave.
	Approve struct{ Kinds []Kind }
	// Resend queues a mail of doubtful fate again, the same bytes.
	Resend struct{ MessageID message.MessageID }
	// Settle records that a mail of doubtful fate did arrive.
	Settle struct{ MessageID message.MessageID }
	// Prompt asks the owner: "times", "prep", "prep_short" or "outcome".
	Prompt struct{ What string }
	// Tell passes an event on to another contact, in the same transaction.
	Tell struct {
		To    ID
		Event Event
	}
)

func (Plan) effect()     {}
func (Withdraw) effect() {}
func (Approve) effect()  {}
func (Resend) effect()   {}
func (Settle) effect()   {}
func (Prompt) effect()   {}
func (Tell) effect()     {}

// Refusal says why a wish cannot be done, and what can. Its text is for the owner.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }
