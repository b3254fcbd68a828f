package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/message"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// print writes one JSON object on a line of its own.
func (a *app) print(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	_, err = fmt.Fprintf(a.out, "%s\n", b)
	return err
}

// person is a contact as list and show print it with --json.
type person struct {
	ID           contact.ID        `json:"id"`
	Name         string            `json:"name"`
	Addresses    []message.Address `json:"addresses,omitempty"`
	Closeness    contact.Closeness `json:"closeness"`
	Role         string            `json:"role,omitempty"`
	Organisation string            `json:"organisation,omitempty"`
	Field        string            `json:"field,omitempty"`
	Timezone     string            `json:"timezone,omitempty"`
	ReferredBy   contact.ID        `json:"referred_by,omitempty"`
	Stage        contact.Stage     `json:"stage"`
	SnoozedUntil worktime.Date     `json:"snoozed_until,omitzero"`
	Needs        []contact.Need    `json:"needs,omitempty"`
	Nudges       int               `json:"nudges,omitempty"`
	Talk         *talk             `json:"talk,omitempty"`
	LastContact  time.Time         `json:"last_contact,omitzero"`
	Next         *next             `json:"next,omitempty"`
	Notes        []contact.Note    `json:"notes,omitempty"`
	Advice       []contact.Note    `json:"advice,omitempty"`
}

type talk struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Place string    `json:"place,omitempty"`
	UID   string    `json:"uid,omitempty"`
}

type next struct {
	Kind string    `json:"kind"`
	At   time.Time `json:"at"`
}

func personOf(e *engine.Engine, c contact.Contact, waiting []store.Mail, now time.Time) person {
	p := person{
		ID: c.ID, Name: c.Name, Addresses: c.Addresses, Closeness: c.Closeness, Role: c.Role, Organisation: c.Organisation,
		Field: c.Field, Timezone: c.Timezone, ReferredBy: c.ReferredBy, Stage: c.Stage, SnoozedUntil: c.SnoozedUntil,
		Needs: c.Needs(now), Nudges: c.Nudges, LastContact: c.LastTouch, Notes: c.Notes, Advice: c.Advice,
	}
	if c.Talk != nil {
		p.Talk = &talk{Start: c.Talk.Start, End: c.Talk.End, Place: c.Talk.Place, UID: c.Talk.UID}
	}
	if kind, at := e.Next(c, waiting, now); kind != "" {
		p.Next = &next{kind, at.In(e.Location())}
	}
	return p
}

type listCmd struct {
	Stages []string `arg:"" name:"stage" optional:"" help:"Only these stages."`
	Stage  []string `help:"The same, as a flag." placeholder:"STAGE"`
	Needs  bool     `help:"Only those who need you."`
}

// Run lists the contacts.
func (l *listCmd) Run(a *app) error {
	var stages []contact.Stage
	for _, s := range slices.Concat(l.Stages, l.Stage) {
		stage := contact.Stage(strings.ReplaceAll(strings.ToLower(s), "-", "_"))
		if !stage.Valid() {
			return &usageError{fmt.Errorf("there is no stage %q; there are %v", s, contact.Stages())}
		}
		stages = append(stages, stage)
	}
	return a.withEngine(func(e *engine.Engine, mb *store.Mailbox) error {
		now := time.Now()
		return mb.View(a.ctx, now, func(tx *store.Tx) error {
			found, err := tx.Contacts(stages...)
			if err != nil {
				return err
			}
			waiting, err := tx.Waiting(1 << 20)
			if err != nil {
				return err
			}
			byContact := map[contact.ID][]store.Mail{}
			for _, m := range waiting {
				byContact[m.Contact] = append(byContact[m.Contact], m)
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, c := range found {
				p := personOf(e, c.Contact, byContact[c.ID], now)
				if l.Needs && len(p.Needs) == 0 {
					continue
				}
				if a.json {
					if err := a.print(p); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", p.ID, p.Name, c.Address(), p.Stage, p.comes())
			}
			return w.Flush()
		})
	})
}

// comes words what comes next, for a line.
func (p person) comes() string {
	var parts []string
	for _, n := range p.Needs {
		parts = append(parts, "needs you: "+string(n))
	}
	if p.Next != nil {
		parts = append(parts, strings.ReplaceAll(p.Next.Kind, "_", " ")+" "+p.Next.At.Format("Mon 2 Jan 15:04"))
	}
	return strings.Join(parts, ", ")
}

type showCmd struct {
	Who []string `arg:"" help:"Number, name or address."`
}

// Run shows one contact.
func (s *showCmd) Run(a *app) error {
	return a.withEngine(func(e *engine.Engine, mb *store.Mailbox) error {
		now := time.Now()
		if !a.json {
			done, err := e.Do(a.ctx, now, append([]string{string(command.VerbShow)}, s.Who...))
			if err != nil {
				return asUsage(err)
			}
			return a.report(done)
		}
		id, err := e.Find(a.ctx, now, strings.Join(s.Who, " "))
		if err != nil {
			return err
		}
		return mb.View(a.ctx, now, func(tx *store.Tx) error {
			c, err := tx.Contact(id)
			if err != nil {
				return err
			}
			rows, err := tx.MailsOf(id)
			if err != nil {
				return err
			}
			var waiting []store.Mail
			for _, m := range rows {
				if m.State == store.Planned || m.State == store.Queued {
					waiting = append(waiting, m)
				}
			}
			return a.print(personOf(e, c.Contact, waiting, now))
		})
	})
}

type historyCmd struct {
	Who   []string `arg:"" optional:"" help:"Number, name or address; nobody: everything."`
	Limit int      `help:"How many lines at most." default:"200"`
}

// Run prints the journal.
func (h *historyCmd) Run(a *app) error {
	return a.withEngine(func(e *engine.Engine, mb *store.Mailbox) error {
		now := time.Now()
		var id contact.ID
		if len(h.Who) > 0 {
			var err error
			if id, err = e.Find(a.ctx, now, strings.Join(h.Who, " ")); err != nil {
				return err
			}
		}
		return mb.View(a.ctx, now.In(e.Location()), func(tx *store.Tx) error {
			var records []store.Record
			var err error
			if id != 0 {
				records, err = tx.Journal(id)
				if n := len(records) - h.Limit; n > 0 {
					records = records[n:]
				}
			} else {
				records, err = tx.History(h.Limit)
				for i, j := 0, len(records)-1; i < j; i, j = i+1, j-1 {
					records[i], records[j] = records[j], records[i]
				}
			}
			if err != nil {
				return err
			}
			return a.printHistory(tx, records)
		})
	})
}

func (a *app) printHistory(tx *store.Tx, records []store.Record) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range records {
		if a.json {
			if err := a.print(struct {
				Seq     int64           `json:"seq"`
				At      time.Time       `json:"at"`
				Contact contact.ID      `json:"contact"`
				Event   string          `json:"event"`
				Cause   string          `json:"cause"`
				Detail  json.RawMessage `json:"detail,omitempty"`
				Undone  bool            `json:"undone,omitempty"`
			}{r.Seq, r.At, r.Contact, r.Name, r.Cause, detail(tx, r), r.Undone != 0}); err != nil {
				return err
			}
			continue
		}
		name := fmt.Sprint(r.Contact)
		if c, err := tx.Contact(r.Contact); err == nil {
			name = c.Name
		}
		undone := ""
		if r.Undone != 0 {
			undone = "(taken back)"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", r.Seq, r.At.Format("2006-01-02 15:04:05"), name, r.Name, r.Cause,
			strings.TrimSpace(undone+" "+words(detail(tx, r))))
	}
	return w.Flush()
}

// detail is what the journal keeps of an event; for a mail that left, or may have, with the look at the mailbox that justified
// it.
func detail(tx *store.Tx, r store.Record) json.RawMessage {
	if r.Detail == "" || r.Detail == "{}" {
		return nil
	}
	switch r.Name {
	case contact.Sent{}.Name(), contact.SendDoubted{}.Name(), contact.Settled{}.Name():
	default:
		return json.RawMessage(r.Detail)
	}
	fields := map[string]json.RawMessage{}
	var id message.MessageID
	if json.Unmarshal([]byte(r.Detail), &fields) != nil || json.Unmarshal(fields["message_id"], &id) != nil {
		return json.RawMessage(r.Detail)
	}
	m, err := tx.MailByMessageID(id)
	if err != nil || !json.Valid([]byte(m.Look)) {
		return json.RawMessage(r.Detail)
	}
	fields["look"] = json.RawMessage(m.Look)
	b, err := json.Marshal(fields)
	if err != nil {
		return json.RawMessage(r.Detail)
	}
	return b
}

// words shortens a detail for a line of the terminal.
func words(detail json.RawMessage) string {
	var fields map[string]any
	if len(detail) == 0 || json.Unmarshal(detail, &fields) != nil {
		return ""
	}
	var parts []string
	for _, key := range []string{"kind", "intent", "reason", "status", "field", "value", "address", "start", "place", "until", "notes", "text", "why"} {
		if v, ok := fields[key]; ok {
			parts = append(parts, fmt.Sprint(v))
		}
	}
	parts = append(parts, lookWords(detail)...)
	text := strings.Join(strings.Fields(strings.Join(parts, ", ")), " ")
	if r := []rune(text); len(r) > 100 {
		text = string(r[:99]) + "…"
	}
	return text
}

// lookWords tells when the mailbox was read before a mail left, and up to which message of each folder.
func lookWords(detail json.RawMessage) []string {
	var d struct {
		Look struct {
			At      time.Time
			Folders []struct {
				Folder string
				UID    uint32
			}
		}
	}
	if json.Unmarshal(detail, &d) != nil || d.Look.At.IsZero() {
		return nil
	}
	var to []string
	for _, f := range d.Look.Folders {
		to = append(to, fmt.Sprintf("%s to %d", f.Folder, f.UID))
	}
	return []string{"read at " + d.Look.At.Format("15:04:05") + ": " + strings.Join(to, ", ")}
}

type outboxCmd struct {
	Limit int `help:"How many lines at most." default:"500"`
}

// Run prints the outbox, oldest first.
func (o *outboxCmd) Run(a *app) error {
	return a.withEngine(func(e *engine.Engine, mb *store.Mailbox) error {
		return mb.View(a.ctx, time.Now().In(e.Location()), func(tx *store.Tx) error {
			rows, err := tx.Mails(o.Limit)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, m := range rows {
				if a.json {
					if err := a.print(mailOf(m)); err != nil {
						return err
					}
					continue
				}
				at := "leaves " + m.LeavesAt.Format("Mon 2 Jan 15:04")
				switch m.State {
				case store.Sent:
					at = "sent " + m.SentAt.Format("Mon 2 Jan 15:04")
				case store.Withdrawn, store.Failed, store.InDoubt:
					at = m.Why
				case store.Planned, store.Queued, store.Sending:
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", m.ID, m.Kind, m.Address, m.State, m.Subject, at)
			}
			return w.Flush()
		})
	})
}

func mailOf(m store.Mail) any {
	v := struct {
		ID        int64             `json:"id"`
		Contact   contact.ID        `json:"contact,omitempty"`
		Address   message.Address   `json:"address"`
		Kind      string            `json:"kind"`
		State     store.State       `json:"state"`
		Subject   string            `json:"subject"`
		PlannedAt time.Time         `json:"planned_at"`
		LeavesAt  time.Time         `json:"leaves_at,omitzero"`
		SentAt    time.Time         `json:"sent_at,omitzero"`
		MessageID message.MessageID `json:"message_id"`
		Attempts  int               `json:"attempts,omitempty"`
		Why       string            `json:"why,omitempty"`
	}{
		m.ID, m.Contact, m.Address, m.Kind, m.State, m.Subject, m.PlannedAt, m.LeavesAt, m.SentAt, m.MessageID, m.Attempts, m.Why,
	}
	if m.State != store.Planned && m.State != store.Queued {
		v.LeavesAt = time.Time{}
	}
	return v
}
