package imapin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Error is what every method returns when the mailbox could not be used. Its text names the server and what to do.
type Error struct {
	Op        string // "log in", "open folder INBOX"
	Temporary bool   // it may work later without anybody doing anything
	Auth      bool   // the login was refused
	TLS       bool   // no trusted encryption could be had
	Err       error

	host string
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s at %s: %v", e.Op, e.host, e.Err)
	switch {
	case e.Auth:
		text += "; check mailbox.username and the password (some providers want an app password, or oauth2)"
	case e.TLS && outOfDate(e.Err):
		text += "; whoever runs the server has to renew its certificate, unless it is this machine's clock that is wrong"
	case e.TLS:
		text += "; check the host name in mailbox.imap, and mailbox.ca_file for a private CA"
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// outOfDate tells a certificate that has expired, or is not valid yet.
func outOfDate(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

var (
	errClosed  = errors.New("the mailbox is closed")
	errTimeout = errors.New("the server did not answer in time")
)

// lostError is a connection that ended or stalled.
type lostError struct {
	err error
	bye string // the server's last words
}

func (e *lostError) Error() string {
	if e.bye != "" {
		return fmt.Sprintf("the server closed the connection: %s", e.bye)
	}
	return fmt.Sprintf("the connection was lost: %v", e.err)
}
func (e *lostError) Unwrap() error { return e.err }

// oddError is something that the server said and nobody understands.
type oddError struct{ err error }

func (e *oddError) Error() string {
	return fmt.Sprintf("the server's answer cannot be read: %v", e.err)
}
func (e *oddError) Unwrap() error { return e.err }

type tlsError struct{ err error }

func (e *tlsError) Error() string { return e.err.Error() }
func (e *tlsError) Unwrap() error { return e.err }

type loginError struct{ err error }

func (e *loginError) Error() string { return e.err.Error() }
func (e *loginError) Unwrap() error { return e.err }

func isLost(err error) bool {
	var lost *lostError
	return errors.As(err, &lost)
}

func isOdd(err error) bool {
	var odd *oddError
	return errors.As(err, &odd)
}

// refusal returns the NO or BAD in err, if that is what it is.
func refusal(err error) (*imap.Error, bool) {
	var no *imap.Error
	ok := errors.As(err, &no)
	return no, ok
}

// passing tells a refusal that the server itself calls temporary (RFC 5530).
func passing(no *imap.Error) bool {
	switch no.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return true
	}
	text := strings.ToLower(no.Text)
	return strings.Contains(text, "too many") || strings.Contains(text, "try again") ||
		strings.Contains(text, "temporar") || strings.Contains(text, "unavailable")
}

// fail makes an Error of err, unless it is one already.
func (m *Mailbox) fail(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	e := &Error{Op: op, Err: err, host: m.addr(), Temporary: true}
	var (
		untrusted *tlsError
		login     *loginError
	)
	no, refused := refusal(err)
	switch {
	case errors.As(err, &untrusted):
		e.TLS, e.Temporary = true, false
	case errors.As(err, &login):
		if refused && passing(no) {
			break
		}
		e.Auth, e.Temporary = true, false
	case refused:
		e.Temporary = passing(no)
	}
	return e
}

// tlsFailure marks err as one of trust, unless it is only a lost or slow connection.
func tlsFailure(err error) error {
	var (
		untrusted *tls.CertificateVerificationError
		alert     tls.AlertError
		noise     tls.RecordHeaderError
	)
	if errors.As(err, &untrusted) || errors.As(err, &alert) || errors.As(err, &noise) ||
		strings.Contains(err.Error(), "tls: ") {
		return &tlsError{fmt.Errorf("agree on TLS: %w", err)}
	}
	return fmt.Errorf("agree on TLS: %w", err)
}

func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
