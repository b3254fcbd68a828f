package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"askwell/internal/config"
	"askwell/internal/render"
	"askwell/templates"
)

type templatesCmd struct {
	Export templatesExportCmd `cmd:"" help:"Write the built-in templates into a folder, with remarks, to make them one's own."`
	Check  templatesCheckCmd  `cmd:"" help:"Try every template with a full, a poor and a strange contact, and say what is wrong."`
}

type templatesExportCmd struct {
	Dir string `arg:"" optional:"" help:"The folder; without it templates.dir of the configuration, or \"templates\" beside it."`
}

// Run writes what is not there yet.
func (t *templatesExportCmd) Run(a *app) error {
	dir, configured := t.Dir, false
	cfg, err := config.Load(a.config, a.env)
	switch {
	case err == nil:
		configured = cfg.Templates.Dir != "" && (dir == "" || same(dir, cfg.Templates.Dir))
		if dir == "" {
			dir = cfg.Templates.Dir
		}
	case dir == "":
		return err
	}
	if dir == "" {
		dir = filepath.Join(filepath.Dir(a.config), "templates")
	}
	written, kept, err := render.Export(templates.FS, dir)
	if err != nil {
		return err
	}
	if a.json {
		return a.print(struct {
			Dir     string   `json:"dir"`
			Written []string `json:"written,omitempty"`
			Kept    []string `json:"kept,omitempty"`
		}{dir, written, kept})
	}
	fmt.Fprintf(a.out, "Written to %s: %d of %d templates.\n", dir, len(written), len(written)+len(kept))
	if len(kept) > 0 {
		fmt.Fprintf(a.out, "There already, and left as they were: %s.\n", strings.Join(kept, ", "))
	}
	fmt.Fprintln(a.out, "Change some; remove the others, so that they go with a newer askwell.")
	if !configured {
		abs, err := filepath.Abs(dir)
		if err != nil {
			abs = dir
		}
		fmt.Fprintf(a.out, "They count once the configuration names the folder:\n\n    [templates]\n    dir = %q\n\n", abs)
	}
	fmt.Fprintln(a.out, "Then try them: askwell templates check, askwell preview ask NAME.")
	return nil
}

func same(a, b string) bool {
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return errX == nil && errY == nil && x == y
}

type templatesCheckCmd struct {
	Dir string `arg:"" optional:"" help:"The folder; without it templates.dir of the configuration."`
}

// Run loads them as the daemon does; what it finds there is an error, what could be better is not.
func (t *templatesCheckCmd) Run(a *app) error {
	dir := t.Dir
	if dir == "" {
		cfg, err := config.Load(a.config, a.env)
		if err != nil {
			return err
		}
		dir = cfg.Templates.Dir
	}
	var wrong, advice []string
	set, err := render.Load(templates.FS, dir)
	if err != nil {
		wrong = strings.Split(err.Error(), "\n")
	} else {
		advice = set.Advice()
	}
	if a.json {
		if err := a.print(struct {
			OK     bool     `json:"ok"`
			Dir    string   `json:"dir,omitempty"`
			Wrong  []string `json:"wrong,omitempty"`
			Advice []string `json:"advice,omitempty"`
		}{len(wrong) == 0, dir, wrong, advice}); err != nil {
			return err
		}
	} else {
		for _, l := range wrong {
			fmt.Fprintln(a.out, "wrong  ", l)
		}
		for _, l := range advice {
			fmt.Fprintln(a.out, "advice ", l)
		}
	}
	switch {
	case len(wrong) > 0:
		return errSilent
	case a.json:
		return nil
	case dir == "":
		fmt.Fprintln(a.out, "The built-in templates are in use, and in order. `askwell templates export` makes them your own.")
	default:
		fmt.Fprintf(a.out, "The templates in %s are in order.\n", dir)
	}
	return nil
}
