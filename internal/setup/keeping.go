package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"askwell/internal/store"
)

const (
	tight    = 64 << 20  // bytes: the store may not get through a day
	smallish = 512 << 20 // bytes: time to clean up
	// stale is how old the last reading of a running daemon may be; it reads every minute.
	stale = 5 * time.Minute
)

// remote tells the address of a database from a file.
func remote(path string) bool { return strings.Contains(path, "://") }

// store looks at the file, and at what the daemon has left in it.
func (x *examination) store(ctx context.Context) {
	const check = "store"
	path := x.c.StorePath()
	if remote(path) {
		x.wrong(check, "store.path is the address of a database", "this version keeps its store in a file", `path = "" under [store], or the name of a file`)
		return
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.ok(check, "there is none yet; `askwell run` makes %s", path)
		x.disk(path)
		return
	case err == nil && !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file", path)
	}
	if err != nil {
		x.wrong(check, err.Error(), "everything askwell knows is in it", "see that the user who runs askwell may read and write it")
		return
	}
	s, err := store.Open(ctx, path)
	if err == nil {
		defer func() { _ = s.Close() }()
		err = s.Check(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			x.wrong(check, err.Error(), "everything askwell knows is in it; it writes nothing to a store that it cannot trust",
				"stop the daemon, keep a copy of "+path+", and put your last backup (`askwell backup`) in its place")
		}
		return
	}
	x.ok(check, "%s is sound (%s)", path, size(uint64(max(info.Size(), 0))))
	x.disk(path)
	if err := x.daemon(ctx, s); err != nil && ctx.Err() == nil {
		x.wrong(check, err.Error(), "everything askwell knows is in it", "see that the user who runs askwell may read and write "+path)
	}
}

// disk looks at the room that is left, in the next folder above that is there.
func (x *examination) disk(path string) {
	const check = "disk"
	folder := filepath.Dir(path)
	for folder != filepath.Dir(folder) {
		if _, err := os.Stat(folder); err == nil {
			break
		}
		folder = filepath.Dir(folder)
	}
	free, known := freeSpace(folder)
	if !known {
		return
	}
	what := fmt.Sprintf("%s are free in %s", size(free), folder)
	switch {
	case free < tight:
		x.wrong(check, what, "a full disk stops everything: what cannot be recorded is not done", "make room, or move the store: path under [store]")
	case free < smallish:
		x.warn(check, what, "a full disk stops everything: what cannot be recorded is not done", "make room")
	default:
		x.ok(check, "%s", what)
	}
}

func size(n uint64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d kB", n>>10)
}

// daemon looks at what the daemon has noted.
func (x *examination) daemon(ctx context.Context, s *store.Store) error {
	mb, err := s.Mailbox(ctx, string(x.c.Mailbox.Address.Key()))
	if err != nil {
		return err
	}
	now := x.Now().In(x.c.Location())
	return mb.View(ctx, now, func(tx *store.Tx) error {
		l, err := tx.Lease()
		if err != nil {
			return err
		}
		runs := l.Holder != "" && now.Before(l.Until)
		if runs {
			x.ok("daemon", "it runs: %s", l.Holder)
		} else {
			x.all = append(x.all, Finding{Check: "daemon", State: OK, What: "nobody runs it; nothing is read or sent until somebody does", Remedy: "askwell run"})
		}
		if err := x.lastRead(tx, runs); err != nil {
			return err
		}
		return x.lastSent(tx)
	})
}

func (x *examination) lastRead(tx *store.Tx, runs bool) error {
	said, err := tx.Setting("last_read")
	if err != nil {
		return err
	}
	at, perr := time.Parse(time.RFC3339, said)
	at = at.In(tx.Now.Location())
	age := tx.Now.Sub(at)
	switch {
	case perr != nil:
		x.ok("reading", "the mailbox was never read yet")
	case age < -time.Minute:
		x.wrong("clock", fmt.Sprintf("it says %s, but the mailbox was read at %s", tx.Now.Format(time.DateTime), at.Format(time.DateTime)),
			"mails leave at the wrong time, or not at all", "set this machine's clock: timedatectl set-ntp true")
	case runs && age > stale:
		x.wrong("reading", fmt.Sprintf("the daemon has not read the mailbox since %s", at.Format(time.DateTime)),
			"without a fresh look nothing leaves", "see what it says (journalctl -u askwell), and start it again")
	default:
		x.ok("reading", "the mailbox was read last on %s", at.Format(time.DateTime))
	}
	return nil
}

func (x *examination) lastSent(tx *store.Tx) error {
	const check = "sending"
	incidents, err := tx.Incidents()
	if err != nil {
		return err
	}
	incidents = slices.DeleteFunc(incidents, func(i store.Incident) bool { return i.Works })
	for _, i := range incidents {
		x.wrong(check, fmt.Sprintf("since %s: %s", i.Since.Format(time.DateTime), i.Detail),
			"until this is over nothing is sent to anybody; nothing is lost", "mend what the other lines say; askwell goes on by itself then")
	}
	states, err := tx.States()
	if err != nil {
		return err
	}
	if n := states[store.InDoubt]; n > 0 {
		x.warn(check, fmt.Sprintf("of %d mail(s) nobody knows whether they arrived", n),
			"askwell never sends a mail twice by a guess", "askwell outbox; then for each `askwell sent WHO` or `askwell resend WHO`")
	}
	at, err := tx.LastSent(false)
	switch {
	case err != nil:
		return err
	case len(incidents) > 0:
	case at.IsZero():
		x.ok(check, "nothing was sent yet")
	default:
		x.ok(check, "the last mail left on %s", at.Format(time.DateTime))
	}
	return nil
}
