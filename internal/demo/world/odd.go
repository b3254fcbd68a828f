package world

import (
	"bufio"
	"bytes"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// fetch gives every message back byte by byte, also those whose header the
// memory server cannot read and would call empty.
func (s *session) fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	odd, rest, err := s.split(set)
	if err != nil || len(odd) == 0 {
		return s.inner.Fetch(w, set, o)
	}
	if len(rest) > 0 {
		if err := s.inner.Fetch(w, imap.UIDSetNum(rest...), o); err != nil {
			return err
		}
	}
	for _, uid := range odd {
		if err := s.fetchOdd(w, uid, o); err != nil {
			return err
		}
	}
	return nil
}

// split resolves a set to those that are odd and the others.
func (s *session) split(set imap.NumSet) (odd, rest []imap.UID, err error) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	f := s.b.folders[s.folder]
	if f == nil || len(f.odd) == 0 {
		return nil, nil, nil
	}
	var c imap.SearchCriteria
	switch set := set.(type) {
	case imap.SeqSet:
		c.SeqNum = []imap.SeqSet{set}
	case imap.UIDSet:
		c.UID = []imap.UIDSet{set}
	}
	found, err := s.inner.Search(imapserver.NumKindUID, &c, &imap.SearchOptions{})
	if err != nil {
		return nil, nil, err
	}
	for _, uid := range found.AllUIDs() {
		if f.odd[uid] {
			odd = append(odd, uid)
		} else {
			rest = append(rest, uid)
		}
	}
	return odd, rest, nil
}

func (s *session) fetchOdd(w *imapserver.FetchWriter, uid imap.UID, o *imap.FetchOptions) error {
	one := imap.UIDSetNum(uid)
	found, err := s.inner.Search(imapserver.NumKindSeq, &imap.SearchCriteria{UID: []imap.UIDSet{one}}, &imap.SearchOptions{})
	if err != nil || found.Count == 0 {
		return err
	}
	for _, section := range o.BodySection {
		if !section.Peek {
			add := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
			if err := s.inner.Store(w, one, add, nil); err != nil {
				return err
			}
			break
		}
	}
	text, at, flags := s.b.odd(s.folder, uid)
	m := w.CreateMessage(found.Min)
	m.WriteUID(uid)
	if o.Flags {
		m.WriteFlags(flags)
	}
	if o.InternalDate {
		m.WriteInternalDate(at)
	}
	if o.RFC822Size {
		m.WriteRFC822Size(int64(len(text)))
	}
	if o.Envelope {
		h, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(text)))
		m.WriteEnvelope(imapserver.ExtractEnvelope(h))
	}
	if o.BodyStructure != nil {
		m.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(text)))
	}
	for _, section := range o.BodySection {
		part := cutSection(text, section)
		body := m.WriteBodySection(section, int64(len(part)))
		if _, err := body.Write(part); err != nil {
			return err
		}
		if err := body.Close(); err != nil {
			return err
		}
	}
	return m.Close()
}

// cutSection knows the whole, its header and its text; an odd message has no
// parts.
func cutSection(text []byte, section *imap.FetchItemBodySection) []byte {
	part := text
	end := bytes.Index(text, []byte("\r\n\r\n"))
	switch {
	case len(section.Part) > 0 || len(section.HeaderFields) > 0 || len(section.HeaderFieldsNot) > 0 || section.Specifier == imap.PartSpecifierMIME:
		part = nil
	case section.Specifier == imap.PartSpecifierHeader && end >= 0:
		part = text[:end+4]
	case section.Specifier == imap.PartSpecifierText && end >= 0:
		part = text[end+4:]
	case section.Specifier == imap.PartSpecifierText:
		part = nil
	}
	if p := section.Partial; p != nil {
		from := min(p.Offset, int64(len(part)))
		part = part[from:min(from+p.Size, int64(len(part)))]
	}
	return part
}
