package imapin

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"
)

// What a server may send before anybody parses it. The parser keeps whole strings in memory and recurses into
// parentheses; both are bounded here.
const (
	maxLine    = 64 << 10  // bytes of a response outside its literals
	maxNumbers = 16 << 20  // the same for the answer to SEARCH, which is numbers only
	maxString  = 64 << 10  // a literal that the parser keeps
	maxSection = 256 << 20 // a literal with a part of a message, which is streamed
	maxDepth   = 100_000   // parentheses left open, wherever they stand
	headKept   = 256       // bytes kept of the start of a response
)

var errTooMuch = errors.New("it is larger or deeper than any sane answer")

// guard stands between the encrypted link and the IMAP client. It replays what was read before the client existed,
// watches the size of what comes, and remembers why reading ended and whether the server said BYE.
type guard struct {
	net.Conn          // the encrypted link
	raw      net.Conn // the socket below it
	replay   []byte

	scan scanner

	mu      sync.Mutex
	readErr error // why the link gave no more
	tooMuch bool
	bye     string
}

func (g *guard) Read(p []byte) (int, error) {
	var (
		n   int
		err error
	)
	if len(g.replay) > 0 {
		n = copy(p, g.replay)
		g.replay = g.replay[n:]
	} else {
		n, err = g.Conn.Read(p)
	}
	scanErr := g.scan.feed(p[:n])
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bye = g.scan.bye
	if scanErr != nil {
		g.tooMuch = true
		return 0, scanErr
	}
	if err != nil {
		g.readErr = err
	}
	return n, err
}

// Close closes the socket. The link's own Close could wait for the peer.
func (g *guard) Close() error { return g.raw.Close() }

// why tells what ended the connection: a lost link, or, if that is nil, something that could not be read.
func (g *guard) why() (lost error, bye string, tooMuch bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.readErr, g.bye, g.tooMuch
}

// scanner follows the framing of responses (RFC 9051 section 2.2.2): lines, and the literals {n} that continue them.
type scanner struct {
	head    []byte // start of the response
	line    int    // bytes of the response outside literals
	literal int64  // bytes of a literal still to come
	depth   int
	last    [2]byte // the two bytes before the one at hand
	brace   int     // 1 after {, 2 after {n}
	size    int64
	section bool // the { follows BODY[…]
	bye     string
}

func (s *scanner) feed(p []byte) error {
	for _, b := range p {
		switch b {
		case '(':
			s.depth++
			if s.depth > maxDepth {
				return errTooMuch
			}
		case ')':
			s.depth = max(0, s.depth-1)
		}
		if s.literal > 0 {
			s.literal--
			continue
		}
		if err := s.text(b); err != nil {
			return err
		}
	}
	return nil
}

// text takes one byte that is not of a literal.
func (s *scanner) text(b byte) error {
	s.line++
	if len(s.head) < headKept {
		s.head = append(s.head, b)
	}
	if s.line > maxLine && (s.line > maxNumbers || !s.numbers()) {
		return errTooMuch
	}
	switch {
	case b == '{':
		s.brace, s.size = 1, 0
		s.section = s.last[1] == ' ' && (s.last[0] == ']' || s.last[0] == '>')
	case s.brace == 1 && b >= '0' && b <= '9':
		s.size = s.size*10 + int64(b-'0')
		if s.size > maxSection {
			s.size = maxSection + 1
		}
	case s.brace == 1 && b == '}':
		s.brace = 2
	case s.brace == 2 && b == '\r':
	case b == '\n':
		if s.brace == 2 && !s.words() {
			s.brace = 0
			if s.size > maxSection || (s.size > maxString && !s.section) {
				return errTooMuch
			}
			s.literal = s.size
			break
		}
		s.end()
		return nil
	default:
		s.brace = 0
	}
	s.last[0], s.last[1] = s.last[1], b
	return nil
}

// end is the end of a response.
func (s *scanner) end() {
	if len(s.head) >= 5 && strings.EqualFold(string(s.head[:5]), "* BYE") {
		s.bye = printable(string(s.head[5:]))
	}
	*s = scanner{head: s.head[:0], bye: s.bye}
}

// words tells a response that is text to the end of its line, where {5} means nothing: continuations, tagged ones, and
// the untagged OK, NO, BAD, BYE, PREAUTH.
func (s *scanner) words() bool {
	rest, untagged := bytes.CutPrefix(s.head, []byte("* "))
	if !untagged {
		return true
	}
	word, _, _ := bytes.Cut(rest, []byte(" "))
	switch strings.ToUpper(string(bytes.TrimSpace(word))) {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// numbers tells the answers to SEARCH.
func (s *scanner) numbers() bool {
	head := strings.ToUpper(string(s.head[:min(len(s.head), 10)]))
	return strings.HasPrefix(head, "* SEARCH ") || strings.HasPrefix(head, "* ESEARCH ")
}

// printable makes a line of text out of whatever a server sent.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '�' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
