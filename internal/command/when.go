package command

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"askwell/internal/reading"
)

// when reads a WHEN at the start of s, after a preposition if there is one. Why says what is wrong with a time that was
// recognised: it is past, or can be read in two ways.
func (g *grammar) when(s string) (w reading.When, rest string, ok bool) {
	w, rest, why := g.whenOrWhy(s)
	return w, rest, why == ""
}

const noTime = "no time"

func (g *grammar) whenOrWhy(s string) (w reading.When, rest, why string) {
	s = strings.TrimLeft(s, " :,.=-–")
	for range 2 {
		s, _ = cutPrefixWord(s, "until", "till", "til", "'til", "for", "on", "to", "by", "after", "from", "moved to", "=")
	}
	if s == "" {
		return reading.When{}, "", noTime
	}
	zone := g.o.Zone
	if zone == nil {
		zone = time.UTC
	}
	why = noTime
	for _, t := range []string{s, "in " + s} {
		if t != s && !lengthOfTime.MatchString(s) {
			break
		}
		w, rest, err := reading.ParseWhen(t, g.o.Now, zone)
		switch {
		case err == nil && !w.Start.IsZero() && wordEnds(t[min(w.To, len(t)):]):
			return w, rest, ""
		case err != nil && strings.HasPrefix(err.Error(), `"`):
			why = err.Error()
		}
	}
	return reading.When{}, "", why
}

var (
	lengthOfTime = regexp.MustCompile(`(?i)^(\d+|an?|one|two|three|four|five|six|some)[ -]?(h|hours?|d|days?|w|wd|weeks?|months?|m|years?|y)\b`)
	talkLength   = regexp.MustCompile(`(?i)^[ ,;]*(?:for )?(\d{1,3}) ?(min|mins|minutes|m|h|hours?|hrs?)\b[.]?`)
)

// talk reads WHEN [at PLACE], or PLACE WHEN.
func (g *grammar) talk(p parsed, rest string) parsed {
	s := strings.TrimLeft(rest, " :,.")
	w, after, why := g.whenOrWhy(s)
	place, ok := "", why == ""
	if !ok {
		for _, f := range fields(s, 10) { // "talk 2 at Zoom tue 3pm"
			if f.from == 0 {
				continue
			}
			var tail string
			if w, tail, ok = g.when(s[f.from:]); ok && tidy(tail) == "" && !w.DayOnly {
				if place, _, ok = placeOf(s[:f.from]); ok {
					break
				}
			}
			ok = false
		}
	}
	if !ok {
		if why != noTime {
			return p.problem(why, "help talk")
		}
		return p.problem("when? Say the day and the time, as in: talk "+whoText(p, "WHO ")+"tue 3pm at PLACE", "help talk")
	}
	if w.DayOnly || w.Vague {
		return p.problem("at what time? As in: talk "+whoText(p, "WHO ")+strings.TrimSpace(w.Phrase)+" 15:00", "help talk")
	}
	if m := talkLength.FindStringSubmatch(after); m != nil && w.End.IsZero() {
		n, _ := strconv.Atoi(m[1])
		unit := time.Minute
		if strings.HasPrefix(strings.ToLower(m[2]), "h") {
			unit = time.Hour
		}
		if d := time.Duration(n) * unit; d > 0 && d <= 24*time.Hour {
			w.End, after = w.Start.Add(d), after[len(m[0]):]
		}
	}
	if place == "" {
		var left string
		if place, left, ok = placeOf(strings.TrimRight(after, " .")); !ok {
			place, p.Rest = "", remark(left)
		}
	}
	p.When, p.Place, p.strict = &w, place, p.Rest == ""
	return p
}

// snooze reads WHEN; what follows is a remark.
func (g *grammar) snooze(p parsed, rest string) parsed {
	w, after, why := g.whenOrWhy(rest)
	if why != "" {
		if why != noTime {
			return p.problem(why, "help snooze")
		}
		who := whoText(p, "")
		return p.problem("until when? As in: snooze "+whoText(p, "WHO ")+"2w", strings.TrimSpace(who+"snooze 1w"),
			strings.TrimSpace(who+"snooze 1 month"))
	}
	p.When, p.Rest = &w, remark(after)
	p.strict = p.Rest == ""
	return p
}
