package smtpout

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"askwell/internal/message"
)

// backend is go-smtp's side of a submission server that knows everybody but nobody@example.com.
type backend struct {
	mu    sync.Mutex
	mails []string
}

func (b *backend) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{b: b}, nil }

type session struct {
	b        *backend
	from, to string
	in       bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if s.in = username == "ada@example.org" && password == "secret"; !s.in {
			return errors.New("wrong")
		}
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if bytes.Contains(text, []byte("spam")) {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}
	}
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.mails = append(s.b.mails, s.from+" "+s.to+" "+string(text))
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// A real server, go-smtp's, on a loopback socket in real time; no goroutine is left.
func TestWithServer(t *testing.T) {
	defer goleak.VerifyNone(t)
	server, client := pki()
	b := &backend{}
	srv := smtp.NewServer(b)
	srv.Domain, srv.TLSConfig, srv.ErrorLog = "smtp.example.org", server, slog.NewLogLogger(slog.DiscardHandler, 0)
	implicit, err := tls.Listen("tcp", "127.0.0.1:0", server)
	if err != nil {
		t.Skip("no loopback: ", err)
	}
	starttls, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, l := range []net.Listener{implicit, starttls} {
		wg.Go(func() { _ = srv.Serve(l) })
	}
	defer wg.Wait()
	defer func() { _ = srv.Close() }()
	for _, door := range []net.Listener{implicit, starttls} {
		s := New(Config{
			Host: "smtp.example.org", Port: "465", TLS: door == implicit, TLSConfig: client, Username: "ada@example.org",
			Password: func(context.Context) (string, error) { return "secret", nil },
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, door.Addr().String())
			},
		})
		if _, err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		for _, test := range []struct {
			to, raw string
			want    Outcome
		}{
			{"jane@example.com", letter, Outcome{Result: Accepted, Code: 250, Status: "2.0.0"}},
			{"nobody@example.com", letter, Outcome{Result: Rejected, Code: 550, Status: "5.1.1", Recipient: true}},
			{"jane@example.com", letter + "spam\r\n", Outcome{Result: Rejected, Code: 554, Status: "5.7.1"}},
			{"jane@example.com", letter, Outcome{Result: Accepted, Code: 250, Status: "2.0.0"}},
		} {
			got := s.Send(t.Context(), ada, []message.Address{message.Address(test.to)}, []byte(test.raw), nil)
			got.Text, got.Err = "", nil
			if got != test.want {
				t.Errorf("%s: got %+v, want %+v", test.to, got, test.want)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(b.mails) != 4 || b.mails[0] != "ada@example.org jane@example.com "+letter {
		t.Errorf("%q", b.mails)
	}
}
