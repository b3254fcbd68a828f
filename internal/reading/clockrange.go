package reading

import (
	"strings"
	"time"

	"askwell/internal/worktime"
)

// rangeClock reads "between 2 and 4", "from 14:00 to 16:00", "2-4pm", "14–16 Uhr".
func (s *scanner) rangeClock(i int, afterDay, prep bool) (clockRead, int, bool) {
	j := i
	between := s.is(j, "between", "zwischen", "entre", "tussen", "tra", "fra", "btw")
	from := s.is(j, "from", "von", "de", "van", "dalle", "das", "desde", "dall") || s.is(j-1, "de", "da", "all")
	if between || from && s.is(j, "from", "von", "de", "van", "dalle", "das", "desde", "dall") {
		j++
	}
	lead := between || from
	a, k, ok := s.point(j, true)
	if !ok {
		return clockRead{}, i, false
	}
	switch {
	case between && s.is(k, "and", "und", "et", "y", "en", "e"), s.is(k, "to", "until", "till", "til", "bis", "a", "hasta", "tot", "al", "alle", "as", "ate", "through", "jusqu"), s.punct(k, "-–—−~～〜"), s.is(k, "到", "至"), between && s.punct(k, "&"):
		k = s.skip(k+1, "a", "um")
	default:
		n, _ := s.run(k, []string{"から", "부터"})
		if n == 0 {
			return clockRead{}, i, false
		}
		k += n
	}
	b, k, ok := s.point(k, true)
	if !ok || s.punct(k, "./") && s.glued(k) && s.digitNext(k+1) {
		return clockRead{}, i, false
	}
	if !(a.explicit || b.explicit || afterDay || prep && lead || between && s.dayFollows(k) || s.dayFollows(k) && s.is(k, "on", "am", "op", "den", "this", "next")) {
		return clockRead{}, i, false
	}
	if _, month := months[s.word(k)]; month || s.punct(k, ".") && s.glued(k) && !b.explicit && s.monthAfter(k+1) {
		return clockRead{}, i, false // "24-26 November"
	}
	if b.half != 0 && a.half == 0 && !a.literal {
		a.half = b.half
		if b.half == 'p' && a.h%12 > b.h%12 && a.h != 12 {
			a.half = 'a' // "11-1pm"
		}
	}
	c := clockRead{start: a.minutes(), end: b.minutes(), explicit: a.explicit || b.explicit}
	if c.end <= c.start && b.half == 0 && !b.literal && c.end+12*60 <= 24*60 && b.h <= 12 {
		c.end += 12 * 60
	}
	if c.end <= c.start {
		return clockRead{}, i, false
	}
	return c, k, true
}

func (s *scanner) monthAfter(i int) bool {
	_, ok := months[s.word(i)]
	return ok
}

func (s *scanner) dayFollows(i int) bool {
	_, _, ok := s.day(s.skip(i, "on", "am", "le", "el", "op"))
	return ok
}

// openClock reads "after 3", "before noon", "from 3 on", "ab 15 Uhr".
func (s *scanner) openClock(i int, afterDay bool) (clockRead, int, bool) {
	j, before := i, false
	switch {
	case s.is(j, "after", "from", "ab", "nach", "apres", "des", "despues", "dopo", "na", "depois", "vanaf", "dalle", "desde", "past", "anytime"):
		j = s.skip(j+1, "after", "from", "de", "das", "about", "around", "ca")
	case s.is(j, "a") && s.is(j+1, "partir"):
		j = s.skip(j+2, "de", "das", "dalle")
	case s.is(j, "before", "until", "till", "vor", "bis", "avant", "antes", "prima", "voor", "jusqu", "hasta", "tot", "ate"):
		before = true
		j = s.skip(j+1, "a", "de", "delle", "das")
	default:
		return clockRead{}, i, false
	}
	p, k, ok := s.point(j, afterDay)
	if !ok { // "after 4 on Wednesday"
		if p, k, ok = s.point(j, true); !ok || !s.is(k, "on", "am", "op") || !s.dayFollows(k) {
			return clockRead{}, i, false
		}
	}
	if before {
		c := clockRead{start: 9 * 60, end: p.minutes(), explicit: p.explicit}
		return c, k, c.end > c.start
	}
	k = s.skip(k, "on", "onwards", "onward", "in", "poi")
	return clockRead{start: p.minutes(), end: -1, explicit: p.explicit}, k, true
}

// withZone reads the zone said after a clock: "CET", "(ET)", "UTC+1", "Berlin
// time", "my time", "your time" (the reader's, which is now's).
func (s *scanner) withZone(c clockRead, i int) (clockRead, int, bool) {
	j := i
	if s.punct(j, "(") {
		j++
	}
	end := func(k int) (clockRead, int, bool) {
		if j > i && s.punct(k, ")") {
			k++
		}
		return c, k, true
	}
	raw := s.raw(j)
	if s.is(j, "utc", "gmt") {
		k := j + 1
		if s.punct(k, "+-−") && s.digitNext(k+1) && s.t[k+1].n <= 14 {
			sign := 1
			if s.raw(k) != "+" {
				sign = -1
			}
			c.zone = time.FixedZone("", sign*s.t[k+1].n*3600)
			return end(k + 2)
		}
		c.zone = time.UTC
		return end(k)
	}
	if s.punct(j, "+-") && c.explicit && s.glued(j) && s.digitNext(j+1) && s.glued(j+1) && s.punct(j+2, ":") && s.digitNext(j+3) && s.t[j+1].n <= 14 && s.t[j+3].n < 60 {
		offset := s.t[j+1].n*3600 + s.t[j+3].n*60
		if raw == "-" {
			offset = -offset
		}
		c.zone = time.FixedZone("", offset)
		return end(j + 4)
	}
	if name, ok := zoneNames[strings.ToUpper(raw)]; ok && (raw == strings.ToUpper(raw) || s.strict && len(raw) == 3) {
		if loc, err := worktime.ParseZone(name); err == nil {
			c.zone = loc
			return end(j + 1)
		}
	}
	if s.is(j, "z") && s.glued(j) && raw == "Z" {
		c.zone = time.UTC
		return end(j + 1)
	}
	if s.is(j, "my", "meiner", "local") && s.is(j+1, "time", "zeit") {
		return end(j + 2)
	}
	if s.is(j, "your", "deiner", "ihrer") && s.is(j+1, "time", "zeit", "end") {
		c.zone = s.now.Location()
		return end(j + 2)
	}
	if name, ok := places[s.word(j)]; ok && c.explicit && s.is(j, "pacific", "eastern", "mountain", "central") && !s.is(j+1, "time", "europe", "european") {
		if loc, err := worktime.ParseZone(name); err == nil {
			c.zone = loc
			return end(j + 1)
		}
	}
	k := s.skip(j, "new", "san", "sao", "los", "us", "heure", "de", "hora", "ora", "di", "hora")
	if name, ok := places[s.word(k)]; ok && k < j+3 {
		frenchly := k > j && s.is(j, "heure", "hora", "ora")
		if s.is(k+1, "time", "zeit", "tijd") || frenchly {
			if loc, err := worktime.ParseZone(name); err == nil {
				c.zone = loc
				if !frenchly {
					k++
				}
				return end(k + 1)
			}
		}
	}
	return c, i, true
}
