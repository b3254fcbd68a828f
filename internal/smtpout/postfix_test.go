package smtpout

import (
	"bytes"
	"context"
	"net"
	"testing"
	"time"

	"askwell/internal/mailtest"
	"askwell/internal/message"
)

// TestReuseOnPostfix lets every fault there is come over a connection that has carried a mail already, between us and a
// real Postfix. Before the next one's text, the mail leaves at once over a new connection, marked once and delivered once;
// from the text on, a fault is what it is. The mail after it always leaves.
func TestReuseOnPostfix(t *testing.T) {
	const jane, again = "jane@contacts.test", "jane+again@contacts.test"
	lab := mailtest.Start(t, mailtest.Options{Users: []string{jane}, Postfix: "smtpd_end_of_data_restrictions = " +
		"check_recipient_access inline:{ {slow@contacts.test = 450 4.7.1 Not so fast} {spam@contacts.test = 550 5.7.1 We do not want it} }"})
	w := mailtest.Proxy(t, lab.Submissions)
	w.Inside(lab.ServerTLS(), lab.TLSConfig())
	host, port, err := net.SplitHostPort(w.Addr())
	if err != nil {
		t.Fatal(err)
	}
	first := mailtest.Text(mailtest.Owner, jane, "First", "Hello.")
	// The commands of the second mail come after EHLO, AUTH, MAIL, RCPT, DATA, the first text and its dot.
	before := 5 + bytes.Count(first, []byte("\n")) + 1
	toServer := func(r mailtest.Rule, do mailtest.Action) mailtest.Rule {
		r.Dir, r.Do = mailtest.ToServer, do
		return r
	}
	arrived := 0
	for _, test := range []struct {
		name  string
		to    string // default: jane
		rule  mailtest.Rule
		idle  func() // what happens before the second mail
		dot   time.Duration
		want  Result
		code  int
		marks int
		comes bool // the second mail
		conns int  // for all three
	}{
		{name: "no fault", want: Accepted, code: 250, marks: 1, comes: true, conns: 1},
		{name: "RCPT refused", to: "refused@contacts.test", want: Rejected, code: 550, conns: 1},
		{name: "RCPT put off", to: "later@contacts.test", want: Retry, code: 450, conns: 1},
		{name: "dot refused", to: "spam@contacts.test", want: Rejected, code: 550, marks: 1, conns: 1},
		{name: "dot put off", to: "slow@contacts.test", want: Retry, code: 450, marks: 1, conns: 1},
		{name: "closed while idle", idle: w.CutAll, want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
		{name: "lost before MAIL", rule: toServer(mailtest.Rule{Match: "MAIL FROM:<owner+again", First: true}, mailtest.Cut), want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
		{name: "reset at MAIL", rule: toServer(mailtest.Rule{Match: "MAIL FROM:<owner+again"}, mailtest.Reset), want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
		{name: "lost at RCPT", rule: toServer(mailtest.Rule{Match: again}, mailtest.Cut), want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
		{name: "lost before DATA", rule: toServer(mailtest.Rule{Lines: before + 2}, mailtest.Cut), want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
		{name: "354 lost", rule: toServer(mailtest.Rule{Lines: before + 3}, mailtest.Cut), want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
		{name: "dot lost", rule: toServer(mailtest.Rule{Match: "The last line."}, mailtest.Stall), dot: time.Second, want: Unknown, marks: 1, conns: 2},
		{name: "answer lost", rule: toServer(mailtest.Rule{Lines: before + 3 + bytes.Count(first, []byte("\n")) + 2}, mailtest.Cut), want: Unknown, marks: 1, comes: true, conns: 2},
		{name: "lost behind the answer", rule: mailtest.Rule{Dir: mailtest.ToClient, Match: "queued as", Do: mailtest.Cut}, want: Accepted, code: 250, marks: 1, comes: true, conns: 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := w.Accepted()
			rule := test.rule
			rule.Conn = base + 1
			w.Set()
			if test.rule != (mailtest.Rule{}) {
				w.Set(rule)
			}
			s := New(Config{
				Host: host, Port: port, TLS: true, TLSConfig: lab.TLSConfig(), Username: mailtest.Owner, Timeouts: Timeouts{Dot: test.dot},
				Password: func(context.Context) (string, error) { return mailtest.Password, nil },
			})
			defer func() { _ = s.Close() }()
			if o := s.Send(t.Context(), mailtest.Owner, []message.Address{jane}, first, nil); o.Result != Accepted {
				t.Fatalf("the first: %+v", o)
			}
			if test.idle != nil {
				test.idle()
			}
			to, marks := message.Address(again), 0
			if test.to != "" {
				to = message.Address(test.to)
			}
			second := mailtest.Text(mailtest.Owner, jane, test.name, "Hello.\nThe last line.")
			o := s.Send(t.Context(), "owner+again@lab.test", []message.Address{to}, second, func() error { marks++; return nil })
			if o.Result != test.want || o.Code != test.code || marks != test.marks || (o.Err == nil) != (o.Result == Accepted) {
				t.Errorf("%+v, marked %d times", o, marks)
			}
			if o := s.Send(t.Context(), mailtest.Owner, []message.Address{jane}, mailtest.Text(mailtest.Owner, jane, "Third", "Hello."), nil); o.Result != Accepted {
				t.Errorf("the third: %+v", o)
			}
			if n := w.Accepted() - base; n != test.conns {
				t.Errorf("%d connections, want %d", n, test.conns)
			}
			arrived += 2
			if test.comes {
				arrived++
			}
			came := 0
			all := lab.Await(jane, "INBOX", arrived)
			for _, raw := range all {
				if message.ParseHeader(raw).Subject == test.name {
					came++
				}
			}
			if (came == 1) != test.comes || came > 1 || len(all) != arrived {
				t.Errorf("the mail came %d times; there are %d, want %d", came, len(all), arrived)
			}
		})
	}
}
