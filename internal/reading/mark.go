package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isQuoted reports a line that begins with a mark of quotation: ">", or the initials
// or the name of whom is quoted and then ">".
func isQuoted(line string) bool {
	if line == "" {
		return false
	}
	switch line[0] {
	case '>':
		return true
	case '|':
		return strings.HasPrefix(line, "|>")
	}
	if strings.HasPrefix(line, "＞") {
		return true
	}
	at := strings.IndexByte(line, '>')
	if at <= 0 || at > 12 || at+1 < len(line) && line[at+1] != ' ' && line[at+1] != '>' {
		return false
	}
	head := line[:at]
	first, _ := firstRune(head)
	if !unicode.IsUpper(first) {
		return false
	}
	if at > 3 { // a name has its small letters, and stands before text
		return at+1 < len(line) && strings.IndexFunc(head[utf8.RuneLen(first):], func(r rune) bool { return !unicode.IsLower(r) }) < 0
	}
	return strings.IndexFunc(head, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// quoted is isQuoted, and knows the mark that an attribution announced.
func (p *page) quoted(line string) bool {
	return isQuoted(line) || p.mark != 0 && line != "" && line[0] == p.mark
}

// announced returns the mark of quotation with which the lines below an attribution
// begin where it is another than ">": all lines of the paragraph do.
func (p *page) announced(i int) byte {
	if i >= len(p.lines) {
		return p.mark
	}
	first := strings.TrimSpace(p.lines[i])
	if first == "" || !strings.ContainsRune("|:}%#", rune(first[0])) || len(first) > 1 && first[1] != ' ' {
		return p.mark
	}
	for j := i + 1; j < len(p.lines) && j < i+3; j++ {
		if line := strings.TrimSpace(p.lines[j]); line != "" && line[0] != first[0] {
			return p.mark
		}
	}
	return first[0]
}

// wrapped reports that line i+1 is the rest of the quoted line i, which a program
// broke without marking it again.
func (p *page) wrapped(i int) bool {
	line := strings.TrimRight(p.lines[i], " \t\r")
	if len(line) < 66 || i+2 >= len(p.lines) || strings.ContainsRune(".!?:;", rune(line[len(line)-1])) {
		return false
	}
	rest := strings.TrimSpace(p.lines[i+1])
	first, ok := firstRune(rest)
	return ok && len(rest) <= 40 && (unicode.IsLower(first) || unicode.IsDigit(first)) && !strings.HasSuffix(rest, "?") && isQuoted(strings.TrimSpace(p.lines[i+2]))
}

// isRule reports a line of underscores, dashes or the like.
func isRule(line string) bool {
	if len(line) < 5 {
		return false
	}
	switch line[0] {
	case '_', '-', '=', '*', '~', ' ', 0xe2:
		return len(line) >= 8 && strings.Trim(line, "_-=*~ —–―─━‐") == "" && strings.IndexFunc(line, func(r rune) bool { return r != ' ' }) >= 0
	}
	return false
}

// isSigMark reports the line that parts a signature (RFC 3676, 4.3), also where
// its space was lost.
func isSigMark(line string) bool {
	line = strings.TrimRight(line, "\r")
	switch line {
	case "-- ", "--", "-- \u00a0", "--\u00a0", "---", "--- ", "__", "___", "—", "— ", "–", "- -- ", "- --", "--  ":
		return true
	}
	return false
}

// shortTail reports that what follows a signature mark is a signature: somebody may
// also part paragraphs with dashes.
func (p *page) shortTail(i int) bool {
	mark := strings.TrimRight(p.lines[i], "\r")
	text, plain, sure := 0, 0, 0
	for j := i + 1; j < len(p.lines) && text <= 40; j++ {
		if p.startsQuote(j) {
			break
		}
		line := strings.TrimSpace(p.lines[j])
		if line == "" {
			continue
		}
		if strings.TrimSpace(p.lines[j-1]) == "" {
			if text, _ := p.paragraph(j, len(p.lines)); isDisclaimer(text) {
				break
			}
		}
		text++
		if mark == "-- " || mark == "- -- " {
			continue
		}
		if text > 14 || len(line) > 90 || strings.HasSuffix(line, "?") || isSigMark(line) || saysWhen(line) {
			return false // sentences
		}
		switch {
		case card(line) == 2 || isMobile(line) || p.name != "" && fold(line) == p.name:
			sure++
		case card(line) == 0 && !isName(line):
			plain++
		}
	}
	switch strings.TrimSpace(mark) {
	case "--":
		return mark == "-- " && text <= 40 || text > 0 && text <= 14 && plain <= 2
	case "- --":
		return text <= 40
	}
	return text > 0 && plain == 0 && (sure > 0 || text <= 3 && isFullName(plainLine(p.lines[p.nextText(i+1)])))
}

// saysWhen reports a short line that names a weekday: no signature does, but a list
// of times.
func saysWhen(line string) bool {
	words := strings.FieldsFunc(fold(line), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range words {
		if d, ok := weekdays[w]; ok && !d.weak {
			return len(words) <= 8
		}
	}
	return false
}

// isFullName reports two to four capitalised words and nothing else.
func isFullName(line string) bool {
	words := strings.Fields(line)
	if len(words) < 2 || !isName(line) {
		return false
	}
	for _, w := range words {
		if r, _ := firstRune(w); !unicode.IsUpper(r) && !particle[w] {
			return false
		}
	}
	return true
}

// splitAttributions puts an attribution that shares its line with the end of the new
// text on a line of its own: programs that make text of HTML lose the line end.
func splitAttributions(lines []string) []string {
	var out []string
	for i, line := range lines {
		at := sharedAttribution(line)
		if at > 0 && out == nil {
			out = append(make([]string, 0, len(lines)+8), lines[:i]...)
		}
		switch {
		case at > 0:
			out = append(out, strings.TrimRight(line[:at], "-> "), line[at:])
		case out != nil:
			out = append(out, line)
		}
	}
	if out == nil {
		return lines
	}
	return out
}

// sharedAttribution is where an attribution begins amid a line, or 0.
func sharedAttribution(line string) int {
	if len(line) < 24 || len(line) > 600 || !endsWithColon(line) || isQuoted(strings.TrimSpace(line)) {
		return 0
	}
	for _, start := range [...]string{"On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ", "Den "} {
		at := strings.LastIndex(line, start)
		if at <= 0 || isLetterAt(line, at-1) || strings.Trim(line[:at], "-* \t") == "" || !isAttribution(line[at:]) {
			continue
		}
		rest := fold(line[at+len(start):])
		if dated, clock := hasDate(rest); dated && clock && startsDated(rest) {
			return at
		}
	}
	return 0
}

// takeImages blanks the lines that stand for pictures and returns what they were:
// to what stands around them they are nothing.
func (p *page) takeImages() map[int]string {
	var taken map[int]string
	for i, line := range p.lines {
		if !isImage(strings.TrimSpace(line)) || p.why[i] != "" {
			continue
		}
		if taken == nil {
			taken = map[int]string{}
		}
		taken[i], p.lines[i] = line, ""
	}
	return taken
}

// isImage reports the line that a program writes for a picture.
func isImage(line string) bool {
	if len(line) < 5 || line[0] != '[' && line[0] != '!' || !strings.ContainsAny(line[len(line)-1:], "]>)") {
		return false
	}
	for _, start := range [...]string{"[cid:", "[image:", "[http", "![", "[Image removed", "[Description:", "[Logo"} {
		if strings.HasPrefix(line, start) {
			return start != "[http" || strings.Contains(line, "]<") || containsAny(strings.ToLower(line), []string{".png", ".jpg", ".jpeg", ".gif", "image"})
		}
	}
	return false
}

// armour cuts what OpenPGP puts around a signed text.
func (p *page) armour() {
	for i := 0; i < len(p.lines); i++ {
		line := strings.TrimSpace(p.lines[i])
		if !strings.HasPrefix(line, "-----BEGIN PGP ") {
			continue
		}
		j := i + 1
		if line == "-----BEGIN PGP SIGNED MESSAGE-----" {
			for j < len(p.lines) && strings.TrimSpace(p.lines[j]) != "" {
				j++
			}
			p.cut(i, j, cutBanner)
			i = j
			continue
		}
		for j < len(p.lines) && !strings.HasPrefix(strings.TrimSpace(p.lines[j]), "-----END PGP ") {
			j++
		}
		p.cut(i, j+1, cutSignature)
		i = j
	}
}
