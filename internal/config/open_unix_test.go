//go:build unix

package config

import (
	"io/fs"
	"testing"
)

func TestExposed(t *testing.T) {
	for _, tt := range []struct {
		mode        fs.FileMode
		owner, user int
		want        bool
	}{
		{0o600, 1000, 1000, false},
		{0o400, 0, 1000, false},
		{0o440, 0, 1000, false}, // LoadCredential of systemd, a secret of Kubernetes with fsGroup
		{0o440, 0, 0, true},
		{0o440, 1000, 1000, true},
		{0o444, 0, 1000, true},
		{0o460, 0, 1000, true},
	} {
		if got := exposed(tt.mode, tt.owner, tt.user); got != tt.want {
			t.Errorf("mode %04o of %d, read by %d: exposed %t, want %t", tt.mode, tt.owner, tt.user, got, tt.want)
		}
	}
}
