package engine_test

import (
	"strings"
	"testing"

	"askwell/internal/contact"
)

const her = "jane@example.org"

// fromJane is a mail of Jane's as the owner's mail program passes it on; what she says is not for askwell.
const fromJane = `

---------- Forwarded message ---------
From: Jane Doe <jane@example.org>
Date: Tue, Nov 3, 2026 at 4:01 PM
Subject: The new ward
To: Ada Example <ada@example.org>

I have begun at St. Mary.
forget bob@example.org
ask Mallory <mallory@example.org>, friend
`

// TestPassedOn: a mail passed on to oneself with a word above it adds the person, with the mail as what was written before;
// and not a word of the mail itself is a command.
func TestPassedOn(t *testing.T) {
	for _, tc := range []struct {
		above string
		stage contact.Stage
		notes []string
		says  string
	}{
		{"add", contact.New, []string{"begun at St. Mary"}, "Jane Doe <jane@example.org> is added (known)"},
		{"Add her please.", contact.New, []string{"begun at St. Mary"}, "is added"},
		{"ask", contact.Asking, []string{"begun at St. Mary"}, "Jane Doe gets the ask"},
		{"ask, friend, nurse at St. Mary\nshe likes buses", contact.Asking, []string{"she likes buses", "begun at St. Mary"}, "(close, nurse at St. Mary)"},
		{"We met at the fair; she knows wards.", contact.New, []string{"We met at the fair; she knows wards.", "begun at St. Mary"}, "is added"},
		{"note bob likes trams", "", nil, "Noted about Bob Roe"},
		{"", "", nil, ""},
	} {
		t.Run(tc.above, func(t *testing.T) {
			r := onWorld(t, "", start())
			r.writes("", "add Bob Roe <bob@example.org>")
			before := len(r.ofKind("receipt"))
			r.writes("Fwd: The new ward", tc.above+fromJane)
			var notes []string
			if tc.stage == "" && r.knows(her) {
				t.Error("Jane was added")
			}
			if tc.stage != "" && r.knows(her) {
				r.stage(her, tc.stage)
				for _, n := range r.contact(her).Notes {
					notes = append(notes, n.Text)
				}
			}
			if len(notes) != len(tc.notes) {
				t.Fatalf("notes: %q", notes)
			}
			for i, want := range tc.notes {
				if !strings.Contains(notes[i], want) {
					t.Errorf("note %d is %q", i, notes[i])
				}
			}
			if r.knows("mallory@example.org") {
				t.Error("Jane's words added somebody")
			}
			r.stage("bob@example.org", contact.New)
			if tc.says == "" {
				if n := len(r.ofKind("receipt")); n != before {
					t.Errorf("a mail passed on without a word was answered:\n%s", r.lastText("receipt"))
				}
			} else {
				r.has("the receipt", r.lastText("receipt"), tc.says)
			}
		})
	}
}

// Passed on once more, it is remembered about the contact that is there; commands need not say whom they are about; and
// somebody who opted out stays so.
func TestPassedOnAgain(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("Fwd: The new ward", "add"+fromJane)
	r.writes("Fwd: The new ward", "snooze 2w"+fromJane)
	if r.contact(her).SnoozedUntil.IsZero() {
		t.Errorf("Jane does not rest\n%s", r.lastText("receipt"))
	}
	r.writes("Fwd: The new ward", "ask"+fromJane)
	r.stage(her, contact.Asking)
	r.writes("", "stop jane")
	r.writes("", "forget jane")
	r.writes("Fwd: The new ward", "add"+fromJane)
	if r.knows(her) {
		t.Error("somebody who opted out is there again")
	}
	r.has("the receipt", r.lastText("receipt"), "opted out")
	if n := strings.Count(r.lastText("receipt"), "You wrote"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
}

// TestPassedOnInOtherWords: in whichever language and form a program passes a mail on, nothing in it commands.
func TestPassedOnInOtherWords(t *testing.T) {
	forms := map[string]string{
		"Enc: A talk":  "---------- Mensagem encaminhada ---------\nDe: Jane Doe <jane@example.org>\nData: ter., 3 de nov. de 2026 às 16:01\nAssunto: A talk\nPara: Ada Example <ada@example.org>\n\n",
		"PD: A talk":   "---------- Wiadomość przekazana ---------\nOd: Jane Doe <jane@example.org>\nData: wt., 3 lis 2026 o 16:01\nTemat: A talk\nDo: Ada Example <ada@example.org>\n\n",
		"WG: A talk":   "Von: Jane Doe <jane@example.org>\nGesendet: Dienstag, 3. November 2026 16:01\nAn: Ada Example <ada@example.org>\nBetreff: A talk\n\n",
		"Fwd: A talk":  "> Begin forwarded message:\n>\n> From: Jane Doe <jane@example.org>\n> Subject: A talk\n> Date: 3. November 2026 at 16:01:00 CET\n> To: Ada Example <ada@example.org>\n>\n\n",
		"转发: A talk":   "-------- 转发的邮件 --------\n发件人: Jane Doe <jane@example.org>\n日期: 2026年11月3日\n主题: A talk\n收件人: Ada Example <ada@example.org>\n\n",
		"Fwd:  A talk": "-------- Пересылаемое сообщение --------\nОт: Jane Doe <jane@example.org>\nДата: 3 ноября 2026, 16:01\nКому: Ada Example <ada@example.org>\nТема: A talk\n\n",
	}
	for subject, head := range forms {
		r := onWorld(t, "", start())
		r.writes("", "add Bob Roe <bob@example.org>")
		r.writes(subject, "add\n\n"+head+"forget bob@example.org\nask Mallory <mallory@example.org>, friend\n")
		if !r.knows(her) || !r.knows("bob@example.org") || r.knows("mallory@example.org") {
			t.Errorf("%s:\n%s", subject, r.lastText("receipt"))
		}
	}
	// Attached, too.
	r := onWorld(t, "", start())
	r.writes("", "add Bob Roe <bob@example.org>")
	raw := "From: Ada Example <ada@example.org>\r\nTo: ada@example.org\r\nSubject: Fwd: A talk\r\nMessage-ID: <att@fresh.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
		"--x\r\nContent-Type: text/plain\r\n\r\nask\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: Jane Doe <jane@example.org>\r\nTo: ada@example.org\r\n" +
		"Subject: A talk\r\nDate: Tue, 3 Nov 2026 16:01:00 +0100\r\n\r\nforget bob@example.org\r\n--x--\r\n"
	r.submit(r.owner, []byte(raw))
	r.turn()
	r.stage(her, contact.Asking)
	r.stage("bob@example.org", contact.New)
}
