package imapin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// found is a folder as LIST shows it.
type found struct {
	name  string
	delim rune
	attrs []imap.MailboxAttr
}

func (f found) is(attr imap.MailboxAttr) bool {
	return slices.ContainsFunc(f.attrs, func(a imap.MailboxAttr) bool {
		return strings.EqualFold(string(a), string(attr))
	})
}

func (f found) selectable() bool {
	return !f.is(imap.MailboxAttrNoSelect) && !f.is(imap.MailboxAttrNonExistent)
}

// watched is a folder and what it is for.
type watched struct {
	name string
	role Role
}

const maxFolders = 10_000

// list asks for all folders, unless that was done not long ago.
func (s *session) list(ctx context.Context, again bool) error {
	if s.found != nil && !again && time.Since(s.foundAt) < listAgain {
		return nil
	}
	var options *imap.ListOptions
	if s.caps.Has(imap.CapSpecialUse) {
		options = &imap.ListOptions{ReturnSpecialUse: true}
	}
	all, err := s.listWith(ctx, options)
	if _, no := refusal(err); no && options != nil {
		all, err = s.listWith(ctx, nil) // SPECIAL-USE without LIST-EXTENDED (RFC 6154 section 2)
	}
	if err != nil {
		return err
	}
	s.found, s.foundAt = all, time.Now()
	return nil
}

func (s *session) listWith(ctx context.Context, options *imap.ListOptions) ([]found, error) {
	return call(ctx, s, commandLimit, func(c *imapclient.Client) ([]found, error) {
		cmd := c.List("", "*", options)
		var all []found
		for data := cmd.Next(); data != nil; data = cmd.Next() {
			if len(all) == maxFolders {
				_ = s.raw.Close() // it would have to be drained, and there may be no end
				_ = cmd.Close()
				return nil, errors.New("the server lists more than 10,000 folders")
			}
			all = append(all, found{data.Mailbox, data.Delim, data.Attrs})
		}
		return all, cmd.Close()
	})
}

// watch chooses the folders to be read from all there are, and adds those asked for by name. Sent comes first: it tells
// under which Message-IDs mail left, which answers name. All Mail takes the place of the inbox; where Sent lies beside it, what
// it holds proves no more than what lies in an inbox.
func watch(all []found, named []string) ([]watched, error) {
	roles := rolesOf(all)
	has := func(r Role) bool {
		return slices.ContainsFunc(roles, func(w watched) bool { return w.role == r })
	}
	var out []watched
	add := func(w watched) {
		if !slices.ContainsFunc(out, func(o watched) bool { return o.name == w.name }) {
			out = append(out, w)
		}
	}
	order := []Role{RoleSent, RoleInbox, RoleJunk}
	if has(RoleAll) {
		order[1] = RoleAll
	}
	for _, role := range order {
		for _, w := range roles {
			if w.role != role {
				continue
			}
			if role == RoleAll && has(RoleSent) {
				w.role = RoleInbox
			}
			add(w)
		}
	}
	for _, name := range named {
		i := slices.IndexFunc(all, func(f found) bool {
			return f.selectable() && (f.name == name || f.name == strings.ReplaceAll(name, "/", string(f.delim)))
		})
		if i < 0 {
			return nil, fmt.Errorf("there is no folder %q; correct mailbox.folders", name)
		}
		w := watched{all[i].name, RoleOther}
		if j := slices.IndexFunc(roles, func(r watched) bool { return r.name == w.name }); j >= 0 {
			w = roles[j]
		}
		add(w)
	}
	return out, nil
}

// rolesOf tells which folders are the inbox, sent mail, junk, and all mail. An attribute decides; where no folder has
// it, every folder at the top with a usual name counts, the best known name first.
func rolesOf(all []found) []watched {
	out := []watched{{"INBOX", RoleInbox}}
	for _, r := range []struct {
		role  Role
		attr  imap.MailboxAttr
		names string
	}{
		{RoleAll, imap.MailboxAttrAll, ""},
		{RoleSent, imap.MailboxAttrSent, sentNames},
		{RoleJunk, imap.MailboxAttrJunk, junkNames},
	} {
		n := len(out)
		for _, f := range all {
			if f.selectable() && f.is(r.attr) && !strings.EqualFold(f.name, "INBOX") {
				out = append(out, watched{f.name, r.role})
			}
		}
		if len(out) > n {
			continue
		}
		for name := range strings.SplitSeq(r.names, "|") {
			for _, f := range all {
				if name != "" && f.selectable() && fold(top(f)) == fold(name) {
					out = append(out, watched{f.name, r.role})
				}
			}
		}
	}
	return out
}

// top is the name of a folder that stands at the top, with the personal namespace taken off where that is the inbox
// (RFC 2342) or a provider's own; or nothing.
func top(f found) string {
	if f.delim == 0 {
		return f.name
	}
	delim := string(f.delim)
	parts := strings.Split(f.name, delim)
	if len(parts) == 2 && (strings.EqualFold(parts[0], "INBOX") || parts[0] == "[Gmail]" || parts[0] == "[Google Mail]") {
		return parts[1]
	}
	if len(parts) == 1 {
		return f.name
	}
	return ""
}

// fold makes names equal that differ in case, or in hyphens and blanks only.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '_', '\u2011', '\u00a0':
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// The usual names, as mail programs and providers file in the languages they come in; the likeliest first.
const (
	sentNames = "Sent|Sent Items|Sent Messages|Sent Mail|Sent-Mail|" +
		"Gesendet|Gesendete Elemente|Gesendete Objekte|Gesendete Nachrichten|" +
		"Envoyés|Éléments envoyés|Messages envoyés|Courrier envoyé|Objets envoyés|" +
		"Enviados|Elementos enviados|Mensajes enviados|Correo enviado|" +
		"Itens enviados|Mensagens enviadas|E-mails enviados|" +
		"Posta inviata|Inviata|Inviati|Elementi inviati|Messaggi inviati|" +
		"Verzonden|Verzonden items|Verzonden berichten|Verstuurd|" +
		"Skickat|Skickade|Skickade objekt|Skickade meddelanden|Sendt|Sendt post|Sendte elementer|Sendte meddelelser|" +
		"Lähetetyt|Lähetetyt viestit|Lähetetyt kohteet|Wysłane|Elementy wysłane|Odeslané|Odeslaná pošta|Odoslané|" +
		"Odoslaná pošta|Poslano|Elküldött|Elküldött elemek|Elküldött üzenetek|Trimise|Mesaje trimise|" +
		"Gönderilmiş|Gönderilmiş Öğeler|Gönderilenler|Απεσταλμένα|Отправленные|Надіслані|Изпратени|" +
		"送信済み|送信済みアイテム|送信済みメール|已发送|已发送邮件|已傳送郵件|寄件備份|보낸 편지함|보낸편지함"
	junkNames = "Junk|Spam|Junk E-mail|Junk Email|Junk Mail|Bulk Mail|Bulk|" +
		"Spamverdacht|Unerwünscht|Junk-E-Mail|Werbung|" +
		"Indésirables|Courrier indésirable|Pourriel|" +
		"Correo no deseado|No deseado|Lixo eletrônico|Lixo eletrónico|Correio não desejado|" +
		"Posta indesiderata|Indesiderata|Ongewenst|Ongewenste e-mail|Ongewenste reclame|" +
		"Skräppost|Søppelpost|Uønsket e-post|Uønsket mail|Roskaposti|Wiadomości-śmieci|Niechciane|" +
		"Nevyžádaná pošta|Levélszemét|Önemsiz|Önemsiz E-posta|Ανεπιθύμητα|Спам|Нежелательная почта|Небажана пошта|" +
		"迷惑メール|垃圾邮件|垃圾郵件|스팸|스팸편지함|스팸 편지함"
)

// filing is the folder into which sent mail is filed, or empty.
func filing(all []found) string {
	for _, w := range rolesOf(all) {
		if w.role == RoleSent {
			return w.name
		}
	}
	return ""
}
