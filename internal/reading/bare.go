package reading

// sameMonth reads the 26 of "November 25 and 26".
func (s *scanner) sameMonth(prev spot[dayRead], k int) (dayRead, int, bool) {
	n, ok := s.number(k, prev.read.day.Day()+1, 31)
	if !ok || s.t[k].digits > 2 || prev.read.bare || prev.read.vague || prev.last-prev.first < 2 || !s.saysMonth(prev) {
		return dayRead{}, k, false
	}
	l := k + 1
	if s.is(l, "st", "nd", "rd", "th") && s.glued(l) {
		l++
	}
	if s.punct(l, "-–") || !s.dayOfMonthEnds(l) || s.is(l, "am", "pm", "uhr", "h") || s.punct(l, ":") && s.glued(l+1) && s.digitNext(l+1) {
		return dayRead{}, k, false
	}
	day, ok := validDay(prev.read.day.Year(), int(prev.read.day.Month()), n)
	return dayRead{day: day, year: prev.read.year, past: day.Before(s.today)}, l, ok
}

func (s *scanner) saysMonth(d spot[dayRead]) bool {
	for i := d.first; i < d.last; i++ {
		if months[s.word(i)] > 0 {
			return true
		}
	}
	return false
}

// bareHour reads the 10 of "Tuesday 10 is fine" and of "Tuesday: 9, 10 or 11", where
// token i follows a weekday: an hour of work, not the day of a month.
func (s *scanner) bareHour(i, j int) (clockRead, int, bool) {
	w, ok := weekdays[s.word(i-1)]
	n, isNum := s.number(j, 1, 19)
	if !ok || !isNum || s.t[j].digits > 2 || s.numberGoesOn(j+1) && !s.punct(j+1, "-–") || s.goesOn(j+1) || n > 6 && n < 8 {
		return clockRead{}, i, false
	}
	if d, valid := s.dayOfMonth(n); valid && d.day.Weekday() == w.day {
		return clockRead{}, i, false
	}
	listed := s.punct(i, ":-–")
	ends := s.endsClause(j+1) || s.is(j+1, "sharp", "is", "would", "works", "work", "suits", "or", "and", "then", "if", "sounds", "passt", "geht", "oder", "ginge", "ware", "ist") || okWords[s.word(j+1)]
	if !listed && (n < 8 || !ends) || s.punct(j+1, "%$€/") {
		return clockRead{}, i, false
	}
	return clockRead{start: clockPoint{h: n}.minutes(), end: -1, explicit: true}, j + 1, true
}
