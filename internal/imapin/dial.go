package imapin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// dial connects, encrypts and logs in; on error nothing is left open.
func (m *Mailbox) dial(ctx context.Context) (*session, error) {
	if m.cfg.MayLogIn != nil {
		if err := m.cfg.MayLogIn(ctx); err != nil {
			return nil, m.fail("log in", ended(ctx, &loginError{err}))
		}
	}
	s, err := m.connect(ctx)
	if err != nil {
		return nil, m.fail("connect", ended(ctx, err))
	}
	if err := s.login(ctx); err != nil {
		s.drop()
		return nil, m.fail("log in", ended(ctx, err))
	}
	return s, nil
}

// connect dials and gets as far as the greeting, over TLS.
func (m *Mailbox) connect(ctx context.Context) (*session, error) {
	dialing, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	raw, err := m.cfg.Dial(dialing, "tcp", m.addr())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(dialing, func() { _ = raw.Close() })
	s, err := m.encrypt(dialing, raw)
	if !stop() && err == nil {
		err = dialing.Err()
	}
	if err != nil {
		_ = raw.Close()
		if distrust := (*tlsError)(nil); dialing.Err() != nil && !errors.As(err, &distrust) {
			err = errTimeout
		}
		return nil, err
	}
	return s, nil
}

// encrypt does by hand what comes before the client: the greeting, so that it can be reported, and STARTTLS (RFC 9051
// section 6.2.1), so that nothing said before TLS is believed after it and all that comes later passes the guard.
func (m *Mailbox) encrypt(ctx context.Context, raw net.Conn) (*session, error) {
	cfg := &tls.Config{}
	if m.cfg.TLSConfig != nil {
		cfg = m.cfg.TLSConfig.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName = m.cfg.Host
	}
	cfg.MinVersion = max(cfg.MinVersion, tls.VersionTLS12)

	_ = raw.SetDeadline(time.Now().Add(dialLimit))
	greeting := ""
	if !m.cfg.TLS {
		var err error
		if greeting, err = readGreeting(raw); err != nil {
			return nil, err
		}
		if err := startTLS(raw, greeting); err != nil {
			return nil, err
		}
	}
	// Sooner than the end of ctx, which would hide why the handshake failed if the alert about it is not read.
	_ = raw.SetDeadline(time.Now().Add(dialLimit / 2))
	link := tls.Client(raw, cfg)
	if err := link.HandshakeContext(ctx); err != nil {
		return nil, tlsFailure(err)
	}
	// The capabilities are asked for; with some in the greeting the client does not do so by itself.
	replay := "* OK [CAPABILITY IMAP4rev1] ready\r\n"
	if m.cfg.TLS {
		var err error
		if greeting, err = readGreeting(link); err != nil {
			return nil, err
		}
		if strings.HasPrefix(strings.ToUpper(greeting), "* PREAUTH") {
			replay = strings.Replace(replay, "OK", "PREAUTH", 1)
		}
	}
	_ = raw.SetDeadline(time.Time{})
	g := &guard{Conn: link, raw: raw, replay: []byte(replay)}
	return &session{
		m: m, raw: raw, guard: g, greeting: words(greeting), tlsVersion: tls.VersionName(link.ConnectionState().Version),
		told: make(chan struct{}, 1),
	}, nil
}

// start gives the link to the client, whose goroutine begins to read.
func (s *session) start() {
	s.c = imapclient.New(s.guard, &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(data *imapclient.UnilateralDataMailbox) {
				if data.NumMessages == nil {
					return
				}
				select {
				case s.told <- struct{}{}:
				default:
				}
			},
		},
	})
}

// words are the human part of a greeting.
func words(greeting string) string {
	_, text, _ := strings.Cut(strings.TrimPrefix(greeting, "* "), " ")
	if _, rest, ok := strings.Cut(text, "]"); ok && strings.HasPrefix(text, "[") {
		text = rest
	}
	return printable(text)
}

func readGreeting(conn net.Conn) (string, error) {
	line, err := readLine(conn)
	if err != nil {
		return "", fmt.Errorf("read the greeting: %w", err)
	}
	switch word := strings.ToUpper(line); {
	case strings.HasPrefix(word, "* OK"), strings.HasPrefix(word, "* PREAUTH"):
		return line, nil
	case strings.HasPrefix(word, "* BYE"):
		return "", fmt.Errorf("the server will not serve us now: %s", printable(line[5:]))
	}
	return "", fmt.Errorf("this is no IMAP server: it greets with %q", cut(printable(line), 60))
}

func startTLS(conn net.Conn, greeting string) error {
	if !strings.HasPrefix(strings.ToUpper(greeting), "* OK") {
		return &tlsError{errors.New("the server wants to go on without encryption (PREAUTH)")}
	}
	if _, err := conn.Write([]byte("a1 STARTTLS\r\n")); err != nil {
		return fmt.Errorf("ask for STARTTLS: %w", err)
	}
	for range 20 {
		line, err := readLine(conn)
		if err != nil {
			return fmt.Errorf("ask for STARTTLS: %w", err)
		}
		answer, tagged := strings.CutPrefix(line, "a1 ")
		switch {
		case !tagged:
		case strings.HasPrefix(strings.ToUpper(answer), "OK"):
			return nil
		default:
			return &tlsError{fmt.Errorf("the server offers no STARTTLS, and nothing is sent in the clear (it said: %s); "+
				"use its imaps:// port, usually 993", cut(printable(answer), 200))}
		}
	}
	return errors.New("ask for STARTTLS: no answer among what the server says")
}

// readLine reads byte by byte, so that nothing behind the line is taken from what reads on.
func readLine(conn net.Conn) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) < 8<<10; {
		n, err := conn.Read(b)
		if n == 1 {
			if b[0] == '\n' {
				return strings.TrimSuffix(string(line), "\r"), nil
			}
			line = append(line, b[0])
			continue
		}
		if err != nil {
			return "", err
		}
	}
	return "", errTooMuch
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
