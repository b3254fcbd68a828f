// Package arch holds nothing but tests: that imports point down the list of the rooms, that each library stays in the
// rooms it was taken for, that main wires nothing, that the top level stays as it is, and that what deploy/ offers is
// sound. The linter's depguard says part of it sooner, in the editor; this says it over the whole graph.
package arch

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// rooms gives each room its height; imports go strictly down, and freely among the pure ones (height 1).
var rooms = map[string]int{
	"cmd":        9,
	"cli":        8,
	"setup":      7,
	"demo":       7,
	"engine":     6,
	"people":     5,
	"config":     4,
	"store":      3,
	"render":     3,
	"imapin":     3,
	"smtpout":    3,
	"mailtest":   3,
	"demo/world": 2,
	"contact":    pure,
	"worktime":   pure,
	"message":    pure,
	"reading":    pure,
	"command":    pure,
	"templates":  0,
	"arch":       10,
}

const pure = 1

// outside is what a pure room may not take from the standard library: the world, chance, and the way to wait.
var outside = []string{
	"context", "crypto/rand", "database/sql", "io/ioutil", "log", "math/rand", "net", "net/http", "os", "plugin", "syscall",
}

// notOutside are the packages below those that do no I/O.
var notOutside = []string{"net/mail", "net/netip", "net/textproto", "net/url"}

// libraries says in which rooms each library may be imported; nil means in tests and mailtest only. The longest prefix
// counts. A library that is not here wants a reason first.
var libraries = map[string][]string{
	"database/sql":                    {"store"},
	"github.com/alecthomas/kong":      {"cli"},
	"github.com/arran4/golang-ical":   nil,
	"github.com/emersion/go-ical":     {"reading", "message", "render", "engine", "people"},
	"github.com/emersion/go-imap":     {"imapin", "demo/world"},
	"github.com/emersion/go-message":  {"message", "imapin", "demo/world"},
	"github.com/emersion/go-msgauth":  {"message", "engine"},
	"github.com/emersion/go-sasl":     {"imapin", "smtpout", "demo/world"},
	"github.com/emersion/go-smtp":     {"demo/world"},
	"github.com/emersion/go-vcard":    {"people"},
	"github.com/google/go-cmp":        nil,
	"github.com/jackc/pgx":            {"store"},
	"github.com/pelletier/go-toml":    {"config", "setup"},
	"github.com/prometheus":           {"engine", "cli"},
	"github.com/rickar/cal":           {"worktime"},
	"github.com/robfig/cron":          {"worktime"},
	"github.com/rogpeppe/go-internal": nil,
	"github.com/wneessen/go-mail":     {"message", "smtpout"},
	"github.com/yuin/goldmark":        {"render"},
	"github.com/zalando/go-keyring":   {"config", "setup"},
	"go.uber.org/goleak":              nil,
	"golang.org/x/net/html":           {"message", "reading"},
	"golang.org/x/net/idna":           {"message", "smtpout"},
	"golang.org/x/oauth2":             {"setup", "config", "engine"},
	"golang.org/x/sync":               {"cli", "demo", "demo/world", "engine", "imapin", "setup"},
	"golang.org/x/sys":                {"cli", "config", "store"},
	"golang.org/x/term":               {"cli", "demo", "setup"},
	"golang.org/x/text":               {"message", "reading", "command", "people"},
	"log":                             {},
	"modernc.org/sqlite":              {"store"},
	"net/smtp":                        {},
	"pgregory.net/rapid":              nil,
	"testing":                         nil,
}

// Package is what `go list -json` says about one, as far as it is looked at here.
type Package struct {
	ImportPath                         string
	Standard                           bool
	Imports, TestImports, XTestImports []string
}

func TestImports(t *testing.T) {
	for _, v := range violations(graph(t)) {
		t.Error(v)
	}
}

// The rules themselves, on graphs that break them one by one.
func TestViolations(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   Package
		want string // part of the one violation; "" for none
	}{
		{"down", Package{ImportPath: "askwell/internal/engine", Imports: []string{"askwell/internal/store", "askwell/internal/contact"}}, ""},
		{"down several at once", Package{ImportPath: "askwell/internal/cli", Imports: []string{"askwell/internal/command"}}, ""},
		{"up", Package{ImportPath: "askwell/internal/store", Imports: []string{"askwell/internal/engine"}}, "store imports engine: imports go down"},
		{"up from a test", Package{ImportPath: "askwell/internal/store", TestImports: []string{"askwell/internal/engine"}}, "store's tests import engine: imports go down"},
		{"aside", Package{ImportPath: "askwell/internal/imapin", Imports: []string{"askwell/internal/store"}}, "imports go down"},
		{"own room", Package{ImportPath: "askwell/internal/mailtest/lab", Imports: []string{"askwell/internal/mailtest"}}, ""},
		{"own kind", Package{ImportPath: "askwell/internal/reading", Imports: []string{"askwell/internal/message"}}, ""},
		{"pure to I/O", Package{ImportPath: "askwell/internal/contact", Imports: []string{"askwell/internal/store"}}, "contact imports store: imports go down"},
		{"pure and the world", Package{ImportPath: "askwell/internal/contact", Imports: []string{"os"}}, "contact is pure and imports os"},
		{"pure and the world, deeper", Package{ImportPath: "askwell/internal/contact", Imports: []string{"os/exec"}}, "contact is pure and imports os/exec"},
		{"pure and addresses", Package{ImportPath: "askwell/internal/message", Imports: []string{"net/mail", "time", "fmt"}}, ""},
		{"a pure room's tests read files", Package{ImportPath: "askwell/internal/reading", TestImports: []string{"os", "testing"}}, ""},
		{"library at home", Package{ImportPath: "askwell/internal/imapin", Imports: []string{"github.com/emersion/go-imap/v2/imapclient"}}, ""},
		{"library abroad", Package{ImportPath: "askwell/internal/engine", Imports: []string{"github.com/emersion/go-imap/v2"}}, "engine imports github.com/emersion/go-imap/v2, which stays in"},
		{"library below a longer prefix", Package{ImportPath: "askwell/internal/engine", Imports: []string{"golang.org/x/net/html/atom"}}, "which stays in message, reading"},
		{"library abroad in a test", Package{ImportPath: "askwell/internal/engine", XTestImports: []string{"github.com/emersion/go-imap/v2"}}, ""},
		{"test library", Package{ImportPath: "askwell/internal/engine", Imports: []string{"github.com/google/go-cmp/cmp"}}, "which stays in tests"},
		{"SQL", Package{ImportPath: "askwell/internal/engine", Imports: []string{"database/sql"}}, "which stays in store"},
		{"unknown library", Package{ImportPath: "askwell/internal/engine", Imports: []string{"example.org/handy"}}, "wants a reason"},
		{"unknown library in a test", Package{ImportPath: "askwell/internal/engine", TestImports: []string{"example.org/handy"}}, "wants a reason"},
		{"like a known one", Package{ImportPath: "askwell/internal/store", Imports: []string{"modernc.org/sqlite2"}}, "wants a reason"},
		{"mailtest", Package{ImportPath: "askwell/internal/demo", Imports: []string{"askwell/internal/mailtest/memory"}}, "demo imports mailtest: only tests do"},
		{"mailtest in tests", Package{ImportPath: "askwell/internal/smtpout", XTestImports: []string{"askwell/internal/mailtest"}}, ""},
		{"world from the demo", Package{ImportPath: "askwell/internal/demo", Imports: []string{"askwell/internal/demo/world"}}, ""},
		{"world from mailtest", Package{ImportPath: "askwell/internal/mailtest", Imports: []string{"askwell/internal/demo/world"}}, ""},
		{"world from a test", Package{ImportPath: "askwell/internal/imapin", TestImports: []string{"askwell/internal/demo/world"}}, ""},
		{"world from elsewhere", Package{ImportPath: "askwell/internal/setup", Imports: []string{"askwell/internal/demo/world"}}, "setup imports demo/world: only demo, mailtest and tests do"},
		{"world and the engine", Package{ImportPath: "askwell/internal/demo/world", Imports: []string{"askwell/internal/engine"}}, "demo/world imports engine: imports go down"},
		{"unknown room", Package{ImportPath: "askwell/internal/util", Imports: []string{"fmt"}}, "util is no room"},
		{"library's own imports", Package{ImportPath: "example.org/a", Imports: []string{"example.org/b", "os"}}, ""},
		{"standard library's own imports", Package{ImportPath: "os/exec", Standard: true, Imports: []string{"syscall"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := violations([]Package{tt.in})
			switch {
			case tt.want == "" && len(got) != 0:
				t.Errorf("want none, got %q", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("want one with %q, got %q", tt.want, got)
			}
		})
	}
}

// What is linked into the program is looked at through all libraries.
func TestProgramWithoutTestLibraries(t *testing.T) {
	packages := graph(t)
	if !slices.ContainsFunc(packages, func(p Package) bool { return p.ImportPath == "askwell/cmd/askwell" }) {
		t.Fatal("askwell/cmd/askwell is not there")
	}
	for _, path := range reached(packages, "askwell/cmd/askwell") {
		if room, ours := roomOf(path); ours && room == "mailtest" {
			t.Errorf("the program contains %s", path)
		}
		if prefix, homes := library(path); prefix != "" && homes == nil && prefix != "testing" {
			t.Errorf("the program contains %s", path)
		}
	}
}

func TestReached(t *testing.T) {
	got := reached([]Package{
		{ImportPath: "a", Imports: []string{"b"}, TestImports: []string{"x"}},
		{ImportPath: "b", Imports: []string{"c", "a"}},
		{ImportPath: "d", Imports: []string{"a"}},
	}, "a")
	if want := []string{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Each library that has its rooms is barred from the others by the linter, too.
func TestLinterKnowsLibraries(t *testing.T) {
	text := read(t, ".golangci.yml")
	for _, prefix := range []string{
		"database/sql", "github.com/alecthomas/kong", "github.com/emersion/go-imap", "github.com/emersion/go-sasl",
		"github.com/emersion/go-smtp", "github.com/emersion/go-vcard", "github.com/jackc/pgx", "github.com/pelletier/go-toml",
		"github.com/wneessen/go-mail", "modernc.org/sqlite", "net/smtp", "askwell/internal/mailtest",
	} {
		if !strings.Contains(text, "{pkg: "+prefix+",") {
			t.Errorf(".golangci.yml: depguard does not hold %s", prefix)
		}
	}
	for room, height := range rooms {
		if height == pure && !strings.Contains(text, fmt.Sprintf("**/internal/%s/*.go", room)) {
			t.Errorf(".golangci.yml: depguard does not hold the pure room %s", room)
		}
	}
}

func TestMainWiresNothing(t *testing.T) {
	if n := strings.Count(read(t, "cmd/askwell/main.go"), "\n"); n > 40 {
		t.Errorf("cmd/askwell/main.go has %d lines, at most 40 are main's", n)
	}
}

func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "internal", "templates", "deploy", "go.mod", "go.sum", "Dockerfile", "README.md", "CHANGELOG.md", "LICENSE"}
	for _, name := range topLevel(t) {
		if !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("the top level holds %s; it stays %s, and the files that tools demand", name, strings.Join(allowed, " "))
		}
	}
}

// violations names every import that the rules forbid.
func violations(packages []Package) []string {
	var all []string
	for _, p := range packages {
		from, ours := roomOf(p.ImportPath)
		if !ours {
			continue
		}
		if _, known := rooms[from]; !known {
			all = append(all, fmt.Sprintf("%s is no room of the design", from))
			continue
		}
		for _, to := range p.Imports {
			if why := forbidden(from, to, false); why != "" {
				all = append(all, fmt.Sprintf("%s: %s %s", p.ImportPath, from, why))
			}
		}
		for _, to := range slices.Concat(p.TestImports, p.XTestImports) {
			if why := forbidden(from, to, true); why != "" {
				all = append(all, fmt.Sprintf("%s: %s's tests %s", p.ImportPath, from, strings.Replace(why, "imports", "import", 1)))
			}
		}
	}
	return all
}

// forbidden says why the room may not import a package, or "".
func forbidden(from, path string, test bool) string {
	if to, ours := roomOf(path); ours {
		switch {
		case to == from:
			return ""
		case to == "mailtest":
			if test {
				return ""
			}
			return "imports mailtest: only tests do"
		case to == "demo/world":
			if test || from == "demo" || from == "mailtest" {
				return ""
			}
			return "imports demo/world: only demo, mailtest and tests do"
		case rooms[from] == pure && rooms[to] == pure:
			return ""
		case rooms[to] >= rooms[from]:
			return fmt.Sprintf("imports %s: imports go down the list of the rooms", to)
		}
		return ""
	}
	prefix, homes := library(path)
	free := test || from == "mailtest"
	switch {
	case prefix == "" && !standard(path):
		return fmt.Sprintf("imports %s: another library wants a reason", path)
	case prefix != "" && !free && !slices.Contains(homes, from):
		where := strings.Join(homes, ", ")
		if homes == nil {
			where = "tests"
		}
		return fmt.Sprintf("imports %s, which stays in %s", path, cmp.Or(where, "nobody's hands"))
	case rooms[from] == pure && !free && below(path, outside) && !below(path, notOutside):
		return fmt.Sprintf("is pure and imports %s", path)
	}
	return ""
}

// roomOf gives the room a package of ours belongs to.
func roomOf(path string) (room string, ours bool) {
	rest, ours := strings.CutPrefix(path, "askwell/")
	if !ours {
		return "", false
	}
	rest, inside := strings.CutPrefix(rest, "internal/")
	if !inside {
		room, _, _ = strings.Cut(rest, "/")
		return room, true
	}
	if below(rest, []string{"demo/world"}) {
		return "demo/world", true
	}
	room, _, _ = strings.Cut(rest, "/")
	return room, true
}

// library gives the longest entry of libraries that a path falls under.
func library(path string) (prefix string, homes []string) {
	for p, h := range libraries {
		exact := p == "log" || p == "testing" // log/slog and testing/fstest are other things
		if len(p) > len(prefix) && (path == p || !exact && below(path, []string{p})) {
			prefix, homes = p, h
		}
	}
	return prefix, homes
}

// below tells whether a path is one of the given or lies under one.
func below(path string, parents []string) bool {
	return slices.ContainsFunc(parents, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// standard tells the standard library by what no module path can be: a first element without a dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// reached lists a package and all that it is linked with, sorted.
func reached(packages []Package, from string) []string {
	imports := map[string][]string{}
	for _, p := range packages {
		imports[p.ImportPath] = p.Imports
	}
	seen := map[string]bool{}
	var visit func(string)
	visit = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		for _, next := range imports[path] {
			visit(next)
		}
	}
	visit(from)
	var all []string
	for path := range seen {
		all = append(all, path)
	}
	slices.Sort(all)
	return all
}

// graph asks the go command for every package of the module and all it depends on.
func graph(t *testing.T) []Package {
	t.Helper()
	watch(t)
	command := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Imports,TestImports,XTestImports", "./...")
	command.Dir = root
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &complaint)
	}
	var packages []Package
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := in.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list's answer: %v", err)
		}
		packages = append(packages, p)
	}
	return packages
}

// watch looks at each Go file itself, so that the go command does not serve this test from its cache after a change
// that only its child process would have seen.
func watch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// topLevel lists what belongs to the project there: what git would keep, or everything where git is absent.
func topLevel(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard")
	command.Dir = root
	out, err := command.Output()
	var names []string
	for _, e := range entries {
		prefix := e.Name()
		if e.IsDir() {
			prefix += "/"
		}
		if err != nil || strings.HasPrefix(string(out), prefix) || strings.Contains(string(out), "\n"+prefix) {
			names = append(names, e.Name())
		}
	}
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
