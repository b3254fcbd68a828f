package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
)

// Fault is why a store cannot be used, where the reason lies outside askwell.
type Fault string

// The faults. All but Replaced may pass while a daemon runs; then it goes on by itself.
const (
	Full     Fault = "full"
	ReadOnly Fault = "read-only"
	Damaged  Fault = "damaged"
	Locked   Fault = "locked"
	Failing  Fault = "failing"  // the disk gives an error, a quota or a limit is reached
	Replaced Fault = "replaced" // another file lies at the path, or none
)

var remedies = map[Fault]string{
	Full:     "the disk is full; make room on it, and askwell goes on by itself",
	ReadOnly: "it may not be written; see who owns it and its folder, and that the disk is not mounted read-only",
	Damaged:  "it is damaged; keep a copy of it, and put your last backup in its place with `askwell restore FILE`",
	Locked:   "another program keeps it locked; see which one, and end it",
	Failing:  "the disk does not do its work; see whether a quota is used up, and what the system's log says of the disk",
	Replaced: "another file has taken its place, or it was removed; start askwell again to go on with what is there now",
}

// BrokenError tells that the store could not be used: which file, why, and what to do. Nothing was stored.
type BrokenError struct {
	Fault Fault
	Path  string
	Err   error // what the machine said
}

func (b *BrokenError) Error() string {
	text := fmt.Sprintf("the store %s cannot be used: %s", b.Path, remedies[b.Fault])
	if b.Err != nil {
		text += fmt.Sprintf(" (%v)", b.Err)
	}
	return text
}

// Unwrap returns what the machine said.
func (b *BrokenError) Unwrap() error { return b.Err }

// The result codes of SQLite that lie outside askwell, <https://sqlite.org/rescode.html>. The low byte says it; what is
// above tells apart how a disk fails.
var faults = map[int]Fault{
	13: Full,     // SQLITE_FULL
	3:  ReadOnly, // SQLITE_PERM
	8:  ReadOnly, // SQLITE_READONLY
	14: ReadOnly, // SQLITE_CANTOPEN: the file is there, or was just made
	11: Damaged,  // SQLITE_CORRUPT
	26: Damaged,  // SQLITE_NOTADB
	5:  Locked,   // SQLITE_BUSY
	6:  Locked,   // SQLITE_LOCKED
	15: Locked,   // SQLITE_PROTOCOL
	10: Failing,  // SQLITE_IOERR
	22: Failing,  // SQLITE_NOLFS: the file is larger than the disk can hold
}

// shortRead is how SQLite tells that a file ends before it should (SQLITE_IOERR_SHORT_READ).
const shortRead = 10 | 2<<8

// faultOf tells what lies outside askwell from an error of ours; "" for ours.
func faultOf(err error) Fault {
	var lite *sqlite.Error
	switch {
	case err == nil:
	case errors.As(err, &lite):
		if lite.Code() == shortRead {
			return Damaged
		}
		return faults[lite.Code()&0xff]
	case errors.Is(err, syscall.ENOSPC):
		return Full
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ReadOnly
	}
	return ""
}

// explain makes a BrokenError of an error whose reason lies outside askwell. The path stands in it once.
func (s *Store) explain(err error) error { return explain(s.path, err) }

func explain(path string, err error) error {
	var known *BrokenError
	f := faultOf(err)
	if f == "" || errors.As(err, &known) {
		return err
	}
	var at *os.PathError
	if errors.As(err, &at) && at.Path == path {
		err = fmt.Errorf("%s: %w", at.Op, at.Err)
	}
	return &BrokenError{Fault: f, Path: path, Err: err}
}

// still makes sure that the file at the path is the one that is open. After a restore beneath a daemon that hangs, two
// would run, each on a store of its own.
func (s *Store) still() error {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !os.SameFile(info, s.info):
		return &BrokenError{Fault: Replaced, Path: s.path}
	case err != nil:
		return s.explain(fmt.Errorf("look for the store: %w", err))
	}
	return nil
}

// room is what a turn may need at most, but for the attachments that somebody sends.
const room = 256 << 10

// Room makes sure that the disk takes what a turn may write, which SQLite tells only once it has to.
func (s *Store) Room() error {
	if err := s.still(); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".room-*")
	if err == nil {
		_, err = f.Write(make([]byte, room))
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return s.explain(fmt.Errorf("try the disk: %w", err))
	}
	return nil
}

// wasRun reports whether a daemon has ever run on the store at path: it leaves a lock behind.
func wasRun(path string) bool {
	names, err := locksOf(path)
	return err == nil && len(names) > 0
}

// damage words what quick_check found, on one line.
func damage(said string) error {
	return errors.New(strings.Join(strings.Fields(said), " "))
}
