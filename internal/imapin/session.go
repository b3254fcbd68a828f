package imapin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// session is one connection, logged in. It is used by one goroutine at a time.
type session struct {
	m          *Mailbox
	raw        net.Conn
	guard      *guard
	c          *imapclient.Client
	greeting   string
	tlsVersion string
	caps       imap.CapSet
	told       chan struct{} // the server spoke of a new number of messages

	found   []found   // the folders, as last listed
	foundAt time.Time // when
	dead    bool      // no command can succeed any more
}

// call runs one command. The client has no time limits of its own and can wait for ever, so the command runs in a
// goroutine; at the end of the context or of the limit the socket is closed, which ends it.
func call[T any](ctx context.Context, s *session, limit time.Duration, f func(*imapclient.Client) (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	var none T
	if s.dead {
		return none, &lostError{err: net.ErrClosed}
	}
	if err := ctx.Err(); err != nil {
		return none, err
	}
	done := make(chan answer, 1)
	go func() {
		v, err := f(s.c)
		done <- answer{v, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var cause error
	select {
	case a := <-done:
		return a.v, s.explain(a.err)
	case <-ctx.Done():
		cause = ctx.Err()
	case <-timer.C:
		cause = &lostError{err: errTimeout}
	}
	s.dead = true
	_ = s.raw.Close()
	grace := time.NewTimer(5 * time.Second)
	defer grace.Stop()
	select {
	case <-done:
	case <-grace.C: // a command that survives its connection is left behind
	}
	return none, cause
}

// do is call for a command without a result.
func (s *session) do(ctx context.Context, limit time.Duration, f func(*imapclient.Client) error) error {
	_, err := call(ctx, s, limit, func(c *imapclient.Client) (struct{}, error) { return struct{}{}, f(c) })
	return err
}

// explain tells apart what the client reports alike: a NO, a lost connection, an answer that it could not parse. After
// the latter two the client has given the connection up.
func (s *session) explain(err error) error {
	if err == nil {
		return nil
	}
	if no, ok := refusal(err); ok {
		return no
	}
	s.dead = true
	if denied := (*loginError)(nil); errors.As(err, &denied) {
		return denied
	}
	bye, lost, refused := s.guard.why()
	switch {
	case refused != nil:
		return &oddError{refused}
	case lost != nil || bye != "":
		if lost == nil {
			lost = err
		}
		return &lostError{lost, bye}
	}
	return &oddError{err}
}

// drop closes the connection without a word and waits until its goroutine has ended.
func (s *session) drop() {
	s.dead = true
	_ = s.raw.Close()
	if s.c != nil {
		_ = s.c.Close()
	}
}

// logout takes leave.
func (s *session) logout(limit time.Duration) {
	if !s.dead {
		_ = s.do(context.Background(), limit, func(c *imapclient.Client) error { return c.Logout().Wait() })
	}
	s.drop()
}

func (s *session) noop(ctx context.Context) error {
	return s.do(ctx, 20*time.Second, func(c *imapclient.Client) error { return c.Noop().Wait() })
}

// capabilities asks for them.
func (s *session) capabilities(ctx context.Context) error {
	caps, err := call(ctx, s, commandLimit, func(c *imapclient.Client) (imap.CapSet, error) {
		return c.Capability().Wait()
	})
	s.caps = caps
	return err
}

// settle gets the capabilities after a login. If the server did not tell them, the client asks by itself, in a
// goroutine that must not be left waiting for its turn while the connection idles: the answer to NOOP shows that it was
// started, and Caps waits for it.
func (s *session) settle(ctx context.Context) error {
	if err := s.noop(ctx); err != nil {
		return err
	}
	caps, err := call(ctx, s, commandLimit, func(c *imapclient.Client) (imap.CapSet, error) {
		caps := c.Caps()
		if caps == nil {
			return nil, errTimeout
		}
		return caps, nil
	})
	s.caps = caps
	return err
}

func (s *session) login(ctx context.Context) error {
	s.start()
	err := s.do(ctx, commandLimit, func(c *imapclient.Client) error { return c.WaitGreeting() })
	if err == nil {
		err = s.capabilities(ctx)
	}
	if err != nil {
		return err
	}
	if s.c.State() != imap.ConnStateAuthenticated { // PREAUTH, over TLS
		if err := s.authenticate(ctx); err != nil {
			return err
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	if _, ok := s.caps[imap.CapIMAP4rev2]; ok {
		// The client writes folder names in UTF-8 as soon as it reads of IMAP4rev2; that is right only once it is
		// enabled (RFC 9051 section 6.3.1).
		err := s.do(ctx, commandLimit, func(c *imapclient.Client) error {
			_, err := c.Enable(imap.CapIMAP4rev2).Wait()
			return err
		})
		if _, no := refusal(err); err != nil && !no {
			return err
		}
	}
	if strings.Contains(s.greeting, "Coremail") && s.caps.Has(imap.CapID) {
		// NetEase opens no folder for a client without a name.
		err := s.do(ctx, commandLimit, func(c *imapclient.Client) error {
			_, err := c.ID(&imap.IDData{Name: "askwell"}).Wait()
			return err
		})
		if _, no := refusal(err); err != nil && !no {
			return err
		}
	}
	return nil
}

func (s *session) authenticate(ctx context.Context) error {
	cfg := s.m.cfg
	if cfg.Token != nil {
		return s.bearer(ctx)
	}
	if cfg.Password == nil {
		return &loginError{errors.New("there is no password")}
	}
	plain := s.caps.Has(imap.AuthCap(sasl.Plain))
	if !plain && s.caps.Has(imap.CapLoginDisabled) {
		return &loginError{errors.New("the server takes no passwords (LOGINDISABLED)")}
	}
	password, err := cfg.Password(ctx)
	if err != nil {
		return &loginError{fmt.Errorf("get the password: %w", err)}
	}
	if strings.ContainsAny(cfg.Username+password, "\r\n\x00") {
		return &loginError{errors.New("user name or password has a line end in it")}
	}
	err = s.do(ctx, commandLimit, func(c *imapclient.Client) error {
		if plain {
			return c.Authenticate(sasl.NewPlainClient("", cfg.Username, password))
		}
		return c.Login(cfg.Username, password).Wait()
	})
	return s.refusedLogin(password, err)
}

func (s *session) bearer(ctx context.Context) error {
	cfg := s.m.cfg
	var mech func(token string) sasl.Client
	switch {
	case s.caps.Has(imap.AuthCap(mechXOAuth2)):
		mech = func(token string) sasl.Client { return &xoauth2{cfg.Username, token} }
	case s.caps.Has(imap.AuthCap(sasl.OAuthBearer)):
		mech = func(token string) sasl.Client {
			return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: cfg.Username, Token: token})
		}
	default:
		return &loginError{errors.New("the server takes no OAuth2 tokens")}
	}
	token, err := cfg.Token(ctx)
	if err != nil {
		return &loginError{fmt.Errorf("get the access token: %w", err)}
	}
	err = s.do(ctx, commandLimit, func(c *imapclient.Client) error {
		return c.Authenticate(tokenClient{mech(token)})
	})
	return s.refusedLogin(token, err)
}

// refusedLogin marks a refusal, and passes one on that will not pass by itself.
func (s *session) refusedLogin(secret string, err error) error {
	no, refused := refusal(err)
	denied := (*loginError)(nil)
	if refused && !passing(no) || errors.As(err, &denied) {
		if s.m.cfg.Refused != nil {
			s.m.cfg.Refused(secret, err)
		}
	}
	if refused {
		return &loginError{err}
	}
	return err
}

const mechXOAuth2 = "XOAUTH2"

// xoauth2 is the mechanism of Google and Microsoft, https://developers.google.com/gmail/imap/xoauth2-protocol.
type xoauth2 struct{ username, token string }

func (a *xoauth2) Start() (string, []byte, error) {
	return mechXOAuth2, []byte("user=" + a.username + "\x01auth=Bearer " + a.token + "\x01\x01"), nil
}

func (a *xoauth2) Next(challenge []byte) ([]byte, error) {
	return nil, fmt.Errorf("the access token was refused: %s", cut(printable(string(challenge)), 200))
}

// tokenClient marks the answer to a challenge as a failed login: with a token, a challenge only ever is the refusal
// (RFC 7628 section 3.2.2). The server then waits for an answer; the connection is dropped instead.
type tokenClient struct{ sasl.Client }

func (t tokenClient) Next(challenge []byte) ([]byte, error) {
	resp, err := t.Client.Next(challenge)
	if err != nil {
		return nil, &loginError{err}
	}
	return resp, nil
}
