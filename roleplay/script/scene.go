package script

import (
	"slices"
	"strings"

	"qibu/roleplay"
)

// compile reads the lines of a scene.
func (p *parser) compile(i int, b block) {
	p.scene, p.below = i, p.stray
	for _, l := range b.body {
		if l.indented {
			p.below(l)
		} else {
			p.atMargin(l)
		}
	}
	p.checkScene()
	p.fallThrough()
}

// stray reports an indented line that belongs to nothing, and no further one.
func (p *parser) stray(l line) {
	p.fail(l.number, "缩进的行要跟在话术、限时或资料下面")
	p.below = func(line) {}
}

// atMargin reads a line of the scene itself.
func (p *parser) atMargin(l line) {
	p.below = p.stray
	g, rest, ok := p.guard(l)
	limit, limited := l.after("限时")
	_, document := l.after("资料")
	switch {
	case !ok:
		return
	case rest.starts("→"):
		p.jump(g, rest)
	case g != nil && rest.starts("-"):
		p.fail(l.number, "话术的条件写在下面，缩进：「条件：…」")
	case l.starts("###"):
		p.topic(l.from(3))
	case l.starts("-"):
		p.beginOption(l.from(1))
	case limited:
		p.beginSilence(limit)
	case document:
		d := slices.Index(p.lines.Documents, l.number)
		p.below = func(l line) { p.pages[d] = append(p.pages[d], l.String()) }
	default:
		p.spoken(g, rest)
		return
	}
	if p.scenario.Scenes[p.scene].Ending != "" {
		p.fail(l.number, "结局里只写台词")
	}
}

// spoken reads a line that somebody says before the decision.
func (p *parser) spoken(g *guard, l line) {
	scene := &p.scenario.Scenes[p.scene]
	if word, _ := l.at(":"); slices.Contains(attributes, word.key()) {
		p.fail(l.number, "「%s：」要缩进，写在话术下面", word)
		p.below = func(line) {}
		return
	}
	if len(scene.Options)+len(scene.Topics) > 0 {
		p.fail(l.number, "台词要写在话术前面；一个场景只有一次选择，后面的事请另起场景")
	}
	p.speech(&scene.Beats, &p.lines.Beats[p.scene], g, l)
}

// topic reads `### 话题名（必谈）`.
func (p *parser) topic(l line) {
	scene := &p.scenario.Scenes[p.scene]
	name, label := l.labelled()
	switch {
	case !p.marks[p.scene].hub:
		p.fail(l.number, "「###」是话题，只写在（话题组）的场景里；场景标题用两个#")
		return
	case !p.name("话题", name, "()[]"):
	case label.key() != "必谈" && label.key() != "可选":
		p.fail(l.number, "话题要写成「### %s（必谈）」或「### %s（可选）」", name, name)
	case slices.ContainsFunc(scene.Topics, func(t roleplay.Topic) bool { return strings.Map(fold, t.Name) == name.key() }):
		p.fail(l.number, "话题「%s」重复", name)
	case len(scene.Topics) == roleplay.MaxTopics:
		p.fail(l.number, "一个话题组最多%d个话题", roleplay.MaxTopics)
		return
	}
	scene.Topics = append(scene.Topics, roleplay.Topic{Name: name.String(), Must: label.key() == "必谈"})
	p.lines.Topics[p.scene] = append(p.lines.Topics[p.scene], l.number)
}

// checkScene wants of a hub what makes it end, and of a limit of time a decision.
func (p *parser) checkScene() {
	scene, m := &p.scenario.Scenes[p.scene], &p.marks[p.scene]
	if scene.Silence != nil && len(scene.Options) == 0 && scene.Ending == "" {
		p.fail(m.silence, "没有话术可选的场景用不着限时")
	}
	if m.hub && !slices.ContainsFunc(scene.Topics, func(t roleplay.Topic) bool { return t.Must }) {
		p.fail(m.line, "话题组「%s」至少要有一个「### 话题（必谈）」", scene.Name)
	}
	for i, t := range scene.Topics {
		if !slices.ContainsFunc(scene.Options, func(o roleplay.Option) bool { return o.Topic == i+1 }) {
			p.fail(p.lines.Topics[p.scene][i], "话题「%s」下面没有话术", t.Name)
		}
	}
}
