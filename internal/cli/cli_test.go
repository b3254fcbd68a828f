package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"askwell/internal/demo/world"
	"askwell/internal/message"
)

var update = flag.Bool("update", false, "rewrite the compared parts of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"askwell": func() { os.Exit(Main(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts are sessions in a terminal, good and bad.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("ASKWELL_CONFIG", filepath.Join(e.WorkDir, "askwell.toml"))
			e.Setenv("SECRET", "sesame")
			e.Setenv("TZ", "UTC")
			return nil
		},
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// status N PROGRAM ARGS…: it ends with this exit status.
			"status": func(ts *testscript.TestScript, _ bool, args []string) {
				err := ts.Exec(args[1], args[2:]...)
				got := "0"
				var exit *exec.ExitError
				if errors.As(err, &exit) {
					got = strconv.Itoa(exit.ExitCode())
				}
				if got != args[0] {
					ts.Fatalf("%v ended with %s, want %s", args[1:], got, args[0])
				}
			},
		},
		UpdateScripts: *update,
	})
}

// quiet is a writer that may be read meanwhile.
type quiet struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (q *quiet) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.Write(p)
}

func (q *quiet) String() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.String()
}

// house is a mailbox on loopback with a configuration beside it.
func house(t testing.TB) (w *world.World, file string) {
	t.Helper()
	w, err := world.New(world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.AddMailbox("ada@example.org", "sesame"); err != nil {
		t.Fatal(err)
	}
	if err := w.Listen(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	if err := w.CAFile(ca); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "askwell.toml")
	text := fmt.Sprintf(`
[owner]
name = "Ada Example"
address = "ada@example.org"
timezone = "Europe/Berlin"
[mailbox]
imap = "imaps://%s"
smtp = "smtps://%s"
password_env = "SECRET"
ca_file = %q
save_sent = "always"
[schedule]
nudge_after = ["1s", "1s"]
silent_after = "1s"
outcome_after = "1s"
digest = "* * * * *"
[sending]
days = "mon-sun"
hours = "00:00-24:00"
holidays = []
gap = "0s"
apart = "0s"
notice = "1s"
[review]
nudge = "send"
thank_you = "send"
[store]
path = %q
`, w.IMAPAddr(), w.SMTPAddr(), ca, filepath.Join(dir, "askwell.db"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return w, file
}

func env(name string) string { return map[string]string{"SECRET": "sesame"}[name] }

// do is one command; it returns its exit status and what it printed.
func do(file string, args ...string) (int, string) {
	var out quiet
	code := Main(context.Background(), append([]string{"--config", file}, args...), env, strings.NewReader(""), &out, &out)
	return code, out.String()
}

// await waits for the event itself: somebody got the mail.
func await(t *testing.T, got <-chan world.Delivery, to, subject string) world.Delivery {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case d := <-got:
			m := message.Parse(d.Raw)
			text, _ := m.Text()
			if d.To == to && strings.Contains(m.Subject+text, subject) {
				return d
			}
		case <-deadline:
			t.Fatalf("%s did not get %q in 20 s", to, subject)
		}
	}
}

// TestBesideTheDaemon runs the daemon on loopback, and the command line beside it: what it says takes effect in a second.
func TestBesideTheDaemon(t *testing.T) {
	w, file := house(t)
	got := make(chan world.Delivery, 100)
	w.OnMail(func(d world.Delivery) { got <- d })
	ctx, stop := context.WithCancel(context.Background())
	var log quiet
	ended := make(chan int, 1)
	go func() { ended <- Main(ctx, []string{"run", "-c", file}, env, nil, &log, &log) }()
	defer stop()
	defer func() {
		if t.Failed() {
			t.Log(log.String())
		}
	}()

	began := time.Now()
	for !strings.Contains(log.String(), "askwell runs") {
		if time.Since(began) > 10*time.Second {
			t.Fatal("the daemon does not start: ", log.String())
		}
		if code, _ := do(file, "version"); code != 0 {
			t.Fatal("version failed")
		}
	}
	code, said := do(file, "ask", "Jane Doe <jane@example.com>, friend, nurse at St. Mary")
	if code != 0 || !strings.Contains(said, "Jane Doe") {
		t.Fatalf("ask: %d, %s", code, said)
	}
	ask := await(t, got, "jane@example.com", "20 minutes")

	// A second daemon is told who runs.
	if code, said := do(file, "run"); code != 1 || !strings.Contains(said, "another askwell runs this mailbox") {
		t.Errorf("a second run: %d, %s", code, said)
	}
	if _, err := w.Reply(mail.Address{Name: "Jane Doe", Address: "jane@example.com"}, ask.Raw, "Yes! Tomorrow at 15:00?"); err != nil {
		t.Fatal(err)
	}
	var jane struct {
		ID    int
		Stage string
		Needs []string
	}
	for began = time.Now(); jane.Stage != "talking"; {
		_, line := do(file, "show", "jane", "--json")
		if err := json.Unmarshal([]byte(line), &jane); err != nil {
			t.Fatalf("show: %v: %s", err, line)
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("the answer was not noticed; Jane is %s\n%s", jane.Stage, log.String())
		}
	}
	if code, said := do(file, "pick", fmt.Sprint(jane.ID), "a"); code != 0 {
		t.Fatalf("pick: %d, %s", code, said)
	}
	await(t, got, "jane@example.com", "when we talk")
	if code, said := do(file, "met", "jane", "She told me how she began.", "--json"); code != 0 {
		t.Fatalf("met: %d, %s", code, said)
	}
	await(t, got, "jane@example.com", "Thank you")
	if code, said := do(file, "status", "--json"); code != 0 || !strings.Contains(said, `"ok":true`) || !strings.Contains(said, "process") {
		t.Errorf("status: %d, %s", code, said)
	}
	for _, args := range [][]string{{"list"}, {"history"}, {"outbox"}, {"history", "jane", "--json"}, {"outbox", "--json"}, {"digest"}} {
		if code, said := do(file, args...); code != 0 {
			t.Errorf("%v: %d, %s", args, code, said)
		}
	}

	justified(t, file)
	stop()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("the daemon ended with %d: %s", code, log.String())
		}
	case <-time.After(10 * time.Second):
		t.Error("the daemon does not end within 10 s")
	}
	if code, said := do(file, "status", "--json"); code != 0 || strings.Contains(said, "process") {
		t.Errorf("status after the end: %d, %s", code, said)
	}
	if strings.Contains(log.String(), "She told me") || strings.Contains(log.String(), "sesame") {
		t.Error("a body or a secret was logged")
	}
}

// justified holds that history tells of every mail to Jane what was read before it left: each watched folder, its UIDVALIDITY,
// up to which UID, and when.
func justified(t *testing.T, file string) {
	t.Helper()
	_, said := do(file, "history", "jane", "--json")
	sent := 0
	for line := range strings.Lines(said) {
		var r struct {
			At     time.Time
			Event  string
			Detail struct {
				Kind string
				Look struct {
					At      time.Time
					Folders []struct {
						Folder           string
						UIDValidity, UID uint32
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("history: %v: %s", err, line)
		}
		if r.Event != "sent" {
			continue
		}
		sent++
		look := r.Detail.Look
		var names []string
		for _, f := range look.Folders {
			names = append(names, f.Folder)
			if f.UIDValidity == 0 || f.Folder == "INBOX" && r.Detail.Kind != "ask" && f.UID == 0 {
				t.Errorf("the %s: %+v", r.Detail.Kind, f)
			}
		}
		slices.Sort(names)
		if fmt.Sprint(names) != "[INBOX Junk Sent]" || look.At.After(r.At) || r.At.Sub(look.At) > time.Minute {
			t.Errorf("the %s of %s left after a look at %v at %s", r.Detail.Kind, r.At, names, look.At)
		}
	}
	if sent < 3 {
		t.Errorf("%d mails in the history of Jane:\n%s", sent, said)
	}
	if _, said := do(file, "history", "jane"); !regexp.MustCompile(`sent +send +ask, read at \d\d:\d\d:\d\d: Sent to \d+, INBOX to \d+, Junk to \d+`).MatchString(said) {
		t.Errorf("history does not show what justified a sending: %s", said)
	}
}

// TestAddressBookByMail sends a vCard to oneself: its people are there, the receipt says so, and undo takes all of them back.
func TestAddressBookByMail(t *testing.T) {
	w, file := house(t)
	ctx, stop := context.WithCancel(context.Background())
	var log quiet
	ended := make(chan int, 1)
	go func() { ended <- Main(ctx, []string{"run", "-c", file}, env, nil, &log, &log) }()
	defer func() {
		stop()
		<-ended
	}()
	until(t, &log, func() bool { return strings.Contains(log.String(), "askwell runs") })
	until(t, &log, func() bool {
		_, line := do(file, "status", "--json")
		return strings.Contains(line, "last_read")
	})
	if err := w.SendAs("ada@example.org", []byte("From: ada@example.org\r\nTo: ada@example.org\r\nSubject: people\r\nMessage-ID: <b1@example.org>\r\n"+
		"Date: Mon, 23 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\n\r\n--b\r\nContent-Type: text/vcard\r\nContent-Disposition: attachment; filename=friends.vcf\r\n\r\n"+
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane Doe\r\nEMAIL:jane@example.com\r\nEND:VCARD\r\n"+
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob Roe\r\nEMAIL:bob@example.com\r\nEND:VCARD\r\n--b--\r\n")); err != nil {
		t.Fatal(err)
	}
	until(t, &log, func() bool {
		_, list := do(file, "list")
		return strings.Contains(list, "Jane Doe") && strings.Contains(list, "Bob Roe")
	})
	until(t, &log, func() bool {
		for _, raw := range w.Messages("ada@example.org", "INBOX") {
			if m := message.Parse(raw); m.Header.Get("X-Askwell") == "receipt" {
				text, _ := m.Text()
				return strings.Contains(text, "2 new, 0 known already")
			}
		}
		return false
	})
	if code, said := do(file, "undo"); code != 0 {
		t.Errorf("undo: %d, %s", code, said)
	}
	if _, list := do(file, "list"); strings.Contains(list, "Jane Doe") {
		t.Error("undo left Jane there:", list)
	}
}

// until asks again and again, for 20 s at most.
func until(t *testing.T, log *quiet, done func() bool) {
	t.Helper()
	for began := time.Now(); !done(); {
		if time.Since(began) > 20*time.Second {
			t.Fatal("it does not come about: ", log.String())
		}
	}
}
