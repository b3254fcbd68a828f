package setup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"askwell/internal/config"
	"askwell/internal/render"
	"askwell/internal/worktime"
	"askwell/templates"
)

// State is how serious a finding is.
type State string

// The three states.
const (
	OK      State = "ok"
	Warning State = "warning" // askwell works, but not as well as it could
	Wrong   State = "wrong"   // something does not work until it is mended
)

// Finding is one thing that was looked at.
type Finding struct {
	Check  string `json:"check"` // "configuration", "imap tls"
	State  State  `json:"state"`
	What   string `json:"what"`             // what is so
	Why    string `json:"why,omitempty"`    // why it matters, where it is not ok
	Remedy string `json:"remedy,omitempty"` // the command, or the line to change
}

// Worst is the most serious state of several findings.
func Worst(all []Finding) State {
	worst := OK
	for _, f := range all {
		if f.State == Wrong || f.State == Warning && worst == OK {
			worst = f.State
		}
	}
	return worst
}

// DoctorOptions is what Doctor works with. Env is needed.
type DoctorOptions struct {
	Env    func(string) string
	Config string        // default: config.DefaultPath
	Send   bool          // write a mail from the mailbox to itself and wait for it
	Wait   time.Duration // how long; default: a minute

	Now      func() time.Time // default: time.Now
	Resolver Resolver         // default: the system's
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	Logger   *slog.Logger // default: silent
}

// examination is one run of Doctor.
type examination struct {
	DoctorOptions
	c    *config.Config
	link link
	dead bool // one of the servers cannot be used
	all  []Finding
}

// Doctor looks at everything and returns what it found, in the order in which one would mend it. What can only be looked at
// when something else is right is left out where that is wrong. The error is that of a ctx that has ended.
func Doctor(ctx context.Context, o DoctorOptions) ([]Finding, error) {
	if o.Config == "" {
		o.Config = config.DefaultPath(o.Env)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Wait == 0 {
		o.Wait = time.Minute
	}
	x := &examination{DoctorOptions: o}
	if x.configuration() {
		for _, look := range []func(context.Context){x.permissions, x.mail, x.zone, x.holidays, x.templates, x.store, x.roundTrip} {
			look(ctx)
			if err := ctx.Err(); err != nil {
				return x.all, err
			}
		}
	}
	return x.all, nil
}

func (x *examination) ok(check, format string, args ...any) {
	x.all = append(x.all, Finding{Check: check, State: OK, What: fmt.Sprintf(format, args...)})
}

func (x *examination) warn(check, what, why, remedy string) {
	x.all = append(x.all, Finding{check, Warning, what, why, remedy})
}

func (x *examination) wrong(check, what, why, remedy string) {
	x.all = append(x.all, Finding{check, Wrong, what, why, remedy})
}

// configuration reports whether there is one to go on with.
func (x *examination) configuration() bool {
	const check = "configuration"
	c, err := config.Load(x.Config, x.Env)
	var wrong config.Errors
	if errors.As(err, &wrong) {
		for _, e := range wrong {
			remedy := e.Remedy
			e.Remedy = ""
			x.wrong(check, e.Error(), "askwell does not start until its configuration is right", remedy)
		}
		return false
	}
	if err != nil {
		x.wrong(check, err.Error(), "askwell does not start without its configuration", "askwell init")
		return false
	}
	x.ok(check, "%s is read and understood", c.File)
	x.c = c
	return true
}

// permissions looks at who else could change what askwell does, or read what it keeps.
func (x *examination) permissions(context.Context) {
	const check = "permissions"
	if runtime.GOOS == "windows" {
		return
	}
	good := true
	for _, path := range []string{x.c.File, filepath.Dir(x.c.File)} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o022 == 0 || info.IsDir() && info.Mode()&os.ModeSticky != 0 {
			continue
		}
		good = false
		x.wrong(check, fmt.Sprintf("%s can be changed by others (mode %04o)", path, info.Mode().Perm()),
			"whoever can change the configuration can send your mail and your password elsewhere", "chmod go-w "+path)
	}
	if path := x.c.StorePath(); !remote(path) {
		for _, file := range []string{path, path + "-wal", path + "-shm"} {
			info, err := os.Stat(file)
			if err != nil || info.Mode().Perm()&0o077 == 0 {
				continue
			}
			good = false
			x.wrong(check, fmt.Sprintf("%s can be read by others (mode %04o)", file, info.Mode().Perm()),
				"it has your contacts in it, and what they wrote to you", "chmod 600 "+file)
		}
	}
	if good {
		x.ok(check, "nobody else can change the configuration or read the store")
	}
}

// names reports whether the configuration has a key of that name, rather than its default.
func (x *examination) names(key string) bool {
	text, err := os.ReadFile(x.c.File)
	return err != nil || regexp.MustCompile(`(?m)^[^#\n]*\b`+key+`\s*=`).Match(text)
}

// zone says what time askwell thinks it is.
func (x *examination) zone(context.Context) {
	const check = "zone"
	now := x.Now().In(x.c.Location())
	if slices.Contains([]string{"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Universal", "Etc/Universal"}, x.c.Owner.Timezone) && !x.names("timezone") {
		x.warn(check, "no time zone is configured, and this machine has none but UTC",
			fmt.Sprintf("digests, prep sheets and sending hours go by it: it would be %s now", now.Format("15:04")),
			`timezone = "Europe/Berlin" (yours) under [owner]`)
		return
	}
	x.ok(check, "%s: it is %s", x.c.Owner.Timezone, now.Format("Monday 15:04"))
}

// holidays says which of this year's are known.
func (x *examination) holidays(context.Context) {
	const check = "holidays"
	const why = "an ask that arrives on a holiday looks like a machine's"
	codes := strings.Join(x.c.Sending.Holidays, ", ")
	guess := holidaysOf(x.c.Owner.Timezone)
	remedy := `holidays = ["us"] (yours) under [sending]`
	if guess != "" {
		remedy = fmt.Sprintf("holidays = [%q] (or yours) under [sending]", guess)
	}
	if codes == "" {
		x.warn(check, "no public holidays are kept", why, remedy)
		return
	}
	if codes != guess && !x.names("holidays") {
		x.warn(check, fmt.Sprintf("those of %s are kept, for none are configured", codes), why, remedy)
		return
	}
	now := x.Now().In(x.c.Location())
	n, next := 0, ""
	first := worktime.Date{Year: now.Year(), Month: time.January, Day: 1}
	for i, day := 0, first; day.Year == first.Year; i++ {
		if name, ok := x.c.Calendar().Holiday(day.In(x.c.Location())); ok {
			n++
			if next == "" && !day.Before(worktime.DateOf(now)) {
				next = fmt.Sprintf("; the next is %s, %s", name, day)
			}
		}
		day = first.AddDays(i + 1)
	}
	if n == 0 {
		x.warn(check, fmt.Sprintf("no holidays of %s are known for %d", codes, now.Year()), why, "update askwell")
		return
	}
	x.ok(check, "%d of %s are known for %d%s", n, codes, now.Year(), next)
}

// templates loads them as the daemon does.
func (x *examination) templates(context.Context) {
	const check = "templates"
	_, err := render.Load(templates.FS, x.c.Templates.Dir)
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			x.wrong(check, strings.TrimSpace(line), "askwell does not start with templates that could leave a mail half written",
				"correct that line, or take the file out of "+x.c.Templates.Dir+": the one built in is used then")
		}
		return
	}
	if x.c.Templates.Dir != "" {
		x.ok(check, "those built in, and those of %s in their place", x.c.Templates.Dir)
		return
	}
	x.ok(check, "those built in")
}
