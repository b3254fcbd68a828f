package message

import (
	"bytes"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const invitation = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//askwell//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:talk-1@example.org\r\n" +
	"SUMMARY:Talk: Ada Example and Jörg Roe = 20 minutes\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func sample() Draft {
	return Draft{
		From:      Person{"Ada Example", "ada@example.org"},
		To:        []Person{{"Jane Doe", "jane@example.com"}},
		Subject:   "Could you spare 20 minutes?",
		Date:      time.Date(2026, 11, 24, 9, 5, 0, 0, time.FixedZone("", 3600)),
		MessageID: "abcdefghijklmnopqrstuvwxyz@example.org",
		Text:      "Hi Jane,\n\nI'm looking for some advice and information – could you spare 20 minutes for me next week to talk about your career path?\n\nAda\n",
	}
}

// The drafts that the transcripts in testdata/compose show.
func drafts() map[string]Draft {
	plain := sample()
	reply := sample()
	reply.InReplyTo, reply.References = "two@example.com", []MessageID{"one@example.org", "two@example.com"}
	reply.Subject = ReplySubject("AW: Größe & Maß 😀 – a subject that is too long for a single line of the header")
	reply.To[0].Name = "Doe, Jané"
	html := sample()
	html.HTML, html.AutoSubmitted = "<p>Hi <b>Jane</b>,</p>\n", true
	html.Header = []Field{{"X-Askwell", "digest; größe"}}
	html.ReplyTo = Person{"", "ada+k3y@example.org"}
	calendar := sample()
	calendar.Calendar, calendar.Method = []byte(invitation), "REQUEST"
	long := sample()
	for i := range 60 {
		long.References = append(long.References, MessageID(fmt.Sprintf("%060d@example.org", i)))
	}
	return map[string]Draft{"plain": plain, "reply": reply, "html": html, "calendar": calendar, "references": long}
}

func TestComposeTranscripts(t *testing.T) {
	for name, d := range drafts() {
		t.Run(name, func(t *testing.T) {
			raw, err := Compose(d)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := Compose(d)
			if !bytes.Equal(raw, again) {
				t.Error("equal drafts gave different bytes")
			}
			if regexp.MustCompile(`(?im)^(user-agent|x-mailer):`).Match(raw) {
				t.Error("names a program")
			}
			file := filepath.Join("testdata", "compose", name+".eml")
			if *update {
				write(t, file, raw)
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(raw)); diff != "" {
				t.Errorf("not as in %s:\n%s", file, diff)
			}
		})
	}
}

func TestComposeCalendar(t *testing.T) {
	raw, err := Compose(drafts()["calendar"])
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw)
	var seen []string
	m.Walk(func(p *Part) bool {
		line := p.MediaType
		if p.MediaType == "text/calendar" || p.Filename != "" {
			line += " " + p.Params["method"] + " " + p.Filename
			if string(p.Body) != invitation {
				t.Errorf("%s: %q", line, p.Body)
			}
		}
		seen = append(seen, line)
		return true
	})
	want := []string{"multipart/mixed", "multipart/alternative", "text/plain", "text/calendar REQUEST ", "application/ics  invite.ics"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	if len(m.Problems) > 0 {
		t.Error(m.Problems)
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, change := range map[string]func(*Draft){
		"line break in subject":      func(d *Draft) { d.Subject = "x\r\nBcc: eve@example.org" },
		"line feed in subject":       func(d *Draft) { d.Subject = "x\nBcc: eve@example.org" },
		"line separator":             func(d *Draft) { d.Subject = "x\u2028y" },
		"subject not UTF-8":          func(d *Draft) { d.Subject = "\xff" },
		"line break in name":         func(d *Draft) { d.To[0].Name = "x\r\nBcc: eve@example.org" },
		"line break in from":         func(d *Draft) { d.From.Name = "x\ry" },
		"address with line break":    func(d *Draft) { d.To[0].Address = "jane@example.com\r\nBcc: eve@example.org" },
		"address with brackets":      func(d *Draft) { d.To[0].Address = "jane@example.com>, <eve@example.org" },
		"address not normal":         func(d *Draft) { d.To[0].Address = "jane@EXAMPLE.com" },
		"no address":                 func(d *Draft) { d.To[0].Address = "" },
		"no sender":                  func(d *Draft) { d.From = Person{} },
		"bad answer address":         func(d *Draft) { d.ReplyTo = Person{Address: "a b@example.org"} },
		"no recipient":               func(d *Draft) { d.To = nil },
		"no date":                    func(d *Draft) { d.Date = time.Time{} },
		"no message ID":              func(d *Draft) { d.MessageID = "" },
		"brackets in message ID":     func(d *Draft) { d.MessageID = "a> <b@example.org" },
		"line break in references":   func(d *Draft) { d.References = []MessageID{"a\r\nBcc: b@example.org"} },
		"line break in in-reply-to":  func(d *Draft) { d.InReplyTo = "a\nb@example.org" },
		"no text":                    func(d *Draft) { d.Text = " \n" },
		"calendar without method":    func(d *Draft) { d.Calendar = []byte(invitation) },
		"method that is a parameter": func(d *Draft) { d.Calendar, d.Method = []byte(invitation), "REQUEST; x=y" },
		"method with line break":     func(d *Draft) { d.Calendar, d.Method = []byte(invitation), "REQUEST\r\nX: y" },
		"another method":             func(d *Draft) { d.Calendar, d.Method = []byte(invitation), "CANCEL" },
		"method without calendar":    func(d *Draft) { d.Method = "REQUEST" },
		"field that is not X-":       func(d *Draft) { d.Header = []Field{{"Bcc", "eve@example.org"}} },
		"field name with line break": func(d *Draft) { d.Header = []Field{{"X-A: b\r\nBcc", "eve@example.org"}} },
		"field with line break":      func(d *Draft) { d.Header = []Field{{"X-A", "b\r\nBcc: eve@example.org"}} },
		"field twice":                func(d *Draft) { d.Header = []Field{{"X-A", "b"}, {"x-a", "c"}} },
	} {
		d := sample()
		change(&d)
		if raw, err := Compose(d); err == nil {
			t.Errorf("%s: let through:\n%s", name, raw)
		}
	}
	if _, err := Compose(sample()); err != nil {
		t.Error("the sample itself:", err)
	}
}

func TestComposeLeavesOutForeignIdentifiers(t *testing.T) {
	d := sample()
	d.InReplyTo, d.References = "größe@example.com", []MessageID{"a@example.com", "größe@example.com", "b c@example.com"}
	raw, err := Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw)
	if m.InReplyTo != nil || !slices.Equal(m.References, []MessageID{"a@example.com"}) {
		t.Errorf("in-reply-to %q, references %q", m.InReplyTo, m.References)
	}
}

// genDraft makes drafts of text that anybody could have typed, in every script, with the characters that mean something in
// mail more often than chance would have it.
func genDraft(t *rapid.T) Draft {
	odd := rapid.SampledFrom([]rune(" ,;:<>@()[]\"'\\.=?_-#%&äßñ漢😀\u200d\u0301aZ9"))
	text := func(label string, most int) string {
		s := rapid.StringOfN(rapid.OneOf(odd, rapid.Rune()), 0, most, -1).Draw(t, label)
		return strings.Map(func(r rune) rune {
			if checkLine("", string(r), 9) != nil || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
				return -1
			}
			return r
		}, s)
	}
	address := func(label string) Address {
		local := rapid.StringMatching(`[a-zA-Z0-9!#$%&'*+/=?^_{|}~-]{1,12}(\.[a-z0-9]{1,6}){0,2}`).Draw(t, label)
		return Address(local + "@" + rapid.SampledFrom([]string{"example.org", "mail.example.com", "x.test"}).Draw(t, label))
	}
	id := rapid.StringMatching(`[!-;=?-~]{1,100}@[a-z]{1,9}\.test`)
	d := Draft{
		From:          Person{text("from", 40), address("from address")},
		To:            []Person{{text("to", 40), address("to address")}},
		Subject:       text("subject", 120),
		Date:          time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "date"), 0).In(time.FixedZone("", 900*rapid.IntRange(-48, 56).Draw(t, "zone"))),
		MessageID:     MessageID(id.Draw(t, "id")),
		Text:          "x" + strings.Join(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return text("line", 1200) }), 0, 5).Draw(t, "text"), "\n"),
		AutoSubmitted: rapid.Bool().Draw(t, "auto"),
	}
	for range rapid.IntRange(0, 40).Draw(t, "references") {
		d.References = append(d.References, MessageID(id.Draw(t, "reference")))
	}
	if n := len(d.References); n > 0 {
		d.InReplyTo = d.References[n-1]
	}
	if rapid.Bool().Draw(t, "html") {
		d.HTML = "<p>" + text("html", 2000)
	}
	if rapid.Bool().Draw(t, "calendar") {
		d.Calendar, d.Method = []byte(invitation), "REQUEST"
	}
	return d
}

func TestComposeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDraft(t)
		raw, err := Compose(d)
		if err != nil {
			t.Fatal(err)
		}
		checkWritten(t, raw)
		m := Parse(raw)
		if len(m.Problems) > 0 {
			t.Errorf("problems: %q", m.Problems)
		}
		name := func(p Person) []Person {
			// Not kept: what looks like an encoded word in a name, and quotes around all of it.
			return []Person{{withoutQuotes(cleanName(strings.ReplaceAll(p.Name, "=?", "= ?"))), p.Address}}
		}
		same := func(what string, want, got any) {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s\n%s", what, diff, raw)
			}
		}
		same("from", name(d.From), m.From)
		same("to", name(d.To[0]), m.To)
		same("subject", cleanName(d.Subject), m.Subject)
		same("message ID", d.MessageID, m.MessageID)
		same("references", trimReferences(d.References), m.References)
		if !d.Date.Equal(m.Date) {
			t.Errorf("date: %v is %v", d.Date, m.Date)
		}
		text, fromHTML := m.Text()
		same("text", endLine(cleanText(d.Text)), text)
		if fromHTML {
			t.Error("text from HTML")
		}
		if d.HTML != "" {
			same("HTML", bodyText(d.HTML), strings.ReplaceAll(m.HTML(), "\r\n", "\n"))
		}
		if got := m.Header.Get("Auto-Submitted"); (got == "auto-generated") != d.AutoSubmitted {
			t.Errorf("Auto-Submitted: %q", got)
		}
		// The standard library understands the same.
		std, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		list, err := std.Header.AddressList("To")
		if err != nil || len(list) != 1 || list[0].Address != string(d.To[0].Address) {
			t.Errorf("net/mail reads To as %v, %v", list, err)
		}
		if date, err := std.Header.Date(); err != nil || !date.Equal(d.Date) {
			t.Errorf("net/mail reads Date as %v, %v", date, err)
		}
	})
}

// checkWritten holds what is promised of every mail that leaves.
func checkWritten(t interface{ Errorf(string, ...any) }, raw []byte) {
	if err := checkLines(raw); err != nil {
		t.Errorf("%v in\n%q", err, raw)
	}
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	allowed := regexp.MustCompile(`^(Auto-Submitted|Content-Transfer-Encoding|Content-Type|Date|From|In-Reply-To|MIME-Version|Message-ID|References|Reply-To|Subject|To|X-[A-Za-z0-9-]+):`)
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if !strings.HasPrefix(line, " ") && !allowed.MatchString(line) {
			t.Errorf("a field that nobody asked for: %q", line)
		}
		if strings.TrimSpace(line) == "" {
			t.Errorf("an empty line within the header")
		}
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("Jane", "jane@example.com", "Subject", "text\n", "<p>x", "a@b.test", "X-A", "b")
	f.Add("a\r\nb", "x@y.test>", "=?utf-8?q?a?=  \u00a0", "\r.\r\nFrom x", "\x00", "<>", "Bcc", "\n")
	f.Fuzz(func(t *testing.T, name, address, subject, text, html, id, field, value string) {
		d := sample()
		d.To[0], d.Subject, d.Text, d.HTML = Person{name, Address(address)}, subject, text, html
		d.References, d.Header = []MessageID{MessageID(id)}, []Field{{field, value}}
		raw, err := Compose(d)
		if err != nil {
			return
		}
		checkWritten(t, raw)
		m := Parse(raw)
		if len(m.To) != 1 || m.To[0].Address != Address(address) || len(m.From) != 1 || len(m.Header.Values("To")) != 1 {
			t.Errorf("to %q: %v\n%s", address, m.To, raw)
		}
	})
}
