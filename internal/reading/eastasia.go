package reading

import "time"

// Chinese, Japanese and Korean have no blanks where a table of words needs them: every
// letter is a token, and what is looked for is a run of them.

// run is how many tokens from i on spell one of the words, and which it was.
func (s *scanner) run(i int, words []string) (n, which int) {
	if !s.eastern(i) {
		return 0, 0
	}
	for k, word := range words {
		j := i
		for _, r := range word {
			if j >= len(s.t) || s.t[j].w != string(r) || s.t[j].lines > 0 && j > i {
				j = -1
				break
			}
			j++
		}
		if j > i && j-i > n {
			n, which = j-i, k
		}
	}
	return n, which
}

// eastern reports a letter of those languages.
func (s *scanner) eastern(i int) bool { return s.word(i) >= "\u3040" }

var (
	eastWeeks  = list("这个|這個|这|這|本|今週の|今週|이번주|下个|下個|下|来週の|来週|다음주|下下|再来週の|再来週|다다음주")
	weekOfRow  = []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2}
	eastDays   = list("今天|今日|本日|오늘|明天|明日|あした|내일|后天|後天|明後日|あさって|모레")
	dayOfRow   = []int{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2}
	eastSpans  = list("下周|下週|下星期|下个星期|下個星期|下礼拜|来週|다음주|下个月|下個月|来月|다음달")
	eastPrefix = list("星期|礼拜|禮拜|周|週")
	weekLetter = map[string]time.Weekday{"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 0, "天": 0, "月": 1, "火": 2, "水": 3, "木": 4, "金": 5, "土": 6, "월": 1, "화": 2, "수": 3, "목": 4, "금": 5, "토": 6, "일": 0}
	eastHalves = list("凌晨|早上|上午|午前|오전|朝|아침|中午|正午|下午|午後|오후|晚上|傍晚|夜|저녁")
	eastDigits = map[string]int{"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
	eastLinks  = list("の|的|は|に|에|은|는")
)

// eastDay reads 12月7日, 2026年12月7日, 12월 7일, 下周二, 来週の火曜日, 화요일, 明天.
func (s *scanner) eastDay(i int) (dayRead, int, bool) {
	if !s.eastern(i) && !(i < len(s.t) && s.t[i].kind == tokNumber && s.eastern(i+1)) {
		return dayRead{}, i, false
	}
	if d, j, ok := s.eastDate(i); ok {
		return d, j, true
	}
	if n, k := s.run(i, eastDays); n > 0 {
		return dayRead{day: s.today.AddDate(0, 0, dayOfRow[k])}, i + n, true
	}
	week, j := -1, i
	if n, k := s.run(i, eastWeeks); n > 0 {
		week, j = weekOfRow[k], i+n
	}
	if w, k, ok := s.eastWeekday(j); ok {
		if week < 0 {
			return dayRead{day: s.nextWeekday(w), bare: true}, k, true
		}
		day := monday(s.today).AddDate(0, 0, 7*week+(int(w)+6)%7)
		return dayRead{day: day, past: day.Before(s.today)}, k, true
	}
	if n, k := s.run(i, eastSpans); n > 0 {
		if k < 8 {
			day := monday(s.today).AddDate(0, 0, 7)
			return dayRead{day: day, until: day.AddDate(0, 0, 6), vague: true, week: true}, i + n, true
		}
		month := civil(s.today.Year(), s.today.Month()+1, 1)
		return dayRead{day: month, until: month.AddDate(0, 1, -1), vague: true}, i + n, true
	}
	return dayRead{}, i, false
}

// eastWeekday reads 周二, 星期二, 火曜日, 화요일.
func (s *scanner) eastWeekday(i int) (time.Weekday, int, bool) {
	if n, _ := s.run(i, eastPrefix); n > 0 {
		w, ok := weekLetter[s.word(i+n)]
		return w, i + n + 1, ok && s.word(i+n) < "月" || ok && s.is(i+n, "日", "天", "一", "二", "三", "四", "五", "六")
	}
	w, ok := weekLetter[s.word(i)]
	if !ok {
		return 0, i, false
	}
	if n, _ := s.run(i+1, []string{"曜日", "曜", "요일"}); n > 0 {
		return w, i + 1 + n, true
	}
	return 0, i, false
}

// eastDate reads month and day in figures, with a weekday in brackets.
func (s *scanner) eastDate(i int) (dayRead, int, bool) {
	year := 0
	if y, ok := s.number(i, 1900, 2200); ok && s.is(i+1, "年", "년") {
		year, i = y, i+2
	}
	m, ok1 := s.number(i, 1, 12)
	d, ok2 := s.number(i+2, 1, 31)
	if !ok1 || !ok2 || !s.is(i+1, "月", "월") || !s.is(i+3, "日", "号", "號", "일") {
		return dayRead{}, i, false
	}
	j := i + 4
	if s.punct(j, "(（") {
		k := j + 1
		if _, l, ok := s.eastWeekday(k); ok {
			k = l
		} else if _, ok := weekLetter[s.word(k)]; ok {
			k++
		}
		if k > j+1 && s.punct(k, ")）") {
			j = k + 1
		}
	} else if _, k, ok := s.eastWeekday(j); ok {
		j = k
	}
	r, ok := s.calendarDay(year, m, d)
	return r, j, ok
}

// eastPoint reads 下午3点半, 午後3時30分, 오후 3시, 三点.
func (s *scanner) eastPoint(i int) (clockPoint, int, bool) {
	if !s.eastern(i) && !(i < len(s.t) && s.t[i].kind == tokNumber && s.eastern(i+1)) {
		return clockPoint{}, i, false
	}
	p, j := clockPoint{}, i
	if n, k := s.run(i, eastHalves); n > 0 {
		p.half, j = 'a', i+n
		if k >= 7 {
			p.half = 'p'
		}
		if _, ok := s.number(j, 0, 24); !ok && eastDigits[s.word(j)] == 0 {
			return clockPoint{h: 12, explicit: true, literal: true}, j, k == 7 || k == 8
		}
	}
	h, ok := s.number(j, 0, 24)
	k := j + 1
	if !ok {
		if h = eastDigits[s.word(j)]; h == 0 {
			return clockPoint{}, i, false
		}
		if extra := eastDigits[s.word(k)]; h == 10 && extra > 0 && extra < 3 {
			h, k = h+extra, k+1
		}
	}
	if s.punct(k, ":：") && s.twoDigits(k+1) && j > i { // 下午3:00
		p.h, p.m, p.explicit = h, s.t[k+1].n, true
		return p.eastern(), k + 2, true
	}
	if !s.is(k, "点", "點", "時", "时", "시") {
		return clockPoint{}, i, false
	}
	k++
	if s.is(k, "钟", "鐘") {
		k++
	}
	p.h, p.explicit = h, true
	switch m, ok := s.number(k, 0, 59); {
	case ok && s.is(k+1, "分", "분"):
		p.m, k = m, k+2
	case s.is(k, "半", "반"):
		p.m, k = 30, k+1
	case s.is(k, "一", "三") && s.is(k+1, "刻"):
		p.m, k = 15*eastDigits[s.word(k)], k+2
	}
	return p.eastern(), k, true
}

// eastern settles a half of the day that the hour contradicts (午後15時).
func (p clockPoint) eastern() clockPoint {
	if p.h > 12 {
		p.half = 0
	}
	p.literal = p.half == 0 && p.h > 6
	return p
}
