// Package web answers HTTP: it decodes requests, calls one use case each, and
// shows a page or redirects. Fiber is known here and nowhere else.
package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"qibu/internal/academy"
	"qibu/internal/web/page"
)

// Time limits of one request and its connection.
const (
	requestTime = 10 * time.Second
	readTime    = 15 * time.Second
	writeTime   = 30 * time.Second
	idleTime    = 75 * time.Second

	// maxBody bounds any request body, and what is longer is not kept in memory;
	// routes bound theirs more tightly.
	maxBody = 1280 << 10
)

// Config is what a server needs from the outside.
type Config struct {
	Academy        *academy.Academy
	Static         fs.FS
	BaseURL        string   // what people type, "https://qibu.example.com"; decides about Secure cookies
	TrustedProxies []string // addresses whose X-Forwarded-For is believed; empty believes nobody
	Demo           bool
	Log            *slog.Logger
}

// Server is the HTTP server.
type Server struct {
	academy *academy.Academy
	app     *fiber.App
	assets  *assets
	site    *page.Site
	csrf    *http.CrossOriginProtection
	routes  []page.Route
	log     *slog.Logger

	patience time.Duration // with one request; a test on a slow machine has more than requestTime
}

// New builds a server with every route. It does not listen yet.
func New(cfg Config) (*Server, error) { return newServer(cfg, allRoutes(cfg.Academy)) }

func newServer(cfg Config, routes []page.Route) (*Server, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("base URL %q: want something like https://qibu.example.com", cfg.BaseURL)
	}
	files, err := loadAssets(cfg.Static)
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	s := &Server{
		academy: cfg.Academy, assets: files, csrf: http.NewCrossOriginProtection(), routes: routes, log: cfg.Log, patience: requestTime,
		site: &page.Site{
			BaseURL: strings.TrimSuffix(cfg.BaseURL, "/"), Secure: base.Scheme == "https",
			Asset: files.URL, Demo: cfg.Demo,
		},
	}
	s.app = fiber.New(fiber.Config{
		AppName:                 "Qibu",
		Immutable:               true, // strings outlive the request; without it they change under us
		ErrorHandler:            s.unread,
		BodyLimit:               maxBody,
		ReadTimeout:             readTime,
		WriteTimeout:            writeTime,
		IdleTimeout:             idleTime,
		ReadBufferSize:          16 << 10,
		CaseSensitive:           true,
		StrictRouting:           true,
		DisableStartupMessage:   true,
		EnableTrustedProxyCheck: true, // with an empty list nobody's forwarding headers are believed
		TrustedProxies:          cfg.TrustedProxies,
		EnableIPValidation:      true,
		ProxyHeader:             fiber.HeaderXForwardedFor,
	})
	s.app.Use(s.prepare)
	s.app.Get("/static/*", s.assets.serve)
	s.app.Get("/healthz", s.alive)
	s.app.Get("/readyz", s.ready)
	for _, route := range routes {
		s.app.Add(route.Method, route.Path, s.handler(route))
	}
	s.app.Use(s.nowhere)
	return s, nil
}

// Serve answers requests on ln until Shutdown.
func (s *Server) Serve(ln net.Listener) error { return s.app.Listener(lingering{ln, lingerTime}) }

// Shutdown stops listening and waits until running requests are answered or ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }

// prepare runs before everything: it catches panics, numbers the request, sets
// the headers every answer has, limits its time and refuses requests that other
// sites' pages send.
func (s *Server) prepare(c *fiber.Ctx) (err error) {
	s.begin(c)
	defer s.limit(c)()
	defer func() {
		if cause := recover(); cause != nil {
			err = s.fail(c, panicked(cause))
		}
	}()
	if err := s.sameSite(c); err != nil {
		return s.fail(c, err)
	}
	if len(c.Request().Header.PeekAll(fiber.HeaderContentEncoding)) > 0 { // no browser packs a form, and what is packed has no bound
		return s.fail(c, fiber.ErrUnsupportedMediaType)
	}
	if err := c.Next(); err != nil {
		return s.fail(c, err)
	}
	return nil
}

// unread answers a request that could not be read, and so came here without
// prepare. Of one whose body is too large it is known who sends it.
func (s *Server) unread(c *fiber.Ctx, err error) error {
	defer s.limit(c)()
	id := s.begin(c)
	if errors.Is(err, fiber.ErrRequestEntityTooLarge) {
		if sender, ok := c.Context().Conn().(*conn); ok {
			sender.unheard.Store(true)
		}
		if _, err := s.request(c); err != nil {
			s.log.Error("sender unknown", "request", id, "err", err)
		}
	}
	return s.fail(c, err)
}

// limit bounds the time a request takes, until cancel is called.
func (s *Server) limit(c *fiber.Ctx) (cancel context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	c.SetUserContext(ctx)
	return cancel
}

// begin numbers the request and sets the headers every answer has.
func (s *Server) begin(c *fiber.Ctx) (id string) {
	id = newRequestID()
	c.Locals(requestIDKey, id)
	c.Set("X-Request-Id", id)
	setHeaders(c, s.site.Secure)
	return id
}

// setHeaders sets what protects a page in the browser. There is no inline script
// or style anywhere, so the policy needs no exceptions.
func setHeaders(c *fiber.Ctx, secure bool) {
	c.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("X-Robots-Tag", "noindex") // names and results are not for search engines, public page or not
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if secure {
		c.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// sameSite refuses unsafe requests that a page of another site made the browser send.
func (s *Server) sameSite(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return nil
	}
	r := &http.Request{
		Method: c.Method(), Host: string(c.Request().Host()),
		URL:    &url.URL{Path: c.Path()},
		Header: http.Header{},
	}
	for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
		if value := c.Get(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	if err := s.csrf.Check(r); err != nil {
		return errCrossSite
	}
	return nil
}

// nowhere answers every address there is no route for, in the language of whoever asks.
func (s *Server) nowhere(c *fiber.Ctx) error {
	if _, err := s.request(c); err != nil {
		return err
	}
	return fiber.ErrNotFound
}

func (s *Server) alive(c *fiber.Ctx) error { return c.SendString("ok\n") }

func (s *Server) ready(c *fiber.Ctx) error {
	if err := s.academy.Ready(c.UserContext()); err != nil {
		s.log.Error("not ready", "err", err)
		return c.Status(fiber.StatusServiceUnavailable).SendString("database does not answer\n")
	}
	return c.SendString("ok\n")
}

// handler makes a fiber handler of a route: login if the rule asks for it, body
// limit, then the page.
func (s *Server) handler(route page.Route) fiber.Handler {
	limit := route.MaxBody
	if limit == 0 {
		limit = page.DefaultMaxBody
	}
	return func(c *fiber.Ctx) error {
		r, err := s.request(c)
		if err != nil {
			return err
		}
		if len(c.Body()) > limit {
			return fiber.ErrRequestEntityTooLarge
		}
		if route.Rule.Login {
			if r.Who.ID == "" {
				return s.askLogin(c)
			}
			if r.Me.MustRenewPW && !allowedBeforeRenewal(route.Path) {
				return r.Redirect("/me/password")
			}
		}
		return route.Handle(r)
	}
}

// allowedBeforeRenewal are the addresses open to somebody who has to choose a new
// password first.
func allowedBeforeRenewal(path string) bool {
	return path == "/me/password" || path == "/logout" || path == "/language"
}
