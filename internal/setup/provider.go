package setup

import (
	"net"
	"strings"
)

// provider is a company with many mailboxes, whose servers need not be looked for.
type provider struct {
	name    string
	domains string // of its own addresses
	mx      string // what its mail exchangers end in, for the domains of its customers
	imap    endpoint
	smtp    endpoint
	help    string // which password, and where it comes from
	refuse  string // why it cannot work, and what to do instead; empty where it can
}

// endpoint is a server before it is in a configuration.
type endpoint struct {
	host, port string
	tls        bool // implicit
}

func (e endpoint) url(protocol string) string {
	if e.tls {
		protocol += "s"
	}
	return protocol + "://" + net.JoinHostPort(e.host, e.port)
}

func implicit(host, port string) endpoint { return endpoint{host, port, true} }
func starttls(host, port string) endpoint { return endpoint{host, port, false} }

func imaps(host string) endpoint { return implicit(host, "993") }
func smtps(host string) endpoint { return implicit(host, "465") }

// providers is the table of those that are known. What they ask for, they have written on their own help pages.
func providers() []provider {
	return []provider{
		{
			name: "Gmail", domains: "gmail.com googlemail.com", mx: "google.com googlemail.com",
			imap: imaps("imap.gmail.com"), smtp: smtps("smtp.gmail.com"),
			help: "Google wants an app password, not the one you sign in with: turn on 2-step verification, then make one at https://myaccount.google.com/apppasswords (16 letters; blanks do not matter). An account of a company or school may not offer it.",
		},
		{
			name: "Microsoft", domains: "outlook.com hotmail.com live.com msn.com outlook.de outlook.fr hotmail.de hotmail.fr hotmail.co.uk live.de live.fr live.co.uk",
			mx:   "mail.protection.outlook.com olc.protection.outlook.com mx.microsoft",
			imap: imaps("outlook.office365.com"), smtp: starttls("smtp.office365.com", "587"),
			refuse: "Microsoft lets programs sign in with OAuth2 only, which this version cannot do. Use a mailbox that takes an app password (Gmail, Fastmail, GMX, iCloud, Yahoo and most others). Where your organisation does allow passwords, name the servers with --imap and --smtp.",
		},
		{
			name: "Yahoo", domains: "yahoo.com ymail.com rocketmail.com yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.co.uk yahoo.co.in yahoo.com.br yahoo.ca", mx: "yahoodns.net",
			imap: imaps("imap.mail.yahoo.com"), smtp: smtps("smtp.mail.yahoo.com"),
			help: "Yahoo wants an app password: https://login.yahoo.com/account/security, then “Generate app password”.",
		},
		{
			name: "AOL", domains: "aol.com aim.com aol.de aol.fr aol.co.uk",
			imap: imaps("imap.aol.com"), smtp: smtps("smtp.aol.com"),
			help: "AOL wants an app password: https://login.aol.com/account/security, then “Generate app password”.",
		},
		{
			name: "iCloud", domains: "icloud.com me.com mac.com", mx: "mail.icloud.com",
			imap: imaps("imap.mail.me.com"), smtp: starttls("smtp.mail.me.com", "587"),
			help: "Apple wants an app-specific password: https://account.apple.com, then Sign-In and Security, then App-Specific Passwords.",
		},
		{
			name: "Fastmail", domains: "fastmail.com fastmail.fm fastmail.net sent.com fastmail.org", mx: "messagingengine.com",
			imap: imaps("imap.fastmail.com"), smtp: smtps("smtp.fastmail.com"),
			help: "Fastmail wants an app password: Settings, then Privacy & Security, then “Manage app passwords and access” (https://app.fastmail.com/settings/security).",
		},
		{
			name: "GMX", domains: "gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.org", mx: "gmx.net",
			imap: imaps("imap.gmx.net"), smtp: smtps("mail.gmx.net"),
			help: "Allow IMAP first: at https://www.gmx.net, E-Mail, Einstellungen, POP3/IMAP Abruf. With two-factor sign-in make an application-specific password there; else it is your own password.",
		},
		{
			name: "GMX", domains: "gmx.com gmx.us gmx.co.uk gmx.fr gmx.es",
			imap: imaps("imap.gmx.com"), smtp: smtps("mail.gmx.com"),
			help: "Allow IMAP first: at https://www.gmx.com, E-mail, Settings, POP3 & IMAP. With two-factor sign-in make an application-specific password there; else it is your own password.",
		},
		{
			name: "WEB.DE", domains: "web.de email.de", mx: "web.de",
			imap: imaps("imap.web.de"), smtp: starttls("smtp.web.de", "587"),
			help: "Allow IMAP first: at https://web.de, E-Mail, Einstellungen, POP3/IMAP Abruf. With two-factor sign-in make an application-specific password there; else it is your own password.",
		},
		{
			name: "T-Online", domains: "t-online.de magenta.de", mx: "t-online.de",
			imap: imaps("secureimap.t-online.de"), smtp: smtps("securesmtp.t-online.de"),
			help: "Telekom wants a password for mail programs: in the E-Mail Center (https://email.t-online.de), Einstellungen, Passwörter.",
		},
		{
			name: "mailbox.org", domains: "mailbox.org", mx: "mailbox.org",
			imap: imaps("imap.mailbox.org"), smtp: smtps("smtp.mailbox.org"),
			help: "Your own password works; with two-factor sign-in make an application password at https://login.mailbox.org.",
		},
		{
			name: "Posteo", domains: "posteo.de posteo.net posteo.eu posteo.org posteo.at posteo.ch", mx: "posteo.de",
			imap: imaps("posteo.de"), smtp: smtps("posteo.de"),
			help: "Your own password works, unless you have turned on the additional mailbox password protection (https://posteo.de, Settings).",
		},
		{
			name: "Zoho", domains: "zoho.com zohomail.com", mx: "zoho.com",
			imap: imaps("imap.zoho.com"), smtp: smtps("smtp.zoho.com"),
			help: "Allow IMAP in Zoho Mail's settings (Mail Accounts, IMAP), and make an app password at https://accounts.zoho.com/home#security/app_password.",
		},
		{
			name: "Zoho", domains: "zohomail.eu zoho.eu", mx: "zoho.eu",
			imap: imaps("imap.zoho.eu"), smtp: smtps("smtp.zoho.eu"),
			help: "Allow IMAP in Zoho Mail's settings (Mail Accounts, IMAP), and make an app password at https://accounts.zoho.eu/home#security/app_password.",
		},
		{
			name: "Proton Mail Bridge", domains: "proton.me protonmail.com protonmail.ch pm.me", mx: "protonmail.ch",
			imap: starttls("127.0.0.1", "1143"), smtp: starttls("127.0.0.1", "1025"),
			help: "Proton needs its Bridge running on this machine (https://proton.me/mail/bridge). The password is the one that Bridge shows for the mailbox; export Bridge's TLS certificate (Settings, Advanced) and name cert.pem with --ca-file.",
		},
		{
			name: "IONOS", mx: "kundenserver.de ionos.de ionos.com ionos.co.uk perfora.net",
			imap: imaps("imap.ionos.de"), smtp: smtps("smtp.ionos.de"),
			help: "It is the password of the mailbox itself, not that of the customer account.",
		},
		{
			name: "Infomaniak", domains: "ik.me etik.com ikmail.com", mx: "infomaniak.ch infomaniak.com",
			imap: imaps("mail.infomaniak.com"), smtp: smtps("mail.infomaniak.com"),
			help: "Infomaniak wants a device password: https://mail.infomaniak.com, Settings, then the devices of the address.",
		},
		{name: "Migadu", mx: "migadu.com", imap: imaps("imap.migadu.com"), smtp: smtps("smtp.migadu.com")},
		{name: "Runbox", domains: "runbox.com", mx: "runbox.com", imap: imaps("mail.runbox.com"), smtp: smtps("mail.runbox.com")},
		{name: "Orange", domains: "orange.fr wanadoo.fr", imap: imaps("imap.orange.fr"), smtp: smtps("smtp.orange.fr")},
		{name: "La Poste", domains: "laposte.net", imap: imaps("imap.laposte.net"), smtp: smtps("smtp.laposte.net")},
		{name: "Free", domains: "free.fr", imap: imaps("imap.free.fr"), smtp: smtps("smtp.free.fr")},
		{name: "Libero", domains: "libero.it", imap: imaps("imapmail.libero.it"), smtp: smtps("smtp.libero.it")},
		{name: "Comcast", domains: "comcast.net", imap: imaps("imap.comcast.net"), smtp: smtps("smtp.comcast.net")},
		{
			name: "Yandex", domains: "yandex.com yandex.ru ya.ru", mx: "yandex.net yandex.ru",
			imap: imaps("imap.yandex.com"), smtp: smtps("smtp.yandex.com"),
			help: "Yandex wants an app password: https://id.yandex.com/security/app-passwords. Allow IMAP in the mailbox's settings, too.",
		},
		{
			name: "Tuta", domains: "tuta.com tutanota.com tutanota.de tutamail.com tuta.io keemail.me", mx: "tutanota.de",
			refuse: "Tuta lets no other program at its mailboxes: it offers neither IMAP nor SMTP. Use a mailbox elsewhere for your asks.",
		},
		{
			name: "HEY", domains: "hey.com", mx: "hey.com",
			refuse: "HEY lets no other program at its mailboxes: it offers neither IMAP nor SMTP. Use a mailbox elsewhere for your asks.",
		},
	}
}

// providerOf finds the provider of a domain by its name.
func providerOf(domain string) (provider, bool) {
	for _, p := range providers() {
		for d := range strings.FieldsSeq(p.domains) {
			if strings.EqualFold(d, domain) {
				return p, true
			}
		}
	}
	return provider{}, false
}

// providerBehind finds the provider that takes a domain's mail, by the name of its mail exchanger.
func providerBehind(mx string) (provider, bool) {
	mx = strings.ToLower(strings.TrimSuffix(mx, "."))
	for _, p := range providers() {
		for end := range strings.FieldsSeq(p.mx) {
			if below(mx, end) {
				return p, true
			}
		}
	}
	return provider{}, false
}

// below reports whether host is domain, or stands below it.
func below(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return host == domain || strings.HasSuffix(host, "."+domain)
}
