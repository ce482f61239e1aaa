package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// deed is a row of the matrix that changes something, done by somebody who may.
type deed struct {
	key        string
	who, whose *user
}

// deeds are all unsafe rows, in the order of the routes.
func (w *town) deeds(t *testing.T) []deed {
	t.Helper()
	var list []deed
	for _, key := range w.rows(t) {
		if strings.HasPrefix(key, "GET ") {
			continue
		}
		d := deed{key: key, who: w.advisor, whose: w.advisor}
		for i, who := range []*user{w.advisor, w.trainer, w.hr, w.admin} {
			want := matrix[key].want[i+1]
			if slices.ContainsFunc(want[:], succeeds) {
				d.who, d.whose = who, who
				if !succeeds(want[0]) {
					d.whose = w.mate
				}
				break
			}
		}
		list = append(list, d)
	}
	return list
}

func succeeds(status int) bool {
	return status == http.StatusOK || status == http.StatusSeeOther || status == out
}

// Whatever a page of another site makes the browser of somebody send who may do
// it, it is refused and nothing changes.
func TestOtherSitesCanChangeNothing(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	attacks := map[string]map[string]string{
		"cross-site form":           {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		"sibling site":              {"Sec-Fetch-Site": "same-site", "Origin": "http://other.127.0.0.1"},
		"cross-site without origin": {"Sec-Fetch-Site": "cross-site", "Origin": ""},
		"old browser":               {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
		"sandboxed frame":           {"Sec-Fetch-Site": "", "Origin": "null"},
		"our name as a prefix":      {"Sec-Fetch-Site": "", "Origin": w.base + ".evil.example"},
		"another port":              {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:1"},
		"a plain-text form":         {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
	}
	before := w.fingerprint(t)
	deeds := w.deeds(t)
	for _, d := range deeds {
		for attack, header := range attacks {
			a := w.request(t, d.who, d.whose, d.key, header)
			if a.status != http.StatusForbidden {
				t.Errorf("%s, %s: status %d", d.key, attack, a.status)
			}
			if len(a.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s, %s: the answer sets a cookie", d.key, attack)
			}
		}
		if w.fingerprint(t) != before {
			t.Errorf("%s: a refused request changed something", d.key)
			before = w.fingerprint(t)
		}
	}
	if len(deeds) < 20 {
		t.Errorf("only %d unsafe routes", len(deeds))
	}
}

// The same requests from our own pages do something: the test above does not pass
// because they are wrong.
func TestOwnFormsChangeSomething(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	idle := []string{ // what the row sends is refused for other reasons, or is so already
		"POST /setup/:token", "POST /me/password", "POST /language", "POST /quizzes/:slug/attempts",
		"POST /rehearse/:slug/sessions", "POST /sessions/:id/documents", "POST /verify/:number",
		"POST /trainer/scripts/:slug/check", "POST /trainer/scripts/:slug/try",
		"POST /trainer/banks/:slug/check", "POST /trainer/banks/:slug/try", "POST /trainer/banks/:slug/import", "POST /notices/seen",
	}
	for _, d := range w.deeds(t) {
		before := w.fingerprint(t)
		a := w.request(t, d.who, d.whose, d.key, nil)
		if changed := w.fingerprint(t) != before; changed == slices.Contains(idle, d.key) {
			t.Errorf("%s by %s: status %d, changed something: %v", d.key, name(d.who), a.status, changed)
		}
		if verdictOf(d.who, a) == out {
			w.login(t, d.who)
		}
	}
}
