package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
)

// A mail to a contact carries, in its Message-ID, 64 random bits and 64 bits that only this store's key can make of them,
// of the recipient and of the kind. So a copy in Sent is known to be ours, and which mail it was, even where the store no
// longer knows that it was sent: after a backup was restored. To everybody else it is a Message-ID like any other.

// settingMark is the name of the key among the settings.
const settingMark = "mark"

var markText = base32.StdEncoding.WithPadding(base32.NoPadding)

// markKey is the key, made on first use.
func (e *Engine) markKey(tx *store.Tx) ([]byte, error) {
	kept, err := tx.Setting(settingMark)
	if err != nil {
		return nil, err
	}
	if kept == "" {
		t, err := e.token()
		if err != nil {
			return nil, err
		}
		kept = markText.EncodeToString(t[:])
		if err := tx.Set(settingMark, kept); err != nil {
			return nil, err
		}
	}
	return []byte(kept), nil
}

func sign(key []byte, random []byte, to message.Address, k contact.Kind) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(random)
	h.Write([]byte("\x00" + string(to.Key()) + "\x00" + string(k)))
	return h.Sum(nil)[:8]
}

// markedID is a Message-ID for a mail of a kind to an address.
func (e *Engine) markedID(tx *store.Tx, to message.Address, k contact.Kind) (message.MessageID, error) {
	key, err := e.markKey(tx)
	if err != nil {
		return "", err
	}
	t, err := e.token()
	if err != nil {
		return "", err
	}
	copy(t[8:], sign(key, t[:8], to, k))
	return message.NewMessageID(t, e.cfg.Mailbox.Address.Domain()), nil
}

// marked tells which kind of mail of ours to an address a Message-ID names; "" where it names none.
func (e *Engine) marked(tx *store.Tx, id message.MessageID, to message.Address) (contact.Kind, error) {
	local, _, _ := strings.Cut(string(id), "@")
	raw, err := markText.DecodeString(strings.ToUpper(local))
	if err != nil || len(raw) != 16 {
		return "", nil //nolint:nilerr // not one of ours
	}
	key, err := e.markKey(tx)
	if err != nil {
		return "", err
	}
	for _, k := range []contact.Kind{contact.Ask, contact.Nudge, contact.Confirm, contact.ThankYou, contact.CheckIn, contact.ReferrerThanks} {
		if hmac.Equal(raw[8:], sign(key, raw[:8], to, k)) {
			return k, nil
		}
	}
	return "", nil
}
