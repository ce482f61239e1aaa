package script

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// entry is a key of the front matter.
type entry struct {
	key      string
	required bool
	prose    bool // free text, in which a # is a #
	read     func(*parser, line)
}

// entries in the order in which they need one another.
var entries = []entry{
	{"标题", true, true, func(p *parser, v line) { p.scenario.Title = v.String() }},
	{"英文标题", false, true, func(p *parser, v line) { p.scenario.TitleEN = v.String() }},
	{"处境", false, true, func(p *parser, v line) { p.scenario.Situation = v.String() }},
	{"说明", false, true, func(p *parser, v line) { p.scenario.Note = v.String() }},
	{"用途", false, false, (*parser).purpose},
	{"角色", true, false, (*parser).cast},
	{"仪表", true, false, (*parser).meters},
	{"性格", false, false, (*parser).personas},
	{"维度", true, false, (*parser).dimensions},
	{"权重", false, false, (*parser).weights},
	{"及格", true, false, (*parser).passRule},
}

// front reads the front matter and returns the lines after it. Not ok means
// there is none, and nothing after it would make sense.
func (p *parser) front(lines []line) (body []line, ok bool) {
	begin := slices.IndexFunc(lines, func(l line) bool { return !l.empty() })
	if begin < 0 || !lines[begin].fence() {
		p.fail(1, "文件要以「---」开头，先写标题、角色、处境、仪表、维度、及格")
		return nil, false
	}
	first := lines[begin].number
	lines = lines[begin+1:]
	end := slices.IndexFunc(lines, line.fence)
	if end < 0 {
		p.fail(first, "开头的「---」没有第二个「---」收尾")
		return nil, false
	}
	values := p.frontValues(lines[:end])
	for _, e := range entries {
		before := len(p.problems)
		switch v, given := values[e.key]; {
		case given && v.empty():
			p.fail(v.number, "「%s」后面是空的", e.key)
		case given:
			e.read(p, v)
		case e.required:
			p.fail(first, "缺少「%s:」", e.key)
		}
		p.broken[e.key] = len(p.problems) > before
	}
	p.fixPersona()
	return lines[end+1:], true
}

func (l line) fence() bool { return !l.indented && l.key() == "---" }

// frontValues collects `键: 值`; an indented line continues the value above it.
func (p *parser) frontValues(lines []line) map[string]line {
	values := map[string]line{}
	last := ""
	for _, l := range lines {
		if l.empty() || l.starts("#") {
			continue
		}
		key, value := last, l
		if !l.indented || last == "" {
			if key, value = p.frontKey(l); key == "" {
				continue
			}
			if _, twice := values[key]; twice {
				p.fail(l.number, "「%s:」写了两次", key)
			}
			last = key
			p.lines.Front[key] = l.number
			values[key] = line{number: l.number}
		}
		if i := slices.IndexFunc(entries, func(e entry) bool { return e.key == key }); i >= 0 && !entries[i].prose {
			value, _ = value.at("#")
		}
		v := values[key]
		v.text, v.folded = append(v.text, value.text...), append(v.folded, value.folded...)
		values[key] = v
	}
	return values
}

// frontKey splits `键: 值`. Of a key that does not exist the value is read as
// well, so that its further lines are not taken for others.
func (p *parser) frontKey(l line) (key string, value line) {
	colon := l.index(":")
	if colon <= 0 {
		p.fail(l.number, "「%s」要写成「键: 值」", l)
		return "", line{}
	}
	key = l.to(colon).key()
	var keys []string
	for _, e := range entries {
		keys = append(keys, e.key)
	}
	if !slices.Contains(keys, key) {
		p.fail(l.number, "不认识「%s:」%s", key, suggest(key, keys))
	}
	return key, l.from(colon + 1)
}

func (p *parser) purpose(v line) {
	switch v.key() {
	case "练习":
		p.scenario.Practice = true
	case "考试":
	default:
		p.fail(v.number, "用途只能是「考试」或「练习」，不是「%s」", v)
	}
}

// reserved words open lines of their own, so nobody can be called by them.
var reserved = []string{"旁白", "我", "资料", "限时", "条件", "点评", "依据", "红线", "专家"}

func (p *parser) cast(v line) {
	for _, item := range v.list(",;") {
		label, who, ok := item.assignment()
		name, persona := who.labelled()
		if !ok {
			p.fail(v.number, "角色要写成「客户=王先生（急躁）」，不是「%s」", item)
			continue
		}
		if !p.name("角色", label, "()[]:→") || !p.name("角色", name, "()[]:→") {
			continue
		}
		c := roleplay.Character{Label: label.key(), Name: name.String(), Persona: persona.String()}
		for _, word := range []string{c.Label, name.key()} {
			if i, taken := p.speakers[word]; taken && i < len(p.scenario.Cast) || slices.Contains(reserved, word) {
				p.fail(v.number, "角色「%s」重复，或者是格式自己的词", word)
			}
			p.speakers[word] = len(p.scenario.Cast)
		}
		p.scenario.Cast = append(p.scenario.Cast, c)
	}
	if n := len(p.scenario.Cast); n == 0 || n > maxCast {
		p.fail(v.number, "角色里至少要有客户，最多%d人", maxCast)
	}
}

// mood is the meter that shows on the customer's face.
const mood = "情绪"

// total, clean and redLine are words of the pass rule and of 试演.
const (
	total   = "总分"
	clean   = "无红线"
	redLine = "红线"
)

// operators are what would be taken for syntax inside the name of a meter or a dimension.
const operators = " ()[]<>=!≥≤≠+-:;,#|→且或非"

func (p *parser) meters(v line) {
	sc := p.scenario
	sc.Mood = -1
	for _, item := range v.list(",;") {
		name, value, _ := item.assignment()
		start, err := strconv.Atoi(value.key())
		if err != nil || start < 0 || start > 100 || start%5 != 0 {
			p.fail(v.number, "仪表要写成「情绪=35」，起点0–100，5的倍数，不是「%s」", item)
		}
		if !p.name("仪表", name, operators) {
			continue
		}
		if p.meter(name.key()) >= 0 || name.key() == total {
			p.fail(v.number, "仪表「%s」重复，或者是格式自己的词", name)
		}
		if len(sc.Meters) == roleplay.MaxMeters {
			p.fail(v.number, "仪表最多%d个", roleplay.MaxMeters)
			return
		}
		if name.key() == mood {
			sc.Mood = len(sc.Meters)
		}
		sc.Meters = append(sc.Meters, roleplay.Meter{Name: name.key(), Start: start})
	}
	if sc.Mood < 0 {
		p.fail(v.number, "仪表里要有「%s」，客户的脸色由它决定", mood)
	}
}

// personas reads the temperaments of which the seed draws one.
func (p *parser) personas(v line) {
	for _, item := range v.list(",;") {
		i := pack(item.key())
		switch {
		case i < 0:
			hint := suggest(item.key(), packNames())
			p.fail(v.number, "没有「%s」这种性格%s", item, cmp.Or(hint, "，只有 "+strings.Join(packNames(), "、")))
		case p.persona(item.key()) >= 0:
			p.fail(v.number, "性格「%s」写了两次", item)
		default:
			p.scenario.Personas = append(p.scenario.Personas, roleplay.Packs[i].Persona(p.scenario))
		}
	}
	if n := len(p.scenario.Personas); n > roleplay.MaxPersonas {
		p.fail(v.number, "性格最多%d种", roleplay.MaxPersonas)
	}
}

// fixPersona takes the customer's description for his temperament when it is
// exactly the name of one and nothing else was said.
func (p *parser) fixPersona() {
	sc := p.scenario
	if len(sc.Personas) > 0 || p.broken["性格"] || len(sc.Cast) == 0 {
		return
	}
	if i := pack(strings.Map(fold, sc.Cast[0].Persona)); i >= 0 {
		sc.Personas = []roleplay.Persona{roleplay.Packs[i].Persona(sc)}
	}
}

func pack(name string) int {
	return slices.IndexFunc(roleplay.Packs, func(k roleplay.Pack) bool { return k.Name == name })
}

func packNames() []string {
	var names []string
	for _, k := range roleplay.Packs {
		names = append(names, k.Name)
	}
	return names
}

// competence is `D6` or `D6 承诺管理`.
var competence = regexp.MustCompile(`^D([0-9]+) *(.*)$`)

func (p *parser) dimensions(v line) {
	for _, item := range v.list(",;") {
		d, ok := p.declared(item)
		if !ok {
			continue
		}
		if p.dimension(d.Key) >= 0 || p.meter(d.Name) >= 0 || d.Name == total {
			p.fail(v.number, "维度「%s」重复，或者已经是仪表的名字", item)
			continue
		}
		if len(p.scenario.Dimensions) == roleplay.MaxDimensions {
			p.fail(v.number, "维度最多%d个", roleplay.MaxDimensions)
			return
		}
		p.scenario.Dimensions = append(p.scenario.Dimensions, d)
	}
	if len(p.scenario.Dimensions) == 0 {
		p.fail(v.number, "至少要有一个维度")
	}
}

// declared reads one dimension: one of the eight by key or name, or a
// competence of one's own.
func (p *parser) declared(item line) (roleplay.Dimension, bool) {
	name := item.key()
	if m := competence.FindStringSubmatch(name); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > len(roleplay.Competences) {
			p.fail(item.number, "维度「%s」：只有 D1–D8，例如「D6 承诺管理」；自己的维度只写名字", item)
			return roleplay.Dimension{}, false
		}
		if known := roleplay.Competences[n-1]; m[2] != "" && m[2] != known {
			p.fail(item.number, "D%d 是「%s」，不是「%s」", n, known, m[2])
		}
		name = roleplay.Competences[n-1]
	}
	if i := slices.Index(roleplay.Competences[:], name); i >= 0 {
		return roleplay.Dimension{Key: "D" + strconv.Itoa(i+1), Name: name, Weight: 1}, true
	}
	return roleplay.Dimension{Key: name, Name: name, Weight: 1}, p.name("维度", item, operators)
}

func (p *parser) weights(v line) {
	for _, item := range v.list(",;") {
		name, value, _ := item.assignment()
		i, ok := p.dimensionNamed(name)
		w, err := strconv.Atoi(value.key())
		switch {
		case !ok:
		case err != nil || w < 1 || w > 10:
			p.fail(v.number, "权重要写成「D6=2」，1–10，不是「%s」", item)
		default:
			p.scenario.Dimensions[i].Weight = w
		}
	}
}

func (p *parser) passRule(v line) {
	clauses := v.list(",;")
	for _, item := range clauses {
		if item.key() == clean {
			p.scenario.Pass = append(p.scenario.Pass, roleplay.Rule{Kind: stage.RuleClean})
			continue
		}
		name, value := item.at(">≥")
		switch {
		case value.starts(">="):
			value = value.from(2)
		case value.starts("≥"):
			value = value.from(1)
		}
		mark, err := strconv.Atoi(value.key())
		if err != nil || mark < 0 || mark > 100 {
			p.fail(v.number, "及格要写成「总分>=60」「D6>=50」「情绪>=60」或「无红线」，不是「%s」", item)
			continue
		}
		p.passClause(name, mark)
	}
	if len(clauses) == 0 {
		p.fail(v.number, "及格里至少要有一条")
	}
}

func (p *parser) passClause(name line, mark int) {
	r := roleplay.Rule{Kind: stage.RuleTotal, Mark: mark}
	switch d, m := p.dimension(name.key()), p.meter(name.key()); {
	case name.key() == total:
	case d >= 0:
		r.Kind, r.Index = stage.RuleDimension, d
	case m >= 0:
		r.Kind, r.Index = stage.RuleMeter, m
	case p.broken["仪表"] || p.broken["维度"]:
	default:
		known := slices.Concat(p.dimensionNames(), p.meterNames(), []string{total, clean})
		p.fail(name.number, "及格里的「%s」没有声明%s", name, suggest(name.key(), known))
		return
	}
	p.scenario.Pass = append(p.scenario.Pass, r)
}
