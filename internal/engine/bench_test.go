package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

const crowd = 100_000

// crowded is an engine over 100,000 contacts of every stage, ten of which are due at the time returned.
func crowded(b *testing.B) (*rig, time.Time) {
	b.Helper()
	r := onWorld(b, "", start())
	ctx := context.Background()
	stages := []contact.Event{contact.Noted{Text: "met at a fair"}, contact.AskWished{}, contact.DeclineTold{}, contact.ClosedByOwner{}}
	due := r.now.AddDate(0, 0, 3)
	for from := 0; from < crowd; from += 5000 {
		r.must(r.mb.Update(ctx, r.now, func(tx *store.Tx) error {
			for i := from; i < from+5000; i++ {
				id := contact.ID(i + 1)
				added := contact.Added{Person: contact.Person{
					Name: fmt.Sprintf("Person%d Example", i), Addresses: []message.Address{message.Address(fmt.Sprintf("p%d@example.com", i))},
					Organisation: fmt.Sprintf("Company %d", i%700), Closeness: contact.Known,
				}}
				c, _, err := contact.Step(contact.Contact{ID: id}, added, tx.Now)
				if err != nil {
					return err
				}
				var x store.Index
				switch {
				case i%1000 == 0 && i < 10_000: // a talk that is over, its outcome not asked for: due
					c, _, err = contact.Step(c, contact.TalkFixed{Start: due.Add(-time.Hour), End: due.Add(-40 * time.Minute), UID: fmt.Sprint(i)}, tx.Now)
					x.Next, x.Needs = due, due.Add(-40*time.Minute)
				case i%7 == 3:
					c, _, err = contact.Step(c, contact.TalkFixed{Start: due.AddDate(0, 1, i%60), End: due.AddDate(0, 1, i%60).Add(20 * time.Minute), UID: fmt.Sprint(i)}, tx.Now)
					x.Next = due.AddDate(0, 1, 0)
				default:
					c, _, err = contact.Step(c, stages[i%2*2], tx.Now)
				}
				if err != nil {
					return err
				}
				if err := tx.SaveContact(c, 0, x); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return r, due
}

// BenchmarkTick is the work of a turn on 100,000 contacts of which ten are due: reading the mailbox, ten prompts planned,
// without the mails' way over SMTP. The bar is 10 ms.
func BenchmarkTick(b *testing.B) {
	r, due := crowded(b)
	ctx := context.Background()
	r.now = due.Add(-time.Minute)
	r.turn()
	var tick time.Duration
	for b.Loop() {
		b.StopTimer()
		r.reset(due)
		b.StartTimer()
		began := time.Now()
		n, err := engine.DueForTest(r.e, ctx, due)
		tick += time.Since(began)
		r.must(err)
		if n != 10 {
			b.Fatalf("%d were due, want 10", n)
		}
	}
	b.ReportMetric(float64(tick.Microseconds())/1000/float64(b.N), "ms/tick")
}

// BenchmarkIdleTick is a whole turn in which nothing is due, with the mailbox read.
func BenchmarkIdleTick(b *testing.B) {
	r, due := crowded(b)
	r.now = due.Add(-time.Minute)
	r.turn()
	for b.Loop() {
		r.turn()
	}
}

// BenchmarkDigest is the digest for 100,000 contacts. The bar is 100 ms.
func BenchmarkDigest(b *testing.B) {
	r, due := crowded(b)
	for b.Loop() {
		mail, err := r.e.Digest(context.Background(), due.Add(time.Hour))
		r.must(err)
		if mail.Text == "" {
			b.Fatal("the digest is empty")
		}
	}
}

// reset makes the ten due again.
func (r *rig) reset(due time.Time) {
	r.must(r.mb.Update(context.Background(), due, func(tx *store.Tx) error {
		for i := 0; i < 10_000; i += 1000 {
			c, err := tx.Contact(contact.ID(i + 1))
			if err != nil {
				return err
			}
			c.Talk.Prompted = false
			if err := tx.SaveContact(c.Contact, c.Version, store.Index{Next: due, Needs: due.Add(-40 * time.Minute)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// BenchmarkReplyToEvent is the way of an answer, from its delivery by LMTP into a Dovecot INBOX until its event is
// committed by a running daemon, beside what the bare IDLE notification of the same server takes. The bar is 100 ms
// between the two.
func BenchmarkReplyToEvent(b *testing.B) {
	lab := mailtest.Start(b, mailtest.Options{Users: []string{"jane@contacts.test"}})
	r := &rig{t: b, now: time.Now(), owner: mailtest.Owner}
	imapHost, imapPort := split(b, lab.IMAPS)
	smtpHost, smtpPort := split(b, lab.Submissions)
	more := "[sending]\nhours = \"00:00-24:00\"\ndays = \"mon-sun\"\ngap = \"0s\"\nholidays = []\n"
	r.build(configure(b, r.owner, lab.IMAPS, lab.Submissions, more),
		imapin.Config{Host: imapHost, Port: imapPort, TLS: true, TLSConfig: lab.TLSConfig()},
		smtpout.Config{Host: smtpHost, Port: smtpPort, TLS: true, TLSConfig: lab.TLSConfig()})
	ctx, cancel := context.WithCancel(context.Background())
	_, err := r.e.Do(ctx, time.Now(), []string{"ask", "Jane Doe <jane@contacts.test>, friend"})
	r.must(err)
	ended := make(chan error, 1)
	go func() { ended <- r.e.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	}()
	ask := lab.Await("jane@contacts.test", "INBOX", 1)[0]
	pen := onWorld(b, "", time.Now()).pen

	// A reader of its own, which keeps nobody from writing.
	other, err := store.Open(ctx, r.mb.Store().Path())
	r.must(err)
	defer func() { _ = other.Close() }()
	watch := &rig{t: b}
	watch.mb, err = other.Mailbox(ctx, r.owner)
	r.must(err)

	// A bare client idles on the same mailbox.
	told := make(chan time.Time, 64)
	bare := lab.Login(r.owner, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				told <- time.Now()
			}
		},
	}})
	if _, err := bare.Select("INBOX", nil).Wait(); err != nil {
		b.Fatal(err)
	}
	idle, err := bare.Idle()
	r.must(err)
	defer func() { _ = idle.Close() }()

	var above []time.Duration
	for b.Loop() {
		b.StopTimer()
		<-time.After(1500 * time.Millisecond) // Dovecot tells each client at most every 500 ms, by a clock of its own
		b.StartTimer()
		seq := watch.lastSeq()
		for len(told) > 0 {
			<-told
		}
		lab.Deliver("jane@contacts.test", r.owner, pen.Answer(mail.Address{Address: "jane@contacts.test"}, ask, fmt.Sprintf("Yes, gladly. (%d)", seq)))
		at := <-told
		for watch.lastSeq() == seq { // the commit is watched from outside, by a reader of its own
		}
		above = append(above, time.Since(at))
	}
	slices.Sort(above)
	b.ReportMetric(float64(above[len(above)/2].Microseconds())/1000, "ms-above-idle(median)")
	b.ReportMetric(float64(above[len(above)-1].Microseconds())/1000, "ms-above-idle(max)")
}

func (r *rig) lastSeq() (seq int64) {
	r.must(r.mb.View(context.Background(), time.Now(), func(tx *store.Tx) (err error) {
		seq, err = tx.NextSeq()
		return err
	}))
	return seq
}
