package message

import (
	"time"
)

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

// Part is one MIME entity. A multipart and an attached message have Parts; every other part has a Body.
type Part struct {
	Header      Header
	MediaType   string            // lower case; "text/plain" when the header does not say
	Params      map[string]string // of Content-Type, keys in lower case
	Disposition string            // lower case: "inline", "attachment" or ""
	Filename    string
	Body        []byte // transfer encoding undone; text/* is UTF-8
	Parts       []*Part
}

// Message is a mail as far as it could be understood.
type Message struct {
	Header                Header
	From, Sender, ReplyTo []Person
	To, Cc                []Person
	Subject               string
	Date                  time.Time // with the offset the sender wrote; zero if there is none
	MessageID             MessageID
	InReplyTo, References []MessageID
	Root                  *Part // nil when only a header was parsed
	Problems              []string

}
