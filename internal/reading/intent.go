package reading

import (
	"strings"
	"time"

	"askwell/internal/worktime"
)

// signs are what the sentences of a reply say, with the words that say it.
type signs struct {
	stop, no, weakNo, later, laterAlone, but, yes, referral, asks, plans string
}

// proposed are the times the text proposes.
func (u *understanding) proposed() []found {
	s := u.scanned()
	return s.proposals(s.times())
}

// judge finds the intent of a person's reply.
func (u *understanding) judge() {
	u.r.People = u.peopleNamed()
	if u.flat == "" {
		u.r.Intent = IntentUnclear
		u.why("nothing is newly written")
		return
	}
	all := sentences(u.body)
	var g signs
	for _, s := range all {
		s.words = calm(s.words)
		u.signsOf(s, &g, len(all))
	}
	clocked, days, vague := u.times()
	until, laterWords := u.laterDay(g, vague)
	cc := len(u.m.Cc) > 0 && u.newCc()
	if g.referral == "" && cc && containsAny(u.flat, ccWords) {
		g.referral = "somebody new in Cc"
	}
	u.choose(g, clocked, days, until, laterWords, vague)
	if u.r.Intent == IntentLater && !until.IsZero() {
		u.r.Later = &Later{worktime.DateOf(until)}
	}
	if u.r.Intent == IntentReferral || g.referral != "" {
		u.nameReferred()
	}
}

// choose ranks what was said. Stop wins; then a no without anything beside it;
// what contradicts itself is unclear.
func (u *understanding) choose(g signs, clocked, days int, until time.Time, laterWords string, vague bool) {
	pick := func(i Intent, why string) {
		u.r.Intent = i
		u.why(why)
	}
	named := len(u.r.People) > 0
	times := clocked + days
	switch {
	case g.stop != "" && (g.yes != "" || clocked > 0):
		pick(IntentUnclear, "it may ask to stop (\""+g.stop+"\") and says something else as well")
	case g.stop != "":
		pick(IntentStop, "asks not to be written to: \""+g.stop+"\"")
	case g.no != "" && g.referral != "":
		pick(IntentReferral, "declines (\""+g.no+"\") and names somebody else (\""+g.referral+"\")")
	case g.no != "" && (clocked > 0 || g.yes != "") && until.IsZero():
		pick(IntentUnclear, "says no (\""+g.no+"\") and something else as well")
	case g.no != "" && !until.IsZero() && g.later != "":
		pick(IntentLater, "not now, but "+laterWords)
	case g.no != "":
		pick(IntentNo, "declines: \""+g.no+"\"")
	case g.referral != "" && (g.yes == "" && clocked == 0):
		pick(IntentReferral, "names somebody else: \""+g.referral+"\"")
	case clocked > 0:
		pick(IntentTimes, "proposes a time: "+u.r.Times[0].Phrase)
	case !until.IsZero() && (g.later != "" || g.weakNo != "" || g.yes == "" && g.asks == "" || vague):
		pick(IntentLater, "later: "+laterWords)
	case days > 0 && g.weakNo == "":
		pick(IntentTimes, "proposes a day: "+u.r.Times[0].Phrase)
	case g.weakNo != "" && g.referral != "":
		pick(IntentReferral, "cannot (\""+g.weakNo+"\") and names somebody else")
	case g.weakNo != "" && times > 0:
		pick(IntentTimes, "cannot at one time (\""+g.weakNo+"\") but proposes "+u.r.Times[0].Phrase)
	case g.weakNo != "" && g.laterAlone != "":
		pick(IntentLater, "not now: \""+g.laterAlone+"\", without a date")
	case g.weakNo != "" && (g.yes != "" || g.asks != "" || g.plans != ""):
		pick(IntentUnclear, "cannot (\""+g.weakNo+"\"), and says something else as well")
	case g.weakNo != "" && (g.but != "" || u.saysTime()):
		pick(IntentUnclear, "cannot (\""+g.weakNo+"\"), but perhaps another time or way")
	case g.weakNo != "":
		pick(IntentNo, "declines: \""+g.weakNo+"\"")
	case g.yes != "":
		pick(IntentYes, "agrees: \""+g.yes+"\"")
	case g.laterAlone != "" && g.asks == "":
		pick(IntentLater, "not now: \""+g.laterAlone+"\", without a date")
	case u.openSpan() != "":
		pick(IntentYes, "is open to a time: "+u.openSpan())
	case u.openSpan() != "" && g.asks != "":
		pick(IntentYes, "is open to a time: "+u.openSpan())
	case g.plans != "":
		pick(IntentYes, "wants to find a time: \""+g.plans+"\"")
	case g.asks != "":
		pick(IntentQuestion, "asks something: "+g.asks)
	case g.referral != "" && named:
		pick(IntentReferral, "names somebody else: \""+g.referral+"\"")
	default:
		pick(IntentUnclear, "nothing in it decides")
	}
}

// signsOf adds what one sentence says.
func (u *understanding) signsOf(s sentence, g *signs, count int) {
	set := func(at *string, words string) {
		if *at == "" {
			*at = words
		}
	}
	if w := s.says(stopWords, false, notStopAfter); w != "" && !s.has(stopSpoilers) {
		set(&g.stop, w)
	}
	bare := strings.TrimSpace(s.words)
	if stopAlone[bare] && count <= 4 {
		set(&g.stop, bare)
	}
	if w := s.says(noWords, false, nil); w != "" && !s.conditional() {
		set(&g.no, w)
	}
	if noAlone[bare] {
		set(&g.weakNo, bare)
	}
	if w := s.says(weakNoWords, false, nil); w != "" && !s.conditional() && !s.asks {
		set(&g.weakNo, w)
		if s.has(butWords) {
			g.but = w
		}
	}
	for _, end := range []string{" no ", " can't ", " cannot "} {
		if strings.HasSuffix(s.words, end) && len(s.words) < 40 && !s.asks {
			set(&g.weakNo, strings.TrimSpace(end))
		}
	}
	if w := s.says(laterWords, false, nil); w != "" {
		set(&g.later, w)
	}
	if w := s.says(laterAlone, false, nil); w != "" {
		set(&g.later, w)
		set(&g.laterAlone, w)
	}
	if w := s.says(referralWords, true, notReferralAfter); w != "" && !s.has([]string{" how did you ", " let me talk ", " let me speak ", " let me ask ", " i'll ask ", " i will ask ", " i need to ", " i have to ", " i'll talk ", " i will talk "}) {
		set(&g.referral, w)
	}
	if w := s.says(yesWords, true, yesSpoilers); w != "" && !s.has(yesExcept) && !(s.conditional() && !s.startsYes()) {
		set(&g.yes, w)
	}
	if yesAlone[bare] || count <= 3 && yesShort[bare] {
		set(&g.yes, bare)
	}
	if w := s.says(planWords, false, nil); w != "" {
		set(&g.plans, w)
	}
	if s.asks {
		set(&g.asks, "\""+strings.TrimSpace(cutRunes(strings.Join(strings.Fields(u.body[s.from:s.to]), " "), 80))+"\"")
	}
}

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

// openSpan is a vague time that the writer speaks for ("next week is fine", "any
// day next week").
func (u *understanding) openSpan() string {
	s := u.scanned()
	all := s.times()
	for i, f := range all {
		if !f.Vague || f.past || f.noDay || f.unsure || s.refused(all, i) {
			continue
		}
		if s.rightOf(all, i) == saidYes || s.leftOf(all, i) == saidYes || s.anyBefore(f.first) || s.alone(f) || s.is(s.before(f.first), "about", "say", "maybe", "perhaps", "wie", "mit") {
			return f.When.Phrase
		}
	}
	return ""
}

// laterDay is the day to come back, where one is said beside words that put the
// talk off.
func (u *understanding) laterDay(g signs, vague bool) (time.Time, string) {
	if g.later == "" && g.weakNo == "" && g.no == "" && !vague {
		return time.Time{}, ""
	}
	s := u.scanned()
	week := s.today.AddDate(0, 0, 7)
	for _, f := range s.times() {
		if f.past || f.noDay || f.unsure || f.clock != nil || f.day.Before(s.today) || !f.instant.IsZero() {
			continue
		}
		before := s.before(f.first)
		day := f.day
		last := f.day
		if !f.until.IsZero() {
			last = f.until
		}
		switch {
		case s.is(before, "after", "nach", "apres", "despues", "dopo", "na", "depois") || s.is(before, "de") && s.is(before-1, "despues", "depois"):
			day = last.AddDate(0, 0, 1)
		case s.is(before, "until", "till", "til", "bis", "jusqu", "au", "hasta", "fino", "tot", "ate", "through"):
			if f.vague && !f.until.IsZero() && s.is(before, "through") {
				day = last.AddDate(0, 0, 1)
			}
		case s.is(before, "before", "vor", "avant", "antes", "prima", "voor"):
			if s.is(before-1, "not") || s.is(before-1, "nicht") || s.is(before-1, "pas") || s.is(before-1, "no") || s.is(before-1, "niet") || s.is(before-1, "non") || s.is(before-1, "nao") {
				break
			}
			continue
		case s.is(before, "by", "since", "seit", "depuis", "desde"):
			continue
		default:
			if f.vague && !f.until.IsZero() && !f.day.After(s.today) {
				continue // "this week" is what is busy
			}
			if f.bare && f.DayOnly && !f.vague && g.later == "" {
				continue // "I can't make Tuesday"
			}
			if s.leftOfOnly(f) == saidNo && day.Before(week) {
				continue
			}
		}
		if day.After(s.today) {
			return day, f.When.Phrase
		}
	}
	return time.Time{}, ""
}

// alone reports a time that is the whole of its question: "Next week?"
func (s *scanner) alone(f found) bool {
	return s.punct(f.last, "?") && (f.first == 0 || s.punct(f.first-1, ".!?,-–") || s.t[f.first].lines > 0)
}

// leftOfOnly judges the clause before one time by itself.
func (s *scanner) leftOfOnly(f found) verdict { return s.leftOf([]found{f}, 0) }

// newCc reports somebody in Cc who is neither owner nor writer.
func (u *understanding) newCc() bool {
	for _, p := range u.m.Cc {
		if !u.own(p.Address) && !u.writer(p.Address) {
			return true
		}
	}
	return false
}

// nameReferred adds the people who are recommended by name only.
func (u *understanding) nameReferred() {
	for _, cue := range referralNames {
		for from := 0; from < len(u.body) && len(u.r.People) < maxPeople; {
			i := strings.Index(u.body[from:], cue)
			if i < 0 {
				break
			}
			from += i + len(cue)
			rest := u.body[from:]
			for _, lead := range []string{"my colleague ", "my colleagues ", "my friend ", "our ", "my boss ", "my manager ", "my former colleague ", "meine Kollegin ", "meinen Kollegen ", "meiner Kollegin ", "meinem Kollegen ", "ma collègue ", "mon collègue ", "mi compañera ", "mi compañero ", "mijn collega ", "la mia collega ", "il mio collega ", "a minha colega ", "minha colega ", "meu colega "} {
				rest = strings.TrimPrefix(rest, lead)
			}
			if name := nameAfter(rest); name != "" && !u.named(name) {
				u.r.People = append(u.r.People, Person{Name: name})
			}
		}
	}
}

func (u *understanding) named(name string) bool {
	low := fold(name)
	for _, p := range u.r.People {
		if n := fold(p.Name); n != "" && (strings.Contains(low, n) || strings.Contains(n, low)) {
			return true
		}
	}
	for _, p := range u.m.From {
		if fold(p.Name) == low {
			return true
		}
	}
	return false
}
