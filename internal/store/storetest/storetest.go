// Package storetest opens real, empty databases for tests: a SQLite file always,
// and a PostgreSQL database when QIBU_TEST_POSTGRES names a server to make it on.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	return open(t, store.Config{Dir: Dir(t)})
}

// Dir makes a data directory that goes away with the test, with a SQLite database
// of the shipped schema and nothing in it. The migrations run once for all tests
// of a program, which takes longer than most of them.
func Dir(t testing.TB) string {
	t.Helper()
	file, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fileName is the SQLite file in a data directory.
const fileName = "qibu.db"

// migrated is the file of an empty database.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "qibu-storetest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, fileName))
})

// Engines returns an Open for each engine. Run the same test on all of them:
//
//	for name, open := range storetest.Engines(t) {
//		t.Run(name, func(t *testing.T) { s := open(t) … })
//	}
func Engines(t testing.TB) map[string]func(testing.TB) *store.Store {
	t.Helper()
	return map[string]func(testing.TB) *store.Store{
		"sqlite": Open,
		"postgres": func(t testing.TB) *store.Store {
			t.Helper()
			from, err := template(server(t))
			if err != nil {
				t.Fatal(err)
			}
			return open(t, create(t, from))
		},
	}
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

// Run runs the tests of a package that uses Engines, and removes from the server
// what they shared:
//
//	func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }
func Run(m *testing.M) int {
	removed = true
	code := m.Run()
	if shared == "" {
		return code
	}
	if err := execute(os.Getenv(Server), "DROP DATABASE "+shared); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

var (
	removed bool   // somebody removes the shared database
	shared  string // its name, once there is one
	sharing sync.Mutex
)

// template names a PostgreSQL database with the shipped schema and nothing in it.
// The migrations run on it once, and each test has a copy.
func template(server *url.URL) (string, error) {
	sharing.Lock()
	defer sharing.Unlock()
	if shared != "" {
		return shared, nil
	}
	if !removed {
		return "", errors.New("the package needs a TestMain that calls storetest.Run")
	}
	name := newName()
	if err := execute(server.String(), "CREATE DATABASE "+name+" TEMPLATE "+empty); err != nil {
		return "", err
	}
	shared = name
	s, err := store.Open(context.Background(), store.Config{DatabaseURL: server.JoinPath("..", name).String()})
	if err != nil {
		return "", err
	}
	return name, s.Close()
}

func postgres(t testing.TB) store.Config {
	t.Helper()
	return create(t, empty)
}

// empty is the template of a database with nothing in it.
const empty = `template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`

// create makes a database from a template, which goes away with the test.
func create(t testing.TB, template string) store.Config {
	t.Helper()
	at, name := server(t), newName()
	if err := execute(at.String(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(at.String(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return store.Config{DatabaseURL: at.JoinPath("..", name).String()}
}

func newName() string { return "qibu_test_" + strings.ToLower(rand.Text()) }

// server is where to make databases.
func server(t testing.TB) *url.URL {
	t.Helper()
	address := os.Getenv(Server)
	if address == "" {
		missing := t.Skipf
		if os.Getenv("CI") == "true" {
			missing = t.Fatalf
		}
		missing("%s is not set, so nothing is tested on PostgreSQL here: eval \"$(.ci/postgres start)\"", Server)
	}
	at, err := url.Parse(address)
	if err != nil {
		t.Fatalf("%s: %v", Server, err)
	}
	return at
}

// execute runs one statement on the server; the test's own context may be over.
func execute(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("%s: %w", Server, err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
