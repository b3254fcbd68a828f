package setup

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"

	"askwell/internal/config"
)

// Flags are the answers given beforehand. An empty one is asked for.
type Flags struct {
	Name    string `help:"Your name, as it signs the mails."`
	Address string `help:"Your mail address."`
	Field   string `help:"What you want to explore: \"data journalism\"."`
	About   string `help:"One sentence about yourself, for the asks."`

	Timezone string   `help:"Your time zone, such as Europe/Berlin (default: this machine's)." placeholder:"ZONE"`
	Holidays []string `help:"Whose public holidays to keep: de, us, gb-sct, or none (default: those of the zone's country)." placeholder:"CODE"`

	IMAP     string `name:"imap" help:"Where mail is read: imaps://HOST, or imap://HOST for STARTTLS (default: found)." placeholder:"URL"`
	SMTP     string `name:"smtp" help:"Where mail is sent: smtps://HOST, or smtp://HOST for STARTTLS (default: found)." placeholder:"URL"`
	Username string `help:"The user name at both (default: the address)."`
	CAFile   string `name:"ca-file" help:"A private certificate authority, PEM." type:"path" placeholder:"FILE"`

	PasswordFile    string `help:"A file with the password, used where it is." type:"path" placeholder:"FILE"`
	PasswordCommand string `help:"A command that prints the password." placeholder:"COMMAND"`
	PasswordEnv     string `help:"The name of the variable that holds the password." placeholder:"NAME"`
	PasswordStdin   bool   `help:"Read the password from the first line of standard input."`

	StorePath string `name:"store" help:"Where to keep everything (default: the user's data folder)." type:"path" placeholder:"FILE"`
	NoWelcome bool   `help:"Send no welcome."`
	Yes       bool   `help:"Take every proposal without asking." short:"y"`
	Force     bool   `help:"Change a configuration that is there already; the old one is kept beside it."`
}

// InitOptions is what Init works with. In, Out and Env are needed.
type InitOptions struct {
	In     io.Reader
	Out    io.Writer
	Env    func(string) string
	Config string // the file to write; default: config.DefaultPath
	Flags  Flags

	// Secret reads a password that nobody sees, from a person who can try again. Default: the terminal, if In is one; else
	// the password is a line like any other.
	Secret   func() (string, error)
	Resolver Resolver // default: the system's
	// Dial opens the connections; default: the network.
	Dial   func(ctx context.Context, network, addr string) (net.Conn, error)
	Logger *slog.Logger // default: silent
}

// setting is one run of Init.
type setting struct {
	InitOptions
	*console
	path  string
	old   string         // the text of the configuration that is there
	was   *config.Config // what it says, if it can be read; nil otherwise
	keep  bool           // it is there, and was allowed to be changed
	trust *tls.Config

	name, address, field, about string
	zone                        string
	holidays                    []string
	servers                     servers
	imap, smtp, username, ca    string
	password                    string // to be stored; empty where the flags say where it is
}

// Init asks, tries, writes, and sends the welcome. Until both logins have worked, nothing is written.
func Init(ctx context.Context, o InitOptions) error {
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Config == "" {
		o.Config = config.DefaultPath(o.Env)
	}
	path, err := filepath.Abs(o.Config)
	if err != nil {
		return fmt.Errorf("find the folder of %s: %w", o.Config, err)
	}
	if o.Secret == nil {
		o.Secret = hidden(ctx, o.In)
	}
	s := &setting{
		InitOptions: o, path: path,
		console: &console{ctx: ctx, in: o.In, out: o.Out, secret: o.Secret, yes: o.Flags.Yes},
	}
	for _, step := range []func(context.Context) error{
		s.flags, s.existing, s.person, s.find, s.secretOf, s.when, s.try, s.write, s.start,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// flags reads what must come first, and refuses what contradicts itself.
func (s *setting) flags(context.Context) error {
	f := &s.Flags
	ways := 0
	for _, given := range []bool{f.PasswordFile != "", f.PasswordCommand != "", f.PasswordEnv != "", f.PasswordStdin} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		return errors.New("give only one of --password-file, --password-command, --password-env and --password-stdin")
	}
	for _, file := range []*string{&f.PasswordFile, &f.CAFile, &f.StorePath} {
		if *file == "" {
			continue
		}
		abs, err := filepath.Abs(*file)
		if err != nil {
			return fmt.Errorf("find %s: %w", *file, err)
		}
		*file = abs
	}
	if f.PasswordStdin {
		first, err := readLine(s.In)
		if err != nil || first == "" {
			return errors.New("there is no password on standard input: put it on the first line")
		}
		s.password = first
	}
	return nil
}

// existing asks before a configuration that is there is changed. What it says is what is proposed then.
func (s *setting) existing(context.Context) error {
	text, there, err := readOptional(s.path)
	if err != nil {
		return fmt.Errorf("look at what is there: %w", err)
	}
	if !there {
		s.say("askwell asks a few questions. Nothing is written before both logins have worked.\n")
		return nil
	}
	refused := fmt.Errorf("there is a configuration already: %s; it stays as it is. --force changes it, and keeps the old one beside it", s.path)
	if !s.Flags.Force {
		if s.Flags.Yes {
			return refused
		}
		s.say("There is a configuration already: %s", s.path)
		ok, err := s.confirm("Change it? What you do not answer stays as it is, and the old one is kept beside it")
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if !ok {
			return refused
		}
	}
	s.keep, s.old = true, text
	if s.was, err = config.Parse(s.path, []byte(text), s.Env); err != nil {
		s.say("The configuration that is there has mistakes, so it is written anew:\n%v\n", err)
		s.was = nil
	}
	return nil
}

// proposed is what the old configuration says, or a guess.
func (s *setting) proposed(old func(*config.Config) string, guess string) string {
	if s.was != nil {
		if v := old(s.was); v != "" {
			return v
		}
	}
	return guess
}
