package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// ErrHeld tells that a daemon runs on the store.
var ErrHeld = errors.New("a daemon runs on this store; stop it first")

// Restore puts a backup in the place of the store at path, and the store that was there beside it; it returns where. The
// backup is read anew from the mailbox: every cursor is dropped, so that the next reading takes note of whatever happened
// since, before anything is sent.
func Restore(ctx context.Context, backup, path string, now time.Time) (old string, err error) {
	fresh := path + ".restoring"
	if err := copyFile(backup, fresh); err != nil {
		return "", fmt.Errorf("read the backup: %w", err)
	}
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(fresh + suffix)
		}
	}()
	if err := prepareRestored(ctx, fresh); err != nil {
		return "", fmt.Errorf("read the backup %s: %w", backup, err)
	}
	if _, err := os.Stat(path); err == nil {
		if err := unheld(ctx, path, now); err != nil {
			return "", err
		}
		old = path + now.UTC().Format(".before-20060102T150405Z")
		if err := os.Rename(path, old); err != nil {
			return "", fmt.Errorf("put the old store aside: %w", err)
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return old, fmt.Errorf("put the backup in its place: %w", err)
	}
	return old, nil
}

// copyFile copies to a file that only we can read.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	if err := out.Sync(); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}

// prepareRestored checks a backup, and makes every mailbox of it forget how far it was read and who held it.
func prepareRestored(ctx context.Context, path string) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if err := s.Check(ctx); err != nil {
		return err
	}
	for _, query := range []string{
		// A folder without a cursor is read from the date on at which it was last read.
		`DELETE FROM cursors`,
		`DELETE FROM leases`,
	} {
		if _, err := s.db.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return s.Close()
}

// unheld makes sure that no daemon runs on a store, and puts all of it into its one file.
func unheld(ctx context.Context, path string, now time.Time) error {
	s, err := Open(ctx, path)
	if err != nil {
		// What is there is no store, or a damaged one: just what a backup is for.
		return nil // it is put aside, not lost
	}
	defer func() { _ = s.Close() }()
	var n int
	if err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM leases WHERE holder <> '' AND until > $1`, millis(now)).Scan(&n); err != nil {
		return nil // likewise
	}
	if n > 0 {
		return ErrHeld
	}
	return s.Close()
}
