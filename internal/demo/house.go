package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/smtpout"
	"askwell/internal/store"
	"askwell/templates"
)

// The owner of the demo.
const (
	ownerName    = "Ada Example"
	ownerFirst   = "Ada"
	ownerAddress = "ada@example.org"
)

// house is everything that stands: the mail servers, the owner's mailbox on them, and askwell in front of it.
type house struct {
	dir string
	w   *world.World
	cfg *config.Config
	mb  *store.Mailbox
	e   *engine.Engine

	closers []func() error
}

// plan is what a house is built of.
type plan struct {
	dir      string
	password string
	settings string // the configuration behind [mailbox]
	now      func() time.Time
	random   io.Reader
	listen   bool
}

// build makes the folder's files and everything that stands on them. Close it.
func build(ctx context.Context, p plan) (h *house, err error) {
	h = &house{dir: p.dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if h.w, err = world.New(world.Options{Now: p.now}); err != nil {
		return h, err
	}
	h.closers = append(h.closers, h.w.Close)
	if err = h.w.AddMailbox(ownerAddress, p.password); err != nil {
		return h, err
	}
	if p.listen {
		if err = h.w.Listen(); err != nil {
			return h, err
		}
	}
	if err = h.configure(p); err != nil {
		return h, err
	}
	log, err := os.OpenFile(filepath.Join(p.dir, "askwell.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return h, fmt.Errorf("open the log: %w", err)
	}
	h.closers = append(h.closers, log.Close)
	return h, h.furnish(ctx, p, slog.New(slog.NewTextHandler(log, nil)))
}

// configure writes the configuration as an owner would, and reads it as askwell does.
func (h *house) configure(p plan) error {
	for name, text := range map[string]string{
		"password": p.password + "\n",
		"askwell.toml": fmt.Sprintf("# The configuration of this demo. Look around with: askwell --config THIS list\n"+
			"[mailbox]\naddress = %q\nimap = \"imaps://%s\"\nsmtp = \"smtps://%s\"\n"+
			"password_file = \"password\"\nca_file = \"ca.pem\"\n%s\n[store]\npath = \"askwell.db\"\n",
			ownerAddress, h.w.IMAPAddr(), h.w.SMTPAddr(), p.settings),
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write the demo's %s: %w", name, err)
		}
	}
	if err := h.w.CAFile(filepath.Join(p.dir, "ca.pem")); err != nil {
		return err
	}
	file := filepath.Join(p.dir, "askwell.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the demo's configuration: %w", err)
	}
	h.cfg, err = config.Parse(file, text, os.Getenv)
	if err != nil {
		return fmt.Errorf("read the demo's configuration: %w", err)
	}
	return nil
}

// furnish puts askwell in: store, templates, connections, engine.
func (h *house) furnish(ctx context.Context, p plan, log *slog.Logger) error {
	s, err := store.Open(ctx, h.cfg.StorePath())
	if err != nil {
		return err
	}
	h.closers = append(h.closers, s.Close)
	if h.mb, err = s.Mailbox(ctx, string(h.cfg.Mailbox.Address.Key())); err != nil {
		return err
	}
	set, err := render.Load(templates.FS, h.cfg.Templates.Dir)
	if err != nil {
		return fmt.Errorf("load templates: %w", err)
	}
	imap, smtp := h.cfg.IMAPServer(), h.cfg.SMTPServer()
	box := imapin.New(imapin.Config{
		Host: imap.Host, Port: imap.Port, TLS: imap.TLS, TLSConfig: h.w.TLSConfig(), Dial: h.w.DialIMAP,
		Username: ownerAddress, Password: h.cfg.Password, Logger: log,
	})
	out := smtpout.New(smtpout.Config{
		Host: smtp.Host, Port: smtp.Port, TLS: smtp.TLS, TLSConfig: h.w.TLSConfig(), Dial: h.w.DialSMTP,
		Username: ownerAddress, Password: h.cfg.Password, Logger: log,
	})
	h.closers = append(h.closers, box.Close, out.Close)
	h.e, err = engine.New(engine.Options{
		Config: h.cfg, Store: h.mb, Templates: set, Mailbox: box, Sender: out, Logger: log, Holder: "demo", Random: p.random,
	})
	return err
}

// timeline opens the file beside the output.
func (h *house) timeline(o Options, zone *time.Location) (*timeline, error) {
	full, err := os.Create(filepath.Join(h.dir, "timeline.txt"))
	if err != nil {
		return nil, fmt.Errorf("open the timeline: %w", err)
	}
	h.closers = append(h.closers, full.Close)
	env := o.Env
	if env == nil {
		env = os.Getenv
	}
	out := o.Out
	if o.Quiet {
		out = io.Discard
	}
	return newTimeline(out, full, env, zone), nil
}

// kindOf is what the outbox calls a mail, "" for one that is not askwell's.
func (h *house) kindOf(ctx context.Context, now time.Time, id message.MessageID) string {
	kind := ""
	err := h.mb.View(ctx, now, func(tx *store.Tx) error {
		row, err := tx.MailByMessageID(id)
		if errors.Is(err, store.ErrNone) {
			return nil
		}
		kind = strings.ReplaceAll(row.Kind, "_", "-")
		return err
	})
	if err != nil {
		return "mail"
	}
	return kind
}

// Close ends everything, the newest first.
func (h *house) Close() error {
	var errs []error
	for i := len(h.closers) - 1; i >= 0; i-- {
		errs = append(errs, h.closers[i]())
	}
	h.closers = nil
	return errors.Join(errs...)
}

// folder is an empty folder to work in: the one asked for, or a new temporary one.
func folder(dir string) (string, error) {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "askwell-demo-")
		if err != nil {
			return "", fmt.Errorf("make a folder for the demo: %w", err)
		}
		return tmp, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the demo's folder: %w", err)
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("read the demo's folder: %w", err)
	}
	if len(found) > 0 {
		return "", fmt.Errorf("%s is not empty; name a new folder with --dir", dir)
	}
	return filepath.Abs(dir)
}
