package worktime

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// zones are those whose clocks do something remarkable: by half an hour, at midnight, twice a year, by a whole day, never.
var zones = []string{
	"Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns",
	"America/Santiago", "America/Havana", "Africa/Casablanca", "Asia/Tehran", "Asia/Kolkata", "Antarctica/Troll", "UTC",
	"Pacific/Kwajalein", "Europe/Dublin", "Asia/Gaza",
}

// drawTime draws an instant near a change of the clock, where there is one.
func drawTime(t *rapid.T) time.Time {
	name := rapid.SampledFrom(zones).Draw(t, "zone")
	at := time.Unix(rapid.Int64Range(0, 2_200_000_000).Draw(t, "unix"), 0).In(zone(t, name))
	if _, end := at.ZoneBounds(); !end.IsZero() && rapid.Bool().Draw(t, "near") {
		at = end.Add(time.Duration(rapid.IntRange(-30*3600, 6*3600).Draw(t, "off")) * time.Second)
	}
	return at
}

func drawCalendar(t *rapid.T) *Calendar {
	days := rapid.SampledFrom([]string{"mon-fri", "sun-sat", "sun", "mon,wed,fri", "sun-thu"}).Draw(t, "days")
	holidays := rapid.SliceOfNDistinct(rapid.SampledFrom(Regions()), 0, 2, rapid.ID).Draw(t, "holidays")
	return calendar(t, days, holidays...)
}

// The first instant at which the clock shows wall or later, by walking up to it minute by minute.
func TestInstantOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := drawTime(t).Truncate(time.Minute)
		wall := wallOf(at)
		got := instantOf(wall, at.Location())
		if got.After(at) {
			t.Fatalf("the clock shows %v at %v already, not only at %v", wall, at, got)
		}
		if !wallOf(got).Equal(wall) { // at is proof that the wall time exists
			t.Fatalf("at %v the clock shows %v, want %v", got, wallOf(got), wall)
		}
		if before := got.Add(-1); !wallOf(before).Before(wall) {
			t.Fatalf("a nanosecond before %v the clock shows %v already", got, wallOf(before))
		}
	})
}

func TestAddIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawCalendar(t), drawTime(t)
		less := rapid.IntRange(0, 60).Draw(t, "less")
		more := less + rapid.IntRange(0, 5).Draw(t, "more")
		unit := rapid.SampledFrom([]string{"d", "wd", "w", "h", "m"}).Draw(t, "unit")
		short, long := duration(t, fmt.Sprint(less, unit)), duration(t, fmt.Sprint(more, unit))
		if a, b := c.Add(at, short), c.Add(at, long); a.Before(at) || b.Before(a) {
			t.Fatalf("%v, %v later %v, %v later %v", at, short, a, long, b)
		}
		if a, b := c.Before(at, short), c.Before(at, long); a.After(at) || b.After(a) {
			t.Fatalf("%v, %v earlier %v, %v earlier %v", at, short, a, long, b)
		}
		// Of two times on a clock that runs evenly, the earlier is earlier after any wait of days.
		if unit != "wd" {
			even, later := at.UTC(), at.UTC().Add(time.Minute)
			if a, b := c.Add(even, short), c.Add(later, short); !a.Before(b) {
				t.Fatalf("a minute later is not later: %v, %v", a, b)
			}
		}
	})
}

func TestAddLandsOnAWorkingDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawCalendar(t), drawTime(t).UTC()
		n := rapid.IntRange(1, 30).Draw(t, "n")
		got := c.Add(at, Duration{workdays: n})
		if !c.WorkingDay(got) || wallOf(got).Sub(DateOf(got).utc()) != wallOf(at).Sub(DateOf(at).utc()) {
			t.Fatalf("%v and %d working days is %v", at, n, got)
		}
		worked := 0
		for d := DateOf(at).AddDays(1); !DateOf(got).Before(d); d = d.AddDays(1) {
			if c.worked(d) {
				worked++
			}
		}
		if worked != n {
			t.Fatalf("between %v and %v are %d working days, want %d", at, got, worked, n)
		}
		if c.WorkingDay(at) && !c.Before(got, Duration{workdays: n}).Equal(at) {
			t.Fatalf("%v less %d working days is not %v", got, n, at)
		}
	})
}

// Next is compared with a walk, minute by minute, that knows nothing of days and jumps.
func TestWindowNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawCalendar(t), drawTime(t).Truncate(time.Minute)
		start := rapid.IntRange(0, 24*60-1).Draw(t, "start")
		end := rapid.IntRange(start+1, 24*60).Draw(t, "end")
		hours := fmt.Sprintf("%02d:%02d-%02d:%02d", start/60, start%60, end/60, end%60)
		w := window(t, c, hours)
		next := w.Next(at)
		if next.Before(at) || !w.Open(next) || next.Location() != at.Location() {
			t.Fatalf("%s: the next after %v is %v", hours, at, next)
		}
		if again := w.Next(next); !again.Equal(next) {
			t.Fatalf("%s: it is open at %v, but the next is %v", hours, next, again)
		}
		open := func(m time.Time) bool {
			minute := m.Hour()*60 + m.Minute()
			return c.WorkingDay(m) && start <= minute && minute < end
		}
		for m := at; m.Before(next) && m.Sub(at) < 48*time.Hour; m = m.Add(time.Minute) {
			if open(m) {
				t.Fatalf("%s: open at %v, but the next after %v is %v", hours, m, at, next)
			}
		}
		if !open(next) {
			t.Fatalf("%s: not open at %v", hours, next)
		}
	})
}

// Cron.Next is compared with a walk, minute by minute, that remembers how far the clock has come: a minute counts when the
// clock first reaches it or jumps over it.
func TestCronNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var fields [5][]int
		var text []string
		for i, limit := range [][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}} {
			chance := rapid.IntRange(0, 3).Draw(t, "star")
			if i == 3 || chance == 0 {
				text = append(text, "*")
				continue
			}
			fields[i] = rapid.SliceOfNDistinct(rapid.IntRange(limit[0], limit[1]), 1, 6, rapid.ID).Draw(t, "field")
			var numbers []string
			for _, n := range fields[i] {
				numbers = append(numbers, strconv.Itoa(n))
			}
			text = append(text, strings.Join(numbers, ","))
		}
		matches := func(wall time.Time) bool {
			in := func(i, n int) bool { return fields[i] == nil || slices.Contains(fields[i], n) }
			day, weekday := in(2, wall.Day()), in(4, int(wall.Weekday()))
			either := day && weekday
			if fields[2] != nil && fields[4] != nil {
				either = day || weekday
			}
			return in(0, wall.Minute()) && in(1, wall.Hour()) && in(3, int(wall.Month())) && either
		}
		c, err := ParseCron(strings.Join(text, " "))
		if err != nil {
			t.Fatal(err)
		}
		after := drawTime(t)
		next, ok := c.Next(after)
		if !ok || !next.After(after) || next.Location() != after.Location() {
			t.Fatalf("%v: the next after %v is %v, %t", c, after, next, ok)
		}
		// Start early enough to know what the clock has shown before.
		minute := after.Truncate(time.Minute).Add(-26 * time.Hour)
		reached := wallOf(minute)
		for ; minute.Before(after.Add(60 * time.Hour)); minute = minute.Add(time.Minute) {
			due := false
			for ; !reached.After(wallOf(minute)); reached = reached.Add(time.Minute) {
				due = due || matches(reached)
			}
			if !due || !minute.After(after) {
				continue
			}
			if !minute.Equal(next) {
				t.Fatalf("%v: the next after %v is %v, want %v", c, after, next, minute)
			}
			return
		}
		if next.Before(minute) {
			t.Fatalf("%v: the next after %v is %v, want none so soon", c, after, next)
		}
	})
}

func TestDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := DateOf(drawTime(t))
		n := rapid.IntRange(1, 4000).Draw(t, "n")
		later := d.AddDays(n)
		if !d.Before(later) || later.Before(d) || later.AddDays(-n) != d {
			t.Fatalf("%v and %d days is %v", d, n, later)
		}
		var read Date
		text, _ := d.MarshalText()
		if err := read.UnmarshalText(text); err != nil || read != d {
			t.Fatalf("%v reads as %v: %v", d, read, err)
		}
	})
}

func duration(t rapid.TB, s string) Duration {
	t.Helper()
	d, err := ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
