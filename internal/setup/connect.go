package setup

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"os"

	"askwell/internal/config"
	"askwell/internal/imapin"
	"askwell/internal/smtpout"
)

// Mailbox makes of a configuration what reads its mailbox. The error is of type [config.Errors]: no try will be better.
func Mailbox(c *config.Config, log *slog.Logger) (*imapin.Mailbox, error) {
	trust, err := prepare(c)
	if err != nil {
		return nil, err
	}
	return link{log: log, trust: trust, password: c.Password}.mailbox(c), nil
}

// Sender makes of a configuration what sends its mail. The error is of type [config.Errors]: no try will be better.
func Sender(c *config.Config, log *slog.Logger) (*smtpout.Sender, error) {
	trust, err := prepare(c)
	if err != nil {
		return nil, err
	}
	return link{log: log, trust: trust, password: c.Password}.sender(c), nil
}

// link is how to connect, apart from where to.
type link struct {
	log      *slog.Logger
	trust    *tls.Config
	password func(context.Context) (string, error)
	dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the network
}

func (l link) mailbox(c *config.Config) *imapin.Mailbox {
	s, g := c.IMAPServer(), &gate{ask: l.password, zone: c.Location()}
	return imapin.New(imapin.Config{
		Host: s.Host, Port: s.Port, TLS: s.TLS, TLSConfig: l.trust, Username: c.Mailbox.Username, Password: l.password,
		Folders: c.Mailbox.Folders, Dial: l.dial, Logger: l.log, MayLogIn: g.open, Refused: g.closes,
	})
}

func (l link) sender(c *config.Config) *smtpout.Sender {
	s, g := c.SMTPServer(), &gate{ask: l.password, zone: c.Location()}
	return smtpout.New(smtpout.Config{
		Host: s.Host, Port: s.Port, TLS: s.TLS, TLSConfig: l.trust, Username: c.Mailbox.Username, Password: l.password,
		Dial: l.dial, Logger: l.log, MayLogIn: g.open, Refused: g.closes,
	})
}

// prepare refuses what cannot work and gives the TLS configuration for both servers.
func prepare(c *config.Config) (*tls.Config, error) {
	if c.Mailbox.OAuth2 != "" {
		return nil, config.Errors{{
			File: c.File, Key: "mailbox.oauth2", Problem: "this version cannot sign in with OAuth2",
			Remedy: "use an app password: put it into a file of its own (chmod 600) and name that with password_file in place of oauth2",
		}}
	}
	roots, err := authorities(c.Mailbox.CAFile)
	if err != nil {
		return nil, config.Errors{{
			File: c.File, Key: "mailbox.ca_file", Problem: err.Error(),
			Remedy: "name the PEM file of the authority that signed the servers' certificates, or take the key out",
		}}
	}
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, nil
}

// authorities are those of the system and that of the file; nil, which means those of the system, where there is no file.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without authorities of its own trusts the one in the file
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate in it", file)
	}
	return pool, nil
}
