package render

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"askwell/templates"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

const theAsk = "I'm looking for some advice and information – could you spare 20 minutes for me next week to talk about your career path?"

var builtin = sync.OnceValues(func() (*Set, error) { return Load(templates.FS, "") })

func load(t testing.TB) *Set {
	t.Helper()
	s, err := builtin()
	if err != nil {
		t.Fatalf("load the built-in templates: %v", err)
	}
	return s
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read golden file (-update writes it): %v", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, d)
	}
}

// TestContactGolden keeps every mail to a contact as it reads, with everything and with next to nothing known.
func TestContactGolden(t *testing.T) {
	s := load(t)
	moved, off := full(), full()
	moved.Talk = &TalkView{When: full().Talk.When, Place: "Café Roe, Mill Lane 3", Moved: true}
	off.Talk = &TalkView{When: full().Talk.When, Cancelled: true}
	for _, name := range contactNames {
		views := map[string]ContactView{"full": full(), "poor": poor()}
		if name == "confirm" {
			views["moved"], views["cancelled"] = moved, off
		}
		for which, v := range views {
			m, err := s.Contact(name, v)
			if err != nil {
				t.Fatalf("%s %s: %v", name, which, err)
			}
			golden(t, "contact/"+name+"."+which+".golden", "Subject: "+m.Subject+"\n\n"+m.Text)
			if m.HTML != "" {
				t.Errorf("%s %s: a mail to a contact has HTML", name, which)
			}
		}
	}
}

// TestContactForm holds what MAILS promises of each mail to a contact, whatever is known of them.
func TestContactForm(t *testing.T) {
	s := load(t)
	for _, name := range contactNames {
		for what, v := range variants() {
			m, err := s.Contact(name, v)
			if err != nil {
				t.Fatalf("%s (%s): %v", name, what, err)
			}
			if n := len(strings.Fields(m.Text)); n >= 110 {
				t.Errorf("%s (%s): %d words", name, what, n)
			}
			for _, h := range holes(m) {
				t.Errorf("%s (%s): %s", name, what, h)
			}
			if v.First == "" && !strings.HasPrefix(m.Text, "Hello,\n") {
				t.Errorf("%s (%s): greeting without a name: %q", name, what, m.Text[:20])
			}
			if v.First != "" && !strings.Contains(strings.SplitN(m.Text, "\n", 2)[0], " Jane,") {
				t.Errorf("%s (%s): greeting without the name: %q", name, what, m.Text[:20])
			}
			if strings.Contains(m.Text, "http") {
				t.Errorf("%s (%s): has a link", name, what)
			}
			if strings.Contains(strings.ToLower(m.Text), "hope this finds you well") {
				t.Errorf("%s (%s): hopes this finds them well", name, what)
			}
			if len(m.Subject) > 80 {
				t.Errorf("%s (%s): the subject is long: %q", name, what, m.Subject)
			}
			isAsk := strings.HasPrefix(name, "ask_")
			if got := strings.Contains(strings.Join(strings.SplitN(m.Text, "\n", 4)[:3], "\n"), theAsk); got != isAsk {
				t.Errorf("%s (%s): the ask within the first three lines: %t", name, what, got)
			}
			if isAsk && (strings.Count(m.Text, "?") != 1 || !strings.Contains(m.Text, "bad time")) {
				t.Errorf("%s (%s): more than one question, or no easy way out:\n%s", name, what, m.Text)
			}
			if (name == "check_in" || name == "referrer_thanks") && strings.Contains(m.Text, "?") {
				t.Errorf("%s (%s): asks for something:\n%s", name, what, m.Text)
			}
		}
	}
}

func TestContactSays(t *testing.T) {
	s := load(t)
	two := full()
	two.Words = "You said that\r\nfive sources are few.\r\n\r\nI called three more on Monday."
	wrapped := full()
	wrapped.Update = "I finished my first story, about the buses in our town, and the local\npaper printed it.\n- one\n- two"
	for _, tc := range []struct {
		name string
		v    ContactView
		want []string
	}{
		{"ask_referred", full(), []string{"\nDana Fox suggested that I write to you. "}},
		{"nudge_2", full(), []string{"last mail"}},
		{"thank_you", full(), []string{"\n\n" + full().Words + "\n\n"}},
		{"thank_you", two, []string{"\n\nYou said that\nfive sources are few.\n\nI called three more on Monday.\n\n"}},
		{"check_in", full(), []string{full().Update, "in October", "Begin with one small story"}},
		{"check_in", wrapped, []string{"and the local paper printed it.\n- one\n- two"}},
		{"referrer_thanks", full(), []string{"Eve Lin"}},
		{"confirm", full(), []string{full().Talk.When, "\nzoom\n"}},
	} {
		m, err := s.Contact(tc.name, tc.v)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range tc.want {
			if !strings.Contains(m.Text, w) {
				t.Errorf("%s: lacks %q:\n%s", tc.name, w, m.Text)
			}
		}
	}
}

func TestWords(t *testing.T) {
	for _, tc := range [][2]string{
		{work("nurse", "St. Mary"), "as a nurse at St. Mary"},
		{work("editor", ""), "as an editor"},
		{work("", "Acme"), "at Acme"},
		{work("", ""), ""},
		{work("HR manager", ""), "as an HR manager"},
		{work("UX designer", ""), "as a UX designer"},
		{work("user researcher", ""), "as a user researcher"},
		{work("Head of Data", "Acme"), "as Head of Data at Acme"},
		{work("helping people to find out what they want to do", "Acme"), "at Acme"},
		{sentence("i went on"), "I went on."},
		{sentence("iPhone sales are up!"), "iPhone sales are up!"},
		{sentence("Great 🎉"), "Great 🎉"},
		{sentence(" "), ""},
		{quoted("start small."), "“Start small.”"},
		{hello("Hi", " "), "Hello,"},
		{hello("Hi", "Jane"), "Hi Jane,"},
		{shorten(10, "one two three four"), "one two…"},
		{line("a\r\nBcc: b\u2028c\u202ed\x00"), "a Bcc: b cd"},
	} {
		if tc[0] != tc[1] {
			t.Errorf("got %q, want %q", tc[0], tc[1])
		}
	}
}

func TestQuestions(t *testing.T) {
	got := load(t).Questions()
	if len(got) != 7 || got[6] != lastQuestion {
		t.Errorf("got %d questions, the last %q", len(got), got[len(got)-1])
	}
	if got := readQuestions("# remark\n\n" + lastQuestion + "\nWhat did you study?\n"); len(got) != 2 || got[1] != lastQuestion {
		t.Errorf("the last question is not last: %q", got)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(templates.FS, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOwner(b *testing.B) {
	s := load(b)
	for b.Loop() {
		if _, err := s.Owner("digest", digestPage()); err != nil {
			b.Fatal(err)
		}
	}
}
