package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

// start lies far enough back that the story ends before the present: real servers stamp what they get with real time.
func start() time.Time {
	t := time.Now().AddDate(0, 0, -230)
	for t.Weekday() != time.Monday {
		t = t.AddDate(0, 0, 1)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 8, 30, 0, 0, berlin)
}

func TestStoryInside(t *testing.T) {
	r := onWorld(t, "", start())
	story(t, r, "jane@example.com")
}

func TestStoryOnDovecotAndPostfix(t *testing.T) {
	r := onLab(t, "", start(), "jane@contacts.test")
	story(t, r, "jane@contacts.test")
}

// story is the main job: ask, answer, talk, outcome, thank-you, check-in, all by mail.
func story(t *testing.T, r *rig, jane string) {
	// The owner writes one line to herself.
	r.writes("a first one", "ask Jane Doe <"+jane+">, friend, product manager at Acme")
	r.has("the receipt", r.lastText("receipt"), "Jane Doe", "is added (close, product manager at Acme)", "The ask to Jane Doe leaves", "undo")
	r.stage(jane, contact.Asking)
	r.pass(3 * time.Hour)
	r.stage(jane, contact.Asked)
	ask := r.got(jane, 1)
	am := message.Parse(ask)
	text, _ := am.Text()
	r.has("the ask", text, "Hi Jane,", "I'm looking for some advice and information – could you spare 20 minutes for me next week to talk about your career path?")
	if len(am.From) != 1 || am.From[0].Name != "Ada Example" || string(am.From[0].Address) != r.owner {
		t.Errorf("the ask comes from %v", am.From)
	}
	if am.Header.Has("Auto-Submitted") || am.Header.Has("X-Askwell") {
		t.Error("the ask looks like a machine's")
	}

	// Jane proposes two times; the owner picks one.
	r.replies(jane, ask, "Gladly! Would Thursday at 3pm work for you, or Friday at 10:00?\n\nJane")
	r.stage(jane, contact.Talking)
	times := r.last("times")
	r.has("the times prompt", textOf(times), "Jane Doe proposes", "a)", "b)", "pick a", "pick b")
	r.answers(times, "pick a")
	r.stage(jane, contact.Scheduled)
	talk := r.contact(jane).Talk
	if talk == nil || talk.Start.In(r.e.Location()).Weekday() != time.Thursday || talk.Start.In(r.e.Location()).Hour() != 15 {
		t.Fatalf("the talk is %+v", talk)
	}
	r.pass(10 * time.Minute)
	confirm := message.Parse(r.got(jane, 2))
	if confirm.Subject != message.ReplySubject(am.Subject) || len(confirm.InReplyTo) == 0 || len(confirm.References) < 2 || confirm.References[0] != am.References[0] || !slices.Contains(confirm.References, am.MessageID) {
		t.Errorf("the confirmation is not in the thread: %q, %v, %v", confirm.Subject, confirm.InReplyTo, confirm.References)
	}
	invited := ""
	confirm.Walk(func(p *message.Part) bool {
		if p.MediaType == "text/calendar" {
			invited = string(p.Body)
		}
		return true
	})
	r.has("the invitation", invited, "METHOD:REQUEST", "UID:"+talk.UID, "DTSTART:"+talk.Start.UTC().Format("20060102T150405Z"))

	// A day before, and an hour before, there is a prep sheet; half an hour after the talk, a question.
	r.until(talk.Start.Add(-23 * time.Hour))
	r.has("the prep sheet", r.lastText("prep"), "Jane Doe", "product manager at Acme", "Do you know of anyone else that I could contact?")
	r.until(talk.Start)
	if n := len(r.ofKind("prep")); n != 2 {
		t.Errorf("%d prep sheets, want 2", n)
	}
	r.until(talk.End.Add(time.Hour))
	r.has("the outcome prompt", r.lastText("outcome"), "How did it go", "or just write")

	// The owner just writes; the thank-you is announced, and leaves within a day.
	r.answers(r.last("outcome"), "Great talk, she showed me how her team interviews users.\nthanks jane: Your story about the first launch made me laugh and think.")
	receipt := r.lastText("receipt")
	r.has("the receipt", receipt, "met, notes kept", "thank-you to Jane Doe leaves")
	r.stage(jane, contact.Met)
	r.until(talk.End.Add(24 * time.Hour))
	thanks := message.Parse(r.got(jane, 3))
	text, _ = thanks.Text()
	r.has("the thank-you", text, "Dear Jane,", "Your story about the first launch made me laugh and think.")
	if thanks.Subject != message.ReplySubject(am.Subject) {
		t.Errorf("the thank-you is called %q", thanks.Subject)
	}
	r.stage(jane, contact.InTouch)

	// Three months on, the update request asks; one answer becomes a personal check-in.
	for range 200 {
		r.pass(24 * time.Hour)
		if len(r.ofKind("update_request")) > 0 {
			break
		}
	}
	r.has("the update request", r.lastText("update_request"), "Jane Doe")
	r.answers(r.last("update_request"), "I have finished a course in statistics, and my first data story was printed last week.")
	r.has("the receipt", r.lastText("receipt"), "Your news goes to 1: Jane Doe")
	r.pass(72 * time.Hour)
	text, _ = message.Parse(r.got(jane, 4)).Text()
	r.has("the check-in", text, "my first data story was printed last week")
	r.stage(jane, contact.InTouch)

	// Each mail that left has its copy in Sent, once, and nothing was flagged.
	copies := map[message.MessageID]int{}
	for _, raw := range r.stored(r.owner, "Sent", 0) {
		copies[message.ParseHeader(raw).MessageID]++
	}
	for _, raw := range r.gotten(jane, 4) {
		m := message.ParseHeader(raw)
		if copies[m.MessageID] != 1 {
			t.Errorf("%q has %d copies in Sent", m.Subject, copies[m.MessageID])
		}
		if strings.Contains(string(raw), "{{") || strings.Contains(string(raw), "<no value>") {
			t.Errorf("a hole in %q", m.Subject)
		}
	}
}
