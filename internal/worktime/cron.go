package worktime

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cron is a schedule of five fields (minute, hour, day of month, month, day of week) or one of @hourly, @daily, @weekly,
// @monthly and @yearly. As in every cron, a line that restricts both the day of month and the day of week means either.
// It is a value: schedules made from the same text are equal under ==. The zero Cron never comes.
type Cron struct {
	text     string
	schedule cron.SpecSchedule
}

// ParseCron reads a schedule. A zone in it (TZ=, CRON_TZ=) is refused, since the zone is that of the time asked about; so
// is @every, which has no hour, and a date that no year has, like 30 February.
func ParseCron(s string) (Cron, error) {
	c, err := parseCron(strings.TrimSpace(s))
	if err != nil {
		return Cron{}, fmt.Errorf("parse schedule %q: %w", s, err)
	}
	return c, nil
}

func parseCron(s string) (Cron, error) {
	switch {
	case s == "":
		return Cron{}, errors.New("it is empty")
	case strings.Contains(s, "TZ="): // robfig/cron panics on one without a space behind it
		return Cron{}, errors.New("a zone cannot be given here, the owner's timezone applies")
	case strings.HasPrefix(s, "@every"):
		return Cron{}, errors.New("@every has no hour of the day; name the hours, as in 0 8,16 * * *")
	}
	parsed, err := cron.ParseStandard(s)
	if err != nil {
		return Cron{}, err
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return Cron{}, errors.New("it names no times of day")
	}
	if slices.Contains([]uint64{spec.Minute, spec.Hour, spec.Dom, spec.Month, spec.Dow}, 0) { // "," is an empty list to the parser
		return Cron{}, errors.New("one of its fields is empty")
	}
	spec.Location = time.UTC // it is only ever asked about wall time
	c := Cron{text: s, schedule: *spec}
	if c.nextWall(time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Cron{}, errors.New("no year has such a day")
	}
	return c, nil
}

// Next is the first time of the schedule after the given instant, read on the clock of its zone; it is never that instant
// itself. A time in a gap of the clock comes when the gap ends, together with any other that fell into it; a time that the
// clock shows twice comes once, the first time. The result is false only for the zero Cron and past the year 9999.
func (c Cron) Next(after time.Time) (time.Time, bool) {
	// In the hour that is shown twice the clock is behind where it has been, and times that have come already are found
	// once more: they are passed over. That takes as many turns as there are minutes in a fold, a day in the worst case.
	for wall := wallOf(after); ; {
		wall = c.nextWall(wall)
		if wall.IsZero() || wall.Year() > 9999 {
			return time.Time{}, false
		}
		if t := instantOf(wall, after.Location()); t.After(after) {
			return t, true
		}
	}
}

// nextWall asks the library, in UTC. It gives up after five years, but 29 February can be eight years away.
func (c Cron) nextWall(wall time.Time) time.Time {
	if c.text == "" {
		return time.Time{}
	}
	for range 3 {
		if next := c.schedule.Next(wall); !next.IsZero() {
			return next
		}
		wall = time.Date(wall.Year()+5, time.December, 31, 23, 59, 59, 0, time.UTC)
	}
	return time.Time{}
}

// String is the text that the schedule was read from.
func (c Cron) String() string { return c.text }

// IsZero reports whether c is no schedule at all.
func (c Cron) IsZero() bool { return c.text == "" }

// MarshalText writes what String says.
func (c Cron) MarshalText() ([]byte, error) { return []byte(c.text), nil }

// UnmarshalText reads what ParseCron reads.
func (c *Cron) UnmarshalText(text []byte) error {
	parsed, err := ParseCron(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}
