package reading

import (
	"strings"

	"askwell/internal/message"
)

// pointsTo is the person of whom the text tells name and address, where it tells
// little else.
func (u *understanding) pointsTo() string {
	for _, p := range u.r.People {
		if p.Address == "" || !strings.Contains(u.body, string(p.Address)) || u.writerNamed(p.Name) || u.writerLocal(p.Address) {
			continue
		}
		if p.Name != "" {
			return p.Name
		}
		if containsAny(u.flat, officeWords) || u.cuedAddress(p.Address) || !u.ownAddress(p.Address) {
			return string(p.Address)
		}
	}
	return ""
}

// cuedAddress reports words right before an address that send to it.
func (u *understanding) cuedAddress(a message.Address) bool {
	i := strings.Index(u.body, string(a))
	if i < 0 {
		return false
	}
	words := strings.Fields(bareWords(u.body[max(0, i-60):i]))
	for k := len(words) - 1; k >= 0 && k >= len(words)-3; k-- {
		switch words[k] {
		case "me", "us", "mich", "mir", "uns", "moi", "my":
			return false
		case "try", "contact", "email", "mail", "write", "ask", "reach", "kontaktieren", "an", "schreiben", "contactez", "escriba", "contacte", "contatti", "mailen":
			return true
		}
	}
	return false
}

// ownAddress reports that an address without a name may be another one of the writer's:
// the sentence before it speaks of them, or it belongs to another house.
func (u *understanding) ownAddress(a message.Address) bool {
	i := strings.Index(u.body, string(a))
	if i < 0 || len(u.m.From) == 0 {
		return true
	}
	words := bareWords(u.body[max(0, i-80):i])
	return containsAny(words, []string{" my ", " me ", " mir ", " mich ", " meine ", " moi ", " mon ", " mi ", " mij ", " mijn ", " mia ", " minha ", " meu "}) || !strings.EqualFold(a.Domain(), u.m.From[0].Address.Domain())
}

// officeWords are of those who have an address and no name.
var officeWords = list("department|office|team|colleague|press|communications|human resources|our hr|reception|desk|abteilung|pressestelle|redaktion|sekretariat|service|wife|husband|brother|sister|my boss|successor|bureau|equipe|departamento|oficina|ufficio|afdeling|kantoor|setor")

// writerLocal reports another address of the writer's: it is made of their name.
func (u *understanding) writerLocal(a message.Address) bool {
	local := fold(a.Local())
	for _, p := range u.m.From {
		words := strings.Fields(fold(p.Name))
		if len(words) == 0 {
			continue
		}
		name, last := words[0], words[len(words)-1]
		if len(name) > 2 && strings.Contains(local, name) || local == last || local == name[:1]+last || local == name[:1]+"."+last {
			return true
		}
	}
	return false
}

// writerNamed reports the writer's own name.
func (u *understanding) writerNamed(name string) bool {
	low := fold(name)
	for _, p := range u.m.From {
		if low == "" {
			break
		}
		if from := fold(p.Name); from != "" && (strings.Contains(from, low) || strings.Contains(low, from)) {
			return true
		}
	}
	return false
}

// newCc reports somebody in Cc who is neither owner nor writer.
func (u *understanding) newCc() bool {
	return len(u.broughtIn()) > 0
}

// broughtIn are those in Cc and To who are neither owner nor writer.
func (u *understanding) broughtIn() []message.Person {
	var out []message.Person
	for _, p := range append(u.m.Cc[:len(u.m.Cc):len(u.m.Cc)], u.m.To...) {
		if !u.own(p.Address) && !u.writer(p.Address) {
			out = append(out, p)
		}
	}
	return out
}

// speaksOfNew reports that the text speaks of somebody whom the writer brought in.
func (u *understanding) speaksOfNew() bool {
	for _, p := range u.broughtIn() {
		for w := range strings.FieldsSeq(fold(p.Name)) {
			w = strings.Trim(w, ",.")
			if len(w) > 2 && strings.Contains(" "+bareWords(u.body)+" ", " "+w+" ") {
				return true
			}
		}
	}
	return false
}

// nameReferred adds the people who are recommended by name only: below the words
// that send to somebody, and anywhere in a sentence that does.
func (u *understanding) nameReferred(all []sentence) {
	for _, s := range all {
		if s.has(notReferral) {
			continue
		}
		said := u.body[s.from:s.to]
		for _, cue := range referralNames {
			for from := 0; from < len(said); {
				i := strings.Index(said[from:], cue)
				if i < 0 {
					break
				}
				from += i + len(cue)
				u.refer(nameAfter(afterLead(said[from:])))
			}
		}
		if s.says(referralWords, true, notReferralAfter) != "" {
			for _, name := range namesWithin(said) {
				u.refer(name)
			}
		}
	}
}

// askingFor is the name that stands right below words that send to it ("Maybe ask Eve
// Lin?").
func (u *understanding) askingFor(s sentence) string {
	if s.has(notReferral) {
		return ""
	}
	said := u.body[s.from:s.to]
	for _, cue := range [...]string{"talk to ", "speak to ", "speak with ", "talk with ", "contact ", "Contact ", "ask ", "Ask ", "try ", "Try ", "email ", "Email ", "reach out to ", "write to ", "Write to ", "Talk to ", "Speak to "} {
		if i := strings.Index(said, cue); i >= 0 && (i == 0 || !isLetterAt(said, i-1)) {
			if name := nameAfter(afterLead(said[i+len(cue):])); name != "" && !u.writerNamed(name) {
				return name
			}
		}
	}
	return ""
}

func (u *understanding) refer(name string) {
	if name != "" && !u.named(name) && len(u.r.People) < maxPeople {
		u.r.People = append(u.r.People, Person{Name: name})
	}
}

// afterLead passes over what stands before a name.
func afterLead(rest string) string {
	for _, lead := range []string{"my colleague ", "my colleagues ", "my friend ", "our ", "my boss ", "my manager ", "my successor ", "my former colleague ", "my old colleague ", "my ex-colleague ", "my sister ", "my brother ", "my husband ", "my wife ", "meine Kollegin ", "meinen Kollegen ", "meiner Kollegin ", "meinem Kollegen ", "ma collègue ", "mon collègue ", "mi compañera ", "mi compañero ", "mijn collega ", "la mia collega ", "il mio collega ", "a minha colega ", "minha colega ", "meu colega "} {
		rest = strings.TrimPrefix(rest, lead)
	}
	return rest
}

func (u *understanding) named(name string) bool {
	low := fold(name)
	for _, p := range u.r.People {
		if n := fold(p.Name); n != "" && (strings.Contains(low, n) || strings.Contains(n, low)) {
			return true
		}
	}
	for _, p := range u.m.From {
		if fold(p.Name) == low {
			return true
		}
	}
	return false
}
