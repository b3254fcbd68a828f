package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"

	"github.com/wneessen/go-mail"
)

// Compose writes a draft as the bytes that leave. Equal drafts give equal bytes: nothing is random, and no name of a
// program is in them. All lines end in CRLF, none is longer than 998 bytes, and there is no other CR or LF.
//
// A draft of text alone is one text/plain; with HTML it is multipart/alternative. A calendar is one more alternative, with
// its method, for programs that show invitations, and a file invite.ics for those that do not (RFC 6047 section 2.4).
//
// It refuses control characters in every field, so that no name or subject can add one. In the text they are dropped.
// Identifiers of other people's messages that cannot be written (RFC 5322 section 3.6.4) are left out of References.
func Compose(d Draft) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	d.fields(msg)
	msg.SetBodyString(mail.TypeTextPlain, bodyText(d.Text))
	if d.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, bodyText(d.HTML))
	}
	if d.Calendar != nil {
		calendar := strings.ReplaceAll(bodyText(string(d.Calendar)), "\n", "\r\n")
		msg.AddAlternativeString(mail.ContentType("text/calendar; method="+d.Method), calendar)
		// Not text/calendar again, or some programs show the invitation twice.
		err := msg.AttachReader("invite.ics", strings.NewReader(calendar), mail.WithFileContentType("application/ics"))
		if err != nil {
			return nil, fmt.Errorf("compose mail: attach calendar: %w", err)
		}
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	raw := fixBoundaries(b.Bytes(), &d)
	if err := checkLines(raw); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	return raw, nil
}

// fields sets the header. Every value was checked, and every generic one is ASCII here, so that it stands as it is.
func (d *Draft) fields(msg *mail.Msg) {
	setPeople(msg, mail.HeaderFrom, d.From)
	setPeople(msg, mail.HeaderTo, d.To...)
	if d.ReplyTo.Address != "" {
		setPeople(msg, mail.HeaderReplyTo, d.ReplyTo)
	}
	msg.SetGenHeader(mail.HeaderSubject, headerText(d.Subject))
	msg.SetDateWithValue(d.Date)
	msg.SetGenHeader(mail.HeaderMessageID, "<"+string(d.MessageID)+">")
	if validID(d.InReplyTo) {
		msg.SetGenHeader(mail.HeaderInReplyTo, "<"+string(d.InReplyTo)+">")
	}
	var refs []string
	for _, id := range trimReferences(d.References) {
		if validID(id) {
			refs = append(refs, "<"+string(id)+">")
		}
	}
	if refs != nil {
		msg.SetGenHeader(mail.HeaderReferences, strings.Join(refs, " "))
	}
	if d.AutoSubmitted {
		msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 section 5
	}
	for _, f := range d.Header {
		msg.SetGenHeader(mail.Header(f.Name), headerText(f.Value))
	}
}

// setPeople writes an address field. Addresses beyond ASCII stay as they are (RFC 6532), which only the library's own way
// with addresses lets them.
func setPeople(msg *mail.Msg, field mail.AddrHeader, people ...Person) {
	ascii := true
	written := make([]string, len(people))
	addresses := make([]*netmail.Address, len(people))
	for i, p := range people {
		written[i] = p.String()
		addresses[i] = &netmail.Address{Name: strings.ReplaceAll(cleanName(p.Name), "=?", "= ?"), Address: string(p.Address)}
		ascii = ascii && isASCII(written[i])
	}
	if ascii {
		msg.SetGenHeader(mail.Header(field), written...)
	} else {
		msg.SetAddrHeaderFromMailAddress(field, addresses...)
	}
}

// headerText writes text for an unstructured field: as it is, where it can be folded and nobody takes it for encoded.
func headerText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const longest = 70
	plain := isASCII(s) && !strings.Contains(s, "=?")
	for word := range strings.SplitSeq(s, " ") {
		plain = plain && len(word) <= longest
	}
	if plain {
		return s
	}
	return encodeWords(s)
}

// bodyText makes line endings "\n", ends the last line, and drops control characters that no mail program shows.
func bodyText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimRight(s, "\n") + "\n"
}

// A boundary as multipart.Writer makes it: thirty random bytes.
var randomBoundary = regexp.MustCompile(`(?m)^ boundary=([0-9a-f]{60})\r$`)

// fixBoundaries puts in the place of the random boundaries some that follow from the mail. They are long and nobody knows
// them before the mail is written, so they stand nowhere else in it.
func fixBoundaries(raw []byte, d *Draft) []byte {
	var random [][]byte
	for _, found := range randomBoundary.FindAllSubmatch(raw, -1) {
		if bytes.Contains(raw, append([]byte("--"), found[1]...)) {
			random = append(random, bytes.Clone(found[1]))
		}
	}
	if random == nil {
		return raw
	}
	blank := raw
	for _, r := range random {
		blank = bytes.ReplaceAll(blank, r, nil)
	}
	for i, r := range random {
		sum := sha256.Sum256(append(blank, d.MessageID+MessageID(rune('0'+i))...))
		raw = bytes.ReplaceAll(raw, r, []byte(hex.EncodeToString(sum[:30])))
	}
	return raw
}

// checkLines holds what SMTP demands (RFC 5321 section 2.3.8, RFC 5322 section 2.1.1).
func checkLines(raw []byte) error {
	const longest = 998
	for len(raw) > 0 {
		end := bytes.Index(raw, []byte("\r\n"))
		switch {
		case end < 0:
			return fmt.Errorf("the last line does not end")
		case end > longest:
			return fmt.Errorf("a line of %d bytes", end)
		case bytes.ContainsAny(raw[:end], "\r\n\x00"):
			return fmt.Errorf("a bare line ending")
		}
		raw = raw[end+2:]
	}
	return nil
}
