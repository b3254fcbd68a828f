package worktime

import (
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// region is a country, or a state with holidays of its own.
type region struct {
	code string
	days []*cal.Holiday
}

// regions is the one table of the holidays that are known, by ISO 3166-1 and 3166-2 in lower case.
func regions() []region {
	return []region{
		{"ar", plus(ar.Holidays, aa.GoodFriday)},
		{"at", at.Holidays},
		{"au", australia()},
		{"au-act", au.HolidaysACT},
		{"au-nsw", au.HolidaysNSW},
		{"au-nt", au.HolidaysNT},
		{"au-qld", au.HolidaysQLD},
		{"au-sa", au.HolidaysSA},
		{"au-tas", au.HolidaysTAS},
		{"au-vic", au.HolidaysVIC},
		{"au-wa", au.HolidaysWA},
		{"be", be.Holidays},
		{"bg", bg.Holidays},
		{"br", plus(br.Holidays, since(2024, fixed("Dia da Consciência Negra", time.November, 20)))},
		{"ca", ca.Holidays},
		{"ch", ch.Holidays},
		{"ch-ag", ch.HolidaysAG},
		{"ch-ai", ch.HolidaysAI},
		{"ch-ar", ch.HolidaysAR},
		{"ch-be", ch.HolidaysBE},
		{"ch-bl", ch.HolidaysBL},
		{"ch-bs", ch.HolidaysBS},
		{"ch-fr", ch.HolidaysFR},
		{"ch-ge", ch.HolidaysGE},
		{"ch-gl", ch.HolidaysGL},
		{"ch-gr", ch.HolidaysGR},
		{"ch-ju", ch.HolidaysJU},
		{"ch-lu", ch.HolidaysLU},
		{"ch-ne", ch.HolidaysNE},
		{"ch-nw", ch.HolidaysNW},
		{"ch-ow", ch.HolidaysOW},
		{"ch-sg", ch.HolidaysSG},
		{"ch-sh", ch.HolidaysSH},
		{"ch-so", ch.HolidaysSO},
		{"ch-sz", ch.HolidaysSZ},
		{"ch-tg", ch.HolidaysTG},
		{"ch-ti", ch.HolidaysTI},
		{"ch-ur", ch.HolidaysUR},
		{"ch-vd", ch.HolidaysVD},
		{"ch-vs", ch.HolidaysVS},
		{"ch-zg", ch.HolidaysZG},
		{"ch-zh", ch.HolidaysZH},
		{"cz", cz.Holidays},
		{"de", de.Holidays},
		{"de-bb", de.HolidaysBB},
		{"de-be", de.HolidaysBE},
		{"de-bw", de.HolidaysBW},
		{"de-by", plus(de.HolidaysBY, named(aa.AssumptionOfMary, "Mariä Himmelfahrt"))},
		{"de-hb", de.HolidaysHB},
		{"de-he", de.HolidaysHE},
		{"de-hh", de.HolidaysHH},
		{"de-mv", de.HolidaysMV},
		{"de-ni", de.HolidaysNI},
		{"de-nw", de.HolidaysNW},
		{"de-rp", de.HolidaysRP},
		{"de-sh", de.HolidaysSH},
		{"de-sl", de.HolidaysSL},
		{"de-sn", de.HolidaysSN},
		{"de-st", de.HolidaysST},
		{"de-th", de.HolidaysTH},
		{"dk", dk.Holidays},
		{"es", es.Holidays},
		{"fi", finland()},
		{"fr", fr.Holidays},
		{"gb", gb.Holidays},
		{"gb-eng", gb.Holidays},
		{"gb-nir", plus(gb.Holidays, substituted("St Patrick's Day", time.March, 17), substituted("Battle of the Boyne", time.July, 12))},
		{"gb-sct", scotland()},
		{"gb-wls", gb.Holidays},
		{"gr", gr.Holidays},
		{"hr", hr.Holidays},
		{"ie", ie.Holidays},
		{"it", it.Holidays},
		{"jp", jp.Holidays},
		{"lt", lt.Holidays},
		{"lv", lv.Holidays},
		{"mw", mw.Holidays},
		{"nc", nc.Holidays},
		{"nl", nl.Holidays},
		{"no", no.Holidays},
		{"nz", plus(nz.Holidays, matariki())},
		{"pl", plus(pl.Holidays, since(2025, fixed("Wigilia", time.December, 24)))},
		{"pt", portugal()},
		{"ro", plus(ro.Holidays, since(2024, fixed("Boboteaza", time.January, 6)), since(2024, fixed("Sfântul Ion", time.January, 7)))},
		{"ru", plus(ru.Holidays, newYearWeek()...)},
		{"se", se.Holidays},
		{"si", si.Holidays},
		{"sk", sk.Holidays},
		{"ua", ua.Holidays},
		{"us", us.Holidays},
		{"za", za.Holidays},
	}
}

// Regions lists the codes that [NewCalendar] takes, sorted.
func Regions() []string {
	var codes []string
	for _, r := range regions() {
		codes = append(codes, r.code)
	}
	return codes
}

func regionOf(code string) (region, bool) {
	code = strings.ToLower(strings.TrimSpace(code))
	if code == "uk" {
		code = "gb" // reserved for the United Kingdom, and what its people write
	}
	all := regions()
	i := slices.IndexFunc(all, func(r region) bool { return r.code == code })
	if i < 0 {
		return region{}, false
	}
	return all[i], true
}

// holidays adds the region's days off in a year to days.
func (r region) holidays(year int, days map[Date]string) {
	for _, h := range r.days {
		// New Year's Day can be made up for in the year before, and Boxing Day in the one after.
		for y := year - 1; y <= year+1; y++ {
			actual, observed := h.Calc(y)
			if actual.IsZero() {
				continue
			}
			on, off := civil(actual), civil(observed)
			if on.Year == year {
				days[on] = h.Name
			}
			if off.Year == year && off != on && days[off] == "" {
				days[off] = h.Name + " (observed)"
			}
		}
	}
}

// civil is the day that the library means. It answers with a midnight in the zone of the machine, which for want of one can
// be an hour early or late.
func civil(midnight time.Time) Date { return DateOf(midnight.Add(2 * time.Hour)) }
