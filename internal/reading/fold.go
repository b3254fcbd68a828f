package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold lower-cases, drops the accents of Latin and Greek letters, makes every
// apostrophe the plain one and every decimal digit 0 to 9, and leaves out what is
// not seen (marks of writing direction, joiners).
func fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c == '`' || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			if r == '`' {
				r = '\''
			}
			b.WriteByte(byte(r))
			continue
		}
		r = unicode.ToLower(r)
		switch p, known := plainLetters[r]; {
		case known:
			b.WriteString(p)
		case unicode.Is(unicode.Mn, r) || unseenRune(r):
		case unicode.Is(unicode.Nd, r):
			b.WriteByte('0' + digitOf(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plainLetters gives the plain spelling of lower-case letters.
var plainLetters = func() map[rune]string {
	t := map[rune]string{}
	for row := range strings.FieldsSeq("a:àáâãäåāăąǎạảấầẩẫậắằẳẵặ ae:æ c:çćčĉċ d:ďđð e:èéêëěęēĕėẹẻẽếềểễệ g:ğģĝġ h:ĥħ i:ìíîïīıįĩỉị j:ĵ k:ķ l:łľļĺ n:ñńňņ o:òóôõöøőōŏơọỏốồổỗộớờởỡợ oe:œ r:řŕŗ " +
		"s:šśşșŝ ss:ß t:ťţțŧ th:þ u:ùúûüůűūŭųũưụủứừửữự w:ŵ y:ýÿŷỳỵỷỹ z:žźż ':’ʼ‘´′ α:ά ε:έ η:ή ι:ίϊΐ ο:ό υ:ύϋΰ ω:ώ σ:ς") {
		plain, letters, _ := strings.Cut(row, ":")
		for _, r := range letters {
			t[r] = plain
		}
	}
	return t
}()

// unseenRune reports what has neither ink nor width.
func unseenRune(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff, r == 0xad:
		return true
	}
	return false
}

// digitOf is the value of a decimal digit: those of one script follow each other.
func digitOf(r rune) byte {
	zero := r
	for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return byte(r - zero)
}
