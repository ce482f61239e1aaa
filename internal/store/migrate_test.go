package store_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

func migration(body string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + body)}
}

// migrationsUpTo are the shipped migrations up to a version, "0002".
func migrationsUpTo(t *testing.T, version string) fstest.MapFS {
	t.Helper()
	shipped := store.Migrations()
	all, err := fs.Glob(shipped, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	older := fstest.MapFS{}
	for _, name := range all {
		if name[:4] > version {
			continue
		}
		text, err := fs.ReadFile(shipped, name)
		if err != nil {
			t.Fatal(err)
		}
		older[name] = &fstest.MapFile{Data: text}
	}
	return older
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	newer := fstest.MapFS{"0002_more.sql": migration(`CREATE TABLE more (id TEXT NOT NULL PRIMARY KEY);`)}
	maps.Copy(newer, schema)
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			for step, migrations := range []fstest.MapFS{schema, newer, newer, schema} {
				s, err := store.OpenWith(t.Context(), cfg, migrations)
				if step == 3 {
					if err == nil || !strings.Contains(err.Error(), "schema version 2 and this program knows only 1") {
						t.Errorf("got %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if step == 0 {
					write(t, s, put("kept", 1))
				}
				if got := names(t, s); !slices.Equal(got, []string{"kept"}) {
					t.Errorf("step %d: %v", step, got)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestEngineOverridesAMigration(t *testing.T) {
	migrations := fstest.MapFS{
		"0001_test.sql":          migration(`CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO counters VALUES ('portable', 1);`),
		"0001_test.postgres.sql": migration(`CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO counters VALUES ('postgres', 1);`),
		"0002_more.sql":          migration(`INSERT INTO counters VALUES ('second', 1);`),
	}
	for engine, want := range map[string][]string{"sqlite": {"portable", "second"}, "postgres": {"postgres", "second"}} {
		t.Run(engine, func(t *testing.T) {
			s, err := store.OpenWith(t.Context(), storetest.Databases(t)[engine](t), migrations)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got := names(t, s); !slices.Equal(got, want) {
				t.Errorf("got %v", got)
			}
		})
	}
	t.Run("of nothing", func(t *testing.T) {
		delete(migrations, "0001_test.sql")
		_, err := store.OpenWith(t.Context(), storetest.Databases(t)["postgres"](t), migrations)
		if err == nil || !strings.Contains(err.Error(), "0001_test.postgres.sql stands in for no portable file") {
			t.Errorf("got %v", err)
		}
	})
}

// TestShippedMigrationsAreUnchanged: a database out there has run them as they
// were. To ship new ones, add the lines of sha256sum to checksums.txt.
func TestShippedMigrationsAreUnchanged(t *testing.T) {
	shipped := store.Migrations()
	text, err := fs.ReadFile(shipped, "checksums.txt")
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	newest := ""
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		sum, name, ok := strings.Cut(line, "  ")
		if !ok {
			t.Fatalf("checksums.txt: %q is no line of sha256sum", line)
		}
		sums[name] = sum
		newest = max(newest, name[:4])
	}
	for name, want := range sums {
		content, err := fs.ReadFile(shipped, name)
		if err != nil {
			t.Errorf("a shipped migration is gone: %v", err)
		} else if got := fmt.Sprintf("%x", sha256.Sum256(content)); got != want {
			t.Errorf("%s was shipped with checksum %s and has %s now: write a new migration instead", name, want, got)
		}
	}
	all, err := fs.Glob(shipped, "*.sql")
	if err != nil || len(all) == 0 {
		t.Fatal("no migrations", err)
	}
	for _, name := range all {
		if sums[name] == "" && name[:4] <= newest {
			t.Errorf("%s is new and would run before %s, which was shipped", name, newest)
		}
	}
}

// TestConstraintsAreNotDeferred: SQLite would check a deferred one at the
// commit, where one person's mistake fails the whole batch.
func TestConstraintsAreNotDeferred(t *testing.T) {
	shipped := store.Migrations()
	all, err := fs.Glob(shipped, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		content, err := fs.ReadFile(shipped, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToUpper(string(content)), "DEFERR") {
			t.Errorf("%s has a deferrable constraint", name)
		}
	}
}
