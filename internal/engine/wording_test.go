package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
)

const (
	soundAsk   = "Subject: A question of mine\n\n{{hello \"Dear\" .First}}\n\nwould you have 20 minutes for me? Words number %d.\n\n{{.Owner}}\n"
	brokenAsk  = "Subject: A question of mine\n\n{{hello \"Dear\" .Frist}}\n\nwould you have 20 minutes for me?\n\n{{.Owner}}\n"
	brokenNote = "{{define \"content\"}}{{.Nonsense}}{{end}}"
)

// own is a rig with templates of the owner's in a folder.
func own(t *testing.T) (r *rig, write func(name, text string)) {
	t.Helper()
	dir := t.TempDir()
	write = func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		// As long after the last change as people need.
		r.now = r.now.Add(time.Second)
		if err := os.Chtimes(path, r.now, r.now); err != nil {
			t.Fatal(err)
		}
	}
	r = onWorld(t, fmt.Sprintf("[templates]\ndir = %q\n", dir), start())
	return r, write
}

// A template is edited while the daemon runs: what is planned keeps its words, what is planned after it has the new ones.
func TestTemplateIsEdited(t *testing.T) {
	r, write := own(t)
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	write("contact/ask_close.txt", fmt.Sprintf(soundAsk, 1))
	r.writes("", "ask Bob Roe <bob@example.com>, friend")
	write("contact/ask_close.txt", fmt.Sprintf(soundAsk, 2))
	r.pass(2 * time.Hour)
	if text := textOf(r.got(jane, 1)); strings.Contains(text, "Words number") {
		t.Errorf("what was planned has other words:\n%s", text)
	}
	r.has("the ask to Bob", textOf(r.got("bob@example.com", 1)), "Subject: A question of mine", "Dear Bob", "Words number 1")
	if n := r.ours()["trouble"]; n != 0 {
		t.Errorf("%d mails about trouble", n)
	}
}

// A template is edited badly: what is planned keeps its words, new mail of that kind waits, all other mail leaves, the owner is
// told once with file and line, and the mended file is all that it takes.
func TestTemplateIsBroken(t *testing.T) {
	r, write := own(t)
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	write("contact/ask_close.txt", brokenAsk)
	r.writes("", "ask Bob Roe <bob@example.com>, friend")
	r.has("the receipt", r.lastText("receipt"), "The ask to Bob Roe waits until its template is mended")
	r.writes("", "ask Cy Poe <cy@example.com>, colleague")
	r.turn()
	if n := r.ours()["trouble"]; n != 0 {
		t.Errorf("the owner is told while still at it: %d mails", n)
	}
	for range 4 * 60 {
		r.turn()
		r.now = r.now.Add(time.Minute)
	}
	r.got(jane, 1)
	r.got("cy@example.com", 1)
	if n := len(r.gotten("bob@example.com", 0)); n != 0 {
		t.Fatalf("Bob got %d mails", n)
	}
	r.stage("bob@example.com", contact.Asking)
	if n := r.ours()["trouble"]; n != 1 {
		t.Errorf("%d mails about the template, want 1", n)
	}
	r.has("the trouble mail", r.lastText("trouble"), "One of your templates is wrong", "ask_close.txt:3: there is no .Frist here; nearest is .First", "templates check")
	if got := r.troubles(); !strings.Contains(got, "ask_close.txt:3") {
		t.Errorf("status says %q", got)
	}
	r.pass(24 * time.Hour)
	r.has("the digest", r.lastText("digest"), "Bob Roe, an ask, waits until its template is mended", "ask_close.txt:3")
	r.writes("", "yes bob")
	r.pass(24 * time.Hour)
	if n := len(r.gotten("bob@example.com", 0)); n != 0 {
		t.Fatalf("Bob got %d mails", n)
	}
	write("contact/ask_close.txt", fmt.Sprintf(soundAsk, 3))
	r.pass(4 * time.Hour)
	r.has("the ask to Bob", textOf(r.got("bob@example.com", 1)), "Subject: A question of mine", "Dear Bob", "Words number 3")
	r.stage("bob@example.com", contact.Asked)
	if n := r.ours()["trouble"]; n != 2 {
		t.Errorf("%d mails about the template, want 2", n)
	}
	r.has("the end", r.lastText("trouble"), "Your templates are in order again")
	if got := r.troubles(); got != "" {
		t.Errorf("afterwards status says %q", got)
	}
}

// What is wrong with the templates of the owner's own mails, or with a file that is none, keeps nothing from leaving: the
// built-in ones stand in.
func TestOwnersTemplateIsBroken(t *testing.T) {
	r, write := own(t)
	write("owner/receipt.html", brokenNote)
	write("owner/trouble.html", brokenNote)
	write("contact/ask_cloze.txt", fmt.Sprintf(soundAsk, 1))
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	for range 120 {
		r.turn()
		r.now = r.now.Add(time.Minute)
	}
	r.got(jane, 1)
	if n := r.ours(); n["receipt"] != 1 || n["trouble"] != 1 {
		t.Errorf("the owner got %v", n)
	}
	r.has("the trouble mail", r.lastText("trouble"), "owner/receipt.html:1", "owner/trouble.html:1", "ask_cloze.txt: there is no template of this name")
}

// The folder cannot be read: no mail leaves with the built-in words in place of the owner's.
func TestTemplatesAreGone(t *testing.T) {
	r, write := own(t)
	write("contact/ask_close.txt", fmt.Sprintf(soundAsk, 1))
	r.turn()
	dir := r.cfg.Templates.Dir
	r.must(os.Rename(dir, dir+".away"))
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(24 * time.Hour)
	if n := len(r.gotten(jane, 0)); n != 0 {
		t.Fatalf("Jane got %d mails", n)
	}
	r.has("the trouble mail", r.lastText("trouble"), dir)
	r.must(os.Rename(dir+".away", dir))
	r.pass(4 * time.Hour)
	r.has("the ask", textOf(r.got(jane, 1)), "Words number 1")
}

// A nudge comes due while its template is wrong: it is announced with its words once they are there, and not before.
func TestNudgeWithoutWords(t *testing.T) {
	r, write := own(t)
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.pass(3 * 24 * time.Hour)
	r.got(jane, 1)
	write("contact/nudge_1.txt", strings.ReplaceAll(brokenAsk, "A question", "A word"))
	r.pass(14 * 24 * time.Hour)
	r.got(jane, 1)
	write("contact/nudge_1.txt", fmt.Sprintf(soundAsk, 4))
	r.pass(24 * time.Hour) // to Friday, 1 May, a holiday, on which a digest comes
	r.got(jane, 1)
	r.has("the digest before the nudge", r.lastText("digest"), "Words number 4")
	r.pass(4 * 24 * time.Hour)
	r.has("the nudge", textOf(r.got(jane, 2)), "Words number 4")
}

// A template that fails with one person only: that one waits, and the mail with the command is read all the same.
func TestTemplateFailsForOne(t *testing.T) {
	r, write := own(t)
	write("contact/ask_close.txt", strings.Replace(fmt.Sprintf(soundAsk, 5), "\n\n{{.Owner}}", "{{if eq .Name \"Bob Roe\"}}{{slice .Name 50}}{{end}}\n\n{{.Owner}}", 1))
	r.writes("", "ask Bob Roe <bob@example.com>, friend\nask Jane Doe <"+jane+">, friend")
	r.has("the receipt", r.lastText("receipt"), "The ask to Bob Roe waits until its template is mended", "The ask to Jane Doe leaves")
	for range 120 {
		r.turn()
		r.now = r.now.Add(time.Minute)
	}
	r.got(jane, 1)
	if n := len(r.gotten("bob@example.com", 0)); n != 0 {
		t.Errorf("Bob got %d mails", n)
	}
	r.has("the trouble mail", r.lastText("trouble"), "ask_close.txt:5")
	write("contact/ask_close.txt", fmt.Sprintf(soundAsk, 6))
	r.pass(4 * time.Hour)
	r.has("the ask to Bob", textOf(r.got("bob@example.com", 1)), "Words number 6")
}
