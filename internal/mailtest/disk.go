package mailtest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Disk is a file system of its own, so small that it can be filled, and that can be made read-only. What lies in
// Dir meets the errors of a real disk.
type Disk struct {
	Dir string

	t testing.TB
}

// NewDisk mounts one of so many bytes for the time of the test. Where mounting is not allowed the test is skipped.
func NewDisk(t testing.TB, size int64) *Disk {
	t.Helper()
	dir := t.TempDir()
	if err := mount(dir, size); err != nil {
		t.Skipf("mailtest: skipped: no disk can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := unmount(dir); err != nil {
			t.Errorf("mailtest: unmount: %v", err)
		}
	})
	return &Disk{Dir: dir, t: t}
}

func (d *Disk) ballast() string { return filepath.Join(d.Dir, "ballast") }

// Fill takes all the room that is left.
func (d *Disk) Fill() {
	d.t.Helper()
	f, err := os.OpenFile(d.ballast(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatalf("mailtest: fill the disk: %v", err)
	}
	defer func() { _ = f.Close() }()
	for _, piece := range []int{1 << 16, 1 << 12, 1} {
		for {
			if _, err = f.Write(make([]byte, piece)); err != nil {
				break
			}
		}
	}
	if !isFull(err) {
		d.t.Fatalf("mailtest: fill the disk: %v", err)
	}
}

// Free gives the room back.
func (d *Disk) Free() {
	d.t.Helper()
	if err := os.Remove(d.ballast()); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatalf("mailtest: free the disk: %v", err)
	}
}
