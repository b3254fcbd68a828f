package demo

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/message"
	"askwell/internal/store"
	"askwell/internal/worktime"
)

// ledger is what the servers handed over to contacts in askwell's name, and what became of the contacts.
type ledger struct {
	mails     []entryMail
	kinds     map[contact.Kind]int
	contacts  []store.Versioned
	answered  int
	broken    []string
	duplicate int
}

// entryMail is one mail that a contact got.
type entryMail struct {
	world.Delivery
	who  *person
	id   message.MessageID
	kind contact.Kind
	text string
}

func (l *ledger) breaks(format string, args ...any) {
	l.broken = append(l.broken, fmt.Sprintf(format, args...))
}

// audit goes through everything that was handed over.
func (s *search) audit(ctx context.Context) (*ledger, error) {
	l := &ledger{kinds: map[contact.Kind]int{}}
	err := s.mb.View(ctx, s.now(), func(tx *store.Tx) (err error) {
		if l.contacts, err = tx.Contacts(); err != nil {
			return err
		}
		for _, d := range s.w.Sent() {
			m := message.Parse(d.Raw)
			if d.To == ownerAddress || s.ada.wroteByHand(m.MessageID) {
				continue
			}
			row, err := tx.MailByMessageID(m.MessageID)
			if err != nil {
				return fmt.Errorf("find the mail %q to %s in the outbox: %w", m.Subject, d.To, err)
			}
			text, _ := m.Text()
			l.mails = append(l.mails, entryMail{Delivery: d, who: s.troupe.people[d.To], id: m.MessageID, kind: contact.Kind(row.Kind), text: text})
			l.kinds[contact.Kind(row.Kind)]++
		}
		for _, x := range s.said {
			// Nothing lost: whatever somebody wrote was recorded.
			seen, err := tx.SeenByID(x.id)
			if err != nil {
				return err
			}
			if len(seen) == 0 && x.at.Before(s.end.Add(-time.Hour)) {
				l.breaks("a mail from %s of %s was never recorded", x.who.name, x.at.Format(time.DateTime))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.twice(l)
	s.afterAnswer(l)
	s.decent(l)
	s.untouched(l)
	for _, p := range s.cast {
		l.broken = append(l.broken, s.troupe.people[p.address].missed...)
	}
	for _, c := range l.contacts {
		if !c.AnsweredAt.IsZero() {
			l.answered++
		}
		if strings.HasSuffix(string(c.Address()), "@null.example.com") {
			l.breaks("a stranger made askwell add %s", c.Name)
		}
	}
	return l, nil
}

// twice looks for a mail that somebody got twice: the same message, the same words, or more of a kind than there may be.
func (s *search) twice(l *ledger) {
	ids, words, kinds := map[string]int{}, map[string]int{}, map[string]int{}
	for _, m := range l.mails {
		ids[m.To+" "+string(m.id)]++
		words[m.To+" "+m.text]++
		kinds[m.To+" "+string(m.kind)]++
		again := ""
		switch {
		case ids[m.To+" "+string(m.id)] > 1:
			again = "the same message"
		case words[m.To+" "+m.text] > 1:
			again = "the same words"
		case kinds[m.To+" "+string(m.kind)] > most(m.kind):
			again = "another " + string(m.kind)
		}
		if again != "" {
			l.duplicate++
			l.breaks("%s got %s again on %s", m.who.name, again, m.At.Format(time.DateTime))
		}
	}
}

// most is how many mails of a kind one address gets in four months.
func most(k contact.Kind) int {
	switch k {
	case contact.Nudge:
		return contact.MaxNudges
	case contact.Confirm:
		return 5 // a talk can be moved, and each time is another mail
	case contact.CheckIn:
		return 2
	case contact.Ask, contact.ThankYou, contact.ReferrerThanks:
	}
	return 1
}

// afterAnswer looks for an ask or a nudge to somebody who had answered, and for anything to somebody who had said no.
func (s *search) afterAnswer(l *ledger) {
	for _, m := range l.mails {
		for _, x := range s.said {
			switch {
			case x.who != m.who || !x.human || x.at.After(m.At):
			case x.no:
				l.breaks("%s said no on %s and got %s on %s", x.who.name, x.at.Format(time.DateTime), m.kind, m.At.Format(time.DateTime))
			case m.kind == contact.Ask || m.kind == contact.Nudge:
				l.breaks("%s answered on %s and got %s on %s", x.who.name, x.at.Format(time.DateTime), m.kind, m.At.Format(time.DateTime))
			}
		}
	}
}

// decent looks for mail outside working hours, and for two mails on one day to somebody who had not written between them.
func (s *search) decent(l *ledger) {
	zones := map[string]*time.Location{}
	for _, c := range l.contacts {
		for _, a := range c.Addresses {
			zones[string(a)] = c.Location(s.zone)
		}
	}
	last := map[string]time.Time{}
	for _, m := range l.mails {
		if m.kind == contact.Confirm {
			continue // it answers at once
		}
		at := m.At
		if z := zones[m.To]; z != nil {
			at = at.In(z)
		}
		if !s.cfg.Window().Open(at) {
			l.breaks("%s got %s on %s, out of hours", m.who.name, m.kind, at.Format("Mon "+time.DateTime))
		}
		if before, ok := last[m.To]; ok && worktime.DateOf(before.In(at.Location())) == worktime.DateOf(at) && !s.wroteBetween(m.who, before, at) {
			l.breaks("%s got two mails on %s", m.who.name, at.Format(time.DateOnly))
		}
		last[m.To] = at
	}
}

func (s *search) wroteBetween(who *person, from, to time.Time) bool {
	return slices.ContainsFunc(s.said, func(x said) bool { return x.who == who && x.at.After(from) && x.at.Before(to) })
}

// untouched looks whether the mailbox was left as it was found: no flag set, and each mail's copy once in Sent.
func (s *search) untouched(l *ledger) {
	for i, flags := range s.w.Flags(ownerAddress, "INBOX") {
		if len(flags) > 0 {
			l.breaks("message %d of the inbox was flagged %s", i+1, strings.Join(flags, " "))
		}
	}
	copies := map[message.MessageID]int{}
	for _, raw := range s.w.Messages(ownerAddress, "Sent") {
		copies[message.ParseHeader(raw).MessageID]++
	}
	for _, m := range l.mails {
		if n := copies[m.id]; n != 1 && m.At.Before(s.end.Add(-time.Hour)) {
			l.breaks("%s to %s lies %d times in Sent", m.kind, m.who.name, n)
		}
	}
}

// conclude writes the mails out and says how it went.
func (s *search) conclude(l *ledger, took time.Duration) error {
	digests, mails, err := s.keep()
	if err != nil {
		return err
	}
	met, touch := 0, 0
	for _, c := range l.contacts {
		if c.Stage == contact.Met || c.Stage == contact.InTouch {
			met++
		}
		if c.Stage == contact.InTouch {
			touch++
		}
	}
	asked := map[*person]bool{}
	for _, m := range l.mails {
		if m.kind == contact.Ask {
			asked[m.who] = true
		}
	}
	days := int(s.end.Sub(s.begin).Hours()/24 + 0.5)
	say := func(format string, args ...any) { s.tl.say(plain, format, args...) }
	say("")
	s.tl.say(bold, "%d days in %.1f seconds, and %d turns.", days, took.Seconds(), s.turns)
	say("  people   %d asked, %d answered, %d met, %d thanked, %d in touch", len(asked), l.answered, met, l.kinds[contact.ThankYou], touch)
	say("  mails    %d to contacts: %d asks, %d nudges, %d confirmations, %d thank-yous,", len(l.mails),
		l.kinds[contact.Ask], l.kinds[contact.Nudge], l.kinds[contact.Confirm], l.kinds[contact.ThankYou])
	say("           %d to those who recommended somebody, %d check-ins", l.kinds[contact.ReferrerThanks], l.kinds[contact.CheckIn])
	say("           %d digests and %d other mails to %s", digests, mails-digests, ownerFirst)
	if len(l.broken) == 0 {
		say("  checked  %d duplicates; nobody got a nudge after an answer, or anything after", l.duplicate)
		say("           a no; nothing left at night, on a weekend or a holiday; no flag of the")
		say("           mailbox was touched, and the mail forged in %s's name did nothing", ownerFirst)
	}
	say("")
	say("  digests  %s", filepath.Join(s.dir, "digests"))
	say("  mails    %s", filepath.Join(s.dir, "mails"))
	say("  timeline %s", filepath.Join(s.dir, "timeline.txt"))
	say("  store    askwell --config %s list", filepath.Join(s.dir, "askwell.toml"))
	if len(l.broken) > 0 {
		say("")
		for _, b := range l.broken {
			s.tl.say(red, "  broken   %s", b)
		}
		return &BrokenError{Broken: l.broken}
	}
	return s.tl.err
}
