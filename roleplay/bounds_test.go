package roleplay_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// drawScenario makes a small scenario of any shape: conditions on everything,
// ways back, jumps, dead ends. Options are once-only, so every route is finite.
func drawScenario(t *rapid.T) *roleplay.Scenario {
	n := rapid.IntRange(1, 4).Draw(t, "scenes")
	sc := &roleplay.Scenario{
		Cast:       []roleplay.Character{{Name: "客户"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "信任", Start: 95}},
		Dimensions: []roleplay.Dimension{{Key: "D1", Weight: 1}, {Key: "D2", Weight: 2}},
		Scenes:     make([]roleplay.Scene, n+2),
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "documents") {
		sc.Documents = append(sc.Documents, roleplay.Document{Name: string(rune('A' + i)), Scene: rapid.IntRange(0, n).Draw(t, "from")})
	}
	sizes := rapid.SliceOfN(rapid.IntRange(0, 4), n, n).Draw(t, "options")
	total := 0
	for _, k := range sizes {
		total += k
	}
	for i := range sc.Scenes {
		sc.Scenes[i].Name = string(rune('a' + i))
		if i >= n {
			sc.Scenes[i].Ending = "end"
		}
	}
	id := 0
	for i, k := range sizes {
		first := id
		for range k {
			o := drawOption(t, sc, id, total)
			if id == first && rapid.IntRange(0, 9).Draw(t, "way on") > 0 { // else few scenarios have no dead end
				o.When, o.To = nil, rapid.IntRange(i+1, n+1).Draw(t, "to")
			}
			sc.Scenes[i].Options = append(sc.Scenes[i].Options, o)
			id++
		}
		if k == 0 || rapid.Bool().Draw(t, "jumps") {
			sc.Scenes[i].Jumps = []roleplay.Jump{
				{When: drawCondition(t, sc, total), Way: roleplay.Way{To: rapid.IntRange(i+1, n+1).Draw(t, "jump")}},
				{Way: roleplay.Way{To: rapid.IntRange(i+1, n+1).Draw(t, "jump")}},
			}
		}
	}
	sc.Pass = []roleplay.Rule{
		{Kind: stage.RuleTotal, Mark: rapid.IntRange(0, 100).Draw(t, "mark")},
		{Kind: stage.RuleDimension, Index: 1, Mark: rapid.IntRange(0, 100).Draw(t, "mark")},
		{Kind: stage.RuleMeter, Index: 0, Mark: rapid.IntRange(30, 60).Draw(t, "mark")},
		{Kind: stage.RuleClean},
	}[rapid.IntRange(0, 3).Draw(t, "first rule"):]
	return sc
}

func drawOption(t *rapid.T, sc *roleplay.Scenario, id, total int) roleplay.Option {
	o := roleplay.Option{ID: id, Way: roleplay.Way{To: rapid.IntRange(0, len(sc.Scenes)-1).Draw(t, "to")}, When: drawCondition(t, sc, total)}
	for m := range sc.Meters {
		o.Effects = append(o.Effects, roleplay.Effect{Meter: m, By: 5 * rapid.IntRange(-4, 4).Draw(t, "effect")})
	}
	for d := range sc.Dimensions {
		o.Scores = append(o.Scores, roleplay.Score{Dimension: d, Points: rapid.IntRange(0, 3).Draw(t, "points")})
	}
	if rapid.IntRange(0, 4).Draw(t, "red") == 0 {
		o.RedLine = "red"
	}
	return o
}

func drawCondition(t *rapid.T, sc *roleplay.Scenario, options int) *roleplay.Condition {
	op := rapid.SampledFrom([]string{"", "", "", "", "", "", ">=", "<", "==", "opened", "left", "chosen", "not", "and", "or"}).Draw(t, "op")
	c := &roleplay.Condition{Op: op}
	sizes := map[string]int{"opened": len(sc.Documents), "left": len(sc.Scenes), "chosen": options}
	switch op {
	case "not", "and", "or":
		for range map[string]int{"not": 1, "and": 2, "or": 2}[op] {
			if x := drawCondition(t, sc, options); x != nil {
				c.Of = append(c.Of, *x)
			}
		}
		if op == "not" && len(c.Of) == 0 {
			return nil
		}
	case "opened", "left", "chosen":
		if sizes[op] == 0 {
			return nil
		}
		c.Index = rapid.IntRange(0, sizes[op]-1).Draw(t, "index")
	case "":
		return nil
	default:
		c.Index, c.Value = rapid.IntRange(0, 1).Draw(t, "meter"), 5*rapid.IntRange(0, 20).Draw(t, "value")
	}
	return c
}

// routes plays everything there is, one log after the other, and remembers
// nothing between them: the survey must agree with it.
type routes struct {
	session          roleplay.Session
	visits           int
	stuck            bool
	reached, offered []string
	ends             [][]roleplay.Event
}

const tooMany = 3000

func (r *routes) walk(t *rapid.T, events []roleplay.Event) {
	if r.visits++; r.visits > tooMany {
		return
	}
	st, err := r.session.Fold(events)
	if err != nil {
		t.Fatal(err)
	}
	r.reached = append(r.reached, st.Scene)
	v := r.session.View(st)
	if v.Ended {
		r.ends = append(r.ends, slices.Clone(events))
		return
	}
	r.stuck = r.stuck || len(v.Options) == 0
	for _, o := range v.Options {
		r.offered = append(r.offered, r.step(t, st, events, o.Token))
	}
	for _, d := range v.Documents {
		if !d.Opened {
			r.step(t, st, events, d.Token)
		}
	}
}

func (r *routes) step(t *rapid.T, st roleplay.State, events []roleplay.Event, token string) string {
	e, err := r.session.Resolve(st, token)
	if err != nil {
		t.Fatal(err)
	}
	r.walk(t, append(slices.Clip(events), e))
	return e.Ref
}

// The survey forgets what no longer matters and meets every position once; its
// findings are those of playing every route to its end.
func TestExploreAgreesWithEveryRoute(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		v, err := roleplay.Explore(sc, roleplay.MaxStates)
		if err != nil {
			t.Fatal(err)
		}
		r := routes{session: roleplay.Session{Scenario: sc}}
		r.walk(t, nil)
		if r.visits > tooMany {
			t.Skip("too many routes to play them all")
		}
		if r.stuck != (len(v.Stuck) > 0) {
			t.Fatalf("stuck %v, survey says %v", r.stuck, v.Stuck)
		}
		compareOffered(t, sc, v, r)
		if r.stuck {
			return
		}
		if len(v.Endless) > 0 || len(v.Circling) > 0 {
			t.Fatalf("endless %v, circling %v", v.Endless, v.Circling)
		}
		if compareScores(t, sc, v, r) {
			compared++
		}
	})
	if compared < 10 {
		t.Errorf("verdicts of only %d scenarios compared", compared)
	}
}

func compareOffered(t *rapid.T, sc *roleplay.Scenario, v *roleplay.Survey, r routes) {
	for i, s := range sc.Scenes {
		if slices.Contains(r.reached, s.Name) && !v.Reached[i] {
			t.Fatalf("scene %s is reached", s.Name)
		}
		for n, o := range s.Options {
			if slices.Contains(r.offered, sc.Ref(i, n)) != v.Offered[o.ID] {
				t.Fatalf("option %s: survey says offered %v", sc.Ref(i, n), v.Offered[o.ID])
			}
		}
	}
}

// compareScores reports whether there was a verdict to compare.
func compareScores(t *rapid.T, sc *roleplay.Scenario, v *roleplay.Survey, r routes) bool {
	least, most := []int{1000, 1000}, []int{-1, -1}
	for _, events := range r.ends {
		st, err := r.session.Fold(events)
		if err != nil {
			t.Fatal(err)
		}
		for d, p := range st.Points {
			least[d], most[d] = min(least[d], p), max(most[d], p)
		}
	}
	if !slices.Equal(least, v.Min) || !slices.Equal(most, v.Max) {
		t.Fatalf("routes give %v–%v, survey %v–%v", least, most, v.Min, v.Max)
	}
	for d := range sc.Dimensions {
		if sc.Dimensions[d].Min, sc.Dimensions[d].Max = v.Min[d], v.Max[d]; v.Min[d] == v.Max[d] {
			return false // no scale, no verdict
		}
	}
	var pass, fail bool
	for _, events := range r.ends {
		d, err := r.session.Debrief(events)
		if err != nil {
			t.Fatal(err)
		}
		pass, fail = pass || d.Passed, fail || !d.Passed
	}
	p, f, err := v.Verdicts(roleplay.MaxStates)
	if err != nil || p != pass || f != fail {
		t.Fatalf("routes pass %v and fail %v, survey says %v and %v, %v", pass, fail, p, f, err)
	}
	return true
}

// The figures measured for this script when the format was designed.
func TestExploreBill(t *testing.T) {
	v, err := roleplay.Explore(load(t, "bill"), roleplay.MaxStates)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(v.Min, []int{0, 0, 0}) || !slices.Equal(v.Max, []int{5, 6, 6}) {
		t.Errorf("bounds %v–%v", v.Min, v.Max)
	}
	if v.States != 14 {
		t.Errorf("%d states, want 14: remembering everything there are 69", v.States)
	}
}

// A document may have to stay shut in one scene and be opened in a later one:
// that it is within reach must not be forgotten on the way.
func TestExploreKeepsDocumentsWithinReach(t *testing.T) {
	shut := &roleplay.Condition{Op: "not", Of: []roleplay.Condition{{Op: "opened"}}}
	score := func(points int) []roleplay.Score { return []roleplay.Score{{Points: points}} }
	sc := &roleplay.Scenario{
		Dimensions: []roleplay.Dimension{{Key: "D1", Weight: 1}},
		Documents:  []roleplay.Document{{Name: "A"}},
		Scenes: []roleplay.Scene{
			{Name: "a", Options: []roleplay.Option{{ID: 0, Way: roleplay.Way{To: 1}, When: shut, Scores: score(3)}, {ID: 1, Way: roleplay.Way{To: 1}}}},
			{Name: "b", Options: []roleplay.Option{{ID: 2, Way: roleplay.Way{To: 2}, When: &roleplay.Condition{Op: "opened"}, Scores: score(3)}, {ID: 3, Way: roleplay.Way{To: 2}}}},
			{Name: "c", Ending: "end"},
		},
	}
	v, err := roleplay.Explore(sc, roleplay.MaxStates)
	if err != nil {
		t.Fatal(err)
	}
	if v.Max[0] != 6 {
		t.Errorf("max %d, want 6: keep it shut, then open it", v.Max[0])
	}
}

func TestExploreStopsAtItsLimit(t *testing.T) {
	sc := load(t, "bill")
	v, err := roleplay.Explore(sc, roleplay.MaxStates)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := roleplay.Explore(sc, v.States-1); err == nil {
		t.Error("explored more states than allowed")
	}
	if _, _, err := v.Verdicts(3); err == nil {
		t.Error("carried more score combinations than allowed")
	}
}

func BenchmarkExplore(b *testing.B) {
	sc := load(b, "bill")
	for b.Loop() {
		if _, err := roleplay.Explore(sc, roleplay.MaxStates); err != nil {
			b.Fatal(err)
		}
	}
}
