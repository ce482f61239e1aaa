package explore

import (
	"slices"

	"qibu/roleplay"
)

// survey is what is known of every route through a scenario, or where there are
// too many, of those that were played.
type survey struct {
	*graph
	limit  int
	loops  *loops   // nil when the walk stopped at its limit
	clean  *loops   // of the routes that cross no red line, if the pass rule forbids it; else loops
	ends   []ending // of the plays; nil when all was walked
	plays  int
	lines  bool // which lines are said was looked at as well
	bounds between
	ended  bool      // some route comes to an end, so that bounds mean something
	ahead  []between // by group: what the rest of a route can earn
	known  []bool    // by group: an ending can be reached
	frozen bool      // the scenario carries the bounds
}

// newSurvey walks sc. What only decides which lines are said is let go where
// that makes the difference between a proof and none.
func newSurvey(sc *roleplay.Scenario, limit int) *survey {
	s := &survey{graph: newGraph(sc, limit, true), limit: limit, lines: true}
	if !s.proven && slices.ContainsFunc(s.met.told, func(a alternative) bool { return a.kind == aLine }) {
		if plain := newGraph(sc, limit, false); plain.proven {
			s.graph, s.lines = plain, false
		}
	}
	if !s.proven {
		s.playBounds()
		return s
	}
	s.loops = newLoops(s.graph)
	if s.clean = s.loops; asksClean(sc) {
		clean := *s.graph
		clean.forbid(crosses)
		s.clean = newLoops(&clean)
	}
	s.ahead, s.known = s.loops.bounds()
	s.bounds, s.ended = atStarts(s.loops, s.ahead, s.known, joinBetween)
	return s
}

func (s *survey) playBounds() {
	s.ends, s.plays = s.sample()
	for i, e := range s.ends {
		if x := (between{e.sum, e.sum}); i == 0 {
			s.bounds, s.ended = x, true
		} else {
			s.bounds = joinBetween(s.bounds, x)
		}
	}
}

// freeze writes the bounds into the scenario. It fails with roleplay.ErrScales.
func (s *survey) freeze() error {
	err := s.sc.Freeze(s.bounds.low.points(s.sc), s.bounds.high.points(s.sc))
	s.frozen = err == nil
	return err
}

// verdicts applies the pass rule of the frozen scenario to the routes of every
// persona. Of plays only what was seen is known.
func (s *survey) verdicts() []verdict {
	all := make([]verdict, len(s.starts))
	if s.proven {
		pass, fail := s.clean.passable(s.clean.allowed()), s.loops.failable()
		for i := range all {
			all[i] = verdict{pass.yes[i], fail.yes[i], !pass.open[i] && !fail.open[i]}
		}
		return all
	}
	for _, e := range s.ends {
		v := &all[e.at.Persona]
		passed := s.sc.Passes(&e.at, e.sum.points(s.sc), e.redLines)
		v.pass, v.fail = v.pass || passed, v.fail || !passed
	}
	return all
}

// unseen lists the scenes no route enters.
func (s *survey) unseen() (scenes []int) {
	for i := range s.sc.Scenes {
		if !s.met.scenes.Has(i) {
			scenes = append(scenes, i)
		}
	}
	return scenes
}

// deadEnds are the positions where nothing can be said and nothing has ended. A
// document to open is no way out: nothing tells the learner that it would be one.
func (s *survey) deadEnds() (stuck []int32) {
	says := func(e edge) bool { return s.option(e) != nil }
	for i := range int32(len(s.first) - 1) {
		if !s.graph.ended(i) && !slices.ContainsFunc(s.out(i), says) {
			stuck = append(stuck, i)
		}
	}
	return stuck
}
