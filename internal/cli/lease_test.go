//go:build unix

package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"askwell/internal/config"
	"askwell/internal/store"
)

// daemon is `askwell run` as a process of its own.
func daemon(t *testing.T, file string) (*exec.Cmd, *quiet) {
	t.Helper()
	var log quiet
	cmd := &exec.Cmd{
		Path: os.Args[0], Args: []string{"askwell", "run", "-c", file}, // TestMain makes the program of it
		Env: append(os.Environ(), "SECRET=sesame"), Stdout: &log, Stderr: &log,
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd, &log
}

// running waits until a process holds the mailbox.
func running(t *testing.T, file string, cmd *exec.Cmd, log *quiet) {
	t.Helper()
	until(t, log, func() bool {
		_, said := do(file, "status", "--json")
		return strings.Contains(said, fmt.Sprintf("process %d,", cmd.Process.Pid))
	})
}

// TestCrashedDaemon: a second daemon is told who runs, and ends with 1; after a SIGKILL the next one starts at once, where
// the lease of the dead one would last for another minute and more.
func TestCrashedDaemon(t *testing.T) {
	_, file := house(t)
	first, log := daemon(t, file)
	running(t, file, first, log)
	second, said := daemon(t, file)
	if err := second.Wait(); second.ProcessState.ExitCode() != exitFailed {
		t.Errorf("the second ended with %v", err)
	}
	if !strings.Contains(said.String(), "another askwell runs this mailbox") ||
		!strings.Contains(said.String(), fmt.Sprintf("process %d,", first.Process.Pid)) {
		t.Errorf("the second says %q", said)
	}
	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	// Later somebody looks, and nobody has started it again.
	lapse(t, file, 10*time.Minute)
	if code, said := do(file, "status"); code != exitFailed || !strings.Contains(said, "has not been heard of since") {
		t.Errorf("status after the crash: %d, %s", code, said)
	}
	lapse(t, file, -time.Minute)
	third, log := daemon(t, file)
	running(t, file, third, log)
	if err := third.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := third.Wait(); err != nil {
		t.Errorf("the third ended with %v: %s", err, log)
	}
}

// TestFrozenDaemon: one that is stopped, and whose lease has run out, is alive all the same and would go on where it was.
func TestFrozenDaemon(t *testing.T) {
	_, file := house(t)
	first, log := daemon(t, file)
	running(t, file, first, log)
	// It is stopped while we hold the store: a daemon that is stopped in the middle of a transaction locks everybody out.
	lapse(t, file, time.Minute, func() {
		if err := first.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Error(err)
		}
	})
	second, said := daemon(t, file)
	_ = second.Wait()
	if second.ProcessState.ExitCode() != exitFailed || !strings.Contains(said.String(), fmt.Sprintf("process %d,", first.Process.Pid)) {
		t.Errorf("the second ended with %d: %s", second.ProcessState.ExitCode(), said)
	}
}

// lapse lets the lease of the daemon have run out so long ago, and does what else is to happen in that moment.
func lapse(t *testing.T, file string, ago time.Duration, also ...func()) {
	t.Helper()
	ctx := context.Background()
	cfg, err := config.Load(file, env)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, cfg.StorePath())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	mb, err := s.Mailbox(ctx, "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := mb.Update(ctx, time.Now(), func(tx *store.Tx) error {
		l, err := tx.Lease()
		if err != nil {
			return err
		}
		for _, f := range also {
			f()
		}
		_, _, err = tx.TakeLease(l.Holder, time.Now().Add(-ago))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
