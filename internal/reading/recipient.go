package reading

import (
	"strings"

	"askwell/internal/message"
)

// mention is an address in a notice.
type mention struct {
	address message.Address
	line    int
	weight  int // how surely it is the one that failed
}

const (
	weightNone   = iota
	weightFaint  // it stands somewhere
	weightCopied // it is in a list of whom the mail went to
	weightTold   // a sentence says that it was not reached
	weightAlone  // it begins its line, is labelled as the recipient, or was refused in a transcript
)

// recipients finds whom a notice without fields is about: whom a header names, whom its text does, the subject, and last
// the recipient of the copy.
func (n *notice) recipients(u *understanding, failed, subject string) []message.Address {
	var out []message.Address
	add := func(a message.Address) {
		if a == "" || len(out) >= maxBounces || isDaemon(a) {
			return
		}
		for _, o := range out {
			if o.Key() == a.Key() {
				return
			}
		}
		out = append(out, a)
	}
	for part := range strings.SplitSeq(cutRunes(failed, 8000), ",") {
		add(addressIn(part))
	}
	if len(out) > 0 {
		return out
	}
	mentions := n.mentions(false)
	best := weightNone
	for _, m := range mentions {
		best = max(best, m.weight)
	}
	if best >= weightCopied {
		for _, m := range mentions {
			if m.weight == best {
				add(m.address)
			}
		}
		return out
	}
	for _, hit := range addressPattern.FindAllString(u.m.Subject, 4) {
		if a := tidyAddress(hit); a != "" && !n.own[a.Key()] {
			add(a)
		}
	}
	if len(out) > 0 {
		return out
	}
	if a := n.copyRecipient(); a != "" {
		return []message.Address{a}
	}
	for _, m := range append(mentions, n.mentions(true)...) {
		if m.weight == weightFaint || m.weight == weightAlone {
			return []message.Address{m.address}
		}
	}
	return nil
}

// copyRecipient is whom the mail that came back was for.
func (n *notice) copyRecipient() message.Address {
	for _, name := range []string{"X-Failed-Recipients", "Delivered-To", "X-Envelope-To", "Envelope-To", "X-Original-To", "To", "Cc"} {
		for _, p := range message.ParsePeople(cutRunes(n.copy.Get(name), 4000)) {
			if !isDaemon(p.Address) && (!n.own[p.Address.Key()] || name == "To") {
				return p.Address
			}
		}
	}
	return ""
}

// recipientLike finds the address of a recipient whom the fields give no address of.
func (n *notice) recipientLike(u *understanding, failed []failure) message.Address {
	for _, a := range n.recipients(u, u.m.Header.Get("X-Failed-Recipients"), "") {
		if sameRecipient(failed, a) < 0 {
			return a
		}
	}
	return ""
}

// mentions weighs each address in the text of a notice. The sender's own count only if own is set: somebody wrote to
// themselves.
func (n *notice) mentions(own bool) []mention {
	var out []mention
	lines := strings.Split(n.text, "\n")
	before := "" // the last line that was not empty
	for i, line := range lines {
		if i > 1500 || len(out) > 2*maxBounces {
			break
		}
		line = cutRunes(line, 1000)
		if strings.TrimSpace(line) == "" {
			continue
		}
		for k, hit := range addressPattern.FindAllStringIndex(line, 20) {
			a := tidyAddress(line[hit[0]:hit[1]])
			if a == "" || n.own[a.Key()] != own || isDaemon(a) {
				continue
			}
			out = append(out, mention{a, i, weigh(fold(line[:hit[0]]), fold(line[hit[1]:]), fold(before), k)})
		}
		before = line
	}
	return out
}

// weigh judges an address by what stands before and behind it in its line, and in the line above.
func weigh(head, tail, above string, nth int) int {
	label := strings.TrimSpace(strings.TrimRight(head, " \t<([{\"'*•·"))
	label = strings.TrimSpace(strings.TrimLeft(label, " \t>*•·-–—|\"'<([{#."))
	for _, scheme := range []string{"smtp:", "mailto:", "rfc822;", "rfc822:", "x400;"} {
		label = strings.TrimSpace(strings.Trim(strings.TrimSuffix(label, scheme), "[(<"))
	}
	bare := strings.TrimSpace(strings.TrimRight(label, ":=;"))
	words := strings.Fields(bare)
	last := ""
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	switch {
	case containsAny(above+" "+label, contactWords) && label != "", label == "" && containsAny(above, contactWords):
		return weightNone
	case strings.Contains(head, "message-id") || strings.Contains(head, "://"):
		return weightNone
	case label == "" && nth == 0:
		if strings.HasPrefix(strings.TrimLeft(tail, " \t>)]"), "wrote") {
			return weightNone
		}
		return weightAlone
	case senderLabels[bare], containsAny(label, list("generated from|expanded from|forwarded from|on behalf of|mail from|sender|return path|message from|sent from|sent by|envelope from")):
		return weightNone
	case strings.HasSuffix(label, ":") && (recipientLabels[bare] || recipientLabels[last]), strings.HasSuffix(bare, "rcpt to"), strings.HasSuffix(bare, "->"):
		if bare == "to" || bare == "cc" {
			return weightCopied
		}
		return weightAlone
	case replyLine(bare):
		return weightAlone
	case toWords[last]:
		if containsAny(head+" "+tail+" "+above, failWords) {
			return weightTold
		}
		return weightFaint
	case label == "" && nth > 0, strings.HasSuffix(head, ", ") && nth > 0:
		return weightCopied
	case containsAny(tail, failWords) && nth == 0, strings.HasSuffix(head, "(") && len(words) < 6:
		return weightTold // Jane Doe (jane@example.com)
	case strings.HasSuffix(head, "<") && len(words) > 0 && len(words) < 5 && nth == 0:
		return weightAlone // Jane Doe <jane@example.com>
	}
	return weightFaint
}

// replyLine tells of what stands before an address that it is a refusal by SMTP: "550 5.1.1".
func replyLine(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 2 {
		return false
	}
	code := words[0]
	if c, rest, ok := strings.Cut(code, "-"); ok && len(words) == 1 { // 550-5.1.1
		code, words = c, []string{c, rest}
	}
	return len(code) == 3 && replyCode(code+" ") == code && (len(words) == 1 || statusIn(" "+words[1]) != "")
}

// about is what a notice says of one recipient: the lines that name it, and those below up to the next one.
func (n *notice) about(a message.Address, all []failure) string {
	key := strings.ToLower(string(a))
	others := map[string]bool{}
	for _, f := range all {
		if k := strings.ToLower(string(f.recipient)); k != key && k != "" {
			others[k] = true
		}
	}
	if len(others) == 0 {
		return refusals(cutRunes(n.text, 16<<10))
	}
	var said strings.Builder
	within, waiting := false, false
	for line := range strings.Lines(n.text) {
		low := strings.ToLower(line)
		here := key != "" && strings.Contains(low, key)
		other := false
		if !here && strings.Contains(low, "@") {
			for _, hit := range addressPattern.FindAllString(low, 8) {
				other = other || others[hit]
			}
		}
		switch {
		case here:
			within, waiting = true, true
		case other && waiting: // a list of addresses, with one reason for all of them below
		case other, strings.TrimSpace(line) == "" && !waiting, strings.HasPrefix(line, "... while talking to"):
			within = false
		}
		if !within || said.Len() > 4000 {
			continue
		}
		if other {
			continue
		}
		said.WriteString(line)
		if rest := strings.Trim(strings.Replace(low, key, "", 1), " \t\r\n<>:;,*-\"'"); rest != "" {
			waiting = false
		}
	}
	if text := refusals(said.String()); causeOf(flatten(text), true) != causeUnknown || statusIn(text) != "" {
		return text
	}
	return refusals(cutRunes(n.text, 16<<10))
}

// refusals drops from a text the lines of an SMTP transcript in which nothing was refused.
func refusals(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		bare := strings.TrimLeft(line, " \t")
		reply := strings.TrimLeft(bare, "<-> \t")
		switch {
		case strings.HasPrefix(bare, ">>>"), strings.HasPrefix(bare, "-->"), strings.HasPrefix(bare, "->"):
			continue
		case len(reply) > 3 && (reply[0] == '2' || reply[0] == '3') && isDigits(reply[1:3]) && (reply[3] == ' ' || reply[3] == '-') && len(bare)-len(reply) > 0:
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
