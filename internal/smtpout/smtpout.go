// Package smtpout sends one finished message through the owner's own submission server and says, as exactly as SMTP
// allows, what became of it.
//
// The bytes come from the store and leave as they are: nothing is composed here, nothing is added but the stuffed dots
// of RFC 5321 section 4.5.2. The conversation is led phase by phase with the client of go-mail, each phase under a
// deadline of its own.
//
// # Results
//
// A Result is never derived from "there was an error". It depends on how far the conversation had come:
//
//	before MAIL                          Retry     nothing of the message was begun; Auth and TLS tell what is wrong
//	5yz to MAIL, RCPT, DATA              Rejected  the server will not take it (530, 534, 535, 538: Retry and Auth)
//	4yz, or a lost connection, before the dot  Retry
//	mark failed                          Retry     nothing of the text was written
//	2yz to the dot                       Accepted  whatever happens to the connection afterwards
//	4yz to the dot, but for 421          Retry
//	5yz to the dot                       Rejected
//	421, or no such answer, to the dot   Unknown   it may have been delivered; never send it again by yourself
//
// A message leaves for all of its recipients or for none: one refused RCPT ends the attempt before DATA.
//
// # Ends and deadlines
//
// Until the server has said 354 the end of the context breaks the connection off. Then mark is called, and from there
// on the context is ignored: the answer, or the ten minutes of RFC 5321 section 4.5.3.2.6, are waited for.
//
// # Privacy
//
// Credentials are sent over TLS only: implicit, or by STARTTLS, which is demanded. A server without it is never spoken
// to any further.
package smtpout

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"
)

// Config says where and as whom to send. Host and Port are required.
type Config struct {
	Host, Port string
	TLS        bool        // implicit TLS (RFC 8314); otherwise STARTTLS is demanded
	TLSConfig  *tls.Config // may be nil; RootCAs for a private CA; ServerName defaults to Host

	Username string
	Password func(context.Context) (string, error) // asked at every login
	Token    func(context.Context) (string, error) // an OAuth2 access token; wins over Password

	// MayLogIn is asked before a connection is made; its error stands for a refused login. Refused is told of each login
	// that was refused for good, with the password or token. Both may be nil.
	MayLogIn func(context.Context) error
	Refused  func(secret string, why error)

	HELO string // the name in EHLO; the default "[127.0.0.1]" tells nobody where the owner's machine stands

	// Dial opens the connection; nil means a net.Dialer.
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	Timeouts Timeouts
	Logger   *slog.Logger // nil: silent
}

// Timeouts are the longest waits of each phase; zero fields get the default.
type Timeouts struct {
	Dial    time.Duration // connect and TLS handshake: 1m
	Command time.Duration // the greeting and each command: 1m
	Login   time.Duration // the whole of AUTH: 1m
	Text    time.Duration // each 16 kB of the text: 3m (RFC 5321 section 4.5.3.2.5)
	Dot     time.Duration // from the dot to its answer: 10m (RFC 5321 section 4.5.3.2.6)
	Idle    time.Duration // how long an unused connection is kept: 30s, which is also the most
}

const maxIdle = 30 * time.Second

func (t Timeouts) withDefaults() Timeouts {
	return Timeouts{
		Dial:    cmp.Or(t.Dial, time.Minute),
		Command: cmp.Or(t.Command, time.Minute),
		Login:   cmp.Or(t.Login, time.Minute),
		Text:    cmp.Or(t.Text, 3*time.Minute),
		Dot:     cmp.Or(t.Dot, 10*time.Minute),
		Idle:    min(cmp.Or(t.Idle, maxIdle), maxIdle),
	}
}

// Sender sends messages, one connection at a time for each caller. It may be used by several goroutines.
type Sender struct {
	cfg Config

	mu      sync.Mutex
	kept    *conn // idle, logged in, between two messages; nil if none
	closed  bool
	leaving sync.WaitGroup // connections that are being ended in the background
}

var errClosed = errors.New("the sender is closed")

// New returns a Sender. It connects to nothing yet.
func New(c Config) *Sender {
	c.Timeouts = c.Timeouts.withDefaults()
	c.HELO = cmp.Or(c.HELO, "[127.0.0.1]")
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext
	}
	return &Sender{cfg: c}
}

func (s *Sender) addr() string { return net.JoinHostPort(s.cfg.Host, s.cfg.Port) }

// Close ends the kept connection and whatever is being ended in the background. A Send that runs is not disturbed;
// a later one is Retry.
func (s *Sender) Close() error {
	s.mu.Lock()
	c := s.kept
	s.kept, s.closed = nil, true
	s.mu.Unlock()
	if c != nil {
		c.timer.Stop()
		c.quit(2 * time.Second)
	}
	s.leaving.Wait()
	return nil
}

// take hands out the kept connection, if there is one.
func (s *Sender) take() *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.kept
	s.kept = nil
	if c == nil {
		return nil
	}
	c.timer.Stop()
	return c
}

// keep stores a connection on which no transaction is open, and ends it when nobody has taken it in time.
func (s *Sender) keep(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.kept != nil {
		s.leaving.Go(func() { c.quit(2 * time.Second) })
		return
	}
	s.kept = c
	c.timer = time.AfterFunc(s.cfg.Timeouts.Idle, func() {
		s.mu.Lock()
		mine := s.kept == c
		if mine {
			s.kept = nil
			s.leaving.Add(1)
		}
		s.mu.Unlock()
		if mine {
			defer s.leaving.Done()
			c.quit(5 * time.Second)
		}
	})
}
