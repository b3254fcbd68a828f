package world_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"askwell/internal/demo/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ada  = "ada@example.org"
	jane = "jane@example.com"
	pass = "correct horse"
)

func newWorld(t *testing.T) *world.World {
	t.Helper()
	w, err := world.New(world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.AddMailbox(ada, pass); err != nil {
		t.Fatal(err)
	}
	return w
}

// mailText makes a message; each of the lines is a further header field.
func mailText(from, to, subject, body string, lines ...string) []byte {
	h := append([]string{"From: " + from, "To: " + to, "Subject: " + subject, "Message-ID: <" + strings.ReplaceAll(subject, " ", ".") + "@test>"}, lines...)
	return []byte(strings.Join(h, "\r\n") + "\r\n\r\n" + body + "\r\n")
}

type dial func(ctx context.Context, network, addr string) (net.Conn, error)

// connect opens a connection and, for the doors that want it, starts TLS first.
func connect(t *testing.T, w *world.World, d dial, addr string, implicit bool) net.Conn {
	t.Helper()
	c, err := d(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	if implicit {
		cfg := w.TLSConfig()
		cfg.ServerName = "localhost"
		c = tls.Client(c, cfg)
	}
	return c
}

func tlsFor(w *world.World) *tls.Config {
	c := w.TLSConfig()
	c.ServerName = "localhost"
	return c
}

func imapLogin(t *testing.T, w *world.World, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c := imapclient.New(connect(t, w, w.DialIMAP, w.IMAPAddr(), true), o)
	if err := c.Login(ada, pass).Wait(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func submit(w *world.World, t *testing.T, from string, to []string, text []byte) error {
	t.Helper()
	c := smtp.NewClient(connect(t, w, w.DialSMTP, w.SMTPAddr(), true))
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", ada, pass)); err != nil {
		return err
	}
	return c.SendMail(from, to, bytes.NewReader(text))
}

func code(err error) int {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestDoors(t *testing.T) {
	t.Parallel()
	for _, sockets := range []bool{false, true} {
		t.Run(fmt.Sprintf("sockets=%v", sockets), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			imapDial, smtpDial := dial(w.DialIMAP), dial(w.DialSMTP)
			if sockets {
				if err := w.Listen(); err != nil {
					t.Fatal(err)
				}
				imapDial, smtpDial = new(net.Dialer).DialContext, new(net.Dialer).DialContext
			}
			t.Run("imap tls", func(t *testing.T) {
				c := imapclient.New(connect(t, w, imapDial, w.IMAPAddr(), true), nil)
				defer c.Close()
				if err := c.Login(ada, "wrong").Wait(); err == nil {
					t.Error("a wrong password was let in")
				}
				if err := c.Authenticate(sasl.NewPlainClient("", ada, pass)); err != nil {
					t.Error(err)
				}
			})
			t.Run("imap starttls", func(t *testing.T) {
				plain := imapclient.New(connect(t, w, imapDial, w.IMAPPlainAddr(), false), nil)
				defer plain.Close()
				if err := plain.Login(ada, pass).Wait(); err == nil {
					t.Error("a password was taken in the clear")
				}
				c, err := imapclient.NewStartTLS(connect(t, w, imapDial, w.IMAPPlainAddr(), false), &imapclient.Options{TLSConfig: tlsFor(w)})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				if err := c.Login(strings.ToUpper(ada), pass).Wait(); err != nil {
					t.Error(err)
				}
			})
			t.Run("smtp tls", func(t *testing.T) {
				c := smtp.NewClient(connect(t, w, smtpDial, w.SMTPAddr(), true))
				defer c.Close()
				if err := c.Mail(ada, nil); code(err) != 530 {
					t.Errorf("without a login: %v, want 530", err)
				}
				if err := c.Auth(sasl.NewPlainClient("", ada, "wrong")); code(err) != 535 {
					t.Errorf("wrong password: %v, want 535", err)
				}
				if err := c.Auth(sasl.NewLoginClient(ada, pass)); err != nil {
					t.Error(err)
				}
			})
			t.Run("smtp starttls", func(t *testing.T) {
				plain := smtp.NewClient(connect(t, w, smtpDial, w.SMTPPlainAddr(), false))
				defer plain.Close()
				if ok, _ := plain.Extension("AUTH"); ok {
					t.Error("AUTH is offered in the clear")
				}
				c, err := smtp.NewClientStartTLS(connect(t, w, smtpDial, w.SMTPPlainAddr(), false), tlsFor(w))
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				if err := c.Auth(sasl.NewPlainClient("", ada, pass)); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestFoldersHaveTheirUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := imapLogin(t, w, nil)
	if !c.Caps().Has(imap.CapSpecialUse) || !c.Caps().Has(imap.CapIdle) || !c.Caps().Has(imap.CapUIDPlus) {
		t.Errorf("capabilities: %v", c.Caps())
	}
	list, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true, ReturnStatus: &imap.StatusOptions{UIDNext: true}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range list {
		got = append(got, fmt.Sprintf("%s%v%d", l.Mailbox, l.Attrs, l.Status.UIDNext))
	}
	want := `Archive[\Archive]1 Drafts[\Drafts]1 INBOX[]1 Junk[\Junk]1 Sent[\Sent]1 Trash[\Trash]1`
	if g := strings.Join(got, " "); g != want {
		t.Errorf("LIST\n got %s\nwant %s", g, want)
	}
	if _, err := c.Select("inbox", nil).Wait(); err != nil {
		t.Errorf("INBOX in lower case: %v", err)
	}
	if err := c.Create("Sent Mail", &imap.CreateOptions{SpecialUse: []imap.MailboxAttr{imap.MailboxAttrSent}}).Wait(); err != nil {
		t.Error(err)
	}
	if got := w.Folders(ada); len(got) != 7 {
		t.Errorf("folders: %q", got)
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.AddMailbox("bob@example.com", pass); err != nil {
		t.Fatal(err)
	}
	var people []string
	w.OnMail(func(d world.Delivery) { people = append(people, d.From+" to "+d.To) })
	text := mailText(ada, jane, "twenty minutes", ".a line with a dot\r\n..and two",
		"Authentication-Results: mx.example.com; dmarc=pass\r\n header.from=bank.test", "X-Kept: yes")
	if err := submit(w, t, ada, []string{jane, "ada+secret@example.org", "Bob@Example.com"}, text); err != nil {
		t.Fatal(err)
	}
	if want := "[ada@example.org to jane@example.com]"; fmt.Sprint(people) != want {
		t.Errorf("people got %v, want %s", people, want)
	}
	if n := len(w.Sent()); n != 3 || !bytes.Equal(w.Sent()[0].Raw, text) {
		t.Errorf("ledger: %d entries, first %q", n, w.Sent()[0].Raw)
	}
	for _, to := range []string{ada, "bob@example.com"} {
		got := w.Messages(to, "INBOX")
		if len(got) != 1 {
			t.Fatalf("%s has %d messages", to, len(got))
		}
		m, err := mail.ReadMessage(bytes.NewReader(got[0]))
		if err != nil {
			t.Fatal(err)
		}
		_, domain, _ := strings.Cut(to, "@")
		results := m.Header["Authentication-Results"]
		if m.Header.Get("Return-Path") != "<"+ada+">" || m.Header.Get("Received") == "" || len(results) == 0 ||
			!strings.HasPrefix(results[0], "mx."+domain+"; dmarc=pass header.from=example.org") {
			t.Errorf("trace of %s:\n%s", to, got[0])
		}
		if to != ada && bytes.Contains(got[0], []byte("bank.test")) {
			t.Errorf("a forged result in the receiver's own name was kept:\n%s", got[0])
		}
		if !bytes.Contains(got[0], []byte("\r\n\r\n.a line with a dot\r\n..and two\r\n")) || m.Header.Get("X-Kept") != "yes" {
			t.Errorf("the text changed:\n%s", got[0])
		}
	}
	if err := submit(w, t, ada, []string{ada}, mailText("ceo@bank.test", ada, "forged", "x")); err != nil {
		t.Fatal(err)
	}
	if last := w.Messages(ada, "")[1]; !bytes.Contains(last, []byte("mx.example.org; dmarc=none header.from=bank.test")) {
		t.Errorf("a foreign From passed:\n%s", last)
	}
}

func TestRefusedAndReturned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Reject("no@example.com", 550, "5.1.1", "No such user")
	w.Bounce("*@late.test", 550, "5.1.1", "Unknown here")
	err := submit(w, t, ada, []string{"no@example.com"}, mailText(ada, "no@example.com", "hello", "x"))
	var e *smtp.SMTPError
	if !errors.As(err, &e) || e.Code != 550 || e.EnhancedCode != (smtp.EnhancedCode{5, 1, 1}) || e.Message != "No such user" {
		t.Errorf("rejected with %v", err)
	}
	if err := submit(w, t, ada, []string{"x@late.test"}, mailText(ada, "x@late.test", "returned", "x")); err != nil {
		t.Fatal(err)
	}
	got := w.Messages(ada, "")
	if len(got) != 1 {
		t.Fatalf("%d messages came back", len(got))
	}
	for _, want := range []string{
		"Return-Path: <>\r\n", "Content-Type: multipart/report; report-type=delivery-status;", "Action: failed\r\nStatus: 5.1.1\r\n",
		"Final-Recipient: rfc822; x@late.test\r\n", "Diagnostic-Code: smtp; 550 5.1.1 Unknown here\r\n", "Message-ID: <returned@test>\r\n",
	} {
		if !bytes.Contains(got[0], []byte(want)) {
			t.Errorf("the notification lacks %q:\n%s", want, got[0])
		}
	}
	w.Allow("no@example.com")
	if err := submit(w, t, ada, []string{"no@example.com"}, mailText(ada, "no@example.com", "again", "x")); err != nil {
		t.Errorf("after Allow: %v", err)
	}
}

func TestMailProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.AddMailbox("bob@example.com", pass); err != nil {
		t.Fatal(err)
	}
	if err := w.SendAs(ada, mailText(ada, "bob@example.com", "by hand", "hello", "Bcc: eve@example.net")); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Sent()); n != 2 {
		t.Errorf("%d recipients, want 2", n)
	}
	if s := w.Messages(ada, "Sent"); len(s) != 1 || !bytes.Contains(s[0], []byte("Bcc: eve")) || fmt.Sprint(w.Flags(ada, "Sent")) != `[[\seen]]` {
		t.Errorf("Sent: %q %v", s, w.Flags(ada, "Sent"))
	}
	in := w.Messages("bob@example.com", "")
	if len(in) != 1 || bytes.Contains(in[0], []byte("Bcc")) {
		t.Fatalf("Bob got %q", in)
	}
	if _, err := w.Reply(mail.Address{Name: "Bob Roe", Address: "bob@example.com"}, in[0], "Gladly – Tuesday?"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Reply(mail.Address{Address: jane}, w.Messages(ada, "Sent")[0], "From outside"); err != nil {
		t.Fatal(err)
	}
	got := w.Messages(ada, "")
	if len(got) != 2 {
		t.Fatalf("Ada got %d answers", len(got))
	}
	for _, want := range []string{"Subject: Re: by hand\r\n", "In-Reply-To: <by.hand@test>\r\n", "References: <by.hand@test>\r\n", "\r\n\r\nGladly – Tuesday?\r\n", "\r\n> hello\r\n"} {
		if !bytes.Contains(got[0], []byte(want)) {
			t.Errorf("the answer lacks %q:\n%s", want, got[0])
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.SetToken(ada, "ya29.secret"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		auth sasl.Client
		ok   bool
	}{
		{"oauthbearer", sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: ada, Token: "ya29.secret"}), true},
		{"oauthbearer expired", sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: ada, Token: "old"}), false},
		{"xoauth2", &xoauth2{user: ada, token: "ya29.secret"}, true},
		{"xoauth2 expired", &xoauth2{user: ada, token: "old"}, false},
		{"password", sasl.NewPlainClient("", ada, pass), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := smtp.NewClient(connect(t, w, w.DialSMTP, w.SMTPAddr(), true))
			defer s.Close()
			if err := s.Auth(tc.auth); (err == nil) != tc.ok {
				t.Errorf("smtp: %v", err)
			}
		})
	}
	c := imapclient.New(connect(t, w, w.DialIMAP, w.IMAPAddr(), true), nil)
	defer c.Close()
	if err := c.Authenticate(&xoauth2{user: ada, token: "ya29.secret"}); err != nil {
		t.Errorf("imap: %v", err)
	}
}

type xoauth2 struct{ user, token string }

func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}
func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

func TestIdleTellsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		exists := make(chan uint32, 10)
		c := imapLogin(t, w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(d *imapclient.UnilateralDataMailbox) {
				if d.NumMessages != nil {
					exists <- *d.NumMessages
				}
			},
		}})
		if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		for i := range 3 {
			idle, err := c.Idle()
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if err := w.Inject(ada, "", mailText(jane, ada, "news", "x")); err != nil {
				t.Fatal(err)
			}
			if n := <-exists; int(n) != i+1 {
				t.Errorf("told of %d messages, want %d", n, i+1)
			}
			if err := idle.Close(); err != nil {
				t.Fatal(err)
			}
			if err := idle.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(begin); d != 0 {
			t.Errorf("it took %v of virtual time", d)
		}
	})
}

// TestYear lives through a year in a bubble with both protocols.
func TestYear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.OnMail(func(d world.Delivery) {
			if _, err := w.Reply(mail.Address{Address: d.To}, d.Raw, "Yes."); err != nil {
				t.Error(err)
			}
		})
		for range 52 {
			if err := submit(w, t, ada, []string{jane}, mailText(ada, jane, "week", "x")); err != nil {
				t.Fatal(err)
			}
			<-time.After(7 * 24 * time.Hour)
		}
		c := imapLogin(t, w, nil)
		if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			t.Fatal(err)
		}
		found, err := c.UIDSearch(&imap.SearchCriteria{Since: time.Date(2000, 12, 1, 0, 0, 0, 0, time.UTC)}, nil).Wait()
		if err != nil || len(found.AllUIDs()) != 4 {
			t.Errorf("in December: %v %v", found, err)
		}
	})
}

// TestOddMail reads what is hardly mail as it came, between two that are.
func TestOddMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	texts := [][]byte{
		mailText(jane, ada, "before", "x"),
		[]byte("From: jane@example.com\r\nthis is no header field\r\nSubject: odd\r\n\r\nbody\r\n"),
		[]byte("nothing but a line"),
		mailText(jane, ada, "after", "x"),
	}
	for _, text := range texts {
		if err := w.File(ada, "", text); err != nil {
			t.Fatal(err)
		}
	}
	c := imapLogin(t, w, nil)
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		t.Fatal(err)
	}
	whole := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: 1 << 20}}
	head := &imap.FetchItemBodySection{Peek: true, Specifier: imap.PartSpecifierHeader}
	var uids imap.UIDSet
	uids.AddRange(1, 0)
	for _, set := range []imap.NumSet{uids, imap.SeqSetNum(1, 2, 3, 4)} {
		got, err := c.Fetch(set, &imap.FetchOptions{
			UID: true, Flags: true, InternalDate: true, RFC822Size: true, Envelope: true,
			BodyStructure: &imap.FetchItemBodyStructure{}, BodySection: []*imap.FetchItemBodySection{whole, head},
		}).Collect()
		if err != nil || len(got) != len(texts) {
			t.Fatalf("%d messages, %v", len(got), err)
		}
		for _, m := range got {
			want := texts[m.UID-1]
			header, _, found := bytes.Cut(want, []byte("\r\n\r\n"))
			if found {
				header = append(bytes.Clone(header), "\r\n\r\n"...)
			}
			if m.SeqNum != uint32(m.UID) || m.RFC822Size != int64(len(want)) || m.InternalDate.IsZero() ||
				!bytes.Equal(m.FindBodySection(whole), want) || !bytes.Equal(m.FindBodySection(head), header) {
				t.Errorf("message %d: %+v\n got %q\nwant %q", m.UID, m, m.FindBodySection(whole), want)
			}
		}
	}
	if got := fmt.Sprint(w.Flags(ada, "")); got != "[[] [] [] []]" {
		t.Errorf("reading left %s", got)
	}
}

func TestFlagsAndUIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, s := range []string{"one", "two", "three"} {
		if err := w.Inject(ada, "", mailText(jane, ada, s, s)); err != nil {
			t.Fatal(err)
		}
	}
	c := imapLogin(t, w, nil)
	sel, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	peek := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: 1 << 20}}}}
	msgs, err := c.Fetch(imap.SeqSetNum(1), peek).Collect()
	if err != nil || len(msgs) != 1 {
		t.Fatal(len(msgs), err)
	}
	if got := msgs[0].BodySection[0].Bytes; !bytes.Equal(got, w.Messages(ada, "")[0]) {
		t.Errorf("fetched %q", got)
	}
	if got := fmt.Sprint(w.Flags(ada, "")); got != "[[] [] []]" {
		t.Errorf("after a PEEK: %s", got)
	}
	peek.BodySection[0].Peek = false
	if _, err := c.Fetch(imap.SeqSetNum(2), peek).Collect(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Copy(imap.SeqSetNum(2), "Archive").Wait(); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(w.Flags(ada, ""), w.Flags(ada, "Archive")); got != `[[] [\seen] []] [[\seen]]` {
		t.Errorf("after reading and copying: %s", got)
	}
	if got := w.Messages(ada, "Archive"); len(got) != 1 || !bytes.Contains(got[0], []byte("Subject: two")) {
		t.Errorf("Archive: %q", got)
	}
	if err := c.Store(imap.SeqSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Expunge().Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Renumber(ada, ""); err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(ada, ""); len(got) != 2 || !bytes.Contains(got[0], []byte("Subject: two")) || fmt.Sprint(w.Flags(ada, "")) != `[[\seen] []]` {
		t.Errorf("renumbered: %d messages, flags %v", len(got), w.Flags(ada, ""))
	}
	again, err := imapLogin(t, w, nil).Select("INBOX", nil).Wait()
	if err != nil || again.UIDValidity == sel.UIDValidity {
		t.Errorf("UIDVALIDITY was %d and is %d (%v)", sel.UIDValidity, again.UIDValidity, err)
	}
}
