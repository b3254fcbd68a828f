// Package cli is the command line: one file a command, and the verbs of the
// owner's language as they are.
//
// Exit status: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration (EX_CONFIG
// of sysexits.h, on which the systemd unit does not restart). Errors go to
// standard error, each with what, where and what to do. Every command works
// beside a running daemon, which notices what changed within a second.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"askwell/internal/config"
	"askwell/internal/engine"
	"askwell/internal/render"
	"askwell/internal/store"
	"askwell/templates"
)

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitConfig = 78
)

// grammar is every command with its flags.
type grammar struct {
	Config string `help:"The configuration file." placeholder:"FILE" short:"c"`
	JSON   bool   `help:"Print one JSON object a line." name:"json"`

	Run        runCmd        `cmd:"" help:"Run the daemon, in the foreground."`
	Init       initCmd       `cmd:"" help:"Set askwell up: name, address, servers; tries both logins."`
	Doctor     doctorCmd     `cmd:"" help:"Say what is wrong, and how to mend it."`
	Demo       demoCmd       `cmd:"" help:"Show four months of a search in seconds, on servers inside the process."`
	List       listCmd       `cmd:"" help:"List the contacts."`
	Show       showCmd       `cmd:"" help:"Show all that is known of a contact."`
	History    historyCmd    `cmd:"" help:"Show what happened, and why."`
	Outbox     outboxCmd     `cmd:"" help:"Show every mail: planned, sent, withdrawn."`
	Status     statusCmd     `cmd:"" help:"Say how askwell does; exit status 1 when something is wrong."`
	Digest     digestCmd     `cmd:"" help:"Print the digest as it stands, or send it."`
	Preview    previewCmd    `cmd:"" help:"Print a mail exactly as it would leave."`
	Templates  templatesCmd  `cmd:"" help:"Make the mails' words one's own: export, check."`
	Inspect    inspectCmd    `cmd:"" help:"Say how askwell reads message files, and why."`
	Import     importCmd     `cmd:"" help:"Add people from vCard or CSV files."`
	Export     exportCmd     `cmd:"" help:"Write everybody out as CSV, vCard or JSON."`
	Backup     backupCmd     `cmd:"" help:"Write a copy of the store, beside a running daemon."`
	Restore    restoreCmd    `cmd:"" help:"Put a copy of the store in its place."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print a script that completes commands in bash, zsh or fish."`
	Help       helpCmd       `cmd:"" help:"Explain the verbs, in mail and here."`

	kong.Plugins
}

// app is what a command works with: the world outside, and what the flags say.
type app struct {
	ctx    context.Context //nolint:containedctx // an app lives within one call of Main
	env    func(string) string
	in     io.Reader
	out    io.Writer
	errs   io.Writer
	config string
	json   bool
}

// usageError is a command that was typed wrongly.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }

// configError is a configuration with which nothing can be done; it says file and line.
type configError struct{ err error }

func (c *configError) Error() string { return c.err.Error() }
func (c *configError) Unwrap() error { return c.err }

// silent is a failure of which everything was said already.
var errSilent = errors.New("failed")

// errSilentConfig is errSilent for a wrong configuration.
var errSilentConfig = errors.New("wrong configuration")

// Main does one command and returns its exit status.
func Main(ctx context.Context, args []string, env func(string) string, in io.Reader, out, errs io.Writer) int {
	a := &app{ctx: ctx, env: env, in: in, out: out, errs: errs}
	err := a.dispatch(args)
	var usage *usageError
	var wrong config.Errors
	var words *configError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errSilent):
		return exitFailed
	case errors.Is(err, errSilentConfig):
		return exitConfig
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "askwell: %v\n", err)
		return exitUsage
	case errors.As(err, &wrong):
		fmt.Fprintf(errs, "%v\n", wrong)
		return exitConfig
	case errors.As(err, &words):
		fmt.Fprintf(errs, "%v\n", words)
		return exitConfig
	default:
		fmt.Fprintf(errs, "askwell: %v\n", err)
		return exitFailed
	}
}

// exited is how kong's own --help ends.
type exited struct{ code int }

func (a *app) dispatch(args []string) (err error) {
	defer func() {
		// kong ends --help by its Exit hook, which must not return.
		if r := recover(); r != nil {
			e, ok := r.(exited)
			if !ok {
				panic(r) //nolint:forbidigo // not ours to handle
			}
			if e.code != 0 {
				err = errSilent
			}
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var g grammar
	options := []kong.Option{
		kong.Name("askwell"),
		kong.Description("Asks people for twenty minutes, thanks them, and stays in touch, while you answer emails."),
		kong.Writers(a.out, a.errs), kong.Exit(func(code int) { panic(exited{code}) }), //nolint:forbidigo // the only way out of kong that does not end the process
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Bind(a),
	}
	options = append(options, verbCommands()...)
	parser, err := kong.New(&g, options...)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		if words := a.spoken(args); words != nil {
			return a.do(words)
		}
		return &usageError{fmt.Errorf("%w; `askwell --help` shows the commands", err)}
	}
	a.config, a.json = g.Config, g.JSON
	if a.config == "" {
		a.config = config.DefaultPath(a.env)
	}
	return parsed.Run(a)
}

// load reads the configuration and the templates.
func (a *app) load() (*config.Config, *render.Set, error) {
	cfg, err := config.Load(a.config, a.env)
	if err != nil {
		return nil, nil, err
	}
	set, err := render.Load(templates.FS, cfg.Templates.Dir)
	if err != nil {
		return nil, nil, &configError{err}
	}
	return cfg, set, nil
}

// withEngine opens the store and gives f an engine that neither reads nor sends mail.
func (a *app) withEngine(f func(*engine.Engine, *store.Mailbox) error) error {
	cfg, set, err := a.load()
	if err != nil {
		return err
	}
	s, err := store.Open(a.ctx, cfg.StorePath())
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	mb, err := s.Mailbox(a.ctx, string(cfg.Mailbox.Address.Key()))
	if err != nil {
		return err
	}
	e, err := engine.New(engine.Options{Config: cfg, Store: mb, Templates: set, Logger: a.logger(slog.LevelWarn)})
	if err != nil {
		return err
	}
	return f(e, mb)
}

func (a *app) logger(least slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(a.errs, &slog.HandlerOptions{Level: least}))
}
