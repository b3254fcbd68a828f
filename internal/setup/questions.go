package setup

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"

	"askwell/internal/config"
	"askwell/internal/message"
)

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
		{table: "owner", key: "name", value: quote("Ada Example")},
		{table: "owner", key: "address", value: quote("ada@example.org")},
		{table: "mailbox", key: "imap", value: quote(urls["imap"])},
		{table: "mailbox", key: "smtp", value: quote(urls["smtp"])},
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
