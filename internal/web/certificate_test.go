package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"qibu/internal/people"
)

func mustHave(t *testing.T, where, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("%s does not say %q", where, text)
		}
	}
}

func mustNotHave(t *testing.T, where, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(body, text) {
			t.Errorf("%s says %q", where, text)
		}
	}
}

// Anybody may ask about a number. The name is shown to who knows the staff
// number, which stands in no address, and cannot be guessed at leisure.
func TestVerificationPages(t *testing.T) {
	w := openTown(t)
	number := w.advisor.things["{certificate}"]
	at := "/verify/" + number

	a := w.get(t, w.visitor, at)
	if a.status != http.StatusOK || a.header.Get("X-Robots-Tag") != "noindex" {
		t.Fatalf("%d, robots %q", a.status, a.header.Get("X-Robots-Tag"))
	}
	mustHave(t, "the answer", a.body, "有效", "林＊＊", "L1 见习服务顾问", number, "2027-03-01", "七步汽车")
	mustNotHave(t, "the answer", a.body, "林晓", "QB-101")
	mustHave(t, "in English", w.send(t, w.visitor, http.MethodGet, at, "", map[string]string{"Cookie": "language=en"}).body,
		"Valid", "L1 Trainee service advisor", `lang="en"`)

	code := func(text string) answer { return w.post(t, w.visitor, at, url.Values{"code": {text}}) }
	if a := code("qb-101"); a.status != http.StatusOK || !strings.Contains(a.body, "林晓") {
		t.Errorf("the right code: %d", a.status)
	}
	for range 4 {
		if a := code("QB-102"); a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "林晓") || !strings.Contains(a.body, "林＊＊") {
			t.Errorf("a wrong code: %d %s", a.status, a.body)
		}
	}
	if a := code("QB-101"); a.status != http.StatusTooManyRequests || strings.Contains(a.body, "林晓") {
		t.Errorf("the right code after four wrong ones: %d", a.status)
	}
	w.later(time.Second)
	if a := code("QB-101"); a.status != http.StatusOK {
		t.Errorf("the right code after the wait: %d", a.status)
	}
	if a := code(""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no code: %d", a.status)
	}

	if err := w.academy.RevokeCertification(t.Context(), w.actor(t, w.hr), w.advisor.ID, w.advisor.things["{certification}"], "替考"); err != nil {
		t.Fatal(err)
	}
	a = w.get(t, w.visitor, at)
	mustHave(t, "after revocation", a.body, "已撤销")
	mustNotHave(t, "after revocation", a.body, "替考", "吴静")
}

func TestTypedNumbers(t *testing.T) {
	w := openTown(t)
	number := w.advisor.things["{certificate}"]
	typed := strings.ToLower(strings.ReplaceAll(number, "-", " "))
	if a := w.get(t, w.visitor, "/verify?number="+url.QueryEscape(typed)); a.location() != "/verify/"+number {
		t.Errorf("%q leads to %q", typed, a.location())
	}
	a := w.get(t, w.visitor, "/verify?number=QB-7K4M-9XTR-3")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a mistyped number: %d", a.status)
	}
	mustHave(t, "a mistyped number", a.body, "抄错", `value="QB-7K4M-9XTR-3"`)
	for _, path := range []string{"/verify/QB-7K4M-9XTR-2", "/verify/QB-7K4M-9XTR-3", "/verify/%3Cscript%3E"} {
		a := w.get(t, w.visitor, path)
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
		mustHave(t, path, a.body, "不是我们发出的编号")
	}
}

func TestCertificatePages(t *testing.T) {
	w := openTown(t)
	number := w.advisor.things["{certificate}"]
	a := w.get(t, w.advisor, "/certificates/"+number)
	mustHave(t, "the certificate", a.body, "林晓", "QB-101", number, "2026-03-02", "2027-03-01",
		`href="/certificates/`+number+`.pdf"`, `href="/verify/`+number+`"`, w.base+"/verify/"+number, "实操：环车检查 · 2026-03-02")
	if b := w.get(t, w.advisor, "/certificates/"+strings.ToLower(number)); b.status != http.StatusOK {
		t.Errorf("in small letters: %d", b.status)
	}
	a = w.get(t, w.advisor, "/certificates/"+number+".pdf")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.body, "%PDF-") {
		t.Errorf("PDF: %d %s", a.status, a.header.Get("Content-Type"))
	}
	if got := a.header.Get("Content-Disposition"); !strings.Contains(got, number+".pdf") {
		t.Errorf("PDF is called %q", got)
	}
	for _, path := range []string{"/certificates/" + number + ".png", "/certificates/.pdf", "/certificates/x.pdf"} {
		if a := w.get(t, w.advisor, path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

var link = regexp.MustCompile(`href="(/(?:courses|quizzes|rehearse)/[^"]+)"`)

// Whatever is missing can be done where the page says.
func TestGoalsLeadSomewhere(t *testing.T) {
	w := openTown(t)
	fresh := w.add(t, w.south, "王小明", "QB-107", people.Advisor)
	a := w.get(t, fresh, "/certificates")
	links := link.FindAllStringSubmatch(a.body, -1)
	if len(links) != 10 { // four modules, four quizzes, two role-plays
		t.Errorf("%d links, want 10", len(links))
	}
	for _, l := range links {
		if a := w.get(t, fresh, l[1]); a.status != http.StatusOK {
			t.Errorf("%s: %d", l[1], a.status)
		}
	}
	mustHave(t, "the practical", a.body, "找培训师当面做一遍", "座椅防尘套")
	mustHave(t, "the holder's page", w.get(t, w.advisor, "/certificates").body, "2026-12-31 起可以续证", w.advisor.things["{certificate}"])
}

var hiddenKey = regexp.MustCompile(`name="key" value="([^"]+)"`)

// The checklist at the bay, as a browser without scripts sends it.
func TestSigningAtTheBay(t *testing.T) {
	w := openTown(t)
	fresh := w.add(t, w.south, "王小明", "QB-107", people.Advisor)
	at := "/trainer/observe/" + fresh.ID
	mustHave(t, "the list", w.get(t, w.trainer, "/trainer/observe").body, at, "王小明")
	a := w.get(t, w.trainer, at)
	key := hiddenKey.FindStringSubmatch(a.body)
	if key == nil {
		t.Fatal("no key in the form")
	}
	mustHave(t, "the checklist", a.body, "必须通过", "座椅防尘套", `name="i.1.outcome" value="not_yet"`, `name="i.1.outcome" value="" checked`)

	form := url.Values{"key": {key[1]}}
	for n, id := range []string{"O1", "O5", "O6"} {
		prefix := "i." + string(rune('0'+n)) + "."
		form.Set(prefix+"item", id)
		form.Set(prefix+"outcome", "")
		form.Set(prefix+"note", "")
	}
	before := w.fingerprint(t)
	form.Set("i.1.note", "铺脚垫时客户不在场")
	a = w.post(t, w.trainer, at, form)
	if a.status != http.StatusUnprocessableEntity || w.fingerprint(t) != before {
		t.Errorf("a note without a result: %d", a.status)
	}
	mustHave(t, "the form to correct", a.body, `value="铺脚垫时客户不在场"`, `name="key" value="`+key[1]+`"`, `aria-describedby="e-note-O5"`)

	form.Set("i.0.outcome", "passed")
	form.Set("i.1.outcome", "not_yet")
	if a = w.post(t, w.trainer, at, form); a.status != http.StatusSeeOther || a.location() != at+"?said=observed" {
		t.Fatalf("signed: %d to %s", a.status, a.location())
	}
	a = w.get(t, w.trainer, a.location())
	mustHave(t, "afterwards", a.body, "签好了", "铺脚垫时客户不在场", "2026-03-02")
	signed := w.fingerprint(t)
	if a = w.post(t, w.trainer, at, form); a.status != http.StatusSeeOther || w.fingerprint(t) != signed {
		t.Errorf("sent again: %d, or something changed", a.status)
	}
	form.Set("i.1.outcome", "passed")
	if a = w.post(t, w.trainer, at, form); a.status != http.StatusConflict || w.fingerprint(t) != signed {
		t.Errorf("sent again with another result: %d, or something changed", a.status)
	}
	mustHave(t, "the learner's page", w.get(t, fresh, "/certificates").body, "周敏", "铺脚垫时客户不在场")

	a = w.get(t, w.trainer, "/trainer/observe/"+w.trainer.ID)
	if a.status != http.StatusForbidden {
		t.Errorf("for himself: %d", a.status)
	}
	mustHave(t, "for himself", a.body, "不能给自己签")
	if a = w.get(t, w.trainer, "/trainer/observe/"+w.stranger.ID); a.status != http.StatusNotFound {
		t.Errorf("another store's: %d", a.status)
	}
}
