// Package mailtest gives tests a real mail system, Dovecot and Postfix on
// loopback, and a proxy that spoils connections. Only tests import it.
//
// [Start] brings up one [Lab] below a folder of its own, on an address of its
// own in 127.0.0.0/8, so that many run side by side. It needs root (Postfix'
// master does) and the Debian packages dovecot-imapd, dovecot-lmtpd and postfix,
// Dovecot 2.3; where they are missing the test is skipped, or fails if
// ASKWELL_LAB=required is in the environment. It neither reads nor writes the
// system's own configuration and spool of either, and what it started ends with
// the test, also when the test process is killed.
//
// In the lab there are two domains, lab.test for the owner and contacts.test for
// the people. What was made difficult on purpose, or is how such servers are:
//
//   - a mailbox has INBOX, Sent, Junk, Drafts, Trash and Archive with their
//     special use; plus-addresses reach it; the password is [Password];
//   - login needs TLS: IMAPS and Submissions have it from the first byte, IMAP
//     and Submission by STARTTLS; both know PLAIN and LOGIN;
//   - anybody may hand in mail for the two domains at MX, without a password;
//   - an unknown user of the two domains is accepted and bounces with 5.1.1; a
//     foreign domain bounces with 5.4.4; refused@contacts.test is refused at
//     RCPT with 550 5.1.1, later@contacts.test with 450 4.2.1.
//
// By [Options] the lab does what large providers do: it gives mail new Message-IDs,
// files what was submitted in Sent, has a folder with all mail.
//
// [Proxy] stands between a client and any server and cuts, stalls, drips, resets
// or garbles what passes, at a given byte, line or word.
package mailtest
