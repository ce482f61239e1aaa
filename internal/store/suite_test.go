package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

// schema is a small timeline for the tests of the store itself.
var schema = fstest.MapFS{"0001_test.sql": {Data: []byte(`-- +goose Up
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL CHECK (n >= 0));
CREATE TABLE notes (
    id      TEXT NOT NULL PRIMARY KEY,
    counter TEXT REFERENCES counters (name),
    at      BIGINT,
    done    BOOLEAN NOT NULL,
    share   DOUBLE PRECISION NOT NULL
);
`)}}

// onEngines runs a test on an empty database of each engine.
func onEngines(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for name, fresh := range storetest.Databases(t) {
		t.Run(name, func(t *testing.T) { test(t, openStore(t, fresh(t))) })
	}
}

func openStore(t testing.TB, cfg store.Config) *store.Store {
	t.Helper()
	s, err := store.OpenWith(t.Context(), cfg, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(name string, n int) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := tx.Exec(upsert, name, n)
		return err
	}
}

func write(t testing.TB, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func count(tx *store.Tx) (n int, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM counters`).Scan(&n)
	return n, err
}

// names lists the counters there are.
func names(t testing.TB, s *store.Store) (list []string) {
	t.Helper()
	if err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
		list, err = store.Collect(tx, func(row store.Scanner) (name string, err error) {
			return name, row.Scan(&name)
		}, `SELECT name FROM counters ORDER BY name`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestNoUpdateIsLost(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		write(t, s, put("a", 0))
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 40 {
					if err := s.Write(t.Context(), increment("a")); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var n int
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT n FROM counters WHERE name = $1`, "a").Scan(&n)
		}); err != nil || n != 320 {
			t.Errorf("8 × 40 increments make %d, %v", n, err)
		}
	})
}

func increment(name string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		var n int
		if err := tx.Row(`SELECT n FROM counters WHERE name = $1`, name).Scan(&n); err != nil {
			return err
		}
		runtime.Gosched()
		_, err := tx.Exec(`UPDATE counters SET n = $1 WHERE name = $2`, n+1, name)
		return err
	}
}

func TestFailureUndoesOnlyItsOwnWork(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		failure := errors.New("third time unlucky")
		var want []string
		var all sync.WaitGroup
		for i := range 60 {
			fails := i%3 == 2
			name := fmt.Sprintf("%02d", i)
			if !fails {
				want = append(want, name)
			}
			all.Go(func() {
				err := s.Write(t.Context(), func(tx *store.Tx) error {
					if err := put(name, i)(tx); err != nil {
						return err
					}
					if fails {
						return failure
					}
					return nil
				})
				if errors.Is(err, failure) != fails || !fails && err != nil {
					t.Errorf("write %s: %v", name, err)
				}
			})
		}
		all.Wait()
		if diff := cmp.Diff(want, names(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestConstraintsAreConflicts(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		write(t, s, put("a", 1))
		for _, test := range []struct {
			kind  store.Constraint
			query string
		}{
			{store.ErrUnique, `INSERT INTO counters (name, n) VALUES ('a', 2)`},
			{store.ErrForeignKey, `INSERT INTO notes (id, counter, done, share) VALUES ('x', 'nobody', TRUE, 0)`},
			{store.ErrCheck, `INSERT INTO counters (name, n) VALUES ('b', -1)`},
		} {
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(test.query)
				return err
			})
			if !errors.Is(err, test.kind) || !errors.Is(err, fault.Conflict) {
				t.Errorf("%s: got %v", test.kind, err)
			}
		}
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO counters (name) VALUES ('c')`)
			return err
		})
		if fault.KindOf(err) != fault.Internal || err == nil {
			t.Errorf("a missing value is our mistake, not a conflict: %v", err)
		}
	})
}

func TestStatementFailureSpoilsTheTransaction(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		write(t, s, put("a", 1))
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if err := put("b", 2)(tx); err != nil {
				return err
			}
			_, first := tx.Exec(`INSERT INTO counters (name, n) VALUES ('a', 3)`)
			if _, later := count(tx); first == nil || !errors.Is(later, store.ErrUnique) {
				t.Errorf("first %v, later %v", first, later)
			}
			return nil // as if nothing had happened
		})
		if !errors.Is(err, store.ErrUnique) {
			t.Errorf("write: %v", err)
		}
		if got := names(t, s); !slices.Equal(got, []string{"a"}) {
			t.Errorf("left behind: %v", got)
		}
	})
}

func TestNoRowIsNotFoundAndSpoilsNothing(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			var n int
			if err := tx.Row(`SELECT n FROM counters WHERE name = $1`, "a").Scan(&n); !errors.Is(err, fault.NotFound) {
				t.Errorf("no row: %v", err)
			}
			return put("a", 1)(tx)
		})
		if got := names(t, s); !slices.Equal(got, []string{"a"}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestArgumentsBindByNumber(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO counters (n, name) VALUES ($2, $1)`, "a", 7)
			return err
		})
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			var name string
			var n int
			err := tx.Row(`SELECT name, n FROM counters WHERE n = $2 AND name = $1 AND ($1 = name OR $2 = n)`, "a", 7).Scan(&name, &n)
			if name != "a" || n != 7 {
				t.Errorf("got %s %d", name, n)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
		for _, args := range [][]any{{}, {"a", 1}} {
			if err := s.Read(t.Context(), func(tx *store.Tx) error {
				var n int
				return tx.Row(`SELECT n FROM counters WHERE name = $1`, args...).Scan(&n)
			}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("takes 1 arguments, got %d", len(args))) {
				t.Errorf("%d arguments for one: %v", len(args), err)
			}
		}
	})
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	type label string
	at := time.Date(2026, 3, 1, 23, 59, 59, 123e6, time.FixedZone("", 8*3600))
	onEngines(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			if _, err := tx.Exec(`INSERT INTO counters (name, n) VALUES ($1, $2)`, label("环车检查"), int64(1)<<62); err != nil {
				return err
			}
			for _, note := range []struct {
				id      string
				counter any
				at      time.Time
			}{{"1", label("环车检查"), at}, {"2", nil, time.Time{}}} {
				if _, err := tx.Exec(`INSERT INTO notes (id, counter, at, done, share) VALUES ($1, $2, $3, $4, $5)`,
					note.id, note.counter, store.NullMS(note.at), note.id == "1", 1.0/3); err != nil {
					return err
				}
			}
			return nil
		})
		type row struct {
			Counter sql.NullString
			N       sql.NullInt64
			At      time.Time
			Done    bool
			Share   float64
			NoTime  bool
		}
		var got []row
		if err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
			got, err = store.Collect(tx, func(r store.Scanner) (v row, err error) {
				var at sql.NullInt64
				err = r.Scan(&v.Counter, &v.N, &at, &v.Done, &v.Share, &v.NoTime)
				v.At = store.FromNullMS(at)
				return v, err
			}, `SELECT o.counter, c.n, o.at, o.done, o.share, o.at IS NULL AS no_time
				FROM notes o LEFT JOIN counters c ON c.name = o.counter ORDER BY o.id`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		want := []row{
			{sql.NullString{String: "环车检查", Valid: true}, sql.NullInt64{Int64: 1 << 62, Valid: true}, at.UTC(), true, 1.0 / 3, false},
			{Share: 1.0 / 3, NoTime: true},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReaderKeepsItsSnapshotAndPagesOverIt(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		for i := range 25 {
			write(t, s, put(fmt.Sprintf("%02d", i), 1))
		}
		var paged []string
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			for offset := 0; ; offset += 10 {
				page, err := store.Collect(tx, func(row store.Scanner) (name string, err error) {
					return name, row.Scan(&name)
				}, `SELECT name FROM counters ORDER BY n, name LIMIT $1 OFFSET $2`, 10, offset)
				if err != nil || len(page) == 0 {
					return err
				}
				paged = append(paged, page...)
				// Others go on, before and after the place reached.
				write(t, s, put(fmt.Sprintf("%02d-early", offset), 0))
				write(t, s, func(tx *store.Tx) error {
					_, err := tx.Exec(`DELETE FROM counters WHERE name = $1`, fmt.Sprintf("%02d", offset+15))
					return err
				})
			}
		}); err != nil {
			t.Fatal(err)
		}
		var want []string
		for i := range 25 {
			want = append(want, fmt.Sprintf("%02d", i))
		}
		if diff := cmp.Diff(want, paged); diff != "" {
			t.Error(diff)
		}
		if got := names(t, s); slices.Contains(got, "15") || !slices.Contains(got, "20-early") {
			t.Errorf("the writers did not write: %v", got)
		}
	})
}

func TestReadCannotWrite(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		if err := s.Read(t.Context(), put("a", 1)); err == nil {
			t.Error("no error")
		}
		if got := names(t, s); len(got) > 0 {
			t.Errorf("written: %v", got)
		}
	})
}

func TestPanicIsAnErrorOfItsOwn(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		for name, door := range map[string]func(context.Context, func(*store.Tx) error) error{"read": s.Read, "write": s.Write} {
			err := door(t.Context(), func(tx *store.Tx) error {
				if _, err := count(tx); err != nil {
					return err
				}
				if name == "write" {
					if err := put("a", 1)(tx); err != nil {
						return err
					}
				}
				panic("spark plug")
			})
			if fault.KindOf(err) != fault.Internal || !strings.Contains(err.Error(), "spark plug") || !strings.Contains(err.Error(), "suite_test.go") {
				t.Errorf("%s: want the panic and where it was, got %v", name, err)
			}
		}
		write(t, s, put("b", 1))
		if got := names(t, s); !slices.Equal(got, []string{"b"}) {
			t.Errorf("got %v", got)
		}
	})
}

// TestClosureMayEndItsGoroutine matters to tests: t.Fatal inside a closure must
// not leave everybody else waiting.
func TestClosureMayEndItsGoroutine(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		ended := make(chan error, 1)
		go func() {
			defer close(ended)
			ended <- s.Write(t.Context(), func(tx *store.Tx) error {
				if err := put("a", 1)(tx); err != nil {
					t.Error(err)
				}
				runtime.Goexit()
				return nil
			})
		}()
		if err, answered := <-ended; answered && err == nil {
			t.Error("a closure that never returned counts as done")
		}
		write(t, s, put("b", 1))
		if got := names(t, s); !slices.Equal(got, []string{"b"}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestCancelledCallerWritesNothing(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, err := range map[string]error{"write": s.Write(ctx, put("a", 1)), "read": s.Read(ctx, func(tx *store.Tx) error {
			_, err := count(tx)
			return err
		})} {
			if !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Unavailable {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := names(t, s); len(got) > 0 {
			t.Errorf("written: %v", got)
		}
	})
}

func TestSlowQueryEndsWithItsCaller(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := s.Read(ctx, func(tx *store.Tx) error {
			var n int
			return tx.Row(`WITH RECURSIVE all_day (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM all_day WHERE n < 1000000000)
				SELECT COUNT(*) FROM all_day`).Scan(&n)
		})
		if !errors.Is(err, context.DeadlineExceeded) || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("got %v", err)
		}
		if got := names(t, s); len(got) > 0 { // and the connection is of use again
			t.Errorf("got %v", got)
		}
	})
}

func TestOneTimePerTransaction(t *testing.T) {
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			var ticks atomic.Int64
			start := time.Date(2026, 11, 22, 9, 0, 0, 987654321, time.FixedZone("", 8*3600))
			cfg.Now = func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) }
			s := openStore(t, cfg)
			want := time.Date(2026, 11, 22, 1, 0, 1, 987e6, time.UTC)
			write(t, s, func(tx *store.Tx) error {
				if _, err := count(tx); tx.Now != want || err != nil {
					t.Errorf("now %v, want %v, %v", tx.Now, want, err)
				}
				return nil
			})
		})
	}
}

func TestStatementsAreCounted(t *testing.T) {
	onEngines(t, func(t *testing.T, s *store.Store) {
		before := s.Statements()
		ctx, mine := store.CountStatements(t.Context())
		if err := s.Write(ctx, func(tx *store.Tx) error {
			if err := put("a", 1)(tx); err != nil {
				return err
			}
			_, err := count(tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Read(ctx, func(tx *store.Tx) error {
			_, err := store.Collect(tx, func(row store.Scanner) (n int, err error) { return n, row.Scan(&n) }, `SELECT n FROM counters`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		names(t, s) // somebody else's
		if *mine != 3 || s.Statements()-before != 4 {
			t.Errorf("counted %d of the request's 3, %d of 4 in all", *mine, s.Statements()-before)
		}
	})
}

// TestCloseAnswersEverybody closes the store under load: a write is acknowledged
// if and only if it is there afterwards.
func TestCloseAnswersEverybody(t *testing.T) {
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			s, err := store.OpenWith(t.Context(), cfg, schema)
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			acknowledged := []string{}
			loaded := make(chan struct{}) // closed when some writes are acknowledged
			var all sync.WaitGroup
			for g := range 16 {
				all.Go(func() {
					for i := 0; ; i++ {
						name := fmt.Sprintf("%02d-%04d", g, i)
						if err := s.Write(t.Context(), put(name, i)); err != nil {
							if fault.KindOf(err) != fault.Unavailable {
								t.Errorf("after close: %v", err)
							}
							return
						}
						mu.Lock()
						if acknowledged = append(acknowledged, name); len(acknowledged) == 16 {
							close(loaded)
						}
						mu.Unlock()
					}
				})
			}
			<-loaded
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			all.Wait()
			slices.Sort(acknowledged)
			if diff := cmp.Diff(acknowledged, names(t, openStore(t, cfg))); diff != "" {
				t.Errorf("%d acknowledged: %s", len(acknowledged), diff)
			}
		})
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			s, err := store.OpenWith(t.Context(), fresh(t), schema)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Errorf("open: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			for name, err := range map[string]error{
				"ping":  s.Ping(t.Context()),
				"write": s.Write(t.Context(), put("a", 1)),
				"read":  s.Read(t.Context(), func(*store.Tx) error { return nil }),
			} {
				if fault.KindOf(err) != fault.Unavailable {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}
