package render

import (
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"
)

// Lines of the text part stay under this many columns, so that a quote mark and a wrap at 72 leave them whole.
const columns = 66

// textFuncs are the functions of the text form of the owner's mails.
func textFuncs() template.FuncMap {
	return template.FuncMap{
		"wrap": wrap, "number": number, "heading": heading, "bar": quoteBar, "replies": typed, "more": more, "progress": progressText,
	}
}

const nbsp = "\u00a0"

// glue joins the words of s so that no mail program breaks the line between them.
func glue(s string) string { return strings.Join(strings.Fields(s), nbsp) }

// unglue gives short lines plain spaces: no mail program wraps them again when it quotes them, and what people and
// programs read off them has no odd characters.
func unglue(text string) string {
	var b strings.Builder
	for l := range strings.SplitAfterSeq(text, "\n") {
		if utf8.RuneCountInString(l) <= columns {
			l = strings.ReplaceAll(l, nbsp, " ")
		}
		b.WriteString(l)
	}
	return b.String()
}

// wrap breaks s into lines, the first behind first, the others behind rest. A word that a command may begin with
// stays with the one before it, so that no line begins there.
func wrap(first, rest, s string) string {
	var b strings.Builder
	words := strings.Fields(s)
	if len(words) == 0 {
		return strings.TrimRight(first, " ")
	}
	marked := strings.TrimSpace(rest) != "" // a mark stands before each line: any word may come first
	b.WriteString(first)
	col := utf8.RuneCountInString(first)
	for i := 0; i < len(words); {
		var token strings.Builder
		token.WriteString(words[i])
		j := i + 1
		for ; j < len(words) && !marked && risky(words, j); j++ {
			token.WriteString(nbsp + words[j])
		}
		width := utf8.RuneCountInString(token.String())
		switch {
		case i == 0:
		case col+1+width > columns:
			b.WriteString("\n" + rest)
			col = utf8.RuneCountInString(rest)
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(token.String())
		col += width
		i = j
	}
	return b.String()
}

// number is the margin of an item: its number, or a dot.
func number(n int) string {
	if n > 0 {
		return fmt.Sprintf("%3s  ", strconv.Itoa(n))
	}
	return "  ·  "
}

// heading is a title with its hint behind it, on one line wherever it is quoted.
func heading(title, hint string) string {
	if hint != "" {
		title += " (" + hint + ")"
	}
	return glue(title)
}

// quoteBar sets the words of a mail behind bars.
func quoteBar(s string) string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		if l == "" {
			out = append(out, "     |")
			continue
		}
		out = append(out, wrap("     | ", "     | ", l))
	}
	return strings.Join(out, "\n")
}

// typed lists what may be answered, as it is typed: as many to a line as fit, none broken.
func typed(rs []replyView) string {
	const lead = "     reply:"
	var b strings.Builder
	col := 0
	for _, r := range rs {
		if r.Text == "" {
			continue
		}
		text := glue(r.Text)
		width := utf8.RuneCountInString(text)
		switch {
		case col == 0:
			b.WriteString(lead + nbsp + text)
			col = len(lead) + 1 + width
		case col+3+width > columns:
			b.WriteString("\n" + lead + nbsp + text)
			col = len(lead) + 1 + width
		default:
			b.WriteString(" |" + nbsp + text)
			col += 3 + width
		}
	}
	return b.String()
}

// more counts what was left out.
func more(n int) string { return glue(fmt.Sprintf("and %d more", n)) + " " + glue("(reply: list)") }

// progressText is the picture of how it goes, in a few lines.
func progressText(p *progressView) string {
	var b strings.Builder
	switch {
	case p.Goal > 0:
		b.WriteString("  " + glue(fmt.Sprintf("this week %d of %d talks", p.Week, p.Goal)))
		if len(p.Boxes) > 0 {
			b.WriteString(nbsp + nbsp + strings.Repeat("■", min(p.Week, p.Goal)) + strings.Repeat("□", max(p.Goal-p.Week, 0)))
		}
	default:
		b.WriteString("  " + glue(fmt.Sprintf("this week %d", p.Week)))
	}
	b.WriteString("\n  " + strings.ReplaceAll(fmt.Sprintf("so far  asked %d   answered %d   met %d", p.Asked, p.Answered, p.Met), " ", nbsp))
	var stages []string
	for _, s := range p.Bars {
		stages = append(stages, glue(fmt.Sprintf("%s %d", s.Label, s.N)))
	}
	if len(stages) > 0 {
		b.WriteString("\n" + wrapTokens("  now  ", "    ", stages, " ·"+nbsp))
	}
	for _, c := range p.Chain {
		b.WriteString("\n" + wrap("  ", "    ", c))
	}
	return b.String()
}

// wrapTokens sets unbreakable tokens in lines; sep begins with the only place where a line may break.
func wrapTokens(first, rest string, tokens []string, sep string) string {
	out, col := first, utf8.RuneCountInString(first)
	for i, t := range tokens {
		width := utf8.RuneCountInString(t)
		switch {
		case i == 0:
		case col+len(sep)+width > columns:
			out += "\n" + rest + strings.TrimSpace(sep) + nbsp
			col = len(rest) + 2
		default:
			out += sep
			col += utf8.RuneCountInString(sep)
		}
		out += t
		col += width
	}
	return out
}
