package reading

import (
	"fmt"
	"html"
	"strings"
)

// plainPrograms put the copy of the old mail below; marked ones quote it line by line, so that one can answer anywhere.
var plainPrograms = []struct {
	name   string
	marked bool
	head   func(t tongue) string
}{
	{"gmail", true, func(t tongue) string { return t.gmail + "\n" }},
	{"gmail, wrapped", true, func(t tongue) string { return strings.Replace(t.gmail, " <ada@", "\n<ada@", 1) + "\n" }},
	{"gmail, wrapped in the address", true, func(t tongue) string { return strings.Replace(t.gmail, "<ada@", "<\nada@", 1) + "\n" }},
	{"gmail, unmarked", false, func(t tongue) string { return t.gmail + "\n" }},
	{"apple", true, func(t tongue) string { return t.apple + "\n" }},
	{"apple, the line is quoted", true, func(t tongue) string { return quoteOf("> ", t.apple) + "\n>" }},
	{"apple, unmarked", false, func(t tongue) string { return t.apple + "\n" }},
	{"apple, hard spaces", false, func(t tongue) string { return strings.ReplaceAll(t.apple, " ", "\u00a0") + "\n" }},
	{"thunderbird", true, func(t tongue) string { return t.bird }},
	{"thunderbird, unmarked", false, func(t tongue) string { return t.bird + "\n" }},
	{"roundcube", true, func(t tongue) string { return t.bird }},
	{"outlook", false, func(t tongue) string { return t.fields("", 0, 1, 2, 3) + "\n" }},
	{"outlook, bold", false, func(t tongue) string { return t.fields("*", 0, 1, 2, 3) + "\n" }},
	{"outlook, marked original", false, func(t tongue) string { return "-----" + t.original + "-----\n" + t.fields("", 0, 1, 2, 3) + "\n" }},
	{"outlook on the web", false, func(t tongue) string {
		return "________________________________\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"outlook for phones", false, func(t tongue) string {
		return t.outlook + "\n________________________________\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"outlook for phones, rule of dashes", false, func(t tongue) string {
		return t.outlook + "\n\n-------------------------\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"outlook for mac", false, func(t tongue) string { return t.fields("", 0, 1, 2, 3) + "\n" }},
	{"hotmail", false, func(t tongue) string { return t.fields("", 0, 2, 3, 1) + "\n" }},
	{"gmx", false, func(t tongue) string { return t.fields("", 1, 0, 2, 3) + "\n" }},
	{"windows mail", false, func(t tongue) string { return t.phone + "\n\n" + t.fields("", 0, 1, 2, 3) + "\n" }},
	{"samsung", false, func(t tongue) string {
		return "-------- " + t.original + " --------\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"original, nothing more", false, func(t tongue) string { return "----- " + t.original + " -----\n" }},
	{"em client", false, func(t tongue) string {
		return "------ " + t.original + " ------\n" + t.fields("", 0, 2, 1, 3) + "\n"
	}},
	{"zimbra", false, func(t tongue) string {
		return "----- " + t.original + " -----\n" + t.fields("", 0, 2, 1, 3) + "\n"
	}},
	{"qq", false, func(t tongue) string {
		return "------------------ " + t.original + " ------------------\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"phone, then quote", true, func(t tongue) string { return t.phone + "\n\n" + t.apple + "\n" }},
	{"phone, unmarked", false, func(t tongue) string { return t.phone + "\n\n" + t.gmail + "\n" }},
	{"signature, then quote", true, func(t tongue) string { return "-- \nJane Doe\nHead of Data, Example Corp\n\n" + t.gmail + "\n" }},
	{"signature without its blank, then outlook", false, func(t tongue) string {
		return "--\nJane Doe\nHead of Data\n+1 555 123 4567\n\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	// Programs that speak English, or no language.
	{"proton", true, func(tongue) string {
		return "On Monday, November 23rd, 2026 at 9:12 AM, Ada Example <ada@example.org> wrote:\n"
	}},
	{"proton, old", true, func(tongue) string {
		return "------- Original Message -------\nOn Monday, November 23rd, 2026 at 9:12 AM, Ada Example <ada@example.org> wrote:\n\n"
	}},
	{"proton, older", true, func(tongue) string {
		return "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, November 23, 2026 9:12 AM, Ada Example <ada@example.org> wrote:\n"
	}},
	{"yahoo", false, func(tongue) string {
		return "    On Monday, November 23, 2026 at 09:12:33 AM GMT+1, Ada Example <ada@example.org> wrote:  \n "
	}},
	{"yahoo, old", false, func(tongue) string {
		return "--- On Mon, 11/23/26, Ada Example <ada@example.org> wrote:\n\nFrom: Ada Example <ada@example.org>\nSubject: 20 minutes?\nTo: jane@example.com\nDate: Monday, November 23, 2026, 9:12 AM\n"
	}},
	{"zoho", true, func(tongue) string {
		return "---- On Mon, 23 Nov 2026 09:12:33 +0100 Ada Example <ada@example.org> wrote ----\n"
	}},
	{"zoho, unmarked", false, func(tongue) string {
		return " ---- On Mon, 23 Nov 2026 09:12:33 +0100 Ada Example<ada@example.org> wrote ---- \n"
	}},
	{"zoho, older", false, func(tongue) string {
		return "---- On Mon, 23 Nov 2026 09:12:33 +0100 ada@example.org wrote ----\n"
	}},
	{"aol", false, func(tongue) string {
		return "-----Original Message-----\nFrom: Ada Example <ada@example.org>\nTo: jane <jane@example.com>\nSent: Mon, Nov 23, 2026 9:12 am\nSubject: 20 minutes?\n"
	}},
	{"aol, older", false, func(tongue) string {
		return "In a message dated 11/23/2026 9:12:33 AM Eastern Standard Time, ada@example.org writes:\n"
	}},
	{"mutt", true, func(tongue) string { return "On Mon, Nov 23, 2026 at 09:12:33AM +0100, Ada Example wrote:" }},
	{"alpine", true, func(tongue) string { return "On Mon, 23 Nov 2026, Ada Example wrote:\n" }},
	{"claws", true, func(tongue) string {
		return "On Mon, 23 Nov 2026 09:12:33 +0100\nAda Example <ada@example.org> wrote:\n"
	}},
	{"gnus", true, func(tongue) string { return "Ada Example <ada@example.org> writes:\n" }},
	{"gnus, name alone", true, func(tongue) string { return "Ada Example writes:\n" }},
	{"evolution", true, func(tongue) string { return "On Mon, 2026-11-23 at 09:12 +0100, Ada Example wrote:" }},
	{"evolution, german", true, func(tongue) string { return "Am Montag, dem 23.11.2026 um 09:12 +0100 schrieb Ada Example:" }},
	{"kmail", true, func(tongue) string { return "On Monday, 23 November 2026 09:12:33 CET Ada Example wrote:" }},
	{"kmail, german", true, func(tongue) string { return "Am Montag, 23. November 2026, 09:12:33 CET schrieb Ada Example:" }},
	{"horde", true, func(tongue) string { return "Quoting Ada Example <ada@example.org>:\n" }},
	{"horde, german", true, func(tongue) string { return "Zitat von Ada Example <ada@example.org>:\n" }},
	{"sogo", true, func(tongue) string {
		return "On Monday, November 23, 2026 09:12 CET, Ada Example <ada@example.org> wrote:\n "
	}},
	{"fastmail", true, func(tongue) string { return "On Mon, Nov 23, 2026, at 9:12 AM, Ada Example wrote:" }},
	{"tutanota", true, func(tongue) string { return "Nov 23, 2026, 09:12 by ada@example.org:\n" }},
	{"tutanota, german", true, func(tongue) string { return "23. Nov. 2026, 09:12 von ada@example.org:\n" }},
	{"airmail", true, func(tongue) string { return "On 23 Nov 2026 at 09:12:33, Ada Example (ada@example.org) wrote:\n" }},
	{"spark", true, func(tongue) string { return "On 23 Nov 2026 at 9:12 AM +0100, Ada Example <ada@example.org>, wrote:" }},
	{"the bat", true, func(tongue) string { return "Monday, November 23, 2026, 9:12:33 AM, you wrote:\n" }},
	{"groupwise", false, func(tongue) string { return ">>> Ada Example <ada@example.org> 11/23/26 9:12 AM >>>" }},
	{"notes", false, func(tongue) string {
		return "From:        Ada Example <ada@example.org>\nTo:        jane@example.com\nDate:        11/23/2026 09:12 AM\nSubject:        20 minutes?\n"
	}},
	{"notes, english", true, func(tongue) string { return "Ada Example <ada@example.org> wrote on 11/23/2026 09:12:33 AM:\n" }},
	{"mail.ru", true, func(tongue) string {
		return "Понедельник, 23 ноября 2026, 9:12 +03:00 от Ada Example <ada@example.org>:\n"
	}},
	{"yandex", true, func(tongue) string { return "23.11.2026, 09:12, \"Ada Example\" <ada@example.org>:" }},
	{"163", false, func(tongue) string { return "At 2026-11-23 09:12:33, \"Ada Example\" <ada@example.org> wrote:\n" }},
	{"163, chinese", false, func(tongue) string { return "在 2026-11-23 09:12:33，\"Ada Example\" <ada@example.org> 写道：\n" }},
	{"naver", false, func(tongue) string {
		return "-----Original Message-----\nFrom: \"Ada Example\"&lt;ada@example.org&gt; \nTo: &lt;jane@example.com&gt;; \nCc: \nSent: 2026-11-23 (월) 09:12:33 (GMT+09:00)\nSubject: 20 minutes?\n "
	}},
	{"gmail of 2014", true, func(tongue) string { return "2026-11-23 9:12 GMT+01:00 Ada Example <ada@example.org>:\n" }},
	{"gmail of 2012", true, func(tongue) string { return "2026/11/23 Ada Example <ada@example.org>\n" }},
	{"initials", true, func(tongue) string { return "" }},
	{"android", true, func(tongue) string { return "---- Ada Example wrote ----\n" }},
	{"polymail", false, func(tongue) string {
		return "On Mon, Nov 23, 2026 at 9:12 AM Ada Example\n\n<\nmailto:Ada Example <ada@example.org>\n> wrote:"
	}},
	{"last, first", true, func(tongue) string {
		return "On Nov 23, 2026, at 9:12 AM, Example, Ada (Maths) <ada@example.org<mailto:ada@example.org>> wrote:\n"
	}},
	{"outlook, mailto", false, func(tongue) string {
		return "From: Ada Example [mailto:ada@example.org] \nSent: Monday, November 23, 2026 9:12 AM\nTo: 'Jane Doe'\nCc: Bob Roe; Cy Poe\nSubject: RE: 20 minutes?\nImportance: High\n"
	}},
	{"outlook, one line", false, func(tongue) string {
		return "From: Ada Example <ada@example.org> Sent: Monday, November 23, 2026 9:12 AM To: Jane Doe <jane@example.com> Subject: 20 minutes?\n"
	}},
	{"outlook, blank lines between", false, func(tongue) string {
		return "From: Ada Example <ada@example.org>\n\nSent: Monday, November 23, 2026 9:12 AM\n\nTo: Jane Doe <jane@example.com>\n\nSubject: 20 minutes?\n"
	}},
	{"outlook, values on their own lines", false, func(tongue) string {
		return "From:\nAda Example <ada@example.org>\nSent:\nMonday, November 23, 2026 9:12 AM\nTo:\nJane Doe <jane@example.com>\nSubject:\n20 minutes?\n"
	}},
	{"outlook express", true, func(tongue) string {
		return "----- Original Message ----- \nFrom: \"Ada Example\" <ada@example.org>\nTo: \"Jane Doe\" <jane@example.com>\nSent: Monday, November 23, 2026 9:12 AM\nSubject: 20 minutes?\n\n"
	}},
	{"eudora", true, func(tongue) string { return "At 09:12 AM 11/23/2026 +0100, Ada Example wrote:\n" }},
	{"eudora, you", true, func(tongue) string { return "At 09:12 23/11/2026, you wrote:" }},
	{"mozilla, no date", true, func(tongue) string { return "Ada Example wrote:\n" }},
	{"mozilla, address", true, func(tongue) string { return "ada@example.org wrote:" }},
	{"news", true, func(tongue) string {
		return "In article <ask@example.org>,\n Ada Example <ada@example.org> wrote:\n"
	}},
	{"news, german", true, func(tongue) string { return "Ada Example schrieb am 23.11.2026 um 09:12:" }},
	{"yahoo groups", true, func(tongue) string { return "--- In talks@groups.example.com, \"Ada Example\" <ada@...> wrote:" }},
	{"mutt, star", true, func(tongue) string { return "* Ada Example <ada@example.org> [2026-11-23 09:12]:" }},
	{"quoth", true, func(tongue) string { return "Quoth Ada Example on Monday, Nov 23:" }},
	{"groupwise, marked", true, func(tongue) string {
		return ">>> On 11/23/2026 at 9:12 AM, in message <ask@example.org>, Ada Example <ada@example.org> wrote:"
	}},
	{"groupwise, short", false, func(tongue) string { return "Ada Example <ada@example.org> 11/23/26 9:12 AM >>>" }},
	{"notes, block", false, func(tongue) string {
		return "\"Ada Example\" <ada@example.org> on 11/23/2026 09:12:33 AM\n\nTo:\tJane Doe/Example/US@Example\ncc:\t\nSubject:\t20 minutes?\n\n"
	}},
	{"notes, block of three", false, func(tongue) string {
		return "Ada Example@EXAMPLE\n11/23/2026 09:12 AM\nTo: Jane Doe/Example/US@Example\ncc:  \n\nSubject: 20 minutes?\n"
	}},
	{"notes, please respond", false, func(tongue) string {
		return "Ada Example <ada@example.org> on 11/23/2026 09:12:33 AM\nPlease respond to Ada Example <ada@example.org>\nTo: Jane Doe/Example/US@Example\ncc:\nSubject: 20 minutes?\n"
	}},
	{"notes, labels alone", false, func(tongue) string {
		return "Ada Example <ada@example.org> \n11/23/2026 09:12 AM\n\nTo\nJane Doe/Example/US@Example\ncc\n\nSubject\n20 minutes?\n\n"
	}},
	{"outlook 97", false, func(tongue) string {
		return " -----Original Message-----\nFrom: \tExample, Ada  \nSent:\tMonday, November 23, 2026 9:12 AM\nTo:\tDoe, Jane\nCc:\tRoe, Bob\nSubject:\t20 minutes?\n"
	}},
	{"help desk", false, func(tongue) string {
		return "--------------- Original Message ---------------\nFrom: Ada Example [ada@example.org]\nSent: 11/23/2026 9:12 AM\nTo: jane@example.com\nSubject: 20 minutes?\n"
	}},
	{"list footer below", true, func(t tongue) string { return t.gmail + "\n" }},
}

// divs and paras write text as programs do.
func divs(text string) string {
	var out strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if l == "" {
			out.WriteString("<div><br></div>")
			continue
		}
		out.WriteString("<div>" + html.EscapeString(l) + "</div>")
	}
	return out.String()
}

func brs(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\r\n")
}

func msos(text string) string {
	var out strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if l == "" {
			l = "\u00a0"
		}
		out.WriteString("<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">" + html.EscapeString(l) + "<o:p></o:p></span></p>\r\n")
	}
	return out.String()
}

// htmlFields are header fields in HTML.
func (t tongue) htmlFields() string {
	return fmt.Sprintf("<b>%s:</b> Ada Example &lt;ada@example.org&gt;<br>\r\n<b>%s:</b> %s<br>\r\n<b>%s:</b> Jane Doe &lt;jane@example.com&gt;<br>\r\n<b>%s:</b> 20 minutes?",
		html.EscapeString(t.labels[0]), html.EscapeString(t.labels[1]), t.date, html.EscapeString(t.labels[2]), html.EscapeString(t.labels[3]))
}

var htmlPrograms = []struct {
	name string
	page func(t tongue, said string) string
}{
	{"html gmail", func(t tongue, said string) string {
		return `<div dir="ltr">` + divs(said) + `</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">` + html.EscapeString(t.gmail) + `<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div dir="ltr">` + divs(t.old) + `</div></blockquote></div>`
	}},
	{"html gmail, link and signature", func(t tongue, said string) string {
		return `<div dir="ltr">` + divs(said) + `<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr"><b>Jane Doe</b><div>Head of Data</div></div></div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` + strings.ReplaceAll(html.EscapeString(t.gmail), "ada@example.org", `<a href="mailto:ada@example.org">ada@example.org</a>`) + `<br></div><blockquote class="gmail_quote" style="margin:0">` + brs(t.old) + `</blockquote></div>`
	}},
	{"html gmail app", func(t tongue, said string) string {
		return `<p dir="ltr">` + strings.ReplaceAll(brs(said), "<br>\r\n<br>\r\n", "</p>\r\n<p dir=\"ltr\">") + `</p><br><div class="gmail_quote"><div dir="ltr">` + html.EscapeString(t.gmail) + `<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex"><div>` + brs(t.old) + `</div></blockquote></div>`
	}},
	{"html outlook", func(t tongue, said string) string {
		return `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang="EN-US"><div class="WordSection1">` + msos(said) + msos("") + `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` + t.htmlFields() + `<o:p></o:p></p></div></div>` + msos("") + msos(t.old) + `</div></body></html>`
	}},
	{"html outlook, quote at the left", func(t tongue, said string) string {
		return `<html><body><div class="WordSection1">` + msos(said) + `<div style="border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt"><div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` + t.htmlFields() + `<o:p></o:p></p></div></div>` + msos(t.old) + `</div></div></body></html>`
	}},
	{"html outlook on the web", func(t tongue, said string) string {
		return `<html><body dir="ltr"><div class="elementToProof" style="font-family: Calibri">` + divs(said) + `</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">` + t.htmlFields() + `</font><div>&nbsp;</div></div>` + divs(t.old) + `</body></html>`
	}},
	{"html outlook for phones", func(t tongue, said string) string {
		return `<html><body><div dir="auto">` + divs(said) + `</div><div id="ms-outlook-mobile-signature"><div><br></div>` + html.EscapeString(t.outlook) + `</div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">` + t.htmlFields() + `</div>` + divs(t.old) + `</body></html>`
	}},
	{"html outlook, new app", func(t tongue, said string) string {
		return `<html><body><div dir="auto">` + divs(said) + `</div><div id="mail-editor-reference-message-container" dir="auto"><br><hr style="display: inline-block; width: 98%;"><div id="divRplyFwdMsg" style="font-size: 11pt;">` + t.htmlFields() + `</div><br>` + divs(t.old) + `</div></body></html>`
	}},
	{"html apple", func(t tongue, said string) string {
		return `<html><head></head><body style="overflow-wrap: break-word;">` + divs(said) + `<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>` + html.EscapeString(t.apple) + `</div><br class="Apple-interchange-newline"><div>` + divs(t.old) + `</div></blockquote></div><br></body></html>`
	}},
	{"html iphone", func(t tongue, said string) string {
		return `<html><body dir="auto">` + divs(said) + `<div dir="ltr"><br><div>` + html.EscapeString(t.phone) + `</div></div><div dir="ltr"><br><blockquote type="cite">` + html.EscapeString(t.apple) + `<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">` + divs(t.old) + `</div></blockquote></body></html>`
	}},
	{"html thunderbird", func(t tongue, said string) string {
		return `<html><body><p>` + strings.ReplaceAll(brs(said), "<br>\r\n<br>\r\n", "</p>\r\n<p>") + `</p><div class="moz-cite-prefix">` + html.EscapeString(t.bird) + `<br></div><blockquote type="cite" cite="mid:ask@example.org"><pre class="moz-quote-pre" wrap="">` + html.EscapeString(t.old) + `</pre></blockquote></body></html>`
	}},
	{"html thunderbird, signature", func(t tongue, said string) string {
		return `<html><body>` + divs(said) + `<pre class="moz-signature" cols="72">-- 
Jane Doe
Head of Data</pre><div class="moz-cite-prefix">` + html.EscapeString(t.bird) + `<br></div><blockquote type="cite" cite="mid:ask@example.org">` + brs(t.old) + `</blockquote></body></html>`
	}},
	{"html yahoo", func(t tongue, said string) string {
		return `<html><body><div class="ydp1yahoo-style-wrap" style="font-family:Helvetica"><div></div>` + divs(said) + `<div><br></div></div><div id="ydp2yahoo_quoted_123" class="yahoo_quoted"><div style="font-family:'Helvetica Neue', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;"><div>` + html.EscapeString(t.gmail) + `</div><div><br></div><div><br></div><div>` + divs(t.old) + `</div></div></div></body></html>`
	}},
	{"html proton", func(t tongue, said string) string {
		return `<div style="font-family: Arial, sans-serif; font-size: 14px;">` + divs(said) + `</div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">On Monday, November 23rd, 2026 at 9:12 AM, Ada Example &lt;ada@example.org&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">` + brs(t.old) + `</blockquote><br></div>`
	}},
	{"html zoho", func(t tongue, said string) string {
		return `<div style="font-family: Verdana;">` + divs(said) + `<div id="Zm-_Id_-Sgn" data-zbluepencil-ignore="true"></div><br><div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204); height: 0px;"><br></div><div class="zmail_extra" data-zbluepencil-ignore="true"><br><div id="Zm-_Id_-Sgn1">---- On Mon, 23 Nov 2026 09:12:33 +0100 <b>Ada Example &lt;ada@example.org&gt;</b> wrote ----<br></div><br><blockquote id="blockquote_zmail" style="margin: 0px;"><div>` + divs(t.old) + `</div></blockquote></div></div>`
	}},
	{"html gmx", func(t tongue, said string) string {
		return `<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">` + divs(said) + `<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;"><div style="margin:0 0 10px 0;">` + t.htmlFields() + `</div><div name="quoted-content">` + divs(t.old) + `</div></div></div></div></body></html>`
	}},
	{"html gmx, new", func(t tongue, said string) string {
		return `<html><body><div style="font-family: Arial;">` + divs(said) + `<div class="signature">Jane Doe<br>Head of Data</div><div id="sub-body-container" style="margin: 10.0px 5.0px 5.0px 10.0px;padding: 10.0px 0 10.0px 0;border-top:2px solid rgb(195,217,229);"><div style="margin: 0 0 10.0px 0;"><div>` + t.htmlFields() + `</div></div><div>` + divs(t.old) + `</div></div></div></body></html>`
	}},
	{"html zimbra", func(t tongue, said string) string {
		return `<html><body><div style="font-family: arial">` + divs(said) + `<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;color:#000;">` + t.htmlFields() + `<br></blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;">` + brs(t.old) + `</blockquote></div></div></body></html>`
	}},
	{"html qq", func(t tongue, said string) string {
		return `<div>` + divs(said) + `</div><div>&nbsp;</div><div><includetail><!--<![endif]--></includetail></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b> "Ada" &lt;ada@example.org&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月23日(星期一) 上午9:12</div><div><b>收件人:</b>&nbsp;"Jane"&lt;jane@example.com&gt;;</div><div><b>主题:</b>&nbsp;20 minutes?</div></div><div>&nbsp;</div>` + divs(t.old)
	}},
	{"html 163", func(t tongue, said string) string {
		return `<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">` + divs(said) + `<div style="position:relative;zoom:1"></div><div id="divNeteaseMailCard"></div><p>At 2026-11-23 09:12:33, "Ada Example" &lt;ada@example.org&gt; wrote:</p><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid">` + brs(t.old) + `</blockquote></div>`
	}},
	{"html mail.ru", func(t tongue, said string) string {
		return `<HTML><BODY>` + divs(said) + `<br><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Понедельник, 23 ноября 2026, 9:12 +03:00 от Ada Example &lt;ada@example.org&gt;:<br><div id=""><div class="js-helper js-readmsg-msg">` + brs(t.old) + `</div></div></blockquote></BODY></HTML>`
	}},
	{"html yandex", func(t tongue, said string) string {
		return `<div>` + divs(said) + `</div><div> </div><div>23.11.2026, 09:12, "Ada Example" &lt;ada@example.org&gt;:</div><blockquote><p>` + brs(t.old) + `</p></blockquote>`
	}},
	{"html roundcube", func(t tongue, said string) string {
		return `<html><body style='font-size: 10pt'>` + divs(said) + `<p id="reply-intro">` + html.EscapeString(t.bird) + `</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div id="replybody1">` + brs(t.old) + `</div></blockquote></body></html>`
	}},
	{"html tutanota", func(t tongue, said string) string {
		return `<html><body>` + divs(said) + `<div><br></div><div>Nov 23, 2026, 09:12 by ada@example.org:<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px; margin-left: 5px;">` + divs(t.old) + `</blockquote></body></html>`
	}},
	{"html fastmail", func(t tongue, said string) string {
		return `<!DOCTYPE html><html><head><title></title><style type="text/css">p.MsoNormal{margin:0}</style></head><body>` + divs(said) + `<div><br></div><div>On Mon, Nov 23, 2026, at 9:12 AM, Ada Example wrote:</div><blockquote type="cite" id="qt" style="">` + divs(t.old) + `</blockquote></body></html>`
	}},
	{"html samsung", func(t tongue, said string) string {
		return `<html><body dir="auto">` + divs(said) + `<div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- ` + html.EscapeString(t.original) + ` --------</div><div>` + t.htmlFields() + `</div><div><br></div></div>` + divs(t.old) + `</body></html>`
	}},
	{"html spark", func(t tongue, said string) string {
		return `<html><body><div name="messageBodySection"><div dir="auto">` + divs(said) + `</div></div><div name="messageReplySection">On 23 Nov 2026 at 9:12 AM +0100, Ada Example &lt;ada@example.org&gt;, wrote:<br/><blockquote type="cite" style="border-left-color: grey; border-left-width: thin; border-left-style: solid; margin: 5px 5px;padding-left: 10px;">` + divs(t.old) + `</blockquote></div></body></html>`
	}},
	{"html old outlook for mac", func(t tongue, said string) string {
		return `<html><body style="word-wrap: break-word;">` + divs(said) + `<div><br></div><span id="OLK_SRC_BODY_SECTION"><div style="font-family:Calibri; font-size:11pt; border-top: #b5c4df 1pt solid;">` + strings.ReplaceAll(t.htmlFields(), "<b>", `<span style="font-weight:bold">`) + `</div><div>` + divs(t.old) + `</div></span></body></html>`
	}},
	{"html notes", func(t tongue, said string) string {
		return `<font size=2 face="sans-serif">` + brs(said) + `</font><br><br><br><table width=100%><tr><td>From:</td><td>Ada Example &lt;ada@example.org&gt;</td></tr><tr><td>To:</td><td>jane@example.com</td></tr><tr><td>Date:</td><td>11/23/2026 09:12 AM</td></tr><tr><td>Subject:</td><td>20 minutes?</td></tr></table><hr noshade><br>` + brs(t.old)
	}},
	{"html front", func(t tongue, said string) string {
		return `<div>` + divs(said) + `</div><div class="front-signature"><br>--<br>Jane Doe</div><br><blockquote type="cite" class="front-blockquote">On November 23, 2026 at 9:12 AM GMT+1 <a href="mailto:ada@example.org">ada@example.org</a> wrote:<br><br>` + brs(t.old) + `</blockquote>`
	}},
	{"html missive", func(t tongue, said string) string {
		return `<html><body><div>` + divs(said) + `</div><div class="missive_quote"><div>On Nov 23, 2026, at 9:12 AM, Ada Example &lt;ada@example.org&gt; wrote:</div><blockquote type="cite">` + brs(t.old) + `</blockquote></div></body></html>`
	}},
}
