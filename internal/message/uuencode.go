package message

import (
	"bytes"
	"strings"
)

// uuBlock is a file that stands in a text as uuencode writes it.
type uuBlock struct {
	name       string
	start, end int // in the text
}

// uuBlocks finds files in text: a line "begin 644 name", lines of the length that they claim, and "end". One that was
// cut short is none.
func uuBlocks(text []byte) []uuBlock {
	if !bytes.Contains(text, []byte("begin ")) {
		return nil
	}
	var blocks []uuBlock
	var open uuBlock
	lines := -1 // of the block that is open
	for at := 0; at < len(text) && len(blocks) < 50; {
		next := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		line := bytes.TrimRight(text[at:next], "\r\n")
		switch {
		case lines >= 0 && string(line) == "end":
			if lines > 0 {
				open.end = next
				blocks = append(blocks, open)
			}
			lines = -1
		case lines >= 0 && uuLine(line):
			lines++
		default:
			lines = -1
			if name, ok := uuBegin(line); ok {
				open, lines = uuBlock{name: name, start: at}, 0
			}
		}
		at = next
	}
	return blocks
}

func uuBegin(line []byte) (name string, ok bool) {
	if !bytes.HasPrefix(line, []byte("begin ")) || len(line) > 300 {
		return "", false
	}
	f := strings.SplitN(string(line), " ", 3)
	if len(f) < 3 || len(f[1]) < 3 || len(f[1]) > 4 || strings.Trim(f[1], "01234567") != "" {
		return "", false
	}
	return fileName(f[2]), true
}

// uuLine tells whether a line holds as many characters as its first one says.
func uuLine(line []byte) bool {
	if len(line) == 0 {
		return false
	}
	n := int(line[0]-' ') & 63
	want := (n + 2) / 3 * 4
	if line[0] < ' ' || line[0] > '`' || len(line)-1 > want+2 || len(line)-1 < want-3 {
		return len(line) == 1 && (line[0] == '`' || line[0] == ' ')
	}
	for _, c := range line {
		if c < ' ' || c > '`' {
			return false
		}
	}
	return true
}

// splitUU takes the files out of a text part, which becomes a multipart of the text that is left and of them.
func (p *parser) splitUU(part *Part) {
	blocks := uuBlocks(part.Body)
	if len(blocks) == 0 || p.parts+len(blocks) >= maxParts {
		return
	}
	var rest []byte
	var files []*Part
	at := 0
	for _, b := range blocks {
		rest = append(rest, part.Body[at:b.start]...)
		at = b.end
		p.problem("a file stood in the text (uuencode): " + shorten(b.name))
		file := &Part{MediaType: "application/octet-stream", Params: map[string]string{}, Disposition: "attachment", Filename: b.name, Body: decodeUU(part.Body[b.start:b.end])}
		if strings.HasSuffix(strings.ToLower(b.name), ".ics") {
			file.MediaType, file.Body = "text/calendar", []byte(toUTF8(file.Body, ""))
		}
		if file.Body == nil {
			file.Body = []byte{}
		}
		files = append(files, file)
	}
	rest = append(rest, part.Body[at:]...)
	text := &Part{MediaType: "text/plain", Params: part.Params, Body: rest}
	p.parts += len(files) + 1
	part.MediaType, part.Body = "multipart/mixed", nil
	part.Parts = append([]*Part{text}, files...)
}
