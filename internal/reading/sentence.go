package reading

import (
	"strings"
	"unicode"
)

// sentence is one of a text: folded words with single spaces around and between.
type sentence struct {
	words    string // " like this "
	from, to int    // in the text
	asks     bool   // it ends in a question mark
}

// sentences parts a text. A short line that is followed by a capital is one too.
func sentences(text string) []sentence {
	var out []sentence
	start := 0
	flush := func(end int, asks bool) {
		if w := bareWords(text[start:end]); w != " " {
			out = append(out, sentence{w, start, end, asks})
		} else if asks && len(out) > 0 {
			out[len(out)-1].asks = true
		}
		start = end
	}
	line := 0
	for i, r := range text {
		switch r {
		case '.', '!':
			if next := i + 1; next >= len(text) || text[next] == ' ' || text[next] == '\n' || text[next] == '\t' {
				flush(i+1, false)
			}
		case '?', '？', '。', '！', ';', '…':
			flush(i+len(string(r)), r == '?' || r == '？')
		case '\n':
			rest := strings.TrimLeft(text[i+1:min(len(text), i+12)], " \t")
			first, _ := firstRune(rest)
			if i-line < 48 || rest == "" || rest[0] == '\n' || rest[0] == '-' || rest[0] == '*' || unicode.IsUpper(first) && i-line < 60 {
				flush(i, false)
			}
			line = i
		}
	}
	flush(len(text), false)
	return out
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}

// bareWords folds a text to words with single spaces around them.
func bareWords(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(' ')
	gap := true
	for _, r := range fold(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' && !gap {
			b.WriteRune(r)
			gap = false
		} else if !gap {
			b.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		b.WriteByte(' ')
	}
	return b.String()
}

// says finds the first phrase of the list in the sentence, as whole words, unless
// a negation stands right before it. after lists words that spoil a phrase when
// they follow it.
func (s sentence) says(phrases []string, negatable bool, after map[string]bool) string {
	for _, p := range phrases {
		for from := 0; ; {
			i := strings.Index(s.words[from:], p)
			if i < 0 {
				break
			}
			at := from + i
			from = at + len(p) - 1
			if negatable && negatedBefore(s.words[:at+1]) {
				continue
			}
			if after != nil && after[firstField(s.words[at+len(p)-1:])] {
				continue
			}
			return strings.TrimSpace(p)
		}
	}
	return ""
}

func firstField(s string) string {
	s = strings.TrimLeft(s, " ")
	if before, _, ok := strings.Cut(s, " "); ok {
		return before
	}
	return s
}

var negations = wordSet("not don't won't can't cannot couldn't wouldn't isn't aren't never no dont cant wont nicht kein keine pas ne no nunca niet geen non nao nem hardly")

// negatedBefore looks at the last three words before a phrase.
func negatedBefore(s string) bool {
	words := strings.Fields(s)
	for k := len(words) - 1; k >= 0 && k >= len(words)-3; k-- {
		if negations[words[k]] {
			return true
		}
		if clauseWords[words[k]] || words[k] == "problem" {
			return false
		}
	}
	return false
}

// has reports one of the phrases in the sentence.
func (s sentence) has(phrases []string) bool { return containsAny(s.words, phrases) }

func (s sentence) conditional() bool {
	return s.has([]string{" if you ", " if that ", " if it ", " if this ", " falls ", " wenn du ", " wenn sie ", " wenn es ", " si vous ", " si tu ", " si no ", " se voce "}) && !s.has([]string{" let me know if ", " if you like ", " if you want ", " if that helps ", " if that works ", " if that suits ", " if it helps ", " if it works "})
}

func (s sentence) startsYes() bool {
	w := firstField(s.words)
	return w == "yes" || w == "sure" || w == "ja" || w == "oui" || w == "si" || w == "sim" || w == "okidiom"
}
