package people

import (
	"slices"
	"strings"

	"askwell/internal/message"
)

// Keys are what two records of one person have in common: every address, and the name together with the organisation.
// Records that share a key are the same person. The name alone is none: there are many people of one name.
func (p Person) Keys() []string {
	var keys []string
	for _, a := range p.Addresses {
		keys = append(keys, "address "+string(a.Key()))
	}
	if p.Name != "" && p.Organisation != "" {
		keys = append(keys, "name "+message.FoldName(p.Name)+" at "+message.FoldName(p.Organisation))
	}
	return keys
}

// Merge puts records of the same person together, in the order in which each first appears. Of two values the first
// counts; addresses and notes are joined.
func Merge(list []Person) []Person {
	parent := make([]int, len(list))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[string]int{}
	for i, p := range list {
		for _, k := range p.Keys() {
			j, seen := first[k]
			if !seen {
				first[k] = i
				continue
			}
			a, b := root(i), root(j)
			parent[max(a, b)] = min(a, b)
		}
	}
	at := map[int]int{}
	var out []Person
	for i, p := range list {
		r := root(i)
		j, seen := at[r]
		if !seen {
			at[r] = len(out)
			p.Addresses = slices.Clone(p.Addresses)
			out = append(out, p)
			continue
		}
		out[j] = out[j].With(p)
	}
	return out
}

// With fills what p does not say from q, and joins their addresses and notes.
func (p Person) With(q Person) Person {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&p.Name, q.Name},
		{&p.Closeness, q.Closeness},
		{&p.Role, q.Role},
		{&p.Organisation, q.Organisation},
		{&p.Field, q.Field},
		{&p.Timezone, q.Timezone},
		{&p.Via, q.Via},
		{&p.Stage, q.Stage},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	p.Addresses = slices.Clone(p.Addresses)
	for _, a := range q.Addresses {
		if !slices.ContainsFunc(p.Addresses, func(b message.Address) bool { return a.Key() == b.Key() }) {
			p.Addresses = append(p.Addresses, a)
		}
	}
	switch {
	case p.Note == "":
		p.Note = q.Note
	case q.Note != "" && !strings.Contains(p.Note, q.Note):
		p.Note = cut(p.Note+"\n"+q.Note, maxNote)
	}
	return p
}
