package engine

import (
	"regexp"
	"strings"

	"askwell/internal/message"
)

// outcome is an owner's report, taken apart.
type outcome struct {
	notes, advice, thanks string
	people                []message.Person
}

// label is the start of a line that says what it is: the lines of the outcome prompt, however shortened.
var label = regexp.MustCompile(`(?i)^\s*(?:(what stayed with me|i learned|learned|notes?)|((?:their )?advice[^:]{0,20})|` +
	`((?:whom they (?:named|recommend)|recommends?|named|referrals?)[^:]{0,30})|((?:what i )?thanks?(?: them)?(?: for)?))\s*:\s*`)

// named is somebody with an address: "Dana Fox <dana@example.org>" or "Dana Fox, dana@example.org".
var named = regexp.MustCompile(`([\p{Lu}][\p{L}'’.-]*(?: [\p{Lu}][\p{L}'’.-]*){0,3})?[\s,(<:]*([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)`)

// readOutcome takes free text or the four filled lines. People named with an address are found anywhere.
func readOutcome(text string) outcome {
	var o outcome
	into := &o.notes
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := label.FindStringSubmatch(line); m != nil {
			switch {
			case m[2] != "":
				into = &o.advice
			case m[4] != "":
				into = &o.thanks
			default:
				into = &o.notes
			}
			line = line[len(m[0]):]
		}
		*into += line + "\n"
	}
	o.notes, o.advice, o.thanks = strings.TrimSpace(o.notes), strings.TrimSpace(o.advice), strings.TrimSpace(o.thanks)
	for _, m := range named.FindAllStringSubmatch(text, 20) {
		addr, err := message.ParseAddress(strings.TrimRight(m[2], ".-"))
		if err != nil || m[1] == "" {
			continue
		}
		o.people = append(o.people, message.Person{Name: m[1], Address: addr})
	}
	return o
}

// besideForm is what the owner wrote apart from the filled lines.
func besideForm(kept, form string) string {
	filled := map[string]bool{}
	for line := range strings.Lines(form) {
		line = strings.TrimSpace(line)
		filled[line] = true
		if m := label.FindString(line); m != "" {
			filled[strings.TrimSpace(line[len(m):])] = true
		}
	}
	var b strings.Builder
	for line := range strings.Lines(kept) {
		bare := strings.TrimSpace(line)
		if strings.HasPrefix(bare, ">") || bare != "" && (filled[bare] || label.MatchString(bare)) {
			continue
		}
		b.WriteString(strings.TrimRight(line, "\r\n") + "\n")
	}
	return b.String()
}

// filledForm finds what the owner wrote below the lines of the outcome prompt, wherever the mail program put its quote
// marks. It returns labelled text for readOutcome; "" where no line was filled.
func filledForm(text string) string {
	var b strings.Builder
	current, filled := "", false
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(strings.TrimLeft(line, "> \t"))
		quoted := strings.HasPrefix(strings.TrimSpace(line), ">")
		if m := label.FindString(bare); m != "" {
			current = m
			if rest := strings.TrimSpace(bare[len(m):]); rest != "" && !quoted {
				b.WriteString(current + rest + "\n")
				filled, current = true, "\x00"
			}
			continue
		}
		switch {
		case strings.EqualFold(bare, "or just write"):
			current = "" // behind the form there are only lines of ours
		case bare == "" || quoted:
		case current == "\x00":
			b.WriteString(bare + "\n")
		case current != "":
			b.WriteString(current + " " + bare + "\n")
			filled, current = true, "\x00"
		}
	}
	if !filled {
		return ""
	}
	return b.String()
}
