package config

import (
	"fmt"
	"slices"
	"strings"
)

// Error is one thing that is wrong with a configuration, and what to do about it.
type Error struct {
	File    string
	Line    int    // from 1; 0 where there is no line to point at
	Key     string // "mailbox.imap"; empty where it is about no key
	Problem string // what is wrong, following the key in a sentence
	Remedy  string // what to do

	cause error
}

// Error is file:line: key: problem; remedy.
func (e Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	for _, part := range []string{e.Key, e.Problem} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

// Unwrap gives the cause, such as fs.ErrNotExist, where there is one.
func (e Error) Unwrap() error { return e.cause }

// Errors is all that is wrong with a configuration, in the order of its lines.
type Errors []Error

// Error has a line for each.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each.
func (es Errors) Unwrap() []error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return all
}

// nearest is the candidate that word was probably meant to be, or "".
func nearest(word string, candidates []string) string {
	best, least := "", 1+len(word)/3
	for _, c := range candidates {
		if d := distance(word, c); d <= least && (best == "" || d < least) {
			best, least = c, d
		}
	}
	return best
}

// distance counts the letters to insert, drop, change, or swap with their neighbour to make b of a (optimal string
// alignment).
func distance(a, b string) int {
	if max(len(a), len(b)) > 100 {
		return 100 // nobody means that
	}
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// oneOf lists choices for a remedy, the probable one first where there is one.
func oneOf(word string, choices []string) string {
	list := "choose one of " + strings.Join(choices, ", ")
	if guess := nearest(strings.ToLower(word), choices); guess != "" && slices.Contains(choices, guess) {
		return fmt.Sprintf("did you mean %q? Otherwise %s", guess, list)
	}
	return list
}
