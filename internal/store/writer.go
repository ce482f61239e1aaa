package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"
)

const (
	maxBatch = 128  // closures in one commit
	maxQueue = 4096 // callers waiting for their turn; one more is sent away
)

// writer is SQLite's only writing connection. It commits in groups, for what a
// commit costs is waiting for the disk, and one wait can serve many.
//
// Callers take turns in the order they came. The first to find no transaction
// begins one, runs its closure and queues again; those already waiting run
// theirs in the same transaction; when the first has its second turn it commits
// for all. A closure has a savepoint to itself, so its failure undoes only its
// own work, and nobody is answered before the outcome of the commit is known.
type writer struct {
	conn   *sql.Conn
	turn   chan struct{} // sending takes the turn, receiving passes it on
	queued atomic.Int64

	// Guarded by turn.
	open   *batch // nil between transactions
	closed bool
	broken error // the disk failed; nothing is written until a restart has checked the file

	begin, commit, rollback, savepoint, release, undo *sql.Stmt
}

// batch is one transaction and those who wait for it.
type batch struct {
	size int
	done chan struct{} // closed when err is final
	err  error
}

func newWriter(ctx context.Context, conn *sql.Conn) (*writer, error) {
	w := &writer{conn: conn, turn: make(chan struct{}, 1)}
	for _, s := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.savepoint, "SAVEPOINT one"},
		{&w.release, "RELEASE one"},
		{&w.undo, "ROLLBACK TO one"},
	} {
		var err error
		if *s.stmt, err = conn.PrepareContext(ctx, s.text); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", s.text, err)
		}
	}
	return w, nil
}

// write runs work in a savepoint of the open batch and waits for its commit. ctx
// can end the waiting for a turn, nothing later.
func (w *writer) write(ctx context.Context, work work) (err error) {
	if err := w.take(ctx); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	b, leads, err := w.join(ctx)
	if err != nil {
		w.pass()
		return err
	}
	// Deferred, because work may end the goroutine (testing's FailNow does).
	defer func() {
		if lost := w.settle(ctx, b, leads); lost != nil {
			err = lost
		}
	}()
	return w.run(ctx, b, work)
}

// take waits for the turn. It fails without it.
func (w *writer) take(ctx context.Context) error {
	defer w.queued.Add(-1)
	if w.queued.Add(1) > maxQueue {
		return unavailable(errors.New("too many writes are waiting"))
	}
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := ctx.Err()
	if w.closed {
		err = unavailable(errors.New("the store is closed"))
	}
	if w.broken != nil {
		err = unavailable(w.broken)
	}
	if err != nil {
		w.pass()
	}
	return err
}

func (w *writer) pass() { <-w.turn }

// join enters the open batch, or begins one and leads it.
func (w *writer) join(ctx context.Context) (b *batch, leads bool, err error) {
	if leads = w.open == nil; leads {
		if err := w.do(ctx, w.begin); err != nil {
			return nil, false, err
		}
		w.open = &batch{done: make(chan struct{})}
	}
	w.open.size++
	return w.open, leads, nil
}

// run does the work inside a savepoint, which it leaves behind only on success.
func (w *writer) run(ctx context.Context, b *batch, work work) (err error) {
	if err := w.do(ctx, w.savepoint); err != nil {
		w.lose(ctx, b, err)
		return err
	}
	kept := false
	defer func() {
		if !kept {
			w.takeBack(ctx, b, err)
		}
	}()
	if err := work(ctx, w.conn); err != nil {
		return err
	}
	if err := w.do(ctx, w.release); err != nil {
		return err
	}
	kept = true
	return nil
}

// takeBack undoes the work of one closure. Some errors, a full disk among
// them, end the whole transaction: then everybody in the batch has lost.
func (w *writer) takeBack(ctx context.Context, b *batch, cause error) {
	if w.idle() {
		w.lose(ctx, b, cause)
		return
	}
	if err := errors.Join(w.do(ctx, w.undo), w.do(ctx, w.release)); err != nil {
		w.lose(ctx, b, errors.Join(cause, err))
	}
}

// settle passes the turn on, commits when it is time and returns the batch's outcome.
func (w *writer) settle(ctx context.Context, b *batch, leads bool) error {
	if b.size == maxBatch {
		w.finish(ctx, b)
	}
	w.pass()
	if leads {
		runtime.Gosched() // whom the last commit has woken shall get into the queue first
		w.turn <- struct{}{}
		w.finish(ctx, b)
		w.pass()
	}
	<-b.done
	return b.err
}

// finish commits the batch unless it has ended already.
func (w *writer) finish(ctx context.Context, b *batch) {
	if w.open != b {
		return
	}
	if err := w.do(ctx, w.commit); err != nil {
		w.lose(ctx, b, err)
		return
	}
	w.open = nil
	close(b.done)
}

// lose ends a batch that cannot be committed any more.
func (w *writer) lose(ctx context.Context, b *batch, cause error) {
	if !w.idle() {
		if err := w.do(ctx, w.rollback); err != nil {
			w.broken = err
		}
	}
	if diskFailed(cause) {
		w.broken = cause
	}
	b.err = unavailable(fmt.Errorf("transaction lost: %w", cause))
	w.open = nil
	close(b.done)
}

// idle reports whether no transaction is open on the connection.
func (w *writer) idle() (idle bool) {
	_ = w.conn.Raw(func(c any) error { // fails on a closed connection: not idle, and the rollback will tell
		idle = c.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return idle
}

func (w *writer) do(ctx context.Context, stmt *sql.Stmt) error {
	_, err := stmt.ExecContext(ctx)
	return err
}

// ping waits for a turn, which proves that the writer works.
func (w *writer) ping(ctx context.Context) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	w.pass()
	return nil
}

// close commits the open batch, refuses those who queue behind and closes the connection.
func (w *writer) close() error {
	w.turn <- struct{}{}
	defer w.pass()
	if w.closed {
		return nil
	}
	if w.open != nil {
		w.finish(context.Background(), w.open)
	}
	w.closed = true
	return w.conn.Close()
}
