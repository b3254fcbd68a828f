package reading

import "time"

// openSpan is a vague time that the writer speaks for ("next week is fine", "any
// day next week").
func (u *understanding) openSpan() string {
	s := u.scanned()
	all := s.times()
	for i, f := range all {
		if !f.Vague && !s.weekOf(f.first) || f.past || f.noDay || f.unsure || s.refused(all, i) {
			continue
		}
		base := f.first
		if s.weekOf(base) {
			for base > 0 && !s.is(base, "week") {
				base--
			}
		}
		if s.is(s.before(base), "maybe", "perhaps", "about", "say", "or") || s.rightOf(all, i) == saidYes || s.leftOf(all, i) == saidYes || s.anyBefore(f.first) || s.alone(f) || s.canDo(f.first) || s.is(s.before(f.first), "about", "say", "maybe", "perhaps", "wie", "mit") {
			return f.When.Phrase
		}
	}
	return ""
}

// asksTime is a span of days that is asked about: "Is the week after any better?"
func (u *understanding) asksTime(all []sentence) string {
	s := u.scanned()
	times := s.times()
	for i, f := range times {
		if !f.Vague || f.past || f.noDay || f.unsure || s.refused(times, i) {
			continue
		}
		for _, q := range all {
			if q.asks && q.from <= f.From && f.From < q.to {
				return f.When.Phrase
			}
		}
	}
	return ""
}

// weekOf reports "the week of" before token i.
func (s *scanner) weekOf(i int) bool {
	before := s.before(i)
	return s.is(before, "of") && s.is(before-1, "week")
}

// canDo reports "I can do" before token i.
func (s *scanner) canDo(i int) bool {
	before := s.before(i)
	return s.is(before, "do", "manage", "make", "offer") && s.is(before-1, "can", "could", "i'd", "would")
}

// laterDay is the day to come back, where one is said beside words that put the
// talk off: in the sentence with those words, if it has one.
func (u *understanding) laterDay(g signs, vague bool) (time.Time, string) {
	if g.later == "" && g.busy == "" && g.weakNo == "" && g.no == "" && !vague {
		return time.Time{}, ""
	}
	s := u.scanned()
	var day time.Time
	var words string
	rank := -1
	for _, f := range s.times() {
		if f.past && !(f.day.After(s.today) && s.backBefore(f.first)) || f.noDay || f.unsure || f.clock != nil || f.day.Before(s.today) || !f.instant.IsZero() || s.contradicts(f) {
			continue
		}
		d, ok := u.comeBack(f, g)
		if !ok || !d.After(s.today) {
			continue
		}
		here := 0
		if u.cuedAt(f.From) || s.backBefore(f.first) {
			here = 1
			if s.askedBefore(f.first) {
				here = 2
			}
		}
		if here > rank {
			day, words, rank = d, f.When.Phrase, here
		}
	}
	return day, words
}

// askedBefore reports that right before token i somebody asks to be written to:
// "remind me on".
func (s *scanner) askedBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-5 && !s.punct(j, ".!?;,"); j-- {
		if s.is(j, "me", "us", "again", "touch", "back", "line", "reminder", "mich", "uns", "wieder", "nochmal", "moi", "nous", "mij", "mi", "ci") {
			return true
		}
	}
	return false
}

// cuedAt reports that the words at byte i stand in a sentence that puts the talk off.
func (u *understanding) cuedAt(i int) bool {
	for _, s := range u.cued {
		if s.from <= i && i < s.to {
			return true
		}
	}
	return false
}

// comeBack is the day on which to come back by one time that was said.
func (u *understanding) comeBack(f found, g signs) (time.Time, bool) {
	s := u.scanned()
	week := s.today.AddDate(0, 0, 7)
	before := s.before(f.first)
	last := f.day
	if !f.until.IsZero() {
		last = f.until
	}
	switch {
	case s.is(before, "after", "nach", "apres", "despues", "dopo", "na", "depois") || s.is(before, "de", "do", "da") && s.is(before-1, "despues", "depois"):
		return last.AddDate(0, 0, 1), true
	case s.is(before, "until", "till", "til", "bis", "jusqu", "jusqu'en", "au", "hasta", "fino", "tot", "ate", "through"):
		if f.vague && !f.until.IsZero() && (s.is(before, "through") || f.late || !f.week && last.Sub(f.day) < 10*24*time.Hour) {
			return last.AddDate(0, 0, 1), true // "until Christmas", "until the end of January"
		}
	case s.is(before, "before", "vor", "avant", "antes", "prima", "voor"):
		return f.day, s.is(before-1, "not", "nicht", "pas", "no", "niet", "non", "nao", "nothing", "nichts", "rien", "nada", "niente", "niets", "won't", "can't")
	case s.is(before, "by", "since", "seit", "depuis", "desde"):
		return f.day, false
	default:
		if f.vague && !f.until.IsZero() && !f.day.After(s.today) {
			return f.day, false // "this week" is what is busy
		}
		if f.DayOnly && !f.vague && f.day.Before(s.today.AddDate(0, 0, 10)) && !u.counted(f) && !s.backBefore(f.first) && (f.bare || g.laterAlone == "") {
			return f.day, false // "I can't make Tuesday"
		}
		if s.leftOfOnly(f) == saidNo && (f.day.Before(week) || s.awayBefore(f.first)) {
			return f.day, false
		}
	}
	return f.day, true
}

// awayBefore reports that it is for the time at token i that somebody is away.
func (s *scanner) awayBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-6; j-- {
		if s.punct(j, ".!?;") {
			return false
		}
		if s.is(j, "leave", "holiday", "vacation", "away", "off", "travelling", "traveling", "urlaub", "conges", "vacaciones", "ferie", "vakantie", "ferias", "elternzeit") {
			return true
		}
	}
	return false
}

// backBefore reports that somebody is back at the time at token i.
func (s *scanner) backBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if s.punct(j, ".!?;,") {
			return false
		}
		if backWords[s.word(j)] {
			return true
		}
	}
	return false
}

// alone reports a time that is the whole of its question: "Next week?"
func (s *scanner) alone(f found) bool {
	return s.punct(f.last, "?") && (f.first == 0 || s.punct(f.first-1, ".!?,-–") || s.t[f.first].lines > 0)
}

// leftOfOnly judges the clause before one time by itself.
func (s *scanner) leftOfOnly(f found) verdict { return s.leftOf([]found{f}, 0) }

// times fills the proposed times in and counts: with a clock, whole days. vague
// tells that only a span far ahead was named.
func (u *understanding) times() (clocked, days int, vague bool) {
	far := u.scanned().today.AddDate(0, 0, 9)
	for _, f := range u.proposed() {
		if f.Vague {
			vague = vague || !f.noDay && !f.open && !f.day.Before(far)
			continue
		}
		if f.DayOnly && u.counted(f) && !f.day.Before(far) {
			vague = true
			continue // "in two weeks": a day to come back rather than one to meet
		}
		if f.DayOnly {
			days++
		} else {
			clocked++
		}
		u.r.Times = append(u.r.Times, Time{f.Start, f.When.End, f.When.Phrase, f.DayOnly})
	}
	return clocked, days, vague
}

// counted reports a day said as a number of weeks or months from now.
func (u *understanding) counted(f found) bool {
	s := u.scanned()
	for i := f.first; i < f.last; i++ {
		if n := units[s.word(i)]; n >= unitDay {
			_, isDay := weekdays[s.word(f.first)]
			return !isDay
		}
	}
	return false
}

// saysTime reports any time ahead, also one that is refused.
func (u *understanding) saysTime() bool {
	for _, f := range u.scanned().times() {
		if !f.past {
			return true
		}
	}
	return false
}
