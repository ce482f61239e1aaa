package explore

import (
	"cmp"
	"slices"

	"qibu/roleplay"
	"qibu/roleplay/script"
)

// Option changes how a 剧本 is compiled.
type Option func(*compiler)

// Positions sets how many positions are walked before the routes count as too
// many for a proof; without it, Limit.
func Positions(limit int) Option { return func(c *compiler) { c.limit = limit } }

// Facts has every fact id that a 依据 cites looked up.
func Facts(known func(id string) bool) Option { return func(c *compiler) { c.known = known } }

// compiler makes a report.
type compiler struct {
	limit  int
	known  func(id string) bool
	report *Report
}

// Compile reads a 剧本, walks every route through it, freezes its scales, plays
// its 试演 and the bots, and looks for whatever a trainer should mend. The
// name of the file without its extension becomes the scenario's slug.
func Compile(file string, src []byte, options ...Option) *Report {
	c := &compiler{limit: Limit, report: &Report{
		Proof:    Proof{Engine: roleplay.EngineVersion, Dimensions: map[string]Bounds{}, Bots: map[string]Bot{}},
		Findings: []Finding{},
	}}
	for _, o := range options {
		o(c)
	}
	s, problems := script.Parse(file, src)
	for _, p := range problems {
		c.report.Findings = append(c.report.Findings, Finding{Rule: 1, Level: Error, Line: p.Line, Message: p.Message})
	}
	if s != nil {
		c.compile(s)
	}
	return c.report
}

func (c *compiler) compile(s *script.Script) {
	r := c.report
	x := newLinter(s, newSurvey(s.Scenario, c.limit), c.known)
	x.lint()
	r.Script = s
	r.Proven, r.States = x.proven, x.size()
	if x.proven {
		r.Routes = x.loops.routes().String()
	}
	if x.ended {
		for i, d := range s.Scenario.Dimensions {
			r.Dimensions[d.Name] = Bounds{int(x.bounds.low[i]), int(x.bounds.high[i])}
		}
	}
	r.Bots, r.Tests = x.bots, x.tests
	r.Findings = append(r.Findings, x.findings...)
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule))
	})
	if !r.Has(Error) {
		r.Scenario = s.Scenario
		r.Hash = s.Scenario.Hash()
	}
}
