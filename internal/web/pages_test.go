package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"qibu/internal/store"
)

// visit is one page for one person.
type visit struct {
	who  *user
	path string
}

// visits are all pages of the matrix for the people they are for, and pages in
// the states that an address alone does not show.
func (w *town) visits(t *testing.T) []visit {
	t.Helper()
	var list []visit
	for _, key := range w.rows(t) {
		method, route, _ := strings.Cut(key, " ")
		if method != http.MethodGet || strings.HasPrefix(route, "/static") || strings.HasSuffix(route, "z") || strings.Contains(route, ".") {
			continue
		}
		for i, who := range []*user{w.visitor, w.advisor, w.trainer, w.hr, w.admin} {
			whose := who
			if who == w.visitor {
				whose = w.advisor
			}
			if matrix[key].want[i][0] != http.StatusOK {
				whose = w.mate
			}
			if whose != who && matrix[key].want[i][1] != http.StatusOK {
				continue
			}
			path := strings.ReplaceAll(matrix[key].path, "{by}", who.things["{role}"])
			list = append(list, visit{who, whose.fill(path)})
		}
	}
	for who, paths := range map[*user][]string{
		w.visitor: {"/login?next=/learn&said=set_up", "/verify/QB-2222-2222-2", "/verify?number=QB-1"},
		w.advisor: {
			"/quizzes/" + doneQuiz, "/quizzes/" + failedQuiz, "/rehearse/" + doneScenario, "/search", "/search?q=nothing+like+it",
			"/practice?set=1", "/practice?set=9", "/practice/" + failedQuiz + "?said=practice_moved_on",
			"/sources/S4-035?card=1", "/me?said=password_changed", "/courses/complaint-handling/listen-and-explain",
			w.advisor.fill("/sessions/{practice}"), w.advisor.fill("/sessions/{practised}"), w.advisor.fill("/sessions/{played}"),
			w.advisor.fill("/sessions/{practised}/debrief"), w.advisor.fill("/sessions/{debriefed}/debrief"),
		},
		w.trainer: {"/trainer?q=zzz", "/trainer/assign", "/trainer/scripts/" + draftScenario, "/hr", "/hr/people/" + w.advisor.ID},
		w.hr:      {"/hr?q=zzz", "/hr?state=certified", "/trainer/assign?store=" + w.north.ID, "/hr/people/" + w.stranger.ID},
		w.admin:   {"/admin/people?q=zzz&leavers=1", "/admin/people/" + w.mate.ID, "/admin/audit?page=9"},
	} {
		for _, path := range paths {
			list = append(list, visit{who, path})
		}
	}
	return list
}

// speak sets the language everybody reads in.
func (w *town) speak(t *testing.T, lang string) {
	t.Helper()
	w.write(t, func(tx *store.Tx) error {
		for _, u := range w.everybody() {
			if err := tx.SetLanguage(u.ID, lang); err != nil {
				return err
			}
		}
		return nil
	})
}

// Every page there is, in both languages: whole, accessible, in one language.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for lang, attribute := range map[string]string{"zh": "zh-CN", "en": "en"} {
		w.speak(t, lang)
		for _, v := range w.visits(t) {
			a := w.send(t, v.who, http.MethodGet, v.path, "", map[string]string{"Cookie": v.who.cookies(lang)})
			label := lang + " " + name(v.who) + " " + v.path
			want := http.StatusOK
			switch {
			case strings.Contains(v.path, "QB-2222"):
				want = http.StatusNotFound
			case strings.Contains(v.path, "number=QB-1"):
				want = http.StatusUnprocessableEntity
			}
			if a.status != want {
				t.Errorf("%s: status %d", label, a.status)
				continue
			}
			p := &examiner{t: t, label: label, lang: lang, data: w.names()}
			p.headers(a.header)
			root := p.parse(a.body)
			if strings.Contains(v.path, "card=1") {
				p.elements(root)
				continue
			}
			p.shell(root, attribute)
			p.elements(root)
			p.actions(root, w.site)
		}
	}
}

func (u *user) cookies(lang string) string {
	if u.token == "" {
		return "language=" + lang
	}
	return "qibu=" + u.token
}

// names are the texts on pages that are nobody's translation.
func (w *town) names() []string {
	list := []string{w.south.Name, w.north.Name, "七步汽车", "服务顾问", "稳", examTitle, examHonour}
	for _, u := range w.everybody() {
		first, _ := utf8.DecodeRuneInString(u.Name)
		list = append(list, u.Name, string(first)+"＊＊")
	}
	return list
}

// examiner looks at one page.
type examiner struct {
	t           *testing.T
	label, lang string
	data        []string // texts that people wrote
	ids         map[string]bool
}

func (p *examiner) errorf(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf("%s: %s", p.label, fmt.Sprintf(format, args...))
}

func (p *examiner) headers(h http.Header) {
	p.t.Helper()
	for header, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := h.Get(header); got != want {
			p.errorf("%s is %q, want %q", header, got, want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "script-src 'self'"} {
		if !strings.Contains(policy, want) {
			p.errorf("the content security policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		p.errorf("the content security policy has holes: %s", policy)
	}
}

// broken is what a page says when something was not filled in; unfilled is the
// same without word boundaries, which most pages are soon found to be without.
var (
	broken   = regexp.MustCompile(`⟦|⟧|\{\{|<no value>|%!|\bmap\[|\[\]string|<nil>`)
	unfilled = []string{"⟦", "⟧", "{{", "<no value>", "%!", "map[", "[]string", "<nil>"}
)

// written is what an author wrote, in whose questions a blank looks like that.
var written = regexp.MustCompile(`(?s)<(?:textarea|code|p class="finding-quote")[ >].*?</(?:textarea|code|p)>|<input type="hidden"[^>]*>`)

func (p *examiner) parse(body string) *html.Node {
	p.t.Helper()
	if containsAny(body, unfilled...) {
		page := written.ReplaceAllString(body, "")
		if at := broken.FindStringIndex(page); at != nil {
			p.errorf("something is not filled in: …%s…", page[max(0, at[0]-60):min(len(page), at[1]+60)])
		}
	}
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	return root
}

// shell is what every page has once.
func (p *examiner) shell(root *html.Node, lang string) {
	p.t.Helper()
	count := map[string]int{}
	for n := range elements(root) {
		if n.Namespace == "" { // an <svg> has a <title> of its own
			count[n.Data]++
		}
		if n.Data == "html" && attr(n, "lang") != lang {
			p.errorf("the page is in %q, want %q", attr(n, "lang"), lang)
		}
		if n.Data == "title" && n.Namespace == "" && strings.HasPrefix(text(n), " ·") {
			p.errorf("the page has no title")
		}
	}
	for _, once := range []string{"title", "main", "h1"} {
		if count[once] != 1 {
			p.errorf("%d elements <%s>, want 1", count[once], once)
		}
	}
}

// elements looks at every element: ids, names, language, and nothing that the
// content security policy would refuse.
func (p *examiner) elements(root *html.Node) {
	p.t.Helper()
	p.ids = map[string]bool{}
	labelled := map[string]bool{}
	for n := range elements(root) {
		if id := attr(n, "id"); id != "" {
			if p.ids[id] {
				p.errorf("two elements with the id %q", id)
			}
			p.ids[id] = true
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
	}
	for n := range elements(root) {
		p.policy(n)
		p.references(n)
		p.named(n, labelled)
		p.nesting(n)
	}
	if p.lang == "en" {
		p.english(root)
	}
}

// policy refuses what the content security policy blocks: the page would not work.
func (p *examiner) policy(n *html.Node) {
	p.t.Helper()
	if n.Data == "style" || (n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil)) {
		p.errorf("an inline <%s>", n.Data)
	}
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			p.errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
		if (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.Contains(a.Val, ":") &&
			!strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
			p.errorf("<%s %s=%q> leads away", n.Data, a.Key, a.Val)
		}
	}
}

// references are ids that attributes point to.
func (p *examiner) references(n *html.Node) {
	p.t.Helper()
	for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "form"} {
		for _, id := range strings.Fields(attr(n, key)) {
			if !p.ids[id] {
				p.errorf("<%s %s=%q> points to nothing", n.Data, key, id)
			}
		}
	}
	if id, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && !p.ids[id] {
		p.errorf("the link %q leads nowhere", "#"+id)
	}
}

// named holds that a screen reader has something to say.
func (p *examiner) named(n *html.Node, labelled map[string]bool) {
	p.t.Helper()
	named := attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != ""
	switch n.Data {
	case "input", "select", "textarea":
		hidden := attr(n, "type") == "hidden" || has(n, "hidden")
		if !hidden && !named && !labelled[attr(n, "id")] && within(n, "label") == nil {
			p.errorf("the %s %q has no label", n.Data, attr(n, "name"))
		}
	case "button", "a", "summary":
		if !named && strings.TrimSpace(text(n)) == "" && attr(n, "aria-hidden") != "true" {
			p.errorf("a <%s> without a name: %v", n.Data, n.Attr)
		}
	case "img":
		if !has(n, "alt") {
			p.errorf("an <img> without alt: %s", attr(n, "src"))
		}
	case "svg":
		picture := attr(n, "role") == "img" || attr(n, "role") == "group" // a group has things to click in it
		if attr(n, "aria-hidden") != "true" && hiddenBy(n) == nil && within(n, "svg") == nil && (!picture || (!named && child(n, "title") == nil)) {
			p.errorf("an <svg> that is neither named nor hidden: %v", n.Attr)
		}
	case "nav", "dialog":
		if !named {
			p.errorf("a <%s> without a name", n.Data)
		}
	case "th":
		if attr(n, "scope") == "" && within(n, "article") == nil { // the tables of lessons are plain Markdown
			p.errorf("a <th> without scope: %s", text(n))
		}
	}
}

// nesting holds that nothing to click stands in something to click.
func (p *examiner) nesting(n *html.Node) {
	p.t.Helper()
	if n.Data != "a" && n.Data != "button" && n.Data != "summary" {
		return
	}
	for above := n.Parent; above != nil; above = above.Parent {
		if above.Data == "a" || above.Data == "button" {
			p.errorf("a <%s> inside <%s>", n.Data, above.Data)
		}
	}
}

// chinese is what has no place in English text.
var chinese = regexp.MustCompile(`[\p{Han}\x{3000}-\x{303F}\x{FF00}-\x{FFEF}]+`)

var latin = regexp.MustCompile(`[a-z]{3}`)

// english holds that the page around the content is in English: Chinese stands
// only where the page says that it is Chinese. An attribute cannot say so; it may
// quote Chinese in an English sentence.
func (p *examiner) english(n *html.Node) {
	p.t.Helper()
	if strings.HasPrefix(attr(n, "lang"), "zh") {
		return
	}
	if n.Type == html.TextNode {
		if found := chinese.FindString(p.without(n.Data)); found != "" {
			p.errorf("Chinese on an English page, in <%s>: %s", n.Parent.Data, strings.TrimSpace(n.Data))
		}
	}
	for _, a := range n.Attr {
		if slices.Contains([]string{"aria-label", "title", "alt", "placeholder", "content"}, a.Key) {
			if said := p.without(a.Val); chinese.MatchString(said) && !latin.MatchString(said) {
				p.errorf("Chinese on an English page, %s=%q", a.Key, a.Val)
			}
		}
	}
	for c := range n.ChildNodes() {
		p.english(c)
	}
}

// without is a text without what people wrote in it.
func (p *examiner) without(text string) string {
	for _, name := range p.data {
		text = strings.ReplaceAll(text, name, "")
	}
	return text
}

// actions holds that every form leads to a route of its method, and that its
// buttons can be pressed.
func (p *examiner) actions(root *html.Node, s *site) {
	p.t.Helper()
	for n := range elements(root) {
		if n.Data != "form" || attr(n, "action") == "" {
			continue
		}
		method := strings.ToUpper(attr(n, "method"))
		path, _, _ := strings.Cut(attr(n, "action"), "?")
		if method == "" {
			method = http.MethodGet
		}
		if !s.routed(method, path) {
			p.errorf("a form sends %s %s, which is no route", method, path)
		}
	}
}

// routed reports whether there is a route for an address.
func (s *site) routed(method, path string) bool {
	return slices.ContainsFunc(s.app.GetRoutes(true), func(r fiber.Route) bool {
		if r.Method != method {
			return false
		}
		pattern := regexp.MustCompile(`:[a-z]+|\*`).ReplaceAllString(r.Path, `[^/]+`)
		return regexp.MustCompile("^" + pattern + "$").MatchString(path)
	})
}

// shared are the addresses that look the same to everybody who is logged in.
var shared = regexp.MustCompile(`^/(sources|courses|static|quizzes)/`)

// Wherever a page leads, there is something. Every link of every page is followed
// once by whoever was shown it.
func TestNoLinkIsDead(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	type step struct {
		who  *user
		path string
	}
	from := map[step]string{}
	var queue []step
	collect := func(who *user, path string, a answer) {
		root, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range elements(root) {
			href, _, _ := strings.Cut(attr(n, "href")+attr(n, "src"), "#")
			if !strings.HasPrefix(href, "/") {
				continue
			}
			s := step{who, href}
			if shared.MatchString(href) {
				s.who = w.advisor // the same for everybody
			}
			if _, seen := from[s]; !seen {
				from[s] = path
				queue = append(queue, s)
			}
		}
	}
	for _, v := range w.visits(t) {
		collect(v.who, v.path, w.get(t, v.who, v.path))
	}
	for ; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		a := w.get(t, s.who, s.path)
		switch {
		case a.status == http.StatusSeeOther && !strings.HasPrefix(a.location(), "/login"):
		case a.status != http.StatusOK:
			t.Errorf("%s: %s leads to %s, which answers %d %s", name(s.who), from[s], s.path, a.status, a.location())
		case strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && len(from) < 3000:
			collect(s.who, s.path, a)
		}
	}
	t.Logf("%d links", len(from))
	if len(from) < 100 {
		t.Errorf("only %d links were followed", len(from))
	}
}

// No page a learner opens asks the database more than six times, the question who
// is asking included; only the home page asks more than four times.
func TestLearnerPagesTakeFewStatements(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, v := range w.visits(t) {
		if v.who != w.advisor {
			continue
		}
		most := int64(4)
		if v.path == "/learn" {
			most = 6
		}
		w.speak(t, "zh") // what was remembered of logins no longer holds
		before := w.store.Statements()
		w.get(t, v.who, v.path)
		if n := w.store.Statements() - before; n > most {
			t.Errorf("%s takes %d statements, at most %d are allowed", v.path, n, most)
		}
	}
}

// Looking at pages changes nothing. (A file that takes people's data away is no
// page: it is noted in the audit list.)
func TestSafeRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	before := w.fingerprint(t)
	visits := w.visits(t)
	for _, v := range visits {
		w.get(t, v.who, v.path)
	}
	if w.fingerprint(t) == before {
		return
	}
	for _, v := range visits { // again, to say which one it was
		before = w.fingerprint(t)
		if w.get(t, v.who, v.path); w.fingerprint(t) != before {
			t.Errorf("%s, GET %s changed something", name(v.who), v.path)
		}
	}
	t.Error("a page changed something when it was first asked for")
}

func TestAssetsAreKeptByBrowsers(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for address, file := range w.assets.byURL {
		plain := w.get(t, w.visitor, address)
		if plain.status != http.StatusOK || plain.body != string(file.plain) {
			t.Errorf("%s: status %d, %d bytes, want %d", address, plain.status, len(plain.body), len(file.plain))
		}
		for header, want := range map[string]string{
			"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
			"Content-Type": file.contentType, "Vary": "Accept-Encoding",
		} {
			if got := plain.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", address, header, got, want)
			}
		}
		if len(plain.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", address)
		}
	}
	for _, path := range []string{"/static/", "/static/app.css", "/static/../go.mod", "/static/%2e%2e/go.mod", "/static/css/00-tokens.css"} {
		if a := w.get(t, w.visitor, path); a.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
}

// An address nobody has leads on: what happened, a number to read out, a way home.
func TestUnknownAddressesLeadHome(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for who, home := range map[*user]string{w.visitor: "/login", w.advisor: "/learn", w.trainer: "/trainer", w.hr: "/hr", w.admin: "/admin/people"} {
		for _, path := range []string{"/nowhere", "/courses/none", "/attempts/none", "/courses/seven-steps/none/", "/%ff%fe"} {
			a := w.get(t, who, path)
			if who == w.visitor && path != "/nowhere" && a.status == http.StatusSeeOther {
				continue
			}
			if a.status != http.StatusNotFound {
				t.Errorf("%s, %s: status %d", name(who), path, a.status)
			}
			p := &examiner{t: t, label: name(who) + " " + path, lang: "zh"}
			p.headers(a.header)
			root := p.parse(a.body)
			p.shell(root, "zh-CN")
			p.elements(root)
			way := false
			for n := range elements(root) {
				way = way || (attr(n, "href") == home && attr(n, "class") == "button")
			}
			// An address without a route is answered before anybody asked who is there.
			if !way && path != "/nowhere" && !strings.HasSuffix(path, "/") && !strings.HasPrefix(path, "/%") {
				t.Errorf("%s, %s: no way to %s", name(who), path, home)
			}
			if !strings.Contains(a.body, a.header.Get("X-Request-Id")) {
				t.Errorf("%s, %s: the page does not say its request number", name(who), path)
			}
		}
	}
}

// The address a visitor asked for is where the login leads.
func TestLoginLeadsBack(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, v := range w.visits(t) {
		if v.who != w.advisor {
			continue
		}
		a := w.get(t, w.visitor, v.path)
		if a.status == http.StatusOK { // it is for everybody
			continue
		}
		form := w.get(t, w.visitor, a.location())
		root, err := html.Parse(strings.NewReader(form.body))
		if err != nil {
			t.Fatal(err)
		}
		fields := url.Values{"account": {v.who.StaffNo}, "password": {password}}
		for n := range elements(root) {
			if attr(n, "type") == "hidden" && attr(n, "name") == "next" {
				fields.Set("next", attr(n, "value"))
			}
		}
		a = w.post(t, w.visitor, "/login", fields)
		if a.status != http.StatusSeeOther || a.location() != v.path {
			t.Errorf("asked for %s, after the login came %d %s", v.path, a.status, a.location())
		}
	}
}

// A form that was sent after the login had ended leads back to the page it stood
// on, if that was a page of this site.
func TestLoginLeadsBackToTheFormsPage(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for referer, want := range map[string]string{
		w.base + "/courses/seven-steps?a=b":      "/login?next=" + url.QueryEscape("/courses/seven-steps?a=b"),
		"https://evil.example/courses":           "/login",
		w.base + "//evil.example":                "/login",
		"":                                       "/login",
		w.base + "/" + strings.Repeat("x", 1200): "/login",
	} {
		a := w.send(t, w.visitor, http.MethodPost, "/me/logout-everywhere", "", map[string]string{"Referer": referer})
		if a.location() != want {
			t.Errorf("from %.60s: %s, want %s", referer, a.location(), want)
		}
	}
}

// Whatever stands in next or back, the browser stays on this site.
func TestRedirectsStayHere(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, target := range []string{
		"//evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example", "https:evil.example", "http:/evil.example",
		"///evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil.example", "//evil.example/%2e%2e",
		"/%5cevil.example\\", "https://qibu@evil.example", ":", "//", `/\/evil.example`, "\x00//evil.example", "　//evil.example",
	} {
		login := w.post(t, w.visitor, "/login", url.Values{"account": {w.advisor.Account}, "password": {password}, "next": {target}})
		language := w.post(t, w.visitor, "/language", url.Values{"language": {"zh"}, "back": {target}})
		for form, a := range map[string]answer{"login": login, "language": language} {
			if a.status != http.StatusSeeOther || a.location() != "/" {
				t.Errorf("%s with %q: %d %q, want a redirect to /", form, target, a.status, a.location())
			}
		}
		if a := w.get(t, w.visitor, "/login?next="+url.QueryEscape(target)); a.status != http.StatusOK {
			t.Errorf("login page with %q: %d", target, a.status)
		}
	}
	if a := w.post(t, w.visitor, "/language", url.Values{"language": {"en"}, "back": {"/help?x=//y"}}); a.location() != "/help?x=//y" {
		t.Errorf("an address of this site became %q", a.location())
	}
}

// What is kept of a lesson between two views is nobody's progress but one's own.
func TestALessonShowsOnesOwnProgress(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	const lesson = "/courses/seven-steps/vehicle-walkaround"
	read := func(who *user) int { return strings.Count(w.get(t, who, lesson).body, "outline-read") }
	for range 2 { // the second time from what is kept
		if mine, others := read(w.advisor), read(w.mate); mine != 0 || others != 0 {
			t.Fatalf("before reading: %d and %d paragraphs read", mine, others)
		}
	}
	w.post(t, w.advisor, lesson+"/read", url.Values{"heading": {"covers"}})
	for range 2 {
		if mine, others := read(w.advisor), read(w.mate); mine != 1 || others != 0 {
			t.Errorf("after reading one paragraph: %d, and somebody else %d", mine, others)
		}
	}
	for who, link := range map[*user]string{w.advisor: "/certificates", w.trainer: "/trainer/observe", w.hr: "/hr", w.admin: "/admin/audit"} {
		for _, other := range []string{"/trainer/observe", "/hr", "/admin/audit"} {
			leads := strings.Contains(w.get(t, who, lesson).body, `href="`+other+`"`)
			if leads != (other == link) {
				t.Errorf("%s is led to %s: %v", name(who), other, leads)
			}
		}
	}
	const done = "class=\"said\""
	said := strings.Contains(w.get(t, w.advisor, lesson+"?said=module_read").body, done)
	if again := strings.Contains(w.get(t, w.advisor, lesson).body, done); !said || again {
		t.Errorf("the confirmation: %v, and at the next view %v", said, again)
	}
	w.speak(t, "en")
	if body := w.get(t, w.advisor, lesson).body; !strings.Contains(body, "<h1>Walk-around") {
		t.Error("the lesson's page stays in the language it was first asked for in")
	}
}

// Pages are put together in memory that is used again. However many are asked for
// at once, everybody gets the whole of one's own and nothing of another's.
func TestPagesAskedForAtOnceDoNotMix(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	type known struct {
		visit
		body string
	}
	var pages []known
	for _, v := range w.visits(t) {
		body := w.get(t, v.who, v.path).body
		if w.get(t, v.who, v.path).body == body { // some forms carry a key, new with every view
			pages = append(pages, known{v, body})
		}
	}
	if len(pages) < 80 {
		t.Fatalf("only %d pages stay the same", len(pages))
	}
	var all sync.WaitGroup
	for at := range 8 {
		all.Go(func() {
			for k := range 2 * len(pages) {
				p := pages[k*(2*at+1)%len(pages)]
				if w.get(t, p.who, p.path).body != p.body {
					t.Errorf("%s got something else at %s", name(p.who), p.path)
				}
			}
		})
	}
	all.Wait()
}

// elements goes through all elements below a node.
func elements(root *html.Node) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var all strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			all.WriteString(c.Data)
		}
	}
	return all.String()
}

// within returns the nearest element of a name around a node, nil for none.
func within(n *html.Node, name string) *html.Node {
	for n = n.Parent; n != nil && n.Data != name; n = n.Parent {
	}
	return n
}

// hiddenBy returns the nearest element around a node that is hidden from
// screen readers, nil for none.
func hiddenBy(n *html.Node) *html.Node {
	for n = n.Parent; n != nil && attr(n, "aria-hidden") != "true"; n = n.Parent {
	}
	return n
}

func child(n *html.Node, name string) *html.Node {
	for c := range n.ChildNodes() {
		if c.Data == name {
			return c
		}
	}
	return nil
}
