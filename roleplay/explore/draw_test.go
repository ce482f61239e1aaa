package explore

import (
	"fmt"

	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// drawn is a small scenario of any shape: conditions on everything, ways back,
// jumps, calls, hubs, silences, temperaments, dead ends.
type drawn struct {
	*rapid.T
	sc      *roleplay.Scenario
	decides int // scenes 0 … decides-1 have something to say
	called  int // then so many scenes that are called; then the endings
	options int // in all
	nextID  int
}

func drawScenario(t *rapid.T) *roleplay.Scenario {
	d := &drawn{T: t, decides: rapid.IntRange(2, 5).Draw(t, "scenes"), called: rapid.IntRange(0, 2).Draw(t, "called")}
	n := d.decides + d.called
	d.sc = &roleplay.Scenario{
		Engine:     roleplay.EngineVersion,
		Cast:       []roleplay.Character{{Name: "客户"}},
		Meters:     []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "信任", Start: 95}},
		Dimensions: []roleplay.Dimension{{Key: "D1", Name: "一", Weight: 1}, {Key: "D2", Name: "二", Weight: 2}},
		Scenes:     make([]roleplay.Scene, n+2),
	}
	for i := range d.sc.Scenes {
		d.sc.Scenes[i].Name = string(rune('a' + i))
	}
	d.sc.Scenes[n].Ending, d.sc.Scenes[n+1].Ending = "end", "end"
	d.documents()
	d.personas()
	sizes := rapid.SliceOfN(rapid.IntRange(0, 4), n, n).Draw(t, "options")
	for _, k := range sizes {
		d.options += k + 1
	}
	for i, k := range sizes {
		d.scene(i, k)
	}
	d.sc.Pass = []roleplay.Rule{
		{Kind: stage.RuleTotal, Mark: rapid.IntRange(0, 100).Draw(t, "mark")},
		{Kind: stage.RuleDimension, Index: 1, Mark: rapid.IntRange(0, 100).Draw(t, "mark")},
		{Kind: stage.RuleMeter, Index: 0, Mark: 5 * rapid.IntRange(6, 12).Draw(t, "mark")},
		{Kind: stage.RuleClean},
	}[rapid.IntRange(0, 3).Draw(t, "first rule"):]
	return d.sc
}

func (d *drawn) documents() {
	for i := range rapid.IntRange(0, 2).Draw(d.T, "documents") {
		from := rapid.IntRange(0, d.decides-1).Draw(d.T, "from")
		d.sc.Documents = append(d.sc.Documents, roleplay.Document{Name: fmt.Sprint("资料", i), Scene: from})
	}
}

func (d *drawn) personas() {
	for _, k := range roleplay.Packs[:rapid.SampledFrom([]int{0, 0, 1, 2, 3}).Draw(d.T, "personas")] {
		d.sc.Personas = append(d.sc.Personas, k.Persona(d.sc))
	}
}

func (d *drawn) scene(i, options int) {
	s := &d.sc.Scenes[i]
	s.Effects = d.effects()
	s.Beats = d.beats()
	hub := i < d.decides && options > 0 && rapid.IntRange(0, 3).Draw(d.T, "hub") == 0
	if hub {
		s.Topics = []roleplay.Topic{{Name: "必谈", Must: true}, {Name: "可选"}}
	}
	for k := range options {
		o := d.option(i)
		if k == 0 && rapid.IntRange(0, 9).Draw(d.T, "way on") > 0 { // else few scenarios have no dead end
			o.When, o.Way = nil, d.wayOn(i)
		}
		if hub {
			o.Topic = []int{1, 2, 2, 0}[k]
			if k == 0 || rapid.Bool().Draw(d.T, "back") {
				o.Way = roleplay.Way{To: i}
			}
		}
		s.Options = append(s.Options, o)
	}
	if options > 0 && rapid.IntRange(0, 3).Draw(d.T, "silence") == 0 {
		o := d.option(i)
		o.Text, o.When = "", nil
		s.Silence = &roleplay.Silence{Seconds: 20, Option: o}
	}
	if options == 0 || hub || rapid.Bool().Draw(d.T, "jumps") {
		if when := d.condition(); when != nil {
			s.Jumps = append(s.Jumps, roleplay.Jump{When: when, Way: d.wayOn(i)})
		}
		s.Jumps = append(s.Jumps, roleplay.Jump{Way: d.wayOn(i)})
	}
}

// wayOn leads forward, or back to the caller.
func (d *drawn) wayOn(i int) roleplay.Way {
	n := d.decides + d.called
	if i >= d.decides {
		to := rapid.IntRange(i+1, n).Draw(d.T, "to")
		if to == n {
			to = roleplay.Return
		}
		return roleplay.Way{To: to}
	}
	w := roleplay.Way{To: rapid.IntRange(i+1, n+1).Draw(d.T, "to")}
	if w.To >= d.decides && w.To < n { // called, not entered
		w.Call, w.To = w.To, rapid.IntRange(n, n+1).Draw(d.T, "then")
		if i+1 < d.decides {
			w.To = i + 1
		}
	}
	return w
}

func (d *drawn) option(i int) roleplay.Option {
	o := roleplay.Option{ID: d.nextID, Text: fmt.Sprint("话", d.nextID), When: d.condition(), Effects: d.effects(), Way: d.wayOn(i)}
	d.nextID++
	if i < d.decides && rapid.IntRange(0, 2).Draw(d.T, "anywhere") == 0 {
		o.Way = roleplay.Way{To: rapid.IntRange(0, d.decides-1).Draw(d.T, "to")}
	}
	for k := range d.sc.Dimensions {
		o.Scores = append(o.Scores, roleplay.Score{Dimension: k, Points: rapid.IntRange(0, 3).Draw(d.T, "points")})
	}
	if i < d.decides && rapid.IntRange(0, 19).Draw(d.T, "repeat") == 0 {
		o.Repeat, o.Scores = true, nil
	}
	if rapid.IntRange(0, 4).Draw(d.T, "red") == 0 {
		o.RedLine = "red"
	}
	o.Reply = d.beats()
	return o
}

func (d *drawn) effects() (effects []roleplay.Effect) {
	for m := range d.sc.Meters {
		if by := rapid.SampledFrom([]int{0, 0, 0, 5, 20, -5, -20}).Draw(d.T, "effect"); by != 0 {
			effects = append(effects, roleplay.Effect{Meter: m, By: by})
		}
	}
	return effects
}

func (d *drawn) beats() []roleplay.Beat {
	when := d.condition()
	if when == nil {
		return nil
	}
	return []roleplay.Beat{{{Kind: stage.KindStage, Text: "这样", When: when}, {Kind: stage.KindStage, Text: "那样"}}}
}

func (d *drawn) condition() *roleplay.Condition {
	op := rapid.SampledFrom([]string{"", "", "", "", "", "", ">=", "<", "==", "opened", "left", "chosen", "not", "and", "or"}).Draw(d.T, "op")
	c := &roleplay.Condition{Op: op}
	sizes := map[string]int{"opened": len(d.sc.Documents), "left": len(d.sc.Scenes), "chosen": d.options}
	switch op {
	case "not", "and", "or":
		for range map[string]int{"not": 1, "and": 2, "or": 2}[op] {
			if x := d.condition(); x != nil {
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
		c.Index = rapid.IntRange(0, sizes[op]-1).Draw(d.T, "index")
	case "":
		return nil
	default:
		c.Index, c.Value = rapid.IntRange(0, 1).Draw(d.T, "meter"), 5*rapid.IntRange(0, 20).Draw(d.T, "value")
	}
	return c
}
