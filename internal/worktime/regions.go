package worktime

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/gb"
)

// What the library has no list for, or has not followed, is put together here from its own rules. Where a day is kept by most
// but not by all it counts: to wait a day too long is better than to write on a holiday.

// australia is what all its states and territories have in common.
func australia() []*cal.Holiday {
	return []*cal.Holiday{
		au.NewYear, au.AustraliaDay, au.GoodFriday, au.EasterMonday, au.AnzacDay, au.MourningDay2022, au.ChristmasDay,
		au.BoxingDay,
	}
}

// scotland has the days of the Banking and Financial Dealings Act 1971, Schedule 1, Part II, and St Andrew's Day.
func scotland() []*cal.Holiday {
	second := fixed("2nd January", time.January, 2)
	second.Observed = gb.BoxingDay.Observed // like Boxing Day it follows a holiday and gives way to its substitute
	return []*cal.Holiday{
		gb.NewYear, second, gb.GoodFriday, gb.EarlyMay, gb.VEDay, gb.CoronationDay, gb.SpringHoliday, gb.SpringHoliday2022,
		gb.PlatinumJubilee, gb.SummerHolidayScotland, substituted("St Andrew's Day", time.November, 30),
		gb.ChristmasDay, gb.BoxingDay,
	}
}

// portugal has the days of its Código do Trabalho, article 234.
func portugal() []*cal.Holiday {
	return []*cal.Holiday{
		named(aa.NewYear, "Ano Novo"),
		named(aa.GoodFriday, "Sexta-Feira Santa"),
		named(aa.Easter, "Páscoa"),
		fixed("Dia da Liberdade", time.April, 25),
		named(aa.WorkersDay, "Dia do Trabalhador"),
		named(aa.CorpusChristi, "Corpo de Deus"),
		fixed("Dia de Portugal", time.June, 10),
		named(aa.AssumptionOfMary, "Assunção de Nossa Senhora"),
		fixed("Implantação da República", time.October, 5),
		named(aa.AllSaintsDay, "Todos os Santos"),
		fixed("Restauração da Independência", time.December, 1),
		named(aa.ImmaculateConception, "Imaculada Conceição"),
		named(aa.ChristmasDay, "Natal"),
	}
}

// finland counts the eves of midsummer and Christmas, on which nobody works.
func finland() []*cal.Holiday {
	return []*cal.Holiday{
		named(aa.NewYear, "Uudenvuodenpäivä"),
		named(aa.Epiphany, "Loppiainen"),
		named(aa.GoodFriday, "Pitkäperjantai"),
		named(aa.Easter, "Pääsiäispäivä"),
		named(aa.EasterMonday, "Toinen pääsiäispäivä"),
		named(aa.WorkersDay, "Vappu"),
		named(aa.AscensionDay, "Helatorstai"),
		named(aa.Pentecost, "Helluntai"),
		weekdayFrom("Juhannusaatto", time.June, 19, time.Friday),
		weekdayFrom("Juhannuspäivä", time.June, 20, time.Saturday),
		weekdayFrom("Pyhäinpäivä", time.October, 31, time.Saturday),
		fixed("Itsenäisyyspäivä", time.December, 6),
		fixed("Jouluaatto", time.December, 24),
		named(aa.ChristmasDay, "Joulupäivä"),
		named(aa.ChristmasDay2, "Tapaninpäivä"),
	}
}

// matariki is set by law year by year until 2052 (Te Kāhui o Matariki Public Holiday Act 2022, Schedule 1).
func matariki() *cal.Holiday {
	return &cal.Holiday{
		Name: "Matariki", Type: cal.ObservancePublic, StartYear: 2022, EndYear: 2052,
		Func: func(_ *cal.Holiday, year int) time.Time {
			// As month and day in digits, from 2022.
			days := [...]int{
				624, 714, 628, 620, 710, 625, 714, 706, 621, 711, 702, 624, 707, 629, 718, 710, 625, 715, 706, 719,
				711, 703, 624, 707, 629, 719, 703, 625, 715, 630, 621,
			}
			day := days[year-2022]
			return cal.DayStart(time.Date(year, time.Month(day/100), day%100, 12, 0, 0, 0, cal.DefaultLoc))
		},
	}
}

// newYearWeek are the days between New Year and the day after Christmas (Labour Code of the Russian Federation, article 112).
func newYearWeek() []*cal.Holiday {
	var week []*cal.Holiday
	for day := 2; day <= 8; day++ {
		week = append(week, fixed("Новогодние каникулы", time.January, day))
	}
	return week
}

// plus adds days to a list of the library without touching it.
func plus(list []*cal.Holiday, more ...*cal.Holiday) []*cal.Holiday {
	return slices.Concat(list, more)
}

func since(year int, h *cal.Holiday) *cal.Holiday {
	return h.Clone(&cal.Holiday{StartYear: year})
}

// substituted is a fixed day that a weekend moves to Monday, as the British do it.
func substituted(name string, month time.Month, day int) *cal.Holiday {
	return fixed(name, month, day).Clone(&cal.Holiday{Observed: gb.NewYear.Observed})
}

func named(h *cal.Holiday, name string) *cal.Holiday {
	return h.Clone(&cal.Holiday{Name: name, Type: cal.ObservancePublic})
}

func fixed(name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, Type: cal.ObservancePublic, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// weekdayFrom is the first such weekday on or after a day.
func weekdayFrom(name string, month time.Month, day int, weekday time.Weekday) *cal.Holiday {
	return &cal.Holiday{
		Name: name, Type: cal.ObservancePublic,
		Month: month, Day: day, Weekday: weekday, Offset: 1, Func: cal.CalcWeekdayFrom,
	}
}
