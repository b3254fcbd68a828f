package engine

import (
	"encoding/base32"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"askwell/internal/imapin"
	"askwell/internal/message"
	"askwell/internal/store"
)

// proof is why a mail is the owner's; "" where nothing proves it. A From line proves nothing.
type proof string

const (
	byToken  proof = "it answers a mail that went to the owner alone"
	bySent   proof = "it lies in Sent"
	byServer proof = "the receiving server vouches for it"
	bySecret proof = "it came to the secret address"
)

// settings that the engine keeps for itself.
const (
	settingSecret   = "secret"
	settingAuthserv = "authserv_id"
)

func (e *Engine) ownerAddresses() []message.Address {
	return e.cfg.OwnerAddresses()
}

// isOwner reports whether a mail's From is the owner, and nobody else.
func (e *Engine) isOwner(from []message.Person) bool {
	if len(from) != 1 {
		return false
	}
	k := from[0].Address.Key()
	return k == e.cfg.Mailbox.Address.Key() ||
		slices.ContainsFunc(e.ownerAddresses(), func(a message.Address) bool { return a.Key() == k })
}

// toOwnerAlone reports whether a mail went to the mailbox, and to nobody but the owner: a letter to a friend with a copy to
// oneself is no command.
func (e *Engine) toOwnerAlone(people []message.Person) bool {
	mine := false
	for _, p := range people {
		switch {
		case p.Address.Plain() == e.cfg.Mailbox.Address.Plain():
			mine = true
		case !slices.ContainsFunc(e.ownerAddresses(), func(a message.Address) bool { return a.Key() == p.Address.Key() }):
			return false
		}
	}
	return mine
}

// prove looks for a proof that a mail in the owner's name is the owner's.
func (e *Engine) prove(tx *store.Tx, h imapin.Header, m *message.Message) (proof, error) {
	if h.Role == imapin.RoleSent && !broughtIn(h, m.Header) || h.Role == imapin.RoleAll && !received(m.Header) {
		return bySent, nil
	}
	server, err := e.authserv(tx)
	if err != nil {
		return "", err
	}
	passed, failed := vouched(m, server)
	if failed {
		return "", nil // whatever it knows, the owner's own domain disowns it
	}
	for i, id := range m.ThreadIDs() {
		if i == mostNamed {
			break
		}
		row, err := tx.MailByMessageID(trueID(id))
		if errors.Is(err, store.ErrNone) {
			continue
		}
		if err != nil {
			return "", err
		}
		// Only what we drew ourselves is unguessable: a Message-ID that a server gave may follow from the time.
		if row.ToOwner && row.MessageID == trueID(id) && !row.ClaimedAt.IsZero() && tx.Now.Sub(row.ClaimedAt) < tokenAge {
			return byToken, nil
		}
	}
	if passed {
		return byServer, nil
	}
	secret, err := tx.Setting(settingSecret)
	if err != nil || secret == "" {
		return "", err
	}
	for _, p := range recipients(m) {
		_, detail, ok := strings.Cut(p.Address.Local(), "+")
		if ok && strings.EqualFold(detail, secret) && p.Address.Plain() == e.cfg.Mailbox.Address.Plain() {
			return bySecret, nil
		}
	}
	return "", nil
}

// broughtIn reports whether what lies in Sent came there from outside: by a filter, or to a folder named in the address, for
// anybody can write to ada+Sent@example.org. The last server on the way to a mailbox writes a Return-Path (RFC 5321 section
// 4.4), which nobody outside can keep it from; what a program or a server files that was sent from here has none. Only Gmail
// writes one on what was submitted to it; what it was brought has a Delivered-To there.
func broughtIn(h imapin.Header, f message.Header) bool {
	return delivered(f) || f.Has("Return-Path") && !h.Gmail
}

// delivered reports whether a message bears what many servers put on top of it, beside the Return-Path, when they deliver it.
func delivered(h message.Header) bool {
	return slices.ContainsFunc([]string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "Received-SPF"}, h.Has)
}

// received reports whether a server had the message in hand: what a mail program filed has no trace fields (RFC 5321 section
// 4.4).
func received(h message.Header) bool {
	return h.Has("Received") || h.Has("Return-Path") || delivered(h)
}

// authserv is whose Authentication-Results are believed: the configured server, or the one learned.
func (e *Engine) authserv(tx *store.Tx) (string, error) {
	if id := e.cfg.Mailbox.AuthservID; id != "" {
		return id, nil
	}
	return tx.Setting(settingAuthserv)
}

// learnAuthserv notes who signs the results of this mailbox, from a mail that was proved otherwise.
func (e *Engine) learnAuthserv(tx *store.Tx, m *message.Message) error {
	if e.cfg.Mailbox.AuthservID != "" {
		return nil
	}
	id, _, err := topResults(m)
	if err != nil || id == "" || !m.Header.Has("Received") {
		return nil //nolint:nilerr // a line that does not parse teaches nothing
	}
	return tx.Set(settingAuthserv, id)
}

// topResults reads the topmost Authentication-Results (RFC 8601): the last server to touch the mail wrote it. One further
// down may have been brought along by the sender.
func topResults(m *message.Message) (string, []authres.Result, error) {
	v := m.Header.Get("Authentication-Results")
	if v == "" {
		return "", nil, nil
	}
	return authres.Parse(v)
}

// vouched tells what the server says of the From domain: passed, by DMARC or an aligned DKIM signature, or failed.
func vouched(m *message.Message, server string) (passed, failed bool) {
	if server == "" || len(m.From) != 1 {
		return false, false
	}
	id, results, err := topResults(m)
	if err != nil || !strings.EqualFold(strings.TrimSpace(id), server) {
		return false, false
	}
	domain := m.From[0].Address.Domain()
	for _, r := range results {
		switch r := r.(type) {
		case *authres.DMARCResult:
			if r.From != "" && !strings.EqualFold(r.From, domain) && !strings.HasSuffix(strings.ToLower(r.From), "@"+domain) {
				continue
			}
			switch r.Value {
			case authres.ResultPass:
				passed = true
			case authres.ResultFail:
				failed = true
			}
		case *authres.DKIMResult:
			if r.Value == authres.ResultPass && aligned(r.Domain, domain) {
				passed = true
			}
		}
	}
	return passed && !failed, failed
}

// aligned is RFC 7489, 3.1.1, relaxed, without the list of public suffixes: the signing domain is the From domain or one
// above it that is not a top-level domain.
func aligned(signer, from string) bool {
	signer, from = strings.ToLower(strings.TrimPrefix(signer, "@")), strings.ToLower(from)
	return signer == from || strings.Contains(signer, ".") && strings.HasSuffix(from, "."+signer) && strings.Count(signer, ".") >= strings.Count(from, ".")-1
}

// SecretAddress is the plus-address of this mailbox that proves the owner; it is made on first use.
func (e *Engine) SecretAddress(tx *store.Tx) (message.Address, error) {
	secret, err := tx.Setting(settingSecret)
	if err != nil {
		return "", err
	}
	if secret == "" {
		t, err := e.token()
		if err != nil {
			return "", err
		}
		secret = strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(t[:]))
		if err := tx.Set(settingSecret, secret); err != nil {
			return "", err
		}
	}
	a := e.cfg.Mailbox.Address
	return message.Address(a.Plain().Local() + "+" + secret + "@" + a.Domain()), nil
}
