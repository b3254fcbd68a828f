package render

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"askwell/internal/command"
)

// mark stands before a line that would be a command if it came back without its quote mark. It is none of the bullets
// that people put before the lines of a list, which command skips.
const mark = "»"

// verbWords are the words that a verb of the language begins with.
var verbWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, e := range command.Table() {
		for _, name := range append([]string{string(e.Verb)}, e.Aliases...) {
			word, _, _ := strings.Cut(name, " ")
			word, _, _ = strings.Cut(word, "-")
			out[word] = true
		}
	}
	return out
})

// bareWord is a word as it is looked up: in lower case, without the marks around it and what follows a hyphen.
func bareWord(w string) string {
	w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	w, _, _ = strings.Cut(w, "-")
	return w
}

// risky reports whether a line that begins with words[i] may be read as VERB …, or NUMBER VERB ….
func risky(words []string, i int) bool {
	w := bareWord(words[i])
	if w != "" && strings.Trim(w, "0123456789") == "" {
		return i+1 < len(words) && verbWords()[bareWord(words[i+1])]
	}
	return verbWords()[w]
}

// isCommand reports whether the owner's language takes a line for a command, in a mail about one contact or in another.
// A few letters, as in "2 b", may pick a time without any verb.
func isCommand(l string) bool {
	words := strings.Fields(l)
	if len(l) > 8 && !slices.ContainsFunc(words, func(w string) bool { return verbWords()[bareWord(w)] }) {
		return false
	}
	return parses(l, false) || parses(l, true)
}

func parses(l string, about bool) bool {
	o := command.Options{Now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), Zone: time.UTC, About: about}
	return command.Understands(l, o)
}

var margin = regexp.MustCompile(`^\s*(?:\d+\s+|[·–]\s+)?`)

// guard marks each line of the text part that would be a command. What may be typed stands behind "reply:", and a mail's
// words behind bars, which no command begins with.
func guard(text string) string {
	var b strings.Builder
	for l := range strings.SplitAfterSeq(text, "\n") {
		t := strings.TrimSpace(l)
		if strings.HasPrefix(t, "|") || strings.HasPrefix(t, "reply:") || !isCommand(t) {
			b.WriteString(l)
			continue
		}
		at := len(margin.FindString(l))
		b.WriteString(l[:at] + mark + nbsp + l[at:])
	}
	return b.String()
}

// safe is guard for one text of the HTML: some mail programs quote it as bare text.
func safe(s string) string {
	if isCommand(s) {
		return mark + nbsp + s
	}
	return s
}
