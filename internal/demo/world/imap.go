package world

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

func (w *World) newIMAP() *imapserver.Server {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapListExtended,
		imap.CapListStatus, imap.CapStatusSize, imap.CapSpecialUse, imap.CapCreateSpecialUse,
	} {
		caps[c] = struct{}{}
	}
	return imapserver.New(&imapserver.Options{
		NewSession: w.newSession, Caps: caps, TLSConfig: w.cert.server(), Logger: logger{w.log},
	})
}

// newSession greets a client, unless a fault says otherwise.
func (w *World) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	if f, ok := w.fault(IMAPGreeting, ""); ok {
		w.pause(f.Delay)
		if f.Drop {
			_ = raw(c.NetConn()).Close()
		}
		if f.Drop || f.refuses() {
			w.open.run(-1)
			return nil, nil, &imap.Error{Type: imap.StatusResponseTypeBye, Text: f.text("Not now")}
		}
	}
	return &session{w: w, c: c}, nil, nil
}

// session is one IMAP connection. The memory server does the work; what it
// lacks is added here: SPECIAL-USE, an IDLE that misses nothing, folder names
// without case for INBOX, further SASL mechanisms, and faults.
type session struct {
	w      *World
	c      *imapserver.Conn
	b      *box
	inner  *imapmemserver.UserSession
	folder string // selected
}

var (
	_ imapserver.SessionSASL      = (*session)(nil)
	_ imapserver.SessionNamespace = (*session)(nil)
)

// failure carries out a fault at this point, if there is one.
func (s *session) failure(at Point) error {
	var who string
	if s.b != nil {
		who = s.b.address
	}
	if f, ok := s.w.fault(at, who); ok {
		return s.strike(f)
	}
	return nil
}

func (s *session) strike(f Fault) error {
	s.w.pause(f.Delay)
	switch {
	case f.Drop && f.Text != "":
		_ = s.c.Bye(f.Text)
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: f.Text}
	case f.Drop:
		_ = raw(s.c.NetConn()).Close()
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "gone"}
	case f.refuses():
		code := imap.ResponseCode(f.Status)
		if code == "" && f.At == IMAPLogin {
			code = imap.ResponseCodeAuthenticationFailed
		}
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: f.text("Refused")}
	}
	return nil
}

func (s *session) Close() error {
	defer s.w.open.run(-1)
	if s.inner == nil {
		return nil
	}
	return s.inner.Close()
}

func (s *session) enter(b *box) { s.b, s.inner = b, imapmemserver.NewUserSession(b.user) }

// Login is LOGIN and AUTHENTICATE PLAIN.
func (s *session) Login(username, password string) error {
	if err := s.failure(IMAPLogin); err != nil {
		return err
	}
	b, err := s.w.box(username)
	if err != nil || !b.login(password) {
		return imapserver.ErrAuthFailed
	}
	s.enter(b)
	return nil
}

func (s *session) AuthenticateMechanisms() []string { return mechanisms() }

func (s *session) Authenticate(mech string) (sasl.Server, error) {
	password := s.Login
	token := func(username, token string) error {
		if err := s.failure(IMAPLogin); err != nil {
			return err
		}
		b, err := s.w.box(username)
		if err != nil || !b.loginToken(token) {
			return imapserver.ErrAuthFailed
		}
		s.enter(b)
		return nil
	}
	if m := mechanism(mech, password, token); m != nil {
		return m, nil
	}
	return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "SASL mechanism not supported"}
}

func (s *session) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	if err := s.failure(IMAPSelect); err != nil {
		return nil, err
	}
	name = folderName(name)
	data, err := s.inner.Select(name, o)
	if err != nil {
		return nil, err
	}
	s.folder = name
	return data, nil
}

func (s *session) Unselect() error {
	s.folder = ""
	return s.inner.Unselect()
}

func (s *session) Create(name string, o *imap.CreateOptions) error {
	if err := s.failure(IMAPCreate); err != nil {
		return err
	}
	return s.b.create(name, o)
}

func (s *session) Delete(name string) error      { return s.b.remove(folderName(name)) }
func (s *session) Subscribe(name string) error   { return s.b.subscribe(name, true) }
func (s *session) Unsubscribe(name string) error { return s.b.subscribe(name, false) }

func (s *session) Rename(from, to string, _ *imap.RenameOptions) error {
	return s.b.rename(folderName(from), to)
}

func (s *session) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: '/'}}}, nil
}

// List answers LIST and LSUB; like Dovecot it always tells the special use.
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, o *imap.ListOptions) error {
	if err := s.failure(IMAPList); err != nil {
		return err
	}
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: '/'})
	}
	for _, data := range s.b.list(ref, patterns, o) {
		if o.ReturnStatus != nil {
			status, err := s.inner.Status(data.Mailbox, o.ReturnStatus)
			if err != nil {
				return err
			}
			data.Status = status
		}
		if err := w.WriteList(&data); err != nil {
			return err
		}
	}
	return nil
}

func (b *box) list(ref string, patterns []string, o *imap.ListOptions) []imap.ListData {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []imap.ListData
	for _, name := range b.namesLocked() {
		f := b.folders[name]
		if o.SelectSubscribed && !f.subscribed || o.SelectSpecialUse && len(f.use) == 0 {
			continue
		}
		if !slices.ContainsFunc(patterns, func(p string) bool {
			if strings.EqualFold(p, "INBOX") {
				p = "INBOX"
			}
			return imapserver.MatchList(name, '/', ref, p)
		}) {
			continue
		}
		data := imap.ListData{Mailbox: name, Delim: '/', Attrs: slices.Clone(f.use)}
		if f.subscribed && (o.ReturnSubscribed || o.SelectSubscribed) {
			data.Attrs = append(data.Attrs, imap.MailboxAttrSubscribed)
		}
		all = append(all, data)
	}
	return all
}

func (s *session) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	return s.inner.Status(folderName(name), o)
}

func (s *session) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if int64(len(text)) != r.Size() { // the client is gone in the middle
		return nil, io.ErrUnexpectedEOF
	}
	f, faulty := s.w.fault(IMAPAppend, s.b.address)
	if faulty && !f.Accept {
		if err := s.strike(f); err != nil {
			return nil, err
		}
	}
	data, err := s.b.file(name, text, s.at(o), o.Flags...)
	if err == nil && faulty && f.Accept { // kept, but the client does not hear of it
		err = s.strike(f)
	}
	return data, err
}

// at is the INTERNALDATE of an APPEND.
func (s *session) at(o *imap.AppendOptions) time.Time {
	if o.Time.IsZero() {
		return s.w.now()
	}
	return o.Time
}

func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	return s.inner.Poll(w, allowExpunge)
}

// Idle tells every change at once, also one that came before it began.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	kick := s.b.wait()
	defer s.b.forget(kick)
	if f, ok := s.w.fault(IMAPIdle, s.b.address); ok {
		if err := s.strike(f); err != nil {
			return err
		}
		if f.Silent {
			<-stop
			return nil
		}
	}
	for {
		if err := s.inner.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-kick:
		case <-stop:
			return nil
		}
	}
}

func (s *session) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	defer s.b.kick()
	return s.inner.Expunge(w, uids)
}

func (s *session) Search(kind imapserver.NumKind, c *imap.SearchCriteria, o *imap.SearchOptions) (*imap.SearchData, error) {
	if err := s.failure(IMAPSearch); err != nil {
		return nil, err
	}
	return s.inner.Search(kind, c, o)
}

func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	if err := s.failure(IMAPFetch); err != nil {
		return err
	}
	return s.fetch(w, set, o)
}

func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, o *imap.StoreOptions) error {
	defer s.b.kick()
	return s.inner.Store(w, set, flags, o)
}

func (s *session) Copy(set imap.NumSet, to string) (*imap.CopyData, error) {
	to = folderName(to)
	data, err := s.inner.Copy(set, to)
	if err == nil {
		s.b.copied(s.folder, to, data)
	}
	return data, err
}
