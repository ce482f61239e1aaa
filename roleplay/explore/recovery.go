package explore

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"qibu/roleplay"
)

// hopeless is how many options with no way back to passing are named.
const hopeless = 3

// lintRecovery is rule 14: what can no longer be made good. An option is named
// when before it passing was still possible and after it never is, on whatever
// route it is chosen; the first of them on a shortest route comes first. Red
// lines say so themselves.
func (x *linter) lintRecovery() {
	l := x.clean
	hopes, canEnd := l.hopes()
	earned, canCome := l.earned()
	lost := map[int32]int32{} // option → the first position it loses from
	kept := make([]bool, len(x.options))
	for i := range int32(l.size()) {
		c := l.of[i]
		if !canCome[c] || !canEnd[c] {
			continue
		}
		open := false // known when first asked for: passing is possible here
		for _, e := range l.out(i) {
			o, to := l.option(e), l.of[e.to]
			if o == nil || o.RedLine != "" || kept[o.ID] {
				continue
			}
			if open = open || l.passes(earned[c].add(hopes[c])); !open {
				break
			}
			if canEnd[to] && l.passes(earned[c].plus(o).add(hopes[to])) {
				kept[o.ID] = true
				delete(lost, e.by)
			} else if _, met := lost[e.by]; !met {
				lost[e.by] = i
			}
		}
	}
	x.reportLost(lost)
}

// hopes is the most that can still be earned per dimension on a route that ends
// with the meters the pass rule asks for.
func (l *loops) hopes() (values []vector, known []bool) {
	return ahead(l,
		func(i int32) (vector, bool) { return vector{}, l.meetsMeters(i) },
		func(_ int32, e edge, v vector) (vector, bool) { return v.plus(l.option(e)), true },
		most)
}

// earned is the most that can have been earned per dimension on the way.
func (l *loops) earned() (values []vector, known []bool) {
	return behind(l, vector{},
		func(_ int32, e edge, v vector) (vector, bool) { return v.plus(l.option(e)), true },
		most)
}

func (x *linter) reportLost(lost map[int32]int32) {
	if len(lost) == 0 {
		return
	}
	options := slices.Collect(maps.Keys(lost))
	slices.SortFunc(options, func(a, b int32) int { return cmp.Or(cmp.Compare(lost[a], lost[b]), cmp.Compare(a, b)) })
	var quoted []string
	for _, id := range options[:min(hopeless, len(options))] {
		quoted = append(quoted, x.quote(x.options[id]))
	}
	first, at := x.options[options[0]], lost[options[0]]
	x.add(14, Info, x.line(first), "选了就再也不能及格的话术有%d句（红线除外）：%s。最早是第%d次选择，这时离结局最近还有%d次选择：想一想要不要留一条补救的路",
		len(options), strings.Join(quoted, ""), x.turns(at)+1, x.turnsLeft()[x.loops.of[at]])
}

// turns is how many choices lead to a position.
func (x *linter) turns(i int32) (n int) {
	for _, e := range x.route(i) {
		if e.by >= 0 {
			n++
		}
	}
	return n
}

// turnsLeft is the least number of choices to an ending, by group.
func (x *linter) turnsLeft() []int {
	left, _ := ahead(x.loops,
		func(int32) (int, bool) { return 0, true },
		func(_ int32, e edge, n int) (int, bool) {
			if e.by >= 0 {
				n++
			}
			return n, true
		},
		func(a, b int) int { return min(a, b) })
	return left
}

// lintRedLines is rule 15: a red line must be somebody's doing, and look like
// something.
func (x *linter) lintRedLines() {
	for id, o := range x.options {
		switch {
		case o.RedLine == "" || !x.met.offered.Has(id):
		case x.isSilence(o):
			x.add(15, Warn, x.line(o), "%s就越了红线：只是没来得及说话，不该算严重失误", x.quote(o))
		case x.neutral(o):
			x.add(15, Warn, x.line(o), "红线%s看不出要紧：客户没有反应，得分也不比旁边的低。让客户当场有反应，或者别算红线", x.quote(o))
		}
	}
}

// neutral reports whether an option moves no meter, draws no reply and scores no
// less than another of its decision.
func (x *linter) neutral(o *roleplay.Option) bool {
	if len(o.Effects) > 0 || len(o.Reply) > 0 {
		return false
	}
	for i := range x.decisions {
		d := &x.decisions[i]
		k := slices.Index(d.options, o)
		if k < 0 {
			continue
		}
		for n := range d.options {
			if n != k && d.worth[n] <= d.worth[k] {
				return true
			}
		}
		return false
	}
	return true
}
