package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"qibu/internal/people"
	"qibu/static"
)

// After any of these events the old cookie opens nothing, on no route.
func TestAnEndedLoginOpensNothing(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	form := func(u *user, change ...string) url.Values {
		f := url.Values{
			"name": {u.Name}, "staff_no": {u.StaffNo}, "account": {u.Account}, "store": {u.StoreID}, "post": {u.Post},
			"roles": {string(u.Roles[0])}, "time_factor": {"100"},
		}
		for i := 0; i < len(change); i += 2 {
			f.Set(change[i], change[i+1])
		}
		return f
	}
	elsewhere := func(u *user) *user { // the same person on another device
		other := *u
		w.login(t, &other)
		return &other
	}
	events := []struct {
		name string
		do   func(u *user) answer
	}{
		{"logout", func(u *user) answer { return w.post(t, u, "/logout", nil) }},
		{"logout everywhere, from another device", func(u *user) answer { return w.post(t, elsewhere(u), "/me/logout-everywhere", nil) }},
		{"a new password, from another device", func(u *user) answer {
			return w.post(t, elsewhere(u), "/me/password", url.Values{"old": {password}, "new": {"a new long one"}, "again": {"a new long one"}})
		}},
		{"a new password, on this device", func(u *user) answer {
			return w.post(t, u, "/me/password", url.Values{"old": {password}, "new": {"a new long one"}, "again": {"a new long one"}})
		}},
		{"the admin resets the password", func(u *user) answer {
			return w.post(t, w.admin, "/admin/people/"+u.ID, form(u, "password", "for the time being"))
		}},
		{"the person left", func(u *user) answer { return w.post(t, w.admin, "/admin/people/"+u.ID, form(u, "left", "1")) }},
		{"the roles changed", func(u *user) answer { return w.post(t, w.admin, "/admin/people/"+u.ID, form(u, "roles", "hr")) }},
	}
	for i, e := range events {
		u := w.add(t, w.south, "学员", "QB-4"+string(rune('0'+i)), people.Advisor)
		old := *u // the cookie as it was
		if a := w.get(t, &old, "/learn"); a.status != http.StatusOK {
			t.Fatalf("before %s: %d", e.name, a.status)
		}
		if a := e.do(u); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", e.name, a.status)
		}
		w.opensNothing(t, &old, e.name)
	}
	w.later(2*time.Hour + time.Minute)
	w.opensNothing(t, w.hr, "two hours of rest, for who sees other people's data")
	if a := w.get(t, w.advisor, "/learn"); a.status != http.StatusOK {
		t.Errorf("a learner after two hours: %d", a.status)
	}
	w.later(7*24*time.Hour + time.Minute)
	w.opensNothing(t, w.advisor, "seven days of rest")
}

// opensNothing asks every route that needs a login.
func (w *town) opensNothing(t *testing.T, who *user, after string) {
	t.Helper()
	for _, key := range w.rows(t) {
		want := matrix[key].want[0][0]
		if want != toLogin && want != http.StatusUnauthorized {
			continue
		}
		a := w.request(t, who, w.mate, key, nil)
		if got := verdictOf(who, a); got != out && got != http.StatusUnauthorized {
			t.Errorf("after %s: %s answers %d", after, key, got)
		}
	}
}

// Somebody who left is refused like somebody unknown.
func TestWhoLeftCannotLogIn(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.post(t, w.admin, "/admin/people/"+w.mate.ID, url.Values{
		"name": {w.mate.Name}, "staff_no": {w.mate.StaffNo}, "account": {w.mate.Account}, "store": {w.mate.StoreID},
		"roles": {"advisor"}, "time_factor": {"100"}, "left": {"1"},
	})
	left := w.post(t, w.visitor, "/login", url.Values{"account": {w.mate.Account}, "password": {password}})
	unknown := w.post(t, w.visitor, "/login", url.Values{"account": {"nobody"}, "password": {password}})
	if left.status != http.StatusUnprocessableEntity || unknown.status != left.status ||
		strings.ReplaceAll(left.body, w.mate.Account, "") != strings.ReplaceAll(unknown.body, "nobody", "") {
		t.Errorf("who left gets %d, who is unknown %d, or the pages differ", left.status, unknown.status)
	}
}

// A temporary password opens nothing but the page to change it.
func TestATemporaryPasswordHasToBeChangedFirst(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.post(t, w.admin, "/admin/people", url.Values{
		"name": {"钱进"}, "staff_no": {"QB-900"}, "account": {"qian"}, "store": {w.south.ID}, "roles": {"advisor", "trainer", "hr", "admin"},
		"time_factor": {"100"}, "password": {"for the time being"},
	})
	u := &user{}
	u.token = loginCookie(t, w.post(t, w.visitor, "/login", url.Values{"account": {"QB-900"}, "password": {"for the time being"}}), "qibu").Value
	for _, key := range w.rows(t) {
		switch key {
		case "POST /logout", "GET /me/password", "POST /me/password":
			continue
		}
		if want := matrix[key].want[0][0]; want != toLogin && want != http.StatusUnauthorized {
			continue
		}
		if a := w.request(t, u, w.mate, key, nil); a.status != http.StatusSeeOther || a.location() != "/me/password" {
			t.Errorf("%s: %d %s, want a redirect to the password page", key, a.status, a.location())
		}
	}
	if a := w.get(t, u, "/me/password"); a.status != http.StatusOK || !strings.Contains(a.body, "临时密码") {
		t.Errorf("the password page: %d", a.status)
	}
	a := w.post(t, u, "/me/password", url.Values{"old": {"for the time being"}, "new": {"only mine now"}, "again": {"only mine now"}})
	fresh := &user{token: loginCookie(t, a, "qibu").Value}
	if a := w.get(t, fresh, "/learn"); fresh.token == u.token || a.status != http.StatusOK {
		t.Errorf("after the change: the same token %v, status %d", fresh.token == u.token, a.status)
	}
}

// loginCookie returns the login cookie an answer sets.
func loginCookie(t *testing.T, a answer, name string) *http.Cookie {
	t.Helper()
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s: %d %v", name, a.status, a.header)
	return nil
}

// The login cookie cannot be read by scripts, sent by other sites' forms or set
// by other hosts.
func TestTheLoginCookieIsGuarded(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	credentials := url.Values{"account": {w.advisor.Account}, "password": {password}}
	check := func(site string, c *http.Cookie, secure bool) {
		t.Helper()
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure {
			t.Errorf("%s: %+v", site, c)
		}
	}
	a := w.post(t, w.visitor, "/login", credentials)
	c := loginCookie(t, a, "qibu")
	check("http", c, false)
	if len(c.Value) < 43 || a.header.Get("Strict-Transport-Security") != "" {
		t.Errorf("a token of %d characters; transport security %q", len(c.Value), a.header.Get("Strict-Transport-Security"))
	}
	again := loginCookie(t, w.send(t, &user{token: c.Value}, http.MethodPost, "/login", credentials.Encode(), nil), "qibu")
	if again.Value == c.Value {
		t.Error("a login keeps the token the browser brought")
	}
	if gone := loginCookie(t, w.post(t, &user{token: again.Value}, "/logout", nil), "qibu"); gone.Value != "" || !gone.Expires.Before(time.Now()) {
		t.Errorf("logging out leaves the cookie %+v", gone)
	}

	safe := w.behindHTTPS(t)
	a = safe.post(t, w.visitor, "/login", credentials)
	check("https", loginCookie(t, a, "__Host-qibu"), true)
	if !strings.HasPrefix(a.header.Get("Strict-Transport-Security"), "max-age=") {
		t.Error("https without Strict-Transport-Security")
	}
	a = safe.send(t, &user{}, http.MethodGet, "/learn", "", map[string]string{"Cookie": "qibu=" + c.Value})
	if a.status != http.StatusSeeOther {
		t.Errorf("a cookie without the prefix, which any host could have set, opened a page: %d", a.status)
	}
}

// behindHTTPS is the same site as it runs behind a proxy that does https.
func (s *site) behindHTTPS(t *testing.T) *site {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := New(Config{Academy: s.academy, Static: static.FS, BaseURL: "https://qibu.example.com", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(ln) //nolint:errcheck // it ends with Shutdown
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &site{running: &running{Server: server, base: "http://" + ln.Addr().String()}, academy: s.academy, store: s.store}
}

// Whoever guesses has to wait, longer each time; nobody else has to.
func TestGuessingPasswordsIsSlow(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	try := func(account, password string) int {
		return w.post(t, w.visitor, "/login", url.Values{"account": {account}, "password": {password}}).status
	}
	for range 4 {
		if status := try(w.advisor.Account, "a guess"); status != http.StatusUnprocessableEntity {
			t.Errorf("a guess: %d", status)
		}
	}
	for _, name := range []string{w.advisor.Account, strings.ToUpper(w.advisor.Account)} {
		if status := try(name, password); status != http.StatusTooManyRequests {
			t.Errorf("%s at once after four guesses: %d, want 429", name, status)
		}
	}
	if status := try(w.mate.Account, password); status != http.StatusSeeOther {
		t.Errorf("somebody else meanwhile: %d", status)
	}
	w.later(time.Second + time.Millisecond)
	if status := try(w.advisor.Account, password); status != http.StatusSeeOther {
		t.Errorf("after the wait: %d", status)
	}
}
