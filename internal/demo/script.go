package demo

import (
	"fmt"
	"strings"
	"time"
)

// script is what Ada says and does in four months.
type script struct {
	typo    string // a word of it that is no verb
	mended  string // what she meant
	wrong   string // what the receipt of a mistake says
	news    string // for the check-ins
	people  []lines
	letters []note // mails to herself, at their times
}

// note is a mail to herself.
type note struct {
	at             time.Time
	subject, words string
}

// lines are what she says about one person.
type lines struct {
	name, address string
	picks         []string // which of the proposed times, in order; then "a"
	outcomes      []string // how each talk went
	edit          string   // her own words in place of the thank-you that is announced
	sees          []seen
}

// seen is what she does once when a digest shows something of somebody.
type seen struct {
	shows string
	from  time.Time // not before
	says  string    // the verb, behind the item's number
	hand  string    // or a mail to them by hand
}

// adaPlays is the script, beginning on a Monday.
func adaPlays(begin time.Time, everybody []part) script {
	at := func(days, hour, minute int) time.Time {
		return time.Date(begin.Year(), begin.Month(), begin.Day()+days, hour, minute, 0, 0, begin.Location())
	}
	s := script{
		typo:   "aks Cleo",
		mended: "ask Cleo Moss <cleo@moss.example.org>, friend, illustrator",
		wrong:  "Lena Park is closed",
		news: "I have finished the statistics course, and my first data story was printed in the Evening Example last week. " +
			"In March I begin an internship on a data desk, so your advice has carried me further than I had hoped.",
		letters: []note{
			{at: at(0, 8, 25), subject: "let's begin", words: "aks Cleo Moss <cleo@moss.example.org>, friend, illustrator\n" +
				"ask Jane Doe <jane@doe.test>, friend, nurse at St. Example\n" +
				"ask Bob Roe <bob@roe.example.com>, colleague, editor at Evening Example"},
			{at: at(0, 8, 50), subject: "some more, for later", words: adds(everybody[3:])},
			{at: at(2, 17, 50), subject: "quinn", words: "set Quinn timezone America/New_York\nnote Quinn spoke at the open data meetup in spring"},
			{at: at(15, 18, 5), subject: "somebody moved away", words: "close Lena"},
		},
	}
	s.people = []lines{
		{
			name: "Jane Doe", address: "jane@doe.test",
			sees: []seen{{shows: "has agreed", says: "talk thu 15:00 at Café Muster"}},
			outcomes: []string{"What stayed with me: how openly she spoke about the night shifts, and that she changed wards twice before it fitted.\n" +
				"Their advice, in a line: try the work for a week before you judge it\n" +
				"What I thank them for: Your story about changing wards twice took a weight off my mind."},
		},
		{
			name: "Bob Roe", address: "bob@roe.example.com", picks: []string{"b"},
			outcomes: []string{"Great talk. He began as a sports reporter and learned R in the evenings; small projects first, he says."},
			edit: "Dear Bob,\n\nthank you for Friday. I went straight home and downloaded the election data you spoke of; the first chart is ugly, and I am proud of it.\n\n" +
				"You will hear from me when there is a second one.\n\nAda",
		},
		{name: "Cleo Moss", address: "cleo@moss.example.org"},
		{
			name: "Dana Fox", address: "dana.fox@stat.example.com",
			outcomes: []string{"She explained confidence intervals with cake. Advice: publish the mistakes, too.\nthanks Dana: I will never look at a cake without error bars again."},
		},
		{
			name: "Emil Stray", address: "emil.stray@new-desk.test", picks: []string{"b"},
			sees:     []seen{{shows: "came back", says: "address emil.stray@new-desk.test"}},
			outcomes: []string{"He writes the scrapers for the whole desk. Showed me his notebook, and how he tests a scraper before an election."},
		},
		{name: "Finn Still", address: "finn@still.example.org"},
		{
			name: "Gale Winter", address: "gale@winter.example.com",
			outcomes: []string{"She runs a desk of six. Look for an editor who likes numbers, she says, the rest can be learned.\n" +
				"She says I should talk to Ivo Lark <ivo@lark.example.com>, who teaches what I need.\n" +
				"thanks Gale: Your advice to look for the editor first has turned my list around."},
		},
		{name: "Hugo Bitter", address: "hugo@bitter.example.org"},
		{
			name: "Ivo Lark", address: "ivo@lark.example.com", picks: []string{"b"},
			outcomes: []string{"He offered me a seat in his course in January! We went through three of his lessons."},
		},
		{
			name: "Kim Later", address: "kim@later.example.com",
			outcomes: []string{"noshow", "This time it worked. Product people and reporters ask the same first question: who is it for?"},
		},
		{
			name: "Lena Park", address: "lena@park.example.com",
			sees:     []seen{{shows: "wrote", says: "skip"}},
			outcomes: []string{"Tea, cake, and how she taught herself to make maps for her geography class."},
		},
		{
			name: "Mira Sand", address: "mira@sand.example.org",
			outcomes: []string{"Pictures and charts fight for the same square of paper; she told me how the two desks make peace."},
		},
		{
			name: "Nils Full", address: "nils@full.example.com", picks: []string{"b"},
			outcomes: []string{"Knows every archive in town. Advice: ask the librarian first, it takes five minutes and saves five days."},
			sees:     []seen{{shows: "delayed", says: "skip"}},
		},
		{
			name: "Owen Hart", address: "owen@hart.example.org",
			outcomes: []string{"Audio and data is a field nobody works in yet, he says. We have a plan for one episode."},
			sees: []seen{{shows: "nudge", hand: "Hi Owen,\n\nwe sat next to each other at the podcast evening last night and I forgot to ask: did you get my mail? " +
				"Twenty minutes about how you came to audio would help me a lot.\n\nAda"}},
		},
		{
			name: "Petra Lind", address: "petra@lind.example.com",
			outcomes: []string{"She draws first and counts later, and let me see the drafts of a page that won a prize."},
			sees:     []seen{{shows: "would rather talk later", hand: "Dear Petra,\n\na happy new year! You asked me to come back in January: are there twenty minutes for me in your calendar now?\n\nAda"}},
		},
		{
			name: "Quinn Ash", address: "quinn@ash.example.org",
			outcomes: []string{"Radio numbers must be heard once and understood. She rounds everything, and told me what for."},
			sees:     []seen{{shows: "has a question for you", hand: "Hello Quinn,\n\nhow you came to radio, and what your days are like. A video call is perfect; any hour suits me.\n\nAda"}},
		},
		{
			name: "Rosa Vale", address: "rosa@vale.test",
			outcomes: []string{"Two hours instead of twenty minutes, and a list of books."},
		},
		{
			name: "Theo Brand", address: "theo@brand.example.com",
			sees: []seen{
				{shows: "nudge", says: "hold"},
				{shows: "points you to", says: "refer Vera Nord <vera@nord.example.com>, data lead at Example Partners\n{n} skip"},
			},
		},
		{
			name: "Vera Nord", address: "vera@nord.example.com",
			outcomes: []string{"Her advice, after ten years of teams: keep one afternoon a week for what nobody asked for.\nthanks Vera: The free afternoon is in my calendar, every Friday."},
		},
	}
	return s
}

// adds notes people to ask later, a line each.
func adds(people []part) string {
	var all []string
	for _, p := range people {
		all = append(all, fmt.Sprintf("add %s <%s>, %s", p.name, p.address, p.known))
	}
	return strings.Join(all, "\n")
}
