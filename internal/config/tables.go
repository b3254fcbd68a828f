package config

import (
	"fmt"
	"slices"
	"strings"

	"askwell/internal/worktime"
)

// Each function below reads one table of the file. Beside each key stand its default and its bounds.

func (l *loader) owner(c *Config) {
	o := &c.Owner
	var given bool
	o.Name = l.required("owner.name", `"Ada Example"`)
	if o.Address, given = l.address("owner.address"); !given {
		l.missing("owner.address", `"ada@example.org"`)
	}
	for i, s := range l.list("owner.also", `["ada@work.example.org"]`) {
		if s != "" {
			o.Also = append(o.Also, l.parseAddress("owner.also", l.item("owner.also", i), s))
		}
	}
	o.Timezone, _ = l.text("owner.timezone", `"Europe/Berlin"`, 100)
	if o.Timezone == "" {
		o.Timezone = machineZone(l.env)
	}
	zone, err := worktime.ParseZone(o.Timezone)
	if err != nil {
		l.fail(l.line("owner.timezone"), "owner.timezone", fmt.Sprintf("%q is no time zone that is known", o.Timezone),
			"name one like Europe/Berlin or America/New_York")
	}
	c.zone = zone
	o.Field, _ = l.text("owner.field", `"data journalism"`, 200)
	if about, ok := typed[string](l, "owner.about", `"I teach maths and am looking into data journalism."`); ok {
		about = strings.Join(strings.Fields(about), " ") // it may be written on several lines
		if problem := unfit(about, 1000); problem != "" {
			l.fail(l.line("owner.about"), "owner.about", problem, "two sentences are enough")
		}
		o.About = about
	}
	o.WeeklyGoal = l.number("owner.weekly_goal", 3, 0, 100)
}

func (l *loader) mailbox(c *Config) {
	m := &c.Mailbox
	var given bool
	if m.Address, given = l.address("mailbox.address"); !given {
		m.Address = c.Owner.Address
	}
	m.IMAP, c.imap = l.server("mailbox.imap", "imap")
	m.SMTP, c.smtp = l.server("mailbox.smtp", "smtp")
	m.Username, _ = l.text("mailbox.username", `""`, 320)
	if m.Username == "" {
		m.Username = string(m.Address)
	}
	m.PasswordFile = l.path("mailbox.password_file")
	m.PasswordCommand, _ = l.text("mailbox.password_command", `"pass show mail/ada"`, 4096)
	m.PasswordEnv, _ = l.text("mailbox.password_env", `"ASKWELL_PASSWORD"`, 100)
	if !variable(m.PasswordEnv) {
		l.fail(l.line("mailbox.password_env"), "mailbox.password_env", "is not the name of a variable",
			"write the name, not the password")
	}
	m.OAuth2 = l.choice("mailbox.oauth2", "", "google", "microsoft")
	l.secret()
	m.CAFile = l.path("mailbox.ca_file")
	m.SaveSent = l.choice("mailbox.save_sent", "auto", "auto", "always", "never")
	for i, name := range l.list("mailbox.folders", `["Lists/Work"]`) {
		if problem := unfit(name, 1000); problem != "" {
			l.fail(l.item("mailbox.folders", i), "mailbox.folders", problem, "write the name as the server gives it")
			continue
		}
		if name != "" && !slices.Contains(m.Folders, name) {
			m.Folders = append(m.Folders, name)
		}
	}
	m.AuthservID, _ = l.text("mailbox.authserv_id", `"mx.example.org"`, 253)
	if strings.ContainsAny(m.AuthservID, " ;") {
		l.fail(l.line("mailbox.authserv_id"), "mailbox.authserv_id", "is not one word",
			"write what stands before the first semicolon of Authentication-Results")
	}
}

func (l *loader) server(key, protocol string) (string, Server) {
	text := l.required(key, fmt.Sprintf(`"%ss://%[1]s.example.org"`, protocol))
	if text == "" {
		return "", Server{}
	}
	server, problem, remedy := parseServer(protocol, text)
	if problem != "" {
		l.fail(l.line(key), key, problem, remedy)
	}
	return text, server
}

// secret sees to it that there is exactly one way to log in.
func (l *loader) secret() {
	const choices = "password_file, password_command, password_env and oauth2"
	var ways []string
	for _, name := range []string{"password_file", "password_command", "password_env", "oauth2"} {
		// One that is wrong in another way counts as well: it was meant.
		if v, found := l.find("mailbox." + name); found && v != "" {
			ways = append(ways, "mailbox."+name)
		}
	}
	if len(ways) == 0 {
		l.fail(l.line("mailbox.password_file"), "mailbox.password_file", "is missing",
			"set one of "+choices+" under [mailbox]; the password itself never stands here")
	}
	if len(ways) > 1 {
		slices.SortStableFunc(ways, func(a, b string) int { return l.line(a) - l.line(b) })
		last := ways[len(ways)-1]
		l.fail(l.line(last), last, fmt.Sprintf("stands beside %s", strings.Join(ways[:len(ways)-1], " and ")),
			"keep exactly one of "+choices)
	}
}

func (l *loader) schedule(c *Config) {
	wait := span{least: "1s", most: "365d"}
	s := &c.Schedule
	s.Digest = l.cron("schedule.digest", "0 8 * * 1-5")
	s.UpdateRequest = l.cron("schedule.update_request", "0 9 1 * *")
	s.NudgeAfter = l.durations("schedule.nudge_after", wait, "5wd", "7wd")
	if n := len(s.NudgeAfter); n > 2 {
		l.fail(l.item("schedule.nudge_after", 2), "schedule.nudge_after", fmt.Sprintf("has %d entries", n),
			"keep two at most: nobody is reminded a third time")
	}
	s.SilentAfter = l.duration("schedule.silent_after", "10wd", wait)
	s.PrepBefore = l.durations("schedule.prep_before", span{least: "1s", most: "30d"}, "24h", "1h")
	if n := len(s.PrepBefore); n > 5 {
		l.fail(l.item("schedule.prep_before", 5), "schedule.prep_before", fmt.Sprintf("has %d entries", n), "keep five at most")
	}
	s.OutcomeAfter = l.duration("schedule.outcome_after", "30m", span{least: "1s", most: "30d"})
	s.CheckInEvery = l.duration("schedule.check_in_every", "90d", span{least: "1s", most: "3650d"})
	s.TalkLength = l.duration("schedule.talk_length", "20m", span{least: "1s", most: "24h", clock: true})
}

func (l *loader) sending(c *Config) {
	s := &c.Sending
	var ok bool
	if s.Days, ok = l.text("sending.days", `"mon-fri"`, 200); !ok {
		s.Days = "mon-fri"
	}
	if s.Hours, ok = l.text("sending.hours", `"09:00-17:00"`, 50); !ok {
		s.Hours = "09:00-17:00"
	}
	if _, err := worktime.NewCalendar(s.Days, nil); err != nil {
		l.fail(l.line("sending.days"), "sending.days", fmt.Sprintf("%q: %v", s.Days, inner(err)), `write it like "mon-fri" or "mon,wed,fri"`)
		s.Days = "mon-fri" // to go on with
	}
	for i, code := range l.list("sending.holidays", `["de"]`, "de") {
		if code == "" {
			continue
		}
		if _, err := worktime.NewCalendar(s.Days, []string{code}); err != nil {
			l.fail(l.item("sending.holidays", i), "sending.holidays", fmt.Sprintf("%q has no holidays that are known", code),
				suggestRegion(code))
			continue
		}
		s.Holidays = append(s.Holidays, code)
	}
	var err error
	if c.calendar, err = worktime.NewCalendar(s.Days, s.Holidays); err != nil {
		l.fail(l.line("sending.days"), "sending.days", err.Error(), "")
	}
	if c.window, err = worktime.NewWindow(c.calendar, s.Hours); err != nil {
		l.fail(l.line("sending.hours"), "sending.hours", fmt.Sprintf("%q: %v", s.Hours, inner(err)), `write them like "09:00-17:00"`)
	}
	s.Notice = l.duration("sending.notice", "1h", span{least: "0s", most: "7d"})
	s.PerDay = l.number("sending.per_day", 20, 1, 100_000)
	s.Gap = l.duration("sending.gap", "3m", span{least: "0s", most: "1d"})
	s.Apart = l.duration("sending.apart", "1d", span{least: "0s", most: "365d"})
}

func suggestRegion(code string) string {
	regions := worktime.Regions()
	if country, _, ok := strings.Cut(strings.ToLower(code), "-"); ok {
		var states []string
		for _, r := range regions {
			if strings.HasPrefix(r, country+"-") {
				states = append(states, r)
			}
		}
		if len(states) > 0 {
			return "choose one of " + strings.Join(states, ", ")
		}
	}
	countries := slices.DeleteFunc(regions, func(r string) bool { return strings.Contains(r, "-") })
	return "choose from " + strings.Join(countries, ", ")
}

func (l *loader) rest(c *Config) {
	c.Review.Ask = l.review("review.ask", Send)
	c.Review.Nudge = l.review("review.nudge", Announce)
	c.Review.ThankYou = l.review("review.thank_you", Announce)
	c.Review.CheckIn = l.review("review.check_in", Send)
	if s, ok := l.find("store.path"); ok && isDatabase(s) {
		l.fail(l.line("store.path"), "store.path", "names a database", "name a file: everything is kept in one")
	}
	c.Store.Path = l.path("store.path")
	c.Templates.Dir = l.path("templates.dir")
}

func (l *loader) review(key string, byDefault Review) Review {
	return Review(l.choice(key, string(byDefault), string(Send), string(Announce), string(Approve)))
}

// variable reports whether s can be the name of one, or is empty.
func variable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}

// isDatabase reports whether a store's path names a database rather than a file.
func isDatabase(v any) bool {
	s, _ := v.(string)
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}
