package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"askwell/internal/config"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
)

// try logs in to both servers. At a terminal a refused password may be given again.
func (s *setting) try(ctx context.Context) error {
	for left := tries; ; {
		err := s.tryOnce(ctx)
		if err == nil {
			return nil
		}
		again := s.secret != nil && left > 1 && s.password != "" && !s.Flags.PasswordStdin && refusedLogin(err) && ctx.Err() == nil
		if !again {
			return fmt.Errorf("%w. Nothing was written", err)
		}
		s.say("  %v", err)
		for s.password = ""; s.password == ""; left-- {
			if left == 0 {
				return errors.New("there is no password. Nothing was written")
			}
			if s.password, err = s.console.password("Password of the mailbox, once more: "); err != nil {
				return fmt.Errorf("%w. Nothing was written", err)
			}
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
		{"sending", "holidays", list(s.holidays), "public holidays; nothing is sent on them"}, // [] where there are none: it has a default
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
