package smtpout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"
)

const piece = 16 << 10 // of the text, under one deadline

// offer leads one transaction and keeps or ends the connection after it. stale is only said of a reused connection that
// came to its end, or would take no further mail, before the server had agreed to the text: nothing was begun, and a new
// one may be tried at once.
func (s *Sender) offer(ctx context.Context, c *conn, env envelope, raw []byte, mark func() error, reused bool) (_ Outcome, stale bool) {
	watch := context.AfterFunc(ctx, c.drop)
	p, text := phaseMail, ""
	steps, err := env.steps(c, len(raw))
	if err == nil {
		p, err = s.agree(c, steps, reused)
		stale = err != nil && reused && (!refusal(err) || p == phaseMail && c.served > 0)
	}
	if err == nil {
		p, text, err = s.hand(ctx, c, raw, mark, watch)
	}
	ended := !watch() && p < phaseText
	if err == nil {
		s.keep(c)
		o := Outcome{Result: Accepted, Code: 250}
		o.Status, o.Text = splitStatus(250, text)
		return o, false
	}
	if ended && ctx.Err() != nil {
		c.drop()
		return Outcome{Result: Retry, Err: fmt.Errorf("%s: %w", p, ctx.Err())}, false
	}
	o := judge(p, err)
	if o.Err != nil {
		o.Err = fmt.Errorf("%s: %w%s", p, o.Err, remedy(o))
	}
	switch {
	case c.spent: // no QUIT: within DATA the server could take it for text (RFC 5321 section 4.1.1.4)
		c.drop()
	case stale:
		s.leaving.Go(func() { c.quit(2 * time.Second) })
	default:
		s.keep(c)
	}
	return o, stale
}

// step is one command of a transaction and the reply that is wanted.
type step struct {
	line string
	p    phase
	want int
}

// steps are the commands up to DATA for this server (RFC 1870, RFC 6152, RFC 6531), or why it need not be asked.
func (e envelope) steps(c *conn, size int) ([]step, error) {
	mail := "MAIL FROM:" + e.from
	if ok, limit := c.c.Extension("SIZE"); ok {
		most, err := strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
		if err == nil && most > 0 && int64(size) > most {
			return nil, &textproto.Error{Code: 552, Msg: fmt.Sprintf("5.3.4 the message has %d bytes, the server takes %d at most", size, most)}
		}
		mail += " SIZE=" + strconv.Itoa(size)
	}
	if ok, _ := c.c.Extension("8BITMIME"); ok {
		mail += " BODY=8BITMIME"
	}
	if e.utf8 {
		if wide, _ := c.c.Extension("SMTPUTF8"); !wide {
			return nil, &textproto.Error{Code: 553, Msg: "5.6.7 the address has letters that this mail server cannot send to (it lacks SMTPUTF8)"}
		}
		mail += " SMTPUTF8"
	}
	var steps []step
	if c.open {
		steps = append(steps, step{"RSET", phaseMail, 250})
	}
	steps = append(steps, step{mail, phaseMail, 250})
	for _, to := range e.to {
		steps = append(steps, step{"RCPT TO:" + to, phaseRcpt, 25})
	}
	return append(steps, step{"DATA", phaseData, 354}), nil
}

// together is how many of the steps leave in one piece (RFC 2920). With one recipient that is all of them; with several,
// DATA waits until every one is accepted, for a server would go on with those that are.
func together(c *conn, steps []step) int {
	piped, _ := c.c.Extension("PIPELINING")
	recipients := 0
	for _, st := range steps {
		if st.p == phaseRcpt {
			recipients++
		}
	}
	switch {
	case !piped:
		return 1
	case recipients > 1:
		return len(steps) - 1
	}
	return len(steps)
}

// agree speaks up to the server's 354. On error it tells in which phase that was, and of several refused recipients the
// one that weighs most: a permanent refusal more than a temporary one.
func (s *Sender) agree(c *conn, steps []step, reused bool) (phase, error) {
	c.spent = true // until every reply has come and none was odd
	t := s.cfg.Timeouts
	patience := t.Command
	if reused { // it may have died unseen; if it only is slow, a new one is given more time
		patience = min(patience, 15*time.Second)
	}
	var worst error
	at := phaseMail
	for len(steps) > 0 {
		group := steps[:together(c, steps)]
		steps = steps[len(group):]
		c.within(t.Command)
		for _, st := range group {
			_, _ = c.c.Text.W.WriteString(st.line + "\r\n") // an error stays and is told by Flush
		}
		if err := c.c.Text.W.Flush(); err != nil {
			return group[0].p, err
		}
		for _, st := range group {
			c.within(patience)
			patience = t.Command
			_, _, err := c.c.Text.ReadResponse(st.want)
			switch {
			case err == nil && st.p == phaseData && worst != nil:
				return at, worst // a text without recipients is awaited: neither it nor its dot is written
			case err == nil:
				c.open = c.open || st.p == phaseMail
			case !refusal(err) || st.line == "RSET":
				if worst != nil && (at != phaseRcpt || st.p != phaseRcpt) {
					return at, worst
				}
				return st.p, odd(st, err)
			case worst == nil:
				worst, at = err, st.p
			case at == phaseRcpt && st.p == phaseRcpt && judge(st.p, err).Result == Rejected && judge(at, worst).Result != Rejected:
				worst = err
			}
		}
		if worst != nil && (at == phaseMail || len(steps) <= 1) {
			c.spent = at == phaseData
			return at, worst
		}
	}
	return phaseData, nil
}

// refusal tells whether err is a reply that refuses a command and leaves the connection as it is.
func refusal(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply) && reply.Code >= 400 && reply.Code < 600 && reply.Code != 421
}

// odd words the failure of a step. What is said to RSET is no answer to this message.
func odd(st step, err error) error {
	if st.line == "RSET" {
		return fmt.Errorf("reuse the connection: %s", err.Error())
	}
	return err
}

// hand writes the text after the 354. It returns the phase it ended in and, accepted, the server's words.
func (s *Sender) hand(ctx context.Context, c *conn, raw []byte, mark func() error, watch func() bool) (phase, string, error) {
	t := s.cfg.Timeouts
	if c.c.Text.R.Buffered() > 0 {
		return phaseData, "", errors.New("the server answered before the text had begun")
	}
	if !watch() || ctx.Err() != nil {
		return phaseData, "", firstOf(ctx.Err(), context.Canceled)
	}
	if mark != nil {
		if err := mark(); err != nil {
			return phaseData, "", fmt.Errorf("mark the message as being sent: %w", err)
		}
	}
	w := c.c.Text.DotWriter()
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

// dot writes the dot and reads the answer. A dot that could not be written is told from an answer that did not come: when
// the write itself is refused, not even a part of the dot can be understood by the server, which knows it only as a whole
// TLS record.
func (c *conn) dot(w io.WriteCloser) (phase, string, error) {
	if err := w.Close(); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return phaseDot, "", err
		}
		return phaseText, "", err
	}
	_, text, err := c.c.Text.ReadResponse(250)
	switch {
	case err == nil:
		c.spent, c.open = false, false
		c.served++
	case refusal(err):
		c.spent = false // open: RSET costs nothing
	}
	return phaseDot, text, err
}

// early looks whether the server has said why it does not want the rest of the text.
func (s *Sender) early(c *conn, cause error) error {
	c.within(min(5*time.Second, s.cfg.Timeouts.Text))
	code, msg, err := c.c.Text.ReadResponse(0) // 0: whatever it is
	if err != nil {
		return cause
	}
	return &textproto.Error{Code: code, Msg: msg}
}
