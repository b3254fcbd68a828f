package command

import (
	"cmp"
	"slices"
	"strings"
)

// Entry is one row of the table of verbs.
type Entry struct {
	Verb      Verb
	Aliases   []string // other spellings; a space also matches a hyphen
	Usage     string
	Summary   string
	Example   string // a line that parses to Verb
	NeedsWho  bool   // it is about a contact
	Many      bool   // several contacts at once are fine
	TakesText bool   // the lines below belong to it
	shape     shape
}

// shape is what follows the verb and WHO.
type shape uint8

const (
	shapeWho     shape = iota // nothing, or a remark
	shapeReason               // a reason, also on the next lines
	shapeText                 // free text
	shapeTalk                 // WHEN [at PLACE]
	shapePick                 // a letter
	shapeSnooze               // WHEN
	shapeSet                  // FIELD VALUE
	shapeAddress              // an address
	shapePerson               // WHO, or a person described
	shapeRefer                // a person described
	shapeUpdate               // free text, no WHO
	shapeWord                 // at most a few words, no WHO
)

var table = []Entry{
	{
		Verb: VerbAsk, Usage: "ask WHO  |  ask NAME <ADDRESS>, …", NeedsWho: true, Many: true, shape: shapePerson,
		Aliases: []string{"asks", "invite", "write to", "request"},
		Summary: "ask a contact for 20 minutes, or add somebody and ask",
		Example: "ask Jane Doe <jane@example.org>, friend, product manager at Acme",
	},
	{
		Verb: VerbAdd, Usage: "add NAME <ADDRESS>, …", shape: shapePerson,
		Aliases: []string{"adds", "new", "new contact", "add contact"},
		Summary: "add somebody without asking; after commas: closeness, role at organisation, field, via NAME",
		Example: "add Bob Roe <bob@example.org>, colleague, editor at Daily Example, journalism, via Jane Doe",
	},
	{
		Verb: VerbTalk, Usage: "talk WHO WHEN [at PLACE]", NeedsWho: true, shape: shapeTalk,
		Aliases: []string{
			"talks", "meet", "meets", "meeting", "call", "schedule", "scheduled", "book", "booked", "appointment",
			"interview", "talk with", "talk to", "meet with", "meeting with", "call with", "interview with", "moved to",
			"move to", "reschedule", "rescheduled", "rescheduled to",
		},
		Summary: "a time for the talk is fixed, or moved",
		Example: "talk 2 tue 3pm at Zoom https://zoom.example/j/1",
	},
	{
		Verb: VerbPick, Usage: "pick WHO LETTER", NeedsWho: true, shape: shapePick,
		Aliases: []string{"picks", "choose", "take", "takes", "option", "accept", "select"},
		Summary: "take one of the times that a contact proposes",
		Example: "pick 2b",
	},
	{
		Verb: VerbMet, Usage: "met WHO [NOTES]", NeedsWho: true, Many: true, TakesText: true, shape: shapeText,
		Aliases: []string{
			"met with", "talked", "talked to", "talked with", "spoke", "spoke to", "spoke with", "spoken", "spoken to",
			"spoken with", "had a talk with", "outcome",
		},
		Summary: "the talk took place; notes may go on over several lines",
		Example: "2 met Great talk. She knows the head of data at Acme.",
	},
	{
		Verb: VerbNoShow, Usage: "noshow WHO", NeedsWho: true, Many: true, TakesText: true, shape: shapeReason,
		Aliases: []string{
			"no show", "noshows", "no shows", "not there", "did not come", "didn't come", "did not show up",
			"didn't show up", "did not show", "didn't show", "never came", "never showed up", "stood me up", "absent",
		},
		Summary: "the contact did not come to the talk",
		Example: "2 noshow",
	},
	{
		Verb: VerbCancel, Usage: "cancel WHO", NeedsWho: true, Many: true, TakesText: true, shape: shapeReason,
		Aliases: []string{"cancels", "cancelled", "canceled", "call off", "called off", "fell through"},
		Summary: "the talk is off; a new time may follow",
		Example: "cancel 2",
	},
	{
		Verb: VerbDeclined, Usage: "declined WHO", NeedsWho: true, Many: true, TakesText: true, shape: shapeReason,
		Aliases: []string{
			"decline", "declines", "refused", "refuses", "said no", "says no", "not interested", "turned down",
			"turned me down",
		},
		Summary: "the contact said no",
		Example: "Bob Roe declined",
	},
	{
		Verb: VerbStop, Usage: "stop WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{
			"stops", "opt out", "opted out", "opts out", "optout", "unsubscribe", "do not contact", "don't contact",
			"never contact", "never write to",
		},
		Summary: "the contact asked not to be written to; final",
		Example: "stop bob@example.org",
	},
	{
		Verb: VerbRefer, Usage: "refer WHO NAME <ADDRESS>, …", NeedsWho: true, shape: shapeRefer,
		Aliases: []string{
			"refers", "referred", "referred me to", "refers me to", "referral", "recommend", "recommends", "recommended",
			"introduced", "introduced me to", "introduces", "suggested", "suggests",
		},
		Summary: "WHO recommended somebody",
		Example: "2 refer Cy Poe <cy@example.org>, editor at Daily Example",
	},
	{
		Verb: VerbThanks, Usage: "thanks WHO TEXT", NeedsWho: true, Many: true, TakesText: true, shape: shapeText,
		Aliases: []string{"thank", "thx", "thank you", "thankyou", "thanx"},
		Summary: "your own sentence in the thank-you",
		Example: "thanks 2 Your hint about the open-data meetup was gold.",
	},
	{
		Verb: VerbNote, Usage: "note WHO TEXT", NeedsWho: true, Many: true, TakesText: true, shape: shapeText,
		Aliases: []string{"notes", "remember", "memo", "remark", "comment"},
		Summary: "remember something about a contact",
		Example: "note 2 on leave in May",
	},
	{
		Verb: VerbUpdate, Usage: "update TEXT", TakesText: true, shape: shapeUpdate,
		Aliases: []string{"updates", "news", "my news", "my update"},
		Summary: "your news, for the check-ins that are due",
		Example: "update I have finished my first data story. Two talks to go.",
	},
	{
		Verb: VerbHold, Usage: "hold WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"holds", "pause", "halt", "don't send", "do not send", "dont send", "withhold"},
		Summary: "stop a mail that is planned",
		Example: "hold 3",
	},
	{
		Verb: VerbYes, Usage: "yes WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{
			"approve", "approved", "ok", "okay", "yep", "yeah", "go", "go ahead", "send", "confirm", "confirmed", "sure", "y",
		},
		Summary: "approve what is asked or planned",
		Example: "3 yes",
	},
	{
		Verb: VerbNo, Usage: "no WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"nope", "reject", "deny", "disapprove", "n"},
		Summary: "refuse what is asked or planned",
		Example: "3 no",
	},
	{
		Verb: VerbEdit, Usage: "edit WHO TEXT", NeedsWho: true, TakesText: true, shape: shapeText,
		Aliases: []string{"edits", "rewrite", "reword", "replace"},
		Summary: "replace the words of a planned mail",
		Example: "edit 3 Dear Cy, thank you for your time on Friday.",
	},
	{
		Verb: VerbSnooze, Usage: "snooze WHO WHEN", NeedsWho: true, Many: true, shape: shapeSnooze,
		Aliases: []string{
			"snoozes", "later", "postpone", "postponed", "delay", "defer", "remind me", "remind me of", "remind", "sleep",
			"not before",
		},
		Summary: "come back to it later: 2w, friday, 1 feb, next month",
		Example: "1,3,5-7 snooze 2w",
	},
	{
		Verb: VerbSkip, Usage: "skip WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"skips", "not now", "ignore", "pass"},
		Summary: "not now",
		Example: "5 skip",
	},
	{
		Verb: VerbSet, Usage: "set WHO FIELD VALUE", NeedsWho: true, shape: shapeSet,
		Aliases: []string{"sets", "correct"},
		Summary: "correct a contact: name, role, organisation, field, timezone, closeness, via",
		Example: "set 2 role head of data",
	},
	{
		Verb: VerbAddress, Usage: "address WHO ADDRESS", NeedsWho: true, shape: shapeAddress,
		Aliases: []string{"addr", "email", "e mail", "mail", "new address", "new email"},
		Summary: "give a contact a new or further address",
		Example: "address 2 jane.doe@example.com",
	},
	{
		Verb: VerbSent, Usage: "sent WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"was sent", "delivered", "arrived", "has arrived"},
		Summary: "a mail whose fate is not known did arrive",
		Example: "4 sent",
	},
	{
		Verb: VerbResend, Usage: "resend WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"re send", "send again", "not sent", "was not sent", "wasn't sent", "never arrived"},
		Summary: "a mail whose fate is not known did not arrive: send it again",
		Example: "4 resend",
	},
	{
		Verb: VerbClose, Usage: "close WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"closes", "closed", "end", "finish", "finished", "archive"},
		Summary: "end it with a contact",
		Example: "close Jane Doe",
	},
	{
		Verb: VerbReopen, Usage: "reopen WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"re open", "open", "open again", "restart", "unclose"},
		Summary: "take up a contact again who was closed, silent or had declined",
		Example: "reopen Jane Doe",
	},
	{
		Verb: VerbForget, Usage: "forget WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"forgets", "erase", "erases", "forget about", "wipe"},
		Summary: "erase a contact and everything about them",
		Example: "forget bob@example.org",
	},
	{
		Verb: VerbUndo, Usage: "undo [N]", shape: shapeWord,
		Aliases: []string{"revert", "take back", "roll back", "rollback"},
		Summary: "take back the last change, or change N of a receipt",
		Example: "undo 2",
	},
	{
		Verb: VerbList, Usage: "list [STAGE]", shape: shapeWord,
		Aliases: []string{"lists", "ls"},
		Summary: "all contacts",
		Example: "list",
	},
	{
		Verb: VerbShow, Usage: "show WHO", NeedsWho: true, Many: true, shape: shapeWho,
		Aliases: []string{"shows", "info", "details", "who is", "who's"},
		Summary: "everything about a contact",
		Example: "show Jane Doe",
	},
	{
		Verb: VerbDigest, Usage: "digest", shape: shapeWord,
		Aliases: []string{"summary", "overview", "today"},
		Summary: "the digest, now",
		Example: "digest",
	},
	{
		Verb: VerbHelp, Usage: "help [VERB]", shape: shapeWord,
		Aliases: []string{"?", "commands", "usage", "man"},
		Summary: "these verbs",
		Example: "help snooze",
	},
}

// ambiguous words fit several verbs that differ too much for a guess.
var ambiguous = map[string][]Verb{
	"delete": {VerbForget, VerbClose, VerbHold},
	"remove": {VerbForget, VerbClose, VerbHold},
	"drop":   {VerbForget, VerbClose, VerbSkip},
	"wait":   {VerbHold, VerbSnooze},
	"done":   {VerbMet, VerbSent, VerbClose},
	"change": {VerbEdit, VerbSet},
	"fix":    {VerbSet, VerbEdit},
	"write":  {VerbAsk, VerbEdit},
	"move":   {VerbTalk, VerbSnooze},
	"yes/no": {VerbYes, VerbNo},
	"not":    {VerbNoShow, VerbCancel, VerbDeclined},
}

// Table returns the verbs in the order in which help shows them. The caller may keep and change what it gets.
func Table() []Entry {
	out := slices.Clone(table)
	for i := range out {
		out[i].Aliases = slices.Clone(out[i].Aliases)
	}
	return out
}

// entryOf returns the row of a verb, nil if there is none.
func entryOf(v Verb) *Entry {
	for i := range table {
		if table[i].Verb == v {
			return &table[i]
		}
	}
	return nil
}

// spelling is one way to write a verb.
type spelling struct {
	text  string
	entry *Entry
}

// spellings are all ways to write a verb, the longest first, so that "no show" is found before "no".
var spellings = func() []spelling {
	var all []spelling
	for i := range table {
		e := &table[i]
		all = append(all, spelling{string(e.Verb), e})
		for _, a := range e.Aliases {
			all = append(all, spelling{a, e})
		}
	}
	slices.SortStableFunc(all, func(a, b spelling) int { return cmp.Compare(len(b.text), len(a.text)) })
	return all
}()

// found is a verb found in a text.
type found struct {
	entry     *Entry
	canonical bool   // written as the table's Verb, not as an alias
	rest      string // what follows, separators and all
	colon     bool   // a colon or a dash stood directly behind it
}

// verbAt finds a verb at the start of s. Nothing of a longer word counts: "metre", "ask.me@example.org", "no-brainer".
func verbAt(s string) (found, bool) {
	s = strings.TrimLeft(s, "\"'*_“”„«‘’`")
	for _, sp := range spellings {
		n, ok := matchWords(s, sp.text)
		if !ok || !wordEnds(s[n:]) {
			continue
		}
		rest := strings.TrimLeft(s[n:], "\"'*_“”»‘’`")
		if sp.text == "no" && strings.HasPrefix(rest, ".") { // "No. 3" is a number
			continue
		}
		trimmed := strings.TrimLeft(rest, " ")
		colon := strings.HasPrefix(trimmed, ":") || hasDash(trimmed)
		return found{entry: sp.entry, canonical: sp.text == string(sp.entry.Verb), rest: rest, colon: colon}, true
	}
	return found{}, false
}

// hasDash tells whether s starts with a dash that separates.
func hasDash(s string) bool {
	for _, d := range []string{"- ", "– ", "— ", "-- "} {
		if strings.HasPrefix(s, d) {
			return true
		}
	}
	return false
}
