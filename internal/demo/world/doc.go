// Package world is a small world of mail inside the process: mailboxes that an
// IMAP client reads, a door through which an SMTP client submits, and people
// outside, played by a function. The demo lives in it, and so do tests.
//
// A [World] speaks the real protocols: IMAP4rev1 with IDLE, UIDPLUS and
// SPECIAL-USE (RFC 9051, 2177, 4315, 6154), and message submission with AUTH
// (RFC 6409, 4954), each with TLS from the first byte or by STARTTLS, under a
// certificate of the world's own authority. It is reached over loopback
// ([World.Listen]) or without any socket ([World.DialIMAP], [World.DialSMTP]).
// The second way blocks on nothing but channels, condition variables and the
// time package, so that it runs in a testing/synctest bubble; make the World
// inside the bubble then, and close it there.
//
// A submitted message goes, recipient by recipient, to
//
//   - the INBOX of the mailbox with that address, plus-addresses included
//     (RFC 5233), with Return-Path, Received and Authentication-Results put on
//     top as a receiving server does;
//   - back to the sender as a delivery status notification (RFC 3464), where
//     [World.Bounce] says so;
//   - else to the function given to [World.OnMail], which plays everybody else.
//
// [World.Reject] refuses recipients already at RCPT. [World.Fault] makes either
// server fail in a given way, at a given point, a given number of times.
// [World.Inject] is how the outside writes to a mailbox; [World.SendAs] and
// [World.Reply] do what somebody's mail program does.
//
// Nothing is stored: when the World is closed, it is gone.
package world
