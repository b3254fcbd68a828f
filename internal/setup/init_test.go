package setup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"askwell/internal/config"
	"askwell/internal/setup"
)

// flags are all that is needed, but for the password.
func (h *home) flags() setup.Flags {
	return setup.Flags{
		Name: "Ada Example", Address: ada, Field: "data journalism", About: "I teach maths.",
		IMAP: h.imap(), SMTP: h.smtp(), CAFile: h.ca, Yes: true, PasswordStdin: true,
	}
}

func (h *home) init(in io.Reader, change func(*setup.InitOptions)) (string, error) {
	h.t.Helper()
	var out bytes.Buffer
	o := setup.InitOptions{In: in, Out: &out, Env: h.getenv, Flags: h.flags(), Resolver: deaf{}}
	if change != nil {
		change(&o)
	}
	err := setup.Init(within(h.t), o)
	safe(h.t, "the output", out.String())
	if err != nil {
		safe(h.t, "the error", err.Error())
	}
	return out.String(), err
}

// deaf is a DNS that knows nothing.
type deaf struct{}

func (deaf) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}

func (deaf) LookupMX(context.Context, string) ([]*net.MX, error) {
	return nil, &net.DNSError{IsNotFound: true}
}

func (deaf) LookupHost(context.Context, string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}

func TestInitByFlags(t *testing.T) {
	h := newHome(t)
	out, err := h.init(lines(password), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c, err := config.Load(h.config(), h.getenv)
	if err != nil {
		t.Fatal(err)
	}
	if c.Owner.Name != "Ada Example" || c.Owner.Address != ada || c.Owner.Field != "data journalism" || c.Owner.About != "I teach maths." ||
		c.Owner.Timezone != "Europe/Berlin" || !slices.Equal(c.Sending.Holidays, []string{"de"}) || c.Mailbox.IMAP != h.imap() ||
		c.Mailbox.SMTP != h.smtp() || c.Mailbox.Username != ada || c.Mailbox.CAFile != h.ca {
		t.Errorf("the configuration says\n%s", h.read(h.config()))
	}
	safe(t, "the configuration", h.read(h.config()))
	if p, err := c.Password(t.Context()); err != nil || p != password {
		t.Errorf("the password is %q, %v", p, err)
	}
	for _, path := range []string{h.config(), filepath.Join(filepath.Dir(h.config()), "password")} {
		if m := h.mode(path); m != 0o600 {
			t.Errorf("%s has mode %o", path, m)
		}
	}
	if m := h.mode(filepath.Dir(h.config())); m != 0o700 {
		t.Errorf("the folder has mode %o", m)
	}
	if got := h.inbox(); len(got) != 1 || !strings.HasPrefix(got[0], "askwell is here") {
		t.Errorf("the inbox has %q", got)
	}
	for _, want := range []string{"Europe/Berlin", "public holidays: de", "could you spare 20 minutes", "| Subject:", "| Hi Jane,", "askwell run", "askwell doctor"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "--config") {
		t.Errorf("the configuration lies where it is looked for, and need not be named:\n%s", out)
	}
	t.Log(out)
}

// Every question answered on a pipe, in the order in which they come; the last line has no end.
func TestInitByAnswers(t *testing.T) {
	h := newHome(t)
	in := strings.NewReader(strings.Join([]string{
		"Ada  Example", ada, "data journalism", "", h.imap(), h.smtp(), password, "Europe/Vienna", "at, de-by",
	}, "\n"))
	out, err := h.init(in, func(o *setup.InitOptions) {
		o.Flags = setup.Flags{CAFile: h.ca}
		o.Dial = refuseOthers
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c, err := config.Load(h.config(), h.getenv)
	if err != nil {
		t.Fatal(err)
	}
	if c.Owner.Name != "Ada Example" || c.Owner.Timezone != "Europe/Vienna" || !slices.Equal(c.Sending.Holidays, []string{"at", "de-by"}) || c.Owner.About != "" {
		t.Errorf("the configuration says\n%s", h.read(h.config()))
	}
	if len(h.inbox()) != 1 {
		t.Errorf("the inbox has %q", h.inbox())
	}
}

// refuseOthers lets nothing leave for anywhere but this machine.
func refuseOthers(ctx context.Context, network, addr string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(addr); err != nil || host != "localhost" && host != "127.0.0.1" {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("no route to host")}
	}
	return (&net.Dialer{}).DialContext(ctx, network, addr)
}

func TestInitAnswersEnd(t *testing.T) {
	h := newHome(t)
	all := []string{"Ada Example", ada, "", "", h.imap(), h.smtp()}
	for n, want := range []string{"--name", "--address", "--imap", "--imap", "--imap", "--smtp", "--password-file"} {
		_, err := h.init(strings.NewReader(strings.Join(all[:n], "\n")), func(o *setup.InitOptions) {
			o.Flags, o.Dial = setup.Flags{CAFile: h.ca}, refuseOthers
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("after %d answers: want an error with %s, got %v", n, want, err)
		}
		if got := h.files(); got != "" {
			t.Fatalf("after %d answers there is %s", n, got)
		}
	}
}

// Whatever goes wrong before both logins have worked, nothing is written and nothing is sent.
func TestInitWritesNothing(t *testing.T) {
	h := newHome(t)
	for _, tt := range []struct {
		name, secret string
		change       func(*setup.Flags)
		want         string
	}{
		{"wrong password", "wrong", nil, "app password"},
		{"no password", "", nil, "no password on standard input"},
		{"no server there", password, func(f *setup.Flags) { f.IMAP = "imaps://localhost:1" }, "connection refused"},
		{"no submission there", password, func(f *setup.Flags) { f.SMTP = "smtps://localhost:1" }, "connection refused"},
		{"authority missing", password, func(f *setup.Flags) { f.CAFile = "" }, "ca_file"},
		{"authority not there", password, func(f *setup.Flags) { f.CAFile = "/nowhere.pem" }, "--ca-file"},
		{"other name", password, func(f *setup.Flags) { f.IMAP = "imaps://ip6-localhost.test:1" }, "where mail is read"},
		{"user name", password, func(f *setup.Flags) { f.Username = "bob" }, "mailbox.username"},
		{"address", password, func(f *setup.Flags) { f.Address = "ada" }, "no mail address"},
		{"zone", password, func(f *setup.Flags) { f.Timezone = "Berlin" }, "Europe/Berlin"},
		{"holidays", password, func(f *setup.Flags) { f.Holidays = []string{"xx"} }, "--holidays"},
		{"scheme", password, func(f *setup.Flags) { f.IMAP = "https://localhost" }, "imaps://HOST"},
		{"two passwords", password, func(f *setup.Flags) { f.PasswordEnv = "X" }, "only one of"},
		{"variable", password, func(f *setup.Flags) { f.PasswordStdin, f.PasswordEnv = false, "X" }, "variable X is not set"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := h.init(lines(tt.secret), func(o *setup.InitOptions) {
				if tt.change != nil {
					tt.change(&o.Flags)
				}
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("want an error with %q, got %v\n%s", tt.want, err, out)
			}
			if got := h.files(); got != "" {
				t.Errorf("there is %s", got)
			}
			if got := h.inbox(); len(got) != 0 {
				t.Errorf("the inbox has %q", got)
			}
		})
	}
}

// A person at a terminal may mistype.
func TestInitAtTerminal(t *testing.T) {
	h := newHome(t)
	typed := []string{"wrong", "", password}
	out, err := h.init(lines("Ada Example", "ada at example.org", ada, "", "", "Europe/Berlin", "de"), func(o *setup.InitOptions) {
		o.Flags = setup.Flags{CAFile: h.ca, IMAP: h.imap(), SMTP: h.smtp()}
		o.Secret = func() (string, error) {
			if len(typed) == 0 {
				return "", io.EOF
			}
			p := typed[0]
			typed = typed[1:]
			return p, nil
		}
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{`"ada at example.org" is no mail address`, "once more"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if len(h.inbox()) != 1 {
		t.Errorf("the inbox has %q", h.inbox())
	}
}

func TestInitAgain(t *testing.T) {
	h := newHome(t)
	if out, err := h.init(lines(password), nil); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first := h.read(h.config())

	for name, in := range map[string]io.Reader{"no": lines("n"), "nothing": lines(), "end": strings.NewReader("")} {
		if _, err := h.init(in, func(o *setup.InitOptions) { o.Flags.Yes, o.Flags.PasswordStdin = false, false }); err == nil || !strings.Contains(err.Error(), "--force") {
			t.Errorf("%s: want an error with --force, got %v", name, err)
		}
	}
	if _, err := h.init(lines(password), nil); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("--yes: want an error with --force, got %v", err)
	}
	if got := h.read(h.config()); got != first {
		t.Errorf("the configuration has changed to\n%s", got)
	}

	// What somebody has added stays, comments as well; one thing is changed.
	h.write(h.config(), strings.Replace(first, "[mailbox]", "weekly_goal = 5   # brave\n\n[mailbox]\nfolders = [\n  \"Archive\",\n]", 1)+"\n[schedule]\ndigest = \"0 7 * * *\"  # early\n", 0o600)
	changed := h.read(h.config())
	out, err := h.init(strings.NewReader(""), func(o *setup.InitOptions) {
		o.Flags = setup.Flags{Field: "nursing", Force: true, Yes: true}
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want, got := strings.Replace(changed, `"data journalism"`, `"nursing"`, 1), h.read(h.config()); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
	if got := h.read(h.config() + ".old"); got != changed {
		t.Errorf("the old one is not kept:\n%s", got)
	}
	if got := h.inbox(); len(got) != 1 {
		t.Errorf("the welcome came again: %q", got)
	}

	// A configuration that is broken is written anew.
	h.write(h.config(), "[owner\n", 0o600)
	if out, err := h.init(lines("y", password), func(o *setup.InitOptions) {
		o.Flags.Force, o.Flags.Yes, o.Flags.PasswordStdin = true, true, false
		o.Flags.PasswordFile = filepath.Join(filepath.Dir(h.config()), "password")
	}); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := config.Load(h.config(), h.getenv); err != nil {
		t.Error(err)
	}
}

// A file named password that nobody knows is not overwritten.
func TestInitForeignPassword(t *testing.T) {
	h := newHome(t)
	foreign := filepath.Join(filepath.Dir(h.config()), "password")
	h.write(foreign, "another\n", 0o600)
	if _, err := h.init(lines(password), nil); err == nil || !strings.Contains(err.Error(), foreign) {
		t.Errorf("want an error that names it, got %v", err)
	}
	if got := h.files(); got != ".config/askwell/password" || h.read(foreign) != "another\n" {
		t.Errorf("there is %s, with %q", got, h.read(foreign))
	}
}

func TestInitWithoutWelcome(t *testing.T) {
	h := newHome(t)
	store := filepath.Join(h.dir, "elsewhere", "store.db")
	if out, err := h.init(lines(password), func(o *setup.InitOptions) {
		o.Config, o.Flags.NoWelcome, o.Flags.StorePath = filepath.Join(h.dir, "mine.toml"), true, store
	}); err != nil || !strings.Contains(out, "--config "+filepath.Join(h.dir, "mine.toml")) {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(h.inbox()) != 0 || h.mode(store) != 0o600 {
		t.Errorf("the inbox has %q, the store mode %o", h.inbox(), h.mode(store))
	}
	// Once it is wanted, it comes.
	if out, err := h.init(strings.NewReader(""), func(o *setup.InitOptions) {
		o.Config, o.Flags = filepath.Join(h.dir, "mine.toml"), setup.Flags{Force: true, Yes: true}
	}); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(h.inbox()) != 1 {
		t.Errorf("the inbox has %q", h.inbox())
	}
}
