package reading

import (
	"strings"

	"askwell/internal/message"
)

// Cut is a stretch of text that was left out, and why.
type Cut struct {
	Reason string // quote, attribution, header, signature, disclaimer, footer, banner
	Text   string
}

// Reasons to cut.
const (
	cutQuote       = "quote"
	cutAttribution = "attribution"
	cutHeader      = "original message"
	cutSignature   = "signature"
	cutDisclaimer  = "disclaimer"
	cutFooter      = "list footer"
	cutBanner      = "banner"
)

// maxText bounds the text that is looked at line by line.
const maxText = 1 << 20

// NewText returns what the writer of a plain text newly wrote, and what was cut
// away around it: quotes with their attribution, copies of earlier mails,
// signatures, disclaimers, list footers. Answers between quotes are kept, and so
// is forwarded text below a mark that says so.
func NewText(text string) (kept string, cut []Cut) { return newText(text, "", false) }

// NewTextOf does the same for a message. Of a message that has only HTML it also
// uses what mail programs mark there: signatures and the copy of the old mail. A
// subject that says "Fwd" makes an unmarked copy a forwarded text.
func NewTextOf(m *message.Message) (kept string, cut []Cut) {
	text, name := textToRead(m)
	return newText(text, name, forwards(m.Subject))
}

// textToRead is a message's text, and its writer's name, folded.
func textToRead(m *message.Message) (text, name string) {
	text, fromHTML := m.Text()
	if fromHTML {
		if marked, ok := markedText(m.HTML()); ok {
			text = marked
		}
	}
	if len(m.From) > 0 {
		name = fold(strings.TrimSpace(m.From[0].Name))
	}
	return text, name
}

// forwards reports a subject that begins as forwarded mail's do.
func forwards(subject string) bool {
	head, _, ok := strings.Cut(subject, ":")
	if !ok || len(head) > 8 {
		return false
	}
	switch fold(strings.TrimSpace(head)) {
	case "fwd", "fw", "wg", "tr", "rv", "i", "enc", "vs", "doorst", "vb", "pd", "vl", "rif", "fs", "转发", "轉寄":
		return true
	}
	return false
}

// page is a text by lines with what was decided about each.
type page struct {
	lines []string
	why   []string // "" keeps the line
	name  string   // the writer's, folded
	fwd   bool     // the subject says that it is forwarded
}

func newText(text, name string, fwd bool) (string, []Cut) {
	if len(text) > maxText {
		text = cutRunes(text, maxText)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p := &page{lines: strings.Split(text, "\n"), name: name, fwd: fwd}
	p.why = make([]string, len(p.lines))
	forwarded := p.quotes()
	p.banner()
	p.tails(forwarded)
	return p.result()
}

// quotes marks quotes and copies of earlier mail. It returns the line at which
// forwarded text begins, or the number of lines.
func (p *page) quotes() int {
	n := len(p.lines)
	for i := 0; i < n; {
		line := strings.TrimSpace(p.lines[i])
		switch {
		case line == "":
			i++
			continue
		case isQuoted(line):
			p.why[i] = cutQuote
			i++
			continue
		case isForwardMark(line):
			return i
		case isOriginalMark(line):
			if p.fwd {
				return i
			}
			p.cut(i, n, cutHeader)
			return n
		}
		if k := p.headerBlock(i); k > 0 {
			if p.fwd {
				return i
			}
			if j := i - 1; j >= 0 && isRule(strings.TrimSpace(p.lines[j])) {
				p.why[j] = cutHeader
			}
			p.cut(i, n, cutHeader)
			return n
		}
		if k := p.attribution(i); k > 0 {
			p.cut(i, i+k, cutAttribution)
			next := p.nextText(i + k)
			if next < n && isQuoted(strings.TrimSpace(p.lines[next])) {
				i = next
				continue
			}
			p.cut(i+k, n, cutQuote)
			return n
		}
		if isSigMark(p.lines[i]) && p.shortTail(i) {
			j := i
			for j < n && !p.startsQuote(j) {
				p.why[j] = cutSignature
				j++
			}
			i = max(j, i+1)
			continue
		}
		i++
	}
	return n
}

// cut marks lines from up to to, those not marked yet.
func (p *page) cut(from, to int, why string) {
	for i := from; i < to && i < len(p.lines); i++ {
		if p.why[i] == "" {
			p.why[i] = why
		}
	}
}

func (p *page) nextText(i int) int {
	for i < len(p.lines) && strings.TrimSpace(p.lines[i]) == "" {
		i++
	}
	return i
}

// startsQuote reports that at line i something earlier begins.
func (p *page) startsQuote(i int) bool {
	line := strings.TrimSpace(p.lines[i])
	return isQuoted(line) || isOriginalMark(line) || isForwardMark(line) || line != "" && (p.attribution(i) > 0 || p.headerBlock(i) > 0)
}

// isQuoted reports a line that begins with a mark of quotation.
func isQuoted(line string) bool {
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "|>") || strings.HasPrefix(line, "＞")
}

// isRule reports a line of underscores, dashes or the like.
func isRule(line string) bool {
	return len(line) >= 8 && strings.Trim(line, "_-=*~ ") == ""
}

// isSigMark reports the line that parts a signature (RFC 3676, 4.3), also where
// its space was lost.
func isSigMark(line string) bool {
	line = strings.TrimRight(line, "\r")
	return line == "-- " || line == "--" || line == "-- \u00a0" || line == "--\u00a0" || line == "---" || line == "__" || line == "—"
}

// shortTail reports that what follows a signature mark is short enough to be a
// signature: somebody may also part paragraphs with two dashes.
func (p *page) shortTail(i int) bool {
	if strings.TrimRight(p.lines[i], "\r") == "-- " {
		return true
	}
	text := 0
	for j := i + 1; j < len(p.lines) && text <= 14; j++ {
		if p.startsQuote(j) {
			break
		}
		line := strings.TrimSpace(p.lines[j])
		if line != "" {
			text++
		}
		if len(line) > 90 || strings.HasSuffix(line, "?") {
			return false // sentences
		}
	}
	return text <= 14
}

// result puts the kept lines together, and the cut ones by their reasons.
func (p *page) result() (string, []Cut) {
	var kept strings.Builder
	var cut []Cut
	blank := 0
	for i := 0; i < len(p.lines); {
		if p.why[i] == "" {
			line := strings.TrimRight(p.lines[i], " \t\r\u00a0")
			if line == "" {
				blank++
			} else {
				if kept.Len() > 0 {
					kept.WriteString(strings.Repeat("\n", min(blank, 1)+1))
				}
				blank = 0
				kept.WriteString(line)
			}
			i++
			continue
		}
		j := i
		for j < len(p.lines) && (p.why[j] == p.why[i]) {
			j++
		}
		if text := strings.TrimSpace(strings.Join(p.lines[i:j], "\n")); text != "" {
			cut = append(cut, Cut{p.why[i], text})
		}
		blank++
		i = j
	}
	return strings.TrimSpace(kept.String()), cut
}
