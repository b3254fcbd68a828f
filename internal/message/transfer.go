package message

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 section 6); problem is "" if all was well.
func decodeTransfer(body []byte, encoding string, text bool) (decoded []byte, problem string) {
	encoding, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(encoding)), ";")
	switch strings.Trim(encoding, " \t\"'") {
	case "", "7bit", "8bit", "binary", "8-bit", "7-bit", "none":
		return body, ""
	case "quoted-printable", "quoted_printable", "quotedprintable", "qp":
		return decodeQP(body), ""
	case "base64", "base-64":
		if text && !looksBase64(body) && !beginsBase64(body) {
			return body, "says base64 and is not"
		}
		return decodeBase64(body), ""
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return decodeUU(body), ""
	}
	return body, "has the unknown transfer encoding " + shorten(encoding)
}

// decodeQP undoes quoted-printable and keeps what is none. White space at the end of a line is kept too, against RFC
// 2045 section 6.7: it is the signature's "-- " more often than padding.
func decodeQP(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return append(out, b...)
		}
		out = append(out, b[:eq]...)
		b = b[eq:]
		if len(b) >= 3 && unhex(b[1]) >= 0 && unhex(b[2]) >= 0 {
			out = append(out, byte(unhex(b[1])<<4|unhex(b[2])))
			b = b[3:]
			continue
		}
		i := 1
		for i < len(b) && i < 80 && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r') {
			i++
		}
		switch {
		case i == len(b):
			b = nil
		case b[i] == '\n':
			b = b[i+1:]
		default:
			out = append(out, '=')
			b = b[1:]
		}
	}
	return out
}

// base64Value gives the six bits of a character, or -1.
func base64Value(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// decodeBase64 undoes base64 and skips what is none (RFC 2045 section 6.8). Encoded pieces that were glued together are
// all read; a line of other text ends it, as mailing lists add some.
func decodeBase64(b []byte) []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	if n, err := base64.StdEncoding.Decode(out, b); err == nil {
		return out[:n]
	}
	if n, err := base64.URLEncoding.Decode(out, b); err == nil {
		return out[:n]
	}
	out = out[:0]
	bits, have := uint32(0), 0
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		if !looksBase64(line) {
			break
		}
		for _, c := range line {
			v := base64Value(c)
			switch {
			case c == '=':
				bits, have = 0, 0
			case v >= 0:
				bits = bits<<6 | uint32(v)
				if have += 6; have >= 8 {
					have -= 8
					out = append(out, byte(bits>>have))
					bits &= 1<<have - 1
				}
			}
		}
	}
	return out
}

// looksBase64 tells whether b is base64, a little garbage allowed.
func looksBase64(b []byte) bool {
	odd, all := 0, 0
	for _, c := range bytes.TrimSpace(b) {
		switch {
		case c == '\r' || c == '\n':
		case base64Value(c) < 0 && c != '=':
			odd++
			fallthrough
		default:
			all++
		}
	}
	return odd*10 <= all
}

// beginsBase64 tells whether b begins with whole lines of base64, whatever is below them.
func beginsBase64(b []byte) bool {
	n := 0
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if !looksBase64(line) {
			break
		}
		n += len(line)
	}
	return n > 0 && n%4 == 0
}

// decodeUU undoes what uuencode wrote.
func decodeUU(b []byte) []byte {
	var out []byte
	begun := false
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		line = bytes.TrimRight(line, "\r")
		switch {
		case bytes.HasPrefix(line, []byte("begin ")):
			begun = true
			continue
		case !begun || len(line) == 0:
			continue
		case string(line) == "end":
			return out
		}
		n := int(line[0]-' ') & 63
		line = line[1:]
		for ; n > 0 && len(line) > 0; n -= 3 {
			var q [4]byte
			for i := range q {
				if i < len(line) {
					q[i] = (line[i] - ' ') & 63
				}
			}
			group := [3]byte{q[0]<<2 | q[1]>>4, q[1]<<4 | q[2]>>2, q[2]<<6 | q[3]}
			out = append(out, group[:min(n, 3)]...)
			line = line[min(4, len(line)):]
		}
	}
	return out
}

// shorten cuts what a sender wrote to a length that fits a list of problems.
func shorten(s string) string {
	s = cleanName(s)
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
