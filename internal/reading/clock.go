package reading

import "time"

// clockPoint is one time of day as it was said.
type clockPoint struct {
	h, m     int
	half     byte // 'a' or 'p', 0 if not said
	explicit bool // cannot be anything but a clock time
	literal  bool // "15:00", "03:00", noon: nothing to infer
}

// clockRead is a time of day or a stretch of it, in minutes after midnight.
type clockRead struct {
	start, end int // end -1: not said
	explicit   bool
	part       bool // only a daypart was said
	zone       *time.Location
}

// minutes infers what "3" means: business hours make it 15:00.
func (p clockPoint) minutes() int {
	h := p.h
	switch {
	case p.half == 'a':
		h %= 12
	case p.half == 'p':
		h = h%12 + 12
	case !p.literal && h >= 1 && h <= 6:
		h += 12
	}
	return h*60 + p.m
}

// point reads one time of day at i. loose: the words before it make a bare
// number a clock time.
func (s *scanner) point(i int, loose bool) (clockPoint, int, bool) {
	j := s.skip(i, "las", "la", "les", "le", "as", "os", "ore", "gli", "die", "the", "l")
	if s.is(j, "noon", "midday", "mittag", "mittags", "midi", "mediodia", "mezzogiorno", "noonish") {
		return clockPoint{h: 12, explicit: true, literal: true}, j + 1, true
	}
	if p, k, ok := s.military(j, loose); ok {
		return p, k, true
	}
	if s.is(j, "meio") && s.is(j+1, "dia") || s.is(j, "meio") && s.punct(j+1, "-") && s.is(j+2, "dia") {
		return clockPoint{h: 12, explicit: true, literal: true}, j + 2 + (len(s.raw(j+1)) & 1), true
	}
	if p, k, ok := s.spokenPoint(j, loose); ok {
		return s.halfOfDay(p, k)
	}
	if p, k, ok := s.eastPoint(j); ok {
		return p, k, true
	}
	h, ok := s.number(j, 0, 24)
	if !ok || s.t[j].digits > 2 {
		return s.wordPoint(j, loose)
	}
	p := clockPoint{h: h, literal: h > 12 || s.t[j].digits == 2 && h < 10}
	k := j + 1
	switch {
	case s.punct(k, ":") && s.glued(k) && s.glued(k+1) && s.twoDigits(k+1):
		p.m, p.explicit, k = s.t[k+1].n, true, k+2
		if s.punct(k, ":") && s.glued(k) && s.twoDigits(k+1) {
			k += 2
		}
	case s.punct(k, ".") && s.glued(k) && s.glued(k+1) && s.twoDigits(k+1) && !(s.punct(k+2, ".") && s.glued(k+2) && s.digitNext(k+3)) &&
		(loose || s.is(k+2, "uhr", "uur", "am", "pm", "h", "a", "p")):
		p.m, k = s.t[k+1].n, k+2
		p.explicit = s.is(k, "uhr", "uur", "am", "pm", "h")
	}
	switch {
	case s.is(k, "h", "uhr", "u", "uur", "hs", "hrs", "heures", "heure", "horas", "hora", "時", "时", "点", "시", "o'clock", "oclock", "ore"):
		if s.is(k, "horas", "hora", "heures", "heure", "hrs", "ore", "h") && !loose && p.m == 0 && !p.explicit && (s.is(k, "hrs", "ore", "hora", "heure", "horas", "heures") || !s.glued(k)) {
			return clockPoint{}, i, false // "3 horas" is how long, unless a word before says when
		}
		unitWord := s.word(k)
		if unitWord != "u" || loose || s.glued(k) {
			p.explicit, k = true, k+1
			if s.twoDigits(k) && p.m == 0 && (s.glued(k) || unitWord == "uhr") && s.t[k].n < 60 && !s.punct(k+1, "./") {
				p.m, k = s.t[k].n, k+1
			}
			if unitWord == "o'clock" || unitWord == "oclock" {
				p.literal = false
			}
		}
	case notHours[s.word(k)] || s.punct(k, "%°€$£") || s.punct(k, "/.,") && s.glued(k) && s.glued(k+1) && s.digitNext(k+1):
		return clockPoint{}, i, false
	}
	switch {
	case s.is(k, "y", "e", "et") && s.is(k+1, "media", "mezza", "mezzo", "meia", "demie", "demi"):
		p.m, k = 30, k+2
	case s.is(k, "y", "e", "et") && s.is(k+1, "cuarto", "quarto", "quart"), s.is(k, "e") && s.is(k+1, "un") && s.is(k+2, "quarto"):
		p.m, k = 15, s.skip(k+1, "un", "cuarto", "quarto", "quart")
	case s.is(k, "moins", "menos", "meno") && s.is(s.skip(k+1, "le", "un"), "quart", "cuarto", "quarto") && p.h > 0:
		t := p.minutes() - 15
		p.h, p.m, p.literal, k = t/60, t%60, true, s.skip(k+1, "le", "un", "quart", "cuarto", "quarto")
	}
	if s.is(k, "ish") && s.glued(k) || s.punct(k, "-") && s.glued(k) && s.is(k+1, "ish") && s.glued(k+1) {
		p.explicit, k = true, s.skip(k+1, "ish")
	}
	if s.is(k, "ish", "sharp", "ca") && (p.explicit || loose) {
		k++
	}
	p, k, ok = s.halfOfDay(p, k)
	if !p.explicit && !loose || p.h > 23 && (p.h > 24 || p.m > 0) || p.m > 59 {
		return clockPoint{}, i, false
	}
	return p, k, ok
}

// military reads 1430, where a day, a word or its unit makes it a clock time: it may
// also be a year.
func (s *scanner) military(j int, loose bool) (clockPoint, int, bool) {
	n, ok := s.number(j, 0, 2359)
	if !ok || s.t[j].digits != 4 || n%100 > 59 || s.punct(j+1, ":.-/") && s.glued(j+1) && s.digitNext(j+2) {
		return clockPoint{}, j, false
	}
	unit := s.is(j+1, "h", "hrs", "hours", "uhr", "hs")
	if !unit && !s.is(j+1, "am", "pm") && (!loose || n >= 1900 && n < 2100 || notHours[s.word(j+1)]) {
		return clockPoint{}, j, false
	}
	p := clockPoint{h: n / 100, m: n % 100, explicit: true, literal: n >= 1300 || s.t[j].w == "" && n < 1000 || unit}
	k := j + 1
	if unit {
		k++
	}
	return s.halfOfDay(p, k)
}

// halfOfDay reads am, pm, a.m., "in the afternoon", "de la tarde", "abends".
func (s *scanner) halfOfDay(p clockPoint, k int) (clockPoint, int, bool) {
	switch {
	case s.is(k, "am", "pm") && p.h <= 12:
		if s.is(k, "am") && s.startsDay(k+1) && !s.glued(k) && s.raw(k) == "am" {
			break // "um 15 Uhr am Dienstag"
		}
		p.half, p.explicit, k = s.word(k)[0], true, k+1
	case s.is(k, "a", "p") && s.punct(k+1, ".") && s.glued(k+1) && s.is(k+2, "m"):
		p.half, p.explicit, k = s.word(k)[0], true, k+3
		if s.punct(k, ".") && s.glued(k) {
			k++
		}
	case s.is(k, "a", "p") && s.glued(k) && p.h <= 12 && p.h > 0:
		p.half, p.explicit, k = s.word(k)[0], true, k+1
	default:
		j := k
		if s.is(j, "in", "de", "da", "del", "di", "du", "am", "s", "por", "pela") {
			j = s.skip(j+1, "the", "la", "l", "a", "le", "matina")
		}
		if part, ok := dayparts[s.word(j)]; ok && j < k+4 && p.h <= 12 && (p.explicit || j > k || s.is(j, "morgens", "abends", "nachmittags", "vormittags")) {
			p.explicit, k = true, j+1
			switch {
			case part.to <= 12*60:
				p.half = 'a'
				if p.h == 12 {
					p.half = 'p'
				}
			case p.h < 12:
				p.half = 'p'
			}
			p.literal = p.half == 0
		}
	}
	return p, k, true
}

func (s *scanner) twoDigits(i int) bool {
	return i < len(s.t) && s.t[i].kind == tokNumber && s.t[i].digits == 2 && s.t[i].n < 60
}

// startsDay reports that a day may begin at i.
func (s *scanner) startsDay(i int) bool {
	_, ok := weekdays[s.word(i)]
	return ok || s.digitNext(i)
}

// spokenMinutes are what one says before "past" and "to".
var spokenMinutes = map[string]int{
	"quarter": 15, "viertel": 15, "kwart": 15, "five": 5, "ten": 10, "twenty": 20, "funf": 5, "zehn": 10, "zwanzig": 20, "vijf": 5, "tien": 10, "twintig": 20,
}

// spokenPoint reads "half past 3", "quarter to four", "ten past two", "halb vier",
// "Viertel nach 3", "half vier", "kwart over drie", "tien voor half vier".
func (s *scanner) spokenPoint(i int, loose bool) (clockPoint, int, bool) {
	if s.is(i, "half") && s.is(i+1, "past") {
		return s.spokenHour(i+2, 30)
	}
	if s.is(i, "halb") {
		return s.spokenHour(i+1, -30)
	}
	if s.is(i, "half") {
		english := s.english()
		n, k, ok := s.smallHour(i + 1)
		switch {
		case !ok:
		case s.is(i+1, "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf") && loose, !english && loose && s.digitNext(i+1) && s.is(i-1, "om", "rond", "na", "voor", "tegen"):
			return s.spokenHour(i+1, -30)
		case s.startsDay(k) && !s.digitNext(k), s.is(k, "on") && s.startsDay(k+1), loose && n > 0 && !notHours[s.word(k)] && !s.is(k, "a", "an", "of"): // British "half three"
			return s.spokenHour(i+1, 30)
		}
		return clockPoint{}, i, false
	}
	minutes, j := spokenMinutes[s.word(i)], i+1
	if n, ok := s.number(i, 5, 25); ok && n%5 == 0 && s.is(j, "past", "to", "nach", "vor", "over", "voor", "before", "after") && s.spokenNext(j+1) {
		minutes = n
	}
	if s.is(i, "twenty") && (s.is(j, "five") || s.punct(j, "-") && s.is(j+1, "five")) {
		minutes, j = 25, s.skip(j+1, "five")
	}
	if minutes == 0 {
		return clockPoint{}, i, false
	}
	j = s.skip(j, "minutes", "minuten", "minuut")
	sign := 0
	switch {
	case s.is(j, "past", "after", "nach", "over"):
		sign = 1
	case s.is(j, "to", "vor", "voor", "before", "till"):
		sign = -1
	default:
		return clockPoint{}, i, false
	}
	if s.is(j+1, "half", "halb") { // "tien voor half vier"
		return s.spokenHour(j+2, sign*minutes-30)
	}
	return s.spokenHour(j+1, sign*minutes)
}

// smallHour reads an hour of twelve in figures or words.
func (s *scanner) smallHour(j int) (int, int, bool) {
	n, k, ok := s.small(j)
	if !ok || n > 12 || s.is(j, "a", "an", "ein", "eine", "en") {
		return 0, j, false
	}
	return n, s.skip(k, "uhr", "uur", "o'clock"), true
}

// spokenNext reports an hour in words or in one or two figures.
func (s *scanner) spokenNext(j int) bool {
	_, k, ok := s.smallHour(j)
	return ok && !s.punct(k, ":%") && !notHours[s.word(k)]
}

// spokenHour is the hour at j with minutes added to it.
func (s *scanner) spokenHour(j, minutes int) (clockPoint, int, bool) {
	h, k, ok := s.smallHour(j)
	if !ok {
		return clockPoint{}, j, false
	}
	if p, l, ok := s.point(j, true); ok && p.m == 0 {
		if t := p.minutes() + minutes; t >= 0 {
			return clockPoint{h: t / 60, m: t % 60, explicit: true, literal: true}, l, true
		}
	}
	t := clockPoint{h: h}.minutes() + minutes
	return clockPoint{h: t / 60, m: t % 60, explicit: true, literal: true}, k, true
}

// wordPoint reads "three", "drei Uhr", "three o'clock", "three pm".
func (s *scanner) wordPoint(i int, loose bool) (clockPoint, int, bool) {
	n, ok := numberWords[s.word(i)]
	if !ok || s.is(i, "a", "an", "ein", "eine", "einem", "einer", "une", "um", "uma", "en", "couple", "dix", "as") || s.is(i, "one", "un", "uno", "una") && !s.is(i+1, "pm", "o'clock", "uhr") && !s.is(i-1, "at", "la") {
		return clockPoint{}, i, false
	}
	p := clockPoint{h: n}
	k := i + 1
	if s.is(k, "o'clock", "oclock", "uhr", "uur", "heures") {
		p.explicit, k = true, k+1
	}
	if s.is(k, "thirty", "fifteen", "dreissig") {
		p.m, k = map[string]int{"thirty": 30, "fifteen": 15, "dreissig": 30}[s.word(k)], k+1
	}
	if notHours[s.word(k)] && !p.explicit {
		return clockPoint{}, i, false
	}
	if s.is(k, "y", "e") && s.is(k+1, "media", "mezza", "meia") {
		p.m, k = 30, k+2
	}
	p, k, _ = s.halfOfDay(p, k)
	if !p.explicit && !loose {
		return clockPoint{}, i, false
	}
	return p, k, true
}

// clock reads a time of day, a range or a daypart. afterDay: a day stands right
// before it, so that less is needed to be sure.
func (s *scanner) clock(i int, afterDay bool) (clockRead, int, bool) {
	j := i
	prep, modifier := false, ""
	for {
		switch {
		case s.is(j, "at", "um", "om", "alle", "vers", "gegen", "around", "about", "approx", "approximately", "circa", "ca", "rond", "hacia", "verso", "kl", "klo", "o", "в", "starting", "say"),
			s.punct(j, "@~"):
			prep = true
		case s.is(j, "a", "as", "all", "sobre", "in", "por", "pela", "no", "na", "de", "da", "am", "on", "im", "en", "le", "la", "the", "dans", "during", "sometime", "anytime", "any", "time", "di", "nel", "l", "s", "around", "i"):
			// Articles and the like: they help after a day, and prove nothing alone.
			prep = prep || s.is(j, "a", "as", "all", "sobre") && (afterDay || s.is(j+1, "las", "la"))
		case s.punct(j, ".") && s.glued(j) && s.is(j-1, "ca", "approx", "kl"):
		case s.is(j, "early", "late", "mid", "later", "fruhen", "spaten") && (s.isPart(j+1) || s.punct(j+1, "-") && s.isPart(j+2)):
			modifier = s.word(j)
			if s.punct(j+1, "-") {
				j++
			}
		default:
			goto done
		}
		if j++; j > i+6 {
			return clockRead{}, i, false
		}
	}
done:
	if c, k, ok := s.rangeClock(j, afterDay, prep); ok {
		return s.withZone(c, k)
	}
	if c, k, ok := s.openClock(j, afterDay); ok {
		return s.withZone(c, k)
	}
	if part, k, ok := s.partAt(j); ok && (afterDay || modifier != "" && j > i) {
		c := clockRead{start: part.from, end: part.to, part: true}
		switch modifier {
		case "early", "fruhen":
			c.end = c.start + (c.end-c.start)/2
		case "late", "later", "spaten":
			c.start += (c.end - c.start) / 2
		}
		// "Tuesday afternoon at 3", "Tuesday afternoon, between 2 and 4"
		l := k
		if s.punct(l, ",(-–:") {
			l++
		}
		if d, m, ok := s.clock(l, s.is(l, "after", "before", "between", "from", "until", "ab", "nach", "zwischen", "vor")); ok && !d.part {
			if d.start < part.from && part.from >= 12*60 && d.start < 12*60 {
				d.start += 12 * 60
				if d.end >= 0 && d.end < d.start {
					d.end += 12 * 60
				}
			}
			return d, m, true
		}
		if s.is(l, "at", "um") || l > k {
			if p, m, ok := s.point(s.skip(l, "at", "um", "from"), true); ok && s.is(l, "at", "um") {
				if p.half == 0 && !p.literal && part.from >= 12*60 && p.h < 12 {
					p.half = 'p'
				} else if p.half == 0 && part.to <= 12*60 {
					p.literal = true
				}
				return s.withZone(clockRead{start: p.minutes(), end: -1, explicit: true}, m)
			}
		}
		return c, k, afterDay
	}
	p, k, ok := s.point(j, prep || s.strict && afterDay || afterDay && j < len(s.t) && s.t[j].digits == 4 || afterDay && s.punct(j+1, ".") && s.glued(j+1) && s.glued(j+2) && s.twoDigits(j+2))
	if !ok {
		return clockRead{}, i, false
	}
	return s.withZone(clockRead{start: p.minutes(), end: -1, explicit: p.explicit}, k)
}

func (s *scanner) isPart(i int) bool {
	_, _, ok := s.partAt(i)
	return ok
}

func (s *scanner) partAt(i int) (daypart, int, bool) {
	if s.is(i, "apres") {
		j := i + 1
		if s.punct(j, "-") {
			j++
		}
		if s.is(j, "midi") {
			return dayparts["afternoon"], j + 1, true
		}
	}
	if s.is(i, "morgen") && (s.is(i-1, "am") || weekdays[s.word(i-1)] != weekdayWord{}) {
		return dayparts["morgens"], i + 1, true
	}
	if s.is(i, "fruh") && s.is(i-1, "morgen") {
		return dayparts["morgens"], i + 1, true
	}
	if p, ok := dayparts[s.word(i)]; ok {
		return p, i + 1, true
	}
	if s.is(i, "am", "pm", "mornings") && !s.digitNext(i+1) && !s.startsDay(i+1) && (s.raw(i) == "AM" || s.raw(i) == "PM" || s.strict) {
		if s.word(i) == "am" {
			return dayparts["morning"], i + 1, true
		}
		return dayparts["afternoon"], i + 1, true
	}
	return daypart{}, i, false
}
