package roleplay

import (
	"fmt"

	"qibu/roleplay/stage"
)

// sound says the first thing that sc speaks of and does not have, or has more of
// than a Position holds. What package script compiles is sound; what stands in a
// record that somebody hands in may be anything.
func (sc *Scenario) sound() error {
	s := soundness{sc: sc}
	s.count("scenes", len(sc.Scenes), 1, MaxScenes)
	s.count("documents", len(sc.Documents), 0, MaxDocuments)
	s.count("meters", len(sc.Meters), 1, MaxMeters)
	s.count("dimensions", len(sc.Dimensions), 0, MaxDimensions)
	s.count("personas", len(sc.Personas), 0, MaxPersonas)
	for _, p := range sc.Personas {
		for _, each := range [][]int{p.Shift, p.Rise, p.Fall} {
			s.count("meters of persona "+p.Name, len(each), len(sc.Meters), len(sc.Meters))
		}
	}
	for _, d := range sc.Documents {
		s.has("scene", d.Scene, len(sc.Scenes))
	}
	for _, r := range sc.Pass {
		s.rule(r)
	}
	for i := range sc.Scenes {
		s.scene(&sc.Scenes[i])
	}
	id := 0
	for o, scene := range sc.All() {
		s.count("options before "+o.Text, o.ID, id, min(id, MaxOptions-1))
		s.has("topic", o.Topic, len(sc.Scenes[scene].Topics)+1)
		s.option(o)
		id++
	}
	return s.err
}

// soundness keeps the first thing found.
type soundness struct {
	sc  *Scenario
	err error
}

func (s *soundness) count(of string, n, least, most int) {
	if s.err == nil && (n < least || n > most) {
		s.err = fmt.Errorf("the scenario counts %d %s, not %d to %d", n, of, least, most)
	}
}

func (s *soundness) has(what string, i, n int) {
	if s.err == nil && (i < 0 || i >= n) {
		s.err = fmt.Errorf("the scenario has no %s %d", what, i)
	}
}

func (s *soundness) rule(r Rule) {
	switch r.Kind {
	case stage.RuleDimension:
		s.has("dimension", r.Index, len(s.sc.Dimensions))
	case stage.RuleMeter:
		s.has("meter", r.Index, len(s.sc.Meters))
	}
}

func (s *soundness) scene(x *Scene) {
	s.count("topics of "+x.Name, len(x.Topics), 0, MaxTopics)
	s.effects(x.Effects)
	s.beats(x.Beats)
	for _, j := range x.Jumps {
		s.condition(j.When)
		s.way(j.Way)
	}
}

func (s *soundness) option(o *Option) {
	s.condition(o.When)
	s.effects(o.Effects)
	s.beats(o.Reply)
	s.way(o.Way)
	for _, x := range o.Scores {
		s.has("dimension", x.Dimension, len(s.sc.Dimensions))
	}
}

func (s *soundness) effects(all []Effect) {
	for _, e := range all {
		s.has("meter", e.Meter, len(s.sc.Meters))
	}
}

func (s *soundness) beats(all []Beat) {
	for _, b := range all {
		for _, l := range b {
			s.condition(l.When)
		}
	}
}

func (s *soundness) way(w Way) {
	s.has("scene", w.Call, len(s.sc.Scenes))
	if w.To != Return {
		s.has("scene", w.To, len(s.sc.Scenes))
	}
}

func (s *soundness) condition(c *Condition) {
	if c == nil {
		return
	}
	switch c.Op {
	case "and", "or":
	case "not":
		s.count("conditions under not", len(c.Of), 1, 1)
	case "opened":
		s.has("document", c.Index, len(s.sc.Documents))
	case "left":
		s.has("scene", c.Index, len(s.sc.Scenes))
	case "chosen":
		s.has("option", c.Index, MaxOptions)
	default:
		s.has("meter", c.Index, len(s.sc.Meters))
	}
	for i := range c.Of {
		s.condition(&c.Of[i])
	}
}
