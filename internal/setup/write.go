package setup

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// entry is one key of the configuration with what it is to say; an empty value leaves it out.
type entry struct{ table, key, value, comment string }

// quote writes text as a TOML basic string.
func quote(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// list writes a TOML array of texts.
func list(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// compose writes a new configuration.
func compose(entries []entry) string {
	var b strings.Builder
	b.WriteString("# askwell's configuration. Every key that may stand here: deploy/askwell.toml in the source.\n")
	b.WriteString("# `askwell doctor` says whether it is right.\n")
	table := ""
	for _, e := range entries {
		if e.value == "" {
			continue
		}
		if e.table != table {
			table = e.table
			fmt.Fprintf(&b, "\n[%s]\n", table)
		}
		line := e.key + " = " + e.value
		if e.comment != "" {
			line = fmt.Sprintf("%-44s # %s", line, e.comment)
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// amend changes keys of a configuration and leaves every other line as it stands.
func amend(text string, entries []entry) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for _, e := range entries {
		lines = set(lines, e)
	}
	return strings.Join(lines, "\n") + "\n"
}

// set changes, adds or takes out one key.
func set(lines []string, e entry) []string {
	table, end := "", -1 // end: behind the last key of the table
	for i := 0; i < len(lines); {
		line := strings.TrimSpace(lines[i])
		if line == "" || strings.HasPrefix(line, "#") {
			i++
			continue
		}
		if strings.HasPrefix(line, "[") {
			name, _, _ := strings.Cut(line, "#")
			table = strings.Trim(strings.TrimSpace(name), "[] \t")
			i++
			if table == e.table {
				end = i
			}
			continue
		}
		n := extent(lines[i:])
		key, _, _ := strings.Cut(line, "=")
		if table == e.table && strings.TrimSpace(key) == e.key {
			var now []string
			if e.value != "" {
				now = []string{strings.TrimRight(e.key+" = "+e.value+remark(lines[i:i+n]), " ")}
			}
			return append(append(append([]string{}, lines[:i]...), now...), lines[i+n:]...)
		}
		i += n
		if table == e.table {
			end = i
		}
	}
	switch {
	case e.value == "":
		return lines
	case end < 0:
		return append(lines, "", "["+e.table+"]", e.key+" = "+e.value)
	}
	return append(append(append([]string{}, lines[:end]...), e.key+" = "+e.value), lines[end:]...)
}

// extent is how many lines the key that begins in the first of them takes: a list or a long text may take several.
func extent(lines []string) int {
	for n := 1; n <= min(len(lines), 200); n++ {
		var v map[string]any
		if toml.Unmarshal([]byte(strings.Join(lines[:n], "\n")), &v) == nil {
			return n
		}
	}
	return 1
}

// remark is the comment behind a key that takes one line.
func remark(lines []string) string {
	if len(lines) != 1 {
		return ""
	}
	for i := range lines[0] {
		if lines[0][i] != '#' {
			continue
		}
		// It is a comment if what stands before it is whole.
		var v map[string]any
		if toml.Unmarshal([]byte(lines[0][:i]), &v) == nil {
			return "  " + lines[0][i:]
		}
	}
	return ""
}

// makeFolder makes the folder of a file, for its owner only, where there is none.
func makeFolder(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of %s: %w", path, err)
	}
	return nil
}

// replaceFile puts a file in the place of path, whole or not at all, readable by its owner only.
func replaceFile(path, text string) (err error) {
	// Where it is a link, as people with their settings under version control have it, what it leads to is replaced.
	if real, rerr := filepath.EvalSymlinks(path); rerr == nil {
		path = real
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".askwell-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	_, err = f.WriteString(text)
	err = cmp.Or(err, f.Chmod(0o600), f.Sync())
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// readOptional reads a file that need not be there.
func readOptional(path string) (text string, there bool, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return string(b), err == nil, err
}
