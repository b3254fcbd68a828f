package reading

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"askwell/internal/worktime"
)

// signs are what the sentences of a reply say, with the words that say it.
type signs struct {
	stop, no, weakNo, modest, left, closure, sorry, // against
	later, laterAlone, busy, defers, but,
	yes, plans, referral, asks string
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
	u.body = withoutSignoff(withoutFields(u.body), u.m)
	all := sentences(u.body)
	var g signs
	for _, s := range all {
		u.signsOf(s, &g, len(all))
	}
	g.eastern(u.flat)
	if w := nods(u.body); w != "" && len(all) <= 3 && g.yes == "" {
		g.yes = w
	}
	if g.plans == "" && containsAny(u.flat, bookingLinks) {
		g.plans = "a link to pick a time"
	}
	clocked, days, vague := u.times()
	until, laterWords := u.laterDay(g, vague)
	if g.referral == "" && u.newCc() && (containsAny(u.flat, ccWords) || u.speaksOfNew()) {
		g.referral = "somebody new in Cc"
	}
	u.choose(all, g, clocked, days, until, laterWords, vague)
	if u.r.Intent == IntentLater {
		if !until.IsZero() {
			u.r.Later = &Later{worktime.DateOf(until)}
		}
		u.r.Times = slices.DeleteFunc(u.r.Times, func(t Time) bool { return t.DayOnly }) // a day to come back is none to talk
	}
	if u.r.Intent == IntentReferral || g.referral != "" {
		u.nameReferred(all)
	}
}

// choose ranks what was said. Stop wins; then a no without anything beside it;
// what contradicts itself is unclear.
func (u *understanding) choose(all []sentence, g signs, clocked, days int, until time.Time, laterWords string, vague bool) {
	pick := func(i Intent, why string) {
		u.r.Intent = i
		u.why(why)
	}
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
	case g.no != "" && g.laterAlone != "" && g.closure == "":
		pick(IntentUnclear, "says no (\""+g.no+"\"), or not now (\""+g.laterAlone+"\")")
	case g.no != "":
		pick(IntentNo, "declines: \""+g.no+"\"")
	case g.referral != "" && g.yes == "" && clocked == 0:
		pick(IntentReferral, "names somebody else: \""+g.referral+"\"")
	case clocked > 0:
		pick(IntentTimes, "proposes a time: "+u.r.Times[0].Phrase)
	case !until.IsZero() && (g.later != "" || g.busy != "" || g.weakNo != "" || g.yes == "" && g.asks == "" || vague):
		pick(IntentLater, "later: "+laterWords)
	case days > 0 && g.weakNo == "":
		pick(IntentTimes, "proposes a day: "+u.r.Times[0].Phrase)
	case g.weakNo != "" && (g.referral != "" || g.yes == "" && u.pointsTo() != ""):
		pick(IntentReferral, "cannot (\""+g.weakNo+"\") and names somebody else")
	case g.weakNo != "" && times > 0:
		pick(IntentTimes, "cannot at one time (\""+g.weakNo+"\") but proposes "+u.r.Times[0].Phrase)
	case (g.weakNo != "" || g.modest != "" || g.left != "") && g.closure != "" && g.yes == "":
		pick(IntentNo, "declines (\""+first(g.weakNo, g.modest, g.left)+"\") and ends the matter (\""+g.closure+"\")")
	case g.weakNo != "" && g.laterAlone != "":
		pick(IntentLater, "not now: \""+g.laterAlone+"\", without a date")
	case g.weakNo != "" && (g.yes != "" || g.asks != "" || g.plans != "" || g.defers != ""):
		pick(IntentUnclear, "cannot (\""+g.weakNo+"\"), and says something else as well")
	case g.weakNo != "" && (g.but != "" || u.saysTime()):
		pick(IntentUnclear, "cannot (\""+g.weakNo+"\"), but perhaps another time or way")
	case g.weakNo != "":
		pick(IntentNo, "declines: \""+g.weakNo+"\"")
	case g.yes != "":
		pick(IntentYes, "agrees: \""+g.yes+"\"")
	case g.laterAlone != "" && g.asks == "" && g.plans == "":
		pick(IntentLater, "not now: \""+g.laterAlone+"\", without a date")
	case u.openSpan() != "":
		pick(IntentYes, "is open to a time: "+u.openSpan())
	case g.plans != "":
		pick(IntentYes, "wants to find a time: \""+g.plans+"\"")
	case g.asks != "" && u.asksTime(all) != "":
		pick(IntentYes, "asks about a time: "+u.asksTime(all))
	case g.asks != "" && u.pointsTo() == "":
		pick(IntentQuestion, "asks something: "+g.asks)
	case g.left != "" && g.sorry != "" && g.defers == "" && u.pointsTo() == "":
		pick(IntentNo, "regrets (\""+g.sorry+"\"): \""+g.left+"\"")
	case g.modest != "" && g.defers == "" && u.pointsTo() == "":
		pick(IntentNo, "says that it is the wrong person: \""+g.modest+"\"")
	case u.pointsTo() != "" && g.defers == "":
		pick(IntentReferral, "names somebody else: "+u.pointsTo())
	case g.defers != "":
		pick(IntentUnclear, "leaves it open: \""+g.defers+"\"")
	default:
		pick(IntentUnclear, "nothing in it decides")
	}
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// signsOf adds what one sentence says.
func (u *understanding) signsOf(s sentence, g *signs, count int) {
	set := func(at *string, words string) {
		if *at == "" {
			*at = words
		}
	}
	bare := strings.Join(s.toks, " ")
	u.against(s, g, set, bare, count)
	if w := s.says(laterWords, false, nil); w != "" {
		set(&g.later, w)
	}
	if w := s.says(laterAlone, false, notAfterLater); w != "" && !s.has(neverBusy) && !s.hangs() {
		set(&g.later, w)
		set(&g.laterAlone, w)
		u.cued = append(u.cued, s)
	}
	set(&g.busy, s.says(busyWords, true, nil))
	set(&g.defers, s.says(defersWords, false, nil))
	if w := s.says(referralWords, true, notReferralAfter); w != "" && !s.has(notReferral) {
		set(&g.referral, w)
	} else if name := u.askingFor(s); name != "" {
		set(&g.referral, "ask "+name)
	}
	if s.says(assistantWords, true, nil) != "" && s.has(scheduleWords) {
		set(&g.plans, "somebody keeps the diary")
		set(&g.yes, "somebody keeps the diary")
	}
	clauses := s.clauses()
	third := strings.Contains(u.body[s.from:s.to], "@") && !s.ofOneself()
	sends := s.says(referralWords, true, notReferralAfter) != "" && !s.has(notReferral)
	for k, c := range clauses {
		if sends && c.says(yesWords, true, yesSpoilers) == "" || third {
			continue // it is somebody else who would be great, or love to
		}
		regret := k+1 < len(clauses) && clauses[k+1].refuses()
		set(&g.yes, c.agrees(regret))
		if count <= 4 && nodding(c.toks) {
			set(&g.yes, strings.Join(c.toks, " "))
		}
	}
	if !s.conditional() {
		set(&g.plans, s.says(planWords, true, nil))
	}
	if s.asks && !s.has(pleasantries) || s.says(askWords, true, nil) != "" {
		set(&g.asks, "\""+strings.TrimSpace(cutRunes(strings.Join(strings.Fields(u.body[s.from:s.to]), " "), 80))+"\"")
	}
}

// agrees returns the words of a clause that agree to talk. regret: the next one says
// that it cannot be ("I'd love to, but I can't").
func (s sentence) agrees(regret bool) string {
	if s.has(yesExcept) || s.conditional() && !s.startsYes() {
		return ""
	}
	if w := s.says(yesWords, true, yesSpoilers); w != "" && !(regret && !s.startsYes()) {
		return w
	}
	if s.asks || regret {
		return ""
	}
	return first(s.says(yesOpeners, true, notAfterOpener), s.says(soundsWords, true, notAfterSounds))
}

// refuses reports a clause that says no.
func (s sentence) refuses() bool {
	return s.says(noWords, false, notAfterNo) != "" || s.says(weakNoWords, false, notAfterWeakNo) != ""
}

// against adds what one sentence says against it.
func (u *understanding) against(s sentence, g *signs, set func(*string, string), bare string, count int) {
	if w := first(s.says(stopWords, false, notStopAfter), s.says(removeWords, true, nil)); w != "" && !s.has(stopSpoilers) && (!s.asks || s.requests()) {
		set(&g.stop, w)
	}
	if stopAlone[bare] && count <= 4 {
		set(&g.stop, bare)
	}
	if w := s.says(noWords, false, notAfterNo); w != "" && !s.hangs() && !s.asks && !s.has(noExcept) {
		set(&g.no, w)
	}
	if noAlone[bare] {
		set(&g.weakNo, bare)
	}
	if w := s.says(weakNoWords, false, notAfterWeakNo); w != "" && !s.hangs() && !s.asks && !s.has(noExcept) {
		set(&g.weakNo, w)
		if c := s.clauses(); len(c) > 1 && !c[len(c)-1].refuses() {
			g.but = w
		}
	}
	for _, end := range []string{"no", "can't"} {
		if s.toks[len(s.toks)-1] == end && len(s.words) < 40 && !s.asks {
			set(&g.weakNo, end)
		}
	}
	if !s.asks {
		set(&g.modest, s.says(modestWords, false, nil))
		set(&g.left, s.says(leftWords, false, nil))
	}
	set(&g.closure, s.says(closureWords, false, nil))
	if s.has(sorryWords) {
		set(&g.sorry, "sorry")
	}
}

// nodding reports a sentence made of words that agree, and of nothing else.
func nodding(toks []string) bool {
	atoms := 0
	for _, w := range toks {
		switch {
		case yesAtoms[w]:
			atoms++
		case !yesFillers[w]:
			return false
		}
	}
	return atoms > 0
}

// nods returns the sign with which a short text agrees: a thumb, "+1".
func nods(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "+1") && len(strings.Fields(text)) <= 4 && (len(text) < 3 || text[2] < '0' || text[2] > '9') && strings.IndexFunc(text, unicode.IsDigit) == strings.LastIndexFunc(text, unicode.IsDigit) {
		return "+1"
	}
	for _, sign := range [...]string{"👍", "👌", "✅", "✔", "☑", "🙌", "💯", "🆗", "🤝", "👏"} {
		if strings.Contains(text, sign) && len(text) < 200 {
			return sign
		}
	}
	for _, smile := range [...]string{"🙂", "😊", "😀", "😃", "😄", "🎉", "❤", "🥳", "🤗"} { // where nothing else is said
		if strings.HasPrefix(text, smile) && !strings.ContainsFunc(text, unicode.IsLetter) {
			return smile
		}
	}
	return ""
}
