package setup_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"askwell/internal/demo/world"
	"askwell/internal/message"
)

const (
	ada      = "ada@example.org"
	password = `pa "ss\wörd`
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// home is a machine with a mail server beside it.
type home struct {
	*world.World
	t   *testing.T
	dir string
	ca  string // a file
	env map[string]string

	rewrite func([]byte) []byte // what a listener of ours makes of what a client says
}

func newHome(t *testing.T) *home {
	t.Helper()
	w, err := world.New(world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.AddMailbox(ada, password); err != nil {
		t.Fatal(err)
	}
	if err := w.Listen(); err != nil {
		t.Fatal(err)
	}
	h := &home{World: w, t: t, dir: t.TempDir(), env: map[string]string{"TZ": "Europe/Berlin"}}
	h.env["HOME"] = h.dir
	h.ca = filepath.Join(h.dir, "ca.pem")
	if err := w.CAFile(h.ca); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *home) getenv(name string) string { return h.env[name] }

func (h *home) config() string { return filepath.Join(h.dir, ".config", "askwell", "askwell.toml") }

// imap and smtp are the servers' URLs, under the name that their certificate has.
func (h *home) imap() string { return "imaps://localhost:" + port(h.t, h.IMAPAddr()) }
func (h *home) smtp() string { return "smtps://localhost:" + port(h.t, h.SMTPAddr()) }

func port(t *testing.T, addr string) string {
	t.Helper()
	_, p, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *home) read(path string) string {
	h.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

func (h *home) write(path, text string, mode os.FileMode) {
	h.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask made of it
		h.t.Fatal(err)
	}
}

// files lists all that lies below the home, but for the authority.
func (h *home) files() string {
	h.t.Helper()
	var all []string
	err := filepath.WalkDir(h.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || path == h.ca {
			return err
		}
		rel, err := filepath.Rel(h.dir, path)
		all = append(all, rel)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// inbox gives the subjects in Ada's inbox.
func (h *home) inbox() []string {
	var all []string
	for _, raw := range h.Messages(ada, "INBOX") {
		all = append(all, message.ParseHeader(raw).Subject)
	}
	return all
}

func (h *home) mode(path string) os.FileMode {
	h.t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		h.t.Fatal(err)
	}
	return info.Mode().Perm()
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// safe fails the test where text has the password in it.
func safe(t *testing.T, what, text string) {
	t.Helper()
	if strings.Contains(text, password) || strings.Contains(text, "pa ") || strings.Contains(text, "wörd") {
		t.Errorf("%s has the password in it:\n%s", what, text)
	}
}

func lines(s ...string) *bytes.Buffer { return bytes.NewBufferString(strings.Join(s, "\n") + "\n") }
