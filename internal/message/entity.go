package message

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// parser goes through a mail once, from its start to its end. Boundaries of all multiparts that are open stand on a stack,
// so that one that was never closed ends with the one around it, and no byte is looked at once a level.
type parser struct {
	m          *Message
	raw        []byte
	pos        int // always at the start of a line
	boundaries []string
	parts      int
}

func (p *parser) problem(s string) { p.m.problem(s) }

// delimiter is a line that begins or ends a part (RFC 2046 section 5.1.1).
type delimiter struct {
	level   int // of the boundary on the stack; -1: the end of the mail
	closing bool
	end     int // where the next line starts
}

// line returns the line at i without its ending, and where the next one starts.
func (p *parser) line(i int) (line []byte, next int) {
	end := bytes.IndexByte(p.raw[i:], '\n')
	if end < 0 {
		line, next = p.raw[i:], len(p.raw)
	} else {
		line, next = p.raw[i:i+end], i+end+1
	}
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line, next
}

// match tells whether the line is a delimiter of an open multipart.
func (p *parser) match(line []byte) (level int, closing bool) {
	if len(line) < 2 || line[0] != '-' || line[1] != '-' {
		return -1, false
	}
	line = line[2:]
	for i := len(p.boundaries) - 1; i >= 0; i-- {
		if !bytes.HasPrefix(line, []byte(p.boundaries[i])) {
			continue
		}
		rest := line[len(p.boundaries[i]):]
		closing := bytes.HasPrefix(rest, []byte("--"))
		if closing {
			rest = rest[2:]
		}
		if len(bytes.TrimSpace(rest)) == 0 {
			return i, closing
		}
	}
	return -1, false
}

// skip moves to the next delimiter and returns what lies before it, without the line ending that belongs to it.
func (p *parser) skip() ([]byte, delimiter) {
	start := p.pos
	for i := p.pos; ; {
		if p.pos >= len(p.raw) || len(p.boundaries) == 0 {
			p.pos = len(p.raw)
			return p.raw[start:], delimiter{level: -1, end: len(p.raw)}
		}
		if bytes.HasPrefix(p.raw[i:], []byte("--")) {
			line, next := p.line(i)
			if level, closing := p.match(line); level >= 0 {
				p.pos = i
				body := p.raw[start:i]
				body = bytes.TrimSuffix(body, []byte("\n"))
				return bytes.TrimSuffix(body, []byte("\r")), delimiter{level, closing, next}
			}
		}
		next := bytes.Index(p.raw[i:], []byte("\n--"))
		if next < 0 {
			p.pos = len(p.raw)
			continue
		}
		i += next + 1
		p.pos = i
	}
}

// message reads an entity that is a mail of its own, so that things may stand before its header.
func (p *parser) message(depth int) *Part {
	p.skipEnvelope()
	return p.entity(depth, "text/plain")
}

// entity reads a header and what belongs to it.
func (p *parser) entity(depth int, mediaType string) *Part {
	p.parts++
	part := &Part{Header: p.header()}
	if depth == 0 {
		p.m.body = hashBody(p.raw[p.pos:])
	}
	part.describe(mediaType)
	switch {
	case strings.HasPrefix(part.MediaType, "multipart/"):
		if depth+1 < maxDepth {
			p.multipart(part, depth)
			return part
		}
		p.problem("more than 20 levels of parts, the deeper ones were not read")
	case part.MediaType == "message/rfc822" || part.MediaType == "message/global" || part.MediaType == "message/news":
		if depth+1 < maxDepth {
			p.attached(part, depth)
			return part
		}
		p.problem("more than 20 levels of parts, the deeper ones were not read")
	}
	body, _ := p.skip()
	p.leaf(part, body)
	p.open(part, depth)
	return part
}

// open looks into a leaf that holds parts in another form than MIME's.
func (p *parser) open(part *Part, depth int) {
	name := strings.ToLower(part.Filename)
	switch {
	case part.MediaType == "text/plain":
		p.splitUU(part)
	case part.MediaType == "application/ms-tnef" || part.MediaType == "application/vnd.ms-tnef" || name == "winmail.dat" || name == "win.dat":
		t, ok := readTNEF(part.Body)
		if !ok {
			p.problem("winmail.dat (application/ms-tnef) that cannot be read")
			return
		}
		part.MediaType = "application/ms-tnef"
		list := t.parts(p.m)
		if len(list) == 0 {
			p.problem("winmail.dat (application/ms-tnef) without a text")
			return
		}
		p.parts += len(list)
		part.Parts, part.Body = list, nil
	case strings.HasSuffix(part.MediaType, "pkcs7-mime") || name == "smime.p7m" && !strings.HasPrefix(part.MediaType, "text/"):
		p.openCMS(part, depth)
	case part.MediaType == "application/pgp-encrypted":
		p.problem("encrypted (OpenPGP), not read")
	}
	if part.MediaType == "text/plain" && bytes.Contains(part.Body, []byte("-----BEGIN PGP MESSAGE-----")) {
		p.problem("encrypted (OpenPGP), not read")
	}
}

// openCMS reads the mail within an S/MIME signature in one piece.
func (p *parser) openCMS(part *Part, depth int) {
	body := part.Body
	if len(body) > 0 && body[0] == 'M' && looksBase64(body[:min(len(body), 256)]) { // encoded, and not said so
		body = decodeBase64(body)
	}
	content, kind := openSigned(body)
	switch {
	case kind == cmsEncrypted:
		p.problem("encrypted (S/MIME), not read")
	case kind == cmsCompressed:
		p.problem("compressed (S/MIME), not read")
	case len(content) == 0:
		p.problem("signed in one piece (S/MIME), and cannot be read")
	case depth+1 >= maxDepth:
		p.problem("more than 20 levels of parts, the deeper ones were not read")
	case p.parts < maxParts:
		inner := &parser{m: p.m, raw: content, parts: p.parts}
		part.Parts, part.Body = []*Part{inner.entity(depth+1, "text/plain")}, nil
		p.parts = inner.parts
	}
}

// describe reads Content-Type and Content-Disposition.
func (p *Part) describe(mediaType string) {
	hint := p.Header.charset()
	p.MediaType, p.Params = parseParams(p.Header.Get("Content-Type"), hint)
	disposition, params := parseParams(p.Header.Get("Content-Disposition"), hint)
	p.Disposition = disposition
	name := params["filename"]
	if name == "" {
		name = p.Params["name"]
	}
	p.Filename = fileName(name)
	major, minor, _ := strings.Cut(p.MediaType, "/")
	switch {
	case p.MediaType == "":
		p.MediaType = mediaType
	case p.MediaType == "text" || p.MediaType == "text/":
		p.MediaType = "text/plain"
	case p.MediaType == "multipart" || p.MediaType == "multipart/":
		p.MediaType = "multipart/mixed"
	case major == "" || minor == "":
		// RFC 2045 section 5.2 calls what cannot be read text/plain; a file is none.
		p.MediaType = "text/plain"
		if p.Filename != "" {
			p.MediaType = "application/octet-stream"
		}
	}
}

func (p *parser) multipart(part *Part, depth int) {
	start, boundary := p.pos, part.Params["boundary"]
	if boundary = strings.TrimRight(boundary, " "); boundary != "" && len(boundary) <= 200 {
		p.children(part, depth, boundary)
	}
	if len(part.Parts) > 0 || p.parts >= maxParts {
		return
	}
	p.pos = start
	p.skip()
	end := p.pos
	if boundary = p.guessBoundary(start, end); boundary != "" {
		p.problem("a multipart without its boundary, one was guessed")
		p.pos = start
		p.children(part, depth, boundary)
	}
	if len(part.Parts) > 0 {
		return
	}
	p.problem("a multipart without parts, read as text")
	p.pos = start
	p.parts++
	body, _ := p.skip()
	child := &Part{MediaType: "text/plain", Params: map[string]string{}}
	if looksHTML(body) {
		child.MediaType = "text/html"
	}
	child.Header = Header{{"Content-Transfer-Encoding", part.Header.Get("Content-Transfer-Encoding")}}
	p.leaf(child, body)
	part.Parts = []*Part{child}
}

// children reads the parts of a multipart, and stops before the next delimiter of one around it.
func (p *parser) children(part *Part, depth int, boundary string) {
	level := len(p.boundaries)
	p.boundaries = append(p.boundaries, boundary)
	defer func() { p.boundaries = p.boundaries[:level] }()
	mediaType := "text/plain"
	if part.MediaType == "multipart/digest" {
		mediaType = "message/rfc822"
	}
	for {
		_, d := p.skip()
		if d.level < level {
			if len(part.Parts) > 0 {
				p.problem("a multipart that does not end")
			}
			return
		}
		p.pos = d.end
		if d.closing {
			// What follows up to the next outer delimiter belongs to nothing.
			p.boundaries = p.boundaries[:level]
			p.skip()
			return
		}
		if p.parts >= maxParts {
			p.problem("more than 500 parts, the rest was not read")
			p.pos = len(p.raw)
			return
		}
		part.Parts = append(part.Parts, p.entity(depth+1, mediaType))
	}
}

// guessBoundary looks for a line that begins a part: two hyphens, and a Content field in the line below.
func (p *parser) guessBoundary(start, end int) string {
	for i := start; i < end; {
		line, next := p.line(i)
		if len(line) > 2 && len(line) < 200 && bytes.HasPrefix(line, []byte("--")) && next < end {
			below, _ := p.line(next)
			if len(below) > 8 && strings.EqualFold(string(below[:8]), "Content-") {
				return strings.TrimRight(string(line[2:]), " \t")
			}
		}
		i = next
	}
	return ""
}

// attached reads a message within the message.
func (p *parser) attached(part *Part, depth int) {
	encoding := strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding")))
	if p.parts >= maxParts {
		p.problem("more than 500 parts, the rest was not read")
		part.Body, _ = p.skip()
		return
	}
	if encoding != "base64" && encoding != "quoted-printable" {
		part.Parts = []*Part{p.message(depth + 1)}
		p.skip()
		return
	}
	// RFC 2046 section 5.2.1 forbids it, and it is done.
	body, _ := p.skip()
	decoded, _ := decodeTransfer(body, encoding, false)
	inner := &parser{m: p.m, raw: decoded, parts: p.parts}
	part.Parts = []*Part{inner.message(depth + 1)}
	p.parts = inner.parts
}

// leaf takes the body of a part that has no parts.
func (p *parser) leaf(part *Part, body []byte) {
	text := strings.HasPrefix(part.MediaType, "text/")
	decoded, problem := decodeTransfer(body, part.Header.Get("Content-Transfer-Encoding"), text)
	if problem != "" {
		p.problem("a part that " + problem)
	}
	calendar := part.MediaType == "application/ics" || strings.HasSuffix(strings.ToLower(part.Filename), ".ics")
	if !text && !calendar {
		part.Body = decoded[:len(decoded):len(decoded)]
		return
	}
	if len(decoded) > maxText {
		decoded = decoded[:maxText]
		for range 3 { // not half a character
			if r, n := utf8.DecodeLastRune(decoded); r == utf8.RuneError && n == 1 {
				decoded = decoded[:len(decoded)-1]
			}
		}
		p.problem("a text longer than 1 MB, the rest was not read")
	}
	if part.Header.Get("Content-Type") == "" && looksHTML(decoded) {
		part.MediaType = "text/html"
	}
	charset := part.Params["charset"]
	if charset == "" && part.MediaType == "text/html" {
		charset = metaCharset(decoded)
	}
	if charset != "" && !knownCharset(charset) && !utf8.Valid(decoded) {
		p.problem("a text in the unknown charset " + shorten(charset) + ", read as Western European")
	}
	utf8Text := toUTF8(decoded, charset)
	if len(utf8Text) > maxText {
		utf8Text = strings.ToValidUTF8(utf8Text[:maxText], "")
	}
	part.Body = []byte(utf8Text)
}

func looksHTML(body []byte) bool {
	start := strings.ToLower(string(bytes.TrimLeft(body[:min(len(body), 512)], " \t\r\n")))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// metaCharset finds what a document says of itself.
func metaCharset(body []byte) string {
	head := strings.ToLower(string(body[:min(len(body), 2048)]))
	_, after, found := strings.Cut(head, "charset=")
	if !found {
		return ""
	}
	after = strings.TrimLeft(after, `"' `)
	if end := strings.IndexAny(after, `"'/> ;`); end >= 0 {
		return after[:end]
	}
	return ""
}
