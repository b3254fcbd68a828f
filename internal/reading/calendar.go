package reading

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// maxCalendar bounds the calendar object that is read.
const maxCalendar = 1 << 20

// calendar judges invitations and the answers to them (RFC 5546, RFC 6047).
func (u *understanding) calendar() bool {
	var body []byte
	method, attached := "", false
	u.m.Walk(func(p *message.Part) bool {
		switch {
		case p.MediaType == "message/rfc822" || p.MediaType == "message/global":
			return false
		case p.MediaType == "text/calendar" || p.MediaType == "application/ics" || strings.HasSuffix(strings.ToLower(p.Filename), ".ics"):
			if m := strings.ToUpper(p.Params["method"]); body == nil || method == "" && m != "" {
				body, method, attached = p.Body, m, p.Disposition == "attachment"
			}
		}
		return true
	})
	if body == nil {
		return false
	}
	c, organised := readCalendar(body, u.o.Zone, u.m)
	if c == nil {
		u.why("its calendar object cannot be read")
		return false
	}
	if c.Method == "" {
		c.Method = method
	}
	u.r.Calendar = c
	if c.Method == "" || c.Method == "PUBLISH" {
		if attached && len(u.flat) > 20 && !organised {
			u.why("a calendar file is attached to what a person wrote")
			return false
		}
	}
	u.why("it carries a calendar object" + methodWords(c))
	if c.Method == "REPLY" && u.flat != "" && len(u.flat) < 2000 {
		u.r.People = u.peopleNamed()
	}
	u.r.Kind = KindCalendar
	return true
}

func methodWords(c *Calendar) string {
	switch {
	case c.Method == "":
		return ""
	case c.PartStat != "" && (c.Method == "REPLY" || c.Method == "COUNTER"):
		return ": METHOD " + c.Method + ", the answer is " + c.PartStat
	}
	return ": METHOD " + c.Method
}

// readCalendar reads the first event. invited tells that it names an organiser.
func readCalendar(body []byte, zone *time.Location, m *message.Message) (*Calendar, bool) {
	if len(body) > maxCalendar {
		body = body[:maxCalendar]
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	cal := decodeCalendar(body)
	if cal == nil {
		return nil, false
	}
	c := &Calendar{Method: strings.ToUpper(property(cal.Component, ical.PropMethod))}
	zones := map[string]*time.Location{}
	var event *ical.Component
	for _, child := range cal.Children {
		switch child.Name {
		case ical.CompTimezone:
			if id := property(child, ical.PropTimezoneID); id != "" {
				zones[id] = calendarZone(id, child, zone)
			}
		case ical.CompEvent:
			if event == nil {
				event = child
			}
		}
	}
	if event == nil {
		return nil, false
	}
	c.UID = property(event, ical.PropUID)
	c.Sequence, _ = strconv.Atoi(property(event, ical.PropSequence))
	c.Summary = property(event, ical.PropSummary)
	c.Location = property(event, ical.PropLocation)
	if c.Location == "" {
		c.Location = property(event, ical.PropConference)
	}
	for _, name := range []string{"X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK", ical.PropURL} {
		if c.Location == "" {
			c.Location = property(event, name)
		}
	}
	allDay := false
	c.Start, allDay = calendarTime(event.Props.Get(ical.PropDateTimeStart), zones, zone)
	c.End, _ = calendarTime(event.Props.Get(ical.PropDateTimeEnd), zones, zone)
	if c.End.IsZero() && !c.Start.IsZero() {
		if d := event.Props.Get(ical.PropDuration); d != nil {
			if length, err := d.Duration(); err == nil && length > 0 && length < 1000*time.Hour {
				c.End = c.Start.Add(length)
			}
		} else if allDay {
			c.End = c.Start.AddDate(0, 0, 1)
		}
	}
	c.PartStat = partStat(event, c.Method, m)
	return c, event.Props.Get(ical.PropOrganizer) != nil
}

// ReadInvitation reads the first event of an iCalendar object, with the addresses of those who take part. zone is for
// times that name none.
func ReadInvitation(body []byte, zone *time.Location) (c Calendar, people []message.Address, ok bool) {
	read, _ := readCalendar(body, zone, &message.Message{})
	if read == nil {
		return Calendar{}, nil, false
	}
	cal := decodeCalendar(bytes.TrimPrefix(body[:min(len(body), maxCalendar)], []byte("\ufeff")))
	for _, child := range cal.Children {
		if child.Name != ical.CompEvent {
			continue
		}
		for _, name := range []string{ical.PropAttendee, ical.PropOrganizer} {
			for _, p := range child.Props[name] {
				value := p.Value
				if len(value) > 7 && strings.EqualFold(value[:7], "mailto:") {
					value = value[7:]
				}
				if a, err := message.ParseAddress(value); err == nil {
					people = append(people, a)
				}
			}
		}
		break
	}
	return *read, people, true
}

// decodeCalendar reads what go-ical can, first as it stands, then without the
// lines it stumbles over.
func decodeCalendar(body []byte) (cal *ical.Calendar) {
	defer func() { // the decoder is not ours; a hostile object must not end us
		if recover() != nil {
			cal = nil
		}
	}()
	if cal, err := ical.NewDecoder(bytes.NewReader(body)).Decode(); err == nil {
		return cal
	}
	var b strings.Builder
	begun := false
	for line := range strings.Lines(strings.ReplaceAll(string(body), "\r\n", "\n")) {
		line = strings.TrimRight(line, "\r\n")
		upper := strings.ToUpper(line)
		if strings.HasPrefix(upper, "BEGIN:VCALENDAR") {
			begun = true
		}
		if !begun || strings.TrimSpace(line) == "" {
			continue
		}
		folded := line[0] == ' ' || line[0] == '\t'
		name := strings.IndexAny(line, ":;")
		if !folded && (name <= 0 || strings.ContainsAny(line[:name], " \"@<>")) || !folded && !strings.Contains(line, ":") {
			line = " " + line // a text that was broken without being folded
		}
		b.WriteString(line + "\r\n")
		if strings.HasPrefix(upper, "END:VCALENDAR") {
			break
		}
	}
	if cal, err := ical.NewDecoder(strings.NewReader(b.String())).Decode(); err == nil {
		return cal
	}
	return nil
}

// property is the text of a property, escapes undone, in one line.
func property(c *ical.Component, name string) string {
	p := c.Props.Get(name)
	if p == nil {
		return ""
	}
	v := p.Value
	if t, err := p.Text(); err == nil {
		v = t
	}
	return strings.Join(strings.Fields(cutRunes(v, 2000)), " ")
}

// calendarZone finds the zone of a VTIMEZONE: by its name (IANA or Windows), by
// the place its name ends in, or by the offsets it states.
func calendarZone(id string, zone *ical.Component, fallback *time.Location) *time.Location {
	if loc := namedZone(id); loc != nil {
		return loc
	}
	if zone == nil {
		return fallback
	}
	if loc := namedZone(property(zone, "X-LIC-LOCATION")); loc != nil {
		return loc
	}
	// Offsets alone: a zone of ours with the same pair would be a guess; the
	// standard offset is exact for half of the year.
	for _, child := range zone.Children {
		if child.Name == ical.CompTimezoneStandard {
			if o, ok := utcOffset(property(child, ical.PropTimezoneOffsetTo)); ok {
				return time.FixedZone(id, o)
			}
		}
	}
	return fallback
}

func namedZone(id string) *time.Location {
	id = strings.Trim(strings.TrimSpace(id), `"/`)
	for id != "" && len(id) < 100 {
		if loc, err := worktime.ParseZone(id); err == nil {
			return loc
		}
		// "/mozilla.org/20050126_1/Europe/Berlin"
		_, rest, ok := strings.Cut(id, "/")
		if !ok {
			break
		}
		id = rest
	}
	return nil
}

func utcOffset(s string) (int, bool) {
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, err1 := strconv.Atoi(s[1:3])
	m, err2 := strconv.Atoi(s[3:5])
	if err1 != nil || err2 != nil || h > 14 || m > 59 {
		return 0, false
	}
	o := h*3600 + m*60
	if s[0] == '-' {
		o = -o
	}
	return o, true
}

// calendarTime reads DTSTART and its like. A floating time is in the writer's zone.
func calendarTime(p *ical.Prop, zones map[string]*time.Location, fallback *time.Location) (t time.Time, allDay bool) {
	if p == nil {
		return time.Time{}, false
	}
	loc := fallback
	if id := p.Params.Get(ical.ParamTimezoneID); id != "" {
		if known, ok := zones[id]; ok && known != nil {
			loc = known
		} else {
			loc = calendarZone(id, nil, fallback)
		}
	}
	v := strings.TrimSpace(p.Value)
	for _, f := range []struct {
		layout string
		loc    *time.Location
		day    bool
	}{{"20060102T150405Z", time.UTC, false}, {"20060102T150405", loc, false}, {"20060102T1504", loc, false}, {"20060102", loc, true}} {
		if t, err := time.ParseInLocation(f.layout, v, f.loc); err == nil && t.Year() > 1900 && t.Year() < 10000 {
			return t, f.day
		}
	}
	return time.Time{}, false
}

// partStat is the answer of the attendee who wrote: the only one of a REPLY, or
// the one whose address is in From.
func partStat(event *ical.Component, method string, m *message.Message) string {
	attendees := event.Props.Values(ical.PropAttendee)
	if len(attendees) == 0 || method != "REPLY" && method != "COUNTER" {
		return ""
	}
	pick := attendees[0]
	for _, a := range attendees {
		address := strings.ToLower(strings.TrimSpace(a.Value))
		address = strings.TrimPrefix(address, "mailto:")
		for _, f := range m.From {
			if string(f.Address.Key()) == address {
				pick = a
			}
		}
	}
	return strings.ToUpper(pick.Params.Get(ical.ParamParticipationStatus))
}
