package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxJudged bounds the text that is judged: nobody proposes a time or says no
// after sixty thousand letters.
const maxJudged = 64 << 10

type tokKind uint8

const (
	tokWord tokKind = iota
	tokNumber
	tokPunct
	tokOther // addresses and links: never part of a phrase
)

// tok is one token of a text. Words are lower-cased and their accents folded, so
// that the tables need each word only once.
type tok struct {
	kind     tokKind
	space    bool // white space stands before it
	lines    int  // line ends before it: one may be a wrapped line, two part paragraphs
	from, to int
	w        string
	n        int
	digits   int
}

// tokenize splits text into words, numbers and single punctuation marks. Digits
// and letters are parted ("3pm" is two tokens), and so are elisions ("l'après").
func tokenize(text string) []tok {
	if len(text) > maxJudged {
		text = cutRunes(text, maxJudged)
	}
	toks := make([]tok, 0, len(text)/5+4)
	space, lines := true, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		start, first := i, len(toks)
		switch {
		case r == '\n':
			lines++
			i++
			space = true
			continue
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == '\u200e' || r == '\u200f':
			i += size
			space = true
			continue
		case r >= '0' && r <= '9':
			if space {
				if end := linkEnd(text, i); end > i {
					i = end
					toks = append(toks, tok{kind: tokOther, space: space, from: start, to: i})
					break
				}
			}
			n, digits := 0, 0
			for i < len(text) && text[i] >= '0' && text[i] <= '9' {
				if digits < 9 {
					n = n*10 + int(text[i]-'0')
				}
				digits++
				i++
			}
			toks = append(toks, tok{kind: tokNumber, space: space, from: start, to: i, n: n, digits: digits})
		case isHan(r):
			i += size
			toks = append(toks, tok{kind: tokWord, space: space, from: start, to: i, w: text[start:i]})
		case unicode.IsLetter(r):
			if end := linkEnd(text, i); end > i {
				i = end
				toks = append(toks, tok{kind: tokOther, space: space, from: start, to: i})
				break
			}
			i = wordEnd(text, i)
			toks = appendWord(toks, text, start, i, space)
		default:
			i += size
			toks = append(toks, tok{kind: tokPunct, space: space, from: start, to: i, w: text[start:i]})
		}
		if first < len(toks) {
			toks[first].lines = lines
		}
		space, lines = false, 0
	}
	return toks
}

// wordEnd finds the end of the word at i: letters, marks, and apostrophes between
// letters.
func wordEnd(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isHan(r):
			return i
		case unicode.IsLetter(r) || unicode.IsMark(r):
			i += size
		case r == '\'' || r == '’' || r == 'ʼ' || r == '`':
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if !unicode.IsLetter(next) {
				return i
			}
			i += size
		default:
			return i
		}
	}
	return i
}

// appendWord adds the word, parted at a Romance elision.
func appendWord(toks []tok, text string, from, to int, space bool) []tok {
	w := fold(text[from:to])
	if k := strings.IndexByte(w, '\''); k > 0 {
		switch w[:k] {
		case "l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "aujourd", "dell", "all", "nell", "dall", "sull", "quell":
			raw := strings.IndexAny(text[from:to], "'’ʼ`")
			_, size := utf8.DecodeRuneInString(text[from+raw:])
			toks = append(toks, tok{kind: tokWord, space: space, from: from, to: from + raw, w: w[:k]})
			return appendWord(toks, text, from+raw+size, to, false)
		}
	}
	return append(toks, tok{kind: tokWord, space: space, from: from, to: to, w: w})
}

// linkEnd returns the end of the link or address that starts at i, or i.
func linkEnd(text string, i int) int {
	end := i
	for end < len(text) && end-i < 512 && text[end] > ' ' {
		end++
	}
	chunk := text[i:end]
	if strings.Contains(chunk, "://") || strings.HasPrefix(chunk, "www.") {
		return end
	}
	if at := strings.IndexByte(chunk, '@'); at > 0 && strings.IndexByte(chunk[at:], '.') > 1 {
		return end
	}
	return i
}

func isHan(r rune) bool {
	return r >= 0x3040 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// cutRunes cuts s to at most n bytes without parting a letter.
func cutRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
