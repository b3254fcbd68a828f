package reading

import (
	"slices"
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
	cutForwarded   = "forwarded"
)

// maxText bounds the text that is looked at line by line.
const maxText = 1 << 20

// NewText returns what the writer of a plain text newly wrote, and what was cut
// away around it: quotes with their attribution, copies of earlier mails,
// signatures, disclaimers, list footers, a mail passed on below words of their own.
// Answers between quotes are kept, and so is a mail passed on without a word, for
// there is nothing else to read. The words that end a letter and the
// name below them are the writer's own ("Best, Jane"); the business card under
// them, and what stands below "-- ", is not.
func NewText(text string) (kept string, cut []Cut) { return newText(text, "", false) }

// NewTextOf does the same for a message. Of HTML it also uses what mail programs
// mark there: signatures and the copy of the old mail. A subject that says "Fwd"
// makes an unmarked copy a forwarded text.
func NewTextOf(m *message.Message) (kept string, cut []Cut) {
	name := writerName(m)
	fwd := forwards(m.Subject)
	text, fromHTML := m.Text()
	if fromHTML && !fwd {
		if marked, ok := markedText(m.HTML()); ok {
			if kept, cut = newText(marked, name, fwd); kept != "" {
				return kept, cut
			}
		}
	}
	kept, cut = newText(text, name, fwd)
	if !fromHTML && !fwd && kept != "" {
		return trimmed(kept, cut, m.HTML(), name)
	}
	return kept, cut
}

// writerName is the name of who wrote the message, folded.
func writerName(m *message.Message) string {
	if len(m.From) == 0 {
		return ""
	}
	return fold(strings.TrimSpace(m.From[0].Name))
}

// forwards reports a subject that begins as forwarded mail's do.
func forwards(subject string) bool {
	head, _, ok := strings.Cut(strings.Replace(subject, "：", ":", 1), ":")
	if !ok || len(head) > 12 {
		return false
	}
	switch fold(strings.TrimSpace(head)) {
	case "fwd", "fw", "wg", "tr", "rv", "i", "enc", "vs", "doorst", "vb", "pd", "vl", "rif", "fs", "转发", "轉寄", "転送", "ilt", "yon", "továbbítás", "tovabbitas", "προω", "πρθ", "hl", "trs", "fo", "전달":
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
	mark  byte     // of quotation beside ">", where an attribution announced it
}

func newText(text, name string, fwd bool) (string, []Cut) {
	if len(text) > maxText {
		text = cutRunes(text, maxText)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p := &page{lines: splitAttributions(strings.Split(text, "\n")), name: name, fwd: fwd}
	p.why = make([]string, len(p.lines))
	p.armour()
	images := p.takeImages()
	forwarded := p.quotes()
	p.banner()
	p.tails(forwarded)
	if p.keeps(forwarded) {
		p.cut(forwarded, len(p.lines), cutForwarded)
	}
	for i, line := range images {
		p.lines[i] = line
		p.cut(i, i+1, cutSignature)
	}
	return p.result()
}

// keeps reports that any text above line end is kept.
func (p *page) keeps(end int) bool {
	for i := range end {
		if p.why[i] == "" && strings.TrimSpace(p.lines[i]) != "" {
			return true
		}
	}
	return false
}

// quotes marks quotes and copies of earlier mail. It returns the line at which
// forwarded text begins, or the number of lines.
func (p *page) quotes() int {
	n := len(p.lines)
	for i := 0; i < n; {
		line := strings.TrimSpace(p.lines[i])
		switch {
		case line == "" || p.why[i] != "":
			i++
			continue
		case isForwardMark(line) && (!isQuoted(line) || !p.quotedAbove(i)):
			return i
		case isOriginalMark(line) || p.headerBlock(i) > 0:
			if p.fwd {
				return i
			}
			start := p.ruleAbove(p.senderAbove(i))
			if next := p.belowHeader(i); next < n && (isQuoted(strings.TrimSpace(p.lines[next])) || p.attribution(next) > 0) {
				p.cut(start, next, cutHeader) // what is quoted is marked
				i = next
				continue
			}
			p.cut(start, n, cutHeader)
			return n
		case p.quoted(line):
			p.cut(p.ruleAbove(i), i+1, cutQuote)
			if p.wrapped(i) {
				p.why[i+1] = cutQuote
				i++
			}
			i++
			continue
		}
		if k := p.attribution(i); k > 0 {
			p.cut(p.ruleAbove(i), i+k, cutAttribution)
			next := p.nextText(i + k)
			p.mark = p.announced(next)
			if next < n && p.quoted(strings.TrimSpace(p.lines[next])) {
				i = next
				continue
			}
			p.cut(i+k, n, cutQuote)
			return n
		}
		if isSigMark(p.lines[i]) && p.shortTail(i) {
			j := i
			for j < n && !p.startsQuote(j) {
				if p.why[j] == "" {
					p.why[j] = cutSignature
				}
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

// ruleAbove is the line of a rule above line i that parts the copy from the new
// text, or i.
func (p *page) ruleAbove(i int) int {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		line := strings.TrimSpace(p.lines[j])
		if isRule(line) || len(line) >= 3 && strings.Trim(line, "-_=*~") == "" {
			return j
		}
		if line != "" {
			break
		}
	}
	return i
}

// belowHeader is the first line of text below the mark and the header fields at i.
func (p *page) belowHeader(i int) int {
	next := i
	if isOriginalMark(strings.TrimSpace(p.lines[i])) {
		next = p.nextText(i + 1)
	}
	if next < len(p.lines) {
		next = p.nextText(next + p.headerBlock(next))
	}
	return next
}

// quotedAbove reports a quote above line i.
func (p *page) quotedAbove(i int) bool {
	return slices.Contains(p.why[:i], cutQuote) || slices.Contains(p.why[:i], cutAttribution)
}

// startsQuote reports that at line i something earlier begins.
func (p *page) startsQuote(i int) bool {
	line := strings.TrimSpace(p.lines[i])
	return line != "" && (p.quoted(line) || isOriginalMark(line) || isForwardMark(line) || p.attribution(i) > 0 || p.headerBlock(i) > 0)
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
