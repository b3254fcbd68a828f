package store

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// as lets f run with the rights of a user, on a thread that is given up after it.
func as(t *testing.T, uid int, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with its rights
		if err := syscall.Setfsuid(uid); err != nil {
			t.Error(err)
			return
		}
		f()
	}()
	<-done
}

// A store that the user may read and not write, one that may not be read, and one in a folder where nothing can be made.
func TestStoreWithoutRights(t *testing.T) {
	const nobody = 65534
	for name, change := range map[string]func(path string){
		"may not be written":             func(path string) { must(t, os.Chmod(path, 0o444)) },
		"may not be read":                func(path string) { must(t, os.Chmod(path, 0)) },
		"its folder may not be written":  func(path string) { must(t, os.Chmod(path, 0o666)) },
		"nothing is there, nor may be":   func(path string) { must(t, os.Remove(path)) },
		"its folder may not be searched": func(path string) { must(t, os.Chmod(filepath.Dir(path), 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.Chmod(filepath.Dir(dir), 0o755))
			must(t, os.Chmod(dir, 0o755))
			s, _ := at(t, dir)
			must(t, s.Close())
			change(s.Path())
			as(t, nobody, func() {
				opened, err := Open(t.Context(), s.Path())
				if err == nil {
					_ = opened.Close()
				}
				broken(t, err, ReadOnly, s.Path(), "who owns it and its folder")
			})
		})
	}
}

// Whatever the umask, the store and all that lies beside it are its owner's alone.
func TestUmask(t *testing.T) {
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	dir := filepath.Join(t.TempDir(), "deep", "er")
	s, mb := at(t, dir)
	if _, err := mb.Hold("a daemon"); err != nil {
		t.Fatal(err)
	}
	must(t, s.Backup(t.Context(), filepath.Join(dir, "backup.db")))
	check := func() {
		t.Helper()
		entries, err := os.ReadDir(dir)
		must(t, err)
		for _, e := range entries {
			info, err := e.Info()
			must(t, err)
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %04o", e.Name(), info.Mode().Perm())
			}
		}
		if len(entries) < 3 {
			t.Errorf("only %d files", len(entries))
		}
	}
	check() // askwell.db, -wal, -shm, .1.lock, backup.db
	must(t, s.Close())
	_, err := Restore(t.Context(), filepath.Join(dir, "backup.db"), s.Path(), now)
	must(t, err)
	check()
	for d := dir; d != filepath.Dir(filepath.Dir(dir)); d = filepath.Dir(d) {
		info, err := os.Stat(d)
		must(t, err)
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %04o", d, info.Mode().Perm())
		}
	}
}
