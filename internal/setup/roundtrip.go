package setup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/smtpout"
)

// lookAgain is how often the mailbox is read while a mail is waited for, should the server not tell of it.
const lookAgain = 2 * time.Second

// clockDrift is how far this machine's clock and the server's may be apart.
const clockDrift = 2 * time.Minute

// roundTrip sends a mail from the mailbox to itself and waits until it is there.
func (x *examination) roundTrip(ctx context.Context) {
	if !x.Send {
		return
	}
	const check = "round trip"
	const why = "a mail to yourself goes the way that your asks and their answers go"
	if x.dead {
		x.warn(check, "not tried", why, "mend what is wrong above, and try again")
		return
	}
	raw, id, err := x.probe()
	if err != nil {
		x.wrong(check, err.Error(), why, "check owner.name and mailbox.address")
		return
	}
	box := x.link.mailbox(x.c)
	defer func() { _ = box.Close() }()
	v := &lookout{id: id}
	if _, err := box.Read(ctx, nil, time.Time{}, v); err != nil { // from the present end on
		x.wrong(check, err.Error(), why, "try again; if it stays, ask whoever runs the server")
		return
	}
	out := x.link.sender(x.c)
	defer func() { _ = out.Close() }()
	me := x.c.Mailbox.Address
	o := out.Send(ctx, me, []message.Address{me}, raw, nil)
	if o.Result != smtpout.Accepted {
		said := o.Text
		if said == "" && o.Err != nil {
			said = o.Err.Error()
		}
		x.wrong(check, fmt.Sprintf("the mail was not taken (%s): %s", o.Result, said), why,
			"if the answer names your address: mailbox.address must be one that "+x.c.Mailbox.Username+" may send from")
		return
	}
	sent := time.Now()
	found, err := x.await(ctx, box, v)
	took := time.Since(sent)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		x.wrong(check, err.Error(), why, "try again; if it stays, ask whoever runs the server")
		return
	case found.UID == 0:
		x.wrong(check, fmt.Sprintf("the mail was taken, but was not there %v later", x.Wait), why,
			"look for “askwell doctor” in your mail program, in every folder; some servers keep new senders waiting, so try again in a while")
		return
	case found.Role == imapin.RoleJunk:
		x.warn(check, fmt.Sprintf("the mail came after %s, but into %s", seconds(took), found.Folder),
			"digests would end there, too", "mark it as no junk in your mail program")
	default:
		x.ok(check, "a mail to yourself was in %s after %s; it can be deleted", found.Folder, seconds(took))
	}
	if drift := time.Until(found.InternalDate).Abs(); !found.InternalDate.IsZero() && drift > clockDrift+took {
		x.wrong("clock", fmt.Sprintf("this machine's clock and that of %s are %s apart", x.c.IMAPServer().Host, seconds(drift)),
			"mails leave at the wrong time", "set this machine's clock: timedatectl set-ntp true")
	} else if !found.InternalDate.IsZero() {
		x.ok("clock", "it agrees with that of %s", x.c.IMAPServer().Host)
	}
}

func seconds(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

// probe is a mail that everybody leaves alone: no machine answers it (RFC 3834), and askwell sees its own mark.
func (x *examination) probe() ([]byte, message.MessageID, error) {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, "", fmt.Errorf("draw random bits: %w", err)
	}
	me := message.Person{Name: x.c.Owner.Name, Address: x.c.Mailbox.Address}
	id := message.NewMessageID(random, me.Address.Domain())
	raw, err := message.Compose(message.Draft{
		From: message.Person{Name: "askwell", Address: me.Address}, To: []message.Person{me}, Subject: "askwell doctor: this mail can be deleted",
		Date: x.Now().In(x.c.Location()), MessageID: id, AutoSubmitted: true,
		Header: []message.Field{{Name: "X-Askwell", Value: "doctor"}},
		Text:   "`askwell doctor --send` wrote this to see whether mail gets from this mailbox to itself. It did.\n",
	})
	return raw, id, err
}

// await reads the mailbox whenever the server tells of something, and every two seconds, until the mail is there. The UID
// of what it returns is 0 if it never was.
func (x *examination) await(ctx context.Context, box *imapin.Mailbox, v *lookout) (imapin.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, x.Wait)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	kicked := make(chan struct{}, 1)
	watching.Go(func() {
		_ = box.Watch(ctx, func() { // only a hint: the reading beside it says what is wrong
			select {
			case kicked <- struct{}{}:
			default:
			}
		})
	})
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		_, err := box.Read(ctx, v.cursors, time.Time{}, v)
		switch {
		case v.found.UID != 0:
			return v.found, nil
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return imapin.Header{}, nil
		case err != nil:
			return imapin.Header{}, err
		}
		select {
		case <-ctx.Done():
			return imapin.Header{}, nil
		case <-kicked:
		case <-tick.C:
		}
	}
}

// lookout visits new mail for one Message-ID.
type lookout struct {
	id      message.MessageID
	cursors []imapin.Cursor
	found   imapin.Header
}

// Message looks at one. A copy in Sent has not travelled.
func (v *lookout) Message(_ context.Context, h imapin.Header, _ func(context.Context, int64) ([]byte, error)) error {
	if h.Role != imapin.RoleSent && strings.EqualFold(string(message.ParseHeader(h.Raw).MessageID), string(v.id)) {
		v.found = h
	}
	return nil
}

// Reached keeps how far a folder was read.
func (v *lookout) Reached(_ context.Context, c imapin.Cursor) error {
	v.cursors = append(slices.DeleteFunc(v.cursors, func(o imapin.Cursor) bool { return o.Folder == c.Folder }), c)
	return nil
}
