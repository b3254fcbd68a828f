package engine_test

import (
	"context"
	"fmt"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/config"
	"askwell/internal/contact"
	"askwell/internal/demo/world"
	"askwell/internal/engine"
	"askwell/internal/imapin"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/render"
	"askwell/internal/smtpout"
	"askwell/internal/store"
	"askwell/templates"
)

// rig is one owner with a mailbox on some servers, the real engine, and the people around, all on simulated time.
type rig struct {
	t      testing.TB
	now    time.Time
	owner  string
	e      *engine.Engine
	mb     *store.Mailbox
	cfg    *config.Config
	box    *imapin.Mailbox
	out    *smtpout.Sender
	sender engine.Sender
	set    *render.Set

	// pen writes mails as programs do; it delivers them only where the rig stands on it.
	pen     *world.World
	submit  func(from string, raw []byte)             // by the owner's mail program: sent, and filed in Sent
	deliver func(from, to string, raw []byte)         // from outside
	junk    func(from string, raw []byte)             // from outside, and taken for junk
	stored  func(user, folder string, n int) [][]byte // once there are n
	gotten  func(address string, n int) [][]byte      // what a contact got, once there are n
	letters int                                       // written so far

	// On real servers only.
	lab        *mailtest.Lab
	imap, smtp *mailtest.Wire // between them and the engine
}

const settings = `
[owner]
name = "Ada Example"
address = "%[1]s"
timezone = "Europe/Berlin"
field = "data journalism"
about = "I teach maths and am looking into data journalism."
weekly_goal = 3

[mailbox]
address = "%[1]s"
imap = "imaps://%[2]s"
smtp = "smtps://%[3]s"
password_env = "SECRET"
%[4]s
`

func configure(t testing.TB, owner, imap, smtp, more string) *config.Config {
	t.Helper()
	cfg, err := config.Parse("askwell.toml", fmt.Appendf(nil, settings, owner, imap, smtp, more), func(name string) string {
		return map[string]string{"SECRET": mailtest.Password, "HOME": t.TempDir()}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func (r *rig) build(cfg *config.Config, box imapin.Config, out smtpout.Config) {
	r.t.Helper()
	r.cfg = cfg
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(r.t.TempDir(), "askwell.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.mb, err = s.Mailbox(ctx, r.owner)
	if err != nil {
		r.t.Fatal(err)
	}
	set, err := render.Load(templates.FS, "")
	if err != nil {
		r.t.Fatal(err)
	}
	password := func(context.Context) (string, error) { return mailtest.Password, nil }
	box.Username, box.Password = r.owner, password
	out.Username, out.Password = r.owner, password
	r.box, r.out, r.set = imapin.New(box), smtpout.New(out), set
	r.sender = r.out
	if r.lab != nil && r.lab.FilesSent {
		r.sender = &patient{r.out, r}
	}
	r.e, err = engine.New(engine.Options{Config: cfg, Store: r.mb, Templates: set, Mailbox: r.box, Sender: r.sender, Holder: "test"})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = r.box.Close()
		_ = r.out.Close()
		_ = s.Close()
	})
	r.turn() // the first reading starts at the present end
}

// onWorld stands on the servers inside the process.
func onWorld(t testing.TB, more string, start time.Time) *rig {
	t.Helper()
	r := &rig{t: t, now: start, owner: "ada@example.org"}
	w, err := world.New(world.Options{Now: func() time.Time { return r.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.AddMailbox(r.owner, mailtest.Password); err != nil {
		t.Fatal(err)
	}
	r.pen = w
	r.submit = func(from string, raw []byte) { r.must(w.SendAs(from, raw)) }
	r.deliver = func(_, to string, raw []byte) { r.must(w.Inject(to, "", raw)) }
	r.junk = func(_ string, raw []byte) { r.must(w.Inject(r.owner, "Junk", raw)) }
	r.stored = func(user, folder string, _ int) [][]byte { return w.Messages(user, folder) }
	r.gotten = func(address string, _ int) [][]byte {
		var out [][]byte
		for _, d := range w.Sent() {
			if d.To == address {
				out = append(out, d.Raw)
			}
		}
		return out
	}
	r.build(configure(t, r.owner, "localhost:993", "localhost:465", more),
		imapin.Config{Host: "localhost", Port: "993", TLS: true, TLSConfig: w.TLSConfig(), Dial: w.DialIMAP},
		smtpout.Config{Host: "localhost", Port: "465", TLS: true, TLSConfig: w.TLSConfig(), Dial: w.DialSMTP})
	return r
}

// onLab stands on real Dovecot and Postfix.
func onLab(t testing.TB, more string, start time.Time, people ...string) *rig {
	t.Helper()
	return onThisLab(t, mailtest.Start(t, mailtest.Options{Users: people}), mailtest.Owner, more, start)
}

// onThisLab is one of several rigs on a lab, each with its owner.
func onThisLab(t testing.TB, lab *mailtest.Lab, owner, more string, start time.Time) *rig {
	t.Helper()
	r := &rig{t: t, now: start, owner: owner, lab: lab}
	w, err := world.New(world.Options{Now: func() time.Time { return r.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	r.pen = w
	r.submit = func(from string, raw []byte) {
		n := len(lab.Messages(from, "INBOX"))
		lab.SendAs(from, raw)
		if mailTo(from)(message.ParseHeader(raw)) {
			lab.Await(from, "INBOX", n+1)
		}
	}
	r.deliver = func(from, to string, raw []byte) {
		n := len(lab.Messages(to, "INBOX"))
		lab.Deliver(from, to, raw)
		lab.Await(to, "INBOX", n+1)
	}
	r.junk = func(from string, raw []byte) {
		n := len(lab.Messages(owner, "Junk"))
		name, domain, _ := strings.Cut(owner, "@")
		lab.Deliver(from, name+"+Junk@"+domain, raw)
		lab.Await(owner, "Junk", n+1)
	}
	r.stored = func(user, folder string, n int) [][]byte {
		if n > 0 {
			return lab.Await(user, folder, n)
		}
		return lab.Messages(user, folder)
	}
	r.gotten = func(address string, n int) [][]byte { return r.stored(address, "INBOX", n) }
	r.imap, r.smtp = mailtest.Proxy(t, lab.IMAPS), mailtest.Proxy(t, lab.Submissions)
	imapHost, imapPort := split(t, r.imap.Addr())
	smtpHost, smtpPort := split(t, r.smtp.Addr())
	r.build(configure(t, r.owner, r.imap.Addr(), r.smtp.Addr(), more),
		imapin.Config{Host: imapHost, Port: imapPort, TLS: true, TLSConfig: lab.TLSConfig()},
		smtpout.Config{Host: smtpHost, Port: smtpPort, TLS: true, TLSConfig: lab.TLSConfig()})
	return r
}

// patient waits until the server has filed what it took: simulated time would run ahead of it.
type patient struct {
	engine.Sender
	r *rig
}

func (p *patient) Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
	n := len(p.r.lab.Messages(p.r.owner, "Sent"))
	o := p.Sender.Send(ctx, from, to, raw, mark)
	if o.Result == smtpout.Accepted {
		p.r.lab.Await(p.r.owner, "Sent", n+1)
	}
	return o
}

func split(t testing.TB, addr string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// turn takes one turn at the present.
func (r *rig) turn() time.Time {
	r.t.Helper()
	next, err := r.e.Turn(context.Background(), r.now)
	r.must(err)
	return next
}

// until takes every turn that is due until the time.
func (r *rig) until(t time.Time) {
	r.t.Helper()
	for range 10000 {
		next := r.turn()
		if next.After(t) {
			r.now = t
			return
		}
		if next.After(r.now) {
			r.now = next
		}
	}
	r.t.Fatalf("turns do not come to rest at %s", r.now)
}

func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	r.until(r.now.Add(d))
}

// writes is the owner's fresh mail to the own mailbox.
func (r *rig) writes(subject, words string) {
	r.t.Helper()
	r.submit(r.owner, r.fresh(r.owner, r.owner, subject, words))
	r.turn()
}

func (r *rig) fresh(from, to, subject, words string) []byte {
	r.letters++
	raw, err := message.Compose(message.Draft{
		From: message.Person{Address: message.Address(from)}, To: []message.Person{{Address: message.Address(to)}},
		Subject: subject, Date: r.now, MessageID: message.MessageID(fmt.Sprintf("%d@fresh.example", r.letters)), Text: words,
	})
	r.must(err)
	return raw
}

// answers is the owner's reply to a mail of askwell.
func (r *rig) answers(original []byte, words string) {
	r.t.Helper()
	r.submit(r.owner, r.pen.Answer(mail.Address{Name: "Ada Example", Address: r.owner}, original, words))
	r.turn()
}

func person(address string) mail.Address { return mail.Address{Address: address} }

// replies is a contact's answer.
func (r *rig) replies(from string, original []byte, words string) {
	r.t.Helper()
	r.deliver(from, r.owner, r.pen.Answer(mail.Address{Address: from}, original, words))
	r.turn()
}

// await waits on real servers until n messages of a folder fit, and returns them.
func (r *rig) await(user, folder string, n int, fits func(m *message.Message) bool) (found [][]byte) {
	r.t.Helper()
	for least := 0; ; {
		found = nil
		all := r.stored(user, folder, least)
		for _, raw := range all {
			if fits(message.ParseHeader(raw)) {
				found = append(found, raw)
			}
		}
		if len(found) >= n || r.lab == nil {
			return found
		}
		least = len(all) + 1
	}
}

// last is the newest mail to the owner of a kind.
func (r *rig) last(kind string) []byte {
	r.t.Helper()
	all := r.ofKind(kind)
	if len(all) == 0 {
		r.t.Fatalf("the owner got no %s; there are %s", kind, r.subjects())
	}
	return all[len(all)-1]
}

func (r *rig) ofKind(kind string) [][]byte {
	var n int
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) (err error) {
		n, err = tx.CountSent(true, "", time.Unix(1, 0))
		return err
	}))
	// Real servers deliver a moment later: wait until all that was sent is there, beside what others wrote.
	for least := n; ; {
		var out [][]byte
		all := r.stored(r.owner, "INBOX", least)
		ours := 0
		for _, raw := range all {
			k := message.ParseHeader(raw).Header.Get("X-Askwell")
			if k != "" {
				ours++
			}
			if k == kind {
				out = append(out, raw)
			}
		}
		if ours >= n || len(all) < least {
			return out
		}
		least = len(all) + 1
	}
}

func (r *rig) subjects() string {
	var all []string
	for _, raw := range r.stored(r.owner, "INBOX", 0) {
		h := message.ParseHeader(raw)
		all = append(all, h.Header.Get("X-Askwell")+": "+h.Subject)
	}
	return strings.Join(all, "; ")
}

// got is mail number n (from 1) to a contact.
func (r *rig) got(address string, n int) []byte {
	r.t.Helper()
	all := r.gotten(address, n)
	if len(all) != n {
		r.t.Fatalf("%s got %d mails, want %d", address, len(all), n)
	}
	return all[n-1]
}

func (r *rig) contact(address string) contact.Contact {
	r.t.Helper()
	var c store.Versioned
	r.must(r.mb.View(context.Background(), r.now.In(r.e.Location()), func(tx *store.Tx) error {
		id, err := tx.ByAddress(message.Address(address))
		if err != nil {
			return err
		}
		c, err = tx.Contact(id)
		return err
	}))
	return c.Contact
}

// knows reports whether some contact has the address.
func (r *rig) knows(address string) (known bool) {
	r.t.Helper()
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
		id, err := tx.ByAddress(message.Address(address))
		known = id != 0
		return err
	}))
	return known
}

func (r *rig) stage(address string, want contact.Stage) {
	r.t.Helper()
	if got := r.contact(address).Stage; got != want {
		r.t.Errorf("%s is %s, want %s\nlast receipt:\n%s", address, got, want, r.lastText("receipt"))
	}
}

func (r *rig) lastText(kind string) string {
	all := r.ofKind(kind)
	if len(all) == 0 {
		return "(none)"
	}
	return textOf(all[len(all)-1])
}

func textOf(raw []byte) string {
	m := message.Parse(raw)
	text, _ := m.Text()
	return "Subject: " + m.Subject + "\n\n" + text
}

func (r *rig) has(where, text string, want ...string) {
	r.t.Helper()
	flat := strings.Join(strings.Fields(strings.ReplaceAll(text, "»", " ")), " ")
	for _, w := range want {
		if !strings.Contains(flat, w) {
			r.t.Errorf("%s does not say %q:\n%s", where, w, text)
		}
	}
}

func TestMain(m *testing.M) { os.Exit(m.Run()) }
