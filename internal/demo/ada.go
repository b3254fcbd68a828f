package demo

import (
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	"askwell/internal/demo/world"
	"askwell/internal/message"
)

// ada is the owner: she reads what comes to her mailbox and answers it, by the script and by what stands in the mail. She
// knows nothing of askwell but its mails.
type ada struct {
	w      *world.World
	now    func() time.Time
	told   func(from, to, what string)
	zone   *time.Location
	script script

	once   map[string]bool // what she does once
	asked  []time.Time     // for each person she said ask
	talks  map[string]int  // outcomes told, by name
	serial int
	hands  map[message.MessageID]bool // what she wrote to contacts by hand
	lastOf func(name string) []byte   // the newest mail of somebody, in her inbox
}

func (a *ada) me() mail.Address { return mail.Address{Name: ownerName, Address: ownerAddress} }

// writes is a fresh mail to herself.
func (a *ada) writes(subject, words string) error {
	a.told(ownerFirst, "askwell", typed(words))
	return a.w.SendAs(ownerAddress, letter{
		from: a.me(), to: a.me(), subject: subject, date: a.now().In(a.zone), id: a.id(), text: words,
	}.raw())
}

// answers replies to a mail of askwell's.
func (a *ada) answers(original []byte, words string) error {
	a.told(ownerFirst, "askwell", typed(words))
	return a.w.SendAs(ownerAddress, a.w.Answer(a.me(), original, words))
}

// byHand writes to somebody herself: in answer to their last mail, or else to what she finds in her Sent folder.
func (a *ada) byHand(name, address, words string) error {
	a.told(ownerFirst, name, "by hand: "+quoted(words))
	raw := letter{
		from: a.me(), to: mail.Address{Name: name, Address: address}, subject: "A question", date: a.now().In(a.zone), id: a.id(), text: words,
	}
	if sent := a.sentTo(address); sent != nil {
		raw.subject, raw.thread = message.ReplySubject(sent.Subject), message.ReferencesFor(sent)
	}
	text := raw.raw()
	if last := a.lastOf(name); last != nil {
		text = a.w.Answer(a.me(), last, words)
	}
	a.hands[message.ParseHeader(text).MessageID] = true
	return a.w.SendAs(ownerAddress, text)
}

// sentTo is the newest mail in her Sent folder that went to an address, nil if there is none.
func (a *ada) sentTo(address string) *message.Message {
	var last *message.Message
	for _, raw := range a.w.Messages(ownerAddress, "Sent") {
		m := message.ParseHeader(raw)
		if len(m.To) == 1 && string(m.To[0].Address) == address {
			last = m
		}
	}
	return last
}

func (a *ada) id() string {
	a.serial++
	return fmt.Sprintf("ada.%d.%d@example.org", a.serial, a.now().Unix())
}

// typed shows what she wrote to askwell, on one line.
func typed(words string) string {
	var lines []string
	for line := range strings.Lines(words) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return `"` + strings.Join(lines, " / ") + `"`
}

// item is a numbered line of a mail of askwell's, with the lines that belong to it.
type item struct {
	section string
	n       int
	text    string
	rest    string
}

var numbered = regexp.MustCompile(`^ {0,3}(\d+)  ?(\S.*)$`)

// items reads the numbered lines of a mail as somebody does who looks at it.
func items(text string) []item {
	var all []item
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \r\n")
		switch m := numbered.FindStringSubmatch(line); {
		case m != nil:
			n, _ := strconv.Atoi(m[1])
			all = append(all, item{section: section, n: n, text: m[2]})
		case line == "":
		case line[0] != ' ':
			section = line
			if name, _, ok := strings.Cut(line, " ("); ok {
				section = name
			}
		case len(all) > 0 && all[len(all)-1].section == section:
			last := &all[len(all)-1]
			if strings.Contains(line, "reply:") || last.rest != "" {
				last.rest += " " + strings.TrimSpace(line)
			} else {
				last.text += " " + strings.TrimSpace(line)
			}
		}
	}
	return all
}

// reads is what she answers to a mail of askwell's, "" for nothing. It is called when she sits at her mail.
func (a *ada) reads(kind string, raw []byte) error {
	m := message.Parse(raw)
	text, _ := m.Text()
	var words []string
	var err error
	switch kind {
	case "digest":
		words, err = a.digest(text)
	case "times":
		words = a.times(m.Subject)
	case "outcome":
		words = a.outcome(m.Subject)
	case "receipt":
		words = a.receipt(text)
	case "update_request":
		words = []string{a.script.news}
	}
	if err != nil || len(words) == 0 {
		return err
	}
	return a.answers(raw, strings.Join(words, "\n"))
}

// first reports whether she does this for the first time.
func (a *ada) first(what string) bool {
	if a.once[what] {
		return false
	}
	a.once[what] = true
	return true
}

// role finds the lines for somebody by the beginning of a text.
func (a *ada) role(text string) *lines {
	for i := range a.script.people {
		if strings.HasPrefix(text, a.script.people[i].name) {
			return &a.script.people[i]
		}
	}
	return nil
}

// digest answers what needs her, stops what she wants stopped, and asks the next.
func (a *ada) digest(text string) ([]string, error) {
	var words []string
	for _, it := range items(text) {
		l := a.role(it.text)
		switch {
		case it.section == "Whom to ask next":
			if a.mayAsk() {
				words = append(words, fmt.Sprintf("%d ask", it.n))
			}
		case l == nil:
		case it.section == "Needs you" || it.section == "Going out":
			say, err := a.react(l, it)
			if err != nil {
				return nil, err
			}
			if say != "" {
				words = append(words, say)
			}
		}
	}
	return words, nil
}

// react looks for a line of the script that fits what the digest shows of somebody.
func (a *ada) react(l *lines, it item) (string, error) {
	for _, s := range l.sees {
		if !strings.Contains(it.text, s.shows) || a.now().Before(s.from) || !a.first(l.name+s.shows+s.says+s.hand) {
			continue
		}
		if s.hand != "" {
			return "", a.byHand(l.name, l.address, s.hand)
		}
		n := strconv.Itoa(it.n)
		return n + " " + strings.ReplaceAll(s.says, "{n}", n), nil
	}
	return "", nil
}

// mayAsk lets her ask one a day and three a week.
func (a *ada) mayAsk() bool {
	now := a.now().In(a.zone)
	today, week := 0, 0
	y, w := now.ISOWeek()
	for _, t := range a.asked {
		if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
			today++
		}
		if y2, w2 := t.ISOWeek(); y == y2 && w == w2 {
			week++
		}
	}
	if today >= 1 || week >= 3 {
		return false
	}
	a.asked = append(a.asked, now)
	return true
}

// times takes one of the times that somebody proposes.
func (a *ada) times(subject string) []string {
	l := a.role(subject)
	if l == nil {
		return nil
	}
	pick := "a"
	if len(l.picks) > 0 {
		pick, l.picks = l.picks[0], l.picks[1:]
	}
	return []string{"pick " + pick}
}

// outcome tells how it went.
func (a *ada) outcome(subject string) []string {
	l := a.role(strings.TrimPrefix(subject, "How did it go with "))
	if l == nil || a.talks[l.name] >= len(l.outcomes) {
		return nil
	}
	a.talks[l.name]++
	return []string{l.outcomes[a.talks[l.name]-1]}
}

var undoable = regexp.MustCompile(`undo \d+`)

// receipt mends what was mistyped, takes back what was wrong, and rewords a mail that is announced.
func (a *ada) receipt(text string) []string {
	if strings.Contains(text, "Not understood") && strings.Contains(text, a.script.typo) && a.first("typo") {
		return []string{a.script.mended}
	}
	if strings.Contains(text, a.script.wrong) && a.first("undo") {
		if u := undoable.FindString(text); u != "" {
			return []string{u}
		}
	}
	for _, it := range items(unreceipt(text)) {
		for _, l := range a.script.people {
			if l.edit != "" && strings.Contains(it.text, "The thank-you to "+l.name) && a.first("edit "+l.name) {
				return []string{fmt.Sprintf("edit %d %s", it.n, l.edit)}
			}
		}
	}
	return nil
}

// unreceipt brings the numbers of a receipt, "» 1: The thank-you …", into the form of a digest.
func unreceipt(text string) string {
	return regexp.MustCompile(`(?m)^ *» (\d+): `).ReplaceAllString(text, "  $1  ")
}

// awake is when she next looks at her mail.
func (a *ada) awake(at time.Time) time.Time {
	at = at.In(a.zone)
	morning := time.Date(at.Year(), at.Month(), at.Day(), 7, 50, 0, 0, a.zone)
	switch {
	case at.Before(morning):
		return morning
	case at.Hour() >= 22:
		return morning.AddDate(0, 0, 1)
	}
	return at
}

// wroteByHand reports whether a mail to a contact is her own, not askwell's.
func (a *ada) wroteByHand(id message.MessageID) bool { return a.hands[id] }
