package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"askwell/internal/command"
	"askwell/internal/contact"
	"askwell/internal/message"
	"askwell/internal/store"
)

// resolve finds the contact that WHO names.
func (s *session) resolve(w command.Who) (contact.ID, store.Item, error) {
	switch {
	case w.Address != "":
		id, err := s.tx.ByAddress(w.Address)
		if err == nil && id == 0 {
			err = refusal("no contact has the address %s; `add NAME <%s>` makes one", w.Address, w.Address)
		}
		return id, store.Item{}, err
	case w.Number != 0 && s.items == nil:
		_, err := s.tx.Contact(contact.ID(w.Number))
		if errors.Is(err, store.ErrNone) {
			err = refusal("there is no contact %d; `askwell list` shows the numbers", w.Number)
		}
		return contact.ID(w.Number), store.Item{}, err
	case w.Number != 0:
		item, ok := s.items[w.Number]
		switch {
		case len(s.items) == 0:
			return 0, item, refusal("the number %d means something only in an answer to a mail with numbers; write a name or an address", w.Number)
		case !ok:
			return 0, item, refusal("the mail that you answered has no number %d", w.Number)
		}
		return item.Contact, item, nil
	}
	found, err := s.meant(w.Name)
	switch {
	case err != nil:
		return 0, store.Item{}, err
	case len(found) == 0:
		return 0, store.Item{}, refusal("no contact is called %q; write the address, or `add %s <ADDRESS>`", w.Name, w.Name)
	case len(found) > 1:
		return 0, store.Item{}, s.whichOf(w.Name, found)
	}
	return found[0].ID, store.Item{}, nil
}

// whichOf asks back with what tells the contacts apart and can be written in place of the name.
func (s *session) whichOf(name string, found []store.Versioned) error {
	write := "the address"
	if s.items == nil {
		write = "the number or the address"
	}
	var all []string
	for _, c := range found {
		one := c.Name
		if c.Address() != "" {
			one += " <" + string(c.Address()) + ">"
		}
		if s.items == nil { // on the command line a contact has a number
			one = fmt.Sprintf("%d %s", c.ID, one)
		}
		all = append(all, one)
	}
	return refusal("%q fits %d contacts: %s. Write %s", name, len(found), strings.Join(all, ", "), write)
}

// known tells the parser whether a name fits any contact.
func (s *session) known(name string) bool {
	found, err := s.named(name)
	return err == nil && len(found) > 0
}

// named finds the contacts that a name fits: the whole name, or words and initials of it in their order. It is what the
// parser goes by, so initials alone and beginnings of words fit nobody here: "OK great" is not about Olga Klein.
func (s *session) named(name string) ([]store.Versioned, error) {
	words := strings.Fields(message.FoldName(name))
	if len(words) == 0 {
		return nil, nil
	}
	exact, err := s.tx.Called(name, 2)
	if err != nil || len(exact) == 1 {
		return exact, err
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	if longest = strings.Trim(longest, ".,"); len([]rune(longest)) < 2 {
		return nil, nil // initials alone fit too many
	}
	return s.fitting([]string{longest}, func(full []string) bool { return nameFits(words, full) })
}

// meant finds the contacts that a name stands for where a name has to stand: what named finds, else all initials ("JD"),
// else the beginning of words ("alex" for Alexander), else the other way
// to write an umlaut ("mueller").
func (s *session) meant(name string) ([]store.Versioned, error) {
	found, err := s.named(name)
	if err != nil || len(found) > 0 {
		return found, err
	}
	folded := message.FoldName(name)
	if letters := strings.Split(strings.NewReplacer(".", "", " ", "").Replace(folded), ""); len(letters) > 1 && len(letters) < 5 {
		found, err = s.fitting(letters, func(full []string) bool {
			return len(full) == len(letters) && nameFits(letters, full)
		})
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	words := strings.Fields(folded)
	if len(words) > 0 && len([]rune(words[0])) > 2 {
		if found, err = s.fitting(words, func([]string) bool { return true }); err != nil || len(found) > 0 {
			return found, err
		}
	}
	for _, other := range []string{umlauts.Replace(folded), spelled.Replace(strings.ToLower(name))} {
		if found, err = s.named(other); err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// A letter with two dots, and the two letters that stand for it.
var (
	umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")
	spelled = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")
)

// fitting reads the contacts whose names have words beginning like these, and keeps those that fit.
func (s *session) fitting(words []string, fits func(full []string) bool) ([]store.Versioned, error) {
	found, err := s.tx.ByName(words, 200)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(c store.Versioned) bool { return !fits(strings.Fields(message.FoldName(c.Name))) }), nil
}

// nameFits reports whether the words written are words of the name, or initials of them, in its order.
func nameFits(words, name []string) bool {
	i := 0
	for _, w := range words {
		w = strings.Trim(w, ".,")
		for i < len(name) && name[i] != w && !(len([]rune(w)) == 1 && strings.HasPrefix(name[i], w)) {
			i++
		}
		if i == len(name) {
			return false
		}
		i++
	}
	return true
}
