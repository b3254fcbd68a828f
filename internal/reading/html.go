package reading

import (
	"strings"

	"golang.org/x/net/html"

	"askwell/internal/message"
)

// markedText turns HTML into text with the help of what mail programs mark in it:
// signatures are put below "-- ", and the copy of the old mail below a line that
// says so. It gives up (false) where nothing is marked.
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

func mentions(source string) bool {
	for _, w := range []string{"gmail_signature", "ignature", "divRplyFwdMsg", "appendonsend", "mail-editor-reference", "ms-outlook-mobile-reference", "moz-signature"} {
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
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for name := range strings.FieldsSeq(a.Val) {
			switch strings.TrimPrefix(name, "x_") {
			case "gmail_signature", "moz-signature", "Signature", "signature", "protonmail_signature_block", "ms-outlook-mobile-signature", "AppleMailSignature", "gmail_signature_prefix":
				return 's'
			case "divRplyFwdMsg", "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message":
				return 'o'
			}
		}
	}
	return 0
}
