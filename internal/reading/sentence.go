package reading

import (
	"strings"
	"unicode"

	"askwell/internal/message"
)

// sentence is one of a text: folded words with single spaces around and between.
type sentence struct {
	toks     []string // its words, as plain leaves them
	words    string   // " the same "
	from, to int      // in the text
	asks     bool     // it ends in a question mark
}

// sentences parts a text. A short line that is followed by a capital is one too.
func sentences(text string) []sentence {
	var out []sentence
	start := 0
	flush := func(end int, asks bool) {
		if toks := calm(plain(strings.Fields(bareWords(text[start:end])))); len(toks) > 0 {
			out = append(out, sentence{toks, " " + strings.Join(toks, " ") + " ", start, end, asks})
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

// says finds a pattern in the sentence, unless a negation stands right before it.
// after lists words that spoil it when they follow.
func (s sentence) says(ps patterns, negatable bool, after map[string]bool) string {
	from, to, ok := ps.find(s.toks, func(from, to int) bool {
		return !(negatable && negatedBefore(s.toks[:from])) && !(to < len(s.toks) && after[s.toks[to]])
	})
	if !ok {
		return ""
	}
	return strings.Join(s.toks[from:to], " ")
}

func firstField(s string) string {
	s = strings.TrimLeft(s, " ")
	if before, _, ok := strings.Cut(s, " "); ok {
		return before
	}
	return s
}

var negations = wordSet("not don't won't can't cannot couldn't wouldn't isn't aren't never no dont cant wont nicht kein keine pas ne no nunca niet geen non nao nem hardly doubt")

// negatedBefore looks at the last three words before a phrase.
func negatedBefore(words []string) bool {
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

// conditional reports a sentence that hangs on something of the writer's own: "if I
// find the time". What hangs on what was asked ("if it takes 20 minutes") is said.
func (s sentence) conditional() bool {
	return s.has(conditionals) && !s.has(politeIfs)
}

var conditionals = said("if i|if i'm|if i had|if i could|if only|if we|if my|if there|if things|falls ich|wenn ich|si je|si puedo|si tengo|se io|se posso|se eu|als ik|unless")

var politeIfs = said("if i may|if i can help|if i can be|if i understand|if i remember|if i recall|if i'm not mistaken|if we can keep|if we keep|if i get")

// hangs reports a no that hangs on something: "if you are looking for a job, not
// interested".
func (s sentence) hangs() bool {
	return s.conditional() || s.has(otherIfs) && !s.has(politeOtherIfs)
}

var otherIfs = said("if you|if your|if that|if it|if it's|if this|falls|wenn du|wenn sie|wenn es|si vous|si tu|si no|se voce|if not")

var politeOtherIfs = said("let me know if|if you like|if you want|if that helps|if that works|if that suits|if it helps|if it works|if you don't mind|if you need|if you ask me|if you have")

// startsYes reports a sentence that begins by agreeing.
func (s sentence) startsYes() bool {
	switch s.toks[0] {
	case "yes", "sure", "ja", "oui", "si", "sim", "okidiom":
		return true
	}
	return false
}

// ofOneself reports a sentence in which the writer stands, or that begins by agreeing.
func (s sentence) ofOneself() bool {
	if s.startsYes() {
		return true
	}
	for _, w := range s.toks {
		switch w {
		case "i", "i'm", "i'd", "i'll", "i've", "we", "we'd", "we'll", "we're", "my", "me", "us", "happy", "glad", "ich", "wir", "je", "nous", "io", "yo", "ik", "eu", "gern", "gerne", "okidiom":
			return w != "my" && w != "me" && w != "us"
		}
	}
	return false
}

// requests reports a question that asks for something to be done: "Can you take me off
// this list?"
func (s sentence) requests() bool {
	if len(s.toks) < 3 {
		return false
	}
	switch s.toks[0] {
	case "can", "could", "would", "will", "please", "konnen", "konnten", "wurden", "pouvez", "pourriez", "puede", "podria", "puo", "potrebbe", "kunt", "pode", "poderia":
		return true
	}
	return false
}

// clauses parts a sentence at "but" and the like. Each asks as the sentence does.
func (s sentence) clauses() []sentence {
	var out []sentence
	start := 0
	add := func(end int) {
		if end > start {
			toks := s.toks[start:end:end]
			out = append(out, sentence{toks, " " + strings.Join(toks, " ") + " ", s.from, s.to, s.asks})
		}
	}
	for i, w := range s.toks {
		if clauseWords[w] {
			add(i)
			start = i + 1
		}
	}
	if start == 0 {
		return []sentence{s}
	}
	add(len(s.toks))
	return out
}

// withoutFields blanks the header fields of a mail passed on: nobody said them.
func withoutFields(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	p := &page{lines: strings.Split(text, "\n")}
	changed := false
	for i := 0; i < len(p.lines); i++ {
		line := strings.TrimSpace(p.lines[i])
		k := 0
		if isForwardMark(line) || isOriginalMark(line) {
			k = 1
		} else if line != "" {
			k = p.headerBlock(i)
		}
		for j := i; j < i+k; j++ {
			p.lines[j] = strings.Repeat(" ", len(p.lines[j]))
			changed = true
		}
		i += max(k-1, 0)
	}
	if !changed {
		return text
	}
	return strings.Join(p.lines, "\n")
}

// withoutSignoff blanks the name with which a letter ends, and the words above it:
// Jan is no month there, and April none.
func withoutSignoff(text string, m *message.Message) string {
	end := len(strings.TrimRight(text, " \n\t"))
	start := strings.LastIndexByte(text[:end], '\n') + 1
	line := strings.TrimSpace(text[start:end])
	if start == 0 || !isName(line) || len(strings.Fields(line)) > 3 {
		return text
	}
	above := strings.TrimRight(text[:start], " \n\t")
	closing := isClosing(strings.TrimSpace(above[strings.LastIndexByte(above, '\n')+1:]))
	known := false
	word := fold(strings.Trim(strings.Fields(line)[0], ".,-–—!*_"))
	for _, p := range m.From {
		known = known || word != "" && (strings.Contains(fold(p.Name), word) || strings.Contains(fold(p.Address.Local()), word))
	}
	if !closing && !known {
		return text
	}
	return text[:start] + strings.Repeat(" ", end-start) + text[end:]
}
