package setup

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"askwell/internal/config"
	"askwell/internal/imapin"
	"askwell/internal/smtpout"
)

const (
	dnsLimit = 5 * time.Second
	tryLimit = 30 * time.Second
	soon     = 21 * 24 * time.Hour // before its end, a certificate should have been renewed
)

// side is one of the two servers, being looked at.
type side struct {
	examination // with findings of its own: both sides are looked at at once
	name, key   string
	server      config.Server
	state       *tls.ConnectionState // of the connection that was trusted
	login       bool                 // the password is there to be tried
}

// mail looks at the password and at both servers.
func (x *examination) mail(ctx context.Context) {
	trust, err := prepare(x.c)
	var refused config.Errors
	if errors.As(err, &refused) {
		for _, e := range refused {
			x.wrong("secret", e.Key+": "+e.Problem, "askwell can neither read nor send", e.Remedy)
		}
		x.dead = true
		return
	}
	x.link = link{log: x.Logger, trust: trust, dial: x.Dial, password: x.c.Password}
	secret := x.secret(ctx)

	in := &side{examination: *x, name: "imap", key: "mailbox.imap", server: x.c.IMAPServer(), login: secret}
	out := &side{examination: *x, name: "smtp", key: "mailbox.smtp", server: x.c.SMTPServer(), login: secret}
	in.all, out.all = nil, nil
	var both sync.WaitGroup
	both.Go(func() { in.reading(ctx) })
	both.Go(func() { out.sending(ctx) })
	both.Wait()
	x.all = slices.Concat(x.all, in.all, out.all)
	x.dead = !secret || Worst(in.all) == Wrong || Worst(out.all) == Wrong
}

// secret asks for the password, where it is kept.
func (x *examination) secret(ctx context.Context) bool {
	const check = "secret"
	m := x.c.Mailbox
	if _, err := x.c.Password(ctx); err != nil {
		what, remedy, ok := cutLast(err.Error(), "; ")
		if !ok {
			remedy = "see " + m.PasswordFile + m.PasswordCommand + m.PasswordEnv
		}
		x.wrong(check, what, "without the password askwell can neither read nor send", remedy)
		return false
	}
	switch {
	case m.PasswordFile != "":
		x.ok(check, "%s has a password in it, and only you can read it", m.PasswordFile)
	case m.PasswordCommand != "":
		x.ok(check, "the command of mailbox.password_command gives a password")
	default:
		x.ok(check, "the variable %s has a password in it", m.PasswordEnv)
	}
	return true
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// prepared is the link that a side uses: it keeps what TLS has agreed on, and has no password where there is none to try.
func (s *side) prepared() link {
	l := s.link
	l.trust = l.trust.Clone()
	l.trust.VerifyConnection = func(state tls.ConnectionState) error {
		s.state = &state
		return nil
	}
	if !s.login {
		l.password = func(context.Context) (string, error) { return "", errProbe }
	}
	return l
}

// reading looks at the server where mail is read.
func (s *side) reading(ctx context.Context) {
	if !s.dns(ctx) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tryLimit)
	defer cancel()
	box := s.prepared().mailbox(s.c)
	defer func() { _ = box.Close() }()
	report, err := box.Check(ctx)
	if err != nil {
		var e *imapin.Error
		auth, cause := false, err
		if errors.As(err, &e) {
			auth, cause = e.Auth, e.Err
			cause = fmt.Errorf("%s at %s: %w", e.Op, s.server.Addr(), cause)
		}
		s.failed(err, cause, auth)
		return
	}
	s.encrypted()
	s.ok("imap login", "%s may read the mailbox", s.c.Mailbox.Username)
	if report.Idle {
		s.ok("imap idle", "the server tells of new mail at once")
	} else {
		s.warn("imap idle", "the server does not tell of new mail (no IDLE)", "an answer is noticed within a minute, not at once", "")
	}
	s.folders(report)
}

func (s *side) folders(report imapin.Report) {
	const check = "imap folders"
	var names []string
	has := map[imapin.Role]bool{}
	for _, f := range report.Folders {
		names = append(names, f.Name)
		has[f.Role] = true
	}
	good := true
	if !has[imapin.RoleSent] && !has[imapin.RoleAll] {
		good = false
		s.warn(check, "there is no folder for sent mail",
			"askwell sees there that you have written to somebody by hand, and that a line to yourself is yours",
			`make a folder "Sent" in your mail program, or name yours: folders = ["…"] under [mailbox]`)
	}
	if !has[imapin.RoleJunk] {
		good = false
		s.warn(check, "there is no folder for junk",
			"an answer that is sorted out as junk is not seen, and the person is nudged nevertheless",
			`where there is one under another name: folders = ["…"] under [mailbox]`)
	}
	if good {
		s.ok(check, "%s are watched", strings.Join(names, ", "))
	}
}

// sending looks at the server where mail is sent.
func (s *side) sending(ctx context.Context) {
	if !s.dns(ctx) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tryLimit)
	defer cancel()
	l := s.prepared()
	out := l.sender(s.c)
	defer func() { _ = out.Close() }()
	if _, err := out.Check(ctx); err != nil {
		var e *smtpout.Error
		auth, cause := false, err
		if errors.As(err, &e) {
			auth, cause = e.Auth && !e.TLS, e.Err
			if inner := errors.Unwrap(e.Err); inner != nil { // without the remedy that is put behind it
				cause = inner
			}
			cause = fmt.Errorf("%s: %w", e.Op, cause)
		}
		s.failed(err, cause, auth)
		return
	}
	s.encrypted()
	s.ok("smtp login", "%s may send", s.c.Mailbox.Username)
}

// dns asks for the server's name.
func (s *side) dns(ctx context.Context) bool {
	if net.ParseIP(s.server.Host) != nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, dnsLimit)
	defer cancel()
	found, err := s.Resolver.LookupHost(ctx, s.server.Host)
	if err != nil {
		why := err.Error()
		var e *net.DNSError
		if errors.As(err, &e) {
			why = e.Err
			if e.IsTimeout {
				why = "the DNS does not answer"
			}
		}
		s.wrong(s.name+" dns", fmt.Sprintf("%s is not found: %s", s.server.Host, why), "the server cannot be reached without its address",
			fmt.Sprintf("check the host in %s (%s), and whether this machine is online: getent hosts %s", s.key, s.c.File, s.server.Host))
		return false
	}
	s.ok(s.name+" dns", "%s is %s", s.server.Host, strings.Join(found, ", "))
	return true
}

// encrypted looks at the certificate of a connection that was trusted.
func (s *side) encrypted() {
	check := s.name + " tls"
	if s.state == nil || len(s.state.PeerCertificates) == 0 {
		return
	}
	leaf := s.state.PeerCertificates[0]
	left := leaf.NotAfter.Sub(s.Now())
	until := leaf.NotAfter.Format(time.DateOnly)
	if left < soon {
		s.warn(check, fmt.Sprintf("the certificate of %s ends on %s, in %d days", s.server.Host, until, int(left.Hours()/24)),
			"after that day nothing is read or sent", "whoever runs the server has to renew it")
		return
	}
	s.ok(check, "%s, and the certificate of %s is trusted until %s", tls.VersionName(s.state.Version), s.server.Host, until)
}

// failed sorts out why a server could not be used.
func (s *side) failed(err, cause error, auth bool) {
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &cert):
		s.untrusted(cert)
	case errors.Is(err, errProbe):
		s.encrypted() // the secret has been reported already
	case s.state != nil && auth:
		s.encrypted()
		remedy := "askwell init --force, with the right password"
		if help := helpFor(s.c); help != "" {
			remedy += ". " + help
		} else {
			remedy += "; many providers want an app password, which their pages on security make"
		}
		s.wrong(s.name+" login", cause.Error(), "askwell can neither read nor send with a password that is refused", remedy)
	case s.state != nil:
		s.encrypted()
		s.wrong(s.name+" login", cause.Error(), "askwell waits until the server lets it in", "try again later; if it stays, ask whoever runs "+s.server.Host)
	default:
		s.unreached(cause)
	}
}

// unreached is for a connection that did not get as far as a trusted one.
func (s *side) unreached(cause error) {
	usual := map[string]string{"imap": "imaps://HOST is port 993, imap://HOST port 143", "smtp": "smtps://HOST is port 465, smtp://HOST port 587"}[s.name]
	var noise tls.RecordHeaderError
	var dial *net.OpError
	switch {
	case errors.As(cause, &noise):
		s.wrong(s.name+" tls", fmt.Sprintf("%s does not speak TLS from the first byte", s.server.Addr()), "nothing is sent in the clear",
			fmt.Sprintf("write %s://%s in %s: that asks for STARTTLS", s.name, s.server.Addr(), s.key))
	case errors.As(cause, &dial) && dial.Op == "dial":
		s.wrong(s.name+" connection", fmt.Sprintf("%s cannot be reached: %v", s.server.Addr(), dial.Err), "nothing is read or sent meanwhile",
			fmt.Sprintf("check host and port in %s (%s), and that no firewall is in between", s.key, usual))
	default:
		s.wrong(s.name+" connection", cause.Error(), "nothing is read or sent meanwhile",
			fmt.Sprintf("check host and port in %s (%s)", s.key, usual))
	}
}

// untrusted says what is wrong with a certificate.
func (s *side) untrusted(err *tls.CertificateVerificationError) {
	check, why := s.name+" tls", "askwell tells its password to nobody who cannot prove to be "+s.server.Host
	var leaf *x509.Certificate
	if len(err.UnverifiedCertificates) > 0 {
		leaf = err.UnverifiedCertificates[0]
	}
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name) && leaf != nil:
		names := slices.Clone(leaf.DNSNames)
		for _, ip := range leaf.IPAddresses {
			names = append(names, ip.String())
		}
		remedy := "whoever runs the server has to put the name into its certificate"
		if len(names) > 0 {
			remedy = fmt.Sprintf("write the host in %s as the certificate has it: %s", s.key, strings.Join(names, " or "))
		}
		s.wrong(check, fmt.Sprintf("the certificate is not for %s", s.server.Host), why, remedy)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && leaf != nil && s.Now().Before(leaf.NotBefore):
		s.wrong(check, fmt.Sprintf("the certificate of %s begins on %s only", s.server.Host, leaf.NotBefore.Format(time.DateOnly)), why,
			fmt.Sprintf("check this machine's clock: it says %s", s.Now().Format(time.DateTime)))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && leaf != nil:
		s.wrong(check, fmt.Sprintf("the certificate of %s ended on %s", s.server.Host, leaf.NotAfter.Format(time.DateOnly)), why,
			fmt.Sprintf("whoever runs the server has to renew it; check this machine's clock, too: it says %s", s.Now().Format(time.DateTime)))
	case errors.As(err, &unknown):
		issuer := ""
		if leaf != nil {
			issuer = ", " + leaf.Issuer.String() + ","
		}
		s.wrong(check, fmt.Sprintf("the authority that signed the certificate of %s%s is not known here", s.server.Host, issuer), why,
			"if it is your own or your organisation's: ca_file = \"FILE.pem\" under [mailbox]; else install ca-certificates")
	default:
		s.wrong(check, fmt.Sprintf("the certificate of %s is not trusted: %v", s.server.Host, err.Err), why, "ask whoever runs the server")
	}
}

// helpFor is what the provider of a mailbox says about passwords, if it is known.
func helpFor(c *config.Config) string {
	if p, ok := providerOf(c.Mailbox.Address.Domain()); ok {
		return p.help
	}
	for _, p := range providers() {
		if strings.EqualFold(p.imap.host, c.IMAPServer().Host) {
			return p.help
		}
	}
	return ""
}
