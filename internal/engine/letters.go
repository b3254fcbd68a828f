package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/store"
)

// letter is a mail to the owner being written: its page, and what its numbers mean.
type letter struct {
	e     *Engine
	tx    *store.Tx
	page  render.Page
	items []store.Item
	n     int
}

func (e *Engine) letter(tx *store.Tx) *letter {
	return &letter{e: e, tx: tx, page: render.Page{Reply: e.cfg.Mailbox.Address}}
}

// number gives the next item its number.
func (l *letter) number(i store.Item) int {
	l.n++
	i.N = l.n
	l.items = append(l.items, i)
	return l.n
}

// post writes the letter and queues it. Equal keys are one letter. about is the contact of a prompt.
func (l *letter) post(name, key string, about contact.ID) error {
	l.page.ReplySubject = message.ReplySubject(l.page.Subject)
	mail, err := l.e.set.Owner(name, l.page)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	id, err := l.e.messageID()
	if err != nil {
		return err
	}
	row := store.Mail{
		Key: name + " " + key, Contact: about, ToOwner: true, Kind: name, State: store.Queued, Review: string(config.Send),
		Address: l.e.cfg.Owner.Address, Subject: mail.Subject, Body: mail.Text, HTML: mail.HTML, MessageID: id,
		DueAt: l.tx.Now, LeavesAt: l.tx.Now, NoticedAt: l.tx.Now,
	}
	n, err := l.tx.PlanMail(row)
	if err != nil {
		return err
	}
	if stored, err := l.tx.Mail(n); err != nil || stored.MessageID != id {
		return err // it was written before
	}
	for _, i := range l.items {
		i.Mail = id
		if err := l.tx.AddItem(i); err != nil {
			return err
		}
	}
	return nil
}

// when words a time for the owner: the day by its name where it is near.
func (e *Engine) when(start, end, now time.Time) string {
	s := start.In(e.loc)
	text := e.day(s, now) + s.Format(" 15:04")
	if end.After(start) && end.Sub(start) < 12*time.Hour {
		text += end.In(e.loc).Format("-15:04")
	}
	return text
}

// date is when with the day by its date, however near: what is chosen among days must read the same tomorrow.
func (e *Engine) date(start, end, now time.Time) string {
	_, hours, _ := strings.Cut(e.when(start, end, start), " ")
	layout := "Mon 2 Jan "
	if start.In(e.loc).Year() != now.In(e.loc).Year() {
		layout = "Mon 2 Jan 2006 "
	}
	return start.In(e.loc).Format(layout) + hours
}

// day words a day for the owner.
func (e *Engine) day(t, now time.Time) string {
	t, now = t.In(e.loc), now.In(e.loc)
	days := func(t time.Time) int {
		return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	switch d := days(t) - days(now); {
	case d == 0:
		return "today"
	case d == 1:
		return "tomorrow"
	case d == -1:
		return "yesterday"
	case t.Year() != now.Year():
		return t.Format("Mon 2 Jan 2006")
	default:
		return t.Format("Mon 2 Jan")
	}
}

// kindWords names a kind of mail in a sentence.
func kindWords(kind string) string {
	switch contact.Kind(kind) {
	case contact.ThankYou:
		return "thank-you"
	case contact.CheckIn:
		return "check-in"
	case contact.Confirm:
		return "confirmation"
	case contact.ReferrerThanks:
		return "note of thanks"
	case contact.Ask, contact.Nudge:
	}
	return strings.ReplaceAll(kind, "_", " ")
}

// answers are the replies that fit an item: as they are typed with its number, and as a finished mail with the address.
func (l *letter) answers(n int, c contact.Contact, verbs ...string) []render.Reply {
	var out []render.Reply
	for _, v := range verbs {
		verb, text, _ := strings.Cut(v, " ")
		r := render.Reply{Text: strings.TrimSpace(fmt.Sprintf("%d %s %s", n, verb, text)), Label: labelOf(verb, text)}
		who := string(c.Address())
		if who == "" {
			who = c.Name
		}
		r.Body = strings.TrimSpace(who + " " + verb + " " + text)
		if text == strings.ToUpper(text) && text != "" { // a gap to fill
			r.Body = who + " " + verb + " "
		}
		out = append(out, r)
	}
	return out
}

func labelOf(verb, text string) string {
	if text == strings.ToUpper(text) {
		text = ""
	}
	words := map[string]string{
		"met": "We talked", "noshow": "No show", "ask": "Ask", "skip": "Not now", "hold": "Stop it", "yes": "Yes, send it",
		"no": "No, don't", "talk": "Set a time", "declined": "They said no", "sent": "It arrived", "resend": "Send again",
		"snooze": "Later", "address": "New address", "thanks": "Write the thanks", "reopen": "Reopen", "cancel": "Cancel the talk", "update": "Send them news",
		"close": "Close", "edit": "Change it", "undo": "Undo",
	}
	label := words[verb]
	if label == "" {
		label = verb
	}
	if verb == "snooze" && text == "1w" {
		return "In a week"
	}
	if verb == "pick" {
		label = "Take"
	}
	return strings.TrimSpace(label + " " + text)
}

// relabel puts labels that fit the item better than what their verbs say everywhere.
func relabel(rs []render.Reply, labels ...string) []render.Reply {
	for i, label := range labels {
		if i < len(rs) && label != "" {
			rs[i].Label = label
		}
	}
	return rs
}

// buttons are replies that the text form does not repeat: its section has said how.
func buttons(rs []render.Reply) []render.Reply {
	for i := range rs {
		rs[i].Text = ""
	}
	return rs
}

// unnumbered are the replies as they are typed under a mail about one contact.
func unnumbered(rs []render.Reply) []render.Reply {
	for i := range rs {
		_, rs[i].Text, _ = strings.Cut(rs[i].Text, " ")
	}
	return rs
}

// waitingLine tells of a mail that will leave.
func (l *letter) waitingLine(m store.Mail, c contact.Contact) string {
	what := "a " + kindWords(m.Kind) // "Jane Doe, thank-you" alone would be a command
	if m.Kind == string(contact.Ask) {
		what = "an ask"
	}
	if m.Kind == string(contact.Nudge) {
		what = fmt.Sprintf("nudge %d", min(c.NudgeSlot+1, contact.MaxNudges))
	}
	return fmt.Sprintf("%s, %s, %s", c.Name, what, l.e.leaves(m, l.tx.Now))
}

// leaves words when a mail will leave.
func (e *Engine) leaves(m store.Mail, now time.Time) string {
	if m.State == store.Planned && m.Review == string(config.Approve) {
		return "waits for your yes"
	}
	if unwritten(m) {
		return "waits until its template is mended"
	}
	at := m.LeavesAt
	if at.Before(now) {
		at = now
	}
	return e.when(at, time.Time{}, now)
}

// prompt writes a mail to the owner about one contact.
func (e *Engine) prompt(tx *store.Tx, c contact.Contact, seq int64, what string) error {
	l := e.letter(tx)
	key := fmt.Sprintf("%d/%d", c.ID, seq)
	switch what {
	case "times":
		return l.times(c, key)
	case "outcome":
		l.page.Subject = "How did it go with " + c.Name + "?"
		l.page.Lead = []string{"Your talk was " + e.when(c.Talk.Start, c.Talk.End, tx.Now) + "."}
		n := l.number(store.Item{Contact: c.ID, What: "outcome"})
		item := render.Item{Replies: relabel(unnumbered(l.answers(n, c, "met NOTES", "noshow", "cancel")), "", "They did not come", "It was called off")}
		l.page.Sections = []render.Section{{Title: "Or in a word", Items: []render.Item{item}}}
		return l.post("outcome", key, c.ID)
	case "prep", "prep_short":
		return l.prep(c, key, what == "prep_short")
	}
	return fmt.Errorf("write prompt: there is none called %q", what)
}

// times asks which of the proposed times it is to be.
func (l *letter) times(c contact.Contact, key string) error {
	l.page.Subject = c.Name + " proposes " + plural(len(c.Answer.Times), "a time", "times")
	item, err := l.timesItem(c)
	if err != nil {
		return err
	}
	// This mail is about one contact, and its subject has said who: no number is needed, and no name.
	item.N, item.Text, item.Quote, item.Replies = 0, "", c.Answer.Text, unnumbered(item.Replies)
	title, foot := "Which one?", "Whichever you take, "
	if len(c.Answer.Times) == 1 {
		title, foot = "Does it suit you?", "If you take it, "
	}
	l.page.Sections = []render.Section{{Title: title, Items: []render.Item{item}}}
	l.page.Foot = []string{foot + firstOr(c) + " gets a short confirmation with an invitation for the calendar."}
	return l.post("times", key, c.ID)
}

func firstOr(c contact.Contact) string {
	if f := c.First(); f != "" {
		return f
	}
	return c.Name
}

// timesItem lists the times that a contact proposes, with what speaks against each.
func (l *letter) timesItem(c contact.Contact) (render.Item, error) {
	n := l.number(store.Item{Contact: c.ID, What: "times"})
	item := render.Item{N: n}
	var short, verbs, labels []string
	loc := c.Location(l.e.loc)
	for i, t := range c.Answer.Times {
		if i >= 8 {
			break
		}
		letter := string(rune('a' + i))
		when := l.e.date(t.Start, t.End, l.tx.Now)
		short = append(short, when)
		line := letter + ") " + when
		if c.Timezone != "" && t.Start.In(loc).Format("15:04") != t.Start.In(l.e.loc).Format("15:04") {
			line += ", for them " + t.Start.In(loc).Format("Mon 15:04") + " " + zoneName(t.Start.In(loc), loc)
		}
		clash, err := l.clash(c, t)
		if err != nil {
			return item, err
		}
		if clash != "" {
			line += "  (" + clash + ")"
		}
		item.Lines = append(item.Lines, line)
		if i < 4 {
			verbs = append(verbs, "pick "+letter)
			labels = append(labels, when)
		}
	}
	item.Text = c.Name + " proposes " + strings.Join(short, " or ")
	item.Replies = relabel(l.answers(n, c, append(verbs, "talk WHEN")...), append(labels, "Another time")...)
	return item, nil
}

func (l *letter) clash(c contact.Contact, t contact.Slot) (string, error) {
	end := t.End
	if !end.After(t.Start) {
		end = l.e.cal.Add(t.Start, l.e.cfg.Schedule.TalkLength)
	}
	if !t.Start.After(l.tx.Now) {
		return "has passed", nil
	}
	talks, err := l.tx.Talks(t.Start.Add(-12*time.Hour), end)
	if err != nil {
		return "", err
	}
	for _, o := range talks {
		if o.ID != c.ID && o.Talk.End.After(t.Start) && o.Talk.Start.Before(end) {
			return "clashes with " + o.Name, nil
		}
	}
	return "", nil
}

// prep writes the prep sheet.
func (l *letter) prep(c contact.Contact, key string, short bool) error {
	e := l.e
	l.page.Subject = fmt.Sprintf("%s, %s", c.Name, e.when(c.Talk.Start, c.Talk.End, l.tx.Now))
	when := spell(c.Talk.Start, c.Talk.End, e.loc)
	who := []string{}
	if work := roleAt(c); work != "" {
		who = append(who, work)
	}
	if c.Timezone != "" && c.Location(e.loc).String() != e.loc.String() {
		when += "; for " + firstOr(c) + " " + spell(c.Talk.Start, c.Talk.End, c.Location(e.loc))
	}
	facts := render.Section{Title: "The talk", Items: []render.Item{{Text: when}}}
	if c.Talk.Place != "" {
		facts.Items = append(facts.Items, render.Item{Text: c.Talk.Place})
	}
	l.page.Lead = []string{"You talk with " + strings.Join(append([]string{c.Name}, who...), ", ") + "."}
	l.page.Sections = []render.Section{facts}
	way := render.Section{Title: "How you got here"}
	if c.ReferredBy != 0 {
		r, err := l.tx.Contact(c.ReferredBy)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return err
		}
		if err == nil {
			way.Items = append(way.Items, render.Item{Text: "Recommended to you by " + r.Name + "."})
		}
	}
	for _, n := range last(c.Notes, 3) {
		way.Items = append(way.Items, render.Item{Text: e.day(n.At, l.tx.Now) + ": " + n.Text})
	}
	if text, at, err := l.lastWords(c); err != nil {
		return err
	} else if text != "" && !short {
		way.Items = append(way.Items, render.Item{Text: "Their last mail came " + e.day(at, l.tx.Now) + ".", Quote: text})
	}
	l.page.Sections = append(l.page.Sections, way)
	l.page.Questions = e.set.Questions()
	if short {
		l.page.Questions = l.page.Questions[len(l.page.Questions)-1:]
	}
	l.page.Foot = []string{"At 18 minutes: \"Our time is almost up. Do you have another minute for one last question?\""}
	l.number(store.Item{Contact: c.ID, What: "prep"})
	return l.post("prep", key, c.ID)
}

func last(notes []contact.Note, n int) []contact.Note {
	return notes[max(len(notes)-n, 0):]
}

// lastWords is what the contact wrote last.
func (l *letter) lastWords(c contact.Contact) (string, time.Time, error) {
	records, err := l.tx.Journal(c.ID)
	if err != nil {
		return "", time.Time{}, err
	}
	journal, err := Entries(records)
	if err != nil {
		return "", time.Time{}, err
	}
	for i := len(journal) - 1; i >= 0; i-- {
		if r, ok := journal[i].Event.(contact.Replied); ok {
			return r.Text, journal[i].At, nil
		}
	}
	return "", time.Time{}, nil
}

// roleAt is what a contact does, where that is known.
func roleAt(c contact.Contact) string {
	switch {
	case c.Role != "" && c.Organisation != "":
		return c.Role + " at " + c.Organisation
	case c.Organisation != "":
		return "at " + c.Organisation
	}
	return c.Role
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Welcome queues the first mail: what to reply, with three examples.
func (e *Engine) Welcome(tx *store.Tx) error {
	l := e.letter(tx)
	secret, err := e.SecretAddress(tx)
	if err != nil {
		return err
	}
	l.page.Subject = "askwell is here: whom shall we ask first?"
	l.page.Lead = []string{
		"From now on askwell lives in this mailbox. You run it by answering its mails, or by writing to yourself, at " + string(e.cfg.Mailbox.Address) + ".",
		"Begin with the people you are most comfortable with: friends and family, even outside your field. Write one line for each, and they get a short, personal mail in their working hours.",
	}
	l.page.Sections = []render.Section{{Title: "Three lines to begin with", Items: []render.Item{
		{Text: "To ask somebody:", Replies: []render.Reply{{Text: "ask Jane Doe <jane@example.org>, friend, nurse at St. Mary", Label: "Ask somebody", Body: "ask NAME <ADDRESS>, friend, ROLE at ORGANISATION"}}},
		{Text: "To keep somebody in mind, and ask them later:", Replies: []render.Reply{{Text: "add Bob Roe <bob@example.org>, colleague, editor", Label: "Add somebody", Body: "add NAME <ADDRESS>, colleague, ROLE"}}},
		{Text: "To see everything that can be said:", Replies: []render.Reply{{Text: "help", Label: "Help", Body: "help"}}},
	}}}
	l.page.Foot = []string{
		e.firstDigest(tx.Now),
		"Where your mail program keeps no copy of what you send, write to " + string(secret) + " instead: whoever writes there in your name is believed, so keep it to yourself.",
	}
	return l.post("welcome", "1", 0)
}

// firstDigest tells when the digest comes, without the words of cron.
func (e *Engine) firstDigest(now time.Time) string {
	text := "A digest comes when there is something to say"
	if at, ok := e.cfg.Schedule.Digest.Next(now); ok {
		text += ", " + e.when(at, time.Time{}, now) + " at the earliest"
	}
	return text + "."
}
