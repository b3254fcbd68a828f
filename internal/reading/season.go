package reading

import "time"

// limitWords stand before a span that begins or ends a time: what they make of it is
// judged around it.
var limitWords = list("for|fur|pour|para|per|voor|after|before|until|till|til|from|by|since|through|past|nach|vor|bis|ab|seit|apres|avant|jusqu|jusqu'en|des|depuis|antes|hasta|despues|desde|dopo|prima|fino|da|na|voor|tot|vanaf|ate|depois|desde")

// seasons are parts of the year, by the month they begin in. Folded.
var seasons = func() map[string]time.Month {
	t := map[string]time.Month{}
	for month, words := range map[time.Month]string{
		time.March:     "spring springtime fruhling fruhjahr printemps primavera voorjaar lente",
		time.June:      "summer summertime sommer ete verano estate zomer verao",
		time.September: "autumn fall herbst automne otono autunno herfst outono",
		time.December:  "winter hiver invierno inverno",
	} {
		for w := range wordSet(words) {
			t[w] = month
		}
	}
	return t
}()

// feasts are days that people count from.
const (
	feastChristmas = iota
	feastHolidays
	feastNewYear
	feastEaster
	feastThanksgiving
)

var feasts = phraseTable(map[int]string{
	feastChristmas:    "christmas|xmas|x-mas|weihnachten|noel|navidad|navidades|natale|kerst|kerstmis|natal|jul",
	feastHolidays:     "the holidays|the holiday season|holiday season|holidays|feiertage|feiertagen|die feiertage|den feiertagen|les fetes|las fiestas|le feste|de feestdagen|as festas|weihnachtsferien|weihnachtsurlaub",
	feastNewYear:      "new year s|new years|new year s day|neujahr|silvester|jahreswechsel|nouvel an|ano nuevo|capodanno|nieuwjaar|reveillon",
	feastEaster:       "easter|ostern|paques|pascua|semana santa|pasqua|pasen|pascoa",
	feastThanksgiving: "thanksgiving",
})

// season reads seasons, feasts and quarters ("in the spring", "after Christmas",
// "Q2"): spans, always vague.
func (s *scanner) season(i int) (dayRead, int, bool) {
	which, j := s.modifier(i)
	j = s.skip(j, "the", "in", "im", "au", "en", "this", "next", "den", "dem", "der", "l", "la", "el", "het", "de", "o", "a", "no", "na", "over", "around", "about", "at", "zu", "an", "uber")
	if j > i+3 {
		return dayRead{}, i, false
	}
	if d, k, ok := s.feast(i, j); ok {
		return d, k, ok
	}
	if j+1 < len(s.t) && s.is(j, "q") && s.glued(j+1) {
		if n, ok := s.number(j+1, 1, 4); ok {
			return s.monthsFrom(time.Month(3*n-2), 3, which, j+2)
		}
	}
	m, ok := seasons[s.word(j)]
	cue := which != "" || j > i || s.is(i-1, limitWords...) || s.standsAlone(i, j+1)
	if !ok || !cue || s.is(j, "ete", "estate", "fall", "spring") && j == i && !s.is(i-1, limitWords...) {
		return dayRead{}, i, false
	}
	return s.monthsFrom(m, 3, which, j+1)
}

// monthsFrom is a span of n months that begins with m, the next one that is not over.
func (s *scanner) monthsFrom(m time.Month, n int, which string, k int) (dayRead, int, bool) {
	year, k := s.yearAt(k)
	said := year > 0
	if !said {
		year = s.today.Year()
		if !civil(year, m, 1).AddDate(0, n, 0).After(s.today) {
			year++
		}
	}
	d := dayRead{day: civil(year, m, 1), vague: true, year: said}
	d.until = d.day.AddDate(0, n, -1)
	d = part(d, which)
	if d.past = d.until.Before(s.today); !d.past && d.day.Before(s.today) {
		d.day = s.today
	}
	return d, k, true
}

// feast reads a feast at token j of what began at token i.
func (s *scanner) feast(i, j int) (dayRead, int, bool) {
	start := j
	if s.is(j-1, "the", "die", "den", "les", "las", "le", "de", "as") && j > i {
		start = j - 1
	}
	v, k, ok := s.phrase(feasts, start)
	if !ok {
		if v, k, ok = s.phrase(feasts, j); !ok {
			return dayRead{}, i, false
		}
	}
	if !(j > i || s.is(i-1, limitWords...) || s.standsAlone(i, k)) {
		return dayRead{}, i, false
	}
	if v == feastHolidays && s.today.Month() < time.September && s.today.Month() > time.January {
		return dayRead{}, i, false // whose holidays?
	}
	for y := s.today.Year(); y < s.today.Year()+2; y++ {
		d := dayRead{vague: true}
		switch v {
		case feastChristmas:
			d.day, d.until = civil(y, time.December, 24), civil(y, time.December, 26)
		case feastHolidays:
			d.day, d.until = civil(y, time.December, 24), civil(y+1, time.January, 1)
		case feastNewYear:
			d.day, d.until = civil(y, time.December, 31), civil(y+1, time.January, 1)
		case feastEaster:
			sunday := easter(y)
			d.day, d.until = sunday.AddDate(0, 0, -2), sunday.AddDate(0, 0, 1)
		case feastThanksgiving:
			d.day = civil(y, time.November, 22+(11-int(civil(y, time.November, 1).Weekday()))%7)
			d.until = d.day.AddDate(0, 0, 1)
		}
		if !d.until.Before(s.today) {
			return d, k, true
		}
	}
	return dayRead{}, i, false
}

// easter is Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher).
func easter(y int) time.Time {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return civil(y, time.Month(n/31), n%31+1)
}

// standsAlone reports that tokens i to k are the whole of a sentence: "January?"
func (s *scanner) standsAlone(i, k int) bool {
	if i >= len(s.t) {
		return false
	}
	return (i == 0 || s.punct(i-1, ".!?,-–:") || s.t[i].lines > 0) && (s.punct(k, "?") || s.is(k, "maybe", "perhaps", "instead", "then", "vielleicht", "peut"))
}
