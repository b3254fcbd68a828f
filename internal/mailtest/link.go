package mailtest

import (
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// link is one connection through a proxy.
type link struct {
	w      *Wire
	number int
	rules  []Rule

	mu   sync.Mutex
	raw  []net.Conn // sockets, to be closed
	once sync.Once
	done chan struct{}
	dead atomic.Bool // a rule ends it: what still comes is thrown away
}

func (l *link) run(client net.Conn, serverTLS, clientTLS *tls.Config) {
	defer l.close(false)
	server, err := new(net.Dialer).DialContext(l.w.ctx, "tcp", l.w.target)
	if err != nil {
		return
	}
	if !l.add(server) {
		return
	}
	if serverTLS != nil {
		client, server = tls.Server(client, serverTLS), tls.Client(server, clientTLS)
	}
	var both sync.WaitGroup
	for _, h := range []*half{{dir: ToServer, src: client, dst: server}, {dir: ToClient, src: server, dst: client}} {
		h.link = l
		for _, r := range l.rules {
			if r.Dir == h.dir {
				h.rules = append(h.rules, r)
			}
		}
		both.Go(h.run)
	}
	both.Wait()
}

// add has a socket closed with the link; false if it is closed already.
func (l *link) add(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
		_ = c.Close()
		return false
	default:
		l.raw = append(l.raw, c)
		return true
	}
}

func (l *link) close(reset bool) {
	l.once.Do(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		close(l.done)
		for _, c := range l.raw {
			if tcp, ok := c.(*net.TCPConn); ok && reset {
				_ = tcp.SetLinger(0)
			}
			_ = c.Close()
		}
	})
}

// finish ends what is sent on both sides, and reading soon after. A socket that
// is closed with bytes unread resets its connection, and what was sent before
// may be lost: Cut is to be exact.
func (l *link) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.raw {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_ = c.SetReadDeadline(time.Now().Add(time.Second))
	}
}

// halfOpen closes the server's end and leaves the client's.
func (l *link) halfOpen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.raw[1:] {
		_ = c.Close()
	}
}

// half is one direction of a link.
type half struct {
	link     *link
	dir      Direction
	src, dst net.Conn
	rules    []Rule // that have not struck yet

	bytes, lines int
	line, out    []byte // a line that is not complete; what may pass
	drip         time.Duration
	last         bool // it is this one that ends the link, after what may pass
	noise        *rand.Rand
}

// run copies until the source ends, which ends the link, or a rule ends it: then
// it goes on to read what nobody will get.
func (h *half) run() {
	buf := make([]byte, 32<<10)
	for {
		n, err := h.src.Read(buf)
		ok := h.feed(buf[:n])
		if ok && err == nil {
			continue
		}
		if h.link.dead.Load() {
			_, _ = io.Copy(io.Discard, h.src)
			return
		}
		if ok { // what stands in an incomplete line
			h.out = append(h.out, h.line...)
			h.flush()
		}
		h.link.close(false)
		return
	}
}

// feed lets data pass, byte by byte before the eyes of the rules; false if one
// of them ended the connection.
func (h *half) feed(data []byte) bool {
	for _, b := range data {
		h.line = append(h.line, b)
		// Where a line may be held back, it is, until it is known whether it is.
		if b != '\n' && h.waits() {
			continue
		}
		if !h.release(b == '\n') {
			return false
		}
	}
	return h.flush()
}

func (h *half) waits() bool {
	for _, r := range h.rules {
		if r.Match != "" {
			return true
		}
	}
	return false
}

// release lets the line, or the piece of one, pass.
func (h *half) release(complete bool) bool {
	line := string(h.line)
	h.line = h.line[:0]
	if !h.strike(func(r Rule) bool { return complete && r.First && r.matches(line) }) {
		return false
	}
	for _, b := range []byte(line) {
		if !h.strike(func(r Rule) bool { return r.Match == "" && r.Bytes == 0 && r.Lines == 0 }) {
			return false
		}
		h.out = append(h.out, b)
		h.bytes++
		if b == '\n' {
			h.lines++
		}
		// A count that is reached strikes now, not at the next byte, which may never come.
		if !h.strike(func(r Rule) bool { return r.Bytes > 0 && h.bytes >= r.Bytes || r.Lines > 0 && h.lines >= r.Lines }) {
			return false
		}
	}
	return h.strike(func(r Rule) bool { return complete && !r.First && r.matches(line) })
}

func (r Rule) matches(line string) bool {
	if r.Whole {
		return r.Match != "" && strings.TrimRight(line, "\r\n") == r.Match
	}
	return r.Match != "" && strings.Contains(line, r.Match)
}

// strike carries out the rules for which it is time; false if the connection is
// over.
func (h *half) strike(due func(Rule) bool) bool {
	for i := 0; i < len(h.rules); {
		r := h.rules[i]
		if !due(r) {
			i++
			continue
		}
		h.rules = append(h.rules[:i:i], h.rules[i+1:]...)
		if r.Do == Cut || r.Do == Reset || r.Do == HalfOpen {
			// Before the last bytes pass, lest the other direction carry the answer.
			h.last = h.link.dead.CompareAndSwap(false, true)
		}
		if !h.flush() || !h.act(r) {
			return false
		}
	}
	return true
}

func (h *half) act(r Rule) bool {
	switch r.Do {
	case Cut:
		h.link.finish()
		return false
	case Reset:
		h.link.close(true)
		return false
	case HalfOpen:
		h.link.halfOpen()
		return false
	case Stall:
		return h.pause(r.For)
	case Drip:
		h.drip = r.For
		if h.drip == 0 {
			h.drip = time.Millisecond
		}
	case Garble:
		h.noise = rand.New(rand.NewPCG(h.link.w.Seed, uint64(h.link.number)))
	}
	return true
}

// pause waits, for ever if d is 0; false if the connection ended meanwhile.
func (h *half) pause(d time.Duration) bool {
	var after <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		after = t.C
	}
	select {
	case <-after:
		return true
	case <-h.link.done:
		return false
	}
}

// flush writes what may pass.
func (h *half) flush() bool {
	out := h.out
	h.out = h.out[:0]
	if h.link.dead.Load() && !h.last {
		return true
	}
	if h.noise != nil {
		for i := range out {
			if h.noise.IntN(16) == 0 {
				out[i] ^= byte(1 + h.noise.IntN(255))
			}
		}
	}
	if h.drip == 0 {
		if len(out) == 0 {
			return true
		}
		_, err := h.dst.Write(out)
		return err == nil
	}
	for i := range out {
		if _, err := h.dst.Write(out[i : i+1]); err != nil || !h.pause(h.drip) {
			return false
		}
	}
	return true
}
