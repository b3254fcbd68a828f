// Package worktime answers when something may happen: after so many working days, inside the hours in which one writes to
// people, at the next time that a cron line names.
//
// It is pure. The present never enters but as an argument, and nothing here waits. Every answer depends on the zone of the
// time.Time that was passed in: to judge in a contact's zone, call t.In(zone) first, and the answer comes back in it.
//
// # Kinds of time
//
// A [Duration] is what people write in a configuration: "1h30m" is elapsed time, "90d" and "2w" are calendar days, "5wd" are
// working days. A [Date] is a civil day. A [Calendar] knows which days are worked. A [Window] adds the hours. A [Cron] is a
// line of five fields. [ParseZone] finds a zone by its IANA or its Windows name.
//
// # Where the clock jumps
//
// One rule settles every change of the clock: wall time w stands for the first instant at which the clock of the zone shows
// w or later. So what falls into a gap (02:30 on the night to summer time) happens when the gap ends, at 03:00; what happens
// twice (02:30 on the night to winter time) is the first of both; and a day that a zone left out altogether, as Samoa did
// with 30 December 2011, ends before it began. A [Window] alone looks at instants rather than at wall times: it is open
// whenever the clock shows one of its hours, both times in the night when they come twice.
//
// # Holidays
//
// The days come from github.com/rickar/cal/v2, by country or state ("de", "de-by"), with what it lacks added here. A holiday
// that is made up for or moved to another day takes both: nobody is written to on either.
package worktime

import "time"

// reach is how far back a wall time is looked for. No clock was ever put back by more than a day, and no zone of the database
// strays from UTC by more than sixteen hours.
const reach = 48 * time.Hour

// wallOf relabels what the clock of t's zone shows as a time in UTC, where every day has 24 hours and no arithmetic can fall
// into a hole.
func wallOf(t time.Time) time.Time {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	return time.Date(year, month, day, hour, minute, second, t.Nanosecond(), time.UTC)
}

// instantOf is the inverse of wallOf under the one rule of the package: the first instant at which the clock of zone shows
// wall or later.
func instantOf(wall time.Time, zone *time.Location) time.Time {
	t := wall.In(zone)
	_, offset := t.Zone()
	t = t.Add(-time.Duration(offset)*time.Second - reach)
	for {
		// Between two changes of the offset the clock runs evenly, so the instant is a subtraction away.
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if at.Before(t) {
			return t // the clock jumped over wall when this stretch began
		}
		_, end := t.ZoneBounds()
		if end.IsZero() || at.Before(end) {
			return at
		}
		t = end
	}
}
