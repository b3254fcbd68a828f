package reading

import (
	"regexp"
	"strings"
)

// cause is why a mail was not delivered, as far as it decides whether it is worth trying the address again.
type cause int

const (
	causeUnknown cause = iota
	// It will not work later either.
	causeUser     // there is no such mailbox
	causeDomain   // there is no such domain, or none that takes mail
	causeDisabled // the mailbox was closed
	causeMoved
	// It may.
	causeFull
	causeLater   // come again: greylisting, too many mails, a passing fault
	causeSize    // of this mail
	causeContent // of this mail
	causePolicy  // spam, blocklists, authentication, permission
	causeSender  // the address it came from is refused
	causeExpired // tried too long
	causeNetwork // nobody answered, or DNS did not
	causeRelay   // not responsible for the address; a loop
	causeSystem  // something is broken
	causeRefused // in words that do not say why
)

func (c cause) gone() bool { return c >= causeUser && c <= causeMoved }

// settle gives the status code (RFC 3463) of a failed delivery and whether the address will not work later either.
// status is the one reported, or ""; said is what the refusing system said, words what was written around it for people.
func settle(status, said, words string) (string, bool) {
	said, words = flatten(said), flatten(words)
	inside, reply := statusIn(said), replyCode(said)
	if status == "" || strings.HasSuffix(status, ".0.0") && inside != "" {
		status = inside
	}
	c := causeOf(said, true)
	if c == causeUnknown || c == causeRefused && !statusGone(status) {
		if w := causeOf(words, false); w != causeUnknown {
			c = w
		}
	}
	if status == "" && reply == "" {
		status = statusIn(words)
	}
	class := byte('5')
	switch {
	case inside != "":
		class = inside[0]
	case reply != "":
		class = reply[0]
	case status != "":
		class = status[0]
	case c == causeUnknown:
		class = 0
	}
	permanent := false
	switch {
	case class != '5':
	case c.gone():
		permanent = true
	case strings.Contains(said, "access denied") && strings.HasSuffix(status, ".4.1"):
		permanent = true // what Microsoft's servers say of users they do not know
	case c == causeUnknown || c == causeRefused || c == causeNetwork || c == causeSystem || c == causeContent:
		permanent = statusGone(status) || c != causeNetwork && c != causeSystem && !statusKept(status) && containsAny(said, faintWords)
	}
	if status == "" && class != 0 {
		if permanent && !c.gone() {
			c = causeUser
		}
		status = string(class) + statusOf[c]
	}
	return status, permanent
}

// statusGone tells of codes that say by themselves that an address does not work.
func statusGone(status string) bool {
	switch status {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.1.350", "5.1.351", "5.2.1", "5.4.4", "5.4.310", "5.7.13", "5.7.17":
		return true
	}
	return false
}

// statusKept tells of codes under which words as faint as "rejected" mean this mail and not the address.
func statusKept(status string) bool {
	return strings.HasPrefix(status, "5.7.") || strings.HasPrefix(status, "5.6.") || strings.HasPrefix(status, "5.4.") ||
		strings.HasPrefix(status, "5.3.") || status == "5.2.2" || status == "5.2.3" || status == "5.1.7" || status == "5.1.8"
}

// statusOf is the code for what was told in words only.
var statusOf = map[cause]string{
	causeUnknown: ".0.0", causeUser: ".1.1", causeDomain: ".1.2", causeDisabled: ".2.1", causeMoved: ".1.6", causeFull: ".2.2",
	causeLater: ".0.0", causeSize: ".3.4", causeContent: ".6.0", causePolicy: ".7.1", causeSender: ".1.8", causeExpired: ".4.7",
	causeNetwork: ".4.1", causeRelay: ".7.1", causeSystem: ".3.0", causeRefused: ".0.0",
}

var replyPattern = regexp.MustCompile(`(?:^|[\s>:"'(\[;#-])([45][0-57]\d)(?:[\s:;,'"<)-]|$)`)

// replyCode finds the three digits of an SMTP reply that refuses (RFC 5321 section 4.2).
func replyCode(said string) string {
	if m := replyPattern.FindStringSubmatch(cutRunes(said, 4000)); m != nil {
		return m[1]
	}
	return ""
}

var statusPattern = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.(?:\D|$)|$)`)

// statusIn finds an enhanced status code (RFC 3463) in free text; one that says nothing only if there is no other.
func statusIn(s string) string {
	s = cutRunes(s, 16000)
	found := ""
	for range 8 {
		m := statusPattern.FindStringSubmatchIndex(s)
		if m == nil {
			break
		}
		code := s[m[2]:m[3]]
		if found == "" && code[0] != '2' {
			found = code
		}
		if code[0] != '2' && !strings.HasSuffix(code, ".0.0") {
			return code
		}
		s = s[m[3]:]
	}
	return found
}

// causeOf finds in folded words why a mail was not delivered. said tells that a mail system said it, rather than that
// it was written for people.
func causeOf(words string, said bool) cause {
	if words == "" {
		return causeUnknown
	}
	for _, row := range causeRows {
		if (said || !row.loose) && containsAny(words, row.words) {
			return row.cause
		}
	}
	return causeUnknown
}

// causeRow ties words, folded, to a cause. Those of loose rows are too common to be looked for in what was written for
// people.
type causeRow struct {
	cause cause
	loose bool
	words []string
}

// causeRows are tried in order. What speaks of the sender comes first, for it uses the same words; a full mailbox and
// a passing fault go before a user who cannot be found, and that before a refusal.
var causeRows = []causeRow{
	{causeSender, false, list("sender address rejected|sender was rejected|my name was rejected|sender verif|sender rejected|sender domain|domain of sender|sender's domain|bad sender|invalid sender|sender denied|sender not|sender is not|sender unauth|sender blocked|unresolvable sender|sender callout|callout verif|callback setup|return path verif|envelope sender|envelope from|sending domain|sender could not be verified|verify sender|verify your|verification failed for <|while verifying|originator|from address is|mail from domain|mail from address|your domain|helo command|helo rejected|invalid helo|helo name|helo hostname|client host rejected|reverse dns|reverse hostname|ptr record|rdns|sender policy")},
	{causeFull, false, list("quota|mailbox full|mailbox is full|mailboxfull|mailbox_full|mail box full|inbox is full|inbox full|user is full|account is full|mbox full|folder is full|is over the maximum allowed|is over the allowed|mailbox size limit|mailbox has exceeded|mailbox exceeded|mailbox exceeds|exceeded its storage|exceeded storage|exceeded the storage|storage limit|storage allocation|storage space|allocated storage|exceeded the space|too many messages in mailbox|mailbox too large|maildir over|mailbox is over|mail box space|no more space in mailbox|account is over|has exceeded its limit|has reached its limit|out of storage|postfach voll|postfach ist voll|postfach des empfangers ist voll|speicherplatz|boite pleine|boite aux lettres est pleine|boite aux lettres pleine|messagerie est pleine|buzon lleno|buzon esta lleno|buzon de correo esta lleno|casella piena|casella e piena|caixa cheia|caixa de correio cheia|caixa postal cheia|postvak is vol|postvak vol|skrzynka pelna|skrzynka odbiorcza jest pelna|переполнен|превышена квота|превышен размер ящика|ящик полон|已满|已滿|空间不足|容量を超|容量オーバー|いっぱい|가득|용량이")},
	{causeLater, true, list("greylist|graylist|grey-list|grey list|greylisted|try again later|try again in|please try again at|found, try again|try later|retry later|please retry|temporar|rate limit|ratelimit|throttl|too many connections|too many concurrent|too many messages|too many mails|too many recipients|too much mail|too quickly|too fast|at a rate|resources|system busy|server busy|is busy|overloaded|high load|deferred|deferral|not yet been delivered|come back later|lock contention|mailbox locked|mailbox is locked|mailbox busy|servfail")},
	{causeSize, false, list("message size|size limit|too large|too big|larger than|maximum size|message exceeds|exceeds the maximum|exceeds maximum|mail size|size exceeds|message length|max message|zu gross|trop volumineux|demasiado grande|troppo grande")},
	{causeExpired, false, list("retry timeout|retry time not reached|in the queue too long|on the queue too long|in queue too long|could not deliver for the last|delivery time expired|delivery expired|message expired|expired after|queue lifetime|giving up after|too old|timeout exceeded|maximum retry|maximum number of delivery|maximum number of retries|retries exceeded|been on the queue|could not be delivered for|could not be delivered within|trying for|not been delivered after|time limit")},
	{causeUser, false, list(
		"user unknown|userunknown|unknown user|usuario desconocido|utente sconosciuto|no such user|no such recipient|no such mailbox|no such address|no such account|no such person|no such local|nosuchuser|no such name|no such email|no such mail|no such destination|no such alias|user doesn't exist|user does not exist|user not exist|user doesnt exist|account doesn't exist|account does not exist|account not exist|that you tried to reach does not exist|mailbox doesn't exist|mailbox does not exist|mailbox not exist|mailbox doesnt exist|address does not exist|address doesn't exist|address not exist|recipient does not exist|recipient doesn't exist|recipient not exist|does not exist here|does not exist on this|does not exist at|does not exist in|doesn't exist here|no longer exists|not exist in|inexistent|nonexistent user|nonexistent mailbox|nonexistent address|nonexistent recipient|non-existent user|non-existent recipient|non-existent mailbox|non existent|" +
			"invalid recipient|invalid mailbox|invalid user|invalid local|invalid rcpt|invalid email address|recipient invalid|recipient is invalid|invalid final delivery|bad destination mailbox|bad destination email|bad recipient|bad address|bad mailbox|recipient not found|user not found|user could not be found|mailbox not found|mailbox notfound|address not found|account not found|alias not found|no mailbox found|mailbox cannot be found|no user|recipnotfound|recipientnotfound|resolver.adr|legacyexchangedn|recipient unknown|unknown recipient|unknown mailbox|unknown local|unknown email|unknown account|unknown alias|unknown virtual|address unknown|mailbox unknown|account unknown|addressee unknown|recipient name is not recognized|is unknown|not known at|not known here|not known to|not a known|not known in|unknown to us|was not known|" +
			"no mailbox here|no mailbox by that name|no mailbox with that name|no mailbox for|not a valid mailbox|not a valid user|not a valid recipient|not a valid address|not a valid e-mail|not a valid email|not a valid account|isn't a valid|not valid user|not valid recipient|no valid recipient|recipient is not valid|address is not valid|address not valid|mailbox not valid|user not listed|recipient not listed|not listed in domino|not listed in public|not listed in the|not listed in directory|not in public name|not found in directory|not in directory|not in our directory|not found by smtp address lookup|not found in domino|not a local user|not a local mailbox|not our customer|not our user|this user doesn't have|user does not have|doesn't have a yahoo|doesn't have an account|does not have an account|doesn't have a mailbox|has no mailbox|no account by that name|no account here|no account for|no account with|no account|no email account|not a member of this system|not existing|user is not here|no one by that name|nobody by that name|unrouteable address|unroutable address|undeliverable address|illegal alias|illegal user|unknown or illegal|unrecognised or|unrecognized or|unrecognized recipient|unrecognized user|unrecognized address|receiver not found|" +
			"couldn't be found|could not be found|wasn't found at|was not found|not found at|recipient address rejected: undeliverable|recipient address rejected: invalid|wrong recipient|wrong address|wrong email|incorrect recipient|mailbox name not|rcp-p1|no longer a valid|not find your recipient|cannot find your recipient|does not match any|there is no user|there is no mailbox|there is no such|isn't a user|is not a user|user unk|usernotfound|user lookup failed|account or domain may not exist|" +
			"ist unbekannt|unbekannter benutzer|unbekannter empfanger|empfanger unbekannt|empfanger ist nicht bekannt|existiert nicht|wurde nicht gefunden|konnte nicht gefunden|kein solcher|utilisateur inconnu|destinataire inconnu|adresse inconnue|boite inexistante|n'existe pas|introuvable|adresse invalide|no existe|no se encontro|no se encuentra|destinatario desconocido|non esiste|sconosciuto|non e stato trovato|inesistente|bestaat niet|onbekende|niet gevonden|nao existe|desconhecido|nao encontrado|nao foi encontrado|inexistente|nie istnieje|nieznany|neexistuje|neznamy|finnes ikke|findes ikke|finns inte|okand mottagare|ei loydy|tuntematon|не существует|не найден|неизвестн|нет такого|не зарегистрирован|несуществующ|no such user|不存在|未找到|找不到|無此|无此|没有此|存在しない|存在しません|見つかりません|あて先不明|宛先不明|不明な|존재하지|없는 사용자|찾을 수 없")},
	{causeDisabled, false, list("account disabled|administratively disabled|accountdisabled|account is disabled|account has been disabled|account was disabled|account is not active|account not active|mailbox disabled|mailbox is disabled|mailbox has been disabled|user disabled|user is disabled|recipient disabled|recipient is disabled|user's account is disabled|user(s) account is disabled|address is disabled|address disabled|address has been disabled|to reach is disabled|to reach is inactive|account inactive|is inactive|mailbox inactive|user inactive|inactive user|inactive recipient|inactive account|inactive mailbox|account suspended|account is suspended|account has been suspended|user suspended|user is suspended|user has been suspended|mailbox suspended|mailbox is suspended|account is locked|account locked|account has been locked|account blocked|account is blocked|user blocked|user is blocked|mailbox blocked|mailbox is blocked|account expired|account has expired|account is expired|user expired|user has expired|mailbox has expired|mailbox expired|deactivated|disabled or discontinued|discontinued|due to inactivity|has been closed|account closed|account is closed|mailbox closed|mailbox is closed|account has been cancel|account has been delet|account deleted|mailbox has been delet|mailbox deleted|user has been delet|address has been delet|account has been removed|user has been removed|address has been removed|mailbox has been removed|account has been terminated|account terminated|account is no|mailbox is no|address is no|user is no longer|user no longer|recipient no longer|no longer available|no longer valid|no longer active|no longer in use|no longer accept|no longer on server|no longer on this|no longer employed|no longer work|no longer with|no longer used|no longer monitored|no longer at |no longer has|no longer receiv|not accepting any mail|kein aktives|konto deaktiviert|konto gesperrt|postfach gesperrt|stillgelegt|compte desactive|cuenta desactivada|cuenta deshabilitada|account disattivato|conta desativada|ящик отключен|ящик заблокирован|аккаунт заблокирован|аккаунт удален|ящик удален|已停用|停用|被禁用|已禁用|受信を停止|사용 중지|휴면")},
	{causeMoved, false, list("has moved|user moved|mailbox moved|moved to a new|address has changed|address changed|has changed address|changed address|has changed their|has a new address|new email address|new e-mail address|user not local; please try|user not local; will|please try forward|has left the|left the company|left the organi|left our|forwarding order expired|neue adresse|nouvelle adresse|nueva direccion|nuovo indirizzo")},
	{causeDomain, false, list("host not found|dns lookup failure: host|domain doesnt exist|host unknown|unknown host|no such host|domain not found|domain name not found|no such domain|nosuchdomain|name or service not known|unknown domain|domain unknown|domain does not exist|domain doesn't exist|domain not exist|domain is invalid|invalid domain|domain invalid|domain couldn't be found|domain has no mx|domain has no mail|bad domain|couldn't find any host named|couldn't find a mail exchanger|does not accept mail|doesn't accept mail|doesn't receive mail|does not receive mail|does not receive email|not accept any mail|accepts no mail|accept no mail|nullmx|null mx|no mx|no mail exchange|non-existent host|nonexistent host|no valid mx|no a or mx|no usable mx|nxdomain|domainnonexistent|infonorecords|nonexistentdomain|nonexistent domain|non-existent domain|illegal host|bad destination host|unrouteable mail domain|unroutable mail domain|unrouteable domain|no such route|no smtp service|host or domain name not found|dns hard error|unbekannte domain|domain existiert nicht|nom de domaine|dominio no existe|dominio inesistente|домен не|域名不存在")},
	{causePolicy, true, list("spam|blocked|blocking|block list|blocklist|blacklist|black list|blackhole|denylist|rbl|dnsbl|barracuda|reputation|policy|policies|dmarc|spf|dkim|not authorized|not authorised|unauthorized|unauthenticated|authenticat|permission|restricted|restriction|prohibited|forbidden|suspicious|suspected|junk|unsolicited|bulk|virus|malware|infected|phish|is listed|whitelist|white list|allowlist|allowed senders|content reject|message content|rejected due|administrative|rule imposed|security|moderat|only accepts|mailing list|members only|banned|abuse|not permitted|will not accept delivery|organization rejected")},
	{causeRelay, false, list("relay|mail loop|mailloop|loop detected|looping|loops back|routing loop|loop count|hop count|too many hops|too many received")},
	{causeNetwork, false, list("timed out|timeout|timed-out|connection refused|connection reset|connection closed|connection dropped|connection lost|lost connection|connection died|no route to host|unreachable|unable to connect|could not connect|couldn't connect|cannot connect|can't connect|failed to connect|not able to connect|establish an smtp connection|did not respond|not responding|no answer")},
	{causeNetwork, true, list("time out|connect to|connection|network|name server|nameserver|dns|lookup|tls|ssl|certificate|resolve")},
	{causeContent, true, list("attachment|mime|8bit|conversion|content|bare lf|bare cr|malformed|line too long|unparsable|encoding|format error|header")},
	{causeSystem, true, list("system error|internal error|internal server|server error|configuration|disk full|no space|system full|local error|i/o error|pipe|program|child status|software error|service unavailable|service not available|command not|command unrecognized|syntax error|protocol|aborted|processing|insufficient system|storage")},
	{causeRefused, true, list("reject|refus|denied|deny|not accept|not allowed|declined")},
}

// faintWords are believed where nothing else is said: what RFC 5321 has for 550, and its like.
var faintWords = list("mailbox unavailable|mailbox not available|mailbox is not available|account not available|account is not available|account unavailable|unknown address|recipient address rejected|recipient rejected|recipient is rejected|address rejected|recipient refused|does not exist|doesn't exist|don't exist|not exist|invalid address|address error|not found|unknown|invalid|not valid|is not a|isn't a|not known|can't find|cannot find|can not find|could not find|unable to find|no longer|not recogni|disabled|suspended|inactive|not active")
