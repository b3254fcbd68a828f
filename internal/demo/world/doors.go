package world

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// hostname is what the servers call themselves and what their certificate says.
const hostname = "localhost"

// door is one way in: a protocol, with TLS from the first byte or by STARTTLS.
// Behind it one server reads from up to two listeners, a socket and a queue of
// pipes.
type door struct {
	w        *World
	smtp     bool
	implicit bool
	port     string // where it is before Listen, and by which Dial knows it
	serve    func(net.Listener) error

	pipes   *pipeListener
	serving sync.WaitGroup

	mu     sync.Mutex
	socket net.Listener
}

func (w *World) openDoors() {
	w.doors = []*door{
		{w: w, implicit: true, port: "993", serve: w.imap.Serve},
		{w: w, port: "143", serve: w.imap.Serve},
		{w: w, smtp: true, implicit: true, port: "465", serve: w.smtp.Serve},
		{w: w, smtp: true, port: "587", serve: w.smtp.Serve},
	}
	for _, d := range w.doors {
		d.pipes = &pipeListener{queue: make(chan net.Conn), done: make(chan struct{})}
		d.start(d.pipes)
	}
}

func (d *door) start(l net.Listener) {
	l = &watched{Listener: l, d: d}
	if d.implicit {
		l = tls.NewListener(l, d.w.cert.server())
	}
	d.serving.Go(func() {
		if err := d.serve(l); err != nil && !errors.Is(err, net.ErrClosed) {
			d.w.log.Warn("a demo server ended", slog.String("port", d.port), slog.Any("err", err))
		}
	})
}

func (d *door) address() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.socket != nil {
		return d.socket.Addr().String()
	}
	return net.JoinHostPort(hostname, d.port)
}

func (d *door) close() error {
	err := d.pipes.Close()
	d.mu.Lock()
	if d.socket != nil {
		err = errors.Join(err, d.socket.Close())
	}
	d.mu.Unlock()
	d.serving.Wait()
	return err
}

// Listen opens the four doors on ports of 127.0.0.1 that the system chooses.
func (w *World) Listen() error {
	for _, d := range w.doors {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("listen on loopback: %w", err)
		}
		d.mu.Lock()
		d.socket = l
		d.mu.Unlock()
		d.start(l)
	}
	return nil
}

// IMAPAddr is host:port of the IMAP server with TLS from the first byte. Before
// Listen it is a name under which only DialIMAP reaches it; so are the others.
func (w *World) IMAPAddr() string { return w.doors[0].address() }

// IMAPPlainAddr is host:port of the IMAP server that wants STARTTLS.
func (w *World) IMAPPlainAddr() string { return w.doors[1].address() }

// SMTPAddr is host:port of the submission server with TLS from the first byte.
func (w *World) SMTPAddr() string { return w.doors[2].address() }

// SMTPPlainAddr is host:port of the submission server that wants STARTTLS.
func (w *World) SMTPPlainAddr() string { return w.doors[3].address() }

// DialIMAP connects to the IMAP server without a socket: to the door with
// STARTTLS if addr has the port of IMAPPlainAddr or 143, else to that with TLS.
func (w *World) DialIMAP(ctx context.Context, network, addr string) (net.Conn, error) {
	return w.dial(ctx, w.doors[0], w.doors[1], network, addr)
}

// DialSMTP connects to the submission server without a socket: to the door with
// STARTTLS if addr has the port of SMTPPlainAddr or 587, else to that with TLS.
func (w *World) DialSMTP(ctx context.Context, network, addr string) (net.Conn, error) {
	return w.dial(ctx, w.doors[2], w.doors[3], network, addr)
}

func (w *World) dial(ctx context.Context, implicit, starttls *door, network, addr string) (net.Conn, error) {
	d := implicit
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", addr, err)
	}
	if _, actual, _ := net.SplitHostPort(starttls.address()); port == starttls.port || port == actual {
		d = starttls
	}
	refused := &net.OpError{Op: "dial", Net: network, Addr: pipeAddr{}, Err: syscall.ECONNREFUSED}
	if f, ok := w.fault(d.connect(), ""); ok {
		w.pause(f.Delay)
		if f.Drop {
			return nil, refused
		}
	}
	client, server := newPipe()
	select {
	case d.pipes.queue <- server:
		return client, nil
	case <-d.pipes.done:
		return nil, refused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *door) connect() Point {
	if d.smtp {
		return SMTPConnect
	}
	return IMAPConnect
}

// pipeListener hands out the server's ends of pipes.
type pipeListener struct {
	queue chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

// watched registers every connection, so that Close can end them, and turns
// away those that a fault forbids.
type watched struct {
	net.Listener
	d *door
}

func (l *watched) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if _, socket := c.(*net.TCPConn); socket {
			if f, ok := l.d.w.fault(l.d.connect(), ""); ok {
				l.d.w.pause(f.Delay)
				if f.Drop {
					_ = c.Close()
					continue
				}
			}
		}
		conn := &conn{Conn: c, open: l.d.w.open}
		l.d.w.open.add(conn)
		if !l.d.smtp {
			l.d.w.open.run(1) // until its session is closed
		}
		return conn, nil
	}
}

// conn is a server's end of a connection.
type conn struct {
	net.Conn
	open *tracker
	cut  atomic.Bool
	once sync.Once
	err  error
}

// Read closes the connection instead, once cut is set: the client's next command
// finds nobody.
func (c *conn) Read(p []byte) (int, error) {
	if c.cut.Load() {
		_ = c.Close()
		return 0, net.ErrClosed
	}
	return c.Conn.Read(p)
}

func (c *conn) Close() error {
	c.once.Do(func() {
		c.err = c.Conn.Close()
		c.open.remove(c)
	})
	return c.err
}

// raw finds our connection below TLS.
func raw(c net.Conn) *conn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if r, ok := c.(*conn); ok {
		return r
	}
	return &conn{Conn: c, open: newTracker()}
}

// tracker knows what is still open: connections, and sessions that run.
type tracker struct {
	mu    sync.Mutex
	empty sync.Cond
	conns map[*conn]struct{}
	runs  int
}

func newTracker() *tracker {
	t := &tracker{conns: map[*conn]struct{}{}}
	t.empty.L = &t.mu
	return t
}

func (t *tracker) add(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns[c] = struct{}{}
}

func (t *tracker) remove(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.conns, c)
	t.empty.Broadcast()
}

func (t *tracker) run(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.runs += n
	t.empty.Broadcast()
}

func (t *tracker) closeAll() {
	t.mu.Lock()
	var all []*conn
	for c := range t.conns {
		all = append(all, c)
	}
	t.mu.Unlock()
	for _, c := range all {
		_ = c.Close()
	}
}

func (t *tracker) wait() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.conns) > 0 || t.runs > 0 {
		t.empty.Wait()
	}
}
