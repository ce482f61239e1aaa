package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qibu/internal/store"
)

// BenchmarkWrite compares 64 callers of Write, one upsert each, with the bare
// driver committing the same rows in batches of 64, at the same durability. The
// two take turns, so that a busy machine slows both; "ratio" is Write's
// throughput as a part of the driver's, and no less than 0.6 on an idle machine.
func BenchmarkWrite(b *testing.B) {
	const rows = 6400
	ours := callers(b, 64)
	bare := driverAlone(b, 64)
	var took, tookBare time.Duration
	for b.Loop() {
		start := time.Now()
		bare(rows)
		tookBare += time.Since(start)
		start = time.Now()
		ours(rows)
		took += time.Since(start)
	}
	b.ReportMetric(rows*float64(b.N)/took.Seconds(), "rows/s")
	b.ReportMetric(rows*float64(b.N)/tookBare.Seconds(), "bare-rows/s")
	b.ReportMetric(tookBare.Seconds()/took.Seconds(), "ratio")
}

// callers returns a function that writes rows from many goroutines at once.
func callers(b *testing.B, many int) func(rows int) {
	s, err := store.OpenWith(b.Context(), store.Config{Dir: b.TempDir()}, schema)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return func(rows int) {
		var next atomic.Int64
		var all sync.WaitGroup
		for range many {
			all.Go(func() {
				for i := int(next.Add(1)); i <= rows; i = int(next.Add(1)) {
					if err := s.Write(b.Context(), func(tx *store.Tx) error {
						_, err := tx.Exec(upsert, name(i), i)
						return err
					}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
	}
}

// driverAlone returns a function that writes rows with a prepared statement.
func driverAlone(b *testing.B, batch int) func(rows int) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	conn, err := db.Conn(ctx)
	must(err)
	_, err = conn.ExecContext(ctx, `CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)`)
	must(err)
	stmt, err := conn.PrepareContext(ctx, upsertBare)
	must(err)
	return func(rows int) {
		for i := 0; i < rows; i += batch {
			_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
			must(err)
			for j := i; j < min(i+batch, rows); j++ {
				_, err := stmt.ExecContext(ctx, name(j), j)
				must(err)
			}
			_, err = conn.ExecContext(ctx, "COMMIT")
			must(err)
		}
	}
}

// BenchmarkRead shows what a snapshot and each query in it cost.
func BenchmarkRead(b *testing.B) {
	s, err := store.OpenWith(b.Context(), store.Config{Dir: b.TempDir()}, schema)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	for _, queries := range []int{1, 2, 5} {
		b.Run(fmt.Sprint(queries), func(b *testing.B) {
			for b.Loop() {
				if err := s.Read(b.Context(), func(tx *store.Tx) error {
					for range queries {
						var n int
						if err := tx.Row(`SELECT COUNT(*) FROM counters WHERE name = $1`, "x").Scan(&n); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

const (
	upsert     = `INSERT INTO counters (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = excluded.n`
	upsertBare = `INSERT INTO counters (name, n) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET n = excluded.n`
)

func name(i int) string { return fmt.Sprint("row", i%4096) }
