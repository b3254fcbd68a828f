package reading

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// blocks runs a file of cases "=== name", input, "<<<", result.
func blocks(t *testing.T, name string, run func(input string) string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for i, block := range strings.Split(string(data), "=== ") {
		if i == 0 {
			all.WriteString(block)
			continue
		}
		title, body, _ := strings.Cut(block, "\n")
		input, want, _ := strings.Cut(body, "\n<<<\n")
		input, want = strings.TrimRight(input, "\n"), strings.TrimRight(want, "\n")
		got := strings.TrimRight(run(strings.ReplaceAll(input, `\r`, "\r")), "\n")
		all.WriteString("=== " + title + "\n" + input + "\n<<<\n" + got + "\n\n")
		if !*update {
			t.Run(title, func(t *testing.T) {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNewText(t *testing.T) {
	for _, name := range []string{"newtext.txt", "newtext_more.txt"} {
		blocks(t, name, showNewText)
	}
}

func showNewText(input string) string {
	kept, cut := NewText(input)
	var out strings.Builder
	out.WriteString(kept)
	for _, c := range cut {
		first, _, more := strings.Cut(c.Text, "\n")
		if more {
			first += " …"
		}
		out.WriteString("\n[" + c.Reason + "] " + first)
	}
	return strings.TrimLeft(out.String(), "\n")
}
