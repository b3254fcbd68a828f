package message

import "strings"

// Get returns the value of the first field called name, or "".
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Values returns the values of all fields called name, in order.
func (h Header) Values(name string) []string {
	var values []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Has tells whether there is a field called name.
func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Text returns the first field called name as a person reads it: encoded words (RFC 2047) undone, white space and
// control characters made single spaces. Plain bytes beyond ASCII are read in the charset of the Content-Type beside it,
// if they are no UTF-8.
func (h Header) Text(name string) string { return cleanName(decodeWords(h.Get(name), h.charset())) }

// charset is the one that the body says it has, and so the best guess for a header that says nothing.
func (h Header) charset() string {
	_, params := parseParams(h.Get("Content-Type"), "")
	return params["charset"]
}
