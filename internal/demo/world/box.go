package world

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

var errNoFolder = errors.New("no such folder")

// box is one mailbox: the memory server's user, beside it what that does not
// know: which folder is for what, the bytes as they came, and who waits in IDLE.
type box struct {
	address string
	user    *imapmemserver.User

	mu       sync.Mutex
	password string
	token    string
	folders  map[string]*folder
	idle     map[chan struct{}]struct{}
}

type folder struct {
	use        []imap.MailboxAttr
	subscribed bool
	raw        map[imap.UID][]byte
	date       map[imap.UID]time.Time
	odd        map[imap.UID]bool // those that the memory server does not give back as they are
}

func newFolder(use []imap.MailboxAttr, subscribed bool) *folder {
	return &folder{
		use: use, subscribed: subscribed,
		raw: map[imap.UID][]byte{}, date: map[imap.UID]time.Time{}, odd: map[imap.UID]bool{},
	}
}

func (f *folder) keep(uid imap.UID, text []byte, at time.Time) {
	f.raw[uid], f.date[uid] = text, at
	if !bytes.Equal(text, imapserver.ExtractBodySection(bytes.NewReader(text), &imap.FetchItemBodySection{})) {
		f.odd[uid] = true
	}
}

func newBox(address, password string) (*box, error) {
	b := &box{
		address: address, password: password, user: imapmemserver.NewUser(address, ""),
		folders: map[string]*folder{}, idle: map[chan struct{}]struct{}{},
	}
	for _, f := range []struct {
		name string
		use  []imap.MailboxAttr
	}{
		{"INBOX", nil},
		{"Sent", []imap.MailboxAttr{imap.MailboxAttrSent}},
		{"Junk", []imap.MailboxAttr{imap.MailboxAttrJunk}},
		{"Drafts", []imap.MailboxAttr{imap.MailboxAttrDrafts}},
		{"Trash", []imap.MailboxAttr{imap.MailboxAttrTrash}},
		{"Archive", []imap.MailboxAttr{imap.MailboxAttrArchive}},
	} {
		if err := b.create(f.name, &imap.CreateOptions{SpecialUse: f.use}); err != nil {
			return nil, err
		}
		b.folders[f.name].subscribed = true
	}
	return b, nil
}

// folderName folds the case of INBOX, the one name without case (RFC 9051, 5.1).
func folderName(name string) string {
	if name == "" || strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	return name
}

func (b *box) login(password string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.token == "" && subtle.ConstantTimeCompare([]byte(password), []byte(b.password)) == 1
}

func (b *box) loginToken(token string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(b.token)) == 1
}

func (b *box) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.namesLocked()
}

func (b *box) namesLocked() []string {
	var names []string
	for name := range b.folders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (b *box) create(name string, o *imap.CreateOptions) error {
	name = strings.TrimRight(folderName(name), "/")
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.user.Create(name, o); err != nil {
		return err
	}
	b.folders[name] = newFolder(o.SpecialUse, false)
	return nil
}

func (b *box) remove(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.user.Delete(name); err != nil {
		return err
	}
	delete(b.folders, name)
	return nil
}

func (b *box) rename(from, to string) error {
	to = strings.TrimRight(to, "/")
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.user.Rename(from, to, nil); err != nil {
		return err
	}
	b.folders[to] = b.folders[from]
	delete(b.folders, from)
	return nil
}

func (b *box) subscribe(name string, yes bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.folders[folderName(name)]
	if f == nil {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeNonExistent, Text: "No such mailbox"}
	}
	f.subscribed = yes
	return nil
}

// file puts a message into a folder and tells those who wait in IDLE.
func (b *box) file(name string, text []byte, at time.Time, flags ...imap.Flag) (*imap.AppendData, error) {
	name = folderName(name)
	b.mu.Lock()
	defer b.mu.Unlock()
	text = bytes.Clone(text)
	data, err := b.user.Append(name, bytes.NewReader(text), &imap.AppendOptions{Time: at, Flags: flags})
	if err != nil {
		return nil, err
	}
	b.folders[name].keep(data.UID, text, at)
	b.kickLocked()
	return data, nil
}

// copied notes that messages were copied from one folder to another.
func (b *box) copied(from, to string, data *imap.CopyData) {
	b.mu.Lock()
	defer b.mu.Unlock()
	src, dst := b.folders[folderName(from)], b.folders[folderName(to)]
	if data == nil || src == nil || dst == nil {
		return
	}
	olds, _ := data.SourceUIDs.Nums()
	news, _ := data.DestUIDs.Nums()
	for i := range min(len(olds), len(news)) {
		dst.keep(news[i], src.raw[olds[i]], src.date[olds[i]])
	}
	b.kickLocked()
}

// wait registers somebody in IDLE. The channel gets a value after each change.
func (b *box) wait() chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	kick := make(chan struct{}, 1)
	b.idle[kick] = struct{}{}
	return kick
}

func (b *box) forget(kick chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.idle, kick)
}

func (b *box) kick() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kickLocked()
}

func (b *box) kickLocked() {
	for c := range b.idle {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// search asks the memory server, which alone knows what is still there and
// which flags it has.
func (b *box) search(name string, c imap.SearchCriteria) ([]imap.UID, []imap.Flag, error) {
	s := imapmemserver.NewUserSession(b.user)
	data, err := s.Select(name, &imap.SelectOptions{ReadOnly: true})
	if err != nil {
		return nil, nil, errNoFolder
	}
	defer s.Close()
	found, err := s.Search(imapserver.NumKindUID, &c, &imap.SearchOptions{})
	if err != nil {
		return nil, nil, err
	}
	return found.AllUIDs(), data.Flags, nil
}

func (b *box) messages(name string) [][]byte {
	name = folderName(name)
	b.mu.Lock()
	defer b.mu.Unlock()
	uids, _, err := b.search(name, imap.SearchCriteria{})
	if err != nil {
		return nil
	}
	all := make([][]byte, 0, len(uids))
	for _, uid := range uids {
		all = append(all, bytes.Clone(b.folders[name].raw[uid]))
	}
	return all
}

func (b *box) flags(name string) [][]string {
	name = folderName(name)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flagsLocked(name)
}

func (b *box) flagsLocked(name string) [][]string {
	uids, flags, err := b.search(name, imap.SearchCriteria{})
	if err != nil {
		return nil
	}
	all := make([][]string, len(uids))
	for _, flag := range flags { // sorted by the server
		with, _, err := b.search(name, imap.SearchCriteria{Flag: []imap.Flag{flag}})
		if err != nil {
			return nil
		}
		for _, uid := range with {
			if i, ok := slices.BinarySearch(uids, uid); ok {
				all[i] = append(all[i], string(flag))
			}
		}
	}
	return all
}

func (b *box) renumber(name string) error {
	name = folderName(name)
	b.mu.Lock()
	defer b.mu.Unlock()
	uids, _, err := b.search(name, imap.SearchCriteria{})
	if err != nil {
		return err
	}
	flags := b.flagsLocked(name)
	old := b.folders[name]
	if err := b.user.Delete(name); err != nil {
		return err
	}
	if err := b.user.Create(name, &imap.CreateOptions{}); err != nil {
		return err
	}
	b.folders[name] = newFolder(old.use, old.subscribed)
	for i, uid := range uids {
		o := &imap.AppendOptions{Time: old.date[uid]}
		for _, f := range flags[i] {
			o.Flags = append(o.Flags, imap.Flag(f))
		}
		data, err := b.user.Append(name, bytes.NewReader(old.raw[uid]), o)
		if err != nil {
			return err
		}
		b.folders[name].keep(data.UID, old.raw[uid], old.date[uid])
	}
	return nil
}

// odd is what is known of one message.
func (b *box) odd(name string, uid imap.UID) (text []byte, at time.Time, flags []imap.Flag) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.folders[name]
	uids, _, err := b.search(name, imap.SearchCriteria{})
	i, ok := slices.BinarySearch(uids, uid)
	if f == nil || err != nil || !ok {
		return nil, time.Time{}, nil
	}
	for _, flag := range b.flagsLocked(name)[i] {
		flags = append(flags, imap.Flag(flag))
	}
	return f.raw[uid], f.date[uid], flags
}
