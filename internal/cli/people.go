package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"askwell/internal/contact"
	"askwell/internal/engine"
	"askwell/internal/people"
	"askwell/internal/store"
)

type importCmd struct {
	File   []string `arg:"" help:"vCard or CSV files; - is standard input."`
	DryRun bool     `help:"Only say what would come of it."`
}

// Run adds the people of address books. Who is there already stays as they are.
func (i *importCmd) Run(a *app) error {
	var list []people.Person
	unread := 0 // rows that are nobody
	for _, name := range i.File {
		in := a.in
		if name != "-" {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer func() { _ = f.Close() }()
			in = f
		}
		got, err := people.Read(name, in)
		if err != nil {
			return err
		}
		list = append(list, got.People...)
		unread += len(got.Left)
		for _, l := range got.Left {
			fmt.Fprintf(a.errs, "%s:%d: left out: %s\n", name, l.Line, l.Why)
		}
	}
	return a.withEngine(func(e *engine.Engine, _ *store.Mailbox) error {
		done, err := e.Add(a.ctx, time.Now(), newcomers(people.Merge(list)), i.DryRun)
		if err != nil {
			return err
		}
		if a.json {
			return a.print(struct {
				New   int      `json:"new"`
				Known int      `json:"known"`
				Left  []string `json:"left,omitempty"`
			}{done.New, done.Known, done.Left})
		}
		would := ""
		if i.DryRun {
			would = " (nothing was kept: --dry-run)"
		}
		fmt.Fprintf(a.out, "%d new, %d known already, %d left out%s\n", done.New, done.Known, unread+len(done.Left), would)
		for _, l := range done.Left {
			fmt.Fprintf(a.out, "  %s\n", l)
		}
		return nil
	})
}

// newcomers brings the people of an address book into the engine's terms.
func newcomers(list []people.Person) []engine.Newcomer {
	out := make([]engine.Newcomer, 0, len(list))
	for _, p := range list {
		out = append(out, engine.Newcomer{
			Person: contact.Person{
				Name: p.Name, Addresses: p.Addresses, Closeness: contact.Closeness(p.Closeness), Role: p.Role,
				Organisation: p.Organisation, Field: p.Field, Timezone: p.Timezone,
			},
			Via: p.Via, Note: p.Note,
		})
	}
	return out
}

// readPeople reads an address book that came by mail.
func readPeople(name string, r io.Reader) ([]engine.Newcomer, []string, error) {
	got, err := people.Read(name, r)
	if err != nil {
		return nil, nil, err
	}
	var left []string
	for _, l := range got.Left {
		left = append(left, fmt.Sprintf("line %d: %s", l.Line, l.Why))
	}
	return newcomers(people.Merge(got.People)), left, nil
}

type exportCmd struct {
	Format string `help:"csv, vcard or json." default:"csv" enum:"csv,vcard,json"`
}

// Run writes everybody out.
func (x *exportCmd) Run(a *app) error {
	return a.withEngine(func(_ *engine.Engine, mb *store.Mailbox) error {
		return mb.View(a.ctx, time.Now(), func(tx *store.Tx) error {
			all, err := tx.Contacts()
			if err != nil {
				return err
			}
			names := map[contact.ID]string{}
			for _, c := range all {
				names[c.ID] = c.Name
			}
			list := make([]people.Person, 0, len(all))
			for _, c := range all {
				var notes []string
				for _, n := range c.Notes {
					notes = append(notes, n.Text)
				}
				list = append(list, people.Person{
					Name: c.Name, Addresses: c.Addresses, Closeness: string(c.Closeness), Role: c.Role, Organisation: c.Organisation,
					Field: c.Field, Timezone: c.Timezone, Via: names[c.ReferredBy], Stage: string(c.Stage), Note: strings.Join(notes, "\n"),
				})
			}
			switch {
			case a.json || x.Format == "json":
				for _, p := range list {
					if err := a.print(p); err != nil {
						return err
					}
				}
				return nil
			case x.Format == "vcard":
				return people.WriteVCard(a.out, list)
			}
			return people.WriteCSV(a.out, list)
		})
	})
}
