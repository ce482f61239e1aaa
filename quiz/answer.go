package quiz

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"qibu/quiz/sheet"
)

var (
	optionLine = regexp.MustCompile(`^- \[(?:([ xX√✓✔])|([-+]?\d{1,3})\s*%)\][\s　]+(\S.*)$`)
	ruleLine   = regexp.MustCompile(`^\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$`)
	shareText  = regexp.MustCompile(`^\[\s*(\d{1,3})\s*%\s*\]\s*(.*)$`)
	figureText = regexp.MustCompile(`^(\S+)(?:\s*(?:±|\+-|\+/-)\s*(\S+))?$`)
	pictured   = regexp.MustCompile(`^!\[(.*)\]\(([^()\s]*)\)(?:\s*(\d{1,5})\s*[×xX*]\s*(\d{1,5}))?$`)
	placeText  = regexp.MustCompile(`^(.*\S)\s*[(（]\s*(\d{1,3}(?:\.\d)?)\s*[%％]\s*[,，、]\s*(\d{1,3}(?:\.\d)?)\s*[%％]\s*[)）]$`)
)

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
	m := optionLine.FindStringSubmatch(halfBox(text))
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

// halfBox writes what a line has up to its first closing bracket in half width.
func halfBox(text string) string {
	i := strings.IndexAny(text, "]］")
	if i < 0 {
		return text
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return width.Fold.String(text[:i+size]) + text[i+size:]
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
		if m := shareText.FindStringSubmatch(halfBox(item)); m != nil {
			a.Percent, item = q.percent(n, m[1], 0), m[2]
		}
		if a.Text = strings.TrimSpace(literal(item)); a.Text != "" {
			list = append(list, a)
		}
	}
	return list
}
