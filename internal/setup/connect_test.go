package setup_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"askwell/internal/config"
	"askwell/internal/engine"
	"askwell/internal/render"
	"askwell/internal/setup"
	"askwell/internal/store"
	"askwell/templates"
)

// The engine over what Mailbox and Sender make reads the doctor's mail, and leaves it alone.
func TestEngineIgnoresDoctor(t *testing.T) {
	h := installed(t)
	c, err := config.Load(h.config(), h.getenv)
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	box, err := setup.Mailbox(c, log)
	must(t, err)
	defer func() { must(t, box.Close()) }()
	out, err := setup.Sender(c, log)
	must(t, err)
	defer func() { must(t, out.Close()) }()
	set, err := render.Load(templates.FS, "")
	must(t, err)
	s, err := store.Open(t.Context(), c.StorePath())
	must(t, err)
	defer func() { must(t, s.Close()) }()
	mb, err := s.Mailbox(t.Context(), ada)
	must(t, err)
	e, err := engine.New(engine.Options{Config: c, Store: mb, Templates: set, Mailbox: box, Sender: out})
	must(t, err)
	// A night in which no digest is due.
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, c.Location())
	turn := func() {
		t.Helper()
		_, err := e.Turn(within(t), now)
		must(t, err)
		now = now.Add(3 * time.Minute)
	}
	turn()
	before := len(h.Sent())
	h.doctor(func(o *setup.DoctorOptions) { o.Send = true })
	turn()
	turn()
	if n := len(h.Sent()) - before; n != 1 {
		t.Errorf("%d mails left besides the doctor's", n-1)
	}
	if got := h.Flags(ada, "INBOX"); len(got) != before+1 || len(got[before]) != 0 {
		t.Errorf("the inbox has the flags %v", got)
	}
}

// What cannot work is a wrong configuration, by its type: the daemon is not restarted over it.
func TestConnectRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		old  string
		now  string
		want string
	}{
		{"OAuth2", `password_file = "password"`, `oauth2 = "microsoft"`, "app password"},
		{"authority", `ca.pem"`, `none.pem"`, "mailbox.ca_file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := installed(t)
			h.edit(tt.old, tt.now)
			c, err := config.Load(h.config(), h.getenv)
			must(t, err)
			_, inErr := setup.Mailbox(c, nil)
			_, outErr := setup.Sender(c, nil)
			for _, err := range []error{inErr, outErr} {
				var wrong config.Errors
				if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("want a config.Errors with %q, got %v", tt.want, err)
				}
			}
		})
	}
}
