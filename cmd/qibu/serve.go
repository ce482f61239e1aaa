package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web"
	"qibu/static"
)

// serve runs Qibu for real.
type serve struct {
	database
	curriculum
	organisation
	Addr           string   `env:"QIBU_ADDR" default:":8080" placeholder:"HOST:PORT" help:"监听地址（where to listen）"`
	BaseURL        string   `env:"QIBU_BASE_URL" placeholder:"URL" help:"大家在浏览器里输入的地址，默认按监听地址推出（what people type into the browser）"`
	TrustedProxies []string `env:"QIBU_TRUSTED_PROXIES" placeholder:"IP,…" help:"可信反向代理的地址或网段，逗号分开（proxies whose forwarding headers are believed）"`

	demo bool // pages say that this is a demonstration
}

// Run serves until ctx ends.
func (s *serve) Run(ctx context.Context, std console, log *slog.Logger) error {
	if err := s.complete(); err != nil {
		return err
	}
	log.Info("configuration", "addr", s.Addr, "base-url", s.BaseURL, "data", s.String(), "content", s.Content,
		"zone", s.Zone, "issuer", s.Issuer, "trusted-proxies", strings.Join(s.TrustedProxies, ","))
	library, err := s.load() // first of all: a broken file stops the start before anything is touched
	if err != nil {
		return err
	}
	h, err := s.build(ctx, library, log)
	if err != nil {
		return err
	}
	if err := s.greet(ctx, h.academy, std); err != nil {
		return h.closeAfter(err)
	}
	return h.serve(ctx)
}

// complete checks the settings and fills in what follows from others.
func (s *serve) complete() error {
	host, port, err := net.SplitHostPort(s.Addr)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return fmt.Errorf("--addr %q 要写成 主机:端口，例如 :8080（want host:port）", s.Addr)
	}
	if s.BaseURL == "" {
		if ip, err := netip.ParseAddr(host); host == "" || (err == nil && ip.IsUnspecified()) {
			host = "localhost"
		}
		s.BaseURL = "http://" + net.JoinHostPort(host, port)
	}
	base, err := url.Parse(s.BaseURL)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || strings.Trim(base.Path, "/") != "" {
		return fmt.Errorf("--base-url %q 要写成 https://qibu.example.com，不带路径（want scheme and host only）", s.BaseURL)
	}
	for _, proxy := range s.TrustedProxies {
		_, notIP := netip.ParseAddr(proxy)
		_, notNet := netip.ParsePrefix(proxy)
		if notIP != nil && notNet != nil {
			return fmt.Errorf("--trusted-proxies %q 既不是 IP 地址也不是网段（neither an IP address nor a network）", proxy)
		}
	}
	if _, err := s.location(); err != nil {
		return err
	}
	_, err = s.config()
	return err
}

// build opens everything there is to a running Qibu.
func (s *serve) build(ctx context.Context, library *academy.Library, log *slog.Logger) (h *house, err error) {
	h = &house{log: log, reload: s.load}
	if h.listener, err = listen(ctx, s.Addr); err != nil {
		return nil, err
	}
	if h.store, err = s.open(ctx); err != nil {
		return nil, h.closeAfter(err)
	}
	if h.academy, err = openAcademy(ctx, h.store, library, s.organisation, log); err != nil {
		return nil, h.closeAfter(err)
	}
	h.server, err = web.New(web.Config{
		Academy: h.academy, Static: static.FS, BaseURL: s.BaseURL, TrustedProxies: s.TrustedProxies,
		Demo: s.demo, Log: log,
	})
	if err != nil {
		return nil, h.closeAfter(err)
	}
	return h, nil
}

// greet says where Qibu is found and, while there are no people, how to begin.
func (s *serve) greet(ctx context.Context, a *academy.Academy, std console) error {
	std.say("七步已经启动：%s（Qibu is up）", s.BaseURL)
	if strings.HasPrefix(s.BaseURL, "http://") && !loopback(s.Addr) {
		std.say("注意：现在是明文 http，请放在 TLS 反向代理后面，并设置 --base-url https://…（put a TLS proxy in front）")
	}
	token, err := a.OfferSetup(ctx)
	if err != nil || token == "" {
		return err
	}
	std.say("还没有任何人。24 小时内打开下面的链接，建立第一家门店和管理员；用过即失效（one-time setup link）：\n%s/setup/%s",
		strings.TrimSuffix(s.BaseURL, "/"), token)
	return nil
}

// loopback reports whether only this machine can reach an address.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("不能在 %s 上监听，可能已被占用，用 --addr 换一个（cannot listen）：%w", addr, err)
	}
	return ln, nil
}
