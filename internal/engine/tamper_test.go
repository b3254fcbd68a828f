package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"askwell/internal/engine"
	"askwell/internal/message"
	"askwell/internal/store"
)

const mallory = "mallory@example.net"

// forgery is a mail of Mallory's making that would have askwell write to him, and what he knows to make it.
type forgery struct {
	name string
	mail func(k known) string
	// silent: it does not claim to be the owner, so no line of the digest tells of it.
	silent bool
}

// known is what somebody outside may know or keep of what passed through the mailbox.
type known struct {
	owner, ask, digest, oldDigest, byHand, otherToken string // the addresses and Message-IDs
	byHandRaw                                         string // a mail that the owner wrote to Mallory, whole
}

const wish = "ask Mallory <" + mallory + ">, friend\nforget bob@example.org\n"

func mailText(fields ...string) string { return strings.Join(fields, "\r\n") + "\r\n\r\n" + wish }

var forgeries = []forgery{
	{name: "only a From", mail: func(k known) string {
		return mailText("From: Ada Example <"+k.owner+">", "To: "+k.owner, "Subject: do it", "Message-ID: <1@example.net>")
	}},
	{name: "From and Sender", mail: func(k known) string {
		return mailText("From: "+k.owner, "Sender: "+k.owner, "Reply-To: "+k.owner, "To: "+k.owner, "Message-ID: <2@example.net>")
	}},
	{name: "answers the ask that a contact got", mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+k.owner, "Subject: Re: 20 minutes", "Message-ID: <3@example.net>", "In-Reply-To: <"+k.ask+">", "References: <"+k.ask+">")
	}},
	{name: "answers a Message-ID like ours", mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+k.owner, "Subject: Re: 2 need you", "Message-ID: <4@example.net>", "In-Reply-To: <"+strings.Repeat("a", 26)+"@example.org>")
	}},
	{name: "answers a digest of 31 days ago", mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+k.owner, "Subject: Re: 2 need you", "Message-ID: <5@example.net>", "In-Reply-To: <"+k.oldDigest+">")
	}},
	{name: "answers the digest of another mailbox", mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+k.owner, "Subject: Re: 2 need you", "Message-ID: <6@example.net>", "In-Reply-To: <"+k.otherToken+">")
	}},
	{name: "names the digest, but is from Mallory", silent: true, mail: func(k known) string {
		return mailText("From: Ada Example <"+mallory+">", "To: "+k.owner, "Subject: Re: 2 need you", "Message-ID: <7@example.net>", "In-Reply-To: <"+k.digest+">", "References: <"+k.digest+">")
	}},
	{name: "the owner's address as a display name", silent: true, mail: func(k known) string {
		return mailText("From: \""+k.owner+"\" <"+mallory+">", "To: "+k.owner, "Message-ID: <8@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "the owner's address encoded as a display name", silent: true, mail: func(k known) string {
		return mailText("From: =?utf-8?q?"+strings.Replace(k.owner, "@", "=40", 1)+"?= <"+mallory+">", "To: "+k.owner, "Message-ID: <9@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "the owner's address as a comment", silent: true, mail: func(k known) string {
		return mailText("From: "+mallory+" ("+k.owner+")", "To: "+k.owner, "Message-ID: <10@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "two people in From", silent: true, mail: func(k known) string {
		return mailText("From: "+k.owner+", "+mallory, "To: "+k.owner, "Message-ID: <11@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "the owner's address with another alphabet's a", silent: true, mail: func(k known) string {
		return mailText("From: "+strings.Replace(k.owner, "a", "\u0430", 1), "To: "+k.owner, "Message-ID: <12@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "a domain that begins with the owner's", silent: true, mail: func(k known) string {
		return mailText("From: "+k.owner+".example.net", "To: "+k.owner, "Message-ID: <13@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "the Message-ID of a mail that the owner sent", mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+k.owner, "Subject: do it", "Message-ID: <"+k.byHand+">")
	}},
	{name: "a mail that the owner sent to Mallory, sent back", silent: true, mail: func(k known) string { return k.byHandRaw }},
	{name: "a mail that the owner sent, addressed anew", mail: func(k known) string {
		return strings.ReplaceAll(k.byHandRaw, mallory, k.owner)
	}},
	{name: "results of a server that nobody knows", mail: func(k known) string {
		return mailText("Authentication-Results: mx.evil.example; dmarc=pass header.from=example.org", "From: "+k.owner, "To: "+k.owner, "Message-ID: <16@example.net>")
	}},
	{name: "results brought along, below those of the server", mail: func(k known) string {
		return mailText("Authentication-Results: mx.example.org; dmarc=none header.from=example.org", "Received: from evil.example by mx.example.org; Mon, 2 Mar 2026 09:00:00 +0100",
			"Authentication-Results: mx.example.org; dmarc=pass header.from=example.org", "From: "+k.owner, "To: "+k.owner, "Message-ID: <17@example.net>")
	}},
	{name: "results of the server for another domain", mail: func(k known) string {
		return mailText("Authentication-Results: mx.example.org; dmarc=pass header.from=example.net; dkim=pass header.d=example.net", "From: "+k.owner, "To: "+k.owner, "Message-ID: <18@example.net>")
	}},
	{name: "a signature that is not aligned", mail: func(k known) string {
		return mailText("Authentication-Results: mx.example.org; dkim=pass header.d=org; spf=pass smtp.mailfrom=example.org", "From: "+k.owner, "To: "+k.owner, "Message-ID: <19@example.net>")
	}},
	{name: "a pass in a comment", mail: func(k known) string {
		return mailText("Authentication-Results: mx.example.org (dmarc=pass header.from=example.org); spf=fail", "From: "+k.owner, "To: "+k.owner, "Message-ID: <20@example.net>")
	}},
	{name: "results without the server's name, as from Microsoft 365", mail: func(k known) string {
		return mailText("Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=pass header.d=example.org;dmarc=pass action=none header.from=example.org;compauth=pass reason=100",
			"From: "+k.owner, "To: "+k.owner, "Message-ID: <21@example.net>")
	}},
	{name: "disowned by the domain, though it knows a digest", mail: func(k known) string {
		return mailText("Authentication-Results: mx.example.org; dmarc=fail header.from=example.org", "From: "+k.owner, "To: "+k.owner, "Message-ID: <22@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "passed on by a list", silent: true, mail: func(k known) string {
		return mailText("List-Id: <talk.lists.example>", "Precedence: list", "From: "+k.owner, "To: "+k.owner, "Message-ID: <23@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "automatic", silent: true, mail: func(k known) string {
		return mailText("Auto-Submitted: auto-replied", "From: "+k.owner, "To: "+k.owner, "Message-ID: <24@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "a digest passed on to friends", silent: true, mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+k.owner, "Cc: "+mallory, "Subject: Fwd: 2 need you", "Message-ID: <25@example.net>", "In-Reply-To: <"+k.digest+">")
	}},
	{name: "a guessed plus-address", mail: func(k known) string {
		return mailText("From: "+k.owner, "To: "+strings.Replace(k.owner, "@", "+askwell@", 1), "Message-ID: <26@example.net>")
	}},
	{name: "delivered to Sent by a detail in the address", mail: func(k known) string {
		return mailText("Delivered-To: "+strings.Replace(k.owner, "@", "+Sent@", 1), "From: "+k.owner, "To: "+k.owner, "Message-ID: <27@example.net>")
	}},
}

// TestTamper delivers every forgery into the inbox, into Junk, and, as far as somebody outside can have it put there, into
// Sent. Nothing is done, nothing is answered, and what claims to be the owner is one line of the next digest.
func TestTamper(t *testing.T) {
	r, k := tampered(t)
	receipts := len(r.ofKind("receipt"))
	unproved := func() (n int) {
		r.must(r.mb.View(context.Background(), r.now, func(tx *store.Tx) error {
			found, err := tx.SeenIn("unproved", 1000)
			n = len(found)
			return err
		}))
		return n
	}
	for _, f := range forgeries {
		t.Run(f.name, func(t *testing.T) {
			raw := f.mail(k)
			if !strings.HasPrefix(raw, "Authentication-Results") { // the server writes its own on top
				raw = "Return-Path: <" + mallory + ">\r\nReceived: from evil.example (evil.example [192.0.2.7]) by mx.example.org; " + r.now.Format(time.RFC1123Z) + "\r\n" + raw
			}
			folders := []string{"", "Junk"}
			if strings.Contains(f.name, "to Sent") {
				folders = []string{"Sent"}
			}
			before := unproved()
			for _, folder := range folders {
				r.must(r.pen.Inject(r.owner, folder, []byte(raw)))
				r.pass(3 * time.Minute) // a copy in Sent is waited for
			}
			switch {
			case r.knows(mallory), len(r.gotten(mallory, 0)) > 1:
				t.Error("Mallory is a contact")
			case !r.knows("bob@example.org"):
				t.Error("Bob is forgotten")
			case len(r.ofKind("receipt")) != receipts:
				t.Errorf("it was answered:\n%s", r.lastText("receipt"))
			case unproved() > before == f.silent:
				t.Errorf("the owner will hear of it: %t", unproved() > before)
			}
		})
	}
	r.pass(26 * time.Hour)
	r.has("the digest", r.lastText("digest"), "A mail in your name", "was not obeyed: nothing proves that it is yours")
}

// tampered is a mailbox with a past.
func tampered(t *testing.T) (*rig, known) {
	t.Helper()
	r := onWorld(t, `authserv_id = "mx.example.org"`, time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("CET", 3600)))
	k := known{owner: r.owner}
	r.writes("", "ask Jane Doe <"+jane+">, friend")
	r.writes("", "add Bob Roe <bob@example.org>")
	r.pass(2 * time.Hour)
	k.ask = string(message.Parse(r.got(jane, 1)).MessageID)
	r.must(second(r.e.SendDigest(context.Background(), r.now)))
	r.turn()
	k.oldDigest = string(message.Parse(r.last("digest")).MessageID)
	byHand := r.fresh(r.owner, mallory, "hello", "It was nice to meet you.")
	k.byHandRaw = string(byHand)
	k.byHand = string(message.Parse(byHand).MessageID)
	r.submit(r.owner, byHand)
	r.until(r.now.AddDate(0, 0, 31))
	r.must(second(r.e.SendDigest(context.Background(), r.now)))
	r.turn()
	k.digest = string(message.Parse(r.last("digest")).MessageID)

	// Another owner's mailbox in the same store got a digest, too.
	ctx := context.Background()
	other, err := r.mb.Store().Mailbox(ctx, "eve@example.org")
	r.must(err)
	cfg := *r.cfg
	cfg.Owner.Address, cfg.Mailbox.Address = "eve@example.org", "eve@example.org"
	e, err := engine.New(engine.Options{Config: &cfg, Store: other, Templates: r.set, Mailbox: r.box, Sender: r.out, Holder: "other"})
	r.must(err)
	_, err = e.Do(ctx, r.now, []string{"add", "Cy Poe <cy@example.org>"})
	r.must(err)
	r.must(second(e.SendDigest(ctx, r.now)))
	r.must(other.View(ctx, r.now, func(tx *store.Tx) error {
		mails, err := tx.Mails(10)
		if err == nil && len(mails) > 0 {
			k.otherToken = string(mails[0].MessageID)
		}
		return err
	}))
	if k.ask == "" || k.digest == "" || k.oldDigest == "" || k.digest == k.oldDigest || k.otherToken == "" {
		t.Fatalf("the past is incomplete: %+v", k)
	}
	return r, k
}

// TestObeyed is the other side: every proof that PRODUCT names is enough by itself, and each mail counts once.
func TestObeyed(t *testing.T) {
	for name, mail := range map[string]func(r *rig, k known) string{
		"an answer to a digest": func(_ *rig, k known) string {
			return mailText("From: "+k.owner, "To: "+k.owner, "Subject: Re: 2 need you", "Message-ID: <a@example.org>", "In-Reply-To: <"+k.digest+">")
		},
		"an answer from the owner's address in capitals": func(_ *rig, k known) string {
			return mailText("From: "+strings.ToUpper(k.owner), "To: "+k.owner, "Subject: Re: 2 need you", "Message-ID: <b@example.org>", "References: <"+k.digest+">")
		},
		"an answer whose plus-address was cut off and that names the digest last of many": func(_ *rig, k known) string {
			return mailText("From: "+k.owner, "To: "+k.owner, "Message-ID: <c@example.org>", "References: <1@example.net> <2@example.net>\r\n <"+k.digest+">")
		},
		"the server's DMARC": func(_ *rig, k known) string {
			return mailText("Authentication-Results: mx.example.org; dmarc=pass header.from=example.org", "From: "+k.owner, "To: "+k.owner, "Message-ID: <d@example.org>")
		},
		"an aligned signature": func(_ *rig, k known) string {
			return mailText("Authentication-Results: MX.example.org 1; dkim=pass header.d=example.org header.b=abc", "From: "+k.owner, "To: "+k.owner, "Message-ID: <e@example.org>")
		},
		"the secret plus-address in capitals": func(r *rig, k known) string {
			var secret message.Address
			r.must(r.mb.Update(context.Background(), r.now, func(tx *store.Tx) (err error) {
				secret, err = r.e.SecretAddress(tx)
				return err
			}))
			return mailText("From: "+k.owner, "To: "+strings.ToUpper(string(secret)), "Message-ID: <f@example.org>")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, k := tampered(t)
			raw := strings.Replace(mail(r, k), wish, "note bob: likes trams\r\n", 1)
			for i := range 3 { // the same mail again, in other folders and later
				r.must(r.pen.Inject(r.owner, []string{"", "", "Junk"}[i], []byte(raw)))
				r.pass(5 * time.Minute)
			}
			if notes := r.contact("bob@example.org").Notes; len(notes) != 1 {
				t.Errorf("obeyed %d times\n%s", len(notes), r.lastText("receipt"))
			}
		})
	}
}

// A daemon that learned who vouches for this mailbox believes nobody else.
func TestLearnedServer(t *testing.T) {
	r := onWorld(t, "", start())
	r.writes("", "add Bob Roe <bob@example.org>")
	r.must(second(r.e.SendDigest(context.Background(), r.now)))
	r.turn()
	digest := string(message.Parse(r.last("digest")).MessageID)
	send := func(n int, server, thread, words string) {
		r.must(r.pen.Inject(r.owner, "", fmt.Appendf(nil, "Authentication-Results: %s; dmarc=pass header.from=example.org\r\nReceived: from a by b; %s\r\n"+
			"From: %s\r\nTo: %s\r\nMessage-ID: <l%d@example.org>\r\nIn-Reply-To: <%s>\r\n\r\n%s\r\n", server, r.now.Format(time.RFC1123Z), r.owner, r.owner, n, thread, words)))
		r.pass(5 * time.Minute)
	}
	notes := func() int { return len(r.contact("bob@example.org").Notes) }
	send(1, "mx.example.org", "none@example.org", "note bob: before it was learned")
	if notes() != 0 {
		t.Error("a server that nobody knows was believed")
	}
	send(2, "mx.example.org", digest, "note bob: a proof of another kind")
	send(3, "mx.example.org", "none@example.org", "note bob: by the server that was learned")
	if notes() != 2 {
		t.Errorf("%d notes, want 2\n%s", notes(), r.lastText("receipt"))
	}
	send(4, "mx.evil.example", "none@example.org", "note bob: by another")
	if notes() != 2 {
		t.Error("another server was believed")
	}
}
