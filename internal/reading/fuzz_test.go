package reading

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"askwell/internal/message"
)

// seeds adds every input of the transcripts.
func seeds(f *testing.F, names ...string) {
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		if !strings.Contains(string(data), "=== ") {
			for line := range strings.Lines(string(data)) {
				if !strings.HasPrefix(line, "\t") {
					f.Add(strings.TrimSpace(line))
				}
			}
			continue
		}
		for _, block := range strings.Split(string(data), "=== ")[1:] {
			_, body, _ := strings.Cut(block, "\n")
			input, _, _ := strings.Cut(body, "\n<<<\n")
			f.Add(input)
		}
	}
}

func FuzzParseWhen(f *testing.F) {
	seeds(f, "when.txt", "times.txt")
	now, zone := berlin(f)
	f.Fuzz(func(t *testing.T, text string) {
		w, rest, err := ParseWhen(text, now, zone)
		if err != nil {
			if rest != text {
				t.Errorf("%q: after an error %q is left", text, rest)
			}
			return
		}
		if !strings.HasSuffix(text, rest) {
			t.Errorf("%q: rest %q is not its end", text, rest)
		}
		if w.Start.IsZero() || w.From < 0 || w.To > len(text) || w.From >= w.To {
			t.Errorf("%q: %+v", text, w)
		}
		if !w.End.IsZero() && w.End.Before(w.Start) {
			t.Errorf("%q ends before it begins: %+v", text, w)
		}
	})
}

func FuzzFindTimes(f *testing.F) {
	seeds(f, "times.txt", "when.txt", "replies.txt", "auto_languages.txt")
	now, zone := berlin(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range FindTimes(text, now, zone) {
			if w.From < 0 || w.To > len(text) || w.From >= w.To || w.Start.IsZero() {
				t.Errorf("%q: %+v", text, w)
			}
			if !w.End.IsZero() && w.End.Before(w.Start) {
				t.Errorf("%q ends before it begins: %+v", text, w)
			}
			if !w.Vague && !w.DayOnly && w.End.IsZero() && !w.Start.After(now) {
				t.Errorf("%q proposes the past: %+v", text, w)
			}
		}
	})
}

func FuzzNewText(f *testing.F) {
	seeds(f, "newtext.txt", "replies.txt")
	f.Fuzz(func(t *testing.T, text string) {
		kept, cut := NewText(text)
		size := len(kept)
		for _, c := range cut {
			size += len(c.Text)
			if c.Reason == "" || c.Text == "" {
				t.Errorf("%q: cut %+v", text, c)
			}
		}
		if size > len(text) {
			t.Errorf("%q: %d bytes out of %d", text, size, len(text))
		}
		if utf8.ValidString(text) && !utf8.ValidString(kept) {
			t.Errorf("%q: a letter was parted", text)
		}
		if again, _ := NewText(kept); len(again) > len(kept) {
			t.Errorf("%q grows: %q", kept, again)
		}
	})
}

func FuzzUnderstand(f *testing.F) {
	seeds(f, "replies.txt", "auto.txt", "auto_more.txt", "bounces.txt", "bounces_more.txt", "calendars.txt", "calendars_more.txt", "others.txt")
	f.Fuzz(func(t *testing.T, raw string) {
		m := message.Parse([]byte(raw))
		for _, o := range []Options{{}, {Now: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), Owner: []message.Address{"ada@example.org"}}} {
			r := Understand(m, o)
			if r.Kind == "" || len(r.Why) == 0 {
				t.Errorf("no kind or no reason: %+v", r)
			}
			if (r.Kind == KindReply) != (r.Intent != "") {
				t.Errorf("kind %q with intent %q", r.Kind, r.Intent)
			}
			if (r.Kind == KindBounce) != (len(r.Bounces) > 0) {
				t.Errorf("kind %q with bounces %v", r.Kind, r.Bounces)
			}
		}
	})
}
