package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// What Parse reads at most. Beyond these a mail is cut, and Problems says so.
const (
	maxRaw     = 8 << 20   // of the whole mail
	maxHeader  = 256 << 10 // of each header
	maxText    = 1 << 20   // of each text
	maxDepth   = 20        // of parts within parts
	maxParts   = 500
	maxProblem = 50
	hashedBody = 64 << 10 // bytes of the body that Key takes into account
)

// Parse reads a mail from its bytes as they stand in a mailbox or a file. It returns what it could make of them, in time
// that grows with their length alone.
func Parse(raw []byte) *Message {
	m := &Message{}
	p := newParser(raw, m)
	m.Root = p.message(0)
	m.Header = m.Root.Header
	m.readFields()
	return m
}

// ParseHeader reads the header alone, as an IMAP server gives it; Root is nil.
func ParseHeader(raw []byte) *Message {
	m := &Message{}
	p := newParser(raw, m)
	p.skipEnvelope()
	m.Header = p.header()
	m.readFields()
	return m
}

func newParser(raw []byte, m *Message) *parser {
	p := &parser{m: m}
	if len(raw) > maxRaw {
		raw = raw[:maxRaw]
		p.problem("longer than 8 MB, the rest was not read")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw[:min(len(raw), 64<<10)], '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
		p.problem("lines end with CR alone")
	}
	p.raw = raw
	return p
}

// readFields fills the fields of m from its header.
func (m *Message) readFields() {
	h, hint := m.Header, m.Header.charset()
	people := func(name string) []Person {
		var list []Person
		values := h.Values(name)
		for i, v := range values {
			if i > 0 && (name == "From" || name == "Sender") {
				m.problem("several " + name + " fields, the first one counts")
				break
			}
			list = append(list, parsePeople(v, hint)...)
		}
		return list
	}
	m.From, m.Sender, m.ReplyTo = people("From"), people("Sender"), people("Reply-To")
	m.To, m.Cc = people("To"), people("Cc")
	m.Subject = cleanName(decodeWords(h.Get("Subject"), hint))
	m.Date = parseDate(h.Get("Date"))
	if ids := ParseMessageIDs(h.Get("Message-ID")); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	m.InReplyTo = ParseMessageIDs(h.Get("In-Reply-To"))
	for _, v := range h.Values("References") {
		m.References = append(m.References, ParseMessageIDs(v)...)
	}
	switch {
	case !h.Has("From"):
		m.problem("no From field")
	case len(m.From) == 0:
		m.problem("no address in From")
	}
	if h.Has("Date") && m.Date.IsZero() {
		m.problem("no date in Date: " + shorten(h.Get("Date")))
	}
}

// Received returns when the mail arrived, as the server says that took it last (RFC 5321 section 4.4); the zero time if
// none does.
func (m *Message) Received() time.Time {
	for _, v := range m.Header.Values("Received") {
		if i := strings.LastIndexByte(v, ';'); i >= 0 {
			if t := parseDate(v[i+1:]); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

func (m *Message) problem(s string) {
	if len(m.Problems) < maxProblem && !slices.Contains(m.Problems, s) {
		m.Problems = append(m.Problems, s)
	}
}

// Key returns a name for this mail: two copies of one mail, wherever they lie, have the same, and two mails have not, even
// under one Message-ID. It is the Message-ID, a space, and a hash over the fields From, Date and Subject as they stand and
// the first 64 kB of the body, line endings aside. What was read by ParseHeader has another key than the whole mail.
func (m *Message) Key() string {
	h := sha256.New()
	for _, name := range []string{"From", "Date", "Subject"} {
		h.Write([]byte(strings.Join(strings.Fields(m.Header.Get(name)), " ")))
		h.Write([]byte{0})
	}
	h.Write(m.body[:])
	return string(m.MessageID) + " " + hex.EncodeToString(h.Sum(nil)[:16])
}

// hashBody hashes the start of a body without what a server or a file may change in it: line endings, empty lines at the
// end.
func hashBody(b []byte) (sum [16]byte) {
	whole := len(b) <= hashedBody
	b = bytes.ReplaceAll(b[:min(len(b), hashedBody)], []byte("\r"), nil)
	if whole {
		b = bytes.TrimRight(b, "\n")
	}
	full := sha256.Sum256(b)
	copy(sum[:], full[:])
	return sum
}
