package explore

import (
	"fmt"
	"strings"

	"qibu/roleplay"
)

// lintScales is the first part of rule 6: every dimension has a scale, and the
// scales are frozen.
func (x *linter) lintScales() {
	if !x.proven {
		level := Error
		if x.sc.Practice {
			level = Warn
		}
		x.add(6, level, 0, "未证明：走法超过%d个局面，没法逐一验证；得分范围只是试演%d遍看到的。减少仪表、资料，或者晚一点才用到的条件", x.size()-1, plays)
	}
	if !x.ended {
		return // rules 2 and 5 say why
	}
	for i := range x.sc.Dimensions {
		if low, high := x.bounds.low[i], x.bounds.high[i]; low == high {
			x.add(6, Error, x.frontLine("维度"), "维度「%s」怎么走都是%d分，分不出高下：给话术打不同的分，或者去掉它", x.dimension(i), low)
		}
	}
	if err := x.freeze(); err != nil {
		x.add(6, Error, x.frontLine("维度"), "各维度的分差太大、太不一样，没法合成总分：少用几个维度，或者把一个维度拆到几个剧本里")
	}
}

// lintPassRule is the second part of rule 6: the pass mark can be reached and
// can be missed, whoever the customer is.
func (x *linter) lintPassRule() {
	line := x.frontLine("及格")
	fails, open := false, false
	for persona := range x.starts {
		v := x.verdict(persona)
		fails, open = fails || v.fail, open || !v.decided && (!v.pass || !v.fail)
		if v.decided && !v.pass {
			x.add(6, Error, line, "%s没有一种走法能及格：降低及格线，或者给出得分的机会", x.persona(persona))
		}
	}
	switch {
	case open:
		x.add(6, Warn, line, "得分的组合太多，没能证明及格线既够得着、又会有人够不着")
	case !fails:
		x.add(6, Error, line, "怎么走都及格，及格线没有意义：提高它")
	}
	x.lintFairness()
}

// persona names the customer's temperament where it may differ.
func (x *linter) persona(i int) string {
	if len(x.sc.Personas) < 2 {
		return ""
	}
	return "客户「" + x.sc.Personas[i].Name + "」时，"
}

// lintFairness compares what can be earned from one temperament to the other:
// which of them is drawn should not decide who does well.
func (x *linter) lintFairness() {
	if !x.proven || len(x.starts) < 2 {
		return
	}
	for i := range x.sc.Dimensions {
		var parts []string
		equal := true
		first, _ := x.mostOf(0)
		for persona := range x.starts {
			high, ok := x.mostOf(persona)
			equal = equal && ok && high[i] == first[i]
			parts = append(parts, fmt.Sprintf("%s%d分", x.sc.Personas[persona].Name, high[i]))
		}
		if !equal {
			x.add(6, Warn, x.frontLine("性格"), "抽到的性格不同，维度「%s」最多能得的分也不同（%s），不公平：放宽仪表的条件", x.dimension(i), strings.Join(parts, "，"))
		}
	}
}

// profiles is how many of the best results are spelled out.
const profiles = 3

// lintConflicts is rule 7: whether one route can earn the most everywhere. It
// can exactly if the most of the sum is the sum of the mosts.
func (x *linter) lintConflicts() {
	if !x.ended || x.jointly(x.all()) {
		return
	}
	var pairs []string
	for i := range x.sc.Dimensions {
		for k := range i {
			if !x.jointly([]int{k, i}) {
				pairs = append(pairs, "「"+x.dimension(k)+"」和「"+x.dimension(i)+"」")
			}
		}
	}
	between := "「" + strings.Join(x.dimensions(), "」「") + "」"
	if len(pairs) > 0 {
		between = strings.Join(pairs, "，")
	}
	x.add(7, Info, x.frontLine("维度"), "%s不能在同一种走法里都拿满，总要舍一头%s", between, x.front())
}

func (x *linter) all() (dimensions []int) {
	for i := range x.sc.Dimensions {
		dimensions = append(dimensions, i)
	}
	return dimensions
}

func (x *linter) dimensions() (names []string) {
	for i := range x.sc.Dimensions {
		names = append(names, x.dimension(i))
	}
	return names
}

// jointly reports whether some route earns the most in all of the dimensions.
func (x *linter) jointly(dimensions []int) bool {
	sum := 0
	for _, i := range dimensions {
		sum += int(x.bounds.high[i])
	}
	found, known := x.loops.best(func(o *roleplay.Option) (points int) {
		for _, i := range dimensions {
			points += pointsIn(o, i)
		}
		return points
	}, false, anyEnd)
	best, _ := atStarts(x.loops, found, known, func(a, b richest) richest {
		if b.worth > a.worth {
			return b
		}
		return a
	})
	return best.worth == sum
}

// front lists some of the results that no other beats in everything.
func (x *linter) front() string {
	var sums []vector
	for persona, i := range x.starts {
		if i == none {
			continue
		}
		more, ok := x.loops.front(persona, false, false, anyEnd)
		if !ok {
			return ""
		}
		sums = merge(sums, more, func(a, b vector) bool { return a == most(a, b) })
	}
	var parts []string
	for _, v := range sums[:min(profiles, len(sums))] {
		var points []string
		for i, d := range x.sc.Dimensions {
			points = append(points, fmt.Sprintf("%s%d", d.Name, v[i]))
		}
		parts = append(parts, strings.Join(points, "、"))
	}
	return fmt.Sprintf("。最好的结果有%d种，例如：%s", len(sums), strings.Join(parts, "；"))
}

// chances is how many scored decisions per dimension every route must have at
// least. With none, a percentage would be about nothing.
const chances = 1

// lintCoverage is rule 8: on every route every dimension is decided about. Where
// a route that may pass leaves one out, somebody could pass without ever having
// shown it; where a story breaks off early it is worth knowing.
func (x *linter) lintCoverage() {
	if !x.ended {
		return
	}
	clean := x.loops.asksClean()
	passing := x.coverage(clean, x.loops.meetsMeters)
	every := x.coverage(false, anyEnd)
	for i := range x.sc.Dimensions {
		if route, left := passing.without(i); left {
			x.add(8, Warn, x.frontLine("维度"), "有的走法一次也考不到维度「%s」，却可能及格：%s。让这样的走法也遇上一次能分高下的选择", x.dimension(i), x.steps(route))
		} else if route, left := every.without(i); left {
			x.add(8, Info, x.frontLine("维度"), "有的走法早早收场，一次也考不到维度「%s」：%s", x.dimension(i), x.steps(route))
		}
	}
	x.lintBlanks()
}

// coverage is how often, at least, the rest of a route decides about every
// dimension, by group; of routes that end where allowed, and if clean cross no
// red line.
type coverage struct {
	*linter
	clean  bool
	counts []vector
	known  []bool
}

func (x *linter) coverage(clean bool, allowed func(i int32) bool) coverage {
	c := coverage{linter: x, clean: clean}
	c.counts, c.known = ahead(x.loops,
		func(i int32) (vector, bool) { return vector{}, allowed(i) },
		func(from int32, e edge, v vector) (vector, bool) { return v.add(c.gain(from, e)), !c.crosses(e) },
		least)
	return c
}

// gain is 1 in every dimension that step e decides about.
func (c coverage) gain(from int32, e edge) vector {
	if e.by < 0 {
		return vector{}
	}
	return c.tested(from)
}

func (c coverage) crosses(e edge) bool {
	o := c.option(e)
	return c.clean && o != nil && o.RedLine != ""
}

// without finds a route on which a dimension is decided about too rarely.
func (c coverage) without(dimension int) (route []edge, left bool) {
	for _, i := range c.starts {
		if i != none && c.known[c.loops.of[i]] && c.counts[c.loops.of[i]][dimension] < chances {
			return c.rarest(i, dimension), true
		}
	}
	return nil, false
}

// rarest is a route from a position on which a dimension is decided about as
// rarely as can be, as far as it does not go round.
func (c coverage) rarest(i int32, dimension int) (route []edge) {
	for !c.graph.ended(i) {
		here, next := c.loops.of[i], edge{to: none}
		for _, e := range c.out(i) {
			to := c.loops.of[e.to]
			if to != here && c.known[to] && !c.crosses(e) && c.counts[to][dimension]+c.gain(i, e)[dimension] == c.counts[here][dimension] {
				next = e
				break
			}
		}
		if next.to == none {
			break
		}
		route, i = append(route, next), next.to
	}
	return route
}

// tested is 1 in every dimension in which it matters what is chosen at position i.
func (x *linter) tested(i int32) (counts vector) {
	var low, high vector
	any := false
	for _, e := range x.out(i) {
		o := x.option(e)
		if o == nil {
			continue
		}
		v := vector{}.plus(o)
		if !any {
			low, high, any = v, v, true
		}
		low, high = least(low, v), most(high, v)
	}
	for k := range counts {
		counts[k] = min(1, high[k]-low[k])
	}
	return counts
}

// lintBlanks wants every option scored where one is: no points must be a
// judgement, not an omission.
func (x *linter) lintBlanks() {
	for _, d := range x.decisions {
		scored := false
		for _, o := range d.options {
			scored = scored || len(o.Scores) > 0
		}
		for _, o := range d.options {
			if scored && len(o.Scores) == 0 && o.RedLine == "" {
				x.add(8, Warn, x.line(o), "%s没有得分，同一处别的话术有：不得分也请写出来，例如「%s 0」", x.quote(o), x.sc.Dimensions[0].Key)
			}
		}
	}
}

// dominated is the share of decisions, in percent, above which choosing what is
// best in everything takes no weighing.
const dominated = 75

// lintDominance is rule 12.
func (x *linter) lintDominance() {
	decisions, dominant, idle := 0, 0, 0
	for _, d := range x.decisions {
		if !d.scored() || len(d.options) < 2 {
			continue
		}
		decisions++
		if x.extreme(&d, 1) >= 0 {
			dominant++
		}
		if len(d.options) > 2 && x.extreme(&d, -1) >= 0 {
			idle++
		}
	}
	if decisions >= fewest && 100*dominant > dominated*decisions {
		x.add(12, Warn, 0, "%d次选择里有%d次，有一句在每个维度、每个仪表上都最好：不用权衡就选得对。让好话也有代价，或让差话也讨人喜欢", decisions, dominant)
	}
	if decisions >= fewest && 100*idle > dominated*decisions {
		x.add(12, Warn, 0, "%d次选择里有%d次，有一句在每个维度、每个仪表上都最差：谁也不会选它，等于没写。把它改得像有人会说的话", decisions, idle)
	}
}

// extreme is the option that is at least as good (sign 1) or as bad (-1) as
// every other in every dimension and on every meter, and better or worse than
// each in something; -1 when there is none.
func (x *linter) extreme(d *decision, sign int) int {
	for i, o := range d.options {
		all := true
		for k, other := range d.options {
			all = all && (i == k || x.beats(o, other, sign))
		}
		if all {
			return i
		}
	}
	return -1
}

func (x *linter) beats(a, b *roleplay.Option, sign int) bool {
	better := false
	for _, diff := range x.differences(a, b) {
		if diff*sign < 0 {
			return false
		}
		better = better || diff != 0
	}
	return better
}

// differences are a's points and effects less b's.
func (x *linter) differences(a, b *roleplay.Option) []int {
	diff := x.gains(a)
	for i, n := range x.gains(b) {
		diff[i] -= n
	}
	return diff
}

// gains are an option's points per dimension and then its effects per meter.
func (x *linter) gains(o *roleplay.Option) []int {
	all := make([]int, len(x.sc.Dimensions)+len(x.sc.Meters))
	for _, s := range o.Scores {
		all[s.Dimension] += s.Points
	}
	for _, e := range o.Effects {
		all[len(x.sc.Dimensions)+e.Meter] += e.By
	}
	return all
}

// lintIllusions is rule 13: a choice without consequence, or without alternative.
func (x *linter) lintIllusions() {
	for _, d := range x.decisions {
		for i, o := range d.options {
			for _, other := range d.options[:i] {
				if o.When == nil && other.When == nil && x.alike(o, other) {
					x.add(13, Info, x.line(o), "%s和%s去处、影响、得分都一样：选哪句都没有区别", x.quote(o), x.quote(other))
				}
			}
		}
	}
	for i := range x.sc.Scenes {
		if s := &x.sc.Scenes[i]; len(s.Options) == 1 && len(s.Options[0].Scores) > 0 && s.Silence == nil {
			x.add(13, Info, x.line(&s.Options[0]), "场景「%s」只有一句话术，却计分：没有选择，就不该得分或失分", s.Name)
		}
	}
}

func (x *linter) alike(a, b *roleplay.Option) bool {
	for _, diff := range x.differences(a, b) {
		if diff != 0 {
			return false
		}
	}
	return a.Way == b.Way && (a.RedLine == "") == (b.RedLine == "")
}
