package imapin

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Report is what Check found out.
type Report struct {
	Greeting     string
	TLSVersion   string // "TLS 1.3"
	Capabilities []string
	Folders      []Folder // those watched, with HighestUID
	Sent         string   // where sent mail would be filed; empty: there is no such folder yet
	Idle         bool     // the server tells of new mail
}

// Check connects anew, logs in, opens every watched folder and takes leave. Nothing is changed.
func (m *Mailbox) Check(ctx context.Context) (Report, error) {
	s, err := m.connect(ctx)
	if err != nil {
		return Report{}, m.fail("connect", ended(ctx, err))
	}
	r := Report{Greeting: s.greeting, TLSVersion: s.tlsVersion}
	if err := s.login(ctx); err != nil {
		s.drop()
		return r, m.fail("log in", ended(ctx, err))
	}
	defer s.logout(5 * time.Second)
	for c := range s.caps {
		r.Capabilities = append(r.Capabilities, string(c))
	}
	slices.Sort(r.Capabilities)
	r.Idle = s.caps.Has(imap.CapIdle)
	if err := s.list(ctx, true); err != nil {
		return r, m.fail("list the folders", err)
	}
	r.Sent = filing(s.found)
	folders, err := watch(s.found, m.cfg.Folders)
	if err != nil {
		return r, &Error{Op: "find the folders", Err: err, host: m.addr()}
	}
	for _, w := range folders {
		f := Folder{Name: w.name, Role: w.role}
		if f.UIDValidity, err = s.examine(ctx, w.name); err != nil {
			return r, m.fail("open folder "+w.name, err)
		}
		end, err := s.highest(ctx)
		if err != nil {
			return r, m.fail("read folder "+w.name, err)
		}
		f.HighestUID = uint32(end)
		r.Folders = append(r.Folders, f)
	}
	return r, nil
}
