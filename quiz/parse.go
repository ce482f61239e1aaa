package quiz

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/markdown"
	"qibu/quiz/sheet"
)

// The two options of a true-false question.
const affirm, deny = "对", "错"

var (
	kinds     = []string{sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order}
	supported = strings.Join(kinds, "、")
)

var (
	headingLine  = regexp.MustCompile(`^##\s+(.*?)\s*(?:\{([^{}]*)\}\s*)?$`)
	optionLine   = regexp.MustCompile(`^- \[([ xX])\]\s+(\S.*)$`)
	badCheckbox  = regexp.MustCompile(`^[-*+]\s*\[\s*[xX]?\s*\]`)
	stepLine     = regexp.MustCompile(`^(\d+)[.)．、]\s*(\S.*)$`)
	whyLine      = regexp.MustCompile(`^\s*>\s*(.*)$`)
	explainLine  = regexp.MustCompile(`^解析[：:]\s*(.*)$`)
	basisLine    = regexp.MustCompile(`^依据[：:]`)
	basisFields  = regexp.MustCompile(`^依据[：:]\s*(.*?)[\s·・•]*复习[：:]\s*(\S*)\s*$`)
	sourceMark   = regexp.MustCompile(`\[S\d+-\d+\]`)
	factID       = regexp.MustCompile(`^S\d+-\d{3}$`)
	slugText     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	moduleRef    = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+$`)
	headingRef   = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+#[a-z0-9-]+$`)
	topicText    = regexp.MustCompile(`^D[1-8]$`)
	basisFormat  = "依据：S4-035、S1-008 · 复习：课程/模块#小节"
	optionFormat = "“- [x] 正确的选项”或“- [ ] 错误的选项”"
)

// header is the front matter of a bank.
type header struct {
	Title   string `yaml:"title"`
	TitleEN string `yaml:"title_en"`
	Module  string `yaml:"module"`
	Draw    int    `yaml:"draw"`
	Pass    int    `yaml:"pass"`
	Minutes int    `yaml:"minutes"`
	Shuffle bool   `yaml:"shuffle"`
	Retake  Retake `yaml:"retake"`
}

// Parse reads a bank. The problems are all findings at once, in Chinese with
// line numbers; with an error among them there is no bank.
//
// A bank is YAML front matter and one "## " section per question:
//
//	## 三件套应在什么时候铺？ {#covers-when topic=D5 difficulty=1 points=2 critical}
//	More of the stem, any Markdown.
//	- [ ] a wrong option
//	  > why someone would choose it
//	- [x] a right option
//
//	解析：an explanation, optional
//
//	依据：S4-035、S1-008 · 复习：seven-steps/vehicle-walkaround#covers
//
// The kind follows from the options: one right, several right, or 对 and 错;
// type=order has a numbered list in the right order instead. The other
// attributes are topic (D1–D8), difficulty (1–3), points (1–10, default 1),
// critical and pilot.
func Parse(file string, src []byte) (*Bank, fault.Problems) {
	head := header{Shuffle: true, Retake: Retake{WaitHours: 24, Max: 3, WithinDays: 30}}
	body, first, ps := markdown.FrontMatter(file, src, &head)
	p := &parser{file: file, src: src, problems: ps}
	drafts := p.read(body, first)
	b := &Bank{
		Slug: strings.TrimSuffix(path.Base(file), ".md"), Title: head.Title, TitleEN: head.TitleEN,
		Module: head.Module, Size: head.Draw, Pass: head.Pass, Minutes: head.Minutes,
		Shuffle: head.Shuffle, Retake: head.Retake, File: file,
	}
	for _, d := range drafts {
		p.checkDraft(d)
		b.Questions = append(b.Questions, p.render(d))
	}
	p.checkBank(b)
	p.checkStyle(drafts)
	if p.problems.Err() != nil {
		return nil, p.problems
	}
	return b, p.problems
}

type parser struct {
	file     string
	src      []byte
	problems fault.Problems
}

func (p *parser) errorf(line int, format string, args ...any) {
	p.problems.Add(p.file, line, format, args...)
}

// draft is a question as the author wrote it: the texts of its options are not
// yet rendered, those of stem and explanation not yet filled in.
type draft struct {
	Question
	heading     string
	stem        passage
	lines       []int // of the options
	explanation passage
	explaining  bool // the line before belongs to the explanation
	based       bool // the 依据 line was seen
}

// passage is consecutive lines of the file.
type passage struct {
	first int
	lines []string
}

func (t *passage) add(line int, text string) {
	if len(t.lines) == 0 {
		t.first = line
	}
	t.lines = append(t.lines, text)
}

// read splits the body, whose first line is line first of the file, into questions.
func (p *parser) read(body []byte, first int) []*draft {
	var drafts []*draft
	for i, raw := range bytes.Split(body, []byte("\n")) {
		line, text := first+i, strings.TrimRight(string(raw), " \t\r")
		switch m := headingLine.FindStringSubmatch(text); {
		case m != nil:
			drafts = append(drafts, p.heading(line, m[1], m[2]))
		case len(drafts) > 0:
			p.line(drafts[len(drafts)-1], line, text)
		case text != "":
			p.errorf(line, "第一道题之前只能是空行；题目以“## 题干 {#题号}”开头")
		}
	}
	return drafts
}

// heading reads the line that opens a question.
func (p *parser) heading(line int, text, attributes string) *draft {
	d := &draft{heading: text, Question: Question{Line: line, Difficulty: 1, Points: 1}}
	for _, a := range strings.Fields(attributes) {
		p.attribute(d, a)
	}
	return d
}

func (p *parser) attribute(d *draft, a string) {
	key, value, _ := strings.Cut(a, "=")
	switch {
	case strings.HasPrefix(a, "#"):
		d.ID = a[1:]
	case a == "critical":
		d.Critical = true
	case a == "pilot":
		d.Pilot = true
	case key == "topic" && topicText.MatchString(value):
		d.Topic = value
	case key == "topic":
		p.errorf(d.Line, "topic 应是 D1 到 D8，现在是“%s”", value)
	case key == "difficulty":
		d.Difficulty = p.number(d.Line, key, value, 3)
	case key == "points":
		d.Points = p.number(d.Line, key, value, 10)
	case key == "type" && slices.Contains(kinds, value):
		d.Kind = value
	case key == "type":
		p.errorf(d.Line, "题型“%s”本版本尚不支持；可用的题型：%s", value, supported)
	default:
		p.errorf(d.Line, "不认识的属性“%s”；可用：#题号 topic difficulty points critical pilot type", a)
	}
}

// number reads an attribute's value between 1 and most.
func (p *parser) number(line int, key, value string, most int) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		p.errorf(line, "%s 应是 1 到 %d 的整数，现在是“%s”", key, most, value)
		return 1
	}
	return n
}

// line reads line n of the file, which is under a question's heading.
func (p *parser) line(d *draft, n int, text string) {
	option, why := d.listed().FindStringSubmatch(text), whyLine.FindStringSubmatch(text)
	explain := explainLine.FindStringSubmatch(text)
	explaining, last := d.explaining, len(d.Options)-1
	d.explaining = false
	switch {
	case d.based && text != "":
		p.errorf(n, "“依据”一行要放在这道题的最后")
	case basisLine.MatchString(text):
		d.based = true
		p.basis(d, n, text)
	case explain != nil && last < 0:
		p.errorf(n, "“解析”要写在选项之后")
	case explain != nil:
		d.explaining = true
		d.explanation.add(n, explain[1])
	case explaining && text != "":
		d.explaining = true
		d.explanation.add(n, text)
	case option != nil:
		d.Options = append(d.Options, Option{Text: option[2], Right: strings.EqualFold(option[1], "x")})
		d.lines = append(d.lines, n)
	case badCheckbox.MatchString(text) && d.Kind != sheet.Order:
		p.errorf(n, "选项要写成%s，顶格写，方括号后空一格", optionFormat)
	case last < 0:
		d.stem.add(n, text)
	case why != nil:
		d.Options[last].Why += why[1] // Chinese joins lines without a space
	case text != "":
		p.errorf(n, "看不懂这一行：选项之后只能是“> 理由”、“解析：……”和“依据：……”")
	}
}

// listed is how the options of d are written.
func (d *draft) listed() *regexp.Regexp {
	if d.Kind == sheet.Order {
		return stepLine
	}
	return optionLine
}

// basis reads "依据：S4-035、S1-008 · 复习：course/module#heading".
func (p *parser) basis(d *draft, n int, text string) {
	m := basisFields.FindStringSubmatch(text)
	if m == nil {
		p.errorf(n, "“依据”一行缺少“复习”；写法：%s", basisFormat)
		return
	}
	d.Sources = strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune("、，, ", r) })
	if len(d.Sources) == 0 {
		p.errorf(n, "“依据”后面没有事实编号；写法：%s", basisFormat)
	}
	for _, id := range d.Sources {
		if !factID.MatchString(id) {
			p.errorf(n, "“%s”不是事实编号（应如 S4-035）", id)
		}
	}
	if d.Review = m[2]; !headingRef.MatchString(d.Review) {
		p.errorf(n, "“复习”应写成 课程/模块#小节，现在是“%s”", d.Review)
	}
}

// render turns a draft into a question.
func (p *parser) render(d *draft) Question {
	q := d.Question
	q.Kind = d.kind()
	q.Stem = "<p>" + markdown.Inline(d.heading) + "</p>" + p.markdown(d.stem)
	q.Explanation = p.markdown(d.explanation)
	q.Options = make([]Option, len(d.Options))
	for i, o := range d.Options {
		q.Options[i] = Option{Text: markdown.Inline(o.Text), Why: markdown.Inline(o.Why), Right: o.Right}
	}
	return q
}

func (p *parser) markdown(t passage) string {
	if len(t.lines) == 0 {
		return ""
	}
	doc, ps := markdown.Render([]byte(strings.Join(t.lines, "\n")), markdown.Options{File: p.file, FirstLine: t.first})
	p.problems = append(p.problems, ps...)
	return doc.HTML
}

// kind is the written type or, without one, what the options look like.
func (d *draft) kind() string {
	switch {
	case d.Kind != "":
		return d.Kind
	case d.isTrueFalse():
		return sheet.TrueFalse
	case d.rightCount() > 1:
		return sheet.Multiple
	}
	return sheet.Single
}

func (d *draft) isTrueFalse() bool {
	if len(d.Options) != 2 {
		return false
	}
	a, b := d.Options[0].Text, d.Options[1].Text
	return a == affirm && b == deny || a == deny && b == affirm
}
