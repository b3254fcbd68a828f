package world

import (
	"fmt"
	"log/slog"
)

// logger is what both server libraries ask for.
type logger struct{ log *slog.Logger }

func (l logger) Printf(format string, args ...any) {
	l.log.Debug("demo server", slog.String("said", fmt.Sprintf(format, args...)))
}

func (l logger) Println(args ...any) {
	l.log.Debug("demo server", slog.String("said", fmt.Sprintln(args...)))
}
