package academy

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/content"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// Two ways through Mrs Li's telephone call, as her 剧本 tries them.
const (
	mrsLi = "rp01-appointment-exhaust"

	golden = `看 预约排班表；选 铃响#2；看 客户档案；选 核实#3；选 噪音#2；看 车间能力与备件；选 记录#1；
		选 排期#2；选 中午交车#3；选 价钱#1；选 变卦#2；选 复述#1`
	reckless = `选 铃响#2；看 客户档案；选 核实#3；选 噪音#1；选 先生接话#2；选 记录#4；选 排期#3；选 中午交车#1；
		选 价钱#1；选 变卦#2；选 复述#1`
)

// start begins Mrs Li's call in earnest.
func (c *campus) start(who people.Actor) string {
	c.t.Helper()
	return c.rehearse(who, mrsLi, true)
}

// rehearse begins a session, an exam or practice.
func (c *campus) rehearse(who people.Actor, slug string, exam bool) string {
	c.t.Helper()
	id, err := c.StartSession(context.Background(), who, slug, exam, true)
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// session shows a session as it stands.
func (c *campus) session(who people.Actor, id string) Stage {
	c.t.Helper()
	st, err := c.Session(context.Background(), who, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return st
}

// walk goes a way written as in a 试演, through the use cases.
func (c *campus) walk(who people.Actor, id, way string) Stage {
	c.t.Helper()
	st := c.session(who, id)
	for _, step := range strings.Split(way, "；") {
		verb, ref, _ := strings.Cut(strings.TrimSpace(step), " ")
		act, token := c.Choose, ""
		if verb == "看" {
			act, token = c.OpenDocument, documentToken(st, ref)
		} else {
			token = c.optionToken(st, ref)
		}
		c.later(20 * time.Second)
		next, err := act(context.Background(), who, id, st.Step, token)
		if err != nil {
			c.t.Fatalf("%s: %v", step, err)
		}
		st = next
	}
	return st
}

func documentToken(st Stage, name string) string {
	i := slices.IndexFunc(st.Documents, func(d stage.Document) bool { return d.Name == name })
	return st.Documents[i].Token
}

// optionToken finds the token under which "核实#3" is offered now.
func (c *campus) optionToken(st Stage, ref string) string {
	c.t.Helper()
	name, number, _ := strings.Cut(ref, "#")
	n, _ := strconv.Atoi(number)
	scenes := c.Library().Scenarios[mrsLi].Scenes
	scene := scenes[slices.IndexFunc(scenes, func(s roleplay.Scene) bool { return s.Name == name })]
	for _, o := range st.Options {
		if o.Text == scene.Options[n-1].Text {
			return o.Token
		}
	}
	c.t.Fatalf("%s is not offered", ref)
	return ""
}

func (c *campus) events(who people.Actor, id string) (list []roleplay.Event) {
	c.t.Helper()
	c.read(func(tx *store.Tx) (err error) {
		_, list, err = tx.Session(id, who.ID)
		return err
	})
	return list
}

func TestSessionGoesOnOnAnotherDevice(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	id := c.start(who)
	here := c.walk(who, id, "选 铃响#2；看 客户档案")
	if here.Step != 2 || here.Documents[1].Text == "" {
		t.Fatalf("step %d, documents %v", here.Step, here.Documents)
	}

	other, err := Open(t.Context(), Config{
		Store: c.store, Library: c.Library(), Now: c.at, Zone: c.zone, Issuer: "七步汽车", Log: c.log,
	})
	if err != nil {
		t.Fatal(err)
	}
	there, err := other.Session(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(here, there); diff != "" {
		t.Errorf("the other device shows something else (-here +there):\n%s", diff)
	}
	if again, err := other.StartSession(t.Context(), who, mrsLi, true, false); err != nil || again != id {
		t.Errorf("starting there gives %s, %v; want the open session %s", again, err, id)
	}
}

func TestStartSession(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	start := func(again bool) string {
		t.Helper()
		id, err := c.StartSession(t.Context(), who, mrsLi, true, again)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := start(false)
	if id := start(true); id != first {
		t.Error("a second session opened beside the first")
	}
	c.walk(who, first, golden)
	if id := start(false); id != first {
		t.Error("a start sent again after the end began a new session")
	}
	second := start(true)
	if second == first {
		t.Error("asked for again after the end, no new session began")
	}
	if id := start(true); id != second {
		t.Error("asked for again twice, two sessions began")
	}
	if _, err := c.StartSession(t.Context(), who, "rp99-nobody", true, false); !errors.Is(err, fault.NotFound) {
		t.Errorf("unknown scenario: %v, want NotFound", err)
	}
}

func TestManyStartsOpenOneSession(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	ids := make([]string, 50)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			id, err := c.StartSession(context.Background(), who, mrsLi, true, true)
			if err != nil {
				t.Error(err)
			}
			ids[i] = id
		})
	}
	wg.Wait()
	slices.Sort(ids)
	if distinct := slices.Compact(ids); len(distinct) != 1 {
		t.Errorf("%d sessions, want 1", len(distinct))
	}
}

func TestTwoTabs(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	id := c.start(who)
	tab := c.session(who, id) // both tabs show this
	c.walk(who, id, "选 铃响#2")

	st, err := c.Choose(t.Context(), who, id, tab.Step, c.optionToken(tab, "铃响#3"))
	if !errors.Is(err, ErrMovedOn) {
		t.Fatalf("the other tab's choice: %v, want ErrMovedOn", err)
	}
	if diff := cmp.Diff(c.session(who, id), st); diff != "" {
		t.Errorf("the other tab is not shown where the session is (-is +shown):\n%s", diff)
	}
	if st, err = c.OpenDocument(t.Context(), who, id, tab.Step, documentToken(tab, "预约排班表")); !errors.Is(err, ErrMovedOn) || st.Step != 1 {
		t.Errorf("the other tab's document: %v at step %d, want ErrMovedOn at 1", err, st.Step)
	}
	if got := c.events(who, id); len(got) != 1 || got[0].Ref != "铃响#2" {
		t.Errorf("log %v, want the first tab's choice alone", got)
	}
}

func TestReplayedChoice(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	id := c.start(who)
	before := c.session(who, id)
	token := c.optionToken(before, "铃响#2")
	var answers []Stage
	for range 3 {
		st, err := c.Choose(t.Context(), who, id, before.Step, token)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, st)
		c.later(time.Second)
	}
	if diff := cmp.Diff(answers[0], answers[2]); diff != "" {
		t.Errorf("the replay is answered differently:\n%s", diff)
	}
	if n := len(c.events(who, id)); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	// The token stays good for its own step, and for no other.
	if _, err := c.Choose(t.Context(), who, id, 1, token); !errors.Is(err, ErrMovedOn) {
		t.Errorf("an earlier turn's token at this step: %v, want ErrMovedOn", err)
	}
}

func TestManyChoicesAtOnce(t *testing.T) {
	cases := []struct {
		name   string
		refs   []string // tried in turn
		misses bool     // some come too late
	}{
		{"the same", []string{"铃响#2"}, false},
		{"different ones", []string{"铃响#1", "铃响#2", "铃响#3"}, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := openCampus(t)
			who := c.add("林晓", people.Advisor)
			id := c.start(who)
			st := c.session(who, id)
			var tokens []string
			for _, ref := range tc.refs {
				tokens = append(tokens, c.optionToken(st, ref))
			}
			errs := make([]error, 50)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() {
					_, errs[i] = c.Choose(context.Background(), who, id, st.Step, tokens[i%len(tokens)])
				})
			}
			wg.Wait()
			if n := len(c.events(who, id)); n != 1 {
				t.Errorf("%d events, want 1", n)
			}
			misses := 0
			for _, err := range errs {
				if errors.Is(err, ErrMovedOn) {
					misses++
				} else if err != nil {
					t.Error(err)
				}
			}
			if (misses > 0) != tc.misses || misses == len(errs) {
				t.Errorf("%d of %d were told that the session moved on", misses, len(errs))
			}
		})
	}
}

func TestChoiceThatCannotBe(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	id := c.start(who)
	st := c.session(who, id)
	option, document := c.optionToken(st, "铃响#2"), documentToken(st, "预约排班表")
	cases := []struct {
		name  string
		act   func(context.Context, people.Actor, string, int, string) (Stage, error)
		step  int
		token string
	}{
		{"a token nobody issued", c.Choose, 0, "AAAAAAAAAAAAAAAAAAAA"},
		{"no token", c.Choose, 0, ""},
		{"a step still to come", c.Choose, 1, option},
		{"a step before the first", c.Choose, -1, option},
		{"a document as a choice", c.Choose, 0, document},
		{"a choice as a document", c.OpenDocument, 0, option},
	}
	for _, tc := range cases {
		if _, err := tc.act(t.Context(), who, id, tc.step, tc.token); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", tc.name, err)
		}
	}
	if n := len(c.events(who, id)); n != 0 {
		t.Errorf("%d events, want none", n)
	}
}

func TestSessionsOfOthersAreNotFound(t *testing.T) {
	c := openCampus(t)
	owner := c.add("林晓", people.Advisor)
	open, over := c.start(owner), ""
	st := c.session(owner, open)
	other := c.add("周师傅", people.Advisor)
	over = c.start(other)
	c.walk(other, over, golden)
	uses := map[string]func(who people.Actor, id string) error{
		"session": func(who people.Actor, id string) error {
			_, err := c.Session(t.Context(), who, id)
			return err
		},
		"choose": func(who people.Actor, id string) error {
			_, err := c.Choose(t.Context(), who, id, 0, c.optionToken(st, "铃响#2"))
			return err
		},
		"document": func(who people.Actor, id string) error {
			_, err := c.OpenDocument(t.Context(), who, id, 0, documentToken(st, "预约排班表"))
			return err
		},
		"retry": func(who people.Actor, id string) error {
			_, err := c.Retry(t.Context(), who, id, 1)
			return err
		},
		"intent": func(who people.Actor, id string) error {
			return c.Intend(t.Context(), who, id, "先问声音")
		},
		"debrief": func(who people.Actor, id string) error {
			_, err := c.Debrief(t.Context(), who, id)
			return err
		},
	}
	everyRole := c.add("万能", people.Advisor, people.Trainer, people.HR, people.Admin)
	for name, use := range uses {
		for _, id := range []string{open, over, "no-such-session"} {
			if err := use(everyRole, id); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s of %s: %v, want NotFound", name, id, err)
			}
		}
		if err := use(c.add("无角色"), open); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s without a role: %v, want Forbidden", name, err)
		}
	}
	if n := len(c.events(owner, open)); n != 0 {
		t.Errorf("strangers left %d events", n)
	}
}

func TestEndIsRecordedOnceWithEvidence(t *testing.T) {
	cases := []struct {
		name, way, last string
		ending          string
		outcome         cert.Outcome
		percent         int
		redLine         bool
	}{
		{"passed", golden, "复述#1", "八点二十五，她到了", cert.Passed, 100, false},
		{"a red line crossed", reckless, "复述#1", "星期二中午，车没好", cert.Failed, 78, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := openCampus(t)
			who := c.add("林晓", people.Advisor)
			id := c.start(who)
			i := strings.LastIndex(tc.way, "；")
			before := c.walk(who, id, tc.way[:i])
			token := c.optionToken(before, tc.last)
			ended := c.walk(who, id, tc.way[i+len("；"):])
			if !ended.Ended || len(ended.Options) > 0 {
				t.Fatal("the session goes on")
			}
			c.later(time.Hour)
			if _, err := c.Choose(t.Context(), who, id, before.Step, token); err != nil {
				t.Errorf("the last choice sent again: %v", err)
			}
			var s store.Session
			var ledger []store.LedgerEntry
			c.read(func(tx *store.Tx) (err error) {
				if s, _, err = tx.Session(id, who.ID); err != nil {
					return err
				}
				ledger, err = tx.Ledger(who.ID)
				return err
			})
			want := store.Outcome{
				EndedAt: c.at().Add(-time.Hour), Ending: tc.ending, Percent: tc.percent,
				Passed: tc.outcome == cert.Passed, RedLine: tc.redLine,
			}
			if diff := cmp.Diff(want, s.Outcome); diff != "" {
				t.Errorf("session (-want +got):\n%s", diff)
			}
			if len(ledger) != 1 {
				t.Fatalf("%d ledger entries, want 1", len(ledger))
			}
			evidence := cert.Event{
				Kind: cert.EventEvidence, Day: "2026-03-02", At: s.EndedAt, Requirement: cert.Scenario, Ref: mrsLi,
				Outcome: tc.outcome, Percent: tc.percent, RedLine: tc.redLine, SourceID: id,
			}
			if diff := cmp.Diff(evidence, ledger[0].Event); diff != "" {
				t.Errorf("evidence (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDebriefIsToldAfterTheEndOnly(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	id := c.start(who)
	steps := strings.Split(golden, "；")
	for _, step := range steps {
		if _, err := c.Debrief(t.Context(), who, id); !errors.Is(err, ErrNotEnded) {
			t.Fatalf("debrief before %s: %v, want ErrNotEnded", step, err)
		}
		c.walk(who, id, step)
	}
	if err := c.Intend(t.Context(), who, id, ""); err != nil {
		t.Fatal(err)
	}
	d, err := c.Debrief(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Passed || d.Total != 100 || d.Ending != "八点二十五，她到了" || d.Slug != mrsLi || !d.Exam {
		t.Errorf("debrief of %s: passed %v with %d %%, ending %q, exam %v", d.Slug, d.Passed, d.Total, d.Ending, d.Exam)
	}
}

func TestRehearsals(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	mine := func() Rehearsal {
		t.Helper()
		list, err := c.Rehearsals(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != len(c.Library().Scenarios) {
			t.Fatalf("%d rehearsals, want every scenario", len(list))
		}
		return list[slices.IndexFunc(list, func(r Rehearsal) bool { return r.Slug == mrsLi })]
	}
	r := mine()
	if r.Customer.Name != "李太太" || r.Customer.Mood != 3 || !slices.Contains(r.Trains, "承诺管理") || r.Plays != 0 || r.Open != "" {
		t.Errorf("before the first time: %+v", r)
	}
	first := c.start(who)
	if r = mine(); r.Open != first || r.Plays != 0 {
		t.Errorf("open session: %+v", r)
	}
	c.walk(who, first, reckless)
	if r = mine(); r.Open != "" || r.Plays != 1 || r.Passed || r.Best != 78 {
		t.Errorf("after a failed one: %+v", r)
	}
	second, err := c.StartSession(t.Context(), who, mrsLi, true, true)
	if err != nil {
		t.Fatal(err)
	}
	c.walk(who, second, golden)
	if r = mine(); r.Plays != 2 || !r.Passed || r.Best != 100 {
		t.Errorf("after a passed one: %+v", r)
	}

	b, err := c.Brief(t.Context(), who, mrsLi)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, b.Rehearsal); diff != "" {
		t.Errorf("the brief and the list differ:\n%s", diff)
	}
	if len(b.Runs) != 2 || b.Runs[0].ID != second || b.Runs[1].ID != first || !b.Runs[1].RedLine {
		t.Errorf("earlier runs %+v, want the latest first", b.Runs)
	}
	marks := []Mark{
		{Kind: stage.RuleTotal, Want: 60},
		{Kind: stage.RuleDimension, Name: "承诺管理", Want: 60},
		{Kind: stage.RuleMeter, Name: "情绪", Want: 60, Mood: 5},
		{Kind: stage.RuleClean},
	}
	if diff := cmp.Diff(marks, b.Marks); diff != "" {
		t.Errorf("pass rule (-want +got):\n%s", diff)
	}
	if _, err := c.Brief(t.Context(), who, "rp99-nobody"); !errors.Is(err, fault.NotFound) {
		t.Errorf("unknown scenario: %v, want NotFound", err)
	}
}

// A session is played to its end on the edition it began with, whatever is
// published meanwhile.
func TestSessionKeepsItsEdition(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	id := c.start(who)
	const file = "scenarios/" + mrsLi + ".md"
	text, err := content.FS.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(text), "第一声。第二声。", "铃声大作。")
	l, ps := LoadLibrary(content.FS, fstest.MapFS{file: {Data: []byte(changed)}})
	if l == nil {
		t.Fatal(ps.Err())
	}
	if err := c.Reload(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if first := c.session(who, id).Lines[0].Text; first != "第一声。第二声。" {
		t.Errorf("the open session now begins with %q", first)
	}
	later := c.add("周师傅", people.Advisor)
	if first := c.session(later, c.start(later)).Lines[0].Text; first != "铃声大作。" {
		t.Errorf("a session begun after the change begins with %q", first)
	}
}
