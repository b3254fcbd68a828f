package command

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"askwell/internal/message"
)

// form is how WHO is written.
type form uint8

const (
	formNone form = iota
	formNumber
	formAddress
	formName
)

// subject is one way to read a WHO at the start of a text.
type subject struct {
	who   []Who
	form  form
	known bool   // a name that Known accepts, or a name in quotation marks
	rest  string // what follows
	sep   bool   // a colon, a comma or a dash stood behind it
}

var errTooMany = errors.New("more than " + strconv.Itoa(maxNumbers) + " contacts in one line")

// listing says how freely several numbers may be written, by what can follow them.
type listing uint8

const (
	tight  listing = iota // 1,3,5-7: text follows
	loose                 // 1, 3: a time follows
	spaced                // 1 3 and 5: a verb or nothing follows
)

// exact reads a WHO that needs no guess: numbers, an address, a name in quotation marks. The more likely reading comes
// first.
func (g *grammar) exact(s string, how listing) ([]subject, error) {
	s = strings.TrimLeft(s, " ")
	if after, ok := cutPrefixWord(s, "no.", "nr.", "nr", "number", "item", "contact"); ok && after != "" && '1' <= after[0] && after[0] <= '9' {
		s = after
	}
	list, ends, err := numbers(s, how)
	if err != nil {
		return nil, err
	}
	var out []subject
	if len(list) > 0 {
		out = append(out, numberSubject(s, list, ends[len(ends)-1]))
		if len(ends) > 1 && how == loose && strings.HasPrefix(s[ends[0]:], ", ") { // "snooze 2, 3 weeks"
			out = append(out, numberSubject(s, list[:1], ends[0]))
		}
		return out, nil
	}
	if whos, rest, ok := addresses(s); ok {
		return []subject{{who: whos, form: formAddress, known: true, rest: rest, sep: separated(rest)}}, nil
	}
	if m := quotedName.FindStringSubmatch(s); m != nil {
		name := strings.TrimSpace(strings.Trim(m[0], "\"'“”„«»‘’ "))
		rest := s[len(m[0]):]
		if name != "" && wordEnds(rest) {
			return []subject{{
				who: []Who{{Name: name, Text: m[0]}}, form: formName, known: true, rest: rest, sep: separated(rest),
			}}, nil
		}
	}
	return nil, nil
}

var quotedName = regexp.MustCompile(`^(?:"[^"]{1,60}"|“[^”]{1,60}”|„[^“”]{1,60}[“”]|«[^»]{1,60}»|'[^']{1,60}')`)

func numberSubject(s string, list []int, end int) subject {
	sub := subject{form: formNumber, known: true, rest: s[end:], sep: separated(s[end:])}
	for _, n := range list {
		w := Who{Number: n}
		if len(list) == 1 {
			w.Text = strings.Trim(s[:end], "([ ")
		} else {
			w.Text = strconv.Itoa(n)
		}
		sub.who = append(sub.who, w)
	}
	return sub
}

// separated tells whether s starts with a mark that ends a WHO.
func separated(s string) bool {
	s = strings.TrimLeft(s, " ")
	return strings.HasPrefix(s, ":") || strings.HasPrefix(s, ",") || hasDash(s)
}

// numbers reads "2", "#2", "1,3,5-7" at the start of s. It returns the numbers in order, each once, and the offsets in s
// after the first group and after the last.
func numbers(s string, how listing) (list []int, ends []int, err error) {
	i := len(s) - len(strings.TrimLeft(s, "(["))
	bracket := i > 0
	for first := true; ; first = false {
		n, end := number(s, i)
		if n == 0 {
			break
		}
		last := n
		if j := dashAt(s, end, how); j > 0 {
			if m, e := number(s, j); m > n {
				last, end = m, e
			}
		}
		if len(list)+last-n+1 > maxNumbers {
			return nil, nil, errTooMany
		}
		for k := n; k <= last; k++ {
			if !slices.Contains(list, k) {
				list = append(list, k)
			}
		}
		if first {
			ends = append(ends, end)
		} else {
			ends = append(ends[:1], end)
		}
		if i = nextNumber(s, end, how); i < 0 {
			break
		}
	}
	if bracket && len(ends) > 0 {
		last := &ends[len(ends)-1]
		*last += len(s[*last:]) - len(strings.TrimLeft(s[*last:], ")]"))
	}
	return list, ends, nil
}

// number reads one number of a mail at s[i:]: 1 to 9999, and nothing that is part of a date, a time or an amount.
func number(s string, i int) (n, end int) {
	if i < len(s) && s[i] == '#' {
		i++
	}
	j := i
	for j < len(s) && '0' <= s[j] && s[j] <= '9' {
		j++
	}
	if j == i || j-i > 4 || s[i] == '0' {
		return 0, 0
	}
	n, _ = strconv.Atoi(s[i:j])
	r, size := utf8.DecodeRuneInString(s[j:])
	if size == 0 {
		return n, j
	}
	next, _ := utf8.DecodeRuneInString(s[j+size:])
	switch {
	case strings.ContainsRune(" ;)]!&+", r):
		return n, j
	case strings.ContainsRune(".:", r) && !unicode.IsDigit(next) && (r == ':' || !unicode.IsLetter(next)),
		strings.ContainsRune(",-–", r) && !unicode.IsLetter(next):
		return n, j
	}
	return 0, 0
}

// dashAt returns where the second number of a range would start, 0 if there is no dash.
func dashAt(s string, i int, how listing) int {
	j := i
	if how == spaced {
		j += len(s[j:]) - len(strings.TrimLeft(s[j:], " "))
	}
	for _, d := range []string{"-", "–", "—"} {
		if strings.HasPrefix(s[j:], d) {
			j += len(d)
			if how == spaced {
				j += len(s[j:]) - len(strings.TrimLeft(s[j:], " "))
			}
			return j
		}
	}
	return 0
}

// nextNumber returns where a further number of the list would start, -1 if the list ends.
func nextNumber(s string, i int, how listing) int {
	skip := func(set string) bool {
		n := len(s[i:]) - len(strings.TrimLeft(s[i:], set))
		i += n
		return n > 0
	}
	before := skip(" ")
	sep := skip(",&+;")
	if after := skip(" "); how == tight && (before || after) {
		return -1
	}
	if rest, ok := cutPrefixWord(s[i:], "and", "und", "et", "y"); ok && (how == spaced || sep) {
		i = len(s) - len(rest)
		sep = true
	}
	if n, _ := number(s, i); n == 0 || (!sep && how != spaced) {
		return -1
	}
	return i
}

var namedAddress = regexp.MustCompile(`^("[^"]{1,80}"|[^<>@:;"]{0,80}?) ?<([^<>\s]+@[^<>\s]+)>`)

// addresses reads one address, `Name <address>`, or several addresses with commas between them.
func addresses(s string) ([]Who, string, bool) {
	var out []Who
	rest := s
	for len(out) < maxNumbers {
		w, after, ok := address(rest)
		if !ok {
			break
		}
		out, rest = append(out, w), after
		next := strings.TrimLeft(after, " ")
		if next == "" || !strings.ContainsRune(",;&", rune(next[0])) {
			break
		}
		next = strings.TrimLeft(next[1:], " ")
		if _, _, ok := address(next); !ok {
			break
		}
		rest = next
	}
	return out, rest, len(out) > 0
}

// address reads an address at the start of s.
func address(s string) (Who, string, bool) {
	if m := namedAddress.FindStringSubmatch(s); m != nil && len(strings.Fields(m[1])) <= 6 {
		if _, verb := verbAt(m[1]); !verb {
			if a, err := message.ParseAddress(m[2]); err == nil {
				return Who{Address: a, Text: m[0]}, s[len(m[0]):], true
			}
		}
	}
	t := strings.TrimPrefix(s, "mailto:")
	end := strings.IndexAny(t, " <>,;:\"()[]")
	if end < 0 {
		end = len(t)
	}
	tok := strings.TrimRight(t[:end], ".!?'")
	if !strings.Contains(tok, "@") {
		return Who{}, "", false
	}
	a, err := message.ParseAddress(tok)
	if err != nil {
		return Who{}, "", false
	}
	return Who{Address: a, Text: tok}, t[len(tok):], true
}
