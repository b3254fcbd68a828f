package config

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pelletier/go-toml/v2"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

var update = flag.Bool("update", false, "rewrite testdata")

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func sameConfig() []cmp.Option {
	return []cmp.Option{cmpopts.IgnoreUnexported(Config{}), cmpopts.EquateComparable(worktime.Duration{}, worktime.Cron{})}
}

// shortest is a configuration that leaves out all that can be left out.
const shortest = `
[owner]
name = "Ada Example"
address = "ada@example.org"
[mailbox]
imap = "imaps://imap.example.org"
smtp = "smtps://smtp.example.org"
password_file = "password"
`

func parse(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Parse("/etc/askwell/askwell.toml", []byte(text), environment("TZ", "Europe/Berlin", "HOME", "/home/ada"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBad compares all that is said about each bad file with what stands below it.
func TestBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			const mark = "-- errors --\n"
			bad, want, ok := strings.Cut(string(text), mark)
			if !ok {
				t.Fatalf("no line %q", mark)
			}
			c, err := Parse("askwell.toml", []byte(bad), environment("TZ", "UTC"))
			if err == nil || c != nil {
				t.Fatalf("it passes as %v: %v", c, err)
			}
			got := err.Error() + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(bad+mark+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The file in the product's description is loaded as it stands there, and is what comes of a file that leaves it all out.
func TestExampleEqualsDefaults(t *testing.T) {
	text, err := os.ReadFile("testdata/example.toml")
	if err != nil {
		t.Fatal(err)
	}
	full, short := parse(t, string(text)), parse(t, shortest)
	short.Owner.Field, short.Owner.About = full.Owner.Field, full.Owner.About // examples, not defaults
	short.Mailbox.IMAP += ":993"
	short.Mailbox.SMTP += ":465"
	short.Mailbox.PasswordFile = full.Mailbox.PasswordFile
	if diff := cmp.Diff(full, short, sameConfig()...); diff != "" {
		t.Errorf("(-example +defaults):\n%s", diff)
	}
	if full.imap != short.imap || full.smtp != short.smtp || full.zone.String() != short.zone.String() {
		t.Errorf("servers and zone: %v %v %v, want %v %v %v", short.imap, short.smtp, short.zone, full.imap, full.smtp, full.zone)
	}
	// And here, once, in figures.
	if got := full.Schedule.NudgeAfter; len(got) != 2 || got[0].String() != "5wd" || got[1].String() != "7wd" {
		t.Errorf("nudge_after is %v", got)
	}
	if full.Review != (Reviews{Ask: Send, Nudge: Announce, ThankYou: Announce, CheckIn: Send}) {
		t.Errorf("review is %v", full.Review)
	}
}

// What go-toml writes of a configuration is read back as the same: every key is both a field and asked for.
func TestRoundTrip(t *testing.T) {
	text, err := os.ReadFile("testdata/everything.toml")
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, string(text))
	for _, empty := range emptyFields(reflect.ValueOf(*c)) {
		if !slices.Contains([]string{"PasswordFile", "PasswordEnv", "OAuth2"}, empty) { // there is one way to log in
			t.Errorf("everything.toml says nothing of %s", empty)
		}
	}
	written, err := toml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	again := parse(t, string(written))
	if diff := cmp.Diff(c, again, sameConfig()...); diff != "" {
		t.Errorf("(-read +written and read):\n%s", diff)
	}
}

func emptyFields(v reflect.Value) (empty []string) {
	for field, value := range v.Fields() {
		switch {
		case !field.IsExported():
		case value.IsZero():
			empty = append(empty, field.Name)
		case value.Kind() == reflect.Struct && strings.HasPrefix(value.Type().PkgPath(), "askwell/internal/config"):
			empty = append(empty, emptyFields(value)...)
		}
	}
	return empty
}

func TestShortest(t *testing.T) {
	c := parse(t, shortest)
	if c.Mailbox.Address != "ada@example.org" || c.Mailbox.Username != "ada@example.org" {
		t.Errorf("mailbox %q, user %q", c.Mailbox.Address, c.Mailbox.Username)
	}
	if c.Mailbox.PasswordFile != "/etc/askwell/password" {
		t.Errorf("the password is in %q", c.Mailbox.PasswordFile)
	}
	if c.Owner.Timezone != "Europe/Berlin" || c.Location().String() != "Europe/Berlin" {
		t.Errorf("zone %q, %v", c.Owner.Timezone, c.Location())
	}
	if got := c.StorePath(); got != "/home/ada/.local/share/askwell/askwell.db" {
		t.Errorf("the store is %q", got)
	}
	if c.IMAPServer() != (Server{"imap.example.org", "993", true}) || c.SMTPServer() != (Server{"smtp.example.org", "465", true}) {
		t.Errorf("servers %v, %v", c.IMAPServer(), c.SMTPServer())
	}
	if c.Calendar() == nil || c.Window() == nil {
		t.Error("no calendar, no window")
	}
}

func TestPaths(t *testing.T) {
	for _, test := range []struct{ written, want string }{
		{"keys.db", "/etc/askwell/keys.db"},
		{"../keys.db", "/etc/keys.db"},
		{"/var/keys.db", "/var/keys.db"},
		{"~/keys.db", "/home/ada/keys.db"},
		{"", "/home/ada/.local/share/askwell/askwell.db"},
	} {
		if got := parse(t, shortest+"[store]\npath = \""+test.written+"\"\n").StorePath(); got != test.want {
			t.Errorf("%q is %q, want %q", test.written, got, test.want)
		}
	}
}

func TestFolders(t *testing.T) {
	for _, test := range []struct {
		env          []string
		config, data string
	}{
		{[]string{"HOME", "/home/ada"}, "/home/ada/.config/askwell/askwell.toml", "/home/ada/.local/share/askwell/askwell.db"},
		{[]string{"HOME", "/h", "XDG_CONFIG_HOME", "/c", "XDG_DATA_HOME", "/d"}, "/c/askwell/askwell.toml", "/d/askwell/askwell.db"},
		{[]string{"HOME", "/h", "XDG_CONFIG_HOME", "c", "XDG_DATA_HOME", "d"}, "/h/.config/askwell/askwell.toml", "/h/.local/share/askwell/askwell.db"},
		{[]string{"ASKWELL_CONFIG", "x.toml", "HOME", "/h"}, "x.toml", "/h/.local/share/askwell/askwell.db"},
		{nil, "askwell.toml", "askwell.db"},
	} {
		env := environment(test.env...)
		if got := DefaultPath(env); got != test.config {
			t.Errorf("%v: configuration %q, want %q", test.env, got, test.config)
		}
		c, err := Parse("askwell.toml", []byte(shortest), env)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.StorePath(); got != test.data {
			t.Errorf("%v: store %q, want %q", test.env, got, test.data)
		}
	}
}

func TestOwnerAddresses(t *testing.T) {
	c := parse(t, strings.Replace(shortest, "[mailbox]",
		"also = [\"ada@work.example.org\", \"ADA@example.org\"]\n[mailbox]\naddress = \"asks@example.org\"", 1))
	if got, want := c.OwnerAddresses(), []message.Address{"ada@example.org", "ada@work.example.org"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if c.Mailbox.Username != "asks@example.org" {
		t.Errorf("the user is %q", c.Mailbox.Username)
	}
}

func TestServers(t *testing.T) {
	for _, test := range []struct {
		imap, smtp string
		want       [2]Server
	}{
		{"imaps://a.test", "smtps://b.test", [2]Server{{"a.test", "993", true}, {"b.test", "465", true}}},
		{"imap://a.test", "smtp://b.test", [2]Server{{"a.test", "143", false}, {"b.test", "587", false}}},
		{"IMAPS://a.test:1993/", "smtp://127.0.0.1:2525", [2]Server{{"a.test", "1993", true}, {"127.0.0.1", "2525", false}}},
		{"imaps://[::1]:1993", " smtps://b.test: ", [2]Server{{"::1", "1993", true}, {"b.test", "465", true}}},
	} {
		text := strings.NewReplacer("imaps://imap.example.org", test.imap, "smtps://smtp.example.org", test.smtp).Replace(shortest)
		c := parse(t, text)
		if got := [2]Server{c.IMAPServer(), c.SMTPServer()}; got != test.want {
			t.Errorf("%s %s: %v, want %v", test.imap, test.smtp, got, test.want)
		}
	}
	if got := (Server{Host: "::1", Port: "993"}).Addr(); got != "[::1]:993" {
		t.Errorf("address %s", got)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "askwell.toml")
	_, err := Load(path, os.Getenv)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "askwell init") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Load(dir, os.Getenv); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder: %v", err)
	}
	if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(shortest, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if c.File != path || c.Mailbox.PasswordFile != filepath.Join(dir, "password") {
		t.Errorf("%q, %q", c.File, c.Mailbox.PasswordFile)
	}
	if err := os.WriteFile(path, make([]byte, largest+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, os.Getenv); err == nil || !strings.Contains(err.Error(), "megabyte") {
		t.Errorf("a large file: %v", err)
	}
}

// Each error can be taken out of the whole.
func TestErrors(t *testing.T) {
	_, err := Parse("x.toml", []byte("[owner]\nnmae = 1\n"), nil)
	all, ok := errors.AsType[Errors](err)
	if !ok || len(all) < 5 {
		t.Fatalf("%T: %v", err, err)
	}
	if one, ok := errors.AsType[Error](err); !ok || one != all[0] {
		t.Errorf("the first is %v, want %v", one, all[0])
	}
	if !slices.IsSortedFunc(all, func(a, b Error) int { return a.Line - b.Line }) {
		t.Errorf("not in order:\n%v", err)
	}
}

// A password that somebody put into a URL is not repeated.
func TestNoSecretInErrors(t *testing.T) {
	for _, url := range []string{
		"imaps://ada:sesame@imap.example.org", "imaps://ada:ses%zzame@imap.example.org", "http://ada:sesame@x", "ada:sesame@x",
		"imaps://imap.example.org/sesame", "imaps://imap.example.org:sesame",
	} {
		_, err := Parse("x.toml", []byte(strings.Replace(shortest, "imaps://imap.example.org", url, 1)), nil)
		if err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(shortest))
	files, err := filepath.Glob("testdata/bad/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/example.toml", "testdata/everything.toml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse("askwell.toml", text, nil)
		if (c == nil) == (err == nil) {
			t.Fatalf("%v and %v", c, err)
		}
		if err == nil {
			if c.Location() == nil || c.Calendar() == nil || c.Window() == nil || c.IMAPServer().Host == "" || len(c.OwnerAddresses()) == 0 {
				t.Fatal("it is not whole")
			}
			return
		}
		all, ok := errors.AsType[Errors](err)
		if !ok || len(all) == 0 {
			t.Fatalf("%T", err)
		}
		lines := 1 + strings.Count(string(text), "\n")
		for _, e := range all {
			if e.Line < 0 || e.Line > lines || e.Problem == "" || e.Remedy == "" {
				t.Fatalf("%#v", e)
			}
		}
	})
}
