package web

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/static"
)

// BenchmarkModulePage compares, in one run and over loopback, a module page for a
// person who is logged in with a bare Fiber route that returns the same bytes.
// The ratio of the two requests per second is what counts.
func BenchmarkModulePage(b *testing.B) {
	const path = "/courses/seven-steps/vehicle-walkaround"
	c := serveCampus(b)
	cookie := c.enrol(b)
	body := fetch(b, c.base+path, cookie)
	bare := serveBytes(b, body)
	for range b.N { // one round is a second of each, so that drift hits both
		page := rate(b, c.base+path, cookie)
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

// BenchmarkChoose says things in exams: who asks, one durable write, one render,
// in every ninth or so also the end of the session with its evidence. It takes
// turns with a bare durable insert: one row of the audit list in a transaction of
// its own, by the product's own writer. "ratio" is how many choices are answered
// in the time of as many inserts, by somebody alone and with many people at once,
// where the writer commits many of either together. "served" is all the server
// does for a request but reading and writing the connection; "http" is from the
// click to the last byte of the answer, whose sender shares the processors.
func BenchmarkChoose(b *testing.B) {
	for _, way := range []string{"served", "http"} {
		for _, people := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/people=%d", way, people), func(b *testing.B) {
				c := serveCampus(b)
				var choosing, inserting time.Duration
				choices := 0
				for range b.N { // one round is a whole exam of everybody
					talkers := make([]*talker, people)
					for i := range talkers {
						talkers[i] = c.sitDown(b, way == "http")
					}
					said := make([]int, people)
					choosing += together(people, func(i int) { said[i] = talkers[i].talk(b) })
					inserting += together(people, func(i int) { c.insert(b, said[i]) })
					for _, n := range said {
						choices += n
					}
				}
				b.ReportMetric(float64(choices)/choosing.Seconds(), "choices/s")
				b.ReportMetric(float64(choices)/inserting.Seconds(), "inserts/s")
				b.ReportMetric(inserting.Seconds()/choosing.Seconds(), "ratio")
			})
		}
	}
}

// together lets so many do something at once and returns how long it took them.
func together(many int, do func(i int)) time.Duration {
	var all sync.WaitGroup
	began := time.Now()
	for i := range many {
		all.Go(func() { do(i) })
	}
	all.Wait()
	return time.Since(began)
}

// serve answers a request as the server does, without a connection.
func (c *benchCampus) serve(req *fasthttp.Request, res *fasthttp.Response) error {
	var ctx fasthttp.RequestCtx
	ctx.Init(req, nil, nil)
	c.server.app.Handler()(&ctx)
	ctx.Response.CopyTo(res)
	return nil
}

func (c *benchCampus) insert(b *testing.B, rows int) {
	for range rows {
		if err := c.store.Write(context.Background(), func(tx *store.Tx) error {
			return tx.Audit(store.AuditEntry{ActorID: "bench", Action: "choose", Subject: "bench"})
		}); err != nil {
			b.Error(err)
		}
	}
}

// talker is somebody in an exam.
type talker struct {
	do           func(*fasthttp.Request, *fasthttp.Response) error
	cookie, base string
	path         string // of the session
	step, token  []byte // of what she says next, the token nil after the end
}

// sitDown adds an advisor who begins an exam, over a connection of her own or none.
func (c *benchCampus) sitDown(b *testing.B, connect bool) *talker {
	b.Helper()
	t := &talker{do: c.serve, cookie: c.enrol(b), base: c.base}
	if connect {
		t.do = (&fasthttp.Client{}).Do
	}
	begun := t.send(b, fasthttp.MethodPost, "/rehearse/"+openScenario+"/sessions", "mode=exam", fasthttp.StatusSeeOther)
	location, _, _ := strings.Cut(string(begun.Header.Peek("Location")), "#")
	t.path = strings.TrimPrefix(location, c.base)
	t.listen(t.send(b, fasthttp.MethodGet, t.path, "", fasthttp.StatusOK).Body())
	return t
}

// talk says the first thing that is offered, until the end, and returns how often.
func (t *talker) talk(b *testing.B) (said int) {
	for ; t.token != nil; said++ {
		form := "step=" + string(t.step) + "&token=" + string(t.token)
		t.listen(t.send(b, fasthttp.MethodPost, t.path+"/choices", form, fasthttp.StatusOK).Body())
	}
	return said
}

func (t *talker) send(b *testing.B, method, path, form string, want int) *fasthttp.Response {
	req, res := fasthttp.AcquireRequest(), &fasthttp.Response{}
	defer fasthttp.ReleaseRequest(req)
	req.SetRequestURI(t.base + path)
	req.Header.SetMethod(method)
	req.Header.Set("Cookie", t.cookie)
	if method == fasthttp.MethodPost {
		req.Header.SetContentType("application/x-www-form-urlencoded")
		req.Header.Set("X-Fragment", "talk")
		req.SetBodyString(form)
	}
	if err := t.do(req, res); err != nil || res.StatusCode() != want {
		b.Errorf("%s: %d, %v", path, res.StatusCode(), err)
	}
	return res
}

// listen finds what can be said next on a page, or in the answer to a choice.
func (t *talker) listen(body []byte) {
	_, form, _ := bytes.Cut(body, []byte(`<form class="replies"`))
	t.step, t.token = valueOf(form, "step"), valueOf(form, "token")
}

func valueOf(form []byte, name string) []byte {
	_, rest, ok := bytes.Cut(form, []byte(`name="`+name+`" value="`))
	if !ok {
		return nil
	}
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return value
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

// benchCampus is a running Qibu with its own content and one store.
type benchCampus struct {
	academy *academy.Academy
	store   *store.Store
	server  *Server
	home    people.Store
	base    string
}

func serveCampus(b *testing.B) *benchCampus {
	b.Helper()
	ctx := context.Background()
	c := &benchCampus{home: people.Store{ID: store.NewID(), Name: "城南店"}}
	var err error
	if c.store, err = store.Open(ctx, store.Config{Dir: filepath.Join(b.TempDir(), "data"), Now: time.Now}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.store.Close() })
	library, problems := shipped()
	if library == nil {
		b.Fatal(problems)
	}
	quiet := slog.New(slog.DiscardHandler)
	c.academy, err = academy.Open(ctx, academy.Config{Store: c.store, Library: library, Now: time.Now, Zone: time.UTC, Issuer: "七步", Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.store.Write(ctx, func(tx *store.Tx) error { return tx.AddStore(c.home) }); err != nil {
		b.Fatal(err)
	}
	ln := listen(b)
	c.base = "http://" + ln.Addr().String()
	c.server, err = New(Config{Academy: c.academy, Static: static.FS, BaseURL: c.base, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = c.server.Serve(ln) }()
	b.Cleanup(func() { _ = c.server.Shutdown(ctx) })
	return c
}

// enrol adds an advisor who is logged in, and returns the cookie.
func (c *benchCampus) enrol(b *testing.B) (cookie string) {
	b.Helper()
	id := store.NewID()
	p := people.Person{
		ID: id, Account: id, StaffNo: "QB" + id, Name: "张新", StoreID: c.home.ID, Store: c.home.Name,
		Language: "zh", TimeFactor: 100, Roles: []people.Role{people.Advisor},
	}
	if err := c.store.Write(b.Context(), func(tx *store.Tx) error { return tx.AddPerson(p, cheapHash()) }); err != nil {
		b.Fatal(err)
	}
	token, _, err := c.academy.SignIn(b.Context(), p.Account, password, "bench")
	if err != nil {
		b.Fatal(err)
	}
	return "qibu=" + token
}

func listen(b *testing.B) net.Listener {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return ln
}
