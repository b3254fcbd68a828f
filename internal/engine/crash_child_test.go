package engine_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/smtpout"
	"askwell/internal/store"
	"askwell/templates"
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
	atAhead      point = "claimed while the answer to another is awaited"
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
)

// kill is a death at a point, about one kind of mail; "" where a point knows none.
type kill struct {
	At   point
	Kind string
}

// order is one turn to take, with what to die of.
type order struct {
	Now   time.Time
	Kills []kill
	Steps int // die at the so many-th point of this turn, whichever it is; 0 never
}

// report is what became of it.
type report struct {
	Next   time.Time
	Err    string
	Held   bool
	Steps  int // points that the turn came by
	Died   *kill
	Unread bool // the mailbox could not be read: an incident
}

// childhood is what a child needs to know.
type childhood struct {
	Owner, IMAP, SMTP, CA, Store, Holder, More string
}

const childEnv = "ASKWELL_CRASH_CHILD"

// TestCrashChild is no test: it is the process that is killed, a daemon whose clock its parent holds.
func TestCrashChild(t *testing.T) {
	var c childhood
	if os.Getenv(childEnv) == "" {
		return
	}
	if err := json.Unmarshal([]byte(os.Getenv(childEnv)), &c); err != nil {
		t.Fatal(err)
	}
	if err := live(t, c, os.NewFile(3, "orders"), os.NewFile(4, "reports")); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
}

func live(t *testing.T, c childhood, orders io.Reader, reports io.Writer) error {
	ctx := context.Background()
	s, err := store.Open(ctx, c.Store)
	if err != nil {
		return err
	}
	mb, err := s.Mailbox(ctx, c.Owner)
	if err != nil {
		return err
	}
	set, err := render.Load(templates.FS, "")
	if err != nil {
		return err
	}
	own, err := world.New(world.Options{}) // for its certificate
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(c.CA)
	if err != nil {
		return err
	}
	v := &victim{mb: mb, owner: c.Owner, server: own.ServerTLS(), client: &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost", MinVersion: tls.VersionTLS12}}
	v.client.RootCAs.AppendCertsFromPEM(pem)
	password := func(context.Context) (string, error) { return mailtest.Password, nil }
	imapHost, imapPort := split(t, c.IMAP)
	smtpHost, smtpPort := split(t, c.SMTP)
	v.box = imapin.New(imapin.Config{
		Host: imapHost, Port: imapPort, TLS: true, TLSConfig: own.TLSConfig(), Dial: v.dial(v.tapIMAP), Username: c.Owner, Password: password,
	})
	v.out = smtpout.New(smtpout.Config{
		Host: smtpHost, Port: smtpPort, TLS: true, TLSConfig: own.TLSConfig(), Dial: v.dial(v.tapSMTP), Username: c.Owner, Password: password,
	})
	e, err := engine.New(engine.Options{
		Config: configure(t, c.Owner, c.IMAP, c.SMTP, c.More), Store: mb, Templates: set, Mailbox: (*victimBox)(v), Sender: (*victimSender)(v),
		Logger: slog.New(&victimLog{v: v}), Holder: c.Holder, Random: (*victimChance)(v),
	})
	if err != nil {
		return err
	}
	dec, enc := json.NewDecoder(orders), json.NewEncoder(reports)
	v.die = func(k kill) {
		_ = enc.Encode(report{Died: &k})
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	for {
		var o order
		if err := dec.Decode(&o); err != nil {
			return err
		}
		v.begin(o)
		v.at(atTurn, "")
		next, err := e.Turn(ctx, o.Now)
		v.at(atRest, "")
		r := report{Next: next, Steps: v.count(), Unread: v.unread}
		var held *engine.HeldError
		if r.Held = errors.As(err, &held); err != nil {
			r.Err = err.Error()
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
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

	mu    sync.Mutex
	o     order
	steps int
	kind  string // of the mail that is being sent or filed
}

func (v *victim) begin(o order) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.o, v.steps, v.unread = o, 0, false
}

func (v *victim) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.steps
}

// at is come by. Who dies holds the lock, so that nothing goes on beside; last is what is done before.
func (v *victim) at(p point, kind string, last ...func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.steps++
	if k := (kill{p, kind}); v.o.Steps == v.steps || slices.Contains(v.o.Kills, k) {
		for _, act := range last {
			act()
		}
		v.die(k)
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

// pump copies pieces, each as the other side wrote it, past a look before and one after.
func pump(dst io.Writer, src io.Reader, before, after func([]byte)) {
	buf := make([]byte, 64<<10)
	for {
		n, err := src.Read(buf)
		if n > 0 {
			before(buf[:n])
			if _, err := dst.Write(buf[:n]); err != nil {
				return
			}
			after(buf[:n])
		}
		if err != nil {
			return
		}
	}
}

func nothing([]byte) {}

func (v *victim) tapSMTP(client, server net.Conn) {
	var mu sync.Mutex
	last := ""
	said := func(word string) {
		mu.Lock()
		defer mu.Unlock()
		last = word
	}
	go func() {
		defer func() { _ = client.Close() }()
		pump(client, server, func([]byte) {
			mu.Lock()
			word := last
			mu.Unlock()
			switch word {
			case "RCPT":
				v.sending(afterRcpt)
			case "dot":
				v.sending(onAccepted)
			}
			said("")
		}, nothing)
	}()
	text := false
	dot := func(b []byte) bool { return text && strings.TrimPrefix(string(b), "\r\n") == ".\r\n" }
	pump(server, client, func(b []byte) {
		text = text && !bytes.HasPrefix(b, []byte("RSET\r\n")) // DATA was refused
		switch {
		case dot(b):
			v.sending(beforeDot)
			said("dot")
		case text:
		case bytes.Contains(b, []byte("MAIL FROM:")): // with RCPT and DATA behind it in one piece
			v.sending(beforeMail)
			said("RCPT")
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
	var mu sync.Mutex
	appending := false
	is := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return appending
	}
	go func() {
		defer func() { _ = client.Close() }()
		pump(client, server, func(b []byte) {
			if is() && bytes.Contains(b, []byte(" OK ")) {
				v.sending(onAppended)
				mu.Lock()
				appending = false
				mu.Unlock()
			}
		}, nothing)
	}()
	pump(server, client, func(b []byte) {
		if bytes.Contains(b, []byte(" APPEND ")) {
			v.sending(inAppend, func() { _, _ = server.Write(b[:len(b)/2]) })
			mu.Lock()
			appending = true
			mu.Unlock()
		}
	}, nothing)
}

func (k kill) String() string {
	if k.Kind == "" {
		return string(k.At)
	}
	return fmt.Sprintf("%s (%s)", k.At, k.Kind)
}
