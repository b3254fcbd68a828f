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

// TestResults tries every failure in every phase, of a new connection and of one that has carried a mail already, with
// pipelining and without, which must make no difference. The two files are to be read: they are what the outbox relies on.
func TestResults(t *testing.T) {
	for _, reused := range []bool{false, true} {
		file := "results.txt"
		if reused {
			file = "results_reused.txt"
		}
		for _, piped := range []bool{true, false} {
			var got strings.Builder
			for _, phase := range phases {
				if reused && (phase == "greeting" || phase == "EHLO" || phase == "AUTH") {
					continue
				}
				for _, failure := range failures {
					inBubble(t, func(t *testing.T) {
						fmt.Fprintf(&got, "%-8s %-12s → %s\n", phase, failure.name, fails(t, phase, failure.name, failure.do, reused, piped))
					})
				}
			}
			golden(t, file, got.String())
		}
	}
}

// fails is what becomes of a mail at a failure.
func fails(t *testing.T, phase, name string, do func(c *fakeConn), reused, piped bool) string {
	t.Helper()
	f := newFake()
	if !piped {
		f.ehlo = f.ehlo[1:]
	}
	var armed, done atomic.Bool
	f.on = func(c *fakeConn, verb, _ string) bool {
		if verb != phase || !armed.Load() || done.Swap(true) {
			return false
		}
		if phase == "text" {
			// A pipe has no buffer: the reply waits until the client reads, and it must not stop us from reading.
			spoken := &fakeConn{fake: f, Conn: c.Conn, r: bufio.NewReader(strings.NewReader(""))}
			replied := make(chan struct{})
			go func() {
				defer close(replied)
				do(spoken)
				if spoken.gone && name != "hangs" {
					_ = c.Conn.Close()
				}
			}()
			c.hang()
			<-replied
			return true
		}
		do(c)
		return true
	}
	s := f.sender(t)
	before := 0
	if reused {
		if o := send(t, s); o.Result != Accepted {
			t.Fatalf("the mail before: %+v", o)
		}
		before = 1
	}
	armed.Store(true)
	marked := 0
	begin := time.Now()
	o := s.Send(t.Context(), ada, jane, []byte(letter), func() error { marked++; return nil })
	took := time.Since(begin)
	if !done.Load() {
		t.Errorf("%s was never reached", phase)
	}
	if (o.Err == nil) != (o.Result == Accepted) {
		t.Errorf("%s %s: %v with error %v", phase, name, o.Result, o.Err)
	}
	if marked > 1 {
		t.Errorf("%s %s: marked %d times", phase, name, marked)
	}
	taken := len(f.mails) - before
	// What the server says before the dot, it can only mean for the whole; there it takes nothing in the end.
	if o.Result == Accepted && taken != 1 && phase != "text" || o.Result != Accepted && o.Result != Unknown && phase != "dot" && taken != 0 {
		t.Errorf("%s %s: %v, but the server took %d", phase, name, o.Result, taken)
	}
	said := describe(o, marked, took)
	if reused && f.conns > 1 {
		said += fmt.Sprintf(" on connection %d", f.conns)
	}
	return said
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
			for _, piped := range []bool{true, false} {
				inBubble(t, func(t *testing.T) {
					f := newFake()
					if !piped {
						f.ehlo = f.ehlo[1:]
					}
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
					// What leaves in one piece may be read beyond the end.
					if n := len(f.said("RCPT")); o.Result != test.result || o.Recipient != (test.result == Rejected) || n != test.rcpts && (!piped || n < test.rcpts) {
						t.Errorf("%+v after %q", o, f.said("RCPT"))
					}
					if o.Result != Accepted && len(f.said("DATA")) != 0 {
						t.Error("went on to DATA")
					}
					// What was left open does not spoil the next message.
					if o := send(t, s); test.replies["jane"] == "" && o.Result != Accepted {
						t.Errorf("the next: %+v", o)
					}
				})
			}
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
	second := func(c *fakeConn, verb, want string) bool { return verb == want && len(c.said(want)) > 1 }
	for _, test := range []struct {
		name    string
		pause   time.Duration
		refused bool // the first mail, at RCPT, so that its transaction is left open
		stale   func(c *fakeConn, verb string) bool
		conns   int
		rsets   int
	}{
		{name: "at once", conns: 1},
		{name: "within half a minute", pause: 29 * time.Second, conns: 1},
		{name: "too late", pause: 31 * time.Second, conns: 2},
		{name: "after a refusal", refused: true, conns: 1, rsets: 1},
		{name: "dropped at RSET", refused: true, stale: func(c *fakeConn, verb string) bool { c.gone = verb == "RSET"; return c.gone }, conns: 2, rsets: 1},
		{name: "421 at RSET", refused: true, stale: func(c *fakeConn, verb string) bool {
			if c.gone = verb == "RSET"; c.gone {
				c.say("421 4.4.2 idle")
			}
			return c.gone
		}, conns: 2, rsets: 1},
		{name: "refused at RSET", refused: true, stale: func(c *fakeConn, verb string) bool {
			if verb == "RSET" {
				c.say("500 5.5.1 what?")
			}
			return verb == "RSET"
		}, conns: 2, rsets: 1},
		{name: "hangs at RSET", refused: true, stale: func(c *fakeConn, verb string) bool {
			if verb == "RSET" {
				c.hang()
			}
			return verb == "RSET"
		}, conns: 2, rsets: 1},
		{name: "dropped at MAIL", stale: func(c *fakeConn, verb string) bool { c.gone = second(c, verb, "MAIL"); return c.gone }, conns: 2},
		{name: "421 at MAIL", stale: func(c *fakeConn, verb string) bool {
			if c.gone = second(c, verb, "MAIL"); c.gone {
				c.say("421 4.4.2 idle")
			}
			return c.gone
		}, conns: 2},
		{name: "hangs at MAIL", stale: func(c *fakeConn, verb string) bool {
			if second(c, verb, "MAIL") {
				c.hang()
			}
			return c.gone
		}, conns: 2},
		{name: "too many for one connection", stale: func(c *fakeConn, verb string) bool {
			if second(c, verb, "MAIL") {
				c.say("452 4.5.3 too many mails in one session")
				return true
			}
			return false
		}, conns: 2},
		{name: "dropped at RCPT", stale: func(c *fakeConn, verb string) bool { c.gone = second(c, verb, "RCPT"); return c.gone }, conns: 2},
		{name: "dropped at DATA", stale: func(c *fakeConn, verb string) bool { c.gone = second(c, verb, "DATA"); return c.gone }, conns: 2},
		{name: "421 at DATA", stale: func(c *fakeConn, verb string) bool {
			if c.gone = second(c, verb, "DATA"); c.gone {
				c.say("421 4.3.2 shutting down")
			}
			return c.gone
		}, conns: 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, piped := range []bool{true, false} {
				inBubble(t, func(t *testing.T) {
					f := newFake()
					if !piped {
						f.ehlo = f.ehlo[1:]
					}
					f.on = func(c *fakeConn, verb, _ string) bool {
						if verb == "RCPT" && test.refused && len(c.said("RCPT")) == 1 {
							c.say("550 5.1.1 no such user")
							return true
						}
						return c.n == 1 && test.stale != nil && test.stale(c, verb)
					}
					s := f.sender(t)
					marks, mails := 0, 0
					for i := range 2 {
						o := s.Send(t.Context(), ada, jane, []byte(letter), func() error { marks++; return nil })
						if want := test.refused && i == 0; (o.Result == Rejected) != want || (o.Result == Accepted) == want {
							t.Errorf("mail %d: %+v", i+1, o)
						}
						if o.Result == Accepted {
							mails++
						}
						elapse(test.pause)
					}
					if f.conns != test.conns || len(f.mails) != mails || marks != mails || len(f.said("RSET")) != test.rsets {
						t.Errorf("%d connections, %d mails, %d marks, %q", f.conns, len(f.mails), marks, f.log)
					}
				})
			}
		})
	}
}

// A server that will have no mail at all is not asked with one login after the other.
func TestRefusedWithoutEnd(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		f.on = func(c *fakeConn, verb, _ string) bool {
			if verb == "MAIL" {
				c.say("450 4.7.1 too much mail from you")
			}
			return verb == "MAIL"
		}
		s := f.sender(t)
		for range 5 {
			if o := send(t, s); o.Result != Retry || o.Code != 450 {
				t.Errorf("%+v", o)
			}
		}
		if f.conns != 1 {
			t.Errorf("%d connections", f.conns)
		}
	})
}

// With pipelining the commands up to DATA come in one piece, and no command comes before its turn where it is not offered.
func TestPipelining(t *testing.T) {
	for _, piped := range []bool{true, false} {
		inBubble(t, func(t *testing.T) {
			f := newFake()
			if !piped {
				f.ehlo = f.ehlo[1:]
			}
			var waiting []int
			f.on = func(c *fakeConn, verb, _ string) bool {
				if verb == "MAIL" || verb == "RCPT" || verb == "DATA" {
					waiting = append(waiting, c.r.Buffered())
				}
				return false
			}
			if o := send(t, f.sender(t)); o.Result != Accepted {
				t.Fatalf("%+v", o)
			}
			want := []int{0, 0, 0}
			if piped {
				want = []int{len("RCPT TO:<jane@example.com>\r\nDATA\r\n"), len("DATA\r\n"), 0}
			}
			if !slices.Equal(waiting, want) {
				t.Errorf("behind MAIL, RCPT and DATA waited %v bytes, want %v", waiting, want)
			}
		})
	}
}

// A server that says 354 although it refused the only recipient gets neither text nor dot.
func TestTextForNobody(t *testing.T) {
	for _, verb := range []string{"MAIL", "RCPT"} {
		inBubble(t, func(t *testing.T) {
			f := newFake()
			f.on = func(c *fakeConn, v, _ string) bool {
				switch {
				case c.n > 1:
					return false
				case v == verb:
					c.say("550 5.1.1 no")
				case v == "RCPT":
					c.say("250 2.1.5 fine")
				case v == "DATA":
					c.say("354 go on")
					c.text()
				default:
					return false
				}
				return true
			}
			s := f.sender(t)
			marked := false
			o := s.Send(t.Context(), ada, jane, []byte(letter), func() error { marked = true; return nil })
			if o.Result != Rejected || o.Code != 550 || o.Recipient != (verb == "RCPT") || marked || len(f.mails) != 0 {
				t.Errorf("%+v, marked %v, taken %q", o, marked, f.mails)
			}
			if o := send(t, s); o.Result != Accepted || f.conns != 2 {
				t.Errorf("afterwards %+v on connection %d", o, f.conns)
			}
		})
	}
}

// A server that has its answer to the text ready with the 354 is not believed.
func TestAnswerBeforeText(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		f.on = func(c *fakeConn, verb, _ string) bool {
			if verb == "DATA" {
				c.say("354 go on", "250 2.0.0 queued")
				c.early()
			}
			return verb == "DATA"
		}
		marked := false
		o := f.sender(t).Send(t.Context(), ada, jane, []byte(letter), func() error { marked = true; return nil })
		if o.Result != Retry || marked {
			t.Errorf("%+v, marked %v", o, marked)
		}
	})
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
