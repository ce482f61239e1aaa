package script

import (
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// keys of the front matter; the reading order is the order of dependence.
var keys = []string{"标题", "英文标题", "角色", "处境", "说明", "仪表", "维度", "权重", "及格"}

var optionalKeys = []string{"英文标题", "说明", "权重"}

// front reads the front matter and returns the lines after it.
func (p *parser) front(lines []line) []line {
	begin := slices.IndexFunc(lines, func(l line) bool { return !l.empty() })
	if begin < 0 || lines[begin].key() != "---" {
		p.fail(1, "文件要以「---」开头，先写标题、角色、处境、仪表、维度、及格")
		return lines
	}
	first := lines[begin].number
	lines = lines[begin+1:]
	end := slices.IndexFunc(lines, func(l line) bool { return l.key() == "---" && !l.indented })
	if end < 0 {
		p.fail(first, "开头的「---」没有第二个「---」收尾")
		return nil
	}
	values := p.frontValues(lines[:end])
	for _, k := range keys {
		v, given := values[k]
		switch {
		case given && v.empty():
			p.fail(v.number, "「%s」后面是空的", k)
		case given:
			p.frontKey(k, v)
		case !slices.Contains(optionalKeys, k):
			p.fail(first, "缺少「%s:」", k)
		}
	}
	return lines[end+1:]
}

// frontValues collects `键: 值`; an indented line continues the value above it.
func (p *parser) frontValues(lines []line) map[string]line {
	values := map[string]line{}
	last := ""
	for _, l := range lines {
		if l.empty() || l.starts("#") {
			continue
		}
		if l.indented && last != "" {
			v := values[last]
			v.text, v.folded = append(slices.Clip(v.text), l.text...), append(slices.Clip(v.folded), l.folded...)
			values[last] = v
			continue
		}
		colon := l.index(":")
		if colon < 0 {
			p.fail(l.number, "「%s」要写成「键: 值」", l)
			continue
		}
		key := l.to(colon).key()
		if !slices.Contains(keys, key) {
			p.fail(l.number, "不认识「%s:」%s", key, suggest(key, keys))
			continue
		}
		if _, twice := values[key]; twice {
			p.fail(l.number, "「%s:」写了两次", key)
		}
		last = key
		p.lines.Front[key] = l.number
		values[key] = l.from(colon + 1)
	}
	return values
}

func (p *parser) frontKey(key string, v line) {
	switch key {
	case "标题":
		p.scenario.Title = v.String()
	case "英文标题":
		p.scenario.TitleEN = v.String()
	case "处境":
		p.scenario.Situation = v.String()
	case "说明":
		p.scenario.Note = v.String()
	case "角色":
		p.cast(v)
	case "仪表":
		p.meters(v)
	case "维度":
		p.dimensions(v)
	case "权重":
		p.weights(v)
	case "及格":
		p.passRule(v)
	}
}

// reserved words open lines of their own, so nobody can be called by them.
var reserved = []string{"旁白", "我", "资料", "条件", "点评", "依据", "红线", "专家"}

func (p *parser) cast(v line) {
	for _, item := range v.list(",;") {
		label, who, ok := item.assignment()
		name, persona := who.labelled()
		if !ok || label.empty() || name.empty() {
			p.fail(v.number, "角色要写成「客户=王先生（急躁）」，不是「%s」", item)
			continue
		}
		c := roleplay.Character{Label: label.key(), Name: name.String(), Persona: persona.String()}
		for _, word := range []string{c.Label, name.key()} {
			if _, taken := p.speaker(word); taken || slices.Contains(reserved, word) {
				p.fail(v.number, "角色「%s」重复，或者是格式自己的词", word)
			}
		}
		p.scenario.Cast = append(p.scenario.Cast, c)
	}
	if len(p.scenario.Cast) == 0 {
		p.fail(v.number, "角色里至少要有客户")
	}
}

// mood is the meter that shows on the customer's face.
const mood = "情绪"

func (p *parser) meters(v line) {
	sc := p.scenario
	sc.Mood = -1
	for _, item := range v.list(",;") {
		name, value, _ := item.assignment()
		start, err := strconv.Atoi(value.key())
		if err != nil || start < 0 || start > 100 || start%5 != 0 {
			p.fail(v.number, "仪表要写成「情绪=35」，起点0–100，5的倍数，不是「%s」", item)
		}
		if name.empty() || name.index("()[]<>=!#|且或非") >= 0 || p.meter(name.key()) >= 0 {
			p.fail(v.number, "仪表名「%s」重复，或者含有括号、比较号、且或非", name)
		}
		if name.key() == mood {
			sc.Mood = len(sc.Meters)
		}
		sc.Meters = append(sc.Meters, roleplay.Meter{Name: name.key(), Start: start})
	}
	if sc.Mood < 0 {
		p.fail(v.number, "仪表里要有「%s」，客户的脸色由它决定", mood)
	}
	if len(sc.Meters) > roleplay.MaxMeters {
		p.fail(v.number, "仪表最多%d个", roleplay.MaxMeters)
	}
}

func (p *parser) dimensions(v line) {
	for _, item := range v.list(",;") {
		key, name := item, line{}
		if i := item.index(" "); i > 0 {
			key, name = item.to(i), item.from(i)
		}
		n, err := strconv.Atoi(strings.TrimPrefix(key.key(), "D"))
		if err != nil || !key.starts("D") || n < 1 || n > len(roleplay.Competences) {
			p.fail(v.number, "维度「%s」要以 D1–D8 开头，例如「D6 承诺管理」", item)
			continue
		}
		d := roleplay.Dimension{Key: "D" + strconv.Itoa(n), Name: roleplay.Competences[n-1], Weight: 1}
		if !name.empty() && name.key() != d.Name {
			p.fail(v.number, "%s 是「%s」，不是「%s」", d.Key, d.Name, name)
		}
		if p.dimension(d.Key) >= 0 {
			p.fail(v.number, "维度 %s 写了两次", d.Key)
			continue
		}
		p.scenario.Dimensions = append(p.scenario.Dimensions, d)
	}
	if len(p.scenario.Dimensions) == 0 {
		p.fail(v.number, "至少要有一个维度")
	}
}

func (p *parser) weights(v line) {
	for _, item := range v.list(",;") {
		name, value, _ := item.assignment()
		i := p.dimension(name.key())
		w, err := strconv.Atoi(value.key())
		switch {
		case i < 0:
			p.fail(v.number, "维度「%s」没有声明%s", name, suggest(name.key(), p.dimensionNames()))
		case err != nil || w < 1 || w > 10:
			p.fail(v.number, "权重要写成「D6=2」，1–10，不是「%s」", item)
		default:
			p.scenario.Dimensions[i].Weight = w
		}
	}
}

func (p *parser) passRule(v line) {
	for _, item := range v.list(",;") {
		if item.key() == "无红线" {
			p.scenario.Pass = append(p.scenario.Pass, roleplay.Rule{Kind: stage.RuleClean})
			continue
		}
		name, value := item, line{}
		if i := item.index(">≥"); i >= 0 {
			name, value = item.to(i), item.from(i+1)
			if item.folded[i] == '>' && value.starts("=") {
				value = value.from(1)
			} else if item.folded[i] == '>' {
				value = line{}
			}
		}
		mark, err := strconv.Atoi(value.key())
		if err != nil || mark < 0 || mark > 100 {
			p.fail(v.number, "及格要写成「总分>=60」「D6>=50」「情绪>=60」或「无红线」，不是「%s」", item)
			continue
		}
		p.passClause(name, mark)
	}
}

func (p *parser) passClause(name line, mark int) {
	r := roleplay.Rule{Kind: stage.RuleTotal, Mark: mark}
	switch d, m := p.dimension(name.key()), p.meter(name.key()); {
	case name.key() == "总分":
	case d >= 0:
		r.Kind, r.Index = stage.RuleDimension, d
	case m >= 0:
		r.Kind, r.Index = stage.RuleMeter, m
	default:
		known := append(append(p.dimensionNames(), p.meterNames()...), "总分", "无红线")
		p.fail(name.number, "及格里的「%s」没有声明%s", name, suggest(name.key(), known))
		return
	}
	p.scenario.Pass = append(p.scenario.Pass, r)
}

// assignment splits 名=值.
func (l line) assignment() (name, value line, ok bool) {
	i := l.index("=")
	if i < 0 {
		return l, line{number: l.number}, false
	}
	return l.to(i), l.from(i + 1), true
}

func (p *parser) meter(name string) int {
	return slices.IndexFunc(p.scenario.Meters, func(m roleplay.Meter) bool { return m.Name == name })
}

func (p *parser) meterNames() []string {
	var names []string
	for _, m := range p.scenario.Meters {
		names = append(names, m.Name)
	}
	return names
}

// dimension finds a declared dimension by its key or its name.
func (p *parser) dimension(name string) int {
	return slices.IndexFunc(p.scenario.Dimensions, func(d roleplay.Dimension) bool { return d.Key == name || d.Name == name })
}

func (p *parser) dimensionNames() []string {
	var names []string
	for _, d := range p.scenario.Dimensions {
		names = append(names, d.Key, d.Name)
	}
	return names
}

// speaker finds who of the cast is meant by a label or a name.
func (p *parser) speaker(word string) (int, bool) {
	i := slices.IndexFunc(p.scenario.Cast, func(c roleplay.Character) bool { return c.Label == word || fold(c.Name) == word })
	return i, i >= 0
}
