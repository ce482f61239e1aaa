package roleplay_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// The scenes of the garage.
const (
	reception = iota
	weather
	family
	chill
	questions
	quote
	farewell
	walkout
)

func says(text string) roleplay.Beat {
	return roleplay.Beat{{Kind: stage.KindCustomer, Who: "老马", Text: text}}
}

func to(scene int) roleplay.Way         { return roleplay.Way{To: scene} }
func call(scene, then int) roleplay.Way { return roleplay.Way{Call: scene, To: then} }
func mood(by int) roleplay.Effect       { return roleplay.Effect{Meter: 0, By: by} }
func trust(by int) roleplay.Effect      { return roleplay.Effect{Meter: 1, By: by} }

func scores(d2, d6 int) []roleplay.Score {
	return []roleplay.Score{{Dimension: 0, Points: d2}, {Dimension: 1, Points: d6}}
}

// garage is a story with everything a story can have: a hub of topics, scenes
// that are called, limits of time with and without a way of their own, and a
// customer who is not the same every time.
func garage() *roleplay.Scenario {
	sc := &roleplay.Scenario{
		Engine: roleplay.EngineVersion, Slug: "garage", Title: "异响", Situation: "老马的车有异响。",
		Cast:       []roleplay.Character{{Label: "客户", Name: "老马"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "信任", Start: 40}},
		Dimensions: []roleplay.Dimension{{Key: "D2", Name: "倾听提问", Weight: 1}, {Key: "D6", Name: "承诺管理", Weight: 2}},
		Pass: []roleplay.Rule{
			{Kind: stage.RuleTotal, Mark: 60},
			{Kind: stage.RuleMeter, Index: 0, Mark: 50},
			{Kind: stage.RuleClean},
		},
		Documents: []roleplay.Document{{Name: "维修记录", Text: "三个月前换过减振器。", Scene: reception}},
		Scenes: []roleplay.Scene{
			reception: {
				Name: "接车", Beats: []roleplay.Beat{says("车一颠就响。")},
				Options: []roleplay.Option{
					{Text: "您坐，慢慢说。", Effects: []roleplay.Effect{mood(10)}, Way: to(questions)},
					{Text: "这天真热啊。", Way: call(weather, questions)},
				},
				Silence: &roleplay.Silence{Seconds: 20, Option: roleplay.Option{
					Effects: []roleplay.Effect{mood(-10)}, Way: to(chill), Scores: scores(0, 0), Coaching: "先应一声。",
				}},
			},
			weather: {
				Name: "天气", Beats: []roleplay.Beat{says("是热。")},
				Options: []roleplay.Option{
					{Text: "说正事吧。", Way: to(roleplay.Return)},
					{Text: "家里都好吧？", Way: call(family, roleplay.Return)},
				},
			},
			family: {Name: "家常", Beats: []roleplay.Beat{says("都好。")}, Jumps: []roleplay.Jump{{Way: to(roleplay.Return)}}},
			chill: {
				Name: "冷场", Effects: []roleplay.Effect{mood(-10)}, Beats: []roleplay.Beat{says("你听见没有？")},
				Options: []roleplay.Option{{Text: "抱歉，您接着说。", Way: to(questions), Scores: scores(1, 0)}},
			},
			questions: {
				Name: "问诊", Effects: []roleplay.Effect{trust(5)}, Beats: []roleplay.Beat{says("你问吧。")},
				Topics: []roleplay.Topic{{Name: "症状", Must: true}, {Name: "时间", Must: true}, {Name: "家里"}},
				Options: []roleplay.Option{
					{Text: "什么路面响？", Topic: 1, Way: to(questions), Scores: scores(3, 0), Expert: "先问清再动手。"},
					{Text: "是不是减振器？", Topic: 1, Way: to(questions), Scores: scores(1, 0), Coaching: "猜在问前面。"},
					{Text: "哪天要用车？", Topic: 2, Way: to(questions), Scores: scores(2, 0)},
					{Text: "今天够呛。", Topic: 2, Way: to(questions), Scores: scores(0, 0), Effects: []roleplay.Effect{mood(-15)}},
					{Text: "嫂子还好吧？", Topic: 3, Way: call(weather, questions)},
					{Text: "您稍等。", Repeat: true, Way: to(questions), Effects: []roleplay.Effect{mood(-5)}},
					{Text: "没响，您听错了。", Way: to(walkout), Scores: scores(0, 0), RedLine: "没听就否认", Coaching: "没试车。"},
				},
				Silence: &roleplay.Silence{Seconds: 30, Option: roleplay.Option{Effects: []roleplay.Effect{mood(-5)}, Way: to(questions)}},
				Jumps:   []roleplay.Jump{{Way: to(quote)}},
			},
			quote: {
				Name: "约定", Beats: []roleplay.Beat{{
					{Kind: stage.KindCustomer, Text: "那你说。", When: &roleplay.Condition{Op: ">=", Index: 0, Value: 50}},
					{Kind: stage.KindCustomer, Text: "快点说。"},
				}},
				Options: []roleplay.Option{
					{
						Text: "减振器还在质保，下午四点给您结果。", Way: to(farewell), Scores: scores(0, 3),
						When: &roleplay.Condition{Op: "opened"}, Effects: []roleplay.Effect{mood(20)},
					},
					{Text: "修好了打给您。", Way: to(farewell), Scores: scores(0, 1), Coaching: "没有时间。"},
				},
				Silence: &roleplay.Silence{Seconds: 10, Option: roleplay.Option{
					Way: to(walkout), Scores: scores(0, 0), RedLine: "把客户晾在一边", Coaching: "哪怕先说几点答复。",
				}},
			},
			farewell: {Name: "送别", Ending: "说定了", Beats: []roleplay.Beat{says("行，四点。")}},
			walkout:  {Name: "不欢", Ending: "走了", Beats: []roleplay.Beat{says("我换一家。")}},
		},
	}
	for _, k := range roleplay.Packs[:3] { // 急躁、多疑、老成持重
		sc.Personas = append(sc.Personas, k.Persona(sc))
	}
	number(sc)
	if err := sc.Freeze([]int{0, 0}, []int{6, 3}); err != nil {
		panic(err)
	}
	return sc
}

// number gives the options and silences their ids.
func number(sc *roleplay.Scenario) {
	id := 0
	for o := range sc.All() {
		o.ID = id
		id++
	}
}

// plain is the garage with a customer who feels everything as it is written.
func plain() roleplay.Session {
	sc := garage()
	sc.Personas = nil
	return roleplay.Session{Scenario: sc, Seed: seed}
}

// Where a story stands after some events, and what was said since the last.
func TestWaysThroughAStory(t *testing.T) {
	cases := []struct {
		name   string
		events []string
		scene  string
		said   string // since the last event
		offer  string // first characters of what can be said, in the order of the script
	}{
		{"the start", nil, "接车", "车一颠就响。", "您这"},
		{"a call", []string{"choose 接车#2"}, "天气", "这天真热啊。 是热。", "说家"},
		{"a return", []string{"choose 接车#2", "choose 天气#1"}, "问诊", "说正事吧。 你问吧。", "什是哪今嫂您没"},
		{"a call that returns to the caller's caller", []string{"choose 接车#2", "choose 天气#2"}, "问诊", "家里都好吧？ 都好。 你问吧。", "什是哪今嫂您没"},
		{"a silence", []string{"silence 接车"}, "冷场", " 你听见没有？", "抱"},
		{"a topic settled", []string{"choose 接车#1", "choose 问诊#2"}, "问诊", "是不是减振器？", "哪今嫂您没"},
		{"a topic left by a call", []string{"choose 接车#1", "choose 问诊#5"}, "天气", "嫂子还好吧？ 是热。", "说家"},
		{"back in the hub", []string{"choose 接车#1", "choose 问诊#5", "choose 天气#1"}, "问诊", "说正事吧。", "什是哪今您没"},
		{"a repeatable option of a hub", []string{"choose 接车#1", "choose 问诊#6"}, "问诊", "您稍等。", "什是哪今嫂您没"},
		{"a silence in a hub", []string{"choose 接车#1", "silence 问诊"}, "问诊", "", "什是哪今嫂您没"},
		{"a hub left early", []string{"choose 接车#1", "choose 问诊#7"}, "不欢", "没响，您听错了。 我换一家。", ""},
		{"what must be raised was", []string{"choose 接车#1", "choose 问诊#1", "choose 问诊#3"}, "约定", "哪天要用车？ 那你说。", "修"},
		{
			"a paper read",
			[]string{"open 维修记录", "choose 接车#1", "choose 问诊#1", "choose 问诊#4"},
			"约定", "今天够呛。 快点说。", "减修",
		},
		{"the end", []string{"choose 接车#1", "choose 问诊#1", "choose 问诊#3", "silence 约定"}, "不欢", " 我换一家。", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := plain()
			st := fold(t, s, log(c.events...))
			v := s.View(st)
			var said []string
			for _, l := range v.Lines {
				if l.Step == st.Step {
					said = append(said, l.Text)
				}
			}
			if got := strings.Join(said, " "); st.Scene != c.scene || got != c.said {
				t.Errorf("in %s after %q, want %s after %q", st.Scene, got, c.scene, c.said)
			}
			offer := []rune(c.offer)
			for _, o := range v.Options {
				if i := slices.Index(offer, []rune(o.Text)[0]); i >= 0 {
					offer = slices.Delete(offer, i, i+1)
				} else {
					t.Errorf("%s is offered", o.Text)
				}
			}
			if len(offer) > 0 {
				t.Errorf("missing %s", string(offer))
			}
		})
	}
}

// What happens on arriving at a hub happens once, however often it is come back to.
func TestHubIsEnteredOnce(t *testing.T) {
	s := plain()
	for _, events := range [][]string{
		{"choose 接车#1"},
		{"choose 接车#1", "choose 问诊#6", "choose 问诊#6"},
		{"choose 接车#1", "silence 问诊", "choose 问诊#5", "choose 天气#2"},
	} {
		r, err := s.Recording(log(events...))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Turns[len(r.Turns)-1].Meters[1]; got != (stage.Gauge{Meter: "信任", Value: 45}) {
			t.Errorf("after %v: %v", events, got)
		}
	}
}

// A page groups the options of a hub by their topics.
func TestOptionsNameTheirTopic(t *testing.T) {
	s := plain()
	got := map[string]int{}
	for _, o := range s.View(fold(t, s, log("choose 接车#1"))).Options {
		got[o.Topic]++
	}
	if diff := cmp.Diff(map[string]int{"症状": 2, "时间": 2, "家里": 1, "": 2}, got); diff != "" {
		t.Error(diff)
	}
}

// A story that goes round by itself, returns to nobody or calls too deep is an
// error, not a hang.
func TestRunawayStories(t *testing.T) {
	end := roleplay.Scene{Name: "end", Ending: "end"}
	jump := func(w roleplay.Way) []roleplay.Jump { return []roleplay.Jump{{Way: w}} }
	cases := []struct {
		name   string
		scenes []roleplay.Scene
		want   string
	}{
		{"round", []roleplay.Scene{{Name: "a", Jumps: jump(to(1))}, {Name: "b", Jumps: jump(to(0))}}, "goes round"},
		{"round by calls", []roleplay.Scene{{Name: "a", Jumps: jump(call(1, 0))}, {Name: "b", Jumps: jump(to(roleplay.Return))}}, "goes round"},
		{"a return to nobody", []roleplay.Scene{{Name: "a", Jumps: jump(to(roleplay.Return))}, end}, "without having been called"},
		{"a call of itself", []roleplay.Scene{{Name: "a", Jumps: jump(call(1, 2))}, {Name: "b", Jumps: jump(call(1, 2))}, end}, "more than 4 deep"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := roleplay.Session{Scenario: &roleplay.Scenario{
				Cast: []roleplay.Character{{Name: "客户"}}, Meters: []roleplay.Meter{{Name: "情绪"}}, Scenes: c.scenes,
			}}
			if _, err := s.Fold(nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// drawStory makes a small story of any shape: hubs, calls, silences, personas,
// conditions on everything, ways back, dead ends, stories that run away.
func drawStory(t *rapid.T) *roleplay.Scenario {
	places := rapid.IntRange(1, 4).Draw(t, "scenes")
	called := rapid.IntRange(0, 2).Draw(t, "called scenes")
	sc := &roleplay.Scenario{
		Engine:     roleplay.EngineVersion,
		Cast:       []roleplay.Character{{Name: "客户"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "信任", Start: 95}},
		Dimensions: []roleplay.Dimension{{Key: "D1", Weight: 1}, {Key: "D2", Weight: 2}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleTotal, Mark: 50}, {Kind: stage.RuleMeter, Mark: 50}, {Kind: stage.RuleClean}},
		Scenes:     make([]roleplay.Scene, places+called+2),
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "documents") {
		sc.Documents = append(sc.Documents, roleplay.Document{Name: string(rune('A' + i)), Scene: rapid.IntRange(0, places).Draw(t, "from")})
	}
	for _, k := range rapid.SliceOfNDistinct(rapid.SampledFrom(roleplay.Packs), 0, 3, func(k roleplay.Pack) string { return k.Name }).Draw(t, "personas") {
		sc.Personas = append(sc.Personas, k.Persona(sc))
	}
	sizes := rapid.SliceOfN(rapid.IntRange(0, 4), places+called, places+called).Draw(t, "options")
	options := places + called // as if everyone had a silence
	for _, n := range sizes {
		options += n
	}
	w := weaver{sc, places, called, options}
	for i := range sc.Scenes {
		sc.Scenes[i].Name = string(rune('a' + i))
		if i >= places+called {
			sc.Scenes[i].Ending = "end"
			continue
		}
		w.scene(t, i, sizes[i])
	}
	number(sc)
	if err := sc.Freeze([]int{0, 0}, []int{3 * options, 3 * options}); err != nil {
		t.Fatal(err)
	}
	return sc
}

// weaver fills the scenes of a story: first the places, then the called ones.
type weaver struct {
	sc                      *roleplay.Scenario
	places, called, options int
}

func (w weaver) scene(t *rapid.T, i, options int) {
	s := &w.sc.Scenes[i]
	s.Beats = []roleplay.Beat{{{Kind: stage.KindCustomer, Text: s.Name, When: w.condition(t)}}}
	s.Effects = []roleplay.Effect{mood(5 * rapid.IntRange(-1, 1).Draw(t, "arriving"))}
	if options > 1 && rapid.IntRange(0, 2).Draw(t, "hub") == 0 {
		s.Topics = []roleplay.Topic{{Name: "x", Must: true}, {Name: "y", Must: rapid.Bool().Draw(t, "must")}}
	}
	for range options {
		o := w.option(t, i)
		o.Text, o.When = "话", w.condition(t)
		o.Repeat = rapid.IntRange(0, 9).Draw(t, "repeat") == 0
		if len(s.Topics) > 0 {
			o.Topic = rapid.IntRange(0, 2).Draw(t, "topic")
		}
		s.Options = append(s.Options, o)
	}
	if rapid.IntRange(0, 2).Draw(t, "silence") == 0 {
		s.Silence = &roleplay.Silence{Seconds: rapid.IntRange(5, 600).Draw(t, "seconds"), Option: w.option(t, i)}
	}
	s.Jumps = []roleplay.Jump{{When: w.condition(t), Way: w.way(t, i)}, {Way: w.way(t, i)}}
}

func (w weaver) option(t *rapid.T, scene int) roleplay.Option {
	o := roleplay.Option{Way: w.way(t, scene)}
	o.Effects = []roleplay.Effect{mood(5 * rapid.IntRange(-4, 4).Draw(t, "mood")), trust(5 * rapid.IntRange(-4, 4).Draw(t, "trust"))}
	o.Scores = scores(rapid.IntRange(0, 3).Draw(t, "points"), rapid.IntRange(0, 3).Draw(t, "points"))
	if rapid.IntRange(0, 4).Draw(t, "red") == 0 {
		o.RedLine = "red"
	}
	return o
}

// way leads anywhere a scene may lead: to a place or an ending, through a call,
// or out of a call back to the caller.
func (w weaver) way(t *rapid.T, scene int) roleplay.Way {
	to := rapid.IntRange(0, w.places+1).Draw(t, "to")
	if to >= w.places {
		to += w.called
	}
	if scene >= w.places && rapid.IntRange(0, 3).Draw(t, "return") > 0 {
		to = roleplay.Return
	}
	way := roleplay.Way{To: to}
	if w.called > 0 && rapid.IntRange(0, 3).Draw(t, "call") == 0 {
		way.Call = w.places + rapid.IntRange(0, w.called-1).Draw(t, "called")
	}
	return way
}

func (w weaver) condition(t *rapid.T) *roleplay.Condition {
	op := rapid.SampledFrom([]string{"", "", "", "", "", "", ">=", "<", "==", "opened", "left", "chosen", "not", "and", "or"}).Draw(t, "op")
	c := &roleplay.Condition{Op: op}
	sizes := map[string]int{"opened": len(w.sc.Documents), "left": len(w.sc.Scenes), "chosen": w.options}
	switch op {
	case "not", "and", "or":
		for range map[string]int{"not": 1, "and": 2, "or": 2}[op] {
			if x := w.condition(t); x != nil {
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
