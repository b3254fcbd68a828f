package reading

import (
	"slices"
	"strings"
	"time"

	"askwell/internal/message"
)

// Forwarded is a mail that somebody passed on inside one of theirs.
type Forwarded struct {
	From, To []message.Person
	Subject  string
	Date     time.Time // zero where it was passed on as text: every program writes it otherwise
	Text     string    // with what it quotes
}

// ForwardedOf parts what somebody wrote above a mail that they passed on from that mail, whether it was copied below a mark,
// below its header fields with a subject that says so, or attached. Ok is false where nothing was passed on. What stands in
// the mail passed on is somebody else's: who reads commands must read above only.
func ForwardedOf(m *message.Message) (above string, f Forwarded, ok bool) {
	text, _ := m.Text()
	name := writerName(m)
	text = strings.ReplaceAll(cutRunes(text, maxText), "\r\n", "\n")
	p := &page{lines: strings.Split(text, "\n"), name: name, fwd: forwards(m.Subject)}
	p.why = make([]string, len(p.lines))
	if at, found := p.forwardedFrom(); found {
		above, _ = newText(strings.Join(p.lines[:at], "\n"), name, false)
		f = p.copied(at)
		if f.Subject == "" {
			_, f.Subject, _ = strings.Cut(m.Subject, ":")
			f.Subject = strings.TrimSpace(f.Subject)
		}
		return above, f, true
	}
	m.Walk(func(part *message.Part) bool {
		if inner := part.Attached(); inner != nil && !ok {
			f = Forwarded{From: inner.From, To: inner.To, Subject: inner.Subject, Date: inner.Date}
			f.Text, _ = inner.Text()
			ok = true
		}
		return !ok
	})
	if ok {
		above, _ = NewTextOf(m)
	}
	return above, f, ok
}

// forwardedFrom returns the line with which a mail passed on begins.
func (p *page) forwardedFrom() (at int, ok bool) {
	for i := range p.lines {
		line := strings.TrimSpace(p.lines[i])
		switch {
		case line == "":
		case isForwardMark(line):
			return i, true
		case p.fwd && (isOriginalMark(line) || p.headerBlock(i) > 0):
			return i, true
		}
	}
	return 0, false
}

// copied reads the header fields and the text of a mail copied from line at on.
func (p *page) copied(at int) Forwarded {
	var f Forwarded
	if isQuoted(p.lines[at]) { // Apple's programs quote what they pass on
		p = &page{lines: slices.Clone(p.lines)}
		for i := at; i < len(p.lines); i++ {
			p.lines[i] = strings.TrimPrefix(strings.TrimPrefix(p.lines[i], ">"), " ")
		}
	}
	i, last := at, byte(0)
	for i < len(p.lines) && i < at+4 && headerLine(p.lines[i]) == 0 { // the mark, and the empty line that Apple's program puts
		i++
	}
	for ; i < len(p.lines) && i < at+24; i++ {
		line := strings.TrimSpace(p.lines[i])
		class := headerLine(line)
		_, value, _ := cutColon(line)
		switch {
		case line == "":
			if len(f.From) == 0 && p.nextHeader(i) {
				continue
			}
			f.Text = strings.TrimSpace(strings.Join(p.lines[i:], "\n"))
			return f
		case class == 'f':
			f.From = append(f.From, writtenPeople(value)...)
		case class == 't':
			f.To = append(f.To, writtenPeople(value)...)
		case class == 'b' && f.Subject == "":
			f.Subject = value
		case class == 0 && last == 't': // a long list of recipients wraps
			f.To = append(f.To, writtenPeople(line)...)
		case class == 0 && last == 'f':
			f.From = append(f.From, writtenPeople(line)...)
		}
		if class != 0 {
			last = class
		}
	}
	f.Text = strings.TrimSpace(strings.Join(p.lines[min(i, len(p.lines)):], "\n"))
	return f
}

func (p *page) nextHeader(i int) bool {
	n := p.nextText(i)
	return n < len(p.lines) && n < i+3 && headerLine(p.lines[n]) != 0
}

func cutColon(line string) (label, value string, ok bool) {
	at := strings.IndexAny(line, ":：")
	if at < 0 {
		return "", line, false
	}
	return line[:at], strings.Trim(strings.TrimLeft(line[at:], ":："), " \t*_\u00a0\u200e\u200f"), true
}

// writtenPeople reads addresses as mail programs show them: "Jane Doe <jane@…>", "Jane Doe [mailto:jane@…]", "*Jane Doe* <…>".
func writtenPeople(value string) []message.Person {
	value = strings.NewReplacer("[mailto:", "<", "<mailto:", "<", "]", ">", "*", "", ";", ",").Replace(value)
	return message.ParsePeople(value)
}
