package worktime

import (
	"testing"
	"time"
)

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"5wd", "90d", "2w", "1h30m", "0", "1w2d3wd4h5m6.5s", "1d-1h", "36525d", ".5h", "1µs"} {
		f.Add(s)
	}
	c, err := NewCalendar("mon-fri", []string{"de"})
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			return
		}
		again, err := ParseDuration(d.String())
		if err != nil || again != d {
			t.Fatalf("%q is %v, which reads as %v: %v", s, d, again, err)
		}
		if d.IsZero() != (d.Approx() == 0) || d.Approx() < 0 {
			t.Fatalf("%q is about %v", s, d.Approx())
		}
		if d.workdays < 1000 && (c.Add(now, d).Before(now) || c.Before(now, d).After(now)) {
			t.Fatalf("%q turns time back", s)
		}
	})
}

func FuzzParseCron(f *testing.F) {
	for _, s := range []string{
		"0 8 * * 1-5", "0 9 1 * *", "*/5 * * * *", "0 0 29 2 *", "0 0 30 2 *", "@monthly", "@every 1h", "CRON_TZ=X", "TZ=",
		", , , , ,", "0 0 31 2,4 ?", "5/10 1-2/1 L * mon-FRI", "* * * * * *",
	} {
		f.Add(s)
	}
	zone, err := ParseZone("America/Santiago")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCron(s)
		if err != nil {
			return
		}
		at := time.Date(2026, 9, 5, 12, 0, 0, 0, zone)
		for range 3 {
			next, ok := c.Next(at)
			if !ok || !next.After(at) || next.Year() > 2026+30 {
				t.Fatalf("%q: the next after %v is %v, %t", s, at, next, ok)
			}
			at = next
		}
		again, err := ParseCron(c.String())
		if err != nil || again != c {
			t.Fatalf("%q reads as %v, then as %v: %v", s, c, again, err)
		}
	})
}

func FuzzNewWindow(f *testing.F) {
	f.Add("mon-fri", "de", "09:00-17:00")
	f.Add("sun", "us", "23:59-24:00")
	f.Add("fri-mon,wed", "uk", "0-24")
	f.Add("thu", "jp", "2:00-2:30")
	zone, err := ParseZone("Australia/Lord_Howe")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, days, holidays, hours string) {
		c, err := NewCalendar(days, []string{holidays})
		if err != nil {
			if c, err = NewCalendar(days, nil); err != nil {
				return
			}
		}
		w, err := NewWindow(c, hours)
		if err != nil {
			return
		}
		at := time.Date(2026, 10, 4, 1, 30, 0, 0, zone)
		if next := w.Next(at); next.Before(at) || !w.Open(next) {
			t.Fatalf("%q %q %q: the next after %v is %v", days, holidays, hours, at, next)
		}
	})
}

func FuzzParseZone(f *testing.F) {
	for _, s := range []string{"Europe/Berlin", "W. Europe Standard Time", "Local", "", "../x", "a\x00b", "Europe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		zone, err := ParseZone(s)
		if err == nil && (zone == nil || zone == time.Local) {
			t.Fatalf("%q is the zone of the machine", s)
		}
	})
}
