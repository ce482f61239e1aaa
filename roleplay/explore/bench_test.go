package explore

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qibu/roleplay"
	"qibu/roleplay/script"
)

// largeScript writes a 剧本 of so many scenes of four options, with two meters and so
// many flags: an option of a scene that a condition far ahead asks for. When far
// is set they are all asked for in the last scenes, so that every position has
// to remember all of them; else soon after, as in a story that moves on. One
// option in forty asks for a meter.
func largeScript(scenes, flags int, far bool) string {
	random := uint32(1)
	below := func(n int) int {
		random = random*1664525 + 1013904223
		return int(random>>16) % n
	}
	asks := map[[2]int][]string{}
	for f := range flags {
		set := f * scenes / (flags + 1)
		read := [2]int{set + 3, 1 + f%3}
		if far {
			read[0] = scenes - 1 - f%3
		}
		asks[read] = append(asks[read], fmt.Sprintf("选过(场景%d#1)", set))
	}
	for i := 5; i < scenes; i += 10 {
		at := [2]int{i, 3}
		asks[at] = append(asks[at], []string{"情绪>=40", "信任>=40"}[i%2])
	}
	effects := []string{"情绪 --", "情绪 -", "情绪 +", "情绪 ++", "信任 --", "信任 -", "信任 +", "信任 ++"}
	var b strings.Builder
	b.WriteString("---\n标题: 大\n角色: 客户=王先生\n处境: 在店里。\n仪表: 情绪=50，信任=50\n维度: D1，D2\n及格: 总分>=60，情绪>=60\n---\n")
	for i := range scenes {
		fmt.Fprintf(&b, "## 场景%d\n客户：然后呢？\n", i)
		for k := range 4 {
			fmt.Fprintf(&b, "- 话术%d之%d。【%s，%s；D%d %d】→ 场景%d\n", i, k, effects[below(4)], effects[4+below(4)], 1+below(2), below(4), min(i+1+below(2), scenes))
			if asked := asks[[2]int{i, k}]; asked != nil {
				fmt.Fprintf(&b, "  条件：%s\n", strings.Join(asked, " 或 "))
			}
		}
	}
	fmt.Fprintf(&b, "## 场景%d【结局：完】\n客户：好。\n", scenes)
	return b.String()
}

func large(scenes, flags int, far bool) *roleplay.Scenario {
	s, problems := script.Parse("large.md", []byte(largeScript(scenes, flags, far)))
	if s == nil {
		panic(problems)
	}
	return s.Scenario
}

// sizes are what the size of a scenario is measured by. The first has to
// remember everything to its end, the second is the same story as one is written:
// what is asked is asked soon.
var sizes = []struct {
	name          string
	scenes, flags int
	far           bool
}{
	{"60x4, 6 flags asked for at the end", 60, 6, true},
	{"60x4, 6 flags asked for soon", 60, 6, false},
	{"120x4, 12 flags asked for soon", 120, 12, false},
	{"120x4, 12 flags asked for at the end", 120, 12, true},
}

// BenchmarkGraph is the walk alone.
func BenchmarkGraph(b *testing.B) {
	for _, c := range sizes {
		sc := large(c.scenes, c.flags, c.far)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g := newGraph(sc, Limit, true)
				b.ReportMetric(float64(g.size()), "positions")
				b.ReportMetric(float64(len(g.edges)), "steps")
			}
		})
	}
}

// BenchmarkLarge is everything that is done with a large scenario.
func BenchmarkLarge(b *testing.B) {
	for _, c := range sizes {
		src := []byte(largeScript(c.scenes, c.flags, c.far))
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r := Compile("large.md", src)
				b.ReportMetric(float64(r.States), "positions")
			}
		})
	}
}

// BenchmarkFourteen is what live checking waits for: a scenario of fourteen
// scenes read, walked, frozen, played and looked over, in at most 50 ms.
// Measured on a busy 2.5 GHz Xeon: 7.5 ms, 581 positions.
func BenchmarkFourteen(b *testing.B) {
	src := []byte(largeScript(13, 3, true))
	for b.Loop() {
		r := Compile("fourteen.md", src)
		b.ReportMetric(float64(len(r.Script.Scenario.Scenes)), "scenes")
		b.ReportMetric(float64(r.States), "positions")
	}
}

// BenchmarkCompile is the same of the scenarios we ship, of seventeen to
// nineteen scenes. Measured there: 11–33 ms, and 61–87 ms where a large hub and
// three temperaments make 11,200 positions.
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
