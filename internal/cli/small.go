package cli

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"askwell/internal/command"
	"askwell/internal/config"
	"askwell/internal/engine"
	"askwell/internal/message"
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
