package script

import (
	"slices"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// guard is `[条件]` or `[否则]` before or inside a line.
type guard struct {
	when      *roleplay.Condition
	otherwise bool
}

// guard takes a guard off the start of a line. Not ok means a problem was reported.
func (p *parser) guard(l line) (g *guard, rest line, ok bool) {
	if !l.starts("[") {
		return nil, l, true
	}
	end := l.index("]")
	if end < 0 {
		p.fail(l.number, "「%s」的方括号没有合上", l)
		return nil, l, false
	}
	inner := l.cut(1, end)
	if inner.key() == "否则" {
		return &guard{otherwise: true}, l.from(end + 1), true
	}
	when := p.condition(inner)
	if when == nil {
		when = &roleplay.Condition{Op: "and"} // reported; go on reading as if it held
	}
	return &guard{when: when}, l.from(end + 1), true
}

// speech reads `角色（表情）：[条件] 台词` into beats, and its line into lines; g is
// the guard that stood before it. Neighbouring guarded lines are alternatives of
// one beat; [否则] or an unguarded line closes it.
func (p *parser) speech(beats *[]roleplay.Beat, lines *[][]int, g *guard, l line) {
	colon := l.index(":")
	if colon <= 0 {
		p.fail(l.number, "看不懂「%s」：台词要写成「角色（表情）：台词」", l)
		return
	}
	said, ok := p.speakerLine(l.to(colon))
	if !ok {
		return
	}
	words := l.from(colon + 1)
	if g == nil {
		if g, words, ok = p.guard(words); !ok {
			return
		}
	}
	if words.empty() || words.index("[]→") >= 0 {
		p.fail(l.number, "台词不能为空，也不能含【】[]→：「%s」", words)
		return
	}
	said.Text = words.String()
	last := len(*beats) - 1
	open := last >= 0 && (*beats)[last][len((*beats)[last])-1].When != nil
	if g != nil {
		said.When = g.when
	}
	switch {
	case open && g != nil:
		(*beats)[last] = append((*beats)[last], said)
		(*lines)[last] = append((*lines)[last], l.number)
	case g != nil && g.otherwise:
		p.fail(l.number, "[否则]上面要紧挨着一行带条件的台词")
	default:
		*beats = append(*beats, roleplay.Beat{said})
		*lines = append(*lines, []int{l.number})
	}
}

func (p *parser) speakerLine(head line) (roleplay.Line, bool) {
	who, expression := head.labelled()
	said := roleplay.Line{Expression: expression.String()}
	i, inCast := p.speakers[who.key()]
	switch {
	case who.key() == "旁白":
		said.Kind = stage.KindStage
	case who.key() == "我":
		said.Kind = stage.KindMe
	case inCast && i < len(p.scenario.Cast):
		said.Kind, said.Who = stage.KindOther, p.scenario.Cast[i].Name
		if i == 0 {
			said.Kind = stage.KindCustomer
		}
	case !p.broken["角色"]:
		known := slices.Clone(reserved)
		if slices.Contains(known, who.key()) {
			known = nil // it was meant, but not here
		}
		for _, c := range p.scenario.Cast {
			known = append(known, c.Label, c.Name)
		}
		p.fail(head.number, "不认识「%s：」，它不是角色，也不是这里能用的词%s", who, suggest(who.key(), known))
		return said, false
	}
	return said, true
}
