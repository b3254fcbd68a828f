package demo

import (
	"fmt"
	"os"
	"path/filepath"

	"askwell/internal/message"
)

// keep writes every mail out: the digests as HTML, and all messages as .eml, a folder for each recipient. It counts the
// digests, and all mails of askwell's to the owner.
func (s *search) keep() (digests, toOwner int, err error) {
	counts := map[string]int{}
	write := func(to string, raw []byte) error {
		counts[to]++
		folder := filepath.Join(s.dir, "mails", to)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("keep the mails: %w", err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%03d.eml", counts[to])), raw, 0o600); err != nil {
			return fmt.Errorf("keep the mails: %w", err)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Join(s.dir, "digests"), 0o700); err != nil {
		return 0, 0, fmt.Errorf("keep the digests: %w", err)
	}
	for _, raw := range s.w.Messages(ownerAddress, "INBOX") {
		if err := write(ownerAddress, raw); err != nil {
			return digests, toOwner, err
		}
		m := message.Parse(raw)
		kind := m.Header.Get("X-Askwell")
		if kind != "" {
			toOwner++
		}
		if kind != "digest" {
			continue
		}
		digests++
		file := filepath.Join(s.dir, "digests", m.Date.In(s.zone).Format("2006-01-02-1504")+".html")
		if err := os.WriteFile(file, []byte(m.HTML()), 0o600); err != nil {
			return digests, toOwner, fmt.Errorf("keep the digests: %w", err)
		}
	}
	for _, d := range s.w.Sent() {
		if d.To != ownerAddress {
			if err := write(d.To, d.Raw); err != nil {
				return digests, toOwner, err
			}
		}
	}
	return digests, toOwner, nil
}
