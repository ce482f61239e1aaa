package explore

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"qibu/roleplay"
	"qibu/roleplay/script"
)

// linter looks at a scenario for what a trainer should mend: one method per
// analysis. Their numbers are the rules of the findings.
type linter struct {
	*survey
	script    *script.Script
	known     func(id string) bool // whether there is such a fact; nil when nobody knows
	decisions []decision
	findings  []Finding
	bots      map[string]Bot
	tests     Tests
}

func newLinter(s *script.Script, v *survey, known func(string) bool) *linter {
	return &linter{survey: v, script: s, known: known, bots: map[string]Bot{}}
}

// lint runs every analysis that can be run. The scales come first: what an
// option is worth depends on them. What holds of every route is asked only
// where every route ends.
func (x *linter) lint() {
	x.lintScales()
	x.decisions = x.decided()
	ends := x.ended
	if x.proven {
		x.lintScenes()
		x.lintOptions()
		before := len(x.findings)
		x.lintDeadEnds()
		x.lintLoops()
		ends = ends && len(x.findings) == before
	}
	if x.proven && x.lines {
		x.lintLines()
		x.lintJumps()
		x.lintThresholds()
	}
	x.lintTexts()
	if ends && x.frozen {
		x.lintRoutes()
	}
}

// lintTexts looks at what is written.
func (x *linter) lintTexts() {
	x.lintWording()
	x.lintPlaces()
	x.lintDominance()
	x.lintIllusions()
	x.lintBlanks()
	x.lintRedLines()
	x.lintNotes()
	x.lintReading()
	x.lintMoods()
}

// lintRoutes looks at how routes come out.
func (x *linter) lintRoutes() {
	if x.lintPassRule() {
		x.lintBots()
	}
	x.lintTrials()
	if x.proven {
		x.lintFairness()
		x.lintConflicts()
		x.lintCoverage()
		x.lintRecovery()
	}
}

func (x *linter) add(rule int, level Level, line int, format string, args ...any) {
	x.findings = append(x.findings, Finding{rule, level, line, fmt.Sprintf(format, args...)})
}

func (x *linter) sceneLine(i int) int               { return x.script.Lines.Scenes[i] }
func (x *linter) line(o *roleplay.Option) int       { return x.script.Lines.Options[o.ID] }
func (x *linter) frontLine(key string) int          { return x.script.Lines.Front[key] }
func (x *linter) sceneName(i int) string            { return x.sc.Scenes[i].Name }
func (x *linter) dimension(i int) string            { return dimensionName(x.sc.Dimensions[i]) }
func (x *linter) of(o *roleplay.Option) int         { return x.sceneOf[o.ID] }
func (x *linter) isSilence(o *roleplay.Option) bool { return isSilence(x.sc, x.of(o), o) }

func isSilence(sc *roleplay.Scenario, scene int, o *roleplay.Option) bool {
	s := sc.Scenes[scene].Silence
	return s != nil && s.ID == o.ID
}

func dimensionName(d roleplay.Dimension) string {
	if d.Key == d.Name {
		return d.Name
	}
	return d.Key + " " + d.Name
}

// quote names an option by its words.
func (x *linter) quote(o *roleplay.Option) string {
	if x.isSilence(o) {
		return "「" + x.sceneName(x.of(o)) + "」的沉默"
	}
	return "「" + brief(o.Text) + "」"
}

// briefly is how much of a sentence is quoted.
const briefly = 20

func brief(text string) string {
	if utf8.RuneCountInString(text) <= briefly {
		return text
	}
	return string([]rune(text)[:briefly-1]) + "…"
}

// ref names an option as a 试演 does: 对账#1.
func (x *linter) ref(o *roleplay.Option) string {
	scene := x.of(o)
	for n := range x.sc.Scenes[scene].Options {
		if x.sc.Scenes[scene].Options[n].ID == o.ID {
			return x.sc.Ref(scene, n)
		}
	}
	return "沉默"
}

// steps writes a route as the steps of a 试演, so that it can be pasted there.
func (x *linter) steps(route []edge) string {
	var all []string
	for _, e := range route {
		o := x.option(e)
		switch {
		case o == nil:
			all = append(all, "看 "+x.sc.Documents[^e.by].Name)
		case x.isSilence(o):
			all = append(all, "沉默")
		default:
			all = append(all, "选 "+x.ref(o))
		}
	}
	if len(all) == 0 {
		return "一开始"
	}
	return strings.Join(all, "；")
}

// names joins the names of scenes, each once, in order.
func (x *linter) names(scenes []int) string {
	var all []string
	for i, s := range scenes {
		if i == 0 || s != scenes[i-1] {
			all = append(all, "「"+x.sceneName(s)+"」")
		}
	}
	return strings.Join(all, "")
}

// decision is what is chosen between at one place: the options of a scene, in a
// hub those of one topic. Silences and what may be repeated are not among them.
type decision struct {
	scene   int
	options []*roleplay.Option
	worth   []int
	best    []bool // worth most
	bests   int
}

// scored reports whether it matters what is chosen.
func (d *decision) scored() bool { return d.bests < len(d.options) }

func (x *linter) decided() (all []decision) {
	for i := range x.sc.Scenes {
		s := &x.sc.Scenes[i]
		for topic := range len(s.Topics) + 1 {
			d := decision{scene: i}
			for k := range s.Options {
				if o := &s.Options[k]; o.Topic == topic && !o.Repeat {
					d.options = append(d.options, o)
				}
			}
			if len(d.options) > 1 {
				x.weigh(&d)
				all = append(all, d)
			}
		}
	}
	return all
}

// weigh compares the options of a decision.
func (x *linter) weigh(d *decision) {
	top := 0
	for i, o := range d.options {
		d.worth = append(d.worth, x.worth(o))
		if i == 0 || d.worth[i] > top {
			top = d.worth[i]
		}
	}
	for _, w := range d.worth {
		d.best = append(d.best, w == top)
		if w == top {
			d.bests++
		}
	}
}

// worth is what an option adds to the total, or where the scales are not known,
// its weighted points.
func (x *linter) worth(o *roleplay.Option) (worth int) {
	if x.frozen {
		return x.sc.Worth(o)
	}
	for _, s := range o.Scores {
		worth += x.sc.Dimensions[s.Dimension].Weight * s.Points
	}
	return worth
}
