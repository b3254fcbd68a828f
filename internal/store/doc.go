// Package store keeps what askwell knows in one SQLite file.
//
// All work goes through a Mailbox: View and Update run a function in one
// transaction, and the Tx carries the one Now of that transaction. Update is
// where a message seen, the contact changed, its event, the outbox rows and the
// cursor become true together or not at all.
//
// Times are Unix milliseconds, 0 means none. Every table has mailbox_id, so that
// one file can hold several owners. The SQL uses no dialect's functions. The
// file is private to its owner (0600), in WAL mode, and every commit is synced.
package store
