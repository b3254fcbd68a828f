package reading

import (
	"strings"
	"time"
)

// date reads a day and month in figures or words: "24 Nov", "November 24th,
// 2026", "24.11.", "24/11/2026", "the 14th", "le 14 décembre".
func (s *scanner) date(i int) (dayRead, int, bool) {
	if m, ok := months[s.word(i)]; ok {
		return s.monthFirst(i, m)
	}
	j := s.skip(i, "the", "den", "dem", "der", "le", "el", "il", "op", "de", "dia", "am", "vom", "zum")
	n, ok := s.number(j, 1, 31)
	if !ok || s.t[j].digits > 2 {
		return dayRead{}, i, false
	}
	if s.punct(j+1, "./-") && s.glued(j+1) && s.glued(j+2) {
		if d, k, ok := s.numericDate(j, n, j > i); ok {
			return d, k, true
		}
	}
	k := j + 1
	ordinal := false
	switch {
	case s.is(k, "st", "nd", "rd", "th", "er", "e", "ste", "de", "o") && s.glued(k), s.punct(k, "ºª°") && s.glued(k):
		ordinal, k = true, k+1
	case s.punct(k, ".") && s.glued(k):
		ordinal, k = true, k+1
	}
	m := s.skip(k, "of", "de", "del", "do", "di")
	if s.punct(m, "-") && s.glued(m) && s.glued(m+1) && !s.digitNext(m+1) {
		m++ // 24-Nov-2026
	}
	if d, l, ok := s.spacedDate(j, n); ok {
		return d, l, true
	}
	if s.punct(m, "-–") || s.is(m, "to", "bis", "al", "au") { // "24-28 November"
		if _, isNum := s.number(m+1, n, 31); isNum {
			if month, ok := months[s.word(s.skip(m+2, "of", "de", "st", "nd", "rd", "th"))]; ok {
				d, ok := s.calendarDay(0, month, n)
				return s.rangeEnd(d, m+1, month), s.skip(m+2, "of", "de", "st", "nd", "rd", "th") + 1, ok
			}
		}
	}
	if month := s.monthOfList(k); month > 0 && !ordinal || month > 0 && s.t[j].digits > 0 { // "25 or 26 November"
		d, ok := s.calendarDay(0, month, n)
		return d, k, ok
	}
	if month, ok := months[s.word(m)]; ok && (m == k || m < k+2) {
		if s.is(m, "may", "mar", "mars", "mai") && m+1 < len(s.t) && !s.glued(m+1) && s.is(m+1, "be", "i", "have", "not", "be") {
			return dayRead{}, i, false
		}
		m++
		if s.punct(m, ".") && s.glued(m) && (s.digitNext(m+1) || s.punct(m+1, ",") || len(s.raw(m-1)) <= 4 && m+1 < len(s.t) && s.t[m+1].lines == 0) {
			m++
		}
		year, m := s.yearAt(m)
		d, ok := s.calendarDay(year, month, n)
		return d, m, ok
	}
	if !ordinal && j == i || s.punct(k-1, ".") && j == i {
		return dayRead{}, i, false
	}
	if !ordinal && !s.is(j-1, "le", "el", "il", "dia") {
		return dayRead{}, i, false
	}
	if !s.dayOfMonthEnds(k) {
		return dayRead{}, i, false
	}
	d, ok := s.dayOfMonth(n)
	return d, k, ok
}

// spacedDate reads 7. 12. and 7. 12. 2026, as Czechs and some Germans write.
func (s *scanner) spacedDate(j, n int) (dayRead, int, bool) {
	m, ok := s.number(j+2, 1, 12)
	if !ok || !s.punct(j+1, ".") || !s.glued(j+1) || s.glued(j+2) || !s.punct(j+3, ".") || !s.glued(j+3) || s.t[j+2].digits > 2 {
		return dayRead{}, j, false
	}
	year, k := 0, j+4
	if y, ok := s.number(k, 1990, 2199); ok {
		year, k = y, k+1
	}
	d, ok := s.calendarDay(year, m, n)
	return d, k, ok
}

// monthOfList is the month that a list of days ends in ("25, 26 or 27 November"),
// where token i is what follows one of them.
func (s *scanner) monthOfList(i int) int {
	for range 5 {
		k := i
		if s.punct(k, ",/&") {
			k++
		}
		k = s.skip(k, "or", "and", "oder", "und", "ou", "et", "y", "o", "e", "of", "en", "the", "den", "am", "le", "el", "il")
		if k == i {
			return 0
		}
		if _, ok := s.number(k, 1, 31); !ok || s.t[k].digits > 2 {
			return 0
		}
		k++
		if s.is(k, "st", "nd", "rd", "th", "er", "e") && s.glued(k) || s.punct(k, ".ºª°") && s.glued(k) {
			k++
		}
		if month, ok := months[s.word(s.skip(k, "of", "de", "di", "del"))]; ok {
			return month
		}
		i = k
	}
	return 0
}

func (s *scanner) rangeEnd(d dayRead, i, month int) dayRead {
	last, ok := s.number(i, 1, 31)
	if day, valid := validDay(d.day.Year(), month, last); ok && valid {
		d.until, d.vague = day, true
	}
	return d
}

// dayOfMonthEnds reports that what follows "the 14th" does not make it the 14th
// of something else ("the 2nd question", "the 1st floor").
func (s *scanner) dayOfMonthEnds(i int) bool {
	if i >= len(s.t) || s.t[i].lines > 1 || s.t[i].kind == tokPunct {
		return !s.punct(i, "%$€£")
	}
	if s.t[i].kind != tokWord {
		return s.t[i].kind == tokNumber
	}
	if _, ok := dayparts[s.word(i)]; ok {
		return true
	}
	return okWords[s.word(i)] || s.is(i, "at", "between", "suit", "from", "after", "before", "or", "and", "works", "work", "would", "is", "in", "suits", "sounds", "looks", "um", "ab", "zwischen",
		"oder", "und", "nach", "vor", "a", "ou", "et", "entre", "y", "o", "om", "tussen", "of", "en", "e", "anytime", "any", "if", "should", "will", "can", "could", "noon",
		"please", "for", "with", "though", "but", "around", "then", "instead", "passt", "ware", "geht", "ist", "this", "next", "has", "to", "until", "bis", "onwards", "as", "because", "since", "alle", "dalle")
}

// dayOfMonth is the next such day of a month, today included.
func (s *scanner) dayOfMonth(n int) (dayRead, bool) {
	for k := range 3 {
		first := civil(s.today.Year(), s.today.Month(), 1).AddDate(0, k, 0)
		day, ok := validDay(first.Year(), int(first.Month()), n)
		if ok && !day.Before(s.today) {
			return dayRead{day: day}, true
		}
	}
	return dayRead{}, false
}

// monthFirst reads "Nov 24", "November 24th, 2026", "Nov 24-28".
func (s *scanner) monthFirst(i, month int) (dayRead, int, bool) {
	j := i + 1
	if s.punct(j, ".") && s.glued(j) {
		j++
	}
	j = s.skip(j, "the")
	n, ok := s.number(j, 1, 31)
	if !ok || s.t[j].digits > 2 || j < len(s.t) && s.t[j].lines > 1 {
		return dayRead{}, i, false
	}
	j++
	switch {
	case s.is(j, "st", "nd", "rd", "th") && s.glued(j):
		j++
	case s.punct(j, ":") && s.glued(j+1) && s.digitNext(j+1), notHours[s.word(j)] && !s.is(j, "of"), s.is(j, "am", "pm"):
		return dayRead{}, i, false
	}
	if s.is(i, "may", "mar", "mars") && s.raw(i) == "may" && !s.is(i-1, "on", "until", "from", "by", ",") && !s.strict {
		return dayRead{}, i, false // "you may 3"
	}
	if s.punct(j, "-–") || s.is(j, "to", "through") {
		if _, ok := s.number(j+1, n+1, 31); ok && s.t[j+1].digits <= 2 && !s.punct(j+2, ":") && !s.is(j+2, "am", "pm", "h") {
			if _, other := months[s.word(j+2)]; !other {
				d, ok := s.calendarDay(0, month, n)
				return s.rangeEnd(d, j+1, month), s.skip(j+2, "th", "st", "nd", "rd"), ok
			}
		}
	}
	year, j := s.yearAt(j)
	d, ok := s.calendarDay(year, month, n)
	return d, j, ok
}

// yearAt reads a year that follows a date: "2026", ", 2026", "de 2026", "'26".
func (s *scanner) yearAt(i int) (int, int) {
	j := i
	if s.punct(j, ",") {
		j++
	}
	j = s.skip(j, "de", "do", "del")
	if s.punct(j, "-") && s.glued(j) && s.glued(j+1) {
		j++
	}
	if y, ok := s.number(j, 1990, 2199); ok && s.t[j].lines < 2 && !s.is(j+1, "hrs", "uhr", "h") && !s.punct(j+1, ":") {
		return y, j + 1
	}
	if s.punct(i, "'’") {
		if y, ok := s.number(i+1, 20, 99); ok && s.t[i+1].digits == 2 {
			return 2000 + y, i + 2
		}
	}
	return 0, i
}

// numericDate reads 24.11., 24.11.2026, 24/11, 11/24/2026, 24-11-2026 from the
// number n at j. lead: an article stands before it.
func (s *scanner) numericDate(j, n int, lead bool) (dayRead, int, bool) {
	mark := s.raw(j + 1)
	m, ok := s.number(j+2, 1, 31)
	if !ok || s.t[j+2].digits > 2 {
		return dayRead{}, j, false
	}
	k := j + 3
	year := 0
	if s.punct(k, mark) && s.glued(k) && s.glued(k+1) {
		y, ok := s.number(k+1, 0, 2199)
		switch {
		case !ok || s.t[k+1].digits != 2 && s.t[k+1].digits != 4:
			if mark != "." {
				return dayRead{}, j, false
			}
		case s.t[k+1].digits == 2:
			year, k = 2000+y, k+2
		default:
			year, k = y, k+2
		}
	}
	trailing := false
	if mark == "." && year == 0 {
		trailing = s.punct(k, ".") && s.glued(k)
		if trailing {
			k++
			if y, ok := s.number(k, 1990, 2199); ok {
				year, k = y, k+1
			}
		}
	}
	switch mark {
	case ".":
		// 15.30 is a clock, 3.5 is a number: without a last dot or a year only
		// what has an article before it and can be a month.
		weekday := s.afterWeekday(j)
		if m > 12 || year == 0 && !trailing && !((lead || weekday) && s.t[j+2].digits == 2 && m > 0) {
			return dayRead{}, j, false
		}
		if s.is(k, "uhr", "am", "pm", "h", "uur") {
			return dayRead{}, j, false
		}
		d, ok := s.calendarDay(year, m, n)
		return d, k, ok
	case "-":
		if year == 0 {
			return dayRead{}, j, false
		}
	case "/":
		if n == 24 && m == 7 && year == 0 || s.punct(k, "/") || s.is(k, "th", "h") && year == 0 {
			return dayRead{}, j, false // 24/7
		}
		if year == 0 && s.is(j-1, "score", "section", "chapter", "bus", "part", "page", "rated", "about") {
			return dayRead{}, j, false
		}
	}
	return s.dayOrMonthFirst(n, m, year, k)
}

func (s *scanner) afterWeekday(j int) bool {
	k := j - 1
	for s.punct(k, ",.") || s.is(k, "den", "dem", "der", "am") {
		k--
	}
	_, ok := weekdays[s.word(k)]
	return ok
}

// dayOrMonthFirst settles 12/3 by what is possible, then by the writer's zone.
func (s *scanner) dayOrMonthFirst(a, b, year, k int) (dayRead, int, bool) {
	switch {
	case a > 12:
		d, ok := s.calendarDay(year, b, a)
		return d, k, ok
	case b > 12:
		d, ok := s.calendarDay(year, a, b)
		return d, k, ok
	case a == b:
		d, ok := s.calendarDay(year, a, b)
		return d, k, ok
	}
	monthFirst, known := monthFirstZone(s.zone, s.now)
	if o := s.slashOrder(); o != 0 {
		monthFirst, known = o > 0, true
	}
	if monthFirst {
		a, b = b, a
	}
	d, ok := s.calendarDay(year, b, a)
	if year > 0 && d.past { // the other reading may lie ahead
		if other, valid := s.calendarDay(year, a, b); valid && !other.past {
			return other, k, true
		}
	}
	d.unsure, d.swap = !known, true
	return d, k, ok
}

// slashOrder tells how the writer orders day and month, from a date that can be read in one way only: 1 for the month
// first, -1 for the day, 0 if there is none or there are both.
func (s *scanner) slashOrder() int8 {
	if s.order != 0 {
		return s.order % 2
	}
	month, day := false, false
	for i := 0; i+2 < len(s.t); i++ {
		if s.t[i].kind != tokNumber || !s.punct(i+1, "/") || !s.glued(i+1) || !s.glued(i+2) || s.glued(i) {
			continue
		}
		a, ok1 := s.number(i, 1, 31)
		b, ok2 := s.number(i+2, 1, 31)
		if ok1 && ok2 {
			month, day = month || a <= 12 && b > 12, day || a > 12 && b <= 12
		}
	}
	switch {
	case month == day:
		s.order = 2
	case month:
		s.order = 1
	default:
		s.order = -1
	}
	return s.order % 2
}

// monthFirstZone tells whether people of the zone write month/day/year, and
// whether that is known: Canada uses both, and UTC is a server's zone.
func monthFirstZone(zone *time.Location, now time.Time) (monthFirst, known bool) {
	name := zone.String()
	switch {
	case strings.HasPrefix(name, "Europe/"), strings.HasPrefix(name, "Africa/"), strings.HasPrefix(name, "Australia/"),
		strings.HasPrefix(name, "Asia/") && name != "Asia/Manila", name == "Pacific/Auckland":
		return false, true
	}
	switch name {
	case "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Anchorage", "America/Detroit", "America/Boise", "Pacific/Honolulu":
		return true, true
	case "America/Sao_Paulo", "America/Mexico_City", "America/Bogota", "America/Lima", "America/Santiago", "America/Argentina/Buenos_Aires", "America/Caracas":
		return false, true
	}
	if _, offset := now.In(zone).Zone(); offset > 0 {
		return false, true
	}
	return false, false
}

// vagueMonth reads "in January", "early December", "im Januar", "en enero", and
// "week of the 7th": spans.
func (s *scanner) vagueMonth(i int) (dayRead, int, bool) {
	which, j := s.modifier(i)
	if which == "" {
		switch {
		case s.is(i, "in", "im", "en", "em", "during", "fin", "sometime", "til", "i", "w", "v", "next", "this"), s.is(i, "a") && months[s.word(i+1)] > 0:
			j = i + 1
		case months[s.word(i)] > 0 && (s.is(i-1, limitWords...) || s.standsAlone(i, i+1)):
			j = i // "until March": the preposition is judged around it
		default:
			return dayRead{}, i, false
		}
		if s.is(j, "the") {
			return dayRead{}, i, false
		}
		if which, j = s.modifier(j); which == "" {
			j = s.skip(j, "of", "in")
		}
	}
	m, ok := months[s.word(j)]
	if !ok || s.is(j, "may", "march", "mar") && s.raw(j)[0] >= 'a' || s.digitNext(j+1) && s.t[j+1].digits < 4 {
		return dayRead{}, i, false
	}
	year, k := s.yearAt(j + 1)
	past := false
	if year == 0 {
		year = s.today.Year()
		if time.Month(m) < s.today.Month() {
			year++
			past = !s.strict && int(s.today.Month())-m < 4
		}
	}
	d := dayRead{day: civil(year, time.Month(m), 1), vague: true}
	d.until = d.day.AddDate(0, 1, -1)
	d = part(d, which)
	if d.past = past || d.until.Before(s.today); !d.past && d.day.Before(s.today) {
		d.day = s.today
	}
	return d, k, true
}
