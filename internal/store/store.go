package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	known prepared
}

// Open opens the store at path, making the file and its folder where there are none, and brings
// it to the newest schema.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the store's folder: %w", err)
	}
	// Made by ourselves, so that nobody else can read it from its first byte on.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
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
	s := &Store{db: db, path: path}
	if err := s.ready(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	return s, nil
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

// Close closes the file.
func (s *Store) Close() error {
	s.known.close()
	return s.db.Close()
}

// Path is where the file lies.
func (s *Store) Path() string { return s.path }

// Version changes whenever another process has written to the store.
func (s *Store) Version(ctx context.Context) (int64, error) {
	var v int64
	if err := s.db.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&v); err != nil {
		return 0, fmt.Errorf("read data version: %w", err)
	}
	return v, nil
}

// Check lets SQLite look for damage.
func (s *Store) Check(ctx context.Context) error {
	var said string
	if err := s.db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said); err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	if said != "ok" {
		return fmt.Errorf("check the store: %s", said)
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
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	err = tx.QueryRowContext(ctx, `SELECT mailbox_id FROM mailboxes WHERE address = $1`, address).Scan(&m.id)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `INSERT INTO mailboxes (mailbox_id, address)
			SELECT COALESCE(MAX(mailbox_id), 0) + 1, $1 FROM mailboxes RETURNING mailbox_id`, address).Scan(&m.id)
	}
	if err != nil {
		return nil, fmt.Errorf("open mailbox %s: %w", address, err)
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("open mailbox %s: %w", address, err)
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
	// Now is the one time of this transaction, to the millisecond.
	Now time.Time
}

// Context is the context of the call that made the transaction.
func (t *Tx) Context() context.Context { return t.ctx }

// Update runs f in a transaction and commits it if f returns nil.
func (m *Mailbox) Update(ctx context.Context, now time.Time, f func(*Tx) error) error {
	return m.run(ctx, now, nil, f)
}

func (m *Mailbox) run(ctx context.Context, now time.Time, o *sql.TxOptions, f func(*Tx) error) error {
	m.s.known.prepare(ctx, m.s.db)
	tx, err := m.s.db.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := f(&Tx{ctx: ctx, tx: tx, s: m.s, mb: m.id, Now: now.Truncate(time.Millisecond)}); err != nil {
		return err
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
	return err
}

func (t *Tx) exec(query string, args ...any) (int64, error) {
	var r sql.Result
	var err error
	if st := t.s.known.get(query); st != nil {
		r, err = t.tx.StmtContext(t.ctx, st).ExecContext(t.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	} else {
		r, err = t.tx.ExecContext(t.ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *Tx) row(query string, args ...any) *sql.Row {
	if st := t.s.known.get(query); st != nil {
		return t.tx.StmtContext(t.ctx, st).QueryRowContext(t.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	}
	return t.tx.QueryRowContext(t.ctx, query, args...)
}

// all collects the rows of a query.
func all[T any](t *Tx, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	var rows *sql.Rows
	var err error
	if st := t.s.known.get(query); st != nil {
		rows, err = t.tx.StmtContext(t.ctx, st).QueryContext(t.ctx, args...) //nolint:sqlclosecheck // closed with the transaction
	} else {
		rows, err = t.tx.QueryContext(t.ctx, query, args...)
	}
	if err != nil {
		return nil, err
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
	return out, rows.Err()
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
func one[T any](row *sql.Row) (T, bool, error) {
	var v T
	err := row.Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}
