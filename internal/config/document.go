package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// document is a TOML text with the line of each key.
type document struct {
	tree  map[string]any
	lines map[string]int   // of the key or the table header, by its dotted name
	items map[string][]int // of the elements of a list
}

// readDocument reads a text. The decoder gives the values and finds what is no TOML; the parser below it is walked once
// more for the lines, which the decoder gives only for the errors that it finds itself.
func readDocument(text []byte) (*document, *Error) {
	doc := &document{lines: make(map[string]int), items: make(map[string][]int)}
	text = slices.Clip(text)
	if err := toml.Unmarshal(text, &doc.tree); err != nil {
		fault := &Error{Problem: "it is not valid TOML", Remedy: "see what stands in this line", cause: err}
		if de, ok := errors.AsType[*toml.DecodeError](err); ok {
			fault.Line, _ = de.Position()
			fault.Key = strings.Join(de.Key(), ".")
			what := strings.TrimPrefix(de.Error(), "toml: ")
			fault.Problem = "it is not valid TOML: " + what
			switch {
			case strings.Contains(what, "already"):
				fault.Problem = "it stands here for the second time"
				fault.Remedy = "keep one of them"
			case strings.Contains(what, "start of value"):
				fault.Remedy = `text is written in quotes, a list in brackets`
			}
		}
		return nil, fault
	}

	var p unstable.Parser
	p.Reset(text)
	lines := newLineIndex(text)
	var table []string
	for p.NextExpression() {
		node := p.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = doc.note(nil, node.Key(), lines)
		case unstable.KeyValue:
			doc.value(doc.note(table, node.Key(), lines), node.Value(), lines)
		default: // a comment
		}
	}
	return doc, nil
}

// note keeps the line of each part of a dotted key below a path, and returns the whole path.
func (doc *document) note(path []string, key unstable.Iterator, lines lineIndex) []string {
	path = slices.Clone(path)
	for key.Next() {
		path = append(path, string(key.Node().Data))
		name := dotted(path...)
		if doc.lines[name] == 0 {
			doc.lines[name] = lines.at(key.Node().Raw.Offset)
		}
	}
	return path
}

func (doc *document) value(path []string, node *unstable.Node, lines lineIndex) {
	name := dotted(path...)
	switch node.Kind {
	case unstable.InlineTable:
		for it := node.Children(); it.Next(); {
			doc.value(doc.note(path, it.Node().Key(), lines), it.Node().Value(), lines)
		}
	case unstable.Array:
		for it := node.Children(); it.Next(); {
			line := doc.lines[name]
			if it.Node().Raw.Length > 0 { // lists and tables have no place of their own
				line = lines.at(it.Node().Raw.Offset)
			}
			doc.items[name] = append(doc.items[name], line)
		}
	default:
	}
}

// dotted is the name of a key as one would write it.
func dotted(path ...string) string {
	quoted := make([]string, len(path))
	for i, part := range path {
		quoted[i] = part
		bare := func(r rune) bool {
			return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		}
		if part == "" || strings.ContainsFunc(part, func(r rune) bool { return !bare(r) }) {
			quoted[i] = fmt.Sprintf("%q", part)
		}
	}
	return strings.Join(quoted, ".")
}

// lineIndex holds where each line ends.
type lineIndex []int

func newLineIndex(text []byte) lineIndex {
	var ends lineIndex
	for from := 0; ; {
		i := bytes.IndexByte(text[from:], '\n')
		if i < 0 {
			return ends
		}
		from += i + 1
		ends = append(ends, from)
	}
}

// at is the line, from 1, in which the byte at offset stands.
func (ends lineIndex) at(offset uint32) int {
	i, found := slices.BinarySearch(ends, int(offset))
	if found {
		i++ // the byte behind a line's end begins the next
	}
	return i + 1
}
