package reading

import (
	"fmt"
	"strings"
	"testing"

	"askwell/internal/message"
)

// defaults completes the header of a case, so that it shows only what matters.
func defaults(raw string) string {
	head, body, _ := strings.Cut(raw, "\n\n")
	if !strings.Contains(head, ":") || strings.Contains(strings.SplitN(head, "\n", 2)[0], " ") && !strings.Contains(strings.Fields(head)[0], ":") {
		head, body = "", raw
	}
	low := "\n" + strings.ToLower(head)
	for _, f := range []string{"From: Jane Doe <jane@example.com>", "To: Ada Example <ada@example.org>", "Date: Mon, 23 Nov 2026 10:00:00 +0100", "Message-ID: <reply@example.com>", "Subject: Re: 20 minutes next week?", "In-Reply-To: <ask@example.org>"} {
		name, _, _ := strings.Cut(f, ":")
		if !strings.Contains(low, "\n"+strings.ToLower(name)+":") {
			head += "\n" + f
		}
	}
	if !strings.Contains(low, "\ncontent-type:") {
		head += "\nContent-Type: text/plain; charset=utf-8"
	}
	return strings.TrimSpace(head) + "\n\n" + body
}

func readCase(t testing.TB, input string) Reading {
	t.Helper()
	_, zone := berlin(t)
	raw := strings.ReplaceAll(defaults(input), "\n", "\r\n")
	return Understand(message.Parse([]byte(raw)), Options{Zone: zone, Owner: []message.Address{"ada@example.org"}})
}

func summary(r Reading) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.Kind, r.Intent)
	for _, x := range r.Times {
		b.WriteString("time " + showWhen(When{Start: x.Start, End: x.End, DayOnly: x.DayOnly, Phrase: x.Phrase}) + "\n")
	}
	for _, p := range r.People {
		fmt.Fprintf(&b, "person %s <%s>\n", p.Name, p.Address)
	}
	if r.Later != nil {
		text, _ := r.Later.Until.MarshalText()
		fmt.Fprintf(&b, "later %s\n", text)
	}
	if r.Auto != nil {
		until := "-"
		if !r.Auto.Until.IsZero() {
			text, _ := r.Auto.Until.MarshalText()
			until = string(text)
		}
		fmt.Fprintf(&b, "auto %s until %s\n", r.Auto.Reason, until)
	}
	for _, x := range r.Bounces {
		word := "may work later"
		if x.Permanent {
			word = "permanent"
		}
		fmt.Fprintf(&b, "bounce %s %s %s <%s>\n", x.Recipient, x.Status, word, x.MessageID)
	}
	if c := r.Calendar; c != nil {
		fmt.Fprintf(&b, "calendar %s %s #%d %s .. %s %q at %q %s\n", c.Method, c.UID, c.Sequence, c.Start.Format("2006-01-02 15:04 -0700"), c.End.Format("15:04 -0700"), c.Summary, c.Location, c.PartStat)
	}
	b.WriteString("why: " + strings.Join(r.Why, "; ") + "\n")
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

func TestUnderstand(t *testing.T) {
	for _, name := range []string{"replies", "replies_more", "replies_languages", "auto", "auto_languages", "auto_more", "auto_words", "bounces", "bounces_more", "calendars", "calendars_more", "others"} {
		t.Run(name, func(t *testing.T) {
			blocks(t, name+".txt", func(input string) string { return summary(readCase(t, input)) })
		})
	}
}

// TestAnswers: whole answers of people, with the text that they newly wrote.
func TestAnswers(t *testing.T) {
	for _, name := range []string{"answers", "answers_times", "answers_texts", "answers_people", "answers_east"} {
		t.Run(name, func(t *testing.T) {
			blocks(t, name+".txt", func(input string) string {
				r := readCase(t, input)
				out := summary(r)
				if name == "answers_texts" {
					out += "text:\n" + r.Text
				}
				return out
			})
		})
	}
}
