package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"askwell/internal/mailtest"
)

// at opens a store with something in it, in dir.
func at(t *testing.T, dir string) (*Store, *Mailbox) {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(dir, "askwell.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	mb, err := s.Mailbox(t.Context(), "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	update(t, mb, func(tx *Tx) error { return tx.Set("kept", "1") })
	return s, mb
}

// broken checks that an error says which file, what is wrong and what to do.
func broken(t *testing.T, err error, want Fault, path string, words ...string) {
	t.Helper()
	var b *BrokenError
	if !errors.As(err, &b) {
		t.Fatalf("no BrokenError: %v", err)
	}
	if b.Fault != want {
		t.Errorf("it is %v, want %v: %v", b.Fault, want, err)
	}
	for _, w := range append(words, path) {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("it does not say %q: %v", w, err)
		}
	}
	if strings.Count(err.Error(), path) > 1 {
		t.Errorf("it names the file twice: %v", err)
	}
}

func setting(t *testing.T, mb *Mailbox, name string) (v string) {
	t.Helper()
	if err := mb.View(t.Context(), now, func(tx *Tx) (err error) {
		v, err = tx.Setting(name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

// A store that has no more room says so, keeps what it had, and goes on once there is room.
func TestFullDisk(t *testing.T) {
	big := strings.Repeat("x", 200_000)
	t.Run("no room on the disk", func(t *testing.T) {
		disk := mailtest.NewDisk(t, 2<<20)
		s, mb := at(t, disk.Dir)
		disk.Fill()
		for range 3 {
			err := mb.Update(t.Context(), now, func(tx *Tx) error { return tx.Set("big", big) })
			broken(t, err, Full, s.Path(), "full", "make room")
		}
		if setting(t, mb, "kept") != "1" || setting(t, mb, "big") != "" {
			t.Error("what was there is not, or half of what was not stored is")
		}
		disk.Free()
		update(t, mb, func(tx *Tx) error { return tx.Set("big", big) })
		if setting(t, mb, "big") != big {
			t.Error("it is not stored")
		}
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("no more pages", func(t *testing.T) {
		s, mb := at(t, t.TempDir())
		limit := func(pages int) {
			t.Helper()
			var n int
			if err := s.db.QueryRow(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&n); err != nil {
				t.Fatal(err)
			}
		}
		limit(1) // no fewer than there are
		err := mb.Update(t.Context(), now, func(tx *Tx) error { return tx.Set("big", big) })
		broken(t, err, Full, s.Path(), "full", "make room")
		limit(1 << 30)
		update(t, mb, func(tx *Tx) error { return tx.Set("big", big) })
		if setting(t, mb, "big") != big || setting(t, mb, "kept") != "1" {
			t.Error("it is not stored, or what was there is not")
		}
	})
}

// A statement that finds no room ends its transaction, in SQLite too: what comes after it in the same function must not
// be stored on its own.
func TestFullDiskStoresNothingByHalves(t *testing.T) {
	disk := mailtest.NewDisk(t, 2<<20)
	_, mb := at(t, disk.Dir)
	disk.Fill()
	err := mb.Update(t.Context(), now, func(tx *Tx) error {
		for i := range 2000 {
			if err := tx.Set(fmt.Sprint("big", i), strings.Repeat("x", 100_000)); err != nil {
				disk.Free()
				return tx.Set("after", "1") // a careless caller
			}
		}
		return nil
	})
	if err == nil {
		t.Error("a transaction of which a part failed was committed")
	}
	if setting(t, mb, "after") != "" || setting(t, mb, "big0") != "" {
		t.Error("half of a transaction was stored")
	}
}

func TestReadOnlyDisk(t *testing.T) {
	disk := mailtest.NewDisk(t, 4<<20)
	s, _ := at(t, disk.Dir)
	must(t, s.Close())
	disk.ReadOnly(true)
	_, err := Open(t.Context(), s.Path())
	broken(t, err, ReadOnly, s.Path(), "read-only")
	disk.ReadOnly(false)
	s, err = Open(t.Context(), s.Path())
	must(t, err)
	must(t, s.Close())
}

// What lies at the path and is no store of ours, or a damaged one, is refused, and left as it is.
func TestDamagedStore(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"not a database": func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("this is no store\n", 1000)), 0o600))
		},
		"garbage in two pages":    func(t *testing.T, path string) { smear(t, path, 4096*3, 4096*2) },
		"garbage at its head":     func(t *testing.T, path string) { smear(t, path, 0, 2000) },
		"garbage below its head":  func(t *testing.T, path string) { smear(t, path, 100, 2000) },
		"cut off":                 func(t *testing.T, path string) { cut(t, path, 0.5) },
		"cut off within its head": func(t *testing.T, path string) { cut(t, path, 0.0005) },
		"cut off to nothing":      func(t *testing.T, path string) { cut(t, path, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			s, mb := at(t, t.TempDir())
			path := s.Path()
			if _, err := mb.Hold("a daemon"); err != nil {
				t.Fatal(err)
			}
			must(t, s.Close())
			damage(t, path)
			before := read(t, path)
			s, err := Open(t.Context(), path)
			if err == nil {
				err = s.Check(t.Context())
				must(t, s.Close())
			}
			broken(t, err, Damaged, path, "askwell restore", "backup")
			if read(t, path) != before {
				t.Error("the damaged file was changed")
			}
		})
	}
	t.Run("of another program", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "theirs.db")
		db, err := sql.Open("sqlite", path)
		must(t, err)
		_, err = db.Exec(`CREATE TABLE theirs (a TEXT)`)
		must(t, err)
		must(t, db.Close())
		before := read(t, path)
		if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "another program") || !strings.Contains(err.Error(), path) {
			t.Errorf("opened: %v", err)
		}
		if len(read(t, path)) != len(before) {
			t.Error("tables were made in it")
		}
	})
}

// Pages that go bad beneath an open store are met at the next query.
func TestDamageWhileOpen(t *testing.T) {
	s, mb := at(t, t.TempDir())
	for i := range 200 {
		update(t, mb, func(tx *Tx) error { return tx.Set(fmt.Sprint("s", i), strings.Repeat("x", 5000)) })
	}
	must(t, s.Close())
	s, err := Open(t.Context(), s.Path())
	must(t, err)
	defer func() { _ = s.Close() }()
	mb, err = s.Mailbox(t.Context(), "ada@example.org")
	must(t, err)
	info, err := os.Stat(s.Path())
	must(t, err)
	smear(t, s.Path(), 4096*20, int(info.Size())-4096*20)
	for i := range 200 {
		if err = mb.View(t.Context(), now, func(tx *Tx) error {
			_, err := tx.Setting(fmt.Sprint("s", i))
			return err
		}); err != nil {
			break
		}
	}
	broken(t, err, Damaged, s.Path(), "askwell restore")
}

// A log that was damaged while nobody ran loses its end, and nothing else: what it had before stands, and it can be written.
func TestDamagedLog(t *testing.T) {
	s, mb := at(t, t.TempDir())
	update(t, mb, func(tx *Tx) error { return tx.Set("first", strings.Repeat("1", 9000)) })
	update(t, mb, func(tx *Tx) error { return tx.Set("last", strings.Repeat("2", 9000)) })
	// As a process leaves it that was killed.
	killed := filepath.Join(t.TempDir(), "askwell.db")
	for _, suffix := range []string{"", "-wal"} {
		must(t, os.WriteFile(killed+suffix, []byte(read(t, s.Path()+suffix)), 0o600))
	}
	wal := read(t, killed+"-wal")
	smear(t, killed+"-wal", len(wal)-3000, 1000)
	s, err := Open(t.Context(), killed)
	must(t, err)
	defer func() { _ = s.Close() }()
	must(t, s.Check(t.Context()))
	mb, err = s.Mailbox(t.Context(), "ada@example.org")
	must(t, err)
	if setting(t, mb, "first") == "" || setting(t, mb, "last") != "" {
		t.Errorf("first %d, last %d bytes", len(setting(t, mb, "first")), len(setting(t, mb, "last")))
	}
	update(t, mb, func(tx *Tx) error { return tx.Set("next", "3") })
}

// A store that is replaced or removed beneath a process is not written any more: another daemon may run on the new one.
func TestReplacedStore(t *testing.T) {
	for name, replace := range map[string]func(t *testing.T, path string){
		"removed": func(t *testing.T, path string) { must(t, os.Remove(path)) },
		"replaced": func(t *testing.T, path string) {
			must(t, os.WriteFile(path+".new", nil, 0o600))
			must(t, os.Rename(path+".new", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, mb := at(t, t.TempDir())
			replace(t, s.Path())
			err := mb.Update(t.Context(), now, func(tx *Tx) error { return tx.Set("a", "1") })
			broken(t, err, Replaced, s.Path(), "start askwell again")
		})
	}
}

func TestHold(t *testing.T) {
	dir := t.TempDir()
	_, one := at(t, dir)
	s, again := at(t, dir)
	if dead, err := one.Hold("first"); err != nil || dead != "" {
		t.Fatalf("held by %q, %v", dead, err)
	}
	if _, err := again.Hold("second"); !errors.Is(err, ErrHeld) {
		t.Fatalf("held twice: %v", err)
	}
	other, err := s.Mailbox(t.Context(), "bob@example.org")
	must(t, err)
	if _, err := other.Hold("bob's"); err != nil {
		t.Errorf("two mailboxes of one store hinder each other: %v", err)
	}
	if _, err := Restore(t.Context(), s.Path(), s.Path(), now); !errors.Is(err, ErrHeld) {
		t.Errorf("restored beneath a daemon: %v", err)
	}
	must(t, one.Store().Close())
	if dead, err := again.Hold("second"); err != nil || dead != "first" {
		t.Errorf("after the first has gone, it was held by %q, %v", dead, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return string(b)
}

// smear writes garbage over n bytes from at on.
func smear(t *testing.T, path string, at, n int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("\xde\xad\xbe\xef", n/4+1)[:n]), int64(at))
	must(t, err)
	must(t, f.Close())
}

// cut leaves a part of a file.
func cut(t *testing.T, path string, part float64) {
	t.Helper()
	must(t, os.Truncate(path, int64(float64(len(read(t, path)))*part)))
}
