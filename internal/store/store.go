// Package store keeps Qibu's data. It has all the SQL, one text for SQLite and
// PostgreSQL, and two doors: Read and Write.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"qibu/internal/fault"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine     engine
	now        func() time.Time
	statements atomic.Int64
	people     atomic.Int64                 // see PeopleEpoch
	readings   [readingStripes]atomic.Int64 // see ReadingEpoch

	mu       sync.Mutex
	closed   bool           // guarded by mu
	underway sync.WaitGroup // reads and writes; none is added once closed
}

// engine is what SQLite and PostgreSQL do differently.
type engine interface {
	dialect() *dialect
	read(context.Context, work) error
	glance(context.Context, work) error
	write(context.Context, work) error
	ping(context.Context) error
	backup(ctx context.Context, path string) error
	close() error
	sole() bool // no other process can change the database
}

// work is done inside a transaction that an engine has begun on a connection.
// It reports whether there may be something to undo.
type work func(context.Context, connection) (changed bool, err error)

// connection is a connection with a transaction begun.
type connection interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens the database and brings it to this program's schema. It refuses a
// database whose settings could lose an acknowledged write, one that a newer
// program has migrated, and a data directory another process holds.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	return open(ctx, cfg, shipped())
}

func open(ctx context.Context, cfg Config, migrations fs.FS) (*Store, error) {
	s := &Store{now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if cfg.DatabaseURL != "" {
		s.engine, err = openPostgres(ctx, cfg.DatabaseURL, migrations)
	} else {
		s.engine, err = openSQLite(ctx, cfg.Dir, migrations)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Read runs fn on one consistent snapshot that cannot be written to. What
// others commit meanwhile stays unseen until the next Read.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.underway.Done()
	return s.fault(s.engine.read(ctx, s.work(ctx, fn)))
}

// Glance is Read for a single SELECT: one statement is a snapshot by itself, so
// no transaction is opened around it. A second statement, or one that is not a
// SELECT, is refused. It is for what every page asks, by key; on SQLite the
// statement runs to its end even when ctx ends before.
func (s *Store) Glance(ctx context.Context, fn func(*Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.underway.Done()
	return s.fault(s.engine.glance(ctx, s.work(ctx, func(tx *Tx) error {
		tx.glance = true
		return fn(tx)
	})))
}

// Write runs fn in a transaction of its own, as if nobody else were writing.
// When Write returns nil the changes are on disk; when fn returns an error,
// nothing of it remains. fn may run more than once, so it has no effects
// outside the transaction; a call to Write inside fn never returns.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.underway.Done()
	who, reader := false, ""
	err := s.engine.write(ctx, s.work(ctx, func(tx *Tx) error {
		err := fn(tx)
		who, reader = who || tx.who, tx.reader
		return err
	}))
	if who {
		s.people.Add(1)
	}
	if reader != "" {
		s.readingsOf(reader).Add(1)
	}
	return s.fault(err)
}

// PeopleEpoch changes whenever somebody's data, roles or logins may have
// changed, before the change is acknowledged. What was read about a person at an
// epoch holds as long as the epoch does. sole is false where other processes can
// write to the same database: then nothing may be concluded from it.
func (s *Store) PeopleEpoch() (epoch int64, sole bool) {
	return s.people.Load(), s.engine.sole()
}

// readingStripes is how many people's readings change apart from each other.
const readingStripes = 1024

// ReadingEpoch is PeopleEpoch for what one person has read: it changes at least
// whenever that person reads something new.
func (s *Store) ReadingEpoch(personID string) (epoch int64, sole bool) {
	return s.readingsOf(personID).Load(), s.engine.sole()
}

func (s *Store) readingsOf(personID string) *atomic.Int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(personID)) // a hash never fails to write
	return &s.readings[h.Sum32()%readingStripes]
}

func (s *Store) work(ctx context.Context, fn func(*Tx) error) work {
	counter, _ := ctx.Value(counterKey{}).(*int64)
	return func(ctx context.Context, on connection) (bool, error) {
		tx := &Tx{Now: s.now().UTC().Truncate(time.Millisecond), ctx: ctx, on: on, store: s, counter: counter}
		err := attempt(fn, tx)
		if err == nil {
			err = tx.failed
		}
		return tx.changed, err
	}
}

// attempt runs fn and returns a panic as an error, so that one broken request
// cannot take along the others in its batch.
func attempt(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.Wrap(fault.Internal, "error.internal", fmt.Errorf("panic in a transaction: %v\n%s", r, debug.Stack()))
		}
	}()
	return fn(tx)
}

func (s *Store) fault(err error) error { return s.engine.dialect().fault(err) }

// Ping reports whether the database can be read and written now.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.underway.Done()
	return s.fault(s.engine.ping(ctx))
}

// Backup writes a consistent copy of the database to a new file at path while
// work goes on. PostgreSQL has its own tools for that: the error names them.
func (s *Store) Backup(ctx context.Context, path string) error { return s.engine.backup(ctx, path) }

// Close lets the reads and writes under way finish, refuses new ones and closes
// the database. A second Close does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	before := s.closed
	s.closed = true
	s.mu.Unlock()
	if before {
		return nil
	}
	s.underway.Wait()
	return s.engine.close()
}

// enter counts a caller as under way, unless the store is closed.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return unavailable(errors.New("the store is closed"))
	}
	s.underway.Add(1)
	return nil
}

// Engine returns "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.dialect().name }

// Sole reports whether no other process can change the database.
func (s *Store) Sole() bool { return s.engine.sole() }

// Statements returns how many SQL statements Read and Write have run since Open.
func (s *Store) Statements() int64 { return s.statements.Load() }

type counterKey struct{}

// CountStatements returns a context under which every statement of every Read
// and Write is also added to the counter. Load it atomically while they run.
func CountStatements(ctx context.Context) (context.Context, *int64) {
	counter := new(int64)
	return context.WithValue(ctx, counterKey{}, counter), counter
}
