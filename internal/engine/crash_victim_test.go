package engine_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"

	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// point is a place at which the daemon can be killed, in the order in which a turn comes by.
type point string

const (
	atTurn       point = "a turn begins"
	atRead       point = "the reading begins"
	atMessage    point = "a message was seen, not judged"
	atFetch      point = "before the fetch"
	atFetched    point = "fetched, not committed"
	atTaken      point = "committed, the folder not done"
	atReached    point = "before the cursor"
	atCursor     point = "after the cursor"
	atLooked     point = "read to the end, nothing claimed"
	atPlanning   point = "within the transaction that plans"
	atClaimed    point = "claimed, nothing dialled"
	atAhead      point = "claimed while another is offered"
	beforeMail   point = "before MAIL"
	afterRcpt    point = "MAIL, RCPT and DATA are said, not answered"
	beforeMark   point = "the server said 354, no mark"
	afterMark    point = "marked, no text"
	beforeDot    point = "the text without its dot"
	afterDot     point = "after the dot"
	onAccepted   point = "the 250 is here, not read"
	beforeRecord point = "before the record"
	afterRecord  point = "after the record"
	atFiling     point = "before the copy is looked for"
	beforeAppend point = "before the append"
	inAppend     point = "in the middle of the append"
	onAppended   point = "the append's OK is here, not read"
	afterAppend  point = "appended, not noted"
	atRest       point = "a turn ends"

	// About any transaction that writes; the kind is the function of the engine that made it.
	beforeCommit point = "before the commit"
	afterCommit  point = "after the commit"
)

// kill is a death at a point, about one kind of mail; "" where a point knows none. A point that is new needs a name here and
// an at where it is come by: the matrix finds it in the undisturbed story by itself.
type kill struct {
	At   point
	Kind string
}

func (k kill) String() string {
	if k.Kind == "" {
		return string(k.At)
	}
	return fmt.Sprintf("%s (%s)", k.At, k.Kind)
}

// victim stands in the engine's way to everything and dies when told to.
type victim struct {
	mb             *store.Mailbox
	owner          string
	server, client *tls.Config // towards the engine, towards the world
	box            *imapin.Mailbox
	out            *smtpout.Sender
	die            func(kill)
	unread         bool

	mu        sync.Mutex
	o         order
	steps     int
	kind      string // of the mail that is being sent or filed
	committed string // by whom, since a point was last come by
	seen      map[kill]bool
	news      []kill // seen for the first time
}

func (v *victim) begin(o order) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.o, v.steps, v.unread, v.committed = o, 0, false, ""
}

// done is how many points the turn came by, and which of them for the first time in this life.
func (v *victim) done() (steps int, news []kill) {
	v.mu.Lock()
	defer v.mu.Unlock()
	news, v.news = v.news, nil
	return v.steps, news
}

// at is come by. Who dies holds the lock, so that nothing goes on beside; last is what is done before.
func (v *victim) at(p point, kind string, last ...func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if by := v.committed; by != "" {
		v.committed = ""
		v.pass(kill{afterCommit, by})
	}
	v.pass(kill{p, kind}, last...)
}

func (v *victim) pass(k kill, last ...func()) {
	v.steps++
	if !v.seen[k] {
		v.seen[k] = true
		v.news = append(v.news, k)
	}
	if v.o.Steps == v.steps || slices.Contains(v.o.Kills, k) {
		for _, act := range last {
			act()
		}
		v.die(k)
	}
}

// watch comes by each commit of the process. There is no way in behind one: that is the next point's.
func (v *victim) watch() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, _ string) error {
		r, ok := c.(sqlite.HookRegisterer)
		if !ok {
			return fmt.Errorf("a %T has no hooks", c)
		}
		r.RegisterCommitHook(func() int32 {
			if by := committer(); by != "" {
				v.at(beforeCommit, by)
				v.mu.Lock()
				v.committed = by
				v.mu.Unlock()
			}
			return 0
		})
		return nil
	})
}

// committer is the function of the engine that commits.
func committer() string {
	pc := make([]uintptr, 100)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for {
		f, more := frames.Next()
		if name, ok := strings.CutPrefix(f.Function, "askwell/internal/engine."); ok {
			return name
		}
		if !more {
			return ""
		}
	}
}

// sending is at about the mail that is being sent or filed.
func (v *victim) sending(p point, last ...func()) {
	v.mu.Lock()
	kind := v.kind
	v.mu.Unlock()
	v.at(p, kind, last...)
}

// about sets which mail is meant.
func (v *victim) about(id message.MessageID) {
	kind := ""
	_ = v.mb.View(context.Background(), time.Now(), func(tx *store.Tx) error {
		m, err := tx.MailByMessageID(id)
		kind = m.Kind
		return err
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kind = kind
}

// victimChance is drawn from where a mail is planned, within the transaction.
type victimChance victim

func (c *victimChance) Read(p []byte) (int, error) {
	(*victim)(c).at(atPlanning, "")
	return rand.Read(p)
}

type victimLog struct {
	slog.Handler
	v *victim
}

func (l *victimLog) Enabled(context.Context, slog.Level) bool { return true }

func (l *victimLog) Handle(_ context.Context, r slog.Record) error {
	attr := map[string]slog.Value{}
	r.Attrs(func(a slog.Attr) bool {
		attr[a.Key] = a.Value
		return true
	})
	switch r.Message {
	case "mail claimed":
		if attr["ahead"].Bool() {
			l.v.at(atAhead, attr["kind"].String())
		}
	case "mail handed over": // the next may be on its way
		l.v.at(afterRecord, attr["kind"].String())
	case "trouble":
		l.v.unread = true
	}
	return nil
}

type victimSender victim

func (s *victimSender) Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
	v := (*victim)(s)
	v.about(message.ParseHeader(raw).MessageID)
	v.sending(atClaimed)
	o := v.out.Send(ctx, from, to, raw, func() error {
		v.sending(beforeMark)
		err := mark()
		v.sending(afterMark)
		return err
	})
	v.sending(beforeRecord)
	return o
}

type victimBox victim

func (b *victimBox) Read(ctx context.Context, from []imapin.Cursor, since time.Time, visitor imapin.Visitor) (imapin.Look, error) {
	v := (*victim)(b)
	v.at(atRead, "")
	look, err := v.box.Read(ctx, from, since, &victimVisitor{v, visitor})
	v.at(atLooked, "")
	return look, err
}

func (b *victimBox) Append(ctx context.Context, raw []byte, date time.Time) error {
	v := (*victim)(b)
	v.sending(beforeAppend)
	err := v.box.Append(ctx, raw, date)
	v.sending(afterAppend)
	return err
}

func (b *victimBox) FindSent(ctx context.Context, id string, since time.Time) (bool, error) {
	v := (*victim)(b)
	v.about(message.MessageID(id))
	v.sending(atFiling)
	return v.box.FindSent(ctx, id, since)
}

func (b *victimBox) Watch(ctx context.Context, kick func()) error { return b.box.Watch(ctx, kick) }

type victimVisitor struct {
	v *victim
	imapin.Visitor
}

func (w *victimVisitor) Message(ctx context.Context, h imapin.Header, fetch func(context.Context, int64) ([]byte, error)) error {
	m := message.ParseHeader(h.Raw)
	kind := "reply"
	switch {
	case m.Header.Has("X-Askwell"):
		kind = "ours"
	case len(m.From) > 0 && string(m.From[0].Address) == w.v.owner && len(m.To) > 0 && string(m.To[0].Address) != w.v.owner:
		kind = "copy"
	case len(m.From) > 0 && string(m.From[0].Address) == w.v.owner:
		kind = "command in " + string(h.Role)
	}
	w.v.at(atMessage, kind)
	err := w.Visitor.Message(ctx, h, func(ctx context.Context, n int64) ([]byte, error) {
		w.v.at(atFetch, kind)
		raw, err := fetch(ctx, n)
		w.v.at(atFetched, kind)
		return raw, err
	})
	w.v.at(atTaken, kind)
	return err
}

func (w *victimVisitor) Reached(ctx context.Context, c imapin.Cursor) error {
	w.v.at(atReached, c.Folder)
	err := w.Visitor.Reached(ctx, c)
	w.v.at(atCursor, c.Folder)
	return err
}

// dial connects through a tap, which sees what passes in clear: the client speaks TLS with the tap, the tap with the server.
func (v *victim) dial(tap func(client, server net.Conn)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		server, err := (&tls.Dialer{Config: v.client}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		near, far := net.Pipe()
		go func() {
			defer func() { _, _ = server.Close(), far.Close() }()
			tap(tls.Server(far, v.server), server)
		}()
		return near, nil
	}
}

// pump copies pieces, each as the other side wrote it, past a look before and one after. No answer overtakes the look after
// what it answers: turn is held from the one look to the other.
func pump(dst io.Writer, src io.Reader, turn *sync.Mutex, before, after func([]byte)) {
	buf := make([]byte, 64<<10)
	one := func(b []byte) error {
		turn.Lock()
		defer turn.Unlock()
		before(b)
		if _, err := dst.Write(b); err != nil {
			return err
		}
		after(b)
		return nil
	}
	for {
		n, err := src.Read(buf)
		if n > 0 && one(buf[:n]) != nil || err != nil {
			return
		}
	}
}

func nothing([]byte) {}

func (v *victim) tapSMTP(client, server net.Conn) {
	var turn sync.Mutex
	last, text := "", false // what was said last; between 354 and the dot
	go func() {
		defer func() { _ = client.Close() }()
		pump(client, server, &turn, func([]byte) {
			switch last {
			case "RCPT":
				v.sending(afterRcpt)
			case "dot":
				v.sending(onAccepted)
			}
			last = ""
		}, nothing)
	}()
	dot := func(b []byte) bool { return text && strings.TrimPrefix(string(b), "\r\n") == ".\r\n" }
	pump(server, client, &turn, func(b []byte) {
		text = text && !bytes.HasPrefix(b, []byte("RSET\r\n")) // DATA was refused
		switch {
		case dot(b):
			v.sending(beforeDot)
			last = "dot"
		case text:
		case bytes.Contains(b, []byte("MAIL FROM:")): // with RCPT and DATA behind it in one piece
			v.sending(beforeMail)
			last = "RCPT"
		}
	}, func(b []byte) {
		switch {
		case dot(b):
			text = false
			v.sending(afterDot)
		case bytes.HasSuffix(b, []byte("\r\nDATA\r\n")):
			text = true
		}
	})
}

func (v *victim) tapIMAP(client, server net.Conn) {
	var turn sync.Mutex
	appending := false
	go func() {
		defer func() { _ = client.Close() }()
		pump(client, server, &turn, func(b []byte) {
			if appending && bytes.Contains(b, []byte(" OK ")) {
				v.sending(onAppended)
				appending = false
			}
		}, nothing)
	}()
	pump(server, client, &turn, func(b []byte) {
		if bytes.Contains(b, []byte(" APPEND ")) {
			v.sending(inAppend, func() { _, _ = server.Write(b[:len(b)/2]) })
			appending = true
		}
	}, nothing)
}
