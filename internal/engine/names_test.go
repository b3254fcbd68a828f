package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
)

// drawn is a Message-ID of ours.
func drawn(n int) message.MessageID {
	var t [16]byte
	t[15] = byte(n)
	return message.NewMessageID(t, "example.org")
}

func opened(t testing.TB) *store.Mailbox {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "askwell.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	mb, err := s.Mailbox(context.Background(), "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return mb
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// In a conversation of any shape each mail of ours is known by its References, whatever became of its Message-ID; what answers
// it, or repeats its References, is not taken for it, and names it all the same.
func TestEachMailIsKnownByItsReferences(t *testing.T) {
	mb, undo := opened(t), errors.New("undo")
	rapid.Check(t, func(rt *rapid.T) {
		if err := mb.Update(context.Background(), monday, func(tx *store.Tx) error {
			if err := drawConversation(rt, tx); err != nil {
				return err
			}
			return undo
		}); !errors.Is(err, undo) {
			rt.Fatal(err)
		}
	})
}

func drawConversation(rt *rapid.T, tx *store.Tx) error {
	var thread []message.MessageID
	for i := range rapid.SampledFrom([]int{1, 2, 3, 4, 5, 6, 7, 8, 30}).Draw(rt, "mails") {
		id := drawn(i)
		if rapid.Bool().Draw(rt, "theirs") {
			thread = append(thread, message.MessageID(fmt.Sprintf("theirs-%d@example.net", i)))
			continue
		}
		row := store.Mail{
			Key: string(id), Contact: 1, Kind: "nudge", State: store.Queued, Review: "send", Address: "jane@example.com", Subject: "s", Body: "b",
			MessageID: id, References: slices.Clone(thread), DueAt: monday, LeavesAt: monday,
		}
		n, err := tx.PlanMail(row)
		if err != nil {
			return err
		}
		refs, parent, err := references(tx, row)
		if err != nil {
			return err
		}
		if rapid.Bool().Draw(rt, "renamed") {
			used := message.MessageID(fmt.Sprintf("used-%d@mx.example", i))
			if _, err := tx.AddCopy(store.Copy{Mail: n, Folder: "Sent", UIDValidity: 1, UID: uint32(n), MessageID: used}); err != nil {
				return err
			}
		}
		raw, err := message.Compose(message.Draft{
			From: message.Person{Address: "ada@example.org"}, To: []message.Person{{Address: "jane@example.com"}}, Subject: "s", Date: monday,
			MessageID: "used@mx.example", InReplyTo: parent, References: refs, Text: "x",
		})
		if err != nil {
			return err
		}
		m := message.ParseHeader(raw)
		if got := ownID(m); got != id {
			rt.Fatalf("mail %d is taken for %q: References %v, In-Reply-To %v", i, got, m.References, m.InReplyTo)
		}
		if len(thread) > 0 && (len(m.InReplyTo) != 1 || trueID(m.InReplyTo[0]) != m.InReplyTo[0]) {
			rt.Fatalf("mail %d answers %v", i, m.InReplyTo)
		}
		answer := &message.Message{InReplyTo: []message.MessageID{m.MessageID}, References: message.ReferencesFor(m)}
		bare := &message.Message{InReplyTo: []message.MessageID{m.MessageID}, References: m.References}
		for _, other := range []*message.Message{answer, bare} {
			if got := ownID(other); got != "" {
				rt.Fatalf("what answers mail %d is taken for %q: %v", i, got, other.References)
			}
			ids, err := conversation(tx, other)
			if err != nil {
				return err
			}
			if !slices.Contains(ids, id) {
				rt.Fatalf("what answers mail %d (%s) answers %v", i, id, ids)
			}
		}
		thread = append(thread, id)
	}
	return nil
}

// A hostile mail may name as many mails as fit into a header; not all are looked for.
func TestConversationIsBounded(t *testing.T) {
	m := &message.Message{}
	for i := range 50_000 {
		m.References = append(m.References, message.MessageID(fmt.Sprint(i)))
	}
	if err := opened(t).View(context.Background(), monday, func(tx *store.Tx) error {
		ids, err := conversation(tx, m)
		if len(ids) != mostNamed || ids[0] != "49999" {
			t.Errorf("%d are looked for, from %s on", len(ids), ids[0])
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Two mails to one person that nothing tells apart: the copy of one is nobody's, and no mail by hand.
func TestCopyThatMayBeEither(t *testing.T) {
	mb := opened(t)
	if err := mb.Update(context.Background(), monday, func(tx *store.Tx) error {
		l, _, err := tx.TakeLease("test", monday.Add(time.Minute))
		if err != nil {
			return err
		}
		var copied *message.Message
		for i := range 2 {
			row := store.Mail{
				Key: fmt.Sprint(i), Contact: 1, Kind: "confirm", State: store.Queued, Review: "send", Address: "jane@example.com", Subject: "Re: s", Body: "b",
				MessageID: drawn(i), DueAt: monday, LeavesAt: monday,
			}
			n, err := tx.PlanMail(row)
			if err != nil {
				return err
			}
			raw := fmt.Appendf(nil, "From: ada@example.org\r\nTo: jane@example.com\r\nSubject: Re: s\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <%s>\r\n\r\n%d\r\n", drawn(i), i)
			if _, err := tx.Claim(n, l.Epoch, raw, "", monday); err != nil {
				return err
			}
			copied = message.ParseHeader([]byte(strings.Replace(string(raw), string(drawn(i)), "used@mx.example", 1)))
			found, alike, err := renamed(tx, []contact.ID{1}, copied)
			if err != nil {
				return err
			}
			if want := i == 1; alike != want || (found.ID == n) == want {
				t.Errorf("of %d mails it is %d, one of several: %v", i+1, found.ID, alike)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
