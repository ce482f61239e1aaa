package twee

import (
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

// rounds marks the scenes that can be come back to.
func rounds(sc *roleplay.Scenario) []bool {
	round := make([]bool, len(sc.Scenes))
	for i := range sc.Scenes {
		seen := make([]bool, len(sc.Scenes))
		open := []int{i}
		for len(open) > 0 {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			for _, w := range ways(&sc.Scenes[at]) {
				to := []int{w.To}
				if w.Call != 0 {
					to = append(to, w.Call)
				}
				for _, j := range to {
					if j >= 0 && !seen[j] {
						seen[j] = true
						open = append(open, j)
					}
				}
			}
		}
		round[i] = seen[i]
	}
	return round
}
