package main

import (
	"context"
	"fmt"

	"qibu/internal/store"
)

// backup copies the SQLite database to a new file, also while Qibu serves.
type backup struct {
	database
	File string `arg:"" type:"path" help:"备份写到哪个新文件（the new file）"`
}

// Run makes the copy. For PostgreSQL it names the tool to use instead.
func (b *backup) Run(ctx context.Context, std console) error {
	cfg, err := b.config()
	if err != nil {
		return err
	}
	if cfg.DatabaseURL != "" {
		return fmt.Errorf("PostgreSQL 请用 pg_dump 备份（back PostgreSQL up with pg_dump）")
	}
	if err := store.BackupDir(ctx, cfg.Dir, b.File); err != nil {
		return fmt.Errorf("没有备份成（no backup made）：%w", err)
	}
	std.say("已备份到 %s；恢复时停下七步，把它放回数据目录，改名 qibu.db（backed up）", b.File)
	return nil
}
