package world_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"askwell/internal/demo/world"
)

// TestSMTPFaults tells for each fault how far a client comes and what is kept.
func TestSMTPFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		fault world.Fault
		stage string // where the client meets it
		code  int    // 0: the connection is gone
		kept  int
	}{
		{"refused", world.Fault{At: world.SMTPConnect, Drop: true}, "dial", 0, 0},
		{"hello 421", world.Fault{At: world.SMTPHello, Code: 421, Status: "4.3.2"}, "starttls", 421, 0},
		{"auth 454", world.Fault{At: world.SMTPAuth, Code: 454, Status: "4.7.0"}, "auth", 454, 0},
		{"auth drop", world.Fault{At: world.SMTPAuth, Drop: true}, "auth", 0, 0},
		{"mail 451", world.Fault{At: world.SMTPMail, Code: 451}, "mail", 451, 0},
		{"rcpt 450", world.Fault{At: world.SMTPRcpt, Code: 450, Status: "4.2.0", Address: jane}, "rcpt", 450, 0},
		{"rcpt of another", world.Fault{At: world.SMTPRcpt, Code: 450, Address: "eve@example.net"}, "", 0, 1},
		{"data drop", world.Fault{At: world.SMTPData, Drop: true}, "data", 0, 0},
		{"text drop", world.Fault{At: world.SMTPText, Drop: true}, "dot", 0, 0},
		{"dot drop", world.Fault{At: world.SMTPDot, Drop: true}, "dot", 0, 0},
		{"dot kept and dropped", world.Fault{At: world.SMTPDot, Drop: true, Accept: true}, "dot", 0, 1},
		{"dot 554", world.Fault{At: world.SMTPDot, Code: 554, Status: "5.7.1"}, "dot", 554, 0},
		{"dot 451 but kept", world.Fault{At: world.SMTPDot, Code: 451, Accept: true}, "dot", 451, 1},
		{"slow", world.Fault{At: world.SMTPDot, Delay: 9 * time.Minute}, "", 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				tc.fault.Times = 1
				w.Fault(tc.fault)
				begin := time.Now()
				stage, err := converse(t, w)
				if stage != tc.stage || code(err) != tc.code {
					t.Errorf("met at %q with %v, want %q with %d", stage, err, tc.stage, tc.code)
				}
				if got := len(w.Sent()); got != tc.kept {
					t.Errorf("%d messages were kept, want %d", got, tc.kept)
				}
				if d := time.Since(begin); d != tc.fault.Delay {
					t.Errorf("it took %v, want %v", d, tc.fault.Delay)
				}
				w.Heal()
				if stage, err := converse(t, w); err != nil {
					t.Errorf("afterwards: %s: %v", stage, err)
				}
			})
		})
	}
}

func converse(t *testing.T, w *world.World) (stage string, err error) {
	t.Helper()
	conn, err := w.DialSMTP(t.Context(), "tcp", "localhost:587")
	if err != nil {
		return "dial", err
	}
	defer conn.Close()
	c, err := smtp.NewClientStartTLS(conn, tlsFor(w))
	if err != nil {
		return "starttls", err
	}
	c.SubmissionTimeout = time.Hour
	if err := c.Auth(sasl.NewPlainClient("", ada, pass)); err != nil {
		return "auth", err
	}
	if err := c.Mail(ada, nil); err != nil {
		return "mail", err
	}
	if err := c.Rcpt(jane, nil); err != nil {
		return "rcpt", err
	}
	d, err := c.Data()
	if err != nil {
		return "data", err
	}
	if _, err := d.Write(mailText(ada, jane, "hello", strings.Repeat("all the same ", 1000))); err != nil {
		return "text", err
	}
	if err := d.Close(); err != nil {
		return "dot", err
	}
	return "", nil
}

func TestIMAPFaults(t *testing.T) {
	t.Parallel()
	login := func(c *imapclient.Client) error { return c.Login(ada, pass).Wait() }
	sel := func(c *imapclient.Client) error {
		_, err := c.Select("INBOX", nil).Wait()
		return err
	}
	search := func(c *imapclient.Client) error {
		_, err := c.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
		return err
	}
	list := func(c *imapclient.Client) error {
		_, err := c.List("", "*", nil).Collect()
		return err
	}
	fetch := func(c *imapclient.Client) error {
		_, err := c.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{UID: true}).Collect()
		return err
	}
	appendTo := func(c *imapclient.Client) error {
		text := mailText(ada, jane, "copy", "x")
		a := c.Append("Sent", int64(len(text)), nil)
		if _, err := a.Write(text); err != nil {
			return err
		}
		if err := a.Close(); err != nil {
			return err
		}
		_, err := a.Wait()
		return err
	}
	steps := []func(*imapclient.Client) error{(*imapclient.Client).WaitGreeting, login, list, sel, search, fetch, appendTo}
	for _, tc := range []struct {
		name  string
		fault world.Fault
		step  int // of steps, the one that fails
		kept  int
	}{
		{"bye", world.Fault{At: world.IMAPGreeting, Text: "Down for maintenance"}, 0, 0},
		{"login refused", world.Fault{At: world.IMAPLogin, Code: 1}, 1, 0},
		{"login unavailable", world.Fault{At: world.IMAPLogin, Code: 1, Status: "UNAVAILABLE"}, 1, 0},
		{"list cut", world.Fault{At: world.IMAPList, Drop: true}, 2, 0},
		{"select cut", world.Fault{At: world.IMAPSelect, Drop: true}, 3, 0},
		{"search bye", world.Fault{At: world.IMAPSearch, Drop: true, Text: "Too busy"}, 4, 0},
		{"fetch no", world.Fault{At: world.IMAPFetch, Code: 1}, 5, 0},
		{"append lost", world.Fault{At: world.IMAPAppend, Drop: true}, 6, 0},
		{"append kept and cut", world.Fault{At: world.IMAPAppend, Drop: true, Accept: true}, 6, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Fault(tc.fault)
				c := imapclient.New(connect(t, w, w.DialIMAP, w.IMAPAddr(), true), nil)
				defer c.Close()
				for i, step := range steps[:tc.step+1] {
					if err := step(c); (err != nil) != (i == tc.step) {
						t.Errorf("step %d: %v", i, err)
					}
				}
				if got := len(w.Messages(ada, "Sent")); got != tc.kept {
					t.Errorf("%d copies were kept, want %d", got, tc.kept)
				}
			})
		})
	}
}

func TestSkipAndTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Fault(world.Fault{At: world.SMTPDot, Code: 451, Skip: 1, Times: 2})
	var got []int
	for range 5 {
		got = append(got, code(submit(w, t, ada, []string{jane}, mailText(ada, jane, "hello", "x"))))
	}
	if want := [5]int{0, 451, 451, 0, 0}; [5]int(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSilentIdle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Fault(world.Fault{At: world.IMAPIdle, Silent: true})
		told := false
		c := imapLogin(t, w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(*imapclient.UnilateralDataMailbox) { told = true },
		}})
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		idle, err := c.Idle()
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := w.Inject(ada, "", mailText(jane, ada, "hello", "x")); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		if told {
			t.Error("the client was told")
		}
		if err := idle.Close(); err != nil {
			t.Fatal(err)
		}
		if err := idle.Wait(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestHangUp cuts a connection while it idles.
func TestHangUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := imapLogin(t, w, nil)
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		idle, err := c.Idle()
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		w.HangUp()
		if err := idle.Wait(); err == nil {
			t.Error("IDLE ended well")
		}
	})
}

func TestClosedWorldRefuses(t *testing.T) {
	t.Parallel()
	w, err := world.New(world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.DialIMAP(t.Context(), "tcp", w.IMAPPlainAddr())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("reading on: %v, want EOF", err)
	}
	if _, err := w.DialSMTP(t.Context(), "tcp", w.SMTPAddr()); err == nil {
		t.Error("a closed world answers")
	}
	if err := w.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}
