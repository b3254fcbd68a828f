package imapin

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// kicks notes the times of kicks.
type kicks struct {
	mu sync.Mutex
	at []time.Duration
}

func (k *kicks) since(begin time.Time) func() {
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.at = append(k.at, time.Since(begin))
	}
}

func (k *kicks) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.at)
}

// idling answers IDLE, notes its length, and tells of mail when told to.
type idling struct {
	mu      sync.Mutex
	lengths []time.Duration
	tell    chan string
}

func (i *idling) on(c *fakeConn, verb, _ string) bool {
	if verb != "IDLE" {
		return false
	}
	begin := time.Now()
	c.say("+ idling")
	done := make(chan error, 1)
	go func() {
		_, err := c.r.ReadString('\n')
		done <- err
	}()
	for {
		select {
		case line := <-i.tell:
			c.say("%s", line)
		case err := <-done:
			i.mu.Lock()
			i.lengths = append(i.lengths, time.Since(begin))
			i.mu.Unlock()
			if err != nil {
				c.gone = true
			} else {
				c.ok()
			}
			return true
		}
	}
}

func TestWatchRenewsIdle(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f, i := newFake(1), &idling{}
		f.on = i.on
		m := open(t, f, func(c *Config) { c.Poll, c.IdleFor = 20*time.Minute, time.Hour })
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		if err := m.Watch(ctx, func() {}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		if f.connections() != 1 || len(i.lengths) < 13 {
			t.Errorf("%d connections, idled %v", f.connections(), i.lengths)
		}
		for _, d := range i.lengths {
			if d > 9*time.Minute {
				t.Errorf("idled for %v", d)
			}
		}
	})
}

func TestWatchKicks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f, i := newFake(1), &idling{tell: make(chan string)}
		f.on = i.on
		m := open(t, f, func(c *Config) { c.Poll = time.Hour })
		ctx, cancel := context.WithCancel(t.Context())
		var (
			k    kicks
			wg   sync.WaitGroup
			werr error
		)
		begin := time.Now()
		wg.Go(func() { werr = m.Watch(ctx, k.since(begin)) })
		elapse(time.Second)
		if k.count() != 1 {
			t.Errorf("kicks at first: %v", k.at)
		}
		i.tell <- "* 2 EXISTS"
		elapse(time.Second)
		if k.count() != 2 {
			t.Errorf("kicks when told: %v", k.at)
		}
		i.tell <- "* OK still here"
		i.tell <- "* 1 FETCH (FLAGS (\\Seen))"
		elapse(time.Second)
		if k.count() != 2 {
			t.Errorf("kicks for nothing: %v", k.at)
		}
		elapse(time.Hour)
		if k.count() != 3 {
			t.Errorf("kicks in an hour: %v", k.at)
		}
		cancel()
		wg.Wait()
		if !errors.Is(werr, context.Canceled) {
			t.Error(werr)
		}
	})
}

func TestWatchWithoutServer(t *testing.T) {
	for _, test := range []struct {
		name      string
		on        func(c *fakeConn, verb, args string) bool
		caps      string
		change    func(*Config)
		low, high int // connections in an hour
	}{
		{"no IDLE: polls only", nil, "IMAP4rev1 AUTH=PLAIN SASL-IR", nil, 1, 1},
		{"drops at once", func(c *fakeConn, verb, _ string) bool { c.gone = verb == "IDLE"; return c.gone }, "", nil, 12, 30},
		{"login refused", func(c *fakeConn, verb, _ string) bool {
			if verb == "AUTHENTICATE" {
				c.no("[AUTHENTICATIONFAILED] no")
			}
			return verb == "AUTHENTICATE"
		}, "", nil, 10, 26},
		{"hangs at IDLE", func(c *fakeConn, verb, _ string) bool {
			if verb == "IDLE" {
				c.hang()
			}
			return verb == "IDLE"
		}, "", nil, 8, 40},
		{"no answer to DONE", func(c *fakeConn, verb, _ string) bool {
			if verb == "IDLE" {
				c.say("+ idling")
				c.hang()
			}
			return verb == "IDLE"
		}, "", nil, 5, 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				f.on = test.on
				if test.caps != "" {
					f.caps = test.caps
				}
				m := open(t, f)
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour+time.Second)
				defer cancel()
				var k kicks
				begin := time.Now()
				err := m.Watch(ctx, k.since(begin))
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > time.Hour+7*time.Second {
					t.Errorf("%v after %v", err, time.Since(begin))
				}
				if k.count() < 60 {
					t.Errorf("%d kicks in an hour", k.count())
				}
				if n := f.connections(); n < test.low || n > test.high {
					t.Errorf("%d connections in an hour, want %d to %d", n, test.low, test.high)
				}
			})
		})
	}
}

func TestWatchComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f, i := newFake(1), &idling{tell: make(chan string)}
		f.on = i.on
		var (
			up    atomic.Bool
			dials atomic.Int32
		)
		m := open(t, f, func(c *Config) {
			dial := c.Dial
			c.Poll = 24 * time.Hour
			c.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				if dials.Add(1); !up.Load() {
					return nil, errors.New("connection refused")
				}
				return dial(ctx, network, addr)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var (
			k  kicks
			wg sync.WaitGroup
		)
		wg.Go(func() { _ = m.Watch(ctx, k.since(time.Now())) })
		elapse(12 * time.Hour)
		if n := dials.Load(); n < 100 || n > 320 || k.count() != 0 {
			t.Errorf("%d dials, %d kicks while it was down", n, k.count())
		}
		up.Store(true)
		elapse(8 * time.Minute)
		if k.count() != 1 {
			t.Errorf("%d kicks when it came back", k.count())
		}
		cancel()
		wg.Wait()
	})
}
