package render

import (
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"
)

// file is one template as read: name is how errors call it, the path in the owner's folder where it came from there.
type file struct{ name, text string }

// maxFile is the most that a template may have; a mail is a page, not a book.
const maxFile = 256 << 10

// readFiles reads the built-in files and lays those of dir over them. bad is what is wrong with single files; under "" with
// those that are none of ours.
func readFiles(builtin fs.FS, dir string) (files map[string]file, bad map[string][]error, err error) {
	files, bad = map[string]file{}, map[string][]error{}
	for _, name := range fileNames() {
		text, err := fs.ReadFile(builtin, name)
		if err != nil {
			return nil, nil, fmt.Errorf("read built-in template %s: %w", name, err)
		}
		files[name] = file{name, string(text)}
	}
	if dir == "" {
		return files, bad, nil
	}
	err = walk(dir, func(p, rel string, _ fs.DirEntry) {
		wrong := func(rel string, err error) { bad[rel] = append(bad[rel], err) }
		if _, ok := files[rel]; !ok {
			wrong("", fmt.Errorf("%s: there is no template of this name; nearest is %s; rename or remove the file", p, nearest(rel, fileNames())))
			return
		}
		text, err := os.ReadFile(p)
		switch {
		case err != nil:
			wrong(rel, fmt.Errorf("read template: %w", err))
		case len(text) > maxFile:
			wrong(rel, fmt.Errorf("%s: %d bytes are too many for a template; at most %d", p, len(text), maxFile))
		case !utf8.Valid(text):
			wrong(rel, fmt.Errorf("%s: not UTF-8; save it with that encoding", p))
		default:
			files[rel] = file{p, strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")}
		}
	})
	return files, bad, err
}

// walk visits the files in the owner's folder, but for what editors and version control leave there.
func walk(dir string, visit func(p, rel string, d fs.DirEntry)) error {
	return filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read templates: %w", err)
		}
		if base := d.Name(); p != dir && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "#") || strings.HasSuffix(base, "~")) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return fmt.Errorf("read templates: %w", err)
		}
		visit(p, filepath.ToSlash(rel), d)
		return nil
	})
}

// Stamp differs once a file in dir was changed, added or removed. It reads no file.
func Stamp(dir string) string {
	var b strings.Builder
	err := walk(dir, func(_, rel string, d fs.DirEntry) {
		if info, err := d.Info(); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", rel, info.Size(), info.ModTime().UnixNano())
		}
	})
	if err != nil {
		return err.Error()
	}
	return b.String()
}

// fileNames are the names of all templates.
func fileNames() []string {
	out := []string{"questions.txt", "owner/layout.txt", "owner/layout.html"}
	for _, n := range contactNames {
		out = append(out, "contact/"+n+".txt")
	}
	for _, n := range ownerNames {
		out = append(out, "owner/"+n+".txt", "owner/"+n+".html")
	}
	return out
}

func parseContact(f file) (contactMail, error) {
	text, above := uncommented(f.text)
	first, rest, _ := strings.Cut(text, "\n")
	subj, ok := strings.CutPrefix(first, "Subject:")
	switch {
	case !ok || strings.TrimSpace(subj) == "":
		return contactMail{}, fmt.Errorf(`%s:%d: the subject is missing; the first line has to be "Subject: …"`, f.name, above+1)
	case strings.TrimSpace(strings.SplitN(rest, "\n", 2)[0]) != "":
		return contactMail{}, fmt.Errorf("%s:%d: an empty line has to stand between the subject and the text", f.name, above+2)
	case strings.TrimSpace(rest) == "":
		return contactMail{}, fmt.Errorf("%s:%d: the text is missing below the subject", f.name, above+3)
	}
	indent := strings.Repeat("\n", above) // errors name the line in the file
	m := contactMail{file: f.name}
	for _, part := range []struct {
		to   **template.Template
		text string
	}{{&m.subject, indent + subj}, {&m.body, indent + "\n" + rest}} {
		t, err := template.New(f.name).Option("missingkey=error").Funcs(contactFuncs()).Parse(part.text)
		if err != nil {
			return m, explain(f.name, err, contactFuncs())
		}
		if err := check(t.Name(), textTrees(t), contactFuncs(), reflect.TypeFor[ContactView]()); err != nil {
			return m, err
		}
		*part.to = t
	}
	return m, nil
}

func parseText(layout, f file) (*template.Template, error) {
	t := template.New(layout.name).Option("missingkey=error").Funcs(textFuncs())
	if _, err := t.Parse(layout.text); err != nil {
		return nil, explain(layout.name, err, textFuncs())
	}
	t, err := t.New(f.name).Parse(f.text)
	if err != nil {
		return nil, explain(f.name, err, textFuncs())
	}
	return t, check(f.name, textTrees(t), textFuncs(), reflect.TypeFor[pageView]())
}

func htmlFuncs() template.FuncMap {
	return template.FuncMap{
		"preheader": preheader, "safe": safe, "lines": func(s string) []string { return strings.Split(s, "\n") },
	}
}

func parseHTML(layout, f file) (*htmltemplate.Template, error) {
	t := htmltemplate.New(layout.name).Option("missingkey=error").Funcs(htmlFuncs())
	if _, err := t.New(f.name).Parse(f.text); err != nil {
		return nil, explain(f.name, err, htmlFuncs())
	}
	if _, err := t.Parse(layout.text); err != nil {
		return nil, explain(layout.name, err, htmlFuncs())
	}
	if t.Lookup("content") == nil {
		return nil, fmt.Errorf(`%s:1: the content is missing; the file has to be {{define "content"}}…{{end}}`, f.name)
	}
	return t, check(t.Name(), htmlTrees(t), htmlFuncs(), reflect.TypeFor[pageView]())
}

var (
	atTemplate = regexp.MustCompile(`^(?:html/)?template: ?(.*?):(\d+)(?::\d+)?: ?(.*)$`)
	executing  = regexp.MustCompile(`^executing ".*?" at (<.*?>): (.*)$`)
	undefined  = regexp.MustCompile(`^function "(.*)" not defined$`)
)

// explain turns an error of the template packages into "FILE:LINE: what; what there is".
func explain(name string, err error, funcs ...template.FuncMap) error {
	m := atTemplate.FindStringSubmatch(strings.ReplaceAll(err.Error(), "\n", " "))
	if m == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	what := m[3]
	if x := executing.FindStringSubmatch(what); x != nil {
		what = x[1] + ": " + x[2]
	}
	if f := undefined.FindStringSubmatch(what); f != nil && len(funcs) > 0 {
		known := slices.Sorted(maps.Keys(funcs[0]))
		what = fmt.Sprintf("there is no function %q; nearest is %q; there are %s, and those of text/template",
			f[1], nearest(f[1], known), strings.Join(known, ", "))
	}
	return fmt.Errorf("%s:%s: %s", m[1], m[2], what)
}

// nearest returns the one of names that differs least from s.
func nearest(s string, names []string) string {
	best, least := "", -1
	for _, n := range names {
		d := distance(s, n)
		if path.Base(n) == path.Base(s) {
			d = min(d, 1)
		}
		if least < 0 || d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is the number of runes to insert, drop or change between a and b (Levenshtein).
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next := min(row[j]+1, row[j+1]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(y)]
}
