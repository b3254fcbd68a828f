package reading

import "slices"

import "strings"

// A pattern is a phrase with choices: words parted by blanks, of which "a/b" is
// either, "a?" may be absent, "*" are up to three words of the same clause, {x} is a
// class of words, "^" the beginning of the sentence and "$" its end. Patterns and sentences are brought to the same spelling first
// (plain), so that "do not", "don't" and "dont" are one.
type pattern struct {
	steps []step
	start bool // "^": only there
}

type step struct {
	words    []string
	optional bool
	gap      bool
	end      bool // "$"
}

// patterns are found by the words that they can begin with.
type patterns map[string][]*pattern

// maxGap is how many words "*" may pass over.
const maxGap = 3

// classes of words that many patterns share.
var classes = map[string]string{
	"{i}":          "i/we",
	"{me}":         "me/us",
	"{my}":         "my/our",
	"{contact}":    "contact/email/mail/message/write/approach/disturb/bother",
	"{contacting}": "contacting/emailing/mailing/messaging/writing/texting/calling/bothering/spamming/harassing/pestering/disturbing/soliciting/sending",
	"{mails}":      "mail/mails/email/emails/message/messages/contact/contacts/correspondence/communication/communications/letters/newsletter/newsletters/solicitations/requests/enquiries/inquiries/texts/spam",
	"{not}":        "not/don't/never/won't/can't/couldn't/wouldn't/doesn't/shouldn't/isn't/aren't",
	"{can}":        "can/could/i'll/we'll/able",
	"{talk}":       "talk/chat/speak/connect/meet/converse/zoom/skype/call",
	"{good}":       "good/great/lovely/nice/fine/fun/wonderful/perfect/ok/super/fab/fantastic/brilliant/cool/excellent/ideal/delightful/awesome",
	"{slot}":       "slot/slots/time/times/day/days/date/dates/appointment/availability",
	"{now}":        "now/currently/momentarily/presently/lately",
}

// compile reads a table of patterns, parted by "|" and line ends.
func compile(table string) patterns {
	out := patterns{}
	for line := range strings.FieldsFuncSeq(table, func(r rune) bool { return r == '|' || r == '\n' }) {
		var p pattern
		for f := range strings.FieldsSeq(line) {
			var s step
			switch f {
			case "^":
				p.start = true
				continue
			case "$":
				s.end, s.optional = true, true
				p.steps = append(p.steps, s)
				continue
			case "*":
				s.gap, s.optional = true, true
				p.steps = append(p.steps, s)
				continue
			}
			f, s.optional = strings.CutSuffix(f, "?")
			for name, words := range classes {
				f = strings.ReplaceAll(f, name, words)
			}
			s.words = strings.Split(f, "/")
			p.steps = append(p.steps, s)
		}
		p.plainSteps()
		for _, s := range p.steps { // up to the first that must be there
			for _, w := range s.words {
				out[w] = append(out[w], &p)
			}
			if !s.optional {
				break
			}
		}
	}
	return out
}

// plainSteps brings single words that follow each other to the plain spelling: "do
// not" in a pattern is the "don't" of a sentence.
func (p *pattern) plainSteps() {
	var out []step
	for _, s := range p.steps {
		if s.gap || s.end {
			out = append(out, s)
			continue
		}
		for i, w := range s.words {
			if one := plain([]string{w}); len(one) == 1 {
				s.words[i] = one[0]
			}
		}
		if n := len(out); n > 0 && !out[n-1].gap && !out[n-1].optional && !s.optional && len(out[n-1].words) == 1 && len(s.words) == 1 {
			if both := plain([]string{out[n-1].words[0], s.words[0]}); len(both) == 1 {
				out[n-1].words[0] = both[0]
				continue
			}
		}
		out = append(out, s)
	}
	p.steps = out
}

// find returns the first match that is accepted: the tokens from from to to.
func (ps patterns) find(toks []string, accept func(from, to int) bool) (from, to int, ok bool) {
	for i, w := range toks {
		for _, p := range ps[w] {
			if p.start && i > 0 {
				continue
			}
			if end, ok := match(p.steps, toks, i); ok && (accept == nil || accept(i, end)) {
				return i, end, true
			}
		}
	}
	return 0, 0, false
}

// match matches steps at token i and returns where it ended.
func match(steps []step, toks []string, i int) (int, bool) {
	for k, s := range steps {
		if s.end {
			return i, i == len(toks)
		}
		if s.gap {
			for n := 0; n <= maxGap; n++ {
				if end, ok := match(steps[k+1:], toks, i+n); ok {
					return end, true
				}
				if i+n >= len(toks) || clauseWords[toks[i+n]] || negations[toks[i+n]] {
					break
				}
			}
			return 0, false
		}
		hit := i < len(toks) && oneOf(s.words, toks[i])
		switch {
		case hit && s.optional:
			if end, ok := match(steps[k+1:], toks, i+1); ok {
				return end, true
			}
		case hit:
			i++
		case !s.optional:
			return 0, false
		}
	}
	return i, true
}

func oneOf(words []string, w string) bool {
	return slices.Contains(words, w)
}

// plain brings words to one spelling: contractions, forgotten apostrophes, what is
// written short.
func plain(words []string) []string {
	out := words[:0:0]
	for _, w := range words {
		if p, ok := plainWords[w]; ok {
			w = p
		}
		if n := len(out); n > 0 {
			if c, ok := contractions[out[n-1]+" "+w]; ok {
				out[n-1] = c
				continue
			}
		}
		out = append(out, w)
	}
	return out
}

// contractions of two words.
var contractions = func() map[string]string {
	t := map[string]string{
		"let us": "let's", "can not": "can't", "will not": "won't", "shall not": "won't", "e mail": "email", "e mails": "emails", "e mailing": "emailing", "any more": "anymore", "any time": "anytime",
		"all right": "alright", "thank you": "thanks", "i should": "i'd", "i shall": "i'll", "we shall": "we'll", "mid january": "january", "resume cv": "cv", "par ce": "parce", "s il": "s'il",
	}
	for _, who := range []string{"i", "we", "you", "he", "she", "it", "they", "that", "there", "this", "what", "who", "how", "here"} {
		t[who+" will"] = who + "'ll"
		t[who+"'ll not"] = "won't"
		if who != "this" {
			t[who+" would"] = who + "'d"
		}
		switch who {
		case "i":
			t["i am"] = "i'm"
		case "we", "you", "they":
			t[who+" are"] = who + "'re"
		default:
			t[who+" is"] = who + "'s"
		}
	}
	for _, verb := range []string{"do", "does", "did", "is", "are", "was", "were", "could", "would", "should", "has", "had", "have"} {
		t[verb+" not"] = verb + "n't"
	}
	return t
}()

// plainWords are other spellings of one word.
var plainWords = map[string]string{
	"cannot": "can't", "cant": "can't", "dont": "don't", "wont": "won't", "im": "i'm", "ive": "i've", "lets": "let's", "thats": "that's", "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't", "arent": "aren't",
	"couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "havent": "haven't", "youre": "you're", "whats": "what's", "okay": "ok", "okey": "ok", "okie": "ok", "k": "ok", "kk": "ok", "u": "you", "ur": "your",
	"thx": "thanks", "thanx": "thanks", "ty": "thanks", "thnx": "thanks", "pls": "please", "plz": "please", "yea": "yeah", "yess": "yes", "yesss": "yes", "ya": "yeah", "yas": "yes", "noo": "no", "unfortunatly": "unfortunately", "unfortunatelly": "unfortunately", "definately": "definitely", "definitly": "definitely",
	"wanna": "want", "gonna": "going", "gotta": "have", "ain't": "isn't", "emailed": "emailed", "tho": "though", "cos": "because", "cuz": "because", "tmrw": "tomorrow", "honored": "honoured", "organize": "organise",
}

// said is a list of phrases for sentence.has: whole words in the plain spelling.
func said(table string) []string {
	out := list(table)
	for i, p := range out {
		out[i] = " " + strings.Join(plain(strings.Fields(bareWords(p))), " ") + " "
	}
	return out
}

// phraseSet is a set of whole sentences, as plain leaves them.
func phraseSet(table string) map[string]bool {
	t := map[string]bool{}
	for _, p := range said(table) {
		t[strings.TrimSpace(p)] = true
	}
	return t
}

// calm replaces idioms in which a no is none, and leaves fillers out.
func calm(toks []string) []string {
	for _, idiom := range idioms {
		for range 4 {
			from, to, ok := idiom.said.find(toks, nil)
			if !ok {
				break
			}
			toks = append(append(toks[:from:from], idiom.means), toks[to:]...)
		}
	}
	out := toks[:0]
	for _, w := range toks {
		if !fillers[w] {
			out = append(out, w)
		}
	}
	return out
}

// fillers are left out before phrases are looked for.
var fillers = wordSet("really also probably just simply actually kindly honestly totally personally frankly basically genuinely truly literally sincerely dearly greatly wirklich einfach eigentlich ehrlich vraiment realmente davvero echt")

var idioms = []struct {
	said  patterns
	means string
}{
	{compile("no problem at all | no/not a problem/bother at? all? | no trouble at? all? | no prob/probs | no objection/objections | i? don't see why not | why not | never say no | wouldn't/couldn't/can't say no | can't go wrong | can't wait | can't think of anything | can't think of * reason to say no | no * reason to say no | nothing i'd like better/more | wouldn't mind | don't mind at? all? | no reason not to | how could i say/refuse no? | couldn't refuse | uberhaupt kein problem | kein problem/ding/thema | spricht nichts dagegen | warum nicht | wieso nicht | pas de probleme/souci/soucis | aucun probleme/souci | sans probleme | pourquoi pas | sin ningun? problema | no hay ningun? problema | ningun problema | por que no | como no | nessun problema | non c'e problema | senza problemi | perche no | geen enkel? probleem | waarom niet | sem problema/problemas | nao tem/ha problema/problemas | por que nao"), "okidiom"},
	{compile("no worries | no rush | no hurry | no need | no doubt | not only | don't hesitate | not hesitate | don't worry | no pressure | no offence/offense | no harm | no later than | no idea | no wonder | no matter | no less than | no fewer than | no more than | no strings | no big deal | no biggie | no issue/issues | in no time | needless to say | not to mention | not just/merely | don't be a stranger | don't forget | don't be shy | don't mention it | why don't you | can't help but | can't complain | can't thank you | can't remember | can't recall | couldn't agree more | could not be happier | couldn't be happier/better | not bad | not too bad | not that bad | never mind | never too late | keine sorge/eile/angst/frage | nicht nur/schlimm/zogern/vergessen/schlecht | ohne zweifel | n'hesitez/hesitez/hesite/n'hesite pas | pas mal/grave | ne vous en faites pas | no dude/duden/dudes en | no te preocupes/preocupe | no se preocupe | no pasa nada | geen zorgen/haast/twijfel | niet alleen/erg | nessuna fretta | non si preoccupi | non ti preoccupare | non solo | sem pressa/duvida | nao se preocupe | nao so/apenas"), "aside"},
}
