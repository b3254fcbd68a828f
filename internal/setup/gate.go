package setup

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
)

// What a password that a server has refused is tried again after: providers lock accounts after a handful of failures in a
// few minutes, and a password that was refused is refused again. Another one is tried at once.
const (
	firstTry = 5 * time.Minute
	lastTry  = time.Hour
)

// gate keeps the same wrong password from being tried over and over at one server. Each server has its own: some refuse
// reading and take mail, and the mail that tells of the trouble is to leave.
type gate struct {
	ask  func(context.Context) (string, error)
	zone *time.Location

	mu      sync.Mutex
	refused [sha256.Size]byte // of the password
	why     error
	at      time.Time
	wait    time.Duration // since at; 0: none was refused
}

// open is nil where a login may be tried.
func (g *gate) open(ctx context.Context) error {
	g.mu.Lock()
	closed := time.Since(g.at) < g.wait
	g.mu.Unlock()
	if !closed {
		return nil
	}
	secret, err := g.ask(ctx)
	if err != nil {
		return fmt.Errorf("get the password: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if sha256.Sum256([]byte(secret)) != g.refused {
		return nil
	}
	return fmt.Errorf("%w (at %s; the same password is tried again at %s, another one at once)",
		g.why, g.at.In(g.zone).Format("15:04"), g.at.Add(g.wait).In(g.zone).Format("15:04"))
}

// closes notes that a server has refused a password.
func (g *gate) closes(secret string, why error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	sum := sha256.Sum256([]byte(secret))
	switch {
	case sum != g.refused, time.Since(g.at) > 2*lastTry:
		g.wait = firstTry
	default:
		g.wait = min(2*g.wait, lastTry)
	}
	g.refused, g.why, g.at = sum, why, time.Now()
}
