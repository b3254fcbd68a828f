package engine

import (
	"fmt"
	"strings"

	"askwell/internal/contact"
	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/store"
)

// A server may have a message and not give it, however often it is asked. Its header, where there is one, still tells whom
// it is from: the owner is asked whether it is an answer, and until then nobody is nudged. Of others the digest tells.

const (
	unreadKey  = "unread "
	kindUnread = "unread"
)

func unreadName(folder string, validity, uid uint32) string {
	return fmt.Sprintf("%s%s/%d/%d", unreadKey, folder, validity, uid)
}

// takeUnread takes in what the header tells of a message whose text the server does not give.
func (e *Engine) takeUnread(tx *store.Tx, h imapin.Header, head *message.Message, r route) error {
	seen := store.Seen{
		Key: unreadName(h.Folder, h.UIDValidity, h.UID), MessageID: head.MessageID, Folder: h.Folder, UIDValidity: h.UIDValidity, UID: h.UID,
		Kind: kindUnread, State: "unproved", Sender: sender(head), Subject: head.Subject, Raw: h.Raw,
	}
	switch r.concern {
	case byHand, forgotten: // what they mean, the header says
		return e.take(tx, h, head, h.Raw, r)
	case theirs, lookalike:
		seen.Kind, seen.State, seen.Contact = "reply", "uncertain", r.contacts[0]
	case nobody, own, report, inName:
	}
	_, err := tx.AddSeen(seen)
	return err
}

// noteUnread notes what a reading had to leave, that the digest may tell of it once.
func noteUnread(tx *store.Tx, look imapin.Look) error {
	for _, f := range look.Folders {
		for _, uid := range f.SetAside {
			if _, err := tx.AddSeen(store.Seen{
				Key: unreadName(f.Name, f.UIDValidity, uid), Folder: f.Name, UIDValidity: f.UIDValidity, UID: uid, Kind: kindUnread, State: "unproved",
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// isUnread reports whether a noted mail is one that could not be read.
func isUnread(s store.Seen) bool { return strings.HasPrefix(s.Key, unreadKey) }

// unreadReply is an answer of which nobody knows what it says.
func unreadReply(s store.Seen) contact.Event {
	return contact.Replied{Intent: "unclear", MessageID: s.MessageID, From: s.Sender, Thread: true}
}

// unreadWords tell of a message that could not be read, of which not even the writer is known to concern somebody.
func unreadWords(s store.Seen) string {
	what := "A message"
	if s.Sender != "" {
		what = fmt.Sprintf("A mail from %s, %q,", s.Sender, cut(s.Subject, 60))
	}
	return what + " in " + s.Folder + " cannot be read: the server does not give it. If somebody answers you there, tell with `talk`, `declined` or `note`."
}
