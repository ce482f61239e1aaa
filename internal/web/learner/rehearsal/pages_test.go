package rehearsal_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/internal/web"
	"qibu/roleplay"
	"qibu/static"
)

const (
	mrsLi = "rp01-appointment-exhaust"
	msLiu = "rp11-complaint-cold-attitude"
)

// ways lead through the scenarios: which option to take, counted in script
// order through the scenes they pass; see house.play.
var ways = map[string][]string{
	mrsLi: {
		"铃响#2 核实#3 噪音#2 记录#1 排期#2 中午交车#3 价钱#1 变卦#2 复述#1",
		"铃响#1 久等#1 核实#1 噪音#1 先生接话#2 记录#4 排期#4 硬塞#3 中午交车#1 价钱#3 变卦#3 复述#2",
	},
	msLiu: {
		"柜台#1 倾听#3 记录#3 追问#1 复述#2 解释#4 征求#1 方案#3",
		"柜台#2 倾听#1 抢话#1 记录#2 追问#2 叫经理#3",
	},
}

// house is a server with one person logged in, and a clock that stands still until
// a test moves it: some talk has limits of seconds, which a slow machine must not use up.
type house struct {
	t       testing.TB
	passed  atomic.Int64 // since the house was opened, in ns
	store   *store.Store
	academy *academy.Academy
	who     people.Actor
	base    string
	client  *http.Client
	token   string // of the login
}

// library is the shipped content with more scenarios laid over it, by slug. It
// never changes, so what is asked for again is not read again.
func library(t testing.TB, scenarios map[string]string) *academy.Library {
	t.Helper()
	key := fmt.Sprint(scenarios)
	if l, ok := libraries.Load(key); ok {
		return l.(*academy.Library) //nolint:forcetypeassert // only this function fills the map
	}
	over := fstest.MapFS{}
	for slug, script := range scenarios {
		over["scenarios/"+slug+".md"] = &fstest.MapFile{Data: []byte(script)}
	}
	l, ps := academy.LoadLibrary(content.FS, over)
	if l != nil {
		l, ps = l.Prove()
	}
	if l == nil {
		t.Fatal(ps.Err())
	}
	libraries.Store(key, l)
	return l
}

var libraries sync.Map

func openHouse(t testing.TB) *house {
	t.Helper()
	return openHouseWith(t, library(t, nil))
}

func openHouseWith(t testing.TB, l *academy.Library) *house {
	t.Helper()
	h := &house{t: t, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	var err error
	if h.store, err = store.Open(t.Context(), store.Config{Dir: storetest.Dir(t), Now: h.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	h.academy, err = academy.Open(t.Context(), academy.Config{
		Store: h.store, Library: l, Now: h.now, Zone: time.FixedZone("CST", 8*3600), Issuer: "七步汽车", Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.logIn()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.base = "http://" + ln.Addr().String()
	s, err := web.New(web.Config{Academy: h.academy, Static: static.FS, BaseURL: h.base, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() {
		h.client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) now() time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(h.passed.Load()))
}

func (h *house) later(d time.Duration) { h.passed.Add(int64(d)) }

func (h *house) logIn() {
	h.t.Helper()
	ctx := context.Background()
	link, err := h.academy.OfferSetup(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	const password = "好记又够长的密码"
	err = h.academy.SetUp(ctx, link, academy.FirstAdmin{Store: "城南店", Name: "林晓", StaffNo: "A1", Account: "linxiao", Password: password})
	if err != nil {
		h.t.Fatal(err)
	}
	if h.token, _, err = h.academy.SignIn(ctx, "linxiao", password, "test"); err != nil {
		h.t.Fatal(err)
	}
	if h.who, _, err = h.academy.Resume(ctx, h.token); err != nil {
		h.t.Fatal(err)
	}
}

// answer is what came back: everything of it, as a curious learner could read it.
type answer struct {
	status   int
	location string
	text     string // headers and body, entities resolved
}

func (h *house) do(method, path string, form url.Values, headers ...string) answer {
	h.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, h.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "qibu", Value: h.token})
	for _, name := range headers {
		req.Header.Set(name, "talk")
	}
	res, err := h.client.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), fmt.Sprint(res.Header) + html.UnescapeString(string(body))}
}

func (h *house) get(path string) answer {
	h.t.Helper()
	return h.do(http.MethodGet, path, nil)
}

// start begins an exam and returns its address.
func (h *house) start(slug string) string { return h.begin(slug, "exam") }

// begin begins a session in one of the modes.
func (h *house) begin(slug, mode string) string {
	h.t.Helper()
	a := h.do(http.MethodPost, "/rehearse/"+slug+"/sessions", url.Values{"mode": {mode}, "again": {"1"}})
	path, anchor, _ := strings.Cut(a.location, "#")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(path, "/sessions/") || anchor != "now" {
		h.t.Fatalf("start: %d to %q", a.status, a.location)
	}
	return path
}

func (h *house) stage(path string) academy.Stage {
	h.t.Helper()
	st, err := h.academy.Session(context.Background(), h.who, strings.TrimPrefix(path, "/sessions/"))
	if err != nil {
		h.t.Fatal(err)
	}
	return st
}

func turn(step int, token string) url.Values {
	return url.Values{"step": {strconv.Itoa(step)}, "token": {token}}
}

// play goes a way, opening every paper as soon as it is within reach if papers
// says so, and looks at what comes back after every step.
func (h *house) play(path, way string, papers bool, look func(answer)) {
	h.t.Helper()
	for _, ref := range strings.Fields(way) {
		st := h.stage(path)
		for _, d := range st.Documents {
			if papers && !d.Opened {
				look(h.do(http.MethodPost, path+"/documents", turn(st.Step, d.Token), "X-Fragment"))
				st = h.stage(path)
			}
		}
		name, number, _ := strings.Cut(ref, "#")
		n, _ := strconv.Atoi(number)
		token := ""
		for _, s := range h.academy.Library().Scenarios[st.Slug].Scenes {
			for _, o := range st.Options {
				if s.Name == name && s.Options[n-1].Text == o.Text {
					token = o.Token
				}
			}
		}
		if token == "" {
			h.t.Fatalf("%s is not offered", ref)
		}
		a := h.do(http.MethodPost, path+"/choices", turn(st.Step, token), "X-Fragment")
		if a.status != http.StatusOK {
			h.t.Fatalf("%s: status %d", ref, a.status)
		}
		look(a)
	}
}

// unsealed is the debrief of an ended session, after declining to say what one
// would do next time.
func (h *house) unsealed(path string) answer {
	h.t.Helper()
	if a := h.do(http.MethodPost, path+"/intent", url.Values{"do": {"decline"}}); a.status != http.StatusSeeOther {
		h.t.Fatalf("decline: %d", a.status)
	}
	return h.get(path + "/debrief")
}

// secrets are the texts of a scenario that must not be told before their time:
// everything long enough not to occur by chance.
func secrets(sc *roleplay.Scenario) []string {
	var all []string
	add := func(texts ...string) {
		for _, t := range texts {
			if utf8.RuneCountInString(t) >= 4 {
				all = append(all, t)
			}
		}
	}
	beats := func(list []roleplay.Beat) {
		for _, b := range list {
			for _, l := range b {
				add(l.Text)
			}
		}
	}
	for _, s := range sc.Scenes {
		add(s.Ending)
		beats(s.Beats)
		for _, o := range s.Options {
			add(o.Text, o.Coaching, o.Expert, o.RedLine, o.Basis)
			add(o.Sources...)
			beats(o.Reply)
		}
	}
	for _, d := range sc.Documents {
		add(strings.Split(d.Text, "\n")...)
	}
	for _, d := range sc.Dimensions {
		add(`"` + d.Key + `"`)
	}
	return all
}

// While a rehearsal runs, no answer has a word of what is judged, of a scene
// not yet reached, of an option not offered or of a paper not opened.
func TestRunningSessionTellsNothing(t *testing.T) {
	h := openHouse(t)
	looks := 0
	for slug, list := range ways {
		sc := h.academy.Library().Scenarios[slug]
		hidden := secrets(sc)
		for i, way := range list {
			path := h.start(slug)
			check := func(a answer) {
				t.Helper()
				st := h.stage(path)
				if st.Ended {
					return
				}
				seen := visible(st)
				for _, s := range hidden {
					if strings.Contains(a.text, s) && !strings.Contains(seen, s) {
						t.Fatalf("%s at step %d tells %q", slug, st.Step, s)
					}
				}
				looks++
			}
			if i == 0 { // later the brief names the endings already seen
				check(h.get("/rehearse"))
				check(h.get("/rehearse/" + slug))
			}
			h.play(path, way, i == 0, func(a answer) {
				check(a)
				check(h.get(path))
				check(h.get(path + "/debrief"))
				check(h.do(http.MethodPost, path+"/choices", turn(0, "stale"), "X-Fragment"))
			})
			if !h.stage(path).Ended {
				t.Fatalf("%s: %s does not end", slug, way)
			}
			debrief := h.unsealed(path)
			if debrief.status != http.StatusOK || !strings.Contains(debrief.text, h.stage(path).Title) {
				t.Errorf("%s: debrief after the end: %d", slug, debrief.status)
			}
		}
	}
	if looks < 100 {
		t.Errorf("looked at %d answers only", looks)
	}
}

// visible is everything a session may show by now.
func visible(st academy.Stage) string {
	var b strings.Builder
	for _, l := range st.Lines {
		b.WriteString(l.Text + "\n")
	}
	for _, o := range st.Options {
		b.WriteString(o.Text + "\n")
	}
	return b.String() + st.Customer.Brief
}

func TestChoosingWithoutScripts(t *testing.T) {
	h := openHouse(t)
	path := h.start(mrsLi)
	st := h.stage(path)
	first := turn(0, st.Options[0].Token)
	for range 2 { // the second is a replay
		if a := h.do(http.MethodPost, path+"/choices", first); a.status != http.StatusSeeOther || a.location != path+"#now" {
			t.Errorf("choice: %d to %q", a.status, a.location)
		}
	}
	a := h.do(http.MethodPost, path+"/choices", turn(0, st.Options[1].Token))
	if a.status != http.StatusSeeOther || a.location != path+"?said=moved_on#now" {
		t.Errorf("the other tab's choice: %d to %q", a.status, a.location)
	}
	page := h.get(path + "?said=moved_on")
	if !strings.Contains(page.text, "已经在别的页面往下走了") || strings.Count(page.text, `id="now"`) != 1 {
		t.Error("the page does not say that the talk moved on, or has no newest line")
	}
	if h.stage(path).Step != 1 {
		t.Errorf("%d events, want 1", h.stage(path).Step)
	}
}

func TestChoosingWithScripts(t *testing.T) {
	h := openHouse(t)
	path := h.start(mrsLi)
	st := h.stage(path)
	a := h.do(http.MethodPost, path+"/choices", turn(0, st.Options[0].Token), "X-Fragment")
	if a.status != http.StatusOK || strings.Contains(a.text, "<html") || !strings.Contains(a.text, `class="talk"`) {
		t.Errorf("choice: %d, want the conversation alone", a.status)
	}
	a = h.do(http.MethodPost, path+"/choices", turn(0, st.Options[1].Token), "X-Fragment")
	if a.status != http.StatusConflict || !strings.Contains(a.text, "已经在别的页面往下走了") || !strings.Contains(a.text, h.stage(path).Options[0].Text) {
		t.Errorf("the other tab's choice: %d, want 409 with the talk as it is", a.status)
	}
	for name, form := range map[string]url.Values{
		"no token": {"step": {"1"}}, "a foreign token": turn(1, "nobody-issued-this"), "no number": {"step": {"x"}, "token": {"y"}},
	} {
		if a := h.do(http.MethodPost, path+"/choices", form, "X-Fragment"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d, want 422", name, a.status)
		}
	}
	if a := h.get("/sessions/01890000-0000-7000-8000-000000000000"); a.status != http.StatusNotFound {
		t.Errorf("unknown session: %d, want 404", a.status)
	}
}

func TestDebriefPages(t *testing.T) {
	h := openHouse(t)
	cases := []struct {
		slug  string
		way   int
		wants []string
	}{
		{mrsLi, 0, []string{
			"八点二十五，她到了", "亏得你没听我先生的", "总分 100%", "每一条都做到了", "没有可惜的，每一句都是当时最好的", "没有踩红线",
			"剧本版本", "个局面，已证明", "带走三句话",
		}},
		{mrsLi, 1, []string{
			"星期二中午，车没好", "踩了 2 次红线", "车没到店、声音没问，就断定换后消音器", "更好的一句", `href="/sources/S4-009"`,
			"没翻开的资料", "下周二：二号工位上午空", "最伤人",
		}},
		{msLiu, 1, []string{"她没有投诉，她不来了", "打断客户陈述", "反问客户", "差在"}},
	}
	for _, c := range cases {
		path := h.start(c.slug)
		h.play(path, ways[c.slug][c.way], c.way == 0, func(answer) {})
		a := h.unsealed(path)
		for _, want := range c.wants {
			if !strings.Contains(a.text, want) {
				t.Errorf("%s way %d: the debrief does not say %q", c.slug, c.way, want)
			}
		}
		if strings.Contains(a.text, "⟦") {
			t.Errorf("%s way %d: a text is missing", c.slug, c.way)
		}
	}
	a := h.get("/rehearse/" + mrsLi)
	for _, want := range []string{"再考一场", "练一场", "八点二十五，她到了", "星期二中午，车没好", "客户走的时候至少是“放松”"} {
		if !strings.Contains(a.text, want) {
			t.Errorf("the brief does not say %q", want)
		}
	}
	if a = h.get("/rehearse"); !strings.Contains(a.text, "考核通过，最好 100%") || !strings.Contains(a.text, "还没练过") {
		t.Error("the list does not say how far each scenario has come")
	}
}

// No page may read more than four statements, the login's one included.
func TestStatementsPerPage(t *testing.T) {
	h := openHouse(t)
	open, ended := h.start(mrsLi), h.start(msLiu)
	h.play(ended, ways[msLiu][0], true, func(answer) {})
	h.unsealed(ended)
	st := h.stage(open)
	for name, ask := range map[string]func() answer{
		"list":    func() answer { return h.get("/rehearse") },
		"brief":   func() answer { return h.get("/rehearse/" + mrsLi) },
		"talk":    func() answer { return h.get(open) },
		"debrief": func() answer { return h.get(ended + "/debrief") },
		"choice": func() answer {
			return h.do(http.MethodPost, open+"/choices", turn(0, st.Options[0].Token), "X-Fragment")
		},
	} {
		before := h.store.Statements()
		if a := ask(); a.status != http.StatusOK {
			t.Errorf("%s: %d", name, a.status)
		}
		if n := h.store.Statements() - before; n > 4 {
			t.Errorf("%s: %d statements, want at most 4", name, n)
		}
	}
}
