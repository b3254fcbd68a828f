package message

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
)

// Names that mailers write for charsets which the tables know by another name, and supersets that are what was meant.
var charsetAliases = map[string]string{
	"iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252",
	"us-ascii": "windows-1252", "ascii": "windows-1252", "ansi": "windows-1252", "ansi_x3.4-1968": "windows-1252",
	"iso-8859-9": "windows-1254", "iso-8859-8-i": "iso-8859-8", "iso-8859-6-i": "iso-8859-6",
	"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp1257": "windows-1257",
	"win-1250": "windows-1250", "win-1251": "windows-1251", "win-1252": "windows-1252",
	"gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "ms936": "gb18030",
	"x-gbk": "gb18030", "euc-cn": "gb18030", "chinese": "gb18030",
	"ks_c_5601-1987": "euc-kr", "ks_c_5601-1989": "euc-kr", "ksc5601": "euc-kr", "cp949": "euc-kr", "uhc": "euc-kr",
	"cp932": "shift_jis", "ms932": "shift_jis", "windows-31j": "shift_jis", "x-sjis": "shift_jis", "sjis": "shift_jis",
	"iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp",
	"x-euc-jp": "euc-jp", "eucjp": "euc-jp", "cp950": "big5", "x-x-big5": "big5", "big5-hkscs": "big5",
	"utf8": "utf-8", "utf-8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
	"unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "unicode": "utf-16", "ucs-2": "utf-16",
	"koi8r": "koi8-r", "koi8u": "koi8-u", "x-mac-roman": "macintosh", "mac": "macintosh",
}

// charsetName puts the name of a charset in the form that the tables have.
func charsetName(name string) string {
	name = strings.ToLower(strings.Trim(name, " \t\r\n\"'"))
	name, _, _ = strings.Cut(name, "*") // RFC 2231 section 5: =?charset*language?
	name = strings.TrimPrefix(name, "charset=")
	if alias, ok := charsetAliases[name]; ok {
		return alias
	}
	return name
}

// knownCharset tells whether text in a charset can be read.
func knownCharset(declared string) bool {
	name := charsetName(declared)
	if name == "utf-8" || stateful(name) {
		return true
	}
	_, err := charset.Reader(name, strings.NewReader(""))
	return err == nil
}

// stateful charsets are made of ASCII bytes, so that their text looks like valid UTF-8.
func stateful(name string) bool {
	return strings.HasPrefix(name, "iso-2022-") || name == "utf-7" || strings.HasPrefix(name, "hz-gb") ||
		strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32")
}

// eastAsian charsets have two-byte characters, and some of those are valid UTF-8 too.
func eastAsian(name string) bool {
	switch name {
	case "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis":
		return true
	}
	return false
}

// toUTF8 decodes text that says it is in the charset named. What says otherwise is believed first: a byte order mark, an
// escape sequence, and valid UTF-8 with anything beyond ASCII in it, for that does not come about by chance. Then the name
// counts, and last windows-1252, in which every byte means something. The result is always valid UTF-8.
func toUTF8(b []byte, declared string) string {
	name := charsetName(declared)
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) && utf8.Valid(b):
		return string(b[3:])
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return fromUTF16(b[2:], false)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return fromUTF16(b[2:], true)
	case name == "utf-16le", name == "utf-16" && looksLittleEndian(b):
		if !bytes.Contains(b, []byte{0}) && utf8.Valid(b) {
			return string(b) // the label of the text before it was converted
		}
		return fromUTF16(b, false)
	case name == "utf-16be", name == "utf-16":
		if !bytes.Contains(b, []byte{0}) && utf8.Valid(b) {
			return string(b)
		}
		return fromUTF16(b, true)
	case name == "utf-7":
		return fromUTF7(b)
	}
	ascii, twoByteOnly := true, true
	valid := utf8.Valid(b)
	for _, c := range b {
		ascii = ascii && c < 0x80
		twoByteOnly = twoByteOnly && c < 0xe0
	}
	if ascii && !stateful(name) {
		if !bytes.Contains(b, []byte("\x1b$")) {
			return string(b)
		}
		name = "iso-2022-jp"
	}
	if valid && !stateful(name) && (!eastAsian(name) || !twoByteOnly) {
		return string(b)
	}
	if (name == "utf-8" || name == "" || name == "windows-1252") && mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	if name != "" && name != "utf-8" {
		if r, err := charset.Reader(name, bytes.NewReader(b)); err == nil {
			if out, err := io.ReadAll(r); err == nil {
				return strings.ToValidUTF8(string(out), "\uFFFD")
			}
		}
	}
	if valid {
		return string(b)
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for _, c := range b {
		out = utf8.AppendRune(out, windows1252(c))
	}
	return string(out)
}

// mostlyUTF8 tells damaged UTF-8 (cut within a character, one stray byte) from another charset under its name.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > 0 && bad <= 2*good
}

// windows1252 maps 0x80 to 0x9f; everything else is Latin-1.
func windows1252(c byte) rune {
	if c < 0x80 || c > 0x9f {
		return rune(c)
	}
	return [32]rune{
		'€', 0xfffd, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0xfffd, 'Ž', 0xfffd,
		0xfffd, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0xfffd, 'ž', 'Ÿ',
	}[c-0x80]
}

func looksLittleEndian(b []byte) bool {
	even, odd := 0, 0
	for i, c := range b[:min(len(b), 4096)] {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	return odd > even
}

func fromUTF16(b []byte, bigEndian bool) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		if bigEndian {
			units = append(units, uint16(b[0])<<8|uint16(b[1]))
		} else {
			units = append(units, uint16(b[1])<<8|uint16(b[0]))
		}
	}
	return string(utf16.Decode(units))
}

// fromUTF7 decodes RFC 2152. Bytes that do not fit are kept.
func fromUTF7(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			out.WriteRune(windows1252(b[i]))
			continue
		}
		j := i + 1
		for j < len(b) && (b[j] == '+' || b[j] == '/' || isAlnum(b[j])) {
			j++
		}
		run := b[i+1 : j]
		switch {
		case len(run) == 0 && j < len(b) && b[j] == '-':
			out.WriteByte('+')
		case len(run) == 0:
			out.WriteByte('+')
			j--
		default:
			units, err := base64.RawStdEncoding.DecodeString(string(run[:len(run)-b2i(len(run)%4 == 1)]))
			if err != nil {
				out.Write(b[i:j])
			} else {
				out.WriteString(fromUTF16(units, true))
			}
			if j == len(b) || b[j] != '-' {
				j--
			}
		}
		i = j
	}
	return out.String()
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
