package imapin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Append files raw, a finished message with CRLF line ends, in Sent, read and dated date. If there is no such folder,
// it is made. A lost connection leaves open whether it was filed: look with FindSent before trying again.
func (m *Mailbox) Append(ctx context.Context, raw []byte, date time.Time) error {
	if err := m.lock(ctx); err != nil {
		return m.fail("file in Sent", err)
	}
	defer m.unlock()
	defer m.settle()
	if len(raw) == 0 {
		return m.fail("file in Sent", errors.New("the message is empty"))
	}
	s, err := m.session(ctx)
	if err == nil {
		err = s.list(ctx, false)
	}
	if err != nil {
		return m.fail("file in Sent", err)
	}
	name := filing(s.found)
	if name != "" {
		err = s.append(ctx, name, raw, date)
		if no, refused := refusal(err); err == nil || !refused || (no.Code != imap.ResponseCodeTryCreate && no.Code != imap.ResponseCodeNonExistent) {
			return m.fail("file in "+name, err)
		}
		// The client gives up a connection on which the server refused a literal.
		m.forget()
		if s, err = m.session(ctx); err != nil {
			return m.fail("file in "+name, err)
		}
	}
	if name, err = s.create(ctx, name); err != nil {
		return m.fail("make a folder for sent mail", err)
	}
	return m.fail("file in "+name, s.append(ctx, name, raw, date))
}

func (s *session) append(ctx context.Context, name string, raw []byte, date time.Time) error {
	err := s.do(ctx, fetchLimit, func(c *imapclient.Client) error {
		cmd := c.Append(name, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: date})
		_, writeErr := cmd.Write(raw)
		closeErr := cmd.Close()
		_, err := cmd.Wait()
		if err != nil {
			return err // the server's own answer says most
		}
		return errors.Join(writeErr, closeErr)
	})
	if _, refused := refusal(err); refused {
		s.dead = true
	} else if err != nil {
		s.m.unclear = time.Now()
	}
	return err
}

// create makes a folder for sent mail: the one that should be there, or "Sent", at the top or, where the server keeps
// everything below the inbox, there.
func (s *session) create(ctx context.Context, name string) (string, error) {
	delim := "/"
	for _, f := range s.found {
		if f.delim != 0 {
			delim = string(f.delim)
		}
	}
	names := []string{name}
	if name == "" {
		names = []string{"Sent", "INBOX" + delim + "Sent"}
	}
	var err error
	for _, name = range names {
		err = s.do(ctx, commandLimit, func(c *imapclient.Client) error { return c.Create(name, nil).Wait() })
		if err == nil {
			return name, s.list(ctx, true)
		}
		if no, refused := refusal(err); !refused {
			break
		} else if no.Code == imap.ResponseCodeAlreadyExists {
			return name, nil
		}
	}
	return "", err
}

const (
	maxCandidates = 50 // headers looked at for one Message-ID
	searchBack    = 14 * 24 * time.Hour
	// settleFor is how long a server may still be filing what it got before the connection was lost.
	settleFor = 3 * time.Second
)

// FindSent tells whether a message with this Message-ID, without its angle brackets, lies in Sent, or in the folder
// with all mail where there is no Sent. since bounds the search; the message may be a day older. What the server finds
// is verified; what it does not find is looked for among the newest messages, for some search no headers. Soon after an
// Append that was not answered, what is not there is looked for again a moment later.
func (m *Mailbox) FindSent(ctx context.Context, messageID string, since time.Time) (bool, error) {
	if err := m.lock(ctx); err != nil {
		return false, m.fail("look into Sent", err)
	}
	defer m.unlock()
	defer m.settle()
	if messageID == "" || strings.ContainsFunc(messageID, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false, m.fail("look into Sent", fmt.Errorf("%q is no Message-ID", messageID))
	}
	there, err := m.findSent(ctx, messageID, since)
	if wait := settleFor - time.Since(m.unclear); err == nil && !there && wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false, m.fail("look into Sent", ctx.Err())
		}
		return m.findSent(ctx, messageID, since)
	}
	return there, err
}

func (m *Mailbox) findSent(ctx context.Context, messageID string, since time.Time) (bool, error) {
	s, err := m.session(ctx)
	if err == nil {
		err = s.list(ctx, false)
	}
	if err != nil {
		return false, m.fail("look into Sent", err)
	}
	for _, name := range sentFolders(s.found) {
		there, err := s.has(ctx, name, messageID, since)
		if err != nil || there {
			return there, m.fail("look into "+name, err)
		}
	}
	return false, nil
}

// sentFolders are where sent mail lies.
func sentFolders(all []found) []string {
	var sent, every []string
	for _, w := range rolesOf(all) {
		if w.role == RoleSent {
			sent = append(sent, w.name)
		}
		if w.role == RoleAll {
			every = append(every, w.name)
		}
	}
	if len(sent) > 0 {
		return sent
	}
	return every
}

func (s *session) has(ctx context.Context, folder, messageID string, since time.Time) (bool, error) {
	if _, err := s.examine(ctx, folder); err != nil {
		return false, err
	}
	criteria := &imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}}}
	if !since.IsZero() {
		criteria.Since = since.AddDate(0, 0, -1)
	}
	uids, err := s.search(ctx, criteria)
	if _, refused := refusal(err); err != nil && !refused {
		return false, err
	}
	if there, err := s.verify(ctx, uids, messageID); err != nil || there {
		return there, err
	}
	if since.IsZero() {
		since = time.Now().Add(-searchBack)
	}
	if uids, err = s.since(ctx, since); err != nil {
		return false, err
	}
	return s.verify(ctx, uids, messageID)
}

// verify looks into the headers of the newest of uids.
func (s *session) verify(ctx context.Context, uids []imap.UID, messageID string) (bool, error) {
	uids = uids[max(0, len(uids)-maxCandidates):]
	if len(uids) == 0 {
		return false, nil
	}
	got, err := s.headers(ctx, uids, false)
	for _, h := range got {
		if slices.Contains(messageIDs(h.Raw), messageID) {
			return true, nil
		}
	}
	if err == nil && len(got) < len(uids) {
		return false, errNoAnswer // hidden by another answer, or gone just now: asked again, it is clear
	}
	return false, err
}

// messageIDs returns the values of the Message-ID fields of a header block, unfolded, without angle brackets.
func messageIDs(header []byte) []string {
	var ids []string
	text := bytes.ReplaceAll(header, []byte("\r\n"), []byte("\n"))
	for _, fold := range []string{"\n ", "\n\t"} {
		text = bytes.ReplaceAll(text, []byte(fold), []byte(" "))
	}
	for line := range bytes.Lines(text) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if ok && strings.EqualFold(string(bytes.TrimSpace(name)), "Message-ID") {
			id := strings.TrimSpace(string(value))
			ids = append(ids, strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">"))
		}
	}
	return ids
}
