package store

import (
	"os"
	"syscall"
)

// own are the file systems that no other machine writes at the same time, by their numbers in <linux/magic.h>.
var own = map[int64]bool{
	0xef53: true, 0x58465342: true, 0x9123683e: true, 0xf2f52010: true, 0x2fc12fc1: true, 0x01021994: true, 0x794c7630: true,
	//   ext2 to ext4, XFS, btrfs, F2FS, ZFS, tmpfs, overlayfs
	0xca451a4e: true, // bcachefs
}

// ownDisk reports whether a file lies on a disk of this machine alone, where a lock tells of every process there is.
func ownDisk(f *os.File) bool {
	var s syscall.Statfs_t
	return syscall.Fstatfs(int(f.Fd()), &s) == nil && own[int64(s.Type)] //nolint:unconvert // int32 on some machines
}
