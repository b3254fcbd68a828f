package mailtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"net"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// patience is how long anything on loopback may take.
const patience = 20 * time.Second

// Deliver hands a message in at the MX, as the outside world does.
func (l *Lab) Deliver(from, to string, raw []byte) {
	l.t.Helper()
	l.DeliverAll(from, []string{to}, raw)
}

// DeliverAll is Deliver for several recipients in one transaction.
func (l *Lab) DeliverAll(from string, to []string, raw []byte) {
	l.t.Helper()
	c, err := smtp.Dial(l.MX)
	if err != nil {
		l.t.Fatalf("mailtest: deliver: %v", err)
	}
	defer c.Close()
	if err := c.SendMail(from, to, bytes.NewReader(raw)); err != nil {
		l.t.Fatalf("mailtest: deliver to %s: %v", to, err)
	}
}

// SendAs does what a user's mail program does at Send: it submits the message to
// everybody in To, Cc and Bcc, and files it in Sent.
func (l *Lab) SendAs(user string, raw []byte) {
	l.t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		l.t.Fatalf("mailtest: send as %s: %v", user, err)
	}
	var to []string
	for _, field := range []string{"To", "Cc", "Bcc"} {
		if m.Header.Get(field) == "" {
			continue
		}
		list, err := m.Header.AddressList(field)
		if err != nil {
			l.t.Fatalf("mailtest: send as %s: %s: %v", user, field, err)
		}
		for _, a := range list {
			to = append(to, a.Address)
		}
	}
	l.Submit(user, to, raw)
	l.File(user, "Sent", raw, imap.FlagSeen)
}

// Submit hands a message in with a user's password, and files nothing.
func (l *Lab) Submit(user string, to []string, raw []byte) {
	l.t.Helper()
	if err := l.submit(user, to, raw); err != nil {
		l.t.Fatalf("mailtest: submit as %s: %v", user, err)
	}
}

func (l *Lab) submit(user string, to []string, raw []byte) error {
	c, err := smtp.DialStartTLS(l.Submission, l.TLSConfig())
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", user, l.password(user))); err != nil {
		return err
	}
	return c.SendMail(user, to, bytes.NewReader(raw))
}

// File puts a message into a folder by APPEND.
func (l *Lab) File(user, folder string, raw []byte, flags ...imap.Flag) {
	l.t.Helper()
	c := l.Login(user, nil)
	defer c.Close()
	a := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: flags})
	_, err := a.Write(raw)
	if err == nil {
		err = a.Close()
	}
	if err == nil {
		_, err = a.Wait()
	}
	if err != nil {
		l.t.Fatalf("mailtest: file into %s of %s: %v", folder, user, err)
	}
}

// Login opens an IMAP connection of a user; close it.
func (l *Lab) Login(user string, o *imapclient.Options) *imapclient.Client {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	c, err := l.login(ctx, user, o)
	if err != nil {
		l.t.Fatalf("mailtest: log in as %s: %v", user, err)
	}
	return c
}

func (l *Lab) login(ctx context.Context, user string, o *imapclient.Options) (*imapclient.Client, error) {
	conn, err := (&tls.Dialer{NetDialer: new(net.Dialer), Config: l.TLSConfig()}).DialContext(ctx, "tcp", l.IMAPS)
	if err != nil {
		return nil, err
	}
	c := imapclient.New(conn, o)
	if err := c.Login(user, l.password(user)).Wait(); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// Messages returns what lies in a folder, oldest first, and touches nothing.
func (l *Lab) Messages(user, folder string) [][]byte {
	l.t.Helper()
	return l.Await(user, folder, 0)
}

// Flags returns the flags of each message in a folder, in the order of Messages.
func (l *Lab) Flags(user, folder string) [][]imap.Flag {
	l.t.Helper()
	var all [][]imap.Flag
	for _, m := range l.fetch(user, folder, 0, &imap.FetchOptions{Flags: true}) {
		all = append(all, m.Flags)
	}
	return all
}

// Await is Messages, once there are n.
func (l *Lab) Await(user, folder string, n int) [][]byte {
	l.t.Helper()
	whole := &imap.FetchItemBodySection{Peek: true}
	var all [][]byte
	for _, m := range l.fetch(user, folder, n, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{whole}}) {
		all = append(all, m.FindBodySection(whole))
	}
	return all
}

func (l *Lab) fetch(user, folder string, n int, o *imap.FetchOptions) []*imapclient.FetchMessageBuffer {
	l.t.Helper()
	exists := make(chan uint32, 1000)
	c := l.Login(user, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				exists <- *d.NumMessages
			}
		},
	}})
	defer c.Close()
	box, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		l.t.Fatalf("mailtest: open %s of %s: %v", folder, user, err)
	}
	count := box.NumMessages
	if int(count) < n {
		if count, err = grow(c, exists, count, n); err != nil {
			l.t.Fatalf("mailtest: wait for %d messages in %s of %s: %d after %v: %v", n, folder, user, count, patience, err)
		}
	}
	if count == 0 {
		return nil
	}
	var set imap.SeqSet
	set.AddRange(1, count)
	got, err := c.Fetch(set, o).Collect()
	if err != nil {
		l.t.Fatalf("mailtest: read %s of %s: %v", folder, user, err)
	}
	return got
}

// grow idles until a folder holds n messages.
func grow(c *imapclient.Client, exists <-chan uint32, count uint32, n int) (uint32, error) {
	idle, err := c.Idle()
	if err != nil {
		return count, err
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	for int(count) < n {
		select {
		case count = <-exists:
		case <-late.C:
			return count, context.DeadlineExceeded
		}
	}
	if err := idle.Close(); err != nil {
		return count, err
	}
	return count, idle.Wait()
}

// Text makes a plain message, for tests; fields are further header fields,
// such as "In-Reply-To: <x@lab.test>".
func Text(from, to, subject, body string, fields ...string) []byte {
	head := append([]string{
		"From: " + from, "To: " + to, "Subject: " + subject,
		"Date: " + time.Now().Format(time.RFC1123Z),
		"Message-ID: <" + rand.Text() + "@mailtest.test>",
	}, fields...)
	return []byte(strings.Join(head, "\r\n") + "\r\n\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\n")
}
