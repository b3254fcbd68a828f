package engine_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/store"
)

const (
	mortalMore = "[review]\nthank_you = \"send\"\n[schedule]\ncheck_in_every = \"10d\"\nupdate_request = \"0 9 15 6 *\"\n"
	dana       = "dana@example.net"
)

// story brings every kind of mail to a contact, and most to the owner: an ask, a nudge, an answer with times, a confirmation,
// an outcome, a thank-you; somebody recommended, a talk called off, thanks to who recommended; and news for both.
func (m *mortal) story() {
	m.t.Helper()
	const most = 120 * day // for what waits for an owner who reads the digest in the morning
	got := func(address string, n int) {
		m.t.Helper()
		m.await(fmt.Sprintf("mail %d to %s", n, address), most, func() bool {
			return len(m.to(address)) >= n && strings.Count(m.events(address)+" ", "sent ") >= n
		})
	}
	told := func(kind string) delivery {
		m.t.Helper()
		m.await(kind, most, func() bool { return len(m.toOwner(kind)) == 1 })
		return m.toOwner(kind)[0]
	}
	m.await("first reading", day, func() (done bool) { // which begins at the present end
		m.look(func(tx *store.Tx) error {
			at, err := tx.Setting("last_read")
			done = at != ""
			return err
		})
		return done
	})
	m.says("ask Jane Doe <" + jane + ">, friend, product manager at Acme")
	got(jane, 2) // the ask and a nudge
	m.replied(jane, m.to(jane)[0], "Gladly! Would Friday week at 3pm work for you?\n\nJane")
	m.replied(m.owner, told("times"), "pick a")
	got(jane, 3)
	told("outcome")
	m.says("jane met: wonderful talk\nthanks jane: Your story made me laugh.")
	got(jane, 4)

	m.says("jane refer Dana Fox <" + dana + ">, editor at Example News")
	m.await("Dana", day, func() bool { return strings.Contains(m.events(jane), "refer") })
	m.does("ask", "dana")
	got(dana, 1)
	m.replied(dana, m.to(dana)[0], "Yes, gladly. Call me.")
	m.await("answer", day, func() bool { return strings.Contains(m.events(dana), "reply") })
	m.says("dana talk " + m.now.AddDate(0, 0, 20).Format(time.RFC3339))
	got(dana, 2)
	m.says("cancel dana")
	got(dana, 3)
	m.says("dana met: she rang me up, and knows everybody")
	got(dana, 4)
	got(jane, 5) // for having recommended her

	m.replied(m.owner, told("update_request"), "I have found a place as a trainee, thanks to all of you.")
	got(jane, 6)
	got(dana, 5)
	m.pass(2 * day)
	m.end()
	m.ledger()
}

var (
	toThem = []string{"ask", "nudge", "confirm", "thank_you", "referrer_thanks", "check_in"}
	// safe are the points before the mark and after the record: whatever dies there is tried again.
	safe = []point{atClaimed, beforeMail, afterRcpt, beforeMark, afterRecord}
	// doubtful are those between them: only the owner can know.
	doubtful = []point{afterMark, beforeDot, afterDot, onAccepted, beforeRecord}
	filing   = []point{atFiling, beforeAppend, inAppend, onAppended, afterAppend}
	taking   = []point{atMessage, atFetch, atFetched, atTaken}
	always   = []point{atTurn, atRead, atLooked, atPlanning, atRest}
)

func across(points []point, kinds ...string) (all []kill) {
	for _, p := range points {
		for _, k := range kinds {
			all = append(all, kill{p, k})
		}
	}
	return all
}

// least are the points that the story must come by, or the matrix would have holes that nobody sees.
func least() []kill {
	return slices.Concat(
		across(slices.Concat(safe, doubtful), append(toThem, "receipt", "digest", "times", "outcome", "prep", "update_request")...), across(filing, toThem...),
		across(taking, "reply", "command in sent"), across([]point{atMessage, atTaken}, "copy", "ours"),
		across([]point{atReached, atCursor}, "INBOX", "Sent", "Junk"), across(always, ""),
	)
}

// deal deals the deaths out to n stories, so that none keeps another from coming: once a mail to a contact may have arrived,
// it is not sent again, and a copy that was filed is not filed again. What is come by in every turn goes to every story.
func deal(seen map[kill]bool, n int) [][]kill {
	hands, next := make([][]kill, n), 0
	apart := map[point]int{afterDot: 0, onAccepted: 1, beforeRecord: 2, afterRecord: 3, afterMark: 3, beforeDot: 3, onAppended: 0, afterAppend: 1}
	all := make([]kill, 0, len(seen))
	for k := range seen {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b kill) int {
		return cmp.Or(strings.Compare(string(a.At), string(b.At)), strings.Compare(a.Kind, b.Kind))
	})
	for _, k := range all {
		if slices.Contains(always, k.At) || k.At == atAhead { // which TestCrashAhead sees to
			continue
		}
		hand, ok := apart[k.At]
		if !ok || !slices.Contains(toThem, k.Kind) || n > len(all) {
			hand = next % n
			next++
		}
		hands[hand] = append(hands[hand], k)
	}
	return hands
}

// TestCrashMatrix kills the daemon at every step that it takes in a story, lets a new one run to quiet, and compares the
// ledger of each recipient, and the journal with that of the story undisturbed. The steps are those that the undisturbed
// story came by, each transaction among them.
func TestCrashMatrix(t *testing.T) {
	t.Parallel()
	undisturbed := unborn(t, mortalMore)
	undisturbed.story()
	for _, k := range least() {
		if !undisturbed.seen[k] {
			t.Errorf("the story does not come by: %s", k)
		}
	}
	stories, times := 4, 2
	if long() {
		stories, times = len(undisturbed.seen)+1, 8
	}
	for i, kills := range deal(undisturbed.seen, stories) {
		t.Run(fmt.Sprint("story ", i+1), func(t *testing.T) {
			t.Parallel()
			m := unborn(t, mortalMore)
			left, days := slices.Clone(kills), map[point]int{}
			noted := 0
			var last time.Time
			m.order = func() (o order) {
				for _, k := range m.died[noted:] {
					left = slices.DeleteFunc(left, func(l kill) bool { return l == k })
					if slices.Contains(always, k.At) {
						days[k.At]++
						last = m.now
					}
				}
				noted = len(m.died)
				o.Kills = slices.Clone(left)
				if m.now.Sub(last) < 5*time.Hour {
					return o // else none of these stories would go on
				}
				for _, p := range always {
					if days[p] < times {
						o.Kills = append(o.Kills, kill{At: p})
					}
				}
				return o
			}
			m.story()
			_ = m.order()
			if len(left) > 0 {
				t.Errorf("never came to die of %v", left)
			}
			for _, p := range always {
				if days[p] != times {
					t.Errorf("died %d times of %s, want %d", days[p], p, times)
				}
			}
			for _, who := range []string{jane, dana} {
				if got, want := m.events(who), undisturbed.events(who); got != want {
					t.Errorf("the journal of %s is\n%s\nwithout deaths it is\n%s", who, got, want)
				}
			}
			t.Logf("%d deaths, %d turns, %d questions, until %s", len(m.died), m.turns, m.settled, m.now.Format(time.DateOnly))
		})
	}
	t.Logf("%d steps; undisturbed %d turns, until %s", len(undisturbed.seen), undisturbed.turns, undisturbed.now.Format(time.DateOnly))
}
