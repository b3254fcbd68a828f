package reading

import "strings"

// headerLabels are the names of header fields as programs write them above a copy
// of an earlier mail. Folded, without the colon.
var headerLabels = func() map[string]byte {
	t := map[string]byte{}
	for class, words := range map[byte]string{
		'f': "from|von|de|da|van|fra|fran|od|lahettaja|от|от кого|发件人|寄件者|差出人|보낸 사람|kimden|felado|expeditor|de la|mittente|remitente|expediteur|απο|avsender|afsender|avsandare|desde|nadawca|odesilatel|від|מאת|من|差出人 ",
		's': "sent|date|gesendet|datum|envoye|enviado|enviado el|inviato|verzonden|sendt|skickat|wyslano|odeslano|lahetetty|отправлено|дата|发送时间|日期|送信日時|日時|보낸 날짜|gonderildi|tarih|kuldve|elkuldve|data|fecha|dato|sendt den|gesendet am|envoye le|enviada em|enviada|inviata|trimis|paivamaara|paivays|sent on|寄件日期|надіслано|تاريخ|תאריך|נשלח",
		't': "to|an|a|para|aan|til|till|do|komu|vastaanottaja|кому|收件人|宛先|받는 사람|kime|cimzett|catre|destinataire|destinatario|mottagare|modtager|προς|per|adresat|אל|إلى",
		'c': "cc|kopie|kopia|copie|copia|kopio|копия|抄送|副本|참조|bilgi|bcc|reply-to|reply to|antwort an|kopi|dw",
		'b': "subject|betreff|objet|asunto|oggetto|onderwerp|assunto|emne|amne|temat|predmet|aihe|тема|主题|主旨|件名|제목|konu|targy|subiect|θεμα|נושא|الموضوع|importance|wichtigkeit|attachments|anlagen",
	} {
		for w := range strings.SplitSeq(words, "|") {
			t[w] = class
		}
	}
	t["a"], t["de"], t["data"] = 't', 'f', 's'
	return t
}()

// headerLine gives the class of a line such as "From: Jane Doe", or 0.
func headerLine(line string) byte {
	line = strings.TrimLeft(strings.TrimSpace(line), "*_ \u200e\u200f")
	at := strings.IndexAny(line, ":：")
	if at <= 0 || at > 40 {
		return 0
	}
	return headerLabels[strings.Trim(fold(line[:at]), " *_\u00a0")]
}

// headerBlock returns the number of lines of the header fields that stand above a
// copy of an earlier mail: a From line, and near it two of date, recipient and
// subject. One line "From: …" alone is the writer's own.
func (p *page) headerBlock(i int) int {
	first := headerLine(p.lines[i])
	if first != 'f' && first != 's' && first != 'b' {
		return 0
	}
	seen := map[byte]bool{first: true}
	for w := range strings.FieldsSeq(cutRunes(p.lines[i], 400)) { // all in one line
		if label, ok := strings.CutSuffix(w, ":"); ok {
			if c := headerLabels[strings.Trim(fold(label), "*_")]; c != 0 {
				seen[c] = true
			}
		}
	}
	last, misses := i, 0
	for j := i + 1; j < len(p.lines) && j < i+14; j++ {
		line := strings.TrimSpace(p.lines[j])
		if line == "" {
			if misses++; misses > 2 && j-last > 2 {
				break
			}
			continue
		}
		if c := headerLine(line); c != 0 {
			seen[c] = true
			last = j
			continue
		}
		if j-last > 3 { // a long list of recipients wraps
			break
		}
	}
	score := 0
	for _, c := range [...]byte{'s', 't', 'b'} {
		if seen[c] {
			score++
		}
	}
	if !seen['f'] || score < 2 || !seen['s'] && !seen['b'] {
		return 0
	}
	// Somebody's own list of "From: …, To: …" has neither address nor date.
	block := strings.Join(p.lines[i:last+1], " ")
	if date, clock := hasDate(fold(block)); !strings.Contains(block, "@") && !date && !clock {
		return 0
	}
	return last - i + 1
}

var originalWords = []string{
	"original message", "original-nachricht", "ursprungliche nachricht", "originalnachricht", "message d'origine", "message original", "message initial", "mensaje original", "messaggio originale", "messaggio original",
	"oorspronkelijk bericht", "origineel bericht", "mensagem original", "oprindelig meddelelse", "original meddelelse", "opprinnelig melding", "ursprungligt meddelande", "originalmeddelande", "alkuperainen viesti",
	"wiadomosc oryginalna", "oryginalna wiadomosc", "puvodni zprava", "puvodni e-mail", "исходное сообщение", "原始邮件", "原始郵件", "original appointment", "ursprunglicher termin", "reply message", "urspr. nachr", "orijinal ileti",
	"mesaj original", "eredeti uzenet", "original email", "reply above this line", "originele bericht", "元のメッセージ", "original mail", "原邮件", "원본 메시지",
}

var forwardWords = []string{
	"forwarded message", "forwarded mail", "forwarded by", "weitergeleitete nachricht", "weitergeleitet von", "message transfere", "message reexpedie", "mensaje reenviado", "messaggio inoltrato", "doorgestuurd bericht", "mensagem encaminhada",
	"videresendt meddelelse", "videresendt melding", "vidarebefordrat meddelande", "valitetty viesti", "edelleenlahetetty viesti", "wiadomosc przekazana", "przekazana wiadomosc", "preposlana zprava", "пересылаемое сообщение", "пересланное сообщение", "转发的邮件", "轉寄郵件", "転送されたメッセージ",
	"begin forwarded message", "anfang der weitergeleiteten nachricht", "debut du message transfere", "debut du message reexpedie", "inicio del mensaje reenviado", "inizio messaggio inoltrato", "begin doorgestuurd bericht", "inicio da mensagem encaminhada", "forwarded email", "forwarded conversation", "vidarebefordrat brev",
}

// isOriginalMark reports the line that mail programs put above an unmarked copy:
// "-----Original Message-----".
func isOriginalMark(line string) bool { return dashed(line, originalWords, false) }

// isForwardMark reports the line above forwarded text. Apple Mail writes it with a
// colon and no dashes.
func isForwardMark(line string) bool { return dashed(line, forwardWords, true) }

func dashed(line string, words []string, colon bool) bool {
	if len(line) > 120 || len(line) < 8 {
		return false
	}
	bare := strings.Trim(line, "-_=*~— :>\u00a0")
	marks := strings.HasPrefix(line, "--") || strings.HasPrefix(line, "__") || strings.HasPrefix(line, "==") || strings.HasPrefix(line, "**") || strings.HasPrefix(line, "——") ||
		strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "*") && strings.HasSuffix(line, "*")
	if !marks && !(colon && strings.HasSuffix(line, ":")) {
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
