package reading

import (
	"strings"

	"askwell/internal/message"
)

// notice is what a mail system wrote about a mail, taken apart.
type notice struct {
	text   string         // what it says, without the copy
	whole  string         // with the copy
	fields dsnFields      // as RFC 3464 has them, wherever they stand
	copy   message.Header // of the mail that is reported on; may be empty
	own    map[message.Address]bool
}

const maxNotice = 64 << 10 // bytes of a notice that are read

// readNotice collects the texts of a message and parts them from the copy of the old mail.
func (u *understanding) readNotice(r reported) *notice {
	n := &notice{own: map[message.Address]bool{}}
	var texts, htmls []string
	size := 0
	u.m.Walk(func(p *message.Part) bool {
		if p == r.copy {
			return false
		}
		if len(p.Parts) > 0 || size > maxNotice {
			return p.MediaType != "message/rfc822"
		}
		switch {
		case p.MediaType == "text/html":
			htmls = append(htmls, message.HTMLText(cutRunes(string(p.Body), maxNotice*2)))
		case strings.HasPrefix(p.MediaType, "text/"):
			texts = append(texts, strings.ReplaceAll(cutRunes(string(p.Body), maxNotice), "\r\n", "\n"))
			size += len(p.Body)
		case strings.Contains(p.MediaType, "delivery-status"):
			n.fields = append(n.fields, parseFields(string(p.Body))...)
		}
		return true
	})
	if strings.TrimSpace(strings.Join(texts, "")) == "" {
		texts = htmls
	}
	n.whole = cutRunes(strings.Join(texts, "\n"), maxNotice)
	n.text = n.whole
	if at := copyStart(n.whole); at >= 0 {
		if n.text = n.whole[:at]; strings.TrimSpace(n.text) == "" {
			n.text = n.whole
		}
		n.copy = headerWithin(n.whole[at:])
	}
	if r.copy != nil {
		n.copy = copyHeader(r.copy)
	}
	for _, list := range [][]message.Person{u.m.To, u.m.From, message.ParsePeople(n.copy.Get("From")), message.ParsePeople(n.copy.Get("Return-Path"))} {
		for _, p := range list {
			n.own[p.Address.Key()] = true
		}
	}
	for _, a := range u.o.Owner {
		n.own[a.Key()] = true
	}
	return n
}

// copyHeader is the header of the mail that came back.
func copyHeader(p *message.Part) message.Header {
	if len(p.Parts) > 0 {
		return p.Parts[0].Header
	}
	return message.ParseHeader(p.Body[:min(len(p.Body), 256<<10)]).Header
}

// copyStart is where the copy of the old mail, or what was kept of it, begins in a notice; -1 if there is none.
func copyStart(text string) int {
	at, fields, technical, first := 0, 0, false, -1
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			fields, technical = 0, false
		case isCopyMark(trimmed):
			return at
		case isMailField(trimmed):
			if fields == 0 {
				first = at
			}
			fields++
			// A summary of whom, when and what is the notice's own.
			technical = technical || !strings.HasPrefix(line, " ") && isTechnical(trimmed)
			if fields >= 4 && technical {
				return first
			}
		case line[0] == ' ' || line[0] == '\t': // goes on, or is indented
		default:
			fields, technical = 0, false
		}
		at += len(line)
	}
	return -1
}

// isTechnical reports a field that nobody repeats in a notice for people.
func isTechnical(line string) bool {
	switch name, _, _ := strings.Cut(strings.ToLower(line), ":"); name {
	case "return-path", "received", "mime-version", "content-type", "dkim-signature", "user-agent", "x-mailer", "delivered-to", "received-spf", "references", "in-reply-to":
		return true
	}
	return false
}

// isMailField reports a line that begins the header of a mail and nothing that a notice says itself.
func isMailField(line string) bool {
	name, _, ok := strings.Cut(line, ":")
	if !ok || len(name) > 40 || name == "" || strings.ContainsAny(name, " \t") {
		return false
	}
	switch strings.ToLower(name) {
	case "return-path", "received", "from", "subject", "date", "message-id", "mime-version", "content-type", "dkim-signature", "content-transfer-encoding", "in-reply-to", "references", "user-agent", "delivered-to", "to", "cc", "reply-to", "sender", "authentication-results", "received-spf", "list-unsubscribe", "list-id", "thread-topic", "thread-index", "importance", "precedence":
		return true
	}
	return strings.HasPrefix(strings.ToLower(name), "x-") && strings.ToLower(name) != "x-failed-recipients" && !perRecipient(strings.ToLower(name)) || strings.HasPrefix(strings.ToLower(name), "arc-")
}

func isCopyMark(line string) bool {
	if len(line) > 160 {
		return false
	}
	const rule = "-=*_+#|~ "
	low := fold(line)
	bare := strings.Trim(low, rule+":.>")
	if len(bare) < 4 || strings.Contains(bare, " was ") {
		return false
	}
	ruled := strings.IndexByte(rule, low[0]) >= 0 || strings.HasSuffix(low, "--")
	return ruled && containsAny(bare, copyMarks) || len(bare) < 60 && startsAny(bare, copyMarks) != "" && (strings.HasSuffix(low, ":") || strings.Contains(bare, "follow"))
}

// headerWithin finds the header of a mail in text below a mark.
func headerWithin(text string) message.Header {
	at := 0
	for line := range strings.Lines(text) {
		if isMailField(strings.TrimSpace(line)) {
			body := text[at:min(len(text), at+maxNotice)]
			if line[0] == ' ' || line[0] == '\t' || line[0] == '>' || line[0] == '|' { // the whole copy is indented
				mark := line[:len(line)-len(strings.TrimLeft(line, " \t>|"))]
				body = strings.TrimPrefix(strings.ReplaceAll(body, "\n"+mark, "\n"), mark)
			}
			return message.ParseHeader([]byte(body)).Header
		}
		at += len(line)
	}
	return nil
}

// nullPath reports the empty envelope sender that reports have (RFC 5321 section 4.5.5).
func (u *understanding) nullPath() bool {
	v := strings.TrimSpace(u.m.Header.Get("Return-Path"))
	return v == "<>" || v == "<MAILER-DAEMON>" || strings.EqualFold(v, "mailer-daemon")
}

// fromDaemon reports a sender that is a mail system.
func (u *understanding) fromDaemon() bool {
	for _, p := range append(u.m.From[:len(u.m.From):len(u.m.From)], u.m.Sender...) {
		if isDaemon(p.Address) || daemonTitles[strings.Trim(fold(p.Name), "'\" ")] {
			return true
		}
	}
	if len(u.m.From) > 0 {
		return false
	}
	from := strings.ToLower(u.m.Header.Text("From"))
	return from == "" || strings.Contains(from, "daemon") || strings.Contains(from, "postmaster") || strings.Contains(from, "<>") || daemonTitles[strings.Trim(fold(from), "'\" <>")]
}

func isDaemon(a message.Address) bool {
	local := strings.ToLower(a.Local())
	if daemonNames[local] {
		return true
	}
	for _, begin := range []string{"microsoftexchange", "mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster", "bounce-", "bounce+", "bounces+", "bounces-", "mailbounce"} {
		if strings.HasPrefix(local, begin) {
			return true
		}
	}
	return strings.HasSuffix(local, "-daemon") || strings.HasSuffix(local, "mailer-daemon")
}

// notice judges what does not follow RFC 3464, by who sent it, its subject and its words, and never a person's own mail.
func (u *understanding) notice(r reported) bool {
	m := u.m
	subject := flatten(m.Subject)
	daemon, null := u.fromDaemon(), u.nullPath()
	failed := m.Header.Get("X-Failed-Recipients")
	report := r.kind == "delivery-status"
	if r.copy != nil && startsAny(subject, complaintSubjects) != "" {
		return u.decide(KindOther, "somebody's complaint about a mail")
	}
	says := containsAny(subject, bounceSubjects) && !answers(m.Subject)
	if !daemon && !null && !says && failed == "" && !report && !noReplyAddress(m) {
		if len(m.ThreadIDs()) > 0 || r.copy == nil {
			return false
		}
	}
	n := u.readNotice(r)
	flat := flatten(cutRunes(n.text, 12<<10))
	if why := complaint(subject, flat, r, daemon || null || noReplyAddress(m)); why != "" {
		return u.decide(KindOther, why)
	}
	opens := containsAny(cutRunes(flat, 700), bounceOpenings)
	tells := opens || containsAny(flat, bounceWords)
	copied := r.copy != nil || len(n.copy) > 2
	switch {
	case failed != "", report:
	case daemon && (says || tells), null && (opens || says && (tells || copied)), opens && (says || copied), says && tells && (copied || noReplyAddress(m)):
	default:
		return false
	}
	if len(n.fields) == 0 {
		n.fields = fieldsWithin(n.whole)
	}
	if found, good := n.fields.failures(); len(found) > 0 {
		return u.bounced(found, n, "a mail system's notice")
	} else if good > 0 {
		return u.decide(KindOther, "a mail system's notice that a mail arrived")
	}
	if arrived(subject, flat) {
		return u.decide(KindOther, "a mail system's notice that a mail arrived")
	}
	late := isLate(subject, flat)
	var list []failure
	for _, a := range n.recipients(u, failed, subject) {
		list = append(list, failure{recipient: a, late: late})
	}
	for i := range list {
		list[i].said = n.about(list[i].recipient, list)
	}
	if len(list) == 0 {
		list = []failure{{said: refusals(n.text), late: late}}
	}
	return u.bounced(list, n, "a mail system's notice")
}

// isLate tells a warning that a mail is late from the news that it failed.
func isLate(subject, flat string) bool {
	if containsAny(subject, list("failure|failed|undeliverable|returned mail: user")) && !containsAny(subject, list("delay|warning")) {
		return false
	}
	return containsAny(subject, lateSubjects) || containsAny(flat, lateWords) && !containsAny(flat, finalWords)
}

// arrived reports that nothing failed: a delivery receipt in words.
func arrived(subject, flat string) bool {
	return containsAny(subject, list("successful mail delivery|delivery status notification (success)|delivery status notification (relay|delivered:|relayed:|zugestellt:|ubermittelt:|remis :|entregado:|consegnato:|recapitato:|bezorgd:|entregue:|levererat:|leveret:|доставлено:|已送达|配信済み|delivery receipt|delivery confirmation")) ||
		containsAny(flat, list("was successfully delivered to|has been successfully delivered|your message has been delivered to the following|successfully relayed to"))
}

// complaint reports abuse reports and read receipts that do not follow their RFCs.
func complaint(subject, flat string, r reported, machine bool) string {
	switch {
	case machine && startsAny(subject, complaintSubjects) != "",
		(r.copy != nil || machine) && containsAny(cutRunes(flat, 400), list("this is an email abuse report|this is a spam complaint|abuse report for an email")):
		return "somebody's complaint about a mail"
	case machine && startsAny(subject, receiptSubjects) != "" && !containsAny(flat, list("could not be delivered|wasn't delivered")), containsAny(cutRunes(flat, 700), receiptWords) && (machine || startsAny(subject, receiptSubjects) != ""):
		return "a read receipt"
	}
	return ""
}
