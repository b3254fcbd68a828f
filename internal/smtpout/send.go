package smtpout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
	"golang.org/x/net/idna"

	"askwell/internal/message"
)

const piece = 16 << 10 // of the text, under one deadline

// Send offers raw, a finished message with CRLF line ends, for the recipients to, all of them or none. mark is called
// once the server has said 354 and before the first byte of the text is written; if it fails, nothing of the text is
// written. mark may be nil.
func (s *Sender) Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) Outcome {
	o := s.send(ctx, from, to, raw, mark)
	if o.Err != nil {
		o.Err = fmt.Errorf("send through %s: %w", s.addr(), o.Err)
	}
	s.cfg.Logger.LogAttrs(ctx, levelOf(o), "message offered", attrsOf(o, s.addr())...)
	return o
}

func (s *Sender) send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) Outcome {
	env, err := newEnvelope(from, to)
	if err == nil {
		err = checkText(raw)
	}
	if err != nil {
		return Outcome{Result: Rejected, Err: err}
	}
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return Outcome{Result: Retry, Err: errClosed}
	}
	if c := s.take(); c != nil {
		if o, stale := s.offer(ctx, c, env, raw, mark, true); !stale {
			return o
		}
	}
	if err := ctx.Err(); err != nil {
		return Outcome{Result: Retry, Err: err}
	}
	c, p, err := s.dial(ctx)
	if err != nil {
		o := judge(p, err)
		o.Err = fmt.Errorf("%s: %w%s", p, o.Err, remedy(o))
		return o
	}
	o, _ := s.offer(ctx, c, env, raw, mark, false)
	return o
}

// offer leads one transaction and keeps or ends the connection after it. stale is only said of a reused connection that
// failed before the server agreed to MAIL: then nothing was begun and a new connection may be tried at once.
func (s *Sender) offer(ctx context.Context, c *conn, env envelope, raw []byte, mark func() error, reused bool) (_ Outcome, stale bool) {
	watch := context.AfterFunc(ctx, c.drop)
	p, text, err := s.transact(ctx, c, env, raw, mark, watch, reused)
	ended := !watch() && p < phaseText
	if err == nil {
		s.keep(c)
		o := Outcome{Result: Accepted, Code: 250}
		o.Status, o.Text = splitStatus(250, text)
		return o, false
	}
	o := judge(p, err)
	if ended && ctx.Err() != nil {
		c.drop()
		return Outcome{Result: Retry, Err: fmt.Errorf("%s: %w", p, ctx.Err())}, false
	}
	if o.Err != nil {
		o.Err = fmt.Errorf("%s: %w%s", p, o.Err, remedy(o))
	}
	answered := o.Code >= 400 && o.Code != 421
	if answered && p != phaseText && p != phaseData {
		s.keep(c) // the next use begins with RSET
	} else {
		c.drop() // after an error in DATA no QUIT: the server could take it for text (RFC 5321 section 4.1.1.4)
	}
	return o, reused && p == phaseMail && !answered && ctx.Err() == nil
}

// transact speaks from RSET or MAIL to the answer to the dot. It returns the phase it ended in and, accepted, the
// server's words.
func (s *Sender) transact(ctx context.Context, c *conn, env envelope, raw []byte, mark func() error, watch func() bool, reused bool) (phase, string, error) {
	t := s.cfg.Timeouts
	if reused {
		c.within(min(t.Command, 15*time.Second))
		if err := c.c.Reset(); err != nil {
			// Whatever it says to RSET, this connection is of no use any more.
			return phaseMail, "", fmt.Errorf("reuse the connection: %s", err.Error())
		}
	}
	mail, err := env.mail(c, len(raw))
	if err != nil {
		return phaseMail, "", err
	}
	c.within(t.Command)
	if err := c.c.Mail(mail); err != nil {
		return phaseMail, "", err
	}
	if err := s.recipients(c, env.to); err != nil {
		return phaseRcpt, "", err
	}
	c.within(t.Command)
	w, err := c.c.Data()
	if err != nil {
		return phaseData, "", err
	}
	if !watch() || ctx.Err() != nil {
		return phaseData, "", firstOf(ctx.Err(), context.Canceled)
	}
	if mark != nil {
		if err := mark(); err != nil {
			return phaseData, "", fmt.Errorf("mark the message as being sent: %w", err)
		}
	}
	for rest := raw; len(rest) > 0; {
		n := min(piece, len(rest))
		c.within(t.Text)
		if _, err := w.Write(rest[:n]); err != nil {
			return phaseText, "", s.early(c, err)
		}
		rest = rest[n:]
	}
	c.within(t.Text)
	if err := c.c.Text.W.Flush(); err != nil {
		return phaseText, "", s.early(c, err)
	}
	if c.c.Text.R.Buffered() > 0 {
		return phaseText, "", s.early(c, errors.New("the server answered before the text had ended"))
	}
	c.within(t.Dot)
	return c.dot(w)
}

// dot writes the dot and reads the answer. The DataCloser's own Close would not tell a dot that could not be written
// from an answer that did not come: when the write itself is refused, not even a part of the dot can be understood by
// the server, which knows it only as a whole TLS record.
func (c *conn) dot(w io.WriteCloser) (phase, string, error) {
	if data, ok := w.(*smtp.DataCloser); ok {
		w = data.WriteCloser
	}
	if err := w.Close(); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return phaseDot, "", err
		}
		return phaseText, "", err
	}
	_, text, err := c.c.Text.ReadResponse(250)
	return phaseDot, text, err
}

// recipients offers them all; a permanent refusal of one weighs more than a temporary one of another.
func (s *Sender) recipients(c *conn, to []string) error {
	var worst error
	for _, rcpt := range to {
		c.within(s.cfg.Timeouts.Command)
		err := c.c.Rcpt(rcpt)
		if err == nil {
			continue
		}
		var reply *textproto.Error
		if !errors.As(err, &reply) || reply.Code == 421 {
			return err
		}
		if worst == nil || (reply.Code >= 500 && judge(phaseRcpt, worst).Result != Rejected) {
			worst = err
		}
	}
	return worst
}

// early looks whether the server has said why it does not want the rest of the text.
func (s *Sender) early(c *conn, cause error) error {
	c.within(5 * time.Second)
	code, msg, err := c.c.Text.ReadResponse(0) // 0: whatever it is
	if err != nil {
		return cause
	}
	return &textproto.Error{Code: code, Msg: msg}
}

// envelope is what MAIL and RCPT are given.
type envelope struct {
	from string
	to   []string
	utf8 bool // one of them cannot be said in ASCII
}

func newEnvelope(from message.Address, to []message.Address) (envelope, error) {
	var e envelope
	if len(to) == 0 {
		return e, errors.New("there is no recipient")
	}
	e.from = "<>"
	if from != "" {
		path, wide, err := path(from)
		if err != nil {
			return e, fmt.Errorf("check the sender: %w", err)
		}
		e.from, e.utf8 = path, wide
	}
	for _, a := range to {
		path, wide, err := path(a)
		if err != nil {
			return e, fmt.Errorf("check the recipient: %w", err)
		}
		e.to = append(e.to, path)
		e.utf8 = e.utf8 || wide
	}
	return e, nil
}

// path writes an address for the envelope, its domain in ASCII (RFC 5890), so that SMTPUTF8 is needed only where the
// local part needs it.
func path(a message.Address) (_ string, wide bool, err error) {
	if a, err = message.ParseAddress(string(a)); err != nil {
		return "", false, err
	}
	local, domain := a.Local(), a.Domain()
	if !ascii(domain) {
		if plain, err := idna.Lookup.ToASCII(domain); err == nil {
			domain = plain
		}
	}
	return "<" + local + "@" + domain + ">", !ascii(local) || !ascii(domain), nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
}

// mail writes the parameter of MAIL for this server (RFC 1870, RFC 6531), or says why it need not be asked.
func (e envelope) mail(c *conn, size int) (string, error) {
	arg := e.from
	if ok, limit := c.c.Extension("SIZE"); ok {
		most, err := strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
		if err == nil && most > 0 && int64(size) > most {
			return "", &textproto.Error{Code: 552, Msg: fmt.Sprintf("5.3.4 the message has %d bytes, the server takes %d at most", size, most)}
		}
		arg += " SIZE=" + strconv.Itoa(size)
	}
	wide, _ := c.c.Extension("SMTPUTF8")
	if e.utf8 && !wide {
		return "", &textproto.Error{Code: 553, Msg: "5.6.7 the address has letters that this mail server cannot send to (it lacks SMTPUTF8)"}
	}
	c.c.SkipSMTPUTF8(!e.utf8)
	return arg, nil
}

// checkText refuses what SMTP cannot carry unchanged (RFC 5321 section 2.3.8): a bare CR or LF, which also is how a
// second mail is smuggled in, and an empty text. A last line without its end gets it.
func checkText(raw []byte) error {
	if len(raw) == 0 {
		return errors.New("check the message: it is empty")
	}
	for i, b := range raw {
		switch {
		case b == '\n' && (i == 0 || raw[i-1] != '\r'):
			return fmt.Errorf("check the message: a bare LF at byte %d", i)
		case b == '\r' && (i+1 == len(raw) || raw[i+1] != '\n'):
			return fmt.Errorf("check the message: a bare CR at byte %d", i)
		}
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return fmt.Errorf("check the message: a NUL at byte %d", i)
	}
	return nil
}
