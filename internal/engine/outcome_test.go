package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadOutcome(t *testing.T) {
	for name, tt := range map[string]struct {
		text  string
		notes string
		adv   string
		thx   string
		who   []string
	}{
		"free text": {
			text:  "Great talk. She knows Dana Fox <dana@example.org>, head of data.",
			notes: "Great talk. She knows Dana Fox <dana@example.org>, head of data.", who: []string{"Dana Fox dana@example.org"},
		},
		"labelled": {
			text:  "What stayed with me: users first\nTheir advice, in a line: read more\nWhom they named (name, address): Dana Fox, dana@example.org\nWhat I thank them for: the story\nof the launch",
			notes: "users first\nDana Fox, dana@example.org", adv: "read more", thx: "the story\nof the launch", who: []string{"Dana Fox dana@example.org"},
		},
		"shorter labels":   {text: "learned: a lot\nadvice: start small\nthanks: your time", notes: "a lot", adv: "start small", thx: "your time"},
		"an address alone": {text: "write to info@example.org", notes: "write to info@example.org"},
	} {
		o := readOutcome(tt.text)
		var who []string
		for _, p := range o.people {
			who = append(who, p.Name+" "+string(p.Address))
		}
		if diff := cmp.Diff([]any{tt.notes, tt.adv, tt.thx, tt.who}, []any{o.notes, o.advice, o.thanks, who}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFilledForm(t *testing.T) {
	for name, tt := range map[string]struct{ mail, want string }{
		"below the quoted lines": {
			mail: "On Monday askwell wrote:\n> How did it go?\n>\n> What stayed with me:\nusers first,\nalways\n>\n> Their advice, in a line:\nread\n>\n> What I thank them for:\n>\n> or just write\n>\n> Or in a word\n",
			want: "What stayed with me: users first,\nalways\nTheir advice, in a line: read\n",
		},
		"behind the lines, unquoted": {
			mail: "What stayed with me: a lot\n\nTheir advice, in a line:\n\n\nWhat I thank them for: the time\n\nor just write\n",
			want: "What stayed with me: a lot\nWhat I thank them for: the time\n",
		},
		"nothing filled": {mail: "It was great.\n\n> What stayed with me:\n>\n> Their advice, in a line:\n>\n> or just write\n", want: ""},
		"no form":        {mail: "met, great talk", want: ""},
	} {
		if diff := cmp.Diff(tt.want, filledForm(tt.mail)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
