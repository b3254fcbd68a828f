package engine_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/message"
	"askwell/internal/store"
)

// TestRestoredStoreSendsNothingTwice: a backup of Monday morning is put back three weeks later. What left since is in Sent,
// and is not sent again; what was answered since is not asked again.
func TestRestoredStoreSendsNothingTwice(t *testing.T) {
	r := onWorld(t, "save_sent = \"always\"\n", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend\nask Bob Roe <bob@example.com>, colleague\nadd Cy Poe <cy@example.com>, friend")
	ctx := context.Background()
	backup := filepath.Join(t.TempDir(), "monday.db")
	r.must(r.mb.Store().Backup(ctx, backup)) // both asks are planned and have not left

	r.pass(2 * 24 * time.Hour)
	r.writes("", "ask cy") // asked after the backup, by a mail
	r.replies(jane, r.got(jane, 1), "Yes, gladly. Tuesday at 3pm?")
	r.pass(26 * 24 * time.Hour) // Bob and Cy get both their nudges
	sent := len(r.pen.Sent())
	for address, want := range map[string]int{jane: 1, "bob@example.com": 3, "cy@example.com": 3} {
		if n := len(r.gotten(address, want)); n != want {
			t.Fatalf("%s got %d mails before the restore, want %d", address, n, want)
		}
	}

	path := r.mb.Store().Path()
	r.must(r.e.Release(ctx, r.now))
	r.must(r.mb.Store().Close())
	old, err := store.Restore(ctx, backup, path, r.now)
	r.must(err)
	if old == "" {
		t.Error("the newer store was not kept")
	}
	s, err := store.Open(ctx, path)
	r.must(err)
	t.Cleanup(func() { _ = s.Close() })
	r.mb, err = s.Mailbox(ctx, r.owner)
	r.must(err)
	r.e, err = engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: r.box, Sender: r.out, Holder: "after"})
	r.must(err)
	r.pass(60 * 24 * time.Hour)
	for _, d := range r.pen.Sent()[sent:] {
		if d.To != r.owner {
			t.Errorf("after the restore %s got again:\n%s", d.To, textOf(d.Raw))
		}
	}
	r.stage(jane, contact.Talking)
	if n := r.contact("bob@example.com").Nudges; n != 2 {
		t.Errorf("the restored store knows of %d nudges to Bob, want 2", n)
	}
}

func TestRestoreRefusesARunningDaemon(t *testing.T) {
	r := onWorld(t, "", start())
	backup := filepath.Join(t.TempDir(), "copy.db")
	r.must(r.mb.Store().Backup(context.Background(), backup))
	if _, err := store.Restore(context.Background(), backup, r.mb.Store().Path(), r.now.Add(time.Second)); err == nil {
		t.Error("a store was replaced below a running daemon")
	}
}

// A restored store knows its own mails also where the server gave them other Message-IDs: by the name in References, and who
// was asked after the backup was made is not asked again.
func TestRestoredStoreKnowsRenamedCopies(t *testing.T) {
	for name, before := range map[string]string{"asked before the backup": "ask", "asked after it": "add"} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "save_sent = \"never\"\n", start())
			r.writes("", before+" Jane Doe <"+jane+">, friend")
			ctx := context.Background()
			backup := filepath.Join(t.TempDir(), "monday.db")
			r.must(r.mb.Store().Backup(ctx, backup))
			if before == "add" {
				r.does("ask", "jane") // of which only Sent knows
			}
			filed := 0
			file := func() {
				all := r.gotten(jane, 0)
				for _, raw := range all[filed:] {
					filed++
					id := message.ParseHeader(raw).MessageID
					copied := strings.Replace(string(raw), "Message-ID: <"+string(id)+">", fmt.Sprintf("Message-ID: <used-%d@mx.example>", filed), 1)
					r.must(r.pen.File(r.owner, "Sent", []byte(copied)))
				}
			}
			r.pass(3 * time.Hour)
			file()
			r.pass(12 * 24 * time.Hour)
			file()
			if filed != 2 {
				t.Fatalf("%d mails left before the restore, want the ask and a nudge", filed)
			}
			r.must(r.e.Release(ctx, r.now))
			path := r.mb.Store().Path()
			r.must(r.mb.Store().Close())
			_, err := store.Restore(ctx, backup, path, r.now)
			r.must(err)
			s, err := store.Open(ctx, path)
			r.must(err)
			t.Cleanup(func() { _ = s.Close() })
			r.mb, err = s.Mailbox(ctx, r.owner)
			r.must(err)
			r.restart()
			r.turn()
			r.stage(jane, contact.Asked)
			if c := r.contact(jane); c.Nudges != 1 || r.count(jane, "owner_wrote") != 0 {
				t.Errorf("the restored store knows of %d nudges and %d mails by hand", c.Nudges, r.count(jane, "owner_wrote"))
			}
			r.pass(60 * 24 * time.Hour)
			// The second nudge follows the first, and answers what Jane has.
			last := message.ParseHeader(r.got(jane, 3))
			if len(last.InReplyTo) != 1 || last.InReplyTo[0] != "used-2@mx.example" {
				t.Errorf("the last nudge answers %v", last.InReplyTo)
			}
			r.must(r.pen.Inject(r.owner, "", r.names("jd@private.example", "used-1@mx.example", "coffee", "Yes, gladly.")))
			r.turn()
			r.stage(jane, contact.Talking)
		})
	}
}
