package quiz

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"qibu/quiz/sheet"
)

// asWritten compares what authors write: nil is empty, and where it stood in the
// file does not count.
var asWritten = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(Draft{}, "Line", "at"),
	cmpopts.IgnoreFields(Situation{}, "Line"),
}

func TestWriteThenRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, x := anyHeader(t), anyExchange(t)
		x.Title = h.Title
		src := Write(h, x)
		gotHeader, got, ps := Read("x.md", src)
		if len(ps) > 0 {
			t.Fatalf("%v\nin\n%s", ps, src)
		}
		if diff := cmp.Diff(h, gotHeader, asWritten); diff != "" {
			t.Fatalf("%s\nin\n%s", diff, src)
		}
		if diff := cmp.Diff(x, got, asWritten); diff != "" {
			t.Fatalf("%s\nin\n%s", diff, src)
		}
	})
}

// Every trap by itself, wherever a text may be.
func TestWriteTraps(t *testing.T) {
	for _, trap := range traps {
		text := oneLine(trap + "字")
		d := Draft{
			Difficulty: 1, Points: 1, Name: text, Category: text, Stem: text + "\n" + text, Explanation: text + "\n\n" + text,
			Said: sheet.Responses{Right: text, Partly: text, Wrong: text},
		}
		for _, kind := range kinds {
			d.ID, d.Kind = kind, kind
			d.Options, d.Picture, d.Pairs, d.Blanks, d.Values, d.Rubric, d.Model = nil, nil, nil, nil, nil, nil, ""
			switch kind {
			case sheet.Match:
				d.Pairs = []Pair{{text, text}}
			case sheet.Fill:
				if strings.ContainsAny(text, `{}\｛｝`) {
					d.Stem = "空"
				}
				d.Stem += gap + gap
				d.Blanks = []Blank{{Accept: []Accepted{{text, 100, ""}}}, {Accept: []Accepted{{text, 50, text}}}}
			case sheet.Numeric:
				d.Values = []Value{{"3", "", 100, text}}
			case sheet.Text:
				d.Rubric, d.Model = []Criterion{{text, 1}}, text+"\n"+text
			case sheet.Hot:
				d.Picture = &sheet.Picture{Alt: text, Source: "img/a.svg", Width: 1, Height: 1}
				d.Options = []Option{{Text: text, Why: text}}
			default:
				d.Options = []Option{{Text: text, Why: text}}
			}
			x := Exchange{Title: text, Questions: []Draft{d}}
			written := Write(NewHeader(text), x)
			_, got, ps := Read("x.md", written)
			if diff := cmp.Diff(x, got, asWritten); diff != "" || len(ps) > 0 {
				t.Errorf("%q: %v%s\nin\n%s", trap, ps, diff, written)
			}
		}
	}
}

// TestWriteBanks writes banks that have been read: the same bank must come of it,
// but for the lines it stands on.
func TestWriteBanks(t *testing.T) {
	files, err := filepath.Glob("../content/quizzes/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "testdata/front-desk.md", "testdata/every-kind.md") {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, ps := Parse(file, src)
		if len(ps) > 0 {
			t.Fatal(ps)
		}
		h, x, _ := Read(file, src)
		got, ps := Parse(file, Write(h, x))
		if len(ps) > 0 {
			t.Fatal(ps)
		}
		lines := cmp.Options{cmpopts.IgnoreUnexported(Bank{}), cmpopts.IgnoreFields(Question{}, "Line"), cmpopts.IgnoreFields(Situation{}, "Line")}
		if diff := cmp.Diff(want, got, lines); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

// Breaks of lines and blank space where they mean nothing are lost, nothing else.
func TestWriteTidies(t *testing.T) {
	x := Exchange{Questions: []Draft{{
		ID: "a", Kind: sheet.Single, Difficulty: 1, Points: 1,
		Stem:        "\n 题干  \r\n第二行\t\n",
		Options:     []Option{{Text: "两\n行 ", Why: " 因为\r\n所以"}, {Text: "对的", Right: true}},
		Explanation: "\n解析\n\n\n",
	}}}
	_, got, ps := Read("x.md", Write(NewHeader("x"), x))
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	want := x.Questions[0]
	want.Stem, want.Explanation = "题干\n第二行", "解析"
	want.Options = []Option{{Text: "两 行", Why: "因为 所以"}, {Text: "对的", Right: true}}
	if diff := cmp.Diff(want, got.Questions[0], asWritten); diff != "" {
		t.Error(diff)
	}
}

// traps are beginnings and pieces of text that mean something somewhere in a file.
var traps = []string{
	"## ", "### ", "- [x] ", "- [ ] ", "- [50%] ", "1. ", "2、", "= ", "＝ ", "(1)= ", "> ", "| ", "|---|", "![图](img/a.svg)",
	"解析：", "答对：", "依据：", "复习：", "单位：", "评分：", "参考：", "名称: ", "[50%] ", "- 找到 (2)", "\\", "\\\\", "\\## ", "---",
	" {#x}", "{critical}", "}}", "}", " | ", "\\|", " (3%, 4%)", " (2)", "±", "**粗**", "`码`", "对", "错", "D5", "\u3000",
	"- ［ｘ］ ", "- [×] ", "- 【】 ", "［50％］ ", "｛｛", "｝｝", "｜", "＞ ", "&lt;", "é", "𠮷",
}

// anyLine is text without line breaks and blank space around it, not empty.
func anyLine(t *rapid.T, label string) string {
	part := rapid.OneOf(rapid.SampledFrom(traps), rapid.StringOfN(rapid.RuneFrom([]rune("车客户问 ab1.#=>|{}[]()（）：·-\\\"'&<*_")), 1, 8, -1))
	text := strings.TrimSpace(strings.Join(rapid.SliceOfN(part, 1, 4).Draw(t, label), ""))
	if text == "" {
		return "字"
	}
	return text
}

// maybeLine is any line or nothing.
func maybeLine(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, "has "+label) {
		return anyLine(t, label)
	}
	return ""
}

// anyText is one line or several, with empty ones between them.
func anyText(t *rapid.T, label string) string {
	lines := []string{anyLine(t, label)}
	for range rapid.IntRange(0, 3).Draw(t, label+" lines") {
		lines = append(lines, maybeLine(t, label))
	}
	return tidy(strings.Join(lines, "\n"))
}

func maybeText(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, "has "+label) {
		return anyText(t, label)
	}
	return ""
}

func anyHeader(t *rapid.T) Header {
	h := NewHeader(maybeLine(t, "title"))
	h.TitleEN, h.Module = maybeLine(t, "title_en"), maybeLine(t, "module")
	h.Draw, h.Pass, h.Minutes = anyNumber(t, "draw"), anyNumber(t, "pass"), anyNumber(t, "minutes")
	h.Shuffle = rapid.Bool().Draw(t, "shuffle")
	h.Retake = Retake{WaitHours: anyNumber(t, "wait"), Max: anyNumber(t, "max"), WithinDays: anyNumber(t, "days")}
	h.Forms, h.Exposure = anyNumber(t, "forms"), anyNumber(t, "exposure")
	for range rapid.IntRange(0, 3).Draw(t, "cells") {
		h.Blueprint = append(h.Blueprint, Cell{Topic: anyTopic(t), Difficulty: anyNumber(t, "difficulty"), Count: anyNumber(t, "count")})
	}
	if rapid.Bool().Draw(t, "minimum") {
		h.Minimum = map[string]int{"D3": anyNumber(t, "least"), "D5": 60}
	}
	return h
}

func anyNumber(t *rapid.T, label string) int { return rapid.IntRange(0, 300).Draw(t, label) }

func anyTopic(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "D1", "D5", "D8"}).Draw(t, "topic")
}

// anyExchange has the questions of a case side by side and situations in the order
// of their questions.
func anyExchange(t *rapid.T) Exchange {
	var x Exchange
	in := ""
	for i := range rapid.IntRange(1, 5).Draw(t, "questions") {
		switch rapid.IntRange(0, 3).Draw(t, "case") {
		case 0:
			in = "case-" + strconv.Itoa(i)
			x.Situations = append(x.Situations, Situation{ID: in, Text: anyText(t, "situation")})
		case 1:
			in = ""
		}
		d := anyDraft(t, "q-"+strconv.Itoa(i))
		d.Case = in
		x.Questions = append(x.Questions, d)
	}
	return x
}

func anyDraft(t *rapid.T, id string) Draft {
	d := Draft{
		ID: id, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Name: maybeLine(t, "name"), Category: maybeLine(t, "category"),
		Stem: anyText(t, "stem"), Topic: anyTopic(t), Difficulty: rapid.IntRange(1, 3).Draw(t, "difficulty"),
		Points: rapid.IntRange(1, readPoints).Draw(t, "points"), Explanation: maybeText(t, "explanation"),
		Said: sheet.Responses{Right: maybeLine(t, "right"), Partly: maybeLine(t, "partly"), Wrong: maybeLine(t, "wrong")},
	}
	for _, flag := range []*bool{&d.Critical, &d.Pilot, &d.Void, &d.Fixed, &d.Exact, &d.ByValue} {
		*flag = rapid.Bool().Draw(t, "flag")
	}
	switch rapid.IntRange(0, 3).Draw(t, "basis") {
	case 0:
		d.Sources = []string{"S4-035", "S1-008"}
	case 1:
		d.Review = "a/b#c"
	case 2:
		d.Sources, d.Review = []string{"S4-035"}, "a/b#c"
	}
	giveAnswers(t, &d)
	return d
}

func giveAnswers(t *rapid.T, d *Draft) {
	n := rapid.IntRange(1, 4).Draw(t, "answers")
	switch d.Kind {
	case sheet.Order:
		for range n {
			d.Options = append(d.Options, Option{Text: anyLine(t, "step"), Why: maybeLine(t, "why")})
		}
	case sheet.Match:
		for range n {
			d.Pairs = append(d.Pairs, Pair{Left: maybeLine(t, "left"), Right: anyLine(t, "right side")})
		}
	case sheet.Fill:
		giveBlanks(t, d, n)
	case sheet.Numeric:
		for range n {
			v := Value{Figure: anyFigure(t), Percent: rapid.IntRange(0, 100).Draw(t, "percent"), Why: maybeLine(t, "why")}
			if rapid.Bool().Draw(t, "tolerates") {
				v.Tolerance = anyFigure(t)
			}
			d.Values = append(d.Values, v)
		}
		d.Units = rapid.SampledFrom([][]Unit{nil, {{"天", "1"}}, {{"km/h", "1"}, {"小 时", "1/24"}, {"分", "0.5"}}}).Draw(t, "units")
	case sheet.Hot:
		d.Picture = &sheet.Picture{Alt: maybeLine(t, "alt"), Source: "img/a.svg", Width: anyNumber(t, "width"), Height: anyNumber(t, "height")}
		for range n {
			o := Option{Text: anyLine(t, "place"), Why: maybeLine(t, "why")}
			o.X, o.Y = rapid.IntRange(0, 1000).Draw(t, "x"), rapid.IntRange(0, 1000).Draw(t, "y")
			d.Options = append(d.Options, o)
		}
	case sheet.Text:
		for range n {
			d.Rubric = append(d.Rubric, Criterion{Text: anyLine(t, "criterion"), Points: rapid.IntRange(0, 9).Draw(t, "worth")})
		}
		d.Model, d.Most = maybeText(t, "model"), rapid.IntRange(0, mostWords).Draw(t, "words")
	default:
		giveOptions(t, d, n)
	}
}

func anyFigure(t *rapid.T) string {
	return rapid.SampledFrom([]string{"0", "3", "-2.5", "1000000", "0.10"}).Draw(t, "figure")
}

// giveOptions adds options with marks or, half of the time, percentages.
func giveOptions(t *rapid.T, d *Draft, n int) {
	credited := rapid.Bool().Draw(t, "credited")
	for i := range n {
		o := Option{Text: anyLine(t, "option"), Why: maybeLine(t, "why")}
		if credited {
			o.Credit = rapid.SampledFrom([]int{-100, -25, 0, 50, 100}).Draw(t, "credit")
			if i == 0 && o.Credit == 0 {
				o.Credit = 33 // without any, the question has no percentages
			}
			o.Right = o.Credit == 100 || d.Kind == sheet.Multiple && o.Credit > 0
		} else {
			o.Right = rapid.Bool().Draw(t, "right option")
		}
		d.Options = append(d.Options, o)
	}
}

// giveBlanks puts blanks into the stem, which has no other braces.
func giveBlanks(t *rapid.T, d *Draft, n int) {
	d.Stem = strings.NewReplacer("{", "", "}", "", `\`, "", "｛", "", "｝", "").Replace(d.Stem)
	if d.Stem = tidy(d.Stem); d.Stem == "" {
		d.Stem = "空"
	}
	for range n {
		d.Stem += rapid.SampledFrom([]string{"", " ", "\n", "，", `\\`, "{", `\{{x}}`}).Draw(t, "between") + gap
		var b Blank
		for range rapid.IntRange(0, 3).Draw(t, "accepted") {
			b.Accept = append(b.Accept, Accepted{
				Text: anyLine(t, "accept"), Percent: rapid.IntRange(0, 100).Draw(t, "percent"), Why: maybeLine(t, "why"),
			})
		}
		d.Blanks = append(d.Blanks, b)
	}
}
