// Package config reads the one file that askwell is configured by, fills in what it leaves out, and finds everything that is
// wrong with it at once.
//
// The file is TOML. A key that is not known, a value of the wrong type and a value that cannot be meant are errors, each
// with its line and with what to do about it:
//
//	askwell.toml:12: mailbox.imap: has no scheme; write imaps://imap.example.org
//
// A [Config] that Load or Parse has returned without an error is whole: no further check is needed, and its methods do not
// fail, but for [Config.Password], which goes and asks.
//
// The file holds no secret. It says where the password is kept: in a file of its own, behind a command, in the environment,
// or nowhere because the mailbox is opened by OAuth2.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"askwell/internal/message"
	"askwell/internal/worktime"
)

// Config is what the file says, with the defaults where it says nothing. It comes from Load or Parse and is not changed.
type Config struct {
	File      string    `toml:"-"` // where it was read from
	Owner     Owner     `toml:"owner"`
	Mailbox   Mailbox   `toml:"mailbox"`
	Schedule  Schedule  `toml:"schedule"`
	Sending   Sending   `toml:"sending"`
	Review    Reviews   `toml:"review"`
	Store     Store     `toml:"store"`
	Templates Templates `toml:"templates"`

	env      func(string) string
	zone     *time.Location
	calendar *worktime.Calendar
	window   *worktime.Window
	imap     Server
	smtp     Server
}

// Owner is the person who asks.
type Owner struct {
	Name       string            `toml:"name"`
	Address    message.Address   `toml:"address"` // digests go here
	Also       []message.Address `toml:"also"`    // further addresses to command from
	Timezone   string            `toml:"timezone"`
	Field      string            `toml:"field"` // what the talks are about
	About      string            `toml:"about"`
	WeeklyGoal int               `toml:"weekly_goal"` // talks a week; 0 is no goal
}

// Mailbox is where mail is read and sent.
type Mailbox struct {
	Address         message.Address `toml:"address"`
	IMAP            string          `toml:"imap"` // as written; IMAPServer takes it apart
	SMTP            string          `toml:"smtp"`
	Username        string          `toml:"username"`
	PasswordFile    string          `toml:"password_file"`
	PasswordCommand string          `toml:"password_command"`
	PasswordEnv     string          `toml:"password_env"`
	OAuth2          string          `toml:"oauth2"` // "google", "microsoft" or ""
	CAFile          string          `toml:"ca_file"`
	SaveSent        string          `toml:"save_sent"`   // "auto", "always" or "never"
	Folders         []string        `toml:"folders"`     // to watch besides those that are always watched
	AuthservID      string          `toml:"authserv_id"` // whose Authentication-Results are believed (RFC 8601, section 2.5)
}

// Schedule says when, and after how long.
type Schedule struct {
	Digest        worktime.Cron       `toml:"digest"`
	UpdateRequest worktime.Cron       `toml:"update_request"`
	NudgeAfter    []worktime.Duration `toml:"nudge_after"` // two at most
	SilentAfter   worktime.Duration   `toml:"silent_after"`
	PrepBefore    []worktime.Duration `toml:"prep_before"`
	OutcomeAfter  worktime.Duration   `toml:"outcome_after"`
	CheckInEvery  worktime.Duration   `toml:"check_in_every"`
	TalkLength    worktime.Duration   `toml:"talk_length"`
}

// Sending says when mail to contacts may leave, and how much of it.
type Sending struct {
	Days     string            `toml:"days"`
	Hours    string            `toml:"hours"`
	Holidays []string          `toml:"holidays"`
	Notice   worktime.Duration `toml:"notice"`
	PerDay   int               `toml:"per_day"`
	Gap      worktime.Duration `toml:"gap"`
	Apart    worktime.Duration `toml:"apart"`
}

// Review says what stands between a planned mail and its leaving.
type Review string

// The three ways of reviewing.
const (
	Send     Review = "send"     // it leaves without notice
	Announce Review = "announce" // it leaves after the owner was told, unless stopped
	Approve  Review = "approve"  // it waits for the owner's yes
)

// Reviews holds the Review of each kind of mail.
type Reviews struct {
	Ask      Review `toml:"ask"`
	Nudge    Review `toml:"nudge"`
	ThankYou Review `toml:"thank_you"`
	CheckIn  Review `toml:"check_in"`
}

// Store says where everything is kept; StorePath fills in the default.
type Store struct {
	Path string `toml:"path"` // a file
}

// Templates names a folder whose files replace those built in.
type Templates struct {
	Dir string `toml:"dir"`
}

// largest is more than any honest configuration needs.
const largest = 1 << 20

// Load reads the file at path. Every relative path in it is relative to its folder. The error, where there is one, is of
// type [Errors] and names all that is wrong.
func Load(path string, env func(string) string) (*Config, error) {
	text, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Errors{{
			File: path, Problem: "there is no such file",
			Remedy: "run askwell init to write one, or name another with --config", cause: err,
		}}
	case err != nil:
		return nil, Errors{{
			File: path, Problem: fmt.Sprintf("it cannot be read: %v", err),
			Remedy: "see that it is a file, and that the user who runs askwell may read it", cause: err,
		}}
	}
	return Parse(path, text, env)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, err
	}
	if len(text) > largest {
		return nil, errors.New("it is larger than a megabyte")
	}
	return text, nil
}

// Parse is Load for a text that is at hand; name stands for the path of its file.
func Parse(name string, text []byte, env func(string) string) (*Config, error) {
	if env == nil {
		env = func(string) string { return "" }
	}
	doc, fault := readDocument(bytes.TrimPrefix(text, []byte("\ufeff")))
	if fault != nil {
		fault.File = name
		return nil, Errors{*fault}
	}
	l := &loader{file: name, doc: doc, env: env}
	c := &Config{File: name, env: env}
	l.owner(c)
	l.mailbox(c)
	l.schedule(c)
	l.sending(c)
	l.rest(c)
	l.unknown()
	if len(l.errs) > 0 {
		slices.SortStableFunc(l.errs, func(a, b Error) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
		})
		return nil, l.errs
	}
	return c, nil
}

// DefaultPath is where the configuration lies if nobody says otherwise: ASKWELL_CONFIG, or askwell/askwell.toml in the
// user's folder for configuration (XDG Base Directory Specification).
func DefaultPath(env func(string) string) string {
	if path := env("ASKWELL_CONFIG"); path != "" {
		return path
	}
	return filepath.Join(userFolder(env, "XDG_CONFIG_HOME", ".config"), "askwell.toml")
}

// StorePath is where everything is kept: store.path, or askwell.db in the user's folder for data.
func (c *Config) StorePath() string {
	if c.Store.Path != "" {
		return c.Store.Path
	}
	return filepath.Join(userFolder(c.env, "XDG_DATA_HOME", filepath.Join(".local", "share")), "askwell.db")
}

// userFolder is askwell's folder below the one that a variable names. A relative path in it is to be ignored, says the
// specification. Without any home it is the working folder.
func userFolder(env func(string) string, variable, inHome string) string {
	if base := env(variable); filepath.IsAbs(base) {
		return filepath.Join(base, "askwell")
	}
	if home := env("HOME"); home != "" {
		return filepath.Join(home, inHome, "askwell")
	}
	return "."
}

// Location is the owner's zone.
func (c *Config) Location() *time.Location { return c.zone }

// Calendar has the working days of [sending].
func (c *Config) Calendar() *worktime.Calendar { return c.calendar }

// Window has the hours of [sending] on those days.
func (c *Config) Window() *worktime.Window { return c.window }

// IMAPServer is the server of mailbox.imap.
func (c *Config) IMAPServer() Server { return c.imap }

// SMTPServer is the server of mailbox.smtp.
func (c *Config) SMTPServer() Server { return c.smtp }

// OwnerAddresses are those from which the owner commands: owner.address, then owner.also, each once. The mailbox's own
// address is among them only if it stands there.
func (c *Config) OwnerAddresses() []message.Address {
	var all []message.Address
	for _, a := range slices.Concat([]message.Address{c.Owner.Address}, c.Owner.Also) {
		if !slices.ContainsFunc(all, func(b message.Address) bool { return a.Key() == b.Key() }) {
			all = append(all, a)
		}
	}
	return all
}
