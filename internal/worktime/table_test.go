package worktime

import (
	"go/build"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Every region has holidays in each of the coming years, and no two entries share a code.
func TestRegions(t *testing.T) {
	codes := Regions()
	if !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Error("the codes are not sorted, or not distinct")
	}
	for code := range strings.FieldsSeq("de de-by de-be us gb gb-sct fr es it nl pt pl se dk no fi cz at ch ch-zh be ie ca au au-nsw nz jp br") {
		if !slices.Contains(codes, code) {
			t.Errorf("%s is missing", code)
		}
	}
	for _, r := range regions() {
		for year := 2020; year <= 2060; year++ {
			days := make(map[Date]string)
			r.holidays(year, days)
			if len(days) < 7 || len(days) > 30 {
				t.Errorf("%s has %d holidays in %d", r.code, len(days), year)
			}
			for day, name := range days {
				if day.Year != year || name == "" {
					t.Errorf("%s in %d: %v %q", r.code, year, day, name)
				}
			}
		}
	}
}

// Matariki is always a Friday between 19 June and 19 July.
func TestMatariki(t *testing.T) {
	for year := 2022; year <= 2052; year++ {
		actual, _ := matariki().Calc(year)
		day := civil(actual)
		if day.Weekday() != time.Friday || day.Before(Date{year, time.June, 19}) || (Date{year, time.July, 19}).Before(day) {
			t.Errorf("%v is a %v", day, day.Weekday())
		}
	}
	if actual, _ := matariki().Calc(2053); !actual.IsZero() {
		t.Errorf("beyond the law: %v", actual)
	}
}

// The library computes in the zone of the machine. That zone must not change which day is a holiday.
func TestHolidayIgnoresTheMachine(t *testing.T) {
	for _, midnight := range []time.Time{
		time.Date(2026, 9, 5, 23, 0, 0, 0, time.UTC), // where the clock jumps over midnight
		time.Date(2026, 9, 6, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 9, 6, 1, 0, 0, 0, time.UTC),
	} {
		if got, want := civil(midnight), (Date{2026, time.September, 6}); got != want {
			t.Errorf("%v is %v, want %v", midnight, got, want)
		}
	}
}

// Each Windows name leads to a zone that exists.
func TestWindowsZones(t *testing.T) {
	for name, want := range map[string]string{
		"W. Europe Standard Time":        "Europe/Berlin",
		"Romance Standard Time":          "Europe/Paris",
		"Central Europe Standard Time":   "Europe/Budapest",
		"GMT Standard Time":              "Europe/London",
		"Pacific Standard Time":          "America/Los_Angeles",
		"India Standard Time":            "Asia/Calcutta",
		"AUS Eastern Standard Time":      "Australia/Sydney",
		"Eastern Standard Time (Mexico)": "America/Cancun",
		"UTC+13":                         "Etc/GMT-13",
		"Tokyo Standard Time":            "Asia/Tokyo",
		" Tokyo Standard Time ":          "Asia/Tokyo",
		"Not A Standard Time":            "",
	} {
		zone, err := ParseZone(name)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s is %v, want an error", name, zone)
		case want != "" && (err != nil || zone.String() != want):
			t.Errorf("%s is %v, want %s: %v", name, zone, want, err)
		}
	}
}

// Every entry of the table leads somewhere, those included that nobody would think of trying.
func TestWindowsTable(t *testing.T) {
	source, err := os.ReadFile("windows.go")
	if err != nil {
		t.Fatal(err)
	}
	entries := regexp.MustCompile(`case "(.+)":\n\t\treturn "(.+)"\n`).FindAllStringSubmatch(string(source), -1)
	if len(entries) < 130 {
		t.Fatalf("found %d entries only", len(entries))
	}
	for _, entry := range entries {
		if zone, err := ParseZone(entry[1]); err != nil || zone.String() != entry[2] {
			t.Errorf("%s is %v, want %s: %v", entry[1], zone, entry[2], err)
		}
	}
}

// One calendar serves all goroutines of the engine.
func TestCalendarIsShared(t *testing.T) {
	c := calendar(t, "mon-fri", "de", "us")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for year := 2020; year < 2040; year++ {
				if c.WorkingDay(time.Date(year, 12, 25, 0, 0, 0, 0, time.UTC)) {
					t.Errorf("Christmas %d is worked", year)
				}
			}
		})
	}
	wg.Wait()
}

func TestTexts(t *testing.T) {
	var d Duration
	if err := d.UnmarshalText([]byte("5wd")); err != nil || d != (Duration{workdays: 5}) {
		t.Errorf("5wd is %v: %v", d, err)
	}
	if err := d.UnmarshalText([]byte("5x")); err == nil || d != (Duration{workdays: 5}) {
		t.Errorf("a bad text left %v: %v", d, err)
	}
	if text, err := d.MarshalText(); err != nil || string(text) != "5wd" {
		t.Errorf("5wd is written %s: %v", text, err)
	}
	var c Cron
	if err := c.UnmarshalText([]byte("@daily")); err != nil || c.String() != "@daily" || c.IsZero() {
		t.Errorf("@daily is %v: %v", c, err)
	}
	if err := c.UnmarshalText([]byte("x")); err == nil || c.IsZero() {
		t.Errorf("a bad text left %v: %v", c, err)
	}
	if text, err := c.MarshalText(); err != nil || string(text) != "@daily" {
		t.Errorf("@daily is written %s: %v", text, err)
	}
	day := Date{2026, time.November, 24}
	if err := day.UnmarshalText(nil); err != nil || !day.IsZero() || day.String() != "" {
		t.Errorf("no text is %v: %v", day, err)
	}
	if next, ok := (Cron{}).Next(time.Unix(0, 0)); ok {
		t.Errorf("no schedule comes at %v", next)
	}
	if _, err := NewWindow(nil, "09:00-17:00"); err == nil {
		t.Error("a window without a calendar")
	}
}

// The package stays pure: it knows no other room of the program.
func TestImports(t *testing.T) {
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pkg.Imports {
		if strings.HasPrefix(path, "askwell/") || slices.Contains([]string{"os", "net", "context", "log/slog"}, path) {
			t.Errorf("worktime imports %s", path)
		}
	}
}

func BenchmarkWindowNext(b *testing.B) {
	w := window(b, calendar(b, "mon-fri", "de"), "09:00-17:00")
	at := time.Date(2026, 12, 24, 18, 0, 0, 0, zone(b, "Europe/Berlin"))
	b.ReportAllocs()
	for b.Loop() {
		w.Next(at)
	}
}

func BenchmarkCronNext(b *testing.B) {
	c, err := ParseCron("0 8 * * 1-5")
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, zone(b, "Europe/Berlin"))
	b.ReportAllocs()
	for b.Loop() {
		c.Next(at)
	}
}

func BenchmarkAdd(b *testing.B) {
	c := calendar(b, "mon-fri", "de")
	at := time.Date(2026, 12, 22, 9, 0, 0, 0, zone(b, "Europe/Berlin"))
	d := duration(b, "5wd")
	b.ReportAllocs()
	for b.Loop() {
		c.Add(at, d)
	}
}
