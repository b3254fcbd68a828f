package message

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLText gives the text of an HTML document as a person sees it, in lines. Quotes, by whatever element a mail program
// marks them, become lines that begin with ">", one a level; the line above that says who wrote stays as it is. Horizontal
// rules become a line of underscores. What is struck through or hidden, styles and scripts are left out. A link leaves its
// text, and the address if it is one to write to.
//
// It reads tokens instead of building a tree, so that its time grows with the length alone and nothing is nested too deep.
func HTMLText(document string) string {
	z := html.NewTokenizer(strings.NewReader(document))
	z.SetMaxBuf(maxText)
	var t htmlText
	for {
		switch token := z.Next(); token {
		case html.ErrorToken:
			t.endLine()
			return t.String()
		case html.TextToken:
			t.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			e := element{atom: atom.Lookup(name), name: string(name)}
			var a attributes
			for n := 0; more && n < 100; n++ {
				var key, value []byte
				key, value, more = z.TagAttr()
				a.set(string(key), value)
			}
			t.start(e, &a, token == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			t.end(atom.Lookup(name), string(name))
		}
	}
}

// attributes of an element, those that matter.
type attributes struct {
	style, class, id, name, href, kind, alt, start, value string
	hidden                                                bool
}

func (a *attributes) set(key string, value []byte) {
	switch key {
	case "style":
		a.style = strings.ToLower(string(value))
	case "class":
		a.class = strings.ToLower(string(value))
	case "id":
		a.id = strings.ToLower(string(value))
	case "name":
		a.name = strings.ToLower(string(value))
	case "type":
		a.kind = strings.ToLower(string(value))
	case "href":
		a.href = string(value)
	case "alt":
		a.alt = string(value)
	case "start":
		a.start = string(value)
	case "value":
		a.value = string(value)
	case "hidden":
		a.hidden = true
	}
}

// element is one that is open.
type element struct {
	atom atom.Atom
	name string
	quote, hide,
	tiny, sized, // a font too small to be seen; a size of its own
	pre, margin bool
	item   int    // the number of the next item of an ordered list
	mailto string // of a link
	from   int    // where its text began, in the line
	lines  int    // how many lines there were
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details, atom.Dir,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2,
		atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Html, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol,
		atom.P, atom.Pre, atom.Section, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return true
	}
	return false
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param,
		atom.Source, atom.Track, atom.Wbr, atom.Basefont, atom.Bgsound, atom.Frame, atom.Keygen:
		return true
	}
	return false
}

// unseen elements have text that nobody sees.
func unseen(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Object, atom.Svg, atom.Iframe, atom.Noframes, atom.Select,
		atom.Audio, atom.Video, atom.Canvas, atom.Map:
		return true
	}
	return false
}

// start opens an element; closed tells that it was written as <name/>.
func (t *htmlText) start(e element, a *attributes, closed bool) {
	switch e.atom {
	case atom.Br:
		t.lineBreak()
		return
	case atom.Hr:
		t.endLine()
		if t.visible() {
			t.appendText("________________________________")
			t.endLine()
		}
		return
	case atom.Img:
		if isEmoji(a.alt) {
			t.text(a.alt)
		}
		return
	}
	if isVoid(e.atom) || e.atom == 0 && closed {
		return
	}
	if isBlock(e.atom) {
		t.closeImplied(e.atom)
	}
	e.hide = unseen(e.atom) || a.hidden || e.atom == atom.S || e.atom == atom.Strike || e.atom == atom.Del
	e.readStyle(a)
	if e.atom == atom.Blockquote {
		e.quote = isQuote(a)
	} else if isBlock(e.atom) && !e.quote {
		e.quote = quoteContainer(a)
	}
	e.pre = e.pre || e.atom == atom.Pre
	switch e.atom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Blockquote, atom.Pre:
		e.margin = e.margin && !strings.HasPrefix(a.class, "mso") && !t.inside(atom.Li)
	default:
		e.margin = false
	}
	switch e.atom {
	case atom.Ol:
		if e.item = atoi(a.start); e.item <= 0 {
			e.item = 1
		}
	case atom.A:
		e.mailto = mailto(a.href)
	}
	if isBlock(e.atom) && e.atom != atom.Td && e.atom != atom.Th {
		t.endLine()
	}
	if e.margin {
		t.blankLine()
	}
	if e.atom == atom.Td || e.atom == atom.Th {
		t.space = true
	}
	if e.atom == atom.Li && t.visible() {
		t.marker = t.listMarker(a.value)
	}
	e.from, e.lines = t.line.Len(), t.lines
	t.push(e, a)
}

// end closes an element, and those within it that were left open. One that was never opened is nothing.
func (t *htmlText) end(a atom.Atom, name string) {
	if a == atom.Br {
		t.lineBreak()
		return
	}
	const far = 512
	block := isBlock(a)
	for i := len(t.stack) - 1; i >= 0 && i > len(t.stack)-far; i-- {
		e := &t.stack[i]
		if e.atom == a && e.name == name {
			t.closeTo(i)
			return
		}
		if isBlock(e.atom) && (!block || a == atom.P) || e.atom == atom.Table && a != atom.Table && a != atom.Body && a != atom.Html {
			return
		}
	}
}

// closeImplied closes what an opening block ends without saying so (a paragraph, an item, a cell, a row).
func (t *htmlText) closeImplied(a atom.Atom) {
	for i := len(t.stack) - 1; i >= 0 && i > len(t.stack)-64; i-- {
		open := t.stack[i].atom
		switch {
		case open == atom.P && a != atom.Td && a != atom.Tr && a != atom.Li && a != atom.Th,
			open == atom.Li && a == atom.Li,
			(open == atom.Td || open == atom.Th) && (a == atom.Td || a == atom.Th || a == atom.Tr),
			open == atom.Tr && a == atom.Tr:
			t.closeTo(i)
			if a != atom.Tr {
				return
			}
		case open == atom.P:
		case isBlock(open) && (open != atom.Tr || a != atom.Tr):
			return
		}
	}
}

func isEmoji(alt string) bool {
	if alt == "" || len(alt) > 32 {
		return false
	}
	for _, r := range alt {
		if r < 0x2000 {
			return false
		}
	}
	return true
}

// mailto returns the address of a link to write to.
func mailto(href string) string {
	if len(href) < 7 || !strings.EqualFold(href[:7], "mailto:") {
		return ""
	}
	to, _, _ := strings.Cut(href[7:], "?")
	addr, err := ParseAddress(unpercent(to))
	if err != nil {
		return ""
	}
	return string(addr)
}
