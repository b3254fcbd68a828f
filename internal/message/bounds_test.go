package message

import (
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
		"zeros":                 make([]byte, n),
	}
}

// TestTimeGrowsWithLength reads hostile mails of two lengths. The longer one may take as many times as long as it is
// longer, and some for the noise of a busy machine; quadratic work would take the square.
func TestTimeGrowsWithLength(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const short, factor, noise = 32 << 10, 8, 4
	quickest := func(raw []byte) time.Duration {
		best := time.Hour
		for range 2 {
			start := time.Now()
			m := Parse(raw)
			m.Text()
			m.HTML()
			best = min(best, time.Since(start))
		}
		return best
	}
	long := hostile(short * factor)
	for name, raw := range hostile(short) {
		a, b := quickest(raw), quickest(long[name])
		if b > a*factor*noise && b > 100*time.Millisecond {
			t.Errorf("%s: %v for %d bytes, %v for %d", name, a, len(raw), b, len(long[name]))
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
