package engine_test

import (
	"testing"

	"askwell/internal/store"
)

// TestDeathsWhileSettling lets a mail fall into doubt and kills the daemon at each step of the turn that ends the doubt, in
// every way in which it can end.
func TestDeathsWhileSettling(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		died    point
		arrives func(m *mortal) // what ends the doubt
		want    string          // the journal, without doubts
	}{
		{"by the owner, who says that it arrived", afterDot, func(m *mortal) { m.says("sent jane") }, "added ask sent"},
		{"by the owner, who says that it did not", beforeDot, func(m *mortal) { m.says("resend jane") }, "added ask sent"},
		{"by an answer", afterDot, func(m *mortal) { m.replied(jane, m.to(jane)[0], "Yes, gladly. Call me.") }, "added ask sent reply"},
		{"by the copy in Sent", afterDot, func(m *mortal) { m.must(m.pen.File(m.owner, "Sent", m.to(jane)[0].Delivery.Raw)) }, "added ask sent"},
		{"by its coming back", afterDot, func(m *mortal) {}, "added ask sent bounce"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMortal(t, "")
			back := tt.want == "added ask sent bounce"
			if back {
				m.pen.Bounce(jane, 550, "5.1.1", "no such user")
			}
			m.order = func() (o order) {
				if len(m.died) == 0 {
					o.Kills = []kill{{tt.died, "ask"}}
				}
				return o
			}
			m.says("ask Jane Doe <" + jane + ">, friend")
			doubts := func() (n int) {
				for _, r := range m.rows() {
					if r.State == store.InDoubt {
						n++
					}
				}
				return n
			}
			if back {
				// The report lies there already when it starts again.
				m.await("death", 5*day, func() bool { return len(m.died) > 0 })
			} else {
				m.await("doubt", 5*day, func() bool { return doubts() == 1 })
			}
			tt.arrives(m)
			died := len(m.died)
			m.creep()
			if n := len(m.died) - died; n < 15 {
				t.Errorf("it died %d times over that turn, want more", n)
			}
			m.pass(2 * day)
			m.end()
			m.ledger()
			if n := doubts(); n != 0 {
				t.Errorf("%d mails are in doubt", n)
			}
			if got := m.events(jane); got != tt.want {
				t.Errorf("the journal is %q, want %q", got, tt.want)
			}
			if n := len(m.to(jane)); n != 1 && !back {
				t.Errorf("Jane got %d mails, want one", n)
			}
			t.Logf("%d deaths, %d turns", len(m.died), m.turns)
		})
	}
}
