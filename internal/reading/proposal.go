package reading

// What is said about a time, around it. Only the clause it stands in counts.
var (
	clauseWords = wordSet("but however though although otherwise instead alternatively aber jedoch sondern sonst mais sinon pero sino maar anders ma mas porem aunque")
	notWords    = wordSet("not can't cannot cant couldn't can\u2019t won't wont don't dont doesn't doesnt isn't aren't wouldn't unable unavailable busy booked away travelling traveling " +
		"without never cancel cancelling canceling miss birthday wedding funeral turns flying teach teaching absagen annuler cancelar annullare afzeggen vacation dienstreise geschaftsreise trip deplacement trasferta viagem conference konferenz kongress conflict blocked conflicts unfortunately tough difficult impossible meetings tricky awkward swamped slammed packed hectic crazy tied underwater full " +
		"nicht kein keine keinen verhindert unterwegs schlecht urlaub schwierig pas indisponible absent absente prise pris conges " +
		"ocupado ocupada imposible niet geen bezet non impegnato impegnata impossibile nao ocupado")
	exceptWords = wordSet("except unless besides ausser sauf excepto salvo behalve tranne exceto hormis")
	okWords     = wordSet("works work fine good great ok okay suits suit perfect perfectly possible flexible free available best better ideal prefer preferably ideally happy love open wonderful excellent liebsten " +
		"passt ginge geht gut gerne gern super prima frei moglich besser lieber optimal klappt convient parfait disponible libre possible ideal bien va marche " +
		"funciona perfecto viene conviene puedo mejor bueno schikt prima goed kan past beter vrij uitstekend bene posso perfetto libero libera meglio serve bom otimo posso pode melhor livre perfeito")
	startWords = wordSet("how what let's lets shall could would perhaps maybe so then can suggest propose dafur vielleicht konnte konnten konnen wie schlage waere ware peut-etre plutot pouvez quiza quizas misschien zullen forse magari talvez therefore i'd")
	pastWords  = wordSet("was were met had saw wrote sent spoke talked asked received came started attended missed last ago since yesterday war waren hatte hatten letzten letzte seit dernier derniere etait depuis pasado pasada desde ultimo scorso scorsa vorige afgelopen")
	aimWords   = wordSet("thinking hoping wondering going planning considering")
	duePreps   = wordSet("by until till til before since bis vor seit avant hasta antes entro tot voor ate depuis dal prima")
	openPreps  = wordSet("from starting after ab beginning following as nach des vanaf")
	backWords  = wordSet("back return returning returns deadline due born zuruck wieder retour rentre reviens vuelvo regreso terug torno rientro volto know update")
)

// proposals keeps what is proposed: neither past, refused, nor a deadline. It
// then gives a lone clock the one day that was named before it.
func (s *scanner) proposals(all []found) []found {
	var out []found
	for i := range all {
		f := all[i]
		if f.drop || f.past || !f.noDay && !f.vague && !f.DayOnly && f.When.End.IsZero() && !f.Start.After(s.now) || s.refused(all, i) {
			continue
		}
		before := s.before(f.first)
		if duePreps[s.word(before)] && !(s.is(before, "by") && s.is(before-1, "stop", "drop", "swing", "come", "pop", "go", "pass")) && !(s.is(before, "before", "vor") && f.clock != nil && f.noDay) {
			continue
		}
		if f.DayOnly && f.instant.IsZero() {
			if openPreps[s.word(before)] && !s.is(before, "as") || s.is(before, "of") && s.is(before-1, "as", "week") || s.is(f.last, "onwards", "onward", "on") && s.endsClause(f.last+1) {
				f.open = true
			}
			if f.day.Equal(s.today) && !f.vague && s.rightOf(all, i) != saidYes && !s.nearYes(f.first) {
				continue // "thanks for your mail today"
			}
		}
		if i > 0 && s.corrects(all[i-1].last, f.first) {
			out = nil
		}
		f.When = s.keepWords(f)
		if f.noDay {
			if n := s.onlyDay(out, f); n >= 0 {
				s.merge(&out[n], f)
				continue
			}
		}
		out = append(out, f)
	}
	return dedupe(out)
}

// corrects reports that the words i to j take back what was said before them: "Thursday
// at 2. Sorry, I mean Friday".
func (s *scanner) corrects(i, j int) bool {
	for k := i; k < j && j-i < 14; k++ {
		if s.is(k, "mean", "meant", "meinte", "correction", "bedoel", "bedoelde") && !s.is(k-1, "you", "what") || s.is(k, "make") && s.is(k+1, "that") || s.is(k, "veux", "quiero", "voglio") && s.is(k+1, "dire", "decir") {
			return true
		}
	}
	return false
}

func (s *scanner) keepWords(f found) When {
	w := s.when(f)
	w.Phrase = f.When.Phrase
	return w
}

// before is the token before i, past articles.
func (s *scanner) before(i int) int {
	i--
	for s.is(i, "the", "den", "dem", "der", "le", "la", "el", "il", "on", "de", "zum", "al", "o", "a", "este", "este", "next", "this") {
		i--
	}
	return i
}

// onlyDay is the index of the single day without a clock among out, if f may
// belong to it, else -1.
func (s *scanner) onlyDay(out []found, f found) int {
	n := -1
	for i, o := range out {
		if o.noDay || o.vague {
			continue
		}
		if !o.DayOnly && !within(f, o) || n >= 0 {
			return -1
		}
		n = i
	}
	if n >= 0 && f.first-out[n].last > 40 {
		return -1
	}
	return n
}

// within reports that the lone clock f tells when exactly the part of a day in o is
// meant ("Lunch on Thursday? 12:30?").
func within(f, o found) bool {
	from, to := 0, 0
	switch {
	case o.part != nil && o.clock == nil:
		from, to = o.part.from, o.part.to
	case o.clock != nil && o.clock.part:
		from, to = o.clock.start, o.clock.end
	default:
		return false
	}
	return f.clock != nil && f.clock.start >= from-60 && f.clock.start <= to
}

func (s *scanner) merge(day *found, clock found) {
	words := s.span(day.first, day.last) + " " + s.span(clock.first, clock.last)
	if clock.first-day.last <= 12 {
		words = s.span(day.first, clock.last)
	}
	day.clock, day.last, day.words = clock.clock, clock.last, words
	day.When = s.when(*day)
}

func dedupe(all []found) []found {
	out := all[:0]
next:
	for _, f := range all {
		for _, o := range out {
			if o.Start.Equal(f.Start) && o.End.Equal(f.End) && o.DayOnly == f.DayOnly && o.Vague == f.Vague {
				continue next
			}
		}
		out = append(out, f)
	}
	return out
}

type verdict uint8

const (
	saidNothing verdict = iota
	saidYes
	saidNo
)

// refused reports that the writer speaks against the time at all[i].
func (s *scanner) refused(all []found, i int) bool {
	switch s.rightOf(all, i) {
	case saidYes:
		return false
	case saidNo:
		return true
	case saidNothing:
	}
	return s.leftOf(all, i) == saidNo
}

// rightOf judges what is said after a time: "works", "is not possible". In a list
// what is said after the last holds for all.
func (s *scanner) rightOf(all []found, i int) verdict {
	for k := i; k+1 < len(all) && all[k+1].first >= all[k].last && all[k+1].first-all[k].last <= 3 && s.onlyJoins(all[k].last, all[k+1].first); k++ {
		i = k + 1
	}
	end := len(s.t)
	if i+1 < len(all) {
		end = max(all[i+1].first, all[i].last)
	}
	if s.punct(all[i].last, ",") && all[i].bare && s.toldAfter(all[i].last+1) {
		return saidNo
	}
	said := saidNothing
	for j := all[i].last; j < end && j < all[i].last+9; j++ {
		w := s.word(j)
		if j == all[i].last && s.punct(j, ",") && s.is(j+1, "unfortunately", "leider", "sorry") {
			return saidNo
		}
		if s.punct(j, ",.;!?:()") || s.t[j].lines > 1 || clauseWords[w] || s.is(j, "if", "unless", "because", "since", "when", "and", "so", "falls", "wenn", "weil", "si", "quand", "und", "et", "y", "e", "en", "als", "se", "i", "we", "or", "except", "ausser", "sauf", "excepto", "salvo", "behalve", "tranne", "exceto", "until") {
			break
		}
		switch {
		case w == "no" && s.is(j+1, "problem", "issue"), w == "in" && s.is(j+1, "mind"):
			return saidYes
		case s.is(j, "was", "were", "cancelled", "canceled", "postponed", "war"):
			return saidNo
		case notWords[w], s.is(j, "no", "out") && j > all[i].last, s.is(j, "bad", "full"):
			return saidNo
		case okWords[w] && said == saidNothing:
			said = saidYes
		}
	}
	return said
}

// toldWords tell of what is past.
var toldWords = wordSet("did had was were went met saw said got came wrote learned learnt talked spoke told happened started finished")

// toldAfter reports that a story goes on at token i: "On Friday, we met …".
func (s *scanner) toldAfter(i int) bool {
	for j := i; j < i+8 && j < len(s.t); j++ {
		if s.punct(j, ".!?;:,") || s.is(j, "could", "would", "can", "will", "if", "i'd", "i'll", "be", "is") {
			return false
		}
		if toldWords[s.word(j)] {
			return true
		}
	}
	return false
}

func (s *scanner) onlyJoins(i, j int) bool {
	for ; i < j; i++ {
		if !s.punct(i, ",/&") && !s.is(i, "or", "and", "oder", "und", "ou", "et", "y", "o", "e", "of", "en", "on", "the", "am", "el", "le", "il", "den", "het", "a", "op") {
			return false
		}
	}
	return true
}

// leftOf judges the clause before a time, from the time backwards.
func (s *scanner) leftOf(all []found, i int) verdict {
	comma := false
	for j := all[i].first - 1; j >= 0 && j >= all[i].first-25; j-- {
		if s.t[j+1].lines > 1 || s.endsSentence(j, all, i) {
			break
		}
		w := s.word(j)
		switch {
		case clauseWords[w]:
			if w == "but" && j >= all[i].first-2 && s.anyBefore(j) && (i == 0 || all[i-1].first < j-8 || s.anyBefore(all[i-1].last) && s.onlyAny(all[i-1].first)) {
				return saidNo // "any day but Monday"
			}
			return saidNothing
		case s.punct(j, ","):
			if i > 0 && all[i-1].last < j && all[i-1].last > j-12 && !s.sentenceBetween(all[i-1].last, j) {
				return saidNothing // what is said left of the comma is said of the time there
			}
			comma = true
		case j >= all[i].first-2 && (s.is(j, "over", "statt") && i > 0 && all[i-1].last >= j-1 || s.is(j, "than", "of") && s.is(j-1, "rather", "instead")):
			return saidNo // "Thursday rather than Friday"
		case exceptWords[w]:
			if comma {
				return saidNothing
			}
			return saidNo
		case s.is(j, "don't") && s.is(j-1, "why"), s.is(j, "not") && s.is(j-1, "why", "only", "if"), s.is(j, "nicht") && s.is(j-1, "warum", "wieso"), s.is(j, "pas") && s.is(j-1, "pourquoi"), s.is(j, "no") && s.is(j-1, "que"), s.is(j, "niet") && s.is(j-1, "waarom"):
			return saidNothing
		case notWords[w], s.is(j, "no") && !s.is(j+1, "problem", "worries", "rush"), s.is(j, "out") && s.is(j-1, "i'm", "am", "be", "is", "are"), s.is(j, "leave") && s.is(j-1, "on"):
			if comma && s.conditional(j) || s.is(j, "can't", "cannot") && s.is(j+1, "wait", "go") {
				return saidNothing
			}
			return saidNo
		case okWords[w]:
			for k := j - 1; k >= 0 && k >= j-3 && !s.punct(k, ".!?;,"); k-- {
				if notWords[s.word(k)] {
					return saidNo
				}
			}
			return saidYes
		case startWords[w]:
			return saidNothing
		case pastWords[w] && !s.is(all[i].first-1, "for", "fur", "pour", "para", "per", "voor") && !aimWords[s.word(j+1)] && !s.is(j+1, "in"):
			return saidNo
		case backWords[w] && !comma && !s.is(j+1, "and", "to") || s.is(j, "back") && s.is(j-1, "get"):
			return saidNo
		}
	}
	return saidNothing
}

// onlyAny reports that the time at token i is itself what is said of any day ("any day
// next week but Monday"), and not a day of its own ("all day Tuesday, but Wednesday …").
func (s *scanner) onlyAny(i int) bool {
	_, day := weekdays[s.word(i)]
	return !day
}

func (s *scanner) anyBefore(i int) bool {
	for j := i - 1; j >= 0 && j > i-8; j-- {
		if s.is(j, "any", "every", "anytime", "anything", "all", "each", "anyday") {
			return true
		}
	}
	return false
}

// conditional reports an "if" before token i in its clause.
func (s *scanner) conditional(i int) bool {
	for j := i - 1; j >= 0 && j > i-8; j-- {
		if s.is(j, "if", "falls", "wenn", "si", "se", "als", "mocht", "sollte") {
			return true
		}
		if s.punct(j, ".!?;") {
			break
		}
	}
	return false
}

func (s *scanner) endsSentence(j int, all []found, i int) bool {
	if !s.punct(j, ".!?;:•") {
		return false
	}
	for k := max(0, i-4); k <= i; k++ {
		if all[k].first <= j && j < all[k].last {
			return false // the dot of "24.11."
		}
	}
	return j+1 >= len(s.t) || s.t[j+1].space
}

func (s *scanner) endsClause(i int) bool {
	return i >= len(s.t) || s.t[i].kind == tokPunct || s.t[i].lines > 1
}

func (s *scanner) sentenceBetween(i, j int) bool {
	for ; i < j && i < len(s.t); i++ {
		if s.punct(i, ".!?;") || s.t[i].lines > 1 {
			return true
		}
	}
	return false
}

// nearYes reports a word that makes the day before it a proposal ("free today").
func (s *scanner) nearYes(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if w := s.word(j); okWords[w] || s.is(j, "call", "or", "about", "meet", "talk") {
			return true
		}
	}
	return false
}
