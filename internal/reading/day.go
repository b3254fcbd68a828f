package reading

import (
	"strings"
	"time"
)

// dayRead is a day, or a span of days, as it was said.
type dayRead struct {
	day     time.Time // civil
	until   time.Time // civil, the last day of a span; zero for one day
	vague   bool      // a span, an approximate day, or a contradiction
	open    bool      // "from Monday on", "after the 5th"
	bare    bool      // a weekday alone: a week named before moves it
	year    bool      // the year was said
	past    bool      // lies before today, as far as can be told
	unsure  bool      // may be two different days ("12/3")
	swap    bool      // day and month could change places
	instant time.Time // "in two hours"
	part    *daypart  // "tonight"
	from    int       // first token
	week    bool      // a span of exactly one week
	late    bool      // the end of a span
}

// day reads a day at token i.
func (s *scanner) day(i int) (dayRead, int, bool) {
	start := i
	for _, rule := range []func(*scanner, int) (dayRead, int, bool){
		(*scanner).isoDay, (*scanner).eastDay, (*scanner).spanDay, (*scanner).relativeDay, (*scanner).countedDay, (*scanner).weekday, (*scanner).date, (*scanner).vagueMonth, (*scanner).season,
	} {
		if d, j, ok := rule(s, i); ok {
			d.from = start
			return d, j, true
		}
	}
	return dayRead{}, i, false
}

// isoDay reads 2026-11-24, and 20261124 nowhere.
func (s *scanner) isoDay(i int) (dayRead, int, bool) {
	y, ok1 := s.number(i, 1900, 2200)
	m, ok2 := s.number(i+2, 1, 12)
	d, ok3 := s.number(i+4, 1, 31)
	if !ok1 || !ok2 || !ok3 || !s.punct(i+1, "-/.") || !s.glued(i+1) || !s.glued(i+2) || !s.glued(i+3) || !s.glued(i+4) || s.raw(i+1) != s.raw(i+3) {
		return dayRead{}, i, false
	}
	day, ok := validDay(y, m, d)
	return dayRead{day: day, year: true, past: day.Before(s.today)}, i + 5, ok
}

// calendarDay puts a day and month into the right year. Said without a year it
// lies ahead, unless it was lately (then it is past: people tell stories).
func (s *scanner) calendarDay(year, m, d int) (dayRead, bool) {
	if year > 0 {
		day, ok := validDay(year, m, d)
		return dayRead{day: day, year: true, past: day.Before(s.today)}, ok
	}
	for y := s.today.Year(); y < s.today.Year()+5; y++ { // 29 February
		day, ok := validDay(y, m, d)
		switch {
		case !ok:
		case !day.Before(s.today):
			return dayRead{day: day}, true
		case !s.strict && s.today.Sub(day) < 120*24*time.Hour:
			return dayRead{day: day, past: true}, true
		}
	}
	return dayRead{}, false
}

// monday is the first day of t's week.
func monday(t time.Time) time.Time {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// modifiers of spans and months: which part of it is meant.
func (s *scanner) modifier(i int) (string, int) {
	j := s.skip(i, "the", "am", "a", "au", "al", "il", "la", "el", "het", "no")
	which := ""
	switch {
	case s.is(j, "early", "anfang", "debut", "principios", "inizio", "begin", "inicio", "beginning", "start", "first"):
		which = "early"
	case s.is(j, "mid", "middle", "mitte", "mi", "mediados", "meta", "midden", "meados"):
		which = "mid"
	case s.is(j, "late", "later", "end", "ende", "fin", "finales", "fine", "eind", "einde", "fim", "final", "second"):
		which = "late"
	default:
		return "", i
	}
	j++
	if s.is(j, "half", "part") {
		j++
	}
	if s.punct(j, "-") {
		j++
	}
	return which, s.skip(j, "of", "in", "der", "des", "du", "de", "del", "van", "do", "da", "di", "the")
}

func part(d dayRead, which string) dayRead {
	length := int(d.until.Sub(d.day).Hours()/24) + 1
	switch which {
	case "early":
		d.until = d.day.AddDate(0, 0, length/3)
	case "mid":
		d.day = d.day.AddDate(0, 0, length/3)
		d.until = d.day.AddDate(0, 0, length/3)
	case "late":
		d.day, d.late = d.day.AddDate(0, 0, length*2/3), true
	default:
		return d
	}
	d.week = false
	return d
}

// spanDay reads "next week", "early next month", "the new year": always vague.
func (s *scanner) spanDay(i int) (dayRead, int, bool) {
	if d, j, ok := s.weekOfMonth(i); ok {
		return d, j, true
	}
	which, j := s.modifier(i)
	j = s.skip(j, "the", "der", "la")
	v, j, ok := s.phrase(spans, j)
	if !ok {
		return s.endOf(i)
	}
	d := dayRead{vague: true}
	week, month := monday(s.today), civil(s.today.Year(), s.today.Month(), 1)
	switch v {
	case spanThisWeek:
		d.day, d.until, d.week = week, week.AddDate(0, 0, 6), true
	case spanNextWeek:
		d.day, d.until, d.week = week.AddDate(0, 0, 7), week.AddDate(0, 0, 13), true
	case spanWeekAfter:
		d.day, d.until, d.week = week.AddDate(0, 0, 14), week.AddDate(0, 0, 20), true
	case spanThisMonth:
		d.day, d.until = month, month.AddDate(0, 1, -1)
	case spanNextMonth:
		d.day, d.until = month.AddDate(0, 1, 0), month.AddDate(0, 2, -1)
	case spanNextQuarter:
		d.day = civil(s.today.Year(), s.today.Month()-(s.today.Month()-1)%3+3, 1)
		d.until = d.day.AddDate(0, 3, -1)
	case spanNewYear, spanNextYear:
		d.day, d.until = civil(s.today.Year()+1, 1, 1), civil(s.today.Year()+1, 1, 31)
	}
	d = part(d, which)
	if d.day.Before(s.today) {
		d.day = s.today
	}
	if d.week { // "next week on Tuesday"
		k := s.skip(j, "on", "am", "le", "el", "op")
		if s.punct(k, ",") {
			k = s.skip(k+1, "on", "am")
		}
		if w, ok := weekdays[s.word(k)]; ok && (!w.weak || k > j) && k < j+3 {
			day := monday(d.day).AddDate(0, 0, (int(w.day)+6)%7)
			return dayRead{day: day, past: day.Before(s.today)}, k + 1, true
		}
	}
	return d, j, true
}

// ordinals of weeks in a month; -1 is the last.
var ordinals = map[string]int{
	"first": 0, "erste": 0, "ersten": 0, "premiere": 0, "primera": 0, "prima": 0, "eerste": 0, "primeira": 0,
	"second": 1, "zweite": 1, "zweiten": 1, "deuxieme": 1, "segunda": 1, "seconda": 1, "tweede": 1,
	"third": 2, "dritte": 2, "dritten": 2, "troisieme": 2, "tercera": 2, "terza": 2, "derde": 2, "terceira": 2,
	"last": -1, "letzte": -1, "letzten": -1, "derniere": -1, "ultima": -1, "laatste": -1,
}

// weekOfMonth reads "the first week of December".
func (s *scanner) weekOfMonth(i int) (dayRead, int, bool) {
	j := s.skip(i, "the", "der", "die", "la", "de", "a")
	n, ok := ordinals[s.word(j)]
	if !ok || units[s.word(j+1)] != unitWeek {
		return dayRead{}, i, false
	}
	k := s.skip(j+2, "of", "in", "im", "de", "van", "di")
	m, ok := months[s.word(k)]
	if !ok {
		return dayRead{}, i, false
	}
	year, k := s.yearAt(k + 1)
	if year == 0 {
		if year = s.today.Year(); time.Month(m) < s.today.Month() {
			year++
		}
	}
	first := civil(year, time.Month(m), 1+7*n)
	if n < 0 {
		first = civil(year, time.Month(m)+1, 1).AddDate(0, 0, -7)
	}
	return dayRead{day: first, until: first.AddDate(0, 0, 6), vague: true, past: first.AddDate(0, 0, 6).Before(s.today)}, k, true
}

// endOf reads "end of the week", "end of the month", "fin de mois": vague.
func (s *scanner) endOf(i int) (dayRead, int, bool) {
	which, j := s.modifier(i)
	if _, ok := ordinals[s.word(j-1)]; which == "" || ok {
		return dayRead{}, i, false
	}
	switch units[s.word(j)] {
	case unitWeek:
		w := monday(s.today)
		return s.ahead(part(dayRead{day: w, until: w.AddDate(0, 0, 6), vague: true}, which), j+1)
	case unitMonth:
		m := civil(s.today.Year(), s.today.Month(), 1)
		return s.ahead(part(dayRead{day: m, until: m.AddDate(0, 1, -1), vague: true}, which), j+1)
	case unitNone, unitMinute, unitHour, unitDay:
	}
	return dayRead{}, i, false
}

func (s *scanner) ahead(d dayRead, j int) (dayRead, int, bool) {
	if d.day.Before(s.today) {
		d.day = s.today
	}
	return d, j, true
}

// relativeDay reads today, tomorrow, this afternoon.
func (s *scanner) relativeDay(i int) (dayRead, int, bool) {
	if s.is(i, "this", "cet", "cette", "esta", "deze", "questo", "questa", "ce") {
		if p, ok := dayparts[s.word(i+1)]; ok {
			return dayRead{day: s.today, part: &p}, i + 2, true
		}
	}
	if s.is(i, "vanmiddag", "vanochtend", "vanavond", "stasera", "stamattina") {
		p := dayparts[map[string]string{"vanmiddag": "middag", "vanochtend": "ochtend", "vanavond": "avond", "stasera": "sera", "stamattina": "mattina"}[s.word(i)]]
		return dayRead{day: s.today, part: &p}, i + 1, true
	}
	if end, ok := strings.CutPrefix(s.word(i), "morgen"); ok && end != "" && end != "s" {
		if p, ok := dayparts[end]; ok {
			return dayRead{day: s.today.AddDate(0, 0, 1), part: &p}, i + 1, true
		}
	}
	if s.is(i, "manana", "morgen") && s.is(i-1, "la", "am", "jeden", "guten") || s.is(i, "mañana") {
		return dayRead{}, i, false // "por la mañana", "am Morgen"
	}
	v, j, ok := s.phrase(relativeDays, i)
	if !ok || s.is(i, "oggi", "heute", "today") && s.punct(i-1, "'") {
		return dayRead{}, i, false
	}
	d := dayRead{day: s.today.AddDate(0, 0, v)}
	if s.is(i, "tonight") {
		p := dayparts["tonight"]
		d.part = &p
	}
	if s.is(j, "week") && s.is(i, "today", "tomorrow") {
		d.day, j = d.day.AddDate(0, 0, 7), j+1
	}
	if d2, j2, ok := s.dateBeside(j, d.day.Weekday()); ok && !d2.unsure {
		d2.vague = d2.vague || !d2.day.Equal(d.day)
		return d2, j2, true
	}
	return d, j, true
}

// countedDay reads "in two weeks", "two weeks from today", "in an hour".
func (s *scanner) countedDay(i int) (dayRead, int, bool) {
	j := i
	if s.is(i, "in") && s.is(i-1, "squeeze", "fit", "get", "put", "pack", "slot", "chip", "pencil") {
		return dayRead{}, i, false // "squeeze in 20 minutes"
	}
	lead := s.is(i, "in", "dans", "en", "dentro", "tra", "fra", "over", "em", "daqui")
	if lead {
		j = s.skip(i+1, "de", "a", "about", "around", "etwa", "ca", "the", "next", "another")
		if j > i+1 && s.is(j-1, "a") && units[s.word(j)] != unitNone {
			j-- // "in a week"
		}
		if s.is(j, "few", "ein", "einigen", "quelques", "unos", "unas", "algunos", "qualche", "enkele", "alguns", "algumas", "several", "paar") &&
			(units[s.word(j+1)] != unitNone || s.is(j+1, "paar")) && !s.is(j, "ein") || s.is(j, "a") && s.is(j+1, "few") || s.is(j, "ein") && s.is(j+1, "paar") {
			for !s.isUnit(j) && j < i+6 {
				j++
			}
			if u := units[s.word(j)]; u >= unitDay {
				d := s.after(3, u)
				d.vague = true
				return d, j + 1, true
			}
			return dayRead{}, i, false
		}
	}
	n, j, ok := s.small(j)
	if !ok {
		return dayRead{}, i, false
	}
	vague := s.is(j-1, "couple") || s.is(j-2, "couple")
	if (s.punct(j, "-–") || s.is(j, "or", "to", "bis", "oder", "a", "ou", "o")) && lead {
		if _, k, ok := s.small(j + 1); ok {
			j, vague = k, true
		}
	}
	u := units[s.word(j)]
	if s.is(j, "working", "business") && s.is(j+1, "days", "day") {
		u, vague, j = unitDay, true, j+1
	}
	if u == unitNone {
		return s.terse(i)
	}
	j++
	if s.is(j, "s") || s.punct(j, "'’") {
		j = s.skip(j+1, "s")
	}
	if s.is(j, "time") {
		j++
	}
	if !lead {
		switch {
		case u == unitWeek && s.is(j, "today", "tomorrow"):
			d := s.after(n, u)
			if s.is(j, "tomorrow") {
				d.day = d.day.AddDate(0, 0, 1)
			}
			return d, j + 1, true
		case s.is(j, "from") && s.is(j+1, "now", "today", "tomorrow"):
			if s.is(j+1, "tomorrow") && u >= unitDay {
				d := s.after(n, u)
				d.day = d.day.AddDate(0, 0, 1)
				return d, j + 2, true
			}
			j += 2
		case s.is(j, "from", "on") && weekdays[s.word(j+1)] != weekdayWord{} && u == unitWeek:
			d, k, ok := s.weekday(j + 1)
			if !ok {
				return dayRead{}, i, false
			}
			d.day, d.bare = d.day.AddDate(0, 0, 7*n), false
			return d, k, true
		case s.strict && s.text[s.t[i].from:s.t[j-1].to] != "" && s.t[i].kind == tokNumber:
		default:
			return dayRead{}, i, false
		}
	}
	d := s.after(n, u)
	if s.is(j, "or", "oder") && s.is(j+1, "two", "so", "zwei") {
		j, vague = j+2, true
	}
	if u == unitWeek && lead { // "in two weeks on Tuesday"
		if w, ok := weekdays[s.word(s.skip(j, "on", "am", "le", "el", "op"))]; ok && s.is(j, "on", "am", "le", "el", "op") {
			d.day, j = monday(d.day).AddDate(0, 0, (int(w.day)+6)%7), j+2
		}
	}
	d.vague = d.vague || vague
	return d, j, true
}

func (s *scanner) isUnit(i int) bool { return units[s.word(i)] != unitNone }

// terse reads "2w", "3d" in a command.
func (s *scanner) terse(i int) (dayRead, int, bool) {
	n, ok := s.number(i, 1, 999)
	if !s.strict || !ok || !s.glued(i+1) {
		return dayRead{}, i, false
	}
	switch s.word(i + 1) {
	case "d":
		return s.after(n, unitDay), i + 2, true
	case "w":
		return s.after(n, unitWeek), i + 2, true
	case "mo":
		return s.after(n, unitMonth), i + 2, true
	case "wd":
		d := dayRead{day: s.today}
		for left := n; left > 0; {
			d.day = d.day.AddDate(0, 0, 1)
			if w := d.day.Weekday(); w != time.Saturday && w != time.Sunday {
				left--
			}
		}
		return d, i + 2, true
	}
	return dayRead{}, i, false
}

func (s *scanner) after(n int, u unit) dayRead {
	switch u {
	case unitMinute:
		return dayRead{day: s.today, instant: s.now.Add(time.Duration(n) * time.Minute).In(s.zone)}
	case unitHour:
		return dayRead{day: s.today, instant: s.now.Add(time.Duration(n) * time.Hour).In(s.zone)}
	case unitWeek:
		return dayRead{day: s.today.AddDate(0, 0, 7*n)}
	case unitMonth:
		first := civil(s.today.Year(), s.today.Month(), 1).AddDate(0, n, 0)
		last := first.AddDate(0, 1, -1).Day()
		return dayRead{day: first.AddDate(0, 0, min(s.today.Day(), last)-1)}
	case unitNone, unitDay:
	}
	return dayRead{day: s.today.AddDate(0, 0, n)}
}
