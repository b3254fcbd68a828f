package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/reading"
	"askwell/internal/store"
)

// takeOwner takes in a mail in the owner's name: obeyed once with a proof; without one it waits for its copy in Sent, and
// then is a line in the digest.
func (e *Engine) takeOwner(tx *store.Tx, seen store.Seen, m *message.Message, p proof) error {
	seen.Kind = "owner"
	if p == "" {
		if done, err := e.obeyed(tx, m); err != nil || done {
			return err
		}
		seen.State, seen.WaitUntil = "waiting", tx.Now.Add(ownerWait)
		_, err := tx.AddSeen(seen)
		return err
	}
	if p == bySent {
		// The copy in the inbox has the same bytes, but another place; it proves nothing and settles nothing.
		seen.Key = "sent " + seen.Key
	}
	done, err := e.obeyed(tx, m)
	if err != nil {
		return err
	}
	seen.Kind = "command"
	isNew, err := tx.AddSeen(seen)
	if err != nil || !isNew || done {
		return err
	}
	if _, err := tx.AddSeen(store.Seen{
		Key: contents(m, received(m.Header)), Folder: seen.Folder, UIDValidity: seen.UIDValidity, UID: seen.UID, Kind: "contents", State: "done",
		Sender: seen.Sender, Subject: seen.Subject,
	}); err != nil {
		return err
	}
	if p == bySent {
		if err := e.answerWaiting(tx, m.MessageID); err != nil {
			return err
		}
	} else if err := e.learnAuthserv(tx, m); err != nil {
		return err
	}
	return e.obey(tx, m, seen.Key)
}

// obeyed reports whether a mail was obeyed before, under its Message-ID or, where a server gave it another on its way, by what
// it says: each mail is obeyed once.
func (e *Engine) obeyed(tx *store.Tx, m *message.Message) (bool, error) {
	seen, err := tx.SeenByID(m.MessageID)
	if err != nil {
		return false, err
	}
	for _, s := range seen {
		if s.Kind == "command" {
			return true, nil
		}
	}
	// The program's copy was in no server's hands, the other was. Two of a kind are two mails: who writes "undo" twice means it.
	_, err = tx.SeenByKey(contents(m, !received(m.Header)))
	return err == nil, ignoreNone(err)
}

// contents names what a mail says, whatever its Message-ID: writer, Date, subject and body.
func contents(m *message.Message, received bool) string {
	key := m.Key()
	return fmt.Sprintf("contents %s %t", key[strings.LastIndexByte(key, ' ')+1:], received)
}

// answerWaiting ends the waiting of the inbox copies of a mail that was found in Sent.
func (e *Engine) answerWaiting(tx *store.Tx, id message.MessageID) error {
	seen, err := tx.SeenByID(id)
	if err != nil {
		return err
	}
	for _, s := range seen {
		if s.State == "waiting" || s.State == "unproved" {
			if err := tx.SetSeen(s.Key, "done", "owner", 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleWaiting gives up on mails in the owner's name that did not turn up in Sent.
func (e *Engine) settleWaiting(ctx context.Context, now time.Time) error {
	if !e.look.at.Equal(now) {
		return nil // it may lie in Sent unread
	}
	return e.store.Update(ctx, now, func(tx *store.Tx) error {
		waiting, err := tx.SeenIn("waiting", 100)
		if err != nil {
			return err
		}
		for _, s := range waiting {
			if now.Before(s.WaitUntil) {
				continue
			}
			state := "unproved"
			if done, err := e.obeyed(tx, message.Parse(s.Raw)); err != nil {
				return err
			} else if done {
				state = "done"
			}
			if err := tx.SetSeen(s.Key, state, "owner", 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// session is the mail or command line that is being obeyed.
type session struct {
	e      *Engine
	tx     *store.Tx
	cause  string
	items  map[int]store.Item // what its numbers mean; nil on the command line, where they are contacts' own
	about  contact.ID         // the contact of the prompt that is answered
	prompt string             // its kind
	err    error              // the first error that is ours: nothing of the mail counts then
}

// asked is what words without a verb mean below an item: below "How did it go?" they are how it went.
func (s *session) asked(item int) command.Verb {
	if s.items[item].What == string(contact.NeedOutcome) {
		return command.VerbMet
	}
	return ""
}

// obey does what a proved mail of the owner's says, and plans the receipt.
func (e *Engine) obey(tx *store.Tx, m *message.Message, key string) error {
	s := &session{e: e, tx: tx, cause: "command mail " + string(m.MessageID), items: map[int]store.Item{}}
	o := command.Options{Now: tx.Now, Zone: e.loc, Known: s.known, Under: s.asked}
	answers, err := conversation(tx, m)
	if err != nil {
		return err
	}
	for _, id := range answers {
		row, err := tx.MailByMessageID(id)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		if !row.ToOwner {
			continue
		}
		items, err := tx.Items(id)
		if err != nil {
			return err
		}
		for _, i := range items {
			s.items[i.N] = i
		}
		s.about, s.prompt = row.Contact, row.Kind
		o.Quoted = row.Body
		break
	}
	switch s.prompt {
	case "outcome":
		o.Bare, o.About = command.VerbMet, true
	case "update_request":
		o.Bare = command.VerbUpdate
	case "times", "prep":
		o.About = true
	}
	text, _ := reading.NewTextOf(m)
	above, forwarded, isForward := reading.ForwardedOf(m)
	if isForward {
		text = above // what stands below is somebody else's
	}
	text = unsigned(text, e.cfg.Owner.Name)
	var lines []command.Line
	if isForward {
		p, ok, err := s.passedBy(forwarded)
		if err != nil {
			return err
		}
		if ok && s.about == 0 && p.id != 0 {
			s.about, o.About = p.id, true
		}
		if lines = command.Parse(text, o); ok {
			lines = s.onPassed(text, p, o)
		}
	} else if form := s.form(m, text); form != "" {
		// What stands beside the form counts as well: free words are notes, commands are commands.
		lines = append(lines, command.Line{Text: "(the lines you filled)", Verb: command.VerbMet, Rest: form})
		lines = append(lines, command.Parse(besideForm(text, form), o)...)
	} else {
		whole, _ := m.Text()
		lines = command.Parse(withQuotes(whole, text), o)
	}
	books := append(s.attached(m), s.invited(m)...)
	if strings.TrimSpace(text) == "" && len(books) == 0 && !isForward {
		// A command in the subject of an empty mail, as phones write it.
		if sub := strings.TrimSpace(m.Subject); len(m.ThreadIDs()) == 0 && sub != "" {
			lines = command.Parse(sub, o)
		}
	}
	done := append(books, s.run(lines)...)
	if s.err != nil {
		return s.err
	}
	return e.receipt(tx, m, key, done)
}

// unsigned is the text without the lines that are only the owner's name: it signs the mail, above a quote or at the end,
// and belongs to none of its lines.
func unsigned(text, owner string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		name := strings.Trim(line, " \t\r\n,.!–-")
		if name != "" && (strings.EqualFold(name, owner) || strings.EqualFold(name, firstName(owner))) {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// withQuotes puts the marked quotes of a mail back between the lines that were kept of it: an answer below a numbered item
// belongs to that item. What is quoted never commands; where the lines do not fit, the kept text stands alone.
func withQuotes(whole, kept string) string {
	left := strings.Split(strings.TrimSpace(kept), "\n")
	var out []string
	for line := range strings.Lines(whole) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, ">"):
			out = append(out, line)
		case len(left) > 0 && line == strings.TrimSpace(left[0]):
			out = append(out, line)
			left = left[1:]
		}
	}
	if len(left) > 0 {
		return kept
	}
	return strings.Join(out, "\n")
}

// form is what the owner filled into the lines of the outcome prompt that is answered; "" where none was. kept is what the
// owner newly wrote. The whole mail is searched only where a mail program put no quote marks, so that the line it sets
// above a quote ("… wrote:") is never taken for the owner's.
func (s *session) form(m *message.Message, kept string) string {
	if s.prompt != "outcome" {
		return ""
	}
	whole, _ := m.Text()
	for _, text := range []string{kept, withQuotes(whole, kept), whole} {
		if form := filledForm(text); form != "" {
			return form
		}
	}
	return ""
}

// result is what became of one line.
type result struct {
	line    command.Line
	done    bool     // something was done, or answered
	changed bool     // something changed
	said    []string // what became of it
	act     int64    // what `undo` takes back
	planned []int64  // mails that will leave because of it
	about   contact.ID
	extra   []section // lists, help
}

type section struct {
	title string
	lines []string
}

func (r *result) say(lines ...string) { r.said = append(r.said, lines...) }

// run does the lines in order, each on its own: one that is refused stops none of the others.
func (s *session) run(lines []command.Line) []result {
	var out []result
	for _, l := range lines {
		if s.err != nil {
			break
		}
		if l.Verb == "" {
			r := result{line: l}
			r.say(l.Problem)
			out = append(out, r)
			continue
		}
		out = append(out, s.do(l)...)
	}
	return out
}

// do does one line, for each contact that it names.
func (s *session) do(l command.Line) []result {
	entry := entryOf(l.Verb)
	switch {
	case l.Verb == command.VerbUpdate && len(l.Who) == 0:
		return []result{s.updateAll(l)}
	case l.Person != nil && l.Verb != command.VerbRefer, !entry.NeedsWho && len(l.Who) == 0:
		return []result{s.one(l, 0, store.Item{})}
	case len(l.Who) == 0:
		if s.about == 0 {
			r := result{line: l}
			r.say("Whom is this about? Write " + entry.Usage)
			return []result{r}
		}
		return []result{s.one(l, s.about, store.Item{})}
	}
	var out []result
	for _, w := range l.Who {
		id, item, err := s.resolve(w)
		var refused *contact.Refusal
		if errors.As(err, &refused) {
			r := result{line: l}
			r.say(sentence(refused.Why))
			out = append(out, r)
			continue
		}
		if err != nil {
			s.err = err
			return out
		}
		out = append(out, s.one(l, id, item))
	}
	return out
}

func entryOf(v command.Verb) command.Entry {
	for _, e := range command.Table() {
		if e.Verb == v {
			return e
		}
	}
	return command.Entry{}
}

// one does a line for one contact (0: none).
func (s *session) one(l command.Line, id contact.ID, item store.Item) result {
	r := result{line: l, about: id}
	a := s.e.act(s.tx, s.cause)
	err := s.carryOut(a, l, id, item, &r)
	var refused *contact.Refusal
	switch {
	case errors.As(err, &refused):
		r.done = false
		r.say(sentence(refused.Why))
	case errors.Is(err, store.ErrNone):
		// A number of an old mail, or the prompt that is answered, is about somebody who was taken back.
		r.done = false
		r.say("Whom or what this is about is no longer there.")
	case err != nil:
		// Not the owner's doing: the whole transaction fails, and the mail is obeyed in a later turn.
		s.err = err
	default:
		r.done = true
		r.changed = a.seq != 0
		if l.Verb != command.VerbUndo && l.Verb != command.VerbForget { // given again; for ever
			r.act = a.seq
		}
		r.planned = a.planned
	}
	return r
}

func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return text
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	if first, _, _ := strings.Cut(text, " "); strings.Contains(first, "@") {
		return text // an address is written as it is
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
