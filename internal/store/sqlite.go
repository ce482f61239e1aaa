package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"qibu/internal/store/planner"
)

// sqlite is one file: a pool of connections that can only read, and the writer.
type sqlite struct {
	speech  *dialect
	path    string
	lock    *os.File
	readers *sql.DB
	writers *sql.DB // one connection, which the writer holds
	writer  *writer
}

// statementCache is how many prepared statements each connection keeps.
const statementCache = 256

// dsn names the file and the settings of a connection. FULL is not the driver's
// default, and without it a power failure takes acknowledged commits along.
func dsn(path string, extra string) string {
	file := url.URL{Scheme: "file", Path: path}
	return file.String() + "?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000" +
		"&_stmt_cache_size=" + strconv.Itoa(statementCache) + extra
}

var (
	writing = settings{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0"}
	reading = settings{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "1"}
)

// settings are pragmas and the values they must have.
type settings map[string]string

// verify reads every setting back from a new connection: a pragma that SQLite
// could not apply, or does not know, it ignores without an error.
func (s settings) verify(conn *sqlite3.SQLiteConn) error {
	for name, want := range s {
		got, err := pragma(conn, name)
		if err != nil {
			return fmt.Errorf("read pragma %s: %w", name, err)
		}
		if got != want {
			return fmt.Errorf("pragma %s is %q and must be %q: this file system may not be fit for a database", name, got, want)
		}
	}
	return nil
}

func pragma(conn *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := conn.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil {
		return "", err
	}
	return fmt.Sprint(value[0]), nil
}

// connector opens verified connections for a pool.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

func pool(dsn string, must settings, size int) *sql.DB {
	db := sql.OpenDB(connector{&sqlite3.SQLiteDriver{ConnectHook: must.verify}, dsn})
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

func openSQLite(ctx context.Context, dir string, migrations fs.FS) (*sqlite, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := planner.Steady(); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory %s: %w", dir, err)
	}
	path := filepath.Join(dir, fileName)
	s := &sqlite{
		speech:  sqliteDialect(),
		path:    path,
		lock:    lock,
		readers: pool(dsn(path, "&mode=ro&_query_only=on"), reading, max(4, 2*runtime.GOMAXPROCS(0))),
		writers: pool(dsn(path, "&_txlock=immediate"), writing, 1),
	}
	if err := s.start(ctx, migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), s.close())
	}
	return s, nil
}

func (s *sqlite) start(ctx context.Context, migrations fs.FS) error {
	if _, err := os.Stat(s.path + "-wal"); err == nil { // a clean close leaves none
		if err := quickCheck(ctx, s.writers); err != nil {
			return err
		}
	}
	if err := migrate(ctx, s.writers, goose.DialectSQLite3, migrations); err != nil {
		return err
	}
	conn, err := s.writers.Conn(ctx)
	if err != nil {
		return err
	}
	s.writer = startWriter(conn)
	return s.readers.PingContext(ctx)
}

// lockDir keeps a second process out of the data directory. The lock ends with
// the process, however it ends.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "qibu.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("in use by another Qibu process, stop that one first: %w", err)
	}
	return f, nil
}

// quickCheck looks for damage after a stop that was not clean.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var finding string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&finding); err != nil {
		return fmt.Errorf("quick check: %w", err)
	}
	if finding != "ok" {
		return fmt.Errorf("the database is damaged, restore a backup: %s", finding)
	}
	return nil
}

func (s *sqlite) dialect() *dialect { return s.speech }

// sole holds by the lock on the data directory.
func (s *sqlite) sole() bool { return true }

// glance needs no transaction. That it cannot be cancelled saves a goroutine
// that would wait for the end of ctx beside every statement.
func (s *sqlite) glance(ctx context.Context, work work) error {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = work(context.WithoutCancel(ctx), conn)
	return err
}

// read begins a deferred transaction: its snapshot is taken by the first query.
func (s *sqlite) read(ctx context.Context, work work) error {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	uncancelled := context.WithoutCancel(ctx)
	if _, err := conn.ExecContext(uncancelled, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if _, err := conn.ExecContext(uncancelled, "ROLLBACK"); err != nil {
			// An open snapshot must not go back into the pool.
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	_, err = work(ctx, conn)
	return err
}

func (s *sqlite) write(ctx context.Context, work work) error { return s.writer.write(ctx, work) }

// ping goes through the writer, which proves that it works, and reads from the file.
func (s *sqlite) ping(ctx context.Context) error {
	err := s.write(ctx, func(context.Context, connection) (bool, error) { return false, nil })
	if err != nil {
		return err
	}
	return s.read(ctx, func(ctx context.Context, on connection) (bool, error) {
		var tables int
		return false, on.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_schema").Scan(&tables)
	})
}

func (s *sqlite) backup(ctx context.Context, path string) error { return copyFile(ctx, s.path, path) }

// close ends the writing pool last: closing it removes the write-ahead log.
func (s *sqlite) close() error {
	var writer error
	if s.writer != nil {
		writer = s.writer.close()
	}
	return errors.Join(writer, s.readers.Close(), s.writers.Close(), s.lock.Close())
}

func sqliteDialect() *dialect {
	return &dialect{name: "sqlite", placeholder: "?", constraint: sqliteConstraint, away: sqliteAway}
}

func sqliteConstraint(err error) (Constraint, bool) {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return "", false
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		return ErrUnique, true
	case sqlite3.ErrConstraintForeignKey:
		return ErrForeignKey, true
	case sqlite3.ErrConstraintCheck:
		return ErrCheck, true
	}
	return "", false
}

func sqliteAway(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return errors.Is(err, sql.ErrConnDone) || errors.Is(err, driver.ErrBadConn)
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrNomem, sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrInterrupt:
		return true
	}
	return diskFailed(err)
}

// diskFailed reports an error after which nobody knows what the file holds.
func diskFailed(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrIoErr, sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return true
	}
	return false
}
