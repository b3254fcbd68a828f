package setup_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"askwell/internal/demo/world"
	"askwell/internal/message"
	"askwell/internal/setup"
	"askwell/internal/store"
)

// installed is a home in which everything is right.
func installed(t *testing.T) *home {
	t.Helper()
	h := newHome(t)
	h.write(h.config(), fmt.Sprintf(`[owner]
name = "Ada Example"
address = %q
timezone = "Europe/Berlin"

[mailbox]
imap = %q
smtp = %q
password_file = "password"
ca_file = %q

[sending]
holidays = ["de"]
`, ada, h.imap(), h.smtp(), h.ca), 0o600)
	h.write(filepath.Join(filepath.Dir(h.config()), "password"), password+"\n", 0o600)
	return h
}

// edit replaces text in the configuration.
func (h *home) edit(old, now string) {
	h.t.Helper()
	text := h.read(h.config())
	if !strings.Contains(text, old) {
		h.t.Fatalf("the configuration has no %q", old)
	}
	h.write(h.config(), strings.Replace(text, old, now, 1), 0o600)
}

func (h *home) doctor(change func(*setup.DoctorOptions)) []setup.Finding {
	h.t.Helper()
	o := setup.DoctorOptions{Env: h.getenv}
	if change != nil {
		change(&o)
	}
	all, err := setup.Doctor(within(h.t), o)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range all {
		if f.What == "" || f.Check == "" || f.State != setup.OK && (f.Why == "" || f.State == setup.Wrong && f.Remedy == "") {
			h.t.Errorf("a finding does not say enough: %+v", f)
		}
		safe(h.t, "a finding", fmt.Sprint(f))
	}
	return all
}

// about finds the finding of a check that is not like the others, or the first.
func about(all []setup.Finding, check string) setup.Finding {
	var found setup.Finding
	for _, f := range all {
		if f.Check == check && (found.Check == "" || f.State != setup.OK) {
			found = f
		}
	}
	return found
}

func TestDoctorFindsNothing(t *testing.T) {
	h := installed(t)
	all := h.doctor(nil)
	if setup.Worst(all) != setup.OK {
		t.Error("all is well, but")
	}
	var checks []string
	for _, f := range all {
		if f.State != setup.OK {
			t.Errorf("%+v", f)
		}
		checks = append(checks, f.Check)
	}
	want := "configuration, permissions, secret, imap dns, imap tls, imap login, imap idle, imap folders, smtp dns, smtp tls, smtp login, zone, holidays, templates, store, disk"
	if got := strings.Join(checks, ", "); got != want {
		t.Errorf("looked at %s", got)
	}
	if got := h.files(); strings.Contains(got, ".db") {
		t.Errorf("a store was made: %s", got)
	}
	if n := len(h.inbox()); n != 0 {
		t.Errorf("%d mails were sent unasked", n)
	}
	b, err := json.Marshal(all[0])
	if err != nil || !strings.HasPrefix(string(b), `{"check":"configuration","state":"ok","what":"`) || strings.Contains(string(b), "remedy") {
		t.Errorf("as JSON it is %s, %v", b, err)
	}
}

func TestDoctorRoundTrip(t *testing.T) {
	h := installed(t)
	all := h.doctor(func(o *setup.DoctorOptions) { o.Send = true })
	if f := about(all, "round trip"); f.State != setup.OK || !strings.Contains(f.What, "INBOX after") {
		t.Errorf("%+v", f)
	}
	if f := about(all, "clock"); f.State != setup.OK {
		t.Errorf("%+v", f)
	}
	mails := h.Messages(ada, "INBOX")
	if len(mails) != 1 {
		t.Fatalf("there are %d mails", len(mails))
	}
	head := message.ParseHeader(mails[0]).Header
	if head.Get("X-Askwell") != "doctor" || head.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("the mail is not marked: %v", head)
	}
	if got := h.Flags(ada, "INBOX"); len(got[0]) != 0 {
		t.Errorf("it has flags: %v", got)
	}
}

func TestDoctorRoundTripFails(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault world.Fault
		state setup.State
		want  string
	}{
		{"refused", world.Fault{At: world.SMTPRcpt, Code: 550, Status: "5.7.1", Text: "not you"}, setup.Wrong, "not you"},
		{"lost", world.Fault{At: world.SMTPDot, Drop: true}, setup.Wrong, "unknown"},
		{"mailbox gone", world.Fault{At: world.IMAPSelect, Skip: 3, Drop: true}, setup.Wrong, "the connection was lost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := installed(t)
			h.Fault(tt.fault)
			all := h.doctor(func(o *setup.DoctorOptions) { o.Send = true })
			if f := about(all, "round trip"); f.State != tt.state || !strings.Contains(f.What, tt.want) {
				t.Errorf("%+v", f)
			}
		})
	}
	t.Run("never there", func(t *testing.T) {
		h := installed(t)
		// Mail to this address is somebody else's.
		h.edit(`[mailbox]`, "[mailbox]\nusername = \"ada@example.org\"\naddress = \"other@example.com\"")
		all := h.doctor(func(o *setup.DoctorOptions) { o.Send, o.Wait = true, 50*time.Millisecond })
		if f := about(all, "round trip"); f.State != setup.Wrong {
			t.Errorf("%+v", f)
		}
	})
	t.Run("not tried", func(t *testing.T) {
		h := installed(t)
		h.write(filepath.Join(filepath.Dir(h.config()), "password"), "wrong", 0o600)
		all := h.doctor(func(o *setup.DoctorOptions) { o.Send = true })
		if f := about(all, "round trip"); f.State != setup.Warning || f.What != "not tried" {
			t.Errorf("%+v", f)
		}
	})
}

// Each thing that an owner can get wrong: which check says so, how serious it is, and words of what and of the remedy.
func TestDoctorFinds(t *testing.T) {
	secret := func(h *home) string { return filepath.Join(filepath.Dir(h.config()), "password") }
	for _, tt := range []struct {
		name         string
		spoil        func(*testing.T, *home)
		check        string
		state        setup.State
		what, remedy string
	}{
		{
			"no configuration", func(t *testing.T, h *home) { must(t, os.Remove(h.config())) },
			"configuration", setup.Wrong, "no such file", "askwell init",
		},
		{
			"unknown key", func(_ *testing.T, h *home) { h.edit("timezone", "timezon") },
			"configuration", setup.Wrong, "askwell.toml:4: owner.timezon", "owner.timezone",
		},
		{
			"configuration for everybody", func(t *testing.T, h *home) { must(t, os.Chmod(h.config(), 0o666)) },
			"permissions", setup.Wrong, "can be changed by others (mode 0666)", "chmod go-w ",
		},
		{
			"store for everybody", func(t *testing.T, h *home) { h.opened(t); must(t, os.Chmod(h.db(), 0o644)) },
			"permissions", setup.Wrong, "can be read by others (mode 0644)", "chmod 600 ",
		},
		{
			"secret for everybody", func(t *testing.T, h *home) { must(t, os.Chmod(secret(h), 0o644)) },
			"secret", setup.Wrong, "can be read by others", "chmod 600 ",
		},
		{
			"secret missing", func(t *testing.T, h *home) { must(t, os.Remove(secret(h))) },
			"secret", setup.Wrong, "no such file", "see that it is there",
		},
		{
			"OAuth2", func(_ *testing.T, h *home) { h.edit(`password_file = "password"`, `oauth2 = "google"`) },
			"secret", setup.Wrong, "cannot sign in with OAuth2", "app password",
		},
		{
			"authority missing", func(_ *testing.T, h *home) { h.edit("ca_file", "# ca_file") },
			"imap tls", setup.Wrong, "askwell demo authority", "ca_file",
		},
		{
			"authority is no certificate", func(_ *testing.T, h *home) { h.edit(h.ca, h.config()) },
			"secret", setup.Wrong, "no certificate in it", "PEM",
		},
		{
			"wrong password", func(_ *testing.T, h *home) { h.write(secret(h), "wrong", 0o600) },
			"imap login", setup.Wrong, "log in at localhost", "askwell init --force",
		},
		{
			"wrong password for sending", func(_ *testing.T, h *home) {
				h.Fault(world.Fault{At: world.SMTPAuth, Code: 535, Status: "5.7.8", Text: "no"})
			},
			"smtp login", setup.Wrong, "log in at localhost", "app password",
		},
		{
			"server busy", func(_ *testing.T, h *home) {
				h.Fault(world.Fault{At: world.IMAPLogin, Code: 1, Status: "UNAVAILABLE", Text: "later"})
			},
			"imap login", setup.Wrong, "later", "try again later",
		},
		{
			"no such host", func(_ *testing.T, h *home) { h.edit("imaps://localhost", "imaps://nowhere.invalid") },
			"imap dns", setup.Wrong, "nowhere.invalid is not found", "mailbox.imap",
		},
		{
			"port closed", func(_ *testing.T, h *home) { h.edit(h.imap(), "imaps://localhost:1") },
			"imap connection", setup.Wrong, "connection refused", "port 993",
		},
		{
			"submission port closed", func(_ *testing.T, h *home) { h.edit(h.smtp(), "smtps://localhost:1") },
			"smtp connection", setup.Wrong, "connection refused", "port 465",
		},
		{
			"TLS on a port without", func(t *testing.T, h *home) { h.edit(h.imap(), "imaps://localhost:"+port(t, h.IMAPPlainAddr())) },
			"imap tls", setup.Wrong, "does not speak TLS", "imap://localhost",
		},
		{
			"TLS on a submission port without", func(t *testing.T, h *home) { h.edit(h.smtp(), "smtps://localhost:"+port(t, h.SMTPPlainAddr())) },
			"smtp tls", setup.Wrong, "does not speak TLS", "smtp://localhost",
		},
		{
			"certificate expired", func(t *testing.T, h *home) {
				h.front(t, h.imap(), h.IMAPAddr(), []string{"localhost"}, -48*time.Hour, -24*time.Hour)
			},
			"imap tls", setup.Wrong, "ended on", "renew",
		},
		{
			"certificate of the future", func(t *testing.T, h *home) {
				h.front(t, h.smtp(), h.SMTPAddr(), []string{"localhost"}, 24*time.Hour, 48*time.Hour)
			},
			"smtp tls", setup.Wrong, "begins on", "clock",
		},
		{
			"certificate for another", func(t *testing.T, h *home) {
				h.front(t, h.smtp(), h.SMTPAddr(), []string{"mail.example.org"}, -time.Hour, 90*24*time.Hour)
			},
			"smtp tls", setup.Wrong, "not for localhost", "mail.example.org",
		},
		{
			"certificate ends soon", func(t *testing.T, h *home) {
				h.front(t, h.imap(), h.IMAPAddr(), []string{"localhost"}, -time.Hour, 10*24*time.Hour+time.Hour)
			},
			"imap tls", setup.Warning, "in 10 days", "renew",
		},
		{
			"no holidays", func(_ *testing.T, h *home) { h.edit(`["de"]`, "[]") },
			"holidays", setup.Warning, "no public holidays", `holidays = ["de"]`,
		},
		{
			"holidays of another country", func(_ *testing.T, h *home) {
				h.edit(`holidays = ["de"]`, "")
				h.edit("Europe/Berlin", "America/New_York")
			},
			"holidays", setup.Warning, "those of de are kept", `holidays = ["us"]`,
		},
		{
			"no zone", func(_ *testing.T, h *home) {
				h.env["TZ"] = "UTC"
				h.edit(`timezone = "Europe/Berlin"`, `# timezone = "Europe/Berlin"`)
			},
			"zone", setup.Warning, "no time zone", "timezone =",
		},
		{
			"broken template", func(_ *testing.T, h *home) {
				h.write(filepath.Join(h.dir, "mine", "contact", "ask_close.txt"), "Subject: Hi\n\n{{.Nmae}}\n", 0o600)
				h.edit("[sending]", "[templates]\ndir = \""+filepath.Join(h.dir, "mine")+"\"\n[sending]")
			},
			"templates", setup.Wrong, "ask_close.txt", "correct that line",
		},
		{
			"store broken", func(_ *testing.T, h *home) { h.write(h.db(), strings.Repeat("this is no store ", 500), 0o600) },
			"store", setup.Wrong, "not a database", "backup",
		},
		{
			"store is a folder", func(t *testing.T, h *home) { must(t, os.MkdirAll(h.db(), 0o700)) },
			"store", setup.Wrong, "is no file", "may read and write",
		},
		{
			"daemon stopped", func(t *testing.T, h *home) { h.opened(t) },
			"daemon", setup.OK, "nobody runs it", "askwell run",
		},
		{
			"daemon hangs", func(t *testing.T, h *home) {
				h.noted(t, func(tx *store.Tx) error {
					_, _, err := tx.TakeLease("somebody", tx.Now.Add(time.Minute))
					must(t, tx.Set("last_read", tx.Now.Add(-10*time.Minute).Format(time.RFC3339)))
					return err
				})
			},
			"reading", setup.Wrong, "has not read", "journalctl",
		},
		{
			"clock set back", func(t *testing.T, h *home) {
				h.noted(t, func(tx *store.Tx) error { return tx.Set("last_read", tx.Now.Add(time.Hour).Format(time.RFC3339)) })
			},
			"clock", setup.Wrong, "it says", "timedatectl",
		},
		{
			"trouble", func(t *testing.T, h *home) {
				h.noted(t, func(tx *store.Tx) error {
					return tx.SaveIncident(store.Incident{Name: "sending", Detail: "the cable is cut", Count: 1, Since: tx.Now, Turned: tx.Now, Noted: tx.Now})
				})
			},
			"sending", setup.Wrong, "the cable is cut", "mend",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := installed(t)
			tt.spoil(t, h)
			all := h.doctor(nil)
			f := about(all, tt.check)
			if f.State != tt.state || !strings.Contains(f.What, tt.what) || !strings.Contains(f.Remedy, tt.remedy) {
				t.Errorf("want %s %s with %q and %q, got %+v", tt.check, tt.state, tt.what, tt.remedy, f)
				for _, f := range all {
					t.Logf("%+v", f)
				}
			}
			t.Logf("%s\n%s\n%s", f.What, f.Why, f.Remedy)
		})
	}
}

// The two servers' STARTTLS ports are as good as the others.
func TestDoctorSTARTTLS(t *testing.T) {
	h := installed(t)
	h.edit(h.imap(), "imap://localhost:"+port(t, h.IMAPPlainAddr()))
	h.edit(h.smtp(), "smtp://localhost:"+port(t, h.SMTPPlainAddr()))
	for _, f := range h.doctor(nil) {
		if f.State != setup.OK {
			t.Errorf("%+v", f)
		}
	}
}

func TestDoctorStops(t *testing.T) {
	h := installed(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := setup.Doctor(ctx, setup.DoctorOptions{Env: h.getenv}); err == nil {
		t.Error("want the context's error")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *home) db() string { return filepath.Join(h.dir, ".local", "share", "askwell", "askwell.db") }

// opened makes the store.
func (h *home) opened(t *testing.T) {
	t.Helper()
	h.noted(t, func(*store.Tx) error { return nil })
}

// noted writes to the store as the daemon would.
func (h *home) noted(t *testing.T, f func(*store.Tx) error) {
	t.Helper()
	s, err := store.Open(t.Context(), h.db())
	must(t, err)
	mb, err := s.Mailbox(t.Context(), ada)
	must(t, err)
	must(t, mb.Update(t.Context(), time.Now(), f))
	must(t, s.Close())
}

// front puts a server with a certificate of its own before one of the world's, and into the configuration.
func (h *home) front(t *testing.T, url, behind string, names []string, from, to time.Duration) {
	t.Helper()
	addr := h.listen(t, behind, names, from, to)
	scheme, _, _ := strings.Cut(url, "://")
	h.edit(url, scheme+"://localhost:"+port(t, addr))
}

// listen gives the address of a server that passes everything on, under a certificate that the authority's file trusts.
func (h *home) listen(t *testing.T, behind string, names []string, from, to time.Duration) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	now := time.Now()
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "front"}, DNSNames: names,
		NotBefore: now.Add(from), NotAfter: now.Add(to), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	must(t, err)
	ca := h.read(h.ca) + string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	h.write(h.ca, ca, 0o600)

	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	must(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { h.pass(c, behind) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return l.Addr().String()
}

func (h *home) pass(front net.Conn, addr string) {
	defer func() { _ = front.Close() }()
	behind, err := tls.Dial("tcp", addr, h.TLSConfig())
	if err != nil {
		return
	}
	defer func() { _ = behind.Close() }()
	var there sync.WaitGroup
	there.Go(func() {
		_, _ = io.Copy(rewriter{behind, h.rewrite}, front)
		_ = behind.Close()
	})
	_, _ = io.Copy(front, behind)
	_ = front.Close()
	there.Wait()
}

// rewriter changes what passes, command by command.
type rewriter struct {
	to   io.Writer
	with func([]byte) []byte
}

func (r rewriter) Write(p []byte) (int, error) {
	b := p
	if r.with != nil {
		b = r.with(p)
	}
	if _, err := r.to.Write(b); err != nil {
		return 0, err
	}
	return len(p), nil
}
