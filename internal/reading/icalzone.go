package reading

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"askwell/internal/worktime"
)

// calendarZone is the zone of a time in a calendar object: one that is known by its name, or the rules that a VTIMEZONE
// states (RFC 5545 section 3.6.5).
type calendarZone struct {
	known *time.Location
	rules []observance
	id    string
}

// observance is one STANDARD or DAYLIGHT: the clock changes at start, and again as the rule says. Times are wall times
// before the change, as if in UTC.
type observance struct {
	start    time.Time
	from, to int // seconds east of UTC, before and after
	dates    []time.Time
	until    time.Time
	month    time.Month // 0: never again
	weekday  time.Weekday
	nth      int   // of the weekday in the month, from its end if negative; 0: see days
	days     []int // of the month, of which the one that is the weekday counts; or the day itself
	byDay    bool
}

// location is the zone at a wall time.
func (z calendarZone) location(wall time.Time) *time.Location {
	if z.known != nil || len(z.rules) == 0 {
		return z.known
	}
	offset, last := z.rules[0].from, time.Time{}
	for _, o := range z.rules {
		if at, ok := o.before(wall); ok && !at.Before(last) {
			offset, last = o.to, at
		}
	}
	return time.FixedZone(z.id, offset)
}

// before is the last change of the clock at or before a wall time.
func (o observance) before(wall time.Time) (time.Time, bool) {
	if wall.Before(o.start) {
		return time.Time{}, false
	}
	last := o.start
	for _, d := range o.dates {
		if !d.After(wall) && d.After(last) {
			last = d
		}
	}
	if o.month > 0 {
		for year := wall.Year(); year >= wall.Year()-1 && year >= o.start.Year(); year-- {
			at := o.in(year)
			if at.IsZero() || at.After(wall) || at.Before(o.start) || !o.until.IsZero() && at.After(o.until.AddDate(0, 0, 1)) {
				continue
			}
			if at.After(last) {
				last = at
			}
			break
		}
	}
	return last, true
}

// in is the change in a year.
func (o observance) in(year int) time.Time {
	day := func(d int) time.Time {
		return time.Date(year, o.month, d, o.start.Hour(), o.start.Minute(), o.start.Second(), 0, time.UTC)
	}
	switch {
	case o.byDay && o.nth > 0:
		first := day(1)
		return first.AddDate(0, 0, (int(o.weekday)-int(first.Weekday())+7)%7+7*(o.nth-1))
	case o.byDay && o.nth < 0:
		last := day(1).AddDate(0, 1, -1)
		return last.AddDate(0, 0, -(int(last.Weekday())-int(o.weekday)+7)%7+7*(o.nth+1))
	}
	for _, d := range o.days {
		if t := day(d); !o.byDay || t.Weekday() == o.weekday {
			return t
		}
	}
	return time.Time{}
}

// readObservances reads the rules of a VTIMEZONE.
func readObservances(zone *ical.Component) []observance {
	var out []observance
	for _, child := range zone.Children {
		if child.Name != ical.CompTimezoneStandard && child.Name != ical.CompTimezoneDaylight || len(out) >= 200 {
			continue
		}
		var o observance
		var ok1, ok2 bool
		o.from, ok1 = utcOffset(property(child, ical.PropTimezoneOffsetFrom))
		o.to, ok2 = utcOffset(property(child, ical.PropTimezoneOffsetTo))
		if !ok2 {
			continue
		}
		if !ok1 {
			o.from = o.to
		}
		o.start = wallTime(property(child, ical.PropDateTimeStart))
		if o.start.IsZero() {
			o.start = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		for _, p := range child.Props[ical.PropRecurrenceDates] {
			for v := range strings.SplitSeq(p.Value, ",") {
				if d := wallTime(v); !d.IsZero() && len(o.dates) < 500 {
					o.dates = append(o.dates, d)
				}
			}
		}
		if p := child.Props.Get(ical.PropRecurrenceRule); p != nil {
			o.rule(p.Value)
		}
		out = append(out, o)
	}
	return out
}

var weekdayCodes = map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// rule reads the RRULE of an observance: once a year, on a day that is told by month and weekday.
func (o *observance) rule(value string) {
	o.month, o.days = o.start.Month(), []int{o.start.Day()}
	yearly := false
	for part := range strings.SplitSeq(strings.ToUpper(value), ";") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "FREQ":
			yearly = v == "YEARLY"
		case "UNTIL":
			o.until = wallTime(v)
		case "COUNT":
			if v == "1" {
				o.until = o.start
			}
		case "BYMONTH":
			if m, err := strconv.Atoi(v); err == nil && m >= 1 && m <= 12 {
				o.month = time.Month(m)
			}
		case "BYDAY":
			v, _, _ = strings.Cut(v, ",")
			if len(v) < 2 {
				continue
			}
			day, ok := weekdayCodes[v[len(v)-2:]]
			if !ok {
				continue
			}
			o.byDay, o.weekday = true, day
			o.nth, _ = strconv.Atoi(strings.TrimPrefix(v[:len(v)-2], "+"))
			if o.nth > 5 || o.nth < -5 {
				o.nth = 0
			}
		case "BYMONTHDAY":
			o.days = nil
			for d := range strings.SplitSeq(v, ",") {
				if n, err := strconv.Atoi(d); err == nil && n >= 1 && n <= 31 && len(o.days) < 31 {
					o.days = append(o.days, n)
				}
			}
		case "BYSETPOS":
			if n, err := strconv.Atoi(v); err == nil && o.nth == 0 && n >= -5 && n <= 5 {
				o.nth = n
			}
		}
	}
	if !yearly {
		o.month = 0
	}
}

// wallTime reads a time as the clock shows it; a Z behind it is passed over.
func wallTime(v string) time.Time {
	v = strings.TrimSuffix(strings.TrimSpace(v), "Z")
	for _, layout := range []string{"20060102T150405", "20060102T1504", "20060102"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t
		}
	}
	return time.Time{}
}

// findZone finds the zone that a calendar object calls id: by its name (IANA or Windows), by the place named beside it,
// by the rules it states, by what people are shown as its name.
func findZone(id string, zone *ical.Component) (calendarZone, bool) {
	z := calendarZone{id: id}
	if zone != nil {
		z.rules = readObservances(zone)
	}
	// "EST" may be meant with the summer time that stands beside it.
	if short := !strings.Contains(id, "/") && len(id) <= 5; !short || len(z.rules) < 2 {
		if z.known = namedZone(id); z.known != nil {
			return z, true
		}
	}
	if zone != nil {
		for _, name := range []string{"X-LIC-LOCATION", "TZURL", "X-MICROSOFT-CDO-TZID-NAME"} {
			if z.known = namedZone(strings.TrimSuffix(property(zone, name), ".ics")); z.known != nil {
				return z, true
			}
		}
	}
	if len(z.rules) > 0 {
		return z, true
	}
	z.known = shownZone(id)
	return z, z.known != nil
}

func namedZone(id string) *time.Location {
	id = strings.Trim(strings.TrimSpace(id), `"/`)
	for id != "" && len(id) < 200 {
		switch strings.ToLower(id) {
		case "utc", "z", "gmt", "etc/utc", "etc/gmt", "coordinated universal time", "greenwich":
			return time.UTC
		}
		if loc, err := worktime.ParseZone(id); err == nil {
			return loc
		}
		// "/mozilla.org/20050126_1/Europe/Berlin"
		_, rest, ok := strings.Cut(id, "/")
		if !ok {
			break
		}
		id = strings.TrimLeft(rest, "/")
	}
	return nil
}

var shownOffset = regexp.MustCompile(`(?i)(?:UTC|GMT)\s*([+\x{2212}-])\s*(\d{1,2})(?::?(\d{2}))?|^([+-])(\d{2}):?(\d{2})$`)

// shownZone reads what people are shown as the name of a zone: "(UTC+01:00) Amsterdam, Berlin, Bern", "GMT+0100".
func shownZone(id string) *time.Location {
	hit := shownOffset.FindStringSubmatch(cutRunes(id, 200))
	if hit == nil {
		if strings.HasPrefix(id, "(UTC)") || strings.HasPrefix(id, "(GMT)") {
			hit = []string{"", "+", "0", "", "", "", ""}
		} else {
			return nil
		}
	}
	sign, hours, minutes := hit[1]+hit[4], hit[2]+hit[5], hit[3]+hit[6]
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi("0" + minutes)
	if h > 14 || m > 59 {
		return nil
	}
	offset := h*3600 + m*60
	if sign != "+" {
		offset = -offset
	}
	if _, places, ok := strings.Cut(id, ")"); ok {
		for place := range strings.SplitSeq(places, ",") {
			if loc := placeZone(strings.TrimSpace(place)); loc != nil {
				if _, o := time.Date(2026, 1, 15, 0, 0, 0, 0, loc).Zone(); o == offset {
					return loc
				}
				if _, o := time.Date(2026, 7, 15, 0, 0, 0, 0, loc).Zone(); o == offset {
					return loc
				}
			}
		}
	}
	return time.FixedZone(id, offset)
}

// placeZone finds the zone of a city as Windows lists them.
func placeZone(place string) *time.Location {
	switch low := strings.ToLower(place); {
	case place == "" || len(place) > 60:
		return nil
	case strings.HasPrefix(low, "eastern time"):
		place = "New_York"
	case strings.HasPrefix(low, "central time"):
		place = "Chicago"
	case strings.HasPrefix(low, "mountain time"):
		place = "Denver"
	case strings.HasPrefix(low, "pacific time"):
		place = "Los_Angeles"
	case strings.HasPrefix(low, "atlantic time"):
		place = "Halifax"
	case strings.HasPrefix(low, "bern"):
		place = "Zurich"
	case strings.HasPrefix(low, "mumbai"), strings.HasPrefix(low, "new delhi"), strings.HasPrefix(low, "chennai"):
		place = "Kolkata"
	case strings.HasPrefix(low, "beijing"):
		place = "Shanghai"
	case strings.HasPrefix(low, "osaka"), strings.HasPrefix(low, "sapporo"):
		place = "Tokyo"
	case strings.HasPrefix(low, "edinburgh"):
		place = "London"
	}
	place = strings.ReplaceAll(place, " ", "_")
	for _, region := range []string{"Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/"} {
		if loc, err := worktime.ParseZone(region + place); err == nil {
			return loc
		}
	}
	return nil
}

func utcOffset(s string) (int, bool) {
	s = strings.ReplaceAll(s, ":", "")
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, err1 := strconv.Atoi(s[1:3])
	m, err2 := strconv.Atoi(s[3:5])
	if err1 != nil || err2 != nil || h < 0 || h > 14 || m < 0 || m > 59 {
		return 0, false
	}
	o := h*3600 + m*60
	if len(s) == 7 {
		if sec, err := strconv.Atoi(s[5:7]); err == nil && sec >= 0 && sec < 60 {
			o += sec
		}
	}
	if s[0] == '-' {
		o = -o
	}
	return o, true
}
