package worktime

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// longest bounds every part of a Duration to a century, so that no sum overflows a time.Time.
const longest = 36525

// Duration is a time to wait, as people write it. It has three parts, which mean different things on the night when the
// clocks change and before a weekend: calendar days, working days, and elapsed time. It is never negative. The zero value
// is no time at all. Durations of equal meaning are equal under ==, save that "24h" is not "1d".
type Duration struct {
	days, workdays int
	elapsed        time.Duration
}

// ParseDuration reads a sequence of whole numbers with the units w (weeks), d (days) and wd (working days), and of numbers
// with Go's units (h, m, s, ms, us, ns): "5wd", "90d", "2w", "1d12h", "1h30m", "1s", "0".
func ParseDuration(s string) (Duration, error) {
	d, err := parseDuration(s)
	if err != nil {
		return Duration{}, fmt.Errorf("parse duration %q: %w", s, err)
	}
	return d, nil
}

func parseDuration(s string) (Duration, error) {
	if s == "0" {
		return Duration{}, nil
	}
	if s == "" {
		return Duration{}, errors.New("it is empty")
	}
	if s[0] == '-' {
		return Duration{}, errors.New("it must not be negative")
	}
	var d Duration
	var clock strings.Builder // the part that Go's own parser reads
	for rest := s; rest != ""; {
		number := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789."))]
		rest = rest[len(number):]
		end := strings.IndexAny(rest, "0123456789.+- ")
		if end < 0 {
			end = len(rest)
		}
		unit := rest[:end]
		rest = rest[end:]
		switch {
		case number == "":
			return Duration{}, errors.New("a number is missing; it is written like 5wd, 2w, 90d or 1h30m")
		case unit == "":
			return Duration{}, fmt.Errorf("%s of what? The units are w, d, wd (working days), h, m and s", number)
		case unit == "w" || unit == "d" || unit == "wd":
			n, err := strconv.Atoi(number)
			if err != nil && strings.Contains(number, ".") {
				return Duration{}, fmt.Errorf("%s comes in whole numbers", unit)
			}
			weeks := unit == "w"
			if err != nil || n > longest || weeks && n > longest/7 {
				return Duration{}, errors.New("it is longer than a hundred years")
			}
			switch {
			case weeks:
				d.days += 7 * n
			case unit == "d":
				d.days += n
			default:
				d.workdays += n
			}
			if d.days > longest || d.workdays > longest {
				return Duration{}, errors.New("it is longer than a hundred years")
			}
		default:
			clock.WriteString(number)
			clock.WriteString(unit)
		}
	}
	if clock.Len() == 0 {
		return d, nil
	}
	elapsed, err := time.ParseDuration(clock.String())
	if err != nil {
		return Duration{}, errors.New("the units are w, d, wd (working days), h, m and s")
	}
	if elapsed > longest*24*time.Hour {
		return Duration{}, errors.New("it is longer than a hundred years")
	}
	d.elapsed = elapsed
	return d, nil
}

// Approx is about how long d is, a working day counted as 7/5 of a day: for comparing and for bounds, not for arithmetic.
func (d Duration) Approx() time.Duration {
	const day = 24 * time.Hour
	return time.Duration(d.days)*day + time.Duration(d.workdays)*day*7/5 + d.elapsed
}

// IsZero reports whether d is no time at all.
func (d Duration) IsZero() bool { return d == Duration{} }

// String is the shortest form that ParseDuration reads back as d. Whole weeks are written as such.
func (d Duration) String() string {
	if d.IsZero() {
		return "0s"
	}
	var b strings.Builder
	part := func(n int, unit string) {
		if n != 0 {
			b.WriteString(strconv.Itoa(n))
			b.WriteString(unit)
		}
	}
	if d.days%7 == 0 {
		part(d.days/7, "w")
	} else {
		part(d.days, "d")
	}
	part(d.workdays, "wd")
	part(int(d.elapsed/time.Hour), "h")
	part(int(d.elapsed%time.Hour/time.Minute), "m")
	if rest := d.elapsed % time.Minute; rest != 0 {
		b.WriteString(rest.String())
	}
	return b.String()
}

// MarshalText writes what String says.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
