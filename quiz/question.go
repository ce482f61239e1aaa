package quiz

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"qibu/quiz/sheet"
)

// The two options of a true-false question.
const affirm, deny = "对", "错"

// gap is a blank in the stem of a fill question.
const gap = "{{}}"

var (
	labelLine = regexp.MustCompile(`^(解析|答对|部分对|答错|名称|分类|依据|复习|单位|评分|参考)[：:][ \t]*(.*)$`)

	checkbox   = regexp.MustCompile(`^[-*+]\s*\[\s*(?:[xX√✓]|[-+]?\d*\s*[%％])?\s*\]`)
	optionLine = regexp.MustCompile(`^- \[(?:([ xX√✓])|([-+]?\d{1,3})\s*[%％])\]\s+(\S.*)$`)
	stepLine   = regexp.MustCompile(`^\d+[.)．、](?:\s+(\S.*)|([^\s\d].*))$`)
	rowLine    = regexp.MustCompile(`^\|`)
	ruleLine   = regexp.MustCompile(`^\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$`)
	equalLine  = regexp.MustCompile(`^[=＝]\s*(.*)$`)
	blankLine  = regexp.MustCompile(`^(?:[(（](\d{1,3})[)）])?\s*[=＝]\s*(.*)$`)
	shareText  = regexp.MustCompile(`^\[\s*(\d{1,3})\s*[%％]\s*\]\s*(.*)$`)
	figureText = regexp.MustCompile(`^(\S+)(?:\s*(?:±|\+-|\+/-)\s*(\S+))?$`)
	pictured   = regexp.MustCompile(`^!\[(.*)\]\(([^()\s]*)\)(?:\s*(\d{1,5})\s*[×xX*]\s*(\d{1,5}))?$`)
	picture    = regexp.MustCompile(`^!\[`)
	placeText  = regexp.MustCompile(`^(.*\S)\s*[(（]\s*(\d{1,3}(?:\.\d)?)\s*[%％]\s*[,，、]\s*(\d{1,3}(?:\.\d)?)\s*[%％]\s*[)）]$`)
	lookedFor  = regexp.MustCompile(`^[-*]\s+(.*\S)\s*[(（]\s*(\d{1,2})\s*分?\s*[)）]$`)
	whyLine    = regexp.MustCompile(`^\s*>\s*(.*)$`)
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

// answer reads a line of the answers.
func (q *question) answer(n int, text string) {
	q.closeWhy()
	q.into, q.answering, q.answered = nil, true, true
	switch q.draft.Kind {
	case sheet.Order:
		q.step(n, text)
	case sheet.Match:
		q.row(n, text)
	case sheet.Fill:
		m := blankLine.FindStringSubmatch(text)
		blank, _ := strconv.Atoi(m[1]) // digits or nothing
		q.listed = append(q.listed, listed{line: n, blank: blank, accept: q.accepted(n, m[2])})
	case sheet.Numeric:
		q.value(n, equalLine.FindStringSubmatch(text)[1])
	case sheet.Hot:
		q.place(n, text)
	case sheet.Text:
		m := lookedFor.FindStringSubmatch(text)
		points, _ := strconv.Atoi(m[2]) // two digits
		q.draft.Rubric = append(q.draft.Rubric, Criterion{Text: m[1], Points: points})
		q.draft.at.answers = append(q.draft.at.answers, n)
	default:
		q.option(n, text)
	}
}

func (q *question) option(n int, text string) {
	m := optionLine.FindStringSubmatch(text)
	if m == nil {
		q.errorf(n, "选项要写成%s，顶格写，方括号后空一格", q.form.sample)
		return
	}
	o := Option{Text: m[3], Right: m[1] != "" && m[1] != " "}
	if m[2] != "" {
		q.credited = true
		o.Credit = q.percent(n, m[2], -100)
	}
	q.addOption(n, o)
}

func (q *question) addOption(n int, o Option) {
	q.draft.Options = append(q.draft.Options, o)
	q.draft.at.answers = append(q.draft.at.answers, n)
}

// percent reads a percentage between least and 100.
func (q *question) percent(n int, text string, least int) int {
	v, err := strconv.Atoi(text)
	if err != nil || v < least || v > 100 {
		q.errorf(n, "百分数应在 %d%% 到 100%% 之间，现在是 %s%%", least, text)
		return 0
	}
	return v
}

func (q *question) step(n int, text string) {
	m := stepLine.FindStringSubmatch(text)
	q.addOption(n, Option{Text: m[1] + m[2]})
}

// row reads a line of the table of a match question; the heading of the table is
// only for the author.
func (q *question) row(n int, text string) {
	d := &q.draft
	q.rows++
	if q.rows == 2 && ruleLine.MatchString(text) {
		d.Pairs, d.at.answers = nil, nil
		return
	}
	c := cells(text)
	if len(c) != 2 {
		q.errorf(n, "配对表的每一行要有两格：%s；文字里的竖线写成 \\|", q.form.sample)
		return
	}
	d.Pairs = append(d.Pairs, Pair{Left: c[0], Right: c[1]})
	d.at.answers = append(d.at.answers, n)
}

// cells splits a row of a table. A bar with a backslash in front is a bar.
func cells(row string) []string {
	const bar = "\x00"
	row = strings.ReplaceAll(strings.ReplaceAll(row, bar, ""), `\|`, bar)
	row = strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|")
	list := strings.Split(row, "|")
	for i, c := range list {
		list[i] = strings.TrimSpace(strings.ReplaceAll(c, bar, "|"))
	}
	return list
}

// value reads "[50%] 3 ± 0.5".
func (q *question) value(n int, text string) {
	v, text := Value{Percent: 100}, width.Fold.String(text)
	if m := shareText.FindStringSubmatch(text); m != nil {
		v.Percent, text = q.percent(n, m[1], 0), m[2]
	}
	m := figureText.FindStringSubmatch(text)
	if m == nil {
		q.errorf(n, "看不懂答案“%s”；写成%s", clip(text), q.form.sample)
		return
	}
	v.Figure, v.Tolerance = m[1], m[2]
	q.draft.Values = append(q.draft.Values, v)
	q.draft.at.answers = append(q.draft.at.answers, n)
}

// units reads "天、小时=1/24".
func (q *question) units(n int, text string) {
	for _, item := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,", r) }) {
		name, factor, given := strings.Cut(strings.ReplaceAll(item, "＝", "="), "=")
		u := Unit{Name: strings.TrimSpace(name), Factor: strings.TrimSpace(width.Fold.String(factor))}
		if !given {
			u.Factor = "1"
		}
		if !given && len(q.draft.Units) > 0 {
			q.errorf(n, "单位“%s”要写明是第一个单位的多少，如“天、小时=1/24”", clip(u.Name))
		}
		q.draft.Units = append(q.draft.Units, u)
	}
}

// place reads the picture of a hot question or one of its places.
func (q *question) place(n int, text string) {
	if m := pictured.FindStringSubmatch(text); m != nil {
		width, _ := strconv.Atoi(m[3]) // digits or nothing
		height, _ := strconv.Atoi(m[4])
		q.draft.Picture = &sheet.Picture{Alt: m[1], Source: m[2], Width: width, Height: height}
		return
	}
	m := stepLine.FindStringSubmatch(text)
	if m != nil {
		m = placeText.FindStringSubmatch(m[1] + m[2])
	}
	if m == nil {
		q.errorf(n, "看不懂“%s”；图写成“![图上是什么](img/car-top.svg) 400×720”，位置写成%s", clip(text), q.form.sample)
		return
	}
	q.addOption(n, Option{Text: m[1], X: q.thousandths(n, m[2]), Y: q.thousandths(n, m[3])})
}

// thousandths reads a percentage with at most one decimal.
func (q *question) thousandths(n int, text string) int {
	whole, tenth, _ := strings.Cut(text, ".")
	v, _ := strconv.Atoi(whole + (tenth + "0")[:1]) // digits
	if v > 1000 {
		q.errorf(n, "位置从左上角算起，横竖都在 0%% 到 100%% 之间，现在是 %s%%", text)
		return 1000
	}
	return v
}

// closeWhy gives the reason read to the answer before it.
func (q *question) closeWhy() {
	text, d := strings.TrimSpace(strings.Join(q.why, "")), &q.draft // Chinese joins lines without a space
	q.why = nil
	switch {
	case text == "":
	case len(d.Options) > 0:
		d.Options[len(d.Options)-1].Why = text
	case len(d.Values) > 0:
		d.Values[len(d.Values)-1].Why = text
	case len(q.listed) > 0:
		for i := range q.listed[len(q.listed)-1].accept {
			q.listed[len(q.listed)-1].accept[i].Why = text
		}
	}
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

// fill reads the blanks of the stem and what is listed for them below it.
func (q *question) fill() {
	d := &q.draft
	var stem strings.Builder
	for rest := d.Stem; ; {
		before, inside, after, ok := cutBlank(rest)
		stem.WriteString(before)
		if !ok {
			break
		}
		stem.WriteString(gap)
		d.Blanks = append(d.Blanks, Blank{Accept: q.accepted(d.Line, inside)})
		rest = after
	}
	d.Stem = stem.String()
	for _, l := range q.listed {
		if l.blank == 0 && len(d.Blanks) == 1 {
			l.blank = 1
		}
		if l.blank < 1 || l.blank > len(d.Blanks) {
			q.errorf(l.line, "这个答案属于哪个空？题干里有 %d 个空，写成“(1)= 答案”", len(d.Blanks))
			continue
		}
		b := &d.Blanks[l.blank-1]
		b.Accept = append(b.Accept, l.accept...)
	}
}

// accepted reads "55%|[50%] 五十五".
func (q *question) accepted(n int, text string) []Accepted {
	var list []Accepted
	for _, item := range splitBars(text) {
		a := Accepted{Percent: 100}
		item = strings.TrimSpace(item)
		if m := shareText.FindStringSubmatch(item); m != nil {
			a.Percent, item = q.percent(n, m[1], 0), m[2]
		}
		if a.Text = strings.TrimSpace(literal(item)); a.Text != "" {
			list = append(list, a)
		}
	}
	return list
}

// hasBlank reports whether there is a blank in a line.
func hasBlank(line string) bool {
	_, _, _, ok := cutBlank(line)
	return ok
}

// cutBlank finds the first blank, {{…}} on one line; of two openings the inner one
// counts. A backslash takes the meaning from the character behind it.
func cutBlank(text string) (before, inside, after string, ok bool) {
	open := -1
	for i := 0; i+1 < len(text); i++ {
		switch two := text[i : i+2]; {
		case text[i] == '\\':
			i++
		case text[i] == '\n':
			open = -1
		case two == "{{":
			open = i
		case two == "}}" && open >= 0:
			return text[:open], text[open+2 : i], text[i+2:], true
		}
	}
	return text, "", "", false
}

// splitBars splits at every bar without a backslash in front.
func splitBars(text string) []string {
	var list []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '|':
			list = append(list, text[start:i])
			start = i + 1
		}
	}
	return append(list, text[start:])
}

var escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

// literal takes away the backslashes in front of punctuation.
func literal(text string) string { return escaped.ReplaceAllString(text, "$1") }

// right is the options that count as right.
func (d Draft) right() []Option {
	return slices.DeleteFunc(slices.Clone(d.Options), func(o Option) bool { return !o.Right })
}
