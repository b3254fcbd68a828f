package reading

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"askwell/internal/message"
)

// What mail programs put around an answer, by program, language and place. The new text is known by construction.

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
		[4]string{"From", "Sent", "To", "Subject"}, "Monday, November 23, 2026 9:12 AM", "Original Message", "Sent from my iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>",
		"Sure, Tuesday at 3 works.", "Hi Ada,\n\nthat is a good idea. On Tuesday I am free from 10:00 on.\nFrom Wednesday on it gets busy:\n- a board meeting\n- two deadlines\n\nBest,\nJane",
		"Hi Jane,\n\ncould you spare 20 minutes for me next week?\n\nBest,\nAda",
	},
	{
		"en-gb", "On Mon, 23 Nov 2026 at 09:12, Ada Example <ada@example.org> wrote:", "On 23 Nov 2026, at 09:12, Ada Example <ada@example.org> wrote:", "On 23/11/2026 09:12, Ada Example wrote:",
		[4]string{"From", "Date", "To", "Subject"}, "Monday, 23 November 2026 at 09:12", "Original message", "Sent from my Galaxy", "Get Outlook for Android<https://aka.ms/AAb9ysg>",
		"Lovely idea!", "Dear Ada,\n\nOn the 24th I'd be free at 14:00, if that suits:\nplease ring me then.\n\nKind regards,\nJane",
		"Dear Jane,\n\nMight you have 20 minutes?\n\nAda",
	},
	{
		"de", "Am Mo., 23. Nov. 2026 um 09:12 Uhr schrieb Ada Example <ada@example.org>:", "Am 23.11.2026 um 09:12 schrieb Ada Example <ada@example.org>:", "Am 23.11.2026 um 09:12 schrieb Ada Example:",
		[4]string{"Von", "Gesendet", "An", "Betreff"}, "Montag, 23. November 2026 09:12", "Ursprüngliche Nachricht", "Von meinem iPhone gesendet", "Outlook für iOS<https://aka.ms/o0ukef> beziehen",
		"Gerne, am Dienstag um 15 Uhr.", "Hallo Ada,\n\nAm 24.11. um 15 Uhr passt es mir gut.\nVon Mittwoch an bin ich unterwegs.\n\nViele Grüße\nJane",
		"Hallo Jane,\n\nhättest du nächste Woche 20 Minuten für mich?\n\nAda",
	},
	{
		"fr", "Le lun. 23 nov. 2026 à 09:12, Ada Example <ada@example.org> a écrit :", "Le 23 nov. 2026 à 09:12, Ada Example <ada@example.org> a écrit :", "Le 23/11/2026 à 09:12, Ada Example a écrit :",
		[4]string{"De ", "Envoyé ", "À ", "Objet "}, "lundi 23 novembre 2026 09:12", "Message d'origine", "Envoyé de mon iPhone", "Obtenir Outlook pour iOS<https://aka.ms/o0ukef>",
		"Avec plaisir, mardi à 15h.", "Bonjour Ada,\n\nLe 24 à 15h, c'est parfait :\nvous pouvez m'appeler.\nDe 16h à 18h aussi.\n\nBien cordialement,\nJane",
		"Bonjour Jane,\n\nauriez-vous 20 minutes la semaine prochaine ?\n\nAda",
	},
	{
		"es", "El lun, 23 nov 2026 a las 9:12, Ada Example (<ada@example.org>) escribió:", "El 23 nov 2026, a las 9:12, Ada Example <ada@example.org> escribió:", "El 23/11/2026 a las 9:12, Ada Example escribió:",
		[4]string{"De", "Enviado", "Para", "Asunto"}, "lunes, 23 de noviembre de 2026 9:12", "Mensaje original", "Enviado desde mi iPhone", "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
		"Claro, el martes a las 15h.", "Hola Ada:\n\nEl martes 24 a las 15:00 me viene bien.\nDe 16 a 18 también.\n\nUn saludo,\nJane",
		"Hola Jane:\n\n¿tendrías 20 minutos la semana que viene?\n\nAda",
	},
	{
		"it", "Il giorno lun 23 nov 2026 alle ore 09:12 Ada Example <ada@example.org> ha scritto:", "Il giorno 23 nov 2026, alle ore 09:12, Ada Example <ada@example.org> ha scritto:", "Il 23/11/2026 09:12, Ada Example ha scritto:",
		[4]string{"Da", "Inviato", "A", "Oggetto"}, "lunedì 23 novembre 2026 09:12", "Messaggio originale", "Inviato da iPhone", "Ottieni Outlook per iOS<https://aka.ms/o0ukef>",
		"Volentieri, martedì alle 15.", "Ciao Ada,\n\nIl 24 alle 15 va benissimo:\nchiamami pure.\n\nCordiali saluti,\nJane",
		"Ciao Jane,\n\navresti 20 minuti la prossima settimana?\n\nAda",
	},
	{
		"nl", "Op ma 23 nov 2026 om 09:12 schreef Ada Example <ada@example.org>:", "Op 23 nov. 2026 om 09:12 heeft Ada Example <ada@example.org> het volgende geschreven:", "Op 23-11-2026 om 09:12 schreef Ada Example:",
		[4]string{"Van", "Verzonden", "Aan", "Onderwerp"}, "maandag 23 november 2026 09:12", "Oorspronkelijk bericht", "Verstuurd vanaf mijn iPhone", "Outlook voor iOS<https://aka.ms/o0ukef> downloaden",
		"Prima, dinsdag om 15 uur.", "Hoi Ada,\n\nOp dinsdag 24 november om 15:00 kan ik.\nVan 16 tot 18 uur ook.\n\nMet vriendelijke groet,\nJane",
		"Hoi Jane,\n\nheb je volgende week 20 minuten?\n\nAda",
	},
	{
		"pt-br", "Em seg., 23 de nov. de 2026 às 09:12, Ada Example <ada@example.org> escreveu:", "Em 23 de nov. de 2026, à(s) 09:12, Ada Example <ada@example.org> escreveu:", "Em 23/11/2026 09:12, Ada Example escreveu:",
		[4]string{"De", "Enviada em", "Para", "Assunto"}, "segunda-feira, 23 de novembro de 2026 09:12", "Mensagem original", "Enviado do meu iPhone", "Obter o Outlook para iOS<https://aka.ms/o0ukef>",
		"Claro, na terça às 15h.", "Oi Ada,\n\nEm dezembro fica melhor: dia 3 às 15h.\nDe manhã também posso.\n\nAbraços,\nJane",
		"Oi Jane,\n\nvocê teria 20 minutos na próxima semana?\n\nAda",
	},
	{
		"pt", "Ada Example <ada@example.org> escreveu (segunda, 23/11/2026 à(s) 09:12):", "No dia 23/11/2026, às 09:12, Ada Example <ada@example.org> escreveu:", "Às 09:12 de 23/11/2026, Ada Example escreveu:",
		[4]string{"De", "Enviado", "Para", "Assunto"}, "23 de novembro de 2026 09:12", "Mensagem original", "Enviado do meu iPad", "Obter o Outlook para Android<https://aka.ms/AAb9ysg>",
		"Com todo o gosto.", "Cara Ada,\n\nna terça às 15h estou livre.\n\nCom os melhores cumprimentos,\nJane", "Cara Jane,\n\nteria 20 minutos?\n\nAda",
	},
	{
		"pl", "pon., 23 lis 2026 o 09:12 Ada Example <ada@example.org> napisał(a):", "Wiadomość napisana przez Ada Example <ada@example.org> w dniu 23.11.2026, o godz. 09:12:", "W dniu 23.11.2026 o 09:12, Ada Example pisze:",
		[4]string{"Od", "Wysłano", "Do", "Temat"}, "poniedziałek, 23 listopada 2026 09:12", "Oryginalna wiadomość", "Wysłane z iPhone'a", "Pobierz aplikację Outlook dla systemu iOS<https://aka.ms/o0ukef>",
		"Chętnie, we wtorek o 15.", "Cześć Ada,\n\nwe wtorek o 15:00 mam czas.\nDo środy jestem w biurze.\n\nPozdrawiam,\nJane", "Cześć Jane,\n\nczy masz 20 minut?\n\nAda",
	},
	{
		"sv", "Den mån 23 nov. 2026 kl 09:12 skrev Ada Example <ada@example.org>:", "23 nov. 2026 kl. 09:12 skrev Ada Example <ada@example.org>:", "Den 2026-11-23 kl. 09:12, skrev Ada Example:",
		[4]string{"Från", "Skickat", "Till", "Ämne"}, "den 23 november 2026 09:12", "Ursprungligt meddelande", "Skickat från min iPhone", "Hämta Outlook för iOS<https://aka.ms/o0ukef>",
		"Gärna, på tisdag kl 15.", "Hej Ada!\n\nDen 24 november kl. 15 passar bra.\nTill dess!\n\nMed vänliga hälsningar\nJane", "Hej Jane!\n\nHar du 20 minuter?\n\nAda",
	},
	{
		"da", "Den man. 23. nov. 2026 kl. 09.12 skrev Ada Example <ada@example.org>:", "Den 23. nov. 2026 kl. 09.12 skrev Ada Example <ada@example.org>:", "Den 23.11.2026 kl. 09.12 skrev Ada Example:",
		[4]string{"Fra", "Sendt", "Til", "Emne"}, "23. november 2026 09:12", "Oprindelig meddelelse", "Sendt fra min iPhone", "Hent Outlook til iOS<https://aka.ms/o0ukef>",
		"Gerne, tirsdag kl. 15.", "Hej Ada\n\nDen 24. november kl. 15 er fint.\n\nVenlig hilsen\nJane", "Hej Jane\n\nHar du 20 minutter?\n\nAda",
	},
	{
		"nb", "man. 23. nov. 2026 kl. 09:12 skrev Ada Example <ada@example.org>:", "23. nov. 2026 kl. 09:12 skrev Ada Example <ada@example.org>:", "Den 23.11.2026 09:12, skrev Ada Example:",
		[4]string{"Fra", "Sendt", "Til", "Emne"}, "mandag 23. november 2026 09:12", "Opprinnelig melding", "Sendt fra min iPhone", "Skaff deg Outlook for iOS<https://aka.ms/o0ukef>",
		"Gjerne, tirsdag kl. 15.", "Hei Ada\n\nTirsdag kl. 15 passer.\n\nMed vennlig hilsen\nJane", "Hei Jane\n\nHar du 20 minutter?\n\nAda",
	},
	{
		"fi", "ma 23. marrask. 2026 klo 9.12 Ada Example (ada@example.org) kirjoitti:", "Ada Example <ada@example.org> kirjoitti 23.11.2026 kello 9.12:", "Ada Example kirjoitti 23.11.2026 klo 9.12:",
		[4]string{"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"}, "maanantai 23. marraskuuta 2026 9.12", "Alkuperäinen viesti", "Lähetetty iPhonesta", "Hanki Outlook for iOS<https://aka.ms/o0ukef>",
		"Mielelläni, tiistaina klo 15.", "Hei Ada,\n\ntiistaina klo 15 käy hyvin.\n\nYstävällisin terveisin\nJane", "Hei Jane,\n\nolisiko sinulla 20 minuuttia?\n\nAda",
	},
	{
		"cs", "po 23. 11. 2026 v 9:12 odesílatel Ada Example <ada@example.org> napsal:", "23. 11. 2026 v 9:12, Ada Example <ada@example.org>:", "Dne 23. 11. 26 v 9:12 Ada Example napsal(a):",
		[4]string{"Od", "Odesláno", "Komu", "Předmět"}, "pondělí 23. listopadu 2026 9:12", "Původní zpráva", "Odesláno z iPhonu", "Získat Outlook pro iOS<https://aka.ms/o0ukef>",
		"Ráda, v úterý v 15.", "Dobrý den, Ado,\n\nv úterý v 15:00 mám čas.\nDo středy jsem tady.\n\nS pozdravem\nJane", "Dobrý den,\n\nměla byste 20 minut?\n\nAda",
	},
	{
		"sk", "po 23. 11. 2026 o 9:12 Ada Example <ada@example.org> napísal(a):", "Dňa 23. 11. 2026 o 9:12 používateľ Ada Example <ada@example.org> napísal:", "Dňa 23. 11. 2026 o 9:12 Ada Example napísal(a):",
		[4]string{"Od", "Odoslané", "Komu", "Predmet"}, "pondelok 23. novembra 2026 9:12", "Pôvodná správa", "Odoslané z iPhonu", "Získať Outlook pre iOS<https://aka.ms/o0ukef>",
		"Rada, v utorok o 15.", "Dobrý deň,\n\nv utorok o 15:00 mám čas.\n\nS pozdravom\nJane", "Dobrý deň,\n\nmali by ste 20 minút?\n\nAda",
	},
	{
		"hu", "Ada Example <ada@example.org> ezt írta (időpont: 2026. nov. 23., H, 9:12):", "2026. nov. 23. dátummal, 9:12 időpontban Ada Example <ada@example.org> írta:", "2026. 11. 23. 9:12 keltezéssel, Ada Example írta:",
		[4]string{"Feladó", "Elküldve", "Címzett", "Tárgy"}, "2026. november 23., hétfő 9:12", "Eredeti üzenet", "Az iPhone-omról küldve", "Az Outlook beszerzése iOS-re<https://aka.ms/o0ukef>",
		"Szívesen, kedden 15 órakor.", "Kedves Ada!\n\nKedden 15 órakor ráérek.\n\nÜdvözlettel,\nJane", "Kedves Jane!\n\nLenne 20 perced?\n\nAda",
	},
	{
		"ro", "În lun., 23 nov. 2026 la 09:12, Ada Example <ada@example.org> a scris:", "Pe 23 nov. 2026, la 09:12, Ada Example <ada@example.org> a scris:", "Pe 23.11.2026 09:12, Ada Example a scris:",
		[4]string{"De la", "Trimis", "Către", "Subiect"}, "luni, 23 noiembrie 2026 09:12", "Mesaj original", "Trimis de pe iPhone-ul meu", "Obțineți Outlook pentru iOS<https://aka.ms/o0ukef>",
		"Cu plăcere, marți la 15.", "Bună Ada,\n\nmarți la 15:00 sunt liberă.\n\nCu stimă,\nJane", "Bună Jane,\n\nai avea 20 de minute?\n\nAda",
	},
	{
		"tr", "Ada Example <ada@example.org>, 23 Kas 2026 Pzt, 09:12 tarihinde şunu yazdı:", "Ada Example <ada@example.org> şunları yazdı (23 Kas 2026 09:12):", "23.11.2026 09:12 tarihinde Ada Example yazdı:",
		[4]string{"Gönderen", "Gönderildi", "Kime", "Konu"}, "23 Kasım 2026 Pazartesi 09:12", "Özgün İleti", "iPhone'umdan gönderildi", "iOS için Outlook'u edinin<https://aka.ms/o0ukef>",
		"Memnuniyetle, salı saat 15'te.", "Merhaba Ada,\n\nsalı günü saat 15:00 uygun.\n\nSaygılarımla,\nJane", "Merhaba Jane,\n\n20 dakikan var mı?\n\nAda",
	},
	{
		"el", "Στις Δευ 23 Νοε 2026 στις 9:12 π.μ., ο χρήστης Ada Example <ada@example.org> έγραψε:", "Στις 23 Νοε 2026, στις 9:12 π.μ., ο χρήστης «Ada Example» έγραψε:", "Στις 23/11/26 09:12, ο/η Ada Example έγραψε:",
		[4]string{"Από", "Στάλθηκε", "Προς", "Θέμα"}, "Δευτέρα, 23 Νοεμβρίου 2026 9:12 πμ", "Αρχικό μήνυμα", "Στάλθηκε από το iPhone μου", "Λήψη του Outlook για iOS<https://aka.ms/o0ukef>",
		"Ευχαρίστως, την Τρίτη στις 15.", "Γεια σου Άντα,\n\nτην Τρίτη στις 15:00 μπορώ.\n\nΜε εκτίμηση,\nJane", "Γεια σου,\n\nέχεις 20 λεπτά;\n\nAda",
	},
	{
		"ru", "пн, 23 нояб. 2026 г. в 09:12, Ada Example <ada@example.org>:", "23 нояб. 2026 г., в 09:12, Ada Example <ada@example.org> написал(а):", "23.11.2026 09:12, Ada Example пишет:",
		[4]string{"От", "Отправлено", "Кому", "Тема"}, "понедельник, 23 ноября 2026 г. 9:12", "Исходное сообщение", "Отправлено с iPhone", "Скачайте Outlook для iOS<https://aka.ms/o0ukef>",
		"С удовольствием, во вторник в 15.", "Здравствуйте, Ада!\n\nВо вторник в 15:00 удобно.\nОт среды до пятницы я в отъезде.\n\nС уважением,\nДжейн", "Здравствуйте!\n\nНашлось бы у вас 20 минут?\n\nАда",
	},
	{
		"uk", "пн, 23 лист. 2026 р. о 09:12 Ada Example <ada@example.org> пише:", "23 лист. 2026 р. о 09:12 Ada Example <ada@example.org> пише:", "23.11.26 09:12, Ada Example пише:",
		[4]string{"Від", "Надіслано", "Кому", "Тема"}, "понеділок, 23 листопада 2026 р. 9:12", "Початкове повідомлення", "Надіслано з iPhone", "Завантажте Outlook для iOS<https://aka.ms/o0ukef>",
		"Залюбки, у вівторок о 15.", "Вітаю, Адо!\n\nУ вівторок о 15:00 зручно.\n\nЗ повагою,\nДжейн", "Вітаю!\n\nЧи маєте 20 хвилин?\n\nАда",
	},
	{
		"bg", "На пн, 23.11.2026 г. в 9:12 ч. Ada Example <ada@example.org> написа:", "На 23.11.2026 г., в 9:12, Ada Example <ada@example.org> написа:", "На 23.11.26 г. в 9:12, Ada Example написа:",
		[4]string{"От", "Изпратено", "До", "Относно"}, "понеделник, 23 ноември 2026 г. 9:12", "Оригинално съобщение", "Изпратено от моя iPhone", "Изтегляне на Outlook за iOS<https://aka.ms/o0ukef>",
		"С удоволствие.", "Здравей, Ада,\n\nвъв вторник в 15:00 мога.\n\nПоздрави,\nДжейн", "Здравей,\n\nимаш ли 20 минути?\n\nАда",
	},
	{
		"hr", "pon, 23. stu 2026. u 09:12 Ada Example <ada@example.org> napisao je:", "Dana 23. stu 2026., u 09:12, Ada Example <ada@example.org> je napisao/la:", "Dana 23.11.2026. u 09:12, Ada Example je napisao/la:",
		[4]string{"Od", "Poslano", "Prima", "Predmet"}, "23. studenog 2026. 9:12", "Izvorna poruka", "Poslano s mog iPhonea", "Preuzmite Outlook za iOS<https://aka.ms/o0ukef>",
		"Rado, u utorak u 15.", "Draga Ada,\n\nu utorak u 15:00 mogu.\n\nSrdačan pozdrav,\nJane", "Draga Jane,\n\nimaš li 20 minuta?\n\nAda",
	},
	{
		"ja", "2026年11月23日(月) 9:12 Ada Example <ada@example.org>:", "2026/11/23 9:12、Ada Example <ada@example.org>のメール：", "On 2026/11/23 9:12, Ada Example wrote:",
		[4]string{"差出人", "送信日時", "宛先", "件名"}, "2026年11月23日月曜日 9:12", "元のメッセージ", "iPhoneから送信", "Outlook for iOS<https://aka.ms/o0ukef>を入手",
		"はい、火曜日の15時で大丈夫です。", "エイダ様\n\nお世話になっております。\n火曜日の15時はいかがでしょうか。\n\nよろしくお願いいたします。\nジェーン", "ジェーン様\n\n20分お時間をいただけますか。\n\nエイダ",
	},
	{
		"zh-cn", "Ada Example <ada@example.org> 于2026年11月23日周一 09:12写道：", "在 2026年11月23日，上午9:12，Ada Example <ada@example.org> 写道：", "在 2026/11/23 9:12, Ada Example 写道:",
		[4]string{"发件人", "发送时间", "收件人", "主题"}, "2026年11月23日 9:12", "原始邮件", "发自我的 iPhone", "获取 Outlook for iOS<https://aka.ms/o0ukef>",
		"好的，周二下午三点可以。", "您好，\n\n周二下午3点我有空。\n\n祝好，\nJane", "您好，\n\n下周能占用您20分钟吗？\n\nAda",
	},
	{
		"zh-tw", "Ada Example <ada@example.org> 於 2026年11月23日 週一 上午9:12寫道：", "Ada Example <ada@example.org> 於 2026年11月23日 上午9:12 寫道：", "Ada Example 於 2026/11/23 上午 09:12 寫道:",
		[4]string{"寄件者", "寄件日期", "收件者", "主旨"}, "2026年11月23日 上午 09:12", "原始郵件", "從我的 iPhone 傳送", "取得 iOS 版 Outlook<https://aka.ms/o0ukef>",
		"好的，週二下午三點可以。", "您好：\n\n週二下午3點我有空。\n\n敬祝 順心\nJane", "您好：\n\n下週能佔用您20分鐘嗎？\n\nAda",
	},
	{
		"ko", "2026년 11월 23일 (월) 오전 9:12, Ada Example <ada@example.org>님이 작성:", "2026. 11. 23. 오전 9:12, Ada Example <ada@example.org> 작성:", "2026-11-23 오전 9:12에 Ada Example 이(가) 쓴 글:",
		[4]string{"보낸 사람", "보낸 날짜", "받는 사람", "제목"}, "2026년 11월 23일 월요일 오전 9:12", "원본 메시지", "나의 iPhone에서 보냄", "iOS용 Outlook<https://aka.ms/o0ukef> 다운로드",
		"네, 화요일 3시 좋습니다.", "안녕하세요,\n\n화요일 오후 3시에 시간이 됩니다.\n\n감사합니다.\nJane", "안녕하세요,\n\n20분 정도 시간 되실까요?\n\nAda",
	},
	{
		"he", "‫בתאריך יום ב׳, 23 בנוב׳ 2026 ב-9:12 מאת ‪Ada Example‬‏ <‪ada@example.org‬‏>:‬", "ב-23 בנוב׳ 2026, בשעה 9:12, ‏Ada Example <ada@example.org> כתב/ה:", "ב־23/11/2026 9:12, Ada Example כתב:",
		[4]string{"מאת", "נשלח", "אל", "נושא"}, "יום שני 23 נובמבר 2026 09:12", "הודעה מקורית", "נשלח מה-iPhone שלי", "קבל את Outlook עבור iOS<https://aka.ms/o0ukef>",
		"בשמחה, ביום שלישי ב-15:00.", "שלום עדה,\n\nביום שלישי ב-15:00 נוח לי.\n\nבברכה,\nג'יין", "שלום ג'יין,\n\nיהיו לך 20 דקות?\n\nעדה",
	},
	{
		"ar", "في الاثنين، 23 نوفمبر 2026 في 9:12 ص تمت كتابة ما يلي بواسطة Ada Example <ada@example.org>:", "في ٢٣ نوفمبر ٢٠٢٦، الساعة ٩:١٢ ص، كتب/كتبت Ada Example <ada@example.org>:", "في 23/11/2026 9:12 ص، كتب Ada Example:",
		[4]string{"من", "تم الإرسال", "إلى", "الموضوع"}, "الاثنين 23 نوفمبر 2026 9:12 ص", "الرسالة الأصلية", "أرسلت من الـ iPhone", "الحصول على Outlook لـ iOS<https://aka.ms/o0ukef>",
		"بكل سرور، يوم الثلاثاء الساعة 3.", "مرحبا آدا،\n\nيوم الثلاثاء الساعة 3 يناسبني.\n\nمع التحية،\nجين", "مرحبا جين،\n\nهل لديك 20 دقيقة؟\n\nآدا",
	},
	{
		"vi", "Vào Th 2, 23 thg 11, 2026 vào lúc 09:12 Ada Example <ada@example.org> đã viết:", "Vào 09:12, 23 thg 11, 2026, Ada Example <ada@example.org> đã viết:", "Vào 23/11/2026 lúc 9:12 SA, Ada Example đã viết:",
		[4]string{"Từ", "Đã gửi", "Đến", "Chủ đề"}, "Thứ Hai, 23 Tháng Mười Một 2026 9:12 SA", "Thư gốc", "Đã gửi từ iPhone của tôi", "Tải Outlook cho iOS<https://aka.ms/o0ukef>",
		"Rất sẵn lòng.", "Chào Ada,\n\nthứ Ba lúc 15:00 tôi rảnh.\n\nTrân trọng,\nJane", "Chào Jane,\n\nchị có 20 phút không?\n\nAda",
	},
	{
		"id", "Pada tanggal Sen, 23 Nov 2026 pukul 09.12 Ada Example <ada@example.org> menulis:", "Pada 23 Nov 2026, pukul 09.12, Ada Example <ada@example.org> menulis:", "Pada 23/11/2026 09:12, Ada Example menulis:",
		[4]string{"Dari", "Dikirim", "Kepada", "Subjek"}, "Senin, 23 November 2026 09.12", "Pesan Asli", "Dikirim dari iPhone saya", "Dapatkan Outlook untuk iOS<https://aka.ms/o0ukef>",
		"Dengan senang hati.", "Halo Ada,\n\nSelasa pukul 15.00 saya bisa.\n\nSalam,\nJane", "Halo Jane,\n\napakah ada waktu 20 menit?\n\nAda",
	},
}

// quoteOf puts a mark before each line.
func quoteOf(mark, text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(mark+l, " ")
	}
	return strings.Join(lines, "\n")
}

// fields are the header fields above a copy.
func (t tongue) fields(bold string, order ...int) string {
	values := [4]string{"Ada Example <ada@example.org>", t.date, "Jane Doe <jane@example.com>", "20 minutes?"}
	var out []string
	for _, i := range order {
		out = append(out, bold+t.labels[i]+":"+bold+" "+values[i])
	}
	return strings.Join(out, "\n")
}

// plainPrograms put the copy of the old mail below; marked ones quote it line by line, so that one can answer anywhere.
var plainPrograms = []struct {
	name   string
	marked bool
	head   func(t tongue) string
}{
	{"gmail", true, func(t tongue) string { return t.gmail + "\n" }},
	{"gmail, wrapped", true, func(t tongue) string { return strings.Replace(t.gmail, " <ada@", "\n<ada@", 1) + "\n" }},
	{"gmail, wrapped in the address", true, func(t tongue) string { return strings.Replace(t.gmail, "<ada@", "<\nada@", 1) + "\n" }},
	{"gmail, unmarked", false, func(t tongue) string { return t.gmail + "\n" }},
	{"apple", true, func(t tongue) string { return t.apple + "\n" }},
	{"apple, the line is quoted", true, func(t tongue) string { return quoteOf("> ", t.apple) + "\n>" }},
	{"apple, unmarked", false, func(t tongue) string { return t.apple + "\n" }},
	{"apple, hard spaces", false, func(t tongue) string { return strings.ReplaceAll(t.apple, " ", "\u00a0") + "\n" }},
	{"thunderbird", true, func(t tongue) string { return t.bird }},
	{"thunderbird, unmarked", false, func(t tongue) string { return t.bird + "\n" }},
	{"roundcube", true, func(t tongue) string { return t.bird }},
	{"outlook", false, func(t tongue) string { return t.fields("", 0, 1, 2, 3) + "\n" }},
	{"outlook, bold", false, func(t tongue) string { return t.fields("*", 0, 1, 2, 3) + "\n" }},
	{"outlook, marked original", false, func(t tongue) string { return "-----" + t.original + "-----\n" + t.fields("", 0, 1, 2, 3) + "\n" }},
	{"outlook on the web", false, func(t tongue) string {
		return "________________________________\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"outlook for phones", false, func(t tongue) string {
		return t.outlook + "\n________________________________\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"outlook for phones, rule of dashes", false, func(t tongue) string {
		return t.outlook + "\n\n-------------------------\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"outlook for mac", false, func(t tongue) string { return t.fields("", 0, 1, 2, 3) + "\n" }},
	{"hotmail", false, func(t tongue) string { return t.fields("", 0, 2, 3, 1) + "\n" }},
	{"gmx", false, func(t tongue) string { return t.fields("", 1, 0, 2, 3) + "\n" }},
	{"windows mail", false, func(t tongue) string { return t.phone + "\n\n" + t.fields("", 0, 1, 2, 3) + "\n" }},
	{"samsung", false, func(t tongue) string {
		return "-------- " + t.original + " --------\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"original, nothing more", false, func(t tongue) string { return "----- " + t.original + " -----\n" }},
	{"em client", false, func(t tongue) string {
		return "------ " + t.original + " ------\n" + t.fields("", 0, 2, 1, 3) + "\n"
	}},
	{"zimbra", false, func(t tongue) string {
		return "----- " + t.original + " -----\n" + t.fields("", 0, 2, 1, 3) + "\n"
	}},
	{"qq", false, func(t tongue) string {
		return "------------------ " + t.original + " ------------------\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	{"phone, then quote", true, func(t tongue) string { return t.phone + "\n\n" + t.apple + "\n" }},
	{"phone, unmarked", false, func(t tongue) string { return t.phone + "\n\n" + t.gmail + "\n" }},
	{"signature, then quote", true, func(t tongue) string { return "-- \nJane Doe\nHead of Data, Example Corp\n\n" + t.gmail + "\n" }},
	{"signature without its blank, then outlook", false, func(t tongue) string {
		return "--\nJane Doe\nHead of Data\n+1 555 123 4567\n\n" + t.fields("", 0, 1, 2, 3) + "\n"
	}},
	// Programs that speak English, or no language.
	{"proton", true, func(tongue) string {
		return "On Monday, November 23rd, 2026 at 9:12 AM, Ada Example <ada@example.org> wrote:\n"
	}},
	{"proton, old", true, func(tongue) string {
		return "------- Original Message -------\nOn Monday, November 23rd, 2026 at 9:12 AM, Ada Example <ada@example.org> wrote:\n\n"
	}},
	{"proton, older", true, func(tongue) string {
		return "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, November 23, 2026 9:12 AM, Ada Example <ada@example.org> wrote:\n"
	}},
	{"yahoo", false, func(tongue) string {
		return "    On Monday, November 23, 2026 at 09:12:33 AM GMT+1, Ada Example <ada@example.org> wrote:  \n "
	}},
	{"yahoo, old", false, func(tongue) string {
		return "--- On Mon, 11/23/26, Ada Example <ada@example.org> wrote:\n\nFrom: Ada Example <ada@example.org>\nSubject: 20 minutes?\nTo: jane@example.com\nDate: Monday, November 23, 2026, 9:12 AM\n"
	}},
	{"zoho", true, func(tongue) string {
		return "---- On Mon, 23 Nov 2026 09:12:33 +0100 Ada Example <ada@example.org> wrote ----\n"
	}},
	{"zoho, unmarked", false, func(tongue) string {
		return " ---- On Mon, 23 Nov 2026 09:12:33 +0100 Ada Example<ada@example.org> wrote ---- \n"
	}},
	{"zoho, older", false, func(tongue) string {
		return "---- On Mon, 23 Nov 2026 09:12:33 +0100 ada@example.org wrote ----\n"
	}},
	{"aol", false, func(tongue) string {
		return "-----Original Message-----\nFrom: Ada Example <ada@example.org>\nTo: jane <jane@example.com>\nSent: Mon, Nov 23, 2026 9:12 am\nSubject: 20 minutes?\n"
	}},
	{"aol, older", false, func(tongue) string {
		return "In a message dated 11/23/2026 9:12:33 AM Eastern Standard Time, ada@example.org writes:\n"
	}},
	{"mutt", true, func(tongue) string { return "On Mon, Nov 23, 2026 at 09:12:33AM +0100, Ada Example wrote:" }},
	{"alpine", true, func(tongue) string { return "On Mon, 23 Nov 2026, Ada Example wrote:\n" }},
	{"claws", true, func(tongue) string {
		return "On Mon, 23 Nov 2026 09:12:33 +0100\nAda Example <ada@example.org> wrote:\n"
	}},
	{"gnus", true, func(tongue) string { return "Ada Example <ada@example.org> writes:\n" }},
	{"gnus, name alone", true, func(tongue) string { return "Ada Example writes:\n" }},
	{"evolution", true, func(tongue) string { return "On Mon, 2026-11-23 at 09:12 +0100, Ada Example wrote:" }},
	{"evolution, german", true, func(tongue) string { return "Am Montag, dem 23.11.2026 um 09:12 +0100 schrieb Ada Example:" }},
	{"kmail", true, func(tongue) string { return "On Monday, 23 November 2026 09:12:33 CET Ada Example wrote:" }},
	{"kmail, german", true, func(tongue) string { return "Am Montag, 23. November 2026, 09:12:33 CET schrieb Ada Example:" }},
	{"horde", true, func(tongue) string { return "Quoting Ada Example <ada@example.org>:\n" }},
	{"horde, german", true, func(tongue) string { return "Zitat von Ada Example <ada@example.org>:\n" }},
	{"sogo", true, func(tongue) string {
		return "On Monday, November 23, 2026 09:12 CET, Ada Example <ada@example.org> wrote:\n "
	}},
	{"fastmail", true, func(tongue) string { return "On Mon, Nov 23, 2026, at 9:12 AM, Ada Example wrote:" }},
	{"tutanota", true, func(tongue) string { return "Nov 23, 2026, 09:12 by ada@example.org:\n" }},
	{"tutanota, german", true, func(tongue) string { return "23. Nov. 2026, 09:12 von ada@example.org:\n" }},
	{"airmail", true, func(tongue) string { return "On 23 Nov 2026 at 09:12:33, Ada Example (ada@example.org) wrote:\n" }},
	{"spark", true, func(tongue) string { return "On 23 Nov 2026 at 9:12 AM +0100, Ada Example <ada@example.org>, wrote:" }},
	{"the bat", true, func(tongue) string { return "Monday, November 23, 2026, 9:12:33 AM, you wrote:\n" }},
	{"groupwise", false, func(tongue) string { return ">>> Ada Example <ada@example.org> 11/23/26 9:12 AM >>>" }},
	{"notes", false, func(tongue) string {
		return "From:        Ada Example <ada@example.org>\nTo:        jane@example.com\nDate:        11/23/2026 09:12 AM\nSubject:        20 minutes?\n"
	}},
	{"notes, english", true, func(tongue) string { return "Ada Example <ada@example.org> wrote on 11/23/2026 09:12:33 AM:\n" }},
	{"mail.ru", true, func(tongue) string {
		return "Понедельник, 23 ноября 2026, 9:12 +03:00 от Ada Example <ada@example.org>:\n"
	}},
	{"yandex", true, func(tongue) string { return "23.11.2026, 09:12, \"Ada Example\" <ada@example.org>:" }},
	{"163", false, func(tongue) string { return "At 2026-11-23 09:12:33, \"Ada Example\" <ada@example.org> wrote:\n" }},
	{"163, chinese", false, func(tongue) string { return "在 2026-11-23 09:12:33，\"Ada Example\" <ada@example.org> 写道：\n" }},
	{"naver", false, func(tongue) string {
		return "-----Original Message-----\nFrom: \"Ada Example\"&lt;ada@example.org&gt; \nTo: &lt;jane@example.com&gt;; \nCc: \nSent: 2026-11-23 (월) 09:12:33 (GMT+09:00)\nSubject: 20 minutes?\n "
	}},
	{"gmail of 2014", true, func(tongue) string { return "2026-11-23 9:12 GMT+01:00 Ada Example <ada@example.org>:\n" }},
	{"gmail of 2012", true, func(tongue) string { return "2026/11/23 Ada Example <ada@example.org>\n" }},
	{"initials", true, func(tongue) string { return "" }},
	{"android", true, func(tongue) string { return "---- Ada Example wrote ----\n" }},
	{"polymail", false, func(tongue) string {
		return "On Mon, Nov 23, 2026 at 9:12 AM Ada Example\n\n<\nmailto:Ada Example <ada@example.org>\n> wrote:"
	}},
	{"last, first", true, func(tongue) string {
		return "On Nov 23, 2026, at 9:12 AM, Example, Ada (Maths) <ada@example.org<mailto:ada@example.org>> wrote:\n"
	}},
	{"outlook, mailto", false, func(tongue) string {
		return "From: Ada Example [mailto:ada@example.org] \nSent: Monday, November 23, 2026 9:12 AM\nTo: 'Jane Doe'\nCc: Bob Roe; Cy Poe\nSubject: RE: 20 minutes?\nImportance: High\n"
	}},
	{"outlook, one line", false, func(tongue) string {
		return "From: Ada Example <ada@example.org> Sent: Monday, November 23, 2026 9:12 AM To: Jane Doe <jane@example.com> Subject: 20 minutes?\n"
	}},
	{"outlook, blank lines between", false, func(tongue) string {
		return "From: Ada Example <ada@example.org>\n\nSent: Monday, November 23, 2026 9:12 AM\n\nTo: Jane Doe <jane@example.com>\n\nSubject: 20 minutes?\n"
	}},
	{"outlook, values on their own lines", false, func(tongue) string {
		return "From:\nAda Example <ada@example.org>\nSent:\nMonday, November 23, 2026 9:12 AM\nTo:\nJane Doe <jane@example.com>\nSubject:\n20 minutes?\n"
	}},
	{"help desk", false, func(tongue) string {
		return "--------------- Original Message ---------------\nFrom: Ada Example [ada@example.org]\nSent: 11/23/2026 9:12 AM\nTo: jane@example.com\nSubject: 20 minutes?\n"
	}},
	{"list footer below", true, func(t tongue) string { return t.gmail + "\n" }},
}

// arranged gives the mails that a program and a language make of answers, by their place.
func arranged(name string, marked bool, head string, t tongue) map[string][2]string {
	mark := "> "
	if name == "initials" {
		mark = "AE> "
	}
	out := map[string][2]string{}
	for kind, said := range map[string]string{"short": t.short, "long": t.long} {
		if !marked {
			out["above, "+kind] = [2]string{said + "\n\n" + head + "\n" + t.old + "\n", said}
			continue
		}
		quote := quoteOf(mark, t.old)
		tail := ""
		if name == "list footer below" {
			tail = "\n_______________________________________________\nTalks mailing list\ntalks@lists.example.org\nhttps://lists.example.org/mailman/listinfo/talks\n"
		}
		out["above, "+kind] = [2]string{said + "\n\n" + head + "\n" + quote + "\n" + tail, said}
		if strings.Contains(name, "phone") || strings.Contains(name, "signature") {
			continue // what stands above the quote belongs to an answer above it
		}
		out["below, "+kind] = [2]string{head + "\n" + quote + "\n\n" + said + "\n" + tail, said}
		first, second, _ := strings.Cut(quote, "\n")
		out["between, "+kind] = [2]string{head + "\n" + first + "\n" + t.short + "\n\n" + second + "\n\n" + said + "\n" + tail, t.short + "\n\n" + said}
		out["around, "+kind] = [2]string{t.short + "\n\n" + head + "\n" + quote + "\n\n" + said + "\n" + tail, t.short + "\n\n" + said}
	}
	return out
}

// squeezed leaves single white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestWrapped: what is newly written is found exactly, whatever program, language and place.
func TestWrapped(t *testing.T) {
	right, all := 0, 0
	byProgram, byTongue := map[string][2]int{}, map[string][2]int{}
	count := func(m map[string][2]int, key string, ok bool) {
		c := m[key]
		if c[1]++; ok {
			c[0]++
		}
		m[key] = c
	}
	check := func(program, tongue, where, raw, want string) {
		got := Understand(message.Parse([]byte(raw)), Options{}).Text
		ok := squeezed(got) == squeezed(want)
		all++
		if ok {
			right++
		} else if byProgram[program][0] == byProgram[program][1] || byTongue[tongue][0] == byTongue[tongue][1] { // the first
			t.Logf("%s, %s, %s:\n got %q\nwant %q", program, tongue, where, got, want)
		}
		count(byProgram, program, ok)
		count(byTongue, tongue, ok)
	}
	const header = "From: Jane Doe <jane@example.com>\r\nTo: ada@example.org\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\nSubject: Re: 20 minutes?\r\nIn-Reply-To: <ask@example.org>\r\nMIME-Version: 1.0\r\n"
	for _, l := range tongues {
		for _, p := range plainPrograms {
			for where, c := range arranged(p.name, p.marked, p.head(l), l) {
				check(p.name, l.name, where, header+"Content-Type: text/plain; charset=utf-8\r\n\r\n"+strings.ReplaceAll(c[0], "\n", "\r\n"), c[1])
			}
		}
		for _, p := range htmlPrograms {
			for kind, said := range map[string]string{"short": l.short, "long": l.long} {
				source := p.page(l, said)
				check(p.name, l.name, kind, header+"Content-Type: text/html; charset=utf-8\r\n\r\n"+source, said)
				// Beside it the same as text, in which nothing is marked.
				check(p.name, l.name, kind+", alternative", header+"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+
					message.HTMLText(source)+"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"+source+"\r\n--b--\r\n", said)
			}
		}
	}
	for _, m := range []map[string][2]int{byProgram, byTongue} {
		for k, c := range m {
			if c[0] < c[1] {
				t.Errorf("%s: %d of %d exact", k, c[0], c[1])
			}
		}
	}
	t.Logf("%d of %d exact (%.1f %%)", right, all, 100*float64(right)/float64(all))
}

// divs and paras write text as programs do.
func divs(text string) string {
	var out strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if l == "" {
			out.WriteString("<div><br></div>")
			continue
		}
		out.WriteString("<div>" + html.EscapeString(l) + "</div>")
	}
	return out.String()
}

func brs(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\r\n")
}

func msos(text string) string {
	var out strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if l == "" {
			l = "\u00a0"
		}
		out.WriteString("<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">" + html.EscapeString(l) + "<o:p></o:p></span></p>\r\n")
	}
	return out.String()
}

// htmlFields are header fields in HTML.
func (t tongue) htmlFields() string {
	return fmt.Sprintf("<b>%s:</b> Ada Example &lt;ada@example.org&gt;<br>\r\n<b>%s:</b> %s<br>\r\n<b>%s:</b> Jane Doe &lt;jane@example.com&gt;<br>\r\n<b>%s:</b> 20 minutes?",
		html.EscapeString(t.labels[0]), html.EscapeString(t.labels[1]), t.date, html.EscapeString(t.labels[2]), html.EscapeString(t.labels[3]))
}

var htmlPrograms = []struct {
	name string
	page func(t tongue, said string) string
}{
	{"html gmail", func(t tongue, said string) string {
		return `<div dir="ltr">` + divs(said) + `</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">` + html.EscapeString(t.gmail) + `<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div dir="ltr">` + divs(t.old) + `</div></blockquote></div>`
	}},
	{"html gmail, link and signature", func(t tongue, said string) string {
		return `<div dir="ltr">` + divs(said) + `<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr"><b>Jane Doe</b><div>Head of Data</div></div></div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` + strings.ReplaceAll(html.EscapeString(t.gmail), "ada@example.org", `<a href="mailto:ada@example.org">ada@example.org</a>`) + `<br></div><blockquote class="gmail_quote" style="margin:0">` + brs(t.old) + `</blockquote></div>`
	}},
	{"html gmail app", func(t tongue, said string) string {
		return `<p dir="ltr">` + strings.ReplaceAll(brs(said), "<br>\r\n<br>\r\n", "</p>\r\n<p dir=\"ltr\">") + `</p><br><div class="gmail_quote"><div dir="ltr">` + html.EscapeString(t.gmail) + `<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex"><div>` + brs(t.old) + `</div></blockquote></div>`
	}},
	{"html outlook", func(t tongue, said string) string {
		return `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang="EN-US"><div class="WordSection1">` + msos(said) + msos("") + `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` + t.htmlFields() + `<o:p></o:p></p></div></div>` + msos("") + msos(t.old) + `</div></body></html>`
	}},
	{"html outlook, quote at the left", func(t tongue, said string) string {
		return `<html><body><div class="WordSection1">` + msos(said) + `<div style="border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt"><div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` + t.htmlFields() + `<o:p></o:p></p></div></div>` + msos(t.old) + `</div></div></body></html>`
	}},
	{"html outlook on the web", func(t tongue, said string) string {
		return `<html><body dir="ltr"><div class="elementToProof" style="font-family: Calibri">` + divs(said) + `</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">` + t.htmlFields() + `</font><div>&nbsp;</div></div>` + divs(t.old) + `</body></html>`
	}},
	{"html outlook for phones", func(t tongue, said string) string {
		return `<html><body><div dir="auto">` + divs(said) + `</div><div id="ms-outlook-mobile-signature"><div><br></div>` + html.EscapeString(t.outlook) + `</div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">` + t.htmlFields() + `</div>` + divs(t.old) + `</body></html>`
	}},
	{"html outlook, new app", func(t tongue, said string) string {
		return `<html><body><div dir="auto">` + divs(said) + `</div><div id="mail-editor-reference-message-container" dir="auto"><br><hr style="display: inline-block; width: 98%;"><div id="divRplyFwdMsg" style="font-size: 11pt;">` + t.htmlFields() + `</div><br>` + divs(t.old) + `</div></body></html>`
	}},
	{"html apple", func(t tongue, said string) string {
		return `<html><head></head><body style="overflow-wrap: break-word;">` + divs(said) + `<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>` + html.EscapeString(t.apple) + `</div><br class="Apple-interchange-newline"><div>` + divs(t.old) + `</div></blockquote></div><br></body></html>`
	}},
	{"html iphone", func(t tongue, said string) string {
		return `<html><body dir="auto">` + divs(said) + `<div dir="ltr"><br><div>` + html.EscapeString(t.phone) + `</div></div><div dir="ltr"><br><blockquote type="cite">` + html.EscapeString(t.apple) + `<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">` + divs(t.old) + `</div></blockquote></body></html>`
	}},
	{"html thunderbird", func(t tongue, said string) string {
		return `<html><body><p>` + strings.ReplaceAll(brs(said), "<br>\r\n<br>\r\n", "</p>\r\n<p>") + `</p><div class="moz-cite-prefix">` + html.EscapeString(t.bird) + `<br></div><blockquote type="cite" cite="mid:ask@example.org"><pre class="moz-quote-pre" wrap="">` + html.EscapeString(t.old) + `</pre></blockquote></body></html>`
	}},
	{"html thunderbird, signature", func(t tongue, said string) string {
		return `<html><body>` + divs(said) + `<pre class="moz-signature" cols="72">-- 
Jane Doe
Head of Data</pre><div class="moz-cite-prefix">` + html.EscapeString(t.bird) + `<br></div><blockquote type="cite" cite="mid:ask@example.org">` + brs(t.old) + `</blockquote></body></html>`
	}},
	{"html yahoo", func(t tongue, said string) string {
		return `<html><body><div class="ydp1yahoo-style-wrap" style="font-family:Helvetica"><div></div>` + divs(said) + `<div><br></div></div><div id="ydp2yahoo_quoted_123" class="yahoo_quoted"><div style="font-family:'Helvetica Neue', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;"><div>` + html.EscapeString(t.gmail) + `</div><div><br></div><div><br></div><div>` + divs(t.old) + `</div></div></div></body></html>`
	}},
	{"html proton", func(t tongue, said string) string {
		return `<div style="font-family: Arial, sans-serif; font-size: 14px;">` + divs(said) + `</div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">On Monday, November 23rd, 2026 at 9:12 AM, Ada Example &lt;ada@example.org&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">` + brs(t.old) + `</blockquote><br></div>`
	}},
	{"html zoho", func(t tongue, said string) string {
		return `<div style="font-family: Verdana;">` + divs(said) + `<div id="Zm-_Id_-Sgn" data-zbluepencil-ignore="true"></div><br><div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204); height: 0px;"><br></div><div class="zmail_extra" data-zbluepencil-ignore="true"><br><div id="Zm-_Id_-Sgn1">---- On Mon, 23 Nov 2026 09:12:33 +0100 <b>Ada Example &lt;ada@example.org&gt;</b> wrote ----<br></div><br><blockquote id="blockquote_zmail" style="margin: 0px;"><div>` + divs(t.old) + `</div></blockquote></div></div>`
	}},
	{"html gmx", func(t tongue, said string) string {
		return `<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">` + divs(said) + `<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word;"><div style="margin:0 0 10px 0;">` + t.htmlFields() + `</div><div name="quoted-content">` + divs(t.old) + `</div></div></div></div></body></html>`
	}},
	{"html gmx, new", func(t tongue, said string) string {
		return `<html><body><div style="font-family: Arial;">` + divs(said) + `<div class="signature">Jane Doe<br>Head of Data</div><div id="sub-body-container" style="margin: 10.0px 5.0px 5.0px 10.0px;padding: 10.0px 0 10.0px 0;border-top:2px solid rgb(195,217,229);"><div style="margin: 0 0 10.0px 0;"><div>` + t.htmlFields() + `</div></div><div>` + divs(t.old) + `</div></div></div></body></html>`
	}},
	{"html zimbra", func(t tongue, said string) string {
		return `<html><body><div style="font-family: arial">` + divs(said) + `<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;color:#000;">` + t.htmlFields() + `<br></blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;">` + brs(t.old) + `</blockquote></div></div></body></html>`
	}},
	{"html qq", func(t tongue, said string) string {
		return `<div>` + divs(said) + `</div><div>&nbsp;</div><div><includetail><!--<![endif]--></includetail></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b> "Ada" &lt;ada@example.org&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月23日(星期一) 上午9:12</div><div><b>收件人:</b>&nbsp;"Jane"&lt;jane@example.com&gt;;</div><div><b>主题:</b>&nbsp;20 minutes?</div></div><div>&nbsp;</div>` + divs(t.old)
	}},
	{"html 163", func(t tongue, said string) string {
		return `<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">` + divs(said) + `<div style="position:relative;zoom:1"></div><div id="divNeteaseMailCard"></div><p>At 2026-11-23 09:12:33, "Ada Example" &lt;ada@example.org&gt; wrote:</p><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid">` + brs(t.old) + `</blockquote></div>`
	}},
	{"html mail.ru", func(t tongue, said string) string {
		return `<HTML><BODY>` + divs(said) + `<br><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Понедельник, 23 ноября 2026, 9:12 +03:00 от Ada Example &lt;ada@example.org&gt;:<br><div id=""><div class="js-helper js-readmsg-msg">` + brs(t.old) + `</div></div></blockquote></BODY></HTML>`
	}},
	{"html yandex", func(t tongue, said string) string {
		return `<div>` + divs(said) + `</div><div> </div><div>23.11.2026, 09:12, "Ada Example" &lt;ada@example.org&gt;:</div><blockquote><p>` + brs(t.old) + `</p></blockquote>`
	}},
	{"html roundcube", func(t tongue, said string) string {
		return `<html><body style='font-size: 10pt'>` + divs(said) + `<p id="reply-intro">` + html.EscapeString(t.bird) + `</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div id="replybody1">` + brs(t.old) + `</div></blockquote></body></html>`
	}},
	{"html tutanota", func(t tongue, said string) string {
		return `<html><body>` + divs(said) + `<div><br></div><div>Nov 23, 2026, 09:12 by ada@example.org:<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px; margin-left: 5px;">` + divs(t.old) + `</blockquote></body></html>`
	}},
	{"html fastmail", func(t tongue, said string) string {
		return `<!DOCTYPE html><html><head><title></title><style type="text/css">p.MsoNormal{margin:0}</style></head><body>` + divs(said) + `<div><br></div><div>On Mon, Nov 23, 2026, at 9:12 AM, Ada Example wrote:</div><blockquote type="cite" id="qt" style="">` + divs(t.old) + `</blockquote></body></html>`
	}},
	{"html samsung", func(t tongue, said string) string {
		return `<html><body dir="auto">` + divs(said) + `<div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- ` + html.EscapeString(t.original) + ` --------</div><div>` + t.htmlFields() + `</div><div><br></div></div>` + divs(t.old) + `</body></html>`
	}},
	{"html spark", func(t tongue, said string) string {
		return `<html><body><div name="messageBodySection"><div dir="auto">` + divs(said) + `</div></div><div name="messageReplySection">On 23 Nov 2026 at 9:12 AM +0100, Ada Example &lt;ada@example.org&gt;, wrote:<br/><blockquote type="cite" style="border-left-color: grey; border-left-width: thin; border-left-style: solid; margin: 5px 5px;padding-left: 10px;">` + divs(t.old) + `</blockquote></div></body></html>`
	}},
	{"html old outlook for mac", func(t tongue, said string) string {
		return `<html><body style="word-wrap: break-word;">` + divs(said) + `<div><br></div><span id="OLK_SRC_BODY_SECTION"><div style="font-family:Calibri; font-size:11pt; border-top: #b5c4df 1pt solid;">` + strings.ReplaceAll(t.htmlFields(), "<b>", `<span style="font-weight:bold">`) + `</div><div>` + divs(t.old) + `</div></span></body></html>`
	}},
	{"html notes", func(t tongue, said string) string {
		return `<font size=2 face="sans-serif">` + brs(said) + `</font><br><br><br><table width=100%><tr><td>From:</td><td>Ada Example &lt;ada@example.org&gt;</td></tr><tr><td>To:</td><td>jane@example.com</td></tr><tr><td>Date:</td><td>11/23/2026 09:12 AM</td></tr><tr><td>Subject:</td><td>20 minutes?</td></tr></table><hr noshade><br>` + brs(t.old)
	}},
	{"html front", func(t tongue, said string) string {
		return `<div>` + divs(said) + `</div><div class="front-signature"><br>--<br>Jane Doe</div><br><blockquote type="cite" class="front-blockquote">On November 23, 2026 at 9:12 AM GMT+1 <a href="mailto:ada@example.org">ada@example.org</a> wrote:<br><br>` + brs(t.old) + `</blockquote>`
	}},
	{"html missive", func(t tongue, said string) string {
		return `<html><body><div>` + divs(said) + `</div><div class="missive_quote"><div>On Nov 23, 2026, at 9:12 AM, Ada Example &lt;ada@example.org&gt; wrote:</div><blockquote type="cite">` + brs(t.old) + `</blockquote></div></body></html>`
	}},
}
