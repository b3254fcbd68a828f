package reading

import (
	"strings"
	"testing"
)

// TestSettle reads what refusing systems say: a status code or "-", a bar, the words.
func TestSettle(t *testing.T) {
	transcript(t, "refusals.txt", func(line string) []string {
		status, said, _ := strings.Cut(line, "|")
		status = strings.Trim(status, " -")
		got, permanent := settle(status, strings.TrimSpace(said), "")
		word := "may work later"
		if permanent {
			word = "permanent"
		}
		return []string{strings.TrimSpace(got + " " + word)}
	})
}
