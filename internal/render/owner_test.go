package render

import (
	"testing"
)

// TestOwnerGolden keeps every mail to the owner as it reads on an ordinary day, in both forms, and with the least.
func TestOwnerGolden(t *testing.T) {
	s := load(t)
	pages := samplePages()
	for _, name := range ownerNames {
		for which, p := range map[string]Page{"full": pages[name], "poor": {Subject: "Hello", Lead: []string{"Good morning."}}} {
			m, err := s.Owner(name, p)
			if err != nil {
				t.Fatalf("%s %s: %v", name, which, err)
			}
			golden(t, "owner/"+name+"."+which+".txt.golden", "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, "owner/"+name+"."+which+".html", m.HTML)
		}
	}
}
