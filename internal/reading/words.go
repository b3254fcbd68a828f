package reading

import (
	"strings"
	"time"
)

// The tables below hold folded words (lower case, no accents). A word with a
// star is also something else in one of our languages ("so", "sun", "mar") and
// counts only beside a number, a clock or another day.

type weekdayWord struct {
	day  time.Weekday
	weak bool
}

var weekdays = weekdayTable([7]string{
	time.Sunday:    "sunday sun* sonntag so* dimanche dim* domingo dom* domenica zondag zo* niedziela niedziele sondag sunnuntai sunnuntaina nedele nedeli воскресенье вс*",
	time.Monday:    "monday mon* montag mo* lundi lun* lunes lunedi maandag ma* segunda* poniedzialek poniedzialku mandag maanantai maanantaina pondeli понедельник пн*",
	time.Tuesday:   "tuesday tue tues dienstag di* mardi mar* martes martedi dinsdag terca* wtorek tirsdag tisdag tiistai tiistaina utery вторник вт*",
	time.Wednesday: "wednesday wed* weds wednes* mittwoch mi* mercredi mer* miercoles mie* mercoledi woensdag wo* quarta* sroda srode onsdag keskiviikko keskiviikkona streda stredu среда* среду ср*",
	time.Thursday:  "thursday thu thur thurs thrs donnerstag do* jeudi jeu* jueves jue* giovedi gio* donderdag quinta* czwartek torsdag torstai torstaina ctvrtek четверг чт*",
	time.Friday:    "friday fri freitag fr* vendredi ven* viernes vie* venerdi vrijdag vr* sexta* piatek fredag perjantai perjantaina patek пятница пятницу пт*",
	time.Saturday:  "saturday sat* samstag sonnabend sa* samedi sam* sabado sab* sabato zaterdag za* sobota sobotu sobote lordag lauantai lauantaina суббота субботу сб*",
})

func weekdayTable(days [7]string) map[string]weekdayWord {
	t := make(map[string]weekdayWord, 200)
	for day, words := range days {
		for w := range strings.FieldsSeq(words) {
			plain, weak := strings.CutSuffix(w, "*")
			t[plain] = weekdayWord{time.Weekday(day), weak}
		}
	}
	return t
}

var months = numberTable(1, []string{
	"january jan januar janner janvier janv enero ene gennaio gen januari janeiro styczen stycznia tammikuu tammikuuta leden ledna январь января ocak ianuarie ianuar januara januarja sijecnja січня ιανουαριου ιανουαριος",
	"february feb febr februar februari fevrier fevr febrero febbraio fevereiro fev luty lutego helmikuu helmikuuta unor unora февраль февраля subat februarie februara februarja veljace лютого φεβρουαριου",
	"march mar marz mrz mars marzo maart mrt marco marzec marca marts maaliskuu maaliskuuta brezen brezna март марта mart martie marcius ozujka березня μαρτιου",
	"april apr avril avr abril abr aprile kwiecien kwietnia huhtikuu huhtikuuta duben dubna апрель апреля nisan aprilie aprilis aprila travnja квітня απριλιου",
	"may mai mayo maggio mag mei maio maj maja toukokuu toukokuuta kveten kvetna май мая mayis majus svibnja травня μαιου",
	"june jun juni juin junio giugno giu junho czerwiec czerwca kesakuu kesakuuta cerven cervna июнь июня haziran iunie junius juna junija lipnja червня ιουνιου",
	"july jul juli juillet juil julio luglio lug julho lipiec lipca heinakuu heinakuuta cervenec cervence июль июля temmuz iulie julius jula julija srpnja липня ιουλιου",
	"august aug aout agosto augusti augustus sierpien sierpnia elokuu elokuuta srpen srpna август августа agustos augusztus augusta avgusta kolovoza серпня αυγουστου",
	"september sep sept septembre septiembre settembre setembro wrzesien wrzesnia syyskuu syyskuuta zari сентябрь сентября eylul septembrie szeptember septembra rujna вересня σεπτεμβριου",
	"october oct oktober okt octobre octubre ottobre ott outubro pazdziernik pazdziernika lokakuu lokakuuta rijen rijna октябрь октября ekim octombrie oktobra жовтня οκτωβριου",
	"november nov novembre noviembre novembro listopad listopada listopadu marraskuu marraskuuta ноябрь ноября kasim noiembrie novembra studenog studenoga листопада νοεμβριου",
	"december dec dezember dez decembre diciembre dic dicembre dezembro grudzien grudnia joulukuu joulukuuta prosinec prosince desember des декабрь декабря aralik decembrie decembra decembar грудня δεκεμβριου",
})

// numberWords are small numbers as words.
var numberWords = numberTable(1, []string{
	"one a an ein eine einem einer einen un une una uno um uma een", "two zwei deux dos due twee dois duas couple",
	"three drei trois tres tre drie", "four vier quatre cuatro quattro quatro", "five funf cinq cinco cinque vijf",
	"six sechs seis sei zes", "seven sieben sept siete sette zeven sete", "eight acht huit ocho otto oito",
	"nine neun neuf nueve nove negen", "ten zehn dix diez dieci tien dez", "eleven elf onze once undici",
	"twelve zwolf douze doce dodici twaalf doze",
})

func numberTable(first int, rows []string) map[string]int {
	t := make(map[string]int, 24*len(rows))
	for i, row := range rows {
		for w := range strings.FieldsSeq(row) {
			t[w] = first + i
		}
	}
	return t
}

func wordSet(words string) map[string]bool {
	t := make(map[string]bool, len(words)/6)
	for w := range strings.FieldsSeq(words) {
		t[w] = true
	}
	return t
}

// unit is what "in two …" counts.
type unit uint8

const (
	unitNone unit = iota
	unitMinute
	unitHour
	unitDay
	unitWeek
	unitMonth
)

var units = func() map[string]unit {
	t := map[string]unit{}
	for u, words := range map[unit]string{
		unitMinute: "minute minutes min mins minuten minuto minutos minuti minuut",
		unitHour:   "hour hours hr hrs stunde stunden heure heures hora horas ora ore uur uren",
		unitDay:    "day days tag tage tagen jour jours dia dias giorno giorni dag dagen",
		unitWeek:   "week weeks woche wochen semaine semaines semana semanas settimana settimane weken fortnight",
		unitMonth:  "month months monat monate monaten mois mes meses mese mesi maand maanden",
	} {
		for w := range strings.FieldsSeq(words) {
			t[w] = u
		}
	}
	return t
}()

// notHours are words after a bare number that make it a count of something.
var notHours = wordSet("minute minutes min mins minuten minuto minutos minuti minuut hour hours hrs stunde stunden heures week weeks weken wochen " +
	"day days months years year jahre jahren ans anos anni people persons persones personen personas times questions percent things points options " +
	"more other of calls meetings rooms floors st nd rd th euro euros dollars k pages candidates companies colleagues semaines jours semanas dias settimane giorni")

// daypart is a stretch of the day, in minutes after midnight.
type daypart struct{ from, to int }

var dayparts = func() map[string]daypart {
	t := map[string]daypart{}
	for part, words := range map[daypart]string{
		{9 * 60, 12 * 60}:  "morning mornings vormittag vormittags morgens matin matinee manana mattina mattinata ochtend ochtends voormiddag manha",
		{12 * 60, 14 * 60}: "lunch lunchtime mittagszeit dejeuner pranzo lunchtijd",
		{13 * 60, 17 * 60}: "afternoon afternoons nachmittag nachmittags aprem tarde tardes pomeriggio middag namiddag",
		{17 * 60, 20 * 60}: "evening evenings abend abends soir soiree noche sera serata avond noite tonight",
	} {
		for w := range strings.FieldsSeq(words) {
			t[w] = part
		}
	}
	return t
}()

// relativeDays are phrases that name a day by its distance from today.
var relativeDays = phraseTable(map[int]string{
	0: "today|tonight|heute|aujourd hui|hoy|oggi|vandaag|hoje",
	1: "tomorrow|tmrw|tomorow|tommorow|tommorrow|morgen|demain|manana|domani|amanha",
	2: "day after tomorrow|the day after tomorrow|ubermorgen|apres demain|apres-demain|pasado manana|dopodomani|overmorgen|depois de amanha",
})

// spans are phrases for more than a day; their first day is counted from the
// first day of this week (w) or month (m).
const (
	spanThisWeek = iota
	spanNextWeek
	spanWeekAfter
	spanThisMonth
	spanNextMonth
	spanNewYear
	spanNextYear
	spanNextQuarter
)

var spans = phraseTable(map[int]string{
	spanThisWeek: "this week|later this week|diese woche|dieser woche|cette semaine|esta semana|questa settimana|deze week|nesta semana",
	spanNextWeek: "next week|nachste woche|nachster woche|nachsten woche|kommende woche|kommender woche|kommenden woche|folgende woche|la semaine prochaine|semaine prochaine|" +
		"proxima semana|semana que viene|semana proxima|semana que vem|prossima settimana|settimana prossima|volgende week|komende week",
	spanWeekAfter:   "week after next|the week after|week after that|following week|in the week after next|ubernachste woche|ubernachster woche|ubernachsten woche|semaine d apres",
	spanThisMonth:   "this month|later this month|diesen monat|ce mois-ci|este mes|questo mese|deze maand|este mes",
	spanNextMonth:   "next month|nachsten monat|nachster monat|kommenden monat|le mois prochain|mois prochain|proximo mes|mes que viene|prossimo mese|mese prossimo|volgende maand|mes que vem",
	spanNewYear:     "new year|the new year|neuen jahr|neues jahr|nouvelle annee|ano nuevo|anno nuovo|nuovo anno|nieuwe jaar|ano novo|novo ano",
	spanNextQuarter: "next quarter|nachstes quartal|nachsten quartal|prochain trimestre|trimestre prochain|proximo trimestre|prossimo trimestre|volgend kwartaal",
	spanNextYear:    "next year|nachstes jahr|nachsten jahr|l annee prochaine|annee prochaine|proximo ano|l anno prossimo|volgend jaar|ano que vem",
})

// phrase is one entry of a phrase table: its words and what it stands for.
type phrase struct {
	words []string
	value int
}

// phraseTable keeps phrases by their first word, longest first.
func phraseTable(rows map[int]string) map[string][]phrase {
	t := map[string][]phrase{}
	for value, row := range rows {
		for p := range strings.SplitSeq(row, "|") {
			words := strings.Fields(strings.ReplaceAll(p, "-", " - "))
			if len(words) == 0 {
				continue
			}
			list := t[words[0]]
			at := 0
			for at < len(list) && len(list[at].words) >= len(words) {
				at++
			}
			list = append(list, phrase{})
			copy(list[at+1:], list[at:])
			list[at] = phrase{words, value}
			t[words[0]] = list
		}
	}
	return t
}

// places are what people put before "time" ("3pm Berlin time").
var places = map[string]string{
	"berlin": "Europe/Berlin", "german": "Europe/Berlin", "deutscher": "Europe/Berlin", "munich": "Europe/Berlin", "hamburg": "Europe/Berlin",
	"london": "Europe/London", "uk": "Europe/London", "british": "Europe/London", "paris": "Europe/Paris", "french": "Europe/Paris",
	"madrid": "Europe/Madrid", "spanish": "Europe/Madrid", "rome": "Europe/Rome", "roma": "Europe/Rome", "italian": "Europe/Rome",
	"amsterdam": "Europe/Amsterdam", "dutch": "Europe/Amsterdam", "brussels": "Europe/Brussels", "zurich": "Europe/Zurich", "swiss": "Europe/Zurich",
	"vienna": "Europe/Vienna", "wien": "Europe/Vienna", "lisbon": "Europe/Lisbon", "lisboa": "Europe/Lisbon", "dublin": "Europe/Dublin", "irish": "Europe/Dublin",
	"stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo", "copenhagen": "Europe/Copenhagen", "helsinki": "Europe/Helsinki", "warsaw": "Europe/Warsaw",
	"prague": "Europe/Prague", "athens": "Europe/Athens", "moscow": "Europe/Moscow", "istanbul": "Europe/Istanbul", "dubai": "Asia/Dubai",
	"india": "Asia/Kolkata", "indian": "Asia/Kolkata", "singapore": "Asia/Singapore", "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo", "beijing": "Asia/Shanghai",
	"shanghai": "Asia/Shanghai", "sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne", "boston": "America/New_York", "toronto": "America/Toronto",
	"eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver", "pacific": "America/Los_Angeles",
	"york": "America/New_York", "ny": "America/New_York", "nyc": "America/New_York", "chicago": "America/Chicago", "denver": "America/Denver", "seattle": "America/Los_Angeles",
	"california": "America/Los_Angeles", "paulo": "America/Sao_Paulo", "brasilia": "America/Sao_Paulo", "mexico": "America/Mexico_City",
}

// zoneNames are abbreviations as people write them. "EST" in summer means the
// clock on the wall, hence places and not offsets.
var zoneNames = map[string]string{
	"CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin", "BST": "Europe/London", "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
	"EET": "Europe/Helsinki", "EEST": "Europe/Helsinki", "MSK": "Europe/Moscow", "ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
	"CT": "America/Chicago", "CST": "America/Chicago", "CDT": "America/Chicago", "MT": "America/Denver", "MST": "America/Denver", "MDT": "America/Denver",
	"PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "AKST": "America/Anchorage", "HST": "Pacific/Honolulu",
	"BRT": "America/Sao_Paulo", "IST": "Asia/Kolkata", "SGT": "Asia/Singapore", "HKT": "Asia/Hong_Kong", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
	"AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland", "SAST": "Africa/Johannesburg",
}
