package command

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")

// now is a Monday.
var now = time.Date(2026, 11, 23, 9, 0, 0, 0, berlin())

func berlin() *time.Location {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return loc
}

// known is what an engine with these contacts would say: full names, single names, initials.
func known(names ...string) func(string) bool {
	return func(s string) bool {
		s = strings.ToLower(strings.TrimRight(s, "."))
		for _, n := range names {
			n = strings.ToLower(n)
			ws := strings.Fields(n)
			if s == n || slices.Contains(ws, s) {
				return true
			}
			if len(ws) > 1 && (s == ws[0]+" "+ws[len(ws)-1][:1] || s == ws[0][:1]+". "+ws[len(ws)-1]) {
				return true
			}
		}
		return false
	}
}

func show(l Line) string {
	var b strings.Builder
	add := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, " %s=%q", key, value)
		}
	}
	if l.Verb == "" {
		fmt.Fprintf(&b, "? %q", l.Text)
	} else {
		b.WriteString(string(l.Verb))
	}
	for i, w := range l.Who {
		sep := ","
		if i == 0 {
			sep = " "
		}
		switch {
		case w.Number > 0 && w.Name == "" && w.Address == "":
			fmt.Fprintf(&b, "%s#%d", sep, w.Number)
		case w.Name != "" && w.Number == 0 && w.Address == "":
			fmt.Fprintf(&b, "%s%q", sep, w.Name)
		case w.Address != "" && w.Number == 0 && w.Name == "":
			fmt.Fprintf(&b, "%s<%s>", sep, w.Address)
		default:
			fmt.Fprintf(&b, "%sBROKEN%+v", sep, w)
		}
	}
	if p := l.Person; p != nil {
		fmt.Fprintf(&b, " person=%q", p.Name)
		if p.Address != "" {
			fmt.Fprintf(&b, " <%s>", p.Address)
		}
		add("closeness", p.Closeness)
		add("role", p.Role)
		add("organisation", p.Organisation)
		add("in", p.Field)
		add("via", p.Via)
	}
	if w := l.When; w != nil {
		layout := "Mon 2006-01-02 15:04"
		if w.DayOnly {
			layout = "Mon 2006-01-02"
		}
		b.WriteString(" when=" + w.Start.Format(layout))
		if !w.End.IsZero() && !w.DayOnly {
			b.WriteString("-" + w.End.Format("15:04"))
		}
	}
	add("place", l.Place)
	add("pick", l.Pick)
	add("field", l.Field)
	if l.Field != "" && l.Value == "" {
		b.WriteString(` value=""`)
	}
	add("value", l.Value)
	if l.N > 0 {
		fmt.Fprintf(&b, " n=%d", l.N)
	}
	add("rest", l.Rest)
	if l.Problem != "" {
		fmt.Fprintf(&b, " -- %s", l.Problem)
	}
	if len(l.Nearest) > 0 {
		fmt.Fprintf(&b, " -- nearest: %s", strings.Join(l.Nearest, " | "))
	}
	return b.String()
}

// A transcript file has cases of this form:
//
//	== what the case shows
//	about bare=met known=Jane Doe, Bob Roe     (optional options)
//	-- quoted                                  (optional: the text of our mail)
//	…
//	-- text
//	…
//	-- lines
//	…
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	total := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		blocks := strings.Split("\n"+string(raw), "\n== ")
		out.WriteString(strings.TrimPrefix(blocks[0], "\n"))
		if blocks[0] != "" {
			out.WriteString("\n")
		}
		for _, block := range blocks[1:] {
			total++
			head, rest, ok := strings.Cut(block, "\n-- text\n")
			text, want, ok2 := strings.Cut(rest, "\n-- lines\n")
			if !ok || (!ok2 && !*update) {
				t.Fatalf("%s: case %q has no text or lines", file, strings.SplitN(block, "\n", 2)[0])
			}
			text = strings.TrimSuffix(text, "\n")
			head, quoted, _ := strings.Cut(head, "\n-- quoted\n")
			name, opts, _ := strings.Cut(head, "\n")
			o := Options{Now: now, Zone: now.Location(), Quoted: quoted}
			for opts := strings.TrimSpace(opts); opts != ""; {
				var opt string
				if after, ok := strings.CutPrefix(opts, "known="); ok {
					names := strings.Split(after, ",")
					for i := range names {
						names[i] = strings.TrimSpace(names[i])
					}
					o.Known = known(names...)
					break
				}
				opt, opts, _ = strings.Cut(opts, " ")
				switch {
				case opt == "about":
					o.About = true
				case strings.HasPrefix(opt, "bare="):
					o.Bare = Verb(opt[len("bare="):])
				default:
					t.Fatalf("%s: %s: unknown option %q", file, name, opt)
				}
			}
			got := ""
			for _, l := range Parse(text, o) {
				got += show(l) + "\n"
			}
			if got == "" {
				got = "(nothing)\n"
			}
			want = strings.TrimSpace(want)
			if !*update && strings.TrimSpace(got) != want {
				t.Errorf("%s: %s\n%s\ngot:\n%s\nwant:\n%s", file, name, text, got, want)
			}
			fmt.Fprintf(&out, "== %s\n-- text\n%s\n-- lines\n%s\n", head+quotedPart(quoted), text, got)
		}
		if *update {
			if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if total < 120 {
		t.Errorf("%d cases, want at least 120", total)
	}
}

func quotedPart(q string) string {
	if q == "" {
		return ""
	}
	return "\n-- quoted\n" + q
}

// The help teaches by examples; each must do what it shows, in both places where the language is used.
func TestExamplesParse(t *testing.T) {
	for _, e := range Table() {
		o := Options{Now: now, Zone: now.Location(), Known: known("Jane Doe", "Bob Roe")}
		ls := Parse(e.Example, o)
		if len(ls) != 1 || ls[0].Verb != e.Verb {
			t.Errorf("%q: %+v", e.Example, ls)
			continue
		}
		if e.NeedsWho && len(ls[0].Who) == 0 && ls[0].Person == nil {
			t.Errorf("%q names nobody", e.Example)
		}
		l, err := ParseArgs(strings.Fields(e.Example), o)
		if err != nil || l.Verb != e.Verb {
			t.Errorf("args %q: %+v, %v", e.Example, l, err)
		}
	}
}

func TestSpellings(t *testing.T) {
	seen := map[string]Verb{}
	for _, e := range Table() {
		for _, s := range append([]string{string(e.Verb)}, e.Aliases...) {
			if v, ok := seen[s]; ok {
				t.Errorf("%q is both %s and %s", s, v, e.Verb)
			}
			seen[s] = e.Verb
			if s != strings.ToLower(s) {
				t.Errorf("%q is not in lower case", s)
			}
			for _, written := range []string{s, strings.ToUpper(s), strings.ReplaceAll(s, " ", "-"), s + ":", s + "!"} {
				if f, ok := verbAt(written); !ok || f.entry.Verb != e.Verb {
					t.Errorf("%q is not read as %s", written, e.Verb)
				}
			}
			if f, ok := verbAt(s + "x"); ok && f.entry.Verb == e.Verb && f.rest == "x" {
				t.Errorf("%q is read as %s", s+"x", e.Verb)
			}
		}
	}
	for w := range ambiguous {
		if v, ok := seen[w]; ok {
			t.Errorf("ambiguous %q is a spelling of %s", w, v)
		}
	}
}

func TestHelp(t *testing.T) {
	all := Help("")
	for _, e := range Table() {
		if !strings.Contains(all, e.Usage) || !strings.Contains(all, e.Summary) {
			t.Errorf("help lacks %s", e.Verb)
		}
		one := Help(string(e.Verb))
		for _, want := range []string{e.Usage, e.Summary, e.Example} {
			if !strings.Contains(one, want) {
				t.Errorf("help %s lacks %q", e.Verb, want)
			}
		}
	}
	if got := Help("frobnicate"); !strings.Contains(got, "note, forget") {
		t.Errorf("help for an unknown verb: %q", got)
	}
	if got := Help("no-show"); got != Help("noshow") {
		t.Errorf("help of another spelling: %q", got)
	}
	// A mail program may quote the help without any mark.
	for _, help := range []string{all, Help("met"), Help("ask")} {
		for _, l := range Parse(help, Options{Now: now, Quoted: help, Bare: VerbMet, About: true}) {
			t.Errorf("quoted help is read: %s", show(l))
		}
	}
}

func TestTableIsACopy(t *testing.T) {
	a := Table()
	a[0].Aliases[0], a[0].Verb = "changed", "changed"
	if b := Table(); b[0].Verb != VerbAsk || b[0].Aliases[0] == "changed" {
		t.Error("Table gives out its own memory")
	}
}

func TestBounds(t *testing.T) {
	o := Options{Now: now}
	if ls := Parse(strings.Repeat("1 note x\n", 600), o); len(ls) != maxLines+1 || ls[maxLines].Problem == "" {
		t.Errorf("600 lines: %d", len(ls))
	}
	ls := Parse("1 note "+strings.Repeat("ä", maxBytes), o)
	if len(ls) != 2 || ls[0].Verb != VerbNote || ls[1].Problem == "" || len(ls[0].Rest) > maxBytes {
		t.Errorf("a long line: %d lines", len(ls))
	}
	for _, s := range []string{"1-101 ask", "1-9999 ask", "ask 1-5000", "1-50,60-160 snooze 2w"} {
		if ls := Parse(s, o); len(ls) != 1 || ls[0].Verb != "" || ls[0].Problem != errTooMany.Error() {
			t.Errorf("%s: %v", s, ls)
		}
	}
	if ls := Parse("1-100 ask", o); len(ls) != 1 || len(ls[0].Who) != 100 {
		t.Errorf("a hundred: %v", ls)
	}
	junk := strings.Repeat("frobnicate the thing\n", 9)
	if ls := Parse(junk+"1 ask", o); len(ls) != maxUnknown+1 || ls[maxUnknown].Verb != "" {
		t.Errorf("junk: %d lines", len(ls))
	}
}

// TestProposedReplyTypedBack holds that what our mail proposes can be typed, word for word, and is still not obeyed where
// a program only quoted it.
func TestProposedReplyTypedBack(t *testing.T) {
	mail := "You wrote: aks Cleo Moss <cleo@example.org>, friend\n  Not understood.\n  reply: ask Cleo Moss <cleo@example.org>, friend | note Cleo\n" +
		"The thank-you leaves today.\n"
	for text, want := range map[string]int{
		"ask Cleo Moss <cleo@example.org>, friend": 1,
		mail:                    0,
		"thank you!\n\n" + mail: 0,
		"reply: ask Cleo Moss <cleo@example.org>,\nfriend | note Cleo\nThe thank-you":   0,
		"> reply: ask Cleo Moss <cleo@example.org>, friend | note\nCleo\n":              0,
		"ask Cleo Moss <cleo@example.org>, friend\n\n\n> reply: ask Cleo Moss | friend": 1,
	} {
		got := 0
		for _, l := range Parse(text, Options{Now: time.Unix(0, 0), Quoted: mail}) {
			if l.Verb != "" {
				got++
			}
		}
		if got != want {
			t.Errorf("%d commands in %q, want %d", got, text, want)
		}
	}
}
