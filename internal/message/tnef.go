package message

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// TNEF (MS-OXTNEF) is what Exchange wraps a mail in that it takes for one of its own: winmail.dat.
const (
	tnefSignature = 0x223e9f78

	tnefClass       = 0x00078008 // message class, an ANSI string
	tnefBody        = 0x0002800c
	tnefProps       = 0x00069003 // of the message
	tnefAttachBegin = 0x00069002
	tnefAttachTitle = 0x00018010
	tnefAttachData  = 0x0006800f
	tnefAttachProps = 0x00069005
	tnefCodepage    = 0x00069007

	propBody       = 0x1000
	propRTF        = 0x1009
	propHTML       = 0x1013
	propClass      = 0x001a
	propAttachName = 0x3707
	propAttachData = 0x3701
	propAttachMIME = 0x370e
)

// tnefFile is an attachment within.
type tnefFile struct {
	name, mediaType string
	data            []byte
}

// tnef is what was found in a winmail.dat.
type tnef struct {
	class, text, html string
	rtf               []byte
	files             []tnefFile
	charset           string
}

// readTNEF reads as far as it can; ok tells that it is TNEF at all.
func readTNEF(b []byte) (t tnef, ok bool) {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != tnefSignature {
		return t, false
	}
	t.charset = "windows-1252"
	b = b[6:]
	for n := 0; len(b) >= 9 && n < 10000; n++ {
		id, size := binary.LittleEndian.Uint32(b[1:]), int(binary.LittleEndian.Uint32(b[5:]))
		b = b[9:]
		if size < 0 || size > len(b) {
			size = len(b)
		}
		t.attribute(id, b[:size])
		b = b[size:]
		if len(b) < 2 {
			break
		}
		b = b[2:] // the checksum
	}
	return t, true
}

func (t *tnef) attribute(id uint32, data []byte) {
	var file *tnefFile
	if n := len(t.files); n > 0 {
		file = &t.files[n-1]
	}
	switch id {
	case tnefCodepage:
		if len(data) >= 4 {
			if c := codepage(binary.LittleEndian.Uint32(data)); c != "" {
				t.charset = c
			}
		}
	case tnefClass:
		t.class = t.ansi(data)
	case tnefBody:
		t.text = t.ansi(data)
	case tnefProps:
		for _, p := range mapiProps(data) {
			switch p.id {
			case propBody:
				t.text = t.value(p)
			case propHTML:
				t.html = t.value(p)
			case propRTF:
				t.rtf = p.value
			case propClass:
				t.class = t.value(p)
			}
		}
	case tnefAttachBegin:
		if len(t.files) < 100 {
			t.files = append(t.files, tnefFile{})
		}
	case tnefAttachTitle:
		if file != nil {
			file.name = t.ansi(data)
		}
	case tnefAttachData:
		if file != nil {
			file.data = data
		}
	case tnefAttachProps:
		for _, p := range mapiProps(data) {
			switch {
			case file == nil:
			case p.id == propAttachName:
				file.name = t.value(p)
			case p.id == propAttachMIME:
				file.mediaType = strings.ToLower(t.value(p))
			case p.id == propAttachData && file.data == nil && len(p.value) > 0:
				file.data = p.value
			}
		}
	}
}

func (t *tnef) ansi(b []byte) string {
	return toUTF8(bytes.TrimRight(b[:min(len(b), maxText)], "\x00"), t.charset)
}

// value is a property as text.
func (t *tnef) value(p mapiProp) string {
	if p.kind == 0x001f {
		return strings.TrimRight(fromUTF16(p.value[:min(len(p.value), 2*maxText)], false), "\x00")
	}
	return t.ansi(p.value)
}

// mapiProp is one property (MS-OXTNEF section 2.1.3.4).
type mapiProp struct {
	id, kind uint16
	value    []byte
}

// mapiProps reads a list of properties, as far as it goes.
func mapiProps(b []byte) []mapiProp {
	take := func(n int) []byte {
		if n < 0 || n > len(b) {
			b = nil
			return nil
		}
		v := b[:n]
		b = b[n:]
		return v
	}
	number := func() int {
		if v := take(4); v != nil {
			return int(binary.LittleEndian.Uint32(v))
		}
		return -1
	}
	var props []mapiProp
	count := number()
	for n := 0; n < count && n < 5000 && len(b) >= 4; n++ {
		head := take(4)
		p := mapiProp{kind: binary.LittleEndian.Uint16(head), id: binary.LittleEndian.Uint16(head[2:])}
		if p.id >= 0x8000 { // named: a GUID, and a number or a name
			take(16)
			if number() == 1 {
				size := number()
				take((size + 3) &^ 3)
			} else {
				number()
			}
		}
		many := p.kind&0x1000 != 0
		p.kind &^= 0x1000
		size, counted := fixedSize(p.kind)
		values := 1
		if many || counted {
			values = number()
		}
		for v := 0; v < values && v < 1000 && len(b) > 0; v++ {
			n := size
			if counted {
				n = number()
			}
			if n < 0 {
				return props
			}
			value := take(min(n, len(b))) // or what is left of it
			take(min(len(b), (4-n%4)%4))
			if v == 0 {
				p.value = value
			}
		}
		if p.kind == 0x000d && len(p.value) > 16 { // an object begins with the identifier of its interface
			p.value = p.value[16:]
		}
		props = append(props, p)
	}
	return props
}

// fixedSize is the length of a value of a kind; counted tells that the length stands before each.
func fixedSize(kind uint16) (size int, counted bool) {
	switch kind {
	case 0x0002, 0x000b:
		return 2, false
	case 0x0003, 0x0004, 0x000a:
		return 4, false
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return 8, false
	case 0x0048:
		return 16, false
	}
	return 0, true
}

// codepage is the charset of a Windows code page.
func codepage(n uint32) string {
	switch n {
	case 65001:
		return "utf-8"
	case 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258:
		return "windows-125" + string(rune('0'+n-1250))
	case 932:
		return "shift_jis"
	case 936:
		return "gb18030"
	case 949:
		return "euc-kr"
	case 950:
		return "big5"
	case 874:
		return "windows-874"
	}
	return ""
}

// parts makes parts of what was found: the text that people read, and the files.
func (t *tnef) parts(m *Message) []*Part {
	var list []*Part
	text := func(mediaType, body string) {
		if len(body) > maxText {
			body = strings.ToValidUTF8(body[:maxText], "")
		}
		list = append(list, &Part{MediaType: mediaType, Params: map[string]string{"charset": "utf-8"}, Body: []byte(strings.ToValidUTF8(body, "\uFFFD"))})
	}
	switch {
	case strings.TrimSpace(t.text) != "":
		text("text/plain", t.text)
	case strings.TrimSpace(t.html) != "":
		text("text/html", t.html)
	case len(t.rtf) > 0:
		if body, html := rtfText(inflateRTF(t.rtf)); strings.TrimSpace(body) != "" && html {
			text("text/html", body)
		} else if strings.TrimSpace(body) != "" {
			text("text/plain", body)
		}
	}
	for _, f := range t.files {
		if len(list) >= 50 {
			break
		}
		p := &Part{MediaType: f.mediaType, Params: map[string]string{}, Disposition: "attachment", Filename: fileName(f.name)}
		ics := strings.HasSuffix(strings.ToLower(p.Filename), ".ics")
		if ics {
			p.MediaType = "text/calendar"
		}
		if p.MediaType == "" || !ics && strings.HasPrefix(p.MediaType, "text/") || strings.HasPrefix(p.MediaType, "multipart/") || strings.HasPrefix(p.MediaType, "message/") {
			p.MediaType = "application/octet-stream"
		}
		p.Body = f.data[:len(f.data):len(f.data)]
		if ics {
			p.Body = []byte(toUTF8(f.data[:min(len(f.data), maxText-maxText/4)], ""))
			p.Body = p.Body[:min(len(p.Body), maxText)]
		}
		if p.Body == nil {
			p.Body = []byte{}
		}
		list = append(list, p)
		if p.Filename != "" {
			m.problem("winmail.dat holds the file " + shorten(p.Filename))
		}
	}
	class := strings.ToLower(t.class)
	if strings.Contains(class, "schedule") || strings.Contains(class, "microsoft schedule") {
		m.problem("winmail.dat holds an invitation or the answer to one in Outlook's own form (" + shorten(t.class) + "), which is not read")
	}
	return list
}
