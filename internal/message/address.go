package message

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Address is a normalised addr-spec (RFC 5322 section 3.4.1): the domain is in lower case and ASCII, the local part as
// written.
// Use Key to compare two of them or to index by them.
type Address string

const maxAddress = 254 // RFC 5321 section 4.5.3.1.3, less the angle brackets

// ParseAddress reads one addr-spec without display name. It accepts internationalised addresses (RFC 6531) and
// refuses control characters, white space outside quotes, and whatever is longer than 254 bytes.
func ParseAddress(s string) (Address, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") && len(s) > 2 {
		s = s[1 : len(s)-1]
	}
	if len(s) > maxAddress {
		return "", errors.New("parse address: longer than 254 bytes")
	}
	if !utf8.ValidString(s) {
		return "", errors.New("parse address: not UTF-8")
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return "", fmt.Errorf("parse address %q: a control character in it", s)
		}
	}
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 {
		return "", fmt.Errorf("parse address %q: want name@domain", s)
	}
	local, domain := s[:at], strings.TrimSuffix(strings.ToLower(s[at+1:]), ".")
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil && !isASCII(domain) {
		domain = ascii // one domain, one form (RFC 5891), and no SMTPUTF8 needed for it
	}
	if !validLocal(local) {
		return "", fmt.Errorf("parse address %q: what stands before the @ is no mailbox name", s)
	}
	if !validDomain(domain) {
		return "", fmt.Errorf("parse address %q: what stands behind the @ is no domain", s)
	}
	return Address(unquoteLocal(local) + "@" + domain), nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// atext tells whether r may stand in an unquoted local part (RFC 5322 section 3.2.3, RFC 6532 section 3.2).
func atext(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	case r < 0x80:
		return strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
	return r != utf8.RuneError && !unicode.IsSpace(r) && unicode.IsPrint(r)
}

// validLocal accepts a dot-atom, or a quoted string. Dots in odd places are let through: some providers gave such
// addresses to people, and they can be written to.
func validLocal(local string) bool {
	if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
		inner := local[1 : len(local)-1]
		for i := 0; i < len(inner); i++ {
			switch inner[i] {
			case '"', '<', '>': // brackets are allowed in quotes, and in no address that anybody has
				return false
			case '\\':
				i++
				if i == len(inner) {
					return false
				}
			}
		}
		return inner != ""
	}
	dots := 0
	for _, r := range local {
		if r == '.' {
			dots++
		} else if !atext(r) {
			return false
		}
	}
	return dots < len(local)
}

// unquoteLocal takes needless quotes away, so that one mailbox has one form.
func unquoteLocal(local string) string {
	if local[0] != '"' {
		return local
	}
	inner := local[1 : len(local)-1]
	if strings.HasPrefix(inner, ".") || strings.HasSuffix(inner, ".") || strings.Contains(inner, "..") {
		return local
	}
	for _, r := range inner {
		if r != '.' && !atext(r) {
			return local
		}
	}
	return inner
}

func validDomain(domain string) bool {
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") {
		for _, r := range domain[1 : len(domain)-1] {
			if r <= ' ' || r >= 0x7f || strings.ContainsRune(`[]\<>"(),;@`, r) {
				return false
			}
		}
		return len(domain) > 2
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r < 0x80 {
				if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
					return false
				}
			} else if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return true
}

// Domain returns what stands behind the @.
func (a Address) Domain() string { return string(a[strings.LastIndexByte(string(a), '@')+1:]) }

// Local returns what stands before the @.
func (a Address) Local() string {
	if at := strings.LastIndexByte(string(a), '@'); at >= 0 {
		return string(a[:at])
	}
	return string(a)
}

// Key returns the address in lower case. Two addresses with one key are one mailbox for us, though RFC 5321 section
// 2.4 would let a server tell them apart: none that matters does.
func (a Address) Key() Address { return Address(strings.ToLower(string(a))) }

// Plain returns Key without a +detail (RFC 5233).
func (a Address) Plain() Address {
	k := a.Key()
	local := k.Local()
	if plus := strings.IndexByte(local, '+'); plus > 0 && local[0] != '"' {
		return Address(local[:plus] + "@" + k.Domain())
	}
	return k
}

// String returns the person as a header field may carry it: the name quoted or encoded (RFC 2047), control characters
// taken out, so that no name can add a field or an address.
func (p Person) String() string {
	name := cleanName(p.Name)
	addr := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '<' || r == '>' {
			return -1
		}
		return r
	}, string(p.Address))
	switch {
	case name == "":
		return addr
	case addr == "":
		return quoteName(name)
	}
	return quoteName(name) + " <" + addr + ">"
}

// cleanName makes white space of control characters, joins runs of it, and drops what turns the direction of writing, with
// which a name can be made to look like another.
func cleanName(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\u2028' || r == '\u2029'
	}), " ")
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
}

// quoteName writes a clean name as an atom, a quoted string or encoded words. What looks like an encoded word is taken
// apart, for readers decode it even between quotes.
func quoteName(name string) string {
	name = strings.ReplaceAll(name, "=?", "= ?")
	plain := true
	for _, r := range name {
		if r >= 0x80 {
			return encodeWords(name)
		}
		plain = plain && (r == ' ' || atext(r))
	}
	if plain {
		return name
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}
