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

// richest is a route that earns most (or least) of something, and what it
// earns in every dimension.
type richest struct {
	worth int
	sum   vector
}

// best finds, for every group, the route ahead that is worth most. Only routes
// that end where allowed says are looked at, and with clean only those that
// cross no red line.
func (l *loops) best(worth func(*roleplay.Option) int, clean bool, allowed func(i int32) bool) (values []richest, known []bool) {
	each := make([]int, len(l.options))
	for i, o := range l.options {
		each[i] = worth(o)
	}
	return ahead(l,
		func(i int32) (richest, bool) { return richest{}, allowed(i) },
		func(_ int32, e edge, v richest) (richest, bool) {
			o := l.option(e)
			if o == nil {
				return v, true
			}
			return richest{worth: v.worth + each[o.ID], sum: v.sum.plus(o)}, !clean || o.RedLine == ""
		},
		func(a, b richest) richest {
			if b.worth > a.worth {
				return b
			}
			return a
		})
}

func anyEnd(int32) bool { return true }

// frontLimit is how many sums may be compared before a front is given up.
const frontLimit = 1_000_000

// front finds the sums that routes from the starts of the given personas can
// earn and no other route beats in every dimension; with lowest, those that beat
// no other. It is given up, known false, when there is too much to compare.
func (l *loops) front(persona int, lowest, clean bool, allowed func(i int32) bool) (sums []vector, known bool) {
	covers := func(a, b vector) bool { return a == most(a, b) }
	if lowest {
		covers = func(a, b vector) bool { return a == least(a, b) }
	}
	work := 0
	fronts, some := ahead(l,
		func(i int32) ([]vector, bool) { return []vector{{}}, allowed(i) },
		func(_ int32, e edge, v []vector) ([]vector, bool) {
			o := l.option(e)
			if work > frontLimit || clean && o != nil && o.RedLine != "" {
				return nil, false
			}
			sums := make([]vector, len(v))
			for i := range v {
				sums[i] = v[i].plus(o)
			}
			return sums, true
		},
		func(a, b []vector) []vector {
			work += len(a) * len(b)
			return merge(a, b, covers)
		})
	c := l.of[l.starts[persona]]
	if work > frontLimit {
		return nil, false
	}
	if some[c] {
		sums = fronts[c]
	}
	slices.SortFunc(sums, func(a, b vector) int { return slices.Compare(b[:], a[:]) })
	return sums, true
}

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

// verdictOf applies the pass rule of a frozen scenario. A route that shows it
// settles a question; the fronts settle what no single route does, for every
// clause asks for at least so much and so only routes nobody beats can decide.
func (l *loops) verdictOf(persona int) verdict {
	v := verdict{decided: true}
	v.pass = l.passable(persona, &v.decided)
	v.fail = l.failable(persona, &v.decided)
	return v
}

func (l *loops) passable(persona int, decided *bool) bool {
	c, clean := l.of[l.starts[persona]], l.asksClean()
	found, known := l.best(l.sc.Worth, clean, l.meetsMeters)
	if !known[c] {
		return false
	}
	if l.passes(found[c].sum) {
		return true
	}
	sums, ok := l.front(persona, false, clean, l.meetsMeters)
	*decided = *decided && ok
	return slices.ContainsFunc(sums, l.passes)
}

func (l *loops) failable(persona int, decided *bool) bool {
	c := l.of[l.starts[persona]]
	misses := func(i int32) bool { return !l.meetsMeters(i) }
	if _, known := l.best(noWorth, false, misses); known[c] {
		return true
	}
	if l.asksClean() && l.crossable(c) {
		return true
	}
	for _, worth := range l.leasts() {
		if found, known := l.best(worth, false, anyEnd); known[c] && !l.passes(found[c].sum) {
			return true
		}
	}
	sums, ok := l.front(persona, true, false, anyEnd)
	*decided = *decided && ok
	return slices.ContainsFunc(sums, func(v vector) bool { return !l.passes(v) })
}

func noWorth(*roleplay.Option) int { return 0 }

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

func (l *loops) asksClean() bool {
	return slices.ContainsFunc(l.sc.Pass, func(r roleplay.Rule) bool { return r.Kind == stage.RuleClean })
}

// crossable reports whether a route from group c crosses a red line and ends.
func (l *loops) crossable(c int32) bool {
	worth := func(o *roleplay.Option) int {
		if o.RedLine != "" {
			return 1
		}
		return 0
	}
	found, known := l.best(worth, false, anyEnd)
	return known[c] && found[c].worth > 0
}

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
