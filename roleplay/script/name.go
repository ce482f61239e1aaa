package script

import (
	"slices"
	"strconv"

	"qibu/roleplay"
)

// name checks a name the author gives to something; a problem was reported
// when it is not ok. Runes in not would be taken for syntax where it is used.
func (p *parser) name(kind string, name line, not string) (ok bool) {
	wrong := name.index(not)
	switch {
	case name.empty():
		p.fail(name.number, "%s没有名字", kind)
	case len(name.text) > maxName:
		p.fail(name.number, "%s名「%s」太长，最多%d个字", kind, name, maxName)
	case wrong >= 0:
		p.fail(name.number, "%s名「%s」里不能有「%c」", kind, name, name.text[wrong])
	default:
		return true
	}
	return false
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

func (p *parser) dimensionNamed(name line) (int, bool) {
	i := p.dimension(name.key())
	if i < 0 && !p.broken["维度"] {
		p.fail(name.number, "维度「%s」没有声明%s", name, suggest(name.key(), p.dimensionNames()))
	}
	return i, i >= 0
}

func (p *parser) dimensionNames() []string {
	var names []string
	for _, d := range p.scenario.Dimensions {
		names = append(names, d.Key)
		if d.Name != d.Key {
			names = append(names, d.Name)
		}
	}
	return names
}

func (p *parser) persona(name string) int {
	return slices.IndexFunc(p.scenario.Personas, func(t roleplay.Persona) bool { return t.Name == name })
}
