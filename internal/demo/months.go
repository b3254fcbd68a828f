package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/message"
	"askwell/internal/store"
)

// Options of the demo. Out is needed.
type Options struct {
	Out   io.Writer
	Env   func(string) string // COLUMNS, NO_COLOR, TERM; default os.Getenv
	Dir   string              // a new or empty folder for everything; default: a temporary one, which stays
	Days  int                 // how much time passes; default four months
	Quiet bool                // no timeline, only how it ended
}

// months is four months of simulated time.
const months = 126

// restless is how many turns one moment may take.
const restless = 60

// seed makes one run like the other.
const seed = "askwell demo: the same every time"

// settings is Ada's configuration: the defaults, but for the holidays.
const settings = `
[owner]
name = "Ada Example"
address = "ada@example.org"
timezone = "Europe/Berlin"
field = "data journalism"
about = "I teach maths and am looking into data journalism."
weekly_goal = 3

[sending]
holidays = ["de"]
`

// BrokenError lists the promises that the demo found broken.
type BrokenError struct{ Broken []string }

func (b *BrokenError) Error() string {
	return fmt.Sprintf("%d promises are broken: %s", len(b.Broken), strings.Join(b.Broken, "; "))
}

// search is one simulated search for a career.
type search struct {
	*house
	*troupe
	cast  []part
	ada   *ada
	tl    *timeline
	clock atomic.Int64 // now, in nanoseconds
	zone  *time.Location
	todo  agenda
	begin time.Time
	end   time.Time

	heard  int // deliveries that were given to whom they are for
	stages map[contact.ID]contact.Stage
	gone   map[int64]bool // mails that were withdrawn, or of which nobody knows
	turns  int
}

// Run lets the months pass. The error is a *BrokenError where a promise was broken.
func Run(ctx context.Context, o Options) (err error) {
	started := time.Now()
	s, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	s.tl.say(plain, "%s begins to ask around on %s.", ownerName, s.begin.Format("Monday, 2 January 2006"))
	s.tl.say(plain, "Nobody here is real, and nothing leaves this process.")
	s.tl.say(plain, "")
	if err := s.live(ctx); err != nil {
		return err
	}
	s.tl.out = o.Out
	l, err := s.audit(ctx)
	if err != nil {
		return err
	}
	return s.conclude(l, time.Since(started))
}

// open puts everything and everybody in their places. Close it.
func open(ctx context.Context, o Options) (s *search, err error) {
	dir, err := folder(o.Dir)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return nil, fmt.Errorf("find the demo's time zone: %w", err)
	}
	s = &search{zone: zone, stages: map[contact.ID]contact.Stage{}, gone: map[int64]bool{}}
	s.begin = time.Date(2026, time.October, 5, 8, 0, 0, 0, zone)
	s.end = s.begin.AddDate(0, 0, cmp.Or(o.Days, months))
	s.set(s.begin)
	s.house, err = build(ctx, plan{dir: dir, password: "demo", settings: settings, now: s.now, random: rand.NewChaCha8([32]byte([]byte(seed)))})
	if err != nil {
		return nil, err
	}
	if s.tl, err = s.timeline(o, zone); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.people()
	return s, nil
}

func (s *search) now() time.Time        { return time.Unix(0, s.clock.Load()).In(s.zone) }
func (s *search) set(t time.Time)       { s.clock.Store(t.UnixNano()) }
func (s *search) mailed(f, t, w string) { s.tl.mail(s.now(), f, t, w) }

// people puts everybody in their places.
func (s *search) people() {
	s.cast = append(cast(), recommended()...)
	s.troupe = newTroupe(s.cast)
	s.troupe.servers, s.troupe.zone, s.troupe.now, s.troupe.told, s.troupe.later = s.w, s.zone, s.now, s.mailed, s.todo.add
	for _, p := range s.cast {
		if p.bounces != "" {
			bounce(s.w, p)
		}
	}
	s.ada = &ada{
		w: s.w, now: s.now, told: s.mailed, zone: s.zone, script: adaPlays(s.begin, cast()), once: map[string]bool{}, talks: map[string]int{},
		hands: map[message.MessageID]bool{}, lastOf: s.lastOf,
	}
	for _, n := range s.ada.script.letters {
		s.todo.add(n.at, func() error { return s.ada.writes(n.subject, n.words) })
	}
	s.misfortunes()
}

// live takes turns until the end: each at the engine's own next, or when somebody has done something.
func (s *search) live(ctx context.Context) error {
	if err := s.mb.Update(ctx, s.now(), s.e.Welcome); err != nil {
		return fmt.Errorf("queue the welcome: %w", err)
	}
	still := 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		next, err := s.e.Turn(ctx, s.now())
		if err != nil {
			return fmt.Errorf("take a turn at %s: %w", s.now().Format(time.RFC3339), err)
		}
		s.turns++
		if err := s.look(ctx); err != nil {
			return err
		}
		if at, ok := s.todo.first(); ok && at.Before(next) {
			next = at
		}
		switch {
		case next.After(s.end):
			s.set(s.end)
			return nil
		case next.After(s.now()):
			s.set(next)
			still = 0
		default:
			if still++; still > restless {
				return fmt.Errorf("turns do not come to rest at %s", s.now().Format(time.RFC3339))
			}
		}
		if err := s.todo.until(s.now()); err != nil {
			return err
		}
	}
}

// look gives what left to whom it is for, and tells what changed.
func (s *search) look(ctx context.Context) error {
	var all []store.Versioned
	var gone []store.Mail
	if err := s.mb.View(ctx, s.now(), func(tx *store.Tx) (err error) {
		for _, state := range []store.State{store.Withdrawn, store.InDoubt} {
			rows, err := tx.InState(state, 1000)
			if err != nil {
				return err
			}
			gone = append(gone, rows...)
		}
		all, err = tx.Contacts()
		return err
	}); err != nil {
		return err
	}
	for _, m := range gone {
		if who := s.troupe.people[string(m.Address)]; who != nil && !s.gone[m.ID] {
			s.gone[m.ID] = true
			s.tl.gone(s.now(), who.name, strings.ReplaceAll(m.Kind, "_", "-")+" "+strings.ReplaceAll(string(m.State), "_", " ")+": "+m.Why)
		}
	}
	moved := func(sent bool) {
		added := 0
		for _, c := range all {
			if s.stages[c.ID] == "" && c.Stage == contact.New {
				added++
			}
		}
		if added > 3 { // one line will do
			s.tl.stage(s.now(), strconv.Itoa(added)+" people", "", string(contact.New))
			for _, c := range all {
				if s.stages[c.ID] == "" && c.Stage == contact.New {
					s.stages[c.ID] = c.Stage
				}
			}
		}
		for _, c := range all {
			bySending := c.Stage == contact.Asked || c.Stage == contact.InTouch
			if was := s.stages[c.ID]; was != c.Stage && bySending == sent {
				s.tl.stage(s.now(), c.Name, string(was), string(c.Stage))
				s.stages[c.ID] = c.Stage
			}
		}
	}
	moved(false) // what somebody wrote has moved them before askwell writes of it
	sent := s.w.Sent()
	for _, d := range sent[s.heard:] {
		if err := s.arrives(ctx, d); err != nil {
			return err
		}
	}
	s.heard = len(sent)
	moved(true)
	return nil
}

// arrives is one mail at its recipient's.
func (s *search) arrives(ctx context.Context, d world.Delivery) error {
	m := message.Parse(d.Raw)
	if d.To == ownerAddress {
		kind := m.Header.Get("X-Askwell")
		if kind == "" {
			return nil // her own
		}
		s.tl.mail(d.At, "askwell", ownerFirst, kind+": "+m.Subject)
		at := s.ada.awake(d.At.Add(time.Duration(10+s.rnd.IntN(50)) * time.Minute))
		s.todo.add(at, func() error { return s.ada.reads(kind, d.Raw) })
		return nil
	}
	who := s.troupe.people[d.To]
	if who == nil {
		return fmt.Errorf("a mail went to %s, whom nobody knows", d.To)
	}
	if !s.ada.wroteByHand(m.MessageID) {
		s.tl.mail(d.At, "askwell", who.name, summary(s.kindOf(ctx, s.now(), m.MessageID), m))
	}
	if who.bounces != "" && d.To == who.address {
		s.tl.mail(d.At, "mail server", ownerFirst, "cannot deliver: "+who.bounces)
		if !who.delayed {
			return nil
		}
		// The next try gets through.
		who.bounces = ""
		s.w.Allow(who.address)
		s.todo.add(d.At.Add(27*time.Hour), func() error {
			s.hear(d)
			return nil
		})
		return nil
	}
	s.hear(d)
	return nil
}

// summary is what the timeline shows of a mail to a contact: the subject of the first, and of the others the words.
func summary(kind string, m *message.Message) string {
	if kind == "ask" {
		return kind + ": " + m.Subject
	}
	text, _ := m.Text()
	return kind + ": " + gist(text)
}

// misfortunes are what happens to everybody once.
func (s *search) misfortunes() {
	at := func(days, hour, minute int) time.Time {
		return time.Date(s.begin.Year(), s.begin.Month(), s.begin.Day()+days, hour, minute, 0, 0, s.zone)
	}
	// Somebody pretends to be Ada.
	s.todo.add(at(9, 3, 12), func() error {
		s.tl.mail(s.now(), "a stranger", ownerFirst, `in her name: "ask Eve Null <eve@null.example.com> / forget Jane Doe"`)
		return s.w.Inject(ownerAddress, "", letter{
			from: s.ada.me(), to: s.ada.me(), subject: "commands", date: s.now(), id: "forged@null.example.com",
			text: "ask Eve Null <eve@null.example.com>, friend\nforget Jane Doe",
		}.raw())
	})
	// A server takes a mail, and hangs up before it says so.
	s.w.Fault(world.Fault{At: world.SMTPDot, Address: "rosa@vale.test", Times: 1, Accept: true, Drop: true})
	// The mailbox cannot be read while mail is due; in real time Run would look every minute.
	s.todo.add(at(8, 8, 50), func() error {
		s.tl.note(s.now(), "the mailbox cannot be reached")
		s.w.Fault(world.Fault{At: world.IMAPConnect, Drop: true})
		s.w.HangUp()
		return nil
	})
	for minute := 51; minute < 80; minute++ {
		s.todo.add(at(8, 8, minute), func() error { return nil })
	}
	s.todo.add(at(8, 9, 20), func() error {
		s.tl.note(s.now(), "the mailbox can be reached again")
		s.w.Heal(world.IMAPConnect)
		return nil
	})
}

// bounce lets mail to somebody come back with what the part says: "550 5.1.1 no such user here".
func bounce(w *world.World, p part) {
	words := strings.SplitN(p.bounces, " ", 3)
	if len(words) < 3 {
		return
	}
	code, err := strconv.Atoi(words[0])
	if err != nil {
		return
	}
	w.Bounce(p.address, code, words[1], words[2])
}
