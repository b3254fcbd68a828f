package reading

import "time"

// weekday reads a weekday with what stands around it: "next Tuesday", "Tuesday
// next week", "Tue 24 Nov", "Di, 24.11.", "Tuesday the 14th", "mardi prochain".
func (s *scanner) weekday(i int) (dayRead, int, bool) {
	j := i
	shift := ""
	switch {
	case s.is(j, "next", "volgende", "nachster", "nachsten", "nachste"):
		shift, j = "next", j+1
	case s.is(j, "this", "coming", "upcoming", "kommenden", "kommender", "diesen", "dieser", "ce", "este", "proximo", "proxima", "prossimo", "prossima", "aanstaande", "komende", "deze", "questo", "esta"):
		shift, j = "this", j+1
		j = s.skip(j, "coming", "upcoming")
	}
	w, ok := weekdays[s.word(j)]
	suffix := (*daypart)(nil)
	if !ok {
		if w, suffix, ok = compoundDay(s.word(j)); !ok {
			return dayRead{}, i, false
		}
	}
	first := j
	j++
	if s.punct(j, "-") && s.is(j+1, "feira") {
		w.weak, j = false, j+2
	} else if s.is(j, "feira") {
		w.weak, j = false, j+1
	}
	if s.punct(j, ".") && s.glued(j) && (w.weak || s.digitNext(j+1) && (s.glued(j+1) || len(s.word(first)) <= 5)) {
		j++
	}
	if w.weak && len(s.word(first)) == 2 && (s.english() || s.is(first, "so") && s.is(first-1, "or")) {
		return dayRead{}, i, false // "so 3pm", "do 4 December"
	}
	if d, k, ok := s.dateBeside(j, w.day); ok && (s.strict || len(s.word(first)) > 2 || !w.weak || d.day.Weekday() == w.day) {
		d.part = suffix
		return d, k, true
	}
	d := dayRead{part: suffix, bare: shift == ""}
	k := s.skip(j, "of", "in", "the", "der", "la", "de", "van", "da")
	v, after, inWeek := s.phrase(spans, k)
	switch {
	case inWeek && v <= spanWeekAfter:
		d.day = monday(s.today).AddDate(0, 0, 7*v+(int(w.day)+6)%7)
		d.bare, j, w.weak = false, after, false
		d.past = d.day.Before(s.today)
	case s.is(j, "week") && s.glued(first+1) == s.glued(j): // "Tuesday week" (British)
		d.day, d.bare, j = s.nextWeekday(w.day).AddDate(0, 0, 7), false, j+1
	case s.is(j, "in") && s.weeksFrom(j+1) > 0 && !w.weak: // "Tuesday in two weeks"
		n := s.weeksFrom(j + 1)
		d.day, d.bare, j = monday(s.today).AddDate(0, 0, 7*n+(int(w.day)+6)%7), false, j+3
	case s.is(j, "in") && s.is(j+1, "a", "einer") && units[s.word(j+2)] == unitWeek:
		d.day, d.bare, j = s.nextWeekday(w.day).AddDate(0, 0, 7), false, j+3
	case s.is(j, "prochain", "prochaine", "proximo", "que", "prossimo", "prossima") && !w.weak:
		d.day, d.bare, j = s.nextWeekday(w.day), false, j+1
		j = s.skip(j, "viene", "vem")
	case shift == "next":
		d.day = monday(s.today).AddDate(0, 0, 7+(int(w.day)+6)%7)
		w.weak = false
	default:
		d.day = s.nextWeekday(w.day)
		if s.is(j, "next", "after") && s.is(j+1, "next") || s.is(j, "after") && s.is(j+1, "that") {
			d.vague = true
		}
	}
	if w.weak && shift == "" && (!s.supported(i, j)) {
		return dayRead{}, i, false
	}
	return d, j, true
}

// nextWeekday is the next such day after today: said on a Tuesday, "Tuesday" is
// in a week, for nobody calls today by its name.
func (s *scanner) nextWeekday(w time.Weekday) time.Time {
	return s.today.AddDate(0, 0, (int(w)-int(s.today.Weekday())+6)%7+1)
}

// weeksFrom reads "two weeks" and returns how many, or 0.
func (s *scanner) weeksFrom(i int) int {
	n, k, ok := s.small(i)
	if !ok || n < 2 || n > 20 || k != i+1 || units[s.word(k)] != unitWeek {
		return 0
	}
	return n
}

func (s *scanner) digitNext(i int) bool { return i < len(s.t) && s.t[i].kind == tokNumber }

// supported reports whether what stands around a doubtful day word (tokens i to
// j) makes it a day: a clock, a daypart, or another day in a list.
func (s *scanner) supported(i, j int) bool {
	if s.strict {
		return true
	}
	k := j
	if s.punct(k, ",:/-–") {
		k++
	}
	k = s.skip(k, "at", "um", "a", "as", "om", "after", "before", "between", "nach", "or", "and", "oder", "und", "to", "from", "ab", "early", "late", "de", "da", "das", "do", "pela", "por", "in", "la", "las", "alle", "dalle", "entre", "zwischen", "von", "gegen", "vers", "des", "kl", "klo", "o", "no", "na", "tra", "fra", "tussen", "vanaf")
	if s.digitNext(k) {
		_, _, isClock := s.point(k, true)
		return isClock
	}
	if _, ok := dayparts[s.word(k)]; ok {
		return true
	}
	if s.is(k, "noon", "midday", "mittag", "midi") {
		return true
	}
	if _, ok := weekdays[s.word(k)]; ok && k > j {
		return true
	}
	k = i - 1
	if s.punct(k, ",/-–&") || s.is(k, "or", "and", "oder", "und", "to", "bis", "ou", "et", "y", "o", "e", "en", "of") {
		if s.punct(k-1, ".") {
			k--
		}
		if _, ok := weekdays[s.word(k-1)]; ok {
			return true
		}
	}
	return false
}

// compoundDay reads German and Dutch one-word forms: "Dienstagnachmittag",
// "donderdagochtend", "morgenmiddag".
func compoundDay(w string) (weekdayWord, *daypart, bool) {
	if len(w) < 11 || len(w) > 26 {
		return weekdayWord{}, nil, false
	}
	for _, end := range [...]string{"vormittag", "vormittags", "nachmittag", "nachmittags", "abend", "abends", "morgen", "ochtend", "middag", "avond"} {
		head := len(w) - len(end)
		if head < 6 || w[head:] != end {
			continue
		}
		if d, ok := weekdays[w[:head]]; ok && !d.weak {
			if end == "morgen" {
				end = "morgens"
			}
			p := dayparts[end]
			return d, &p, true
		}
	}
	return weekdayWord{}, nil, false
}

// dateBeside reads the date that follows a weekday, and checks that they agree.
func (s *scanner) dateBeside(i int, w time.Weekday) (dayRead, int, bool) {
	j := i
	if s.punct(j, ",") {
		j++
	}
	open := s.punct(j, "(")
	if open {
		j++
	}
	j = s.skip(j, "the", "den", "dem", "der", "le", "el", "il", "de", "dia", "am", "on")
	d, k, ok := s.date(j)
	if !ok {
		d, k, ok = s.isoDay(j)
	}
	if !ok {
		// "Tuesday 24": a day of the month if it falls on that weekday.
		n, isNum := s.number(j, 1, 31)
		if !isNum || s.numberGoesOn(j+1) {
			return dayRead{}, i, false
		}
		if n < 13 && !(s.is(j-1, "the", "den", "dem", "le", "el", "il", "de", "dia") && j > i) {
			return dayRead{}, i, false
		}
		if d, ok = s.dayOfMonth(n); !ok || d.day.Weekday() != w {
			return dayRead{}, i, false
		}
		k = j + 1
		if s.punct(k, ".") && s.glued(k) && k+1 < len(s.t) && !s.is(k+1, "i") && s.t[k+1].lines == 0 {
			k++
		}
	}
	if d.swap && d.day.Weekday() == w && !d.year { // both may fit: the nearer is meant
		if other, ok := s.calendarDay(0, d.day.Day(), int(d.day.Month())); ok && !other.past && other.day.Weekday() == w && other.day.Before(d.day) {
			d = other
		}
	}
	if d.day.Weekday() != w {
		d.vague = true // they contradict each other: to be asked
		if d.swap {    // 12/3: the weekday tells which
			year := 0
			if d.year {
				year = d.day.Year()
			}
			if other, ok := s.calendarDay(year, d.day.Day(), int(d.day.Month())); ok && other.day.Weekday() == w {
				d = other
			}
		}
	} else {
		d.unsure = false
	}
	if open && s.punct(k, ")") {
		k++
	}
	return d, k, true
}

// numberGoesOn reports that token i makes the number before it something else
// than a day of the month: a clock, a range, a decimal.
func (s *scanner) numberGoesOn(i int) bool {
	if s.punct(i, ":-–/h%") || s.punct(i, ".,") && s.glued(i+1) && s.digitNext(i+1) {
		return true
	}
	return s.is(i, "am", "pm", "h", "uhr", "hrs", "uur", "u", "heures", "horas", "o'clock", "minutes", "min", "mins", "to", "bis", "hs", "x") ||
		s.is(i, "a", "p") && s.punct(i+1, ".")
}
