package arch

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"askwell/internal/config"
)

// instruction is one of a Dockerfile, with continued lines joined.
type instruction struct{ name, rest string }

// stages splits a Dockerfile at its FROMs.
func stages(text string) [][]instruction {
	var all [][]instruction
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		in := instruction{strings.ToUpper(name), strings.TrimSpace(rest)}
		switch {
		case in.name == "FROM":
			all = append(all, []instruction{in})
		case len(all) > 0:
			all[len(all)-1] = append(all[len(all)-1], in)
		}
	}
	return all
}

// dockerfileProblems holds what the image promises: one static binary, in an image with nothing else to attack, run by
// a user without a name, that keeps its store in a volume and is asked for its health without a shell.
func dockerfileProblems(text string) []string {
	all := stages(text)
	if len(all) < 2 {
		return []string{"not in two stages"}
	}
	last := all[len(all)-1]
	one := func(name string) string {
		found := ""
		for _, in := range last {
			if in.name == name {
				found = in.rest
			}
		}
		return found
	}
	var problems []string
	check := func(ok bool, problem string) {
		if !ok {
			problems = append(problems, problem)
		}
	}
	var build []string
	for _, in := range all[0] {
		if in.name == "RUN" && strings.Contains(in.rest, "go build") {
			build = append(build, in.rest)
		}
	}
	check(len(build) == 1, "not exactly one go build")
	for _, want := range []string{"CGO_ENABLED=0 ", "-trimpath", `-ldflags "-s -w -X askwell/internal/cli.version=$VERSION"`, `-o "$OUT"`, "./cmd/askwell"} {
		check(strings.Contains(strings.Join(build, "\n"), want), "go build without "+want)
	}
	check(one("FROM") == "scratch", "the final stage is not scratch")
	user := regexp.MustCompile(`^([0-9]+):[0-9]+$`).FindStringSubmatch(one("USER"))
	uid := 0
	if user != nil {
		uid, _ = strconv.Atoi(user[1])
	}
	check(uid > 0, "USER is not a number above 0 with its group: Kubernetes could not tell that it is not root")
	check(strings.Contains(text, "/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt"), "no certificates of authorities")
	check(strings.Contains(one("ENV"), "XDG_DATA_HOME=/data") && strings.Contains(one("VOLUME"), `"/data"`), "the store is not in the volume")
	for name, want := range map[string][]string{"ENTRYPOINT": {"/askwell"}, "CMD": {"run"}} {
		var words []string
		check(json.Unmarshal([]byte(one(name)), &words) == nil && slices.Equal(words, want), name+" is not in exec form: there is no shell")
	}
	_, health, _ := strings.Cut(one("HEALTHCHECK"), "CMD ")
	var words []string
	check(json.Unmarshal([]byte(health), &words) == nil && slices.Equal(words, []string{"/askwell", "status"}), "HEALTHCHECK is not askwell status in exec form")
	for _, in := range last {
		check(in.name != "RUN", "RUN in the final stage: there is no shell")
	}
	return problems
}

func TestDockerfile(t *testing.T) {
	text := read(t, "Dockerfile")
	for _, p := range dockerfileProblems(text) {
		t.Error(p)
	}
	// Each change for the worse is noticed.
	for old, worse := range map[string]string{
		"CGO_ENABLED=0 ":                     "",
		" -trimpath":                         "",
		"FROM scratch":                       "FROM debian",
		"USER 65532:65532":                   "USER askwell",
		`ENTRYPOINT ["/askwell"]`:            "ENTRYPOINT /askwell",
		`CMD ["run"]`:                        "CMD run",
		`CMD ["/askwell", "status"]`:         "CMD /askwell status",
		`VOLUME ["/data"]`:                   "",
		"COPY LICENSE /LICENSE":              "RUN true",
		"/etc/ssl/certs/ca-certificates.crt": "/nothing",
	} {
		changed := strings.ReplaceAll(text, old, worse)
		if changed == text {
			t.Errorf("the Dockerfile has no %q", old)
		} else if len(dockerfileProblems(changed)) == 0 {
			t.Errorf("%q instead of %q was not noticed", worse, old)
		}
	}
}

// settings reads a systemd unit: section, key, values in order.
func settings(text string) map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if key, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			all[key] = append(all[key], value)
		}
	}
	return all
}

// What `run` promises and what the unit relies on are the same: the exit statuses that a restart cannot mend, the time
// it takes to end, where configuration, secret and store lie.
func TestUnit(t *testing.T) {
	unit := settings(read(t, "deploy/askwell.service"))
	for key, want := range map[string]string{
		"ExecStart":                "/usr/local/bin/askwell run",
		"Restart":                  "on-failure",
		"RestartPreventExitStatus": "2 78",
		"TimeoutStopSec":           "15s",
		"DynamicUser":              "yes",
		"StateDirectory":           "askwell",
		"StateDirectoryMode":       "0700",
		"UMask":                    "0077",
		"LoadCredential":           "password:/etc/askwell/password",
		"NoNewPrivileges":          "yes",
		"ProtectSystem":            "strict",
		"ProtectHome":              "yes",
		"CapabilityBoundingSet":    "",
	} {
		if got := unit[key]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if !slices.Contains(unit["Environment"], "XDG_DATA_HOME=/var/lib") {
		t.Errorf("the store would not lie in the state directory: %q", unit["Environment"])
	}
}

// The container's user, paths and command are told four times over; they have to agree.
func TestContainersAgree(t *testing.T) {
	docker, compose, kubernetes := read(t, "Dockerfile"), read(t, "deploy/compose.yaml"), read(t, "deploy/kubernetes/askwell.yaml")
	uid := regexp.MustCompile(`(?m)^USER ([0-9]+)`).FindStringSubmatch(docker)
	if uid == nil {
		t.Fatal("Dockerfile: no numeric USER")
	}
	for _, want := range []string{
		"runAsUser: " + uid[1] + "\n", "fsGroup: " + uid[1] + "\n", "runAsNonRoot: true\n", "replicas: 1\n", "kind: StatefulSet\n",
		"readOnlyRootFilesystem: true\n", "mountPath: /data}", "mountPath: /etc/askwell,", `args: ["run"]`,
	} {
		if !strings.Contains(kubernetes, want) {
			t.Errorf("deploy/kubernetes/askwell.yaml has no %q", want)
		}
	}
	for _, want := range []string{"chown " + uid[1] + ":", "- data:/data\n", ":/etc/askwell/askwell.toml:ro\n", "read_only: true\n", "cap_drop: [ALL]\n", "/run/secrets/password"} {
		if !strings.Contains(compose, want) {
			t.Errorf("deploy/compose.yaml has no %q", want)
		}
	}
	if !strings.Contains(docker, "ASKWELL_CONFIG=/etc/askwell/askwell.toml") {
		t.Error("Dockerfile: the configuration is read from elsewhere")
	}
}

// The example is a configuration that loads, has every key, and shows the defaults where it does not say otherwise.
func TestExampleConfiguration(t *testing.T) {
	environment := func(string) string { return "" }
	text := read(t, "deploy/askwell.toml")
	example, err := config.Parse("deploy/askwell.toml", []byte(text), environment)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := keys(text), fields("", reflect.TypeFor[config.Config]()); !slices.Equal(got, want) {
		t.Errorf("the keys of deploy/askwell.toml and of the program differ:\nexample %v\nprogram %v", got, want)
	}

	// What is offered in comments is right as well, one at a time.
	for _, offer := range regexp.MustCompile(`(?m)^# (\w+ = .*)$`).FindAllStringSubmatch(text, -1) {
		other := regexp.MustCompile(`(?m)^password_file = .*$`).ReplaceAllLiteralString(text, offer[1])
		if _, err := config.Parse("deploy/askwell.toml", []byte(other), environment); err != nil {
			t.Errorf("with %s: %v", offer[1], err)
		}
	}

	var needed strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "[") || strings.Contains(line, "# example") || strings.HasPrefix(line, "password_file = ") {
			needed.WriteString(line)
		}
	}
	short, err := config.Parse("deploy/askwell.toml", []byte(needed.String()), environment)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range [][2]any{
		{example.Owner, short.Owner},
		{example.Mailbox, short.Mailbox},
		{example.Schedule, short.Schedule},
		{example.Sending, short.Sending},
		{example.Review, short.Review},
		{example.Store, short.Store},
		{example.Templates, short.Templates},
	} {
		// Printed: to a reader an empty list and none are the same.
		if got, want := fmt.Sprintf("%+v", section[0]), fmt.Sprintf("%+v", section[1]); got != want {
			t.Errorf("deploy/askwell.toml shows as a default what is none:\nexample  %s\ndefaults %s", got, want)
		}
	}
}

// fields lists the keys that a configuration struct takes, as section.key.
func fields(section string, in reflect.Type) []string {
	var all []string
	for field := range in.Fields() {
		name := field.Tag.Get("toml")
		switch {
		case name == "" || name == "-":
		case section == "":
			all = append(all, fields(name, field.Type)...)
		default:
			all = append(all, section+"."+name)
		}
	}
	slices.Sort(all)
	return all
}

// keys reads the keys of a TOML file, set or commented out as an offer.
func keys(text string) []string {
	section, all := "", map[string]bool{}
	for line := range strings.Lines(text) {
		if m := regexp.MustCompile(`^\[(\w+)\]`).FindStringSubmatch(line); m != nil {
			section = m[1]
		} else if m := regexp.MustCompile(`^(?:# )?(\w+) = `).FindStringSubmatch(line); m != nil {
			all[section+"."+m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func TestKeys(t *testing.T) {
	got := keys("[a]\nb = 1 # x = 2\n# c = \"d\"\n# some words = more\n[e] # f\nb = 2\n")
	if want := []string{"a.b", "a.c", "e.b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
