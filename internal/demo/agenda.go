package demo

import (
	"container/heap"
	"time"
)

// agenda is what people are going to do, by time and, at the same time, in the order in which they thought of it.
type agenda struct{ entries entries }

type entry struct {
	at time.Time
	n  int
	do func() error
}

type entries struct {
	all  []entry
	next int
}

func (e *entries) Len() int { return len(e.all) }
func (e *entries) Less(i, j int) bool {
	if a, b := e.all[i], e.all[j]; !a.at.Equal(b.at) {
		return a.at.Before(b.at)
	}
	return e.all[i].n < e.all[j].n
}
func (e *entries) Swap(i, j int) { e.all[i], e.all[j] = e.all[j], e.all[i] }

// Push and Pop are heap.Interface's.
func (e *entries) Push(x any) {
	if one, ok := x.(entry); ok {
		e.all = append(e.all, one)
	}
}

// Pop takes the last.
func (e *entries) Pop() any {
	last := e.all[len(e.all)-1]
	e.all = e.all[:len(e.all)-1]
	return last
}

// add notes that somebody does something at a time.
func (a *agenda) add(at time.Time, do func() error) {
	a.entries.next++
	heap.Push(&a.entries, entry{at: at, n: a.entries.next, do: do})
}

// first is when the next thing is done; false if nothing is left to do.
func (a *agenda) first() (time.Time, bool) {
	if len(a.entries.all) == 0 {
		return time.Time{}, false
	}
	return a.entries.all[0].at, true
}

// until does everything that is to be done up to now, in order; what is thought of meanwhile, too.
func (a *agenda) until(now time.Time) error {
	for {
		at, ok := a.first()
		if !ok || at.After(now) {
			return nil
		}
		one, _ := heap.Pop(&a.entries).(entry)
		if err := one.do(); err != nil {
			return err
		}
	}
}
