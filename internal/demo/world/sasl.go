package world

import (
	"errors"
	"strings"

	"github.com/emersion/go-sasl"
)

func mechanisms() []string {
	return []string{sasl.Plain, sasl.Login, "XOAUTH2", sasl.OAuthBearer}
}

// mechanism returns the server's side of a SASL mechanism, or nil. Each function
// checks a user name with its secret; its error goes to the client.
func mechanism(name string, password, token func(user, secret string) error) sasl.Server {
	switch strings.ToUpper(name) {
	case sasl.Plain:
		return sasl.NewPlainServer(func(identity, user, secret string) error {
			if identity != "" && !strings.EqualFold(identity, user) {
				return errors.New("another identity is not supported")
			}
			return password(user, secret)
		})
	case sasl.Login:
		return &loginServer{check: password}
	case "XOAUTH2":
		return &xoauth2Server{check: token}
	case sasl.OAuthBearer:
		var refused error
		return &bearerServer{Server: sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if refused = token(o.Username, o.Token); refused != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), refused: &refused}
	}
	return nil
}

// loginServer is LOGIN (draft-murchison-sasl-login): two prompts, two answers.
type loginServer struct {
	check func(user, secret string) error
	asked int
	user  string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.asked == 0 && response != nil { // initial response: the user name
		l.asked = 1
	}
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(l.user, string(response))
	}
}

// xoauth2Server is Google's and Microsoft's XOAUTH2. A refusal is first a
// challenge, which the client must answer before it is refused.
type xoauth2Server struct {
	check  func(user, secret string) error
	failed error
}

func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	if x.failed != nil {
		return nil, true, x.failed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	var user, secret string
	for field := range strings.SplitSeq(string(response), "\x01") {
		if v, ok := strings.CutPrefix(field, "user="); ok {
			user = v
		} else if v, ok := strings.CutPrefix(field, "auth=Bearer "); ok {
			secret = v
		}
	}
	if x.admits(user, secret) {
		return nil, true, nil
	}
	return []byte(`{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`), false, nil
}

func (x *xoauth2Server) admits(user, secret string) bool {
	x.failed = x.check(user, secret)
	return x.failed == nil
}

// bearerServer replaces the library's last error by the protocol's own.
type bearerServer struct {
	sasl.Server
	refused *error
}

func (b *bearerServer) Next(response []byte) (challenge []byte, done bool, err error) {
	challenge, done, err = b.Server.Next(response)
	if err != nil && *b.refused != nil {
		err = *b.refused
	}
	return challenge, done, err
}
