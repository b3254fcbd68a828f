package imapin

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
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// pki is a CA and a certificate for imap.example.org, valid in the real time and in a synctest bubble's.
var pki = sync.OnceValues(func() (server, client *tls.Config) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "imap.example.org"}, DNSNames: []string{"imap.example.org"},
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

// link makes a Config whose connections are pipes, each served by serve in a goroutine of its own; serve gets the
// naked connection. The servers have ended when the test has.
func link(t testing.TB, serve func(net.Conn)) Config {
	t.Helper()
	_, client := pki()
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	return Config{
		Host: "imap.example.org", Port: "993", TLS: true, TLSConfig: client, Username: "ada@example.org",
		Password: func(context.Context) (string, error) { return "secret", nil },
		Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			wg.Go(func() {
				defer theirs.Close()
				serve(theirs)
			})
			return ours, nil
		},
	}
}

// fake is a scripted server with one mailbox. What on does not take care of is answered as RFC 9051 wants it.
type fake struct {
	caps     string // after LOGIN and before
	greeting string // default: an OK
	lists    []string
	mail     map[string][]letter
	validity uint32
	// on may answer in place of the server; it returns true if it did. verb is "UID FETCH", "EXAMINE", …
	on func(c *fakeConn, verb, args string) bool

	mu    sync.Mutex
	conns int
	log   []string // verbs with their arguments
}

type letter struct {
	uid    int
	date   time.Time
	header string
	body   string
}

func newFake(uids ...int) *fake {
	f := &fake{
		caps:     "IMAP4rev1 IDLE SASL-IR AUTH=PLAIN SPECIAL-USE LIST-EXTENDED",
		lists:    []string{`(\HasNoChildren) "/" INBOX`},
		validity: 7,
		mail:     map[string][]letter{"INBOX": nil},
	}
	for _, uid := range uids {
		f.add("INBOX", uid)
	}
	return f
}

func (f *fake) add(folder string, uid int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mail[folder] = append(f.mail[folder], letter{
		uid: uid, date: time.Date(2000, 1, 1, 8, uid%60, 0, 0, time.UTC),
		header: fmt.Sprintf("Message-ID: <m%d@example.com>\r\nSubject: letter %d\r\n\r\n", uid, uid),
		body:   fmt.Sprintf("This is letter %d.\r\n", uid),
	})
}

// said returns the commands with this verb, on all connections.
func (f *fake) said(verb string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, l := range f.log {
		if strings.HasPrefix(l, verb) {
			out = append(out, l)
		}
	}
	return out
}

func (f *fake) connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conns
}

type fakeConn struct {
	*fake
	net.Conn
	r      *bufio.Reader
	n      int // which connection this is, from 1
	tag    string
	folder string
	gone   bool // to be ended
}

func (c *fakeConn) say(format string, args ...any) {
	_, _ = fmt.Fprintf(c.Conn, format+"\r\n", args...)
}
func (c *fakeConn) ok()            { c.say("%s OK done", c.tag) }
func (c *fakeConn) no(text string) { c.say("%s NO %s", c.tag, text) }
func (c *fakeConn) hang()          { _, _ = io.Copy(io.Discard, c.r); c.gone = true }
func (c *fakeConn) drop()          { c.gone = true }
func (c *fakeConn) letters() []letter {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.mail[c.folder])
}

func (c *fakeConn) lineOf(uid int) (l letter) {
	for _, l := range c.letters() {
		if l.uid == uid {
			return l
		}
	}
	return letter{}
}

// serve speaks TLS on a pipe.
func (f *fake) serve(raw net.Conn) {
	server, _ := pki()
	f.speak(tls.Server(raw, server))
}

func (f *fake) speak(conn net.Conn) {
	f.mu.Lock()
	f.conns++
	c := &fakeConn{fake: f, Conn: conn, r: bufio.NewReader(conn), n: f.conns}
	f.mu.Unlock()
	switch f.greeting {
	case "":
		c.say("* OK fake server ready")
	case "-":
	default:
		c.say("%s", f.greeting)
	}
	for !c.gone {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		tag, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		verb, args, _ := strings.Cut(rest, " ")
		if verb == "UID" {
			var sub string
			sub, args, _ = strings.Cut(args, " ")
			verb += " " + sub
		}
		c.tag = tag
		f.mu.Lock()
		f.log = append(f.log, strings.TrimSpace(verb+" "+args))
		f.mu.Unlock()
		if f.on == nil || !f.on(c, verb, args) {
			c.answer(verb, args)
		}
	}
}

var quoted = regexp.MustCompile(`"([^"]*)"`)

func (c *fakeConn) answer(verb, args string) {
	switch verb {
	case "CAPABILITY":
		c.say("* CAPABILITY %s", c.caps)
	case "LIST":
		for _, l := range c.lists {
			c.say("* LIST %s", l)
		}
	case "EXAMINE":
		name := strings.Trim(args, `"`)
		c.mu.Lock()
		_, there := c.mail[name]
		c.mu.Unlock()
		if !there {
			c.no("[NONEXISTENT] no such folder")
			return
		}
		c.folder = name
		c.say("* FLAGS (\\Seen)")
		c.say("* %d EXISTS", len(c.letters()))
		c.say("* OK [UIDVALIDITY %d] ok", c.validity)
	case "UID SEARCH":
		c.search(args)
	case "UID FETCH":
		c.fetch(args)
	case "IDLE":
		c.say("+ idling")
		if _, err := c.r.ReadString('\n'); err != nil {
			return
		}
	case "LOGOUT":
		c.say("* BYE see you")
		c.ok()
		c.gone = true
		return
	case "AUTHENTICATE", "LOGIN", "NOOP", "CREATE", "ENABLE", "ID":
	default:
		c.say("%s BAD %s is unknown", c.tag, verb)
		return
	}
	c.ok()
}

func (c *fakeConn) search(args string) {
	hits := c.letters()
	if _, set, ok := strings.Cut(args, "UID "); ok {
		set, _, _ = strings.Cut(set, " ")
		hits = slices.DeleteFunc(hits, func(l letter) bool { return !c.inSet(set, l.uid) })
	}
	if _, since, ok := strings.Cut(args, `SINCE "`); ok {
		since, _, _ = strings.Cut(since, `"`)
		day, err := time.Parse("2-Jan-2006", since)
		if err != nil {
			c.say("%s BAD date %v", c.tag, err)
		}
		hits = slices.DeleteFunc(hits, func(l letter) bool { return l.date.Before(day) })
	}
	if _, field, ok := strings.Cut(args, "HEADER "); ok {
		q := quoted.FindAllStringSubmatch(field, -1)
		value := q[min(1, len(q)-1)][1]
		hits = slices.DeleteFunc(hits, func(l letter) bool { return !strings.Contains(l.header, value) })
	}
	var line strings.Builder
	line.WriteString("* SEARCH")
	for _, l := range hits {
		line.WriteString(" " + strconv.Itoa(l.uid))
	}
	c.say("%s", line.String())
}

// inSet knows the rule that n:* holds the last message even if that is smaller than n.
func (c *fakeConn) inSet(set string, uid int) bool {
	last := 0
	for _, l := range c.letters() {
		last = max(last, l.uid)
	}
	num := func(s string) int {
		if s == "*" {
			return last
		}
		n, _ := strconv.Atoi(s)
		return n
	}
	for r := range strings.SplitSeq(set, ",") {
		from, to, ok := strings.Cut(r, ":")
		if !ok {
			to = from
		}
		a, b := num(from), num(to)
		if uid >= min(a, b) && uid <= max(a, b) {
			return true
		}
	}
	return false
}

// asked are the UIDs that a FETCH asks for.
func (c *fakeConn) asked(args string) []int {
	set, _, _ := strings.Cut(args, " ")
	var uids []int
	for _, l := range c.letters() {
		if c.inSet(set, l.uid) {
			uids = append(uids, l.uid)
		}
	}
	return uids
}

func (c *fakeConn) fetch(args string) {
	for _, uid := range c.asked(args) {
		c.send(args, uid)
	}
}

// send answers a FETCH for one message.
func (c *fakeConn) send(args string, uid int) {
	l := c.lineOf(uid)
	items := fmt.Sprintf("UID %d", uid)
	if strings.Contains(args, "INTERNALDATE") {
		items += fmt.Sprintf(` INTERNALDATE "%s"`, l.date.Format("_2-Jan-2006 15:04:05 -0700"))
	}
	if strings.Contains(args, "RFC822.SIZE") {
		items += fmt.Sprintf(" RFC822.SIZE %d", len(l.header+l.body))
	}
	section, text := "BODY[HEADER]", l.header
	if !strings.Contains(args, "HEADER") {
		section, text = "BODY[]<0>", l.header+l.body
		if m := regexp.MustCompile(`<0\.(\d+)>`).FindStringSubmatch(args); m != nil {
			n, _ := strconv.Atoi(m[1])
			text = text[:min(n, len(text))]
		}
	}
	c.say("* %d FETCH (%s %s {%d}\r\n%s)", uid, items, section, len(text), text)
}

// notes is a Visitor that writes down what it sees.
type notes struct {
	seen    []string
	reached []Cursor
	body    int64 // fetch so much of each
	visit   func(h Header) error
	fetched error // of the last fetch
}

func (n *notes) Message(ctx context.Context, h Header, fetch func(context.Context, int64) ([]byte, error)) error {
	line := fmt.Sprintf("%s/%d", h.Folder, h.UID)
	if n.body > 0 {
		text, err := fetch(ctx, n.body)
		n.fetched = err
		if err != nil {
			return err
		}
		line += fmt.Sprintf(" %q", text)
	}
	n.seen = append(n.seen, line)
	if n.visit != nil {
		return n.visit(h)
	}
	return nil
}

func (n *notes) Reached(_ context.Context, c Cursor) error {
	n.reached = append(n.reached, c)
	return nil
}

func uidsOf(from, to int) (uids []int) {
	for uid := from; uid <= to; uid++ {
		uids = append(uids, uid)
	}
	return uids
}

func seenOf(folder string, uids ...int) (lines []string) {
	for _, uid := range uids {
		lines = append(lines, fmt.Sprintf("%s/%d", folder, uid))
	}
	return lines
}

// elapse lets virtual time go by.
func elapse(d time.Duration) { <-time.After(d) }
