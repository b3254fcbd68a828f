package people

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"askwell/internal/command"
	"askwell/internal/message"
)

// Read reads an address book. The name is for messages. It fails if the file cannot be read, is too large, or is nothing
// that has people in it; single rows that cannot be used are in Import.Left.
func Read(name string, r io.Reader) (Import, error) {
	name = filepath.Base(name)
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return Import{}, fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) > maxFile {
		return Import{}, fmt.Errorf("read %s: larger than %d MB", name, maxFile>>20)
	}
	if why := foreign(raw); why != "" {
		return Import{}, fmt.Errorf("read %s: %s", name, why)
	}
	text := decode(raw)
	var im Import
	switch {
	case beginsCard(text):
		im = readCards(text)
	default:
		im, err = readTable(text)
		if err != nil {
			return Import{}, fmt.Errorf("read %s: %w", name, err)
		}
	}
	if len(im.People) == 0 && len(im.Left) == 0 {
		return Import{}, fmt.Errorf("read %s: %w", name, errNobody)
	}
	return im, nil
}

var errNobody = errors.New("nobody in it: expected vCards, or a table whose first row names its columns (name, email, …)")

// foreign recognises files that cannot be read, by how they start.
func foreign(raw []byte) string {
	for _, f := range []struct{ start, why string }{
		{"PK\x03\x04", "this is a spreadsheet or a zip archive: save it as CSV, or unpack it"},
		{"\xd0\xcf\x11\xe0", "this is an old spreadsheet: save it as CSV"},
		{"%PDF", "this is a PDF: export the contacts as CSV or vCard"},
		{"\x1f\x8b", "this is compressed: unpack it"},
		{"{\\rtf", "this is a text document: save it as CSV"},
	} {
		if bytes.HasPrefix(raw, []byte(f.start)) {
			return f.why
		}
	}
	if binary(raw) {
		return "this is no text: export the contacts as CSV or vCard"
	}
	head := strings.ToLower(strings.TrimSpace(string(raw[:min(len(raw), 200)])))
	if strings.HasPrefix(head, "<!doctype") || strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<?xml") {
		return "this is a web page: export the contacts as CSV or vCard"
	}
	return ""
}

// binary tells whether a file is no text: more than a slip of its first bytes are control characters.
func binary(raw []byte) bool {
	if bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) || bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) {
		return false // UTF-16
	}
	raw = raw[:min(len(raw), 64<<10)]
	control := 0
	for _, b := range raw {
		if b < ' ' && !bytes.ContainsRune([]byte("\t\n\v\f\r\x1b"), rune(b)) {
			control++
		}
	}
	return control > 8 && control > len(raw)/100
}

// decode makes UTF-8 with "\n" of what spreadsheets write: UTF-8 and UTF-16 with a mark, else UTF-8, else Windows-1252.
func decode(raw []byte) string {
	var text string
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		text = strings.ToValidUTF8(string(raw[3:]), "\uFFFD")
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		b, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(raw)
		text = string(b)
	case utf8.Valid(raw):
		text = string(raw)
	default:
		b, _ := charmap.Windows1252.NewDecoder().Bytes(raw)
		text = string(b)
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(text)
}

// addressesIn finds the addresses in a cell: one, several, or with names around them.
func addressesIn(cell string) []message.Address {
	var out []message.Address
	for tok := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(" \t\n,;:<>()\"|", r) }) {
		if len(out) == maxAddresses {
			break
		}
		if !strings.Contains(tok, "@") {
			continue
		}
		if a, err := message.ParseAddress(strings.Trim(tok, "'.[]")); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// closenessIn finds a closeness among groups and labels: "* myContacts ::: Friends".
func closenessIn(cell string) string {
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(":;,|*/\n", r) }) {
		if c, ok := command.Closeness(strings.TrimSpace(part)); ok {
			return c
		}
	}
	return ""
}
