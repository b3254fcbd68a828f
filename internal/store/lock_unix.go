//go:build linux || darwin

package store

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of a file or says errLocked; any other error means that there are no locks here. The lock goes with
// the file, even where the process is killed.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
