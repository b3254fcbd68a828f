package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"askwell/internal/demo"
)

type demoCmd struct {
	Serve bool   `help:"Keep the mail servers on loopback, and play the owner from your own mail program."`
	Dir   string `help:"A new folder for everything (default: a temporary one, which stays)." placeholder:"DIR" type:"path"`
	Days  int    `help:"How many days pass (default: 126)." placeholder:"N"`
	Quiet bool   `help:"No timeline, only how it ended."`
}

// Run shows askwell at work. A promise that the demo finds broken is a failure, told in words.
func (d *demoCmd) Run(a *app) error {
	if d.Days < 0 || d.Days > 3650 {
		return &usageError{fmt.Errorf("--days wants a number from 1 to 3650, not %d", d.Days)}
	}
	if d.Serve && d.Days != 0 {
		return &usageError{errors.New("--serve runs in real time; leave --days out")}
	}
	ctx, stop := signal.NotifyContext(a.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	o := demo.Options{Out: a.out, Env: a.env, Dir: d.Dir, Days: d.Days, Quiet: d.Quiet}
	if d.Serve {
		return demo.Serve(ctx, o)
	}
	err := demo.Run(ctx, o)
	if errors.Is(err, context.Canceled) {
		return errSilent
	}
	return err
}
