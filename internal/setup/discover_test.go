package setup_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"askwell/internal/config"
	"askwell/internal/setup"
)

// zonefile is a DNS that knows one domain: SRV by service, and MX.
type zonefile struct {
	deaf
	domain string
	srv    map[string]string // "imaps" → host:port
	mx     []string
}

func (z zonefile) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	host, p, err := net.SplitHostPort(z.srv[service])
	if err != nil || proto != "tcp" || name != z.domain {
		return "", nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	n, err := strconv.Atoi(p)
	return "", []*net.SRV{{Target: host + ".", Port: uint16(n)}}, err
}

func (z zonefile) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	var all []*net.MX
	for _, host := range z.mx {
		all = append(all, &net.MX{Host: host + "."})
	}
	if name != z.domain || len(all) == 0 {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	return all, nil
}

// network leads some names to servers of this test; nobody else is there. It notes who was called.
type network struct {
	to map[string]string // host:port → host:port

	mu     sync.Mutex
	called []string
}

func (n *network) dial(ctx context.Context, kind, addr string) (net.Conn, error) {
	n.mu.Lock()
	n.called = append(n.called, addr)
	n.mu.Unlock()
	to := n.to[addr]
	if to == "" {
		return nil, &net.OpError{Op: "dial", Net: kind, Err: errors.New("nobody is there")}
	}
	return (&net.Dialer{}).DialContext(ctx, kind, to)
}

// unaided are flags that leave the servers to be found.
func unaided(o *setup.InitOptions) { o.Flags.IMAP, o.Flags.SMTP = "", "" }

func TestInitBySRV(t *testing.T) {
	h := newHome(t)
	dns := zonefile{domain: "example.org", srv: map[string]string{
		"imaps": "localhost:" + port(t, h.IMAPAddr()), "submission": "localhost:" + port(t, h.SMTPPlainAddr()),
	}}
	// The names lead away from the domain: somebody has to say that this is right.
	for answer, ok := range map[string]bool{"y": true, "n": false, "": false} {
		h.Heal()
		out, err := h.init(lines(password, answer, "", ""), func(o *setup.InitOptions) {
			unaided(o)
			o.Resolver, o.Flags.Yes, o.Config = dns, false, h.dir+"/answer-"+answer+".toml"
			o.Flags.NoWelcome = true
		})
		if ok != (err == nil) || !ok && !strings.Contains(err.Error(), "--imap") {
			t.Errorf("answer %q: %v\n%s", answer, err, out)
		}
		if !strings.Contains(out, "Shall your password go there?") {
			t.Errorf("answer %q: it was not asked for\n%s", answer, out)
		}
	}
	c, err := config.Load(h.dir+"/answer-y.toml", h.getenv)
	if err != nil {
		t.Fatal(err)
	}
	if c.Mailbox.IMAP != "imaps://localhost:"+port(t, h.IMAPAddr()) || c.Mailbox.SMTP != "smtp://localhost:"+port(t, h.SMTPPlainAddr()) {
		t.Errorf("found %s and %s", c.Mailbox.IMAP, c.Mailbox.SMTP)
	}
}

// Nothing in the DNS: the usual names are tried for real, and the best that answers is taken.
func TestInitByGuess(t *testing.T) {
	h := newHome(t)
	day := 24 * time.Hour
	names := []string{"imap.example.org", "mail.example.org", "mx1.example.org"}
	in, out := h.listen(t, h.IMAPAddr(), names, -day, 90*day), h.listen(t, h.SMTPAddr(), names, -day, 90*day)
	impostor := h.listen(t, h.SMTPAddr(), []string{"elsewhere.example.com"}, -day, 90*day)
	n := &network{to: map[string]string{
		"imap.example.org:993": in, "mail.example.org:993": in,
		"smtp.example.org:465": impostor, "mx1.example.org:465": out,
	}}
	said, err := h.init(lines(password), func(o *setup.InitOptions) {
		unaided(o)
		o.Dial, o.Resolver = n.dial, zonefile{domain: "example.org", mx: []string{"mx1.example.org"}}
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	c, err := config.Load(h.config(), h.getenv)
	if err != nil {
		t.Fatal(err)
	}
	if c.Mailbox.IMAP != "imaps://imap.example.org:993" || c.Mailbox.SMTP != "smtps://mx1.example.org:465" {
		t.Errorf("found %s and %s", c.Mailbox.IMAP, c.Mailbox.SMTP)
	}
	if len(h.inbox()) != 1 {
		t.Errorf("the inbox has %q", h.inbox())
	}
}

// Providers are known by the address, or by who takes the domain's mail.
func TestInitKnowsProviders(t *testing.T) {
	for _, tt := range []struct {
		address, mx string
		dialled     string // the first server that is called
		said, fault string
	}{
		{"ada@gmail.com", "", "imap.gmail.com:993", "https://myaccount.google.com/apppasswords", "imap.gmail.com:993"},
		{"ada@example.org", "aspmx.l.google.com", "imap.gmail.com:993", "https://myaccount.google.com/apppasswords", "imap.gmail.com:993"},
		{"ada@GMX.de", "", "imap.gmx.net:993", "POP3/IMAP", "imap.gmx.net:993"},
		{"ada@example.org", "in1-smtp.messagingengine.com", "imap.fastmail.com:993", "app password", "imap.fastmail.com:993"},
		{"ada@outlook.com", "", "", "", "OAuth2"},
		{"ada@example.org", "example-org.mail.protection.outlook.com", "", "", "--imap"},
		{"ada@tuta.com", "", "", "", "neither IMAP nor SMTP"},
	} {
		t.Run(tt.address+" "+tt.mx, func(t *testing.T) {
			h := newHome(t)
			n := &network{}
			out, err := h.init(strings.NewReader("secret\n"), func(o *setup.InitOptions) {
				unaided(o)
				o.Flags.Address, o.Flags.PasswordStdin, o.Dial = tt.address, false, n.dial
				o.Resolver = zonefile{domain: "example.org", mx: []string{"mx0.example.net", tt.mx}}
			})
			if err == nil || !strings.Contains(err.Error(), tt.fault) || !strings.Contains(out, tt.said) {
				t.Errorf("%v\n%s", err, out)
			}
			if got := strings.Join(n.called, " "); got != tt.dialled {
				t.Errorf("called %s", got)
			}
			if h.files() != "" {
				t.Errorf("there is %s", h.files())
			}
		})
	}
}

// A server that knows its users without their domain is logged in to as it wants.
func TestInitLocalUser(t *testing.T) {
	h := newHome(t)
	plain := func(user string) []byte {
		return []byte(base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password)))
	}
	h.rewrite = func(said []byte) []byte {
		if bytes.Contains(said, plain(ada)) {
			return bytes.Replace(said, plain(ada), plain("nobody"), 1)
		}
		return bytes.Replace(said, plain("ada"), plain(ada), 1)
	}
	names := []string{"localhost"}
	in, out := h.listen(t, h.IMAPAddr(), names, -time.Hour, time.Hour), h.listen(t, h.SMTPAddr(), names, -time.Hour, time.Hour)
	said, err := h.init(lines(password), func(o *setup.InitOptions) {
		o.Flags.IMAP, o.Flags.SMTP = "imaps://localhost:"+port(t, in), "smtps://localhost:"+port(t, out)
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if c, err := config.Load(h.config(), h.getenv); err != nil || c.Mailbox.Username != "ada" {
		t.Errorf("%v\n%s", err, h.read(h.config()))
	}
}

// The end of the context ends a question that nobody answers.
func TestInitStops(t *testing.T) {
	h := newHome(t)
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := writer(func(p []byte) {
		if strings.Contains(string(p), "Your name") {
			cancel()
		}
	})
	err := setup.Init(ctx, setup.InitOptions{In: r, Out: asked, Env: h.getenv})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("want the context's error, got %v", err)
	}
	if h.files() != "" {
		t.Errorf("there is %s", h.files())
	}
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}

func ExampleWorst() {
	fmt.Println(setup.Worst([]setup.Finding{{State: setup.OK}, {State: setup.Warning}}))
	// Output: warning
}
