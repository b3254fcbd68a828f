package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/config"
	"askwell/internal/engine"
	"askwell/internal/message"
	"askwell/internal/reading"
	"askwell/internal/store"
)

type digestCmd struct {
	Send bool `help:"Send it by mail, too."`
}

// Run prints the digest as it stands.
func (d *digestCmd) Run(a *app) error {
	return a.withEngine(func(e *engine.Engine, _ *store.Mailbox) error {
		now := time.Now()
		mail, err := e.Digest(a.ctx, now)
		if err != nil {
			return err
		}
		if mail.Text == "" {
			fmt.Fprintln(a.out, "There is nothing to say.")
			return nil
		}
		if a.json {
			err = a.print(struct {
				Subject string `json:"subject"`
				Text    string `json:"text"`
			}{mail.Subject, mail.Text})
		} else {
			_, err = fmt.Fprintf(a.out, "Subject: %s\n\n%s", mail.Subject, mail.Text)
		}
		if err != nil || !d.Send {
			return err
		}
		_, err = e.SendDigest(a.ctx, now)
		return err
	})
}

type previewCmd struct {
	Kind string   `arg:"" help:"ask, nudge, confirm, thank_you, check_in or referrer_thanks."`
	Who  []string `arg:"" help:"Number, name or address."`
}

// Run prints the finished bytes of a mail.
func (p *previewCmd) Run(a *app) error {
	return a.withEngine(func(e *engine.Engine, _ *store.Mailbox) error {
		raw, err := e.Preview(a.ctx, time.Now(), p.Kind, strings.Join(p.Who, " "))
		if err != nil {
			return err
		}
		m := message.Parse(raw)
		text, _ := m.Text()
		if a.json {
			return a.print(struct {
				To      string `json:"to"`
				Subject string `json:"subject"`
				Text    string `json:"text"`
			}{m.Header.Text("To"), m.Subject, text})
		}
		_, err = fmt.Fprintf(a.out, "To: %s\nSubject: %s\n\n%s", m.Header.Text("To"), m.Subject, text)
		return err
	})
}

type backupCmd struct {
	File string `arg:"" help:"The file to write; it must not exist."`
}

// Run writes a copy of the store.
func (b *backupCmd) Run(a *app) error {
	return a.withEngine(func(_ *engine.Engine, mb *store.Mailbox) error {
		if err := mb.Store().Backup(a.ctx, b.File); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "The store is copied to %s.\n", b.File)
		return nil
	})
}

type restoreCmd struct {
	File string `arg:"" help:"The copy that backup wrote."`
}

// Run puts a copy of the store in its place. The daemon must not run.
func (r *restoreCmd) Run(a *app) error {
	cfg, err := config.Load(a.config, a.env)
	if err != nil {
		return err
	}
	old, err := store.Restore(a.ctx, r.File, cfg.StorePath(), time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "The store is that of %s.\n", r.File)
	if old != "" {
		fmt.Fprintf(a.out, "What was there before is kept as %s.\n", old)
	}
	fmt.Fprintln(a.out, "Before it sends anything, askwell reads the mailbox back to the time of the copy, and takes note of what was sent since.")
	return nil
}

type versionCmd struct{}

// version is set when a release is built.
var version = ""

// Run prints the version.
func (*versionCmd) Run(a *app) error {
	v := version
	if v == "" {
		v = "devel"
		if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
			v = info.Main.Version
		}
	}
	if a.json {
		return a.print(map[string]string{"version": v})
	}
	fmt.Fprintln(a.out, "askwell", v)
	return nil
}

type helpCmd struct {
	Verb []string `arg:"" optional:"" help:"A verb; none: all of them."`
}

// Run explains the language.
func (h *helpCmd) Run(a *app) error {
	verb := strings.Join(h.Verb, " ")
	if verb == "replying" {
		verb = ""
	}
	text := command.Help(verb)
	if strings.HasPrefix(text, "askwell knows no verb") {
		return &usageError{errors.New(strings.TrimSuffix(strings.TrimPrefix(text, "askwell "), "\n"))}
	}
	fmt.Fprint(a.out, text)
	return nil
}

type inspectCmd struct {
	File []string `arg:"" help:"Message files; - is standard input."`
	Now  string   `help:"What \"Tuesday\" is counted from, RFC 3339 (default: the message's Date)." placeholder:"TIME"`
}

// inspected is one line of inspect --json.
type inspected struct {
	File string `json:"file"`
	reading.Reading
	From       string              `json:"from,omitempty"`
	Subject    string              `json:"subject,omitempty"`
	MessageID  message.MessageID   `json:"message_id,omitempty"`
	InReplyTo  message.MessageID   `json:"in_reply_to,omitempty"`
	References []message.MessageID `json:"references,omitempty"`
	Error      string              `json:"error,omitempty"`
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
	for _, name := range i.File {
		line, m, err := a.inspect(name, o)
		if err != nil {
			failed = true
			line.Error = err.Error()
		}
		if a.json {
			b := *a
			b.out = w
			if err := b.print(line); err != nil {
				return err
			}
			continue
		}
		tellReading(w, line, m)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed {
		return errSilent
	}
	return nil
}

// maxMessage is how much of a message file is read.
const maxMessage = 64 << 20

func (a *app) inspect(name string, o reading.Options) (inspected, *message.Message, error) {
	line := inspected{File: name}
	in := a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return line, nil, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxMessage))
	if err != nil {
		return line, nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) == 0 {
		return line, nil, errors.New("the file is empty")
	}
	m := message.Parse(raw)
	line.Reading = reading.Understand(m, o)
	if len(o.Owner) == 0 && len(m.To) == 1 {
		// Without a configuration, the one it went to is taken for the owner, who is nobody's recommendation.
		to := m.To[0].Address
		line.People = slices.DeleteFunc(line.People, func(p reading.Person) bool {
			return p.Address.Key() == to.Key() && !strings.Contains(strings.ToLower(line.Text), strings.ToLower(string(to)))
		})
	}
	if len(m.From) > 0 {
		line.From = string(m.From[0].Address)
	}
	line.Subject, line.MessageID, line.References = m.Subject, m.MessageID, m.References
	if len(m.InReplyTo) > 0 {
		line.InReplyTo = m.InReplyTo[0]
	}
	return line, m, nil
}

func tellReading(w io.Writer, l inspected, m *message.Message) {
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
	for _, t := range l.Times {
		fmt.Fprintf(w, "  time: %s (%q)\n", t.Start.Format(time.RFC3339), t.Phrase)
	}
	for _, p := range l.People {
		fmt.Fprintf(w, "  person: %s <%s>\n", p.Name, p.Address)
	}
	for _, b := range l.Bounces {
		fmt.Fprintf(w, "  bounce: %s %s permanent=%t\n", b.Recipient, b.Status, b.Permanent)
	}
	for text := range strings.Lines(l.Text) {
		fmt.Fprintf(w, "  | %s\n", strings.TrimRight(text, "\r\n"))
	}
	for _, c := range l.Cut {
		fmt.Fprintf(w, "  cut: %v\n", c)
	}
	if m != nil {
		for _, p := range m.Problems {
			fmt.Fprintf(w, "  problem: %s\n", p)
		}
	}
}
