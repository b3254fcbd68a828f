package engine

import (
	"errors"
	"slices"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
)

// Some servers give what is submitted a Message-ID of their own (Amazon SES, Outlook.com), and whatever answers it names that
// one. The field References they leave alone. So every mail of ours carries a second name of its own there: the Message-ID
// with ".0" behind its left side where the mail begins a conversation, ".1" where it answers one. No message has it, and it is
// as unguessable as the Message-ID. A mail program takes it for a message that it does not have, which is common; what refers
// to the same one is shown together, whatever the server made of the Message-IDs.

// byname is the second name of a mail of ours.
func byname(id message.MessageID, begins bool) message.MessageID {
	left, right, _ := strings.Cut(string(id), "@")
	if begins {
		return message.MessageID(left + ".0@" + right)
	}
	return message.MessageID(left + ".1@" + right)
}

// trueID is the Message-ID behind a second name; any other identifier is itself.
func trueID(id message.MessageID) message.MessageID {
	left, right, _ := strings.Cut(string(id), "@")
	if n := len(left) - 2; n == idLength && (left[n:] == ".0" || left[n:] == ".1") {
		return message.MessageID(left[:n] + "@" + right)
	}
	return id
}

// idLength is that of 128 bits in base32.
const idLength = 26

// ownID is the Message-ID that a mail had before a server gave it another: "" where it is none of ours. What answers a mail of
// ours has its second name too, but in another place, for the mail itself comes after it (RFC 5322 section 3.6.4).
func ownID(m *message.Message) message.MessageID {
	if m == nil {
		return ""
	}
	if ids := message.ParseMessageIDs(m.Header.Get("X-Microsoft-Original-Message-ID")); len(ids) == 1 {
		return ids[0]
	}
	n := len(m.References)
	switch {
	case n == 1 && len(m.InReplyTo) == 0:
		if id := trueID(m.References[0]); m.References[0] == byname(id, true) {
			return id
		}
	case n > 1 && len(m.InReplyTo) == 1 && m.InReplyTo[0] == m.References[n-1]:
		if id := trueID(m.References[n-2]); m.References[n-2] == byname(id, false) {
			return id
		}
	}
	return ""
}

// references are the fields In-Reply-To and References of a mail, as the recipient has what it answers.
func references(tx *store.Tx, m store.Mail) (refs []message.MessageID, parent message.MessageID, err error) {
	if len(m.References) == 0 {
		return []message.MessageID{byname(m.MessageID, true)}, "", nil
	}
	for i, id := range m.References {
		row, err := tx.MailByMessageID(id)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return nil, "", err
		}
		if err == nil && !row.ToOwner {
			if i == 0 {
				refs = append(refs, byname(row.MessageID, len(row.References) == 0))
			}
			if id, err = tx.UsedID(row); err != nil {
				return nil, "", err
			}
		}
		refs = append(refs, id)
	}
	last := len(refs) - 1
	parent = refs[last] // before it is moved
	return slices.Insert(refs, last, byname(m.MessageID, false)), parent, nil
}

// mostNamed bounds how many of the mails that a message answers are looked for: a person's mail has a few, a hostile one as
// many as fit.
const mostNamed = 100

// conversation is what a message answers, the nearest first, each mail of ours under the Message-ID that it has in the store.
func conversation(tx *store.Tx, m *message.Message) ([]message.MessageID, error) {
	var ids []message.MessageID
	for i, id := range m.ThreadIDs() {
		if i == mostNamed {
			break
		}
		id = trueID(id)
		row, err := tx.MailByMessageID(id)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return nil, err
		}
		if err == nil {
			id = row.MessageID
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// ours finds the mail of ours that m is a copy of, by its identifiers, or store.ErrNone.
func ours(tx *store.Tx, m *message.Message) (store.Mail, error) {
	for _, id := range []message.MessageID{m.MessageID, ownID(m)} {
		if id == "" {
			continue
		}
		row, err := tx.MailByMessageID(id)
		if errors.Is(err, store.ErrNone) || err == nil && id != m.MessageID && !goesTo(m, row.Address) {
			continue
		}
		return row, err
	}
	return store.Mail{}, store.ErrNone
}

// goesTo reports whether a mail goes to one address, and to nobody else.
func goesTo(m *message.Message, a message.Address) bool {
	people := recipients(m)
	return len(people) == 1 && people[0].Address.Key() == a.Key()
}

// renamed finds the mail of ours that m is a copy of, where a server took every identifier from it: it has the recipient, the
// subject and the Date to the second, and what answers something it is not. alike tells that m is one of several, so that
// nobody can say which.
func renamed(tx *store.Tx, to []contact.ID, m *message.Message) (found store.Mail, alike bool, err error) {
	for _, id := range to {
		rows, err := tx.MailsOf(id)
		if err != nil {
			return store.Mail{}, false, err
		}
		for _, row := range rows {
			if row.ToOwner || !isCopy(m, row) {
				continue
			}
			if found.ID != 0 {
				return store.Mail{}, true, nil
			}
			found = row
		}
	}
	return found, false, nil
}

// renamedToOwner is renamed for what went to the owner; nothing where it is one of several.
func renamedToOwner(tx *store.Tx, m *message.Message) (found store.Mail, err error) {
	if !m.Header.Has("X-Askwell") || m.Date.IsZero() {
		return found, nil
	}
	rows, err := tx.SentToOwner(m.Date.Add(-time.Second), m.Date.Add(24*time.Hour), 100)
	for _, row := range rows {
		if isCopy(m, row) {
			if found.ID != 0 {
				return store.Mail{}, nil
			}
			found = row
		}
	}
	return found, err
}

// isCopy reports whether m may be a copy of a mail that was claimed, going by everything but its Message-ID.
func isCopy(m *message.Message, row store.Mail) bool {
	if row.Raw == nil || row.Subject != m.Subject || !goesTo(m, row.Address) {
		return false
	}
	sent := message.ParseHeader(row.Raw)
	return m.Date.Equal(sent.Date) && (len(m.References) == 0 || slices.Equal(m.References, sent.References)) &&
		(len(m.InReplyTo) == 0 || slices.Equal(m.InReplyTo, sent.InReplyTo))
}
