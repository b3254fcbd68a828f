package smtpout

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"askwell/internal/message"
)

// pki is a certificate for smtp.example.org that is its own CA, valid in the real time and in a synctest bubble's.
var pki = sync.OnceValues(func() (server, client *tls.Config) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "smtp.example.org"}, DNSNames: []string{"smtp.example.org"},
		NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12},
		&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
})

// inBubble runs f with virtual time; that nothing is left running is checked by the bubble itself.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	pki() // outside of it: its locks must not belong to the bubble
	synctest.Test(t, f)
}

// fake is a scripted submission server. What on does not take care of is answered as RFC 5321 wants it.
type fake struct {
	plain bool     // STARTTLS instead of implicit TLS
	ehlo  []string // extensions
	// on may answer in place of the server; it returns true if it did. verb is "greeting", "EHLO", "text" when the
	// first lines of the text have come, "dot", …
	on func(c *fakeConn, verb, args string) bool

	mu    sync.Mutex
	conns int
	log   []string
	mails []string // texts taken over, as they came, without the dot
	wire  []string // what came before TLS
}

type fakeConn struct {
	*fake
	net.Conn
	r         *bufio.Reader
	n         int // which connection this is, from 1
	encrypted bool
	gone      bool
	mail      bool // a transaction is open, for so many
	rcpts     int
}

// pipelining is offered by newFake; without it every command waits for its reply.
const pipelining = "PIPELINING"

func newFake() *fake {
	return &fake{ehlo: []string{pipelining, "SIZE 100000", "8BITMIME", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN", "SMTPUTF8"}}
}

func (f *fake) sender(t testing.TB, change ...func(*Config)) *Sender {
	t.Helper()
	_, client := pki()
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	cfg := Config{
		Host: "smtp.example.org", Port: "465", TLS: !f.plain, TLSConfig: client, Username: "ada@example.org",
		Password: func(context.Context) (string, error) { return "secret", nil },
		Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			wg.Go(func() {
				defer theirs.Close()
				f.serve(theirs)
			})
			return ours, nil
		},
	}
	for _, c := range change {
		c(&cfg)
	}
	s := New(cfg)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (f *fake) said(verb string) (lines []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, l := range f.log {
		if strings.HasPrefix(l, verb) {
			lines = append(lines, l)
		}
	}
	return lines
}

func (c *fakeConn) say(lines ...string) {
	_, _ = io.WriteString(c.Conn, strings.Join(lines, "\r\n")+"\r\n")
}
func (c *fakeConn) hang() { _, _ = io.Copy(io.Discard, c.r); c.gone = true }

func (f *fake) serve(raw net.Conn) {
	f.mu.Lock()
	f.conns++
	c := &fakeConn{fake: f, n: f.conns}
	f.mu.Unlock()
	c.use(raw, !f.plain)
	c.do("greeting", "")
	for !c.gone {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, args, _ := strings.Cut(line, " ")
		f.mu.Lock()
		f.log = append(f.log, line)
		if !c.encrypted {
			f.wire = append(f.wire, line)
		}
		f.mu.Unlock()
		c.do(verb, args)
	}
}

func (c *fakeConn) use(conn net.Conn, encrypt bool) {
	if encrypt {
		server, _ := pki()
		conn = tls.Server(conn, server)
	}
	c.Conn, c.r, c.encrypted = conn, bufio.NewReader(conn), encrypt
}

func (c *fakeConn) do(verb, args string) {
	if c.on != nil && c.on(c, verb, args) {
		return
	}
	switch verb {
	case "greeting":
		c.say("220 smtp.example.org ESMTP")
	case "EHLO":
		lines := []string{"250-smtp.example.org at your service"}
		for _, e := range c.ehlo {
			lines = append(lines, "250-"+e)
		}
		if !c.encrypted {
			lines = append(lines, "250-STARTTLS")
		}
		c.say(append(lines, "250 HELP")...)
	case "STARTTLS":
		c.say("220 go ahead")
		c.use(c.Conn, true)
	case "AUTH":
		c.say("235 2.7.0 welcome")
	case "MAIL", "RSET":
		c.mail, c.rcpts = verb == "MAIL", 0
		c.say("250 2.0.0 fine")
	case "RCPT":
		if !c.mail {
			c.say("503 5.5.1 MAIL first")
			return
		}
		c.rcpts++
		c.say("250 2.0.0 fine")
	case "DATA":
		if c.rcpts == 0 {
			c.say("554 5.5.1 no valid recipients")
			return
		}
		c.mail, c.rcpts = false, 0
		c.say("354 go on")
		c.text()
	case "QUIT":
		c.say("221 2.0.0 bye")
		c.gone = true
	default:
		c.say("500 5.5.2 what?")
	}
}

// early is the end of a conversation in which the server has spoken, or is speaking, before its turn: the client may
// write on, into the void.
func (c *fakeConn) early() {
	if !c.gone {
		c.hang()
	}
}

// text reads up to the dot.
func (c *fakeConn) text() {
	var text strings.Builder
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(line)
		if c.on != nil && c.on(c, "text", line) {
			c.early()
			return
		}
	}
	c.mu.Lock()
	c.mails = append(c.mails, text.String())
	n := len(c.mails)
	c.mu.Unlock()
	if c.on == nil || !c.on(c, "dot", "") {
		c.say(fmt.Sprintf("250 2.0.0 queued as Q%d", n))
	}
}

const letter = "From: Ada Example <ada@example.org>\r\nTo: jane@example.com\r\nSubject: hello\r\n\r\nHello.\r\n.a dot\r\n"

var (
	ada  message.Address = "ada@example.org"
	jane                 = []message.Address{"jane@example.com"}
)

func send(t testing.TB, s *Sender) Outcome {
	t.Helper()
	return s.Send(t.Context(), ada, jane, []byte(letter), nil)
}

// elapse lets virtual time go by.
func elapse(d time.Duration) { <-time.After(d) }
