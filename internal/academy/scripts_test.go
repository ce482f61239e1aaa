package academy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/roleplay/explore"
)

// authors is a campus with two people who write scripts, and one who plays them.
type authors struct {
	*campus
	zhou, fang, lin people.Actor
}

const carWash = "rp20-car-wash"

func openAuthors(t *testing.T) *authors {
	t.Helper()
	c := openCampus(t)
	return &authors{c, c.add("周敏", people.Trainer), c.add("方远", people.Admin), c.add("林晓", people.Advisor)}
}

func (w *authors) begin(slug, from string) Script {
	w.t.Helper()
	if err := w.NewScript(w.t.Context(), w.zhou, slug, from); err != nil {
		w.t.Fatal(err)
	}
	return w.at(slug)
}

func (w *authors) at(slug string) Script {
	w.t.Helper()
	s, err := w.ScriptAt(w.t.Context(), w.zhou, slug, FromDraft)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// save saves over whatever there is.
func (w *authors) save(slug, source string) Script {
	w.t.Helper()
	if _, err := w.SaveDraft(w.t.Context(), w.zhou, slug, source, w.at(slug).Version); err != nil {
		w.t.Fatal(err)
	}
	return w.at(slug)
}

func (w *authors) publishNow(slug string) Published {
	w.t.Helper()
	p, err := w.Publication(w.t.Context(), w.zhou, slug)
	if err != nil {
		w.t.Fatal(err)
	}
	done, err := w.PublishScript(w.t.Context(), w.zhou, slug, p.Version, p.Base)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

// retitled is the template under another title.
func retitled(title string) string {
	return strings.Replace(scriptTemplate, "新剧本：门上多了一道划痕", title, 1)
}

func slugs(list []Script) (names []string) {
	for _, s := range list {
		names = append(names, s.Slug)
	}
	return names
}

// The template is a scenario that can be published as it is, and nothing in it
// sets a bad example.
func TestTemplateIsSound(t *testing.T) {
	report := explore.Compile(carWash+".md", []byte(scriptTemplate))
	if report.Scenario == nil || report.Has(explore.Warn) || !report.Proven || report.Tests.Total == 0 {
		t.Errorf("proven %v, %+v", report.Proven, report.Findings)
	}
}

func TestWritingAndPublishing(t *testing.T) {
	w := openAuthors(t)
	if s := w.begin(carWash, ""); s.Source != scriptTemplate || s.Title != "新剧本：门上多了一道划痕" || s.InForce != nil || s.Draft.By != "周敏" {
		t.Errorf("begun as %+v", s)
	}
	s := w.save(carWash, retitled("划痕"))
	if s.Title != "划痕" || s.Version != 2 {
		t.Errorf("saved as %q, version %d", s.Title, s.Version)
	}
	if _, ok := w.Library().Scenarios[carWash]; ok {
		t.Error("learners see the draft")
	}
	if done := w.publishNow(carWash); !done.New || done.Older != 0 {
		t.Errorf("published %+v", done)
	}
	sc := w.Library().Scenarios[carWash]
	if sc == nil || sc.Title != "划痕" {
		t.Fatal("learners do not see what was published")
	}
	s = w.at(carWash)
	if s.Draft != nil || s.InForce == nil || s.InForce.By != "周敏" || s.InForce.Hash != sc.Hash() ||
		s.InForce.Proof == nil || s.InForce.Proof.Hash != s.InForce.Hash || s.Source != retitled("划痕") {
		t.Errorf("after publishing %+v", s)
	}
	if _, err := w.StartSession(t.Context(), w.lin, carWash, true, false); err != nil {
		t.Errorf("it cannot be played: %v", err)
	}
	list, err := w.Scripts(t.Context(), w.fang)
	if err != nil || !slices.Contains(slugs(list), carWash) || !slices.Contains(slugs(list), mrsLi) {
		t.Errorf("list %v, %v", slugs(list), err)
	}
}

func TestOnlyAuthorsWrite(t *testing.T) {
	w := openAuthors(t)
	w.begin(carWash, "")
	hr := w.add("吴静", people.HR)
	for _, who := range []people.Actor{w.lin, hr} {
		for name, try := range map[string]func(context.Context) error{
			"list":    func(ctx context.Context) error { _, err := w.Scripts(ctx, who); return err },
			"at":      func(ctx context.Context) error { _, err := w.ScriptAt(ctx, who, carWash, ""); return err },
			"new":     func(ctx context.Context) error { return w.NewScript(ctx, who, "rp21", "") },
			"save":    func(ctx context.Context) error { _, err := w.SaveDraft(ctx, who, carWash, "x", 1); return err },
			"discard": func(ctx context.Context) error { return w.DiscardDraft(ctx, who, carWash, 1) },
			"check":   func(ctx context.Context) error { _, err := w.CheckScript(ctx, who, carWash, "x"); return err },
			"try":     func(ctx context.Context) error { _, err := w.TryScript(ctx, who, carWash, "x", "", nil); return err },
			"look":    func(ctx context.Context) error { _, err := w.Publication(ctx, who, carWash); return err },
			"publish": func(ctx context.Context) error { _, err := w.PublishScript(ctx, who, carWash, 1, ""); return err },
		} {
			if err := try(t.Context()); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s by %v: %v, want Forbidden", name, who.Roles, err)
			}
		}
	}
}

func TestSlugs(t *testing.T) {
	w := openAuthors(t)
	w.begin(carWash, "")
	for _, slug := range []string{
		"", "RP20", "划痕", "rp 20", "rp--20", "-rp", "rp-", "../etc", "a/b", "rp20.md", "new", "import", strings.Repeat("a", 61),
		carWash, mrsLi,
	} {
		err := w.NewScript(t.Context(), w.zhou, slug, "")
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Input != "slug" {
			t.Errorf("slug %q: %v, want Invalid", slug, err)
		}
	}
	if err := w.NewScript(t.Context(), w.zhou, "rp21", "rp99-nobody"); !errors.Is(err, fault.Invalid) {
		t.Errorf("a copy of nothing: %v", err)
	}
	if _, err := w.ScriptAt(t.Context(), w.zhou, "rp99-nobody", ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("at nothing: %v", err)
	}
	if copied := w.begin("rp21", mrsLi); copied.Source != original(t, mrsLiFile) {
		t.Error("a copy has another text")
	}
	w.save("rp21", retitled("抄来的"))
	if copied := w.begin("rp22", "rp21"); copied.Title != "抄来的" {
		t.Errorf("a copy of a draft is called %q", copied.Title)
	}
}

// Two people, or two tabs of one, never write over each other unseen: neither
// over a draft, nor over what was published or thrown away meanwhile.
func TestNobodyWritesOverAnother(t *testing.T) {
	w := openAuthors(t)
	tab := w.begin(carWash, "")
	w.save(carWash, retitled("周敏的"))
	refused := func(what string, version int) {
		t.Helper()
		before := w.at(carWash)
		if _, err := w.SaveDraft(t.Context(), w.fang, carWash, retitled("方远的"), version); !errors.Is(err, ErrDraftMoved) {
			t.Errorf("%s: %v, want ErrDraftMoved", what, err)
		}
		if after := w.at(carWash); after.Source != before.Source || after.Version != before.Version {
			t.Errorf("%s: the draft changed all the same", what)
		}
	}
	refused("another has saved", tab.Version)
	refused("a tab from before the first draft", 0)
	if version, err := w.SaveDraft(t.Context(), w.fang, carWash, retitled("周敏的"), tab.Version); err != nil || version != w.at(carWash).Version {
		t.Errorf("the same text again: version %d, %v", version, err)
	}
	tab = w.at(carWash)
	w.publishNow(carWash)
	refused("another has published", tab.Version)
	tab = w.save(carWash, retitled("周敏的二稿"))
	if err := w.DiscardDraft(t.Context(), w.zhou, carWash, tab.Version); err != nil {
		t.Fatal(err)
	}
	refused("another has discarded", tab.Version)
	if s := w.at(carWash); s.Title != "周敏的" || s.Draft != nil {
		t.Errorf("after discarding %+v", s)
	}
	if _, err := w.SaveDraft(t.Context(), w.fang, carWash, retitled("方远的"), w.at(carWash).Version); err != nil {
		t.Errorf("over what is there now: %v", err)
	}
}

func TestDiscardingTheOnlyDraft(t *testing.T) {
	w := openAuthors(t)
	s := w.begin(carWash, "")
	if err := w.DiscardDraft(t.Context(), w.fang, carWash, s.Version+1); !errors.Is(err, ErrDraftMoved) {
		t.Errorf("another version: %v", err)
	}
	if err := w.DiscardDraft(t.Context(), w.fang, carWash, s.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ScriptAt(t.Context(), w.zhou, carWash, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("afterwards: %v, want NotFound", err)
	}
	w.begin(carWash, "")
	if _, err := w.SaveDraft(t.Context(), w.fang, carWash, retitled("迟到的"), s.Version); !errors.Is(err, ErrDraftMoved) {
		t.Errorf("a tab from before: %v, want ErrDraftMoved", err)
	}
}

func TestWhatIsNoText(t *testing.T) {
	w := openAuthors(t)
	s := w.begin(carWash, "")
	for name, source := range map[string]string{
		"empty": " \n　", "too long": strings.Repeat("长", MaxScript/3+1), "no UTF-8": "标题: \xff", "NUL": "标题: \x00",
	} {
		if _, err := w.SaveDraft(t.Context(), w.zhou, carWash, source, s.Version); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if saved := w.save(carWash, strings.ReplaceAll(scriptTemplate, "\n", "\r\n")); saved.Source != scriptTemplate {
		t.Error("a browser's ends of lines are kept")
	}
}

func TestCheckSaysWhereAndWhat(t *testing.T) {
	w := openAuthors(t)
	w.begin(carWash, "")
	check := func(old, changed string) Check {
		t.Helper()
		c, err := w.CheckScript(t.Context(), w.zhou, carWash, strings.Replace(scriptTemplate, old, changed, 1))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	good := check("", "")
	if !good.Publishable() || good.Errors+good.Warnings > 0 || good.Map == nil || len(good.Map.Scenes) != 5 || good.States == 0 {
		t.Errorf("the template: %+v", good)
	}
	want := []CheckDimension{
		{"D3", "同理与情绪", explore.Bounds{Max: 6}}, {"D5", "流程与单据", explore.Bounds{Min: 1, Max: 5}}, {"D6", "承诺管理", explore.Bounds{Max: 3}},
	}
	if !slices.Equal(good.Dimensions, want) {
		t.Errorf("bounds %v, want %v", good.Dimensions, want)
	}
	for name, c := range map[string]struct {
		old, changed, message, quote string
		unread                       bool
	}{
		"unreadable":      {"→ 满意", "→ 满一", "是否指「满意」", "→ 满一", true},
		"a 试演 that fails": {"应得 总分=100", "应得 总分=90", "总分", "应得 总分=90", false},
		"unknown fact":    {"依据：门店接车规定：有争议", "依据：S9-999；有争议", "S9-999", "换了我也心疼", false},
	} {
		got := check(c.old, c.changed)
		if got.Publishable() || got.Errors == 0 || (got.Map == nil) != c.unread {
			t.Errorf("%s: %d errors, map %v", name, got.Errors, got.Map != nil)
			continue
		}
		f := got.Findings[slices.IndexFunc(got.Findings, func(f CheckFinding) bool { return f.Level == explore.Error })]
		if !strings.Contains(f.Message, c.message) || !strings.Contains(f.Quote, c.quote) {
			t.Errorf("%s: line %d %q: %s", name, f.Line, f.Quote, f.Message)
		}
	}
	if _, err := w.CheckScript(t.Context(), w.zhou, "rp99-nobody", scriptTemplate); !errors.Is(err, fault.NotFound) {
		t.Errorf("of no scenario: %v", err)
	}
	if s := w.at(carWash); s.Source != scriptTemplate || s.Version != 1 {
		t.Error("a check saved something")
	}
}

// At any time one person checks one text, and all together as many as there are
// processors; who waits too long is told.
func TestSeats(t *testing.T) {
	s := newSeats()
	leave, err := s.take(t.Context(), "zhou")
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := s.take(impatient, "zhou"); !errors.Is(err, fault.TooMany) {
		t.Errorf("a second seat for one person: %v", err)
	}
	leave()
	var all sync.WaitGroup
	var mu sync.Mutex
	taken, most := 0, 0
	for i := range 200 {
		all.Go(func() {
			leave, err := s.take(t.Context(), strings.Repeat("x", i%50))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			taken++
			most = max(most, taken)
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			taken--
			mu.Unlock()
			leave()
		})
	}
	all.Wait()
	if most > cap(s.room) || taken != 0 {
		t.Errorf("%d at a time, want at most %d; %d seats were not left", most, cap(s.room), taken)
	}
	var held []func()
	for i := range cap(s.room) {
		leave, err := s.take(t.Context(), string(rune('a'+i)))
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, leave)
	}
	full, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := s.take(full, "late"); !errors.Is(err, fault.TooMany) {
		t.Errorf("in a full room: %v", err)
	}
	for _, leave := range held {
		leave()
	}
	if leave, err := s.take(t.Context(), "late"); err != nil {
		t.Errorf("who gave up once cannot come again: %v", err)
	} else {
		leave()
	}
}

func TestTryout(t *testing.T) {
	w := openAuthors(t)
	try := func(source, persona string, path ...string) Tryout {
		t.Helper()
		got, err := w.TryScript(t.Context(), w.zhou, carWash, source, persona, path)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	open := func(got Tryout) (moves []string) {
		for _, way := range got.Ways {
			if way.Open {
				moves = append(moves, way.Move)
			}
		}
		return moves
	}
	start := try(scriptTemplate, "")
	if start.Scene != "发现" || len(start.Documents) != 1 || !slices.Equal(open(start), []string{"选 发现#1", "选 发现#2", "选 发现#3"}) {
		t.Errorf("at the start: %+v", start)
	}
	second := try(scriptTemplate, "", "选 发现#2")
	if !slices.Equal(open(second), []string{"选 对单#2", "选 对单#3"}) || len(second.Ways) != 3 || second.Ways[0].When != "已看(检查单)" {
		t.Errorf("without the paper: %v of %+v", open(second), second.Ways)
	}
	golden := []string{"看 检查单", "选 发现#2", "选 对单#1", "选 收尾#1"}
	end := try(scriptTemplate, "", golden...)
	if end.Ending != "说清了" || len(end.Ways)+len(end.Documents) > 0 || end.Stuck() || end.Points[0].Points != 6 || !slices.Equal(end.Path, golden) {
		t.Errorf("at the end: %+v", end)
	}
	if red := try(scriptTemplate, "", "选 发现#1", "选 对单#2", "选 收尾#3"); red.RedLines != 1 || red.Ending != "去投诉了" {
		t.Errorf("over the red line: %+v", red)
	}
	changed := try(strings.Replace(scriptTemplate, "条件：已看(检查单)", "条件：信任>=90", 1), "", golden...)
	if changed.Lost != 2 || changed.Scene != "对单" || len(changed.Path) != 2 {
		t.Errorf("after a change: lost %d at %s", changed.Lost, changed.Scene)
	}
	if nonsense := try(scriptTemplate, "", "选 发现#9"); nonsense.Lost != 1 || nonsense.Scene != "发现" {
		t.Errorf("nonsense: %+v", nonsense)
	}
	drawn := strings.Replace(scriptTemplate, "仪表:", "性格: 急躁、老成持重\n仪表:", 1)
	hasty, calm := try(drawn, "", "选 发现#1"), try(drawn, "老成持重", "选 发现#1")
	if hasty.Persona != "急躁" || calm.Persona != "老成持重" || hasty.Meters[0].Value >= calm.Meters[0].Value || len(calm.Personas) != 2 {
		t.Errorf("%s %v, %s %v", hasty.Persona, hasty.Meters, calm.Persona, calm.Meters)
	}
	limited := strings.Replace(scriptTemplate, "- 您放心", "限时：20秒 → 投诉\n- 您放心", 1)
	if silent := try(limited, "", "沉默"); silent.Ending != "去投诉了" || silent.Lines[len(silent.Lines)-2].Kind != "silence" {
		t.Errorf("silent: %+v", silent)
	}
	stuck := strings.Replace(scriptTemplate, "  【信任 ++；D3 1，D5 3】\n  条件：已看(检查单)", "  【信任 ++；D3 1，D5 3】→ 死胡同\n  条件：已看(检查单)", 1)
	stuck = strings.Replace(stuck, "## 投诉（旁支）", "## 死胡同（旁支）\n- 没人选得了\n  【D3 0】→ 投诉\n  条件：信任<0\n\n## 投诉（旁支）", 1)
	if got := try(stuck, "", golden[:3]...); got.Scene != "死胡同" || !got.Stuck() {
		t.Errorf("in a dead end: %+v", got)
	}
	if _, err := w.TryScript(t.Context(), w.zhou, carWash, "## 只有\n- 半句 → 没有", "", nil); !errors.Is(err, fault.Invalid) {
		t.Errorf("unreadable: %v", err)
	}
}

// What somebody waits for while writing: the largest scenario there is, looked
// through once.
func BenchmarkCheckScript(b *testing.B) {
	c := openCampus(b)
	zhou := c.add("周敏", people.Trainer)
	source := c.edition(mrsLi).Text()
	for b.Loop() {
		got, err := c.CheckScript(b.Context(), zhou, mrsLi, source)
		if err != nil || !got.Publishable() {
			b.Fatal(got.Errors, err)
		}
	}
}
