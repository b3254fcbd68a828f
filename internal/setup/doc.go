// Package setup gets an owner from nothing to a mailbox that askwell lives in, and says what is wrong with one that it
// lives in already.
//
// # Connecting
//
// [Mailbox] and [Sender] make, of a configuration, what reads the mailbox and what sends. They connect to nothing yet.
//
// # Init
//
// [Init] asks what it needs to know, one plain question a line, so that a person, a pipe and flags serve alike. It finds
// the servers: a provider that it knows, then what the domain itself says (RFC 6186, RFC 8314), then the usual names,
// each tried. Nothing is written before a login has worked on both servers. The password goes into a file of its own,
// readable by nobody else; what stands already is replaced only if the owner said so. To run it again is harmless: the
// store is kept, and the welcome is sent once.
//
// # Doctor
//
// [Doctor] looks at all that can be wrong, from the configuration's syntax to the age of the last reading, and returns a
// [Finding] for each thing it looked at. It changes nothing; with Send it writes one mail from the mailbox to itself,
// marked so that askwell and every other machine leave it alone (RFC 3834).
//
// No text of this package has a password in it.
package setup
