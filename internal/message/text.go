package message

import (
	"strings"
	"unicode"
)

// Text returns what a person would read, as lines that end in "\n": the text/plain, with format=flowed undone (RFC 3676),
// or the text/html converted as HTMLText does, if there is no text/plain or only a notice that one should look at the HTML;
// fromHTML tells. Of alternatives it takes one, of other multiparts all texts that are not attached files, of a report
// (RFC 6522) the part meant for people. It returns "" for a mail without text.
func (m *Message) Text() (text string, fromHTML bool) {
	if m.Root == nil {
		return "", false
	}
	r := m.Root.reading(true)
	if r.empty() {
		m.Walk(func(p *Part) bool {
			if r.empty() {
				r = p.lastResort()
			}
			return !strings.HasPrefix(p.MediaType, "message/")
		})
	}
	return r.text, r.html
}

// lastResort gives the text of a part that is none by its type: what programs wrap a whole mail in, and what was written
// under a type that nobody knows.
func (p *Part) lastResort() readable {
	switch {
	case p.MediaType == "application/ms-tnef":
		return p.first()
	case p.MediaType == "text/rtf" || p.MediaType == "application/rtf":
		text, html := rtfText(p.Body)
		if html {
			text = HTMLText(text)
		}
		return readable{endLine(cleanText(strings.ToValidUTF8(text, "\uFFFD"))), html}
	case len(p.Parts) > 0 || p.isFile() || p.Filename != "" || len(p.Body) == 0 || len(p.Body) > maxText/4:
		return readable{}
	}
	switch p.MediaType {
	case "text/calendar", "text/x-vcalendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv", "text/css", "text/xml", "text/rfc822-headers", "application/ics", "application/json", "application/xml",
		"application/pgp-signature", "application/pgp-encrypted", "application/pgp-keys":
		return readable{}
	}
	if !strings.HasPrefix(p.MediaType, "text/") && !strings.HasPrefix(p.MediaType, "application/") || !looksText(p.Body) {
		return readable{}
	}
	return readable{endLine(cleanText(toUTF8(p.Body, p.Params["charset"]))), false}
}

// looksText tells whether bytes are letters for the most part and no program's.
func looksText(b []byte) bool {
	letters, odd := 0, 0
	for _, c := range b[:min(len(b), 4096)] {
		switch {
		case c == 0, c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b:
			odd++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80, c == ' ':
			letters++
		}
	}
	return odd == 0 && letters*3 > 2*min(len(b), 4096) && !strings.HasPrefix(string(b[:min(len(b), 5)]), "%PDF")
}

// HTML returns the first text/html that is no attached file, or "".
func (m *Message) HTML() string {
	var html string
	m.Walk(func(p *Part) bool {
		if p.MediaType == "text/html" && html == "" && (!p.isFile() || p == m.Root) {
			html = string(p.Body)
		}
		return html == "" && !strings.HasPrefix(p.MediaType, "message/")
	})
	return html
}

// readable is the text of a part.
type readable struct {
	text string
	html bool
}

func (r readable) empty() bool { return strings.TrimSpace(r.text) == "" }

// isFile tells whether the part was attached rather than written.
func (p *Part) isFile() bool {
	return p.Disposition == "attachment" && !(len(p.Parts) > 0 && strings.HasSuffix(p.MediaType, "pkcs7-mime"))
}

// reading gives the text of a part and what is in it. first tells that nothing readable came before it.
func (p *Part) reading(first bool) readable {
	switch {
	case p.MediaType == "text/html" || p.MediaType == "application/xhtml+xml":
		return readable{HTMLText(string(p.Body)), true}
	case p.MediaType == "text/plain" || p.MediaType == "text/markdown" || p.MediaType == "text/x-markdown":
		return readable{plainText(p), false}
	case p.MediaType == "text/enriched" || p.MediaType == "text/richtext":
		return readable{enriched(string(p.Body)), false}
	case p.MediaType == "multipart/alternative":
		return p.alternative()
	case p.MediaType == "multipart/related" || p.MediaType == "multipart/signed" || p.MediaType == "multipart/report",
		len(p.Parts) > 0 && (strings.HasSuffix(p.MediaType, "pkcs7-mime") || strings.EqualFold(p.Filename, "smime.p7m")):
		return p.first()
	case strings.HasPrefix(p.MediaType, "multipart/"):
		return p.all(first)
	}
	return readable{}
}

// alternative chooses: the last plain text is preferred to HTML, unless it only says that there is HTML (RFC 2046 section
// 5.1.4 would have us take the last that we can show).
func (p *Part) alternative() readable {
	var plain, html readable
	for _, child := range p.Parts {
		if child.isFile() {
			continue
		}
		r := child.reading(true)
		switch {
		case r.empty():
		case r.html:
			if html.empty() {
				html = r
			}
		case plain.empty():
			plain = r
		}
	}
	if plain.empty() || !html.empty() && placeholder(plain.text, html.text) {
		return html
	}
	return plain
}

// first gives the text of the root of related parts, of what is signed, of the human part of a report.
func (p *Part) first() readable {
	for _, child := range p.Parts {
		if child.isFile() {
			continue
		}
		if r := child.reading(true); !r.empty() {
			return r
		}
	}
	return readable{}
}

// all joins the texts of mixed parts. One that repeats what came before it in the other form is left out: some programs
// write mixed where they mean alternative.
func (p *Part) all(first bool) readable {
	var joined strings.Builder
	var html, had bool
	var squeezed string
	for _, child := range p.Parts {
		if child.isFile() && (!first || len(p.Parts) > 1) || child.Filename != "" && had {
			continue
		}
		r := child.reading(first && !had)
		if r.empty() {
			continue
		}
		if had && r.html != html {
			if again := squeeze(r.text); strings.Contains(again, squeezed) || strings.Contains(squeezed, again) {
				continue
			}
		}
		if had {
			joined.WriteString("\n")
		}
		joined.WriteString(strings.TrimRight(r.text, "\n") + "\n")
		squeezed += squeeze(r.text)
		html, had = html || r.html, true
	}
	return readable{joined.String(), html}
}

// squeeze leaves letters and digits, to compare texts in different forms.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// placeholder tells whether a plain text says nothing but that the mail is in HTML.
func placeholder(plain, html string) bool {
	plain = strings.ToLower(strings.TrimSpace(plain))
	if len(plain) > 400 {
		return false
	}
	about := strings.Contains(plain, "html") || strings.Contains(plain, "view this") || strings.Contains(plain, "not displaying") ||
		strings.Contains(plain, "mail client") || strings.Contains(plain, "email client") || strings.Contains(plain, "in your browser")
	onlyImages := strings.HasPrefix(plain, "[") && strings.HasSuffix(plain, "]") && !strings.Contains(plain, "\n")
	return (about || onlyImages) && !strings.Contains(strings.ToLower(squeeze(html)), squeeze(plain))
}

// plainText puts a text/plain into plain lines.
func plainText(p *Part) string {
	text := cleanText(string(p.Body))
	if strings.EqualFold(p.Params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.Params["delsp"], "yes"))
	}
	return endLine(text)
}

// cleanText makes all line endings "\n" and all blanks spaces, and drops other control characters.
func cleanText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n",
		"\u00a0", " ", "\u202f", " ", "\u2007", " ", "\ufeff", "").Replace(s)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// endLine takes the empty lines at both ends away and ends the last line.
func endLine(s string) string {
	s = strings.TrimRight(s, "\n")
	for {
		line, rest, found := strings.Cut(s, "\n")
		if strings.TrimSpace(line) != "" {
			return s + "\n"
		}
		if !found {
			return ""
		}
		s = rest
	}
}

// unflow undoes format=flowed (RFC 3676 section 4): a line that ends in a space goes on in the next one. Lines that were
// quoted keep their depth as one ">" each.
func unflow(text string, delSp bool) string {
	var out, para strings.Builder
	depth, open := 0, false
	flush := func() {
		if open {
			out.WriteString(strings.TrimRight(quoted(depth, para.String()), " ") + "\n")
		}
		para.Reset()
		open = false
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		line = strings.TrimPrefix(line[d:], " ") // space-stuffed
		// An empty line ends a paragraph even where the line above forgot to.
		if open && (d != depth || line == "-- " || line == "") {
			flush()
		}
		depth = d
		if line == "-- " { // a signature's mark is never flowed (section 4.3)
			out.WriteString(quoted(d, line) + "\n")
			continue
		}
		flowed := strings.HasSuffix(line, " ")
		if flowed && delSp {
			line = line[:len(line)-1]
		}
		para.WriteString(line)
		open = true
		if !flowed {
			flush()
		}
	}
	flush()
	return out.String()
}

// quoted puts quote marks before a line.
func quoted(depth int, line string) string {
	if depth == 0 {
		return line
	}
	if line == "" {
		return strings.Repeat(">", depth)
	}
	return strings.Repeat(">", depth) + " " + line
}

// enriched strips the commands of text/enriched (RFC 1896).
func enriched(s string) string {
	var out strings.Builder
	params := 0
	for s != "" {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			open = len(s)
		}
		if params == 0 {
			out.WriteString(s[:open])
		}
		s = s[open:]
		end := strings.IndexByte(s, '>')
		switch {
		case strings.HasPrefix(s, "<<"):
			out.WriteByte('<')
			s = s[2:]
			continue
		case end < 0:
			return endLine(cleanText(out.String()))
		}
		switch strings.ToLower(s[1:end]) {
		case "param":
			params++
		case "/param":
			params = max(params-1, 0)
		}
		s = s[end+1:]
	}
	return endLine(cleanText(out.String()))
}
