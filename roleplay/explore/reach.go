package explore

import (
	"cmp"
	"fmt"

	"qibu/roleplay"
)

// lintDeadEnds is rule 2: a position that can be reached, in which nothing can
// be said and nothing has ended.
func (x *linter) lintDeadEnds() {
	if !x.hasEnding() {
		x.add(2, Error, 0, "没有结局：至少一个场景要写成「## 场景名【结局：标题】」")
		return
	}
	circling := map[int32]bool{}
	for _, c := range x.circles {
		circling[c.from] = true
	}
	var seen roleplay.Scenes
	for _, i := range x.deadEnds() {
		scene := x.scene(i)
		if circling[i] || seen.Has(scene) {
			continue
		}
		seen = seen.With(scene)
		advice := "或者写「→ 场景」"
		if len(x.sc.Scenes[scene].Topics) > 0 {
			advice = "必谈的没谈完，「→」不带他走"
		}
		x.add(2, Error, x.sceneLine(scene), "场景「%s」有一种走法没有话术可选，又不是结局：%s。给它一句没有条件的话术，%s",
			x.sceneName(scene), x.steps(x.route(i)), advice)
	}
}

func (x *linter) hasEnding() bool {
	for i := range x.sc.Scenes {
		if x.sc.Scenes[i].Ending != "" {
			return true
		}
	}
	return false
}

// lintScenes is rule 3 for scenes.
func (x *linter) lintScenes() {
	for _, i := range x.unseen() {
		x.add(3, Error, x.sceneLine(i), "场景「%s」怎么走都到不了：%s", x.sceneName(i), x.blocked(i))
	}
}

// blocked says what keeps every route out of a scene: the first way into it.
func (x *linter) blocked(scene int) string {
	for i := range x.sc.Scenes {
		s := &x.sc.Scenes[i]
		for k := range s.Jumps {
			if leads(s.Jumps[k].Way, scene) {
				return x.whyNot(i, scene, s.Jumps[k].When, "「"+s.Name+"」的「→」")
			}
		}
		for k := range s.Options {
			if o := &s.Options[k]; leads(o.Way, scene) {
				return x.whyNot(i, scene, o.When, x.quote(o))
			}
		}
		if s.Silence != nil && leads(s.Silence.Way, scene) {
			return x.whyNot(i, scene, nil, x.quote(&s.Silence.Option))
		}
	}
	return "没有一句「→」指向它，也没有场景落到它"
}

func leads(w roleplay.Way, scene int) bool { return w.To == scene || w.Call == scene }

func (x *linter) whyNot(from, to int, when *roleplay.Condition, what string) string {
	switch {
	case from != to && !x.met.scenes.Has(from):
		return fmt.Sprintf("要先到「%s」，它也到不了", x.sceneName(from))
	case when != nil:
		return fmt.Sprintf("%s的条件「%s」从来不成立", what, x.written(when))
	}
	return fmt.Sprintf("%s从来轮不到", what)
}

// lintOptions is rule 3 for options and silences, of scenes that are reached.
func (x *linter) lintOptions() {
	for id, o := range x.options {
		scene := x.sceneOf[id]
		if x.met.offered.Has(id) || !x.met.scenes.Has(scene) {
			continue
		}
		why := "到了「" + x.sceneName(scene) + "」从来轮不到选它"
		if x.met.refused.Has(id) {
			why = "条件「" + x.written(o.When) + "」从来不成立"
		}
		x.add(3, Error, x.line(o), "%s永远不出现：%s", x.quote(o), why)
	}
}

// lintLines is rules 3 and 4 for guarded lines. What follows a line that is
// always said is not reported again.
func (x *linter) lintLines() {
	for _, g := range x.groups(aLine) {
		if !x.groupMet(g) {
			continue
		}
		for i := g[0]; i < g[1]; i++ {
			a := x.met.told[i]
			if a.kind != aLine {
				break
			}
			if x.met.said[i] && x.last(i, g) && a.when != nil {
				x.add(4, Warn, x.alternativeLine(a), "条件「%s」在这里总是成立：%s", x.written(a.when), x.surplus(i, g))
				break
			}
			if !x.met.said[i] {
				x.add(3, Warn, x.alternativeLine(a), "这句台词永远不说：%s", x.neverHolds(a))
			}
		}
	}
}

func (x *linter) neverHolds(a alternative) string {
	if a.when == nil {
		return "上面总有一句的条件成立"
	}
	return "轮到它时，条件「" + x.written(a.when) + "」从来不成立"
}

func (x *linter) surplus(i int, g [2]int) string {
	switch {
	case i+1 == g[1] || x.met.told[i+1].kind == aSilence:
		return "可以不写"
	case x.met.told[i].kind == aJump:
		return "下面的「→」永远轮不到"
	}
	return "下面的几句永远不说"
}

// lintJumps is rule 4 for the jumps that lead on where nothing can be chosen.
func (x *linter) lintJumps() {
	for _, g := range x.groups(aJump) {
		if !x.groupMet(g) {
			continue
		}
		for i := g[0]; i < g[1]; i++ {
			a := x.met.told[i]
			if a.kind != aJump {
				continue
			}
			if x.met.said[i] && x.last(i, g) && a.when != nil {
				x.add(4, Warn, x.alternativeLine(a), "「→」的条件「%s」在这里总是成立：%s", x.written(a.when), x.surplus(i, g))
				break
			}
			if !x.met.said[i] && x.met.scenes.Has(x.target(a)) && a.when != nil {
				x.add(4, Warn, x.alternativeLine(a), "「→」的条件轮到它时从来不成立：「%s」", x.written(a.when))
			} else if !x.met.said[i] && x.met.scenes.Has(x.target(a)) && x.explicit(a) {
				x.add(4, Warn, x.alternativeLine(a), "这个「→」永远轮不到：上面总有一个的条件成立")
			}
		}
	}
}

// target is the scene a jump leads into first. Where it is never entered, rule
// 3 says why.
func (x *linter) target(a alternative) int {
	j := x.sc.Scenes[a.scene].Jumps[a.nth]
	return cmp.Or(j.Call, max(j.To, 0))
}

// alternativeLine is where an alternative stands in the file.
func (x *linter) alternativeLine(a alternative) int {
	switch l := x.script.Lines; {
	case a.kind == aJump:
		return l.Jumps[a.scene][a.nth]
	case a.option != nil:
		return l.Replies[a.option.ID][a.beat][a.nth]
	default:
		return l.Beats[a.scene][a.beat][a.nth]
	}
}

// explicit reports whether a jump stands in the file: one that does not leads on
// to the next scene because nothing else is said.
func (x *linter) explicit(a alternative) bool {
	return x.alternativeLine(a) != x.sceneLine(a.scene)
}

// groups are the spans of alternatives of one kind that belong together.
func (x *linter) groups(kind int) (all [][2]int) {
	told := x.met.told
	for from := 0; from < len(told); {
		to, of := from, false
		for to < len(told) && told[to].group == told[from].group {
			of = of || told[to].kind == kind
			to++
		}
		if of {
			all = append(all, [2]int{from, to})
		}
		from = to
	}
	return all
}

// groupMet reports whether the group ever had to decide anything.
func (x *linter) groupMet(g [2]int) bool {
	for i := g[0]; i < g[1]; i++ {
		if x.met.said[i] && x.met.told[i].kind != aChoice {
			return true
		}
	}
	return false
}

// last reports whether nothing behind alternative i ever came true.
func (x *linter) last(i int, g [2]int) bool {
	for k := i + 1; k < g[1]; k++ {
		if x.met.said[k] {
			return false
		}
	}
	return true
}

// lintThresholds is rule 4 for the conditions of options: one that always holds
// where it is asked, and in a longer one a meter that is never on the other side
// of its mark. What the meters are where a scene is passed through is not known.
func (x *linter) lintThresholds() {
	for id, o := range x.options {
		if o.When == nil || !x.met.offered.Has(id) {
			continue
		}
		if !x.met.refused.Has(id) {
			x.add(4, Warn, x.line(o), "%s的条件「%s」在这里总是成立：可以不写", x.quote(o), x.written(o.When))
			continue
		}
		if len(o.When.Of) > 0 && !x.met.passed.Has(id) {
			x.lintMarks(o, o.When)
		}
	}
}

func (x *linter) lintMarks(o *roleplay.Option, c *roleplay.Condition) {
	for i := range c.Of {
		x.lintMarks(o, &c.Of[i])
	}
	if len(c.Of) > 0 || c.Op == "opened" || c.Op == "left" || c.Op == "chosen" {
		return
	}
	r := x.met.ranges[x.of(o)][c.Index]
	if low, high := int(r.low), int(r.high); low <= high && !crossed(c, low, high) {
		x.add(4, Warn, x.line(o), "%s的条件里，「%s」不起作用：到这里时%s总在%d–%d之间",
			x.quote(o), x.written(c), x.sc.Meters[c.Index].Name, low, high)
	}
}

// crossed reports whether a comparison holds for some values from low to high
// and fails for others; for an equality, whether the value lies within.
func crossed(c *roleplay.Condition, low, high int) bool {
	switch c.Op {
	case ">=", "<":
		return low < c.Value && c.Value <= high
	case ">", "<=":
		return low <= c.Value && c.Value < high
	}
	return low <= c.Value && c.Value <= high && low < high
}

// lintLoops is rule 5: a story that goes round without a decision, that can no
// longer end, or that pays for going round.
func (x *linter) lintLoops() {
	var seen roleplay.Scenes
	for _, c := range x.circles {
		if scene := int(c.scene); !seen.Has(scene) {
			seen = seen.With(scene)
			x.add(5, Error, x.sceneLine(scene), "场景「%s」会原地兜圈，永远轮不到选择：%s", x.sceneName(scene), x.steps(x.circleRoute(c)))
		}
	}
	x.lintTraps()
	x.lintFarms()
}

func (x *linter) circleRoute(c circle) []edge {
	if c.from == none {
		return nil
	}
	return append(x.route(c.from), edge{none, c.by})
}

// lintTraps finds the loops that nothing leads out of.
func (x *linter) lintTraps() {
	l := x.loops
	leaves := make([]bool, l.count)
	rounds := make([]bool, l.count)
	for i := range int32(l.size()) {
		for _, e := range l.out(i) {
			inside := l.of[i] == l.of[e.to]
			rounds[l.of[i]] = rounds[l.of[i]] || inside
			leaves[l.of[i]] = leaves[l.of[i]] || !inside
		}
	}
	var seen roleplay.Scenes
	for i := range int32(l.size()) {
		scene := l.scene(i)
		if c := l.of[i]; rounds[c] && !leaves[c] && !seen.Has(scene) {
			seen = seen.With(scene)
			x.add(5, Error, x.sceneLine(scene), "到了场景「%s」，有一种走法只能一直绕下去，再也到不了结局：%s", x.sceneName(scene), x.steps(x.route(i)))
		}
	}
}

// lintFarms finds the options that score every time round.
func (x *linter) lintFarms() {
	l := x.loops
	var seen roleplay.Options
	for i := range int32(l.size()) {
		for _, e := range l.out(i) {
			o := l.option(e)
			if o == nil || l.of[i] != l.of[e.to] || seen.Has(o.ID) || (vector{}).plus(o) == (vector{}) {
				continue
			}
			seen = seen.With(o.ID)
			x.add(5, Error, x.line(o), "%s可以绕回来再选，每选一次都得分：去掉它的得分，或者让它只能选一次", x.quote(o))
		}
	}
}
