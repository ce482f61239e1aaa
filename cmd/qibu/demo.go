package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"qibu/internal/academy"
	"qibu/internal/store"
)

// demo shows Qibu with its whole curriculum and a company with a past. Its
// passwords are known to everybody, so nobody but this machine can reach it.
type demo struct {
	Addr  string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"本机监听地址（where to listen, on this machine）"`
	Data  string `type:"path" placeholder:"DIR" help:"演示数据放在哪里，默认在用户缓存目录（where the demonstration data is）"`
	Fresh bool   `help:"丢掉上次的演示数据，从头开始（start over）"`
}

// demoPassword is the password of every demonstration account.
const demoPassword = "qibu-demo"

// demoMark is a file that a demonstration's data directory has and no other.
const demoMark = "演示数据.txt"

// Run makes the demonstration data at the first start, and serves.
func (d *demo) Run(ctx context.Context, std console, log *slog.Logger) error {
	if !loopback(d.Addr) {
		return fmt.Errorf("演示只在本机开放：--addr %s 不是本机地址（the demonstration listens on this machine only）", d.Addr)
	}
	if d.Data == "" {
		d.Data = demoDir()
	}
	s := &serve{
		database: database{Data: d.Data}, organisation: organisation{Zone: "Asia/Shanghai", Issuer: "七步演示汽车服务"},
		Addr: d.Addr, demo: true,
	}
	if err := s.complete(); err != nil {
		return err
	}
	library, err := s.load()
	if err != nil {
		return err
	}
	if err := d.prepare(ctx, s, library, std, log); err != nil {
		return err
	}
	h, err := s.build(ctx, library, log)
	if err != nil {
		return err
	}
	d.greet(s, std)
	return h.serve(ctx)
}

// demoDir is where a demonstration is kept between two starts.
func demoDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "qibu-demo")
}

// prepare makes the data directory unless it is there. It is made under another
// name and renamed at the end, so that half a demonstration is never shown.
func (d *demo) prepare(ctx context.Context, s *serve, l *academy.Library, std console, log *slog.Logger) error {
	switch exists, err := isDemo(d.Data); {
	case err != nil:
		return err
	case exists && !d.Fresh:
		return nil
	}
	std.say("正在准备演示数据，只要几秒……（preparing, once）")
	made := d.Data + ".new"
	if err := errors.Join(os.RemoveAll(made), os.MkdirAll(made, 0o700)); err != nil {
		return err
	}
	mark := "这里是七步的演示数据，可以整个删掉，下次演示会重新生成。\n"
	if err := os.WriteFile(filepath.Join(made, demoMark), []byte(mark), 0o600); err != nil {
		return err
	}
	if err := playHistory(ctx, made, l, s.organisation, log); err != nil {
		return fmt.Errorf("演示数据没有做成（cannot prepare the demonstration）：%w", err)
	}
	return errors.Join(os.RemoveAll(d.Data), os.Rename(made, d.Data))
}

// isDemo reports whether a directory holds a demonstration. One that holds
// anything else is an error: it is not ours to write into or to remove.
func isDemo(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(entries) == 0) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(filepath.Join(dir, demoMark)); err != nil {
		return false, fmt.Errorf("%s 里有别的东西，演示请另选一个目录（not a demonstration directory）", dir)
	}
	return true, nil
}

// playHistory fills a new data directory.
func playHistory(ctx context.Context, dir string, l *academy.Library, o organisation, log *slog.Logger) error {
	zone, err := o.location()
	if err != nil {
		return err
	}
	c := newClock(zone)
	s, err := openStore(ctx, store.Config{Dir: dir, Now: c.now})
	if err != nil {
		return err
	}
	c.goTo(longAgo, 8)
	a, err := academy.Open(ctx, academy.Config{Store: s, Library: l, Now: c.now, Zone: zone, Issuer: o.Issuer, Log: log})
	if err == nil {
		h := &history{ctx: ctx, academy: a, store: s, library: l, clock: c, people: map[string]actor{}}
		h.play()
		err = h.err
	}
	return errors.Join(err, s.Close())
}

// greet says where to click.
func (d *demo) greet(s *serve, std console) {
	std.say(`
七步演示：%s（只有本机能打开；数据在 %s）
四个账号，密码都是 %s：
  advisor  %s，服务顾问：接着读模块，练五分钟，做一次小测，打一场演练；有一项已逾期，一项快到期，后天有考试
  trainer  %s，培训师：到工位给%s签实操，给%s解锁重考，给全店布置学习；看考试谁缺考、哪道题有毛病
  hr       %s，人事：看谁能上岗、谁快到期、谁过期了，点开看为什么，导出名单
  admin    %s，管理员：人员与门店、内容覆盖、谁做过什么
停下按 Ctrl-C，从头来过用 qibu demo --fresh`,
		s.BaseURL, d.Data, demoPassword, zhang.name, qin.name, heXiaoman.name, jiang.name, mei.name, shi.name)
}
