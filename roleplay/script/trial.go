package script

import (
	"fmt"
	"slices"
	"strconv"

	"qibu/internal/fault"
	"qibu/roleplay"
)

// Trial is a 试演: a transcript with what it should come to.
type Trial struct {
	Name string
	Line int

	file  string
	steps []step
}

// step is one thing to do or to expect. It returns what is not as written, or "".
type step struct {
	line int
	text string
	do   func(*rehearsal) string
}

// Played is what a 试演 went through, as far as it went.
type Played struct {
	Chosen roleplay.Options // silences too
	Scenes roleplay.Scenes
	Passed bool // the story ended, and well enough
}

// Run replays the transcript against the scenario it was written for, whose
// bounds have been frozen. It stops at the first step that is not as written:
// the one problem, if there is one.
func (t Trial) Run(sc *roleplay.Scenario) (Played, fault.Problems) {
	var wrong fault.Problems
	r := &rehearsal{session: roleplay.Session{Scenario: sc}}
	r.state, _ = r.session.Fold(nil) // frozen, so surveyed: the start is sound
	r.arrive()
	for _, s := range t.steps {
		if message := s.do(r); message != "" {
			wrong.Add(t.file, s.line, "试演「%s」%s：%s", t.Name, s.text, message)
			break
		}
	}
	debrief, err := r.session.Debrief(r.log)
	r.been.Passed = err == nil && debrief.Passed
	return r.been, wrong
}

func trialHeader(l line) bool {
	return sceneHeader(l) && l.from(2).starts("试演:")
}

func (p *parser) beginTrial(l line) {
	title := l.from(2)
	name := title.from(title.index(":") + 1)
	p.inTrial, p.option, p.document = true, nil, nil
	p.trials = append(p.trials, Trial{Name: name.String(), Line: l.number, file: p.file})
	if name.empty() {
		p.fail(l.number, "试演要有名字：「## 试演：金牌路线」")
	}
}

func (p *parser) trialSteps(l line) {
	t := &p.trials[len(p.trials)-1]
	for _, s := range l.list(";") {
		verb, rest := s, s.from(len(s.text))
		if i := s.index(" "); i > 0 {
			verb, rest = s.to(i), s.from(i)
		}
		if do := p.step(verb, rest); do != nil {
			t.steps = append(t.steps, step{line: s.number, text: s.String(), do: do})
		}
	}
}

// step compiles one step of a 试演. nil means a problem was reported.
func (p *parser) step(verb, rest line) func(*rehearsal) string {
	switch verb.key() {
	case "看":
		if d, ok := p.documentNamed(rest); ok {
			return func(r *rehearsal) string { return r.open(d) }
		}
	case "选":
		if scene, n, ok := p.optionNamed(rest); ok {
			return func(r *rehearsal) string { return r.choose(scene, n) }
		}
	case "应到":
		before := len(p.problems)
		if scene := p.target(rest); len(p.problems) == before {
			return func(r *rehearsal) string { return r.stand(scene) }
		}
	case "应得":
		return p.points(rest)
	case "应有", "应无":
		if rest.key() == "红线" {
			return func(r *rehearsal) string { return r.redLine(verb.key() == "应有") }
		}
		p.fail(rest.number, "「%s」后面只能是「红线」", verb)
	case "应判":
		if want := rest.key(); want == "及格" || want == "不及格" {
			return func(r *rehearsal) string { return r.verdict(want == "及格") }
		}
		p.fail(rest.number, "「应判」后面只能是「及格」或「不及格」")
	default:
		verbs := []string{"看", "选", "应到", "应得", "应有", "应无", "应判"}
		p.fail(verb.number, "试演里的「%s」看不懂：只有 看、选、应到、应得、应有、应无、应判，后面空一格%s", verb, suggest(verb.key(), verbs))
	}
	return nil
}

// points reads `D6=5，总分=100`.
func (p *parser) points(claim line) func(*rehearsal) string {
	var checks []func(*rehearsal) string
	for _, item := range claim.list(",") {
		name, value, _ := item.assignment()
		want, err := strconv.Atoi(value.key())
		d := p.dimension(name.key())
		switch {
		case err != nil:
			p.fail(item.number, "「%s」要写成「应得 D6=5」或「应得 总分=100」", item)
		case name.key() == "总分":
			checks = append(checks, func(r *rehearsal) string { return r.total(want) })
		case d < 0:
			p.fail(item.number, "维度「%s」没有声明%s", name, suggest(name.key(), p.dimensionNames()))
		default:
			checks = append(checks, func(r *rehearsal) string { return r.earned(d, want) })
		}
	}
	return func(r *rehearsal) string {
		for _, check := range checks {
			if wrong := check(r); wrong != "" {
				return wrong
			}
		}
		return ""
	}
}

// rehearsal plays one 试演.
type rehearsal struct {
	session roleplay.Session
	log     []roleplay.Event
	state   roleplay.State
	been    Played
}

// play adds an event to the log if it is possible now.
func (r *rehearsal) play(kind, ref string) bool {
	log := append(slices.Clip(r.log), roleplay.Event{Step: len(r.log), Kind: kind, Ref: ref})
	state, err := r.session.Fold(log)
	if err == nil {
		r.log, r.state = log, state
		r.arrive()
	}
	return err == nil
}

func (r *rehearsal) arrive() {
	scenes := r.session.Scenario.Scenes
	i := slices.IndexFunc(scenes, func(s roleplay.Scene) bool { return s.Name == r.state.Scene })
	r.been.Scenes = r.been.Scenes.With(i)
}

func (r *rehearsal) open(document int) string {
	if !r.play(roleplay.Open, r.session.Scenario.Documents[document].Name) {
		return fmt.Sprintf("在「%s」还看不到它，或者已经看过", r.state.Scene)
	}
	return ""
}

func (r *rehearsal) choose(scene, n int) string {
	sc := r.session.Scenario
	if wrong := r.stand(scene); wrong != "" {
		return wrong
	}
	if !r.play(roleplay.Choose, sc.Ref(scene, n)) {
		return "这句话术此时不出现"
	}
	r.been.Chosen = r.been.Chosen.With(sc.Scenes[scene].Options[n].ID)
	return ""
}

func (r *rehearsal) stand(scene int) string {
	if r.session.Scenario.Scenes[scene].Name != r.state.Scene {
		return fmt.Sprintf("此时在「%s」", r.state.Scene)
	}
	return ""
}

func (r *rehearsal) redLine(want bool) string {
	if (r.state.RedLines > 0) != want {
		return fmt.Sprintf("此时越过%d条红线", r.state.RedLines)
	}
	return ""
}

func (r *rehearsal) earned(dimension, want int) string {
	if got := r.state.Points[dimension]; got != want {
		return fmt.Sprintf("%s得了%d分", r.session.Scenario.Dimensions[dimension].Key, got)
	}
	return ""
}

func (r *rehearsal) total(want int) string {
	debrief, err := r.session.Debrief(r.log)
	switch {
	case err != nil:
		return "到了结局才有总分"
	case debrief.Total != want:
		return fmt.Sprintf("总分是%d", debrief.Total)
	}
	return ""
}

func (r *rehearsal) verdict(want bool) string {
	debrief, err := r.session.Debrief(r.log)
	switch {
	case err != nil:
		return "到了结局才有结果"
	case debrief.Passed != want:
		return fmt.Sprintf("结果是%s，总分%d", map[bool]string{true: "及格", false: "不及格"}[debrief.Passed], debrief.Total)
	}
	return ""
}
