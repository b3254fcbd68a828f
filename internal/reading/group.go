package reading

import (
	"strings"
	"time"
)

// found is a When with what the rules around it need to know.
type found struct {
	When
	dayRead
	clock       *clockRead
	first, last int    // tokens, last exclusive
	noDay       bool   // a clock time alone
	drop        bool   // a week that only told which days were meant
	words       string // the phrase, where it is not one stretch of text
}

// maxTimes bounds what is found in one text.
const maxTimes = 100

// times reads every time in the text, whatever is said about it. It reads once.
func (s *scanner) times() []found {
	if s.done {
		return s.all
	}
	s.done = true
	var all []found
	for i := 0; i < len(s.t) && len(all) < maxTimes; {
		group, j := s.group(i, false)
		if len(group) == 0 {
			i++
			continue
		}
		all = append(all, group...)
		i = max(j, i+1)
	}
	s.all = s.inWeek(all)
	return s.all
}

// spot is a day or a clock with its tokens.
type spot[T any] struct {
	read        T
	first, last int
}

// group reads days that share clocks at token i: "Tuesday or Wednesday at 3 or
// 4", "3pm on Tuesday", "Thu 10-12". one: only the first of each.
func (s *scanner) group(i int, one bool) ([]found, int) {
	if d, j, ok := s.day(i); ok {
		days := []spot[dayRead]{{d, i, j}}
		for !one && len(days) < 8 && d.instant.IsZero() {
			next, ok := s.nextDay(days[len(days)-1])
			if !ok {
				break
			}
			if next.first == days[len(days)-1].first {
				days[len(days)-1] = next
			} else {
				days = append(days, next)
			}
		}
		j = days[len(days)-1].last
		if !d.instant.IsZero() {
			return s.combine(days, nil), j
		}
		clocks, j := s.clocksAfter(j, one)
		return s.combine(days, clocks), j
	}
	if c, j, ok := s.clock(i, false); ok && !c.part {
		clocks := []spot[clockRead]{{c, i, j}}
		if !one {
			clocks, j = s.moreClocks(clocks, false)
		}
		return s.daysAfter(clocks, j, one)
	}
	if n, ok := s.number(i, 1, 19); ok && s.t[i].digits <= 2 && s.punct(i+1, "?") && (s.punct(i-1, ".!?") || s.is(i-1, "at", "um") && s.punct(i-2, ".!?")) && !one { // "Friday works. 11?"
		c := clockRead{start: clockPoint{h: n}.minutes(), end: -1, explicit: true}
		return s.daysAfter([]spot[clockRead]{{c, i, i + 1}}, i+1, one)
	}
	if p, j, ok := s.partAt(i); ok {
		k := s.skip(j, "of", "on", "du", "am", "del", "de", "des", "vom")
		if d, l, ok := s.day(k); ok && d.part == nil && !s.hasClock(l) {
			c := clockRead{start: p.from, end: p.to, part: true}
			return s.combine([]spot[dayRead]{{d, k, l}}, []spot[clockRead]{{c, i, j}}), l
		}
	}
	return nil, i
}

// joined passes over a connector of a list, or returns i.
func (s *scanner) joined(i int) int {
	j := i
	if s.punct(j, ",/&;，、；") {
		j++
	}
	if n, _ := s.run(j, []string{"或者", "或", "和", "と", "または", "か", "이나", "나", "또는", "및"}); n > 0 {
		j += n
	}
	j = s.skip(j, "or", "and", "oder", "und", "ou", "et", "y", "o", "u", "e", "of", "en", "also", "either", "auch", "alternatively", "then", "else", "maybe", "bzw", "sowie")
	if s.punct(j, "/") && j == i+1 {
		j++
	}
	if j == i || j < len(s.t) && s.t[j].lines > 1 {
		return i
	}
	return s.skip(j, "on", "am", "le", "el", "op", "the", "den")
}

// nextDay reads the next day of a list, or makes a span of "Monday to Wednesday"
// (then first is that of prev).
func (s *scanner) nextDay(prev spot[dayRead]) (spot[dayRead], bool) {
	j := prev.last
	if (s.punct(j, "-–—") || s.is(j, "to", "through", "thru", "bis", "a", "al", "au", "tot", "t")) && prev.read.part == nil {
		k := s.skip(j+1, "the", "zum", "el", "le", "m")
		if d, l, ok := s.day(k); ok && d.instant.IsZero() && !d.vague {
			r := prev.read
			if d.day.Before(r.day) && d.bare {
				d.day = d.day.AddDate(0, 0, 7)
			}
			if !d.day.Before(r.day) {
				r.until, r.vague, r.unsure = d.day, true, r.unsure || d.unsure
				return spot[dayRead]{r, prev.first, l}, true
			}
		}
	}
	k := s.joined(j)
	if k == j {
		return spot[dayRead]{}, false
	}
	d, l, ok := s.day(k)
	if !ok && !s.punct(k-1, ",;") {
		d, l, ok = s.sameMonth(prev, k)
	}
	if !ok || d.vague && !d.unsure || !d.instant.IsZero() || prev.read.vague && !prev.read.unsure {
		return spot[dayRead]{}, false
	}
	return spot[dayRead]{d, k, l}, true
}

// clocksAfter reads the clock times that follow a day.
func (s *scanner) clocksAfter(i int, one bool) ([]spot[clockRead], int) {
	j := i
	if n, _ := s.run(j, eastLinks); n > 0 {
		j += n
	}
	if s.punct(j, ",(:-–—;，、（") || s.is(j, "t") && s.glued(j) {
		j++
	}
	if j < len(s.t) && s.t[j].lines > 1 {
		return nil, i
	}
	j = s.skip(j, "jeweils", "each", "both", "always", "immer", "either")
	if s.is(j, "at", "either", "say", "like") && s.is(j+1, "either", "say") {
		j++
	}
	c, k, ok := s.clock(j, true)
	if !ok && !one {
		c, k, ok = s.bareHour(i, j)
	}
	if !ok || s.isDate(j) {
		return nil, i
	}
	if !c.explicit && !c.part && s.goesOn(k) {
		return nil, i
	}
	clocks := []spot[clockRead]{{c, j, k}}
	if one {
		return clocks, k
	}
	return s.moreClocks(clocks, true)
}

// isDate reports that the number at i begins a date and no clock: "Tuesday, 24 Nov".
func (s *scanner) isDate(i int) bool {
	_, _, ok := s.date(i)
	return ok && !s.is(i, "a", "at")
}

// goesOn reports that a bare number before token i counts something.
func (s *scanner) goesOn(i int) bool {
	return notHours[s.word(i)] || s.punct(i, "%€$£/") || s.punct(i, ".,") && s.glued(i) && s.glued(i+1) && s.digitNext(i+1)
}

// moreClocks reads the rest of "3, 4 or 5pm".
func (s *scanner) moreClocks(clocks []spot[clockRead], afterDay bool) ([]spot[clockRead], int) {
	for len(clocks) < 8 {
		prev := clocks[len(clocks)-1]
		k := s.joined(prev.last)
		if k == prev.last {
			break
		}
		if _, _, isDay := s.day(k); isDay {
			break
		}
		c, l, ok := s.clock(k, true)
		if n, isNum := s.number(k, 1, 19); !ok && isNum && afterDay && s.t[k].digits <= 2 && !s.goesOn(k+1) && !s.numberGoesOn(k+1) && !s.isDate(k) && (s.endsClause(k+1) || s.joined(k+1) > k+1 || okWords[s.word(k+1)] || s.is(k+1, "would", "is", "on", "if")) {
			c, l, ok = clockRead{start: clockPoint{h: n}.minutes(), end: -1, explicit: true}, k+1, true // "at 3 or 4"
		}
		if !ok || !c.explicit && !c.part && s.goesOn(l) {
			break
		}
		if _, _, isDay := s.day(s.skip(l, "on")); isDay && afterDay && c.explicit && s.is(l, "on") {
			// "Tuesday at 3 or 4pm on Wednesday": the last one belongs to what follows.
			break
		}
		if !prev.read.explicit && c.explicit && !prev.read.part && prev.read.end < 0 && c.end < 0 && prev.read.start >= 12*60 && c.start < 12*60 && prev.read.start-12*60 < c.start {
			clocks[len(clocks)-1].read.start -= 12 * 60 // "at 3 or 4am"
		}
		clocks = append(clocks, spot[clockRead]{c, k, l})
	}
	return clocks, clocks[len(clocks)-1].last
}

func (s *scanner) hasClock(i int) bool {
	clocks, _ := s.clocksAfter(i, true)
	return len(clocks) > 0
}

// daysAfter reads the days that follow clocks ("3pm on Tuesday or Wednesday").
func (s *scanner) daysAfter(clocks []spot[clockRead], i int, one bool) ([]found, int) {
	j := s.skip(i, "on", "am", "le", "el", "il", "op", "this", "of", "for", "em", "na", "no", "de", "del")
	if s.punct(i, ",") && s.is(i+1, "on", "am") {
		j = i + 2
	}
	d, k, ok := s.day(j)
	if !ok && j > i {
		j = i
		d, k, ok = s.day(j)
	}
	if ok && d.instant.IsZero() && (j >= len(s.t) || s.t[j].lines < 2) {
		days := []spot[dayRead]{{d, j, k}}
		for !one && len(days) < 8 {
			next, ok := s.nextDay(days[len(days)-1])
			if !ok || s.hasClock(next.last) {
				break
			}
			days = append(days, next)
		}
		return s.combine(days, clocks), days[len(days)-1].last
	}
	var out []found
	for _, c := range clocks {
		if !c.read.explicit {
			continue // a number after "at" proves nothing without a day
		}
		f := found{clock: &c.read, first: c.first, last: c.last, noDay: true}
		f.vague, f.day = true, s.today
		f.When = s.when(f)
		out = append(out, f)
	}
	return out, i
}

// combine gives every day every clock.
func (s *scanner) combine(days []spot[dayRead], clocks []spot[clockRead]) []found {
	if last := days[len(days)-1].read; !last.bare && !last.year && !last.vague && s.saysWeek(days[len(days)-1]) {
		for k := range days {
			if days[k].read.bare { // "Tuesday or Thursday next week"
				days[k].read.day = sameWeek(days[k].read.day, last.day)
				days[k].read.bare = false
			}
		}
	}
	for k := 1; k < len(days); k++ {
		if prev := days[k-1]; days[k].read.bare && !prev.read.bare && !prev.read.vague && s.saysWeek(prev) { // "next week Monday or Tuesday"
			days[k].read.day, days[k].read.bare = sameWeek(days[k].read.day, prev.read.day), false
		}
	}
	var out []found
	for n, d := range days {
		if len(clocks) == 0 || d.read.part != nil && n < len(days)-1 {
			f := found{dayRead: d.read, first: d.first, last: d.last}
			f.When = s.when(f)
			out = append(out, f)
			continue
		}
		for m, c := range clocks {
			if p := d.read.part; p != nil && !c.read.part && c.read.start < 12*60 && p.from >= 12*60 { // "tonight at 8"
				c.read.start += 12 * 60
				if c.read.end >= 0 && c.read.end < c.read.start {
					c.read.end += 12 * 60
				}
			}
			f := found{dayRead: d.read, clock: &c.read, first: min(d.first, c.first), last: max(d.last, c.last)}
			if len(days) > 1 && n < len(days)-1 {
				f.first, f.last = d.first, d.last
				f.words = s.span(d.first, d.last) + " " + s.span(c.first, c.last)
			} else if len(clocks) > 1 {
				if m > 0 {
					f.first, f.last = c.first, c.last
					f.words = s.span(d.first, d.last) + " " + s.span(c.first, c.last)
				} else {
					f.last = max(d.last, c.last)
				}
			}
			if c.first < d.first && n > 0 {
				f.first, f.last = d.first, d.last
				f.words = s.span(c.first, c.last) + " " + s.span(d.first, d.last)
			}
			f.When = s.when(f)
			out = append(out, f)
		}
	}
	return out
}

// span is the text of tokens first to last, white space collapsed.
func (s *scanner) span(first, last int) string {
	if first >= last || last > len(s.t) {
		return ""
	}
	return strings.Join(strings.Fields(s.text[s.t[first].from:s.t[last-1].to]), " ")
}

func (s *scanner) saysWeek(d spot[dayRead]) bool {
	for i := d.first; i < d.last; i++ {
		if units[s.word(i)] == unitWeek {
			return true
		}
	}
	return false
}

func sameWeek(day, of time.Time) time.Time {
	return monday(of).AddDate(0, 0, (int(day.Weekday())+6)%7)
}

func (s *scanner) zoneOf(f found) *time.Location {
	if f.clock != nil && f.clock.zone != nil {
		return f.clock.zone
	}
	return s.zone
}

// when computes the instants of what was read.
func (s *scanner) when(f found) When {
	w := When{Vague: f.vague || f.unsure || f.open, Phrase: f.words}
	if f.last > f.first && f.last <= len(s.t) {
		w.From, w.To = s.t[f.first].from, s.t[f.last-1].to
		if w.Phrase == "" {
			w.Phrase = s.span(f.first, f.last)
		}
	}
	zone := s.zoneOf(f)
	switch {
	case !f.instant.IsZero():
		w.Start = f.instant
	case f.clock != nil:
		w.Start = at(f.day, f.clock.start, zone)
		if f.clock.end >= 0 {
			w.End = at(f.day, f.clock.end, zone)
		}
		if !f.until.IsZero() {
			w.Vague = true
		}
	case f.part != nil:
		w.Start, w.End = at(f.day, f.part.from, zone), at(f.day, f.part.to, zone)
	default:
		w.Start, w.DayOnly = at(f.day, 0, zone), true
		if !f.until.IsZero() {
			w.End = at(f.until.AddDate(0, 0, 1), 0, zone)
		}
	}
	return w
}

// inWeek moves bare weekdays into the week that was named around them: "I'm free
// next week: Tuesday or Thursday", "Tuesday at 3 or Thursday at 4, next week".
func (s *scanner) inWeek(all []found) []found {
	var week time.Time
	weekAt := 0
	for i := range all {
		f := &all[i]
		switch {
		case f.dayRead.week:
			if s.refused(all, i) {
				week = time.Time{}
				continue
			}
			week, weekAt = monday(f.day), f.last
			for k := i - 1; k >= 0 && all[k].bare && f.first-all[k].last <= 3 && !s.sentenceBetween(all[k].last, f.first); k-- {
				s.moveTo(&all[k], week)
				f = &all[k]
				all[i].drop = true
			}
		case f.bare && i > 0 && s.followsDate(all[i-1], *f):
			words := f.When.Phrase
			f.day, f.bare = all[i-1].day.AddDate(0, 0, (int(f.day.Weekday())-int(all[i-1].day.Weekday())+6)%7+1), false
			f.When = s.when(*f)
			f.When.Phrase = words
		case f.bare && !week.IsZero() && f.first-weekAt < 60:
			s.moveTo(f, week)
			weekAt = f.last
		}
	}
	return all
}

// followsDate reports a weekday in a list after a day that was said with its date:
// "Monday 30 November at 9 or Tuesday at 5".
func (s *scanner) followsDate(date, f found) bool {
	return !date.bare && !date.vague && !date.past && !date.noDay && date.instant.IsZero() && date.part == nil && f.first > date.last && s.onlyJoins(date.last, f.first) && f.day.Weekday() != date.day.Weekday() &&
		date.day.After(s.today.AddDate(0, 0, 5)) && !s.sentenceBetween(date.last, f.first) && s.saysDate(date)
}

// saysDate reports a day that was said in figures.
func (s *scanner) saysDate(d found) bool {
	for i := d.first; i < d.last; i++ {
		if s.digitNext(i) && s.t[i].n <= 31 && s.t[i].n == d.day.Day() {
			return true
		}
	}
	return false
}

func (s *scanner) moveTo(f *found, week time.Time) {
	if day := sameWeek(f.day, week); !day.Before(s.today) {
		words := f.When.Phrase
		f.day, f.bare = day, false
		f.When = s.when(*f)
		f.When.Phrase = words
	}
}
