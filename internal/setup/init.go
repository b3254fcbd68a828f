package setup

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"askwell/internal/config"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
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

// person asks who it is.
func (s *setting) person(context.Context) (err error) {
	if s.name, err = s.ask(question{
		text: "Your name, as it signs your mails", flag: "--name", given: s.Flags.Name,
		proposal: s.proposed(func(c *config.Config) string { return c.Owner.Name }, ""),
		check:    func(v string) (string, error) { return checkLine(v, 200) },
	}); err != nil {
		return err
	}
	if s.address, err = s.ask(question{
		text: "Your mail address", flag: "--address", given: s.Flags.Address,
		proposal: s.proposed(func(c *config.Config) string { return string(c.Mailbox.Address) }, ""),
		check: func(v string) (string, error) {
			a, err := message.ParseAddress(v)
			if err != nil {
				return "", fmt.Errorf("%q is no mail address; write it like ada@example.org", v)
			}
			return string(a), nil
		},
	}); err != nil {
		return err
	}
	if s.field, err = s.ask(question{
		text: "What you want to explore, such as data journalism", flag: "--field", given: s.Flags.Field, optional: true,
		proposal: s.proposed(func(c *config.Config) string { return c.Owner.Field }, ""),
		check:    func(v string) (string, error) { return checkLine(v, 200) },
	}); err != nil {
		return err
	}
	s.about, err = s.ask(question{
		text: "One sentence about yourself, which your asks will have in them", flag: "--about", given: s.Flags.About, optional: true,
		proposal: s.proposed(func(c *config.Config) string { return c.Owner.About }, ""),
		check:    func(v string) (string, error) { return checkLine(v, 1000) },
	})
	return err
}

func checkLine(v string, limit int) (string, error) {
	v = strings.Join(strings.Fields(v), " ")
	if len([]rune(v)) > limit {
		return "", fmt.Errorf("it is longer than %d characters", limit)
	}
	if strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r == 0x7f || r == 0xfffd }) {
		return "", errors.New("it has characters in it that no mail can have")
	}
	return v, nil
}

// find finds the servers, or asks for them.
func (s *setting) find(ctx context.Context) (err error) {
	s.ca = s.Flags.CAFile
	if s.ca == "" && s.was != nil {
		s.ca = s.was.Mailbox.CAFile
	}
	roots, err := authorities(s.ca)
	if err != nil {
		return fmt.Errorf("read the certificate authority (--ca-file): %w", err)
	}
	s.trust = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}

	domain := message.Address(s.address).Domain()
	s.imap, s.smtp = s.Flags.IMAP, s.Flags.SMTP
	same := s.was != nil && string(s.was.Mailbox.Address) == s.address
	if p, ok := providerOf(domain); ok {
		s.servers.help = p.help
	}
	if (s.imap == "" || s.smtp == "") && !same {
		s.say("Looking for the servers of %s …", domain)
		found := discovery{resolver: s.Resolver, trust: s.trust, dial: s.Dial}.find(ctx, domain)
		if err := ctx.Err(); err != nil {
			return err
		}
		if found.refuse != "" {
			return fmt.Errorf("find the servers of %s: %s", domain, found.refuse)
		}
		s.servers = found
		if found.imap.host == "" && found.smtp.host == "" {
			s.say("  none was found. Your provider's help pages name them, under “IMAP” and “mail program”.")
		} else {
			s.say("  %s", found.how)
		}
		if found.confirm && s.imap == "" && s.smtp == "" && !s.Flags.Yes {
			ok, err := s.confirm(fmt.Sprintf("They are not in %s: %s and %s. Shall your password go there?", domain, found.imap.host, found.smtp.host))
			if err != nil || !ok {
				return fmt.Errorf("the servers are not confirmed: name them with --imap and --smtp, or take them with --yes")
			}
		}
	}
	for _, q := range []struct {
		to                *string
		found             endpoint
		protocol, text    string
		old               func(*config.Config) string
		flagged, exemplar string
	}{
		{&s.imap, s.servers.imap, "imap", "The server where mail is read", func(c *config.Config) string { return c.Mailbox.IMAP }, "--imap", "imaps://imap." + domain},
		{&s.smtp, s.servers.smtp, "smtp", "The server where mail is sent", func(c *config.Config) string { return c.Mailbox.SMTP }, "--smtp", "smtps://smtp." + domain},
	} {
		ask := question{text: q.text, flag: q.flagged, given: *q.to, check: func(v string) (string, error) { return checkServer(q.protocol, v) }}
		switch {
		case same:
			ask.proposal = q.old(s.was)
		case q.found.host != "":
			ask.proposal = q.found.url(q.protocol)
		default:
			ask.text += ", such as " + q.exemplar
		}
		// What was found and answers is told, not asked: whoever knows better has the flag.
		if ask.given == "" && q.found.host != "" && !same {
			ask.given = ask.proposal
		}
		if *q.to, err = s.ask(ask); err != nil {
			return err
		}
		s.say("  %s", *q.to)
	}
	s.username = s.Flags.Username
	if s.username == "" && same {
		s.username = s.was.Mailbox.Username
	}
	return nil
}

// checkServer lets the configuration's own reader judge a URL; a bare host is meant with TLS.
func checkServer(protocol, v string) (string, error) {
	if !strings.Contains(v, "://") {
		v = protocol + "s://" + v
	}
	urls := map[string]string{"imap": "imaps://example.org", "smtp": "smtps://example.org"}
	urls[protocol] = v
	_, err := config.Parse("", []byte(compose([]entry{
		{table: "owner", key: "name", value: quote("Ada Example")}, {table: "owner", key: "address", value: quote("ada@example.org")},
		{table: "mailbox", key: "imap", value: quote(urls["imap"])}, {table: "mailbox", key: "smtp", value: quote(urls["smtp"])},
		{table: "mailbox", key: "password_env", value: quote("NONE")},
	})), func(string) string { return "" })
	var wrong config.Errors
	if errors.As(err, &wrong) && len(wrong) > 0 {
		return "", fmt.Errorf("it %s; %s", wrong[0].Problem, wrong[0].Remedy)
	}
	return v, err
}

// secretOf gets the password, unless a flag says where it is kept.
func (s *setting) secretOf(context.Context) error {
	f := s.Flags
	if f.PasswordFile != "" || f.PasswordCommand != "" || f.PasswordEnv != "" || f.PasswordStdin {
		return nil
	}
	if s.servers.help != "" {
		s.say("\n%s\n", s.servers.help)
	}
	prompt := "Password of the mailbox"
	if s.secret != nil {
		prompt += " (it is not shown)"
	}
	keeps := s.was != nil && s.was.Mailbox.OAuth2 == ""
	if keeps {
		if f.Yes {
			return nil
		}
		prompt += " [as it was]"
	}
	p, err := s.console.password(prompt + ": ")
	switch {
	case errors.Is(err, io.EOF) && !keeps:
		return errors.New("the answers ended before the password; give --password-file, --password-command, --password-env or --password-stdin, or one more line")
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case p == "" && !keeps:
		return errors.New("there is no password; give one, or --password-file, --password-command or --password-env")
	}
	s.password = p
	return nil
}

// when asks for the zone and the holidays.
func (s *setting) when(context.Context) (err error) {
	if s.zone, err = s.ask(question{
		text: "Your time zone", flag: "--timezone", given: s.Flags.Timezone, check: checkZone,
		proposal: s.proposed(func(c *config.Config) string { return c.Owner.Timezone }, machineZone(s.Env)),
	}); err != nil {
		return err
	}
	guess := holidaysOf(s.zone)
	if guess == "" {
		guess = "none"
	}
	codes, err := s.ask(question{
		text: "Public holidays on which nothing is sent, by country or state (de, us, gb-sct, none)", flag: "--holidays",
		given: strings.Join(s.Flags.Holidays, ","), check: checkHolidays,
		proposal: s.proposed(func(c *config.Config) string { return strings.Join(c.Sending.Holidays, ",") }, guess),
	})
	if err != nil {
		return err
	}
	if codes != "none" && codes != "" {
		s.holidays = strings.Split(codes, ",")
	}
	s.say("\nTime zone %s, public holidays: %s.", s.zone, codes)
	return nil
}

// try logs in to both servers. At a terminal a refused password may be given again.
func (s *setting) try(ctx context.Context) error {
	for left := tries; ; left-- {
		err := s.tryOnce(ctx)
		if err == nil {
			return nil
		}
		again := s.secret != nil && left > 1 && s.password != "" && !s.Flags.PasswordStdin && refusedLogin(err) && ctx.Err() == nil
		if !again {
			return fmt.Errorf("%w. Nothing was written", err)
		}
		s.say("  %v", err)
		if s.password, err = s.console.password("Password of the mailbox, once more: "); err != nil {
			return fmt.Errorf("%w. Nothing was written", err)
		}
	}
}

func refusedLogin(err error) bool {
	var in *imapin.Error
	var out *smtpout.Error
	return errors.As(err, &in) && in.Auth || errors.As(err, &out) && out.Auth
}

func (s *setting) tryOnce(ctx context.Context) error {
	c, err := s.parse()
	if err != nil {
		return err
	}
	l := link{log: s.Logger, trust: s.trust, dial: s.Dial, password: c.Password}
	if s.password != "" {
		l.password = func(context.Context) (string, error) { return s.password, nil }
	}
	if _, err := l.password(ctx); err != nil {
		return err
	}
	s.say("Logging in at %s …", c.IMAPServer().Addr())
	report, err := checkMailbox(ctx, l, c)
	if local := message.Address(s.address).Local(); err != nil && s.username == "" && s.servers.help == "" && refusedLogin(err) {
		// Many servers know their users by what stands before the @.
		s.username = local
		first := err
		if c, err = s.parse(); err != nil {
			return err
		}
		if report, err = checkMailbox(ctx, l, c); err != nil {
			s.username, err = "", first
		}
	}
	if err != nil {
		return fmt.Errorf("try where mail is read: %w", err)
	}
	var names []string
	for _, f := range report.Folders {
		names = append(names, f.Name)
	}
	s.say("  that works; askwell will watch %s", strings.Join(names, ", "))
	s.say("Logging in at %s …", c.SMTPServer().Addr())
	out := l.sender(c)
	defer func() { _ = out.Close() }()
	if _, err := out.Check(ctx); err != nil {
		return fmt.Errorf("try where mail is sent: %w", err)
	}
	s.say("  that works")
	return nil
}

func checkMailbox(ctx context.Context, l link, c *config.Config) (imapin.Report, error) {
	box := l.mailbox(c)
	defer func() { _ = box.Close() }()
	return box.Check(ctx)
}

// text is the configuration as it is to be written.
func (s *setting) text() string {
	file, command, variable := s.Flags.PasswordFile, s.Flags.PasswordCommand, s.Flags.PasswordEnv
	if s.password != "" {
		file = passwordName
	}
	username := s.username
	if username == s.address {
		username = ""
	}
	entries := []entry{
		{"owner", "name", quote(s.name), "signs your mails"},
		{"owner", "address", quote(s.address), "the digest goes here"},
		{"owner", "timezone", quote(s.zone), ""},
		{"owner", "field", quote(s.field), "what the talks are about"},
		{"owner", "about", quote(s.about), ""},
		{"mailbox", "address", quote(s.address), "the mails leave from here"},
		{"mailbox", "imap", quote(s.imap), ""},
		{"mailbox", "smtp", quote(s.smtp), ""},
		{"mailbox", "username", quote(username), ""},
		{"mailbox", "password_file", quote(file), "nobody else may read it"},
		{"mailbox", "password_command", quote(command), "prints the password"},
		{"mailbox", "password_env", quote(variable), "the name of a variable"},
		{"mailbox", "oauth2", "", ""},
		{"mailbox", "ca_file", quote(s.ca), "whose certificates to trust, besides the system's"},
		{"sending", "holidays", list(s.holidays), "public holidays; nothing is sent on them"},
		{"store", "path", quote(s.Flags.StorePath), ""},
	}
	if s.was == nil {
		return compose(entries)
	}
	return amend(s.old, slices.DeleteFunc(entries, func(e entry) bool {
		switch e.key {
		case "password_file", "password_command", "password_env", "oauth2":
			return s.password == "" && file == "" && command == "" && variable == "" // it stays where it is
		case "path":
			return e.value == ""
		case "address":
			// Digests may go elsewhere than to the mailbox.
			return e.table == "owner" && s.was.Owner.Address != s.was.Mailbox.Address && s.Flags.Address == ""
		}
		return false
	}))
}

// passwordName is the file of the password, beside the configuration.
const passwordName = "password"

// parse reads the configuration as it will be read from its file.
func (s *setting) parse() (*config.Config, error) {
	c, err := config.Parse(s.path, []byte(s.text()), s.Env)
	if err != nil && s.was != nil {
		// The old text is written in a way that amend does not know: it is left behind, and kept beside the new one.
		s.was = nil
		c, err = config.Parse(s.path, []byte(s.text()), s.Env)
	}
	return c, err
}

// write writes the password and then the configuration, which without it would be half a thing.
func (s *setting) write(context.Context) error {
	if _, err := s.parse(); err != nil {
		return err
	}
	if err := makeFolder(s.path); err != nil {
		return err
	}
	secret := filepath.Join(filepath.Dir(s.path), passwordName)
	if s.password != "" {
		had, there, err := readOptional(secret)
		if err != nil {
			return fmt.Errorf("look at what is there: %w", err)
		}
		if there && !s.keep && strings.TrimRight(had, "\r\n") != s.password {
			ok, err := s.confirm(fmt.Sprintf("There is a file %s with something else in it. Replace it?", secret))
			if err != nil || !ok {
				return fmt.Errorf("%s is there already and stays as it is; move it away, or name another file with --password-file. Nothing was written", secret)
			}
		}
		if err := replaceFile(secret, s.password+"\n"); err != nil {
			return err
		}
		s.say("\nWritten: %s (readable by you only)", secret)
	}
	if s.keep {
		if err := replaceFile(s.path+".old", s.old); err != nil {
			return err
		}
		s.say("Kept:    %s.old", s.path)
	}
	if err := replaceFile(s.path, s.text()); err != nil {
		return err
	}
	s.say("Written: %s", s.path)
	if real, err := filepath.EvalSymlinks(s.path); err == nil && real != s.path {
		s.say("         (a link to %s)", real)
	}
	_, err := os.Stat(s.path)
	return err
}
