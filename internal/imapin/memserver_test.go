package imapin

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// pipes is a listener whose connections come from memory.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.IPAddr{} }

// A real server, go-imap's own, in real time: everything at once, no goroutine left.
func TestWithMemoryServer(t *testing.T) {
	defer goleak.VerifyNone(t)
	user := imapmemserver.NewUser("ada@example.org", "secret")
	for _, name := range []string{"INBOX", "Éléments envoyés", "Spam"} {
		if err := user.Create(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, caps := range []imap.CapSet{
		{imap.CapIMAP4rev1: {}},
		{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
	} {
		store := imapmemserver.New()
		store.AddUser(user)
		server := imapserver.New(&imapserver.Options{
			NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
				return store.NewSession(), nil, nil
			},
			Caps: caps, InsecureAuth: true, Logger: slog.NewLogLogger(slog.DiscardHandler, 0),
		})
		door := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		served := make(chan struct{})
		go func() {
			defer close(served)
			_ = server.Serve(door)
		}()
		tlsConfig, _ := pki()
		cfg := link(t, func(raw net.Conn) {
			closed := &closing{Conn: raw, done: make(chan struct{})}
			door.conns <- tls.Server(closed, tlsConfig)
			<-closed.done // whatever Close will say
		})
		m := New(cfg)
		deliver := func(folder string, n int) {
			text := fmt.Sprintf("Message-ID: <m%d@example.com>\r\n\r\nletter %d\r\n", n, n)
			if _, err := user.Append(folder, literal{strings.NewReader(text)}, &imap.AppendOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		look, err := m.Read(t.Context(), nil, time.Time{}, &notes{})
		if err != nil {
			t.Fatal(err)
		}
		var from []Cursor
		for _, f := range look.Folders {
			from = append(from, Cursor{f.Name, f.UIDValidity, f.HighestUID})
		}
		deliver("Spam", 2)
		for n := range 250 {
			deliver("INBOX", 1000+n)
		}
		if err := m.Append(t.Context(), []byte(letterText), time.Now()); err != nil {
			t.Fatal(err)
		}
		if there, err := m.FindSent(t.Context(), "x1@example.org", time.Now()); err != nil || !there {
			t.Errorf("FindSent: %v %v", there, err)
		}
		n := notes{body: 30}
		if look, err = m.Read(t.Context(), from, time.Time{}, &n); err != nil {
			t.Fatal(err)
		}
		if len(n.seen) != 252 || !strings.HasPrefix(n.seen[0], "Éléments envoyés/") ||
			!strings.Contains(n.seen[1], "Message-ID: <m1000@example.com") || !strings.HasPrefix(n.seen[251], "Spam/") {
			t.Errorf("%d seen: %q … %q", len(n.seen), n.seen[0], n.seen[len(n.seen)-2:])
		}
		if r, err := m.Check(t.Context()); err != nil || r.Sent != "Éléments envoyés" {
			t.Errorf("%+v %v", r, err)
		}
		if diff := cmp.Diff([]Role{RoleSent, RoleInbox, RoleJunk}, []Role{look.Folders[0].Role, look.Folders[1].Role, look.Folders[2].Role}); diff != "" {
			t.Error(diff)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		_ = door.Close()
		<-served
	}
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// closing tells when the server has closed a connection.
type closing struct {
	net.Conn
	once sync.Once
	done chan struct{}
}

func (c *closing) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.Conn.Close()
}

// FuzzServer lets a server say anything at all once a message is asked for: nobody hangs, nothing is left running, and
// a Read that finds nothing wrong has seen or set aside what there is.
func FuzzServer(f *testing.F) {
	f.Add("* 1 FETCH (UID 1 INTERNALDATE \"01-Jan-2000 00:00:00 +0000\" RFC822.SIZE 3 BODY[HEADER] {2}\r\n\r\n)\r\nT9 OK done\r\n")
	f.Add("* 1 FETCH (UID 1 BODY[HEADER] NIL)\r\nT9 OK\r\n")
	f.Add("* 1 FETCH (UID 1 BODYSTRUCTURE ((((((\"a\" \"b\" NIL NIL NIL NIL 1)\r\n")
	f.Add("* 1 FETCH (UID 1 ENVELOPE (\"\xff\" NIL NIL NIL NIL NIL NIL NIL NIL NIL))\r\nT9 BAD x\r\n")
	f.Add("* BYE [ALERT\r\n] x\r\n")
	f.Add("T9 NO [LIMIT] later\r\n")
	f.Fuzz(func(t *testing.T, script string) {
		inBubble(t, func(t *testing.T) {
			fake := newFake(1)
			fake.on = func(c *fakeConn, verb, _ string) bool {
				if verb != "UID FETCH" {
					return false
				}
				_, _ = io.WriteString(c.Conn, strings.ReplaceAll(script, "T9", c.tag))
				return true
			}
			m := open(t, fake)
			var n notes
			begin := time.Now()
			look, err := m.Read(t.Context(), atStart, time.Time{}, &n)
			if err == nil && len(n.seen)+len(look.Folders[0].SetAside) != 1 {
				t.Errorf("%q: seen %q, set aside %v", script, n.seen, look.Folders[0].SetAside)
			}
			if took := time.Since(begin); took > 30*time.Minute {
				t.Errorf("%q: took %v", script, took)
			}
		})
	})
}
