// Package engine mixes the rooms: it reads the mailbox, understands what came,
// lets contact.Step decide, stores the outcome in one transaction and sends what
// is due.
//
// Its unit of work is Turn(ctx, now): everything that is due at now, and when it
// wants to be called again. Run is a thin loop around Turn with real timers,
// IDLE and kicks. Nothing inside asks for the time: a simulation drives the same
// Turn through months in seconds.
//
// The rules that carry the promises:
//
//   - No mail to a contact is claimed unless every watched folder was read to its
//     end within this Turn, after the mail became due, and less than a minute ago.
//   - A mail is claimed, with its final bytes, in a transaction of its own before
//     anything is dialled; a second mark is stored when the server has said 354.
//     A row found claimed at the start is queued again without that mark, and
//     in doubt with it.
//   - A message, the contact, its event, what is planned or withdrawn, and the
//     cursor are stored in one transaction.
//   - Only a mail that is provably the owner's is read for commands.
package engine
