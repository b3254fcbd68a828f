package imapin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

const (
	rescan        = 30 * 24 * time.Hour // how far back to look when the UIDVALIDITY changed and no date is given
	maxReconnects = 60                  // in one Read, without a message set aside
	doubtReads    = 3                   // a message is given up after so many failed Reads
	doubtFor      = 10 * time.Minute    // over at least this time
	maxSuspects   = 1000
)

// suspect is a message that made trouble, over its header or its body; doubt is since when and how often.
type suspect struct {
	folder           string
	uidValidity, uid uint32
	body             bool
}

type doubt struct {
	first time.Time
	reads int
}

// Read visits what is new in every watched folder. from are the cursors stored, in any order.
//
// A folder without a cursor is visited from since on; if since is zero, it begins at its present end. A folder whose
// UIDVALIDITY differs from its cursor's is visited from since on, or, if that is zero, from 30 days ago: the caller
// must recognise what it has seen before. since is taken in whole days, and one more.
//
// An error is an *Error, or the visitor's own.
func (m *Mailbox) Read(ctx context.Context, from []Cursor, since time.Time, v Visitor) (Look, error) {
	if err := m.lock(ctx); err != nil {
		return Look{}, m.fail("read", err)
	}
	defer m.unlock()
	defer m.settle()
	s, err := m.session(ctx)
	if err != nil {
		return Look{}, m.fail("read", err)
	}
	r := &reader{m: m, s: s, from: from, since: since, v: v}
	folders, err := r.folders(ctx, false)
	if err != nil {
		return Look{}, err
	}
	var look Look
	for i := 0; i < len(folders); i++ {
		f, err := r.folder(ctx, folders[i])
		if gone := (*noFolderError)(nil); errors.As(err, &gone) && !r.relisted {
			// Renamed or removed since they were listed: look for them again, once.
			if folders, err = r.folders(ctx, true); err != nil {
				return Look{}, err
			}
			r.relisted, look, i = true, Look{}, -1
			continue
		}
		if err != nil {
			return Look{}, r.fail("read folder "+folders[i].name, err)
		}
		look.Folders = append(look.Folders, f)
	}
	return look, nil
}

// reader is one Read.
type reader struct {
	m        *Mailbox
	s        *session
	from     []Cursor
	since    time.Time
	v        Visitor
	relisted bool
	renewed  int // connections replaced since a message was set aside

	// of the folder being read
	w        watched
	validity uint32
	aside    []uint32
}

type noFolderError struct{ err error }

func (e *noFolderError) Error() string { return e.err.Error() }
func (e *noFolderError) Unwrap() error { return e.err }

// visitError carries an error of the visitor's through.
type visitError struct{ err error }

func (e *visitError) Error() string { return e.err.Error() }
func (e *visitError) Unwrap() error { return e.err }

func (r *reader) fail(op string, err error) error {
	if own := (*visitError)(nil); errors.As(err, &own) {
		return own.err
	}
	return r.m.fail(op, err)
}

func (r *reader) folders(ctx context.Context, again bool) ([]watched, error) {
	if err := r.s.list(ctx, again); err != nil {
		return nil, r.m.fail("list the folders", err)
	}
	folders, err := watch(r.s.found, r.m.cfg.Folders)
	if err != nil {
		if !again && time.Since(r.s.foundAt) > 0 {
			return r.folders(ctx, true)
		}
		return nil, &Error{Op: "find the folders", Err: err, host: r.m.addr()}
	}
	return folders, nil
}

// folder reads one folder to its end.
func (r *reader) folder(ctx context.Context, w watched) (Folder, error) {
	r.w, r.aside = w, nil
	validity, err := r.s.examine(ctx, w.name)
	if isLost(err) && ctx.Err() == nil && r.renewed == 0 {
		if err = r.renew(ctx); err == nil {
			validity, err = r.s.examine(ctx, w.name)
		}
	}
	if no, refused := refusal(err); refused && !passing(no) {
		return Folder{}, &noFolderError{fmt.Errorf("open it: %w", err)}
	}
	if err != nil {
		return Folder{}, err
	}
	r.validity = validity
	last, err := r.begin(ctx)
	if err != nil {
		return Folder{}, err
	}
	uids, err := r.s.above(ctx, last)
	if err != nil {
		return Folder{}, err
	}
	if err := r.visitAll(ctx, uids); err != nil {
		return Folder{}, err
	}
	if len(uids) > 0 {
		last = uids[len(uids)-1]
	} else if err := r.reached(ctx, last); err != nil {
		return Folder{}, err
	}
	return Folder{w.name, w.role, validity, uint32(last), r.aside}, nil
}

// begin returns the UID after which the folder is to be read, having visited by date what comes before it.
func (r *reader) begin(ctx context.Context) (imap.UID, error) {
	since := r.since
	for _, c := range r.from {
		if c.Folder != r.w.name {
			continue
		}
		if c.UIDValidity == r.validity {
			return imap.UID(c.LastUID), nil
		}
		if since.IsZero() {
			since = time.Now().Add(-rescan)
		}
		r.m.cfg.Logger.WarnContext(ctx, "folder was numbered anew, scanning by date", slog.String("folder", r.w.name), slog.Time("since", since))
		break
	}
	end, err := r.s.highest(ctx)
	if err != nil || since.IsZero() || end == 0 {
		return end, err
	}
	uids, err := r.s.since(ctx, since)
	if err != nil {
		return 0, err
	}
	for len(uids) > 0 && uids[len(uids)-1] > end {
		uids = uids[:len(uids)-1] // came just now: found again above end
	}
	return end, r.visitAll(ctx, uids)
}

func (r *reader) reached(ctx context.Context, last imap.UID) error {
	if err := r.v.Reached(ctx, Cursor{r.w.name, r.validity, uint32(last)}); err != nil {
		return &visitError{err}
	}
	return nil
}

// visitAll visits uids, which are in order.
func (r *reader) visitAll(ctx context.Context, uids []imap.UID) error {
	for part := range slices.Chunk(uids, chunk) {
		got, err := r.fetch(ctx, part)
		if err != nil {
			return err
		}
		for _, uid := range part {
			if h, ok := got[uid]; ok {
				if err := r.visit(ctx, h); err != nil {
					return err
				}
			}
		}
		if err := r.reached(ctx, part[len(part)-1]); err != nil {
			return err
		}
	}
	return nil
}

// visit shows one message.
func (r *reader) visit(ctx context.Context, h Header) error {
	h.Folder, h.Role, h.UIDValidity = r.w.name, r.w.role, r.validity
	h.Gmail = r.s.caps.Has("X-GM-EXT-1")
	var givenUp error // what fetch met
	err := r.v.Message(ctx, h, func(ctx context.Context, n int64) ([]byte, error) {
		text, err := r.body(ctx, imap.UID(h.UID), n)
		if err == nil || errors.Is(err, ErrGone) {
			return text, err
		}
		if ctx.Err() == nil && r.giveUp(imap.UID(h.UID), true) {
			givenUp = err
			return nil, ErrUnreadable
		}
		return nil, r.m.fail(fmt.Sprintf("fetch message %d of folder %s", h.UID, h.Folder), err)
	})
	switch {
	case givenUp != nil && (err == nil || errors.Is(err, ErrUnreadable)):
		r.setAside(ctx, imap.UID(h.UID), givenUp)
		return r.revive(ctx)
	case err == nil:
		r.trust(imap.UID(h.UID), true)
		return nil
	case errors.Is(err, ErrGone):
		return nil
	}
	return &visitError{err}
}

// body fetches the start of a message, once more if the connection breaks or nothing comes.
func (r *reader) body(ctx context.Context, uid imap.UID, n int64) ([]byte, error) {
	var failure error
	for range 2 {
		if err := r.revive(ctx); err != nil {
			return nil, err
		}
		text, err := r.s.body(ctx, uid, n)
		if err == nil && text != nil {
			return text, nil
		}
		if err == nil {
			still, err := r.still(ctx, []imap.UID{uid})
			if err == nil && len(still) == 0 {
				return nil, ErrGone
			}
			failure = errors.Join(errNoAnswer, err)
			continue
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		failure = err
	}
	return nil, failure
}

// revive replaces a connection that has died and opens the folder again.
func (r *reader) revive(ctx context.Context) error {
	if !r.s.dead {
		return nil
	}
	if err := r.renew(ctx); err != nil {
		return err
	}
	validity, err := r.s.examine(ctx, r.w.name)
	if err == nil && validity != r.validity {
		err = &lostError{err: errors.New("the folder was numbered anew while it was read")}
	}
	return err
}

// renew replaces the connection.
func (r *reader) renew(ctx context.Context) error {
	if r.renewed++; r.renewed > maxReconnects {
		return &lostError{err: fmt.Errorf("the connection broke %d times in one reading", maxReconnects)}
	}
	r.m.forget()
	s, err := r.m.dial(ctx)
	if err != nil {
		return err
	}
	r.m.kept, r.s = s, s
	return nil
}
