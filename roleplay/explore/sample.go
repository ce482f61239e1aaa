package explore

import "qibu/roleplay"

// plays is how often a scenario that is too large to be walked is played instead.
const plays = 10_000

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
func (g *graph) sample() (ends []ending) {
	d := draws(sampleSeed)
	used := make([]int, len(g.options)+len(g.sc.Documents))
	for n := range plays {
		persona := n % len(g.starts)
		if g.starts[persona] == none {
			continue
		}
		if e, ok := g.play(persona, used, &d); ok {
			ends = append(ends, e)
		}
	}
	return ends
}

// play goes once from the start to an ending, unless the story stops or goes on
// for longer than every option and document once.
func (g *graph) play(persona int, used []int, d *draws) (e ending, ended bool) {
	p, err := g.walked.Start(persona, g.met.hear)
	for range 2 * len(used) {
		if err != nil || g.walked.Ended(&p) {
			break
		}
		g.met.arrive(&p)
		by, ok := g.leastUsed(&p, used, d)
		if !ok {
			break
		}
		used[by]++
		if document := by - len(g.options); document >= 0 {
			p.Opened = p.Opened.With(document)
			continue
		}
		o := g.options[by]
		e.sum = e.sum.plus(o)
		if o.RedLine != "" {
			e.redLines++
		}
		p, err = g.walked.Choose(p, o, nil)
	}
	e.at = p
	return e, err == nil && g.walked.Ended(&p)
}

// leastUsed is the option, or the document counted on after the options, that
// has been used least of what p offers.
func (g *graph) leastUsed(p *roleplay.Position, used []int, d *draws) (by int, ok bool) {
	ties := 0
	consider := func(candidate int) {
		switch {
		case !ok || used[candidate] < used[by]:
			by, ok, ties = candidate, true, 1
		case used[candidate] == used[by]:
			if ties++; d.below(ties) == 0 {
				by = candidate
			}
		}
	}
	for _, o := range g.choices(p) {
		consider(o.ID)
	}
	for i := range g.walked.Documents {
		if g.openable(p, i) {
			consider(len(g.options) + i)
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
