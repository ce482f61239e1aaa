package script

import (
	"iter"

	"qibu/roleplay"
)

// checkCalls refuses a scene from which its own call can be reached again
// without returning, and calls within calls deeper than a position can hold.
func (p *parser) checkCalls() {
	scenes := p.scenario.Scenes
	ahead, deep := make([]roleplay.Scenes, len(scenes)), make([]int, len(scenes))
	for changed := true; changed; {
		changed = false
		for i := range scenes {
			seen, depth := ahead[i], 0
			for w := range p.ways(i) {
				if w.To >= 0 {
					seen, depth = union(seen, ahead[w.To].With(w.To)), max(depth, deep[w.To])
				}
				if w.Call > 0 {
					seen, depth = union(seen, ahead[w.Call].With(w.Call)), max(depth, pushed(w)+deep[w.Call])
				}
			}
			depth = min(depth, roleplay.MaxCalls+1)
			changed = changed || seen != ahead[i] || depth != deep[i]
			ahead[i], deep[i] = seen, depth
		}
	}
	p.checkRecursion(ahead)
	for i := range scenes {
		for w, number := range p.ways(i) {
			if w.Call != 0 && pushed(w)+deep[w.Call] > roleplay.MaxCalls && len(p.problems) == 0 {
				p.fail(number, "调用里再调用，从这里起超过%d层了", roleplay.MaxCalls)
			}
		}
	}
}

func (p *parser) checkRecursion(ahead []roleplay.Scenes) {
	for i, s := range p.scenario.Scenes {
		for w, number := range p.ways(i) {
			if w.Call != 0 && (w.Call == i || ahead[w.Call].Has(i)) {
				called := p.scenario.Scenes[w.Call].Name
				p.fail(number, "「%s」调用「%s」，从「%s」不返回又能走到「%s」：会越套越深", s.Name, called, called, s.Name)
			}
		}
	}
}

func union(a, b roleplay.Scenes) roleplay.Scenes {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

// pushed is how many calls wait for their return while the called scene is on.
func pushed(w roleplay.Way) int {
	if w.To == roleplay.Return {
		return 0 // the caller's own return is the one to come
	}
	return 1
}

// ways yields every way out of a scene with its line.
func (p *parser) ways(i int) iter.Seq2[roleplay.Way, int] {
	return func(yield func(roleplay.Way, int) bool) {
		scene, m := &p.scenario.Scenes[i], &p.marks[i]
		for k, o := range scene.Options {
			if !yield(o.Way, m.options[k]) {
				return
			}
		}
		if scene.Silence != nil && !yield(scene.Silence.Way, m.silence) {
			return
		}
		for k, j := range scene.Jumps {
			if !yield(j.Way, p.lines.Jumps[i][k]) {
				return
			}
		}
	}
}
