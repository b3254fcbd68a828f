package message

import "strings"

// What mail programs put before the subject of an answer, in lower case. "Ref" and "Vs" are not among them where they are
// words of their own more often than prefixes.
var replyPrefixes = map[string]bool{
	"re": true, "aw": true, "antw": true, "antwort": true, "sv": true, "vs": true, "rv": true, "r": true, "rif": true,
	"res": true, "odp": true, "ynt": true, "yan": true, "atb": true, "bls": true, "vá": true, "απ": true, "отв": true, "ha": true, "на": true,
	"回复": true, "回覆": true, "答复": true, "答覆": true, "返信": true, "회신": true, "trả lời": true, "ตอบ": true, "השב": true, "رد": true,
}

// The same before a subject that is passed on.
var forwardPrefixes = map[string]bool{
	"fw": true, "fwd": true, "wg": true, "tr": true, "i": true, "enc": true, "vl": true, "vb": true, "doorst": true, "pd": true,
	"rvd": true, "ilt": true, "i̇lt": true, "továbbítás": true, "πρθ": true, "转发": true, "轉寄": true, "転送": true, "전달": true,
}

// BaseSubject returns the subject without the marks of answers and forwards and without tags in square brackets before
// them (RFC 5256 section 2.1).
func BaseSubject(subject string) string {
	s := cleanName(subject)
	for {
		rest, ok := cutPrefix(s, true)
		if !ok {
			break
		}
		s = rest
	}
	for {
		rest, ok := cutTag(s)
		if !ok || rest == "" {
			break
		}
		s = rest
	}
	for strings.HasSuffix(strings.ToLower(s), "(fwd)") {
		s = strings.TrimSpace(s[:len(s)-5])
	}
	return s
}

// ReplySubject returns the subject of an answer: "Re: " once before it.
func ReplySubject(subject string) string {
	s := cleanName(subject)
	for {
		rest, ok := cutPrefix(s, false)
		if !ok {
			break
		}
		s = rest
	}
	return strings.TrimSpace("Re: " + s)
}

// cutPrefix takes one mark of an answer from the front, with the tags before it, and marks of forwards too if forwards.
func cutPrefix(s string, forwards bool) (string, bool) {
	tagless := s
	for {
		rest, ok := cutTag(tagless)
		if !ok {
			break
		}
		tagless = rest
	}
	colon := strings.IndexAny(tagless[:min(len(tagless), 40)], ":：")
	if colon <= 0 {
		return s, false
	}
	mark := strings.ToLower(strings.TrimSpace(tagless[:colon]))
	// Counted: Re[2], Re(2), Re^2, Re 2, Re*2.
	mark = strings.TrimSpace(strings.TrimRight(mark, "0123456789[]()^* "))
	if !replyPrefixes[mark] && (!forwards || !forwardPrefixes[mark]) {
		return s, false
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(tagless[colon:], ":"), "：")
	return strings.TrimSpace(rest), true
}

// cutTag takes one [tag] from the front.
func cutTag(s string) (string, bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	end := strings.IndexByte(s[:min(len(s), 60)], ']')
	if end < 0 {
		return s, false
	}
	return strings.TrimSpace(s[end+1:]), true
}
