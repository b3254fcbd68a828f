package smtpout

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// Report is what Check found out.
type Report struct {
	Server     string   // how it calls itself in its answer to EHLO
	TLSVersion string   // "TLS 1.3"
	Extensions []string // "SIZE 10485760", sorted
	Login      bool     // a login was asked for and accepted
}

// Check connects, logs in and takes leave. No message is sent. The error is an *Error.
func (s *Sender) Check(ctx context.Context) (Report, error) {
	var r Report
	c, err := s.connect(ctx)
	if err != nil {
		return r, s.failure("connect", judge(phaseConnect, err))
	}
	r.Server = c.c.HelloResponse()
	if state, ok := c.c.TLSConnectionState(); ok {
		r.TLSVersion = tls.VersionName(state.Version)
	}
	for _, name := range []string{"8BITMIME", "AUTH", "CHUNKING", "DSN", "ENHANCEDSTATUSCODES", "PIPELINING", "SIZE", "SMTPUTF8"} {
		if ok, args := c.c.Extension(name); ok {
			r.Extensions = append(r.Extensions, strings.TrimSpace(name+" "+args))
		}
	}
	slices.Sort(r.Extensions)
	stop := context.AfterFunc(ctx, c.drop)
	defer stop()
	if err := s.login(ctx, c); err != nil {
		c.drop()
		return r, s.failure("log in", judge(phaseLogin, firstOf(ctx.Err(), err)))
	}
	r.Login = s.cfg.Password != nil || s.cfg.Token != nil
	c.quit(s.cfg.Timeouts.Command)
	return r, nil
}

// Error is what Check returns; its text names the server and what to do.
type Error struct {
	Op        string
	Temporary bool // it may work later without anybody doing anything
	Auth, TLS bool
	Err       error
}

func (e *Error) Error() string { return e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func (s *Sender) failure(op string, o Outcome) error {
	return &Error{
		Op: op + " at " + s.addr(), Temporary: !o.Auth && !o.TLS && o.Code/100 != 5, Auth: o.Auth, TLS: o.TLS,
		Err: fmt.Errorf("%w%s", o.Err, remedy(o)),
	}
}

// remedy says what the owner can do about an outcome, if anything.
func remedy(o Outcome) string {
	switch {
	case o.Auth:
		return "; check mailbox.username and the password (some providers want an app password, or oauth2)"
	case o.TLS && outOfDate(o.Err):
		return "; whoever runs the server has to renew its certificate, unless it is this machine's clock that is wrong"
	case o.TLS:
		return "; check the host name in mailbox.smtp, and mailbox.ca_file for a private CA"
	}
	return ""
}

// outOfDate tells a certificate that has expired, or is not valid yet.
func outOfDate(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

func levelOf(o Outcome) slog.Level {
	if o.Result == Accepted {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

func attrsOf(o Outcome, server string) []slog.Attr {
	attrs := []slog.Attr{slog.String("server", server), slog.String("result", o.Result.String())}
	switch {
	case o.Code != 0: // the words of a reply often repeat the address: not for this level
		attrs = append(attrs, slog.Int("code", o.Code), slog.String("status", o.Status))
	case o.Err != nil:
		attrs = append(attrs, slog.String("error", o.Err.Error()))
	}
	return attrs
}
