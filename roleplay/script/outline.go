package script

import (
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
			kind, head := &scenes, l.from(2)
			if name, ok := head.after("试演"); ok {
				kind, head = &trials, name
			}
			*kind = append(*kind, block{head: head})
			into = &(*kind)[len(*kind)-1]
		case into != nil:
			if l.starts("###") && l.indented {
				p.fail(l.number, "话题标题要顶格写")
				l.indented = false
			}
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
			p.declareLine(l, i, &m)
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

// declareLine notes what a line of scene i at the margin will be named by.
func (p *parser) declareLine(l line, i int, m *mark) {
	if l.indented {
		return
	}
	if l.starts("-") {
		m.options = append(m.options, l.number)
	} else if _, ok := l.after("限时"); ok {
		m.silence = l.number
	} else if document, ok := l.after("资料"); ok {
		p.declareDocument(document, i)
	} else if l.starts("###") && !m.hub {
		name, _ := l.from(3).at("([")
		p.misplaced[name.key()] = true
	}
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
	if title, ok := l.after("结局"); ok {
		if scene.Ending = title.String(); scene.Ending == "" || l.index("[]") >= 0 {
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

// declareDocument reads `名 | 内容`.
func (p *parser) declareDocument(l line, scene int) {
	name, text := l.at("|")
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
