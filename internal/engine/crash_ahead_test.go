package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"askwell/internal/store"
)

// aheadMore lets many asks leave in one turn, so that each is claimed while the one before is answered.
const aheadMore = mortalMore + "[sending]\ngap = \"0s\"\n"

// TestCrashAhead kills the daemon at every step of the sending of several mails in one turn, one death after the other.
func TestCrashAhead(t *testing.T) {
	t.Parallel()
	m := newMortal(t, aheadMore)
	left := across(slices.Concat(safe, doubtful, []point{atAhead}), "ask")
	deaths := len(left)
	m.order = func() order {
		if n := len(m.died); n > 0 {
			left = slices.DeleteFunc(left, func(k kill) bool { return k == m.died[n-1] })
			m.oneDoubt()
		}
		return order{Kills: slices.Clone(left)}
	}
	m.askMany(deaths + 4)
	if len(left) > 0 {
		t.Errorf("never came to die of %v", left)
	}
	t.Logf("%d deaths, %d turns, %d questions", len(m.died), m.turns, m.settled)
}

// TestCrashAheadEverywhere dies at each of the points by which the sending of five mails comes, once in each life.
func TestCrashAheadEverywhere(t *testing.T) {
	if !long() {
		t.Skip("only in the long form")
	}
	t.Parallel()
	for at := 1; ; at++ {
		m := newMortal(t, aheadMore)
		armed := false
		m.order = func() order {
			if len(m.died) > 0 {
				m.oneDoubt()
			}
			if armed || !slices.ContainsFunc(m.rows(), func(r store.Mail) bool {
				return r.Kind == "ask" && r.State == store.Queued && !r.LeavesAt.After(m.now)
			}) {
				return order{}
			}
			armed = true // this is the turn in which they leave
			return order{Steps: at}
		}
		m.askMany(5)
		if len(m.died) == 0 {
			t.Logf("%d points", at-1)
			if at < 50 {
				t.Errorf("five mails come by %d points only", at-1)
			}
			return
		}
	}
}

// oneDoubt checks that a death left at most one mail of which nobody knows whether it left.
func (m *mortal) oneDoubt() {
	m.t.Helper()
	marked := 0
	for _, r := range m.rows() {
		if r.State == store.Sending && r.Marked && !r.ToOwner {
			marked++
		}
	}
	if marked > 1 {
		m.t.Errorf("%s left %d mails in doubt", m.died[len(m.died)-1], marked)
	}
}

// askMany has n people asked, waits until all of them were, and compares the ledger.
func (m *mortal) askMany(n int) {
	m.t.Helper()
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("ask Person%c Example <p%d@example.com>, friend", 'A'+i, i))
	}
	m.says(strings.Join(lines, "\n"))
	m.await("asks", 10*day, func() bool {
		asked := 0
		for _, r := range m.rows() {
			if r.Kind == "ask" && r.State == store.Sent {
				asked++
			}
		}
		return asked == n
	})
	m.pass(day)
	m.end()
	m.ledger()
	for i := range n {
		if got := m.to(fmt.Sprintf("p%d@example.com", i)); len(got) != 1 {
			m.t.Errorf("p%d got %d mails, want the ask\n%s", i, len(got), m.state())
		}
	}
}
