package message

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"
)

// htmlText collects lines while elements open and close.
type htmlText struct {
	out   strings.Builder
	line  strings.Builder
	stack []element

	depth, hidden, pre int // of the elements that are open
	tiny               bool

	space  bool   // a blank is due before the next text of the line
	hard   bool   // the line holds a blank that is not collapsed
	marker string // of a list item, due before its text
	blank  bool   // an empty line is due
	above  int    // quote depth of the last line
	naming int    // depth of a container whose first line may say who wrote; 0 if none is
	lines  int
}

func (t *htmlText) visible() bool { return t.hidden == 0 && !t.tiny }

// push opens an element. Beyond a bound they are not kept, and their ends do nothing.
func (t *htmlText) push(e element, a *attributes) {
	if len(t.stack) >= 4096 {
		return
	}
	if e.quote {
		t.depth++
		if e.atom != atom.Blockquote && a.name != "quote" {
			t.naming = t.depth
		}
	}
	if e.hide {
		t.hidden++
	}
	if e.pre {
		t.pre++
	}
	was := t.tiny
	if e.sized {
		t.tiny = e.tiny
	}
	e.tiny = was // to be put back
	t.stack = append(t.stack, e)
}

// closeTo closes the elements from the top of the stack down to i.
func (t *htmlText) closeTo(i int) {
	for n := len(t.stack) - 1; n >= i; n-- {
		e := &t.stack[n]
		if e.mailto != "" && t.visible() {
			t.link(e)
		}
		if isBlock(e.atom) && e.atom != atom.Td && e.atom != atom.Th {
			t.endLine()
			if e.atom == atom.Li {
				t.marker = ""
			}
		}
		if e.margin {
			t.blankLine()
		}
		if e.quote {
			t.endLine()
			t.depth--
			t.naming = min(t.naming, t.depth)
		}
		if e.hide {
			t.hidden--
		}
		if e.pre {
			t.pre--
		}
		t.tiny = e.tiny
	}
	t.stack = t.stack[:i]
}

// link adds the address to a link's text, if it does not stand there.
func (t *htmlText) link(e *element) {
	text := t.line.String()
	if e.lines == t.lines {
		text = text[min(e.from, len(text)):]
	}
	const longest = 2000
	text = text[max(0, len(text)-longest):]
	if !strings.Contains(strings.ToLower(text), strings.ToLower(e.mailto)) {
		t.appendText(" <" + e.mailto + ">")
	}
}

func (t *htmlText) inside(a atom.Atom) bool {
	for i := len(t.stack) - 1; i >= 0 && i > len(t.stack)-8; i-- {
		if t.stack[i].atom == a {
			return true
		}
	}
	return false
}

// listMarker gives what stands before an item: its number, or a hyphen.
func (t *htmlText) listMarker(value string) string {
	for i := len(t.stack) - 1; i >= 0 && i > len(t.stack)-16; i-- {
		switch e := &t.stack[i]; e.atom {
		case atom.Ol:
			if n := atoi(value); n > 0 {
				e.item = n
			}
			e.item++
			return strconv.Itoa(e.item-1) + ". "
		case atom.Ul, atom.Menu, atom.Dir:
			return "- "
		}
	}
	return "- "
}

// text adds text, blanks collapsed as HTML has it.
func (t *htmlText) text(s string) {
	if !t.visible() {
		return
	}
	if t.pre > 0 {
		for i, line := range strings.Split(cleanText(s), "\n") {
			if i > 0 {
				t.lineBreak()
			}
			t.appendText(line)
		}
		return
	}
	start := -1
	for i, r := range s {
		kind := textKind(r)
		if kind == kindOrdinary {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			t.appendText(s[start:i])
			start = -1
		}
		switch kind {
		case kindBlank:
			t.space = true
		case kindHardBlank:
			t.appendText(" ")
			t.hard = true
		}
	}
	if start >= 0 {
		t.appendText(s[start:])
	}
}

const (
	kindOrdinary = iota
	kindBlank
	kindHardBlank
	kindDropped
)

// textKind sorts characters: those of preheaders that have no width are dropped.
func textKind(r rune) int {
	switch r {
	case ' ', '\t', '\n', '\r', '\f':
		return kindBlank
	case 0xa0, 0x202f, 0x2007:
		return kindHardBlank
	case 0x200b, 0xfeff, 0x2060, 0xad, 0x34f:
		return kindDropped
	}
	if unicode.IsControl(r) {
		return kindDropped
	}
	return kindOrdinary
}

func (t *htmlText) appendText(s string) {
	if s == "" {
		return
	}
	if t.line.Len() == 0 {
		t.line.WriteString(t.marker)
		t.marker = ""
	} else if t.space {
		t.line.WriteByte(' ')
	}
	t.space = false
	t.line.WriteString(s)
}

// lineBreak ends the line, and makes an empty one of nothing.
func (t *htmlText) lineBreak() {
	if !t.visible() {
		return
	}
	if t.line.Len() == 0 {
		t.blank = true
	}
	t.endLine()
}

// blankLine asks for an empty line before what follows.
func (t *htmlText) blankLine() {
	if t.visible() {
		t.blank = true
	}
}

// endLine writes the line that was collected, if there is one.
func (t *htmlText) endLine() {
	raw := t.line.String()
	t.line.Reset()
	t.space = false
	if raw == "" {
		return
	}
	line := strings.TrimRight(raw, " \t")
	if t.pre == 0 {
		line = strings.TrimLeft(line, " ")
	}
	hard := t.hard
	t.hard = false
	if line == "" {
		if hard || t.pre > 0 {
			t.blank = true
		}
		return
	}
	if line == "--" && t.pre == 0 {
		line = "-- " // the signature's mark, whose blank HTML does not keep
	}
	const deepest = 40 // marks: more of them would make more text than there was
	depth := min(t.depth, deepest)
	if t.naming > 0 && t.naming == depth {
		if strings.HasSuffix(line, ":") {
			depth-- // the line that says who wrote
		}
		t.naming = 0
	}
	if t.blank && t.lines > 0 {
		t.out.WriteString(strings.Repeat(">", min(depth, t.above)) + "\n")
	}
	t.blank, t.above = false, depth
	t.out.WriteString(quoted(depth, line) + "\n")
	t.lines++
}

// String returns the lines.
func (t *htmlText) String() string { return t.out.String() }
