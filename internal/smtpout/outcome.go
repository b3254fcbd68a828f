package smtpout

import (
	"errors"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Result is what became of a message.
type Result int

// The zero Result is none of these, so that a forgotten one is never taken for Accepted.
const (
	Accepted Result = iota + 1 // the server has taken it over
	Rejected                   // the server will never take it
	Retry                      // it was certainly not taken; the same bytes may be offered again later
	Unknown                    // the answer to the dot was lost: it may or may not be on its way
)

func (r Result) String() string {
	switch r {
	case Accepted:
		return "accepted"
	case Rejected:
		return "rejected"
	case Retry:
		return "retry"
	case Unknown:
		return "unknown"
	}
	return "none"
}

// Outcome is a Result with its reasons.
type Outcome struct {
	Result Result
	Code   int    // the server's reply code, 0 if it gave none
	Status string // its enhanced status code (RFC 3463), "5.1.1", or empty
	Text   string // its words, on one line, without the two codes

	Down      bool // the server was not reached, or let nobody in: this message was never spoken of
	Recipient bool // a RCPT was refused: it is the address, not the message
	Auth      bool // the login is wrong, or is missing: no message will leave until the owner acts
	TLS       bool // no trusted encryption could be had: likewise
	Err       error
}

// phase is how far the conversation had come.
type phase int

const (
	phaseConnect phase = iota // dialling, TLS, the greeting, EHLO, STARTTLS
	phaseLogin
	phaseMail
	phaseRcpt
	phaseData // the DATA command, up to 354
	phaseText // the text was being written; its dot was not
	phaseDot  // the dot was written, or may have been
)

func (p phase) String() string {
	return [...]string{"connect", "log in", "MAIL", "RCPT", "DATA", "send the text", "end the text"}[p]
}

// judge derives the outcome from the phase and what was said in it; err is not nil.
func judge(p phase, err error) Outcome {
	o := Outcome{Result: Retry, Err: err}
	var reply *textproto.Error
	said := errors.As(err, &reply)
	class := 0
	if said {
		o.Code = reply.Code
		o.Status, o.Text = splitStatus(reply.Code, reply.Msg)
		class = reply.Code / 100
		o.Err = replyError{o.Code, o.Status, o.Text}
	}
	var broken *tlsError
	if errors.As(err, &broken) {
		o.TLS = true
	}
	var login *loginError
	if errors.As(err, &login) {
		o.Auth = true
	}
	switch p {
	case phaseConnect:
		o.Down = true
	case phaseLogin:
		o.Auth, o.Down = o.Auth || class == 5, true
	case phaseMail, phaseRcpt, phaseData, phaseText:
		switch {
		case needsLogin(o.Code):
			o.Auth, o.Down = true, true
		case class == 5:
			o.Result = Rejected
			o.Recipient = p == phaseRcpt
		}
	case phaseDot:
		switch class {
		case 2:
			o.Result, o.Err = Accepted, nil
		case 4:
			// The server goes away, or something between it and us does, which cannot know what the server did with the text.
			if o.Code == 421 {
				o.Result = Unknown
			}
		case 5:
			o.Result = Rejected
		default:
			o.Result = Unknown
		}
	}
	return o
}

// needsLogin tells the replies that are about the login and not about the message (RFC 4954 section 6).
func needsLogin(code int) bool {
	return code == 530 || code == 534 || code == 535 || code == 538
}

// replyError is a reply that is not the wanted one.
type replyError struct {
	code         int
	status, text string
}

func (e replyError) Error() string {
	return strings.Join(strings.Fields(fmt.Sprintf("the server said %d %s %s", e.code, e.status, e.text)), " ")
}

// tlsError is a connection that cannot be trusted.
type tlsError struct{ err error }

func (e *tlsError) Error() string { return e.err.Error() }
func (e *tlsError) Unwrap() error { return e.err }

// loginError is a login that could not even be tried, or that was refused without a reply code.
type loginError struct{ err error }

func (e *loginError) Error() string { return e.err.Error() }
func (e *loginError) Unwrap() error { return e.err }

const maxReplyText = 500

// splitStatus takes the enhanced status code (RFC 2034 section 4) from the text of a reply, whose lines are separated
// by \n and may each carry it, and makes one printable line of the rest.
func splitStatus(code int, msg string) (status, text string) {
	var words []string
	for line := range strings.SplitSeq(msg, "\n") {
		first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if enhanced(code, first) {
			if status == "" {
				status = first
			}
			line = rest
		}
		words = append(words, line)
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.Join(words, " "))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxReplyText {
		cut := maxReplyText
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	return status, text
}

// enhanced tells whether s is an enhanced status code of the class of code (RFC 3463 section 2).
func enhanced(code int, s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || parts[0] != strconv.Itoa(code/100) {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) == 0 || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}
