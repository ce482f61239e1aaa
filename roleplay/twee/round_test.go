package twee

import (
	"fmt"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/content"
	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

// kept is what of a scene survives going to Twine and back.
type kept struct {
	Name, Ending string
	Arriving     []roleplay.Effect
	Lines        []string
	Options      []string
	Jumps        []string
}

func keptOf(sc *roleplay.Scenario) (scenes []kept, documents []roleplay.Document) {
	to := func(w roleplay.Way) string {
		name := "返回"
		if w.To >= 0 {
			name = sc.Scenes[w.To].Name
		}
		if w.Call != 0 {
			name = sc.Scenes[w.Call].Name + " → " + name
		}
		return " → " + name
	}
	lines := func(beats []roleplay.Beat) (lines []string) {
		eachLine(beats, func(l *roleplay.Line) { lines = append(lines, display(*l)) })
		return lines
	}
	for i := range sc.Scenes {
		s := &sc.Scenes[i]
		k := kept{Name: s.Name, Ending: s.Ending, Arriving: s.Effects, Lines: lines(s.Beats)}
		for j := range s.Options {
			o := &s.Options[j]
			k.Options = append(k.Options, fmt.Sprint(o.Text, to(o.Way), o.Effects, lines(o.Reply)))
		}
		for _, j := range s.Jumps {
			if len(s.Options) == 0 {
				k.Jumps = append(k.Jumps, to(j.Way))
			}
		}
		scenes = append(scenes, k)
	}
	return scenes, sc.Documents
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func sameAfterTwine(t fataler, sc *roleplay.Scenario) *roleplay.Scenario {
	t.Helper()
	text := Export(sc)
	d, err := Import("back.md", "", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	s, problems := script.Parse("back.md", d.Source)
	if s == nil {
		t.Fatalf("%v\n%s", problems, d.Source)
	}
	scenes, documents := keptOf(sc)
	gotScenes, gotDocuments := keptOf(s.Scenario)
	if diff := cmp.Diff(scenes, gotScenes); diff != "" {
		t.Fatalf("scenes (-before +after):\n%s\n%s\n%s", diff, text, d.Source)
	}
	if diff := cmp.Diff(documents, gotDocuments); diff != "" {
		t.Fatalf("documents (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(sc.Cast, s.Scenario.Cast); diff != "" {
		t.Fatalf("cast (-before +after):\n%s", diff)
	}
	return s.Scenario
}

func TestContentThroughTwine(t *testing.T) {
	files, err := fs.Glob(content.FS, "scenarios/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			src, err := fs.ReadFile(content.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			s, problems := script.Parse(file, src)
			if s == nil {
				t.Fatal(problems)
			}
			sameAfterTwine(t, s.Scenario)
		})
	}
}

// Scenarios without hubs come back with their conditions too.
func TestThroughTwine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		s, problems := script.Parse("drawn.md", draft.Write(sc))
		if s == nil {
			t.Fatalf("%v\n%s", problems, draft.Write(sc))
		}
		got := sameAfterTwine(t, s.Scenario)
		if diff := cmp.Diff(s.Scenario.Meters, got.Meters); diff != "" {
			t.Fatal(diff)
		}
		for i := range s.Scenario.Scenes {
			want, got := &s.Scenario.Scenes[i], &got.Scenes[i]
			for k := range want.Options {
				if diff := cmp.Diff(want.Options[k].When, got.Options[k].When); diff != "" {
					t.Fatalf("%s#%d (-before +after):\n%s\n%s", want.Name, k+1, diff, Export(s.Scenario))
				}
			}
			if diff := cmp.Diff(want.Beats, got.Beats); diff != "" {
				t.Fatalf("%s (-before +after):\n%s", want.Name, diff)
			}
		}
	})
}

var words = []string{
	"好的", "您说", "“这一项”是多少？", "3*4=12", "<b>", "a // b // c", "$m1", "''好''", "说到这里，[", "# 一", "!", "- 不", `"对"`, "{{{", "&amp;",
}

func drawScenario(t *rapid.T) *roleplay.Scenario {
	n := rapid.IntRange(2, 7).Draw(t, "scenes")
	sc := &roleplay.Scenario{
		Engine: roleplay.EngineVersion, Title: "画的", Practice: true,
		Cast:       []roleplay.Character{{Label: "客户", Name: "王先生"}, {Label: "技师", Name: "老周", Persona: "实在"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 35}, {Name: "信任", Start: 50}},
		Dimensions: []roleplay.Dimension{{Key: "D2", Name: "倾听提问", Weight: 1}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleTotal, Mark: 60}},
	}
	d := &drawing{T: t, sc: sc, scenes: n, documents: rapid.IntRange(0, 2).Draw(t, "documents")}
	d.options = make([]int, n)
	for i := range n - 1 {
		d.options[i] = rapid.IntRange(0, 3).Draw(t, "options")
	}
	for i := range n {
		sc.Scenes = append(sc.Scenes, d.scene(i))
	}
	for i := range d.documents {
		sc.Documents = append(sc.Documents, roleplay.Document{Name: fmt.Sprintf("单据（%d）", i+1), Text: "第一行\n第二行", Scene: i % (n - 1)})
	}
	return sc
}

type drawing struct {
	*rapid.T
	sc                *roleplay.Scenario
	scenes, documents int
	options           []int // of every scene
	ids               int
}

func (d *drawing) number(low, high int) int { return rapid.IntRange(low, high).Draw(d.T, "n") }
func (d *drawing) maybe() bool              { return rapid.Bool().Draw(d.T, "maybe") }

func (d *drawing) scene(i int) roleplay.Scene {
	s := roleplay.Scene{Name: fmt.Sprintf("场景%c", 'A'+i), Beats: d.beats(i)}
	if i == d.scenes-1 {
		s.Ending = "走了 & 散了"
		return s
	}
	s.Effects = d.effects()
	for k := range d.options[i] {
		o := roleplay.Option{
			ID: d.ids, Text: fmt.Sprintf("话%d，%s", k, d.said()), Effects: d.effects(),
			Way: roleplay.Way{To: d.number(0, d.scenes-1)},
		}
		if d.maybe() {
			o.When = d.condition(i, 2)
		}
		if d.maybe() {
			o.Reply = d.beats(i)
		}
		s.Options = append(s.Options, o)
		d.ids++
	}
	if len(s.Options) == 0 && d.maybe() {
		s.Jumps = append(s.Jumps, roleplay.Jump{When: d.condition(i, 2), Way: roleplay.Way{To: d.number(0, d.scenes-1)}})
	}
	s.Jumps = append(s.Jumps, roleplay.Jump{Way: roleplay.Way{To: d.number(0, d.scenes-1)}})
	return s
}

// said is free of what a 剧本 keeps for itself.
func (d *drawing) said() string {
	return draft.Line(rapid.SampledFrom(words).Draw(d.T, "words"), draft.Always).Text
}

func (d *drawing) beats(i int) []roleplay.Beat {
	var all []roleplay.Beat
	for range d.number(1, 3) {
		b := roleplay.Beat{d.line()}
		if d.maybe() {
			b = append(roleplay.Beat{d.line()}, b...)
			b[0].When = d.condition(i, 2)
		}
		all = append(all, b)
	}
	return all
}

func (d *drawing) line() roleplay.Line {
	switch text := d.said(); d.number(0, 3) {
	case 0:
		return roleplay.Line{Kind: stage.KindStage, Text: text}
	case 1:
		return roleplay.Line{Kind: stage.KindMe, Text: text}
	case 2:
		return roleplay.Line{Kind: stage.KindCustomer, Who: "王先生", Text: text}
	default:
		return roleplay.Line{Kind: stage.KindOther, Who: "老周", Expression: "笑", Text: text}
	}
}

func (d *drawing) effects() []roleplay.Effect {
	if d.maybe() {
		return nil
	}
	return []roleplay.Effect{{Meter: d.number(0, 1), By: 5 * d.number(1, 4)}}
}

// condition leaves out what another writing of the same condition would be:
// the opposite of a comparison, and whether a scene has been left or an option
// chosen, asked of itself.
func (d *drawing) condition(i, depth int) *roleplay.Condition {
	c := &roleplay.Condition{Op: "left", Index: (i + d.number(1, d.scenes-1)) % d.scenes}
	total := 0
	for _, n := range d.options {
		total += n
	}
	switch k := d.number(0, 4); {
	case k == 0:
		c = &roleplay.Condition{Op: rapid.SampledFrom([]string{">=", "<=", ">", "<", "==", "!="}).Draw(d.T, "op"), Index: d.number(0, 1), Value: 5 * d.number(0, 20)}
	case k == 1 && d.documents > 0:
		c = &roleplay.Condition{Op: "opened", Index: d.number(0, d.documents-1)}
	case k == 2 && total > 1:
		c = &roleplay.Condition{Op: "chosen", Index: (d.ids + d.number(1, total-1)) % total}
	case k == 3 && depth > 0:
		c = &roleplay.Condition{Op: rapid.SampledFrom([]string{"and", "or"}).Draw(d.T, "op"), Of: []roleplay.Condition{*d.condition(i, depth-1), *d.condition(i, depth-1)}}
	}
	if d.maybe() && (c.Op == "left" || c.Op == "chosen" || c.Op == "opened") {
		return &roleplay.Condition{Op: "not", Of: []roleplay.Condition{*c}}
	}
	return c
}
