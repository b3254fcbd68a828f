package people

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"askwell/internal/message"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")

func show(im Import) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", im.Format)
	for _, p := range im.People {
		raw, err := json.Marshal(p)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "%d: %s\n", p.Line, raw)
	}
	for _, l := range im.Left {
		fmt.Fprintf(&b, "%d: left out: %s\n", l.Line, l.Why)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file, ".want") {
			continue
		}
		n++
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		im, err := Read(file, bytes.NewReader(raw))
		got := show(im)
		if err != nil {
			got = err.Error() + "\n"
		}
		if *update {
			if err := os.WriteFile(file+".want", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file + ".want")
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", file, got, want)
		}
	}
	if n < 15 {
		t.Errorf("only %d files", n)
	}
}

func TestReadRefuses(t *testing.T) {
	var random []byte // bytes of all kinds, with addresses among them
	for i := range 2000 {
		random = append(random, byte(i*i*31+i*7))
	}
	garbage := "a\x01 <a@b.example>\n" + string(random)
	for text, want := range map[string]string{
		"":                             "read x.csv: nobody in it",
		"PK\x03\x04...":                "read x.csv: this is a spreadsheet",
		"%PDF-1.7":                     "read x.csv: this is a PDF",
		"<!DOCTYPE html><html>":        "read x.csv: this is a web page",
		"hello\nworld\n":               "read x.csv: nobody in it",
		garbage:                        "read x.csv: this is no text",
		"Name,Email\n":                 "read x.csv: nobody in it",
		strings.Repeat("x", maxFile+1): "read x.csv: larger than 32 MB",
	} {
		_, err := Read("/some/where/x.csv", strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("Name,Email,Note\n")
	for i := range maxPeople + maxLeft + 50 {
		fmt.Fprintf(&b, "Jane Doe,jane%d@example.org,x\n", i)
	}
	im, err := Read("x.csv", strings.NewReader(b.String()))
	if err != nil || len(im.People) != maxPeople || len(im.Left) != maxLeft+1 {
		t.Errorf("%d people, %d left out, %v", len(im.People), len(im.Left), err)
	}
	many := "Name,Email,Note\nJane Doe," + strings.Repeat("a@example.org b@example.org c1@example.org ", 50) + "," + strings.Repeat("é", 3*maxNote) + "\n"
	im, err = Read("x.csv", strings.NewReader(many))
	if err != nil || len(im.People) != 1 || len(im.People[0].Addresses) != 3 || len([]rune(im.People[0].Note)) != maxNote {
		t.Errorf("%v %v", im, err)
	}
	im, err = Read("x.csv", strings.NewReader("Name,Email\n\"Ja\u202ene\x07\nDoe\",jane@example.org\n"))
	if err != nil || im.People[0].Name != "Jane Doe" {
		t.Errorf("control characters: %v %v", im.People, err)
	}
}

var sample = []Person{
	{
		Name: "Jane van Doe", Addresses: []message.Address{"jane@example.org", "jane@example.com"}, Closeness: "close", Role: "editor, news",
		Organisation: "Acme; Sons", Field: "journalism", Timezone: "Europe/Berlin", Via: "Bob Roe", Stage: "met",
		Note: "first \"line\"\nsecond, line; with \\ and \\n",
	},
	{Name: "Müller", Closeness: "known"},
	{Name: "=cmd()", Addresses: []message.Address{"x@example.org"}, Role: "+1", Note: "-2"},
	{Name: "'t Hooft", Addresses: []message.Address{"hooft@example.org"}},
}

// What is written is read back.
func TestRoundTrip(t *testing.T) {
	for _, w := range []struct {
		name  string
		write func(*bytes.Buffer) error
	}{
		{"csv", func(b *bytes.Buffer) error { return WriteCSV(b, sample) }},
		{"vcard", func(b *bytes.Buffer) error { return WriteVCard(b, sample) }},
	} {
		var b bytes.Buffer
		if err := w.write(&b); err != nil {
			t.Fatal(err)
		}
		im, err := Read("x", &b)
		if err != nil || im.Format != w.name {
			t.Fatalf("%s: %v", w.name, err)
		}
		want := append([]Person(nil), sample...)
		if w.name == "vcard" {
			want[0].Organisation = "Acme, Sons" // a semicolon would start the department
		}
		if d := cmp.Diff(want, im.People, cmpopts.IgnoreFields(Person{}, "Line")); d != "" || len(im.Left) > 0 {
			t.Errorf("%s: %s %v", w.name, d, im.Left)
		}
	}
}

// A spreadsheet must not run what a stranger called himself.
func TestNoFormulas(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, sample); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\n=", ",=", ",+", ",-", "\n@", "\"="} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("%q in %s", bad, b.String())
		}
	}
	b.Reset()
	evil := []Person{{Name: "Jane\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Eve", Note: "x\r\nEMAIL:eve@example.org"}}
	if err := WriteVCard(&b, evil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\nEND:VCARD"); n != 1 || strings.Contains(b.String(), "\nEMAIL") {
		t.Errorf("lines injected: %q", b.String())
	}
}

func TestMerge(t *testing.T) {
	got := Merge([]Person{
		{Name: "Jane Doe", Addresses: []message.Address{"jane@example.org"}, Note: "a"},
		{Name: "Bob Roe", Organisation: "Acme"},
		{Name: "J. Doe", Addresses: []message.Address{"JANE@example.org", "jane@example.com"}, Role: "editor", Note: "b"},
		{Name: "BOB ROÉ", Organisation: "acme", Addresses: []message.Address{"bob@example.org"}},
		{Name: "Jane Doe"},
		{Name: "Doe", Addresses: []message.Address{"jane@example.com"}, Closeness: "close", Note: "a"},
	})
	want := []Person{
		{Name: "Jane Doe", Addresses: []message.Address{"jane@example.org", "jane@example.com"}, Role: "editor", Closeness: "close", Note: "a\nb"},
		{Name: "Bob Roe", Organisation: "Acme", Addresses: []message.Address{"bob@example.org"}},
		{Name: "Jane Doe"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.*")
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, ".want") {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		im, err := Read("x", bytes.NewReader(raw))
		if err != nil {
			return
		}
		for _, p := range im.People {
			if p.Name == "" || strings.ContainsAny(p.Name, "\r\n\x00") || len(p.Addresses) > maxAddresses {
				t.Errorf("%+v", p)
			}
		}
		merged := Merge(im.People)
		if len(merged) > len(im.People) || len(merged) == 0 && len(im.People) > 0 {
			t.Errorf("merging %d people gives %d", len(im.People), len(merged))
		}
		var b bytes.Buffer
		if err := WriteVCard(&b, merged); err != nil {
			t.Fatal(err)
		}
		if err := WriteCSV(&b, merged); err != nil {
			t.Fatal(err)
		}
	})
}
