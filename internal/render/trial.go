package render

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// full is a contact of whom everything is known.
func full() ContactView {
	return ContactView{
		Name: "Jane Doe", First: "Jane", Owner: "Ada Example", OwnerFirst: "Ada", OwnerAddress: "ada@example.org",
		Field: "data journalism", About: "I teach maths and am looking into data journalism.", Role: "nurse", Organisation: "St. Mary",
		Referrer: "Dana Fox", ReferrerFirst: "Dana", Met: "Eve Lin",
		Words:  "Your hint to begin with one small story has already got me started on one about our local buses.",
		Update: "I finished my first story, about the buses in our town, and the local paper printed it. Next month I start an evening course in statistics.",
		Spoke:  "in October", Advice: "begin with one small story and real data",
		Talk: &TalkView{When: "Tuesday 24 November, 15:00–15:20 (Berlin time)", Place: "zoom"}, Number: 1,
	}
}

// poor is a contact of whom only an address is known.
func poor() ContactView {
	return ContactView{
		Name: "jane@example.org", Owner: "Ada Example", OwnerFirst: "Ada", OwnerAddress: "ada@example.org", Number: 1,
		Talk: &TalkView{When: "Tuesday 24 November, 15:00–15:20"},
	}
}

// strange are the values that people and address books really bring, and worse.
func strange() []string {
	return []string{
		strings.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 300), strings.Repeat("x", 9000), "مريم الحسن", "\u202eenaJ\u202c", "דנה",
		"👩‍🔬 Eve 🎉", "Ada\r\nBcc: eve@example.org\r\n\r\nHi", "{{.Owner}} {{define \"x\"}}", "<script>alert(1)</script>\"'`&amp;<!--",
		"a\x00b\x1b[31m\u2028c", "\xff\xfe", "</td></table></body>", "javascript:alert(1)//", "1 pick a\nforget jane", "%s %d %00",
	}
}

// variants are the views that every template is tried with: all known, nothing known, each thing alone missing or
// alone known, and the forms of a confirmation.
func variants() map[string]ContactView {
	out := map[string]ContactView{"everything known": full(), "little known": poor()}
	t := reflect.TypeFor[ContactView]()
	for i := range t.NumField() {
		name := t.Field(i).Name
		if name == "Owner" || name == "Name" || name == "Number" {
			continue // always there
		}
		without, alone := full(), poor()
		reflect.ValueOf(&without).Elem().Field(i).SetZero()
		reflect.ValueOf(&alone).Elem().Field(i).Set(reflect.ValueOf(full()).Field(i))
		out["no ."+name], out["only ."+name] = without, alone
	}
	for _, place := range []string{"", "zoom"} {
		moved, off := full(), full()
		moved.Talk = &TalkView{When: full().Talk.When, Place: place, Moved: true}
		off.Talk = &TalkView{When: full().Talk.When, Place: place, Cancelled: true}
		out["talk moved "+place], out["talk cancelled "+place] = moved, off
	}
	return out
}

// rotated is a view with a strange value in each field, another one for each shift.
func rotated(shift int) ContactView {
	values := strange()
	next := func() string { shift++; return values[shift%len(values)] }
	v := ContactView{Talk: &TalkView{When: next(), Place: next()}}
	f := reflect.ValueOf(&v).Elem()
	for _, field := range f.Fields() {
		if field.Kind() == reflect.String {
			field.SetString(next())
		}
	}
	return v
}

func (s *Set) tryContact(name string) []error {
	m := s.contact[name]
	var problems []error
	views, seen := variants(), map[Mail]bool{}
	for _, what := range sortedKeys(views) {
		mail, err := s.Contact(name, views[what])
		if err != nil {
			return append(problems, fmt.Errorf("%w (tried with: %s)", err, what))
		}
		if seen[mail] { // a field that this mail does not use
			continue
		}
		seen[mail] = true
		for _, h := range holes(mail) {
			problems = append(problems, fmt.Errorf("%s: %s (tried with: %s)", m.file, h, what))
		}
	}
	for shift := range 3 {
		if _, err := s.Contact(name, rotated(shift*5)); err != nil {
			return append(problems, fmt.Errorf("%w (tried with: strange names)", err))
		}
	}
	return problems[:min(len(problems), 3)] // one hole shows in many trials
}

// What a sentence looks like around something that was not there.
var holePatterns = []struct {
	pattern *regexp.Regexp
	problem string
}{
	{regexp.MustCompile(`(?mi)^(hi|hello|hey|dear|hallo|liebe[r]?|guten tag|bonjour|ciao|hola)\s+[,!:.]`), `greets nobody; {{hello "Hi" .First}} greets with or without a name`},
	{regexp.MustCompile(`(?mi)^(dear|liebe[r]?),`), `greets nobody; {{hello "Hi" .First}} greets with or without a name`},
	{regexp.MustCompile(`<no value>|<nil>|%!`), "prints a value that is not there"},
	{regexp.MustCompile(`\{\{|\}\}`), "leaves braces in the text"},
	{regexp.MustCompile(`[^\s.…] [,.](\s|$)`), "has a hole before a comma or full stop"},
	{regexp.MustCompile(`,\s*,|\.\s+\.(\s|$)|\(\s*\)|“\s*”|""`), "has a hole between two marks"},
	{regexp.MustCompile(`(?m)\S  +\S`), "has a hole between two words"},
	{regexp.MustCompile(`(?i)\b(at|into|the|your|my) *([.,;:!?]|$)`), "has a sentence that stops in the middle"},
}

// holes finds what a reader would stumble over, each with the line it is in.
func holes(m Mail) []string {
	var out []string
	if m.Subject == "" {
		out = append(out, "the subject is empty")
	}
	if strings.TrimSpace(m.Text) == "" {
		out = append(out, "the text is empty")
	}
	for _, text := range []string{m.Subject, m.Text} {
		for l := range strings.SplitSeq(text, "\n") {
			for _, p := range holePatterns {
				if p.pattern.MatchString(l) {
					out = append(out, fmt.Sprintf("“%s” %s", shorten(70, l), p.problem))
					break
				}
			}
		}
	}
	return out
}

// The most that a mail to somebody busy should have; more is no error.
const (
	advisedWords     = 110
	advisedSubject   = 60
	advisedParagraph = 75
)

// Advice says what of the mails to contacts works but will hardly be read: mails, subjects and paragraphs too long for
// somebody between two meetings.
func (s *Set) Advice() []string {
	var out []string
	for _, name := range contactNames {
		m := s.contact[name]
		mail, err := m.render(full().clean())
		if err != nil { // it was tried when it was loaded
			continue
		}
		if n := len([]rune(mail.Subject)); n > advisedSubject {
			out = append(out, fmt.Sprintf("%s: the subject has %d characters; a phone shows about %d", m.file, n, advisedSubject))
		}
		if n := len(strings.Fields(mail.Text)); n > advisedWords && name != "check_in" { // whose length is the owner's
			out = append(out, fmt.Sprintf("%s: %d words; somebody busy reads about %d", m.file, n, advisedWords))
		}
		for p := range strings.SplitSeq(mail.Text, "\n") {
			if n := len(strings.Fields(p)); n > advisedParagraph {
				out = append(out, fmt.Sprintf("%s: “%s” is a paragraph of %d words; a screen holds about %d", m.file, shorten(40, p), n, advisedParagraph))
			}
		}
	}
	return out
}
