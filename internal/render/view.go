package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ContactView is what a mail to a contact may say. Every field but Name and Owner may be empty: nothing is known.
type ContactView struct {
	Name, First                     string // the contact: Jane Doe, Jane
	Owner, OwnerFirst, OwnerAddress string // who writes: Ada Example, Ada, ada@example.org
	Field                           string // what the owner explores: data journalism
	About                           string // the owner in a sentence: I teach maths and am looking into data journalism.
	Role, Organisation              string // the contact's work: nurse, St. Mary
	Referrer, ReferrerFirst         string // who recommended the contact
	Met                             string // referrer_thanks: the person recommended, whom the owner has met now
	Words                           string // the owner's own sentences for this mail; may have paragraphs
	Update                          string // check_in: the owner's news; may have paragraphs
	Spoke                           string // when they talked: "in October"
	Advice                          string // what the contact advised, in the owner's notes
	Talk                            *TalkView
	Number                          int // which one it is, of several of a kind: nudge 2
}

// TalkView is the talk that a confirmation is about.
type TalkView struct {
	When             string // Tuesday 24 November, 15:00–15:20 (Berlin time)
	Place            string // zoom, a link, an address, a telephone number; may be empty
	Moved, Cancelled bool
}

// Mail is a finished mail, without its header fields. Lines end with \n; HTML is empty in mails to contacts.
type Mail struct{ Subject, Text, HTML string }

// The longest a single piece may be, in runes, before it is cut: enough for every honest use.
const (
	maxSubject = 150
	maxLine    = 1000
	maxName    = 120
	maxQuote   = 600
	maxWords   = 20_000
)

// clean returns the view as templates see it: what is one line by nature is one line, and nothing but text is in it.
func (v ContactView) clean() ContactView {
	v.Words, v.Update = paragraphs(shorten(maxWords, v.Words)), paragraphs(shorten(maxWords, v.Update))
	for _, name := range []*string{
		&v.Name, &v.First, &v.Owner, &v.OwnerFirst, &v.OwnerAddress, &v.Field, &v.Role, &v.Organisation,
		&v.Referrer, &v.ReferrerFirst, &v.Met, &v.Spoke,
	} {
		*name = shorten(maxName, line(*name))
	}
	v.About, v.Advice = shorten(maxLine, line(v.About)), shorten(maxLine, line(v.Advice))
	if v.Talk != nil {
		v.Talk = &TalkView{
			When: shorten(maxName, line(v.Talk.When)), Place: shorten(maxLine, line(v.Talk.Place)),
			Moved: v.Talk.Moved, Cancelled: v.Talk.Cancelled,
		}
	}
	return v
}

// unwanted reports characters that have no place in a mail's text: controls, and those that turn the direction of
// the text after them (Unicode UAX 9 2.1–2.4) so that a name could rearrange the sentence around it.
func unwanted(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
		return true
	}
	return unicode.IsControl(r)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n")

// plain is s as valid UTF-8 with \n line ends and without unwanted characters.
func plain(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r == '\r' || r == 0x2028 || r == 0x2029 || r == utf8.RuneError || unwanted(r)
	}) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(lineEnds.Replace(s), "\ufffd"))
}

// line is s on one line, single spaces between words.
func line(s string) string {
	if len(s) > 64<<10 { // more than any line shows
		s = s[:64<<10]
	}
	return strings.Join(strings.Fields(plain(s)), " ")
}

// paragraphs is s with one line a paragraph. Mail programs wrap what people write at some 72 columns; such lines are
// joined again, where the line is long and the next goes on with a word rather than a bullet.
func paragraphs(s string) string {
	var out []string
	width := 0 // of the line before as it was written, 0 if nothing may be joined to it
	for l := range strings.SplitSeq(plain(s), "\n") {
		l = line(l)
		first, _ := utf8.DecodeRuneInString(l)
		if width >= 50 && (unicode.IsLetter(first) || first == '(' || first == '“' || first == '"') {
			out[len(out)-1] += " " + l
		} else if l != "" || (len(out) > 0 && out[len(out)-1] != "") {
			out = append(out, l)
		}
		width = utf8.RuneCountInString(l)
		if width > 100 { // written without wrapping: its end is meant
			width = 0
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// shorten cuts s to at most n runes, between words where it can, and marks the cut.
func shorten(n int, s string) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:max(n-1, 0)])
	if i := strings.LastIndexFunc(cut, unicode.IsSpace); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) + "…"
}
