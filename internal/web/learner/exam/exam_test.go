package exam_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/internal/web"
	"qibu/quiz/sheet"
	"qibu/static"
)

// slug is the quiz the tests take; it has critical, multiple and order questions.
const slug = "vehicle-walkaround"

var library = sync.OnceValues(func() (*academy.Library, fault.Problems) { return academy.LoadLibrary(content.FS, nil) })

// school is a server with the shipped content and a clock that a test moves.
type school struct {
	*testing.T
	academy *academy.Academy
	store   *store.Store
	base    string
	home    people.Store
	mu      sync.Mutex
	instant time.Time
}

func open(t *testing.T) *school {
	t.Helper()
	l, ps := library()
	if l == nil {
		t.Fatal(ps.Err())
	}
	s := &school{T: t, instant: time.Date(2026, 3, 2, 1, 20, 0, 0, time.UTC), home: people.Store{ID: store.NewID(), Name: "城南店"}}
	var err error
	if s.store, err = store.Open(t.Context(), store.Config{Dir: storetest.Dir(t), Now: s.now}); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s.academy, err = academy.Open(t.Context(), academy.Config{
		Store: s.store, Library: l, Now: s.now, Zone: time.FixedZone("CST", 8*3600), Issuer: "七步", Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.base = "http://" + ln.Addr().String()
	server, err := web.New(web.Config{Academy: s.academy, Static: static.FS, BaseURL: s.base, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(ln) //nolint:errcheck // it ends with Shutdown
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.write(func(tx *store.Tx) error { return tx.AddStore(s.home) })
	return s
}

func (s *school) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.instant
}

func (s *school) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instant = s.instant.Add(d)
}

func (s *school) write(fn func(*store.Tx) error) {
	s.Helper()
	if err := s.store.Write(context.Background(), fn); err != nil {
		s.Fatal(err)
	}
}

// learner is somebody's browser.
type learner struct {
	*school
	who    people.Actor
	cookie string
}

func (s *school) learner(name string) *learner {
	s.Helper()
	id := store.NewID()
	p := people.Person{
		ID: id, Account: id, StaffNo: "QB-" + id, Name: name, StoreID: s.home.ID, Language: "zh", TimeFactor: 100,
		Roles: []people.Role{people.Advisor},
	}
	s.write(func(tx *store.Tx) error { return tx.AddPerson(p, "none") })
	l := &learner{school: s, who: people.Actor{ID: id, Name: name, TimeFactor: 100, Roles: p.Roles}}
	l.signIn()
	return l
}

func (l *learner) signIn() {
	l.Helper()
	token := "token-" + store.NewID()
	sum := sha256.Sum256([]byte(token))
	l.write(func(tx *store.Tx) error {
		login := store.Login{ID: store.NewID(), PersonID: l.who.ID, CreatedAt: tx.Now, SeenAt: tx.Now, ExpireAt: tx.Now.Add(7 * 24 * time.Hour)}
		return tx.AddLogin(login, hex.EncodeToString(sum[:]))
	})
	l.cookie = "qibu=" + token
}

// answer is what a request got.
type answer struct {
	status     int
	to         string // where a redirect leads
	body, head string
	statements int64
}

func (l *learner) do(method, path, contentType, body string) answer {
	l.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, l.base+path, strings.NewReader(body))
	if err != nil {
		l.Fatal(err)
	}
	req.Header.Set("Cookie", l.cookie)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if contentType == "application/json" {
		req.Header.Set("Accept", contentType)
	}
	before := l.store.Statements()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		l.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		l.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), string(text), fmt.Sprint(res.Header), l.store.Statements() - before}
}

func (l *learner) get(path string) answer { l.Helper(); return l.do(http.MethodGet, path, "", "") }

func (l *learner) post(path string, form url.Values) answer {
	l.Helper()
	return l.do(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

// put saves an answer as the script does.
func (l *learner) put(attempt string, slot int, seq int64, tokens ...string) (answer, map[string]any) {
	l.Helper()
	body, err := json.Marshal(map[string]any{"seq": seq, "answer": append([]string{}, tokens...)})
	if err != nil {
		l.Fatal(err)
	}
	a := l.do(http.MethodPut, fmt.Sprintf("%s/answers/%d", attempt, slot), "application/json", string(body))
	var reply map[string]any
	if err := json.Unmarshal([]byte(a.body), &reply); err != nil {
		l.Fatalf("%s: %v", a.body, err)
	}
	return a, reply
}

// start begins the quiz and returns the address of the attempt.
func (l *learner) start() string {
	l.Helper()
	a := l.post("/quizzes/"+slug+"/attempts", nil)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to, "/attempts/") {
		l.Fatalf("start: %d to %q", a.status, a.to)
	}
	return a.to
}

// paper is the attempt as the use case gives it, to know the tokens.
func (l *learner) paper(attempt string) []sheet.Item {
	l.Helper()
	o, err := l.academy.Attempt(context.Background(), l.who, strings.TrimPrefix(attempt, "/attempts/"))
	if err != nil {
		l.Fatal(err)
	}
	return o.Sheet.Items
}

// kind returns the first question of a kind.
func (l *learner) kind(attempt, kind string) sheet.Item {
	l.Helper()
	items := l.paper(attempt)
	i := slices.IndexFunc(items, func(i sheet.Item) bool { return i.Kind == kind })
	if i < 0 {
		l.Fatalf("no %s question in the paper", kind)
	}
	return items[i]
}

// begin is a learner whose paper has questions of these kinds: papers are drawn
// by lot, so it may take a few.
func (s *school) begin(kinds ...string) (l *learner, attempt string) {
	s.Helper()
	for range 100 {
		l = s.learner("张新")
		attempt = l.start()
		items := l.paper(attempt)
		if !slices.ContainsFunc(kinds, func(kind string) bool {
			return !slices.ContainsFunc(items, func(i sheet.Item) bool { return i.Kind == kind })
		}) {
			return l, attempt
		}
	}
	s.Fatalf("no paper has %v", kinds)
	return nil, ""
}

// fields are what a browser would send of the paper's form, as it stands.
func fields(t *testing.T, page string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for n := range doc.Descendants() {
		a := map[string]string{}
		for _, attr := range n.Attr {
			a[attr.Key] = attr.Val
		}
		_, checked := a["checked"]
		switch {
		case n.Data == "select":
			form.Add(a["name"], selected(n))
		case n.Data == "textarea":
			form.Add(a["name"], "")
		case n.Data != "input" || a["name"] == "":
		case checked || a["type"] != "radio" && a["type"] != "checkbox":
			form.Add(a["name"], a["value"])
		}
	}
	return form
}

func selected(list *html.Node) (value string) {
	for n := range list.Descendants() {
		attrs := map[string]string{}
		for _, attr := range n.Attr {
			attrs[attr.Key] = attr.Val
		}
		if _, ok := attrs["selected"]; ok {
			value = attrs["value"]
		}
	}
	return value
}

func field(slot int, name string) string { return fmt.Sprintf("q.%d.%s", slot-1, name) }

func zh(key string, pairs ...any) string { return i18n.For("zh").T(key, pairs...) }

// secrets are all texts of the bank that would tell right from wrong.
func secrets(t *testing.T) []string {
	t.Helper()
	l, _ := library()
	var all []string
	for _, q := range l.Quizzes[slug].Questions {
		all = append(all, q.Explanation)
		for _, o := range q.Options {
			all = append(all, o.Why)
		}
	}
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	if len(all) < 20 {
		t.Fatalf("only %d secrets: the bank has no reasons?", len(all))
	}
	return all
}

func TestNoKeyBeforeTheEnd(t *testing.T) {
	s := open(t)
	zhang, attempt := s.begin(sheet.Order)
	chen := s.learner("陈立")
	items := zhang.paper(attempt)
	first := items[slices.IndexFunc(items, func(i sheet.Item) bool { return i.Kind == sheet.Single })]
	saved, reply := zhang.put(attempt, first.Slot, 1, first.Options[0].Token)
	if keys := slices.Sorted(maps.Keys(reply)); !slices.Equal(keys, []string{"answer", "at", "now", "seq", "status"}) {
		t.Errorf("a save is answered with %v", keys)
	}
	stale, _ := zhang.put(attempt, first.Slot, 1, first.Options[1].Token)
	misfit, _ := zhang.put(attempt, first.Slot, 2, "no-such-token")
	foreign, _ := chen.put(attempt, first.Slot, 2, first.Options[0].Token)
	badOrder := fields(t, zhang.get(attempt).body)
	badOrder[field(zhang.kind(attempt, sheet.Order).Slot, "place")][0] = "1"
	states := map[string]answer{
		"quiz page":          zhang.get("/quizzes/" + slug),
		"attempt":            zhang.get(attempt),
		"saved":              saved,
		"stale":              stale,
		"misfit":             misfit,
		"foreign save":       foreign,
		"misplaced":          zhang.post(attempt+"/answers", badOrder),
		"incomplete":         zhang.post(attempt+"/answers", url.Values{"do": {"submit"}}),
		"result too early":   zhang.get(attempt + "/result"),
		"stranger's attempt": chen.get(attempt),
		"stranger's result":  chen.get(attempt + "/result"),
		"stranger's submit":  chen.post(attempt+"/submit", nil),
		"stranger's page":    chen.get("/quizzes/" + slug),
	}
	for state, a := range states {
		for _, secret := range secrets(t) {
			if strings.Contains(a.body+a.head, secret) {
				t.Errorf("%s (%d) tells %q", state, a.status, secret)
			}
		}
		if strings.Contains(a.body, "解析") || strings.Contains(a.body, "/sources/") {
			t.Errorf("%s: explains something", state)
		}
	}
	if a := states["result too early"]; a.status != http.StatusSeeOther || a.to != attempt {
		t.Errorf("result of an open attempt: %d to %q", a.status, a.to)
	}
	for _, state := range []string{"foreign save", "stranger's attempt", "stranger's result", "stranger's submit"} {
		if states[state].status != http.StatusNotFound {
			t.Errorf("%s: %d", state, states[state].status)
		}
	}
	// The same texts do appear once the attempt has ended: the search above finds them.
	zhang.post(attempt+"/submit", nil)
	told := 0
	for _, secret := range secrets(t) {
		if strings.Contains(zhang.get(attempt+"/result").body, secret) {
			told++
		}
	}
	if told < 10 {
		t.Errorf("the result page gives %d reasons", told)
	}
}

var (
	optionMarkup = regexp.MustCompile(`(?s)<label class="option">.*?</label>|<li data-token=.*?</li>`)
	// What may differ between two options of a kind: token, number or letter, text.
	differing = regexp.MustCompile(`<b>[A-Z]</b>|value="[^"]*"|data-token="[^"]*"|aria-label="[^"]*"|name="q\.\d+\.|<kbd[^>]*>\d</kbd>|(?s:<span.*?</span>)`)
)

// Apart from token, number and text, all options of a kind are the same bytes.
func TestOptionsAreMarkedAlike(t *testing.T) {
	s := open(t)
	zhang, attempt := s.begin(sheet.Single, sheet.Multiple, sheet.Order)
	shapes := map[string]int{}
	for _, option := range optionMarkup.FindAllString(zhang.get(attempt).body, -1) {
		shape := differing.ReplaceAllString(option, "·")
		shape = regexp.MustCompile(`(<option ·>\d</option>)+`).ReplaceAllString(shape, "…")
		shapes[shape]++
	}
	want := 3 // radio, checkbox, step
	if slices.ContainsFunc(zhang.paper(attempt), func(item sheet.Item) bool { return item.Kind == sheet.Hot }) {
		want = 4 // place
	}
	if len(shapes) != want {
		t.Errorf("options come in %d shapes, want %d: %v", len(shapes), want, shapes)
	}
}

func TestAnsweringWithoutScript(t *testing.T) {
	s := open(t)
	zhang, attempt := s.begin(sheet.Single, sheet.Multiple, sheet.Order)
	single, multiple, order := zhang.kind(attempt, sheet.Single), zhang.kind(attempt, sheet.Multiple), zhang.kind(attempt, sheet.Order)
	form := fields(t, zhang.get(attempt).body)
	form.Set(field(single.Slot, "choice"), single.Options[1].Token)
	form[field(multiple.Slot, "choice")] = []string{multiple.Options[0].Token, multiple.Options[2].Token}
	places := form[field(order.Slot, "place")]
	for i := range places {
		places[i] = fmt.Sprint(len(places) - i) // the other way round
	}
	form.Set("do", "save")
	if a := zhang.post(attempt+"/answers", form); a.status != http.StatusSeeOther || a.to != attempt+"?said=answers_saved" {
		t.Fatalf("save: %d to %q\n%s", a.status, a.to, a.body)
	}
	want := sheet.Answer{}
	for _, o := range slices.Backward(order.Options) {
		want = append(want, o.Token)
	}
	items := zhang.paper(attempt)
	if got := items[order.Slot-1].Answer; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if got := items[multiple.Slot-1].Answer; len(got) != 2 {
		t.Errorf("multiple %v", got)
	}

	for _, item := range items {
		if len(item.Answer) == 0 && item.Seq != 0 {
			t.Errorf("slot %d was left blank and saved as an answer", item.Slot)
		}
	}

	// The page shows what was saved, and an unchanged form keeps it.
	page := zhang.get(attempt).body
	for i, token := range want[1:] {
		if strings.Index(page, `data-token="`+token) < strings.Index(page, `data-token="`+want[i]) {
			t.Error("the steps are not shown in the order saved")
		}
	}
	again := fields(t, page)
	if got := again.Get(field(single.Slot, "choice")); got != single.Options[1].Token {
		t.Errorf("the page shows %q as chosen", got)
	}
	if a := zhang.post(attempt+"/answers", again); a.to != attempt+"?said=answers_saved" {
		t.Errorf("unchanged: %d to %q", a.status, a.to)
	}
	if got := zhang.paper(attempt)[order.Slot-1].Answer; !slices.Equal(got, want) {
		t.Errorf("an unchanged form turned the order into %v", got)
	}

	// A form older than another window's answers changes nothing and says so.
	stale := fields(t, zhang.get(attempt).body)
	seq := zhang.paper(attempt)[single.Slot-1].Seq
	zhang.put(attempt, single.Slot, seq+1, single.Options[0].Token)
	zhang.put(attempt, single.Slot, seq+2, single.Options[1].Token)
	stale.Set(field(single.Slot, "choice"), single.Options[0].Token)
	if a := zhang.post(attempt+"/answers", stale); a.to != attempt+"?said=answers_newer" {
		t.Errorf("stale form: %d to %q", a.status, a.to)
	}
	if got := zhang.paper(attempt)[single.Slot-1].Answer[0]; got != single.Options[1].Token {
		t.Error("an old form undid a newer answer")
	}

	// An order with a place given twice is not saved, stays as typed and is pointed out.
	twice := fields(t, zhang.get(attempt).body)
	twice[field(order.Slot, "place")][0] = twice[field(order.Slot, "place")][1]
	twice.Set("do", "submit")
	a := zhang.post(attempt+"/answers", twice)
	if a.status != http.StatusUnprocessableEntity || strings.Count(a.body, zh("question.misplaced")) != 1 {
		t.Errorf("a place given twice: %d", a.status)
	}
	if got := fields(t, a.body)[field(order.Slot, "place")]; got[0] != got[1] {
		t.Errorf("the places typed are lost: %v", got)
	}
}

// answerIn gives some answer to a question of a form.
func answerIn(form url.Values, item sheet.Item) {
	each := func(name string, value func(i int) string) {
		for i := range form[field(item.Slot, name)] {
			form[field(item.Slot, name)][i] = value(i)
		}
	}
	number := func(i int) string { return fmt.Sprint(i + 1) }
	switch item.Kind {
	case sheet.Order:
		each("place", number)
	case sheet.Hot:
		each("tap", number)
	case sheet.Match:
		each("row", func(int) string { return item.Options[0].Token })
	case sheet.Fill, sheet.Numeric, sheet.Text:
		each("entry", number)
	default:
		form.Set(field(item.Slot, "choice"), item.Options[0].Token)
	}
}

func TestHandingIn(t *testing.T) {
	s := open(t)
	zhang := s.learner("张新")
	attempt := zhang.start()
	a := zhang.post(attempt+"/answers", url.Values{"do": {"submit"}})
	if a.status != http.StatusOK || !strings.Contains(a.body, "1、2、3、4、5、6、7、8、9、10") {
		t.Errorf("an empty paper is not asked about: %d", a.status)
	}
	form := fields(t, zhang.get(attempt).body)
	for _, item := range zhang.paper(attempt) {
		answerIn(form, item)
	}
	form.Set("do", "submit")
	for range 2 { // an impatient finger
		if a := zhang.post(attempt+"/answers", form); a.status != http.StatusSeeOther || a.to != attempt+"/result" {
			t.Fatalf("a complete paper: %d to %q", a.status, a.to)
		}
	}
	first := zhang.get(attempt + "/result")
	zhang.post(attempt+"/submit", nil)
	if again := zhang.get(attempt + "/result"); again.body != first.body {
		t.Error("handing in again changed the result page")
	}
	if back := zhang.get(attempt); back.status != http.StatusSeeOther || back.to != attempt+"/result" {
		t.Errorf("the back button: %d to %q", back.status, back.to)
	}
	result, err := s.academy.Result(context.Background(), zhang.who, strings.TrimPrefix(attempt, "/attempts/"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		result.Receipt.Short(), result.Receipt.Code, "2026-03-02 09:20:00",
		`href="/courses/seven-steps/vehicle-walkaround#`, `href="/sources/S4-`, `href="/quizzes/` + slug + `"`,
		zh("question.heading", "module", "环车检查与三件套", "heading", result.Reviews[0].Heading),
	} {
		if !strings.Contains(first.body, want) {
			t.Errorf("the result page lacks %q", want)
		}
	}
}

func TestLateSave(t *testing.T) {
	s := open(t)
	zhang, attempt := s.begin(sheet.Single)
	item := zhang.kind(attempt, sheet.Single)
	if _, reply := zhang.put(attempt, item.Slot, 1, item.Options[0].Token); reply["status"] != "accept" || reply["at"] != "09:20:00" {
		t.Errorf("save: %v", reply)
	}
	s.later(16 * time.Minute)
	if _, reply := zhang.put(attempt, item.Slot, 2, item.Options[1].Token); reply["status"] != "late" || reply["seq"] != 1.0 {
		t.Errorf("late save: %v", reply)
	}
	form := url.Values{"do": {"save"}, "q.0.slot": {fmt.Sprint(item.Slot)}, "q.0.seq": {"5"}, "q.0.choice": {item.Options[1].Token}}
	if a := zhang.post(attempt+"/answers", form); a.to != attempt+"/result" {
		t.Errorf("late form: %d to %q", a.status, a.to)
	}
	page := zhang.get(attempt + "/result").body
	for _, want := range []string{zh("quiz.expired"), zh("quiz.late", "n", 2)} {
		if !strings.Contains(page, want) {
			t.Errorf("the result page does not say %q", want)
		}
	}
}

// The quiz page says in words when the next attempt may start.
func TestWhenToTryAgain(t *testing.T) {
	s := open(t)
	zhang := s.learner("张新")
	says := func(want string) {
		t.Helper()
		if page := zhang.get("/quizzes/" + slug).body; !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	says(zh("quiz.start"))
	attempt := zhang.start()
	says("今天 9:35 截止")
	s.later(30 * time.Second)
	zhang.post(attempt+"/submit", nil) // at 9:20:30
	says("明天 9:21 后可以再考")
	if a := zhang.post("/quizzes/"+slug+"/attempts", nil); a.to != "/quizzes/"+slug {
		t.Errorf("a start before its time: %d to %q", a.status, a.to)
	}
	s.later(23 * time.Hour)
	says("今天 9:21 后可以再考")
	for range 2 {
		s.later(25 * time.Hour)
		zhang.post(zhang.start()+"/submit", nil)
	}
	says("4 月 1 日 9:21 以后")
	s.later(29 * 24 * time.Hour)
	zhang.signIn()
	says(zh("quiz.start"))
}

func TestPageStatements(t *testing.T) {
	s := open(t)
	zhang, attempt := s.begin(sheet.Single)
	chen := s.learner("陈立")
	done := chen.start()
	chen.post(done+"/submit", nil)
	item := zhang.kind(attempt, sheet.Single)
	zhang.put(attempt, item.Slot, 1, item.Options[0].Token)
	save, _ := zhang.put(attempt, item.Slot, 2, item.Options[1].Token)
	for name, a := range map[string]answer{
		"quiz page": zhang.get("/quizzes/" + slug), "attempt": zhang.get(attempt), "save": save,
		"result": chen.get(done + "/result"), "result too early": zhang.get(attempt + "/result"),
	} {
		if a.statements > 4 {
			t.Errorf("%s takes %d statements", name, a.statements)
		}
	}
	if save.statements > 2 {
		t.Errorf("a save takes %d statements: more than the login and the save", save.statements)
	}
}

// Nobody gets further with nonsense than an error page.
func TestNonsense(t *testing.T) {
	s := open(t)
	zhang := s.learner("张新")
	attempt := zhang.start()
	const js, form = "application/json", "application/x-www-form-urlencoded"
	for _, c := range []struct {
		method, path, contentType, body string
		want                            int
	}{
		{"PUT", "/answers/1", js, `{"seq":1}`, 422},
		{"PUT", "/answers/x", js, `{"seq":1,"answer":[]}`, 404},
		{"PUT", "/answers/99", js, `{"seq":1,"answer":[]}`, 422},
		{"PUT", "/answers/1", js, `{"seq":0,"answer":[]}`, 422},
		{"PUT", "/answers/1", js, `{`, 422},
		{"PUT", "/answers/1", js, `{"seq":1,"answer":["` + strings.Repeat("字", 8001) + `"]}`, 422},
		{"PUT", "/answers/1", js, `{"seq":1,"answer":["` + strings.Repeat("x", 33<<10) + `"]}`, 413},
		{"PUT", "/answers/1", form, "seq=1", 422},
		{"POST", "/answers", form, "q.0.slot=1&q.0.choice=zzz", 422},
		{"POST", "/answers", form, "q.0.slot=77&q.0.seq=3", 422},
		{"POST", "/answers", form, "q.99999999.slot=1", 422},
		{"POST", "/answers", form, "q.0.slot=1&q.0.token=a&q.0.token=b", 422},
	} {
		if a := zhang.do(c.method, attempt+c.path, c.contentType, c.body); a.status != c.want {
			t.Errorf("%s %s %.40q: %d, want %d", c.method, c.path, c.body, a.status, c.want)
		}
	}
	for _, path := range []string{"/quizzes/none", "/attempts/none", "/attempts/none/result"} {
		if a := zhang.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
