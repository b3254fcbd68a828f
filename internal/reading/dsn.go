package reading

import (
	"regexp"
	"strings"

	"askwell/internal/message"
)

// failure is what a notice says of one recipient.
type failure struct {
	recipient message.Address
	status    string // as reported, or ""
	said      string // by the system that refused
	late      bool   // not failed yet
}

// dsnFields are the groups of fields of a delivery status (RFC 3464 section 2.1).
type dsnFields []map[string]string

// perRecipient names the fields that begin or belong to what is said of one recipient.
func perRecipient(name string) bool {
	switch name {
	case "final-recipient", "original-recipient", "action", "status", "diagnostic-code", "remote-mta", "last-attempt-date", "will-retry-until", "x-actual-recipient", "final-log-id":
		return true
	}
	return false
}

// parseFields parses fields in groups parted by empty lines. Some systems put empty lines between the fields of one
// recipient, and none between two; what begins a recipient is that one has been named before.
func parseFields(body string) dsnFields {
	var groups dsnFields
	var g map[string]string
	last, fresh := "", true
	n := 0
	for line := range strings.Lines(cutRunes(body, 256<<10)) {
		line = strings.TrimRight(line, "\r\n")
		if n++; n > 8000 || len(groups) > 300 {
			break
		}
		if strings.TrimSpace(line) == "" {
			fresh, last = true, ""
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && last != "" {
			if v := g[last]; len(v) < 8000 {
				g[last] = v + " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			continue
		}
		_, twice := g[name]
		switch {
		case g == nil, perRecipient(name) && twice && name != "diagnostic-code" && name != "remote-mta",
			fresh && (name == "final-recipient" && !onlyOriginal(g) || name == "original-recipient" && g["final-recipient"] != ""),
			fresh && !about(g) && perRecipient(name):
			g = map[string]string{}
			groups = append(groups, g)
			twice = false
		}
		fresh = false
		if twice && g[name] != "" {
			last = ""
			continue
		}
		g[name], last = strings.TrimSpace(value), name
	}
	return groups
}

// about tells whether a group says something about a recipient.
func about(g map[string]string) bool {
	for name := range g {
		if perRecipient(name) {
			return true
		}
	}
	return false
}

// onlyOriginal tells of a group that waits for its final recipient.
func onlyOriginal(g map[string]string) bool {
	_, final := g["final-recipient"]
	return !final && about(g)
}

// looksDSN tells whether text has the fields that make a delivery status, and nothing before them but fields.
var dsnLine = regexp.MustCompile(`(?im)^[ \t]*(?:final-recipient|original-recipient)[ \t]*:`)

var dsnAction = regexp.MustCompile(`(?im)^[ \t]*(?:action|status)[ \t]*:[ \t]*(?:failed|failure|delayed|delivered|relayed|expanded|[245]\.\d)`)

// fieldsWithin finds a delivery status that stands in text instead of in a part of its own.
func fieldsWithin(text string) dsnFields {
	at := dsnLine.FindStringIndex(text)
	if at == nil || !dsnAction.MatchString(text) {
		return nil
	}
	from := at[0]
	if i := strings.LastIndex(strings.ToLower(text[:from]), "reporting-mta"); i >= 0 && from-i < 2000 {
		from = i
	}
	// Action may come before the recipient.
	if i := dsnAction.FindStringIndex(text); i != nil && i[0] < from && from-i[0] < 400 {
		from = i[0]
	}
	return parseFields(text[from:])
}

// failures gives what a delivery status says went wrong, and how many recipients it says were reached.
func (g dsnFields) failures() (failed []failure, good int) {
	for _, f := range g {
		if !about(f) {
			continue
		}
		action, code := strings.ToLower(firstWord(f["action"])), statusIn(" "+f["status"])
		if f["final-recipient"] == "" && f["original-recipient"] == "" && f["x-actual-recipient"] == "" && action == "" && code == "" {
			continue
		}
		switch {
		case action == "delivered", action == "relayed", action == "expanded", action == "deliverable",
			action == "" && strings.HasPrefix(strings.TrimSpace(f["status"]), "2"):
			good++
			continue
		}
		x := failure{recipient: recipientField(f), status: code, said: diagnostic(f), late: strings.HasPrefix(action, "delay")}
		if i := sameRecipient(failed, x.recipient); i >= 0 && x.recipient != "" {
			if failed[i].said == "" {
				failed[i].said = x.said
			}
			continue
		}
		failed = append(failed, x)
		if len(failed) >= maxBounces {
			break
		}
	}
	return failed, good
}

// diagnostic is what the refusing system said, with what was written behind the status code.
func diagnostic(f map[string]string) string {
	_, comment, _ := strings.Cut(f["status"], " ")
	return strings.TrimSpace(f["diagnostic-code"] + " " + f["x-supplementary-info"] + " " + comment)
}

func sameRecipient(list []failure, a message.Address) int {
	for i := range list {
		if list[i].recipient.Key() == a.Key() {
			return i
		}
	}
	return -1
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, " \t(;"); i >= 0 {
		return s[:i]
	}
	return s
}

// recipientField reads "rfc822; jane@example.org" and its relatives. Final-Recipient is the one that failed; where it is
// no address (a local name, X.400), the one that the sender wrote to is.
func recipientField(g map[string]string) message.Address {
	for _, name := range []string{"final-recipient", "x-actual-recipient", "original-recipient"} {
		v := g[name]
		kind, after, ok := strings.Cut(v, ";")
		if ok {
			v = after
			if k := strings.ToLower(strings.TrimSpace(kind)); k == "utf-8" || strings.Contains(v, `\x{`) {
				v = unescapeUTF8(v)
			}
		}
		if strings.Contains(v, "+40") && !strings.Contains(v, "@") {
			v = strings.NewReplacer("+40", "@", "+2B", "+").Replace(v) // xtext of RFC 3461 that was left as it is
		}
		if a := addressIn(v); a != "" {
			return a
		}
	}
	return ""
}

var escapedRune = regexp.MustCompile(`\\x\{([0-9A-Fa-f]{2,6})\}`)

// unescapeUTF8 undoes utf-8-addr-xtext (RFC 6533 section 3).
func unescapeUTF8(s string) string {
	return escapedRune.ReplaceAllStringFunc(s, func(hit string) string {
		r := rune(0)
		for _, c := range strings.ToLower(hit[3 : len(hit)-1]) {
			r = r<<4 | rune(strings.IndexRune("0123456789abcdef", c))
		}
		if r < ' ' || r == '<' || r == '>' || r > 0x10ffff {
			return ""
		}
		return string(r)
	})
}

var addressPattern = regexp.MustCompile(`[\p{L}\p{N}._%+'/=&~!#$*?^{|}-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?`)

// addressIn finds the first address in s.
func addressIn(s string) message.Address {
	for _, hit := range addressPattern.FindAllString(cutRunes(s, 4000), 4) {
		if a := tidyAddress(hit); a != "" {
			return a
		}
	}
	return ""
}

// tidyAddress parses what looks like an address in text.
func tidyAddress(hit string) message.Address {
	hit = strings.Trim(hit, "'.=/*|!?#")
	if i := strings.LastIndexByte(hit, '='); i >= 0 && strings.EqualFold(hit[:i], "mailto") || i >= 0 && i < strings.IndexByte(hit, '@') && strings.Contains(hit[:i], "/") {
		hit = hit[i+1:] // of X.400, or of a label
	}
	a, err := message.ParseAddress(hit)
	if err != nil {
		return ""
	}
	return a
}
