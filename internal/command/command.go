// Package command reads the owner's language: the lines that the owner writes in a reply, in a fresh mail to oneself, or
// after "askwell" on the command line.
//
//	line  =  WHO VERB [TEXT]   |   VERB WHO [TEXT]   |   VERB [TEXT]
//	WHO   =  number in the mail that is answered | name | address | several: 1,3,5-7
//
// There is one table of verbs ([Table]). What can be written, the help and the examples in it all come from that table,
// and a test parses every example.
//
// # What a line becomes
//
// [Parse] takes the newly written text of a mail (quote and signature are already gone, see package reading) and returns
// one [Line] for each command, and one for each line that was not understood. A Line has either a Verb or a Problem,
// never both and never neither. Greetings, closings ("Best, Ada", "thanks!") and what phones add ("Sent from my iPhone")
// are neither commands nor problems. Nothing else is dropped in silence.
//
// Some verbs take text over several lines (met, note, thanks, edit, update): the lines below belong to it until the next
// line that is clearly a command. "Clearly" is meant: in free notes, "3 friends of hers work there" and "No, she said"
// stay notes. A line is clear when it names a number, an address or a known contact and leaves nothing unexplained.
//
// # Names
//
// The parser knows no contacts. In "met Jane Doe great talk" only Options.Known can say where the name ends: the longest
// prefix (of at most six words) that Known accepts is the WHO. Without Known, or when it accepts nothing, a name ends at
// the first ":" or "," or " - ", else after one word where text may follow, else at the end of the line. Whether exactly
// one contact fits is for the caller to find out.
//
// # What can never command
//
// Lines of Options.Quoted, which is the text of our mail that is answered: whole lines of any length, pieces of it of
// four words or more however they were wrapped again, and shorter ends of such pieces. Lines that start with ">". Whatever
// stands below "-----Original Message-----" and its like. The counterpart is the duty of whoever writes our mails: a
// reply that it proposes has fewer than four words and does not stand on a line of its own, because typed back it would
// be taken for a quotation.
//
// Lines that start with ">" and lines of Options.Quoted may stay in the text on purpose: an answer written below a
// numbered item of our mail, without a WHO, belongs to the item's number.
package command

import (
	"slices"
	"time"

	"askwell/internal/message"
	"askwell/internal/reading"
)

// Verb is the canonical spelling of what the owner wants.
type Verb string

// The verbs, as Table has them.
const (
	VerbAsk      Verb = "ask"
	VerbAdd      Verb = "add"
	VerbTalk     Verb = "talk"
	VerbPick     Verb = "pick"
	VerbMet      Verb = "met"
	VerbNoShow   Verb = "noshow"
	VerbCancel   Verb = "cancel"
	VerbDeclined Verb = "declined"
	VerbStop     Verb = "stop"
	VerbRefer    Verb = "refer"
	VerbThanks   Verb = "thanks"
	VerbNote     Verb = "note"
	VerbUpdate   Verb = "update"
	VerbHold     Verb = "hold"
	VerbYes      Verb = "yes"
	VerbNo       Verb = "no"
	VerbEdit     Verb = "edit"
	VerbSnooze   Verb = "snooze"
	VerbSkip     Verb = "skip"
	VerbSet      Verb = "set"
	VerbAddress  Verb = "address"
	VerbSent     Verb = "sent"
	VerbResend   Verb = "resend"
	VerbClose    Verb = "close"
	VerbReopen   Verb = "reopen"
	VerbForget   Verb = "forget"
	VerbUndo     Verb = "undo"
	VerbList     Verb = "list"
	VerbShow     Verb = "show"
	VerbDigest   Verb = "digest"
	VerbHelp     Verb = "help"
)

// Who names a contact: exactly one of Number, Name and Address is set. Text is how it was written; it is empty where
// the number was taken from the quoted item that the line stands below.
type Who struct {
	Number  int
	Name    string
	Address message.Address
	Text    string
}

// Person is somebody whom the owner describes. Fields that were not said are empty.
type Person struct {
	Name         string
	Address      message.Address
	Closeness    string // close, known, referred or cold
	Role         string
	Organisation string
	Field        string
	Via          string // the name of whoever recommended the person
}

// Line is one command, or one line that was not understood.
type Line struct {
	Text    string        // the line as written, without the lines below it
	Verb    Verb          // empty if not understood
	Who     []Who         // empty: the contact of the prompt that is answered, where the verb needs one
	Rest    string        // TEXT, with the lines below that belong to it; a reason; what a person's details left over; with a Problem: free text that was kept
	Person  *Person       // ask, add, refer with somebody described
	When    *reading.When // talk, snooze
	Place   string        // talk, pick
	Pick    string        // pick: "a", "b", …
	Field   string        // set: name, role, organisation, field, timezone, closeness or referred_by
	Value   string        // set: the value, empty to clear it; address: the address
	N       int           // undo: which one; 0 is the last
	Problem string        // for a person: why it was not understood
	Nearest []string      // what it may have meant, as lines that can be sent
}

// Options say what surrounds the text.
type Options struct {
	Now    time.Time
	Zone   *time.Location         // nil is UTC
	Bare   Verb                   // what text without any verb means: met, update, note; empty: it is not understood
	About  bool                   // the mail that is answered is about one contact: WHO may be missing
	Quoted string                 // the text of our mail that is answered
	Under  func(item int) Verb    // what text without any verb means below that item of the quoted mail; nil: as Bare says
	Known  func(name string) bool // does this name, or part or initial of one, fit any contact? nil: cannot say

	terse bool // what is not understood needs no explanation
}

// Understands reports whether any line of text is a command. It is Parse for those who need not know more, and cheaper.
func Understands(text string, o Options) bool {
	o.terse = true
	return slices.ContainsFunc(Parse(text, o), func(l Line) bool { return l.Verb != "" })
}

// Bounds of what is read of one mail. What is beyond them is told in a last Line with a Problem.
const (
	maxBytes   = 64 << 10
	maxLines   = 500
	maxNumbers = 100
	maxUnknown = 5
)
