package render

import (
	"cmp"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"askwell/internal/message"
)

// Page is a mail to the owner as data: what it says, in order, and what may be answered. Templates only lay it out.
type Page struct {
	Subject      string
	Reply        message.Address // where the mailto: buttons write to; no buttons without it
	ReplySubject string          // their subject
	Lead         []string        // short paragraphs on top
	Sections     []Section       // those without items and hint are left out
	Progress     *Progress
	Questions    []string // prep: what to ask; outcome: the lines to fill
	Foot         []string
}

// Section is a group of items under a title. Hint stands beside the title ("stop one: 3 hold").
type Section struct {
	Title, Hint string
	Items       []Item
	More        int // how many were left out: "and 7 more", which `list` shows
}

// Item is one thing of the mail.
type Item struct {
	N       int    // its number in this mail; 0: it has none
	Text    string // one line; in a receipt what the owner wrote
	Lines   []string
	Quote   string // a contact's words, marked as theirs
	Mail    string // the words of a mail that will leave, shown with "| "
	Replies []Reply
}

// Reply is one answer that fits: as it is typed under this mail, and as a button that opens a finished mail.
type Reply struct {
	Text  string // "1 pick a"
	Label string // on the button; "" is Text
	Body  string // of the mail that the button opens, complete without numbers: "jane@example.org pick a"; "" is Text
}

// Progress is the small picture of how the search goes.
type Progress struct {
	Asked, Answered, Met, Week, Goal int
	Stages                           []Count
	Chain                            []string // "Jane Doe → Dana Fox → Eve Lin"
}

// Count is a number with its name.
type Count struct {
	Label string
	N     int
}

// The types that templates see: the page cleaned, with what the layouts need worked out.
type (
	pageView struct {
		Subject   string
		Lead      []string
		Sections  []sectionView
		Progress  *progressView
		Questions []string
		Foot      []string
	}
	sectionView struct {
		Title, Hint string
		Items       []itemView
		More        int
		Rest        []replyView // the button that shows the rest
	}
	itemView struct {
		N       int
		Text    string
		Lines   []string
		Quote   string
		Mail    string
		Replies []replyView
	}
	replyView struct {
		Text, Label string
		Link        template.URL // "" where the page has no address to reply to
		First       bool         // the answer that is nearest at hand, shown so
	}
	progressView struct {
		Progress
		Numbers []Count // asked, answered, met
		Boxes   []bool  // one a talk of the weekly goal, true if done
		Bars    []bar
	}
	bar struct {
		Label      string
		N, Percent int
	}
)

func (p Page) view() pageView {
	v := pageView{
		Subject: subject(p.Subject), Lead: lines(p.Lead), Questions: lines(p.Questions), Foot: lines(p.Foot),
	}
	for _, s := range p.Sections {
		if len(s.Items) == 0 && s.Hint == "" && s.More == 0 {
			continue
		}
		sv := sectionView{Title: line(s.Title), Hint: line(s.Hint), More: max(s.More, 0)}
		if sv.More > 0 {
			sv.Rest = p.replies([]Reply{{Text: "list", Label: "Show all", Body: "list"}})
		}
		for _, it := range s.Items {
			sv.Items = append(sv.Items, itemView{
				N: max(it.N, 0), Text: shorten(maxLine, line(it.Text)), Lines: lines(it.Lines), Quote: paragraphs(shorten(maxQuote, it.Quote)),
				Mail: paragraphs(shorten(maxWords, it.Mail)), Replies: p.replies(it.Replies),
			})
		}
		v.Sections = append(v.Sections, sv)
	}
	if p.Progress != nil {
		v.Progress = p.Progress.view()
	}
	return v
}

// markFirst marks the first answer of each item in the first section that has answers to choose from. More than that
// would make every button look urgent.
func (v *pageView) markFirst() {
	for _, s := range v.Sections {
		found := false
		for _, it := range s.Items {
			if len(it.Replies) > 1 {
				it.Replies[0].First, found = true, true
			}
		}
		if found {
			return
		}
	}
}

func (p Page) replies(rs []Reply) []replyView {
	var out []replyView
	for _, r := range rs {
		text := line(r.Text)
		label := shorten(60, line(r.Label))
		if label == "" {
			label = shorten(60, text)
		}
		if label == "" {
			continue
		}
		rv := replyView{Text: text, Label: label}
		if p.Reply != "" {
			body := plain(r.Body)
			if strings.TrimSpace(body) == "" {
				body = text
			}
			rv.Link = mailto(string(p.Reply), subject(p.ReplySubject), body)
		}
		out = append(out, rv)
	}
	return out
}

func (p *Progress) view() *progressView {
	v := &progressView{Progress: *p, Numbers: []Count{{"asked", p.Asked}, {"answered", p.Answered}, {"met", p.Met}}}
	v.Chain = lines(p.Chain)
	if p.Goal <= 10 {
		for i := range p.Goal {
			v.Boxes = append(v.Boxes, i < p.Week)
		}
	}
	most := 1
	for _, c := range p.Stages {
		most = max(most, c.N)
	}
	for _, c := range p.Stages {
		if c.N > 0 { // nobody there: nothing to see
			v.Bars = append(v.Bars, bar{Label: line(c.Label), N: c.N, Percent: max(2, c.N*85/most)}) // the number stands behind the bar
		}
	}
	return v
}

// subject is s as a header field's value can be: one line, not too long.
func subject(s string) string { return shorten(maxSubject, line(s)) }

func lines(in []string) []string {
	var out []string
	for _, s := range in {
		if s = line(s); s != "" {
			out = append(out, shorten(maxLine, s))
		}
	}
	return out
}

// mailto is a link that opens a finished mail. RFC 6068 section 2: everything but unreserved characters is
// percent-encoded as UTF-8, and line breaks in the body are %0D%0A (section 5).
func mailto(to, subject, body string) template.URL {
	at := max(strings.LastIndexByte(to, '@'), 0)
	link := "mailto:" + percent(to[:at]) + strings.Replace(percent(to[at:]), "%40", "@", 1) + "?subject=" + percent(subject) +
		"&body=" + percent(strings.ReplaceAll(body, "\n", "\r\n"))
	return template.URL(link) // every byte that could end the link or the attribute is percent-encoded
}

func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// preheader is the line that mail programs show behind the subject: the first thing the mail says.
func preheader(v pageView) string {
	var parts []string
	if len(v.Lead) > 0 {
		parts = append(parts, v.Lead[0])
	}
	for _, s := range v.Sections {
		for _, it := range s.Items {
			if len(parts) < 3 {
				text := it.Text
				if it.N > 0 {
					text = strconv.Itoa(it.N) + " " + text
				}
				parts = append(parts, text)
			}
		}
	}
	return shorten(140, cmp.Or(strings.Join(parts, " · "), v.Subject))
}
