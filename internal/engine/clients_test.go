package engine_test

import (
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"askwell/internal/message"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// client is a mail program: how an answer to a mail looks when it comes from there.
type client struct {
	name string
	// answer forms the body, of a type, from what was typed and the mail answered.
	answer func(typed string, o original) (contentType, body string)
	inline bool // what is typed stands below the items of the quote
}

// original is the mail that is answered, as a mail program has it.
type original struct {
	from, subject, text, html string
	at                        time.Time
}

const boundary = "=_part"

func alternative(text, html string) (string, string) {
	return "multipart/alternative; boundary=\"" + boundary + "\"",
		"--" + boundary + "\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n--" + boundary +
			"\nContent-Type: text/html; charset=utf-8\n\n" + html + "\n--" + boundary + "--\n"
}

func quote(text string) string {
	var b strings.Builder
	for l := range strings.Lines(strings.TrimRight(text, "\n")) {
		b.WriteString(strings.TrimRight("> "+strings.TrimRight(l, "\r\n"), " ") + "\n")
	}
	return b.String()
}

// between puts what was typed below the lines of the quote that begin with its numbers: "1: pick a" goes below item 1.
func between(typed, quoted string) string {
	answers := map[string]string{}
	var last strings.Builder
	for l := range strings.Lines(typed) {
		if n, words, ok := strings.Cut(l, ": "); ok && len(n) < 3 {
			answers[n] = words
		} else {
			last.WriteString(l)
		}
	}
	var b strings.Builder
	for l := range strings.Lines(quoted) {
		b.WriteString(l)
		f := strings.Fields(strings.TrimPrefix(l, ">"))
		if len(f) > 1 && answers[strings.Trim(f[0], ".")] != "" {
			b.WriteString("\n" + strings.TrimRight(answers[strings.Trim(f[0], ".")], "\n") + "\n\n")
			delete(answers, strings.Trim(f[0], "."))
		}
	}
	return b.String() + "\n" + last.String()
}

// rewrapped is a text whose long lines are broken anew, as some programs do before they quote.
func rewrapped(text string, width int) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		at := 0
		for i, w := range strings.Split(strings.TrimRight(l, "\n"), " ") {
			switch {
			case i > 0 && at+1+len([]rune(w)) > width:
				b.WriteString("\n" + w)
				at = len([]rune(w))
			case i > 0:
				b.WriteString(" " + w)
				at += 1 + len([]rune(w))
			default:
				b.WriteString(w)
				at = len([]rune(w))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func divs(text string) string {
	var b strings.Builder
	for l := range strings.Lines(strings.TrimRight(text, "\n")) {
		l = html.EscapeString(strings.TrimRight(l, "\n"))
		if l == "" {
			l = "<br>"
		}
		b.WriteString("<div>" + l + "</div>")
	}
	return b.String()
}

func paragraphs(text, class string) string {
	var b strings.Builder
	for l := range strings.Lines(strings.TrimRight(text, "\n")) {
		l = html.EscapeString(strings.TrimRight(l, "\n"))
		if l == "" {
			l = "&nbsp;"
		}
		b.WriteString("<p class=" + class + ">" + l + "<o:p></o:p></p>\n")
	}
	return b.String()
}

// inside is what stands in the body element of an HTML mail.
func inside(page string) string {
	_, body, _ := strings.Cut(page, "<body")
	_, body, _ = strings.Cut(body, ">")
	body, _, _ = strings.Cut(body, "</body>")
	return body
}

var clients = []client{
	{name: "gmail", answer: func(typed string, o original) (string, string) {
		intro := o.at.Format("On Mon, Jan 2, 2006 at 3:04 PM") + " askwell <" + o.from + "> wrote:"
		return alternative(typed+"\n"+intro+"\n\n"+quote(o.text),
			`<div dir="ltr">`+divs(typed)+`</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">`+
				strings.ReplaceAll(intro, "<"+o.from+">", `&lt;<a href="mailto:`+o.from+`">`+o.from+`</a>&gt;`)+
				`<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">`+
				inside(o.html)+"</blockquote></div>")
	}},
	{name: "outlook_desktop", answer: func(typed string, o original) (string, string) {
		head := "From: askwell <" + o.from + ">\nSent: " + o.at.Format("Monday, January 2, 2006 3:04 PM") + "\nTo: Ada Example <ada@example.org>\nSubject: " + o.subject + "\n"
		return alternative(typed+"\n"+head+"\n"+o.text,
			`<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=EN-US><div class=WordSection1>`+paragraphs(typed, "MsoNormal")+
				`<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal><b>From:</b> askwell &lt;`+o.from+
				`&gt; <br><b>Sent:</b> `+o.at.Format("Monday, January 2, 2006 3:04 PM")+`<br><b>To:</b> Ada Example &lt;ada@example.org&gt;<br><b>Subject:</b> `+
				html.EscapeString(o.subject)+"<o:p></o:p></p></div></div>"+inside(o.html)+"</div></body></html>")
	}},
	{name: "outlook_html_only", answer: func(typed string, o original) (string, string) {
		return "text/html; charset=utf-8", `<html><body><div dir="ltr">` + divs(typed) + `</div><div id="ms-outlook-mobile-signature"><div><br></div>` +
			`Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr style="display:inline-block;width:98%" tabindex="-1">` +
			`<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000"><b>Von:</b> askwell &lt;` + o.from +
			`&gt;<br><b>Gesendet:</b> ` + o.at.Format("02.01.2006 15:04") + `<br><b>An:</b> Ada Example &lt;ada@example.org&gt;<br><b>Betreff:</b> ` +
			html.EscapeString(o.subject) + `</font><div>&nbsp;</div></div>` + inside(o.html) + "</body></html>"
	}},
	{name: "apple_mail", answer: func(typed string, o original) (string, string) {
		intro := o.at.Format("On 2. Jan 2006, at 15:04") + ", askwell <" + o.from + "> wrote:"
		return alternative(typed+"\n"+intro+"\n\n"+quote(o.text),
			`<html><body style="overflow-wrap: break-word;">`+divs(typed)+`<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>`+
				html.EscapeString(intro)+`</div><br class="Apple-interchange-newline"><div>`+inside(o.html)+`</div></blockquote></div><br></body></html>`)
	}},
	{name: "iphone", answer: func(typed string, o original) (string, string) {
		intro := o.at.Format("On 2 Jan 2006, at 15:04") + ", askwell <" + o.from + "> wrote:"
		return "text/plain; charset=utf-8", typed + "\n\nSent from my iPhone\n\n" + quote(intro+"\n\n"+o.text)
	}},
	{name: "thunderbird", inline: true, answer: func(typed string, o original) (string, string) {
		return "text/plain; charset=UTF-8; format=flowed", o.at.Format("On 1/2/06 15:04") + ", askwell wrote:\n" + between(typed, quote(o.text)) +
			"\n-- \nAda Example\nteacher\n"
	}},
	{name: "k9", answer: func(typed string, o original) (string, string) {
		return "text/plain; charset=utf-8", typed + "\n\n-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.\n\n" +
			o.at.Format("On 2 January 2006 15:04:05 CET") + ", askwell <" + o.from + "> wrote:\n" + quote(rewrapped(o.text, 60))
	}},
	{name: "mutt", inline: true, answer: func(typed string, o original) (string, string) {
		return "text/plain; charset=utf-8", o.at.Format("On Mon, Jan 02, 2006 at 03:04:05PM -0700") + ", askwell wrote:\n" + between(typed, quote(rewrapped(o.text, 72)))
	}},
	{name: "yahoo", answer: func(typed string, o original) (string, string) {
		return alternative(typed+"\n\n    "+o.at.Format("On Monday, January 2, 2006 at 03:04:05 PM GMT+1")+", askwell <"+o.from+"> wrote:  \n \n "+
			strings.ReplaceAll(o.text, "\n", "\n ")+"  ",
			`<html><body><div class="ydp1yahoo-style-wrap">`+divs(typed)+`</div><div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div>`+
				o.at.Format("On Monday, January 2, 2006 at 03:04:05 PM GMT+1")+", askwell &lt;"+o.from+"&gt; wrote:</div><div><br></div><div>"+inside(o.html)+
				"</div></div></body></html>")
	}},
	{name: "unmarked", answer: func(typed string, o original) (string, string) { // some phones
		return "text/plain; charset=utf-8", typed + "\n\n-------- Original message --------\nFrom: askwell <" + o.from + ">\nDate: " +
			o.at.Format("02/01/2006 15:04 (GMT+01:00)") + "\nTo: Ada Example <ada@example.org>\nSubject: " + o.subject + "\n\n" + rewrapped(o.text, 72)
	}},
}

const (
	typedAbove = `2 pick a
1 met He told me to begin small.
He likes buses, too.
cy hold
eve ask
frobnicate the thing

thanks!
Ada
`
	typedInline = `1: He told me to begin small.
2: pick a
3: hold
4: ask
thanks!
Ada
`
)

// TestClients answers one digest from every mail program, and keeps what arrived and what became of each line.
func TestClients(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			r, digest := monday(t)
			typed := typedAbove
			if c.inline {
				typed = typedInline
			}
			o := r.asShown(digest)
			header, body := r.answersFrom(c, digest, typed)

			shown := strings.ReplaceAll(body, inside(o.html), "[the digest as HTML]")
			got := "what arrives\n============\n" + header[strings.Index(header, "Content-Type"):] + "\n" + shown + "\nthe receipt\n===========\n" + r.lastText("receipt")
			got = strings.ReplaceAll(got, o.from, "ada+askwell@example.org")
			file := filepath.Join("testdata", "clients", c.name+".txt")
			if *update {
				r.must(os.MkdirAll(filepath.Dir(file), 0o755))
				r.must(os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			r.must(err)
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-kept +got)\n%s", diff)
			}
		})
	}
}

// asShown is a mail to the owner as a mail program has it.
func (r *rig) asShown(raw []byte) original {
	m := message.Parse(raw)
	text, _ := m.Text()
	to := append(m.ReplyTo, m.From...)
	return original{from: string(to[0].Address), subject: m.Subject, at: m.Date.In(r.e.Location()), text: text, html: htmlOf(r.t, raw)}
}

// answersFrom is the owner's answer from a mail program; it returns what that sends.
func (r *rig) answersFrom(c client, raw []byte, typed string) (header, body string) {
	r.t.Helper()
	o, m := r.asShown(raw), message.Parse(raw)
	contentType, body := c.answer(typed, o)
	r.letters++
	header = fmt.Sprintf("Date: %s\nFrom: Ada Example <%s>\nTo: %s\nSubject: Re: %s\nMessage-ID: <answer%d@fresh.example>\nIn-Reply-To: <%s>\n"+
		"References: <%s>\nMIME-Version: 1.0\nContent-Type: %s\nContent-Transfer-Encoding: 8bit\n",
		r.now.Format(time.RFC1123Z), r.owner, o.from, o.subject, r.letters, m.MessageID, m.MessageID, contentType)
	r.submit(r.owner, []byte(strings.ReplaceAll(header+"\n"+body, "\n", "\r\n")))
	r.turn()
	return header, body
}

// TestQuotesSayNothing: of an answer without a word, or with thanks only, nothing is done and nothing is asked back,
// whichever mail it quotes, however the mail program quotes it, and also where it quotes the quote again.
func TestQuotesSayNothing(t *testing.T) {
	again := func(c client) client {
		return client{name: c.name + " again", answer: func(typed string, o original) (string, string) {
			for _, form := range clients {
				if form.name == "unmarked" || form.name == "k9" {
					_, o.text = form.answer("I see.", o)
				}
			}
			return c.answer(typed, o)
		}}
	}
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			r, digest := monday(t)
			r.answers(digest, "frobnicate the thing\nhold cy")
			mails := map[string][]byte{}
			for _, raw := range r.stored(r.owner, "INBOX", 0) {
				if kind := message.ParseHeader(raw).Header.Get("X-Askwell"); kind != "" {
					mails[kind] = raw
				}
			}
			for _, kind := range []string{"digest", "times", "outcome", "receipt"} {
				if mails[kind] == nil {
					t.Fatalf("there is no %s among %s", kind, r.subjects())
				}
			}
			receipts := len(r.ofKind("receipt"))
			for kind, raw := range mails {
				for _, from := range []client{c, again(c)} {
					for _, typed := range []string{"", "Thanks!\n\nAda\n"} {
						r.answersFrom(from, raw, typed)
						if n := len(r.ofKind("receipt")); n != receipts {
							t.Errorf("%q to a %s from %s was answered:\n%s", typed, kind, from.name, r.lastText("receipt"))
							receipts = n
						}
					}
				}
			}
		})
	}
}

// monday is a digest with something of every kind: times proposed, an outcome to report, a mail going out, whom to ask.
func monday(t *testing.T) (*rig, []byte) {
	t.Helper()
	r := onWorld(t, "", time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("CET", 3600)))
	for _, who := range []string{"ask Jane Doe <" + jane + ">, friend", "ask Bob Roe <bob@example.org>, friend", "ask Cy Poe <cy@example.org>, friend"} {
		r.writes("", who)
	}
	r.pass(2 * time.Hour)
	bob := r.got("bob@example.org", 1)
	r.replies("bob@example.org", bob, "Sure. Call me on Friday at 14:00.")
	r.answers(r.last("times"), "pick a")
	r.writes("", "add Eve Lin <eve@example.org>, friend, nurse at St. Mary")
	r.until(time.Date(2026, 3, 8, 18, 0, 0, 0, r.e.Location()))
	r.replies(jane, r.got(jane, 1), "Of course! Tuesday at 3pm or Thursday at 10 would suit me.")
	r.until(time.Date(2026, 3, 9, 8, 30, 0, 0, r.e.Location()))
	return r, r.last("digest")
}
