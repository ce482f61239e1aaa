package twee

import (
	"slices"

	"qibu/roleplay"
)

// ask finds out what conditions want to know.
func (e *exporter) ask() {
	e.left = make([]bool, len(e.sc.Scenes))
	var each func(scene int, c *roleplay.Condition)
	each = func(scene int, c *roleplay.Condition) {
		if c == nil {
			return
		}
		e.asked[c.Index] = e.asked[c.Index] || c.Op == "chosen"
		e.left[scene] = e.left[scene] || c.Op == "left" && c.Index == scene
		for k := range c.Of {
			each(scene, &c.Of[k])
		}
	}
	beats := func(scene int, beats []roleplay.Beat) {
		for _, b := range beats {
			for k := range b {
				each(scene, b[k].When)
			}
		}
	}
	calls := false
	for i := range e.sc.Scenes {
		s := &e.sc.Scenes[i]
		beats(i, s.Beats)
		if s.Silence != nil {
			beats(i, s.Silence.Reply)
		}
		for k := range s.Options {
			each(i, s.Options[k].When)
			beats(i, s.Options[k].Reply)
		}
		for k := range s.Jumps {
			each(i, s.Jumps[k].When)
		}
		for _, w := range ways(s) {
			calls = calls || w.To == roleplay.Return
		}
	}
	if calls {
		e.back = e.unique("返回")
	}
}

// ways are the ways out of a scene.
func ways(s *roleplay.Scene) []roleplay.Way {
	var all []roleplay.Way
	if s.Silence != nil {
		all = append(all, s.Silence.Way)
	}
	for k := range s.Options {
		all = append(all, s.Options[k].Way)
	}
	for k := range s.Jumps {
		all = append(all, s.Jumps[k].Way)
	}
	return all
}

// rounds marks the scenes that can be come back to. A called scene may return to
// whatever any call goes on with.
func rounds(sc *roleplay.Scenario) []bool {
	next := make([][]int, len(sc.Scenes))
	var returns []int
	for i := range sc.Scenes {
		for _, w := range ways(&sc.Scenes[i]) {
			next[i] = append(next[i], w.To)
			if w.Call != 0 {
				next[i] = append(next[i], w.Call)
				returns = append(returns, w.To)
			}
		}
	}
	round := make([]bool, len(sc.Scenes))
	for i := range sc.Scenes {
		seen := map[int]bool{}
		open := slices.Clone(next[i])
		for len(open) > 0 {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			if seen[at] {
				continue
			}
			seen[at] = true
			if at == roleplay.Return {
				open = append(open, returns...)
			} else {
				open = append(open, next[at]...)
			}
		}
		round[i] = seen[i]
	}
	return round
}
