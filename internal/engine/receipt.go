package engine

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/reading"
	"askwell/internal/render"
	"askwell/internal/store"
)

// receipt answers a mail of commands: each line with what became of it, what will leave because of it, and how to take
// it back. A mail that changed nothing and had nothing to say gets none.
func (e *Engine) receipt(tx *store.Tx, m *message.Message, key string, done []result) error {
	if len(done) == 0 || isAutomatic(m.Header) {
		return nil
	}
	n, err := tx.CountPlanned("receipt", tx.Now.Add(-time.Hour))
	if err != nil || n >= receiptsPerHour {
		return err
	}
	l := e.letter(tx)
	good, bad := 0, 0
	section := render.Section{}
	for i := range done {
		r := &done[i]
		if r.done {
			good++
		} else {
			bad++
		}
		items, err := l.receiptItems(r)
		if err != nil {
			return err
		}
		section.Items = append(section.Items, items...)
	}
	l.page.Sections = append(l.page.Sections, section)
	for _, r := range done {
		for _, x := range r.extra {
			l.page.Sections = append(l.page.Sections, render.Section{Title: x.title, Items: []render.Item{{Lines: x.lines}}})
		}
	}
	l.page.Subject = fmt.Sprintf("%s (%s)", message.ReplySubject(untallied(m.Subject)), tally(good, bad))
	return l.post("receipt", key, 0)
}

var tallies = regexp.MustCompile(`(?: \((?:\d+ done|\d+ not done|\d+ done, \d+ not done)\))+\s*$`)

// untallied is the subject of a mail of commands without the tallies of the receipts that it answers.
func untallied(subject string) string {
	return cmp.Or(strings.TrimSpace(tallies.ReplaceAllString(subject, "")), "askwell")
}

func tally(good, bad int) string {
	switch {
	case bad == 0:
		return fmt.Sprintf("%d done", good)
	case good == 0:
		return fmt.Sprintf("%d not done", bad)
	}
	return fmt.Sprintf("%d done, %d not done", good, bad)
}

// receiptItems tell what became of a line: one item, and one more for each further mail whose words are shown.
func (l *letter) receiptItems(r *result) ([]render.Item, error) {
	item := render.Item{Text: r.line.Text, Lines: r.said}
	if !r.done {
		if r.line.Verb == "" {
			item.Lines = append([]string{"Not understood. " + sentence(strings.Join(r.said, " "))}, "Nothing was done with this line; it is kept with this mail.")
		}
		for _, near := range r.line.Nearest {
			item.Replies = append(item.Replies, render.Reply{Text: near, Label: near, Body: near})
		}
		if r.line.Verb == "" && len(item.Replies) == 0 {
			item.Lines = append(item.Lines, "It would have understood a line such as: 1 met NOTES, ask NAME <ADDRESS>, undo.")
			item.Replies = append(item.Replies, render.Reply{Text: "help", Label: "Help", Body: "help"})
		}
		return []render.Item{item}, nil
	}
	var more []render.Item
	for _, id := range r.planned {
		m, err := l.tx.Mail(id)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if m.State != store.Planned && m.State != store.Queued {
			continue
		}
		c, err := l.tx.Contact(m.Contact)
		if err != nil {
			return nil, err
		}
		n := l.number(store.Item{Contact: c.ID, Outbox: m.ID, What: "mail"})
		line := fmt.Sprintf("%d: %s", n, l.leavesLine(m, c.Contact))
		if m.State == store.Planned {
			replies := l.answers(n, c.Contact, "hold", "edit TEXT")
			if item.Mail != "" {
				more = append(more, render.Item{Lines: []string{line}, Mail: m.Body, Replies: replies})
				continue
			}
			item.Mail, item.Replies = m.Body, append(item.Replies, replies...)
		} else {
			replies := l.answers(n, c.Contact, "hold")
			if len(r.planned) > 1 {
				relabel(replies, "Stop "+c.Name)
			}
			item.Replies = append(item.Replies, replies...)
		}
		item.Lines = append(item.Lines, line)
	}
	if r.act != 0 {
		n := l.number(store.Item{Contact: r.about, Act: r.act, What: "undo"})
		item.Replies = append(item.Replies, render.Reply{Text: fmt.Sprintf("undo %d", n), Label: "Undo", Body: fmt.Sprintf("undo %d", r.act)})
	}
	return append([]render.Item{item}, more...), nil
}

// leavesLine says what leaves, and when.
func (l *letter) leavesLine(m store.Mail, c contact.Contact) string {
	if m.State == store.Planned && m.Review == string(config.Approve) {
		return fmt.Sprintf("The %s to %s waits for your yes.", kindWords(m.Kind), c.Name)
	}
	if unwritten(m) {
		return fmt.Sprintf("The %s to %s waits until its template is mended.", kindWords(m.Kind), c.Name)
	}
	when := l.e.leaves(m, l.tx.Now)
	if !m.LeavesAt.After(l.tx.Now) && m.State == store.Queued {
		when = "in the next minutes"
	}
	what := kindWords(m.Kind)
	if m.Method == "CANCEL" {
		what = "cancellation"
	}
	return fmt.Sprintf("The %s to %s leaves %s.", what, c.Name, when)
}

// answer serves the verbs that only tell.
func (s *session) answer(l command.Line, id contact.ID, r *result) error {
	switch l.Verb {
	case command.VerbHelp:
		text := command.Help(strings.TrimSpace(l.Rest))
		r.extra = append(r.extra, section{title: "What you can write", lines: strings.Split(strings.TrimRight(text, "\n"), "\n")})
		r.say("Here it is.")
	case command.VerbShow:
		lines, err := s.e.showLines(s.tx, id)
		if err != nil {
			return err
		}
		r.extra = append(r.extra, section{title: lines[0], lines: lines[1:]})
		r.say("Here is what is known.")
	case command.VerbList:
		var only []contact.Stage
		if word := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(l.Rest)), " ", "_"); word != "" {
			if !contact.Stage(word).Valid() {
				return refusal("there is no stage %q; there are %s", l.Rest, stageWords())
			}
			only = []contact.Stage{contact.Stage(word)}
		}
		lines, err := s.e.listLines(s.tx, only...)
		if err != nil {
			return err
		}
		r.extra = append(r.extra, section{title: "Everybody", lines: lines})
		r.say("Here they are.")
	case command.VerbDigest:
		d, _, err := s.e.digest(s.tx)
		if err != nil {
			return err
		}
		if len(d.page.Sections) == 0 {
			r.say("There is nothing to say today.")
			return nil
		}
		r.say("The digest comes with the next mail.")
		return d.post("digest", "asked "+s.cause, 0)
	default:
		return refusal("`%s` is not known here", l.Verb)
	}
	return nil
}

// stageWords names the stages for a person.
func stageWords() string {
	var words []string
	for _, s := range contact.Stages() {
		words = append(words, strings.ReplaceAll(string(s), "_", " "))
	}
	return strings.Join(words, ", ")
}

// listLines is everybody of these stages (none: of all), a line each.
func (e *Engine) listLines(tx *store.Tx, only ...contact.Stage) ([]string, error) {
	all, err := tx.Contacts(only...)
	if err != nil {
		return nil, err
	}
	var lines []string
	for i, c := range all {
		if i == 300 {
			lines = append(lines, fmt.Sprintf("and %d more; `askwell list` in a terminal shows them all", len(all)-i))
			break
		}
		line := fmt.Sprintf("%s <%s>, %s", c.Name, c.Address(), strings.ReplaceAll(string(c.Stage), "_", " "))
		if c.Stage == contact.Scheduled && c.Talk != nil {
			line += ", " + e.when(c.Talk.Start, time.Time{}, tx.Now)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 && len(only) > 0 {
		lines = []string{"Nobody at present."}
	} else if len(lines) == 0 {
		lines = []string{"Nobody yet. `add NAME <ADDRESS>` or `ask NAME <ADDRESS>` begins."}
	}
	return lines, nil
}

// showLines is what is known of one contact; the first line is their name.
func (e *Engine) showLines(tx *store.Tx, id contact.ID) ([]string, error) {
	c, err := tx.Contact(id)
	if err != nil {
		return nil, err
	}
	lines := []string{c.Name}
	for _, a := range c.Addresses {
		lines = append(lines, string(a))
	}
	if work := roleAt(c.Contact); work != "" {
		lines = append(lines, work)
	}
	lines = append(lines, "stage: "+strings.ReplaceAll(string(c.Stage), "_", " ")+", "+string(c.Closeness))
	if c.ReferredBy != 0 {
		if r, err := tx.Contact(c.ReferredBy); err == nil {
			lines = append(lines, "recommended by "+r.Name)
		}
	}
	if c.Talk != nil {
		lines = append(lines, "talk: "+e.when(c.Talk.Start, c.Talk.End, tx.Now)+" "+c.Talk.Place)
	}
	for _, n := range c.Notes {
		lines = append(lines, e.day(n.At, tx.Now)+": "+n.Text)
	}
	for _, n := range c.Advice {
		lines = append(lines, "advice: "+n.Text)
	}
	rows, err := tx.MailsOf(id)
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		if m.ToOwner {
			continue
		}
		switch m.State {
		case store.Sent:
			lines = append(lines, kindWords(m.Kind)+" sent "+e.when(m.SentAt, time.Time{}, tx.Now))
		case store.Planned, store.Queued:
			if unwritten(m) {
				lines = append(lines, kindWords(m.Kind)+" "+e.leaves(m, tx.Now))
				continue
			}
			lines = append(lines, kindWords(m.Kind)+" leaves "+e.leaves(m, tx.Now))
		case store.InDoubt, store.Failed, store.Sending:
			lines = append(lines, kindWords(m.Kind)+" "+strings.ReplaceAll(string(m.State), "_", " "))
		case store.Withdrawn:
		}
	}
	return lines, nil
}

// confirmMatch takes a mail for the contact's, by the owner's word: their other address is theirs from now on.
func (e *Engine) confirmMatch(a *act, seen store.Seen, r *result) error {
	m := message.Parse(seen.Raw)
	c, err := a.tx.Contact(seen.Contact)
	if err != nil {
		return err
	}
	u := e.understand(a.tx, c.Contact, m)
	ev, err := e.event(a.tx, c.Contact, m, u, true)
	if err != nil {
		return err
	}
	if isUnread(seen) {
		u.Kind, ev = reading.KindReply, unreadReply(seen)
	}
	if ev == nil {
		return refusal("nothing in that mail is an answer")
	}
	if err := a.tx.SetSeen(seen.Key, "done", string(u.Kind), c.ID); err != nil {
		return err
	}
	if _, err := a.apply(c.ID, ev); err != nil {
		return err
	}
	r.say(fmt.Sprintf("The mail from %s counts as %s's answer, and the address as theirs.", seen.Sender, c.Name))
	return nil
}
