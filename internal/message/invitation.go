package message

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// Invitation is a talk as a calendar sees it (RFC 5545, RFC 5546).
type Invitation struct {
	Method              string // REQUEST, or CANCEL
	UID                 string
	Sequence            int // grows with every change (RFC 5546, 2.1.4)
	Start, End, Stamp   time.Time
	Summary, Location   string
	Organizer, Attendee Person
	Alarm               time.Duration // before the start; 0: none
}

// Calendar is the invitation as an iCalendar object. Times are in UTC: every program shows them in its reader's zone,
// and no VTIMEZONE can be misread.
func (i Invitation) Calendar() ([]byte, error) {
	if i.Method != "REQUEST" && i.Method != "CANCEL" {
		return nil, fmt.Errorf("write invitation: no method %q", i.Method)
	}
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//askwell//askwell//EN")
	cal.Props.SetText(ical.PropMethod, i.Method)
	ev := ical.NewEvent()
	ev.Props.SetText(ical.PropUID, i.UID)
	ev.Props.SetDateTime(ical.PropDateTimeStamp, i.Stamp.UTC())
	ev.Props.SetDateTime(ical.PropDateTimeStart, i.Start.UTC())
	ev.Props.SetDateTime(ical.PropDateTimeEnd, i.End.UTC())
	ev.Props.SetText(ical.PropSummary, oneLine(i.Summary))
	if i.Location != "" {
		ev.Props.SetText(ical.PropLocation, oneLine(i.Location))
	}
	seq := ical.NewProp(ical.PropSequence)
	seq.Value = fmt.Sprint(i.Sequence)
	ev.Props.Set(seq)
	status := "CONFIRMED"
	if i.Method == "CANCEL" {
		status = "CANCELLED"
	}
	ev.Props.SetText(ical.PropStatus, status)
	ev.Props.Set(calendarAddress(ical.PropOrganizer, i.Organizer, nil))
	ev.Props.Set(calendarAddress(ical.PropAttendee, i.Attendee, map[string]string{
		"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE",
	}))
	if i.Alarm > 0 && i.Method == "REQUEST" {
		alarm := ical.NewComponent(ical.CompAlarm)
		alarm.Props.SetText(ical.PropAction, "DISPLAY")
		alarm.Props.SetText(ical.PropDescription, oneLine(i.Summary))
		trigger := ical.NewProp(ical.PropTrigger)
		trigger.Value = fmt.Sprintf("-PT%dM", int(i.Alarm.Minutes()))
		alarm.Props.Set(trigger)
		ev.Children = append(ev.Children, alarm)
	}
	cal.Children = append(cal.Children, ev.Component)
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return nil, fmt.Errorf("write invitation: %w", err)
	}
	return b.Bytes(), nil
}

// calendarAddress is a CAL-ADDRESS with the name as CN. A line break in a name would start a property of its own, and a
// quote would end the parameter (RFC 5545, 3.2): both are taken out.
func calendarAddress(prop string, p Person, params map[string]string) *ical.Prop {
	out := ical.NewProp(prop)
	out.Value = "mailto:" + oneLine(string(p.Address))
	if name := strings.ReplaceAll(oneLine(p.Name), `"`, ""); name != "" {
		out.Params.Set(ical.ParamCommonName, name)
	}
	for k, v := range params {
		out.Params.Set(k, v)
	}
	return out
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r == 0x2028 || r == 0x2029 }), " ")
}
