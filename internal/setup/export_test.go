package setup

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"

	"askwell/internal/config"
	"askwell/internal/imapin"
	"askwell/internal/smtpout"
)

// Over is Mailbox and Sender with other ways to their servers.
func Over(c *config.Config, trust *tls.Config, imap, smtp func(context.Context, string, string) (net.Conn, error)) (*imapin.Mailbox, *smtpout.Sender) {
	l := link{log: slog.New(slog.DiscardHandler), trust: trust, password: c.Password, dial: imap}
	box := l.mailbox(c)
	l.dial = smtp
	return box, l.sender(c)
}
