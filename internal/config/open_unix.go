//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// tooOpen reports whether others may read a secret.
func tooOpen(info fs.FileInfo) bool {
	owner := -1
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(st.Uid)
	}
	return exposed(info.Mode(), owner, os.Geteuid())
}

// exposed is tooOpen for a file of owner, read by user. A file of root's that one group may read is how systemd and
// Kubernetes hand a secret to a service that is not root.
func exposed(mode fs.FileMode, owner, user int) bool {
	open := mode.Perm() & 0o077
	if owner == 0 && user != 0 {
		open &^= 0o040
	}
	return open != 0
}
