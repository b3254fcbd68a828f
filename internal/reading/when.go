package reading

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// When is a time that was said in words.
type When struct {
	Start   time.Time // the beginning; midnight where only a day was said
	End     time.Time // zero if not said
	DayOnly bool      // a day (or, Vague, a span of days) without a clock time
	Phrase  string    // the words, white space collapsed
	From,
	To int // the byte range of the words in the text
	// Vague: no point of time to act on ("next week", "from Monday on",
	// "3pm" without a day, 12/3 that may be two days, a weekday that is not
	// the date's). Start is then the earliest it may mean, End of a span of
	// days its last day's end.
	Vague bool
}

// FindTimes returns the times that free text proposes, in order: no dates that
// are past, refused ("I can't do Tuesday", "except Friday") or are deadlines
// ("by Monday"). What is vague is returned as such. now tells what "tomorrow"
// means, zone is the writer's; "your time" is the zone of now.
func FindTimes(text string, now time.Time, zone *time.Location) []When {
	s := newScanner(text, now, zone)
	var out []When
	for _, f := range s.proposals(s.times()) {
		out = append(out, f.When)
	}
	return out
}

var errNoTime = errors.New("no day or time understood; write for example tue 3pm, 24 Nov 15:00, in 2 weeks, or 2026-11-24 15:00")

// ParseWhen reads one time at the start of text and returns what follows it,
// without leading space. The result lies ahead of now unless a year was said.
// Only here terse forms count: "2w", "tomorrow 10", "15:30" (the next such time),
// "now", RFC 3339. A time that can be read in two ways is an error that names
// both; a span such as "next week" is returned as its first day, Vague and
// DayOnly.
func ParseWhen(text string, now time.Time, zone *time.Location) (When, string, error) {
	if len(text) > 1<<10 {
		rest := cutRunes(text, 1<<10)
		w, after, err := ParseWhen(rest, now, zone)
		return w, after + text[len(rest):], err
	}
	if zone == nil {
		zone = now.Location()
	}
	lead := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	word := text[lead:]
	if i := strings.IndexAny(word, " \t\r\n,"); i >= 0 {
		word = word[:i]
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, word); err == nil {
			return finish(When{Start: t.In(sameOffset(t, zone)), From: lead, To: lead + len(word)}, text)
		}
	}
	s := newScanner(text, now, zone)
	s.strict = true
	i := s.skip(0, "on", "at", "am", "um", "from", "le", "el", "il", "op", "until", "till", "bis", "the")
	if s.punct(i, "@") {
		i++
	}
	if s.is(i, "now", "jetzt") {
		return finish(When{Start: now.In(zone), From: s.t[0].from, To: s.t[i].to}, text)
	}
	group, j := s.group(0, true)
	for k := 1; len(group) == 0 && k <= i && k < len(s.t); k++ {
		group, j = s.group(k, true)
	}
	if len(group) == 0 {
		return When{}, text, errNoTime
	}
	f := group[0]
	if f.unsure {
		a, b := f.day, civil(f.day.Year(), time.Month(f.day.Day()), int(f.day.Month()))
		return When{}, text, fmt.Errorf("%q may be %s or %s: write the month's name", f.Phrase, a.Format("2 January"), b.Format("2 January"))
	}
	if f.vague && f.until.IsZero() && !f.noDay && f.When.End.IsZero() && s.contradicts(f) {
		return When{}, text, fmt.Errorf("%q contradicts itself: that day is a %s", f.Phrase, f.day.Weekday())
	}
	if f.noDay {
		day := s.today
		for k := 0; k < 3 && !at(day, f.clock.start, s.zoneOf(f)).After(now); k++ {
			day = day.AddDate(0, 0, 1)
		}
		f.dayRead = dayRead{day: day}
		f.When = s.when(f)
	}
	if !f.Start.After(now) && !f.year && (!f.DayOnly || f.day.Before(s.today)) {
		return When{}, text, fmt.Errorf("%q is past", f.Phrase)
	}
	// "tue 3pm for 30 minutes", "tue 3pm 20min"
	k := s.skip(j, "for", "fur")
	if n, ok := s.number(k, 5, 480); ok && !f.DayOnly && f.When.End.IsZero() && (units[s.word(k+1)] == unitMinute || s.is(k+1, "m") && s.glued(k+1)) {
		f.When.End = f.Start.Add(time.Duration(n) * time.Minute)
		f.To = s.t[k+1].to
		j = k + 2
	}
	f.From = s.t[0].from
	if j > 0 {
		f.To = s.t[j-1].to
	}
	return finish(f.When, text)
}

func finish(w When, text string) (When, string, error) {
	w.To = min(w.To, len(text))
	w.Phrase = strings.Join(strings.Fields(text[w.From:w.To]), " ")
	return w, strings.TrimLeft(text[w.To:], " \t\r\n"), nil
}

// sameOffset is zone if its clocks show what was written, else the offset that
// was written.
func sameOffset(t time.Time, zone *time.Location) *time.Location {
	_, want := t.Zone()
	if _, got := t.In(zone).Zone(); got == want {
		return zone
	}
	return t.Location()
}

// contradicts reports a weekday that is not the date's.
func (s *scanner) contradicts(f found) bool {
	for i := f.first; i < f.last; i++ {
		if w, ok := weekdays[s.word(i)]; ok && w.day != f.day.Weekday() {
			return true
		}
	}
	return false
}
