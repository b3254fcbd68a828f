package mailtest

import (
	_ "embed"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// firstUID is the user id of the first mailbox; no account has it.
const firstUID = 30000

var (
	//go:embed testdata/dovecot.conf
	dovecotConf string
	//go:embed testdata/main.cf
	mainCF string
	//go:embed testdata/master.cf
	masterCF string
)

// writeFiles makes the folders and configuration of both servers.
func (l *Lab) writeFiles(tools tools, o Options) error {
	postfix, err := user.Lookup("postfix")
	if err != nil {
		return err
	}
	postdrop, err := user.LookupGroup("postdrop")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(postfix.Uid)
	gid, _ := strconv.Atoi(postdrop.Gid)

	// The queue as `postfix check` would make it; "private" must be there before
	// Dovecot puts its two sockets into it.
	type folder struct {
		name     string
		mode     os.FileMode
		uid, gid int
	}
	folders := []folder{
		{".", 0o711, 0, 0},
		{"log", 0o755, 0, 0},
		{"run", 0o755, 0, 0},
		{"postfix", 0o755, 0, 0},
		{"data", 0o700, uid, 0},
		{"mail", 0o711, 0, 0},
		{"mail/lab.test", 0o777, 0, 0},
		{"mail/contacts.test", 0o777, 0, 0},
		{"spool", 0o755, 0, 0},
		{"spool/pid", 0o755, 0, 0},
		{"spool/maildrop", 0o730, uid, gid},
		{"spool/public", 0o710, uid, gid},
	}
	if o.AllMail {
		folders = append(folders, folder{"virtual", 0o755, 0, 0}, folder{"virtual/All", 0o755, 0, 0})
	}
	for name := range strings.FieldsSeq("active bounce corrupt defer deferred flush hold incoming private saved trace") {
		folders = append(folders, folder{"spool/" + name, 0o700, uid, 0})
	}
	for _, f := range folders {
		if err := os.MkdirAll(l.path(f.name), 0o700); err != nil {
			return err
		}
		if err := os.Chown(l.path(f.name), f.uid, f.gid); err != nil {
			return err
		}
		if err := os.Chmod(l.path(f.name), f.mode); err != nil {
			return err
		}
	}

	values := map[string]any{
		"Dir": l.Dir, "Host": l.host, "FirstUID": firstUID, "Daemons": filepath.Dir(tools.master),
		"IMAP": portIMAP, "IMAPS": portIMAPS, "MX": portMX, "Submission": portSubmission, "Submissions": portSubmissions,
		"Dovecot": o.Dovecot, "Postfix": o.Postfix, "FileSent": o.FileSent, "AllMail": o.AllMail, "ToFolder": o.FileSent || o.ToFolder,
		"Submitted": o.Rewrite != "" || o.FileSent,
	}
	files := map[string]string{
		"users": "", "dovecot.conf": dovecotConf, "postfix/main.cf": mainCF, "postfix/master.cf": masterCF,
		"postfix/rewrite": o.Rewrite + "\n", "postfix/file_sent": `/^([^@+]+)@lab\.test$/ $1+Sent@lab.test` + "\n",
	}
	if o.AllMail {
		files["virtual/All/dovecot-virtual"] = "INBOX\nSent\nDrafts\nArchive\n  all\n"
	}
	for name, text := range files {
		if err := l.write(name, text, values); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) write(name, text string, values map[string]any) error {
	t, err := template.New(name).Option("missingkey=error").Parse(text)
	if err != nil {
		return fmt.Errorf("parse the template of %s: %w", name, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, values); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.WriteFile(l.path(name), []byte(b.String()), 0o644); err != nil {
		return err
	}
	// Each process of Postfix reads a file again and again until it is two seconds
	// old, lest it read one half written.
	old := time.Now().Add(-time.Minute)
	return os.Chtimes(l.path(name), old, old)
}
