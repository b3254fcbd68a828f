package command

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// matchWords matches pattern (ASCII, lower case) at the start of s without regard to case. A space matches spaces or a
// hyphen, an apostrophe the typographic one or none. It returns the length of what matched in s.
func matchWords(s, pattern string) (int, bool) {
	i := 0
	for _, p := range []byte(pattern) {
		switch p {
		case ' ':
			n := len(s[i:]) - len(strings.TrimLeft(s[i:], " \t"))
			if n == 0 && strings.HasPrefix(s[i:], "-") {
				n = 1
			}
			if n == 0 {
				return 0, false
			}
			i += n
		case '\'':
			for _, a := range []string{"'", "’", "´", "`"} {
				if strings.HasPrefix(s[i:], a) {
					i += len(a)
					break
				}
			}
		default:
			if i >= len(s) || lower(s[i]) != p {
				return 0, false
			}
			i++
		}
	}
	return i, true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// wordEnds tells whether a word can end where s goes on.
func wordEnds(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || unicode.IsSpace(r) {
		return true
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
		return false
	}
	next, m := utf8.DecodeRuneInString(s[n:])
	alnum := m > 0 && (unicode.IsLetter(next) || unicode.IsDigit(next))
	switch r {
	case '@', '/', '\\', '=', '&', '%':
		return false
	case '.', '-', '+', '_', '\'', '’', '–':
		return !alnum
	}
	return true
}

var (
	linkedAddress = regexp.MustCompile(`([^\s<>()\[\]:;,]+@[^\s<>()\[\]:;,]+) ?[<\[(]mailto:[^>\])]*[>\])]`)
	markdownLink  = regexp.MustCompile(`\[([^\[\]]+)\]\(mailto:[^()\s]+\)`)
	mailtoAddress = regexp.MustCompile(`<mailto:([^>?\s]+)(\?[^>]*)?>`)
	doubledURL    = regexp.MustCompile(`(https?://[^\s<>]+) ?<(https?://[^\s<>]+)>`)
)

// clean takes away what mail programs put into a line: odd spaces, invisible characters, links written twice.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t', unicode.Is(unicode.Zs, r):
			return ' '
		case r == utf8.RuneError:
			return '\uFFFD'
		case unicode.Is(unicode.Cf, r) && r != '\u200d', unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	if strings.Contains(s, "mailto:") {
		s = linkedAddress.ReplaceAllString(s, "$1")
		s = markdownLink.ReplaceAllString(s, "$1")
		s = mailtoAddress.ReplaceAllString(s, "<$1>")
	}
	if strings.Contains(s, "://") {
		s = doubledURL.ReplaceAllStringFunc(s, func(m string) string {
			p := doubledURL.FindStringSubmatch(m)
			if strings.TrimSuffix(p[1], "/") == strings.TrimSuffix(p[2], "/") {
				return p[1]
			}
			return m
		})
	}
	return strings.TrimSpace(s)
}

// bullet takes a list mark off the start of a line, and quotation marks off both its ends.
func bullet(s string) string {
	for _, b := range []string{"-", "*", "•", "·", "–", "—", "+", "o", "→", ">>"} {
		if rest, ok := strings.CutPrefix(s, b+" "); ok {
			s = strings.TrimLeft(rest, " ")
			break
		}
	}
	return unquote(s)
}

// unquote takes one pair of quotation marks off a text that has no other.
func unquote(s string) string {
	for _, q := range []string{`""`, "''", "“”", "„“", "‘’", "«»", "``", "**", "__"} {
		open, n := utf8.DecodeRuneInString(q)
		end, m := utf8.DecodeRuneInString(q[n:])
		if len(s) < n+m || !strings.HasPrefix(s, string(open)) || !strings.HasSuffix(s, string(end)) {
			continue
		}
		if inner := s[n : len(s)-m]; !strings.ContainsRune(inner, open) && !strings.ContainsRune(inner, end) {
			return strings.TrimSpace(inner)
		}
	}
	return s
}

// tidy takes separators off the start of what follows a verb or a WHO.
func tidy(s string) string {
	for {
		s = strings.TrimSpace(s)
		switch {
		case s == "":
			return ""
		case strings.ContainsRune(":,;.!?)]=", rune(s[0])) && (len(s) == 1 || s[0] != '.' || s[1] == ' '):
			s = s[1:]
		case hasDash(s):
			_, s, _ = strings.Cut(s, " ")
		case strings.Trim(s, "-–—*_\"'“”»") == "":
			return ""
		default:
			return unquote(s)
		}
	}
}

// word is a piece of a text between spaces.
type word struct{ from, to int }

// fields returns the first max words of s.
func fields(s string, limit int) []word {
	var out []word
	for i := 0; i < len(s) && len(out) < limit; {
		if s[i] == ' ' {
			i++
			continue
		}
		j := strings.IndexByte(s[i:], ' ')
		if j < 0 {
			j = len(s) - i
		}
		out = append(out, word{i, i + j})
		i += j
	}
	return out
}

// bareWord is a word in lower case without the punctuation around it.
func bareWord(s string) string {
	return strings.ToLower(strings.Trim(s, ".,:;!?()[]\"'*_“”„‘’«»`"))
}

// short cuts a text for a message.
func short(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return strings.TrimSpace(string(r[:limit-1])) + "…"
}

// cutPrefixWord takes one of the given words off the start of s.
func cutPrefixWord(s string, words ...string) (string, bool) {
	for _, w := range words {
		if n, ok := matchWords(s, w); ok && (n == len(s) || s[n] == ' ') {
			return strings.TrimLeft(s[n:], " "), true
		}
	}
	return s, false
}
