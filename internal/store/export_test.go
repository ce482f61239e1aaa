package store

import (
	"context"
	"database/sql"
	"io/fs"
	"time"
)

// What the tests outside the package see of it.

// OpenWith is Open with other migrations than the shipped ones.
func OpenWith(ctx context.Context, cfg Config, migrations fs.FS) (*Store, error) {
	return open(ctx, cfg, migrations)
}

// Scanner is one row of a result.
type Scanner = scanner

// Exec is exec.
func (tx *Tx) Exec(query string, args ...any) (int64, error) { return tx.exec(query, args...) }

// Row is row.
func (tx *Tx) Row(query string, args ...any) Scanner { return tx.row(query, args...) }

// Collect is collect.
func Collect[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	return collect(tx, scan, query, args...)
}

// NullMS is nullMS.
func NullMS(t time.Time) sql.NullInt64 { return nullMS(t) }

// FromNullMS is fromNullMS.
func FromNullMS(n sql.NullInt64) time.Time { return fromNullMS(n) }

// DSN names a SQLite file with the writer's settings.
func DSN(path string) string { return dsn(path, "") }

// Connect opens one connection as the writer's pool does.
func Connect(ctx context.Context, dsn string) error {
	db := pool(dsn, writing, 1)
	defer db.Close()
	return db.PingContext(ctx)
}

// Migrations are the embedded ones.
func Migrations() fs.FS { return shipped() }
