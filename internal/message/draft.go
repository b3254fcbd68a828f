package message

import "time"

// Draft is a mail to be written.
type Draft struct {
	From, ReplyTo Person
	To            []Person
	Subject       string
	Date          time.Time
	MessageID     MessageID
	InReplyTo     MessageID
	References    []MessageID
	Text, HTML    string
	Calendar      []byte // an iCalendar object, or nil
	Method        string // its iTIP method, such as REQUEST
	AutoSubmitted bool
	Header        []Field // further fields, X- only
}
