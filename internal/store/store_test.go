package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/message"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func open(t *testing.T) (*Store, *Mailbox) {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "deep", "askwell.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	mb, err := s.Mailbox(t.Context(), "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return s, mb
}

func update(t *testing.T, mb *Mailbox, f func(*Tx) error) {
	t.Helper()
	if err := mb.Update(context.Background(), now, f); err != nil {
		t.Fatal(err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	s, _ := open(t)
	for _, path := range []string{s.Path(), s.Path() + "-wal"} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
	}
}

// TestSchemaIsFrozen holds that a released schema never changes: a store in the field was made by it. Each is made as it
// was at its time, kept in testdata, and brought to the newest, which must be that of a new store.
func TestSchemaIsFrozen(t *testing.T) {
	fresh, _ := open(t)
	for n := 1; n <= len(migrations); n++ {
		path := filepath.Join(t.TempDir(), "askwell.db")
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range migrations[:n] {
			if _, err := db.Exec(m); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, n)); err != nil {
			t.Fatal(err)
		}
		file := fmt.Sprintf("testdata/schema%d.sql", n)
		schema := schemaOf(t, db)
		if os.Getenv("UPDATE") != "" && n == len(migrations) {
			if err := os.WriteFile(file, []byte(schema), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(kept) != schema {
			t.Errorf("schema %d is not that of %s; add a migration instead of changing it", n, file)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatalf("a store of schema %d: %v", n, err)
		}
		if schemaOf(t, s.db) != schemaOf(t, fresh.db) {
			t.Errorf("a store of schema %d does not become what a new one is", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func schemaOf(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.Query(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		b.WriteString(text + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNewerSchemaIsRefused(t *testing.T) {
	s, _ := open(t)
	if _, err := s.db.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, len(migrations)+1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), s.Path()); err == nil || !strings.Contains(err.Error(), "run the newer askwell") {
		t.Errorf("a newer store was opened: %v", err)
	}
}

// A command line and the daemon may meet a new store at the same moment.
func TestOpenedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	errs := make(chan error)
	for range 8 {
		go func() {
			s, err := Open(context.Background(), path)
			if err == nil {
				_, err = s.Mailbox(context.Background(), "ada@example.org")
				_ = s.Close()
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestDamageIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no store\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil {
		t.Error("a file that is no store was opened")
	}
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	_, mb := open(t)
	boom := errors.New("boom")
	err := mb.Update(t.Context(), now, func(tx *Tx) error {
		if err := tx.Set("a", "1"); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	update(t, mb, func(tx *Tx) error {
		if v, err := tx.Setting("a"); err != nil || v != "" {
			t.Errorf("kept %q, %v", v, err)
		}
		return nil
	})
}

func TestStaleContactIsRefused(t *testing.T) {
	_, mb := open(t)
	c := contact.Contact{ID: 1, Name: "Jane Doe", Stage: contact.New, Addresses: []message.Address{"Jane@example.org"}}
	update(t, mb, func(tx *Tx) error { return tx.SaveContact(c, 0, Index{}) })
	update(t, mb, func(tx *Tx) error { return tx.SaveContact(c, 1, Index{}) })
	err := mb.Update(t.Context(), now, func(tx *Tx) error { return tx.SaveContact(c, 1, Index{}) })
	if !errors.Is(err, ErrStale) {
		t.Errorf("a stale write gave %v", err)
	}
	update(t, mb, func(tx *Tx) error {
		stages, err := tx.Stages()
		if err != nil || stages[contact.New] != 1 {
			t.Errorf("stages %v, %v", stages, err)
		}
		if id, err := tx.ByAddress("jane@EXAMPLE.org"); err != nil || id != 1 {
			t.Errorf("by address: %d, %v", id, err)
		}
		return nil
	})
}

// queued plans a mail that may leave at once.
func queued(t *testing.T, mb *Mailbox, key string) int64 {
	t.Helper()
	var id int64
	update(t, mb, func(tx *Tx) (err error) {
		id, err = tx.PlanMail(Mail{
			Key: key, Contact: 1, Kind: "ask", State: Queued, Review: "send", Address: "jane@example.org", Subject: "s", Body: "b",
			MessageID: message.MessageID(key + "@example.org"), DueAt: now, LeavesAt: now,
		})
		return err
	})
	return id
}

func TestEqualKeysAreOneMail(t *testing.T) {
	_, mb := open(t)
	first := queued(t, mb, "1/1/ask")
	var again int64
	update(t, mb, func(tx *Tx) (err error) {
		again, err = tx.PlanMail(Mail{
			Key: "1/1/ask", Kind: "ask", State: Queued, Review: "send", Address: "jane@example.org", Subject: "other", Body: "other",
			MessageID: "other@example.org", DueAt: now, LeavesAt: now,
		})
		return err
	})
	if first != again {
		t.Errorf("planned twice: %d and %d", first, again)
	}
}

func TestClaim(t *testing.T) {
	_, mb := open(t)
	id := queued(t, mb, "k")
	claim := func(epoch int64, raw string) (m Mail, err error) {
		err = mb.Update(t.Context(), now, func(tx *Tx) (err error) {
			m, err = tx.Claim(id, epoch, []byte(raw), "look", now.Add(time.Minute))
			return err
		})
		return m, err
	}
	if _, err := claim(1, "bytes"); !errors.Is(err, ErrLost) {
		t.Errorf("claimed without a lease: %v", err)
	}
	var lease Lease
	update(t, mb, func(tx *Tx) (err error) {
		lease, _, err = tx.TakeLease("one", now.Add(time.Minute))
		return err
	})
	m, err := claim(lease.Epoch, "bytes")
	if err != nil || string(m.Raw) != "bytes" || m.State != Sending || m.Attempts != 1 {
		t.Fatalf("claim: %+v, %v", m, err)
	}
	if _, err := claim(lease.Epoch, "bytes"); !errors.Is(err, ErrLost) {
		t.Errorf("claimed twice: %v", err)
	}
	update(t, mb, func(tx *Tx) error { return tx.Requeue(id, now, "later") })
	if m, err = claim(lease.Epoch, "other bytes"); err != nil || string(m.Raw) != "bytes" || m.Attempts != 2 {
		t.Errorf("a retry has other bytes: %q, %v", m.Raw, err)
	}
	// Another daemon takes over: the mark of the first is refused.
	update(t, mb, func(tx *Tx) error {
		if _, ok, err := tx.TakeLease("two", now.Add(2*time.Minute)); err != nil || ok {
			t.Errorf("the lease was taken from its holder: %t, %v", ok, err)
		}
		return nil
	})
	if err := mb.Update(t.Context(), now.Add(2*time.Minute), func(tx *Tx) error {
		_, ok, err := tx.TakeLease("two", now.Add(4*time.Minute))
		if !ok {
			t.Error("an expired lease was not taken")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := mb.Update(t.Context(), now, func(tx *Tx) error { return tx.Mark(id, lease.Epoch) }); !errors.Is(err, ErrLost) {
		t.Errorf("the mark of a daemon that lost its lease: %v", err)
	}
}

func TestCursorNeverGoesBack(t *testing.T) {
	_, mb := open(t)
	for _, c := range []Cursor{{"INBOX", 1, 10}, {"INBOX", 1, 5}, {"Sent", 7, 3}, {"Sent", 8, 1}} {
		update(t, mb, func(tx *Tx) error { return tx.SetCursor(c) })
	}
	update(t, mb, func(tx *Tx) error {
		got, err := tx.Cursors()
		if err != nil || len(got) != 2 || got[0].LastUID != 10 || got[1] != (Cursor{"Sent", 8, 1}) {
			t.Errorf("cursors %v, %v", got, err)
		}
		return nil
	})
}

// A mail is found by the Message-ID that a server gave it, and its copies are counted within one numbering of a folder.
func TestCopies(t *testing.T) {
	_, mb := open(t)
	first, second := queued(t, mb, "1/1/ask"), queued(t, mb, "2/1/ask")
	update(t, mb, func(tx *Tx) error {
		for i, c := range []struct {
			Copy
			others int
		}{
			{Copy{Mail: first, Folder: "Sent", UIDValidity: 1, UID: 7, MessageID: "1/1/ask@example.org"}, 0},
			{Copy{Mail: first, Folder: "Sent", UIDValidity: 1, UID: 7, MessageID: "1/1/ask@example.org"}, 0}, // seen again
			{Copy{Mail: first, Folder: "Sent", UIDValidity: 1, UID: 8, MessageID: "used@example.net"}, 1},
			{Copy{Mail: first, Folder: "Sent", UIDValidity: 2, UID: 1, MessageID: "used@example.net"}, 0}, // numbered anew
			{Copy{Mail: second, Folder: "Sent", UIDValidity: 1, UID: 9}, 0},
		} {
			if others, err := tx.AddCopy(c.Copy); err != nil || others != c.others {
				t.Errorf("copy %d: %d others, want %d; %v", i, others, c.others, err)
			}
		}
		for id, want := range map[message.MessageID]int64{"1/1/ask@example.org": first, "used@example.net": first, "2/1/ask@example.org": second} {
			if m, err := tx.MailByMessageID(id); err != nil || m.ID != want {
				t.Errorf("%s is mail %d, want %d; %v", id, m.ID, want, err)
			}
		}
		if _, err := tx.MailByMessageID(""); !errors.Is(err, ErrNone) {
			t.Errorf("no Message-ID finds a mail: %v", err)
		}
		for id, want := range map[int64]message.MessageID{first: "used@example.net", second: "2/1/ask@example.org"} {
			m, err := tx.Mail(id)
			if err != nil {
				return err
			}
			if got, err := tx.UsedID(m); err != nil || got != want {
				t.Errorf("mail %d left as %s, want %s; %v", id, got, want, err)
			}
		}
		who, toThem, err := tx.Whose([]message.MessageID{"nobody@example.net", "used@example.net"})
		if who != 1 || !toThem {
			t.Errorf("the conversation is %d's, %v", who, toThem)
		}
		return err
	})
}

func TestForgetLeavesNothing(t *testing.T) {
	_, mb := open(t)
	c := contact.Contact{ID: 1, Name: "Jane Doe", Stage: contact.New, Addresses: []message.Address{"jane@example.org"}}
	update(t, mb, func(tx *Tx) error {
		if err := tx.SaveContact(c, 0, Index{}); err != nil {
			return err
		}
		if err := tx.AddRecord(Record{Seq: 1, Contact: 1, Name: "added", Detail: "{}", Cause: "test"}); err != nil {
			return err
		}
		_, err := tx.AddSeen(Seen{Key: "k", MessageID: "m@example.org", Folder: "INBOX", Contact: 1, Kind: "reply", State: "done", Raw: []byte("x")})
		return err
	})
	id := queued(t, mb, "k")
	update(t, mb, func(tx *Tx) error {
		_, err := tx.AddCopy(Copy{Mail: id, Folder: "Sent", UIDValidity: 1, UID: 1, MessageID: "used@example.net"})
		return err
	})
	update(t, mb, func(tx *Tx) error { return tx.Forget(1) })
	update(t, mb, func(tx *Tx) error {
		for _, table := range []string{"contacts", "addresses", "events", "messages", "outbox", "copies"} {
			var n int
			if err := tx.row(`SELECT COUNT(*) FROM ` + table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%d rows are left in %s, %v", n, table, err)
			}
		}
		return nil
	})
}

func TestIllegalRowsAreRefused(t *testing.T) {
	_, mb := open(t)
	id := queued(t, mb, "k")
	for name, query := range map[string]string{
		"sent without a time":      `UPDATE outbox SET state = 'sent', claimed_at = 1, raw = x'00' WHERE outbox_id = $1`,
		"claimed without bytes":    `UPDATE outbox SET state = 'sending', claimed_at = 1 WHERE outbox_id = $1`,
		"doubt without a claim":    `UPDATE outbox SET state = 'in_doubt', raw = x'00' WHERE outbox_id = $1`,
		"a state that is none":     `UPDATE outbox SET state = 'lost' WHERE outbox_id = $1`,
		"a text where a number is": `UPDATE outbox SET attempts = 'many' WHERE outbox_id = $1`,
	} {
		if err := mb.Update(t.Context(), now, func(tx *Tx) error {
			_, err := tx.exec(query, id)
			return err
		}); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

func TestBackup(t *testing.T) {
	s, mb := open(t)
	update(t, mb, func(tx *Tx) error { return tx.Set("a", "1") })
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), to); err == nil {
		t.Error("a file was overwritten")
	}
	copied, err := Open(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = copied.Close() }()
	if err := copied.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
