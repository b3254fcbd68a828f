package message

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]Address{
		"jane@example.com":         "jane@example.com",
		" <Jane@Example.COM> ":     "Jane@example.com",
		"jane+tag@example.com.":    "jane+tag@example.com",
		`"jane"@example.com`:       "jane@example.com",
		`"jane doe"@example.com`:   `"jane doe"@example.com`,
		"o'neil@example.com":       "o'neil@example.com",
		"jane.@example.com":        "jane.@example.com",
		"jané@exämple.test":        "jané@xn--exmple-cua.test",
		"root@localhost":           "root@localhost",
		"x@[192.0.2.1]":            "x@[192.0.2.1]",
		"x@a_b.test":               "x@a_b.test",
		"":                         "",
		"jane":                     "",
		"@example.com":             "",
		"jane@":                    "",
		"jane doe@example.com":     "",
		"jane@exam ple.com":        "",
		"jane@example.com\nBcc: x": "",
		"jane\x00@example.com":     "",
		"jane\u202e@example.com":   "",
		"jane\u00a0x@example.com":  "",
		"Jane <jane@example.com>":  "",
		"a@b.test, c@d.test":       "",
		"a@-b.test":                "",
		"a@b..test":                "",
		"a@b@c.test":               "",
		`"a"b"@c.test`:             "",
		"jane@example.com>":        "",
		"\xff@example.com":         "",
		strings.Repeat("x", 243) + "@example.com": "",
	} {
		got, err := ParseAddress(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestAddressForms(t *testing.T) {
	a := Address("Jane.Doe+Lists@example.com")
	if a.Key() != "jane.doe+lists@example.com" || a.Plain() != "jane.doe@example.com" || a.Local() != "Jane.Doe+Lists" || a.Domain() != "example.com" {
		t.Error(a.Key(), a.Plain(), a.Local(), a.Domain())
	}
	if p := Address("+x@example.com").Plain(); p != "+x@example.com" {
		t.Error(p)
	}
}

func TestPersonString(t *testing.T) {
	for _, c := range []struct {
		person Person
		want   string
	}{
		{Person{"Jane Doe", "jane@example.com"}, "Jane Doe <jane@example.com>"},
		{Person{"", "jane@example.com"}, "jane@example.com"},
		{Person{"Doe, Jane", "jane@example.com"}, `"Doe, Jane" <jane@example.com>`},
		{Person{`a "b" \c`, "jane@example.com"}, `"a \"b\" \\c" <jane@example.com>`},
		{Person{"Zoë", "zoe@example.com"}, "=?utf-8?b?Wm/Dqw==?= <zoe@example.com>"},
		{Person{"x\r\nBcc: eve@example.net", "jane@example.com"}, `"x Bcc: eve@example.net" <jane@example.com>`},
		{Person{"=?utf-8?q?x?=", "jane@example.com"}, "= ?utf-8?q?x?= <jane@example.com>"},
		{Person{"x", "jane@example.com>\r\nBcc: <eve@example.net"}, "x <jane@example.comBcc: eve@example.net>"},
		{Person{"a\u202eb", "jane@example.com"}, "ab <jane@example.com>"},
	} {
		if got := c.person.String(); got != c.want {
			t.Errorf("%q: %q, want %q", c.person, got, c.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"Tue, 24 Nov 2026 15:04:05 +0100":          "2026-11-24T15:04:05+01:00",
		"Tue, 24 Nov 2026 15:04:05 +0100 (CET)":    "2026-11-24T15:04:05+01:00",
		"24 Nov 2026 15:04 -0330":                  "2026-11-24T15:04:00-03:30",
		"Tue, 24 Nov 26 15:04:05 EST":              "2026-11-24T15:04:05-05:00",
		"Tue, 24 Nov 99 15:04:05 GMT":              "1999-11-24T15:04:05Z",
		"Tue, 24 Nov 126 15:04:05 GMT":             "2026-11-24T15:04:05Z",
		"Tue, 24 Nov 2026 15:04:05 GMT+1":          "2026-11-24T15:04:05+01:00",
		"Tue, 24 Nov 2026 15:04:05 UTC+05:30":      "2026-11-24T15:04:05+05:30",
		"Tue, 24 Nov 2026 15:04:05 +01:00":         "2026-11-24T15:04:05+01:00",
		"Tue, 24 Nov 2026 15:04:05 CEST":           "2026-11-24T15:04:05+02:00",
		"Tue, 24 Nov 2026 15:04:05":                "2026-11-24T15:04:05Z",
		"Tue, 24 Nov 2026 15:04:05 XYZ":            "2026-11-24T15:04:05Z",
		"Tue, 24 Nov 2026 15:04:05 -0000":          "2026-11-24T15:04:05Z",
		"Tue, 24 Nov 2026 15:04:05 +9900":          "2026-11-24T15:04:05Z",
		"Tue,24 Nov 2026 15:04:05 +0100":           "2026-11-24T15:04:05+01:00",
		"Tue, 24 Nov 2026 15.04.05 +0100":          "2026-11-24T15:04:05+01:00",
		"Tue, 24 Nov 2026 3:04:05 PM -0500":        "2026-11-24T15:04:05-05:00",
		"24 Nov 2026 12:00 am":                     "2026-11-24T00:00:00Z",
		"Tuesday, 24-Nov-26 15:04:05 GMT":          "2026-11-24T15:04:05Z",
		"Tue Nov 24 15:04:05 2026":                 "2026-11-24T15:04:05Z",
		"Tue Nov 24 15:04:05 CET 2026":             "2026-11-24T15:04:05+01:00",
		"Tue, Nov 24 2026 15:04:05 +0100":          "2026-11-24T15:04:05+01:00",
		"2026-11-24 15:04:05 +0100":                "2026-11-24T15:04:05+01:00",
		"2026-11-24T15:04:05.123Z":                 "2026-11-24T15:04:05Z",
		"2026-11-24T15:04:05+01:00":                "2026-11-24T15:04:05+01:00",
		"Di, 24 November 2026 15:04:05 +0100":      "2026-11-24T15:04:05+01:00",
		"mar., 24 nov. 2026 15:04:05 +0100":        "2026-11-24T15:04:05+01:00",
		"Sat, 24 Oct 2026 15:04:60 +0200":          "2026-10-24T15:04:59+02:00",
		"24-Oct-2026 15:04:05 +0200":               "2026-10-24T15:04:05+02:00",
		"24 Nov 2026":                              "2026-11-24T00:00:00Z",
		"Thu, 29 Feb 2028 10:00:00 +0000":          "2028-02-29T10:00:00Z",
		"Thu, 29 Feb 2026 10:00:00 +0000":          "",
		"Tue, 24 Foo 2026 15:04:05 +0100":          "",
		"Tue, 24 Nov 2026 25:04:05 +0100":          "",
		"":                                         "",
		"now":                                      "",
		strings.Repeat("Tue ", 100):                "",
		"99999999999999999999 Nov 2026 15:04:05 Z": "",
	} {
		got := ""
		if d := parseDate(in); !d.IsZero() {
			got = d.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSubjects(t *testing.T) {
	for _, c := range []struct{ in, reply, base string }{
		{"Lunch?", "Re: Lunch?", "Lunch?"},
		{"Re: Lunch?", "Re: Lunch?", "Lunch?"},
		{"RE: Re: AW: Lunch?", "Re: Lunch?", "Lunch?"},
		{"Re[2]: Lunch?", "Re: Lunch?", "Lunch?"},
		{"Re^3: Re (4) : Lunch?", "Re: Lunch?", "Lunch?"},
		{"Antw: SV: RV: R: Lunch?", "Re: Lunch?", "Lunch?"},
		{"回复：Lunch?", "Re: Lunch?", "Lunch?"},
		{"Fwd: Re: Lunch?", "Re: Fwd: Re: Lunch?", "Lunch?"},
		{"WG: Lunch? (fwd)", "Re: WG: Lunch? (fwd)", "Lunch?"},
		{"[EXTERN] AW: Lunch?", "Re: Lunch?", "Lunch?"},
		{"Re: [list] Lunch?", "Re: [list] Lunch?", "Lunch?"},
		{"[list]", "Re: [list]", "[list]"},
		{"Reality: a talk", "Re: Reality: a talk", "Reality: a talk"},
		{"Ref: 12", "Re: Ref: 12", "Ref: 12"},
		{"Re:", "Re:", ""},
		{"", "Re:", ""},
		{"a\r\nBcc: x", "Re: a Bcc: x", "a Bcc: x"},
	} {
		if got := ReplySubject(c.in); got != c.reply {
			t.Errorf("reply to %q: %q, want %q", c.in, got, c.reply)
		}
		if got := BaseSubject(c.in); got != c.base {
			t.Errorf("base of %q: %q, want %q", c.in, got, c.base)
		}
		if once := ReplySubject(c.in); ReplySubject(once) != once {
			t.Errorf("a second reply to %q: %q", c.in, ReplySubject(once))
		}
	}
}

func TestThreadIDs(t *testing.T) {
	m := &Message{MessageID: "d", InReplyTo: []MessageID{"c"}, References: []MessageID{"a", "b", "c"}}
	if got := m.ThreadIDs(); !slices.Equal(got, []MessageID{"c", "b", "a"}) {
		t.Error(got)
	}
}

func TestReferencesFor(t *testing.T) {
	var long []MessageID
	for i := range 100 {
		long = append(long, MessageID(strings.Repeat("x", i+1)))
	}
	for name, c := range map[string]struct {
		parent Message
		want   []MessageID
	}{
		"first":                {Message{MessageID: "a"}, []MessageID{"a"}},
		"references":           {Message{MessageID: "c", InReplyTo: []MessageID{"b"}, References: []MessageID{"a", "b"}}, []MessageID{"a", "b", "c"}},
		"in-reply-to alone":    {Message{MessageID: "c", InReplyTo: []MessageID{"b"}}, []MessageID{"b", "c"}},
		"several in-reply-to":  {Message{MessageID: "c", InReplyTo: []MessageID{"a", "b"}}, []MessageID{"c"}},
		"repeated":             {Message{MessageID: "c", References: []MessageID{"a", "c", "a", "b"}}, []MessageID{"a", "b", "c"}},
		"without a message ID": {Message{References: []MessageID{"a"}}, []MessageID{"a"}},
		"long":                 {Message{MessageID: "last", References: long}, append(append([]MessageID{"x"}, long[81:]...), "last")},
	} {
		if diff := cmp.Diff(c.want, ReferencesFor(&c.parent)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNewMessageID(t *testing.T) {
	id := NewMessageID([16]byte{0: 0xff, 15: 1}, "Example.ORG")
	if id != "74aaaaaaaaaaaaaaaaaaaaaaae@example.org" {
		t.Error(id)
	}
	if !validID(id) {
		t.Error("cannot be written")
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"=?utf-8?q?a?= =?utf-8?q?b?=":            "ab",
		"=?utf-8?q?a?=\r\n =?iso-8859-1?q?=E4?=": "aä",
		"=?utf-8?q?a?= b =?utf-8?q?c?=":          "a b c",
		"=?utf-8?b?w?= =?utf-8?b?w6Q=?=":         "ä",
		"=?x":                                    "=?x",
		"=?utf-8?x?abc?=":                        "=?utf-8?x?abc?=",
		"=?a=?b=?utf-8?q?c?=":                    "=?a=?bc",
		"=?iso-2022-jp?b?GyRCTExDTBsoQg==?=":     "面談",
		"=?gb2312?B?0ru2+A==?=":                  "一而",
		"50 =?= 50":                              "50 =?= 50",
		"=?utf-8?q??= x":                         " x",
	} {
		if got := decodeWords(in, ""); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	h := ParseHeader([]byte("A: 1\r\nb: 2\r\n folded\r\na: =?utf-8?q?=C3=A4?=\r\nC:\r\n\r\nD: body\r\n")).Header
	if h.Get("a") != "1" || h.Get("B") != "2 folded" || !slices.Equal(h.Values("A"), []string{"1", "=?utf-8?q?=C3=A4?="}) {
		t.Errorf("%q", h)
	}
	if !h.Has("c") || h.Has("d") || h[2:].Text("a") != "ä" {
		t.Errorf("%q", h)
	}
}

func TestReceived(t *testing.T) {
	for raw, want := range map[string]string{
		"Received: from a by b; Mon, 23 Nov 2026 09:13:42 +0100 (CET)\nReceived: from c by a; Mon, 23 Nov 2026 08:00:00 +0000\n\n": "2026-11-23T09:13:42+01:00",
		"Received: by a\nReceived: from c by a;\n Mon, 23 Nov 2026 08:00:00 +0000\n\n":                                             "2026-11-23T08:00:00Z",
		"Date: Mon, 23 Nov 2026 08:00:00 +0000\n\n":                                                                                "0001-01-01T00:00:00Z",
	} {
		if got := Parse([]byte(raw)).Received().Format(time.RFC3339); got != want {
			t.Errorf("%q: %s, not %s", raw, got, want)
		}
	}
}
