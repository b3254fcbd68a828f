package command

import (
	"testing"
)

func TestParseArgs(t *testing.T) {
	o := Options{Now: now, Zone: now.Location(), Known: known("Jane Doe", "Bob Roe")}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"ask", "5"}, `ask #5`},
		{[]string{"5", "ask"}, `ask #5`},
		{[]string{"ask", "Jane Doe"}, `ask "Jane Doe"`},
		{[]string{"ask", "Jane", "Doe"}, `ask "Jane Doe"`},
		{[]string{"ask", "Cy Poe <cy@example.org>, friend"}, `ask person="Cy Poe" <cy@example.org> closeness="close"`},
		{[]string{"ask", "Cy Poe", "<cy@example.org>,", "friend"}, `ask person="Cy Poe" <cy@example.org> closeness="close"`},
		{[]string{"met", "Jane Doe", "great talk: we spoke of maps"}, `met "Jane Doe" rest="great talk: we spoke of maps"`},
		{[]string{"met", "Eve Lin", "great talk"}, `met "Eve Lin" rest="great talk"`},
		{[]string{"Eve Lin", "met", "great talk"}, `met "Eve Lin" rest="great talk"`},
		{[]string{"met", "Jane Doe great talk"}, `met "Jane Doe" rest="great talk"`},
		{[]string{"talk", "Jane Doe", "tue 3pm"}, `talk "Jane Doe" when=Tue 2026-11-24 15:00`},
		{[]string{"talk", "Eve Lin", "tue 3pm", "at", "Zoom"}, `talk "Eve Lin" when=Tue 2026-11-24 15:00 place="Zoom"`},
		{[]string{"talk", "jane@example.org", "2026-11-26", "10:00"}, `talk <jane@example.org> when=Thu 2026-11-26 10:00`},
		{[]string{"snooze", "1,3,5-7", "2w"}, `snooze #1,#3,#5,#6,#7 when=Mon 2026-12-07`},
		{[]string{"update", "I have a new job."}, `update rest="I have a new job."`},
		{[]string{"note", "2", "likes\ttea\nand cake\n"}, `note #2 rest="likes tea\nand cake"`},
		{[]string{"edit", "3", "Dear Cy,\n\nmet\n\nBest,\nAda"}, `edit #3 rest="Dear Cy,\n\nmet\n\nBest,\nAda"`},
		{[]string{"undo"}, `undo`},
		{[]string{"undo", "3"}, `undo n=3`},
		{[]string{"list", "asked"}, `list rest="asked"`},
		{[]string{"no-show", "Bob"}, `noshow "Bob"`},
		{[]string{"met", "2"}, `met #2`},
		{[]string{"SET", "bob", "role", "head of data"}, `set "bob" field="role" value="head of data"`},
		{[]string{"thanks"}, `error: which contact? Put the number, the name or the address with it: thanks WHO (did you mean: help thanks?)`},
		{[]string{"thanks", "2"}, `error: the text is missing: thanks WHO TEXT`},
		{[]string{"frobnicate"}, `error: "frobnicate" is no verb that askwell knows (did you mean: note | forget?)`},
		{[]string{"hold", "2\nask 3"}, `error: hold takes one line`},
		{[]string{"add", "Cy Poe <cy@example.org>, Eve Lin <eve@example.org>"}, `error: one person at a time`},
		{[]string{"refer", "2"}, `error: recommended whom? refer WHO NAME <ADDRESS>, …`},
		{[]string{}, `error: no command: askwell help lists the verbs`},
		{[]string{"", " "}, `error: no command: askwell help lists the verbs`},
	} {
		l, err := ParseArgs(c.args, o)
		got := ""
		if err != nil {
			got = "error: " + err.Error()
		} else {
			got = show(l)
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.args, got, c.want)
		}
	}
}
