package reading

import (
	"strings"
	"unicode"
)

// sentWords say in many languages that something was sent. Folded.
var sentWords = list("sent|gesendet|verschickt|geschickt|envoye|envoyee|envoyes|enviado|enviada|enviat|inviato|inviata|mandato|spedito|verzonden|verstuurd|gestuurd|skickat|skickades|sendt|lahetetty|lahetettu|wyslane|wyslano|wyslana|odeslano|odoslane|odoslano|kuldve|trimis|trimisa|gonderildi|gonderilmistir|σταλθηκε|εσταλη|отправлено|надіслано|изпратено|poslano|poslato|issiusta|nosutits|saadetud|bidalia|" +
	"送信|发自|發自|发送|發送|傳送|傳自|来自|來自|보냄|보냈|보낸|발송|נשלח|أرسل|أرسلت|الإرسال|مرسل|ارسال|gui tu|da gui|dikirim|dihantar|ส่ง|written on|typed on|composed on|dictated|geschrieben|getippt|secured with|sent with|scritto")

// devices are what one writes mail on and with. Folded.
var devices = list("iphon|iphone|ipad|ipod|android|galaxy|samsung|huawei|xiaomi|redmi|oneplus|pixel|nokia|lumia|blackberry|windows phone|windows 10|windows 8|mail for windows|mail fur windows|courrier pour windows|correo para windows|windows mail|windows-mail|smartphone|handy|mobile|mobil|mobiltelefon|mobilgerat|mobiele|telefoon|telefono|telephone|telemovel|celular|cellulare|movil|portable|phone|cell|tablet|laptop|mac|device|watch|" +
	"outlook|gmail|yahoo|proton|aol|gmx|web.de|freenet|t-online|tutanota|tuta|posteo|fairemail|k-9|k9|thunderbird|airmail|mailbird|mailspring|mailbox|spark|superhuman|bluemail|blue mail|newton|edison|canary|zoho|fastmail|typeapp|type app|aqua mail|em client|nine|boxer|mailtrack|workspace|zimbra|roundcube|webmail|orange|sfr|free|libero|virgilio|naver|daum|qq|网易|邮箱|手机|iphone|手機|携帯|スマートフォン|핸드폰|휴대|아이폰|айфон|телефон|mail.ru|яндекс|почт|yandex|hotmail|email|e-mail|mail")

// deviceStarts begin a line of a device, whatever follows. Folded.
var deviceStarts = starts("sent from my |sent from mail for|sent from yahoo|sent from outlook|sent from a mobile|sent from mobile|sent on the go|sent on the move|sent via mobile|sent from my|from my iphone|from my ipad|from my mobile|from my phone|get outlook for|get bluemail for|get typeapp for|yahoo mail: search|von meinem iphone|von meinem ipad|von unterwegs gesendet|" +
	"diese nachricht wurde von meinem|diese nachricht wurde gesendet|diese mail wurde von|holen sie sich outlook|outlook fur ios|outlook fur android|outlook voor |outlook per ios|outlook para |outlook pour |obtenez outlook|obtenir outlook|telecharger outlook|provenance : courrier|provenance: courrier|envoye de mon |enviado desde mi |enviado de mi |obtener outlook|obten outlook|ottieni outlook|scarica outlook|download outlook|obter o outlook|obtenha o outlook|hamta outlook|hent outlook|fa outlook|last ned outlook|skaff deg outlook|hanki outlook|pobierz outlook|pobierz aplikacje outlook|ziskat outlook|ziskejte outlook|получите outlook|скачайте outlook|" +
	"发自我的|从我的|來自我的|從我的|iphoneから|androidから|我的iphone|获取 outlook|取得 ios|iphone'umdan|iphone'dan|trimis de pe |kuldve az |mobile phone. please excuse|please excuse brevity|please excuse typos|please excuse any typos|please excuse my brevity|excuse brevity|excuse typos|excuse the brevity|apologies for brevity|apologies for typos|apologies for any typos|please pardon typos|please pardon my brevity|please pardon brevity|pardon typos|pardon my typos|forgive typos|brief because")

// tellingWords make a sentence of what else would be the line of a device.
var tellingWords = []string{" i ", " i'm ", " i'll ", " i've ", " was ", " were ", " than ", " ich ", " je ", " yo ", " io ", " ik ", " eu ", " you ", " we ", " he ", " she ", " they ", " it ", " yesterday ", " gestern ", " hier "}

// isMobile reports the line that a phone or a program adds about itself: "Sent from
// my iPhone", "Get Outlook for iOS", in whatever language.
func isMobile(line string) bool {
	if len(line) > 200 || line == "" {
		return false
	}
	low := strings.TrimLeft(fold(line), "*_-–—~|[(<. ")
	if strings.HasSuffix(low, "?") || low == "" {
		return false
	}
	words := len(strings.Fields(low))
	if strings.Contains(low, "aka.ms/") && words <= 14 {
		return true
	}
	if words > 22 {
		return false
	}
	bare := " " + low + " "
	excused := strings.Contains(low, "excuse") || strings.Contains(low, "typo") || strings.Contains(low, "brevity") || strings.Contains(low, "pardon")
	for _, s := range deviceStarts {
		if strings.HasPrefix(low, s) {
			return excused || !containsAny(bare, tellingWords) && !containsAny(bare, []string{" is "})
		}
	}
	if words > 14 || containsAny(bare, tellingWords) {
		return false
	}
	if sentByApp(line) {
		return true
	}
	return containsAny(low, sentWords) && namesOne(low, devices) && !strings.ContainsAny(low, "@!") && sentEdge(low)
}

// sentByApp reports "Sent with Sparrow (http://…)": a few words, of which the third is
// a name.
func sentByApp(line string) bool {
	f := strings.Fields(strings.Trim(line, "*_|[]<> "))
	if len(f) < 3 || len(f) > 7 || !strings.EqualFold(f[0], "sent") {
		return false
	}
	switch strings.ToLower(f[1]) {
	case "with", "from", "via", "using", "through", "by":
	default:
		return false
	}
	r, _ := firstRune(f[2])
	return unicode.IsUpper(r) && !strings.ContainsAny(line[len(line)-1:], "?!")
}

// sentEdge reports that the word for sending stands at the beginning or the end of
// the line, as it does where it is the verb of the whole.
func sentEdge(low string) bool {
	low = strings.Trim(low, " .)>]*_")
	for _, w := range sentWords {
		if strings.HasPrefix(low, w) || strings.HasSuffix(low, w) {
			return true
		}
	}
	first := firstField(low)
	return first == "diese" || first == "this" || first == "ce" || first == "duoc" || first == "تم"
}

// namesOne reports one of the words in s, not amid another word.
func namesOne(s string, words []string) bool {
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(s[from:], w)
			if i < 0 {
				break
			}
			at := from + i
			if !isLetterAt(s, at-1) && (!isLetterAt(s, at+len(w)) || len(w) > 4) || w[0] >= 0x80 {
				return true
			}
			from = at + len(w)
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
