// Package templates holds the words of every mail that askwell writes, as files that a person can read and replace.
//
// contact/*.txt are the mails to contacts: a first line "Subject: …", an empty line, the body, one line a paragraph.
// owner/*.txt and owner/*.html are the two forms of the mails to the owner; owner/layout.txt and owner/layout.html hold
// the parts that they share. questions.txt are the questions of the prep sheet, one a line, "#" before a remark.
//
// A file of the same name in the folder named by templates.dir takes the place of the one here. What a template may
// say is written at package render, which reads them strictly.
package templates

import "embed"

// FS holds the built-in templates, by the names that a folder of one's own uses too.
//
//go:embed contact owner questions.txt
var FS embed.FS
