package command

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"askwell/internal/message"
)

// describe reads people as they are usually written: `Jane Doe <jane@example.org>`, `jane@example.org Jane Doe`,
// `Jane Doe, jane@example.org, friend, product manager at Acme, journalism, via Bob Roe`. What is left over of the last
// one's details comes back as rest. No people means that s describes nobody.
func describe(s string) (people []Person, rest string) {
	s = tidy(s)
	if s == "" {
		return nil, ""
	}
	for _, sep := range []string{";", ","} {
		parts := splitOutside(s, sep)
		if len(parts) < 2 || len(parts) > maxNumbers {
			continue
		}
		var all []Person
		for _, part := range parts {
			part = strings.TrimSpace(part)
			if p, left := describeOne(part); p.Address != "" && left == "" && (sep == ";" || p.Name != "" && onlyNamed(part)) {
				all = append(all, p)
			}
		}
		if len(all) == len(parts) {
			return all, ""
		}
	}
	p, rest := describeOne(s)
	if p.Name == "" && p.Address == "" {
		return nil, ""
	}
	return []Person{p}, rest
}

// onlyNamed tells whether part is a name and an address and nothing else.
func onlyNamed(part string) bool {
	m := namedAddress.FindString(part)
	return m != "" && len(m) == len(part)
}

// splitOutside splits at sep, but not inside quotation marks or angle brackets.
func splitOutside(s, seps string) []string {
	var parts []string
	quoted, angle, from := false, false, 0
	lastQuote, lastAngle := strings.LastIndexByte(s, '"'), strings.LastIndexByte(s, '>')
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted && i < lastQuote
		case r == '<' && !quoted:
			angle = i < lastAngle
		case r == '>':
			angle = false
		case strings.ContainsRune(seps, r) && !quoted && !angle:
			parts = append(parts, s[from:i])
			from = i + utf8.RuneLen(r)
		}
	}
	return append(parts, s[from:])
}

var (
	anyAddress = regexp.MustCompile(`<?(?:mailto:)?([^\s<>,;:|()"]+@[^\s<>,;:|()"]+)>?`)
	inBrackets = regexp.MustCompile(`\(([^()]*)\)`)
	dashes     = regexp.MustCompile(` (?:-|–|—|\|) `)
	isA        = regexp.MustCompile(`^(?:(?:she|he|they|who)\s+)?(?:(?:is|are|works as|working as|now|an?)\s+)+`)
	atPlace    = regexp.MustCompile(`(?i)^(?:(?:works|working|is|as|an?|the)\s+)*(.*?)\s*(?:\bat\b|\bwith\b|\bbei\b|\bchez\b|@)\s+(.+)$`)
	labelled   = regexp.MustCompile(`(?i)^(role|job|title|position|organisation|organization|org|company|employer|firm|field|area|industry|closeness|via|name)\s*[:=]\s*(.+)$`)
	fieldWord  = regexp.MustCompile(`(?i)^(?:field|in the field of|in|works in|working in)\s+(.+)$|^(.+?)\s+field$`)
	viaWord    = regexp.MustCompile(`(?i)^(?:via|through|thanks to|(?:referred|recommended|introduced|suggested)(?: to me)? by|friend of|colleague of|from)\s+(.+)$`)
	companyEnd = regexp.MustCompile(`(?i)\b(?:gmbh|inc|ltd|llc|ag|se|plc|corp|corporation|co|company|university|universität|institute|institut|hospital|school|college|agency|group|bank|times|foundation)\.?$`)
)

// describeOne reads one person.
func describeOne(s string) (Person, string) {
	var p Person
	var parts, left []string
	seps := ",;|\t"
	if !strings.ContainsAny(s, ",;|\t") {
		s = dashes.ReplaceAllString(s, ", ")
	}
	for _, m := range inBrackets.FindAllStringSubmatch(s, 4) {
		if _, _, ok := closenessOf(m[1]); ok || (!strings.Contains(m[1], "@") && !startsWithAddress(s)) {
			s = strings.Replace(s, m[0], " ", 1) + ", " + m[1]
		}
	}
	raw := splitOutside(s, seps)
	name := ""
	for i, part := range raw {
		part = strings.TrimSpace(part)
		loc := anyAddress.FindStringSubmatchIndex(part)
		var a message.Address
		if loc != nil {
			tok := strings.TrimRight(part[loc[2]:loc[3]], ".!?'")
			a, _ = message.ParseAddress(tok)
		}
		switch {
		case a == "":
			parts = append(parts, part)
			continue
		case p.Address != "":
			left = append(left, part)
			continue
		}
		p.Address = a
		before, after := strings.TrimSpace(part[:loc[0]]), strings.TrimSpace(part[loc[1]:])
		before = strings.TrimRight(before, ":-– (")
		after = strings.Trim(after, "().- ")
		if before == "" && after != "" && (i == 0 || !hasName(parts)) {
			before, after = after, ""
		}
		if before != "" {
			// "Doe, Jane <jane@example.org>"
			if i == 1 && len(parts) == 1 && !strings.Contains(parts[0], " ") && nameLike(parts[0], true) && nameLike(before, true) {
				before, parts = before+" "+parts[0], nil
			}
			name = before
		}
		if after != "" {
			parts = append(parts, after)
		}
	}
	if name == "" && len(parts) > 0 {
		if _, _, ok := closenessOf(parts[0]); !ok && !labelled.MatchString(parts[0]) && !viaWord.MatchString(parts[0]) {
			name, parts = parts[0], parts[1:]
		}
	}
	name, p.Closeness = closenessBeforeName(name)
	p.Name = niceName(name)
	if i := strings.LastIndexByte(p.Name, ' '); i > 0 { // "Jane Doe friend"
		if c, _, ok := closenessOf(p.Name[i+1:]); ok && p.Closeness == "" && unicode.IsLower(rune(p.Name[i+1])) {
			p.Name, p.Closeness = strings.TrimSpace(p.Name[:i]), c
		}
	}
	for _, part := range parts {
		if part = strings.Trim(part, " ."); part != "" && !p.detail(part) {
			left = append(left, part)
		}
	}
	return p, strings.Join(left, ", ")
}

func startsWithAddress(s string) bool {
	loc := anyAddress.FindStringIndex(s)
	return loc != nil && loc[0] == 0
}

func hasName(parts []string) bool {
	return len(parts) > 0 && nameLike(parts[0], true)
}

// closenessBeforeName reads "my friend Jane Doe".
func closenessBeforeName(name string) (rest, closeness string) {
	ws := strings.Fields(name)
	for i, w := range ws {
		if c := closenessWords[w]; c != "" && i+1 < len(ws) {
			return strings.Join(ws[i+1:], " "), c
		}
		if !closenessBefore[w] {
			break
		}
	}
	return name, ""
}

// niceName takes quotation marks off a name, turns "Doe, Jane" around, and gives capitals to one written without any.
func niceName(s string) string {
	s = strings.Join(strings.Fields(strings.Trim(s, " \t\"'“”„«»<>,;:.=*_")), " ")
	if last, first, ok := strings.Cut(s, ", "); ok && !strings.Contains(first, ",") {
		s = first + " " + last
	}
	if s != strings.ToLower(s) {
		return s
	}
	ws := strings.Fields(s)
	for i, w := range ws {
		r, n := utf8.DecodeRuneInString(w)
		ws[i] = string(unicode.ToUpper(r)) + w[n:]
	}
	return strings.Join(ws, " ")
}

// detail fills the field that part describes; false if there is none left for it.
func (p *Person) detail(part string) bool {
	if m := labelled.FindStringSubmatch(part); m != nil {
		switch setFields[strings.ToLower(m[1])] {
		case "role":
			return setOnce(&p.Role, m[2])
		case "organisation":
			return setOnce(&p.Organisation, m[2])
		case "field":
			return setOnce(&p.Field, m[2])
		case "referred_by":
			return p.through(m[2])
		case "name":
			return setOnce(&p.Name, m[2])
		case "closeness":
			part = m[2]
		}
	}
	if c, via, ok := closenessOf(part); ok {
		if via != "" {
			return p.through(via)
		}
		// "friend, teacher": the second word that could be a closeness is what the person does.
		return setOnce(&p.Closeness, c) || setOnce(&p.Role, part)
	}
	if m := viaWord.FindStringSubmatch(part); m != nil {
		return p.through(m[1])
	}
	if strings.Contains(part, "://") {
		return false
	}
	part = isA.ReplaceAllString(part, "")
	if m := atPlace.FindStringSubmatch(part); m != nil && p.Organisation == "" {
		role := m[1]
		if strings.EqualFold(role, "works") || strings.EqualFold(role, "working") {
			role = ""
		}
		if role != "" && p.Role == "" {
			if c, _, ok := closenessOf(role); ok {
				p.Closeness = firstOf(p.Closeness, c)
			} else {
				p.Role = role
			}
		} else if role != "" {
			return setOnce(&p.Field, part)
		}
		p.Organisation = m[2]
		return true
	}
	if m := fieldWord.FindStringSubmatch(part); m != nil {
		return setOnce(&p.Field, firstOf(m[1], m[2]))
	}
	if companyEnd.MatchString(part) && p.Organisation == "" {
		p.Organisation = part
		return true
	}
	return setOnce(&p.Role, part) || setOnce(&p.Organisation, part) || setOnce(&p.Field, part)
}

// through notes who recommended the person.
func (p *Person) through(name string) bool {
	if p.Via != "" {
		return false
	}
	p.Via = niceName(name)
	p.Closeness = firstOf(p.Closeness, "referred")
	return true
}

func setOnce(field *string, value string) bool {
	if *field != "" {
		return false
	}
	*field = strings.TrimSpace(value)
	return true
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// closenessWords say how close a person is. Words before them ("a good", "my former") do not matter.
var closenessWords = func() map[string]string {
	m := map[string]string{"close": "close", "known": "known", "referred": "referred", "referral": "referred", "cold": "cold"}
	for word, list := range map[string]string{
		"close": `friend friends freunde amis familia famille familie family pal buddy relative mother father mum mom dad parent sister brother sibling cousin aunt
			uncle niece nephew husband wife spouse partner boyfriend girlfriend son daughter grandmother grandfather grandma
			grandpa godmother godfather roommate flatmate freund freundin familie ami amie amigo amiga`,
		"known": `colleague colleagues coworkers kollegen collegues collègues conocidos acquaintances coworker co-worker workmate acquaintance contact classmate schoolmate schoolfriend
			teammate boss teacher professor lecturer mentor tutor supervisor alumni alumnus alumna neighbour
			neighbor client customer ex-colleague ex-boss kollege kollegin bekannter bekannte collègue collegue conocido
			conocida`,
		"cold": `stranger unknown`,
	} {
		for w := range strings.FieldsSeq(list) {
			m[w] = word
		}
	}
	return m
}()

var closenessBefore = map[string]bool{
	"a": true, "an": true, "my": true, "our": true, "old": true, "good": true, "close": true, "best": true, "dear": true,
	"former": true, "ex": true, "great": true, "distant": true, "school": true, "childhood": true, "university": true,
	"college": true, "work": true, "is": true, "family": true, "the": true, "very": true,
}

// closenessOf reads a closeness. "friend of Bob" is a referral through Bob.
func closenessOf(s string) (closeness, via string, ok bool) {
	ws := strings.Fields(strings.ToLower(strings.Trim(s, " .")))
	for i, w := range ws {
		if c := closenessWords[w]; c != "" {
			switch {
			case i == len(ws)-1:
				return c, "", true
			case ws[i+1] == "of" && i+2 < len(ws):
				name := strings.Join(strings.Fields(s)[i+2:], " ")
				if bareWord(name) == "mine" {
					return c, "", true
				}
				return "referred", name, true
			}
		}
		if !closenessBefore[w] {
			return "", "", false
		}
	}
	return "", "", false
}

// Describe reads people as they are described behind add and ask, for lists that come from elsewhere. Rest is what was
// left over of the details; no people means that the text describes nobody.
func Describe(text string) (people []Person, rest string) {
	if len(text) > maxBytes {
		return nil, ""
	}
	people, rest = describe(bullet(clean(text)))
	if len(people) == 1 && people[0].Address == "" && !nameLike(people[0].Name, false) {
		return nil, ""
	}
	return people, rest
}

// Closeness reads a word for how close somebody is ("friend", "my former colleague", "known") as close, known, referred
// or cold.
func Closeness(text string) (closeness string, ok bool) {
	c, _, ok := closenessOf(text)
	return c, ok
}
