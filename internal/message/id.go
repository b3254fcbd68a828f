package message

import (
	"encoding/base32"
	"strings"
)

// NewMessageID makes an identifier of 128 random bits in the domain given.
func NewMessageID(random [16]byte, domain string) MessageID {
	left := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random[:])
	return MessageID(strings.ToLower(left) + "@" + strings.ToLower(domain))
}

const maxID = 900 // what fits a line with its field name (RFC 5322 section 2.1.1)

// ParseMessageIDs reads the value of Message-ID, In-Reply-To or References (RFC 5322 section 3.6.4) as mailers write them:
// without brackets, with two, folded in the middle, with phrases between. Identifiers come without brackets and spaces.
func ParseMessageIDs(value string) []MessageID {
	var ids []MessageID
	add := func(s string) {
		s = strings.Map(func(r rune) rune {
			if r <= ' ' || r == 0x7f || r == '<' || r == '>' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, ""))
		if s != "" && len(s) <= maxID {
			ids = append(ids, MessageID(s))
		}
	}
	rest := value
	for {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		rest = strings.TrimLeft(rest[open:], "< \t")
		end := strings.IndexAny(rest, "<>")
		switch {
		case end < 0: // no closing bracket
			if f := strings.Fields(rest); len(f) > 0 {
				add(f[0])
			}
			rest = ""
		case rest[end] == '<':
			if f := strings.Fields(rest[:end]); len(f) > 0 {
				add(f[0])
			}
			rest = rest[end:]
		default:
			add(rest[:end])
			rest = rest[end+1:]
		}
	}
	if ids != nil {
		return ids
	}
	words := strings.FieldsFunc(value, func(r rune) bool { return r <= ' ' || r == ',' || r == ';' || r == '"' })
	for _, w := range words {
		if strings.Contains(w, "@") || len(words) == 1 {
			add(strings.Trim(w, "<>"))
		}
	}
	return ids
}

// ThreadIDs returns the messages that m answers, the nearest first: In-Reply-To, then References from the newest to the
// oldest, each once.
func (m *Message) ThreadIDs() []MessageID {
	var ids []MessageID
	seen := map[MessageID]bool{}
	add := func(id MessageID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, id := range m.InReplyTo {
		add(id)
	}
	for i := len(m.References) - 1; i >= 0; i-- {
		add(m.References[i])
	}
	return ids
}

// ReferencesFor returns the References of an answer to parent (RFC 5322 section 3.6.4).
func ReferencesFor(parent *Message) []MessageID {
	refs := append([]MessageID(nil), parent.References...)
	if len(refs) == 0 && len(parent.InReplyTo) == 1 {
		refs = append(refs, parent.InReplyTo[0])
	}
	if parent.MessageID != "" {
		refs = append(refs, parent.MessageID)
	}
	seen := map[MessageID]bool{}
	kept := refs[:0]
	for i, id := range refs {
		if id == parent.MessageID && i < len(refs)-1 || seen[id] {
			continue
		}
		seen[id] = true
		kept = append(kept, id)
	}
	return trimReferences(kept)
}

// trimReferences keeps the first and the newest of a long list: programs that thread need those.
func trimReferences(refs []MessageID) []MessageID {
	const most, newest = 24, 20
	if len(refs) <= most {
		return refs
	}
	kept := append([]MessageID(nil), refs[0])
	return append(kept, refs[len(refs)-newest:]...)
}
