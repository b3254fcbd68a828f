package mailtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// supervise starts the commands, each in a session of its own, and returns what
// ends them. A guard does the same if this process dies without a chance to:
// it reads from a pipe whose other end only we hold.
func supervise(dir string, commands ...*exec.Cmd) (stop func(), err error) {
	log, err := os.OpenFile(filepath.Join(dir, "log", "start.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	var running []*exec.Cmd
	end := func() {
		for _, c := range running {
			terminate(c)
		}
	}
	for _, c := range commands {
		c.Stdout, c.Stderr = log, log
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := c.Start(); err != nil {
			end()
			return nil, fmt.Errorf("start %s: %w", c.Path, err)
		}
		running = append(running, c)
	}
	script, args := "read _; rm -rf -- \"$1\"; shift; for g; do kill -s KILL -- -$g; done", []string{dir}
	for _, c := range running {
		args = append(args, strconv.Itoa(c.Process.Pid))
	}
	guard := exec.Command("/bin/sh", append([]string{"-c", script, "mailtest-guard"}, args...)...)
	guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	hold, err := guard.StdinPipe()
	if err == nil {
		err = guard.Start()
	}
	if err != nil {
		end()
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	return func() {
		end()
		_ = guard.Process.Kill()
		_ = guard.Wait()
		_ = hold.Close()
	}, nil
}

// terminate ends a server and all its children, at once: there is nothing that
// they should still write down.
func terminate(c *exec.Cmd) {
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
	_ = c.Wait()
}
