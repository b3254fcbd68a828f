package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"askwell/internal/store"
)

// TestIncidents lets something fail and work by the minute, and writes down when the owner would be told, and told that it is
// over. A letter is a minute: x it fails, . it works, o nobody looks. Each line may be repeated.
func TestIncidents(t *testing.T) {
	rep := strings.Repeat
	for _, tt := range []struct {
		name      string
		onlyOwner bool
		minutes   string
		want      string // minute and what
	}{
		{"a stumble", false, "x" + rep(".", 60), "11 over"},
		{"nine minutes", false, rep("x", 9) + rep(".", 60), "19 over"},
		{"an outage", false, rep("x", 45) + rep(".", 60), "10 told, 55 over"},
		{"a password", true, rep("x", 45) + rep(".", 60), "3 told, 55 over"},
		{"a login that fails once", true, "x" + rep(".", 60), "11 over"},
		{"every other minute", true, rep("x.", 120) + rep(".", 60), "60 told, 249 over"},
		{"one in ten minutes", false, rep("x.........", 30) + rep(".", 60), "60 told, 301 over"},
		{"one in twelve minutes", false, rep("x...........", 20) + rep(".", 90), "11 over, 72 told, 289 over"},
		{"each hour a quarter", false, rep(rep("x", 15)+rep(".", 45), 6) + rep(".", 90), "10 told, 25 over, 120 told, 375 over"},
		{"an hour, and it comes back", false, rep("x", 60) + rep(".", 30) + rep("x", 60) + rep(".", 90), "10 told, 70 over, 120 told, 210 over"},
		{"it comes back, for a moment", false, rep("x", 60) + rep(".", 30) + rep("x", 5) + rep(".", 90), "10 told, 70 over, 155 over"},
		{"on another day", false, rep("x", 60) + rep(".", 30) + rep("o", 24*60) + rep("x", 60) + rep(".", 30), "10 told, 70 over, 1540 told, 1600 over"},
		{"nobody looked for two days", false, "xx" + rep("o", 48*60) + "xx" + rep("x", 10), "2892 told"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			var i store.Incident
			at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
			minute := 0
			say := func(what string) { got = append(got, fmt.Sprintf("%d %s", minute, what)) }
			for ; minute < len(tt.minutes); minute++ {
				now := at.Add(time.Duration(minute) * time.Minute)
				switch {
				case tt.minutes[minute] == 'x':
					i = failed(i, aboutMailbox, "it fails", tt.onlyOwner, now)
					if mustTell(i, now) {
						i.Told = now
						say("told")
					}
				case tt.minutes[minute] == '.' && i.Over.IsZero():
					if i = worked(i, now); !i.Over.IsZero() {
						say("over")
					}
				}
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%s\nwant %s", s, tt.want)
			}
		})
	}
}

// A clock that jumps makes no incident older than it is, and none that never ends.
func TestIncidentsWhileTheClockJumps(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, first := range map[string]time.Time{
		"from 1970": time.Date(1970, 1, 1, 0, 1, 0, 0, time.UTC), "from 2099": time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		"an hour back": now.Add(time.Hour), "a day back": now.AddDate(0, 0, 1), "a day on": now.AddDate(0, 0, -1).Add(-time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			i := failed(store.Incident{}, aboutMailbox, "it fails", true, first)
			if i = failed(i, aboutMailbox, "it fails", true, now); mustTell(i, now) {
				t.Errorf("told at once: %+v", i)
			}
			if i.Since.After(now) || now.Sub(i.Since) > memory {
				t.Errorf("since %s", i.Since)
			}
			if later := now.Add(ownerPatience); !mustTell(failed(i, aboutMailbox, "it fails", true, later), later) {
				t.Error("not told after the patience")
			}
			for _, mends := range []time.Time{first, now} {
				i := worked(i, mends)
				i = worked(i, now)
				if i = worked(i, now.Add(calm)); i.Over.IsZero() {
					t.Errorf("mended at %s it is not over", mends)
				}
			}
		})
	}
}
