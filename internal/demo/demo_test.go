package demo

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"askwell/internal/contact"
	"askwell/internal/message"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func noEnv(string) string { return "" }

// lived is a search that has come to its end, with its timeline in full.
func lived(t *testing.T, days int) (*search, *ledger, string) {
	t.Helper()
	ctx := context.Background()
	s, err := open(ctx, Options{Out: &bytes.Buffer{}, Env: noEnv, Dir: t.TempDir(), Days: days})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.live(ctx); err != nil {
		t.Fatal(err)
	}
	l, err := s.audit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	full, err := os.ReadFile(filepath.Join(s.dir, "timeline.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return s, l, string(full)
}

// The whole of the months: everybody comes to their end, no promise is broken, and one run is like the other.
func TestMonths(t *testing.T) {
	began := time.Now()
	s, l, story := lived(t, 0)
	t.Logf("%d days in %s, %d turns", months, time.Since(began).Round(time.Millisecond), s.turns)
	for _, b := range l.broken {
		t.Error(b)
	}
	if l.duplicate != 0 {
		t.Errorf("%d duplicates", l.duplicate)
	}
	stages := map[string]contact.Stage{}
	for _, c := range l.contacts {
		stages[c.Name] = c.Stage
	}
	for _, p := range append(cast(), recommended()...) {
		if got := string(stages[p.name]); got != p.ends {
			t.Errorf("%s ends as %q, want %q", p.name, got, p.ends)
		}
		delete(stages, p.name)
	}
	if len(stages) > 0 {
		t.Errorf("people from nowhere: %v", stages)
	}
	for kind, least := range map[contact.Kind]int{
		contact.Ask: 20, contact.Nudge: 3, contact.Confirm: 15, contact.ThankYou: 14, contact.ReferrerThanks: 2, contact.CheckIn: 8,
	} {
		if l.kinds[kind] < least {
			t.Errorf("%d %s, want at least %d", l.kinds[kind], kind, least)
		}
	}
	for _, want := range []string{
		"out of office", "cannot deliver: 550", "cannot deliver: 452", "ask in doubt", "you wrote to them by hand", "held by the owner",
		"replaced by the owner's words", "close Lena", "undo 1", "the mailbox cannot be reached", "trouble: ", "in her name", "Lena Park* → Ada",
		"invitation: ", "Gale Winter suggested I write to you", "Theo Brand suggested I write to you", "noshow", "Then this is our new time",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("the story lacks %q", want)
		}
	}
	golden := filepath.Join("testdata", "timeline.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(story), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(story, "\n")); d != "" {
		t.Errorf("the story has changed (go test -update keeps the new one; read it first):\n%s", d)
	}
}

// What Run leaves behind, and what it says.
func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	var out bytes.Buffer
	env := func(name string) string { return map[string]string{"COLUMNS": "60"}[name] }
	if err := Run(context.Background(), Options{Out: &out, Env: env, Dir: dir, Days: 10}); err != nil {
		t.Fatal(err)
	}
	told, summary, ok := strings.Cut(out.String(), "\n\n10 days in ")
	if !ok {
		t.Fatalf("no summary:\n%s", out.String())
	}
	for _, line := range strings.Split(told, "\n")[2:] {
		if n := len([]rune(line)); n > 60 {
			t.Errorf("%d characters in %q", n, line)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("escape codes where there is no terminal")
	}
	for _, want := range []string{"asked", "0 duplicates", filepath.Join(dir, "digests"), filepath.Join(dir, "mails"), "askwell --config " + filepath.Join(dir, "askwell.toml")} {
		if !strings.Contains(summary, want) {
			t.Errorf("the summary lacks %q:\n%s", want, summary)
		}
	}
	digests, err := filepath.Glob(filepath.Join(dir, "digests", "*.html"))
	if err != nil || len(digests) == 0 {
		t.Fatalf("no digests: %v", err)
	}
	page, err := os.ReadFile(digests[0])
	if err != nil || !strings.Contains(string(page), "<html") || !strings.Contains(string(page), "mailto:") {
		t.Errorf("%s is no page with buttons: %v", digests[0], err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "mails", "jane@doe.test", "001.eml"))
	if err != nil || message.Parse(raw).Subject != "Could you spare me 20 minutes next week?" {
		t.Errorf("Jane's first mail is not kept: %v", err)
	}
	if err := Run(context.Background(), Options{Out: &out, Env: env, Dir: dir, Days: 1}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a used folder is %v", err)
	}
}

func TestQuietSaysOnlyTheEnd(t *testing.T) {
	var out bytes.Buffer
	if err := Run(context.Background(), Options{Out: &out, Env: noEnv, Dir: t.TempDir(), Days: 2, Quiet: true}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "→") || !strings.Contains(out.String(), "2 days in ") {
		t.Errorf("quiet is\n%s", out.String())
	}
}

// The audit finds what is wrong: each promise is broken once, behind askwell's back.
func TestAuditFindsBrokenPromises(t *testing.T) {
	s, l, _ := lived(t, 12)
	if len(l.broken) > 0 {
		t.Fatal(l.broken)
	}
	first := func(to string) []byte {
		for _, m := range l.mails {
			if m.To == to {
				return m.Raw
			}
		}
		t.Fatalf("nothing went to %s", to)
		return nil
	}
	at := func(day, hour int) { s.set(time.Date(2026, time.October, day, hour, 0, 0, 0, s.zone)) }
	again := func(to string) {
		if err := s.w.Submit(ownerAddress, []string{to}, first(to)); err != nil {
			t.Fatal(err)
		}
	}
	at(20, 10)
	again("dana.fox@stat.example.com")
	again("bob@roe.example.com")
	again("cleo@moss.example.org")
	at(24, 23)
	again("finn@still.example.org")
	if err := s.w.File(ownerAddress, "INBOX", []byte("Subject: touched\r\n\r\n"), `\Seen`); err != nil {
		t.Fatal(err)
	}
	if err := s.w.File(ownerAddress, "Sent", first("jane@doe.test")); err != nil {
		t.Fatal(err)
	}
	s.said = append(s.said, said{who: s.troupe.people["jane@doe.test"], at: s.begin.Add(time.Hour), id: "lost@doe.test"})
	s.set(s.end)
	l, err := s.audit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	found := strings.Join(l.broken, "\n")
	for _, want := range []string{
		"Dana Fox got the same message again", "Bob Roe answered on", "Cleo Moss said no on", "Finn Still got ask on Sat 2026-10-24 23:00:00, out of hours",
		"was flagged", "ask to Jane Doe lies 2 times in Sent", "was never recorded",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("not found: %s\nfound:\n%s", want, found)
		}
	}
	var broken *BrokenError
	if err := s.conclude(l, time.Second); !errors.As(err, &broken) || len(broken.Broken) != len(l.broken) {
		t.Errorf("the end is %v", err)
	}
}

// A demo that is stopped ends at once, with its reason.
func TestRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Run(ctx, Options{Out: &bytes.Buffer{}, Env: noEnv, Dir: t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 10, "short"},
		{"exactly 10", 10, "exactly 10"},
		{"a bit too long", 10, "a bit too…"},
		{"grüße an alle", 6, "grüße…"},
	} {
		if got := fit(tt.in, tt.width); got != tt.want {
			t.Errorf("fit(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}
