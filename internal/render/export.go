package render

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// contactNotes say of each mail to a contact when it leaves; the remark over an exported file begins with it.
var contactNotes = map[string]string{
	"ask_close":       "The 20-minute request to friends and family.",
	"ask_known":       "The 20-minute request to colleagues and acquaintances, and to people whom nobody recommended.",
	"ask_referred":    "The 20-minute request to somebody whom a contact recommended: .Referrer is named first.",
	"nudge_1":         "The first short reminder of an unanswered ask, in its thread.",
	"nudge_2":         "The second and last reminder.",
	"confirm":         "A talk has a time, was moved (.Talk.Moved) or was called off (.Talk.Cancelled).",
	"thank_you":       "After a talk, within a day. .Words are the owner's own sentences for it.",
	"check_in":        "The mail to somebody already met that carries the owner's news (.Update).",
	"referrer_thanks": "To the one who recommended somebody, once, after that talk (.Met is who was met).",
}

// fieldNotes say what each field of a ContactView is.
var fieldNotes = []struct{ field, note string }{
	{"Name, .First", "the contact: Jane Doe, Jane"},
	{"Owner, .OwnerFirst, .OwnerAddress", "who writes: Ada Example, Ada, ada@example.org"},
	{"Field", "what the owner explores: data journalism"},
	{"About", "the owner in a sentence"},
	{"Role, .Organisation", "the contact's work: nurse, St. Mary"},
	{"Referrer, .ReferrerFirst", "who recommended the contact"},
	{"Met", "in referrer_thanks: the person recommended, met now"},
	{"Words", "the owner's own sentences for this mail"},
	{"Update", "in check_in: the owner's news"},
	{"Spoke", "when they talked: in October"},
	{"Advice", "what the contact advised, from the owner's notes"},
	{"Talk", "in confirm: .Talk.When, .Talk.Place, .Talk.Moved, .Talk.Cancelled"},
	{"Number", "which one it is of several of a kind"},
}

// Export writes the built-in templates into a folder, each with a remark on when it is used and what it may say, and
// returns the names of those written and of those left as they were: a file that is there is never overwritten.
func Export(builtin fs.FS, dir string) (written, kept []string, err error) {
	for _, name := range fileNames() {
		text, err := fs.ReadFile(builtin, name)
		if err != nil {
			return written, kept, fmt.Errorf("read built-in template %s: %w", name, err)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return written, kept, fmt.Errorf("export templates: %w", err)
		}
		switch err := writeNew(path, remark(name)+string(text)); {
		case errors.Is(err, fs.ErrExist):
			kept = append(kept, name)
		case err != nil:
			return written, kept, fmt.Errorf("export templates: %w", err)
		default:
			written = append(written, name)
		}
	}
	return written, kept, nil
}

func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path)) // half a template would be taken for a whole one
	}
	return nil
}

// remark is what stands above an exported file.
func remark(name string) string {
	note, contact := contactNotes[strings.TrimSuffix(strings.TrimPrefix(name, "contact/"), ".txt")]
	switch {
	case contact:
		var b strings.Builder
		fmt.Fprintf(&b, "{{/*\n%s\n\nThe first line below is the subject, then an empty line, then the text, one line a paragraph.\n", note)
		b.WriteString("Fields; one of which nothing is known is empty, and {{with .Field}}…{{end}} leaves its sentence out:\n")
		for _, f := range fieldNotes {
			fmt.Fprintf(&b, "  .%-36s %s\n", f.field, f.note)
		}
		b.WriteString("Functions: hello \"Hi\" .First · sentence .About · bare .Advice · quoted .Advice · work .Role .Organisation ·\n" +
			"  lower … · shorten 80 …\n" +
			"Try it: askwell templates check, askwell preview KIND WHO. Remove this file to have the built-in words again.\n*/}}\n")
		return b.String()
	case name == "questions.txt":
		return "# The questions of the prep sheet, one a line. The last one, whom else to contact, is always added.\n"
	case strings.Contains(name, "layout"):
		return "{{/* The parts that all mails to the owner share. A change here shows in each of them. */}}"
	}
	return "{{/* A mail to the owner. Lines that could be read as commands are marked by the layout: keep its parts. */}}"
}

// remarkPattern is a remark above the subject line of a mail to a contact.
var remarkPattern = regexp.MustCompile(`^\s*\{\{-?\s*/\*(?s:.*?)\*/\s*-?\}\}[ \t]*\n?`)

// uncommented cuts the remark off, and says how many lines it took, so that errors name the line in the file.
func uncommented(text string) (rest string, lines int) {
	if m := remarkPattern.FindString(text); m != "" {
		return text[len(m):], strings.Count(m, "\n")
	}
	return text, 0
}
