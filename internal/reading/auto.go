package reading

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// automatic judges answers by machines: by header, then by a subject that only
// they have, then by wording that no person who answers would use.
func (u *understanding) automatic() bool {
	subject := flatten(u.m.Subject)
	body, flat := u.body, u.flat
	if u.flat == "" {
		u.belowMark()
	}
	reason, cue := u.autoReason(subject)
	why := u.machine(subject, reason, cue)
	if why == "" {
		u.body, u.flat, u.scan = body, flat, nil
		return false
	}
	u.why(why)
	if u.body != body {
		u.r.Text = u.body
	}
	if reason == "" || reason == AutoStanding && cue == "" {
		reason = u.headerReason()
	}
	auto := &Auto{Reason: reason}
	if reason == AutoVacation || reason == AutoLeave || reason == AutoStanding && cue == "" {
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

// belowMark takes the whole text of a mail in which nothing seems newly written, unless it is a quote: help desks begin
// what they write with the mark below which an answer's quote begins.
func (u *understanding) belowMark() {
	for _, c := range u.r.Cut {
		if c.Reason == cutQuote || c.Reason == cutAttribution {
			return
		}
	}
	text, _ := u.m.Text()
	u.body = strings.TrimSpace(cutRunes(text, maxJudged))
	u.flat, u.scan = flatten(u.body), nil
}

// machine says why a message is taken for a machine's answer; "" if it is not.
func (u *understanding) machine(subject, reason, cue string) string {
	header := u.autoHeader()
	prefix := cmp.Or(startsAny(subject, autoSubjects), startsAny(strings.TrimLeft(subject, "[(【「『〔［（<*! "), autoSubjects))
	threaded := len(u.m.ThreadIDs()) > 0
	generated := autoSubmitted(u.m.Header) == "auto-generated"
	away := startsAny(subject, awaySubjects)
	switch {
	case header != "":
		return "a program answered by itself: " + header
	case prefix != "":
		return "the subject begins as automatic answers do: " + prefix
	case generated && (threaded || reason != ""):
		return "a program wrote it (Auto-Submitted: auto-generated, RFC 3834)"
	case u.nullPath() && (threaded || reason != "" || answers(u.m.Subject)):
		return "it has no return path, as what programs send"
	case !answers(u.m.Subject) && containsAny(subject, autoWithin) && !u.engaged():
		return "the subject says that it is automatic"
	case containsAny(u.flat, automaticWords) && !u.engaged():
		return "the text says that it is automatic"
	case noReplyAddress(u.m) && reason != "":
		return "nobody reads the address it came from"
	}
	if u.asks() || u.engaged() {
		return ""
	}
	weak := u.weakHeader()
	switch {
	case away != "" && (reason != "" || u.flat == ""):
		return "the subject begins as absence notices do: " + away
	case weak != "" && reason != "" && (reason != AutoTicket || u.thanks() || containsAny(u.flat, receivedWords)):
		return "programs mark what they send so: " + weak
	case reason == AutoChallenge && (containsAny(u.flat, linkWords) || challengeCues[cue]) && !u.greetsOwner():
		return "it wants proof that a person wrote, as such programs do"
	case u.personal():
		return ""
	case containsAny(u.flat, namedAutomatic) && reason != "" && !containsAny(u.flat, dealsWords):
		return "the text says that it is automatic"
	case threaded && strings.HasPrefix(weak, "Precedence"):
		return "programs mark what they send so: " + weak
	case reason == AutoTicket && containsAny(u.flat, receivedWords) && (containsAny(subject+" "+u.flat, ticketCues) || u.roleAddress()),
		reason == AutoTicket && startsAny(afterGreeting(u.flat), passiveWords) != "":
		return "it confirms that a mail arrived, as help desks do"
	case reason == AutoStanding && cue != "" && !containsAny(u.flat, dealsWords) && (u.thanks() || u.greetsNobody()):
		return "it only says when mail is read"
	case reason == AutoUnmonitored && containsAny(u.flat, thisMailbox), containsAny(u.flat, closedWords) && u.returns():
		return "it speaks of a mailbox or an office, and nothing else"
	case reason != "" && reason != AutoTicket && reason != AutoChallenge && u.ofItself(cue):
		return "it speaks of its sender as of somebody else"
	case (reason == AutoVacation || reason == AutoLeave || reason == AutoLeft || reason == AutoUnmonitored) && u.absenceAlone(cue):
		return "it only says that somebody is away, as machines do"
	}
	return ""
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

// hasWord finds w in s where it does not begin inside a word. "…" stands for a few words.
func hasWord(s, w string) bool {
	if first, second, gap := strings.Cut(w, "…"); gap {
		_, after, ok := strings.Cut(s, first)
		if !ok {
			return false
		}
		rest := cutRunes(after, 80)
		j := strings.Index(rest, second)
		return j >= 0 && !strings.ContainsAny(rest[:j], "!?")
	}
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
// call the owner by name, answer above a quote.
func (u *understanding) personal() bool {
	if u.asks() || u.engaged() || u.greetsOwner() {
		return true
	}
	for _, c := range u.r.Cut {
		if c.Reason == cutQuote || c.Reason == cutAttribution {
			return true
		}
	}
	return false
}

// asks reports a question. "Urgent?" and "Need help?" are none: notices have them.
func (u *understanding) asks() bool {
	rest := u.flat
	for {
		i := strings.IndexAny(rest, "?？")
		if i < 0 {
			return false
		}
		if i+1 < len(rest) && rest[i] == '?' && strings.IndexByte(" \"')?!", rest[i+1]) < 0 { // of a link
			rest = rest[i+1:]
			continue
		}
		if after := rest[i+1:]; startsAny(after, []string{"\"", "”", "»", "'", "“", ")"}) != "" { // of a subject that is named
			rest = after
			continue
		}
		question := rest[:i]
		if j := strings.LastIndexAny(question, ".!\n"); j >= 0 {
			question = question[j+1:]
		}
		if len(question) > 60 || !containsAny(question, noticeQuestions) {
			return true
		}
		rest = rest[i+1:]
	}
}

// greetsOwner reports that the first words call the one by name to whom it is addressed.
func (u *understanding) greetsOwner() bool {
	head := u.flat[:min(len(u.flat), 60)]
	if end := strings.IndexAny(head, ",.!:;"); end >= 0 {
		head = head[:end]
	}
	words := strings.Fields(head)
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	greets := greetings[words[0]]
	for _, p := range u.m.To {
		for _, name := range append(strings.Fields(fold(p.Name)), strings.FieldsFunc(fold(p.Address.Local()), func(r rune) bool { return r == '.' || r == '_' || r == '-' || r == '+' })...) {
			if len(name) > 2 && (greets && slices.Contains(words, name) || words[0] == name) {
				return true
			}
		}
	}
	return false
}

var greetings = wordSet("hi hello hey dear hallo liebe lieber guten sehr bonjour salut cher chere hola querida querido estimada estimado buenos buenas ciao cara caro gentile buongiorno beste geachte ola prezada prezado hej hei kara kaera czesc dzien witam szanowna dobry ahoj mila vazena здравствуйте добрый уважаемая привет good")

// absenceAlone judges wording without any header. It is a machine's only if it
// opens with the absence, in the present, in the set phrases of such notices, and
// says nothing else. In doubt it is a person's: they are asked to be read, a
// machine is not.
func (u *understanding) absenceAlone(cue string) bool {
	if cue == "" {
		return false
	}
	cue, _, _ = strings.Cut(cue, "…")
	at := strings.Index(u.flat, cue)
	if containsAny(u.flat, dealsWords) || at < 0 || at > 300 || len(u.flat) > 3000 {
		return false
	}
	set := 0
	for _, w := range noticeWords {
		if strings.Contains(u.flat, w) {
			set++
		}
	}
	if set == 0 && u.greetsNobody() {
		set = 1
	}
	thanks := u.thanks()
	return set > 1 || (thanks || set > 0 && at < 120) && (set > 0 && thanks || u.returns())
}

// thanks reports that it begins by thanking for the mail, as notices do.
func (u *understanding) thanks() bool { return startsAny(afterGreeting(u.flat), thanksWords) != "" }

// returns reports that the end of an absence is named.
func (u *understanding) returns() bool {
	until, _ := u.lastDayAway()
	return !until.IsZero()
}

// greetsNobody reports a greeting for whoever may have written.
func (u *understanding) greetsNobody() bool { return startsAny(u.flat, openGreetings) != "" }

// roleAddress reports an address that is an office's, not a person's.
func (u *understanding) roleAddress() bool {
	for _, p := range u.m.From {
		if local, _, _ := strings.Cut(strings.ToLower(p.Address.Local()), "+"); roleNames[local] {
			return true
		}
	}
	return false
}

// ofItself reports that the words that say why nobody answers follow the sender's own name: "Jane Doe is out of the
// office". A person says I.
func (u *understanding) ofItself(cue string) bool {
	cue, _, _ = strings.Cut(cue, "…")
	at := strings.Index(u.flat, cue)
	if at < 0 || cue == "" {
		return false
	}
	head := u.flat[max(0, at-48):at]
	if i := strings.LastIndexAny(head, ".!;:"); i >= 0 {
		head = head[i+1:]
	}
	words := strings.FieldsFunc(head, func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' })
	if slices.Contains(words, "i") || slices.Contains(words, "ich") || slices.Contains(words, "je") {
		return false
	}
	for _, p := range u.m.From {
		names := strings.Fields(fold(p.Name))
		for _, name := range append(names, strings.FieldsFunc(fold(p.Address.Local()), func(r rune) bool { return r == '.' || r == '_' })...) {
			if len(name) > 2 && slices.Contains(words, name) && !roleNames[name] {
				return true
			}
		}
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
