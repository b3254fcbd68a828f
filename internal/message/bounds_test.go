package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile mails, n bytes long or a little more. Each made some parser take quadratic time, or more.
func hostile(n int) map[string][]byte {
	fill := func(head, unit, tail string) []byte {
		return []byte(head + strings.Repeat(unit, max(0, n-len(head)-len(tail))/len(unit)) + tail)
	}
	const text, page = "From: a@b.test\n\n", "From: a@b.test\nContent-Type: text/html\n\n"
	var nested, siblings strings.Builder
	for i := range 200 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	siblings.WriteString("Content-Type: multipart/mixed; boundary=b\n\n")
	for siblings.Len() < n {
		siblings.WriteString("--b\n\nx\n")
	}
	return map[string][]byte{
		"text":                  fill(text, "some words of a text\n", ""),
		"one line":              fill(text, "x", ""),
		"hyphens":               fill("Content-Type: multipart/mixed; boundary="+strings.Repeat("-", 60)+"\n\n", "--\n", ""),
		"nested":                fill(nested.String(), "--b\n", ""),
		"siblings":              []byte(siblings.String()),
		"header without end":    fill("", "X-Field: value\n", ""),
		"one field":             fill("Subject: ", "x\n ", ""),
		"encoded words":         fill("Subject: ", "=?utf-8?q?=C3?= ", ""),
		"words without end":     fill("Subject: ", "=?utf-8?q?", "\n\n"),
		"words that are none":   fill("From: ", "=?", "?=\n\n"),
		"alternating charsets":  fill("Subject: ", "=?koi8-r?q?=C3?= =?big5?q?=C3?= ", ""),
		"addresses":             fill("To: ", "a@b.test, ", ""),
		"brackets":              fill("To: ", "<", ""),
		"brackets and quotes":   fill("To: ", "<\"", ""),
		"quotes":                fill("To: ", "\\\"", ""),
		"comments":              fill("To: ", "(", ""),
		"closed comments":       fill("To: <", "()", ">"),
		"colons":                fill("To: a@", ":", ";"),
		"commas":                fill("To: ", "a,", ";"),
		"references":            fill("References: ", "<a@b.test> ", ""),
		"brackets in reference": fill("References: ", "<", ""),
		"parameters":            fill("Content-Type: text/plain; ", "a*1=b;", ""),
		"blanks in a parameter": fill("Content-Type: text/plain; a=", "b ", ""),
		"base64":                fill("Content-Transfer-Encoding: base64\n\n", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9w\n", "!"),
		"quoted-printable":      fill("Content-Transfer-Encoding: quoted-printable\n\n", "=  ", ""),
		"html":                  fill(page, "<p>some <b>words</b> of a text", ""),
		"html deep":             fill(page, "<div>", ""),
		"html deep inline":      fill(page, "<b>", ""),
		"html ends":             fill(page, strings.Repeat("<i>", 1000)+strings.Repeat("</b>", 1000), ""),
		"html quotes":           fill(page, "<blockquote>x", ""),
		"html tables":           fill(page, "<table><tr><td>", ""),
		"html brackets":         fill(page, "<", ""),
		"html attributes":       fill(page, "<a b c='d' ", ""),
		"html links":            fill(page, "<a href=mailto:a@b.test>x", ""),
		"html entities":         fill(page, "&", ""),
		"html comment":          fill(page, "<!--", ""),
		"flowed":                fill("Content-Type: text/plain; format=flowed\n\n", "x \n", ""),
		"utf-7":                 fill("Content-Type: text/plain; charset=utf-7\n\n", "+A", ""),
		"enriched":              fill("Content-Type: text/enriched\n\n", "<param>", ""),
		"uuencode":              fill(text+"begin 644 a\n", "M86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C\n", "`\nend\n"),
		"uuencode begins":       fill(text, "begin 644 a\n", ""),
		"uuencode small":        fill(text, "begin 644 a\n#86)C\n`\nend\n", ""),
		"messages in messages":  fill("", "Content-Type: message/rfc822\n\n", ""),
		"ber":                   ber(n),
		"tnef":                  wrapped("application/ms-tnef", append([]byte("\x78\x9f\x3e\x22\x01\x00"), bytes.Repeat([]byte("\x01\x03\x90\x06\x00\x08\x00\x00\x00\x01\x00\x00\x00\x1f\x00\x00\x10\x00\x00"), n/32)...)),
		"zeros":                 make([]byte, n),
	}
}

// wrapped is a mail that is one part in base64.
func wrapped(mediaType string, body []byte) []byte {
	return []byte("From: a@b.test\nContent-Type: " + mediaType + "\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(body))
}

// ber is a signed object whose content is made of pieces within pieces.
func ber(n int) []byte {
	body := []byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x30\x80\x06\x01\x01\xa0\x80")
	body = append(body, bytes.Repeat([]byte("\x24\x80"), 20)...)
	return wrapped("application/pkcs7-mime", append(body, bytes.Repeat([]byte("\x04\x01x"), n/4)...))
}

// TestTimeGrowsWithLength reads hostile mails. Quadratic work would take minutes; the bound is generous, for a busy
// machine. BenchmarkParse25MB measures.
func TestTimeGrowsWithLength(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, raw := range hostile(256 << 10) {
		start := time.Now()
		m := Parse(raw)
		m.Text()
		m.HTML()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %v for %d bytes", name, took, len(raw))
		}
	}
}

func TestBounds(t *testing.T) {
	for name, raw := range hostile(300 << 10) {
		m := Parse(raw)
		checkMessage(t, m)
		switch name {
		case "nested":
			mustSay(t, m, "more than 20 levels of parts, the deeper ones were not read")
		case "siblings":
			mustSay(t, m, "more than 500 parts, the rest was not read")
			if len(m.Root.Parts) < maxParts-2 {
				t.Errorf("%d parts", len(m.Root.Parts))
			}
		case "header without end", "one field":
			mustSay(t, m, "a header longer than 256 kB, the rest was not read")
		}
	}
	m := Parse([]byte("From: a@b.test\n\n" + strings.Repeat("ä", maxText)))
	mustSay(t, m, "a text longer than 1 MB, the rest was not read")
	if text, _ := m.Text(); len(text) < maxText-4 || len(text) > maxText+1 || strings.Contains(text, "\uFFFD") {
		t.Errorf("%d bytes of text", len(text))
	}
	big := Parse([]byte("From: a@b.test\nContent-Type: application/pdf\n\n" + strings.Repeat("x", 9<<20)))
	mustSay(t, big, "longer than 8 MB, the rest was not read")
	if n := len(big.Root.Body); n < 7<<20 || n > maxRaw {
		t.Errorf("%d bytes", n)
	}
}

func mustSay(t *testing.T, m *Message, problem string) {
	t.Helper()
	if !slices.Contains(m.Problems, problem) {
		t.Errorf("%q is not among %q", problem, m.Problems)
	}
}

func TestKey(t *testing.T) {
	const head, body = "From: a@b.test\nDate: x\nSubject: s\nMessage-ID: <id@b.test>\n", "\nHello\nthere\n"
	key := Parse([]byte(head + body)).Key()
	for name, same := range map[string]string{
		"CRLF":                 strings.ReplaceAll(head+body, "\n", "\r\n"),
		"more fields":          "Received: y\n" + head + "X-Folder: z\n" + body,
		"empty lines":          head + body + "\n\n",
		"folded otherwise":     strings.Replace(head, "Subject: s", "Subject:\n s", 1) + body,
		"white space trimmed ": strings.Replace(head, "Subject: s", "Subject: s ", 1) + body,
	} {
		if got := Parse([]byte(same)).Key(); got != key {
			t.Errorf("%s: %s, not %s", name, got, key)
		}
	}
	for name, other := range map[string]string{
		"body":       head + "\nHello\nThere\n",
		"subject":    strings.Replace(head, ": s", ": t", 1) + body,
		"from":       strings.Replace(head, "a@b", "c@b", 1) + body,
		"message ID": strings.Replace(head, "id@b", "di@b", 1) + body,
	} {
		if Parse([]byte(other)).Key() == key {
			t.Errorf("another %s, the same key", name)
		}
	}
	// The server was asked for one megabyte and then for two.
	long := head + "\n" + strings.Repeat("x\n", 1<<20)
	if Parse([]byte(long)).Key() != Parse([]byte(long[:1<<20])).Key() {
		t.Error("a long mail has two keys")
	}
}

func TestWalk(t *testing.T) {
	raw, err := os.ReadFile("testdata/parse/bounce-message.eml")
	if err != nil {
		t.Fatal(err)
	}
	var all, outer []string
	Parse(raw).Walk(func(p *Part) bool { all = append(all, p.MediaType); return true })
	Parse(raw).Walk(func(p *Part) bool { outer = append(outer, p.MediaType); return p.MediaType != "message/rfc822" })
	if len(all) != 6 || len(outer) != 4 {
		t.Errorf("%q, %q", all, outer)
	}
}

func BenchmarkParse(b *testing.B) {
	files := map[string]string{"gmail": "testdata/parse/gmail.eml", "outlook": "testdata/parse/outlook-html.eml", "bounce": "testdata/parse/bounce-message.eml"}
	for name, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(raw).Text()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}

func BenchmarkParse25MB(b *testing.B) {
	for name, raw := range hostile(25 << 20) {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				Parse(raw).Text()
			}
		})
	}
}
