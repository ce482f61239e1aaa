package web

import (
	"context"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/store"
	"qibu/static"
)

// BenchmarkModulePage compares, in one run and over loopback, a module page for a
// person who is logged in with a bare Fiber route that returns the same bytes.
// The ratio of the two requests per second is what counts.
func BenchmarkModulePage(b *testing.B) {
	const path = "/courses/seven-steps/vehicle-walkaround"
	base, cookie := serveCampus(b)
	body := fetch(b, base+path, cookie)
	bare := serveBytes(b, body)
	for range b.N { // one round is a second of each, so that drift hits both
		page := rate(b, base+path, cookie)
		plain := rate(b, bare+path, "")
		b.ReportMetric(page, "page-req/s")
		b.ReportMetric(plain, "bare-req/s")
		b.ReportMetric(page/plain, "ratio")
		b.ReportMetric(float64(len(body)), "bytes")
	}
}

// rate counts how many requests four clients get answered within a second.
func rate(b *testing.B, url, cookie string) float64 {
	const clients = 4
	began := time.Now()
	counts := make(chan int, clients)
	for range clients {
		go func() {
			client := &fasthttp.Client{}
			req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			req.SetRequestURI(url)
			if cookie != "" {
				req.Header.Set("Cookie", cookie)
			}
			n := 0
			for time.Since(began) < time.Second {
				if err := client.Do(req, res); err != nil || res.StatusCode() != fasthttp.StatusOK {
					b.Errorf("%s: %d, %v", url, res.StatusCode(), err)
					break
				}
				n++
			}
			counts <- n
		}()
	}
	total := 0
	for range clients {
		total += <-counts
	}
	return float64(total) / time.Since(began).Seconds()
}

func fetch(b *testing.B, url, cookie string) []byte {
	b.Helper()
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	req.SetRequestURI(url)
	req.Header.Set("Cookie", cookie)
	if err := fasthttp.Do(req, res); err != nil || res.StatusCode() != fasthttp.StatusOK {
		b.Fatalf("%s: %d, %v", url, res.StatusCode(), err)
	}
	return append([]byte(nil), res.Body()...)
}

// serveBytes is the bare route: Fiber as it comes, one handler, the same bytes.
func serveBytes(b *testing.B, body []byte) string {
	b.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/*", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return c.Send(body)
	})
	ln := listen(b)
	go func() { _ = app.Listener(ln) }()
	b.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + ln.Addr().String()
}

// serveCampus starts Qibu with its own content and one person, and logs in.
func serveCampus(b *testing.B) (base, cookie string) {
	b.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, store.Config{Dir: filepath.Join(b.TempDir(), "data"), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	library, problems := academy.LoadLibrary(content.FS, nil)
	if library == nil {
		b.Fatal(problems)
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	a, err := academy.Open(ctx, academy.Config{Store: st, Library: library, Now: time.Now, Zone: time.UTC, Issuer: "七步", Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	setup, err := a.OfferSetup(ctx)
	if err != nil {
		b.Fatal(err)
	}
	const password = "a long enough one"
	if err := a.SetUp(ctx, setup, academy.FirstAdmin{Store: "城南店", Name: "张新", StaffNo: "1", Account: "zhang", Password: password}); err != nil {
		b.Fatal(err)
	}
	token, _, err := a.SignIn(ctx, "zhang", password, "bench")
	if err != nil {
		b.Fatal(err)
	}
	ln := listen(b)
	base = "http://" + ln.Addr().String()
	s, err := New(Config{Academy: a, Static: static.FS, BaseURL: base, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = s.Serve(ln) }()
	b.Cleanup(func() { _ = s.Shutdown(ctx) })
	return base, "qibu=" + token
}

func listen(b *testing.B) net.Listener {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return ln
}
