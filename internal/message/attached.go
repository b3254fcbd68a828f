package message

// Attached returns the message that a part of type message/rfc822 (or message/global) holds; nil for any other part.
func (p *Part) Attached() *Message {
	if p.MediaType != "message/rfc822" && p.MediaType != "message/global" || len(p.Parts) == 0 {
		return nil
	}
	m := &Message{Header: p.Parts[0].Header, Root: p.Parts[0]}
	m.readFields()
	return m
}
