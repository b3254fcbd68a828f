package message

import "encoding/asn1"

// Object identifiers of CMS (RFC 5652).
var (
	oidSigned     = string([]byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02})
	oidEnveloped  = string([]byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03})
	oidAuthData   = string([]byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17}) // authEnvelopedData
	oidCompressed = string([]byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x09})
)

// cms is what a CMS object holds.
type cms int

const (
	cmsUnknown cms = iota
	cmsSigned
	cmsEncrypted
	cmsCompressed
)

// openSigned takes the content out of a signed CMS object (RFC 8551 section 3.5.2). The signature is not checked: a
// mail is read alike whether it is signed or not.
func openSigned(der []byte) (content []byte, kind cms) {
	info, ok := berEnter(der, asn1.TagSequence)
	if !ok {
		return nil, cmsUnknown
	}
	oid, rest, ok := berNext(info)
	if !ok || oid.tag != asn1.TagOID {
		return nil, cmsUnknown
	}
	switch string(oid.body) {
	case oidEnveloped, oidAuthData:
		return nil, cmsEncrypted
	case oidCompressed:
		return nil, cmsCompressed
	case oidSigned:
	default:
		return nil, cmsUnknown
	}
	explicit, _, ok := berNext(rest)
	if !ok {
		return nil, cmsUnknown
	}
	signed, ok := berEnter(explicit.body, asn1.TagSequence)
	for n := 0; ok && n < 6; n++ { // version, digestAlgorithms, encapContentInfo
		var e berElement
		if e, signed, ok = berNext(signed); !ok {
			break
		}
		if e.class != 0 || e.tag != asn1.TagSequence {
			continue
		}
		_, inner, ok := berNext(e.body) // eContentType
		if !ok {
			return nil, cmsSigned
		}
		eContent, _, ok := berNext(inner)
		if !ok {
			return nil, cmsSigned // the content is elsewhere
		}
		octets, _, ok := berNext(eContent.body)
		if !ok {
			return nil, cmsSigned
		}
		return octets.octets(0), cmsSigned
	}
	return nil, cmsUnknown
}

// berElement is one element in the basic encoding rules (X.690), of definite or indefinite length.
type berElement struct {
	class, tag  int
	constructed bool
	body        []byte
}

// berNext takes one element from the front of b.
func berNext(b []byte) (e berElement, rest []byte, ok bool) { return berNextAt(b, 0) }

const maxBER = 32 // levels of elements of indefinite length

func berNextAt(b []byte, depth int) (e berElement, rest []byte, ok bool) {
	if len(b) < 2 || depth > maxBER || b[0]&0x1f == 0x1f {
		return e, nil, false
	}
	e.class, e.tag, e.constructed = int(b[0]>>6), int(b[0]&0x1f), b[0]&0x20 != 0
	n, head := int(b[1]), 2
	switch {
	case n == 0x80: // up to the end-of-contents octets
		if !e.constructed {
			return e, nil, false
		}
		body := b[2:]
		for at := body; ; {
			if len(at) >= 2 && at[0] == 0 && at[1] == 0 {
				e.body = body[:len(body)-len(at)]
				return e, at[2:], true
			}
			_, after, ok := berNextAt(at, depth+1)
			if !ok {
				e.body = body // cut short
				return e, nil, len(at) < len(body)
			}
			at = after
		}
	case n > 0x80:
		size := n & 0x7f
		if size > 4 || len(b) < 2+size {
			return e, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+size] {
			n = n<<8 | int(c)
		}
		head += size
	}
	if n > len(b)-head {
		n = len(b) - head // cut short
	}
	e.body = b[head : head+n]
	return e, b[head+n:], true
}

// berEnter returns what is in the constructed element at the front of b.
func berEnter(b []byte, tag int) ([]byte, bool) {
	e, _, ok := berNext(b)
	return e.body, ok && e.tag == tag && e.constructed
}

// octets joins the pieces of an octet string.
func (e berElement) octets(depth int) []byte {
	if !e.constructed {
		return e.body
	}
	var out []byte
	for rest := e.body; len(rest) > 0 && depth < 3; { // signers use one level
		piece, after, ok := berNextAt(rest, depth)
		if !ok {
			break
		}
		out = append(out, piece.octets(depth+1)...)
		rest = after
	}
	return out
}
