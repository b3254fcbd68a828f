package contact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Entry is one line of a contact's journal.
type Entry struct {
	Seq   int64
	At    time.Time
	Event Event
}

// Fold replays a journal. A wish that no longer fits, because an event before it
// was undone, is passed over, as it would have been refused.
func Fold(id ID, journal []Entry) Contact {
	c := Contact{ID: id}
	for _, e := range journal {
		c, _, _ = Step(c, e.Event, e.At)
	}
	return c
}

// Encode is the event's stored form.
func Encode(e Event) ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.Name(), err)
	}
	return b, nil
}

// Decode reads what Encode wrote. An unknown name or field is an error: the
// journal was written by a newer askwell.
func Decode(name string, detail []byte) (Event, error) {
	read, ok := decoders()[name]
	if !ok {
		return nil, fmt.Errorf("decode event: unknown name %q", name)
	}
	e, err := read(detail)
	if err != nil {
		return nil, fmt.Errorf("decode event %s: %w", name, err)
	}
	return e, nil
}

func decoder[E Event](detail []byte) (Event, error) {
	var e E
	d := json.NewDecoder(bytes.NewReader(detail))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return nil, err
	}
	return e, nil
}

func decoders() map[string]func([]byte) (Event, error) {
	all := map[string]func([]byte) (Event, error){}
	for _, e := range Events() {
		all[e.Name()] = decoderOf(e)
	}
	return all
}

// Events is one zero value of every event, in the order of the documentation.
func Events() []Event {
	return []Event{
		Added{},
		AskWished{},
		Held{},
		Refused{},
		Approved{},
		Edited{},
		TalkFixed{},
		OutcomeTold{},
		NoShow{},
		TalkCancelled{},
		DeclineTold{},
		StopTold{},
		ThanksWorded{},
		Noted{},
		Snoozed{},
		Skipped{},
		Corrected{},
		Readdressed{},
		Settled{},
		ClosedByOwner{},
		Reopened{},
		UpdateGiven{},
		NudgeDue{},
		SilenceDue{},
		PrepDue{},
		OutcomeDue{},
		Sent{},
		SendRefused{},
		SendDoubted{},
		MailMissed{},
		Replied{},
		AutoReplied{},
		Bounced{},
		OwnerWrote{},
		Invited{},
		Recommended{},
		ReferralMet{},
	}
}

func decoderOf(e Event) func([]byte) (Event, error) {
	switch e.(type) {
	case Added:
		return decoder[Added]
	case AskWished:
		return decoder[AskWished]
	case Held:
		return decoder[Held]
	case Refused:
		return decoder[Refused]
	case Approved:
		return decoder[Approved]
	case Edited:
		return decoder[Edited]
	case TalkFixed:
		return decoder[TalkFixed]
	case OutcomeTold:
		return decoder[OutcomeTold]
	case NoShow:
		return decoder[NoShow]
	case TalkCancelled:
		return decoder[TalkCancelled]
	case DeclineTold:
		return decoder[DeclineTold]
	case StopTold:
		return decoder[StopTold]
	case ThanksWorded:
		return decoder[ThanksWorded]
	case Noted:
		return decoder[Noted]
	case Snoozed:
		return decoder[Snoozed]
	case Skipped:
		return decoder[Skipped]
	case Corrected:
		return decoder[Corrected]
	case Readdressed:
		return decoder[Readdressed]
	case Settled:
		return decoder[Settled]
	case ClosedByOwner:
		return decoder[ClosedByOwner]
	case Reopened:
		return decoder[Reopened]
	case UpdateGiven:
		return decoder[UpdateGiven]
	case NudgeDue:
		return decoder[NudgeDue]
	case SilenceDue:
		return decoder[SilenceDue]
	case PrepDue:
		return decoder[PrepDue]
	case OutcomeDue:
		return decoder[OutcomeDue]
	case Sent:
		return decoder[Sent]
	case SendRefused:
		return decoder[SendRefused]
	case SendDoubted:
		return decoder[SendDoubted]
	case MailMissed:
		return decoder[MailMissed]
	case Replied:
		return decoder[Replied]
	case AutoReplied:
		return decoder[AutoReplied]
	case Bounced:
		return decoder[Bounced]
	case OwnerWrote:
		return decoder[OwnerWrote]
	case Invited:
		return decoder[Invited]
	case Recommended:
		return decoder[Recommended]
	case ReferralMet:
		return decoder[ReferralMet]
	default:
		return func([]byte) (Event, error) { return nil, errors.New("no such event") }
	}
}
