package quiz

import (
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"qibu/quiz/sheet"
)

// What a question has to have before it may be published.
const (
	leastSteps  = 3  // two steps have only one wrong order to show
	leastRows   = 2  // of a match question, for the same reason
	leastPlaces = 3  // of a hot question
	mostDigits  = 20 // of a figure
	mostAnswers = 40 // more than anybody reads
)

var (
	sourceMark = regexp.MustCompile(`\[S\d+-\d+\]`)
	factID     = regexp.MustCompile(`^S\d+-\d{3}$`)
	slugText   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	headingRef = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+#[a-z0-9-]+$`)
	decimal    = regexp.MustCompile(`^-?\d+(?:\.\d+)?$`)
	fraction   = regexp.MustCompile(`^\d+(?:\.\d+|/\d+)?$`)
	imageName  = regexp.MustCompile(`^img/[a-z0-9][a-z0-9-]*\.svg$`)
)

const basisFormat = "依据：S4-035、S1-008 · 复习：课程/模块#小节"

// check finds what forbids publishing the question.
func (j judge) check() {
	if !slugText.MatchString(j.ID) {
		j.refuse("id", "题号应是小写字母、数字和连字符，如 {#covers-when}，现在是“%s”", clip(j.ID))
	}
	if strings.TrimSpace(j.Stem) == "" {
		j.refuse("stem", "没有题干")
	}
	if j.Critical && j.Pilot {
		j.refuse("pilot", "critical 和 pilot 不能同时用：试用题不计分，不能决定是否通过")
	}
	if j.Topic == "" {
		j.find(Doubted, "topic", j.Line, "没有写 topic（D1 到 D8），这道题不会计入能力维度")
	}
	if j.Points > mostPoints {
		j.refuse("points", "一道题最多 %d 分，现在有 %d 分", mostPoints, j.Points)
	}
	j.checkBasis()
	j.checkFlags()
	j.checkAnswers()
	j.checkSecrets()
}

func (j judge) checkBasis() {
	line := max(j.at.basis, j.Line)
	switch {
	case len(j.Sources) == 0 && j.Review == "":
		j.find(Refused, "source", line, "缺少“依据”和“复习”；写法：%s", basisFormat)
		return
	case j.Review == "":
		j.find(Refused, "source", line, "“依据”一行缺少“复习”；写法：%s", basisFormat)
	case !headingRef.MatchString(j.Review):
		j.find(Refused, "source", line, "“复习”应写成 课程/模块#小节，现在是“%s”", clip(j.Review))
	}
	if len(j.Sources) == 0 {
		j.find(Refused, "source", line, "“依据”后面没有事实编号；写法：%s", basisFormat)
	}
	for _, id := range j.Sources {
		if !factID.MatchString(id) {
			j.find(Refused, "source", line, "“%s”不是事实编号（应如 S4-035）", clip(id))
		}
	}
}

// checkFlags refuses attributes that mean nothing for the kind.
func (j judge) checkFlags() {
	only := func(written bool, name, called string, fits bool) {
		if written && !fits {
			j.refuse("attribute", "%s 只用于%s", name, called)
		}
	}
	only(j.Exact, "exact", "填空题（fill）", j.Kind == sheet.Fill)
	only(j.ByValue, "by-value", "填空题（fill）", j.Kind == sheet.Fill)
	only(j.Most > 0, "words", "文字题（text）", j.Kind == sheet.Text)
	only(j.Fixed, "fixed", "单选题、多选题和配对题", j.Kind == sheet.Single || j.Kind == sheet.Multiple || j.Kind == sheet.Match)
}

func (j judge) checkAnswers() {
	for _, n := range []int{len(j.Options), len(j.Pairs), len(j.Blanks), len(j.Values), len(j.Units), len(j.Rubric)} {
		if n > mostAnswers {
			j.refuse("options", "%s太多：最多 %d 个，现在有 %d 个", formOf(j.Kind).called, mostAnswers, n)
			return
		}
	}
	switch j.Kind {
	case sheet.Order:
		j.checkSteps()
	case sheet.Match:
		j.checkPairs()
	case sheet.Fill:
		j.checkBlanks()
	case sheet.Numeric:
		j.checkValues()
	case sheet.Hot:
		j.checkPlaces()
	case sheet.Text:
		j.checkRubric()
	default:
		j.checkChoice()
	}
}

func (j judge) checkChoice() {
	right := len(j.right())
	switch n := len(j.Options); {
	case n == 0:
		j.refuse("options", "没有选项；写成%s；其他题型要写 type=，可用：%s", choiceForm.sample, strings.Join(kinds[3:], "、"))
	case n == 1:
		j.refuse("options", "只有一个选项")
	case j.Kind == sheet.TrueFalse && !isTrueFalse(j.Options):
		j.refuse("options", "判断题的两个选项只能是“%s”和“%s”", affirm, deny)
	case right == 0:
		j.refuse("key", "没有正确的选项（- [x]）")
	case j.Kind != sheet.Multiple && right > 1:
		j.refuse("key", "这道题只能有一个正确的选项，现在有 %d 个", right)
	case j.Kind == sheet.Multiple && right == n:
		j.refuse("key", "每个选项都对，这道题分不出会与不会")
	}
	j.checkShares()
	j.checkTwice()
	for i, o := range j.Options {
		if !o.Right && o.Why == "" {
			j.find(Refused, "why", j.answerLine(i), "错误的选项要写明为什么有人会选它（下一行“  > 理由”）")
		}
	}
}

// checkShares makes sure that everything right together earns the points: 100 %,
// give or take what thirds leave over.
func (j judge) checkShares() {
	sum := 0
	for _, o := range j.Options {
		sum += max(o.Credit, 0)
	}
	if j.Kind == sheet.Multiple && sum != 0 && (sum < 98 || sum > 102) {
		j.refuse("key", "得分的选项加起来应是 100%%，现在是 %d%%", sum)
	}
}

// checkTwice refuses options that read the same.
func (j judge) checkTwice() {
	seen := map[string]bool{}
	for i, o := range j.Options {
		if seen[o.Text] {
			j.find(Refused, "options", j.answerLine(i), "两个%s一模一样", formOf(j.Kind).called)
		}
		seen[o.Text] = true
	}
}

func (j judge) checkSteps() {
	switch n := len(j.Options); {
	case n == 0:
		j.refuse("options", "排序题没有步骤；按正确顺序写成“1. 第一步”“2. 第二步”")
	case n < leastSteps:
		j.refuse("options", "排序题至少要有 %d 步", leastSteps)
	}
	j.checkTwice()
}

func (j judge) checkPairs() {
	rows, rights, lefts := 0, map[string]bool{}, map[string]bool{}
	for i, p := range j.Pairs {
		switch {
		case p.Right == "":
			j.find(Refused, "options", j.answerLine(i), "右边是空的；左边可以空（多出来的选项），右边不行")
		case lefts[p.Left]:
			j.find(Refused, "options", j.answerLine(i), "左边的“%s”写了两次", clip(p.Left))
		}
		if p.Left != "" {
			rows++
			lefts[p.Left] = true
		}
		rights[p.Right] = true
	}
	switch {
	case rows < leastRows:
		j.refuse("options", "配对题至少要有 %d 行，左右各一格：%s", leastRows, forms[sheet.Match].sample)
	case len(rights) < leastRows:
		j.refuse("options", "右边都一样，没有可配的")
	}
}

func (j judge) checkBlanks() {
	if len(j.Blanks) == 0 {
		j.refuse("options", "填空题没有空；在题干里写成 {{答案}} 或 {{答案|另一种写法}}")
	}
	for i, b := range j.Blanks {
		if !full(b.Accept, func(a Accepted) int { return a.Percent }) {
			j.refuse("key", "第 %d 个空没有得满分的答案", i+1)
		}
		for _, a := range b.Accept {
			if utf8.RuneCountInString(a.Text) > maxEntry {
				j.refuse("key", "第 %d 个空的答案太长：一个空里最多写 %d 个字", i+1, maxEntry)
			}
		}
	}
}

// full reports whether any of the answers earns everything.
func full[T any](list []T, percent func(T) int) bool {
	for _, v := range list {
		if percent(v) == 100 {
			return true
		}
	}
	return false
}

func (j judge) checkValues() {
	if !full(j.Values, func(v Value) int { return v.Percent }) {
		j.refuse("key", "数值题没有得满分的答案；写成%s", forms[sheet.Numeric].sample)
	}
	for i, v := range j.Values {
		if !isFigure(v.Figure) {
			j.find(Refused, "key", j.answerLine(i), "“%s”不是数：写成 3 或 -2.5，单位写到“单位：”一行", clip(v.Figure))
		}
		if v.Tolerance != "" && (!isFigure(v.Tolerance) || v.Tolerance[0] == '-') {
			j.find(Refused, "key", j.answerLine(i), "“±”后面应是不小于 0 的数，现在是“%s”", clip(v.Tolerance))
		}
	}
	seen := map[string]bool{}
	for _, u := range j.Units {
		if u.Name == "" || seen[u.Name] {
			j.refuse("unit", "单位没有名称，或写了两次；写成“单位：天、小时=1/24”")
		}
		seen[u.Name] = true
		if !isFactor(u.Factor) {
			j.refuse("unit", "单位“%s”是第一个单位的多少？应写成 60、0.5 或 1/24，现在是“%s”", clip(u.Name), clip(u.Factor))
		}
	}
	if len(j.Units) > 0 && j.Units[0].Factor != "1" {
		j.refuse("unit", "第一个单位不写倍数，别的单位都按它来换算")
	}
}

func isFigure(text string) bool { return len(text) <= mostDigits && decimal.MatchString(text) }

// isFactor reports whether text is a number above 0 that units can be converted by.
func isFactor(text string) bool {
	if len(text) > mostDigits || !fraction.MatchString(text) {
		return false
	}
	v, ok := new(big.Rat).SetString(text)
	return ok && v.Sign() > 0
}

func (j judge) checkPlaces() {
	const format = "![图上是什么](img/car-top.svg) 400×720"
	switch p := j.Picture; {
	case p == nil:
		j.refuse("picture", "没有图；写成“%s”", format)
	case !imageName.MatchString(p.Source):
		j.refuse("picture", "图要放在题库旁边的 img/ 里，用 .svg：%s；现在是“%s”", format, clip(p.Source))
	case p.Alt == "":
		j.refuse("picture", "图没有替代文字：%s", format)
	case p.Width == 0 || p.Height == 0:
		j.refuse("picture", "图后面要写宽和高：%s", format)
	}
	if len(j.Options) < leastPlaces {
		j.refuse("options", "点图题至少要有 %d 个位置，写成%s", leastPlaces, forms[sheet.Hot].sample)
	}
	taken := map[[2]int]bool{}
	for i, o := range j.Options {
		if taken[[2]int{o.X, o.Y}] {
			j.find(Refused, "options", j.answerLine(i), "两个位置在同一点上")
		}
		taken[[2]int{o.X, o.Y}] = true
	}
	j.checkTwice()
}

func (j judge) checkRubric() {
	sum := 0
	for i, c := range j.Rubric {
		sum += c.Points
		if c.Points < 1 {
			j.find(Refused, "points", j.answerLine(i), "评分的每一条至少 1 分")
		}
	}
	switch {
	case len(j.Rubric) == 0:
		j.refuse("options", "文字题没有评分标准；“评分：”下面写成%s", forms[sheet.Text].sample)
	case sum != j.Points:
		j.refuse("points", "评分加起来是 %d 分，points 写的是 %d 分；points 可以不写", sum, j.Points)
	}
}

// checkSecrets refuses source marks where a learner reads them before answering:
// the source card behind the mark may hold the answer.
func (j judge) checkSecrets() {
	refuse := func(line int, text string) {
		if sourceMark.MatchString(text) {
			j.find(Refused, "secret", line, "题干和选项里不要放出处标记，写到“依据”一行")
		}
	}
	for i, text := range strings.Split(j.Stem, "\n") {
		refuse(j.Line+i, text)
	}
	for i, o := range j.Options {
		refuse(j.answerLine(i), o.Text)
	}
	for i, p := range j.Pairs {
		refuse(j.answerLine(i), p.Left+p.Right)
	}
}
