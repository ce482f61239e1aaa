package xlsx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"qibu/quiz"
)

// column is one property of a question in the sheet. text is its cell, take
// reads it; both are nil where several columns make one thing of a question.
type column struct {
	name    string
	aliases []string
	width   float64
	about   string
	text    func(quiz.Draft) string
	take    func(*row, string)
}

// The columns that are read together: the kind decides what the others mean.
const (
	kindColumn   = "题型"
	answerColumn = "答案"
	whyColumn    = "各选项理由"
	storyColumn  = "情境"
	usualOptions = 6
	maxOptions   = 26
)

// columns are all columns in the order of the template; the options stand behind 题干.
var columns = []column{
	{
		"题号",
		[]string{"编号", "ID"},
		16, "小写字母、数字和连字符，同一份题库里不重复，成绩按它记；空着就按行号取",
		func(d quiz.Draft) string { return d.ID }, (*row).takeID,
	},
	{kindColumn, []string{"类型", "题目类型"}, 8, "单选、多选、判断、排序、配对、填空、数值、问答", nil, nil},
	{
		"题干",
		[]string{"题目", "问题", "试题"},
		50, "可以写 Markdown，可以换行；填空题的空写成 {{}} 或三个以上的下划线",
		func(d quiz.Draft) string { return d.Stem }, func(r *row, s string) { r.draft.Stem = s },
	},
	{
		answerColumn,
		[]string{"正确答案", "标准答案", "参考答案"},
		24,
		"单选写一个字母，多选写几个；给部分分写成 A=100% B=50% C=-25%。判断写对或错。排序写正确顺序的字母，空着就是 A、B、C 的顺序。" +
			"填空一行一个空，几种写法用 | 隔开。数值写 3 或 3±0.5。问答写参考答案", nil, nil,
	},
	{
		"解析",
		[]string{"答案解析", "试题解析", "说明"},
		40, "交卷以后给每个人看",
		func(d quiz.Draft) string { return d.Explanation }, func(r *row, s string) { r.draft.Explanation = s },
	},
	{
		"分值",
		[]string{"分数", "得分"},
		6, "整数，空着是 1",
		func(d quiz.Draft) string { return strconv.Itoa(d.Points) }, func(r *row, s string) { r.takeNumber(s, "分值", 100, &r.draft.Points) },
	},
	{
		"能力维度",
		[]string{"维度", "能力"},
		10, "D1 到 D8",
		func(d quiz.Draft) string { return d.Topic }, (*row).takeTopic,
	},
	{
		"难度", nil, 6, "1 容易、2 中等、3 难，空着是 1",
		func(d quiz.Draft) string { return strconv.Itoa(d.Difficulty) }, (*row).takeDifficulty,
	},
	flag("关键题", "写“是”：答错就不通过", func(d *quiz.Draft) *bool { return &d.Critical }),
	flag("试用题", "写“是”：不计分，只收集数据", func(d *quiz.Draft) *bool { return &d.Pilot }),
	flag("作废", "写“是”：题目有错，考过的人都得满分，不再出给别人", func(d *quiz.Draft) *bool { return &d.Void }),
	{
		"出处",
		[]string{"来源", "依据"},
		16, "资料编号，几个用顿号隔开：S4-035、S1-008",
		func(d quiz.Draft) string { return strings.Join(d.Sources, "、") }, (*row).takeSources,
	},
	{
		"复习", nil, 24, "答错后重读哪里：课程/模块#小节",
		func(d quiz.Draft) string { return d.Review }, func(r *row, s string) { r.draft.Review = oneLine(s) },
	},
	{whyColumn, []string{"选项理由", "理由"}, 40, "一行一个选项，写成“A：为什么会有人选它”；判断题写成“对：……”“错：……”", nil, nil},
	{"答对时", nil, 20, "答对的人看到的一句话", func(d quiz.Draft) string { return d.Said.Right }, func(r *row, s string) { r.draft.Said.Right = oneLine(s) }},
	{"部分对时", nil, 20, "对了一部分的人看到的一句话", func(d quiz.Draft) string { return d.Said.Partly }, func(r *row, s string) { r.draft.Said.Partly = oneLine(s) }},
	{"答错时", nil, 20, "答错的人看到的一句话", func(d quiz.Draft) string { return d.Said.Wrong }, func(r *row, s string) { r.draft.Said.Wrong = oneLine(s) }},
	{"单位", nil, 14, "数值题：第一个是标准，其余写换算，天、小时=1/24", func(d quiz.Draft) string { return writeUnits(d.Units) }, (*row).takeUnits},
	{
		"评分标准",
		[]string{"评分要点", "采分点"},
		30, "问答题：一行一条，分数写在后面的括号里，先道歉，再解释 (2)",
		func(d quiz.Draft) string { return writeRubric(d.Rubric) }, func(r *row, s string) { r.draft.Rubric = readRubric(s) },
	},
	{"字数", []string{"字数上限"}, 6, "问答题最多写多少字", func(d quiz.Draft) string { return positive(d.Most) }, func(r *row, s string) { r.takeNumber(s, "字数", 20000, &r.draft.Most) }},
	flag("固定顺序", "写“是”：选项按写的顺序出现", func(d *quiz.Draft) *bool { return &d.Fixed }),
	flag("严格比对", "填空题写“是”：大小写、标点、繁简都要一样", func(d *quiz.Draft) *bool { return &d.Exact }),
	flag("按数值比对", "填空题写“是”：百分之三十八、38%、0.38 算一样", func(d *quiz.Draft) *bool { return &d.ByValue }),
	{"题名", []string{"名称"}, 16, "只给出题的人看", func(d quiz.Draft) string { return d.Name }, func(r *row, s string) { r.draft.Name = oneLine(s) }},
	{"分类", nil, 16, "只给出题的人看，层次用 / 隔开", func(d quiz.Draft) string { return d.Category }, func(r *row, s string) { r.draft.Category = oneLine(s) }},
	{"情境号", nil, 12, "几道题共用一个情境时，写同一个号", func(d quiz.Draft) string { return d.Case }, func(r *row, s string) { r.draft.Case = oneLine(s) }},
	{storyColumn, nil, 40, "情境的文字，写在它的第一道题那一行", nil, nil},
}

func flag(name, about string, of func(*quiz.Draft) *bool) column {
	return column{
		name, nil, 8, about,
		func(d quiz.Draft) string {
			if *of(&d) {
				return "是"
			}
			return ""
		},
		func(r *row, s string) {
			yes, ok := truthOf(s)
			*of(&r.draft) = yes
			if !ok {
				r.note("“%s”一栏写的是“%s”，看不出是不是，按“否”", name, oneLine(s))
			}
		},
	}
}

// letterOf is the letter of an option counted from 0.
func letterOf(i int) string { return string(rune('A' + i)) }

// label is what a name is compared by: half width, without spaces and remarks in
// brackets or stars that mark a column as required.
func label(cell string) string {
	s := remark.ReplaceAllString(width.Fold.String(cell), "")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n\u00a0*:.。", r) {
			return -1
		}
		return r
	}, s)
}

var (
	remark       = regexp.MustCompile(`[(\[【].*$`)
	optionHeader = regexp.MustCompile(`^(?:选项|备选项|备选答案|答案)?([A-Z])(?:选项)?$`)
)

// header is where each column stands: an index into columns or, from optionBase
// on, an option; -1 for a column nobody knows.
type header []int

const optionBase = 1000

// readHeader reads a row of column names; ok is false when it is not one.
func readHeader(cells []string) (h header, ok bool) {
	for _, cell := range cells {
		name := strings.ToUpper(label(cell))
		at := slices.IndexFunc(columns, func(c column) bool { return name == c.name || slices.Contains(c.aliases, name) })
		if m := optionHeader.FindStringSubmatch(name); m != nil {
			at = optionBase + int(m[1][0]-'A')
		}
		if at >= 0 && slices.Contains(h, at) {
			at = -1
		}
		h = append(h, at)
	}
	has := func(name string) bool {
		return slices.Contains(h, slices.IndexFunc(columns, func(c column) bool { return c.name == name }))
	}
	return h, has("题干") && has(answerColumn)
}

// unknown are the names of columns that are not read.
func (h header) unknown(cells []string) (names []string) {
	for i, at := range h {
		if name := oneLine(cells[i]); at < 0 && name != "" {
			names = append(names, name)
		}
	}
	return names
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func positive(n int) string {
	if n > 0 {
		return fmt.Sprint(n)
	}
	return ""
}
