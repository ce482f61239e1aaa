package script

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
)

// beginOption reads `- 话术（可重复）【…】→ 场景` without its dash.
func (p *parser) beginOption(l line) {
	text, tail := l.at("[→")
	scene := &p.scenario.Scenes[p.scene]
	scene.Options = append(scene.Options, roleplay.Option{
		ID: p.marks[p.scene].first + len(scene.Options), Topic: len(scene.Topics), Way: roleplay.Way{To: falls},
	})
	o := &scene.Options[len(scene.Options)-1]
	if words, label := text.labelledLast(); label.key() == "可重复" {
		o.Repeat, text = true, words
	}
	if text.empty() || text.index("]") >= 0 {
		p.fail(l.number, "话术不能为空，也不能含【】[]→")
	}
	o.Text = text.String()
	p.below = func(l line) { p.detail(o, l) }
	p.tail(o, tail)
}

// beginSilence reads `20秒【…】→ 场景`.
func (p *parser) beginSilence(l line) {
	scene, m := &p.scenario.Scenes[p.scene], &p.marks[p.scene]
	limit, tail := l.at("[→")
	seconds, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(limit.key(), "秒")))
	if err != nil || !strings.HasSuffix(limit.key(), "秒") || seconds < 5 || seconds > 600 {
		p.fail(l.number, "限时要写成「限时：20秒 → 场景」，5–600秒，不是「%s」", limit)
	}
	if scene.Silence != nil {
		p.fail(l.number, "一个场景只有一个限时")
	}
	scene.Silence = &roleplay.Silence{Seconds: seconds, Option: roleplay.Option{
		ID: m.first + len(m.options), Way: roleplay.Way{To: falls},
	}}
	o := &scene.Silence.Option
	p.below = func(l line) {
		if _, conditional := l.after("条件"); conditional {
			p.fail(l.number, "限时没有条件")
			return
		}
		p.detail(o, l)
	}
	p.tail(o, tail)
}

// labelledLast splits off the last pair of brackets at the end of a line.
func (l line) labelledLast() (rest, label line) {
	open := strings.LastIndex(string(l.folded), "(")
	if open < 0 || l.folded[len(l.folded)-1] != ')' {
		return l, line{}
	}
	n := len([]rune(string(l.folded)[:open]))
	return l.to(n), l.cut(n+1, len(l.text)-1)
}

// tail reads any number of 【…】 and a way.
func (p *parser) tail(o *roleplay.Option, l line) {
	for !l.empty() {
		switch {
		case l.starts("→"):
			to, rest := l.from(1).at("[→")
			p.way(&o.Way, to)
			l = rest
		case l.starts("["):
			inside, rest, closed := l.bracketed()
			if !closed {
				p.fail(l.number, "【…】没有合上")
				return
			}
			for _, item := range inside.list(",;") {
				p.credit(o, item)
			}
			l = rest
		default:
			p.fail(l.number, "【…】后面多出「%s」", l)
			return
		}
	}
}

// detail reads an indented line below an option.
func (p *parser) detail(o *roleplay.Option, l line) {
	colon := max(0, l.index(":"))
	switch key := l.to(colon).key(); {
	case l.starts("→") || l.starts("[") && isTail(l):
		p.tail(o, l)
	case l.starts("-"):
		p.fail(l.number, "话术要顶格写")
	case key == "限时" || key == "资料":
		p.fail(l.number, "「%s：」要顶格写", key)
	case slices.Contains(attributes, key):
		p.attribute(o, key, l.from(colon+1))
	default:
		if g, said, ok := p.guard(l); ok {
			p.speech(&o.Reply, &p.lines.Replies[o.ID], g, said)
		}
	}
}

// attributes are what may be noted below an option.
var attributes = []string{"条件", "点评", "依据", "红线", "专家"}

// isTail tells effects and scores from a guarded line: nothing is said after them.
func isTail(l line) bool {
	end := l.index("]")
	return end < 0 || l.from(end+1).empty() || l.from(end+1).index("→[") == 0
}

func (p *parser) attribute(o *roleplay.Option, key string, v line) {
	field := map[string]*string{"点评": &o.Coaching, "红线": &o.RedLine, "专家": &o.Expert, "依据": &o.Basis}[key]
	given := key == "条件" && o.When != nil || field != nil && *field != "" || key == "依据" && o.Sources != nil
	switch {
	case v.empty():
		p.fail(v.number, "「%s：」后面是空的", key)
	case given:
		p.fail(v.number, "这句话术已经写过「%s：」", key)
	case key == "条件":
		o.When = p.condition(v)
	case key == "依据":
		p.basis(o, v)
	default:
		*field = v.String()
	}
}

var (
	leadingFact = regexp.MustCompile(`^S[0-9]-[0-9]{3}\b[,; ]*`)
	nearlyFact  = regexp.MustCompile(`\b[Ss][0-9]+ *[-_.] *[0-9]+`)
)

// basis reads `S4-011、S4-012；文字`: fact ids first, then the words as they are.
func (p *parser) basis(o *roleplay.Option, v line) {
	for {
		id := leadingFact.FindString(v.key())
		if id == "" {
			break
		}
		o.Sources = append(o.Sources, id[:len("S4-011")])
		v = v.from(len(id)) // ids and separators are ASCII: bytes are runes
	}
	if wrong := nearlyFact.FindString(v.key()); wrong != "" {
		p.fail(v.number, "依据里的「%s」：编号要写成「S4-011」，放在最前面，用、隔开", wrong)
	}
	o.Basis = v.String()
}

// credit reads one item of 【…】: a meter's effect or a dimension's score.
var credit = regexp.MustCompile(`^(\S+?)\s*([-+]{1,3}|[-+]\d+)$|^(\S+)\s+(\d+)$`)

func (p *parser) credit(o *roleplay.Option, item line) {
	m := credit.FindStringSubmatch(item.key())
	if m == nil {
		p.fail(item.number, "「%s」看不懂：仪表写「情绪 ++」或「情绪 +15」，维度写「D6 3」", item)
		return
	}
	name, value := m[1]+m[3], m[2]+m[4]
	switch meter, dimension := p.meter(name), p.dimension(name); {
	case meter >= 0 && m[2] != "":
		p.effect(o, item, meter, value)
	case meter >= 0:
		p.fail(item.number, "仪表「%s」要写增减：「%s +%s」", name, name, value)
	case dimension >= 0 && m[4] != "":
		p.score(o, item, dimension, value)
	case dimension >= 0:
		p.fail(item.number, "维度「%s」写0–3分，不写增减", name)
	case p.broken["仪表"] || p.broken["维度"]:
	default:
		p.fail(item.number, "「%s」没有在仪表或维度里声明%s", name, suggest(name, append(p.meterNames(), p.dimensionNames()...)))
	}
}

var strides = map[string]int{"+": 5, "++": 10, "+++": 20, "-": -5, "--": -10, "---": -20}

func (p *parser) effect(o *roleplay.Option, item line, meter int, value string) {
	by, short := strides[value]
	if !short {
		n, err := strconv.Atoi(value)
		if err != nil || n == 0 || n%5 != 0 || n < -100 || n > 100 {
			p.fail(item.number, "「%s」：增减要是5的倍数，不超过100", item)
		}
		by = n
	}
	if slices.ContainsFunc(o.Effects, func(e roleplay.Effect) bool { return e.Meter == meter }) {
		p.fail(item.number, "「%s」：同一个仪表写了两次", item)
		return
	}
	o.Effects = append(o.Effects, roleplay.Effect{Meter: meter, By: by})
}

func (p *parser) score(o *roleplay.Option, item line, dimension int, value string) {
	points, err := strconv.Atoi(value)
	switch {
	case err != nil || points > 3:
		p.fail(item.number, "「%s」：得分只能是0–3", item)
		return
	case o.Repeat:
		p.fail(item.number, "「%s」：可重复的话术不能计分，不然可以反复刷分", item)
	case slices.ContainsFunc(o.Scores, func(s roleplay.Score) bool { return s.Dimension == dimension }):
		p.fail(item.number, "「%s」：同一个维度写了两次", item)
		return
	}
	o.Scores = append(o.Scores, roleplay.Score{Dimension: dimension, Points: points})
}
