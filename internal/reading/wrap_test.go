package reading

import (
	"strings"
	"testing"

	"askwell/internal/message"
)

// What mail programs put around an answer, by program, language and place. The new text is known by construction.

// quoteOf puts a mark before each line.
func quoteOf(mark, text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(mark+l, " ")
	}
	return strings.Join(lines, "\n")
}

// fields are the header fields above a copy.
func (t tongue) fields(bold string, order ...int) string {
	values := [4]string{"Ada Example <ada@example.org>", t.date, "Jane Doe <jane@example.com>", "20 minutes?"}
	var out []string
	for _, i := range order {
		out = append(out, bold+t.labels[i]+":"+bold+" "+values[i])
	}
	return strings.Join(out, "\n")
}

// arranged gives the mails that a program and a language make of answers, by their place.
func arranged(name string, marked bool, head string, t tongue) map[string][2]string {
	mark := "> "
	if name == "initials" {
		mark = "AE> "
	}
	out := map[string][2]string{}
	for kind, said := range map[string]string{"short": t.short, "long": t.long} {
		if !marked {
			out["above, "+kind] = [2]string{said + "\n\n" + head + "\n" + t.old + "\n", said}
			continue
		}
		quote := quoteOf(mark, t.old)
		tail := ""
		if name == "list footer below" {
			tail = "\n_______________________________________________\nTalks mailing list\ntalks@lists.example.org\nhttps://lists.example.org/mailman/listinfo/talks\n"
		}
		out["above, "+kind] = [2]string{said + "\n\n" + head + "\n" + quote + "\n" + tail, said}
		if strings.Contains(name, "phone") || strings.Contains(name, "signature") {
			continue // what stands above the quote belongs to an answer above it
		}
		out["below, "+kind] = [2]string{head + "\n" + quote + "\n\n" + said + "\n" + tail, said}
		first, second, _ := strings.Cut(quote, "\n")
		out["between, "+kind] = [2]string{head + "\n" + first + "\n" + t.short + "\n\n" + second + "\n\n" + said + "\n" + tail, t.short + "\n\n" + said}
		out["around, "+kind] = [2]string{t.short + "\n\n" + head + "\n" + quote + "\n\n" + said + "\n" + tail, t.short + "\n\n" + said}
	}
	return out
}

// squeezed leaves single white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestWrapped: what is newly written is found exactly, whatever program, language and place.
func TestWrapped(t *testing.T) {
	right, all := 0, 0
	byProgram, byTongue := map[string][2]int{}, map[string][2]int{}
	count := func(m map[string][2]int, key string, ok bool) {
		c := m[key]
		if c[1]++; ok {
			c[0]++
		}
		m[key] = c
	}
	check := func(program, tongue, where, raw, want string) {
		got, _ := NewTextOf(message.Parse([]byte(raw)))
		ok := squeezed(got) == squeezed(want)
		all++
		if ok {
			right++
		} else if byProgram[program][0] == byProgram[program][1] || byTongue[tongue][0] == byTongue[tongue][1] { // the first
			t.Logf("%s, %s, %s:\n got %q\nwant %q", program, tongue, where, got, want)
		}
		count(byProgram, program, ok)
		count(byTongue, tongue, ok)
	}
	const header = "From: Jane Doe <jane@example.com>\r\nTo: ada@example.org\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\nSubject: Re: 20 minutes?\r\nIn-Reply-To: <ask@example.org>\r\nMIME-Version: 1.0\r\n"
	for n, l := range tongues {
		for _, p := range plainPrograms {
			if n%6 != 2 && p.head(tongues[0]) == p.head(tongues[2]) {
				continue // it speaks no other language: some texts will do
			}
			for where, c := range arranged(p.name, p.marked, p.head(l), l) {
				check(p.name, l.name, where, header+"Content-Type: text/plain; charset=utf-8\r\n\r\n"+strings.ReplaceAll(c[0], "\n", "\r\n"), c[1])
			}
		}
		for _, p := range htmlPrograms {
			for kind, said := range map[string]string{"short": l.short, "long": l.long} {
				source := p.page(l, said)
				check(p.name, l.name, kind, header+"Content-Type: text/html; charset=utf-8\r\n\r\n"+source, said)
				// Beside it the same as text, in which nothing is marked.
				check(p.name, l.name, kind+", alternative", header+"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+
					message.HTMLText(source)+"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"+source+"\r\n--b--\r\n", said)
			}
		}
	}
	for _, m := range []map[string][2]int{byProgram, byTongue} {
		for k, c := range m {
			if c[0] < c[1] {
				t.Errorf("%s: %d of %d exact", k, c[0], c[1])
			}
		}
	}
	t.Logf("%d of %d exact (%.1f %%)", right, all, 100*float64(right)/float64(all))
}
