// Package people reads address books into people that can become contacts, and writes contacts back out.
//
// [Read] takes vCards (2.1, 3.0, 4.0), comma, semicolon or tab separated tables with headers in English, German, French or
// Spanish (among them what Google, Outlook and LinkedIn's Connections.csv give out), and plain lists of one person a line
// as the owner would write behind "add". It looks at the content, not at the file's name. A row that describes nobody is
// left out and said with its line and the reason; somebody without an address is kept, because the address may come later.
// Photos, telephone numbers, birthdays and postal addresses are not kept.
//
// [Merge] puts together what is said twice about one person. [WriteCSV] and [WriteVCard] write what Read reads back; a
// Person marshals to JSON with the names that the command line uses.
//
// Nothing in an address book is trusted: what is read is bounded, control characters are dropped, and a cell that a
// spreadsheet would run as a formula is written with an apostrophe before it.
package people

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"askwell/internal/command"
	"askwell/internal/message"
)

// Person is somebody in an address book. Fields that are not known are empty.
type Person struct {
	Name         string            `json:"name,omitempty"`
	Addresses    []message.Address `json:"addresses,omitempty"` // the preferred one first
	Closeness    string            `json:"closeness,omitempty"` // close, known, referred or cold
	Role         string            `json:"role,omitempty"`
	Organisation string            `json:"organisation,omitempty"`
	Field        string            `json:"field,omitempty"`
	Timezone     string            `json:"timezone,omitempty"`
	Via          string            `json:"referred_by,omitempty"`
	Stage        string            `json:"stage,omitempty"` // of askwell's own export
	Note         string            `json:"note,omitempty"`
	Line         int               `json:"-"` // of the file, where it starts
}

// LeftOut is a piece of the file that described nobody, and why.
type LeftOut struct {
	Line int
	Why  string
}

// Import is what a file gave.
type Import struct {
	Format string // vcard, csv, linkedin or list
	People []Person
	Left   []LeftOut
}

// Bounds of a file and of one person.
const (
	maxFile      = 32 << 20
	maxPeople    = 50_000
	maxLeft      = 1_000
	maxAddresses = 20
	maxText      = 300
	maxNote      = 10_000
)

// leave notes something left out.
func (im *Import) leave(line int, why string) {
	switch {
	case len(im.Left) < maxLeft:
		im.Left = append(im.Left, LeftOut{line, why})
	case len(im.Left) == maxLeft:
		im.Left = append(im.Left, LeftOut{line, "and more, which are not listed"})
	}
}

// take keeps a person if it is one.
func (im *Import) take(p Person) {
	p = p.tidy()
	switch {
	case len(im.People) >= maxPeople:
		im.leave(p.Line, "more people than are read from one file")
	case p.Name == "" && len(p.Addresses) == 0:
		im.leave(p.Line, "neither a name nor an address")
	case p.Name == "":
		im.leave(p.Line, "no name for "+string(p.Addresses[0]))
	default:
		im.People = append(im.People, p)
	}
}

// tidy drops what does not belong into a field and bounds it.
func (p Person) tidy() Person {
	for _, f := range []*string{&p.Role, &p.Organisation, &p.Field, &p.Timezone, &p.Via, &p.Stage} {
		*f = oneLine(*f, maxText)
	}
	p.Name = cleanName(oneLine(p.Name, maxText))
	p.Note = cut(strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return dropControl(r)
	}, strings.ReplaceAll(strings.ToValidUTF8(p.Note, "\uFFFD"), "\r\n", "\n"))), maxNote)
	if c, ok := command.Closeness(p.Closeness); ok {
		p.Closeness = c
	} else {
		p.Closeness = ""
	}
	if p.Closeness == "" && p.Via != "" {
		p.Closeness = "referred"
	}
	var kept []message.Address
	for _, a := range p.Addresses {
		if len(kept) < maxAddresses && !slices.ContainsFunc(kept, func(b message.Address) bool { return a.Key() == b.Key() }) {
			kept = append(kept, a)
		}
	}
	p.Addresses = kept
	return p
}

// dropControl is a mapping that drops control characters and what is invisible.
func dropControl(r rune) rune {
	if unicode.IsControl(r) || r == '\uFEFF' || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' {
		return -1
	}
	return r
}

// oneLine is a text with single spaces and no control characters.
func oneLine(s string, limit int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return cut(strings.TrimSpace(strings.Map(dropControl, s)), limit)
}

func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:limit-1])) + "…"
}

// degrees stand behind a name and are no part of it.
var degrees = map[string]bool{
	"phd": true, "ph.d": true, "ph.d.": true, "mba": true, "msc": true, "m.sc.": true, "bsc": true, "b.sc.": true, "ma": true,
	"m.a.": true, "ba": true, "b.a.": true, "md": true, "m.d.": true, "cpa": true, "pmp": true, "esq": true, "esq.": true,
	"jr": true, "jr.": true, "sr": true, "sr.": true, "rn": true, "cfa": true, "dr.": true, "dr": true, "pe": true, "csm": true,
}

// titles stand before a name; a mail that begins "Hi Dr.," is worse than one that leaves it out.
var titles = map[string]bool{
	"dr": true, "prof": true, "professor": true, "mr": true, "mrs": true, "ms": true, "miss": true, "herr": true, "frau": true,
	"mme": true, "mlle": true, "sr": true, "sra": true, "ing": true, "dipl-ing": true, "mag": true,
}

// cleanName turns "Doe, Jane" around, drops titles before a name of two words and degrees behind a comma, and is empty for
// what is no name.
func cleanName(s string) string {
	s = strings.Trim(s, " \"“”„«»<>,;*_")
	if len(s) > 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = s[1 : len(s)-1]
	}
	parts := strings.Split(s, ",")
	for len(parts) > 1 {
		last := strings.TrimSpace(parts[len(parts)-1])
		if last != "" && !allDegrees(last) {
			break
		}
		parts = parts[:len(parts)-1]
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) == 2 && len(strings.Fields(parts[0])) <= 3 {
		parts = []string{parts[1] + " " + parts[0]}
	}
	s = strings.Trim(strings.Join(parts, ", "), " ,")
	ws := strings.Fields(s)
	for len(ws) > 2 && titles[strings.ToLower(strings.TrimRight(ws[0], "."))] {
		ws = ws[1:]
	}
	s = strings.Join(ws, " ")
	if strings.Contains(s, "@") || !strings.ContainsFunc(s, unicode.IsLetter) {
		return ""
	}
	return s
}

func allDegrees(s string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		if !degrees[w] {
			return false
		}
	}
	return true
}
