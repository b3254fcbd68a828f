package worktime

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite testdata")

// TestTranscripts answers the questions in testdata and compares with the answers that stand there.
func TestTranscripts(t *testing.T) {
	for _, file := range []string{"testdata/clock.txt", "testdata/days.txt", "testdata/words.txt"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for line := range strings.Lines(string(text)) {
			question, _, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " = ")
			got.WriteString(question)
			if ok {
				got.WriteString(" = " + answer(t, question))
			}
			got.WriteString("\n")
		}
		if *update {
			if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(text), got.String()); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// answer does what one line of a transcript asks: a verb, then words between commas and semicolons as that verb wants them.
func answer(t *testing.T, question string) string {
	verb, rest, _ := strings.Cut(strings.TrimSpace(question), " ")
	word := strings.Split(rest, "; ")
	at := func(i int) time.Time { return instant(t, word[0], word[i]) }
	switch verb {
	case "add", "before": // ZONE; TIME; DURATION; DAYS; HOLIDAYS
		c := calendar(t, word[3], word[4:]...)
		d, err := ParseDuration(word[2])
		if err != nil {
			t.Fatal(err)
		}
		if verb == "add" {
			return c.Add(at(1), d).Format(time.RFC3339)
		}
		return c.Before(at(1), d).Format(time.RFC3339)
	case "open": // ZONE; TIME; HOURS; DAYS; HOLIDAYS
		w := window(t, calendar(t, word[3], word[4:]...), word[2])
		return w.Next(at(1)).Format(time.RFC3339)
	case "cron": // ZONE; TIME; SCHEDULE: the next four times
		c, err := ParseCron(word[2])
		if err != nil {
			t.Fatal(err)
		}
		var next []string
		from := at(1)
		for range 4 {
			var ok bool
			if from, ok = c.Next(from); !ok {
				next = append(next, "never")
				break
			}
			next = append(next, from.Format("2006-01-02T15:04Z07:00"))
		}
		return strings.Join(next, ", ")
	case "midnight": // ZONE; DATE
		d, err := ParseDate(word[1])
		if err != nil {
			t.Fatal(err)
		}
		return d.In(zone(t, word[0])).Format(time.RFC3339)
	case "off": // CODE; YEAR: the days on which nobody works
		r, ok := regionOf(word[0])
		if !ok {
			t.Fatalf("no region %s", word[0])
		}
		c := calendar(t, "sun-sat", r.code)
		var days []string
		for d := (Date{Month: 1, Day: 1, Year: number(t, word[1])}); d.Year == number(t, word[1]); d = d.AddDays(1) {
			if !c.WorkingDay(d.In(time.UTC)) {
				days = append(days, fmt.Sprintf("%02d-%02d %s", d.Month, d.Day, d.Weekday().String()[:2]))
			}
		}
		return strings.Join(days, ", ")
	case "name": // CODE; DATE
		d, err := ParseDate(word[1])
		if err != nil {
			t.Fatal(err)
		}
		name, ok := calendar(t, "mon-fri", word[0]).Holiday(d.In(time.UTC))
		return fmt.Sprintf("%q, %t", name, ok)
	case "duration":
		return shown(ParseDuration(rest))
	case "schedule":
		return shown(ParseCron(rest))
	case "zone":
		return shown(ParseZone(rest))
	case "date":
		return shown(ParseDate(rest))
	case "hours":
		w, err := NewWindow(calendar(t, "mon-fri"), rest)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%v to %v", w.start, w.end)
	case "days":
		c, err := NewCalendar(rest, nil)
		if err != nil {
			return err.Error()
		}
		var days []string
		for d := time.Sunday; d <= time.Saturday; d++ {
			if c.weekdays[d] {
				days = append(days, d.String()[:3])
			}
		}
		return strings.Join(days, " ")
	case "holidays":
		_, err := NewCalendar("mon-fri", word)
		return fmt.Sprint(err)
	}
	t.Fatalf("unknown question %q", question)
	return ""
}

func shown(v fmt.Stringer, err error) string {
	if err != nil {
		return err.Error()
	}
	return v.String()
}

func number(t *testing.T, s string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func zone(t rapid.TB, name string) *time.Location {
	t.Helper()
	z, err := ParseZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// instant reads a time with an offset, or one without that no zone shows twice, and gives it in a zone.
func instant(t *testing.T, zoneName, s string) time.Time {
	t.Helper()
	z := zone(t, zoneName)
	if at, err := time.Parse("2006-01-02T15:04:05Z07:00", s); err == nil {
		return at.In(z)
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", s, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func calendar(t rapid.TB, days string, holidays ...string) *Calendar {
	t.Helper()
	c, err := NewCalendar(days, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func window(t rapid.TB, c *Calendar, hours string) *Window {
	t.Helper()
	w, err := NewWindow(c, hours)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
