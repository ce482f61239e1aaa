package courses

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/markdown"
)

const courseFile = "course.yaml"

// What a module should be: enough to teach one thing, short enough for one sitting.
const (
	minRunes, maxRunes     = 1200, 2500
	minMinutes, maxMinutes = 5, 120
	minTries               = 2
)

var (
	slugPattern  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	modulePath   = regexp.MustCompile(`^([0-9]{2})-([a-z0-9-]+)\.md$`)
	levelPattern = regexp.MustCompile(`^L[123M]$`)
)

// LoadCourse reads a course from its files, path inside the course folder to
// text, and checks it. The course is nil only when it has no course.yaml; with
// problems that are errors it must not be published.
func LoadCourse(files map[string]string, slug string, facts map[string]Fact) (*Course, fault.Problems) {
	l := &loader{files: files, folder: "courses/" + slug, facts: facts, shown: map[string]bool{}}
	text, ok := files[courseFile]
	if !ok {
		l.problems.Add(l.file(courseFile), 0, "课程没有 %s", courseFile)
		return nil, l.problems
	}
	c := l.course(slug, text)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if m := modulePath.FindStringSubmatch(name); m != nil {
			number, _ := strconv.Atoi(m[1]) // two digits
			c.Modules = append(c.Modules, l.module(slug, name, m[2], number))
		}
	}
	l.checkOrder(c)
	l.checkLeftovers()
	return c, l.problems
}

// loader reads one course and collects what is wrong with it.
type loader struct {
	files    map[string]string
	folder   string
	facts    map[string]Fact
	shown    map[string]bool // images some module shows
	problems fault.Problems
}

func (l *loader) file(name string) string { return path.Join(l.folder, name) }

func (l *loader) course(slug, text string) *Course {
	file := l.file(courseFile)
	var y struct {
		Title    string   `yaml:"title"`
		TitleEN  string   `yaml:"title_en"`
		Summary  string   `yaml:"summary"`
		Level    string   `yaml:"level"`
		Order    int      `yaml:"order"`
		Audience []string `yaml:"audience"`
	}
	l.problems = append(l.problems, markdown.YAML(file, []byte(text), &y)...)
	if !slugPattern.MatchString(slug) {
		l.problems.Add(file, 0, "课程文件夹名 %q 只能用小写英文字母、数字和 -", slug)
	}
	l.require(file, text, map[string]string{"title": y.Title, "title_en": y.TitleEN, "summary": y.Summary})
	if !levelPattern.MatchString(y.Level) {
		l.problems.Add(file, lineOf(text, "level:"), "level 只能是 L1 L2 L3 LM")
	}
	if y.Order < 1 {
		l.problems.Add(file, lineOf(text, "order:"), "order 要从 1 开始")
	}
	if len(y.Audience) == 0 {
		l.problems.Add(file, lineOf(text, "audience:"), "audience 要写明给谁学")
	}
	return &Course{
		Slug: slug, Title: y.Title, TitleEN: y.TitleEN, Summary: y.Summary,
		Level: y.Level, Order: y.Order, Audience: y.Audience,
	}
}

// require reports fields that are empty.
func (l *loader) require(file, text string, fields map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if strings.TrimSpace(fields[name]) == "" {
			l.problems.Add(file, lineOf(text, name+":"), "%s 不能空着", name)
		}
	}
}

func (l *loader) module(course, name, slug string, number int) *Module {
	file, text := l.file(name), l.files[name]
	var y struct {
		Title      string   `yaml:"title"`
		TitleEN    string   `yaml:"title_en"`
		Minutes    int      `yaml:"minutes"`
		Step       string   `yaml:"step"`
		Objectives []string `yaml:"objectives"`
		Sources    []string `yaml:"sources"`
	}
	body, line, headerProblems := markdown.FrontMatter(file, []byte(text), &y)
	doc, bodyProblems := markdown.Render(body, markdown.Options{
		File: file, FirstLine: line, RequireIDs: true, Image: l.image, Fact: l.known,
	})
	l.problems = append(append(l.problems, headerProblems...), bodyProblems...)
	m := &Module{
		Course: course, Slug: slug, Number: number, Title: y.Title, TitleEN: y.TitleEN, Minutes: y.Minutes,
		Step: y.Step, Objectives: y.Objectives, Sources: y.Sources, Body: doc, File: file,
	}
	if headerProblems.Err() == nil { // otherwise fields are missing because they could not be read
		l.checkHeader(m, text)
		l.checkSources(m, text)
		l.checkBody(m)
	}
	return m
}

func (l *loader) image(name string) (string, bool) {
	svg, ok := l.files[name]
	l.shown[name] = true
	return svg, ok
}

func (l *loader) known(id string) bool {
	_, ok := l.facts[id]
	return ok
}

func (l *loader) checkHeader(m *Module, text string) {
	l.require(m.File, text, map[string]string{"title": m.Title, "title_en": m.TitleEN})
	if !slugPattern.MatchString(m.Slug) {
		l.problems.Add(m.File, 0, "模块文件名 %q 只能用小写英文字母、数字和 -", m.Slug)
	}
	if m.Minutes < minMinutes || m.Minutes > maxMinutes {
		l.problems.Add(m.File, lineOf(text, "minutes:"), "minutes 要在 %d 到 %d 之间", minMinutes, maxMinutes)
	}
	if m.Step != NoStep && !slices.Contains(Steps, m.Step) {
		l.problems.Add(m.File, lineOf(text, "step:"), "step 只能是 %s 或 %s", strings.Join(Steps, " "), NoStep)
	}
	if len(m.Objectives) == 0 {
		l.problems.Add(m.File, lineOf(text, "objectives:"), "objectives 至少写一条")
	}
}

// checkSources holds the list of facts in the header against the marks in the
// text. Facts the text names and the inventory lacks are found while rendering.
func (l *loader) checkSources(m *Module, text string) {
	for i, id := range m.Sources {
		line := lineOf(text, id)
		switch {
		case slices.Contains(m.Sources[:i], id):
			l.problems.Add(m.File, line, "sources 里 %s 写了两次", id)
		case !l.known(id):
			l.problems.Add(m.File, line, "出处 %s 不在事实清单里", id)
		case !slices.Contains(m.Body.Sources, id):
			l.problems.Warn(m.File, line, "sources 里有 %s，正文没有用到", id)
		}
	}
	for _, id := range m.Body.Sources {
		if !slices.Contains(m.Sources, id) {
			l.problems.Add(m.File, lineOf(text, "["+id+"]"), "正文用了 %s，sources 里没有", id)
		}
	}
}

func (l *loader) checkBody(m *Module) {
	doc := m.Body
	if !slices.ContainsFunc(doc.Headings, func(h markdown.Heading) bool { return h.Level == 2 }) {
		l.problems.Add(m.File, 0, "正文没有二级标题，学习进度无从记起")
	}
	if len(doc.Images) == 0 && doc.Tables == 0 {
		l.problems.Add(m.File, 0, "至少要有一幅图或一张表")
	}
	if doc.Runes < minRunes || doc.Runes > maxRunes {
		l.problems.Warn(m.File, 0, "正文 %d 个汉字，一个模块宜在 %d 到 %d 之间", doc.Runes, minRunes, maxRunes)
	}
	tries := 0
	for _, kind := range doc.Callouts {
		if kind == "TRY" {
			tries++
		}
	}
	if tries < minTries {
		l.problems.Warn(m.File, 0, "只有 %d 个“想一想”，至少要 %d 个", tries, minTries)
	}
}

// checkOrder puts modules in order and finds two in one place.
func (l *loader) checkOrder(c *Course) {
	if len(c.Modules) == 0 {
		l.problems.Add(l.file(courseFile), 0, "课程一个模块也没有")
	}
	slices.SortStableFunc(c.Modules, func(a, b *Module) int { return cmp.Compare(a.Number, b.Number) })
	for i, m := range c.Modules {
		for _, before := range c.Modules[:i] {
			if before.Number == m.Number || before.Slug == m.Slug {
				l.problems.Add(m.File, 0, "和 %s 编号或名字相同", path.Base(before.File))
			}
		}
	}
}

// checkLeftovers finds files that nothing uses: most are a misspelt name.
func (l *loader) checkLeftovers() {
	for _, name := range slices.Sorted(maps.Keys(l.files)) {
		switch {
		case name == courseFile || modulePath.MatchString(name) || strings.HasPrefix(path.Base(name), "."):
		case path.Dir(name) == "img" && path.Ext(name) == ".svg":
			if !l.shown[name] {
				l.problems.Warn(l.file(name), 0, "没有模块用到这幅图")
			}
		default:
			l.problems.Add(l.file(name), 0, "不认识这个文件：模块写成 01-slug.md，图放在 img/ 里，用 .svg")
		}
	}
}
