package setup

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"askwell/internal/imapin"
	"askwell/internal/smtpout"
)

const (
	lookupLimit = 3 * time.Second  // for all questions to the DNS
	probeLimit  = 10 * time.Second // for all candidates, which are tried at once
)

// Resolver asks the DNS. [net.Resolver] is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// discovery finds the servers of a domain.
type discovery struct {
	resolver Resolver
	trust    *tls.Config
	dial     func(ctx context.Context, network, addr string) (net.Conn, error)
}

// servers is what a discovery found.
type servers struct {
	imap, smtp endpoint
	how        string // "known", for a person
	help       string
	refuse     string
	// confirm: the names come from the DNS, which anybody on the way may have answered, and lead away from the domain. The
	// owner is asked before a password goes there (RFC 6186, section 6).
	confirm bool
}

func (s servers) complete() bool { return s.imap.host != "" && s.smtp.host != "" }

func of(p provider, how string) servers {
	return servers{imap: p.imap, smtp: p.smtp, how: how, help: p.help, refuse: p.refuse}
}

// find looks, from what is certain to what is guessed. What comes from the DNS or is guessed has answered when find returns
// it; where a half is missing nothing did.
func (d discovery) find(ctx context.Context, domain string) servers {
	if p, ok := providerOf(domain); ok {
		return of(p, "known: "+p.name)
	}
	srv, mx := d.ask(ctx, domain)
	if srv.complete() && d.first(ctx, []endpoint{srv.imap}, d.imapAnswers).host != "" &&
		d.first(ctx, []endpoint{srv.smtp}, d.smtpAnswers).host != "" {
		return srv
	}
	for _, host := range mx {
		if p, ok := providerBehind(host); ok {
			return of(p, "the mail of "+domain+" is with "+p.name)
		}
	}
	return d.guess(ctx, domain, mx)
}

// ask asks the DNS for the services that RFC 6186 and RFC 8314 name, and for who takes the domain's mail.
func (d discovery) ask(ctx context.Context, domain string) (servers, []string) {
	ctx, cancel := context.WithTimeout(ctx, lookupLimit)
	defer cancel()
	var imap, imapPlain, smtp, smtpPlain endpoint
	var mx []string
	var all sync.WaitGroup
	for _, q := range []struct {
		service string
		tls     bool
		to      *endpoint
	}{
		{"imaps", true, &imap},
		{"imap", false, &imapPlain},
		{"submissions", true, &smtp},
		{"submission", false, &smtpPlain},
	} {
		all.Go(func() {
			_, found, err := d.resolver.LookupSRV(ctx, q.service, "tcp", domain)
			if err != nil || len(found) == 0 {
				return
			}
			host := strings.TrimSuffix(found[0].Target, ".")
			if host != "" { // "." says that there is no such service
				*q.to = endpoint{host, strconv.Itoa(int(found[0].Port)), q.tls}
			}
		})
	}
	all.Go(func() {
		found, err := d.resolver.LookupMX(ctx, domain)
		if err != nil {
			return
		}
		for _, m := range found {
			if host := strings.TrimSuffix(m.Host, "."); host != "" {
				mx = append(mx, host)
			}
		}
	})
	all.Wait()
	s := servers{imap: imap, smtp: smtp, how: "the DNS of " + domain + " names them"}
	if s.imap.host == "" {
		s.imap = imapPlain
	}
	if s.smtp.host == "" {
		s.smtp = smtpPlain
	}
	s.confirm = !below(s.imap.host, domain) || !below(s.smtp.host, domain)
	return s, mx
}

// guess tries the usual names.
func (d discovery) guess(ctx context.Context, domain string, mx []string) servers {
	names := func(first string) (hosts []string) {
		hosts = []string{first + "." + domain, "mail." + domain, domain}
		for _, host := range mx {
			if below(host, domain) && !slices.Contains(hosts, host) && len(hosts) < 6 {
				hosts = append(hosts, host)
			}
		}
		return hosts
	}
	var imap, smtp []endpoint
	for _, host := range names("imap") {
		imap = append(imap, imaps(host))
	}
	for _, host := range names("imap") {
		imap = append(imap, starttls(host, "143"))
	}
	for _, host := range names("smtp") {
		smtp = append(smtp, smtps(host))
	}
	for _, host := range names("smtp") {
		smtp = append(smtp, starttls(host, "587"))
	}
	s := servers{how: "guessed, and they answer"}
	var both sync.WaitGroup
	both.Go(func() { s.imap = d.first(ctx, imap, d.imapAnswers) })
	both.Go(func() { s.smtp = d.first(ctx, smtp, d.smtpAnswers) })
	both.Wait()
	return s
}

// first tries all at once and gives the first in the list that answers, or none.
func (d discovery) first(ctx context.Context, candidates []endpoint, answers func(context.Context, endpoint) bool) endpoint {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	told := make([]chan bool, len(candidates))
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel() // whoever is slower than the one chosen need not be waited for
	for i, c := range candidates {
		told[i] = make(chan bool, 1)
		all.Go(func() { told[i] <- answers(ctx, c) })
	}
	for i, c := range candidates {
		if <-told[i] {
			return c
		}
	}
	return endpoint{}
}

// errProbe is where a probe stops: at the password, which it has not got.
var errProbe = errors.New("the password is not asked for yet")

// imapAnswers reports whether there is an IMAP server with a trusted certificate.
func (d discovery) imapAnswers(ctx context.Context, e endpoint) bool {
	m := imapin.New(imapin.Config{
		Host: e.host, Port: e.port, TLS: e.tls, TLSConfig: d.trust, Dial: d.dial, Username: "probe",
		Password: func(context.Context) (string, error) { return "", errProbe },
	})
	defer func() { _ = m.Close() }()
	_, err := m.Check(ctx)
	return err == nil || errors.Is(err, errProbe)
}

// smtpAnswers reports whether there is a submission server with a trusted certificate.
func (d discovery) smtpAnswers(ctx context.Context, e endpoint) bool {
	s := smtpout.New(smtpout.Config{Host: e.host, Port: e.port, TLS: e.tls, TLSConfig: d.trust, Dial: d.dial})
	defer func() { _ = s.Close() }()
	_, err := s.Check(ctx)
	return err == nil
}
