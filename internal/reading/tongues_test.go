package reading

// tongue is how programs speak a language. The old mail is of 23 November 2026, 09:12, by Ada Example.
type tongue struct {
	name     string
	gmail    string // the line above a quote
	apple    string
	bird     string    // Thunderbird
	labels   [4]string // From, Sent, To, Subject, with what stands before the colon
	date     string    // as Outlook writes it
	original string    // between dashes
	phone    string
	outlook  string // what its app for phones adds
	short    string // answers
	long     string
	old      string
}

var tongues = []tongue{
	{
		"en", "On Mon, Nov 23, 2026 at 9:12 AM Ada Example <ada@example.org> wrote:", "On 23 Nov 2026, at 09:12, Ada Example <ada@example.org> wrote:", "On 11/23/2026 9:12 AM, Ada Example wrote:",
		[4]string{"From", "Sent", "To", "Subject"},
		"Monday, November 23, 2026 9:12 AM", "Original Message", "Sent from my iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>",
		"Sure, Tuesday at 3 works.", "Hi Ada,\n\nthat is a good idea. On Tuesday I am free from 10:00 on.\nFrom Wednesday on it gets busy:\n- a board meeting\n- two deadlines\n\nBest,\nJane",
		"Hi Jane,\n\ncould you spare 20 minutes for me next week?\n\nBest,\nAda",
	},
	{
		"en-gb", "On Mon, 23 Nov 2026 at 09:12, Ada Example <ada@example.org> wrote:", "On 23 Nov 2026, at 09:12, Ada Example <ada@example.org> wrote:", "On 23/11/2026 09:12, Ada Example wrote:",
		[4]string{"From", "Date", "To", "Subject"},
		"Monday, 23 November 2026 at 09:12", "Original message", "Sent from my Galaxy", "Get Outlook for Android<https://aka.ms/AAb9ysg>",
		"Lovely idea!", "Dear Ada,\n\nOn the 24th I'd be free at 14:00, if that suits:\nplease ring me then.\n\nKind regards,\nJane",
		"Dear Jane,\n\nMight you have 20 minutes?\n\nAda",
	},
	{
		"de", "Am Mo., 23. Nov. 2026 um 09:12 Uhr schrieb Ada Example <ada@example.org>:", "Am 23.11.2026 um 09:12 schrieb Ada Example <ada@example.org>:", "Am 23.11.2026 um 09:12 schrieb Ada Example:",
		[4]string{"Von", "Gesendet", "An", "Betreff"},
		"Montag, 23. November 2026 09:12", "Ursprüngliche Nachricht", "Von meinem iPhone gesendet", "Outlook für iOS<https://aka.ms/o0ukef> beziehen",
		"Gerne, am Dienstag um 15 Uhr.", "Hallo Ada,\n\nAm 24.11. um 15 Uhr passt es mir gut.\nVon Mittwoch an bin ich unterwegs.\n\nViele Grüße\nJane",
		"Hallo Jane,\n\nhättest du nächste Woche 20 Minuten für mich?\n\nAda",
	},
	{
		"fr", "Le lun. 23 nov. 2026 à 09:12, Ada Example <ada@example.org> a écrit :", "Le 23 nov. 2026 à 09:12, Ada Example <ada@example.org> a écrit :", "Le 23/11/2026 à 09:12, Ada Example a écrit :",
		[4]string{"De ", "Envoyé ", "À ", "Objet "},
		"lundi 23 novembre 2026 09:12", "Message d'origine", "Envoyé de mon iPhone", "Obtenir Outlook pour iOS<https://aka.ms/o0ukef>",
		"Avec plaisir, mardi à 15h.", "Bonjour Ada,\n\nLe 24 à 15h, c'est parfait :\nvous pouvez m'appeler.\nDe 16h à 18h aussi.\n\nBien cordialement,\nJane",
		"Bonjour Jane,\n\nauriez-vous 20 minutes la semaine prochaine ?\n\nAda",
	},
	{
		"es", "El lun, 23 nov 2026 a las 9:12, Ada Example (<ada@example.org>) escribió:", "El 23 nov 2026, a las 9:12, Ada Example <ada@example.org> escribió:", "El 23/11/2026 a las 9:12, Ada Example escribió:",
		[4]string{"De", "Enviado", "Para", "Asunto"},
		"lunes, 23 de noviembre de 2026 9:12", "Mensaje original", "Enviado desde mi iPhone", "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
		"Claro, el martes a las 15h.", "Hola Ada:\n\nEl martes 24 a las 15:00 me viene bien.\nDe 16 a 18 también.\n\nUn saludo,\nJane",
		"Hola Jane:\n\n¿tendrías 20 minutos la semana que viene?\n\nAda",
	},
	{
		"it", "Il giorno lun 23 nov 2026 alle ore 09:12 Ada Example <ada@example.org> ha scritto:", "Il giorno 23 nov 2026, alle ore 09:12, Ada Example <ada@example.org> ha scritto:", "Il 23/11/2026 09:12, Ada Example ha scritto:",
		[4]string{"Da", "Inviato", "A", "Oggetto"},
		"lunedì 23 novembre 2026 09:12", "Messaggio originale", "Inviato da iPhone", "Ottieni Outlook per iOS<https://aka.ms/o0ukef>",
		"Volentieri, martedì alle 15.", "Ciao Ada,\n\nIl 24 alle 15 va benissimo:\nchiamami pure.\n\nCordiali saluti,\nJane",
		"Ciao Jane,\n\navresti 20 minuti la prossima settimana?\n\nAda",
	},
	{
		"nl", "Op ma 23 nov 2026 om 09:12 schreef Ada Example <ada@example.org>:", "Op 23 nov. 2026 om 09:12 heeft Ada Example <ada@example.org> het volgende geschreven:", "Op 23-11-2026 om 09:12 schreef Ada Example:",
		[4]string{"Van", "Verzonden", "Aan", "Onderwerp"},
		"maandag 23 november 2026 09:12", "Oorspronkelijk bericht", "Verstuurd vanaf mijn iPhone", "Outlook voor iOS<https://aka.ms/o0ukef> downloaden",
		"Prima, dinsdag om 15 uur.", "Hoi Ada,\n\nOp dinsdag 24 november om 15:00 kan ik.\nVan 16 tot 18 uur ook.\n\nMet vriendelijke groet,\nJane",
		"Hoi Jane,\n\nheb je volgende week 20 minuten?\n\nAda",
	},
	{
		"pt-br", "Em seg., 23 de nov. de 2026 às 09:12, Ada Example <ada@example.org> escreveu:", "Em 23 de nov. de 2026, à(s) 09:12, Ada Example <ada@example.org> escreveu:", "Em 23/11/2026 09:12, Ada Example escreveu:",
		[4]string{"De", "Enviada em", "Para", "Assunto"},
		"segunda-feira, 23 de novembro de 2026 09:12", "Mensagem original", "Enviado do meu iPhone", "Obter o Outlook para iOS<https://aka.ms/o0ukef>",
		"Claro, na terça às 15h.", "Oi Ada,\n\nEm dezembro fica melhor: dia 3 às 15h.\nDe manhã também posso.\n\nAbraços,\nJane",
		"Oi Jane,\n\nvocê teria 20 minutos na próxima semana?\n\nAda",
	},
	{
		"pt", "Ada Example <ada@example.org> escreveu (segunda, 23/11/2026 à(s) 09:12):", "No dia 23/11/2026, às 09:12, Ada Example <ada@example.org> escreveu:", "Às 09:12 de 23/11/2026, Ada Example escreveu:",
		[4]string{"De", "Enviado", "Para", "Assunto"},
		"23 de novembro de 2026 09:12", "Mensagem original", "Enviado do meu iPad", "Obter o Outlook para Android<https://aka.ms/AAb9ysg>",
		"Com todo o gosto.", "Cara Ada,\n\nna terça às 15h estou livre.\n\nCom os melhores cumprimentos,\nJane", "Cara Jane,\n\nteria 20 minutos?\n\nAda",
	},
	{
		"pl", "pon., 23 lis 2026 o 09:12 Ada Example <ada@example.org> napisał(a):", "Wiadomość napisana przez Ada Example <ada@example.org> w dniu 23.11.2026, o godz. 09:12:", "W dniu 23.11.2026 o 09:12, Ada Example pisze:",
		[4]string{"Od", "Wysłano", "Do", "Temat"},
		"poniedziałek, 23 listopada 2026 09:12", "Oryginalna wiadomość", "Wysłane z iPhone'a", "Pobierz aplikację Outlook dla systemu iOS<https://aka.ms/o0ukef>",
		"Chętnie, we wtorek o 15.", "Cześć Ada,\n\nwe wtorek o 15:00 mam czas.\nDo środy jestem w biurze.\n\nPozdrawiam,\nJane", "Cześć Jane,\n\nczy masz 20 minut?\n\nAda",
	},
	{
		"sv", "Den mån 23 nov. 2026 kl 09:12 skrev Ada Example <ada@example.org>:", "23 nov. 2026 kl. 09:12 skrev Ada Example <ada@example.org>:", "Den 2026-11-23 kl. 09:12, skrev Ada Example:",
		[4]string{"Från", "Skickat", "Till", "Ämne"},
		"den 23 november 2026 09:12", "Ursprungligt meddelande", "Skickat från min iPhone", "Hämta Outlook för iOS<https://aka.ms/o0ukef>",
		"Gärna, på tisdag kl 15.", "Hej Ada!\n\nDen 24 november kl. 15 passar bra.\nTill dess!\n\nMed vänliga hälsningar\nJane", "Hej Jane!\n\nHar du 20 minuter?\n\nAda",
	},
	{
		"da", "Den man. 23. nov. 2026 kl. 09.12 skrev Ada Example <ada@example.org>:", "Den 23. nov. 2026 kl. 09.12 skrev Ada Example <ada@example.org>:", "Den 23.11.2026 kl. 09.12 skrev Ada Example:",
		[4]string{"Fra", "Sendt", "Til", "Emne"},
		"23. november 2026 09:12", "Oprindelig meddelelse", "Sendt fra min iPhone", "Hent Outlook til iOS<https://aka.ms/o0ukef>",
		"Gerne, tirsdag kl. 15.", "Hej Ada\n\nDen 24. november kl. 15 er fint.\n\nVenlig hilsen\nJane", "Hej Jane\n\nHar du 20 minutter?\n\nAda",
	},
	{
		"nb", "man. 23. nov. 2026 kl. 09:12 skrev Ada Example <ada@example.org>:", "23. nov. 2026 kl. 09:12 skrev Ada Example <ada@example.org>:", "Den 23.11.2026 09:12, skrev Ada Example:",
		[4]string{"Fra", "Sendt", "Til", "Emne"},
		"mandag 23. november 2026 09:12", "Opprinnelig melding", "Sendt fra min iPhone", "Skaff deg Outlook for iOS<https://aka.ms/o0ukef>",
		"Gjerne, tirsdag kl. 15.", "Hei Ada\n\nTirsdag kl. 15 passer.\n\nMed vennlig hilsen\nJane", "Hei Jane\n\nHar du 20 minutter?\n\nAda",
	},
	{
		"fi", "ma 23. marrask. 2026 klo 9.12 Ada Example (ada@example.org) kirjoitti:", "Ada Example <ada@example.org> kirjoitti 23.11.2026 kello 9.12:", "Ada Example kirjoitti 23.11.2026 klo 9.12:",
		[4]string{"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"},
		"maanantai 23. marraskuuta 2026 9.12", "Alkuperäinen viesti", "Lähetetty iPhonesta", "Hanki Outlook for iOS<https://aka.ms/o0ukef>",
		"Mielelläni, tiistaina klo 15.", "Hei Ada,\n\ntiistaina klo 15 käy hyvin.\n\nYstävällisin terveisin\nJane", "Hei Jane,\n\nolisiko sinulla 20 minuuttia?\n\nAda",
	},
	{
		"cs", "po 23. 11. 2026 v 9:12 odesílatel Ada Example <ada@example.org> napsal:", "23. 11. 2026 v 9:12, Ada Example <ada@example.org>:", "Dne 23. 11. 26 v 9:12 Ada Example napsal(a):",
		[4]string{"Od", "Odesláno", "Komu", "Předmět"},
		"pondělí 23. listopadu 2026 9:12", "Původní zpráva", "Odesláno z iPhonu", "Získat Outlook pro iOS<https://aka.ms/o0ukef>",
		"Ráda, v úterý v 15.", "Dobrý den, Ado,\n\nv úterý v 15:00 mám čas.\nDo středy jsem tady.\n\nS pozdravem\nJane", "Dobrý den,\n\nměla byste 20 minut?\n\nAda",
	},
	{
		"sk", "po 23. 11. 2026 o 9:12 Ada Example <ada@example.org> napísal(a):", "Dňa 23. 11. 2026 o 9:12 používateľ Ada Example <ada@example.org> napísal:", "Dňa 23. 11. 2026 o 9:12 Ada Example napísal(a):",
		[4]string{"Od", "Odoslané", "Komu", "Predmet"},
		"pondelok 23. novembra 2026 9:12", "Pôvodná správa", "Odoslané z iPhonu", "Získať Outlook pre iOS<https://aka.ms/o0ukef>",
		"Rada, v utorok o 15.", "Dobrý deň,\n\nv utorok o 15:00 mám čas.\n\nS pozdravom\nJane", "Dobrý deň,\n\nmali by ste 20 minút?\n\nAda",
	},
	{
		"hu", "Ada Example <ada@example.org> ezt írta (időpont: 2026. nov. 23., H, 9:12):", "2026. nov. 23. dátummal, 9:12 időpontban Ada Example <ada@example.org> írta:", "2026. 11. 23. 9:12 keltezéssel, Ada Example írta:",
		[4]string{"Feladó", "Elküldve", "Címzett", "Tárgy"},
		"2026. november 23., hétfő 9:12", "Eredeti üzenet", "Az iPhone-omról küldve", "Az Outlook beszerzése iOS-re<https://aka.ms/o0ukef>",
		"Szívesen, kedden 15 órakor.", "Kedves Ada!\n\nKedden 15 órakor ráérek.\n\nÜdvözlettel,\nJane", "Kedves Jane!\n\nLenne 20 perced?\n\nAda",
	},
	{
		"ro", "În lun., 23 nov. 2026 la 09:12, Ada Example <ada@example.org> a scris:", "Pe 23 nov. 2026, la 09:12, Ada Example <ada@example.org> a scris:", "Pe 23.11.2026 09:12, Ada Example a scris:",
		[4]string{"De la", "Trimis", "Către", "Subiect"},
		"luni, 23 noiembrie 2026 09:12", "Mesaj original", "Trimis de pe iPhone-ul meu", "Obțineți Outlook pentru iOS<https://aka.ms/o0ukef>",
		"Cu plăcere, marți la 15.", "Bună Ada,\n\nmarți la 15:00 sunt liberă.\n\nCu stimă,\nJane", "Bună Jane,\n\nai avea 20 de minute?\n\nAda",
	},
	{
		"tr", "Ada Example <ada@example.org>, 23 Kas 2026 Pzt, 09:12 tarihinde şunu yazdı:", "Ada Example <ada@example.org> şunları yazdı (23 Kas 2026 09:12):", "23.11.2026 09:12 tarihinde Ada Example yazdı:",
		[4]string{"Gönderen", "Gönderildi", "Kime", "Konu"},
		"23 Kasım 2026 Pazartesi 09:12", "Özgün İleti", "iPhone'umdan gönderildi", "iOS için Outlook'u edinin<https://aka.ms/o0ukef>",
		"Memnuniyetle, salı saat 15'te.", "Merhaba Ada,\n\nsalı günü saat 15:00 uygun.\n\nSaygılarımla,\nJane", "Merhaba Jane,\n\n20 dakikan var mı?\n\nAda",
	},
	{
		"el", "Στις Δευ 23 Νοε 2026 στις 9:12 π.μ., ο χρήστης Ada Example <ada@example.org> έγραψε:", "Στις 23 Νοε 2026, στις 9:12 π.μ., ο χρήστης «Ada Example» έγραψε:", "Στις 23/11/26 09:12, ο/η Ada Example έγραψε:",
		[4]string{"Από", "Στάλθηκε", "Προς", "Θέμα"},
		"Δευτέρα, 23 Νοεμβρίου 2026 9:12 πμ", "Αρχικό μήνυμα", "Στάλθηκε από το iPhone μου", "Λήψη του Outlook για iOS<https://aka.ms/o0ukef>",
		"Ευχαρίστως, την Τρίτη στις 15.", "Γεια σου Άντα,\n\nτην Τρίτη στις 15:00 μπορώ.\n\nΜε εκτίμηση,\nJane", "Γεια σου,\n\nέχεις 20 λεπτά;\n\nAda",
	},
	{
		"ru", "пн, 23 нояб. 2026 г. в 09:12, Ada Example <ada@example.org>:", "23 нояб. 2026 г., в 09:12, Ada Example <ada@example.org> написал(а):", "23.11.2026 09:12, Ada Example пишет:",
		[4]string{"От", "Отправлено", "Кому", "Тема"},
		"понедельник, 23 ноября 2026 г. 9:12", "Исходное сообщение", "Отправлено с iPhone", "Скачайте Outlook для iOS<https://aka.ms/o0ukef>",
		"С удовольствием, во вторник в 15.", "Здравствуйте, Ада!\n\nВо вторник в 15:00 удобно.\nОт среды до пятницы я в отъезде.\n\nС уважением,\nДжейн", "Здравствуйте!\n\nНашлось бы у вас 20 минут?\n\nАда",
	},
	{
		"uk", "пн, 23 лист. 2026 р. о 09:12 Ada Example <ada@example.org> пише:", "23 лист. 2026 р. о 09:12 Ada Example <ada@example.org> пише:", "23.11.26 09:12, Ada Example пише:",
		[4]string{"Від", "Надіслано", "Кому", "Тема"},
		"понеділок, 23 листопада 2026 р. 9:12", "Початкове повідомлення", "Надіслано з iPhone", "Завантажте Outlook для iOS<https://aka.ms/o0ukef>",
		"Залюбки, у вівторок о 15.", "Вітаю, Адо!\n\nУ вівторок о 15:00 зручно.\n\nЗ повагою,\nДжейн", "Вітаю!\n\nЧи маєте 20 хвилин?\n\nАда",
	},
	{
		"bg", "На пн, 23.11.2026 г. в 9:12 ч. Ada Example <ada@example.org> написа:", "На 23.11.2026 г., в 9:12, Ada Example <ada@example.org> написа:", "На 23.11.26 г. в 9:12, Ada Example написа:",
		[4]string{"От", "Изпратено", "До", "Относно"},
		"понеделник, 23 ноември 2026 г. 9:12", "Оригинално съобщение", "Изпратено от моя iPhone", "Изтегляне на Outlook за iOS<https://aka.ms/o0ukef>",
		"С удоволствие.", "Здравей, Ада,\n\nвъв вторник в 15:00 мога.\n\nПоздрави,\nДжейн", "Здравей,\n\nимаш ли 20 минути?\n\nАда",
	},
	{
		"hr", "pon, 23. stu 2026. u 09:12 Ada Example <ada@example.org> napisao je:", "Dana 23. stu 2026., u 09:12, Ada Example <ada@example.org> je napisao/la:", "Dana 23.11.2026. u 09:12, Ada Example je napisao/la:",
		[4]string{"Od", "Poslano", "Prima", "Predmet"},
		"23. studenog 2026. 9:12", "Izvorna poruka", "Poslano s mog iPhonea", "Preuzmite Outlook za iOS<https://aka.ms/o0ukef>",
		"Rado, u utorak u 15.", "Draga Ada,\n\nu utorak u 15:00 mogu.\n\nSrdačan pozdrav,\nJane", "Draga Jane,\n\nimaš li 20 minuta?\n\nAda",
	},
	{
		"ja", "2026年11月23日(月) 9:12 Ada Example <ada@example.org>:", "2026/11/23 9:12、Ada Example <ada@example.org>のメール：", "On 2026/11/23 9:12, Ada Example wrote:",
		[4]string{"差出人", "送信日時", "宛先", "件名"},
		"2026年11月23日月曜日 9:12", "元のメッセージ", "iPhoneから送信", "Outlook for iOS<https://aka.ms/o0ukef>を入手",
		"はい、火曜日の15時で大丈夫です。", "エイダ様\n\nお世話になっております。\n火曜日の15時はいかがでしょうか。\n\nよろしくお願いいたします。\nジェーン", "ジェーン様\n\n20分お時間をいただけますか。\n\nエイダ",
	},
	{
		"zh-cn", "Ada Example <ada@example.org> 于2026年11月23日周一 09:12写道：", "在 2026年11月23日，上午9:12，Ada Example <ada@example.org> 写道：", "在 2026/11/23 9:12, Ada Example 写道:",
		[4]string{"发件人", "发送时间", "收件人", "主题"},
		"2026年11月23日 9:12", "原始邮件", "发自我的 iPhone", "获取 Outlook for iOS<https://aka.ms/o0ukef>",
		"好的，周二下午三点可以。", "您好，\n\n周二下午3点我有空。\n\n祝好，\nJane", "您好，\n\n下周能占用您20分钟吗？\n\nAda",
	},
	{
		"zh-tw", "Ada Example <ada@example.org> 於 2026年11月23日 週一 上午9:12寫道：", "Ada Example <ada@example.org> 於 2026年11月23日 上午9:12 寫道：", "Ada Example 於 2026/11/23 上午 09:12 寫道:",
		[4]string{"寄件者", "寄件日期", "收件者", "主旨"},
		"2026年11月23日 上午 09:12", "原始郵件", "從我的 iPhone 傳送", "取得 iOS 版 Outlook<https://aka.ms/o0ukef>",
		"好的，週二下午三點可以。", "您好：\n\n週二下午3點我有空。\n\n敬祝 順心\nJane", "您好：\n\n下週能佔用您20分鐘嗎？\n\nAda",
	},
	{
		"ko", "2026년 11월 23일 (월) 오전 9:12, Ada Example <ada@example.org>님이 작성:", "2026. 11. 23. 오전 9:12, Ada Example <ada@example.org> 작성:", "2026-11-23 오전 9:12에 Ada Example 이(가) 쓴 글:",
		[4]string{"보낸 사람", "보낸 날짜", "받는 사람", "제목"},
		"2026년 11월 23일 월요일 오전 9:12", "원본 메시지", "나의 iPhone에서 보냄", "iOS용 Outlook<https://aka.ms/o0ukef> 다운로드",
		"네, 화요일 3시 좋습니다.", "안녕하세요,\n\n화요일 오후 3시에 시간이 됩니다.\n\n감사합니다.\nJane", "안녕하세요,\n\n20분 정도 시간 되실까요?\n\nAda",
	},
	{
		"he", "\u202bבתאריך יום ב׳, 23 בנוב׳ 2026 ב-9:12 מאת \u202aAda Example\u202c\u200f <\u202aada@example.org\u202c\u200f>:\u202c", "ב-23 בנוב׳ 2026, בשעה 9:12, \u200fAda Example <ada@example.org> כתב/ה:", "ב־23/11/2026 9:12, Ada Example כתב:",
		[4]string{"מאת", "נשלח", "אל", "נושא"},
		"יום שני 23 נובמבר 2026 09:12", "הודעה מקורית", "נשלח מה-iPhone שלי", "קבל את Outlook עבור iOS<https://aka.ms/o0ukef>",
		"בשמחה, ביום שלישי ב-15:00.", "שלום עדה,\n\nביום שלישי ב-15:00 נוח לי.\n\nבברכה,\nג'יין", "שלום ג'יין,\n\nיהיו לך 20 דקות?\n\nעדה",
	},
	{
		"ar", "في الاثنين، 23 نوفمبر 2026 في 9:12 ص تمت كتابة ما يلي بواسطة Ada Example <ada@example.org>:", "في ٢٣ نوفمبر ٢٠٢٦، الساعة ٩:١٢ ص، كتب/كتبت Ada Example <ada@example.org>:", "في 23/11/2026 9:12 ص، كتب Ada Example:",
		[4]string{"من", "تم الإرسال", "إلى", "الموضوع"},
		"الاثنين 23 نوفمبر 2026 9:12 ص", "الرسالة الأصلية", "أرسلت من الـ iPhone", "الحصول على Outlook لـ iOS<https://aka.ms/o0ukef>",
		"بكل سرور، يوم الثلاثاء الساعة 3.", "مرحبا آدا،\n\nيوم الثلاثاء الساعة 3 يناسبني.\n\nمع التحية،\nجين", "مرحبا جين،\n\nهل لديك 20 دقيقة؟\n\nآدا",
	},
	{
		"vi", "Vào Th 2, 23 thg 11, 2026 vào lúc 09:12 Ada Example <ada@example.org> đã viết:", "Vào 09:12, 23 thg 11, 2026, Ada Example <ada@example.org> đã viết:", "Vào 23/11/2026 lúc 9:12 SA, Ada Example đã viết:",
		[4]string{"Từ", "Đã gửi", "Đến", "Chủ đề"},
		"Thứ Hai, 23 Tháng Mười Một 2026 9:12 SA", "Thư gốc", "Đã gửi từ iPhone của tôi", "Tải Outlook cho iOS<https://aka.ms/o0ukef>",
		"Rất sẵn lòng.", "Chào Ada,\n\nthứ Ba lúc 15:00 tôi rảnh.\n\nTrân trọng,\nJane", "Chào Jane,\n\nchị có 20 phút không?\n\nAda",
	},
	{
		"id", "Pada tanggal Sen, 23 Nov 2026 pukul 09.12 Ada Example <ada@example.org> menulis:", "Pada 23 Nov 2026, pukul 09.12, Ada Example <ada@example.org> menulis:", "Pada 23/11/2026 09:12, Ada Example menulis:",
		[4]string{"Dari", "Dikirim", "Kepada", "Subjek"},
		"Senin, 23 November 2026 09.12", "Pesan Asli", "Dikirim dari iPhone saya", "Dapatkan Outlook untuk iOS<https://aka.ms/o0ukef>",
		"Dengan senang hati.", "Halo Ada,\n\nSelasa pukul 15.00 saya bisa.\n\nSalam,\nJane", "Halo Jane,\n\napakah ada waktu 20 menit?\n\nAda",
	},
}
