package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/message"
	"askwell/internal/reading"
)

type inspectCmd struct {
	File []string `arg:"" help:"Message files; - is standard input."`
	Now  string   `help:"What \"Tuesday\" is counted from, RFC 3339 (default: the message's Date)." placeholder:"TIME"`
}

// inspected is one line of inspect --json, in the order that PRODUCT gives.
type inspected struct {
	File       string              `json:"file"`
	Kind       reading.Kind        `json:"kind,omitempty"`
	Intent     reading.Intent      `json:"intent,omitempty"`
	Why        []string            `json:"why,omitempty"`
	From       message.Address     `json:"from,omitempty"`
	Subject    string              `json:"subject,omitempty"`
	MessageID  message.MessageID   `json:"message_id,omitempty"`
	InReplyTo  message.MessageID   `json:"in_reply_to,omitempty"`
	References []message.MessageID `json:"references,omitempty"`
	Text       string              `json:"text,omitempty"`
	Times      []reading.Time      `json:"times,omitempty"`
	People     []reading.Person    `json:"people,omitempty"`
	Later      *reading.Later      `json:"later,omitempty"`
	Auto       *reading.Auto       `json:"auto,omitempty"`
	Bounces    []reading.Bounce    `json:"bounces,omitempty"`
	Calendar   *reading.Calendar   `json:"calendar,omitempty"`
	Error      string              `json:"error,omitempty"`

	cut []reading.Cut
}

// Run reads each file and says what it understands. A file that cannot be read is told of in its line, and fails the whole.
func (i *inspectCmd) Run(a *app) error {
	o := reading.Options{}
	if i.Now != "" {
		t, err := time.Parse(time.RFC3339, i.Now)
		if err != nil {
			return &usageError{fmt.Errorf("--now wants a time like 2026-11-23T09:00:00+01:00, not %q", i.Now)}
		}
		o.Now = t
	}
	// The owner's addresses help where there is a configuration; none is needed.
	if cfg, err := config.Load(a.config, a.env); err == nil {
		o.Owner = cfg.OwnerAddresses()
	}
	failed := false
	w := bufio.NewWriter(a.out)
	for text := range a.inspectAll(i.File, o) {
		if text.failed {
			failed = true
		}
		if _, err := w.Write(text.out); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed {
		return errSilent
	}
	return nil
}

// told is what is printed of one file.
type told struct {
	out    []byte
	failed bool
}

// inspectAll reads files on all processors and gives what is to be printed in their order. Only a few are held at once.
func (a *app) inspectAll(files []string, o reading.Options) func(yield func(told) bool) {
	return func(yield func(told) bool) {
		workers := min(runtime.GOMAXPROCS(0), len(files))
		type task struct {
			file string
			done chan told
		}
		tasks, order := make(chan task), make(chan chan told, 2*workers)
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			defer close(order)
			defer close(tasks)
			for _, file := range files {
				t := task{file, make(chan told, 1)}
				select {
				case order <- t.done:
				case <-stop:
					return
				}
				select {
				case tasks <- t:
				case <-stop:
					return
				}
			}
		}()
		for range workers {
			go func() {
				for t := range tasks {
					t.done <- a.inspected(t.file, o)
				}
			}()
		}
		for done := range order {
			if !yield(<-done) {
				return
			}
		}
	}
}

// inspected reads one file and puts what is understood into words, or JSON.
func (a *app) inspected(file string, o reading.Options) told {
	line, err := a.inspect(file, o)
	if err != nil {
		line.Error = err.Error()
	}
	if !a.json {
		var b strings.Builder
		tellReading(&b, line)
		return told{[]byte(b.String()), err != nil}
	}
	out, broken := json.Marshal(line)
	if broken != nil { // a time beyond the year 9999
		out, _ = json.Marshal(inspected{File: file, Error: broken.Error()})
		err = broken
	}
	return told{append(out, '\n'), err != nil}
}

// maxMessage is how much of a message file is read: more than message.Parse looks at, so that it can say so.
const maxMessage = 9 << 20

func (a *app) inspect(name string, o reading.Options) (inspected, error) {
	line := inspected{File: name}
	in := a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return line, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxMessage))
	if err != nil {
		return line, fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) == 0 {
		return line, errors.New("the file is empty")
	}
	m := message.Parse(raw)
	if o.Now.IsZero() && m.Date.IsZero() && m.Received().IsZero() {
		o.Now = time.Now()
	}
	r := reading.Understand(m, o)
	line.Kind, line.Intent, line.Why, line.Text, line.Times, line.cut = r.Kind, r.Intent, r.Why, r.Text, r.Times, r.Cut
	line.People, line.Later, line.Auto, line.Bounces, line.Calendar = r.People, r.Later, r.Auto, r.Bounces, r.Calendar
	if len(o.Owner) == 0 && len(m.To) == 1 {
		// Without a configuration, the one it went to is taken for the owner, who is nobody's recommendation.
		to := m.To[0].Address
		line.People = slices.DeleteFunc(line.People, func(p reading.Person) bool {
			return p.Address.Key() == to.Key() && !strings.Contains(strings.ToLower(line.Text), strings.ToLower(string(to)))
		})
	}
	for _, p := range m.Problems {
		if !slices.Contains(line.Why, p) {
			line.Why = append(line.Why, "about the mail: "+p)
		}
	}
	if len(m.From) > 0 {
		line.From = m.From[0].Address
	}
	line.Subject, line.MessageID, line.References = m.Subject, m.MessageID, m.References
	if len(m.InReplyTo) > 0 {
		line.InReplyTo = m.InReplyTo[0]
	}
	return line, nil
}

// tellReading writes what was understood of a file for people: what it is and why, then what was kept of the text, then
// what was left out.
func tellReading(w io.Writer, l inspected) {
	fmt.Fprintf(w, "%s\n", l.File)
	if l.Error != "" {
		fmt.Fprintf(w, "  error: %s\n", l.Error)
		return
	}
	kind := string(l.Kind)
	if l.Intent != "" {
		kind += ", " + string(l.Intent)
	}
	fmt.Fprintf(w, "  %s\n", kind)
	for _, why := range l.Why {
		fmt.Fprintf(w, "    because %s\n", why)
	}
	if l.From != "" || l.Subject != "" {
		fmt.Fprintf(w, "  from %s: %s\n", l.From, l.Subject)
	}
	for _, t := range l.Times {
		end := ""
		if !t.End.IsZero() {
			end = " to " + t.End.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "  time: %s%s (%q)\n", t.Start.Format(time.RFC3339), end, t.Phrase)
	}
	for _, p := range l.People {
		fmt.Fprintf(w, "  person: %s\n", message.Person{Name: p.Name, Address: p.Address})
	}
	if l.Later != nil {
		fmt.Fprintf(w, "  later: from %s\n", date(l.Later.Until))
	}
	if l.Auto != nil {
		until := ""
		if !l.Auto.Until.IsZero() {
			until = ", away until " + date(l.Auto.Until)
		}
		fmt.Fprintf(w, "  automatic: %s%s\n", l.Auto.Reason, until)
	}
	for _, b := range l.Bounces {
		word := "may work later"
		if b.Permanent {
			word = "will not work later"
		}
		fmt.Fprintf(w, "  bounce: %s %s, %s, of <%s>\n", b.Recipient, b.Status, word, b.MessageID)
	}
	if c := l.Calendar; c != nil {
		fmt.Fprintf(w, "  calendar: %s %s, %s to %s, %q at %q %s\n", c.Method, c.UID, c.Start.Format(time.RFC3339), c.End.Format(time.RFC3339), c.Summary, c.Location, c.PartStat)
	}
	for text := range strings.Lines(l.Text) {
		fmt.Fprintf(w, "  | %s\n", strings.TrimRight(text, "\r\n"))
	}
	for _, c := range l.cut {
		tellCut(w, c)
	}
}

// tellCut shows the first lines of what was left out, and why it was.
func tellCut(w io.Writer, c reading.Cut) {
	const most = 6
	lines := strings.Split(strings.Trim(c.Text, "\n"), "\n")
	for n, line := range lines {
		if n == most {
			fmt.Fprintf(w, "  %s: … %d more lines\n", c.Reason, len(lines)-most)
			return
		}
		fmt.Fprintf(w, "  %s: %s\n", c.Reason, line)
	}
}

func date(d interface{ MarshalText() ([]byte, error) }) string {
	text, err := d.MarshalText()
	if err != nil {
		return ""
	}
	return string(text)
}
