package explore

import "qibu/roleplay"

// What is played of a scenario that is too large to be walked: so many times, but
// no longer than until so many things that could be said have been looked at.
const (
	samplePlays = 10_000
	sampleLooks = 4_000_000
)

// sampleSeed starts the draws between what has been said equally often. It is
// fixed: the same scenario is always played alike.
const sampleSeed = 20240229

// ending is how one play came out.
type ending struct {
	sum      vector
	redLines int
	at       roleplay.Position
}

// sample plays the scenario many times, always saying what has been said least
// so far, so that rare things are seen too. What it returns was seen; that there
// is nothing else is not proven.
func (g *graph) sample() (ends []ending, plays int) {
	s := sampler{graph: g, draws: sampleSeed, used: make([]int, len(g.options)+len(g.sc.Documents))}
	for s.looks < sampleLooks && plays < samplePlays {
		if e, ok := s.play(plays % len(g.starts)); ok {
			ends = append(ends, e)
		}
		plays++
	}
	return ends, plays
}

// sampler remembers how often every option, and counted on after them every
// document, was used.
type sampler struct {
	*graph
	draws draws
	used  []int
	looks int
}

// play goes once from the start to an ending, unless the story stops or goes on
// for longer than every option and document twice.
func (s *sampler) play(persona int) (e ending, ended bool) {
	p, err := s.walked.Start(persona, nil)
	for range 2 * len(s.used) {
		if err != nil || s.walked.Ended(&p) {
			break
		}
		s.met.arrive(&p)
		by, ok := s.leastUsed(&p)
		if !ok {
			break
		}
		s.used[by]++
		if document := by - len(s.options); document >= 0 {
			p.Opened = p.Opened.With(document)
			continue
		}
		o := s.options[by]
		e.sum = e.sum.plus(o)
		if o.RedLine != "" {
			e.redLines++
		}
		p, err = s.walked.Choose(p, o, nil)
	}
	e.at = p
	return e, err == nil && s.walked.Ended(&p)
}

// leastUsed is what has been used least of what p offers.
func (s *sampler) leastUsed(p *roleplay.Position) (by int, ok bool) {
	ties := 0
	consider := func(candidate int) {
		switch {
		case !ok || s.used[candidate] < s.used[by]:
			by, ok, ties = candidate, true, 1
		case s.used[candidate] == s.used[by]:
			if ties++; s.draws.below(ties) == 0 {
				by = candidate
			}
		}
	}
	choices := s.choices(p)
	s.looks += 1 + len(choices)
	for _, o := range choices {
		consider(o.ID)
	}
	openable := s.openable(p)
	for i := range s.walked.Documents {
		if openable.Has(i) {
			consider(len(s.options) + i)
		}
	}
	return by, ok
}

// draws are random numbers that are the same every time: splitmix64.
type draws uint64

func (d *draws) below(n int) int {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return int((z ^ z>>31) >> 1 % uint64(n))
}
