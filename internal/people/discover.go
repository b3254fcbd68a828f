package people

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"askwell/internal/message"
)

// Finder collects, from the headers of mail, the people whom the owner writes with.
type Finder struct {
	owner map[message.Address]bool
	seen  map[message.Address]*Found
}

// Found is somebody whom the owner has written to.
type Found struct {
	Person
	Sent     int       // mails of the owner's to them
	Received int       // mails of theirs to the owner
	Last     time.Time // the last of either
	names    map[string]int
	weight   float64
}

// NewFinder returns a Finder that leaves the owner's own addresses out.
func NewFinder(owner []message.Address) *Finder {
	f := &Finder{owner: map[message.Address]bool{}, seen: map[message.Address]*Found{}}
	for _, a := range owner {
		f.owner[a.Key()] = true
		f.owner[a.Plain()] = true
	}
	return f
}

// maxRecipients is how many a mail may go to and still say that its people know each other.
const maxRecipients = 10

// Add counts one mail. Sent tells whether it is the owner's own. What lists and programs send counts nothing.
func (f *Finder) Add(m *message.Message, sent bool) {
	if m.Header.Has("List-Id") || m.Header.Has("List-Unsubscribe") || automatic(m.Header.Get("Auto-Submitted")) ||
		bulk.MatchString(m.Header.Get("Precedence")) {
		return
	}
	if !sent {
		for _, p := range m.From {
			f.count(p, m.Date, 1, false)
		}
		return
	}
	to := len(m.To) + len(m.Cc)
	if to == 0 || to > maxRecipients {
		return
	}
	for _, p := range m.To {
		f.count(p, m.Date, 1/float64(to), true)
	}
	for _, p := range m.Cc {
		f.count(p, m.Date, 0.5/float64(to), true)
	}
}

func automatic(v string) bool {
	v = strings.ToLower(strings.TrimSpace(v))
	return v != "" && v != "no"
}

var (
	bulk    = regexp.MustCompile(`(?i)^\s*(?:bulk|list|junk|auto_reply)\b`)
	machine = regexp.MustCompile(`(?i)^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?|notifications?|notify|newsletter|news|alerts?|support|info|service|billing|hello|team|admin|abuse|unsubscribe|updates?|sales|contact|office|kontakt)(?:[-+_.]|@|$)`)
)

func (f *Finder) count(p message.Person, at time.Time, weight float64, sent bool) {
	key := p.Address.Key()
	if key == "" || f.owner[key] || f.owner[p.Address.Plain()] || machine.MatchString(string(key)) {
		return
	}
	found := f.seen[key]
	if found == nil {
		if len(f.seen) >= maxPeople {
			return
		}
		found = &Found{names: map[string]int{}}
		found.Addresses = []message.Address{p.Address}
		f.seen[key] = found
	}
	if sent {
		found.Sent++
		found.weight += 2 * weight
	} else {
		found.Received++
		found.weight += weight
	}
	if at.After(found.Last) {
		found.Last = at
	}
	if name := cleanName(oneLine(p.Name, maxText)); name != "" && len(found.names) < 20 {
		found.names[name]++
	}
}

// People are those whom the owner has written to, closest first: both ways before one way, then by how often and how
// directly. Of several ways to write a name the commonest counts; who never had one has none.
func (f *Finder) People() []Found {
	var out []Found
	for _, found := range f.seen {
		if found.Sent == 0 {
			continue
		}
		p := *found
		best := 0
		for name, n := range found.names {
			better := n > best || n == best && (strings.Contains(name, " ") && !strings.Contains(p.Name, " ") ||
				strings.Contains(name, " ") == strings.Contains(p.Name, " ") && name < p.Name)
			if better {
				p.Name, best = name, n
			}
		}
		p.names = nil
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Found) int {
		return cmp.Or(
			-cmp.Compare(min(a.Received, 1), min(b.Received, 1)),
			-cmp.Compare(a.weight, b.weight),
			b.Last.Compare(a.Last),
			cmp.Compare(a.Addresses[0], b.Addresses[0]),
		)
	})
	return out
}
