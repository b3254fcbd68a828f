package imapin

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A connection that ends between two records, within a header or a body, has not told the whole of it: TLS says no more
// than that it ended.
func TestReadTakesNothingForWholeThatWasCut(t *testing.T) {
	for name, section := range map[string]string{"header": "BODY[HEADER]", "body": "BODY[]<0>"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				f := newFake(1)
				f.on = func(c *fakeConn, verb, args string) bool {
					if verb != "UID FETCH" || c.n > 1 || strings.Contains(args, "HEADER") != strings.Contains(section, "HEADER") {
						return false
					}
					l := c.lineOf(1)
					_, _ = fmt.Fprintf(c.Conn, "* 1 FETCH (UID 1 INTERNALDATE \"%s\" RFC822.SIZE %d %s {%d}\r\n%s",
						l.date.Format("_2-Jan-2006 15:04:05 -0700"), len(l.header+l.body), section, len(l.header), l.header[:10])
					c.drop()
					return true
				}
				m := open(t, f)
				var header string
				n := notes{body: 1 << 20}
				n.visit = func(h Header) error {
					header = string(h.Raw)
					return nil
				}
				if _, err := m.Read(t.Context(), atStart, time.Time{}, &n); err != nil {
					t.Fatal(err)
				}
				whole := f.mail["INBOX"][0]
				if header != whole.header {
					t.Errorf("the header is %q, want %q", header, whole.header)
				}
				if want := fmt.Sprintf("INBOX/1 %q", whole.header+whole.body); len(n.seen) != 1 || n.seen[0] != want {
					t.Errorf("seen %q, want %q", n.seen, want)
				}
				if f.connections() != 2 {
					t.Errorf("%d connections, want 2", f.connections())
				}
			})
		})
	}
}
