package render

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

func parseDoc(t rapid.TB, text string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("parse the HTML: %v", err)
	}
	return doc
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestHTMLForm holds what mail programs and phones need: nothing fetched, targets big enough, a column that shrinks.
func TestHTMLForm(t *testing.T) {
	s := load(t)
	for name, page := range samplePages() {
		m, err := s.Owner(name, page)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.HTML) > 90_000 {
			t.Errorf("%s: %d bytes; mail programs cut at 102 kB", name, len(m.HTML))
		}
		var lang, preheader bool
		for n := range parseDoc(t, m.HTML).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "img", "script", "link", "iframe", "object", "form", "input", "svg", "video", "base":
				t.Errorf("%s: has <%s>", name, n.Data)
			case "html":
				lang = attr(n, "lang") == "en"
			case "table":
				if attr(n, "role") != "presentation" {
					t.Errorf("%s: a layout table without role=presentation", name)
				}
			case "div":
				preheader = preheader || strings.Contains(attr(n, "style"), "display:none") && n.FirstChild != nil
			case "a":
				link(t, name, n)
			}
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "background" || strings.Contains(a.Val, "url(") || strings.Contains(a.Val, "http") {
					t.Errorf("%s: <%s %s=%q> fetches something", name, n.Data, a.Key, a.Val)
				}
				if w := regexp.MustCompile(`(?:^|;)(?:min-)?width:(\d+)px`).FindStringSubmatch(a.Val); w != nil && len(w[1]) > 2 && w[1] > "320" {
					t.Errorf("%s: <%s> is wider than a phone: %s", name, n.Data, a.Val)
				}
			}
		}
		if !lang || !preheader || !strings.Contains(m.HTML, "max-width:600px") {
			t.Errorf("%s: lang %t, preheader %t, or no single column", name, lang, preheader)
		}
	}
}

func link(t *testing.T, name string, n *html.Node) {
	t.Helper()
	u, err := url.Parse(attr(n, "href"))
	if err != nil || u.Scheme != "mailto" || !strings.HasPrefix(attr(n, "href"), "mailto:ada%2Baskwell@example.org?subject=") {
		t.Errorf("%s: link %q", name, attr(n, "href"))
		return
	}
	if q := u.Query(); q.Get("subject") == "" || q.Get("body") == "" || strings.Contains(attr(n, "href"), "+") {
		t.Errorf("%s: link without subject or body, or with a plus sign that may turn into a blank: %q", name, attr(n, "href"))
	}
	if !strings.Contains(attr(n, "style"), "min-height:44px") {
		t.Errorf("%s: a button under 44 px: %q", name, attr(n, "style"))
	}
}

func TestMailto(t *testing.T) {
	for _, tc := range []struct{ to, subject, body, want string }{
		{"ada@example.org", "Re: 50% & more?", "met bob@example.org\nGrüße #1", "mailto:ada@example.org?subject=Re%3A%2050%25%20%26%20more%3F&body=met%20bob%40example.org%0D%0AGr%C3%BC%C3%9Fe%20%231"},
		{"a+b?c&d@example.org", "x", "y", "mailto:a%2Bb%3Fc%26d@example.org?subject=x&body=y"},
		{`"a@b"@example.org`, "x", "y", "mailto:%22a%40b%22@example.org?subject=x&body=y"},
		{"grün@bücher.example", "x", "y", "mailto:gr%C3%BCn@b%C3%BCcher.example?subject=x&body=y"},
	} {
		if got := string(mailto(tc.to, tc.subject, tc.body)); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// TestContrast computes, for every text of every mail in both schemes, the contrast between its colour and what is
// behind it (WCAG 2.2, 1.4.3: 4.5 to 1), and for the bars and borders of controls 3 to 1 (1.4.11).
func TestContrast(t *testing.T) {
	s := load(t)
	checked := 0
	for name, page := range samplePages() {
		m, err := s.Owner(name, page)
		if err != nil {
			t.Fatal(err)
		}
		_, css, _ := strings.Cut(m.HTML, "@media (prefers-color-scheme: dark) {")
		css, _, _ = strings.Cut(css, "@media")
		dark := map[string]map[string]string{}
		for _, rule := range regexp.MustCompile(`\.(\w+) \{([^}]*)\}`).FindAllStringSubmatch(css, -1) {
			dark[rule[1]] = declarations(rule[2])
		}
		if len(dark) < 8 {
			t.Fatalf("%s: only %d dark rules", name, len(dark))
		}
		for scheme, rules := range map[string]map[string]map[string]string{"light": nil, "dark": dark} {
			checked += contrast(t, name+" "+scheme, parseDoc(t, m.HTML), rules, colours{"#000000", "#ffffff"})
		}
	}
	if checked < 200 {
		t.Errorf("only %d texts were looked at", checked)
	}
}

type colours struct{ text, behind string }

func declarations(css string) map[string]string {
	out := map[string]string{}
	for d := range strings.SplitSeq(css, ";") {
		if k, v, ok := strings.Cut(d, ":"); ok {
			out[strings.TrimSpace(k)] = strings.TrimSpace(strings.ReplaceAll(v, "!important", ""))
		}
	}
	return out
}

func contrast(t *testing.T, name string, n *html.Node, rules map[string]map[string]string, c colours) int {
	t.Helper()
	checked := 0
	if n.Type == html.TextNode && strings.TrimSpace(strings.ReplaceAll(n.Data, nbsp, "")) != "" {
		checked++
		if r := ratio(c.text, c.behind); r < 4.5 {
			t.Errorf("%s: %s on %s is %.2f to 1: %q", name, c.text, c.behind, r, n.Data)
		}
	}
	if n.Type == html.ElementNode {
		if n.Data == "head" {
			return 0
		}
		style := declarations(attr(n, "style"))
		for class := range strings.FieldsSeq(attr(n, "class")) {
			maps.Copy(style, rules[class])
		}
		if strings.Contains(style["display"], "none") {
			return 0
		}
		outside := c.behind
		c.text = orElse(style["color"], c.text)
		c.behind = orElse(style["background-color"], c.behind)
		if strings.Contains(attr(n, "class"), "full") && ratio(c.behind, outside) < 3 {
			t.Errorf("%s: a bar of %s on %s is %.2f to 1", name, c.behind, outside, ratio(c.behind, outside))
		}
		if n.Data == "a" {
			edge := orElse(style["border-color"], style["border"][max(strings.LastIndexByte(style["border"], ' '), 0):])
			if r := ratio(strings.TrimSpace(edge), outside); r < 3 {
				t.Errorf("%s: a button's edge %s on %s is %.2f to 1", name, edge, outside, r)
			}
		}
	}
	for k := range n.ChildNodes() {
		checked += contrast(t, name, k, rules, c)
	}
	return checked
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ratio is WCAG's contrast ratio of two #rrggbb colours.
func ratio(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(c[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(fmt.Sprintf("colour %q", c))
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

func TestRatio(t *testing.T) {
	if r := ratio("#ffffff", "#000000"); math.Abs(r-21) > 0.01 {
		t.Errorf("white on black is %.2f", r)
	}
	if r := ratio("#777777", "#ffffff"); r >= 4.5 { // the well-known grey that just fails
		t.Errorf("#777 on white is %.2f", r)
	}
}
