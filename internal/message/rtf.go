package message

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// inflateRTF undoes the compression of RTF (MS-OXRTFCP).
func inflateRTF(b []byte) []byte {
	if len(b) < 16 {
		return nil
	}
	size, kind := int(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:])
	size = min(max(size, 0), maxText)
	b = b[16:]
	if kind == 0x414c454d { // MELA: not compressed
		return b[:min(len(b), size)]
	}
	if kind != 0x75465a4c { // LZFu
		return nil
	}
	const dictionary = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
	var ring [4096]byte
	at := copy(ring[:], dictionary)
	out := make([]byte, 0, size)
	put := func(c byte) {
		ring[at] = c
		at = (at + 1) & 4095
		out = append(out, c)
	}
	for len(b) > 0 && len(out) < size {
		flags := b[0]
		b = b[1:]
		for bit := 0; bit < 8 && len(b) > 0 && len(out) < size; bit++ {
			if flags&(1<<bit) == 0 {
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			ref := int(b[0])<<8 | int(b[1])
			b = b[2:]
			from, length := ref>>4, ref&15+2
			if from == at {
				return out
			}
			for range length {
				put(ring[from])
				from = (from + 1) & 4095
			}
		}
	}
	return out
}

// rtfText gives the text of an RTF document, or the HTML that one wraps (MS-OXRTFEX).
func rtfText(b []byte) (text string, html bool) {
	r := rtfReader{b: b, charset: "windows-1252", fallback: 1}
	for i := 0; i < len(b) && r.out.Len() <= maxText; {
		i = r.next(i)
	}
	r.flush()
	return r.out.String(), r.html
}

// rtfReader reads RTF from its start to its end.
type rtfReader struct {
	b        []byte
	out      strings.Builder
	stack    []rtfState
	now      rtfState
	charset  string
	pending  []byte // of the charset, until it is sure that no further byte belongs to a character
	fallback int    // characters behind a \u that stand for it
	drop     int    // of those still to come
	high     rune   // the first half of a surrogate pair
	html     bool
}

// rtfState ends with its group.
type rtfState struct {
	skip    bool // not for reading
	htmlrtf bool // for readers of RTF only, where HTML is wrapped
	tag     bool // HTML that is wrapped
}

func (r *rtfReader) silent() bool { return r.now.skip || r.now.htmlrtf && !r.now.tag }

func (r *rtfReader) flush() {
	if len(r.pending) > 0 {
		r.out.WriteString(toUTF8(r.pending, r.charset))
		r.pending = nil
	}
}

func (r *rtfReader) write(s string) {
	if r.drop > 0 {
		r.drop--
		return
	}
	r.flush()
	if !r.silent() {
		r.out.WriteString(s)
	}
}

func (r *rtfReader) byte(c byte) {
	switch {
	case r.drop > 0:
		r.drop--
	case !r.silent():
		r.pending = append(r.pending, c)
	}
}

// next reads what stands at i and returns where the next thing stands.
func (r *rtfReader) next(i int) int {
	switch c := r.b[i]; {
	case c == '{':
		r.flush()
		if len(r.stack) < 1000 {
			r.stack = append(r.stack, r.now)
		}
	case c == '}':
		r.flush()
		r.drop = 0
		if n := len(r.stack); n > 0 {
			r.now, r.stack = r.stack[n-1], r.stack[:n-1]
		}
	case c == '\\' && i+1 < len(r.b):
		return r.control(i + 1)
	case c == '\r' || c == '\n' || c == 0:
	case c >= 0x80:
		r.byte(c)
	default:
		r.write(string(rune(c)))
	}
	return i + 1
}

// control reads what follows a backslash.
func (r *rtfReader) control(i int) int {
	switch c := r.b[i]; {
	case c == '\'' && i+2 < len(r.b):
		if hi, lo := unhex(r.b[i+1]), unhex(r.b[i+2]); hi >= 0 && lo >= 0 {
			r.byte(byte(hi<<4 | lo))
		}
		return i + 3
	case c == '*':
		r.now.skip = true
	case c == '~':
		r.write(" ")
	case c == '_':
		r.write("-")
	case c == '\r' || c == '\n':
		r.write("\n")
	case !isAlnum(c):
		r.write(string(rune(c)))
	default:
		word, n, numbered, next := rtfControl(r.b, i)
		return next + r.word(word, n, numbered, len(r.b)-next)
	}
	return i + 1
}

// word obeys a control word, and returns how many of the bytes that are left it takes along.
func (r *rtfReader) word(word string, n int, numbered bool, left int) int {
	switch word {
	case "par", "line", "row":
		r.write("\n")
	case "tab", "cell":
		r.write("\t")
	case "lquote", "rquote":
		r.write("'")
	case "ldblquote", "rdblquote":
		r.write("\"")
	case "bullet":
		r.write("•")
	case "endash":
		r.write("–")
	case "emdash":
		r.write("—")
	case "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "object", "themedata":
		r.now.skip = true
	case "fromhtml":
		r.html = true
	case "htmltag":
		if r.html {
			r.now.skip, r.now.tag = false, true
		}
	case "htmlrtf":
		r.flush()
		r.now.htmlrtf = r.html && (!numbered || n != 0)
	case "ansicpg":
		if cp := codepage(uint32(max(n, 0))); cp != "" {
			r.charset = cp
		}
	case "uc":
		r.fallback = min(max(n, 0), 4)
	case "u":
		r.drop = 0
		r.rune(rune(n))
		r.drop = r.fallback
	case "bin":
		return min(max(n, 0), left)
	}
	return 0
}

// rune writes a UTF-16 unit.
func (r *rtfReader) rune(c rune) {
	if c < 0 {
		c += 65536
	}
	switch {
	case utf16.IsSurrogate(c) && c < 0xdc00:
		r.high = c
	case utf16.IsSurrogate(c):
		r.write(string(utf16.DecodeRune(r.high, c)))
	default:
		r.write(string(c))
	}
}

// rtfControl reads the control word at i: its name, its number, and where it ends.
func rtfControl(b []byte, i int) (word string, n int, hasN bool, next int) {
	start := i
	for i < len(b) && i-start < 32 && (b[i] >= 'a' && b[i] <= 'z' || b[i] >= 'A' && b[i] <= 'Z') {
		i++
	}
	word = string(b[start:i])
	sign := 1
	if i+1 < len(b) && b[i] == '-' && b[i+1] >= '0' && b[i+1] <= '9' {
		sign = -1
		i++
	}
	for digits := 0; i < len(b) && b[i] >= '0' && b[i] <= '9' && digits < 9; digits++ {
		n = n*10 + int(b[i]-'0')
		hasN = true
		i++
	}
	if i < len(b) && b[i] == ' ' {
		i++
	}
	return word, n * sign, hasN, max(i, start+1)
}
