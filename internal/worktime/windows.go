package worktime

// windowsZone is the IANA name of a Windows zone, or "" if there is no such zone. The pairs are those of the Unicode CLDR
// (supplemental/windowsZones.xml, territory 001).
func windowsZone(name string) string {
	switch name {
	case "Egypt Standard Time":
		return "Africa/Cairo"
	case "Morocco Standard Time":
		return "Africa/Casablanca"
	case "South Africa Standard Time":
		return "Africa/Johannesburg"
	case "South Sudan Standard Time":
		return "Africa/Juba"
	case "Sudan Standard Time":
		return "Africa/Khartoum"
	case "W. Central Africa Standard Time":
		return "Africa/Lagos"
	case "E. Africa Standard Time":
		return "Africa/Nairobi"
	case "Sao Tome Standard Time":
		return "Africa/Sao_Tome"
	case "Libya Standard Time":
		return "Africa/Tripoli"
	case "Namibia Standard Time":
		return "Africa/Windhoek"
	case "Aleutian Standard Time":
		return "America/Adak"
	case "Alaskan Standard Time":
		return "America/Anchorage"
	case "Tocantins Standard Time":
		return "America/Araguaina"
	case "Paraguay Standard Time":
		return "America/Asuncion"
	case "Bahia Standard Time":
		return "America/Bahia"
	case "SA Pacific Standard Time":
		return "America/Bogota"
	case "Argentina Standard Time":
		return "America/Buenos_Aires"
	case "Eastern Standard Time (Mexico)":
		return "America/Cancun"
	case "Venezuela Standard Time":
		return "America/Caracas"
	case "SA Eastern Standard Time":
		return "America/Cayenne"
	case "Central Standard Time":
		return "America/Chicago"
	case "Central Brazilian Standard Time":
		return "America/Cuiaba"
	case "Mountain Standard Time":
		return "America/Denver"
	case "Greenland Standard Time":
		return "America/Godthab"
	case "Turks And Caicos Standard Time":
		return "America/Grand_Turk"
	case "Central America Standard Time":
		return "America/Guatemala"
	case "Atlantic Standard Time":
		return "America/Halifax"
	case "Cuba Standard Time":
		return "America/Havana"
	case "US Eastern Standard Time":
		return "America/Indianapolis"
	case "SA Western Standard Time":
		return "America/La_Paz"
	case "Pacific Standard Time":
		return "America/Los_Angeles"
	case "Mountain Standard Time (Mexico)":
		return "America/Mazatlan"
	case "Central Standard Time (Mexico)":
		return "America/Mexico_City"
	case "Saint Pierre Standard Time":
		return "America/Miquelon"
	case "Montevideo Standard Time":
		return "America/Montevideo"
	case "Eastern Standard Time":
		return "America/New_York"
	case "US Mountain Standard Time":
		return "America/Phoenix"
	case "Haiti Standard Time":
		return "America/Port-au-Prince"
	case "Magallanes Standard Time":
		return "America/Punta_Arenas"
	case "Canada Central Standard Time":
		return "America/Regina"
	case "Pacific SA Standard Time":
		return "America/Santiago"
	case "E. South America Standard Time":
		return "America/Sao_Paulo"
	case "Newfoundland Standard Time":
		return "America/St_Johns"
	case "Pacific Standard Time (Mexico)":
		return "America/Tijuana"
	case "Yukon Standard Time":
		return "America/Whitehorse"
	case "Jordan Standard Time":
		return "Asia/Amman"
	case "Arabic Standard Time":
		return "Asia/Baghdad"
	case "Azerbaijan Standard Time":
		return "Asia/Baku"
	case "SE Asia Standard Time":
		return "Asia/Bangkok"
	case "Altai Standard Time":
		return "Asia/Barnaul"
	case "Middle East Standard Time":
		return "Asia/Beirut"
	case "Central Asia Standard Time":
		return "Asia/Bishkek"
	case "India Standard Time":
		return "Asia/Calcutta"
	case "Transbaikal Standard Time":
		return "Asia/Chita"
	case "Sri Lanka Standard Time":
		return "Asia/Colombo"
	case "Syria Standard Time":
		return "Asia/Damascus"
	case "Bangladesh Standard Time":
		return "Asia/Dhaka"
	case "Arabian Standard Time":
		return "Asia/Dubai"
	case "West Bank Standard Time":
		return "Asia/Hebron"
	case "W. Mongolia Standard Time":
		return "Asia/Hovd"
	case "North Asia East Standard Time":
		return "Asia/Irkutsk"
	case "Israel Standard Time":
		return "Asia/Jerusalem"
	case "Afghanistan Standard Time":
		return "Asia/Kabul"
	case "Russia Time Zone 11":
		return "Asia/Kamchatka"
	case "Pakistan Standard Time":
		return "Asia/Karachi"
	case "Nepal Standard Time":
		return "Asia/Katmandu"
	case "North Asia Standard Time":
		return "Asia/Krasnoyarsk"
	case "Magadan Standard Time":
		return "Asia/Magadan"
	case "N. Central Asia Standard Time":
		return "Asia/Novosibirsk"
	case "Omsk Standard Time":
		return "Asia/Omsk"
	case "North Korea Standard Time":
		return "Asia/Pyongyang"
	case "Qyzylorda Standard Time":
		return "Asia/Qyzylorda"
	case "Myanmar Standard Time":
		return "Asia/Rangoon"
	case "Arab Standard Time":
		return "Asia/Riyadh"
	case "Sakhalin Standard Time":
		return "Asia/Sakhalin"
	case "Korea Standard Time":
		return "Asia/Seoul"
	case "China Standard Time":
		return "Asia/Shanghai"
	case "Singapore Standard Time":
		return "Asia/Singapore"
	case "Russia Time Zone 10":
		return "Asia/Srednekolymsk"
	case "Taipei Standard Time":
		return "Asia/Taipei"
	case "West Asia Standard Time":
		return "Asia/Tashkent"
	case "Georgian Standard Time":
		return "Asia/Tbilisi"
	case "Iran Standard Time":
		return "Asia/Tehran"
	case "Tokyo Standard Time":
		return "Asia/Tokyo"
	case "Tomsk Standard Time":
		return "Asia/Tomsk"
	case "Ulaanbaatar Standard Time":
		return "Asia/Ulaanbaatar"
	case "Vladivostok Standard Time":
		return "Asia/Vladivostok"
	case "Yakutsk Standard Time":
		return "Asia/Yakutsk"
	case "Ekaterinburg Standard Time":
		return "Asia/Yekaterinburg"
	case "Caucasus Standard Time":
		return "Asia/Yerevan"
	case "Azores Standard Time":
		return "Atlantic/Azores"
	case "Cape Verde Standard Time":
		return "Atlantic/Cape_Verde"
	case "Greenwich Standard Time":
		return "Atlantic/Reykjavik"
	case "Cen. Australia Standard Time":
		return "Australia/Adelaide"
	case "E. Australia Standard Time":
		return "Australia/Brisbane"
	case "AUS Central Standard Time":
		return "Australia/Darwin"
	case "Aus Central W. Standard Time":
		return "Australia/Eucla"
	case "Tasmania Standard Time":
		return "Australia/Hobart"
	case "Lord Howe Standard Time":
		return "Australia/Lord_Howe"
	case "W. Australia Standard Time":
		return "Australia/Perth"
	case "AUS Eastern Standard Time":
		return "Australia/Sydney"
	case "UTC-11":
		return "Etc/GMT+11"
	case "Dateline Standard Time":
		return "Etc/GMT+12"
	case "UTC-02":
		return "Etc/GMT+2"
	case "UTC-08":
		return "Etc/GMT+8"
	case "UTC-09":
		return "Etc/GMT+9"
	case "UTC+12":
		return "Etc/GMT-12"
	case "UTC+13":
		return "Etc/GMT-13"
	case "UTC":
		return "Etc/UTC"
	case "Astrakhan Standard Time":
		return "Europe/Astrakhan"
	case "W. Europe Standard Time":
		return "Europe/Berlin"
	case "GTB Standard Time":
		return "Europe/Bucharest"
	case "Central Europe Standard Time":
		return "Europe/Budapest"
	case "E. Europe Standard Time":
		return "Europe/Chisinau"
	case "Turkey Standard Time":
		return "Europe/Istanbul"
	case "Kaliningrad Standard Time":
		return "Europe/Kaliningrad"
	case "FLE Standard Time":
		return "Europe/Kiev"
	case "GMT Standard Time":
		return "Europe/London"
	case "Belarus Standard Time":
		return "Europe/Minsk"
	case "Russian Standard Time":
		return "Europe/Moscow"
	case "Romance Standard Time":
		return "Europe/Paris"
	case "Russia Time Zone 3":
		return "Europe/Samara"
	case "Saratov Standard Time":
		return "Europe/Saratov"
	case "Volgograd Standard Time":
		return "Europe/Volgograd"
	case "Central European Standard Time":
		return "Europe/Warsaw"
	case "Mauritius Standard Time":
		return "Indian/Mauritius"
	case "Samoa Standard Time":
		return "Pacific/Apia"
	case "New Zealand Standard Time":
		return "Pacific/Auckland"
	case "Bougainville Standard Time":
		return "Pacific/Bougainville"
	case "Chatham Islands Standard Time":
		return "Pacific/Chatham"
	case "Easter Island Standard Time":
		return "Pacific/Easter"
	case "Fiji Standard Time":
		return "Pacific/Fiji"
	case "Central Pacific Standard Time":
		return "Pacific/Guadalcanal"
	case "Hawaiian Standard Time":
		return "Pacific/Honolulu"
	case "Line Islands Standard Time":
		return "Pacific/Kiritimati"
	case "Marquesas Standard Time":
		return "Pacific/Marquesas"
	case "Norfolk Standard Time":
		return "Pacific/Norfolk"
	case "West Pacific Standard Time":
		return "Pacific/Port_Moresby"
	case "Tonga Standard Time":
		return "Pacific/Tongatapu"
	}
	return ""
}
