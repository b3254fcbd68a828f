package render

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// skeleton is the HTML without its texts and values: which elements stand where, with which attributes.
func skeleton(t rapid.TB, text string) string {
	t.Helper()
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			b.WriteString("<" + tok.Data)
			for _, a := range tok.Attr {
				b.WriteString(" " + a.Key)
			}
			b.WriteString(">")
		case html.EndTagToken:
			b.WriteString("</" + z.Token().Data + ">")
		case html.CommentToken:
			b.WriteString("<!--")
		}
	}
}

// visible is every text of the HTML, in order.
func visible(t rapid.TB, text string) string {
	t.Helper()
	var b strings.Builder
	for n := range parseDoc(t, text).Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "title" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func clean(t rapid.TB, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: not UTF-8", what)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e }); i >= 0 {
		t.Errorf("%s: a control character at %d: %q", what, i, text[max(0, i-20):min(len(text), i+20)])
	}
}

func headerSafe(t rapid.TB, what, subject string) {
	t.Helper()
	clean(t, what+" subject", subject)
	if subject == "" || strings.ContainsAny(subject, "\r\n") || utf8.RuneCountInString(subject) > maxSubject {
		t.Errorf("%s: subject %q", what, subject)
	}
}

// checkContact renders every mail to a contact with v, and holds what is true whatever v says.
func checkContact(t rapid.TB, s *Set, v ContactView) {
	t.Helper()
	for _, name := range contactNames {
		m, err := s.Contact(name, v)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		headerSafe(t, name, m.Subject)
		clean(t, name, m.Text)
		greeting, rest, _ := strings.Cut(m.Text, "\n\n")
		if strings.Contains(greeting, "\n") || !strings.HasSuffix(greeting, ",") || strings.HasSuffix(greeting, " ,") {
			t.Errorf("%s: greeting %q", name, greeting)
		}
		if strings.HasPrefix(name, "ask_") && !strings.Contains(rest, theAsk) {
			t.Errorf("%s: the ask is gone:\n%s", name, m.Text)
		}
		if strings.Contains(m.Text, "\n\n\n") || strings.HasSuffix(m.Text, "\n\n") || !strings.HasSuffix(m.Text, "\n") {
			t.Errorf("%s: empty lines:\n%q", name, m.Text)
		}
	}
}

// checkOwner renders every mail to the owner with text everywhere, and compares with the same page of harmless letters:
// nothing in a text may add an element or an attribute.
func checkOwner(t rapid.TB, s *Set, text string, names ...string) {
	t.Helper()
	page := fullPage(text)
	page.Sections[1].Title = "Whom to ask next"
	calm := strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsSpace(r) {
			return r
		}
		return 'x'
	}, plain(text))
	if line(text) == "" {
		calm = ""
	}
	same := fullPage(calm)
	same.Sections[1].Title = page.Sections[1].Title
	for _, name := range names {
		m, err := s.Owner(name, page)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		headerSafe(t, name, m.Subject)
		clean(t, name+" text", m.Text)
		clean(t, name+" html", m.HTML)
		if strings.Contains(m.HTML, "ZgotmplZ") {
			t.Errorf("%s: html/template refused a value", name)
		}
		want, err := s.Owner(name, same)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := breaks.ReplaceAllString(skeleton(t, m.HTML), ""), breaks.ReplaceAllString(skeleton(t, want.HTML), ""); got != want {
			t.Errorf("%s: %q changes the elements:\n got %s\nwant %s", name, text, got, want)
		}
		if short := line(text); name == "digest" && utf8.RuneCountInString(short) < 100 && !strings.Contains(visible(t, m.HTML), short) {
			t.Errorf("%s: %q is not in the HTML as it is", name, short)
		}
		noCommands(t, name, m.Text)
	}
}

var breaks = regexp.MustCompile(`<br>|</?(p|blockquote|a)[^>]*>`) // how many there are depends on the lines of a text

// noCommands holds that no line is a command, as it stands and as mail programs wrap it again and drop their marks.
func noCommands(t rapid.TB, name, text string) {
	t.Helper()
	seen := map[string]bool{}
	for _, form := range []string{text, rewrap(text, 72, ""), rewrap(text, 72, "> ")} {
		for l := range strings.SplitSeq(form, "\n") {
			l = strings.TrimLeft(l, "> ")
			if seen[l] {
				continue
			}
			seen[l] = true
			if !strings.HasPrefix(l, "reply:") && (parses(l, false) || parses(l, true)) {
				t.Errorf("%s: a line is a command: %q", name, l)
			}
		}
	}
}

// rewrap breaks the lines that are too long once the quote mark stands before them, as a mail program does.
func rewrap(text string, width int, mark string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		l = mark + l
		for utf8.RuneCountInString(l) > width {
			r := []rune(l)
			at := strings.LastIndexByte(string(r[:width]), ' ')
			if at <= len(mark) || strings.TrimSpace(l[:at]) == strings.TrimSpace(mark) {
				break
			}
			b.WriteString(l[:at] + "\n")
			l = l[at+1:] // without the mark: the worst that is seen
		}
		b.WriteString(l + "\n")
	}
	return b.String()
}

func TestStrange(t *testing.T) {
	s := load(t)
	for i, x := range strange() {
		v := ContactView{Talk: &TalkView{When: x, Place: x}}
		f := reflect.ValueOf(&v).Elem()
		for _, field := range f.Fields() {
			if field.Kind() == reflect.String {
				field.SetString(x)
			}
		}
		checkContact(t, s, v)
		checkOwner(t, s, x, "digest", "receipt", ownerNames[i%len(ownerNames)])
	}
	for shift := range len(strange()) {
		checkContact(t, s, rotated(shift))
	}
}

func TestStrangeRapid(t *testing.T) {
	s := load(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom(strange()), rapid.StringMatching(`[1-9] (pick|met|forget|stop) [a-z ]{0,200}`),
			rapid.StringMatching(`(no|ask|forget|[a-z]{1,9}|[0-9]{1,2})( (no|yes|stop|forget|hold|[a-z]{1,9}|[0-9]{1,2})){0,60}`)).Draw(t, "text")
		field := rapid.IntRange(0, reflect.TypeFor[ContactView]().NumField()-1).Draw(t, "field")
		v := full()
		if f := reflect.ValueOf(&v).Elem().Field(field); f.Kind() == reflect.String {
			f.SetString(text)
		}
		checkContact(t, s, v)
		checkOwner(t, s, text, rapid.SampledFrom(ownerNames).Draw(t, "mail"))
	})
}

func FuzzViews(f *testing.F) {
	for _, x := range strange() {
		f.Add(x[:min(len(x), 400)], byte(3))
	}
	s := load(f)
	f.Fuzz(func(t *testing.T, text string, field byte) {
		v := full()
		fields := reflect.ValueOf(&v).Elem()
		if x := fields.Field(int(field) % fields.NumField()); x.Kind() == reflect.String {
			x.SetString(text)
		}
		v.Talk = &TalkView{When: text, Place: text, Moved: field%2 == 0}
		checkContact(t, s, v)
		checkOwner(t, s, text, ownerNames[int(field)%len(ownerNames)])
	})
}
