package imapin

import (
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/google/go-cmp/cmp"
)

func TestWatchedFolders(t *testing.T) {
	for _, test := range []struct {
		name  string
		list  string // delimiter, then name with \attributes
		named []string
		want  string
	}{
		{"Gmail", `/ INBOX|[Gmail] \Noselect|[Gmail]/Alle Nachrichten \All|[Gmail]/Gesendet \Sent|[Gmail]/Spam \Junk|[Gmail]/Papierkorb \Trash`, nil, "[Gmail]/Gesendet=sent [Gmail]/Alle Nachrichten=inbox [Gmail]/Spam=junk"},
		{"all mail, nothing for sent mail", `/ INBOX|Everything \All|Spam \Junk`, nil, "Everything=all Spam=junk"},
		{"Gmail without all mail", `/ INBOX|[Gmail] \Noselect|[Gmail]/Sent Mail \Sent|[Gmail]/Spam \Junk`, nil, "[Gmail]/Sent Mail=sent INBOX=inbox [Gmail]/Spam=junk"},
		{"Outlook, no attributes", `/ INBOX|Gesendete Elemente|Junk-E-Mail|Gelöschte Elemente`, nil, "Gesendete Elemente=sent INBOX=inbox Junk-E-Mail=junk"},
		{"French", `/ INBOX|Éléments envoyés|Courrier indésirable`, nil, "Éléments envoyés=sent INBOX=inbox Courrier indésirable=junk"},
		{"Spanish", `/ INBOX|Enviados|Correo no deseado`, nil, "Enviados=sent INBOX=inbox Correo no deseado=junk"},
		{"Courier: everything below INBOX", `. INBOX|INBOX.Sent|INBOX.Spam|INBOX.Work.Sent`, nil, "INBOX.Sent=sent INBOX=inbox INBOX.Spam=junk"},
		{"two programs file", `/ INBOX|Sent Items|Sent|Gesendet`, nil, "Sent=sent Sent Items=sent Gesendet=sent INBOX=inbox"},
		{"an attribute decides", `/ INBOX|Sent|Verschickt \Sent`, nil, "Verschickt=sent INBOX=inbox"},
		{"another's folders do not count", `/ INBOX|Shared/bob/Sent|Archive/Sent`, nil, "INBOX=inbox"},
		{"not selectable", `/ INBOX|Sent \Noselect|Junk \NonExistent`, nil, "INBOX=inbox"},
		{"flat", `- INBOX|Sent`, nil, "Sent=sent INBOX=inbox"},
		{"nothing listed", ``, nil, "INBOX=inbox"},
		{"asked for by name", `. INBOX|Lists.Jobs|Sent`, []string{"Lists/Jobs", "INBOX", "Sent"}, "Sent=sent INBOX=inbox Lists.Jobs=other"},
		{"inbox beside all mail", `/ INBOX|All \All`, []string{"INBOX"}, "All=all INBOX=inbox"},
		{"asked for, not there", `/ INBOX|Jobs`, []string{"jobs"}, `there is no folder "jobs"; correct mailbox.folders`},
	} {
		t.Run(test.name, func(t *testing.T) {
			delim, list, _ := strings.Cut(test.list, " ")
			var all []found
			for entry := range strings.SplitSeq(list, "|") {
				name, attrs, _ := strings.Cut(entry, ` \`)
				f := found{name: name}
				if attrs != "" {
					f.attrs = []imap.MailboxAttr{imap.MailboxAttr(`\` + attrs)}
				}
				if delim != "" && delim != "-" {
					f.delim = rune(delim[0])
				}
				all = append(all, f)
			}
			folders, err := watch(all, test.named)
			var got []string
			for _, w := range folders {
				got = append(got, w.name+"="+string(w.role))
			}
			line := strings.Join(got, " ")
			if err != nil {
				line = err.Error()
			}
			if diff := cmp.Diff(test.want, line); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzScanner(f *testing.F) {
	f.Add("* 1 FETCH (UID 1 BODY[HEADER] {4}\r\n((\"{)\r\n* OK [ALERT] x {3}\r\nT1 OK done\r\n", 7)
	f.Add("* LIST () \"/\" \"a\\\"b\"\r\n", 3)
	f.Add("* BYE \xff\r\n", 1)
	f.Add("* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n", 40)
	f.Fuzz(func(t *testing.T, text string, at int) {
		var whole, parts scanner
		err := whole.feed([]byte(text))
		at = min(max(at, 0), len(text))
		err2 := parts.feed([]byte(text[:at]))
		if err2 == nil {
			err2 = parts.feed([]byte(text[at:]))
		}
		if !errors.Is(err2, err) || (err == nil && !cmp.Equal(whole.bye, parts.bye)) || whole.literal != parts.literal {
			t.Errorf("in one piece %v, in two %v", err, err2)
		}
		if whole.literal < 0 || whole.literal > maxSection || len(whole.head) > headKept || whole.depth < 0 {
			t.Errorf("%+v", whole)
		}
	})
}

func FuzzMessageIDs(f *testing.F) {
	f.Add("Message-ID:\r\n <a@example.org>\r\nmessage-id: b\r\n\r\n")
	f.Fuzz(func(t *testing.T, header string) {
		for _, id := range messageIDs([]byte(header)) {
			if strings.ContainsAny(id, "\n") {
				t.Errorf("%q", id)
			}
		}
	})
}
