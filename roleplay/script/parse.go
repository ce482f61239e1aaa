// Package script reads a 剧本, the line-based text format in which trainers
// write role-plays, and compiles it into a roleplay.Scenario. Every problem is
// reported with its line, in Chinese, proposing the nearest name where one is near.
package script

import (
	"path"
	"strings"

	"qibu/internal/fault"
	"qibu/roleplay"
)

// Script is a 剧本 that has been read: its scenario, whose dimensions carry no
// bounds yet, where everything stands in the file, and its 试演.
type Script struct {
	Scenario *roleplay.Scenario
	Lines    Lines
	Trials   []Trial
	Text     []string // the file, line by line
}

// Lines tells where in the file, counted from 1, a thing begins.
type Lines struct {
	Front     map[string]int // by key of the front matter: "维度"
	Scenes    []int
	Options   []int // by Option.ID, silences too
	Topics    [][]int
	Documents []int
}

// Read compiles the 剧本 in src without walking through it. The script is nil
// when a problem is more than a warning. The file's name without its extension
// becomes the scenario's slug.
func Read(file string, src []byte) (*Script, fault.Problems) {
	p := &parser{
		file:      file,
		scenario:  &roleplay.Scenario{Engine: roleplay.EngineVersion, Slug: slug(file)},
		scenes:    map[string]int{},
		documents: map[string]int{},
		lines:     Lines{Front: map[string]int{}},
	}
	body := p.front(split(string(src)))
	p.declare(body)
	p.compile(body)
	if p.problems.Err() != nil {
		return nil, p.problems
	}
	return &Script{
		Scenario: p.scenario, Lines: p.lines, Trials: p.trials,
		Text: strings.Split(string(src), "\n"),
	}, p.problems
}

func slug(file string) string {
	name, _, _ := strings.Cut(path.Base(file), ".")
	return name
}

// parser holds what is known while the file is read. Names are declared in a
// first pass, so that the second can resolve every reference where it stands.
type parser struct {
	file      string
	problems  fault.Problems
	scenario  *roleplay.Scenario
	scenes    map[string]int // by key of the name
	documents map[string]int
	marks     []mark // per scene
	lines     Lines
	trials    []Trial

	scene    int  // being read; -1 before the first
	inTrial  bool // being read is a 试演
	option   *roleplay.Option
	document *roleplay.Document
}

// mark is where a scene and its options stand in the file.
type mark struct {
	line    int
	side    bool
	first   int   // id of the first option
	options []int // lines
}

func (p *parser) fail(number int, format string, args ...any) {
	p.problems.Add(p.file, number, format, args...)
}

// declare finds the scenes, documents and options, so that they can be named
// before they are written.
func (p *parser) declare(body []line) {
	scene, options, trial := -1, 0, false
	for _, l := range body {
		switch {
		case l.indented || l.empty():
		case trialHeader(l):
			trial = true
		case sceneHeader(l):
			scene, trial = p.header(l, options), false
		case scene < 0 || trial:
		case l.starts("-"):
			p.marks[scene].options = append(p.marks[scene].options, l.number)
			p.lines.Options = append(p.lines.Options, l.number)
			options++
		case l.starts("资料:"):
			p.declareDocument(l, scene)
		}
	}
	sc := p.scenario
	if len(sc.Scenes) == 0 {
		p.fail(0, "没有场景：至少要有一个「## 场景名」")
	}
	if len(sc.Scenes) > roleplay.MaxScenes || len(sc.Documents) > roleplay.MaxDocuments || options > roleplay.MaxOptions {
		p.fail(0, "太长：最多%d个场景、%d份资料、%d句话术", roleplay.MaxScenes, roleplay.MaxDocuments, roleplay.MaxOptions)
	}
}

func sceneHeader(l line) bool { return !l.indented && l.starts("##") && !l.starts("###") }

// header reads `## 名（旁支）【结局：标题】` and returns the scene's index.
func (p *parser) header(l line, options int) int {
	l = l.from(2)
	name, rest := l, l.from(len(l.text))
	if i := l.index("(["); i >= 0 {
		name, rest = l.to(i), l.from(i)
	}
	scene := roleplay.Scene{Name: name.String()}
	m := mark{line: l.number, first: options}
	for !rest.empty() {
		end := rest.index(")]")
		if end < 0 {
			p.fail(l.number, "场景标题里的括号没有合上")
			break
		}
		switch label := rest.cut(1, end); {
		case label.key() == "旁支":
			m.side = true
		case label.starts("结局:") && !label.from(3).empty():
			scene.Ending = label.from(3).String()
		default:
			p.fail(l.number, "场景标题里的「%s」看不懂：只有（旁支）和【结局：标题】", label)
		}
		rest = rest.from(end + 1)
		if !rest.empty() && rest.index("([") != 0 {
			p.fail(l.number, "场景标题里多出「%s」", rest)
			break
		}
	}
	if name.empty() || name.index("#→|;,)]") >= 0 {
		p.fail(l.number, "场景名「%s」不能为空，也不能含 ）】#→|；，", name)
	}
	if first, twice := p.scenes[name.key()]; twice {
		p.fail(l.number, "场景「%s」重复，第%d行已经有了", name, p.marks[first].line)
	} else {
		p.scenes[name.key()] = len(p.scenario.Scenes)
	}
	p.scenario.Scenes = append(p.scenario.Scenes, scene)
	p.marks = append(p.marks, m)
	p.lines.Scenes = append(p.lines.Scenes, l.number)
	p.lines.Topics = append(p.lines.Topics, nil)
	return len(p.scenario.Scenes) - 1
}

// declareDocument reads `资料：名 | 内容`.
func (p *parser) declareDocument(l line, scene int) {
	l = l.from(3)
	bar := l.index("|")
	if bar <= 0 || l.from(bar+1).empty() {
		p.fail(l.number, "资料要写成「资料：名 | 内容」")
		bar = len(l.text)
	}
	name := l.to(bar)
	if _, twice := p.documents[name.key()]; twice {
		p.fail(l.number, "资料「%s」重复", name)
	}
	p.documents[name.key()] = len(p.scenario.Documents)
	doc := roleplay.Document{Name: name.String(), Scene: scene}
	if bar < len(l.text) {
		doc.Text = l.from(bar + 1).String()
	}
	p.scenario.Documents = append(p.scenario.Documents, doc)
	p.lines.Documents = append(p.lines.Documents, l.number)
}

// compile reads the body line by line into the declared scenes.
func (p *parser) compile(body []line) {
	p.scene = -1
	for _, l := range body {
		switch {
		case l.empty() || l.starts("#") && !l.starts("##"): // a comment
		case trialHeader(l):
			p.beginTrial(l)
		case sceneHeader(l):
			p.scene++
			p.inTrial, p.option, p.document = false, nil, nil
		case p.inTrial:
			p.trialSteps(l)
		case l.starts("##"):
			p.fail(l.number, "场景标题用两个#，顶格写")
		case p.scene < 0:
			p.fail(l.number, "第一个「## 场景名」之前不能有内容")
		case l.indented:
			p.below(l)
		default:
			p.atMargin(l)
		}
	}
	p.fallThrough()
}

// atMargin reads a line of the scene itself.
func (p *parser) atMargin(l line) {
	scene := &p.scenario.Scenes[p.scene]
	g, rest, ok := p.guard(l)
	if !ok {
		return
	}
	isSpeech := false
	switch {
	case rest.starts("→"):
		p.jump(g, rest.from(1))
	case l.starts("-"):
		p.beginOption(l.from(1))
	case l.starts("资料:"):
		p.option = nil
		p.document = &p.scenario.Documents[p.documents[documentKey(l)]]
	default:
		isSpeech = true
		p.option, p.document = nil, nil
		if len(scene.Options) > 0 {
			p.fail(l.number, "台词要写在话术前面；一个场景只有一次选择，后面的事请另起场景")
		}
		p.speech(&scene.Beats, g, rest)
	}
	if scene.Ending != "" && !isSpeech {
		p.fail(l.number, "结局里只写台词")
	}
}

func documentKey(l line) string {
	l = l.from(3)
	if bar := l.index("|"); bar > 0 {
		return l.to(bar).key()
	}
	return l.key()
}

// below reads an indented line, which belongs to the option or document above it.
func (p *parser) below(l line) {
	switch {
	case p.option != nil:
		p.detail(l)
	case p.document != nil:
		p.document.Text += "\n" + l.String()
	default:
		p.fail(l.number, "缩进的行要跟在话术或资料下面")
	}
}

// jump reads the target of a scene without an available option.
func (p *parser) jump(g *guard, to line) {
	scene := &p.scenario.Scenes[p.scene]
	p.option, p.document = nil, nil
	j := roleplay.Jump{Way: roleplay.Way{To: p.target(to)}}
	settled := len(scene.Jumps) > 0 && scene.Jumps[len(scene.Jumps)-1].When == nil
	switch {
	case settled:
		p.fail(to.number, "上面的「→」已经没有条件，这一行永远轮不到")
	case g != nil && g.otherwise && len(scene.Jumps) == 0:
		p.fail(to.number, "［否则］上面要有带条件的「→」")
	case g != nil:
		j.When = g.when
	}
	scene.Jumps = append(scene.Jumps, j)
}

// target finds the scene an arrow points to.
func (p *parser) target(name line) int {
	if i, ok := p.scenes[name.key()]; ok {
		return i
	}
	var names []string
	for _, s := range p.scenario.Scenes {
		names = append(names, s.Name)
	}
	p.fail(name.number, "场景「%s」不存在%s", name, suggest(name.String(), names))
	return 0
}

// fallThrough gives every option without an arrow, and every scene without
// options, the next scene that is not 旁支.
func (p *parser) fallThrough() {
	for i := range p.scenario.Scenes {
		s := &p.scenario.Scenes[i]
		next := i + 1
		for next < len(p.marks) && p.marks[next].side {
			next++
		}
		for k := range s.Options {
			if s.Options[k].To != falls {
				continue
			}
			s.Options[k].To = next
			if next == len(p.marks) {
				p.fail(p.marks[i].options[k], "后面没有场景可以落到，请写「→ 场景」")
			}
		}
		if s.Ending != "" || len(s.Options) > 0 {
			continue
		}
		if k := len(s.Jumps); k > 0 && s.Jumps[k-1].When == nil {
			continue
		}
		s.Jumps = append(s.Jumps, roleplay.Jump{Way: roleplay.Way{To: next}})
		if next == len(p.marks) {
			p.fail(p.marks[i].line, "场景「%s」没有话术，后面也没有场景可以落到", s.Name)
		}
	}
}
