package explore

import (
	"errors"
	"math"
	"slices"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// ErrTooLarge says that a scenario has too many positions, or too many ways to
// earn points, to tell in hindsight what was still possible.
var ErrTooLarge = errors.New("the scenario is too large for hindsight")

// The sizes up to which Prospects are worth their memory: they are kept for as
// long as sessions of the scenario are looked back at.
const (
	prospectsLimit = 200_000    // positions
	prospectsWork  = 20_000_000 // sums carried or compared
)

// Prospects know of every position of a published scenario what can still be
// earned from there. They may be asked by several goroutines at once.
type Prospects struct {
	sc     *roleplay.Scenario
	clean  bool // the pass rule asks for no red line
	loops  *loops
	fronts [][]vector // by group: the sums ahead that no other beats, where the meters pass
}

// NewProspects walks a frozen scenario once. A scenario beyond what is worth it
// is ErrTooLarge: then a debrief does without.
func NewProspects(sc *roleplay.Scenario) (*Prospects, error) {
	g := newGraph(sc, prospectsLimit, false)
	if !g.proven {
		return nil, ErrTooLarge
	}
	p := &Prospects{sc: sc, clean: asksClean(sc)}
	if p.clean {
		g.forbid(crosses)
	}
	p.loops = newLoops(g)
	caps, work := needed(sc), 0
	p.fronts, _ = ahead(p.loops,
		func(i int32) ([]vector, bool) { return []vector{{}}, p.loops.meetsMeters(i) },
		func(_ int32, e edge, v []vector) ([]vector, bool) {
			if work += len(v); work > prospectsWork {
				return nil, false
			}
			o, sums := g.option(e), make([]vector, len(v))
			for i := range v {
				sums[i] = least(v[i].plus(o), caps)
			}
			return sums, true
		},
		func(a, b []vector) []vector {
			work += len(a) * len(b)
			return unbeaten(a, b)
		})
	if work > prospectsWork {
		return nil, ErrTooLarge
	}
	return p, nil
}

// unbeaten joins two fronts: of sums in neither of which one beats another,
// those that none of the other front beats.
func unbeaten(a, b []vector) []vector {
	all := make([]vector, 0, len(a)+len(b))
	for i := range a {
		if !slices.ContainsFunc(b, func(x vector) bool { return x != a[i] && x.reaches(&a[i]) }) {
			all = append(all, a[i])
		}
	}
	for i := range b {
		if !slices.ContainsFunc(a, func(x vector) bool { return x.reaches(&b[i]) }) {
			all = append(all, b[i])
		}
	}
	return all
}

// reaches reports whether v is at least w in every dimension.
func (v *vector) reaches(w *vector) bool {
	for i := range v {
		if v[i] < w[i] {
			return false
		}
	}
	return true
}

// forbid takes the steps out of the graph that say what is forbidden. The routes
// to its positions are told no longer.
func (g *graph) forbid(forbidden func(*roleplay.Option) bool) {
	first, edges := make([]int32, 1, len(g.first)), make([]edge, 0, len(g.edges))
	for i := range int32(g.size()) {
		for _, e := range g.out(i) {
			if !forbidden(g.option(e)) {
				edges = append(edges, e)
			}
		}
		first = append(first, int32(len(edges)))
	}
	g.first, g.edges = first, edges
}

// needed is how many points of each dimension the pass rule can make use of:
// for a total all of them, for a mark what reaches it, else none.
func needed(sc *roleplay.Scenario) (points vector) {
	for _, r := range sc.Pass {
		switch r.Kind {
		case stage.RuleTotal:
			for i := range points {
				points[i] = math.MaxInt16
			}
		case stage.RuleDimension:
			d, n := sc.Dimensions[r.Index], 0
			for n = d.Min; n < d.Max && d.Percent(n) < r.Mark; n++ {
			}
			points[r.Index] = max(points[r.Index], int16(n))
		}
	}
	return points
}

// Possible reports whether a session that stands at st can still pass, or has passed.
func (p *Prospects) Possible(st roleplay.State) bool {
	if p.clean && st.RedLines > 0 {
		return false
	}
	i := p.loops.find(st.Position())
	if i == none {
		return false
	}
	var earned vector
	for d, n := range st.Points {
		earned[d] = int16(n)
	}
	return slices.ContainsFunc(p.fronts[p.loops.of[i]], func(more vector) bool {
		for d := range more {
			more[d] += min(earned[d], math.MaxInt16-more[d])
		}
		return p.loops.passes(more)
	})
}
