package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgres is one pool of connections to a PostgreSQL database.
type postgres struct {
	speech *dialect
	db     *sql.DB
	crowd  sync.RWMutex // held by writes: for reading beside others, for writing alone
}

// limits are settings of every connection; the database URL can give others.
var limits = map[string]string{
	"application_name":                    "qibu",
	"statement_timeout":                   "10s",
	"idle_in_transaction_session_timeout": "30s",
}

func openPostgres(ctx context.Context, databaseURL string, migrations fs.FS) (*postgres, error) {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	if err := migratePostgres(ctx, cfg.Copy(), migrations); err != nil {
		return nil, err
	}
	for name, value := range limits {
		if _, given := cfg.RuntimeParams[name]; !given {
			cfg.RuntimeParams[name] = value
		}
	}
	db := stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(verifyDurable))
	size := max(8, 4*runtime.GOMAXPROCS(0))
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open PostgreSQL: %w", err), db.Close())
	}
	return &postgres{speech: postgresDialect(), db: db}, nil
}

// migratePostgres uses a connection without limits: a migration may take its time.
func migratePostgres(ctx context.Context, cfg *pgx.ConnConfig, migrations fs.FS) error {
	db := stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(verifyDurable))
	defer db.Close()
	return migrate(ctx, db, goose.DialectPostgres, migrations)
}

// verifyDurable refuses a server that could lose an acknowledged commit.
func verifyDurable(ctx context.Context, conn *pgx.Conn) error {
	var fsync, commit, encoding string
	err := conn.QueryRow(ctx, `SELECT current_setting('fsync'), current_setting('synchronous_commit'),
		current_setting('server_encoding')`).Scan(&fsync, &commit, &encoding)
	if err != nil {
		return fmt.Errorf("read the server's settings: %w", err)
	}
	if fsync != "on" || commit == "off" || encoding != "UTF8" {
		return fmt.Errorf("the server has fsync=%s, synchronous_commit=%s, server_encoding=%s and must have on, on, UTF8",
			fsync, commit, encoding)
	}
	return nil
}

func (p *postgres) dialect() *dialect { return p.speech }

// sole does not hold: other nodes write to the same database.
func (p *postgres) sole() bool { return false }

func (p *postgres) read(ctx context.Context, work work) error {
	return p.transact(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, work)
}

// glance saves the two journeys to the server that a transaction would cost.
func (p *postgres) glance(ctx context.Context, work work) error {
	_, err := work(ctx, p.db)
	return err
}

const (
	maxAttempts    = 8 // how often a write that lost a race is run in all
	sharedAttempts = 3 // of these, how many beside other writes of this process
)

// write makes writes serialisable by running again whichever of two could not
// be put in an order. Only then: after any other failure of a commit, whether it
// happened is not known, and doing it twice is worse. Who keeps losing is let
// through alone, so that a crowd at one row thins out.
func (p *postgres) write(ctx context.Context, work work) error {
	for attempt := 1; ; attempt++ {
		var crowd sync.Locker = p.crowd.RLocker()
		if attempt > sharedAttempts {
			crowd = &p.crowd
		}
		crowd.Lock()
		err := p.transact(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, work)
		crowd.Unlock()
		if !lostRace(err) || attempt == maxAttempts {
			return err
		}
		if err := sleep(ctx, rand.N(time.Millisecond<<attempt)); err != nil {
			return err
		}
	}
}

func (p *postgres) transact(ctx context.Context, opts *sql.TxOptions, work work) error {
	tx, err := p.db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it does nothing
	if _, err := work(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *postgres) ping(ctx context.Context) error { return p.db.PingContext(ctx) }

func (p *postgres) backup(context.Context, string) error {
	return errors.New("a PostgreSQL database is backed up with its own tools: pg_dump, or pg_basebackup with a WAL archive")
}

func (p *postgres) close() error { return p.db.Close() }

func postgresDialect() *dialect {
	return &dialect{name: "postgres", placeholder: "$", constraint: postgresConstraint, away: postgresAway}
}

// sqlState returns the five-character code of a PostgreSQL error, else "".
func sqlState(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}

// lostRace reports a serialisation failure or a deadlock.
func lostRace(err error) bool {
	state := sqlState(err)
	return state == "40001" || state == "40P01"
}

func postgresConstraint(err error) (Constraint, bool) {
	switch sqlState(err) {
	case "23505":
		return ErrUnique, true
	case "23503":
		return ErrForeignKey, true
	case "23514":
		return ErrCheck, true
	}
	return "", false
}

// postgresAway recognises a server that cannot be reached, has no room, is
// stopping, timed out or could not put our write in an order.
func postgresAway(err error) bool {
	if state := sqlState(err); state != "" {
		class := state[:2]
		return lostRace(err) || strings.Contains("08 53 57 58", class)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
