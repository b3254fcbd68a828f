package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/mailtest"
	"askwell/internal/message"
)

// The certificate of a server is not to be trusted any more, on Dovecot and on Postfix: nobody gets anything, the owner is
// told once where a mail can leave, status says it where none can, and a mended certificate is all that it takes.
func TestCertificates(t *testing.T) {
	const renew, host = "whoever runs the server has to renew its certificate, unless it is this machine's clock that is wrong", "check the host name in mailbox."
	past := time.Now().Add(-time.Minute)
	certificates := map[string]struct {
		mailtest.Certificate
		says, do string
	}{
		"expired":        {mailtest.Certificate{From: past.Add(-24 * time.Hour), To: past}, "expired", renew},
		"not yet valid":  {mailtest.Certificate{From: time.Now().Add(time.Hour)}, "not yet valid", renew},
		"self-signed":    {mailtest.Certificate{SelfSigned: true}, "unknown authority", host},
		"another's name": {mailtest.Certificate{Host: "mail.example.net"}, "cannot validate certificate for", host},
	}
	r := onLab(t, "[schedule]\ndigest = \"0 8 1 1 *\"\n", start())
	lab := r.lab
	trusted := func(w *mailtest.Wire, with mailtest.Certificate) {
		w.Inside(lab.ServerTLSWith(with), lab.TLSConfig())
		w.CutAll()
	}
	minutes := func(n int) {
		for range n {
			r.turn()
			r.now = r.now.Add(time.Minute)
		}
	}
	told := 0
	for name, c := range certificates {
		// Each on a day of its own: what comes back within a day is told later.
		r.now = r.now.AddDate(0, 0, 2)
		minutes(2)

		t.Logf("reading: %s", name)
		trusted(r.imap, c.Certificate)
		minutes(60)
		if n := r.ours()["trouble"]; n != told+1 {
			t.Fatalf("%s: %d mails tell of it, want 1", name, n-told)
		}
		r.has("the trouble mail", r.lastText("trouble"), "Your mailbox cannot be read", c.says, c.do)
		if got := r.troubles(); !strings.Contains(got, c.says) {
			t.Errorf("status says %q", got)
		}
		trusted(r.imap, mailtest.Certificate{})
		minutes(60)
		told += 2
		if n := r.ours()["trouble"]; n != told {
			t.Fatalf("%s: %d mails tell of it in the end, want 2", name, n-told+2)
		}
		r.has("the end", r.lastText("trouble"), "Your mailbox can be read again")

		t.Logf("sending: %s", name)
		trusted(r.smtp, c.Certificate)
		r.now = r.now.AddDate(0, 0, 2)
		r.writes("", "add Somebody Else <somebody@example.net>, friend") // a receipt waits
		receipts := r.ours()["receipt"]
		minutes(50)
		if got := r.troubles(); !strings.Contains(got, c.says) || !strings.Contains(got, c.do) {
			t.Errorf("status says %q", got)
		}
		trusted(r.smtp, mailtest.Certificate{})
		minutes(50)
		if n := r.ours(); n["trouble"] != told || n["receipt"] != receipts+1 {
			t.Errorf("%s: %d mails tell of a trouble that is over, %d receipts came", name, n["trouble"]-told, n["receipt"]-receipts)
		}
		if got := r.troubles(); got != "" {
			t.Errorf("afterwards status says %q", got)
		}
	}
}

// The password is refused by one server first, or by both: where a mail can leave it tells of it, once, and of its end.
func TestRefusedLogin(t *testing.T) {
	refusals := map[string]world.Fault{
		"reading": {At: world.IMAPLogin, Code: 1, Status: "AUTHENTICATIONFAILED", Text: "no such password"},
		"sending": {At: world.SMTPAuth, Code: 535, Status: "5.7.8", Text: "no such password"},
	}
	for name, tt := range map[string]struct {
		refused      []string
		while, after []string
	}{
		"reading": {[]string{"reading"}, []string{"Your mailbox cannot be read"}, []string{"Your mailbox can be read again"}},
		"sending": {[]string{"sending"}, nil, []string{"Mail can be sent again"}},
		"both":    {[]string{"reading", "sending"}, nil, []string{"Mail can be sent again"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, ask := asked(t, "[schedule]\ndigest = \"0 8 1 1 *\"\n")
			subjects := func() (all []string) {
				for _, raw := range r.stored(r.owner, "INBOX", 0) {
					if h := message.ParseHeader(raw); h.Header.Get("X-Askwell") == "trouble" {
						all = append(all, h.Subject)
					}
				}
				return all
			}
			for _, what := range tt.refused {
				r.pen.Fault(refusals[what])
			}
			r.pen.HangUp()
			r.submit(r.owner, r.fresh(r.owner, r.owner, "", "add Bob Roe <bob@example.com>, friend"))
			for range 120 {
				r.turn()
				r.now = r.now.Add(time.Minute)
			}
			if got := subjects(); !slices.Equal(got, tt.while) {
				t.Errorf("meanwhile the owner is told %q, want %q", got, tt.while)
			}
			if got := r.troubles(); strings.Count(got, "no such password") != len(tt.refused) || !strings.Contains(got, "check mailbox.username and the password") {
				t.Errorf("status says %q", got)
			}
			r.replies(jane, ask, "Yes, gladly.")
			r.pen.Heal()
			r.pass(3 * time.Hour)
			if got := subjects(); !slices.Equal(got, append(tt.while, tt.after...)) {
				t.Errorf("in the end the owner was told %q", got)
			}
			if got := r.troubles(); got != "" {
				t.Errorf("afterwards status says %q", got)
			}
			r.stage(jane, contact.Talking)
			if n := r.ours()["receipt"]; n != 2 {
				t.Errorf("%d receipts, want 2", n)
			}
		})
	}
}

// A server that refuses every other login, for a day, is one mail and not a hundred, and one when it has been good for an hour.
func TestFlappingLogin(t *testing.T) {
	for name, fault := range map[string]world.Fault{
		"reading": {At: world.IMAPLogin, Code: 1, Status: "AUTHENTICATIONFAILED", Times: 1},
		"sending": {At: world.SMTPAuth, Code: 535, Status: "5.7.8", Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "[schedule]\ndigest = \"0 8 1 1 *\"\n", start())
			for i := range 24 * 6 {
				if i%2 == 0 {
					r.pen.Fault(fault)
					r.pen.HangUp()
				}
				if i%6 == 0 {
					r.writes("", fmt.Sprintf("add Somebody Else <somebody%d@example.com>, friend", i))
				}
				for range 10 {
					r.turn()
					r.now = r.now.Add(time.Minute)
				}
			}
			if n := r.ours(); n["trouble"] != 1 {
				t.Errorf("in a day %d mails tell of it, want 1", n["trouble"])
			} else {
				r.has("the trouble mail", r.lastText("trouble"), "only now and then")
			}
			r.pen.Heal()
			r.pass(5 * time.Hour)
			if n := r.ours(); n["trouble"] != 2 {
				t.Errorf("%d mails in the end, want 2", n["trouble"])
			}
			if n := r.ours()["receipt"]; n != 24 {
				t.Errorf("%d receipts, want 24", n)
			}
		})
	}
}
