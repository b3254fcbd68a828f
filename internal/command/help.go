package command

import (
	"fmt"
	"strings"
)

// Help explains one verb, or all of them if verb is empty. It is made from the table. Where the verb is not known it
// says so and names the nearest.
func Help(verb string) string {
	verb = strings.TrimSpace(verb)
	if verb == "" {
		return helpAll()
	}
	f, ok := verbAt(verb)
	if !ok || tidy(f.rest) != "" {
		var b strings.Builder
		fmt.Fprintf(&b, "askwell knows no verb %q.", short(clean(verb), 30))
		if near := nearest(bareWord(verb), 0.35); len(near) > 0 {
			fmt.Fprintf(&b, " The nearest: %s.", joinVerbs(near))
		}
		b.WriteString("\nhelp lists them all.\n")
		return b.String()
	}
	e := f.entry
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\n", e.Usage, e.Summary)
	fmt.Fprintf(&b, "  for example:   %s\n", e.Example)
	if len(e.Aliases) > 0 {
		fmt.Fprintf(&b, "  also written:  %s\n", strings.Join(e.Aliases, ", "))
	}
	if e.Many {
		b.WriteString("  several at once:  1,3,5-7 " + string(e.Verb) + "\n")
	}
	if e.TakesText {
		b.WriteString("  the lines below belong to it, until the next command\n")
	}
	return b.String()
}

func joinVerbs(vs []Verb) string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

// groups is the order and the headings of the whole help.
var groups = []struct {
	title string
	verbs []Verb
}{
	{"People", []Verb{VerbAsk, VerbAdd, VerbRefer, VerbSet, VerbAddress}},
	{"Talks", []Verb{VerbTalk, VerbPick, VerbMet, VerbNoShow, VerbCancel, VerbThanks}},
	{"Answers and waiting", []Verb{VerbDeclined, VerbStop, VerbSnooze, VerbSkip, VerbClose, VerbReopen, VerbForget}},
	{"Mails that are planned", []Verb{VerbHold, VerbYes, VerbNo, VerbEdit, VerbSent, VerbResend}},
	{"Notes and news", []Verb{VerbNote, VerbUpdate}},
	{"Looking, and taking back", []Verb{VerbUndo, VerbList, VerbShow, VerbDigest, VerbHelp}},
}

func helpAll() string {
	var b strings.Builder
	b.WriteString(`One command a line, in either order:  WHO VERB TEXT  or  VERB WHO TEXT.
WHO is the number in the mail that you answer, a name, an address, or several: 1,3,5-7.
In the answer to a mail about one person WHO can be left out. Everything else is ignored
or comes back to you: nothing is lost, and undo takes a change back.
`)
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s\n", g.title)
		for _, v := range g.verbs {
			e := entryOf(v)
			usage := e.Usage
			if len(usage) > 26 {
				fmt.Fprintf(&b, "  %s\n  %-26s  %s\n", usage, "", e.Summary)
			} else {
				fmt.Fprintf(&b, "  %-26s  %s\n", usage, e.Summary)
			}
		}
	}
	b.WriteString("\nFor example\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "  |  %s\n", entryOf(g.verbs[0]).Example)
	}
	b.WriteString("\nhelp VERB says more about one of them.\n")
	return b.String()
}
