package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/mattn/go-sqlite3"
)

const (
	maxBatch = 128  // closures in one commit
	maxQueue = 1024 // closures waiting; further callers wait to get into the queue
)

// writer owns SQLite's only writing connection. It commits in groups, because
// what a commit costs is waiting for the disk, and one wait can serve many:
// who queues while a transaction runs or the disk is written rides in this
// batch or the next, and is answered when the commit is on disk.
//
// A batch runs without savepoints at first: they cost as much as a small
// closure. When a closure fails that has changed something, the batch is rolled
// back and run again with a savepoint around each, so that the failure undoes
// only its own work.
type writer struct {
	conn   *writeConn
	batch  []*job // of the transaction under way
	broken error  // the disk failed: nothing more is written until a restart has checked the file

	queue   chan *job     // closed when nobody will write any more
	stopped chan struct{} // closed when serve has ended
}

// job is one caller's closure.
type job struct {
	ctx  context.Context // the caller's
	work work
	err  error      // what work returned
	done chan error // takes the one answer
}

var jobs = sync.Pool{New: func() any { return &job{done: make(chan error, 1)} }}

func startWriter(conn *sql.Conn) *writer {
	w := &writer{
		conn:    &writeConn{Conn: conn, prepared: map[string]driver.StmtExecContext{}},
		queue:   make(chan *job, maxQueue),
		stopped: make(chan struct{}),
	}
	go w.serve()
	return w
}

// write queues work and waits for its outcome. ctx can prevent the work, but
// neither interrupt nor abandon it: the outcome of a change is always told.
func (w *writer) write(ctx context.Context, work work) error {
	j := jobs.Get().(*job)
	defer jobs.Put(j)
	j.ctx, j.work = ctx, work
	select {
	case w.queue <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close waits until the queue is empty and closes the connection. Nobody may
// be writing or write later.
func (w *writer) close() error {
	close(w.queue)
	<-w.stopped
	return w.conn.Close()
}

// serve commits batch after batch until the queue is closed and empty.
func (w *writer) serve() {
	stopping := false
	defer func() {
		if !stopping { // a closure has ended this goroutine; testing's FailNow does that
			w.answer(w.lose(errors.New("a closure ended its goroutine")))
			go w.serve()
		}
	}()
	for first := range w.queue {
		w.batch = append(w.batch[:0], first)
		err := w.transact(false)
		if errors.Is(err, errRunAgain) {
			err = w.transact(true)
		}
		w.answer(err)
	}
	stopping = true
	close(w.stopped)
}

// answer tells everybody in the batch how it ended: with err, or else their own error.
func (w *writer) answer(err error) {
	for i, j := range w.batch {
		if err != nil {
			j.err = err
		}
		w.batch[i] = nil
		j.done <- j.err
	}
}

// errRunAgain asks for the batch to be run again, with savepoints.
var errRunAgain = errors.New("run again with savepoints")

// transact runs the batch, which grows meanwhile, in one transaction. On an
// error the transaction is rolled back and nothing of the batch has happened.
func (w *writer) transact(savepoints bool) error {
	if w.broken != nil {
		return unavailable(w.broken)
	}
	if err := w.conn.do("BEGIN IMMEDIATE"); err != nil {
		return unavailable(err)
	}
	for i := 0; i < len(w.batch); i++ {
		if err := w.run(w.batch[i], savepoints); err != nil {
			return w.lose(err)
		}
		if i == len(w.batch)-1 {
			w.grow()
		}
	}
	if err := w.conn.do("COMMIT"); err != nil {
		return w.lose(err)
	}
	return nil
}

// grow takes one more job into the batch if there is one. Whom the last commit
// has woken may be about to queue again, so it gives way to them twice.
func (w *writer) grow() {
	if len(w.batch) == maxBatch {
		return
	}
	for range 3 {
		select {
		case j, open := <-w.queue:
			if open {
				w.batch = append(w.batch, j)
			}
			return
		default:
			runtime.Gosched()
		}
	}
}

// run does one job. Its error means that the transaction cannot go on; the
// job's own error does not.
func (w *writer) run(j *job, savepoint bool) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil //nolint:nilerr // see above
	}
	if savepoint {
		if err := w.conn.do("SAVEPOINT one"); err != nil {
			return err
		}
	}
	var changed bool
	changed, j.err = j.work(context.WithoutCancel(j.ctx), w.conn)
	switch {
	case j.err != nil && w.conn.idle(): // some errors, a full disk among them, end the whole transaction
		return j.err
	case j.err != nil && savepoint:
		return errors.Join(w.conn.do("ROLLBACK TO one"), w.conn.do("RELEASE one"))
	case j.err != nil && changed:
		return errRunAgain
	case savepoint:
		return w.conn.do("RELEASE one")
	}
	return nil
}

// lose ends a transaction that cannot be committed and says so.
func (w *writer) lose(cause error) error {
	if !w.conn.idle() {
		if err := w.conn.do("ROLLBACK"); err != nil {
			w.broken = err
		}
	}
	if diskFailed(cause) {
		w.broken = cause
	}
	return unavailable(fmt.Errorf("transaction lost: %w", cause))
}

// writeConn is the writing connection. What changes data runs on the driver's
// own prepared statements: database/sql adds half as much again to a small one.
type writeConn struct {
	*sql.Conn
	prepared map[string]driver.StmtExecContext
}

// ExecContext is sql.Conn's, but faster.
func (c *writeConn) ExecContext(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	values := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	err = c.Raw(func(raw any) error {
		stmt, err := c.prepare(raw.(*sqlite3.SQLiteConn), query)
		if err != nil {
			return err
		}
		result, err = stmt.ExecContext(ctx, values)
		return err
	})
	return result, err
}

// prepare keeps up to statementCache statements, and then begins anew.
func (c *writeConn) prepare(conn *sqlite3.SQLiteConn, query string) (driver.StmtExecContext, error) {
	if stmt, ok := c.prepared[query]; ok {
		return stmt, nil
	}
	if len(c.prepared) == statementCache {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	stmt, err := conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = stmt.(driver.StmtExecContext)
	return c.prepared[query], nil
}

// forget closes the prepared statements. An open one would keep SQLite from
// closing the connection.
func (c *writeConn) forget() error {
	var errs []error
	for _, stmt := range c.prepared {
		errs = append(errs, stmt.(driver.Stmt).Close())
	}
	clear(c.prepared)
	return errors.Join(errs...)
}

// do runs a statement that controls the transaction.
func (c *writeConn) do(query string) error {
	_, err := c.ExecContext(context.Background(), query)
	return err
}

// idle reports whether no transaction is open.
func (c *writeConn) idle() (idle bool) {
	_ = c.Raw(func(raw any) error { // cannot fail: only close ends the connection
		idle = raw.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return idle
}

// Close closes the connection.
func (c *writeConn) Close() error { return errors.Join(c.forget(), c.Conn.Close()) }
