package engine

import (
	"time"

	"askwell/internal/store"
)

// When the owner hears of what does not work. A server that stumbles now and then is nobody's business: an incident has to
// last, or to come again and again, before it is mailed, and to stay away before it is called over. What comes back within
// a day has to last longer and to stay away longer, so that a bad day is two mails, not twenty.
const (
	// patience is how long something may fail before the owner hears of it.
	patience = 10 * time.Minute
	// ownerPatience is patience with what nobody but the owner can mend: a password, a certificate.
	ownerPatience = 3 * time.Minute
	// stumbling is how long something may fail now and then.
	stumbling = time.Hour
	// calm is how long it has to work before it is over.
	calm = 10 * time.Minute
	// memory is how long an incident that is over is remembered, and how long one may go unheard of.
	memory = 24 * time.Hour
	// atOnce is for what only the digest tells of: the digest that told of it ends it.
	atOnce = time.Duration(0)
	never  = time.Duration(-1)
)

// manner is how an incident is dealt with.
type manner struct {
	patience, ownerPatience, calm time.Duration
}

func mannerOf(name string) manner {
	switch name {
	case aboutLetters:
		return manner{never, never, atOnce}
	case aboutSending: // what tells of it could only leave once it is not true any more
		return manner{never, never, calm}
	}
	return manner{patience, ownerPatience, calm}
}

// The incidents that there are.
const (
	aboutMailbox   = "mailbox"   // it cannot be read
	aboutSending   = "sending"   // no mail can be sent
	aboutStore     = "store"     // nothing can be recorded
	aboutTemplates = "templates" // a mail cannot be written
	aboutLetters   = "letters"   // the server refuses mail to the owner
)

// failed is the incident i after a failure at now. onlyOwner: nobody but the owner can mend it.
func failed(i store.Incident, name, detail string, onlyOwner bool, now time.Time) store.Incident {
	k := mannerOf(name)
	begins := i.Since.IsZero() || !i.Over.IsZero()
	switch gap := now.Sub(i.Noted); {
	case begins:
		again := 0
		if since := now.Sub(i.Over); !i.Over.IsZero() && since >= 0 && since < memory {
			again = i.Again + 1
		}
		i = store.Incident{Name: name, Since: now, Again: again}
	case gap < 0 || gap > memory:
		// The clock was set, or askwell did not run: what lies between tells nothing about how long it lasts.
		if i.Told.IsZero() {
			i.Since = now
		}
		i.Works = true
	}
	if begins || i.Works {
		i.Works, i.Turned, i.Next = false, now, time.Time{}
		if k.patience != never {
			i.Next = now.Add(k.patience * time.Duration(min(1+2*i.Again, 6)))
			if often := latest(i.Since.Add(stumbling), now); often.Before(i.Next) {
				i.Next = often
			}
		}
	}
	if soon := i.Turned.Add(k.ownerPatience); onlyOwner && k.ownerPatience != never && i.Again == 0 && soon.Before(i.Next) {
		i.Next = soon
	}
	i.Detail, i.Noted = detail, now
	i.Count++
	return i
}

// worked is the incident i after something went well at now.
func worked(i store.Incident, now time.Time) store.Incident {
	if !i.Works || now.Before(i.Turned) {
		i.Works, i.Turned = true, now
		i.Next = now.Add(mannerOf(i.Name).calm * time.Duration(min(1+5*i.Again, 12)))
	}
	if !now.Before(i.Next) {
		i.Over = now
	}
	return i
}

// stumbles reports whether i has failed and worked by turns for long.
func stumbles(i store.Incident, now time.Time) bool {
	return i.Turned.After(i.Since) && now.Sub(i.Since) >= stumbling
}

// worthTelling is whether an incident of which nobody was told while it lasted is told of when it is over.
func worthTelling(i store.Incident) bool {
	lasted := i.Turned.Sub(i.Since)
	return lasted >= memory || i.Name == aboutSending && lasted >= stumbling
}

// mustTell reports whether it is time to tell the owner.
func mustTell(i store.Incident, now time.Time) bool {
	return !i.Works && i.Told.IsZero() && !i.Next.IsZero() && !now.Before(i.Next)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
