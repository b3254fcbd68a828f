package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	patience  = 30 * time.Second // for the command to answer
	lastWords = time.Second      // for what it has started to let go of the pipe
	longest   = 64 << 10         // bytes that a password may have
)

// Password asks for the mailbox's password where the configuration says it is kept: a file, a command, a variable. It is
// asked anew at each login, so that a changed password needs no restart. The error says what to do.
func (c *Config) Password(ctx context.Context) (string, error) {
	m := c.Mailbox
	var secret, key string
	var err error
	switch {
	case m.PasswordFile != "":
		key = "password_file"
		secret, err = passwordFile(m.PasswordFile)
	case m.PasswordCommand != "":
		key = "password_command"
		secret, err = passwordCommand(ctx, m.PasswordCommand, patience)
	case m.PasswordEnv != "":
		key = "password_env"
		if secret = c.env(m.PasswordEnv); secret == "" {
			err = fmt.Errorf("the variable %s is not set; set it for the process that runs askwell", m.PasswordEnv)
		}
	case m.OAuth2 != "":
		return "", fmt.Errorf("there is no password: mailbox.oauth2 is %q; run askwell init to log in", m.OAuth2)
	default:
		return "", errors.New("there is no password: set mailbox.password_file, or run askwell init")
	}
	if err == nil {
		secret, err = trimmed(secret)
	}
	if err != nil {
		return "", fmt.Errorf("ask for the password (mailbox.%s): %w", key, err)
	}
	return secret, nil
}

// trimmed drops the newline that editors and commands put behind the last line. A server reads a password as one line, and
// to cut it short would hide a mistake.
func trimmed(secret string) (string, error) {
	secret = strings.TrimSuffix(strings.TrimSuffix(secret, "\n"), "\r")
	switch {
	case secret == "":
		return "", errors.New("it is empty; put the password there, on one line")
	case len(secret) > longest:
		return "", errors.New("it is longer than any password; put only the password there")
	case strings.ContainsAny(secret, "\r\n\x00"):
		return "", errors.New("it has more than one line; put only the password there")
	}
	return secret, nil
}

func passwordFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%w; see that it is there and that the user who runs askwell may read it", err)
	}
	defer f.Close()
	// The open file is asked, not the path, which may lead elsewhere by now.
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return "", fmt.Errorf("%s is a folder; name the file in it", path)
	}
	if tooOpen(info) {
		return "", fmt.Errorf("%s can be read by others (mode %04o); chmod 600 %[1]s", path, info.Mode().Perm())
	}
	text, err := io.ReadAll(io.LimitReader(f, longest+2))
	if err != nil {
		return "", err
	}
	return string(text), nil
}

func passwordCommand(ctx context.Context, command string, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = lastWords
	err := cmd.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", fmt.Errorf("the command gave no answer within %v; see that it does not wait for somebody to type", limit)
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, exec.ErrWaitDelay): // it is done; an agent that it started still holds the pipe
	case err != nil:
		said, _, _ := strings.Cut(strings.TrimSpace(stderr.kept.String()), "\n")
		if said != "" {
			said = fmt.Sprintf(" (it said %.200q)", said)
		}
		return "", fmt.Errorf("the command did not succeed: %w%s; try it in a shell", err, said)
	}
	return stdout.kept.String(), nil
}

// bounded keeps what no password is longer than, and lets the rest pass. The buffer is no embedded one: its ReadFrom, which
// io.Copy prefers to Write, would keep all.
type bounded struct{ kept bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := longest + 2 - b.kept.Len(); room > 0 {
		b.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
