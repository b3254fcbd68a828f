package people

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"askwell/internal/message"
)

func TestFinder(t *testing.T) {
	f := NewFinder([]message.Address{"ada@example.org"})
	mail := func(sent bool, header string) {
		f.Add(message.ParseHeader([]byte(header+"\r\n\r\n")), sent)
	}
	const date = "Date: Mon, 23 Nov 2026 09:00:00 +0100\r\n"
	me := "From: Ada Example <ada@example.org>\r\n" + date
	for range 3 {
		mail(true, me+"To: Jane Doe <jane@example.org>")
	}
	mail(false, date+"From: \"Doe, Jane\" <JANE@example.org>\r\nTo: ada@example.org")
	mail(true, me+"To: Bob Roe <bob@example.org>, Cy Poe <cy@example.org>, ada+x@example.org")
	mail(false, date+"From: bob@example.org\r\nTo: ada@example.org")
	for range 9 {
		mail(true, me+"To: One Way <oneway@example.org>")
		mail(false, date+"From: Eve Stranger <eve@example.com>\r\nTo: ada@example.org")
		mail(false, date+"From: Cy Poe <cy@example.org>\r\nList-Id: <x.example.org>\r\nTo: x@example.org")
		mail(true, me+"To: noreply@example.com, info@example.com")
		mail(true, me+"Auto-Submitted: auto-replied\r\nTo: vacation@example.com")
	}
	var many strings.Builder
	many.WriteString(me + "To: a0@example.com")
	for i := range 20 {
		fmt.Fprintf(&many, ",\r\n a%d@example.com", i+1)
	}
	mail(true, many.String())
	var got []string
	for _, p := range f.People() {
		got = append(got, fmt.Sprintf("%s <%s> sent %d received %d", p.Name, p.Addresses[0], p.Sent, p.Received))
	}
	want := []string{
		"Jane Doe <jane@example.org> sent 3 received 1",
		"Bob Roe <bob@example.org> sent 1 received 1",
		"One Way <oneway@example.org> sent 9 received 0",
		"Cy Poe <cy@example.org> sent 1 received 0",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
