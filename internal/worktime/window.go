package worktime

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Window is the time in which mail to people may leave: certain hours of worked days. It may be used by several goroutines
// at once.
type Window struct {
	calendar   *Calendar
	start, end time.Duration // since midnight by the clock on the wall; end itself is shut
}

// NewWindow opens on the worked days of cal during hours: "09:00-17:00", "9-17", "00:00-24:00". The window must begin and
// end on the same day.
func NewWindow(cal *Calendar, hours string) (*Window, error) {
	if cal == nil {
		return nil, errors.New("make a window: it has no calendar")
	}
	start, end, err := parseHours(hours)
	if err != nil {
		return nil, fmt.Errorf("parse hours %q: %w", hours, err)
	}
	return &Window{calendar: cal, start: start, end: end}, nil
}

// Open reports whether the window is open at t, judged by the clock and the calendar of t's zone.
func (w *Window) Open(t time.Time) bool {
	wall := wallOf(t)
	return w.nextOpen(wall).Equal(wall)
}

// Next is the first instant, not before t, at which the window is open in t's zone: t itself if it is open then.
func (w *Window) Next(t time.Time) time.Time {
	// The clock runs evenly between two changes of the zone's offset. In each such stretch the answer is found on the
	// wall; if it lies beyond the stretch, the search goes on where the next one begins.
	for range patience {
		wall := wallOf(t)
		open := t.Add(w.nextOpen(wall).Sub(wall))
		_, end := t.ZoneBounds()
		if end.IsZero() || open.Before(end) {
			return open
		}
		t = end
	}
	return t
}

// nextOpen is Next on the wall, where there are no jumps.
func (w *Window) nextOpen(wall time.Time) time.Time {
	day := DateOf(wall)
	switch clock := wall.Sub(day.utc()); {
	case !w.calendar.worked(day) || clock >= w.end:
		day = w.calendar.nextWorked(day, +1)
	case clock >= w.start:
		return wall
	}
	return day.utc().Add(w.start)
}

func parseHours(s string) (start, end time.Duration, err error) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return 0, 0, errors.New("they are written like 09:00-17:00")
	}
	if start, err = parseClock(from); err != nil {
		return 0, 0, err
	}
	if end, err = parseClock(to); err != nil {
		return 0, 0, err
	}
	if end <= start {
		return 0, 0, errors.New("they must end later than they begin, on the same day")
	}
	return start, end, nil
}

// parseClock reads "9", "09", "9:05", "09:05" up to "24:00".
func parseClock(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	hour, minute, colon := strings.Cut(s, ":")
	h, okHour := digits(hour, 24)
	m, okMinute := 0, true
	if colon {
		m, okMinute = digits(minute, 59)
		okMinute = okMinute && len(minute) == 2
	}
	if !okHour || !okMinute || h == 24 && m != 0 {
		return 0, fmt.Errorf("%q is no time of day; it is written like 09:00, up to 24:00", s)
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, nil
}

// digits reads a number of one or two digits, at most limit.
func digits(s string, limit int) (int, bool) {
	if len(s) < 1 || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n <= limit
}
