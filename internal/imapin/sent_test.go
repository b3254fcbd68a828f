package imapin

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
)

const letterText = "From: Ada Example <ada@example.org>\r\nMessage-ID: <x1@example.org>\r\n\r\nHello.\r\n"

// filingOn takes what is appended.
func filingOn(f *fake, refuse func(c *fakeConn, folder string) bool) func(c *fakeConn, verb, args string) bool {
	return func(c *fakeConn, verb, args string) bool {
		switch verb {
		case "CREATE":
			f.mu.Lock()
			name := strings.Trim(args, `"`)
			f.mail[name] = nil
			f.lists = append(f.lists, `(\Sent) "/" "`+name+`"`)
			f.mu.Unlock()
			c.ok()
			return true
		case "APPEND":
			folder := strings.Trim(strings.SplitAfterN(args, `" `, 2)[0], `" `)
			if refuse != nil && refuse(c, folder) {
				return true
			}
			n, err := strconv.Atoi(strings.Trim(args[strings.LastIndex(args, "{"):], "{+}"))
			if err != nil {
				c.say("%s BAD %v", c.tag, err)
				return true
			}
			if !strings.Contains(args, "+}") {
				c.say("+ go on")
			}
			text := make([]byte, n+2)
			if _, err := io.ReadFull(c.r, text); err != nil {
				return true
			}
			header, body, _ := strings.Cut(string(text[:n]), "\r\n\r\n")
			f.mu.Lock()
			f.mail[folder] = append(f.mail[folder], letter{uid: 50, date: time.Now(), header: header + "\r\n\r\n", body: body})
			f.mu.Unlock()
			c.ok()
			return true
		}
		return false
	}
}

func TestAppend(t *testing.T) {
	refuse := func(text string, times int) func(c *fakeConn, folder string) bool {
		return func(c *fakeConn, _ string) bool {
			if times == 0 {
				return false
			}
			times--
			c.no(text)
			return true
		}
	}
	for _, test := range []struct {
		name   string
		lists  []string
		refuse func(c *fakeConn, folder string) bool
		where  string
		fails  bool
		temp   bool
	}{
		{name: "by attribute", lists: []string{`() "/" Sent`, `(\Sent) "/" Verschickt`}, where: "Verschickt"},
		{name: "made", where: "Sent"},
		{name: "listed, but not there", lists: []string{`() "/" Sent`}, refuse: refuse("[TRYCREATE] no such folder", 1), where: "Sent"},
		{name: "full", lists: []string{`() "/" Sent`}, refuse: refuse("[OVERQUOTA] full", 9), fails: true},
		{name: "busy", lists: []string{`() "/" Sent`}, refuse: refuse("[UNAVAILABLE] busy", 9), fails: true, temp: true},
		{name: "lost", lists: []string{`() "/" Sent`}, refuse: func(c *fakeConn, _ string) bool { c.drop(); return true }, fails: true, temp: true},
		{name: "hangs", lists: []string{`() "/" Sent`}, refuse: func(c *fakeConn, _ string) bool { c.hang(); return true }, fails: true, temp: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.lists = append(f.lists, test.lists...)
				f.on = filingOn(f, test.refuse)
				m := open(t, f)
				err := m.Append(t.Context(), []byte(letterText), time.Date(1999, 12, 31, 9, 0, 0, 0, time.FixedZone("", 3600)))
				var e *Error
				if (err != nil) != test.fails || (err != nil && (!errors.As(err, &e) || e.Temporary != test.temp)) {
					t.Fatalf("%+v", err)
				}
				if test.fails {
					return
				}
				if got := f.mail[test.where]; len(got) != 1 || got[0].header+got[0].body != letterText {
					t.Errorf("filed %+v", f.mail)
				}
				said := f.said("APPEND")
				if want := `(\Seen) "31-Dec-1999 09:00:00 +0100"`; !strings.Contains(said[len(said)-1], want) {
					t.Errorf("said %q", said)
				}
				if there, err := m.FindSent(t.Context(), "x1@example.org", time.Now()); !there || err != nil {
					t.Errorf("not found again: %v", err)
				}
			})
		})
	}
}

func TestFindSent(t *testing.T) {
	for _, test := range []struct {
		name   string
		lists  []string
		folder string
		search string // answer to SEARCH HEADER instead of the right one
		id     string
		want   bool
		fails  bool
	}{
		{name: "there", lists: []string{`(\Sent) "/" Sent`}, folder: "Sent", id: "m3@example.com", want: true},
		{name: "a part of another's", lists: []string{`(\Sent) "/" Sent`}, folder: "Sent", id: "m3@example.co"},
		{name: "not there", lists: []string{`(\Sent) "/" Sent`}, folder: "Sent", id: "m4@example.com"},
		{name: "server searches no headers", lists: []string{`(\Sent) "/" Sent`}, folder: "Sent", search: "* SEARCH", id: "m3@example.com", want: true},
		{name: "server refuses to search headers", lists: []string{`(\Sent) "/" Sent`}, folder: "Sent", search: "NO", id: "m3@example.com", want: true},
		{name: "only all mail", lists: []string{`(\All) "/" All`}, folder: "All", id: "m3@example.com", want: true},
		{name: "in all mail, but not in Sent", lists: []string{`(\All) "/" All`, `(\Sent) "/" Sent`}, folder: "All", id: "m3@example.com"},
		{name: "no such folder", folder: "x", id: "m3@example.com"},
		{name: "no Message-ID", folder: "x", id: "a b\r\n", fails: true},
		{name: "empty", folder: "x", id: "", fails: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake()
				f.lists = append(f.lists, test.lists...)
				f.mail["Sent"] = nil
				f.add(test.folder, 3)
				f.on = func(c *fakeConn, verb, args string) bool {
					if verb != "UID SEARCH" || test.search == "" || !strings.Contains(args, "HEADER") {
						return false
					}
					if test.search == "NO" {
						c.no("cannot")
						return true
					}
					c.say("%s", test.search)
					c.ok()
					return true
				}
				m := open(t, f)
				got, err := m.FindSent(t.Context(), test.id, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
				if got != test.want || (err != nil) != test.fails {
					t.Errorf("%v %v; %s", got, err, fmt.Sprint(f.log))
				}
			})
		})
	}
}

// What a server got whole it may file after the connection was lost.
func TestFindSentAfterAnUnansweredAppend(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := newFake()
		f.lists = append(f.lists, `(\Sent) "/" Sent`)
		f.mail["Sent"] = nil
		filed := filingOn(f, nil)
		f.on = func(c *fakeConn, verb, args string) bool {
			if verb != "APPEND" {
				return false
			}
			late := &fakeConn{fake: f, Conn: c.Conn, r: c.r, n: c.n, tag: c.tag}
			if !strings.Contains(args, "+}") {
				c.say("+ go on")
				args = strings.Replace(args, "}", "+}", 1)
			}
			n, err := strconv.Atoi(strings.Trim(args[strings.LastIndex(args, "{"):], "{+}"))
			if err != nil {
				t.Error(err)
			}
			text := make([]byte, n+2)
			_, _ = io.ReadFull(c.r, text)
			c.drop()
			time.AfterFunc(time.Second, func() {
				late.r = bufio.NewReader(bytes.NewReader(text))
				filed(late, verb, args)
			})
			return true
		}
		m := open(t, f)
		if err := m.Append(t.Context(), []byte(letterText), time.Now()); err == nil {
			t.Fatal("the server never answered")
		}
		there, err := m.FindSent(t.Context(), "x1@example.org", time.Now())
		if !there || err != nil {
			t.Errorf("%v, %v: what was filed a second later was not found", there, err)
		}
	})
}
