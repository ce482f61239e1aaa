package script

import (
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// Parse reads the 剧本 in src, surveys every route through it and replays its
// 试演. The scenario is nil when a problem is more than a warning.
func Parse(file string, src []byte) (*roleplay.Scenario, fault.Problems) {
	return parse(file, src, roleplay.MaxStates)
}

func parse(file string, src []byte, maxStates int) (*roleplay.Scenario, fault.Problems) {
	s, problems := Read(file, src)
	if s == nil {
		return nil, problems
	}
	p := &checker{file: file, Script: s, problems: problems, scenario: s.Scenario}
	p.check(maxStates)
	if p.problems.Err() == nil {
		for _, t := range s.Trials {
			_, wrong := t.Run(s.Scenario)
			p.problems = append(p.problems, wrong...)
		}
	}
	if p.problems.Err() != nil {
		return nil, p.problems
	}
	return s.Scenario, p.problems
}

// checker collects what is wrong with a script that could be read.
type checker struct {
	*Script
	file     string
	scenario *roleplay.Scenario
	problems fault.Problems
}

func (p *checker) fail(number int, format string, args ...any) {
	p.problems.Add(p.file, number, format, args...)
}

// check looks at the finished scenario: what each decision needs, and what
// holds over every route through it.
func (p *checker) check(maxStates int) {
	p.checkEndings()
	p.checkDecisions()
	if p.problems.Err() != nil {
		return
	}
	survey, err := roleplay.Explore(p.scenario, maxStates)
	if err != nil {
		p.fail(0, "走法太多，无法逐一验证（%v）：请减少仪表、资料或可以回头的场景", err)
		return
	}
	if p.checkRoutes(survey); p.problems.Err() != nil {
		return
	}
	if p.freeze(survey); p.problems.Err() != nil {
		return
	}
	if p.checkCoaching(); p.problems.Err() != nil {
		return
	}
	p.checkPassRule(survey, maxStates)
	if longest, decisions := longestBest(p.scenario); longest*2 > decisions {
		p.problems.Warn(p.file, 0, "%d次选择里有%d次最好的话术也最长：不看情境、挑最长的就能得分", decisions, longest)
	}
}

func (p *checker) checkEndings() {
	some := false
	for i, s := range p.scenario.Scenes {
		some = some || s.Ending != ""
		if s.Ending != "" && !saysCustomer(s.Beats) {
			p.fail(p.Lines.Scenes[i], "结局「%s」里客户要说一句话", s.Name)
		}
	}
	if !some {
		p.fail(0, "没有结局：至少一个场景要写【结局：标题】")
	}
}

func saysCustomer(beats []roleplay.Beat) bool {
	for _, b := range beats {
		for _, l := range b {
			if l.Kind == stage.KindCustomer {
				return true
			}
		}
	}
	return false
}

// checkDecisions wants every option of a scored decision scored, and red lines explained.
func (p *checker) checkDecisions() {
	for i, s := range p.scenario.Scenes {
		scored, blank := 0, []int{}
		for k, o := range s.Options {
			switch {
			case len(o.Scores) > 0:
				scored++
			case !o.Repeat:
				blank = append(blank, k)
			}
			if o.RedLine != "" && (o.Coaching == "" || o.Basis == "" && o.Sources == nil) {
				p.fail(p.Lines.Options[s.Options[k].ID], "红线要有点评和依据：「%s」", o.Text)
			}
		}
		if scored > 0 {
			for _, k := range blank {
				p.fail(p.Lines.Options[s.Options[k].ID], "同一场景的别的话术计分，这句也要计分（可以写0）：「%s」", s.Options[k].Text)
			}
		}
		if scored == 1 && len(blank) == 0 {
			p.fail(p.Lines.Scenes[i], "场景「%s」只有一句计分的话术，没有选择", s.Name)
		}
	}
}

// checkRoutes wants every scene and option reachable and every route to end.
func (p *checker) checkRoutes(v *roleplay.Survey) {
	for i, s := range p.scenario.Scenes {
		if !v.Reached[i] {
			p.fail(p.Lines.Scenes[i], "场景「%s」怎么走都到不了", s.Name)
			continue
		}
		for k, o := range s.Options {
			if !v.Offered[o.ID] {
				p.fail(p.Lines.Options[s.Options[k].ID], "这句话术永远不出现，看看它的条件：「%s」", o.Text)
			}
		}
	}
	for _, i := range v.Stuck {
		p.fail(p.Lines.Scenes[i], "场景「%s」有一种走法没有话术可选，又不是结局", p.scenario.Scenes[i].Name)
	}
	for _, i := range v.Circling {
		p.fail(p.Lines.Scenes[i], "场景「%s」会原地兜圈，永远轮不到选择", p.scenario.Scenes[i].Name)
	}
	if len(v.Stuck) > 0 || len(v.Circling) > 0 {
		return
	}
	for _, i := range v.Endless {
		p.fail(p.Lines.Scenes[i], "从场景「%s」有一种走法再也到不了结局", p.scenario.Scenes[i].Name)
	}
}

// freeze writes the exact bounds into the scenario: the denominators of every score.
func (p *checker) freeze(v *roleplay.Survey) {
	if err := p.scenario.Freeze(v.Min, v.Max); err != nil {
		p.fail(0, "各维度最好和最差的走法相差的分数太大，公倍数超出了计算范围")
	}
	for _, d := range p.scenario.Dimensions {
		if d.Min == d.Max {
			p.fail(0, "维度 %s %s 怎么走都是%d分，没有区分", d.Key, d.Name, d.Min)
		}
	}
}

// checkCoaching wants a 点评 for every scored option but the best of its scene,
// and for the best too when it earns nothing.
func (p *checker) checkCoaching() {
	for _, s := range p.scenario.Scenes {
		best := bestWorth(p.scenario, s)
		for k := range s.Options {
			o := &s.Options[k]
			if worth := p.scenario.Worth(o); len(o.Scores) > 0 && o.Coaching == "" && (worth < best || worth == 0) {
				p.fail(p.Lines.Options[s.Options[k].ID], "这句不是最好的，要有点评：「%s」", o.Text)
			}
		}
	}
}

func bestWorth(sc *roleplay.Scenario, s roleplay.Scene) int {
	best := 0
	for k := range s.Options {
		best = max(best, sc.Worth(&s.Options[k]))
	}
	return best
}

func (p *checker) checkPassRule(v *roleplay.Survey, limit int) {
	pass, fail, err := v.Verdicts(limit)
	switch {
	case err != nil:
		p.fail(0, "得分组合太多，无法验证及格线（%v）", err)
	case !pass:
		p.fail(0, "没有一种走法能及格")
	case !fail:
		p.fail(0, "怎么走都及格，及格线没有意义")
	}
}

// longestBest counts the scored decisions, and those in which the one longest
// option is also a best one.
func longestBest(sc *roleplay.Scenario) (longest, decisions int) {
	for _, s := range sc.Scenes {
		best := bestWorth(sc, s)
		if best == 0 {
			continue
		}
		decisions++
		size, isBest := 0, false
		for k := range s.Options {
			o := &s.Options[k]
			n := utf8.RuneCountInString(o.Text)
			if n > size {
				size, isBest = n, sc.Worth(o) == best
			} else if n == size {
				isBest = false
			}
		}
		if isBest {
			longest++
		}
	}
	return longest, decisions
}
