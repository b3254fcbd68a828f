package demo

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// timeline tells what happens, a line each: in full to a file, and to the terminal as wide as that is.
type timeline struct {
	mu    sync.Mutex
	out   io.Writer
	full  io.Writer
	width int
	color bool
	zone  *time.Location
	err   error
}

const (
	defaultWidth = 100
	leastWidth   = 50
	whoWidth     = 21
)

// newTimeline finds out how wide the output is, and whether it understands colours.
func newTimeline(out, full io.Writer, env func(string) string, zone *time.Location) *timeline {
	t := &timeline{out: out, full: full, width: defaultWidth, zone: zone}
	if f, isFile := out.(*os.File); isFile && term.IsTerminal(int(f.Fd())) {
		t.color = env("NO_COLOR") == "" && env("TERM") != "dumb"
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			t.width = w
		}
	}
	if w, err := strconv.Atoi(env("COLUMNS")); err == nil && w > 0 {
		t.width = w
	}
	t.width = max(t.width, leastWidth)
	return t
}

// paint is a colour of the terminal.
type paint string

const (
	plain  paint = ""
	faint  paint = "2"
	bold   paint = "1"
	green  paint = "32"
	yellow paint = "33"
	blue   paint = "36"
	red    paint = "1;31"
)

// mail tells of a message.
func (t *timeline) mail(at time.Time, from, to, what string) {
	p := green // somebody writes to Ada
	switch {
	case from == "askwell" && to == ownerFirst:
		p = faint
	case from == "askwell":
		p = blue
	case from == ownerFirst:
		p = yellow
	}
	t.line(at, from+" → "+to, what, p)
}

// stage tells that somebody has come to another stage.
func (t *timeline) stage(at time.Time, name, from, to string) {
	what := strings.ReplaceAll(to, "_", " ")
	if from != "" {
		what = strings.ReplaceAll(from, "_", " ") + " → " + what
	}
	t.line(at, "  ◆ "+name, what, bold)
}

// gone tells of a mail that did not leave.
func (t *timeline) gone(at time.Time, name, what string) { t.line(at, "  ✕ "+name, what, faint) }

// note tells of something else.
func (t *timeline) note(at time.Time, what string) { t.line(at, "  ·", what, faint) }

func (t *timeline) line(at time.Time, who, what string, p paint) {
	line := fmt.Sprintf("%s  %s  %s", at.In(t.zone).Format("Mon _2 Jan 15:04"), pad(who, whoWidth), what)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.write(t.full, line)
	line = fit(line, t.width)
	if t.color && p != plain {
		line = "\x1b[" + string(p) + "m" + line + "\x1b[0m"
	}
	t.write(t.out, line)
}

// say prints a line as it is.
func (t *timeline) say(p paint, format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line := fmt.Sprintf(format, args...)
	t.write(t.full, line)
	if t.color && p != plain && line != "" {
		line = "\x1b[" + string(p) + "m" + line + "\x1b[0m"
	}
	t.write(t.out, line)
}

func (t *timeline) write(w io.Writer, line string) {
	if w == nil || t.err != nil {
		return
	}
	_, t.err = fmt.Fprintln(w, line)
}

// pad brings s to a width, counted in characters.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}

// fit shortens s to a width.
func fit(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return strings.TrimRight(string(r[:width-1]), " ") + "…"
	}
	return s
}
