package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/valyala/fasthttp"

	"qibu/internal/fault"
	"qibu/internal/web/page"
	"qibu/static"
)

// running is a server with routes of the test's own, on a real port.
type running struct {
	*Server
	base   string
	log    *transcript
	served chan error
}

// transcript is a log that may be read while it is written.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *transcript) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *transcript) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func start(t *testing.T, routes ...page.Route) *running {
	t.Helper()
	return startWith(t, Config{}, routes...)
}

func startWith(t *testing.T, cfg Config, routes ...page.Route) *running {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{base: "http://" + ln.Addr().String(), log: &transcript{}, served: make(chan error, 1)}
	cfg.Static, cfg.BaseURL, cfg.Log = static.FS, r.base, slog.New(slog.NewTextHandler(r.log, nil))
	if r.Server, err = newServer(cfg, routes); err != nil {
		t.Fatal(err)
	}
	r.patience = 10 * time.Minute
	go func() { r.served <- r.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	if status, _, _ := r.do(t, http.MethodGet, "/healthz", nil); status != http.StatusOK {
		t.Fatalf("health %d", status)
	}
	return r
}

// do sends one request, without following redirects, and reads the whole answer.
func (r *running) do(t *testing.T, method, path string, header map[string]string) (status int, body string, h http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text), res.Header
}

func open(path string, handle func(*page.Request) error) page.Route {
	return page.Route{Method: http.MethodGet, Path: path, Rule: page.Public, Handle: handle}
}

func TestShutdownFinishesWhatRuns(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	r := start(t, open("/slow", func(r *page.Request) error {
		close(entered)
		<-release
		return r.JSON(http.StatusOK, "done")
	}))
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get(r.base + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		answer <- fmt.Sprint(res.StatusCode, string(text), err)
	}()
	<-entered
	stopped := make(chan error, 1)
	go func() { stopped <- r.Shutdown(context.Background()) }()
	if err := <-r.served; err != nil {
		t.Errorf("serving ended with %v", err)
	}
	refuseSoon(t, strings.TrimPrefix(r.base, "http://"))
	select {
	case err := <-stopped:
		t.Fatalf("shutdown returned %v while a request was running", err)
	default:
	}
	close(release)
	if got, want := <-answer, `200"done"<nil>`; got != want {
		t.Errorf("the running request got %s, want %s", got, want)
	}
	if err := <-stopped; err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

// refuseSoon waits until addr takes no more connections. Serve may be back a moment before the kernel has
// closed the socket, since the closing of a listener ends with its last Accept; that moment is not a fault.
func refuseSoon(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("new connections are still accepted after the stop")
		}
	}
}

func TestShutdownGivesUpAtItsDeadline(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	r := start(t, open("/stuck", func(*page.Request) error {
		close(entered)
		<-release
		return nil
	}))
	go func() {
		if res, err := http.Get(r.base + "/stuck"); err == nil {
			res.Body.Close()
		}
	}()
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := r.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("shutdown with a stuck request: %v", err)
	}
	close(release)
}

// A browser keeps its connection open between two clicks. A stop does not wait for it.
func TestShutdownDoesNotWaitForIdleConnections(t *testing.T) {
	r := start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: qibu\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	ctx, cancel := context.WithTimeout(context.Background(), idleTime*4/5)
	defer cancel()
	if err := r.Shutdown(ctx); err != nil {
		t.Errorf("shutdown with an idle connection: %v", err)
	}
}

func TestAPanicEndsOnlyItsRequest(t *testing.T) {
	r := start(t,
		open("/wild", func(*page.Request) error { panic("the vault code is 4711") }),
		open("/calm", func(r *page.Request) error { return r.JSON(http.StatusOK, "calm") }),
	)
	status, body, header := r.do(t, http.MethodGet, "/wild", nil)
	if status != http.StatusInternalServerError || !strings.Contains(body, "<main") || strings.Contains(body, "4711") || strings.Contains(body, "goroutine") {
		t.Errorf("panic answered %d %s", status, body)
	}
	if header.Get("Content-Security-Policy") == "" {
		t.Error("the error page has no content security policy")
	}
	if log := r.log.String(); !strings.Contains(log, "4711") || !strings.Contains(log, "server_test.go") {
		t.Errorf("the log has no cause or no stack: %s", log)
	}
	if status, _, _ := r.do(t, http.MethodGet, "/calm", nil); status != http.StatusOK {
		t.Errorf("the next request got %d", status)
	}
}

// What went wrong inside is for the log. The person gets a sentence from the
// catalogue and a number to read out.
func TestErrorsTellNothingInternal(t *testing.T) {
	secret := errors.New(`dial postgres://qibu:hunter2@db: relation "persons" does not exist`)
	cases := map[string]struct {
		err    error
		status int
		logged bool
	}{
		"/plain":       {secret, 500, true},
		"/internal":    {fault.Wrap(fault.Internal, "error.internal", secret), 500, true},
		"/unavailable": {fault.Wrap(fault.Unavailable, "error.unavailable", secret), 503, true},
		"/invalid":     {fault.Wrap(fault.Invalid, "error.invalid", secret), 422, false},
		"/conflict":    {fmt.Errorf("hunter2: %w", fault.Wrap(fault.Conflict, "error.conflict", secret)), 409, false},
		"/forbidden":   {fault.Wrap(fault.Forbidden, "error.forbidden", secret), 403, false},
		"/too-late":    {fmt.Errorf("hunter2: %w", context.DeadlineExceeded), 503, true},
	}
	var routes []page.Route
	for path, c := range cases {
		routes = append(routes, open(path, func(*page.Request) error { return c.err }))
	}
	r := start(t, routes...)
	for path, c := range cases {
		for _, accept := range []string{"text/html", "application/json"} {
			status, body, header := r.do(t, http.MethodGet, path, map[string]string{"Accept": accept})
			id := header.Get("X-Request-Id")
			if status != c.status {
				t.Errorf("%s %s: status %d, want %d", path, accept, status, c.status)
			}
			for _, leak := range []string{"hunter2", "postgres", "persons", "⟦"} {
				if strings.Contains(body, leak) {
					t.Errorf("%s %s: the answer says %q: %s", path, accept, leak, body)
				}
			}
			if id == "" || !strings.Contains(body, id) {
				t.Errorf("%s %s: the answer does not give the request number %q", path, accept, id)
			}
			if logged := strings.Contains(r.log.String(), id); logged != c.logged {
				t.Errorf("%s %s: logged %v, want %v", path, accept, logged, c.logged)
			}
		}
	}
	if log := r.log.String(); !strings.Contains(log, "hunter2") {
		t.Error("the log does not have the cause")
	}
}

// Requests that never reach a route are answered in the same way.
func TestRequestsThatDoNotParse(t *testing.T) {
	r := start(t)
	cases := map[string]struct {
		request string
		status  int
	}{
		"no HTTP":         {"HELLO THERE\r\n\r\n", 400},
		"huge header":     {"GET / HTTP/1.1\r\nHost: qibu\r\nX-Pad: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", 431},
		"huge body":       {"POST /login HTTP/1.1\r\nHost: qibu\r\nContent-Length: 9999999\r\n\r\n", 413},
		"unknown address": {"GET /nowhere HTTP/1.1\r\nHost: qibu\r\n\r\n", 404},
	}
	for name, c := range cases {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, c.request) // the server may answer and close before it has read all
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			conn.Close()
			continue
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		conn.Close()
		if res.StatusCode != c.status || !strings.Contains(string(text), "<main") {
			t.Errorf("%s: %d, want a page with %d: %s", name, res.StatusCode, c.status, text)
		}
		if res.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: the page has no content security policy", name)
		}
	}
}

func TestARequestHasADeadline(t *testing.T) {
	s, err := newServer(Config{Static: static.FS, BaseURL: "http://qibu.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.patience != requestTime {
		t.Errorf("a request may take %v, want %v", s.patience, requestTime)
	}
	var left time.Duration
	r := start(t, open("/", func(r *page.Request) error {
		if deadline, ok := r.Context().Deadline(); ok {
			left = time.Until(deadline)
		}
		return r.JSON(http.StatusOK, "")
	}))
	r.do(t, http.MethodGet, "/", nil)
	if left <= 0 || left > r.patience {
		t.Errorf("time left %v, want up to %v", left, r.patience)
	}
}

// Whoever sends the request writes these headers. Only a proxy we know is believed.
func TestForwardingHeadersAreBelievedOfKnownProxiesOnly(t *testing.T) {
	cases := []struct {
		name    string
		proxies []string
		ip      string
		host    string
	}{
		{"nobody trusted", nil, "127.0.0.1", "qibu.example.com"},
		{"another proxy trusted", []string{"10.0.0.1"}, "127.0.0.1", "qibu.example.com"},
		{"this proxy trusted", []string{"127.0.0.1"}, "203.0.113.9", "evil.example"},
	}
	for _, c := range cases {
		r := startWith(t, Config{TrustedProxies: c.proxies})
		var raw fasthttp.RequestCtx
		raw.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4711}, nil)
		raw.Request.SetRequestURI("/")
		raw.Request.Header.SetHost("qibu.example.com")
		raw.Request.Header.Set("X-Forwarded-For", "203.0.113.9")
		raw.Request.Header.Set("X-Forwarded-Host", "evil.example")
		raw.Request.Header.Set("X-Real-Ip", "203.0.113.9")
		ctx := r.app.AcquireCtx(&raw)
		if ip := ctx.IP(); ip != c.ip {
			t.Errorf("%s: the request comes from %s, want %s", c.name, ip, c.ip)
		}
		if host := ctx.Hostname(); host != c.host {
			t.Errorf("%s: the request is for %s, want %s", c.name, host, c.host)
		}
		r.app.ReleaseCtx(ctx)
	}
}

// A page of another site can make a browser send a form here. It is refused,
// whatever the forwarding headers claim this site to be called.
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	sent := 0
	form := open("/form", func(r *page.Request) error { sent++; return r.JSON(http.StatusOK, "") })
	form.Method = http.MethodPost
	r := startWith(t, Config{TrustedProxies: []string{"127.0.0.1"}}, form)
	cases := []struct {
		name   string
		header map[string]string
		status int
	}{
		{"own page", map[string]string{"Origin": r.base, "Sec-Fetch-Site": "same-origin"}, 200},
		{"own page, old browser", map[string]string{"Origin": r.base}, 200},
		{"no browser", nil, 200},
		{"other site", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403},
		{"other site, old browser", map[string]string{"Origin": "https://evil.example"}, 403},
		{"sibling site", map[string]string{"Origin": "https://a.qibu.example", "Sec-Fetch-Site": "same-site"}, 403},
		{"forged host", map[string]string{"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}, 403},
		{"opaque origin", map[string]string{"Origin": "null"}, 403},
	}
	for _, c := range cases {
		before := sent
		status, _, _ := r.do(t, http.MethodPost, "/form", c.header)
		if status != c.status || (sent > before) != (c.status == 200) {
			t.Errorf("%s: status %d, handled %v", c.name, status, sent > before)
		}
	}
}

// However an address is spelt, a page behind the login asks for it.
func TestNoSpellingOfAnAddressGoesAroundTheLogin(t *testing.T) {
	reached := false
	secret := open("/admin/people", func(r *page.Request) error { reached = true; return r.JSON(http.StatusOK, "") })
	secret.Rule = page.SignedIn
	r := start(t, secret)
	for _, path := range []string{
		"/admin/people", "/ADMIN/people", "//admin/people", "/admin//people", "/admin/people/", "/admin/./people",
		"/x/../admin/people", "/%61dmin/people", "/admin%2fpeople", "/admin/people?x=1", "/admin/people;x", "/static/../admin/people",
	} {
		raw := strings.TrimPrefix(r.base, "http://")
		conn, err := net.Dial("tcp", raw)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, raw)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		conn.Close()
		if reached || (res.StatusCode != http.StatusSeeOther && res.StatusCode != http.StatusNotFound) {
			t.Errorf("%s: reached %v, status %d", path, reached, res.StatusCode)
		}
	}
}

// seen is every text a handler can take from a request.
type seen struct {
	Param, Query, Header, Device, Path, Form string
}

type aliasForm struct {
	Word string `form:"word"`
}

// A handler may keep the texts it got: in a cache, in the closure of a write that
// another request commits. The web framework reuses the memory of a request for
// the next one, unless it is told not to.
func TestTextsOfARequestOutliveIt(t *testing.T) {
	var kept []seen
	route := page.Route{Method: http.MethodPost, Path: "/keep/:word", Rule: page.Public, Handle: func(r *page.Request) error {
		form, err := page.Form[aliasForm](r)
		kept = append(kept, seen{
			Param: r.Param("word"), Query: r.Query("word"), Header: r.Header("X-Word"), Device: r.Device(),
			Path: r.Path(), Form: form.Word,
		})
		if err != nil {
			return err
		}
		return r.JSON(http.StatusOK, "")
	}}
	r := start(t, route)
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}} // one connection, one buffer
	words := []string{"alpha-alpha-alpha", "bravo-bravo-bravo", "gamma-gamma-gamma", "delta-delta-delta"}
	for _, word := range words {
		body := strings.NewReader(url.Values{"word": {word}}.Encode())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.base+"/keep/"+word+"?word="+word, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Word", word)
		req.Header.Set("User-Agent", word)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	for i, word := range words {
		want := seen{Param: word, Query: word, Header: word, Device: word, Path: "/keep/" + word, Form: word}
		if diff := cmp.Diff(want, kept[i]); diff != "" {
			t.Errorf("what request %d kept has changed since (-want +got):\n%s", i, diff)
		}
	}
}

func TestABodyAboveTheRoutesLimitIsRefused(t *testing.T) {
	small := page.Route{Method: http.MethodPost, Path: "/small", Rule: page.Public, MaxBody: 10, Handle: func(r *page.Request) error {
		return r.JSON(http.StatusOK, "")
	}}
	r := start(t, small)
	for size, want := range map[int]int{10: 200, 11: 413} {
		res, err := http.Post(r.base+"/small", "text/plain", strings.NewReader(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%d bytes: status %d, want %d", size, res.StatusCode, want)
		}
	}
}
