package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/render"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

const (
	needsShown  = 8 // what needs the owner, on one phone screen
	goingShown  = 12
	comingShown = 6
	askShown    = 5
	stayShown   = 5
)

// digest builds the reminder mail. empty tells that there is nothing to say.
func (e *Engine) digest(tx *store.Tx) (l *letter, empty bool, err error) {
	l = e.letter(tx)
	needs, talksTomorrow, going := 0, 0, 0
	var sections []render.Section
	for _, build := range []func() (render.Section, int, error){l.needsYou, l.goingOut, l.comingUp, l.askNext, l.stayInTouch} {
		s, n, err := build()
		if err != nil {
			return nil, false, err
		}
		switch s.Title {
		case "Needs you":
			needs = n
		case "Going out":
			going = n
		case "Coming up":
			talksTomorrow = n
		}
		sections = append(sections, s)
	}
	trouble, bad, err := l.trouble()
	if err != nil {
		return nil, false, err
	}
	sections = append(sections, trouble)
	for _, s := range sections {
		if len(s.Items) > 0 {
			l.page.Sections = append(l.page.Sections, s)
		}
	}
	l.page.Progress, err = l.progress()
	if err != nil {
		return nil, false, err
	}
	l.page.Subject = digestSubject(needs, talksTomorrow, going, bad)
	quiet, err := l.quiet()
	return l, quiet, err
}

// quiet reports whether there is nothing to say: whom to ask next is worth a mail only while the week's goal is open.
func (l *letter) quiet() (bool, error) {
	if len(l.page.Sections) != 1 || l.page.Sections[0].Title != "Whom to ask next" {
		return len(l.page.Sections) == 0, nil
	}
	asked, err := l.tx.CountEvents("ask", l.monday())
	return asked >= l.e.cfg.Owner.WeeklyGoal, err
}

// monday is when the week of Now began.
func (l *letter) monday() time.Time {
	return worktime.DateOf(l.tx.Now).AddDays(-((int(l.tx.Now.Weekday()) + 6) % 7)).In(l.e.loc)
}

func digestSubject(needs, talks, going, bad int) string {
	var parts []string
	if needs > 0 {
		parts = append(parts, fmt.Sprintf("%d %s you", needs, map[bool]string{true: "needs", false: "need"}[needs == 1]))
	}
	if talks > 0 {
		parts = append(parts, plural(talks, "1 talk", "talks")+" coming up")
	}
	if going > 0 {
		parts = append(parts, fmt.Sprintf("%d going out", going))
	}
	if bad > 0 {
		parts = append(parts, "trouble")
	}
	if len(parts) == 0 {
		return "Whom to ask next"
	}
	return strings.Join(parts, ", ")
}

func (l *letter) needsYou() (render.Section, int, error) {
	s := render.Section{Title: "Needs you"}
	total, err := l.tx.CountNeeding()
	if err != nil {
		return s, 0, err
	}
	found, err := l.tx.Needing(needsShown)
	if err != nil {
		return s, 0, err
	}
	for _, c := range found {
		item, err := l.need(c.Contact)
		if err != nil {
			return s, 0, err
		}
		s.Items = append(s.Items, item)
	}
	s.More = total - len(found)
	uncertain, err := l.tx.SeenIn("uncertain", 5)
	if err != nil {
		return s, 0, err
	}
	for _, m := range uncertain {
		c, err := l.tx.Contact(m.Contact)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return s, 0, err
		}
		n := l.number(store.Item{Contact: c.ID, What: "match"})
		s.Items = append(s.Items, render.Item{
			N: n, Text: fmt.Sprintf("A mail from %s looks like an answer of %s. Is it?", m.Sender, c.Name),
			Lines: []string{"its subject: " + m.Subject}, Replies: l.answers(n, c.Contact, "yes", "no"),
		})
		total++
	}
	return s, total, nil
}

// need words what a contact needs, the most urgent first.
func (l *letter) need(c contact.Contact) (render.Item, error) {
	needs := c.Needs(l.tx.Now)
	if len(needs) == 0 {
		n := l.number(store.Item{Contact: c.ID})
		return render.Item{N: n, Text: c.Name}, nil
	}
	if needs[0] == contact.NeedTimes {
		item, err := l.timesItem(c)
		item.Lines = nil
		return item, err
	}
	n := l.number(store.Item{Contact: c.ID, What: string(needs[0])})
	item := render.Item{N: n}
	switch needs[0] {
	case contact.NeedSettle:
		d := c.Doubts[0]
		item.Text = fmt.Sprintf("%s: nobody knows whether the %s arrived; the server took it in full but never answered", c.Name, kindWords(string(d.Kind)))
		item.Lines = []string{"Is it in your Sent folder, or did they get it? Nothing more goes to them until you tell."}
		item.Replies = l.answers(n, c, "sent", "resend")
	case contact.NeedOutcome:
		item.Text = fmt.Sprintf("%s, talk was %s. How did it go?", c.Name, l.e.when(c.Talk.Start, time.Time{}, l.tx.Now))
		item.Replies = l.answers(n, c, "met NOTES", "noshow")
	case contact.NeedReopen:
		item.Text = c.Name + " opted out, and has written again. May askwell take them up again?"
		item.Replies = l.answers(n, c, "reopen")
	case contact.NeedAnswer:
		item.Text = answerText(c, l.e.day(c.Answer.At, l.tx.Now))
		item.Quote = cut(c.Answer.Text, 160)
		switch c.Stage {
		case contact.Talking:
			item.Replies = l.answers(n, c, "talk WHEN", "snooze 1w", "declined")
		default:
			item.Replies = l.answers(n, c, "skip", "talk WHEN")
		}
		if len(c.Answer.People) > 0 {
			p := c.Answer.People[0]
			if p.Address != "" {
				item.Lines = append(item.Lines, "They name "+strings.TrimSpace(p.Name+" <"+string(p.Address)+">")+".")
				item.Replies = append(item.Replies, render.Reply{
					Text: fmt.Sprintf("%d refer %s <%s>", n, p.Name, p.Address), Label: "Add " + p.Name,
					Body: fmt.Sprintf("%s refer %s <%s>", c.Address(), p.Name, p.Address),
				})
			}
		}
	case contact.NeedThanks:
		item.Text = c.Name + ": the thank-you was stopped. Shall it leave after all?"
		item.Replies = l.answers(n, c, "yes", "thanks TEXT", "skip")
	case contact.NeedAddress:
		item.Text = c.Name + ": " + c.Trouble
		item.Replies = l.answers(n, c, "address ADDRESS", "close")
	case contact.NeedTrouble:
		item.Text = c.Name + ": " + c.Trouble
		item.Replies = l.answers(n, c, "skip", "address ADDRESS")
	case contact.NeedTimes:
	}
	return item, nil
}

func answerText(c contact.Contact, day string) string {
	did := map[string]string{
		"yes": "says yes", "question": "asks you something", "later": "asks for later", "referral": "points you to somebody else",
		"no": "writes, perhaps a no", "cancel": "called the talk off", "noshow": "did not show up",
	}[c.Answer.Intent]
	if did == "" {
		did = "wrote"
	}
	text := fmt.Sprintf("%s %s, %s", c.Name, did, day)
	if c.Answer.Intent == "yes" || c.Answer.Intent == "later" || c.Answer.Intent == "question" {
		text += ": answer by hand"
	}
	return text
}

func cut(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return text
}

func (l *letter) goingOut() (render.Section, int, error) {
	s := render.Section{Title: "Going out"}
	found, err := l.tx.Waiting(200)
	if err != nil {
		return s, 0, err
	}
	for _, m := range found {
		c, err := l.tx.Contact(m.Contact)
		if err != nil {
			return s, 0, err
		}
		if len(s.Items) == goingShown && m.Review != string(config.Announce) {
			s.More++
			continue
		}
		n := l.number(store.Item{Contact: c.ID, Outbox: m.ID, What: "mail"})
		item := render.Item{N: n, Text: l.waitingLine(m, c.Contact), Replies: l.answers(n, c.Contact, "hold")}
		if m.State == store.Planned {
			item.Mail = m.Body
			if m.Review == string(config.Approve) {
				item.Replies = l.answers(n, c.Contact, "yes", "no", "edit TEXT")
			} else {
				item.Replies = l.answers(n, c.Contact, "hold", "edit TEXT")
			}
		}
		s.Items = append(s.Items, item)
	}
	if len(s.Items) > 0 {
		s.Hint = fmt.Sprintf("stop one: %d hold", l.items[len(l.items)-len(s.Items)].N)
	}
	return s, len(found), nil
}

func (l *letter) comingUp() (render.Section, int, error) {
	s := render.Section{Title: "Coming up"}
	found, err := l.tx.Talks(l.tx.Now, l.tx.Now.AddDate(0, 0, 14))
	if err != nil {
		return s, 0, err
	}
	for i, c := range found {
		if i == comingShown {
			s.More = len(found) - i
			break
		}
		n := l.number(store.Item{Contact: c.ID, What: "talk"})
		text := fmt.Sprintf("%s, %s, %d min", c.Name, l.e.when(c.Talk.Start, time.Time{}, l.tx.Now), int(c.Talk.End.Sub(c.Talk.Start).Minutes()))
		if c.Talk.Place != "" {
			text += ", " + c.Talk.Place
		}
		s.Items = append(s.Items, render.Item{N: n, Text: text, Replies: l.answers(n, c.Contact, "talk WHEN", "cancel")})
	}
	return s, len(found), nil
}

func (l *letter) askNext() (render.Section, int, error) {
	s := render.Section{Title: "Whom to ask next"}
	found, err := l.tx.ToAsk(askShown * 4)
	if err != nil {
		return s, 0, err
	}
	for _, c := range found {
		if len(s.Items) == askShown {
			break
		}
		if c.Address() == "" {
			continue
		}
		text := c.Name + ", " + closenessWords(c.Closeness)
		if c.ReferredBy != 0 {
			if r, err := l.tx.Contact(c.ReferredBy); err == nil {
				text = c.Name + ", recommended by " + r.Name
			}
		}
		if work := roleAt(c.Contact); work != "" {
			text += ", " + work
		}
		n := l.number(store.Item{Contact: c.ID, What: "ask"})
		s.Items = append(s.Items, render.Item{N: n, Text: text, Replies: l.answers(n, c.Contact, "ask", "skip")})
	}
	return s, len(s.Items), nil
}

func closenessWords(c contact.Closeness) string {
	switch c {
	case contact.Close:
		return "friend"
	case contact.Known:
		return "acquaintance"
	case contact.Referred, contact.Cold:
	}
	return string(c)
}

func (l *letter) stayInTouch() (render.Section, int, error) {
	s := render.Section{Title: "Stay in touch"}
	found, err := l.tx.CheckInsDue(stayShown + 1)
	if err != nil {
		return s, 0, err
	}
	for i, c := range found {
		if i == stayShown {
			s.More = 1
			break
		}
		n := l.number(store.Item{Contact: c.ID, What: "check_in"})
		s.Items = append(s.Items, render.Item{
			N: n, Text: c.Name + ", last contact " + l.e.day(c.LastTouch, l.tx.Now), Replies: l.answers(n, c.Contact, "update TEXT", "skip"),
		})
	}
	return s, len(found), nil
}

// trouble lists what does not work, and mails in the owner's name that nothing proves.
func (l *letter) trouble() (render.Section, int, error) {
	s := render.Section{Title: "Trouble"}
	incidents, err := l.tx.Incidents()
	if err != nil {
		return s, 0, err
	}
	for _, i := range incidents {
		s.Items = append(s.Items, render.Item{Text: fmt.Sprintf("Since %s: %s", l.e.when(i.Since, time.Time{}, l.tx.Now), i.Detail)})
	}
	unproved, err := l.tx.SeenIn("unproved", 6)
	if err != nil {
		return s, 0, err
	}
	for i, m := range unproved {
		if i == 5 {
			s.More++
			break
		}
		s.Items = append(s.Items, render.Item{Text: fmt.Sprintf("A mail in your name, %q, of %s, was not obeyed: nothing proves that it is yours.",
			cut(m.Subject, 60), l.e.when(m.At, time.Time{}, l.tx.Now))})
	}
	return s, len(s.Items), nil
}

// told notes that the digest has told of what is told once.
func (l *letter) told() error {
	for _, state := range []string{"unproved"} {
		found, err := l.tx.SeenIn(state, 200)
		if err != nil {
			return err
		}
		for _, m := range found {
			if err := l.tx.SetSeen(m.Key, "told", m.Kind, m.Contact); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *letter) progress() (*render.Progress, error) {
	stages, err := l.tx.Stages()
	if err != nil {
		return nil, err
	}
	p := &render.Progress{Goal: l.e.cfg.Owner.WeeklyGoal}
	if p.Met, err = l.tx.CountEvents("met", time.Time{}); err != nil {
		return nil, err
	}
	if p.Asked, err = l.tx.CountSent(false, string(contact.Ask), time.Time{}); err != nil {
		return nil, err
	}
	answered := stages[contact.Talking] + stages[contact.Scheduled] + stages[contact.Met] + stages[contact.InTouch] + stages[contact.Declined] + stages[contact.OptedOut]
	p.Answered = min(answered, p.Asked)
	if p.Week, err = l.tx.CountEvents("met", l.monday()); err != nil {
		return nil, err
	}
	for _, s := range []contact.Stage{contact.New, contact.Asked, contact.Talking, contact.Scheduled, contact.InTouch} {
		p.Stages = append(p.Stages, render.Count{Label: strings.ReplaceAll(string(s), "_", " "), N: stages[s]})
	}
	p.Chain, err = l.chain()
	if err != nil {
		return nil, err
	}
	if p.Asked == 0 && p.Met == 0 {
		return nil, nil //nolint:nilnil // there is no picture yet
	}
	return p, nil
}

// chain draws who led to whom among those recommended this month.
func (l *letter) chain() ([]string, error) {
	since := time.Date(l.tx.Now.Year(), l.tx.Now.Month(), 1, 0, 0, 0, 0, l.e.loc)
	records, err := l.tx.EventsNamed("refer", since, 20)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range records {
		ev, err := contact.Decode(r.Name, []byte(r.Detail))
		if err != nil {
			return nil, err
		}
		rec, ok := ev.(contact.Recommended)
		if !ok || rec.Who == 0 {
			continue
		}
		names := []string{}
		for id, depth := rec.Who, 0; id != 0 && depth < 5; depth++ {
			c, err := l.tx.Contact(id)
			if errors.Is(err, store.ErrNone) {
				break
			}
			if err != nil {
				return nil, err
			}
			names = append([]string{c.Name}, names...)
			id = c.ReferredBy
		}
		if len(names) > 1 {
			out = append(out, strings.Join(names, " → "))
		}
	}
	return out, nil
}
