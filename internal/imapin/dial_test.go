package imapin

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// preface is the beginning of a connection without TLS, up to STARTTLS; it writes down what the client says.
type preface struct {
	greeting string
	answer   string
	mu       sync.Mutex
	wire     []string
}

func (p *preface) serve(f *fake) func(net.Conn) {
	return func(raw net.Conn) {
		if _, err := raw.Write([]byte(p.greeting + "\r\n")); err != nil {
			return
		}
		r := bufio.NewReader(raw)
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		p.mu.Lock()
		p.wire = append(p.wire, strings.TrimSpace(line))
		p.mu.Unlock()
		lines := strings.SplitAfter(p.answer, "\r\n")
		said := len(lines) - 1
		if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "a1 ") }); i >= 0 {
			said = i + 1
		}
		if _, err := raw.Write([]byte(strings.Join(lines[:said], ""))); err != nil {
			return
		}
		// A pipe has no buffer for what nobody asked for: it goes before the first thing that is asked for.
		server, _ := pki()
		conn := tls.Server(&prefixed{Conn: raw, rest: []byte(strings.Join(lines[said:], ""))}, server)
		if conn.HandshakeContext(context.Background()) != nil {
			return
		}
		f.greeting = "-" // none after STARTTLS
		f.speak(conn)
	}
}

// prefixed says something before the first thing that it writes.
type prefixed struct {
	net.Conn
	rest []byte
}

func (p *prefixed) Write(b []byte) (int, error) {
	if len(p.rest) > 0 {
		if _, err := p.Conn.Write(p.rest); err != nil {
			return 0, err
		}
		p.rest = nil
	}
	return p.Conn.Write(b)
}

func TestStartTLS(t *testing.T) {
	for _, test := range []struct {
		name, greeting, answer string
		ok, tls                bool
	}{
		{"plain", "* OK hello", "a1 OK begin\r\n", true, false},
		{"talks before", "* OK hello", "* CAPABILITY IMAP4rev1\r\na1 OK begin\r\n", true, false},
		{"refused", "* OK hello", "a1 NO not here\r\n", false, true},
		{"unknown", "* OK hello", "a1 BAD what?\r\n", false, true},
		{"PREAUTH", "* PREAUTH come in", "", false, true},
		{"busy", "* BYE too many connections", "", false, false},
		{"no IMAP", "220 smtp.example.org ESMTP", "", false, false},
		{"injected", "* OK hello", "a1 OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", false, true},
		{"never ends", "* OK hello", strings.Repeat("* OK x\r\n", 100), false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				p := &preface{greeting: test.greeting, answer: test.answer}
				cfg := link(t, p.serve(f))
				cfg.TLS = false
				m := New(cfg)
				t.Cleanup(func() { _ = m.Close() })
				begin := time.Now()
				_, err := m.Read(t.Context(), nil, time.Time{}, &notes{})
				var e *Error
				if (err == nil) != test.ok || (err != nil && (!errors.As(err, &e) || e.TLS != test.tls || e.Temporary == test.tls)) {
					t.Errorf("%+v", err)
				}
				if time.Since(begin) > 2*time.Minute {
					t.Errorf("took %v", time.Since(begin))
				}
				for _, line := range p.wire {
					if line != "a1 STARTTLS" {
						t.Errorf("in the clear: %q", line)
					}
				}
			})
		})
	}
}

func TestLogin(t *testing.T) {
	plain := "AUTHENTICATE PLAIN AGFkYUBleGFtcGxlLm9yZwBzZWNyZXQ="
	token := func(c *Config) { c.Token = func(context.Context) (string, error) { return "token", nil } }
	no := func(text string) func(c *fakeConn, verb, args string) bool {
		return func(c *fakeConn, verb, _ string) bool {
			if verb == "AUTHENTICATE" || verb == "LOGIN" {
				c.no(text)
				return true
			}
			return false
		}
	}
	denied := func(c *fakeConn, verb, _ string) bool {
		if verb == "AUTHENTICATE" {
			c.say("+ eyJzdGF0dXMiOiI0MDEifQ==")
			c.hang()
		}
		return verb == "AUTHENTICATE"
	}
	for _, test := range []struct {
		name, caps string
		change     func(*Config)
		on         func(c *fakeConn, verb, args string) bool
		says       string
		ok, auth   bool
		temporary  bool
	}{
		{name: "PLAIN at once", caps: "IMAP4rev1 AUTH=PLAIN SASL-IR", says: plain, ok: true},
		{name: "PLAIN and LOGINDISABLED", caps: "IMAP4rev1 AUTH=PLAIN SASL-IR LOGINDISABLED", says: plain, ok: true},
		{name: "LOGIN", caps: "IMAP4rev1", says: `LOGIN "ada@example.org" "secret"`, ok: true},
		{name: "no way in", caps: "IMAP4rev1 LOGINDISABLED AUTH=GSSAPI", auth: true},
		{name: "wrong", caps: "IMAP4rev1 AUTH=PLAIN SASL-IR", on: no("[AUTHENTICATIONFAILED] no"), says: plain, auth: true},
		{name: "wrong, without a code", caps: "IMAP4rev1", on: no("LOGIN failed"), says: `LOGIN "ada@example.org" "secret"`, auth: true},
		{name: "busy", caps: "IMAP4rev1 AUTH=PLAIN SASL-IR", on: no("[UNAVAILABLE] no"), says: plain, temporary: true},
		{name: "busy, in words", caps: "IMAP4rev1 AUTH=PLAIN SASL-IR", on: no("[ALERT] Too many simultaneous connections. (Failure)"), says: plain, temporary: true},
		{name: "no password", caps: "IMAP4rev1", change: func(c *Config) {
			c.Password = func(context.Context) (string, error) { return "", errors.New("no such file") }
		}, auth: true},
		{name: "password with a line end", caps: "IMAP4rev1", change: func(c *Config) {
			c.Password = func(context.Context) (string, error) { return "a\r\nb", nil }
		}, auth: true},
		{name: "XOAUTH2", caps: "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER AUTH=XOAUTH2", change: token, says: "AUTHENTICATE XOAUTH2 dXNlcj1hZGFAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgdG9rZW4BAQ==", ok: true},
		{name: "XOAUTH2 refused", caps: "IMAP4rev1 SASL-IR AUTH=XOAUTH2", change: token, on: denied, says: "AUTHENTICATE XOAUTH2 dXNlcj1hZGFAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgdG9rZW4BAQ==", auth: true},
		{name: "OAUTHBEARER", caps: "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER", change: token, says: "AUTHENTICATE OAUTHBEARER bixhPWFkYUBleGFtcGxlLm9yZywBYXV0aD1CZWFyZXIgdG9rZW4BAQ==", ok: true},
		{name: "OAUTHBEARER refused", caps: "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER", change: token, on: denied, says: "AUTHENTICATE OAUTHBEARER bixhPWFkYUBleGFtcGxlLm9yZywBYXV0aD1CZWFyZXIgdG9rZW4BAQ==", auth: true},
		{name: "no tokens", caps: "IMAP4rev1 AUTH=PLAIN", change: token, auth: true},
		{name: "IMAP4rev2", caps: "IMAP4rev2 IMAP4rev1 AUTH=PLAIN SASL-IR", says: plain, ok: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				f.caps, f.on = test.caps, test.on
				m := open(t, f, func(c *Config) {
					if test.change != nil {
						test.change(c)
					}
				})
				begin := time.Now()
				r, err := m.Check(t.Context())
				var e *Error
				if (err == nil) != test.ok || (err != nil && (!errors.As(err, &e) || e.Auth != test.auth || e.Temporary != test.temporary)) {
					t.Errorf("%+v", err)
				}
				if test.ok && (r.Greeting != "fake server ready" || len(r.Folders) != 1 || r.Folders[0].HighestUID != 1) {
					t.Errorf("%+v", r)
				}
				if got := strings.Join(append(f.said("AUTHENTICATE"), f.said("LOGIN ")...), "|"); got != test.says {
					t.Errorf("said %s", got)
				}
				if time.Since(begin) > time.Second {
					t.Errorf("took %v", time.Since(begin))
				}
				if strings.Contains(test.caps, "IMAP4rev2") != slices.Contains(f.log, "ENABLE IMAP4rev2") {
					t.Errorf("said %q", f.log)
				}
			})
		})
	}
}

func TestUntrusted(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"another's certificate": func(c *Config) { c.Host = "imap.example.com" },
		"unknown CA":            func(c *Config) { c.TLSConfig = nil },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				m := open(t, f, change)
				_, err := m.Read(t.Context(), nil, time.Time{}, &notes{})
				var e *Error
				if !errors.As(err, &e) || !e.TLS || e.Temporary || !strings.Contains(err.Error(), "mailbox.ca_file") {
					t.Errorf("%+v", err)
				}
				if len(f.log) > 0 {
					t.Errorf("said %q", f.log)
				}
			})
		})
	}
}
