package reading

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"askwell/internal/message"
)

// markedText turns HTML into text with the help of what mail programs mark in it:
// signatures are left out, and the copy of the old mail is put below a line that says
// so. It gives up (false) where nothing is marked.
func markedText(source string) (string, bool) {
	if source == "" || len(source) > maxText || !mentions(source) {
		return "", false
	}
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return "", false
	}
	found := false
	var drop []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Parent == nil {
			continue
		}
		switch kind(n) {
		case 's':
			drop = append(drop, n)
		case 'o':
			mark := &html.Node{Type: html.ElementNode, Data: "p"}
			mark.AppendChild(&html.Node{Type: html.TextNode, Data: "-----Original Message-----"})
			n.Parent.InsertBefore(mark, n)
			found = true
		}
	}
	for _, n := range drop {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
			found = true
		}
	}
	if !found {
		return "", false
	}
	var b strings.Builder
	if html.Render(&b, root) != nil {
		return "", false
	}
	return message.HTMLText(b.String()), true
}

// originalIDs are of the element in which a copy of the old mail begins.
var originalIDs = list("divrplyfwdmsg|mail-editor-reference-message-container|ms-outlook-mobile-reference-message|olk_src_body_section|isforwardcontent|__headers__")

func mentions(source string) bool {
	for _, w := range [...]string{"ignature", "divRplyFwdMsg", "mail-editor-reference", "ms-outlook-mobile-reference", "OLK_SRC_BODY", "Zm-_Id_", "bloop_sign", "__HEADERS__"} {
		if strings.Contains(source, w) {
			return true
		}
	}
	return false
}

// kind tells what an element is to the program that wrote it: 's' a signature,
// 'o' the beginning of the old mail.
func kind(n *html.Node) byte {
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "name", "data-marker":
		default:
			continue
		}
		for name := range strings.FieldsSeq(strings.ToLower(a.Val)) {
			name = strings.TrimPrefix(name, "x_")
			if slices.Contains(originalIDs, name) {
				return 'o'
			}
			if strings.Contains(name, "signature") && !strings.Contains(name, "no-signature") || name == "zm-_id_-sgn" || strings.HasPrefix(name, "bloop_sign") {
				return 's'
			}
		}
	}
	return 0
}

// trimmed shortens what a plain text kept where the HTML beside it marks that more of
// its end is no new text.
func trimmed(kept string, cut []Cut, source, name string) (string, []Cut) {
	marked, ok := markedText(source)
	if !ok {
		return kept, cut
	}
	said, _ := newText(marked, name, false)
	n := 0
	for _, r := range said {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	if n == 0 {
		return kept, cut
	}
	next := said
	for i, r := range kept {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if n == 0 {
			end := strings.LastIndexByte(kept[:i], '\n')
			if end < 0 || strings.ContainsFunc(kept[end:i], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				return kept, cut // amid a line: they are not the same text
			}
			return strings.TrimSpace(kept[:end]), append(cut, Cut{cutSignature, strings.TrimSpace(kept[end:])})
		}
		at := strings.IndexFunc(next, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
		got, size := firstRune(next[max(at, 0):])
		if at < 0 || !size || got != r {
			return kept, cut
		}
		next = next[at+len(string(got)):]
		n--
	}
	return kept, cut
}
