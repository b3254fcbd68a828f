package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

type certificates struct {
	ca   []byte // PEM
	leaf tls.Certificate

	authority *x509.Certificate
	key       *ecdsa.PrivateKey
}

// Certificate is one for a server, apart from who it is for: what is zero is as in the lab's own.
type Certificate struct {
	From, To   time.Time
	Host       string // the one name in it
	SelfSigned bool
}

// makeCertificates writes ca.pem for clients and server.pem, key and
// certificate, for both servers.
func (l *Lab) makeCertificates() error {
	from, to := validity()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "askwell mailtest authority"},
		NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
	if err != nil {
		return err
	}
	l.certs = &certificates{ca: block("CERTIFICATE", caDER), authority: ca, key: key}
	if l.certs.leaf, err = l.issue(Certificate{}); err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(l.certs.leaf.PrivateKey)
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.CAFile, l.certs.ca, 0o644); err != nil {
		return err
	}
	text := append(block("PRIVATE KEY", keyDER), block("CERTIFICATE", l.certs.leaf.Certificate[0])...)
	return os.WriteFile(l.path("server.pem"), text, 0o600)
}

func validity() (from, to time.Time) {
	return time.Now().Add(-time.Hour), time.Now().Add(24 * time.Hour)
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// issue makes a certificate with a key of its own.
func (l *Lab) issue(c Certificate) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	from, to := validity()
	t := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "mail.lab.test"},
		NotBefore: from, NotAfter: to, BasicConstraintsValid: true,
		DNSNames: []string{"mail.lab.test", "localhost"}, IPAddresses: []net.IP{net.ParseIP(l.host), net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if !c.From.IsZero() {
		t.NotBefore = c.From
	}
	if !c.To.IsZero() {
		t.NotAfter = c.To
	}
	if c.Host != "" {
		t.DNSNames, t.IPAddresses = []string{c.Host}, nil
	}
	parent, signer := l.certs.authority, l.certs.key
	if c.SelfSigned {
		parent, signer = t, key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), signer)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// ServerTLSWith is [Lab.ServerTLS] with another certificate, for a [Proxy] that looks inside.
func (l *Lab) ServerTLSWith(c Certificate) *tls.Config {
	l.t.Helper()
	leaf, err := l.issue(c)
	if err != nil {
		l.t.Fatalf("mailtest: make a certificate: %v", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS12}
}
