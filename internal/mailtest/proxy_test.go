package mailtest_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"askwell/internal/mailtest"
)

// echo is a server that greets and then returns each line, in upper case.
type echo struct {
	addr  string
	ended chan string // what was heard in a connection, at its end
}

func newEcho(t *testing.T) *echo {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &echo{addr: l.Addr().String(), ended: make(chan string, 10)}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { e.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return e
}

func (e *echo) serve(c net.Conn) {
	defer c.Close()
	var heard strings.Builder
	defer func() { e.ended <- heard.String() }()
	_, _ = io.WriteString(c, "HELLO\r\n")
	for lines := bufio.NewReader(c); ; {
		line, err := lines.ReadString('\n')
		heard.WriteString(line)
		if err != nil {
			return
		}
		if _, err := io.WriteString(c, strings.ToUpper(line)); err != nil {
			return
		}
	}
}

// talk sends the text at once and returns what comes back until want bytes are
// there or the connection ends.
func talk(t *testing.T, addr, text string, want int) (string, error) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil { // a reset can be that quick
		return "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, wrote := io.WriteString(c, text)
	buf := make([]byte, want)
	n, err := io.ReadFull(c, buf)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if errors.Is(wrote, syscall.ECONNRESET) { // told once only, to whoever asks first
		err = wrote
	}
	return string(buf[:n]), err
}

func dialProxy(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

func TestRules(t *testing.T) {
	t.Parallel()
	const said, all = "one\r\ntwo\r\nthree\r\n", "HELLO\r\nONE\r\nTWO\r\nTHREE\r\n"
	for _, tc := range []struct {
		name  string
		rules []mailtest.Rule
		back  string // what the client gets
		err   error
	}{
		{"none", nil, all, nil},
		{"cut at once", []mailtest.Rule{{Dir: mailtest.ToClient}}, "", io.EOF},
		{"cut after bytes", []mailtest.Rule{{Dir: mailtest.ToClient, Bytes: 9}}, "HELLO\r\nON", io.EOF},
		{"cut after lines", []mailtest.Rule{{Dir: mailtest.ToClient, Lines: 2}}, "HELLO\r\nONE\r\n", io.EOF},
		{"cut after a match", []mailtest.Rule{{Dir: mailtest.ToClient, Match: "TWO"}}, "HELLO\r\nONE\r\nTWO\r\n", io.EOF},
		{"cut before a match", []mailtest.Rule{{Dir: mailtest.ToClient, Match: "TWO", First: true}}, "HELLO\r\nONE\r\n", io.EOF},
		{"cut before a part", []mailtest.Rule{{Dir: mailtest.ToClient, Match: "T", First: true}}, "HELLO\r\nONE\r\n", io.EOF},
		{"no whole line", []mailtest.Rule{{Dir: mailtest.ToClient, Match: "T", Whole: true, First: true}}, all, nil},
		{"a whole line", []mailtest.Rule{{Dir: mailtest.ToClient, Match: "TWO", Whole: true, First: true}}, "HELLO\r\nONE\r\n", io.EOF},
		{"no match", []mailtest.Rule{{Dir: mailtest.ToClient, Match: "FOUR"}}, all, nil},
		{"another connection", []mailtest.Rule{{Conn: 2, Dir: mailtest.ToClient}}, all, nil},
		{"reset", []mailtest.Rule{{Dir: mailtest.ToClient, Lines: 1, Do: mailtest.Reset}}, "HELLO\r\n", syscall.ECONNRESET},
		{"stall for a while", []mailtest.Rule{{Dir: mailtest.ToServer, Lines: 1, Do: mailtest.Stall, For: 20 * time.Millisecond}}, all, nil},
		{"drip", []mailtest.Rule{{Dir: mailtest.ToClient, Lines: 1, Do: mailtest.Drip}}, all, nil},
		{"two rules", []mailtest.Rule{{Dir: mailtest.ToClient, Do: mailtest.Drip}, {Dir: mailtest.ToClient, Lines: 2}}, "HELLO\r\nONE\r\n", io.EOF},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := mailtest.Proxy(t, newEcho(t).addr)
			p.Set(tc.rules...)
			begin := time.Now()
			got, err := talk(t, p.Addr(), said, len(all))
			if errors.Is(tc.err, syscall.ECONNRESET) {
				// What was not read yet is lost with a reset.
				if !strings.HasPrefix(tc.back, got) || !errors.Is(err, tc.err) {
					t.Errorf("got %q, %v; want %v", got, err, tc.err)
				}
				return
			}
			if got != tc.back || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tc.back, tc.err)
			}
			for _, r := range tc.rules {
				if d := time.Since(begin); r.Do == mailtest.Stall && d < r.For {
					t.Errorf("the stall took %v", d)
				}
			}
		})
	}
}

func TestCutTowardsTheServer(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	p := mailtest.Proxy(t, e.addr)
	p.Set(mailtest.Rule{Conn: 1, Dir: mailtest.ToServer, Bytes: 7})
	if _, err := talk(t, p.Addr(), "one\r\ntwo\r\n", 100); err == nil {
		t.Error("the connection lives")
	}
	if got := <-e.ended; got != "one\r\ntw" {
		t.Errorf("the server heard %q", got)
	}
	if got, err := talk(t, p.Addr(), "again\r\n", 14); got != "HELLO\r\nAGAIN\r\n" {
		t.Errorf("the second connection: %q %v", got, err)
	}
	if p.Accepted() != 2 {
		t.Errorf("%d connections", p.Accepted())
	}
}

// TestSilence has a client wait in vain, while its connection stands.
func TestSilence(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]mailtest.Rule{
		"stall":                             {Dir: mailtest.ToClient, Lines: 1, Do: mailtest.Stall},
		"half open":                         {Dir: mailtest.ToClient, Lines: 1, Do: mailtest.HalfOpen},
		"half open when told to the server": {Dir: mailtest.ToServer, Bytes: 1, Do: mailtest.HalfOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(t)
			p := mailtest.Proxy(t, e.addr)
			p.Set(rule)
			c := dialProxy(t, p.Addr())
			if _, err := io.ReadFull(c, make([]byte, 7)); err != nil {
				t.Fatal(err)
			}
			for range 100 { // far more than one write before a reset would be seen
				if _, err := c.Write([]byte("still there?\r\n")); err != nil {
					t.Fatalf("writing: %v", err)
				}
			}
			_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("read %d bytes, %v", n, err)
			}
			if rule.Do == mailtest.HalfOpen {
				<-e.ended // the server was told
			}
			p.CutAll()
			_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
			if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("after CutAll: %v", err)
			}
		})
	}
}

func TestGarbleIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	said := strings.Repeat("abcdefghijklmnopqrstuvwxyz", 100) + "\r\n"
	var got [3]string
	for i := range got {
		p := mailtest.Proxy(t, newEcho(t).addr)
		p.Seed = uint64(1 + i/2)
		p.Set(mailtest.Rule{Dir: mailtest.ToClient, Lines: 1, Do: mailtest.Garble})
		got[i], _ = talk(t, p.Addr(), said, 7+len(said))
	}
	clean := "HELLO\r\n" + strings.ToUpper(said)
	wrong := 0
	for i := range min(len(clean), len(got[0])) {
		if got[0][i] != clean[i] {
			wrong++
		}
	}
	if len(got[0]) != len(clean) || wrong < 50 || wrong > 400 || !strings.HasPrefix(got[0], "HELLO\r\n") {
		t.Errorf("%d of %d bytes are wrong", wrong, len(got[0]))
	}
	if got[0] != got[1] || got[0] == got[2] {
		t.Error("the seed does not decide")
	}
}

func TestDownAndUp(t *testing.T) {
	t.Parallel()
	p := mailtest.Proxy(t, newEcho(t).addr)
	c := dialProxy(t, p.Addr())
	if _, err := io.ReadFull(c, make([]byte, 7)); err != nil {
		t.Fatal(err)
	}
	p.Down()
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the old connection lives")
	}
	if _, err := net.Dial("tcp", p.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("while down: %v", err)
	}
	p.Up()
	if got, err := talk(t, p.Addr(), "back\r\n", 13); err != nil {
		t.Errorf("while up: %q %v", got, err)
	}
}

// TestInside loses the answer to the dot of a real submission over TLS: the
// message arrives, and its sender cannot know.
func TestInside(t *testing.T) {
	t.Parallel()
	l := mailtest.Start(t, mailtest.Options{Users: []string{jane}})
	p := mailtest.Proxy(t, l.Submissions)
	p.Inside(l.ServerTLS(), l.TLSConfig())
	p.Set(
		mailtest.Rule{Conn: 1, Dir: mailtest.ToClient, Match: "queued as", First: true},
		mailtest.Rule{Conn: 2, Dir: mailtest.ToClient, Match: "354 ", Do: mailtest.Reset},
	)
	cfg := l.TLSConfig()
	cfg.ServerName = "127.0.0.1"
	for i, subject := range []string{"lost at the dot", "lost at 354", "not lost"} {
		conn, err := tls.Dial("tcp", p.Addr(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		c := smtp.NewClient(conn)
		if err := c.Auth(sasl.NewPlainClient("", mailtest.Owner, mailtest.Password)); err != nil {
			t.Fatal(err)
		}
		err = c.SendMail(mailtest.Owner, []string{jane}, strings.NewReader(string(mailtest.Text(mailtest.Owner, jane, subject, "x"))))
		if (err == nil) != (i == 2) || smtpCode(err) != 0 {
			t.Errorf("%s: %v", subject, err)
		}
		_ = c.Close()
	}
	got := l.Await(jane, "INBOX", 2)
	if len(got) != 2 || !strings.Contains(string(got[0]), "lost at the dot") || !strings.Contains(string(got[1]), "not lost") {
		t.Errorf("%d messages arrived: %q", len(got), got)
	}
}
