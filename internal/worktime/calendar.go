package worktime

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// patience bounds the search for a working day. No calendar that NewCalendar makes is without one for so long; the bound
// is there so that nobody has to take that on trust.
const patience = 400

// Calendar knows which days are worked: the weekdays that are, less the public holidays. It may be used by several
// goroutines at once and must not be copied.
type Calendar struct {
	weekdays [7]bool
	regions  []region

	years sync.Map // int → map[Date]string: what was computed already; a function of regions and the year alone
}

// NewCalendar makes a calendar of weekdays ("mon-fri", "mon,wed,fri", "sun-thu"; full names do as well) and of the public
// holidays of countries and states by their ISO 3166 codes ("de", "de-by", "us"); [Regions] lists those that are known.
func NewCalendar(days string, holidays []string) (*Calendar, error) {
	weekdays, err := parseWeekdays(days)
	if err != nil {
		return nil, fmt.Errorf("parse days %q: %w", days, err)
	}
	c := &Calendar{weekdays: weekdays}
	for _, code := range holidays {
		r, ok := regionOf(code)
		if !ok {
			return nil, fmt.Errorf("find the holidays of %q: no such code is known", code)
		}
		c.regions = append(c.regions, r)
	}
	return c, nil
}

// WorkingDay reports whether the civil day of t, in t's zone, is worked.
func (c *Calendar) WorkingDay(t time.Time) bool { return c.worked(DateOf(t)) }

// Holiday names the public holiday on the civil day of t, in t's zone. A day off that makes up for a holiday on a weekend
// is named after it, with "(observed)".
func (c *Calendar) Holiday(t time.Time) (name string, ok bool) { return c.holiday(DateOf(t)) }

// Add is t later by d. Days, weeks and working days are counted on the wall calendar of t's zone and keep the time of day;
// n working days end on the n-th worked day after the day of t. Then the elapsed part is added. Add never goes back.
func (c *Calendar) Add(t time.Time, d Duration) time.Time {
	return c.shift(t, d, +1).Add(d.elapsed)
}

// Before is t earlier by d, by the same rules backwards: n working days end on the n-th worked day before the day of t.
// Where the clock jumps, Before need not undo Add.
func (c *Calendar) Before(t time.Time, d Duration) time.Time {
	return c.shift(t, d, -1).Add(-d.elapsed)
}

func (c *Calendar) shift(t time.Time, d Duration, sign int) time.Time {
	if d.days == 0 && d.workdays == 0 {
		return t // the second 02:30 of a night stays the second
	}
	day := DateOf(t).AddDays(sign * d.days)
	for range d.workdays {
		day = c.nextWorked(day, sign)
	}
	wall := wallOf(t)
	return instantOf(day.utc().Add(wall.Sub(DateOf(wall).utc())), t.Location())
}

// nextWorked is the first worked day after day in the direction of sign.
func (c *Calendar) nextWorked(day Date, sign int) Date {
	for range patience {
		day = day.AddDays(sign)
		if c.worked(day) {
			break
		}
	}
	return day
}

func (c *Calendar) worked(day Date) bool {
	if !c.weekdays[day.Weekday()] {
		return false
	}
	_, holiday := c.holiday(day)
	return !holiday
}

func (c *Calendar) holiday(day Date) (name string, ok bool) {
	if len(c.regions) == 0 {
		return "", false
	}
	known, found := c.years.Load(day.Year)
	if !found {
		year := make(map[Date]string)
		for _, r := range c.regions {
			r.holidays(day.Year, year)
		}
		known, _ = c.years.LoadOrStore(day.Year, year)
	}
	names, _ := known.(map[Date]string)
	name, ok = names[day]
	return name, ok
}

// parseWeekdays reads a list of days and of ranges of days, which may run over the end of the week.
func parseWeekdays(s string) (days [7]bool, err error) {
	if strings.TrimSpace(s) == "" {
		return days, errors.New("it names no day")
	}
	for item := range strings.SplitSeq(s, ",") {
		first, last, ranged := strings.Cut(item, "-")
		from, err := parseWeekday(first)
		if err != nil {
			return days, err
		}
		to := from
		if ranged {
			if to, err = parseWeekday(last); err != nil {
				return days, err
			}
		}
		for day := from; ; day = (day + 1) % 7 {
			days[day] = true
			if day == to {
				break
			}
		}
	}
	return days, nil
}

func parseWeekday(s string) (time.Weekday, error) {
	name := strings.ToLower(strings.TrimSpace(s))
	i := slices.IndexFunc([]time.Weekday{0, 1, 2, 3, 4, 5, 6}, func(d time.Weekday) bool {
		full := strings.ToLower(d.String())
		return name == full || name == full[:3]
	})
	if i < 0 {
		return 0, fmt.Errorf("%q is no day of the week; the days are mon, tue, wed, thu, fri, sat and sun", strings.TrimSpace(s))
	}
	return time.Weekday(i), nil
}
