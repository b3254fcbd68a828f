package reading

import (
	"slices"
	"strings"
	"time"
)

// scanner reads dates and clock times out of tokens. Its methods try one rule at
// a token and return where they ended, or false and nothing consumed.
type scanner struct {
	t      []tok
	text   string
	now    time.Time
	zone   *time.Location
	today  time.Time // civil day, as midnight UTC
	tongue int8      // 1 English, -1 not, 0 not asked yet
	order  int8      // of day and month in 1/2: see slashOrder; 0 not asked yet
	all    []found   // what times read
	done   bool
	strict bool // a command of the owner's: terse forms count, days lie ahead
}

func newScanner(text string, now time.Time, zone *time.Location) *scanner {
	if zone == nil {
		zone = now.Location()
	}
	local := now.In(zone)
	return &scanner{
		t: tokenize(text), text: text, now: now, zone: zone,
		today: civil(local.Year(), local.Month(), local.Day()),
	}
}

// civil is a day without a zone: midnight UTC, for arithmetic only.
func civil(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// validDay makes a civil day of y, m, d unless there is none such.
func validDay(y, m, d int) (time.Time, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 || y < 1 || y > 9999 {
		return time.Time{}, false
	}
	t := civil(y, time.Month(m), d)
	return t, t.Day() == d
}

// at is the instant of a civil day and minutes after its midnight in loc. In a
// gap of the zone it is the shifted instant, in an overlap the first.
func at(day time.Time, minutes int, loc *time.Location) time.Time {
	t := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, loc)
	for _, back := range []time.Duration{time.Hour, 30 * time.Minute} {
		if e := t.Add(-back); e.Hour() == t.Hour() && e.Minute() == t.Minute() && e.Day() == t.Day() {
			return e
		}
	}
	return t
}

func (s *scanner) word(i int) string {
	if i >= 0 && i < len(s.t) && s.t[i].kind == tokWord {
		return s.t[i].w
	}
	return ""
}

func (s *scanner) is(i int, words ...string) bool {
	if i < 0 || i >= len(s.t) || s.t[i].kind != tokWord {
		return false
	}
	return slices.Contains(words, s.t[i].w)
}

func (s *scanner) punct(i int, marks string) bool {
	return i >= 0 && i < len(s.t) && s.t[i].kind == tokPunct && strings.Contains(marks, s.t[i].w)
}

// glued reports that token i follows the one before without white space.
func (s *scanner) glued(i int) bool { return i > 0 && i < len(s.t) && !s.t[i].space }

func (s *scanner) number(i, lo, hi int) (int, bool) {
	if i < 0 || i >= len(s.t) || s.t[i].kind != tokNumber || s.t[i].digits > 4 || s.t[i].n < lo || s.t[i].n > hi {
		return 0, false
	}
	return s.t[i].n, true
}

// small reads a number in figures or words.
func (s *scanner) small(i int) (int, int, bool) {
	if n, ok := s.number(i, 1, 99); ok {
		return n, i + 1, true
	}
	if n, ok := numberWords[s.word(i)]; ok {
		j := i + 1
		if s.is(i, "a") && s.is(j, "couple") {
			n, j = 2, j+1
		}
		if s.is(j, "of") {
			j++
		}
		return n, j, true
	}
	return 0, i, false
}

// phrase finds the longest phrase of the table at i.
func (s *scanner) phrase(table map[string][]phrase, i int) (int, int, bool) {
	w := s.word(i)
	if w == "" {
		return 0, i, false
	}
next:
	for _, p := range table[w] {
		if i+len(p.words) > len(s.t) {
			continue
		}
		for k, want := range p.words {
			if t := &s.t[i+k]; t.w != want || k > 0 && t.lines > 1 {
				continue next
			}
		}
		return p.value, i + len(p.words), true
	}
	return 0, i, false
}

// skip passes over words of the list and returns where it ended.
func (s *scanner) skip(i int, words ...string) int {
	for s.is(i, words...) {
		i++
	}
	return i
}

// raw is the text of token i as it was written.
func (s *scanner) raw(i int) string {
	if i < 0 || i >= len(s.t) {
		return ""
	}
	return s.text[s.t[i].from:s.t[i].to]
}

var (
	englishWords = wordSet("the i you is to for would me works i'm my we can could your it this that have let's be with are am")
	foreignWords = wordSet("der die das ich und ist wir sie mit von um uhr geht passt nicht le la les je vous est pour et de el los que es para y il di per che non een het ik je van voor os nao em ginge oder auf am den ihnen")
)

// english reports that the text is more likely English than anything else we read.
func (s *scanner) english() bool {
	if s.tongue == 0 {
		n := 0
		for i := range min(len(s.t), 400) {
			switch w := s.t[i].w; {
			case englishWords[w]:
				n++
			case foreignWords[w]:
				n--
			}
		}
		s.tongue = -1
		if n > 0 {
			s.tongue = 1
		}
	}
	return s.tongue > 0 && !s.strict
}
