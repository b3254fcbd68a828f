package reading

import (
	"strings"
	"unicode"

	"askwell/internal/message"
)

// maxPeople bounds who is named in one message.
const maxPeople = 20

// peopleNamed finds the people whose addresses stand in the newly written text,
// with their names where they stand beside them, and those in Cc. Neither the
// owner nor the writer is among them.
func (u *understanding) peopleNamed() []Person {
	var out []Person
	add := func(p Person) {
		if p.Address == "" || u.own(p.Address) || isDaemon(p.Address) || len(out) >= maxPeople || u.writer(p.Address) {
			return
		}
		for i := range out {
			if out[i].Address.Key() == p.Address.Key() {
				if out[i].Name == "" {
					out[i].Name = p.Name
				}
				return
			}
		}
		p.Name = strings.Trim(p.Name, "（）「」【】")
		out = append(out, p)
	}
	text := u.body
	for from := 0; len(out) < maxPeople; {
		hit := addressPattern.FindStringIndex(text[from:])
		if hit == nil {
			break
		}
		start, end := from+hit[0], from+hit[1]
		from = end
		a, err := message.ParseAddress(strings.Trim(text[start:end], "'.=/*|"))
		if err != nil || strings.HasPrefix(text[max(0, start-7):start], "://") {
			continue
		}
		add(Person{nameOf(text, start, end, a.Local()), a})
	}
	if u.r.Kind == "" || u.r.Kind == KindReply {
		for _, p := range append(u.m.Cc[:len(u.m.Cc):len(u.m.Cc)], u.m.To...) {
			if u.r.Kind == KindReply {
				add(Person{inOrder(p.Name), p.Address})
				continue
			}
			for i := range out { // a machine's Cc names nobody new
				if out[i].Name == "" && out[i].Address.Key() == p.Address.Key() {
					out[i].Name = p.Name
				}
			}
		}
	}
	return out
}

func (u *understanding) writer(a message.Address) bool {
	for _, p := range append(append(u.m.From[:len(u.m.From):len(u.m.From)], u.m.ReplyTo...), u.m.Sender...) {
		if p.Address.Key() == a.Key() {
			return true
		}
	}
	return false
}

// glueWords stand between a name and its address.
var glueWords = wordSet("at via on by email e-mail mail address is her his their under unter per a an the reach reached be can to par au et y en op com em als adresse correo mailto or und or tel in cc me him write bei chez presso sotto tramite all alla all' at: bij")

// notNames begin sentences and are no part of a name.
var notNames = wordSet("ihnen euch dir uns please contact email e-mail mail write my our the i you your try ask reach talk speak cc hi hello dear for in at to with and or if bitte kontaktieren wenden sie ihr ihre frau herr herrn mr mrs ms dr veuillez contacter madame monsieur m mme por favor contacte sr sra contatti contattare neem contact met de por contate entre em contato com med vennligst kontakta kontakt kontakte prosze ota yhteytta from address colleague colleagues kollegin kollege kollegen collegue mon ma meine meinen meiner also but she he they her his this that via oder an von bei und you're thanks thank best regards cheers sent attn urgent instead team assistant boss manager successor nachfolger nachfolgerin vertretung dringende fallen")

// nameBefore reads the name that stands before an address: "Dana Fox <", "Dana
// Fox (", "Dana Fox at ", or on a line of its own above.
func nameBefore(text string) string {
	if len(text) > 240 {
		text = strings.ToValidUTF8(text[len(text)-240:], "")
	}
	if i := strings.LastIndex(text, "\n"); i >= 0 && strings.Trim(text[i:], " \t\n<([*-•:|>") == "" || i >= 0 && isLabel(text[i:]) {
		lines := strings.Split(strings.TrimRight(text[:i], " \n"), "\n")
		for k := len(lines) - 1; k >= 0 && k >= len(lines)-3; k-- {
			line := strings.Trim(lines[k], " \t*-•,:|")
			if len(strings.Fields(line)) >= 2 && isName(line) && card(line) < 2 && !notNames[strings.ToLower(strings.Fields(line)[0])] {
				return line
			}
			if strings.TrimSpace(lines[k]) == "" {
				break
			}
		}
		if i == 0 || strings.Trim(text[i:], " \t\n<([*-•:|>") == "" && len(lines) > 0 && !strings.HasSuffix(strings.TrimSpace(lines[len(lines)-1]), ",") {
			return ""
		}
	}
	words := strings.Fields(text)
	if len(words) > 1 && strings.ContainsAny(words[len(words)-1], "<(（") || len(words) > 0 && strings.HasSuffix(text, "<") {
		if name := eastName(words); name != "" {
			return name
		}
	}
	k := len(words) - 1
	skipped := 0
	depth := 0
	for k >= 0 && skipped < 7 {
		w := words[k]
		bare := strings.Trim(w, "<>()[]{}\"'“”‘’,;:*-–—|")
		switch {
		case strings.HasSuffix(w, ")") && depth == 0 && strings.Contains(w, "(") && bare != "":
		case bare == "" || glueWords[strings.ToLower(bare)]:
			k--
			skipped++
			continue
		}
		break
	}
	var name []string
	for k >= 0 && len(name) < 4 {
		w := strings.TrimSuffix(words[k], "<mailto:")
		bare := strings.Trim(w, "<>()[]{}\"“”‘’,;:*|")
		r := []rune(bare)
		if len(r) == 0 || !unicode.IsUpper(r[0]) && !particle[bare] || notNames[strings.ToLower(strings.Trim(bare, ".'"))] && !(particle[bare] && len(name) > 0) || strings.ContainsAny(bare, "@/0123456789") {
			break
		}
		if len(name) > 0 && strings.ContainsAny(w[len(w)-1:], ".,;:!?)>") && len(r) > 2 {
			break
		}
		if len(name) == 0 && strings.ContainsAny(w[len(w)-1:], ".!?") && len(r) > 3 {
			break
		}
		name = append([]string{strings.TrimSuffix(bare, "'s")}, name...)
		k--
	}
	for len(name) > 0 && particle[name[0]] {
		name = name[1:]
	}
	if len(name) == 0 || len(name) == 1 && len(name[0]) < 2 {
		return ""
	}
	return strings.Join(name, " ")
}

// nameOf is the name that goes with the address at text[start:end].
func nameOf(text string, start, end int, local string) string {
	if rest := strings.TrimLeft(text[end:], " >"); strings.HasPrefix(rest, "(") {
		if in, _, ok := strings.Cut(cutRunes(rest[1:], 60), ")"); ok && isFullName(in) {
			return in
		}
	}
	before, like := nameBefore(text[:start]), nameLike(text, local)
	if before == "" || like != "" && (!spells(local, before) || strings.HasPrefix(like, before+" ")) {
		return like
	}
	return before
}

// spells reports that the local part of an address is made of a name.
func spells(local, name string) bool {
	local = fold(local)
	for w := range strings.FieldsSeq(fold(name)) {
		w = strings.Trim(w, ".'-")
		if len(w) > 2 && strings.Contains(local, w) || w != "" && local == w {
			return true
		}
	}
	return false
}

// nameLike finds the capitalised name in text that the local part of an address is
// made of: dana@ or dana.fox@ is Dana Fox, and so is dfox@.
func nameLike(text, local string) string {
	for line := range strings.Lines(cutRunes(text, 8<<10)) {
		if name := nameInLine(line, local); name != "" {
			return name
		}
	}
	return ""
}

func nameInLine(line, local string) string {
	words := strings.Fields(line)
	for i := 0; i < len(words); i++ {
		var name []string
		for j := i; j < len(words) && len(name) < 5; j++ {
			bare := strings.Trim(words[j], "<>()[]{}\"“”‘’,;:*!?")
			bare, _, _ = strings.Cut(bare, "<")
			if j > i && strings.ContainsAny(words[j][:1], "(<[\"") {
				break
			}
			r, ok := firstRune(bare)
			initial := strings.HasSuffix(bare, ".") && len([]rune(bare)) == 2
			if !initial {
				bare = strings.TrimSuffix(strings.TrimRight(bare, "."), "'s")
			}
			if !ok || bare == "" || !unicode.IsUpper(r) && !(particle[bare] && len(name) > 0) || strings.ContainsAny(bare, "@/0123456789") || notNames[strings.ToLower(bare)] || titles[strings.ToLower(strings.Trim(bare, "."))] {
				break
			}
			name = append(name, bare)
			if last := words[j]; !initial && strings.ContainsAny(last[len(last)-1:], ",;:.!?)]>") {
				break
			}
		}
		for len(name) > 0 && particle[name[len(name)-1]] {
			name = name[:len(name)-1]
		}
		if len(name) == 0 {
			continue
		}
		whole := strings.Join(name, " ")
		if spells(local, whole) && (len(name) > 1 || len(name[0]) > 2 || len(name[0]) == 2 && strings.ToUpper(name[0]) != name[0]) {
			return whole
		}
		i += len(name) - 1
	}
	return ""
}

// eastName is the name before a bracket in a language without capitals.
func eastName(words []string) string {
	last := strings.TrimRight(words[len(words)-1], "<(（")
	if last == "" && len(words) > 1 {
		last = words[len(words)-2]
	}
	for _, link := range [...]string{"の", "的"} {
		if i := strings.LastIndex(last, link); i >= 0 {
			last = last[i+len(link):]
		}
	}
	if first, ok := firstRune(last); !ok || !isHan(first) || len([]rune(last)) > 6 {
		return ""
	}
	return last
}

var titles = wordSet("prof dr mr mrs ms mme mlle m sr sra herr herrn frau dott ing mag")

// inOrder puts the given name first where programs write "Fox, Dana".
func inOrder(name string) string {
	last, first, ok := strings.Cut(name, ", ")
	if !ok || !isFullName(first+" "+last) {
		return name
	}
	return first + " " + last
}

// namesWithin are the names of two or more words in a sentence, not at its start.
func namesWithin(text string) []string {
	var out []string
	words := strings.Fields(cutRunes(text, 2000))
	for i := 1; i+1 < len(words) && len(out) < 5; i++ {
		if prev := words[i-1]; strings.ContainsAny(prev[len(prev)-1:], ".!?:") || prev == "the" || prev == "The" {
			for i+1 < len(words) && unicode.IsUpper([]rune(words[i])[0]) { // "the Example Times" is nobody
				i++
			}
			continue
		}
		name := nameAfter(strings.Join(words[i:min(len(words), i+5)], " "))
		if name == "" {
			continue
		}
		plausible := true
		for w := range strings.FieldsSeq(fold(name)) {
			_, day := weekdays[w]
			_, month := months[w]
			plausible = plausible && !day && !month && !sentenceWords[w] && !cardWords[w]
		}
		if plausible {
			out = append(out, name)
		}
		i += len(strings.Fields(name)) - 1
	}
	return out
}

var particle = wordSet("von van de der den da di du la le del dos das bin al el zu zur ter ten")

// isLabel reports a line such as "Email: " before an address.
func isLabel(line string) bool {
	switch strings.Trim(fold(strings.TrimSpace(line)), ":. *-") {
	case "email", "e-mail", "mail", "e", "m", "courriel", "correo", "address":
		return true
	}
	return false
}

// nameAfter reads a name at the start of text: capitalised words, two or more.
func nameAfter(text string) string {
	var name []string
	for w := range strings.FieldsSeq(cutRunes(text, 120)) {
		bare := strings.Trim(w, "<>()[]{}\"“”‘’,;:*.!?")
		r := []rune(bare)
		if len(r) == 0 || !unicode.IsUpper(r[0]) && !(particle[bare] && len(name) > 0) || notNames[strings.ToLower(bare)] || strings.ContainsAny(bare, "@/0123456789'’") {
			break
		}
		name = append(name, bare)
		if strings.ContainsAny(w[len(w)-1:], ".,;:!?)") || len(name) == 4 {
			break
		}
	}
	for len(name) > 0 && particle[name[len(name)-1]] {
		name = name[:len(name)-1]
	}
	if len(name) < 2 {
		return ""
	}
	return strings.Join(name, " ")
}
