package config

import (
	"os"
	"strings"

	"askwell/internal/worktime"
)

// machineZone is the zone of the machine if it has an IANA name, else UTC. It is the owner's until they name another.
func machineZone(env func(string) string) string {
	candidates := []string{strings.TrimPrefix(env("TZ"), ":")}
	// On Linux and macOS the zone is a link into the folder of zones.
	if target, err := os.Readlink("/etc/localtime"); err == nil {
		_, name, _ := strings.Cut(target, "/zoneinfo/")
		candidates = append(candidates, name)
	}
	for _, name := range candidates {
		if _, err := worktime.ParseZone(name); err == nil {
			return name
		}
	}
	return "UTC"
}
