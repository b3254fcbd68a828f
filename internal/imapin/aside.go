package imapin

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

var errNoAnswer = errors.New("the server has the message but does not send it")

// fetch gets the headers of uids, which are in order. What is not in the result has vanished or was set aside.
//
// If the server or the parser fails over one of them, it is looked for: first the one whose turn it was, then by
// halving.
func (r *reader) fetch(ctx context.Context, uids []imap.UID) (map[imap.UID]Header, error) {
	if err := r.revive(ctx); err != nil {
		return nil, err
	}
	got, err := r.s.headers(ctx, uids, true)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if no, refused := refusal(err); refused && passing(no) {
		return nil, err
	}
	if got == nil {
		got = make(map[imap.UID]Header)
	}
	var missing []imap.UID
	for _, uid := range uids {
		if _, ok := got[uid]; ok {
			r.trust(uid, false)
		} else {
			missing = append(missing, uid)
		}
	}
	if err == nil && len(missing) > 0 {
		if missing, err = r.still(ctx, missing); err != nil {
			return nil, err
		}
	}
	var parts [][]imap.UID
	switch {
	case len(missing) == 0:
		return got, nil
	case len(missing) == 1:
		return got, r.single(ctx, missing[0], got)
	case err == nil && len(missing) < len(uids):
		parts = [][]imap.UID{missing} // hidden by other answers; at least one fewer each time
	case len(missing) < len(uids):
		parts = [][]imap.UID{missing[:1], missing[1:]}
	default:
		half := len(missing) / 2
		parts = [][]imap.UID{missing[:half], missing[half:]}
	}
	for _, part := range parts {
		more, err := r.fetch(ctx, part)
		if err != nil {
			return nil, err
		}
		maps.Copy(got, more)
	}
	return got, nil
}

// single asks again for one message that did not come, and for its header alone if that fails. It adds it to got, or
// sets it aside, or finds that it has vanished, or returns why reading cannot go on for now.
func (r *reader) single(ctx context.Context, uid imap.UID, got map[imap.UID]Header) error {
	var failure error
	for _, full := range []bool{true, false} { // an odd date does not cost us the message
		if err := r.revive(ctx); err != nil {
			return err
		}
		more, err := r.s.headers(ctx, []imap.UID{uid}, full)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if h, ok := more[uid]; ok {
			got[uid] = h
			r.trust(uid, false)
			return nil
		}
		if no, refused := refusal(err); refused && passing(no) {
			return err
		}
		if err == nil {
			still, err := r.still(ctx, []imap.UID{uid})
			if err != nil || len(still) == 0 {
				return err
			}
			failure = errors.Join(failure, errNoAnswer)
			continue
		}
		failure = errors.Join(failure, err)
	}
	if isOdd(failure) || r.giveUp(uid, false) {
		r.setAside(ctx, uid, failure)
		return nil
	}
	return failure
}

// still returns those of uids that the folder has.
func (r *reader) still(ctx context.Context, uids []imap.UID) ([]imap.UID, error) {
	there, err := r.s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(uids...)}})
	return slices.DeleteFunc(slices.Clone(uids), func(uid imap.UID) bool { return !slices.Contains(there, uid) }), err
}

func (r *reader) suspect(uid imap.UID, body bool) suspect {
	return suspect{r.w.name, r.validity, uint32(uid), body}
}

// giveUp counts a failed Read over a message and tells whether it has failed often and long enough.
func (r *reader) giveUp(uid imap.UID, body bool) bool {
	key, now := r.suspect(uid, body), time.Now()
	d, known := r.m.suspects[key]
	if !known {
		if len(r.m.suspects) >= maxSuspects {
			clear(r.m.suspects)
		}
		d.first = now
	}
	d.reads++
	r.m.suspects[key] = d
	return d.reads >= doubtReads && now.Sub(d.first) >= doubtFor
}

// trust forgets the doubts about a message.
func (r *reader) trust(uid imap.UID, body bool) { delete(r.m.suspects, r.suspect(uid, body)) }

func (r *reader) setAside(ctx context.Context, uid imap.UID, why error) {
	r.aside = append(r.aside, uint32(uid))
	r.renewed = 0 // that was progress
	r.m.cfg.Logger.WarnContext(ctx, "message set aside", slog.String("folder", r.w.name), slog.Uint64("uid", uint64(uid)), slog.Any("error", why))
}
