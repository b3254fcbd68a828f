package smtpout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"

	"askwell/internal/message"
)

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
	written := "<" + local + "@" + domain + ">"
	if strings.ContainsAny(written, "\r\n") { // an address never has one; a command must not
		return "", false, errors.New("it holds a line break")
	}
	return written, !ascii(local) || !ascii(domain), nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0
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
