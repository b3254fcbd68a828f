package command

import (
	"errors"
	"strings"
)

// ParseArgs reads one command from the command line. The words are joined and read like a line of a mail; a word that
// has spaces and stands where WHO stands is a name. A word with several lines is a text with several lines. An error
// says what is wrong, for a person.
func ParseArgs(args []string, o Options) (Line, error) {
	o.Quoted, o.Bare = "", ""
	var head []string
	var below string
	for i, a := range args {
		a = strings.ToValidUTF8(a, "\uFFFD")
		if i == len(args)-1 {
			if first, rest, ok := strings.Cut(a, "\n"); ok {
				a, below = first, rest
			}
		}
		a = strings.Join(strings.Fields(a), " ")
		if a != "" {
			head = append(head, quoteName(args, i, a))
		}
	}
	s := strings.Join(head, " ")
	switch {
	case len(s)+len(below) > maxBytes:
		return Line{}, errors.New("the command is too long")
	case s == "":
		return Line{}, errors.New("no command: askwell help lists the verbs")
	}
	g := newGrammar(o)
	p := g.line(s)
	if p.entry != nil && p.ok() {
		if below = strings.TrimRight(below, "\r\n "); below != "" {
			if !p.entry.TakesText {
				return Line{}, errors.New(string(p.Verb) + " takes one line")
			}
			p.Rest = strings.Trim(p.Rest+"\n"+strings.ReplaceAll(below, "\r\n", "\n"), "\n")
		}
		switch {
		case len(p.more) > 0:
			return Line{}, errors.New("one person at a time")
		case p.Rest == "" && (p.entry.shape == shapeText && p.Verb != VerbMet || p.entry.shape == shapeUpdate):
			return Line{}, errors.New("the text is missing: " + p.entry.Usage)
		case p.Verb == VerbRefer && p.Person == nil:
			return Line{}, errors.New("recommended whom? " + p.entry.Usage)
		}
		return p.Line, nil
	}
	msg := p.Problem
	if len(p.Nearest) > 0 {
		msg += " (did you mean: " + strings.Join(p.Nearest, " | ") + "?)"
	}
	return Line{}, errors.New(msg)
}

// quoteName puts quotation marks around an argument with spaces that stands where a name stands.
func quoteName(args []string, i int, a string) string {
	if i > 1 || len(args) < 2 || !strings.Contains(a, " ") || strings.ContainsAny(a, "@\"<") {
		return a
	}
	other := args[1-i]
	f, ok := verbAt(other)
	if !ok || strings.TrimSpace(f.rest) != "" || !f.entry.NeedsWho || len(a) > 60 {
		return a
	}
	if _, verb := verbAt(a); verb && i == 0 {
		return a
	}
	if list, _, err := numbers(a, spaced); err != nil || len(list) > 0 {
		return a
	}
	switch f.entry.shape {
	case shapeTalk, shapeSnooze, shapeSet, shapePick, shapeAddress, shapeText, shapeRefer:
		if i == 1 && len(args) == 2 {
			return a // "talk 'Jane Doe tue 3pm'"
		}
	case shapeWho, shapeReason, shapePerson, shapeUpdate, shapeWord:
	}
	return `"` + a + `"`
}
