package moodlexml

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

// Read reads a Moodle XML file. A question that cannot be read is left behind
// with a note; the error is about the file as a whole.
func Read(src []byte) (quiz.Exchange, error) {
	text, err := moodle.Decode(src)
	if err != nil {
		return quiz.Exchange{}, err
	}
	root, err := parse(text)
	if err != nil {
		return quiz.Exchange{}, err
	}
	file := root.child("quiz")
	questions := file.all("question")
	if len(questions) > moodle.MaxQuestions {
		return quiz.Exchange{}, moodle.ErrTooMany
	}
	r := reader{}
	for _, e := range file.extras {
		if key, value := moodle.Value(e); key == "title" {
			r.x.Title = value
		}
	}
	for _, q := range questions {
		r.read(q)
	}
	if len(r.x.Questions) == 0 {
		return quiz.Exchange{}, errors.New("文件里没有读得出的题目：" + moodle.First(r.x.Notes))
	}
	moodle.Identify(&r.x)
	return r.x, nil
}

type reader struct {
	x        quiz.Exchange
	category string
	q        *node
	number   int    // of q
	format   string // of the question's text
	d        quiz.Draft
	lost     []string // of q
}

func (r *reader) note(format string, args ...any) {
	name := strings.Join(strings.Fields(r.q.child("name").words()), " ")
	if name == "" {
		name = fmt.Sprintf("第 %d 题", r.number)
	}
	r.x.Notes = append(r.x.Notes, quiz.Note{Question: name, Line: r.q.line, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) lose(what ...string) { r.lost = append(r.lost, what...) }

// read reads one element <question>.
func (r *reader) read(q *node) {
	r.q, r.number, r.lost, r.format = q, len(r.x.Questions)+1, nil, q.child("questiontext").format
	switch {
	case q.kind == "category":
		r.category = moodle.Category(q.child("category").words())
		return
	case q.kind == "description":
		r.describe()
	default:
		r.question()
	}
	for _, name := range q.files() {
		r.lose("文件“" + name + "”")
	}
	if len(r.lost) > 0 {
		slices.Sort(r.lost)
		r.note("没有带过来：%s", strings.Join(slices.Compact(r.lost), "、"))
	}
}

// describe takes a description for the situation of a case when it says so.
func (r *reader) describe() {
	text := r.block(r.q.child("questiontext"))
	if !slices.Contains(r.q.extras, "kind=case") {
		r.note("说明文字没有带过来：%s", moodle.Brief(text))
		return
	}
	r.x.Situations = append(r.x.Situations, quiz.Situation{ID: r.q.child("idnumber").text, Text: text})
}

// kinds are the types of question that can be read, and how.
var kinds = map[string]func(*reader) error{
	"multichoice": (*reader).multichoice,
	"truefalse":   (*reader).trueFalse,
	"shortanswer": (*reader).shortAnswer,
	"matching":    (*reader).matching,
	"numerical":   (*reader).numerical,
	"essay":       (*reader).essay,
	"cloze":       (*reader).cloze,
	"multianswer": (*reader).cloze,
	"ordering":    (*reader).ordering,
}

func (r *reader) question() {
	read, ok := kinds[r.q.kind]
	if !ok {
		r.note("题型“%s”没有带过来", r.q.kind)
		return
	}
	if err := r.q.check(); err != nil {
		r.note("这道题没有带过来：%v", err)
		return
	}
	r.d = quiz.Draft{
		ID: r.q.child("idnumber").text, Name: strings.Join(strings.Fields(r.q.child("name").words()), " "), Category: r.category,
		Difficulty: 1, Points: r.points(), Stem: r.block(r.q.child("questiontext")), Explanation: r.block(r.q.child("generalfeedback")),
		Said: sheet.Responses{
			Right:  r.line(r.q.child("correctfeedback")),
			Partly: r.line(r.q.child("partiallycorrectfeedback")),
			Wrong:  r.line(r.q.child("incorrectfeedback")),
		},
	}
	if err := read(r); err != nil {
		r.note("这道题没有带过来：%v", err)
		return
	}
	r.beside()
	r.extras()
	r.x.Questions = append(r.x.Questions, r.d)
}

// points is the grade as whole points.
func (r *reader) points() int {
	grade := r.q.child("defaultgrade").text
	if grade == "" {
		return 1
	}
	figure, ok := moodle.Figure(grade)
	value, _ := new(big.Rat).SetString(figure)
	if !ok || !value.IsInt() || value.Sign() <= 0 || value.Cmp(big.NewRat(100, 1)) > 0 {
		r.note("分值“%s”不是整数分，改成 1 分", grade)
		return 1
	}
	return int(value.Num().Int64())
}

// beside reads what stands beside every type of question.
func (r *reader) beside() {
	for _, t := range r.q.child("tags").all("tag") {
		if name := t.words(); !moodle.Tag(&r.d, name) {
			r.lose("标签“" + name + "”")
		}
	}
	if len(r.q.all("hint")) > 0 {
		r.lose("提示")
	}
	if r.q.child("hidden").text == "1" {
		r.note("这道题在 Moodle 里是隐藏的")
	}
}

// extras tells the question what its comments say.
func (r *reader) extras() {
	if slices.ContainsFunc(r.q.extras, func(e string) bool { return strings.HasPrefix(e, "unit=") }) {
		r.d.Units = nil // written with their exact factors
	}
	for _, e := range r.q.extras {
		switch key, value := moodle.Value(e); {
		case key == "kind" && moodle.Settle(&r.d, value):
		case key == "kind" || !moodle.Apply(&r.d, e):
			r.note("看不懂注释“%s”", e)
		}
	}
	if id := r.d.Case; id != "" && !slices.ContainsFunc(r.x.Situations, func(s quiz.Situation) bool { return s.ID == id }) {
		r.note("找不到情境“%s”", id)
		r.d.Case = ""
	}
}

func (r *reader) block(n *node) string {
	text, lost := n.rich(r.format).Block()
	r.lose(lost...)
	return text
}

func (r *reader) line(n *node) string {
	text, lost := n.rich(r.format).Line()
	r.lose(lost...)
	return text
}

func (r *reader) why(answer *node) string { return r.line(answer.child("feedback")) }

// yes reads a switch, which is true or 1, false or 0, or the usual where it is missing.
func (r *reader) yes(name string, usual bool) bool {
	switch r.q.child(name).text {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return usual
}

func (r *reader) multichoice() error {
	r.d.Kind = sheet.Multiple
	if r.yes("single", true) {
		r.d.Kind = sheet.Single
	}
	r.d.Fixed = !r.yes("shuffleanswers", true)
	if numbering := r.q.child("answernumbering").text; numbering != "" && numbering != "abc" && numbering != "none" {
		r.lose("选项的编号样式")
	}
	var fractions []string
	for _, a := range r.q.all("answer") {
		fractions = append(fractions, a.fraction)
		r.d.Options = append(r.d.Options, quiz.Option{Text: r.line(a), Why: r.why(a)})
	}
	if len(fractions) == 0 || !moodle.Grade(&r.d, fractions) {
		return errors.New("选项的比例应是 -100 到 100 的百分数")
	}
	return nil
}

func (r *reader) trueFalse() error {
	r.d.Kind = sheet.TrueFalse
	r.d.Options = []quiz.Option{{Text: "对"}, {Text: "错"}}
	for _, a := range r.q.all("answer") {
		o := &r.d.Options[0]
		if strings.EqualFold(a.words(), "false") {
			o = &r.d.Options[1]
		}
		percents, _ := moodle.Percents([]string{a.fraction})
		o.Right, o.Why = len(percents) == 1 && percents[0] == 100, r.why(a)
	}
	if r.d.Options[0].Right == r.d.Options[1].Right {
		return errors.New("判断题要有且只有一个对的答案")
	}
	return nil
}

// credits are the percents of answers that are written.
func credits(answers []*node) ([]int, error) {
	var fractions []string
	for _, a := range answers {
		fractions = append(fractions, a.fraction)
	}
	percents, ok := moodle.Percents(fractions)
	if !ok || len(percents) == 0 || slices.Min(percents) < 0 {
		return nil, errors.New("答案的比例应是 0 到 100 的百分数")
	}
	return percents, nil
}

func (r *reader) shortAnswer() error {
	answers := r.q.all("answer")
	percents, err := credits(answers)
	if err != nil {
		return err
	}
	r.d.Kind, r.d.Exact = sheet.Fill, r.yes("usecase", false)
	var b quiz.Blank
	for i, a := range answers {
		if text := a.words(); text == "*" && percents[i] == 0 {
			r.d.Said.Wrong = r.why(a)
		} else {
			b.Accept = append(b.Accept, quiz.Accepted{Text: r.literal(text), Percent: percents[i], Why: r.why(a)})
		}
	}
	r.d.Blanks = []quiz.Blank{b}
	r.d.Stem += "\n\n{{}}"
	if !strings.Contains(r.d.Stem[:len(r.d.Stem)-6], "\n") {
		r.d.Stem = strings.Replace(r.d.Stem, "\n\n{{}}", " {{}}", 1)
	}
	return nil
}

// literal is an accepted text, with a note where Moodle would accept more.
func (r *reader) literal(pattern string) string {
	text, wild := moodle.Literal(pattern)
	if wild {
		r.note("答案“%s”里的 * 在 Moodle 里代表任意文字，这里按星号本身比对", pattern)
	}
	return strings.Join(strings.Fields(text), " ")
}

func (r *reader) matching() error {
	r.d.Kind = sheet.Match
	for _, s := range r.q.all("subquestion") {
		right, _ := moodle.Text{Format: moodle.Plain, Text: s.child("answer").words()}.Line()
		r.d.Pairs = append(r.d.Pairs, quiz.Pair{Left: r.line(s), Right: right})
	}
	if len(r.d.Pairs) == 0 {
		return errors.New("配对题没有可配的内容")
	}
	return nil
}

func (r *reader) numerical() error {
	r.d.Kind = sheet.Numeric
	answers := r.q.all("answer")
	percents, err := credits(answers)
	if err != nil {
		return err
	}
	for i, a := range answers {
		text := a.words()
		if text == "*" {
			if r.d.Said.Wrong = r.why(a); percents[i] > 0 {
				r.lose("任何数都算对的答案")
			}
			continue
		}
		figure, isFigure := moodle.Figure(text)
		tolerance, isTolerance := moodle.Figure(a.child("tolerance").text)
		if !isFigure || !isTolerance {
			return fmt.Errorf("“%s”不是数", text)
		}
		if tolerance = strings.TrimPrefix(tolerance, "-"); tolerance == "0" {
			tolerance = ""
		}
		r.d.Values = append(r.d.Values, quiz.Value{Figure: figure, Tolerance: tolerance, Percent: percents[i], Why: r.why(a)})
	}
	return r.units()
}

// units reads the units with the one the answers are in first. Moodle says how
// many of a unit make one of that; a bank says how much of that one of them is.
func (r *reader) units() error {
	for _, u := range r.q.child("units").all("unit") {
		name, multiplier := u.child("unit_name").text, u.child("multiplier").text
		figure, isFigure := moodle.Figure(multiplier)
		factor, ok := moodle.Inverse(figure)
		if !isFigure || !ok || name == "" {
			return fmt.Errorf("单位“%s”的换算“%s”不是数", name, multiplier)
		}
		unit := quiz.Unit{Name: name, Factor: factor}
		if factor == "1" {
			r.d.Units = slices.Insert(r.d.Units, 0, unit)
		} else {
			r.d.Units = append(r.d.Units, unit)
		}
	}
	if len(r.d.Units) > 0 && r.q.child("unitgradingtype").text != "1" {
		r.note("单位在 Moodle 里的计分办法没有带过来，这里单位要和数一起答对")
	}
	return nil
}

func (r *reader) essay() error {
	r.d.Kind, r.d.Model = sheet.Text, r.block(r.q.child("graderinfo"))
	if f := r.q.child("responseformat").text; f != "" && f != "plain" && f != "editor" {
		r.lose("作答的格式“" + f + "”")
	}
	if n := r.q.child("attachments").text; n != "" && n != "0" {
		r.lose("上传附件")
	}
	if r.q.child("responsetemplate").words() != "" {
		r.lose("作答的模板")
	}
	return nil
}

func (r *reader) ordering() error {
	r.d.Kind = sheet.Order
	for _, a := range r.q.all("answer") {
		r.d.Options = append(r.d.Options, quiz.Option{Text: r.line(a), Why: r.why(a)})
	}
	if len(r.d.Options) == 0 {
		return errors.New("排序题没有可排的内容")
	}
	if g := r.q.child("gradingtype").text; g != longestSubset && g != longestSubsetNumber {
		r.note("排序题的计分办法没有带过来，这里按最长的正确次序计分")
	}
	if n, _ := strconv.Atoi(r.q.child("selectcount").text); n > 0 && n < len(r.d.Options) && r.q.child("selecttype").text != "ALL" {
		r.note("Moodle 每次只抽 %d 步来排，这里排全部步骤", n)
	}
	return nil
}

// How Moodle names the rule by which Qibu scores an order.
const longestSubset, longestSubsetNumber = "LONGEST_ORDERED_SUBSET", "5"
