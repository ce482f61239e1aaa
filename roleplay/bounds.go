package roleplay

import (
	"fmt"
	"slices"

	"qibu/roleplay/stage"
)

// MaxStates is how many positions a scenario may have. Beyond it nothing could
// be promised about every route, so such a scenario is refused.
const MaxStates = 2_000_000

// Survey is what holds over every route through a scenario.
type Survey struct {
	States   int
	Reached  []bool // scene → some route enters it
	Offered  []bool // option id → some route may choose it
	Stuck    []int  // scenes where a route stops without an ending
	Circling []int  // scenes from which a route goes round without a decision
	Endless  []int  // scenes from which no ending can be reached
	Min, Max []int  // points per dimension over all complete routes

	sc      *Scenario
	options []*Option // by id
	at      []Position
	next    [][]edge
}

// edge leads to another position by an option, or by opening a document (nil).
type edge struct {
	to  int
	say *Option
}

// vector is points per dimension.
type vector [MaxDimensions]int16

func (v vector) plus(o *Option) vector {
	if o != nil {
		for _, s := range o.Scores {
			v[s.Dimension] += int16(s.Points)
		}
	}
	return v
}

// Explore walks every position a learner can bring about. More than limit
// positions are an error. Min and Max are meaningful only when Stuck, Circling
// and Endless are empty.
func Explore(sc *Scenario, limit int) (*Survey, error) {
	v := &Survey{sc: sc, Reached: make([]bool, len(sc.Scenes)), Offered: make([]bool, sc.optionCount())}
	for i := range sc.Scenes {
		for j := range sc.Scenes[i].Options {
			v.options = append(v.options, &sc.Scenes[i].Options[j])
		}
	}
	if err := v.walk(limit); err != nil {
		return nil, err
	}
	v.States = len(v.at)
	v.bound()
	return v, nil
}

// walk fills at and next, breadth first.
func (v *Survey) walk(limit int) error {
	sc, live := v.sc, v.sc.live()
	known := map[Position]int{}
	visit := func(p Position, err error) int {
		v.note(p, err)
		p = live[p.Scene].only(p)
		i, ok := known[p]
		if !ok {
			i = len(v.at)
			known[p] = i
			v.at = append(v.at, p)
		}
		return i
	}
	visit(sc.Start(0, mute))
	for i := 0; i < len(v.at); i++ {
		if len(v.at) > limit {
			return fmt.Errorf("more than %d positions", limit)
		}
		p := v.at[i]
		var out []edge
		if !sc.Ended(&p) {
			for d := range sc.Documents {
				if live[p.Scene].opened.Has(d) && !p.Opened.Has(d) && sc.Within(&p, d) {
					q := p
					q.Opened = q.Opened.With(d)
					out = append(out, edge{to: visit(q, nil)})
				}
			}
			for _, n := range sc.Offer(&p, nil) {
				o := &sc.Scenes[p.Scene].Options[n]
				v.Offered[o.ID] = true
				out = append(out, edge{to: visit(sc.Choose(p, o, mute)), say: o})
			}
		}
		v.next = append(v.next, out)
	}
	return nil
}

// note records what arriving at p shows, before p forgets what no longer matters.
func (v *Survey) note(p Position, err error) {
	v.Reached[p.Scene] = true
	for i := range v.sc.Scenes {
		v.Reached[i] = v.Reached[i] || p.Left.Has(i)
	}
	switch {
	case err != nil:
		v.Circling = insert(v.Circling, int(p.Scene))
	case !v.sc.Ended(&p) && len(v.sc.Offer(&p, nil)) == 0:
		v.Stuck = insert(v.Stuck, int(p.Scene))
	}
}

// bound computes Min, Max and Endless backwards from the endings. No cycle of
// positions earns points (a scored option can be chosen once), so sweeping
// until nothing changes ends at the exact values.
func (v *Survey) bound() {
	n := len(v.at)
	low, high, done := make([]vector, n), make([]vector, n), make([]bool, n)
	for i := range v.at {
		done[i] = v.sc.Ended(&v.at[i])
	}
	for changed := true; changed; {
		changed = false
		for i := n - 1; i >= 0; i-- {
			for _, e := range v.next[i] {
				if !done[e.to] {
					continue
				}
				lo, hi := low[e.to].plus(e.say), high[e.to].plus(e.say)
				if done[i] {
					lo, hi = least(lo, low[i]), most(hi, high[i])
				}
				if !done[i] || lo != low[i] || hi != high[i] {
					low[i], high[i], done[i], changed = lo, hi, true, true
				}
			}
		}
	}
	for i, p := range v.at {
		if !done[i] {
			v.Endless = insert(v.Endless, int(p.Scene))
		}
	}
	for d := range v.sc.Dimensions {
		v.Min, v.Max = append(v.Min, int(low[0][d])), append(v.Max, int(high[0][d]))
	}
}

// Verdicts reports whether some route passes and whether some route fails.
// Dimensions must carry their Min and Max. Every clause asks for at least so
// much, so only the routes nobody beats can decide, and only the routes that
// beat nobody: the rest is dropped on the way.
func (v *Survey) Verdicts(limit int) (pass, fail bool, err error) {
	clean := slices.ContainsFunc(v.sc.Pass, func(r Rule) bool { return r.Kind == stage.RuleClean })
	err = v.fronts(limit, clean, func(a, b vector) bool { return a == most(a, b) }, func(p Position, sum vector) {
		pass = pass || v.passes(p, sum)
	})
	if err != nil {
		return false, false, err
	}
	for id, o := range v.options {
		fail = fail || clean && o.RedLine != "" && v.Offered[id]
	}
	err = v.fronts(limit, false, func(a, b vector) bool { return a == least(a, b) }, func(p Position, sum vector) {
		fail = fail || !v.passes(p, sum)
	})
	return pass, fail, err
}

func (v *Survey) passes(p Position, sum vector) bool {
	points := make([]int, len(v.sc.Dimensions))
	for i := range points {
		points[i] = int(sum[i])
	}
	return v.sc.Passes(&p, points, 0)
}

// fronts carries points forward along all routes (without red lines when clean
// is set), drops what an arrival at the same position covers, and calls end
// for what is left at the endings.
func (v *Survey) fronts(limit int, clean bool, covers func(a, b vector) bool, end func(Position, vector)) error {
	type arrival struct {
		at  int
		sum vector
	}
	front := make([][]vector, len(v.at))
	front[0] = []vector{{}}
	queue := []arrival{{}}
	for head := 0; head < len(queue); head++ {
		a := queue[head]
		if !slices.Contains(front[a.at], a.sum) {
			continue // covered since
		}
		for _, e := range v.next[a.at] {
			if clean && e.say != nil && e.say.RedLine != "" {
				continue
			}
			sum := a.sum.plus(e.say)
			if slices.ContainsFunc(front[e.to], func(x vector) bool { return covers(x, sum) }) {
				continue
			}
			front[e.to] = append(slices.DeleteFunc(front[e.to], func(x vector) bool { return covers(sum, x) }), sum)
			queue = append(queue, arrival{e.to, sum})
		}
		if len(queue) > limit {
			return fmt.Errorf("more than %d score combinations", limit)
		}
	}
	for i, sums := range front {
		if v.sc.Ended(&v.at[i]) {
			for _, sum := range sums {
				end(v.at[i], sum)
			}
		}
	}
	return nil
}

// reads is what of a position still matters: everything a condition, a choice
// or the pass rule may yet look at. Forgetting the rest keeps the survey small
// without changing what it finds.
type reads struct {
	meters uint8
	left   Scenes
	opened Documents
	chosen Options
}

func (r *reads) add(x reads) {
	r.meters |= x.meters
	for i := range r.left {
		r.left[i] |= x.left[i]
	}
	r.opened |= x.opened
	for i := range r.chosen {
		r.chosen[i] |= x.chosen[i]
	}
}

func (r *reads) only(p Position) Position {
	for i := range p.Meters {
		if r.meters>>i&1 == 0 {
			p.Meters[i] = 0
		}
	}
	for i := range p.Left {
		p.Left[i] &= r.left[i]
	}
	p.Opened &= r.opened
	for i := range p.Chosen {
		p.Chosen[i] &= r.chosen[i]
	}
	return p
}

// live is, for every scene, what it or any scene still ahead of it reads.
func (sc *Scenario) live() []reads {
	live := make([]reads, len(sc.Scenes))
	for i, s := range sc.Scenes {
		live[i] = sc.own(s)
	}
	for changed := true; changed; {
		changed = false
		for i, s := range sc.Scenes {
			before := live[i]
			for _, j := range s.Jumps {
				live[i].add(live[j.To])
			}
			for _, o := range s.Options {
				live[i].add(live[o.To])
			}
			changed = changed || live[i] != before
		}
	}
	return live
}

func (sc *Scenario) own(s Scene) reads {
	var r reads
	for _, j := range s.Jumps {
		sc.read(&r, j.When)
	}
	for _, o := range s.Options {
		sc.read(&r, o.When)
		r.chosen = r.chosen.With(o.ID)
	}
	if s.Ending != "" {
		for _, x := range sc.Pass {
			if x.Kind == stage.RuleMeter {
				r.meters |= 1 << x.Index
			}
		}
	}
	return r
}

func (sc *Scenario) read(r *reads, c *Condition) {
	if c == nil {
		return
	}
	switch c.Op {
	case "and", "or", "not":
		for i := range c.Of {
			sc.read(r, &c.Of[i])
		}
	case "opened":
		r.opened = r.opened.With(c.Index)
		r.left = r.left.With(sc.Documents[c.Index].Scene) // decides whether it can be opened
	case "left":
		r.left = r.left.With(c.Index)
	case "chosen":
		r.chosen = r.chosen.With(c.Index)
	default:
		r.meters |= 1 << c.Index
	}
}

func mute(Line) {}

func least(a, b vector) vector {
	for i := range a {
		a[i] = min(a[i], b[i])
	}
	return a
}

func most(a, b vector) vector {
	for i := range a {
		a[i] = max(a[i], b[i])
	}
	return a
}

// insert keeps a sorted set of scenes.
func insert(set []int, i int) []int {
	k, found := slices.BinarySearch(set, i)
	if found {
		return set
	}
	return slices.Insert(set, k, i)
}

func (sc *Scenario) optionCount() int {
	n := 0
	for _, s := range sc.Scenes {
		n += len(s.Options)
	}
	return n
}
