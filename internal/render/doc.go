// Package render makes the words of every mail out of templates: plain text to contacts, text and HTML to the owner.
//
// # Where the words are
//
// The built-in files are in package templates. A file of the same name in a folder of the owner's own (templates.dir)
// takes the place of one built in; the others stay. [Load] reads all of them once and tries each of the owner's own
// with contacts of whom everything is known, nearly nothing is known, and whose names are strange, so that a hole in a
// sentence or a misspelt field is an error when askwell starts and never a mail; those built in are tried so by this
// package's tests. A [Set] does not change afterwards and may be used
// by several goroutines.
//
// # A mail to a contact
//
// contact/NAME.txt is a text/template: the first line "Subject: …", an empty line, the body, one line a paragraph.
// It sees the fields of [ContactView]. A field of which nothing is known is empty, and the sentence around it has to
// go with it: {{with .Field}}I'm exploring {{.}}.{{end}}. Beside the functions of text/template there are
//
//	hello "Hi" .First            "Hi Jane,", and "Hello," where no first name is known
//	sentence .About              the words with a capital in front and an end mark behind
//	bare .Advice                 the words without their end mark
//	quoted .Advice               the words in quotation marks, with an end mark
//	work .Role .Organisation     "as a nurse at St. Mary", "as a nurse", "at St. Mary", or nothing
//	lower, shorten 80            lower case; at most so many characters, cut between words
//
// Lines are trimmed and no two empty lines follow each other, so that a template needs no care for blank space. A
// nudge or thank-you goes into a thread that has its subject already; its own is used where there is none.
//
// # A mail to the owner
//
// The caller fills a [Page]; owner/NAME.txt and owner/NAME.html lay it out, with the parts of owner/layout.txt and
// owner/layout.html. In a receipt an item's Text is the line that the owner wrote, its Lines what became of it.
// In the outcome prompt Questions are the lines to fill; four stand in the template where the page has none.
//
// No line of the text part is a command, not even where a mail program wraps it again at 72 columns and drops its quote
// marks: what may be typed stands behind "reply:" in lines under 68 columns whose words are joined by no-break spaces, a
// mail's words stand behind "| ", and any other line that package command would take for a command gets a "»" in front.
// The labels of HTML buttons begin with a "▸" for the same reason. Buttons are mailto: links by RFC 6068; nothing in the
// HTML is fetched from anywhere.
//
// # What cannot get through
//
// Whatever is in a view, the subject is one line of at most 150 characters, control and direction-changing characters
// are dropped, texts that are one line by nature stay one line, and HTML is escaped where it stands.
package render
