package imapin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var atStart = []Cursor{{"INBOX", 7, 0}}

// inBubble runs f with virtual time; that nothing is left running is checked by the bubble itself.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	pki() // outside of it: its channels must not belong to the bubble
	synctest.Test(t, f)
}

func open(t *testing.T, f *fake, change ...func(*Config)) *Mailbox {
	t.Helper()
	cfg := link(t, f.serve)
	for _, c := range change {
		c(&cfg)
	}
	m := New(cfg)
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func TestReadFromCursor(t *testing.T) {
	for _, test := range []struct {
		name    string
		uids    []int
		from    []Cursor
		since   time.Time
		seen    []int
		reached []Cursor
	}{
		{name: "first time, no date: begins at the end", uids: []int{3, 5}, reached: []Cursor{{"INBOX", 7, 5}}},
		{name: "empty folder", reached: []Cursor{{"INBOX", 7, 0}}},
		{
			name: "new ones only", uids: []int{3, 5, 6, 9}, from: []Cursor{{"INBOX", 7, 5}},
			seen: []int{6, 9}, reached: []Cursor{{"INBOX", 7, 9}},
		},
		{
			name: "nothing new: n:* names the last one all the same", uids: []int{3, 5}, from: []Cursor{{"INBOX", 7, 5}},
			reached: []Cursor{{"INBOX", 7, 5}},
		},
		{
			name: "the last one seen has vanished", uids: []int{3, 5}, from: []Cursor{{"INBOX", 7, 8}},
			reached: []Cursor{{"INBOX", 7, 8}},
		},
		{
			name: "numbered anew: by date", uids: []int{1, 2}, from: []Cursor{{"INBOX", 6, 100}}, since: time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC),
			seen: []int{1, 2}, reached: []Cursor{{"INBOX", 7, 2}, {"INBOX", 7, 2}},
		},
		{
			name: "numbered anew, nothing young enough", uids: []int{1, 2}, from: []Cursor{{"INBOX", 6, 100}}, since: time.Date(2000, 1, 4, 0, 0, 0, 0, time.UTC),
			reached: []Cursor{{"INBOX", 7, 2}},
		},
		{
			name: "numbered anew, no date: thirty days", uids: []int{1, 2}, from: []Cursor{{"INBOX", 6, 100}},
			seen: []int{1, 2}, reached: []Cursor{{"INBOX", 7, 2}, {"INBOX", 7, 2}},
		},
		{
			name: "first time, with date", uids: []int{1, 2}, since: time.Date(2000, 1, 1, 23, 0, 0, 0, time.UTC),
			seen: []int{1, 2}, reached: []Cursor{{"INBOX", 7, 2}, {"INBOX", 7, 2}},
		},
		{
			name: "in chunks", uids: uidsOf(1, 450), from: atStart,
			seen: uidsOf(1, 450), reached: []Cursor{{"INBOX", 7, 200}, {"INBOX", 7, 400}, {"INBOX", 7, 450}},
		},
		{
			name: "the greatest UID there can be", uids: []int{4294967295}, from: []Cursor{{"INBOX", 7, 4294967295}},
			reached: []Cursor{{"INBOX", 7, 4294967295}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) { // it is 2000-01-01 in there
				f := newFake(test.uids...)
				m := open(t, f)
				var n notes
				look, err := m.Read(t.Context(), test.from, test.since, &n)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(seenOf("INBOX", test.seen...), n.seen); diff != "" {
					t.Errorf("seen: %s", diff)
				}
				if diff := cmp.Diff(test.reached, n.reached); diff != "" {
					t.Errorf("reached: %s", diff)
				}
				last := test.reached[len(test.reached)-1]
				want := []Folder{{Name: "INBOX", Role: RoleInbox, UIDValidity: 7, HighestUID: last.LastUID}}
				if diff := cmp.Diff(want, look.Folders); diff != "" {
					t.Errorf("look: %s", diff)
				}
			})
		})
	}
}

func TestReadKeepsConnectionAndFindsWhatItWasNotTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake(1)
		f.on = func(c *fakeConn, verb, args string) bool {
			if verb != "EXAMINE" {
				return false
			}
			c.folder = "INBOX"
			c.say("* 1 EXISTS") // and never more
			c.say("* OK [UIDVALIDITY 7] ok")
			c.ok()
			return true
		}
		m := open(t, f)
		var n notes
		for i := range 3 {
			if i > 0 {
				f.add("INBOX", i+1)
			}
			if _, err := m.Read(t.Context(), []Cursor{{"INBOX", 7, uint32(i)}}, time.Time{}, &n); err != nil {
				t.Fatal(err)
			}
			elapse(time.Minute)
		}
		if diff := cmp.Diff(seenOf("INBOX", 1, 2, 3), n.seen); diff != "" {
			t.Error(diff)
		}
		if f.connections() != 1 {
			t.Errorf("%d connections, want one kept", f.connections())
		}
	})
}

func TestReadReplacesDeadConnection(t *testing.T) {
	for name, die := range map[string]func(c *fakeConn){
		"dropped": func(c *fakeConn) { c.drop() },
		"bye":     func(c *fakeConn) { c.say("* BYE idle too long"); c.drop() },
		"hangs":   func(c *fakeConn) { c.hang() },
		"garbage": func(c *fakeConn) { c.say("!!!"); c.drop() },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				f.on = func(c *fakeConn, verb, _ string) bool {
					if verb == "NOOP" && c.n == 1 && len(f.said("NOOP")) > 1 { // the first belongs to the login
						die(c)
						return true
					}
					return false
				}
				m := open(t, f)
				var n notes
				for range 2 {
					if _, err := m.Read(t.Context(), atStart, time.Time{}, &n); err != nil {
						t.Fatal(err)
					}
				}
				if f.connections() != 2 || len(n.seen) != 2 {
					t.Errorf("%d connections, seen %q", f.connections(), n.seen)
				}
			})
		})
	}
}

func TestReadNeverMarks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake(1, 2)
		m := open(t, f)
		n := notes{body: 60}
		if _, err := m.Read(t.Context(), atStart, time.Time{}, &n); err != nil {
			t.Fatal(err)
		}
		if want := `INBOX/2 "Message-ID: <m2@example.com>\r\nSubject: letter 2\r\n\r\nThis is l"`; n.seen[1] != want {
			t.Errorf("got  %s\nwant %s", n.seen[1], want)
		}
		for _, said := range f.log {
			verb, _, _ := strings.Cut(said, " ")
			if slices.Contains([]string{"SELECT", "STORE", "EXPUNGE", "CLOSE", "COPY", "MOVE"}, verb) ||
				strings.Contains(said, "BODY[") || strings.Contains(said, "ENVELOPE") || strings.Contains(said, "BODYSTRUCTURE") {
				t.Errorf("said %s", said)
			}
		}
	})
}

// odd answers a FETCH, of headers or of a body, in a way that cannot be used, for message 5; the others come well.
var odd = map[string]struct {
	send  func(c *fakeConn, args string)
	aside bool // the message is given up at once; else Read fails, until it is given up
}{
	"answer cannot be parsed": {func(c *fakeConn, _ string) { c.say("* 5 FETCH (UID 5 WHAT ( EVER") }, true},
	"header is nothing":       {func(c *fakeConn, _ string) { c.say("* 5 FETCH (UID 5 BODY[HEADER] NIL)") }, false},
	"left out":                {func(*fakeConn, string) {}, false},
	"literal without an end":  {func(c *fakeConn, _ string) { c.say("* 5 FETCH (UID 5 BODY[HEADER] {999999999999}") }, true},
	"number too large":        {func(c *fakeConn, _ string) { c.say("* 5 FETCH (UID 55555555555555)") }, true},
	"deep parentheses":        {func(c *fakeConn, _ string) { c.say("* 5 FETCH (UID 5 BODYSTRUCTURE %s", strings.Repeat("(", 70_000)) }, true},
	"a string that is kept": {func(c *fakeConn, _ string) {
		c.say("* 5 FETCH (UID 5 ENVELOPE ({99999}\r\n%s", strings.Repeat("x", 99_999))
	}, true},
	"server drops":              {func(c *fakeConn, _ string) { c.drop() }, false},
	"server hangs":              {func(c *fakeConn, _ string) { c.hang() }, false},
	"server hangs in a literal": {func(c *fakeConn, _ string) { c.say("* 5 FETCH (UID 5 BODY[HEADER] {99}\r\nSubj"); c.hang() }, false},
	"server says BYE":           {func(c *fakeConn, _ string) { c.say("* BYE internal error"); c.drop() }, false},
	"server says NO":            {func(c *fakeConn, _ string) { c.no("cannot read that one"); c.tag = "" }, false},
}

func oddFake(send func(c *fakeConn, args string)) *fake {
	f := newFake(uidsOf(1, 300)...)
	f.on = func(c *fakeConn, verb, args string) bool {
		if verb != "UID FETCH" || !strings.Contains(args, "HEADER") {
			return false
		}
		for _, uid := range c.asked(args) {
			if uid != 5 {
				c.send(args, uid)
				continue
			}
			if send(c, args); c.gone || c.tag == "" {
				return true
			}
		}
		c.ok()
		return true
	}
	return f
}

func TestReadPastOddMessage(t *testing.T) {
	for name, test := range odd {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := oddFake(test.send)
				m := open(t, f)
				var (
					n     notes
					look  Look
					err   error
					reads int
				)
				begin := time.Now()
				for reads = 1; ; reads++ {
					look, err = m.Read(t.Context(), atStart, time.Time{}, &n)
					if err == nil || reads > 30 {
						break
					}
					var e *Error
					if !errors.As(err, &e) {
						t.Fatalf("%T %v", err, err)
					}
					if len(n.seen) != 0 {
						t.Fatal("visited past it")
					}
					elapse(time.Minute)
				}
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]uint32{5}, look.Folders[0].SetAside); diff != "" {
					t.Error(diff)
				}
				want := slices.DeleteFunc(seenOf("INBOX", uidsOf(1, 300)...), func(s string) bool { return s == "INBOX/5" })
				if diff := cmp.Diff(want, n.seen); diff != "" {
					t.Error(diff)
				}
				if test.aside != (reads == 1) {
					t.Errorf("given up in Read %d", reads)
				}
				if !test.aside && time.Since(begin) < doubtFor {
					t.Errorf("given up after %v", time.Since(begin))
				}
				t.Logf("%d reads, %d connections, %d fetches", reads, f.connections(), len(f.said("UID FETCH")))
			})
		})
	}
}

func TestReadRecoversWhatCanBe(t *testing.T) {
	for name, send := range map[string]func(c *fakeConn, args string){
		"a FETCH nobody asked for hides the answer": func(c *fakeConn, args string) {
			if len(c.asked(args)) > 1 {
				c.say("* 5 FETCH (UID 5 FLAGS (\\Seen))")
			}
			c.send(args, 5)
		},
		"a date that is none": func(c *fakeConn, args string) {
			if strings.Contains(args, "INTERNALDATE") {
				c.say(`* 5 FETCH (UID 5 INTERNALDATE "yesterday" RFC822.SIZE 5 BODY[HEADER] {2}` + "\r\n\r\n)")
				return
			}
			c.send(args, 5)
		},
		"many parentheses": func(c *fakeConn, _ string) {
			c.say("* 5 FETCH (UID 5 INTERNALDATE \"01-Jan-2000 00:00:00 +0000\" RFC822.SIZE 200000 BODY[HEADER] {200000}\r\n%s)", strings.Repeat("(", 200_000))
		},
		"no date": func(c *fakeConn, args string) {
			c.send(strings.ReplaceAll(args, "INTERNALDATE", ""), 5)
		},
		"flags beside it": func(c *fakeConn, args string) {
			c.say("* 7 FETCH (FLAGS (\\Seen))\r\n* 300 EXISTS\r\n* 7 FETCH (UID 7 FLAGS (\\Answered))\r\n* OK hello {3}")
			c.send(args, 5)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := open(t, oddFake(send))
				var n notes
				look, err := m.Read(t.Context(), atStart, time.Time{}, &n)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(seenOf("INBOX", uidsOf(1, 300)...), n.seen); diff != "" {
					t.Error(diff)
				}
				if look.Folders[0].SetAside != nil {
					t.Errorf("set aside: %v", look.Folders[0].SetAside)
				}
			})
		})
	}
}

func TestReadManyOddMessages(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake(uidsOf(1, 60)...)
		f.on = func(c *fakeConn, verb, args string) bool {
			if verb != "UID FETCH" {
				return false
			}
			for _, uid := range c.asked(args) {
				if uid%3 == 0 {
					c.say("* %d FETCH (UID %d WHAT)", uid, uid)
					c.hang()
					return true
				}
				c.send(args, uid)
			}
			c.ok()
			return true
		}
		m := open(t, f)
		var n notes
		look, err := m.Read(t.Context(), atStart, time.Time{}, &n)
		if err != nil {
			t.Fatal(err)
		}
		if len(n.seen) != 40 || len(look.Folders[0].SetAside) != 20 {
			t.Errorf("seen %d, set aside %d", len(n.seen), len(look.Folders[0].SetAside))
		}
		t.Logf("%d connections", f.connections())
	})
}

func TestReadVanished(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake(uidsOf(1, 100)...)
		f.on = func(c *fakeConn, verb, args string) bool {
			if verb == "UID FETCH" {
				f.mu.Lock()
				f.mail["INBOX"] = nil
				f.mu.Unlock()
			}
			return false
		}
		m := open(t, f)
		var n notes
		look, err := m.Read(t.Context(), atStart, time.Time{}, &n)
		if err != nil || len(n.seen) != 0 || look.Folders[0].SetAside != nil {
			t.Fatalf("%v %v %v", look, err, n.seen)
		}
		if got := len(f.said("UID FETCH")); got != 1 {
			t.Errorf("%d fetches for nothing", got)
		}
	})
}

func TestBodyTrouble(t *testing.T) {
	for _, test := range []struct {
		name  string
		on    func(c *fakeConn, args string) bool
		gone  bool
		fails bool
	}{
		{"breaks once", func(c *fakeConn, _ string) bool {
			if c.n == 1 {
				c.drop()
			}
			return c.n == 1
		}, false, false},
		{"range is ignored", func(c *fakeConn, args string) bool {
			c.say("* 1 FETCH (UID 1 BODY[] {80}\r\n%s)", strings.Repeat("x", 80))
			c.ok()
			return true
		}, false, false},
		{"vanishes", func(c *fakeConn, _ string) bool {
			c.mu.Lock()
			c.mail["INBOX"] = nil
			c.mu.Unlock()
			c.ok()
			return true
		}, true, false},
		{"never comes", func(c *fakeConn, _ string) bool { c.ok(); return true }, false, true},
		{"always breaks", func(c *fakeConn, _ string) bool { c.drop(); return true }, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				f.on = func(c *fakeConn, verb, args string) bool {
					return verb == "UID FETCH" && !strings.Contains(args, "HEADER") && test.on(c, args)
				}
				m := open(t, f)
				n := notes{body: 40}
				look, err := m.Read(t.Context(), atStart, time.Time{}, &n)
				switch {
				case test.fails:
					for i := 0; err != nil && i < 20; i++ {
						if errors.Is(err, ErrUnreadable) {
							t.Fatal(err)
						}
						var e *Error
						if !errors.As(err, &e) || len(n.reached) > 0 {
							t.Fatalf("%v, reached %v", err, n.reached)
						}
						elapse(time.Minute)
						look, err = m.Read(t.Context(), atStart, time.Time{}, &n)
					}
					if err != nil || !slices.Equal(look.Folders[0].SetAside, []uint32{1}) {
						t.Errorf("never given up: %v %v", err, look)
					}
					if len(n.seen) != 0 || !errors.Is(n.fetched, ErrUnreadable) {
						t.Errorf("given up with %v, seen %v", n.fetched, n.seen)
					}
				case test.gone:
					if err != nil || len(n.seen) > 0 || len(n.reached) != 1 {
						t.Errorf("%v, seen %v", err, n.seen)
					}
				default:
					if err != nil || len(n.seen) != 1 {
						t.Errorf("%v, seen %v", err, n.seen)
					}
				}
			})
		})
	}
}

func TestVisitorErrorIsReturned(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		own := errors.New("the store is full")
		m := open(t, newFake(1, 2))
		n := notes{visit: func(Header) error { return own }}
		if _, err := m.Read(t.Context(), atStart, time.Time{}, &n); err != own { //nolint:errorlint // unchanged is promised
			t.Errorf("got %v", err)
		}
		n = notes{}
		if _, err := m.Read(t.Context(), atStart, time.Time{}, &n); err != nil || len(n.seen) != 2 {
			t.Errorf("afterwards: %v %v", n.seen, err)
		}
	})
}

// Whatever the server does to whatever command: Read returns in good time with an Error, and leaves nothing running.
func TestReadHostileServer(t *testing.T) {
	verbs := []string{"CAPABILITY", "AUTHENTICATE", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH"}
	for name, do := range map[string]func(c *fakeConn){
		"hangs":          func(c *fakeConn) { c.hang() },
		"drops":          func(c *fakeConn) { c.drop() },
		"says BYE":       func(c *fakeConn) { c.say("* BYE shutting down"); c.drop() },
		"says garbage":   func(c *fakeConn) { c.say("\x00\xff((({99999999999}"); c.hang() },
		"says NO":        func(c *fakeConn) { c.no("[UNAVAILABLE] not now") },
		"says BAD":       func(c *fakeConn) { c.say("%s BAD what?", c.tag) },
		"asks":           func(c *fakeConn) { c.say("+ go on"); c.hang() },
		"wrong tag":      func(c *fakeConn) { c.say("nobody OK"); c.hang() },
		"line of a GB":   func(c *fakeConn) { flood(c, "* OK ", "x") },
		"many numbers":   func(c *fakeConn) { flood(c, "* SEARCH", " 1234567890") },
		"all numbers":    func(c *fakeConn) { c.say("* ESEARCH (TAG %q) UID ALL 1:4294967295", c.tag); c.ok() },
		"many folders":   func(c *fakeConn) { flood(c, "", "* LIST () \"/\" x\r\n") },
		"huge literal":   func(c *fakeConn) { c.say("* LIST () \"/\" {99999999}"); c.hang() },
		"slow drip":      func(c *fakeConn) { drip(c) },
		"never stops OK": func(c *fakeConn) { flood(c, "", "* OK still here\r\n") },
	} {
		for _, verb := range verbs {
			t.Run(name+" at "+verb, func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					f := newFake(1, 2, 3)
					if name == "many numbers" && verb != "UID SEARCH" {
						return // the rest is the same, and 16 MB each
					}
					f.on = func(c *fakeConn, v, _ string) bool {
						if v != verb {
							return false
						}
						do(c)
						return true
					}
					m := open(t, f)
					begin := time.Now()
					var n notes
					_, err := m.Read(t.Context(), nil, begin.Add(-time.Hour), &n)
					var e *Error
					if err != nil && !errors.As(err, &e) {
						t.Errorf("%T %v", err, err)
					}
					if err == nil && !slices.Contains([]string{"all numbers", "says BAD", "says NO"}, name) {
						t.Error("Read found nothing wrong")
					}
					if e != nil && !strings.Contains(err.Error(), "imap.example.org") {
						t.Errorf("does not name the server: %v", err)
					}
					if took := time.Since(begin); took > 20*time.Minute {
						t.Errorf("took %v", took)
					}
				})
			})
		}
	}
}

func flood(c *fakeConn, start, again string) {
	if _, err := c.Write([]byte(start)); err != nil {
		return
	}
	block := []byte(strings.Repeat(again, 1+16000/len(again)))
	blocks := 1 << 4 // 256 kB
	if start == "* SEARCH" {
		blocks = 1 << 11 // past what is good for numbers
	}
	for range blocks {
		if _, err := c.Write(block); err != nil {
			break
		}
		elapse(time.Millisecond)
	}
	c.gone = true
}

func drip(c *fakeConn) {
	for {
		if _, err := c.Write([]byte("*")); err != nil {
			break
		}
		elapse(time.Second)
	}
	c.gone = true
}

func TestReadEndsWithContext(t *testing.T) {
	for _, verb := range []string{"CAPABILITY", "AUTHENTICATE", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH"} {
		t.Run(verb, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				f.on = func(c *fakeConn, v, _ string) bool {
					if v == verb {
						c.hang()
					}
					return v == verb
				}
				m := open(t, f)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				begin := time.Now()
				_, err := m.Read(ctx, atStart, time.Time{}, &notes{})
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 2*time.Second {
					t.Errorf("%v after %v", err, time.Since(begin))
				}
			})
		})
	}
}

func TestReadOrderOfFolders(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake(1)
		f.lists = []string{`(\Junk) "/" Spam`, `() "/" INBOX`, `(\Sent) "/" "Gesendete Objekte"`, `() "/" Jobs`, `(\Noselect) "/" Top`}
		f.mail["Spam"], f.mail["Gesendete Objekte"], f.mail["Jobs"] = nil, nil, nil
		for i, name := range []string{"Spam", "Gesendete Objekte", "Jobs"} {
			f.add(name, 20+i)
		}
		m := open(t, f, func(c *Config) { c.Folders = []string{"Jobs", "INBOX"} })
		var n notes
		look, err := m.Read(t.Context(), nil, time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), &n)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"Gesendete Objekte/21", "INBOX/1", "Spam/20", "Jobs/22"}
		if diff := cmp.Diff(want, n.seen); diff != "" {
			t.Error(diff)
		}
		if got := fmt.Sprintf("%s %s %s", look.Folders[0].Role, look.Folders[2].Role, look.Folders[3].Role); got != "sent junk other" {
			t.Error(got)
		}
		// One of them is renamed: found again without a new start.
		f.mu.Lock()
		f.lists[0] = `(\Junk) "/" Werbung`
		f.mail["Werbung"] = f.mail["Spam"]
		delete(f.mail, "Spam")
		f.mu.Unlock()
		if look, err = m.Read(t.Context(), nil, time.Time{}, &n); err != nil || look.Folders[2].Name != "Werbung" {
			t.Errorf("%v %v", look, err)
		}
		// One that is asked for by name is missing: nothing is read, and it is no matter of waiting.
		m2 := open(t, f, func(c *Config) { c.Folders = []string{"Jbos"} })
		var e *Error
		if _, err := m2.Read(t.Context(), nil, time.Time{}, &n); !errors.As(err, &e) || e.Temporary || !strings.Contains(err.Error(), "Jbos") {
			t.Error(err)
		}
	})
}

// A draft is told apart: in a folder with all mail it lies beside what was sent.
func TestDraftsAreTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake(1, 2)
		f.on = func(c *fakeConn, verb, args string) bool {
			if verb != "UID FETCH" || !strings.Contains(args, "FLAGS") {
				return false
			}
			c.say(`* 1 FETCH (UID 1 FLAGS (\Seen \draft) INTERNALDATE "01-Jan-2000 00:00:00 +0000" RFC822.SIZE 2 BODY[HEADER] {2}` + "\r\n\r\n)")
			c.say(`* 2 FETCH (UID 2 FLAGS (\Seen $Draft) INTERNALDATE "01-Jan-2000 00:00:00 +0000" RFC822.SIZE 2 BODY[HEADER] {2}` + "\r\n\r\n)")
			c.ok()
			return true
		}
		m := open(t, f)
		var drafts []uint32
		n := notes{visit: func(h Header) error {
			if h.Draft {
				drafts = append(drafts, h.UID)
			}
			return nil
		}}
		if _, err := m.Read(t.Context(), atStart, time.Time{}, &n); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]uint32{1}, drafts); diff != "" || len(n.seen) != 2 {
			t.Errorf("%v %s", n.seen, diff)
		}
	})
}
