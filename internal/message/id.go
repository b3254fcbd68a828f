package message

import (
	"encoding/base32"
	"strings"
)

// NewMessageID makes an identifier of 128 random bits in the domain given.
func NewMessageID(random [16]byte, domain string) MessageID {
	left := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random[:])
	return MessageID(strings.ToLower(left) + "@" + strings.ToLower(domain))
}
