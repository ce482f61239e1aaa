package script

import "qibu/roleplay"

// The words after an arrow that are not a scene's name.
const (
	back = "返回"
	call = "调用"
)

// falls marks a way without an arrow until the scene has been read.
const falls = -2

// way reads what stands after one arrow: a scene, 返回, or 调用 and a scene, after
// which one more arrow may tell where to go on.
func (p *parser) way(w *roleplay.Way, to line) {
	_, exists := p.scenes[to.key()]
	switch {
	case w.To != falls:
		p.fail(to.number, "已经写过「→」，只能去一个地方")
	case to.empty():
		p.fail(to.number, "「→」后面要写场景名")
	case to.key() == back:
		if w.To = roleplay.Return; !p.marks[p.scene].callable {
			p.fail(to.number, "「→ 返回」只能写在（可调用）的场景里")
		}
	case to.starts(call) && !exists:
		if w.Call != 0 {
			p.fail(to.number, "一次只能调用一个场景")
		}
		if to = to.from(2); to.empty() {
			p.fail(to.number, "「→ 调用」后面要写场景名")
			return
		}
		w.Call = p.called(to)
	default:
		w.To = p.entered(to)
	}
}

func (p *parser) called(name line) int {
	i, ok := p.sceneNamed(name)
	if ok && !p.marks[i].callable {
		p.fail(name.number, "场景「%s」不能调用：它的标题要写（可调用）", name)
	}
	return i
}

func (p *parser) entered(name line) int {
	i, ok := p.sceneNamed(name)
	if ok && p.marks[i].callable && !p.marks[p.scene].callable {
		p.fail(name.number, "场景「%s」是（可调用）的，要写「→ 调用 %s」", name, name)
	}
	return i
}

// jump reads where a scene leads when no option is available.
func (p *parser) jump(g *guard, ways line) {
	scene := &p.scenario.Scenes[p.scene]
	o := &roleplay.Option{Way: roleplay.Way{To: falls}}
	p.tail(o, ways)
	j := roleplay.Jump{Way: o.Way}
	last := len(scene.Jumps) - 1
	switch {
	case len(o.Effects)+len(o.Scores) > 0:
		p.fail(ways.number, "这里的「→」后面不能有【…】：写在话术上，或写在要去的场景的标题上")
	case last >= 0 && scene.Jumps[last].When == nil:
		p.fail(ways.number, "上面的「→」已经没有条件，这一行永远轮不到")
	case g != nil && g.otherwise && last < 0:
		p.fail(ways.number, "[否则]上面要有带条件的「→」")
	case g != nil:
		j.When = g.when
	}
	scene.Jumps = append(scene.Jumps, j)
	p.lines.Jumps[p.scene] = append(p.lines.Jumps[p.scene], ways.number)
}

// fallThrough gives every option and jump without an arrow its way, and a scene
// that would lead nowhere the next one: the next scene that is not aside, or
// back from a called scene. An option of a hub leads back to it.
func (p *parser) fallThrough() {
	scene, m := &p.scenario.Scenes[p.scene], &p.marks[p.scene]
	if scene.Ending != "" {
		return
	}
	next := p.next()
	said := next
	if m.hub {
		said = p.scene
	}
	for i := range scene.Options {
		p.fall(&scene.Options[i].Way, said, m.options[i])
	}
	if scene.Silence != nil {
		p.fall(&scene.Silence.Way, said, m.silence)
	}
	for i := range scene.Jumps {
		p.fall(&scene.Jumps[i].Way, next, p.lines.Jumps[p.scene][i])
	}
	stays := len(scene.Options) > 0 && !m.hub
	if k := len(scene.Jumps); stays || k > 0 && scene.Jumps[k-1].When == nil {
		return
	}
	j := roleplay.Jump{Way: roleplay.Way{To: falls}}
	p.fall(&j.Way, next, m.line)
	scene.Jumps = append(scene.Jumps, j)
	p.lines.Jumps[p.scene] = append(p.lines.Jumps[p.scene], m.line)
}

func (p *parser) fall(w *roleplay.Way, to, number int) {
	if w.To != falls {
		return
	}
	if w.To = to; to == len(p.marks) {
		p.fail(number, "后面没有场景可以落到，请写「→ 场景」")
	}
}

func (p *parser) next() int {
	if p.marks[p.scene].callable {
		return roleplay.Return
	}
	next := p.scene + 1
	for next < len(p.marks) && p.marks[next].side {
		next++
	}
	return next
}
