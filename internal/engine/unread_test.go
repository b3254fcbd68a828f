package engine_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/imapin"
)

// stubborn is a server that has messages and does not give them: of some the text, of others nothing.
type stubborn struct{ engine.Mailbox }

func (s stubborn) Read(ctx context.Context, from []imapin.Cursor, since time.Time, v imapin.Visitor) (imapin.Look, error) {
	sv := &stubbornVisitor{Visitor: v}
	look, err := s.Mailbox.Read(ctx, from, since, sv)
	for i := range look.Folders {
		f := &look.Folders[i]
		f.SetAside = slices.Clone(sv.aside[f.Name])
	}
	return look, err
}

type stubbornVisitor struct {
	imapin.Visitor
	aside map[string][]uint32
}

func (s *stubbornVisitor) Message(ctx context.Context, h imapin.Header, fetch func(context.Context, int64) ([]byte, error)) error {
	leave := func() {
		if s.aside == nil {
			s.aside = map[string][]uint32{}
		}
		s.aside[h.Folder] = append(s.aside[h.Folder], h.UID)
	}
	switch {
	case bytes.Contains(h.Raw, []byte("nothing at all")):
		leave()
		return nil
	case bytes.Contains(h.Raw, []byte("no text")):
		fetch = func(context.Context, int64) ([]byte, error) {
			leave()
			return nil, imapin.ErrUnreadable
		}
	}
	return s.Visitor.Message(ctx, h, fetch)
}

// An answer whose text the server does not give may be a yes: the owner is asked, and until then no nudge leaves.
func TestAnswerThatTheServerDoesNotGive(t *testing.T) {
	for word, want := range map[string]int{"yes": 1, "no": 2} {
		t.Run(word, func(t *testing.T) {
			r := onWorld(t, "", start())
			e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: stubborn{r.box}, Sender: r.out, Holder: "test"})
			r.must(err)
			r.e = e
			r.nudgeDue(jane)
			r.must(r.pen.Inject(r.owner, "", r.fresh(jane, r.owner, "no text", "Yes, of course.")))
			r.must(r.pen.Inject(r.owner, "", r.fresh("eve@example.net", r.owner, "no text", "Cheap watches.")))
			r.must(r.pen.Inject(r.owner, "Junk", r.fresh("eve@example.net", r.owner, "nothing at all", "Cheap watches.")))
			r.pass(30 * time.Hour)
			r.readable()
			r.got(jane, 1)
			digest := r.last("digest")
			r.has("the digest", textOf(digest), "A mail from "+jane+" in INBOX cannot be read: the server does not give it. Is it an answer of Jane Doe?",
				"A message in Junk cannot be read: the server does not give it.")
			r.answers(digest, numberOf(t, digest, "A mail from "+jane)+" "+word)
			r.pass(48 * time.Hour)
			r.got(jane, want)
			if word == "yes" {
				r.stage(jane, contact.Talking)
				r.withdrawnBy(jane, "reply")
			}
			r.does("add", "Bob Roe <"+bob+">") // so that there is something to say
			r.pass(7 * 24 * time.Hour)
			told := 0
			for _, d := range r.ofKind("digest") {
				text := textOf(d)
				told += strings.Count(text, "A message in ")
			}
			if told != 1 || len(r.ofKind("digest")) < 2 {
				t.Errorf("%d digests tell %d times of the message in Junk", len(r.ofKind("digest")), told)
			}
		})
	}
}

// A mail by hand is one by its header alone.
func TestMailByHandThatTheServerDoesNotGive(t *testing.T) {
	r := onWorld(t, "", start())
	e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: stubborn{r.box}, Sender: r.out, Holder: "test"})
	r.must(err)
	r.e = e
	r.nudgeDue(jane)
	r.must(r.pen.SendAs(r.owner, r.fresh(r.owner, jane, "no text", "Forget my mail, I'll call you.")))
	r.turn()
	r.withdrawnBy(jane, "owner_wrote")
	r.pass(24 * time.Hour)
	r.got(jane, 2)
}
