package setup

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"askwell/internal/config"
	"askwell/internal/worktime"
)

func TestAmend(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		e        entry
		want     string
	}{
		{"changed", "[owner]\nname = 'Ada'\n", entry{table: "owner", key: "name", value: `"Bob"`}, "[owner]\nname = \"Bob\"\n"},
		{"remark kept", "[owner]\nname = \"a # b\"   # who\n", entry{table: "owner", key: "name", value: `"c"`}, "[owner]\nname = \"c\"  # who\n"},
		{"added", "[owner]\nname = 1\n\n[mailbox]\n", entry{table: "owner", key: "field", value: `"x"`}, "[owner]\nname = 1\nfield = \"x\"\n\n[mailbox]\n"},
		{"added to an empty table", "[owner]\n\n[mailbox] # it\n", entry{table: "mailbox", key: "imap", value: `"x"`}, "[owner]\n\n[mailbox] # it\nimap = \"x\"\n"},
		{"table added", "[owner]\nname = 1", entry{table: "sending", key: "holidays", value: `[]`}, "[owner]\nname = 1\n\n[sending]\nholidays = []\n"},
		{"taken out", "[mailbox]\noauth2 = \"google\" # no\nimap = 1\n", entry{table: "mailbox", key: "oauth2"}, "[mailbox]\nimap = 1\n"},
		{"nothing to take out", "[mailbox]\nimap = 1\n", entry{table: "mailbox", key: "oauth2"}, "[mailbox]\nimap = 1\n"},
		{"list on lines", "[a]\nx = [\n  \"[b]\",\n  # y = 1\n]\ny = 2\n", entry{table: "a", key: "y", value: "3"}, "[a]\nx = [\n  \"[b]\",\n  # y = 1\n]\ny = 3\n"},
		{"list on lines changed", "[a]\nx = [\n  1,\n]\ny = 2\n", entry{table: "a", key: "x", value: "[]"}, "[a]\nx = []\ny = 2\n"},
		{"text on lines", "[a]\nx = \"\"\"\n[b]\ny = 1\n\"\"\"\n[b]\ny = 2\n", entry{table: "b", key: "y", value: "3"}, "[a]\nx = \"\"\"\n[b]\ny = 1\n\"\"\"\n[b]\ny = 3\n"},
		{"same key elsewhere", "[a]\nx = 1\n[b]\nx = 2\n", entry{table: "b", key: "x", value: "3"}, "[a]\nx = 1\n[b]\nx = 3\n"},
		{"from nothing", "", entry{table: "b", key: "x", value: "3"}, "\n\n[b]\nx = 3\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := amend(tt.in, []entry{tt.e}); got != tt.want {
				t.Errorf("want\n%s\ngot\n%s", tt.want, got)
			}
		})
	}
}

// What amend makes of a valid text is either refused by every reader, or says what it should and nothing else has changed.
func FuzzAmend(f *testing.F) {
	for _, text := range []string{
		"[owner]\nname = \"x\"", "owner.name = 'x'", "owner = {name = 'x'}", "[owner]\nname = '''\n[mailbox]\n'''\n[[a]]\nb = [\n1,\n]",
		"[ owner ]\r\nname=1 # x", "[\"owner\"]\n\"name\" = 1", "[owner.name]\nx = 1", "[a]\nx = 1\n[owner]\n# name = 2",
	} {
		f.Add(text, "Ada \"Example\" \\ \x00 ü")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		var before, after map[string]any
		if value = strings.ToValidUTF8(value, "?"); value == "" || toml.Unmarshal([]byte(text), &before) != nil {
			return
		}
		if toml.Unmarshal([]byte(amend(text, []entry{{table: "owner", key: "name", value: quote(value)}})), &after) != nil {
			return
		}
		owner, ok := after["owner"].(map[string]any)
		if !ok || owner["name"] != value {
			t.Fatalf("owner is %v", after["owner"])
		}
		delete(owner, "name")
		if old, ok := before["owner"].(map[string]any); ok {
			delete(old, "name")
		} else if len(owner) == 0 {
			delete(after, "owner")
			if before == nil {
				before = map[string]any{}
			}
		}
		if !reflect.DeepEqual(before, after) && len(before)+len(after) > 0 {
			t.Fatalf("before %v, after %v", before, after)
		}
	})
}

func TestCompose(t *testing.T) {
	text := compose([]entry{
		{"owner", "name", quote("Ada \"Q\" \\ Example"), "who"}, {"owner", "field", "", "nothing"}, {"sending", "holidays", list(nil), ""},
	})
	var v map[string]map[string]any
	if err := toml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if v["owner"]["name"] != `Ada "Q" \ Example` || len(v["owner"]) != 1 || !reflect.DeepEqual(v["sending"]["holidays"], []any{}) {
		t.Errorf("it says %v", v)
	}
}

func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := os.WriteFile(real, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, "new"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(real)
	info, serr := os.Lstat(link)
	if err != nil || serr != nil || string(b) != "new" || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("%q, %v, %v, %v", b, err, serr, info)
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := replaceFile(filepath.Join(dir, "none", "x"), "new"); err == nil {
		t.Error("want an error where there is no folder")
	}
	if err := replaceFile(dir, "new"); err == nil {
		t.Error("want an error where there is a folder")
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 2 {
		t.Errorf("something was left behind: %v, %v", all, err)
	}
}

// Every zone in the table is one, and every country of which the holidays are known has a zone.
func TestZoneCountries(t *testing.T) {
	known := worktime.Regions()
	seen := map[string]bool{}
	for line := range strings.Lines(zoneCountries) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		country, _, _ := strings.Cut(words[0], "-")
		seen[country] = true
		if !slices.Contains(known, words[0]) {
			t.Errorf("the holidays of %s are not known", words[0])
		}
		for _, z := range words[1:] {
			if strings.HasSuffix(z, "/") {
				continue
			}
			if _, err := time.LoadLocation(z); err != nil {
				t.Errorf("%s: %v", words[0], err)
			}
			if got := holidaysOf(z); got != words[0] {
				t.Errorf("%s is in %s as well as in %s", z, got, words[0])
			}
		}
	}
	for _, code := range known {
		if country, _, _ := strings.Cut(code, "-"); !seen[country] {
			t.Errorf("%s has no zone", country)
		}
	}
	for zone, want := range map[string]string{
		"Europe/Berlin": "de", "America/Indiana/Knox": "us", "Australia/Sydney": "au-nsw", "UTC": "", "Asia/Kolkata": "", "": "",
	} {
		if got := holidaysOf(zone); got != want {
			t.Errorf("%q: want %q, got %q", zone, want, got)
		}
	}
}

// Every provider can be reached by a configuration, or says why not.
func TestProviders(t *testing.T) {
	domains := map[string]string{}
	for _, p := range providers() {
		if p.refuse == "" || p.imap.host != "" {
			for protocol, e := range map[string]endpoint{"imap": p.imap, "smtp": p.smtp} {
				if _, err := checkServer(protocol, e.url(protocol)); err != nil {
					t.Errorf("%s: %v", p.name, err)
				}
			}
		}
		if p.name == "" || p.domains == "" && p.mx == "" {
			t.Errorf("nobody finds %q", p.name)
		}
		for d := range strings.FieldsSeq(p.domains) {
			if domains[d] != "" {
				t.Errorf("%s belongs to %s and to %s", d, domains[d], p.name)
			}
			domains[d] = p.name
			if strings.ToLower(d) != d || !strings.Contains(d, ".") {
				t.Errorf("%s: %q is no domain", p.name, d)
			}
		}
	}
	if _, ok := providerBehind("notgoogle.com"); ok {
		t.Error("a domain that only ends like Google's is taken for it")
	}
	if p, ok := providerBehind("ALT1.ASPMX.L.GOOGLE.COM."); !ok || p.name != "Gmail" {
		t.Errorf("Google's exchanger is taken for %q", p.name)
	}
}

// All keys that Init may write are keys of the configuration.
func TestKeysAreKnown(t *testing.T) {
	s := &setting{
		InitOptions: InitOptions{Env: func(string) string { return "" }}, path: "askwell.toml",
		name: "Ada", address: "ada@example.org", field: "x", about: "y", zone: "Europe/Berlin", holidays: []string{"de"},
		imap: "imaps://example.org", smtp: "smtps://example.org", username: "ada", ca: "/ca.pem",
	}
	keys := map[string]bool{}
	for i, f := range []Flags{{PasswordFile: "/p", StorePath: "/s"}, {PasswordCommand: "p"}, {PasswordEnv: "P"}} {
		s.Flags = f
		c, err := config.Parse("askwell.toml", []byte(s.text()), s.Env)
		if err != nil {
			t.Fatalf("%d: %v\n%s", i, err, s.text())
		}
		keys[c.Mailbox.PasswordFile+c.Mailbox.PasswordCommand+c.Mailbox.PasswordEnv] = true
	}
	if want := []string{"/p", "P", "p"}; !slices.Equal(slices.Sorted(maps.Keys(keys)), want) {
		t.Errorf("passwords are at %v", keys)
	}
}
