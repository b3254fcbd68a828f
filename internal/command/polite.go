package command

import (
	"regexp"
	"strings"
	"unicode"
)

// closingWords end a letter, alone or with a name behind them.
var closingWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.SplitSeq(`thanks|thank you|thank you very much|thank you so much|thanks so much|thanks very much|
many thanks|thanks a lot|thanks a million|thanks again|thank you again|thanks in advance|thank you in advance|thx|ty|cheers|
best|best wishes|best regards|with best regards|kind regards|with kind regards|kindest regards|warm regards|warmest regards|
warmly|regards|all the best|all best|yours|yours sincerely|yours truly|yours faithfully|sincerely|sincerely yours|love|
take care|bye|bye bye|goodbye|see you|see you soon|see you then|talk soon|speak soon|talk to you soon|ciao|have a nice day|
have a good day|have a great day|have a nice weekend|have a good weekend|have a great weekend|have a good one|good night|br|
rgds|mfg|lg|vg|viele grüße|viele gruesse|liebe grüße|mit freundlichen grüßen|freundliche grüße|beste grüße|herzliche grüße|
schöne grüße|gruß|grüße|danke|danke schön|vielen dank|besten dank|merci|merci beaucoup|cordialement|bien cordialement|
bien à vous|bonne journée|gracias|muchas gracias|saludos|un saludo|grazie|cordiali saluti|obrigado|obrigada|hilsen|mvh`, "|") {
		m[strings.TrimSpace(w)] = true
	}
	return m
}()

// pleasantries are answers that ask for nothing, in a mail that is not about one contact.
var pleasantries = map[string]bool{
	"ok": true, "okay": true, "ok thanks": true, "ok thank you": true, "great": true, "great thanks": true, "perfect": true,
	"perfect thanks": true, "cool": true, "fine": true, "nice": true, "super": true, "wonderful": true, "excellent": true,
	"got it": true, "got it thanks": true, "understood": true, "noted": true, "noted thanks": true, "will do": true,
	"ok great": true, "sounds good": true, "all good": true, "good": true, "no worries": true, "awesome": true,
}

// polite is a line in lower case, its words only.
func polite(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		if unicode.IsDigit(r) || r == '@' || r == '<' {
			return '#'
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// closing tells whether a line ends a letter, and whether the name of its writer stands in the same line.
func (g *grammar) closing(s string) (ok, signed bool) {
	words := polite(s)
	if closingWords[words] || (pleasantries[words] && !g.o.About && g.o.Bare == "" && g.under == 0) {
		return true, false
	}
	fs := strings.Fields(s)
	for k := 1; k <= 3 && k < len(fs); k++ {
		head, name := strings.Join(fs[:len(fs)-k], " "), strings.Trim(strings.Join(fs[len(fs)-k:], " "), ".,!")
		if !closingWords[polite(head)] || (!nameLike(name, true) && !strings.EqualFold(name, "askwell")) {
			continue
		}
		// "thanks Jane" without a text is no command either.
		return true, !strings.EqualFold(name, "askwell")
	}
	if !g.o.About && g.under == 0 && thanksFor.MatchString(s) && len(fs) <= 8 {
		return true, false
	}
	return false, false
}

var (
	thanksFor = regexp.MustCompile(`(?i)^(?:many )?(?:thanks|thank you|thx)(?: so much| a lot)? for (?:your|the|this|that|these|all|everything|reminding|letting|doing)\b[^\d@]*$`)
	greeting  = regexp.MustCompile(`(?i)^(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening|day)|guten (?:tag|morgen|abend)|moin|servus|bonjour|salut|hola|liebe[rs]?|greetings)(?: (?:there|all|team|again|askwell|[\pL.'’-]+)){0,3} ?[,.!:–-]*$`)
	greeted   = regexp.MustCompile(`(?i)^(?:hi|hello|hey|hallo|dear|moin)(?: [\pL.'’-]+){0,2} ?[,!:–-]+ `)
	phoneMade = regexp.MustCompile(`(?i)^[-–—*_ ]*(?:sent (?:from|via|with|using) (?:my|mobile|proton|outlook|yahoo|mail|gmail|the|an?|iphone|ipad|android|samsung|airmail|spark|aol)\b|get (?:outlook|bluemail) for|von meinem .{1,40} gesendet|gesendet (?:von|mit|aus)\b|diese nachricht wurde von meinem|envoyé (?:de|depuis|à partir)\b|enviado (?:desde|do|de)\b|inviato da|verzonden (?:vanaf|met)|skickat från|sendt fra)`)
	delimiter = regexp.MustCompile(`^(?:--|—|_{2,}|-{5,}|={5,}|\*{5,})$`)
	original  = regexp.MustCompile(`(?i)^[-_* ]{2,}\s*(?:original message|original appointment|forwarded message|begin forwarded message|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|message d'origine|message transféré|mensaje original|messaggio originale|oorspronkelijk bericht)`)
	headFrom  = regexp.MustCompile(`(?i)^[*_]*(?:from|von|de|da|van)[*_]*\s*:\s*\S`)
	headDate  = regexp.MustCompile(`(?i)^[*_]*(?:sent|date|gesendet|datum|envoyé|enviado|fecha|inviato|to|an|subject|betreff)[*_]*\s*:\s*\S`)
)

// foreign tells whether the owner's own text ends at lines[i]: a signature, or another mail below a rule or a header.
func foreign(lines []string, i int) bool {
	t := strings.TrimSpace(lines[i])
	if delimiter.MatchString(t) || original.MatchString(t) {
		return true
	}
	if !headFrom.MatchString(t) {
		return false
	}
	found := 0
	for j := i + 1; j < len(lines) && j < i+5; j++ {
		if headDate.MatchString(strings.TrimSpace(lines[j])) {
			found++
		}
	}
	return found >= 2
}

// attribution tells whether lines[i] introduces a quotation: "On Monday, Jane Doe wrote:" above lines with ">".
func attribution(lines []string, marks []mark, i int) bool {
	for j := i; j < len(lines) && j < i+3; j++ {
		t := strings.TrimSpace(lines[j])
		if t == "" || marks[j].kind != kindNew {
			return false
		}
		if !strings.HasSuffix(t, ":") {
			continue
		}
		if j > i && !attributed.MatchString(strings.TrimSpace(lines[i])) {
			return false
		}
		for k := j + 1; k < len(lines) && k <= j+2; k++ {
			if strings.TrimSpace(lines[k]) != "" {
				return marks[k].kind != kindNew && (attributed.MatchString(strings.TrimSpace(lines[i])) || wrote.MatchString(t))
			}
		}
		return false
	}
	return false
}

var (
	attributed = regexp.MustCompile(`(?i)^(?:on|am|le|el|il|op|den|at)\s+\S|\d{4}`)
	wrote      = regexp.MustCompile(`(?i)\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev)\s*:$`)
)

// notMet tells whether an answer to "How did it go?" sounds as if there was no talk.
func notMet(s string) bool {
	first := s
	if i := strings.IndexAny(s, ".!?\n"); i > 0 {
		first = s[:i]
	}
	return negative.MatchString(first) && !strings.Contains(strings.ToLower(first), "no problem")
}

var negative = regexp.MustCompile(`(?i)^(?:no|nope|nein|not at all|not yet|never|it did not|it didn['’]?t|(?:s?he|they) (?:did not|didn['’]?t|never|was not|wasn['’]?t|has not|hasn['’]?t|had to))\b|\b(?:did not|didn['’]?t|never) (?:take place|happen|come|show|appear|turn up|work out|pick up|answer|join|call)\b|\b(?:postponed|rescheduled|cancell?ed|no[- ]?show|stood me up|fell through|called (?:it )?off|had to move)\b`)
