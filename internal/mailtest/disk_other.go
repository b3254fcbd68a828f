//go:build !linux

package mailtest

import "errors"

var errNoDisk = errors.New("only on Linux")

func mount(string, int64) error { return errNoDisk }

func unmount(string) error { return errNoDisk }

func isFull(error) bool { return false }

// ReadOnly is of no use here, where there is no Disk.
func (d *Disk) ReadOnly(bool) {}
