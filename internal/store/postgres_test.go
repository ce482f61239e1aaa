package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

func TestWriteThatLostARaceRunsAgain(t *testing.T) {
	s := openStore(t, storetest.Databases(t)["postgres"](t))
	write(t, s, put("a", 0))
	ran := 0
	write(t, s, func(tx *store.Tx) error {
		ran++
		var n int
		if err := tx.Row(`SELECT n FROM counters WHERE name = $1`, "a").Scan(&n); err != nil {
			return err
		}
		if ran == 1 {
			write(t, s, increment("a")) // somebody is faster
		}
		_, err := tx.Exec(`UPDATE counters SET n = $1 WHERE name = $2`, n+10, "a")
		return err
	})
	var n int
	if err := s.Read(t.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT n FROM counters WHERE name = $1`, "a").Scan(&n)
	}); err != nil || n != 11 || ran != 2 {
		t.Errorf("n is %d after %d runs, %v", n, ran, err)
	}
}

func TestWriteGivesUpAfterEightLostRaces(t *testing.T) {
	s := openStore(t, storetest.Databases(t)["postgres"](t))
	for _, lost := range []string{"40001", "40P01"} {
		ran := 0
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			ran++
			return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: lost})
		})
		if fault.KindOf(err) != fault.Unavailable || ran != 8 {
			t.Errorf("%s: ran %d times, %v", lost, ran, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err := s.Write(ctx, func(tx *store.Tx) error {
		<-ctx.Done()
		return &pgconn.PgError{Code: "40001"}
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("past the deadline: %v", err)
	}
}

// TestUnsafeServerIsRefused: every connection checks, so a setting changed
// behind our back is found too.
func TestUnsafeServerIsRefused(t *testing.T) {
	cfg := storetest.Databases(t)["postgres"](t)
	alter(t, cfg.DatabaseURL, `SET synchronous_commit = off`)
	if _, err := store.OpenWith(t.Context(), cfg, schema); err == nil || !strings.Contains(err.Error(), "synchronous_commit=off") {
		t.Errorf("got %v", err)
	}
	alter(t, cfg.DatabaseURL, `RESET synchronous_commit`)
	openStore(t, cfg)
}

// alter changes a setting of the database that the URL names.
func alter(t *testing.T, databaseURL, setting string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `ALTER DATABASE `+conn.Config().Database+` `+setting); err != nil {
		t.Fatal(err)
	}
}

func TestConnectionsHaveTimeLimits(t *testing.T) {
	cfg := storetest.Databases(t)["postgres"](t)
	for setting, want := range map[string][2]string{
		"":                          {"10s", "30s"},
		"&statement_timeout=100000": {"100s", "30s"},
	} {
		given := cfg
		given.DatabaseURL += setting
		s := openStore(t, given)
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			var got [2]string
			err := tx.Row(`SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')`).
				Scan(&got[0], &got[1])
			if got != want {
				t.Errorf("%q: %v", setting, got)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}

func TestUnreachableServerIsSaidWithoutThePassword(t *testing.T) {
	_, err := store.Open(t.Context(), store.Config{DatabaseURL: "postgres://qibu:hunter2@127.0.0.1:1/qibu"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestPostgresBackupNamesTheTool(t *testing.T) {
	s := openStore(t, storetest.Databases(t)["postgres"](t))
	if err := s.Backup(t.Context(), t.TempDir()+"/copy"); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("got %v", err)
	}
}

// TestNodesMayStartTogether opens an empty database from several nodes at once.
func TestNodesMayStartTogether(t *testing.T) {
	cfg := storetest.Databases(t)["postgres"](t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := store.OpenWith(t.Context(), cfg, schema)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
