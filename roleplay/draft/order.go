package draft

import (
	"cmp"
	"iter"
	"slices"

	"qibu/roleplay"
)

// ways yields every way out of a scene.
func ways(s *roleplay.Scene) iter.Seq[*roleplay.Way] {
	return func(yield func(*roleplay.Way) bool) {
		for k := range s.Options {
			if !yield(&s.Options[k].Way) {
				return
			}
		}
		if s.Silence != nil && !yield(&s.Silence.Way) {
			return
		}
		for k := range s.Jumps {
			if !yield(&s.Jumps[k].Way) {
				return
			}
		}
	}
}

// eachLine does something with everything that is said.
func eachLine(sc *roleplay.Scenario, do func(*roleplay.Line)) {
	beats := func(beats []roleplay.Beat) {
		for _, b := range beats {
			for i := range b {
				do(&b[i])
			}
		}
	}
	for i := range sc.Scenes {
		beats(sc.Scenes[i].Beats)
	}
	for o := range sc.All() {
		beats(o.Reply)
	}
}

// eachCondition does something with every single condition, the parts first.
func eachCondition(sc *roleplay.Scenario, do func(*roleplay.Condition)) {
	var each func(c *roleplay.Condition)
	each = func(c *roleplay.Condition) {
		if c == nil {
			return
		}
		for i := range c.Of {
			each(&c.Of[i])
		}
		do(c)
	}
	eachLine(sc, func(l *roleplay.Line) { each(l.When) })
	for o := range sc.All() {
		each(o.When)
	}
	for i := range sc.Scenes {
		for _, j := range sc.Scenes[i].Jumps {
			each(j.When)
		}
	}
}

// prune settles conditions that always or never hold, over and over while there
// are options that cannot be offered, because nobody can have chosen those.
func (s *Story) prune() {
	for left := -1; ; {
		offered := make([]bool, s.ids)
		options := 0
		for o := range s.sc.All() {
			offered[o.ID] = true
			options++
		}
		if options == left {
			return
		}
		left = options
		eachCondition(&s.sc, func(c *roleplay.Condition) {
			if c.Op == "chosen" && !offered[c.Index] {
				*c = Never
			}
		})
		s.settle()
	}
}

func (s *Story) settle() {
	for i := range s.sc.Scenes {
		t := &s.sc.Scenes[i]
		t.Beats = settleBeats(t.Beats)
		t.Options = slices.DeleteFunc(t.Options, func(o roleplay.Option) bool { return never(o.When) })
		for k := range t.Options {
			o := &t.Options[k]
			o.When, o.Reply = settle(o.When), settleBeats(o.Reply)
		}
		t.Jumps = settleJumps(t.Jumps)
	}
}

func settleBeats(beats []roleplay.Beat) []roleplay.Beat {
	var kept []roleplay.Beat
	for _, b := range beats {
		if b = settleBeat(b); len(b) > 0 {
			kept = append(kept, b)
		}
	}
	return kept
}

// settleBeat leaves the lines that can be said, up to the first that always is.
func settleBeat(b roleplay.Beat) roleplay.Beat {
	var kept roleplay.Beat
	for _, l := range b {
		if never(l.When) {
			continue
		}
		l.When = settle(l.When)
		kept = append(kept, l)
		if l.When == nil {
			break
		}
	}
	return kept
}

func settleJumps(jumps []roleplay.Jump) []roleplay.Jump {
	var kept []roleplay.Jump
	for _, j := range jumps {
		if never(j.When) {
			continue
		}
		j.When = settle(j.When)
		kept = append(kept, j)
		if j.When == nil {
			break
		}
	}
	return kept
}

// close ends the story wherever a way leads over: a scene that only tells
// becomes an ending of its own, the rest share one.
func (s *Story) close() {
	shared := -1
	for i := range s.sc.Scenes {
		t := &s.sc.Scenes[i]
		if n := len(t.Jumps); t.Ending == "" && len(t.Options) == 0 && (n == 0 || t.Jumps[n-1].When != nil) {
			t.Jumps = append(t.Jumps, roleplay.Jump{Way: Over})
		}
		if len(t.Options) == 0 && len(t.Beats) > 0 && slices.Equal(t.Jumps, []roleplay.Jump{{Way: Over}}) {
			s.Ending(i, t.Name)
			t.Jumps = nil
		}
		for w := range ways(t) {
			if w.To != over {
				continue
			}
			if shared < 0 {
				shared = s.Scene(end, slices.Max(s.lines)+1)
				s.Ending(shared, end)
			}
			w.To = shared
		}
	}
}

// inline gives up calls that go round, go too deep or are entered from outside,
// and reports whether there were any.
func (s *Story) inline() (any bool) {
	shared := slices.IndexFunc(s.sc.Scenes, func(t roleplay.Scene) bool { return t.Ending != "" })
	if shared < 0 {
		shared = len(s.sc.Scenes)
		s.sc.Scenes = append(s.sc.Scenes, roleplay.Scene{Name: s.unique(end), Ending: end})
	}
	for i := range s.sc.Scenes {
		for w := range ways(&s.sc.Scenes[i]) {
			if w.Call != 0 {
				*w, any = roleplay.Way{To: w.Call}, true
			} else if w.To == roleplay.Return {
				w.To, any = shared, true
			}
		}
	}
	if any {
		s.Note(0, "", "有的段落既被调用又被直接跳到，或者越套越深：调用改成了“→”，“返回”改成去「%s」，请检查。", s.sc.Scenes[shared].Name)
	}
	return any
}

// elide leads past scenes in which nothing happens but going on, unless a
// condition asks for them, and returns for every scene the one that stands for it.
func (s *Story) elide() []int {
	bare := make([]bool, len(s.sc.Scenes))
	for i := range bare {
		t := &s.sc.Scenes[i]
		bare[i] = len(t.Beats)+len(t.Effects)+len(t.Options) == 0 && t.Ending == "" &&
			len(t.Jumps) == 1 && t.Jumps[0].When == nil && t.Jumps[0].Call == 0 && t.Jumps[0].To >= 0
	}
	eachCondition(&s.sc, func(c *roleplay.Condition) {
		if c.Op == "left" {
			bare[c.Index] = false
		}
	})
	stands, walk := make([]int, len(bare)), make([]int, len(bare))
	for i := range stands {
		stands[i] = -1
	}
	for i := range stands {
		var path []int
		at := i
		for stands[at] < 0 && bare[at] && walk[at] != i+1 {
			walk[at] = i + 1
			path = append(path, at)
			at = s.sc.Scenes[at].Jumps[0].To
		}
		if stands[at] < 0 {
			stands[at] = at
		}
		for _, p := range path {
			stands[p] = stands[at]
		}
	}
	for i := range s.sc.Scenes {
		for w := range ways(&s.sc.Scenes[i]) {
			if w.Call != 0 && stands[w.Call] == stands[0] {
				stands[0] = 0 // what is called cannot be where the story begins
			}
		}
	}
	return stands
}

// order numbers what is left of the scenes and the options by their lines, the
// first scene where the story begins.
func (s *Story) order(stands []int) {
	sc := &s.sc
	order := []int{stands[0]}
	for i, at := range stands {
		if at == i && i != stands[0] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order[1:], func(a, b int) int { return cmp.Compare(s.lines[a], s.lines[b]) })
	places := make([]int, len(stands))
	scenes := make([]roleplay.Scene, len(order))
	for to, from := range order {
		places[from], scenes[to] = to, sc.Scenes[from]
	}
	place := func(scene int) int { return places[stands[scene]] }
	sc.Scenes = scenes
	ids := make([]int, s.ids)
	s.ids = 0
	for o := range sc.All() {
		ids[o.ID] = s.ids
		o.ID = s.ids
		s.ids++
	}
	for i := range scenes {
		for w := range ways(&scenes[i]) {
			if w.Call != 0 {
				w.Call = place(w.Call)
			}
			if w.To >= 0 {
				w.To = place(w.To)
			}
		}
	}
	eachCondition(sc, func(c *roleplay.Condition) {
		switch c.Op {
		case "left":
			c.Index = place(c.Index)
		case "chosen":
			c.Index = ids[c.Index]
		}
	})
}
