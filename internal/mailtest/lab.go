package mailtest

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	// Owner has a mailbox in every lab.
	Owner = "owner@lab.test"
	// Password is everybody's.
	Password = "labpass"
)

// Options of a Lab; the zero value gives one with the owner's mailbox only.
type Options struct {
	Users   []string // further mailboxes, in lab.test or contacts.test
	Dovecot string   // lines to add to dovecot.conf
	Postfix string   // lines to add to main.cf

	// Rewrite is what becomes of the header of what users submit, as header_checks(5) has it, a rule a line. Where a
	// rule takes the Message-ID away, Postfix makes one of its own.
	Rewrite string
	// FileSent files a copy of what users in lab.test submit in their Sent. It comes there by LMTP, to USER+Sent.
	FileSent bool
	// AllMail adds a folder All, \All, in which all of INBOX, Sent, Drafts and Archive lies.
	AllMail bool
	// ToFolder lets USER+FOLDER reach that folder, from anywhere, as some servers do.
	ToFolder bool
}

// Message-IDs that do not stay: rules for Options.Rewrite.
const (
	NewMessageID = "/^Message-ID:/ IGNORE"
	NoReferences = "/^(References|In-Reply-To):/ IGNORE"
)

// Lab is a running mail system. The addresses are host:port; the certificate is
// for that host, for 127.0.0.1 and for localhost. Methods that talk to it fail
// the test when they cannot: call them from the test's own goroutine.
type Lab struct {
	IMAP, IMAPS             string // STARTTLS, TLS
	Submission, Submissions string // STARTTLS, TLS
	MX                      string // no login
	CAFile                  string
	Dir                     string // logs are in it
	FilesSent               bool   // as Options.FileSent had it

	t         testing.TB
	host      string
	certs     *certificates
	mu        sync.Mutex
	users     []string
	passwords map[string]string // that were changed
	changes   int               // of passwords
}

// Start brings up a Lab and ends it with the test.
func Start(t testing.TB, o Options) *Lab {
	t.Helper()
	tools, err := findTools(t.Context())
	if err != nil {
		if os.Getenv("ASKWELL_LAB") == "required" {
			t.Fatalf("mailtest: ASKWELL_LAB=required, but %v", err)
		}
		t.Skipf("mailtest: skipped: %v", err)
	}
	// Sockets lie below it, whose paths may have 107 bytes: not t.TempDir.
	dir, err := os.MkdirTemp("/tmp", "aw")
	if err != nil {
		t.Fatalf("mailtest: %v", err)
	}
	l := &Lab{Dir: dir, t: t, CAFile: filepath.Join(dir, "ca.pem"), FilesSent: o.FileSent}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, step := range []func() error{
		l.chooseHost,
		func() error { return l.makeCertificates() },
		func() error { return l.writeFiles(tools, o) },
		func() error { return l.addUsers(append([]string{Owner}, o.Users...)) },
		func() error { return l.run(tools) },
	} {
		if err := step(); err != nil {
			l.logs()
			t.Fatalf("mailtest: start: %v", err)
		}
	}
	return l
}

// tools are the programs of the packages.
type tools struct{ dovecot, master string }

func findTools(ctx context.Context) (tools, error) {
	if os.Getuid() != 0 {
		return tools{}, errors.New("not root, which Postfix' master has to be")
	}
	var found tools
	for _, p := range []string{"/usr/sbin/dovecot", "/usr/local/sbin/dovecot"} {
		if _, err := os.Stat(p); err == nil {
			found.dovecot = p
		}
	}
	if found.dovecot == "" {
		return tools{}, errors.New("no dovecot: apt-get install dovecot-imapd dovecot-lmtpd")
	}
	version, err := exec.CommandContext(ctx, found.dovecot, "--version").Output()
	if err != nil {
		return tools{}, fmt.Errorf("ask dovecot for its version: %w", err)
	}
	if !strings.HasPrefix(string(version), "2.3.") {
		return tools{}, fmt.Errorf("dovecot is %q, not 2.3", version)
	}
	for _, p := range []string{"imap", "lmtp"} {
		if _, err := os.Stat("/usr/lib/dovecot/" + p); err != nil {
			return tools{}, fmt.Errorf("no %s in dovecot: apt-get install dovecot-%sd", p, p)
		}
	}
	for _, p := range []string{"/usr/lib/postfix/sbin/master", "/usr/libexec/postfix/master", "/usr/lib/postfix/master"} {
		if _, err := os.Stat(p); err == nil {
			found.master = p
			return found, nil
		}
	}
	return tools{}, errors.New("no postfix: apt-get install postfix")
}

const (
	portMX = 10025 + iota
	portIMAP
	portIMAPS
	portSubmission
	portSubmissions
)

// chooseHost takes a loopback address that nobody listens on. Chance among
// sixteen million keeps labs of other processes apart, and a client that comes
// from 127.0.0.1 is not taken for the same computer, to which Dovecot would
// allow a password without TLS.
func (l *Lab) chooseHost() error {
	var err error
	for range 10 {
		l.host = fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(250), rand.IntN(256), 1+rand.IntN(250))
		if err = l.free(); err == nil {
			l.MX, l.IMAP, l.IMAPS = l.at(portMX), l.at(portIMAP), l.at(portIMAPS)
			l.Submission, l.Submissions = l.at(portSubmission), l.at(portSubmissions)
			return nil
		}
	}
	return err
}

func (l *Lab) at(port int) string { return fmt.Sprintf("%s:%d", l.host, port) }

func (l *Lab) free() error {
	for port := portMX; port <= portSubmissions; port++ {
		s, err := net.Listen("tcp", l.at(port))
		if err != nil {
			return err
		}
		_ = s.Close()
	}
	return nil
}

// run starts both servers and waits until every door answers.
func (l *Lab) run(tools tools) error {
	stop, err := supervise(l.Dir,
		exec.Command(tools.dovecot, "-F", "-c", l.path("dovecot.conf")),
		exec.Command(tools.master, "-c", l.path("postfix"), "-d"))
	if err != nil {
		return err
	}
	l.t.Cleanup(func() {
		if l.t.Failed() {
			l.logs()
		}
		stop()
	})
	ctx, cancel := context.WithTimeout(l.t.Context(), 20*time.Second)
	defer cancel()
	for _, addr := range []string{l.MX, l.IMAP, l.IMAPS, l.Submission, l.Submissions} {
		if err := l.answers(ctx, addr); err != nil {
			return fmt.Errorf("wait for %s: %w", addr, err)
		}
	}
	return nil
}

// answers waits until somebody listens and has begun to talk.
func (l *Lab) answers(ctx context.Context, addr string) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			deadline, _ := ctx.Deadline()
			_ = c.SetDeadline(deadline)
			if addr == l.IMAPS || addr == l.Submissions {
				c = tls.Client(c, l.TLSConfig())
			}
			_, err = c.Read(make([]byte, 1))
			_ = c.Close()
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

func (l *Lab) path(elem ...string) string { return filepath.Join(append([]string{l.Dir}, elem...)...) }

// logs tells the test what both servers said.
func (l *Lab) logs() {
	for _, name := range []string{"dovecot.log", "postfix.log", "start.log"} {
		text, err := os.ReadFile(l.path("log", name))
		if err == nil && len(text) > 0 {
			l.t.Logf("%s:\n%s", name, text[max(0, len(text)-20_000):])
		}
	}
}

// TLSConfig is a client's side: it trusts the lab's authority only.
func (l *Lab) TLSConfig() *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(l.certs.ca)
	return &tls.Config{RootCAs: pool, ServerName: l.host, MinVersion: tls.VersionTLS12}
}

// ServerTLS is the servers' side, for a [Proxy] that looks inside.
func (l *Lab) ServerTLS() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{l.certs.leaf}, MinVersion: tls.VersionTLS12}
}

var address = regexp.MustCompile(`^[a-z0-9._-]+@(lab|contacts)\.test$`)

// AddUser makes a mailbox in the running lab. Dovecot looks at most once a second
// whether there are new users; AddUser waits for that.
func (l *Lab) AddUser(user string) {
	l.t.Helper()
	if err := l.addUsers([]string{user}); err != nil {
		l.t.Fatalf("mailtest: %v", err)
	}
	l.awaitLogin(user)
}

// SetPassword changes a user's password, for reading and for sending.
func (l *Lab) SetPassword(user, password string) {
	l.t.Helper()
	if err := l.setPassword(user, password); err != nil {
		l.t.Fatalf("mailtest: set the password of %s: %v", user, err)
	}
	l.awaitLogin(user)
}

func (l *Lab) setPassword(user, password string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	text, err := os.ReadFile(l.path("users"))
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, user+":{PLAIN}"); ok {
			_, rest, _ = strings.Cut(rest, ":")
			lines[i] = user + ":{PLAIN}" + password + ":" + rest
		}
	}
	if l.passwords == nil {
		l.passwords = map[string]string{}
	}
	l.passwords[user] = password
	if err := os.WriteFile(l.path("users"), []byte(strings.Join(lines, "\n")), 0); err != nil {
		return err
	}
	// Dovecot compares seconds and sizes.
	l.changes++
	at := time.Now().Add(time.Duration(l.changes) * time.Hour)
	return os.Chtimes(l.path("users"), at, at)
}

func (l *Lab) password(user string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return cmp.Or(l.passwords[user], Password)
}

// awaitLogin waits until a user's password is good: Dovecot looks at most once a second for changes.
func (l *Lab) awaitLogin(user string) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := l.login(ctx, user, nil)
		if err == nil {
			_ = c.Close()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			l.t.Fatalf("mailtest: log in as %s: %v", user, err)
		}
	}
}

func (l *Lab) addUsers(users []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(l.path("users"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("add users: %w", err)
	}
	for _, user := range users {
		if !address.MatchString(user) {
			err = errors.Join(err, fmt.Errorf("add user %q: want name@lab.test or name@contacts.test", user))
			continue
		}
		uid := firstUID + len(l.users)
		l.users = append(l.users, user)
		name, domain, _ := strings.Cut(user, "@")
		_, e := fmt.Fprintf(f, "%s:{PLAIN}%s:%d:%d::%s::\n", user, Password, uid, uid, l.path("mail", domain, name))
		err = errors.Join(err, e)
	}
	return errors.Join(err, f.Close())
}
