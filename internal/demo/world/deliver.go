package world

import (
	"bufio"
	"bytes"
	"fmt"
	"log/slog"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Submit hands in a message as a client that has logged in as from does, but
// without a connection. The recipients are those of the envelope.
func (w *World) Submit(from string, to []string, text []byte) error {
	for _, a := range to {
		if r := w.rule(a); r.reject {
			return fmt.Errorf("submit to %s: %w", a, smtpError(r.code, r.status, r.text))
		}
	}
	w.accept(plain(from), from, to, text, "from "+hostname+" (client of <"+plain(from)+">)")
	return nil
}

// accept delivers a message that was accepted from user.
func (w *World) accept(user, from string, to []string, text []byte, received string) {
	text = crlf(text)
	for _, rcpt := range to {
		d := Delivery{From: from, To: rcpt, Raw: bytes.Clone(text), At: w.now()}
		w.mu.Lock()
		w.ledger = append(w.ledger, d)
		b, people := w.boxes[plain(rcpt)], w.onMail
		w.mu.Unlock()

		r := w.rule(rcpt)
		switch {
		case r.bounce:
			w.returnMail(d, r)
		case b != nil:
			w.deliver(b, d, received, authResults(user, rcpt, text))
		case people != nil:
			people(d)
		}
	}
}

// deliver puts a message into an INBOX, below the lines that a receiving server
// adds (RFC 5321, 4.4; RFC 8601). Lines in our own name that the sender put
// there are dropped, as RFC 8601, 5 demands.
func (w *World) deliver(b *box, d Delivery, received, results string) {
	var top strings.Builder
	fmt.Fprintf(&top, "Return-Path: <%s>\r\n", d.From)
	fmt.Fprintf(&top, "Received: %s\r\n\tby %s with ESMTPSA id %s\r\n\tfor <%s>; %s\r\n",
		received, receiver(d.To), w.id(), d.To, d.At.Format(time.RFC1123Z))
	if results != "" {
		fmt.Fprintf(&top, "Authentication-Results: %s\r\n", results)
	}
	text := append([]byte(top.String()), withoutForged(d.Raw, receiver(d.To))...)
	if _, err := b.file("INBOX", text, d.At); err != nil {
		w.log.Warn("a demo message was lost", slog.String("to", d.To), slog.Any("err", err))
	}
}

// Inject is mail from outside: the message comes to the mailbox with Return-Path
// (of its From) and Received on top; what it says in Authentication-Results
// stays as it is. An empty folder is INBOX.
func (w *World) Inject(to, folder string, text []byte) error {
	b, err := w.box(to)
	if err != nil {
		return err
	}
	text, now := crlf(text), w.now()
	from := sender(text)
	_, domain, _ := strings.Cut(from, "@")
	top := fmt.Sprintf("Return-Path: <%s>\r\nReceived: from mail.%s\r\n\tby %s with ESMTPS id %s\r\n\tfor <%s>; %s\r\n",
		from, domain, receiver(to), w.id(), to, now.Format(time.RFC1123Z))
	if _, err := b.file(folder, append([]byte(top), text...), now); err != nil {
		return fmt.Errorf("inject into %s: %w", folderName(folder), err)
	}
	return nil
}

// File puts a message into a folder as it is, as a mail program does by APPEND.
// An empty folder is INBOX; flags are such as `\Seen`.
func (w *World) File(address, folder string, text []byte, flags ...string) error {
	b, err := w.box(address)
	if err != nil {
		return err
	}
	var set []imap.Flag
	for _, f := range flags {
		set = append(set, imap.Flag(f))
	}
	if _, err := b.file(folder, crlf(text), w.now(), set...); err != nil {
		return fmt.Errorf("file into %s: %w", folderName(folder), err)
	}
	return nil
}

// id is unique in this World; without chance in it, so that a demo repeats.
func (w *World) id() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serial++
	return fmt.Sprintf("W%06d", w.serial)
}

// receiver is the name of the server that receives for an address, under which
// it writes Authentication-Results.
func receiver(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	return "mx." + domain
}

// authResults is what a receiving server finds out about mail that was submitted
// with a password: DMARC passes when From is in the domain of the one who logged
// in (RFC 7489, 3.1), else there is nothing to say.
func authResults(user, rcpt string, text []byte) string {
	_, of, _ := strings.Cut(strings.ToLower(sender(text)), "@")
	_, domain, _ := strings.Cut(strings.ToLower(user), "@")
	if of == "" || of != domain {
		return receiver(rcpt) + "; dmarc=none header.from=" + of
	}
	return fmt.Sprintf("%s; dmarc=pass header.from=%s;\r\n\tdkim=pass header.d=%s; spf=pass smtp.mailfrom=%s", receiver(rcpt), of, of, of)
}

func header(text []byte) mail.Header {
	h, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(text))).ReadMIMEHeader()
	return mail.Header(h)
}

// sender is the address in From, "" if there is not exactly one.
func sender(text []byte) string {
	h := header(text)
	if len(h["From"]) != 1 {
		return ""
	}
	list, err := h.AddressList("From")
	if err != nil || len(list) != 1 {
		return ""
	}
	return list[0].Address
}

// withoutForged drops Authentication-Results that name this server.
func withoutForged(text []byte, server string) []byte {
	return without(text, func(name, value string) bool {
		id, _, _ := strings.Cut(value, ";")
		return strings.EqualFold(name, "Authentication-Results") && strings.EqualFold(strings.TrimSpace(id), server)
	})
}

// without drops the header fields for which drop says so, their further lines
// included; it is told the first line of each.
func without(text []byte, drop func(name, value string) bool) []byte {
	head, body, found := bytes.Cut(text, []byte("\r\n\r\n"))
	kept := make([]byte, 0, len(text)+2)
	dropping := false
	for line := range bytes.SplitAfterSeq(head, []byte("\r\n")) {
		if len(line) > 0 && line[0] != ' ' && line[0] != '\t' {
			name, value, _ := strings.Cut(string(line), ":")
			dropping = drop(strings.TrimSpace(name), value)
		}
		if !dropping {
			kept = append(kept, line...)
		}
	}
	if !found {
		return kept
	}
	if !bytes.HasSuffix(kept, []byte("\r\n")) && len(kept) > 0 {
		kept = append(kept, "\r\n"...)
	}
	return append(append(kept, "\r\n"...), body...)
}

// crlf ends every line as mail demands (RFC 5322, 2.3).
func crlf(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
}
