package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrHeld tells that a daemon runs on the store.
var ErrHeld = errors.New("a daemon runs on this store; stop it first")

// Restore puts a backup in the place of the store at path, and the store that was there beside it; it returns where. The
// backup is read anew from the mailbox: every cursor is dropped, so that the next reading takes note of whatever happened
// since, before anything is sent.
//
// Nothing is touched before the backup was found to be sound, and a crash at any moment leaves the old store or the new.
func Restore(ctx context.Context, backup, path string, now time.Time) (old string, err error) {
	release, sure, err := lockAll(path)
	if err != nil {
		return "", err
	}
	defer release()
	fresh := path + ".restoring"
	leftovers := func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(fresh + suffix)
		}
	}
	leftovers() // of one that was killed: SQLite would take a -wal file for the new one's
	defer leftovers()
	if err := isStore(backup); err != nil {
		return "", fmt.Errorf("read the backup %s: %w; the store is left as it is", backup, err)
	}
	if err := copyFile(backup, fresh); err != nil {
		return "", fmt.Errorf("copy the backup %s: %w; the store is left as it is", backup, err)
	}
	if err := prepareRestored(ctx, fresh); err != nil {
		return "", fmt.Errorf("read the backup %s: %w; the store is left as it is", backup, err)
	}
	if _, err := os.Stat(path); err == nil {
		// Where the locks are proof enough it is not even opened: SQLite would write into a damaged one.
		if !sure {
			if err := unheld(ctx, path, now); err != nil {
				return "", err
			}
		}
		old = path + now.UTC().Format(".before-20060102T150405Z")
		if err := aside(path, old); err != nil {
			return "", fmt.Errorf("put the old store aside: %w", err)
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return old, fmt.Errorf("put the backup in its place: %w", err)
	}
	return old, syncFolder(path)
}

// isStore looks at the first bytes of a backup: an empty file, and the database of another program, would be made into an
// empty store.
func isStore(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 64) // <https://sqlite.org/fileformat.html#the_database_header>
	if _, err := io.ReadFull(f, head); err != nil || string(head[:16]) != "SQLite format 3\x00" || binary.BigEndian.Uint32(head[60:]) == 0 {
		return errors.New("it is no backup of a store, or it is damaged; take another one")
	}
	return nil
}

// aside keeps a store under another name, with all that belongs to it. A -wal file that stayed behind, as it does of a
// damaged store, would be taken for the new one's and written over it. The store itself stays until another takes its
// place, where the disk knows links.
func aside(path, to string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+suffix, to+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Link(path, to); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(path, to)
}

// syncFolder makes sure that the names in the folder of path outlive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("sync the store's folder: %w", err)
	}
	defer func() { _ = d.Close() }()
	_ = d.Sync() // not every system can
	return nil
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
		return unsound(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Check(ctx); err != nil {
		return unsound(err)
	}
	for _, query := range []string{
		// A folder without a cursor is read from the date on at which it was last read.
		`DELETE FROM cursors`,
		`DELETE FROM leases`,
	} {
		if _, err := s.db.ExecContext(ctx, query); err != nil {
			return unsound(err)
		}
	}
	return s.Close()
}

// unsound words what is wrong with a backup: another remedy helps than for a store.
func unsound(err error) error {
	var b *BrokenError
	if f := faultOf(err); f == Damaged || errors.As(err, &b) && b.Fault == Damaged {
		return errors.New("it is damaged; take another one")
	}
	return err
}

// unheld makes sure that no daemon runs on a store.
func unheld(ctx context.Context, path string, now time.Time) error {
	s, err := Open(ctx, path)
	var b *BrokenError
	if errors.As(err, &b) && b.Fault != Damaged {
		return err
	}
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
