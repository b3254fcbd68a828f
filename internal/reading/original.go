package reading

import "strings"

// headerLine gives the class of a line such as "From: Jane Doe", or 0.
func headerLine(line string) byte {
	class, _ := headerField(line)
	return class
}

// headerField also tells whether something follows the colon.
func headerField(line string) (class byte, value bool) {
	line = plainLine(strings.TrimLeft(strings.TrimSpace(line), "*_ "))
	at := strings.IndexAny(line, ":：")
	if at <= 0 || at > 60 {
		return 0, false
	}
	class = headerLabels[strings.Trim(fold(line[:at]), " *_\u00a0")]
	return class, class != 0 && strings.Trim(line[at:], ":： *_\u00a0") != ""
}

// headerBlock returns the number of lines of the header fields that stand above a
// copy of an earlier mail: who sent it, and beside that two of date, recipient and
// subject, or what only a program writes: a whole date, an address. One line
// "From: …" alone is the writer's own.
func (p *page) headerBlock(i int) int {
	first, value := headerField(p.lines[i])
	if first == 0 {
		return p.bareBlock(i)
	}
	if first == 'c' || first == 't' && !p.datedBelow(i) && p.senderAbove(i) == i {
		return 0
	}
	seen := map[byte]int{first: 1}
	for w := range strings.FieldsSeq(cutRunes(p.lines[i], 400)) { // all in one line
		if label, ok := strings.CutSuffix(w, ":"); ok {
			if c := headerLabels[strings.Trim(fold(label), "*_")]; c != 0 && c != first {
				seen[c]++
			}
		}
	}
	last, wrapped, recent := i, 0, first
	for j := i + 1; j < len(p.lines) && j < i+30; j++ {
		line := strings.TrimSpace(p.lines[j])
		if line == "" {
			if j-last > 2 || wrapped > 0 && recent != 't' && recent != 'c' { // Outlook puts an empty line between any two
				break
			}
			continue
		}
		c, v := headerField(line)
		if c != 0 && (seen[c] == 0 || c == 'c' || c == 't') {
			seen[c]++
			last, value, wrapped, recent = j, v, 0, c
			continue
		}
		if c != 0 { // the old mail begins with another copy
			break
		}
		if !value && j == p.nextText(last+1) { // the value below its label
			last, value = j, true
			continue
		}
		if wrapped++; wrapped > 6 || strings.TrimSpace(p.lines[j-1]) == "" || !continuesList(line) && wrapped > 1 {
			break
		}
	}
	if first == 't' && seen['b'] > 0 && p.senderAbove(i) < i { // Notes: who and when stand above
		return last - i + 1
	}
	if seen['f'] == 0 && (seen['s'] == 0 || seen['t'] == 0) {
		return 0
	}
	block := strings.Join(p.lines[i:last+1], " ")
	date, clock := hasDate(fold(block))
	address := strings.Contains(block, "@")
	score := 0
	for _, c := range [...]byte{'f', 's', 't', 'b'} {
		if seen[c] > 0 {
			score++
		}
	}
	switch {
	case score >= 3 && (seen['s'] > 0 || seen['b'] > 0) && (address || date || clock):
	case score == 2 && address && date && clock && seen['s'] > 0: // "From: …" and "Date: …"
	default:
		return 0 // somebody's own list of "From: …, To: …" has neither address nor date
	}
	return last - i + 1
}

// senderAbove is the line with which the name and the date begin that Notes puts above
// its fields, without labels; i if there are none.
func (p *page) senderAbove(i int) int {
	lines := 0
	for j := i - 1; j >= 0 && lines < 3; j-- {
		line := plainLine(p.lines[j])
		if line == "" {
			if i-j > 4 {
				break
			}
			continue
		}
		lines++
		low := fold(line)
		if strings.HasPrefix(low, "please respond to") || strings.HasPrefix(low, "sent by") || strings.HasPrefix(low, "antwort an") {
			continue
		}
		dated, clock := hasDate(low)
		if !dated || !clock || wordsBeside(low) > 8 || strings.ContainsAny(line, "?!") {
			break
		}
		if wordsBeside(low) > 2 || hasAddress(line) { // the name stands beside it
			if hasAddress(line) || strings.Contains(low, " on ") || strings.Contains(low, "@") {
				return j
			}
			return i
		}
		if j > 0 && len(strings.Fields(p.lines[j-1])) > 0 && len(strings.Fields(p.lines[j-1])) <= 6 && !strings.ContainsAny(p.lines[j-1], ".!?:") {
			return j - 1
		}
		if j > 0 && hasAddress(p.lines[j-1]) {
			return j - 1
		}
		return i
	}
	return i
}

// bareBlock returns the number of lines of fields whose labels stand alone on their
// lines and without colons, as Notes writes them: "To", the recipient, "Subject".
func (p *page) bareBlock(i int) int {
	if p.senderAbove(i) == i {
		return 0
	}
	to, subject := false, -1
	for j := i; j < len(p.lines) && j < i+9; j++ {
		switch headerLabels[strings.Trim(fold(strings.TrimSpace(p.lines[j])), " *_")] {
		case 't':
			to = true
		case 'b':
			subject = j
		}
	}
	if !to || subject < 0 {
		return 0
	}
	return min(p.nextText(subject+1)+1, len(p.lines)) - i
}

// datedBelow reports a line of date and one of the sender right below line i: some
// programs begin with the recipient.
func (p *page) datedBelow(i int) bool {
	seen := map[byte]bool{}
	for j := i + 1; j < len(p.lines) && j < i+5; j++ {
		seen[headerLine(p.lines[j])] = true
	}
	return seen['f'] && seen['s']
}

// continuesList reports a line that goes on with recipients, or with a long subject.
func continuesList(line string) bool {
	return strings.ContainsAny(line, "@;") || len(strings.Fields(line)) <= 6
}

// isOriginalMark reports the line that mail programs put above an unmarked copy:
// "-----Original Message-----", and GroupWise's ">>> Jane Doe 11/23/26 9:12 AM >>>".
func isOriginalMark(line string) bool {
	if dashed(line, originalWords, false) {
		return true
	}
	if strings.HasPrefix(line, "Original Message processed by") || strings.HasPrefix(line, "[Original Message processed by") {
		return true // Tobit's david
	}
	if strings.HasSuffix(line, ">>>") && len(line) < 200 && (strings.HasPrefix(line, ">>> ") || strings.Contains(line, "@")) {
		dated, clock := hasDate(fold(line))
		return dated && clock
	}
	return false
}

// isForwardMark reports the line above forwarded text. Apple Mail writes it with a
// colon and no dashes.
func isForwardMark(line string) bool {
	return dashed(strings.TrimLeft(line, "> "), forwardWords, true) // Apple's program quotes even the mark
}

func dashed(line string, words []string, colon bool) bool {
	if len(line) > 160 || len(line) < 8 || line[0] == '>' {
		return false
	}
	line = plainLine(line)
	bare := strings.Trim(line, "-‐–—_=*~# :>\u00a0")
	before := strings.Index(line, bare)
	if bare == "" || before < 0 {
		return false
	}
	lead := line[:before]
	marks := len(strings.TrimSpace(lead)) >= 2 || strings.HasPrefix(lead, "- ") || strings.HasPrefix(lead, "—") || strings.HasPrefix(lead, "*") && strings.HasSuffix(line, "*")
	if !marks && !(colon && endsWithColon(line)) {
		return false
	}
	bare = fold(bare)
	for _, w := range words {
		if bare == w || marks && strings.HasPrefix(bare, w) && len(bare) < len(w)+60 {
			return true
		}
	}
	return false
}
