package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

// BenchmarkSubmissions is what "never twice" costs: mails a second through one authenticated TLS connection to a real
// Postfix, with every promise kept, beside the same mails without any. Run it as
//
//	go test ./internal/engine -run '^$' -bench Submissions -benchtime 10x
//
// on a machine with Dovecot, Postfix and its smtp-source. Each of the ten rounds submits 200 mails in each of four ways,
// in changing order, and waits in between until Postfix has nothing left to do. All of them go to recipients whose mail
// Postfix discards once it has queued it, and the log of Postfix has to tell of each. A mail has the size of askwell's.
//
//   - askwell/s: the engine's own turns over 200 contacts who are asked. For each the mailbox was read to its end less
//     than a minute ago and after the mail was due (real Dovecot, within the time measured); the recipient was not written
//     to; the final bytes, Date and the attempt are stored and synced before anything is said to the server; so is the
//     mark, when the server has said 354 and before it gets the text; so are the result and the event, when it has
//     answered. The copy in Sent is not made (save_sent = "never"), and gap, apart and per_day, which pace mails, are set
//     to let all leave at once.
//   - go-mail/s: the bare library as its users call it, one Client.Send after the other, composing included.
//   - phases/s: the same library's SMTP client, led from MAIL to the answer to the dot on finished bytes: the least that
//     can be said without pipelining.
//   - smtp-source/s: Postfix's own generator over one connection. It can neither log in nor speak TLS, and so it has less
//     to do.
//   - of-go-mail, of-phases: the median over the rounds of askwell's rate in that round through that of the other. The
//     bar is 0.5.
//   - ms/fsync: what syncing one written page takes on the disk of the store, the median of 200: askwell needs two of them a
//     mail, one while the server agrees to it and one, the mark, while nobody else has anything to do.
//   - cpu-ms/mail: what askwell's process computes for a mail, in the kernel too.
//   - B/mail: the size of a mail.
//
// Rates are medians over the rounds; what else runs on the machine shows in them, less in the two quotients.
func BenchmarkSubmissions(b *testing.B) {
	source := "/usr/sbin/smtp-source"
	if found, err := exec.LookPath("smtp-source"); err == nil {
		source = found
	}
	s := newSink(b)
	s.plan(1)
	s.drain()
	texts := s.texts(1)
	const ours, bare, phases, tool = 0, 1, 2, 3
	var cpus []float64
	ways := []func() float64{
		ours: func() float64 {
			s.plan(1)
			s.drain() // the connection is there
			s.plan(perRound)
			before := cpu(b)
			defer func() { cpus = append(cpus, float64((cpu(b)-before).Microseconds())/1000/perRound) }()
			return rate(s.drain)
		},
		bare:   func() float64 { return s.bare(texts) },
		phases: func() float64 { return s.phases(texts) },
		tool: func() float64 {
			return rate(func() {
				said, err := exec.Command(source, "-d", "-s", "1", "-m", strconv.Itoa(perRound), "-l", strconv.Itoa(len(texts[0].raw)), //nolint:gosec // a program of Postfix
					"-f", mailtest.Owner, "-t", "p0@contacts.test", s.lab.MX).CombinedOutput()
				if err != nil {
					b.Fatalf("smtp-source: %v\n%s", err, said)
				}
			})
		},
	}
	rates := make([][]float64, len(ways))
	for round := 0; b.Loop(); round++ {
		for i := range ways {
			way := (i + round) % len(ways)
			s.rest()
			rates[way] = append(rates[way], ways[way]())
			if way == ours {
				texts = s.texts(perRound)
			}
		}
	}
	s.rest()
	s.discarded(1 + b.N*(1+len(ways)*perRound))
	of := func(other int) float64 {
		var all []float64
		for i, r := range rates[ours] {
			all = append(all, r/rates[other][i])
		}
		return median(all)
	}
	b.ReportMetric(median(rates[ours]), "askwell/s")
	b.ReportMetric(median(rates[bare]), "go-mail/s")
	b.ReportMetric(median(rates[phases]), "phases/s")
	b.ReportMetric(median(rates[tool]), "smtp-source/s")
	b.ReportMetric(of(bare), "of-go-mail")
	b.ReportMetric(of(phases), "of-phases")
	b.ReportMetric(float64(len(texts[0].raw)), "B/mail")
	b.ReportMetric(s.fsync(), "ms/fsync")
	b.ReportMetric(median(cpus), "cpu-ms/mail")
	b.ReportMetric(0, "ns/op")
}

// perRound is how many mails are submitted in a round, one way.
const perRound = 200

func rate(submit func()) float64 {
	began := time.Now()
	submit()
	return perRound / time.Since(began).Seconds()
}

// cpu is what this process has computed so far, in the kernel too.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median[T float64 | time.Duration](all []T) T {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// sink is an owner on a lab whose Postfix discards what it has queued for contacts.test.
type sink struct {
	*rig
	lab *mailtest.Lab
}

func newSink(b *testing.B) *sink {
	lab := mailtest.Start(b, mailtest.Options{Postfix: "transport_maps = inline:{ contacts.test=discard: }"})
	r := &rig{t: b, now: time.Now(), owner: mailtest.Owner}
	imapHost, imapPort := split(b, lab.IMAPS)
	smtpHost, smtpPort := split(b, lab.Submissions)
	const more = `save_sent = "never"
[sending]
hours = "00:00-24:00"
days = "mon-sun"
holidays = []
gap = "0s"
apart = "0s"
per_day = 100000
`
	r.build(configure(b, r.owner, lab.IMAPS, lab.Submissions, more),
		imapin.Config{Host: imapHost, Port: imapPort, TLS: true, TLSConfig: lab.TLSConfig()},
		smtpout.Config{Host: smtpHost, Port: smtpPort, TLS: true, TLSConfig: lab.TLSConfig()})
	return &sink{r, lab}
}

// plan has n people asked, each once.
func (s *sink) plan(n int) {
	s.t.Helper()
	for range n {
		_, err := s.e.Do(context.Background(), time.Now(), []string{"ask", fmt.Sprintf("Jane Doe <p%d@contacts.test>, friend", s.letters)})
		s.must(err)
		s.letters++
	}
}

// drain takes turns until nothing is due.
func (s *sink) drain() {
	s.t.Helper()
	for {
		s.now = time.Now()
		if s.turn().After(s.now) {
			return
		}
	}
}

// text is a mail that askwell has sent.
type text struct {
	to, subject, body string
	raw               []byte
}

// texts are the newest n mails, all of which must have been sent.
func (s *sink) texts(n int) (all []text) {
	s.t.Helper()
	s.must(s.mb.View(context.Background(), time.Now(), func(tx *store.Tx) error {
		rows, err := tx.Mails(n)
		for _, m := range rows {
			if m.State != store.Sent || m.Attempts != 1 || !m.Marked {
				s.t.Fatalf("the mail to %s is %s after %d attempts: %s", m.Address, m.State, m.Attempts, m.Why)
			}
			all = append(all, text{string(m.Address), m.Subject, m.Body, m.Raw})
		}
		return err
	}))
	return all
}

// client is go-mail's, on the same door.
func (s *sink) client() *gomail.Client {
	s.t.Helper()
	host, door := split(s.t, s.lab.Submissions)
	port, err := strconv.Atoi(door)
	s.must(err)
	c, err := gomail.NewClient(host, gomail.WithPort(port), gomail.WithSSL(), gomail.WithTLSConfig(s.lab.TLSConfig()),
		gomail.WithSMTPAuth(gomail.SMTPAuthPlain), gomail.WithUsername(mailtest.Owner), gomail.WithPassword(mailtest.Password))
	s.must(err)
	return c
}

func (s *sink) bare(texts []text) float64 {
	s.t.Helper()
	c := s.client()
	s.must(c.DialWithContext(context.Background()))
	defer func() { _ = c.Close() }()
	return rate(func() {
		for i := range perRound {
			t := texts[i%len(texts)]
			m := gomail.NewMsg()
			s.must(m.FromFormat("Ada Example", mailtest.Owner))
			s.must(m.AddToFormat("Jane Doe", t.to))
			m.Subject(t.subject)
			m.SetDate()
			m.SetMessageID()
			m.SetBodyString(gomail.TypeTextPlain, t.body)
			s.must(c.Send(m))
		}
	})
}

func (s *sink) phases(texts []text) float64 {
	s.t.Helper()
	c, err := s.client().DialToSMTPClientWithContext(context.Background())
	s.must(err)
	defer func() { _ = c.Quit() }()
	return rate(func() {
		for i := range perRound {
			t := texts[i%len(texts)]
			s.must(c.UpdateDeadline(time.Minute))
			s.must(c.Mail("<" + mailtest.Owner + ">"))
			s.must(c.Rcpt("<" + t.to + ">"))
			w, err := c.Data()
			s.must(err)
			_, err = w.Write(t.raw)
			s.must(err)
			s.must(w.Close())
		}
	})
}

// rest waits until Postfix has nothing left to do.
func (s *sink) rest() {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		left := 0
		for _, queue := range []string{"incoming", "active", "deferred"} {
			_ = filepath.WalkDir(filepath.Join(s.lab.Dir, "spool", queue), func(_ string, f os.DirEntry, err error) error {
				if err == nil && !f.IsDir() {
					left++
				}
				return nil // what has just gone is gone
			})
		}
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%d mails are left in the queue of Postfix", left)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// discarded checks in the log of Postfix that so many mails came.
func (s *sink) discarded(want int) {
	s.t.Helper()
	log, err := os.ReadFile(filepath.Join(s.lab.Dir, "log", "postfix.log"))
	s.must(err)
	got := 0
	for line := range bytes.Lines(log) {
		if bytes.Contains(line, []byte("@contacts.test>")) && bytes.Contains(line, []byte("status=sent")) {
			got++
		}
	}
	if got != want {
		s.t.Errorf("Postfix discarded %d mails, want %d", got, want)
	}
}

// fsync is what syncing a written page takes beside the store, in milliseconds.
func (s *sink) fsync() float64 {
	s.t.Helper()
	f, err := os.Create(filepath.Join(filepath.Dir(s.mb.Store().Path()), "synced"))
	s.must(err)
	defer func() { _ = f.Close() }()
	var took []time.Duration
	for range 200 {
		_, err := f.WriteAt(make([]byte, 4096), 0)
		s.must(err)
		began := time.Now()
		s.must(f.Sync())
		took = append(took, time.Since(began))
	}
	return float64(median(took).Microseconds()) / 1000
}
