package reading

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// Clocks change, and 12/3 is two days: what the writer's zone makes of it.
func TestZones(t *testing.T) {
	for _, c := range []struct{ zone, now, text, want string }{
		{"Europe/Berlin", "2026-03-27T10:00:00+01:00", "Sunday at 02:30", "2026-03-29T03:30:00+02:00"},           // does not exist: the instant after the gap
		{"Europe/Berlin", "2026-10-23T10:00:00+02:00", "Sunday at 02:30", "2026-10-25T02:30:00+02:00"},           // exists twice: the first
		{"Europe/Berlin", "2026-10-23T10:00:00+02:00", "Monday at 10", "2026-10-26T10:00:00+01:00"},              // wall clock, not hours
		{"Australia/Lord_Howe", "2026-04-01T10:00:00+11:00", "Sunday at 01:45", "2026-04-05T01:45:00+11:00"},     // an overlap of half an hour
		{"America/New_York", "2026-11-23T10:00:00-05:00", "12/3 at 2pm works", "2026-12-03T14:00:00-05:00"},      // month first
		{"Europe/London", "2026-11-23T10:00:00Z", "12/3 at 2pm works", "2027-03-12T14:00:00Z"},                   // day first
		{"UTC", "2026-11-23T10:00:00Z", "12/3 at 2pm works", ""},                                                 // not known: not proposed
		{"America/Toronto", "2026-11-23T10:00:00-05:00", "12/3 at 2pm works", ""},                                // both are used
		{"UTC", "2026-11-23T10:00:00Z", "Thu 12/3 at 2pm works", "2026-12-03T14:00:00Z"},                         // the weekday tells
		{"America/New_York", "2026-11-23T23:30:00-05:00", "tomorrow at 9", "2026-11-24T09:00:00-05:00"},          // their tomorrow
		{"Asia/Tokyo", "2026-11-23T23:30:00-05:00", "tomorrow at 9", "2026-11-25T09:00:00+09:00"},                // it is the 24th there
		{"Asia/Tokyo", "2026-11-23T10:00:00+01:00", "Wednesday 5pm your time", "2026-11-25T17:00:00+01:00"},      // the reader's
		{"Asia/Tokyo", "2026-11-23T10:00:00+01:00", "Wednesday 5pm my time", "2026-11-25T17:00:00+09:00"},        // the writer's
		{"Europe/Berlin", "2026-11-23T10:00:00+01:00", "Wednesday 5pm IST", "2026-11-25T17:00:00+05:30"},         // half hours
		{"Europe/Berlin", "2027-02-26T10:00:00+01:00", "Feb 29 at 10 works", "2028-02-29T10:00:00+01:00"},        // the next there is
		{"Europe/Berlin", "2026-12-30T10:00:00+01:00", "Let's say 4 January, 10am", "2027-01-04T10:00:00+01:00"}, // over the year
	} {
		zone, err := worktime.ParseZone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, w := range FindTimes(c.text, now, zone) {
			if !w.Vague {
				got.WriteString(w.Start.Format(time.RFC3339))
			}
		}
		if got.String() != c.want {
			t.Errorf("%s, %s: %q is %s, want %s", c.zone, c.now, c.text, got.String(), c.want)
		}
	}
}

// The names in JSON are a promise; empty ones are left out.
func TestJSON(t *testing.T) {
	day := worktime.Date{Year: 2026, Month: 12, Day: 4}
	noon := time.Date(2026, 12, 4, 12, 0, 0, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		r    Reading
		want string
	}{
		{Reading{Kind: KindReply, Intent: IntentUnclear, Cut: []Cut{{"quote", "> x"}}}, `{"kind":"reply","intent":"unclear"}`},
		{
			Reading{Kind: KindReply, Intent: IntentTimes, Times: []Time{{Start: noon, Phrase: "noon"}, {Start: noon, End: noon.Add(time.Hour), DayOnly: true}}, People: []Person{{"Dana Fox", "dana@example.com"}}, Later: &Later{day}},
			`{"kind":"reply","intent":"times","times":[{"start":"2026-12-04T12:00:00+01:00","phrase":"noon"},{"start":"2026-12-04T12:00:00+01:00","end":"2026-12-04T13:00:00+01:00","phrase":""}],"people":[{"name":"Dana Fox","address":"dana@example.com"}],"later":{"until":"2026-12-04"}}`,
		},
		{Reading{Kind: KindAutoReply, Auto: &Auto{Reason: AutoVacation}}, `{"kind":"auto_reply","auto":{"reason":"vacation"}}`},
		{Reading{Kind: KindAutoReply, Auto: &Auto{Until: day, Reason: AutoLeave}}, `{"kind":"auto_reply","auto":{"until":"2026-12-04","reason":"leave"}}`},
		{Reading{Kind: KindBounce, Bounces: []Bounce{{Recipient: "jane@example.com", Status: "5.1.1", Permanent: true, MessageID: "ask@example.org"}}}, `{"kind":"bounce","bounces":[{"recipient":"jane@example.com","status":"5.1.1","permanent":true,"message_id":"ask@example.org"}]}`},
		{Reading{Kind: KindCalendar, Calendar: &Calendar{Method: "REPLY", UID: "u", Start: noon, PartStat: "ACCEPTED"}}, `{"kind":"calendar","calendar":{"method":"REPLY","uid":"u","sequence":0,"start":"2026-12-04T12:00:00+01:00","partstat":"ACCEPTED"}}`},
	} {
		got, err := json.Marshal(c.r)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// No Now, no Zone: the message's Date says both.
func TestDefaults(t *testing.T) {
	m := message.Parse([]byte("From: jane@example.com\r\nDate: Mon, 23 Nov 2026 10:00:00 -0800\r\n\r\nTomorrow at 10 works.\r\n"))
	r := Understand(m, Options{})
	if len(r.Times) != 1 || r.Times[0].Start.Format(time.RFC3339) != "2026-11-24T10:00:00-08:00" {
		t.Errorf("times %+v", r.Times)
	}
}
