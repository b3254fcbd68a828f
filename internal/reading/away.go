package reading

import (
	"strings"
	"time"

	"askwell/internal/worktime"
)

// What the words beside a day say of it.
type awayCue int

const (
	cueNone  awayCue = iota
	cueUntil         // the last day away
	cueStart         // the first day away
	cueFrom          // the first day away, or the day of the return ("ab 7.12.")
	cueBack          // the day of the return
)

// lastDayAway reads the last day of an absence: the day before "back on", the day
// of "until", the end of a range.
func (u *understanding) lastDayAway() (worktime.Date, string) {
	s := u.scanned()
	var until, back, from, end, start awayDay
	all := s.times()
	for i, f := range all {
		if f.noDay || f.unsure || !f.instant.IsZero() && f.clock == nil && f.first == 0 || s.noWeekday(f) {
			continue
		}
		limit := len(s.t)
		if i+1 < len(all) {
			limit = all[i+1].first
		}
		day := awayDay{f.day, f.When.Phrase}
		cue := s.awayCue(f.first, f.last, limit)
		switch {
		case !f.until.IsZero() && !f.dayRead.week && cue != cueBack:
			until.first(awayDay{f.until, f.When.Phrase})
		case cue == cueBack:
			back.first(day)
		case cue == cueFrom:
			from.first(day)
		case cue == cueUntil:
			if f.vague && !f.until.IsZero() {
				day.day = f.until
			}
			until = day
		case i > 0 && end.day.IsZero() && s.ranged(all[i-1].first, all[i-1].last, f.first) && !f.vague:
			end = day
		case cue == cueStart:
			start.first(day)
		}
	}
	if back.day.IsZero() && !from.day.IsZero() && (until.day.Before(from.day) && end.day.Before(from.day)) && !s.startsAbsence(from.phrase) {
		back = from
	}
	if until.day.IsZero() && back.day.IsZero() {
		until = s.endOfPeriod()
	}
	switch {
	case !back.day.IsZero() && !back.day.Before(until.day):
		return worktime.DateOf(back.day.AddDate(0, 0, -1)), "the day before " + back.phrase
	case !until.day.IsZero():
		return worktime.DateOf(until.day), until.phrase
	case !end.day.IsZero():
		return worktime.DateOf(end.day), end.phrase
	}
	return worktime.Date{}, ""
}

// awayDay is a day with the words that name it.
type awayDay struct {
	day    time.Time
	phrase string
}

func (d *awayDay) first(o awayDay) {
	if d.day.IsZero() {
		*d = o
	}
}

// noWeekday reports a day read from a word that is a preposition in the language of the text ("do 4. decembra").
func (s *scanner) noWeekday(f found) bool {
	if f.last-f.first != 1 || !s.is(f.first, "do", "so", "mi", "ma", "to", "on", "lo") {
		return false
	}
	_, ok := s.number(f.last, 1, 31)
	return ok
}

// startsAbsence reports that the absence begins on the day of phrase: "from 7 December I am away".
func (s *scanner) startsAbsence(phrase string) bool {
	i := strings.Index(s.text, phrase)
	if i < 0 {
		return false
	}
	clause := fold(cutRunes(s.text[i+len(phrase):], 60))
	if j := strings.IndexAny(clause, ".;\n"); j >= 0 {
		clause = clause[:j]
	}
	return containsAny(clause, awayWords)
}

// awayWords say that somebody is away, in the clause of the day on which it begins.
var awayWords = list("out of|away|absent|abwesend|nicht|urlaub|off|leave|vacation|holiday|conge|vacances|vacaciones|ausente|fuera|ferie|assente|afwezig|vakantie|ferias|fora|semester|borta|ferie|fravaer|loma|poissa|urlop|nieobec|dovolen|mimo|отпуск|отсутств|не буду|休|不在")

var (
	untilCues = wordSet("until till til through thru bis einschliesslich inklusive jusqu jusqu'au hasta fino sino tot ate do indtil t.o.m tom asti saakka by up по до включительно inclusive including a 至 到 まで t/m до-")
	backCues  = wordSet("back return returning returns returned again zuruck zuruckkehren wieder wiederkommen erreichbar ruckkehr kehre retour rentre rentrerai serai reviens reviendrai regreso vuelvo volvere volveremos regresare incorporo reincorporo reincorporare vuelta rientro rientrero ritorno torno tornero tornare terug weer aanwezig bereikbaar regresso regresarei volto voltarei retorno retornarei retornando voltando wracam wroce powrot powrotem powrocie powrocic bede bedziemy tillbaka ater aterkommer tilbage tilbake igjen igen palaan takaisin tavoitettavissa zpet vratim zpatky spat vratime вернусь вернемся возвращаюсь возвращение буду возвращения выйду available availability resume resuming resumes reopen reopens reopening reachable 戻り 出社 回来 返回 disponible disponibile disponivel operativo")
	fromCues  = wordSet("ab as after from since depuis desde dal vanaf od fran alkaen с od starting beginning des dès por")
	startCues = wordSet("starting beginning commencing begin")
)

// awayCue looks for words beside the tokens first to last that say what day it is. The nearer word wins; those behind
// it count up to limit, where the next day begins.
func (s *scanner) awayCue(first, last, limit int) awayCue {
	if s.is(first, "do", "a") {
		return cueUntil // taken for an article
	}
	if c := s.scriptCue(first, last); c != cueNone {
		return c
	}
	weak := cueNone
	for j := first - 1; j >= 0 && j >= first-7; j-- {
		if s.punct(j, ".!?;") && j < first-1 && s.t[j+1].space && !(s.t[j-max(0, min(1, j))].kind == tokNumber) || s.t[j+1].lines > 1 {
			break
		}
		w := s.word(j)
		switch {
		case w == "a" && !s.is(j-1, "jusqu", "fino"), w == "do" && s.is(j-1, "i"), w == "by" && s.is(j-1, "replaced", "covered"):
		case w == "after" && s.is(j-1, "until", "available", "back", "return", "respond", "reply", "contact", "answer", "only", "you"), w == "after" && weak == cueNone:
			return cueUntil // "after 4 December": back the day after
		case w == "m" && s.punct(j-1, "/") && s.is(j-2, "t"), w == "incluis", w == "au" && s.is(j-1, "jusqu"), untilCues[w] && !(w == "bis" && weak != cueNone):
			return cueUntil
		case backCues[w]:
			return cueBack
		case startCues[w] && weak == cueNone:
			weak = cueStart
		case fromCues[w] && weak == cueNone && (w != "as" || s.is(j+1, "of", "from")):
			weak = cueFrom
		}
	}
	for j := last; j < len(s.t) && j < last+6 && j < limit; j++ {
		if s.punct(j, ".!?;,") || s.t[j].lines > 1 || s.is(j, "and", "und", "et", "e", "y", "en", "og", "och", "und", "ja", "и") {
			break
		}
		w := s.word(j)
		switch {
		case w == "saakka", w == "asti", w == "inclusive", w == "inklusive", w == "inclus", w == "inclusief", w == "incluido", w == "compreso", w == "wlacznie", w == "vcetne", w == "включительно":
			return cueUntil
		case (w == "ig" || w == "e" || w == "ye" || w == "a" || w == "tarihine") && s.glued(j):
			return cueUntil
		case backCues[w] && weak != cueStart:
			return cueBack
		}
	}
	return weak
}

// scriptCue reads what stands glued to a day in scripts without spaces.
func (s *scanner) scriptCue(first, last int) awayCue {
	if last >= len(s.t) && first == 0 {
		return cueNone
	}
	behind, ahead := "", ""
	if last > 0 && last <= len(s.t) {
		behind = strings.TrimLeft(cutRunes(s.text[s.t[last-1].to:], 60), " （(")
		if i := strings.IndexAny(behind, "）)"); i >= 0 && i < 16 { // 12月7日（月）
			behind = strings.TrimLeft(behind[i:], "）) ")
		}
	}
	if first > 0 {
		ahead = strings.TrimRight(s.text[max(0, s.t[first].from-12):s.t[first].from], " ")
	}
	if strings.HasPrefix(behind, "'") || strings.HasPrefix(behind, "’") { // 4 Aralık'a kadar
		if i := strings.IndexByte(behind, ' '); i > 0 && i < 8 {
			behind = behind[i+1:]
		}
	}
	for _, w := range []string{"まで", "迄", "까지", "为止", "為止", "止", "前不在", "-ig", "–ig", "kadar", "tarihine kadar"} {
		if strings.HasPrefix(behind, w) {
			return cueUntil
		}
	}
	for _, w := range []string{"之前", "以前", "前返回", "返回", "回来", "回來", "回到", "回公司", "上班", "恢复", "恢復", "より", "から出社", "から通常", "から営業", "からの出社", "以降", "に戻", "に出社", "に復帰", "복귀", "에 복귀", "부터 근무", "부터 출근", "以后", "以後", "后"} {
		if strings.HasPrefix(behind, w) {
			return cueBack
		}
	}
	for _, w := range []string{"至", "到", "まで", "~", "〜", "～"} {
		if strings.HasSuffix(ahead, w) && w != "~" {
			return cueUntil
		}
	}
	return cueNone
}

// ranged reports that what stands between the tokens i and j joins two days of an absence ("from 1 December to 4
// January", "between 1 December and 4 January"). first is where the former begins.
func (s *scanner) ranged(first, i, j int) bool {
	if j < i || j-i > 4 {
		return false
	}
	between := s.is(first-1, "between", "zwischen", "entre", "tra", "fra", "tussen", "mellan", "mellem", "mellom", "miedzy", "mezi", "между") || s.is(first-2, "between", "zwischen", "entre", "tra", "fra", "tussen", "mellan", "mellem", "mellom")
	for ; i < j; i++ {
		if s.punct(i, "-–—~〜～") || s.is(i, "to", "through", "thru", "bis", "au", "al", "a", "tot", "ate", "do", "till", "til", "tom", "и", "по", "から", "至", "až", "az") || s.is(i, "m") && s.punct(i-1, "/") {
			return true
		}
		if between && s.is(i, "and", "und", "et", "y", "e", "en", "och", "og", "i", "a", "и") {
			return true
		}
	}
	return false
}

// endOfPeriod reads "until the end of the year", of the month, of the week.
func (s *scanner) endOfPeriod() awayDay {
	flat := flatten(s.text)
	for _, w := range periodEnds {
		i := strings.Index(flat, w.words)
		if i < 0 {
			continue
		}
		head := strings.Fields(flat[max(0, i-40):i])
		for k := len(head) - 1; k >= 0 && k >= len(head)-4; k-- {
			if untilCues[strings.TrimPrefix(head[k], "jusqu'")] || strings.HasPrefix(head[k], "jusqu") || head[k] == "al" || head[k] == "fim" {
				return awayDay{w.day(s.today), w.words}
			}
		}
	}
	return awayDay{}
}

var periodEnds = func() (all []periodEnd) {
	add := func(day func(time.Time) time.Time, phrases string) {
		for _, w := range list(phrases) {
			all = append(all, periodEnd{w, day})
		}
	}
	add(func(t time.Time) time.Time { return civil(t.Year(), time.December, 31) }, "end of the year|end of this year|year's end|year end|ende des jahres|jahresende|ende dieses jahres|fin de l'annee|la fin d'annee|fin de ano|final de ano|finales de ano|fine anno|fine dell'anno|einde van het jaar|eind van het jaar|fim do ano|final do ano|arets slut|arets udgang|utgangen av aret|vuoden loppuun|konca roku|konce roku|конца года|年底|年末")
	add(func(t time.Time) time.Time { return civil(t.Year(), t.Month()+1, 0) }, "end of the month|end of this month|ende des monats|monatsende|fin du mois|fin de mes|final de mes|fine mese|fine del mese|einde van de maand|eind van de maand|fim do mes|final do mes|manadens slut|konca miesiaca|konce mesice|конца месяца|月底|月末")
	add(func(t time.Time) time.Time { return t.AddDate(0, 0, (int(time.Friday)-int(t.Weekday())+7)%7) }, "end of the week|end of this week|ende der woche|wochenende|fin de la semaine|fin de semana|fine settimana|fine della settimana|einde van de week|eind van de week|fim da semana|veckans slut|konca tygodnia|konce tydne|конца недели|周末")
	return all
}()

// periodEnd is a name of the last day of a period.
type periodEnd struct {
	words string
	day   func(today time.Time) time.Time
}
