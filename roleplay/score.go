package roleplay

import "qibu/roleplay/stage"

// MaxSpan is the widest scale a dimension may have. It keeps the product of
// eight of them, and so every comparison of Worth, within 64 bits.
const MaxSpan = 60

// percent places earned between the least and the most a route can earn, in
// whole percent rounded half up: (200·(earned−min) + span) / (2·span).
func (d Dimension) percent(earned int) int {
	span := d.Max - d.Min
	return (200*(earned-d.Min) + span) / (2 * span)
}

// total is the weighted mean of the dimensions' whole percents, rounded half
// up, so that anyone can recompute it from the figures on the debrief.
func (sc *Scenario) total(points []int) int {
	var sum, weights int
	for i, d := range sc.Dimensions {
		sum += d.Weight * d.percent(points[i])
		weights += d.Weight
	}
	return (2*sum + weights) / (2 * weights)
}

// judge applies the pass rule to the end of a route.
func (sc *Scenario) judge(points []int, at *Position, redLines int) (rules []stage.Rule, passed bool) {
	passed = true
	for _, r := range sc.Pass {
		x := stage.Rule{Kind: r.Kind, Want: r.Mark}
		switch r.Kind {
		case stage.RuleTotal:
			x.Got = sc.total(points)
		case stage.RuleDimension:
			d := sc.Dimensions[r.Index]
			x.Name, x.Got = d.Key, d.percent(points[r.Index])
		case stage.RuleMeter:
			x.Name, x.Got = sc.Meters[r.Index].Name, int(at.Meters[r.Index])
		}
		x.Met = x.Got >= x.Want
		if r.Kind == stage.RuleClean {
			x.Got, x.Met = redLines, redLines == 0
		}
		passed = passed && x.Met
		rules = append(rules, x)
	}
	return rules, passed
}

// Worth is what an option adds to the total, in units of which whole() make
// 100 %. It is exact: the dimensions' spans are brought to one denominator.
func (sc *Scenario) Worth(o *Option) int {
	unit, worth := sc.unit(), 0
	for _, s := range o.Scores {
		d := sc.Dimensions[s.Dimension]
		if span := d.Max - d.Min; span > 0 {
			worth += d.Weight * s.Points * (unit / span)
		}
	}
	return worth
}

// whole is the worth of a perfect route.
func (sc *Scenario) whole() int {
	weights := 0
	for _, d := range sc.Dimensions {
		weights += d.Weight
	}
	return weights * sc.unit()
}

// unit is the product of the dimensions' spans, so that each of them divides it.
func (sc *Scenario) unit() int {
	unit := 1
	for _, d := range sc.Dimensions {
		if span := d.Max - d.Min; span > 0 {
			unit *= span
		}
	}
	return unit
}
