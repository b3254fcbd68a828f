package render

// The pages below are what an engine builds on an ordinary day; the golden files and the screenshots show them.

const replyTo = "ada+askwell@example.org"

func reply(text, label, body string) Reply { return Reply{Text: text, Label: label, Body: body} }

func digestPage() Page {
	return Page{
		Subject: "2 need you, 1 talk tomorrow", Reply: replyTo, ReplySubject: "Re: 2 need you, 1 talk tomorrow",
		Sections: []Section{
			{Title: "Needs you", Items: []Item{
				{
					N: 1, Text: "Jane Doe proposes Tue 24 Nov 15:00 or Thu 26 Nov 10:00",
					Quote:   "Of course, happy to! Tuesday at three would suit me, or else Thursday morning at ten. I can also ask Bob whether he has time …",
					Replies: []Reply{reply("1 pick a", "Tue 24 Nov 15:00", "jane@example.org pick a"), reply("1 pick b", "Thu 26 Nov 10:00", "jane@example.org pick b"), reply("1 talk WHEN", "Another time", "talk jane@example.org ")},
				},
				{
					N: 2, Text: "Bob Roe, talk was Friday 14:00. How did it go?",
					Replies: []Reply{reply("2 met NOTES", "We talked", "met bob@example.org\n\n"), reply("2 noshow", "No-show", "noshow bob@example.org")},
				},
			}},
			{Title: "Going out", Hint: "stop one: 3 hold", Items: []Item{
				{N: 3, Text: "Cy Poe, nudge 1, today 10:40", Replies: []Reply{reply("", "Hold", "hold cy@example.org")}},
			}},
			{Title: "Coming up", Items: []Item{{N: 4, Text: "Dana Fox, tomorrow 10:00, 20 min, zoom"}}},
			{Title: "Whom to ask next", Items: []Item{
				{N: 5, Text: "Eve Lin, friend, nurse at St. Mary", Replies: []Reply{reply("5 ask", "Ask", "ask eve@example.org"), reply("5 skip", "Skip", "skip eve@example.org")}},
				{N: 6, Text: "No Tae-woo, referred by Jane Doe, data editor at Der Tag", Replies: []Reply{reply("6 ask", "Ask", "ask no@example.org"), reply("6 skip", "Skip", "skip no@example.org")}},
			}, More: 7},
		},
		Progress: &Progress{
			Asked: 14, Answered: 9, Met: 6, Week: 2, Goal: 3,
			Stages: []Count{{"to ask", 12}, {"asked", 4}, {"talking", 2}, {"scheduled", 1}, {"in touch", 6}},
			Chain:  []string{"Jane Doe → Dana Fox → Eve Lin"},
		},
		Foot: []string{"A reply can hold several lines, each with a number and a word: “5 ask”. “help” tells the rest."},
	}
}

func samplePages() map[string]Page {
	return map[string]Page{
		"digest": digestPage(),
		"prep": {
			Subject: "Tomorrow 10:00: Dana Fox", Reply: replyTo, ReplySubject: "Re: Tomorrow 10:00: Dana Fox",
			Lead: []string{"Wednesday 25 November, 10:00–10:20 (Berlin time), zoom.", "Dana Fox, data editor at Der Tag. Jane Doe recommended her on 2 November; you asked on the 9th, she answered the same day."},
			Sections: []Section{{Title: "What you know", Items: []Item{
				{Text: "Note of 9 November: she moved from radio to data in 2019."},
				{Text: "Her last mail, of Monday", Quote: "Gladly. Ten o'clock works. Bring your bus story, I'd like to see it!"},
			}}},
			Questions: readQuestions("What was your path to the work you do now, and how did you get started?\nWhat education and training did it take, and which of it do you really use?\nWhich skills are critical in your work, and how did you come by them?\nWhat does an average day look like, and what are you mainly responsible for?\nWhich trends and challenges do you see coming in your field?\nWhat advice would you give somebody who is entering it today?"),
		},
		"outcome": {
			Subject: "How did it go with Bob Roe?", Reply: replyTo, ReplySubject: "Re: How did it go with Bob Roe?",
			Sections: []Section{{Items: []Item{{Replies: []Reply{
				reply("", "Write it down", "met bob@example.org\n\nWhat stayed with me:\n\nTheir advice, in a line:\n\nWhom they named (name, address):\n\nWhat I thank them for:\n"),
				reply("", "It did not happen", "noshow bob@example.org"),
			}}}}},
		},
		"times": {
			Subject: "Jane Doe proposes two times", Reply: replyTo, ReplySubject: "Re: Jane Doe proposes two times",
			Sections: []Section{{Title: "Which one?", Items: []Item{{
				N: 1, Text: "Jane Doe", Lines: []string{"a  Tue 24 Nov 15:00", "b  Thu 26 Nov 10:00, two hours after your talk with Dana Fox"},
				Quote:   "Of course, happy to! Tuesday at three would suit me, or else Thursday morning at ten.",
				Replies: []Reply{reply("pick a", "Tue 24 Nov 15:00", "jane@example.org pick a"), reply("pick b", "Thu 26 Nov 10:00", "jane@example.org pick b"), reply("talk WHEN", "Another time", "talk jane@example.org ")},
			}}}},
			Foot: []string{"One word is enough. The confirmation with an invitation leaves in the minutes after."},
		},
		"update_request": {
			Subject: "Four people would like to hear how it goes", Reply: replyTo, ReplySubject: "Re: Four people would like to hear how it goes",
			Lead:     []string{"Reply with your news in two or three sentences. Each of them gets it in a mail of their own, spread over the next working days."},
			Sections: []Section{{Title: "Whose check-in is due", Items: []Item{{N: 1, Text: "Jane Doe, talked in August", Replies: []Reply{reply("1 skip", "Skip", "skip jane@example.org")}}, {N: 2, Text: "Bob Roe, talked in July", Replies: []Reply{reply("2 skip", "Skip", "skip bob@example.org")}}}, More: 2}},
		},
		"receipt": {
			Subject: "Re: 2 need you, 1 talk tomorrow (2 done, 1 not understood)", Reply: replyTo, ReplySubject: "Re: 2 need you, 1 talk tomorrow",
			Sections: []Section{{Items: []Item{
				{Text: "1 pick a", Lines: []string{"Jane Doe: talk Tue 24 Nov 15:00–15:20. She gets a short confirmation with an invitation at 09:12."}, Replies: []Reply{reply("undo 1", "Undo", "undo 1")}},
				{
					Text: "2 met Great talk, he told me to begin small and named Dana Fox …", Lines: []string{"Bob Roe: notes kept (42 words). The thank-you leaves today 10:05:"},
					Mail:    "Dear Bob,\n\nThank you for your time, and for talking so openly about your path.\n\nI'll let you know where it leads.\n\nWith thanks,\nAda",
					Replies: []Reply{reply("hold 2", "Hold it", "hold bob@example.org"), reply("edit 2 TEXT", "Change the words", "edit bob@example.org "), reply("undo 2", "Undo", "undo 2")},
				},
				{Text: "frobnicate", Lines: []string{"Not understood. Did you mean: note, forget? Nothing was done with this line; it is kept with this mail."}, Replies: []Reply{reply("note WHO TEXT", "Note", "note ")}},
			}}},
		},
		"trouble": {
			Subject:  "Your mailbox cannot be read",
			Lead:     []string{"Since 08:12 the server imap.example.org refuses the password. Nothing is sent to anybody until it can be read again."},
			Sections: []Section{{Title: "What to do", Items: []Item{{Text: "Was the password changed? Write the new one into /home/ada/.config/askwell/password."}, {Text: "Then run: askwell doctor"}}}},
		},
		"welcome": {
			Subject: "Hello Ada, this is askwell", Reply: replyTo, ReplySubject: "Re: Hello Ada, this is askwell",
			Lead: []string{"From here on you live in your mail program. Reply to this mail with a line like one of these:"},
			Sections: []Section{{Title: "Three examples", Items: []Item{
				{Text: "Ask somebody you know for 20 minutes", Replies: []Reply{reply("ask Jane Doe <jane@example.org>, friend, product manager at Acme", "Ask somebody", "ask NAME <ADDRESS>, friend, ROLE at COMPANY")}},
				{Text: "Keep somebody in mind for later", Replies: []Reply{reply("add Bob Roe <bob@example.org>", "Add somebody", "add NAME <ADDRESS>")}},
				{Text: "See what can be said", Replies: []Reply{reply("help", "Help", "help")}},
			}}},
			Foot: []string{"Nothing leaves without your word, and every mail to a contact is shown to you before or after it left, with how to stop it."},
		},
	}
}
