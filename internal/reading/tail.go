package reading

import (
	"strings"
	"unicode"
)

// tails marks what programs and offices put below (and above) a person's words,
// in every stretch of kept text before line end.
func (p *page) tails(end int) {
	for a := 0; a < end; {
		if p.why[a] != "" {
			a++
			continue
		}
		b := a
		for b < end && p.why[b] == "" {
			b++
		}
		b2 := p.footer(a, b)
		b2 = p.disclaimer(a, b2)
		b2 = p.mobile(a, b2)
		p.nameBlock(a, b2)
		a = b
	}
}

// paragraphStart reports that line i begins a paragraph of the run that starts at a.
func (p *page) paragraphStart(i, a int) bool {
	if i == a {
		return true
	}
	prev := strings.TrimSpace(p.lines[i-1])
	return prev == "" || isRule(prev)
}

// cutFrom marks the lines i to b and a rule above them, and returns the new end.
func (p *page) cutFrom(i, a, b int, why string) int {
	for i > a && (strings.TrimSpace(p.lines[i-1]) == "" || isRule(strings.TrimSpace(p.lines[i-1])) || strings.TrimSpace(p.lines[i-1]) == "--") {
		i--
	}
	p.cut(i, b, why)
	return i
}

var footerWords = []string{
	"you received this message because you are subscribed", "you are receiving this because you", "to unsubscribe", "unsubscribe here", "unsubscribe from this list", "mailing list -", "mailing list\n", "list archives:", "manage your subscription",
	"sie erhalten diese nachricht, weil", "um sich von dieser gruppe abzumelden", "vous recevez ce message car vous etes abonne", "has recibido este mensaje porque", "pour vous desabonner", "reply to this email directly or view it on",
}

func (p *page) footer(a, b int) int {
	for i := a; i < b; i++ {
		line := strings.TrimSpace(p.lines[i])
		if line == "" || len(line) > 400 {
			continue
		}
		low := fold(line)
		if isRule(line) && strings.HasPrefix(line, "____") {
			for j := i + 1; j < b && j < i+4; j++ {
				next := fold(strings.TrimSpace(p.lines[j]))
				if strings.Contains(next, "mailing list") || strings.Contains(next, "listinfo") || strings.Contains(next, "unsubscribe") || strings.Contains(next, "@lists.") {
					return p.cutFrom(i, a, b, cutFooter)
				}
			}
		}
		if i == a && b-a < 3 {
			continue
		}
		for _, w := range footerWords {
			if strings.HasPrefix(low, w) {
				return p.cutFrom(i, a, b, cutFooter)
			}
		}
	}
	return b
}

// disclaimerWords begin legal footers; a line that begins a paragraph and
// contains one of the first kind, or begins with one of the second.
var disclaimerWords = []string{
	"and any attachments are confidential", "and any attachment", "and any files transmitted with it", "is intended only for", "are intended only for", "intended solely for", "confidentiality notice", "confidential and may", "may contain confidential", "contains confidential", "is confidential and", "privileged and confidential",
	"legal disclaimer", "enthalt vertrauliche", "vertrauliche und/oder", "vertraulich und", "ausschliesslich fur den", "confidentiel et", "est confidentiel", "sont confidentiels", "etabli a l'intention exclusive", "informacion confidencial", "es confidencial", "aviso legal", "informazioni riservate", "informativa privacy",
	"vertrouwelijke informatie", "uitsluitend bestemd voor", "informacoes confidenciais", "aviso de confidencialidade", "clausula de confidencialidad", "if you are not the intended recipient", "if you have received this email in error", "if you received this e-mail in error", "wenn sie nicht der richtige adressat", "si vous n'etes pas le destinataire",
	"consider the environment before printing", "before printing this e", "bevor sie diese e-mail ausdrucken", "avant d'imprimer", "virus-free", "scanned for viruses", "virenfrei", "checked for viruses by", "registered in england", "registered office", "sitz der gesellschaft", "geschaftsfuhrer:", "handelsregister", "amtsgericht", "limited liability partnership",
}

var disclaimerStarts = []string{
	"disclaimer", "confidentiality", "confidential:", "privacy notice", "important notice", "notice:", "this e-mail", "this email", "this message", "this communication", "diese e-mail", "diese nachricht", "ce message", "ce courriel", "este mensaje", "este correo", "questo messaggio", "questa e-mail", "dit bericht", "deze e-mail",
	"esta mensagem", "este e-mail", "p please consider", "please consider", "the information", "the contents", "any views", "if you", "wenn sie", "si vous", "think before", "bitte denken", "bitte prufen", "pensez", "virus-free", "virenfrei", "registered", "sitz der", "geschaftsfuhrer", "handelsregister", "amtsgericht", "aviso", "der inhalt dieser", "the content of this", "*this", "*confidential", "[", "l'information", "le contenu", "la informacion", "le informazioni", "de informatie", "as informacoes", "antes de imprimir", "prima di stampare",
}

func isDisclaimer(paragraph string) bool {
	low := strings.TrimLeft(fold(paragraph), "*_ ")
	starts := false
	for _, s := range disclaimerStarts {
		if strings.HasPrefix(low, s) {
			starts = true
			break
		}
	}
	caps := len(paragraph) > 40 && strings.ToUpper(paragraph) == paragraph
	for _, w := range disclaimerWords {
		at := strings.Index(low, w)
		if at == 0 || at > 0 && (starts || caps) && at < 300 {
			return true
		}
	}
	return false
}

func (p *page) paragraph(i, b int) (string, int) {
	j, size := i, 0
	for j < b && strings.TrimSpace(p.lines[j]) != "" && size < 1500 {
		size += len(p.lines[j])
		j++
	}
	text := strings.Join(p.lines[i:j], " ")
	return cutRunes(text, 1500), j
}

func (p *page) disclaimer(a, b int) int {
	seenText := false
	for i := a; i < b; i++ {
		if strings.TrimSpace(p.lines[i]) == "" || !p.paragraphStart(i, a) {
			continue
		}
		text, end := p.paragraph(i, b)
		if isDisclaimer(text) {
			if !seenText { // above the person's words
				p.cut(i, end, cutDisclaimer)
				i = end
				continue
			}
			return p.cutFrom(i, a, b, cutDisclaimer)
		}
		seenText = true
		i = max(i, end-1)
	}
	return b
}

var bannerWords = []string{
	"caution: this email originated", "caution: this e-mail", "caution: external", "[external", "external email", "external sender", "external:", "warning: this email originated", "this email originated from outside", "this message originated from outside", "you don't often get email from", "sie erhalten nicht haufig e-mails von", "sie erhalten nicht oft e-mails von",
	"vous n'obtenez pas souvent d", "no suele recibir correo", "achtung: externe", "achtung: diese e-mail", "[extern]", "externe e-mail", "attention: ce courriel", "attention : cet e-mail provient", "some people who received this message don't often get email",
}

// banner cuts the warning that a mail system put above the text.
func (p *page) banner() {
	for i, seen := 0, 0; i < len(p.lines) && seen < 3; i++ {
		line := strings.TrimSpace(p.lines[i])
		if line == "" || p.why[i] != "" {
			continue
		}
		seen++
		low := strings.TrimLeft(fold(line), "*_ !⚠️")
		for _, w := range bannerWords {
			if strings.HasPrefix(low, w) {
				_, end := p.paragraph(i, len(p.lines))
				p.cut(i, end, cutBanner)
				i = end
				break
			}
		}
	}
}

var mobileStarts = []string{
	"sent from my ", "sent from mail for", "sent from yahoo", "sent from outlook", "sent from samsung", "sent from proton", "sent with proton", "sent via proton", "sent from gmail", "sent from a mobile", "sent from mobile", "sent from android", "sent on the go", "sent from mailbird", "sent with airmail", "sent from spark", "sent with spark", "sent via superhuman",
	"sent from nine", "sent from fairemail", "sent with blackberry", "sent from aol", "sent from my", "sent using ", "sent with mailtrack", "sent from bluemail", "sent from ymail", "sent from tutanota", "sent with tutanota", "secured with tutanota", "sent from type", "sent from canary", "sent from myMail", "get outlook for", "get bluemail for", "get typeapp for", "yahoo mail: search",
	"von meinem iphone", "von meinem ipad", "von meinem ", "von unterwegs gesendet", "gesendet von ", "gesendet mit ", "gesendet aus ", "diese nachricht wurde von meinem", "diese nachricht wurde gesendet", "holen sie sich outlook", "outlook fur ios", "outlook fur android",
	"envoye de mon ", "envoye depuis ", "envoye a partir de ", "envoye avec ", "obtenez outlook pour", "telecharger outlook pour", "provenance : courrier", "enviado desde mi ", "enviado desde ", "enviado de mi ", "enviado con ", "obtener outlook para", "inviato da ", "inviato dal ", "ottieni outlook per", "scarica outlook per",
	"verstuurd vanaf ", "verzonden vanaf ", "verzonden met ", "verzonden vanuit ", "outlook voor ", "download outlook voor", "enviado do meu ", "enviado do ", "enviado a partir do ", "obter o outlook para", "obtenha o outlook para", "skickat fran ", "hamta outlook for", "sendt fra ", "hent outlook ", "fa outlook for", "last ned outlook",
	"lahetetty ", "hanki outlook", "wyslane z ", "wyslano z ", "pobierz outlook", "pobierz aplikacje outlook", "odeslano z ", "ziskat outlook", "отправлено с ", "отправлено из ", "получите outlook", "发自我的", "从我的", "來自我的", "從我的", "iphoneから送信", "我的iphone", "获取 outlook", "androidから送信", "나의 iphone", "iphone'umdan gonderildi", "iphone'dan", "trimis de pe ", "kuldve az ",
	"mobile phone. please excuse", "please excuse brevity", "please excuse typos", "please excuse any typos", "please pardon", "excuse brevity", "sent on the move",
}

func isMobile(line string) bool {
	if len(line) > 160 {
		return false
	}
	low := strings.TrimLeft(fold(line), "*_-–—~|[(<. ")
	for _, s := range mobileStarts {
		if strings.HasPrefix(low, s) {
			// "Gesendet von ..." and the like name a program or a device; a
			// sentence with more to say does not end in a question.
			return !strings.HasSuffix(low, "?") && len(strings.Fields(low)) < 18
		}
	}
	return false
}

// mobile cuts the line a phone adds, and the little that stands below it.
func (p *page) mobile(a, b int) int {
	seen := 0
	for i := b - 1; i >= a && seen < 5; i-- {
		line := strings.TrimSpace(p.lines[i])
		if line == "" {
			continue
		}
		seen++
		if isMobile(line) {
			return p.mobile(a, p.cutFrom(i, a, b, cutSignature))
		}
	}
	return b
}

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
	words := strings.Fields(strings.Trim(line, " ,.-–—*_"))
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
			if i > a && len(line) < 80 && p.paragraphStart(i, a) && strings.HasPrefix(fold(line), p.name) {
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
			return
		case 2:
			sure++
		}
	}
	if sure > 0 && lines <= 14 && (closing >= 0 || lines > 1 || sure > 0) {
		p.cutFrom(from, a, b, cutSignature)
	}
}
