package quiz

import (
	"regexp"
	"slices"
	"strings"

	"qibu/quiz/sheet"
)

// The two options of a true-false question.
const affirm, deny = "对", "错"

var (
	labelLine = regexp.MustCompile(`^(解析|答对|部分对|答错|名称|分类|依据|复习|单位|评分|参考)[：:][ \t]*(.*)$`)
	checkbox  = regexp.MustCompile(`^[-*+][\s　]*[\[［【][\s　]*(?:[xXｘＸ√✓✔×✗✘]|[-+－＋]?[\d０-９]*[\s　]*[%％])?[\s　]*[\]］】]`)
	stepLine  = regexp.MustCompile(`^\d+[.)．、](?:\s+(\S.*)|([^\s\d].*))$`)
	rowLine   = regexp.MustCompile(`^\|`)
	equalLine = regexp.MustCompile(`^[=＝]\s*(.*)$`)
	blankLine = regexp.MustCompile(`^(?:[(（](\d{1,3})[)）])?\s*[=＝]\s*(.*)$`)
	picture   = regexp.MustCompile(`^!\[`)
	lookedFor = regexp.MustCompile(`^[-*]\s+(.*\S)\s*[(（]\s*(\d{1,2})\s*分?\s*[)）]$`)
	whyLine   = regexp.MustCompile(`^[\s　]*[>＞][\s　]*(.*)$`)
)

// form is how the answers of a kind of question are written.
type form struct {
	starts *regexp.Regexp // a line of them; nil when a label begins them
	labels string         // labels of the kind's own
	called string         // what an author calls them
	sample string         // one of them as it should be
}

var choiceForm = form{starts: checkbox, called: "选项", sample: "“- [x] 正确的选项”或“- [ ] 错误的选项”"}

var forms = map[string]form{
	sheet.Order:   {starts: stepLine, called: "步骤", sample: "“1. 第一步”“2. 第二步”"},
	sheet.Match:   {starts: rowLine, called: "表格", sample: "“| 左边 | 右边 |”"},
	sheet.Fill:    {starts: blankLine, called: "答案", sample: "“(1)= 答案”"},
	sheet.Numeric: {starts: equalLine, labels: "单位", called: "答案", sample: "“= 3”或“= 3 ± 0.5”"},
	sheet.Hot:     {starts: regexp.MustCompile(picture.String() + "|" + stepLine.String()), called: "图和位置", sample: "“1. 左前翼子板 (30%, 25%)”"},
	sheet.Text:    {labels: "评分 参考", called: "评分", sample: "“- 先道歉，再解释 (2)”"},
}

// formOf returns how the answers of a kind are written; "" is a choice still to
// be told apart.
func formOf(kind string) form {
	if f, ok := forms[kind]; ok {
		return f
	}
	return choiceForm
}

// label splits a line such as "解析：……" into its label and what follows.
func (f form) label(line string) (name, rest string, ok bool) {
	m := labelLine.FindStringSubmatch(line)
	if m == nil {
		return "", "", false
	}
	switch m[1] {
	case "单位", "评分", "参考":
		ok = strings.Contains(f.labels, m[1])
	default:
		ok = true
	}
	return m[1], m[2], ok
}

// inStem reports whether a line below the heading would end the stem.
func (f form) inStem(line string) bool {
	return f.inText(line) || f.starts != nil && f.starts.MatchString(line)
}

// inText reports whether a line would end an explanation or a model answer.
func (f form) inText(line string) bool {
	_, _, labelled := f.label(line)
	return labelled || headingLike.MatchString(line)
}

// question is a question being read.
type question struct {
	*reader
	draft Draft
	form  form

	stem, explanation, model passage
	into                     *passage // the text that goes on; nil when none does
	answering                bool     // the line before belongs to the answers
	answered                 bool     // there were answers
	why                      []string // of the last answer
	listed                   []listed // fill: what stands below the stem
	credited                 bool     // an option has a percentage
	late                     bool     // something came after the sources
	rows                     int      // match: lines of the table
}

// listed is what a line below the stem of a fill question accepts.
type listed struct {
	line, blank int // blank is 1-based, 0 where no number is written
	accept      []Accepted
}

// read reads the lines of a section into the draft.
func (q *question) read(s section) {
	q.stem = passage{first: s.line, lines: []string{s.heading}}
	if q.draft.Kind == "" && asksToFill(s) {
		q.draft.Kind = sheet.Fill
	}
	q.form = formOf(q.draft.Kind)
	q.into = &q.stem
	for i, text := range s.lines {
		q.line(s.line+1+i, text)
	}
	q.finish()
}

// asksToFill reports whether there is a blank in the stem, which ends where
// options begin.
func asksToFill(s section) bool {
	if hasBlank(s.heading) {
		return true
	}
	for _, line := range s.lines {
		if choiceForm.inStem(line) {
			return false
		}
		if hasBlank(line) {
			return true
		}
	}
	return false
}

// line reads line n of the file.
func (q *question) line(n int, text string) {
	name, rest, labelled := q.form.label(text)
	why := whyLine.FindStringSubmatch(text)
	switch {
	case q.draft.at.basis > 0 && text != "" && name != "依据" && name != "复习":
		if !q.late {
			q.errorf(n, "“依据”一行要放在这道题的最后")
		}
		q.late = true
	case labelled:
		q.labelled(n, name, rest)
	case q.starts(text):
		q.answer(n, text)
	case q.into == &q.stem:
		q.stem.add(n, unescape(text, q.form.inStem))
	case q.into != nil:
		q.into.add(n, unescape(text, q.form.inText))
	case q.answering && why != nil:
		q.why = append(q.why, why[1])
	case text != "":
		q.errorf(n, "看不懂“%s”：%s之后只能是“> 理由”、“解析：……”和“依据：……”", clip(text), q.form.called)
	}
}

// starts reports whether a line is one of the answers.
func (q *question) starts(text string) bool {
	switch {
	case q.into != nil && q.into != &q.stem:
		return false
	case q.form.starts == nil:
		return q.answering && lookedFor.MatchString(text)
	}
	return q.form.starts.MatchString(text)
}

// labelled reads a line that begins with one of the labels.
func (q *question) labelled(n int, name, rest string) {
	d := &q.draft
	if name == "解析" && !q.answered && q.form.starts != nil && d.Kind != sheet.Fill {
		q.errorf(n, "“解析”要写在%s之后", q.form.called)
		return
	}
	q.into, q.answering = nil, false
	switch name {
	case "解析":
		q.begin(&q.explanation, n, rest)
	case "参考":
		q.begin(&q.model, n, rest)
	case "评分":
		q.answering = true
	case "单位":
		q.units(n, rest)
	case "答对":
		d.Said.Right = rest
	case "部分对":
		d.Said.Partly = rest
	case "答错":
		d.Said.Wrong = rest
	case "名称":
		d.Name = rest
	case "分类":
		d.Category = rest
	default:
		q.basis(n, name, rest)
	}
}

func (q *question) begin(p *passage, n int, rest string) {
	q.into = p
	p.add(n, rest)
}

var review = regexp.MustCompile(`^(.*?)[\s·・•]*复习[：:]\s*(\S*)$`)

// basis reads "依据：S4-035、S1-008 · 复习：course/module#heading", of which either
// half may be missing.
func (q *question) basis(n int, name, rest string) {
	d := &q.draft
	d.at.basis = n
	sources := rest
	if name == "复习" {
		d.Review = rest
		return
	}
	if m := review.FindStringSubmatch(rest); m != nil {
		sources, d.Review = m[1], m[2]
	}
	d.Sources = strings.FieldsFunc(sources, func(r rune) bool { return strings.ContainsRune("、，,· ", r) })
}

// finish puts together what the lines have brought.
func (q *question) finish() {
	d := &q.draft
	q.closeWhy()
	d.Stem = tidy(q.stem.String())
	if d.Kind == sheet.Fill {
		q.fill()
	}
	d.Explanation, d.Model = tidy(q.explanation.String()), tidy(q.model.String())
	d.at.explanation, d.at.model = q.explanation.first, q.model.first
	if q.credited {
		giveCredit(d.Options)
	}
	if d.Kind == "" {
		d.Kind = choiceKind(d.Options, q.credited)
	}
	if q.credited {
		decide(d)
	}
	if d.Points == 0 {
		d.Points = usualPoints(*d)
	}
}

// choiceKind tells the choices apart: 对 and 错; one option or several that are
// right; with percentages, one that earns everything or several that share it.
func choiceKind(options []Option, credited bool) string {
	right, full := 0, 0
	for _, o := range options {
		if o.Right {
			right++
		}
		if o.Credit == 100 {
			full++
		}
	}
	switch {
	case isTrueFalse(options):
		return sheet.TrueFalse
	case credited && full != 1, !credited && right > 1:
		return sheet.Multiple
	}
	return sheet.Single
}

func isTrueFalse(options []Option) bool {
	if len(options) != 2 {
		return false
	}
	a, b := options[0].Text, options[1].Text
	return a == affirm && b == deny || a == deny && b == affirm
}

// giveCredit makes percentages of marks, where other options have percentages.
func giveCredit(options []Option) {
	for i, o := range options {
		if o.Right {
			options[i].Credit = 100
		}
	}
}

// decide calls right what earns: everything where one option is chosen, anything
// where several are.
func decide(d *Draft) {
	for i := range d.Options {
		o := &d.Options[i]
		o.Right = o.Credit == 100 || d.Kind == sheet.Multiple && o.Credit > 0
	}
}

// usualPoints is what a question is worth that says nothing of it.
func usualPoints(d Draft) int {
	sum := 0
	for _, c := range d.Rubric {
		sum += c.Points
	}
	return max(sum, 1)
}

// right is the options that count as right.
func (d Draft) right() []Option {
	return slices.DeleteFunc(slices.Clone(d.Options), func(o Option) bool { return !o.Right })
}
