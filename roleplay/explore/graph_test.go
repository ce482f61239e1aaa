package explore

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qibu/roleplay"
)

// everyRoute plays everything there is, one route after the other, and forgets
// nothing: what a graph says must agree with it. It goes by the annotated
// scenario, to hear which lines are said, and asks the graph only whether
// opening a document matters.
type everyRoute struct {
	g        *graph
	sc       *roleplay.Scenario
	been     map[ending]bool // where things can be repeated; else every route is finite
	visits   int
	reached  roleplay.Scenes
	offered  roleplay.Options
	said     met
	stuck    bool
	circles  bool
	ends     []ending
	personas []int // of ends
	persona  int
	missing  *roleplay.Position // not in the graph
}

const tooMany = 3000

func (r *everyRoute) walk(p roleplay.Position, e ending) {
	if r.visits++; r.visits > tooMany {
		return
	}
	if e.at = p; r.been[e] {
		return
	} else if r.been != nil {
		r.been[e] = true
	}
	r.reached = union(r.reached, p.Left).With(int(p.Scene))
	if r.g.find(p) == none && r.missing == nil {
		r.missing = &p
	}
	if r.sc.Ended(&p) {
		r.ends, r.personas = append(r.ends, e), append(r.personas, r.persona)
		return
	}
	openable := r.g.openable(&p)
	for i := range r.sc.Documents {
		if openable.Has(i) {
			q := p
			q.Opened = q.Opened.With(i)
			r.walk(q, e)
		}
	}
	out := 0
	for _, n := range r.sc.Offer(&p, nil) {
		r.say(p, &r.sc.Scenes[p.Scene].Options[n], e)
		out++
	}
	if s := r.sc.Limit(&p); s != nil {
		r.say(p, &s.Option, e)
		out++
	}
	r.stuck = r.stuck || out == 0
}

func (r *everyRoute) say(p roleplay.Position, o *roleplay.Option, e ending) {
	r.offered = r.offered.With(o.ID)
	e.sum = e.sum.plus(o)
	if o.RedLine != "" {
		e.redLines++
	}
	q, err := r.sc.Choose(p, o, r.said.hear)
	if err != nil {
		r.circles = true
		r.reached = union(r.reached, q.Left).With(int(q.Scene))
		return
	}
	r.walk(q, e)
}

func playAll(g *graph) (r *everyRoute, all bool) {
	r = &everyRoute{g: g, sc: g.walked, said: newMet(g.sc, g.met.told)}
	if repeats(g.sc) {
		r.been = map[ending]bool{}
	}
	for r.persona = range g.starts {
		p, err := r.sc.Start(r.persona, r.said.hear)
		if err != nil {
			r.circles = true
			r.reached = union(r.reached, p.Left).With(int(p.Scene))
			continue
		}
		r.walk(p, ending{})
	}
	return r, r.visits <= tooMany
}

func repeats(sc *roleplay.Scenario) bool {
	for o := range sc.All() {
		if o.Repeat {
			return true
		}
	}
	return false
}

// A graph forgets what no longer matters and meets every position once; what it
// says is what comes of playing every route to its end.
func TestGraphAgreesWithEveryRoute(t *testing.T) {
	compared, verdicts := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScenario(t)
		s := newSurvey(sc, Limit)
		r, all := playAll(s.graph)
		if r.missing != nil {
			t.Fatalf("the graph lacks %+v", r.missing)
		}
		if !all {
			t.Skip("too many routes to play them all")
		}
		compared++
		if r.reached != s.met.scenes || r.offered != s.met.offered {
			t.Fatalf("reached %v and offered %v, graph says %v and %v", r.reached, r.offered, s.met.scenes, s.met.offered)
		}
		if stuck := len(s.deadEnds()) > 0; r.stuck && !stuck || !r.stuck && !r.circles && stuck {
			t.Fatalf("stuck %v, graph says %v", r.stuck, stuck)
		}
		if r.circles != (len(s.circles) > 0) {
			t.Fatalf("circles %v, graph says %v", r.circles, s.circles)
		}
		if !slices.Equal(r.said.said, s.met.said) {
			t.Fatalf("said %v, graph says %v", r.said.said, s.met.said)
		}
		if n := s.loops.routes(); r.been == nil && n.Int64() != int64(len(r.ends)) {
			t.Fatalf("%d routes, graph says %s", len(r.ends), n)
		}
		if compareBounds(t, s, r) {
			verdicts++
		}
	})
	t.Logf("%d scenarios compared, %d verdicts", compared, verdicts)
	if compared < 20 || verdicts < 10 {
		t.Errorf("only %d scenarios and %d verdicts compared", compared, verdicts)
	}
}

// compareBounds reports whether there was a verdict to compare.
func compareBounds(t *rapid.T, s *survey, r *everyRoute) bool {
	if s.ended != (len(r.ends) > 0) {
		t.Fatalf("%d routes end, graph says %v", len(r.ends), s.ended)
	}
	if !s.ended {
		return false
	}
	want := between{r.ends[0].sum, r.ends[0].sum}
	for _, e := range r.ends {
		want = joinBetween(want, between{e.sum, e.sum})
	}
	if want != s.bounds {
		t.Fatalf("routes earn %v, graph says %v", want, s.bounds)
	}
	if err := s.freeze(); err != nil {
		t.Fatal(err)
	}
	for persona, got := range s.verdicts() {
		if s.starts[persona] == none {
			continue
		}
		want := verdict{decided: true}
		for i, e := range r.ends {
			if r.personas[i] == persona {
				passed := s.sc.Passes(&e.at, e.sum.points(s.sc), e.redLines)
				want.pass, want.fail = want.pass || passed, want.fail || !passed
			}
		}
		if got != want {
			t.Fatalf("persona %d: routes give %+v, graph says %+v", persona, want, got)
		}
	}
	return true
}
