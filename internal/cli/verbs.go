package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"askwell/internal/command"
	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/store"
)

// verbCmd is a verb of the owner's language.
type verbCmd struct {
	verb  command.Verb
	Words []string `arg:"" optional:"" help:"What the verb needs; see \"askwell help VERB\"."`
}

// verbCommands makes a command of each verb that has none of its own.
func verbCommands() []kong.Option {
	own := map[command.Verb]bool{command.VerbList: true, command.VerbShow: true, command.VerbDigest: true, command.VerbHelp: true}
	var out []kong.Option
	for _, e := range command.Table() {
		if !own[e.Verb] {
			out = append(out, kong.DynamicCommand(string(e.Verb), e.Summary, "verbs", &verbCmd{verb: e.Verb}))
		}
	}
	return out
}

// Run does what the verb says.
func (v *verbCmd) Run(a *app) error { return a.do(append([]string{string(v.verb)}, v.Words...)) }

// do carries out a line of the owner's language.
func (a *app) do(words []string) error {
	return a.withEngine(func(e *engine.Engine, _ *store.Mailbox) error {
		done, err := e.Do(a.ctx, time.Now(), words)
		if err != nil {
			return asUsage(err)
		}
		return a.report(done)
	})
}

// spoken returns the words of a line that begins with no command but can be read as it could be in a mail: "3 snooze 2w",
// "later jane friday". It takes the flags before them as kong would; nil where it can be read as nothing.
func (a *app) spoken(args []string) []string {
	file, asJSON := "", false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		name, value, given := strings.Cut(args[0], "=")
		args = args[1:]
		switch {
		case name == "--json" && !given:
			asJSON = true
		case (name == "--config" || name == "-c") && given:
			file = value
		case (name == "--config" || name == "-c") && len(args) > 0:
			file, args = args[0], args[1:]
		default:
			return nil
		}
	}
	if line, err := command.ParseArgs(args, command.Options{Now: time.Now()}); err != nil || line.Verb == "" || string(line.Verb) == args[0] {
		return nil
	}
	a.config, a.json = file, asJSON
	if a.config == "" {
		a.config = config.DefaultPath(a.env)
	}
	return args
}

// asUsage tells a line that was not understood from a wish that cannot be done.
func asUsage(err error) error {
	var refused *contact.Refusal
	if errors.As(err, &refused) || errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "store") {
		return err
	}
	return &usageError{err}
}

func (a *app) report(done []engine.Done) error {
	failed := false
	for _, d := range done {
		to := a.out
		if !d.OK {
			failed = true
			to = a.errs
		}
		if a.json {
			if err := a.print(struct {
				OK    bool       `json:"ok"`
				ID    contact.ID `json:"id,omitempty"`
				Lines []string   `json:"lines,omitempty"`
			}{d.OK, d.About, d.Lines}); err != nil {
				return err
			}
			continue
		}
		for _, l := range d.Lines {
			fmt.Fprintln(to, l)
		}
	}
	if failed {
		return errSilent
	}
	return nil
}
