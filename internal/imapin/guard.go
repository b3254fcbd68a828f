package imapin

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
)

// What a server may send before anybody parses it. The parser keeps whole strings in memory and recurses into
// parentheses, its errors growing with the square of the depth; all of that is bounded here.
const (
	maxLine    = 64 << 10  // bytes of a response outside its literals
	maxNumbers = 16 << 20  // the same for the answer to SEARCH, which is numbers only
	maxString  = 64 << 10  // a literal that the parser keeps
	maxSection = 256 << 20 // a literal with a part of a message, which is streamed
	maxDepth   = 100       // parentheses left open outside strings
	headKept   = 256       // bytes kept of the start of a response
)

var (
	errTooMuch = errors.New("it is larger or deeper than any sane answer")
	errFraming = errors.New("its lines do not end where they must")
)

// guard stands between the encrypted link and the IMAP client. It replays what was read before the client existed,
// watches the size of what comes, and remembers why reading ended and whether the server said BYE.
type guard struct {
	net.Conn          // the encrypted link
	raw      net.Conn // the socket below it
	replay   []byte

	scan   scanner
	failed error

	mu      sync.Mutex
	readErr error // why the link gave no more
	refused error // why the guard gave no more
	bye     string
}

// Read fails for good once it has failed: the parser's buffer forgets an error that it has passed on.
func (g *guard) Read(p []byte) (int, error) {
	if g.failed != nil {
		return 0, g.failed
	}
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
		g.refused, g.failed = scanErr, scanErr
		return 0, scanErr
	}
	if errors.Is(err, io.EOF) && g.scan.literal > 0 {
		// TLS calls it the end when the connection is lost between two records; what is read to the end would pass for whole.
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		g.readErr, g.failed = err, err
	}
	return n, err
}

// Close closes the socket. The link's own Close could wait for the peer.
func (g *guard) Close() error { return g.raw.Close() }

// why tells what ended the connection: a lost link, what the guard refused, or neither: the parser gave up.
func (g *guard) why() (bye string, lost, refused error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.bye, g.readErr, g.refused
}

// scanner follows the framing of responses (RFC 9051 section 2.2.2): lines, and the literals {n} that continue them. It
// must never disagree with the parser about where a literal begins; where the parser would read on over the end of a
// line, in a quoted string or a response code, it ends the connection.
type scanner struct {
	head    []byte // start of the response
	line    int    // bytes of the response outside literals
	literal int64  // bytes of a literal still to come
	depth   int
	last    [2]byte // the two bytes before the one at hand
	brace   int     // 1 after {, 2 after {n}
	size    int64
	section bool // the { follows BODY[…]
	quoted  bool
	escaped bool
	code    int // 1 within the [code] of a response of words, 2 after it
	bye     string
}

func (s *scanner) feed(p []byte) error {
	for _, b := range p {
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
	if s.line > maxLine && (s.line > maxNumbers || !s.numbers()) {
		return errTooMuch
	}
	if b == '\n' {
		return s.newline()
	}
	if len(s.head) < headKept {
		s.head = append(s.head, b)
	}
	switch {
	case s.quoted:
		if !s.escaped && b == '"' {
			s.quoted = false
		}
		s.escaped = !s.escaped && b == '\\'
	case b == '"':
		s.quoted, s.brace = !s.words(), 0
	case b == '(':
		if s.depth++; s.depth > maxDepth && !s.words() {
			return errTooMuch
		}
		s.brace = 0
	case b == ')':
		s.depth = max(0, s.depth-1)
		s.brace = 0
	case b == '{':
		s.brace, s.size = 1, 0
		s.section = s.last[1] == ' ' && (s.last[0] == ']' || s.last[0] == '>')
	case s.brace == 1 && b >= '0' && b <= '9':
		s.size = min(s.size*10+int64(b-'0'), maxSection+1)
	case s.brace == 1 && b == '}':
		s.brace = 2
	case s.brace == 2 && (b == '\r' || b == ' '):
	case b == '[' && s.code == 0 && s.codeMayBegin():
		s.code = 1
	case b == ']' && s.code == 1:
		s.code = 2
	default:
		s.brace = 0
	}
	s.last[0], s.last[1] = s.last[1], b
	return nil
}

// newline takes the end of a line: of a response, or of a part of it that a literal follows.
func (s *scanner) newline() error {
	words := s.words()
	switch {
	case s.quoted, words && s.code == 1:
		return errFraming
	case s.brace != 2 || words:
		s.end()
		return nil
	case s.size > maxSection, s.size > maxString && !s.section:
		return errTooMuch
	}
	s.brace, s.literal = 0, s.size
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
	word, rest, _ := bytes.Cut(rest, []byte(" "))
	if len(word) > 0 && word[0] >= '0' && word[0] <= '9' {
		word, _, _ = bytes.Cut(rest, []byte(" "))
	}
	switch strings.ToUpper(string(bytes.TrimSpace(word))) {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// codeMayBegin tells whether the [ that was just read stands where a response code may (RFC 9051 section 7.1).
func (s *scanner) codeMayBegin() bool {
	if len(s.head) == headKept || s.last[1] != ' ' || s.head[0] == '+' || !s.words() {
		return false
	}
	before := bytes.Fields(s.head[:len(s.head)-1])
	return len(before) == 2 || (len(before) == 3 && before[1][0] >= '0' && before[1][0] <= '9')
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
