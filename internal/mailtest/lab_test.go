package mailtest_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"askwell/internal/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const jane = "jane@contacts.test"

func smtpCode(err error) int {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// TestLab uses one lab for everything that does not change it.
func TestLab(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	l := mailtest.Start(t, mailtest.Options{Users: []string{jane}})
	t.Logf("started in %v", time.Since(begin).Round(time.Millisecond))

	t.Run("login", func(t *testing.T) { testLogin(t, l) })
	t.Run("submission", func(t *testing.T) { testSubmission(t, l) })
	t.Run("folders", func(t *testing.T) { testFolders(t, l) })
	t.Run("out and in", func(t *testing.T) { testOutAndIn(t, l) })
	t.Run("bounce", func(t *testing.T) { testBounce(t, l) })
	t.Run("idle", func(t *testing.T) { testIdle(t, l) })
	t.Run("new user", func(t *testing.T) {
		l.AddUser("late@contacts.test")
		l.Deliver("eve@elsewhere.test", "late@contacts.test", mailtest.Text("eve@elsewhere.test", "late@contacts.test", "hello", "x"))
		l.Await("late@contacts.test", "INBOX", 1)
	})
}

func testLogin(t *testing.T, l *mailtest.Lab) {
	plain, err := imapclient.DialInsecure(l.IMAP, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if !plain.Caps().Has(imap.CapLoginDisabled) || !plain.Caps().Has(imap.CapStartTLS) {
		t.Errorf("in the clear: %v", plain.Caps())
	}
	c, err := imapclient.DialStartTLS(l.IMAP, &imapclient.Options{TLSConfig: l.TLSConfig()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var refused *imap.Error
	if err := c.Login(mailtest.Owner, "wrong").Wait(); !errors.As(err, &refused) || refused.Code != imap.ResponseCodeAuthenticationFailed {
		t.Errorf("wrong password: %v", err)
	}
	if err := c.Authenticate(sasl.NewPlainClient("", mailtest.Owner, mailtest.Password)); err != nil {
		t.Error(err)
	}
	if _, err := tls.Dial("tcp", l.IMAPS, &tls.Config{ServerName: strings.Split(l.IMAPS, ":")[0]}); err == nil {
		t.Error("the certificate is trusted without the lab's authority")
	}
	if pem, err := os.ReadFile(l.CAFile); err != nil || !bytes.Contains(pem, []byte("BEGIN CERTIFICATE")) {
		t.Errorf("CA file: %q %v", pem, err)
	}
}

func testSubmission(t *testing.T, l *mailtest.Lab) {
	plain, err := smtp.Dial(l.Submission)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if ok, _ := plain.Extension("AUTH"); ok {
		t.Error("AUTH is offered in the clear")
	}
	start, err := smtp.DialStartTLS(l.Submission, l.TLSConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer start.Close()
	if err := start.Auth(sasl.NewPlainClient("", mailtest.Owner, "wrong")); smtpCode(err) != 535 {
		t.Errorf("wrong password: %v, want 535", err)
	}
	c, err := smtp.DialTLS(l.Submissions, l.TLSConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail(mailtest.Owner, nil); err == nil {
		if err := c.Rcpt(jane, nil); err == nil {
			t.Error("mail was taken without a login")
		}
	}
	if err := c.Reset(); err != nil {
		t.Fatal(err)
	}
	if err := c.Auth(sasl.NewLoginClient(mailtest.Owner, mailtest.Password)); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail(mailtest.Owner, nil); err != nil {
		t.Fatal(err)
	}
	for to, want := range map[string]int{jane: 0, "refused@contacts.test": 550, "later@contacts.test": 450} {
		if err := c.Rcpt(to, nil); smtpCode(err) != want {
			t.Errorf("RCPT %s: %v, want %d", to, err, want)
		}
	}
	mx, err := smtp.Dial(l.MX)
	if err != nil {
		t.Fatal(err)
	}
	defer mx.Close()
	if err := mx.SendMail("eve@elsewhere.test", []string{"bob@elsewhere.test"}, strings.NewReader("x")); smtpCode(err) != 554 {
		t.Errorf("the MX is an open relay: %v, want 554", err)
	}
}

func testFolders(t *testing.T, l *mailtest.Lab) {
	c := l.Login(mailtest.Owner, nil)
	defer c.Close()
	list, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string]imap.MailboxAttr{
		"Sent": imap.MailboxAttrSent, "Junk": imap.MailboxAttrJunk, "Drafts": imap.MailboxAttrDrafts,
		"Trash": imap.MailboxAttrTrash, "Archive": imap.MailboxAttrArchive,
	}
	for _, f := range list {
		for _, a := range f.Attrs {
			if a == uses[f.Mailbox] {
				delete(uses, f.Mailbox)
			}
		}
	}
	if len(uses) != 0 {
		t.Errorf("without its special use: %v", uses)
	}
}

func testOutAndIn(t *testing.T, l *mailtest.Lab) {
	l.SendAs(mailtest.Owner, mailtest.Text(mailtest.Owner, jane, "twenty minutes", "Could you spare them?\n.\nAda"))
	got := l.Await(jane, "INBOX", 1)
	if !bytes.Contains(got[0], []byte("\r\nCould you spare them?\r\n.\r\nAda\r\n")) || !bytes.HasPrefix(got[0], []byte("Return-Path: <"+mailtest.Owner+">\r\n")) {
		t.Errorf("Jane got\n%s", got[0])
	}
	if flags := l.Flags(jane, "INBOX"); len(flags) != 1 || len(flags[0]) > 1 || len(flags[0]) == 1 && flags[0][0] != `\Recent` {
		t.Errorf("reading left flags: %v", flags)
	}
	if flags := fmt.Sprint(l.Flags(mailtest.Owner, "Sent")); !strings.Contains(flags, `\Seen`) {
		t.Errorf("Sent has %s", flags)
	}
	before := len(l.Messages(mailtest.Owner, "INBOX"))
	l.Deliver("jane@elsewhere.test", "owner+secret@lab.test", mailtest.Text("jane@elsewhere.test", mailtest.Owner, "Re: twenty minutes", "Gladly."))
	after := l.Await(mailtest.Owner, "INBOX", before+1)
	if !bytes.Contains(after[before], []byte("Gladly.")) {
		t.Errorf("the owner got\n%s", after[before])
	}
}

func testBounce(t *testing.T, l *mailtest.Lab) {
	for to, status := range map[string]string{"nobody@contacts.test": "5.1.1", "x@nowhere.test": "5.4.4"} {
		before := len(l.Messages(mailtest.Owner, "INBOX"))
		l.SendAs(mailtest.Owner, mailtest.Text(mailtest.Owner, to, "hello", "x"))
		note := l.Await(mailtest.Owner, "INBOX", before+1)[before]
		for _, want := range []string{"multipart/report", "Final-Recipient: rfc822; " + to, "Action: failed", "Status: " + status} {
			if !bytes.Contains(note, []byte(want)) {
				t.Errorf("the bounce of %s lacks %q:\n%s", to, want, note)
			}
		}
	}
}

func testIdle(t *testing.T, l *mailtest.Lab) {
	told := make(chan uint32, 10)
	c := l.Login(jane, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				told <- *d.NumMessages
			}
		},
	}})
	defer c.Close()
	box, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	l.Deliver("eve@elsewhere.test", jane, mailtest.Text("eve@elsewhere.test", jane, "news", "x"))
	select {
	case n := <-told:
		t.Logf("told after %v", time.Since(begin).Round(time.Millisecond))
		if n != box.NumMessages+1 {
			t.Errorf("told of %d messages, want %d", n, box.NumMessages+1)
		}
	case <-time.After(10 * time.Second):
		t.Error("IDLE told nothing")
	}
	if err := idle.Close(); err != nil {
		t.Fatal(err)
	}
	if err := idle.Wait(); err != nil {
		t.Fatal(err)
	}
}

// TestTwoLabs has each its own mail.
func TestTwoLabs(t *testing.T) {
	t.Parallel()
	var labs [2]*mailtest.Lab
	for i := range labs {
		labs[i] = mailtest.Start(t, mailtest.Options{Users: []string{jane}})
	}
	labs[0].SendAs(mailtest.Owner, mailtest.Text(mailtest.Owner, jane, "to the first", "x"))
	labs[1].SendAs(mailtest.Owner, mailtest.Text(mailtest.Owner, jane, "to the second", "x"))
	for i, want := range []string{"to the first", "to the second"} {
		if got := labs[i].Await(jane, "INBOX", 1); len(got) != 1 || !bytes.Contains(got[0], []byte(want)) {
			t.Errorf("lab %d: %q", i, got)
		}
	}
}

// TestNothingIsLeft looks for what a lab leaves behind. It runs beside no other,
// whose processes it would take for its own.
func TestNothingIsLeft(t *testing.T) {
	var dir, imapAddr string
	var started []int
	begin := time.Now()
	t.Run("lab", func(t *testing.T) {
		l := mailtest.Start(t, mailtest.Options{})
		dir, imapAddr = l.Dir, l.IMAP
		c := l.Login(mailtest.Owner, nil)
		defer c.Close()
		started = children(os.Getpid())
	})
	if dir == "" {
		t.Skip("no lab")
	}
	t.Logf("up, used and down in %v", time.Since(begin).Round(time.Millisecond))
	if _, err := imapclient.DialInsecure(imapAddr, nil); err == nil {
		t.Error("Dovecot still answers")
	}
	if len(started) < 10 { // two masters, log, anvil, auth, imap-login, imap, smtpd, tlsmgr …
		t.Errorf("only %d processes were seen", len(started))
	}
	waitGone(t, dir, started)
}

// children are all processes below one.
func children(of int) []int {
	procs, _ := os.ReadDir("/proc")
	below := map[int]bool{of: true}
	for range 4 { // as deep as the tree is
		for _, p := range procs {
			if pid, err := strconv.Atoi(p.Name()); err == nil {
				if ppid, _ := parent(pid); below[ppid] {
					below[pid] = true
				}
			}
		}
	}
	delete(below, of)
	return slices.Collect(maps.Keys(below))
}

// parent reads the fields of proc(5) after the name; state "" means gone.
func parent(pid int) (ppid int, state string) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, ""
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	_, _ = fmt.Sscan(after, &state, &ppid)
	return ppid, state
}

// TestKilled ends a test process that has no chance to end its lab.
func TestKilled(t *testing.T) {
	if os.Getenv("MAILTEST_CHILD") != "" {
		l := mailtest.Start(t, mailtest.Options{})
		fmt.Println("LAB", l.Dir)
		_, _ = io.ReadAll(os.Stdin) // until we are killed
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run=^TestKilled$", "-test.v")
	c.Env = append(os.Environ(), "MAILTEST_CHILD=1")
	hold, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		if strings.Contains(lines.Text(), "--- SKIP") {
			_ = c.Wait()
			t.Skip("no lab")
		}
		_, dir, _ = strings.Cut(lines.Text(), "LAB ")
	}
	started := children(c.Process.Pid)
	_ = c.Process.Kill()
	_ = c.Wait()
	if dir == "" || len(started) < 5 {
		t.Fatalf("the child did not start a lab: %q, %v", dir, started)
	}
	waitGone(t, dir, started)
}

// waitGone wants the folder and the processes to be no more, soon: who is killed
// needs a moment to die.
func waitGone(t *testing.T, dir string, pids []int) {
	t.Helper()
	late := time.After(10 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		pids = slices.DeleteFunc(pids, func(pid int) bool {
			_, state := parent(pid)
			return state == "" || state == "Z"
		})
		_, err := os.Stat(dir)
		if os.IsNotExist(err) && len(pids) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("still there: %s (%v), processes %v", dir, err, pids)
		}
	}
}

// TestLikeProviders is a lab that does what large providers do.
func TestLikeProviders(t *testing.T) {
	t.Parallel()
	l := mailtest.Start(t, mailtest.Options{
		Users: []string{jane}, Rewrite: mailtest.NewMessageID + "\n" + mailtest.NoReferences, FileSent: true, AllMail: true,
	})
	sent := mailtest.Text(mailtest.Owner, jane, "twenty minutes", "Could you spare them?", "References: <root@lab.test>")
	l.Submit(mailtest.Owner, []string{jane}, sent)
	got, kept := l.Await(jane, "INBOX", 1)[0], l.Await(mailtest.Owner, "Sent", 1)[0]
	id := regexp.MustCompile(`(?im)^Message-ID: *(<.*>)`)
	ids := []string{string(id.FindSubmatch(sent)[1]), string(id.FindSubmatch(got)[1]), string(id.FindSubmatch(kept)[1])}
	if ids[0] == ids[1] || ids[1] != ids[2] || bytes.Contains(got, []byte("root@lab.test")) {
		t.Errorf("Message-IDs %q; Jane got\n%s", ids, got)
	}
	// What comes from outside stays as it is.
	l.Deliver(jane, mailtest.Owner, mailtest.Text(jane, mailtest.Owner, "Re: twenty minutes", "Gladly.", "In-Reply-To: "+ids[1]))
	if in := l.Await(mailtest.Owner, "INBOX", 1)[0]; !bytes.Contains(in, []byte("In-Reply-To: "+ids[1])) || !bytes.Contains(in, []byte("@mailtest.test>")) {
		t.Errorf("the owner got\n%s", in)
	}
	c := l.Login(mailtest.Owner, nil)
	defer c.Close()
	list, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, f := range list {
		if slices.Contains(f.Attrs, imap.MailboxAttrAll) {
			all = f.Mailbox
		}
	}
	if n := len(l.Messages(mailtest.Owner, all)); n != 2 {
		t.Errorf("%d messages in %q, want the answer and the copy", n, all)
	}
}
