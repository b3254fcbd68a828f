package store

import (
	"context"
	"database/sql"
	"sync"
)

// prepared keeps the statements of this program: to read one again costs SQLite more than to run it. A statement is run
// as text the first time; it is prepared before the next transaction, because inside one the only connection is taken.
type prepared struct {
	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	wanted map[string]bool
}

// get is the prepared statement, or nil, and then it is wanted.
func (p *prepared) get(query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.ready[query]
	if s == nil {
		if p.wanted == nil {
			p.wanted = map[string]bool{}
		}
		p.wanted[query] = true
	}
	return s
}

// prepare prepares what is wanted. What cannot be prepared is run as text, and its error told there.
func (p *prepared) prepare(ctx context.Context, db *sql.DB) {
	p.mu.Lock()
	wanted := p.wanted
	p.wanted = nil
	p.mu.Unlock()
	for query := range wanted {
		if s, err := db.PrepareContext(ctx, query); err == nil {
			p.keep(query, s)
		}
	}
}

// keep takes a statement over; close closes it. Of two for one query, prepared at the same time, the first is kept.
func (p *prepared) keep(query string, s *sql.Stmt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready == nil {
		p.ready = map[string]*sql.Stmt{}
	}
	if p.ready[query] != nil {
		_ = s.Close()
		return
	}
	p.ready[query] = s
}

func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.ready {
		_ = s.Close()
	}
	p.ready = nil
}
