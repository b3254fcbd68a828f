package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"
)

func decodeWords(s string) string {
	d := mime.WordDecoder{}
	if t, err := d.DecodeHeader(s); err == nil {
		return t
	}
	return s
}

// Parse reads a mail.
func Parse(raw []byte) *Message {
	m := &Message{Root: &Part{MediaType: "text/plain"}}
	r, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m
	}
	for k, v := range r.Header {
		for _, x := range v {
			m.Header = append(m.Header, Field{k, x})
		}
	}
	people := func(n string) (out []Person) {
		l, _ := r.Header.AddressList(n)
		for _, a := range l {
			if p, err := ParseAddress(a.Address); err == nil {
				out = append(out, Person{a.Name, p})
			}
		}
		return out
	}
	ids := func(n string) (out []MessageID) {
		for _, f := range strings.Fields(r.Header.Get(n)) {
			out = append(out, MessageID(strings.Trim(f, "<>")))
		}
		return out
	}
	m.From, m.To, m.Cc, m.ReplyTo = people("From"), people("To"), people("Cc"), people("Reply-To")
	m.Subject = m.Header.Text("Subject")
	m.Date, _ = r.Header.Date()
	if i := ids("Message-Id"); len(i) > 0 {
		m.MessageID = i[0]
	}
	m.InReplyTo, m.References = ids("In-Reply-To"), ids("References")
	m.Root.Header = m.Header
	m.Root.Body, _ = io.ReadAll(r.Body)
	return m
}

// ParseHeader reads a header.
func ParseHeader(raw []byte) *Message {
	m := Parse(raw)
	m.Root = nil
	return m
}

// Walk visits parts.
func (m *Message) Walk(f func(*Part) bool) {
	if m.Root != nil {
		f(m.Root)
	}
}

// Text gives the text.
func (m *Message) Text() (text string, fromHTML bool) {
	if m.Root == nil {
		return "", false
	}
	return strings.ReplaceAll(string(m.Root.Body), "\r\n", "\n"), false
}

// HTML gives the HTML.
func (m *Message) HTML() string { return "" }

// ThreadIDs gives In-Reply-To, then References.
func (m *Message) ThreadIDs() []MessageID { return append(append([]MessageID(nil), m.InReplyTo...), m.References...) }

// Key gives the ledger key.
func (m *Message) Key() string { return string(m.MessageID) }

// HTMLText gives text of HTML.
func HTMLText(html string) string { return html }

// Compose writes a draft.
func Compose(d Draft) ([]byte, error) {
	if strings.ContainsAny(d.Subject+string(d.MessageID), "\r\n") {
		return nil, errors.New("compose: line break in a field")
	}
	var b strings.Builder
	for _, p := range d.To {
		fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", d.From, p, mime.QEncoding.Encode("utf-8", d.Subject))
	}
	fmt.Fprintf(&b, "Message-ID: <%s>\r\nDate: %s\r\n", d.MessageID, d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	if d.InReplyTo != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\n", d.InReplyTo)
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
	b.WriteString(strings.ReplaceAll(d.Text, "\n", "\r\n"))
	return []byte(b.String()), nil
}

// ReplySubject gives the subject of a reply.
func ReplySubject(subject string) string { return "Re: " + BaseSubject(subject) }

// BaseSubject gives the bare subject.
func BaseSubject(subject string) string { return strings.TrimPrefix(subject, "Re: ") }

// ReferencesFor gives References for a reply.
func ReferencesFor(parent *Message) []MessageID { return append(parent.References, parent.MessageID) }
