package engine

import (
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// alarm is how long before a talk a calendar rings.
const alarm = 10 * time.Minute

// invitation is the calendar object that goes with a confirmation.
func (e *Engine) invitation(c contact.Contact, t contact.Talk, method string, now time.Time) (string, error) {
	b, err := message.Invitation{
		Method: method, UID: t.UID, Sequence: t.Sequence, Start: t.Start, End: t.End, Stamp: now,
		Summary: e.cfg.Owner.Name + " and " + c.Name, Location: t.Place, Alarm: alarm,
		Organizer: message.Person{Name: e.cfg.Owner.Name, Address: e.cfg.Mailbox.Address},
		Attendee:  message.Person{Name: c.Name, Address: c.Address()},
	}.Calendar()
	return string(b), err
}
