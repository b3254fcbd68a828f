// Package contact is the heart of askwell: one person to talk to, and what
// every event does to them.
//
// Step is a value function. It takes a contact and an event and returns the new
// contact and the effects that follow: mails to plan, mails to withdraw, prompts
// to the owner. It does no I/O, reads no clock and knows no mail format. Whoever
// calls it stores the contact, the event and what the effects ask for in one
// transaction, and carries effects out after the commit.
//
// Events are of two sorts. A fact (a reply came, a mail was sent) is always
// recorded, in every stage. A wish (the owner's command, a timer) may be refused:
// Step then returns a *Refusal, whose text is written for the owner, and the
// contact unchanged.
//
// The contact is the fold of its journal: Fold replays the events, and an undo is
// the same fold without the event undone.
package contact
