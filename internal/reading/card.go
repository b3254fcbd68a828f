package reading

import (
	"strings"
	"unicode"
)

var closings = []string{
	"best", "best regards", "kind regards", "regards", "warm regards", "warmest regards", "warmly", "many thanks", "thanks", "thank you", "thanks again", "cheers", "sincerely", "yours sincerely", "yours truly", "yours", "all the best", "best wishes", "with best regards", "with kind regards", "take care", "talk soon", "kindest regards", "br", "rgds", "thx", "respectfully", "cordially", "love", "xo", "many thanks and best regards", "thanks and regards", "thank you and best regards", "speak soon", "see you soon",
	"mit freundlichen grussen", "freundliche grusse", "mit freundlichem gruss", "viele grusse", "liebe grusse", "beste grusse", "herzliche grusse", "schone grusse", "mfg", "lg", "vg", "gruss", "grusse", "mit besten grussen", "besten gruss", "viele liebe grusse", "danke", "vielen dank", "danke und viele grusse", "bis dann", "bis bald",
	"cordialement", "bien cordialement", "bien a vous", "amicalement", "salutations", "meilleures salutations", "sincerement", "a bientot", "merci", "sinceres salutations", "tres cordialement", "saludos", "un saludo", "saludos cordiales", "atentamente", "un cordial saludo", "cordialmente", "un abrazo", "gracias", "abrazo",
	"cordiali saluti", "distinti saluti", "saluti", "un caro saluto", "a presto", "grazie", "un saluto", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "groet", "groeten", "groetjes", "mvg", "hartelijke groet", "bedankt", "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "abracos", "abraco", "obrigado", "obrigada", "melhores cumprimentos",
	"med vanliga halsningar", "vanliga halsningar", "mvh", "hilsen", "med venlig hilsen", "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hej", "ystavallisin terveisin", "terveisin", "terv", "pozdrawiam", "z powazaniem", "s pozdravem", "с уважением",
}

var closingSet = func() map[string]bool {
	t := map[string]bool{}
	for _, c := range closings {
		t[c] = true
	}
	return t
}()

// isClosing reports a line that ends a letter ("Best regards,").
func isClosing(line string) bool {
	if len(line) > 60 {
		return false
	}
	return closingSet[strings.Trim(fold(line), " ,.!;-–—*_\u00a0")]
}

// isName reports a short line that can be somebody's name.
func isName(line string) bool {
	if at := strings.Index(line, "("); at > 0 && strings.HasSuffix(line, ")") {
		line = line[:at] // pronouns
	}
	line = strings.Trim(line, " ,.-–—*_")
	for _, lead := range [...]string{"i. A. ", "i.A. ", "i. V. ", "i.V. ", "ppa. ", "gez. ", "p.p. ", "im Auftrag "} {
		line = strings.TrimPrefix(line, lead)
	}
	words := strings.Fields(line)
	if len(words) == 0 || len(words) > 4 || len(line) > 50 || strings.ContainsAny(line, "@?!:;|/0123456789") {
		return false
	}
	r := []rune(words[0])[0]
	return unicode.IsUpper(r) || isHan(r) || len(words) == 1
}

var cardWords = wordSet("manager director engineer professor prof dr phd ph head lead consultant analyst ceo cto cfo coo founder cofounder co-founder gmbh inc ltd llc ag plc se kg bv b.v s.a sa sarl corp corporation company group university universitat universite universidad department dept institut institute faculty school editor reporter journalist officer president vice partner associate assistant coordinator specialist developer designer architect researcher " +
	"tel phone mobile mob cell fax office telefon telefono mobil handy tlf street st road rd avenue ave suite floor strasse platz rue calle via straat building desk she he they mba msc team leiter leiterin geschaftsfuhrer abteilung referent redakteur redakteurin directeur directrice responsable gerente jefe direttore hoofd adviseur linkedin twitter web www international services nurse physician attorney counsel hr")

var sentenceWords = wordSet("i me my you your we is are was can could will would call let please if that this have i'm i'll it's ich mir du sie bitte wenn ist kann je vous si est peux yo usted es puedo ps p.s")

// card judges a line below somebody's name: 2 is surely of a business card, 1 may
// be, 0 is not.
func card(line string) int {
	if len(line) > 120 {
		return 0
	}
	low := fold(line)
	digits := 0
	for _, r := range low {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	words := strings.FieldsFunc(low, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	known := 0
	for _, w := range words {
		if sentenceWords[w] {
			if w == "me" || w == "is" || w == "i" || w == "my" || w == "you" || w == "if" || len(words) > 4 {
				return 0
			}
		}
		if cardWords[w] {
			known++
		}
	}
	if strings.HasSuffix(low, "?") || len(words) > 12 && known == 0 {
		return 0
	}
	switch {
	case digits >= 7 || strings.Contains(low, "www.") || strings.Contains(low, "http") || strings.Contains(low, "@") || strings.Contains(low, " | ") || strings.Contains(low, " • ") || strings.Contains(low, " · "):
		return 2
	case known > 0 && len(words) <= 10:
		return 2
	case len(words) <= 7 && !strings.HasSuffix(low, "."):
		return 1
	}
	return 0
}

// ruledCard cuts a business card below a rule, as it is usual in Japan.
func (p *page) ruledCard(a, b int) int {
	from, sure, lines := -1, 0, 0
	for i := b - 1; i > a && lines <= 14; i-- {
		line := strings.TrimSpace(p.lines[i])
		if line == "" {
			continue
		}
		lines++
		if isRule(line) {
			if sure > 0 && p.namedAt(i+1) {
				from = i
			}
			continue
		}
		if strings.HasSuffix(line, "?") || saysWhen(line) {
			break
		}
		k := card(line)
		if k == 0 {
			break
		}
		sure += k - 1
	}
	if from < 0 {
		from = p.boxed(a, b)
	}
	if from < 0 || !p.textBefore(a, from) {
		return b
	}
	return p.cutFrom(from, a, b, cutSignature)
}

// namedAt reports that the first line from i on is somebody's name, or their address.
func (p *page) namedAt(i int) bool {
	n := p.nextText(i)
	if n >= len(p.lines) {
		return false
	}
	line := strings.TrimSpace(p.lines[n])
	first, _ := firstRune(line)
	return isFullName(line) || p.name != "" && strings.HasPrefix(fold(line), p.name) || isHan(first) || strings.Contains(line, "@")
}

// boxed is the line of a rule, at the end of which stand only a name and what it does
// in the few letters of East Asia.
func (p *page) boxed(a, b int) int {
	for i, lines := b-1, 0; i > a && lines < 5; i-- {
		line := strings.TrimSpace(p.lines[i])
		if line == "" {
			continue
		}
		if isRule(line) {
			if lines > 0 {
				return i
			}
			return -1
		}
		lines++
		first, _ := firstRune(line)
		if !isHan(first) || len([]rune(line)) > 16 || strings.ContainsAny(line, "。？！?!0123456789：") {
			return -1
		}
	}
	return -1
}

// textBefore reports any kept text in the lines a to i.
func (p *page) textBefore(a, i int) bool {
	for ; a < i; a++ {
		if line := strings.TrimSpace(p.lines[a]); line != "" && !isRule(line) {
			return true
		}
	}
	return false
}

// nameBlock cuts the business card below the closing of a mail. The closing and
// the name are the person's own words and stay.
func (p *page) nameBlock(a, b int) {
	for b > a && strings.TrimSpace(p.lines[b-1]) == "" {
		b--
	}
	closing, seen := -1, 0
	for i := b - 1; i >= a && seen < 18; i-- {
		line := strings.TrimSpace(p.lines[i])
		if line == "" {
			continue
		}
		seen++
		if isClosing(line) {
			closing = i
			break
		}
	}
	from := -1
	if closing >= 0 {
		from = closing + 1
		for from < b && strings.TrimSpace(p.lines[from]) == "" {
			from++
		}
		if from < b && isName(strings.TrimSpace(p.lines[from])) {
			from++
		}
	} else if p.name != "" {
		for i := max(a, b-12); i < b; i++ { // their own name, then a card
			line := strings.TrimSpace(p.lines[i])
			if i > a && len(line) < 80 && (p.paragraphStart(i, a) || isName(strings.TrimSpace(p.lines[i-1]))) && strings.HasPrefix(fold(line), p.name) {
				from = i
				break
			}
		}
	}
	if from < 0 || from >= b {
		return
	}
	sure, lines := 0, 0
	for i := from; i < b; i++ {
		line := strings.TrimSpace(p.lines[i])
		if line == "" || isRule(line) {
			continue
		}
		lines++
		switch card(line) {
		case 0:
			if isDisclaimer(line) {
				continue
			}
			return
		case 2:
			sure++
		}
	}
	if sure > 0 && lines <= 14 && (closing >= 0 || lines > 1 || sure > 0) {
		p.cutFrom(from, a, b, cutSignature)
	}
}
