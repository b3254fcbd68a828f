package smtpout

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTLSIsDemanded(t *testing.T) {
	for _, test := range []struct {
		name   string
		plain  bool
		on     func(c *fakeConn, verb, args string) bool
		change func(*Config)
		result Result
		tls    bool
	}{
		{name: "implicit", result: Accepted},
		{name: "STARTTLS", plain: true, result: Accepted},
		{name: "no STARTTLS", plain: true, on: func(c *fakeConn, verb, _ string) bool {
			if verb == "EHLO" {
				c.say("250-hello", "250 AUTH PLAIN LOGIN")
			}
			return verb == "EHLO"
		}, result: Retry, tls: true},
		{name: "STARTTLS refused", plain: true, on: func(c *fakeConn, verb, _ string) bool {
			if verb == "STARTTLS" {
				c.say("454 4.7.0 TLS not available")
			}
			return verb == "STARTTLS"
		}, result: Retry, tls: true},
		{name: "only HELO", plain: true, on: func(c *fakeConn, verb, _ string) bool {
			switch verb {
			case "EHLO":
				c.say("502 5.5.1 what?")
			case "HELO":
				c.say("250 hello")
			}
			return verb == "EHLO" || verb == "HELO"
		}, result: Retry, tls: true},
		{name: "injected before TLS", plain: true, on: func(c *fakeConn, verb, _ string) bool {
			if verb == "STARTTLS" {
				c.say("220 go ahead", "250-injected", "250 AUTH PLAIN")
				c.use(c.Conn, true)
			}
			return verb == "STARTTLS"
		}, result: Accepted}, // what was injected is forgotten
		{name: "another's certificate", change: func(c *Config) { c.Host = "smtp.example.com" }, result: Retry, tls: true},
		{name: "unknown CA", change: func(c *Config) { c.TLSConfig = nil }, result: Retry, tls: true},
		{name: "unknown CA, STARTTLS", plain: true, change: func(c *Config) { c.TLSConfig = nil }, result: Retry, tls: true},
		{name: "TLS 1.1 only", change: func(c *Config) {
			c.TLSConfig = c.TLSConfig.Clone()
			c.TLSConfig.MaxVersion = tls.VersionTLS11
		}, result: Retry, tls: true},
		{name: "hangs in the handshake", change: func(c *Config) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go func() {
					for b := make([]byte, 1024); ; {
						if _, err := theirs.Read(b); err != nil {
							return
						}
					}
				}()
				return ours, nil
			}
		}, result: Retry},
		{name: "cannot connect", change: func(c *Config) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
		}, result: Retry},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.plain, f.on = test.plain, test.on
				s := f.sender(t, func(c *Config) {
					if test.change != nil {
						test.change(c)
					}
				})
				begin := time.Now()
				o := send(t, s)
				if o.Result != test.result || o.TLS != test.tls {
					t.Errorf("%+v", o)
				}
				if took := time.Since(begin); took > 2*time.Minute {
					t.Errorf("took %v", took)
				}
				if o.Err != nil && !strings.Contains(o.Err.Error(), "smtp.example.") {
					t.Errorf("does not name the server: %v", o.Err)
				}
				for _, line := range f.wire {
					if verb, _, _ := strings.Cut(line, " "); !slices.Contains([]string{"EHLO", "HELO", "STARTTLS", "QUIT"}, verb) {
						t.Errorf("in the clear: %q", line)
					}
				}
			})
		})
	}
}

func TestLogin(t *testing.T) {
	for _, test := range []struct {
		name   string
		offer  string
		change func(*Config)
		on     func(c *fakeConn, verb, args string) bool
		result Result
		auth   bool
		says   []string
	}{
		{name: "PLAIN", offer: "AUTH LOGIN PLAIN", result: Accepted, says: []string{"AUTH PLAIN AGFkYUBleGFtcGxlLm9yZwBzZWNyZXQ="}},
		{name: "LOGIN", offer: "AUTH LOGIN", on: dialogue("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok"), result: Accepted, says: []string{"AUTH LOGIN"}},
		{name: "LOGIN asks on", offer: "AUTH LOGIN", on: dialogue("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "334 VXNlcm5hbWU6"), result: Retry, auth: true, says: []string{"AUTH LOGIN"}},
		{name: "nothing offered", result: Retry, auth: true},
		{name: "only others", offer: "AUTH CRAM-MD5", result: Retry, auth: true},
		{name: "no password", offer: "AUTH PLAIN", change: func(c *Config) {
			c.Password = func(context.Context) (string, error) { return "", errors.New("no such file") }
		}, result: Retry, auth: true},
		{name: "no login wanted", change: func(c *Config) { c.Password = nil }, result: Accepted},
		{name: "XOAUTH2", offer: "AUTH PLAIN OAUTHBEARER XOAUTH2", change: withToken, result: Accepted, says: []string{"AUTH XOAUTH2 dXNlcj1hZGFAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgdG9rZW4BAQ=="}},
		{name: "XOAUTH2 refused", offer: "AUTH XOAUTH2", change: withToken, on: dialogue("334 eyJzdGF0dXMiOiI0MDEifQ==", "535 5.7.8 no"), result: Retry, auth: true, says: []string{"AUTH XOAUTH2 dXNlcj1hZGFAZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIgdG9rZW4BAQ=="}},
		{name: "OAUTHBEARER", offer: "AUTH OAUTHBEARER", change: withToken, result: Accepted, says: []string{"AUTH OAUTHBEARER bixhPWFkYUBleGFtcGxlLm9yZywBYXV0aD1CZWFyZXIgdG9rZW4BAQ=="}},
		{name: "OAUTHBEARER refused", offer: "AUTH OAUTHBEARER", change: withToken, on: dialogue("334 eyJzdGF0dXMiOiI0MDEifQ==", "535 5.7.8 no"), result: Retry, auth: true, says: []string{"AUTH OAUTHBEARER bixhPWFkYUBleGFtcGxlLm9yZywBYXV0aD1CZWFyZXIgdG9rZW4BAQ=="}},
		{name: "no tokens taken", offer: "AUTH PLAIN", change: withToken, result: Retry, auth: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.ehlo, f.on = nil, test.on
				if test.offer != "" {
					f.ehlo = []string{test.offer}
				}
				s := f.sender(t, func(c *Config) {
					if test.change != nil {
						test.change(c)
					}
				})
				o := send(t, s)
				if o.Result != test.result || o.Auth != test.auth {
					t.Errorf("%+v", o)
				}
				if o.Auth && !strings.Contains(o.Err.Error(), "password") {
					t.Errorf("no remedy: %v", o.Err)
				}
				if got := f.said("AUTH"); !slices.Equal(got, test.says) {
					t.Errorf("said %q", got)
				}
				if _, err := s.Check(t.Context()); (err != nil) != (test.result == Retry) {
					t.Errorf("check: %v", err)
				} else if e := (*Error)(nil); err != nil && (!errors.As(err, &e) || e.Auth != test.auth) {
					t.Errorf("check: %+v", err)
				}
			})
		})
	}
}

func withToken(c *Config) {
	c.Token = func(context.Context) (string, error) { return "token", nil }
}

// dialogue answers AUTH and the lines that follow it, on each connection anew.
func dialogue(replies ...string) func(c *fakeConn, verb, args string) bool {
	next := 0
	return func(c *fakeConn, verb, _ string) bool {
		switch verb {
		case "AUTH":
			next = 0
		case "greeting", "EHLO", "MAIL", "RCPT", "DATA", "text", "dot", "QUIT", "RSET":
			return false
		}
		if next == len(replies) {
			return false
		}
		c.say(replies[next])
		next++
		return true
	}
}

func TestCheck(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		r, err := f.sender(t).Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r.Server != "smtp.example.org at your service" || r.TLSVersion != "TLS 1.3" || !r.Login ||
			!slices.Contains(r.Extensions, "SIZE 100000") {
			t.Errorf("%+v", r)
		}
		if len(f.said("MAIL")) > 0 || len(f.said("QUIT")) != 1 {
			t.Errorf("said %q", f.log)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add("550-5.1.1 no\n550 5.1.1 such user")
	f.Add("5.1.1")
	f.Add("5.1.1234 x")
	f.Add("\x00\x1b[31mred\u202e")
	f.Fuzz(func(t *testing.T, msg string) {
		for _, code := range []int{0, 250, 550} {
			status, text := splitStatus(code, msg)
			if len(text) > maxReplyText || strings.ContainsAny(text, "\r\n\x1b\x00") {
				t.Errorf("text %q", text)
			}
			if status != "" && !enhanced(code, status) {
				t.Errorf("status %q", status)
			}
		}
	})
}

// FuzzServer lets a server say anything at all after its greeting: nobody hangs, and without a plain 2yz to the dot
// nothing is Accepted.
func FuzzServer(f *testing.F) {
	f.Add("250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n")
	f.Add("250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n554 no\r\n")
	f.Add("250 AUTH LOGIN\r\n334 \r\n334 \r\n")
	f.Add("250\r\n")
	f.Fuzz(func(t *testing.T, script string) {
		inBubble(t, func(t *testing.T) {
			fake := newFake()
			fake.on = func(c *fakeConn, verb, _ string) bool {
				if verb != "greeting" {
					return false
				}
				c.say("220 hello")
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, _ = c.Write([]byte(script))
				}()
				c.hang()
				<-done
				return true
			}
			begin := time.Now()
			o := send(t, fake.sender(t))
			if o.Result < Accepted || o.Result > Unknown || (o.Result == Accepted) != (o.Err == nil) {
				t.Errorf("%+v", o)
			}
			if o.Result == Accepted && (o.Code/100 != 2 || !strings.Contains(script, "354")) {
				t.Errorf("%q: %+v", script, o)
			}
			if took := time.Since(begin); took > 20*time.Minute {
				t.Errorf("took %v", took)
			}
		})
	})
}
