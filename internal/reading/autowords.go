package reading

import "strings"

// list splits a table of phrases, one or more lines of "a|b|c".
func list(s string) []string {
	var out []string
	for p := range strings.SplitSeq(s, "|") {
		if p = fold(strings.TrimSpace(p)); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// autoSubjects begin the subjects of automatic answers: what Exchange, Gmail, Notes, GroupWise and help desks put there,
// in the languages they have. Folded.
var autoSubjects = list(
	"automatic reply|auto reply|auto-reply|autoreply|auto:|auto response|auto-response|autoresponse|automatic response|automatic message|automated reply|automated response|automated message|automated email|auto-responder|autoresponder|auto responder|[auto-reply]|[autoreply]|[auto]|[automatic|[automated|(auto)|automatically generated reply|auto-generated reply|vacation reply|vacation response|vacation message|vacation notice|vacation:|vacation re:|automatic vacation|email autoresponse|email auto-reply|email autoreply|" +
		"out of office autoreply|out of office auto-reply|out of office auto reply|out of office automatic reply|out of office reply|out-of-office reply|out of office response|out of office message|out of office notification|out of office notice|out of office assistant|" +
		"automatische antwort|automatische ruckmeldung|automatische nachricht|automatische abwesenheit|automatische mitteilung|automatische eingangsbestatigung|autom. antwort|auto-antwort|autoantwort|abwesenheitsnotiz:|abwesenheitsbenachrichtigung|abwesenheitsnachricht|abwesenheitsmeldung|" +
		"reponse automatique|reponse auto|message automatique|courriel automatique|notification d'absence|respuesta automatica|respuesta automatizada|autorespuesta|auto-respuesta|mensaje automatico|contestacion automatica|risposta automatica|risposta automatizzata|autorisposta|messaggio automatico|" +
		"automatisch antwoord|automatische reactie|automatisch bericht|automatische beantwoording|resposta automatica|mensagem automatica|resposta automatizada|autosvar|autosvar:|automatiskt svar|automatiskt meddelande|automatisk svar|automatisk besked|automatisk melding|automatisk meddelelse|sjalfvirkt svar|" +
		"automaattinen vastaus|automaattivastaus|automaattinen ilmoitus|automatyczna odpowiedz|odpowiedz automatyczna|autoodpowiedz|autoresponder:|wiadomosc automatyczna|automaticka odpoved|automaticka odpoveď|automatica odpoved|automatikus valasz|automatikus üzenet|automatikus uzenet|raspuns automat|răspuns automat|otomatik yanit|otomatik cevap|samodejni odgovor|avtomatski odgovor|automatski odgovor|automaatvastus|automatiska atbilde|automātiska atbilde|automatinis atsakymas|resposta automàtica|erantzun automatikoa|balasan otomatis|jawapan automatik|tra loi tu dong|trả lời tự động|thu tra loi tu dong|" +
		"автоматический ответ|автоответ|автоматичний|автоматична відповідь|автоматична відповидь|автоматичен отговор|аутоматски одговор|автоматский одговор|αυτόματη απάντηση|αυτοματη απαντηση|自动答复|自动回复|自動回覆|自動回復|自動答覆|自動応答|自動返信|자동 회신|자동회신|자동 응답|자동응답|자동 답장|부재중 자동|מענה אוטומטי|תשובה אוטומטית|رد تلقائي|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|स्वचालित")

// autoWithin stand anywhere in the subjects of such answers.
var autoWithin = list("(automatic reply)|(auto-reply)|(autoreply)|(auto reply)|[auto-reply]|[autoreply]|(automatische antwort)|(reponse automatique)|(respuesta automatica)|(risposta automatica)|is out of the office|is out of office|will be out of the office|is on vacation|is away from the office|ist ausser haus|ist nicht im buro|ist abwesend|est absent|esta fuera de la oficina|e fuori sede|e assente|is afwezig|auto reply from|autoreply from|auto-reply from|out of office autoreply")

// awaySubjects begin the subjects of absence notices, and may begin a person's.
var awaySubjects = list(
	"out of office|out-of-office|out of the office|ooo:|ooo |[ooo]|ooo re:|ooo -|away from my|away from the office|away:|away |away message|on vacation|on holiday|on leave|on annual leave|i am out of|i'm out of|i am away|i'm away|i am on|absence:|absence notification|annual leave|maternity leave|parental leave|paternity leave|no longer with|no longer at|no longer works|has left|left the company|" +
		"abwesenheit|abwesend|ausser haus|nicht im buro|im urlaub|urlaub|ich bin im urlaub|bin im urlaub|elternzeit|mutterschutz|ich bin nicht|absence du bureau|absent du bureau|absent(e)|absente du bureau|absent jusqu|absente jusqu|absence|message d'absence|en conges|en conge|conges|je suis absent|fuera de la oficina|fuera de oficina|ausencia|ausente|de vacaciones|en vacaciones|vacaciones|fuori sede|fuori ufficio|assente|assenza|in ferie|chiusura|" +
		"afwezig|niet aanwezig|niet op kantoor|met vakantie|op vakantie|met verlof|fora do escritorio|ausencia temporaria|de ferias|ferias|estou de ferias|franvaro|franvarande|ej pa plats|ej pa kontoret|semester|fravaerende|fravaer|ikke til stede|ikke pa kontoret|pa ferie|ferie|poissa|lomalla|poissaolo|nieobecn|poza biurem|na urlopie|urlop|nepritomn|mimo kancelar|dovolena|nie som v kancelarii|tavol|hazon kivul|szabadsag|in concediu|nu sunt la birou|absent din birou|ofis dis|izindeyim|tatildeyim|odsoten|na dopustu|izvan ureda|na godisnjem|" +
		"вне офиса|нет на месте|отсутств|отпуск|в отпуске|я в отпуске|у відпустц|поза офісом|вiдпустк|извън офиса|εκτος γραφειου|εκτός γραφείου|απουσ|不在|外出|休假|不在办公室|不在辦公室|休暇|夏季休業|年末年始|外出中|出差|出張|부재|휴가|외출|출장|מחוץ למשרד|خارج المكتب")

// thanksWords open notices.
var thanksWords = list("thank you for your e|thank you for your m|thanks for your e|thanks for your m|thank you for contact|thanks for contact|thank you for reach|thanks for reach|thank you for writing|thanks for writing|thank you for getting in touch|thanks for getting in touch|thank you for your inquiry|thank you for your enquiry|many thanks for your e|many thanks for your m|i have received your|vielen dank fur ihre nachricht|vielen dank fur ihre e|vielen dank fur ihre mail|danke fur ihre nachricht|danke fur ihre e|danke fur ihre mail|danke fur deine nachricht|vielen dank fur deine nachricht|herzlichen dank fur|merci de votre message|merci pour votre m|merci pour votre e|gracias por su|gracias por tu mensaje|gracias por contactar|grazie per la tua|grazie per la sua|grazie per il|bedankt voor|dank voor uw|dank u voor|obrigado pel|obrigada pel|tack for ditt|tak for din|takk for din|kiitos viestistasi|dziekuje za|dziekujemy za|dekuji za|dekujeme za|спасибо за ваше|спасибо за письмо|дякую за ваш|koszonom az uzenet|multumesc pentru|va multumesc|mesajiniz icin tesekkur|e-postaniz icin|ευχαριστω για το|hvala za|hvala na|dakujem za|takk fyrir|tanan kirja|이메일을 보내|메일 감사|感谢您|謝謝您|谢谢您|ご連絡ありがとう|メールありがとう")

// noticeWords are the set phrases of notices.
var noticeWords = list("limited access|no access to|if urgent|is urgent|are urgent|urgent matter|in urgent cases|for urgent|urgent enquir|urgent inquir|your email will|your e-mail will|will be answered|respond to your|reply to your|will not be read|will not be forwarded|not be forwarded|as soon as possible upon|upon my return|on my return|when i return|in dringenden|dringenden fallen|nicht weitergeleitet|wird nicht gelesen|nach meiner ruckkehr|en cas d'urgence|a mon retour|para asuntos urgentes|en caso de urgencia|a mi regreso|al mio rientro|in caso di urgenza|per urgenze|bij terugkomst|voor dringende|in dringende|em caso de urgencia|assuntos urgentes|no meu retorno|please contact|bitte wenden|wenden sie sich|please reach out|please call|please direct|please get in touch|emergency|emergencies|intermittent access|limited email|limited ability|respond upon|reply upon|respond when i|reply when i|get back to you when|get back to you upon|get back to you on my|answer your email|answer your message|your message will|kein zugriff|eingeschrankt|ihre e-mail wird|ihre nachricht wird|ihre mail wird|ihre mails werden|e-mails werden|mails werden nicht|beantworte ich|werde ich nach|votre message sera|vous repondrai|je vous repondrai|vous pouvez contacter|pour toute urgence|puede contactar|puede dirigirse|respondere a|le respondere|contattare|rispondero|neem dan contact|neem contact|kunt u contact|beantwoord ik|entre em contato|contate|responderei|kontakta|kontakt venligst|kontakt|ota yhteytta|vastaan viestiisi|prosze o kontakt|odpowiem|kontaktujte|odpovim|обращайтесь|отвечу|请联系|請聯絡|ご連絡ください|ご了承ください|연락|veuillez contacter|vid bradskande|ved hastesager|kiireellisissa|w pilnych sprawach|v nalehavych|по срочным|紧急|緊急|急用|お急ぎ")

// noticeQuestions stand in questions that are none.
var noticeQuestions = list("urgent|help|question|emergency|dringend|eilig|fragen|urgence|questions|urgente|assistance|support")

// challengeCues are proof without any header, and so is what is in ticketCues with receivedWords.
var (
	ticketCues    = phraseKeys("##- please type your reply above|please type your reply above this line|[request received]|ticket number|ticket no|ticket id|ticket #|[ticket|ticket received|case number|case #|request number|has been logged|ticketnummer|ticket-nummer|ticket-nr|numero de ticket|numero di ticket|numero do chamado|numer zgloszenia|номер обращения")
	challengeCues = phraseKeys("boxbe|spamarrest|spam arrest|mailinblack|earthlink spamblocker")
	receivedWords = list("has been received|have received|we received|was received|has been created|has been opened|has been logged|been assigned|acknowledg|thank you for contacting|automat|confirm that we|eingegangen|erhalten|ete enregistree|ete recu|hemos recibido|abbiamo ricevuto|ontvangen|recebemos|otrzymali|получено|зарегистрирован")
)

func phraseKeys(s string) map[string]bool {
	t := map[string]bool{}
	for _, p := range list(s) {
		t[p] = true
	}
	return t
}

// automaticWords say it themselves.
var automaticWords = list(
	"this is an automatic reply|this is an automatic vacation|this is an automatic out|this is an automatic acknowledg|this is an automated acknowledg|this is an automated out|this is an automated notification|this is an automated e-mail|this is an automatic e-mail|this is an auto reply|this is an auto response|this is an autoresponse|this is an auto-response|this is an auto-generated|this is an auto generated|this is an out of office|this is an out-of-office|this is a vacation|this email is an automatic|this e-mail is an automatic|this message is an automatic|this email is automatically|this message is automatically|this reply is automatically|this reply was automatically|this response was automatically|this mail is automatically|you are receiving this automatic|you have reached an automated|auto-reply message|automated system|automatic notification that|only notification you will receive|will receive only one|will only receive this message once|will only receive one|this is an automated reply|this is an automatic response|this is an automated response|this is an auto-reply|this is an autoreply|this is an automated message|this is an automated email|this is an automatic email|this is an automatic message|this email was generated automatically|this message was generated automatically|been automatically generated|was automatically generated|is automatically generated|automatically generated message|automatically generated e-mail|automatically generated email|automatically generated reply|automatically generated response|this is a system generated|auto-generated response|" +
		"dies ist eine automatische|dies ist eine automatisch|diese e-mail wurde automatisch|diese nachricht wurde automatisch|automatisch generierte|dies ist eine automatisch|automatische abwesenheitsnotiz|automatische antwort|automatisch versendet|automatisch verschickt|automatisch erstellt|automatisch erzeugte|automatische eingangsbestatigung|ceci est une reponse automatique|ceci est une notification automatique|cette reponse est automatique|reponse automatique|message d'absence automatique|ceci est un message automatique|message genere automatiquement|este es un mensaje automatico|esta es una respuesta automatica|mensaje generado automaticamente|questo e un messaggio automatico|messaggio generato automaticamente|dit is een automatisch|dit bericht is automatisch|automatisch gegenereerd|esta e uma resposta automatica|esta e uma mensagem automatica|" +
		"detta ar ett automatiskt|dette er et automatisk|automatisk generert|tama on automaattinen|to jest automatyczna|wiadomosc wygenerowana automatycznie|toto je automaticka|tento e-mail byl vygenerovan|это автоматический|автоматическое сообщение|这是一封自动|自动回复|自動回覆|自動返信|自動送信|自動応答|自动发送|系统自动|自動發送|자동으로 발송|자동 응답|자동 회신|ez egy automatikus|automatikus valasz|acesta este un mesaj automat|mesaj automat|raspuns automat|bu otomatik|otomatik olarak gonderil|otomatik yanit|αυτοματο μηνυμα|αυτόματο μήνυμα|αυτόματη απάντηση|це автоматичн|автоматична відповідь|ово je automatska|ovo je automatska|to je samodejni|toto je automaticka")

// engagedWords are only a person's who deals with the request.
var engagedWords = list(
	"happy to chat|happy to talk|happy to help|happy to speak|glad to talk|glad to help|glad to chat|love to chat|love to talk|would be happy|i'd be happy|i'd be glad|i'd love to|gladly|sounds good|sounds great|works for me|that works|would work|of course|let's|how about|shall we|what about|could we|can we|would you be|does that work|suits me|looking forward|count me in|yes,|yes!|yes.|sure,|sure!|sure.|" +
		"sorry for the late|sorry for the slow|sorry for the delay|apologies for the delay|apologies for the late|gerne konnen|sehr gern|passt mir|passt gut|wie ware es|lass uns|sollen wir|konnen wir|avec plaisir|ca me va|on peut se|podemos hablar|me viene bien|con mucho gusto|encantad|volentieri|va bene per me|graag gedaan|schikt mij|zullen we|com prazer|podemos conversar|i was out of|i was away|i was on|war im urlaub|war unterwegs")
