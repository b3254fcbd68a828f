// Package demo shows askwell at work on a machine that has nothing but Go.
//
// [Run] lets four months of somebody's search pass in seconds: mail servers inside the process (package world), the real
// engine with its store, templates and a configuration that is parsed like everybody's, a dozen and a half people who
// answer by mail as people do (cast.go), and an owner who lives in her mail program (script.go). Time is simulated: the
// next moment is the engine's own next, or the next thing that somebody does. Nothing sleeps, nothing is skipped, and
// chance is seeded, so that one run is like the other.
//
// What happens is told in a timeline while it happens. At the end the demo goes through its own ledger, which is what the
// servers handed over and not what askwell believes, and looks for broken promises: a mail that came twice, a nudge
// after an answer, anything after an opt-out, a mail at night or on a holiday, a touched mailbox. One that it finds is an
// error.
//
// [Serve] keeps the servers on loopback for somebody who wants to play the owner from a mail program of their own, with
// waiting times of seconds and minutes in place of days.
package demo
