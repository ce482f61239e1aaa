// Package storetest opens real, empty databases for tests: a SQLite file always,
// and a PostgreSQL database when QIBU_TEST_POSTGRES names a server to make it on.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"qibu/internal/store"
)

// Server is the environment variable with the URL of a PostgreSQL server on
// which the tests may make databases; .ci/postgres starts one.
const Server = "QIBU_TEST_POSTGRES"

// Open opens a fresh SQLite database that is closed and removed with the test.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return open(t, store.Config{Dir: t.TempDir()})
}

// Engines returns an Open for each engine. Run the same test on all of them:
//
//	for name, open := range storetest.Engines(t) {
//		t.Run(name, func(t *testing.T) { s := open(t) … })
//	}
func Engines(t testing.TB) map[string]func(testing.TB) *store.Store {
	t.Helper()
	engines := map[string]func(testing.TB) *store.Store{}
	for name, fresh := range Databases(t) {
		engines[name] = func(t testing.TB) *store.Store {
			t.Helper()
			return open(t, fresh(t))
		}
	}
	return engines
}

// Databases returns, for each engine, what makes an empty database that goes
// away with the test. Without a PostgreSQL server that one skips its test with a
// line saying so; under CI=true it fails it.
func Databases(t testing.TB) map[string]func(testing.TB) store.Config {
	t.Helper()
	return map[string]func(testing.TB) store.Config{
		"sqlite":   func(t testing.TB) store.Config { return store.Config{Dir: t.TempDir()} },
		"postgres": postgres,
	}
}

func open(t testing.TB, cfg store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), cfg)
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

func postgres(t testing.TB) store.Config {
	t.Helper()
	server := os.Getenv(Server)
	if server == "" {
		missing := t.Skipf
		if os.Getenv("CI") == "true" {
			missing = t.Fatalf
		}
		missing("%s is not set, so nothing is tested on PostgreSQL here: eval \"$(.ci/postgres start)\"", Server)
	}
	at, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Server, err)
	}
	name := "qibu_test_" + strings.ToLower(rand.Text())
	execute(t, server, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`, name))
	t.Cleanup(func() { execute(t, server, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)) })
	at.Path = "/" + name
	return store.Config{DatabaseURL: at.String()}
}

// execute runs one statement on the server; the test's own context may be over.
func execute(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("%s: %v", Server, err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
