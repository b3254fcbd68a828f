package reading

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"askwell/internal/message"
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
		case p.MediaType == "text/calendar" || p.MediaType == "text/x-vcalendar" || p.MediaType == "application/ics" || strings.HasSuffix(strings.ToLower(p.Filename), ".vcs") || strings.HasSuffix(strings.ToLower(p.Filename), ".ics"):
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
	zones := map[string]calendarZone{}
	var event *ical.Component
	looked := 0
	for _, child := range cal.Children {
		switch child.Name {
		case ical.CompTimezone:
			if id := property(child, ical.PropTimezoneID); id != "" && looked < 50 {
				looked++
				if z, ok := findZone(id, child); ok {
					zones[id] = z
				}
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
	c.Location = place(event)
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
				if a := calendarAddress(p.Value); a != "" {
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

// calendarTime reads DTSTART and its like. A floating time is in the writer's zone.
func calendarTime(p *ical.Prop, zones map[string]calendarZone, fallback *time.Location) (t time.Time, allDay bool) {
	if p == nil {
		return time.Time{}, false
	}
	v, id := strings.TrimSpace(p.Value), p.Params.Get(ical.ParamTimezoneID)
	if i := strings.LastIndexByte(v, ':'); i >= 0 { // TZID=tzone://Microsoft/Utc without quotes
		id, v = id+":"+v[:i], v[i+1:]
	}
	wall := wallTime(v)
	if wall.Year() <= 1900 || wall.Year() >= 10000 {
		return time.Time{}, false
	}
	loc := fallback
	if id != "" {
		z, ok := zones[id]
		if !ok {
			z, ok = findZone(id, nil)
		}
		if ok {
			loc = z.location(wall)
		}
	}
	day := len(v) == len("20060102")
	if strings.HasSuffix(v, "Z") && !day {
		loc = time.UTC
	}
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, loc), day
}

// partStat is the answer of the attendee who wrote: the one whose address or name is in From, the only one, or the only
// one who answered.
func partStat(event *ical.Component, method string, m *message.Message) string {
	attendees := event.Props.Values(ical.PropAttendee)
	if len(attendees) == 0 || method != "REPLY" && method != "COUNTER" {
		return ""
	}
	stat := func(a ical.Prop) string { return strings.ToUpper(a.Params.Get(ical.ParamParticipationStatus)) }
	for _, a := range attendees {
		for _, f := range m.From {
			for _, v := range []string{a.Value, a.Params.Get("EMAIL"), a.Params.Get(ical.ParamSentBy)} {
				if calendarAddress(v).Key() == f.Address.Key() {
					return stat(a)
				}
			}
		}
	}
	for _, a := range attendees {
		for _, f := range m.From {
			if name := a.Params.Get(ical.ParamCommonName); name != "" && fold(name) == fold(f.Name) {
				return stat(a)
			}
		}
	}
	pick := ""
	for _, a := range attendees {
		if s := stat(a); s != "" && (pick == "" || pick == "NEEDS-ACTION") {
			pick = s
		}
	}
	return pick
}

// calendarAddress is the address of "mailto:jane@example.org".
func calendarAddress(value string) message.Address {
	value = strings.TrimSpace(value)
	if len(value) > 7 && strings.EqualFold(value[:7], "mailto:") {
		value = value[7:]
	}
	a, err := message.ParseAddress(value)
	if err != nil {
		return ""
	}
	return a
}

// meetingLink finds where people meet by video.
var meetingLink = regexp.MustCompile(`https://(?:teams\.microsoft\.com/(?:l/meetup-join|meet)/|teams\.live\.com/meet/|meet\.google\.com/[a-z]{3}-|(?:[\w-]+\.)*zoom\.(?:us|com)/(?:j|my|w|s)/|(?:[\w-]+\.)*zoomgov\.com/j/|(?:[\w-]+\.)*webex\.com/|whereby\.com/|meet\.jit\.si/|(?:[\w-]+\.)*goto(?:meeting|meet)\.(?:com|me)/|bluejeans\.com/|chime\.aws/|join\.skype\.com/|meet\.lync\.com/|facetime\.apple\.com/join|(?:[\w-]+\.)*bigbluebutton\.org/|v\.ringcentral\.com/|meetings\.ringcentral\.com/|app\.slack\.com/huddle/)[^\s<>"'\\\])]*`)

// place is where an event is: its place, or the link in it.
func place(event *ical.Component) string {
	if p := property(event, ical.PropLocation); p != "" {
		return p
	}
	for _, name := range []string{ical.PropConference, "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK", "X-MICROSOFT-ONLINEMEETINGCONFLINK"} {
		if p := property(event, name); p != "" {
			return p
		}
	}
	for _, name := range []string{ical.PropDescription, "X-ALT-DESC", ical.PropComment} {
		if p := event.Props.Get(name); p != nil {
			text, err := p.Text()
			if err != nil {
				text = p.Value
			}
			if link := meetingLink.FindString(cutRunes(text, 64<<10)); link != "" {
				return strings.TrimRight(link, ".,;:!")
			}
		}
	}
	return property(event, ical.PropURL)
}
