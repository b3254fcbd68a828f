package worktime

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // a container may have no zones of its own
)

// ParseZone finds a zone by its IANA name ("Europe/Berlin") or by the name that Windows and therefore Outlook's invitations
// give it ("W. Europe Standard Time"). No name and "Local" are refused: the zone of the machine is nobody's zone.
func ParseZone(name string) (*time.Location, error) {
	name = strings.TrimSpace(name)
	switch name {
	case "":
		return nil, errors.New("find time zone: it has no name")
	case "Local":
		return nil, errors.New(`find time zone "Local": it means another zone on every machine; name one like Europe/Berlin`)
	}
	if iana := windowsZone(name); iana != "" {
		name = iana
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("find time zone %q: it is not known; name one like Europe/Berlin", name)
	}
	return zone, nil
}
