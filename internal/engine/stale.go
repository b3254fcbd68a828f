package engine

import (
	"encoding/json"
	"errors"
	"fmt"

	"askwell/internal/store"
)

// While no mail can be sent, the owner's mails wait. A digest that is older than the next one is not worth reading any more:
// of several only the last leaves, and it says all that those before would have said.

// untoldSetting is what the last digest told of for the only time, to take that back if the owner never gets it.
const untoldSetting = "digest untold"

type untold struct {
	Key      string   `json:"key"` // the digest's row
	Said     string   `json:"said"`
	No       string   `json:"no"`
	Unproved []string `json:"unproved,omitempty"`
}

// tell notes what the digest of the key tells of once, so that it can be taken back.
func (l *letter) tell(key string) error {
	u := untold{Key: key}
	var err error
	if u.Said, err = l.tx.Setting(weeklySetting); err != nil {
		return err
	}
	if u.No, err = l.tx.Setting(noSetting); err != nil {
		return err
	}
	found, err := l.tx.SeenIn("unproved", 200)
	if err != nil {
		return err
	}
	for _, m := range found {
		u.Unproved = append(u.Unproved, m.Key)
	}
	text, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("encode what a digest tells: %w", err)
	}
	if err := l.tx.Set(untoldSetting, string(text)); err != nil {
		return err
	}
	return l.told()
}

// untell takes back what a digest told that the owner does not get: the next one tells it.
func (e *Engine) untell(tx *store.Tx, m store.Mail) error {
	text, err := tx.Setting(untoldSetting)
	if err != nil {
		return err
	}
	var u untold
	if text != "" {
		if err := json.Unmarshal([]byte(text), &u); err != nil {
			return fmt.Errorf("decode what a digest told: %w", err)
		}
	}
	if u.Key != m.Key {
		return nil
	}
	if err := tx.Set(weeklySetting, u.Said); err != nil {
		return err
	}
	if err := tx.Set(noSetting, u.No); err != nil {
		return err
	}
	for _, key := range u.Unproved {
		s, err := tx.SeenByKey(key)
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		if s.State != "told" {
			continue // settled meanwhile
		}
		if err := tx.SetSeen(key, "unproved", s.Kind, s.Contact); err != nil {
			return err
		}
	}
	return nil
}

// supersede withdraws the digests that have not left; a new one is about to be written.
func (e *Engine) supersede(tx *store.Tx) error {
	waiting, err := tx.OwnerWaiting("digest", 10)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		if err := tx.Withdraw(m.ID, 0, "a newer one says it"); err != nil {
			return err
		}
		if err := e.untell(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// tooLate reports whether a mail to the owner has waited until it is no use: what prepares for a talk that has begun.
func (e *Engine) tooLate(tx *store.Tx, m store.Mail) (bool, error) {
	if m.Kind != "prep" {
		return false, nil
	}
	c, err := tx.Contact(m.Contact)
	if errors.Is(err, store.ErrNone) {
		return true, nil
	}
	return err == nil && (c.Talk == nil || tx.Now.After(c.Talk.Start)), err
}
