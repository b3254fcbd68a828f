package command

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// knows asks whether a name fits any contact.
func (g *grammar) knows(name string) bool {
	name = trimName(name)
	if g.o.Known == nil || name == "" || len(name) > 120 {
		return false
	}
	known, asked := g.asked[name]
	if !asked {
		known = g.o.Known(name)
		g.asked[name] = known
	}
	return known
}

// trimName takes off what stands around a name, and the s of "Jane's".
func trimName(s string) string {
	s = strings.Trim(s, " ,:;!?\"'“”„«»*_()")
	return strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s")
}

// named reads a name at the start of s: the longest prefix that is known; else up to the first separator; else one word
// if text may follow (text), or everything. Ok is false if there is nothing that could be a name.
func (g *grammar) named(s string, text bool) (subject, bool) {
	s = strings.TrimLeft(s, " ")
	ws := fields(s, 6)
	if len(ws) == 0 {
		return subject{}, false
	}
	if sub, ok := g.knownPrefix(s, ws); ok {
		return sub, true
	}
	if g.guess() {
		return subject{}, false
	}
	end := ws[len(ws)-1].to
	if text {
		end = ws[0].to
	}
	for i, w := range ws {
		tok := s[w.from:w.to]
		if p := strings.IndexAny(tok, ":,"); p >= 0 {
			end = w.from + p
			break
		}
		if i > 0 && hasDash(s[w.from:]) {
			end = ws[i-1].to
			break
		}
	}
	sub, ok := g.subjectTo(s, end)
	return sub, ok && !notNames[bareWord(strings.Fields(sub.who[0].Name)[0])]
}

// guess tells whether a missing WHO is more likely than a name that fits nobody.
func (g *grammar) guess() bool { return g.o.About || g.under > 0 }

// knownPrefix finds the longest known name, or known names with commas between them, at the start of s.
func (g *grammar) knownPrefix(s string, ws []word) (subject, bool) {
	if g.o.Known == nil {
		return subject{}, false
	}
	for k := len(ws); k > 0; k-- {
		name := s[ws[0].from:ws[k-1].to]
		inner := strings.TrimRight(name, ".,:;!?")
		if strings.ContainsAny(inner, ":;") {
			if p := strings.IndexAny(inner, ":;"); k > 1 || !g.knows(inner[:p]) {
				continue
			} else if sub, ok := g.subjectTo(s, p); ok {
				sub.known = true
				return sub, true
			}
			continue
		}
		if !g.knows(name) {
			if strings.HasSuffix(name, ".") && g.knows(inner) {
				name = inner
			} else if lower, ok := strings.CutSuffix(inner, "'s"); ok && g.knows(lower) {
				name = lower
			} else {
				continue
			}
		}
		if strings.HasSuffix(name, ",") || strings.HasSuffix(name, ":") {
			name = name[:len(name)-1]
		}
		sub, ok := g.subjectTo(s, ws[0].from+len(name))
		sub.known = ok
		return sub, ok
	}
	return subject{}, false
}

// subjectTo makes a name of s[:end].
func (g *grammar) subjectTo(s string, end int) (subject, bool) {
	name := trimName(s[:end])
	if r, _ := utf8.DecodeRuneInString(name); !unicode.IsLetter(r) && r != '\'' {
		return subject{}, false
	}
	return subject{
		who: []Who{{Name: name, Text: strings.TrimSpace(s[:end])}}, form: formName, rest: s[end:], sep: separated(s[end:]),
	}, true
}

// several reads a list of names, each of them known: "Jane Doe, Bob and Eve Lin".
func (g *grammar) several(s string) (subject, bool) {
	if g.o.Known == nil || len(s) > 1000 || !listMark.MatchString(s) {
		return subject{}, false
	}
	sub := subject{form: formName, known: true}
	for _, part := range listMark.Split(s, maxNumbers+1) {
		part = strings.TrimRight(part, " .!")
		if !g.knows(part) {
			return subject{}, false
		}
		sub.who = append(sub.who, Who{Name: trimName(part), Text: part})
	}
	return sub, len(sub.who) > 1 && len(sub.who) <= maxNumbers
}

var listMark = regexp.MustCompile(`\s*(?:[,;&]|\b(?:and|und|et)\b)\s*`)

// notNames are words that no name starts with or consists of.
var notNames = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`i i'm i've i'd i'll we you he she it they this that these those the a an my your his her
		our their and or but if so then there here what who when where why how can could would will shall should may might
		must do did does is are was were be been have has had not no yes just please thanks thank also too very really for
		of to in on at by with from about into as great good nice bad fine ok well some any all none many much such lots more most one two three
		let's lets me him them us hi hello hey dear today tomorrow yesterday now next last first new old talk sorry`) {
		m[w] = true
	}
	return m
}()

// nameLike tells whether a text could be the name of somebody: one to five words of letters, none of them a common word,
// and capitals where strict.
func nameLike(s string, strict bool) bool {
	ws := strings.Fields(s)
	if len(ws) == 0 || len(ws) > 5 {
		return false
	}
	for i, w := range ws {
		if notNames[bareWord(w)] {
			return false
		}
		letters := 0
		for _, r := range w {
			switch {
			case unicode.IsLetter(r) || unicode.IsMark(r):
				letters++
			case !strings.ContainsRune(".'’-", r):
				return false
			}
		}
		if letters == 0 {
			return false
		}
		r, _ := utf8.DecodeRuneInString(w)
		if strict && !unicode.IsUpper(r) && !unicode.Is(unicode.Lo, r) && (i == 0 || i == len(ws)-1 || len(w) > 4) {
			return false
		}
	}
	return true
}
