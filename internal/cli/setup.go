package cli

import (
	"fmt"
	"log/slog"

	"askwell/internal/setup"
)

type initCmd struct {
	setup.Flags
}

// Run sets askwell up.
func (i *initCmd) Run(a *app) error {
	return setup.Init(a.ctx, setup.InitOptions{
		In: a.in, Out: a.out, Env: a.env, Config: a.config, Flags: i.Flags, Logger: a.logger(slog.LevelError),
	})
}

type doctorCmd struct {
	Send bool `help:"Send one mail from the mailbox to itself, and wait for it."`
}

// Run checks everything that can be wrong, and fails when something is.
func (d *doctorCmd) Run(a *app) error {
	found, err := setup.Doctor(a.ctx, setup.DoctorOptions{
		Config: a.config, Env: a.env, Send: d.Send, Logger: a.logger(slog.LevelError),
	})
	if err != nil {
		return err
	}
	wrong, config := false, false
	for _, f := range found {
		wrong = wrong || f.State == setup.Wrong
		config = config || f.State == setup.Wrong && f.Check == "configuration"
		if a.json {
			if err := a.print(f); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%-8s %-12s %s\n", f.State, f.Check, f.What)
		if f.Remedy != "" {
			fmt.Fprintf(a.out, "%22s-> %s\n", "", f.Remedy)
		}
	}
	switch {
	case config:
		return errSilentConfig
	case wrong:
		return errSilent
	}
	return nil
}
