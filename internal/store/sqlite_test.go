package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

// pragmas reads a connection's settings from inside its transaction.
func pragmas(tx *store.Tx) (map[string]string, error) {
	got := map[string]string{}
	for _, name := range []string{"journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only"} {
		var value string
		if err := tx.Row(`PRAGMA ` + name).Scan(&value); err != nil {
			return nil, err
		}
		got[name] = value
	}
	return got, nil
}

// Nothing that is bound to a statement may have it planned again: the value that
// would allow a partial index is not looked at.
func TestStatementsArePlannedOnce(t *testing.T) {
	s := storetest.Open(t)
	for name, do := range map[string]func(context.Context, func(*store.Tx) error) error{"read": s.Read, "write": s.Write} {
		var id, parent, unused int
		var plan string
		err := do(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`EXPLAIN QUERY PLAN SELECT id FROM attempts WHERE state = $1 AND deadline < $2`, "in_progress", 1).
				Scan(&id, &parent, &unused, &plan)
		})
		if err != nil || plan != "SCAN attempts" {
			t.Errorf("%s: %s, %v", name, plan, err)
		}
	}
}

// TestEveryConnectionHasItsSettings holds all the readers there are at once.
func TestEveryConnectionHasItsSettings(t *testing.T) {
	s := storetest.Open(t)
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "1"}
	check := func(tx *store.Tx) error {
		got, err := pragmas(tx)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return err
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	var inside, all sync.WaitGroup
	inside.Add(readers)
	for range readers {
		all.Go(func() {
			if err := s.Read(t.Context(), func(tx *store.Tx) error {
				inside.Done()
				inside.Wait()
				return check(tx)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	want["query_only"] = "0"
	write(t, s, check)
}

func TestWrongSettingsAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "qibu.db")
	right := store.DSN(path)
	for setting, wrong := range map[string]string{
		"_synchronous=FULL":  "_synchronous=NORMAL",
		"_foreign_keys=on":   "_foreign_keys=off",
		"_busy_timeout=5000": "_busy_timeout=1",
		"_journal_mode=WAL":  "_journal_mode=DELETE",
		"?":                  "?_query_only=on&",
	} {
		err := store.Connect(t.Context(), strings.Replace(right, setting, wrong, 1))
		if name, _, _ := strings.Cut(strings.Trim(wrong, "?_"), "="); err == nil || !strings.Contains(err.Error(), "pragma "+name) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if err := store.Connect(t.Context(), right); err != nil {
		t.Error(err)
	}
}

// TestWriterLocksAtOnce: a transaction that first reads and locks later can find
// that somebody else was faster, and no waiting helps it.
func TestWriterLocksAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, store.Config{Dir: dir})
	other, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "qibu.db")+"?_busy_timeout=1&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	begin := func() error {
		tx, err := other.Begin()
		if err == nil {
			err = tx.Rollback()
		}
		return err
	}
	if err := begin(); err != nil {
		t.Errorf("the writer holds a lock while nobody writes: %v", err)
	}
	write(t, s, func(tx *store.Tx) error {
		if err := begin(); err == nil || !strings.Contains(err.Error(), "locked") {
			t.Errorf("a second writer got in: %v", err)
		}
		return nil
	})
}

func TestDirectoryBelongsToOneProcess(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	s := openStore(t, cfg)
	if _, err := store.Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "in use by another Qibu process") ||
		!strings.Contains(err.Error(), cfg.Dir) {
		t.Errorf("second open: %v", err)
	}
	write(t, s, put("a", 1)) // the refusal took nothing from the first
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, openStore(t, cfg)); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("got %v", got)
	}
}

func TestStoredFilesAreForTheirOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	openStore(t, store.Config{Dir: dir})
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestDirectoryNameIsOnlyAName: the name goes into a URL with settings behind it.
func TestDirectoryNameIsOnlyAName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "七步 100%41?_synchronous=OFF#&x")
	write(t, openStore(t, store.Config{Dir: dir}), put("a", 1))
	if _, err := os.Stat(filepath.Join(dir, "qibu.db")); err != nil {
		t.Error(err)
	}
}

func TestDamageIsFoundAfterAnUncleanStop(t *testing.T) {
	dir := t.TempDir()
	s, err := store.OpenWith(t.Context(), store.Config{Dir: dir}, schema)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error {
		for i := range 2000 {
			if err := put(fmt.Sprintf("a long name to fill some pages %06d", i), i)(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The store is closed: nothing but this test has the file open.
	path := filepath.Join(dir, "qibu.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(file[len(file)/2:], strings.Repeat("oil", 2000))
	for name, content := range map[string][]byte{path: file, path + "-wal": nil} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.OpenWith(t.Context(), store.Config{Dir: dir}, schema); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}

func TestBackupIsAWholeDatabase(t *testing.T) {
	s := openStore(t, store.Config{Dir: t.TempDir()})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				// Two rows at a time, so that half a transaction shows.
				if err := s.Write(ctx, func(tx *store.Tx) error {
					return errors.Join(put(fmt.Sprint("l", g, i), i)(tx), put(fmt.Sprint("r", g, i), i)(tx))
				}); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		})
	}
	for len(names(t, s)) < 20 {
		runtime.Gosched()
	}
	copied := t.TempDir()
	path := filepath.Join(copied, "qibu.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Error(err)
	}
	cancel()
	all.Wait()
	if err := s.Backup(t.Context(), path); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a backup over another: %v", err)
	}
	got := names(t, openStore(t, store.Config{Dir: copied}))
	if n := len(got); n < 20 || n%2 != 0 || strings.Count(strings.Join(got, ""), "l") != n/2 {
		t.Errorf("the copy has %d rows", n)
	}
}
