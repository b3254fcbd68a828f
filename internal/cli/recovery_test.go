package cli

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
)

// BenchmarkRecovery is how soon `askwell run`, a process of its own, is ready after its forerunner was killed by SIGKILL,
// with 10,000 rows in the outbox: 9,200 sent, 300 queued, 300 planned, 100 withdrawn, and, more than a death can leave, 50
// being sent with the mark and 50 without. The bar is one second. Run it as
//
//	go test ./internal/cli -run '^$' -bench Recovery -benchtime 10x
//
// It tells:
//
//   - ms-to-ready, ms-to-ready(max): from the start of the process until the rows that were being sent are sorted out and
//     it begins to read the mailbox; median and slowest of the starts. In it are the program itself, configuration and
//     templates, the log of the store that was not written back, the search for damage in the whole file, the lock and
//     the lease of the dead.
//   - MB: the size of the store with that log.
//
// After each start it is checked that the marked ones are in doubt, the others queued again, and nothing else has moved.
func BenchmarkRecovery(b *testing.B) {
	w, file := house(b)
	calm(b, file)
	_ = w.Close() // nobody is there: while the mailbox cannot be read nothing leaves, and what was sorted out can be counted
	program := filepath.Join(b.TempDir(), "askwell")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "askwell/cmd/askwell")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v: %s", err, out)
	}
	path := filepath.Join(filepath.Dir(file), "askwell.db")
	crowd(b, path)
	start(b, program, file) // and is killed: the lock and the lease are a dead one's
	image := b.TempDir()
	dying(b, path, image)
	var took []time.Duration
	size := int64(0)
	for b.Loop() {
		size = restore(b, image, filepath.Dir(file))
		d, said := start(b, program, file)
		if took = append(took, d); !strings.Contains(said, "queued_again=50 in_doubt=50") {
			b.Fatalf("the daemon says: %s", said)
		}
		states := states(b, path)
		want := map[store.State]int{store.Sent: 9200, store.Queued: 350, store.Planned: 300, store.Withdrawn: 100, store.InDoubt: 50}
		for s, n := range want {
			if states[s] != n {
				b.Fatalf("%d rows are %s, want %d: %v", states[s], s, n, states)
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-to-ready")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-to-ready(max)")
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(0, "ns/op")
}

// calm makes the waiting times those of everyday life.
func calm(b *testing.B, file string) {
	b.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), "[schedule]")
	_, after, _ := strings.Cut(rest, "[sending]")
	if err := os.WriteFile(file, []byte(before+"[sending]"+after), 0o600); err != nil {
		b.Fatal(err)
	}
}

// crowd fills a store.
func crowd(b *testing.B, path string) {
	b.Helper()
	ctx, now := context.Background(), time.Now()
	s, err := store.Open(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	mb, err := s.Mailbox(ctx, "ada@example.org")
	if err != nil {
		b.Fatal(err)
	}
	update := func(at time.Time, f func(tx *store.Tx) error) {
		if err := mb.Update(ctx, at, f); err != nil {
			b.Fatal(err)
		}
	}
	var epoch int64
	update(now, func(tx *store.Tx) error {
		if err := tx.Set("welcome", "off"); err != nil {
			return err
		}
		l, _, err := tx.TakeLease("the benchmark", now.Add(time.Hour))
		epoch = l.Epoch
		return err
	})
	add := func(tx *store.Tx, id contact.ID, events ...contact.Event) (c contact.Contact, err error) {
		c.ID = id
		person := contact.Person{Name: fmt.Sprintf("Person%d Example", id), Addresses: []message.Address{message.Address(fmt.Sprintf("p%d@example.com", id))}}
		for _, ev := range append([]contact.Event{contact.Added{Person: person}, contact.AskWished{}}, events...) {
			if c, _, err = contact.Step(c, ev, tx.Now); err != nil {
				return c, err
			}
			seq, err := tx.NextSeq()
			if err != nil {
				return c, err
			}
			detail, err := contact.Encode(ev)
			if err != nil {
				return c, err
			}
			if err := tx.AddRecord(store.Record{Seq: seq, Contact: id, Name: ev.Name(), Detail: string(detail), Cause: "benchmark"}); err != nil {
				return c, err
			}
		}
		return c, tx.SaveContact(c, 0, store.Index{})
	}
	body := strings.Repeat("I'm looking for some advice and information, and would like to hear how you came to do what you do.\n", 6)
	mail := func(tx *store.Tx, c contact.Contact, kind contact.Kind, n int, state store.State, leaves time.Time) (int64, error) {
		review := "send"
		if state == store.Planned {
			review = "approve"
		}
		return tx.PlanMail(store.Mail{
			Key: fmt.Sprintf("%d/%d/%s", c.ID, n, kind), Contact: c.ID, Kind: string(kind), State: state, Review: review, Address: c.Address(),
			Subject: "Could you spare 20 minutes?", Body: body, MessageID: message.MessageID(fmt.Sprintf("%d.%d@example.org", c.ID, n)),
			DueAt: tx.Now, LeavesAt: leaves, Filed: true,
		})
	}
	const each = 2 // sent mails of a contact
	id := contact.ID(0)
	for from := 0; from < 9200; from += 400 {
		at := now.Add(-time.Duration(9200-from) * time.Hour)
		update(at, func(tx *store.Tx) error {
			for range 400 / each {
				id++
				c, err := add(tx, id, contact.Sent{Kind: contact.Ask, Subject: "Could you spare 20 minutes?", MessageID: "x@example.org"}, contact.ClosedByOwner{})
				if err != nil {
					return err
				}
				for n := range each {
					m, err := mail(tx, c, [each]contact.Kind{contact.Ask, contact.Nudge}[n], n, store.Queued, at)
					if err != nil {
						return err
					}
					if _, err := tx.Claim(m, epoch, []byte("Subject: Could you spare 20 minutes?\r\n\r\n"+strings.ReplaceAll(body, "\n", "\r\n")), "{}", at); err != nil {
						return err
					}
					if err := tx.Finish(m, store.Sent, ""); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	for state, n := range map[store.State]int{store.Queued: 400, store.Planned: 300, store.Withdrawn: 100} {
		update(now, func(tx *store.Tx) error {
			for range n {
				id++
				c, err := add(tx, id)
				if err != nil {
					return err
				}
				first := state
				if state == store.Withdrawn {
					first = store.Queued
				}
				m, err := mail(tx, c, contact.Ask, 0, first, now.AddDate(0, 0, 2))
				if err == nil && state == store.Withdrawn {
					err = tx.Withdraw(m, 1, "held")
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	update(now, func(tx *store.Tx) error { return tx.DropLease("the benchmark") })
}

// dying makes an image of the store at path as a death leaves it that comes while a hundred mails are being sent: what was
// committed last stands in the log.
func dying(b *testing.B, path, image string) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	r, err := db.Exec(`UPDATE outbox SET state = 'sending', marked = outbox_id % 2, attempts = 1, claimed_at = planned_at, raw = $1
		WHERE outbox_id IN (SELECT outbox_id FROM outbox WHERE state = 'queued' ORDER BY outbox_id LIMIT 100)`, []byte("Subject: x\r\n\r\nx\r\n"))
	if err != nil {
		b.Fatal(err)
	}
	sending, err := r.RowsAffected()
	if err != nil {
		b.Fatal(err)
	}
	if n := copyAll(b, filepath.Dir(path), image, filepath.Base(path)); sending != 100 || n < 3 {
		b.Fatalf("%d rows are being sent, %d files", sending, n)
	}
}

// restore puts the image in place of what is there.
func restore(b *testing.B, image, dir string) (size int64) {
	b.Helper()
	old, err := filepath.Glob(filepath.Join(dir, "askwell.db*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			b.Fatal(err)
		}
	}
	copyAll(b, image, dir, "askwell.db")
	for _, name := range []string{"askwell.db", "askwell.db-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	return size
}

// copyAll copies the files whose names begin so, but for the shared memory, which no death leaves in use.
func copyAll(b *testing.B, from, to, begin string) (n int) {
	b.Helper()
	all, err := filepath.Glob(filepath.Join(from, begin+"*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range all {
		if strings.HasSuffix(f, "-shm") {
			continue
		}
		raw, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(f)), raw, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}

var readyLine = regexp.MustCompile(`msg=ready .*`)

// start starts the daemon, and kills it when it is ready.
func start(b *testing.B, program, file string) (took time.Duration, said string) {
	b.Helper()
	daemon := exec.Command(program, "run", "--config", file)
	daemon.Env = append(os.Environ(), "SECRET=sesame")
	log, err := daemon.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := daemon.Start(); err != nil {
		b.Fatal(err)
	}
	var all strings.Builder
	for in := bufio.NewScanner(io.TeeReader(log, &all)); in.Scan(); {
		if said = readyLine.FindString(in.Text()); said != "" {
			took = time.Since(began)
			break
		}
	}
	_ = daemon.Process.Kill()
	_ = daemon.Wait()
	if said == "" {
		b.Fatalf("the daemon ended by itself: %s", all.String())
	}
	return took, said
}

func states(b *testing.B, path string) (n map[store.State]int) {
	b.Helper()
	s, err := store.Open(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	mb, err := s.Mailbox(context.Background(), "ada@example.org")
	if err != nil {
		b.Fatal(err)
	}
	if err := mb.View(context.Background(), time.Now(), func(tx *store.Tx) (err error) {
		n, err = tx.States()
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return n
}
