package command

import (
	"iter"
	"strconv"
	"strings"
)

// Parse reads the newly written text of a mail. It never fails: what is not understood is a Line with a Problem. See the
// package comment for what counts as a command.
func Parse(text string, o Options) []Line {
	r := &reader{g: newGrammar(o), bareAlone: o.Bare}
	cut := len(text) > maxBytes
	if cut {
		text = text[:maxBytes]
	}
	for line := range lineSeq(text) {
		if len(r.lines) == maxLines {
			cut = true
			break
		}
		r.lines = append(r.lines, line)
	}
	r.marks = newQuotation(o.Quoted).marks(r.lines)
	r.read()
	if cut && !r.stopped {
		r.out = append(r.out, Line{Problem: "the mail is longer than is read: " + strconv.Itoa(maxLines) + " lines, " +
			strconv.Itoa(maxBytes>>10) + " kB"})
	}
	return r.out
}

// lineSeq yields the lines of a text, whatever ends them.
func lineSeq(text string) iter.Seq[string] {
	text = strings.TrimPrefix(strings.ToValidUTF8(text, "\uFFFD"), "\uFEFF")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n").Replace(text)
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if !yield(line) {
				return
			}
		}
	}
}

// reader goes through the lines of one mail.
type reader struct {
	g       *grammar
	lines   []string
	marks   []mark
	out     []Line
	open    *open   // the command that takes the lines below it
	people  *parsed // ask, add or refer, whose next line may be one more person
	blank   bool    // an empty line stood before this one
	begun   bool    // something was read
	ending  bool    // below a closing: only what is clearly a command counts
	at      int     // the line that is read
	unknown int
	stopped bool

	bareAlone Verb // Options.Bare, which an item may overrule
}

// open is a command whose text goes on.
type open struct {
	parsed
	explicit bool // with a verb, not Options.Bare
	text     []string
}

func (r *reader) read() {
	for i := range r.lines {
		if r.stopped || (r.marks[i].kind == kindNew && foreign(r.lines, i)) {
			break
		}
		if r.marks[i].kind != kindNew {
			r.quoted(r.marks[i])
			continue
		}
		t := clean(r.lines[i])
		r.at = i
		switch {
		case t == "":
			r.blank = true
			r.people = nil
			if r.open != nil {
				r.open.text = append(r.open.text, "")
				if r.open.entry.shape == shapeReason && !r.bareText() {
					r.finish()
				}
			}
			continue
		case attribution(r.lines, r.marks, i), phoneMade.MatchString(t):
		default:
			r.text(i, t)
		}
		r.blank = false
	}
	r.finish()
}

// bareText tells whether text without a verb means something here.
func (r *reader) bareText() bool { return r.g.o.Bare != "" }

// quoted notes which item of our mail the next lines stand below.
func (r *reader) quoted(m mark) {
	r.blank, r.people = true, nil
	under := r.g.under
	switch m.kind {
	case kindItem:
		under = m.item
	case kindHeading:
		under = 0
	case kindNew, kindQuoted:
	}
	if under != r.g.under {
		r.finish()
		r.g.under, r.g.o.Bare = under, r.bareUnder(under)
	}
}

// bareUnder is what text without a verb means below an item, or below none.
func (r *reader) bareUnder(item int) Verb {
	if item > 0 && r.g.o.Under != nil {
		if v := r.g.o.Under(item); v != "" {
			return v
		}
	}
	return r.bareAlone
}

// text reads one line of the owner's.
func (r *reader) text(i int, t string) {
	if !r.begun && r.open == nil {
		if greeting.MatchString(t) {
			return
		}
		if m := greeted.FindString(t); m != "" && r.g.line(t[len(m):]).ok() {
			t = t[len(m):]
		}
	}
	editing := r.open != nil && r.open.Verb == VerbEdit
	if ok, signed := r.g.closing(bullet(t)); ok && !editing {
		switch more, name := r.after(i); {
		case more == 0, more <= signatureLines && (signed || name):
			r.ending = true
			return
		case r.open == nil || signed || r.open.entry.shape == shapeReason:
			return
		}
	}
	p := r.g.line(t)
	if r.ending {
		if !p.ok() || p.form == formNone || !p.known || !r.clear(p) {
			return
		}
		r.ending = false
		r.finish()
	}
	r.begun = true
	if r.open != nil {
		r.below(t, p)
		return
	}
	r.top(t, p)
}

// signatureLines is how long what stands below a closing may be, to be taken for a signature.
const signatureLines = 8

// after counts the owner's lines below line i, as far as it matters, and tells whether the first of them is only a name.
func (r *reader) after(i int) (more int, name bool) {
	for j := i + 1; j < len(r.lines) && more <= signatureLines; j++ {
		t := clean(r.lines[j])
		if t == "" || r.marks[j].kind != kindNew || phoneMade.MatchString(t) {
			continue
		}
		if foreign(r.lines, j) || attribution(r.lines, r.marks, j) {
			break
		}
		if more++; more == 1 {
			t = strings.Trim(t, ".,!-–—~ ")
			p := r.g.line(t)
			name = nameLike(t, false) && len(strings.Fields(t)) <= 4 && (!p.ok() || p.form == formNone || !p.known)
		}
	}
	return more, name
}

// top reads a line where no text is open.
func (r *reader) top(t string, p parsed) {
	if parts := strings.Split(t, ";"); len(parts) > 1 && len(parts) <= 20 && r.severalCommands(parts) {
		return
	}
	if !p.ok() && p.entry == nil && !r.bareText() {
		if s := stripFiller(bullet(t)); s != bullet(t) {
			if q := r.g.line(s); q.ok() {
				q.Text, p = t, q
			}
		}
	}
	_, _, slip := slipped(bullet(t))
	if p.entry == nil && r.people != nil && !slip {
		if people, rest := describe(bullet(t)); len(people) > 0 && people[0].Address != "" &&
			(people[0].Name == "" || nameLike(people[0].Name, false)) {
			next := *r.people
			next.Text, next.Person, next.more, next.Rest = t, &people[0], people[1:], rest
			r.emit(next)
			return
		}
	}
	switch {
	case p.ok() && (!r.bareText() || r.overBare(&p, t)):
		r.accept(p)
	case r.bareText() && (p.form == formNone || !p.known || (p.entry == nil && !nearMiss(p))):
		r.bare(t)
	default:
		r.reject(p)
	}
}

// severalCommands reads "1 ask; 2 skip", and "ask A <a@…>; ask B <b@…>": every part must be a command about somebody.
func (r *reader) severalCommands(parts []string) bool {
	all := make([]parsed, 0, len(parts))
	for _, part := range parts {
		if strings.TrimSpace(part) == "" {
			continue
		}
		p := r.g.line(part)
		described := p.Person != nil && p.Person.Address != ""
		if !p.ok() || (p.form != formNumber && p.form != formAddress && !described) {
			return false
		}
		all = append(all, p)
	}
	for _, p := range all {
		r.accept(p)
	}
	return len(all) > 0
}

// accept takes a command.
func (r *reader) accept(p parsed) {
	r.finish()
	if p.entry.shape == shapeRefer && p.Person == nil {
		r.people = &p // the people stand below
		r.open = &open{parsed: p, explicit: true}
		return
	}
	if p.entry.TakesText {
		r.open = &open{parsed: p, explicit: true}
		return
	}
	r.emit(p)
	if p.Person != nil {
		r.people = &p
	}
}

// emit gives out a command, and one for each further person of its line.
func (r *reader) emit(p parsed) {
	r.out = append(r.out, p.Line)
	for _, person := range p.more {
		l := p.Line
		l.Person, l.Rest = &person, ""
		r.out = append(r.out, l)
	}
}

// bare opens text without a verb.
func (r *reader) bare(t string) {
	r.finish()
	if r.g.o.Bare == VerbMet && notMet(t) {
		p := parsed{Line: Line{Text: t}, entry: entryOf(VerbMet)}
		p = p.problem("did the talk take place? Nothing was recorded", "noshow", "cancel", "met "+t)
		r.open = &open{parsed: p, text: []string{t}} // what follows belongs to it
		return
	}
	e := entryOf(r.g.o.Bare)
	if e == nil {
		r.reject(r.g.line(t))
		return
	}
	p := parsed{Line: Line{Text: t, Verb: e.Verb}, entry: e}
	if r.g.under > 0 && e.NeedsWho {
		p.Who = []Who{{Number: r.g.under}}
	}
	r.open = &open{parsed: p, text: []string{t}}
	if !e.TakesText {
		r.finish()
	}
}

// reject keeps a line that is not understood. After maxUnknown without a verb nothing more is read.
func (r *reader) reject(p parsed) {
	if p.entry != nil && p.entry.shape == shapePerson && p.Person == nil && r.personBelow() {
		p.Verb, p.Problem, p.Nearest = p.entry.Verb, "", nil
		r.people = &p
		return
	}
	r.finish()
	p.Verb = ""
	p.Who, p.Person, p.When = nil, nil, nil
	if p.entry == nil {
		r.unknown++
	}
	if r.unknown > maxUnknown {
		r.stopped = true
		r.out = append(r.out, Line{Text: p.Text, Problem: "from here on the mail was not read: " + strconv.Itoa(maxUnknown) +
			" lines before this one were not understood"})
		return
	}
	r.out = append(r.out, Line{Text: p.Text, Problem: p.Problem, Nearest: p.Nearest})
}

// personBelow tells whether "add" stands alone above people.
func (r *reader) personBelow() bool {
	next := r.at + 1
	if next >= len(r.lines) || r.marks[next].kind != kindNew {
		return false
	}
	t := bullet(clean(r.lines[next]))
	people, _ := describe(t)
	return len(people) > 0 && people[0].Address != "" && r.g.line(t).entry == nil
}

// finish closes the open text.
func (r *reader) finish() {
	o := r.open
	r.open = nil
	if o == nil {
		return
	}
	if o.explicit && o.Rest != "" {
		o.text = append([]string{o.Rest}, o.text...)
	}
	o.Rest = strings.Trim(strings.Join(o.text, "\n"), "\n ")
	if o.explicit && o.Rest == "" {
		switch o.Verb {
		case VerbThanks, VerbNote, VerbUpdate, VerbEdit, VerbRefer:
			if r.g.o.About && o.sep && o.form == formNone {
				return // a line of a form that was not filled in
			}
			p := o.problem(string(o.Verb)+" what? The text is missing: "+o.entry.Usage, "help "+string(o.Verb))
			r.out = append(r.out, Line{Text: p.Text, Problem: p.Problem, Nearest: p.Nearest})
			return
		default: // a verb of its own is enough
		}
	}
	r.emit(o.parsed)
}
