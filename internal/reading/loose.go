package reading

import (
	"regexp"
	"strings"

	"askwell/internal/message"
)

var bounceSubjects = []string{
	"undeliverable", "undelivered mail", "undeliverd", "delivery status notification", "delivery failure", "delivery failed", "delivery has failed", "delivery report", "failure notice", "returned mail", "returned to sender", "mail delivery failed", "mail delivery failure", "mail delivery problem", "mail system error", "mail could not be delivered", "message could not be delivered", "could not send message", "could not be delivered",
	"delivery notification", "delivery delayed", "delayed mail", "delivery unsuccessful", "message delivery failure", "nondeliverable", "non delivery", "non-delivery", "undelivered", "unable to deliver", "not delivered", "warning: message", "warning: could not send", "address not found", "rejected:", "delivery incomplete", "message not delivered", "message undeliverable", "mail undeliverable",
	"unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "zustellungsfehler", "fehler bei der zustellung", "mailzustellung fehlgeschlagen", "non remis", "non distribuable", "echec de la remise", "echec de remise", "message non distribue", "no se puede entregar", "no entregado", "error de entrega", "devuelto", "non recapitabile", "mancato recapito", "impossibile recapitare", "onbestelbaar", "niet bezorgd", "nao entregue", "falha na entrega", "nao e possivel entregar",
	"kan inte levereras", "olevererbart", "kan ikke leveres", "ulevert", "ikke leveret", "nie mozna dostarczyc", "niedostarczalne", "nedorucitelne", "ei voida toimittaa", "не доставлено", "недоставленное", "не удается доставить", "无法送达", "未送达", "退信", "配信不能", "送信できません", "投递失败",
}

var bounceWords = []string{
	"could not be delivered to", "couldn't be delivered", "wasn't delivered to", "was not delivered to", "did not reach some or all", "did not reach the following", "delivery has failed to these", "delivery to the following recipient", "unable to deliver your message", "i'm afraid i wasn't able to deliver", "i wasn't able to deliver",
	"this is the qmail-send program", "had permanent fatal errors", "had transient non-fatal errors", "had delivery problems", "created automatically by mail delivery software", "the following address(es) failed", "undeliverable address", "addresses had permanent", "transcript of session follows", "this is the mail system at host", "delivery failed permanently", "failed to deliver to", "this is a permanent error",
	"we were unable to deliver", "unable to deliver the message", "message you sent could not be delivered", "message not delivered", "has not been delivered", "could not deliver", "not able to be delivered", "undeliverable to", "has been delayed", "delivery of your message", "recipient address rejected", "konnte nicht zugestellt werden", "nicht zugestellt werden", "fehler bei der nachrichtenzustellung", "n'a pas pu etre remis", "n'a pas ete remis", "no se pudo entregar", "no se ha podido entregar", "non e stato recapitato", "non e stato possibile recapitare",
	"kan niet worden bezorgd", "nao foi possivel entregar", "nao pode ser entregue", "returned message below", "the email you tried to reach", "email account that you tried to reach", "was not listed in", "not listed in", "rejected your message", "has rejected", "mailbox unavailable", "user unknown", "rejected due to",
}

var daemonNames = wordSet("mailer-daemon mailerdaemon postmaster mail-daemon maildaemon mail-daemon mdaemon bounce bounces mailer mdelivery smtp-daemon delivery-failure autoreply-bounce mail-delivery mail.delivery maildelivery mailsystem mail-system")

// fromDaemon reports a sender that is a mail system.
func (u *understanding) fromDaemon() bool {
	for _, p := range append(u.m.From[:len(u.m.From):len(u.m.From)], u.m.Sender...) {
		local := strings.ToLower(p.Address.Local())
		name := fold(p.Name)
		if daemonNames[local] || strings.HasPrefix(local, "microsoftexchange") || strings.HasPrefix(local, "mailer-daemon") || strings.HasPrefix(local, "postmaster") || strings.HasPrefix(local, "bounce-") || strings.HasPrefix(local, "bounce+") {
			return true
		}
		switch name {
		case "mail delivery system", "mail delivery subsystem", "mail delivery service", "mailer-daemon", "mail administrator", "system administrator", "systemadministrator", "postmaster", "mail delivery":
			return true
		}
	}
	from := strings.ToLower(u.m.Header.Get("From"))
	if len(u.m.From) == 0 && (from == "" || strings.Contains(from, "mailer-daemon") || strings.Contains(from, "postmaster") || strings.Contains(from, "<>")) {
		return true
	}
	return false
}

// looseBounce judges what does not follow RFC 3464 by its sender, its subject and
// its words: two of the three, and never a person's own mail.
func (u *understanding) looseBounce(original *message.Part) bool {
	subject := fold(u.m.Subject)
	text, _ := u.m.Text()
	text = cutRunes(text, 32<<10)
	low := strings.Join(strings.Fields(fold(cutRunes(text, 8<<10))), " ")
	failed := u.m.Header.Get("X-Failed-Recipients")
	daemon := u.fromDaemon()
	null := strings.TrimSpace(u.m.Header.Get("Return-Path")) == "<>"
	subjectSays := containsAny(subject, bounceSubjects) && !strings.HasPrefix(subject, "re:") && !strings.HasPrefix(subject, "fwd:") && !strings.HasPrefix(subject, "aw:")
	textSays := containsAny(low, bounceWords)
	reportType := u.m.Root != nil && strings.EqualFold(u.m.Root.Params["report-type"], "delivery-status")
	switch {
	case failed != "", reportType:
	case daemon && (subjectSays || textSays):
	case null && subjectSays && textSays:
	default:
		return false
	}
	late := containsAny(subject, []string{"delayed", "(delay)", "warning: message", "warning: could not send", "still being retried", "verzogert", "retarde", "delay notification", "delivery delay"}) ||
		containsAny(low, []string{"you do not need to resend", "will be retried", "will retry", "will continue to try", "will keep trying", "no action is required", "still trying to deliver", "delivery attempts will continue", "this is a warning message only", "has been delayed", "delay in delivery"}) && !containsAny(low, []string{"giving up", "permanent error", "permanently", "given up"})
	addresses := u.bouncedAddresses(text, failed, original)
	id := u.originalID(original)
	above := text
	if i := copyBelow(text); i > 0 {
		above = text[:i]
	}
	for _, a := range addresses {
		words := near(above, string(a))
		b := Bounce{Recipient: a, Status: statusIn(words), MessageID: id, Original: headerOf(original)}
		if b.Status == "" && len(addresses) == 1 {
			b.Status = statusIn(above)
		}
		b.Permanent = !late && permanent(b.Status, words, words)
		u.r.Bounces = append(u.r.Bounces, b)
	}
	if len(addresses) == 0 {
		b := Bounce{Status: statusIn(above), MessageID: id, Original: headerOf(original)}
		b.Permanent = !late && permanent(b.Status, above, above)
		u.r.Bounces = append(u.r.Bounces, b)
	}
	what := "a mail system's notice that a mail was not delivered"
	if late {
		what = "a mail system's notice that a mail is late"
	}
	return u.decide(KindBounce, what+because(u.r.Bounces[0]))
}

// copyBelow is where the copy of the old mail begins in a notice.
func copyBelow(text string) int {
	low := strings.ToLower(text)
	at := -1
	for _, mark := range []string{"below this line is a copy", "this is a copy of the message", "this is a copy of your message", "----- original message", "-----original message", "original message follows", "original message headers", "reporting-mta:", "message header follows", "returned message", "message headers follow", "unsent message below", "diagnostic information for administrators"} {
		if i := strings.Index(low, mark); i > 0 && (at < 0 || i < at) && mark != "diagnostic information for administrators" {
			at = i
		}
	}
	return at
}

// near is the text from an address to the next blank line but one: the reason a
// notice gives for it.
func near(text, address string) string {
	i := strings.Index(strings.ToLower(text), strings.ToLower(address))
	if i < 0 {
		return cutRunes(text, 4000)
	}
	start := max(0, i-400)
	end := min(len(text), i+1800)
	return strings.ToValidUTF8(text[start:end], "")
}

var bareLine = regexp.MustCompile(`(?m)^[ \t*>•-]*(?:[^\n@<>(]{0,60}[<(])?([^\s<>()@:;,"]+@[^\s<>()@:;,"]+\.[^\s<>()@:;,"]+?)[>)]?[ \t]*(?:on [^\n]{0,60})?:?[ \t]*(?:\n|$|:? )`)

// bouncedAddresses finds whom a notice is about: the header that says so, the
// addresses that stand alone on a line, the first named after "to", and last the
// recipient of the copy.
func (u *understanding) bouncedAddresses(text, failed string, original *message.Part) []message.Address {
	var out []message.Address
	add := func(s string) {
		a := addressIn(s)
		if a == "" || len(out) >= 50 || u.own(a) || daemonNames[strings.ToLower(a.Local())] {
			return
		}
		for _, o := range out {
			if o.Key() == a.Key() {
				return
			}
		}
		out = append(out, a)
	}
	for part := range strings.SplitSeq(cutRunes(failed, 4000), ",") {
		add(part)
	}
	if len(out) > 0 {
		return out
	}
	above := text
	if i := copyBelow(text); i > 0 {
		above = text[:i]
	}
	for _, hit := range bareLine.FindAllStringSubmatch(above, 20) {
		add(hit[1])
	}
	if len(out) > 0 {
		return out
	}
	if a := addressPattern.FindAllString(above, 8); a != nil {
		for _, s := range a {
			if add(s); len(out) > 0 {
				return out
			}
		}
	}
	if original != nil && len(original.Parts) > 0 {
		add(original.Parts[0].Header.Get("To"))
	} else if original != nil {
		if i := strings.Index(string(original.Body), "\nTo:"); i >= 0 {
			add(string(original.Body[i:min(len(original.Body), i+400)]))
		}
	}
	return out
}

func (u *understanding) recipientIn(text string, original *message.Part) message.Address {
	if list := u.bouncedAddresses(text, u.m.Header.Get("X-Failed-Recipients"), original); len(list) > 0 {
		return list[0]
	}
	return ""
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
