package script

import (
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
)

// block is a heading with the lines below it.
type block struct {
	head line
	body []line
}

// read compiles the whole file. It stops early when what follows could only
// repeat the problem at hand.
func (p *parser) read(lines []line) {
	body, ok := p.front(lines)
	if !ok {
		return
	}
	scenes, trials := p.outline(body)
	if !p.declare(scenes) {
		return
	}
	for i, b := range scenes {
		p.compile(i, b)
	}
	for i, pages := range p.pages {
		p.scenario.Documents[i].Text = strings.Join(pages, "\n")
	}
	for _, b := range trials {
		p.trial(b)
	}
	if len(p.problems) == 0 {
		p.checkCalls()
	}
}

// outline sorts the lines below their headings. Comments and empty lines go.
func (p *parser) outline(lines []line) (scenes, trials []block) {
	var into *block
	lost := false
	for _, l := range lines {
		switch {
		case l.empty() || l.starts("#") && !l.starts("##"):
		case l.starts("##") && !l.starts("###"):
			if l.indented {
				p.fail(l.number, "场景标题要顶格写")
			}
			kind := &scenes
			if l.from(2).starts("试演:") {
				kind = &trials
			}
			*kind = append(*kind, block{head: l.from(2)})
			into = &(*kind)[len(*kind)-1]
		case into != nil:
			into.body = append(into.body, l)
		case !lost:
			p.fail(l.number, "第一个「## 场景名」之前不能有内容")
			lost = true
		}
	}
	return scenes, trials
}

// declare finds the scenes, documents and options, so that they can be named
// before they are written. Not ok means there are none, or too many.
func (p *parser) declare(scenes []block) (ok bool) {
	for i, b := range scenes {
		scene, m := p.heading(b.head)
		for _, l := range b.body {
			switch {
			case l.indented:
			case l.starts("-"):
				m.options = append(m.options, l.number)
			case l.starts("限时:"):
				m.silence = l.number
			case l.starts("资料:"):
				p.declareDocument(l, i)
			case l.starts("###") && !m.hub:
				name, _ := l.from(3).at("([")
				p.misplaced[name.key()] = true
			}
		}
		m.first = len(p.lines.Options)
		p.lines.Options = append(p.lines.Options, m.options...)
		if m.silence > 0 {
			p.lines.Options = append(p.lines.Options, m.silence)
		}
		p.scenario.Scenes = append(p.scenario.Scenes, scene)
		p.marks = append(p.marks, m)
		p.lines.Scenes = append(p.lines.Scenes, m.line)
	}
	n := len(scenes)
	p.lines.Beats, p.lines.Topics, p.lines.Jumps = make([][][]int, n), make([][]int, n), make([][]int, n)
	p.lines.Replies = make([][][]int, len(p.lines.Options))
	switch {
	case n == 0:
		p.fail(0, "没有场景：至少要有一个「## 场景名」")
		return false
	case n > roleplay.MaxScenes || len(p.scenario.Documents) > roleplay.MaxDocuments || len(p.lines.Options) > roleplay.MaxOptions:
		p.fail(0, "太长：最多%d个场景、%d份资料、%d句话术（限时也算）", roleplay.MaxScenes, roleplay.MaxDocuments, roleplay.MaxOptions)
		return false
	case p.marks[0].callable:
		p.fail(p.marks[0].line, "故事从第一个场景开始，它不能（可调用）")
	}
	return true
}

// heading reads `名（旁支）【结局：标题】【情绪 --】`.
func (p *parser) heading(l line) (roleplay.Scene, mark) {
	name, rest := l.at("([")
	scene, m := roleplay.Scene{Name: name.String()}, mark{line: l.number}
	arriving := &roleplay.Option{}
	for !rest.empty() {
		if !rest.starts("(") && !rest.starts("[") {
			p.fail(l.number, "场景标题里多出「%s」", rest)
			break
		}
		label, after, closed := rest.bracketed()
		if !closed {
			p.fail(l.number, "场景标题里的括号没有合上")
			break
		}
		p.label(label, &scene, &m, arriving)
		rest = after
	}
	scene.Effects = arriving.Effects
	if p.name("场景", name, "()[]#→|;,") && (name.key() == back || name.starts(call+" ")) {
		p.fail(l.number, "「%s」是格式自己的词，不能作场景名", name)
	}
	if m.hub && scene.Ending != "" {
		p.fail(l.number, "场景「%s」不能又是话题组又是结局", name)
		m.hub = false
	}
	if first, twice := p.scenes[name.key()]; twice {
		p.fail(l.number, "场景「%s」重复，第%d行已经有了", name, p.marks[first].line)
	} else {
		p.scenes[name.key()] = len(p.scenario.Scenes)
	}
	return scene, m
}

// label reads what stands in one pair of brackets of a heading.
func (p *parser) label(l line, scene *roleplay.Scene, m *mark, arriving *roleplay.Option) {
	if l.starts("结局:") {
		if scene.Ending = l.from(3).String(); scene.Ending == "" || l.index("[]") >= 0 {
			p.fail(l.number, "结局要有标题，标题里不能有【】：【结局：和好】")
			scene.Ending = "结局"
		}
		return
	}
	for _, item := range l.list(",;") {
		switch item.key() {
		case "旁支":
			m.side = true
		case "可调用":
			m.side, m.callable = true, true
		case "话题组":
			m.hub = true
		default:
			if !credit.MatchString(item.key()) {
				p.fail(item.number, "场景标题里的「%s」看不懂：可以写（旁支）（可调用）（话题组）【结局：标题】【情绪 --】%s",
					item, suggest(item.key(), []string{"旁支", "可调用", "话题组"}))
				continue
			}
			if p.credit(arriving, item); len(arriving.Scores) > 0 {
				p.fail(item.number, "「%s」：得分写在话术上，到一个场景不计分", item)
				arriving.Scores = nil
			}
		}
	}
}

// declareDocument reads `资料：名 | 内容`.
func (p *parser) declareDocument(l line, scene int) {
	name, text := l.from(3).at("|")
	doc := roleplay.Document{Name: name.String(), Scene: scene}
	if text = text.from(min(1, len(text.text))); text.empty() {
		p.fail(l.number, "资料要写成「资料：名 | 内容」")
	} else if p.name("资料", name, "[]#→;") && !name.balanced() {
		p.fail(l.number, "资料名「%s」的括号没有配对", name)
	}
	if _, twice := p.documents[name.key()]; twice {
		p.fail(l.number, "资料「%s」重复", name)
	} else {
		p.documents[name.key()] = len(p.scenario.Documents)
	}
	p.scenario.Documents = append(p.scenario.Documents, doc)
	p.pages = append(p.pages, []string{text.String()})
	p.lines.Documents = append(p.lines.Documents, l.number)
}

func (l line) balanced() bool {
	depth := 0
	for _, r := range l.folded {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

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
	scene := &p.scenario.Scenes[p.scene]
	p.below = p.stray
	g, rest, ok := p.guard(l)
	spoken := false
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
	case l.starts("限时:"):
		p.beginSilence(l)
	case l.starts("资料:"):
		d := slices.Index(p.lines.Documents, l.number)
		p.below = func(l line) { p.pages[d] = append(p.pages[d], l.String()) }
	default:
		spoken = true
		if len(scene.Options)+len(scene.Topics) > 0 {
			p.fail(l.number, "台词要写在话术前面；一个场景只有一次选择，后面的事请另起场景")
		}
		p.speech(&scene.Beats, &p.lines.Beats[p.scene], g, rest)
	}
	if scene.Ending != "" && !spoken {
		p.fail(l.number, "结局里只写台词")
	}
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

// sceneNamed finds a scene.
func (p *parser) sceneNamed(name line) (int, bool) {
	i, ok := p.scenes[name.key()]
	if !ok && !p.misplaced[name.key()] {
		var names []string
		for _, s := range p.scenario.Scenes {
			names = append(names, s.Name)
		}
		p.fail(name.number, "场景「%s」不存在%s", name, suggest(name.String(), names))
	}
	return i, ok
}

// documentNamed finds a document.
func (p *parser) documentNamed(name line) (int, bool) {
	i, ok := p.documents[name.key()]
	if !ok {
		var names []string
		for _, d := range p.scenario.Documents {
			names = append(names, d.Name)
		}
		p.fail(name.number, "资料「%s」不存在%s", name, suggest(name.String(), names))
	}
	return i, ok
}

// optionNamed reads 场景#n.
func (p *parser) optionNamed(ref line) (scene, n int, ok bool) {
	name, number := ref.at("#")
	if number.empty() {
		p.fail(ref.number, "「%s」要写成「场景#2」，#后面是第几句话术", ref)
		return 0, 0, false
	}
	if scene, ok = p.sceneNamed(name); !ok {
		return 0, 0, false
	}
	n, err := strconv.Atoi(number.from(1).key())
	if count := len(p.marks[scene].options); err != nil || n < 1 || n > count {
		p.fail(ref.number, "「%s」：场景「%s」一共%d句话术", ref, p.scenario.Scenes[scene].Name, count)
		return 0, 0, false
	}
	return scene, n - 1, true
}
