package main

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"qibu/content"
)

func TestServeFromTheFirstStartToTheStop(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		data := filepath.Join(t.TempDir(), "data")
		p := startServer(t, "serve", "--data", data)
		res, err := http.Get(p.setupLink(t))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("the setup link answers %d", res.StatusCode)
		}
		if code, _, log := qibu(t, "", "serve", "--data", data, "--addr", anyAddr); code != 1 || !strings.Contains(log, "in use by another Qibu") {
			t.Errorf("a second Qibu on the same data: exit %d, %s", code, log)
		}
		p.stop(t, signal)
		if _, err := os.Stat(filepath.Join(data, "qibu.db-wal")); err == nil {
			t.Errorf("%v: the database was not closed", signal)
		}
	}
}

func TestHangupLoadsTheContentAgain(t *testing.T) {
	const quiz = "quizzes/vehicle-walkaround.md"
	over := t.TempDir()
	text, err := fs.ReadFile(content.FS, quiz)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		file := filepath.Join(over, filepath.FromSlash(quiz))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(string(text))
	p := startServer(t, "serve", "--data", t.TempDir(), "--content", over)
	hangup := func(want string) {
		t.Helper()
		if err := p.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		p.wait(t, want, func() bool { return strings.Contains(p.log.String(), want) })
	}
	write("---\ntitle: [\n---\n")
	hangup("content not reloaded")
	if !strings.Contains(p.log.String(), quiz+":") {
		t.Errorf("the log does not say where:\n%s", p.log.String())
	}
	write(strings.Replace(string(text), "title: ", "title: 新", 1))
	hangup(`msg="content reloaded"`)
	p.stop(t, syscall.SIGTERM)
}

func TestBrokenContentStopsTheStart(t *testing.T) {
	over, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	for _, name := range []string{"quizzes/one.md", "quizzes/two.md"} {
		file := filepath.Join(over, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("---\ntitel: x\n---\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, _, log := qibu(t, "", "serve", "--content", over, "--data", data, "--addr", anyAddr)
	if code != 1 || !strings.Contains(log, "quizzes/one.md:") || !strings.Contains(log, "quizzes/two.md:") {
		t.Errorf("exit %d, not every file named:\n%s", code, log)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the data directory was touched")
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	cases := []struct {
		name, variable, value string
		args                  []string
		code                  int
		want                  string
	}{
		{"address without port", "QIBU_ADDR", "localhost", nil, 1, "--addr"},
		{"port out of range", "", "", []string{"--addr", ":70000"}, 1, "--addr"},
		{"base URL without scheme", "QIBU_BASE_URL", "qibu.example.com", nil, 1, "--base-url"},
		{"base URL with path", "", "", []string{"--base-url", "https://example.com/qibu"}, 1, "--base-url"},
		{"unknown zone", "QIBU_ZONE", "Asia/Beijing", nil, 1, "--zone"},
		{"proxy that is a name", "QIBU_TRUSTED_PROXIES", "10.0.0.1,proxy", nil, 1, "--trusted-proxies"},
		{"wrong database", "QIBU_DATABASE_URL", "mysql://qibu:hunter2@db/qibu", nil, 1, "--database-url"},
		{"content that is no directory", "QIBU_CONTENT", "/nonexistent", nil, 1, "--content"},
		{"unknown variable", "QIBU_ADRR", ":80", nil, 2, "QIBU_ADRR"},
		{"unknown flag", "", "", []string{"--adrr", ":80"}, 2, "--adrr"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.variable != "" {
				t.Setenv(c.variable, c.value)
			}
			code, _, log := qibu(t, "", append([]string{"serve", "--data", t.TempDir()}, c.args...)...)
			if code != c.code || !strings.Contains(log, c.want) {
				t.Errorf("exit %d, want %d and a message about %s: %s", code, c.code, c.want, log)
			}
			if strings.Contains(log, "hunter2") {
				t.Errorf("the message has the password: %s", log)
			}
		})
	}
}

func TestBaseURLFollowsTheAddress(t *testing.T) {
	for addr, want := range map[string]string{
		":8080":            "http://localhost:8080",
		"0.0.0.0:80":       "http://localhost:80",
		"[::]:80":          "http://localhost:80",
		"127.0.0.1:8080":   "http://127.0.0.1:8080",
		"[::1]:8080":       "http://[::1]:8080",
		"qibu.example:443": "http://qibu.example:443",
	} {
		s := serve{Addr: addr, organisation: organisation{Zone: "Asia/Shanghai"}}
		if err := s.complete(); err != nil || s.BaseURL != want {
			t.Errorf("%s: %s %v, want %s", addr, s.BaseURL, err, want)
		}
	}
}

// The settings in force are printed at the start, and passwords never.
func TestPrintedSettingsHaveNoPassword(t *testing.T) {
	for _, url := range []string{
		"postgres://qibu:hunter2@db.example:5432/qibu?sslmode=require",
		"postgres://db.example/qibu?user=qibu&password=hunter2",
		"postgresql://db.example/qibu?sslpassword=hunter2",
	} {
		text := database{DatabaseURL: url}.String()
		if strings.Contains(text, "hunter2") || !strings.Contains(text, "db.example") {
			t.Errorf("%s is printed as %s", url, text)
		}
	}
}

func TestAStopLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for !serveAndStop(t) {
	}
	for deadline := time.Now().Add(patience); ; {
		err := goleak.Find(
			before,
			goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),    // one for the program
			goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"), // sleeps up to ten seconds before it looks
		)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// serveAndStop serves in this process until the server answers. It reports whether
// it did: the port may have been taken.
func serveAndStop(t *testing.T) (answered bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	addr, ended := freeAddr(t), make(chan int, 1)
	var said words
	go func() {
		ended <- run(ctx, []string{"serve", "--data", t.TempDir(), "--addr", addr}, console{out: &said.out, err: &said.log})
	}()
	answered = said.answers(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+addr)
	stop()
	if code := <-ended; code != 0 && answered {
		t.Errorf("exit %d\n%s", code, said.log.String())
	}
	return answered
}
