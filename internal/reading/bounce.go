package reading

import (
	"regexp"
	"strings"

	"askwell/internal/message"
)

// maxBounces bounds the recipients that one report names.
const maxBounces = 100

// reported is what of a message is a report by a machine.
type reported struct {
	kind     string          // report-type of the outermost part, lower case
	status   []*message.Part // message/delivery-status
	copy     *message.Part   // of the mail that is reported on
	receipt  bool            // message/disposition-notification
	nested   bool            // the report is in a mail that came with this one
	feedback bool            // message/feedback-report
}

func reportedIn(m *message.Message) reported {
	var r reported
	if m.Root == nil {
		return r
	}
	r.kind = strings.ToLower(m.Root.Params["report-type"])
	m.Walk(func(p *message.Part) bool {
		switch p.MediaType {
		case "message/delivery-status", "message/global-delivery-status", "message/x-delivery-status":
			if len(r.status) < maxBounces {
				r.status = append(r.status, p)
			}
		case "message/disposition-notification", "message/global-disposition-notification":
			r.receipt = true
		case "message/feedback-report":
			r.feedback = true
		case "message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822", "message/global-headers", "message/rfc822-headers", "text/rfc822-header", "message/partial":
			if r.copy == nil {
				r.copy = p
			}
			return false
		}
		return true
	})
	if len(r.status) == 0 && r.kind == "" && r.copy != nil && len(r.copy.Parts) > 0 { // a gateway passes a report on whole
		inner := reportedIn(&message.Message{Root: r.copy.Parts[0]})
		if len(inner.status) > 0 && inner.kind == "delivery-status" {
			inner.kind, inner.nested = "", true
			return inner
		}
	}
	return r
}

// report judges machine reports: bounces, delivery and read receipts, abuse reports. It returns false for anything else.
func (u *understanding) report() bool {
	r := reportedIn(u.m)
	person := u.passedOn(r)
	switch {
	case r.feedback || r.kind == "feedback-report":
		return u.decide(KindOther, "a feedback report (RFC 5965): somebody's complaint about a mail")
	case len(r.status) > 0 && !person:
		if u.deliveryStatus(r) {
			return true
		}
	case len(r.status) == 0 && (r.receipt || r.kind == "disposition-notification") && !person:
		return u.decide(KindOther, "a read receipt (RFC 8098)")
	}
	if person {
		return false
	}
	return u.notice(r)
}

// passedOn reports that a person sent on or answered what a machine had reported.
func (u *understanding) passedOn(r reported) bool {
	if r.nested && !u.fromDaemon() && !u.nullPath() {
		return true
	}
	if u.m.Root == nil || r.kind != "" || u.fromDaemon() || u.nullPath() || u.m.Header.Has("X-Failed-Recipients") {
		return false
	}
	return forwards(u.m.Subject) || answers(u.m.Subject)
}

// answers reports a subject that begins as answers do.
func answers(subject string) bool {
	return message.BaseSubject(subject) != subject && !strings.HasPrefix(subject, "[")
}

// deliveryStatus reads a report as RFC 3464 has it.
func (u *understanding) deliveryStatus(r reported) bool {
	var failed []failure
	good := 0
	for _, p := range r.status {
		f, n := parseFields(string(p.Body)).failures()
		good += n
		failed = append(failed, f...)
	}
	if len(failed) == 0 {
		if good > 0 {
			return u.decide(KindOther, "a delivery report (RFC 3464) that a mail arrived")
		}
		return false
	}
	return u.bounced(failed, u.readNotice(r), "a delivery report (RFC 3464)")
}

// bounced settles what is reported of each recipient.
func (u *understanding) bounced(failed []failure, n *notice, what string) bool {
	if len(failed) > maxBounces {
		failed = failed[:maxBounces]
	}
	id := u.originalID(n)
	late := 0
	for _, f := range failed {
		if f.recipient == "" {
			f.recipient = n.recipientLike(u, failed)
		}
		words := ""
		if f.said == "" || len(failed) == 1 {
			words = n.text
		}
		if f.said == "" && f.recipient != "" {
			f.said = n.about(f.recipient, failed)
		}
		b := Bounce{Recipient: f.recipient, MessageID: id, Original: headerOf(n.copy)}
		b.Status, b.Permanent = settle(f.status, f.said, words)
		if f.late {
			late++
			b.Permanent = false
			if f.status == "" && !strings.HasPrefix(b.Status, "4") {
				b.Status = ""
			}
		}
		u.r.Bounces = append(u.r.Bounces, b)
	}
	if late == len(failed) {
		return u.decide(KindBounce, what+" that a mail is late: nothing has failed yet")
	}
	return u.decide(KindBounce, what+" that a mail was not delivered"+because(u.r.Bounces[0]))
}

func because(b Bounce) string {
	why := ""
	if b.Status != "" {
		why = ", status " + b.Status
	}
	if b.Permanent {
		return why + ": the address will not work later either"
	}
	return why + ": the address itself may be right"
}

// originalID is the Message-ID of the mail that bounced: in its copy, in what is reported about it, in the thread.
func (u *understanding) originalID(n *notice) message.MessageID {
	first := func(value string) message.MessageID {
		if ids := message.ParseMessageIDs(value); len(ids) > 0 && strings.Contains(string(ids[0]), "@") {
			return ids[0]
		}
		return ""
	}
	if id := first(n.copy.Get("Message-ID")); id != "" {
		return id
	}
	for _, name := range []string{"x-original-message-id", "original-message-id", "original-messageid"} {
		for _, g := range n.fields {
			if id := first(g[name]); id != "" {
				return id
			}
		}
		if id := first(u.m.Header.Get(name)); id != "" {
			return id
		}
	}
	if id := idIn(n.whole); id != "" {
		return id
	}
	if ids := u.m.ThreadIDs(); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// headerOf is the header that a report gives back.
func headerOf(h message.Header) *message.Message {
	if len(h) == 0 {
		return nil
	}
	m := &message.Message{Header: h, InReplyTo: message.ParseMessageIDs(h.Get("In-Reply-To")), References: message.ParseMessageIDs(h.Get("References"))}
	if ids := message.ParseMessageIDs(h.Get("Message-ID")); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	return m
}

var idPattern = regexp.MustCompile(`(?i)(?:^|[\s*|>])(?:original[ -])?message[ -]?id[ \t]*:[ \t]*\r?\n?[ \t]*(<[^<>\s]+@[^<>\s]+>)`)

func idIn(s string) message.MessageID {
	if m := idPattern.FindStringSubmatch(cutRunes(s, 256<<10)); m != nil {
		if ids := message.ParseMessageIDs(m[1]); len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}
