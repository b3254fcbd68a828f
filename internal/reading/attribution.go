package reading

import (
	"strings"
	"unicode"
)

// attribution returns how many lines from i on introduce a quote ("On Monday,
// Jane Doe <jane@example.org> wrote:"), or 0. Programs wrap that line, and some part
// it by empty ones, so up to five are joined. It names a date or an address in a
// form that nobody's own sentence has.
func (p *page) attribution(i int) int {
	first := plainLine(p.lines[i])
	if first == "" || len(first) > 400 || isQuoted(first) || !mayAttribute(first) && (i+1 >= len(p.lines) || !strings.HasPrefix(plainLine(p.lines[i+1]), "<")) {
		return 0
	}
	joined, parts, blanks := first, 1, 0
	for k := 0; ; {
		if p.introduces(joined, i+k+1) {
			if parts > 1 && p.attributionWithin(i, i+k) {
				return 0 // the first line is the writer's
			}
			return k + 1
		}
		k++
		if parts >= 5 || i+k >= len(p.lines) || len(joined) > 600 {
			return 0
		}
		line := plainLine(p.lines[i+k])
		switch {
		case line == "":
			if blanks++; blanks > 2 || !openAddress(joined) && !datedStart(joined) {
				return 0
			}
			continue
		case blanks > 0 && line[0] != '<' && !strings.HasPrefix(line, "mailto:") && !strings.HasPrefix(line, "> wrote") && !openAddress(joined):
			return 0
		case headerLine(line) != 0:
			return 0
		case len(line) > 400 || isQuoted(line) && !openAddress(joined) && !(strings.Contains(joined, "mailto:") && endsWithColon(line) && wrote(fold(line))):
			return 0
		}
		joined, parts = joined+" "+line, parts+1
	}
}

// attributionWithin reports that the lines from one below i on, to last, are a whole
// attribution: then line i is the writer's.
func (p *page) attributionWithin(i, last int) bool {
	first := plainLine(p.lines[i])
	if next := p.nextText(i + 1); openAddress(first) || strings.HasPrefix(plainLine(p.lines[next]), "<") {
		return false
	}
	for j := i + 1; j <= last; j++ {
		rest := plainLine(strings.Join(p.lines[j:last+1], " "))
		low := fold(rest)
		dated, clock := hasDate(low)
		named := startsNamed(rest)
		if (startsAttribution(low) && (dated || clock) || named) && p.introduces(rest, last+1) {
			return j > i+1 || !cutOff(first)
		}
	}
	return false
}

// cutOff reports a line that cannot be whole: it begins as attributions do and holds
// little but its date ("On Mon, 23 Nov 2026 09:12:33 +0100", then the name).
func cutOff(line string) bool {
	low := fold(line)
	if !startsAttribution(low) || strings.ContainsAny(low[len(low)-1:], ".!?;:") {
		return false
	}
	if strings.HasPrefix(low, "in article") || strings.HasPrefix(low, "in message") || strings.HasPrefix(low, "in <") {
		return strings.Contains(low, "@")
	}
	dated, clock := hasDate(low)
	return dated && clock && wordsBeside(low) <= 3 || strings.HasSuffix(low, ",") && wordsBeside(low) <= 1
}

// startsNamed reports "Ada Example <ada@example.org>" at the start of a line.
func startsNamed(line string) bool {
	at := strings.IndexAny(line, "<(")
	return at > 0 && at < 60 && strings.Contains(line[at:], "@") && len(strings.Fields(line[:at])) <= 5
}

// openAddress reports a line that ends amid an address.
func openAddress(line string) bool {
	at := strings.LastIndexByte(line, '<')
	return at > strings.LastIndexByte(line, '>') && !strings.Contains(strings.TrimSpace(line[at+1:]), " ")
}

func datedStart(line string) bool {
	low := fold(line)
	dated, clock := hasDate(low)
	return dated && clock && startsAttribution(low)
}

// introduces judges a joined line; next is the line below it.
func (p *page) introduces(line string, next int) bool {
	if len(line) > 600 {
		return false
	}
	low := fold(line)
	dated, clock := hasDate(low)
	colon := endsWithColon(line)
	address := hasAddress(line)
	if isAttribution(line) && (clock || address || !colon || p.quoteNext(next)) {
		return true
	}
	// Above a quote less is needed.
	switch {
	case len(line) > 300 || !colon && !startsDated(low) || !p.quoteNext(next):
		return false
	case strings.ContainsAny(low, "?!"):
		return false
	case dated && address && (colon || startsDated(low)):
		return colon && clock || startsDated(low) && len(strings.Fields(low)) <= 8 // "2026/11/23 Ada Example <ada@example.org>"
	case colon && dated && clock && startsDated(low):
		return true
	case colon && wrote(low) && len(strings.Fields(line)) <= 6:
		return !weakSubject[firstField(low)]
	}
	return false
}

// quoteNext reports that the next line with anything on it is quoted.
func (p *page) quoteNext(i int) bool {
	for end := min(len(p.lines), i+4); i < end; i++ {
		if line := strings.TrimSpace(p.lines[i]); line != "" {
			return isQuoted(line) || p.announced(i) != 0
		}
	}
	return false
}

// plainLine trims a line, makes its unbreakable spaces plain ones and drops what is
// not seen: Apple's, French and Hebrew attributions are full of them.
func plainLine(line string) string {
	for i := range len(line) {
		if line[i] >= 0xc2 {
			line = strings.Map(func(r rune) rune {
				switch {
				case r == '\u00a0' || r == '\u202f':
					return ' '
				case unseenRune(r):
					return -1
				}
				return r
			}, line)
			break
		}
	}
	return strings.TrimSpace(line)
}

// mayAttribute is a cheap look at the first line: only a line with a digit, an
// address, or a word that begins attributions can become one.
func mayAttribute(line string) bool {
	if strings.ContainsAny(line, "0123456789@<") || endsWithColon(line) || strings.HasPrefix(line, "--") {
		return true
	}
	return startsAttribution(fold(cutRunes(line, 60))) || strings.ContainsFunc(line, unicode.IsDigit)
}

func endsWithColon(line string) bool {
	line = strings.TrimRight(line, " *_")
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// betweenDashes returns what stands between dashes at both ends of a line.
func betweenDashes(line string) (string, bool) {
	bare := strings.TrimLeft(line, "-‐ ")
	if len(line)-len(bare) < 2 || line[0] == ' ' {
		return "", false
	}
	inner := strings.TrimRight(bare, "-‐ ")
	return inner, inner != "" && len(bare)-len(inner) >= 2
}

// hasAddress reports an address as programs write it, in brackets or after mailto.
func hasAddress(line string) bool {
	return strings.Contains(line, "@") && (strings.ContainsAny(line, "<([") || strings.Contains(line, "mailto:"))
}

// wrote reports a word for writing at the end of what it is said of: nothing but a
// name, a date or an address may follow it.
func wrote(folded string) bool {
	_, ok := afterWrote(folded)
	return ok
}

// afterWrote returns what stands between a word for writing and the colon.
func afterWrote(folded string) (string, bool) {
	for _, w := range wroteWords {
		at := strings.LastIndex(folded, w)
		if at < 0 || w[0] < 0x80 && (isLetterAt(folded, at-1) || isLetterAt(folded, at+len(w))) {
			continue
		}
		rest := folded[at+len(w):]
		for _, ending := range [...]string{"(a)", "(а)", "(na)", "/la", "/ла", "/a", "/ה"} {
			rest = strings.TrimPrefix(rest, ending)
		}
		rest = strings.TrimRight(rest, " :：*-_")
		return rest, !notAfterWrote[firstField(rest)]
	}
	return "", false
}

// isAttribution judges a joined line by itself.
func isAttribution(line string) bool {
	if len(line) > 600 {
		return false
	}
	folded := fold(line)
	if inner, ok := betweenDashes(folded); ok { // "---- On Monday … Jane Doe wrote ----"
		rest, ok := afterWrote(inner)
		return ok && rest == ""
	}
	if !endsWithColon(line) {
		return false
	}
	folded = strings.TrimLeft(folded, "- *_")
	address := hasAddress(line)
	dated, clock := hasDate(folded)
	if strings.ContainsAny(folded, "?!") && !address {
		return false
	}
	rest, said := afterWrote(folded)
	if said && rest != "" && !dated && !address && !wroteEnds[rest] {
		said = false // "wrote a list of things:"
	}
	starts := startsAttribution(folded)
	switch {
	case said && (dated && (starts || clock || address) || address):
		return !weakSubject[firstField(folded)] // "As I wrote to Dana Fox <dana@example.org> last week:"
	case said && starts && clock && strings.Contains(folded, ","):
		return true
	case strings.HasPrefix(folded, "quoth ") && (address || dated):
		return true
	case strings.HasPrefix(folded, "quoting ") || strings.HasPrefix(folded, "zitat von "):
		return address || len(folded) < 60
	case address && dated && clock: // "2026-11-23 10:00 GMT+01:00 Jane Doe <jane@example.org>:"
		return starts || startsNamed(line) || wordsBeside(line) <= 8
	case strings.Contains(folded, "@") && dated && clock: // "Nov 23, 2026, 09:12 by ada@example.org:"
		return startsDated(folded) && len(strings.Fields(folded)) <= 8
	}
	return said && rest == "" && namesOnly(line)
}

// wordsBeside counts the words of a line beside its date, its figures and its address.
func wordsBeside(line string) int {
	n := 0
	for w := range strings.FieldsSeq(line) {
		bare := strings.Trim(fold(w), ".,:()-")
		_, day := weekdays[bare]
		_, month := months[bare]
		if bare != "" && !day && !month && !strings.ContainsAny(bare, "0123456789@<>") {
			n++
		}
	}
	return n
}

// namesOnly reports "Jane Doe writes:" (Gnus): two or three capitalised words and
// the word for writing.
func namesOnly(line string) bool {
	words := strings.Fields(line)
	if len(words) > 4 || len(words) < 2 || weakSubject[strings.ToLower(words[0])] {
		return false
	}
	for _, w := range words[:len(words)-1] {
		if r, _ := firstRune(w); !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

var weakSubject = wordSet("i we he she they what who it this that my our his her like ich wir wie mein je nous comme mon yo nosotros como ik wij zoals io noi come eu nos")

// notAfterWrote begin what somebody wrote, or to whom.
var notAfterWrote = wordSet("to me us you him her them my our your a an the that this about in last lately back again something and but if how why it mir dir uns ihm ihr ihnen an dass ein eine einen zu uber un une que qui me te nous vous lui leur ca el la lo los una unos algo mi nos che gli le aan dat een het ons mij me uma um isso te")

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

// shortDays begin abbreviated weekdays that the table of weekdays does not have.
var shortDays = starts("man.|tir|ons|tor|lor|pon|wt|sr|czw|pt|po |ut |st |ct |pa |so |sen|sel|rab|kam|jum|sab|min|пн|вт|ср|чт|пт|сб|вс|нд|mon|luni|marti|miercuri|joi|vineri|понедельник|вторник|понеділок|вівторок|понеделник|pirmd|otrd|tresd|e,|t,|k,|n,|r,")

// startsDated reports a line that begins with a weekday, a month or a number.
func startsDated(folded string) bool {
	folded = strings.TrimLeft(folded, "\"'(")
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
	_, day := weekdays[folded[:end]]
	_, month := months[folded[:end]]
	if day || month {
		return true
	}
	for _, d := range shortDays {
		if strings.HasPrefix(folded, d) {
			return true
		}
	}
	return false
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
		case n <= 2 && j+3 < len(s) && s[j] == '.' && s[j+1] == ' ' && s[j+2] >= '0' && s[j+2] <= '9': // 23. 11. 2026
			date = true
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
