package demo

import "time"

// trigger is the sight that makes somebody act.
type trigger string

const (
	anAsk   trigger = "ask"    // the first mail that reaches them
	aLetter trigger = "letter" // a further mail in words: a nudge, or what the owner writes by hand
	aDate   trigger = "date"   // an invitation for the calendar
	himself trigger = "self"   // nothing: it follows what they did before
)

// how is the way an answer is given.
type how string

const (
	byMail    how = ""          // in words, above the quoted mail
	away      how = "away"      // the mail program answers alone
	accepting how = "accepting" // the calendar answers the invitation
	inviting  how = "inviting"  // their own calendar proposes a time
)

// A reaction is what somebody does about a mail. In the words, {a} and {b} are the times: said as they stand here, or, where
// they are like "+5 16:00", so many working days later.
type reaction struct {
	to    trigger
	after time.Duration // human time to answer
	past  time.Duration // with himself: so long after the end of the talk
	how   how
	says  string
	times [2]string
	from  string // another address of theirs
	no    bool   // it ends the conversation: nothing may come after it
}

// A part is somebody in the demo: who they are, what they do, and where that leads.
type part struct {
	name, address string
	known         string // how the owner describes them
	elsewhere     string // an address that reaches them, once this one does not
	bounces       string // what mail to the address comes back with
	delayed       bool   // it arrives later all the same
	does          []reaction
	ends          string // the stage after four months
}

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// ok is a calendar that accepts.
func ok() reaction { return reaction{to: aDate, after: 3 * hour, how: accepting} }

// cast is everybody whom Ada knows, in the order in which she thinks of them.
func cast() []part {
	return []part{
		{
			name: "Jane Doe", address: "jane@doe.test", known: "friend, nurse at St. Example", ends: "in_touch",
			does: []reaction{
				{to: anAsk, after: 40 * time.Minute, says: "Yes, of course! Just say when, my shifts are easy next week.\n\nJane"},
				ok(),
			},
		},
		{
			name: "Bob Roe", address: "bob@roe.example.com", known: "colleague, editor at Evening Example", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 5 * hour, times: [2]string{"Thursday at 3pm", "Friday at 10:00"},
					says: "Hello Ada,\n\ngladly! Would {a} or {b} suit you?\n\nBob Roe\nEvening Example\n+49 30 5550 0100",
				},
				ok(),
			},
		},
		{
			name: "Cleo Moss", address: "cleo@moss.example.org", known: "friend, illustrator", ends: "declined",
			does: []reaction{
				{
					to: anAsk, after: 26 * hour, no: true,
					says: "Dear Ada,\n\nthank you for thinking of me, but I have to decline, this autumn is simply too full.\n\nAll the best with it!\nCleo",
				},
			},
		},
		{
			name: "Dana Fox", address: "dana.fox@stat.example.com", known: "colleague, statistician at Example Institute", ends: "in_touch",
			does: []reaction{
				{to: anAsk, after: time.Minute, how: away, says: "Thank you for your mail. I am out of the office until {until} and will answer after my return.\n\nDana Fox"},
				{
					to: aLetter, after: 4 * hour, times: [2]string{"Wednesday at 11:00", ""},
					says: "Dear Ada,\n\nback at last, and yes, happy to talk. {a} would be good.\n\nDana",
				},
				ok(),
			},
		},
		{
			name: "Emil Stray", address: "emil@old-desk.test", elsewhere: "emil.stray@new-desk.test", known: "colleague, developer", ends: "in_touch",
			bounces: "550 5.1.1 no such user here",
			does: []reaction{
				{
					to: anAsk, after: 7 * hour, times: [2]string{"Monday at 14:00", "Tuesday at 16:30"},
					says: "Hi Ada, how did you find me? I changed jobs in spring. I would love to talk: {a}? Or {b}?\n\nEmil",
				},
				ok(),
			},
		},
		{
			name: "Finn Still", address: "finn@still.example.org", known: "acquaintance, reporter", ends: "silent",
		},
		{
			name: "Gale Winter", address: "gale@winter.example.com", known: "colleague, head of data at Daily Example", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 22 * hour, times: [2]string{"Tuesday at 9:30", "Wednesday at 17:00"},
					says: "Hello Ada,\n\nsure, 20 minutes are no problem: {a} or {b}.\n\nBest\nGale",
				},
				ok(),
			},
		},
		{
			name: "Hugo Bitter", address: "hugo@bitter.example.org", known: "cold, editor at Weekly Example", ends: "opted_out",
			does: []reaction{
				{to: anAsk, after: 3 * hour, no: true, says: "Please remove me from your list and do not write to me again."},
			},
		},
		{
			name: "Kim Later", address: "kim@later.example.com", known: "acquaintance, product manager at Example Apps", ends: "in_touch",
			does: []reaction{
				{
					to: aLetter, after: 2 * hour, times: [2]string{"Thursday at 16:00", ""},
					says: "Ada, sorry for the silence, it was a mad week. Yes, of course! {a}?\n\nKim",
				},
				ok(),
				{
					to: himself, past: 90 * time.Minute, times: [2]string{"next Tuesday at 16:00", ""},
					says: "I am so sorry, I was stuck in a meeting and missed our call. Could we try {a}?\n\nKim",
				},
				ok(),
			},
		},
		{
			name: "Lena Park", address: "lena@park.example.com", known: "friend, teacher", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 9 * hour, from: "lena.private@home.test", times: [2]string{"Friday at 15:30", ""},
					says: "Writing from home, the school's mail is a pain. {a} would be lovely, over tea?\n\nL.",
				},
				{to: aDate, after: 5 * hour, from: "lena.private@home.test", says: "Great, see you then!\n\nL."},
			},
		},
		{
			name: "Mira Sand", address: "mira@sand.example.org", known: "colleague, photo editor at Daily Example", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 6 * hour, times: [2]string{"+6 11:00", "+8 11:00"},
					says: "Hi Ada! I can do {a} or {b}.\n\nMira",
				},
				{
					to: aDate, after: 20 * hour, times: [2]string{"+7 10:00", ""},
					says: "Ada, something has come up, I can't make it after all. Could we move it to {a}?\n\nMira",
				},
				ok(),
			},
		},
		{
			name: "Nils Full", address: "nils@full.example.com", known: "acquaintance, librarian at Example Library", ends: "in_touch",
			bounces: "452 4.2.2 mailbox full", delayed: true,
			does: []reaction{
				{
					to: anAsk, after: 8 * hour, times: [2]string{"Monday at 10:00", "Wednesday at 13:00"},
					says: "Hello Ada,\n\nmy mailbox was full, yours was the first mail that came through again. {a}, or {b}?\n\nNils",
				},
				ok(),
			},
		},
		{
			name: "Owen Hart", address: "owen@hart.example.org", known: "acquaintance, podcast producer", ends: "in_touch",
			does: []reaction{
				{
					to: aLetter, after: 3 * hour, times: [2]string{"Tuesday at 14:00", ""},
					says: "Hey Ada! You are right, I had missed it. {a}?\n\nOwen",
				},
				ok(),
			},
		},
		{
			name: "Petra Lind", address: "petra@lind.example.com", known: "acquaintance, news designer at Evening Example", ends: "in_touch",
			does: []reaction{
				{to: anAsk, after: 11 * hour, says: "Dear Ada, until the end of the year I am buried in work. Could you ask me again on 11 January?\n\nPetra"},
				{
					to: aLetter, after: 5 * hour, times: [2]string{"Thursday at 13:00", ""},
					says: "Dear Ada, that was quick! Yes, now it works. {a}?\n\nPetra",
				},
				ok(),
			},
		},
		{
			name: "Quinn Ash", address: "quinn@ash.example.org", known: "acquaintance, data reporter at Example Radio", ends: "in_touch",
			does: []reaction{
				{to: anAsk, after: 10 * hour, says: "Hello Ada, interesting! What exactly would you like to know, and would a video call be all right?\n\nQuinn"},
				{to: aLetter, after: 5 * hour, how: inviting, times: [2]string{"+5 16:00", ""}, says: "Perfect, here is an invitation."},
				ok(),
			},
		},
		{
			name: "Rosa Vale", address: "rosa@vale.test", known: "friend, science writer", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 28 * hour, times: [2]string{"Thursday at 17:00", ""},
					says: "Ada! What a nice mail. {a}?\n\nRosa",
				},
				ok(),
			},
		},
		{
			name: "Theo Brand", address: "theo@brand.example.com", known: "acquaintance, consultant at Example Partners", ends: "talking",
			does: []reaction{
				{
					to: anAsk, after: 9*day + 2*hour,
					says: "Dear Ada, I am afraid that I am the wrong one, I only draw slides. You should talk to my colleague Vera Nord <vera@nord.example.com>, " +
						"she built our data team.\n\nTheo",
				},
			},
		},
	}
}

// recommended are those whom others name: Ivo, whom Ada writes into her report, and Vera, whom Theo writes of.
func recommended() []part {
	return []part{
		{
			name: "Ivo Lark", address: "ivo@lark.example.com", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 6 * hour, times: [2]string{"Tuesday at 10:00", "Thursday at 10:00"},
					says: "Hello Ada,\n\nany friend of Gale's is welcome. {a} or {b}, whichever you like.\n\nIvo",
				},
				ok(),
			},
		},
		{
			name: "Vera Nord", address: "vera@nord.example.com", ends: "in_touch",
			does: []reaction{
				{
					to: anAsk, after: 4 * hour, times: [2]string{"Monday at 12:00", ""},
					says: "Hi Ada, Theo told me already. {a}, on the phone?\n\nVera Nord\nExample Partners",
				},
				ok(),
			},
		},
	}
}
