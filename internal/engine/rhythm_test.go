package engine_test

import (
	"strings"
	"testing"
	"time"

	"askwell/internal/message"
)

// A digest repeats by itself only what is urgent: whom to ask, and whose check-in is due, is said once a week.
func TestDigestSaysWhatCanWaitOnceAWeek(t *testing.T) {
	r := onWorld(t, "", start()) // a Monday, half an hour after the digest
	r.writes("", "add Jane Doe <"+jane+">, friend, nurse")
	r.pass(3 * 24 * time.Hour)
	r.digests("Whom to ask next")
	// Somebody new is told of at once.
	r.writes("", "add Dana Fox <dana@example.com>, editor")
	r.pass(24 * time.Hour)
	r.digests("Whom to ask next", "Whom to ask next")
	// The next week begins with both.
	r.pass(6 * 24 * time.Hour)
	r.digests("Whom to ask next", "Whom to ask next", "Whom to ask next")
	r.has("the digest", r.lastText("digest"), "Jane Doe, friend, nurse", "Dana Fox")
	// Who asks for it gets it.
	r.writes("", "digest")
	if n := len(r.ofKind("digest")); n != 4 {
		t.Errorf("%d digests after asking for one, want 4", n)
	}
}

func TestCheckInsThatAreDueNagOnceAWeek(t *testing.T) {
	r, _ := asked(t, "[schedule]\nupdate_request = \"0 9 1 1 *\"\n")
	r.writes("", "jane met: she told me all about wards")
	r.pass(100 * 24 * time.Hour)
	weeks, last := map[string]int{}, ""
	for _, raw := range r.ofKind("digest") {
		m := message.Parse(raw)
		if strings.Contains(textOf(raw), "Stay in touch") {
			weeks[m.Date.In(r.e.Location()).AddDate(0, 0, -int(m.Date.In(r.e.Location()).Weekday())).Format("2 Jan")]++
			last = m.Subject
		}
	}
	if len(weeks) == 0 || last != "Time to stay in touch" {
		t.Errorf("the digests that tell of check-ins are %v, the last is %q", weeks, last)
	}
	for week, n := range weeks {
		if n != 1 {
			t.Errorf("%d digests in the week of %s tell of the same check-in", n, week)
		}
	}
}

// A receipt of a receipt carries its own tally only, and shows the words of every mail that it announces.
func TestReceiptsReadAlone(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("a first one", "ask Jane Doe <"+jane+">, friend\nfrobnicate")
	r.answers(r.last("receipt"), "note jane likes tea")
	if got := message.Parse(r.last("receipt")).Subject; got != "Re: a first one (1 done)" {
		t.Errorf("the receipt of an answered receipt is called %q", got)
	}
	r.pass(3 * time.Hour)
	r.writes("", "jane met: wonderful talk\njane refer Dana Fox <dana@example.com>, editor")
	r.pass(3 * 24 * time.Hour)
	r.writes("", "ask dana")
	r.pass(3 * 24 * time.Hour)
	r.writes("", "dana met: she explained the desk")
	text := r.lastText("receipt")
	r.has("the receipt", text, "| Dear Dana,", "| Dear Jane,", "You pointed me to Dana Fox")
	if strings.Count(text, "You wrote:") != 1 {
		t.Errorf("one line was written:\n%s", text)
	}
}

// digests compares the subjects of all digests.
func (r *rig) digests(want ...string) {
	r.t.Helper()
	var got []string
	for _, raw := range r.ofKind("digest") {
		got = append(got, message.Parse(raw).Subject)
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		r.t.Errorf("the digests are %q, want %q", got, want)
	}
}
