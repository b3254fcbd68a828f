package reading

import (
	"regexp"
	"strings"

	"askwell/internal/message"
)

// report judges machine reports: bounces, delivery and read receipts, abuse
// reports. It returns false for anything else.
func (u *understanding) report() bool {
	m := u.m
	if m.Root == nil {
		return false
	}
	var status, original *message.Part
	disposition, feedback := false, false
	m.Walk(func(p *message.Part) bool {
		switch p.MediaType {
		case "message/delivery-status", "message/global-delivery-status":
			if status == nil {
				status = p
			}
		case "message/disposition-notification", "message/global-disposition-notification":
			disposition = true
		case "message/feedback-report":
			feedback = true
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers":
			if original == nil {
				original = p
			}
			return false
		}
		return true
	})
	kind := strings.ToLower(m.Root.Params["report-type"])
	switch {
	case feedback || kind == "feedback-report":
		return u.decide(KindOther, "a feedback report (RFC 5965): somebody's complaint about a mail")
	case status == nil && (disposition || kind == "disposition-notification"):
		return u.decide(KindOther, "a read receipt (RFC 8098)")
	case status != nil:
		return u.deliveryStatus(status, original)
	}
	return u.looseBounce(original)
}

// deliveryStatus reads a report as RFC 3464 has it: groups of fields, the first
// about the message, one more for each recipient.
func (u *understanding) deliveryStatus(status, original *message.Part) bool {
	var bounces []Bounce
	good, delayed := 0, 0
	id := u.originalID(original)
	text, _ := u.m.Text()
	groups := fieldGroups(string(status.Body))
	for _, g := range groups {
		action := strings.ToLower(firstWord(g["action"]))
		code := statusCode(g["status"])
		if action == "" && code == "" && g["final-recipient"] == "" && g["original-recipient"] == "" {
			continue // about the message
		}
		switch {
		case action == "delivered" || action == "relayed" || action == "expanded" || action == "" && strings.HasPrefix(code, "2."):
			good++
			continue
		}
		b := Bounce{Recipient: recipientField(g), Status: code, MessageID: id, Original: headerOf(original)}
		said := g["diagnostic-code"]
		if b.Status == "" {
			b.Status = statusIn(said)
		}
		words := said
		if words == "" || len(groups) <= 2 {
			words += "\n" + cutRunes(text, 4000)
		}
		if action == "delayed" {
			delayed++
		} else {
			b.Permanent = permanent(b.Status, said, words)
		}
		if b.Recipient == "" {
			b.Recipient = u.recipientIn(text, original)
		}
		bounces = append(bounces, b)
		if len(bounces) >= 100 {
			break
		}
	}
	switch {
	case len(bounces) > 0:
		u.r.Bounces = bounces
		if delayed == len(bounces) {
			return u.decide(KindBounce, "a delivery report (RFC 3464) that a mail is late: nothing has failed yet")
		}
		return u.decide(KindBounce, "a delivery report (RFC 3464) with action failed"+because(bounces[0]))
	case good > 0:
		return u.decide(KindOther, "a delivery report (RFC 3464) that a mail arrived")
	}
	return u.looseBounce(original)
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

// fieldGroups parses fields in groups parted by empty lines. Some systems put one
// more between the fields of a recipient; those start no recipient of their own.
func fieldGroups(body string) []map[string]string {
	var groups []map[string]string
	var g map[string]string
	last := ""
	body = strings.ReplaceAll(body, "\r\n", "\n")
	for n, line := range strings.Split(cutRunes(body, 256<<10), "\n") {
		if n > 5000 {
			break
		}
		if strings.TrimSpace(line) == "" {
			g, last = nil, ""
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && last != "" && g != nil {
			g[last] += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if g == nil {
			if k := len(groups) - 1; k >= 0 && name != "final-recipient" && name != "original-recipient" && name != "action" && name != "status" && (name == "diagnostic-code" || name == "remote-mta") && groups[k]["diagnostic-code"] == "" {
				g = groups[k]
			} else {
				g = map[string]string{}
				groups = append(groups, g)
			}
		}
		if _, twice := g[name]; !twice {
			g[name], last = strings.TrimSpace(value), name
		} else if name == "final-recipient" { // no empty line between recipients
			g = map[string]string{name: strings.TrimSpace(value)}
			groups, last = append(groups, g), name
		}
	}
	return groups
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, " \t(;"); i >= 0 {
		return s[:i]
	}
	return s
}

// recipientField reads "rfc822; jane@example.org" and its relatives.
func recipientField(g map[string]string) message.Address {
	for _, name := range []string{"final-recipient", "original-recipient", "x-actual-recipient"} {
		v := g[name]
		if _, after, ok := strings.Cut(v, ";"); ok {
			v = after
		}
		if a := addressIn(v); a != "" {
			return a
		}
	}
	return ""
}

var addressPattern = regexp.MustCompile(`[\p{L}\p{N}._%+'/=&~!#$*?^{|}-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?`)

// addressIn finds the first address in s.
func addressIn(s string) message.Address {
	for _, hit := range addressPattern.FindAllString(cutRunes(s, 4000), 4) {
		hit = strings.Trim(hit, "'.=/*|")
		if a, err := message.ParseAddress(hit); err == nil {
			return a
		}
	}
	return ""
}

var statusPattern = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.(?:\D|$)|$)`)

// statusCode reads the code of a Status field.
func statusCode(v string) string { return statusIn(" " + v) }

// statusIn finds an enhanced status code (RFC 3463) in free text.
func statusIn(s string) string {
	if m := statusPattern.FindStringSubmatch(cutRunes(s, 16000)); m != nil {
		return m[1]
	}
	return ""
}

// originalID is the Message-ID of the mail that bounced.
func (u *understanding) originalID(original *message.Part) message.MessageID {
	if original != nil {
		if len(original.Parts) > 0 {
			if ids := message.ParseMessageIDs(original.Parts[0].Header.Get("Message-ID")); len(ids) > 0 {
				return ids[0]
			}
		}
		if id := idIn(string(original.Body)); id != "" {
			return id
		}
	}
	text, _ := u.m.Text()
	if id := idIn(text); id != "" {
		return id
	}
	for _, name := range []string{"X-Original-Message-ID", "Original-Message-ID"} {
		if ids := message.ParseMessageIDs(u.m.Header.Get(name)); len(ids) > 0 {
			return ids[0]
		}
	}
	if ids := u.m.ThreadIDs(); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// headerOf is the header that a report gives back.
func headerOf(original *message.Part) *message.Message {
	switch {
	case original == nil:
		return nil
	case len(original.Parts) == 0:
		return message.ParseHeader(original.Body)
	}
	h := original.Parts[0].Header
	m := &message.Message{Header: h, InReplyTo: message.ParseMessageIDs(h.Get("In-Reply-To")), References: message.ParseMessageIDs(h.Get("References"))}
	if ids := message.ParseMessageIDs(h.Get("Message-ID")); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	return m
}

var idPattern = regexp.MustCompile(`(?im)^[ \t>|]*message-id:[ \t]*\n?[ \t]*(<[^<>\s]+>)`)

func idIn(s string) message.MessageID {
	if m := idPattern.FindStringSubmatch(cutRunes(s, 256<<10)); m != nil {
		if ids := message.ParseMessageIDs(m[1]); len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}
