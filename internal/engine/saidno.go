package engine

import (
	"errors"
	"fmt"
	"strconv"

	"askwell/internal/contact"
	"askwell/internal/render"
	"askwell/internal/store"
)

const (
	titleNo = "They said no"
	// noSetting is up to which event the digests have told of a no.
	noSetting = "digest no"
)

// saidNo tells, once, of each no and each opt-out that was read from a mail: it ends the writing, so the owner must be able
// to see that it was misread.
func (l *letter) saidNo() (render.Section, int, error) {
	s := render.Section{Title: titleNo}
	setting, err := l.tx.Setting(noSetting)
	if err != nil {
		return s, 0, err
	}
	told, err := strconv.ParseInt(setting, 10, 64)
	if err != nil {
		told = 0 // none yet
	}
	records, err := l.tx.EventsNamed("reply", l.tx.Now.AddDate(0, 0, -30), 200)
	if err != nil {
		return s, 0, err
	}
	for i := len(records) - 1; i >= 0; i-- {
		r := records[i]
		if r.Seq <= told {
			continue
		}
		ev, err := contact.Decode(r.Name, []byte(r.Detail))
		if err != nil {
			return s, 0, err
		}
		reply, ok := ev.(contact.Replied)
		if !ok || reply.Intent != "no" && reply.Intent != "stop" {
			continue
		}
		c, err := l.tx.Contact(r.Contact)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return s, 0, err
		}
		item := render.Item{Quote: cut(reply.Text, 160)}
		day := l.e.day(r.At, l.tx.Now)
		switch c.Stage {
		case contact.Declined:
			item.N = l.number(store.Item{Contact: c.ID, What: "declined"})
			item.Text = fmt.Sprintf("%s declined, %s. If that was misread:", c.Name, day)
			item.Replies = l.answers(item.N, c.Contact, "reopen")
		case contact.OptedOut:
			item.N = l.number(store.Item{Contact: c.ID, Act: r.Act, What: "undo"})
			item.Text = fmt.Sprintf("%s does not want to be written to, %s; nothing more is sent, ever. If that was misread:", c.Name, day)
			item.Replies = []render.Reply{{
				Text: fmt.Sprintf("undo %d", item.N), Label: "Undo", Body: fmt.Sprintf("undo %d", r.Act),
			}}
		default:
			continue // settled since
		}
		s.Items = append(s.Items, item)
	}
	return s, len(s.Items), nil
}
