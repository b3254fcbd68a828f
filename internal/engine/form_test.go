package engine_test

import (
	"net/mail"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// What stands above a quote is the mail program's: it is in no mail to a contact.
func TestFilledFormEndsAtTheQuote(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes! Call me tomorrow at 15:00.")
	r.answers(r.last("times"), "pick a")
	r.pass(2 * 24 * time.Hour)
	r.answers(r.last("outcome"), "What stayed with me: a lot\nTheir advice, in a line: begin small\nWhat I thank them for: Your story made me think.")
	text := r.lastText("receipt")
	r.has("the receipt", text, "Your story made me think.")
	if strings.Contains(text, "wrote:\n") || strings.Contains(text, "askwell <") {
		t.Errorf("the receipt quotes the mail program:\n%s", text)
	}
}

// The owner's own words for a mail are signed, though a name below a command reads as a signature.
func TestEditedMailIsSigned(t *testing.T) {
	for _, words := range []string{"Dear Jane,\n\nthank you!\n\nAda", "Dear Jane,\n\nthank you!"} {
		r, _ := asked(t, "")
		r.writes("", "jane met: she told me about wards")
		r.answers(r.last("receipt"), "edit 1 "+words)
		r.pass(3 * 24 * time.Hour)
		all := r.gotten(jane, 2)
		if got := textOf(all[len(all)-1]); !strings.HasSuffix(got, "\n\nDear Jane,\n\nthank you!\n\nAda\n") {
			t.Errorf("edited with %q, Jane got %q", words, got)
		}
	}
}

// The Undo button opens a fresh mail, which answers nothing.
func TestUndoButtonWorks(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "add Jane Doe <"+jane+">, friend")
	_, html, ok := strings.Cut(htmlOf(t, r.last("receipt")), "body=undo%20")
	if !ok {
		t.Fatal("no Undo button")
	}
	n, _, _ := strings.Cut(html, "\"")
	r.writes("", "undo "+n)
	r.has("the receipt", r.lastText("receipt"), "Taken back")
}

func htmlOf(t testing.TB, raw []byte) string {
	t.Helper()
	html := ""
	message.Parse(raw).Walk(func(p *message.Part) bool {
		if p.MediaType == "text/html" {
			html = string(p.Body)
		}
		return true
	})
	return html
}

// Words and commands beside the filled form count as well, and the owner's name below them belongs to none.
func TestFormAndTheRest(t *testing.T) {
	r, ask := asked(t, "")
	r.replies(jane, ask, "Yes! Call me tomorrow at 15:00.")
	r.answers(r.last("times"), "pick a")
	r.pass(2 * 24 * time.Hour)
	prompt := r.last("outcome")
	raw := string(r.pen.Answer(mail.Address{Name: "Ada Example", Address: r.owner}, prompt, "(see below)"))
	raw = strings.Replace(raw, "> Their advice, in a line:\r\n", "> Their advice, in a line:\r\nLearn SQL first\r\n", 1)
	raw = strings.Replace(raw, "(see below)", "He was very kind.\r\nthanks jane: Thank you for the SQL tip, I have started already.\r\n\r\nAda", 1)
	r.submit(r.owner, []byte(raw))
	r.turn()
	c := r.contact(jane)
	var notes strings.Builder
	for _, n := range c.Notes {
		notes.WriteString(n.Text + "\n")
	}
	if len(c.Advice) != 1 || c.Advice[0].Text != "Learn SQL first" || !strings.Contains(notes.String(), "He was very kind.") ||
		c.Thanks != "Thank you for the SQL tip, I have started already." {
		t.Errorf("advice %v, notes %q, thanks %q\n%s", c.Advice, notes.String(), c.Thanks, r.lastText("receipt"))
	}
}

// A Date in UTC says nothing of where its writer sits.
func TestUTCIsNoPlace(t *testing.T) {
	r, ask := asked(t, "")
	raw := string(r.pen.Answer(mail.Address{Address: jane}, ask, "Gladly. Thursday at 3pm?"))
	at := strings.Index(raw, "Date: ")
	end := at + strings.Index(raw[at:], "\r\n")
	raw = raw[:at] + "Date: " + r.now.UTC().Format(time.RFC1123Z) + raw[end:]
	r.deliver(jane, r.owner, []byte(raw))
	r.turn()
	r.has("the times prompt", textOf(r.last("times")), "15:00")
}

// A stranger's answer under our subject is a question, and counts once the owner says so.
func TestLooksLikeAnAnswer(t *testing.T) {
	r, ask := asked(t, "")
	subject := message.ReplySubject(message.Parse(ask).Subject)
	r.must(r.pen.Inject(r.owner, "", r.fresh("jd@private.example", r.owner, subject, "Yes, gladly. Just call me.")))
	r.turn()
	r.stage(jane, contact.Asked)
	r.pass(24 * time.Hour)
	digest := r.last("digest")
	r.has("the digest", textOf(digest), "A mail from jd@private.example looks like an answer of Jane Doe")
	r.answers(digest, numberOf(t, digest, "A mail from jd@private")+" yes")
	r.stage(jane, contact.Talking)
	r.stage("jd@private.example", contact.Talking)
}

// An .ics in a mail to oneself sets the talk of the contact it names.
func TestAttachedInvitation(t *testing.T) {
	r, _ := asked(t, "")
	begin := r.now.AddDate(0, 0, 3)
	cal, err := message.Invitation{
		Method: "REQUEST", UID: "u@example.org", Start: begin, End: begin.Add(30 * time.Minute), Stamp: r.now, Summary: "talk", Location: "Café Muster",
		Organizer: message.Person{Address: message.Address(r.owner)}, Attendee: message.Person{Name: "Jane Doe", Address: jane},
	}.Calendar()
	r.must(err)
	raw, err := message.Compose(message.Draft{
		From: message.Person{Address: message.Address(r.owner)}, To: []message.Person{{Address: message.Address(r.owner)}},
		Subject: "fixed", Date: r.now, MessageID: "ics@fresh.example", Text: "Thanks!", Calendar: cal, Method: "REQUEST",
	})
	r.must(err)
	r.submit(r.owner, raw)
	r.turn()
	r.stage(jane, contact.Scheduled)
	if talk := r.contact(jane).Talk; talk == nil || !talk.Start.Equal(begin.Truncate(time.Second)) || talk.Place != "Café Muster" {
		t.Errorf("the talk is %+v, want %s", talk, begin)
	}
}

// While the owner is asked whether a mail is somebody's answer, no nudge goes to them: that would be a guess.
func TestNoNudgeWhileItIsAsked(t *testing.T) {
	r, ask := asked(t, "")
	subject := message.ReplySubject(message.Parse(ask).Subject)
	r.must(r.pen.Inject(r.owner, "", r.fresh("jd@private.example", r.owner, subject, "Yes, gladly. Just call me.")))
	r.pass(20 * 24 * time.Hour)
	r.got(jane, 1)
	digest := r.last("digest")
	r.answers(digest, numberOf(t, digest, "A mail from jd@private")+" no")
	r.pass(4 * 24 * time.Hour)
	r.got(jane, 2)
}
