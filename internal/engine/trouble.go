package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"askwell/internal/render"
	"askwell/internal/store"
)

// trouble notes that something does not work.
// onlyOwner: nobody but the owner can mend it (a password, a certificate), so that waiting long would be no use.
func (e *Engine) trouble(ctx context.Context, now time.Time, name string, cause error, onlyOwner bool) error {
	text := "the server does not answer"
	if cause != nil {
		text = cause.Error()
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error { return e.noteFailure(tx, name, text, onlyOwner) })
}

// noteFailure is trouble within a transaction.
func (e *Engine) noteFailure(tx *store.Tx, name, text string, onlyOwner bool) error {
	i, err := tx.Incident(name)
	if err != nil {
		return err
	}
	i = failed(i, name, text, onlyOwner, tx.Now)
	if i.Count == 1 {
		e.log.ErrorContext(tx.Context(), "trouble", slog.String("name", name), slog.String("error", text))
	}
	if mustTell(i, tx.Now) {
		if err := e.tell(tx, &i); err != nil {
			return err
		}
	}
	return tx.SaveIncident(i)
}

// tell mails to the owner that something does not work.
func (e *Engine) tell(tx *store.Tx, i *store.Incident) error {
	l := e.letter(tx)
	l.incident(*i, tx.Now)
	i.Told = tx.Now
	return l.post("trouble", toldKey(*i), 0)
}

func toldKey(i store.Incident) string { return i.Name + " " + i.Since.UTC().Format(time.RFC3339Nano) }

// incidentWords say what is wrong, and that it is over.
var incidentWords = map[string]struct{ subject, since, stumbles, rest, over string }{
	aboutMailbox: {
		"Your mailbox cannot be read", "askwell cannot read your mailbox", "askwell can read your mailbox only now and then",
		"Nothing is sent to anybody meanwhile", "Your mailbox can be read again",
	},
	aboutSending: {
		"Mail cannot be sent", "askwell cannot send mail for you", "askwell can send mail for you only now and then",
		"Nothing is sent to anybody meanwhile", "Mail can be sent again",
	},
	aboutStore: {
		"askwell cannot write down what it does", "askwell cannot use its store, the file in which it keeps everything", "askwell can use its store only now and then",
		"Nothing is read or sent meanwhile", "askwell can write down what it does again",
	},
	aboutTemplates: {
		"One of your templates is wrong", "askwell cannot use one of your templates", "askwell can use one of your templates only now and then",
		"The mails that need it wait, all others leave as ever", "Your templates are in order again",
	},
}

// incident words what does not work.
func (l *letter) incident(i store.Incident, now time.Time) {
	words := incidentWords[i.Name]
	l.page.Subject = words.subject
	since := words.since
	if i.Turned.After(i.Since) {
		since = words.stumbles
	}
	l.page.Lead = []string{
		fmt.Sprintf("Since %s %s. %s, and nothing is lost: all goes on by itself once it works again.", l.e.when(i.Since, time.Time{}, now), since, words.rest),
	}
	do := "On the machine that runs askwell, the command “askwell doctor” finds what is wrong and says how to mend it."
	if i.Name == aboutTemplates {
		do = "Correct the line that is named below. “askwell templates check” tells whether all is well; nothing needs to be started anew."
	}
	l.page.Sections = []render.Section{
		{Title: "What to do", Items: []render.Item{{Text: do}}},
		{Title: "What the machine says", Items: []render.Item{{Text: i.Detail}}},
	}
}

// mended notes that something works. What was to tell of it and has not left is not sent any more: it is no longer true.
func (e *Engine) mended(ctx context.Context, now time.Time, name string) error {
	open := false
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		i, err := tx.Incident(name)
		open = !i.Since.IsZero() && i.Over.IsZero() && (!i.Works || now.Before(i.Turned))
		return err
	}); err != nil || !open {
		return err
	}
	if name == aboutMailbox { // what kept it away, a cable or a password, may have kept the other server away, too
		e.tryAgain = time.Time{}
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error { return e.noteSuccess(tx, name) })
}

// noteSuccess is mended within a transaction.
func (e *Engine) noteSuccess(tx *store.Tx, name string) error {
	i, err := tx.Incident(name)
	if err != nil || i.Since.IsZero() || !i.Over.IsZero() {
		return err
	}
	e.log.InfoContext(tx.Context(), "it works again", slog.String("name", name), slog.Int("failed", i.Count))
	row, err := tx.MailByKey("trouble " + toldKey(i))
	switch {
	case errors.Is(err, store.ErrNone):
	case err != nil:
		return err
	case row.State == store.Queued:
		if err := tx.Withdraw(row.ID, 0, "it works again"); err != nil {
			return err
		}
		i.Told = time.Time{}
	}
	// Mail leaves just now, and perhaps not in a minute.
	if name == aboutSending && i.Told.IsZero() && stumbles(i, tx.Now) {
		if err := e.tell(tx, &i); err != nil {
			return err
		}
	}
	return tx.SaveIncident(worked(i, tx.Now))
}

// endTrouble ends what has worked for long enough, and says so to an owner who was told of it, or could not be.
func (e *Engine) endTrouble(ctx context.Context, now time.Time) error {
	var calm []store.Incident
	if err := e.store.View(ctx, now, func(tx *store.Tx) error {
		found, err := tx.Incidents()
		for _, i := range found {
			if i.Works && !worked(i, now).Over.IsZero() {
				calm = append(calm, i)
			}
		}
		return err
	}); err != nil || len(calm) == 0 {
		return err
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		for _, i := range calm {
			e.log.InfoContext(ctx, "trouble is over", slog.String("name", i.Name), slog.Int("failed", i.Count))
			if err := tx.SaveIncident(worked(i, now)); err != nil {
				return err
			}
			if _, mailed := incidentWords[i.Name]; !mailed || i.Told.IsZero() && !worthTelling(i) {
				continue
			}
			l := e.letter(tx)
			l.page.Subject = incidentWords[i.Name].over
			l.page.Lead = []string{fmt.Sprintf("It was out of order from %s until %s. askwell goes on where it stopped; what became overdue is planned anew.",
				e.when(i.Since, time.Time{}, now), e.when(i.Turned, time.Time{}, now))}
			if err := l.post("trouble", "over "+toldKey(i), 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// nextTrouble is when an incident that is quiet will be over; zero where none is.
func nextTrouble(tx *store.Tx) (time.Time, error) {
	var first time.Time
	found, err := tx.Incidents()
	for _, i := range found {
		if i.Works && (first.IsZero() || i.Next.Before(first)) {
			first = i.Next
		}
	}
	return first, err
}

// refusedLetter words that a mail to the owner was refused for good. No mail tells of it: that would be refused as well, and
// so on. status does, and the next digest.
func (e *Engine) refusedLetter(m store.Mail, said string) string {
	return fmt.Sprintf("the mail to you of %s, “%s”, was refused by your mail server: %s", m.PlannedAt.In(e.loc).Format("Mon 2 Jan 15:04"), m.Subject, said)
}
