package world

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func (w *World) newSMTP() *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		sub := &submission{w: w, c: c}
		return sub, sub.failure(SMTPHello, "")
	}))
	s.Domain = hostname
	s.TLSConfig = w.cert.server()
	s.MaxRecipients = 100
	s.MaxMessageBytes = 25 << 20
	s.MaxLineLength = 1 << 20 // the text's own 998 are not our business
	s.ReadTimeout, s.WriteTimeout = 5*time.Minute, 5*time.Minute
	s.EnableSMTPUTF8 = true
	s.ErrorLog = logger{w.log}
	return s
}

// submission is one client's connection to the submission server (RFC 6409).
type submission struct {
	w    *World
	c    *smtp.Conn
	user string // whose password was given
	from string
	to   []string
}

var _ smtp.AuthSession = (*submission)(nil)

// failure carries out a fault at this point, if there is one.
func (s *submission) failure(at Point, who string) error {
	f, ok := s.w.fault(at, who)
	if !ok {
		return nil
	}
	return s.strike(f)
}

func (s *submission) strike(f Fault) error {
	s.w.pause(f.Delay)
	if f.Drop {
		_ = raw(s.c.Conn()).Close()
		return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "gone"}
	}
	if f.Code != 0 {
		return smtpError(f.Code, f.Status, f.text("Refused for the sake of an example"))
	}
	return nil
}

func smtpError(code int, status, text string) *smtp.SMTPError {
	e := &smtp.SMTPError{Code: code, Message: text}
	if n, _ := fmt.Sscanf(status, "%d.%d.%d", &e.EnhancedCode[0], &e.EnhancedCode[1], &e.EnhancedCode[2]); n != 3 {
		e.EnhancedCode = smtp.EnhancedCodeNotSet
	}
	return e
}

func (s *submission) AuthMechanisms() []string { return mechanisms() }

func (s *submission) Auth(mech string) (sasl.Server, error) {
	check := func(valid func(b *box, secret string) bool) func(string, string) error {
		return func(user, secret string) error {
			if err := s.failure(SMTPAuth, user); err != nil {
				return err
			}
			b, err := s.w.box(user)
			if err != nil || !valid(b, secret) {
				return smtp.ErrAuthFailed
			}
			s.user = b.address
			return nil
		}
	}
	if m := mechanism(mech, check((*box).login), check((*box).loginToken)); m != nil {
		return m, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *submission) Mail(from string, _ *smtp.MailOptions) error {
	if s.user == "" {
		return smtpError(530, "5.7.0", "Authentication required") // RFC 4954, 6
	}
	if err := s.failure(SMTPMail, from); err != nil {
		return err
	}
	s.from, s.to = from, nil
	return nil
}

func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.failure(SMTPRcpt, to); err != nil {
		return err
	}
	if r := s.w.rule(to); r.reject {
		return smtpError(r.code, r.status, r.text)
	}
	s.to = append(s.to, to)
	if f, ok := s.w.fault(SMTPData, to); ok {
		s.w.pause(f.Delay)
		// The library says 354 before it asks us, so that the connection has to end
		// when the next command is read.
		raw(s.c.Conn()).cut.Store(f.Drop)
	}
	return nil
}

func (s *submission) Data(r io.Reader) error {
	if f, ok := s.w.fault(SMTPText, s.to[0]); ok {
		_, _ = io.CopyN(io.Discard, r, 64)
		if err := s.strike(f); err != nil {
			return err
		}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	f, faulty := s.w.fault(SMTPDot, s.to[0])
	if !faulty || f.Accept || !f.Drop && f.Code == 0 {
		from := "from " + s.c.Hostname() + " (client of <" + s.user + ">)"
		s.w.accept(s.user, s.from, s.to, text, from)
	}
	if faulty {
		return s.strike(f)
	}
	return nil
}

// Reset forgets the message, not the login.
func (s *submission) Reset() { s.from, s.to = "", nil }

// Logout has nothing to free.
func (s *submission) Logout() error { return nil }

// rule is what is to happen to an address instead of a delivery.
type rule struct {
	reject bool // at RCPT
	bounce bool // afterwards
	code   int
	status string
	text   string
}

// Reject refuses an address at RCPT with an SMTP code, an enhanced status code
// such as "5.1.1" and a text. The address may be "*@example.org" for a domain,
// or "*" for everybody; addresses with a mailbox are concerned only when named.
func (w *World) Reject(address string, code int, status, text string) {
	w.setRule(address, rule{reject: true, code: code, status: status, text: text})
}

// Bounce accepts mail for an address (or a pattern, as Reject) and returns it to
// the envelope sender in a delivery status notification. A status of class 4 is
// told as "delayed", one of class 5 as "failed".
func (w *World) Bounce(address string, code int, status, text string) {
	w.setRule(address, rule{bounce: true, code: code, status: status, text: text})
}

// Allow takes Reject and Bounce back.
func (w *World) Allow(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.rules, strings.ToLower(address))
}

func (w *World) setRule(address string, r rule) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rules[strings.ToLower(address)] = r
}

func (w *World) rule(address string) rule {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range []string{strings.ToLower(address), plain(address)} {
		if r, ok := w.rules[key]; ok {
			return r
		}
	}
	if w.boxes[plain(address)] != nil {
		return rule{}
	}
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	if r, ok := w.rules["*@"+domain]; ok {
		return r
	}
	return w.rules["*"]
}
