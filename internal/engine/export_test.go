package engine

import (
	"context"
	"time"
)

// DueForTest is the part of a turn that grows with the contacts: what is due is found, stepped and planned.
func DueForTest(e *Engine, ctx context.Context, now time.Time) (int, error) {
	return e.dueBy(ctx, now.In(e.loc), now)
}

// FirstStartForTest is what Run does before its first turn.
func FirstStartForTest(e *Engine, ctx context.Context, now time.Time) error {
	return e.firstStart(ctx, now)
}
