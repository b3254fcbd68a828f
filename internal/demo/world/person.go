package world

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // quotes of mails in other charsets
)

// SendAs does what a mail program does when its user presses Send: it submits
// the message to everybody in To, Cc and Bcc, without the Bcc line, and then
// files it in Sent, seen.
func (w *World) SendAs(from string, text []byte) error {
	text = crlf(text)
	var to []string
	h := header(text)
	for _, field := range []string{"To", "Cc", "Bcc"} {
		list, err := h.AddressList(field)
		if err != nil && h.Get(field) != "" {
			return fmt.Errorf("send as %s: read %s: %w", from, field, err)
		}
		for _, a := range list {
			to = append(to, a.Address)
		}
	}
	if len(to) == 0 {
		return fmt.Errorf("send as %s: nobody to send to", from)
	}
	if err := w.Submit(from, to, without(text, func(name, _ string) bool { return strings.EqualFold(name, "Bcc") })); err != nil {
		return err
	}
	return w.File(from, "Sent", text, `\Seen`)
}

// Reply answers a message as a mail program does: in its thread (RFC 5322,
// 3.6.4), to its Reply-To or else its sender, with the words above the quoted
// original. If from has a mailbox the answer goes by SendAs; else it comes from
// outside, to whomever of those it goes to has a mailbox. It returns the answer
// as it was sent.
func (w *World) Reply(from mail.Address, original []byte, words string) ([]byte, error) {
	text := w.Answer(from, original, words)
	if _, err := w.box(from.Address); err == nil {
		return text, w.SendAs(from.Address, text)
	}
	list, err := header(text).AddressList("To")
	if err != nil {
		return nil, fmt.Errorf("reply as %s: %w", from.Address, err)
	}
	for _, a := range list {
		if _, err := w.box(a.Address); err != nil {
			continue
		}
		if err := w.Inject(a.Address, "", text); err != nil {
			return nil, err
		}
	}
	return text, nil
}

// Answer writes what Reply sends, and sends nothing.
func (w *World) Answer(from mail.Address, original []byte, words string) []byte {
	h := header(original)
	to := h.Get("Reply-To")
	if to == "" {
		to = h.Get("From")
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	_, domain, _ := strings.Cut(from.Address, "@")

	var m strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&m, format+"\r\n", args...) }
	line("Date: %s", w.now().Format(time.RFC1123Z))
	line("From: %s", from.String())
	line("To: %s", to)
	line("Subject: %s", mime.QEncoding.Encode("utf-8", subject))
	line("Message-ID: <%s@%s>", strings.ToLower(w.id()), domain)
	if id := h.Get("Message-Id"); id != "" {
		line("In-Reply-To: %s", id)
		line("References: %s", strings.Join(append(strings.Fields(h.Get("References")), id), "\r\n "))
	}
	line("MIME-Version: 1.0")
	line("Content-Type: text/plain; charset=utf-8")
	line("Content-Transfer-Encoding: 8bit")
	line("")
	m.Write(crlf([]byte(strings.TrimRight(words, "\r\n") + "\n\n")))
	line("On %s, %s wrote:", h.Get("Date"), to)
	for l := range strings.Lines(strings.TrimRight(plainText(original), "\r\n")) {
		line("> %s", strings.TrimRight(l, "\r\n"))
	}
	return []byte(m.String())
}

// plainText is the first text/plain part, decoded.
func plainText(text []byte) string {
	e, err := message.Read(bytes.NewReader(text))
	if e == nil || err != nil && !message.IsUnknownCharset(err) {
		return ""
	}
	var found string
	_ = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		if found != "" {
			return nil
		}
		if t, _, _ := part.Header.ContentType(); t == "text/plain" || t == "" {
			b, _ := io.ReadAll(io.LimitReader(part.Body, 1<<20))
			found = string(b)
		}
		return nil
	})
	return found
}
