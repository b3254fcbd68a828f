package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/mailtest"
	"askwell/internal/message"
	"askwell/internal/smtpout"
	"askwell/internal/store"
)

var crew = []string{"p0@contacts.test", "p1@contacts.test", "p2@contacts.test", "p3@contacts.test", "p4@contacts.test", "p5@contacts.test", "p6@contacts.test", "p7@contacts.test"}

// asks asks number n of the crew, and waits until the mail has left.
func (r *rig) asks(n int) {
	r.t.Helper()
	r.does("ask", fmt.Sprintf("Person%c Example <%s>, friend", 'A'+n, crew[n]))
	for range 1000 {
		next := r.turn()
		if r.contact(crew[n]).Stage == contact.Asked {
			return
		}
		r.now = next
	}
	r.t.Fatalf("the ask to %s did not leave", crew[n])
}

// copies are the copies in Sent of what number n got; ours are as they were appended, without a server's lines.
func (r *rig) copies(n int) (all, ours int) {
	r.t.Helper()
	for _, raw := range r.await(r.owner, "Sent", 0, mailTo(crew[n])) {
		all++
		if !strings.HasPrefix(string(raw), "Return-Path:") && !strings.HasPrefix(string(raw), "Received:") {
			ours++
		}
	}
	return all, ours
}

func (r *rig) wantCopies(n, all, ours int) {
	r.t.Helper()
	if a, o := r.copies(n); a != all || o != ours {
		r.t.Errorf("%d copies of the mail to %s lie in Sent, %d of them made by us; want %d and %d", a, crew[n], o, all, ours)
	}
}

func (r *rig) setting(name string) (value string) {
	r.t.Helper()
	r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) (err error) {
		value, err = tx.Setting(name)
		return err
	}))
	return value
}

// A server that files in Sent whatever is submitted: no copy is made beside its own.
func TestServerFilesCopies(t *testing.T) {
	t.Parallel()
	r := onThisLab(t, mailtest.Start(t, mailtest.Options{Users: crew, FileSent: true}), mailtest.Owner, "", start())
	for n := range 3 {
		r.asks(n)
		r.pass(2 * time.Hour)
		r.wantCopies(n, 1, 0)
	}
}

// A server that files nothing: the copy is made by us, once, a moment after the first.
func TestServerFilesNothing(t *testing.T) {
	t.Parallel()
	r := onThisLab(t, mailtest.Start(t, mailtest.Options{Users: crew}), mailtest.Owner, "", start())
	for n, wait := range []time.Duration{2 * time.Minute, 20 * time.Second, 20 * time.Second} {
		r.asks(n)
		r.pass(wait - time.Second)
		r.wantCopies(n, 0, 0)
		r.pass(2 * time.Second)
		r.wantCopies(n, 1, 1)
		r.pass(2 * time.Hour)
		r.wantCopies(n, 1, 1)
	}
}

// fickle is a server whose ways change: it files a copy after a while, or none.
type fickle struct {
	engine.Sender
	r     *rig
	files bool
	after time.Duration
	due   map[string]time.Time
}

func (f *fickle) Send(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
	o := f.Sender.Send(ctx, from, to, raw, mark)
	if o.Result == smtpout.Accepted && f.files && to[0] != message.Address(f.r.owner) {
		f.due[string(raw)] = f.r.now.Add(f.after)
		f.work()
	}
	return o
}

// work files what is due.
func (f *fickle) work() {
	for raw, at := range f.due {
		if !f.r.now.Before(at) {
			delete(f.due, raw)
			f.r.lab.File(f.r.owner, "Sent", []byte("Received: by mx.lab.test with ESMTPSA\r\n"+raw))
		}
	}
}

// A server that begins to file, or ceases: what was learned is learned anew, and never lie two copies of more than the one mail
// that showed it.
func TestServerThatChangesItsWays(t *testing.T) {
	t.Parallel()
	r := onThisLab(t, mailtest.Start(t, mailtest.Options{Users: crew}), mailtest.Owner, "", start())
	f := &fickle{Sender: r.out, r: r, due: map[string]time.Time{}}
	r.sender = f
	r.restart()
	for n, step := range []struct {
		files     bool
		after     time.Duration
		all, ours int
		known     string
	}{
		{false, 0, 1, 1, "nothing"},
		{true, 0, 1, 0, "itself"},
		{true, 50 * time.Minute, 1, 0, "itself"}, // it takes its time
		{false, 0, 1, 1, ""},                     // it has ceased, or failed once
		{true, time.Minute, 1, 0, "itself"},
		{false, 0, 1, 1, ""},
		{false, 0, 1, 1, "nothing"},
		{true, time.Minute, 2, 1, "itself"}, // it has begun again, late: this once there are two
	} {
		f.files, f.after = step.files, step.after
		r.asks(n)
		for _, d := range []time.Duration{time.Minute, 50 * time.Minute, 20 * time.Minute} {
			r.pass(d)
			f.work()
			r.turn()
		}
		r.wantCopies(n, step.all, step.ours)
		if got := r.setting("server files"); got != step.known {
			t.Errorf("after mail %d the server is taken to file %q, want %q", n, got, step.known)
		}
	}
}

// dying is a mailbox whose daemon dies when the copy was made, before that is recorded.
type dying struct {
	engine.Mailbox
	r *rig
}

var errDied = errors.New("died")

func (d *dying) Append(ctx context.Context, raw []byte, date time.Time) error {
	d.r.must(d.Mailbox.Append(ctx, raw, date))
	panic(errDied)
}

// A crash between the copy and its record makes no second copy, nor does an answer that is lost; and ours is not taken for the
// server's.
func TestCopyThatWasNotRecorded(t *testing.T) {
	t.Parallel()
	lab := mailtest.Start(t, mailtest.Options{Users: crew})
	for name, spoil := range map[string]func(r *rig){
		"crash": func(r *rig) {
			e, err := engine.New(engine.Options{Config: r.cfg, Store: r.mb, Templates: r.set, Mailbox: &dying{r.box, r}, Sender: r.sender, Holder: "test"})
			r.must(err)
			func() {
				defer func() {
					if died, _ := recover().(error); !errors.Is(died, errDied) {
						r.t.Errorf("it did not die of the copy: %v", died)
					}
				}()
				_, err := e.Turn(context.Background(), r.now)
				r.t.Errorf("the turn ended with %v", err)
			}()
		},
		"lost answer": func(r *rig) {
			r.imap.CutAll()
			r.imap.Inside(lab.ServerTLS(), lab.TLSConfig())
			r.imap.Set(mailtest.Rule{Dir: mailtest.ToClient, Match: "APPENDUID", First: true, Do: mailtest.Cut})
			r.turn()
			r.imap.Set()
			r.imap.CutAll()
		},
	} {
		t.Run(name, func(t *testing.T) {
			owner := strings.ReplaceAll(name, " ", "") + "@lab.test"
			lab.AddUser(owner)
			r := onThisLab(t, lab, owner, "", start())
			r.asks(0)
			r.now = r.now.Add(3 * time.Minute)
			spoil(r)
			r.wantCopies(0, 1, 1)
			r.restart()
			r.pass(3 * time.Hour)
			r.wantCopies(0, 1, 1)
			if known := r.setting("server files"); known == "itself" {
				t.Error("our own copy was taken for the server's")
			}
			r.asks(1)
			r.pass(3 * time.Minute)
			r.wantCopies(1, 1, 1)
		})
	}
}
