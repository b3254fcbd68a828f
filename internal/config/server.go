package config

import (
	"cmp"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Server is where to connect to.
type Server struct {
	Host, Port string
	TLS        bool // from the first byte; otherwise STARTTLS is demanded, and without it nothing is said
}

// Addr is host:port, as a dialler wants it.
func (s Server) Addr() string { return net.JoinHostPort(s.Host, s.Port) }

// parseServer takes a URL apart. Protocol is "imap" or "smtp"; ports are those of RFC 8314: with TLS, and with STARTTLS. The
// text itself is never repeated in a problem: it may have a password in it.
func parseServer(protocol, text string) (s Server, problem, remedy string) {
	secure := protocol + "s"
	form := "write " + secure + "://HOST, or " + protocol + "://HOST where the server wants STARTTLS"
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		if plainHost(text) {
			form = "write " + secure + "://" + text
		}
		return s, "has no scheme", form
	}
	switch strings.ToLower(scheme) {
	case secure:
		s.TLS = true
	case protocol:
	default:
		return s, "has a scheme that does not fit", form
	}
	u, err := url.Parse("x://" + rest)
	if err != nil {
		return s, "is no URL", form
	}
	if u.User != nil || strings.Contains(rest, "@") {
		return s, "has a user in it",
			"put the user under username, and the password where password_file says"
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return s, "has something behind the host", "write " + secure + "://HOST:PORT and nothing else"
	}
	s.Host = u.Hostname()
	if s.Host == "" || !plainHost(s.Host) && net.ParseIP(s.Host) == nil {
		return s, "names no host", form
	}
	s.Port = cmp.Or(u.Port(), defaultPort(protocol, s.TLS))
	if n, err := strconv.Atoi(s.Port); err != nil || n < 1 || n > 65535 {
		return s, "has a port that cannot be", "the usual one is " + defaultPort(protocol, s.TLS)
	}
	return s, "", ""
}

func defaultPort(protocol string, tls bool) string {
	switch {
	case protocol == "imap" && tls:
		return "993"
	case protocol == "imap":
		return "143"
	case tls:
		return "465"
	}
	return "587"
}

// plainHost reports whether s can be the name of a host. It is no check of whether there is one.
func plainHost(s string) bool {
	return s != "" && len(s) <= 253 && !strings.HasPrefix(s, ".") && !strings.HasPrefix(s, "-") && !strings.Contains(s, "..") &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return r < 0x80 && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", r)
		})
}
