package command

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file decides what is a command where free text is possible. It prefers to leave a line in the notes: there the
// owner sees it in the receipt, while a command that was none has done something.

// below reads a line while a text is open.
func (r *reader) below(t string, p parsed) {
	o := r.open
	if o.Verb == VerbRefer {
		_, _, slip := slipped(bullet(t))
		if people, rest := describe(bullet(t)); p.entry == nil && !slip && len(people) > 0 && (people[0].Address != "" || nameLike(people[0].Name, true)) {
			next := o.parsed
			next.Person, next.more, next.Rest = &people[0], people[1:], rest
			r.open, r.people = nil, &next
			r.emit(next)
			return
		}
		r.finish()
		r.top(t, p)
		return
	}
	switch {
	case r.clear(p):
		r.accept(p)
	case r.pleaded(t):
	case o.explicit && r.missed(p):
		r.reject(p)
	default:
		o.text = append(o.text, t)
	}
}

// pleaded takes a clear command with "please" before it.
func (r *reader) pleaded(t string) bool {
	s, ok := cutPrefixWord(t, "please", "please,", "pls", "could you please", "can you please", "kindly")
	if !ok {
		return false
	}
	p := r.g.line(s)
	if p.form == formNone || !r.clear(p) {
		return false
	}
	p.Text = t
	r.accept(p)
	return true
}

// missed tells whether a line was meant as a command and has a slip in it: "3 mte fine" below "2 met fine", or "3 snooze".
func (r *reader) missed(p parsed) bool {
	if p.ok() || p.form != formNumber && p.form != formAddress {
		return false
	}
	if p.slip && r.open.order == whoFirst && r.open.form == p.form {
		return true
	}
	return p.entry != nil && p.canonical && p.order == whoFirst && len(strings.Fields(p.Text)) <= 2
}

// clear tells whether a line is a command although it could be free text.
func (r *reader) clear(p parsed) bool {
	if !p.ok() {
		return false
	}
	same := r.open != nil && r.open.explicit && r.open.order == p.order && r.open.form == p.form
	if p.Rest != "" && !p.strict && !p.sep { // words that the verb does not need
		switch p.entry.shape {
		case shapeWho, shapePerson:
			return false
		case shapeReason:
			if !same || p.form == formName && !p.known {
				return false
			}
		case shapeText, shapeTalk, shapePick, shapeSnooze, shapeSet, shapeAddress, shapeRefer, shapeUpdate, shapeWord:
		}
	}
	switch p.form {
	case formNumber, formAddress:
		if p.order == verbFirst && p.form == formNumber && !p.sep && counting.MatchString(p.Rest) {
			return false
		}
		return p.canonical || p.strict || p.sep || p.Rest == "" || r.blank || same
	case formName:
		return r.clearName(p, same)
	case formNone:
		return r.clearAlone(p)
	}
	return false
}

// clearName is clear for a line whose WHO is a name.
func (r *reader) clearName(p parsed, same bool) bool {
	strict := nameLike(p.Who[0].Name, true)
	switch {
	case p.Verb == VerbYes || p.Verb == VerbNo:
		return p.known && p.canonical && p.order == whoFirst && p.Rest == ""
	case p.known && r.g.o.Known == nil: // in quotation marks
		return p.canonical
	case !p.known && r.g.o.Known != nil:
		// A list of names goes on with one that fits nobody, or that is misspelt: better asked back than lost in the notes.
		return strict && p.canonical && (same && p.sep || p.Rest == "" && strings.Contains(p.Who[0].Name, " "))
	case !p.known && !strict:
		return false
	case p.Rest == "" || p.sep || p.strict:
		return p.canonical || p.known
	case p.known && p.order == verbFirst && p.entry.shape == shapeText:
		return p.canonical && !narrative.MatchString(p.Rest)
	}
	return same && p.canonical
}

// clearAlone is clear for a line without WHO.
func (r *reader) clearAlone(p parsed) bool {
	if !p.canonical {
		return p.strict && p.Person == nil && p.form == formNone && r.g.guess() && p.Verb == VerbPick
	}
	switch p.entry.shape {
	case shapeWord:
		return p.Rest == "" || p.Verb == VerbHelp && entryOf(Verb(strings.ToLower(p.Rest))) != nil
	case shapeUpdate:
		return p.sep && p.Rest != "" || r.blank && r.open != nil && r.open.explicit && r.g.o.Bare != VerbUpdate
	case shapePerson:
		return p.Person != nil && p.Person.Address != ""
	case shapeWho, shapeReason, shapeText, shapeTalk, shapePick, shapeSnooze, shapeSet, shapeAddress, shapeRefer:
	}
	if !r.g.guess() {
		return false
	}
	if p.strict {
		return true
	}
	if p.Rest == "" {
		switch p.Verb {
		case VerbNoShow, VerbCancel, VerbDeclined, VerbSkip, VerbHold:
			return true
		case VerbRefer, VerbNote, VerbThanks, VerbEdit:
			return p.sep
		case VerbStop, VerbClose, VerbForget, VerbShow:
			return r.blank
		default:
			return false
		}
	}
	if p.entry.shape != shapeText && p.entry.shape != shapeRefer {
		return false
	}
	sameForm := r.open != nil && r.open.explicit && r.open.order == verbFirst && r.open.form == formNone
	return p.sep || sameForm && !narrative.MatchString(p.Rest)
}

var (
	// counting follows a number that counts something: "met 3 of her colleagues".
	counting = regexp.MustCompile(`(?i)^(?:of|or|and|more|other|others|people|persons|times|things|days?|weeks?|months?|years?|hours?|minutes?|min|colleagues|friends|new|different|questions?|%)\b`)
	// narrative follows a verb that is part of a sentence: "note that …", "thanks to her …".
	narrative = regexp.MustCompile(`(?i)^(?:for|to|that|so|a lot|again|very|goodness|of|how|what|if)\b`)
)

// overBare tells whether a line counts as a command where text without a verb means something by itself.
func (r *reader) overBare(p *parsed, t string) bool {
	bare := r.g.o.Bare
	switch {
	case p.form != formNone && p.known:
		return true
	case p.form == formName:
		return r.g.o.Known == nil && p.canonical && p.Verb != VerbNo && p.Verb != VerbYes &&
			nameLike(p.Who[0].Name, true) && (p.sep || p.strict || p.Rest == "")
	case p.Verb == bare:
		if !p.sep && startsLower(p.Rest) { // "Met her at the café": the sentence is the note
			p.Rest = t
		}
		return true
	case p.strict && p.Verb != VerbUndo:
		return p.canonical || p.Verb == VerbPick
	case p.sep && p.canonical:
		return true
	case p.Rest == "":
		return slices.Contains([]Verb{
			VerbNoShow, VerbCancel, VerbDeclined, VerbSkip, VerbHold, VerbList, VerbHelp, VerbDigest, VerbUndo,
		}, p.Verb) || p.Verb == VerbStop && p.canonical || p.Verb == VerbMet
	case p.Verb == VerbMet, p.Verb == VerbNoShow, p.Verb == VerbCancel:
		return bare == VerbMet
	case p.Verb == VerbThanks, p.Verb == VerbNote:
		return p.canonical && r.g.guess() && !narrative.MatchString(p.Rest)
	case p.Verb == VerbUndo:
		return p.N > 0
	}
	return false
}

// nearMiss tells whether a line that starts with a WHO was meant as a command.
func nearMiss(p parsed) bool { return p.slip || len(strings.Fields(p.Text)) <= 2 }

// startsLower tells whether a text starts with a small letter.
func startsLower(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(c)
}
