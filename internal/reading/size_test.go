package reading

import (
	"fmt"
	"strings"
	"testing"

	"askwell/internal/message"
)

// sized are mails of n bytes, of everything that grows.
func sized(n int) map[string][]byte {
	fill := func(head, unit, tail string) []byte {
		return []byte(head + strings.Repeat(unit, max(1, (n-len(head)-len(tail))/len(unit))) + tail)
	}
	const field = "From: Jane Doe <jane@example.com>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\nIn-Reply-To: <ask@example.org>\r\nSubject: Re: 20 minutes\r\n"
	const daemon = "From: MAILER-DAEMON@mx.example.org\r\nReturn-Path: <>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
	const auto = "From: jane@example.com\r\nAuto-Submitted: auto-replied\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\n"
	const html = field + "Content-Type: text/html; charset=utf-8\r\n\r\n"
	var deep strings.Builder
	deep.WriteString(field)
	for i := range 40 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	return map[string][]byte{
		"plain text":        fill(field+"\r\n", "Tuesday at 3 works, or Wednesday the 25th in the afternoon.\r\n", ""),
		"one line":          fill(field+"\r\n", "Tuesday at 3 works or ", ""),
		"one word":          fill(field+"\r\n", "a", ""),
		"base64":            fill(field+"Content-Transfer-Encoding: base64\r\n\r\n", "VHVlc2RheSBhdCAzIHdvcmtzLCBvciBXZWRuZXNkYXkgdGhlIDI1dGguVHVlc2Rh\r\n", ""),
		"attachment":        fill(field+"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYes, gladly.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n", "VHVlc2RheSBhdCAzIHdvcmtzLCBvciBXZWRuZXNkYXkgdGhlIDI1dGguVHVlc2Rh\r\n", "\r\n--b--\r\n"),
		"deep multipart":    fill(deep.String(), "--b39\r\n\r\nTuesday\r\n", ""),
		"many parts":        fill(field+"Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\r\n\r\nTuesday\r\n", ""),
		"many alternatives": fill(field+"Content-Type: multipart/alternative; boundary=b\r\n\r\n", "--b\r\nContent-Type: text/html\r\n\r\n<p>Tuesday\r\n", ""),
		"html":              fill(html, "<p>Tuesday at <b>3</b> works</p>\r\n<blockquote>20 minutes?</blockquote>\r\n", ""),
		"html signatures":   fill(html, "<div class=\"gmail_signature\">Jane</div>", ""),
		"html deep":         fill(html, "<div class=gmail_quote>", ""),
		"quotes":            fill(field+"\r\n", "> On Monday you wrote:\r\n>> and I\r\n", ""),
		"quotes between":    fill(field+"\r\n", "> 20 minutes?\r\nYes.\r\n", ""),
		"attributions":      fill(field+"\r\n", "On Mon, Nov 23, 2026 at 9:12 AM Ada <ada@example.org> wrote:\r\n", ""),
		"copies of headers": fill(field+"\r\n", "From: Ada\r\nSent: Monday\r\nTo: Jane\r\nSubject: x\r\n\r\n", ""),
		"addresses in To":   fill(field+"To: ", "Jane Doe <jane@example.com>, ", "\r\n\r\nYes.\r\n"),
		"addresses in Cc":   fill(field+"Cc: ", "jane@example.com,\r\n ", "x@example.com\r\n\r\nYes.\r\n"),
		"addresses in text": fill(field+"\r\n", "Dana Fox <dana@example.com>, ", ""),
		"at signs":          fill(field+"\r\n", "a@", ""),
		"headers":           fill(field, "X-Field: value\r\n", "\r\nYes.\r\n"),
		"references":        fill(field+"References: ", "<a@example.org>\r\n ", "\r\n\r\nYes.\r\n"),
		"received":          fill(field, "Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0100\r\n", "\r\nYes.\r\n"),
		"uuencode":          fill(field+"\r\nYes.\r\n\r\nbegin 644 a\r\n", "M86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C\r\n", "`\r\nend\r\n"),
		"nested mails":      fill(field, "Content-Type: message/rfc822\r\n\r\nFrom: a@example.com\r\n", ""),
		"signatures":        fill(field+"\r\n", "--\r\nJane\r\n", ""),
		"calendar":          fill(field+"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20261124T140000Z\r\n", "ATTENDEE:mailto:jane@example.com\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n"),
		"calendar zones":    fill(field+"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "BEGIN:VTIMEZONE\r\nTZID:a\r\nEND:VTIMEZONE\r\n", "END:VCALENDAR\r\n"),
		"calendar folded":   fill(field+"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDESCRIPTION:", "x\r\n ", "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
		"report":            fill(daemon+"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n", "Final-Recipient: rfc822; jane@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", "--b--\r\n"),
		"report folded":     fill(daemon+"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; jane@example.com\r\nDiagnostic-Code: smtp; 550\r\n", " user unknown\r\n", "--b--\r\n"),
		"notice":            fill(daemon+"\r\nI wasn't able to deliver your message.\r\n\r\n", "<jane@example.com>:\r\n550 5.1.1 user unknown\r\n\r\n", ""),
		"notice of many":    fill(daemon+"\r\nI wasn't able to deliver your message.\r\n\r\n", "<jane@example.com> <bob@example.com> <cy@example.com>\r\n", ""),
		"absence":           fill(auto, "I am out of the office until 4 December and back on 7 December. ", ""),
		"lines":             fill(field+"\r\n", "\r\n", ""),
		"zeros":             make([]byte, n),
	}
}

// BenchmarkSizes shows that reading a mail takes time and memory that its size bounds, whatever it is made of.
func BenchmarkSizes(b *testing.B) {
	for _, size := range []int{1 << 18, 1 << 20, 25 << 20} {
		for name, raw := range sized(size) {
			b.Run(strings.ReplaceAll(name, " ", "-")+"/"+fmt.Sprintf("%dkB", size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				b.ReportAllocs()
				for b.Loop() {
					Understand(message.Parse(raw), Options{})
				}
			})
		}
	}
}

// TestSizes reads all of them, smaller.
func TestSizes(t *testing.T) {
	for name, raw := range sized(200 << 10) {
		if r := Understand(message.Parse(raw), Options{}); r.Kind == "" || len(r.Why) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
