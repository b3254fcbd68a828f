package render

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"askwell/templates"
)

// dirWith writes files into a folder of one's own.
func dirWith(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What is built in stands the trial that the owner's own templates have to stand.
func TestBuiltIn(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, templates.FS); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(templates.FS, dir); err != nil {
		t.Error(err)
	}
}

func TestLoadOverlay(t *testing.T) {
	dir := dirWith(t, map[string]string{
		"contact/nudge_1.txt": "\ufeffSubject: Noch einmal\r\n\r\n{{hello \"Hallo\" .First}}\r\n\r\n\r\n\r\nruf mich an.\r\n{{.OwnerFirst}}\r\n",
		"questions.txt":       "# mine\nWhat do you do all day?\n",
		"owner/layout.txt":    mustRead(t, "owner/layout.txt") + "\n",
		".git/config":         "x",
		"contact/old.txt~":    "x",
	})
	s, err := Load(templates.FS, dir)
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Contact("nudge_1", full())
	if err != nil {
		t.Fatal(err)
	}
	if want := (Mail{Subject: "Noch einmal", Text: "Hallo Jane,\n\nruf mich an.\nAda\n"}); m != want {
		t.Errorf("got %+v, want %+v", m, want)
	}
	if m, err := s.Contact("nudge_2", full()); err != nil || !strings.Contains(m.Text, "last mail") {
		t.Errorf("a template that was not replaced: %v, %q", err, m.Text)
	}
	if q := s.Questions(); len(q) != 2 || q[0] != "What do you do all day?" || q[1] != lastQuestion {
		t.Errorf("questions %q", q)
	}
}

func mustRead(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(templates.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLoadErrors shows each thing that can be wrong with a template, and what is said about it. DIR stands for the folder.
func TestLoadErrors(t *testing.T) {
	body := "Subject: x\n\n{{hello \"Hi\" .First}}\n\n"
	for _, tc := range []struct{ name, file, text, want string }{
		{"unknown field", "contact/ask_close.txt", body + "{{.Frist}}\n", "DIR/contact/ask_close.txt:5: there is no .Frist here; nearest is .First; there are .Name, .First, .Owner, "},
		{"unknown field in a branch never entered", "contact/ask_close.txt", body + "a\n{{if eq .Number 9}}{{.Wrods}}{{end}}\n", "DIR/contact/ask_close.txt:6: there is no .Wrods here; nearest is .Words;"},
		{"unknown field of the talk", "contact/confirm.txt", body + "{{with .Talk}}{{.Wehn}}{{end}}\n", "DIR/contact/confirm.txt:5: there is no .Wehn here; nearest is .When; there are .When, .Place, .Moved, .Cancelled"},
		{"unknown field in the subject", "contact/confirm.txt", "Subject: {{.Tlak}}\n\nx\n", "DIR/contact/confirm.txt:1: there is no .Tlak here; nearest is .Talk;"},
		{"field of a text", "contact/ask_close.txt", body + "{{.Name.First}}\n", "DIR/contact/ask_close.txt:5: there is no .First here: string has no fields"},
		{"unknown function", "contact/ask_close.txt", "Subject: x\n\n{{helo .First}}\n", `DIR/contact/ask_close.txt:3: there is no function "helo"; nearest is "hello"; there are bare, hello, `},
		{"values missing", "contact/ask_close.txt", "Subject: x\n\n{{hello .First}}\n", "DIR/contact/ask_close.txt:3: hello takes 2 values, not 1"},
		{"not closed", "contact/ask_close.txt", "Subject: x\n\n{{if .First}}\n", "DIR/contact/ask_close.txt:4: unexpected EOF"},
		{"no subject", "contact/ask_close.txt", "Hello\n\nx\n", `DIR/contact/ask_close.txt:1: the subject is missing; the first line has to be "Subject: …"`},
		{"subject without words", "contact/ask_close.txt", "Subject:\n\nx\n", "DIR/contact/ask_close.txt:1: the subject is missing"},
		{"subject empty for some", "contact/ask_close.txt", "Subject: {{.First}}\n\nHello\n", "DIR/contact/ask_close.txt: the subject is empty (tried with: "},
		{"no empty line", "contact/ask_close.txt", "Subject: x\nHello\n", "DIR/contact/ask_close.txt:2: an empty line has to stand"},
		{"no text", "contact/ask_close.txt", "Subject: x\n\n", "DIR/contact/ask_close.txt:3: the text is missing"},
		{"empty greeting", "contact/ask_close.txt", "Subject: x\n\nHi {{.First}},\n\nx\n", "DIR/contact/ask_close.txt: “Hi ,” greets nobody; {{hello"},
		{"hole", "contact/ask_close.txt", body + "your work at {{.Organisation}}.\n", "DIR/contact/ask_close.txt: “your work at .” has a"},
		{"single braces", "contact/ask_close.txt", body + "{{\"{{\"}}x}}\n", "DIR/contact/ask_close.txt: “{{x}}” leaves braces"},
		{"no value", "contact/ask_close.txt", body + "{{printf \"%d\" .First}}\n", "prints a value that is not there"},
		{"talk not asked for", "contact/confirm.txt", body + "{{.Talk.When}}\n", "DIR/contact/confirm.txt:5: <.Talk.When>: nil pointer"},
		{"unknown file", "contact/ask_friend.txt", "x", "DIR/contact/ask_friend.txt: there is no template of this name; nearest is contact/ask_"},
		{"file in the wrong folder", "digest.html", "x", "DIR/digest.html: there is no template of this name; nearest is owner/digest.html"},
		{"not UTF-8", "contact/ask_close.txt", body + "Gr\xfc\xdfe\n", "DIR/contact/ask_close.txt: not UTF-8"},
		{"too long", "contact/ask_close.txt", body + strings.Repeat("x", maxFile), "are too many for a template"},
		{"owner's text: unknown field", "owner/digest.txt", "{{template \"lead\" .}}\n{{range .Sections}}{{.Titel}}{{end}}", "DIR/owner/digest.txt:2: there is no .Titel here; nearest is .Title; there are .Title, .Hint, .Items, .More, .Rest"},
		{"owner's text: unknown part", "owner/digest.txt", "{{template \"leed\" .}}", `DIR/owner/digest.txt:1: there is no template "leed"`},
		{"owner's text: words dropped", "owner/digest.txt", "x", "owner/digest.txt: the page's first words are missing"},
		{"owner's HTML: unknown field", "owner/digest.html", "{{define \"content\"}}{{template \"lead\" .}}\n{{range .Sections}}{{range .Items}}{{.Nr}}{{end}}{{end}}{{end}}", "DIR/owner/digest.html:2: there is no .Nr here; nearest is .N;"},
		{"owner's HTML: no content", "owner/digest.html", "<p>Hello</p>", "DIR/owner/digest.html:1: the content is missing"},
		{"owner's HTML: broken", "owner/digest.html", "{{define \"content\"}}{{template \"lead\" .}}<a href='{{.Subject}}{{end}}", "owner/digest.html"},
		{"shared layout", "owner/layout.html", "<p>{{.Subjekt}}</p>", "DIR/owner/layout.html:1: there is no .Subjekt here; nearest is .Subject;"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := dirWith(t, map[string]string{tc.file: tc.text})
			_, err := Load(templates.FS, dir)
			if err == nil {
				t.Fatal("no error")
			}
			got := strings.ReplaceAll(err.Error(), dir, "DIR")
			if !strings.Contains(got, tc.want) {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if strings.Count(got, "\n") > 3 {
				t.Errorf("says it too often:\n%s", got)
			}
		})
	}
}

func TestLoadFolderMissing(t *testing.T) {
	if _, err := Load(templates.FS, filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownMail(t *testing.T) {
	s := load(t)
	if _, err := s.Contact("nudge_3", full()); err == nil || !strings.Contains(err.Error(), `nearest is "nudge_`) {
		t.Errorf("got %v", err)
	}
	if _, err := s.Owner("digset", Page{}); err == nil || !strings.Contains(err.Error(), `nearest is "digest"`) {
		t.Errorf("got %v", err)
	}
}

// TestConcurrent renders from several goroutines at once, for the race detector.
func TestConcurrent(t *testing.T) {
	s := load(t)
	want, err := s.Owner("digest", digestPage())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got, err := s.Owner("digest", digestPage()); err != nil || got != want {
					t.Errorf("differs: %v", err)
				}
				if _, err := s.Contact("ask_known", full()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
