package contact

import (
	"time"

	"askwell/internal/worktime"
)

// Policy is the owner's waiting times.
type Policy struct {
	Calendar     *worktime.Calendar
	Location     *time.Location // the owner's; a contact's own counts where it is known
	NudgeAfter   []worktime.Duration
	SilentAfter  worktime.Duration
	PrepBefore   []worktime.Duration
	OutcomeAfter worktime.Duration
	CheckInEvery worktime.Duration
}

// Due is the next event that time alone brings to c, and when. It is false where nothing is to come.
// now decides only which of several overdue prep sheets still makes sense.
func Due(c Contact, p Policy, now time.Time) (Event, time.Time, bool) {
	switch c.Stage {
	case Asked:
		return dueAsked(c, p)
	case Scheduled:
		return dueScheduled(c, p, now)
	default:
		return nil, time.Time{}, false
	}
}

func dueAsked(c Contact, p Policy) (Event, time.Time, bool) {
	if len(c.Pending) > 0 || len(c.Doubts) > 0 || !c.AnsweredAt.IsZero() || c.WaitFrom.IsZero() {
		return nil, time.Time{}, false
	}
	loc := c.Location(p.Location)
	later := func(t time.Time) time.Time {
		if c.NotBefore.After(t) {
			t = c.NotBefore
		}
		if !c.SnoozedUntil.IsZero() {
			if day := c.SnoozedUntil.In(loc); day.After(t) {
				t = day
			}
		}
		return t
	}
	if slot := c.NudgeSlot; slot < len(p.NudgeAfter) && slot < MaxNudges && c.Nudges < MaxNudges {
		at := later(p.Calendar.Add(c.WaitFrom.In(loc), p.NudgeAfter[slot]))
		return NudgeDue{LeavesAt: at}, at, true
	}
	return SilenceDue{}, later(p.Calendar.Add(c.waitedSince().In(loc), p.SilentAfter)), true
}

func dueScheduled(c Contact, p Policy, now time.Time) (Event, time.Time, bool) {
	t := c.Talk
	if t == nil {
		return nil, time.Time{}, false
	}
	start := t.Start.In(p.Location)
	missed := -1
	for i := t.Prepped; i < len(p.PrepBefore); i++ {
		at := p.Calendar.Before(start, p.PrepBefore[i])
		if at.After(now) {
			if missed >= 0 {
				break
			}
			return PrepDue{Index: i}, at, true
		}
		missed = i // of several that are overdue, the last says it all
	}
	if missed >= 0 && now.Before(t.Start) {
		return PrepDue{Index: missed}, p.Calendar.Before(start, p.PrepBefore[missed]), true
	}
	if !t.Prompted {
		return OutcomeDue{}, p.Calendar.Add(t.End.In(p.Location), p.OutcomeAfter), true
	}
	return nil, time.Time{}, false
}

// CheckInDue is when c should hear from the owner again; false where no check-in is ever due.
// Any real contact, either way, restarts the clock.
func CheckInDue(c Contact, p Policy) (time.Time, bool) {
	if c.Stage != InTouch || c.Waits(CheckIn) {
		return time.Time{}, false
	}
	from := c.CheckInAt
	if c.LastTouch.After(from) {
		from = c.LastTouch
	}
	loc := c.Location(p.Location)
	at := p.Calendar.Add(from.In(loc), p.CheckInEvery)
	if !c.SnoozedUntil.IsZero() {
		if day := c.SnoozedUntil.In(loc); day.After(at) {
			at = day
		}
	}
	return at, true
}
