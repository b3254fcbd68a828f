package world

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// authority is a certificate authority and the one certificate it signed.
type authority struct {
	pem  []byte
	pool *x509.CertPool
	leaf tls.Certificate
}

// newAuthority makes both valid from 1990 to 2120: the clock of a synctest
// bubble starts in 2000, and a demo may live years ahead.
func newAuthority() (*authority, error) {
	from, to := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC)
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "askwell demo authority"},
		NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return nil, err
	}
	root, err := x509.ParseCertificate(caDER)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: hostname},
		NotBefore: from, NotAfter: to, BasicConstraintsValid: true,
		DNSNames:    []string{hostname},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, root, key.Public(), caKey)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return &authority{
		pem:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}),
		pool: pool,
		leaf: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
	}, nil
}

func (a *authority) server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.leaf}, MinVersion: tls.VersionTLS12}
}

// TLSConfig is the client's side: it trusts the world's authority only. The
// certificate is for localhost and the loopback addresses.
func (w *World) TLSConfig() *tls.Config {
	return &tls.Config{RootCAs: w.cert.pool, MinVersion: tls.VersionTLS12}
}

// ServerTLS is the servers' side, for a proxy that looks inside TLS.
func (w *World) ServerTLS() *tls.Config { return w.cert.server() }

// CAFile writes the authority's certificate as PEM.
func (w *World) CAFile(path string) error {
	if err := os.WriteFile(path, w.cert.pem, 0o600); err != nil {
		return fmt.Errorf("write the certificate authority: %w", err)
	}
	return nil
}
