package smtpout

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/wneessen/go-mail/smtp"
)

// conn is one connection. The socket is kept beside the client, because the client's own Close waits for the command
// that hangs.
type conn struct {
	raw    net.Conn
	c      *smtp.Client
	timer  *time.Timer // ends it when it is kept too long
	open   bool        // a transaction may be open: the next begins with RSET
	spent  bool        // it is no longer known what the next reply would answer
	served int         // mails taken over
}

// within sets the deadline of the next phase.
func (c *conn) within(d time.Duration) { _ = c.raw.SetDeadline(time.Now().Add(d)) }

// drop closes the socket without a word.
func (c *conn) drop() { _ = c.raw.Close() }

// quit takes leave. It must not be called while a transaction is in DATA.
func (c *conn) quit(d time.Duration) {
	c.within(d)
	_ = c.c.Quit()
	c.drop()
}

// dial connects and logs in. The phase tells how far it came; on error nothing is left open.
func (s *Sender) dial(ctx context.Context) (_ *conn, p phase, err error) {
	if s.cfg.MayLogIn != nil {
		if err := s.cfg.MayLogIn(ctx); err != nil {
			return nil, phaseLogin, &loginError{err}
		}
	}
	c, err := s.connect(ctx)
	if err != nil {
		return nil, phaseConnect, err
	}
	stop := context.AfterFunc(ctx, c.drop)
	err = s.login(ctx, c)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.drop()
		return nil, phaseLogin, firstOf(ctx.Err(), err)
	}
	return c, phaseLogin, nil
}

// connect dials, encrypts and says EHLO.
func (s *Sender) connect(ctx context.Context) (*conn, error) {
	t := s.cfg.Timeouts
	dialing, cancel := context.WithTimeout(ctx, t.Dial)
	defer cancel()
	raw, err := s.cfg.Dial(dialing, "tcp", s.addr())
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	c, err := s.greet(dialing, raw)
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = raw.Close()
		return nil, firstOf(ctx.Err(), err)
	}
	return c, nil
}

func (s *Sender) greet(dialing context.Context, raw net.Conn) (*conn, error) {
	cfg := &tls.Config{}
	if s.cfg.TLSConfig != nil {
		cfg = s.cfg.TLSConfig.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName = s.cfg.Host
	}
	cfg.MinVersion = max(cfg.MinVersion, tls.VersionTLS12)

	c := &conn{raw: raw}
	link := raw
	if s.cfg.TLS {
		// Sooner than the end of dialing, which would hide why the handshake failed if the alert about it is not read.
		c.within(s.cfg.Timeouts.Dial / 2)
		encrypted := tls.Client(raw, cfg)
		if err := encrypted.HandshakeContext(dialing); err != nil {
			return nil, tlsFailure("agree on TLS", err)
		}
		link = encrypted
	}
	c.within(s.cfg.Timeouts.Command)
	client, err := smtp.NewClient(link, s.cfg.Host)
	if err != nil {
		return nil, fmt.Errorf("read the greeting: %w", err)
	}
	c.c = client
	c.within(s.cfg.Timeouts.Command)
	if err := client.Hello(s.cfg.HELO); err != nil {
		return nil, fmt.Errorf("say EHLO: %w", err)
	}
	if s.cfg.TLS {
		return c, nil
	}
	if ok, _ := client.Extension("STARTTLS"); !ok {
		return nil, &tlsError{errors.New("the server offers no STARTTLS, and nothing is sent in the clear; " +
			"use its smtps:// port, usually 465")}
	}
	c.within(s.cfg.Timeouts.Command)
	if err := client.StartTLS(cfg); err != nil {
		var reply *textproto.Error
		if errors.As(err, &reply) {
			return nil, &tlsError{fmt.Errorf("start TLS: %w", err)}
		}
		return nil, tlsFailure("start TLS", err)
	}
	return c, nil
}

// tlsFailure marks err as one of trust, unless it is only a lost or slow connection.
func tlsFailure(doing string, err error) error {
	var (
		untrusted *tls.CertificateVerificationError
		alert     tls.AlertError
		noise     tls.RecordHeaderError
	)
	err = fmt.Errorf("%s: %w", doing, err)
	if errors.As(err, &untrusted) || errors.As(err, &alert) || errors.As(err, &noise) ||
		strings.Contains(err.Error(), "tls: ") {
		return &tlsError{err}
	}
	return err
}

// login proves who we are, if there is anything to prove it with.
func (s *Sender) login(ctx context.Context, c *conn) error {
	if s.cfg.Password == nil && s.cfg.Token == nil {
		return nil
	}
	auth, secret, err := s.mechanism(ctx, c)
	if err != nil {
		return &loginError{err}
	}
	c.within(s.cfg.Timeouts.Login)
	err = c.c.Auth(auth)
	var refused *sasl.OAuthBearerError
	if errors.As(err, &refused) || errors.Is(err, smtp.ErrUnexpectedServerChallange) ||
		errors.Is(err, smtp.ErrUnexpectedServerResponse) {
		err = &loginError{err}
	}
	if s.cfg.Refused != nil && err != nil && judge(phaseLogin, err).Auth {
		s.cfg.Refused(secret, err)
	}
	return err
}

// mechanism chooses from what the server offers after TLS (RFC 4954 section 3); secret is what it proves.
func (s *Sender) mechanism(ctx context.Context, c *conn) (_ smtp.Auth, secret string, err error) {
	_, offer := c.c.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(offer))
	has := func(m string) bool { return slices.Contains(offered, m) }
	if s.cfg.Token != nil {
		if !has("XOAUTH2") && !has("OAUTHBEARER") {
			return nil, "", errors.New("the server takes no OAuth2 tokens for sending")
		}
		token, err := s.cfg.Token(ctx)
		if err != nil {
			return nil, "", fmt.Errorf("get the access token: %w", err)
		}
		if has("XOAUTH2") {
			return smtp.XOAuth2Auth(s.cfg.Username, token), token, nil
		}
		return bearer{sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: s.cfg.Username, Token: token})}, token, nil
	}
	if !has("PLAIN") && !has("LOGIN") {
		return nil, "", errors.New("the server takes no passwords for sending (neither AUTH PLAIN nor LOGIN)")
	}
	password, err := s.cfg.Password(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("get the password: %w", err)
	}
	if has("PLAIN") {
		return smtp.PlainAuth("", s.cfg.Username, password, s.cfg.Host, false), password, nil
	}
	return smtp.LoginAuth(s.cfg.Username, password, s.cfg.Host, false), password, nil
}

// bearer lets go-mail's client speak OAUTHBEARER (RFC 7628).
type bearer struct{ client sasl.Client }

func (b bearer) Start(*smtp.ServerInfo) (string, []byte, error) { return b.client.Start() }

func (b bearer) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return b.client.Next(challenge)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
