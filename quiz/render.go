package quiz

import (
	"slices"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/markdown"
	"qibu/quiz/sheet"
)

// usualWords is how many characters a free text may have that says nothing of it.
const usualWords = 1000

// newBank is the bank of what was read, its texts not yet rendered.
func newBank(h Header, x Exchange) *Bank {
	b := &Bank{
		Title: h.Title, TitleEN: h.TitleEN, Module: h.Module, Size: h.Draw, Pass: h.Pass, Minutes: h.Minutes,
		Shuffle: h.Shuffle, Retake: h.Retake, Blueprint: h.Blueprint, Minimum: h.Minimum,
		Forms: h.Forms, Exposure: h.Exposure,
	}
	if b.Size == 0 {
		for _, c := range h.Blueprint {
			b.Size += c.Count
		}
	}
	number := map[string]int{"": 0}
	for i, c := range x.Situations {
		number[c.ID] = i + 1
	}
	for _, d := range x.Questions {
		b.Questions = append(b.Questions, Question{
			ID: d.ID, Kind: d.Kind, Case: number[d.Case], Topic: d.Topic, Difficulty: d.Difficulty, Points: d.Points,
			Critical: d.Critical, Pilot: d.Pilot, Void: d.Void, Fixed: d.Fixed, Exact: d.Exact, ByValue: d.ByValue,
			Sources: d.Sources, Review: d.Review, Line: d.Line,
		})
	}
	return b
}

// render turns the texts of the drafts, which are the bank's questions, into HTML.
func (b *Bank) render(x Exchange) fault.Problems {
	r := renderer{file: b.File}
	for _, c := range x.Situations {
		b.Cases = append(b.Cases, Situation{ID: c.ID, Text: r.stem(c.Text, c.Line), Line: c.Line})
	}
	for i, d := range x.Questions {
		r.question(&b.Questions[i], d)
	}
	return r.problems
}

type renderer struct {
	file     string
	problems fault.Problems
}

// blocks renders a text whose first line is the given line of the file.
func (r *renderer) blocks(text string, line int) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	doc, ps := markdown.Render([]byte(text), markdown.Options{File: r.file, FirstLine: line})
	r.problems = append(r.problems, ps...)
	return doc.HTML
}

// stem renders a text whose first line is the heading.
func (r *renderer) stem(text string, line int) string {
	heading, rest, _ := strings.Cut(text, "\n")
	return "<p>" + markdown.Inline(heading) + "</p>" + r.blocks(rest, line+1)
}

func (r *renderer) question(q *Question, d Draft) {
	q.Explanation = r.blocks(d.Explanation, d.at.explanation)
	q.Said = sheet.Responses{
		Right: markdown.Inline(d.Said.Right), Partly: markdown.Inline(d.Said.Partly), Wrong: markdown.Inline(d.Said.Wrong),
	}
	for _, o := range d.Options {
		o.Text, o.Why = markdown.Inline(o.Text), markdown.Inline(o.Why)
		q.Options = append(q.Options, o)
	}
	switch d.Kind {
	case sheet.Fill:
		r.fill(q, d)
		return
	case sheet.Match:
		matchUp(q, d.Pairs)
	case sheet.Numeric:
		q.Units, q.Values = d.Units, figures(d.Values)
	case sheet.Hot:
		q.Picture = d.Picture
	case sheet.Text:
		q.Model, q.Rubric = r.blocks(d.Model, d.at.model), criteria(d.Rubric)
		if q.Most = d.Most; q.Most == 0 {
			q.Most = usualWords
		}
	}
	q.Stem = r.stem(d.Stem, d.Line)
}

// hole stands for a blank while the text around it is rendered. It is for private
// use and means nothing to anybody.
const hole = "\uE000"

// fill cuts the rendered stem at its blanks.
func (r *renderer) fill(q *Question, d Draft) {
	var stem strings.Builder
	rest := strings.ReplaceAll(d.Stem, hole, "")
	for {
		before, _, after, ok := cutBlank(rest)
		stem.WriteString(before)
		if !ok {
			break
		}
		stem.WriteString(hole)
		rest = after
	}
	q.Pieces = strings.Split(r.stem(stem.String(), d.Line), hole)
	if len(q.Pieces) != len(d.Blanks)+1 {
		r.problems.Add(r.file, d.Line, "空不能放在链接或图片里")
	}
	for _, b := range d.Blanks {
		b.Accept = slices.Clone(b.Accept)
		for i := range b.Accept {
			b.Accept[i].Why = markdown.Inline(b.Accept[i].Why)
		}
		q.Blanks = append(q.Blanks, b)
	}
}

// matchUp makes options of the right sides, each once, and rows of the left ones.
func matchUp(q *Question, pairs []Pair) {
	place := map[string]int{}
	for _, p := range pairs {
		i, known := place[p.Right]
		if !known {
			i = len(q.Options)
			place[p.Right] = i
			q.Options = append(q.Options, Option{Text: markdown.Inline(p.Right)})
		}
		if p.Left != "" {
			q.Rows = append(q.Rows, Row{Text: markdown.Inline(p.Left), Option: i})
		}
	}
}

func figures(values []Value) []Value {
	list := slices.Clone(values)
	for i := range list {
		list[i].Why = markdown.Inline(list[i].Why)
		if list[i].Tolerance == "" {
			list[i].Tolerance = "0"
		}
	}
	return list
}

func criteria(rubric []Criterion) []Criterion {
	list := slices.Clone(rubric)
	for i := range list {
		list[i].Text = markdown.Inline(list[i].Text)
	}
	return list
}
