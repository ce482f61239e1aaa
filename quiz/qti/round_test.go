package qti

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

var same = cmp.Options{cmpopts.IgnoreUnexported(quiz.Draft{}), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(quiz.Exchange{}, "Notes")}

// What is written is read back the same, of what QTI can say.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawExchange(t)
		src, _ := Write(x)
		back, err := Read(src)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x, back, same); diff != "" {
			t.Fatalf("%s\n%v", diff, back.Notes)
		}
	})
}

// drawText is a text of one line in Markdown as the reader writes it.
func drawText(t *rapid.T, name string) string {
	part := rapid.SampledFrom([]string{"客户", "王先生，", "<先>", "“铺”", " & a", "3~5 天", "**注意：**甲", "&lt", "100%", "{x}"})
	return "字" + strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, name), "") + "。"
}

func maybe(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, name+"?") {
		return drawText(t, name)
	}
	return ""
}

func drawExchange(t *rapid.T) quiz.Exchange {
	x := quiz.Exchange{Title: maybe(t, "title")}
	for i := range rapid.IntRange(1, 3).Draw(t, "n") {
		d := drawDraft(t)
		d.ID = fmt.Sprintf("%d-q", i)
		if rapid.Bool().Draw(t, "case") {
			d.Case = fmt.Sprintf("late-%d", i)
			x.Situations = append(x.Situations, quiz.Situation{ID: d.Case, Text: drawText(t, "story") + "\n\n- 一\n- 二"})
		}
		x.Questions = append(x.Questions, d)
	}
	return x
}

func drawDraft(t *rapid.T) quiz.Draft {
	kinds := []string{sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match, sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text}
	flip := func(name string) bool { return rapid.Bool().Draw(t, name) }
	d := quiz.Draft{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Stem: drawText(t, "stem"), Name: maybe(t, "name"), Category: maybe(t, "category"),
		Topic: rapid.SampledFrom([]string{"", "D1", "D8"}).Draw(t, "topic"), Difficulty: rapid.IntRange(1, 3).Draw(t, "difficulty"), Points: rapid.IntRange(1, 10).Draw(t, "points"),
		Critical: flip("critical"), Pilot: flip("pilot"), Void: flip("void"), Fixed: flip("fixed"),
		Said:        sheet.Responses{Right: maybe(t, "right"), Partly: maybe(t, "partly"), Wrong: maybe(t, "wrong")},
		Explanation: maybe(t, "explanation"), Sources: []string{"S4-035", "S1-008"}[:rapid.IntRange(0, 2).Draw(t, "sources")], Review: rapid.SampledFrom([]string{"", "a/b#c"}).Draw(t, "review"),
	}
	if flip("more") {
		d.Stem += "\n\n" + drawText(t, "rest") + "\n\n1. 一\n2. 二"
	}
	drawAnswers(t, &d)
	return d
}

func drawAnswers(t *rapid.T, d *quiz.Draft) {
	n := rapid.IntRange(2, 5).Draw(t, "answers")
	switch d.Kind {
	case sheet.Single, sheet.Multiple, sheet.Order, sheet.Hot:
		for i := range n {
			d.Options = append(d.Options, quiz.Option{Text: fmt.Sprint(i, drawText(t, "option")), Why: maybe(t, "why")})
		}
		drawKey(t, d)
	case sheet.TrueFalse:
		right := rapid.Bool().Draw(t, "true")
		d.Options = []quiz.Option{{Text: "对", Right: right, Why: maybe(t, "why")}, {Text: "错", Right: !right, Why: maybe(t, "why")}}
	case sheet.Match:
		for i := range n {
			d.Pairs = append(d.Pairs, quiz.Pair{Left: drawText(t, "left"), Right: fmt.Sprint(rapid.IntRange(0, i).Draw(t, "right"), "右")})
		}
		if rapid.Bool().Draw(t, "alone") {
			d.Pairs = append(d.Pairs, quiz.Pair{Right: "没有左边"})
		}
	case sheet.Fill:
		d.Exact, d.ByValue = rapid.Bool().Draw(t, "exact"), rapid.Bool().Draw(t, "value")
		for range n {
			d.Stem += " {{}} 和"
			b := quiz.Blank{Accept: []quiz.Accepted{{Text: drawText(t, "accepted"), Percent: 100, Why: maybe(t, "why")}}}
			if rapid.Bool().Draw(t, "second") {
				b.Accept = append(b.Accept, quiz.Accepted{Text: "第二 " + drawText(t, "accepted"), Percent: rapid.SampledFrom([]int{100, 50, 0}).Draw(t, "percent"), Why: maybe(t, "why")})
			}
			d.Blanks = append(d.Blanks, b)
		}
	case sheet.Numeric:
		d.Values = []quiz.Value{{Figure: "3", Tolerance: "0.5", Percent: 100, Why: maybe(t, "why")}, {Figure: "-2.5", Percent: 50}, {Figure: "0", Tolerance: "1", Percent: 0, Why: maybe(t, "why")}}[:rapid.IntRange(1, 3).Draw(t, "values")]
	case sheet.Text:
		d.Model, d.Most = maybe(t, "model"), rapid.SampledFrom([]int{0, 300}).Draw(t, "most")
		for range rapid.IntRange(0, 3).Draw(t, "criteria") {
			d.Rubric = append(d.Rubric, quiz.Criterion{Text: drawText(t, "criterion"), Points: rapid.IntRange(1, 5).Draw(t, "worth")})
		}
	}
}

// drawKey makes options right, or places them on a picture.
func drawKey(t *rapid.T, d *quiz.Draft) {
	if d.Kind == sheet.Hot {
		d.Picture = &sheet.Picture{Source: "img/car.svg", Alt: "车", Width: 1000, Height: 2000}
	}
	credit := rapid.Bool().Draw(t, "credit")
	for i := range d.Options {
		o := &d.Options[i]
		switch {
		case d.Kind == sheet.Order:
		case d.Kind == sheet.Hot:
			o.X, o.Y = rapid.IntRange(0, 1000).Draw(t, "x"), rapid.IntRange(0, 1000).Draw(t, "y")
		case credit:
			o.Credit = []int{100, 40, -25, 0, -10}[i]
			o.Right = o.Credit == 100 || d.Kind == sheet.Multiple && o.Credit > 0
		default:
			o.Right = i == 0 || d.Kind == sheet.Multiple && rapid.Bool().Draw(t, "right")
		}
	}
}

// The first condition that holds decides, so the best value has to come first.
func TestBestValueFirst(t *testing.T) {
	src, _ := Write(quiz.Exchange{Questions: []quiz.Draft{{
		ID: "days", Kind: sheet.Numeric, Stem: "几天", Points: 2, Difficulty: 1,
		Values: []quiz.Value{{Figure: "3", Tolerance: "1", Percent: 50}, {Figure: "3", Tolerance: "0.5", Percent: 100}},
	}}})
	x, err := Read(src)
	if err != nil || len(x.Questions) != 1 || x.Questions[0].Values[0].Percent != 100 {
		t.Errorf("%v %+v", err, x)
	}
}

// A player that shuffles leaves right sides that are fixed where they are, never the
// left ones: beside each other as written, they are the key.
func TestFixedRightSides(t *testing.T) {
	d := quiz.Draft{ID: "when", Kind: sheet.Match, Stem: "多久？", Points: 1, Fixed: true, Pairs: []quiz.Pair{{Left: "查胎压", Right: "5 分钟"}, {Left: "换机油", Right: "半小时"}}}
	src, _ := Write(quiz.Exchange{Questions: []quiz.Draft{d}})
	files, err := unzip(src)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		text, err := f.read()
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for text, want := range map[string]int{`shuffle="true"`: 1, `shuffle="false"`: 0, `match-max="0" fixed="true">`: 2, `match-max="1">`: 2} {
		if n := strings.Count(all.String(), text); n != want {
			t.Errorf("%s is written %d times, want %d", text, n, want)
		}
	}
}

func TestWriteNotes(t *testing.T) {
	_, notes := Write(quiz.Exchange{
		Situations: []quiz.Situation{{ID: "../etc", Text: "坏的号"}},
		Questions: []quiz.Draft{
			{ID: "题1", Kind: sheet.Single, Stem: "铺？"},
			{ID: "steps", Kind: sheet.Order, Stem: "排", Options: []quiz.Option{{Text: "一"}, {Text: "二"}}},
			{ID: "share", Kind: sheet.Fill, Stem: "占{{}}", ByValue: true, Blanks: []quiz.Blank{{Accept: []quiz.Accepted{{Text: "38%", Percent: 100}}}}},
			{ID: "word", Kind: sheet.Fill, Stem: "先{{}}", Blanks: []quiz.Blank{{Accept: []quiz.Accepted{{Text: "铺", Percent: 100}}}}},
			{ID: "hours", Kind: sheet.Numeric, Stem: "多久", Values: []quiz.Value{{Figure: "1", Percent: 100}}, Units: []quiz.Unit{{Name: "小时", Factor: "1"}}},
		},
	})
	want := []string{"../etc 情境没有写进包里", "题1 没有写进包里", "steps 顺序全对才得分", "share 填空只按文字比对：数字", "word 填空只按文字比对：全角", "hours 单位没有带过去，答案都按“小时”"}
	if len(notes) != len(want) {
		t.Fatal(notes)
	}
	for i, n := range notes {
		if !strings.HasPrefix(n.Question+" "+n.Text, want[i]) {
			t.Errorf("%v, want %s", n, want[i])
		}
	}
}
