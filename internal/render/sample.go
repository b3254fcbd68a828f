package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// trialPages are the pages that every owner template is tried with: everything in it, the least, and strange text.
func trialPages() map[string]Page {
	return map[string]Page{
		"everything": fullPage("Jane Doe"), "the least": {Subject: "Hello", Lead: []string{"Hello."}},
		"strange text": fullPage("<b>'&\" {{x}}\r\n\x00 🎉 مريم"),
	}
}

// fullPage has everything that a page can have, with s as what other people wrote.
func fullPage(s string) Page {
	replies := []Reply{{Text: "1 pick a", Label: "Tue 15:00", Body: "jane@example.org pick a"}, {Text: s, Label: s, Body: s}}
	return Page{
		Subject: "2 need you: " + s, Reply: "ada@example.org", ReplySubject: "Re: " + s, Lead: []string{"Good morning.", s},
		Sections: []Section{
			{Title: "Needs you", Items: []Item{
				{N: 1, Text: s, Lines: []string{s}, Quote: s, Mail: s, Replies: replies},
				{Text: "Cy Poe, nudge 1", Replies: []Reply{{Text: "2 hold"}}},
			}, More: 7},
			{Title: s, Hint: s, Items: []Item{{N: 12, Text: "Eve Lin"}}},
			{Title: "Empty"},
		},
		Progress: &Progress{
			Asked: 14, Answered: 9, Met: 6, Week: 2, Goal: 3, Stages: []Count{{"asked", 5}, {s, 1}, {"silent", 0}}, Chain: []string{s + " → Dana Fox"},
		},
		Questions: []string{s, lastQuestion}, Foot: []string{s},
	}
}

func (s *Set) tryOwner(name string) []error {
	var problems []error
	pages := trialPages()
	for _, what := range sortedKeys(pages) {
		m, err := s.Owner(name, pages[what])
		if err != nil {
			problems = append(problems, fmt.Errorf("%w (tried with: %s)", err, what))
			continue
		}
		if what != "everything" {
			continue
		}
		for file, text := range map[string]string{"owner/" + name + ".txt": m.Text, "owner/" + name + ".html": m.HTML} {
			if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") {
				problems = append(problems, fmt.Errorf("%s: leaves braces or a value that is not there in the text", file))
			}
			if !strings.Contains(text, "Good morning.") {
				problems = append(problems, fmt.Errorf(`%s: the page's first words are missing; keep {{template "lead" .}}`, file))
			}
		}
	}
	return problems
}
