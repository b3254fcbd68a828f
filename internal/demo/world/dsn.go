package world

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// returnMail sends a delivery status notification (RFC 3464, 6522) to the
// envelope sender, if that is a mailbox here. A notification is never answered.
func (w *World) returnMail(d Delivery, r rule) {
	b, err := w.box(d.From)
	if d.From == "" || err != nil {
		return
	}
	note := Delivery{To: d.From, Raw: w.notification(d, r), At: w.now()}
	w.deliver(b, note, "by "+hostname+" (local)", "")
}

func (w *World) notification(d Delivery, r rule) []byte {
	action, subject := "failed", "Undelivered Mail Returned to Sender"
	said := "It will not be tried again."
	if strings.HasPrefix(r.status, "4") {
		action, subject, said = "delayed", "Delayed Mail (still being retried)", "It will be tried again for five days."
	}
	_, domain, _ := strings.Cut(d.From, "@")
	id, mx := w.id(), "mail."+domain
	diagnostic := fmt.Sprintf("%d %s %s", r.code, r.status, r.text)
	head, _, _ := bytes.Cut(d.Raw, []byte("\r\n\r\n"))

	var m strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&m, format+"\r\n", args...) }
	line("Date: %s", w.now().Format(time.RFC1123Z))
	line("From: Mail Delivery System <MAILER-DAEMON@%s>", domain)
	line("To: <%s>", d.From)
	line("Subject: %s", subject)
	line("Message-ID: <%s.dsn@%s>", strings.ToLower(id), mx)
	line("Auto-Submitted: auto-replied")
	line("MIME-Version: 1.0")
	line(`Content-Type: multipart/report; report-type=delivery-status; boundary="%s"`, id)
	line("")
	line("--%s", id)
	line("Content-Type: text/plain; charset=us-ascii")
	line("")
	line("This is the mail system at host %s.", mx)
	line("")
	line("Your message could not be delivered. %s", said)
	line("")
	line("<%s>: host mx said: %s (in reply to RCPT TO command)", d.To, diagnostic)
	line("")
	line("--%s", id)
	line("Content-Type: message/delivery-status")
	line("")
	line("Reporting-MTA: dns; %s", mx)
	line("Arrival-Date: %s", d.At.Format(time.RFC1123Z))
	line("")
	line("Final-Recipient: rfc822; %s", d.To)
	line("Original-Recipient: rfc822;%s", d.To)
	line("Action: %s", action)
	line("Status: %s", r.status)
	line("Diagnostic-Code: smtp; %s", diagnostic)
	line("")
	line("--%s", id)
	line("Content-Type: text/rfc822-headers")
	line("")
	line("%s", head)
	line("")
	line("--%s--", id)
	return []byte(m.String())
}
