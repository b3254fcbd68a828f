package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Store is one open file.
type Store struct {
	db    *sql.DB
	path  string
	info  fs.FileInfo // of the file that is open
	known prepared
	locks []*os.File // held until it is closed
}

// Open opens the store at path, making the file and its folder where there are none, and brings
// it to the newest schema. Where the reason lies outside askwell the error is a BrokenError.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, explain(path, fmt.Errorf("make the store's folder: %w", err))
	}
	info, err := touch(path)
	if err != nil {
		return nil, explain(path, err)
	}
	q := url.Values{"_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
	}, "_txlock": {"immediate"}}
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{db: db, path: path, info: info}
	if err := s.ready(ctx); err != nil {
		_ = db.Close()
		if faultOf(err) != "" {
			return nil, s.explain(err)
		}
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	return s, nil
}

// touch makes the file where there is none: by ourselves, so that nobody else can read it from its first byte on.
func touch(path string) (fs.FileInfo, error) {
	_, err := os.Stat(path)
	isNew := errors.Is(err, fs.ErrNotExist)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	if !isNew && info.Size() == 0 && wasRun(path) {
		// SQLite would begin anew, and nothing would be said of all that is lost.
		return nil, &BrokenError{Fault: Damaged, Path: path, Err: errors.New("it is empty, though a daemon has worked with it")}
	}
	return info, nil
}

func (s *Store) ready(ctx context.Context) error {
	// A misspelt pragma is ignored silently: ask for what matters.
	var mode string
	var sync int
	if err := s.db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return fmt.Errorf("read journal mode: %w", err)
	}
	if err := s.db.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&sync); err != nil {
		return fmt.Errorf("read synchronous: %w", err)
	}
	if mode != "wal" || sync != 2 {
		return fmt.Errorf("the file system does not let the store be written safely (journal %s, synchronous %d)", mode, sync)
	}
	return migrate(ctx, s.db)
}

// Close closes the file and gives its locks back.
func (s *Store) Close() error {
	s.known.close()
	err := s.db.Close()
	for _, f := range s.locks {
		_ = f.Close()
	}
	s.locks = nil
	return err
}

// Path is where the file lies.
func (s *Store) Path() string { return s.path }

// Version changes whenever another process has written to the store.
func (s *Store) Version(ctx context.Context) (int64, error) {
	var v int64
	if err := s.db.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&v); err != nil {
		return 0, s.explain(fmt.Errorf("read data version: %w", err))
	}
	return v, nil
}

// Check lets SQLite look for damage.
func (s *Store) Check(ctx context.Context) error {
	var said string
	if err := s.db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said); err != nil {
		return s.explain(fmt.Errorf("check the store: %w", err))
	}
	if said != "ok" {
		return &BrokenError{Fault: Damaged, Path: s.path, Err: damage(said)}
	}
	return nil
}

// Mailbox is the part of a store that belongs to one owner's mailbox.
type Mailbox struct {
	s  *Store
	id int64
}

// Mailbox opens the part of address, making it where there is none.
func (s *Store) Mailbox(ctx context.Context, address string) (*Mailbox, error) {
	m := &Mailbox{s: s}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, s.explain(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }()
	err = tx.QueryRowContext(ctx, `SELECT mailbox_id FROM mailboxes WHERE address = $1`, address).Scan(&m.id)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `INSERT INTO mailboxes (mailbox_id, address)
			SELECT COALESCE(MAX(mailbox_id), 0) + 1, $1 FROM mailboxes RETURNING mailbox_id`, address).Scan(&m.id)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return nil, s.explain(fmt.Errorf("open mailbox %s: %w", address, err))
	}
	return m, nil
}

// Store is the store m belongs to.
func (m *Mailbox) Store() *Store { return m.s }

// Tx is one transaction of one mailbox.
type Tx struct {
	ctx context.Context //nolint:containedctx // a Tx lives within the call that made it
	tx  *sql.Tx
	s   *Store
	mb  int64
	// broken is the first failure of the disk. SQLite may have ended the transaction at it, and what came after would be
	// stored on its own: nothing does.
	broken error
	// Now is the one time of this transaction, to the millisecond.
	Now time.Time
}

// Context is the context of the call that made the transaction.
func (t *Tx) Context() context.Context { return t.ctx }

// Update runs f in a transaction and commits it if f returns nil. Where the store cannot be written the error is a
// BrokenError, and nothing of it is stored.
func (m *Mailbox) Update(ctx context.Context, now time.Time, f func(*Tx) error) error {
	if err := m.s.still(); err != nil {
		return err
	}
	return m.s.explain(m.run(ctx, now, nil, f))
}

func (m *Mailbox) run(ctx context.Context, now time.Time, o *sql.TxOptions, f func(*Tx) error) error {
	m.s.known.prepare(ctx, m.s.db)
	tx, err := m.s.db.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	t := &Tx{ctx: ctx, tx: tx, s: m.s, mb: m.id, Now: now.Truncate(time.Millisecond)}
	if err := f(t); err != nil {
		return err
	}
	if t.broken != nil {
		return t.broken
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// errView ends a View; nothing of it is kept.
var errView = errors.New("view")

// View runs f in a transaction that is never committed, and that keeps no other process from writing.
func (m *Mailbox) View(ctx context.Context, now time.Time, f func(*Tx) error) error {
	err := m.run(ctx, now, &sql.TxOptions{ReadOnly: true}, func(tx *Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errView
	})
	if errors.Is(err, errView) {
		return nil
	}
	return m.s.explain(err)
}

// note remembers the first failure of the disk.
func (t *Tx) note(err error) error {
	if t.broken == nil && faultOf(err) != "" {
		t.broken = err
	}
	return err
}

func (t *Tx) exec(query string, args ...any) (int64, error) {
	if t.broken != nil {
		return 0, t.broken
	}
	var r sql.Result
	var err error
	if st := t.s.known.get(query); st != nil {
		r, err = t.tx.StmtContext(t.ctx, st).ExecContext(t.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	} else {
		r, err = t.tx.ExecContext(t.ctx, query, args...)
	}
	if err != nil {
		return 0, t.note(err)
	}
	return r.RowsAffected()
}

// oneRow is the first row of a query.
type oneRow struct {
	t   *Tx
	row *sql.Row
}

// Scan reads it.
func (r oneRow) Scan(dest ...any) error {
	if r.row == nil {
		return r.t.broken
	}
	return r.t.note(r.row.Scan(dest...))
}

func (t *Tx) row(query string, args ...any) oneRow {
	if t.broken != nil {
		return oneRow{t: t}
	}
	if st := t.s.known.get(query); st != nil {
		return oneRow{t, t.tx.StmtContext(t.ctx, st).QueryRowContext(t.ctx, args...)} //nolint:sqlclosecheck // closed with the transaction
	}
	return oneRow{t, t.tx.QueryRowContext(t.ctx, query, args...)}
}

// all collects the rows of a query.
func all[T any](t *Tx, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	var rows *sql.Rows
	var err error
	if st := t.s.known.get(query); st != nil {
		rows, err = t.tx.StmtContext(t.ctx, st).QueryContext(t.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	} else {
		rows, err = t.tx.QueryContext(t.ctx, query, args...)
	}
	if err != nil {
		return nil, t.note(err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, t.note(rows.Err())
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the time of ms in the zone of the transaction's Now.
func (t *Tx) moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).In(t.Now.Location())
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// one reads a single value; false where there is no row.
func one[T any](row oneRow) (T, bool, error) {
	var v T
	err := row.Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}
