package reading

import "strings"

// headerLabels are the names of header fields as programs write them above a copy of
// an earlier mail, by what they say: from, sent, to, copy, subject. Folded, without
// the colon.
var headerLabels = func() map[string]byte {
	t := map[string]byte{}
	for class, words := range map[byte]string{
		'f': "from|von|de|da|van|fra|fran|od|lahettaja|от|от кого|від|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|발신|kimden|gonderen|felado|expeditor|expeditorul|de la|mittente|remitente|expediteur|απο|αποστολεας|" +
			"avsender|afsender|avsandare|desde|nadawca|odesilatel|odosielatel|posiljatelj|salje|saatja|kellelt|nuo|siuntejas|no|מאת|من|المرسل|از|tu|nguoi gui|dari|daripada|จาก|igorlea|nork|од|isporucilac|pengirim|pengirim asli",
		's': "sent|date|sent on|sent at|sent date|gesendet|datum|gesendet am|verschickt|envoye|envoye le|date d'envoi|enviado|enviado el|enviada em|enviado em|enviada|enviat|enviado a las|inviato|inviata|inviato il|data|data invio|verzonden|verzonden op|verstuurd|sendt|sendt den|skickat|wyslano|wyslane|data wyslania|odeslano|odoslane|lahetetty|paivamaara|paivays|" +
			"отправлено|дата|дата отправки|надіслано|изпратено|发送时间|发送日期|發送時間|寄件日期|日期|时间|時間|送信日時|日時|日付|보낸 날짜|보낸날짜|날짜|보낸 시간|gonderildi|gonderilme tarihi|tarih|kuldve|elkuldve|kuldes ideje|kuldes datuma|fecha|fecha de envio|dato|trimis|trimisa|data trimiterii|σταλθηκε|ημερομηνια|εσταλη|απεσταλμενα|" +
			"נשלח|תאריך|تاريخ|تم الإرسال|تاريخ الإرسال|التاريخ|تاریخ|da gui|ngay|ngay gui|dikirim|tanggal|terkirim|dihantar|ส่ง|วันที่|poslano|poslato|issiusta|isiusta|nosutits|datums|saadetud|saatmisaeg|kuupaev|bidalia",
		't': "to|an|a|para|aan|til|till|do|до|komu|vastaanottaja|кому|收件人|收件者|宛先|받는 사람|받는사람|수신|kime|alici|cimzett|catre|destinataire|destinatari|destinatario|mottagare|mottaker|modtager|προς|per|per a|adresat|adressaat|kellele|prima|primatelj|za|kam|iki|gavejas|" +
			"אל|עבור|إلى|الى|به|toi|kepada|ke|untuk|ถึง|nori|за|empfanger|destinatar|destinatarul",
		'c': "cc|kopie|kopia|copie|copie a|copia|kopio|копия|копія|抄送|副本|참조|bilgi|bcc|reply-to|reply to|antwort an|repondre a|responder a|rispondi a|kopi|dw|masolat|másolatot kap|en copia|κοιν|עותק|نسخة|kópia|kopija|organization|organisation|resent-from|mailed-by|signed-by|importance|wichtigkeit|prioritat|priority|attachments|anlagen|pieces jointes|allegati|bijlagen|adjuntos|importancia|sensitivity|reply by",
		'b': "subject|betreff|betr|objet|sujet|asunto|assumpte|oggetto|onderwerp|assunto|emne|amne|temat|predmet|naslov|aihe|тема|относно|предмет|наслов|主题|主題|主旨|标题|標題|件名|제목|konu|targy|subiect|subiectul|θεμα|נושא|הנדון|الموضوع|موضوع|chu de|tieu de|perihal|subjek|subyek|เรื่อง|หัวเรื่อง|gaia|zadeva|tema|temats|teema|efni",
	} {
		for w := range strings.SplitSeq(words, "|") {
			t[fold(w)] = class
		}
	}
	t["a"], t["de"], t["data"] = 't', 'f', 's'
	return t
}()

// originalWords stand between dashes above a copy of the earlier mail.
var originalWords = list(
	"original message|original-nachricht|ursprungliche nachricht|originalnachricht|ursprungliche mail|ursprungliche e-mail|antwort nachricht|urspr. nachr|message d'origine|message original|message initial|message d origine|mail original|e-mail d'origine|courriel original|" +
		"mensaje original|mensaje de origen|missatge original|mensaxe orixinal|correo original|messaggio originale|messaggio original|oorspronkelijk bericht|origineel bericht|originele bericht|oorspronkelijke bericht|oorspronkelijke e-mail|mensagem original|oprindelig meddelelse|oprindelig besked|original meddelelse|" +
		"opprinnelig melding|original melding|originalmelding|ursprungligt meddelande|originalmeddelande|ursprungliga meddelandet|alkuperainen viesti|wiadomosc oryginalna|oryginalna wiadomosc|puvodni zprava|puvodni e-mail|povodna sprava|исходное сообщение|исходное письмо|оригинальное сообщение|початкове повідомлення|вихідне повідомлення|оригинално съобщение|" +
		"izvorna poruka|izvirno sporocilo|originalna poruka|оригинална порука|pirminis laiskas|originalus pranesimas|originalais zinojums|algne teade|algsonum|jatorrizko mezua|mesaj original|mesajul original|eredeti uzenet|eredeti level|ozgun ileti|orijinal ileti|orijinal mesaj|αρχικο μηνυμα|" +
		"原始邮件|原始郵件|原邮件|原邮件信息|原始信件|元のメッセージ|元のメール|original mail|original email|original e-mail|원본 메시지|원본 메일|원본메일|הודעה מקורית|الرسالة الأصلية|رسالة أصلية|پیام اصلی|thu goc|tin nhan goc|pesan asli|mesej asal|ข้อความต้นฉบับ|ข้อความเดิม|" +
		"original appointment|ursprunglicher termin|rendez-vous d'origine|reply message|reply above this line|please type your reply above this line|write above this line|replied message|回复的邮件|回覆郵件|previous message|reply separator")

var forwardWords = list(
	"forwarded message|forwarded mail|forwarded by|forwarded email|forwarded conversation|forward message|begin forwarded message|weitergeleitete nachricht|weitergeleitet von|weitergeleitete mail|anfang der weitergeleiteten nachricht|message transfere|message reexpedie|debut du message transfere|debut du message reexpedie|" +
		"mensaje reenviado|inicio del mensaje reenviado|missatge reenviat|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|mensagem encaminhada|mensagem reencaminhada|inicio da mensagem encaminhada|inicio da mensagem reencaminhada|videresendt meddelelse|start pa videresendt besked|videresendt melding|" +
		"videresendt e-post|videresendt melding:|vidarebefordrat meddelande|vidarebefordrat brev|vidarebefordrat mejl|valitetty viesti|edelleenlahetetty viesti|wiadomosc przekazana|przekazana wiadomosc|poczatek przekazywanej wiadomosci|preposlana zprava|preposlana sprava|пересылаемое сообщение|пересланное сообщение|начало переадресованного сообщения|" +
		"переслане повідомлення|препратено съобщение|proslijedena poruka|posredovano sporocilo|tovabbitott uzenet|tovabbitott level|mesaj redirectionat|mesaj transmis mai departe|iletilen ileti|yonlendirilmis mesaj|iletilmis mesaj|προωθημενο μηνυμα|转发的邮件|转发邮件|转发邮件信息|被转发邮件信息|轉寄郵件|轉寄的郵件|転送されたメッセージ|転送メッセージ|" +
		"전달된 메시지|전달된 메일|הודעה שהועברה|رسالة معاد توجيهها|الرسالة المعاد توجيهها|thu da duoc chuyen tiep|pesan terusan|pesan yang diteruskan|birtarako mezua")
