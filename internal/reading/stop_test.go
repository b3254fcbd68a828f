package reading

import "testing"

// notStops have the words of a stop, and are none: somebody who is barred by mistake is lost.
var notStops = []string{
	"Don't stop by before noon, but Tuesday is fine.",
	"Please stop by on Wednesday at 10.",
	"I can't stop thinking about your question. Let's talk.",
	"I'll stop writing now, my train is here. Yes to Tuesday.",
	"I had to stop emailing people individually, so here is my public calendar.",
	"Please don't contact me before Monday, I'm ill.",
	"Please don't write to me at this address, use jane@home.test.",
	"Don't email me the questions, just call.",
	"Don't call me on the mobile, use the office line.",
	"You never write to me any more! Of course we can talk.",
	"Nobody ever contacts me about that, so I'm curious.",
	"Why don't you write to me in English? It's easier.",
	"If you don't email me by Friday I'll assume it's off.",
	"I hope you don't stop contacting me.",
	"Don't hesitate to contact me again.",
	"My assistant will contact me if anything comes up.",
	"Your mail was marked as spam, sorry, I only found it now.",
	"It had landed in my spam folder. Yes, gladly!",
	"I nearly deleted my email account, that's why I'm late.",
	"I deleted my account there years ago.",
	"I'm removing myself from that list, so write to this address.",
	"Please remove the attachment and send it again.",
	"Please delete my last mail, it was meant for Bob.",
	"Could you take me off speaker when we talk?",
	"Take me off guard, why don't you! Sure.",
	"I have no further contacts in that field.",
	"I have no more emails from that time, sorry.",
	"There are no more messages from you in my inbox, please send it again.",
	"I don't want to receive attachments, a link is fine.",
	"I don't want to hear from your boss, only from you :-)",
	"I'd prefer not to be contacted during lunch.",
	"Unsubscribing from newsletters is my hobby. Happy to talk about it.",
	"I could opt out of the meeting, so Tuesday at 3 works.",
	"Leave a message on my voicemail.",
	"Leave me a note at the desk.",
	"I go away on Friday, so Thursday is better.",
	"Get off at the stop Market.",
	"The bus stop is right outside.",
	"Nothing can stop me from coming. See you Tuesday at 3.",
	"Stop worrying, I'll help.",
	"This is the last stop of my tour, call me any time.",
	"It doesn't bother me at all, ask away.",
	"Don't worry about bothering me.",
	"You didn't contact me before, did you?",
	"I didn't want to bother you.",
	"Block 20 minutes in my calendar.",
	"I've blocked Thursday 10 to 11 for you.",
	"I'll block my calendar for you on Tuesday.",
	"Schreiben Sie mir nicht vor Montag, ich bin krank.",
	"Ich konnte Sie nicht früher kontaktieren. Gern am Dienstag.",
	"Ich habe keine weiteren Anfragen bekommen, daher gern.",
	"Ich bekomme kaum noch Mails, freut mich also!",
	"Ich habe leider keinen Kontakt mehr zu ihm.",
	"Lassen Sie mich wissen, wann es passt.",
	"Ne m'écrivez pas avant lundi, je suis malade.",
	"J'arrête de travailler à 18h, appelez-moi après.",
	"Je n'ai plus de messages de vous, pouvez-vous le renvoyer ?",
	"No me escribas antes del lunes, estoy de viaje.",
	"Non ho nessun altro contatto in quel settore.",
	"Mi tolga una curiosità: come ha avuto il mio nome?",
	"Ik heb geen mails meer van je gekregen, stuur het nog eens.",
	"Haal me op bij het station, dinsdag om 3 uur.",
	"Não me escreva antes de segunda, estou viajando.",
	"Pare na segunda rua e me ligue.",
	"Tenho tempo para escrever na terça.",
}

// stops are meant.
var stops = []string{
	"Please stop emailing me.", "Stop contacting me!", "Do not contact me again.", "Never write to me again.", "Please remove me from your list.", "Take me off your mailing list.", "UNSUBSCRIBE", "Unsubscribe me please.",
	"I do not wish to be contacted again.", "I don't want to receive any further emails from you.", "No further contact please.", "Please delete my data and leave me alone.", "Kindly refrain from contacting me.", "I'd prefer not to receive any more messages.",
	"If you email me again I'll block you. Stop it. Do not write to me any more.", "Not interested, please don't contact me again.", "Could you please remove me from this list?", "Please opt me out.", "I will report you as spam.", "Fuck off.",
	"Bitte kontaktieren Sie mich nicht mehr.", "Schreib mir nicht mehr.", "Ich möchte keine weiteren Mails erhalten.", "Streichen Sie mich von Ihrer Liste.", "Bitte nehmen Sie mich aus dem Verteiler.", "Lassen Sie mich in Ruhe.", "Abmelden",
	"Ne me contactez plus.", "Merci de ne plus m'écrire.", "Veuillez me retirer de votre liste.", "Cessez de me contacter.", "No me contacte más.", "Deje de escribirme.", "Bórreme de su lista.", "Non mi contatti più.", "Smetta di scrivermi.", "Mi cancelli dalla lista.",
	"Schrijf me niet meer.", "Mail mij niet meer.", "Haal mij van de lijst.", "Não me escreva mais.", "Pare de me enviar mensagens.", "Remova meu nome da lista.", "请不要再联系我。", "連絡しないでください。", "연락하지 마세요.",
}

// TestStop: who asks not to be written to is heard, and nobody else is.
func TestStop(t *testing.T) {
	for _, text := range notStops {
		if r := readCase(t, "Hi Ada,\n\n"+text+"\n\nJane"); r.Kind != KindReply || r.Intent == IntentStop {
			t.Errorf("%q is %s %s: %v", text, r.Kind, r.Intent, r.Why)
		}
	}
	for _, text := range stops {
		if r := readCase(t, "Hello,\n\n"+text+"\n\nJane"); r.Kind != KindReply || r.Intent != IntentStop {
			t.Errorf("%q is %s %s: %v", text, r.Kind, r.Intent, r.Why)
		}
	}
}
