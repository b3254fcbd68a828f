package contact

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

var update = flag.Bool("update", false, "rewrite STAGES.md")

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

const jane = message.Address("jane@example.org")

// at brings a contact to a stage by the shortest way.
func at(t testing.TB, stage Stage) Contact {
	t.Helper()
	added := Added{Person: Person{Name: "Jane Doe", Addresses: []message.Address{jane}, Closeness: Close}}
	asked := []Event{added, AskWished{}, Sent{Kind: Ask, Subject: "20 minutes", MessageID: "ask@example.org"}}
	talking := append(slices.Clone(asked), Replied{Intent: "yes", Text: "Gladly.", Thread: true, MessageID: "yes@example.org"})
	fixed := append(slices.Clone(talking), TalkFixed{Start: monday.Add(24 * time.Hour), End: monday.Add(24*time.Hour + 20*time.Minute), UID: "talk@example.org"},
		Sent{Kind: Confirm, MessageID: "confirm@example.org"})
	met := append(slices.Clone(fixed), OutcomeTold{Notes: "Great talk."})
	way := map[Stage][]Event{
		New: {added}, Asking: {added, AskWished{}}, Asked: asked, Talking: talking, Scheduled: fixed, Met: met,
		InTouch:     append(slices.Clone(met), Sent{Kind: ThankYou, MessageID: "thanks@example.org"}),
		Declined:    append(slices.Clone(asked), Replied{Intent: "no", Thread: true}),
		Silent:      append(slices.Clone(asked), SilenceDue{}),
		Unreachable: append(slices.Clone(asked), Bounced{Recipient: jane, Permanent: true, Status: "5.1.1"}),
		OptedOut:    append(slices.Clone(asked), Replied{Intent: "stop", Thread: true}),
		Closed:      append(slices.Clone(talking), ClosedByOwner{}),
	}[stage]
	c := Contact{ID: 1}
	for _, e := range way {
		var err error
		if c, _, err = Step(c, e, monday); err != nil {
			t.Fatalf("on the way to %s: %s: %v", stage, e.Name(), err)
		}
	}
	if c.Stage != stage {
		t.Fatalf("the way to %s led to %s", stage, c.Stage)
	}
	return c
}

// samples are the events of the documentation's table, each as it usually comes.
func samples() []struct {
	label string
	event Event
} {
	tomorrow := monday.Add(24 * time.Hour)
	return []struct {
		label string
		event Event
	}{
		{"ask", AskWished{}},
		{"hold", Held{}},
		{"yes", Approved{}},
		{"no", Refused{}},
		{"edit", Edited{Text: "Other words."}},
		{"talk", TalkFixed{Start: tomorrow, End: tomorrow.Add(20 * time.Minute), UID: "new@example.org"}},
		{"met", OutcomeTold{Notes: "Good."}},
		{"noshow", NoShow{}},
		{"cancel", TalkCancelled{}},
		{"declined", DeclineTold{}},
		{"stop", StopTold{}},
		{"thanks", ThanksWorded{Text: "For the hint."}},
		{"note", Noted{Text: "Likes tea."}},
		{"snooze", Snoozed{Until: worktime.DateOf(monday).AddDays(14)}},
		{"skip", Skipped{Until: worktime.DateOf(monday).AddDays(30)}},
		{"set", Corrected{Field: "role", Value: "nurse"}},
		{"address", Readdressed{Address: "new@example.org"}},
		{"sent", Settled{Sent: true}},
		{"resend", Settled{}},
		{"close", ClosedByOwner{}},
		{"reopen", Reopened{}},
		{"update", UpdateGiven{Text: "News."}},
		{"time: nudge", NudgeDue{LeavesAt: tomorrow}},
		{"time: silence", SilenceDue{}},
		{"time: prep sheet", PrepDue{}},
		{"time: outcome", OutcomeDue{}},
		{"sent: ask", Sent{Kind: Ask, MessageID: "a@example.org"}},
		{"sent: nudge", Sent{Kind: Nudge, MessageID: "n@example.org"}},
		{"sent: thank_you", Sent{Kind: ThankYou, MessageID: "t@example.org"}},
		{"refused: address", SendRefused{Kind: Ask, Recipient: true, Status: "5.1.1"}},
		{"refused: policy", SendRefused{Kind: Ask, Status: "5.7.1"}},
		{"in doubt", SendDoubted{Kind: Ask, MessageID: "d@example.org"}},
		{"reply: yes", Replied{Intent: "yes", Thread: true}},
		{"reply: times", Replied{Intent: "times", Thread: true, Times: []Slot{{Start: tomorrow}}}},
		{"reply: later", Replied{Intent: "later", Thread: true, Later: worktime.DateOf(monday).AddDays(30)}},
		{"reply: no", Replied{Intent: "no", Thread: true}},
		{"reply: stop", Replied{Intent: "stop", Thread: true}},
		{"reply: unclear", Replied{Intent: "unclear", Thread: true}},
		{"mail about something else", Replied{Intent: "unclear"}},
		{"automatic answer", AutoReplied{Resume: tomorrow}},
		{"bounce: permanent", Bounced{Recipient: jane, Permanent: true, Status: "5.1.1"}},
		{"bounce: temporary", Bounced{Recipient: jane, Status: "4.2.2"}},
		{"owner wrote by hand", OwnerWrote{MessageID: "h@example.org"}},
		{"calendar: request", Invited{Method: "REQUEST", Start: tomorrow}},
		{"calendar: cancel", Invited{Method: "CANCEL", UID: "talk@example.org"}},
		{"their referral was met", ReferralMet{Who: 2, Called: "Dana Fox"}},
	}
}

// TestStages compares the table of stages and events with the documentation.
func TestStages(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What every event does in every stage\n\n" +
		"Generated from `contact.Step` (`go test ./internal/contact -run TestStages -update`). A cell is the stage after the\n" +
		"event (`=`: the same), then what follows: `+` plans a mail, `-` withdraws what waits, `?` asks the owner. `–` is a wish\n" +
		"that is refused, with the reason said.\n")
	for _, part := range [][]Stage{Stages()[:6], Stages()[6:]} {
		b.WriteString("\n| event |")
		for _, s := range part {
			fmt.Fprintf(&b, " %s |", s)
		}
		b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(part)) + "\n")
		for _, sample := range samples() {
			fmt.Fprintf(&b, "| %s |", sample.label)
			for _, s := range part {
				fmt.Fprintf(&b, " %s |", cell(t, at(t, s), sample.event))
			}
			b.WriteString("\n")
		}
	}
	if *update {
		if err := os.WriteFile("STAGES.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("STAGES.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), b.String()); diff != "" {
		t.Errorf("STAGES.md is not what Step does; read the difference, and rewrite with -update:\n%s", diff)
	}
}

func cell(t *testing.T, c Contact, e Event) string {
	after, effects, err := Step(c, e, monday.Add(time.Hour))
	var refused *Refusal
	if errors.As(err, &refused) {
		return "–"
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(after); err != nil {
		t.Errorf("%s in %s: %v", e.Name(), c.Stage, err)
	}
	text := "="
	if after.Stage != c.Stage {
		text = string(after.Stage)
	}
	for _, f := range effects {
		switch f := f.(type) {
		case Plan:
			text += " +" + string(f.Kind)
		case Withdraw:
			text += " -"
			for i, k := range f.Kinds {
				if i > 0 {
					text += ","
				}
				text += string(k)
			}
		case Prompt:
			text += " ?" + f.What
		case Approve:
			text += " ✓"
		case Resend:
			text += " resend"
		case Settle, Tell:
		}
	}
	return text
}

func TestStepLeavesItsArgument(t *testing.T) {
	for _, s := range Stages() {
		for _, sample := range samples() {
			c := at(t, s)
			before, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			_, _, _ = Step(c, sample.event, monday.Add(time.Hour))
			after, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(before), string(after)); diff != "" {
				t.Errorf("%s in %s changed the contact it was given: %s", sample.label, s, diff)
			}
		}
	}
}

func TestEventsSurviveTheJournal(t *testing.T) {
	all := Events()
	for _, s := range samples() {
		all = append(all, s.event)
	}
	for _, e := range all {
		b, err := Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(e.Name(), b)
		if err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		if diff := cmp.Diff(e, back); diff != "" {
			t.Errorf("%s: %s", e.Name(), diff)
		}
	}
	if _, err := Decode("unheard", []byte("{}")); err == nil {
		t.Error("an unknown event was read")
	}
	if _, err := Decode("ask", []byte(`{"newer":1}`)); err == nil {
		t.Error("an unknown field was read")
	}
}

// TestPromises walks random events and holds what must be true in any order of them.
func TestPromises(t *testing.T) {
	events := samples()
	labels := make([]int, len(events))
	for i := range labels {
		labels[i] = i
	}
	rapid.Check(t, func(r *rapid.T) {
		c := Contact{ID: 1}
		journal := []Entry{}
		now := monday
		step := func(e Event) []Effect {
			before := c
			after, effects, err := Step(c, e, now)
			if err != nil {
				return nil
			}
			if err := Check(after); err != nil {
				r.Fatalf("after %s in %s: %v", e.Name(), before.Stage, err)
			}
			journal = append(journal, Entry{Seq: int64(len(journal) + 1), At: now, Event: e})
			c = after
			return effects
		}
		step(Added{Person: Person{Name: "Jane Doe", Addresses: []message.Address{jane}}})
		nudges, answered, optedOut := 0, false, false
		for _, i := range rapid.SliceOfN(rapid.SampledFrom(labels), 1, 60).Draw(r, "events") {
			now = now.Add(time.Hour)
			e := events[i].event
			if s, ok := e.(Sent); ok && !c.Waits(s.Kind) {
				continue // nothing leaves that was not planned
			}
			before := c
			for _, f := range step(e) {
				p, ok := f.(Plan)
				if !ok {
					continue
				}
				automatic := p.Kind == Nudge
				switch {
				case optedOut && c.Stage == OptedOut:
					r.Fatalf("%s planned %s for somebody who opted out", e.Name(), p.Kind)
				case automatic && answered:
					r.Fatalf("%s planned a nudge after an answer", e.Name())
				case automatic && before.Stage != Asked:
					r.Fatalf("a nudge was planned in %s", before.Stage)
				}
			}
			if reply, ok := e.(Replied); ok {
				answered = answered || reply.Thread
				if len(c.Pending) > 0 {
					r.Fatalf("%v waits after a reply", c.Pending)
				}
			}
			if _, ok := e.(OwnerWrote); ok && len(c.Pending) > 0 {
				r.Fatalf("%v waits after the owner wrote by hand", c.Pending)
			}
			if sent, ok := e.(Sent); ok && sent.Kind == Nudge {
				nudges++
			}
			optedOut = c.Stage == OptedOut
			if nudges > MaxNudges {
				r.Fatalf("%d nudges", nudges)
			}
		}
		if diff := cmp.Diff(c, Fold(1, journal)); diff != "" {
			r.Fatalf("the fold of the journal is not the contact: %s", diff)
		}
	})
}

func TestDue(t *testing.T) {
	cal, err := worktime.NewCalendar("mon-fri", nil)
	if err != nil {
		t.Fatal(err)
	}
	parse := func(s string) worktime.Duration {
		d, err := worktime.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	p := Policy{
		Calendar: cal, Location: time.UTC, NudgeAfter: []worktime.Duration{parse("5wd"), parse("7wd")}, SilentAfter: parse("10wd"),
		PrepBefore: []worktime.Duration{parse("24h"), parse("1h")}, OutcomeAfter: parse("30m"), CheckInEvery: parse("90d"),
	}
	scheduled := func(in time.Duration) Contact {
		c := at(t, Talking)
		c, _, err := Step(c, TalkFixed{Start: monday.Add(in), End: monday.Add(in + 20*time.Minute), UID: "u"}, monday)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	with := func(c Contact, e Event, when time.Time) Contact {
		after, _, err := Step(c, e, when)
		if err != nil {
			t.Fatal(err)
		}
		return after
	}
	away := with(at(t, Asked), AutoReplied{Resume: monday.AddDate(0, 0, 21)}, monday)
	nudged := with(with(at(t, Asked), NudgeDue{}, monday.AddDate(0, 0, 7)), Sent{Kind: Nudge, MessageID: "n1"}, monday.AddDate(0, 0, 7))
	twice := with(with(nudged, NudgeDue{}, monday.AddDate(0, 0, 16)), Sent{Kind: Nudge, MessageID: "n2"}, monday.AddDate(0, 0, 16))
	prepped := with(scheduled(72*time.Hour), PrepDue{Index: 0}, monday.Add(48*time.Hour))
	for _, tt := range []struct {
		name string
		c    Contact
		now  time.Time
		want string
		at   time.Time
	}{
		{"new", at(t, New), monday, "", time.Time{}},
		{"asked", at(t, Asked), monday, "nudge_due", monday.AddDate(0, 0, 7)},
		{"asked, away", away, monday, "nudge_due", monday.AddDate(0, 0, 21)},
		{"nudged once", nudged, monday.AddDate(0, 0, 7), "nudge_due", monday.AddDate(0, 0, 16)},
		{"nudged twice", twice, monday.AddDate(0, 0, 16), "silence_due", monday.AddDate(0, 0, 30)},
		{"talking", at(t, Talking), monday, "", time.Time{}},
		{"talk in three days", scheduled(72 * time.Hour), monday, "prep_due", monday.Add(48 * time.Hour)},
		{"prep sheet sent", prepped, monday.Add(48 * time.Hour), "prep_due", monday.Add(71 * time.Hour)},
		{"talk in three hours", scheduled(3 * time.Hour), monday, "prep_due", monday.Add(-21 * time.Hour)},
		{"talk is over", scheduled(72 * time.Hour), monday.Add(73 * time.Hour), "outcome_due", monday.Add(72*time.Hour + 50*time.Minute)},
	} {
		ev, when, ok := Due(tt.c, p, tt.now)
		got := ""
		if ok {
			got = ev.Name()
		}
		if got != tt.want || !when.Equal(tt.at) {
			t.Errorf("%s: due is %q at %s, want %q at %s", tt.name, got, when, tt.want, tt.at)
		}
	}
	if when, ok := CheckInDue(at(t, InTouch), p); !ok || !when.Equal(monday.AddDate(0, 0, 90)) {
		t.Errorf("check-in due %s, %t", when, ok)
	}
}

func TestFirst(t *testing.T) {
	for name, want := range map[string]string{
		"Jane Doe": "Jane", "Dr. Jane Doe": "Jane", "Doe, Jane": "Jane", "J. Doe": "Doe", "jane@example.org": "", "": "", "Émile": "Émile",
	} {
		if got := (Contact{Name: name}).First(); got != want {
			t.Errorf("First of %q is %q, want %q", name, got, want)
		}
	}
}

// TestSkipMeansTheLine holds that skipping a line of the digest touches what that line was about, and nothing else.
func TestSkipMeansTheLine(t *testing.T) {
	c := at(t, Asked)
	for _, e := range []Event{NudgeDue{}, Bounced{Recipient: jane, Status: "4.2.2"}} {
		var err error
		if c, _, err = Step(c, e, monday); err != nil {
			t.Fatal(err)
		}
	}
	if c.Trouble == "" || !c.Waits(Nudge) {
		t.Fatalf("trouble %q, waiting %v", c.Trouble, c.Pending)
	}
	skipped, _, err := Step(c, Skipped{What: string(NeedTrouble)}, monday)
	if err != nil || skipped.Trouble != "" || !skipped.Waits(Nudge) {
		t.Errorf("skipping the trouble left %q and %v, %v", skipped.Trouble, skipped.Pending, err)
	}
	stopped, _, err := Step(c, Skipped{What: "mail"}, monday)
	if err != nil || stopped.Trouble == "" || stopped.Waits(Nudge) {
		t.Errorf("skipping the mail left %q and %v, %v", stopped.Trouble, stopped.Pending, err)
	}
}
