//go:build !unix

package config

import "io/fs"

// tooOpen cannot tell here: the mode says nothing where permissions are kept otherwise.
func tooOpen(fs.FileInfo) bool { return false }
