package message

import (
	"bytes"
	"strings"
)

// header reads fields up to the empty line, which it takes along, or up to a delimiter, which it leaves (RFC 5322 section
// 2.2). Lines that are no fields are passed over, or taken for the body if nothing below looks like a field.
func (p *parser) header() Header {
	var h Header
	start := p.pos
	field := -1 // where the field began that is being read
	flush := func(end int) {
		if field >= 0 {
			if f, ok := readField(p.raw[field:end]); ok {
				h = append(h, f)
			}
		}
		field = -1
	}
	for p.pos < len(p.raw) {
		line, next := p.line(p.pos)
		if len(line) == 0 {
			flush(p.pos)
			p.pos = next
			return h
		}
		if level, _ := p.match(line); level >= 0 {
			break
		}
		if p.pos-start > maxHeader {
			flush(p.pos)
			p.problem("a header longer than 256 kB, the rest was not read")
			p.skipHeader()
			return h
		}
		blank := line[0] == ' ' || line[0] == '\t'
		switch {
		case blank && field >= 0 && !p.endsHeader(line, next):
		case blank && len(bytes.TrimSpace(line)) == 0:
			flush(p.pos)
			p.pos = next
			return h
		case blank && field >= 0:
		case fieldName(line) > 0:
			flush(p.pos)
			field = p.pos
		case p.looksLikeField(next):
			p.problem("a line in the header that is no field: " + shorten(string(line[:min(len(line), 80)])))
			flush(p.pos)
		default:
			p.problem("no empty line between header and body")
			flush(p.pos)
			return h
		}
		p.pos = next
		if len(line) > maxHeader {
			p.problem("a header longer than 256 kB, the rest was not read")
			field = -1
		}
	}
	flush(p.pos)
	return h
}

// endsHeader tells of a line of white space whether the header ends there: what follows is neither a field nor its
// continuation.
func (p *parser) endsHeader(line []byte, next int) bool {
	if len(bytes.TrimSpace(line)) > 0 {
		return false
	}
	if next < len(p.raw) && (p.raw[next] == ' ' || p.raw[next] == '\t') {
		return false
	}
	return !p.looksLikeField(next)
}

// skipEnvelope passes over what mailboxes and gateways put before a header: the line "From " of mbox files, empty lines.
func (p *parser) skipEnvelope() {
	i := p.pos
	for n := 0; i < len(p.raw) && n < 8; n++ {
		line, next := p.line(i)
		level, _ := p.match(line)
		switch {
		case level >= 0:
			return
		case len(line) > 0 && (bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))) && fieldName(line) == 0:
			p.pos = next
			return
		case len(bytes.TrimSpace(line)) > 0:
			if n > 0 && p.looksLikeField(i) {
				p.pos = i
			}
			return
		}
		i = next
	}
}

// skipHeader moves behind the next empty line, or to a delimiter.
func (p *parser) skipHeader() {
	for p.pos < len(p.raw) {
		line, next := p.line(p.pos)
		if level, _ := p.match(line); level >= 0 {
			return
		}
		p.pos = next
		if len(line) == 0 {
			return
		}
	}
}

// looksLikeField tells whether a field that mail has begins at i.
func (p *parser) looksLikeField(i int) bool {
	if i >= len(p.raw) {
		return false
	}
	line, _ := p.line(i)
	n := fieldName(line[:min(len(line), 80)])
	if n == 0 {
		return false
	}
	name := strings.ToLower(string(bytes.TrimRight(line[:n], " \t")))
	switch name {
	case "from", "to", "cc", "bcc", "subject", "date", "sender", "reply-to", "message-id", "in-reply-to", "references",
		"mime-version", "received", "return-path", "delivered-to", "auto-submitted", "dkim-signature", "authentication-results",
		"importance", "precedence", "thread-topic", "thread-index", "user-agent", "arc-seal", "received-spf":
		return true
	}
	return strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "list-") ||
		strings.HasPrefix(name, "arc-")
}

// fieldName returns where the name of a field ends, white space before the colon included (RFC 5322 section 4.5), or 0.
func fieldName(line []byte) int {
	n := 0
	for n < len(line) && line[n] > ' ' && line[n] < 0x7f && line[n] != ':' {
		n++
	}
	end := n
	for end < len(line) && (line[end] == ' ' || line[end] == '\t') {
		end++
	}
	if n == 0 || end == len(line) || line[end] != ':' {
		return 0
	}
	return end
}

// readField takes a field with its continuation lines apart. Unfolding removes line endings only (RFC 5322 section 2.2.3);
// other control characters become spaces.
func readField(b []byte) (Field, bool) {
	n := fieldName(b)
	if n == 0 {
		return Field{}, false
	}
	value := bytes.Trim(b[n+1:], " \t\r\n")
	out := make([]byte, 0, len(value))
	for i, c := range value {
		switch {
		case c == '\n', c == '\r' && i+1 < len(value) && (value[i+1] == '\n' || value[i+1] == '\r'):
		case c == '\r' || c == 0:
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return Field{Name: strings.TrimRight(string(b[:n]), " \t"), Value: string(out)}, true
}
