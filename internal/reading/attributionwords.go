package reading

import "strings"

// How mail programs say, in many languages, that somebody wrote what stands below.
// All folded.

// wroteWords carry the line above a quote.
var wroteWords = list(
	"wrote|writes|said|schrieb|schrieben|geschrieben|a ecrit|ecrivait|ecrivit|escribio|escribe|ha escrito|ha escrit|va escriure|escribiu|ha scritto|scrisse|scriveva|schreef|geschreven|escreveu|skrev|skrifadi|" +
		"napsal|napsala|napisal|napisala|napisal(a)|napisana|nadeslal|pisze|odesilatel|pise|napisao|napisao/la|je napisal|kirjoitti|kirjutas|kirjutab|rase|rakstija|idatzi du|irta|a scris|yazdi|yazmis|εγραψε|" +
		"писал|писала|писал(а)|написал|написала|написал(а)|пишет|пише|написав|написала|написа|написао|написао/ла|пиша|" +
		"写道|寫道|のメール|のメッセージ|書きました|さんは書きました|작성|쓴 글|에서 작성|כתב|כתבה|כתב/ה|كتب|كتبت|كتب/كتبت|كتابة|نوشت|da viet|menulis|เขียน|ने लिखा")

// wroteStarts begin such a line, followed by a space or a date.
var wroteStarts = starts(
	"on |am |le |el |il |op |em |den |pe |w dniu |dnia |dne |dna |dana |na |на |a |as |ned|quoting |quoth |zitat von |citando |selon |citat |il giorno |no dia |nel giorno |at |in a message dated |in |in data |στις |vao |pada |" +
		"kuupaev|missatge de |wiadomosc napisana |בתאריך |ב-|ב־|في |вы писали|于|於|在|v |thann |на дату|по ")

// starts splits a table of beginnings, "a|b |c", whose blanks count.
func starts(s string) []string { return strings.Split(s, "|") }

// wroteEnds are what may stand between the word and the colon.
var wroteEnds = wordSet("je am on la ni um du de a at il em v u o den op le el folgendes following")
