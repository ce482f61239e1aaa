package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"qibu/internal/fault"
)

// Tx is one transaction. Its methods are the queries of the product; they lie
// in one file per area. It is for one goroutine and ends with the closure.
//
// A statement that fails spoils the transaction, on both engines alike (it is
// PostgreSQL's rule): every later statement returns the same error, and so
// does Write, even if the closure swallows it. Finding no row is no failure.
type Tx struct {
	Now time.Time // the one timestamp of the transaction, UTC, whole milliseconds

	// ctx lives as long as the Tx, which is one call; as a parameter of every
	// query it could only ever be a wrong one. In a write on SQLite it is never
	// cancelled: interrupting a statement there rolls back the whole batch, and
	// with it the work of others.
	ctx     context.Context
	on      connection
	store   *Store
	counter *int64 // statements of the request; nil when nobody counts
	failed  error  // the first statement's error
	changed bool   // some statement may have changed something
	glance  bool   // only one SELECT is allowed: see Store.Glance
	asked   bool   // a statement has been run
	reader  string // whose readings may have changed: see Store.ReadingEpoch
	who     bool   // somebody may not be who they were: see Store.PeopleEpoch
}

// do is the funnel every statement passes: it refuses a spoiled transaction,
// spells the query for the engine, counts it and says what went wrong.
func (tx *Tx) do(query string, args []any, run func(spelling) error) error {
	if tx.failed != nil {
		return tx.failed
	}
	spelled, err := tx.store.engine.dialect().spell(query, len(args))
	if err == nil && tx.glance && (tx.asked || !spelled.reads) {
		err = errors.New("a glance is one SELECT")
	}
	if err == nil {
		tx.asked = true
		tx.count()
		err = run(spelled)
	}
	if err != nil {
		tx.failed = fmt.Errorf("%s: %w", strings.Join(strings.Fields(query), " "), tx.store.fault(err))
	}
	return tx.failed
}

func (tx *Tx) count() {
	tx.store.statements.Add(1)
	if tx.counter != nil {
		atomic.AddInt64(tx.counter, 1)
	}
}

// exec runs a statement and returns how many rows it changed.
func (tx *Tx) exec(query string, args ...any) (rows int64, err error) {
	err = tx.do(query, args, func(q spelling) error {
		res, err := tx.on.ExecContext(tx.ctx, q.text, args...)
		if err != nil {
			return err
		}
		rows, err = res.RowsAffected()
		tx.changed = tx.changed || rows > 0
		tx.who = tx.who || q.who
		return err
	})
	return rows, err
}

// scanner is one row of a result.
type scanner interface {
	Scan(dest ...any) error
}

// scanFunc makes a scanner of a function.
type scanFunc func(dest ...any) error

func (f scanFunc) Scan(dest ...any) error { return f(dest...) }

// row is a query for one row; Scan runs it.
func (tx *Tx) row(query string, args ...any) scanner {
	return scanFunc(func(dest ...any) error {
		none := false
		err := tx.do(query, args, func(q spelling) error {
			tx.changed = tx.changed || !q.reads
			err := tx.on.QueryRowContext(tx.ctx, q.text, args...).Scan(dest...)
			none = errors.Is(err, sql.ErrNoRows)
			if none {
				return nil
			}
			return err
		})
		if none {
			return errNotFound()
		}
		return err
	})
}

// collect runs a query and returns its rows, each read by scan.
func collect[T any](tx *Tx, scan func(scanner) (T, error), query string, args ...any) (list []T, err error) {
	err = tx.do(query, args, func(q spelling) error {
		tx.changed = tx.changed || !q.reads
		rows, err := tx.on.QueryContext(tx.ctx, q.text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			one, err := scan(rows)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func errNotFound() error { return fault.New(fault.NotFound, "error.not_found") }

func isNotFound(err error) bool { return errors.Is(err, fault.NotFound) }

// ms is how a time is stored.
func ms(t time.Time) int64 { return t.UnixMilli() }

// fromMS reads a stored time.
func fromMS(n int64) time.Time { return time.UnixMilli(n).UTC() }

// nullMS is how a time that may be missing is stored: the zero time as NULL.
func nullMS(t time.Time) sql.NullInt64 { return sql.NullInt64{Int64: ms(t), Valid: !t.IsZero()} }

// fromNullMS reads a stored time that may be missing: NULL as the zero time.
func fromNullMS(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return fromMS(n.Int64)
}
