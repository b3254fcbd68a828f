package message

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func seed(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
}

// checkMessage holds what is promised of whatever was parsed.
func checkMessage(t *testing.T, m *Message) {
	t.Helper()
	parts := 0
	var depth func(p *Part) int
	depth = func(p *Part) int {
		parts++
		if p.Parts != nil && p.Body != nil {
			t.Error("a part with parts and a body")
		}
		if strings.HasPrefix(p.MediaType, "text/") && p.Parts == nil && (!utf8.Valid(p.Body) || len(p.Body) > maxText) {
			t.Errorf("text that is no UTF-8 or too long: %d bytes", len(p.Body))
		}
		most := 0
		for _, child := range p.Parts {
			most = max(most, depth(child))
		}
		return most + 1
	}
	if m.Root != nil {
		if d := depth(m.Root); d > maxDepth+1 || parts > maxParts+maxDepth {
			t.Errorf("%d parts, %d deep", parts, d)
		}
	}
	for _, list := range [][]Person{m.From, m.Sender, m.ReplyTo, m.To, m.Cc} {
		for _, p := range list {
			if again, err := ParseAddress(string(p.Address)); err != nil || again != p.Address {
				t.Errorf("address %q is no address: %v", p.Address, err)
			}
			if p.Name != cleanName(p.Name) {
				t.Errorf("name %q", p.Name)
			}
			if strings.ContainsAny(p.String(), "\r\n") {
				t.Errorf("%q breaks a line", p.String())
			}
		}
	}
	for _, id := range append(m.ThreadIDs(), m.MessageID) {
		if strings.ContainsAny(string(id), "<> \t\r\n") || len(id) > maxID {
			t.Errorf("identifier %q", id)
		}
	}
	if strings.ContainsAny(m.Subject, "\r\n") || !utf8.ValidString(m.Subject) {
		t.Errorf("subject %q", m.Subject)
	}
	text, _ := m.Text()
	if !utf8.ValidString(text) || strings.Contains(text, "\r") || text != "" && !strings.HasSuffix(text, "\n") {
		t.Errorf("text %q", text)
	}
	if len(m.Problems) > maxProblem || m.Key() == "" {
		t.Error("problems or key")
	}
}

func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		checkMessage(t, m)
		m.HTML()
		if m.Key() != Parse(raw).Key() {
			t.Error("two keys")
		}
	})
}

func FuzzTNEF(f *testing.F) {
	seedBodies(f, "application/ms-tnef")
	f.Fuzz(func(t *testing.T, b []byte) {
		if found, ok := readTNEF(b); ok {
			m := &Message{}
			for _, p := range found.parts(m) {
				if strings.HasPrefix(p.MediaType, "text/") && (!utf8.Valid(p.Body) || len(p.Body) > maxText) {
					t.Errorf("text that is no UTF-8 or too long: %d bytes", len(p.Body))
				}
			}
		}
		if text, _ := rtfText(inflateRTF(b)); len(text) > 2*maxText {
			t.Errorf("%d bytes", len(text))
		}
		rtfText(b)
	})
}

func FuzzCMS(f *testing.F) {
	seedBodies(f, "application/pkcs7-mime")
	f.Fuzz(func(t *testing.T, b []byte) {
		if content, _ := openSigned(b); len(content) > len(b) {
			t.Errorf("%d bytes out of %d", len(content), len(b))
		}
	})
}

// seedBodies adds the parts of a media type, as they arrive.
func seedBodies(f *testing.F, mediaType string) {
	files, err := filepath.Glob("testdata/parse/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, piece := range strings.Split(string(raw), "Content-Type: "+mediaType)[1:] {
			if _, body, ok := strings.Cut(piece, "\r\n\r\n"); ok {
				f.Add(decodeBase64([]byte(body)))
			}
		}
	}
}

func FuzzUU(f *testing.F) {
	f.Add([]byte("begin 644 a.txt\n#86)C\n`\nend\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		at := 0
		for _, block := range uuBlocks(b) {
			if block.start < at || block.end <= block.start || block.end > len(b) {
				t.Errorf("%+v in %d bytes", block, len(b))
			}
			at = block.end
			decodeUU(b[block.start:block.end])
		}
	})
}

func FuzzParseHeader(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := ParseHeader(raw)
		checkMessage(t, m)
		// The whole mail says the same of its header.
		whole := Parse(raw)
		if whole.Subject != m.Subject || len(whole.Header) != len(m.Header) || whole.MessageID != m.MessageID {
			t.Errorf("header %q, in the mail %q", m.Header, whole.Header)
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"jane@example.com", `"a b"@example.com`, "jané@exämple.test", "a@b@c", "<x@y.test>", "x@[127.0.0.1]", "a@x\u202ey.test", "\"\\\"@x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ParsePeople(s)
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		if again, err := ParseAddress(string(a)); err != nil || again != a {
			t.Errorf("%q gives %q, and that %q, %v", s, a, again, err)
		}
		if len(a) > maxAddress || a.Local()+"@"+a.Domain() != string(a) || a.Key().Key() != a.Key() || a.Plain().Plain() != a.Plain() {
			t.Errorf("%q", a)
		}
		people := ParsePeople(Person{"x", a}.String())
		if len(people) != 1 || people[0].Address != a {
			t.Errorf("%q is read back as %v", a, people)
		}
	})
}

func FuzzHTMLText(f *testing.F) {
	files, err := filepath.Glob("testdata/parse/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(Parse(raw).HTML())
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := HTMLText(s)
		if utf8.ValidString(s) && !utf8.ValidString(text) {
			t.Errorf("%q is no UTF-8", text)
		}
		if text != "" && !strings.HasSuffix(text, "\n") || strings.Contains(text, "\n\n\n") {
			t.Errorf("%q", text)
		}
	})
}
