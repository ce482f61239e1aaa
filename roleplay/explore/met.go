package explore

import (
	"slices"
	"strconv"

	"qibu/roleplay"
)

// met is what a walk came across: which options were offered, which a condition
// kept back, which of several lines were said.
type met struct {
	scenes  roleplay.Scenes  // entered
	offered roleplay.Options // options and silences that could be chosen
	refused roleplay.Options // options that nothing but their condition kept back
	passed  roleplay.Options // those of them whose scene was passed through for it
	said    []bool           // by alternative
	ranges  [][]span         // by scene and meter: its values where there is a decision
	told    []alternative
}

// span is the least and the most a meter showed; empty when never looked at.
type span struct{ low, high int8 }

// alternative is one of the ways a group of guarded lines, or of guarded jumps,
// can turn out.
type alternative struct {
	scene  int
	option *roleplay.Option // whose reply or refusal it is; nil in the scene itself
	kind   int
	group  int // alternatives of one group are neighbours
	beat   int // of the scene or the reply, which the group is
	nth    int // line of the beat, or jump of the scene
	when   *roleplay.Condition
}

// The kinds of alternative.
const (
	aLine    = iota
	aJump    // the jump that leads on
	aSilence // none of the group held
	aChoice  // nobody jumps: there is something to choose
	aRefusal // the scene is passed through, and only its condition keeps the option back
)

func newMet(sc *roleplay.Scenario, told []alternative) met {
	m := met{told: told, said: make([]bool, len(told)), ranges: make([][]span, len(sc.Scenes))}
	for i := range m.ranges {
		m.ranges[i] = make([]span, len(sc.Meters))
		for k := range m.ranges[i] {
			m.ranges[i][k] = span{101, -1}
		}
	}
	return m
}

// hear is told the lines of an annotated scenario.
func (m *met) hear(l roleplay.Line) {
	i, err := strconv.Atoi(l.Text)
	if err != nil {
		panic(err) // annotate wrote it
	}
	m.said[i] = true
	if a := &m.told[i]; a.kind == aRefusal {
		m.refused, m.passed = m.refused.With(a.option.ID), m.passed.With(a.option.ID)
	}
}

func (m *met) arrive(p *roleplay.Position) {
	m.scenes = union(m.scenes, p.Left).With(int(p.Scene))
}

func (m *met) visit(p *roleplay.Position) {
	for i := range m.ranges[p.Scene] {
		s := &m.ranges[p.Scene][i]
		s.low, s.high = min(s.low, p.Meters[i]), max(s.high, p.Meters[i])
	}
}

// offer notes the open options of p, and which of the others only a condition
// keeps back: asked without their conditions they would be open.
func (m *met) offer(sc *roleplay.Scenario, p *roleplay.Position, open []int) {
	options := sc.Scenes[p.Scene].Options
	k := 0
	for i := range options {
		o := &options[i]
		if k < len(open) && open[k] == i {
			m.offered = m.offered.With(o.ID)
			k++
		} else if o.When != nil && !m.refused.Has(o.ID) && (o.Repeat || !p.Chosen.Has(o.ID)) && !settled(options, o.Topic, p) {
			m.refused = m.refused.With(o.ID)
		}
	}
}

// settled reports whether a hub's topic has been raised.
func settled(options []roleplay.Option, topic int, p *roleplay.Position) bool {
	for i := range options {
		if topic > 0 && options[i].Topic == topic && p.Chosen.Has(options[i].ID) {
			return true
		}
	}
	return false
}

// annotate copies a scenario so that a walk tells how every group of guarded
// lines and jumps turned out: the text of a line is the number of its
// alternative. Lines that are always said are left out; without lines, all are.
func annotate(sc *roleplay.Scenario, lines bool) (*roleplay.Scenario, []alternative) {
	a := &annotator{lines: lines}
	copied := *sc
	copied.Scenes = slices.Clone(sc.Scenes)
	for i := range copied.Scenes {
		s := &copied.Scenes[i]
		s.Beats = slices.Concat(a.beats(i, nil, s.Beats), a.jumps(i, s), a.refusals(i, s))
		s.Options = slices.Clone(s.Options)
		for k := range s.Options {
			s.Options[k].Reply = a.beats(i, &sc.Scenes[i].Options[k], s.Options[k].Reply)
		}
		if s.Silence != nil {
			silence := *s.Silence
			silence.Reply = a.beats(i, &sc.Scenes[i].Silence.Option, silence.Reply)
			s.Silence = &silence
		}
	}
	return &copied, a.told
}

// annotator numbers alternatives.
type annotator struct {
	lines  bool
	told   []alternative
	groups int
}

// line numbers one alternative.
func (a *annotator) line(x alternative) roleplay.Line {
	x.group = a.groups
	a.told = append(a.told, x)
	return roleplay.Line{Text: strconv.Itoa(len(a.told) - 1), When: x.when}
}

func (a *annotator) beats(scene int, o *roleplay.Option, beats []roleplay.Beat) (numbered []roleplay.Beat) {
	for n, b := range beats {
		if !a.lines || b[0].When == nil {
			continue
		}
		a.groups++
		var beat roleplay.Beat
		for i := range b {
			beat = append(beat, a.line(alternative{scene: scene, option: o, kind: aLine, when: b[i].When, beat: n, nth: i}))
		}
		if b[len(b)-1].When != nil {
			beat = append(beat, a.line(alternative{scene: scene, option: o, kind: aSilence}))
		}
		numbered = append(numbered, beat)
	}
	return numbered
}

// jumps mirrors the guarded jumps of a scene as lines, for they ask what the
// lines of the scene ask, when they ask it. Not so in a hub: it is left when its
// lines have long been said.
func (a *annotator) jumps(scene int, s *roleplay.Scene) []roleplay.Beat {
	if !a.lines || len(s.Jumps) == 0 || s.Jumps[0].When == nil || len(s.Topics) > 0 {
		return nil
	}
	a.groups++
	var beat roleplay.Beat
	if len(s.Options) > 0 {
		beat = append(beat, a.line(alternative{scene: scene, kind: aChoice, when: anyOpen(s)}))
	}
	for i := range s.Jumps {
		beat = append(beat, a.line(alternative{scene: scene, kind: aJump, when: s.Jumps[i].When, nth: i}))
	}
	if s.Jumps[len(s.Jumps)-1].When != nil {
		beat = append(beat, a.line(alternative{scene: scene, kind: aSilence}))
	}
	return []roleplay.Beat{beat}
}

// refusals has the walk tell which conditions keep options back where nothing
// can be said and the scene is passed through: nobody rests there to be asked. A
// hub is never passed through for a condition.
func (a *annotator) refusals(scene int, s *roleplay.Scene) (beats []roleplay.Beat) {
	if !a.lines || len(s.Jumps) == 0 || len(s.Topics) > 0 {
		return nil
	}
	passing := negated(*anyOpen(s))
	for i := range s.Options {
		o := &s.Options[i]
		if o.When == nil {
			continue
		}
		when := passing
		if !o.Repeat {
			when = roleplay.Condition{Op: "and", Of: []roleplay.Condition{unsaid(o), passing}}
		}
		a.groups++
		beats = append(beats, roleplay.Beat{a.line(alternative{scene: scene, option: o, kind: aRefusal, when: &when})})
	}
	return beats
}

// anyOpen is the condition that some option of a scene can be chosen.
func anyOpen(s *roleplay.Scene) *roleplay.Condition {
	some := &roleplay.Condition{Op: "or"}
	for i := range s.Options {
		o := &s.Options[i]
		open := roleplay.Condition{Op: "and"}
		if !o.Repeat {
			open.Of = append(open.Of, unsaid(o))
		}
		if o.When != nil {
			open.Of = append(open.Of, *o.When)
		}
		some.Of = append(some.Of, open)
	}
	return some
}

// unsaid is the condition that an option has not been chosen.
func unsaid(o *roleplay.Option) roleplay.Condition {
	return negated(roleplay.Condition{Op: "chosen", Index: o.ID})
}

func negated(c roleplay.Condition) roleplay.Condition {
	return roleplay.Condition{Op: "not", Of: []roleplay.Condition{c}}
}
