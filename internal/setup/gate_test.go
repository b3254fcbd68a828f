package setup_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"askwell/internal/config"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/setup"
	"askwell/internal/store"
	"askwell/templates"
)

// office is the engine over what setup makes, on Dovecot and Postfix, each behind a wire, with the password in a file.
type office struct {
	t          *testing.T
	lab        *mailtest.Lab
	imap, smtp *mailtest.Wire
	file       string // of the password
	e          *engine.Engine
	now        time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	lab := mailtest.Start(t, mailtest.Options{})
	o := &office{
		t: t, lab: lab, imap: mailtest.Proxy(t, lab.IMAPS), smtp: mailtest.Proxy(t, lab.Submissions),
		file: filepath.Join(t.TempDir(), "password"), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
	}
	o.secret(mailtest.Password)
	c, err := config.Parse("askwell.toml", fmt.Appendf(nil, `
[owner]
name = "Ada Example"
address = %[1]q
timezone = "Europe/Berlin"
[mailbox]
imap = "imaps://%[2]s"
smtp = "smtps://%[3]s"
password_file = %[4]q
ca_file = %[5]q
save_sent = "never"
[schedule]
digest = "0 8 1 1 *"
`, mailtest.Owner, o.imap.Addr(), o.smtp.Addr(), o.file, lab.CAFile), func(string) string { return "" })
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	box, err := setup.Mailbox(c, log)
	must(t, err)
	t.Cleanup(func() { must(t, box.Close()) })
	out, err := setup.Sender(c, log)
	must(t, err)
	t.Cleanup(func() { must(t, out.Close()) })
	set, err := render.Load(templates.FS, "")
	must(t, err)
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "askwell.db"))
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	mb, err := s.Mailbox(t.Context(), mailtest.Owner)
	must(t, err)
	o.e, err = engine.New(engine.Options{Config: c, Store: mb, Templates: set, Mailbox: box, Sender: out})
	must(t, err)
	o.minutes(1)
	return o
}

// secret writes the password into its file.
func (o *office) secret(password string) {
	o.t.Helper()
	must(o.t, os.WriteFile(o.file, []byte(password+"\n"), 0o600))
}

func (o *office) minutes(n int) {
	o.t.Helper()
	for range n {
		_, err := o.e.Turn(within(o.t), o.now)
		must(o.t, err)
		o.now = o.now.Add(time.Minute)
	}
}

// told are the subjects of the mails about trouble.
func (o *office) told() (subjects []string) {
	o.t.Helper()
	for _, raw := range o.lab.Messages(mailtest.Owner, "INBOX") {
		if m := message.Parse(raw); m.Header.Get("X-Askwell") == "trouble" {
			subjects = append(subjects, m.Subject)
		}
	}
	return subjects
}

func (o *office) trouble() string {
	o.t.Helper()
	s, err := o.e.Status(o.t.Context(), o.now)
	must(o.t, err)
	return strings.Join(s.Trouble, "; ")
}

// writes lets the owner's mail program send a command.
func (o *office) writes(words string) {
	o.t.Helper()
	o.lab.SendAs(mailtest.Owner, mailtest.Text(mailtest.Owner, mailtest.Owner, "to do", words))
	o.lab.Await(mailtest.Owner, "INBOX", 1)
}

// The password is changed at the provider, and five hours later in the file: neither server is asked more than a few times
// meanwhile, and nothing needs to be started anew. No mail could tell of it in time; status did, and one mail tells afterwards.
func TestPasswordIsChanged(t *testing.T) {
	o := newOffice(t)
	o.lab.SetPassword(mailtest.Owner, "another")
	o.imap.CutAll()
	o.smtp.CutAll()
	imap, smtp := o.imap.Accepted(), o.smtp.Accepted()
	o.minutes(300)
	if a, b := o.imap.Accepted()-imap, o.smtp.Accepted()-smtp; a != 1 || b != 1 {
		t.Errorf("with the same wrong password the servers were asked %d and %d times within a minute of real time, want once each", a, b)
	}
	got := o.trouble()
	for _, want := range []string{"log in at", "AUTHENTICATIONFAILED", "log in: ", "535", "another one at once", "check mailbox.username and the password"} {
		if !strings.Contains(got, want) {
			t.Errorf("status does not say %q: %s", want, got)
		}
	}
	o.secret("another")
	o.minutes(1)
	if got := o.trouble(); strings.Contains(got, "AUTHENTICATIONFAILED") {
		t.Errorf("a minute after the file was mended: %s", got)
	}
	o.writes("add Jane Doe <jane@example.org>, friend")
	o.minutes(120)
	if got := o.trouble(); got != "" {
		t.Errorf("afterwards: %s", got)
	}
	if got := o.told(); len(got) != 1 || got[0] != "Mail can be sent again" {
		t.Errorf("told afterwards: %q", got)
	}
	if n := len(o.lab.Messages(mailtest.Owner, "INBOX")); n < 2 {
		t.Errorf("no receipt came: %d mails", n)
	}
}

// A night with a wrong password: neither server is asked more often than a provider bears, by reading, by watching for mail
// and by sending together.
func TestWrongPasswordDoesNotHammer(t *testing.T) {
	dir := t.TempDir()
	set, err := render.Load(templates.FS, "")
	must(t, err)
	c, err := config.Parse("askwell.toml", fmt.Appendf(nil, `
[owner]
name = "Ada Example"
address = %q
timezone = "Europe/Berlin"
[mailbox]
imap = "imaps://localhost:993"
smtp = "smtps://localhost:465"
password_file = %q
`, ada, filepath.Join(dir, "password")), func(string) string { return "" })
	must(t, err)
	synctest.Test(t, func(t *testing.T) {
		w, err := world.New(world.Options{})
		must(t, err)
		defer func() { must(t, w.Close()) }()
		must(t, w.AddMailbox(ada, "right"))
		must(t, os.WriteFile(filepath.Join(dir, "password"), []byte("wrong\n"), 0o600))
		var imap, smtp atomic.Int64
		counting := func(n *atomic.Int64, dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
			return func(ctx context.Context, network, addr string) (net.Conn, error) {
				n.Add(1)
				return dial(ctx, network, addr)
			}
		}
		box, out := setup.Over(c, w.TLSConfig(), counting(&imap, w.DialIMAP), counting(&smtp, w.DialSMTP))
		defer func() { must(t, box.Close()) }()
		defer func() { must(t, out.Close()) }()
		ctx, stop := context.WithCancel(t.Context())
		s, err := store.Open(ctx, filepath.Join(dir, "askwell.db"))
		must(t, err)
		defer func() { must(t, s.Close()) }()
		mb, err := s.Mailbox(ctx, ada)
		must(t, err)
		e, err := engine.New(engine.Options{Config: c, Store: mb, Templates: set, Mailbox: box, Sender: out, LookEvery: time.Minute})
		must(t, err)
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		pass := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		pass(10 * time.Minute)
		if i, o := imap.Load(), smtp.Load(); i+o > 5 || i == 0 || o == 0 {
			t.Errorf("%d and %d connections in the first ten minutes", i, o)
		}
		pass(24 * time.Hour)
		if i, o := imap.Load(), smtp.Load(); i > 30 || o > 30 || i < 10 || o < 10 {
			t.Errorf("%d and %d connections in a day", i, o)
		}
		must(t, os.WriteFile(filepath.Join(dir, "password"), []byte("right\n"), 0o600))
		pass(2 * time.Minute)
		if n := len(w.Messages(ada, "INBOX")); n == 0 {
			t.Error("two minutes after the file was mended no mail has left")
		}
		pass(20 * time.Minute)
		status, err := e.Status(ctx, time.Now())
		must(t, err)
		if !status.OK {
			t.Errorf("afterwards: %q", status.Trouble)
		}
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
