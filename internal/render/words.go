package render

import (
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

// contactFuncs are the functions of a contact template; the manual is in the package comment.
func contactFuncs() template.FuncMap {
	return template.FuncMap{
		"hello": hello, "sentence": sentence, "bare": bare, "quoted": quoted, "work": work,
		"lower": strings.ToLower, "shorten": shorten,
	}
}

// hello greets by name; without a name, or with an address in its place, it is the plain greeting that nobody takes
// amiss.
func hello(word, name string) string {
	if name = strings.TrimRight(strings.TrimSpace(name), ", "); !strings.ContainsFunc(name, unicode.IsLetter) || strings.Contains(name, "@") {
		return "Hello,"
	}
	return word + " " + name + ","
}

const endMarks = ".!?…。！？؟"

// ended reports whether s ends as a sentence does, closing quotes and emoji aside.
func ended(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)")
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(endMarks, r) || unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) || r == '\ufe0f'
}

// sentence gives s a capital in front and an end mark behind, where it lacks them.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return ""
	}
	word, _, _ := strings.Cut(s, " ")
	if first, n := utf8.DecodeRuneInString(s); word == strings.ToLower(word) && !strings.ContainsAny(word, "@/") {
		s = string(unicode.ToUpper(first)) + s[n:]
	}
	if !ended(s) && !strings.HasSuffix(s, ":") {
		s += "."
	}
	return s
}

// bare is s without its end mark.
func bare(s string) string { return strings.TrimRight(strings.TrimSpace(s), ".… ") }

// quoted is s as a quoted sentence.
func quoted(s string) string {
	if s = strings.Trim(strings.TrimSpace(s), "\"“”„«» "); s == "" {
		return ""
	}
	return "“" + sentence(s) + "”"
}

// work says what somebody does, to stand behind "your work". A long or odd role is left out: it would read as if
// pasted.
func work(role, organisation string) string {
	var parts []string
	if role = bare(role); role != "" && len(strings.Fields(role)) <= 6 {
		parts = append(parts, "as "+article(role))
	}
	if organisation = strings.TrimSpace(organisation); organisation != "" {
		parts = append(parts, "at "+organisation)
	}
	return strings.Join(parts, " ")
}

// article puts "a" or "an" before a role that many people have, and nothing before one that is held by one person.
func article(role string) string {
	word, _, _ := strings.Cut(role, " ")
	low := strings.ToLower(strings.Trim(word, ",.;"))
	first, _ := utf8.DecodeRuneInString(low)
	switch low {
	case "a", "an", "the", "head", "chief", "director", "vp", "svp", "evp", "ceo", "cto", "cfo", "coo", "cio", "cmo", "cpo", "president",
		"vice", "founder", "co-founder", "cofounder", "owner", "co-owner", "chair", "chairman", "chairwoman", "chairperson", "dean",
		"deputy", "managing", "executive", "professor", "editor-in-chief":
		return role
	}
	if first >= utf8.RuneSelf || !unicode.IsLetter(first) || strings.HasSuffix(low, "ing") {
		return role
	}
	vowel := strings.ContainsRune("aeiou", first)
	switch {
	case len(word) > 1 && word == strings.ToUpper(word): // spelt out: an HR manager, a UX designer
		vowel = strings.ContainsRune("AEFHILMNORSX", rune(word[0]))
	case hasAnyPrefix(low, "uni", "use", "eu", "one", "ux"):
		vowel = false
	case hasAnyPrefix(low, "hono", "hour", "heir"):
		vowel = true
	}
	if vowel {
		return "an " + role
	}
	return "a " + role
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
