package script

import (
	"fmt"
	"slices"
	"strconv"

	"qibu/roleplay"
)

// trial is a 试演: a transcript with what it should come to.
type trial struct {
	name  string
	steps []line
}

func trialHeader(l line) bool {
	return sceneHeader(l) && l.from(2).starts("试演:")
}

func (p *parser) beginTrial(l line) {
	title := l.from(2)
	name := title.from(title.index(":") + 1)
	p.inTrial, p.option, p.document = true, nil, nil
	p.trials = append(p.trials, trial{name: name.String()})
	if name.empty() {
		p.fail(l.number, "试演要有名字：「## 试演：金牌路线」")
	}
}

func (p *parser) trialSteps(l line) {
	t := &p.trials[len(p.trials)-1]
	t.steps = append(t.steps, l.list(";")...)
}

// rehearse replays every 试演.
func (p *parser) rehearse() {
	for _, t := range p.trials {
		r := &rehearsal{parser: p, trial: t, session: roleplay.Session{Scenario: p.scenario}}
		r.state, _ = r.session.Fold(nil) // surveyed: the start is sound
		for _, step := range t.steps {
			if !r.do(step) {
				break
			}
		}
	}
}

// rehearsal plays one 试演 and stops at the first thing that is not as written.
type rehearsal struct {
	*parser
	trial
	session roleplay.Session
	log     []roleplay.Event
	state   roleplay.State
}

func (r *rehearsal) bad(step line, format string, args ...any) bool {
	r.fail(step.number, "试演「%s」%s：%s", r.name, step, fmt.Sprintf(format, args...))
	return false
}

func (r *rehearsal) do(step line) bool {
	verb, rest := step, line{}
	if i := step.index(" "); i > 0 {
		verb, rest = step.to(i), step.from(i)
	}
	switch verb.key() {
	case "看":
		return r.open(step, rest)
	case "选":
		return r.choose(step, rest)
	case "应到":
		if rest.key() != fold(r.state.Scene) {
			return r.bad(step, "此时在「%s」", r.state.Scene)
		}
	case "应得":
		return r.points(step, rest)
	case "应有", "应无":
		if rest.key() != "红线" || (r.state.RedLines > 0) != (verb.key() == "应有") {
			return r.bad(step, "此时越过%d条红线", r.state.RedLines)
		}
	case "应判":
		return r.verdict(step, rest)
	default:
		return r.bad(step, "看不懂：只有 看、选、应到、应得、应有、应无、应判，后面空一格")
	}
	return true
}

func (r *rehearsal) open(step, name line) bool {
	d, ok := r.documentNamed(name)
	if !ok {
		return false
	}
	if !r.play(roleplay.Open, r.scenario.Documents[d].Name) {
		return r.bad(step, "在「%s」还看不到它，或者已经看过", r.state.Scene)
	}
	return true
}

func (r *rehearsal) choose(step, ref line) bool {
	scene, n, ok := r.optionNamed(ref)
	if !ok {
		return false
	}
	if r.scenario.Scenes[scene].Name != r.state.Scene {
		return r.bad(step, "此时在「%s」", r.state.Scene)
	}
	if !r.play(roleplay.Choose, r.scenario.Ref(scene, n)) {
		return r.bad(step, "这句话术此时不出现")
	}
	return true
}

// play adds an event to the log if it is possible now.
func (r *rehearsal) play(kind, ref string) bool {
	log := append(slices.Clip(r.log), roleplay.Event{Step: len(r.log), Kind: kind, Ref: ref})
	state, err := r.session.Fold(log)
	if err == nil {
		r.log, r.state = log, state
	}
	return err == nil
}

func (r *rehearsal) points(step, claim line) bool {
	for _, item := range claim.list(",") {
		name, value, _ := item.assignment()
		want, err := strconv.Atoi(value.key())
		d := r.dimension(name.key())
		switch {
		case err != nil:
			return r.bad(step, "要写成「应得 D6=5」或「应得 总分=100」")
		case name.key() == "总分":
			debrief, err := r.session.Debrief(r.log)
			if err != nil {
				return r.bad(step, "到了结局才有总分")
			}
			if debrief.Total != want {
				return r.bad(step, "总分是%d", debrief.Total)
			}
		case d < 0:
			return r.bad(step, "维度「%s」没有声明%s", name, suggest(name.key(), r.dimensionNames()))
		case r.state.Points[d] != want:
			return r.bad(step, "%s得了%d分", name, r.state.Points[d])
		}
	}
	return true
}

func (r *rehearsal) verdict(step, want line) bool {
	debrief, err := r.session.Debrief(r.log)
	if err != nil {
		return r.bad(step, "到了结局才有结果")
	}
	got := map[bool]string{true: "及格", false: "不及格"}[debrief.Passed]
	if want.key() != got {
		return r.bad(step, "结果是%s，总分%d", got, debrief.Total)
	}
	return true
}
