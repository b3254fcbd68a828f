package store

import "time"

// Incident is something that does not work, or did not until a while ago.
type Incident struct {
	Name   string
	Since  time.Time // the first failure
	Told   time.Time // when the owner was told; zero: not yet
	Count  int       // failures
	Detail string    // of the last one
	Works  bool      // it works again, for now
	Turned time.Time // since when it works, or fails, without a break
	Noted  time.Time // the last failure
	Next   time.Time // when it is told if it goes on failing, or over if it goes on working; zero: never
	Over   time.Time // when it ended; zero: it is open
	Again  int       // how often it came back within a day of its end
}

const incidentColumns = `name, since, told, count, detail, works, turned_at, noted_at, next_at, over_at, again`

func (t *Tx) scanIncident(scan func(...any) error) (Incident, error) {
	var i Incident
	var since, told, turned, noted, next, over int64
	err := scan(&i.Name, &since, &told, &i.Count, &i.Detail, &i.Works, &turned, &noted, &next, &over, &i.Again)
	i.Since, i.Told, i.Turned = t.moment(since), t.moment(told), t.moment(turned)
	i.Noted, i.Next, i.Over = t.moment(noted), t.moment(next), t.moment(over)
	return i, err
}

// Incidents reads those that are open, the oldest first.
func (t *Tx) Incidents() ([]Incident, error) {
	found, err := all(t, t.scanIncident, `SELECT `+incidentColumns+` FROM incidents WHERE mailbox_id = $1 AND over_at = 0 ORDER BY since, name`, t.mb)
	return found, wrap("read incidents", err)
}

// Incident reads the one of a name, open or over; the zero Incident where there never was one.
func (t *Tx) Incident(name string) (Incident, error) {
	found, err := all(t, t.scanIncident, `SELECT `+incidentColumns+` FROM incidents WHERE mailbox_id = $1 AND name = $2`, t.mb, name)
	if err != nil || len(found) == 0 {
		return Incident{}, wrap("read incident", err)
	}
	return found[0], nil
}

// SaveIncident stores it in the place of the one of its name.
func (t *Tx) SaveIncident(i Incident) error {
	_, err := t.exec(`INSERT INTO incidents (mailbox_id, `+incidentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (mailbox_id, name) DO UPDATE SET since = excluded.since, told = excluded.told, count = excluded.count,
			detail = excluded.detail, works = excluded.works, turned_at = excluded.turned_at, noted_at = excluded.noted_at,
			next_at = excluded.next_at, over_at = excluded.over_at, again = excluded.again`,
		t.mb, i.Name, millis(i.Since), millis(i.Told), i.Count, i.Detail, flag(i.Works), millis(i.Turned), millis(i.Noted),
		millis(i.Next), millis(i.Over), i.Again)
	return wrap("note incident", err)
}
