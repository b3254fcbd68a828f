// Package imapin watches one mailbox over IMAP (RFC 3501, RFC 9051) and changes nothing in it but the copies it files in
// Sent.
//
// # Promises
//
//   - Folders are opened with EXAMINE and messages read with BODY.PEEK: no flag is ever set, nothing is moved.
//   - Credentials are sent over TLS only, implicit or by STARTTLS, which is demanded.
//   - Read returns without error only after every watched folder was read to its end.
//   - Every message asked for is accounted for: it was visited, had vanished, or is in Folder.SetAside. A message that
//     the server sends in a form that cannot be parsed is set aside at once; one that it refuses, or that makes it
//     drop the connection, only when several calls of Read over ten minutes met the same, for that may be an outage.
//   - No call outlives its context by more than a few seconds, whatever the server does; a command has its own limit
//     besides.
//   - What a server sends is bounded in size and depth before it is parsed.
//
// # Folders
//
// Watched are sent mail, the inbox and junk, in this order, found by SPECIAL-USE (RFC 6154) and else by their usual names in
// many languages; a folder with all mail takes the place of the inbox; and the folders named in Config.
//
// # Cursors
//
// A Cursor says up to which UID a folder was visited, under which UIDVALIDITY. Reached tells when it may be stored; a
// crash before that visits the same messages again, never fewer. Where the UIDVALIDITY has changed, the folder is
// visited anew from a date on.
//
// # Connections
//
// Read, Append and FindSent share one connection, kept between the calls and replaced when it has died. Watch has one
// of its own, which idles (RFC 2177); it is a hint only, for some servers never tell.
package imapin

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"time"
)

// Config says which mailbox, and as whom. Host, Port, Username and one of Password and Token are required.
type Config struct {
	Host, Port string
	TLS        bool        // implicit TLS; otherwise STARTTLS is demanded
	TLSConfig  *tls.Config // may be nil; RootCAs for a private CA; ServerName defaults to Host

	Username string
	Password func(context.Context) (string, error) // asked at every login
	Token    func(context.Context) (string, error) // an OAuth2 access token; wins over Password

	// MayLogIn is asked before a connection is made; its error stands for a refused login. Refused is told of each login
	// that was refused for good, with the password or token. Both may be nil.
	MayLogIn func(context.Context) error
	Refused  func(secret string, why error)

	Folders []string // to be watched besides, by name; "/" stands for the server's separator

	// Dial opens the connection; nil means a net.Dialer.
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	Poll    time.Duration // Watch kicks this often in any case: 1m
	IdleFor time.Duration // IDLE is renewed after this: 9m, which is also the most (RFC 2177 says 29, routers say less)
	Logger  *slog.Logger  // nil: silent
}

// Role is what a folder is for.
type Role string

// The roles that are told apart. Inbox is where mail arrives: the inbox, or a folder with everything, received and sent, as
// Gmail has it. All is such a folder where there is none for sent mail.
const (
	RoleInbox Role = "inbox"
	RoleJunk  Role = "junk"
	RoleSent  Role = "sent"
	RoleAll   Role = "all"
	RoleOther Role = "other"
)

// Cursor says that everything in Folder up to LastUID was visited.
type Cursor struct {
	Folder               string
	UIDValidity, LastUID uint32
}

// Header is one message as its folder shows it, without its body.
type Header struct {
	Folder           string
	Role             Role
	UIDValidity, UID uint32
	InternalDate     time.Time // zero where the server could not say it
	Size             int64     // in bytes; 0 where the server could not say it
	Draft            bool      // it is being written and was not sent
	Gmail            bool      // the server is Gmail's, and follows no custom but its own
	Raw              []byte    // the header block as it stands, 256 kB at most
}

// Folder is the state of a watched folder after a Read.
type Folder struct {
	Name                    string
	Role                    Role
	UIDValidity, HighestUID uint32
	SetAside                []uint32 // UIDs that this Read had to give up
}

// Look is what one Read saw. Every watched folder is in it.
type Look struct{ Folders []Folder }

// Visitor is shown the messages of a folder in the order of their UIDs.
type Visitor interface {
	// Message is called once for each message. fetch gets its first n bytes, header and body, without marking it as
	// read; it must not be called after Message has returned. If the message has vanished meanwhile, fetch returns
	// ErrGone; passed on by Message, it is no error of Read's. Any other error ends Read, which returns it unchanged.
	Message(ctx context.Context, h Header, fetch func(ctx context.Context, n int64) ([]byte, error)) error
	// Reached says that everything up to c was visited. It is called at least once a folder and each 200 messages.
	Reached(ctx context.Context, c Cursor) error
}

var (
	// ErrGone says that a message has vanished since it was seen.
	ErrGone = errors.New("the message is not there any more")
	// ErrUnreadable says that fetch gives a message up, which several readings have tried to get. It is set aside,
	// whatever Message returns then but for another error.
	ErrUnreadable = errors.New("the server does not give the message")
)

const (
	chunk        = 200       // messages asked for at once
	maxHeader    = 256 << 10 // bytes of a header that are kept
	dialLimit    = time.Minute
	commandLimit = time.Minute
	fetchLimit   = 5 * time.Minute
	listAgain    = time.Hour // folders are looked for again after this
	maxIdleFor   = 9 * time.Minute
)

// Mailbox is one mailbox. Its methods may be called from several goroutines; Watch runs beside the others, which
// take turns.
type Mailbox struct {
	cfg  Config
	turn chan struct{} // held by whoever uses kept and suspects

	kept     *session // logged in, between two calls; nil if none
	suspects map[suspect]doubt
	unclear  time.Time // when an Append was last left without an answer
	closed   bool
}

// New returns a Mailbox. It connects to nothing yet.
func New(c Config) *Mailbox {
	c.Poll = cmp.Or(c.Poll, time.Minute)
	c.IdleFor = min(cmp.Or(c.IdleFor, maxIdleFor), maxIdleFor)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext
	}
	return &Mailbox{cfg: c, turn: make(chan struct{}, 1), suspects: make(map[suspect]doubt)}
}

func (m *Mailbox) addr() string { return net.JoinHostPort(m.cfg.Host, m.cfg.Port) }

// lock waits for the turn of the caller.
func (m *Mailbox) lock(ctx context.Context) error {
	select {
	case m.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if m.closed {
		<-m.turn
		return errClosed
	}
	return nil
}

func (m *Mailbox) unlock() { <-m.turn }

// Close waits for the call that runs and ends the kept connection. Watch is ended by its context.
func (m *Mailbox) Close() error {
	m.turn <- struct{}{}
	defer m.unlock()
	m.closed = true
	if s := m.kept; s != nil {
		m.kept = nil
		s.logout(2 * time.Second)
	}
	return nil
}

// session returns the kept connection if it still answers, else a new one.
func (m *Mailbox) session(ctx context.Context) (*session, error) {
	if s := m.kept; s != nil {
		err := s.noop(ctx)
		if err == nil {
			return s, nil
		}
		m.forget()
		if ctx.Err() != nil {
			return nil, err
		}
		m.cfg.Logger.DebugContext(ctx, "kept connection had died", slog.String("server", m.addr()), slog.Any("error", err))
	}
	s, err := m.dial(ctx)
	if err != nil {
		return nil, err
	}
	m.kept = s
	return s, nil
}

// forget drops the kept connection.
func (m *Mailbox) forget() {
	if m.kept != nil {
		m.kept.drop()
		m.kept = nil
	}
}

// settle drops the kept connection if it cannot be used any more.
func (m *Mailbox) settle() {
	if m.kept != nil && m.kept.dead {
		m.forget()
	}
}
