package message

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Draft is a mail to be written. The zero value of a field leaves it out, where a mail can be without it.
type Draft struct {
	From, ReplyTo Person
	To            []Person
	Subject       string
	Date          time.Time
	MessageID     MessageID
	InReplyTo     MessageID
	References    []MessageID
	Text, HTML    string
	Calendar      []byte  // an iCalendar object (RFC 5545), or nil
	Method        string  // its iTIP method, such as REQUEST
	AutoSubmitted bool    // say that a program wrote this (RFC 3834)
	Header        []Field // further fields, X- only
}

// Bounds of what a draft may hold in a field, far beyond what is written by people.
const (
	maxName    = 200
	maxSubject = 900
	maxExtra   = 900
)

// check refuses what could break out of its field or give a mail that servers refuse. What it lets through can be given to
// a library that writes header values as they are.
func (d *Draft) check() error {
	if err := checkPerson("From", d.From); err != nil {
		return err
	}
	if d.ReplyTo != (Person{}) {
		if err := checkPerson("Reply-To", d.ReplyTo); err != nil {
			return err
		}
	}
	if len(d.To) == 0 {
		return errors.New("no recipient")
	}
	for _, p := range d.To {
		if err := checkPerson("To", p); err != nil {
			return err
		}
	}
	if err := checkLine("Subject", d.Subject, maxSubject); err != nil {
		return err
	}
	if y := d.Date.Year(); d.Date.IsZero() || y < 1900 || y > 9999 {
		return errors.New("no date")
	}
	if !validID(d.MessageID) {
		return fmt.Errorf("message ID %q cannot be written", d.MessageID)
	}
	for _, id := range append([]MessageID{d.InReplyTo}, d.References...) {
		if err := checkLine("References", string(id), 1<<16); err != nil {
			return err
		}
	}
	if strings.TrimSpace(d.Text) == "" {
		return errors.New("no text")
	}
	if err := d.checkCalendar(); err != nil {
		return err
	}
	return d.checkExtra()
}

func checkPerson(field string, p Person) error {
	if addr, err := ParseAddress(string(p.Address)); err != nil {
		return fmt.Errorf("%s: %w", field, err)
	} else if addr != p.Address {
		return fmt.Errorf("%s: address %q is not in its normal form %q", field, p.Address, addr)
	}
	return checkLine(field, p.Name, maxName)
}

// checkLine refuses control characters, and text that is no UTF-8 or too long.
func checkLine(field, s string, most int) error {
	switch {
	case !utf8.ValidString(s):
		return fmt.Errorf("%s: not UTF-8", field)
	case len(s) > most:
		return fmt.Errorf("%s: longer than %d bytes", field, most)
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return fmt.Errorf("%s: a control character (%U) in it", field, r)
		}
	}
	return nil
}

// validID tells whether an identifier can stand between angle brackets (RFC 5322 section 3.6.4).
func validID(id MessageID) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
			return false
		}
	}
	return true
}

// checkCalendar holds RFC 6047 section 2.4: the method stands in the object and in the content type, and is the same.
func (d *Draft) checkCalendar() error {
	if d.Calendar == nil {
		if d.Method != "" {
			return errors.New("a method without a calendar")
		}
		return nil
	}
	if d.Method == "" || strings.Trim(d.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" || len(d.Method) > 40 {
		return fmt.Errorf("calendar method %q is no method", d.Method)
	}
	if !utf8.Valid(d.Calendar) {
		return errors.New("calendar: not UTF-8")
	}
	for line := range strings.Lines(string(d.Calendar)) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found && strings.EqualFold(name, "METHOD") {
			if !strings.EqualFold(value, d.Method) {
				return fmt.Errorf("calendar method %q is %q in the object", d.Method, value)
			}
			return nil
		}
	}
	return errors.New("calendar without a method in it")
}

func (d *Draft) checkExtra() error {
	seen := map[string]bool{}
	for _, f := range d.Header {
		name := strings.ToLower(f.Name)
		switch {
		case !strings.HasPrefix(name, "x-") || len(name) < 3 || len(name) > 60 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
			return fmt.Errorf("field name %q: want X- and letters, digits, hyphens", f.Name)
		case seen[name]:
			return fmt.Errorf("field %s stands twice", f.Name)
		}
		seen[name] = true
		if err := checkLine(f.Name, f.Value, maxExtra); err != nil {
			return err
		}
	}
	return nil
}
