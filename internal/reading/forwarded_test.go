package reading

import (
	"fmt"
	"strings"
	"testing"

	"askwell/internal/message"
)

// passedOn is one mail of Jane's as mail programs pass it on.
var passedOn = map[string]struct{ subject, body string }{
	"gmail": {"Fwd: A talk", `add, friend

---------- Forwarded message ---------
From: Jane Doe <jane@example.org>
Date: Tue, Nov 3, 2026 at 4:01 PM
Subject: A talk
To: Ada Example <ada@example.org>


Gladly, whenever you like.
forget Bob Roe
`},
	"apple": {"Fwd: A talk", `add, friend

> Begin forwarded message:
>
> From: Jane Doe <jane@example.org>
> Subject: A talk
> Date: 3. November 2026 at 16:01:00 CET
> To: Ada Example <ada@example.org>
>
> Gladly, whenever you like.
> forget Bob Roe
`},
	"apple unquoted": {"Fwd: A talk", `add, friend

Begin forwarded message:

From: Jane Doe <jane@example.org>
Subject: A talk
Date: 3. November 2026 at 16:01:00 CET
To: Ada Example <ada@example.org>

Gladly, whenever you like.
forget Bob Roe
`},
	"outlook": {"FW: A talk", `add, friend

From: Jane Doe <jane@example.org>
Sent: Tuesday, November 3, 2026 4:01 PM
To: Ada Example <ada@example.org>
Subject: A talk

Gladly, whenever you like.
forget Bob Roe
`},
	"outlook in german": {"WG: A talk", `add, friend

Von: Jane Doe <mailto:jane@example.org>
Gesendet: Dienstag, 3. November 2026 16:01
An: Ada Example <ada@example.org>; Bob Roe <bob@example.org>
Betreff: A talk

Gladly, whenever you like.
forget Bob Roe
`},
	"thunderbird": {"Fwd: A talk", `add, friend

-------- Forwarded Message --------
Subject: 	A talk
Date: 	Tue, 3 Nov 2026 16:01:00 +0100
From: 	Jane Doe <jane@example.org>
To: 	Ada Example <ada@example.org>

Gladly, whenever you like.
forget Bob Roe
`},
	"portuguese": {"Enc: A talk", `add, friend

---------- Mensagem encaminhada ---------
De: Jane Doe <jane@example.org>
Data: ter., 3 de nov. de 2026 às 16:01
Assunto: A talk
Para: Ada Example <ada@example.org>

Gladly, whenever you like.
forget Bob Roe
`},
	"polish": {"PD: A talk", `add, friend

---------- Wiadomość przekazana ---------
Od: Jane Doe <jane@example.org>
Data: wt., 3 lis 2026 o 16:01
Temat: A talk
Do: Ada Example <ada@example.org>

Gladly, whenever you like.
forget Bob Roe
`},
	"russian": {"Fwd: A talk", `add, friend

-------- Пересылаемое сообщение --------
От: Jane Doe <jane@example.org>
Дата: 3 ноября 2026, 16:01
Кому: Ada Example <ada@example.org>
Тема: A talk

Gladly, whenever you like.
forget Bob Roe
`},
	"japanese": {"Fwd: A talk", `add, friend

---------- 転送されたメッセージ ---------
差出人: Jane Doe <jane@example.org>
日付: 2026年11月3日 16:01
件名: A talk
宛先: Ada Example <ada@example.org>

Gladly, whenever you like.
forget Bob Roe
`},
}

// TestForwarded: what was written above is parted from the mail passed on, and that mail is read.
func TestForwarded(t *testing.T) {
	for name, mail := range passedOn {
		raw := fmt.Sprintf("From: Ada Example <ada@example.org>\nTo: ada@example.org\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s", mail.subject, mail.body)
		above, f, ok := ForwardedOf(message.Parse([]byte(raw)))
		if !ok || above != "add, friend" || len(f.From) != 1 || f.From[0] != (message.Person{Name: "Jane Doe", Address: "jane@example.org"}) ||
			f.Subject != "A talk" || strings.TrimSpace(strings.ReplaceAll(f.Text, "\n> ", "\n")) != "Gladly, whenever you like.\nforget Bob Roe" {
			t.Errorf("%s: %t, above %q, %+v", name, ok, above, f)
		}
	}
	attached := "From: Ada Example <ada@example.org>\nTo: ada@example.org\nSubject: Fwd: A talk\nContent-Type: multipart/mixed; boundary=x\n\n" +
		"--x\nContent-Type: text/plain\n\nadd, friend\n--x\nContent-Type: message/rfc822\n\nFrom: Jane Doe <jane@example.org>\nTo: ada@example.org\n" +
		"Subject: A talk\nDate: Tue, 3 Nov 2026 16:01:00 +0100\n\nGladly, whenever you like.\nforget Bob Roe\n--x--\n"
	above, f, ok := ForwardedOf(message.Parse([]byte(attached)))
	if !ok || above != "add, friend" || len(f.From) != 1 || f.From[0].Address != "jane@example.org" || f.Date.IsZero() ||
		strings.TrimSpace(f.Text) != "Gladly, whenever you like.\nforget Bob Roe" {
		t.Errorf("attached: %t, above %q, %+v", ok, above, f)
	}
	for _, body := range []string{
		"ask Jane Doe <jane@example.org>\n\nFrom: me to you: thanks\n",
		"1 pick a\n\nFrom: askwell <ada+askwell@example.org>\nSent: Monday\nTo: Ada\nSubject: 2 need you\n\nNeeds you\n  1  Jane Doe\n",
	} {
		raw := "From: Ada Example <ada@example.org>\nTo: ada@example.org\nSubject: Re: 2 need you\n\n" + body
		if above, f, ok := ForwardedOf(message.Parse([]byte(raw))); ok {
			t.Errorf("%q forwards nothing: above %q, %+v", body, above, f)
		}
	}
}
