package store

import (
	"os"
	"syscall"
)

// ownDisk reports whether a file lies on a disk of this machine alone (MNT_LOCAL), where a lock tells of every process
// there is.
func ownDisk(f *os.File) bool {
	var s syscall.Statfs_t
	return syscall.Fstatfs(int(f.Fd()), &s) == nil && s.Flags&0x1000 != 0
}
