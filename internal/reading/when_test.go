package reading

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

func berlin(t testing.TB) (time.Time, *time.Location) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 23, 10, 0, 0, 0, zone), zone
}

func showWhen(w When) string {
	var b strings.Builder
	layout := "Mon 2006-01-02 15:04 -0700"
	if w.DayOnly {
		layout = "Mon 2006-01-02"
	}
	b.WriteString(w.Start.Format(layout))
	switch {
	case w.End.IsZero():
	case w.DayOnly:
		b.WriteString(" .. before " + w.End.Format(layout))
	default:
		b.WriteString(" .. " + w.End.Format("15:04"))
	}
	if w.Vague {
		b.WriteString(" vague")
	}
	b.WriteString(" {" + w.Phrase + "}")
	return b.String()
}

// transcript runs a file of one input a line; indented lines are what is expected.
func transcript(t *testing.T, name string, run func(string) []string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	cases := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "\t"):
			continue
		case line == "" || strings.HasPrefix(line, "#"):
			got.WriteString(line + "\n")
			continue
		}
		cases++
		got.WriteString(line + "\n")
		for _, r := range run(strings.ReplaceAll(line, `\n`, "\n")) {
			got.WriteString("\t" + r + "\n")
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(data), got.String()); diff != "" {
		t.Errorf("%s, %d cases (-want +got):\n%s", name, cases, diff)
	}
}

func TestParseWhen(t *testing.T) {
	now, zone := berlin(t)
	transcript(t, "when.txt", func(line string) []string {
		w, rest, err := ParseWhen(line, now, zone)
		if err != nil {
			return []string{"error: " + err.Error()}
		}
		if rest != "" {
			rest = " then: " + rest
		}
		return []string{showWhen(w) + rest}
	})
}

func TestFindTimes(t *testing.T) {
	now, zone := berlin(t)
	for _, name := range []string{"times.txt", "times_more.txt"} {
		findTimes(t, name, now, zone)
	}
}

func findTimes(t *testing.T, name string, now time.Time, zone *time.Location) {
	t.Helper()
	transcript(t, name, func(line string) []string {
		var out []string
		for _, w := range FindTimes(line, now, zone) {
			if w.From < 0 || w.To > len(line) || w.From >= w.To {
				t.Errorf("%q: range %d to %d", line, w.From, w.To)
			}
			out = append(out, showWhen(w))
		}
		return out
	})
}
