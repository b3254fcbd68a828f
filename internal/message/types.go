package message

import "time"

// Person is a mailbox as RFC 5322 section 3.4 has it: a display name, which may be empty, and an address.
type Person struct {
	Name    string
	Address Address
}

// MessageID is a message identifier without its angle brackets.
type MessageID string

// Field is one header field. Value is unfolded and still encoded as it arrived.
type Field struct{ Name, Value string }

// Header holds header fields in the order in which they stand.
type Header []Field

// Part is one MIME entity. A multipart and an attached message have Parts, the latter one that holds the message's own
// header and body; every other part has a Body.
type Part struct {
	Header      Header
	MediaType   string            // lower case; "text/plain" when the header does not say
	Params      map[string]string // of Content-Type, keys in lower case
	Disposition string            // lower case: "inline", "attachment" or ""
	Filename    string            // without folders
	Body        []byte            // transfer encoding undone; text and calendars are UTF-8; not to be changed
	Parts       []*Part
}

// Message is a mail as far as it could be understood.
type Message struct {
	Header Header

	// Mailboxes without a usable address are left out.
	From, Sender, ReplyTo, To, Cc []Person

	Subject               string    // decoded, in one line
	Date                  time.Time // with the offset that the sender wrote; zero if there is none
	MessageID             MessageID
	InReplyTo, References []MessageID
	Root                  *Part    // nil when only a header was parsed
	Problems              []string // what was wrong with the mail, for a person to read, in the order in which it was met

	body [16]byte // hash of the body
}

// Walk calls f for each part, a multipart before what is in it. Where f returns false, it does not go into that part;
// messages that are attached are gone into like multiparts.
func (m *Message) Walk(f func(*Part) bool) {
	if m.Root != nil {
		m.Root.walk(f)
	}
}

func (p *Part) walk(f func(*Part) bool) {
	if f(p) {
		for _, child := range p.Parts {
			child.walk(f)
		}
	}
}
