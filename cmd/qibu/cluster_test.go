package main

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"syscall"
	"testing"

	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

// What a trainer publishes through one process, learners find at another on the
// same database a moment later.
func TestProcessesOnOneDatabaseHearOfEachOther(t *testing.T) {
	cfg := storetest.Databases(t)["postgres"](t)
	p := startServer(t, "serve", "--database-url", cfg.DatabaseURL)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	status := func(res *http.Response, err error) int {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	const password = "correct horse"
	form := url.Values{"store": {"城南店"}, "name": {"石大寒"}, "staff_no": {"001"}, "account": {"boss"}, "password": {password}}
	if got := status(browser.PostForm(p.setupLink(t), form)); got != http.StatusSeeOther {
		t.Fatalf("setting up answers %d", got)
	}
	form = url.Values{"account": {"boss"}, "password": {password}}
	if got := status(browser.PostForm(p.base+"/login", form)); got != http.StatusSeeOther {
		t.Fatalf("logging in answers %d", got)
	}

	library, err := curriculum{}.load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a, err := openAcademy(t.Context(), s, library, organisation{Zone: "Asia/Shanghai"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := a.SignIn(t.Context(), "boss", password, "test")
	if err != nil {
		t.Fatal(err)
	}
	boss, _, err := a.Resume(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	const slug = "rp20-car-wash"
	if err := a.NewScript(t.Context(), boss, slug, ""); err != nil {
		t.Fatal(err)
	}
	brief := p.base + "/rehearse/" + slug
	if got := status(browser.Get(brief)); got != http.StatusNotFound {
		t.Errorf("before publishing it answers %d", got)
	}
	if _, err := a.PublishScript(t.Context(), boss, slug, 1, ""); err != nil {
		t.Fatal(err)
	}
	p.wait(t, "the other process to hear of it", func() bool { return status(browser.Get(brief)) == http.StatusOK })
	p.stop(t, syscall.SIGTERM)
}
