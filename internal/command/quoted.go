package command

import (
	"regexp"
	"strconv"
	"strings"
)

// kind is what a line of a mail turned out to be.
type kind uint8

const (
	kindNew     kind = iota // written by the owner
	kindQuoted              // quoted; it says nothing about which item it belongs to
	kindItem                // the first line of a numbered item of our mail
	kindHeading             // a line of our mail outside the items
)

// mark is the kind of a line, and the number of the item for kindItem.
type mark struct {
	kind kind
	item int
}

// quotation recognises the text of our mail in what a mail program made of it.
type quotation struct {
	whole  map[string]mark // by the line's words
	items  []string        // the words of the first lines of items
	joined [2]string       // all words in order, without and with the bars that stand before the words of a mail
	said   [2]string       // the same without what it proposes to reply, which is there to be typed
}

// minWords is the least length of a piece of our mail that is recognised by itself.
const minWords = 4

// maxQuoted bounds what is compared of our own mail.
const maxQuoted = 256 << 10

// itemNumber begins an item of ours: "1  Jane Doe …" in a digest, "» 1: The ask …" in a receipt.
var itemNumber = regexp.MustCompile(`^(?:(\d{1,4})\.?|» *(\d{1,4}):) +\S`)

// itemOf returns the number with which a line of ours begins an item, 0 if with none.
func itemOf(line string) int {
	m := itemNumber.FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1] + m[2])
	return n
}

func newQuotation(text string) *quotation {
	if text == "" {
		return nil
	}
	if len(text) > maxQuoted {
		text = text[:maxQuoted]
	}
	q := &quotation{whole: map[string]mark{}}
	var plain, bars, saidPlain, saidBars strings.Builder
	for _, b := range []*strings.Builder{&plain, &bars, &saidPlain, &saidBars} {
		b.WriteByte(' ')
	}
	for line := range lineSeq(text) {
		words := plainWords(line)
		if words == "" {
			if t := strings.Join(strings.Fields(line), " "); t != "" {
				q.whole[t] = mark{kind: kindQuoted}
			}
			continue
		}
		m := mark{kind: kindQuoted}
		plain.WriteString(words + " ")
		bars.WriteString(barWords(line) + " ")
		if proposes(line) {
			saidPlain.WriteString("\x00 ")
			saidBars.WriteString("\x00 ")
		} else {
			saidPlain.WriteString(words + " ")
			saidBars.WriteString(barWords(line) + " ")
		}
		if n := itemOf(strings.TrimSpace(line)); n > 0 {
			m = mark{kindItem, n}
			q.items = append(q.items, words)
		} else if line[0] != ' ' && line[0] != '\t' {
			m = mark{kind: kindHeading}
		}
		if _, seen := q.whole[words]; !seen {
			q.whole[words] = m
		}
	}
	q.joined = [2]string{plain.String(), bars.String()}
	q.said = [2]string{saidPlain.String(), saidBars.String()}
	return q
}

var quoteMarks = regexp.MustCompile(`^(?:[>|\s]|[-*•·–—+](?:\s|$))+`)

// plainWords is a line as it is compared: in lower case, single spaces, without quote marks, bars and list marks.
func plainWords(line string) string {
	return barWords(quoteMarks.ReplaceAllString(clean(line), ""))
}

// barWords is the same with the bars left where they stand.
func barWords(line string) string {
	line = strings.TrimLeft(clean(line), "> ")
	line = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "…", "...").Replace(line)
	return strings.Join(strings.Fields(strings.ToLower(line)), " ")
}

// proposes tells whether a line is one of ours that proposes replies; nobody writes so.
func proposes(line string) bool { return strings.HasPrefix(plainWords(line), "reply: ") }

// marks says for each line whether it is quoted. Neighbouring lines are put together again before they are compared, so
// that a line of ours which was wrapped is found whole, with an end of two words too.
func (q *quotation) marks(lines []string) []mark {
	out := make([]mark, len(lines))
	for i := 0; i < len(lines); i++ {
		if t := strings.TrimSpace(lines[i]); strings.HasPrefix(t, ">") || strings.HasPrefix(t, "| ") || proposes(t) {
			out[i].kind = kindQuoted
		}
		if q == nil {
			continue
		}
		// A proposed reply counts as quoted only in its place, behind a line that is: standing alone it was typed.
		inside := proposes(lines[i]) || i > 0 && out[i-1].kind != kindNew
		if end := q.run(lines, i, inside); end > i {
			for ; i < end; i++ {
				out[i] = q.mark(lines[i])
			}
			i--
			continue
		}
		if _, ok := q.whole[plainWords(lines[i])]; ok {
			out[i] = q.mark(lines[i])
		} else if _, ok := q.whole[strings.Join(strings.Fields(lines[i]), " ")]; ok {
			out[i].kind = kindQuoted
		}
	}
	return out
}

// run returns the end of the longest run of lines from i that is a piece of our mail of minWords or more, i if none. Only
// inside of a quotation may it begin with a proposed reply.
func (q *quotation) run(lines []string, i int, inside bool) int {
	end := i
	for _, form := range []struct {
		words        func(string) string
		joined, said string
	}{{plainWords, q.joined[0], q.said[0]}, {barWords, q.joined[1], q.said[1]}} {
		if !inside && !strings.Contains(form.said, " "+form.words(lines[i])+" ") {
			continue
		}
		var piece strings.Builder
		piece.WriteString(" ")
		for j := i; j < len(lines); j++ {
			w := form.words(lines[j])
			if w == "" {
				break
			}
			piece.WriteString(w + " ")
			if len(piece.String()) > len(form.joined) || !strings.Contains(form.joined, piece.String()) {
				break
			}
			if strings.Count(piece.String(), " ") > minWords {
				end = max(end, j+1)
			}
		}
	}
	return end
}

// mark finds out which line of ours it is.
func (q *quotation) mark(line string) mark {
	words := plainWords(line)
	if m, ok := q.whole[words]; ok {
		return m
	}
	if n := itemOf(words); n > 0 {
		for _, item := range q.items {
			if strings.HasPrefix(item, words+" ") {
				return mark{kindItem, n}
			}
		}
	}
	return mark{kind: kindQuoted}
}
