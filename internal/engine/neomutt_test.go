package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/mailtest"
	"askwell/internal/message"
)

const muttrc = `
set folder = "imaps://%[1]s/"
set spoolfile = "imaps://%[1]s/INBOX"
set record = "imaps://%[1]s/Sent"
set imap_user = "%[2]s"
set imap_pass = "%[3]s"
set smtp_url = "smtps://%[4]s@%[5]s/"
set smtp_pass = "%[3]s"
set smtp_authenticators = "plain"
set ssl_force_tls
set certificate_file = "%[6]s"
set ssl_ca_certificates_file = "%[6]s"
set from = "%[2]s"
set realname = "Ada Example"
set editor = "%[7]s"
set sort = "mailbox-order"
unset mark_old
unset ask_cc
unset help
unset wait_key
unset abort_unmodified
unset move
unset confirmappend
set delete = no
set fast_reply
set include = yes
set header_cache = ""
set message_cachedir = ""
set quit = yes
push "<last-entry><reply><send-message><sync-mailbox><quit>"
`

// editor puts what was typed into the draft that neomutt hands over, above the quote or below the line of an item.
const editor = `#!/bin/sh
awk '
	BEGIN { typed = ENVIRON["TYPED"]; below = ENVIRON["BELOW"]; if (below == "") print typed "\n" }
	{ print }
	below != "" && index($0, below) { print "\n" typed "\n"; below = "-" }
' "$1" > "$1.new" && mv "$1.new" "$1"
`

// neomutt opens the last mail of the owner's inbox and answers it, as a person at a terminal does.
func (r *rig) neomutt(typed, below string) {
	r.t.Helper()
	program, err := exec.LookPath("neomutt")
	if err == nil {
		_, err = exec.LookPath("script")
	}
	if err != nil {
		if os.Getenv("ASKWELL_LAB") == "required" {
			r.t.Fatalf("ASKWELL_LAB=required, but %v", err)
		}
		r.t.Skip(err)
	}
	dir := r.t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		file := filepath.Join(dir, name)
		r.must(os.WriteFile(file, []byte(text), mode))
		return file
	}
	rc := write("muttrc", fmt.Sprintf(muttrc, r.lab.IMAPS, r.owner, mailtest.Password, strings.ReplaceAll(r.owner, "@", "%40"), r.lab.Submissions,
		r.lab.CAFile, write("editor", editor, 0o700)), 0o600)
	before := len(r.stored(r.owner, "Sent", 0))
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	// It wants a terminal: script gives it one.
	c := exec.CommandContext(ctx, "script", "-qec", program+" -n -F "+rc, "/dev/null")
	c.Env = append(os.Environ(), "HOME="+dir, "TERM=xterm", "TYPED="+typed, "BELOW="+below, "LC_ALL=C.UTF-8")
	c.Stdin, err = os.Open(os.DevNull)
	r.must(err)
	out, err := c.CombinedOutput()
	if n := len(r.stored(r.owner, "Sent", 0)); err != nil || n != before+1 {
		r.t.Fatalf("neomutt filed %d mails in Sent: %v\n%q", n-before, err, out)
	}
	// The answer goes to the owner's own mailbox, too.
	r.lab.Await(r.owner, "INBOX", len(r.stored(r.owner, "INBOX", 0)))
	r.turn()
}

// TestNeomutt: a digest on Dovecot is answered in a real mail program, above the quote and below an item.
func TestNeomutt(t *testing.T) {
	recent := time.Now().AddDate(0, 0, -3)
	r := onLab(t, "", time.Date(recent.Year(), recent.Month(), recent.Day(), 20, 0, 0, 0, time.UTC), "eve@contacts.test", "bob@contacts.test")
	for _, who := range []string{"add Eve Lin <eve@contacts.test>, friend", "add Bob Roe <bob@contacts.test>, friend", "add Cy Poe <cy@contacts.test>, colleague"} {
		r.writes("", who)
	}
	r.must(second(r.e.SendDigest(context.Background(), r.now)))
	r.turn()
	digest := r.last("digest")

	r.neomutt(numberOf(t, digest, "Eve Lin")+" ask\nsnooze bob 2w\nnote cy likes buses\n\nthanks!\nAda", "")
	r.stage("eve@contacts.test", contact.Asking)
	if until := r.contact("bob@contacts.test").SnoozedUntil; until.IsZero() {
		t.Errorf("Bob does not rest\n%s", r.lastText("receipt"))
	}
	if notes := r.contact("cy@contacts.test").Notes; len(notes) != 1 || notes[0].Text != "likes buses" {
		t.Errorf("notes on Cy: %v\n%s", notes, r.lastText("receipt"))
	}
	receipt := message.Parse(r.last("receipt"))
	if !strings.Contains(receipt.Subject, "3 done") {
		t.Errorf("the receipt's subject is %q", receipt.Subject)
	}

	// The receipt is the last mail now; "hold" below the line of Eve's ask belongs to it.
	r.neomutt("hold", "The ask to Eve Lin")
	r.stage("eve@contacts.test", contact.New)
	for i, flags := range r.lab.Flags(r.owner, "INBOX") {
		for _, f := range flags {
			if f != "\\Seen" && f != "\\Answered" && f != "\\Recent" { // neomutt's own
				t.Errorf("message %d of the inbox has %s", i+1, f)
			}
		}
	}
}
