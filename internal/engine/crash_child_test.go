package engine_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"syscall"
	"testing"
	"time"

	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/render"
	"askwell/internal/smtpout"
	"askwell/internal/store"
	"askwell/templates"
)

// order is one turn to take, with what to die of.
type order struct {
	Now   time.Time
	Kills []kill
	Steps int      // die at the so many-th point of this turn, whichever it is; 0 never
	Do    []string // no turn, but this command of the command line
}

// report is what became of it.
type report struct {
	Next   time.Time
	Err    string
	Held   bool
	Steps  int    // points that the turn came by
	News   []kill // those that this life had not come by before
	Died   *kill
	Unread bool // the mailbox could not be read: an incident
}

// childhood is what a child needs to know.
type childhood struct {
	Owner, IMAP, SMTP, CA, Store, Holder, More string
}

const childEnv = "ASKWELL_CRASH_CHILD"

// TestCrashChild is no test: it is the process that is killed, a daemon whose clock its parent holds.
func TestCrashChild(t *testing.T) {
	var c childhood
	if os.Getenv(childEnv) == "" {
		return
	}
	if err := json.Unmarshal([]byte(os.Getenv(childEnv)), &c); err != nil {
		t.Fatal(err)
	}
	if err := live(t, c, os.NewFile(3, "orders"), os.NewFile(4, "reports")); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
}

func live(t *testing.T, c childhood, orders io.Reader, reports io.Writer) error {
	ctx := context.Background()
	dec, enc := json.NewDecoder(orders), json.NewEncoder(reports)
	v := &victim{owner: c.Owner, seen: map[kill]bool{}, die: func(k kill) {
		_ = enc.Encode(report{Died: &k})
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}}
	v.watch()
	s, err := store.Open(ctx, c.Store)
	if err != nil {
		return err
	}
	if v.mb, err = s.Mailbox(ctx, c.Owner); err != nil {
		return err
	}
	set, err := render.Load(templates.FS, "")
	if err != nil {
		return err
	}
	own, err := world.New(world.Options{}) // for its certificate
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(c.CA)
	if err != nil {
		return err
	}
	v.server = own.ServerTLS()
	v.client = &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost", MinVersion: tls.VersionTLS12}
	v.client.RootCAs.AppendCertsFromPEM(pem)
	password := func(context.Context) (string, error) { return mailtest.Password, nil }
	imapHost, imapPort := split(t, c.IMAP)
	smtpHost, smtpPort := split(t, c.SMTP)
	v.box = imapin.New(imapin.Config{
		Host: imapHost, Port: imapPort, TLS: true, TLSConfig: own.TLSConfig(), Dial: v.dial(v.tapIMAP), Username: c.Owner, Password: password,
	})
	v.out = smtpout.New(smtpout.Config{
		Host: smtpHost, Port: smtpPort, TLS: true, TLSConfig: own.TLSConfig(), Dial: v.dial(v.tapSMTP), Username: c.Owner, Password: password,
	})
	e, err := engine.New(engine.Options{
		Config: configure(t, c.Owner, c.IMAP, c.SMTP, c.More), Store: v.mb, Templates: set, Mailbox: (*victimBox)(v), Sender: (*victimSender)(v),
		Logger: slog.New(&victimLog{v: v}), Holder: c.Holder, Random: (*victimChance)(v),
	})
	if err != nil {
		return err
	}
	for {
		var o order
		if err := dec.Decode(&o); err != nil {
			return err
		}
		v.begin(o)
		v.at(atTurn, "")
		next := o.Now
		if o.Do == nil {
			next, err = e.Turn(ctx, o.Now)
		} else {
			_, err = e.Do(ctx, o.Now, o.Do)
		}
		v.at(atRest, "")
		r := report{Next: next, Unread: v.unread}
		r.Steps, r.News = v.done()
		var held *engine.HeldError
		if r.Held = errors.As(err, &held); err != nil {
			r.Err = err.Error()
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
}
