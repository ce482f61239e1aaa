package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/store"
)

// database says where the data is kept. Every command that needs it shares it.
type database struct {
	Data        string `env:"QIBU_DATA" default:"data" type:"path" placeholder:"DIR" help:"数据目录，里面是 SQLite 文件（data directory）"`
	DatabaseURL string `env:"QIBU_DATABASE_URL" placeholder:"URL" help:"PostgreSQL 地址，给了就不用数据目录（PostgreSQL instead of the data directory）"`
}

// config checks the settings and makes the store's configuration of them.
func (d database) config() (store.Config, error) {
	if d.DatabaseURL == "" {
		return store.Config{Dir: d.Data}, nil
	}
	u, err := url.Parse(d.DatabaseURL)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Host == "" {
		// The text may hold a password, so the message does not repeat it.
		return store.Config{}, fmt.Errorf("--database-url 要写成 postgres://用户:密码@主机/库名（want a postgres:// URL）")
	}
	return store.Config{DatabaseURL: d.DatabaseURL}, nil
}

// open opens the store and migrates it.
func (d database) open(ctx context.Context) (*store.Store, error) {
	cfg, err := d.config()
	if err != nil {
		return nil, err
	}
	return openStore(ctx, cfg)
}

func openStore(ctx context.Context, cfg store.Config) (*store.Store, error) {
	s, err := store.Open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("打不开数据库（cannot open the database）：%w", err)
	}
	return s, nil
}

// String names the place of the data without any secret.
func (d database) String() string {
	if d.DatabaseURL == "" {
		return "sqlite " + d.Data
	}
	u, err := url.Parse(d.DatabaseURL)
	if err != nil {
		return "postgres"
	}
	query := u.Query()
	for name := range query {
		if strings.Contains(name, "password") {
			query.Set(name, "xxxxx")
		}
	}
	u.RawQuery = query.Encode()
	return u.Redacted()
}

// curriculum says which content is taught.
type curriculum struct {
	Content string `env:"QIBU_CONTENT" type:"path" placeholder:"DIR" help:"自己的内容目录，盖在自带课程上面（own content, laid over what ships）"`
}

// load reads and checks the content. Every problem is in the error, one a line.
func (c curriculum) load() (*academy.Library, error) {
	var over fs.FS
	if c.Content != "" {
		info, err := os.Stat(c.Content)
		if err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--content %s 不是一个目录（not a directory）", c.Content)
		}
		over = os.DirFS(c.Content)
	}
	library, problems := academy.LoadLibrary(content.FS, over)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("内容有错，改好再来（the content has errors）：\n%w", err)
	}
	return library, nil
}

// organisation says for whom Qibu runs.
type organisation struct {
	Zone   string `env:"QIBU_ZONE" default:"Asia/Shanghai" placeholder:"ZONE" help:"一天从哪里的零点开始（time zone in which days begin）"`
	Issuer string `env:"QIBU_ISSUER" default:"七步服务学院" placeholder:"NAME" help:"证书上的发证单位（organisation named on certificates）"`
}

func (o organisation) location() (*time.Location, error) {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, fmt.Errorf("--zone 不认识时区 %q，例如 Asia/Shanghai（unknown time zone）", o.Zone)
	}
	return zone, nil
}

// openAcademy opens the academy over an open store, by the machine's clock.
func openAcademy(ctx context.Context, s *store.Store, l *academy.Library, o organisation, log *slog.Logger) (*academy.Academy, error) {
	zone, err := o.location()
	if err != nil {
		return nil, err
	}
	return academy.Open(ctx, academy.Config{
		Store: s, Library: l, Now: time.Now, Zone: zone, Issuer: o.Issuer, Log: log,
	})
}
