package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// The migrations are one timeline for both engines: NNNN_name.sql is portable,
// and NNNN_name.postgres.sql beside it takes its place on PostgreSQL. A shipped
// file never changes; migrations/checksums.txt lists those.
//
//go:embed migrations
var embedded embed.FS

func shipped() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // only for a name that is no valid path
	}
	return files
}

// migrate brings db to the newest of the migrations, each in a transaction of
// its own. Several programs may do it at once. It refuses a newer database.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, migrations fs.FS) error {
	unused, err := otherEngine(migrations, dialect)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{
		goose.WithExcludeNames(unused), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()),
	}
	if dialect == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db, migrations, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the database's schema version: %w", err)
	}
	if current > newest {
		return fmt.Errorf("the database has schema version %d and this program knows only %d: "+
			"run the newer program, or restore the backup made before the upgrade", current, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

const override = ".postgres.sql"

// otherEngine lists the migration files that an engine does not use.
func otherEngine(migrations fs.FS, dialect goose.Dialect) ([]string, error) {
	overrides, err := fs.Glob(migrations, "*"+override)
	if err != nil || dialect != goose.DialectPostgres {
		return overrides, err
	}
	var replaced []string
	for _, name := range overrides {
		portable := strings.TrimSuffix(name, override) + ".sql"
		if _, err := fs.Stat(migrations, portable); err != nil {
			return nil, errors.Join(fmt.Errorf("%s stands in for no portable file", name), err)
		}
		replaced = append(replaced, portable)
	}
	return replaced, nil
}
