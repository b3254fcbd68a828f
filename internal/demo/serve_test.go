package demo

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
)

// printed is what a demo prints, to be waited for.
type printed struct {
	mu   sync.Mutex
	more sync.Cond
	text bytes.Buffer
	over bool
}

func newPrinted() *printed {
	p := &printed{}
	p.more.L = &p.mu
	return p
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.more.Broadcast()
	return p.text.Write(b)
}

func (p *printed) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	p.more.Broadcast()
}

// until waits for a text, and returns everything so far.
func (p *printed) until(t *testing.T, want string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !strings.Contains(p.text.String(), want) {
		if p.over {
			t.Fatalf("it ended without %q:\n%s", want, p.text.String())
		}
		p.more.Wait()
	}
	return p.text.String()
}

// player is somebody's mail program, set up with what the demo prints.
type player struct {
	t    *testing.T
	ctx  context.Context
	box  *imapin.Mailbox
	out  *smtpout.Sender
	kick chan struct{}
	got  []*message.Message // what lies in the inbox
	raw  [][]byte
	from []imapin.Cursor
}

func newPlayer(ctx context.Context, t *testing.T, said string, starttls bool) *player {
	t.Helper()
	find := func(pattern string) []string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(said)
		if m == nil {
			t.Fatalf("%s is not printed:\n%s", pattern, said)
		}
		return m[1:]
	}
	user, password, host := find(`user +(\S+)`)[0], find(`password +(\S+)`)[0], find(`host +(\S+)`)[0]
	imap, smtp := find(`IMAP +port (\d+) with TLS, or port (\d+)`), find(`SMTP +port (\d+) with TLS, or port (\d+)`)
	pem, err := os.ReadFile(find(`CA file +(\S+)`)[0])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the CA file has no certificate")
	}
	trust := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	door := 0
	if starttls {
		door = 1
	}
	secret := func(context.Context) (string, error) { return password, nil }
	p := &player{t: t, ctx: ctx, kick: make(chan struct{}, 1)}
	p.box = imapin.New(imapin.Config{Host: host, Port: imap[door], TLS: !starttls, TLSConfig: trust, Username: user, Password: secret})
	p.out = smtpout.New(smtpout.Config{Host: host, Port: smtp[door], TLS: !starttls, TLSConfig: trust, Username: user, Password: secret})
	t.Cleanup(func() {
		_ = p.box.Close()
		_ = p.out.Close()
	})
	return p
}

// Message and Reached are imapin.Visitor's.
func (p *player) Message(ctx context.Context, h imapin.Header, fetch func(context.Context, int64) ([]byte, error)) error {
	if h.Role != imapin.RoleInbox {
		return nil
	}
	raw, err := fetch(ctx, 1<<20)
	if err != nil {
		return err
	}
	p.got, p.raw = append(p.got, message.Parse(raw)), append(p.raw, raw)
	return nil
}

func (p *player) Reached(_ context.Context, c imapin.Cursor) error {
	for i := range p.from {
		if p.from[i].Folder == c.Folder {
			p.from[i] = c
			return nil
		}
	}
	p.from = append(p.from, c)
	return nil
}

// awaits reads the inbox until a message fits.
func (p *player) awaits(what string, fits func(*message.Message) bool) (*message.Message, []byte) {
	p.t.Helper()
	seen := 0
	for {
		if _, err := p.box.Read(p.ctx, p.from, time.Now().AddDate(0, 0, -2), p); err != nil {
			p.t.Fatalf("read while waiting for %s: %v", what, err)
		}
		for ; seen < len(p.got); seen++ {
			if fits(p.got[seen]) {
				return p.got[seen], p.raw[seen]
			}
		}
		select {
		case <-p.kick:
		case <-p.ctx.Done():
			p.t.Fatalf("no %s; there are %d messages", what, len(p.got))
		}
	}
}

// sends submits and files in Sent, as mail programs do.
func (p *player) sends(raw []byte, to string) {
	p.t.Helper()
	o := p.out.Send(p.ctx, ownerAddress, []message.Address{message.Address(to)}, raw, func() error { return nil })
	if o.Result != smtpout.Accepted {
		p.t.Fatalf("send: %+v", o)
	}
	if err := p.box.Append(p.ctx, raw, time.Now()); err != nil {
		p.t.Fatal(err)
	}
}

func kind(k string) func(*message.Message) bool {
	return func(m *message.Message) bool { return m.Header.Get("X-Askwell") == k }
}

// Somebody logs in with what is printed, asks by mail, is answered, takes a time, and ends it.
func TestServe(t *testing.T) {
	for _, starttls := range []bool{false, true} {
		t.Run(fmt.Sprintf("starttls=%t", starttls), func(t *testing.T) { playServe(t, starttls) })
	}
}

func playServe(t *testing.T, starttls bool) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	serving, stop := context.WithCancel(ctx)
	out := newPrinted()
	ended := make(chan error, 1)
	go func() {
		err := serve(serving, Options{Out: out, Env: noEnv, Dir: t.TempDir()}, 50*time.Millisecond)
		out.end()
		ended <- err
	}()
	p := newPlayer(ctx, t, out.until(t, "Ctrl-C ends it."), starttls)
	watching, unwatch := context.WithCancel(ctx)
	watched := make(chan error, 1)
	go func() {
		watched <- p.box.Watch(watching, func() {
			select {
			case p.kick <- struct{}{}:
			default:
			}
		})
	}()

	me := mail.Address{Name: ownerName, Address: ownerAddress}
	p.awaits("welcome", kind("welcome"))
	p.sends(letter{from: me, to: me, subject: "hello", date: time.Now(), id: "one@player.example.org", text: "ask Bob\nask Eve Lin <eve@lin.example.com>, friend"}.raw(), ownerAddress)
	m, _ := p.awaits("receipt", kind("receipt"))
	if text, _ := m.Text(); !strings.Contains(text, "The ask to Bob Roe leaves") {
		t.Errorf("the receipt is\n%s", text)
	}
	m, _ = p.awaits("answer of Bob's", func(m *message.Message) bool { return len(m.From) == 1 && m.From[0].Name == "Bob Roe" })
	if m.Subject != "Re: A question about your work at Evening Example" {
		t.Errorf("Bob answers %q", m.Subject)
	}
	p.awaits("answer of somebody invented", func(m *message.Message) bool {
		return len(m.From) == 1 && m.From[0].Address == "eve@lin.example.com"
	})
	m, _ = p.awaits("times", func(m *message.Message) bool {
		return kind("times")(m) && strings.HasPrefix(m.Subject, "Bob Roe")
	})
	p.sends(letter{
		from: me, to: me, subject: "Re: " + m.Subject, date: time.Now(), id: "two@player.example.org", text: "pick a",
		thread: []message.MessageID{m.MessageID},
	}.raw(), ownerAddress)
	p.awaits("acceptance of Bob's calendar", func(m *message.Message) bool {
		return strings.HasPrefix(m.Subject, "Accepted: ") && m.From[0].Name == "Bob Roe"
	})

	unwatch()
	if err := <-watched; !errors.Is(err, context.Canceled) {
		t.Errorf("watching ended with %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	said := out.until(t, "Everything has ended")
	for _, want := range []string{"askwell → Bob Roe", "Bob Roe → Ada", "askwell → eve@lin.example.com"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not told:\n%s", want, said)
		}
	}
}
