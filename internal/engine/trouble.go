package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"askwell/internal/render"
	"askwell/internal/store"
)

// patience is how long something may fail before the owner hears of it, unless only the owner can mend it.
const patience = 10 * time.Minute

// trouble notes that reading or sending does not work.
// onlyOwner: nobody but the owner can mend it (a password, a certificate), so that waiting would be no use.
func (e *Engine) trouble(ctx context.Context, now time.Time, name string, cause error, onlyOwner bool) error {
	text := "the server does not answer"
	if cause != nil {
		text = cause.Error()
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		i, err := tx.Incident(name, text)
		if err != nil {
			return err
		}
		if i.Count == 1 {
			e.log.ErrorContext(ctx, "trouble", slog.Any("name", name), slog.Any("error", cause))
		}
		if i.Told.IsZero() && (onlyOwner || now.Sub(i.Since) >= patience) {
			return e.tellIncident(tx, i)
		}
		return nil
	})
}

// incidentWords say what is wrong, and that it is over.
var incidentWords = map[string]struct{ subject, since, over string }{
	"mailbox": {"Your mailbox cannot be read", "askwell cannot read your mailbox", "Your mailbox can be read again"},
	"sending": {"Mail cannot be sent", "askwell cannot send mail for you", "Mail can be sent again"},
}

// tellIncident writes to the owner, once an incident.
func (e *Engine) tellIncident(tx *store.Tx, i store.Incident) error {
	l := e.letter(tx)
	words := incidentWords[i.Name]
	l.page.Subject = words.subject
	l.page.Lead = []string{
		fmt.Sprintf("Since %s %s. Nothing is sent to anybody meanwhile, and nothing is lost: all goes on by itself once it works again.",
			e.when(i.Since, time.Time{}, tx.Now), words.since),
	}
	l.page.Sections = []render.Section{
		{Title: "What to do", Items: []render.Item{{Text: "On the machine that runs askwell, the command “askwell doctor” finds what is wrong and says how to mend it."}}},
		{Title: "What the machine says", Items: []render.Item{{Text: i.Detail}}},
	}
	if err := tx.Tell(i.Name); err != nil {
		return err
	}
	return l.post("trouble", i.Name+" "+i.Since.Format(time.RFC3339Nano), 0)
}

// mended ends an incident, and tells so if the owner was told of it.
func (e *Engine) mended(ctx context.Context, now time.Time, name string) error {
	var open *store.Incident
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		found, err := tx.Incidents()
		for _, i := range found {
			if i.Name == name {
				open = &i
			}
		}
		return err
	}); err != nil || open == nil {
		return err
	}
	e.log.InfoContext(ctx, "trouble is over", slog.Any("name", name), slog.Any("count", open.Count))
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		if err := tx.EndIncident(name); err != nil || open.Told.IsZero() {
			return err
		}
		l := e.letter(tx)
		l.page.Subject = incidentWords[name].over
		l.page.Lead = []string{fmt.Sprintf("It was out of order from %s until %s. askwell goes on where it stopped; what became overdue is planned anew.",
			e.when(open.Since, time.Time{}, now), e.when(now, time.Time{}, now))}
		return l.post("trouble", "over "+name+" "+open.Since.Format(time.RFC3339Nano), 0)
	})
}

// tellTrouble writes of incidents that have outlasted the patience although nothing new failed meanwhile.
func (e *Engine) tellTrouble(ctx context.Context, now time.Time) error {
	var late []store.Incident
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		found, err := tx.Incidents()
		for _, i := range found {
			if i.Told.IsZero() && now.Sub(i.Since) >= patience {
				late = append(late, i)
			}
		}
		return err
	}); err != nil {
		return err
	}
	for _, i := range late {
		if err := e.store.Update(ctx, now, func(tx *store.Tx) error { return e.tellIncident(tx, i) }); err != nil {
			return err
		}
	}
	return nil
}
