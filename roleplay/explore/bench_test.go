package explore

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// large makes a scenario of so many scenes of four options, two meters and
// flags: an option of an early scene that a condition far ahead asks for. When
// far is set they are all asked for in the last scenes, so that every position
// has to remember all of them; else soon after, as in a story that moves on.
func large(scenes, flags int, far bool) *roleplay.Scenario {
	const wide = 4
	sc := &roleplay.Scenario{
		Engine: roleplay.EngineVersion, Slug: "large", Title: "large",
		Cast:       []roleplay.Character{{Label: "客户", Name: "王先生"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "信任", Start: 50}},
		Dimensions: []roleplay.Dimension{{Key: "D1", Name: "礼仪形象", Weight: 1}, {Key: "D2", Name: "倾听提问", Weight: 1}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleTotal, Mark: 60}, {Kind: stage.RuleMeter, Mark: 60}},
	}
	random := uint32(1)
	next := func(n int) int {
		random = random*1664525 + 1013904223
		return int(random>>16) % n
	}
	for i := range scenes {
		s := roleplay.Scene{Name: fmt.Sprint("场景", i)}
		for k := range wide {
			o := roleplay.Option{
				ID: i*wide + k, Text: fmt.Sprint("话术", i, "之", k), Way: roleplay.Way{To: min(i+1+next(2), scenes)},
				Effects: []roleplay.Effect{{Meter: 0, By: 5 * (next(5) - 2)}, {Meter: 1, By: 5 * (next(5) - 2)}},
				Scores:  []roleplay.Score{{Dimension: next(2), Points: next(4)}},
			}
			s.Options = append(s.Options, o)
		}
		sc.Scenes = append(sc.Scenes, s)
	}
	for f := range flags {
		set := f * scenes / (flags + 1)
		read := set + 3
		if far {
			read = scenes - 1 - f%3
		}
		o := &sc.Scenes[read].Options[1+f%3]
		asked := roleplay.Condition{Op: "chosen", Index: set * wide}
		if o.When != nil {
			asked = roleplay.Condition{Op: "or", Of: []roleplay.Condition{*o.When, asked}}
		}
		o.When = &asked
	}
	for i := 5; i < scenes; i += 10 { // one option in forty asks for a meter
		sc.Scenes[i].Options[3].When = &roleplay.Condition{Op: ">=", Index: i % 2, Value: 40}
	}
	sc.Scenes = append(sc.Scenes, roleplay.Scene{Name: "结局", Ending: "结局"})
	return sc
}

func BenchmarkGraph(b *testing.B) {
	for _, c := range []struct {
		name          string
		scenes, flags int
		far           bool
	}{
		{"60x4, 6 flags asked for at the end", 60, 6, true},
		{"60x4, 6 flags asked for soon", 60, 6, false},
		{"120x4, 12 flags asked for soon", 120, 12, false},
		{"120x4, 12 flags asked for at the end", 120, 12, true},
	} {
		sc := large(c.scenes, c.flags, c.far)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				g := newGraph(sc, Limit, true)
				b.ReportMetric(float64(g.size()), "positions")
				b.ReportMetric(float64(len(g.edges)), "edges")
			}
		})
	}
}

// BenchmarkCompile is what live checking waits for: the scenarios we ship, of
// fourteen and more scenes, read, walked, frozen, played and looked over.
func BenchmarkCompile(b *testing.B) {
	files, err := filepath.Glob("../../content/scenarios/*.md")
	if err != nil || len(files) == 0 {
		b.Fatal("no scenarios", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(file), func(b *testing.B) {
			for b.Loop() {
				r := Compile(file, src)
				b.ReportMetric(float64(len(r.Script.Scenario.Scenes)), "scenes")
				b.ReportMetric(float64(r.States), "positions")
			}
		})
	}
}
