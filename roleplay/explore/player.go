package explore

import (
	"qibu/roleplay"
)

// player plays a scenario once. It opens no documents and is never silent.
type player struct {
	sc    *roleplay.Scenario
	at    roleplay.Position
	looks int // at options, said or not
	ending
}

// policy picks one of the options on offer, in the order of the file.
type policy func(options []*roleplay.Option) int

// perform plays to an ending. It is false where the story stops, or where the
// policy says the same for ever.
func (p *player) perform(persona int, pick policy) bool {
	var err error
	if p.at, err = p.sc.Start(persona, nil); err != nil {
		return false
	}
	var offered []*roleplay.Option
	var open []int
	for range roleplay.MaxOptions {
		if p.sc.Ended(&p.at) {
			return true
		}
		if open = p.sc.Offer(&p.at, open[:0]); len(open) == 0 {
			return false
		}
		p.looks += len(p.sc.Scenes[p.at.Scene].Options)
		offered = offered[:0]
		for _, n := range open {
			offered = append(offered, &p.sc.Scenes[p.at.Scene].Options[n])
		}
		o := offered[pick(offered)]
		p.sum = p.sum.plus(o)
		if o.RedLine != "" {
			p.redLines++
		}
		if p.at, err = p.sc.Choose(p.at, o, nil); err != nil {
			return false
		}
	}
	return false
}

func (p *player) passed() bool { return p.sc.Passes(&p.at, p.sum.points(p.sc), p.redLines) }

func (p *player) total() int { return p.sc.Total(p.sum.points(p.sc)) }
