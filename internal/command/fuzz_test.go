package command

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// check holds what is promised of every line.
func check(t *testing.T, l Line) {
	t.Helper()
	if (l.Verb == "") == (l.Problem == "") {
		t.Errorf("a line has either a verb or a problem: %+v", l)
	}
	if l.Verb != "" && entryOf(l.Verb) == nil {
		t.Errorf("a verb that is not in the table: %+v", l)
	}
	if len(l.Who) > maxNumbers {
		t.Errorf("%d contacts", len(l.Who))
	}
	for _, w := range l.Who {
		n := 0
		for _, set := range []bool{w.Number > 0, w.Name != "", w.Address != ""} {
			if set {
				n++
			}
		}
		if n != 1 {
			t.Errorf("WHO is not exactly one thing: %+v", w)
		}
	}
	if l.Verb == VerbTalk && (l.When == nil || l.When.DayOnly) || l.Verb == VerbSnooze && l.When == nil ||
		l.Verb == VerbPick && l.Pick == "" || l.Verb == VerbAddress && l.Value == "" || l.Verb == VerbSet && l.Field == "" {
		t.Errorf("a part is missing: %+v", l)
	}
	if !utf8.ValidString(l.Rest) || !utf8.ValidString(l.Text) {
		t.Errorf("not UTF-8: %+v", l)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"1,3,5-7 snooze 2w\nask Jane Doe <jane@example.org>, friend", "2 met Great\n> 1 ask\n2 ask", "pick 2b\nundo 2",
		"Hi askwell,\n1 met\nBest,\nAda\n-- \nAda", "reply: 5 ask | 5\nskip", "talk jane@example.org thu 15:30 at Zoom https://x.test",
	} {
		f.Add(s, "Needs you\n  2  Bob Roe\n       reply:  2 met NOTES  |  2 noshow\n1 ask\n", uint8(3))
	}
	f.Fuzz(func(t *testing.T, text, quoted string, flags uint8) {
		o := Options{Now: now, Zone: now.Location(), Quoted: quoted, About: flags&1 != 0}
		if flags&2 != 0 {
			o.Bare = VerbMet
		}
		if flags&4 != 0 {
			o.Known = known("Jane Doe", "Bob Roe", "Bo")
		}
		ours := map[string]bool{}
		for line := range lineSeq(quoted) {
			if w := strings.Join(strings.Fields(strings.ToLower(line)), " "); w != "" && len(quoted) < maxQuoted {
				ours[w] = true
			}
		}
		for _, l := range Parse(text, o) {
			check(t, l)
			if l.Verb != "" && ours[strings.Join(strings.Fields(strings.ToLower(l.Text)), " ")] {
				t.Errorf("a quoted line commands: %+v", l)
			}
		}
		// The whole mail quoted, as it stands and with marks, is nothing at all.
		o.Quoted = text
		for _, l := range Parse(text, o) {
			if l.Verb != "" {
				t.Errorf("our own mail commands: %+v", l)
			}
		}
		o.Quoted = ""
		var marked strings.Builder
		for line := range lineSeq(text) {
			marked.WriteString("> " + line + "\n")
		}
		for _, l := range Parse(marked.String(), o) {
			if l.Verb != "" {
				t.Errorf("a marked line commands: %+v", l)
			}
		}
	})
}

func FuzzParseArgs(f *testing.F) {
	f.Add("met\x00Jane Doe\x00great\ntalk", uint8(0))
	f.Add("talk\x00Jane Doe\x00tue 3pm", uint8(1))
	f.Fuzz(func(t *testing.T, args string, flags uint8) {
		o := Options{Now: now, Zone: now.Location()}
		if flags&1 != 0 {
			o.Known = known("Jane Doe", "Bob Roe")
		}
		l, err := ParseArgs(strings.Split(args, "\x00"), o)
		if err != nil {
			if l.Verb != "" || err.Error() == "" {
				t.Errorf("a command and an error: %+v, %v", l, err)
			}
			return
		}
		check(t, l)
	})
}
