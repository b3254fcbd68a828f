package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"
)

const (
	longestAnswer = 4096 // bytes
	tries         = 3    // for an answer that cannot be, and for a password, at a terminal
)

// console asks its questions on a terminal or along a pipe.
type console struct {
	ctx    context.Context //nolint:containedctx // a console lives within one call of Init
	in     io.Reader
	out    io.Writer
	secret func() (string, error) // reads without echo; nil where nobody watches: a pipe
	yes    bool                   // take every proposal without asking
}

// question is one thing to know.
type question struct {
	text     string // "Your name"
	flag     string // "--name": how to give it without being asked
	given    string // by the flag
	proposal string // taken for an empty answer
	optional bool   // an empty answer is one
	check    func(string) (string, error)
}

func (c *console) say(format string, args ...any) { fmt.Fprintf(c.out, format+"\n", args...) }

// ask gets the answer: from the flag, the person or the proposal.
func (c *console) ask(q question) (string, error) {
	if q.check == nil {
		q.check = func(s string) (string, error) { return s, nil }
	}
	if q.given != "" {
		s, err := q.check(q.given)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", q.flag, err)
		}
		return s, nil
	}
	easy := q.optional || q.proposal != ""
	if c.yes && easy {
		return q.proposal, nil
	}
	prompt := q.text
	switch {
	case q.proposal != "":
		prompt += " [" + q.proposal + "]"
	case q.optional:
		prompt += " (may stay empty)"
	}
	for left := tries; ; left-- {
		s, err := c.line(prompt + ": ")
		if errors.Is(err, io.EOF) {
			if easy {
				return q.proposal, nil
			}
			return "", fmt.Errorf("the answers ended before %q was answered; give %s, or one more line", q.text, q.flag)
		}
		if err != nil {
			return "", err
		}
		if s == "" {
			s = q.proposal
		}
		if s == "" && q.optional {
			return "", nil
		}
		if s == "" {
			err = errors.New("it is needed")
		} else if s, err = q.check(s); err == nil {
			return s, nil
		}
		if c.secret == nil || left <= 1 {
			return "", fmt.Errorf("read the answer to %q: %w; %s gives it without a question", q.text, err, q.flag)
		}
		c.say("  %v", err)
	}
}

// confirm asks for a yes or no. Without an answer it is no; err is io.EOF where nobody answers at all.
func (c *console) confirm(text string) (bool, error) {
	s, err := c.line(text + " [y/N]: ")
	if err != nil {
		return false, err
	}
	switch strings.ToLower(s) {
	case "y", "yes", "j", "ja", "o", "oui", "s", "si", "sí":
		return true, nil
	}
	return false, nil
}

// line prints a prompt and reads one line, without the blanks around it.
func (c *console) line(prompt string) (string, error) {
	fmt.Fprint(c.out, prompt)
	s, err := await(c.ctx, func() (string, error) { return readLine(c.in) })
	if c.secret == nil {
		c.say("") // nobody has typed a line's end
	}
	return strings.TrimSpace(s), err
}

// password reads a secret: without echo at a terminal. Blanks at its ends may belong to it.
func (c *console) password(prompt string) (string, error) {
	if c.secret == nil {
		fmt.Fprint(c.out, prompt)
		s, err := await(c.ctx, func() (string, error) { return readLine(c.in) })
		c.say("")
		return strings.TrimSuffix(s, "\r"), err
	}
	fmt.Fprint(c.out, prompt)
	s, err := await(c.ctx, c.secret)
	c.say("")
	return s, err
}

// await lets the end of ctx end the waiting for somebody to type. What reads then goes on until the process ends, for there
// is no way to call it back.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := read()
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// readLine reads byte by byte: what stands behind the line belongs to whoever reads next, be it the terminal's own reader
// of passwords. A last line without an end counts.
func readLine(in io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) <= longestAnswer; {
		n, err := in.Read(b)
		switch {
		case n == 1 && b[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		case n == 1:
			line = append(line, b[0])
		case err != nil && len(line) > 0 && errors.Is(err, io.EOF):
			return string(line), nil
		case err != nil:
			return "", err
		}
	}
	return "", errors.New("the answer is longer than any should be")
}

// hidden gives a reader of passwords if in is a terminal, else nil.
func hidden(ctx context.Context, in io.Reader) func() (string, error) {
	f, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	fd := int(f.Fd())
	return func() (string, error) {
		before, err := term.GetState(fd)
		if err != nil {
			return "", fmt.Errorf("read the state of the terminal: %w", err)
		}
		// Ctrl-C while nothing is echoed must not leave a terminal that stays mute (golang.org/issue/31180).
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer stop()
		text, err := await(ctx, func() (string, error) {
			b, err := term.ReadPassword(fd)
			return string(b), err
		})
		if ctx.Err() != nil {
			_ = term.Restore(fd, before)
			return "", errors.New("stopped; nothing was written")
		}
		return text, err
	}
}
