package command

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"askwell/internal/message"
)

// fill reads what follows the verb and WHO in the verb's own shape.
func (g *grammar) fill(p parsed, sub subject) parsed {
	p.Verb = p.entry.Verb
	p.Who, p.form, p.known, p.sep = sub.who, sub.form, sub.known, p.sep || sub.sep
	switch p.entry.shape {
	case shapeWho, shapeReason:
		p.Rest = remark(sub.rest)
	case shapeText, shapeUpdate:
		p.Rest = tidy(sub.rest)
	case shapeTalk:
		p = g.talk(p, sub.rest)
	case shapeSnooze:
		p = g.snooze(p, sub.rest)
	case shapePick:
		p = g.pick(p, sub.rest)
	case shapeSet:
		p = g.set(p, sub.rest)
	case shapeAddress:
		p = g.address(p, sub.rest)
	case shapePerson:
		p = g.person(p, sub.rest)
	case shapeRefer:
		p = g.refer(p, sub.rest)
	case shapeWord:
		return g.words(p, sub.rest)
	}
	if !p.ok() {
		return p
	}
	if p.entry.shape == shapeUpdate && len(p.Who) > 0 {
		return p.problem("an update is for everybody who is due; a note about one contact is: note "+p.Who[0].Text+" TEXT",
			"note "+p.Who[0].Text+" "+p.Rest)
	}
	if len(p.Who) > 1 && !p.entry.Many {
		return p.problem(string(p.Verb) + " takes one contact at a time")
	}
	if p.entry.NeedsWho && len(p.Who) == 0 && (p.Person == nil || p.Verb == VerbRefer) {
		if g.under > 0 {
			p.Who = []Who{{Number: g.under}}
		} else if !g.o.About {
			return p.problem("which contact? Put the number, the name or the address with it: "+string(p.Verb)+" WHO",
				"help "+string(p.Verb))
		}
	}
	return p
}

// words reads undo, list, digest and help: at most three words, and after another spelling none.
func (g *grammar) words(p parsed, rest string) parsed {
	if rest = remark(rest); strings.HasSuffix(bareWord(rest), " please") {
		rest = rest[:strings.LastIndexByte(rest, ' ')]
	}
	if p.Verb == VerbUndo {
		n := strings.TrimPrefix(rest, "#")
		switch {
		case len(p.Who) == 1 && p.Who[0].Number > 0 && rest == "":
			p.N = p.Who[0].Number
		case len(p.Who) > 0:
			return p.problem("undo takes the number of a change, as the receipt has it", "undo", "help undo")
		case rest == "" || bareWord(rest) == "last" || bareWord(rest) == "that":
		default:
			v, err := strconv.Atoi(strings.TrimRight(n, ".!"))
			if err != nil || v < 1 {
				return p.problem("undo takes the number of a change, as the receipt has it", "undo", "help undo")
			}
			p.N = v
		}
		p.Who, p.form, p.strict = nil, formNone, true
		return p
	}
	if len(p.Who) > 0 || len(strings.Fields(rest)) > 3 || (!p.canonical && rest != "") {
		return p.problem("more words than "+string(p.Verb)+" takes", string(p.Verb))
	}
	p.Rest = strings.TrimRight(rest, ".!?")
	return p
}

var (
	numberLetter = regexp.MustCompile(`^\(?#?(\d{1,4})?[ .:-]*\(?([a-hA-H])\)?[.!)]*(?i: ?,? (?:please|pls|thanks|thx))?$`)
	ordinalOnly  = regexp.MustCompile(`(?i)^(?:the )?(first|second|third|fourth|fifth)(?: one| time| option)?(?: please)?[.!]*$`)
	letterRest   = regexp.MustCompile(`^\(?([a-zA-Z])\)?(?:[ .!,)]+(.*))?$`)
	gluedPick    = regexp.MustCompile(`^\(?#?(\d{1,4})[.:-]?([a-zA-Z])\b(.*)$`)
)

// pick reads the letter of a proposed time: "2b", "2 b", "b", "2 the first"; a place may follow.
func (g *grammar) pick(p parsed, rest string) parsed {
	s := strings.TrimLeft(rest, " :,.-")
	if m := gluedPick.FindStringSubmatch(s); m != nil && len(p.Who) == 0 {
		n, _ := strconv.Atoi(m[1])
		if n > 0 {
			p.Who, p.form, p.known = []Who{{Number: n, Text: m[1]}}, formNumber, true
			s = m[2] + m[3]
		}
	}
	for range 2 {
		s, _ = cutPrefixWord(s, "the", "option", "proposal", "time", "slot", "letter", "with", "for")
	}
	tail := ""
	if m := letterRest.FindStringSubmatch(s); m != nil {
		p.Pick, tail = strings.ToLower(m[1]), m[2]
	} else if first, after, _ := strings.Cut(s, " "); ordinals[bareWord(first)] != "" {
		p.Pick, tail = ordinals[bareWord(first)], after
	} else {
		return p.problem("which of the proposed times? Say its letter, as in: pick "+whoText(p, "")+"a", "help pick")
	}
	tail = strings.TrimSpace(tail)
	if after, ok := cutPrefixWord(tail, "please", "pls", "one", "thanks", "time", "option"); ok {
		tail = after
	}
	place, rest, ok := placeOf(tail)
	if !ok {
		return p.problem("after the letter only a place can follow: pick "+whoText(p, "")+p.Pick+" at PLACE",
			"pick "+whoText(p, "")+p.Pick)
	}
	p.Place, p.Rest, p.strict = place, rest, true
	return p
}

var ordinals = map[string]string{
	"first": "a", "1st": "a", "second": "b", "2nd": "b", "third": "c", "3rd": "c", "fourth": "d", "4th": "d",
	"fifth": "e", "5th": "e",
}

// remark is what follows a WHO that needs nothing more; words that say nothing ("please", "this one") are none.
func remark(s string) string {
	s = tidy(s)
	for w := range strings.FieldsSeq(s) {
		switch bareWord(w) {
		case "please", "pls", "thanks", "thx", "now", "it", "this", "that", "one", "him", "her", "them", "me", "":
		default:
			return s
		}
	}
	return ""
}

// whoText is WHO as written, with a space behind it.
func whoText(p parsed, none string) string {
	if len(p.Who) == 0 || p.Who[0].Text == "" {
		return none
	}
	return p.Who[0].Text + " "
}

// setFields are the names of the fields that set knows.
var setFields = map[string]string{
	"name": "name", "fullname": "name", "role": "role", "job": "role", "title": "role", "position": "role",
	"organisation": "organisation", "organization": "organisation", "org": "organisation", "company": "organisation",
	"employer": "organisation", "firm": "organisation", "field": "field", "area": "field", "industry": "field",
	"timezone": "timezone", "zone": "timezone", "tz": "timezone", "closeness": "closeness", "relation": "closeness",
	"via": "referred_by", "referrer": "referred_by", "referred_by": "referred_by", "referred-by": "referred_by",
	"address": "address", "email": "address", "mail": "address", "e-mail": "address",
}

// set reads FIELD VALUE; "-" or "none" clears the field.
func (g *grammar) set(p parsed, rest string) parsed {
	s := strings.TrimLeft(rest, " :,.")
	s, _ = cutPrefixWord(s, "the", "his", "her", "their")
	word, value := s, ""
	if i := strings.IndexAny(s, " :="); i >= 0 {
		word, value = s[:i], s[i:]
	}
	switch w := strings.ToLower(word); {
	case w == "time" && strings.HasPrefix(strings.ToLower(value), " zone"):
		word, value = "timezone", value[len(" zone"):]
	case w == "referred" && strings.HasPrefix(strings.ToLower(value), " by"):
		word, value = "via", value[len(" by"):]
	}
	field := setFields[strings.ToLower(word)]
	if field == "" {
		return p.problem("set what? One of name, role, organisation, field, timezone, closeness, via: set " +
			whoText(p, "WHO ") + "role head of data")
	}
	value = strings.TrimLeft(value, " :=")
	if after, ok := cutPrefixWord(value, "to", "is"); ok && after != "" {
		value = after
	}
	value = unquote(strings.TrimSpace(value))
	if value == "" {
		return p.problem("set "+field+" to what?", "help set")
	}
	if field == "address" {
		p.Verb, p.entry = VerbAddress, entryOf(VerbAddress)
		return g.address(p, value)
	}
	switch strings.ToLower(value) {
	case "-", "none", "nothing", "empty", `""`:
		value = ""
	}
	if field == "closeness" {
		c, _, ok := closenessOf(value)
		if !ok {
			return p.problem("closeness is close, known, referred or cold")
		}
		value = c
	}
	p.Field, p.Value, p.strict = field, value, true
	return p
}

// address reads the address to add; what stands before it is WHO.
func (g *grammar) address(p parsed, rest string) parsed {
	s := strings.TrimRight(strings.TrimLeft(rest, " :,.="), " .!,;")
	s, _ = cutPrefixWord(s, "to", "is")
	i := strings.LastIndexAny(s, " <:=")
	tok := strings.TrimSuffix(s[i+1:], ">")
	a, err := message.ParseAddress(tok)
	if err != nil {
		return p.problem("which address? As in: address "+whoText(p, "WHO ")+"jane@example.org", "help address")
	}
	before := strings.TrimRight(s[:i+1], " <:=,-–")
	if after, ok := strings.CutSuffix(before, " to"); ok {
		before = strings.TrimSpace(after)
	}
	if before != "" {
		if len(p.Who) > 0 {
			return p.problem("which address? As in: address " + whoText(p, "WHO ") + string(a))
		}
		subs, err := g.exact(before, tight)
		if err != nil || len(subs) == 0 || tidy(subs[0].rest) != "" {
			sub, ok := g.subjectTo(before, len(before))
			if !ok || (!g.knows(before) && !nameLike(before, false)) {
				return p.problem("whose address? As in: address WHO " + string(a))
			}
			sub.known = g.knows(before)
			subs = []subject{sub}
		}
		p.Who, p.form, p.known = subs[0].who, subs[0].form, subs[0].known
	}
	p.Value, p.strict = string(a), true
	return p
}

// person reads ask and add: a WHO, or somebody described.
func (g *grammar) person(p parsed, rest string) parsed {
	if len(p.Who) == 1 && p.form == formAddress && strings.Contains(p.Who[0].Text, "<") {
		rest, p.Who, p.form = p.Who[0].Text+" "+rest, nil, formNone // WHO VERB with the whole person before it
	}
	if len(p.Who) > 0 && (p.form != formAddress || tidy(rest) == "") {
		p.Rest = tidy(rest)
		if p.form == formNumber && strings.Contains(p.Rest, "@") && p.Verb == VerbAdd {
			return p.problem("to give a contact one more address: address "+whoText(p, "WHO ")+"ADDRESS", "help address")
		}
		return p
	}
	if len(p.Who) == 1 {
		rest, p.Who, p.form = string(p.Who[0].Address)+" "+rest, nil, formNone
	}
	s := tidy(rest)
	if whos, after, ok := addresses(s); ok && p.Verb == VerbAsk && tidy(after) == "" && !strings.Contains(s, "<") {
		p.Who, p.form, p.known, p.strict = whos, formAddress, true, true
		return p
	}
	if s == "" && p.Verb == VerbAsk && g.guess() {
		return p // the contact of the item or of the mail
	}
	people, left := describe(s)
	if len(people) == 0 {
		return p.problem("whom? As in: "+string(p.Verb)+" Jane Doe <jane@example.org>, friend, editor at Acme",
			"help "+string(p.Verb))
	}
	first := people[0]
	if first.Address == "" {
		detailed := first != Person{Name: first.Name}
		if !p.canonical || !nameLike(first.Name, false) || (p.Verb == VerbAsk && (!detailed || g.knows(first.Name))) {
			return p.problem("at which address? As in: "+string(p.Verb)+" "+short(cutName(s), 40)+" <ADDRESS>",
				"help "+string(p.Verb))
		}
	}
	p.Person, p.more, p.Rest = &first, people[1:], left
	p.known, p.strict = p.known || first.Address != "", first.Address != ""
	return p
}

func cutName(s string) string {
	if i := strings.IndexAny(s, ",:;<"); i > 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// refer reads the person whom WHO recommended.
func (g *grammar) refer(p parsed, rest string) parsed {
	s := tidy(rest)
	s, _ = cutPrefixWord(s, "me to", "to", "me")
	people, left := describe(s)
	if len(people) == 0 || (people[0].Address == "" && !nameLike(people[0].Name, false)) {
		if s == "" {
			return p // the people may stand on the lines below
		}
		return p.problem("recommended whom? As in: refer "+whoText(p, "WHO ")+"Bob Roe <bob@example.org>", "help refer")
	}
	p.Person, p.more, p.Rest = &people[0], people[1:], left
	p.strict = people[0].Address != ""
	return p
}

// placeOf reads "at Zoom https://…"; ok is false if s is something else.
func placeOf(s string) (place, rest string, ok bool) {
	s = strings.TrimLeft(s, " ,;–—-")
	if s == "" {
		return "", "", true
	}
	for _, sep := range []string{"@ ", "at ", "in ", "on ", "via ", "over ", "per ", "by ", "place: ", "place "} {
		if len(s) > len(sep) && strings.EqualFold(s[:len(sep)], sep) {
			return tidy(strings.TrimLeft(s[len(sep):], " :")), "", true
		}
	}
	if strings.HasPrefix(s, "@") || strings.Contains(s, "://") {
		return strings.TrimLeft(s, "@ "), "", true
	}
	if r, _ := utf8.DecodeRuneInString(s); unicode.IsUpper(r) || phone.MatchString(s) || placeWord[bareWord(strings.Fields(s)[0])] {
		return strings.TrimSpace(s), "", true
	}
	return "", s, false
}

var (
	phone     = regexp.MustCompile(`^\+?[\d ()/-]{6,}$`)
	placeWord = map[string]bool{
		"zoom": true, "teams": true, "skype": true, "meet": true, "phone": true, "call": true, "her": true, "his": true,
		"their": true, "my": true, "the": true, "webex": true, "facetime": true, "whatsapp": true, "signal": true,
		"jitsi": true, "online": true, "video": true, "café": true, "cafe": true, "room": true, "office": true,
	}
)
