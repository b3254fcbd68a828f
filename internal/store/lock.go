package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A daemon holds its mailbox by a lease, which is a row with a time, and by a lock on a file beside the store, which the
// system takes back when the process is gone, however it died. Where the disk is this machine's own, a free lock proves
// that the last holder is dead: its lease need not be waited for.

// errLocked tells that another process has the lock.
var errLocked = errors.New("locked")

func lockPath(path string, mailbox int64) string { return fmt.Sprintf("%s.%d.lock", path, mailbox) }

// locksOf are the locks beside the store at path, of all its mailboxes.
func locksOf(path string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		n, ok := strings.CutPrefix(e.Name(), filepath.Base(path)+".")
		n, lock := strings.CutSuffix(n, ".lock")
		if ok && lock && n != "" && strings.Trim(n, "0123456789") == "" {
			out = append(out, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return out, nil
}

// Hold locks the mailbox for holder until the store is closed or the process ends. Where another process of this machine
// has it, the error is ErrHeld. dead is who held it last, if that one is certain to be gone; else "".
func (m *Mailbox) Hold(holder string) (dead string, err error) {
	path := lockPath(m.s.path, m.id)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", explain(path, fmt.Errorf("open the lock: %w", err))
	}
	switch err := lock(f); {
	case errors.Is(err, errLocked):
		_ = f.Close()
		return "", ErrHeld
	case err != nil: // this disk has no locks: the lease alone has to do
		return "", f.Close()
	}
	m.s.locks = append(m.s.locks, f)
	last, err := io.ReadAll(io.LimitReader(f, 4<<10))
	if err == nil && ownDisk(f) {
		dead = string(bytes.TrimSpace(last))
	}
	// A name that cannot be written, on a full disk, proves nothing to the next one; that is all.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(holder+"\n"), 0)
	}
	return dead, nil
}

// lockAll takes every lock beside the store at path, so that no daemon runs on it or starts; release gives them back. sure
// tells that there were locks, and that a free one proves that nobody runs.
func lockAll(path string) (release func(), sure bool, err error) {
	var held []*os.File
	release = func() {
		for _, f := range held {
			_ = f.Close()
		}
	}
	names, err := locksOf(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return release, false, fmt.Errorf("look for locks: %w", err)
	}
	sure = len(names) > 0
	for _, name := range names {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			release()
			return func() {}, false, explain(name, fmt.Errorf("open a lock: %w", err))
		}
		held = append(held, f)
		err = lock(f)
		if errors.Is(err, errLocked) {
			release()
			return func() {}, false, ErrHeld
		}
		sure = sure && err == nil && ownDisk(f)
	}
	return release, sure, nil
}
