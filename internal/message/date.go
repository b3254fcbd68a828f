package message

import (
	"strconv"
	"strings"
	"time"
)

// Zones by name, in minutes east (RFC 5322 section 4.3 and what mailers write besides). One that is ambiguous means what
// most mail means by it; a numeric zone beside it wins.
var zoneNames = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120,
	"mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "msd": 240, "trt": 180, "sast": 120, "ist": 330, "pkt": 300,
	"ict": 420, "wib": 420, "hkt": 480, "sgt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600,
	"aedt": 660, "nzst": 720, "nzdt": 780, "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
	"mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180,
}

// Months by their first letters, in English and in what mailers in other languages have been seen to write.
var monthNames = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "abr": 4, "mei": 5, "maj": 5, "juin": 6,
	"juil": 7, "aoû": 8, "aou": 8, "ago": 8, "out": 10, "ott": 10, "déc": 12, "dic": 12, "ene": 1, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "set": 9,
}

// parseDate reads a Date field (RFC 5322 section 3.3 and 4.3) and the forms that mailers write instead of it: asctime, ISO
// 8601, hyphens, dots in the time, AM and PM, two-digit years, zones by name. It returns the zero time if it cannot.
func parseDate(value string) time.Time {
	d := dateParts{day: -1, year: -1, hour: -1}
	value = withoutComments(strings.NewReplacer(",", " ", "\t", " ").Replace(cleanName(value)))
	if open := strings.IndexByte(value, '('); open >= 0 {
		value = value[:open]
	}
	words := strings.Fields(value)
	if len(words) > 16 {
		return time.Time{}
	}
	for _, w := range words {
		d.word(w)
	}
	return d.time()
}

type dateParts struct {
	month                time.Month
	day, year            int
	hour, minute, second int
	offset               int // minutes east
	numeric              bool
	pm, am               bool
}

func (d *dateParts) word(w string) {
	lower := strings.ToLower(w)
	switch {
	case lower == "am" || lower == "a.m.":
		d.am = true
	case lower == "pm" || lower == "p.m.":
		d.pm = true
	case strings.Count(w, "-") == 2 && w[0] != '-' && w[0] != '+' || strings.Count(w, "/") == 2:
		d.joined(w)
	case d.hour >= 0 && (w[0] == '+' || w[0] == '-'):
		d.numericZone(w)
	case d.hour < 0 && w[0] >= '0' && w[0] <= '9' && strings.ContainsAny(w, ":"),
		d.hour < 0 && d.month > 0 && strings.Count(w, ".") == 2:
		d.clock(w)
	case w[0] >= '0' && w[0] <= '9':
		d.number(w)
	default:
		d.name(lower)
	}
}

// joined reads 2026-11-24, 2026-11-24T15:04:05Z, 24-Nov-2026 and 2026/11/24.
func (d *dateParts) joined(w string) {
	date, clock, iso := strings.Cut(strings.ReplaceAll(w, "/", "-"), "T")
	if !iso {
		date, clock, iso = strings.Cut(date, "t")
		if strings.Count(date, "-") < 2 { // the t of Oct or Sept
			date, iso = strings.ReplaceAll(w, "/", "-"), false
		}
	}
	f := strings.SplitN(date, "-", 3)
	if len(f) < 3 {
		return
	}
	if n, err := strconv.Atoi(f[1]); err == nil && len(f[0]) == 4 {
		d.year, d.month = atoi(f[0]), time.Month(n)
		d.day = atoi(f[2])
	} else if m := month(strings.ToLower(f[1])); m > 0 {
		d.day, d.month = atoi(f[0]), m
		d.setYear(f[2])
	}
	if iso {
		d.clock(clock)
	}
}

// clock reads 15:04, 15:04:05, 15.04.05, with fractions, AM, PM or a zone glued to it.
func (d *dateParts) clock(w string) {
	end := strings.IndexFunc(w, func(r rune) bool { return (r < '0' || r > '9') && r != ':' && r != '.' })
	zone := ""
	if end >= 0 {
		w, zone = w[:end], w[end:]
	}
	if strings.Contains(w, ":") {
		w, _, _ = strings.Cut(w, ".") // fractions of a second
	}
	f := strings.FieldsFunc(w, func(r rune) bool { return r == ':' || r == '.' })
	if len(f) < 2 {
		return
	}
	d.hour, d.minute = atoi(f[0]), atoi(f[1])
	if len(f) > 2 {
		d.second = atoi(f[2])
	}
	if zone != "" {
		d.word(zone)
	}
}

func (d *dateParts) numericZone(w string) {
	digits := strings.ReplaceAll(w[1:], ":", "")
	n := 0
	for n < len(digits) && digits[n] >= '0' && digits[n] <= '9' {
		n++
	}
	digits = digits[:n]
	hours, minutes := 0, 0
	switch n {
	case 1, 2:
		hours = atoi(digits)
	case 3:
		hours, minutes = atoi(digits[:1]), atoi(digits[1:])
	case 4:
		hours, minutes = atoi(digits[:2]), atoi(digits[2:])
	default:
		return
	}
	if hours > 15 || minutes > 59 {
		return // such a zone is not on this earth
	}
	d.offset = hours*60 + minutes
	if w[0] == '-' {
		d.offset = -d.offset
	}
	d.numeric = true
}

func (d *dateParts) number(w string) {
	n := 0
	for n < len(w) && w[n] >= '0' && w[n] <= '9' {
		n++
	}
	switch tail := strings.ToLower(w[n:]); {
	case n >= 3:
		d.setYear(w[:n])
	case d.day < 0:
		d.day = atoi(w[:n]) // "24", "24th", "24."
	case d.hour < 0 && (tail == "am" || tail == "pm"):
		d.hour = atoi(w[:n])
		d.word(tail)
	default:
		d.setYear(w[:n])
	}
}

// setYear obeys RFC 5322 section 4.3: 00 to 49 are of this century, and what else has two or three digits counts from 1900.
func (d *dateParts) setYear(w string) {
	if d.year >= 0 {
		return
	}
	y := atoi(w)
	switch {
	case y < 0:
	case len(w) == 2 && y < 50:
		y += 2000
	case len(w) <= 3 && y < 1000:
		y += 1900
	}
	d.year = y
}

func (d *dateParts) name(lower string) {
	if m := month(lower); m > 0 && d.hour < 0 {
		d.month = m // the last one: "mar" is also a Tuesday
		return
	}
	if d.hour < 0 || d.numeric {
		return
	}
	base := strings.TrimRight(lower, "+-:0123456789")
	if minutes, ok := zoneNames[base]; ok {
		if tail := lower[len(base):]; tail != "" { // GMT+1
			d.numericZone(tail)
			return
		}
		d.offset = minutes
	}
}

func month(lower string) time.Month {
	for _, n := range []int{4, 3} {
		r := []rune(lower)
		if m, ok := monthNames[string(r[:min(n, len(r))])]; ok {
			return m
		}
	}
	return 0
}

// atoi reads digits; -1 if there are none or too many.
func atoi(s string) int {
	s = strings.TrimRight(s, ".thndrs")
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 9999 {
		return -1
	}
	return n
}

func (d *dateParts) time() time.Time {
	if d.pm && d.hour >= 1 && d.hour < 12 {
		d.hour += 12
	} else if d.am && d.hour == 12 {
		d.hour = 0
	}
	if d.hour < 0 { // a date without a time
		d.hour = 0
	}
	d.second = min(d.second, 59) // a leap second
	if d.year < 1900 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 || d.hour > 23 || d.minute < 0 || d.minute > 59 || d.second < 0 {
		return time.Time{}
	}
	zone := time.UTC
	if d.offset != 0 {
		zone = time.FixedZone("", d.offset*60)
	}
	t := time.Date(d.year, d.month, d.day, d.hour, d.minute, d.second, 0, zone)
	if t.Day() != d.day { // the 31st of a month that has none
		return time.Time{}
	}
	return t
}
