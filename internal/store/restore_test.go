package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/mailtest"
)

// A backup that is none, or a damaged one, is refused before anything is touched.
func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, path string){
		"empty":             func(t *testing.T, path string) { cut(t, path, 0) },
		"cut off":           func(t *testing.T, path string) { cut(t, path, 0.6) },
		"garbage in a page": func(t *testing.T, path string) { smear(t, path, 4096*3, 4096*2) },
		"garbage":           func(t *testing.T, path string) { smear(t, path, 0, 5000) },
		"not there":         func(t *testing.T, path string) { must(t, os.Remove(path)) },
		"another program's": func(t *testing.T, path string) {
			must(t, os.Remove(path))
			db, err := sql.Open("sqlite", path)
			must(t, err)
			_, err = db.Exec(`CREATE TABLE theirs (a TEXT)`)
			must(t, err)
			must(t, db.Close())
		},
		"another program's, with a version": func(t *testing.T, path string) {
			must(t, os.Remove(path))
			db, err := sql.Open("sqlite", path)
			must(t, err)
			_, err = db.Exec(`CREATE TABLE theirs (a TEXT); PRAGMA user_version = 1`)
			must(t, err)
			must(t, db.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, mb := at(t, dir)
			backup := filepath.Join(t.TempDir(), "backup.db")
			must(t, s.Backup(t.Context(), backup))
			update(t, mb, func(tx *Tx) error { return tx.Set("kept", "2") })
			must(t, s.Close())
			spoil(t, backup)
			before := listing(t, dir)
			if _, err := Restore(t.Context(), backup, s.Path(), now); err == nil || !strings.Contains(err.Error(), backup) {
				t.Errorf("restored, or it does not say which: %v", err)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("something was touched:\n%s\nbefore:\n%s", after, before)
			}
			if _, mb := at(t, dir); setting(t, mb, "kept") != "1" { // at writes it
				t.Error("the store does not work any more")
			}
		})
	}
}

// listing is every file of a folder with its bytes.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		b.WriteString(e.Name() + "\x00" + read(t, filepath.Join(dir, e.Name())) + "\n")
	}
	return b.String()
}

// The log that a damaged store leaves beside it is not taken for the restored one's, and is kept with the damaged store.
func TestRestoreOverADamagedStore(t *testing.T) {
	dir := t.TempDir()
	from := t.TempDir()
	s, mb := at(t, from)
	update(t, mb, func(tx *Tx) error { return tx.Set("a", "of the backup") })
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(t.Context(), backup))
	must(t, s.Close())
	s, mb = at(t, from)
	update(t, mb, func(tx *Tx) error { return tx.Set("a", "after it") }) // its head is not in the log
	path := filepath.Join(dir, "askwell.db")
	for _, suffix := range []string{"", "-wal"} { // as a process leaves them that was killed
		must(t, os.WriteFile(path+suffix, []byte(read(t, s.Path()+suffix)), 0o600))
	}
	must(t, os.WriteFile(path+".1.lock", nil, 0o600)) // a daemon worked with it
	smear(t, path, 0, 5000)
	wal := read(t, path+"-wal")
	old, err := Restore(t.Context(), backup, path, now)
	must(t, err)
	if read(t, old+"-wal") != wal || !strings.HasPrefix(read(t, old), "\xde\xad") {
		t.Error("the damaged store was not kept whole")
	}
	restored, err := Open(t.Context(), path)
	must(t, err)
	defer func() { _ = restored.Close() }()
	must(t, restored.Check(t.Context()))
	mb, err = restored.Mailbox(t.Context(), "ada@example.org")
	must(t, err)
	if v := setting(t, mb, "a"); v != "of the backup" {
		t.Errorf("the restored store says %q", v)
	}
}

// What a restore left that was killed does not get into the next one.
func TestRestoreAfterAKilledOne(t *testing.T) {
	dir := t.TempDir()
	s, mb := at(t, dir)
	update(t, mb, func(tx *Tx) error { return tx.Set("a", "1") })
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(t.Context(), backup))
	update(t, mb, func(tx *Tx) error { return tx.Set("a", "2") })
	must(t, os.WriteFile(s.Path()+".restoring-wal", []byte(read(t, s.Path()+"-wal")), 0o600))
	must(t, s.Close())
	_, err := Restore(t.Context(), backup, s.Path(), now)
	must(t, err)
	s, err = Open(t.Context(), s.Path())
	must(t, err)
	defer func() { _ = s.Close() }()
	mb, err = s.Mailbox(t.Context(), "ada@example.org")
	must(t, err)
	if v := setting(t, mb, "a"); v != "1" {
		t.Errorf("a is %q", v)
	}
}

// Where the disk has no room for the backup, nothing is replaced; where it has none to make one, no half of one is left.
func TestBackupAndRestoreOnAFullDisk(t *testing.T) {
	disk := mailtest.NewDisk(t, 4<<20)
	s, mb := at(t, disk.Dir)
	update(t, mb, func(tx *Tx) error { return tx.Set("a", strings.Repeat("x", 300_000)) })
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(t.Context(), backup))
	must(t, s.Close())
	disk.Fill()
	before := listing(t, disk.Dir)
	if _, err := Restore(t.Context(), backup, s.Path(), now); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("restored on a full disk: %v", err)
	}
	if listing(t, disk.Dir) != before {
		t.Error("something was touched, or left")
	}
	onFull := filepath.Join(disk.Dir, "backup.db")
	s, err := Open(t.Context(), backup)
	must(t, err)
	defer func() { _ = s.Close() }()
	if err := s.Backup(t.Context(), onFull); err == nil || !strings.Contains(err.Error(), "full") || !strings.Contains(err.Error(), onFull) {
		t.Errorf("a backup on a full disk: %v", err)
	}
	if _, err := os.Stat(onFull); !errors.Is(err, os.ErrNotExist) {
		t.Error("half a backup is left")
	}
}

// After a crash nobody waits for the dead one's lease, where its lock tells that it is dead.
func TestRestoreAfterACrash(t *testing.T) {
	s, mb := at(t, t.TempDir())
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(t.Context(), backup))
	update(t, mb, func(tx *Tx) error {
		_, _, err := tx.TakeLease("a daemon", now.Add(time.Minute))
		return err
	})
	if _, err := Restore(t.Context(), backup, s.Path(), now); !errors.Is(err, ErrHeld) {
		t.Errorf("without a lock, the lease was passed over: %v", err)
	}
	if _, err := mb.Hold("a daemon"); err != nil {
		t.Fatal(err)
	}
	must(t, s.Close()) // its lease is still there
	if _, err := Restore(t.Context(), backup, s.Path(), now); err != nil {
		t.Errorf("a dead daemon's lease is waited for: %v", err)
	}
}
