package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-sqlite3"

	"qibu/internal/fault"
)

// batchOf opens a SQLite store and returns it with a function that lets the
// writer run closures as one batch: it holds the writer with a closure of its
// own until the others are in the queue. The errors come in their order.
func batchOf(t *testing.T) (*Store, func(fns ...func(*Tx) error) []error) {
	t.Helper()
	s, err := open(t.Context(), Config{Dir: t.TempDir()}, fstest.MapFS{"0001_test.sql": {Data: []byte(`-- +goose Up
		CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);
		CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, counter TEXT REFERENCES counters (name));`)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	queue := s.engine.(*sqlite).writer.queue
	return s, func(fns ...func(*Tx) error) []error {
		t.Helper()
		held, release := make(chan struct{}), make(chan struct{})
		var hold sync.Once
		var all sync.WaitGroup
		all.Go(func() {
			// Its own outcome is that of the batch, which fns tell better.
			_ = s.Write(t.Context(), func(*Tx) error {
				hold.Do(func() { close(held); <-release })
				return nil
			})
		})
		<-held
		errs := make([]error, len(fns))
		for i, fn := range fns {
			all.Go(func() { errs[i] = s.Write(t.Context(), fn) })
			for len(queue) <= i {
				time.Sleep(10 * time.Microsecond)
			}
		}
		close(release)
		all.Wait()
		return errs
	}
}

func add(name string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO counters (name, n) VALUES ($1, 1)`, name)
		return err
	}
}

// counters lists what is in the database.
func counters(t *testing.T, s *Store) (names []string) {
	t.Helper()
	if err := s.Read(t.Context(), func(tx *Tx) (err error) {
		names, err = collect(tx, func(row scanner) (name string, err error) { return name, row.Scan(&name) },
			`SELECT name FROM counters ORDER BY name`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

// runs counts how often a closure is run.
func runs(n *int, fn func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		*n++
		return fn(tx)
	}
}

func failing(fn func(*Tx) error, with error) func(*Tx) error {
	return func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return with
	}
}

func TestBatchIsRunAgainWhenWorkHasToBeUndone(t *testing.T) {
	s, batch := batchOf(t)
	failure := errors.New("not this one")
	var a, b, c int
	errs := batch(runs(&a, add("a")), runs(&b, failing(add("b"), failure)), runs(&c, add("c")))
	if errs[0] != nil || !errors.Is(errs[1], failure) || errs[2] != nil {
		t.Errorf("outcomes: %v", errs)
	}
	if diff := cmp.Diff([]string{"a", "c"}, counters(t, s)); diff != "" {
		t.Error(diff)
	}
	if a != 2 || b != 2 || c != 1 {
		t.Errorf("ran %d, %d, %d times; those before the failure and the failing one run again", a, b, c)
	}
}

func TestWorkThatChangedNothingIsNotRunAgain(t *testing.T) {
	s, batch := batchOf(t)
	if err := s.Write(t.Context(), add("a")); err != nil {
		t.Fatal(err)
	}
	for name, fails := range map[string]func(*Tx) error{
		"unique": add("a"),
		"absent": func(tx *Tx) error { return tx.row(`SELECT n FROM counters WHERE name = $1`, "x").Scan(new(int)) },
		"moved on": func(tx *Tx) error {
			n, err := tx.exec(`UPDATE counters SET n = 9 WHERE name = $1 AND n = 8`, "a")
			if err == nil && n == 0 {
				err = fault.New(fault.Conflict, "error.conflict")
			}
			return err
		},
	} {
		var before, failed int
		errs := batch(runs(&before, add("before "+name)), runs(&failed, fails))
		if errs[0] != nil || errs[1] == nil || before != 1 || failed != 1 {
			t.Errorf("%s: ran %d and %d times, %v", name, before, failed, errs)
		}
	}
}

func TestReturningCountsAsAChange(t *testing.T) {
	const insert = `INSERT INTO counters (name, n) VALUES ('a', 1) RETURNING n`
	for name, change := range map[string]func(*Tx) error{
		"row": func(tx *Tx) error { return tx.row(insert).Scan(new(int)) },
		"collect": func(tx *Tx) error {
			_, err := collect(tx, func(row scanner) (n int, err error) { return n, row.Scan(&n) }, insert)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, batch := batchOf(t)
			failure := errors.New("not this one")
			errs := batch(failing(change, failure), add("c"))
			if !errors.Is(errs[0], failure) || errs[1] != nil {
				t.Errorf("outcomes: %v", errs)
			}
			if diff := cmp.Diff([]string{"c"}, counters(t, s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLostTransactionIsNobodysSuccess loses the whole transaction in three
// ways; nobody in the batch may be told that all is well.
func TestLostTransactionIsNobodysSuccess(t *testing.T) {
	for name, lose := range map[string]func(*Tx) error{
		"disk full": func(tx *Tx) error {
			var pages int
			if err := tx.row(`PRAGMA page_count`).Scan(&pages); err != nil {
				return err
			}
			if err := tx.row(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+1)).Scan(&pages); err != nil {
				return err
			}
			for i := range 1000 {
				if err := add(fmt.Sprint(name100, i))(tx); err != nil {
					return err
				}
			}
			return nil
		},
		"rolled back": func(tx *Tx) error {
			if _, err := tx.on.ExecContext(tx.ctx, `ROLLBACK`); err != nil {
				return err
			}
			return errors.New("a trigger did this")
		},
		"commit refused": func(tx *Tx) error {
			if _, err := tx.on.ExecContext(tx.ctx, `PRAGMA defer_foreign_keys = ON`); err != nil {
				return err
			}
			_, err := tx.exec(`INSERT INTO notes (id, counter) VALUES ('x', 'nobody')`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, batch := batchOf(t)
			for i, err := range batch(add("a"), lose, add("b")) {
				if i < 2 && fault.KindOf(err) != fault.Unavailable {
					t.Errorf("closure %d: %v", i, err)
				}
			}
			if err := s.Write(t.Context(), func(tx *Tx) error {
				return tx.row(`PRAGMA max_page_count = 1000000`).Scan(new(int))
			}); err != nil {
				t.Errorf("make room: %v", err)
			}
			if err := s.Write(t.Context(), add("z")); err != nil {
				t.Errorf("afterwards: %v", err)
			}
			got := counters(t, s)
			if len(got) == 0 || got[len(got)-1] != "z" || got[0] == "a" {
				t.Errorf("there is %v", got)
			}
		})
	}
}

const name100 = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

// TestDiskFailureStopsWriting: after an I/O error nobody knows what the system
// still holds of the file, so the store reads on but does not write.
func TestDiskFailureStopsWriting(t *testing.T) {
	s, batch := batchOf(t)
	errs := batch(func(tx *Tx) error {
		if _, err := tx.on.ExecContext(tx.ctx, `ROLLBACK`); err != nil {
			return err
		}
		return sqlite3.Error{Code: sqlite3.ErrIoErr}
	})
	errs = append(errs, s.Write(t.Context(), add("a")), s.Ping(t.Context()))
	for i, err := range errs {
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%d: %v", i, err)
		}
	}
	if got := counters(t, s); len(got) > 0 {
		t.Errorf("there is %v", got)
	}
}

func TestBatchesAreBounded(t *testing.T) {
	s, batch := batchOf(t)
	w := s.engine.(*sqlite).writer
	largest := 0
	var fns []func(*Tx) error
	for range 3 * maxBatch {
		fns = append(fns, func(*Tx) error {
			largest = max(largest, len(w.batch))
			return nil
		})
	}
	for _, err := range batch(fns...) {
		if err != nil {
			t.Error(err)
		}
	}
	if largest != maxBatch {
		t.Errorf("the largest batch had %d", largest)
	}
}

func TestCallerMayGiveUpInTheQueue(t *testing.T) {
	s, batch := batchOf(t)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	ran := false
	errs := batch(func(tx *Tx) error {
		go func() {
			gone <- s.Write(ctx, func(*Tx) error { ran = true; return nil })
		}()
		for len(s.engine.(*sqlite).writer.queue) == 0 {
			time.Sleep(10 * time.Microsecond)
		}
		cancel()
		return nil
	})
	if err := <-gone; !errors.Is(err, context.Canceled) || ran || errs[0] != nil {
		t.Errorf("ran %v, %v, the other %v", ran, err, errs[0])
	}
}

// TestWriteUnderWayIsNotInterrupted: interrupting a statement would roll back
// the work of everybody in the batch.
func TestWriteUnderWayIsNotInterrupted(t *testing.T) {
	s, batch := batchOf(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	var follow sync.Once
	errs := batch(func(tx *Tx) error {
		follow.Do(func() {
			go func() {
				done <- s.Write(ctx, func(tx *Tx) error {
					cancel()
					return errors.Join(add("b")(tx), tx.row(`SELECT COUNT(*) FROM counters`).Scan(new(int)))
				})
			}()
			for len(s.engine.(*sqlite).writer.queue) == 0 {
				time.Sleep(10 * time.Microsecond)
			}
		})
		return add("a")(tx)
	})
	if err := <-done; err != nil || errs[0] != nil {
		t.Errorf("%v, the other %v", err, errs[0])
	}
	if diff := cmp.Diff([]string{"a", "b"}, counters(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestWriterForgetsStatements(t *testing.T) {
	s, _ := batchOf(t)
	conn := s.engine.(*sqlite).writer.conn
	if err := s.Write(t.Context(), func(tx *Tx) error {
		for i := range 3 * statementCache {
			if _, err := tx.exec(fmt.Sprintf(`INSERT INTO counters (name, n) VALUES ($1, %d)`, i), fmt.Sprint(i)); err != nil {
				return err
			}
			if len(conn.prepared) > statementCache {
				t.Errorf("%d statements are open", len(conn.prepared))
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got := counters(t, s); len(got) != 3*statementCache {
		t.Errorf("%d rows", len(got))
	}
}
