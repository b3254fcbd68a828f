package engine_test

import (
	"strings"
	"testing"
	"time"

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

func htmlOf(t *testing.T, raw []byte) string {
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
