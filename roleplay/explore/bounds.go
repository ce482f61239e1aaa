package explore

import (
	"math"
	"slices"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// vector is points per dimension.
type vector [roleplay.MaxDimensions]int16

func (v vector) plus(o *roleplay.Option) vector {
	if o != nil {
		for _, s := range o.Scores {
			v[s.Dimension] += int16(s.Points)
		}
	}
	return v
}

func (v vector) add(x vector) vector {
	for i := range v {
		v[i] += x[i]
	}
	return v
}

func (v vector) points(sc *roleplay.Scenario) []int {
	points := make([]int, len(sc.Dimensions))
	for i := range points {
		points[i] = int(v[i])
	}
	return points
}

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

// between is the least and the most that complete routes earn from a position on.
type between struct{ low, high vector }

// bounds computes for every group what lies ahead of it. Scores are no part of
// a position: they are added up along the steps.
func (l *loops) bounds() (values []between, known []bool) {
	return ahead(l,
		func(int32) (between, bool) { return between{}, true },
		func(_ int32, e edge, v between) (between, bool) {
			o := l.option(e)
			return between{v.low.plus(o), v.high.plus(o)}, true
		},
		joinBetween)
}

func joinBetween(a, b between) between { return between{least(a.low, b.low), most(a.high, b.high)} }

// atStarts joins the values of every start that has one.
func atStarts[T any](l *loops, values []T, known []bool, join func(a, b T) T) (all T, some bool) {
	for _, i := range l.starts {
		if i == none || !known[l.of[i]] {
			continue
		}
		if v := values[l.of[i]]; some {
			all = join(all, v)
		} else {
			all, some = v, true
		}
	}
	return all, some
}

// choice says which routes are looked at: those that take only such steps from
// one group to another, and end only at such endings.
type choice struct {
	step func(from int32, e edge) bool
	end  func(i int32) bool
}

// every is all routes that end.
var every = choice{
	step: func(int32, edge) bool { return true },
	end:  func(int32) bool { return true },
}

// richest is what a route that earns most of something earns of it, and its step
// into the next group; at an ending its to is none.
type richest struct {
	worth int
	next  edge
}

// best finds, for every group, the route ahead that is worth most.
func (l *loops) best(worth func(*roleplay.Option) int, of choice) (values []richest, known []bool) {
	each := make([]int, len(l.options))
	for i, o := range l.options {
		each[i] = worth(o)
	}
	return ahead(l,
		func(i int32) (richest, bool) { return richest{next: edge{to: none}}, of.end(i) },
		func(from int32, e edge, v richest) (richest, bool) {
			worth := v.worth
			if e.by >= 0 {
				worth += each[e.by]
			}
			return richest{worth, e}, of.step(from, e)
		}, richer)
}

func richer(a, b richest) richest {
	if b.worth > a.worth {
		return b
	}
	return a
}

// sum is what the richest route ahead of group c earns in every dimension.
func (l *loops) sum(best []richest, c int32) (sum vector) {
	for e := best[c].next; e.to != none; e = best[e.to].next {
		sum = sum.plus(l.option(e))
	}
	return sum
}

// ends reports for every group whether one of the routes lies ahead.
func (l *loops) ends(of choice) []bool {
	_, known := ahead(l,
		func(i int32) (struct{}, bool) { return struct{}{}, of.end(i) },
		func(from int32, e edge, v struct{}) (struct{}, bool) { return v, of.step(from, e) },
		func(a, _ struct{}) struct{} { return a })
	return known
}

// example is one of the routes from a position, as far as it does not go round.
func (l *loops) example(i int32, of choice) (route []edge) {
	ends := l.ends(of)
	for !l.ended(i) {
		next := slices.IndexFunc(l.out(i), func(e edge) bool {
			return l.of[e.to] != l.of[i] && ends[l.of[e.to]] && of.step(i, e)
		})
		if next < 0 {
			break
		}
		route = append(route, l.out(i)[next])
		i = l.out(i)[next].to
	}
	return route
}

// frontLimit is how many sums may be compared before fronts are given up.
const frontLimit = 1_000_000

// fronts finds for every group the sums that routes ahead can earn and no other
// route beats in every dimension; with lowest, those that beat no other. Where
// there is too much to compare they are given up: not known.
func (l *loops) fronts(lowest bool, of choice) (fronts [][]vector, known bool) {
	covers := covers
	if lowest {
		covers = func(a, b vector) bool { return a == least(a, b) }
	}
	work := 0
	fronts, _ = ahead(l,
		func(i int32) ([]vector, bool) { return []vector{{}}, of.end(i) },
		func(from int32, e edge, v []vector) ([]vector, bool) {
			if work > l.work || !of.step(from, e) {
				return nil, false
			}
			sums := make([]vector, len(v))
			for i := range v {
				sums[i] = v[i].plus(l.option(e))
			}
			return sums, true
		},
		func(a, b []vector) []vector {
			work += len(a) * len(b)
			return merge(a, b, covers)
		})
	return fronts, work <= l.work
}

// covers reports whether a is at least b in every dimension.
func covers(a, b vector) bool { return a == most(a, b) }

// merge keeps of two fronts what the other does not cover.
func merge(a, b []vector, covers func(a, b vector) bool) []vector {
	kept := slices.Clip(a)
	for _, v := range b {
		if slices.ContainsFunc(kept, func(x vector) bool { return covers(x, v) }) {
			continue
		}
		kept = append(slices.DeleteFunc(slices.Clone(kept), func(x vector) bool { return covers(v, x) }), v)
	}
	return kept
}

// verdict says what the pass rule makes of all routes of one persona.
type verdict struct {
	pass, fail bool // some route passes, some route fails
	decided    bool // both are known; else they are only what was found
}

// allowed is the routes that end with the meters the pass rule asks for.
func (l *loops) allowed() choice { return choice{step: every.step, end: l.meetsMeters} }

// answers are yes or no by persona; open where that could not be decided.
type answers struct{ yes, open []bool }

// passable tells who of the personas can be passed with on one of the routes,
// none of which crosses a red line that the pass rule forbids. The route that is
// worth most may show it; else the fronts settle it, for every clause asks for
// at least so much, and so only routes nobody beats can decide.
func (l *loops) passable(of choice) answers {
	found, known := l.best(l.sc.Worth, of)
	return l.decide(false, of, func(start int32) (yes, settled bool) {
		c := l.of[start]
		yes = known[c] && l.passes(l.sum(found, c))
		return yes, yes || !known[c]
	}, l.passes)
}

// failable tells who of the personas can be failed with, in the same way.
func (l *loops) failable() answers {
	misses := every
	misses.end = func(i int32) bool { return !l.meetsMeters(i) }
	missing, ending := l.ends(misses), l.ends(every)
	fails := func(v vector) bool { return !l.passes(v) }
	leasts := l.leasts()
	found := make([][]richest, len(leasts)) // each when first asked for
	return l.decide(true, every, func(start int32) (yes, settled bool) {
		c := l.of[start]
		yes = missing[c] || l.crossable(start, ending)
		for k := 0; k < len(leasts) && !yes && ending[c]; k++ {
			if found[k] == nil {
				found[k], _ = l.best(leasts[k], every)
			}
			yes = fails(l.sum(found[k], c))
		}
		return yes, yes || !ending[c]
	}, fails)
}

// decide asks for every start, and where that settles nothing, of every sum of
// its front.
func (l *loops) decide(lowest bool, of choice, ask func(start int32) (yes, settled bool), so func(vector) bool) answers {
	a := answers{make([]bool, len(l.starts)), make([]bool, len(l.starts))}
	var fronts [][]vector
	decided := true
	for persona, start := range l.starts {
		yes, settled := start == none, start == none
		if !settled {
			yes, settled = ask(start)
		}
		if !settled && fronts == nil {
			fronts, decided = l.fronts(lowest, of)
		}
		if !settled {
			yes = slices.ContainsFunc(fronts[l.of[start]], so)
			a.open[persona] = !yes && !decided
		}
		a.yes[persona] = yes && start != none
	}
	return a
}

// leasts are what to earn least of to fail a clause: the total, every dimension
// with a mark.
func (l *loops) leasts() []func(*roleplay.Option) int {
	all := []func(*roleplay.Option) int{func(o *roleplay.Option) int { return -l.sc.Worth(o) }}
	for _, r := range l.sc.Pass {
		if r.Kind == stage.RuleDimension {
			all = append(all, func(o *roleplay.Option) int { return -pointsIn(o, r.Index) })
		}
	}
	return all
}

func pointsIn(o *roleplay.Option, dimension int) int {
	for _, s := range o.Scores {
		if s.Dimension == dimension {
			return s.Points
		}
	}
	return 0
}

func asksClean(sc *roleplay.Scenario) bool {
	return slices.ContainsFunc(sc.Pass, func(r roleplay.Rule) bool { return r.Kind == stage.RuleClean })
}

// crossable reports whether the pass rule forbids red lines and a route from a
// position crosses one and ends; ends tells by group where a route can.
func (l *loops) crossable(from int32, ends []bool) bool {
	if !asksClean(l.sc) {
		return false
	}
	met := make([]bool, l.size())
	met[from] = true
	for queue := []int32{from}; len(queue) > 0; {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, e := range l.out(i) {
			if crosses(l.option(e)) && ends[l.of[e.to]] {
				return true
			}
			if !met[e.to] {
				met[e.to] = true
				queue = append(queue, e.to)
			}
		}
	}
	return false
}

func crosses(o *roleplay.Option) bool { return o != nil && o.RedLine != "" }

// meetsMeters reports whether position i, an ending, meets what the pass rule
// asks of the meters.
func (l *loops) meetsMeters(i int32) bool {
	p := l.at(i)
	for _, r := range l.sc.Pass {
		if r.Kind == stage.RuleMeter && int(p.Meters[r.Index]) < r.Mark {
			return false
		}
	}
	return true
}

// passes applies what the pass rule asks of the points.
func (l *loops) passes(sum vector) bool {
	top := roleplay.Position{}
	for i := range top.Meters {
		top.Meters[i] = math.MaxInt8
	}
	return l.sc.Passes(&top, sum.points(l.sc), 0)
}
