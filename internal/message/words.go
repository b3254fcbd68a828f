package message

import (
	"encoding/base64"
	"strings"
)

// word is an encoded word of RFC 2047 section 2, transfer encoding undone.
type word struct {
	charset string
	bytes   []byte
}

// decodeWords undoes the encoded words in a header value. It reads what RFC 2047 forbids and mailers write: characters
// split over two words, spaces within a word, words glued to text or without an end, and plain bytes in some charset, for
// which hint is the best guess.
func decodeWords(s, hint string) string {
	if !strings.Contains(s, "=?") {
		return toUTF8([]byte(s), hint)
	}
	var out strings.Builder
	var held word // words of one charset, joined before they are decoded
	holding := false
	flush := func() {
		if holding {
			out.WriteString(toUTF8(held.bytes, held.charset))
		}
		held, holding = word{}, false
	}
	closed := strings.LastIndex(s, "?=")
	for pos := 0; pos < len(s); {
		next := strings.Index(s[pos:], "=?")
		if next < 0 {
			flush()
			out.WriteString(toUTF8([]byte(s[pos:]), hint))
			break
		}
		w, n := parseWord(s[pos+next:], closed >= pos+next+2)
		if n == 0 {
			flush()
			out.WriteString(toUTF8([]byte(s[pos:pos+next+2]), hint))
			pos += next + 2
			continue
		}
		between := s[pos : pos+next]
		// White space between two words is not part of the text (RFC 2047 section 6.2).
		if !holding || strings.Trim(between, " \t\r\n") != "" {
			flush()
			out.WriteString(toUTF8([]byte(between), hint))
		}
		if holding && held.charset != w.charset {
			flush()
		}
		holding, held.charset = true, w.charset
		held.bytes = append(held.bytes, w.bytes...)
		pos += next + n
	}
	flush()
	return out.String()
}

// parseWord reads the encoded word at the start of s, which begins with "=?", and returns its length, or 0.
// ended tells whether there is any "?=" ahead; without it, a word goes on to the next
// white space (B) or as far as there is text (Q).
func parseWord(s string, ended bool) (word, int) {
	const maxCharset = 64
	head := s[2:]
	q := strings.IndexByte(head[:min(len(head), maxCharset)], '?')
	if q <= 0 || q+2 >= len(head) || head[q+2] != '?' || strings.ContainsAny(head[:q], " \t\"<>,;") {
		return word{}, 0
	}
	if !strings.ContainsRune("BbQq", rune(head[q+1])) {
		return word{}, 0
	}
	w := word{charset: charsetName(head[:q])}
	text := head[q+3:]
	end, n := -1, 0
	if ended {
		end = strings.Index(text, "?=")
	}
	if end >= 0 {
		n = 2 + q + 3 + end + 2
	} else {
		end = len(text)
		if blank := strings.IndexAny(text, " \t\r\n"); blank >= 0 && strings.ContainsRune("Bb", rune(head[q+1])) {
			end = blank
		}
		n = 2 + q + 3 + end
	}
	text = text[:end]
	if head[q+1] == 'B' || head[q+1] == 'b' {
		w.bytes = decodeBase64([]byte(text))
	} else {
		w.bytes = decodeQ(text)
	}
	return w, n
}

// decodeQ undoes the Q encoding of RFC 2047 section 4.2.
func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// encodeWords writes s as encoded words of at most 75 characters (RFC 2047 section 2), whole characters in each.
func encodeWords(s string) string {
	room := 30 // bytes that fit the first line, beside the name of the field
	var words []string
	var chunk []byte
	for _, r := range s {
		next := string(r)
		if len(chunk)+len(next) > room {
			words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString(chunk)+"?=")
			chunk, room = nil, 45
		}
		chunk = append(chunk, next...)
	}
	if len(chunk) > 0 {
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString(chunk)+"?=")
	}
	return strings.Join(words, " ")
}
