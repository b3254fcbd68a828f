package engine

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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

	comingDays = 14
)

// digest builds the reminder mail. empty tells that there is nothing to say.
func (e *Engine) digest(tx *store.Tx) (l *letter, empty bool, err error) {
	l = e.letter(tx)
	counts := map[string]int{}
	var sections []render.Section
	for _, build := range []func() (render.Section, int, error){l.needsYou, l.saidNo, l.goingOut, l.comingUp, l.askNext, l.stayInTouch} {
		s, n, err := build()
		if err != nil {
			return nil, false, err
		}
		counts[s.Title] = n
		sections = append(sections, s)
	}
	trouble, n, err := l.trouble()
	if err != nil {
		return nil, false, err
	}
	counts[trouble.Title] = n
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
	talks, err := l.tx.Talks(l.tx.Now, l.tx.Now.AddDate(0, 0, comingDays))
	if err != nil {
		return nil, false, err
	}
	l.page.Subject = l.digestSubject(counts, talks)
	news, err := l.news(counts, talks)
	return l, len(news) == 0, err
}

// news is what makes the digest worth a mail, by name; none: the day is quiet. What needs the owner, what leaves and what
// does not work is worth one every day, and so is a talk up to the day of the next digest. The rest is said once a week:
// whom to ask next as long as the week's goal is open, talks further off, check-ins that are due.
func (l *letter) news(counts map[string]int, talks []store.Versioned) ([]string, error) {
	var out []string
	for _, title := range []string{"Needs you", titleNo, "Going out", "Trouble"} {
		if counts[title] > 0 {
			out = append(out, title)
		}
	}
	if next, ok := l.e.cfg.Schedule.Digest.Next(l.tx.Now); ok && len(talks) > 0 {
		if worktime.DateOf(talks[0].Talk.Start.In(l.e.loc)).Before(worktime.DateOf(next.In(l.e.loc)).AddDays(1)) {
			out = append(out, "Coming up")
		}
	}
	told, err := l.tx.Setting(weeklySetting)
	if err != nil {
		return nil, err
	}
	weekly, err := l.weekly()
	if err != nil {
		return nil, err
	}
	known := strings.Fields(told)
	if len(known) == 0 || known[0] != weekly[0] {
		known = nil
	}
	for _, w := range weekly[1:] {
		if !slices.Contains(known, w) {
			out = append(out, w)
		}
	}
	return out, nil
}

// weeklySetting remembers what the digests of a week have said: the week, then the names.
const weeklySetting = "digest said"

// weekly names what this digest says that is worth one mail a week, behind the week's Monday.
func (l *letter) weekly() ([]string, error) {
	out := []string{l.monday().Format("2006-01-02")}
	asked, err := l.tx.CountEvents("ask", l.monday())
	if err != nil {
		return nil, err
	}
	for _, i := range l.items {
		switch i.What {
		case "ask":
			if asked < l.e.cfg.Owner.WeeklyGoal {
				out = append(out, fmt.Sprintf("ask/%d", i.Contact))
			}
		case "talk", "check_in":
			if !slices.Contains(out, i.What) {
				out = append(out, i.What)
			}
		}
	}
	return out, nil
}

// monday is when the week of Now began.
func (l *letter) monday() time.Time {
	return worktime.DateOf(l.tx.Now).AddDays(-((int(l.tx.Now.Weekday()) + 6) % 7)).In(l.e.loc)
}

func (l *letter) digestSubject(counts map[string]int, talks []store.Versioned) string {
	var parts []string
	if n := counts["Needs you"]; n > 0 {
		parts = append(parts, plural(n, "1 needs you", "need you"))
	}
	if n := counts[titleNo]; n > 0 {
		parts = append(parts, plural(n, "1 said no", "said no"))
	}
	if len(talks) > 0 {
		parts = append(parts, l.talksAhead(talks))
	}
	if n := counts["Going out"]; n > 0 {
		parts = append(parts, plural(n, "1 mail", "mails")+" going out")
	}
	if counts["Trouble"] > 0 {
		parts = append(parts, "trouble")
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case counts["Whom to ask next"] > 0:
		return "Whom to ask next"
	case counts["Stay in touch"] > 0:
		return "Time to stay in touch"
	}
	return "Nothing to do today"
}

// talksAhead counts the talks of the nearest day that has any: today, tomorrow, or all that come up.
func (l *letter) talksAhead(talks []store.Versioned) string {
	near := l.e.day(talks[0].Talk.Start, l.tx.Now)
	if near != "today" && near != "tomorrow" {
		return plural(len(talks), "1 talk", "talks") + " coming up"
	}
	n := 0
	for _, c := range talks {
		if l.e.day(c.Talk.Start, l.tx.Now) == near {
			n++
		}
	}
	return plural(n, "1 talk", "talks") + " " + near
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
		text := fmt.Sprintf("A mail from %s looks like an answer of %s. Is it?", m.Sender, c.Name)
		if isUnread(m) {
			text = fmt.Sprintf("A mail from %s in %s cannot be read: the server does not give it. Is it an answer of %s?", m.Sender, m.Folder, c.Name)
		}
		s.Items = append(s.Items, render.Item{
			N: n, Text: text,
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
		l.offerAddress(c, &item)
		return item, err
	}
	n := l.number(store.Item{Contact: c.ID, What: string(needs[0])})
	item := render.Item{N: n}
	switch needs[0] {
	case contact.NeedSettle:
		d := c.Doubts[0]
		m, err := l.tx.MailByMessageID(d.MessageID)
		if err != nil {
			return item, err
		}
		item.Text = fmt.Sprintf("%s: nobody knows whether the %s arrived; %s", c.Name, kindWords(string(d.Kind)), m.Why)
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
			item.Replies = relabel(l.answers(n, c, "skip", "talk WHEN"), "All right", "New time")
		}
		l.offerAddress(c, &item)
		if len(c.Answer.People) > 0 {
			p := c.Answer.People[0]
			if p.Address != "" {
				item.Lines = append(item.Lines, "They name "+strings.TrimSpace(p.Name+" <"+string(p.Address)+">")+".")
				refer := render.Reply{
					Text: fmt.Sprintf("%d refer %s <%s>", n, p.Name, p.Address), Label: "Add " + p.Name,
					Body: fmt.Sprintf("%s refer %s <%s>", c.Address(), p.Name, p.Address),
				}
				at := len(item.Replies)
				if c.Answer.Intent == "referral" {
					at = 0
				}
				item.Replies = slices.Insert(item.Replies, at, refer)
			}
		}
	case contact.NeedThanks:
		item.Text = c.Name + ": the thank-you was stopped. Shall it leave after all?"
		item.Replies = l.answers(n, c, "yes", "thanks TEXT", "skip")
	case contact.NeedAddress:
		item.Text = c.Name + ": " + inWords(c.Trouble)
		item.Replies = l.answers(n, c, "address ADDRESS", "close")
	case contact.NeedTrouble:
		item.Text = c.Name + ": " + inWords(c.Trouble)
		item.Replies = relabel(l.answers(n, c, "skip", "address ADDRESS"), "All right")
	case contact.NeedTimes, contact.NeedConfirm:
	}
	if slices.Contains(needs, contact.NeedConfirm) {
		line := fmt.Sprintf("the confirmation of %s did not leave; `yes` sends it", l.e.when(c.Talk.Start, c.Talk.End, l.tx.Now))
		if needs[0] == contact.NeedConfirm {
			item.Text = c.Name + ": " + line
		} else {
			item.Lines = append(item.Lines, sentence(line))
		}
		item.Replies = append(item.Replies, l.answers(n, c, "yes")...)
	}
	return item, nil
}

// offerAddress offers to write to the address that an answer came from, where it is another one. That it is theirs is
// taken from the thread it answers and the name it bears; mail goes there only when the owner says so.
func (l *letter) offerAddress(c contact.Contact, item *render.Item) {
	from := c.Answer.From
	if from == "" || from.Key() == c.Address().Key() {
		return
	}
	item.Lines = append(item.Lines, "They wrote from "+string(from)+"; askwell goes on writing to "+string(c.Address())+".")
	item.Replies = append(item.Replies, relabel(l.answers(item.N, c, "address "+string(from)), "Write to the new address")...)
}

func answerText(c contact.Contact, day string) string {
	words := map[string][2]string{
		"yes": {"has agreed", "fix a time by mail, or set one here"}, "question": {"has a question for you", "answer by mail"},
		"later": {"would rather talk later", "write when it is time"}, "referral": {"points you to somebody else"},
		"no": {"writes, perhaps a no"}, "cancel": {"called the talk off"}, "noshow": {"did not show up"},
	}[c.Answer.Intent]
	text := fmt.Sprintf("%s %s, %s", c.Name, cmp.Or(words[0], "wrote"), day)
	if words[1] != "" {
		text += ": " + words[1]
	}
	return text
}

// cut shortens a text to one line of at most most runes, between words.
func cut(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	text = string(r[:most])
	if i := strings.LastIndexByte(text, ' '); i > most/2 {
		text = text[:i]
	}
	return strings.TrimRight(text, " .,;:") + "…"
}

var statusCode = regexp.MustCompile(`: ([245]\.\d{1,3}\.\d{1,3})$`)

// statusWords say what a mail server means by the end of its status code (RFC 3463 section 3).
var statusWords = map[string]string{
	"1.1": "there is no such address", "1.2": "there is no such domain", "1.6": "they have moved", "1.10": "they take no mail there",
	"2.1": "their mailbox is closed", "2.2": "their mailbox is full", "4.1": "their server does not answer",
	"4.7": "their server could not be reached in time", "7.1": "their server does not want it",
}

// inWords puts plain words before the status code at the end of a trouble, where there are any.
func inWords(trouble string) string {
	m := statusCode.FindStringSubmatch(trouble)
	if m == nil || statusWords[m[1][2:]] == "" {
		return trouble
	}
	return strings.TrimSuffix(trouble, m[1]) + statusWords[m[1][2:]] + " (" + m[1] + ")"
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
		item := render.Item{N: n, Text: l.waitingLine(m, c.Contact), Replies: buttons(l.answers(n, c.Contact, "hold"))}
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
	found, err := l.tx.Talks(l.tx.Now, l.tx.Now.AddDate(0, 0, comingDays))
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
		s.Items = append(s.Items, render.Item{N: n, Text: text, Replies: relabel(l.answers(n, c.Contact, "talk WHEN", "cancel"), "Move it", "Call it off")})
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
		words := []string{c.Name}
		how, work := closenessWords(c.Closeness), roleAt(c.Contact)
		if c.ReferredBy != 0 {
			if r, err := l.tx.Contact(c.ReferredBy); err == nil {
				how = "recommended by " + r.Name
			}
		}
		if c.Closeness != contact.Known || work == "" { // whom the owner knows needs no label
			words = append(words, how)
		}
		if work != "" {
			words = append(words, work)
		}
		text := strings.Join(words, ", ")
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
		return "somebody you know"
	case contact.Cold:
		return "not known to you yet"
	case contact.Referred:
		return "recommended"
	}
	return string(c)
}

func (l *letter) stayInTouch() (render.Section, int, error) {
	s := render.Section{Title: "Stay in touch"}
	found, err := l.tx.CheckInsDue(200)
	if err != nil {
		return s, 0, err
	}
	if len(found) > 1 {
		s.Hint = "one text for all of them: update TEXT"
	}
	for i, c := range found {
		if i == stayShown {
			s.More = len(found) - i
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
		if i.Works {
			continue
		}
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
		if isUnread(m) {
			s.Items = append(s.Items, render.Item{Text: unreadWords(m)})
			continue
		}
		s.Items = append(s.Items, render.Item{Text: fmt.Sprintf("A mail in your name, %q, of %s, was not obeyed: nothing proves that it is yours.",
			cut(m.Subject, 60), l.e.when(m.At, time.Time{}, l.tx.Now))})
	}
	return s, len(s.Items), nil
}

// told notes that the digest has told of what is told once, or once a week.
func (l *letter) told() error {
	said, err := l.weekly()
	if err != nil {
		return err
	}
	before, err := l.tx.Setting(weeklySetting)
	if err != nil {
		return err
	}
	for i, w := range strings.Fields(before) {
		if i == 0 && w != said[0] {
			break
		}
		if !slices.Contains(said, w) {
			said = append(said, w)
		}
	}
	if err := l.tx.Set(weeklySetting, strings.Join(said, " ")); err != nil {
		return err
	}
	seq, err := l.tx.NextSeq()
	if err != nil {
		return err
	}
	if err := l.tx.Set(noSetting, strconv.FormatInt(seq-1, 10)); err != nil {
		return err
	}
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
