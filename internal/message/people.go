package message

import (
	"strings"
)

// ParsePeople reads the value of an address field (RFC 5322 section 3.4): mailboxes and groups, with comments, obsolete
// routes, encoded words, and what mailers write instead: unquoted commas, dots and addresses in display names, semicolons
// as separators, missing brackets. Mailboxes without a usable address are left out. An address that stands in a display
// name is never taken for the address.
func ParsePeople(value string) []Person { return parsePeople(value, "") }

func parsePeople(value, hint string) []Person {
	var people []Person
	var before []string // pieces of a display name with unquoted commas
	for _, m := range splitMailboxes(value) {
		if !m.angle && !strings.Contains(m.plain, "@") {
			if name := strings.TrimSpace(m.name); name != "" && !m.last {
				before = append(before, name)
			} else {
				before = nil
			}
			continue
		}
		spec, name := bareSpec(m.plain)
		if m.angle {
			spec = m.spec
			name = strings.Join(append(before, m.name), ", ")
		}
		before = nil
		if name == "" {
			name = m.comment
		}
		addr, err := ParseAddress(tidySpec(spec))
		if err != nil {
			continue
		}
		people = append(people, Person{Name: displayName(name, hint), Address: addr})
	}
	return people
}

// bareSpec takes apart a mailbox without brackets: an address, or a name and an address behind it.
func bareSpec(plain string) (spec, name string) {
	if sp := strings.LastIndexAny(plain, " \t"); sp >= 0 && strings.Count(plain, "@") == 1 {
		if _, err := ParseAddress(plain[sp+1:]); err == nil {
			return plain[sp+1:], unquote(strings.ReplaceAll(plain[:sp], `"`, ""))
		}
	}
	return plain, ""
}

// displayName decodes a name and takes the quotes away that some mailers put within the quotes.
func displayName(name, hint string) string {
	return withoutQuotes(cleanName(decodeWords(name, hint)))
}

func withoutQuotes(name string) string {
	for _, q := range []string{`'`, `"`} {
		if len(name) > 2 && strings.HasPrefix(name, q) && strings.HasSuffix(name, q) {
			name = strings.TrimSpace(name[1 : len(name)-1])
		}
	}
	return name
}

// tidySpec takes from an addr-spec what RFC 5322 section 4.4 allowed once (routes, white space around dots) and what is
// pasted along with it.
func tidySpec(spec string) string {
	spec = strings.TrimSpace(spec)
	if strings.HasPrefix(spec, "@") { // <@relay,@relay:jane@example.org>
		if colon := strings.IndexByte(spec, ':'); colon >= 0 {
			spec = spec[colon+1:]
		}
	}
	if len(spec) > 7 && strings.EqualFold(spec[:7], "mailto:") {
		spec = spec[7:]
	}
	if len(spec) > 2 && spec[0] == '\'' && spec[len(spec)-1] == '\'' {
		spec = spec[1 : len(spec)-1]
	}
	spec = strings.TrimSpace(spec)
	if strings.ContainsAny(spec, " \t") && !strings.HasPrefix(spec, `"`) {
		for _, c := range []string{"@", "."} {
			pieces := strings.Split(spec, c)
			for i := range pieces {
				pieces[i] = strings.Trim(pieces[i], " \t")
			}
			spec = strings.Join(pieces, c)
		}
	}
	return spec
}

// mailbox is what stands between two separators of an address field.
type mailbox struct {
	name    string // text outside brackets, quotes undone
	plain   string // the same with quotes left in: an addr-spec without brackets
	spec    string // within the last brackets
	comment string
	angle   bool
	last    bool // the separator behind it ends a list, or nothing follows
}

// splitMailboxes cuts an address field in one pass. A quote that does not end is left out, a comment that
// does not is plain text.
func splitMailboxes(s string) []mailbox {
	var list []mailbox
	var name, plain, comment strings.Builder
	var m mailbox
	noQuote, noComment, at := false, false, false
	group := strings.IndexByte(s, ';') >= 0
	end := func(last bool) {
		m.name, m.plain, m.comment, m.last = strings.TrimSpace(name.String()), strings.TrimSpace(plain.String()), comment.String(), last
		if m.plain != "" || m.angle {
			list = append(list, m)
		}
		m, at = mailbox{}, false
		name.Reset()
		plain.Reset()
		comment.Reset()
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"':
			if noQuote {
				continue
			}
			if close := closingQuote(s, i+1); close >= 0 {
				name.WriteString(unquote(s[i+1 : close]))
				plain.WriteString(s[i : close+1])
				i = close
			} else {
				noQuote = true
			}
			continue
		case c == '(' && !noComment:
			if close := closingComment(s, i+1); close >= 0 {
				if comment.Len() > 0 {
					comment.WriteByte(' ')
				}
				comment.WriteString(unquote(s[i+1 : close]))
				i = close
				continue
			}
			noComment = true
		case c == '<':
			if m.angle { // an earlier pair was part of the name
				name.WriteString("<" + m.spec + ">")
			}
			close, found := closingAngle(s, i+1)
			m.spec, m.angle = withoutComments(s[i+1:close]), true
			i = close - 1
			if found {
				i = close
			}
			continue
		case c == '=' && strings.HasPrefix(s[i:], "=?"):
			if n := wordLength(s[i:]); n > 0 {
				name.WriteString(s[i : i+n])
				plain.WriteString(s[i : i+n])
				i += n - 1
				continue
			}
		case c == ',':
			end(false)
			continue
		case c == ';':
			end(true)
			continue
		case c == ':' && group && !m.angle && !at:
			m = mailbox{} // the name of a group
			name.Reset()
			plain.Reset()
			continue
		case c == '@':
			at = true
		}
		name.WriteByte(c)
		plain.WriteByte(c)
	}
	end(true)
	return list
}

// wordLength measures the encoded word at the start of s, so that what is in it separates nothing; 0 if it is none.
func wordLength(s string) int {
	const longest = 1000 // far more than the 75 of RFC 2047 section 2
	s = s[:min(len(s), longest)]
	if end := strings.IndexAny(s, " \t<>\"@"); end >= 0 {
		s = s[:end]
	}
	if !strings.Contains(s, "?=") {
		return 0
	}
	_, n := parseWord(s, true)
	return n
}

func closingQuote(s string, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func closingComment(s string, i int) int {
	depth := 1
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// closingAngle finds the end of an address in brackets. Where the closing one is missing, the address ends at the next
// separator or bracket.
func closingAngle(s string, i int) (end int, found bool) {
	separator := -1
	for ; i < len(s); i++ {
		switch s[i] {
		case '"':
			if close := closingQuote(s[:min(len(s), i+maxAddress)], i+1); close >= 0 {
				i = close
			}
		case '>':
			return i, true
		case ',', ';':
			if separator < 0 {
				separator = i
			}
		}
		if s[i] == '<' {
			break
		}
	}
	if separator >= 0 {
		return separator, false
	}
	return min(i, len(s)), false
}

func unquote(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func withoutComments(s string) string {
	for len(s) < 4*maxAddress && strings.Contains(s, "(") && !strings.HasPrefix(s, `"`) {
		open := strings.IndexByte(s, '(')
		close := closingComment(s, open+1)
		if close < 0 {
			break
		}
		s = s[:open] + s[close+1:]
	}
	return s
}
