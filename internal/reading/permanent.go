package reading

import "strings"

// goneWords say that there is no such address. keepWords say that there is
// something else in the way: full, refused by policy, tried too long.
var (
	goneWords = []string{
		"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such address", "no such account", "no such person", "user doesn't exist", "user does not exist", "account does not exist", "account that you tried to reach does not exist", "mailbox does not exist", "address does not exist", "recipient does not exist", "doesn't exist", "does not exist", "don't exist", "not exist", "invalid recipient", "invalid mailbox", "invalid address", "bad destination mailbox", "bad destination email",
		"recipient not found", "user not found", "mailbox not found", "address not found", "recipnotfound", "recipientnotfound", "recipient unknown", "unknown recipient", "unknown address", "unknown mailbox", "unknown local part", "unknown local-part", "address unknown", "mailbox unknown", "no mailbox here", "no mailbox by that name", "mailbox unavailable", "no longer available", "no longer valid", "no longer active", "no longer in use", "no longer accepts", "no longer on server", "no longer employed", "no longer with",
		"account disabled", "account is disabled", "account has been disabled", "mailbox disabled", "mailbox is disabled", "account inactive", "account is inactive", "is inactive", "mailbox is inactive", "mailbox inactive", "user inactive", "account has been suspended", "account expired", "deactivated", "disabled or discontinued", "disabled due to inactivity", "has been closed", "account closed", "has moved", "user has moved", "user moved", "mailbox moved", "not a valid", "isn't a valid", "is not valid", "not listed in", "not a known user", "unrouteable address", "unroutable address",
		"couldn't be found", "could not be found", "wasn't found", "was not found", "can't find", "cannot find", "can not find", "not our customer", "undeliverable address", "host not found", "host unknown", "unknown host", "domain not found", "domain name not found", "no such domain", "name or service not known", "host or domain name not found", "unknown domain", "does not accept mail", "nullmx", "null mx", "no mx", "nxdomain", "domain does not exist", "dns error", "dns lookup failure", "not a member", "not a local user", "address error", "addressee unknown", "bad address syntax", "recipient address rejected: access denied", "unknown or illegal alias", "no account", "not known here", "relay not permitted: no such", "ist unbekannt", "unbekannter benutzer", "existiert nicht", "nicht gefunden", "n'existe pas", "introuvable", "no existe", "non esiste", "bestaat niet", "nao existe", "не существует", "未找到", "不存在", "user is unknown", "not found by smtp address lookup", "not found in directory", "no user", "unknown account", "is unknown", "invalid user", "resolver.adr.recip",
	}
	keepWords = []string{
		"quota", "mailbox full", "mailbox is full", "inbox is full", "is full", "storage", "out of space", "exceeded", "too large", "message size", "size limit", "spam", "blocked", "block list", "blocklist", "blacklist", "black list", "blackhole", "denylist", "spamhaus", "barracuda", "reputation", "policy", "dmarc", "spf ", "spf)", "dkim", "greylist", "graylist", "grey listed", "greylisted", "try again later", "temporar", "timed out", "time out", "timeout", "connection refused", "expired", "retry time", "too long", "rate limit", "too many", "content reject", "message content", "virus", "sender address rejected", "sender rejected", "sender not", "bad sender", "not authorized", "not authorised", "unauthenticated", "authentication required", "relay access denied", "relaying denied", "relay denied", "unable to relay", "access restricted", "restricted", "not permitted", "permission", "loop", "hop count", "mail for this user is not accepted at this time", "suspected", "junk", "unsolicited", "prohibited", "throttl", "resources", "speicher", "uberschritten", "voll", "vollgelaufen",
		"lleno", "pleine", "pieno", "piena", "cheia", "vol ",
	}
)

// permanent reports that an address will not work later either, from the status
// code (RFC 3463), what the remote server said, and the words around it.
func permanent(status, said, words string) bool {
	said, words = fold(strings.Join(strings.Fields(said), " ")), fold(strings.Join(strings.Fields(words), " "))
	class, rest, _ := strings.Cut(status, ".")
	if c := statusIn(said); c != "" && (rest == "0.0" || rest == "5.0" || rest == "3.0" || rest == "2.0" || rest == "1.0" || rest == "4.0" || rest == "4.7" && strings.HasPrefix(c, "4")) {
		class, rest, _ = strings.Cut(c, ".")
	}
	gone := containsAny(said, goneWords)
	keep := containsAny(said, keepWords)
	if said == "" || !gone && !keep {
		gone, keep = containsAny(words, goneWords), containsAny(words, keepWords)
	}
	if class == "4" || class == "2" {
		return false
	}
	switch rest {
	case "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "7.13", "7.17":
		// Some send a spam or quota refusal under these codes, in clear words.
		return gone || !(containsAny(said, []string{"quota", "spam", "mailbox full", "is full", "blocked", "greylist", "blacklist", "blocklist", "policy"}) && !gone)
	case "2.2", "2.3", "3.1", "3.4", "4.7", "4.6", "4.14", "1.7", "1.8", "7.5", "7.6", "7.7", "7.8", "7.9", "7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26", "7.27", "7.28", "7.29", "7.57", "7.60", "7.64", "7.133", "7.124", "7.136":
		return false
	}
	if strings.HasPrefix(rest, "7.") || strings.HasPrefix(rest, "3.") || strings.HasPrefix(rest, "6.") {
		return gone && !keep
	}
	switch rest {
	case "4.4", "1.0", "4.310", "4.312": // no route, DNS: the domain is wrong, unless words say otherwise
		return gone || !keep
	}
	if gone && keep {
		return containsAny(said+" "+words, []string{"user unknown", "unknown user", "no such user", "does not exist", "doesn't exist", "address not found", "recipient not found", "not listed in", "recipnotfound", "couldn't be found", "unrouteable address", "invalid recipient"}) &&
			!containsAny(said, []string{"quota", "full", "spam", "blocked", "temporar", "greylist", "blacklist", "blocklist"})
	}
	return gone
}
