package engine

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/reading"
)

// passedOn is a mail that the owner forwarded, and whom it is from or, where it is the owner's own, whom it went to.
type passedOn struct {
	reading.Forwarded
	who message.Person
	id  contact.ID // 0: nobody has that address yet
}

// passedBy finds out whose mail was passed on. A mail of the machinery's or the owner's own to nobody else is about no one.
func (s *session) passedBy(f reading.Forwarded) (p passedOn, ok bool, err error) {
	p.Forwarded = f
	for _, who := range append(f.From, f.To...) {
		if s.e.isOwner([]message.Person{who}) || s.e.isMailbox(who.Address) {
			continue
		}
		p.who, ok = message.Person{Name: plainName(who.Name), Address: who.Address}, true
		p.id, err = s.tx.ByAddress(who.Address)
		break
	}
	return p, ok, err
}

// isMailbox reports an address that askwell itself answers under.
func (e *Engine) isMailbox(a message.Address) bool {
	return a.Plain().Key() == e.cfg.Mailbox.Address.Key()
}

// plainName is a name of which nothing can be taken for a part of a command.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune(" .'’-", r) {
			return r
		}
		return ' '
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

// wished is "add" or "ask" above a mail passed on, with what may be said of the person behind it.
var wished = regexp.MustCompile(`(?i)^\W*(add|ask)(?: (?:this|that|her|him|them|person|contact|please|too))*[ .!]*(?:[:,]\s*(.*))?$`)

// onPassed reads what the owner wrote above a mail passed on: commands are commands, and may leave out whom they are about;
// "add" and "ask" mean the person who wrote it; any other words are remembered about that person. The mail itself is kept
// with them, as what was written before.
func (s *session) onPassed(above string, p passedOn, o command.Options) []command.Line {
	if strings.TrimSpace(above) == "" {
		return nil
	}
	who := []command.Who{{Address: p.who.Address, Text: string(p.who.Address)}}
	described := string(p.who.Address)
	if p.who.Name != "" {
		described = fmt.Sprintf("%s <%s>", p.who.Name, p.who.Address)
	}
	first, rest, _ := strings.Cut(above, "\n")
	var lines []command.Line
	switch m := wished.FindStringSubmatch(strings.TrimSpace(first)); {
	case m != nil:
		line := strings.ToLower(m[1]) + " " + described
		if m[2] != "" {
			line += ", " + m[2]
		}
		if p.id != 0 && strings.EqualFold(m[1], "add") {
			break // only the mail is new
		}
		lines = command.Parse(line, o)
		for i := range lines {
			lines[i].Text = first
		}
		if strings.TrimSpace(rest) != "" {
			lines = append(lines, command.Line{Text: cut(rest, 80), Verb: command.VerbNote, Who: who, Rest: strings.TrimSpace(rest)})
		}
	case command.Understands(above, o):
		return command.Parse(above, o)
	default:
		if p.id == 0 {
			lines = command.Parse("add "+described, o)
		}
		lines = append(lines, command.Line{Text: cut(above, 80), Verb: command.VerbNote, Who: who, Rest: strings.TrimSpace(above)})
	}
	if p.id == 0 && s.e.mayAdd(s.tx, p.who.Address) != nil {
		return lines[:1] // it says why
	}
	note := fmt.Sprintf("Mail passed on, “%s”", p.Subject)
	if !p.Date.IsZero() {
		note += " of " + s.e.day(p.Date, s.tx.Now)
	}
	return append(lines, command.Line{
		Text: "(the mail that you passed on)", Verb: command.VerbNote, Who: who, Rest: note + ":\n" + beginning(p.Text),
	})
}

// beginning is the text as far as it is kept, with its lines.
func beginning(text string) string {
	if r := []rune(text); len(r) > maxPassed {
		return strings.TrimSpace(string(r[:maxPassed])) + " …"
	}
	return text
}

// maxPassed is how much of a mail passed on is kept as a note.
const maxPassed = 4000
