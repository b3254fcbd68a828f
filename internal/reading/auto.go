package reading

import (
	"strings"
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

func autoSubmitted(h message.Header) string {
	v, _, _ := strings.Cut(strings.ToLower(h.Get("Auto-Submitted")), ";")
	v, _, _ = strings.Cut(strings.TrimSpace(v), " ")
	if v == "no" {
		return ""
	}
	return v
}

// autoHeader names the header field by which a program says that it answered by
// itself. X-Auto-Response-Suppress is not among them: Exchange puts it on what
// people write as well.
func (u *understanding) autoHeader() string {
	h := u.m.Header
	if v := autoSubmitted(h); strings.HasPrefix(v, "auto-replied") || v == "auto-notified" || v == "yes" || v == "auto" {
		return "Auto-Submitted: " + v + " (RFC 3834)"
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Mail-Autoreply", "X-AutoReply-From", "X-Vacation", "Auto-Reply", "X-Vacationing", "X-Out-Of-Office", "X-AutoResponse", "X-Ticket-Autoreply"} {
		if v := strings.ToLower(strings.TrimSpace(h.Get(name))); h.Has(name) && v != "no" && v != "false" && v != "0" {
			return name
		}
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "auto_reply", "auto-reply", "autoreply":
		return "Precedence: auto_reply"
	}
	if strings.Contains(strings.ToLower(h.Get("X-POST-MessageClass")), "autoresponder") {
		return "X-POST-MessageClass"
	}
	if strings.Contains(strings.ToLower(h.Get("Delivered-To")), "autoresponder") {
		return "Delivered-To: Autoresponder"
	}
	if strings.EqualFold(strings.TrimSpace(h.Get("X-MS-Exchange-Generated-Message-Source")), "Mailbox Rules Agent") || strings.EqualFold(strings.TrimSpace(h.Get("X-MS-Exchange-Generated-Message-Source")), "Antispam Quarantine Agent") {
		return "X-MS-Exchange-Generated-Message-Source"
	}
	return ""
}

// automatic judges answers by machines: by header, then by a subject that only
// they have, then by wording that no person who answers would use.
func (u *understanding) automatic() bool {
	subject := flatten(u.m.Subject)
	header := u.autoHeader()
	prefix := startsAny(subject, autoSubjects)
	away := startsAny(subject, awaySubjects)
	reason, cue := u.autoReason(subject)
	generated := autoSubmitted(u.m.Header) == "auto-generated"
	noReply := noReplyAddress(u.m)
	switch {
	case header != "":
		u.why("a program answered by itself: " + header)
	case prefix != "":
		u.why("the subject begins as automatic answers do: " + prefix)
	case away != "" && !u.personal():
		u.why("the subject begins as absence notices do: " + away)
	case generated && (len(u.m.ThreadIDs()) > 0 || reason != ""):
		u.why("a program wrote it (Auto-Submitted: auto-generated, RFC 3834)")
	case containsAny(u.flat, automaticWords) && !u.engaged():
		u.why("the text says that it is automatic")
	case noReply && reason != "":
		u.why("nobody reads the address it came from")
	case reason == AutoTicket && ticketCues[cue] && !u.personal(), reason == AutoChallenge && strings.Contains(u.flat, "http") && !u.personal(), reason == AutoChallenge && challengeCues[cue]:
		u.why("it uses words that only such programs use")
	case reason != "" && reason != AutoStanding && reason != AutoTicket && reason != AutoChallenge && u.absenceAlone(cue):
	default:
		return false
	}
	if reason == "" {
		reason = AutoStanding
	}
	auto := &Auto{Reason: reason}
	if reason == AutoVacation || reason == AutoLeave || reason == AutoStanding {
		if until, phrase := u.lastDayAway(); !until.IsZero() {
			auto.Until = until
			u.why("away until " + dateText(until) + ": " + phrase)
			if reason == AutoStanding {
				auto.Reason = AutoVacation
			}
		}
	}
	if cue != "" {
		u.why(auto.Reason + ": \"" + cue + "\"")
	}
	u.r.Auto = auto
	u.r.People = u.peopleNamed()
	u.r.Kind = KindAutoReply
	return true
}

func dateText(d worktime.Date) string {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
}

// autoReason finds what a machine answers and the words that say so. More special
// reasons come first.
func (u *understanding) autoReason(subject string) (reason, cue string) {
	head := cutRunes(u.flat, 6000)
	for _, row := range autoReasons {
		for _, w := range row.words {
			if hasWord(head, w) {
				return row.reason, w
			}
			if row.subject && hasWord(subject, w) {
				return row.reason, w
			}
		}
	}
	if startsAny(subject, awaySubjects) != "" {
		return AutoVacation, ""
	}
	return "", ""
}

// hasWord finds w in s where it does not begin inside a word.
func hasWord(s, w string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return false
		}
		at := from + i
		if at == 0 || w[0] >= 0x80 || !isLetterAt(s, at-1) || !isLetterAt(w, 0) {
			return true
		}
		from = at + 1
	}
}

func startsAny(s string, words []string) string {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return w
		}
	}
	return ""
}

func noReplyAddress(m *message.Message) bool {
	for _, p := range m.From {
		local := strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(p.Address.Local()))
		if strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "donotreply") || strings.HasSuffix(local, "noreply") || strings.HasPrefix(local, "nichtantworten") || strings.HasPrefix(local, "nepasrepondre") || strings.HasPrefix(local, "noresponder") {
			return true
		}
	}
	return false
}

// engaged reports that the writer deals with what they were asked: a machine
// does not propose a time or accept.
func (u *understanding) engaged() bool {
	for _, w := range u.proposed() {
		if !w.Vague && !w.DayOnly {
			return true
		}
	}
	return containsAny(u.flat, engagedWords)
}

// personal reports what machines do not do: deal with the request, ask something,
// answer above a quote.
func (u *understanding) personal() bool {
	if strings.Contains(u.flat, "?") || u.engaged() {
		return true
	}
	for _, c := range u.r.Cut {
		if c.Reason == cutQuote || c.Reason == cutAttribution {
			return true
		}
	}
	return false
}

// absenceAlone judges wording without any header. It is a machine's only if it
// opens with the absence, in the present, in the set phrases of such notices, and
// says nothing else. In doubt it is a person's: they are asked to be read, a
// machine is not.
func (u *understanding) absenceAlone(cue string) bool {
	if cue == "" || u.personal() {
		return false
	}
	at := strings.Index(u.flat, cue)
	if at < 0 || at > 260 || len(u.flat) > 3000 {
		return false
	}
	set := 0
	for _, w := range noticeWords {
		if strings.Contains(u.flat, w) {
			set++
		}
	}
	thanks := startsAny(afterGreeting(u.flat), thanksWords) != ""
	if until, _ := u.lastDayAway(); thanks && (set > 0 || !until.IsZero()) || set > 1 {
		u.why("it only says that somebody is away, as machines do")
		return true
	}
	return false
}

// afterGreeting passes over "hello," and the like.
func afterGreeting(s string) string {
	for _, g := range []string{"hello", "hi", "dear", "hallo", "guten tag", "sehr geehrte", "bonjour", "buenos dias", "hola", "buongiorno", "ciao", "beste", "ola", "hej", "hei"} {
		if strings.HasPrefix(s, g) {
			if i := strings.IndexAny(s, ",.!:"); i > 0 && i < 60 {
				return strings.TrimLeft(s[i+1:], " ,.!:")
			}
		}
	}
	return s
}

// lastDayAway reads the last day of an absence: the day before "back on", the day
// of "until", the end of a range.
func (u *understanding) lastDayAway() (worktime.Date, string) {
	s := u.scanned()
	var until, back, end time.Time
	var untilWords, backWords, endWords string
	all := s.times()
	for i, f := range all {
		if f.noDay || f.unsure || !f.instant.IsZero() && f.clock == nil && f.first == 0 {
			continue
		}
		cue := s.awayCue(f.first, f.last)
		day := f.day
		switch {
		case !f.until.IsZero() && !f.dayRead.week && cue != cueBack:
			if until.IsZero() {
				until, untilWords = f.until, f.When.Phrase
			}
		case cue == cueBack:
			if back.IsZero() {
				back, backWords = day, f.When.Phrase
			}
		case cue == cueUntil:
			if f.vague && !f.until.IsZero() {
				day = f.until
			}
			until, untilWords = day, f.When.Phrase
		case i > 0 && end.IsZero() && s.ranged(all[i-1].last, f.first) && !f.vague:
			end, endWords = day, f.When.Phrase
		}
	}
	switch {
	case !back.IsZero():
		return worktime.DateOf(back.AddDate(0, 0, -1)), "the day before " + backWords
	case !until.IsZero():
		return worktime.DateOf(until), untilWords
	case !end.IsZero():
		return worktime.DateOf(end), endWords
	}
	return worktime.Date{}, ""
}

const (
	cueNone = iota
	cueUntil
	cueBack
)

var (
	untilCues = wordSet("until till til through thru bis einschliesslich inklusive jusqu jusqu'au hasta fino sino tot ate do indtil t.o.m tom asti saakka by up по до включительно inclusive including a 至 到 まで")
	backCues  = wordSet("back return returning returns returned again zuruck wieder erreichbar ruckkehr retour serai reviens rentre regreso vuelvo volvere regresare incorporo reincorporo vuelta rientro rientrero ritorno torno tornero terug weer aanwezig regresso volto retorno retornarei voltarei wracam wroce powrot bede tillbaka ater tilbage tilbake igjen igen palaan takaisin tavoitettavissa zpet vratim zpatky вернусь возвращаюсь буду возвращения available resume resuming reachable after 戻り 出社 回来 返回 disponible disponibile disponivel ab as")
)

// awayCue looks for words beside the tokens first to last that say what day it is:
// the last one away, or the one of the return. The nearer word wins.
func (s *scanner) awayCue(first, last int) int {
	if s.is(first, "do", "a") {
		return cueUntil // taken for an article
	}
	for j := first - 1; j >= 0 && j >= first-7; j-- {
		if s.punct(j, ".!?;") && j < first-1 && s.t[j+1].space && !(s.t[j-max(0, min(1, j))].kind == tokNumber) || s.t[j+1].lines > 1 {
			break
		}
		w := s.word(j)
		switch {
		case w == "a" && !s.is(j-1, "jusqu", "fino"), w == "do" && s.is(j-1, "i"), w == "by":
		case w == "as" && !s.is(j+1, "of"), w == "after" && !s.is(j-1, "available", "back", "return", "respond", "reply", "contact"):
			if w == "after" && !s.is(j-1, "until") { // "after 4 December": back the day after
				return cueUntil
			}
		case w == "ab" && s.is(j-1, "bis"):
		case w == "au" && s.is(j-1, "jusqu"), untilCues[w]:
			return cueUntil
		case backCues[w]:
			return cueBack
		}
	}
	for j := last; j < len(s.t) && j < last+6; j++ {
		if s.punct(j, ".!?;,") || s.t[j].lines > 1 {
			break
		}
		w := s.word(j)
		switch {
		case w == "ま" && s.is(j+1, "で"), w == "saakka", w == "asti":
			return cueUntil
		case w == "之" && s.is(j+1, "前"), w == "以" && s.is(j+1, "前"):
			return cueBack
		case w == "以" && s.is(j+1, "降"), w == "か" && s.is(j+1, "ら") && s.is(j+2, "出"), w == "after", w == "as", w == "ab":
		case backCues[w]:
			return cueBack
		}
	}
	if s.is(first-1, "至", "到") || s.is(first-1, "で") && s.is(first-2, "ま") {
		return cueUntil
	}
	return cueNone
}

// ranged reports that the tokens i to j join two days of an absence ("from 1
// December to 4 January").
func (s *scanner) ranged(i, j int) bool {
	if j < i || j-i > 4 {
		return false
	}
	for ; i < j; i++ {
		if s.punct(i, "-–—~〜") || s.is(i, "to", "through", "bis", "au", "al", "a", "tot", "ate", "do", "till", "til", "и", "по", "から", "至", "až", "az") {
			return true
		}
	}
	return false
}
