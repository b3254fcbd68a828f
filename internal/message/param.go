package message

import (
	"strconv"
	"strings"
)

const maxParams = 100

// parseParams reads the value of Content-Type or Content-Disposition: what stands first, in lower case, and the
// parameters, RFC 2231 continuations and charsets undone. Missing semicolons, unquoted spaces and quotes that do not end
// are survived.
func parseParams(s, hint string) (string, map[string]string) {
	first, rest, _ := strings.Cut(s, ";")
	first = strings.ToLower(strings.TrimSpace(first))
	if sp := strings.IndexAny(first, " \t"); sp >= 0 { // a semicolon forgotten: text/plain charset=utf-8
		rest = s[strings.IndexAny(strings.TrimLeft(s, " \t"), " \t")+len(s)-len(strings.TrimLeft(s, " \t")):]
		first = first[:sp]
	}
	params := map[string]string{}
	pieces := map[string]map[int]piece{}
	for count := 0; rest != "" && count < maxParams; count++ {
		var name, value string
		name, value, rest = nextParam(rest)
		if name == "" {
			continue
		}
		base, star, continued := strings.Cut(name, "*")
		if !continued {
			if _, seen := params[name]; !seen {
				params[name] = value
			}
			continue
		}
		number, encoded := strings.CutSuffix(star, "*")
		if star == "" { // name*=
			number, encoded = "0", true
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= maxParams {
			continue
		}
		if pieces[base] == nil {
			pieces[base] = map[int]piece{}
		}
		pieces[base][n] = piece{value, encoded}
	}
	for base, list := range pieces {
		params[base] = joinPieces(list, hint)
	}
	for name, value := range params {
		if _, done := pieces[name]; !done {
			params[name] = decodeWords(value, hint) // not allowed there, and common
		}
	}
	return first, params
}

// piece is one section of a parameter (RFC 2231 section 3).
type piece struct {
	value   string
	encoded bool
}

func joinPieces(list map[int]piece, hint string) string {
	charset := hint
	var all []byte
	for n := range len(list) {
		p, ok := list[n]
		if !ok {
			break
		}
		value := p.value
		if p.encoded {
			if parts := strings.SplitN(value, "'", 3); n == 0 && len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
			value = unpercent(value)
		}
		all = append(all, value...)
	}
	return toUTF8(all, charset)
}

func unpercent(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// nextParam takes one name=value from the front of s.
func nextParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, "; \t\r\n")
	end := strings.IndexAny(s, "=;")
	if end < 0 || s[end] == ';' {
		if end < 0 {
			return "", "", ""
		}
		return "", "", s[end+1:]
	}
	name = strings.ToLower(strings.TrimSpace(s[:end]))
	if sp := strings.LastIndexAny(name, " \t"); sp >= 0 {
		name = name[sp+1:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
				i++
				b.WriteByte(s[i])
			case s[i] == '"':
				return name, b.String(), s[i+1:]
			default:
				b.WriteByte(s[i])
			}
		}
		return name, b.String(), ""
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return name, strings.TrimSpace(s[:i]), s[i+1:]
		case ' ', '\t':
			// Another parameter begins here, if a name and an equals sign follow.
			j := i + 1
			for j < len(s) && (isAlnum(s[j]) || s[j] == '-' || s[j] == '*') {
				j++
			}
			if j > i+1 && j < len(s) && s[j] == '=' {
				return name, strings.TrimSpace(s[:i]), s[i:]
			}
			i = max(i, j-1)
		}
	}
	return name, strings.TrimSpace(s), ""
}

// fileName keeps of a file's name what can name a file: no folders, no control characters.
func fileName(s string) string {
	if cut := strings.LastIndexAny(s, `/\`); cut >= 0 {
		s = s[cut+1:]
	}
	s = cleanName(s)
	if len(s) > 255 {
		s = strings.ToValidUTF8(s[:255], "")
	}
	if s == "." || s == ".." {
		return ""
	}
	return s
}
