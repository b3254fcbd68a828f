package message

import (
	"strconv"
	"strings"
)

// readStyle notes what the style says of whether and how text is shown.
func (e *element) readStyle(a *attributes) {
	e.margin = true
	if a.style == "" {
		return
	}
	zeroHeight, clipped := false, false
	for declaration := range strings.SplitSeq(a.style, ";") {
		property, value, found := strings.Cut(declaration, ":")
		if !found {
			continue
		}
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch strings.TrimSpace(property) {
		case "display":
			e.hide = e.hide || value == "none"
		case "visibility":
			e.hide = e.hide || value == "hidden"
		case "mso-hide":
			e.hide = e.hide || value == "all"
		case "opacity":
			e.hide = e.hide || length(value) == 0
		case "text-decoration", "text-decoration-line":
			e.hide = e.hide || strings.Contains(value, "line-through")
		case "font-size":
			e.sized, e.tiny = true, length(value) >= 0 && length(value) <= 1 && !strings.HasSuffix(value, "em") && !strings.HasSuffix(value, "rem") || length(value) == 0
		case "max-height", "height":
			zeroHeight = zeroHeight || length(value) == 0
		case "overflow":
			clipped = clipped || value == "hidden"
		case "white-space":
			e.pre = e.pre || strings.HasPrefix(value, "pre") && value != "pre-line"
		case "margin":
			first, _, _ := strings.Cut(value, " ")
			e.margin = length(first) != 0
		case "margin-top", "margin-bottom":
			e.margin = e.margin && length(value) != 0
		}
	}
	e.hide = e.hide || zeroHeight && clipped
}

// length reads a number and leaves its unit alone; -1 if there is none.
func length(value string) float64 {
	n := 0
	for n < len(value) && (value[n] >= '0' && value[n] <= '9' || value[n] == '.') {
		n++
	}
	f, err := strconv.ParseFloat(value[:n], 64)
	if err != nil {
		return -1
	}
	return f
}

// isQuote tells a blockquote that quotes from one that indents: buttons for indenting write it without a border.
func isQuote(a *attributes) bool {
	if a.kind == "cite" || strings.Contains(a.class, "quote") && !strings.Contains(a.class, "indent") {
		return true
	}
	flat := strings.ReplaceAll(a.style, " ", "")
	indents := strings.Contains(a.class, "indent") || strings.Contains(flat, "border:none") || strings.Contains(flat, "border:0") ||
		strings.Contains(flat, "border:medium")
	return !indents || strings.Contains(flat, "border-left")
}

// quoteContainer tells whether an element that is no blockquote holds a quote in some mail program: Yahoo, GMX and web.de,
// Outlook with a line at the left.
func quoteContainer(a *attributes) bool {
	if strings.Contains(a.class, "yahoo_quoted") || strings.HasPrefix(a.id, "yahoo_quoted") || a.name == "quote" {
		return true
	}
	if !strings.Contains(a.style, "border-left") {
		return false
	}
	flat := strings.ReplaceAll(a.style, " ", "")
	return strings.Contains(flat, "border:none;border-left:solid") && strings.Contains(flat, "padding")
}
