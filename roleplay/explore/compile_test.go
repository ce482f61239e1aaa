package explore

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

// The form in which a report leaves the program.
func TestReportJSON(t *testing.T) {
	var got map[string]any
	r := Compile("sound.md", []byte(sound(t)))
	if err := json.Unmarshal(r.JSON(), &got); err != nil {
		t.Fatal(err)
	}
	bot := func(total float64, ending string) map[string]any {
		return map[string]any{"passed": false, "total": total, "ending": ending}
	}
	want := map[string]any{
		"hash": r.Scenario.Hash(), "engine": 1.0, "proven": true, "states": float64(r.States), "routes": r.Routes,
		"dimensions": map[string]any{
			"倾听提问": map[string]any{"min": 0.0, "max": 11.0},
			"承诺管理": map[string]any{"min": 0.0, "max": 9.0},
		},
		"bots": map[string]any{
			"longest": bot(52, "她没回头"), "first": bot(28, "她摇下车窗"), "politest": bot(28, "她摇下车窗"),
			"hedged": bot(23, "她摇下车窗"), "agreeing": bot(18, "她摇下车窗"),
			"random": map[string]any{"passed": false, "total": 42.0, "plays": 1000.0, "passes": 20.0},
		},
		"tests":    map[string]any{"passed": 3.0, "total": 3.0, "options": 22.0, "of": 27.0},
		"findings": []any{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	text := string(Compile("x.md", []byte(edit(t, sound(t), "[情绪>=50] → 送别", "[情绪<200 且 信任>10] → 送别"))).JSON())
	if !strings.Contains(text, "「情绪<200 且 信任>10」") || strings.Contains(text, "\n") {
		t.Errorf("%s", text)
	}
	broken := Compile("x.md", []byte("## 门口\n"))
	text = string(broken.JSON())
	if !strings.Contains(text, `{"rule":1,"level":"error","line":1,"message":`) || strings.Contains(text, "null") {
		t.Errorf("%s", text)
	}
}

func TestCompileIsDeterministic(t *testing.T) {
	for _, options := range [][]Option{nil, {Positions(50)}} {
		a, b := Compile("x.md", []byte(sound(t)), options...), Compile("x.md", []byte(sound(t)), options...)
		if !bytes.Equal(a.JSON(), b.JSON()) {
			t.Errorf("%s\n%s", a.JSON(), b.JSON())
		}
	}
}

// The figures that were worked out by hand when the format was designed.
func TestBill(t *testing.T) {
	src, err := os.ReadFile("../script/testdata/bill.md")
	if err != nil {
		t.Fatal(err)
	}
	r := Compile("bill.md", src)
	want := map[string]Bounds{"同理与情绪": {0, 5}, "诊断与说明": {0, 6}, "费用与配件透明": {0, 6}}
	if diff := cmp.Diff(want, r.Dimensions); diff != "" || r.Has(Error) || r.States != 14 || r.Routes != "50" {
		t.Errorf("%s\n%s", diff, r.JSON())
	}
}

// Over the limit nothing is proven: an exam is refused, practice is warned, and
// what plays have shown lies within what holds.
func TestTooManyPositions(t *testing.T) {
	whole := Compile("x.md", []byte(sound(t)))
	for use, level := range map[string]Level{"考试": Error, "练习": Warn} {
		r := Compile("x.md", []byte(edit(t, sound(t), "性格: 急躁、健谈\n", "性格: 急躁、健谈\n用途: "+use+"\n")), Positions(20))
		if r.Proven || r.Routes != "" || r.States <= 20 {
			t.Errorf("%s: %s", use, r.JSON())
		}
		if (r.Scenario != nil) != (level == Warn) {
			t.Errorf("%s: published %v", use, r.Scenario != nil)
		}
		if len(r.Findings) != 1 || r.Findings[0].Rule != 6 || r.Findings[0].Level != level || !strings.Contains(r.Findings[0].Message, "未证明：走法经过的局面超过20个") {
			t.Errorf("%s: %v", use, r.Findings)
		}
		if diff := cmp.Diff(whole.Dimensions, r.Dimensions); diff != "" {
			t.Errorf("thousands of plays of a small scenario see everything:\n%s", diff)
		}
	}
}

// What only decides which lines are said is let go before the proof is.
func TestLinesGiveWayToProof(t *testing.T) {
	src := []byte(edit(t, sound(t), "客户：要是回去又响呢？", "客户：[选过(迎接#2)] 你说有人来叫我，谁来了？\n客户：[否则] 要是回去又响呢？"))
	s, _ := script.Parse("x.md", src)
	with, without := newGraph(s.Scenario, Limit, true), newGraph(s.Scenario, Limit, false)
	if without.size() >= with.size() {
		t.Fatalf("%d positions without lines, %d with", without.size(), with.size())
	}
	r := Compile("x.md", src, Positions(without.size()))
	if !r.Proven || r.States != without.size() || r.Scenario == nil {
		t.Errorf("%s", r.JSON())
	}
}

// Sampling a scenario that could be walked sees nothing that is not there.
func TestSampleIsWithinTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		whole, part := newSurvey(sc, Limit), newSurvey(sc, 0)
		if part.proven {
			t.Fatal("proven without a walk")
		}
		for i := range sc.Scenes {
			if part.met.scenes.Has(i) && !whole.met.scenes.Has(i) {
				t.Fatalf("played into scene %d", i)
			}
		}
		if part.ended && joinBetween(whole.bounds, part.bounds) != whole.bounds {
			t.Fatalf("played %v, walked %v", part.bounds, whole.bounds)
		}
	})
}

// Nobody who plays at random gets where the graph has no position, or out of
// its bounds; what he gets there is what the engine's own session gets.
func TestRandomPlayStaysInside(t *testing.T) {
	for _, file := range []string{"testdata/sound.md", "../script/testdata/tour.md", "../script/testdata/bill.md"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, problems := script.Parse(file, src)
		if s == nil {
			t.Fatal(problems)
		}
		v := newSurvey(s.Scenario, Limit)
		rapid.Check(t, func(t *rapid.T) { playInside(t, v) })
	}
}

func playInside(t *rapid.T, v *survey) {
	sc := v.sc
	persona := rapid.IntRange(0, len(v.starts)-1).Draw(t, "persona")
	session := roleplay.Session{Scenario: sc}
	if len(sc.Personas) > 0 {
		session.Scenario = sc.Fixed(persona)
	}
	var log []roleplay.Event
	p, err := sc.Start(persona, nil)
	var sum vector
	for err == nil && !sc.Ended(&p) {
		if v.find(p) == none {
			t.Fatalf("the graph lacks %+v", p)
		}
		var can []roleplay.Event
		said := map[roleplay.Event]*roleplay.Option{}
		for _, n := range sc.Offer(&p, nil) {
			e := roleplay.Event{Kind: roleplay.Choose, Ref: sc.Ref(int(p.Scene), n), Step: len(log)}
			can, said[e] = append(can, e), &sc.Scenes[p.Scene].Options[n]
		}
		if s := sc.Limit(&p); s != nil {
			e := roleplay.Event{Kind: roleplay.SayNothing, Ref: sc.Scenes[p.Scene].Name, Step: len(log)}
			can, said[e] = append(can, e), &s.Option
		}
		for i, d := range sc.Documents {
			if sc.Within(&p, i) && !p.Opened.Has(i) {
				can = append(can, roleplay.Event{Kind: roleplay.Open, Ref: d.Name, Step: len(log)})
			}
		}
		e := rapid.SampledFrom(can).Draw(t, "event")
		log = append(log, e)
		if o := said[e]; o != nil {
			sum = sum.plus(o)
			p, err = sc.Choose(p, o, nil)
		} else {
			p.Opened = p.Opened.With(slices.IndexFunc(sc.Documents, func(d roleplay.Document) bool { return d.Name == e.Ref }))
		}
	}
	st, foldErr := session.Fold(log)
	if err != nil || foldErr != nil || !st.Ended {
		t.Fatal(err, foldErr)
	}
	if !slices.Equal(st.Points, sum.points(sc)) {
		t.Fatalf("session earned %v, explorer %v", st.Points, sum)
	}
	if joinBetween(v.bounds, between{sum, sum}) != v.bounds {
		t.Fatalf("earned %v, bounds %v", sum, v.bounds)
	}
}

// lintOf looks over a scenario that no 剧本 can express.
func lintOf(sc *roleplay.Scenario) *linter {
	lines := script.Lines{
		Front: map[string]int{}, Scenes: make([]int, len(sc.Scenes)), Options: make([]int, roleplay.MaxOptions),
		Jumps: make([][]int, len(sc.Scenes)),
	}
	for i, s := range sc.Scenes {
		lines.Jumps[i] = make([]int, len(s.Jumps))
	}
	x := newLinter(&script.Script{Scenario: sc, Lines: lines}, newSurvey(sc, Limit), nil)
	x.lint()
	return x
}

// The parser refuses points for what can be said again; should it ever not, the
// linter does.
func TestFarming(t *testing.T) {
	sc := &roleplay.Scenario{
		Meters:     []roleplay.Meter{{Name: "情绪"}},
		Dimensions: []roleplay.Dimension{{Key: "D1", Name: "礼仪形象", Weight: 1}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleTotal, Mark: 50}},
		Scenes: []roleplay.Scene{
			{Name: "门口", Options: []roleplay.Option{
				{ID: 0, Text: "再来", Repeat: true, Way: roleplay.Way{To: 0}, Scores: []roleplay.Score{{Points: 1}}},
				{ID: 1, Text: "走", Way: roleplay.Way{To: 1}, Scores: []roleplay.Score{{Points: 2}}},
				{ID: 2, Text: "慢走", Way: roleplay.Way{To: 1}, Scores: []roleplay.Score{{Points: 0}}},
			}},
			{Name: "完", Ending: "完"},
		},
	}
	farms := func() (found []Finding) {
		for _, f := range lintOf(sc).findings {
			if f.Rule == 5 {
				found = append(found, f)
			}
		}
		return found
	}
	if found := farms(); len(found) != 1 || found[0].Level != Error || !strings.Contains(found[0].Message, "「再来」可以绕回来再选") {
		t.Errorf("%v", found)
	}
	sc.Scenes[0].Options[0].Scores = nil
	if found := farms(); len(found) > 0 {
		t.Errorf("going round for nothing: %v", found)
	}
}

func TestCircleBeforeTheStart(t *testing.T) {
	sc := &roleplay.Scenario{
		Meters: []roleplay.Meter{{Name: "情绪"}},
		Scenes: []roleplay.Scene{
			{Name: "门口", Jumps: []roleplay.Jump{{Way: roleplay.Way{To: 1}}}},
			{Name: "过道", Jumps: []roleplay.Jump{{Way: roleplay.Way{To: 0}}}},
			{Name: "完", Ending: "完"},
		},
	}
	x := lintOf(sc)
	if !slices.ContainsFunc(x.findings, func(f Finding) bool {
		return f.Rule == 5 && strings.Contains(f.Message, "原地兜圈，永远轮不到选择：一开始")
	}) {
		t.Errorf("%v", x.findings)
	}
}

func TestScalesWithoutACommonMeasure(t *testing.T) {
	s, _ := script.Parse("x.md", []byte(sound(t)))
	v := newSurvey(s.Scenario, Limit)
	for i := range 8 {
		s.Scenario.Dimensions = append(s.Scenario.Dimensions[:i:i], roleplay.Dimension{Key: "D", Name: "维度", Weight: 10})
		v.bounds.high[i] = []int16{997, 991, 983, 977, 971, 967, 953, 947}[i]
	}
	x := newLinter(s, v, nil)
	x.lintScales()
	if len(x.findings) != 1 || x.findings[0].Rule != 6 || x.findings[0].Level != Error || x.frozen {
		t.Errorf("%v", x.findings)
	}
}

// Where no single route settles the pass rule, the fronts do; and where those
// are too much work, nothing is claimed.
func TestVerdictByFronts(t *testing.T) {
	points := func(a, b int) []roleplay.Score { return []roleplay.Score{{Points: a}, {Dimension: 1, Points: b}} }
	sc := &roleplay.Scenario{
		Meters:     []roleplay.Meter{{Name: "情绪"}},
		Dimensions: []roleplay.Dimension{{Key: "D1", Name: "礼仪形象", Weight: 1}, {Key: "D2", Name: "倾听提问", Weight: 1}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleDimension, Index: 0, Mark: 30}, {Kind: stage.RuleDimension, Index: 1, Mark: 30}},
		Scenes: []roleplay.Scene{
			{Name: "门口", Options: []roleplay.Option{
				{ID: 0, Text: "甲", Way: roleplay.Way{To: 1}, Scores: points(3, 0)},
				{ID: 1, Text: "乙", Way: roleplay.Way{To: 1}, Scores: points(0, 2)},
				{ID: 2, Text: "丙", Way: roleplay.Way{To: 1}, Scores: points(1, 1)},
			}},
			{Name: "完", Ending: "完"},
		},
	}
	for work, want := range map[int]verdict{frontLimit: {true, true, true}, 0: {false, true, false}} {
		v := newSurvey(sc, Limit)
		v.loops.work, v.clean.work = work, work
		if err := v.freeze(); err != nil {
			t.Fatal(err)
		}
		if got := v.verdicts()[0]; got != want {
			t.Errorf("with work %d: %+v, want %+v", work, got, want)
		}
		x := newLinter(&script.Script{Scenario: sc}, v, nil)
		if ok := x.lintPassRule(); ok != want.decided {
			t.Errorf("with work %d: %v", work, x.findings)
		}
	}
}

// Every level counts as itself and what is graver.
func TestReportHas(t *testing.T) {
	for _, c := range []struct {
		have Level
		want map[Level]bool
	}{
		{"", map[Level]bool{}},
		{Info, map[Level]bool{Info: true}},
		{Warn, map[Level]bool{Info: true, Warn: true}},
		{Error, map[Level]bool{Info: true, Warn: true, Error: true}},
	} {
		var r Report
		if c.have != "" {
			r.Findings = []Finding{{Level: c.have}}
		}
		for _, level := range []Level{Info, Warn, Error} {
			if r.Has(level) != c.want[level] {
				t.Errorf("with %q: has %s is %v", c.have, level, r.Has(level))
			}
		}
	}
}

// The scenarios we ship have no error and, since the check of the content is
// strict, no warning. With -v it prints what is known of them.
func TestContentScenarios(t *testing.T) {
	files, err := filepath.Glob("../../content/scenarios/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := Compile(file, src)
		for _, f := range r.Findings {
			if f.Level != Info {
				t.Errorf("%s:%s", file, f)
			}
		}
		t.Logf("%s: %s", filepath.Base(file), r.JSON())
	}
}

// Whatever is in the file, a report comes of it in bounded time.
func FuzzCompile(f *testing.F) {
	f.Add([]byte(sound(f)))
	for _, file := range []string{"bill.md", "tour.md"} {
		src, err := os.ReadFile("../script/testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		r := Compile("fuzz.md", src, Positions(2000))
		if !json.Valid(r.JSON()) {
			t.Fatalf("%s", r.JSON())
		}
		if (r.Scenario == nil) != r.Has(Error) || (r.Hash == "") != r.Has(Error) {
			t.Fatalf("scenario %v, hash %q, findings %v", r.Scenario != nil, r.Hash, r.Findings)
		}
		lines := bytes.Count(src, []byte("\n")) + bytes.Count(src, []byte("\r")) + 1
		for _, x := range r.Findings {
			if x.Rule < 1 || x.Rule > 20 || x.Line < 0 || x.Line > lines || x.Message == "" {
				t.Fatalf("%+v", x)
			}
		}
		if r.Scenario != nil {
			if _, err := roleplay.Load(r.Scenario.JSON(), r.Hash); err != nil {
				t.Fatal(err)
			}
		}
	})
}
