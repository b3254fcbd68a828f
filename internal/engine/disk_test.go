package engine_test

import (
	"context"
	"errors"
	"net/mail"
	"path/filepath"
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

// onDisk moves the rig's store to a disk of a few megabytes.
func (r *rig) onDisk() *mailtest.Disk {
	r.t.Helper()
	disk := mailtest.NewDisk(r.t, 8<<20)
	ctx := context.Background()
	path := filepath.Join(disk.Dir, "askwell.db")
	r.must(r.e.Release(ctx, r.now))
	r.must(r.mb.Store().Backup(ctx, path))
	r.must(r.mb.Store().Close())
	r.reopen(path, r.out)
	return disk
}

// reopen goes on with the store at path as another process does.
func (r *rig) reopen(path string, out engine.Sender) {
	r.t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, path)
	r.must(err)
	r.t.Cleanup(func() { _ = s.Close() })
	r.mb, err = s.Mailbox(ctx, r.owner)
	r.must(err)
	r.e = r.daemon("another process", out)
}

// full expects a turn that fails for want of room.
func (r *rig) full() {
	r.t.Helper()
	_, err := r.e.Turn(context.Background(), r.now)
	var b *store.BrokenError
	if !errors.As(err, &b) || b.Fault != store.Full {
		r.t.Fatalf("the turn gave %v", err)
	}
	if s, err := r.e.Status(context.Background(), r.now); err != nil || s.OK || !strings.Contains(strings.Join(s.Trouble, "; "), "the disk is full; make room") {
		r.t.Errorf("status says %+v, %v", s.Trouble, err)
	}
}

// The disk is full when an answer comes: it is read once there is room, and nothing leaves before.
func TestFullDiskAtIngest(t *testing.T) {
	r, ask := asked(t, "")
	disk := r.onDisk()
	r.turn()
	r.deliver(jane, r.owner, r.fresh(jane, r.owner, "Re: hello", strings.Repeat("A long story. ", 10_000)))
	disk.Fill()
	for range 3 {
		r.full()
		r.now = r.now.Add(time.Minute)
	}
	r.deliver(jane, r.owner, r.pen.Answer(mail.Address{Address: jane}, ask, "Yes, gladly."))
	r.full()
	disk.Free()
	r.turn()
	r.stage(jane, contact.Talking)
	r.pass(20 * 24 * time.Hour)
	r.got(jane, 1)
}

// The disk is full when a mail is claimed: nothing is dialled.
func TestFullDiskAtClaim(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	disk := r.onDisk()
	at := r.queued(contact.Ask)
	r.until(at.Add(-time.Second))
	r.now = at
	disk.Fill()
	for range 5 {
		r.full()
		r.now = r.now.Add(time.Minute)
	}
	if n := len(r.gotten(jane, 0)); n != 0 {
		t.Fatalf("%d mails left without a record", n)
	}
	disk.Free()
	r.pass(2 * time.Hour)
	r.got(jane, 1)
	r.stage(jane, contact.Asked)
}

// The disk is full when the server says 354: the text is not written. It is full when the server has taken the mail: that is
// recorded once there is room, by this process or, because the mark is there, as a doubt of the next one; never sent again.
func TestFullDiskAtSending(t *testing.T) {
	for name, tt := range map[string]struct {
		mark, record, dies, filed bool
		left                      int
	}{
		"at the mark":                                     {mark: true},
		"at the mark, and the process dies":               {mark: true, dies: true},
		"at the record":                                   {record: true, left: 1},
		"at the record, and the process dies":             {record: true, dies: true, left: 1},
		"at the record, the process dies, a copy is kept": {record: true, dies: true, filed: true, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := onWorld(t, "save_sent = \"never\"\n", start())
			r.writes("", "ask Jane Doe <"+jane+">, friend")
			disk := r.onDisk()
			path := r.mb.Store().Path()
			r.until(r.queued(contact.Ask).Add(-time.Second))
			r.now = r.now.Add(time.Second)
			armed := true
			filling := sender(func(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
				o := r.out.Send(ctx, from, to, raw, func() error {
					if tt.mark && armed {
						disk.Fill()
						armed = false
					}
					return mark()
				})
				if tt.record && armed {
					disk.Fill()
					armed = false
				}
				return o
			})
			r.reopen(path, filling)
			r.now = r.now.Add(2 * time.Minute) // the lease of the one before
			r.full()
			if n := len(r.gotten(jane, 0)); n != tt.left {
				t.Fatalf("%d mails left, want %d", n, tt.left)
			}
			r.now = r.now.Add(time.Minute)
			r.full()
			if tt.filed {
				r.must(r.pen.File(r.owner, "Sent", r.got(jane, 1)))
			}
			if tt.dies {
				disk.Free()
				r.reopen(path, r.out)
				r.now = r.now.Add(3 * time.Minute)
			} else {
				disk.Free()
			}
			r.pass(2 * time.Hour)
			r.got(jane, 1)
			doubtful := tt.record && tt.dies && !tt.filed
			if n := len(r.inState(store.InDoubt)); (n == 1) != doubtful {
				t.Errorf("%d mails are in doubt", n)
			}
			r.pass(2 * 24 * time.Hour)
			r.got(jane, 1)
			if doubtful {
				r.has("the digest", r.lastText("digest"), "nobody knows whether the ask arrived")
				return
			}
			r.stage(jane, contact.Asked)
		})
	}
}

// The owner is told of a store that cannot be written by a mail past it, once, however often the daemon is started anew, and
// told once when it is over.
func TestFullDiskIsTold(t *testing.T) {
	r, _ := asked(t, "")
	disk := r.onDisk()
	path := r.mb.Store().Path()
	r.turn()
	disk.Fill()
	minutes := func(n int) {
		for range n {
			r.now = r.now.Add(time.Minute)
			r.full()
		}
	}
	told := func() (n int) {
		for _, raw := range r.stored(r.owner, "INBOX", 0) {
			if message.ParseHeader(raw).Header.Get("X-Askwell") == "trouble" {
				n++
			}
		}
		return n
	}
	minutes(9)
	if n := told(); n != 0 {
		t.Fatalf("%d mails in the first nine minutes", n)
	}
	minutes(600)
	if n := told(); n != 1 {
		t.Fatalf("%d mails in ten hours, want 1", n)
	}
	r.has("the trouble mail", r.lastText("trouble"), "askwell cannot write down what it does", "cannot use its store", "Nothing is read or sent meanwhile",
		"the disk is full; make room on it", path, "askwell doctor")
	// Room for a moment is no end of it.
	disk.Free()
	r.now = r.now.Add(time.Minute)
	r.turn()
	disk.Fill()
	minutes(60)
	if n := told(); n != 1 {
		t.Errorf("%d mails after a good moment, want 1", n)
	}
	r.reopen(path, r.out)
	minutes(60)
	if n := told(); n != 1 {
		t.Errorf("%d mails after a restart, want 1: the incident was recorded in the good moment", n)
	}
	disk.Free()
	r.now = r.now.Add(2 * time.Minute)
	r.pass(5 * time.Hour)
	if n := told(); n != 2 {
		t.Errorf("%d mails in the end, want 2", n)
	}
	r.has("the end", r.lastText("trouble"), "askwell can write down what it does again", "out of order from")
	r.pass(3 * 24 * time.Hour)
	if n := told(); n != 2 {
		t.Errorf("%d mails days later, want 2", n)
	}
}

// Where the mail about the store cannot leave either, it is tried again, and leaves once.
func TestFullDiskIsToldOnceTheServerIsBack(t *testing.T) {
	r, _ := asked(t, "")
	disk := r.onDisk()
	r.turn()
	tries, away := 0, true
	path := r.mb.Store().Path()
	r.reopen(path, sender(func(ctx context.Context, from message.Address, to []message.Address, raw []byte, mark func() error) smtpout.Outcome {
		tries++
		if away {
			return smtpout.Outcome{Result: smtpout.Retry, Down: true, Err: errors.New("connection refused")}
		}
		return r.out.Send(ctx, from, to, raw, mark)
	}))
	r.now = r.now.Add(2 * time.Minute)
	disk.Fill()
	for range 120 {
		r.full()
		r.now = r.now.Add(time.Minute)
	}
	if tries < 5 || tries > 30 {
		t.Errorf("%d tries in two hours", tries)
	}
	away = false
	for range 120 {
		r.full()
		r.now = r.now.Add(time.Minute)
	}
	n := 0
	for _, raw := range r.stored(r.owner, "INBOX", 0) {
		if message.ParseHeader(raw).Header.Get("X-Askwell") == "trouble" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}
