package reading

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"askwell/internal/message"
)

// How well mail is read, measured over the messages in testdata/unseen, which nobody who writes the rules has written.
// testdata/unseen/README.md gives their format.
//
//	go test ./internal/reading -run '^$' -bench Accuracy              the table
//	go test ./internal/reading -run '^$' -bench Accuracy -misses a    and what went wrong in the files a*.txt

var misses = flag.String("misses", "", "name what went wrong in the sets whose names begin so")

// unseenCase is a message and what its author says of it.
type unseenCase struct {
	file, name, input string
	want              expected
}

// expected is what stands below "<<<".
type expected struct {
	kind     Kind
	intents  []Intent // any of them
	text     *string  // nil: not said
	times    []expectedTime
	people   []string
	later    string
	auto     string // "reason until"
	bounces  []string
	calendar string
}

type expectedTime struct {
	start, end time.Time
	dayOnly    bool
	vague      bool // may be read or not
}

// same compares instants, and days where only a day is meant.
func (e expectedTime) same(o expectedTime) bool {
	if e.dayOnly != o.dayOnly || e.end.IsZero() != o.end.IsZero() {
		return false
	}
	if e.dayOnly {
		const day = "2006-01-02"
		return e.start.Format(day) == o.start.Format(day) && e.end.Format(day) == o.end.Format(day)
	}
	return e.start.Equal(o.start) && e.end.Equal(o.end)
}

// parseExpectedTime reads "Tue 2026-11-24 15:00 +0100 .. 16:00 vague {phrase}"; weekday, end and phrase may be absent.
func parseExpectedTime(s string) (e expectedTime, err error) {
	s, _, _ = strings.Cut(s, " {")
	s, e.vague = strings.CutSuffix(strings.TrimSpace(s), " vague")
	start, end, ranged := strings.Cut(s, " .. ")
	parse := func(s, layout string) time.Time {
		t, err1 := time.Parse(layout, s)
		err = cmp.Or(err, err1)
		return t
	}
	noWeekday := func(s string) string {
		if w, rest, ok := strings.Cut(s, " "); ok && len(w) == 3 {
			return rest
		}
		return s
	}
	start = noWeekday(start)
	if e.dayOnly = !strings.Contains(start, ":"); e.dayOnly {
		e.start = parse(start, "2006-01-02")
		if ranged {
			e.end = parse(noWeekday(strings.TrimPrefix(end, "before ")), "2006-01-02")
		}
		return e, err
	}
	e.start = parse(start, "2006-01-02 15:04 -0700")
	if ranged {
		clock := parse(strings.TrimSpace(end), "15:04")
		e.end = time.Date(e.start.Year(), e.start.Month(), e.start.Day(), clock.Hour(), clock.Minute(), 0, 0, e.start.Location())
		if e.end.Before(e.start) {
			e.end = e.end.AddDate(0, 0, 1)
		}
	}
	return e, err
}

// parseExpected reads what stands below "<<<", in the words of summary.
func parseExpected(s string) (expected, error) {
	var e expected
	head := s
	if body, ok := strings.CutPrefix("\n"+s, "\ntext:\n"); ok {
		head, e.text = "", &body
	} else if h, body, ok := strings.Cut(s, "\ntext:"); ok {
		head, e.text = h, &body
	}
	for i, line := range strings.Split(strings.TrimSpace(head), "\n") {
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		switch {
		case i == 0:
			e.kind = Kind(word)
			for w := range strings.SplitSeq(rest, "|") {
				if w = strings.TrimSpace(w); w != "" {
					e.intents = append(e.intents, Intent(w))
				}
			}
		case line == "" || strings.HasPrefix(line, "#"):
		case word == "time":
			t, err := parseExpectedTime(rest)
			if err != nil {
				return e, fmt.Errorf("%q: %w", line, err)
			}
			e.times = append(e.times, t)
		case word == "person":
			e.people = append(e.people, rest)
		case word == "later":
			e.later = rest
		case word == "auto":
			e.auto = rest
		case word == "bounce":
			e.bounces = append(e.bounces, rest)
		case word == "calendar":
			e.calendar = rest
		default:
			return e, fmt.Errorf("%q: what is that?", line)
		}
	}
	return e, e.check()
}

func (e expected) check() error {
	switch e.kind {
	case KindReply:
		if len(e.intents) == 0 {
			return fmt.Errorf("a reply without intent")
		}
	case KindAutoReply, KindBounce, KindCalendar, KindOwner, KindOther:
	default:
		return fmt.Errorf("%q is no kind", e.kind)
	}
	for _, i := range e.intents {
		if !slices.Contains(allIntents, i) {
			return fmt.Errorf("%q is no intent", i)
		}
	}
	for _, b := range e.bounces {
		if !strings.Contains(b, "permanent") && !strings.Contains(b, "may work later") {
			return fmt.Errorf("bounce %q: permanent, or may work later?", b)
		}
	}
	return nil
}

var (
	allIntents = []Intent{IntentYes, IntentTimes, IntentQuestion, IntentLater, IntentNo, IntentReferral, IntentStop, IntentUnclear}
	allKinds   = []Kind{KindReply, KindAutoReply, KindBounce, KindCalendar, KindOwner, KindOther}
)

// unseen reads the files of testdata/unseen.
func unseen(t testing.TB) []unseenCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "unseen", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out []unseenCase
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(filepath.Base(path), ".txt")
		for i, block := range strings.Split("\n"+strings.ReplaceAll(string(data), "\r\n", "\n"), "\n=== ") {
			if i == 0 {
				continue
			}
			name, body, _ := strings.Cut(block, "\n")
			input, want, ok := strings.Cut(body, "\n<<<\n")
			if !ok {
				t.Errorf("%s: %s: no line <<<", file, name)
				continue
			}
			e, err := parseExpected(strings.TrimRight(want, "\n"))
			if err != nil {
				t.Errorf("%s: %s: %v", file, name, err)
				continue
			}
			out = append(out, unseenCase{file, name, input, e})
		}
	}
	return out
}

// readUnseen reads a message as the program would. The first line "raw" means that nothing is to be added to it.
func readUnseen(t testing.TB, input string) Reading {
	t.Helper()
	_, zone := berlin(t)
	whole, raw := strings.CutPrefix(input, "raw\n")
	if !raw {
		whole = defaults(input)
	}
	whole = strings.ReplaceAll(strings.ReplaceAll(whole, `\r`, "\r"), "\n", "\r\n")
	return Understand(message.Parse([]byte(whole)), Options{Zone: zone, Owner: []message.Address{"ada@example.org"}})
}

// share counts what is right out of all.
type share struct{ right, all int }

func (s *share) count(ok bool) {
	s.all++
	if ok {
		s.right++
	}
}

func (s share) percent() float64 { return 100 * float64(s.right) / float64(max(s.all, 1)) }

func (s share) String() string {
	if s.all == 0 {
		return "      –      "
	}
	return fmt.Sprintf("%5.1f %% of %d", s.percent(), s.all)
}

// score is what was measured over a set of messages.
type score struct {
	messages                  int
	found, claimed            map[string]*share // of each kind and intent: recall, precision
	autoMissed                share             // "right" are those missed
	humanAuto, humanBounce    int
	humanStop, humans         int
	bounce, status, messageID share // of each recipient
	text, intent              share
	wrongIntent               share // "right" are those wrong and not unclear
	times, timesClaimed       share // of those expected, of those read
	people, later, auto       share
	calendar                  share
	wrong                     []string
}

func newScore() *score { return &score{found: map[string]*share{}, claimed: map[string]*share{}} }

func (s *score) class(want, got string, ok bool) {
	at := func(m map[string]*share, key string) *share {
		if m[key] == nil {
			m[key] = &share{}
		}
		return m[key]
	}
	at(s.found, want).count(ok)
	if got == "" {
		return
	}
	at(s.claimed, got).count(ok)
}

func (s *score) add(c unseenCase, r Reading) {
	s.messages++
	miss := func(format string, args ...any) {
		s.wrong = append(s.wrong, fmt.Sprintf("%s: %s: ", c.file, c.name)+fmt.Sprintf(format, args...))
	}
	w := c.want
	s.class(string(w.kind), string(r.Kind), w.kind == r.Kind)
	if w.kind != r.Kind {
		miss("%s, not %s: %s", r.Kind, w.kind, strings.Join(r.Why, "; "))
	}
	if w.text != nil {
		want, got := tidy(*w.text), tidy(r.Text)
		s.text.count(want == got)
		if want != got {
			miss("text is %q, not %q", got, want)
		}
	}
	s.proposed(w, r, miss)
	if len(w.people) > 0 {
		var got []string
		for _, p := range r.People {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s <%s>", p.Name, p.Address)))
		}
		want := slices.Clone(w.people)
		slices.Sort(want)
		slices.Sort(got)
		s.people.count(slices.Equal(want, got))
		if !slices.Equal(want, got) {
			miss("people are %q, not %q", got, want)
		}
	}
	switch w.kind {
	case KindReply:
		s.reply(w, r, miss)
	case KindAutoReply:
		s.autoMissed.count(r.Kind != KindAutoReply)
		if w.auto != "" && r.Auto != nil {
			got, _ := strings.CutPrefix(line(summary(Reading{Auto: r.Auto}), "auto "), "auto ")
			s.auto.count(got == w.auto)
			if got != w.auto {
				miss("auto is %q, not %q", got, w.auto)
			}
		}
	case KindBounce:
		s.bounces(w, r, miss)
	case KindCalendar:
		got := line(summary(Reading{Calendar: r.Calendar}), "calendar ")
		want := strings.TrimSpace("calendar " + w.calendar)
		if w.calendar != "" {
			s.calendar.count(got == want)
			if got != want {
				miss("%s, not %s", got, want)
			}
		}
	case KindOwner, KindOther:
	}
}

func (s *score) reply(w expected, r Reading, miss func(string, ...any)) {
	s.humans++
	ok := r.Kind == KindReply && slices.Contains(w.intents, r.Intent)
	want := w.intents[0]
	if ok {
		want = r.Intent
	}
	s.class(string(want), string(r.Intent), ok)
	s.intent.count(ok)
	s.wrongIntent.count(!ok && r.Intent != IntentUnclear)
	if r.Kind == KindReply && !ok {
		miss("%s, not %v: %s", r.Intent, w.intents, strings.Join(r.Why, "; "))
	}
	switch {
	case r.Kind == KindAutoReply:
		s.humanAuto++
	case r.Kind == KindBounce:
		s.humanBounce++
	case r.Intent == IntentStop && !slices.Contains(w.intents, IntentStop):
		s.humanStop++
	}
	if w.later != "" {
		got := ""
		if r.Later != nil {
			got, _ = strings.CutPrefix(line(summary(Reading{Later: r.Later}), "later "), "later ")
		}
		s.later.count(got == w.later)
		if got != w.later {
			miss("later is %q, not %q", got, w.later)
		}
	}
}

func (s *score) proposed(w expected, r Reading, miss func(string, ...any)) {
	if w.kind != KindReply {
		return
	}
	var got []expectedTime
	for _, x := range r.Times {
		got = append(got, expectedTime{start: x.Start, end: x.End, dayOnly: x.DayOnly})
	}
	for _, e := range w.times {
		found := slices.ContainsFunc(got, e.same)
		if e.vague {
			continue
		}
		s.times.count(found)
		if !found {
			miss("time %s .. %s is not read", e.start.Format("Mon 2006-01-02 15:04 -0700"), e.end.Format("15:04"))
		}
	}
	for i, g := range got {
		j := slices.IndexFunc(w.times, g.same)
		if j >= 0 && w.times[j].vague {
			continue
		}
		s.timesClaimed.count(j >= 0)
		if j < 0 {
			miss("time %q is none: %s", r.Times[i].Phrase, g.start.Format("Mon 2006-01-02 15:04 -0700"))
		}
	}
}

// bounces judges each recipient that should be named: its address and permanence, and what more was said of it.
func (s *score) bounces(w expected, r Reading, miss func(string, ...any)) {
	for _, want := range w.bounces {
		f := strings.Fields(want)
		permanent := !strings.Contains(want, "may work later")
		i := slices.IndexFunc(r.Bounces, func(b Bounce) bool {
			return strings.EqualFold(string(b.Recipient), f[0]) || f[0] == "-" && b.Recipient == ""
		})
		ok := i >= 0 && r.Kind == KindBounce && r.Bounces[i].Permanent == permanent
		s.bounce.count(ok)
		if !ok {
			miss("bounces are %+v, not %q: %s", r.Bounces, want, strings.Join(r.Why, "; "))
			continue
		}
		if status := f[1]; strings.Count(status, ".") == 2 {
			s.status.count(r.Bounces[i].Status == status)
			if r.Bounces[i].Status != status {
				miss("status is %q, not %q", r.Bounces[i].Status, status)
			}
		}
		if _, id, ok := strings.Cut(want, "<"); ok {
			id = strings.TrimSuffix(id, ">")
			s.messageID.count(string(r.Bounces[i].MessageID) == id)
			if string(r.Bounces[i].MessageID) != id {
				miss("it is of %q, not %q", r.Bounces[i].MessageID, id)
			}
		}
	}
}

// tidy drops what nobody sees: blanks at line ends, empty lines around.
func tidy(s string) string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		out = append(out, strings.TrimRight(l, " \t\r"))
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// line returns the line of s that begins so.
func line(s, prefix string) string {
	for l := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(l, prefix) {
			return strings.TrimSpace(l)
		}
	}
	return ""
}

// measure reads all messages. The sets are the first letters of the files' names, and "all".
func measure(t testing.TB) (names []string, sets map[string]*score) {
	sets = map[string]*score{"all": newScore()}
	for _, c := range unseen(t) {
		r := readUnseen(t, c.input)
		set := c.file[:1]
		if sets[set] == nil {
			sets[set] = newScore()
			names = append(names, set)
		}
		sets[set].add(c, r)
		sets["all"].add(c, r)
	}
	slices.Sort(names)
	return append(names, "all"), sets
}

// table prints the scores side by side.
func table(out io.Writer, names []string, sets map[string]*score) {
	row := func(label string, value func(*score) string) {
		_, _ = fmt.Fprintf(out, "%-34s", label)
		for _, n := range names {
			_, _ = fmt.Fprintf(out, "  %-26s", value(sets[n]))
		}
		_, _ = fmt.Fprintln(out)
	}
	row("", func(s *score) string { return fmt.Sprintf("%d messages", s.messages) })
	row("set", func(s *score) string {
		for _, n := range names {
			if sets[n] == s {
				return n
			}
		}
		return ""
	})
	class := func(key string) {
		row(key, func(s *score) string {
			f, c := s.found[key], s.claimed[key]
			if f == nil && c == nil {
				return "–"
			}
			f, c = cmp.Or(f, &share{}), cmp.Or(c, &share{})
			return fmt.Sprintf("p %5.1f  r %5.1f  (%d)", c.percent(), f.percent(), f.all)
		})
	}
	for _, k := range allKinds {
		class(string(k))
	}
	for _, i := range allIntents {
		class(string(i))
	}
	of := func(label string, pick func(*score) share) {
		row(label, func(s *score) string { return pick(s).String() })
	}
	of("automatic mail missed", func(s *score) share { return s.autoMissed })
	of("bounce recipient, permanence right", func(s *score) share { return s.bounce })
	of("bounce status right", func(s *score) share { return s.status })
	of("bounce message ID right", func(s *score) share { return s.messageID })
	of("new text exact", func(s *score) share { return s.text })
	of("intent right", func(s *score) share { return s.intent })
	of("intent wrong, not unclear", func(s *score) share { return s.wrongIntent })
	of("times found", func(s *score) share { return s.times })
	of("times right of those read", func(s *score) share { return s.timesClaimed })
	of("people right", func(s *score) share { return s.people })
	of("later right", func(s *score) share { return s.later })
	of("auto reason and until right", func(s *score) share { return s.auto })
	of("calendar right", func(s *score) share { return s.calendar })
	row("people as automatic/bounce/stop", func(s *score) string {
		return fmt.Sprintf("%d/%d/%d of %d", s.humanAuto, s.humanBounce, s.humanStop, s.humans)
	})
}

// BenchmarkAccuracy prints the table, and how long one pass takes.
func BenchmarkAccuracy(b *testing.B) {
	for b.Loop() {
		measure(b)
	}
	names, sets := measure(b)
	_, _ = fmt.Fprintln(os.Stdout)
	table(os.Stdout, names, sets)
	if *misses != "" {
		for _, n := range names {
			if n == (*misses)[:1] {
				_, _ = fmt.Fprintln(os.Stdout, strings.Join(sets[n].wrong, "\n"))
			}
		}
	}
}

// TestAccuracy holds the bars over every set. In a small one, one miss is borne where any is.
func TestAccuracy(t *testing.T) {
	names, sets := measure(t)
	for _, name := range names {
		s := sets[name]
		if s.humanAuto+s.humanBounce+s.humanStop > 0 {
			t.Errorf("set %s: %d replies by people taken for automatic, %d for bounces, %d for stop", name, s.humanAuto, s.humanBounce, s.humanStop)
		}
		atMost := func(what string, s share, percent float64) {
			if s.right > 1 && s.percent() >= percent {
				t.Errorf("set %s: %s %v, must be less than %g %%", name, what, s, percent)
			}
		}
		atLeast := func(what string, s share, percent float64) {
			if s.all-s.right > 1 && s.percent() < percent {
				t.Errorf("set %s: %s %v, must be %g %%", name, what, s, percent)
			}
		}
		atMost("automatic mail missed", s.autoMissed, 2)
		atLeast("bounce recipient and permanence", s.bounce, 98)
		atLeast("new text exact", s.text, 90)
		atLeast("intent right", s.intent, 90)
		atMost("intent wrong, not unclear", s.wrongIntent, 3)
		atLeast("times found", s.times, 90)
		atLeast("times right of those read", s.timesClaimed, 90)
	}
}
