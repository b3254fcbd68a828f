package command

import (
	"cmp"
	"slices"
	"strings"
)

// unknown explains a line without a verb, and says what it may have meant.
func (g *grammar) unknown(s string, p parsed) parsed {
	if g.o.terse {
		return p.problem("not understood")
	}
	if verb, after, ok := slipped(s); ok {
		if people, _ := describe(after); len(people) > 0 && people[0].Address != "" {
			word, _, _ := strings.Cut(s, " ")
			return p.problem(`"`+short(word, 20)+`" is no verb that askwell knows`, string(verb)+" "+after)
		}
	}
	who, rest := "", s
	if subs, err := g.exact(s, spaced); err == nil && len(subs) > 0 {
		rest = strings.TrimLeft(subs[0].rest, " .:)],;-–—>")
		who = strings.TrimSpace(strings.TrimRight(s[:len(s)-len(rest)], " .:)],;-–—>")) + " "
		p.form, p.known, p.Who = subs[0].form, true, subs[0].who
		if people, _ := describe(s); len(people) > 0 && subs[0].form == formAddress {
			return p.problem("what about "+short(s, 40)+"? Put a verb with it", "ask "+s, "add "+s)
		}
	}
	if rest == "" {
		return p.problem("what about "+short(strings.TrimSpace(who), 40)+"? Put a verb with it", "show "+strings.TrimSpace(who))
	}
	if who != "" || g.o.About {
		if w, after, ok := g.when(rest); ok && tidy(after) == "" {
			if w.DayOnly || w.Vague {
				return p.problem("what about that day? Put a verb with it", who+"snooze "+rest)
			}
			return p.problem("what about that time? Put a verb with it", who+"talk "+rest, who+"snooze "+rest)
		}
	}
	if who == "" && g.knows(s) {
		return p.problem("what about "+short(s, 40)+"? Put a verb with it", "show "+s)
	}
	first, after, _ := strings.Cut(rest, " ")
	bare := bareWord(first)
	if bare == "not" {
		after = "" // "2 not met"
	}
	for i := range table {
		p.slip = p.slip || who != "" && typo(bare, string(table[i].Verb))
	}
	if verbs := ambiguous[bare]; verbs != nil {
		var near []string
		for _, v := range verbs {
			near = append(near, strings.TrimSpace(who+string(v)+" "+after))
		}
		return p.problem(`"`+short(bare, 20)+`" can mean several things`, near...)
	}
	words := len(strings.Fields(rest))
	long := words > 3
	least := 0.35
	switch {
	case long:
		least = 0.75
	case words > 1:
		least = 0.6
	}
	for _, v := range nearest(bare, least) {
		p.Nearest = append(p.Nearest, strings.TrimSpace(who+string(v)+" "+after))
	}
	if len(p.Nearest) == 0 && who != "" {
		p.Nearest = []string{who + "met " + rest, who + "note " + rest}
	}
	if people, _ := describe(s); len(p.Nearest) == 0 && len(people) > 0 && people[0].Address != "" && people[0].Name != "" {
		p.Nearest = []string{"ask " + s, "add " + s}
	}
	if long {
		return p.problem("there is no verb in it that askwell knows", p.Nearest...)
	}
	return p.problem(`"`+short(bare, 20)+`" is no verb that askwell knows`, p.Nearest...)
}

// nearest returns the two verbs that are most like w, if they are at least as like as least (0 to 1).
func nearest(w string, least float64) []Verb {
	if len(w) < 3 || len(w) > 40 || '0' <= w[0] && w[0] <= '9' {
		return nil
	}
	best := map[Verb]float64{}
	for _, sp := range spellings {
		v := likeness(w, sp.text)
		if sp.text != string(sp.entry.Verb) {
			v -= 0.1
		}
		best[sp.entry.Verb] = max(best[sp.entry.Verb], v)
	}
	type scored struct {
		verb  Verb
		score float64
	}
	var all []scored
	for i := range table {
		if s := best[table[i].Verb]; s >= least {
			all = append(all, scored{table[i].Verb, s})
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []Verb
	for i, s := range all {
		if i < 2 && s.score > all[0].score-0.25 {
			out = append(out, s.verb)
		}
	}
	return out
}

// likeness compares two words by the insertions and deletions that lead from one to the other: 1 if they are equal, 0 if
// they share nothing. The same first letter counts a little extra, because typing errors rarely hit it.
func likeness(a, b string) float64 {
	ra, rb := []rune(a), []rune(b)
	if len(ra)+len(rb) == 0 {
		return 0
	}
	row := make([]int, len(rb)+1) // the longest common subsequence
	for _, x := range ra {
		diagonal := 0
		for j, y := range rb {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	v := 2 * float64(row[len(rb)]) / float64(len(ra)+len(rb))
	if len(ra) > 0 && len(rb) > 0 && ra[0] == rb[0] {
		v = min(v+0.05, 1)
	}
	return v
}

// slipped tells whether s begins with a verb that is misspelt by one slip, in small letters as no name is written.
func slipped(s string) (verb Verb, after string, ok bool) {
	word, after, _ := strings.Cut(s, " ")
	if word == "" || word != strings.ToLower(word) {
		return "", "", false
	}
	for i := range table {
		if typo(word, string(table[i].Verb)) {
			return table[i].Verb, strings.TrimSpace(after), true
		}
	}
	return "", "", false
}

// typo tells whether w is one slip away from verb: a letter too many or too few, or two swapped. A plural
// is none.
func typo(w, verb string) bool {
	if len(w) < 3 || len(verb) < 3 || w == verb || w == verb+"s" || w == verb+"d" {
		return false
	}
	for len(w) > 0 && len(verb) > 0 && w[0] == verb[0] {
		w, verb = w[1:], verb[1:]
	}
	for len(w) > 0 && len(verb) > 0 && w[len(w)-1] == verb[len(verb)-1] {
		w, verb = w[:len(w)-1], verb[:len(verb)-1]
	}
	return len(w)+len(verb) == 1 || len(w) == 2 && len(verb) == 2 && w[0] == verb[1] && w[1] == verb[0]
}
