package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// migrations take a store from version i to i+1. An entry never changes once released.
var migrations = []string{schema1, schema2, schema3}

const schema1 = `
CREATE TABLE mailboxes (
  mailbox_id INTEGER PRIMARY KEY,
  address    TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE contacts (
  mailbox_id   INTEGER NOT NULL REFERENCES mailboxes,
  contact_id   INTEGER NOT NULL,
  version      INTEGER NOT NULL CHECK (version > 0),
  name         TEXT NOT NULL,
  name_key     TEXT NOT NULL,
  stage        TEXT NOT NULL CHECK (stage IN ('new','asking','asked','talking','scheduled','met','in_touch',
                 'declined','silent','unreachable','opted_out','closed')),
  rank         INTEGER NOT NULL,
  state        TEXT NOT NULL,
  next_at      INTEGER NOT NULL CHECK (next_at >= 0),
  needs_from   INTEGER NOT NULL CHECK (needs_from >= 0),
  check_in_at  INTEGER NOT NULL CHECK (check_in_at = 0 OR stage = 'in_touch'),
  rest_until   INTEGER NOT NULL CHECK (rest_until >= 0),
  talk_at      INTEGER NOT NULL CHECK (talk_at >= 0),
  PRIMARY KEY (mailbox_id, contact_id)
) STRICT;
CREATE INDEX contacts_name  ON contacts (mailbox_id, name_key);
CREATE INDEX contacts_next  ON contacts (mailbox_id, next_at) WHERE next_at > 0;
CREATE INDEX contacts_needs ON contacts (mailbox_id, needs_from) WHERE needs_from > 0;
CREATE INDEX contacts_due   ON contacts (mailbox_id, check_in_at) WHERE check_in_at > 0;
CREATE INDEX contacts_talk  ON contacts (mailbox_id, talk_at) WHERE talk_at > 0;
CREATE INDEX contacts_stage ON contacts (mailbox_id, stage, rank, contact_id);
CREATE TABLE stage_counts (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  stage      TEXT NOT NULL,
  n          INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (mailbox_id, stage)
) STRICT;
CREATE TABLE addresses (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  address    TEXT NOT NULL,
  contact_id INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, address)
) STRICT;
CREATE INDEX addresses_contact ON addresses (mailbox_id, contact_id);
CREATE TABLE events (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  seq        INTEGER NOT NULL,
  act        INTEGER NOT NULL CHECK (act <= seq),
  contact_id INTEGER NOT NULL,
  at         INTEGER NOT NULL CHECK (at > 0),
  name       TEXT NOT NULL,
  detail     TEXT NOT NULL,
  cause      TEXT NOT NULL,
  undone_by  INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (mailbox_id, seq)
) STRICT;
CREATE INDEX events_contact ON events (mailbox_id, contact_id, seq);
CREATE INDEX events_act     ON events (mailbox_id, act, seq);
CREATE INDEX events_name    ON events (mailbox_id, name, at);
CREATE TABLE messages (
  mailbox_id  INTEGER NOT NULL REFERENCES mailboxes,
  message_key TEXT NOT NULL,
  message_id  TEXT NOT NULL,
  folder      TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  at          INTEGER NOT NULL CHECK (at > 0),
  contact_id  INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('done','waiting','unproved','uncertain','told')),
  wait_until  INTEGER NOT NULL CHECK ((state = 'waiting') = (wait_until > 0)),
  sender      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  raw         BLOB,
  PRIMARY KEY (mailbox_id, message_key)
) STRICT;
CREATE INDEX messages_id    ON messages (mailbox_id, message_id);
CREATE INDEX messages_contact ON messages (mailbox_id, contact_id);
CREATE INDEX messages_state ON messages (mailbox_id, state, at) WHERE state <> 'done';
CREATE TABLE outbox (
  mailbox_id  INTEGER NOT NULL REFERENCES mailboxes,
  outbox_id   INTEGER NOT NULL,
  row_key     TEXT NOT NULL,
  contact_id  INTEGER NOT NULL,
  to_owner    INTEGER NOT NULL CHECK (to_owner IN (0, 1)),
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('planned','queued','sending','sent','failed','in_doubt','withdrawn')),
  review      TEXT NOT NULL CHECK (review IN ('send','announce','approve')),
  address     TEXT NOT NULL,
  subject     TEXT NOT NULL,
  message_id  TEXT NOT NULL,
  reference_ids TEXT NOT NULL,
  body        TEXT NOT NULL,
  html        TEXT NOT NULL,
  calendar    TEXT NOT NULL,
  method      TEXT NOT NULL,
  planned_at  INTEGER NOT NULL CHECK (planned_at > 0),
  due_at      INTEGER NOT NULL CHECK (due_at > 0),
  leaves_at   INTEGER NOT NULL CHECK (leaves_at > 0),
  noticed_at  INTEGER NOT NULL,
  claimed_at  INTEGER NOT NULL CHECK ((state IN ('sending','sent','in_doubt')) <= (claimed_at > 0)),
  marked      INTEGER NOT NULL CHECK (marked IN (0, 1)),
  epoch       INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  sent_at     INTEGER NOT NULL CHECK ((state = 'sent') = (sent_at > 0)),
  filed       INTEGER NOT NULL CHECK (filed IN (0, 1)),
  seq         INTEGER NOT NULL,
  gone_by     INTEGER NOT NULL,
  look        TEXT NOT NULL,
  why         TEXT NOT NULL,
  raw         BLOB CHECK (state NOT IN ('sending','sent','in_doubt') OR raw IS NOT NULL),
  PRIMARY KEY (mailbox_id, outbox_id),
  UNIQUE (mailbox_id, row_key)
) STRICT;
CREATE UNIQUE INDEX outbox_message ON outbox (mailbox_id, message_id);
CREATE INDEX outbox_due     ON outbox (mailbox_id, state, leaves_at);
CREATE INDEX outbox_leaves  ON outbox (mailbox_id, to_owner, leaves_at);
CREATE INDEX outbox_sent    ON outbox (mailbox_id, to_owner, sent_at) WHERE sent_at > 0;
CREATE INDEX outbox_asked   ON outbox (mailbox_id, subject, outbox_id) WHERE kind = 'ask';
CREATE INDEX outbox_contact ON outbox (mailbox_id, contact_id, outbox_id);
CREATE INDEX outbox_seq     ON outbox (mailbox_id, seq, outbox_id);
CREATE INDEX outbox_gone    ON outbox (mailbox_id, gone_by, outbox_id);
CREATE INDEX outbox_unfiled ON outbox (mailbox_id, outbox_id) WHERE state = 'sent' AND filed = 0;
CREATE TABLE items (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  message_id TEXT NOT NULL,
  n          INTEGER NOT NULL,
  contact_id INTEGER NOT NULL,
  outbox_id  INTEGER NOT NULL,
  act        INTEGER NOT NULL,
  what       TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, message_id, n)
) STRICT;
CREATE INDEX items_contact ON items (mailbox_id, contact_id);
CREATE TABLE cursors (
  mailbox_id  INTEGER NOT NULL REFERENCES mailboxes,
  folder      TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  last_uid    INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, folder)
) STRICT;
CREATE TABLE leases (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailboxes,
  holder     TEXT NOT NULL,
  epoch      INTEGER NOT NULL,
  until      INTEGER NOT NULL
) STRICT;
CREATE TABLE bars (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  hash       TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, hash)
) STRICT;
CREATE TABLE incidents (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  name       TEXT NOT NULL,
  since      INTEGER NOT NULL CHECK (since > 0),
  told       INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  detail     TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT;
CREATE TABLE settings (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT;
`

// schema2: where copies of our own mails lie, and under which Message-ID.
const schema2 = `
CREATE TABLE copies (
  mailbox_id  INTEGER NOT NULL REFERENCES mailboxes,
  outbox_id   INTEGER NOT NULL,
  folder      TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  message_id  TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, outbox_id, folder, uidvalidity, uid)
) STRICT;
CREATE INDEX copies_message ON copies (mailbox_id, message_id) WHERE message_id <> '';
`

// schema3: an incident is over only once it has been quiet for a while, and is remembered a day longer. What is open when
// this comes is noted again at its next failure.
const schema3 = `
DROP TABLE incidents;
CREATE TABLE incidents (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
  name       TEXT NOT NULL,
  since      INTEGER NOT NULL CHECK (since > 0),
  told       INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  detail     TEXT NOT NULL,
  works      INTEGER NOT NULL CHECK (works IN (0, 1)),
  turned_at  INTEGER NOT NULL CHECK (turned_at > 0),
  noted_at   INTEGER NOT NULL CHECK (noted_at > 0),
  next_at    INTEGER NOT NULL,
  over_at    INTEGER NOT NULL CHECK (over_at = 0 OR works = 1),
  again      INTEGER NOT NULL CHECK (again >= 0),
  PRIMARY KEY (mailbox_id, name)
) STRICT;
`

// migrate brings the store to the newest schema, each step in one transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	for {
		version, err := userVersion(ctx, db)
		switch {
		case err != nil:
			return err
		case version > len(migrations):
			return fmt.Errorf("the store has schema %d and this askwell knows %d: run the newer askwell that wrote it", version, len(migrations))
		case version == len(migrations):
			return nil
		}
		if err := migrateOnce(ctx, db); err != nil {
			return err
		}
	}
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func userVersion(ctx context.Context, q querier) (version int, err error) {
	if err := q.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return version, nil
}

// migrateOnce takes one step, from the version that the store has once nobody else can write: another process may have
// opened it at the same moment.
func migrateOnce(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	version, err := userVersion(ctx, tx)
	if err != nil || version >= len(migrations) {
		return err
	}
	if version == 0 {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&n); err != nil {
			return fmt.Errorf("read the schema: %w", err)
		}
		if n > 0 {
			return errors.New("this is a database of another program; name another file")
		}
	}
	// user_version is kept by SQLite in the file itself and moves with the transaction.
	if _, err := tx.ExecContext(ctx, migrations[version]+fmt.Sprintf("\nPRAGMA user_version = %d;", version+1)); err != nil {
		return fmt.Errorf("migrate to schema %d: %w", version+1, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit schema %d: %w", version+1, err)
	}
	return nil
}
