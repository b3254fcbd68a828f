package imapin

import (
	"context"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// headers asks for the headers of uids, and for date, size and flags if full. What came complete is returned even with an
// error. Whoever asks must look for what is missing: a FETCH that nobody asked for can hide an answer.
func (s *session) headers(ctx context.Context, uids []imap.UID, full bool) (map[imap.UID]Header, error) {
	type part struct {
		got map[imap.UID]Header
		err error
	}
	// The error travels beside the headers, for call gives nothing back with one.
	p, err := call(ctx, s, fetchLimit, func(c *imapclient.Client) (part, error) {
		got, err := fetchHeaders(c, uids, full)
		return part{got, err}, nil
	})
	if err != nil {
		return nil, err
	}
	return p.got, s.explain(p.err)
}

// fetchHeaders leaves the command as it is when a literal cannot be read: the connection is dead then, the client's
// own goroutine goes on with the same buffer, and to drain the command would be to read from it at the same time.
func fetchHeaders(c *imapclient.Client, uids []imap.UID, full bool) (map[imap.UID]Header, error) {
	cmd := c.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{
		UID: true, InternalDate: full, RFC822Size: full, Flags: full,
		BodySection: []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, Peek: true}},
	})
	got := make(map[imap.UID]Header, len(uids))
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var (
			h               Header
			uid             imap.UID
			raw, date, size bool
		)
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = item.UID
			case imapclient.FetchItemDataInternalDate:
				h.InternalDate, date = item.Time, true
			case imapclient.FetchItemDataRFC822Size:
				h.Size, size = item.Size, true
			case imapclient.FetchItemDataFlags:
				h.Draft = slices.ContainsFunc(item.Flags, func(f imap.Flag) bool { return strings.EqualFold(string(f), string(imap.FlagDraft)) })
			case imapclient.FetchItemDataBodySection:
				if item.Section.Specifier == imap.PartSpecifierHeader && len(item.Section.Part) == 0 && item.Literal != nil {
					text, err := io.ReadAll(io.LimitReader(item.Literal, maxHeader))
					if err != nil {
						return got, err
					}
					h.Raw, raw = text, true
				}
			}
		}
		h.UID = uint32(uid)
		if uid != 0 && raw && (!full || date && size) {
			got[uid] = h
		}
	}
	return got, cmd.Close()
}

// body asks for the first n bytes of a message. It returns nil without error if the server did not answer for it.
func (s *session) body(ctx context.Context, uid imap.UID, n int64) ([]byte, error) {
	n = max(n, 1)
	return call(ctx, s, fetchLimit, func(c *imapclient.Client) ([]byte, error) {
		cmd := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{
			UID:         true,
			BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: n}}},
		})
		var text []byte
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			for item := msg.Next(); item != nil; item = msg.Next() {
				section, ok := item.(imapclient.FetchItemDataBodySection)
				if !ok || section.Section.Specifier != imap.PartSpecifierNone || len(section.Section.Part) > 0 || section.Literal == nil {
					continue
				}
				// A server that ignores the range sends all of it.
				var err error
				if text, err = io.ReadAll(io.LimitReader(section.Literal, n)); err != nil {
					return nil, err // as in fetchHeaders
				}
				if text == nil {
					text = []byte{} // an answer, though an empty one
				}
			}
		}
		return text, cmd.Close()
	})
}

// examine opens a folder for reading only.
func (s *session) examine(ctx context.Context, name string) (uidValidity uint32, err error) {
	data, err := call(ctx, s, commandLimit, func(c *imapclient.Client) (*imap.SelectData, error) {
		return c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	})
	if err != nil {
		return 0, err
	}
	return data.UIDValidity, nil
}

const maxFound = 5_000_000 // UIDs in one answer

// search returns the UIDs that fit, in order.
func (s *session) search(ctx context.Context, criteria *imap.SearchCriteria) ([]imap.UID, error) {
	data, err := call(ctx, s, fetchLimit, func(c *imapclient.Client) (*imap.SearchData, error) {
		return c.UIDSearch(criteria, nil).Wait()
	})
	if err != nil {
		return nil, err
	}
	set, _ := data.All.(imap.UIDSet)
	var uids []imap.UID
	for _, r := range set {
		if r.Start == 0 || r.Stop < r.Start || uint64(len(uids))+uint64(r.Stop-r.Start) >= maxFound {
			return nil, &oddError{errTooMuch}
		}
		for uid := r.Start; ; uid++ {
			uids = append(uids, uid)
			if uid == r.Stop {
				break
			}
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// above returns the UIDs greater than last. "n:*" always holds the last message, even if that is smaller than n
// (RFC 9051 section 9, seq-range).
func (s *session) above(ctx context.Context, last imap.UID) ([]imap.UID, error) {
	if last == math.MaxUint32 {
		return nil, nil
	}
	uids, err := s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: last + 1}}}})
	i, here := slices.BinarySearch(uids, last)
	if here {
		i++
	}
	return uids[i:], err
}

// highest returns the greatest UID of the open folder, 0 if it is empty.
func (s *session) highest(ctx context.Context) (imap.UID, error) {
	uids, err := s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{}}}})
	if err != nil || len(uids) == 0 {
		return 0, err
	}
	return uids[len(uids)-1], nil
}

// since returns the UIDs of messages that came on the day of t or later. A day is taken off, for the server reckons
// days in a zone of its own.
func (s *session) since(ctx context.Context, t time.Time) ([]imap.UID, error) {
	return s.search(ctx, &imap.SearchCriteria{Since: t.AddDate(0, 0, -1)})
}
