package reading

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"askwell/internal/message"
)

// ordinary returns the parsed messages of the transcripts.
func ordinary(b *testing.B) []*message.Message {
	var out []*message.Message
	for _, name := range []string{"replies.txt", "auto.txt", "bounces.txt", "calendars.txt", "others.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			b.Fatal(err)
		}
		for _, block := range strings.Split(string(data), "=== ")[1:] {
			_, body, _ := strings.Cut(block, "\n")
			input, _, _ := strings.Cut(body, "\n<<<\n")
			raw := strings.ReplaceAll(defaults(input), "\n", "\r\n")
			out = append(out, message.Parse([]byte(raw)))
		}
	}
	return out
}

func BenchmarkUnderstand(b *testing.B) {
	all := ordinary(b)
	_, zone := berlin(b)
	o := Options{Zone: zone, Owner: []message.Address{"ada@example.org"}}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		Understand(all[n%len(all)], o)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkUnderstandLong shows that the time grows with the size and no faster,
// and stops growing at the bound.
func BenchmarkUnderstandLong(b *testing.B) {
	for name, unit := range map[string]string{
		"prose":        "On Tuesday the 24th I could not come, as Bob wrote: it was 3pm in Berlin.\n",
		"attributions": "On Mon, Nov 23, 2026 at 9:12 AM Ada\n",
		"quotes":       "> On Monday you wrote:\n",
		"addresses":    "a.b.c.d.e@example.com ",
		"headers":      "From: Ada\nSent: x\n\n",
		"dashes":       "--\nx\n",
		"dates":        "24.11. 15 Uhr, ",
	} {
		for _, size := range []int{64 << 10, 1 << 20, 8 << 20} {
			m := message.Parse([]byte("From: jane@example.com\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\n" + strings.Repeat(unit, size/len(unit))))
			b.Run(name+"/"+byteSize(size), func(b *testing.B) {
				for b.Loop() {
					Understand(m, Options{})
				}
			})
		}
	}
}

func byteSize(n int) string {
	if n >= 1<<20 {
		return string(rune('0'+n>>20)) + "MB"
	}
	return "64kB"
}

// TestBounded: no text takes long, however it is built. The limit is generous, for
// busy machines and the race detector; a quadratic rule would need minutes.
func TestBounded(t *testing.T) {
	for name, unit := range map[string]string{
		"attributions": "On Mon, Nov 23, 2026 at 9:12 AM Ada\n", "names": "Aa ", "weekdays": "tue or ", "clocks": "3, ", "newlines": "\n", "signatures": "--\n",
		"headers": "From: a\n", "brackets": "<(", "quotes": ">", "dots": ". ", "at": "@", "digits": "1.", "labels": "Subject: x\nFrom: y\n\n", "closing": "Best,\n", "mobile": "Sent from my x\n",
		"disclaimer": "This e-mail and any attachments are confidential\n\n", "not": "not ", "half": "half ", "rfc": "a@b.c\n",
		"opened": "Ada <\n", "dated": "On Mon, 23 Nov 2026 09:12:33 +0100\n", "notes": "11/23/2026 09:12 AM\nTo\n", "fields": "From:\nTo:\n", "rules": "________\n", "cards": "Jane Doe\n+1 555 123 4567\n", "images": "[image: x]\n", "shared": "x On Mon, 23 Nov 2026 09:12 Ada wrote:\n", "han": "周", "east": "下周二下午", "or": "25 or ", "maybe": "maybe in ", "armour": "-----BEGIN PGP SIGNATURE-----\n", "forwarded": "Begin forwarded message:\n", "words": "i would like to not ", "clauses": "but i can't ",
	} {
		text := strings.Repeat(unit, 256<<10/len(unit))
		start := time.Now()
		m := message.Parse([]byte("From: jane@example.com\r\nSubject: undeliverable\r\nReturn-Path: <>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\n" + text))
		parsed := time.Now()
		Understand(m, Options{})
		if took := time.Since(parsed); took > 10*time.Second {
			t.Errorf("%s: %v (parsing %v)", name, took, parsed.Sub(start))
		} else {
			t.Logf("%s: %v (parsing %v)", name, took, parsed.Sub(start))
		}
	}
}
