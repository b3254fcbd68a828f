package mailtest

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// Direction is where bytes flow.
type Direction int

// The two directions of a connection.
const (
	ToServer Direction = iota
	ToClient
)

// Action is what a Rule does to a connection.
type Action int

// What a proxy can do. After Cut and Reset both ends are closed; after HalfOpen
// only the server's is, and the client, who is not told, talks to nobody.
const (
	Cut      Action = iota // close both ends in order
	Reset                  // close both ends by RST
	HalfOpen               // close the server's end only
	Stall                  // let nothing pass in this direction, for a time or for ever
	Drip                   // from here on one byte at a time, with a pause after each
	Garble                 // from here on spoil every sixteenth byte or so
)

// Rule says when to do what. It strikes when the first of Bytes, Lines and Match
// that is set has come in its direction, or, if none is, at the first byte; once
// in each connection.
type Rule struct {
	Conn  int       // only in the n-th connection, counted from 1; 0 is every
	Dir   Direction // which direction is counted
	Bytes int       // after so many bytes
	Lines int       // after so many lines
	Match string    // after a line with this in it …
	Whole bool      // … that is all of the line …
	First bool      // … or before, so that the line does not pass
	Do    Action
	For   time.Duration // Stall: how long, 0 is for ever; Drip: the pause, 0 is 1 ms
}

// Wire is a proxy. The rules, and whether it looks inside TLS, are those that
// stand when a connection is accepted.
type Wire struct {
	Seed uint64 // of Garble; set it before the first connection

	t      testing.TB
	addr   string
	target string
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu             sync.Mutex
	listener       net.Listener
	server, client *tls.Config
	rules          []Rule
	links          map[*link]struct{}
	count          int
}

// Proxy listens on 127.0.0.1 and passes connections on to target, until the test
// ends.
func Proxy(t testing.TB, target string) *Wire {
	t.Helper()
	w := &Wire{Seed: 1, t: t, target: target, links: map[*link]struct{}{}}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mailtest: proxy: %v", err)
	}
	w.addr = l.Addr().String()
	w.listen(l)
	t.Cleanup(func() {
		w.Down()
		w.cancel()
		w.wg.Wait()
	})
	return w
}

// Addr is where the proxy listens.
func (w *Wire) Addr() string { return w.addr }

// Inside ends TLS at the proxy and begins it anew towards the server, for
// targets that speak it from the first byte: lines can be counted and matched
// then. Give it [Lab.ServerTLS] and [Lab.TLSConfig].
func (w *Wire) Inside(server, client *tls.Config) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.server, w.client = server, client
}

// Set replaces the rules.
func (w *Wire) Set(rules ...Rule) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rules = slices.Clone(rules)
}

// Accepted is how many connections there were.
func (w *Wire) Accepted() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

// CutAll closes all connections.
func (w *Wire) CutAll() {
	w.mu.Lock()
	links := make([]*link, 0, len(w.links))
	for l := range w.links {
		links = append(links, l)
	}
	w.mu.Unlock()
	for _, l := range links {
		l.close(false)
	}
}

// Down refuses connections and closes all there are.
func (w *Wire) Down() {
	w.mu.Lock()
	if w.listener != nil {
		_ = w.listener.Close()
		w.listener = nil
	}
	w.mu.Unlock()
	w.CutAll()
}

// Up ends Down, at the same address.
func (w *Wire) Up() {
	w.t.Helper()
	l, err := net.Listen("tcp", w.addr)
	if err != nil {
		w.t.Fatalf("mailtest: proxy: %v", err)
	}
	w.listen(l)
}

func (w *Wire) listen(l net.Listener) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener = l
	w.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.accept(l, c)
		}
	})
}

// accept begins a link, unless the listener was closed meanwhile.
func (w *Wire) accept(from net.Listener, c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listener != from {
		_ = c.Close()
		return
	}
	w.count++
	l := &link{w: w, number: w.count, raw: []net.Conn{c}, done: make(chan struct{})}
	for _, r := range w.rules {
		if r.Conn == 0 || r.Conn == l.number {
			l.rules = append(l.rules, r)
		}
	}
	server, client := w.server, w.client
	w.links[l] = struct{}{}
	w.wg.Go(func() {
		l.run(c, server, client)
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.links, l)
	})
}
