package people

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-vcard"
	"golang.org/x/text/encoding/htmlindex"
)

// beginsCard tells whether the first line that says anything begins a vCard.
func beginsCard(text string) bool {
	head := strings.TrimLeft(text[:min(len(text), 4096)], "\uFEFF \t\n")
	return len(head) >= 11 && strings.EqualFold(strings.ReplaceAll(head[:11], " ", ""), "BEGIN:VCARD")
}

// readCards reads vCards one after the other. One that is broken does not spoil the next.
func readCards(text string) Import {
	im := Import{Format: "vcard"}
	var card []string
	start := 0
	lines := strings.Split(strings.ReplaceAll(text, "\uFEFF", ""), "\n")
	for i := 0; i < len(lines); i++ {
		line, next := unfold(lines, i)
		switch upper := strings.ToUpper(strings.TrimSpace(line)); {
		case upper == "BEGIN:VCARD":
			if card != nil {
				im.leave(start, "the card has no end")
			}
			card, start = []string{line}, i+1
		case card == nil:
		case upper == "END:VCARD":
			if p, why := cardPerson(append(card, line)); why != "" {
				im.leave(start, why)
			} else {
				p.Line = start
				im.take(p)
			}
			card = nil
		default:
			if l, ok := property(line); ok && len(card) < 2000 {
				card = append(card, l)
			}
		}
		i = next
	}
	if card != nil {
		im.leave(start, "the card has no end")
	}
	return im
}

// unfold joins the folded lines from i on: RFC 6350 3.2, and for quoted-printable (vCard 2.1) the lines that end in "=".
// It returns the line and the index of the last line that belongs to it.
func unfold(lines []string, i int) (string, int) {
	var b strings.Builder
	b.WriteString(lines[i])
	head, _, _ := strings.Cut(strings.ToUpper(lines[i]), ":")
	qp := strings.Contains(head, "QUOTED-PRINTABLE")
	last := lines[i]
	for i+1 < len(lines) {
		next := lines[i+1]
		switch {
		case qp && strings.HasSuffix(last, "="):
			b.WriteString("\n" + next)
		case next != "" && (next[0] == ' ' || next[0] == '\t') && strings.TrimSpace(next) != "":
			b.WriteString(next[1:])
		default:
			return b.String(), i
		}
		last = next
		i++
	}
	return b.String(), i
}

// property makes a line fit for go-vcard: quoted-printable is decoded, pictures and keys are dropped.
func property(line string) (string, bool) {
	head, value, ok := strings.Cut(line, ":")
	if !ok {
		return "", false
	}
	upper := strings.ToUpper(head)
	name, params, _ := strings.Cut(upper, ";")
	if _, after, grouped := strings.Cut(name, "."); grouped {
		name = after
	}
	switch name {
	case "PHOTO", "LOGO", "SOUND", "KEY", "AGENT", "TEL", "ADR", "LABEL":
		return "", false
	}
	if strings.Contains(params, "BASE64") || strings.Contains(params, "ENCODING=B") || len(value) > 1<<18 {
		return "", false
	}
	if strings.Contains(params, "QUOTED-PRINTABLE") {
		value = quoted(value, charset(params))
		head = name
		if strings.Contains(params, "PREF") {
			head += ";TYPE=PREF"
		}
	}
	return typed(head) + ":" + value, true
}

// typed writes the bare parameters of vCard 2.1 (";HOME;PREF") as types.
func typed(head string) string {
	if !strings.Contains(head, ";") || strings.Contains(head, `"`) {
		return head
	}
	parts := strings.Split(head, ";")
	for i, p := range parts[1:] {
		if p != "" && !strings.Contains(p, "=") {
			parts[i+1] = "TYPE=" + p
		}
	}
	return strings.Join(parts, ";")
}

// charset is the value of CHARSET= in lower case.
func charset(params string) string {
	_, after, ok := strings.Cut(params, "CHARSET=")
	if !ok {
		return ""
	}
	c, _, _ := strings.Cut(after, ";")
	return strings.ToLower(strings.Trim(c, `"`))
}

// quoted decodes quoted-printable; line ends become the vCard 3 escape.
func quoted(value, charset string) string {
	raw, _ := io.ReadAll(io.LimitReader(quotedprintable.NewReader(strings.NewReader(value)), 1<<18))
	if enc, err := htmlindex.Get(charset); err == nil && charset != "utf-8" {
		if b, err := enc.NewDecoder().Bytes(raw); err == nil {
			raw = b
		}
	}
	s := strings.ToValidUTF8(string(bytes.TrimRight(raw, "\r\n")), "\uFFFD")
	return strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// cardPerson reads one card; why says what is wrong with it.
func cardPerson(lines []string) (p Person, why string) {
	card, err := vcard.NewDecoder(strings.NewReader(strings.Join(lines, "\r\n") + "\r\n")).Decode()
	if err != nil {
		return Person{}, "the card cannot be read"
	}
	if kind := strings.ToLower(card.Value("KIND") + card.Value("X-ADDRESSBOOKSERVER-KIND")); kind == "group" {
		return Person{}, "a group, not a person"
	}
	for _, f := range emails(card) {
		p.Addresses = append(p.Addresses, addressesIn(strings.TrimPrefix(f.Value, "mailto:"))...)
	}
	p.Name = plain(card.PreferredValue("FN"))
	if p.Name == "" || strings.Contains(p.Name, "@") {
		p.Name = structured(card.PreferredValue("N"))
	}
	if p.Name == "" && card.Value("NICKNAME") != "" {
		p.Name = plain(card.Value("NICKNAME"))
	}
	org := parts(card.PreferredValue("ORG"))
	if len(org) > 0 {
		p.Organisation = org[0]
	}
	p.Role = plain(card.PreferredValue("TITLE"))
	if p.Role == "" {
		p.Role = plain(card.PreferredValue("ROLE"))
	}
	p.Note = strings.NewReplacer(`\N`, "\n", `\;`, ";", `\:`, ":").Replace(card.Value("NOTE"))
	p.Timezone = card.Value("TZ")
	if !strings.Contains(p.Timezone, "/") {
		p.Timezone = ""
	}
	p.Closeness = card.Value("X-ASKWELL-CLOSENESS")
	if p.Closeness == "" {
		p.Closeness = closenessIn(strings.Join(card.Values("CATEGORIES"), ","))
	}
	p.Field, p.Via, p.Stage = plain(card.Value("X-ASKWELL-FIELD")), plain(card.Value("X-ASKWELL-REFERRED-BY")), card.Value("X-ASKWELL-STAGE")
	if p.Name == "" && len(p.Addresses) == 0 && p.Organisation != "" {
		return Person{}, "an organisation, not a person: " + cut(p.Organisation, 40)
	}
	return p, ""
}

// emails are the card's addresses, the preferred ones first.
func emails(card vcard.Card) []*vcard.Field {
	out := slices.Clone(card["EMAIL"])
	rank := func(f *vcard.Field) int { // RFC 6350 5.3: 1 to 100, 1 is preferred
		if n, err := strconv.Atoi(f.Params.Get("PREF")); err == nil && n > 0 {
			return n
		}
		if f.Params.HasType("pref") {
			return 1
		}
		return 101
	}
	slices.SortStableFunc(out, func(a, b *vcard.Field) int { return rank(a) - rank(b) })
	return out
}

// parts splits a structured value at its semicolons.
func parts(value string) []string {
	value = strings.ReplaceAll(value, `\;`, "\x01")
	var out []string
	for part := range strings.SplitSeq(value, ";") {
		out = append(out, plain(strings.ReplaceAll(part, "\x01", ";")))
	}
	return out
}

// plain takes escapes off a value.
func plain(s string) string {
	return strings.TrimSpace(strings.NewReplacer(`\;`, ";", `\,`, ",", `\:`, ":", `\n`, " ", `\N`, " ", "\n", " ").Replace(s))
}

// structured makes a name of family;given;additional;prefix;suffix.
func structured(n string) string {
	p := append(parts(n), "", "", "")
	return strings.Join(strings.Fields(p[1]+" "+p[2]+" "+p[0]), " ")
}

// WriteVCard writes one vCard 3.0 a person, which every address book reads.
func WriteVCard(w io.Writer, list []Person) error {
	enc := vcard.NewEncoder(w)
	for _, p := range list {
		card := vcard.Card{}
		card.SetValue("VERSION", "3.0")
		card.SetValue("FN", single(p.Name))
		card.Set("N", &vcard.Field{Value: nameParts(p.Name)})
		for i, a := range p.Addresses {
			f := &vcard.Field{Value: string(a), Params: vcard.Params{"TYPE": {"INTERNET"}}}
			if i == 0 {
				f.Params.Add("TYPE", "PREF")
			}
			card.Add("EMAIL", f)
		}
		for _, v := range []struct{ key, value string }{
			{"ORG", strings.ReplaceAll(single(p.Organisation), ";", ",")},
			{"TITLE", single(p.Role)},
			{"TZ", single(p.Timezone)},
			{"X-ASKWELL-CLOSENESS", single(p.Closeness)},
			{"X-ASKWELL-FIELD", single(p.Field)},
			{"X-ASKWELL-REFERRED-BY", single(p.Via)},
			{"X-ASKWELL-STAGE", single(p.Stage)},
			{"NOTE", strings.Map(keepLines, p.Note)},
		} {
			if v.value != "" {
				card.SetValue(v.key, v.value)
			}
		}
		if err := enc.Encode(card); err != nil {
			return err
		}
	}
	return nil
}

// keepLines drops control characters but not line ends.
func keepLines(r rune) rune {
	if r == '\n' {
		return r
	}
	return dropControl(r)
}

func single(s string) string { return oneLine(s, maxNote) }

// nameParts is a name as family;given;;; where the last word is the family's.
func nameParts(name string) string {
	name = strings.ReplaceAll(single(name), ";", ",")
	i := strings.LastIndexByte(name, ' ')
	if i < 0 {
		return ";" + name + ";;;"
	}
	return name[i+1:] + ";" + name[:i] + ";;;"
}
