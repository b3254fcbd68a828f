package message

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FoldName is a name for comparing, never for showing: lower case, without accents, single spaces, and the letters that
// are no letter with an accent as they are written where a keyboard lacks them.
func FoldName(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if !unicode.IsMark(r) {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(unaccented.Replace(b.String())), " ")
}

var unaccented = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i", "’", "'")
