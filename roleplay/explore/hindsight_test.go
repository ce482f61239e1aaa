package explore

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// moves are all events a session can go on with.
func moves(s roleplay.Session, st roleplay.State) (all []roleplay.Event) {
	sc, p := s.Scenario, st.Position()
	if st.Ended {
		return nil
	}
	for _, n := range sc.Offer(&p, nil) {
		all = append(all, roleplay.Event{Step: st.Step, Kind: roleplay.Choose, Ref: sc.Ref(int(p.Scene), n)})
	}
	if sc.Limit(&p) != nil {
		all = append(all, roleplay.Event{Step: st.Step, Kind: roleplay.SayNothing, Ref: st.Scene})
	}
	for i, d := range sc.Documents {
		if sc.Within(&p, i) && !p.Opened.Has(i) {
			all = append(all, roleplay.Event{Step: st.Step, Kind: roleplay.Open, Ref: d.Name})
		}
	}
	return all
}

// everyLog plays every log of a session to its end, unless there are too many
// or one gets too long.
type everyLog struct {
	session roleplay.Session
	passing [][]roleplay.Event
	visits  int
}

const longLog = 12

func (l *everyLog) walk(events []roleplay.Event) bool {
	if l.visits++; l.visits > tooMany || len(events) > longLog {
		return false
	}
	st, err := l.session.Fold(events)
	if err != nil {
		return true
	}
	if st.Ended {
		if d, err := l.session.Debrief(events); err == nil && d.Passed {
			l.passing = append(l.passing, events)
		}
		return true
	}
	for _, e := range moves(l.session, st) {
		if !l.walk(append(slices.Clip(events), e)) {
			return false
		}
	}
	return true
}

// goesOn reports whether some passing log begins so.
func (l *everyLog) goesOn(events []roleplay.Event) bool {
	return slices.ContainsFunc(l.passing, func(x []roleplay.Event) bool {
		return len(x) >= len(events) && slices.Equal(x[:len(events)], events)
	})
}

// without is a log with one paper never opened.
func without(events []roleplay.Event, ref string) (rest []roleplay.Event) {
	for _, e := range events {
		if e.Kind != roleplay.Open || e.Ref != ref {
			e.Step = len(rest)
			rest = append(rest, e)
		}
	}
	return rest
}

// cheapest looks through the passing logs for those that differ from the one
// played in a single decision, or in a paper opened earlier.
func (l *everyLog) cheapest(events []roleplay.Event) (step, cost int, found bool) {
	look := look{session: l.session, events: events}
	for i := range events {
		st, _ := l.session.Fold(events[:i])
		look.states = append(look.states, st)
	}
	offer := func(at, c int) {
		if !found || c < cost || c == cost && at+1 > step {
			step, cost, found = at+1, c, true
		}
	}
	sc := l.session.Scenario
	for _, passing := range l.passing {
		var differ []int
		for i := range min(len(passing), len(events)) {
			if passing[i] != events[i] {
				differ = append(differ, i)
			}
		}
		if len(passing) == len(events) && len(differ) == 1 {
			at := differ[0]
			if passing[at].Kind == roleplay.Choose && events[at].Kind != roleplay.Open {
				p := look.states[at].Position()
				for _, n := range sc.Offer(&p, nil) {
					if sc.Ref(int(p.Scene), n) == passing[at].Ref {
						gain := sc.Worth(&sc.Scenes[p.Scene].Options[n]) - sc.Worth(look.said(at))
						offer(at, max(gain, -gain))
					}
				}
			}
		}
		for j, e := range passing[:len(passing)-1] {
			if e.Kind != roleplay.Open || passing[j+1].Kind == roleplay.Open || !slices.Equal(without(passing, e.Ref), without(events, e.Ref)) {
				continue
			}
			if p := look.states[j].Position(); events[j].Kind != roleplay.Open && slices.Equal(events[:j], passing[:j]) {
				if d := slices.IndexFunc(sc.Documents, func(d roleplay.Document) bool { return d.Name == e.Ref }); !p.Opened.Has(d) {
					offer(j, 0)
				}
			}
		}
	}
	return step, cost, found
}

// What hindsight says is what playing every log to its end shows.
func TestHindsightAgreesWithEveryLog(t *testing.T) {
	kinds := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		if err := newSurvey(sc, Limit).freeze(); err != nil {
			t.Fatal(err)
		}
		all := &everyLog{session: roleplay.Session{Scenario: sc, Seed: [32]byte{rapid.Byte().Draw(t, "seed")}}}
		if !all.walk(nil) {
			t.Skip("too many logs to play them all")
		}
		p, err := NewProspects(sc)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			events := playLog(t, all.session)
			h, err := p.Hindsight(all.session, events)
			if err != nil {
				t.Fatal(err)
			}
			last := len(events)
			for last >= 0 && !all.goesOn(events[:last]) {
				last--
			}
			if h.LastChance != last {
				t.Fatalf("last chance after %d of %d events, want %d", h.LastChance, len(events), last)
			}
			compareChange(t, all, events, h)
			if h.Change != nil {
				kinds[h.Change.Kind]++
			}
		}
	})
	t.Logf("compared %v", kinds)
	if kinds[Exact] < 5 || kinds[Possible] < 5 {
		t.Errorf("compared only %v", kinds)
	}
}

// playLog plays at random until the story ends, gets stuck or goes round.
func playLog(t *rapid.T, s roleplay.Session) (events []roleplay.Event) {
	for {
		st, err := s.Fold(events)
		if err != nil {
			return events[:max(0, len(events)-1)]
		}
		next := moves(s, st)
		if len(next) == 0 {
			return events
		}
		events = append(events, rapid.SampledFrom(next).Draw(t, "event"))
	}
}

func compareChange(t *rapid.T, all *everyLog, events []roleplay.Event, h Hindsight) {
	if h.LastChance < 0 || h.LastChance == len(events) {
		if h.Change != nil {
			t.Fatalf("change %+v of a log that passed or never could", h.Change)
		}
		return
	}
	step, cost, found := all.cheapest(events)
	switch {
	case found != (h.Change != nil && h.Change.Kind == Exact):
		t.Fatalf("%+v, played out there is an exact one: %v", h.Change, found)
	case found:
		if h.Change.Step != step || all.percent(cost) != max(h.Change.Worth, -h.Change.Worth) {
			t.Fatalf("%+v, played out: step %d, worth %d", h.Change, step, cost)
		}
	default:
		compareChance(t, all, events, h)
	}
}

// percent is a worth, rounded half up.
func (l *everyLog) percent(worth int) int {
	whole := max(1, l.session.Scenario.Whole())
	return (200*worth + whole) / (2 * whole)
}

// compareChance looks at all that could have been done where the chance was lost.
func compareChance(t *rapid.T, all *everyLog, events []roleplay.Event, h Hindsight) {
	sc, chance := all.session.Scenario, events[:h.LastChance]
	st, err := all.session.Fold(chance)
	if err != nil {
		t.Fatal(err)
	}
	at := st.Position()
	decided := h.LastChance + slices.IndexFunc(events[h.LastChance:], func(e roleplay.Event) bool { return e.Kind != roleplay.Open })
	if decided < h.LastChance {
		return // nothing was decided any more
	}
	l := look{session: all.session, events: events, states: make([]roleplay.State, len(events))}
	if l.states[decided], err = all.session.Fold(events[:decided]); err != nil {
		t.Fatal(err)
	}
	said, least, kept := l.said(decided), -1, false
	for _, e := range moves(all.session, st) {
		if !all.goesOn(append(slices.Clip(chance), e)) {
			continue
		}
		kept = kept || h.Change != nil && e.Ref == h.Change.Document
		for n := range sc.Scenes[at.Scene].Options {
			o := &sc.Scenes[at.Scene].Options[n]
			if o == said || e.Kind != roleplay.Choose || sc.Ref(int(at.Scene), n) != e.Ref {
				continue
			}
			cost := max(sc.Worth(o)-sc.Worth(said), sc.Worth(said)-sc.Worth(o))
			if least < 0 || cost < least {
				least = cost
			}
			kept = kept || h.Change != nil && o.Text == h.Change.Instead
		}
	}
	switch {
	case h.Change == nil && least >= 0:
		t.Fatalf("no change, but something else could have been said")
	case h.Change == nil:
	case h.Change.Step != decided+1 || !kept:
		t.Fatalf("after %+v passing is not possible", h.Change)
	case h.Change.Instead != "" && max(h.Change.Worth, -h.Change.Worth) != all.percent(least):
		t.Fatalf("%+v, but another differs by %d", h.Change, least)
	}
}

func to(scene int) roleplay.Way { return roleplay.Way{To: scene} }

func points(n int) []roleplay.Score { return []roleplay.Score{{Points: n}} }

// freeze numbers the options of a small story and gives it its bounds.
func freeze(t *testing.T, sc *roleplay.Scenario) *roleplay.Scenario {
	t.Helper()
	id := 0
	for o := range sc.All() {
		o.ID = id
		id++
	}
	if err := newSurvey(sc, Limit).freeze(); err != nil {
		t.Fatal(err)
	}
	return sc
}

// bill is a small quarrel: who has not read the work order cannot say the best,
// and whatever he says, the customer walks out.
func bill(t *testing.T) *roleplay.Scenario {
	read := &roleplay.Condition{Op: "opened", Index: 1}
	return freeze(t, &roleplay.Scenario{
		Cast:       []roleplay.Character{{Name: "客户"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}},
		Dimensions: []roleplay.Dimension{{Key: "D7", Weight: 1}},
		Documents:  []roleplay.Document{{Name: "海报"}, {Name: "工单"}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleTotal, Mark: 50}, {Kind: stage.RuleMeter, Mark: 40}, {Kind: stage.RuleClean}},
		Scenes: []roleplay.Scene{
			{Name: "开场", Options: []roleplay.Option{
				{Text: "一起看。", Scores: points(2), Way: to(1)},
				{Text: "就这价。", Scores: points(0), Way: to(1)},
				{Text: "强制的。", Scores: points(2), Way: to(1), RedLine: "虚构"},
				{Text: "快签吧。", Scores: points(3), Way: to(1), Effects: []roleplay.Effect{{By: -20}}},
			}},
			{Name: "对账", Options: []roleplay.Option{
				{Text: "是我们漏了。", Scores: points(3), Way: to(2), When: read},
				{Text: "给您免了。", Scores: points(1), Way: to(2)},
				{Text: "您再想想。", Scores: points(0), Way: to(2)},
			}},
			{Name: "门口", Jumps: []roleplay.Jump{{When: read, Way: to(3)}, {Way: to(4)}}},
			{Name: "离店", Ending: "走了"},
			{Name: "拂袖", Ending: "跑了", Effects: []roleplay.Effect{{By: -30}}},
		},
	})
}

// prices is about a paper that has to be read before the first word.
func prices(t *testing.T) *roleplay.Scenario {
	return freeze(t, &roleplay.Scenario{
		Cast:       []roleplay.Character{{Name: "客户"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}},
		Dimensions: []roleplay.Dimension{{Key: "D7", Weight: 1}},
		Documents:  []roleplay.Document{{Name: "价目"}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleMeter, Mark: 50}},
		Scenes: []roleplay.Scene{
			{
				Name: "问价", Options: []roleplay.Option{{Text: "我看看。", Way: to(1)}},
			},
			{Name: "柜台", Jumps: []roleplay.Jump{{When: &roleplay.Condition{Op: "opened"}, Way: to(3)}, {Way: to(2)}}},
			{Name: "冷脸", Effects: []roleplay.Effect{{By: -20}}, Jumps: []roleplay.Jump{{Way: to(3)}}},
			{Name: "报价", Options: []roleplay.Option{{Text: "三百八。", Way: to(4)}}},
			{Name: "离店", Ending: "走了"},
		},
	})
}

// steps can be passed with little at first or more later.
func steps(t *testing.T) *roleplay.Scenario {
	return freeze(t, &roleplay.Scenario{
		Cast:       []roleplay.Character{{Name: "客户"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}},
		Dimensions: []roleplay.Dimension{{Key: "D2", Weight: 1}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleDimension, Mark: 33}},
		Scenes: []roleplay.Scene{
			{Name: "先", Options: []roleplay.Option{{Text: "嗯。", Scores: points(0), Way: to(1)}, {Text: "好。", Scores: points(1), Way: to(1)}}},
			{Name: "后", Options: []roleplay.Option{{Text: "哦。", Scores: points(0), Way: to(2)}, {Text: "行。", Scores: points(2), Way: to(2)}}},
			{Name: "离店", Ending: "走了"},
		},
	})
}

func TestHindsight(t *testing.T) {
	open, choose := roleplay.Open, roleplay.Choose
	cases := []struct {
		name   string
		story  func(*testing.T) *roleplay.Scenario
		events [][2]string
		want   Hindsight
	}{
		{"passed", bill, [][2]string{{open, "工单"}, {choose, "开场#2"}, {choose, "对账#1"}}, Hindsight{LastChance: 3}},
		{
			"of equal changes the latest", bill,
			[][2]string{{open, "工单"}, {choose, "开场#2"}, {choose, "对账#2"}},
			Hindsight{2, &Change{Kind: Exact, Step: 3, Said: "给您免了。", Instead: "是我们漏了。", Worth: 33}},
		},
		{
			"the cheapest change", bill,
			[][2]string{{open, "工单"}, {choose, "开场#1"}, {choose, "对账#3"}},
			Hindsight{2, &Change{Kind: Exact, Step: 3, Said: "您再想想。", Instead: "给您免了。", Worth: 17}},
		},
		{
			"the cheapest change, though earlier", steps,
			[][2]string{{choose, "先#1"}, {choose, "后#1"}},
			Hindsight{1, &Change{Kind: Exact, Step: 1, Said: "嗯。", Instead: "好。", Worth: 33}},
		},
		{
			"worth less", bill,
			[][2]string{{open, "工单"}, {choose, "开场#4"}, {choose, "对账#1"}},
			Hindsight{1, &Change{Kind: Exact, Step: 2, Said: "快签吧。", Instead: "一起看。", Worth: -17}},
		},
		{
			"a red line", bill,
			[][2]string{{open, "工单"}, {choose, "开场#3"}, {choose, "对账#1"}},
			Hindsight{1, &Change{Kind: Exact, Step: 2, Said: "强制的。", Instead: "一起看。"}},
		},
		{
			"a paper, and the same words", bill,
			[][2]string{{choose, "开场#1"}, {choose, "对账#2"}},
			Hindsight{1, &Change{Kind: Exact, Step: 2, Said: "给您免了。", Document: "工单"}},
		},
		{
			"a paper, and other words", bill,
			[][2]string{{choose, "开场#2"}, {choose, "对账#3"}},
			Hindsight{1, &Change{Kind: Possible, Step: 2, Said: "您再想想。", Document: "工单"}},
		},
		{
			"a paper opened too late", prices,
			[][2]string{{choose, "问价#1"}, {open, "价目"}, {choose, "报价#1"}},
			Hindsight{0, &Change{Kind: Exact, Step: 1, Said: "我看看。", Document: "价目"}},
		},
	}
	for _, c := range cases {
		sc := c.story(t)
		p, err := NewProspects(sc)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.name, func(t *testing.T) {
			var events []roleplay.Event
			for i, e := range c.events {
				events = append(events, roleplay.Event{Step: i, Kind: e[0], Ref: e[1]})
			}
			got, err := p.Hindsight(roleplay.Session{Scenario: sc}, events)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Requests share what a scenario's prospects are.
func TestProspectsAreShared(t *testing.T) {
	sc := bill(t)
	p, err := NewProspects(sc)
	if err != nil {
		t.Fatal(err)
	}
	st, err := roleplay.Session{Scenario: sc}.Fold(nil)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if !p.Possible(st) {
				t.Error("not possible from the start")
			}
		})
	}
	wg.Wait()
}

// What cannot be had in reasonable time and memory is refused.
func TestProspectsRefuseTooMuch(t *testing.T) {
	sc := large(60, 0, false)
	if err := newSurvey(sc, Limit).freeze(); err != nil {
		t.Fatal(err)
	}
	if _, err := NewProspects(sc); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

// fourteen is a scenario of the usual size with a log of first choices.
func fourteen(b *testing.B) (roleplay.Session, []roleplay.Event) {
	b.Helper()
	sc := large(14, 3, false)
	if err := newSurvey(sc, Limit).freeze(); err != nil {
		b.Fatal(err)
	}
	s := roleplay.Session{Scenario: sc}
	var events []roleplay.Event
	for {
		st, err := s.Fold(events)
		if err != nil {
			b.Fatal(err)
		}
		if st.Ended {
			return s, events
		}
		events = append(events, moves(s, st)[0])
	}
}

// BenchmarkProspects is done once for a published scenario.
func BenchmarkProspects(b *testing.B) {
	s, _ := fourteen(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewProspects(s.Scenario); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHindsight is done for a debrief.
func BenchmarkHindsight(b *testing.B) {
	s, events := fourteen(b)
	p, err := NewProspects(s.Scenario)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if h, err := p.Hindsight(s, events); err != nil || h.Change == nil {
			b.Fatal(h, err)
		}
	}
}
