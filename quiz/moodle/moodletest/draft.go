// Package moodletest draws questions of every kind for the tests of Moodle's
// formats: all that these can carry there and back.
package moodletest

import (
	"cmp"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

var (
	blockText = rapid.StringOfN(rapid.RuneFrom([]rune("客户接车前台abXY019 :=#~{}\\*_[]()<>&%!-|`\"'/，。？“”\n")), 1, 24, -1)
	plainText = rapid.StringOfN(rapid.RuneFrom([]rune("客户接车前台abXY019 ：，。？“”:={}")), 1, 12, -1)
	kinds     = []string{sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match, sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text}
)

// block is Markdown of several lines, line of one, words without any marks.
func block(t *rapid.T) string {
	return "题" + strings.ReplaceAll(strings.TrimRight(blockText.Draw(t, "block"), " \n"), "{{}}", "")
}

func line(t *rapid.T) string {
	return cmp.Or(oneLine(blockText.Draw(t, "line")), "甲")
}

func words(t *rapid.T) string {
	return oneLine("话" + plainText.Draw(t, "words"))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func maybe(t *rapid.T, text func(*rapid.T) string) string {
	if rapid.Bool().Draw(t, "there") {
		return text(t)
	}
	return ""
}

// Exchange draws a file of questions.
func Exchange() *rapid.Generator[quiz.Exchange] {
	return rapid.Custom(func(t *rapid.T) quiz.Exchange {
		x := quiz.Exchange{Title: maybe(t, line)}
		for i := range rapid.IntRange(1, 5).Draw(t, "questions") {
			d := draft(t)
			d.ID = fmt.Sprintf("q-%d", i)
			if rapid.IntRange(0, 3).Draw(t, "case") == 0 {
				if len(x.Situations) == 0 || rapid.Bool().Draw(t, "new") {
					x.Situations = append(x.Situations, quiz.Situation{ID: fmt.Sprintf("case-%d", i), Text: block(t)})
				}
				d.Case = x.Situations[len(x.Situations)-1].ID
			}
			x.Questions = append(x.Questions, d)
		}
		return x
	})
}

func draft(t *rapid.T) quiz.Draft {
	d := quiz.Draft{
		Name: maybe(t, words), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Stem: block(t),
		Category:    rapid.SampledFrom([]string{"", "车间", "车间/接车"}).Draw(t, "category"),
		Topic:       rapid.SampledFrom([]string{"", "D1", "D8"}).Draw(t, "topic"),
		Difficulty:  rapid.IntRange(1, 3).Draw(t, "difficulty"),
		Points:      rapid.IntRange(1, 10).Draw(t, "points"),
		Critical:    rapid.Bool().Draw(t, "critical"),
		Pilot:       rapid.Bool().Draw(t, "pilot"),
		Void:        rapid.Bool().Draw(t, "void"),
		Said:        sheet.Responses{Right: maybe(t, line), Partly: maybe(t, line), Wrong: maybe(t, line)},
		Explanation: maybe(t, block),
		Review:      rapid.SampledFrom([]string{"", "seven-steps/step-2-reception#covers"}).Draw(t, "review"),
	}
	if rapid.Bool().Draw(t, "sourced") {
		d.Sources = []string{"S4-035", "S1-008"}
	}
	answers(t, &d)
	return d
}

func answers(t *rapid.T, d *quiz.Draft) {
	n := rapid.IntRange(2, 4).Draw(t, "answers")
	switch d.Kind {
	case sheet.Single, sheet.Multiple:
		d.Fixed = rapid.Bool().Draw(t, "fixed")
		d.Options = options(t, d.Kind, n)
	case sheet.TrueFalse:
		right := rapid.Bool().Draw(t, "true")
		d.Options = []quiz.Option{{Text: "对", Why: maybe(t, line), Right: right}, {Text: "错", Why: maybe(t, line), Right: !right}}
	case sheet.Order, sheet.Hot:
		for i := range n {
			o := quiz.Option{Text: words(t), Why: maybe(t, line)}
			if d.Kind == sheet.Hot {
				o.X, o.Y = 100*i, 1000-10*i
			}
			d.Options = append(d.Options, o)
		}
		if d.Kind == sheet.Hot {
			d.Picture = &sheet.Picture{Source: "img/car-top.svg", Alt: line(t), Width: 400, Height: 720}
		}
	case sheet.Match:
		for range n {
			d.Pairs = append(d.Pairs, quiz.Pair{Left: strings.ReplaceAll(maybe(t, line), "->", ""), Right: words(t)})
		}
	case sheet.Fill:
		fill(t, d)
	case sheet.Numeric:
		numeric(t, d, n)
	case sheet.Text:
		d.Most, d.Model = rapid.SampledFrom([]int{0, 300}).Draw(t, "most"), maybe(t, block)
		for i := range n {
			d.Rubric = append(d.Rubric, quiz.Criterion{Text: line(t), Points: i})
		}
	}
}

// options draws options with one right answer, or credits that are not those
// that follow from right and wrong.
func options(t *rapid.T, kind string, n int) (list []quiz.Option) {
	rights := 1
	if kind == sheet.Multiple {
		rights = rapid.IntRange(1, n).Draw(t, "rights")
	}
	credits := rapid.SampledFrom([][]int{nil, {60, 40, -25, 0}, {100, 50, 0, 0}}).Draw(t, "credits")
	if kind == sheet.Single && rapid.Bool().Draw(t, "nothing full") && credits != nil {
		credits = []int{70, 30, 0, 0}
	}
	for i := range n {
		o := quiz.Option{Text: line(t), Why: maybe(t, line), Right: i < rights}
		if credits != nil {
			o.Credit = credits[i]
			o.Right = o.Credit == 100 || o.Credit > 0 && kind == sheet.Multiple
		}
		list = append(list, o)
	}
	return list
}

func fill(t *rapid.T, d *quiz.Draft) {
	d.Exact, d.ByValue = rapid.Bool().Draw(t, "exact"), rapid.Bool().Draw(t, "by value")
	for range rapid.IntRange(1, 3).Draw(t, "blanks") {
		d.Stem += "{{}}" + strings.ReplaceAll(strings.TrimSpace(block(t)), "\n", "") + "。"
		b := quiz.Blank{Accept: []quiz.Accepted{{Text: line(t), Percent: 100, Why: maybe(t, line)}}}
		if rapid.Bool().Draw(t, "half") {
			b.Accept = append(b.Accept, quiz.Accepted{Text: line(t), Percent: 50, Why: maybe(t, line)})
		}
		d.Blanks = append(d.Blanks, b)
	}
	if rapid.Bool().Draw(t, "blank at the end") {
		d.Stem += "{{}}"
		d.Blanks = append(d.Blanks, quiz.Blank{Accept: []quiz.Accepted{{Text: "55%", Percent: 100}, {Text: "三十", Percent: 0, Why: line(t) + "。"}}})
	}
}

func numeric(t *rapid.T, d *quiz.Draft, n int) {
	for i := range n {
		d.Values = append(d.Values, quiz.Value{
			Figure:    rapid.SampledFrom([]string{"3", "-2.5", "0", "1000.125"}).Draw(t, "figure"),
			Tolerance: rapid.SampledFrom([]string{"", "0.5", "12"}).Draw(t, "tolerance"),
			Percent:   []int{100, 50, 20, 0}[i], Why: maybe(t, line),
		})
	}
	if rapid.Bool().Draw(t, "units") {
		d.Units = []quiz.Unit{{Name: "天", Factor: "1"}, {Name: "小时", Factor: "1/24"}, {Name: "周", Factor: "7"}}
	}
}
