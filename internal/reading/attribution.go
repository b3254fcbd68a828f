package reading

import (
	"strings"
	"unicode"
)

// wroteWords end (or carry) the line that mail programs put above a quote. Folded.
var wroteWords = []string{
	"wrote", "writes", "said", "schrieb", "schrieben", "geschrieben", "a ecrit", "ecrivait", "escribio", "escribe", "ha scritto", "scrisse", "scriveva", "schreef", "heeft geschreven", "het volgende geschreven",
	"escreveu", "skrev", "napisal", "napisala", "napisal(a)", "pisze", "napsal", "napsala", "napsal(a)", "odesilatel", "kirjoitti", "писал", "писала", "написал", "написала", "пишет", "пише", "написав",
	"a scris", "ezt irta", "irta", "sunu yazdi", "yazdi", "εγραψε", "έγραψε", "写道", "写道", "寫道", "のメール", "書きました", "작성", "viet", "đã viết", "menulis", "כתב", "כתבה", "كتب", "напиша", "napisao", "je napisal", "a scrís", "va escriure", "rasė", "rakstīja", "kirjutas",
}

// wroteStarts begin such a line. Folded; each followed by a space or a date.
var wroteStarts = []string{
	"on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "pe ", "w dniu ", "dnia ", "dne ", "a ", "ned", "quoting ", "zitat von ", "citando ", "selon ", "citat ", "il giorno ", "il ", "at ", "in a message dated ", "în ", "in data ",
}

// attribution returns how many lines from i on introduce a quote ("On Monday,
// Jane Doe <jane@example.org> wrote:"), or 0. Programs wrap that line, so up to
// four are joined; it ends with a colon and tells a date or an address, which
// nobody's own sentence does in that form.
func (p *page) attribution(i int) int {
	first := plainSpaces(p.lines[i])
	if first == "" || len(first) > 400 || isQuoted(first) {
		return 0
	}
	var joined strings.Builder
	for k := 0; k < 4 && i+k < len(p.lines); k++ {
		line := plainSpaces(p.lines[i+k])
		if line == "" || len(line) > 400 || isQuoted(line) {
			return 0
		}
		if k > 0 {
			joined.WriteString(" ")
		}
		joined.WriteString(strings.TrimRight(line, "\u200b\u200e\u200f\u00a0 "))
		if isAttribution(joined.String()) || strings.Contains(joined.String(), "@") && endsWithColon(joined.String()) && p.quoteNext(i+k+1) && datedAddress(joined.String()) {
			return k + 1
		}
		if k == 0 && !mayAttribute(joined.String()) {
			return 0
		}
	}
	return 0
}

// quoteNext reports that the next line with anything on it is quoted.
func (p *page) quoteNext(i int) bool {
	for end := min(len(p.lines), i+4); i < end; i++ {
		if line := strings.TrimSpace(p.lines[i]); line != "" {
			return isQuoted(line)
		}
	}
	return false
}

// datedAddress reports a date and an address in a line: above a quote that is its
// introduction in any language.
func datedAddress(line string) bool {
	dated, clock := hasDate(fold(line))
	return dated && clock && strings.ContainsAny(line, "<(")
}

// plainSpaces trims a line and makes its unbreakable spaces plain ones: Apple's and
// French attributions are full of them.
func plainSpaces(line string) string {
	if strings.ContainsAny(line, "\u00a0\u202f") {
		line = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(line)
	}
	return strings.TrimSpace(line)
}

// mayAttribute is a cheap look at the first line: only a line with a digit, an
// address, or a word that begins attributions can become one.
func mayAttribute(line string) bool {
	if strings.ContainsAny(line, "0123456789@<") {
		return true
	}
	folded := fold(line[:min(len(line), 16)])
	for _, s := range wroteStarts {
		if strings.HasPrefix(folded, s) {
			return true
		}
	}
	return endsWithColon(line)
}

func endsWithColon(line string) bool {
	line = strings.TrimRight(line, " *_\u00a0\u200b\u200e\u200f")
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// isAttribution judges a joined line.
func isAttribution(line string) bool {
	if !endsWithColon(line) || len(line) > 600 {
		return false
	}
	folded := strings.Trim(fold(line), " *_-")
	address := strings.Contains(line, "@") && (strings.ContainsAny(line, "<(") || strings.Contains(line, "mailto:"))
	dated, clock := hasDate(folded)
	if strings.ContainsAny(folded, "?!") && !address {
		return false
	}
	wrote := false
	for _, w := range wroteWords {
		if at := strings.LastIndex(folded, w); at >= 0 && (at == 0 || w[0] >= 0x80 || !isLetterAt(folded, at-1)) && !isLetterAt(folded, at+len(w)) {
			wrote = true
			// "… wrote:" or "… schrieb Jane Doe:" but not "wrote a list of things:".
			rest := strings.TrimRight(folded[at+len(w):], " :：*\u00a0")
			if len(rest) > 0 && !dated && !address {
				wrote = false
			}
			break
		}
	}
	starts := startsAttribution(folded)
	switch {
	case wrote && (dated && (starts || clock || address) || address):
		return true
	case wrote && starts && strings.Contains(folded, ",") && clock:
		return true
	case strings.HasPrefix(folded, "quoting ") || strings.HasPrefix(folded, "zitat von "):
		return address || len(folded) < 60
	case address && dated && clock: // verbless: "2026-11-23 10:00 GMT+01:00 Jane Doe <jane@example.org>:"
		return startsDated(folded) || strings.HasPrefix(folded, "* ") || strings.HasPrefix(strings.TrimSpace(line), "*")
	}
	// "Jane Doe <jane@example.org> wrote:" is above; "Jane Doe writes:" (Gnus)
	// counts with two capitalised words and nothing else.
	if wrote && (strings.HasSuffix(folded, " writes:") || strings.HasSuffix(folded, " wrote:") || strings.HasSuffix(folded, " schrieb:") || strings.HasSuffix(folded, " skrev:")) {
		words := strings.Fields(line)
		if len(words) > 4 || len(words) < 2 {
			return false
		}
		for _, w := range words[:len(words)-1] {
			if r := []rune(w)[0]; !unicode.IsUpper(r) {
				return false
			}
		}
		return !weakSubject[strings.ToLower(words[0])]
	}
	return false
}

var weakSubject = wordSet("i we you he she they as what who it this that my our your his her")

func isLetterAt(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9')
}

func startsAttribution(folded string) bool {
	for _, s := range wroteStarts {
		if strings.HasPrefix(folded, s) {
			return true
		}
	}
	return startsDated(folded)
}

// startsDated reports a line that begins with a weekday or a number.
func startsDated(folded string) bool {
	if folded == "" {
		return false
	}
	if folded[0] >= '0' && folded[0] <= '9' {
		return true
	}
	end := strings.IndexAny(folded, " .,")
	if end <= 0 {
		return false
	}
	_, ok := weekdays[folded[:end]]
	return ok || strings.HasPrefix(folded, "man.") || strings.HasPrefix(folded, "tir") || strings.HasPrefix(folded, "ons") || strings.HasPrefix(folded, "tor") || strings.HasPrefix(folded, "lor") ||
		strings.HasPrefix(folded, "pon") || strings.HasPrefix(folded, "wt") || strings.HasPrefix(folded, "sr") || strings.HasPrefix(folded, "czw") || strings.HasPrefix(folded, "pt") ||
		strings.HasPrefix(folded, "po ") || strings.HasPrefix(folded, "ut ") || strings.HasPrefix(folded, "st ") || strings.HasPrefix(folded, "ct ") || strings.HasPrefix(folded, "pa ") || strings.HasPrefix(folded, "so ")
}

// hasDate reports digits that look like a date and like a clock time.
func hasDate(s string) (date, clock bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		j := i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		switch n := j - i; {
		case n == 4 && (s[i:i+2] == "20" || s[i:i+2] == "19"):
			date = true
		case n <= 2 && j+2 < len(s) && (s[j] == '/' || s[j] == '-' || s[j] == '.') && s[j+1] >= '0' && s[j+1] <= '9':
			date = true
			clock = clock || s[j] == '.'
		case n <= 2 && j+2 < len(s) && (s[j] == ':' || s[j] == 'h') && s[j+1] >= '0' && s[j+1] <= '9':
			clock = true
		}
		i = j - 1
		if i+1 < len(s) && (s[i+1] == ':') && i+2 < len(s) && s[i+2] >= '0' && s[i+2] <= '9' {
			clock = true
		}
	}
	if !date {
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if _, ok := months[w]; ok && strings.ContainsAny(s, "0123456789") {
				return true, clock
			}
		}
	}
	return date, clock
}
