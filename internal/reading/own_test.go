package reading

import (
	"strings"
	"testing"

	"askwell/internal/message"
)

// ownTexts look in part like what programs write, and are all somebody's own words.
var ownTexts = []string{
	"On Tuesday I am free from 10:00 to 12:00:\njust ring me.",
	"On 24 November at 10:00 my boss wrote to me:\nno problem.",
	"On Monday Dana wrote that she is in.\nFrom me it is a yes.",
	"From 3pm on I am free.\nTo be sure, call first.",
	"From: the heart\nI mean it.",
	"From Berlin: two hours by train\nTo Hamburg: one",
	"Subject: maths\nLevel: school\nThat is what I teach.",
	"Date: Tuesday\nTime: 3pm\nPlace: the café",
	"To: do\n- call Ada\n- send the paper",
	"When: Tuesday 24 November, 15:00\nWhere: my office\nWho: you and me",
	"Here is what Bob Roe <bob@example.org> wrote to me last week:\nhe would like to help.",
	"I wrote to Dana Fox <dana@example.org> on Monday at 10:00:\nshe says yes.",
	"As I said: gladly.",
	"He wrote:\nyes.",
	"My colleague said:\nTuesday is better.",
	"Two options:\n\n---\n\nTuesday at 3\n\n---\n\nWednesday at 4",
	"Dear Ada,\n\nyes.\n\n---\n\nP.S. Bring your CV, and some questions about the way we work here, would you?",
	"Some thoughts.\n***\nMore thoughts on the matter.",
	"1. Tuesday\n2. Wednesday\n3. Thursday",
	"- Tuesday 3pm\n- Wednesday 4pm\n-- or later",
	"-- not sure about Tuesday\n-- Wednesday is fine",
	"* Tuesday\n* Wednesday",
	"+1\n\n+ Tuesday\n+ Wednesday",
	"x > 5 is what the paper says\na < b too",
	"I sent it from my iPhone yesterday.",
	"Sent from my desk, is much easier than my mobile phone.",
	"I was sent from my office to Berlin.",
	"Get Outlook to show you my calendar, it is public.",
	"Please excuse my late reply, I was travelling.",
	"Please excuse the delay. Yes, Tuesday works.",
	"Excuse me for asking: how did you get my address?",
	"My mobile is best: +49 30 1234567.",
	"You can reach me at jane@example.com or +1 555 123 4567.",
	"If you received this email in error I'd be surprised, so: yes, gladly.",
	"This message made my day. Yes!",
	"This email is confidential, so please keep it to yourself: we are hiring.",
	"Please consider Tuesday.",
	"To unsubscribe from my own life I go hiking. Yes, let's talk.",
	"Disclaimer: I am no expert. But happy to talk.",
	"Important: I moved to another desk.",
	"Caution: my diary is full before Thursday.",
	"External people may use our back door, ring twice.",
	"Attention: we meet at the new office.",
	"The original message got lost, could you send it again?",
	"Original message received, thank you.",
	"Forwarded to Bob, who knows more.",
	"Thanks,\n\nI will look at it tomorrow.",
	"Thanks\n\nTuesday at 3 then",
	"Best regards to your family, and yes to Tuesday.",
	"Cheers for that!\n\nTuesday?",
	"Hi Ada,\n\nyes.\n\nJane\n\nPS: bring a pen. My office is 12 Main Street, floor 3.",
	"Yours is the first mail of the kind I got.\n\nTuesday at 3.",
	"Best day for me:\nTuesday",
	"Am Dienstag um 15:00 Uhr passt es:\nrufen Sie einfach an.",
	"Am 24.11. schrieb mir Bob, dass er kommt.",
	"Von 15 bis 16 Uhr.\nAn welchem Tag?",
	"Von mir aus: gerne.\nAn mir soll es nicht liegen.",
	"Betreff Dienstag: geht klar.",
	"Gesendet habe ich es gestern. Von meinem Büro aus.",
	"Mit meinem Team spreche ich am Dienstag.",
	"Von meinem Chef kommt ein Ja.",
	"Le mardi 24 à 15h me convient :\nappelez-moi.",
	"De 15h à 16h, je suis libre.\nÀ bientôt !",
	"De : 15h\nÀ : 16h",
	"Le 24/11/2026 à 10:00 il a écrit un article :\nje vous l'envoie.",
	"Envoyez-moi vos questions.",
	"El martes a las 15:00 puedo.\nDe 16 a 18 también.",
	"Para mí: martes.\nAsunto resuelto.",
	"Enviado el paquete. Desde mi oficina todo bien.",
	"Il martedì alle 15.\nA presto",
	"Op dinsdag om 15:00.\nVan 16 tot 17 ook.",
	"Den 24. november kl. 15 passer fint.\nTil da!",
	"Em dezembro, às 10:00, posso.\nDe manhã.",
	"W dniu 24 listopada o 15:00 mogę.",
	"Dne 24. 11. v 15:00 mám čas.",
	"Во вторник в 15:00.\nОт меня да.",
	"周二下午3点可以。\n主题：数据新闻",
	"火曜日の15時で大丈夫です。\n件名はそのままで。",
	"Jane",
	"Yes",
	"👍",
	"ok\n--\nJ",
	"Jane Doe\nhas moved to Acme; I am her successor. Happy to talk.",
	"My title is Head of Data\nand I work at Example Corp",
	"I work as:\nEngineer\nTeacher",
	"Here is my address:\n12 Main Street\n10115 Berlin",
	"My details:\nJane Doe\n+49 30 1234567\njane@example.com",
	"Please contact:\nDana Fox\nHead of Research\ndana@example.org",
	"Regards to Bob, who wrote: yes.",
	"| day | time |\n| Tue | 3pm |",
	": ) that made me smile",
	"Page 3 of the original-nachricht paper.",
	"In a message dated last week you asked about Tuesday.",
	"At 3pm on Tuesday, if you like:\nmy office.",
	"2026-11-24 15:00 works.\n2026-11-25 10:00 too:\ntake your pick.",
	"24.11. 15:00:\nfree\n25.11. 10:00:\nfree",
	"Tuesday 24 Nov at 10:00:\nfree all morning",
	"Dana Fox (dana@example.org) is whom you want:\nshe leads the team.",
	"Contact on Tuesday 24.11. from 10:00 is Dana Fox <dana@example.org>, she knows.",
}

// TestOwn: nobody's own words are eaten, alone or above a quote.
func TestOwn(t *testing.T) {
	head := "On Mon, Nov 23, 2026 at 9:12 AM Ada Example <ada@example.org> wrote:\n\n> Hi Jane,\n> could you spare 20 minutes?\n"
	below := "\n\n________________________________\nFrom: Ada Example <ada@example.org>\nSent: Monday, November 23, 2026 9:12 AM\nTo: Jane Doe <jane@example.com>\nSubject: 20 minutes?\n\nHi Jane,\n"
	for _, own := range ownTexts {
		want := squeezed(own)
		if own == "ok\n--\nJ" {
			want = "ok"
		}
		for name, text := range map[string]string{"alone": own, "above a quote": own + "\n\n" + head, "right above a quote": own + "\n" + head, "above a copy": own + below, "below a quote": head + "\n" + own, "with a closing": own + "\n\nBest,\nJane\n\n" + head} {
			expect := want
			if name == "with a closing" {
				if strings.Contains(own, "--\nJ") {
					continue
				}
				expect += " Best, Jane"
			}
			for from, m := range map[string]*message.Message{
				"text": message.Parse([]byte("From: Jane Doe <jane@example.com>\r\nSubject: Re: 20 minutes?\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n"))),
			} {
				kept, cut := NewTextOf(m)
				if squeezed(kept) != expect {
					t.Errorf("%s, %s:\n got %q\nwant %q\n cut %q", name, from, kept, expect, cut)
				}
			}
		}
	}
}
