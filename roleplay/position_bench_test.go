package roleplay

import (
	"fmt"
	"testing"
)

// town is a scenario of sixty scenes and four options each: two meters, six
// documents, a condition on one option in four.
func town() *Scenario {
	sc := &Scenario{
		Cast:       []Character{{Name: "客户"}},
		Meters:     []Meter{{"情绪", 50}, {"信任", 50}},
		Dimensions: []Dimension{{Key: "D1", Weight: 1}, {Key: "D2", Weight: 1}},
		Scenes:     make([]Scene, 61),
	}
	for i := range 6 {
		sc.Documents = append(sc.Documents, Document{Name: fmt.Sprint("单", i), Scene: i})
	}
	for i := range 60 {
		s := &sc.Scenes[i]
		s.Name = fmt.Sprint("场景", i)
		s.Beats = []Beat{{{Text: "好。", When: &Condition{Op: ">=", Value: 50}}, {Text: "哼。"}}}
		for k := range 4 {
			o := Option{ID: 4*i + k, Text: fmt.Sprint("话", k), Way: Way{To: i + 1}}
			o.Effects = []Effect{{k % 2, 5 * (k - 2)}, {1, 5 * (2 - k)}}
			o.Scores = []Score{{0, k}, {1, 3 - k}}
			if k == 3 {
				o.When = &Condition{Op: "and", Of: []Condition{{Op: ">=", Index: 1, Value: 20}, {Op: "not", Of: []Condition{{Op: "opened", Index: i % 6}}}}}
			}
			s.Options = append(s.Options, o)
		}
	}
	sc.Scenes[60] = Scene{Name: "门外", Ending: "到了"}
	return sc
}

// BenchmarkChoose is one position met by whoever walks every route: what can be
// said there, and where each of it leads.
func BenchmarkChoose(b *testing.B) {
	sc := town()
	start, err := sc.Start(0, nil)
	if err != nil {
		b.Fatal(err)
	}
	var open []int
	b.ReportAllocs()
	p := start
	for b.Loop() {
		if sc.Ended(&p) {
			p = start
		}
		open = sc.Offer(&p, open[:0])
		var next Position
		for _, n := range open {
			if next, err = sc.Choose(p, &sc.Scenes[p.Scene].Options[n], nil); err != nil {
				b.Fatal(err)
			}
		}
		p = next
	}
}
