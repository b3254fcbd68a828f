package setup

import (
	"slices"
	"strings"

	"askwell/internal/config"
	"askwell/internal/worktime"
)

// zoneCountries is the country of each zone of which the holidays are known, from the tz database's zone.tab. A folder
// stands for all zones in it.
const zoneCountries = `
ar America/Argentina/ America/Buenos_Aires
at Europe/Vienna
au-act Australia/Canberra Australia/ACT
au-nsw Australia/Sydney Australia/NSW Australia/Broken_Hill Australia/Lord_Howe
au-nt Australia/Darwin Australia/North
au-qld Australia/Brisbane Australia/Lindeman Australia/Queensland
au-sa Australia/Adelaide Australia/South
au-tas Australia/Hobart Australia/Tasmania
au-vic Australia/Melbourne Australia/Victoria
au-wa Australia/Perth Australia/Eucla Australia/West
be Europe/Brussels
bg Europe/Sofia
br America/Noronha America/Belem America/Fortaleza America/Recife America/Araguaina America/Maceio America/Bahia
br America/Sao_Paulo America/Campo_Grande America/Cuiaba America/Santarem America/Porto_Velho America/Boa_Vista
br America/Manaus America/Eirunepe America/Rio_Branco
ca America/St_Johns America/Halifax America/Glace_Bay America/Moncton America/Goose_Bay America/Blanc-Sablon
ca America/Toronto America/Montreal America/Iqaluit America/Atikokan America/Winnipeg America/Resolute
ca America/Rankin_Inlet America/Regina America/Swift_Current America/Edmonton America/Cambridge_Bay America/Inuvik
ca America/Creston America/Dawson_Creek America/Fort_Nelson America/Whitehorse America/Dawson America/Vancouver
ca America/Thunder_Bay America/Nipigon America/Yellowknife America/Pangnirtung America/Rainy_River Canada/
ch Europe/Zurich
cz Europe/Prague
de Europe/Berlin Europe/Busingen
dk Europe/Copenhagen
es Europe/Madrid Africa/Ceuta Atlantic/Canary
fi Europe/Helsinki
fr Europe/Paris
gb Europe/London Europe/Belfast GB
gr Europe/Athens
hr Europe/Zagreb
ie Europe/Dublin
it Europe/Rome
jp Asia/Tokyo Japan
lt Europe/Vilnius
lv Europe/Riga
mw Africa/Blantyre
nc Pacific/Noumea
nl Europe/Amsterdam
no Europe/Oslo
nz Pacific/Auckland Pacific/Chatham NZ
pl Europe/Warsaw
pt Europe/Lisbon Atlantic/Madeira Atlantic/Azores
ro Europe/Bucharest
ru Europe/Kaliningrad Europe/Moscow Europe/Kirov Europe/Volgograd Europe/Astrakhan Europe/Saratov Europe/Ulyanovsk
ru Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Barnaul Asia/Tomsk Asia/Novokuznetsk
ru Asia/Krasnoyarsk Asia/Irkutsk Asia/Chita Asia/Yakutsk Asia/Khandyga Asia/Vladivostok Asia/Ust-Nera Asia/Magadan
ru Asia/Sakhalin Asia/Srednekolymsk Asia/Kamchatka Asia/Anadyr
se Europe/Stockholm
si Europe/Ljubljana
sk Europe/Bratislava
ua Europe/Kyiv Europe/Kiev
us America/New_York America/Detroit America/Kentucky/ America/Indiana/ America/Indianapolis America/Louisville
us America/Chicago America/Menominee America/North_Dakota/ America/Denver America/Boise America/Phoenix
us America/Los_Angeles America/Anchorage America/Juneau America/Sitka America/Metlakatla America/Yakutat America/Nome
us America/Adak Pacific/Honolulu US/
za Africa/Johannesburg
`

// holidaysOf guesses whose public holidays somebody in a zone keeps; "" where the zone does not tell.
func holidaysOf(zone string) string {
	for line := range strings.Lines(zoneCountries) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if slices.ContainsFunc(words[1:], func(z string) bool {
			return z == zone || strings.HasSuffix(z, "/") && strings.HasPrefix(zone, z)
		}) {
			return words[0]
		}
	}
	return ""
}

// machineZone is the zone of this machine: what a configuration that names none falls back to.
func machineZone(env func(string) string) string {
	c, err := config.Parse("", []byte(`
		owner = {name = "Ada Example", address = "ada@example.org"}
		mailbox = {imap = "imaps://example.org", smtp = "smtps://example.org", password_env = "NONE"}`), env)
	if err != nil {
		return "UTC"
	}
	return c.Owner.Timezone
}

func checkZone(s string) (string, error) {
	if _, err := worktime.ParseZone(s); err != nil {
		return "", err
	}
	return s, nil
}

// checkHolidays reads codes, apart by commas or blanks; "none" is none.
func checkHolidays(s string) (string, error) {
	if strings.EqualFold(s, "none") {
		return "none", nil
	}
	codes := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' })
	if _, err := worktime.NewCalendar("mon-fri", codes); err != nil {
		return "", err
	}
	return strings.Join(codes, ","), nil
}
