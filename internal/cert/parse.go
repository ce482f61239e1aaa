package cert

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"qibu/internal/fault"
)

var (
	slugShape   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	moduleShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$`)
	itemShape   = regexp.MustCompile(`^O[1-9][0-9]?$`)
	levelShape  = regexp.MustCompile(`^[A-Z][A-Z0-9]*$`)
	factShape   = regexp.MustCompile(`^S[0-9]-[0-9]{3}$`)
)

// Parse reads certifications/<slug>.yaml. Either the policy or problems that
// are errors come back. What is not written has the product's default: basis
// later_of, a window of 60 days, grace of 30, and for a fixed anchor at least
// 180 active days.
//
// A requirement to practise a quiz's questions reads
//
//	{kind: practice, ref: vehicle-walkaround, mark: 80, days: 8, within_days: 30, answers: 40, title: …}
//
// and is met once, of the last within_days days (30 unless written), there are at
// least so many on which the quiz was practised, with so many answers, so many
// percent of them right. A question counts once a day.
func Parse(file string, src []byte) (*Policy, fault.Problems) {
	s := &sheet{file: file}
	slug := strings.TrimSuffix(path.Base(file), ".yaml")
	if !slugShape.MatchString(slug) {
		s.fail(0, "文件名要用小写字母、数字和短横线，例如 l2-certified.yaml")
	}
	if root := s.root(src); root != nil {
		if f, ok := s.fields(root, "title", "title_en", "level", "validity_months", "basis", "anchor", "min_active_days",
			"window_days", "grace_days", "initial", "renewal", "lapsed"); ok {
			if p := f.policy(slug); s.problems.Err() == nil {
				p.Version = p.version()
				return p, s.problems
			}
		}
	}
	return nil, s.problems
}

func (f fields) policy(slug string) *Policy {
	p := &Policy{
		Slug:           slug,
		Title:          f.text("title"),
		TitleEN:        f.text("title_en"),
		Level:          f.pattern("level", levelShape, "L2"),
		ValidityMonths: f.number("validity_months", 1, 120, -1),
		WindowDays:     f.number("window_days", 1, 366, 60),
		GraceDays:      f.number("grace_days", 0, 366, 30),
		Basis:          LaterOf,
		Initial:        f.requirements("initial"),
		Renewal:        f.requirements("renewal"),
		Lapsed:         f.requirements("lapsed"),
	}
	if _, ok := f.has("basis"); ok {
		p.Basis = Basis(f.oneOf("basis", string(Completion), string(PreviousExpiry), string(LaterOf), string(FixedAnchor)))
	}
	if line, ok := f.has("initial"); !ok {
		f.sheet.fail(line, "缺少 initial：初次认证要做到什么")
	}
	f.showsSkill("initial", p.Initial)
	f.showsSkill("lapsed", p.Lapsed)
	f.window(p)
	f.anchor(p)
	return p
}

// showsSkill refuses a path made of reading alone: reading stays read, so such a
// path would be complete the moment it opened.
func (f fields) showsSkill(key string, list []Requirement) {
	if len(list) > 0 && !slices.ContainsFunc(list, func(r Requirement) bool { return r.Kind != Module }) {
		line, _ := f.has(key)
		f.sheet.fail(line, "%s 只有阅读，至少要有一项测验、演练或实操", key)
	}
}

// window checks that renewal cannot open before the certificate is earned.
func (f fields) window(p *Policy) {
	if shortest := 28*p.ValidityMonths - 1; p.ValidityMonths > 0 && p.WindowDays >= shortest {
		line, _ := f.has("window_days")
		f.sheet.fail(line, "window_days 是 %d 天，要短于有效期 %d 个月", p.WindowDays, p.ValidityMonths)
	}
}

// anchor reads what only a fixed anchor has. The shortest validity has to be
// longer than the window, or a renewal on the window's first day would gain nothing.
func (f fields) anchor(p *Policy) {
	if p.Basis != FixedAnchor {
		for _, key := range []string{"anchor", "min_active_days"} {
			if line, ok := f.has(key); ok {
				f.sheet.fail(line, "%s 只用于 basis: fixed_anchor", key)
			}
		}
		return
	}
	p.MinActiveDays = f.number("min_active_days", 1, 365, 180)
	if p.MinActiveDays <= p.WindowDays {
		line, _ := f.has("min_active_days")
		f.sheet.fail(line, "min_active_days 是 %d 天，要长于 window_days %d 天", p.MinActiveDays, p.WindowDays)
	}
	if p.ValidityMonths%12 != 0 {
		line, _ := f.has("validity_months")
		f.sheet.fail(line, "basis: fixed_anchor 时 validity_months 要是 12 的倍数")
	}
	day := f.text("anchor")
	t, err := time.Parse("2006-01-02", "2000-"+day) // a leap year, so that 02-29 is a day
	if err != nil && day != "" {
		line, _ := f.has("anchor")
		f.sheet.fail(line, "anchor 写成 %s，应当像 12-31（月-日）", day)
	}
	p.AnchorMonth, p.AnchorDay = int(t.Month()), t.Day()
}

// requirements reads a list of requirements, none twice.
func (f fields) requirements(key string) []Requirement {
	var list []Requirement
	seen := map[string]int{}
	for _, n := range f.list(key) {
		g, ok := f.sheet.fields(n, "kind", "ref", "mark", "no_red_line", "days", "within_days", "answers", "title")
		if !ok {
			continue
		}
		r := g.requirement()
		f.sheet.once(seen, r.Kind+" "+r.Ref, n.Line, "要求")
		list = append(list, r)
	}
	return list
}

func (f fields) requirement() Requirement {
	r := Requirement{Kind: f.oneOf("kind", kinds...), Title: f.text("title"), NoRedLine: f.flag("no_red_line")}
	switch r.Kind {
	case Module:
		r.Ref = f.pattern("ref", moduleShape, "seven-steps/vehicle-walkaround")
	case Observation:
		r.Ref = f.pattern("ref", itemShape, "O6")
	default:
		r.Ref = f.pattern("ref", slugShape, "vehicle-walkaround")
	}
	if r.Kind == Quiz || r.Kind == Scenario || r.Kind == Practice {
		r.Mark = f.number("mark", 1, 100, -1)
	} else if line, ok := f.has("mark"); ok {
		f.sheet.fail(line, "mark 只用于 quiz、scenario 和 practice")
	}
	if line, ok := f.has("no_red_line"); ok && r.Kind != Scenario {
		f.sheet.fail(line, "no_red_line 只用于 scenario")
	}
	f.practice(&r)
	return r
}

// practice reads what only a requirement to practise has.
func (f fields) practice(r *Requirement) {
	if r.Kind != Practice {
		for _, key := range []string{"days", "within_days", "answers"} {
			if line, ok := f.has(key); ok {
				f.sheet.fail(line, "%s 只用于 practice", key)
			}
		}
		return
	}
	r.Days = f.number("days", 1, 366, -1)
	r.Within = f.number("within_days", 1, 366, 30)
	r.Answers = f.number("answers", 1, 10_000, -1)
	if r.Days > r.Within {
		line, _ := f.has("days")
		f.sheet.fail(line, "days 是 %d 天，不能多于 within_days %d 天", r.Days, r.Within)
	}
}

// ObservationItem is one line of the practical checklist.
type ObservationItem struct {
	ID             string // "O6"
	Star           bool   // ★: without it nobody is signed off
	Title, TitleEN string
	Criterion      string   // what the observer has to see
	Sources        []string // fact ids
}

// ParseObservation reads certifications/observation.yaml, the items in order.
func ParseObservation(file string, src []byte) ([]ObservationItem, fault.Problems) {
	s := &sheet{file: file}
	root := s.root(src)
	if root == nil {
		return nil, s.problems
	}
	f, ok := s.fields(root, "items")
	if !ok {
		return nil, s.problems
	}
	if line, ok := f.has("items"); !ok {
		s.fail(line, "缺少 items")
	}
	var items []ObservationItem
	seen := map[string]int{}
	for _, n := range f.list("items") {
		g, ok := s.fields(n, "id", "star", "title", "title_en", "criterion", "sources")
		if !ok {
			continue
		}
		item := ObservationItem{ID: g.pattern("id", itemShape, "O6"), Star: g.flag("star"), Title: g.text("title"),
			TitleEN: g.text("title_en"), Criterion: g.text("criterion"), Sources: g.facts("sources")}
		s.once(seen, item.ID, n.Line, "观察项")
		items = append(items, item)
	}
	if s.problems.Err() != nil {
		return nil, s.problems
	}
	return items, s.problems
}

// facts reads a list of fact ids.
func (f fields) facts(key string) []string {
	var ids []string
	for _, n := range f.list(key) {
		if n.Kind != yaml.ScalarNode || !factShape.MatchString(n.Value) {
			f.sheet.fail(n.Line, "%s 里要写依据编号，例如 S4-035", key)
			continue
		}
		ids = append(ids, n.Value)
	}
	return ids
}
