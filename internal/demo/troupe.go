package demo

import (
	"fmt"
	"math/rand/v2"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"askwell/internal/demo/world"
	"askwell/internal/message"
)

// troupe is the simulated people: it gives each mail that leaves to whom it is for, and carries out what they do about it.
type troupe struct {
	servers  *world.World
	zone     *time.Location
	now      func() time.Time
	later    func(at time.Time, do func() error) // does it then, in the order of time
	told     func(from, to, what string)         // the timeline
	quick    time.Duration                       // not 0: people take at most so long, and propose times of the next minutes
	stranger func(address string) part           // who somebody is whom nobody knows; nil: nobody

	mu     sync.Mutex
	rnd    *rand.Rand
	people map[string]*person // by address
	serial int
	said   []said // everything that people wrote, in order
}

// said is one mail of somebody's, for the ledger.
type said struct {
	who   *person
	at    time.Time
	id    message.MessageID
	raw   []byte
	human bool
	no    bool
}

// person is a part being played.
type person struct {
	part
	done int // reactions so far
	last []byte
	talk time.Time // the end of the last invitation

	offered []string // the hours they proposed last, "15:04"
	missed  []string // invitations for another hour than they proposed
}

func newTroupe(parts []part) *troupe {
	t := &troupe{people: map[string]*person{}, rnd: rand.New(rand.NewPCG(7, 11))}
	for _, p := range parts {
		t.join(p)
	}
	return t
}

func (t *troupe) join(p part) *person {
	who := &person{part: p}
	t.people[p.address] = who
	if p.elsewhere != "" {
		t.people[p.elsewhere] = who
	}
	return who
}

// person finds, or makes up, whose address it is; nil if nobody's.
func (t *troupe) person(address string) *person {
	address = strings.ToLower(address)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.people[address] == nil && t.stranger != nil {
		t.join(t.stranger(address))
	}
	return t.people[address]
}

// lastOf is the newest mail in words that somebody wrote, nil if there is none.
func (t *troupe) lastOf(name string) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.said) - 1; i >= 0; i-- {
		if t.said[i].who.name == name && t.said[i].human {
			return t.said[i].raw
		}
	}
	return nil
}

// name is what the timeline calls an address.
func (t *troupe) name(address string) string {
	if who := t.person(address); who != nil {
		return who.name
	}
	return address
}

// hear lets somebody find a mail in their mailbox.
func (t *troupe) hear(d world.Delivery) {
	who := t.person(d.To)
	if who == nil {
		return
	}
	m := message.Parse(d.Raw)
	in, invited := invitationIn(m)
	sight := aLetter
	switch {
	case invited && in.method == "CANCEL":
		return
	case invited:
		sight = aDate
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if who.last == nil && !invited {
		sight = anAsk
	}
	who.last = d.Raw
	if invited {
		who.talk = in.end
		if hour := in.start.In(t.zone).Format("15:04"); len(who.offered) > 0 && !slices.Contains(who.offered, hour) {
			who.missed = append(who.missed, fmt.Sprintf("%s proposed %s and was invited for %s", who.name, strings.Join(who.offered, " or "), hour))
		}
	}
	if who.done < len(who.does) && who.does[who.done].to == sight {
		t.act(who, d.To)
	}
}

// act plans the next reaction of somebody, and the one that follows it by itself. t.mu is held.
func (t *troupe) act(who *person, address string) {
	r := who.does[who.done]
	who.done++
	original := who.last
	at := t.hour(r, who)
	t.later(at, func() error {
		if err := t.answer(who, address, r, original); err != nil {
			return fmt.Errorf("answer as %s: %w", who.name, err)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if who.done < len(who.does) && who.does[who.done].to == himself {
			t.act(who, address)
		}
		return nil
	})
}

// hour is when somebody gets round to it: after a human while, and awake. t.mu is held.
func (t *troupe) hour(r reaction, who *person) time.Time {
	now := t.now()
	if r.to == himself && who.talk.After(now) {
		now = who.talk
	}
	if t.quick > 0 {
		return now.Add(t.quick/8 + time.Duration(t.rnd.Int64N(int64(t.quick*7/8))))
	}
	wait := r.after + r.past
	at := now.Add(wait + time.Duration(t.rnd.Int64N(int64(wait)/6+1))).Truncate(time.Second)
	if r.how == away {
		return at
	}
	return t.awake(at)
}

// awake is the first moment from at on at which people sit at their mail.
func (t *troupe) awake(at time.Time) time.Time {
	at = at.In(t.zone)
	morning := time.Date(at.Year(), at.Month(), at.Day(), 7, 40+t.rnd.IntN(70), t.rnd.IntN(60), 0, t.zone)
	switch {
	case at.Hour() >= 22:
		return morning.AddDate(0, 0, 1)
	case at.Before(morning):
		return morning
	}
	return at
}

// answer writes and delivers what somebody says.
func (t *troupe) answer(who *person, address string, r reaction, original []byte) error {
	me := mail.Address{Name: who.name, Address: address}
	if r.from != "" {
		me.Address = r.from
	}
	now := t.now().In(t.zone)
	words, shown := t.words(r, now), ""
	m := message.Parse(original)
	l := letter{
		from: me, to: mail.Address{Name: ownerName, Address: ownerAddress}, subject: message.ReplySubject(m.Subject), date: now,
		thread: message.ReferencesFor(m), text: words,
	}
	t.mu.Lock()
	t.serial++
	_, domain, _ := strings.Cut(me.Address, "@")
	l.id = fmt.Sprintf("%d.%d@%s", t.serial, now.Unix(), domain)
	t.mu.Unlock()
	var raw []byte
	switch r.how {
	case byMail:
		raw = t.servers.Answer(me, original, words)
		shown = quoted(words)
	case away:
		l.subject = "Automatic reply: " + message.BaseSubject(m.Subject)
		l.header = []string{"Auto-Submitted: auto-replied"}
		raw, shown = l.raw(), "out of office: "+quoted(words)
	case accepting:
		in, _ := invitationIn(m)
		l.subject, l.text = "Accepted: "+message.BaseSubject(m.Subject), who.name+" has accepted."
		l.calendar, l.method = in.accepted(me, now), "REPLY"
		raw, shown = l.raw(), "(the calendar accepts the invitation)"
	case inviting:
		var err error
		if l.calendar, err = t.invite(who, r, now); err != nil {
			return err
		}
		l.method = "REQUEST"
		raw, shown = l.raw(), "invitation: "+quoted(words)
	}
	t.mu.Lock()
	if t.quick == 0 && r.times[0] != "" {
		who.offered = nil
		for _, when := range r.times {
			if when != "" {
				who.offered = append(who.offered, hourOf(when))
			}
		}
	}
	t.said = append(t.said, said{who: who, at: now, id: message.ParseHeader(raw).MessageID, raw: raw, human: r.how == byMail || r.how == inviting, no: r.no})
	t.mu.Unlock()
	from := who.name
	if r.from != "" {
		from += "*"
	}
	t.told(from, ownerFirst, shown)
	return t.servers.Inject(ownerAddress, "", raw)
}

// invite makes the invitation of somebody's own calendar.
func (t *troupe) invite(who *person, r reaction, now time.Time) (string, error) {
	start := now.Add(4 * time.Minute).Truncate(time.Minute)
	if t.quick == 0 {
		start = ahead(r.times[0], now)
	}
	b, err := message.Invitation{
		Method: "REQUEST", UID: "talk." + strings.ReplaceAll(who.address, "@", "."), Start: start, End: start.Add(20 * time.Minute), Stamp: now,
		Summary: "Talk with Ada", Location: "https://video.example.org/quinn",
		Organizer: message.Person{Name: who.name, Address: message.Address(who.address)},
		Attendee:  message.Person{Name: ownerName, Address: ownerAddress},
	}.Calendar()
	return string(b), err
}

// words fills the times in.
func (t *troupe) words(r reaction, now time.Time) string {
	a, b, until := spoken(r.times[0], now), spoken(r.times[1], now), now.AddDate(0, 0, 12)
	if t.quick > 0 {
		a, b = clock(now, 3), clock(now, 6)
		until = now.AddDate(0, 0, 1)
	}
	return strings.NewReplacer("{a}", a, "{b}", b, "{until}", until.Format("Monday, 2 January 2006")).Replace(r.says)
}

// ahead is a time like "+5 16:00": on the fifth working day from now, in the same zone. Anything else is the zero time.
func ahead(when string, now time.Time) time.Time {
	var days, hour, minute int
	if n, err := fmt.Sscanf(when, "+%d %d:%d", &days, &hour, &minute); err != nil || n != 3 {
		return time.Time{}
	}
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, now.Location())
	for days > 0 {
		at = at.AddDate(0, 0, 1)
		if at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			days--
		}
	}
	return at
}

// hourOf is the hour that a time of the cast ends with: "Thursday at 3pm" is "15:00".
func hourOf(when string) string {
	word := when[strings.LastIndexByte(when, ' ')+1:]
	for _, layout := range []string{"15:04", "3pm"} {
		if at, err := time.Parse(layout, word); err == nil {
			return at.Format("15:04")
		}
	}
	return word
}

// spoken words a time of the cast.
func spoken(when string, now time.Time) string {
	if at := ahead(when, now); !at.IsZero() {
		return at.Format("Monday 2 January at 15:04")
	}
	return when
}

// clock words a time some minutes from now.
func clock(now time.Time, minutes int) string {
	at := now.Add(time.Duration(minutes) * time.Minute)
	if at.Day() != now.Day() {
		return "tomorrow at " + at.Format("15:04")
	}
	return "today at " + at.Format("15:04")
}

func quoted(words string) string { return `"` + gist(words) + `"` }
