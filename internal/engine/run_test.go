package engine_test

import (
	"context"
	"errors"
	"net/mail"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/render"
	"askwell/internal/smtpout"
	"askwell/internal/store"
	"askwell/templates"
)

// TestRunInVirtualTime is the daemon itself, its timers, IDLE and polls, through a working day that passes in seconds:
// the ask, the announced nudge, an answer, the end. synctest fails the test if a goroutine stays behind.
func TestRunInVirtualTime(t *testing.T) {
	dir := t.TempDir()
	set, err := render.Load(templates.FS, "")
	if err != nil {
		t.Fatal(err)
	}
	cfg := configure(t, "ada@example.org", "localhost:993", "localhost:465", "[schedule]\nnudge_after = [\"1h\", \"1h\"]\ndigest = \"0 * * * *\"\n[sending]\napart = \"0s\"\n")
	synctest.Test(t, func(t *testing.T) {
		w, err := world.New(world.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = w.Close() }()
		if err := w.AddMailbox("ada@example.org", mailtest.Password); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		s, err := store.Open(ctx, filepath.Join(dir, "askwell.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		mb, err := s.Mailbox(ctx, "ada@example.org")
		if err != nil {
			t.Fatal(err)
		}
		password := func(context.Context) (string, error) { return mailtest.Password, nil }
		box := imapin.New(imapin.Config{
			Host: "localhost", Port: "993", TLS: true, TLSConfig: w.TLSConfig(), Dial: w.DialIMAP, Username: "ada@example.org", Password: password,
		})
		defer func() { _ = box.Close() }()
		out := smtpout.New(smtpout.Config{
			Host: "localhost", Port: "465", TLS: true, TLSConfig: w.TLSConfig(), Dial: w.DialSMTP, Username: "ada@example.org", Password: password,
		})
		defer func() { _ = out.Close() }()
		e, err := engine.New(engine.Options{Config: cfg, Store: mb, Templates: set, Mailbox: box, Sender: out, Holder: "bubble", LookEvery: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		// A bubble begins at midnight UTC on Saturday, 1 January 2000; the daemon on Monday at half past eight in Berlin.
		pass(55*time.Hour + 30*time.Minute)
		ended := make(chan error, 1)
		go func() { ended <- e.Run(ctx) }()
		if _, err := e.Do(ctx, time.Now(), []string{"ask", "Jane Doe <jane@example.com>, friend"}); err != nil {
			t.Fatal(err)
		}
		pass(20 * time.Minute)
		if n := len(to(w, "jane@example.com")); n != 0 {
			t.Fatalf("%d mails left before nine", n)
		}
		pass(20 * time.Minute)
		asks := to(w, "jane@example.com")
		if len(asks) != 1 {
			t.Fatalf("%d asks left by ten past nine", len(asks))
		}
		pass(3 * time.Hour)
		if n := len(to(w, "jane@example.com")); n != 2 {
			t.Fatalf("%d mails after three hours, want the ask and an announced nudge", n)
		}
		arrived := time.Now()
		if _, err := w.Reply(mail.Address{Address: "jane@example.com"}, asks[0].Raw, "Yes, gladly."); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		if stage := stageOf(t, mb); stage != contact.Talking {
			t.Errorf("%s after the answer, Jane is %s", time.Since(arrived), stage)
		}
		pass(3 * time.Hour)
		if n := len(to(w, "jane@example.com")); n != 2 {
			t.Errorf("%d mails in the end, want 2: nothing after an answer", n)
		}
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

// pass lets virtual time pass: the bubble jumps to whatever comes next.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func to(w *world.World, address string) []world.Delivery {
	var out []world.Delivery
	for _, d := range w.Sent() {
		if d.To == address {
			out = append(out, d)
		}
	}
	return out
}

func stageOf(t *testing.T, mb *store.Mailbox) (stage contact.Stage) {
	t.Helper()
	if err := mb.View(context.Background(), time.Now(), func(tx *store.Tx) error {
		c, err := tx.Contact(1)
		stage = c.Stage
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return stage
}
