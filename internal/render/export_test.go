package render

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"askwell/templates"
)

// TestExport: what is exported says the same as what is built in, and is never written over.
func TestExport(t *testing.T) {
	dir := t.TempDir()
	written, kept, err := Export(templates.FS, dir)
	if err != nil || len(kept) != 0 || !cmp.Equal(written, fileNames()) {
		t.Fatalf("wrote %v, kept %v: %v", written, kept, err)
	}
	own, err := Load(templates.FS, dir)
	if err != nil {
		t.Fatal(err)
	}
	builtin := load(t)
	for _, name := range contactNames {
		got, err := own.Contact(name, full())
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := builtin.Contact(name, full()); got != want {
			t.Errorf("%s differs: %s", name, cmp.Diff(want, got))
		}
	}
	for name, page := range samplePages() {
		got, err := own.Owner(name, page)
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := builtin.Owner(name, page); got != want {
			t.Errorf("%s differs: %s", name, cmp.Diff(want, got))
		}
	}
	if !cmp.Equal(own.Questions(), builtin.Questions()) {
		t.Errorf("questions: %q", own.Questions())
	}

	changed := filepath.Join(dir, "contact", "thank_you.txt")
	text, err := os.ReadFile(changed)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), ".Words}}", ".Wrods}}", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "questions.txt")); err != nil {
		t.Fatal(err)
	}
	written, kept, err = Export(templates.FS, dir)
	if err != nil || !cmp.Equal(written, []string{"questions.txt"}) || len(kept) != len(fileNames())-1 {
		t.Errorf("again: wrote %v, kept %d: %v", written, len(kept), err)
	}
	_, err = Load(templates.FS, dir)
	line := 1 + strings.Count(string(text)[:strings.Index(string(text), ".Words}}")], "\n")
	if want := changed + ":" + strconv.Itoa(line) + ":"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error does not begin with %s: %v", want, err)
	}
}

// TestFieldNotes: no field is without its explanation.
func TestFieldNotes(t *testing.T) {
	var noted []string
	for _, n := range fieldNotes {
		noted = append(noted, strings.Split(n.field, ", .")...)
	}
	if got, want := noted, fieldNames(reflect.TypeFor[ContactView]()); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	for _, name := range contactNames {
		if contactNotes[name] == "" {
			t.Errorf("nothing says when %s leaves", name)
		}
	}
}

func TestAdvice(t *testing.T) {
	if got := load(t).Advice(); len(got) != 0 {
		t.Errorf("the built-in mails are too long: %q", got)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "contact"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "Subject: " + strings.Repeat("twenty minutes ", 6) + "\n\n{{hello \"Hi\" .First}}\n\n" + strings.Repeat("and so on ", 40) + "\n\n{{.Owner}}\n"
	if err := os.WriteFile(filepath.Join(dir, "contact", "ask_close.txt"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Load(templates.FS, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Advice(); len(got) != 3 {
		t.Errorf("got %q", got)
	}
}
