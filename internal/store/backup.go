package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// fileName is the SQLite file in the data directory.
const fileName = "qibu.db"

// BackupDir is Backup for the SQLite file in a data directory, whether another
// process is serving from it or not.
func BackupDir(ctx context.Context, dir, path string) error {
	return copyFile(ctx, filepath.Join(dir, fileName), path)
}

// copyFile copies to a name of its own first, so that path is never half a copy.
// It uses a connection of its own: SQLite refuses to vacuum in a transaction.
func copyFile(ctx context.Context, from, path string) error {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("backup: no database: %w", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup to %s: the file exists already", path)
	}
	part := path + ".part"
	db := pool(dsn(from, "&mode=ro"), writing, 1)
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?1", part); err != nil {
		os.Remove(part)
		return fmt.Errorf("backup to %s: %w", path, err)
	}
	return os.Rename(part, path)
}
