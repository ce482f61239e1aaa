package script

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qibu/internal/fault"
	"qibu/roleplay"
)

// Trial is a 试演: a transcript with what it should come to.
type Trial struct {
	Name string
	Line int

	file    string
	persona int
	steps   []step
}

// step is one thing to do or to expect. do returns what is not as written, or "".
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
// dimensions have been frozen. It stops at the first step that is not as
// written: the one problem, if there is one.
func (t Trial) Run(sc *roleplay.Scenario) (Played, fault.Problems) {
	r := &rehearsal{sc: sc, points: make([]int, len(sc.Dimensions))}
	var problems fault.Problems
	var err error
	if r.at, err = sc.Start(t.persona, nil); err != nil {
		problems.Add(t.file, t.Line, "试演「%s」：故事开不了头，场景之间绕着圈，轮不到选择", t.Name)
		return r.played(), problems
	}
	for _, s := range t.steps {
		if wrong := s.do(r); wrong != "" {
			problems.Add(t.file, s.line, "试演「%s」%s：%s", t.Name, s.text, wrong)
			break
		}
	}
	return r.played(), problems
}

// trial reads one 试演.
func (p *parser) trial(b block) {
	if b.head.empty() {
		p.fail(b.head.number, "试演要有名字：「## 试演：金牌路线」")
	}
	t := Trial{Name: b.head.String(), Line: b.head.number, file: p.file}
	for _, l := range b.body {
		for _, s := range l.list(";") {
			p.trialStep(&t, s)
		}
	}
	p.trials = append(p.trials, t)
}

func (p *parser) trialStep(t *Trial, s line) {
	verb, rest := s.at(" ")
	if verb.key() == "性格" {
		p.trialPersona(t, rest)
	} else if do := p.step(verb, rest); do != nil {
		t.steps = append(t.steps, step{line: s.number, text: s.String(), do: do})
	}
}

// trialPersona reads `性格 急躁`, which must come first.
func (p *parser) trialPersona(t *Trial, name line) {
	i := p.persona(name.key())
	switch {
	case p.broken["性格"]:
	case len(p.scenario.Personas) == 0:
		p.fail(name.number, "这个剧本没有写「性格:」")
	case i < 0:
		var known []string
		for _, k := range p.scenario.Personas {
			known = append(known, k.Name)
		}
		p.fail(name.number, "客户没有「%s」这种性格，只有 %s", name, strings.Join(known, "、"))
	case len(t.steps) > 0:
		p.fail(name.number, "「性格」要写在试演的最前面")
	}
	t.persona = max(0, i)
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
	case "沉默":
		return (*rehearsal).stay
	case "应到":
		if scene, ok := p.sceneNamed(rest); ok {
			return func(r *rehearsal) string { return r.stand(scene) }
		}
	case "应得":
		return p.points(rest)
	case "应有", "应无":
		if want := verb.key() == "应有"; rest.key() == redLine {
			return func(r *rehearsal) string { return r.crossed(want) }
		}
		p.fail(rest.number, "「%s」后面只能是「红线」", verb)
	case "应判":
		if want := rest.key(); want == verdicts[true] || want == verdicts[false] {
			return func(r *rehearsal) string { return r.verdict(want) }
		}
		p.fail(rest.number, "「应判」后面只能是「及格」或「不及格」")
	default:
		p.fail(verb.number, "试演里的「%s」看不懂：要写 看、选、沉默、应到、应得、应有、应无、应判，后面空一格%s", verb, suggest(verb.key(), verbs))
	}
	return nil
}

var verbs = []string{"看", "选", "沉默", "性格", "应到", "应得", "应有", "应无", "应判"}

var verdicts = map[bool]string{true: "及格", false: "不及格"}

// points reads `D6=5，总分=100`.
func (p *parser) points(claims line) func(*rehearsal) string {
	var checks []func(*rehearsal) string
	for _, item := range claims.list(",") {
		name, value, _ := item.assignment()
		want, err := strconv.Atoi(value.key())
		if err != nil {
			p.fail(item.number, "「%s」要写成「应得 D6=5」或「应得 总分=100」", item)
		} else if name.key() == total {
			checks = append(checks, func(r *rehearsal) string { return r.total(want) })
		} else if d, ok := p.dimensionNamed(name); ok {
			checks = append(checks, func(r *rehearsal) string { return r.earned(d, want) })
		}
	}
	if claims.empty() {
		p.fail(claims.number, "「应得」后面要写得分：「应得 D6=5」")
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
	sc       *roleplay.Scenario
	at       roleplay.Position
	points   []int
	redLines int
}

func (r *rehearsal) scene() *roleplay.Scene { return &r.sc.Scenes[r.at.Scene] }

func (r *rehearsal) played() Played {
	return Played{
		Chosen: r.at.Chosen,
		Scenes: r.at.Left.With(int(r.at.Scene)),
		Passed: r.sc.Ended(&r.at) && r.sc.Passes(&r.at, r.points, r.redLines),
	}
}

func (r *rehearsal) open(document int) string {
	if !r.sc.Within(&r.at, document) || r.at.Opened.Has(document) {
		return fmt.Sprintf("在「%s」还看不到它，或者已经看过", r.scene().Name)
	}
	r.at.Opened = r.at.Opened.With(document)
	return ""
}

func (r *rehearsal) choose(scene, n int) string {
	if wrong := r.stand(scene); wrong != "" {
		return wrong
	}
	if !slices.Contains(r.sc.Offer(&r.at, nil), n) {
		return "这句话术此时不出现"
	}
	return r.decide(&r.scene().Options[n])
}

func (r *rehearsal) stay() string {
	limit := r.sc.Limit(&r.at)
	if limit == nil {
		return fmt.Sprintf("在「%s」没有限时，或者已经沉默过", r.scene().Name)
	}
	return r.decide(&limit.Option)
}

func (r *rehearsal) decide(o *roleplay.Option) string {
	for _, s := range o.Scores {
		r.points[s.Dimension] += s.Points
	}
	if o.RedLine != "" {
		r.redLines++
	}
	var err error
	if r.at, err = r.sc.Choose(r.at, o, nil); err != nil {
		return "后面的场景绕着圈，轮不到选择"
	}
	return ""
}

func (r *rehearsal) stand(scene int) string {
	if int(r.at.Scene) != scene {
		return fmt.Sprintf("此时在「%s」", r.scene().Name)
	}
	return ""
}

func (r *rehearsal) crossed(want bool) string {
	if (r.redLines > 0) != want {
		return fmt.Sprintf("此时越过%d条红线", r.redLines)
	}
	return ""
}

func (r *rehearsal) earned(dimension, want int) string {
	if got := r.points[dimension]; got != want {
		return fmt.Sprintf("%s得了%d分", r.sc.Dimensions[dimension].Key, got)
	}
	return ""
}

func (r *rehearsal) total(want int) string {
	if !r.sc.Ended(&r.at) {
		return "到了结局才有总分"
	}
	if got := r.sc.Total(r.points); got != want {
		return fmt.Sprintf("总分是%d", got)
	}
	return ""
}

func (r *rehearsal) verdict(want string) string {
	if !r.sc.Ended(&r.at) {
		return "到了结局才有结果"
	}
	if got := verdicts[r.played().Passed]; got != want {
		return fmt.Sprintf("结果是%s，总分%d", got, r.sc.Total(r.points))
	}
	return ""
}
