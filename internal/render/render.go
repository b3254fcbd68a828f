package render

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"slices"
	"strings"
	"text/template"
)

// lastQuestion is on every prep sheet, whatever questions.txt says: it is how one talk leads to the next.
const lastQuestion = "Do you know of anyone else that I could contact?"

// The mails that there are, by name.
var (
	contactNames = []string{"ask_close", "ask_known", "ask_referred", "nudge_1", "nudge_2", "confirm", "thank_you", "check_in", "referrer_thanks"}
	ownerNames   = []string{"digest", "prep", "outcome", "times", "update_request", "receipt", "trouble", "welcome"}
)

// Set holds the templates of every mail, parsed and tried. It is safe for concurrent use.
type Set struct {
	contact   map[string]contactMail
	text      map[string]*template.Template
	html      map[string]*htmltemplate.Template
	questions []string
	wrong     map[string]error // why there is no mail to a contact of that name
}

type contactMail struct {
	file          string
	subject, body *template.Template
}

// Load reads the built-in templates and, file by file, those of dir that replace them; dir may be empty. It reports
// everything that is wrong with them at once, one error a line beginning "FILE:LINE: ". What stands as it was built in is
// not tried again at each start.
func Load(builtin fs.FS, dir string) (*Set, error) {
	s, err := loadSound(builtin, dir)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Reload is Load while a daemon runs, which goes on with what is sound: a mail to a contact whose template is wrong, or
// cannot be read, cannot be rendered, for its words would not be the owner's; one to the owner is the built-in one. The Set
// is there in any case, beside the error.
func Reload(builtin fs.FS, dir string) (*Set, error) {
	s, err := loadSound(builtin, dir)
	if err == nil {
		return s, nil
	}
	plain, perr := loadSound(builtin, "")
	if perr != nil {
		return s, errors.Join(err, perr)
	}
	for _, name := range ownerNames {
		if s.text[name] == nil || s.html[name] == nil {
			s.text[name], s.html[name] = plain.text[name], plain.html[name]
		}
	}
	return s, err
}

// loadSound leaves out of the Set what the error is about.
func loadSound(builtin fs.FS, dir string) (*Set, error) {
	s := &Set{
		contact: map[string]contactMail{}, text: map[string]*template.Template{}, html: map[string]*htmltemplate.Template{},
		wrong: map[string]error{},
	}
	files, bad, err := readFiles(builtin, dir)
	if err != nil {
		for _, name := range contactNames {
			s.wrong[name] = err
		}
		return s, err
	}
	s.questions = readQuestions(files["questions.txt"].text)
	owners := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return files[n].name != n })
	}
	problems := slices.Clone(bad[""])
	problems = append(problems, bad["questions.txt"]...)
	for _, name := range contactNames {
		file := "contact/" + name + ".txt"
		wrong := bad[file]
		if len(wrong) == 0 {
			wrong = s.addContact(name, files[file], owners(file))
		}
		if len(wrong) > 0 {
			delete(s.contact, name)
			s.wrong[name] = joined(wrong)
			problems = append(problems, wrong...)
		}
	}
	for _, name := range ownerNames {
		of := []string{"owner/layout.txt", "owner/layout.html", "owner/" + name + ".txt", "owner/" + name + ".html"}
		var wrong []error
		for _, file := range of {
			wrong = append(wrong, bad[file]...)
		}
		if len(wrong) == 0 {
			wrong = s.addOwner(name, files, owners(of...))
		}
		if len(wrong) > 0 {
			delete(s.text, name)
			delete(s.html, name)
			problems = append(problems, wrong...)
		}
	}
	return s, joined(problems)
}

// addContact parses the template of a mail to a contact, and tries it.
func (s *Set) addContact(name string, f file, try bool) []error {
	m, err := parseContact(f)
	if err != nil {
		return []error{err}
	}
	s.contact[name] = m
	if !try {
		return nil
	}
	return s.tryContact(name)
}

// addOwner parses the two templates of a mail to the owner, and tries them.
func (s *Set) addOwner(name string, files map[string]file, try bool) []error {
	text, err := parseText(files["owner/layout.txt"], files["owner/"+name+".txt"])
	if err != nil {
		return []error{err}
	}
	html, err := parseHTML(files["owner/layout.html"], files["owner/"+name+".html"])
	if err != nil {
		return []error{err}
	}
	s.text[name], s.html[name] = text, html
	if !try {
		return nil
	}
	return s.tryOwner(name)
}

// joined is errors.Join without repeated lines: what is wrong in a shared layout is wrong in eight mails.
func joined(problems []error) error {
	var out []error
	seen := map[string]bool{}
	for _, p := range problems {
		if !seen[p.Error()] {
			seen[p.Error()] = true
			out = append(out, p)
		}
	}
	return errors.Join(out...)
}

// Questions returns the questions of the prep sheet, in order; the last asks whom else to contact.
func (s *Set) Questions() []string { return slices.Clone(s.questions) }

func readQuestions(text string) []string {
	var out []string
	for q := range strings.SplitSeq(text, "\n") {
		if q = line(q); q != "" && !strings.HasPrefix(q, "#") && q != lastQuestion {
			out = append(out, q)
		}
	}
	return append(out, lastQuestion)
}

// Contact renders the mail to a contact of that name.
func (s *Set) Contact(name string, v ContactView) (Mail, error) {
	m, ok := s.contact[name]
	if err := s.wrong[name]; err != nil {
		return Mail{}, err
	}
	if !ok {
		return Mail{}, fmt.Errorf("render mail %q: there is no such mail to a contact; nearest is %q", name, nearest(name, contactNames))
	}
	return m.render(v.clean())
}

func (m contactMail) render(v ContactView) (Mail, error) {
	var subj, body bytes.Buffer
	if err := m.subject.Execute(&subj, v); err != nil {
		return Mail{}, explain(m.file, err)
	}
	if err := m.body.Execute(&body, v); err != nil {
		return Mail{}, explain(m.file, err)
	}
	return Mail{Subject: subject(subj.String()), Text: tidy(body.String())}, nil
}

// Owner renders the mail to the owner of that name, as text and as HTML.
func (s *Set) Owner(name string, p Page) (Mail, error) {
	text, ok := s.text[name]
	if !ok {
		return Mail{}, fmt.Errorf("render mail %q: there is no such mail to the owner; nearest is %q", name, nearest(name, ownerNames))
	}
	v := p.view()
	if name != "receipt" { // it reports; no answer is expected
		v.markFirst()
	}
	var t, h bytes.Buffer
	if err := text.Execute(&t, v); err != nil {
		return Mail{}, explain("owner/"+name+".txt", err)
	}
	if err := s.html[name].Execute(&h, v); err != nil {
		return Mail{}, explain("owner/"+name+".html", err)
	}
	out := tidy(t.String())
	if name == "outcome" {
		out = roomy(t.String())
	}
	return Mail{Subject: v.Subject, Text: unglue(guard(out)), HTML: strings.TrimSpace(h.String()) + "\n"}, nil
}

// tidy trims the lines and the ends and lets no two empty lines follow each other.
func tidy(s string) string { return spaced(s, 1) }

// roomy is tidy for a form: between two lines there may be room to write.
func roomy(s string) string { return spaced(s, 3) }

func spaced(s string, most int) string {
	var b strings.Builder
	empty := 0
	for l := range strings.SplitSeq(s, "\n") {
		l = strings.TrimRight(l, " \t")
		if l == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", min(empty, most)))
		}
		empty = 0
		b.WriteString(l + "\n")
	}
	return b.String()
}
