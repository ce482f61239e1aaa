package roleplay

import (
	"errors"
	"math"

	"qibu/roleplay/stage"
)

// ErrScales refuses dimensions whose scales are so wide and so unlike that
// Worth would not fit its word.
var ErrScales = errors.New("the scales of the dimensions have no common measure of 64 bits")

// Freeze writes the least and the most that any complete route earns into the
// dimensions: the denominators of every score from now on. Of scales it
// refuses with ErrScales, none is written.
func (sc *Scenario) Freeze(mins, maxs []int) error {
	unit, weights := 1, 0
	for i, d := range sc.Dimensions {
		weights += d.Weight
		unit = common(unit, maxs[i]-mins[i])
	}
	if unit > math.MaxInt/(roundingUp*max(weights, 1)) {
		return ErrScales
	}
	for i := range sc.Dimensions {
		sc.Dimensions[i].Min, sc.Dimensions[i].Max = mins[i], maxs[i]
	}
	return nil
}

// roundingUp is what a Worth is multiplied by, at most, to become a percentage
// rounded half up.
const roundingUp = 201

// common is the least common multiple of a and a span, at most MaxInt. A span
// of nothing changes nothing.
func common(a, span int) int {
	if span <= 0 {
		return a
	}
	x, y := a, span
	for y != 0 {
		x, y = y, x%y
	}
	if a /= x; a > math.MaxInt/span {
		return math.MaxInt
	}
	return a * span
}

// Percent places earned between the least and the most a route can earn, in
// whole percent rounded half up: (200·(earned−min) + span) / (2·span). Where
// every route earns the same there was nothing to miss: 100. Bounds that were
// only seen in plays, not proven, may be passed; what lies beyond counts as they do.
func (d Dimension) Percent(earned int) int {
	span := d.Max - d.Min
	if span == 0 {
		return 100
	}
	earned = min(max(earned, d.Min), d.Max)
	return (200*(earned-d.Min) + span) / (2 * span)
}

// Total is the weighted mean of the dimensions' whole percents, rounded half
// up, so that anyone can recompute it from the figures on the debrief. It is
// 100 where nothing is scored.
func (sc *Scenario) Total(points []int) int {
	var sum, weights int
	for i, d := range sc.Dimensions {
		sum += d.Weight * d.Percent(points[i])
		weights += d.Weight
	}
	if weights == 0 {
		return 100
	}
	return (2*sum + weights) / (2 * weights)
}

// Judge applies the pass rule, clause by clause, to a route that ended at p
// with so many points per dimension and so many red lines crossed.
func (sc *Scenario) Judge(p *Position, points []int, redLines int) (rules []stage.Rule, passed bool) {
	passed = true
	for _, r := range sc.Pass {
		x := sc.apply(r, p, points, redLines)
		passed = passed && x.Met
		rules = append(rules, x)
	}
	return rules, passed
}

// Passes is the verdict of Judge alone.
func (sc *Scenario) Passes(p *Position, points []int, redLines int) bool {
	for _, r := range sc.Pass {
		if !sc.apply(r, p, points, redLines).Met {
			return false
		}
	}
	return true
}

func (sc *Scenario) apply(r Rule, p *Position, points []int, redLines int) stage.Rule {
	x := stage.Rule{Kind: r.Kind, Want: r.Mark}
	switch r.Kind {
	case stage.RuleTotal:
		x.Got = sc.Total(points)
	case stage.RuleDimension:
		d := sc.Dimensions[r.Index]
		x.Name, x.Got = d.Key, d.Percent(points[r.Index])
	case stage.RuleMeter:
		x.Name, x.Got = sc.Meters[r.Index].Name, int(p.Meters[r.Index])
	case stage.RuleClean:
		x.Got, x.Met = redLines, redLines == 0
		return x
	}
	x.Met = x.Got >= x.Want
	return x
}

// Worth is what an option adds to the total, in units of which Whole() make
// 100 %. It is exact: the dimensions' spans are brought to one denominator,
// which Freeze has seen to be there.
func (sc *Scenario) Worth(o *Option) int {
	if len(o.Scores) == 0 {
		return 0
	}
	unit, worth := sc.unit(), 0
	for _, s := range o.Scores {
		d := sc.Dimensions[s.Dimension]
		if span := d.Max - d.Min; span > 0 {
			worth += d.Weight * s.Points * (unit / span)
		}
	}
	return worth
}

// Whole is the worth of a perfect route.
func (sc *Scenario) Whole() int {
	weights := 0
	for _, d := range sc.Dimensions {
		weights += d.Weight
	}
	return weights * sc.unit()
}

// unit is the least common multiple of the dimensions' spans.
func (sc *Scenario) unit() int {
	unit := 1
	for _, d := range sc.Dimensions {
		unit = common(unit, d.Max-d.Min)
	}
	return unit
}
