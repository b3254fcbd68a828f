package demo

import (
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"

	"askwell/internal/message"
)

// letter is a mail as somebody's program writes it, where world.Answer is not enough.
type letter struct {
	from, to mail.Address
	subject  string
	date     time.Time
	id       string // without angle brackets
	thread   []message.MessageID
	header   []string // further lines
	text     string
	calendar string
	method   string
}

// raw is the finished message.
func (l letter) raw() []byte {
	var m strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&m, format+"\r\n", args...) }
	body := strings.ReplaceAll(strings.TrimRight(l.text, "\n")+"\n", "\n", "\r\n")
	line("Date: %s", l.date.Format(time.RFC1123Z))
	line("From: %s", l.from.String())
	line("To: %s", l.to.String())
	line("Subject: %s", mime.QEncoding.Encode("utf-8", l.subject))
	line("Message-ID: <%s>", l.id)
	if n := len(l.thread); n > 0 {
		line("In-Reply-To: <%s>", l.thread[n-1])
		refs := make([]string, n)
		for i, id := range l.thread {
			refs[i] = "<" + string(id) + ">"
		}
		line("References: %s", strings.Join(refs, "\r\n "))
	}
	for _, h := range l.header {
		line("%s", h)
	}
	line("MIME-Version: 1.0")
	if l.calendar == "" {
		line("Content-Type: text/plain; charset=utf-8")
		line("Content-Transfer-Encoding: 8bit")
		line("")
		m.WriteString(body)
		return []byte(m.String())
	}
	line(`Content-Type: multipart/alternative; boundary="=_calendar"`)
	line("")
	line("--=_calendar")
	line("Content-Type: text/plain; charset=utf-8")
	line("Content-Transfer-Encoding: 8bit")
	line("")
	m.WriteString(body)
	line("--=_calendar")
	line("Content-Type: text/calendar; charset=utf-8; method=%s", l.method)
	line("Content-Transfer-Encoding: 8bit")
	line("")
	m.WriteString(l.calendar)
	line("--=_calendar--")
	return []byte(m.String())
}

// invitation is what a mail's calendar part says, if it has one.
type invitation struct {
	method, uid, sequence string
	start, end            time.Time
}

func invitationIn(m *message.Message) (invitation, bool) {
	var body string
	m.Walk(func(p *message.Part) bool {
		if p.MediaType == "text/calendar" && body == "" {
			body = string(p.Body)
		}
		return true
	})
	if body == "" {
		return invitation{}, false
	}
	body = strings.NewReplacer("\r\n ", "", "\n ", "").Replace(body)
	var in invitation
	for line := range strings.Lines(body) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		name, _, _ = strings.Cut(name, ";")
		switch {
		case name == "METHOD":
			in.method = value
		case name == "UID":
			in.uid = value
		case name == "SEQUENCE":
			in.sequence = value
		case name == "DTSTART" && in.start.IsZero():
			in.start, _ = time.Parse("20060102T150405Z", value)
		case name == "DTEND" && in.end.IsZero():
			in.end, _ = time.Parse("20060102T150405Z", value)
		}
	}
	return in, true
}

// accepted is the answer that a calendar gives when its owner says yes (RFC 5546, 3.2.3).
func (in invitation) accepted(who mail.Address, now time.Time) string {
	const utc = "20060102T150405Z"
	return strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Calendar//EN", "METHOD:REPLY", "BEGIN:VEVENT",
		"UID:" + in.uid, "SEQUENCE:" + in.sequence, "DTSTAMP:" + now.UTC().Format(utc),
		"DTSTART:" + in.start.UTC().Format(utc), "DTEND:" + in.end.UTC().Format(utc),
		"ORGANIZER:mailto:" + ownerAddress, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:" + who.Address,
		"END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
}

// gist is what a mail says without its greeting, on one line.
func gist(text string) string {
	paragraphs := strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n\n")
	if len(paragraphs) > 1 && strings.HasSuffix(strings.TrimSpace(paragraphs[0]), ",") && len(paragraphs[0]) < 60 {
		paragraphs = paragraphs[1:]
	}
	return strings.Join(strings.Fields(strings.Join(paragraphs, " ")), " ")
}
