package config

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// loader takes values out of a document and collects what is wrong with them. To ask for a key is what makes it known: what
// nobody has asked for in the end is an error. A value that is wrong leaves its field as it was.
type loader struct {
	file  string
	doc   *document
	env   func(string) string
	asked []string
	errs  Errors
}

func (l *loader) fail(line int, key, problem, remedy string) {
	l.errs = append(l.errs, Error{File: l.file, Line: line, Key: key, Problem: problem, Remedy: remedy})
}

// line of a key, or of the table in which it is missing.
func (l *loader) line(key string) int {
	if line := l.doc.lines[key]; line > 0 {
		return line
	}
	table, _, _ := strings.Cut(key, ".")
	return l.doc.lines[table]
}

// item is the line of an element of a list.
func (l *loader) item(key string, i int) int {
	if items := l.doc.items[key]; i < len(items) {
		return items[i]
	}
	return l.line(key)
}

// find gives the value of a key, if it has one.
func (l *loader) find(key string) (any, bool) {
	l.asked = append(l.asked, key)
	table, name, _ := strings.Cut(key, ".")
	inside, ok := l.doc.tree[table].(map[string]any)
	if !ok {
		return nil, false
	}
	v, ok := inside[name]
	return v, ok
}

// missing reports that a key has no value where it needs one. The example is what could stand there.
func (l *loader) missing(key, example string) {
	table, name, _ := strings.Cut(key, ".")
	remedy := fmt.Sprintf("add %s = %s under [%s]", name, example, table)
	if l.doc.lines[table] == 0 {
		remedy = fmt.Sprintf("add [%s] with %s = %s, or run askwell init", table, name, example)
	}
	l.fail(l.line(key), key, "is missing", remedy)
}

// typed gives a value if it is of the right type. The example is a value of the right type.
func typed[T any](l *loader, key, example string) (T, bool) {
	var none T
	v, ok := l.find(key)
	if !ok {
		return none, false
	}
	t, ok := v.(T)
	if !ok {
		_, name, _ := strings.Cut(key, ".")
		if s, isText := v.(string); isText && strings.HasPrefix(example, "[") {
			example = fmt.Sprintf("[%q]", s) // the brackets are all that was forgotten
		}
		l.fail(l.line(key), key, fmt.Sprintf("is %s, not %s", kind(v), kind(none)), fmt.Sprintf("write %s = %s", name, example))
	}
	return t, ok
}

func kind(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case int64, float64:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	case time.Time, toml.LocalDate, toml.LocalDateTime, toml.LocalTime:
		return "a date or time"
	}
	return "something else"
}

// text reads one line, of which control characters are no part, since it may end up in a mail header.
func (l *loader) text(key, example string, limit int) (string, bool) {
	s, ok := typed[string](l, key, example)
	if !ok {
		return "", false
	}
	if problem := unfit(s, limit); problem != "" {
		l.fail(l.line(key), key, problem, fmt.Sprintf("write it on one line of at most %d characters", limit))
		return "", false
	}
	return strings.TrimSpace(s), true
}

// required reads one line that must be there.
func (l *loader) required(key, example string) string {
	s, ok := l.text(key, example, 320)
	if _, found := l.find(key); s == "" && (ok || !found) {
		l.missing(key, example)
	}
	return s
}

func unfit(s string, limit int) string {
	switch {
	case utf8.RuneCountInString(s) > limit:
		return fmt.Sprintf("is longer than %d characters", limit)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "has a line break or another control character in it"
	}
	return ""
}

// choice reads one of a few words.
func (l *loader) choice(key, byDefault string, choices ...string) string {
	s, ok := typed[string](l, key, fmt.Sprintf("%q", choices[0]))
	if !ok || s == byDefault {
		return byDefault
	}
	if !slices.Contains(choices, s) {
		l.fail(l.line(key), key, fmt.Sprintf("%q is not known", s), oneOf(s, choices))
	}
	return s
}

// number reads a whole number between two bounds.
func (l *loader) number(key string, byDefault, least, most int) int {
	n, ok := typed[int64](l, key, fmt.Sprint(byDefault))
	if !ok {
		return byDefault
	}
	if n < int64(least) || n > int64(most) {
		l.fail(l.line(key), key, fmt.Sprintf("%d cannot be meant", n), fmt.Sprintf("choose a number from %d to %d", least, most))
		return byDefault
	}
	return int(n)
}

// list reads a list of texts. What it gives for an element of another type is "".
func (l *loader) list(key, example string, byDefault ...string) []string {
	all, ok := typed[[]any](l, key, example)
	if !ok {
		return byDefault
	}
	texts := make([]string, len(all))
	for i, v := range all {
		s, ok := v.(string)
		switch {
		case !ok:
			l.fail(l.item(key, i), key, fmt.Sprintf("%s stands in the list, not text", kind(v)), "write it like "+example)
		case strings.TrimSpace(s) == "":
			l.fail(l.item(key, i), key, "an empty text stands in the list", "take it out; an empty list is []")
		default:
			texts[i] = s
		}
	}
	return texts
}

// address reads a mail address; given is false if there is none, and then nothing was said about it.
func (l *loader) address(key string) (a message.Address, given bool) {
	if v, found := l.find(key); !found || v == "" {
		return "", false
	}
	if s, ok := typed[string](l, key, `"ada@example.org"`); ok {
		a = l.parseAddress(key, l.line(key), s)
	}
	return a, true
}

func (l *loader) parseAddress(key string, line int, s string) message.Address {
	a, err := message.ParseAddress(s)
	if err != nil {
		l.fail(line, key, fmt.Sprintf("%q is no mail address", s), "write it like ada@example.org, without a name")
	}
	return a
}

// cron reads a schedule.
func (l *loader) cron(key, byDefault string) worktime.Cron {
	s, ok := typed[string](l, key, fmt.Sprintf("%q", byDefault))
	if !ok {
		s = byDefault
	}
	c, err := worktime.ParseCron(s)
	if err != nil {
		l.fail(l.line(key), key, fmt.Sprintf("%q is no schedule: %v", s, inner(err)),
			fmt.Sprintf("write minute, hour, day, month, weekday (0 is Sunday) as in %q", byDefault))
	}
	return c
}

// span is what a duration may be.
type span struct {
	least, most string
	clock       bool // days are no measure for it
}

// duration reads a time to wait.
func (l *loader) duration(key, byDefault string, within span) worktime.Duration {
	s, ok := typed[string](l, key, fmt.Sprintf("%q", byDefault))
	if !ok {
		s = byDefault
	}
	return l.parseDuration(key, l.line(key), s, within)
}

// durations reads a list of them.
func (l *loader) durations(key string, within span, byDefault ...string) []worktime.Duration {
	example := fmt.Sprintf("%q", byDefault)
	example = strings.ReplaceAll(example, `" "`, `", "`)
	var all []worktime.Duration
	for i, s := range l.list(key, example, byDefault...) {
		if s != "" {
			all = append(all, l.parseDuration(key, l.item(key, i), s, within))
		}
	}
	return all
}

func (l *loader) parseDuration(key string, line int, s string, within span) worktime.Duration {
	d, err := worktime.ParseDuration(s)
	form := `write it like "90d", "2w", "5wd" (working days) or "1h30m"`
	if within.clock {
		form = `write it like "20m" or "1h30m"`
	}
	if err != nil {
		l.fail(line, key, fmt.Sprintf("%q is no duration: %v", s, inner(err)), form)
		return d
	}
	least, most := about(within.least), about(within.most)
	switch {
	case d.Approx() < least:
		l.fail(line, key, fmt.Sprintf("%q is too short", s), fmt.Sprintf("choose one from %s to %s", within.least, within.most))
	case d.Approx() > most:
		l.fail(line, key, fmt.Sprintf("%q is too long", s), fmt.Sprintf("choose one from %s to %s", within.least, within.most))
	case within.clock && strings.ContainsAny(s, "dw"):
		l.fail(line, key, fmt.Sprintf("%q counts days", s), form)
	}
	return d
}

// about is how long a bound is.
func about(s string) time.Duration {
	d, err := worktime.ParseDuration(s)
	if err != nil {
		return math.MaxInt64
	}
	return d.Approx()
}

// path reads the name of a file or folder: relative to the configuration's folder, or with ~/ to the user's home.
func (l *loader) path(key string) string {
	s, ok := l.text(key, `"/path/to/it"`, 4096)
	if !ok || s == "" {
		return ""
	}
	if inHome, ok := strings.CutPrefix(s, "~/"); ok && l.env("HOME") != "" {
		return filepath.Join(l.env("HOME"), inHome)
	}
	if filepath.IsAbs(s) {
		return s
	}
	return filepath.Join(filepath.Dir(l.file), s)
}

// unknown reports every key that nobody has asked for.
func (l *loader) unknown() {
	tables := make(map[string][]string) // table → its keys
	for _, key := range l.asked {
		table, name, _ := strings.Cut(key, ".")
		if !slices.Contains(tables[table], name) {
			tables[table] = append(tables[table], name)
		}
	}
	names := slices.Sorted(maps.Keys(tables))
	for top, v := range l.doc.tree {
		keys, known := tables[top]
		inside, isTable := v.(map[string]any)
		switch {
		case !known:
			l.fail(l.doc.lines[dotted(top)], dotted(top), "is not known", suggestTable(top, isTable, names, tables))
		case !isTable:
			l.fail(l.doc.lines[top], top, fmt.Sprintf("is %s, not a table", kind(v)), fmt.Sprintf("write [%s] on a line of its own", top))
		default:
			for name := range inside {
				if !slices.Contains(keys, name) {
					key := dotted(top, name)
					l.fail(l.doc.lines[key], key, "is not known", suggestKey(top, name, names, tables))
				}
			}
		}
	}
}

func suggestTable(top string, isTable bool, names []string, tables map[string][]string) string {
	if guess := nearest(top, names); guess != "" {
		return fmt.Sprintf("did you mean [%s]?", guess)
	}
	if !isTable {
		if home := homeOf(top, names, tables); home != "" {
			return fmt.Sprintf("it belongs under [%s]", home)
		}
	}
	return fmt.Sprintf("take it out; the tables are [%s]", strings.Join(names, "], ["))
}

func suggestKey(top, name string, names []string, tables map[string][]string) string {
	if guess := nearest(name, tables[top]); guess != "" {
		return fmt.Sprintf("did you mean %s.%s?", top, guess)
	}
	if home := homeOf(name, names, tables); home != "" {
		return fmt.Sprintf("it belongs under [%s]", home)
	}
	return fmt.Sprintf("take it out; the keys of [%s] are %s", top, strings.Join(tables[top], ", "))
}

// homeOf is the table in which a key of that name stands.
func homeOf(name string, names []string, tables map[string][]string) string {
	for _, table := range names {
		if slices.Contains(tables[table], name) {
			return table
		}
	}
	return ""
}

// inner is an error without what the package that made it was doing: the sentence around it says so already.
func inner(err error) error {
	if cause := errors.Unwrap(err); cause != nil {
		return cause
	}
	return err
}
