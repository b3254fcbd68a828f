package smtpout

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"askwell/internal/message"
)

var update = flag.Bool("update", false, "rewrite testdata")

var phases = []string{"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "text", "dot"}

var failures = []struct {
	name string
	do   func(c *fakeConn)
}{
	{"4yz", func(c *fakeConn) { c.say("451 4.3.0 try again later") }},
	{"421", func(c *fakeConn) { c.say("421 4.3.2 shutting down"); c.gone = true }},
	{"5yz", func(c *fakeConn) { c.say("550-5.1.1 there is no", "550 5.1.1 such thing") }},
	{"535", func(c *fakeConn) { c.say("535 5.7.8 who are you?") }},
	{"2yz", func(c *fakeConn) { c.say("299 all is well") }},
	{"3yz", func(c *fakeConn) { c.say("399 tell me more") }},
	{"garbage", func(c *fakeConn) { c.say("\x00\xff?"); c.gone = true }},
	{"half a reply", func(c *fakeConn) { c.say("250-and"); c.gone = true }},
	{"dropped", func(c *fakeConn) { c.gone = true }},
	{"4yz, dropped", func(c *fakeConn) { c.say("451 4.3.0 try again later"); c.gone = true }},
	{"5yz, dropped", func(c *fakeConn) { c.say("554 5.7.1 we do not want it"); c.gone = true }},
	{"hangs", func(c *fakeConn) { c.hang() }},
}

// TestResults tries every failure in every phase. testdata/results.txt is to be read: it is what the outbox relies on.
func TestResults(t *testing.T) {
	var got strings.Builder
	for _, phase := range phases {
		for _, failure := range failures {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				var done atomic.Bool
				f.on = func(c *fakeConn, verb, _ string) bool {
					if verb != phase || done.Swap(true) {
						return false
					}
					if phase == "text" {
						// A pipe has no buffer: the reply waits until the client reads, and it must not stop us from reading.
						spoken := &fakeConn{fake: f, Conn: c.Conn, r: bufio.NewReader(strings.NewReader(""))}
						replied := make(chan struct{})
						go func() {
							defer close(replied)
							failure.do(spoken)
							if spoken.gone && failure.name != "hangs" {
								_ = c.Conn.Close()
							}
						}()
						c.hang()
						<-replied
						return true
					}
					failure.do(c)
					return true
				}
				s := f.sender(t)
				marked := 0
				begin := time.Now()
				o := s.Send(t.Context(), ada, jane, []byte(letter), func() error { marked++; return nil })
				fmt.Fprintf(&got, "%-8s %-12s → %s\n", phase, failure.name, describe(o, marked, time.Since(begin)))
				if !done.Load() {
					t.Errorf("%s was never reached", phase)
				}
				if (o.Err == nil) != (o.Result == Accepted) {
					t.Errorf("%s %s: %v with error %v", phase, failure.name, o.Result, o.Err)
				}
				taken := len(f.mails)
				// What the server says before the dot, it can only mean for the whole; there it takes nothing in the end.
				if o.Result == Accepted && taken != 1 && phase != "text" || o.Result != Accepted && o.Result != Unknown && phase != "dot" && taken != 0 {
					t.Errorf("%s %s: %v, but the server took %d", phase, failure.name, o.Result, taken)
				}
			})
		}
	}
	golden(t, "results.txt", got.String())
}

func describe(o Outcome, marked int, took time.Duration) string {
	words := []string{fmt.Sprintf("%-8s", o.Result)}
	if o.Code != 0 {
		words = append(words, strings.Join(strings.Fields(fmt.Sprint(o.Code, " ", o.Status, " ", o.Text)), " "))
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"recipient", o.Recipient}, {"auth", o.Auth}, {"tls", o.TLS}, {"marked", marked > 0}} {
		if flag.set {
			words = append(words, "["+flag.name+"]")
		}
	}
	if took >= time.Second {
		words = append(words, "after "+took.Round(time.Second).String())
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // testdata
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestSendKeepsBytes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		s := f.sender(t)
		o := send(t, s)
		if want := (Outcome{Result: Accepted, Code: 250, Status: "2.0.0", Text: "queued as Q1"}); o != want {
			t.Errorf("got %+v", o)
		}
		if want := strings.ReplaceAll(letter, "\r\n.", "\r\n.."); f.mails[0] != want {
			t.Errorf("got  %q\nwant %q", f.mails[0], want)
		}
		want := []string{
			"EHLO [127.0.0.1]", "AUTH PLAIN AGFkYUBleGFtcGxlLm9yZwBzZWNyZXQ=",
			fmt.Sprintf("MAIL FROM:<ada@example.org> SIZE=%d BODY=8BITMIME", len(letter)), "RCPT TO:<jane@example.com>", "DATA",
		}
		if diff := cmp.Diff(want, f.log); diff != "" {
			t.Error(diff)
		}
		// A text without a last line end gets it; a large one goes in many pieces.
		large := strings.Repeat("0123456789abcdef0123456789abcdef\r\n", 2000) + "end"
		if o := s.Send(t.Context(), ada, jane, []byte(large), nil); o.Result != Accepted || f.mails[1] != large+"\r\n" {
			t.Errorf("%v, %d bytes", o, len(f.mails[1]))
		}
	})
}

func TestRefusedHere(t *testing.T) {
	for name, test := range map[string]struct {
		from message.Address
		to   []message.Address
		raw  string
	}{
		"bare LF":           {ada, jane, "A: b\n\nc\r\n"},
		"bare LF at first":  {ada, jane, "\nA: b\r\n"},
		"bare CR":           {ada, jane, "A: b\rc\r\n"},
		"bare CR at last":   {ada, jane, "A: b\r\n\r\nc\r"},
		"smuggled dot":      {ada, jane, "A: b\r\n\r\nc\n.\nMAIL FROM:<eve@example.org>\r\n"},
		"NUL":               {ada, jane, "A: b\r\n\r\n\x00\r\n"},
		"empty":             {ada, jane, ""},
		"no recipient":      {ada, nil, letter},
		"address with line": {ada, []message.Address{"jane@example.com>\r\nRCPT TO:<eve@example.org"}, letter},
		"sender no address": {"ada", jane, letter},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				o := f.sender(t).Send(t.Context(), test.from, test.to, []byte(test.raw), nil)
				if o.Result != Rejected || o.Err == nil || f.conns != 0 {
					t.Errorf("%+v, %d connections", o, f.conns)
				}
			})
		})
	}
}

func TestExtensions(t *testing.T) {
	wide := []message.Address{"jäne@example.com"}
	for _, test := range []struct {
		name   string
		ehlo   []string
		to     []message.Address
		result Result
		says   string // MAIL and RCPT
	}{
		{"none", []string{"AUTH PLAIN"}, jane, Accepted, "MAIL FROM:<ada@example.org>|RCPT TO:<jane@example.com>"},
		{"too large", []string{"AUTH PLAIN", "SIZE 10"}, jane, Rejected, ""},
		{"size without limit", []string{"AUTH PLAIN", "SIZE"}, jane, Accepted, fmt.Sprintf("MAIL FROM:<ada@example.org> SIZE=%d|RCPT TO:<jane@example.com>", len(letter))},
		{"needed SMTPUTF8", []string{"AUTH PLAIN", "8BITMIME", "SMTPUTF8"}, wide, Accepted, "MAIL FROM:<ada@example.org> BODY=8BITMIME SMTPUTF8|RCPT TO:<jäne@example.com>"},
		{"missing SMTPUTF8", []string{"AUTH PLAIN", "8BITMIME"}, wide, Rejected, ""},
		{"domain in ASCII", []string{"AUTH PLAIN", "SMTPUTF8"}, []message.Address{"jane@bücher.example"}, Accepted, "MAIL FROM:<ada@example.org>|RCPT TO:<jane@xn--bcher-kva.example>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.ehlo = test.ehlo
				o := f.sender(t).Send(t.Context(), ada, test.to, []byte(letter), nil)
				if o.Result != test.result {
					t.Errorf("%+v", o)
				}
				if o.Result == Rejected && (o.Recipient || o.Text == "" || o.Status == "") {
					t.Errorf("says nothing: %+v", o)
				}
				if got := strings.Join(append(f.said("MAIL"), f.said("RCPT")...), "|"); got != test.says {
					t.Errorf("got  %s\nwant %s", got, test.says)
				}
			})
		})
	}
}

func TestSeveralRecipients(t *testing.T) {
	to := []message.Address{"jane@example.com", "bob@example.com", "cy@example.com"}
	for _, test := range []struct {
		name    string
		replies map[string]string
		result  Result
		rcpts   int
	}{
		{"all", nil, Accepted, 3},
		{"one refused", map[string]string{"bob": "550 5.1.1 no"}, Rejected, 3},
		{"one deferred", map[string]string{"bob": "450 4.2.1 busy"}, Retry, 3},
		{"deferred, then refused", map[string]string{"jane": "450 4.2.1 busy", "cy": "550 5.1.1 no"}, Rejected, 3},
		{"refused, then deferred", map[string]string{"jane": "550 5.1.1 no", "cy": "450 4.2.1 busy"}, Rejected, 3},
		{"refused, then the end", map[string]string{"jane": "550 5.1.1 no", "bob": "421 4.3.2 bye"}, Retry, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.on = func(c *fakeConn, verb, args string) bool {
					for name, reply := range test.replies {
						if verb == "RCPT" && strings.Contains(args, name) {
							c.say(reply)
							return true
						}
					}
					return false
				}
				s := f.sender(t)
				o := s.Send(t.Context(), ada, to, []byte(letter), nil)
				if o.Result != test.result || o.Recipient != (test.result == Rejected) || len(f.said("RCPT")) != test.rcpts {
					t.Errorf("%+v after %q", o, f.said("RCPT"))
				}
				if o.Result != Accepted && len(f.said("DATA")) != 0 {
					t.Error("went on to DATA")
				}
				// What was left open does not spoil the next message.
				if o := send(t, f.sender(t)); test.replies["jane"] == "" && o.Result != Accepted {
					t.Errorf("the next: %+v", o)
				}
			})
		})
	}
}

// A connection that breaks while the text is still being written is no matter of doubt.
func TestBrokenWithinText(t *testing.T) {
	long := letter + strings.Repeat("0123456789abcdef0123456789abcdef\r\n", 2000)
	for _, reply := range []string{"", "552 5.3.4 too long", "451 4.3.1 disk full"} {
		inBubble(t, func(t *testing.T) {
			f := newFake()
			f.on = func(c *fakeConn, verb, _ string) bool {
				if verb != "text" {
					return false
				}
				if c.gone = true; reply != "" {
					go func() { _, _ = io.Copy(io.Discard, c.r) }()
					c.say(reply)
				}
				return true
			}
			o := f.sender(t).Send(t.Context(), ada, jane, []byte(long), nil)
			want := Retry
			if strings.HasPrefix(reply, "5") {
				want = Rejected
			}
			if o.Result != want && !(reply != "" && o.Result == Retry) {
				t.Errorf("%q: %+v", reply, o)
			}
			if len(f.mails) != 0 {
				t.Error("a half mail was taken over")
			}
		})
	}
}

func TestMark(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		s := f.sender(t)
		o := s.Send(t.Context(), ada, jane, []byte(letter), func() error { return errors.New("the store is full") })
		if o.Result != Retry || len(f.mails) != 0 || len(f.said("DATA")) != 1 {
			t.Errorf("%+v, taken %q", o, f.mails)
		}
		if slices.Contains(f.log, "QUIT") {
			t.Error("QUIT within DATA")
		}
		if o := send(t, s); o.Result != Accepted || f.conns != 2 {
			t.Errorf("afterwards %+v on connection %d", o, f.conns)
		}
	})
}

// Before the mark the end of the context breaks off, in every phase; after it, it is ignored.
func TestContextEnds(t *testing.T) {
	for _, phase := range phases {
		t.Run(phase, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.on = func(_ *fakeConn, verb, _ string) bool {
					if verb == phase {
						elapse(20 * time.Second)
					}
					return false
				}
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				begin, marked := time.Now(), false
				o := f.sender(t).Send(ctx, ada, jane, []byte(letter), func() error { marked = true; return nil })
				took := time.Since(begin)
				if phase == "text" || phase == "dot" {
					if o.Result != Accepted || !marked {
						t.Errorf("%+v", o)
					}
					return
				}
				if o.Result != Retry || marked || took != 3*time.Second || !errors.Is(o.Err, context.DeadlineExceeded) {
					t.Errorf("%+v after %v", o, took)
				}
			})
		})
	}
}

func TestDotIsWaitedFor(t *testing.T) {
	for _, test := range []struct {
		answers time.Duration
		want    Result
		took    time.Duration
	}{
		{9*time.Minute + 59*time.Second, Accepted, 9*time.Minute + 59*time.Second},
		{11 * time.Minute, Unknown, 10 * time.Minute},
	} {
		inBubble(t, func(t *testing.T) {
			f := newFake()
			f.on = func(_ *fakeConn, verb, _ string) bool {
				if verb == "dot" {
					elapse(test.answers)
				}
				return false
			}
			begin := time.Now()
			o := send(t, f.sender(t))
			if o.Result != test.want || time.Since(begin) != test.took {
				t.Errorf("answer after %v: %+v after %v", test.answers, o, time.Since(begin))
			}
			if slices.Contains(f.log, "QUIT") {
				t.Error("QUIT after a lost answer")
			}
		})
	}
}

func TestConnectionIsKept(t *testing.T) {
	for _, test := range []struct {
		name  string
		pause time.Duration
		stale func(c *fakeConn, verb string) bool
		conns int
	}{
		{"at once", 0, nil, 1},
		{"within half a minute", 29 * time.Second, nil, 1},
		{"too late", 31 * time.Second, nil, 2},
		{"dropped at RSET", time.Second, func(c *fakeConn, verb string) bool { c.gone = verb == "RSET"; return c.gone }, 2},
		{"421 at RSET", time.Second, func(c *fakeConn, verb string) bool {
			if c.gone = verb == "RSET"; c.gone {
				c.say("421 4.4.2 idle")
			}
			return c.gone
		}, 2},
		{"hangs at RSET", time.Second, func(c *fakeConn, verb string) bool {
			if verb == "RSET" {
				c.hang()
			}
			return verb == "RSET"
		}, 2},
		{"dropped at MAIL", time.Second, func(c *fakeConn, verb string) bool {
			c.gone = verb == "MAIL" && len(c.said("MAIL")) > 1
			return c.gone
		}, 2},
		{"421 at MAIL", time.Second, func(c *fakeConn, verb string) bool {
			if c.gone = verb == "MAIL" && len(c.said("MAIL")) > 1; c.gone {
				c.say("421 4.4.2 idle")
			}
			return c.gone
		}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.on = func(c *fakeConn, verb, _ string) bool { return c.n == 1 && test.stale != nil && test.stale(c, verb) }
				s := f.sender(t)
				for range 2 {
					if o := send(t, s); o.Result != Accepted {
						t.Errorf("%+v", o)
					}
					elapse(test.pause)
				}
				if f.conns != test.conns || len(f.mails) != 2 {
					t.Errorf("%d connections, %d mails", f.conns, len(f.mails))
				}
			})
		})
	}
}

func TestClosed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		s := f.sender(t)
		send(t, s)
		if err := s.Close(); err != nil || !slices.Contains(f.log, "QUIT") {
			t.Errorf("%v, said %q", err, f.log)
		}
		if o := send(t, s); o.Result != Retry || f.conns != 1 {
			t.Errorf("%+v", o)
		}
	})
}
