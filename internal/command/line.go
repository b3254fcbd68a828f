package command

import (
	"slices"
	"strconv"
	"strings"
)

// grammar reads single lines. Under is the number of the quoted item that the line stands below, 0 if none.
type grammar struct {
	o     Options
	under int
	asked map[string]bool // what Known has said
}

func newGrammar(o Options) *grammar { return &grammar{o: o, asked: map[string]bool{}} }

// order is where the verb stands.
type order uint8

const (
	verbFirst order = iota
	whoFirst
)

// parsed is a line and how it was written, which decides whether it is a command where free text is possible.
type parsed struct {
	Line
	entry     *Entry // nil if no verb was recognised
	order     order
	form      form
	known     bool     // WHO is a number, an address, or a name that is known
	canonical bool     // the verb is written as in the table
	sep       bool     // a colon or its like stands before the text
	strict    bool     // the text has a form of its own, and fits it: a time, a person, a field
	slip      bool     // a WHO and a word that is one slip away from a verb
	more      []Person // further people of the same line
}

// ok tells whether the line is understood.
func (p parsed) ok() bool { return p.Verb != "" }

// problem turns p into a line that is not understood.
func (p parsed) problem(text string, nearest ...string) parsed {
	p.Verb, p.Problem, p.Nearest = "", text, nearest
	return p
}

// line reads one line. Of several readings the first that is understood counts, else the first that has a verb.
func (g *grammar) line(text string) parsed {
	s := bullet(clean(text))
	best := parsed{Line: Line{Text: clean(text)}}
	for _, read := range []func(string) (parsed, bool){g.numbered, g.verbFirst, g.whoFirst, g.nameFirst, g.bareAnswer} {
		p, ok := read(s)
		if !ok {
			continue
		}
		p.Text = best.Text
		if p.ok() {
			return p
		}
		if best.entry == nil {
			best = p
		}
	}
	if best.Problem == "" {
		best = g.unknown(s, best)
	}
	return best
}

// numbered reads "1. ask Jane Doe <jane@example.org>" as an item of the owner's own list, not as contact 1.
func (g *grammar) numbered(s string) (parsed, bool) {
	list, ends, err := numbers(s, tight)
	if err != nil || len(list) != 1 || ends[0] >= len(s) || !strings.ContainsRune(".)", rune(s[ends[0]])) {
		return parsed{}, false
	}
	rest := strings.TrimLeft(s[ends[0]+1:], " ")
	if subs, err := g.exact(rest, spaced); err == nil && len(subs) > 0 {
		if p, ok := g.whoFirst(rest); ok && p.ok() {
			return p, true
		}
	}
	if f, ok := verbAt(rest); ok && f.canonical && (f.entry.shape == shapePerson || f.entry.shape == shapeRefer) {
		if p, ok := g.verbFirst(rest); ok && p.ok() && p.Person != nil {
			return p, true
		}
	}
	return parsed{}, false
}

// verbFirst reads VERB WHO [TEXT] and VERB [TEXT].
func (g *grammar) verbFirst(s string) (parsed, bool) {
	f, ok := verbAt(s)
	if !ok {
		return parsed{}, false
	}
	base := parsed{entry: f.entry, canonical: f.canonical, order: verbFirst}
	rest := strings.TrimLeft(f.rest, " :=")
	if f.entry.shape == shapeWho || f.entry.shape == shapeReason {
		rest, _ = cutPrefixWord(rest, "to", "for", "me", "about", "with")
	}
	if f.entry.shape == shapeUpdate || f.entry.shape == shapeWord || f.entry.Verb == VerbAdd {
		base.sep = f.colon
		return g.fill(base, subject{rest: rest}), true
	}
	var first parsed
	try := func(sub subject) (parsed, bool) {
		sub.sep = sub.sep || sub.form == formNone && f.colon
		p := g.fill(base, sub)
		if p.ok() {
			return p, true
		}
		if first.entry == nil || (first.form == formNone && p.form != formNone) {
			first = p
		}
		return p, false
	}
	how := tight
	switch f.entry.shape {
	case shapeWho, shapePerson:
		how = spaced
	case shapeReason, shapeTalk, shapeSnooze, shapePick, shapeSet, shapeAddress:
		how = loose
	case shapeText, shapeRefer, shapeUpdate, shapeWord:
	}
	subs, err := g.exact(rest, how)
	if err != nil {
		return base.problem(err.Error()), true
	}
	if f.entry.shape == shapeRefer { // the only address is that of the person recommended
		subs = slices.DeleteFunc(subs, func(sub subject) bool {
			return sub.form == formAddress && !strings.Contains(sub.rest, "@")
		})
	}
	// "snooze 1 feb" in a mail about one contact is a day, not contact 1.
	if g.guess() && f.entry.shape == shapeSnooze {
		if p, ok := try(subject{rest: rest}); ok && p.Rest == "" {
			return p, true
		}
	}
	if f.entry.shape == shapePick || f.entry.shape == shapeAddress || f.entry.shape == shapePerson {
		if p, ok := try(subject{rest: rest}); ok {
			return p, true
		}
	}
	for _, sub := range subs {
		if p, ok := try(sub); ok {
			return p, true
		}
	}
	if len(subs) == 0 {
		for _, sub := range g.names(f.entry, rest) {
			if p, ok := try(sub); ok {
				return p, true
			}
		}
	}
	if p, ok := try(subject{rest: rest}); ok {
		return p, true
	}
	return first, true
}

// names are the readings of a WHO that is a name, behind a verb.
func (g *grammar) names(e *Entry, rest string) []subject {
	var out []subject
	if e.Many {
		ws := fields(rest, 12)
		for _, w := range slices.Backward(ws) {
			if sub, ok := g.several(strings.TrimRight(rest[:w.to], ":,")); ok {
				sub.rest, sub.sep = rest[w.to:], strings.HasSuffix(rest[:w.to], ":") || separated(rest[w.to:])
				out = append(out, sub)
				break
			}
		}
	}
	switch e.shape {
	case shapeTalk, shapeSnooze, shapeSet, shapePick, shapeAddress:
		if g.o.Known != nil {
			if sub, ok := g.knownPrefix(rest, fields(rest, 6)); ok {
				out = append(out, sub)
			}
		}
		if g.guess() {
			return out
		}
		timed := e.shape == shapeTalk || e.shape == shapeSnooze
		for _, w := range fields(rest, 6) { // the shortest name behind which the rest has its form
			if sub, ok := g.subjectTo(rest, w.to); ok {
				if _, _, when := g.when(sub.rest); when || !timed {
					out = append(out, sub)
				}
			}
		}
		if timed && len(out) == 0 {
			if sub, ok := g.named(rest, true); ok {
				out = append(out, sub)
			}
		}
	case shapeReason:
		if sub, ok := g.named(rest, false); ok {
			out = append(out, sub)
		}
	default:
		if sub, ok := g.named(rest, e.TakesText || e.shape == shapeRefer); ok {
			out = append(out, sub)
		}
	}
	return out
}

// whoFirst reads WHO VERB [TEXT] where WHO needs no guess.
func (g *grammar) whoFirst(s string) (parsed, bool) {
	subs, err := g.exact(s, spaced)
	if err != nil {
		return parsed{}.problem(err.Error()), true
	}
	for _, sub := range subs {
		rest := strings.TrimLeft(sub.rest, " .:)],;-–—>")
		f, ok := verbAt(rest)
		if !ok {
			f, ok = verbAt(auxiliary(rest))
		}
		if !ok {
			continue
		}
		sub.rest, sub.sep = f.rest, f.colon
		return g.fill(parsed{entry: f.entry, canonical: f.canonical, order: whoFirst}, sub), true
	}
	return parsed{}, false
}

// nameFirst reads NAME VERB [TEXT].
func (g *grammar) nameFirst(s string) (parsed, bool) {
	type split struct {
		name string
		f    found
	}
	var splits []split
	for i, w := range fields(s, 8) {
		if i == 0 {
			continue
		}
		if f, ok := verbAt(s[w.from:]); ok {
			splits = append(splits, split{strings.TrimSpace(s[:w.from]), f})
		}
	}
	fill := func(sp split, subs ...subject) parsed {
		sub := subs[0]
		sub.rest, sub.sep = sp.f.rest, sp.f.colon
		return g.fill(parsed{entry: sp.f.entry, canonical: sp.f.canonical, order: whoFirst}, sub)
	}
	var first parsed
	for _, sp := range slices.Backward(splits) { // the longest known name: "Grace Close met …"
		name := trimAuxiliary(sp.name)
		if sub, ok := g.several(name); ok && sp.f.entry.Many {
			return fill(sp, sub), true
		}
		for _, n := range []string{name, stripFiller(name)} {
			if !g.knows(n) {
				continue
			}
			p := fill(sp, subject{who: []Who{{Name: trimName(n), Text: n}}, form: formName, known: true})
			if p.ok() {
				return p, true
			}
			if first.entry == nil {
				first = p
			}
		}
	}
	if g.o.Bare == "" {
		for _, sp := range splits {
			name := trimAuxiliary(sp.name)
			if !nameLike(strings.Trim(name, ",:"), false) {
				continue
			}
			p := fill(sp, subject{who: []Who{{Name: trimName(name), Text: name}}, form: formName})
			if p.ok() {
				return p, true
			}
			if first.entry == nil {
				first = p
			}
		}
	}
	return first, first.entry != nil
}

// auxiliary takes the words off that stand between a WHO and what happened: "2 was a no show", "3 has declined".
func auxiliary(s string) string {
	for range 3 {
		s, _ = cutPrefixWord(s, "is", "was", "has", "had", "have", "are", "were", "a", "just", "we", "i")
	}
	return s
}

func trimAuxiliary(s string) string {
	ws := strings.Fields(s)
	for len(ws) > 1 && slices.Contains([]string{"is", "was", "has", "had", "a", "just"}, bareWord(ws[len(ws)-1])) {
		ws = ws[:len(ws)-1]
	}
	return strings.Join(ws, " ")
}

// stripFiller takes polite and personal words off the start of a line.
func stripFiller(s string) string {
	for range 4 {
		rest, ok := cutPrefixWord(s, "please", "pls", "plz", "i've", "i have", "i", "we've", "we have", "we", "just", "also",
			"and", "then", "now", "so", "ok", "ok,", "oh,", "can you", "could you", "would you", "please,", "kindly")
		if !ok || rest == "" {
			return s
		}
		s = rest
	}
	return s
}

// bareAnswer reads answers of one word without a verb: "2b", and in a mail about one contact "b".
func (g *grammar) bareAnswer(s string) (parsed, bool) {
	m := numberLetter.FindStringSubmatch(s)
	if o := ordinalOnly.FindStringSubmatch(s); o != nil && g.o.About {
		m = []string{s, "", ordinals[strings.ToLower(o[1])]}
	}
	if m == nil || (m[1] == "" && !g.o.About) || strings.HasPrefix(m[1], "0") {
		return parsed{}, false
	}
	p := parsed{entry: entryOf(VerbPick), order: whoFirst, strict: true, known: true}
	p.Pick = strings.ToLower(m[2])
	if m[1] != "" {
		n, _ := strconv.Atoi(m[1])
		p.Who, p.form = []Who{{Number: n, Text: m[1]}}, formNumber
	}
	p.Verb = VerbPick
	return p, true
}
