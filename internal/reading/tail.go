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
		b2 = p.ruledCard(a, b2)
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
	return prev == "" || isRule(prev) || isSigMark(prev)
}

// cutFrom marks the lines i to b and a rule above them, and returns the new end.
func (p *page) cutFrom(i, a, b int, why string) int {
	for i > a && (strings.TrimSpace(p.lines[i-1]) == "" || isRule(strings.TrimSpace(p.lines[i-1])) || isSigMark(strings.TrimSpace(p.lines[i-1]))) {
		i--
	}
	p.cut(i, b, why)
	return i
}

var footerWords = []string{
	"you received this message because you are subscribed", "you are receiving this because you", "to unsubscribe", "unsubscribe here", "unsubscribe from this list", "mailing list -", "mailing list\n", "list archives:", "manage your subscription",
	"sie erhalten diese nachricht, weil", "um sich von dieser gruppe abzumelden", "vous recevez ce message car vous etes abonne", "has recibido este mensaje porque", "pour vous desabonner", "reply to this email directly or view it on", "you are receiving this email because you", "yahoo! groups links", "this message was sent using imp", "this mail sent through", "this message was sent via",
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
		if isRule(line) && len(line) >= 20 && p.advert(i+1, b) {
			return p.cutFrom(i, a, b, cutFooter)
		}
		if i == a && b-a < 3 {
			continue
		}
		for _, w := range footerWords {
			if strings.HasPrefix(low, w) && p.listed(i, b) {
				return p.cutFrom(i, a, b, cutFooter)
			}
		}
	}
	return b
}

// advert reports that the lines i to b are what a free mailbox puts below its users'
// mail: a few lines and where to go.
func (p *page) advert(i, b int) bool {
	var text strings.Builder
	lines := 0
	for ; i < b; i++ {
		if line := strings.TrimSpace(p.lines[i]); line != "" {
			lines++
			text.WriteString(" " + fold(cutRunes(line, 200)))
		}
	}
	return lines > 0 && lines <= 5 && containsAny(text.String(), []string{"http", "www.", ".com"}) &&
		containsAny(text.String(), []string{"yahoo", "msn", "hotmail", "messenger", "lycos", "netscape", "aol", "gmx", "web.de", "freenet", "t-online", "free email", "free e-mail", "download", "sign up", "spam", "caramail", "libero", "mail.ru", "webmail", "join now"})
}

// listed reports that the paragraph at line i speaks of a list: it has a link, an
// address or the words for it.
func (p *page) listed(i, b int) bool {
	text, _ := p.paragraph(i, b)
	return containsAny(fold(text), []string{"http", "@", "www.", "click", "list", "group", "abonn", "this mail", "these mails", "github", "issue", "gruppe", "grupo", "groupe"})
}

// bannerGoesOn reports that line i belongs to the warning above it.
func (p *page) bannerGoesOn(i int) bool {
	line, above := strings.TrimSpace(p.lines[i]), strings.TrimSpace(p.lines[i-1])
	if line == "" {
		return false
	}
	first, _ := firstRune(line)
	return len(above) > 50 && !strings.ContainsAny(above[len(above)-1:], ".!?>)]") && unicode.IsLower(first) ||
		containsAny(fold(line), []string{"do not click", "don't click", "attachments unless", "recognize the sender", "recognise the sender", "know the content is safe", "aka.ms/learnaboutsender", "learn why this is important", "keine links", "anhange", "ne cliquez pas", "no haga clic", "externalmail"})
}

// disclaimerWords begin legal footers; a line that begins a paragraph and
// contains one of the first kind, or begins with one of the second.
var disclaimerWords = []string{
	"and any attachments are confidential", "and any attachment", "and any files transmitted with it", "is intended only for", "are intended only for", "intended solely for", "confidentiality notice", "confidential and may", "may contain confidential", "contains confidential", "is confidential and", "privileged and confidential",
	"legal disclaimer", "enthalt vertrauliche", "vertrauliche und/oder", "vertraulich und", "ausschliesslich fur den", "confidentiel et", "est confidentiel", "sont confidentiels", "etabli a l'intention exclusive", "informacion confidencial", "es confidencial", "aviso legal", "informazioni riservate", "informativa privacy",
	"vertrouwelijke informatie", "uitsluitend bestemd voor", "informacoes confidenciais", "aviso de confidencialidade", "clausula de confidencialidad", "if you are not the intended recipient", "if you have received this email in error", "if you received this e-mail in error", "wenn sie nicht der richtige adressat", "si vous n'etes pas le destinataire",
	"consider the environment before printing", "before printing this e", "bevor sie diese e-mail ausdrucken", "avant d'imprimer", "virus-free", "scanned for viruses", "virenfrei", "checked for viruses by", "registered in england", "registered office", "sitz der gesellschaft", "geschaftsfuhrer:", "handelsregister", "amtsgericht", "limited liability partnership",
	"working hours may not be your", "working hours may differ", "working hours might not be", "work flexibly", "working flexibly", "outside of your working hours", "outside your working hours", "outside of normal working hours", "feel obliged to reply", "feel obligated to reply", "expect a reply outside", "arbeitszeiten sind vielleicht nicht", "horaires de travail ne sont pas",
}

var disclaimerStarts = []string{
	"disclaimer", "confidentiality", "confidential:", "privacy notice", "important notice", "notice:", "this e-mail", "this email", "this message", "this communication", "diese e-mail", "diese nachricht", "ce message", "ce courriel", "este mensaje", "este correo", "questo messaggio", "questa e-mail", "dit bericht", "deze e-mail",
	"esta mensagem", "este e-mail", "p please consider", "please consider", "the information", "the contents", "any views", "if you", "wenn sie", "si vous", "think before", "bitte denken", "bitte prufen", "pensez", "virus-free", "virenfrei", "registered", "sitz der", "geschaftsfuhrer", "handelsregister", "amtsgericht", "aviso", "der inhalt dieser", "the content of this", "*this", "*confidential", "[", "l'information", "le contenu", "la informacion", "le informazioni", "de informatie", "as informacoes", "antes de imprimir", "prima di stampare", "my working", "i work", "please don't feel", "please do not feel", "we work", "i may send", "i am working", "i'm working", "meine arbeitszeiten", "mes horaires",
}

func isDisclaimer(paragraph string) bool {
	low := strings.TrimLeft(fold(paragraph), "*_-–— ")
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
				end := i + 1
				for end < len(p.lines) && p.bannerGoesOn(end) {
					end++
				}
				p.cut(i, end, cutBanner)
				i = end - 1
				break
			}
		}
	}
}
