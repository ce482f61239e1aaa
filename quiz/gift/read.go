package gift

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

// Read reads a GIFT file. A question that cannot be read is left behind with a
// note; the error is about the file as a whole.
func Read(src []byte) (quiz.Exchange, error) {
	text, err := moodle.Decode(src)
	if err != nil {
		return quiz.Exchange{}, err
	}
	list, ok := blocks(text)
	if !ok {
		return quiz.Exchange{}, moodle.ErrTooMany
	}
	var r reader
	for _, b := range list {
		r.block(b)
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
	q        question
	number   int      // of q
	lost     []string // of q
}

func (r *reader) note(format string, args ...any) {
	name := r.q.name
	if name == "" {
		name = fmt.Sprintf("第 %d 题", r.number)
	}
	r.x.Notes = append(r.x.Notes, quiz.Note{Question: name, Line: r.q.line, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) block(b block) {
	if category, ok := strings.CutPrefix(strings.TrimSpace(b.lines[0]), "$CATEGORY:"); ok {
		r.title(b.comments)
		r.category = moodle.Category(rawAgain.Replace(category))
		return
	}
	r.title(b.comments)
	q, err := b.parse()
	r.q, r.number, r.lost = q, len(r.x.Questions)+1, nil
	switch {
	case err != nil:
		r.note("这道题没有带过来：%v", err)
	case q.kind == description:
		r.describe()
	default:
		r.question()
	}
	if len(r.lost) > 0 {
		slices.Sort(r.lost)
		r.note("没有带过来：%s", strings.Join(slices.Compact(r.lost), "、"))
	}
}

// title finds the title of the whole among comments.
func (r *reader) title(comments []string) {
	for _, c := range comments {
		if extra, ok := strings.CutPrefix(strings.TrimSpace(c), moodle.Mark); ok {
			if key, value := moodle.Value(extra); key == "title" {
				r.x.Title = value
			}
		}
	}
}

// describe takes a description for the situation of a case when it says so.
func (r *reader) describe() {
	if text, lost := r.q.stem.Block(); slices.Contains(r.q.extras, "kind=case") {
		r.lost = append(r.lost, lost...)
		r.x.Situations = append(r.x.Situations, quiz.Situation{ID: r.q.id, Text: text})
	} else {
		r.note("说明文字没有带过来：%s", moodle.Brief(text))
	}
}

func (r *reader) question() {
	d := quiz.Draft{ID: r.q.id, Name: r.q.name, Category: r.category, Difficulty: 1, Points: 1}
	if !r.fill(&d) {
		return
	}
	d.Stem = r.stem(d.Kind)
	d.Explanation = r.text(r.q.general)
	for _, t := range r.q.tags {
		if !moodle.Tag(&d, t) {
			r.lost = append(r.lost, "标签“"+t+"”")
		}
	}
	r.extras(&d)
	r.x.Questions = append(r.x.Questions, d)
}

// extras tells d what its comments say.
func (r *reader) extras(d *quiz.Draft) {
	for _, e := range r.q.extras {
		switch key, value := moodle.Value(e); {
		case key == "title":
		case key == "kind" && moodle.Settle(d, value):
			d.Stem = r.stem(d.Kind)
		case key == "kind" || !moodle.Apply(d, e):
			r.note("看不懂注释“%s”", e)
		}
	}
	if d.Case != "" && !slices.ContainsFunc(r.x.Situations, func(s quiz.Situation) bool { return s.ID == d.Case }) {
		r.note("找不到情境“%s”", d.Case)
		d.Case = ""
	}
}

// stem is the question's text. What stands where the answers stood follows from its kind.
func (r *reader) stem(kind string) string {
	blank := "_____"
	t := r.q.stem
	if kind == sheet.Fill && r.q.kind == short {
		blank = "{{}}"
	} else if text, last := strings.CutSuffix(strings.TrimSpace(t.Text), gap); last {
		t.Text = text
	}
	return strings.Replace(r.text(t), gap, blank, 1)
}

func (r *reader) text(t moodle.Text) string {
	text, lost := t.Block()
	r.lost = append(r.lost, lost...)
	return text
}

func (r *reader) line(t moodle.Text) string {
	text, lost := t.Line()
	r.lost = append(r.lost, lost...)
	return text
}

// fill gives d its kind and answers, and reports whether they make a question.
func (r *reader) fill(d *quiz.Draft) bool {
	switch r.q.kind {
	case essay:
		d.Kind = sheet.Text
	case trueFalse:
		d.Kind = sheet.TrueFalse
		yes, no := r.line(r.q.right), r.line(r.q.wrong)
		if !r.q.truth {
			yes, no = no, yes
		}
		d.Options = []quiz.Option{{Text: "对", Why: yes, Right: r.q.truth}, {Text: "错", Why: no, Right: !r.q.truth}}
	case multiple:
		return r.options(d)
	case short:
		return r.blank(d)
	case numerical:
		return r.values(d)
	case matching:
		d.Kind = sheet.Match
		for _, p := range r.q.pairs {
			d.Pairs = append(d.Pairs, quiz.Pair{Left: r.line(p.left), Right: r.line(moodle.Text{Format: moodle.Plain, Text: p.right})})
			if p.why != "" {
				r.lost = append(r.lost, "配对的反馈“"+p.why+"”")
			}
		}
	}
	return true
}

func (r *reader) options(d *quiz.Draft) bool {
	d.Kind = sheet.Multiple
	var fractions []string
	for _, c := range r.q.choices {
		if c.right {
			d.Kind = sheet.Single
		}
		fractions = append(fractions, c.fraction())
		d.Options = append(d.Options, quiz.Option{Text: r.line(c.text), Why: r.line(c.why)})
	}
	if !moodle.Grade(d, fractions) {
		r.note("这道题没有带过来：答案的比例应是 -100 到 100 的百分数")
		return false
	}
	return true
}

func (c choice) fraction() string {
	switch {
	case c.weight != "":
		return c.weight
	case c.right:
		return "100"
	}
	return "0"
}

// percents are the credits of answers that are written.
func (r *reader) percents() ([]int, bool) {
	var fractions []string
	for _, c := range r.q.choices {
		fractions = append(fractions, c.fraction())
	}
	percents, ok := moodle.Percents(fractions)
	if !ok || slices.Min(percents) < 0 {
		r.note("这道题没有带过来：答案的比例应是 0 到 100 的百分数")
		return nil, false
	}
	return percents, true
}

func (r *reader) blank(d *quiz.Draft) bool {
	percents, ok := r.percents()
	d.Kind = sheet.Fill
	var b quiz.Blank
	for i, p := range percents {
		c := r.q.choices[i]
		text, wild := moodle.Literal(strings.Join(strings.Fields(c.text.Text), " "))
		switch {
		case c.text.Text == "*" && p == 0 && d.Said.Wrong == "":
			d.Said.Wrong = r.line(c.why)
			continue
		case wild:
			r.note("答案“%s”里的 * 在 Moodle 里代表任意文字，这里按星号本身比对", c.text.Text)
		}
		b.Accept = append(b.Accept, quiz.Accepted{Text: text, Percent: p, Why: r.line(c.why)})
	}
	d.Blanks = []quiz.Blank{b}
	return ok
}

func (r *reader) values(d *quiz.Draft) bool {
	percents, ok := r.percents()
	d.Kind = sheet.Numeric
	for i, p := range percents {
		c := r.q.choices[i]
		switch {
		case c.figure != "":
			d.Values = append(d.Values, quiz.Value{Figure: c.figure, Tolerance: c.tolerance, Percent: p, Why: r.line(c.why)})
		case d.Said.Wrong == "" && (p == 0 || !c.right):
			d.Said.Wrong = r.line(c.why)
		default:
			r.lost = append(r.lost, "任何数都算对的答案")
		}
	}
	return ok
}
