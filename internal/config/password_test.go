package config

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPasswordFile(t *testing.T) {
	for _, test := range []struct {
		name, text string
		mode       os.FileMode
		want       string
		problem    string // a piece of the error
	}{
		{"plain", "sesame", 0o600, "sesame", ""},
		{"newline", "sesame\n", 0o600, "sesame", ""},
		{"windows", "sesame\r\n", 0o400, "sesame", ""},
		{"spaces", " open sesame \n", 0o600, " open sesame ", ""},
		{"empty", "", 0o600, "", "it is empty"},
		{"only a newline", "\n", 0o600, "", "it is empty"},
		{"two lines", "sesame\nopen\n", 0o600, "", "more than one line"},
		{"two newlines", "sesame\n\n", 0o600, "", "more than one line"},
		{"NUL", "ses\x00ame", 0o600, "", "more than one line"},
		{"long", strings.Repeat("x", longest+1), 0o600, "", "longer than any password"},
		{"group", "sesame", 0o640, "", "chmod 600"},
		{"world", "sesame", 0o604, "", "mode 0604"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "password")
			if err := os.WriteFile(path, []byte(test.text), test.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, test.mode); err != nil { // whatever the umask
				t.Fatal(err)
			}
			check(t, &Config{Mailbox: Mailbox{PasswordFile: path}}, test.want, test.problem)
		})
	}
	check(t, &Config{Mailbox: Mailbox{PasswordFile: filepath.Join(t.TempDir(), "none")}}, "", "see that it is there")
	check(t, &Config{Mailbox: Mailbox{PasswordFile: t.TempDir()}}, "", "is a folder")
}

func TestPasswordCommand(t *testing.T) {
	for _, test := range []struct{ command, want, problem string }{
		{"echo sesame", "sesame", ""},
		{"printf 'open sesame'", "open sesame", ""},
		{"printf sesame; echo a warning >&2", "sesame", ""},
		{"echo it is locked >&2; echo sesame; exit 3", "", `exit status 3 (it said "it is locked")`},
		{"exit 1", "", "exit status 1; try it in a shell"},
		{"no-such-command-as-this", "", "exit status 127"},
		{"true", "", "it is empty"},
		{"echo a; echo b", "", "more than one line"},
		{"head -c 200000 /dev/zero | tr '\\0' x", "", "longer than any password"},
		{"head -c 200000 /dev/zero >&2; echo sesame", "sesame", ""},
		{"sleep 3 & echo sesame", "sesame", ""}, // what it leaves behind is not waited for
	} {
		t.Run(test.command, func(t *testing.T) {
			check(t, &Config{Mailbox: Mailbox{PasswordCommand: test.command}}, test.want, test.problem)
		})
	}
}

func TestPasswordCommandInTime(t *testing.T) {
	if _, err := passwordCommand(t.Context(), "exec sleep 60", 20*time.Millisecond); err == nil || !strings.Contains(err.Error(), "no answer within 20ms") {
		t.Errorf("a command that hangs: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &Config{Mailbox: Mailbox{PasswordCommand: "echo sesame"}}
	if _, err := c.Password(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("an end that was asked for: %v", err)
	}
}

func TestPasswordElsewhere(t *testing.T) {
	env := environment("PASSWORD", "sesame\n")
	check(t, &Config{env: env, Mailbox: Mailbox{PasswordEnv: "PASSWORD"}}, "sesame", "")
	check(t, &Config{env: env, Mailbox: Mailbox{PasswordEnv: "OTHER"}}, "", "the variable OTHER is not set")
	check(t, &Config{Mailbox: Mailbox{OAuth2: "google"}}, "", "there is no password")
	check(t, &Config{}, "", "askwell init")
}

// A command that never stops talking does not fill the memory.
func TestBounded(t *testing.T) {
	var b bounded
	n, err := io.Copy(&b, strings.NewReader(strings.Repeat("x", 10*longest)))
	if n != 10*longest || err != nil {
		t.Errorf("%d bytes pass: %v", n, err)
	}
	if got := b.kept.Len(); got != longest+2 {
		t.Errorf("%d bytes are kept", got)
	}
}

// check compares what Password answers; no error may repeat the secret.
func check(t *testing.T, c *Config, want, problem string) {
	t.Helper()
	got, err := c.Password(t.Context())
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	switch {
	case problem == "" && err != nil:
		t.Error(err)
	case problem != "" && (err == nil || !strings.Contains(err.Error(), problem)):
		t.Errorf("error %v, want one with %q", err, problem)
	case err != nil && c.Mailbox.PasswordCommand == "" && strings.Contains(err.Error(), "sesame"):
		t.Errorf("the error tells the secret: %v", err)
	}
}
