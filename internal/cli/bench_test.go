package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"askwell/internal/engine"
)

// BenchmarkIdleMemory is the resident memory of `askwell run`, a process of its own, with one mailbox that was read and is
// idle. The bar is 40 MB.
func BenchmarkIdleMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("reads /proc")
	}
	_, file := house(b)
	program := filepath.Join(b.TempDir(), "askwell")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "askwell/cmd/askwell")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v: %s", err, out)
	}
	for b.Loop() {
		daemon := exec.Command(program, "run", "--config", file)
		daemon.Env = append(os.Environ(), "SECRET=sesame")
		if err := daemon.Start(); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		var s engine.Status
		for s.LastRead.IsZero() || time.Since(began) < 5*time.Second {
			_, line := do(file, "status", "--json")
			if err := json.Unmarshal([]byte(line), &s); err != nil {
				b.Fatalf("status: %v: %s", err, line)
			}
			if time.Since(began) > time.Minute {
				b.Fatal("the daemon does not read")
			}
		}
		b.ReportMetric(resident(b, daemon.Process.Pid), "MB")
		if err := daemon.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		if err := daemon.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

// resident is what the kernel counts as VmRSS, in MB.
func resident(b *testing.B, pid int) float64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for in := bufio.NewScanner(f); in.Scan(); {
		var kb float64
		if strings.HasPrefix(in.Text(), "VmRSS:") {
			if _, err := fmt.Sscanf(in.Text(), "VmRSS: %f kB", &kb); err != nil {
				b.Fatal(err)
			}
			return kb / 1000
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
