package command

import (
	"strings"
	"testing"
	"time"
)

// Mail is written by programs too; nothing that fits the bounds may take long.
func TestNothingTakesLong(t *testing.T) {
	long := func(s string) string { return strings.Repeat(s, maxBytes/len(s)) }
	for name, c := range map[string]struct{ text, quoted string }{
		"one long word":          {long("x"), ""},
		"one long line of verbs": {long("met "), ""},
		"numbers":                {long("1,"), ""},
		"spaces":                 {long(" ") + "1 ask", ""},
		"brackets":               {"ask " + long("(<"), ""},
		"quotation marks":        {long("\""), ""},
		"separators":             {"note 1 " + long(":-,;"), ""},
		"addresses":              {"ask " + long("a@example.org, "), ""},
		"people":                 {"add " + long("A B <a@example.org>; "), ""},
		"many short lines":       {long("1 2 3 x\n"), ""},
		"many closings":          {long("thanks\n"), ""},
		"attributions":           {long("on a:\n"), ""},
		"markdown":               {long("[a](mailto:"), ""},
		"links":                  {long("http://a <"), ""},
		"a long quotation":       {long("a b c d e\n"), strings.Repeat("a b c d e f g ", maxQuoted/14)},
		"semicolons":             {long("1 ask;"), ""},
		"times":                  {"talk 1 " + long("tue "), ""},
	} {
		start := time.Now()
		for _, o := range []Options{{Now: now}, {Now: now, Bare: VerbMet, About: true, Known: known("Jane Doe")}} {
			o.Quoted = c.quoted
			for _, l := range Parse(c.text, o) {
				check(t, l)
			}
		}
		took := time.Since(start)
		t.Logf("%-22s %s", name, took)
		if took > 10*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}
