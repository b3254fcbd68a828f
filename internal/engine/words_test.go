package engine

import (
	"testing"
	"time"
)

func TestSubjectsCarryNoOldTallies(t *testing.T) {
	for subject, want := range map[string]string{
		"Re: let's begin (2 done, 1 not done)":  "Re: let's begin",
		"Re: let's begin (1 done) (1 not done)": "Re: let's begin",
		"Re: notes (draft) (14 done)":           "Re: notes (draft)",
		"notes (2 done and dusted)":             "notes (2 done and dusted)",
		"(1 done)":                              "(1 done)", // nothing stands before it
		" ":                                     "askwell",
	} {
		if got := untallied(subject); got != want {
			t.Errorf("%q becomes %q, want %q", subject, got, want)
		}
	}
}

func TestTroubleInWords(t *testing.T) {
	for trouble, want := range map[string]string{
		"mail to emil@example.org came back: 5.1.1": "mail to emil@example.org came back: there is no such address (5.1.1)",
		"a mail is delayed: 4.2.2":                  "a mail is delayed: their mailbox is full (4.2.2)",
		"a mail came back: 5.9.9":                   "a mail came back: 5.9.9",
		"an automatic answer says that they left":   "an automatic answer says that they left",
	} {
		if got := inWords(trouble); got != want {
			t.Errorf("%q becomes %q, want %q", trouble, got, want)
		}
	}
}

func TestCutEndsBetweenWords(t *testing.T) {
	for text, want := range map[string]string{
		"Gladly.\n\nJane":                 "Gladly. Jane",
		"She built our data team. Theo":   "She built our data team…",
		"Donaudampfschifffahrtskapitaene": "Donaudampfschifffahrtskapita…",
	} {
		if got := cut(text, 28); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestProposedTimesHaveDates(t *testing.T) {
	e := &Engine{loc: time.UTC}
	now := time.Date(2026, 12, 30, 9, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]string{
		now.Add(time.Hour):      "Wed 30 Dec 10:00",
		now.Add(25 * time.Hour): "Thu 31 Dec 10:00",
		now.Add(49 * time.Hour): "Fri 1 Jan 2027 10:00",
	} {
		if got := e.date(at, time.Time{}, now); got != want {
			t.Errorf("%s is called %q, want %q", at, got, want)
		}
	}
}
