package message

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the transcripts in testdata anew")

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestParseTranscripts reads every mail in testdata/parse and compares what was understood with the transcript beside it.
func TestParseTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/parse/*.eml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d mails, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := transcript(Parse(raw))
			beside := strings.TrimSuffix(file, ".eml") + ".txt"
			if *update {
				write(t, beside, []byte(got))
			}
			want, err := os.ReadFile(beside)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("not as in %s:\n%s", beside, diff)
			}
		})
	}
}

// transcript writes down everything that was understood of a mail.
func transcript(m *Message) string {
	var b strings.Builder
	people := func(name string, list []Person) {
		for _, p := range list {
			fmt.Fprintf(&b, "%s: %q %s\n", name, p.Name, p.Address)
		}
	}
	people("From", m.From)
	people("Sender", m.Sender)
	people("Reply-To", m.ReplyTo)
	people("To", m.To)
	people("Cc", m.Cc)
	fmt.Fprintf(&b, "Subject: %s\n", m.Subject)
	if !m.Date.IsZero() {
		fmt.Fprintf(&b, "Date: %s\n", m.Date.Format(time.RFC3339))
	}
	fmt.Fprintf(&b, "Message-ID: %s\n", m.MessageID)
	for _, id := range m.InReplyTo {
		fmt.Fprintf(&b, "In-Reply-To: %s\n", id)
	}
	for _, id := range m.References {
		fmt.Fprintf(&b, "References: %s\n", id)
	}
	var tree func(p *Part, depth int)
	tree = func(p *Part, depth int) {
		fmt.Fprintf(&b, "%s- %s", strings.Repeat("  ", depth), p.MediaType)
		if p.Disposition != "" {
			fmt.Fprintf(&b, " %s", p.Disposition)
		}
		if p.Filename != "" {
			fmt.Fprintf(&b, " %q", p.Filename)
		}
		if method := p.Params["method"]; method != "" {
			fmt.Fprintf(&b, " method=%s", method)
		}
		if p.Parts == nil {
			fmt.Fprintf(&b, " (%d bytes)", len(p.Body))
		}
		if depth > 0 && p.Header.Has("Message-ID") {
			fmt.Fprintf(&b, " <%s>", ParseMessageIDs(p.Header.Get("Message-ID"))[0])
		}
		b.WriteString("\n")
		for _, child := range p.Parts {
			tree(child, depth+1)
		}
	}
	if m.Root != nil {
		tree(m.Root, 0)
	}
	for _, p := range m.Problems {
		fmt.Fprintf(&b, "Problem: %s\n", p)
	}
	text, fromHTML := m.Text()
	if fromHTML {
		b.WriteString("Text from HTML:\n")
	} else {
		b.WriteString("Text:\n")
	}
	for line := range strings.Lines(text) {
		b.WriteString("|" + line)
	}
	return b.String()
}
