package script

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
)

// falls marks an option without an arrow until fallThrough has settled it.
const falls = -2

// beginOption reads `- 话术（可重复）【…】→ 场景` without its dash.
func (p *parser) beginOption(l line) {
	text, tail := l, l.from(len(l.text))
	if i := l.index("[→"); i >= 0 {
		text, tail = l.to(i), l.from(i)
	}
	scene := &p.scenario.Scenes[p.scene]
	o := roleplay.Option{ID: p.marks[p.scene].first + len(scene.Options), Way: roleplay.Way{To: falls}}
	if words, label := text.labelledLast(); label.key() == "可重复" {
		o.Repeat, text = true, words
	}
	if text.empty() || text.index("]") >= 0 {
		p.fail(l.number, "话术不能为空，也不能含【】[]→")
	}
	o.Text = text.String()
	scene.Options = append(scene.Options, o)
	p.option, p.document = &scene.Options[len(scene.Options)-1], nil
	p.tail(tail)
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

// tail reads any number of 【…】 and at most one → 场景.
func (p *parser) tail(l line) {
	for !l.empty() {
		switch {
		case l.starts("→"):
			end := l.index("[")
			if end < 0 {
				end = len(l.text)
			}
			if p.option.To != falls {
				p.fail(l.number, "这句话术已经写过「→」")
			}
			p.option.To = p.target(l.cut(1, end))
			l = l.from(end)
		case l.starts("["):
			end := l.index("]")
			if end < 0 {
				p.fail(l.number, "【…】没有合上")
				return
			}
			for _, item := range l.cut(1, end).list(",;") {
				p.credit(item)
			}
			l = l.from(end + 1)
		default:
			p.fail(l.number, "【…】后面多出「%s」", l)
			return
		}
	}
}

// detail reads an indented line below an option.
func (p *parser) detail(l line) {
	colon := l.index(":")
	switch {
	case l.starts("→") || l.starts("[") && isTail(l):
		p.tail(l)
	case l.starts("-"):
		p.fail(l.number, "话术要顶格写")
	case colon > 0 && slices.Contains(attributes, l.to(colon).key()):
		p.attribute(l.to(colon).key(), l.from(colon+1))
	default:
		if g, said, ok := p.guard(l); ok {
			p.speech(&p.option.Reply, g, said)
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

func (p *parser) attribute(key string, v line) {
	o := p.option
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
		p.basis(v)
	default:
		*field = v.String()
	}
}

var (
	leadingFact = regexp.MustCompile(`^S[0-9]-[0-9]{3}\b[,; ]*`)
	nearlyFact  = regexp.MustCompile(`\b[Ss][0-9]+ *[-_.] *[0-9]+`)
)

// basis reads `S4-011、S4-012；文字`: fact ids first, then the words as they are.
func (p *parser) basis(v line) {
	for {
		id := leadingFact.FindString(v.key())
		if id == "" {
			break
		}
		p.option.Sources = append(p.option.Sources, id[:len("S4-011")])
		v = v.from(len(id)) // ids and separators are ASCII: bytes are runes
	}
	if wrong := nearlyFact.FindString(v.key()); wrong != "" {
		p.fail(v.number, "依据里的「%s」：编号要写成「S4-011」，放在最前面，用、隔开", wrong)
	}
	p.option.Basis = v.String()
}

// credit reads one item of 【…】: a meter's effect or a dimension's score.
var credit = regexp.MustCompile(`^(\S+?)\s*([-+]{1,3}|[-+]\d+)$|^(\S+)\s+(\d+)$`)

func (p *parser) credit(item line) {
	m := credit.FindStringSubmatch(item.key())
	if m == nil {
		p.fail(item.number, "「%s」看不懂：仪表写「情绪 ++」或「情绪 +15」，维度写「D6 3」", item)
		return
	}
	name, value := m[1]+m[3], m[2]+m[4]
	switch meter, dimension := p.meter(name), p.dimension(name); {
	case meter >= 0 && m[2] != "":
		p.effect(item, meter, value)
	case meter >= 0:
		p.fail(item.number, "仪表「%s」要写增减：「%s +%s」", name, name, value)
	case dimension >= 0 && m[4] != "":
		p.score(item, dimension, value)
	case dimension >= 0:
		p.fail(item.number, "维度「%s」写0–3分，不写增减", name)
	default:
		p.fail(item.number, "「%s」没有在仪表或维度里声明%s", name, suggest(name, append(p.meterNames(), p.dimensionNames()...)))
	}
}

var strides = map[string]int{"+": 5, "++": 10, "+++": 20, "-": -5, "--": -10, "---": -20}

func (p *parser) effect(item line, meter int, value string) {
	by, short := strides[value]
	if !short {
		n, err := strconv.Atoi(value)
		if err != nil || n == 0 || n%5 != 0 || n < -100 || n > 100 {
			p.fail(item.number, "「%s」：增减要是5的倍数，不超过100", item)
		}
		by = n
	}
	if slices.ContainsFunc(p.option.Effects, func(e roleplay.Effect) bool { return e.Meter == meter }) {
		p.fail(item.number, "「%s」：同一个仪表写了两次", item)
	}
	p.option.Effects = append(p.option.Effects, roleplay.Effect{Meter: meter, By: by})
}

func (p *parser) score(item line, dimension int, value string) {
	points, err := strconv.Atoi(value)
	switch {
	case err != nil || points > 3:
		p.fail(item.number, "「%s」：得分只能是0–3", item)
	case p.option.Repeat:
		p.fail(item.number, "「%s」：可重复的话术不能计分，不然可以反复刷分", item)
	case slices.ContainsFunc(p.option.Scores, func(s roleplay.Score) bool { return s.Dimension == dimension }):
		p.fail(item.number, "「%s」：同一个维度写了两次", item)
	}
	p.option.Scores = append(p.option.Scores, roleplay.Score{Dimension: dimension, Points: points})
}
