package explore

import (
	"fmt"
	"slices"
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
		many := fmt.Sprintf("经过的局面超过%d个", x.limit)
		if x.size() <= x.limit {
			many = fmt.Sprintf("太多，到第%d个局面还没走完", x.size())
		}
		x.add(6, level, 0, "未证明：走法%s，没法逐一验证，得分范围只是试走%d遍看到的。少用仪表和资料，话题分几处谈，条件里问的事离它发生近一些", many, x.plays)
	}
	if !x.ended {
		return // rules 2 and 5 say why
	}
	line, flat := x.frontLine("维度"), false
	for i := range x.sc.Dimensions {
		if low, high := x.bounds.low[i], x.bounds.high[i]; low == high {
			flat = true
			x.add(6, Error, line, "维度「%s」怎么走都是%d分，分不出高下：给话术打不同的分，或者去掉它", x.dimension(i), low)
		}
	}
	if flat {
		return
	}
	if err := x.freeze(); err != nil {
		x.add(6, Error, line, "各维度的分差太大、太不一样，没法合成总分：少用几个维度，或者把一个剧本拆成几个")
	}
}

// lintPassRule is the second part of rule 6: the pass mark can be reached and
// can be missed, whoever the customer is. It reports whether that is so.
func (x *linter) lintPassRule() bool {
	line, before := x.frontLine("及格"), len(x.findings)
	fails, open := false, false
	for persona, v := range x.verdicts() {
		fails, open = fails || v.fail, open || !v.decided && (!v.pass || !v.fail)
		if v.decided && !v.pass {
			x.add(6, Error, line, "%s没有一种走法能及格：降低及格线，或者给出得分的机会", x.persona(persona))
		}
	}
	switch {
	case open && x.proven:
		x.add(6, Warn, line, "得分的组合太多，没能证明及格线既够得着、又会有人够不着")
	case !open && !fails:
		x.add(6, Error, line, "怎么走都及格，及格线没有意义：提高它")
	}
	return len(x.findings) == before
}

// persona names the customer's temperament where it may differ.
func (x *linter) persona(i int) string {
	if len(x.sc.Personas) < 2 {
		return ""
	}
	return "客户「" + x.sc.Personas[i].Name + "」时，"
}

// lintFairness is the third part of rule 6. It compares what can be earned from
// one temperament to the other: which of them is drawn should not decide who
// does well.
func (x *linter) lintFairness() {
	first := x.ahead[x.loops.of[x.starts[0]]].high
	for i := range x.sc.Dimensions {
		var parts []string
		equal := true
		for persona, t := range x.sc.Personas {
			high := x.ahead[x.loops.of[x.starts[persona]]].high
			equal = equal && high[i] == first[i]
			parts = append(parts, fmt.Sprintf("%s%d分", t.Name, high[i]))
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
	var all []int
	var names []string
	for i := range x.sc.Dimensions {
		all, names = append(all, i), append(names, x.dimension(i))
	}
	if x.jointly(all) {
		return
	}
	between := "「" + strings.Join(names, "」和「") + "」"
	if pairs := x.conflicts(); len(pairs) > 0 {
		between = strings.Join(pairs, "，")
	}
	x.add(7, Info, x.frontLine("维度"), "%s不能在同一种走法里都拿满，总要舍一头%s", between, x.front())
}

// conflicts are the pairs of dimensions, of more than two, that cannot both be
// had in full.
func (x *linter) conflicts() (pairs []string) {
	if len(x.sc.Dimensions) == 2 {
		return nil
	}
	for i := range x.sc.Dimensions {
		for k := range i {
			if !x.jointly([]int{k, i}) {
				pairs = append(pairs, "「"+x.dimension(k)+"」和「"+x.dimension(i)+"」")
			}
		}
	}
	return pairs
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
	}, every)
	best, _ := atStarts(x.loops, found, known, richer)
	return best.worth == sum
}

// front lists some of the results that no other beats in everything.
func (x *linter) front() string {
	fronts, known := x.loops.fronts(false, every)
	if !known {
		return ""
	}
	var sums []vector
	for _, i := range x.starts {
		sums = merge(sums, fronts[x.loops.of[i]], covers)
	}
	slices.SortFunc(sums, func(a, b vector) int { return slices.Compare(b[:], a[:]) })
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

// lintCoverage is rule 8: on every route every dimension is decided about at
// least once. Where one is left out and the route may still pass, somebody could
// pass without ever having shown it; where a story breaks off early it is worth
// knowing. Saying something that can be said again decides nothing.
func (x *linter) lintCoverage() {
	tested := make([]dimensions, x.size())
	for i := range tested {
		tested[i] = x.tested(int32(i))
	}
	idle := func(from int32, e edge) dimensions {
		if o := x.option(e); o == nil || o.Repeat {
			return everything
		}
		return everything &^ tested[from]
	}
	untested, _ := ahead(x.loops,
		func(int32) (dimensions, bool) { return everything, true },
		func(from int32, e edge, all dimensions) (dimensions, bool) { return all & idle(from, e), true },
		func(a, b dimensions) dimensions { return a | b })
	for d := range x.sc.Dimensions {
		persona := slices.IndexFunc(x.starts, func(i int32) bool { return untested[x.loops.of[i]].has(d) })
		if persona >= 0 {
			x.lintUntested(d, persona, func(from int32, e edge) bool { return idle(from, e).has(d) })
		}
	}
}

// lintUntested says of dimension d which way it is not decided about. With the
// persona there is one that goes only such steps.
func (x *linter) lintUntested(d, persona int, idle func(from int32, e edge) bool) {
	passing, ending := choice{idle, x.clean.meetsMeters}, choice{idle, every.end}
	line := x.frontLine("维度")
	if with := slices.Index(x.clean.passable(passing).yes, true); with >= 0 {
		x.add(8, Warn, line, "有的走法一次也考不到维度「%s」，也能及格，例如这样走：%s。让每种走法都遇上一次能分高下的选择",
			x.dimension(d), x.steps(x.clean.example(x.starts[with], passing)))
		return
	}
	x.add(8, Info, line, "有的走法早早收场，一次也考不到维度「%s」：%s", x.dimension(d), x.steps(x.loops.example(x.starts[persona], ending)))
}

// dimensions is a set of dimensions.
type dimensions uint8

const everything = ^dimensions(0)

func (s dimensions) has(d int) bool { return s>>d&1 == 1 }

// tested are the dimensions in which it matters what is chosen at position i:
// something scores otherwise than the first.
func (x *linter) tested(i int32) (differ dimensions) {
	var first vector
	some := false
	for _, e := range x.out(i) {
		o := x.option(e)
		if o == nil {
			continue
		}
		v := vector{}.plus(o)
		if !some {
			first, some = v, true
		}
		for d := range v {
			if v[d] != first[d] {
				differ |= 1 << d
			}
		}
	}
	return differ
}

// lintBlanks is rule 8 where an option leaves out what its neighbours score: no
// points must be a judgement, not an omission.
func (x *linter) lintBlanks() {
	for _, d := range x.decisions {
		scored := slices.IndexFunc(d.options, func(o *roleplay.Option) bool { return len(o.Scores) > 0 })
		if scored < 0 {
			continue
		}
		key := x.sc.Dimensions[d.options[scored].Scores[0].Dimension].Key
		for _, o := range d.options {
			if len(o.Scores) == 0 && o.RedLine == "" {
				x.add(8, Warn, x.line(o), "%s没有得分，同一处别的话术有：不得分也请写出来，例如「%s 0」", x.quote(o), key)
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
