package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/message"
)

// TestRandomKills is a busy month with 300 deaths, at any point; in the long form several, and others with fewer deaths and
// longer lives.
func TestRandomKills(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	months := []int{1}
	if long() {
		months = slices.Repeat([]int{1, 2, 5}, 4)
	}
	for i, among := range months {
		t.Run(fmt.Sprintf("month %d", i+1), func(t *testing.T) {
			t.Parallel()
			randomKills(t, 300/among, among, rand.New(rand.NewPCG(seed, uint64(i))))
		})
	}
}

// seed is another one each time, or that of ASKWELL_SEED. It is printed where the test fails.
func seed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("ASKWELL_SEED"); s != "" {
		if _, err := fmt.Sscan(s, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("ASKWELL_SEED=%d", seed)
		}
	})
	return seed
}

// randomKills endangers one turn among so many, until there were so many deaths: at any step, the later ones of a long turn
// as well.
func randomKills(t *testing.T, deaths, among int, chance *rand.Rand) {
	m := newMortal(t, mortalMore)
	m.order = func() (o order) {
		if len(m.died) < deaths && chance.IntN(among) == 0 {
			o.Steps = 1 + chance.IntN([]int{25, 90}[chance.IntN(2)])
		}
		return o
	}
	m.month(func() bool { return among == 1 && len(m.died) < deaths })
	m.end()
	where := map[point]int{}
	for _, k := range m.died {
		where[k.At]++
	}
	t.Logf("%d deaths, %d turns, %d questions, %d mails, until %s: %v", len(m.died), m.turns, m.settled, len(m.sent()), m.now.Format(time.DateOnly), where)
	if n := len(m.died); among == 1 && n != deaths || n == 0 {
		t.Errorf("%d deaths, want %d", n, deaths)
	}
}

// month is a dozen contacts who answer, decline or say nothing; longer where there is more to come.
func (m *mortal) month(more func() bool) {
	m.t.Helper()
	people := make([]string, 12)
	answered, done := map[string]int{}, map[message.MessageID]bool{}
	for i := range people {
		people[i] = fmt.Sprintf("p%d@example.com", i)
	}
	for i := range 3 {
		var lines []string
		for j := 4 * i; j < 4*i+4; j++ {
			lines = append(lines, fmt.Sprintf("ask Person%c Example <%s>, friend", 'A'+j, people[j]))
		}
		m.says(strings.Join(lines, "\n"))
	}
	for end, last := m.now.AddDate(0, 0, 31), m.now.AddDate(0, 0, 90); m.now.Before(end) || more() && m.now.Before(last); {
		m.step()
		m.settle()
		for i, p := range people {
			mails := m.to(p)
			if len(mails) == 0 || answered[p] > 0 {
				continue
			}
			words := ""
			switch {
			case i%4 == 0:
				words = "Gladly! Would Friday week at 3pm work for you?"
			case i%4 == 1:
				words = "Thank you, but no. I really don't have time for this."
			case i%4 == 2 && len(mails) > 1:
				words = "Sorry for the silence! Yes, call me."
			}
			if words != "" {
				answered[p]++
				m.replied(p, mails[0], words)
			}
		}
		for kind, words := range map[string]string{"times": "pick a", "outcome": "A wonderful talk, I learned a lot."} {
			for _, d := range m.toOwner(kind) {
				if !done[d.MessageID] {
					done[d.MessageID] = true
					m.replied(m.owner, d, words)
				}
			}
		}
	}
	m.pass(3 * day)
	m.ledger()
	for i, p := range people {
		events := m.events(p)
		n := strings.Count(" "+events+" ", " reply ")
		if want := answered[p]; n != want {
			m.t.Errorf("%s wrote %d answers, %d were recorded: %s", p, want, n, events)
		}
		if strings.Count(events, "added") != 1 || strings.Count(" "+events+" ", " ask ") != 1 {
			m.t.Errorf("the command about %s was not obeyed once: %s", p, events)
		}
		if want := [4]int{3, 1, 2, 3}[i%4]; len(m.to(p)) != want {
			m.t.Errorf("%s got %d mails, want %d: %s", p, len(m.to(p)), want, events)
		}
	}
}

// A death within the very first reading does not make the next one go back to what was there before askwell was.
func TestDeathInTheFirstReading(t *testing.T) {
	t.Parallel()
	for _, k := range []kill{{atCursor, "INBOX"}, {atReached, "Sent"}, {atCursor, "Junk"}, {atLooked, ""}} {
		m := unborn(t, "")
		old := m.fresh(m.owner, m.owner, "", "ask Old Friend <old@example.com>, friend")
		m.must(m.pen.SendAs(m.owner, old))
		m.set(m.now.Add(48 * time.Hour))
		m.order = func() order { return order{Kills: []kill{k}} }
		m.step()
		m.order = func() order { return order{} }
		if len(m.died) != 1 {
			t.Fatalf("it did not die of %s", k)
		}
		m.pass(day)
		m.end()
		if n := len(m.to("old@example.com")) + len(m.toOwner("receipt")); n > 0 {
			t.Errorf("%s: %d mails because of a command from before askwell was", k, n)
		}
	}
}
